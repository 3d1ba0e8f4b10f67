/* expr_functions.c - if, else, present, abs, least and most, round, money.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"

#include <math.h>

/* ---- cells of one block into another ---- */

static void take_cell(expr_block *to, const expr_block *from, uint32_t n, uint32_t i)
{
    to->u.whole[i] = from->u.whole[i]; /* eight bytes, whatever they mean */
    to->state[i] = from->state[i];
    if (to->has_reasons || expr_block_reason(from, i))
        expr_block_set_reason(to, n, i, expr_block_reason(from, i));
    if (to->has_units || expr_block_unit(to, i) != expr_block_unit(from, i))
        expr_block_set_unit(to, n, i, expr_block_unit(from, i));
    if (to->has_texts || expr_block_text(from, i))
        expr_block_set_text(to, n, i, expr_block_text(from, i));
}

SIMD_CLONES static uint8_t others_kernel(const uint8_t *state, uint32_t n)
{
    uint8_t other = 0;
    for (uint32_t i = 0; i < n; i++)
        other |= state[i] ^ PAGU_NUMBER;
    return other;
}

static bool all_numbers(const expr_block *b, uint32_t n)
{
    return !others_kernel(b->state, n);
}

SIMD_CLONES static void missing_kernel(const uint8_t *state, uint32_t n, bool *mask)
{
    for (uint32_t i = 0; i < n; i++)
        mask[i] = state[i] == PAGU_MISSING;
}

SIMD_CLONES static void not_kernel(const bool *mask, uint32_t n, bool *out)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = !mask[i];
}

SIMD_CLONES static void choose_kernel(int64_t *a, const int64_t *b, uint8_t *a_state, const uint8_t *b_state,
                                      const bool *take, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        a[i] = take[i] ? b[i] : a[i];
    for (uint32_t i = 0; i < n; i++)
        a_state[i] = take[i] ? b_state[i] : a_state[i];
}

/* Both sides as the type of the result, and cells of `other` where take says so. */
static void choose(const expr_run *run, const pagu_expr *e, const pagu_expr *first, const pagu_expr *second,
                   expr_block *a, expr_block *other, const bool *take)
{
    if (e->type == EXPR_NUMBER) {
        expr_to_real(a, first, run->n);
        expr_to_real(other, second, run->n);
    }
    bool plain = !a->has_reasons && !other->has_reasons && !a->has_units && !other->has_units && !a->has_texts &&
                 !other->has_texts && a->one_unit == other->one_unit && e->type != EXPR_MASK;
    if (plain) {
        choose_kernel(a->u.whole, other->u.whole, a->state, other->state, take, run->n);
        a->known = all_numbers(a, run->n);
        return;
    }
    for (uint32_t i = 0; i < run->n; i++) {
        if (take[i] && e->type == EXPR_MASK)
            a->u.mask[i] = other->u.mask[i];
        else if (take[i])
            take_cell(a, other, run->n, i);
    }
    a->known = all_numbers(a, run->n);
}

static void apply_if(const expr_run *run, const pagu_expr *e, expr_block *cond, expr_block *yes, expr_block *no)
{
    bool take[BLOCK];
    not_kernel(cond->u.mask, run->n, take);
    choose(run, e, e->u.of.b, e->u.of.c, yes, no, take);
    size_t filled = run->n * sizeof cond->u.whole[0];
    memcpy(&cond->u, &yes->u, filled);
    memcpy(cond->state, yes->state, run->n);
    cond->known = yes->known;
    cond->one_unit = yes->one_unit;
    cond->has_reasons = yes->has_reasons;
    cond->has_units = yes->has_units;
    cond->has_texts = yes->has_texts;
    if (yes->has_reasons)
        memcpy(cond->reason, yes->reason, run->n);
    if (yes->has_units)
        memcpy(cond->unit, yes->unit, run->n * sizeof yes->unit[0]);
    if (yes->has_texts)
        memcpy(cond->text, yes->text, run->n * sizeof yes->text[0]);
}

static void apply_else(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b)
{
    bool take[BLOCK];
    missing_kernel(a->state, run->n, take);
    if (e->type != EXPR_MASK)
        choose(run, e, e->u.of.a, e->u.of.b, a, b, take);
}

static void apply_present(const expr_run *run, const pagu_expr *e, expr_block *a)
{
    bool mask[BLOCK];
    for (uint32_t i = 0; i < run->n; i++)
        mask[i] = a->state[i] == PAGU_NUMBER || a->state[i] == PAGU_TEXT;
    if (e->u.of.a->type == EXPR_MASK)
        memcpy(mask, a->u.mask, sizeof mask);
    memcpy(a->u.mask, mask, run->n * sizeof *mask);
    expr_block_begin(a, run->n);
}

/* ---- amounts ---- */

