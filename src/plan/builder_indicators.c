/* builder_indicators.c - indicators in the order of their owners, and their measures.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <math.h>

/* ---- owners and order ---- */

typedef struct indicator_work {
    pagu_builder *b;
    plan_indicator *found; /* by index of b->indicators */
    uint32_t *order, n;
} indicator_work;

/* "tree:class" */
static bool class_owner(pagu_builder *b, const char *owner, plan_indicator *out)
{
    const char *colon = strchr(owner, ':');
    if (!colon)
        return false;
    symbol tree = symtab_find(&b->plan->symbols, owner, (size_t)(colon - owner));
    symbol cls = symtab_find(&b->plan->symbols, colon + 1, strlen(colon + 1));
    out->tree = tree == NO_SYMBOL ? NO_INDEX : map_get(&b->tree_map, tree);
    out->cls = out->tree == NO_INDEX || cls == NO_SYMBOL ? NO_INDEX : map_get(&b->class_map, pair_key(out->tree, cls));
    return out->cls != NO_INDEX;
}

static void find_owner(pagu_builder *b, const indicator_rec *r, plan_indicator *out)
{
    const char *owner = builder_str(b, r->owner);
    symbol key = builder_key(b, owner, r->mount);
    uint32_t node = find_node(b, key, NULL);
    if (node != NO_INDEX) {
        out->row = b->row_of[node];
        out->owner = b->plan->key[out->row];
        return;
    }
    if (class_owner(b, owner, out)) {
        out->owner = r->owner;
        return;
    }
    builder_fault(b, FAULT(r, "unknown-owner", "owner", builder_str(b, r->id), owner),
                  "owner \"%s\" of indicator \"%s\" is neither a node nor tree:class", owner, builder_str(b, r->id));
}

static uint32_t find_unit(pagu_builder *b, symbol unit, const fault *at)
{
    if (unit == 0)
        return UINT32_MAX;
    uint32_t found = map_get(&b->unit_map, unit);
    if (found != NO_INDEX)
        return found;
    nearest n;
    fault f = *at;
    f.rule = "unknown-unit";
    f.column = "unit";
    f.value = builder_str(b, unit);
    nearest_init(&n, f.value);
    for (uint32_t i = 0; i < b->plan->n_units; i++)
        nearest_offer(&n, builder_str(b, b->plan->units[i].id));
    builder_fault(b, &f, "unknown unit \"%s\"%s", f.value, builder_suggest(b, &n).s);
    return UINT32_MAX;
}

static bool indicator_is_new(pagu_builder *b, const indicator_rec *r)
{
    const char *id = builder_str(b, r->id);
    if (r->id == 0) {
        builder_fault(b, FAULT(r, "empty-key", "indicator", NULL, NULL), "an indicator needs an id");
        return false;
    }
    uint32_t known = map_get(&b->indicator_map, r->id);
    if (known == NO_INDEX)
        return true;
    const indicator_rec *first = &b->indicators[known];
    builder_fault(b, FAULT(r, "duplicate", "indicator", id, id), "indicator \"%s\" is given twice, first at %s", id,
                  builder_place(b, first->file, first->line).s);
    return false;
}

/* The number after the last '#', or -1. */
static long long trailing_number(const char *id)
{
    const char *mark = strrchr(id, '#');
    long long n = 0;
    if (!mark || !mark[1])
        return -1;
    for (const char *c = mark + 1; *c; c++) {
        if (*c < '0' || *c > '9' || n > INT64_MAX / 20)
            return -1;
        n = n * 10 + (*c - '0');
    }
    return n;
}

/* By owner in tree order (nodes, then classes), then by number, then by text. */
static int indicator_order(const void *ud, uint32_t x, uint32_t y)
{
    const indicator_work *w = ud;
    const plan_indicator *s = &w->found[x], *t = &w->found[y];
    if ((s->row == PAGU_NO_ROW) != (t->row == PAGU_NO_ROW))
        return s->row == PAGU_NO_ROW ? 1 : -1;
    if (s->row != t->row) {
        const uint32_t *pre = w->b->plan->pre;
        return pre[s->row] < pre[t->row] ? -1 : 1;
    }
    if (s->tree != t->tree)
        return s->tree < t->tree ? -1 : 1;
    if (s->cls != t->cls)
        return s->cls < t->cls ? -1 : 1;
    const char *a = builder_str(w->b, s->id), *c = builder_str(w->b, t->id);
    long long na = trailing_number(a), nc = trailing_number(c);
    if (na != nc)
        return na < 0 ? 1 : nc < 0 || na < nc ? -1 : 1;
    return strcmp(a, c);
}

