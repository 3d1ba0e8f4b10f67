/* evaluate.c - opening an evaluation, and its public reads.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"

#include "calc/verb.h"

#include <stdlib.h>

/* ---- settings ---- */

static double cap_of(int cap)
{
    return cap == PAGU_CAP_NONE ? INFINITY : cap;
}

static pagu_code take_options(evaluation *e, const pagu_evaluate_options *given, pagu_error *err)
{
    pagu_evaluate_options o = PAGU_EVALUATE_OPTIONS_INIT;
    pagu_code code = given ? verb_options(e->ctx, &o, sizeof o, given, err) : PAGU_OK;
    if (code != PAGU_OK)
        return code;
    const char *lower = pagu_plan_meta(e->plan, "evaluation.lower"), *cap = pagu_plan_meta(e->plan, "evaluation.cap");
    const char *floor_text = pagu_plan_meta(e->plan, "evaluation.floor");
    if (o.lower == PAGU_LOWER_PACKAGE)
        o.lower = lower && str_eq(lower, "linear") ? PAGU_LOWER_LINEAR : PAGU_LOWER_RATIO;
    if (o.cap == PAGU_CAP_PACKAGE)
        o.cap = cap ? atoi(cap) : PAGU_CAP_NONE;
    if (o.floor == PAGU_RATE_FLOOR_PACKAGE)
        o.floor = floor_text ? PAGU_RATE_FLOOR_ZERO : PAGU_RATE_FLOOR_NONE;
    if (o.cap != PAGU_CAP_NONE && o.cap < 100)
        return err_set(e->ctx, err, PAGU_ARGUMENT, "a cap of rates is 100 or more (none, 100, 120), not %d", o.cap);
    e->linear = o.lower == PAGU_LOWER_LINEAR;
    e->cap = cap_of(o.cap);
    e->floor = o.floor == PAGU_RATE_FLOOR_ZERO ? 0 : -INFINITY;
    const char *scale = o.scale ? o.scale : pagu_plan_meta(e->plan, "evaluation.scale");
    return e->id == RATING ? scale_find(e->plan, scale, &e->scale, err) : PAGU_OK;
}

static int meta_year(const pagu_plan *p, const char *name)
{
    const char *text = pagu_plan_meta(p, name);
    int year = text ? atoi(text) : 0;
    return year > 0 && year <= 9999 ? year : 0;
}

/* Without a declared end: that of the last target of the strategic stage. */
static int last_strategic_year(const pagu_plan *p, pagu_field target)
{
    int last = 0;
    for (uint32_t i = 0; i < p->n_periods; i++) {
        const plan_period *t = &p->periods[i];
        const plan_column *c = &p->columns[column_index(p, p->strategic_stage, target, (pagu_period)i)];
        if (c->measures && t->part != PERIOD_ALWAYS && t->sort_to / 12 > last)
            last = t->sort_to / 12;
    }
    return last;
}

static void find_frame(evaluation *e)
{
    const pagu_plan *p = e->plan;
    pagu_plan_find_field(p, "target", &e->target, NULL);
    pagu_plan_find_field(p, "achieved", &e->achieved, NULL);
    pagu_plan_find_field(p, "budget", &e->budget, NULL);
    pagu_plan_find_field(p, "spent", &e->spent, NULL);
    e->start = meta_year(p, "strategic.start");
    if (!e->start)
        e->start = p->first_year;
    if (p->strategic_stage == PAGU_NONE)
        return;
    e->end = meta_year(p, "strategic.end");
    if (!e->end)
        e->end = last_strategic_year(p, e->target);
}

/* ---- preparing ---- */

static pagu_code prepare_measures(evaluation *e, uint8_t reads)
{
    const pagu_view *v = e->view;
    pagu_code code = PAGU_OK;
    if (reads & READS_YEAR) {
        year_source_fill(e, &e->target_now, v->stage, false, e->target, e->year);
        year_source_fill(e, &e->achieved_now, v->stage, false, e->achieved, e->year);
        year_source_fill(e, &e->target_plan, v->stage, false, e->target, e->plan->year);
    }
    if (reads & READS_PAST)
        code = series_fill(e, &e->past, v->stage, false, e->achieved, e->start, e->year);
    if (code == PAGU_OK && reads & READS_STRATEGIC && e->end)
        code = series_fill(e, &e->strategic, e->plan->strategic_stage, true, e->target, e->start, e->end);
    return code;
}

