/* expr.c - column expressions: trees and their types.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"

enum { MOST_HEIGHT = 2000 }; /* evaluation and release recurse */

static pagu_code expr_new(pagu_ctx *ctx, char op, expr_type type, pagu_expr **out, pagu_error *err)
{
    pagu_expr *e = mem_zalloc(ctx, sizeof *e);
    if (!e)
        return err_memory(ctx, err);
    atomic_init(&e->refs, 1);
    e->ctx = ctx;
    e->op = op;
    e->type = type;
    e->height = e->need = 1;
    *out = e;
    return PAGU_OK;
}

pagu_code pagu_expr_column(pagu_ctx *ctx, pagu_field field, pagu_period period, pagu_expr **out, pagu_error *err)
{
    pagu_code rc = expr_new(ctx, EXPR_COLUMN, EXPR_MONEY, out, err);
    if (!rc) {
        (*out)->u.column.field = field;
        (*out)->u.column.period = period;
    }
    return rc;
}

pagu_code pagu_expr_integer(pagu_ctx *ctx, int64_t value, pagu_expr **out, pagu_error *err)
{
    pagu_code rc = expr_new(ctx, EXPR_LITERAL, EXPR_INTEGER, out, err);
    if (!rc)
        (*out)->u.integer = value;
    return rc;
}

pagu_code pagu_expr_decimal(pagu_ctx *ctx, pagu_decimal value, pagu_expr **out, pagu_error *err)
{
    if (value.scale > 18)
        return err_set(ctx, err, PAGU_ARGUMENT, "a decimal has at most 18 digits behind the point, not %u",
                       value.scale);
    while (value.scale > 0 && value.digits % 10 == 0) {
        value.digits /= 10;
        value.scale--;
    }
    if (value.scale == 0)
        return pagu_expr_integer(ctx, value.digits, out, err);
    pagu_code rc = expr_new(ctx, EXPR_LITERAL, EXPR_DECIMAL, out, err);
    if (!rc)
        (*out)->u.decimal = value;
    return rc;
}

/* ---- types ---- */

static bool is_comparison(char op)
{
    return op != '\0' && strchr("><=gl!", op) != NULL;
}

static pagu_code type_of_sum(pagu_expr *a, pagu_expr *b, expr_type *out)
{
    bool whole = is_whole(a) && is_whole(b), money = a->type == EXPR_MONEY || b->type == EXPR_MONEY;
    *out = !whole ? EXPR_NUMBER : money ? EXPR_MONEY : EXPR_INTEGER;
    return PAGU_OK;
}

static pagu_code type_of_product(pagu_ctx *ctx, pagu_expr *a, pagu_expr *b, expr_type *out, pagu_error *err)
{
    bool money_a = a->type == EXPR_MONEY, money_b = b->type == EXPR_MONEY;
    if (money_a && money_b)
        return err_set(ctx, err, PAGU_ARGUMENT, "money times money has no meaning; divide them for a ratio");
    bool scaled = (money_a && b->type == EXPR_DECIMAL) || (money_b && a->type == EXPR_DECIMAL);
    *out = scaled                         ? EXPR_MONEY
           : !is_whole(a) || !is_whole(b) ? EXPR_NUMBER
           : money_a || money_b           ? EXPR_MONEY
                                          : EXPR_INTEGER;
    return PAGU_OK;
}

static pagu_code type_of(pagu_ctx *ctx, char op, pagu_expr *a, pagu_expr *b, expr_type *out, pagu_error *err)
{
    bool mask_a = a->type == EXPR_MASK, mask_b = b && b->type == EXPR_MASK;
    if (op == '&' || op == '|' || op == '~') {
        *out = EXPR_MASK;
        if (mask_a && (mask_b || op == '~'))
            return PAGU_OK;
        return err_set(ctx, err, PAGU_ARGUMENT, "\"%c\" combines masks, which comparisons make, not amounts", op);
    }
    if (mask_a || mask_b)
        return err_set(ctx, err, PAGU_ARGUMENT, "\"%c\" works on amounts, not on masks; combine masks with & | ~", op);
    if (is_comparison(op)) {
        *out = EXPR_MASK;
        return PAGU_OK;
    }
    *out = EXPR_NUMBER;
    if (op == '+' || op == '-')
        return type_of_sum(a, b, out);
    return op == '*' ? type_of_product(ctx, a, b, out, err) : PAGU_OK;
}

static void retain(pagu_expr *e)
{
    if (e)
        atomic_fetch_add_explicit(&e->refs, 1, memory_order_relaxed);
}

pagu_code pagu_expr_binary(pagu_ctx *ctx, char op, pagu_expr *a, pagu_expr *b, pagu_expr **out, pagu_error *err)
{
    if (op == '\0' || !strchr("+-*/><=gl!&|~", op) || !a || (!b && op != '~'))
        return err_set(ctx, err, PAGU_ARGUMENT, "unknown operator \"%c\", or an operand is missing", op ? op : '?');
    if (op == '~')
        b = NULL;
    expr_type type;
    pagu_code rc = type_of(ctx, op, a, b, &type, err);
    if (rc)
        return rc;
    uint32_t height = b && b->height > a->height ? b->height : a->height;
    uint32_t need = b && b->need + 1 > a->need ? b->need + 1u : a->need;
    if (height >= MOST_HEIGHT)
        return err_set(ctx, err, PAGU_LIMIT, "an expression may be %d operations deep; assign a part of it first",
                       MOST_HEIGHT);
    rc = expr_new(ctx, op, type, out, err);
    if (rc)
        return rc;
    (*out)->height = (uint16_t)(height + 1);
    (*out)->need = (uint16_t)need;
    (*out)->u.of.a = a;
    (*out)->u.of.b = b;
    retain(a);
    retain(b);
    return PAGU_OK;
}

void pagu_expr_release(pagu_expr *e)
{
    if (!e || atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (e->op != EXPR_COLUMN && e->op != EXPR_LITERAL) {
        pagu_expr_release(e->u.of.a);
        pagu_expr_release(e->u.of.b);
    }
    mem_free(e->ctx, e, sizeof *e);
}

pagu_expr_type pagu_expr_kind(const pagu_expr *e)
{
    return is_whole(e) ? PAGU_EXPR_MONEY : e->type == EXPR_MASK ? PAGU_EXPR_MASK : PAGU_EXPR_NUMBER;
}
