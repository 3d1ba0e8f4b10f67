/* expr.c - column expressions: trees.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"
#include "calc/expr_type.h"

enum { MOST_HEIGHT = 2000 }; /* evaluation and release recurse */

static pagu_code expr_new(pagu_ctx *ctx, char op, expr_type type, pagu_expr **out, pagu_error *err)
{
    pagu_expr *e = mem_zalloc(ctx, sizeof *e);
    if (!e)
        return err_memory(ctx, err);
    atomic_init(&e->refs, 1);
    e->ctx = ctx;
    e->op = op;
    e->type = (uint8_t)type;
    e->height = e->need = 1;
    e->cost = 1;
    *out = e;
    return PAGU_OK;
}

/* ---- leaves ---- */

pagu_code pagu_expr_column(pagu_ctx *ctx, pagu_field field, pagu_period period, pagu_expr **out, pagu_error *err)
{
    pagu_code rc = expr_new(ctx, EXPR_COLUMN, EXPR_MONEY, out, err);
    if (!rc) {
        (*out)->u.column.field = field;
        (*out)->u.column.stage = PAGU_NONE;
        (*out)->u.column.period = (expr_period){ EXPR_PERIOD_FIXED, 0, period };
    }
    return rc;
}

static expr_type type_of_result(pagu_expr_type type)
{
    switch (type) {
    case PAGU_EXPR_MONEY: return EXPR_MONEY;
    case PAGU_EXPR_MASK: return EXPR_MASK;
    case PAGU_EXPR_TEXT: return EXPR_TEXT;
    default: return EXPR_NUMBER;
    }
}

/* A tree whose open periods are `period`. A literal is itself, so that money times it is exact. */
static pagu_code wrap(pagu_ctx *ctx, pagu_expr *body, pagu_field field, expr_period period, pagu_expr **out,
                      pagu_error *err)
{
    if (is_literal(body)) {
        *out = body;
        pagu_expr_retain(body);
        return PAGU_OK;
    }
    pagu_code rc = expr_new(ctx, EXPR_FORMULA, body->type, out, err);
    if (rc)
        return rc;
    pagu_expr *e = *out;
    e->height = (uint16_t)(body->height + 1);
    e->need = body->need;
    e->cost = body->cost + 1;
    e->needs_indicators = body->needs_indicators;
    e->u.formula.body = body;
    e->u.formula.field = field;
    e->u.formula.period = period;
    pagu_expr_retain(body);
    return PAGU_OK;
}

pagu_code pagu_expr_at(pagu_ctx *ctx, pagu_expr *e, pagu_period period, pagu_expr **out, pagu_error *err)
{
    if (e->height >= MOST_HEIGHT)
        return err_set(ctx, err, PAGU_LIMIT, "an expression may be %d operations deep; assign a part of it first",
                       MOST_HEIGHT);
    return wrap(ctx, e, PAGU_NONE, (expr_period){ EXPR_PERIOD_FIXED, 0, period }, out, err);
}

/* A formula's tree stands for its field. */
static pagu_code refer_to_formula(pagu_plan *plan, pagu_field field, expr_period period, pagu_expr **out,
                                  pagu_error *err)
{
    const plan_formula *f = derived_formula(plan, field);
    pagu_expr *body = f->compiled;
    if (!body)
        return err_at(plan->ctx, err, PAGU_UNKNOWN_FIELD, NULL, f->id, "field \"%s\" has a formula that was not read",
                      f->id);
    return wrap(plan->ctx, body, field, period, out, err);
}

pagu_code expr_field(pagu_plan *plan, pagu_field field, pagu_stage stage, expr_period period, pagu_expr **out,
                     pagu_error *err)
{
    const derived_field *built_in = derived_builtin(field);
    bool stored = field < plan->n_fields;
    if (!stored && !built_in && !derived_formula(plan, field))
        return err_set(plan->ctx, err, PAGU_UNKNOWN_FIELD, "field %u is none of this plan's", field);
    if (!stored && stage != PAGU_NONE)
        return err_set(plan->ctx, err, PAGU_ARGUMENT, "\"%s\" is computed: it has no values in a stage of its own",
                       pagu_field_describe(plan, field).id);
    if (!stored && !built_in)
        return refer_to_formula(plan, field, period, out, err);
    bool measure = stored && plan->fields[field].kind == PAGU_FIELD_MEASURE;
    char op = built_in ? EXPR_BUILTIN : measure ? EXPR_MEASURE : EXPR_COLUMN;
    expr_type type = built_in ? type_of_result(built_in->type) : measure ? EXPR_NUMBER : EXPR_MONEY;
    pagu_code rc = expr_new(plan->ctx, op, type, out, err);
    if (rc)
        return rc;
    (*out)->u.column.field = field;
    (*out)->u.column.stage = stage;
    (*out)->u.column.period = period;
    (*out)->needs_indicators = measure || (built_in && built_in->needs_indicators);
    if (built_in)
        (*out)->need = (uint16_t)(1 + built_in->scratch);
    return PAGU_OK;
}