static pagu_code prepare_money(evaluation *e, uint8_t reads)
{
    const pagu_view *v = e->view;
    pagu_code code = PAGU_OK;
    if (reads & READS_MONEY) {
        year_money_fill(e, &e->budget_now, v->stage, false, e->budget, e->year);
        year_money_fill(e, &e->spent_now, v->stage, false, e->spent, e->year);
    }
    if (e->id == PACE_COST)
        year_money_fill(e, &e->budget_plan, v->stage, false, e->budget, e->plan->year);
    if (reads & READS_MONEY_PAST)
        code = money_series_fill(e, &e->spent_past, v->stage, false, e->spent, e->start, e->year);
    if (code == PAGU_OK && reads & READS_MONEY_PAST && e->end)
        code = money_series_fill(e, &e->budget_strategic, e->plan->strategic_stage, true, e->budget, e->start, e->end);
    return code;
}

static bool holds_measures(const pagu_view *v)
{
    for (uint32_t i = 0; i < v->n_layers; i++)
        if (v->layers[i]->measures.n)
            return true;
    return false;
}

enum { FEW_EDITS = 4096 };

static size_t touched_bytes(const pagu_plan *p)
{
    return ((size_t)p->n_columns + 63) / 64 * sizeof(uint64_t);
}

static size_t edited_bytes(const pagu_plan *p)
{
    return ((size_t)p->n_indicators + 63) / 64 * sizeof(uint64_t);
}

/* Indicators without an edit can be read from the plan's arrays. */
static pagu_code note_edited(evaluation *e)
{
    const pagu_view *v = e->view;
    if (!e->layered || !e->plan->n_indicators)
        return PAGU_OK;
    e->edited = mem_zalloc(e->ctx, edited_bytes(e->plan));
    if (!e->edited)
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const measure_map *m = &v->layers[i]->measures;
        for (uint32_t k = 0; k < m->cap; k++)
            if (m->keys[k] != UINT64_MAX && m->keys[k] >> 16 < e->plan->n_indicators)
                bit_set(e->edited, (uint32_t)(m->keys[k] >> 16));
    }
    return PAGU_OK;
}

/* Columns without an edit need no look into the layers. Not worth it where there are many edits. */
static pagu_code note_touched(evaluation *e)
{
    const pagu_view *v = e->view;
    uint64_t n = 0;
    for (uint32_t i = 0; i < v->n_layers; i++)
        n += v->layers[i]->measures.cap;
    if (!e->layered || n > FEW_EDITS)
        return PAGU_OK;
    e->touched = mem_zalloc(e->ctx, touched_bytes(e->plan));
    if (!e->touched)
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const measure_map *m = &v->layers[i]->measures;
        for (uint32_t k = 0; k < m->cap; k++)
            if (m->keys[k] != UINT64_MAX)
                bit_set(e->touched, (uint32_t)(m->keys[k] & 0xFFFF));
    }
    return PAGU_OK;
}

pagu_code evaluation_open(evaluation *e, const pagu_view *v, derived_id id, int year,
                          const pagu_evaluate_options *options, pagu_error *err)
{
    pagu_period period;
    memset(e, 0, sizeof *e);
    e->view = v;
    e->plan = v->plan;
    e->ctx = v->plan->ctx;
    e->year = year;
    e->id = id;
    pagu_code code = pagu_plan_find_year(v->plan, year, &period, err);
    if (code == PAGU_OK)
        code = take_options(e, options, err);
    if (code != PAGU_OK)
        return code;
    e->layered = holds_measures(v);
    find_frame(e);
    uint8_t reads = derived_reads[e->id];
    code = note_touched(e);
    if (code == PAGU_OK)
        code = note_edited(e);
    if (code == PAGU_OK)
        code = prepare_measures(e, reads);
    if (code == PAGU_OK)
        code = prepare_money(e, reads);
    if (code == PAGU_OK)
        return PAGU_OK;
    evaluation_close(e);
    return err_memory(e->ctx, err);
}

