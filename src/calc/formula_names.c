/* formula_names.c - names in formulas: fields with stage and period, functions, metadata.
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

#include <stdio.h>

/* ---- meta.year, meta.strategic.start ---- */

static pagu_code read_dotted(formula_parser *p, char *name, size_t size)
{
    size_t used = 0;
    pagu_code rc = PAGU_OK;
    name[0] = '\0';
    while (!rc && token_is(&p->now, '.')) {
        rc = formula_advance(p);
        if (rc)
            return rc;
        if (p->now.kind != TOKEN_NAME || used + p->now.n + 2 > size)
            return formula_fault(p, p->now.at, PAGU_SYNTAX, "a name is expected after the point, as in meta.year");
        used += (size_t)snprintf(name + used, size - used, "%s%.*s", used ? "." : "", (int)p->now.n, p->now.s);
        rc = formula_advance(p);
    }
    return rc;
}

static bool frame_number(const pagu_plan *plan, const char *name, int *out)
{
    const struct {
        const char *name;
        int value;
    } numbers[] = {
        { "year", plan->year },
        { "first_year", plan->first_year },
        { "last_year", plan->last_year },
        { "decimals", plan->decimals },
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        if (str_eq(name, numbers[i].name)) {
            *out = numbers[i].value;
            return true;
        }
    return false;
}

/* A number where the text is a plain one, else a text. */
static pagu_code parse_meta(formula_parser *p, uint32_t at, pagu_expr **out)
{
    char name[64];
    int number;
    pagu_decimal d;
    pagu_code rc = read_dotted(p, name, sizeof name);
    if (rc)
        return rc;
    if (!*name)
        return formula_fault(p, p->now.at, PAGU_SYNTAX, "a name is expected after the point, as in meta.year");
    if (frame_number(p->plan, name, &number))
        return pagu_expr_integer(p->ctx, number, out, p->err);
    const char *value = pagu_plan_meta(p->plan, name);
    if (!value || str_eq(name, "descriptor"))
        return formula_fault(p, at, PAGU_NOT_FOUND, "the plan says nothing about meta.%s", name);
    if (pagu_decimal_parse(value, strlen(value), &d) == PAGU_OK)
        return pagu_expr_decimal(p->ctx, d, out, p->err);
    return pagu_expr_text(p->ctx, value, out, p->err);
}

/* ---- field@stage[period] ---- */

static pagu_code parse_stage(formula_parser *p, pagu_stage *out)
{
    char id[96];
    pagu_code rc = formula_advance(p);
    if (rc)
        return rc;
    token t = p->now;
    if ((t.kind != TOKEN_NAME && t.kind != TOKEN_TEXT) || !token_copy(&t, id, sizeof id))
        return formula_fault(p, t.at, PAGU_SYNTAX, "the id of a stage is expected after @, as in budget@need");
    rc = pagu_plan_find_stage(p->plan, id, out, p->err);
    return rc ? formula_place(p, t.at, rc) : formula_advance(p);
}

/* Stage and period, each at most once, in either order. */
static pagu_code parse_suffixes(formula_parser *p, pagu_stage *stage, expr_period *period)
{
    bool has_period = false;
    pagu_code rc = PAGU_OK;
    while (!rc) {
        if (token_is(&p->now, '@') && *stage == PAGU_NONE) {
            rc = parse_stage(p, stage);
        } else if (token_is(&p->now, '[') && !has_period) {
            has_period = true;
            rc = formula_period(p, period);
        } else {
            break;
        }
    }
    return rc;
}

static pagu_code parse_field(formula_parser *p, const token *name, pagu_expr **out)
{
    char id[96];
    pagu_field field;
    pagu_stage stage = PAGU_NONE;
    expr_period period = { .kind = EXPR_PERIOD_OWN };
    if (!token_copy(name, id, sizeof id))
        return formula_fault(p, name->at, PAGU_UNKNOWN_FIELD, "no field has so long a name");
    pagu_code rc = pagu_find_field(p->plan, id, &field, p->err);
    if (!rc && p->need)
        rc = p->need(p->ud, field, p->err);
    if (rc)
        return formula_place(p, name->at, rc);
    rc = parse_suffixes(p, &stage, &period);
    if (rc)
        return rc;
    rc = expr_field(p->plan, field, stage, period, out, p->err);
    return rc ? formula_place(p, name->at, rc) : PAGU_OK;
}

pagu_code formula_name(formula_parser *p, pagu_expr **out)
{
    token name = p->now;
    pagu_code rc = formula_advance(p);
    *out = NULL;
    if (rc)
        return rc;
    if (token_is(&p->now, '('))
        return formula_call(p, &name, out);
    if (token_is_word(&name, "meta") && token_is(&p->now, '.'))
        return parse_meta(p, name.at, out);
    return parse_field(p, &name, out);
}
