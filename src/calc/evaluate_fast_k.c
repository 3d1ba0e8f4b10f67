/* evaluate_fast_k.c - K of every row of a plan in one pass, level by level.
 *
 * The leaves go in blocks, the rates of those with a single indicator, which are most, together; the
 * others one by one, children before parents as level order has them.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"
#include "calc/evaluate_mean.h"

enum { STRETCH = 16 * BLOCK };

static inline bool is_leaf(const evaluation *e, pagu_row row)
{
    return e->plan->child_first[row] == e->plan->child_first[row + 1];
}

/* The one indicator of a leaf that counts for something, or PAGU_NO_INDICATOR. */
static inline pagu_indicator single_indicator(const evaluation *e, pagu_row row)
{
    const pagu_plan *p = e->plan;
    pagu_indicator ind = p->first_indicator ? p->first_indicator[row] : PAGU_NO_INDICATOR;
    if (ind == PAGU_NO_INDICATOR || !is_leaf(e, row) || !is_member(e, row))
        return PAGU_NO_INDICATOR;
    bool single = ind + 1 == p->n_indicators || p->traits[ind + 1].row != row;
    return single && (!p->traits[ind].has_weight || p->weights[ind] > 0) ? ind : PAGU_NO_INDICATOR;
}

/* Are rows first … first + n - 1 leaves with one indicator each, in order? As most stretches are. */
static bool are_single(const evaluation *e, pagu_row first, uint32_t n)
{
    const pagu_plan *p = e->plan;
    const pagu_indicator *ind = p->first_indicator ? p->first_indicator + first : NULL;
    return ind && p->child_first[first] == p->child_first[first + n] && ind[0] != PAGU_NO_INDICATOR &&
           expr_rows_follow(ind, n) &&
           (ind[n - 1] + 1 == p->n_indicators || p->traits[ind[n - 1] + 1].row != first + n - 1);
}

/* Whether each has a percent and a given weight. */
static bool block_of_single(evaluation *e, eval_block *b, pagu_row first, uint32_t n, pagu_derived *out)
{
    const pagu_plan *p = e->plan;
    const pagu_indicator ind = p->first_indicator[first];
    b->n = n;
    memcpy(b->at, p->first_indicator + first, n * sizeof b->at[0]);
    plain_rates(e, b);
    uint8_t odd = 0;
    bool all_given = true;
    for (uint32_t k = 0; k < n; k++) {
        bool given = p->traits[ind + k].has_weight;
        set_number(&out[first + k], b->x[k], "%", given ? 0 : PAGU_DERIVED_EQUAL);
        odd |= b->odd[k] |= given && !(p->weights[ind + k] > 0);
        all_given &= given;
    }
    for (uint32_t k = 0; odd && k < n; k++)
        if (b->odd[k])
            out[first + k] = own_achievement(e, first + k);
    return all_given && !odd;
}

/* The leaves among rows first … first + n - 1; their K hangs on no other row's. */
static void block_of_leaves(evaluation *e, eval_block *b, pagu_row first, uint32_t n, pagu_derived *out)
{
    pagu_row at[BLOCK];
    b->n = 0;
    for (uint32_t k = 0; k < n; k++) {
        pagu_indicator ind = single_indicator(e, first + k);
        at[b->n] = first + k;
        b->at[b->n] = ind;
        b->n += ind != PAGU_NO_INDICATOR;
        if (ind == PAGU_NO_INDICATOR && is_leaf(e, first + k))
            out[first + k] = is_member(e, first + k) ? own_achievement(e, first + k) : derived_missing();
    }
    plain_rates(e, b);
    for (uint32_t j = 0; j < b->n; j++) {
        set_number(&out[at[j]], b->x[j], "%", e->plan->traits[b->at[j]].has_weight ? 0 : PAGU_DERIVED_EQUAL);
        if (b->odd[j])
            out[at[j]] = own_achievement(e, at[j]);
    }
}

/* Is every row a member, and of sign +? Then children need no look at either. */
static bool all_count(const evaluation *e)
{
    return !e->view->has_member_overlay && !e->plan->stages[e->view->stage].members && !e->plan->sign;
}

