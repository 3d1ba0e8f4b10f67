/* pagu/formula.h - column algebra: expressions over rows or indicators, as trees or as text, and
 * the fields that they define.
 *
 *     pagu_expr *e;
 *     pagu_expr_parse(plan, "budget / target", &e, &err);           // text, or built by hand:
 *     pagu_expr_field(plan, budget, year, &a, &err); pagu_expr_binary(ctx, '*', a, factor, &e, &err);
 *     pagu_expr_eval(e, view, rows, n, values, &err);               // a column at a time
 *     pagu_expr_release(e);
 *
 *     pagu_field f;
 *     pagu_define_field(plan, "unit_cost", "Biaya satuan", "budget / target", &f, &err);
 *     pagu_view_value(view, row, PAGU_NO_INDICATOR, f, period, &value, &err);
 *
 * Money ± money and money × integer are checked integers; money × decimal is exact and rounds
 * once, half away from zero; money / money is a number. A missing operand makes a missing result;
 * a printed dash counts as 0. A measure keeps its unit through + and -; unlike units give a cell
 * without a value whose reason is PAGU_CELL_UNIT_CLASH, and the rest of the column stands.
 * Expressions never change once made and may be shared by threads.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_FORMULA_H
#define PAGU_FORMULA_H

#include "pagu/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- values ---- */

typedef enum pagu_expr_type {
    PAGU_EXPR_MONEY,
    PAGU_EXPR_NUMBER,
    PAGU_EXPR_MASK,
    PAGU_EXPR_TEXT,
    PAGU_EXPR_INTEGER /* a count, a year: whole, and no money */
} pagu_expr_type;

/* Why a computed cell has no value although its operands say something. */
typedef enum pagu_cell_reason {
    PAGU_CELL_PLAIN = 0,      /* nothing to say: a value, or missing because an operand is */
    PAGU_CELL_UNIT_CLASH,     /* unlike units were added or compared */
    PAGU_CELL_ZERO_TARGET,    /* a rate of a target that is 0 */
    PAGU_CELL_ZERO_DIVISOR,   /* any other division by 0 */
    PAGU_CELL_NOT_ONE_NUMBER, /* a text stands where a number is needed: "390;320 Jenis" */
    /* of rates and aggregation: see pagu/evaluate.h */
    PAGU_CELL_ZERO_ACHIEVED,
    PAGU_CELL_NEGATIVE,
    PAGU_CELL_NOT_AGGREGATED,
    PAGU_CELL_OVERFLOW
} pagu_cell_reason;
/* "unit clash", "zero target", "zero divisor", "not one number", … or ""; in English, for scripts. */
PAGU_API const char *pagu_cell_reason_name(pagu_cell_reason reason);

/* One result. Strings are borrowed: from the plan or view, or from the expression. */
typedef struct pagu_expr_value {
    pagu_state state;
    pagu_cell_reason reason; /* when state is PAGU_MISSING */
    int64_t money;           /* PAGU_EXPR_MONEY, PAGU_EXPR_INTEGER */
    double number;           /* PAGU_EXPR_NUMBER; also of money and integers */
    bool mask;               /* PAGU_EXPR_MASK */
    const char *unit;        /* of a number; NULL or "": none */
    const char *text;        /* PAGU_EXPR_TEXT, and text of a measure; NULL: none */
} pagu_expr_value;

/* ---- making expressions ---- */

typedef struct pagu_expr pagu_expr;

/* A money field at a period. */
PAGU_API pagu_code pagu_expr_column(pagu_ctx *ctx, pagu_field field, pagu_period period, pagu_expr **out,
                                    pagu_error *err);
/* Any field of a plan: money, measure (of the row's main indicator, or of the indicator that is
 * evaluated), or derived. period PAGU_NONE: that of the evaluation. PAGU_UNKNOWN_FIELD, PAGU_OUT_OF_FRAME. */
PAGU_API pagu_code pagu_expr_field(pagu_plan *plan, pagu_field field, pagu_period period, pagu_expr **out,
                                   pagu_error *err);
PAGU_API pagu_code pagu_expr_integer(pagu_ctx *ctx, int64_t value, pagu_expr **out, pagu_error *err);
PAGU_API pagu_code pagu_expr_decimal(pagu_ctx *ctx, pagu_decimal value, pagu_expr **out, pagu_error *err);
/* A text, to compare with. */
PAGU_API pagu_code pagu_expr_text(pagu_ctx *ctx, const char *text, pagu_expr **out, pagu_error *err);
/* op: '+', '-', '*', '/'; comparisons '>' '<' '=' 'g' (>=) 'l' (<=) '!' give masks; '&' '|' '~' combine them. Operands
 * are retained. What is missing, or can't be compared, compares false. */
PAGU_API pagu_code pagu_expr_binary(pagu_ctx *ctx, char op, pagu_expr *a, pagu_expr *b, pagu_expr **out,
                                    pagu_error *err);
/* Read a formula (docs/formulas.md): "budget / target", "count(program, target[2022])", "meta.year + 1",
 * "if(spent[year-1] > 0, budget / spent[year-1], 1)". ctx is the plan's. At most 4000 bytes and 100
 * brackets deep. Errors name the character: PAGU_SYNTAX, PAGU_BAD_NUMBER, PAGU_LIMIT, PAGU_ARGUMENT
 * (types), PAGU_UNKNOWN_FIELD, PAGU_UNKNOWN_STAGE, PAGU_UNKNOWN_LEVEL, PAGU_UNKNOWN_TAG, PAGU_OUT_OF_FRAME. */
