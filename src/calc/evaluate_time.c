/* evaluate_time.c - values of indicators: of a year, of its parts, up to a year.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

#include "scenario/layer.h"

#include <strings.h>

bool units_differ(const char *a, const char *b)
{
    return a != b && strcasecmp(a, b) != 0;
}

/* ---- sources ---- */

source source_of(const evaluation *e, pagu_stage stage, bool alone, pagu_field field, pagu_period period)
{
    const pagu_plan *p = e->plan;
    if (period == PAGU_NONE || stage == PAGU_NONE)
        return (source){ .live = false };
    source s = { .column = column_index(p, stage, field, period) };
    s.own = p->columns[s.column].measures;
    if (!alone && stage != p->common_stage)
        s.common = p->columns[column_index(p, p->common_stage, field, period)].measures;
    s.live = s.own || s.common || (e->layered && (!e->touched || bit_get(e->touched, s.column)));
    return s;
}

static pagu_period period_of(const pagu_plan *p, uint8_t part, int from, int to)
{
    for (uint32_t i = 0; i < p->n_periods; i++)
        if (p->periods[i].part == part && p->periods[i].sort_from == from && p->periods[i].sort_to == to)
            return (pagu_period)i;
    return PAGU_NONE;
}

pagu_period period_up_to(const pagu_plan *p, int year)
{
    return period_of(p, PERIOD_UP_TO, 0, year * 12 + 11);
}

uint32_t parts_of_year(const pagu_plan *p, int year, pagu_period out[MOST_PARTS], uint8_t group_end[PART_GROUPS])
{
    static const uint8_t groups[PART_GROUPS] = { PERIOD_QUARTER, PERIOD_HALF, PERIOD_MONTH };
    uint32_t n = 0;
    for (uint32_t g = 0; g < PART_GROUPS; g++) {
        for (uint32_t i = 0; i < p->n_periods && n < MOST_PARTS; i++)
            if (p->periods[i].part == groups[g] && p->periods[i].sort_from / 12 == year)
                out[n++] = (pagu_period)i; /* periods ascend */
        group_end[g] = (uint8_t)n;
    }
    return n;
}

void year_source_fill(const evaluation *e, year_source *out, pagu_stage stage, bool alone, pagu_field field, int year)
{
    pagu_period whole, parts[MOST_PARTS];
    uint8_t ends[PART_GROUPS], kept = 0;
    out->year = year;
    out->whole.live = false;
    memset(out->group_end, 0, sizeof out->group_end);
    if (pagu_plan_find_year(e->plan, year, &whole, NULL) != PAGU_OK)
        return;
    out->whole = source_of(e, stage, alone, field, whole);
    uint32_t n = parts_of_year(e->plan, year, parts, ends);
    for (uint32_t i = 0, g = 0; g < PART_GROUPS; g++) {
        for (; i < ends[g] && i < n; i++) {
            out->parts[kept] = source_of(e, stage, alone, field, parts[i]);
            kept += out->parts[kept].live;
        }
        out->group_end[g] = kept;
    }
}

static bool year_is_live(const year_source *s)
{
    return s->whole.live || s->group_end[PART_GROUPS - 1];
}

static void fill_spans(const evaluation *e, series *out, pagu_stage stage, bool alone, pagu_field field, int end)
{
    const pagu_plan *p = e->plan;
    for (int year = end; year >= out->start; year--) {
        pagu_period periods[2] = { period_up_to(p, year), period_of(p, PERIOD_SPAN, out->start * 12, year * 12 + 11) };
        for (int k = 0; k < 2; k++) {
            source s = source_of(e, stage, alone, field, periods[k]);
            if (s.live)
                out->spans[out->n_spans++] = (span_source){ s, year };
        }
    }
}

