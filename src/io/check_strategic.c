/* check_strategic.c - indicators one by one: against the strategic plan, projections, quarters.
 * SPDX-License-Identifier: MIT */
#include "io/check_indicators.h"

#include <math.h>
#include <stdlib.h>

static pagu_measure measure_at(const indicator_check *j, pagu_indicator ind, pagu_stage stage, pagu_field field,
                               pagu_period period)
{
    pagu_measure none = { .unit = "" };
    if (field == PAGU_NONE || period == PAGU_NONE || stage == PAGU_NONE)
        return none;
    return pagu_view_stage_measure(j->c->view, stage, ind, field, period);
}

static pagu_period timeless_of(const indicator_check *j)
{
    pagu_period period;
    return pagu_plan_find_period(j->c->plan, "*", &period, NULL) == PAGU_OK ? period : PAGU_NONE;
}

static int strategic_year(const indicator_check *j, const char *which)
{
    const char *text = pagu_plan_meta(j->c->plan, which);
    return text ? atoi(text) : 0;
}

static bool is_worse(const indicator_check *j, pagu_indicator ind, double a, double b)
{
    pagu_polarity polarity = j->c->plan->indicators[ind].polarity;
    return polarity == PAGU_LOWER ? a > b : polarity == PAGU_HIGHER && a < b;
}

static bool same_unit(const pagu_measure *a, const pagu_measure *b)
{
    return str_eq(a->unit ? a->unit : "", b->unit ? b->unit : "");
}

/* The end target of a summable indicator is reached in a single year, and there are several. */
static void check_end_target(const indicator_check *j, pagu_indicator ind)
{
    const pagu_plan *p = j->c->plan;
    int from = strategic_year(j, "strategic.start"), to = strategic_year(j, "strategic.end");
    measured end = { j->target, year_period(j->c, "..", to, ""), p->strategic_stage };
    pagu_measure whole = measure_at(j, ind, end.stage, j->target, end.period);
    if (!to || whole.state != PAGU_NUMBER || whole.value <= 0 ||
        pagu_view_indicator(j->c->view, ind).over_time != PAGU_AGG_SUM)
        return;
    int years = 0, reached = 0;
    for (int year = from; year <= to; year++) {
        pagu_period period = year_period(j->c, "", year, "");
        pagu_measure m = { .unit = "" };
        if (period != PAGU_NONE)
            m = pagu_view_measure(j->c->view, ind, j->target, period);
        bool some = m.state == PAGU_NUMBER && m.value > 0;
        years += some;
        if (some && !reached && same_unit(&m, &whole) && m.value >= whole.value)
            reached = year;
    }
    if (years < 2 || !reached)
        return;
    pagu_finding f = indicator_finding(j, CHECK_STRATEGIC_TARGET_YEARLY, ind, &end);
    check_text value = measure_as_text(&whole, plan_locale(p));
    check_say(j->c, &f,
              "the end target of \"%s\" is %s, which the target of %d alone reaches; the indicator adds up over years",
              f.key, value.s, reached);
}

static void say_projection(const indicator_check *j, check_rule rule, pagu_indicator ind, pagu_period period,
                           const pagu_measure *m, const pagu_measure *other)
{
    measured at = { j->projected, period, j->c->plan->common_stage };
    pagu_finding f = indicator_finding(j, rule, ind, &at);
    check_text x = measure_as_text(m, plan_locale(j->c->plan)), y = measure_as_text(other, plan_locale(j->c->plan));
    f.computed = y.s;
    if (rule == CHECK_PROJECTION_ABOVE_TARGET)
        check_say(j->c, &f, "the projection of \"%s\" for %s is %s, beyond the target of %s", f.key, f.period, x.s,
                  y.s);
    else
        check_say(j->c, &f, "the projection of \"%s\" for %s is %s, worse than the %s achieved the year before", f.key,
                  f.period, x.s, y.s);
}

static void check_projections(const indicator_check *j, pagu_indicator ind)
{
    const pagu_plan *p = j->c->plan;
    pagu_measure before = { .unit = "" };
    for (int year = p->first_year; year <= p->last_year; year++) {
        pagu_period period = year_period(j->c, "", year, "");
        pagu_measure m = measure_at(j, ind, p->common_stage, j->projected, period);
        pagu_measure target = measure_at(j, ind, p->strategic_stage, j->target, period);
        if (m.state == PAGU_NUMBER && target.state == PAGU_NUMBER && same_unit(&m, &target) &&
            is_worse(j, ind, target.value, m.value))
            say_projection(j, CHECK_PROJECTION_ABOVE_TARGET, ind, period, &m, &target);
        if (m.state == PAGU_NUMBER && before.state == PAGU_NUMBER && same_unit(&m, &before) &&
            is_worse(j, ind, m.value, before.value))
            say_projection(j, CHECK_PROJECTION_BELOW_ACHIEVED, ind, period, &m, &before);
        before = measure_at(j, ind, p->common_stage, j->achieved, period);
    }
}

