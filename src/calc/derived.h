/* derived.h - derived fields: computed, and read like any other field.
 *
 * Two kinds share one numbering from PAGU_FIELD_FIRST_DERIVED up: formulas of the plan (0 …
 * PLAN_FORMULAS - 1: see formulas.c of the plan layer), then built-in fields in the order of
 * their tables.
 *
 * To add built-in fields: write a table `const derived_field evaluate_fields[]` with its count in
 * a file of src/calc, declare both at the end of this header, and add one line to `tables` in
 * derived.c. Everything that reads fields (pagu_find_field, pagu_view_value, expressions, Lua's
 * get, node.rate[2022], selections' columns) then knows them.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_DERIVED_H
#define PAGU_CALC_DERIVED_H

#include "calc/expr_block.h"

typedef struct derived_field derived_field;

/* One request: up to BLOCK subjects at one period. Evaluate writes *out; u, state and, where a
 * cell has no value for a reason, reason. out begins as expr_block_begin leaves it. */
typedef struct derived_call {
    const derived_field *field;
    const expr_run *run; /* view, plan, ctx, err; rows and indicators of the subjects; n */
    pagu_period period;  /* a year or a part; never PAGU_NONE */
    void *prepared;      /* what prepare made, or NULL */
    expr_block *scratch; /* `scratch` blocks of the field's own */
    expr_block *out;
} derived_call;

struct derived_field {
    const char *id;
    const char *caption; /* its title in English: looked up in the catalogue */
    const char *unit;    /* of every number: "%"; NULL: none, or set cell by cell */
    pagu_expr_type type;
    bool of_nodes, of_indicators; /* where it has a meaning; elsewhere it is missing */
    bool needs_indicators;        /* reads run->indicators: the node's main one when nodes are asked */
    uint8_t scratch;
    pagu_code (*evaluate)(const derived_call *call);
    /* Optional, for what needs the whole plan first: once for a column and period. NULL when out of
     * memory or in error (set run->err and *code). */
    void *(*prepare)(const expr_run *run, pagu_period period, pagu_code *code);
    void (*finish)(const expr_run *run, void *prepared);
};

/* The built-in field of a number, or NULL: then it is a formula, or none. */
const derived_field *derived_builtin(pagu_field field);
/* The formula of a number, or NULL. */
const plan_formula *derived_formula(const pagu_plan *plan, pagu_field field);

/* ---- tables of built-in fields ---- */

/* Is it of this table? (evaluate_fields.c) */
bool is_evaluation_field(pagu_field field);
extern const derived_field evaluate_fields[];
extern const uint32_t n_evaluate_fields;

#endif
