/* package_put_values.c - amounts, units, indicators and measures in canonical order.
 * SPDX-License-Identifier: MIT */
#include "io/package_writer.h"

#include <math.h>
#include <stdlib.h>

static const char *number_text(package_writer *w, double value)
{
    json_number_text(value, w->number[0], sizeof w->number[0]);
    return w->number[0];
}

/* ---- periods in order ---- */

/* "*" first, then by the year that ends it: spans to a year, the year, its parts. */
static int period_order(const void *a, const void *b, void *ud)
{
    const pagu_plan *p = ud;
    const plan_period *x = &p->periods[*(const pagu_period *)a], *y = &p->periods[*(const pagu_period *)b];
    bool x_always = x->part == PERIOD_ALWAYS, y_always = y->part == PERIOD_ALWAYS;
    if (x_always || y_always)
        return y_always - x_always;
    int x_year = x->sort_to / 12, y_year = y->sort_to / 12;
    if (x_year != y_year)
        return x_year < y_year ? -1 : 1;
    bool x_span = x->part == PERIOD_SPAN || x->part == PERIOD_UP_TO;
    bool y_span = y->part == PERIOD_SPAN || y->part == PERIOD_UP_TO;
    if (x_span != y_span)
        return x_span ? -1 : 1;
    return strcmp(plan_str(p, x->id), plan_str(p, y->id));
}

typedef struct slot {
    pagu_stage stage;
    pagu_period period;
} slot;

/* Stages and periods for which some field of the kind has a column, in order. */
static slot *list_slots(package_writer *w, pagu_field_kind kind, uint32_t *n, uint32_t *cap)
{
    const pagu_plan *p = w->plan;
    slot *slots = NULL;
    pagu_period *periods = mem_array(w->ctx, p->n_periods, sizeof *periods);
    uint8_t *used = mem_zarray(w->ctx, (size_t)p->n_periods * p->n_stages, 1);
    *n = *cap = 0;
    if (!periods || !used)
        writer_fail(w, PAGU_NO_MEMORY);
    for (uint32_t c = 0; used && c < p->n_columns; c++)
        if (p->fields[c / p->n_stages / p->n_periods].kind == kind &&
            ((p->columns[c].values && !p->columns[c].masked) || p->columns[c].measures))
            used[c % ((size_t)p->n_periods * p->n_stages)] = 1;
    for (uint32_t i = 0; used && kind == PAGU_FIELD_MONEY && i < p->n_printed; i++)
        used[p->printed[i].column % ((size_t)p->n_periods * p->n_stages)] = 1;
    for (uint32_t i = 0; periods && i < p->n_periods; i++)
        periods[i] = (pagu_period)i;
    if (periods)
        qsort_r(periods, p->n_periods, sizeof *periods, period_order, (void *)p);
    for (uint32_t s = 0; s < p->n_stages && w->code == PAGU_OK; s++)
        for (uint32_t i = 0; i < p->n_periods && w->code == PAGU_OK; i++) {
            if (!used[(size_t)periods[i] * p->n_stages + s])
                continue;
            if (mem_grow(w->ctx, &slots, cap, *n, sizeof *slots))
                slots[(*n)++] = (slot){ (pagu_stage)s, periods[i] };
            else
                writer_fail(w, PAGU_NO_MEMORY);
        }
    mem_free(w->ctx, periods, p->n_periods * sizeof *periods);
    mem_free(w->ctx, used, (size_t)p->n_periods * p->n_stages);
    return slots;
}

/* ---- values ---- */

/* Budgets that costs.csv gives are left out of amounts.csv. */
static void index_costs(package_writer *w)
{
    const pagu_plan *p = w->plan;
    const plan_document *d = NULL;
    for (uint32_t i = 0; i < p->n_documents; i++)
        if (str_eq(plan_str(w->plan, p->documents[i].name), "costs"))
            d = &p->documents[i];
    uint32_t at[3] = { NO_COLUMN, NO_COLUMN, NO_COLUMN };
    static const char *const names[] = { "node", "stage", "period" };
    for (uint32_t i = 0; d && i < d->n_columns; i++)
        for (uint32_t k = 0; k < 3; k++)
            if (str_eq(plan_str(w->plan, d->columns[i]), names[k]))
                at[k] = i;
    if (!d || at[0] == NO_COLUMN || at[1] == NO_COLUMN || at[2] == NO_COLUMN)
        return;
    for (uint32_t r = 0; r < d->n_rows && w->code == PAGU_OK; r++) {
        const symbol *cells = d->cells + (size_t)r * d->n_columns;
        const char *node = plan_str(w->plan, cells[at[0]]);
        pagu_row row;
        plan_period period;
        char id[32];
        keyset_entry *entry;
        bool added;
        if (plan_lookup(p, node, strlen(node), &row, 1) == 0 ||
            !period_parse(plan_str(w->plan, cells[at[2]]), &period, id, sizeof id))
            continue;
        const char *parts[] = { plan_str(p, p->key[row]), plan_str(w->plan, cells[at[1]]), id };
        if (!keyset_add(&w->costed, parts, COUNT_OF(parts), r, &entry, &added))
            writer_fail(w, PAGU_NO_MEMORY);
    }
}

static bool has_amount(package_writer *w)
{
    char buf[48];
    for (uint32_t i = 0; i < w->n_columns; i++)
        if (w->columns[i].source == FROM_FIELD && *writer_field_text(w, w->columns[i].index, buf, sizeof buf))
            return true;
    return false;
}

