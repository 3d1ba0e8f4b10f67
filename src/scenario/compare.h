/* compare.h - rows of several views side by side, between the finding and the writing of them.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SCENARIO_COMPARE_H
#define PAGU_SCENARIO_COMPARE_H

#include "scenario/scenario_struct.h"

enum { MOST_COMPARED = 16 };

typedef enum compared_change { COMPARE_SAME, COMPARE_CHANGED, COMPARE_ADDED, COMPARE_REMOVED } compared_change;

typedef struct compared_row {
    const char *key, *name;
    uint64_t most; /* largest |delta| */
    compared_change change;
} compared_row;

typedef struct comparison {
    const pagu_view *const *views;
    size_t n_views;
    pagu_field field;
    const char *period; /* by name: views may be of different plans */
    pagu_ctx *ctx;
    compared_row *rows;
    pagu_cell *cells; /* n_views a row */
    uint32_t n, cap, show;
    bool targets; /* a row whose target differs is no equal row */
    bool classes; /* rows are classes of a tree, not nodes */
    pagu_table *sums[MOST_COMPARED];
} comparison;

/* The value of a key in view i; missing where it, its field or its period isn't. */
pagu_cell compared_cell(const comparison *c, size_t i, const char *key);
/* Is the main target of a row another in some view? */
bool compared_targets_differ(const comparison *c, const char *key);
/* Write rows in this order (compare_table.c). false: out of memory. */
bool compare_write(pagu_table *t, const comparison *c, const uint32_t *order);

#endif
