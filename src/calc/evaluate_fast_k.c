/* evaluate_fast_k.c - K of every row of a plan in one pass, level by level.
 *
 * First the leaves in blocks, the rates of those with a single indicator, which are most, together;
 * then the others one by one, children before parents as level order has them.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"
#include "calc/evaluate_mean.h"

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

static pagu_derived inner_achievement(evaluation *e, pagu_row row, const pagu_derived *k)
{
    const pagu_plan *p = e->plan;
    mean m = { 0 };
    for (uint32_t c = p->child_first[row]; c < p->child_first[row + 1]; c++) {
        if (!is_member(e, c) || row_sign(e->view, c) == 0)
            continue;
        bool given = false;
        pagu_indicator main = p->first_indicator ? p->first_indicator[c] : PAGU_NO_INDICATOR;
        double weight = main != PAGU_NO_INDICATOR ? weight_of(e, main, &given) : 0;
        if (k[c].state != PAGU_DERIVED_MISSING || main != PAGU_NO_INDICATOR || is_measured(e->view, c))
            mean_add(&m, &k[c], given, weight);
    }
    pagu_derived out = mean_result(&m);
    return out.state == PAGU_DERIVED_MISSING ? own_achievement(e, row) : out;
}

static void finish_children(evaluation *e, pagu_row row, pagu_derived *out)
{
    pagu_row first = e->plan->child_first[row];
    evaluation_from_k(e, first, e->plan->child_first[row + 1] - first, out + first);
}

static pagu_code all_leaves(evaluation *e, pagu_derived *out)
{
    eval_block b;
    for (uint32_t first = 0; first < e->plan->n_rows; first += BLOCK) {
        uint32_t left = e->plan->n_rows - first;
        block_of_leaves(e, &b, first, left < BLOCK ? left : BLOCK, out);
        if (first % POLL == 0 && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
    }
    return PAGU_OK;
}

/* Children stand behind their parent in level order: from the last row up all are known. What a
 * field makes of K comes when no sum needs the K any more. */
pagu_code achievement_of_all(evaluation *e, bool finish, pagu_derived *out)
{
    pagu_code code = all_leaves(e, out);
    for (uint32_t row = e->plan->n_rows; row-- > 0 && code == PAGU_OK;) {
        if (row % POLL == 0 && pagu_ctx_interrupted(e->ctx))
            code = PAGU_INTERRUPTED;
        if (is_leaf(e, row))
            continue;
        out[row] = is_member(e, row) ? inner_achievement(e, row, out) : derived_missing();
        if (finish)
            finish_children(e, row, out);
    }
    if (finish && code == PAGU_OK)
        evaluation_from_k(e, 0, 1, out);
    return code;
}
