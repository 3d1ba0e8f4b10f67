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

/* What the verb of journal entry `step` made of a line (explain_entry.c): rows "request", "basis", "bound",
 * "share" at this depth; none where the entry kept no arguments. */
pagu_code explain_entry(explain_table *x, const pagu_view *v, uint32_t step, const pagu_change *change, uint32_t depth);

/* ---- arguments of an entry (explain_args.c): bytes of a value in one line of JSON; len 0: none ---- */

typedef struct args_value {
    const char *text;
    size_t len;
} args_value;
/* The member of an object. */
args_value args_member(args_value object, const char *name);
/* Is it a whole number? */
bool args_money(args_value v, pagu_money *out);
/* Its text, cut where it is long; of a string without the quotes. */
typedef struct args_text {
    char s[300];
} args_text;
args_text args_str(args_value v);

#endif
