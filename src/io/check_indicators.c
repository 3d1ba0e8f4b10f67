/* check_indicators.c - targets, units and projections of indicators.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* One column of measures, in the order of time. */
typedef struct measured {
    pagu_field field;
    pagu_period period;
    pagu_stage stage;
} measured;

typedef struct judging {
    checker *c;
    measured *columns;
    uint32_t n;
    pagu_field target, achieved, projected, baseline, standard; /* PAGU_NONE: the plan has none */
} judging;

static pagu_field field_of(const checker *c, const char *id)
{
    pagu_field field;
    return pagu_plan_find_field(c->plan, id, &field, NULL) == PAGU_OK ? field : PAGU_NONE;
}

static const measure_cell *cells_of(const judging *j, const measured *m)
{
    const pagu_plan *p = j->c->plan;
    return p->columns[column_index(p, m->stage, m->field, m->period)].measures;
}

static int compare_times(const void *ud, uint32_t a, uint32_t b)
{
    const judging *j = ud;
    const pagu_plan *p = j->c->plan;
    const measured *x = &j->columns[a], *y = &j->columns[b];
    const plan_period *s = &p->periods[x->period], *t = &p->periods[y->period];
    const int u[] = { s->sort_to, s->sort_from, x->stage, x->field },
              v[] = { t->sort_to, t->sort_from, y->stage, y->field };
    for (uint32_t i = 0; i < COUNT_OF(u); i++)
        if (u[i] != v[i])
            return u[i] < v[i] ? -1 : 1;
    return 0;
}

static bool sort_columns(judging *j)
{
    checker *c = j->c;
    uint32_t *order = mem_array(c->ctx, j->n, sizeof *order), *scratch = mem_array(c->ctx, j->n, sizeof *scratch);
    measured *sorted = mem_array(c->ctx, j->n, sizeof *sorted);
    bool got = j->n == 0 || (order && scratch && sorted);
    for (uint32_t i = 0; got && i < j->n; i++)
        order[i] = i;
    if (got)
        sort_indices(order, scratch, j->n, compare_times, j);
    for (uint32_t i = 0; got && i < j->n; i++)
        sorted[i] = j->columns[order[i]];
    if (got && j->n)
        memcpy(j->columns, sorted, j->n * sizeof *sorted);
    mem_free(c->ctx, order, j->n * sizeof *order);
    mem_free(c->ctx, scratch, j->n * sizeof *scratch);
    mem_free(c->ctx, sorted, j->n * sizeof *sorted);
    return got;
}

/* Columns that hold something, earliest first. */
static bool find_columns(judging *j)
{
    const pagu_plan *p = j->c->plan;
    j->columns = mem_array(j->c->ctx, p->n_columns, sizeof *j->columns);
    if (!j->columns)
        return p->n_columns == 0;
    for (pagu_field field = 0; field < p->n_fields; field++)
        for (pagu_period period = 0; period < p->n_periods; period++)
            for (pagu_stage stage = 0; stage < p->n_stages; stage++)
                if (p->columns[column_index(p, stage, field, period)].measures)
                    j->columns[j->n++] = (measured){ field, period, stage };
    return sort_columns(j);
}

static uint32_t unit_of(const pagu_plan *p, pagu_indicator ind, const measure_cell *cell)
{
    if (!cell->unit)
        return p->indicators[ind].unit;
    for (uint32_t i = 0; i < p->n_units; i++)
        if (p->units[i].id == cell->unit)
            return i;
    return NO_AT;
}

static const char *unit_name(const pagu_plan *p, uint32_t unit)
{
    return unit == NO_AT ? "" : plan_str(p, p->units[unit].id);
}

static bool is_percent(const pagu_plan *p, uint32_t unit)
{
    return unit != NO_AT && str_eq(plan_str(p, p->units[unit].kind), "percent");
}

static pagu_finding finding_of(const judging *j, check_rule rule, pagu_indicator ind, const measured *m)
{
    const checker *c = j->c;
    const claim *k = claims_find(c, OWNER_INDICATOR, ind, CLAIM_MEASURE, m->field, m->stage, m->period);
    pagu_finding f = finding_at(c, rule, k);
    f.key = plan_str(c->plan, c->plan->indicators[ind].id);
    f.stage = plan_str(c->plan, c->plan->stages[m->stage].id);
    f.period = plan_str(c->plan, c->plan->periods[m->period].id);
    if (!k) {
        f.file = f.record_file = "measures.csv";
        f.column = plan_str(c->plan, c->plan->fields[m->field].id);
    }
    return f;
}

