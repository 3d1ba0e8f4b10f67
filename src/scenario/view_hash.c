/* view_hash.c - content hash of a view: the plan's, the stage, and the sorted differences.
 *
 * Rows are named by key, values written as text, so the hash doesn't depend on the order in
 * which things were done, on sparse or dense columns, or on how often a value came and went.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdarg.h>
#include <stdio.h>

typedef struct lines { /* differences, one text line each */
    arena text;
    const char **items;
    uint32_t n, cap;
    bool failed;
} lines;

static void PAGU_PRINTF(3, 4) add_line(pagu_ctx *ctx, lines *l, const char *format, ...)
{
    char stack[1024], *buf = stack;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(stack, sizeof stack, format, args);
    va_end(args);
    size_t size = n > 0 ? (size_t)n + 1 : 1;
    if (size > sizeof stack && (buf = mem_alloc(ctx, size)))
        vsnprintf(buf, size, format, again);
    va_end(again);
    const char *copy = buf ? arena_strdup(&l->text, buf, size - 1) : NULL;
    if (buf && buf != stack)
        mem_free(ctx, buf, size);
    if (!copy || !mem_grow(ctx, &l->items, &l->cap, l->n, sizeof *l->items))
        l->failed = true;
    else
        l->items[l->n++] = copy;
}

static int lines_in_order(const void *ud, uint32_t a, uint32_t b)
{
    const char *const *items = ud;
    return strcmp(items[a], items[b]);
}

/* ---- money ---- */

static pagu_cell base_cell(const pagu_view *v, pagu_row row, pagu_column column)
{
    const plan_column *c = &v->plan->columns[column];
    const uint64_t *members = v->plan->stages[v->stage].members;
    if (row >= v->plan->n_rows || !c->values || (members && !bit_get(members, row)))
        return (pagu_cell){ 0, PAGU_MISSING };
    pagu_state s = c->presence ? presence_state(c->presence[row]) : PAGU_NUMBER;
    return (pagu_cell){ s == PAGU_NUMBER ? c->values[row] : 0, s };
}

static void add_cell(const pagu_view *v, lines *l, pagu_column column, pagu_row row)
{
    if (!row_is_member(v, row) || !row_is_leaf(v, row))
        return;
    pagu_cell now = view_cell(v, row, column), was = base_cell(v, row, column);
    if (now.state == was.state && now.value == was.value)
        return;
    const pagu_plan *p = v->plan;
    add_line(p->ctx, l, "money\t%s\t%s\t%s\t%s\t%d\t%lld", pagu_view_key(v, row),
             pagu_plan_field_id(p, pagu_plan_column_field(p, column)),
             pagu_plan_period_id(p, pagu_plan_column_period(p, column)),
             pagu_plan_stage_id(p, pagu_plan_column_stage(p, column)), (int)now.state, (long long)now.value);
}

/* Rows touched in any layer; a row may come several times, its line is dropped when sorted. */
static void add_column(const pagu_view *v, lines *l, pagu_column column)
{
    bool dense = false;
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const overlay *o = layer_find(v->layers[i], column);
        if (!o)
            continue;
        dense |= o->dense || o->pdense;
        for (uint32_t k = 0; k < o->map.cap; k++)
            if (o->map.keys[k] != CELLMAP_EMPTY)
                add_cell(v, l, column, o->map.keys[k]);
        for (uint32_t k = 0; k < o->pmap.cap; k++)
            if (o->pmap.keys[k] != CELLMAP_EMPTY)
                add_cell(v, l, column, o->pmap.keys[k]);
    }
    for (pagu_row r = 0; dense && r < v->plan->n_rows; r++)
        add_cell(v, l, column, r);
}

/* ---- the rest ---- */

/* The name of an own line follows the language, so it is no content. */
static const char *row_title(const pagu_view *v, pagu_row row)
{
    return pagu_view_is_own_line(v, row) ? "" : pagu_view_row_name(v, row);
}

