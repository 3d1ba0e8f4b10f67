/* apportion.h - exact shares, with what verbs need to say about them.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_APPORTION_H
#define PAGU_CALC_APPORTION_H

#include "base/base.h"

#define NO_INDEX SIZE_MAX

typedef struct apportion_job {
    pagu_money total;
    const int64_t *weights;    /* n, none negative, not all 0 */
    const pagu_money *lo, *hi; /* n; NULL: no bound of this kind */
    size_t n;
    pagu_money unit;
    size_t residue_to; /* this line takes what rounding leaves, as far as its bounds let it; or NO_INDEX */
    pagu_money *out;
    pagu_money *residue; /* what rounding gave a line beyond its share rounded down; NULL: not wanted */
    /* after PAGU_UNREACHABLE: what can be reached; INT64_MIN and INT64_MAX: without end */
    pagu_money least, most;
    size_t bad; /* after PAGU_NEGATIVE_BASIS, or PAGU_ARGUMENT for lo > hi: the line */
} apportion_job;

/* Fill out (and residue). Gives a code without a message: callers know the names. */
pagu_code apportion_run(pagu_ctx *ctx, apportion_job *job);

/* The same for any size of numbers and with bounds (apportion_bounded.c). weight is their sum. */
pagu_code apportion_fill(pagu_ctx *ctx, apportion_job *job, unsigned __int128 weight);

#endif
