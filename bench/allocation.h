/* allocation.h - P4: exact allocation of a total to all lines.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_BENCH_ALLOCATION_H
#define PAGU_BENCH_ALLOCATION_H

#include "pagu.h"

/* values: of the lines, n of them; stage: a view whose lines they are. */
void bench_allocation(pagu_view *stage, pagu_column column, const int64_t *values, size_t n, int runs);

/* Lines between two margins: n lines of n_rows rows (row[i]) and n_columns columns. */
void bench_margins(pagu_ctx *ctx, const int64_t *values, const uint32_t *row, const uint32_t *column, uint32_t n,
                   uint32_t n_rows, uint32_t n_columns, int runs);

#endif