static void add_members(const pagu_view *v, lines *l)
{
    const pagu_plan *p = v->plan;
    uint32_t n = pagu_view_row_count(v);
    for (pagu_row r = 0; v->has_member_overlay && r < n; r++) {
        const uint64_t *members = p->stages[v->stage].members;
        bool was = r < p->n_rows && (!members || bit_get(members, r)), is = row_is_member(v, r);
        if (is && r >= p->n_rows)
            add_line(p->ctx, l, "row\t%s\t%s\t%s\t%d\t%d", pagu_view_key(v, r), pagu_view_key(v, row_parent(v, r)),
                     row_title(v, r), pagu_view_level(v, r), row_sign(v, r));
        else if (was != is)
            add_line(p->ctx, l, "%s\t%s", is ? "in" : "out", pagu_view_key(v, r));
        for (uint32_t t = 0; is && r >= p->n_rows && t < p->n_trees; t++) {
            uint32_t cls = pagu_view_declared_class(v, r, t);
            if (cls != UINT32_MAX)
                add_line(p->ctx, l, "tag\t%s\t%s\t%s", pagu_view_key(v, r), plan_str(p, p->trees[t].id),
                         plan_str(p, p->trees[t].classes[cls].id));
        }
    }
}

static void add_indicators(const pagu_view *v, lines *l)
{
    uint32_t n = v->ext ? v->ext->n_rows : 0;
    for (pagu_row r = 0; v->ext && v->ext->n_indicators && r < v->plan->n_rows + n; r++)
        for (pagu_indicator i = pagu_view_first_indicator(v, r); i != PAGU_NO_INDICATOR;
             i = pagu_view_next_indicator(v, i)) {
            pagu_indicator_info info = pagu_view_indicator(v, i);
            if (i >= v->plan->n_indicators && row_is_member(v, r))
                add_line(v->plan->ctx, l, "indicator\t%s\t%s\t%s\t%s", info.id, info.name, info.unit, info.type);
        }
}

/* As %.17g, whatever the locale's decimal point is. */
static const char *plain_number(char buf[32], double value)
{
    snprintf(buf, 32, "%.17g", value);
    for (char *c = buf; *c; c++)
        if (!strchr("0123456789+-einfa", *c))
            *c = '.';
    return buf;
}

static void add_measure(const pagu_view *v, lines *l, uint64_t key)
{
    const pagu_plan *p = v->plan;
    pagu_indicator ind = (pagu_indicator)(key >> 16);
    pagu_column column = (pagu_column)key;
    pagu_field field = pagu_plan_column_field(p, column);
    pagu_period period = pagu_plan_column_period(p, column);
    pagu_row owner = pagu_view_indicator(v, ind).row;
    if (owner != PAGU_NO_ROW && !row_is_member(v, owner))
        return; /* removed after the edit: nothing of it is content */
    pagu_measure now = pagu_view_measure(v, ind, field, period), was = { 0 };
    pagu_view base = { .plan = v->plan, .stage = v->stage };
    if (ind < p->n_indicators)
        was = pagu_view_measure(&base, ind, field, period);
    const char *a = now.text ? now.text : "", *b = was.text ? was.text : "";
    if (now.state == PAGU_MISSING && was.state == PAGU_MISSING)
        return;
    if (now.state == was.state && now.value == was.value &&
        str_eq(now.unit ? now.unit : "", was.unit ? was.unit : "") && str_eq(a, b))
        return;
    char number[32];
    pagu_indicator_info info = pagu_view_indicator(v, ind);
    add_line(p->ctx, l, "measure\t%s\t%s\t%s\t%d\t%s\t%s\t%s", info.id, pagu_plan_field_id(p, field),
             pagu_plan_period_id(p, period), (int)now.state, plain_number(number, now.value), now.unit ? now.unit : "",
             a);
}

/* What a rule has beyond the fields that every constraint has. */
static void add_rule(const pagu_view *v, lines *l, const constraint *c)
{
    const pagu_plan *p = v->plan;
    for (uint32_t i = 0; i < c->n_of; i++)
        add_line(p->ctx, l, "of\t%s\t%s\t%d\t%d", c->name, pagu_view_key(v, c->of[i]), c->of_field, c->of_period);
    if (c->kind == PAGU_BOUNDS || c->first_year || c->last_year)
        add_line(p->ctx, l, "rule\t%s\t%d %lld\t%d %lld\t%d %lld %d\t%d %lld %d\t%d\t%d", c->name, c->has_min,
                 (long long)c->min, c->has_max, (long long)c->max, c->has_min_share, (long long)c->min_share.digits,
                 c->min_share.scale, c->has_max_share, (long long)c->max_share.digits, c->max_share.scale,
                 c->first_year, c->last_year);
    if (c->kind == PAGU_PREDICATE)
        add_line(p->ctx, l, "predicate\t%s", c->name);
}

