/* optimise.c - the best allocation of money over lines and packages.
 *
 * Solve for the greatest gain; among those, for the least money moved; prove both in integers; commit.
 *
 * SPDX-License-Identifier: MIT */
#include "solve/model.h"
#include "solve/solver_load.h"

#include <stdio.h>

typedef struct optimise {
    model m;
    ip_run run;
    int64_t *x;
    ip_answer answer;
    pagu_optimise_result *out;
} optimise;

/* ---- solving ---- */

/* A tie is broken only by an answer that gains exactly as much. */
static pagu_code move_least(optimise *c, wide gain)
{
    model_program how = MODEL_PROGRAM_INIT;
    ip_answer a;
    how.goal = GOAL_CLOSEST;
    how.least = gain;
    int64_t *x = mem_zarray(c->m.v.ctx, (size_t)c->m.n_cols + 1, sizeof *x);
    if (!x)
        return err_memory(c->m.v.ctx, c->m.v.err);
    pagu_code rc = model_solve(&c->m, &how, &c->run, x, &a);
    if (!rc && (a.status == IP_OPTIMAL || a.status == IP_FEASIBLE))
        memcpy(c->x, x, c->m.n_cols * sizeof *x);
    mem_free(c->m.v.ctx, x, ((size_t)c->m.n_cols + 1) * sizeof *x);
    return rc == PAGU_LIMIT ? PAGU_OK : rc; /* then the first answer stands */
}

static wide gain_of(const optimise *c)
{
    wide gain = c->m.base_gain;
    for (uint32_t j = 0; j < c->m.n_cols; j++)
        gain += c->m.cols[j].gain * c->x[j];
    return gain;
}