pagu_code series_fill(const evaluation *e, series *out, pagu_stage stage, bool alone, pagu_field field, int start,
                      int end)
{
    *out = (series){ .start = start, .cap = end >= start ? (uint32_t)(end - start + 1) : 0 };
    if (!out->cap)
        return PAGU_OK;
    out->spans = mem_array(e->ctx, 2 * (size_t)out->cap, sizeof *out->spans);
    out->years = mem_array(e->ctx, out->cap, sizeof *out->years);
    if (!out->spans || !out->years) {
        series_free(e, out);
        return PAGU_NO_MEMORY;
    }
    fill_spans(e, out, stage, alone, field, end);
    for (int year = start; year <= end; year++) {
        year_source_fill(e, &out->years[out->n_years], stage, alone, field, year);
        out->n_years += year_is_live(&out->years[out->n_years]);
    }
    return PAGU_OK;
}

void series_free(const evaluation *e, series *s)
{
    mem_free(e->ctx, s->spans, s->spans ? 2 * (size_t)s->cap * sizeof *s->spans : 0);
    mem_free(e->ctx, s->years, s->years ? s->cap * sizeof *s->years : 0);
    *s = (series){ 0 };
}

/* ---- reading ---- */

static indicator_traits traits_of_added(const evaluation *e, pagu_indicator ind)
{
    pagu_indicator_info info = pagu_view_indicator(e->view, ind);
    return (indicator_traits){ .row = info.row,
                               .polarity = (uint8_t)info.polarity,
                               .over_time = (uint8_t)info.over_time,
                               .over_children = (uint8_t)info.over_children };
}

indicator_traits traits_of(const evaluation *e, pagu_indicator ind)
{
    return ind < e->plan->n_indicators ? e->plan->traits[ind] : traits_of_added(e, ind);
}

/* Label of a unit by its id; the same few come again and again. */
static const char *label_of(evaluation *e, symbol unit)
{
    const pagu_plan *p = e->plan;
    uint32_t slot = unit % COUNT_OF(e->labels);
    if (e->labels[slot].label && e->labels[slot].unit == unit)
        return e->labels[slot].label;
    const char *label = plan_str(p, unit);
    for (uint32_t i = 0; i < p->n_units; i++)
        if (p->units[i].id == unit)
            label = plan_str(p, plan_unit_label(&p->units[i]));
    e->labels[slot].unit = unit;
    e->labels[slot].label = label;
    return label;
}

static const char *own_label(const evaluation *e, pagu_indicator ind, const indicator_traits *t)
{
    return ind < e->plan->n_indicators ? plan_str(e->plan, t->label) : indicator_unit(e->view, ind);
}

/* A unit that a script gave by id or label. */
static const char *label_of_text(const pagu_plan *p, const char *unit)
{
    for (uint32_t i = 0; i < p->n_units; i++)
        if (strcasecmp(plan_str(p, p->units[i].id), unit) == 0)
            return plan_str(p, plan_unit_label(&p->units[i]));
    return unit;
}

static bool take_edit(evaluation *e, const source *s, pagu_indicator ind, const indicator_traits *t, pagu_derived *out)
{
    for (uint32_t i = e->view->n_layers; i-- > 0;) {
        const measure_value *m = layer_measure(e->view->layers[i], measure_key(ind, s->column));
        if (!m)
            continue;
        const char *own = own_label(e, ind, t);
        *out = (pagu_derived){ .value = m->state == PAGU_NUMBER ? m->value : 0,
                               .unit = m->unit && !is_own_unit(e->view, ind, m->unit) ? label_of_text(e->plan, m->unit)
                                                                                      : own,
                               .text = m->text,
                               .state = (uint8_t)m->state };
        return true;
    }
    return false;
}

pagu_derived source_value(evaluation *e, const source *s, pagu_indicator ind, const indicator_traits *t)
{
    pagu_derived out;
    const measure_cell *c = NULL;
    if (!s->live)
        return derived_missing();
    if (e->layered && take_edit(e, s, ind, t, &out))
        return out;
    if (ind < e->plan->n_indicators) {
        c = s->own ? &s->own[ind] : NULL;
        if ((!c || c->state == PAGU_MISSING) && s->common)
            c = &s->common[ind];
    }
    if (!c || c->state == PAGU_MISSING)
        return derived_missing();
    return (pagu_derived){ .value = c->value,
                           .unit = c->unit ? label_of(e, c->unit) : plan_str(e->plan, t->label),
                           .text = c->text ? plan_str(e->plan, c->text) : NULL,
                           .state = c->state };
}

