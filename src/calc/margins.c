/* margins.c - feasible, fitted, rounded: the three steps of a spread between two margins.
 * SPDX-License-Identifier: MIT */
#include "calc/margins.h"

#include "calc/verb.h"

typedef __int128 i128;

/* ---- the graph ---- */

static void *room_for(margins *m, size_t n, size_t size, bool *ok)
{
    void *p = arena_alloc(&m->mem, (n + !n) * size);
    *ok = *ok && p;
    return p;
}

static bool make_room(margins *m)
{
    size_t n = m->job->n, nodes = m->nodes;
    bool ok = true;
    m->first = room_for(m, nodes + 1, sizeof *m->first, &ok);
    m->line = room_for(m, 2 * n, sizeof *m->line, &ok);
    m->lo = room_for(m, n, sizeof *m->lo, &ok);
    m->hi = room_for(m, n, sizeof *m->hi, &ok);
    m->low = room_for(m, n, sizeof *m->low, &ok);
    m->up = room_for(m, n, sizeof *m->up, &ok);
    m->x = room_for(m, n, sizeof *m->x, &ok);
    m->share = room_for(m, n, sizeof *m->share, &ok);
    m->need = room_for(m, nodes, sizeof *m->need, &ok);
    m->factor = room_for(m, nodes, sizeof *m->factor, &ok);
    m->level = room_for(m, nodes, sizeof *m->level, &ok);
    m->at = room_for(m, nodes, sizeof *m->at, &ok);
    m->queue = room_for(m, nodes, sizeof *m->queue, &ok);
    m->path = room_for(m, nodes, sizeof *m->path, &ok);
    return ok;
}

/* Lines by node, each node's in the order of the lines. */
static void link_lines(margins *m)
{
    const margins_job *job = m->job;
    memset(m->first, 0, (m->nodes + 1) * sizeof *m->first);
    for (uint32_t i = 0; i < job->n; i++) {
        m->first[job->row[i] + 1]++;
        m->first[job->n_rows + job->column[i] + 1]++;
    }
    for (uint32_t v = 0; v < m->nodes; v++) {
        m->first[v + 1] += m->first[v];
        m->at[v] = m->first[v];
    }
    for (uint32_t i = 0; i < job->n; i++) {
        m->line[m->at[job->row[i]]++] = i;
        m->line[m->at[job->n_rows + job->column[i]]++] = i;
    }
}

static pagu_code set_bounds(margins *m)
{
    margins_job *job = m->job;
    for (uint32_t i = 0; i < job->n; i++) {
        m->lo[i] = job->lo && job->lo[i] > 0 ? job->lo[i] : 0;
        m->hi[i] = job->hi ? job->hi[i] : INT64_MAX;
        if (m->hi[i] < m->lo[i]) {
            job->bad = i;
            return PAGU_ARGUMENT;
        }
        if (job->weights[i] == 0)
            m->hi[i] = m->lo[i];
    }
    return PAGU_OK;
}

/* Needs of all nodes when x is what it is. */
static pagu_code set_needs(margins *m)
{
    for (uint32_t v = 0; v < m->nodes; v++) {
        i128 need = margins_total(m, v);
        for (uint32_t k = m->first[v]; k < m->first[v + 1]; k++)
            need -= m->x[m->line[k]];
        m->need[v] = (pagu_money)need;
        if (m->need[v] != need || need == INT64_MIN)
            return PAGU_OVERFLOW;
    }
    return PAGU_OK;
}

/* ---- can it be at all? ---- */

static pagu_code check_feasible(margins *m)
{
    size_t size = m->job->n * sizeof *m->x;
    pagu_money left = 0;
    memcpy(m->x, m->lo, size);
    memcpy(m->low, m->lo, size);
    memcpy(m->up, m->hi, size);
    pagu_code rc = set_needs(m);
    if (!rc)
        rc = margins_flow(m, &left, m->job->cut);
    m->job->gap = left;
    return rc ? rc : left > 0 ? PAGU_UNREACHABLE : PAGU_OK;
}

/* ---- rounding ---- */

