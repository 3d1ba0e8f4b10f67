/* attribute_branch.c - a value when only some groups of edits are done, on a branch that undoes the
 * others.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"
#include "solve/attribute.h"

#include <math.h>
#include <stdio.h>

/* ---- the value ---- */

static pagu_code value_at_key(const attribution *x, const pagu_view *v, pagu_metric_value *out, pagu_error *err)
{
    const pagu_attribute_options *o = x->o;
    pagu_row row = PAGU_NO_ROW;
    pagu_indicator ind = PAGU_NO_INDICATOR;
    pagu_expr_type type;
    pagu_expr_value value;
    if (pagu_view_find_indicator(v, o->key, &ind, NULL) != PAGU_OK) {
        ind = PAGU_NO_INDICATOR;
        pagu_code rc = pagu_view_find(v, o->key, &row, err);
        if (rc)
            return rc;
    }
    pagu_code rc = pagu_view_value(v, row, ind, o->field, o->period, &type, &value, err);
    if (rc)
        return rc;
    if (type == PAGU_EXPR_MASK || type == PAGU_EXPR_TEXT || value.text)
        return err_at(x->ctx, err, PAGU_ARGUMENT, o->key, NULL, "%s %s of %s is no number",
                      pagu_field_describe(v->plan, o->field).id, pagu_plan_period_id(v->plan, o->period), o->key);
    *out =
        (pagu_metric_value){ .missing = value.state == PAGU_MISSING, .integer = value.money, .number = value.number };
    out->whole = type == PAGU_EXPR_MONEY || type == PAGU_EXPR_INTEGER;
    return PAGU_OK;
}

static pagu_code measure_value_of(const attribution *x, pagu_view *v, pagu_metric_value *out, pagu_error *err)
{
    *out = (pagu_metric_value){ .missing = true };
    if (!x->o->metric)
        return value_at_key(x, v, out, err);
    pagu_code rc = x->o->metric(x->o->ud, v, out, err);
    if (!rc && !out->missing && !out->whole && !isfinite(out->number))
        return err_set(x->ctx, err, PAGU_ARGUMENT, "the metric of \"%s\" is no finite number", pagu_view_name(v));
    return rc;
}

/* ---- the branch ---- */

/* Rows that are in or out with these players, as one selection. */
static pagu_code rows_that(const attribution *x, const pagu_view *v, const uint8_t *in, bool member,
                           pagu_selection **out, pagu_error *err)
{
    uint32_t n = 0, cap = 0;
    pagu_row *rows = NULL;
    pagu_code rc = PAGU_OK;
    for (effect_run r = run_next((effect_run){ &x->effects, 0, 0 }); r.n && !rc; r = run_next(r)) {
        uint64_t target = run_at(r, 0)->target;
        pagu_row row = target_row(target);
        if (target_kind(target) != TARGET_MEMBER || target_is_only_a(target) || run_member(r, in) != member ||
            row_is_member(v, row) == member)
            continue;
        if (member && !row_is_base(v, row))
            rc = err_at(x->ctx, err, PAGU_ARGUMENT, pagu_view_key(v, row), NULL,
                        "%s was added by a scenario and removed again; divide money at a place, or undo both",
                        pagu_view_key(v, row));
        else if (!mem_grow(x->ctx, &rows, &cap, n, sizeof *rows))
            rc = err_memory(x->ctx, err);
        else
            rows[n++] = row;
    }
    /* Rows that are out are in no other view. */
    pagu_view everything = { .plan = v->plan, .stage = v->plan->common_stage };
    if (!rc && n > 0)
        rc = pagu_select_rows(member ? &everything : v, rows, n, out, err);
    mem_free(x->ctx, rows, cap * sizeof *rows);
    return rc;
}

static pagu_code set_structure(const attribution *x, pagu_scenario *s, const uint8_t *in, pagu_error *err)
{
    pagu_selection *rows = NULL;
    pagu_code rc = rows_that(x, &s->view, in, true, &rows, err);
    if (!rc && rows)
        rc = pagu_join_rows(s, rows, NULL, err);
    pagu_selection_free(rows);
    rows = NULL;
    if (!rc)
        rc = rows_that(x, &s->view, in, false, &rows, err);
    if (!rc && rows)
        rc = pagu_remove(s, rows, NULL, err);
    pagu_selection_free(rows);
    return rc;
}

