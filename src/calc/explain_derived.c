/* explain_derived.c - why a derived value is what it is: its formula, then the values that it was made
 * of, down to those of the package.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"
#include "calc/explain.h"
#include "calc/phrase.h"

#include <stdio.h>

typedef struct explaining {
    const pagu_view *view;
    const pagu_plan *plan;
    pagu_ctx *ctx;
    explain_table to;
    uint32_t left_out;
    pagu_error *err;
} explaining;

/* What is explained at one place: of an indicator, or (ind PAGU_NO_INDICATOR) of a node. */
typedef struct subject {
    pagu_row row;
    pagu_indicator ind;
    int year;
} subject;

/* ---- rows ---- */

typedef struct line {
    uint32_t depth;
    const char *kind, *field, *period, *reason;
    subject of;
    const pagu_derived *value;
    bool money;
} line;

static pagu_code put_value(explaining *x, const line *l)
{
    const pagu_derived *d = l->value;
    pagu_measure m = { d->value, d->unit, d->text, (pagu_state)d->state };
    if (d->state == PAGU_DERIVED_MISSING || is_fault(d))
        return PAGU_OK;
    if (l->money && d->state == PAGU_DERIVED_NUMBER)
        m.value = (double)d->amount;
    return pagu_table_set_measure(x->to.t, x->to.last, EXPLAIN_VALUE, &m);
}

/* The reason, and why there is no value. */
static pagu_code put_reason(explaining *x, const line *l)
{
    char text[300];
    const char *reason = l->reason ? l->reason : "";
    if (!is_fault(l->value))
        return explain_text(&x->to, EXPLAIN_REASON, reason);
    const char *state = tr(x->ctx, pagu_derived_state_name((pagu_derived_state)l->value->state));
    snprintf(text, sizeof text, "%.200s%s%.60s", reason, *reason ? "; " : "", state);
    return explain_text(&x->to, EXPLAIN_REASON, text);
}

static pagu_code put_line(explaining *x, const line *l)
{
    if (explain_is_full(&x->to)) {
        x->left_out++;
        return PAGU_OK;
    }
    char name[128];
    bool of_indicator = l->of.ind != PAGU_NO_INDICATOR;
    const char *key = of_indicator ? pagu_view_indicator(x->view, l->of.ind).id : pagu_view_key(x->view, l->of.row);
    snprintf(name, sizeof name, "%.90s %.32s", l->field, l->period);
    pagu_code code = explain_row(&x->to, l->depth, str_eq(l->kind, "formula"), l->kind, key, name);
    if (!code)
        code = put_value(x, l);
    return code ? code : put_reason(x, l);
}

/* ---- what was stored ---- */

/* A value of the package or of an edit. Missing ones are no operand. */
static pagu_code put_source(explaining *x, evaluation *e, uint32_t depth, subject of, const source *s)
{
    indicator_traits t = traits_of(e, of.ind);
    pagu_derived d = source_value(e, s, of.ind, &t);
    if (d.state == PAGU_DERIVED_MISSING)
        return PAGU_OK;
    pagu_field field = pagu_plan_column_field(x->plan, s->column);
    pagu_period period = pagu_plan_column_period(x->plan, s->column);
    const line l = { .depth = depth,
                     .kind = "input",
                     .field = pagu_plan_field_id(x->plan, field),
                     .period = pagu_plan_period_id(x->plan, period),
                     .of = of,
                     .value = &d };
    return put_line(x, &l);
}

/* A year: its own value, else its parts, else the children's. */
static pagu_code put_year(explaining *x, evaluation *e, uint32_t depth, subject of, const year_source *y)
{
    indicator_traits t = traits_of(e, of.ind);
    pagu_derived own = source_value(e, &y->whole, of.ind, &t), all = year_value(e, y, of.ind);
    pagu_code code = PAGU_OK;
    if (own.state != PAGU_DERIVED_MISSING || all.state == PAGU_DERIVED_MISSING)
        return put_source(x, e, depth, of, &y->whole);
    if (all.flags & PAGU_DERIVED_BELOW) {
        char period[16];
        snprintf(period, sizeof period, "%d", y->year);
        pagu_field field = pagu_plan_column_field(x->plan, y->whole.column);
        const line l = { depth,
                         "rollup",
                         pagu_plan_field_id(x->plan, field),
                         period,
                         tr(x->ctx, "sum of the children's main indicators"),
                         of,
                         &all,
                         false };
        return put_line(x, &l);
    }
    for (uint32_t i = 0; i < y->group_end[PART_GROUPS - 1] && !code; i++)
        code = put_source(x, e, depth, of, &y->parts[i]);
    return code;
}

