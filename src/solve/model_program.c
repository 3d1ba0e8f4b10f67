/* model_program.c - an allocation as an exact program, for each goal.
 *
 * The program's columns are the model's, then what a goal needs: the distances of lines from amounts, the
 * breaches of a rule that is relaxed.
 *
 * SPDX-License-Identifier: MIT */
#include "solve/model.h"

static bool is_on(const model_program *how, uint32_t rule)
{
    return (!how->off || !how->off[rule]) && how->relaxed != rule;
}

static int64_t floor_div(wide a, wide b)
{
    return (int64_t)wide_div_floor(a, b);
}

static int64_t ceil_div(wide a, wide b)
{
    return (int64_t)-wide_div_floor(-a, b);
}

/* ---- columns ---- */

/* The two rules that bound lines come first, if there are lines. */
static bool bounds_on(const model *m, const model_program *how, model_kind kind)
{
    return m->n_lines > 0 && is_on(how, kind == RULE_LINE_CAP ? 0 : 1);
}

static pagu_money lowest(const model_line *l)
{
    return l->floor < 0 ? l->floor : 0;
}

static void add_columns(const model *m, const model_program *how, ip *p)
{
    bool caps = bounds_on(m, how, RULE_LINE_CAP), floors = bounds_on(m, how, RULE_LINE_FLOOR);
    for (uint32_t j = 0; j < m->n_cols; j++) {
        const model_col *c = &m->cols[j];
        const model_line *l = &m->lines[c->line];
        wide gain = how->goal == GOAL_GAIN ? c->gain : 0;
        int64_t lo = c->lo, hi = c->hi;
        if (c->package == NO_INDEX32) {
            lo = ceil_div((wide)(floors && !l->held ? l->floor : lowest(l)) - l->base, c->step);
            hi = floor_div((wide)(caps && !l->held ? l->cap : m->roof) - l->base, c->step);
        } else if (how->packages) {
            lo = hi = how->packages[j];
        }
        ip_add_col(p, lo, hi, gain);
    }
    for (uint32_t r = 0; r < m->n_rules; r++)
        for (uint32_t t = m->rules[r].first;
             m->rules[r].kind == RULE_HOLD && is_on(how, r) && !p->no_memory && t < m->rules[r].first + m->rules[r].n;
             t++) {
            ip_col *c = &p->cols[m->terms[t].col];
            c->lo = c->hi = m->lines[m->cols[m->terms[t].col].line].now.value; /* their step is 1 */
        }
}

/* ---- distances ---- */

/* The least (sign 1) or greatest (-1) that the terms of the last row can come to. */
static wide reach(const ip *p, int sign)
{
    const ip_row *r = &p->rows[p->n_rows - 1];
    wide sum = 0;
    for (uint32_t t = r->first; t < r->first + r->n; t++) {
        const ip_term *term = &p->terms[t];
        const ip_col *c = &p->cols[term->col];
        sum += term->coef * ((term->coef > 0) == (sign > 0) ? c->lo : c->hi);
    }
    return sum;
}

/* A column for how far the last row lies below (sign 1) or above (-1) a bound, no wider than it can be: what
 * a solver sees of a column depends on its width. */
static void add_slack(ip *p, wide bound, int sign, wide unit, int cost)
{
    if (p->no_memory)
        return;
    wide most = (sign * (bound - reach(p, sign)) + unit - 1) / unit;
    int64_t hi = 0;
    if (most > 0)
        hi = most > (wide)1 << 53 ? (int64_t)1 << 53 : (int64_t)most;
    ip_add_term(p, ip_add_col(p, 0, hi, -cost), sign * unit);
}

/* A line's money - up + down = centre, where being above and below costs so much a rupiah. */
static void add_distance(const model *m, ip *p, const model_line *l, pagu_money amount, int above, int below)
{
    wide centre = (wide)amount - l->base;
    ip_add_row(p, centre, centre);
    for (uint32_t j = l->first; j < l->first + l->n; j++)
        ip_add_term(p, j, m->cols[j].step);
    wide least = p->no_memory ? 0 : reach(p, 1);
    add_slack(p, centre, -1, 1, above);
    if (!p->no_memory && least < centre)
        ip_add_term(p, ip_add_col(p, 0, (int64_t)(centre - least), -below), 1);
}

/* Distance from what there is: a plain cost where a line can only rise or only fall. */
static void add_moves(const model *m, ip *p, const model_line *l)
{
    ip_col *c = p->no_memory ? NULL : &p->cols[l->first];
    const model_col *col = &m->cols[l->first];
    wide lo = c ? (wide)c->lo * col->step + l->base : 0, hi = c ? (wide)c->hi * col->step + l->base : 0;
    if (!c || (col->package == NO_INDEX32 && lo == hi))
        return;
    if (col->package == NO_INDEX32 && lo >= l->now.value)
        c->gain = -col->step;
    else if (col->package == NO_INDEX32 && hi <= l->now.value)
        c->gain = col->step;
    else
        add_distance(m, p, l, l->now.value, 1, 1);
}

static void add_least_gain(const model *m, ip *p, wide least)
{
    ip_add_row(p, least - m->base_gain, NO_HIGH);
    for (uint32_t j = 0; j < m->n_cols; j++)
        ip_add_term(p, j, m->cols[j].gain);
}

/* ---- rules ---- */

