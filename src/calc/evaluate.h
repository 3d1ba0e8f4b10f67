/* evaluate.h - inside of the evaluation: sources of values, and what is made of them.
 *
 *     evaluate_fields.c     the table of derived fields
 *     evaluate.c            opening an evaluation, and its public reads
 *     evaluate_sources.c    where values are read
 *     evaluate_time.c       values of a year, of its parts, up to a year
 *     evaluate_polarity.c   rates
 *     evaluate_children.c   sums over children, weighted achievement
 *     evaluate_money.c      money over years, absorption
 *     evaluate_scale.c      ratings, and what would lift one
 *     evaluate_pace.c       what the remaining years must deliver
 *     evaluate_lift.c       what would lift a rating
 *     evaluate_table.c      all of it as a table
 *     evaluate_fast.c       whole columns of plain cells, of indicators
 *     evaluate_fast_nodes.c the same of nodes
 *     evaluate_fast_k.c     K of all nodes in one pass
 *     explain_derived.c     why a derived value is what it is
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EVALUATE_H
#define PAGU_CALC_EVALUATE_H

#include "calc/derived.h"
#include "pagu/evaluate.h"
#include "scenario/scenario_struct.h"

#include <math.h>

typedef enum derived_id {
    RATE,
    STRATEGIC_TARGET,
    ACHIEVED_TO,
    CUMULATIVE,
    STRATEGIC_RATE,
    ACCUMULATED,
    ACCUMULATED_RATE,
    PACE,
    PACE_COST,
    ABSORPTION,
    ACHIEVEMENT,
    EFFICIENCY,
    RATING,
    STRATEGIC_BUDGET,
    SPENT_TO,
    SPENT_ACCUMULATED,
    SPENT_ACCUMULATED_RATE,
    DERIVED_COUNT
} derived_id;

/* What a field reads, so that no more is prepared. */
enum {
    READS_YEAR = 1,       /* target and achieved of the year */
    READS_PAST = 2,       /* achieved up to the year */
    READS_STRATEGIC = 4,  /* target of the strategic stage up to its end */
    READS_MONEY = 8,      /* budget and spent of the year */
    READS_MONEY_PAST = 16 /* spent up to the year, budget of the strategic stage */
};

extern const uint8_t derived_reads[DERIVED_COUNT];
/* The field of a number, or DERIVED_COUNT if it is none of this table. */
derived_id derived_of(pagu_field field);

/* ---- sources ---- */

/* A column of measures as a view reads it: its own, else the common stage's. */
typedef struct source {
    const measure_cell *own, *common; /* NULL: empty */
    pagu_column column;               /* of edits */
    bool live;                        /* something may be there */
} source;

enum { MOST_PARTS = 4 + 2 + 12, PART_GROUPS = 3 };
/* A year: its own value, else its parts: quarters, halves, months. Dead parts are left out. */
typedef struct year_source {
    source whole;
    int year;
    uint8_t group_end[PART_GROUPS];
    source parts[MOST_PARTS];
} year_source;

typedef struct span_source {
    source s;
    int end;
} span_source;

/* Values of one field from the first year on; only what is live. */
typedef struct series {
    int start;
    uint32_t n_spans, n_years, cap;
    span_source *spans; /* "..y", latest first */
    year_source *years; /* ascending */
} series;

/* A column of money; its arrays where it lies in one piece. */
typedef struct money_source {
    pagu_column column;
    const int64_t *values, *presence;
} money_source;

/* Money of a year at rows: a column, else columns of parts. */
typedef struct year_money {
    money_source whole;
    int year;
    bool whole_live;
    uint8_t n_groups; /* live ones */
    uint8_t group_end[PART_GROUPS];
    pagu_column parts[MOST_PARTS];
} year_money;

typedef struct span_money {
    money_source s;
    int end;
} span_money;

typedef struct money_series {
    int start;
    uint32_t n_spans, n_years, cap;
    span_money *spans; /* latest first */
    year_money *years;
} money_series;

/* ---- scales ---- */