/* Indicators that name the same definition are one indicator in several packages. */
static void check_definitions(indicator_work *w)
{
    pagu_builder *b = w->b;
    index_map first = { NULL, NULL, 0, 0 };
    for (uint32_t i = 0; i < w->n && builder_ok(b); i++) {
        const indicator_rec *r = &b->indicators[w->order[i]];
        if (r->definition == 0)
            continue;
        uint32_t known = map_get(&first, r->definition);
        if (known == NO_INDEX) {
            builder_map_put(b, &first, r->definition, w->order[i]);
            continue;
        }
        const indicator_rec *f = &b->indicators[known];
        if (f->mount != r->mount && (f->name != r->name || f->unit != r->unit))
            builder_fault(
                b, FAULT(r, "mount-conflict", "definition", builder_str(b, r->id), builder_str(b, r->definition)),
                "indicator \"%s\" differs from \"%s\", of the same definition, in name or unit", builder_str(b, r->id),
                builder_str(b, f->id));
    }
    RELEASE(b, first.keys, first.n_slots);
    RELEASE(b, first.values, first.n_slots);
}

static bool has_weights(const pagu_plan *p)
{
    for (uint32_t i = 0; i < p->n_indicators; i++)
        if (p->indicators[i].weight >= 0)
            return true;
    return false;
}

static void fill_traits(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    if (has_weights(p))
        p->weights = builder_array(b, p->n_indicators, sizeof *p->weights);
    for (uint32_t i = 0; i < p->n_indicators; i++) {
        const plan_indicator *ind = &p->indicators[i];
        const plan_unit *u = ind->unit == UINT32_MAX ? NULL : &p->units[ind->unit];
        pagu_aggregation over_time = ind->over_time, over_children = ind->over_children;
        plan_aggregations(p, u, &over_time, &over_children);
        p->traits[i] = (indicator_traits){ .label = u ? plan_unit_label(u) : 0,
                                           .row = ind->row,
                                           .polarity = (uint8_t)ind->polarity,
                                           .over_time = (uint8_t)over_time,
                                           .over_children = (uint8_t)over_children,
                                           .has_weight = ind->weight >= 0 };
        if (p->weights)
            p->weights[i] = ind->weight;
    }
}

static void place_indicators(indicator_work *w)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    uint32_t n_slots = 16;
    while (n_slots < w->n * 2)
        n_slots *= 2;
    p->indicators = builder_array(b, w->n, sizeof *p->indicators);
    p->traits = builder_array(b, w->n, sizeof *p->traits);
    p->n_indicators = p->indicators || p->traits ? (uint32_t)w->n : 0;
    p->indicator_slots = builder_array(b, n_slots, sizeof *p->indicator_slots);
    p->n_indicator_slots = p->indicator_slots ? n_slots : 0;
    p->first_indicator = builder_array(b, p->n_rows, sizeof *p->first_indicator);
    if (!builder_ok(b))
        return;
    memset(p->first_indicator, 0xFF, p->n_rows * sizeof *p->first_indicator);
    for (uint32_t i = w->n; i-- > 0;) {
        plan_indicator *ind = &p->indicators[i];
        *ind = w->found[w->order[i]];
        builder_map_put(b, &b->indicator_map, ind->id, i);
        if (ind->row != PAGU_NO_ROW) {
            ind->next = p->first_indicator[ind->row];
            p->first_indicator[ind->row] = i;
        }
        uint32_t at = (uint32_t)hash_bytes(builder_str(b, ind->id), builder_len(b, ind->id)) & (n_slots - 1);
        while (p->indicator_slots[at])
            at = (at + 1) & (n_slots - 1);
        p->indicator_slots[at] = i + 1;
    }
    fill_traits(b);
}

static void collect(indicator_work *w)
{
    pagu_builder *b = w->b;
    for (uint32_t i = 0; i < b->n_indicators && builder_ok(b); i++) {
        const indicator_rec *r = &b->indicators[i];
        if (!indicator_is_new(b, r))
            continue;
        builder_map_put(b, &b->indicator_map, r->id, i);
        w->found[i] = (plan_indicator){
            .id = r->id,
            .type = r->type,
            .name = r->name,
            .definition = r->definition,
            .owner = r->owner,
            .row = PAGU_NO_ROW,
            .next = PAGU_NO_INDICATOR,
            .polarity = r->polarity,
            .over_time = r->over_time,
            .over_children = r->over_children,
            .weight = r->weight,
            .tree = UINT32_MAX,
            .cls = UINT32_MAX,
        };
        find_owner(b, r, &w->found[i]);
        w->found[i].unit = find_unit(b, r->unit, FAULT(r, "", "", builder_str(b, r->id), NULL));
        w->order[w->n++] = i;
    }
}

