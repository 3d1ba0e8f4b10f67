/* formula_parse.c - formulas as text: operators, numbers, brackets.
 *
 * What it makes is what pagu_expr_binary and its like make; precedence from weak to strong:
 * or, and, not, comparisons, + -, * /, sign.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

/* Join two sides and let go of them; `at` is the operator's place. */
static pagu_code join(formula_parser *p, uint32_t at, char op, pagu_expr *a, pagu_expr *b, pagu_expr **out)
{
    *out = NULL;
    pagu_code rc = pagu_expr_binary(p->ctx, op, a, b, out, p->err);
    pagu_expr_release(a);
    pagu_expr_release(b);
    return rc ? formula_place(p, at, rc) : PAGU_OK;
}

typedef pagu_code (*level_fn)(formula_parser *p, pagu_expr **out);

/* One level of operators that group from the left; which: the operator that now stands for, or 0. */
static pagu_code left_chain(formula_parser *p, level_fn below, char (*which)(const token *), pagu_expr **out)
{
    pagu_code rc = below(p, out);
    for (char op; !rc && (op = which(&p->now)) != '\0';) {
        pagu_expr *a = *out, *b = NULL;
        uint32_t at = p->now.at;
        rc = formula_advance(p);
        if (!rc)
            rc = below(p, &b);
        if (rc) {
            pagu_expr_release(a);
            *out = NULL;
        } else {
            rc = join(p, at, op, a, b, out);
        }
    }
    return rc;
}

/* ---- literals ---- */

static pagu_code parse_number(formula_parser *p, bool negative, pagu_expr **out)
{
    token t = p->now;
    pagu_decimal d;
    char text[48];
    pagu_code rc = token_copy(&t, text, sizeof text) ? pagu_decimal_parse(text, t.n, &d) : PAGU_BAD_NUMBER;
    if (rc)
        return formula_fault(p, t.at, PAGU_BAD_NUMBER, "the number has too many digits");
    rc = formula_advance(p);
    if (!rc && token_is(&p->now, '%')) {
        if (d.scale > 16)
            return formula_fault(p, t.at, PAGU_BAD_NUMBER, "the number has too many digits");
        d.scale += 2;
        rc = formula_advance(p);
    }
    if (negative)
        d.digits = -d.digits;
    return rc ? rc : pagu_expr_decimal(p->ctx, d, out, p->err);
}

static pagu_code parse_text(formula_parser *p, pagu_expr **out)
{
    char text[FORMULA_LENGTH + 1];
    token_copy(&p->now, text, sizeof text);
    pagu_code rc = formula_advance(p);
    return rc ? rc : pagu_expr_text(p->ctx, text, out, p->err);
}

/* ---- from strong to weak ---- */

static pagu_code parse_primary(formula_parser *p, pagu_expr **out)
{
    if (p->now.kind == TOKEN_NUMBER)
        return parse_number(p, false, out);
    if (p->now.kind == TOKEN_TEXT)
        return parse_text(p, out);
    if (p->now.kind == TOKEN_NAME)
        return formula_name(p, out);
    if (!token_is(&p->now, '('))
        return formula_fault(p, p->now.at, PAGU_SYNTAX, "a number, a field or \"(\" is expected, not %s",
                             token_str(p, &p->now).s);
    pagu_code rc = formula_advance(p);
    if (!rc)
        rc = formula_expression(p, out);
    if (rc)
        return rc;
    rc = formula_expect(p, ')');
    if (rc) {
        pagu_expr_release(*out);
        *out = NULL;
    }
    return rc;
}

static pagu_code too_deep(formula_parser *p)
{
    return formula_fault(p, p->now.at, PAGU_LIMIT, "brackets and signs may stand %d deep", FORMULA_DEPTH);
}

