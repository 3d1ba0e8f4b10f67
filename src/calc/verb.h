/* verb.h - what every verb does alike: check its options, propose, report.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_VERB_H
#define PAGU_CALC_VERB_H

#include "calc/phrase.h"
#include "pagu/scenario.h"

typedef struct verb {
    const char *name;
    pagu_scenario *s;
    pagu_view *view;
    pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_column column;
    field_text field; /* of errors: "budget 2024" */
    pagu_error *err;
} verb;

/* Fill v. PAGU_UNKNOWN_FIELD if the column is no money column of the plan. */
pagu_code verb_begin(verb *v, const char *name, pagu_scenario *s, pagu_column column, pagu_error *err);

/* Copy options of the caller's size over defaults of ours. PAGU_ARGUMENT: no or a later size. */
pagu_code verb_options(const pagu_ctx *ctx, void *ours, size_t size, const void *theirs, pagu_error *err);

/* Key of a row, or NULL if the view has no such row. */
const char *key_or_null(const pagu_view *v, pagu_row row);

/* Fault: fill the verb's error with a node and return the code. */
#define verb_fault(v, code, row, ...)                                                                                  \
    err_at((v)->ctx, (v)->err, code, key_or_null((v)->view, row), (v)->field.s, __VA_ARGS__)

/* For loops over rows: PAGU_INTERRUPTED, with message, if the caller asked to stop; looks now and then. */
pagu_code verb_poll(const verb *v, uint32_t i);
/* PAGU_OK for a member row. */
pagu_code verb_check_row(const verb *v, pagu_row row);
/* PAGU_ARGUMENT when a row of `at` lies below another. */
pagu_code verb_check_apart(const verb *v, const pagu_selection *at);
/* True if column is a money column of plan. */
bool is_money_column(const pagu_plan *plan, pagu_column column);
/* "Belum dirinci" without a value: not a line that anybody planned. */
bool is_blank_own_line(const verb *v, pagu_row row);
/* The lines at or below one row. */
pagu_code lines_below(const pagu_view *v, pagu_row row, pagu_selection **out, pagu_error *err);
/* The row of `to` that is `row` of `from`: the same number in the plan, the same key beyond it;
 * PAGU_NO_ROW if there is none or it is no member. */
pagu_row same_row(const pagu_view *to, const pagu_view *from, pagu_row row);

/* Columns of a table of changes: key, name, old, new, delta. */
pagu_code change_columns(const pagu_ctx *ctx, pagu_table *t);

/* Sort items of `size` bytes (at most 32) that begin with a uint64_t key by that key, in place. */
void sort_by_key(void *items, size_t n, size_t size);
typedef struct keyed_index {
    uint64_t key;
    size_t index;
} keyed_index;

/* True if ascending rows between these two stand in tree order for sure: rows of one depth do, as
 * long as the plan numbered them. */
bool is_in_tree_order(const verb *v, pagu_row first, pagu_row last);
/* The order of rows in the tree, which decides ties: order[k] is the index of the k-th row.
 * rows ascend by number, without repeats. */
pagu_code order_in_tree(const verb *v, const pagu_row *rows, uint32_t n, uint32_t *order);

/* Cell of a line after it was given an amount: a line without a number that gets 0 stays as it is. */
pagu_cell cell_given(pagu_cell old, pagu_money amount);
static inline bool cell_same(pagu_cell a, pagu_cell b)
{
    return a.state == b.state && a.value == b.value;
}

/* What a verb is about to do: lines and their cells, ascending by row. */
typedef struct changes {
    pagu_row *rows;
    pagu_cell *new_cells;
    pagu_money *residues;     /* NULL: the verb does not round */
    const char *const *notes; /* for the table; n_notes */
    uint32_t n, n_notes;
} changes;
/* Room for n changes in an arena. */
bool changes_init(changes *c, arena *mem, uint32_t n, bool with_residue);
/* Append if the cell changes at all. */
void changes_add(changes *c, pagu_row row, pagu_cell old_cell, pagu_cell new_cell, pagu_money residue);

/* Check or commit the changes; *out (NULL: not wanted) tells them: columns key, name, old, new,
 * delta and, if the verb rounds, residue; one row a changed line, in tree order. */
pagu_code verb_apply(const verb *v, const changes *c, bool dry, const pagu_note *note, pagu_table **out);

#endif
