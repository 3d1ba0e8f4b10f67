/* model_rules.c - what an allocation must keep: constraints of the scenario, the total, requirements, bounds.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"
#include "solve/model.h"

#include <stdlib.h>

static model_rule *add_rule(model *m, model_rule rule)
{
    if (!mem_grow(m->v.ctx, &m->rules, &m->cap_rules, m->n_rules, sizeof *m->rules))
        return NULL;
    rule.first = m->n_terms;
    m->rules[m->n_rules] = rule;
    return &m->rules[m->n_rules++];
}

static bool add_term(model *m, model_rule *r, uint32_t col, wide coef)
{
    if (coef == 0)
        return true;
    if (!mem_grow(m->v.ctx, &m->terms, &m->cap_terms, m->n_terms, sizeof *m->terms))
        return false;
    m->terms[m->n_terms++] = (ip_term){ col, coef };
    r->n++;
    return true;
}

/* The line's money, times coef. */
static bool add_line(model *m, model_rule *r, const model_line *l, wide coef)
{
    for (uint32_t j = l->first; j < l->first + l->n; j++)
        if (!add_term(m, r, j, coef * m->cols[j].step))
            return false;
    r->constant += coef * l->base;
    return true;
}

/* factor × the sum over rows of a column: lines decided here count as terms if it is their column. */
typedef struct sum_part {
    const pagu_row *rows;
    uint32_t n;
    pagu_column column;
    wide factor;
} sum_part;

static void add_constant(const model *m, model_rule *r, const sum_part *part)
{
    for (uint32_t i = 0; i < part->n; i++)
        r->constant += part->factor * pagu_view_money(m->v.view, part->rows[i], part->column).value;
}

/* Parts may overlap: a column has one coefficient. */
static pagu_code add_parts(model *m, model_rule *r, const sum_part *parts, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++)
        add_constant(m, r, &parts[k]);
    for (uint32_t i = 0; i < m->n_lines; i++) {
        const model_line *l = &m->lines[i];
        wide factor = 0;
        for (uint32_t k = 0; k < n; k++)
            if (parts[k].column == m->v.column)
                factor += parts[k].factor * rows_sign(m->v.view, parts[k].rows, parts[k].n, l->row);
        r->constant -= factor * l->now.value;
        if (!add_line(m, r, l, factor))
            return err_memory(m->v.ctx, m->v.err);
        pagu_code rc = verb_poll(&m->v, i);
        if (rc)
            return rc;
    }
    return PAGU_OK;
}

static pagu_code add_sum_rule(model *m, model_rule rule, const pagu_row *rows, uint32_t n)
{
    rule.row = n > 0 ? rows[0] : PAGU_NO_ROW;
    model_rule *r = add_rule(m, rule);
    sum_part part = { rows, n, m->v.column, 1 };
    return r ? add_parts(m, r, &part, 1) : err_memory(m->v.ctx, m->v.err);
}

/* ---- constraints of the scenario ---- */

static bool in_force(const model *m, const pagu_constraint_info *c, pagu_period period)
{
    if (!c->first_year && !c->last_year)
        return true;
    int year = pagu_plan_period_year(m->v.plan, period);
    if (!year)
        year = atoi(pagu_plan_period_id(m->v.plan, period)); /* of a quarter; 0 for "..2021" */
    return year >= c->first_year && (!c->last_year || year <= c->last_year);
}

/* A sum over every year is judged by years, not by quarters; a hold of lines freezes those as well. */
static bool covers(const model *m, const pagu_constraint_info *c)
{
    const pagu_plan *plan = m->v.plan;
    pagu_period period = pagu_plan_column_period(plan, m->v.column);
    bool every = c->kind == PAGU_HOLD_LINES || pagu_plan_period_year(plan, period) != 0;
    return (c->field == PAGU_NONE || c->field == pagu_plan_column_field(plan, m->v.column)) &&
           (c->period == PAGU_NONE ? every : c->period == period) && in_force(m, c, period);
}

