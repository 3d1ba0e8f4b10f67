/* explain_formula.c - why a derived field, or a value of an indicator, is what it is.
 *
 * A formula stands for its row; what it is made of lies one depth further in: stored values with
 * their last edit, formulas again, aggregates as one value. Each operand is named once.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/derived.h"
#include "calc/explain.h"
#include "calc/expr.h"
#include "calc/phrase.h"
#include "pagu/calc.h"
#include "pagu/evaluate.h"

#include <stdio.h>

enum { MOST_OPERANDS = 64 };

/* What was listed already below one formula. */
typedef struct listed {
    pagu_field field[MOST_OPERANDS];
    pagu_stage stage[MOST_OPERANDS];
    pagu_period period[MOST_OPERANDS];
    uint32_t n;
} listed;

typedef struct derivation {
    const pagu_view *view;
    const pagu_scenario *scenario; /* NULL: a stage's view */
    pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_row row;
    pagu_indicator ind; /* PAGU_NO_INDICATOR: the row is explained */
    explain_table to;
    pagu_error *err;
} derivation;

/* ---- rows ---- */

static pagu_code put_value(derivation *d, uint32_t col, pagu_expr_type type, const pagu_expr_value *v)
{
    if (type == PAGU_EXPR_MASK)
        return pagu_table_set_measure(
            d->to.t, d->to.last, col,
            &(pagu_measure){ .text = v->mask ? tr(d->ctx, "yes") : tr(d->ctx, "no"), .state = PAGU_TEXT });
    if (v->state == PAGU_MISSING)
        return PAGU_OK;
    pagu_state state = type == PAGU_EXPR_TEXT ? PAGU_TEXT : v->state;
    return pagu_table_set_measure(d->to.t, d->to.last, col, &(pagu_measure){ v->number, v->unit, v->text, state });
}

static const char *key_of(const derivation *d)
{
    if (d->ind != PAGU_NO_INDICATOR)
        return pagu_view_indicator(d->view, d->ind).id;
    return pagu_view_key(d->view, d->row);
}

static pagu_code begin_row(derivation *d, uint32_t depth, const char *kind, const char *name)
{
    return explain_row(&d->to, depth, str_eq(kind, "formula"), kind, key_of(d), name);
}

static pagu_code evaluate(derivation *d, const pagu_expr *e, pagu_period period, pagu_expr_value *out)
{
    pagu_expr_subjects at = { .n = 1, .period = period };
    if (d->ind != PAGU_NO_INDICATOR)
        at.indicators = &d->ind;
    else
        at.rows = &d->row;
    return pagu_expr_eval_at(e, d->view, &at, out, d->err);
}

/* "budget 2024", "budget@need 2024" */
typedef struct operand_name {
    char s[200];
} operand_name;
static operand_name name_operand(const derivation *d, pagu_field field, pagu_stage stage, pagu_period period)
{
    operand_name name;
    const char *of = stage == PAGU_NONE ? "" : pagu_plan_stage_id(d->plan, stage);
    snprintf(name.s, sizeof name.s, "%.63s%s%.63s %.40s", pagu_field_describe(d->plan, field).id, *of ? "@" : "", of,
             pagu_plan_period_id(d->plan, period));
    return name;
}

/* ---- stored values: the last edit, if a scenario made one ---- */

static bool is_change_of(const derivation *d, const pagu_change *c, const pagu_expr *e, pagu_period period)
{
    if (e->op == EXPR_COLUMN)
        return c->indicator == PAGU_NO_INDICATOR && c->row == d->row &&
               c->column == pagu_view_column(d->view, e->u.column.field, period);
    pagu_indicator ind = d->ind != PAGU_NO_INDICATOR ? d->ind : pagu_view_first_indicator(d->view, d->row);
    return c->indicator != PAGU_NO_INDICATOR && c->indicator == ind && c->field == e->u.column.field &&
           c->period == period;
}

static bool find_edit(const derivation *d, const pagu_expr *e, pagu_period period, pagu_note *note, pagu_change *out)
{
    uint32_t n = d->scenario && e->u.column.stage == PAGU_NONE ? pagu_journal_count(d->scenario) : 0;
    for (uint32_t i = n; i-- > 0;) {
        pagu_journal_entry entry = pagu_journal_get(d->scenario, i);
        for (uint32_t k = entry.n_changes; k-- > 0;) {
            *out = pagu_journal_change(d->scenario, i, k);
            *note = entry.note;
            if (is_change_of(d, out, e, period))
                return true;
        }
    }
    return false;
}

