/* view_indicators.c - indicators and their values.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <strings.h>

static inline const ext_indicator *view_ext_indicator(const pagu_view *v, pagu_indicator ind)
{
    return &v->ext->indicators[ind - v->plan->n_indicators];
}

static pagu_indicator first_added_indicator(const pagu_view *v, pagu_row row)
{
    if (!v->ext)
        return PAGU_NO_INDICATOR;
    if (!row_is_base(v, row))
        return view_ext(v, row)->first_indicator;
    const int64_t *slot = cellmap_find(&v->ext->first_indicator, row);
    return slot ? (uint32_t)*slot : PAGU_NO_INDICATOR;
}

/* An added indicator counts while its name has not been taken back by undo. */
static pagu_indicator skip_undone(const pagu_view *v, pagu_indicator ind)
{
    while (ind != PAGU_NO_INDICATOR && !view_value(v, UINT32_MAX - 1 - (ind - v->plan->n_indicators), COLUMN_MEMBERS))
        ind = view_ext_indicator(v, ind)->next;
    return ind;
}

pagu_indicator pagu_view_first_indicator(const pagu_view *v, pagu_row row)
{
    if (row_is_base(v, row) && v->plan->first_indicator && v->plan->first_indicator[row] != PAGU_NO_INDICATOR)
        return v->plan->first_indicator[row];
    return skip_undone(v, first_added_indicator(v, row));
}

pagu_indicator pagu_view_next_indicator(const pagu_view *v, pagu_indicator ind)
{
    if (ind >= v->plan->n_indicators)
        return skip_undone(v, view_ext_indicator(v, ind)->next);
    const plan_indicator *i = &v->plan->indicators[ind];
    if (i->next != PAGU_NO_INDICATOR || i->row == PAGU_NO_ROW)
        return i->next;
    return skip_undone(v, first_added_indicator(v, i->row));
}

uint32_t pagu_view_indicator_count(const pagu_view *v)
{
    return v->plan->n_indicators + (v->ext ? v->ext->n_indicators : 0);
}

pagu_code pagu_view_find_indicator(const pagu_view *v, const char *id, pagu_indicator *out, pagu_error *err)
{
    const pagu_plan *p = v->plan;
    pagu_indicator found = plan_find_indicator(p, id, strlen(id));
    if (found != PAGU_NO_INDICATOR) {
        *out = found;
        return PAGU_OK;
    }
    for (uint32_t i = v->ext ? v->ext->n_indicators : 0; i-- > 0;)
        if (str_eq(v->ext->indicators[i].id, id) && skip_undone(v, p->n_indicators + i) == p->n_indicators + i) {
            *out = p->n_indicators + i;
            return PAGU_OK;
        }
    return err_at(p->ctx, err, PAGU_UNKNOWN_KEY, id, NULL, "no indicator \"%s\"", id);
}

pagu_indicator_info pagu_view_indicator(const pagu_view *v, pagu_indicator ind)
{
    const pagu_plan *p = v->plan;
    pagu_indicator_info info = { 0 };
    const plan_unit *u = NULL;
    if (ind >= p->n_indicators) {
        const ext_indicator *e = view_ext_indicator(v, ind);
        info = (pagu_indicator_info){
            .id = e->id, .owner = e->owner, .type = e->type, .name = e->name, .unit = e->unit, .row = e->row
        };
        for (uint32_t i = 0; i < p->n_units && !u; i++)
            if (str_eq(plan_str(p, p->units[i].id), e->unit))
                u = &p->units[i];
    } else {
        const plan_indicator *i = &p->indicators[ind];
        u = i->unit != UINT32_MAX ? &p->units[i->unit] : NULL;
        info = (pagu_indicator_info){ .id = plan_str(p, i->id),
                                      .owner = plan_str(p, i->owner),
                                      .type = plan_str(p, i->type),
                                      .name = plan_str(p, i->name),
                                      .unit = u ? plan_str(p, u->id) : "",
                                      .row = i->row,
                                      .polarity = i->polarity,
                                      .over_time = i->over_time,
                                      .over_children = i->over_children };
    }
    plan_aggregations(p, u, &info.over_time, &info.over_children);
    return info;
}

static const char *unit_label(const plan_unit *u, const pagu_plan *p)
{
    return u->name ? plan_str(p, u->name) : plan_str(p, u->id);
}

const char *unit_label_of(const pagu_plan *p, symbol unit)
{
    for (uint32_t i = 0; i < p->n_units; i++)
        if (p->units[i].id == unit)
            return unit_label(&p->units[i], p);
    return plan_str(p, unit);
}

/* The unit as reports print it. */
const char *indicator_unit(const pagu_view *v, pagu_indicator ind)
{
    const pagu_plan *p = v->plan;
    if (ind >= p->n_indicators)
        return view_ext_indicator(v, ind)->unit;
    uint32_t u = p->indicators[ind].unit;
    return u != UINT32_MAX ? unit_label(&p->units[u], p) : "";
}

/* Is `unit` one of the names in a list "Orang|org"? */
static bool is_in_list(const char *list, const char *unit)
{
    size_t n = strlen(unit);
    for (const char *at = list; *at;) {
        size_t len = strcspn(at, "|");
        if (len == n && strncasecmp(at, unit, n) == 0)
            return true;
        at += len + (at[len] == '|');
    }
    return false;
}

/* A unit given by id, label or synonym, in any case, is the indicator's own when it names it. */
bool is_own_unit(const pagu_view *v, pagu_indicator ind, const char *unit)
{
    const pagu_plan *p = v->plan;
    if (strcasecmp(unit, indicator_unit(v, ind)) == 0 || strcasecmp(unit, pagu_view_indicator(v, ind).unit) == 0)
        return true;
    return ind < p->n_indicators && p->indicators[ind].unit != UINT32_MAX &&
           is_in_list(plan_str(p, p->units[p->indicators[ind].unit].synonyms), unit);
}

static bool plan_measure(const pagu_view *v, pagu_indicator ind, pagu_column column, pagu_measure *out)
{
    const pagu_plan *p = v->plan;
    const measure_cell *cells = p->columns[column].measures;
    if (ind >= p->n_indicators || !cells || cells[ind].state == PAGU_MISSING)
        return false;
    const measure_cell *c = &cells[ind];
    out->value = c->value;
    out->state = c->state;
    out->text = c->text ? plan_str(p, c->text) : NULL;
    out->unit = c->unit ? unit_label_of(p, c->unit) : indicator_unit(v, ind);
    return true;
}

pagu_measure pagu_view_stage_measure(const pagu_view *v, pagu_stage stage, pagu_indicator ind, pagu_field field,
                                     pagu_period period)
{
    pagu_measure m = { .unit = indicator_unit(v, ind) };
    pagu_column column = column_index(v->plan, stage, field, period);
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const measure_value *e = layer_measure(v->layers[i], measure_key(ind, column));
        if (e)
            return (pagu_measure){ e->value, e->unit ? e->unit : m.unit, e->text, e->state };
    }
    if (!plan_measure(v, ind, column, &m) && stage != v->plan->common_stage)
        plan_measure(v, ind, column_index(v->plan, v->plan->common_stage, field, period), &m);
    return m;
}

pagu_measure pagu_view_measure(const pagu_view *v, pagu_indicator ind, pagu_field field, pagu_period period)
{
    return pagu_view_stage_measure(v, v->stage, ind, field, period);
}
