/* pagu/calc.h - verbs over scenarios: spread, transfer, take, project; explain.
 *
 *     pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
 *     o.at = selection; o.column = column; o.request = PAGU_SPREAD_TOTAL; o.amount = 6000000000;
 *     pagu_spread(s, &o, &note, &table, &err);
 *
 * Verbs are order-free, exact and atomic: a failed one has changed nothing. Each may return
 * a table of what it did (one row a changed line; NULL: not wanted), also when dry.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_H
#define PAGU_CALC_H

#include "pagu/formula.h"
#include "pagu/number.h"
#include "pagu/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exact proportional shares of `total` by weights (any non-negative int64, not all 0) in
 * multiples of unit: floor of the exact quota, then the largest remainders, ties to the
 * lower index (Hamilton's method). Sum of out == total: the remainder of total below one
 * unit goes with the last unit, to the largest remainder. total may be negative (shares
 * mirror those of -total). Weights' sum may exceed 64 bits. O(n) expected.
 * PAGU_ZERO_BASIS, PAGU_NEGATIVE_BASIS, PAGU_ARGUMENT. Source: Balinski & Young, Fair Representation. */
PAGU_API pagu_code pagu_apportion(pagu_ctx *ctx, pagu_money total, const int64_t *weights, size_t n, pagu_money unit,
                                  pagu_money *out, pagu_error *err);
/* The same between bounds lo[i] <= out[i] <= hi[i] (NULL: none) by bounded proportional
 * filling; PAGU_UNREACHABLE says the interval that can be reached. */
PAGU_API pagu_code pagu_apportion_bounded(pagu_ctx *ctx, pagu_money total, const int64_t *weights, const pagu_money *lo,
                                          const pagu_money *hi, size_t n, pagu_money unit, pagu_money *out,
                                          pagu_error *err);

typedef enum pagu_spread_request { PAGU_SPREAD_TOTAL, PAGU_SPREAD_DELTA, PAGU_SPREAD_PERCENT } pagu_spread_request;
typedef enum pagu_basis { PAGU_BASIS_CURRENT, PAGU_BASIS_EQUAL, PAGU_BASIS_COLUMN, PAGU_BASIS_WEIGHTS } pagu_basis;
typedef enum pagu_on_zero { PAGU_ZERO_ERROR, PAGU_ZERO_EQUAL, PAGU_ZERO_KEEP } pagu_on_zero;
typedef enum pagu_on_negative { PAGU_NEGATIVE_ERROR, PAGU_NEGATIVE_ABS, PAGU_NEGATIVE_ZERO } pagu_on_negative;

/* Who takes what is left when shares are rounded down: the largest remainders, a unit each; the line
 * with the largest or smallest basis that is not 0, all of it (ties: the lower code). */
typedef enum pagu_residue { PAGU_RESIDUE_REMAINDERS, PAGU_RESIDUE_LARGEST, PAGU_RESIDUE_SMALLEST } pagu_residue;

typedef struct pagu_spread_options {
    size_t size;
    const pagu_selection *at; /* lines at or below share the request; rows without overlap */
    pagu_column column;
    pagu_spread_request request;
    pagu_money amount;    /* TOTAL: the new sum over at; DELTA: the change */
    pagu_decimal percent; /* PERCENT: the change in percent, -10 cuts a tenth */
    pagu_basis basis;
    const pagu_view *basis_view; /* COLUMN: where to read; NULL: the scenario */
    pagu_column basis_column;
    const int64_t *weights;     /* WEIGHTS: one a line of pagu_select_lines(at), in its order */
    pagu_money unit;            /* >= 1 */
    const pagu_selection *hold; /* lines at or below keep their value; NULL: none. Scenario holds always apply */
    bool has_floor, has_cap;
    pagu_money floor, cap;           /* for every line */
    const pagu_money *floors, *caps; /* per line, as weights; override */
    pagu_on_zero on_zero;
    pagu_on_negative on_negative;
    pagu_row residue_to; /* this line takes what rounding leaves; PAGU_NO_ROW: as `residue` says */
    bool dry;
    pagu_residue residue;
} pagu_spread_options;
#define PAGU_SPREAD_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        .size = sizeof(pagu_spread_options), .unit = 1, .residue_to = PAGU_NO_ROW                                      \
    }
