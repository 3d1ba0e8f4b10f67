/* expr_assign.c - assigning a column of money to lines, as one journaled edit.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"
#include "calc/verb.h"

#include <math.h>

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
