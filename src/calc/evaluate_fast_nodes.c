/* evaluate_fast_nodes.c - whole columns of nodes: money that lies in arrays, and K of the whole plan.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"

/* ---- money ---- */

static inline bool add_money(pagu_money more, pagu_money *sum)
{
    return !__builtin_add_overflow(*sum, more, sum);
}

/* One span at most, and plain years after it. */
static inline bool plain_spent(const evaluation *e, const money_series *s, pagu_row row, int until, pagu_money *out)
{
    pagu_money x;
    int end = 0;
    *out = 0;
    if (s->n_spans > 1 || (s->n_spans == 1 && s->spans[0].end > until) || s->n_spans + s->n_years == 0)
        return false;
    if (s->n_spans == 1) {
        end = s->spans[0].end;
        if (!plain_source(e, &s->spans[0].s, row, out))
            return false;
    }
    for (uint32_t i = 0; i < s->n_years; i++) {
        if (s->years[i].year <= end)
            return false;
        if (s->years[i].year <= until && !(plain_money(e, &s->years[i], row, &x) && add_money(x, out)))
            return false;
    }
    return end > 0 || (s->n_years > 0 && s->years[0].year <= until);
}

static inline bool fast_absorption(const evaluation *e, pagu_row row, pagu_derived *out)
{
    pagu_money budget, spent;
    if (!plain_money(e, &e->budget_now, row, &budget) || !plain_money(e, &e->spent_now, row, &spent) || budget <= 0)
        return false;
    *out = derived_percent(100 * (double)spent / (double)budget);
    return true;
}

static inline bool fast_strategic_budget(const evaluation *e, pagu_row row, pagu_derived *out)
{
    pagu_money sum;
    bool done = e->end && plain_spent(e, &e->budget_strategic, row, e->end, &sum);
    if (done)
        *out = plain_amount(sum);
    return done;
}

static inline bool fast_spent_to(const evaluation *e, pagu_row row, pagu_derived *out)
{
    pagu_money sum;
    bool done = plain_spent(e, &e->spent_past, row, e->year, &sum);
    if (done)
        *out = plain_amount(sum);
    return done;
}

static inline bool plain_accumulated(const evaluation *e, pagu_row row, pagu_money *sum)
{
    pagu_money now;
    return plain_spent(e, &e->spent_past, row, e->year - 1, sum) && plain_money(e, &e->spent_now, row, &now) &&
           add_money(now, sum);
}

static inline bool fast_spent_accumulated(const evaluation *e, pagu_row row, pagu_derived *out)
{
    pagu_money sum;
    bool done = plain_accumulated(e, row, &sum);
    if (done)
        *out = plain_amount(sum);
    return done;
}

static inline bool fast_spent_accumulated_rate(const evaluation *e, pagu_row row, pagu_derived *out)
{
    pagu_money sum, budget;
    if (!e->end || !plain_accumulated(e, row, &sum) || !plain_spent(e, &e->budget_strategic, row, e->end, &budget) ||
        budget <= 0)
        return false;
    *out = derived_percent(100 * (double)sum / (double)budget);
    return true;
}

/* ---- nodes, one by one ---- */

#define NODES(name)                                                                                                    \
    static void nodes_##name(evaluation *e, const pagu_row *rows, pagu_row first, size_t n, pagu_derived *out)         \
    {                                                                                                                  \
        for (size_t k = 0; k < n; k++) {                                                                               \
            pagu_row row = rows ? rows[k] : first + (pagu_row)k;                                                       \
            if (!is_member(e, row) || !fast_##name(e, row, &out[k]))                                                   \
                out[k] = evaluation_node(e, row);                                                                      \
        }                                                                                                              \
    }
NODES(absorption)
NODES(strategic_budget)
NODES(spent_to)
NODES(spent_accumulated)
NODES(spent_accumulated_rate)

/* ---- nodes ---- */

/* K of all rows of the plan is one pass; of a few it is a walk each. Rows of a scenario need the walk. */
bool evaluation_takes_all(const evaluation *e)
{
    bool k = e->id == ACHIEVEMENT || e->id == EFFICIENCY || e->id == RATING;
    return k && !e->view->ext && !e->view->has_member_overlay;
}

static void efficiency_from_k(evaluation *e, pagu_row row, pagu_derived *k)
{
    pagu_derived rp = derived_missing();
    bool member = is_member(e, row);
    if (member && k->state == PAGU_DERIVED_NUMBER && fast_absorption(e, row, &rp)) {
        k->value -= rp.value;
        return;
    }
    if (member)
        rp = absorption(e, row);
    *k = efficiency_of(k, &rp);
}

void evaluation_from_k(evaluation *e, pagu_row row, pagu_derived *k)
{
    if (e->id == EFFICIENCY)
        efficiency_from_k(e, row, k);
    else if (e->id == RATING)
        *k = rating_of(e, k);
}

static void chunk_of_nodes(evaluation *e, const pagu_row *rows, pagu_row first, size_t n, pagu_derived *out)
{
    typedef void (*column)(evaluation *, const pagu_row *, pagu_row, size_t, pagu_derived *);
    static const column columns[DERIVED_COUNT] = {
        [ABSORPTION] = nodes_absorption,
        [STRATEGIC_BUDGET] = nodes_strategic_budget,
        [SPENT_TO] = nodes_spent_to,
        [SPENT_ACCUMULATED] = nodes_spent_accumulated,
        [SPENT_ACCUMULATED_RATE] = nodes_spent_accumulated_rate,
    };
    if (columns[e->id]) {
        columns[e->id](e, rows, first, n, out);
        return;
    }
    for (size_t k = 0; k < n; k++)
        out[k] = evaluation_node(e, rows ? rows[k] : first + (pagu_row)k);
}

pagu_code evaluation_nodes(evaluation *e, const pagu_row *rows, size_t n, pagu_derived *out)
{
    if (!rows && n == e->plan->n_rows && evaluation_takes_all(e))
        return achievement_of_all(e, e->id != ACHIEVEMENT, out);
    for (size_t k = 0; k < n; k += POLL) {
        chunk_of_nodes(e, rows ? rows + k : NULL, (pagu_row)k, n - k < POLL ? n - k : POLL, out + k);
        if (n > POLL && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
    }
    return PAGU_OK;
}
