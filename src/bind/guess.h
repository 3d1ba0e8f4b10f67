/* guess.h - "did you mean": the known word that is closest to one that isn't known.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_GUESS_H
#define PAGU_SRC_GUESS_H

#include <stddef.h>

/* A search: offer every known word, then read `best` ("" if none is close enough). */
typedef struct guess {
    const char *word;
    char best[80];
    int distance;
} guess;

void guess_start(guess *g, const char *word);
void guess_offer(guess *g, const char *candidate);

#endif
