/* compare_table.c - the columns of a comparison.
 * SPDX-License-Identifier: MIT */
#include "scenario/compare.h"

#include <math.h>
#include <stdio.h>

typedef struct writing {
    pagu_table *t;
    const comparison *c;
    uint32_t row, col;
    bool ok;
} writing;

/* ---- heading ---- */

static void add_column(writing *w, const char *name, size_t i, const char *title, pagu_column_type type)
{
    char numbered[32];
    snprintf(numbered, sizeof numbered, i ? "%s%zu" : "%s", name, i);
    w->ok = w->ok && pagu_table_add_column(w->t, numbered, title, type) == PAGU_OK;
}

static void write_head(writing *w)
{
    const comparison *c = w->c;
    const pagu_ctx *ctx = c->ctx;
    add_column(w, "key", 0, tr(ctx, "Code"), PAGU_COL_TEXT);
    add_column(w, "name", 0, tr(ctx, "Name"), PAGU_COL_TEXT);
    for (size_t i = 1; i <= c->n_views; i++) {
        add_column(w, "value", i, pagu_view_name(c->views[i - 1]), PAGU_COL_MONEY);
        if (i > 1) {
            add_column(w, "delta", i, tr(ctx, "Difference"), PAGU_COL_MONEY);
            add_column(w, "percent", i, "%", PAGU_COL_PERCENT);
        }
        if (c->show & PAGU_COMPARE_SHARE)
            add_column(w, "share", i, tr(ctx, "Share of parent"), PAGU_COL_PERCENT);
        if (c->show & PAGU_COMPARE_SLACK)
            add_column(w, "slack", i, tr(ctx, "Room below ceiling"), PAGU_COL_MONEY);
        if (c->show & PAGU_COMPARE_TARGET)
            add_column(w, "target", i, tr(ctx, "Target"), PAGU_COL_MEASURE);
        if (i > 1 && (c->show & PAGU_COMPARE_TARGET))
            add_column(w, "target_delta", i, tr(ctx, "Target change"), PAGU_COL_NUMBER);
        if (c->show & PAGU_COMPARE_UNIT_COST)
            add_column(w, "unit_cost", i, tr(ctx, "Cost per unit"), PAGU_COL_NUMBER);
    }
    if (c->show & PAGU_COMPARE_CUMULATIVE)
        add_column(w, "cumulative", 0, tr(ctx, "Cumulative"), PAGU_COL_PERCENT);
    if (c->show & PAGU_COMPARE_CHANGE)
        add_column(w, "change", 0, tr(ctx, "What happened"), PAGU_COL_TEXT);
}

/* ---- cells ---- */

static void put_money(writing *w, bool known, pagu_money value)
{
    if (known)
        w->ok = w->ok && pagu_table_set_money(w->t, w->row, w->col, value) == PAGU_OK;
    w->col++;
}

static void put_number(writing *w, bool known, double value)
{
    if (known)
        w->ok = w->ok && pagu_table_set_number(w->t, w->row, w->col, value) == PAGU_OK;
    w->col++;
}

static void write_change(writing *w, pagu_cell first, pagu_cell cell)
{
    pagu_money delta = 0;
    bool known = (cell.state != PAGU_MISSING || first.state != PAGU_MISSING) &&
                 pagu_money_sub(cell.value, first.value, &delta) == PAGU_OK; /* beyond 64 bits: no difference shown */
    put_money(w, known, delta);
    put_number(w, known && first.value != 0, 100.0 * (double)delta / (double)first.value);
}

static pagu_row row_in(const comparison *c, size_t i, const char *key)
{
    pagu_row row;
    return key && !c->classes && pagu_view_find(c->views[i], key, &row, NULL) == PAGU_OK ? row : PAGU_NO_ROW;
}

static void write_share(writing *w, size_t i, const char *key, pagu_cell cell)
{
    const comparison *c = w->c;
    pagu_row row = row_in(c, i, key), parent = row == PAGU_NO_ROW ? PAGU_NO_ROW : row_parent(c->views[i], row);
    pagu_cell whole = { 0, PAGU_MISSING };
    if (parent != PAGU_NO_ROW)
        whole = compared_cell(c, i, pagu_view_key(c->views[i], parent));
    else if (c->classes && key)
        whole = compared_cell(c, i, "/");
    put_number(w, whole.value != 0 && cell.state != PAGU_MISSING, 100.0 * (double)cell.value / (double)whole.value);
}

static bool names_row_or_above(const pagu_view *v, const pagu_constraint_info *info, pagu_row row)
{
    for (; row != PAGU_NO_ROW; row = row_parent(v, row))
        for (uint32_t k = 0; k < info->n_rows; k++)
            if (info->rows[k] == row)
                return true;
    return false;
}

/* What may still be added to the row before some ceiling, its own or of a row above, breaks. */
static bool least_slack(const comparison *c, size_t i, pagu_row row, pagu_money *out)
{
    const pagu_view *v = c->views[i];
    pagu_period period = PAGU_NONE;
    pagu_constraint_status status;
    bool found = false;
    if (row == PAGU_NO_ROW || pagu_plan_find_period(v->plan, c->period, &period, NULL) != PAGU_OK)
        return false;
    for (uint32_t k = 0; k < pagu_constraint_count(v); k++) {
        pagu_constraint_info info = pagu_constraint_get(v, k);
        bool above = info.kind == PAGU_CEILING || (info.kind == PAGU_BOUNDS && info.has_max);
        if (!above || (info.field != PAGU_NONE && info.field != c->field) ||
            (info.period != PAGU_NONE && info.period != period) || !names_row_or_above(v, &info, row) ||
            pagu_constraint_slack(v, k, &status, NULL) != PAGU_OK || !status.has_slack || status.period != period)
            continue;
        pagu_money most = info.kind == PAGU_CEILING ? info.amount : info.max, room;
        if (pagu_money_sub(most, status.sum, &room) != PAGU_OK)
            continue;
        *out = !found || room < *out ? room : *out;
        found = true;
    }
    return found;
}