/* Baseline against standard and targets of the strategic stage. */
static void check_baseline(const indicator_check *j, pagu_indicator ind)
{
    const pagu_plan *p = j->c->plan;
    pagu_stage stage = p->strategic_stage;
    measured timeless = { j->standard, timeless_of(j), stage };
    pagu_measure base = measure_at(j, ind, stage, j->baseline, timeless.period);
    pagu_measure standard = measure_at(j, ind, stage, j->standard, timeless.period);
    bool moves = false, told = false;
    if (base.state != PAGU_NUMBER)
        return;
    for (int year = p->first_year; year <= p->last_year; year++) {
        measured at = { j->target, year_period(j->c, "", year, ""), stage };
        pagu_measure t = measure_at(j, ind, stage, j->target, at.period);
        if (t.state != PAGU_NUMBER || !same_unit(&t, &base))
            continue;
        moves |= t.value != base.value;
        if (!told && is_worse(j, ind, t.value, base.value)) {
            told = true;
            pagu_finding f = indicator_finding(j, CHECK_TARGET_BELOW_BASELINE, ind, &at);
            check_text x = measure_as_text(&t, plan_locale(p)), y = measure_as_text(&base, plan_locale(p));
            f.computed = y.s;
            check_say(j->c, &f, "the target of \"%s\" for %s is %s, worse than its baseline of %s", f.key, f.period,
                      x.s, y.s);
        }
    }
    bool full = base.value >= 100 && str_eq(base.unit ? base.unit : "", "%");
    if (!moves || full || standard.state != PAGU_NUMBER || standard.value != base.value)
        return;
    pagu_finding f = indicator_finding(j, CHECK_STANDARD_IS_BASELINE, ind, &timeless);
    check_text x = measure_as_text(&base, plan_locale(p));
    check_say(j->c, &f, "the standard of \"%s\" is %s, which is its baseline", f.key, x.s);
}

/* ---- quarters and years ---- */

static bool sum_quarters(const indicator_check *j, pagu_indicator ind, pagu_stage stage, pagu_field field, int year,
                         double *out)
{
    double values[4], sum = 0;
    for (int q = 0; q < 4; q++) {
        static const char *const quarters[] = { "Q1", "Q2", "Q3", "Q4" };
        pagu_measure m = measure_at(j, ind, stage, field, year_period(j->c, "", year, quarters[q]));
        if (m.state != PAGU_NUMBER)
            return false;
        sum += values[q] = m.value;
    }
    switch (pagu_view_indicator(j->c->view, ind).over_time) {
    case PAGU_AGG_SUM: *out = sum; break;
    case PAGU_AGG_MEAN: *out = sum / 4; break;
    case PAGU_AGG_MAX: *out = fmax(fmax(values[0], values[1]), fmax(values[2], values[3])); break;
    case PAGU_AGG_MIN: *out = fmin(fmin(values[0], values[1]), fmin(values[2], values[3])); break;
    default: *out = values[3];
    }
    return true;
}

static void check_quarters(const indicator_check *j, const measured *m, pagu_indicator ind)
{
    const pagu_plan *p = j->c->plan;
    int year = p->periods[m->period].part == PERIOD_YEAR ? p->periods[m->period].year : 0;
    const measure_cell *cell = &indicator_cells(j, m)[ind];
    double sum;
    if (!year || cell->state != PAGU_NUMBER || !sum_quarters(j, ind, m->stage, m->field, year, &sum) ||
        same_number(sum, cell->value))
        return;
    check_text x = indicator_value(j, ind, cell), y = number_as_text(sum, -1, false, plan_locale(p));
    pagu_finding f = indicator_finding(j, CHECK_PARTS_DIFFER, ind, m);
    f.computed = y.s;
    check_say(j->c, &f, "%s of \"%s\" for %s is %s, but its quarters give %s", indicator_field(j, m), f.key, f.period,
              x.s, y.s);
}

static bool has_quarters(const pagu_plan *p)
{
    for (uint32_t i = 0; i < p->n_periods; i++)
        if (p->periods[i].part == PERIOD_QUARTER)
            return true;
    return false;
}

void check_strategic(const indicator_check *j)
{
    const pagu_plan *p = j->c->plan;
    bool strategic = p->strategic_stage != PAGU_NONE;
    for (uint32_t ind = 0; ind < p->n_indicators && !check_stop(j->c); ind++) {
        if (strategic) {
            check_end_target(j, ind);
            check_projections(j, ind);
            check_baseline(j, ind);
        }
        for (uint32_t i = 0; has_quarters(p) && i < j->n && j->c->code == PAGU_OK; i++)
            check_quarters(j, &j->columns[i], ind);
    }
}