/* Columns that a hold freezes; lines of packages must come to what they have. */
static pagu_code add_hold(model *m, model_rule rule, const pagu_constraint_info *c)
{
    rule.row = c->n_rows > 0 ? c->rows[0] : PAGU_NO_ROW;
    model_rule *r = add_rule(m, rule);
    for (uint32_t i = 0; r && i < m->n_lines; i++) {
        const model_line *l = &m->lines[i];
        bool packages = m->cols[l->first].package != NO_INDEX32;
        if (!packages && rows_sign(m->v.view, c->rows, c->n_rows, l->row) && !add_term(m, r, l->first, 1))
            r = NULL;
    }
    for (uint32_t i = 0; r && i < m->n_lines; i++) {
        const model_line *l = &m->lines[i];
        if (m->cols[l->first].package == NO_INDEX32 || !rows_sign(m->v.view, c->rows, c->n_rows, l->row))
            continue;
        rule.kind = RULE_HOLD_TOTAL;
        rule.row = l->row;
        rule.lo = rule.hi = l->now.value;
        r = add_rule(m, rule);
        if (r && !add_line(m, r, l, 1))
            r = NULL;
    }
    return r ? PAGU_OK : err_memory(m->v.ctx, m->v.err);
}

static wide sum_now(const model *m, const pagu_row *rows, uint32_t n)
{
    wide sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += pagu_view_money(m->v.view, rows[i], m->v.column).value;
    return sum;
}

/* One of min_share and max_share: 100 × sum at - share × sum of, from 0 up or down. */
static pagu_code add_share(model *m, model_rule rule, const pagu_constraint_info *c, pagu_period period,
                           pagu_decimal share, bool least)
{
    rule.kind = RULE_SHARE;
    rule.unit = 100 * wide_pow10(share.scale);
    rule.lo = least ? 0 : NO_LOW;
    rule.hi = least ? NO_HIGH : 0;
    rule.row = c->n_rows > 0 ? c->rows[0] : PAGU_NO_ROW;
    const pagu_view *v = m->v.view;
    sum_part parts[] = {
        { c->rows, c->n_rows, pagu_view_column(v, c->field, period), rule.unit },
        { c->of_rows, c->n_of_rows, pagu_view_column(v, c->of_field, c->of_period == PAGU_NONE ? period : c->of_period),
          -(wide)share.digits },
    };
    model_rule *r = add_rule(m, rule);
    return r ? add_parts(m, r, parts, 2) : err_memory(m->v.ctx, m->v.err);
}

static pagu_code add_bounds_of(model *m, model_rule rule, const pagu_constraint_info *c)
{
    pagu_code rc = PAGU_OK;
    bool same = covers(m, c);
    pagu_period period = same || c->period == PAGU_NONE ? pagu_plan_column_period(m->v.plan, m->v.column) : c->period;
    bool of = c->n_of_rows > 0 && in_force(m, c, period) &&
              (same || (c->of_field == pagu_plan_column_field(m->v.plan, m->v.column) &&
                        (c->of_period == PAGU_NONE ? period : c->of_period) ==
                            pagu_plan_column_period(m->v.plan, m->v.column)));
    if (same && (c->has_min || c->has_max)) {
        rule.kind = c->has_min ? RULE_FLOOR : RULE_CEILING;
        rule.lo = c->has_min ? c->min : NO_LOW;
        rule.hi = c->has_max ? c->max : NO_HIGH;
        rc = add_sum_rule(m, rule, c->rows, c->n_rows);
    }
    if (!rc && of && c->has_min_share)
        rc = add_share(m, rule, c, period, c->min_share, true);
    if (!rc && of && c->has_max_share)
        rc = add_share(m, rule, c, period, c->max_share, false);
    return rc;
}

static pagu_code add_constraint(model *m, const pagu_constraint_info *c)
{
    model_rule rule = { .name = c->name, .reason = c->reason, .law = c->law, .lo = NO_LOW, .hi = NO_HIGH, .unit = 1 };
    if (c->kind == PAGU_BOUNDS)
        return add_bounds_of(m, rule, c);
    if (!covers(m, c) || c->kind == PAGU_PREDICATE) /* a predicate judges on commit */
        return PAGU_OK;
    if (c->kind == PAGU_HOLD_LINES) {
        rule.kind = RULE_HOLD;
        return add_hold(m, rule, c);
    }
    if (c->kind == PAGU_HOLD_TOTAL) {
        rule.kind = RULE_HOLD_TOTAL;
        rule.lo = rule.hi = sum_now(m, c->rows, c->n_rows);
    } else if (c->kind == PAGU_FLOOR) {
        rule.kind = RULE_FLOOR;
        rule.lo = c->amount;
    } else {
        rule.kind = RULE_CEILING;
        rule.hi = c->amount;
    }
    return add_sum_rule(m, rule, c->rows, c->n_rows);
}

/* ---- what the call asks ---- */

