/* evaluate_fields.c - the table of evaluation's fields, and how expressions read them by blocks.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"

const uint8_t derived_reads[DERIVED_COUNT] = {
    [RATE] = READS_YEAR,
    [STRATEGIC_TARGET] = READS_STRATEGIC,
    [ACHIEVED_TO] = READS_PAST,
    [CUMULATIVE] = READS_YEAR | READS_PAST,
    [STRATEGIC_RATE] = READS_YEAR | READS_PAST | READS_STRATEGIC,
    [ACCUMULATED] = READS_YEAR | READS_PAST,
    [ACCUMULATED_RATE] = READS_YEAR | READS_PAST | READS_STRATEGIC,
    [PACE] = READS_YEAR | READS_PAST | READS_STRATEGIC,
    [PACE_COST] = READS_YEAR | READS_PAST | READS_STRATEGIC,
    [ABSORPTION] = READS_MONEY,
    [ACHIEVEMENT] = READS_YEAR,
    [EFFICIENCY] = READS_YEAR | READS_MONEY,
    [RATING] = READS_YEAR,
    [STRATEGIC_BUDGET] = READS_MONEY_PAST,
    [SPENT_TO] = READS_MONEY_PAST,
    [SPENT_ACCUMULATED] = READS_MONEY | READS_MONEY_PAST,
    [SPENT_ACCUMULATED_RATE] = READS_MONEY | READS_MONEY_PAST,
};

/* ---- blocks ---- */

typedef struct prepared {
    evaluation e;
    pagu_derived *k; /* achievement of every row of the plan, once many are asked */
} prepared;

static void *prepare(const expr_run *run, derived_id id, pagu_period period, pagu_code *code)
{
    int year = run->plan->periods[period].year;
    if (!year) {
        *code = err_at(run->ctx, run->err, PAGU_ARGUMENT, NULL, evaluate_fields[id].id,
                       "\"%s\" is computed for a year, not for %s", evaluate_fields[id].id,
                       pagu_plan_period_id(run->plan, period));
        return NULL;
    }
    prepared *p = mem_alloc(run->ctx, sizeof *p);
    if (!p)
        return NULL;
    p->k = NULL;
    *code = evaluation_open(&p->e, run->view, id, year, NULL, run->err);
    if (*code == PAGU_OK)
        return p;
    mem_free(run->ctx, p, sizeof *p);
    return NULL;
}

static void finish(const expr_run *run, void *made)
{
    prepared *p = made;
    if (!p)
        return;
    mem_free(run->ctx, p->k, p->k ? run->plan->n_rows * sizeof *p->k : 0);
    evaluation_close(&p->e);
    mem_free(run->ctx, p, sizeof *p);
}

static void put_number(expr_block *out, uint32_t n, uint32_t i, const pagu_derived *d)
{
    out->u.real[i] = d->state == PAGU_DERIVED_NUMBER ? d->value : 0;
    if (!out->has_units && (!out->one_unit || out->one_unit == d->unit))
        out->one_unit = d->unit;
    else
        expr_block_set_unit(out, n, i, d->unit);
    if (d->text)
        expr_block_set_text(out, n, i, d->text);
}

static pagu_cell_reason reason_of(const pagu_derived *d)
{
    static const pagu_cell_reason reasons[] = {
        [PAGU_DERIVED_UNIT_CLASH] = PAGU_CELL_UNIT_CLASH,
        [PAGU_DERIVED_ZERO_TARGET] = PAGU_CELL_ZERO_TARGET,
        [PAGU_DERIVED_ZERO_ACHIEVED] = PAGU_CELL_ZERO_ACHIEVED,
        [PAGU_DERIVED_NEGATIVE] = PAGU_CELL_NEGATIVE,
        [PAGU_DERIVED_NOT_ONE_NUMBER] = PAGU_CELL_NOT_ONE_NUMBER,
        [PAGU_DERIVED_NOT_AGGREGATED] = PAGU_CELL_NOT_AGGREGATED,
        [PAGU_DERIVED_OVERFLOW] = PAGU_CELL_OVERFLOW,
    };
    return d->state < COUNT_OF(reasons) ? reasons[d->state] : PAGU_CELL_PLAIN;
}

