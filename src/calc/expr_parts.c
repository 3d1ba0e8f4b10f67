/* expr_parts.c - stored fields at a year as get reads them: a year without a value of its own takes
 * its quarters (halves, months), an indicator that sums its children their sum.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"
#include "calc/expr.h"

static bool is_there(const expr_run *run, uint32_t i)
{
    pagu_row row = run->rows[i];
    return row != PAGU_NO_ROW && row_is_member(run->view, row);
}

/* Where some lines have the year and others its parts, a parent's own sum says too little. */
static void fill_money(const expr_run *run, pagu_stage stage, pagu_field field, int year, expr_block *out)
{
    evaluation e;
    year_money m;
    if (!view_has_parts(run->view))
        return;
    evaluation_read(&e, run->view);
    year_money_fill(&e, &m, stage, false, field, year);
    for (uint32_t i = 0; m.n_groups && i < run->n; i++) {
        if (!is_there(run, i))
            continue;
        pagu_derived d = year_money_value(&e, &m, run->rows[i]);
        expr_put_derived(out, run->n, i, true, &d);
    }
}

static void fill_measures(const expr_run *run, pagu_stage stage, pagu_field field, int year, expr_block *out)
{
    evaluation e;
    year_source s;
    if (out->known)
        return;
    evaluation_read(&e, run->view);
    year_source_fill(&e, &s, stage, false, field, year);
    for (uint32_t i = 0; year_is_live(&s) && i < run->n; i++) {
        pagu_indicator ind = run->indicators[i];
        if (out->state[i] != PAGU_MISSING || ind == PAGU_NO_INDICATOR ||
            !(run->rows[i] == PAGU_NO_ROW || is_there(run, i)))
            continue;
        pagu_derived d = year_value(&e, &s, ind);
        if (d.state != PAGU_DERIVED_MISSING)
            expr_put_derived(out, run->n, i, false, &d);
    }
}

void expr_fill_year(const expr_run *run, const pagu_expr *e, pagu_period period, expr_block *out)
{
    int year = run->plan->periods[period].year;
    pagu_stage stage = e->u.column.stage == PAGU_NONE ? run->view->stage : e->u.column.stage;
    if (year && e->op == EXPR_MEASURE)
        fill_measures(run, stage, e->u.column.field, year, out);
    else if (year)
        fill_money(run, stage, e->u.column.field, year, out);
}