PAGU_API pagu_code pagu_expr_parse(pagu_ctx *ctx, pagu_plan *plan, const char *text, pagu_expr **out, pagu_error *err);
/* e, where a period that it leaves open is `period`. e is retained. */
PAGU_API pagu_code pagu_expr_at(pagu_ctx *ctx, pagu_expr *e, pagu_period period, pagu_expr **out, pagu_error *err);
PAGU_API void pagu_expr_retain(pagu_expr *e);
PAGU_API void pagu_expr_release(pagu_expr *e);
PAGU_API pagu_expr_type pagu_expr_kind(const pagu_expr *e);

/* ---- evaluating ---- */

/* Evaluate at n rows into out, for year n where no period is named. Overflow names the row. O(n)
 * for each operation, by blocks. */
PAGU_API pagu_code pagu_expr_eval(const pagu_expr *e, const pagu_view *v, const pagu_row *rows, size_t n,
                                  pagu_expr_value *out, pagu_error *err);

/* What is evaluated: rows, or indicators (money fields are then those of the indicator's node). */
typedef struct pagu_expr_subjects {
    const pagu_row *rows;             /* n; or NULL */
    const pagu_indicator *indicators; /* n; or NULL */
    size_t n;
    pagu_period period; /* PAGU_NONE: year n */
} pagu_expr_subjects;
/* Results as arrays, for whole columns; each may be NULL if it is not wanted. */
typedef struct pagu_expr_arrays {
    pagu_money *money; /* PAGU_EXPR_MONEY, PAGU_EXPR_INTEGER */
    double *number;    /* PAGU_EXPR_NUMBER */
    uint8_t *state;    /* a pagu_state */
    uint8_t *reason;   /* a pagu_cell_reason */
    bool *mask;        /* PAGU_EXPR_MASK */
    const char **text; /* PAGU_EXPR_TEXT, and texts of measures */
    const char **unit;
} pagu_expr_arrays;
PAGU_API pagu_code pagu_expr_eval_at(const pagu_expr *e, const pagu_view *v, const pagu_expr_subjects *at,
                                     pagu_expr_value *out, pagu_error *err);
PAGU_API pagu_code pagu_expr_eval_arrays(const pagu_expr *e, const pagu_view *v, const pagu_expr_subjects *at,
                                         const pagu_expr_arrays *out, pagu_error *err);

/* Assign to leaves of a selection as one journaled edit; numbers round once; selected sums are PAGU_WRONG_LEVEL. */
PAGU_API pagu_code pagu_expr_assign(pagu_scenario *s, const pagu_selection *at, pagu_column column, const pagu_expr *e,
                                    const pagu_note *note, pagu_error *err);

/* Assign to a field of indicators (targets) as one journaled edit. Of rows, the main indicator is meant; those
 * without one are passed over. A number without a unit takes the indicator's; texts and dashes are copied.
 * PAGU_UNIT_CLASH: a value in another unit, or one that is missing since unlike units were added;
 * PAGU_UNKNOWN_FIELD: not a field of indicators. */
PAGU_API pagu_code pagu_expr_assign_measures(pagu_scenario *s, const pagu_expr_subjects *at, pagu_field field,
                                             pagu_period period, const pagu_expr *e, const pagu_note *note,
                                             pagu_error *err);

/* ---- fields of any kind ---- */

typedef struct pagu_field_info {
    const char *id, *title, *unit, *formula; /* title, unit, formula: "" if none; a built-in field has no formula */
    bool derived;                            /* computed: can't be assigned to */
    bool declared;                           /* by the package, not by a script or the engine */
    bool of_nodes, of_indicators;
    pagu_expr_type type;
} pagu_field_info;
/* Find a field: of the plan, derived by the package or a script (the latest of a name), or built in.
 * PAGU_UNKNOWN_FIELD lists what there is. */
PAGU_API pagu_code pagu_find_field(const pagu_plan *plan, const char *id, pagu_field *out, pagu_error *err);
PAGU_API pagu_field_info pagu_field_describe(const pagu_plan *plan, pagu_field field);
/* Derived fields: built-in ones, then the package's and those of scripts. */
PAGU_API uint32_t pagu_derived_count(const pagu_plan *plan);
PAGU_API pagu_field pagu_derived_field(const pagu_plan *plan, uint32_t i);
/* Read the formulas that the package declared (pagu_builder_formula); pagu_package_open has done it.
 * Faults are findings of rule "formula" (NULL: not wanted); PAGU_PACKAGE when there is one: unknown
 * names, types, a field that is made of itself. */
PAGU_API pagu_code pagu_formulas_compile(pagu_plan *plan, pagu_findings *findings, pagu_error *err);
/* Define a derived field on a plan that is open; it lives as long as the plan, is no part of its
 * content (hash) and is seen by every view of it. The latest definition of a name stands; what was
 * built with an earlier one keeps it. title may be NULL. Thread-safe. At most 256 of a plan.
 * PAGU_ARGUMENT: no name; PAGU_DUPLICATE_KEY: a field of the package or a built-in one; else as pagu_expr_parse. */
PAGU_API pagu_code pagu_define_field(pagu_plan *plan, const char *id, const char *title, const char *text,
                                     pagu_field *out, pagu_error *err);
/* The same by a tree; e is retained. */
PAGU_API pagu_code pagu_define_field_as(pagu_plan *plan, const char *id, const char *title, pagu_expr *e,
                                        pagu_field *out, pagu_error *err);
/* Value of any field at one row or indicator (the other is PAGU_NO_ROW, PAGU_NO_INDICATOR).
 * *type (NULL: not wanted) says which member of *out holds it. */
PAGU_API pagu_code pagu_view_value(const pagu_view *v, pagu_row row, pagu_indicator ind, pagu_field field,
                                   pagu_period period, pagu_expr_type *type, pagu_expr_value *out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