static void put_amounts(package_writer *w)
{
    enum { NODE, STAGE, PERIOD };
    const pagu_plan *p = w->plan;
    uint32_t n, cap;
    slot *slots = list_slots(w, PAGU_FIELD_MONEY, &n, &cap);
    index_costs(w);
    for (uint32_t rank = 0; rank < p->n_rows && w->code == PAGU_OK; rank++)
        for (uint32_t i = 0; i < n; i++) {
            w->row = p->by_pre[rank];
            w->stage = slots[i].stage;
            w->period = slots[i].period;
            if (!has_amount(w))
                continue;
            w->values[NODE] = key_in_file(p, w->row);
            w->values[STAGE] = plan_str(w->plan, p->stages[w->stage].id);
            w->values[PERIOD] = plan_str(w->plan, p->periods[w->period].id);
            writer_end_row(w);
        }
    mem_free(w->ctx, slots, cap * sizeof *slots);
}

static void put_units(package_writer *w)
{
    enum { ID, NAME, KIND, SYNONYMS, OVER_TIME, OVER_CHILDREN, SCALE, CATEGORIES };
    for (uint32_t i = 0; i < w->plan->n_units; i++) {
        const plan_unit *u = &w->plan->units[i];
        w->values[ID] = plan_str(w->plan, u->id);
        w->values[NAME] = plan_str(w->plan, u->name);
        w->values[KIND] = plan_str(w->plan, u->kind);
        w->values[SYNONYMS] = plan_str(w->plan, u->synonyms);
        w->values[OVER_TIME] = aggregation_word(u->over_time);
        w->values[OVER_CHILDREN] = aggregation_word(u->over_children);
        w->values[SCALE] = plan_str(w->plan, u->scale);
        w->values[CATEGORIES] = plan_str(w->plan, u->categories);
        writer_end_row(w);
    }
}

static void put_indicators(package_writer *w)
{
    enum { ID, OWNER, TYPE, NAME, UNIT, POLARITY, OVER_TIME, OVER_CHILDREN, WEIGHT, DEFINITION };
    const pagu_plan *p = w->plan;
    for (uint32_t i = 0; i < p->n_indicators; i++) {
        const plan_indicator *x = &p->indicators[i];
        w->values[ID] = plan_str(w->plan, x->id);
        w->values[OWNER] = x->row == PAGU_NO_ROW ? plan_str(w->plan, x->owner) : key_in_file(p, x->row);
        w->values[TYPE] = plan_str(w->plan, x->type);
        w->values[NAME] = plan_str(w->plan, x->name);
        w->values[UNIT] = x->unit == UINT32_MAX ? "" : plan_str(w->plan, p->units[x->unit].id);
        w->values[POLARITY] = polarity_word(x->polarity);
        w->values[OVER_TIME] = aggregation_word(x->over_time);
        w->values[OVER_CHILDREN] = aggregation_word(x->over_children);
        w->values[WEIGHT] = isnan(x->weight) ? "" : number_text(w, x->weight);
        w->values[DEFINITION] = plan_str(w->plan, x->definition);
        writer_end_row(w);
    }
}

static void put_measure(package_writer *w, pagu_indicator ind, const slot *at, uint32_t field)
{
    enum { INDICATOR, STAGE, PERIOD, FIELD, VALUE, UNIT, TEXT };
    const pagu_plan *p = w->plan;
    const plan_column *c = &p->columns[column_index(p, at->stage, (pagu_field)field, at->period)];
    const measure_cell *m = c->measures ? &c->measures[ind] : NULL;
    if (!m || m->state == PAGU_MISSING)
        return;
    w->values[INDICATOR] = plan_str(w->plan, p->indicators[ind].id);
    w->values[STAGE] = plan_str(w->plan, p->stages[at->stage].id);
    w->values[PERIOD] = plan_str(w->plan, p->periods[at->period].id);
    w->values[FIELD] = plan_str(w->plan, p->fields[field].id);
    w->values[VALUE] = m->state == PAGU_NUMBER ? number_text(w, m->value) : m->state == PAGU_DASH ? "-" : "";
    w->values[UNIT] = plan_str(w->plan, m->unit);
    w->values[TEXT] = plan_str(w->plan, m->text);
    writer_end_row(w);
}

static void put_measures(package_writer *w)
{
    const pagu_plan *p = w->plan;
    uint32_t n, cap;
    slot *slots = list_slots(w, PAGU_FIELD_MEASURE, &n, &cap);
    for (uint32_t ind = 0; ind < p->n_indicators && w->code == PAGU_OK; ind++)
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t f = 0; f < p->n_fields; f++)
                if (p->fields[f].kind == PAGU_FIELD_MEASURE)
                    put_measure(w, ind, &slots[i], f);
    mem_free(w->ctx, slots, cap * sizeof *slots);
}

bool writer_put_values(package_writer *w)
{
    static void (*const put[RES_COUNT])(package_writer *) = {
        [RES_AMOUNTS] = put_amounts,
        [RES_UNITS] = put_units,
        [RES_INDICATORS] = put_indicators,
        [RES_MEASURES] = put_measures,
    };
    if (put[w->res])
        put[w->res](w);
    return put[w->res] != NULL;
}
