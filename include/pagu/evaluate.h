/* pagu/evaluate.h - evaluation: achievement against targets, of indicators and of nodes.
 *
 *     pagu_field rate;
 *     pagu_derived d;
 *     pagu_find_field(plan, "rate", &rate, &err);
 *     pagu_evaluate_indicator(v, rate, 2022, NULL, ind, &d, &err);   // d.state, d.value: 95.8
 *
 * Derived fields are computed when read, never stored: they follow every edit of a scenario.
 * They are found, described and read like any other field (pagu/formula.h: pagu_find_field,
 * pagu_view_value, expressions), with the package's settings; the functions here take options.
 *
 * Of an indicator at year y (T target, R achieved; columns of T-C.29 and E.81):
 *   rate               R(y) / T(y), percent                                  T-C.29 8, E.81 13
 *   strategic_target   end value of the strategic stage                       T-C.29 4, E.81 5
 *   achieved_to        achieved up to y: the span "..y", else the years       T-C.29 5, E.81 6
 *   cumulative         achieved_to(y-1), which is achieved_to(y-2) and R(y-1)
 *                      unless a span gives it, and T(y)                       T-C.29 10
 *   strategic_rate     cumulative / strategic_target, percent                 T-C.29 11
 *   accumulated        achieved_to(y-1) and R(y)                              E.81 14
 *   accumulated_rate   accumulated / strategic_target, percent                E.81 15
 *   pace               what each year after y must deliver (below)
 *   pace_cost          pace at the plan year's unit cost (node's budget / target), money
 *   rating             label of the rate, by the scale
 * Of a node at year y (indicator fields of a node are those of its main indicator):
 *   absorption         spent / budget, percent                                E.81 13 Rp
 *   achievement        K: see below, percent
 *   efficiency         achievement - absorption, points
 *   rating             label of the achievement, by the scale
 *   strategic_budget   budget of the strategic stage to its end, money        E.81 5 Rp
 *   spent_to           spent up to y, money                                   E.81 6 Rp
 *   spent_accumulated  spent_to(y-1) + spent(y), money                        E.81 14 Rp
 *   spent_accumulated_rate   of strategic_budget, percent                     E.81 15 Rp
 *
 * Values over time go together by the indicator's over_time: sum, mean (each year once), max,
 * min, or last (the latest number or text; a percentage is never summed). A year without a
 * value of its own takes its quarters, else halves, else months, together in the same way
 * (E.81 12). Missing parts are skipped and flagged, "-" counts as 0; only dashes give "-".
 * Unlike units are never added: unit clash.
 *
 * Rate, by polarity:
 *   higher   R / T x 100
 *   lower    "ratio": T / R x 100 (wp-sipd, LKjIP practice) or "linear": (2T - R) / T x 100
 *            (PermenPANRB 8/2021); one for the whole evaluation, never mixed
 *   range    a target is a text "lo..hi" (plain numbers: "7.5..8.5"), or a number (lo = hi).
 *            Inside 100; below R / lo x 100; above as lower, against hi (PermenPANRB 8/2021)
 *
 *   T         R         higher        lower, ratio        lower, linear   range
 *   missing   any       missing       missing             missing         missing
 *   any       missing   missing       missing             missing         missing
 *   -         -         -             -                   -               -
 *   0 or -    0         zero target   100 (R = T)         100 (R = T)     100
 *   0 or -    > 0       zero target   0                   zero target     as lower, hi = 0
 *   > 0       0 or -    0             zero achieved (*)   200             0
 *   > 0       > 0       R/T           T/R                 (2T-R)/T        by the bounds
 *   < 0       any       negative      negative            negative        negative
 *   > 0       < 0       R/T (< 0)     negative            (2T-R)/T        R/lo (< 0)
 *   text      any       not one number (a range's "lo..hi" is read; "72,00 / B" has a number)
 *   (*) the best case, on which T/R has no value: with a cap it is the cap, else no number;
 *       never 0%.
 * The cap (none, 100, 120 …) and the floor (none or 0) apply after the formula, to every rate.
 * Without a floor the linear rule has none: T = 10, R = 30 is -100%.
 *
 * K of a node: the weighted mean of the achievement percent of its children; of its own
 * indicators where no child has any. Raw values are never averaged. A child weighs what its
 * main indicator weighs; a part without weight weighs as much as the mean of those with one
 * (all equal if none has), flagged PAGU_DERIVED_EQUAL. Parts whose percent is missing, no number
 * or "-" (nothing planned, nothing done) are left out and the rest normalised; weight_missing
 * is their share. Memo children
 * (sign 0) take no part.
 *
 * over_children = sum: an indicator without a value takes the sum of the children's main
 * indicators (same unit). over_children = weighted: its rate is its children's K if it has none.
 *
 * Pace at y with r years from y+1 to the strategic end and the progress p (achieved_to(y) if R(y)
 * or the span "..y" is known, else cumulative): sum (target - p) / r, not below 0; last the change that each year
 * must bring, (target - p) / r; mean what the rest must average; max and min the target.
 *
 * Thread-safe on a stage's view. SPDX-License-Identifier: MIT */