static pagu_code put_series(explaining *x, evaluation *e, uint32_t depth, subject of, const series *s, int until)
{
    int end = s->start - 1;
    pagu_code code = PAGU_OK;
    indicator_traits t = traits_of(e, of.ind);
    for (uint32_t i = 0; i < s->n_spans && end < s->start && !code; i++)
        if (s->spans[i].end <= until && source_value(e, &s->spans[i].s, of.ind, &t).state != PAGU_DERIVED_MISSING) {
            code = put_source(x, e, depth, of, &s->spans[i].s);
            end = s->spans[i].end;
        }
    for (uint32_t i = 0; i < s->n_years && !code; i++)
        if (s->years[i].year > end && s->years[i].year <= until)
            code = put_year(x, e, depth, of, &s->years[i]);
    return code;
}

static pagu_code put_money(explaining *x, uint32_t depth, subject of, const char *name, pagu_derived d)
{
    char period[16];
    snprintf(period, sizeof period, "%d", of.year);
    of.ind = PAGU_NO_INDICATOR;
    const line l = { depth, row_is_leaf(x->view, of.row) ? "input" : "rollup", name, period, "", of, &d, true };
    return d.state == PAGU_DERIVED_MISSING ? PAGU_OK : put_line(x, &l);
}

/* ---- formulas ---- */

static const char *const aggregation_words[] = { "", "none", "sum", "last", "mean", "max", "min", "weighted" };

static void rule_text(const pagu_ctx *ctx, const evaluation *e, pagu_indicator ind, const char *ratio, char *buf,
                      size_t size)
{
    static const char *const polarities[] = { "higher", "lower", "range" };
    pagu_polarity polarity = (pagu_polarity)traits_of(e, ind).polarity;
    int n = snprintf(buf, size, "%s; %s", ratio, tr(ctx, polarities[polarity]));
    if (polarity != PAGU_HIGHER)
        n += snprintf(buf + n, size - (size_t)n, " (%s)", tr(ctx, e->linear ? "linear" : "ratio"));
    if (!isinf(e->cap))
        n += snprintf(buf + n, size - (size_t)n, tr(ctx, "; cap %.0f"), e->cap);
    if (!isinf(e->floor))
        snprintf(buf + n, size - (size_t)n, tr(ctx, "; floor %.0f"), e->floor);
}

static void formula_text(const explaining *x, const evaluation *e, subject of, const pagu_derived *d, char *buf,
                         size_t size)
{
    const char *over = of.ind != PAGU_NO_INDICATOR ? aggregation_words[traits_of(e, of.ind).over_time] : "";
    switch (e->id) {
    case RATE: rule_text(x->ctx, e, of.ind, "achieved / target x 100", buf, size); break;
    case STRATEGIC_RATE: rule_text(x->ctx, e, of.ind, "cumulative / strategic_target x 100", buf, size); break;
    case ACCUMULATED_RATE: rule_text(x->ctx, e, of.ind, "accumulated / strategic_target x 100", buf, size); break;
    case STRATEGIC_TARGET:
    case ACHIEVED_TO:
    case CUMULATIVE:
    case ACCUMULATED: phrase(x->ctx, buf, size, "over time: %s", tr(x->ctx, over)); break;
    case PACE: phrase(x->ctx, buf, size, "%d years remain; over time: %s", e->end - e->year, tr(x->ctx, over)); break;
    case PACE_COST: snprintf(buf, size, "pace x budget / target"); break;
    case ABSORPTION: snprintf(buf, size, "spent / budget x 100"); break;
    case ACHIEVEMENT:
        if (d->weight_missing > 0)
            phrase(x->ctx, buf, size, "weighted mean of percents; %.2f of 100 weight has none",
                   100 * (double)d->weight_missing);
        else
            phrase(x->ctx, buf, size, "weighted mean of percents");
        break;
    case EFFICIENCY: snprintf(buf, size, "achievement - absorption"); break;
    case RATING: phrase(x->ctx, buf, size, "band of the percent in the scale"); break;
    case SPENT_ACCUMULATED_RATE: snprintf(buf, size, "spent_accumulated / strategic_budget x 100"); break;
    default: phrase(x->ctx, buf, size, "over time: %s", tr(x->ctx, "sum"));
    }
}