/* ---- targets ---- */

static pagu_measure target_in(const comparison *c, size_t i, const char *key)
{
    const pagu_view *v = c->views[i];
    pagu_row row = row_in(c, i, key);
    pagu_field field;
    pagu_period period;
    pagu_indicator ind = row == PAGU_NO_ROW ? PAGU_NO_INDICATOR : pagu_view_first_indicator(v, row);
    if (ind == PAGU_NO_INDICATOR || pagu_plan_find_field(v->plan, "target", &field, NULL) != PAGU_OK ||
        pagu_plan_find_period(v->plan, c->period, &period, NULL) != PAGU_OK)
        return (pagu_measure){ .state = PAGU_MISSING };
    return pagu_view_measure(v, ind, field, period);
}

static const char *word(const char *text)
{
    return text ? text : "";
}

static bool same_measure(const pagu_measure *a, const pagu_measure *b)
{
    return a->state == b->state && (a->state != PAGU_NUMBER || a->value == b->value) &&
           (a->state != PAGU_TEXT || str_eq(word(a->text), word(b->text))) && str_eq(word(a->unit), word(b->unit));
}

bool compared_targets_differ(const comparison *c, const char *key)
{
    pagu_measure first = target_in(c, 0, key);
    for (size_t i = 1; i < c->n_views; i++) {
        pagu_measure m = target_in(c, i, key);
        if (!same_measure(&first, &m))
            return true;
    }
    return false;
}

static void write_targets(writing *w, size_t i, const char *key, pagu_cell cell)
{
    pagu_measure m = target_in(w->c, i, key), first = target_in(w->c, 0, key);
    bool number = m.state == PAGU_NUMBER && !m.text;
    if (w->c->show & PAGU_COMPARE_TARGET) {
        if (m.state != PAGU_MISSING)
            w->ok = w->ok && pagu_table_set_measure(w->t, w->row, w->col, &m) == PAGU_OK;
        w->col++;
        if (i > 0) /* unlike units have no difference */
            put_number(w,
                       m.state == PAGU_NUMBER && first.state == PAGU_NUMBER && str_eq(word(m.unit), word(first.unit)),
                       m.value - first.value);
    }
    if (w->c->show & PAGU_COMPARE_UNIT_COST)
        put_number(w, (number || m.state == PAGU_NUMBER) && m.value > 0 && cell.state == PAGU_NUMBER,
                   round((double)cell.value / m.value * 100) / 100);
}

/* ---- rows ---- */

static void write_cells(writing *w, const char *key, const pagu_cell *cells)
{
    const comparison *c = w->c;
    w->col = 2;
    for (size_t i = 0; i < c->n_views; i++) {
        w->ok = w->ok && pagu_table_set_cell(w->t, w->row, w->col++, cells[i]) == PAGU_OK;
        if (i > 0)
            write_change(w, cells[0], cells[i]);
        if (c->show & PAGU_COMPARE_SHARE)
            write_share(w, i, key, cells[i]);
        if (c->show & PAGU_COMPARE_SLACK) {
            pagu_money slack = 0;
            bool known = least_slack(c, i, row_in(c, i, key ? key : "/"), &slack);
            put_money(w, known, slack);
        }
        write_targets(w, i, key, cells[i]);
    }
}

static void begin_row(writing *w, const char *key, const char *name)
{
    w->row = pagu_table_row_count(w->t);
    w->ok = w->ok && pagu_table_add_row(w->t) == PAGU_OK &&
            (!key || pagu_table_set_text(w->t, w->row, 0, key) == PAGU_OK) &&
            pagu_table_set_text(w->t, w->row, 1, name) == PAGU_OK;
}

/* How much of all change stands in this row and those before it; and what became of the row. */
static void write_rank(writing *w, const compared_row *r, double part)
{
    static const char *const changes[] = { "", "changed", "added", "removed" };
    if (w->c->show & PAGU_COMPARE_CUMULATIVE)
        put_number(w, true, part);
    if ((w->c->show & PAGU_COMPARE_CHANGE) && *changes[r->change])
        w->ok = w->ok && pagu_table_set_text(w->t, w->row, w->col, changes[r->change]) == PAGU_OK;
}

static void write_total(writing *w)
{
    const comparison *c = w->c;
    pagu_cell cells[MOST_COMPARED];
    for (size_t i = 0; i < c->n_views; i++)
        cells[i] = compared_cell(c, i, "/");
    begin_row(w, NULL, tr(c->ctx, "Total"));
    w->ok = w->ok && pagu_table_set_row_style(w->t, w->row, PAGU_ROW_TOTAL, 0) == PAGU_OK;
    write_cells(w, NULL, cells);
}

bool compare_write(pagu_table *t, const comparison *c, const uint32_t *order)
{
    writing w = { .t = t, .c = c, .ok = true };
    double all = 0, so_far = 0;
    for (uint32_t i = 0; i < c->n; i++)
        all += (double)c->rows[i].most;
    write_head(&w);
    for (uint32_t i = 0; i < c->n && w.ok; i++) {
        const compared_row *r = &c->rows[order[i]];
        so_far += (double)r->most;
        begin_row(&w, r->key, r->name);
        write_cells(&w, r->key, &c->cells[order[i] * c->n_views]);
        write_rank(&w, r, all > 0 ? 100 * so_far / all : 0);
    }
    if (w.ok)
        write_total(&w);
    return w.ok;
}
