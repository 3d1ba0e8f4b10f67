/* attribute_lines.c - the difference of a sum, divided line by line: each is a small game of the
 * groups that touch it.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"
#include "solve/attribute.h"

typedef struct line_game {
    attribution *x;
    effect_run run;
    uint8_t *in;       /* of all players */
    uint32_t *players; /* those that touch the line */
    uint32_t n;
    wide *part;
    double *variance;
} line_game;

static pagu_code line_value(void *ud, const uint8_t *in, int64_t *out, pagu_error *err)
{
    line_game *g = ud;
    pagu_cell cell;
    for (uint32_t i = 0; i < g->n; i++)
        g->in[g->players[i]] = in[i];
    pagu_code rc = run_cell(g->run, g->in, &cell);
    *out = cell.value;
    return rc ? err_set(g->x->ctx, err, rc, "some of the edits alone exceed the 64-bit range; put them in one group")
              : PAGU_OK;
}

static void find_players(line_game *g)
{
    g->n = 0;
    for (uint32_t i = 0; i < g->run.n; i++) {
        uint32_t player = run_at(g->run, i)->player;
        if (g->in[player])
            continue;
        g->in[player] = 1;
        g->players[g->n++] = player;
    }
    for (uint32_t i = 0; i < g->n; i++)
        g->in[g->players[i]] = 0;
}

/* Amounts that are added come in any order: each has what it added. */
static bool only_adds(effect_run r)
{
    for (uint32_t i = 0; i < r.n; i++)
        if (run_at(r, i)->does != EFFECT_ADDS)
            return false;
    return true;
}

static void divide_adds(const line_game *g, int sign, division *d)
{
    for (uint32_t i = 0; i < g->run.n; i++) {
        const effect *e = run_at(g->run, i);
        wide change = (wide)e->u.cell.is.value - e->u.cell.was.value;
        d->part[e->player] += change * SHAPLEY_UNIT * (e->of_a ? -sign : sign);
    }
}

static pagu_code divide_line(line_game *g, int sign, division *d, pagu_error *err)
{
    const pagu_attribute_options *o = g->x->o;
    const game of = { g->x->ctx, g->n, line_value, g };
    const sampling how = { o->seed, g->run.first, (o->samples + 1) / 2 };
    memset(g->part, 0, g->n * sizeof *g->part);
    memset(g->variance, 0, g->n * sizeof *g->variance);
    pagu_code rc =
        g->n <= o->exact ? shapley_exact(&of, g->part, err) : shapley_sampled(&of, &how, g->part, g->variance, err);
    for (uint32_t i = 0; i < g->n && !rc; i++) {
        g->in[g->players[i]] = 0;
        d->part[g->players[i]] += sign * g->part[i];
        d->variance[g->players[i]] += g->variance[i];
    }
    d->drawn |= g->n > o->exact;
    return rc;
}

/* How a line counts in the row: signs on the way up multiply. */
static int sign_below(const pagu_view *v, pagu_row line, pagu_row top)
{
    int sign = 1;
    for (pagu_row r = line; r != top && r != PAGU_NO_ROW; r = row_parent(v, r))
        sign *= row_sign(v, r);
    return sign;
}

static pagu_code divide_all(line_game *g, pagu_row row, division *d, pagu_error *err)
{
    attribution *x = g->x;
    uint32_t n_lines = 0;
    pagu_code rc = PAGU_OK;
    for (g->run = run_next((effect_run){ &x->effects, 0, 0 }); g->run.n && !rc; g->run = run_next(g->run)) {
        const pagu_view *v = run_at(g->run, 0)->of_a ? x->a : x->b;
        int sign = sign_below(v, target_row(run_at(g->run, 0)->target), row);
        if (++n_lines % 4096 == 0 && pagu_ctx_interrupted(x->ctx))
            return err_set(x->ctx, err, PAGU_INTERRUPTED, "interrupted");
        if (sign == 0)
            continue;
        if (only_adds(g->run)) {
            divide_adds(g, sign, d);
            continue;
        }
        find_players(g);
        rc = divide_line(g, sign, d, err);
    }
    return rc;
}

static int64_t money_at(const pagu_view *v, pagu_row row, pagu_column column)
{
    return row == PAGU_NO_ROW ? 0 : view_cell(v, row, column).value;
}

pagu_code divide_lines(attribution *x, pagu_row row_a, pagu_row row_b, pagu_column column, division *d, pagu_error *err)
{
    uint32_t n = x->n_players ? x->n_players : 1;
    pagu_row top = row_b != PAGU_NO_ROW ? row_b : row_a;
    line_game g = { .x = x };
    pagu_code rc = attribution_effects(x, column, top, err);
    if (rc)
        return rc;
    g.in = mem_zarray(x->ctx, n, 1);
    g.players = mem_array(x->ctx, n, sizeof *g.players);
    g.part = mem_array(x->ctx, n, sizeof *g.part);
    g.variance = mem_array(x->ctx, n, sizeof *g.variance);
    bool ok = g.in && g.players && g.part && g.variance;
    rc = ok ? divide_all(&g, top, d, err) : err_memory(x->ctx, err);
    d->whole = true;
    d->scale = 1;
    d->from = money_at(x->a, row_a, column);
    d->to = money_at(x->b, row_b, column);
    mem_free(x->ctx, g.in, n);
    mem_free(x->ctx, g.players, n * sizeof *g.players);
    mem_free(x->ctx, g.part, n * sizeof *g.part);
    mem_free(x->ctx, g.variance, n * sizeof *g.variance);
    return rc;
}