static pagu_code explain_at(explaining *x, derived_id id, subject of, uint32_t depth);

/* Of a node: its children where they say something, else its indicators. */
static pagu_code put_parts_of_k(explaining *x, evaluation *e, subject of, uint32_t depth)
{
    bool below = false;
    pagu_code code = PAGU_OK;
    for (pagu_row c = pagu_view_first_child(x->view, of.row); c != PAGU_NO_ROW && !code;
         c = pagu_view_next_child(x->view, c)) {
        pagu_derived k = achievement(e, c);
        if (row_sign(x->view, c) == 0 || !(k.state != PAGU_DERIVED_MISSING || is_measured(x->view, c)))
            continue;
        below = below || k.state != PAGU_DERIVED_MISSING;
        code = explain_at(x, ACHIEVEMENT, (subject){ c, PAGU_NO_INDICATOR, of.year }, depth);
    }
    for (pagu_indicator i = pagu_view_first_indicator(x->view, of.row); i != PAGU_NO_INDICATOR && !below && !code;
         i = pagu_view_next_indicator(x->view, i))
        code = explain_at(x, RATE, (subject){ of.row, i, of.year }, depth);
    return code;
}

static pagu_code put_two(explaining *x, derived_id a, derived_id b, subject of, uint32_t depth)
{
    pagu_code code = explain_at(x, a, of, depth);
    return code ? code : explain_at(x, b, of, depth);
}

static pagu_code put_operands_of_pace(explaining *x, evaluation *e, subject of, uint32_t depth)
{
    bool known = is_known_to(e, &e->past, of.ind, e->year);
    return put_two(x, STRATEGIC_TARGET, known ? ACHIEVED_TO : CUMULATIVE, of, depth);
}

static pagu_code put_with_year(explaining *x, evaluation *e, const year_source *now, subject of, uint32_t depth)
{
    pagu_code code = put_series(x, e, depth, of, &e->past, e->year - 1);
    return code ? code : put_year(x, e, depth, of, now);
}

static pagu_code put_rate(explaining *x, evaluation *e, subject of, uint32_t depth)
{
    pagu_code code = put_year(x, e, depth, of, &e->achieved_now);
    return code ? code : put_year(x, e, depth, of, &e->target_now);
}

static pagu_code put_price(explaining *x, evaluation *e, subject of, uint32_t depth)
{
    pagu_code code = explain_at(x, PACE, of, depth);
    subject plan = { traits_of(e, of.ind).row, of.ind, e->plan->year };
    if (!code && plan.row != PAGU_NO_ROW)
        code = put_money(x, depth, plan, "budget", year_money_value(e, &e->budget_plan, plan.row));
    return code ? code : put_year(x, e, depth, of, &e->target_plan);
}

static pagu_code put_operands(explaining *x, evaluation *e, subject of, uint32_t depth)
{
    pagu_code code;
    switch (e->id) {
    case RATE: return put_rate(x, e, of, depth);
    case STRATEGIC_TARGET: return put_series(x, e, depth, of, &e->strategic, e->end);
    case ACHIEVED_TO: return put_series(x, e, depth, of, &e->past, e->year);
    case CUMULATIVE: return put_with_year(x, e, &e->target_now, of, depth);
    case ACCUMULATED: return put_with_year(x, e, &e->achieved_now, of, depth);
    case STRATEGIC_RATE: return put_two(x, CUMULATIVE, STRATEGIC_TARGET, of, depth);
    case ACCUMULATED_RATE: return put_two(x, ACCUMULATED, STRATEGIC_TARGET, of, depth);
    case PACE: return put_operands_of_pace(x, e, of, depth);
    case PACE_COST: return put_price(x, e, of, depth);
    case ABSORPTION:
        code = put_money(x, depth, of, "spent", year_money_value(e, &e->spent_now, of.row));
        return code ? code : put_money(x, depth, of, "budget", year_money_value(e, &e->budget_now, of.row));
    case ACHIEVEMENT: return put_parts_of_k(x, e, of, depth);
    case EFFICIENCY: return put_two(x, ACHIEVEMENT, ABSORPTION, of, depth);
    case RATING: return explain_at(x, of.ind != PAGU_NO_INDICATOR ? RATE : ACHIEVEMENT, of, depth);
    case SPENT_ACCUMULATED_RATE: return put_two(x, SPENT_ACCUMULATED, STRATEGIC_BUDGET, of, depth);
    default: return PAGU_OK;
    }
}

