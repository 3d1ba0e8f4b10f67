/* transfer_sides.c - the two sides of a transfer and the amount between them.
 * SPDX-License-Identifier: MIT */
#include "calc/transfer.h"

static pagu_code check_place(transfer *t, const side *s, size_t i)
{
    const verb *v = &t->verb;
    const pagu_transfer_side *p = &s->places[i];
    pagu_code rc = verb_check_row(v, p->row);
    if (rc)
        return rc;
    const char *key = pagu_view_key(v->view, p->row);
    if (p->amount < 0)
        return verb_fault(v, PAGU_ARGUMENT, p->row, "the amount of %s is negative: %s; swap from and to", key,
                          money_str(v->ctx, p->amount).s);
    if (p->weight < 0)
        return verb_fault(v, PAGU_NEGATIVE_BASIS, p->row, "the weight of %s is negative: %lld", key,
                          (long long)p->weight);
    return PAGU_OK;
}

/* Put the places of a side into tree order. */
static pagu_code order_side(transfer *t, side *s)
{
    const verb *v = &t->verb;
    uint32_t n = (uint32_t)s->n;
    keyed_index *keyed = arena_alloc(&t->mem, n * sizeof *keyed);
    pagu_row *rows = arena_alloc(&t->mem, n * sizeof *rows);
    uint32_t *order = arena_alloc(&t->mem, n * sizeof *order);
    pagu_transfer_side *places = arena_alloc(&t->mem, n * sizeof *places);
    if (!keyed || !rows || !order || !places)
        return err_memory(v->ctx, v->err);
    for (uint32_t i = 0; i < n; i++)
        keyed[i] = (keyed_index){ s->places[i].row, i };
    sort_by_key(keyed, n, sizeof *keyed);
    for (uint32_t i = 0; i < n; i++) {
        rows[i] = (pagu_row)keyed[i].key;
        if (i > 0 && rows[i] == rows[i - 1])
            return verb_fault(v, PAGU_ARGUMENT, rows[i], "%s is named twice in %s; name it once",
                              pagu_view_key(v->view, rows[i]), s->name);
    }
    pagu_code rc = order_in_tree(v, rows, n, order);
    for (uint32_t i = 0; i < n && !rc; i++)
        places[i] = s->places[keyed[order[i]].index];
    s->places = places;
    return rc;
}

/* Sum of the amounts of a side; 0 if it goes by weight. */
static pagu_code side_sum(transfer *t, const side *s, pagu_money *sum)
{
    const verb *v = &t->verb;
    size_t given = 0;
    *sum = 0;
    if (s->n == 0 || s->n > INT32_MAX || !s->places)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "a transfer needs at least one place in %s", s->name);
    for (size_t i = 0; i < s->n; i++) {
        pagu_code rc = check_place(t, s, i);
        if (rc)
            return rc;
        given += s->places[i].amount != 0;
        if (pagu_money_add(*sum, s->places[i].amount, sum))
            return err_set(v->ctx, v->err, PAGU_OVERFLOW, "the amounts of %s exceed the 64-bit range", s->name);
    }
    if (given != 0 && given != s->n)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT,
                       "%s gives amounts for %zu of its %zu places; give an amount for each or for none", s->name,
                       given, s->n);
    return PAGU_OK;
}

pagu_code transfer_sides(transfer *t, side *from, side *to)
{
    const verb *v = &t->verb;
    pagu_money given, taken;
    pagu_code rc = side_sum(t, from, &given);
    if (!rc)
        rc = side_sum(t, to, &taken);
    if (!rc)
        rc = order_side(t, from);
    if (!rc)
        rc = order_side(t, to);
    if (rc)
        return rc;
    if (t->o->amount < 0)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "the amount of a transfer is negative: %s; swap from and to",
                       money_str(v->ctx, t->o->amount).s);
    t->amount = t->o->amount ? t->o->amount : given ? given : taken;
    if (given && given != t->amount)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "the amounts of %s sum to %s, but %s is to be moved", from->name,
                       money_str(v->ctx, given).s, money_str(v->ctx, t->amount).s);
    if (taken && taken != t->amount)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "the amounts of %s sum to %s, but %s is to be moved", to->name,
                       money_str(v->ctx, taken).s, money_str(v->ctx, t->amount).s);
    return PAGU_OK;
}
