/* builder_periods.c - periods of the frame and of values, and the column of a value.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <stdio.h>

enum { MOST_COLUMNS = UINT16_MAX - 1 };

static bool in_frame(const pagu_plan *p, const plan_period *period)
{
    int from = period->sort_from / 12, to = period->sort_to / 12;
    if (period->part == PERIOD_ALWAYS)
        return true;
    return (period->part == PERIOD_UP_TO || from >= p->first_year) && to >= p->first_year && to <= p->last_year;
}

typedef struct period_list {
    plan_period *list;
    uint32_t n, cap;
} period_list;

/* Index of a period in the list, added when new. */
static uint32_t list_period(pagu_builder *b, period_list *periods, const char *text)
{
    plan_period period;
    char id[32];
    if (!period_parse(text, &period, id, sizeof id) || !in_frame(b->plan, &period))
        return NO_INDEX;
    period.id = builder_intern(b, id);
    uint32_t known = map_get(&b->period_map, period.id);
    if (known != NO_INDEX || !builder_grow(b, &periods->list, &periods->cap, periods->n, sizeof period))
        return known;
    periods->list[periods->n] = period;
    builder_map_put(b, &b->period_map, period.id, periods->n);
    return periods->n++;
}

static void list_frame(pagu_builder *b, period_list *periods)
{
    char id[32];
    const pagu_plan *p = b->plan;
    for (int year = p->first_year; year <= p->last_year; year++) {
        snprintf(id, sizeof id, "%04d", year);
        list_period(b, periods, id);
    }
    for (int year = p->first_year; year <= p->last_year; year++)
        for (int quarter = 1; quarter <= 4; quarter++) {
            snprintf(id, sizeof id, "%04dQ%d", year, quarter);
            list_period(b, periods, id);
        }
}

static int period_order(const void *ud, uint32_t x, uint32_t y)
{
    const plan_period *s = &((const plan_period *)ud)[x], *t = &((const plan_period *)ud)[y];
    if (s->sort_from != t->sort_from)
        return s->sort_from < t->sort_from ? -1 : 1;
    if (s->sort_to != t->sort_to)
        return s->sort_to < t->sort_to ? -1 : 1;
    return (s->part > t->part) - (s->part < t->part);
}

static void set_periods(pagu_builder *b, const period_list *periods, uint32_t n_frame)
{
    pagu_plan *p = b->plan;
    uint32_t n = periods->n, *order = identity_order(b, n);
    p->periods = builder_array(b, n, sizeof *p->periods);
    p->n_periods = p->periods ? n : 0;
    if (builder_ok(b)) {
        sort_indices(order + n_frame, order + n, n - n_frame, period_order, periods->list);
        for (uint32_t i = 0; i < n; i++) {
            p->periods[i] = periods->list[order[i]];
            builder_map_put(b, &b->period_map, p->periods[i].id, i);
        }
    }
    RELEASE(b, order, 2 * (size_t)n);
}

static void lay_out_columns(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint64_t n = (uint64_t)p->n_fields * p->n_periods * p->n_stages;
    if (n > MOST_COLUMNS) {
        builder_fault(b, &(fault){ .rule = "limit", .severity = PAGU_ERROR },
                      "%u fields, %u periods and %u stages make more than %d columns", p->n_fields, p->n_periods,
                      p->n_stages, MOST_COLUMNS);
        b->failed = PAGU_LIMIT;
        return;
    }
    p->columns = builder_array(b, n, sizeof *p->columns);
    p->n_columns = p->columns ? (uint32_t)n : 0;
}

