/* explain.h - the table that every explanation fills: a tree by its column depth, parents before children.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EXPLAIN_H
#define PAGU_CALC_EXPLAIN_H

#include "base/base.h"
#include "pagu/scenario.h"
#include "pagu/table.h"

enum {
    EXPLAIN_DEPTH,
    EXPLAIN_KIND,
    EXPLAIN_KEY,
    EXPLAIN_NAME,
    EXPLAIN_VALUE,
    EXPLAIN_WAS,
    EXPLAIN_VERB,
    EXPLAIN_REASON,
    EXPLAIN_SOURCE
};

typedef struct explain_table {
    pagu_ctx *ctx;
    pagu_table *t;
    uint32_t last; /* the row that is being filled */
    uint32_t max_depth, max_rows;
} explain_table;

/* Begins the table; values and those before an edit are of the type given. Depth and rows of 0 are the usual ones.
 * On failure, too, the caller frees x->t. */
pagu_code explain_start(explain_table *x, pagu_ctx *ctx, pagu_column_type values, uint32_t max_depth,
                        uint32_t max_rows);
bool explain_is_full(const explain_table *x);
/* Adds a row and makes it the last. A group is what rows further in make up. */
pagu_code explain_row(explain_table *x, uint32_t depth, bool group, const char *kind, const char *key,
                      const char *name);
/* Sets a text of the last row; NULL and "" leave it missing. */
pagu_code explain_text(explain_table *x, uint32_t col, const char *text);
/* Verb, reason and source of the edit that the last row stands for. */
pagu_code explain_note(explain_table *x, const pagu_note *note);

#endif
