/* random.h - counter-based random numbers: Philox4x32-10 of Random123 (Salmon and others, SC 2011).
 * What is drawn for a (seed, stream, draw, variable) never depends on what was drawn before, on the
 * number of threads or on the order of work.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_RANDOM_H
#define PAGU_SOLVE_RANDOM_H

#include <stdint.h>

typedef struct random_key {
    uint32_t word[2];
} random_key;

/* stream names an independent sequence of the same seed, such as "simulate" or a variable's name. */
random_key random_key_make(uint64_t seed, const char *stream);

/* Four independent words. */
void random_words(random_key key, uint64_t draw, uint32_t variable, uint32_t lane, uint32_t out[4]);

/* A double in (0, 1) from two words: 52 bits, never an end. */
double random_unit(uint32_t hi, uint32_t lo);

#endif
