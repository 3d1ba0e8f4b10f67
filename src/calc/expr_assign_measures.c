/* expr_assign_measures.c - assigning a column to a field of indicators, as one journaled edit.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"
#include "calc/phrase.h"

typedef struct measure_assignment {
    pagu_scenario *s;
    pagu_view *view;
    pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_error *err;
    pagu_field field;
    pagu_period period; /* written */
    pagu_period reads;  /* PAGU_NONE: year n */
    const pagu_expr *e;
    pagu_proposal *proposal;
    pagu_indicator indicators[BLOCK];
    pagu_expr_value values[BLOCK];
} measure_assignment;

static pagu_code check_field(const measure_assignment *a)
{
    if (pagu_plan_field_kind(a->plan, a->field) != PAGU_FIELD_MEASURE)
        return err_at(a->ctx, a->err, PAGU_UNKNOWN_FIELD, NULL, pagu_field_describe(a->plan, a->field).id,
                      "\"%s\" is not a field of indicators", pagu_field_describe(a->plan, a->field).id);
    if (a->period >= a->plan->n_periods)
        return err_set(a->ctx, a->err, PAGU_OUT_OF_FRAME, "period %u is none of this plan's", a->period);
    if (a->e->type == EXPR_MASK || a->e->type == EXPR_TEXT)
        return err_set(a->ctx, a->err, PAGU_ARGUMENT,
                       "a mask is no amount and cannot be assigned; use it to select rows");
    return PAGU_OK;
}

static pagu_code propose(measure_assignment *a, pagu_indicator ind, const pagu_expr_value *v)
{
    pagu_indicator_info info = pagu_view_indicator(a->view, ind);
    pagu_measure m = { .value = v->number, .unit = info.unit, .text = v->text, .state = v->state };
    if (v->unit && *v->unit)
        m.unit = v->unit;
    if (v->reason == PAGU_CELL_UNIT_CLASH)
        return err_at(a->ctx, a->err, PAGU_UNIT_CLASH, info.id, field_str(a->plan, a->field, a->period).s,
                      "%s can't be set: its value would add unlike units", info.id);
    return pagu_proposal_measure(a->proposal, ind, a->field, a->period, &m, a->err);
}

static pagu_code propose_block(measure_assignment *a, uint32_t n)
{
    pagu_expr_subjects at = { .indicators = a->indicators, .n = n, .period = a->reads };
    pagu_code rc = pagu_expr_eval_at(a->e, a->view, &at, a->values, a->err);
    for (uint32_t i = 0; i < n && !rc; i++)
        rc = propose(a, a->indicators[i], &a->values[i]);
    return rc;
}

static pagu_indicator indicator_at(const measure_assignment *a, const pagu_expr_subjects *at, size_t i)
{
    if (at->indicators)
        return at->indicators[i];
    return at->rows[i] < pagu_view_row_count(a->view) && pagu_view_is_member(a->view, at->rows[i])
               ? pagu_view_first_indicator(a->view, at->rows[i])
               : PAGU_NO_INDICATOR;
}

static pagu_code propose_all(measure_assignment *a, const pagu_expr_subjects *at)
{
    uint32_t n = 0;
    pagu_code rc = PAGU_OK;
    for (size_t i = 0; i < at->n && !rc; i++) {
        pagu_indicator ind = indicator_at(a, at, i);
        if (ind == PAGU_NO_INDICATOR)
            continue;
        a->indicators[n++] = ind;
        if (n == BLOCK) {
            rc = propose_block(a, n);
            n = 0;
        }
    }
    return rc ? rc : propose_block(a, n);
}

pagu_code pagu_expr_assign_measures(pagu_scenario *s, const pagu_expr_subjects *at, pagu_field field,
                                    pagu_period period, const pagu_expr *e, const pagu_note *note, pagu_error *err)
{
    pagu_view *view = pagu_scenario_view(s);
    pagu_plan *plan = pagu_view_plan(view);
    measure_assignment *a = mem_zalloc(plan->ctx, sizeof *a);
    if (!a)
        return err_memory(plan->ctx, err);
    *a = (measure_assignment){ .s = s,
                               .view = view,
                               .plan = plan,
                               .ctx = plan->ctx,
                               .err = err,
                               .field = field,
                               .period = period,
                               .reads = at->period,
                               .e = e };
    pagu_code rc = check_field(a);
    if (!rc)
        rc = pagu_proposal_new(s, &a->proposal, err);
    if (!rc)
        rc = propose_all(a, at);
    if (!rc)
        rc = pagu_proposal_commit(a->proposal, note, err);
    pagu_proposal_free(a->proposal);
    mem_free(plan->ctx, a, sizeof *a);
    return rc;
}