static const char *field_name(const judging *j, const measured *m)
{
    return field_word(j->c, plan_str(j->c->plan, j->c->plan->fields[m->field].id));
}

static check_text value_text(const judging *j, pagu_indicator ind, const measure_cell *cell)
{
    const pagu_plan *p = j->c->plan;
    pagu_measure m = { .state = (pagu_state)cell->state,
                       .value = cell->value,
                       .unit = unit_name(p, unit_of(p, ind, cell)),
                       .text = cell->text ? plan_str(p, cell->text) : NULL };
    return measure_as_text(&m, plan_locale(p));
}

/* ---- cell by cell ---- */

static bool is_ordinal(const pagu_plan *p, uint32_t unit)
{
    return unit != NO_AT && (str_eq(plan_str(p, p->units[unit].kind), "ordinal") || p->units[unit].categories);
}

static void check_text_cell(const judging *j, const measured *m, pagu_indicator ind, const measure_cell *cell)
{
    const pagu_plan *p = j->c->plan;
    if (cell->state != PAGU_TEXT || is_ordinal(p, unit_of(p, ind, cell)) ||
        (m->field != j->target && m->field != j->achieved))
        return;
    pagu_finding f = finding_of(j, CHECK_TARGET_NOT_NUMBER, ind, m);
    f.printed = *f.printed ? f.printed : plan_str(p, cell->text);
    check_say(j->c, &f, "%s of \"%s\" for %s is \"%s\", which is not one number", field_name(j, m), f.key, f.period,
              plan_str(p, cell->text));
}

static void check_percent_cell(const judging *j, const measured *m, pagu_indicator ind, const measure_cell *cell)
{
    const pagu_plan *p = j->c->plan;
    if (cell->state != PAGU_NUMBER || cell->value <= 100 || !is_percent(p, unit_of(p, ind, cell)) ||
        m->field == j->standard)
        return;
    check_text value = value_text(j, ind, cell);
    pagu_finding f = finding_of(j, CHECK_PERCENT_OVER_100, ind, m);
    check_say(j->c, &f, "%s of \"%s\" for %s is %s, more than the whole", field_name(j, m), f.key, f.period, value.s);
}

static void check_cells(const judging *j)
{
    const pagu_plan *p = j->c->plan;
    for (uint32_t i = 0; i < j->n && !check_stop(j->c); i++) {
        const measure_cell *cells = cells_of(j, &j->columns[i]);
        for (uint32_t ind = 0; ind < p->n_indicators && j->c->code == PAGU_OK; ind++) {
            check_text_cell(j, &j->columns[i], ind, &cells[ind]);
            check_percent_cell(j, &j->columns[i], ind, &cells[ind]);
        }
    }
}

/* ---- units over time ---- */

typedef struct unit_seen {
    uint32_t unit;
    uint32_t column;
    uint8_t state;
} unit_seen;
enum { SEEN_NOT, SEEN_ONE, SEEN_TOLD };

static void say_drift(const judging *j, pagu_indicator ind, const unit_seen *seen, uint32_t column, uint32_t unit)
{
    const pagu_plan *p = j->c->plan;
    const measured *before = &j->columns[seen->column], *now = &j->columns[column];
    pagu_finding f = finding_of(j, CHECK_UNIT_DRIFT, ind, now);
    f.difference = difference_word(DIFFER_UNIT);
    check_say(j->c, &f, "\"%s\" is in %s for %s (%s) and in %s for %s (%s)", f.key, unit_name(p, seen->unit),
              plan_str(p, p->periods[before->period].id), field_name(j, before), unit_name(p, unit), f.period,
              field_name(j, now));
}

static void check_drift(const judging *j)
{
    const pagu_plan *p = j->c->plan;
    unit_seen *seen = mem_zarray(j->c->ctx, p->n_indicators, sizeof *seen);
    if (!seen && p->n_indicators)
        check_fail(j->c, PAGU_NO_MEMORY);
    for (uint32_t i = 0; i < j->n && !check_stop(j->c); i++) {
        const measure_cell *cells = cells_of(j, &j->columns[i]);
        if (j->columns[i].field != j->target && j->columns[i].field != j->achieved)
            continue;
        for (uint32_t ind = 0; ind < p->n_indicators && j->c->code == PAGU_OK; ind++) {
            uint32_t unit = cells[ind].state == PAGU_NUMBER ? unit_of(p, ind, &cells[ind]) : NO_AT;
            if (unit == NO_AT || seen[ind].state == SEEN_TOLD)
                continue;
            if (seen[ind].state == SEEN_NOT) {
                seen[ind] = (unit_seen){ unit, i, SEEN_ONE };
            } else if (seen[ind].unit != unit) {
                say_drift(j, ind, &seen[ind], i, unit);
                seen[ind].state = SEEN_TOLD;
            }
        }
    }
    mem_free(j->c->ctx, seen, p->n_indicators * sizeof *seen);
}