static void add_rule_row(const model *m, const model_program *how, uint32_t rule, ip *p)
{
    const model_rule *r = &m->rules[rule];
    bool relaxed = how->relaxed == rule;
    wide by = how->moved == rule ? how->by : 0;
    ip_add_row(p, r->lo <= NO_LOW ? NO_LOW : r->lo - r->constant - by,
               r->hi >= NO_HIGH ? NO_HIGH : r->hi - r->constant + by);
    for (uint32_t t = r->first; t < r->first + r->n; t++)
        ip_add_term(p, m->terms[t].col, m->terms[t].coef);
    wide least = relaxed && !p->no_memory ? reach(p, 1) : 0;
    if (relaxed && r->hi < NO_HIGH)
        add_slack(p, r->hi - r->constant, -1, r->unit, 1);
    if (relaxed && r->lo > NO_LOW && least < r->lo - r->constant && !p->no_memory)
        ip_add_term(p, ip_add_col(p, 0, (int64_t)((r->lo - r->constant - least + r->unit - 1) / r->unit), -1), r->unit);
}

static bool is_bounds_rule(const model *m, uint32_t rule)
{
    return m->n_lines > 0 && rule < 2;
}

/* A relaxed hold or bound costs what its lines lie beyond it. */
static void relax_columns(const model *m, const model_program *how, ip *p)
{
    const model_rule *r = &m->rules[how->relaxed];
    if (r->kind == RULE_HOLD)
        for (uint32_t t = r->first; t < r->first + r->n; t++)
            add_distance(m, p, &m->lines[m->cols[m->terms[t].col].line],
                         m->lines[m->cols[m->terms[t].col].line].now.value, 1, 1);
    if (!is_bounds_rule(m, how->relaxed))
        return;
    for (uint32_t i = 0; i < m->n_lines && !p->no_memory; i++) {
        const model_line *l = &m->lines[i];
        bool free = m->cols[l->first].package == NO_INDEX32 && !l->held;
        if (free && r->kind == RULE_LINE_CAP)
            add_distance(m, p, l, l->cap, 1, 0);
        else if (free)
            add_distance(m, p, l, l->floor, 0, 1);
    }
}

void model_to_program(const model *m, const model_program *how, ip *p, uint32_t *row_of)
{
    ip_init(p, m->v.ctx);
    add_columns(m, how, p);
    for (uint32_t r = 0; r < m->n_rules; r++) {
        bool wanted = (is_on(how, r) || how->relaxed == r) && m->rules[r].kind != RULE_HOLD && !is_bounds_rule(m, r);
        if (row_of)
            row_of[r] = wanted ? p->n_rows : NO_INDEX32;
        if (wanted && !p->no_memory)
            add_rule_row(m, how, r, p);
    }
    if (how->goal == GOAL_CLOSEST)
        add_least_gain(m, p, how->least);
    for (uint32_t i = 0; i < m->n_lines && how->goal == GOAL_CLOSEST; i++)
        add_moves(m, p, &m->lines[i]);
    if (how->goal == GOAL_RELAX && !p->no_memory)
        relax_columns(m, how, p);
}

/* ---- answers ---- */

wide model_value(const model *m, const model_rule *r, const int64_t *x)
{
    wide sum = r->constant;
    for (uint32_t t = r->first; t < r->first + r->n; t++)
        sum += m->terms[t].coef * x[m->terms[t].col];
    return sum;
}

pagu_money model_amount(const model *m, uint32_t line, const int64_t *x)
{
    const model_line *l = &m->lines[line];
    wide sum = l->base;
    for (uint32_t j = l->first; j < l->first + l->n; j++)
        sum += (wide)m->cols[j].step * x[j];
    return (pagu_money)sum;
}

static wide beyond(wide value, wide lo, wide hi)
{
    return value < lo ? lo - value : value > hi ? value - hi : 0;
}

wide model_breach(const model *m, uint32_t rule, const int64_t *x)
{
    const model_rule *r = &m->rules[rule];
    wide sum = 0;
    if (r->kind == RULE_HOLD)
        for (uint32_t t = r->first; t < r->first + r->n; t++) {
            uint32_t line = m->cols[m->terms[t].col].line;
            sum += beyond(model_amount(m, line, x), m->lines[line].now.value, m->lines[line].now.value);
        }
    if (r->kind == RULE_HOLD)
        return sum;
    if (is_bounds_rule(m, rule)) {
        for (uint32_t i = 0; i < m->n_lines; i++)
            if (m->cols[m->lines[i].first].package == NO_INDEX32 && !m->lines[i].held)
                sum += beyond(model_amount(m, i, x), r->kind == RULE_LINE_FLOOR ? m->lines[i].floor : NO_LOW,
                              r->kind == RULE_LINE_CAP ? m->lines[i].cap : NO_HIGH);
        return sum;
    }
    return (beyond(model_value(m, r, x), r->lo, r->hi) + r->unit - 1) / r->unit;
}

pagu_code model_solve(const model *m, const model_program *how, const ip_run *run, int64_t *x, ip_answer *out)
{
    ip p;
    model_to_program(m, how, &p, NULL);
    size_t bytes = ((size_t)p.n_cols + 1) * sizeof(int64_t);
    out->x = mem_zalloc(m->v.ctx, bytes);
    pagu_code rc = out->x ? ip_solve(&p, run, out) : err_memory(m->v.ctx, run->err);
    if (!rc && (out->status == IP_OPTIMAL || out->status == IP_FEASIBLE) && m->n_cols > 0)
        memcpy(x, out->x, m->n_cols * sizeof *x);
    mem_free(m->v.ctx, out->x, bytes);
    out->x = NULL;
    ip_free(&p);
    return rc;
}