static bool is_of_indicator(derived_id id)
{
    return evaluate_fields[id].of_indicators && id != RATING;
}

static pagu_code explain_open(explaining *x, evaluation *e, subject of, uint32_t depth)
{
    char reason[220], period[16];
    pagu_derived d = of.ind != PAGU_NO_INDICATOR ? evaluation_indicator(e, of.ind) : evaluation_node(e, of.row);
    formula_text(x, e, of, &d, reason, sizeof reason);
    snprintf(period, sizeof period, "%d", of.year);
    bool deeper = depth < x->to.max_depth;
    const line l = {
        depth, d.state == PAGU_DERIVED_MISSING ? "missing" : "formula", evaluate_fields[e->id].id, period, reason, of,
        &d,    evaluate_fields[e->id].type == PAGU_EXPR_MONEY
    };
    pagu_code code = put_line(x, &l);
    return code || !deeper ? code : put_operands(x, e, of, depth + 1);
}

static pagu_code explain_at(explaining *x, derived_id id, subject of, uint32_t depth)
{
    evaluation *e = mem_alloc(x->ctx, sizeof *e);
    if (!e)
        return PAGU_NO_MEMORY;
    if (is_of_indicator(id) && of.ind == PAGU_NO_INDICATOR)
        of.ind = pagu_view_first_indicator(x->view, of.row);
    if (!evaluate_fields[id].of_indicators)
        of.ind = PAGU_NO_INDICATOR;
    pagu_code code =
        pagu_ctx_interrupted(x->ctx) ? PAGU_INTERRUPTED : evaluation_open(e, x->view, id, of.year, NULL, x->err);
    if (!code) {
        if (!is_of_indicator(id) || of.ind != PAGU_NO_INDICATOR)
            code = explain_open(x, e, of, depth);
        evaluation_close(e);
    }
    mem_free(x->ctx, e, sizeof *e);
    return code;
}

/* ---- the whole ---- */

static pagu_code put_left_out(explaining *x)
{
    char text[120];
    if (!x->left_out)
        return PAGU_OK;
    phrase(x->ctx, text, sizeof text, "%u more left out; ask for more rows or for one of them", x->left_out);
    return pagu_table_add_note(x->to.t, text);
}

pagu_code pagu_explain_derived(const pagu_view *v, pagu_row row, pagu_indicator ind, pagu_field field, int year,
                               uint32_t max_depth, uint32_t max_rows, pagu_table **out, pagu_error *err)
{
    explaining x = { .view = v, .plan = v->plan, .ctx = v->plan->ctx, .err = err };
    derived_id id = derived_of(field);
    if (id == DERIVED_COUNT)
        return err_set(x.ctx, err, PAGU_UNKNOWN_FIELD, "field %u is not one of evaluation", field);
    pagu_code code = explain_start(&x.to, x.ctx, PAGU_COL_MEASURE, max_depth, max_rows);
    if (!code)
        code = explain_at(&x, id, (subject){ row, ind, year }, 0);
    if (!code)
        code = put_left_out(&x);
    if (!code) {
        *out = x.to.t;
        return PAGU_OK;
    }
    pagu_table_free(x.to.t);
    if (code == PAGU_INTERRUPTED)
        return err_set(x.ctx, err, code, "interrupted");
    return code == PAGU_NO_MEMORY ? err_memory(x.ctx, err) : code;
}