/* ---- indicators without targets, nodes without indicators ---- */

static void check_targets(const judging *j)
{
    const pagu_plan *p = j->c->plan;
    uint8_t *has = mem_zarray(j->c->ctx, p->n_indicators, 1);
    if (!has && p->n_indicators)
        check_fail(j->c, PAGU_NO_MEMORY);
    for (uint32_t i = 0; has && i < j->n; i++)
        for (uint32_t ind = 0; j->columns[i].field == j->target && ind < p->n_indicators; ind++)
            has[ind] |= cells_of(j, &j->columns[i])[ind].state != PAGU_MISSING;
    for (uint32_t ind = 0; has && ind < p->n_indicators && !check_stop(j->c); ind++) {
        if (has[ind])
            continue;
        const claim *k = claims_find(j->c, OWNER_INDICATOR, ind, CLAIM_NAME, 0, 0, 0);
        pagu_finding f = finding_at(j->c, CHECK_INDICATOR_WITHOUT_TARGET, k);
        f.key = plan_str(p, p->indicators[ind].id);
        if (!k)
            f.file = f.record_file = "indicators.csv";
        check_say(j->c, &f, "indicator \"%s\" (%s) has no target in any year or stage", f.key,
                  plan_str(p, p->indicators[ind].name));
    }
    mem_free(j->c->ctx, has, p->n_indicators);
}

enum { MOST_LEVELS = 256 };
static bool lacks_indicator(const checker *c, pagu_row row, uint32_t counts[MOST_LEVELS][2])
{
    const pagu_plan *p = c->plan;
    return p->level[row] < MOST_LEVELS && row > 0 && pagu_view_is_member(c->view, row) &&
           pagu_view_first_indicator(c->view, row) == PAGU_NO_INDICATOR &&
           counts[p->level[row]][1] * 2 > counts[p->level[row]][0];
}

static void check_nodes(const judging *j)
{
    checker *c = j->c;
    const pagu_plan *p = c->plan;
    uint32_t counts[MOST_LEVELS][2] = { { 0 } }; /* nodes, with indicator */
    for (uint32_t row = 0; row < p->n_rows; row++)
        if (p->level[row] < MOST_LEVELS && pagu_view_is_member(c->view, row)) {
            counts[p->level[row]][0]++;
            counts[p->level[row]][1] += pagu_view_first_indicator(c->view, row) != PAGU_NO_INDICATOR;
        }
    for (uint32_t row = 0; row < p->n_rows && !check_stop(c); row++) {
        if (!lacks_indicator(c, row, counts))
            continue;
        pagu_finding f = finding_at(c, CHECK_INDICATOR_MISSING, NULL);
        f.file = f.record_file = "nodes.csv";
        f.key = plan_str(p, p->key[row]);
        check_say(c, &f, "\"%s\" (%s) has no indicator", f.key, plan_str(p, p->name[row]));
    }
}

/* ---- indicator by indicator ---- */

static pagu_measure measure_at(const judging *j, pagu_indicator ind, pagu_stage stage, pagu_field field,
                               pagu_period period)
{
    pagu_measure none = { .unit = "" };
    if (field == PAGU_NONE || period == PAGU_NONE || stage == PAGU_NONE)
        return none;
    return pagu_view_stage_measure(j->c->view, stage, ind, field, period);
}

static pagu_period timeless_of(const judging *j)
{
    pagu_period period;
    return pagu_plan_find_period(j->c->plan, "*", &period, NULL) == PAGU_OK ? period : PAGU_NONE;
}

static int strategic_year(const judging *j, const char *which)
{
    const char *text = pagu_plan_meta(j->c->plan, which);
    return text ? atoi(text) : 0;
}

static bool is_worse(const judging *j, pagu_indicator ind, double a, double b)
{
    pagu_polarity polarity = j->c->plan->indicators[ind].polarity;
    return polarity == PAGU_LOWER ? a > b : polarity == PAGU_HIGHER && a < b;
}