/* ---- together ---- */

static pagu_derived latest(const pagu_derived *parts, uint32_t n)
{
    const pagu_derived *dash = NULL;
    for (uint32_t i = n; i-- > 0;) {
        if (parts[i].state == PAGU_DERIVED_DASH)
            dash = dash ? dash : &parts[i];
        else if (parts[i].state != PAGU_DERIVED_MISSING)
            return parts[i];
    }
    return dash ? *dash : derived_missing();
}

/* The first thing that keeps parts from going together, in *out. */
static bool find_obstacle(const pagu_derived *parts, uint32_t n, pagu_derived *out)
{
    const char *unit = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const pagu_derived *p = &parts[i];
        *out = *p;
        if (is_fault(p))
            return true;
        if (p->state == PAGU_DERIVED_TEXT) {
            out->state = PAGU_DERIVED_NOT_ONE_NUMBER;
            return true;
        }
        if (p->state != PAGU_DERIVED_NUMBER)
            continue;
        if (unit && units_differ(unit, p->unit)) {
            *out = (pagu_derived){ .unit = unit, .text = p->unit, .state = PAGU_DERIVED_UNIT_CLASH };
            return true;
        }
        unit = p->unit;
    }
    return false;
}

static pagu_derived fold(pagu_aggregation how, const pagu_derived *parts, const double *years, uint32_t n)
{
    pagu_derived out;
    double sum = 0, weight = 0, most = -INFINITY, least = INFINITY;
    bool numbers = false, present = false;
    const char *unit = "";
    if (find_obstacle(parts, n, &out))
        return out;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_amount(&parts[i]))
            continue;
        double x = amount_of(&parts[i]), w = how == PAGU_AGG_MEAN ? years[i] : 1;
        present = true;
        if (parts[i].state == PAGU_DERIVED_NUMBER) {
            numbers = true;
            unit = parts[i].unit;
        }
        sum += x * w;
        weight += w;
        most = x > most ? x : most;
        least = x < least ? x : least;
    }
    if (!numbers)
        return derived_state(present ? PAGU_DERIVED_DASH : PAGU_DERIVED_MISSING);
    double value = how == PAGU_AGG_MEAN ? sum / weight : how == PAGU_AGG_MAX ? most : how == PAGU_AGG_MIN ? least : sum;
    return (pagu_derived){ .value = value, .unit = unit, .state = PAGU_DERIVED_NUMBER };
}

pagu_derived aggregate(pagu_aggregation how, const pagu_derived *parts, const double *years, uint32_t n,
                       uint32_t expected)
{
    uint32_t present = 0;
    uint8_t flags = 0;
    for (uint32_t i = 0; i < n; i++) {
        present += parts[i].state != PAGU_DERIVED_MISSING;
        flags |= parts[i].flags;
    }
    if (present == 0)
        return derived_missing();
    pagu_derived out = how == PAGU_AGG_LAST                  ? latest(parts, n)
                       : how == PAGU_AGG_NONE && present > 1 ? derived_state(PAGU_DERIVED_NOT_AGGREGATED)
                       : how == PAGU_AGG_NONE                ? latest(parts, n)
                                                             : fold(how, parts, years, n);
    if (how != PAGU_AGG_LAST && present < expected)
        flags |= PAGU_DERIVED_PARTIAL;
    out.flags |= flags;
    return out;
}