#ifndef PAGU_EVALUATE_H
#define PAGU_EVALUATE_H

#include "pagu/formula.h"
#include "pagu/selection.h"
#include "pagu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum pagu_derived_state { /* the first four are those of pagu_state */
                                  PAGU_DERIVED_MISSING = 0,
                                  PAGU_DERIVED_DASH,
                                  PAGU_DERIVED_NUMBER,
                                  PAGU_DERIVED_TEXT,
                                  PAGU_DERIVED_UNIT_CLASH,    /* unit and text name two unlike units */
                                  PAGU_DERIVED_ZERO_TARGET,   /* nothing to divide by */
                                  PAGU_DERIVED_ZERO_ACHIEVED, /* lower, ratio, R = 0: the best case, without a number */
                                  PAGU_DERIVED_NEGATIVE,      /* the formula means nothing below 0 */
                                  PAGU_DERIVED_NOT_ONE_NUMBER, /* text says which text */
                                  PAGU_DERIVED_NOT_AGGREGATED, /* over_time is none: several values stay several */
                                  PAGU_DERIVED_OVERFLOW        /* money beyond 64 bits */
} pagu_derived_state;

enum {
    PAGU_DERIVED_PARTIAL = 1, /* something that belongs to it was missing and was skipped */
    PAGU_DERIVED_EQUAL = 2,   /* some weights were not given and were taken as equal */
    PAGU_DERIVED_BELOW = 4    /* taken from the children */
};

/* A derived cell. Strings are borrowed from the plan or view. */
typedef struct pagu_derived {
    union {
        double value;      /* percent, points, or in unit; of state NUMBER */
        pagu_money amount; /* of money fields */
    };
    const char *unit;     /* as reports print it: "%", "Orang"; "" if none */
    const char *text;     /* TEXT: the text; UNIT_CLASH: the other unit; NULL if none */
    uint8_t state, flags; /* pagu_derived_state; PAGU_DERIVED_PARTIAL … */
    float weight_missing; /* achievement: share (0..1) of the weight that has no percent */
} pagu_derived;

/* "unit clash", "zero target", …: how scripts see a state; "number", "-", "text", "missing". */
PAGU_API const char *pagu_derived_state_name(pagu_derived_state state);

typedef enum pagu_lower_rule { PAGU_LOWER_PACKAGE = 0, PAGU_LOWER_RATIO, PAGU_LOWER_LINEAR } pagu_lower_rule;
enum { PAGU_CAP_PACKAGE = 0, PAGU_CAP_NONE = -1 }; /* else the cap in percent, >= 100 */
typedef enum pagu_rate_floor {
    PAGU_RATE_FLOOR_PACKAGE = 0,
    PAGU_RATE_FLOOR_NONE,
    PAGU_RATE_FLOOR_ZERO
} pagu_rate_floor;

/* What the package says ("pagu": {"evaluation": {…}}) unless given: see docs/evaluation.md.
 * A package that says nothing: ratio, no cap, no floor, scale "permendagri-86-2017". */
typedef struct pagu_evaluate_options {
    size_t size;
    pagu_lower_rule lower;
    int cap;
    pagu_rate_floor floor;
    const char *scale; /* a scale of the package's scales.csv, or a shipped one; NULL: the package's */
} pagu_evaluate_options;
#define PAGU_EVALUATE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .size = sizeof(pagu_evaluate_options)                                                                          \
    }

/* ---- values ---- */

/* One derived cell. options NULL: the package's. PAGU_UNKNOWN_FIELD: not a field of this
 * table; PAGU_OUT_OF_FRAME; PAGU_ARGUMENT: cap below 100; PAGU_NOT_FOUND: no such scale. */
PAGU_API pagu_code pagu_evaluate_indicator(const pagu_view *v, pagu_field field, int year,
                                           const pagu_evaluate_options *options, pagu_indicator ind, pagu_derived *out,
                                           pagu_error *err);
