/* check_indicators.c - values and units of indicators, nodes without any.
 * SPDX-License-Identifier: MIT */
#include "io/check_indicators.h"

static pagu_field field_of(const checker *c, const char *id)
{
    pagu_field field;
    return pagu_plan_find_field(c->plan, id, &field, NULL) == PAGU_OK ? field : PAGU_NONE;
}

const measure_cell *indicator_cells(const indicator_check *j, const measured *m)
{
    const pagu_plan *p = j->c->plan;
    return p->columns[column_index(p, m->stage, m->field, m->period)].measures;
}

static int compare_times(const void *ud, uint32_t a, uint32_t b)
{
    const indicator_check *j = ud;
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

static bool sort_columns(indicator_check *j)
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
static bool find_columns(indicator_check *j)
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

pagu_finding indicator_finding(const indicator_check *j, check_rule rule, pagu_indicator ind, const measured *m)
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

const char *indicator_field(const indicator_check *j, const measured *m)
{
    return field_word(j->c, plan_str(j->c->plan, j->c->plan->fields[m->field].id));
}

check_text indicator_value(const indicator_check *j, pagu_indicator ind, const measure_cell *cell)
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

static void check_text_cell(const indicator_check *j, const measured *m, pagu_indicator ind, const measure_cell *cell)
{
    const pagu_plan *p = j->c->plan;
    if (cell->state != PAGU_TEXT || is_ordinal(p, unit_of(p, ind, cell)) ||
        (m->field != j->target && m->field != j->achieved))
        return;
    pagu_finding f = indicator_finding(j, CHECK_TARGET_NOT_NUMBER, ind, m);
    f.printed = *f.printed ? f.printed : plan_str(p, cell->text);
    check_say(j->c, &f, "%s of \"%s\" for %s is \"%s\", which is not one number", indicator_field(j, m), f.key,
              f.period, plan_str(p, cell->text));
}

static void check_percent_cell(const indicator_check *j, const measured *m, pagu_indicator ind,
                               const measure_cell *cell)
{
    const pagu_plan *p = j->c->plan;
    if (cell->state != PAGU_NUMBER || cell->value <= 100 || !is_percent(p, unit_of(p, ind, cell)) ||
        m->field == j->standard)
        return;
    check_text value = indicator_value(j, ind, cell);
    pagu_finding f = indicator_finding(j, CHECK_PERCENT_OVER_100, ind, m);
    check_say(j->c, &f, "%s of \"%s\" for %s is %s, more than the whole", indicator_field(j, m), f.key, f.period,
              value.s);
}

static void check_cells(const indicator_check *j)
{
    const pagu_plan *p = j->c->plan;
    for (uint32_t i = 0; i < j->n && !check_stop(j->c); i++) {
        const measure_cell *cells = indicator_cells(j, &j->columns[i]);
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

static void say_drift(const indicator_check *j, pagu_indicator ind, const unit_seen *seen, uint32_t column,
                      uint32_t unit)
{
    const pagu_plan *p = j->c->plan;
    const measured *before = &j->columns[seen->column], *now = &j->columns[column];
    pagu_finding f = indicator_finding(j, CHECK_UNIT_DRIFT, ind, now);
    f.difference = difference_word(DIFFER_UNIT);
    check_say(j->c, &f, "\"%s\" is in %s for %s (%s) and in %s for %s (%s)", f.key, unit_name(p, seen->unit),
              plan_str(p, p->periods[before->period].id), indicator_field(j, before), unit_name(p, unit), f.period,
              indicator_field(j, now));
}

static void check_drift(const indicator_check *j)
{
    const pagu_plan *p = j->c->plan;
    unit_seen *seen = mem_zarray(j->c->ctx, p->n_indicators, sizeof *seen);
    if (!seen && p->n_indicators)
        check_fail(j->c, PAGU_NO_MEMORY);
    for (uint32_t i = 0; i < j->n && !check_stop(j->c); i++) {
        const measure_cell *cells = indicator_cells(j, &j->columns[i]);
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

static void check_targets(const indicator_check *j)
{
    const pagu_plan *p = j->c->plan;
    uint8_t *has = mem_zarray(j->c->ctx, p->n_indicators, 1);
    if (!has && p->n_indicators)
        check_fail(j->c, PAGU_NO_MEMORY);
    for (uint32_t i = 0; has && i < j->n; i++)
        for (uint32_t ind = 0; j->columns[i].field == j->target && ind < p->n_indicators; ind++)
            has[ind] |= indicator_cells(j, &j->columns[i])[ind].state != PAGU_MISSING;
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

static void check_nodes(const indicator_check *j)
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

/* ---- all ---- */

void check_indicators(checker *c)
{
    indicator_check j = { .c = c,
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
        check_strategic(&j);
    }
    mem_free(c->ctx, j.columns, c->plan->n_columns * sizeof *j.columns);
}
