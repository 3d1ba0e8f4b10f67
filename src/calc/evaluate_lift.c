/* evaluate_lift.c - what would lift a rating by one grade.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

/* The achieved value that gives a percent: the inverse of rate_of. NAN if there is none. */
static double value_for(const evaluation *e, double target, double percent, bool lower_is_better)
{
    if (!lower_is_better)
        return target * percent / 100;
    return e->linear ? target * (2 - percent / 100) : percent > 0 ? 100 * target / percent : (double)NAN;
}

static bool counts_whole(const evaluation *e, pagu_indicator ind)
{
    const pagu_plan *p = e->plan;
    uint32_t unit = ind < p->n_indicators ? p->indicators[ind].unit : UINT32_MAX;
    return unit != UINT32_MAX && str_eq(plan_str(p, p->units[unit].kind), "count");
}

static bool is_enough(const evaluation *e, const pagu_derived *target, pagu_polarity polarity, double achieved,
                      const scale_band *band)
{
    pagu_derived r = { .value = achieved, .unit = target->unit, .state = PAGU_DERIVED_NUMBER };
    pagu_derived rate = rate_of(e, target, &r, polarity);
    return rate.state == PAGU_DERIVED_ZERO_ACHIEVED ||
           (rate.state == PAGU_DERIVED_NUMBER && band_reached(band, rate.value));
}

/* The nearest whole number that is enough: persons don't come in parts. */
static double whole_value(const evaluation *e, const pagu_derived *target, pagu_polarity polarity, double exact,
                          bool lower_is_better, const scale_band *band)
{
    double step = lower_is_better ? -1 : 1, from = lower_is_better ? ceil(exact) + 1 : floor(exact) - 1;
    for (int i = 0; i < 5; i++)
        if (is_enough(e, target, polarity, from + i * step, band))
            return from + i * step;
    return (double)NAN;
}

static bool is_beyond(const pagu_derived *target, pagu_polarity polarity, double achieved, double *bound)
{
    bounds b = { target->value, target->value };
    if (target->text)
        parse_bounds(target->text, &b);
    bool above = polarity == PAGU_LOWER || (polarity == PAGU_RANGE && achieved > b.hi);
    *bound = polarity != PAGU_RANGE ? target->value : above ? b.hi : b.lo;
    return above;
}

static void lift_indicator(evaluation *e, pagu_indicator ind, const scale_band *band, pagu_lift *out)
{
    pagu_polarity polarity = (pagu_polarity)traits_of(e, ind).polarity;
    pagu_derived target = year_value(e, &e->target_now, ind), now = year_value(e, &e->achieved_now, ind);
    double bound;
    bool lower = is_beyond(&target, polarity, amount_of(&now), &bound);
    if (band->low > e->cap)
        return;
    double exact = value_for(e, bound, band->low, lower);
    bool whole = counts_whole(e, ind);
    if (whole && !isnan(exact))
        exact = whole_value(e, &target, polarity, exact, lower, band);
    out->achieved = exact;
    out->strictly = !whole && !band->low_included;
    out->unit = *target.unit ? target.unit : now.unit;
}

static void lift_percent(const evaluation *e, double percent, pagu_lift *out, const scale_band **next)
{
    uint32_t band = scale_band_of(&e->scale, percent);
    out->label = e->scale.bands[band].label;
    out->percent = percent;
    *next = band > 0 ? &e->scale.bands[band - 1] : NULL;
    if (!*next)
        return;
    out->next = (*next)->label;
    out->needed = (*next)->low;
    out->points = (*next)->low - percent;
    out->strictly = !(*next)->low_included;
}

pagu_lift evaluation_lift(evaluation *e, pagu_row row, pagu_indicator ind)
{
    pagu_lift out = { .unit = "", .achieved = (double)NAN };
    const scale_band *next;
    pagu_derived percent = ind != PAGU_NO_INDICATOR ? rate_now(e, ind) : achievement(e, row);
    out.state = percent.state;
    if (percent.state != PAGU_DERIVED_NUMBER)
        return out;
    lift_percent(e, percent.value, &out, &next);
    if (next && ind != PAGU_NO_INDICATOR)
        lift_indicator(e, ind, next, &out);
    return out;
}

pagu_code pagu_evaluate_lift(const pagu_view *v, int year, const pagu_evaluate_options *options, pagu_row row,
                             pagu_indicator ind, pagu_lift *out, pagu_error *err)
{
    evaluation e;
    pagu_code code = evaluation_open(&e, v, RATING, year, options, err);
    if (code != PAGU_OK)
        return code;
    *out = evaluation_lift(&e, row, ind);
    evaluation_close(&e);
    return PAGU_OK;
}
