/* check_cumulative.c - printed cumulative values against what their own row prints.
 *
 * T-C.29: column 10 = 5 + 7 + 9, for indicators that add up over years.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check_rates.h"

#include <math.h>

static double aggregate(const operand *o, uint32_t n, pagu_aggregation how)
{
    double sum = 0, last = 0, least = INFINITY, most = -INFINITY;
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (o[i].state != PAGU_NUMBER)
            continue;
        sum += o[i].value;
        last = o[i].value;
        least = fmin(least, last);
        most = fmax(most, last);
        count++;
    }
    switch (how) {
    case PAGU_AGG_SUM: return sum;
    case PAGU_AGG_MEAN: return sum / count;
    case PAGU_AGG_MAX: return most;
    case PAGU_AGG_MIN: return least;
    default: return last;
    }
}

static const operand *first_text(const operand *o, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (o[i].state == PAGU_TEXT)
            return &o[i];
    return NULL;
}

static bool find_unlike(const operand *o, uint32_t n, const operand **a, const operand **b)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i + 1; j < n; j++)
            if (operand_unlike(&o[i], &o[j])) {
                *a = &o[i];
                *b = &o[j];
                return true;
            }
    return false;
}

static void compare_cumulative(const rating *r, const operand *o, uint32_t n, pagu_aggregation how)
{
    int power, places = printed_places(claim_text(r->c, r->k), claim_locale(r->c, r->k));
    const operand *a, *b;
    double computed = aggregate(o, n, how), sum = aggregate(o, n, PAGU_AGG_SUM);
    bool percent = o[n - 1].unit_len == 1 && *o[n - 1].unit == '%';
    if (r->printed.state != PAGU_NUMBER) {
        if (how == PAGU_AGG_SUM && find_unlike(o, n, &a, &b))
            rate_say_empty(r);
        else if (r->printed.state == PAGU_MISSING || computed != 0)
            rate_say_missing(r, computed, percent);
        return;
    }
    bool adds = same_number(r->printed.value, sum);
    if ((how == PAGU_AGG_SUM || adds) && find_unlike(o, n, &a, &b))
        rate_say_unlike(r, a, b, false);
    difference differs = compare_numbers(r->printed.value, places, computed, &power);
    if (differs == DIFFER_NOT)
        return;
    if (how != PAGU_AGG_SUM && adds)
        rate_say_difference(r, CHECK_PERCENT_SUMMED, computed, percent, DIFFER_VALUE, 0);
    else
        rate_say_difference(r, CHECK_CUMULATIVE_DIFFERS, computed, percent, differs, power);
}

void check_cumulative(const rating *r)
{
    const checker *c = r->c;
    int year = pagu_plan_period_year(c->plan, r->k->period);
    pagu_stage common = c->plan->common_stage;
    if (!year)
        return;
    operand o[] = { operand_find(r, r->achieved, common, year_period(c, "..", year - 2, "")),
                    operand_find(r, r->achieved, common, year_period(c, "", year - 1, "")),
                    operand_find(r, r->target, common, r->k->period) };
    const operand *text = first_text(o, COUNT_OF(o));
    bool some = false;
    for (uint32_t i = 0; i < COUNT_OF(o); i++)
        some |= o[i].state == PAGU_NUMBER;
    if (some && !text)
        compare_cumulative(r, o, COUNT_OF(o), pagu_view_indicator(c->loaded, r->k->id).over_time);
    else if (r->printed.state == PAGU_NUMBER && r->printed.value != 0)
        rate_say_unfounded(r, text ? text : &o[0]);
}
