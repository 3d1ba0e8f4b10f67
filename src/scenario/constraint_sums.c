/* constraint_sums.c - sums of constraints over many rows, kept from edit to edit.
 *
 * A check says what a sum will be, the commit makes it so. Anything else that happens to the
 * scenario (undo, structure, rollback) moves its counters, and the sums are taken anew.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

enum { FEW_ROWS = 16 };

typedef struct kept_sum {
    uint32_t id;
    pagu_column column;
    bool of, expects;
    pagu_money now, next;
} kept_sum;
struct kept_sums {
    uint32_t n, cap, n_entries, n_moved;
    kept_sum *items;
};

static kept_sum *find(struct kept_sums *k, uint32_t id, bool of, pagu_column column)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->items[i].id == id && k->items[i].of == of && k->items[i].column == column)
            return &k->items[i];
    return NULL;
}

static pagu_money add_up(const pagu_view *v, const constraint *c, bool of, pagu_column column)
{
    const pagu_row *rows = of ? c->of : c->rows;
    uint64_t sum = 0;
    for (uint32_t i = 0, n = of ? c->n_of : c->n_rows; i < n; i++)
        sum += (uint64_t)view_value(v, rows[i], column);
    return (pagu_money)sum;
}

/* Where kept sums of the scenario as it stands are; NULL: none can be kept. */
static struct kept_sums *kept_of(const pagu_view *v)
{
    pagu_scenario *s = v->scenario;
    if (!s)
        return NULL;
    if (!s->kept_sums) {
        s->kept_sums = mem_zalloc(v->plan->ctx, sizeof *s->kept_sums);
        if (!s->kept_sums)
            return NULL;
    }
    struct kept_sums *k = s->kept_sums;
    if (k->n_entries != s->n_entries || k->n_moved != s->n_moved)
        k->n = 0;
    k->n_entries = s->n_entries;
    k->n_moved = s->n_moved;
    return k;
}

pagu_money constraint_sum(const pagu_view *v, const constraint *c, bool of, pagu_column column)
{
    struct kept_sums *k = (of ? c->n_of : c->n_rows) > FEW_ROWS ? kept_of(v) : NULL;
    kept_sum *there = k ? find(k, c->id, of, column) : NULL;
    if (there)
        return there->now;
    pagu_money sum = add_up(v, c, of, column);
    if (k && mem_grow(v->plan->ctx, &k->items, &k->cap, k->n, sizeof *k->items))
        k->items[k->n++] = (kept_sum){ c->id, column, of, false, sum, sum };
    return sum;
}

void constraint_expect(const pagu_view *v, const constraint *c, bool of, pagu_column column, pagu_money sum)
{
    struct kept_sums *k = (of ? c->n_of : c->n_rows) > FEW_ROWS && v->scenario ? v->scenario->kept_sums : NULL;
    kept_sum *there = k ? find(k, c->id, of, column) : NULL;
    if (!there)
        return;
    there->next = sum;
    there->expects = true;
}

void constraint_sums_settle(pagu_scenario *s, bool done)
{
    struct kept_sums *k = s->kept_sums;
    for (uint32_t i = 0; k && i < k->n; i++) {
        if (done && k->items[i].expects)
            k->items[i].now = k->items[i].next;
        k->items[i].expects = false;
    }
    if (k && done && k->n_entries + 1 == s->n_entries && k->n_moved == s->n_moved)
        k->n_entries = s->n_entries;
}

void constraint_sums_free(pagu_scenario *s)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    if (!s->kept_sums)
        return;
    mem_free(ctx, s->kept_sums->items, s->kept_sums->cap * sizeof *s->kept_sums->items);
    mem_free(ctx, s->kept_sums, sizeof *s->kept_sums);
    s->kept_sums = NULL;
}
