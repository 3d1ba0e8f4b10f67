/* expr_compare.c - comparisons make masks; what is missing, or of another unit, compares false.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"

static int order_whole_decimal(int64_t a, pagu_decimal d)
{
    __int128 scaled = a;
    for (int i = 0; i < d.scale; i++)
        scaled *= 10;
    return (scaled > d.digits) - (scaled < d.digits);
}

/* A whole number and a decimal, exactly. */
static int order_exact(const pagu_expr *e, const expr_block *a, const expr_block *b, uint32_t i)
{
    const pagu_expr *x = e->u.of.a, *y = e->u.of.b;
    if (is_whole(x))
        return order_whole_decimal(a->u.whole[i], y->u.decimal);
    return -order_whole_decimal(b->u.whole[i], x->u.decimal);
}

static bool holds(char op, int order)
{
    switch (op) {
    case '>': return order > 0;
    case '<': return order < 0;
    case '=': return order == 0;
    case 'g': return order >= 0;
    case 'l': return order <= 0;
    default: return order != 0;
    }
}

/* Which orders an operator accepts. */
typedef struct accepted {
    bool less, equal, greater;
} accepted;

static accepted accepted_by(char op)
{
    return (accepted){ holds(op, -1), holds(op, 0), holds(op, 1) };
}

SIMD_CLONES static void compare_whole_kernel(const int64_t *a, const int64_t *b, const uint8_t *state, uint32_t n,
                                             accepted ok, bool *mask)
{
    for (uint32_t i = 0; i < n; i++)
        mask[i] = (state[i] == PAGU_NUMBER) &
                  (((a[i] < b[i]) & ok.less) | ((a[i] == b[i]) & ok.equal) | ((a[i] > b[i]) & ok.greater));
}

SIMD_CLONES static void compare_real_kernel(const double *a, const double *b, const uint8_t *state, uint32_t n,
                                            accepted ok, bool *mask)
{
    for (uint32_t i = 0; i < n; i++)
        mask[i] = (state[i] == PAGU_NUMBER) &
                  (((a[i] < b[i]) & ok.less) | ((a[i] == b[i]) & ok.equal) | ((a[i] > b[i]) & ok.greater));
}

/* A decimal is a literal: where both are, a number is as good. */
static bool compares_exactly(const pagu_expr *e)
{
    const pagu_expr *a = e->u.of.a, *b = e->u.of.b;
    return (is_whole(a) && (is_whole(b) || b->type == EXPR_DECIMAL)) || (is_whole(b) && a->type == EXPR_DECIMAL);
}

static void make_mask(expr_block *a, const bool *mask, uint32_t n)
{
    memcpy(a->u.mask, mask, n * sizeof *mask);
    expr_block_begin(a, n);
}

void expr_compare_numbers(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b)
{
    bool mask[BLOCK], whole = is_whole(e->u.of.a) && is_whole(e->u.of.b), exact = compares_exactly(e);
    if (!exact) {
        expr_to_real(a, e->u.of.a, run->n);
        expr_to_real(b, e->u.of.b, run->n);
    }
    expr_merge_states(a, b, run->n);
    expr_add_units(a, b, run->n);
    if (whole)
        compare_whole_kernel(a->u.whole, b->u.whole, a->state, run->n, accepted_by(e->op), mask);
    else if (!exact)
        compare_real_kernel(a->u.real, b->u.real, a->state, run->n, accepted_by(e->op), mask);
    for (uint32_t i = 0; exact && !whole && i < run->n; i++)
        mask[i] = a->state[i] == PAGU_NUMBER && holds(e->op, order_exact(e, a, b, i));
    make_mask(a, mask, run->n);
}

void expr_compare_texts(const expr_run *run, char op, expr_block *a, const expr_block *b)
{
    bool mask[BLOCK];
    for (uint32_t i = 0; i < run->n; i++) {
        const char *x = expr_block_text(a, i), *y = expr_block_text(b, i);
        mask[i] = x && y && str_eq(x, y) == (op == '=');
    }
    make_mask(a, mask, run->n);
}
