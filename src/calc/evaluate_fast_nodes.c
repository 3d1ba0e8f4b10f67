/* evaluate_fast_nodes.c - whole columns of nodes: money that lies in arrays, and K of the whole plan.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"

enum { MOST_COLUMNS = 8 };

/* ---- money, by blocks ---- */

/* Columns that add up to what is asked. */
typedef struct columns {
    const money_source *of[MOST_COLUMNS];
    uint32_t n;
    bool simple; /* all there is to add, in arrays */
} columns;

static void add_source(columns *c, const money_source *s)
{
    c->simple &= s->values && c->n < MOST_COLUMNS;
    if (c->simple)
        c->of[c->n++] = s;
}

static void add_year(columns *c, const year_money *m)
{
    c->simple &= m->n_groups == 0 && m->whole_live;
    if (c->simple)
        add_source(c, &m->whole);
}

/* One span at most, and years after it; and one more year. */
static columns of_money(const money_series *s, int until, const year_money *now)
{
    columns c = { .simple = s->n_spans < 2 && (s->n_spans == 0 || s->spans[0].end <= until) };
    int end = 0;
    if (c.simple && s->n_spans) {
        add_source(&c, &s->spans[0].s);
        end = s->spans[0].end;
    }
    for (uint32_t i = 0; i < s->n_years && c.simple; i++) {
        c.simple &= s->years[i].year > end;
        if (s->years[i].year <= until)
            add_year(&c, &s->years[i]);
    }
    c.simple &= c.n > 0;
    if (now)
        add_year(&c, now);
    return c;
}

static columns of_now(const year_money *m)
{
    columns c = { .simple = true };
    add_year(&c, m);
    return c;
}

/* A field of money: a sum, or a sum in percent of another. */
typedef struct money_recipe {
    columns part, whole;
    bool rate;
} money_recipe;

static money_recipe money_recipe_of(const evaluation *e)
{
    money_recipe r = { .whole.simple = true };
    switch (e->id) {
    case ABSORPTION: r = (money_recipe){ of_now(&e->spent_now), of_now(&e->budget_now), .rate = true }; break;
    case STRATEGIC_BUDGET:
        if (e->end)
            r.part = of_money(&e->budget_strategic, e->end, NULL);
        break;
    case SPENT_TO: r.part = of_money(&e->spent_past, e->year, NULL); break;
    case SPENT_ACCUMULATED: r.part = of_money(&e->spent_past, e->year - 1, &e->spent_now); break;
    case SPENT_ACCUMULATED_RATE:
        if (e->end)
            r = (money_recipe){ of_money(&e->spent_past, e->year - 1, &e->spent_now),
                                of_money(&e->budget_strategic, e->end, NULL), .rate = true };
        break;
    default: break;
    }
    return r;
}

typedef struct money_block {
    pagu_row at[BLOCK];
    uint32_t n;
    bool follow; /* at[k] == at[0] + k */
    int64_t part[BLOCK], whole[BLOCK];
    uint64_t odd[BLOCK]; /* not 0: to be looked at alone */
} money_block;

/* The first column is what there is; the others are added, and what wraps is odd. */
SIMD_CLONES static void add_kernel(int64_t *restrict sum, const int64_t *more, uint64_t *restrict odd, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        uint64_t x = (uint64_t)sum[k], y = (uint64_t)more[k], r = x + y;
        odd[k] |= ((x ^ r) & (y ^ r)) >> 63;
        sum[k] = (int64_t)r;
    }
}

SIMD_CLONES static void presence_kernel(const int64_t *presence, uint64_t *odd, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++)
        odd[k] |= ((uint64_t)presence[k] & UINT32_MAX) == 0;
}

static const int64_t *at_block(const money_block *b, const int64_t *column, int64_t *room)
{
    if (b->follow)
        return column + b->at[0];
    for (uint32_t k = 0; k < b->n; k++)
        room[k] = column[b->at[k]];
    return room;
}

static void add_columns(const columns *c, money_block *b, int64_t *sum)
{
    int64_t room[BLOCK];
    for (uint32_t j = 0; j < c->n; j++) {
        const int64_t *values = at_block(b, c->of[j]->values, room);
        if (j == 0)
            memcpy(sum, values, b->n * sizeof *sum);
        else
            add_kernel(sum, values, b->odd, b->n);
        if (c->of[j]->presence)
            presence_kernel(at_block(b, c->of[j]->presence, room), b->odd, b->n);
    }
}

