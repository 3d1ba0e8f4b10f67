/* expr_eval.c - column expressions: evaluation in blocks of rows, and assignment.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"
#include "calc/verb.h"

#include <math.h>

enum { BLOCK = 1024 };

/* One column of a block: whole for MONEY and INTEGER, real for DECIMAL and NUMBER, mask for MASK. */
typedef struct block {
    union {
        int64_t whole[BLOCK];
        double real[BLOCK];
        bool mask[BLOCK];
    } u;
    uint8_t state[BLOCK]; /* a pagu_state; NUMBER throughout in a mask */
} block;

typedef struct eval {
    const pagu_view *view;
    pagu_plan *plan;
    pagu_ctx *ctx;
    const pagu_row *rows;
    uint32_t n;
    block *stack;
    pagu_error *err;
} eval;

/* ---- leaves ---- */

static pagu_code eval_column(const eval *v, const pagu_expr *e, block *out)
{
    pagu_field field = e->u.column.field;
    pagu_period period = e->u.column.period;
    if (field >= pagu_plan_field_count(v->plan) || pagu_plan_field_kind(v->plan, field) != PAGU_FIELD_MONEY)
        return err_set(v->ctx, v->err, PAGU_UNKNOWN_FIELD, "columns are money fields: field %u is none", field);
    if (period >= pagu_plan_period_count(v->plan))
        return err_set(v->ctx, v->err, PAGU_OUT_OF_FRAME, "period %u is none of this plan's", period);
    pagu_column column = pagu_view_column(v->view, field, period);
    uint32_t n_rows = pagu_view_row_count(v->view);
    for (uint32_t i = 0; i < v->n; i++) {
        if (v->rows[i] >= n_rows)
            return err_set(v->ctx, v->err, PAGU_UNKNOWN_KEY, "row %u is none of this view's", v->rows[i]);
        pagu_cell c = pagu_view_is_member(v->view, v->rows[i]) ? pagu_view_money(v->view, v->rows[i], column)
                                                               : (pagu_cell){ 0, PAGU_MISSING };
        out->u.whole[i] = c.value;
        out->state[i] = (uint8_t)c.state;
    }
    return PAGU_OK;
}

static pagu_code eval_literal(const eval *v, const pagu_expr *e, block *out)
{
    memset(out->state, PAGU_NUMBER, v->n);
    for (uint32_t i = 0; i < v->n; i++)
        if (e->type == EXPR_INTEGER)
            out->u.whole[i] = e->u.integer;
        else
            out->u.real[i] = pagu_decimal_to_double(e->u.decimal);
    return PAGU_OK;
}

/* ---- operators: the result replaces the left operand ---- */

static pagu_code overflow_at(const eval *v, uint32_t i)
{
    const char *key = key_or_null(v->view, v->rows[i]);
    return err_at(v->ctx, v->err, PAGU_OVERFLOW, key, NULL, "the expression exceeds the 64-bit range at %s",
                  key ? key : "?");
}

static bool both_known(block *a, const block *b, uint32_t i)
{
    bool known = a->state[i] != PAGU_MISSING && b->state[i] != PAGU_MISSING;
    a->state[i] = known ? PAGU_NUMBER : PAGU_MISSING;
    return known;
}

static bool whole_result(char op, int64_t a, int64_t b, int64_t *out)
{
    return op == '+'   ? !__builtin_add_overflow(a, b, out)
           : op == '-' ? !__builtin_sub_overflow(a, b, out)
                       : !__builtin_mul_overflow(a, b, out);
}

static pagu_code eval_whole(const eval *v, char op, block *a, const block *b)
{
    for (uint32_t i = 0; i < v->n; i++) {
        int64_t result = 0;
        if (both_known(a, b, i) && !whole_result(op, a->u.whole[i], b->u.whole[i], &result))
            return overflow_at(v, i);
        a->u.whole[i] = result;
    }
    return PAGU_OK;
}