/* Rows from `leaves` on are known if leaves, rows from `finished` on are what the field makes of K. */
typedef struct k_pass {
    evaluation *e;
    pagu_derived *out;
    pagu_row leaves, finished;
    pagu_row even, even_end; /* rows between have one indicator each, in order, a percent and a weight */
    bool all;                /* every row counts */
    eval_block b;
} k_pass;

/* As mean_add adds them. */
static mean mean_of_even(const pagu_plan *p, pagu_row first, pagu_row end, const pagu_derived *k)
{
    mean m = { .n_given = end - first, .n_percents = end - first, .percent = k[first].value };
    const double *weight = p->weights + p->first_indicator[first];
    for (uint32_t i = 0; i < end - first; i++) {
        m.given += weight[i];
        m.given_sum += weight[i] * k[first + i].value;
    }
    return m;
}

static mean mean_of_children(const k_pass *pass, pagu_row first, pagu_row end)
{
    evaluation *e = pass->e;
    const pagu_plan *p = e->plan;
    const pagu_derived *k = pass->out;
    mean m = { 0 };
    for (pagu_row c = first; c < end; c++) {
        if (!pass->all && (!is_member(e, c) || row_sign(e->view, c) == 0))
            continue;
        bool given = false;
        pagu_indicator main = p->first_indicator ? p->first_indicator[c] : PAGU_NO_INDICATOR;
        double weight = main != PAGU_NO_INDICATOR ? weight_of(e, main, &given) : 0;
        if (k[c].state != PAGU_DERIVED_MISSING || main != PAGU_NO_INDICATOR || is_measured(e->view, c))
            mean_add(&m, &k[c], given, weight);
    }
    return m;
}

static void inner_achievement(const k_pass *pass, pagu_row row)
{
    const pagu_plan *p = pass->e->plan;
    pagu_derived *k = pass->out;
    pagu_row first = p->child_first[row], end = p->child_first[row + 1];
    bool even = first >= pass->even && end <= pass->even_end;
    mean m = even ? mean_of_even(p, first, end, k) : mean_of_children(pass, first, end);
    mean_result(&m, &k[row]);
    if (k[row].state == PAGU_DERIVED_MISSING)
        k[row] = own_achievement(pass->e, row);
}

/* A stretch that stays in the second cache, upwards: memory is read ahead in that direction. */
static void leaves_down_to(k_pass *p, pagu_row row)
{
    while (p->leaves > row) {
        pagu_row end = p->leaves, from = end > STRETCH ? end - STRETCH : 0;
        bool even = true;
        for (pagu_row first = from; first < end; first += BLOCK) {
            uint32_t n = end - first < BLOCK ? end - first : BLOCK;
            bool single = p->all && are_single(p->e, first, n);
            if (single)
                even &= block_of_single(p->e, &p->b, first, n, p->out);
            else
                block_of_leaves(p->e, &p->b, first, n, p->out);
            even &= single;
        }
        p->even = from;
        p->even_end = even ? end : from;
        p->leaves = from;
    }
}

static void finish_down_to(k_pass *p, pagu_row row)
{
    while (p->finished > row && (p->finished - row >= BLOCK || row == 0)) {
        uint32_t n = p->finished < BLOCK ? p->finished : BLOCK;
        p->finished -= n;
        evaluation_from_k(p->e, p->finished, n, p->out + p->finished);
    }
}

/* Children stand behind their parent in level order, those of a later row behind those of an earlier
 * one: from the last row up the leaves are had a block at a time just before a parent needs them, and
 * what a field makes of K comes when no parent needs the K any more. */
pagu_code achievement_of_all(evaluation *e, bool finish, pagu_derived *out)
{
    uint32_t n = e->plan->n_rows;
    k_pass pass = { .e = e, .out = out, .leaves = n, .finished = n, .all = all_count(e) };
    for (uint32_t row = n; row-- > 0;) {
        if (row % POLL == 0 && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
        if (is_leaf(e, row))
            continue;
        leaves_down_to(&pass, e->plan->child_first[row]);
        if (pass.all || is_member(e, row))
            inner_achievement(&pass, row);
        else
            out[row] = derived_missing();
        if (finish)
            finish_down_to(&pass, e->plan->child_first[row]);
    }
    leaves_down_to(&pass, 0);
    if (finish)
        finish_down_to(&pass, 0);
    return PAGU_OK;
}