static void begin_money(const evaluation *e, money_block *b)
{
    b->follow = expr_rows_follow(b->at, b->n);
    memset(b->odd, 0, b->n * sizeof b->odd[0]);
    if (e->view->has_member_overlay || e->plan->stages[e->view->stage].members)
        for (uint32_t k = 0; k < b->n; k++)
            b->odd[k] = !is_member(e, b->at[k]);
}

static void store_money(const money_recipe *r, money_block *b, pagu_derived *out)
{
    if (!r->rate) {
        for (uint32_t k = 0; k < b->n; k++)
            set_amount(&out[k], b->part[k]);
        return;
    }
    for (uint32_t k = 0; k < b->n; k++) {
        b->odd[k] |= b->whole[k] <= 0;
        set_number(&out[k], 100 * (double)b->part[k] / (double)b->whole[k], "%", 0);
    }
}

static void block_of_money(evaluation *e, const money_recipe *r, money_block *b, pagu_derived *out)
{
    bool simple = r->part.simple && r->whole.simple;
    for (uint32_t k = 0; k < b->n; k++)
        simple &= b->at[k] < e->plan->n_rows;
    if (simple) {
        begin_money(e, b);
        add_columns(&r->part, b, b->part);
        add_columns(&r->whole, b, b->whole);
        store_money(r, b, out);
    }
    for (uint32_t k = 0; k < b->n; k++)
        if (!simple || b->odd[k])
            out[k] = evaluation_node(e, b->at[k]);
}

/* ---- nodes ---- */

/* K of all rows of the plan is one pass; of a few it is a walk each. Rows of a scenario need the walk. */
bool evaluation_takes_all(const evaluation *e)
{
    bool k = e->id == ACHIEVEMENT || e->id == EFFICIENCY || e->id == RATING;
    return k && !e->view->ext && !e->view->has_member_overlay;
}

static void efficiency_from_k(evaluation *e, pagu_row first, uint32_t n, pagu_derived *k)
{
    money_block b = { .n = n };
    columns spent = of_now(&e->spent_now), budget = of_now(&e->budget_now);
    bool simple = spent.simple && budget.simple;
    for (uint32_t i = 0; i < n; i++)
        b.at[i] = first + i;
    if (simple) {
        begin_money(e, &b);
        add_columns(&spent, &b, b.part);
        add_columns(&budget, &b, b.whole);
    }
    for (uint32_t i = 0; i < n; i++)
        if (simple && (!b.odd[i] & (b.whole[i] > 0) & (k[i].state == PAGU_DERIVED_NUMBER))) {
            k[i].value -= 100 * (double)b.part[i] / (double)b.whole[i];
        } else {
            pagu_derived rp = is_member(e, first + i) ? absorption(e, first + i) : derived_missing();
            k[i] = efficiency_of(&k[i], &rp);
        }
}

/* Rows of the plan, at most BLOCK of them. */
void evaluation_from_k(evaluation *e, pagu_row first, uint32_t n, pagu_derived *k)
{
    if (e->id == EFFICIENCY)
        efficiency_from_k(e, first, n, k);
    for (uint32_t i = 0; i < n && e->id == RATING; i++)
        k[i] = rating_of(e, &k[i]);
}

pagu_code evaluation_nodes(evaluation *e, const pagu_row *rows, size_t n, pagu_derived *out)
{
    money_block b;
    money_recipe r = money_recipe_of(e);
    if (!rows && n == e->plan->n_rows && evaluation_takes_all(e))
        return achievement_of_all(e, e->id != ACHIEVEMENT, out);
    for (size_t from = 0; from < n; from += BLOCK) {
        b.n = n - from < BLOCK ? (uint32_t)(n - from) : BLOCK;
        for (uint32_t k = 0; k < b.n; k++)
            b.at[k] = rows ? rows[from + k] : (pagu_row)(from + k);
        block_of_money(e, &r, &b, out + from);
        if (from % POLL == 0 && from && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
    }
    return PAGU_OK;
}
