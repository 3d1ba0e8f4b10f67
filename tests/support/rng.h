/* A small deterministic generator for tests (splitmix64).
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_TEST_RNG_H
#define PAGU_TEST_RNG_H

#include <stdint.h>

typedef struct rng {
    uint64_t state;
} rng;

static inline uint64_t rng_next(rng *r)
{
    uint64_t z = (r->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}
static inline uint64_t rng_below(rng *r, uint64_t n)
{
    return rng_next(r) % n;
}

#endif
