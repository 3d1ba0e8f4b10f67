/* expr_ops.c - operators over blocks: the result replaces the left operand.
 *
 * Kernels run over all cells, known or not: an unknown cell holds 0 before and after, so that
 * loops need no branch. What can go wrong is gathered in one word and looked for only if it did.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"
#include "calc/verb.h"

#include <math.h>

pagu_code expr_overflow(const expr_run *run, uint32_t i)
{
    const char *key = key_or_null(run->view, run->rows[i]);
    return err_at(run->ctx, run->err, PAGU_OVERFLOW, key, NULL, "the expression exceeds the 64-bit range at %s",
                  key ? key : "?");
}

/* ---- whole numbers ---- */

/* 2^52 + 2^51, and the bits of that double: between them lies every whole number below 2^51, exactly,
 * which few instruction sets convert otherwise. */
#define PUSH 6755399441055744.0
#define PUSH_BITS INT64_C(0x4338000000000000)

SIMD_CLONES static uint64_t add_kernel(int64_t *a, const int64_t *b, uint32_t n)
{
    uint64_t over = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t x = (uint64_t)a[i], y = (uint64_t)b[i], r = x + y;
        over |= (x ^ r) & (y ^ r);
        a[i] = (int64_t)r;
    }
    return over >> 63;
}

SIMD_CLONES static uint64_t subtract_kernel(int64_t *a, const int64_t *b, uint32_t n)
{
    uint64_t over = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t x = (uint64_t)a[i], y = (uint64_t)b[i], r = x - y;
        over |= (x ^ y) & (x ^ r);
        a[i] = (int64_t)r;
    }
    return over >> 63;
}

/* After a sum wrapped: the first row whose operands do. a holds wrapped results. */
static pagu_code blame_sum(const expr_run *run, char op, const expr_block *a, const expr_block *b)
{
    for (uint32_t i = 0; i < run->n; i++) {
        int64_t y = b->u.whole[i], r = a->u.whole[i], x, ignored;
        x = (int64_t)(op == '+' ? (uint64_t)r - (uint64_t)y : (uint64_t)r + (uint64_t)y);
        if (op == '+' ? __builtin_add_overflow(x, y, &ignored) : __builtin_sub_overflow(x, y, &ignored))
            return expr_overflow(run, i);
    }
    return PAGU_OK;
}

static pagu_code multiply_whole(const expr_run *run, expr_block *a, const expr_block *b)
{
    for (uint32_t i = 0; i < run->n; i++)
        if (__builtin_mul_overflow(a->u.whole[i], b->u.whole[i], &a->u.whole[i]))
            return expr_overflow(run, i);
    return PAGU_OK;
}

/* A cell that the other operand leaves unknown holds 0, so it can't have overflowed. */
static pagu_code apply_whole(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b)
{
    expr_merge_states(a, b, run->n);
    if (!a->known) {
        expr_clear(a->u.whole, a->state, run->n);
        expr_clear(b->u.whole, a->state, run->n);
    }
    a->one_unit = NULL;
    if (e->op == '*')
        return multiply_whole(run, a, b);
    uint64_t over =
        e->op == '+' ? add_kernel(a->u.whole, b->u.whole, run->n) : subtract_kernel(a->u.whole, b->u.whole, run->n);
    return over ? blame_sum(run, e->op, a, b) : PAGU_OK;
}

/* value * digits / 10^scale, rounded half away from zero, where nothing can overflow and the quotient
 * fits a double but for its last digit, which the remainder corrects. */
SIMD_CLONES static void scale_kernel(int64_t *values, uint32_t n, int64_t digits, int64_t power)
{
    double inverse = 1.0 / (double)power;
    for (uint32_t i = 0; i < n; i++) {
        int64_t product = values[i] * digits, size = product < 0 ? -product : product;
        int64_t q = (int64_t)((double)size * inverse);
        int64_t rest = size - q * power;
        q += (rest >= power) - (rest < 0);
        rest = size - q * power;
        q += rest >= power - rest;
        values[i] = product < 0 ? -q : q;
    }
}