typedef struct scale_band {
    double low;
    const char *label;
    bool low_included;
} scale_band;
enum { MOST_BANDS = 32 };
typedef struct rating_scale {
    uint32_t n;
    scale_band bands[MOST_BANDS]; /* best first */
} rating_scale;

typedef struct evaluation {
    const pagu_view *view;
    const pagu_plan *plan;
    pagu_ctx *ctx;
    derived_id id;
    int year, start, end; /* end 0: no strategic stage or no end of it */
    bool linear;
    bool layered;      /* some layer holds measures */
    uint64_t *touched; /* columns that those are of, a bit each; NULL: any */
    uint64_t *edited;  /* indicators that those are of, a bit each, if layered */
    double cap, floor; /* INFINITY, -INFINITY: none */
    pagu_field target, achieved, budget, spent;
    year_source target_now, achieved_now, target_plan;
    series past, strategic;
    year_money budget_now, spent_now, budget_plan;
    money_series spent_past, budget_strategic;
    rating_scale scale;
    struct {
        symbol unit;
        const char *label;
    } labels[8]; /* of value's units, direct-mapped */
} evaluation;

/* Prepare what a field reads at a year. Frees itself on error. */
pagu_code evaluation_open(evaluation *e, const pagu_view *v, derived_id id, int year,
                          const pagu_evaluate_options *options, pagu_error *err);
void evaluation_close(evaluation *e);
/* Only to read stored values (evaluate_sources.c and on); nothing to close. */
void evaluation_read(evaluation *e, const pagu_view *v);
/* false: nothing is of a part of a year. */
bool view_has_parts(const pagu_view *v);
/* A derived cell into a block; a fault becomes missing with a reason. */
void expr_put_derived(expr_block *out, uint32_t n, uint32_t i, bool money, const pagu_derived *d);
pagu_derived evaluation_indicator(evaluation *e, pagu_indicator ind);
pagu_derived evaluation_node(evaluation *e, pagu_row row);

/* ---- small cells ---- */

static inline pagu_derived derived_missing(void)
{
    return (pagu_derived){ .unit = "", .state = PAGU_DERIVED_MISSING };
}
static inline pagu_derived derived_state(pagu_derived_state state)
{
    return (pagu_derived){ .unit = "", .state = (uint8_t)state };
}
static inline pagu_derived derived_percent(double value)
{
    return (pagu_derived){ .value = value, .unit = "%", .state = PAGU_DERIVED_NUMBER };
}
static inline bool is_amount(const pagu_derived *d)
{
    return d->state == PAGU_DERIVED_NUMBER || d->state == PAGU_DERIVED_DASH;
}
static inline bool is_fault(const pagu_derived *d)
{
    return d->state > PAGU_DERIVED_TEXT;
}
static inline double amount_of(const pagu_derived *d)
{
    return d->state == PAGU_DERIVED_NUMBER ? d->value : 0;
}
bool units_differ(const char *a, const char *b);

/* ---- indicators ---- */

/* What rates and aggregation need, without the strings of pagu_view_indicator. */
indicator_traits traits_of(const evaluation *e, pagu_indicator ind);

/* ---- time (evaluate_time.c) ---- */

source source_of(const evaluation *e, pagu_stage stage, bool alone, pagu_field field, pagu_period period);
void year_source_fill(const evaluation *e, year_source *out, pagu_stage stage, bool alone, pagu_field field, int year);
pagu_code series_fill(const evaluation *e, series *out, pagu_stage stage, bool alone, pagu_field field, int start,
                      int end);
void series_free(const evaluation *e, series *s);
bool year_is_live(const year_source *s);
pagu_derived source_value(evaluation *e, const source *s, pagu_indicator ind, const indicator_traits *t);
pagu_derived year_value(evaluation *e, const year_source *s, pagu_indicator ind);
/* Up to and including a year. */
pagu_derived series_value(evaluation *e, const series *s, pagu_indicator ind, int until);
/* Has the year itself a value, or a span that ends with it? */
bool is_known_to(evaluation *e, const series *s, pagu_indicator ind, int year);
/* Parts in order of time, each with its years; `expected` says how many there might have been. */
pagu_derived aggregate(pagu_aggregation how, const pagu_derived *parts, const double *years, uint32_t n,
                       uint32_t expected);
