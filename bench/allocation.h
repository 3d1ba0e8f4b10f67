/* allocation.h - P4: exact allocation of a total to all lines.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_BENCH_ALLOCATION_H
#define PAGU_BENCH_ALLOCATION_H

#include "pagu.h"

/* values: of the lines, n of them; stage: a view whose lines they are. */
void bench_allocation(pagu_view *stage, pagu_column column, const int64_t *values, size_t n, int runs);

#endif