void expr_put_derived(expr_block *out, uint32_t n, uint32_t i, bool money, const pagu_derived *d)
{
    bool none = is_fault(d);
    out->state[i] = none ? PAGU_MISSING : d->state;
    out->known &= out->state[i] == PAGU_NUMBER;
    if (none)
        expr_block_set_reason(out, n, i, reason_of(d));
    if (money)
        out->u.whole[i] = d->state == PAGU_DERIVED_NUMBER ? d->amount : 0;
    else if (d->state == PAGU_DERIVED_NUMBER || d->state == PAGU_DERIVED_TEXT)
        put_number(out, n, i, d);
    else
        out->u.real[i] = 0;
}

static bool is_absent(const expr_run *run, uint32_t i)
{
    pagu_row row = run->rows[i];
    if (row != PAGU_NO_ROW && !row_is_member(run->view, row))
        return true;
    return run->of_indicators ? run->indicators[i] == PAGU_NO_INDICATOR : row == PAGU_NO_ROW;
}

static bool any_absent(const expr_run *run)
{
    bool absent = false;
    for (uint32_t i = 0; i < run->n; i++)
        absent |= is_absent(run, i);
    return absent;
}

/* A whole block of rows asks for their K: more will come, so that of every row is computed. */
static pagu_code take_all(prepared *p, const expr_run *run)
{
    if (p->k || run->of_indicators || run->n < BLOCK || !evaluation_takes_all(&p->e))
        return PAGU_OK;
    p->k = mem_array(run->ctx, run->plan->n_rows, sizeof *p->k);
    return p->k ? achievement_of_all(&p->e, false, p->k) : PAGU_NO_MEMORY;
}

static pagu_code value_block(prepared *p, const expr_run *run, pagu_derived *out)
{
    if (!p->k && !any_absent(run))
        return run->of_indicators ? evaluation_indicators(&p->e, run->indicators, run->n, out)
                                  : evaluation_nodes(&p->e, run->rows, run->n, out);
    for (uint32_t i = 0; i < run->n; i++) {
        bool absent = is_absent(run, i);
        out[i] = absent               ? derived_missing()
                 : run->of_indicators ? evaluation_indicator(&p->e, run->indicators[i])
                 : p->k               ? p->k[run->rows[i]]
                                      : evaluation_node(&p->e, run->rows[i]);
        if (!absent && p->k)
            evaluation_from_k(&p->e, run->rows[i], 1, &out[i]);
    }
    return PAGU_OK;
}

static pagu_code evaluate_block(const derived_call *c)
{
    pagu_derived cells[BLOCK];
    const expr_run *run = c->run;
    pagu_code code = take_all(c->prepared, run);
    expr_block_begin(c->out, run->n);
    if (code == PAGU_OK)
        code = value_block(c->prepared, run, cells);
    if (code == PAGU_INTERRUPTED)
        return err_set(run->ctx, run->err, code, "interrupted");
    if (code != PAGU_OK)
        return err_memory(run->ctx, run->err);
    for (uint32_t i = 0; i < run->n; i++)
        expr_put_derived(c->out, run->n, i, c->field->type == PAGU_EXPR_MONEY, &cells[i]);
    return PAGU_OK;
}

/* ---- the table ---- */

#define PREPARE(name, id)                                                                                              \
    static void *prepare_##name(const expr_run *run, pagu_period period, pagu_code *code)                              \
    {                                                                                                                  \
        return prepare(run, id, period, code);                                                                         \
    }