static pagu_derived from_parts(evaluation *e, const year_source *s, pagu_indicator ind, const indicator_traits *t)
{
    pagu_derived parts[MOST_PARTS];
    static const double ones[MOST_PARTS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    static const uint8_t expected[PART_GROUPS] = { 4, 2, 12 };
    for (uint32_t g = 0, i = 0; g < PART_GROUPS; g++) {
        uint32_t n = 0;
        for (; i < s->group_end[g]; i++)
            parts[n++] = source_value(e, &s->parts[i], ind, t);
        pagu_derived out = aggregate((pagu_aggregation)t->over_time, parts, ones, n, expected[g]);
        if (out.state == PAGU_DERIVED_MISSING)
            continue;
        return t->over_time == PAGU_AGG_NONE ? derived_state(PAGU_DERIVED_NOT_AGGREGATED) : out;
    }
    return derived_missing();
}

static pagu_derived child_year(evaluation *e, const void *from, pagu_indicator ind)
{
    return year_value(e, from, ind);
}

static pagu_derived child_source(evaluation *e, const void *from, pagu_indicator ind)
{
    indicator_traits t = traits_of(e, ind);
    const source *s = from;
    pagu_derived out = source_value(e, s, ind, &t);
    if (out.state == PAGU_DERIVED_MISSING && t.over_children == PAGU_AGG_SUM && s->live)
        out = sum_of_children(e, ind, child_source, from);
    return out;
}

pagu_derived year_value(evaluation *e, const year_source *s, pagu_indicator ind)
{
    indicator_traits t = traits_of(e, ind);
    pagu_derived out = source_value(e, &s->whole, ind, &t);
    if (out.state == PAGU_DERIVED_MISSING && s->group_end[PART_GROUPS - 1])
        out = from_parts(e, s, ind, &t);
    if (out.state == PAGU_DERIVED_MISSING && t.over_children == PAGU_AGG_SUM && year_is_live(s))
        out = sum_of_children(e, ind, child_year, s);
    return out;
}

enum { MOST_YEARS = 203 }; /* of the longest frame, a span, and one more */

/* Values in order of time, each with the years that it stands for. */
typedef struct timeline {
    pagu_derived parts[MOST_YEARS];
    double years[MOST_YEARS];
    uint32_t n, expected;
} timeline;

static void timeline_add(timeline *t, pagu_derived value, double years)
{
    if (t->n == MOST_YEARS)
        return;
    t->parts[t->n] = value;
    t->years[t->n++] = years;
}

/* The latest span that has a value, and the years after it. */
static void timeline_fill(evaluation *e, timeline *t, const series *s, pagu_indicator ind, int until)
{
    int from = s->start;
    t->n = 0;
    for (uint32_t i = 0; i < s->n_spans && t->n == 0; i++) {
        if (s->spans[i].end > until)
            continue;
        pagu_derived span = child_source(e, &s->spans[i].s, ind);
        if (span.state == PAGU_DERIVED_MISSING)
            continue;
        timeline_add(t, span, s->spans[i].end - s->start + 1);
        from = s->spans[i].end + 1;
    }
    t->expected = t->n + (until >= from ? (uint32_t)(until - from + 1) : 0);
    for (uint32_t i = 0; i < s->n_years; i++)
        if (s->years[i].year >= from && s->years[i].year <= until)
            timeline_add(t, year_value(e, &s->years[i], ind), 1);
}

static pagu_derived timeline_value(evaluation *e, const timeline *t, pagu_indicator ind)
{
    return aggregate((pagu_aggregation)traits_of(e, ind).over_time, t->parts, t->years, t->n, t->expected);
}

pagu_derived series_value(evaluation *e, const series *s, pagu_indicator ind, int until)
{
    timeline t;
    timeline_fill(e, &t, s, ind, until);
    return timeline_value(e, &t, ind);
}

bool is_known_to(evaluation *e, const series *s, pagu_indicator ind, int year)
{
    for (uint32_t i = 0; i < s->n_spans && s->spans[i].end == year; i++)
        if (child_source(e, &s->spans[i].s, ind).state != PAGU_DERIVED_MISSING)
            return true;
    const year_source *last = s->n_years ? &s->years[s->n_years - 1] : NULL;
    return last && last->year == year && year_value(e, last, ind).state != PAGU_DERIVED_MISSING;
}

/* What was achieved before the year, and one value of the year. */
static pagu_derived with_year(evaluation *e, const year_source *now, pagu_indicator ind)
{
    timeline t;
    timeline_fill(e, &t, &e->past, ind, e->year - 1);
    t.expected++;
    timeline_add(&t, year_value(e, now, ind), 1);
    return timeline_value(e, &t, ind);
}

pagu_derived cumulative(evaluation *e, pagu_indicator ind)
{
    return with_year(e, &e->target_now, ind);
}

pagu_derived accumulated(evaluation *e, pagu_indicator ind)
{
    return with_year(e, &e->achieved_now, ind);
}
