/* expr_type.c - types of expressions.
 * SPDX-License-Identifier: MIT */
#include "calc/expr_type.h"

static bool is_comparison(char op)
{
    return strchr("><=gl!", op) != NULL;
}

static expr_type type_of_sum(const pagu_expr *a, const pagu_expr *b)
{
    bool whole = is_whole(a) && is_whole(b), money = a->type == EXPR_MONEY || b->type == EXPR_MONEY;
    return !whole ? EXPR_NUMBER : money ? EXPR_MONEY : EXPR_INTEGER;
}

static pagu_code type_of_product(pagu_ctx *ctx, const pagu_expr *a, const pagu_expr *b, expr_type *out, pagu_error *err)
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

/* Texts are equal or not; nothing else is done with them. */
static pagu_code type_with_text(pagu_ctx *ctx, char op, const pagu_expr *a, const pagu_expr *b, expr_type *out,
                                pagu_error *err)
{
    *out = EXPR_MASK;
    bool texts = (a->type == EXPR_TEXT || a->op == EXPR_MEASURE) && (b->type == EXPR_TEXT || b->op == EXPR_MEASURE);
    if ((op == '=' || op == '!') && texts)
        return PAGU_OK;
    return err_set(ctx, err, PAGU_ARGUMENT, "\"%c\" does not work on text, which can only be equal to a text or not",
                   op);
}

pagu_code expr_type_of_operator(pagu_ctx *ctx, char op, const pagu_expr *a, const pagu_expr *b, expr_type *out,
                                pagu_error *err)
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
    if (a->type == EXPR_TEXT || b->type == EXPR_TEXT)
        return type_with_text(ctx, op, a, b, out, err);
    *out = is_comparison(op) ? EXPR_MASK : EXPR_NUMBER;
    if (op == '+' || op == '-')
        *out = type_of_sum(a, b);
    return op == '*' ? type_of_product(ctx, a, b, out, err) : PAGU_OK;
}

static bool is_amount(const pagu_expr *e)
{
    return e->type != EXPR_MASK && e->type != EXPR_TEXT;
}

/* The type that holds either of two values. */
static pagu_code type_of_choice(pagu_ctx *ctx, const pagu_expr *a, const pagu_expr *b, expr_type *out, pagu_error *err)
{
    if (is_amount(a) != is_amount(b) || (!is_amount(a) && a->type != b->type))
        return err_set(ctx, err, PAGU_ARGUMENT, "the values to choose from are of different kinds");
    *out = is_amount(a) ? type_of_sum(a, b) : (expr_type)a->type;
    return PAGU_OK;
}

static pagu_code type_of_rounding(pagu_ctx *ctx, const pagu_expr *a, const pagu_expr *unit, expr_type *out,
                                  pagu_error *err)
{
    bool positive = is_literal(unit) && (unit->type == EXPR_INTEGER ? unit->u.integer > 0 : unit->u.decimal.digits > 0);
    if (!positive)
        return err_set(ctx, err, PAGU_ARGUMENT, "round takes a unit above 0 that is written out, as in round(x, 1000)");
    if (is_whole(a) && unit->type != EXPR_INTEGER)
        return err_set(ctx, err, PAGU_ARGUMENT, "money is rounded to a whole unit, as in round(x, 1000)");
    *out = is_whole(a) ? (expr_type)a->type : EXPR_NUMBER;
    return PAGU_OK;
}

pagu_code expr_type_of_function(pagu_ctx *ctx, char op, const pagu_expr *a, const pagu_expr *b, const pagu_expr *c,
                                expr_type *out, pagu_error *err)
{
    if (op == EXPR_IF) {
        if (a->type != EXPR_MASK)
            return err_set(ctx, err, PAGU_ARGUMENT, "the first value of if is a condition, such as budget > 0");
        return type_of_choice(ctx, b, c, out, err);
    }
    if (op == EXPR_ELSE)
        return type_of_choice(ctx, a, b, out, err);
    if (op == EXPR_PRESENT) {
        *out = EXPR_MASK;
        return PAGU_OK;
    }
    if (!is_amount(a) || (b && !is_amount(b)))
        return err_set(ctx, err, PAGU_ARGUMENT, "this function works on amounts, not on conditions or text");
    if (op == EXPR_ROUND)
        return type_of_rounding(ctx, a, b, out, err);
    *out = op == EXPR_TO_MONEY ? EXPR_MONEY : b ? type_of_sum(a, b) : is_whole(a) ? (expr_type)a->type : EXPR_NUMBER;
    return PAGU_OK;
}

pagu_code expr_type_of_aggregate(pagu_ctx *ctx, aggregate_kind kind, const expr_scope *scope, const pagu_expr *body,
                                 expr_type *out, pagu_error *err)
{
    *out = EXPR_INTEGER;
    if (kind == AGGREGATE_COUNT)
        return scope->kind == SCOPE_CLASSES && body
                   ? err_set(ctx, err, PAGU_ARGUMENT, "classes hold no values: count them without a condition")
                   : PAGU_OK;
    if (scope->kind == SCOPE_CLASSES || !body)
        return err_set(ctx, err, PAGU_ARGUMENT, "classes hold no values: they can only be counted");
    if (!is_amount(body))
        return err_set(ctx, err, PAGU_ARGUMENT, "this function works on amounts, not on conditions or text");
    if (kind == AGGREGATE_SUM && scope->kind == SCOPE_NODES && body->type == EXPR_MONEY)
        return err_set(ctx, err, PAGU_ARGUMENT,
                       "money of all nodes would count twice; sum it over lines, or one level");
    *out = kind == AGGREGATE_MEAN ? EXPR_NUMBER : is_whole(body) ? (expr_type)body->type : EXPR_NUMBER;
    return PAGU_OK;
}