static pagu_code add_requirement(model *m, const pagu_requirement *q)
{
    const verb *v = &m->v;
    if (q->scale > 18 || (!q->has_min && !q->has_max))
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "requirement \"%s\" needs min or max, and at most 18 decimals",
                       q->name ? q->name : "");
    model_rule rule = { .kind = RULE_REQUIREMENT,
                        .name = q->name,
                        .row = PAGU_NO_ROW,
                        .unit = q->at ? 1 : wide_pow10(q->scale),
                        .lo = NO_LOW,
                        .hi = NO_HIGH };
    if (q->has_min)
        rule.lo = q->min * rule.unit;
    if (q->has_max)
        rule.hi = q->max * rule.unit;
    if (q->at) {
        pagu_code rc = verb_check_apart(v, q->at);
        return rc ? rc : add_sum_rule(m, rule, pagu_selection_rows(q->at), pagu_selection_count(q->at));
    }
    coefficient_map map;
    pagu_code rc = coefficient_map_make(m, q->coefficients, q->n, &map);
    model_rule *r = rc ? NULL : add_rule(m, rule);
    for (uint32_t i = 0; r && i < m->n_lines; i++)
        if (!add_line(m, r, &m->lines[i], coefficient_of(m, &map, m->lines[i].row)))
            r = NULL;
    coefficient_map_free(m, &map);
    return rc ? rc : r ? PAGU_OK : err_memory(v->ctx, v->err);
}

static pagu_code add_total(model *m)
{
    const pagu_optimise_options *o = m->o;
    model_rule rule = { .kind = RULE_TOTAL, .lo = o->exactly ? o->total : NO_LOW, .hi = o->total, .unit = 1 };
    return o->has_total ? add_sum_rule(m, rule, pagu_selection_rows(o->at), pagu_selection_count(o->at)) : PAGU_OK;
}

/* Bounds of lines are two rules, each over all lines; lines of packages get rows of their own. */
static pagu_code add_bounds(model *m)
{
    bool caps = m->n_lines > 0, ok = true;
    if (caps)
        ok = add_rule(m, (model_rule){ .kind = RULE_LINE_CAP, .row = PAGU_NO_ROW, .unit = 1 }) &&
             add_rule(m, (model_rule){ .kind = RULE_LINE_FLOOR, .row = PAGU_NO_ROW, .unit = 1 });
    for (uint32_t i = 0; i < m->n_lines && ok; i++) {
        const model_line *l = &m->lines[i];
        if (m->cols[l->first].package == NO_INDEX32)
            continue;
        model_rule cap = { .kind = RULE_LINE_CAP, .row = l->row, .lo = NO_LOW, .hi = l->cap, .unit = 1 };
        model_rule low = { .kind = RULE_LINE_FLOOR, .row = l->row, .lo = l->floor, .hi = NO_HIGH, .unit = 1 };
        model_rule *r = l->has_cap ? add_rule(m, cap) : NULL;
        ok = !l->has_cap || (r && add_line(m, r, l, 1));
        r = ok && l->floor > 0 ? add_rule(m, low) : NULL;
        ok = ok && (l->floor <= 0 || (r && add_line(m, r, l, 1)));
    }
    return ok ? PAGU_OK : err_memory(m->v.ctx, m->v.err);
}

pagu_code model_add_rules(model *m)
{
    pagu_code rc = add_bounds(m);
    for (uint32_t i = 0; i < m->o->n_subject_to && !rc; i++)
        rc = add_requirement(m, &m->o->subject_to[i]);
    uint32_t n = pagu_constraint_count(m->v.view);
    for (uint32_t i = 0; i < n && !rc; i++) {
        pagu_constraint_info c = pagu_constraint_get(m->v.view, i);
        if (!c.warn)
            rc = add_constraint(m, &c);
    }
    return rc ? rc : add_total(m);
}

/* ---- names ---- */

const char *rule_title(const model *m, uint32_t rule, char *buf, size_t size)
{
    const model_rule *r = &m->rules[rule];
    const char *key = key_or_null(m->v.view, r->row);
    if (r->name && *r->name)
        return r->name;
    if (r->reason && *r->reason)
        return r->reason;
    switch (r->kind) {
    case RULE_TOTAL: phrase(m->v.ctx, buf, size, "the total"); break;
    case RULE_LINE_CAP: phrase(m->v.ctx, buf, size, "caps of lines"); break;
    case RULE_LINE_FLOOR: phrase(m->v.ctx, buf, size, "floors of lines"); break;
    default: phrase(m->v.ctx, buf, size, "rule %u at %s", rule + 1, key ? key : "-");
    }
    return buf;
}
