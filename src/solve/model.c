/* model.c - lines and columns of an allocation, from its options.
 * SPDX-License-Identifier: MIT */
#include "solve/model.h"

#define MAX_GAIN_SCALE 18

const char *const rule_kinds[] = { "line_cap", "line_floor", "requirement", "ceiling", "floor",
                                   "share",    "hold",       "hold_total",  "total" };

static pagu_code check_options(const model *m)
{
    const pagu_optimise_options *o = m->o;
    const verb *v = &m->v;
    if (o->unit < 1)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unit must be at least 1");
    if (!(o->seconds > 0) || !(o->gap >= 0 && o->gap < 1) || o->gain_scale > MAX_GAIN_SCALE)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT,
                       "optimise needs a time limit above 0, a gap from 0 to below 1 and at most %d decimals",
                       MAX_GAIN_SCALE);
    if (o->n_maximise == 0 && o->n_packages == 0)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "optimise needs something to maximise");
    return verb_check_apart(v, o->at);
}

/* ---- coefficients ---- */

pagu_code coefficient_map_make(model *m, const pagu_coefficient *list, uint32_t n, coefficient_map *out)
{
    *out = (coefficient_map){ mem_array(m->v.ctx, (size_t)n + 1, sizeof *out->items), list, n };
    if (!out->items)
        return err_memory(m->v.ctx, m->v.err);
    for (uint32_t i = 0; i < n; i++) {
        pagu_code rc = verb_check_row(&m->v, list[i].row);
        if (rc)
            return rc;
        out->items[i] = (keyed_index){ list[i].row, i };
    }
    sort_by_key(out->items, n, sizeof *out->items);
    for (uint32_t i = 1; i < n; i++)
        if (out->items[i].key == out->items[i - 1].key)
            return verb_fault(&m->v, PAGU_ARGUMENT, (pagu_row)out->items[i].key, "%s has two coefficients",
                              pagu_view_key(m->v.view, (pagu_row)out->items[i].key));
    return PAGU_OK;
}

void coefficient_map_free(model *m, coefficient_map *map)
{
    mem_free(m->v.ctx, map->items, ((size_t)map->n + 1) * sizeof *map->items);
    map->items = NULL;
}

static int64_t at_row(const coefficient_map *map, pagu_row row, bool *found)
{
    uint32_t lo = 0, hi = map->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (map->items[mid].key < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    *found = lo < map->n && map->items[lo].key == row;
    return *found ? map->list[map->items[lo].index].digits : 0;
}

int64_t coefficient_of(const model *m, const coefficient_map *map, pagu_row row)
{
    bool found = false;
    int64_t digits = 0;
    for (; row != PAGU_NO_ROW && !found; row = pagu_view_parent(m->v.view, row))
        digits = at_row(map, row, &found);
    return digits;
}

/* ---- lines and columns ---- */

static pagu_code make_lines(model *m)
{
    const verb *v = &m->v;
    pagu_code rc = pagu_select_lines(v->view, m->o->at, &m->chosen, v->err);
    if (rc)
        return rc;
    uint32_t n = pagu_selection_count(m->chosen);
    const pagu_row *rows = pagu_selection_rows(m->chosen);
    m->lines = mem_zarray(v->ctx, (size_t)n + 1, sizeof *m->lines);
    m->order = mem_array(v->ctx, (size_t)n + 1, sizeof *m->order);
    m->n_lines = n;
    if (!m->lines || !m->order)
        return err_memory(v->ctx, v->err);
    rc = order_in_tree(v, rows, n, m->order);
    for (uint32_t i = 0; i < n && !rc; i++) {
        uint32_t given = m->order[i];
        pagu_cell now = pagu_view_money(v->view, rows[given], v->column);
        model_line *l = &m->lines[i];
        *l = (model_line){ .row = rows[given], .now = now, .held = pagu_is_held(v->view, rows[given], v->column) };
        l->floor = now.value < 0 ? now.value : 0;
        l->cap = now.value > 0 ? now.value : 0;
        if (m->o->floor && m->o->floor[given] != INT64_MIN)
            l->floor = m->o->floor[given];
        l->has_cap = m->o->cap && m->o->cap[given] != INT64_MAX;
        if (l->has_cap)
            l->cap = m->o->cap[given];
        rc = verb_poll(v, i);
    }
    return rc;
}

static pagu_code add_col(model *m, model_col col)
{
    if (!mem_grow(m->v.ctx, &m->cols, &m->cap_cols, m->n_cols, sizeof *m->cols))
        return err_memory(m->v.ctx, m->v.err);
    m->cols[m->n_cols++] = col;
    return PAGU_OK;
}

static pagu_code check_package(const model *m, const pagu_package *p)
{
    const verb *v = &m->v;
    pagu_code rc = verb_check_row(v, p->row);
    if (rc)
        return rc;
    pagu_money most;
    const char *key = pagu_view_key(v->view, p->row);
    if (!pagu_selection_has(m->chosen, p->row))
        return verb_fault(v, PAGU_ARGUMENT, p->row, "%s has packages but is no line of the place", key);
    if (p->cost < 1 || p->min < 0 || p->min > p->max)
        return verb_fault(v, PAGU_ARGUMENT, p->row,
                          "a package of %s needs a cost of at least 1 and counts from 0 up, min to max", key);
    if (pagu_money_mul(p->cost, p->max, &most))
        return verb_fault(v, PAGU_OVERFLOW, p->row, "%s would exceed the 64-bit range", key);
    return PAGU_OK;
}

/* Packages come in the order in which a line's were given: they have no code to be ordered by. */
static pagu_code add_packages(model *m, uint32_t line)
{
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < m->o->n_packages && !rc; i++) {
        const pagu_package *p = &m->o->packages[i];
        if (p->row == m->lines[line].row)
            rc = add_col(m, (model_col){ line, i, p->cost, p->min, p->max, p->gain });
    }
    return rc;
}