PREPARE(rate, RATE)
PREPARE(strategic_target, STRATEGIC_TARGET)
PREPARE(achieved_to, ACHIEVED_TO)
PREPARE(cumulative, CUMULATIVE)
PREPARE(strategic_rate, STRATEGIC_RATE)
PREPARE(accumulated, ACCUMULATED)
PREPARE(accumulated_rate, ACCUMULATED_RATE)
PREPARE(pace, PACE)
PREPARE(pace_cost, PACE_COST)
PREPARE(absorption, ABSORPTION)
PREPARE(achievement, ACHIEVEMENT)
PREPARE(efficiency, EFFICIENCY)
PREPARE(rating, RATING)
PREPARE(strategic_budget, STRATEGIC_BUDGET)
PREPARE(spent_to, SPENT_TO)
PREPARE(spent_accumulated, SPENT_ACCUMULATED)
PREPARE(spent_accumulated_rate, SPENT_ACCUMULATED_RATE)

#define FIELD(name, type_name, indicators)                                                                             \
    .id = #name, .type = PAGU_EXPR_##type_name, .of_nodes = true, .of_indicators = indicators,                         \
    .evaluate = evaluate_block, .prepare = prepare_##name, .finish = finish

const derived_field evaluate_fields[] = {
    [RATE] = { FIELD(rate, NUMBER, true), .caption = "Achievement rate", .unit = "%" },
    [STRATEGIC_TARGET] = { FIELD(strategic_target, NUMBER, true), .caption = "Strategic target" },
    [ACHIEVED_TO] = { FIELD(achieved_to, NUMBER, true), .caption = "Achieved up to the year" },
    [CUMULATIVE] = { FIELD(cumulative, NUMBER, true), .caption = "Expected up to the year" },
    [STRATEGIC_RATE] = { FIELD(strategic_rate, NUMBER, true), .caption = "Expected rate of the strategic target",
                         .unit = "%" },
    [ACCUMULATED] = { FIELD(accumulated, NUMBER, true), .caption = "Achieved before and in the year" },
    [ACCUMULATED_RATE] = { FIELD(accumulated_rate, NUMBER, true), .caption = "Achieved rate of the strategic target",
                           .unit = "%" },
    [PACE] = { FIELD(pace, NUMBER, true), .caption = "Needed in each remaining year" },
    [PACE_COST] = { FIELD(pace_cost, MONEY, true), .caption = "Cost of what each remaining year needs" },
    [ABSORPTION] = { FIELD(absorption, NUMBER, false), .caption = "Absorption of the budget", .unit = "%" },
    [ACHIEVEMENT] = { FIELD(achievement, NUMBER, false), .caption = "Achievement (K)", .unit = "%" },
    [EFFICIENCY] = { FIELD(efficiency, NUMBER, false), .caption = "Efficiency (K - Rp)", .unit = "%" },
    [RATING] = { FIELD(rating, TEXT, true), .caption = "Rating" },
    [STRATEGIC_BUDGET] = { FIELD(strategic_budget, MONEY, false), .caption = "Budget of the strategic plan" },
    [SPENT_TO] = { FIELD(spent_to, MONEY, false), .caption = "Spent up to the year" },
    [SPENT_ACCUMULATED] = { FIELD(spent_accumulated, MONEY, false), .caption = "Spent before and in the year" },
    [SPENT_ACCUMULATED_RATE] = { FIELD(spent_accumulated_rate, NUMBER, false),
                                 .caption = "Spent rate of the strategic budget", .unit = "%" },
};
const uint32_t n_evaluate_fields = COUNT_OF(evaluate_fields);

derived_id derived_of(pagu_field field)
{
    const derived_field *f = derived_builtin(field);
    bool ours = f && f >= evaluate_fields && f < evaluate_fields + COUNT_OF(evaluate_fields);
    return ours ? (derived_id)(f - evaluate_fields) : DERIVED_COUNT;
}

bool is_evaluation_field(pagu_field field)
{
    return derived_of(field) != DERIVED_COUNT;
}

const char *pagu_derived_state_name(pagu_derived_state state)
{
    static const char *const names[] = {
        "missing",       "-",        "number",         "text",           "unit clash", "zero target",
        "zero achieved", "negative", "not one number", "not aggregated", "overflow",
    };
    return (unsigned)state < COUNT_OF(names) ? names[state] : "missing";
}
