/* evaluate_pace.c - what each remaining year must deliver, and what that costs.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

static pagu_derived progress_of(evaluation *e, pagu_indicator ind)
{
    return is_known_to(e, &e->past, ind, e->year) ? series_value(e, &e->past, ind, e->year) : cumulative(e, ind);
}

static double pace_of(const evaluation *e, pagu_aggregation how, double target, double so_far)
{
    double left = e->end - e->year, done = e->year - e->start + 1;
    switch (how) {
    case PAGU_AGG_SUM: return target > so_far ? (target - so_far) / left : 0;
    case PAGU_AGG_MEAN: return (target * (done + left) - so_far * done) / left;
    case PAGU_AGG_MAX: return so_far >= target ? 0 : target;
    case PAGU_AGG_MIN: return target;
    default: return (target - so_far) / left;
    }
}

static pagu_derived pace_between(evaluation *e, pagu_indicator ind, double *gap)
{
    indicator_traits t = traits_of(e, ind);
    pagu_derived target = strategic_target(e, ind), so_far = progress_of(e, ind);
    if (e->year >= e->end || target.state == PAGU_DERIVED_MISSING || so_far.state == PAGU_DERIVED_MISSING)
        return derived_missing();
    pagu_derived worst = is_amount(&target) ? so_far : target;
    if (worst.state == PAGU_DERIVED_TEXT)
        worst.state = PAGU_DERIVED_NOT_ONE_NUMBER;
    if (is_fault(&worst))
        return worst;
    if (t.over_time == PAGU_AGG_NONE)
        return derived_state(PAGU_DERIVED_NOT_AGGREGATED);
    bool both = target.state == PAGU_DERIVED_NUMBER && so_far.state == PAGU_DERIVED_NUMBER;
    if (both && units_differ(target.unit, so_far.unit))
        return (pagu_derived){ .unit = so_far.unit, .text = target.unit, .state = PAGU_DERIVED_UNIT_CLASH };
    *gap = amount_of(&target) > amount_of(&so_far) ? amount_of(&target) - amount_of(&so_far) : 0;
    double value = pace_of(e, (pagu_aggregation)t.over_time, amount_of(&target), amount_of(&so_far));
    return (pagu_derived){ .value = value,
                           .unit = target.state == PAGU_DERIVED_NUMBER ? target.unit : so_far.unit,
                           .state = PAGU_DERIVED_NUMBER,
                           .flags = so_far.flags };
}

static bool is_whole_number(double x)
{
    return fabs(x) < 9007199254740992.0 && x == (double)(int64_t)x;
}

pagu_derived pace(evaluation *e, pagu_indicator ind)
{
    double gap;
    return pace_between(e, ind, &gap);
}

/* Money for gap / years units at budget / target each, rounded once: exact where these are whole. */
static pagu_derived cost_of(double gap, int years, double target, pagu_money budget)
{
    pagu_decimal ratio;
    pagu_derived out = { .unit = "", .state = PAGU_DERIVED_NUMBER };
    double divisor = target * years, x = gap / divisor;
    if (is_whole_number(gap) && is_whole_number(divisor))
        return pagu_muldiv(budget, (int64_t)gap, (int64_t)divisor, &out.amount) == PAGU_OK
                   ? out
                   : derived_state(PAGU_DERIVED_OVERFLOW);
    if (pagu_decimal_from_double(x, &ratio) != PAGU_OK) { /* more than 18 digits behind the point */
        if (!(fabs(x) < 1000))
            return derived_state(PAGU_DERIVED_OVERFLOW);
        ratio = (pagu_decimal){ llround(x * 1e15), 15 };
    }
    return pagu_money_scale(budget, ratio, 1, &out.amount) == PAGU_OK ? out : derived_state(PAGU_DERIVED_OVERFLOW);
}

pagu_derived pace_cost(evaluation *e, pagu_indicator ind)
{
    indicator_traits t = traits_of(e, ind);
    double gap = 0;
    pagu_derived each = pace_between(e, ind, &gap), target = year_value(e, &e->target_plan, ind);
    pagu_derived budget = t.row == PAGU_NO_ROW ? derived_missing() : year_money_value(e, &e->budget_plan, t.row);
    if (each.state == PAGU_DERIVED_MISSING || target.state == PAGU_DERIVED_MISSING ||
        budget.state == PAGU_DERIVED_MISSING)
        return derived_missing();
    if (t.over_time != PAGU_AGG_SUM) /* a level has no price a unit */
        return derived_state(PAGU_DERIVED_NOT_AGGREGATED);
    if (is_fault(&each) || is_fault(&budget))
        return is_fault(&each) ? each : budget;
    if (target.state == PAGU_DERIVED_TEXT)
        target.state = PAGU_DERIVED_NOT_ONE_NUMBER;
    if (is_fault(&target))
        return target;
    if (!(amount_of(&target) > 0))
        return derived_state(amount_of(&target) < 0 ? PAGU_DERIVED_NEGATIVE : PAGU_DERIVED_ZERO_TARGET);
    if (units_differ(each.unit, target.unit))
        return (pagu_derived){ .unit = each.unit, .text = target.unit, .state = PAGU_DERIVED_UNIT_CLASH };
    return cost_of(gap, e->end - e->year, target.value, budget.state == PAGU_DERIVED_NUMBER ? budget.amount : 0);
}