/* The same where no product reaches 2^51; the quotient is rounded up or down, then corrected. */
SIMD_CLONES static void scale_small_kernel(int64_t *values, uint32_t n, int64_t digits, int64_t power)
{
    double inverse = 1.0 / (double)power;
    for (uint32_t i = 0; i < n; i++) {
        int64_t product = values[i] * digits, size = product < 0 ? -product : product, q = size + PUSH_BITS;
        double x;
        memcpy(&x, &q, sizeof x);
        x = (x - PUSH) * inverse + PUSH;
        memcpy(&q, &x, sizeof q);
        q -= PUSH_BITS;
        int64_t rest = size - q * power;
        q += (rest >= power) - (rest < 0);
        rest = size - q * power;
        q += rest >= power - rest;
        values[i] = product < 0 ? -q : q;
    }
}

SIMD_CLONES static uint64_t largest_kernel(const int64_t *values, uint32_t n)
{
    uint64_t bits = 0; /* at least the greatest magnitude, less than twice it */
    for (uint32_t i = 0; i < n; i++)
        bits |= (uint64_t)(values[i] < 0 ? -(values[i] + 1) : values[i]);
    return bits;
}

/* true: done. */
static bool scale_fast(int64_t *values, uint32_t n, pagu_decimal factor)
{
    int64_t power = 1, digits = factor.digits < 0 ? -factor.digits : factor.digits;
    if (factor.scale > 9 || digits <= 0 || digits > INT64_C(1) << 31)
        return false;
    for (int k = 0; k < factor.scale; k++)
        power *= 10;
    uint64_t most = largest_kernel(values, n) + 1;
    if (most > (UINT64_C(1) << 62) / (uint64_t)digits || most * (uint64_t)digits / (uint64_t)power > UINT64_C(1) << 51)
        return false;
    if (most <= (UINT64_C(1) << 50) / (uint64_t)digits)
        scale_small_kernel(values, n, factor.digits, power);
    else
        scale_kernel(values, n, factor.digits, power);
    return true;
}

/* Money × decimal, either way round: exact, then rounded once. */
static pagu_code apply_scaled(const expr_run *run, const pagu_expr *e, expr_block *a, const expr_block *b)
{
    bool money_first = e->u.of.a->type == EXPR_MONEY;
    pagu_decimal factor = money_first ? e->u.of.b->u.decimal : e->u.of.a->u.decimal;
    const expr_block *money = money_first ? a : b;
    expr_merge_states(a, b, run->n);
    if (!money_first)
        memcpy(a->u.whole, money->u.whole, run->n * sizeof money->u.whole[0]);
    expr_clear_unknown(a, run->n);
    if (scale_fast(a->u.whole, run->n, factor))
        return PAGU_OK;
    for (uint32_t i = 0; i < run->n; i++) {
        int64_t result = 0;
        if (a->state[i] != PAGU_MISSING && pagu_money_scale(a->u.whole[i], factor, 1, &result))
            return expr_overflow(run, i);
        a->u.whole[i] = result;
    }
    return PAGU_OK;
}

/* ---- real numbers ---- */

SIMD_CLONES static uint64_t wide_kernel(const int64_t *values, uint32_t n)
{
    uint64_t wide = 0;
    for (uint32_t i = 0; i < n; i++)
        wide |= ((uint64_t)values[i] + (UINT64_C(1) << 51)) >> 52;
    return wide;
}

SIMD_CLONES static void real_kernel(int64_t *bits, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int64_t pushed = bits[i] + PUSH_BITS;
        double x;
        memcpy(&x, &pushed, sizeof x);
        x -= PUSH;
        memcpy(&bits[i], &x, sizeof x);
    }
}

static void convert_wide(int64_t *bits, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double x = (double)bits[i];
        memcpy(&bits[i], &x, sizeof x);
    }
}

void expr_to_real(expr_block *b, const pagu_expr *e, uint32_t n)
{
    if (is_whole(e) && wide_kernel(b->u.whole, n))
        convert_wide(b->u.whole, n);
    else if (is_whole(e))
        real_kernel(b->u.whole, n);
}