/* digits / 10^scale as text, exactly. */
static void write_decimal(wide digits, int scale, char *out, size_t size)
{
    char text[80];
    int n = 0;
    wide rest = digits < 0 ? -digits : digits;
    while (n <= scale || rest > 0) {
        text[n++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    size_t at = 0;
    if (digits < 0 && at + 1 < size)
        out[at++] = '-';
    int last = 0;
    while (last < scale && text[last] == '0')
        last++;
    for (int i = n - 1; i >= last && at + 2 < size; i--) {
        if (i == scale - 1)
            out[at++] = '.';
        out[at++] = text[i];
    }
    out[at] = '\0';
}

static double scaled(const optimise *c, double x)
{
    for (int i = 0; i < c->m.o->gain_scale; i++)
        x /= 10;
    return x;
}

static pagu_code solve(optimise *c)
{
    const verb *v = &c->m.v;
    model_program how = MODEL_PROGRAM_INIT;
    pagu_code rc = model_solve(&c->m, &how, &c->run, c->x, &c->answer);
    if (rc)
        return rc;
    c->out->nodes = (uint32_t)c->answer.nodes;
    if (c->answer.status == IP_INFEASIBLE) {
        c->out->status = PAGU_OPTIMISE_INFEASIBLE;
        return conflict_find(&c->m, &c->run, &c->out->conflict);
    }
    if (c->answer.status == IP_NO_ANSWER) {
        c->out->status = PAGU_OPTIMISE_LIMIT;
        return err_set(v->ctx, v->err, PAGU_LIMIT,
                       "no allocation was found in %.0f seconds; give more seconds, a larger unit or fewer packages",
                       c->m.o->seconds);
    }
    c->out->status = c->answer.status == IP_OPTIMAL ? PAGU_OPTIMISE_OPTIMAL : PAGU_OPTIMISE_FEASIBLE;
    wide gain = gain_of(c);
    rc = move_least(c, gain);
    if (rc || gain_of(c) < gain)
        return rc ? rc : err_set(v->ctx, v->err, PAGU_INTERNAL, "a tie was broken at a loss");
    write_decimal(gain, c->m.o->gain_scale, c->out->gain_text, sizeof c->out->gain_text);
    c->out->gain = scaled(c, (double)gain);
    c->out->bound = scaled(c, c->answer.bound + (double)c->m.base_gain);
    c->out->gap = c->out->bound > c->out->gain ? c->out->bound - c->out->gain : 0;
    return PAGU_OK;
}

/* ---- the table and the commit ---- */

static pagu_code set_row(const optimise *c, pagu_table *t, uint32_t row, pagu_money old_value, pagu_money new_value,
                         int64_t count, wide gain)
{
    pagu_money delta;
    pagu_code rc = pagu_table_set_money(t, row, 2, old_value);
    if (!rc)
        rc = pagu_table_set_money(t, row, 3, new_value);
    if (!rc && !pagu_money_sub(new_value, old_value, &delta))
        rc = pagu_table_set_money(t, row, 4, delta);
    if (!rc && count >= 0)
        rc = pagu_table_set_money(t, row, 5, count);
    return rc ? rc : pagu_table_set_number(t, row, 6, scaled(c, (double)gain));
}

static pagu_code add_line(const optimise *c, pagu_table *t, uint32_t i)
{
    const model *m = &c->m;
    const model_line *l = &m->lines[i];
    uint32_t row = pagu_table_row_count(t);
    int64_t count = m->cols[l->first].package == NO_INDEX32 ? -1 : 0;
    wide gain = l->base_gain;
    for (uint32_t j = l->first; j < l->first + l->n; j++) {
        gain += m->cols[j].gain * c->x[j];
        count += m->cols[j].package == NO_INDEX32 ? 0 : c->x[j];
    }
    pagu_code rc = pagu_table_add_row(t);
    if (!rc)
        rc = pagu_table_set_text(t, row, 0, pagu_view_key(m->v.view, l->row));
    if (!rc)
        rc = pagu_table_set_text(t, row, 1, pagu_view_row_name(m->v.view, l->row));
    return rc ? rc : set_row(c, t, row, l->now.value, model_amount(m, i, c->x), count, gain);
}

static pagu_code add_total(const optimise *c, pagu_table *t, pagu_money old_sum, pagu_money new_sum)
{
    uint32_t row = pagu_table_row_count(t);
    pagu_code rc = pagu_table_add_row(t);
    if (!rc)
        rc = pagu_table_set_row_style(t, row, PAGU_ROW_TOTAL, 0);
    if (!rc)
        rc = pagu_table_set_text(t, row, 1, tr(c->m.v.ctx, "Total"));
    return rc ? rc : set_row(c, t, row, old_sum, new_sum, -1, gain_of(c));
}

static pagu_code tell_lines(optimise *c)
{
    pagu_table *t = pagu_table_new(c->m.v.ctx);
    pagu_money old_sum = 0, new_sum = 0;
    pagu_code rc = t ? change_columns(c->m.v.ctx, t) : PAGU_NO_MEMORY;
    if (!rc)
        rc = pagu_table_add_column(t, "count", tr(c->m.v.ctx, "Packages"), PAGU_COL_INTEGER);
    if (!rc)
        rc = pagu_table_add_column(t, "gain", tr(c->m.v.ctx, "Gain"), PAGU_COL_NUMBER);
    for (uint32_t i = 0; i < c->m.n_lines && !rc; i++) {
        rc = add_line(c, t, i);
        if (!rc && (pagu_money_add(old_sum, c->m.lines[i].now.value, &old_sum) ||
                    pagu_money_add(new_sum, model_amount(&c->m, i, c->x), &new_sum)))
            rc = err_set(c->m.v.ctx, c->m.v.err, PAGU_OVERFLOW, "%s would exceed the 64-bit range", c->m.v.field.s);
    }
    if (!rc)
        rc = add_total(c, t, old_sum, new_sum);
    if (rc)
        pagu_table_free(t);
    else
        c->out->lines = t;
    return rc == PAGU_NO_MEMORY ? err_memory(c->m.v.ctx, c->m.v.err) : rc;
}

/* Lines stand by place in the tree; changes go by row. */
static pagu_code commit(optimise *c, const pagu_note *note)
{
    const model *m = &c->m;
    changes ch;
    arena mem;
    arena_init(&mem, m->v.ctx);
    uint32_t *place = arena_alloc(&mem, ((size_t)m->n_lines + 1) * sizeof *place);
    pagu_code rc = place && changes_init(&ch, &mem, m->n_lines, false) ? PAGU_OK : err_memory(m->v.ctx, m->v.err);
    for (uint32_t i = 0; i < m->n_lines && !rc; i++)
        place[m->order[i]] = i;
    for (uint32_t k = 0; k < m->n_lines && !rc; k++) {
        const model_line *l = &m->lines[place[k]];
        changes_add(&ch, l->row, l->now, cell_given(l->now, model_amount(m, place[k], c->x)), 0);
    }
    if (!rc)
        rc = verb_apply(&m->v, &ch, m->o->dry, note, NULL);
    arena_free(&mem);
    return rc;
}

static pagu_code run(optimise *c, pagu_scenario *s, const pagu_optimise_options *o, const pagu_note *note,
                     pagu_error *err)
{
    pagu_code rc = model_make(&c->m, s, o, err);
    if (rc)
        return rc;
    c->run = (ip_run){ .deadline = ip_clock() + o->seconds, .gap = o->gap, .err = err };
    rc = solver_load(c->m.v.ctx, &c->run.solver, err);
    if (rc)
        return rc;
    c->out->solver = c->run.solver->name;
    c->x = mem_zarray(c->m.v.ctx, (size_t)c->m.n_cols + 1, sizeof *c->x);
    rc = c->x ? solve(c) : err_memory(c->m.v.ctx, err);
    if (!rc)
        rc = tell_lines(c);
    if (!rc && !o->no_prices)
        rc = prices_find(&c->m, &c->run, c->x, &c->out->prices);
    return rc ? rc : commit(c, note);
}

void pagu_optimise_result_clear(pagu_optimise_result *r)
{
    pagu_table_free(r->lines);
    pagu_table_free(r->prices);
    pagu_table_free(r->conflict);
    r->lines = r->prices = r->conflict = NULL;
}

pagu_code pagu_optimise(pagu_scenario *s, const pagu_optimise_options *options, const pagu_note *note,
                        pagu_optimise_result *out, pagu_error *err)
{
    pagu_optimise_options o = PAGU_OPTIMISE_OPTIONS_INIT;
    pagu_error own;
    optimise c = { .out = out };
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    *out = (pagu_optimise_result){ .status = PAGU_OPTIMISE_LIMIT };
    pagu_code rc = verb_options(ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = run(&c, s, &o, note, err ? err : &own);
    mem_free(ctx, c.x, ((size_t)c.m.n_cols + 1) * sizeof *c.x);
    model_free(&c.m);
    if (rc && rc != PAGU_UNREACHABLE)
        pagu_optimise_result_clear(out);
    return rc;
}
