/* expr_states.c - what is known of two blocks together: states, reasons, units.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"

static bool has_number(const expr_block *b, uint32_t i)
{
    return b->state[i] == PAGU_NUMBER || b->state[i] == PAGU_DASH;
}

static pagu_cell_reason why_unknown(const expr_block *b, uint32_t i)
{
    return b->state[i] == PAGU_TEXT ? PAGU_CELL_NOT_ONE_NUMBER : expr_block_reason(b, i);
}

/* Without texts and reasons: a number where both have one. false: there is a text, nothing is done. */
SIMD_CLONES static bool merge_kernel(uint8_t *a, const uint8_t *b, uint32_t n, bool *known)
{
    uint8_t texts = 0, missing = 0;
    for (uint32_t i = 0; i < n; i++)
        texts |= (uint8_t)((a[i] == PAGU_TEXT) | (b[i] == PAGU_TEXT));
    if (texts)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t both = (uint8_t)((a[i] != PAGU_MISSING) & (b[i] != PAGU_MISSING));
        a[i] = both ? PAGU_NUMBER : PAGU_MISSING;
        missing |= (uint8_t)!both;
    }
    *known = !missing;
    return true;
}

void expr_merge_states(expr_block *a, const expr_block *b, uint32_t n)
{
    a->has_texts = false;
    if (a->known && b->known)
        return;
    if (!a->has_reasons && !b->has_reasons && merge_kernel(a->state, b->state, n, &a->known))
        return;
    a->known = true;
    for (uint32_t i = 0; i < n; i++) {
        bool left = has_number(a, i), right = has_number(b, i);
        if (left && right) {
            a->state[i] = PAGU_NUMBER;
            continue;
        }
        pagu_cell_reason reason = left ? why_unknown(b, i) : why_unknown(a, i);
        if (!reason && !right)
            reason = why_unknown(b, i);
        a->state[i] = PAGU_MISSING;
        a->known = false;
        if (reason || a->has_reasons)
            expr_block_set_reason(a, n, i, reason);
    }
}

/* 0, and 0.0, where nothing is known. */
SIMD_CLONES void expr_clear(int64_t *values, const uint8_t *state, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        values[i] &= -(int64_t)(state[i] != PAGU_MISSING);
}

void expr_clear_unknown(expr_block *a, uint32_t n)
{
    if (!a->known)
        expr_clear(a->u.whole, a->state, n);
}

void expr_refuse_cell(expr_block *a, uint32_t n, uint32_t i, pagu_cell_reason reason)
{
    a->state[i] = PAGU_MISSING;
    a->known = false;
    expr_block_set_reason(a, n, i, reason);
}

/* ---- units ---- */

static const char *unit_of_sum(const char *a, const char *b)
{
    return a && *a ? a : b;
}

/* Of + and -, and of comparisons: unlike units have no sum and no order. */
void expr_add_units(expr_block *a, const expr_block *b, uint32_t n)
{
    if (!a->has_units && !b->has_units && units_agree(a->one_unit, b->one_unit)) {
        a->one_unit = unit_of_sum(a->one_unit, b->one_unit);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *x = expr_block_unit(a, i), *y = expr_block_unit(b, i);
        if (a->state[i] == PAGU_NUMBER && !units_agree(x, y))
            expr_refuse_cell(a, n, i, PAGU_CELL_UNIT_CLASH);
        expr_block_set_unit(a, n, i, unit_of_sum(x, y));
    }
}

/* A factor without a unit keeps the other's; two units make a third, which has no name. */
static const char *unit_of_product(char op, const char *a, const char *b)
{
    bool none_a = !a || !*a, none_b = !b || !*b;
    return none_b ? a : none_a && op == '*' ? b : NULL;
}

void expr_multiply_units(const pagu_expr *e, expr_block *a, const expr_block *b, uint32_t n)
{
    bool money = e->u.of.a->type == EXPR_MONEY || e->u.of.b->type == EXPR_MONEY;
    if (money || (!a->has_units && !b->has_units)) {
        a->one_unit = money ? NULL : unit_of_product(e->op, a->one_unit, b->one_unit);
        a->has_units = false;
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        expr_block_set_unit(a, n, i, unit_of_product(e->op, expr_block_unit(a, i), expr_block_unit(b, i)));
}
