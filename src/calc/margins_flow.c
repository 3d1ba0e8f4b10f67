/* margins_flow.c - a maximum flow between rows and columns (Dinic 1970).
 *
 * Rows that need more and columns that have too much send; columns that need more and rows that
 * have too much receive. Going from a row to a column raises a line, going back lowers one.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/margins.h"

#define UNSEEN UINT32_MAX

/* What a node may still send (positive) or receive (negative). */
static pagu_money surplus(const margins *m, uint32_t node)
{
    return margins_is_row(m, node) ? m->need[node] : -m->need[node];
}

static pagu_money room(const margins *m, uint32_t from, uint32_t line)
{
    return margins_is_row(m, from) ? m->up[line] - m->x[line] : m->x[line] - m->low[line];
}

/* Levels of all nodes that can be reached from those that send; is there one that receives? */
static bool set_levels(margins *m)
{
    uint32_t tail = 0;
    bool found = false;
    for (uint32_t v = 0; v < m->nodes; v++) {
        m->at[v] = m->first[v];
        m->level[v] = surplus(m, v) > 0 ? 0 : UNSEEN;
        if (m->level[v] == 0)
            m->queue[tail++] = v;
    }
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t v = m->queue[head];
        found |= surplus(m, v) < 0;
        for (uint32_t k = m->first[v]; k < m->first[v + 1]; k++) {
            uint32_t w = margins_other(m, v, m->line[k]);
            if (m->level[w] != UNSEEN || room(m, v, m->line[k]) == 0)
                continue;
            m->level[w] = m->level[v] + 1;
            m->queue[tail++] = w;
        }
    }
    return found;
}

/* Send as much as the path of n lines from `from` lets through to its end. */
static void push_along(margins *m, uint32_t from, uint32_t to, uint32_t n)
{
    pagu_money amount = surplus(m, from), most = -surplus(m, to);
    uint32_t v = from;
    if (most < amount)
        amount = most;
    for (uint32_t i = 0; i < n; i++) {
        pagu_money r = room(m, v, m->path[i]);
        amount = r < amount ? r : amount;
        v = margins_other(m, v, m->path[i]);
    }
    v = from;
    for (uint32_t i = 0; i < n; i++) {
        m->x[m->path[i]] += margins_is_row(m, v) ? amount : -amount;
        v = margins_other(m, v, m->path[i]);
    }
    m->need[from] -= margins_is_row(m, from) ? amount : -amount;
    m->need[to] += margins_is_row(m, to) ? amount : -amount;
}

/* The next line from v to a node one level on; UNSEEN if there is none left. */
static uint32_t next_line(margins *m, uint32_t v)
{
    for (; m->at[v] < m->first[v + 1]; m->at[v]++) {
        uint32_t line = m->line[m->at[v]], w = margins_other(m, v, line);
        if (m->level[w] == m->level[v] + 1 && room(m, v, line) > 0)
            return line;
    }
    return UNSEEN;
}

/* All that goes from one node by shortest paths. */
static void send_from(margins *m, uint32_t from)
{
    uint32_t v = from, n = 0;
    while (surplus(m, from) > 0) {
        if (surplus(m, v) < 0) {
            push_along(m, from, v, n);
            v = from;
            n = 0;
            continue;
        }
        uint32_t line = next_line(m, v);
        if (line != UNSEEN) {
            m->path[n++] = line;
            v = margins_other(m, v, line);
        } else if (n == 0) {
            return;
        } else {
            m->level[v] = UNSEEN; /* leads nowhere */
            v = margins_other(m, v, m->path[--n]);
            m->at[v]++;
        }
    }
}

pagu_code margins_flow(margins *m, pagu_money *left, bool *cut)
{
    while (set_levels(m)) {
        for (uint32_t v = 0; v < m->nodes; v++)
            if (surplus(m, v) > 0)
                send_from(m, v);
        if (pagu_ctx_interrupted(m->ctx))
            return PAGU_INTERRUPTED;
    }
    *left = 0;
    for (uint32_t v = 0; v < m->nodes; v++) {
        if (surplus(m, v) > 0)
            *left += surplus(m, v);
        if (cut)
            cut[v] = m->level[v] != UNSEEN;
    }
    return PAGU_OK;
}
