/* apportion_loops.h - the loops of apportionment over plain arrays, in vector form where the machine has
 * it. All sums wrap; the callers keep within what does not.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_APPORTION_LOOPS_H
#define PAGU_CALC_APPORTION_LOOPS_H

#include "base/base.h"

/* Sums of the low and the high halves (at most 2^31 weights); true if none is negative. */
bool loop_sum(const int64_t *weights, size_t n, uint64_t *low, uint64_t *high);
/* units[i] = floor(total * weights[i] / divisor); returns their sum. See share_fast for the ranges. */
uint64_t loop_units(const int64_t *weights, size_t n, uint64_t total, uint64_t divisor, pagu_money *units);
/* rest[i] = total * weights[i] - units[i] * divisor. */
void loop_rests(const int64_t *weights, const pagu_money *units, size_t n, uint64_t total, uint64_t divisor,
                uint64_t *rest);
/* How many of rest are above x, and how many are x. */
void loop_count(const uint64_t *rest, size_t n, uint64_t x, size_t *above, size_t *at);
/* out[i] = (out[i] * unit + (rest[i] > last ? unit : 0)) * sign, sign being 1 or -1. */
void loop_give(pagu_money *out, const uint64_t *rest, size_t n, uint64_t last, uint64_t unit, uint64_t sign);
/* Append to `list` what lies in [low, high]; returns how many. Room for n. */
size_t loop_gather(const uint64_t *rest, size_t n, uint64_t low, uint64_t high, uint64_t *list);

#endif