static pagu_code set_cell(pagu_scenario *s, pagu_proposal *p, pagu_row row, pagu_column column, pagu_cell cell,
                          pagu_error *err)
{
    pagu_cell now;
    if (row >= pagu_view_row_count(&s->view) || !row_is_member(&s->view, row))
        return PAGU_OK;
    if (!row_is_leaf(&s->view, row)) { /* it got its own line since the branch */
        pagu_code rc = pagu_add_own_line(s, row, NULL, &row, err);
        if (rc)
            return rc;
    }
    now = view_cell(&s->view, row, column);
    if (now.value == cell.value && now.state == cell.state)
        return PAGU_OK;
    return pagu_proposal_money(p, row, column, cell, err);
}

static pagu_code set_measure(const attribution *x, pagu_proposal *p, effect_run r, const uint8_t *in, pagu_error *err)
{
    uint64_t target = run_at(r, 0)->target;
    const pagu_plan *plan = x->b->plan;
    return pagu_proposal_measure(p, target_row(target), pagu_plan_column_field(plan, target_column(target)),
                                 pagu_plan_column_period(plan, target_column(target)), run_measure(r, in), err);
}

static pagu_code propose_values(const attribution *x, pagu_scenario *s, pagu_proposal *p, const uint8_t *in,
                                pagu_error *err)
{
    pagu_code rc = PAGU_OK;
    for (effect_run r = run_next((effect_run){ &x->effects, 0, 0 }); r.n && !rc; r = run_next(r)) {
        uint64_t target = run_at(r, 0)->target;
        pagu_cell cell;
        if (target_is_only_a(target))
            return err_set(x->ctx, err, PAGU_ARGUMENT,
                           "\"%s\" has rows of its own that \"%s\" lacks; compare \"%s\" with what both came from",
                           pagu_view_name(x->a), pagu_view_name(x->b), pagu_view_name(x->b));
        if (target_kind(target) == TARGET_MEASURE)
            rc = set_measure(x, p, r, in, err);
        if (target_kind(target) != TARGET_CELL)
            continue;
        rc = run_cell(r, in, &cell);
        rc = rc ? err_set(x->ctx, err, rc, "some of the edits alone exceed the 64-bit range; put them in one group")
                : set_cell(s, p, target_row(target), target_column(target), cell, err);
    }
    return rc;
}

static pagu_code set_values(const attribution *x, pagu_scenario *s, const uint8_t *in, pagu_error *err)
{
    pagu_proposal *p = NULL;
    pagu_code rc = pagu_proposal_new(s, &p, err);
    if (!rc)
        rc = propose_values(x, s, p, in, err);
    if (!rc)
        rc = pagu_proposal_commit(p, NULL, err);
    pagu_proposal_free(p);
    return rc;
}

static pagu_code on_branch(attribution *x, const uint8_t *in, pagu_metric_value *out, pagu_error *err)
{
    pagu_scenario *s = NULL;
    pagu_code rc = pagu_branch(x->b, pagu_view_name(x->b), &s, err);
    if (rc)
        return rc;
    /* What b's rules forbid is asked all the same: the set is a thought, not a plan. */
    constraint_set *rules = s->view.constraints;
    s->view.constraints = NULL;
    rc = set_structure(x, s, in, err);
    if (!rc)
        rc = set_values(x, s, in, err);
    s->view.constraints = rules;
    if (!rc)
        rc = measure_value_of(x, &s->view, out, err);
    pagu_scenario_close(s);
    return rc;
}

/* ---- the game ---- */

typedef struct metric_game {
    attribution *x;
    division *d;
    uint32_t *players; /* those that did something */
    uint8_t *in;       /* of all players */
    uint32_t n;
    pagu_metric_value none, all;
} metric_game;

static pagu_code no_value(const metric_game *g, const pagu_view *v, const uint8_t *in, pagu_error *err)
{
    const attribution *x = g->x;
    char which[120] = "";
    size_t used = 0;
    if (v)
        return err_set(
            x->ctx, err, PAGU_ARGUMENT,
            "the metric has no value in \"%s\", so there is no difference to divide; missing = 0 counts it as 0",
            pagu_view_name(v));
    for (uint32_t i = 0; i < g->n && used < 90; i++)
        if (in[i])
            used += (size_t)snprintf(which + used, sizeof which - used, "%s%u", used ? ", " : "", g->players[i] + 1);
    return err_set(x->ctx, err, PAGU_ARGUMENT,
                   "the metric has no value when only the edits %s are done; missing = 0 counts it as 0, or group "
                   "them by reason",
                   which);
}