/* Give the lines below `at` a new total. Own lines without a value take no part in "equal".
 * A request for the total it already is, or for 0, always succeeds (holds permitting).
 * PAGU_ZERO_BASIS, PAGU_NEGATIVE_BASIS, PAGU_MIXED_SIGN, PAGU_UNREACHABLE, PAGU_HELD, PAGU_RULE. */
PAGU_API pagu_code pagu_spread(pagu_scenario *s, const pagu_spread_options *options, const pagu_note *note,
                               pagu_table **out, pagu_error *err);

/* One row or one column of a spread between two margins: the lines at or below some rows, and what
 * they are to come to. */
typedef struct pagu_margin {
    const char *name; /* what errors call it; NULL: its place */
    const pagu_selection *lines;
    pagu_money total;
    bool keep; /* the total that they have now; `total` is not read */
} pagu_margin;
typedef struct pagu_spread_two_options {
    size_t size;
    const pagu_spread_options *spread; /* all but request, amount, percent, residue_to */
    const pagu_margin *rows, *columns;
    size_t n_rows, n_columns;
} pagu_spread_two_options;
#define PAGU_SPREAD_TWO_OPTIONS_INIT                                                                                   \
    {                                                                                                                  \
        .size = sizeof(pagu_spread_two_options)                                                                        \
    }
/* Give the lines below `at` new amounts so that every row and every column comes to its total, to the
 * rupiah. Held lines, and lines that no row or no column names, keep their amount and count in the
 * total that does name them. The others get weight × row factor × column factor (iterative
 * proportional fitting, Deming & Stephan 1940), never below 0, within floors and caps, rounded to
 * the unit, each within one unit of its share unless a margin leaves no such way (controlled
 * rounding by maximum flow). A line whose basis is 0 stays at 0: give it a basis to open it. If the
 * lines meet all totals already nothing changes. Independent of the order of rows, columns, lines.
 * PAGU_UNREACHABLE names the margins that cannot be met, and by how much; PAGU_ARGUMENT: a line in
 * two rows or two columns, rows and columns that differ in sum; PAGU_MIXED_SIGN, PAGU_ZERO_BASIS,
 * PAGU_NEGATIVE_BASIS, PAGU_RULE. Cost: O(lines) a round of fitting, mostly 5 to 50 rounds. */
PAGU_API pagu_code pagu_spread_two(pagu_scenario *s, const pagu_spread_two_options *options, const pagu_note *note,
                                   pagu_table **out, pagu_error *err);

/* How much a unit of the targets at or below a row counts: the nearest row on the way up decides. */
typedef struct pagu_harm_weight {
    pagu_row row;
    int64_t weight; /* >= 0 */
} pagu_harm_weight;
typedef struct pagu_fit_options {
    size_t size;
    const pagu_spread_options *spread; /* at, column, request, unit, hold, floors, caps, dry */
    pagu_field target;
    pagu_period period;              /* of the targets */
    const pagu_harm_weight *weights; /* NULL: every unit counts default_weight */
    size_t n_weights;
    int64_t default_weight;
} pagu_fit_options;
#define PAGU_FIT_OPTIONS_INIT                                                                                          \
    {                                                                                                                  \
        .size = sizeof(pagu_fit_options), .default_weight = 1                                                          \
    }
/* Make the lines below `at` fit a total with the least weighted loss of targets. A line pays for the
 * main target of the nearest node, itself or above, whose target is a number above 0; a rupiah of it
 * costs weight × target / budget of that node. The lines that cost least give first, down to their
 * floor (0 by default); lines that pay for no target first of all. With more money than now those
 * with the highest rate get it first, up to their cap. Greedy, which is optimal for a linear loss
 * (fractional knapsack, Dantzig 1957); ties to the lower code. Changes are multiples of unit but for
 * the last one, and where bounds leave no other way. Columns as for a spread, and indicator, target_change.
 * Lines already outside their bounds are brought to them. PAGU_UNREACHABLE, PAGU_HELD, PAGU_MIXED_SIGN, PAGU_RULE. */
PAGU_API pagu_code pagu_fit_least_harm(pagu_scenario *s, const pagu_fit_options *options, const pagu_note *note,
                                       pagu_table **out, pagu_error *err);

/* One side of a transfer: a place and its share. If every amount is 0 the shares go by
 * weight (all weights 0: by current value for sources, equally for sinks). */
