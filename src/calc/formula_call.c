/* formula_call.c - functions in formulas.
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

enum { MOST_OPERANDS = 32 };

/* The operands of a call, let go of by drop. */
typedef struct operands {
    pagu_expr *e[MOST_OPERANDS];
    unsigned n;
} operands;

static void drop(operands *o)
{
    for (unsigned i = 0; i < o->n; i++)
        pagu_expr_release(o->e[i]);
    o->n = 0;
}

/* Expressions up to and with ")". */
static pagu_code read_operands(formula_parser *p, operands *o)
{
    pagu_code rc = PAGU_OK;
    while (!rc) {
        if (o->n == MOST_OPERANDS)
            return formula_fault(p, p->now.at, PAGU_LIMIT, "a function takes at most %d values", MOST_OPERANDS);
        rc = formula_expression(p, &o->e[o->n]);
        if (rc)
            return rc;
        o->n++;
        if (!token_is(&p->now, ','))
            return formula_expect(p, ')');
        rc = formula_advance(p);
    }
    return rc;
}

/* ---- aggregates ---- */

static pagu_code parse_aggregate(formula_parser *p, uint32_t at, aggregate_kind kind, pagu_expr **out)
{
    expr_scope scope;
    pagu_expr *body = NULL;
    pagu_code rc = formula_scope(p, &scope);
    if (rc)
        return rc;
    if (token_is(&p->now, ',')) {
        rc = formula_advance(p);
        if (!rc)
            rc = formula_expression(p, &body);
    }
    if (!rc)
        rc = formula_expect(p, ')');
    if (rc) {
        mem_free(p->ctx, scope.key, scope.key_bytes);
        pagu_expr_release(body);
        return rc;
    }
    rc = expr_aggregate(p->ctx, kind, &scope, body, out, p->err);
    pagu_expr_release(body);
    return rc ? formula_place(p, at, rc) : PAGU_OK;
}

/* ---- functions of values ---- */

static const struct function {
    const char *name;
    char op;
    unsigned least, most;
} functions[] = {
    { "if", EXPR_IF, 3, 3 },       { "default", EXPR_ELSE, 2, MOST_OPERANDS }, { "present", EXPR_PRESENT, 1, 1 },
    { "abs", EXPR_ABS, 1, 1 },     { "min", EXPR_LEAST, 2, MOST_OPERANDS },    { "max", EXPR_MOST, 2, MOST_OPERANDS },
    { "round", EXPR_ROUND, 1, 2 }, { "money", EXPR_TO_MONEY, 1, 1 },
};

static const struct function *find_function(const token *name)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (token_is_word(name, functions[i].name))
            return &functions[i];
    return NULL;
}

/* min(a, b, c) is min(min(a, b), c). */
static pagu_code chain(formula_parser *p, char op, operands *o, pagu_expr **out)
{
    pagu_code rc = PAGU_OK;
    for (unsigned i = 1; i < o->n && !rc; i++) {
        pagu_expr *made = NULL;
        rc = expr_function(p->ctx, op, o->e[0], o->e[i], NULL, &made, p->err);
        if (!rc) {
            pagu_expr_release(o->e[0]);
            o->e[0] = made;
        }
    }
    if (!rc) {
        *out = o->e[0];
        pagu_expr_retain(*out);
    }
    return rc;
}

static pagu_code add_unit(formula_parser *p, operands *o)
{
    if (o->n == 2)
        return PAGU_OK;
    pagu_code rc = pagu_expr_integer(p->ctx, 1, &o->e[1], p->err);
    o->n += !rc;
    return rc;
}

static pagu_code make_call(formula_parser *p, const struct function *f, operands *o, pagu_expr **out)
{
    pagu_code rc = f->op == EXPR_ROUND ? add_unit(p, o) : PAGU_OK;
    if (rc)
        return rc;
    if (f->most == MOST_OPERANDS)
        return chain(p, f->op, o, out);
    return expr_function(p->ctx, f->op, o->e[0], o->n > 1 ? o->e[1] : NULL, o->n > 2 ? o->e[2] : NULL, out, p->err);
}

static pagu_code parse_function(formula_parser *p, uint32_t at, const struct function *f, pagu_expr **out)
{
    operands o = { .n = 0 };
    pagu_code rc = read_operands(p, &o);
    if (!rc && (o.n < f->least || o.n > f->most))
        rc = formula_fault(p, at, PAGU_ARGUMENT, "%s takes %u values or more, at most %u; it has %u", f->name, f->least,
                           f->most, o.n);
    else if (!rc) {
        rc = make_call(p, f, &o, out);
        rc = rc ? formula_place(p, at, rc) : PAGU_OK;
    }
    drop(&o);
    return rc;
}

/* ---- entry ---- */

static bool is_aggregate(const formula_parser *p, const token *name, aggregate_kind *kind)
{
    static const char *const names[] = { "sum", "count", "min", "max", "mean" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (token_is_word(name, names[i])) {
            *kind = (aggregate_kind)i;
            return (*kind != AGGREGATE_MIN && *kind != AGGREGATE_MAX) || formula_is_scope(p, &p->now);
        }
    return false;
}

pagu_code formula_call(formula_parser *p, const token *name, pagu_expr **out)
{
    aggregate_kind kind;
    const struct function *f = find_function(name);
    pagu_code rc = formula_advance(p);
    if (rc)
        return rc;
    if (is_aggregate(p, name, &kind))
        return parse_aggregate(p, name->at, kind, out);
    if (f)
        return parse_function(p, name->at, f, out);
    return formula_fault(p, name->at, PAGU_SYNTAX,
                         "there is no function \"%s\"; there are sum, count, min, max, mean, if, default, present, "
                         "abs, round, money",
                         token_str(p, name).s);
}