pagu_code pagu_expr_field(pagu_plan *plan, pagu_field field, pagu_period period, pagu_expr **out, pagu_error *err)
{
    expr_period p = { period == PAGU_NONE ? EXPR_PERIOD_OWN : EXPR_PERIOD_FIXED, 0, period };
    if (period != PAGU_NONE && period >= plan->n_periods)
        return err_set(plan->ctx, err, PAGU_OUT_OF_FRAME, "period %u is none of this plan's", period);
    return expr_field(plan, field, PAGU_NONE, p, out, err);
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

pagu_code pagu_expr_text(pagu_ctx *ctx, const char *text, pagu_expr **out, pagu_error *err)
{
    size_t bytes = strlen(text) + 1;
    char *s = mem_alloc(ctx, bytes);
    if (!s)
        return err_memory(ctx, err);
    memcpy(s, text, bytes);
    pagu_code rc = expr_new(ctx, EXPR_WORDS, EXPR_TEXT, out, err);
    if (rc) {
        mem_free(ctx, s, bytes);
        return rc;
    }
    (*out)->u.text.s = s;
    (*out)->u.text.bytes = bytes;
    return PAGU_OK;
}

/* ---- inner nodes ---- */

/* Operand k stays while those before it are kept: k blocks more. */
static void measure_operand(pagu_expr *e, pagu_expr *operand, unsigned k)
{
    if (!operand)
        return;
    pagu_expr_retain(operand);
    e->height = operand->height >= e->height ? (uint16_t)(operand->height + 1) : e->height;
    e->need = operand->need + k > e->need ? (uint16_t)(operand->need + k) : e->need;
    e->cost = operand->cost > UINT32_MAX - e->cost ? UINT32_MAX : e->cost + operand->cost;
    e->needs_indicators |= operand->needs_indicators;
}

static pagu_code new_inner(pagu_ctx *ctx, char op, expr_type type, pagu_expr *const of[3], pagu_expr **out,
                           pagu_error *err)
{
    for (int k = 0; k < 3; k++)
        if (of[k] && of[k]->height >= MOST_HEIGHT)
            return err_set(ctx, err, PAGU_LIMIT, "an expression may be %d operations deep; assign a part of it first",
                           MOST_HEIGHT);
    pagu_code rc = expr_new(ctx, op, type, out, err);
    if (rc)
        return rc;
    for (unsigned k = 0; k < 3; k++)
        measure_operand(*out, of[k], k);
    (*out)->u.of.a = of[0];
    (*out)->u.of.b = of[1];
    (*out)->u.of.c = of[2];
    return PAGU_OK;
}

pagu_code pagu_expr_binary(pagu_ctx *ctx, char op, pagu_expr *a, pagu_expr *b, pagu_expr **out, pagu_error *err)
{
    if (op == '\0' || !strchr("+-*/><=gl!&|~", op) || !a || (!b && op != '~'))
        return err_set(ctx, err, PAGU_ARGUMENT, "unknown operator \"%c\", or an operand is missing", op ? op : '?');
    expr_type type;
    pagu_code rc = expr_type_of_operator(ctx, op, a, op == '~' ? NULL : b, &type, err);
    return rc ? rc : new_inner(ctx, op, type, (pagu_expr *[3]){ a, op == '~' ? NULL : b, NULL }, out, err);
}

pagu_code expr_function(pagu_ctx *ctx, char op, pagu_expr *a, pagu_expr *b, pagu_expr *c, pagu_expr **out,
                        pagu_error *err)
{
    expr_type type;
    pagu_code rc = expr_type_of_function(ctx, op, a, b, c, &type, err);
    return rc ? rc : new_inner(ctx, op, type, (pagu_expr *[3]){ a, b, c }, out, err);
}

pagu_code expr_aggregate(pagu_ctx *ctx, aggregate_kind kind, const expr_scope *scope, pagu_expr *body, pagu_expr **out,
                         pagu_error *err)
{
    expr_type type;
    pagu_code rc = expr_type_of_aggregate(ctx, kind, scope, body, &type, err);
    if (!rc)
        rc = expr_new(ctx, EXPR_AGGREGATE, type, out, err);
    if (rc) {
        mem_free(ctx, scope->key, scope->key_bytes);
        return rc;
    }
    pagu_expr *e = *out;
    measure_operand(e, body, 1);
    e->needs_indicators = false; /* the rows of the scope find their own */
    e->u.aggregate.kind = kind;
    e->u.aggregate.scope = *scope;
    e->u.aggregate.body = body;
    return PAGU_OK;
}

/* ---- life ---- */

void pagu_expr_retain(pagu_expr *e)
{
    if (e)
        atomic_fetch_add_explicit(&e->refs, 1, memory_order_relaxed);
}

static void release_parts(pagu_expr *e)
{
    switch (e->op) {
    case EXPR_COLUMN:
    case EXPR_MEASURE:
    case EXPR_BUILTIN:
    case EXPR_LITERAL: break;
    case EXPR_WORDS: mem_free(e->ctx, e->u.text.s, e->u.text.bytes); break;
    case EXPR_FORMULA: pagu_expr_release(e->u.formula.body); break;
    case EXPR_AGGREGATE:
        pagu_expr_release(e->u.aggregate.body);
        mem_free(e->ctx, e->u.aggregate.scope.key, e->u.aggregate.scope.key_bytes);
        break;
    default:
        pagu_expr_release(e->u.of.a);
        pagu_expr_release(e->u.of.b);
        pagu_expr_release(e->u.of.c);
    }
}

void pagu_expr_release(pagu_expr *e)
{
    if (!e || atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) != 1)
        return;
    release_parts(e);
    mem_free(e->ctx, e, sizeof *e);
}

pagu_expr_type pagu_expr_kind(const pagu_expr *e)
{
    return e->type == EXPR_MONEY     ? PAGU_EXPR_MONEY
           : e->type == EXPR_INTEGER ? PAGU_EXPR_INTEGER
           : e->type == EXPR_MASK    ? PAGU_EXPR_MASK
           : e->type == EXPR_TEXT    ? PAGU_EXPR_TEXT
                                     : PAGU_EXPR_NUMBER;
}
