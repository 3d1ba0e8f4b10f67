/* evaluate_money.c - money over years: a year from its quarters, up to a year, absorption.
 *
 * Rolled-up columns add: a sum of columns at a row is the sum over its lines. Only where lines
 * differ in what they have (some the year, some its quarters) is the subtree walked.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

static bool column_is_live(const evaluation *e, pagu_column column)
{
    if (e->plan->columns[column].values)
        return true;
    for (uint32_t i = 0; i < e->view->n_layers; i++)
        if (layer_find(e->view->layers[i], column))
            return true;
    return false;
}

static money_source source_at(const evaluation *e, pagu_column column)
{
    money_source s = { .column = column };
    if (!view_column_arrays(e->view, column, &s.values, &s.presence))
        s.values = NULL;
    return s;
}

static pagu_column money_column(const evaluation *e, pagu_stage stage, bool alone, pagu_field field, pagu_period period)
{
    return alone ? column_index(e->plan, stage, field, period) : pagu_plan_column(e->plan, stage, field, period);
}

void year_money_fill(const evaluation *e, year_money *out, pagu_stage stage, bool alone, pagu_field field, int year)
{
    pagu_period whole, parts[MOST_PARTS];
    uint8_t ends[PART_GROUPS], kept = 0;
    memset(out, 0, sizeof *out);
    out->year = year;
    if (pagu_plan_find_year(e->plan, year, &whole, NULL) != PAGU_OK)
        return;
    out->whole = source_at(e, money_column(e, stage, alone, field, whole));
    out->whole_live = column_is_live(e, out->whole.column);
    uint32_t n = parts_of_year(e->plan, year, parts, ends);
    for (uint32_t i = 0, g = 0; g < PART_GROUPS; g++) {
        uint8_t before = kept;
        for (; i < ends[g] && i < n; i++) {
            out->parts[kept] = money_column(e, stage, alone, field, parts[i]);
            kept += column_is_live(e, out->parts[kept]);
        }
        out->n_groups += kept > before;
        out->group_end[g] = kept;
    }
}

static bool money_year_is_live(const year_money *m)
{
    return m->whole_live || m->n_groups;
}

pagu_code money_series_fill(const evaluation *e, money_series *out, pagu_stage stage, bool alone, pagu_field field,
                            int start, int end)
{
    *out = (money_series){ .start = start, .cap = end >= start ? (uint32_t)(end - start + 1) : 0 };
    if (!out->cap)
        return PAGU_OK;
    out->spans = mem_array(e->ctx, out->cap, sizeof *out->spans);
    out->years = mem_array(e->ctx, out->cap, sizeof *out->years);
    if (!out->spans || !out->years) {
        money_series_free(e, out);
        return PAGU_NO_MEMORY;
    }
    for (int year = end; year >= start; year--) {
        pagu_period period = period_up_to(e->plan, year);
        pagu_column c = period == PAGU_NONE ? PAGU_NONE : money_column(e, stage, alone, field, period);
        if (c != PAGU_NONE && column_is_live(e, c))
            out->spans[out->n_spans++] = (span_money){ source_at(e, c), year };
    }
    for (int year = start; year <= end; year++) {
        year_money_fill(e, &out->years[out->n_years], stage, alone, field, year);
        out->n_years += money_year_is_live(&out->years[out->n_years]);
    }
    return PAGU_OK;
}

void money_series_free(const evaluation *e, money_series *s)
{
    mem_free(e->ctx, s->spans, s->spans ? s->cap * sizeof *s->spans : 0);
    mem_free(e->ctx, s->years, s->years ? s->cap * sizeof *s->years : 0);
    *s = (money_series){ 0 };
}

/* ---- adding ---- */

static pagu_derived money_cell(pagu_cell c)
{
    return (pagu_derived){ .amount = c.value, .unit = "", .state = (uint8_t)c.state };
}

static inline pagu_derived money_at(const evaluation *e, const money_source *s, pagu_row row)
{
    if (!s->values || row >= e->plan->n_rows)
        return money_cell(view_cell(e->view, row, s->column));
    pagu_state state = s->presence ? presence_state(s->presence[row]) : PAGU_NUMBER;
    return (pagu_derived){ .amount = state == PAGU_NUMBER ? s->values[row] : 0, .unit = "", .state = (uint8_t)state };
}

static pagu_derived money_add(const pagu_derived *a, const pagu_derived *b, int sign)
{
    if (b->state == PAGU_DERIVED_MISSING || a->state == PAGU_DERIVED_OVERFLOW)
        return *a;
    if (b->state == PAGU_DERIVED_OVERFLOW)
        return *b;
    pagu_derived out = { .unit = "", .state = a->state > b->state ? a->state : b->state };
    pagu_money x = a->state == PAGU_DERIVED_NUMBER ? a->amount : 0, y = b->state == PAGU_DERIVED_NUMBER ? b->amount : 0;
    pagu_code code = sign < 0 ? pagu_money_sub(x, y, &out.amount) : pagu_money_add(x, y, &out.amount);
    return code == PAGU_OK ? out : derived_state(PAGU_DERIVED_OVERFLOW);
}