PAGU_API pagu_code pagu_evaluate_node(const pagu_view *v, pagu_field field, int year,
                                      const pagu_evaluate_options *options, pagu_row row, pagu_derived *out,
                                      pagu_error *err);
/* Many at once: one pass, nothing allocated a cell. inds or rows NULL: 0 … n-1. Rows that are
 * no members are missing. PAGU_INTERRUPTED. */
PAGU_API pagu_code pagu_evaluate_indicators(const pagu_view *v, pagu_field field, int year,
                                            const pagu_evaluate_options *options, const pagu_indicator *inds, size_t n,
                                            pagu_derived *out, pagu_error *err);
PAGU_API pagu_code pagu_evaluate_nodes(const pagu_view *v, pagu_field field, int year,
                                       const pagu_evaluate_options *options, const pagu_row *rows, size_t n,
                                       pagu_derived *out, pagu_error *err);

/* ---- ratings ---- */

/* What would lift a rating by one grade. */
typedef struct pagu_lift {
    pagu_derived_state state; /* of the percent; nothing below is set unless NUMBER */
    const char *label, *next; /* the grade, and the one above; next NULL: it is the best */
    double percent;           /* unrounded: the rate of an indicator, K of a node */
    double needed, points;    /* percent that the next grade begins at, and how far it is */
    bool strictly;            /* more than that is needed: the bound itself is below */
    double achieved;          /* the achieved value that gives it, in unit; whole for counts. NAN: of a node, or
                                 out of reach (the cap is below) */
    const char *unit;
} pagu_lift;
/* ind PAGU_NO_INDICATOR: of the node. Scales: the package's scales.csv (scale, low, label,
 * low_included), else shipped ones: "permendagri-86-2017", "lkjip" (Maluku Tengah 2021),
 * "permenpanrb-8-2021". A percent below every band has the lowest label. */
PAGU_API pagu_code pagu_evaluate_lift(const pagu_view *v, int year, const pagu_evaluate_options *options, pagu_row row,
                                      pagu_indicator ind, pagu_lift *out, pagu_error *err);

/* The whole evaluation as a table: a row for each of the rows where something is measured and for each
 * further indicator, in tree order. Columns: key, name, indicator, target, achieved, rate (of
 * year), strategic_target, accumulated, accumulated_rate (E.81 14, 15), cumulative and
 * strategic_rate (T-C.29 10, 11: of year + 1), achievement, budget, spent, absorption, efficiency,
 * rating, next, needs (the achieved value for the next grade, or the points of K that lack), and
 * note: why a cell has no value, and how much weight K lacks. */
PAGU_API pagu_code pagu_evaluate_table(const pagu_view *v, const pagu_selection *rows, int year,
                                       const pagu_evaluate_options *options, pagu_table **out, pagu_error *err);

/* Label of a percent, of any average of them for instance, by a scale: its name, or NULL for the
 * package's. The text is borrowed from the plan. PAGU_NOT_FOUND: no such scale. */
PAGU_API pagu_code pagu_evaluate_rating(const pagu_view *v, const char *scale, double percent, const char **out,
                                        pagu_error *err);

/* Why a value of evaluation is what it is: what pagu_explain_field gives for these fields, with its
 * columns. Kinds "formula" and its operands "input", "rollup" (money, sums over children) and
 * "missing"; name is field and period; reason is the formula with the rule, cap and floor in force,
 * how values went together, and why there is no value. ind PAGU_NO_INDICATOR: of the node. */
PAGU_API pagu_code pagu_explain_derived(const pagu_view *v, pagu_row row, pagu_indicator ind, pagu_field field,
                                        int year, uint32_t max_depth, uint32_t max_rows, pagu_table **out,
                                        pagu_error *err);

/* A measure as pagu_view_measure gives it, but a year without a value of its own takes its
 * quarters (halves, months) together, by over_time, and over_children = sum the children. */
PAGU_API pagu_derived pagu_evaluate_measure(const pagu_view *v, pagu_indicator ind, pagu_field field,
                                            pagu_period period);
/* Money as pagu_view_money gives it, but a line without a value for the year takes the sum of
 * its quarters (halves, months). O(1) unless some lines have the year and others its parts. */
PAGU_API pagu_cell pagu_evaluate_money(const pagu_view *v, pagu_row row, pagu_field field, pagu_period period);

#ifdef __cplusplus
}
#endif
#endif