/* Money × decimal, either way round: exact, then rounded once. */
static pagu_code eval_scaled(const eval *v, const pagu_expr *e, block *a, const block *b)
{
    bool money_first = e->u.of.a->type == EXPR_MONEY;
    pagu_decimal factor = money_first ? e->u.of.b->u.decimal : e->u.of.a->u.decimal;
    const block *money = money_first ? a : b;
    for (uint32_t i = 0; i < v->n; i++) {
        int64_t result = 0;
        if (both_known(a, b, i) && pagu_money_scale(money->u.whole[i], factor, 1, &result))
            return overflow_at(v, i);
        a->u.whole[i] = result;
    }
    return PAGU_OK;
}

static double real_of(const pagu_expr *e, const block *b, uint32_t i)
{
    return is_whole(e) ? (double)b->u.whole[i] : b->u.real[i];
}

/* Division by zero has no value: missing, not infinite. */
static pagu_code eval_real(const eval *v, const pagu_expr *e, block *a, const block *b)
{
    for (uint32_t i = 0; i < v->n; i++) {
        double x = real_of(e->u.of.a, a, i), y = real_of(e->u.of.b, b, i), result = 0;
        if (!both_known(a, b, i) || (e->op == '/' && y == 0))
            a->state[i] = PAGU_MISSING;
        else
            result = e->op == '+' ? x + y : e->op == '-' ? x - y : e->op == '*' ? x * y : x / y;
        if (!isfinite(result))
            return overflow_at(v, i);
        a->u.real[i] = result;
    }
    return PAGU_OK;
}

static int order_whole_decimal(int64_t a, pagu_decimal d)
{
    __int128 scaled = a;
    for (int i = 0; i < d.scale; i++)
        scaled *= 10;
    return (scaled > d.digits) - (scaled < d.digits);
}

