/* check_rates.c - printed rates and cumulative values against what their own row prints.
 *
 * T-C.29: column 8 = 7/6, 10 = 5 + 7 + 9, 11 = 10/4. An operand that the row prints is taken from
 * there, else from the model: a rate that its own row bears out is not wrong.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check_rates.h"

#include "pagu/evaluate.h"

#include <stdlib.h>

/* ---- comparing ---- */

static void compare_value(const rating *r, double computed, bool percent)
{
    int power, places = printed_places(claim_text(r->c, r->k), claim_locale(r->c, r->k));
    if (r->printed.state != PAGU_NUMBER) {
        if (r->printed.state == PAGU_MISSING || computed != 0)
            rate_say_missing(r, computed, percent);
        return;
    }
    difference how = compare_numbers(r->printed.value, places, computed, &power);
    if (how != DIFFER_NOT)
        rate_say_difference(r, how == DIFFER_POWER ? CHECK_RATE_SCALE : CHECK_RATE_DIFFERS, computed, percent, how,
                            power);
}

/* numerator / denominator in percent. */
static void check_quotient(const rating *r, const operand *top, const operand *bottom)
{
    bool numbers = top->state == PAGU_NUMBER && bottom->state == PAGU_NUMBER;
    if (numbers && bottom->value != 0) {
        if (operand_unlike(top, bottom))
            rate_say_unlike(r, top, bottom, true);
        compare_value(r, top->value / bottom->value * 100, true);
    } else if (r->printed.state == PAGU_NUMBER && r->printed.value != 0) {
        rate_say_unfounded(r, bottom->state != PAGU_NUMBER || bottom->value == 0 ? bottom : top);
    }
}

static bool prefers_lower(const checker *c, pagu_indicator ind)
{
    return c->plan->indicators[ind].polarity == PAGU_LOWER;
}

static void check_rate(const rating *r)
{
    pagu_stage common = r->c->plan->common_stage;
    operand target = operand_find(r, r->target, common, r->k->period),
            achieved = operand_find(r, r->achieved, common, r->k->period);
    if (prefers_lower(r->c, r->k->id))
        check_quotient(r, &target, &achieved);
    else
        check_quotient(r, &achieved, &target);
}

static operand strategic_target(const rating *r)
{
    const pagu_plan *p = r->c->plan;
    const char *end = pagu_plan_meta(p, "strategic.end");
    operand none = { .unit = "", .unit_id = NO_AT };
    if (p->strategic_stage == PAGU_NONE || !end)
        return none;
    pagu_period whole = year_period(r->c, "..", atoi(end), ""), last = year_period(r->c, "", atoi(end), "");
    operand o = operand_find(r, r->target, p->strategic_stage, whole);
    if (o.k || o.state != PAGU_MISSING)
        return o;
    return operand_of_model(r, r->target, p->strategic_stage, last);
}

/* The cumulative value that the row prints; its unit is often left out. */
static void check_strategic_rate(const rating *r)
{
    const claim *k = rate_cell(r, CLAIM_DERIVED, DERIVED_CUMULATIVE, PAGU_NONE, r->k->period);
    if (!k)
        return;
    operand cumulative = operand_printed(r->c, k), target = strategic_target(r);
    if (cumulative.state == PAGU_MISSING && r->printed.state == PAGU_MISSING)
        return; /* one gap: told at the cumulative value */
    if (!cumulative.unit_len && cumulative.state == PAGU_NUMBER) {
        int year = pagu_plan_period_year(r->c->plan, r->k->period);
        operand last = operand_find(r, r->target, r->c->plan->common_stage, year_period(r->c, "", year, ""));
        if (last.state == PAGU_NUMBER && last.value == cumulative.value)
            cumulative = last; /* its text names the unit */
    }
    check_quotient(r, &cumulative, &target);
}

/* ---- absorption ---- */

static void check_absorption(const rating *r)
{
    const checker *c = r->c;
    pagu_field budget, spent;
    if (r->k->owner_kind != OWNER_NODE || pagu_plan_find_field(c->plan, "budget", &budget, NULL) != PAGU_OK ||
        pagu_plan_find_field(c->plan, "spent", &spent, NULL) != PAGU_OK)
        return;
    pagu_cell b = stage_money(c, r->k->stage, r->k->id, budget, r->k->period),
              s = stage_money(c, r->k->stage, r->k->id, spent, r->k->period);
    operand top = { .state = s.state, .value = (double)s.value, .unit = "" },
            bottom = { .state = b.state, .value = (double)b.value, .unit = "" };
    check_quotient(r, &top, &bottom);
}

/* ---- any other derived field: against the model ---- */

static void say_no_value(const rating *r, pagu_cell_reason reason)
{
    pagu_finding f = finding_at(r->c, CHECK_RATE_UNFOUNDED, r->k);
    check_say(r->c, &f, "%s of \"%s\" is printed as %s, but it has no value: %s", rate_word(r), claim_key(r->c, r->k),
              claim_text(r->c, r->k), pagu_cell_reason_name(reason));
}

static void check_model(const rating *r)
{
    const checker *c = r->c;
    pagu_field field;
    pagu_expr_type type;
    pagu_expr_value v;
    bool node = r->k->owner_kind == OWNER_NODE;
    if (pagu_find_field(c->plan, plan_str(c->plan, r->k->field_id), &field, NULL) != PAGU_OK ||
        (!node && r->k->owner_kind != OWNER_INDICATOR) ||
        pagu_view_value(c->loaded, node ? r->k->id : PAGU_NO_ROW, node ? PAGU_NO_INDICATOR : r->k->id, field,
                        r->k->period, &type, &v, NULL) != PAGU_OK)
        return;
    if (v.state == PAGU_NUMBER && type != PAGU_EXPR_TEXT)
        compare_value(r, type == PAGU_EXPR_MONEY ? (double)v.money : v.number, v.unit && str_eq(v.unit, "%"));
    else if (v.reason != PAGU_CELL_PLAIN && r->printed.state == PAGU_NUMBER)
        say_no_value(r, v.reason);
}

/* ---- all ---- */

static void check_derived(checker *c, const claim *k, uint32_t first, uint32_t end)
{
    rating r = { .c = c, .k = k, .first = first, .end = end };
    bool mended;
    if (k->period == PAGU_NONE || k->stage == PAGU_NONE || !read_printed_measure(c, k, &r.printed, &mended) ||
        pagu_plan_find_field(c->plan, "target", &r.target, NULL) != PAGU_OK ||
        pagu_plan_find_field(c->plan, "achieved", &r.achieved, NULL) != PAGU_OK)
        return;
    if (r.printed.state == PAGU_TEXT)
        return;
    if (k->derived == DERIVED_REST)
        check_model(&r);
    else if (k->derived == DERIVED_ABSORPTION)
        check_absorption(&r);
    else if (k->owner_kind != OWNER_INDICATOR)
        return;
    else if (k->derived == DERIVED_RATE)
        check_rate(&r);
    else if (k->derived == DERIVED_CUMULATIVE)
        check_cumulative(&r);
    else if (k->derived == DERIVED_STRATEGIC_RATE)
        check_strategic_rate(&r);
}

void check_rates(checker *c)
{
    for (uint32_t i = 0, end; i < c->n_claims && !check_stop(c); i = end) {
        end = claims_row_end(c, i);
        for (uint32_t at = i; at < end; at++)
            if (c->claims[c->by_row[at]].kind == CLAIM_DERIVED)
                check_derived(c, &c->claims[c->by_row[at]], i, end);
    }
}