typedef struct pagu_transfer_side {
    pagu_row row;
    int64_t weight;
    pagu_money amount; /* exact amount; all of a side or none */
} pagu_transfer_side;
typedef struct pagu_transfer_options {
    size_t size;
    const pagu_transfer_side *from, *to;
    size_t n_from, n_to;
    pagu_column column;
    pagu_money amount; /* >= 0; 0: the sum of the side's amounts */
    pagu_money unit;   /* of the shares, >= 1 */
    bool dry;
} pagu_transfer_options;
#define PAGU_TRANSFER_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .size = sizeof(pagu_transfer_options), .unit = 1                                                               \
    }
/* Move money; the plan's total is kept by construction. A place that is a sum gives and takes
 * by spreading over its lines. PAGU_INSUFFICIENT: a source would fall below zero. */
PAGU_API pagu_code pagu_transfer(pagu_scenario *s, const pagu_transfer_options *options, const pagu_note *note,
                                 pagu_table **out, pagu_error *err);

/* Copy the lines at or below `at` from another view exactly, missing and dashes included.
 * Rows that only the other view has are PAGU_NOT_MEMBER unless add is set (then they join). */
typedef struct pagu_take_options {
    size_t size;
    const pagu_selection *at;
    const pagu_view *from;
    pagu_field field;
    pagu_period period;
    bool add, dry;
} pagu_take_options;
#define PAGU_TAKE_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        .size = sizeof(pagu_take_options)                                                                              \
    }
PAGU_API pagu_code pagu_take(pagu_scenario *s, const pagu_take_options *options, const pagu_note *note,
                             pagu_table **out, pagu_error *err);

/* Growth of lines by a factor that is inherited down the tree: the nearest given row on the
 * way up decides (itself included); lines without any keep basis × 1 only if keep_rest. */
typedef struct pagu_growth {
    pagu_row row;
    pagu_decimal percent;
} pagu_growth;
typedef struct pagu_project_options {
    size_t size;
    const pagu_selection *at;
    pagu_column from, to;
    const pagu_growth *growth;
    size_t n_growth;
    uint32_t years; /* compounding: value × (1 + percent/100)^years, one rounding a year (as a chain of plans would) */
    pagu_money unit; /* rounding of every line */
    bool dry;
} pagu_project_options;
#define PAGU_PROJECT_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        .size = sizeof(pagu_project_options), .years = 1, .unit = 1                                                    \
    }
/* Fill column `to` from `from` for every line at or below `at`; missing stays missing, a dash a dash.
 * PAGU_ARGUMENT names the first line that no growth covers. */
PAGU_API pagu_code pagu_project(pagu_scenario *s, const pagu_project_options *options, const pagu_note *note,
                                pagu_table **out, pagu_error *err);

/* Why a value is what it is: rows in pre-order; depth gives the tree. */
typedef enum pagu_reason_kind {
    PAGU_WHY_INPUT,  /* a value of the package */
    PAGU_WHY_ROLLUP, /* the sum of the rows below */
    PAGU_WHY_EDIT,   /* set by a journal entry */
    PAGU_WHY_MISSING,
    PAGU_WHY_HOLD,   /* a constraint on the value */
    PAGU_WHY_PRINTED /* a printed amount that differs or agrees */
} pagu_reason_kind;
/* Explain a money value as a table: depth, kind, key, name, value, was, verb, reason, source
 * (file:line). max_depth and max_rows limit it (0: 8 and 200); what is left out is said. */
PAGU_API pagu_code pagu_explain(const pagu_view *v, pagu_row row, pagu_column column, uint32_t max_depth,
                                uint32_t max_rows, pagu_table **out, pagu_error *err);

/* Explain any field at a row or an indicator (the other is PAGU_NO_ROW, PAGU_NO_INDICATOR): the same columns,
 * value and was as measures. A derived field is of kind "formula", its text as reason, or why it has no value;
 * below it stand its operands: "input", "rollup", "edit" (the last, with verb, reason and source), "missing",
 * "aggregate", or formulas in turn. */
PAGU_API pagu_code pagu_explain_field(const pagu_view *v, pagu_row row, pagu_indicator ind, pagu_field field,
                                      pagu_period period, uint32_t max_depth, uint32_t max_rows, pagu_table **out,
                                      pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