pagu_derived money_sum(const pagu_derived *a, const pagu_derived *b)
{
    return money_add(a, b, 1);
}

/* Over the lines at or below a row, with their signs. */
typedef pagu_derived (*line_read)(const evaluation *e, const void *from, pagu_row line, int until);

static pagu_derived walk_lines(const evaluation *e, pagu_row row, line_read get, const void *from, int until)
{
    const pagu_view *v = e->view;
    if (row_is_leaf(v, row))
        return get(e, from, row, until);
    pagu_derived sum = derived_missing();
    for (pagu_row c = pagu_view_first_child(v, row); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c)) {
        if (row_sign(v, c) == 0)
            continue;
        pagu_derived below = walk_lines(e, c, get, from, until);
        sum = money_add(&sum, &below, row_sign(v, c));
    }
    return sum;
}

static pagu_derived sum_of_parts(const evaluation *e, const year_money *m, pagu_row row)
{
    pagu_derived sum = derived_missing();
    for (uint32_t g = 0, i = 0; g < PART_GROUPS; g++) {
        for (; i < m->group_end[g]; i++) {
            pagu_derived part = money_cell(view_cell(e->view, row, m->parts[i]));
            sum = money_sum(&sum, &part);
        }
        if (sum.state != PAGU_DERIVED_MISSING)
            break;
    }
    return sum;
}

static pagu_derived line_year(const evaluation *e, const void *from, pagu_row line, int until)
{
    const year_money *m = from;
    (void)until;
    pagu_derived own = m->whole_live ? money_at(e, &m->whole, line) : derived_missing();
    return own.state != PAGU_DERIVED_MISSING ? own : sum_of_parts(e, m, line);
}

pagu_derived year_money_value(const evaluation *e, const year_money *m, pagu_row row)
{
    if (m->n_groups == 0)
        return m->whole_live ? money_at(e, &m->whole, row) : derived_missing();
    if (m->n_groups > 1 || m->whole_live)
        return walk_lines(e, row, line_year, m, 0);
    return sum_of_parts(e, m, row);
}

static pagu_derived line_series(const evaluation *e, const void *from, pagu_row line, int until)
{
    const money_series *s = from;
    pagu_derived sum = derived_missing();
    int first = s->start;
    for (uint32_t i = 0; i < s->n_spans && sum.state == PAGU_DERIVED_MISSING; i++) {
        if (s->spans[i].end > until)
            continue;
        sum = money_at(e, &s->spans[i].s, line);
        first = s->spans[i].end + 1;
    }
    if (sum.state == PAGU_DERIVED_MISSING)
        first = s->start;
    for (uint32_t i = 0; i < s->n_years; i++) {
        if (s->years[i].year < first || s->years[i].year > until)
            continue;
        pagu_derived year = year_money_value(e, &s->years[i], line);
        sum = money_sum(&sum, &year);
    }
    return sum;
}

/* Do the lines all have the same things: no span, or one and no year that it holds? */
static bool series_adds(const money_series *s, int until)
{
    int end = 0;
    for (uint32_t i = 0; i < s->n_spans; i++)
        if (s->spans[i].end <= until) {
            if (end)
                return false;
            end = s->spans[i].end;
        }
    for (uint32_t i = 0; i < s->n_years && end; i++)
        if (s->years[i].year <= end)
            return false;
    return true;
}

pagu_derived money_series_value(const evaluation *e, const money_series *s, pagu_row row, int until)
{
    if (s->n_spans == 0 && s->n_years == 0)
        return derived_missing();
    return series_adds(s, until) ? line_series(e, s, row, until) : walk_lines(e, row, line_series, s, until);
}

/* ---- rates ---- */

pagu_derived money_rate(const evaluation *e, const pagu_derived *part, const pagu_derived *whole)
{
    (void)e;
    if (part->state == PAGU_DERIVED_MISSING || whole->state == PAGU_DERIVED_MISSING)
        return derived_missing();
    if (is_fault(part) || is_fault(whole))
        return is_fault(part) ? *part : *whole;
    if (part->state == PAGU_DERIVED_DASH && whole->state == PAGU_DERIVED_DASH)
        return derived_state(PAGU_DERIVED_DASH);
    if (whole->state == PAGU_DERIVED_DASH || whole->amount == 0)
        return derived_state(PAGU_DERIVED_ZERO_TARGET);
    if (whole->amount < 0)
        return derived_state(PAGU_DERIVED_NEGATIVE);
    double spent = part->state == PAGU_DERIVED_NUMBER ? (double)part->amount : 0;
    return derived_percent(100 * spent / (double)whole->amount);
}

pagu_derived absorption(const evaluation *e, pagu_row row)
{
    pagu_derived budget = year_money_value(e, &e->budget_now, row), spent = year_money_value(e, &e->spent_now, row);
    return money_rate(e, &spent, &budget);
}