void evaluation_close(evaluation *e)
{
    mem_free(e->ctx, e->touched, e->touched ? touched_bytes(e->plan) : 0);
    mem_free(e->ctx, e->edited, e->edited ? edited_bytes(e->plan) : 0);
    e->touched = e->edited = NULL;
    series_free(e, &e->past);
    series_free(e, &e->strategic);
    money_series_free(e, &e->spent_past);
    money_series_free(e, &e->budget_strategic);
}

/* ---- one cell ---- */

static pagu_derived strategic_rate(evaluation *e, pagu_indicator ind, pagu_derived (*progress)(evaluation *, uint32_t))
{
    pagu_derived target = strategic_target(e, ind), so_far = progress(e, ind);
    pagu_derived out = rate_of(e, &target, &so_far, (pagu_polarity)traits_of(e, ind).polarity);
    out.flags |= so_far.flags;
    return out;
}

pagu_derived evaluation_indicator(evaluation *e, pagu_indicator ind)
{
    pagu_derived rate;
    switch (e->id) {
    case RATE: return rate_now(e, ind);
    case STRATEGIC_TARGET: return strategic_target(e, ind);
    case ACHIEVED_TO: return series_value(e, &e->past, ind, e->year);
    case CUMULATIVE: return cumulative(e, ind);
    case STRATEGIC_RATE: return strategic_rate(e, ind, cumulative);
    case ACCUMULATED: return accumulated(e, ind);
    case ACCUMULATED_RATE: return strategic_rate(e, ind, accumulated);
    case PACE: return pace(e, ind);
    case PACE_COST: return pace_cost(e, ind);
    case RATING: rate = rate_now(e, ind); return rating_of(e, &rate);
    default: return derived_missing();
    }
}

pagu_derived efficiency_of(const pagu_derived *k, const pagu_derived *rp)
{
    if (k->state == PAGU_DERIVED_MISSING || rp->state == PAGU_DERIVED_MISSING)
        return derived_missing();
    if (is_fault(k) || is_fault(rp))
        return is_fault(k) ? *k : *rp;
    pagu_derived out = *k;
    out.value = amount_of(k) - amount_of(rp);
    out.unit = "%";
    out.state = PAGU_DERIVED_NUMBER;
    return out;
}

static pagu_derived efficiency(evaluation *e, pagu_row row)
{
    pagu_derived k = achievement(e, row), rp = absorption(e, row);
    return efficiency_of(&k, &rp);
}

static pagu_derived spent_accumulated(const evaluation *e, pagu_row row)
{
    pagu_derived before = money_series_value(e, &e->spent_past, row, e->year - 1);
    pagu_derived now = year_money_value(e, &e->spent_now, row);
    return money_sum(&before, &now);
}

static pagu_derived strategic_budget(const evaluation *e, pagu_row row)
{
    return e->end ? money_series_value(e, &e->budget_strategic, row, e->end) : derived_missing();
}

pagu_derived evaluation_node(evaluation *e, pagu_row row)
{
    pagu_derived a, b;
    if (!row_is_member(e->view, row))
        return derived_missing();
    switch (e->id) {
    case ABSORPTION: return absorption(e, row);
    case ACHIEVEMENT: return achievement(e, row);
    case EFFICIENCY: return efficiency(e, row);
    case RATING: a = achievement(e, row); return rating_of(e, &a);
    case STRATEGIC_BUDGET: return strategic_budget(e, row);
    case SPENT_TO: return money_series_value(e, &e->spent_past, row, e->year);
    case SPENT_ACCUMULATED: return spent_accumulated(e, row);
    case SPENT_ACCUMULATED_RATE:
        a = spent_accumulated(e, row);
        b = strategic_budget(e, row);
        return money_rate(e, &a, &b);
    default: break;
    }
    pagu_indicator ind = pagu_view_first_indicator(e->view, row);
    return ind == PAGU_NO_INDICATOR ? derived_missing() : evaluation_indicator(e, ind);
}

/* ---- public reads ---- */

static pagu_code open_field(evaluation *e, const pagu_view *v, pagu_field field, int year, bool of_indicators,
                            const pagu_evaluate_options *options, pagu_error *err)
{
    derived_id id = derived_of(field);
    if (id == DERIVED_COUNT)
        return err_set(v->plan->ctx, err, PAGU_UNKNOWN_FIELD, "field %u is not one of evaluation", field);
    const char *name = evaluate_fields[id].id;
    if (of_indicators && !evaluate_fields[id].of_indicators)
        return err_at(v->plan->ctx, err, PAGU_UNKNOWN_FIELD, NULL, name, "an indicator has no \"%s\"; ask its node",
                      name);
    return evaluation_open(e, v, id, year, options, err);
}