static void add_constraint(const pagu_view *v, lines *l, const constraint *c)
{
    const pagu_plan *p = v->plan;
    pagu_money amount = c->kind == PAGU_CEILING ? c->max : c->kind == PAGU_FLOOR ? c->min : 0;
    add_rule(v, l, c);
    for (uint32_t i = 0; i < c->n_rows; i++)
        add_line(p->ctx, l, "constraint\t%d\t%s\t%s\t%d\t%d\t%lld\t%d", (int)c->kind, c->name,
                 pagu_view_key(v, c->rows[i]), c->field, c->period, (long long)amount, c->warn);
}

/* Rules of the package are its own content; that one is not in force is a difference. */
static void add_released(const pagu_view *v, lines *l)
{
    constraint_set *all = NULL;
    if (!v->scenario)
        return;
    if (constraint_package_set(v, &all, NULL) != PAGU_OK)
        l->failed = true;
    for (uint32_t i = 0; all && i < all->n; i++) {
        bool there = false;
        for (uint32_t k = 0; v->constraints && k < v->constraints->n; k++)
            there |= v->constraints->items[k] == all->items[i];
        if (!there)
            add_line(v->plan->ctx, l, "released\t%s\t%u", all->items[i]->name, all->items[i]->record);
    }
    constraint_set_release(v->plan->ctx, all);
}

static void collect(const pagu_view *v, lines *l)
{
    for (uint32_t i = 0; i < v->n_layers; i++) {
        for (uint32_t k = 0; k < v->layers[i]->n; k++)
            if (v->layers[i]->overlays[k].column != COLUMN_MEMBERS)
                add_column(v, l, v->layers[i]->overlays[k].column);
        const measure_map *m = &v->layers[i]->measures;
        for (uint32_t k = 0; k < m->cap; k++)
            if (m->keys[k] != UINT64_MAX)
                add_measure(v, l, m->keys[k]);
    }
    add_members(v, l);
    add_indicators(v, l);
    for (uint32_t i = 0; v->constraints && i < v->constraints->n; i++)
        if (!v->constraints->items[i]->of_package)
            add_constraint(v, l, v->constraints->items[i]);
    add_released(v, l);
}

pagu_code pagu_view_hash(const pagu_view *v, char out[65], pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    pagu_code code = pagu_plan_hash(v->plan, out, err);
    if (code != PAGU_OK)
        return code;
    lines l = { 0 };
    arena_init(&l.text, ctx);
    collect(v, &l);
    uint32_t *order = mem_array(ctx, 2 * (size_t)l.n + 2, sizeof *order);
    if (!order)
        l.failed = true;
    for (uint32_t i = 0; order && i < l.n; i++)
        order[i] = i;
    if (order)
        sort_indices(order, order + l.n, l.n, lines_in_order, l.items);
    sha256 h;
    sha256_init(&h);
    sha256_add(&h, out, 64);
    const char *stage = pagu_plan_stage_id(v->plan, v->stage);
    sha256_add(&h, stage, strlen(stage) + 1);
    for (uint32_t i = 0; order && i < l.n; i++) /* a row that several layers touch gives its line several times */
        if (i == 0 || strcmp(l.items[order[i]], l.items[order[i - 1]]) != 0)
            sha256_add(&h, l.items[order[i]], strlen(l.items[order[i]]) + 1);
    sha256_hex(&h, out);
    mem_free(ctx, order, (2 * (size_t)l.n + 2) * sizeof *order);
    mem_free(ctx, l.items, l.cap * sizeof *l.items);
    arena_free(&l.text);
    return l.failed ? err_memory(ctx, err) : PAGU_OK;
}
