/* migrate_proof.c - the totals of a moved plan are those of the old one: compared, not assumed.
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

/* ---- nodes that all of an old row has gone to, and nothing else ---- */

/* Pairs (old leaf, new node) are counted three ways: below the old row, below the new node, below
 * both. A node is closed when all three agree. */
void find_closed_nodes(migration *m)
{
    const pagu_plan *p = m->plan;
    size_t n = p->n_rows, k = m->n_nodes;
    uint32_t *from = mem_zarray(m->ctx, n, sizeof *from), *in = mem_zarray(m->ctx, k, sizeof *in);
    uint32_t *both = mem_zarray(m->ctx, k, sizeof *both), *mark = mem_array(m->ctx, k, sizeof *mark);
    if (!from || !in || !both || !mark)
        migrate_fail(m, PAGU_NO_MEMORY);
    for (size_t i = 0; mark && i < k; i++)
        mark[i] = UINT32_MAX;
    for (pagu_row row = 0; row < n && m->code == PAGU_OK; row++) {
        if (!plan_is_leaf(p, row))
            continue;
        for (uint32_t t = 0; t < m->moves[row].n; t++) {
            uint32_t node = m->targets[m->moves[row].first + t].node, pair = m->moves[row].first + t;
            for (uint32_t up = node; up != UINT32_MAX; up = m->nodes[up].parent) {
                in[up]++;
                mark[up] = pair;
            }
            for (pagu_row up = row; up != PAGU_NO_ROW; up = p->parent[up]) {
                from[up]++;
                uint32_t now = m->moves[up].n == 1 ? m->targets[m->moves[up].first].node : UINT32_MAX;
                if (now != UINT32_MAX && mark[now] == pair)
                    both[now]++;
            }
        }
    }
    for (uint32_t i = 0; i < k && m->code == PAGU_OK; i++) {
        new_node *x = &m->nodes[i];
        x->closed = x->n_sources == 1 && m->moves[x->lead].n == 1 && from[x->lead] == in[i] && in[i] == both[i];
    }
    mem_free(m->ctx, from, n * sizeof *from);
    mem_free(m->ctx, in, k * sizeof *in);
    mem_free(m->ctx, both, k * sizeof *both);
    mem_free(m->ctx, mark, k * sizeof *mark);
}

/* ---- comparing ---- */

static pagu_code differs(migration *m, const char *key, uint32_t column, pagu_money was, pagu_money is, pagu_error *err)
{
    const pagu_plan *p = m->plan;
    return err_at(m->ctx, err, PAGU_CONFLICT, key, NULL,
                  "%s of %s in stage \"%s\" for %s would become %s instead of %s; nothing was moved",
                  plan_str(p, p->fields[pagu_plan_column_field(p, (pagu_column)column)].id), key,
                  plan_str(p, p->stages[pagu_plan_column_stage(p, (pagu_column)column)].id),
                  plan_str(p, p->periods[pagu_plan_column_period(p, (pagu_column)column)].id), money_str(m->ctx, is).s,
                  money_str(m->ctx, was).s);
}

/* The column of the new plan of the same field, period and stage; -1 when it has no such period. */
static int64_t same_column(const migration *m, uint32_t column)
{
    const pagu_plan *p = m->plan, *q = m->result;
    const char *period = plan_str(p, p->periods[pagu_plan_column_period(p, (pagu_column)column)].id);
    for (uint32_t i = 0; i < q->n_periods; i++)
        if (str_eq(plan_str(q, q->periods[i].id), period))
            return column_index(q, pagu_plan_column_stage(p, (pagu_column)column),
                                pagu_plan_column_field(p, (pagu_column)column), (pagu_period)i);
    return -1;
}

static pagu_code compare_nodes(migration *m, uint32_t column, const plan_column *now, pagu_error *err)
{
    const pagu_plan *p = m->plan, *q = m->result;
    const plan_column *was = &p->columns[column];
    for (uint32_t i = 0; i < m->n_nodes; i++) {
        const new_node *n = &m->nodes[i];
        pagu_row row;
        if (i != 0 && !n->closed)
            continue;
        if (plan_lookup(q, n->key, strlen(n->key), &row, 1) != 1)
            continue; /* an own line without money */
        pagu_cell a = stored_cell(was, n->lead), b = stored_cell(now, row);
        if (a.state != b.state || a.value != b.value)
            return differs(m, row_key(m, n->lead), column, a.value, b.value, err);
    }
    return PAGU_OK;
}

static void sum_classes(const pagu_plan *p, const plan_tree *tree, const plan_column *c, __int128 *sums)
{
    for (pagu_row row = 0; row < p->n_rows; row++) {
        if (!plan_is_leaf(p, row))
            continue;
        uint32_t cls = tree->effective ? tree->effective[row] : UINT32_MAX;
        sums[cls == UINT32_MAX ? tree->n_classes : cls] += stored_cell(c, row).value;
    }
}

static pagu_code compare_classes(migration *m, uint32_t column, const plan_column *now, pagu_error *err)
{
    const pagu_plan *p = m->plan, *q = m->result;
    pagu_code code = PAGU_OK;
    for (uint32_t t = 0; t < p->n_trees && code == PAGU_OK; t++) {
        size_t n = (size_t)p->trees[t].n_classes + 1;
        __int128 *was = p->trees[t].partition ? mem_zarray(m->ctx, 2 * n, sizeof *was) : NULL;
        if (!p->trees[t].partition)
            continue;
        if (!was)
            return err_memory(m->ctx, err);
        sum_classes(p, &p->trees[t], &p->columns[column], was);
        sum_classes(q, &q->trees[t], now, was + n);
        for (size_t c = 0; c < n && code == PAGU_OK; c++)
            if (was[c] != was[n + c])
                code = differs(m, c + 1 == n ? "(none)" : plan_str(p, p->trees[t].classes[c].id), column,
                               (pagu_money)was[c], (pagu_money)was[n + c], err);
        mem_free(m->ctx, was, 2 * n * sizeof *was);
    }
    return code;
}

pagu_code prove_totals(migration *m, pagu_error *err)
{
    static const plan_column nothing = { NULL };
    pagu_code code = PAGU_OK;
    for (uint32_t c = 0; c < m->plan->n_columns && code == PAGU_OK; c++) {
        if (!m->plan->columns[c].values || m->plan->columns[c].masked)
            continue;
        if (pagu_ctx_interrupted(m->ctx))
            return err_set(m->ctx, err, PAGU_INTERRUPTED, "interrupted");
        int64_t same = same_column(m, c);
        const plan_column *now = same < 0 ? &nothing : &m->result->columns[same];
        code = compare_nodes(m, c, now, err);
        if (code == PAGU_OK)
            code = compare_classes(m, c, now, err);
    }
    return code;
}