/* A text is not one number: these functions have no result for it. */
static void drop_texts(expr_block *a, uint32_t n)
{
    a->has_texts = false;
    for (uint32_t i = 0; !a->known && i < n; i++) {
        if (a->state[i] == PAGU_TEXT) {
            a->state[i] = PAGU_MISSING;
            expr_block_set_reason(a, n, i, PAGU_CELL_NOT_ONE_NUMBER);
        }
    }
}

static pagu_code apply_abs(const expr_run *run, const pagu_expr *e, expr_block *a)
{
    drop_texts(a, run->n);
    for (uint32_t i = 0; i < run->n; i++) {
        if (!is_whole(e)) {
            a->u.real[i] = fabs(a->u.real[i]);
        } else if (a->u.whole[i] < 0) {
            if (a->u.whole[i] == INT64_MIN)
                return expr_overflow(run, i);
            a->u.whole[i] = -a->u.whole[i];
        }
    }
    return PAGU_OK;
}

/* The lesser or greater of two; unlike units have neither. */
static pagu_code apply_extreme(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b)
{
    bool whole = is_whole(e), most = e->op == EXPR_MOST;
    if (!whole) {
        expr_to_real(a, e->u.of.a, run->n);
        expr_to_real(b, e->u.of.b, run->n);
    }
    expr_merge_states(a, b, run->n);
    expr_add_units(a, b, run->n);
    for (uint32_t i = 0; i < run->n; i++) {
        bool take = whole ? (b->u.whole[i] > a->u.whole[i]) == most : (b->u.real[i] > a->u.real[i]) == most;
        if (take && a->state[i] == PAGU_NUMBER)
            a->u.whole[i] = b->u.whole[i]; /* or the number in the same place */
    }
    return PAGU_OK;
}

/* Half away from zero, as round does, in a form that loops can take: 2^52 pushes the fraction out,
 * half to even; what is then half too low goes up. */
static inline double round_half_away(double x)
{
    const double push = 4503599627370496.0;
    double size = fabs(x), t = (size + push) - push;
    t += size - t >= 0.5 ? 1.0 : 0.0;
    return __builtin_copysign(size < push ? t : size, x);
}

SIMD_CLONES static void whole_kernel(double *values, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        values[i] = round_half_away(values[i]);
}

/* To a multiple of unit / scale; a number so large that it has no digit there stays as it is. */
SIMD_CLONES static void round_kernel(double *values, uint32_t n, double scale, double unit)
{
    for (uint32_t i = 0; i < n; i++) {
        double r = round_half_away(values[i] * scale / unit) * unit / scale;
        values[i] = fabs(r) <= 1.7976931348623157e308 ? r : values[i];
    }
}

/* Rounding of money to whole units: nothing to do for 1. */
static pagu_code round_whole(const expr_run *run, expr_block *a, int64_t unit)
{
    for (uint32_t i = 0; i < run->n && unit > 1; i++)
        if (pagu_round(a->u.whole[i], unit, &a->u.whole[i]))
            return expr_overflow(run, i);
    return PAGU_OK;
}

static pagu_code apply_round(const expr_run *run, const pagu_expr *e, expr_block *a)
{
    const pagu_expr *literal = e->u.of.b;
    pagu_decimal unit = literal->type == EXPR_DECIMAL ? literal->u.decimal : (pagu_decimal){ literal->u.integer, 0 };
    double scale = 1;
    drop_texts(a, run->n);
    if (is_whole(e))
        return round_whole(run, a, unit.digits);
    if (unit.digits == 1 && unit.scale == 0) {
        whole_kernel(a->u.real, run->n);
        return PAGU_OK;
    }
    for (int k = 0; k < unit.scale; k++)
        scale *= 10;
    round_kernel(a->u.real, run->n, scale, (double)unit.digits);
    return PAGU_OK;
}

/* A number becomes money: rounded once, half away from zero. */
static pagu_code apply_to_money(const expr_run *run, const pagu_expr *e, expr_block *a)
{
    const double exact = 9007199254740992.0; /* 2^53: beyond it a double skips whole numbers */
    drop_texts(a, run->n);
    a->has_units = false;
    a->one_unit = NULL;
    for (uint32_t i = 0; i < run->n && !is_whole(e->u.of.a); i++) {
        if (!(fabs(a->u.real[i]) < exact))
            return expr_overflow(run, i);
        a->u.whole[i] = llround(a->u.real[i]);
    }
    return PAGU_OK;
}

pagu_code expr_apply_function(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b, expr_block *c)
{
    switch (e->op) {
    case EXPR_IF: apply_if(run, e, a, b, c); return PAGU_OK;
    case EXPR_ELSE: apply_else(run, e, a, b); return PAGU_OK;
    case EXPR_PRESENT: apply_present(run, e, a); return PAGU_OK;
    case EXPR_ABS: return apply_abs(run, e, a);
    case EXPR_ROUND: return apply_round(run, e, a);
    case EXPR_TO_MONEY: return apply_to_money(run, e, a);
    default: return apply_extreme(run, e, a, b);
    }
}