static pagu_code put_edit(derivation *d, const pagu_expr *e, const pagu_note *note, const pagu_change *c)
{
    pagu_measure was = c->old_measure;
    if (e->op == EXPR_COLUMN)
        was = (pagu_measure){ (double)c->old_cell.value, "", NULL, c->old_cell.state };
    pagu_code rc = was.state == PAGU_MISSING ? PAGU_OK : pagu_table_set_measure(d->to.t, d->to.last, EXPLAIN_WAS, &was);
    return rc ? rc : explain_note(&d->to, note);
}

static bool is_sum(const derivation *d, const pagu_expr *e)
{
    return e->op == EXPR_COLUMN && d->row != PAGU_NO_ROW && !pagu_view_is_leaf(d->view, d->row);
}

static pagu_code add_stored(derivation *d, const pagu_expr *e, pagu_period period, uint32_t depth)
{
    pagu_note note = { 0 };
    pagu_change change = { 0 };
    pagu_expr_value v;
    pagu_code rc = evaluate(d, e, period, &v);
    if (rc)
        return rc;
    bool edited = find_edit(d, e, period, &note, &change);
    const char *kind = edited ? "edit" : is_sum(d, e) ? "rollup" : v.state == PAGU_MISSING ? "missing" : "input";
    rc = begin_row(d, depth, kind, name_operand(d, e->u.column.field, e->u.column.stage, period).s);
    if (!rc)
        rc = put_value(d, EXPLAIN_VALUE, pagu_expr_kind(e), &v);
    return rc || !edited ? rc : put_edit(d, e, &note, &change);
}

/* ---- computed values ---- */

static pagu_code add_operands(derivation *d, const pagu_expr *e, pagu_period period, uint32_t depth, listed *seen);

static pagu_code add_computed(derivation *d, const pagu_expr *e, pagu_period at, pagu_period period, pagu_field field,
                              uint32_t depth)
{
    pagu_expr_value v;
    const plan_formula *f = derived_formula(d->plan, field);
    pagu_code rc = evaluate(d, e, at, &v);
    if (rc)
        return rc;
    char reason[300];
    const char *why = v.state == PAGU_MISSING ? pagu_cell_reason_name(v.reason) : "";
    snprintf(reason, sizeof reason, "%.200s%s%.60s", f ? f->text : pagu_field_describe(d->plan, field).title,
             *why ? ": " : "", why);
    rc = begin_row(d, depth, "formula", name_operand(d, field, PAGU_NONE, period).s);
    if (!rc)
        rc = put_value(d, EXPLAIN_VALUE, pagu_expr_kind(e), &v);
    if (!rc)
        rc = explain_text(&d->to, EXPLAIN_REASON, reason);
    if (rc || !f || depth >= d->to.max_depth)
        return rc;
    listed seen = { .n = 0 };
    return add_operands(d, f->compiled, period, depth + 1, &seen);
}

static pagu_code add_aggregate(derivation *d, const pagu_expr *e, pagu_period period, uint32_t depth)
{
    static const char *const names[] = { "sum", "count", "min", "max", "mean" };
    pagu_expr_value v;
    pagu_code rc = evaluate(d, e, period, &v);
    if (!rc)
        rc = begin_row(d, depth, "aggregate", names[e->u.aggregate.kind]);
    if (!rc)
        rc = put_value(d, EXPLAIN_VALUE, pagu_expr_kind(e), &v);
    return rc || v.state != PAGU_MISSING ? rc : explain_text(&d->to, EXPLAIN_REASON, pagu_cell_reason_name(v.reason));
}

static bool is_new(listed *seen, pagu_field field, pagu_stage stage, pagu_period period)
{
    for (uint32_t i = 0; i < seen->n; i++)
        if (seen->field[i] == field && seen->stage[i] == stage && seen->period[i] == period)
            return false;
    if (seen->n == MOST_OPERANDS)
        return false;
    seen->field[seen->n] = field;
    seen->stage[seen->n] = stage;
    seen->period[seen->n++] = period;
    return true;
}