/* The fitted share rounded down to the unit, within the line's bounds and totals. */
static pagu_money share_down(const margins *m, uint32_t i)
{
    const margins_job *job = m->job;
    pagu_money row = job->row_totals[job->row[i]], column = job->column_totals[job->column[i]];
    pagu_money most = row < column ? row : column, whole;
    if (most > m->hi[i])
        most = m->hi[i];
    if (most < m->lo[i])
        return m->lo[i];
    whole = m->share[i] >= (double)most ? most : (pagu_money)m->share[i];
    whole -= whole % job->unit;
    return whole < m->lo[i] ? m->lo[i] : whole;
}

static pagu_money saturate(i128 x, pagu_money least, pagu_money most)
{
    return x < least ? least : x > most ? most : (pagu_money)x;
}

/* Lines may move between their share rounded down and up, and `steps` units beyond. out holds the
 * shares rounded down. */
static void set_intervals(margins *m, i128 steps)
{
    i128 unit = m->job->unit;
    for (uint32_t i = 0; i < m->job->n; i++) {
        i128 down = m->job->out[i], whole = down - down % unit;
        m->low[i] = saturate(down - steps * unit, m->lo[i], m->hi[i]);
        m->up[i] = saturate(whole + (steps + 1) * unit, m->lo[i], m->hi[i]);
    }
}

/* Whole units to the lines with the largest remainders, as far as both totals want them. */
static pagu_code give_largest(margins *m)
{
    const margins_job *job = m->job;
    uint64_t *order = arena_alloc(&m->mem, (job->n + !job->n) * sizeof *order);
    if (!order)
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < job->n; i++) {
        double rest = (m->share[i] - (double)job->out[i]) / (double)job->unit;
        rest = rest < 0 ? 0 : rest > 1 ? 1 : rest;
        order[i] = (uint64_t)((1 - rest) * 4294967040.0) << 32 | i; /* ties to the lower code */
    }
    sort_by_key(order, job->n, sizeof *order);
    for (uint32_t k = 0; k < job->n; k++) {
        uint32_t i = (uint32_t)order[k], row = job->row[i], column = job->n_rows + job->column[i];
        pagu_money step = m->up[i] - m->x[i];
        if (step == 0 || m->need[row] < step || m->need[column] < step)
            continue;
        m->x[i] += step;
        m->need[row] -= step;
        m->need[column] -= step;
    }
    return PAGU_OK;
}

/* Largest remainders first, then the flow moves what the margins need within one unit of each share;
 * where a fit that did not come to an end left more to do, within more. */
static pagu_code round_shares(margins *m)
{
    margins_job *job = m->job;
    pagu_money left = 0;
    for (uint32_t i = 0; i < job->n; i++)
        m->x[i] = job->out[i] = share_down(m, i);
    set_intervals(m, 0);
    pagu_code rc = set_needs(m);
    if (!rc)
        rc = give_largest(m);
    if (!rc)
        rc = margins_flow(m, &left, NULL);
    for (i128 steps = 1; !rc && left > 0; steps *= 2) {
        if (steps > (i128)1 << 64)
            return PAGU_INTERNAL; /* the first flow has shown that there is a way */
        set_intervals(m, steps);
        rc = margins_flow(m, &left, NULL);
    }
    for (uint32_t i = 0; i < job->n; i++) {
        if (job->residue)
            job->residue[i] = m->x[i] - job->out[i];
        job->out[i] = m->x[i];
    }
    return rc;
}

pagu_code margins_run(pagu_ctx *ctx, margins_job *job)
{
    margins m = { .ctx = ctx, .job = job, .nodes = job->n_rows + job->n_columns };
    arena_init(&m.mem, ctx);
    pagu_code rc = make_room(&m) ? PAGU_OK : PAGU_NO_MEMORY;
    if (!rc) {
        link_lines(&m);
        rc = set_bounds(&m);
    }
    if (!rc)
        rc = check_feasible(&m);
    if (!rc)
        rc = margins_fit(&m);
    if (!rc)
        rc = round_shares(&m);
    arena_free(&m.mem);
    return rc;
}