static bool same_unit(const pagu_measure *a, const pagu_measure *b)
{
    return str_eq(a->unit ? a->unit : "", b->unit ? b->unit : "");
}

/* The end target of a summable indicator is reached in a single year, and there are several. */
static void check_end_target(const judging *j, pagu_indicator ind)
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
    pagu_finding f = finding_of(j, CHECK_STRATEGIC_TARGET_YEARLY, ind, &end);
    check_text value = measure_as_text(&whole, plan_locale(p));
    check_say(j->c, &f,
              "the end target of \"%s\" is %s, which the target of %d alone reaches; the indicator adds up over years",
              f.key, value.s, reached);
}

static void say_projection(const judging *j, check_rule rule, pagu_indicator ind, pagu_period period,
                           const pagu_measure *m, const pagu_measure *other)
{
    measured at = { j->projected, period, j->c->plan->common_stage };
    pagu_finding f = finding_of(j, rule, ind, &at);
    check_text x = measure_as_text(m, plan_locale(j->c->plan)), y = measure_as_text(other, plan_locale(j->c->plan));
    f.computed = y.s;
    if (rule == CHECK_PROJECTION_ABOVE_TARGET)
        check_say(j->c, &f, "the projection of \"%s\" for %s is %s, beyond the target of %s", f.key, f.period, x.s,
                  y.s);
    else
        check_say(j->c, &f, "the projection of \"%s\" for %s is %s, worse than the %s achieved the year before", f.key,
                  f.period, x.s, y.s);
}

static void check_projections(const judging *j, pagu_indicator ind)
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
static void check_baseline(const judging *j, pagu_indicator ind)
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
            pagu_finding f = finding_of(j, CHECK_TARGET_BELOW_BASELINE, ind, &at);
            check_text x = measure_as_text(&t, plan_locale(p)), y = measure_as_text(&base, plan_locale(p));
            f.computed = y.s;
            check_say(j->c, &f, "the target of \"%s\" for %s is %s, worse than its baseline of %s", f.key, f.period,
                      x.s, y.s);
        }
    }
    bool full = base.value >= 100 && str_eq(base.unit ? base.unit : "", "%");
    if (!moves || full || standard.state != PAGU_NUMBER || standard.value != base.value)
        return;
    pagu_finding f = finding_of(j, CHECK_STANDARD_IS_BASELINE, ind, &timeless);
    check_text x = measure_as_text(&base, plan_locale(p));
    check_say(j->c, &f, "the standard of \"%s\" is %s, which is its baseline", f.key, x.s);
}

/* ---- quarters and years ---- */

static bool sum_quarters(const judging *j, pagu_indicator ind, pagu_stage stage, pagu_field field, int year,
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

static void check_quarters(const judging *j, const measured *m, pagu_indicator ind)
{
    const pagu_plan *p = j->c->plan;
    int year = p->periods[m->period].part == PERIOD_YEAR ? p->periods[m->period].year : 0;
    const measure_cell *cell = &cells_of(j, m)[ind];
    double sum;
    if (!year || cell->state != PAGU_NUMBER || !sum_quarters(j, ind, m->stage, m->field, year, &sum) ||
        same_number(sum, cell->value))
        return;
    check_text x = value_text(j, ind, cell), y = number_as_text(sum, -1, false, plan_locale(p));
    pagu_finding f = finding_of(j, CHECK_PARTS_DIFFER, ind, m);
    f.computed = y.s;
    check_say(j->c, &f, "%s of \"%s\" for %s is %s, but its quarters give %s", field_name(j, m), f.key, f.period, x.s,
              y.s);
}

static bool has_quarters(const pagu_plan *p)
{
    for (uint32_t i = 0; i < p->n_periods; i++)
        if (p->periods[i].part == PERIOD_QUARTER)
            return true;
    return false;
}

static void check_each(const judging *j)
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

void check_indicators(checker *c)
{
    judging j = { .c = c,
                  .target = field_of(c, "target"),
                  .achieved = field_of(c, "achieved"),
                  .projected = field_of(c, "projected"),
                  .baseline = field_of(c, "baseline"),
                  .standard = field_of(c, "standard") };
    if (j.target == PAGU_NONE || j.achieved == PAGU_NONE)
        return;
    if (!find_columns(&j)) {
        check_fail(c, PAGU_NO_MEMORY);
    } else {
        check_cells(&j);
        check_drift(&j);
        check_targets(&j);
        check_nodes(&j);
        check_each(&j);
    }
    mem_free(c->ctx, j.columns, c->plan->n_columns * sizeof *j.columns);
}