void define_indicators(pagu_builder *b)
{
    size_t n = b->n_indicators;
    indicator_work w = { .b = b };
    if (n == 0)
        return;
    w.found = builder_array(b, n, sizeof *w.found);
    w.order = builder_array(b, 2 * n, sizeof *w.order);
    if (builder_ok(b))
        collect(&w);
    if (builder_ok(b) && w.n) {
        sort_indices(w.order, w.order + n, w.n, indicator_order, &w);
        check_definitions(&w);
    }
    if (builder_ok(b) && w.n)
        place_indicators(&w);
    RELEASE(b, w.found, n);
    RELEASE(b, w.order, 2 * n);
}

/* ---- measures ---- */

static uint32_t measured_indicator(pagu_builder *b, const measure_rec *r)
{
    const pagu_plan *p = b->plan;
    uint32_t found = map_get(&b->indicator_map, r->indicator);
    if (found != NO_INDEX)
        return found;
    nearest n;
    const char *id = builder_str(b, r->indicator);
    nearest_init(&n, id);
    for (uint32_t i = 0; i < p->n_indicators && p->n_indicators <= 5000 && b->n_faults < 100; i++)
        nearest_offer(&n, builder_str(b, p->indicators[i].id));
    builder_fault(b, FAULT(r, "unknown-indicator", "indicator", id, id), "no indicator \"%s\"%s", id,
                  builder_suggest(b, &n).s);
    return NO_INDEX;
}

static bool measure_is_member(pagu_builder *b, const measure_rec *r, const plan_indicator *ind, uint32_t stage)
{
    if (ind->row == PAGU_NO_ROW || node_in_stage(b, ind->row, stage))
        return true;
    const char *id = builder_str(b, r->indicator), *key = builder_str(b, b->plan->key[ind->row]);
    const char *name = builder_str(b, b->plan->stages[stage].id);
    builder_fault(b, FAULT(r, "not-member", "stage", id, name), "\"%s\" is not in stage \"%s\"", key, name);
    return false;
}

/* A value of the indicator's own unit says nothing of units: one spelling for one content. */
static symbol value_unit(pagu_builder *b, const measure_rec *r, const plan_indicator *ind)
{
    uint32_t unit = find_unit(b, r->unit, FAULT(r, "", "", builder_str(b, r->indicator), NULL));
    return unit == UINT32_MAX || unit == ind->unit ? 0 : b->plan->units[unit].id;
}

static uint8_t measure_state(const measure_rec *r)
{
    if (r->state == PAGU_MISSING && r->text)
        return PAGU_TEXT;
    return r->state == PAGU_TEXT && !r->text ? PAGU_MISSING : r->state;
}

/* source: by column, an array by indicator of measure + 1, to name the first of two. */
static void store_measure(pagu_builder *b, uint32_t i, uint32_t indicator, const value_place *at, uint32_t **source)
{
    pagu_plan *p = b->plan;
    const measure_rec *r = &b->measures[i];
    const plan_indicator *ind = &p->indicators[indicator];
    symbol unit = value_unit(b, r, ind);
    uint8_t state = measure_state(r);
    if (!measure_is_member(b, r, ind, at->stage) || state == PAGU_MISSING)
        return;
    uint32_t c = column_index(p, (pagu_stage)at->stage, (pagu_field)at->field, (pagu_period)at->period);
    plan_column *column = &p->columns[c];
    if (!column->measures) {
        column->measures = builder_array(b, p->n_indicators, sizeof *column->measures);
        source[c] = builder_array(b, p->n_indicators, sizeof *source[c]);
        if (!builder_ok(b))
            return;
    }
    if (source[c][indicator]) {
        const measure_rec *first = &b->measures[source[c][indicator] - 1];
        const char *id = builder_str(b, r->indicator);
        builder_fault(b, FAULT(r, "duplicate", "indicator", id, id), "%s of \"%s\" is given twice, first at %s",
                      column_name(p, c).s, id, builder_place(b, first->file, first->line).s);
        return;
    }
    source[c][indicator] = i + 1;
    p->stages[at->stage].used = true;
    column->measures[indicator] =
        (measure_cell){ .value = state == PAGU_NUMBER ? r->value : 0, .unit = unit, .text = r->text, .state = state };
}

void fill_measures(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    value_place place = { .valid = false };
    uint32_t **source = builder_array(b, p->n_columns, sizeof *source);
    for (uint32_t i = 0; builder_ok(b) && i < b->n_measures; i++) {
        const measure_rec *r = &b->measures[i];
        bool valid = find_place(b, &place, r->stage, r->period, r->field, PAGU_FIELD_MEASURE,
                                FAULT(r, "", "", builder_str(b, r->indicator), NULL));
        uint32_t indicator = measured_indicator(b, r);
        if (valid && indicator != NO_INDEX)
            store_measure(b, i, indicator, &place, source);
    }
    for (uint32_t c = 0; source && c < p->n_columns; c++)
        RELEASE(b, source[c], p->n_indicators);
    RELEASE(b, source, p->n_columns);
}