/* Exact where the operands are: whole numbers and decimals. */
static int order_at(const pagu_expr *e, const block *a, const block *b, uint32_t i)
{
    const pagu_expr *x = e->u.of.a, *y = e->u.of.b;
    if (is_whole(x) && is_whole(y))
        return (a->u.whole[i] > b->u.whole[i]) - (a->u.whole[i] < b->u.whole[i]);
    if (is_whole(x) && y->type == EXPR_DECIMAL)
        return order_whole_decimal(a->u.whole[i], y->u.decimal);
    if (x->type == EXPR_DECIMAL && is_whole(y))
        return -order_whole_decimal(b->u.whole[i], x->u.decimal);
    double p = real_of(x, a, i), q = real_of(y, b, i);
    return (p > q) - (p < q);
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

static pagu_code eval_comparison(const eval *v, const pagu_expr *e, block *a, const block *b)
{
    /* mask shares memory with what is compared: byte i never overtakes number i */
    for (uint32_t i = 0; i < v->n; i++) {
        bool result = both_known(a, b, i) && holds(e->op, order_at(e, a, b, i));
        a->u.mask[i] = result;
    }
    memset(a->state, PAGU_NUMBER, v->n);
    return PAGU_OK;
}

static pagu_code eval_logic(const eval *v, char op, block *a, const block *b)
{
    for (uint32_t i = 0; i < v->n; i++)
        a->u.mask[i] = op == '~'   ? !a->u.mask[i]
                       : op == '&' ? a->u.mask[i] && b->u.mask[i]
                                   : a->u.mask[i] || b->u.mask[i];
    return PAGU_OK;
}

static pagu_code apply_operator(const eval *v, const pagu_expr *e, block *a, const block *b)
{
    switch (e->op) {
    case '&':
    case '|':
    case '~': return eval_logic(v, e->op, a, b);
    case '+':
    case '-':
    case '*':
    case '/':
        if (e->type == EXPR_NUMBER)
            return eval_real(v, e, a, b);
        if (is_whole(e->u.of.a) && is_whole(e->u.of.b))
            return eval_whole(v, e->op, a, b);
        return eval_scaled(v, e, a, b);
    default: return eval_comparison(v, e, a, b);
    }
}

/* Evaluate into stack[slot], using the blocks from there on. */
static pagu_code eval_block(const eval *v, const pagu_expr *e, uint32_t slot)
{
    block *a = &v->stack[slot], *b = &v->stack[slot + 1];
    if (e->op == EXPR_COLUMN)
        return eval_column(v, e, a);
    if (e->op == EXPR_LITERAL)
        return eval_literal(v, e, a);
    /* a shared subtree is evaluated each time it occurs: that may be often */
    if (pagu_ctx_interrupted(v->ctx))
        return err_set(v->ctx, v->err, PAGU_INTERRUPTED, "interrupted");
    pagu_code rc = eval_block(v, e->u.of.a, slot);
    if (!rc && e->u.of.b)
        rc = eval_block(v, e->u.of.b, slot + 1);
    return rc ? rc : apply_operator(v, e, a, b);
}

/* ---- entry ---- */

static pagu_expr_value value_at(const pagu_expr *e, const block *b, uint32_t i)
{
    pagu_expr_value value = { .state = (pagu_state)b->state[i] };
    if (e->type == EXPR_MASK) {
        value.mask = b->u.mask[i];
    } else if (value.state != PAGU_MISSING && is_whole(e)) {
        value.money = b->u.whole[i];
        value.number = (double)b->u.whole[i];
    } else if (value.state != PAGU_MISSING) {
        value.number = b->u.real[i];
    }
    return value;
}

pagu_code pagu_expr_eval(const pagu_expr *e, const pagu_view *view, const pagu_row *rows, size_t n,
                         pagu_expr_value *out, pagu_error *err)
{
    eval v = { .view = view, .plan = pagu_view_plan(view), .err = err };
    v.ctx = pagu_plan_ctx(v.plan);
    v.stack = mem_array(v.ctx, e->need, sizeof *v.stack);
    if (!v.stack)
        return err_memory(v.ctx, err);
    pagu_code rc = PAGU_OK;
    for (size_t start = 0; start < n && !rc; start += BLOCK) {
        v.rows = rows + start;
        v.n = n - start < BLOCK ? (uint32_t)(n - start) : BLOCK;
        rc = eval_block(&v, e, 0);
        for (uint32_t i = 0; i < v.n && !rc; i++)
            out[start + i] = value_at(e, v.stack, i);
    }
    mem_free(v.ctx, v.stack, e->need * sizeof *v.stack);
    return rc;
}

/* ---- assignment ---- */

typedef struct assignment {
    verb verb;
    const pagu_expr *e;
    const pagu_expr *divisor; /* whole / whole: the quotient is exact, so e is the dividend */
    pagu_expr_value values[BLOCK], divisors[BLOCK];
} assignment;

/* A number becomes money: rounded once, half away from zero. */
static pagu_code number_to_cell(const assignment *a, pagu_row row, double number, pagu_cell *out)
{
    const verb *v = &a->verb;
    const double exact = 9007199254740992.0; /* 2^53: beyond it a double skips whole numbers */
    if (!(fabs(number) < exact))
        return verb_fault(v, PAGU_OVERFLOW, row,
                          "the number at %s is beyond 2^53 and not exact; use whole money in the expression",
                          pagu_view_key(v->view, row));
    *out = (pagu_cell){ llround(number), PAGU_NUMBER };
    return PAGU_OK;
}

static pagu_code value_to_cell(const assignment *a, pagu_row row, uint32_t i, pagu_cell *out)
{
    const pagu_expr_value *value = &a->values[i], *divisor = &a->divisors[i];
    *out = (pagu_cell){ 0, PAGU_MISSING };
    if (value->state == PAGU_MISSING)
        return PAGU_OK;
    if (a->divisor) {
        if (divisor->state == PAGU_MISSING || divisor->money == 0)
            return PAGU_OK;
        out->state = PAGU_NUMBER;
        if (pagu_muldiv(value->money, 1, divisor->money, &out->value))
            return verb_fault(&a->verb, PAGU_OVERFLOW, row, "the expression exceeds the 64-bit range at %s",
                              pagu_view_key(a->verb.view, row));
        return PAGU_OK;
    }
    if (!is_whole(a->e))
        return number_to_cell(a, row, value->number, out);
    *out = (pagu_cell){ value->money, value->state };
    return PAGU_OK;
}

static pagu_code assign_block(assignment *a, const pagu_row *rows, uint32_t n, changes *c)
{
    const verb *v = &a->verb;
    pagu_code rc = pagu_expr_eval(a->e, v->view, rows, n, a->values, v->err);
    if (!rc && a->divisor)
        rc = pagu_expr_eval(a->divisor, v->view, rows, n, a->divisors, v->err);
    for (uint32_t i = 0; i < n && !rc; i++) {
        pagu_cell cell;
        rc = value_to_cell(a, rows[i], i, &cell);
        if (!rc)
            changes_add(c, rows[i], pagu_view_money(v->view, rows[i], v->column), cell, 0);
    }
    return rc;
}

/* The members of a selection, which must all be lines. */
static pagu_code lines_of(const verb *v, const pagu_selection *at, pagu_row *rows, uint32_t *n)
{
    uint32_t n_rows = pagu_view_row_count(v->view);
    *n = 0;
    for (uint32_t i = 0; i < pagu_selection_count(at); i++) {
        pagu_row row = pagu_selection_rows(at)[i];
        if (row >= n_rows || !pagu_view_is_member(v->view, row))
            continue;
        if (!pagu_view_is_leaf(v->view, row))
            return verb_fault(v, PAGU_WRONG_LEVEL, row,
                              "%s is a sum; select the lines below it, or spread a total over it",
                              pagu_view_key(v->view, row));
        rows[(*n)++] = row;
    }
    return PAGU_OK;
}

static pagu_code assign(assignment *a, const pagu_selection *at, arena *mem, const pagu_note *note)
{
    const verb *v = &a->verb;
    if (!at)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "%s needs a place: at is missing", v->name);
    if (a->e->type == EXPR_MASK)
        return verb_fault(v, PAGU_ARGUMENT, PAGU_NO_ROW,
                          "a mask is no amount and cannot be assigned; use it to select rows");
    changes c;
    uint32_t n = pagu_selection_count(at);
    pagu_row *rows = arena_alloc(mem, n * sizeof *rows);
    if (!rows || !changes_init(&c, mem, n, false))
        return err_memory(v->ctx, v->err);
    pagu_code rc = lines_of(v, at, rows, &n);
    if (a->e->op == '/' && is_whole(a->e->u.of.a) && is_whole(a->e->u.of.b)) {
        a->divisor = a->e->u.of.b;
        a->e = a->e->u.of.a;
    }
    for (uint32_t start = 0; start < n && !rc; start += BLOCK)
        rc = assign_block(a, rows + start, n - start < BLOCK ? n - start : BLOCK, &c);
    return rc ? rc : verb_apply(v, &c, false, note, NULL);
}

pagu_code pagu_expr_assign(pagu_scenario *s, const pagu_selection *at, pagu_column column, const pagu_expr *e,
                           const pagu_note *note, pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    assignment *a = mem_zalloc(ctx, sizeof *a);
    if (!a)
        return err_memory(ctx, err);
    arena mem;
    arena_init(&mem, ctx);
    a->e = e;
    pagu_code rc = verb_begin(&a->verb, "assign", s, column, err);
    if (!rc)
        rc = assign(a, at, &mem, note);
    arena_free(&mem);
    mem_free(ctx, a, sizeof *a);
    return rc;
}