pagu_derived cumulative(evaluation *e, pagu_indicator ind);
pagu_derived accumulated(evaluation *e, pagu_indicator ind);
static inline pagu_derived strategic_target(evaluation *e, pagu_indicator ind)
{
    return e->end ? series_value(e, &e->strategic, ind, e->end) : derived_missing();
}
/* "..year" of a plan, or PAGU_NONE; parts of a year in three groups. */
pagu_period period_up_to(const pagu_plan *p, int year);
uint32_t parts_of_year(const pagu_plan *p, int year, pagu_period out[MOST_PARTS], uint8_t group_end[PART_GROUPS]);

/* ---- polarity (evaluate_polarity.c) ---- */

typedef struct bounds {
    double lo, hi;
} bounds;
/* "7.5..8.5" */
bool parse_bounds(const char *text, bounds *out);
pagu_derived rate_of(const evaluation *e, const pagu_derived *target, const pagu_derived *achieved,
                     pagu_polarity polarity);

/* ---- children (evaluate_children.c) ---- */

pagu_derived rate_now(evaluation *e, pagu_indicator ind);
/* Sum of the children's main indicators, read by get. */
typedef pagu_derived (*child_read)(evaluation *e, const void *from, pagu_indicator ind);
pagu_derived sum_of_children(evaluation *e, pagu_indicator ind, child_read get, const void *from);
pagu_derived achievement(evaluation *e, pagu_row row);
/* Has a row at or below it an indicator? */
bool is_measured(const pagu_view *v, pagu_row row);
/* K of every base row at once, bottom up; out has a cell for each row of the plan. finish: what the
 * evaluation's field makes of it (efficiency, rating). */
pagu_code achievement_of_all(evaluation *e, bool finish, pagu_derived *out);

/* ---- money (evaluate_money.c) ---- */

void year_money_fill(const evaluation *e, year_money *out, pagu_stage stage, bool alone, pagu_field field, int year);
pagu_code money_series_fill(const evaluation *e, money_series *out, pagu_stage stage, bool alone, pagu_field field,
                            int start, int end);
void money_series_free(const evaluation *e, money_series *s);
/* Cells of money: amount, and OVERFLOW. */
pagu_derived year_money_value(const evaluation *e, const year_money *m, pagu_row row);
pagu_derived money_series_value(const evaluation *e, const money_series *s, pagu_row row, int until);
pagu_derived money_sum(const pagu_derived *a, const pagu_derived *b);
pagu_derived money_rate(const evaluation *e, const pagu_derived *part, const pagu_derived *whole);
pagu_derived absorption(const evaluation *e, pagu_row row);
pagu_derived efficiency_of(const pagu_derived *k, const pagu_derived *rp);

/* ---- pace, scale ---- */

pagu_derived pace(evaluation *e, pagu_indicator ind);
pagu_derived pace_cost(evaluation *e, pagu_indicator ind);
pagu_code scale_find(const pagu_plan *p, const char *name, rating_scale *out, pagu_error *err);
static inline bool band_reached(const scale_band *b, double percent)
{
    return percent > b->low || (percent == b->low && b->low_included);
}
/* The rating of an indicator's rate, or (PAGU_NO_INDICATOR) of a node's K, and what lifts it. */
pagu_lift evaluation_lift(evaluation *e, pagu_row row, pagu_indicator ind);
/* Index of the band of a percent; the last one below all. */
static inline uint32_t scale_band_of(const rating_scale *s, double percent)
{
    uint32_t i = 0; /* what is not reached is above what is: counted without a branch a band */
    for (uint32_t b = 0; b + 1 < s->n; b++)
        i += !band_reached(&s->bands[b], percent);
    return i;
}
pagu_derived rating_of(const evaluation *e, const pagu_derived *percent);

#endif