pagu_code pagu_evaluate_indicator(const pagu_view *v, pagu_field field, int year, const pagu_evaluate_options *options,
                                  pagu_indicator ind, pagu_derived *out, pagu_error *err)
{
    return pagu_evaluate_indicators(v, field, year, options, &ind, 1, out, err);
}

pagu_code pagu_evaluate_node(const pagu_view *v, pagu_field field, int year, const pagu_evaluate_options *options,
                             pagu_row row, pagu_derived *out, pagu_error *err)
{
    return pagu_evaluate_nodes(v, field, year, options, &row, 1, out, err);
}

static pagu_code end_evaluation(evaluation *e, pagu_code code, pagu_error *err)
{
    evaluation_close(e);
    return code == PAGU_INTERRUPTED ? err_set(e->ctx, err, code, "interrupted") : code;
}

pagu_code pagu_evaluate_indicators(const pagu_view *v, pagu_field field, int year, const pagu_evaluate_options *options,
                                   const pagu_indicator *inds, size_t n, pagu_derived *out, pagu_error *err)
{
    evaluation e;
    pagu_code code = open_field(&e, v, field, year, true, options, err);
    return code == PAGU_OK ? end_evaluation(&e, evaluation_indicators(&e, inds, n, out), err) : code;
}

pagu_code pagu_evaluate_nodes(const pagu_view *v, pagu_field field, int year, const pagu_evaluate_options *options,
                              const pagu_row *rows, size_t n, pagu_derived *out, pagu_error *err)
{
    evaluation e;
    pagu_code code = open_field(&e, v, field, year, false, options, err);
    return code == PAGU_OK ? end_evaluation(&e, evaluation_nodes(&e, rows, n, out), err) : code;
}

/* ---- years from their parts ---- */

void evaluation_read(evaluation *e, const pagu_view *v)
{
    memset(e, 0, sizeof *e);
    e->view = v;
    e->plan = v->plan;
    e->ctx = v->plan->ctx;
    e->layered = holds_measures(v);
}

pagu_derived pagu_evaluate_measure(const pagu_view *v, pagu_indicator ind, pagu_field field, pagu_period period)
{
    evaluation e;
    year_source s;
    evaluation_read(&e, v);
    int year = v->plan->periods[period].year;
    if (year) {
        year_source_fill(&e, &s, v->stage, false, field, year);
        return year_value(&e, &s, ind);
    }
    s.whole = source_of(&e, v->stage, false, field, period);
    indicator_traits t = traits_of(&e, ind);
    return source_value(&e, &s.whole, ind, &t);
}

/* Nothing here is of a part of a year: no need to look for any. */
bool view_has_parts(const pagu_view *v)
{
    const pagu_plan *p = v->plan;
    bool parts = p->has_parts;
    for (uint32_t i = 0; i < v->n_layers && !parts; i++) {
        const layer *l = v->layers[i];
        for (uint32_t k = 0; k < l->n && !parts; k++)
            parts = l->overlays[k].column != COLUMN_MEMBERS &&
                    p->periods[pagu_plan_column_period(p, l->overlays[k].column)].part != PERIOD_YEAR;
    }
    return parts;
}

pagu_cell pagu_evaluate_money(const pagu_view *v, pagu_row row, pagu_field field, pagu_period period)
{
    evaluation e;
    year_money m;
    int year = v->plan->periods[period].year;
    if (!year || !view_has_parts(v))
        return pagu_view_money(v, row, pagu_view_column(v, field, period));
    evaluation_read(&e, v);
    year_money_fill(&e, &m, v->stage, false, field, year);
    pagu_derived d = year_money_value(&e, &m, row);
    bool number = d.state == PAGU_DERIVED_NUMBER;
    return (pagu_cell){ number ? d.amount : 0, number                         ? PAGU_NUMBER
                                               : d.state == PAGU_DERIVED_DASH ? PAGU_DASH
                                                                              : PAGU_MISSING };
}