/* The top bit is set if x is infinite or no number: the exponent is all ones. */
static inline uint64_t beyond_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & INT64_MAX) + (UINT64_C(1) << 52);
}

SIMD_CLONES static bool sum_kernel(double *a, const double *b, uint32_t n, double sign)
{
    uint64_t beyond = 0;
    for (uint32_t i = 0; i < n; i++) {
        a[i] += sign * b[i];
        beyond |= beyond_of(a[i]);
    }
    return beyond >> 63;
}

SIMD_CLONES static bool product_kernel(double *a, const double *b, uint32_t n)
{
    uint64_t beyond = 0;
    for (uint32_t i = 0; i < n; i++) {
        a[i] *= b[i];
        beyond |= beyond_of(a[i]);
    }
    return beyond >> 63;
}

SIMD_CLONES static bool quotient_kernel(double *a, const double *b, uint32_t n)
{
    uint64_t beyond = 0;
    for (uint32_t i = 0; i < n; i++) {
        a[i] /= b[i];
        beyond |= beyond_of(a[i]);
    }
    return beyond >> 63;
}

/* 1 where nothing is known: nothing goes beyond the range there. */
SIMD_CLONES static void one_kernel(double *values, const uint8_t *state, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        values[i] = state[i] != PAGU_MISSING ? values[i] : 1.0;
}

/* Division by zero has no value: missing, not infinite. Any other number beyond the range is an error. */
static pagu_code settle_quotients(const expr_run *run, char op, expr_block *a, const expr_block *b)
{
    for (uint32_t i = 0; i < run->n; i++) {
        if (a->state[i] == PAGU_MISSING) {
            a->u.real[i] = 0;
        } else if (op == '/' && b->u.real[i] == 0) {
            a->u.real[i] = 0;
            expr_refuse_cell(a, run->n, i, PAGU_CELL_ZERO_DIVISOR);
        } else if (!isfinite(a->u.real[i])) {
            return expr_overflow(run, i);
        }
    }
    return PAGU_OK;
}

static pagu_code apply_real(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b)
{
    uint32_t n = run->n;
    expr_to_real(a, e->u.of.a, n);
    expr_to_real(b, e->u.of.b, n);
    expr_merge_states(a, b, n);
    if (e->op == '+' || e->op == '-')
        expr_add_units(a, b, n);
    else
        expr_multiply_units(e, a, b, n);
    if (!a->known) {
        expr_clear(a->u.whole, a->state, n);
        one_kernel(b->u.real, a->state, n);
    }
    bool beyond = e->op == '*'   ? product_kernel(a->u.real, b->u.real, n)
                  : e->op == '/' ? quotient_kernel(a->u.real, b->u.real, n)
                                 : sum_kernel(a->u.real, b->u.real, n, e->op == '+' ? 1.0 : -1.0);
    return beyond ? settle_quotients(run, e->op, a, b) : PAGU_OK;
}

static void apply_logic(const expr_run *run, char op, expr_block *a, const expr_block *b)
{
    for (uint32_t i = 0; i < run->n; i++)
        a->u.mask[i] = op == '~'   ? !a->u.mask[i]
                       : op == '&' ? a->u.mask[i] && b->u.mask[i]
                                   : a->u.mask[i] || b->u.mask[i];
}

pagu_code expr_apply(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b)
{
    if (e->op == '&' || e->op == '|' || e->op == '~') {
        apply_logic(run, e->op, a, b);
        return PAGU_OK;
    }
    if (strchr("+-*/", e->op)) {
        if (e->type == EXPR_NUMBER)
            return apply_real(run, e, a, b);
        return is_whole(e->u.of.a) && is_whole(e->u.of.b) ? apply_whole(run, e, a, b) : apply_scaled(run, e, a, b);
    }
    if (e->u.of.a->type == EXPR_TEXT || e->u.of.b->type == EXPR_TEXT)
        expr_compare_texts(run, e->op, a, b);
    else
        expr_compare_numbers(run, e, a, b);
    return PAGU_OK;
}
