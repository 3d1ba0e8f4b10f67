/* evaluate_sources.c - where values of indicators are read, edits of a scenario first.
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

bool year_is_live(const year_source *s)
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