/* In units of the division. */
static pagu_code to_units(const metric_game *g, const pagu_metric_value *v, int64_t *out, pagu_error *err)
{
    double number = v->missing ? g->x->o->missing : v->whole ? (double)v->integer : v->number;
    if (g->d->whole && v->whole && !v->missing) {
        *out = v->integer;
        return PAGU_OK;
    }
    number = round(number * g->d->scale);
    if (!(fabs(number) < 9e18))
        return err_set(g->x->ctx, err, PAGU_OVERFLOW, "the metric exceeds the range that can be divided");
    *out = (int64_t)number;
    return PAGU_OK;
}

static pagu_code value_of_set(void *ud, const uint8_t *in, int64_t *out, pagu_error *err)
{
    metric_game *g = ud;
    pagu_metric_value v = g->none;
    uint32_t chosen = 0;
    memset(g->in, 0, g->x->n_players);
    for (uint32_t i = 0; i < g->n; i++) {
        g->in[g->players[i]] = in[i];
        chosen += in[i];
    }
    pagu_code rc = PAGU_OK;
    if (chosen == g->n && g->n > 0)
        v = g->all;
    else if (chosen > 0)
        rc = on_branch(g->x, g->in, &v, err);
    if (!rc && v.missing && !g->x->o->has_missing)
        rc = no_value(g, NULL, in, err);
    return rc ? rc : to_units(g, &v, out, err);
}

static void find_players(metric_game *g)
{
    const effect_list *l = &g->x->effects;
    for (uint32_t i = 0; i < l->n; i++)
        g->in[l->items[i].player] = 1;
    for (uint32_t i = 0; i < g->x->n_players; i++)
        if (g->in[i])
            g->players[g->n++] = i;
}

static pagu_code read_ends(metric_game *g, pagu_error *err)
{
    const attribution *x = g->x;
    division *d = g->d;
    pagu_code rc = measure_value_of(x, x->a, &g->none, err);
    if (!rc)
        rc = measure_value_of(x, x->b, &g->all, err);
    if (!rc && g->none.missing && !x->o->has_missing)
        rc = no_value(g, x->a, NULL, err);
    if (!rc && g->all.missing && !x->o->has_missing)
        rc = no_value(g, x->b, NULL, err);
    if (rc)
        return rc;
    d->whole = (g->none.whole || g->none.missing) && (g->all.whole || g->all.missing);
    double most = fmax(fabs(g->none.number), fabs(g->all.number));
    for (d->scale = d->whole ? 1 : 1e6; d->scale > 1 && most * d->scale > 1e15;)
        d->scale /= 10;
    rc = to_units(g, &g->none, &d->from, err);
    return rc ? rc : to_units(g, &g->all, &d->to, err);
}

static pagu_code play(metric_game *g, wide *part, double *variance, pagu_error *err)
{
    const pagu_attribute_options *o = g->x->o;
    const game of = { g->x->ctx, g->n, value_of_set, g };
    const sampling how = { o->seed, UINT32_MAX, (o->samples + 1) / 2 };
    if (g->n == 0)
        return PAGU_OK;
    g->d->drawn = g->n > o->exact;
    pagu_code rc = g->d->drawn ? shapley_sampled(&of, &how, part, variance, err) : shapley_exact(&of, part, err);
    for (uint32_t i = 0; i < g->n && !rc; i++) {
        g->d->part[g->players[i]] = part[i];
        g->d->variance[g->players[i]] = variance[i];
    }
    return rc;
}

pagu_code divide_metric(attribution *x, division *d, pagu_error *err)
{
    uint32_t n = x->n_players ? x->n_players : 1;
    metric_game g = { .x = x, .d = d };
    pagu_code rc = attribution_effects(x, PAGU_NONE, PAGU_NO_ROW, err);
    if (rc)
        return rc;
    g.players = mem_array(x->ctx, n, sizeof *g.players);
    g.in = mem_zarray(x->ctx, n, 1);
    wide *part = mem_zarray(x->ctx, n, sizeof *part);
    double *variance = mem_zarray(x->ctx, n, sizeof *variance);
    if (g.players && g.in && part && variance) {
        find_players(&g);
        rc = read_ends(&g, err);
        if (!rc)
            rc = play(&g, part, variance, err);
    } else {
        rc = err_memory(x->ctx, err);
    }
    mem_free(x->ctx, g.players, n * sizeof *g.players);
    mem_free(x->ctx, g.in, n);
    mem_free(x->ctx, part, n * sizeof *part);
    mem_free(x->ctx, variance, n * sizeof *variance);
    return rc;
}