static pagu_code parse_sign(formula_parser *p, pagu_expr **out)
{
    if (!token_is(&p->now, '-') && !token_is(&p->now, '+'))
        return parse_primary(p, out);
    token sign = p->now;
    pagu_expr *zero = NULL, *operand = NULL;
    if (p->depth >= FORMULA_DEPTH)
        return too_deep(p);
    p->depth++;
    pagu_code rc = formula_advance(p);
    if (!rc && token_is(&sign, '-') && p->now.kind == TOKEN_NUMBER) { /* -1.5 is a decimal too, and as exact */
        rc = parse_number(p, true, out);
        p->depth--;
        return rc;
    }
    if (!rc)
        rc = parse_sign(p, &operand);
    p->depth--;
    if (rc || token_is(&sign, '+')) {
        *out = operand;
        return rc;
    }
    rc = pagu_expr_integer(p->ctx, 0, &zero, p->err);
    if (rc) {
        pagu_expr_release(operand);
        return rc;
    }
    return join(p, sign.at, '-', zero, operand, out);
}

static char product_operator(const token *t)
{
    return token_is(t, '*') || token_is(t, '/') ? t->mark : '\0';
}

static pagu_code parse_product(formula_parser *p, pagu_expr **out)
{
    return left_chain(p, parse_sign, product_operator, out);
}

static char sum_operator(const token *t)
{
    return token_is(t, '+') || token_is(t, '-') ? t->mark : '\0';
}

static pagu_code parse_sum(formula_parser *p, pagu_expr **out)
{
    return left_chain(p, parse_product, sum_operator, out);
}

static char comparison(const token *t)
{
    return t->kind == TOKEN_MARK && strchr("<>=gl!", t->mark) ? t->mark : '\0';
}

static pagu_code parse_comparison(formula_parser *p, pagu_expr **out)
{
    return left_chain(p, parse_sum, comparison, out);
}

static pagu_code parse_not(formula_parser *p, pagu_expr **out)
{
    if (!token_is_word(&p->now, "not"))
        return parse_comparison(p, out);
    pagu_expr *operand = NULL;
    uint32_t at = p->now.at;
    if (p->depth >= FORMULA_DEPTH)
        return too_deep(p);
    p->depth++;
    pagu_code rc = formula_advance(p);
    if (!rc)
        rc = parse_not(p, &operand);
    p->depth--;
    return rc ? rc : join(p, at, '~', operand, NULL, out);
}

static char and_operator(const token *t)
{
    return token_is_word(t, "and") ? '&' : '\0';
}

static pagu_code parse_and(formula_parser *p, pagu_expr **out)
{
    return left_chain(p, parse_not, and_operator, out);
}

static char or_operator(const token *t)
{
    return token_is_word(t, "or") ? '|' : '\0';
}

pagu_code formula_expression(formula_parser *p, pagu_expr **out)
{
    *out = NULL;
    if (p->depth >= FORMULA_DEPTH)
        return too_deep(p);
    p->depth++;
    pagu_code rc = left_chain(p, parse_and, or_operator, out);
    p->depth--;
    return rc;
}

/* ---- entry ---- */

/* Formulas that name formulas may write out to more than anyone would wait for. */
static pagu_code check_size(formula_parser *p, const pagu_expr *e)
{
    if (e->cost <= EXPR_MOST_COST && e->need <= FORMULA_BLOCKS)
        return PAGU_OK;
    return formula_fault(p, 0, PAGU_LIMIT, "written out with the formulas it names, it has too many operations");
}

pagu_code formula_read(formula_parser *p, const char *text, pagu_expr **out)
{
    size_t len = strlen(text);
    *out = NULL;
    p->text = text;
    p->len = (uint32_t)(len > FORMULA_LENGTH ? 0 : len);
    p->next = p->depth = 0;
    if (len > FORMULA_LENGTH)
        return formula_fault(p, 0, PAGU_LIMIT, "a formula has at most %d bytes", FORMULA_LENGTH);
    pagu_code rc = formula_advance(p);
    if (!rc)
        rc = formula_expression(p, out);
    if (!rc && p->now.kind != TOKEN_END)
        rc = formula_fault(p, p->now.at, PAGU_SYNTAX, "an operator or the end is expected, not %s",
                           token_str(p, &p->now).s);
    if (!rc)
        rc = check_size(p, *out);
    if (rc) {
        pagu_expr_release(*out);
        *out = NULL;
    }
    return rc;
}

pagu_code pagu_expr_parse(pagu_ctx *ctx, pagu_plan *plan, const char *text, pagu_expr **out, pagu_error *err)
{
    pagu_error own = { .code = PAGU_OK };
    formula_parser p = { .ctx = ctx, .plan = plan, .err = err ? err : &own };
    return formula_read(&p, text, out);
}