/* The periods of the frame, and those that values name. */
void define_periods(pagu_builder *b)
{
    period_list periods = { NULL, 0, 0 };
    symbol last = 0;
    list_frame(b, &periods);
    uint32_t n_frame = periods.n;
    for (uint32_t i = 0; i < b->n_amounts && builder_ok(b); i++)
        if (b->amounts[i].period != last)
            list_period(b, &periods, builder_str(b, last = b->amounts[i].period));
    for (uint32_t i = 0; i < b->n_measures && builder_ok(b); i++)
        if (b->measures[i].period != last)
            list_period(b, &periods, builder_str(b, last = b->measures[i].period));
    if (builder_ok(b))
        set_periods(b, &periods, n_frame);
    RELEASE(b, periods.list, periods.cap);
    if (builder_ok(b))
        lay_out_columns(b);
}

void note_parts(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    for (uint32_t c = 0; c < p->n_columns && !p->has_parts; c++) {
        uint8_t part = p->periods[pagu_plan_column_period(p, (pagu_column)c)].part;
        p->has_parts = (p->columns[c].values || p->columns[c].measures) && part > PERIOD_YEAR && part <= PERIOD_MONTH;
    }
}

/* ---- the place of a value ---- */

static uint32_t find_field(pagu_builder *b, symbol id, pagu_field_kind kind, const fault *at)
{
    const pagu_plan *p = b->plan;
    uint32_t found = map_get(&b->field_map, id);
    if (found != NO_INDEX && p->fields[found].kind == kind)
        return found;
    nearest n;
    fault f = *at;
    f.rule = "unknown-field";
    f.column = "field";
    f.value = builder_str(b, id);
    nearest_init(&n, f.value);
    for (uint32_t i = 0; i < p->n_fields; i++)
        if (p->fields[i].kind == kind)
            nearest_offer(&n, builder_str(b, p->fields[i].id));
    if (found != NO_INDEX)
        builder_fault(b, &f,
                      kind == PAGU_FIELD_MONEY ? "field \"%s\" is a measure of indicators, not money"
                                               : "field \"%s\" is money, not a measure of indicators",
                      f.value);
    else
        builder_fault(b, &f, "unknown field \"%s\"%s", f.value, builder_suggest(b, &n).s);
    return NO_INDEX;
}

static uint32_t find_period(pagu_builder *b, symbol id, const fault *at)
{
    const pagu_plan *p = b->plan;
    plan_period period;
    char canonical[32];
    fault f = *at;
    f.column = "period";
    f.value = builder_str(b, id);
    if (!period_parse(f.value, &period, canonical, sizeof canonical)) {
        f.rule = "period";
        builder_fault(b, &f, "\"%s\" is not a period: write 2024, 2024Q1, 2020..2022, ..2021 or *", f.value);
        return NO_INDEX;
    }
    symbol s = symtab_find(&p->symbols, canonical, strlen(canonical));
    uint32_t found = s == NO_SYMBOL ? NO_INDEX : map_get(&b->period_map, s);
    if (found != NO_INDEX)
        return found;
    f.rule = "out-of-frame";
    builder_fault(b, &f, "period %s is outside the years %d to %d of the plan", f.value, p->first_year, p->last_year);
    return NO_INDEX;
}

bool find_place(pagu_builder *b, value_place *place, symbol stage, symbol period, symbol field, pagu_field_kind kind,
                const fault *at)
{
    if (place->valid && place->stage_id == stage && place->period_id == period && place->field_id == field)
        return true;
    *place = (value_place){
        stage, period, field, find_stage(b, stage, at), find_period(b, period, at), find_field(b, field, kind, at),
        false
    };
    place->valid = place->stage != NO_INDEX && place->period != NO_INDEX && place->field != NO_INDEX;
    return place->valid;
}

column_text column_name(const pagu_plan *p, uint32_t column)
{
    column_text text;
    uint32_t stage = column % p->n_stages, rest = column / p->n_stages;
    snprintf(text.s, sizeof text.s, "%s %s %s", plan_str(p, p->fields[rest / p->n_periods].id),
             plan_str(p, p->periods[rest % p->n_periods].id), plan_str(p, p->stages[stage].id));
    return text;
}