static pagu_code make_cols(model *m)
{
    coefficient_map gains;
    pagu_code rc = coefficient_map_make(m, m->o->maximise, m->o->n_maximise, &gains);
    for (uint32_t i = 0; i < m->o->n_packages && !rc; i++)
        rc = check_package(m, &m->o->packages[i]);
    for (uint32_t i = 0; i < m->n_lines && !rc; i++) {
        model_line *l = &m->lines[i];
        l->first = m->n_cols;
        rc = add_packages(m, i);
        if (!rc && m->n_cols == l->first) {
            int64_t step = l->held ? 1 : m->o->unit;
            wide gain = coefficient_of(m, &gains, l->row);
            rc = add_col(m, (model_col){ i, NO_INDEX32, step, 0, 0, gain * step });
            l->base = l->held ? 0 : l->now.value;
            l->base_gain = gain * l->base;
            m->base_gain += l->base_gain;
        }
        l->n = m->n_cols - l->first;
        if (!rc)
            rc = verb_poll(&m->v, i);
    }
    coefficient_map_free(m, &gains);
    return rc;
}

/* Beyond what anything asks for, within what a solver can count. */
static void set_roof(model *m)
{
    wide roof = m->o->total < 0 ? -(wide)m->o->total : m->o->total;
    for (uint32_t i = 0; i < m->n_lines; i++) {
        const model_line *l = &m->lines[i];
        roof += money_abs(l->now.value);
        roof += money_abs(l->cap) > money_abs(l->floor) ? money_abs(l->cap) : money_abs(l->floor);
    }
    for (uint32_t r = 0; r < m->n_rules; r++) {
        const model_rule *rule = &m->rules[r];
        roof += rule->lo > 0 && rule->unit == 1 ? rule->lo : 0;
    }
    wide most = (wide)1 << 52;
    m->roof = (int64_t)(roof < most ? roof : most);
}

pagu_code model_make(model *m, pagu_scenario *s, const pagu_optimise_options *o, pagu_error *err)
{
    *m = (model){ .o = o };
    pagu_code rc = verb_begin(&m->v, "optimise", s, o->column, err);
    if (!rc)
        rc = check_options(m);
    if (!rc)
        rc = make_lines(m);
    if (!rc)
        rc = make_cols(m);
    if (!rc)
        rc = model_add_rules(m);
    if (!rc)
        set_roof(m);
    return rc;
}

void model_free(model *m)
{
    pagu_ctx *ctx = m->v.ctx;
    if (!ctx)
        return;
    pagu_selection_free(m->chosen);
    mem_free(ctx, m->lines, ((size_t)m->n_lines + 1) * sizeof *m->lines);
    mem_free(ctx, m->order, ((size_t)m->n_lines + 1) * sizeof *m->order);
    mem_free(ctx, m->cols, m->cap_cols * sizeof *m->cols);
    mem_free(ctx, m->rules, m->cap_rules * sizeof *m->rules);
    mem_free(ctx, m->terms, m->cap_terms * sizeof *m->terms);
}