static bool period_meant(const derivation *d, const expr_period *p, pagu_period own, pagu_period *out)
{
    expr_run run = { .view = d->view, .plan = d->plan, .ctx = d->ctx, .period = own };
    return expr_period_of(&run, p, out);
}

static pagu_code add_operand(derivation *d, const pagu_expr *e, pagu_period own, uint32_t depth, listed *seen)
{
    pagu_period period;
    bool formula = e->op == EXPR_FORMULA;
    pagu_field field = formula ? e->u.formula.field : e->u.column.field;
    pagu_stage stage = formula ? PAGU_NONE : e->u.column.stage;
    if (!period_meant(d, formula ? &e->u.formula.period : &e->u.column.period, own, &period) ||
        !is_new(seen, field, stage, period))
        return PAGU_OK;
    if (formula && field == PAGU_NONE)
        return add_operands(d, e->u.formula.body, period, depth, seen);
    if (formula || e->op == EXPR_BUILTIN)
        return add_computed(d, e, own, period, field, depth);
    return add_stored(d, e, period, depth);
}

static pagu_code add_operands(derivation *d, const pagu_expr *e, pagu_period own, uint32_t depth, listed *seen)
{
    if (explain_is_full(&d->to))
        return PAGU_OK;
    switch (e->op) {
    case EXPR_LITERAL:
    case EXPR_WORDS: return PAGU_OK;
    case EXPR_COLUMN:
    case EXPR_MEASURE:
    case EXPR_BUILTIN:
    case EXPR_FORMULA: return add_operand(d, e, own, depth, seen);
    case EXPR_AGGREGATE: return add_aggregate(d, e, own, depth);
    default: break;
    }
    pagu_code rc = add_operands(d, e->u.of.a, own, depth, seen);
    if (!rc && e->u.of.b)
        rc = add_operands(d, e->u.of.b, own, depth, seen);
    return rc || !e->u.of.c ? rc : add_operands(d, e->u.of.c, own, depth, seen);
}

/* ---- entry ---- */

static pagu_code check_subject(const derivation *d)
{
    if (d->ind != PAGU_NO_INDICATOR)
        return d->ind < pagu_view_indicator_count(d->view)
                   ? PAGU_OK
                   : err_set(d->ctx, d->err, PAGU_UNKNOWN_KEY, "indicator %u is none of this view's", d->ind);
    if (d->row >= pagu_view_row_count(d->view))
        return err_set(d->ctx, d->err, PAGU_UNKNOWN_KEY, "row %u is none of this view's", d->row);
    return PAGU_OK;
}

pagu_code pagu_explain_field(const pagu_view *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period,
                             uint32_t max_depth, uint32_t max_rows, pagu_table **out, pagu_error *err)
{
    pagu_expr *e = NULL;
    listed seen = { .n = 0 };
    derivation d = { .view = v, .plan = pagu_view_plan(v), .row = row, .ind = ind, .err = err };
    d.ctx = pagu_plan_ctx(d.plan);
    d.scenario = pagu_view_journal(v);
    *out = NULL;
    pagu_code rc = check_subject(&d);
    if (rc)
        return rc;
    if (is_evaluation_field(field) && d.plan->periods[period].year)
        return pagu_explain_derived(v, row, ind, field, d.plan->periods[period].year, max_depth, max_rows, out, err);
    if (ind != PAGU_NO_INDICATOR)
        d.row = pagu_view_indicator(v, ind).row;
    rc = pagu_expr_field(d.plan, field, period, &e, err);
    if (!rc)
        rc = explain_start(&d.to, d.ctx, PAGU_COL_MEASURE, max_depth, max_rows);
    if (!rc && is_literal(e)) /* a formula that is a number */
        rc = add_computed(&d, e, period, period, field, 0);
    else if (!rc)
        rc = add_operands(&d, e, period, 0, &seen);
    pagu_expr_release(e);
    if (rc) {
        pagu_table_free(d.to.t);
        return rc == PAGU_NO_MEMORY ? err_memory(d.ctx, err) : rc;
    }
    *out = d.to.t;
    return PAGU_OK;
}
