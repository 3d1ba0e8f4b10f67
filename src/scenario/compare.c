/* compare.c - N views side by side, row by row.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdio.h>

typedef struct compared_row {
    const char *key, *name;
    uint64_t most; /* largest |delta| */
} compared_row;

typedef struct comparison {
    const pagu_view *const *views;
    size_t n_views;
    pagu_field field;
    const char *period; /* by name: views may be of different plans */
    pagu_ctx *ctx;
    compared_row *rows;
    pagu_cell *cells; /* n_views a row */
    uint32_t n, cap;
} comparison;

static void comparison_free(comparison *c)
{
    mem_free(c->ctx, c->cells, c->cells ? (size_t)c->cap * c->n_views * sizeof *c->cells : 0);
    mem_free(c->ctx, c->rows, c->rows ? c->cap * sizeof *c->rows : 0);
    c->cells = NULL;
    c->rows = NULL;
}

static pagu_cell cell_in(const comparison *c, size_t i, const char *key)
{
    const pagu_view *v = c->views[i];
    pagu_row row;
    pagu_period period;
    pagu_field field = c->field;
    if (v->plan != c->views[0]->plan &&
        pagu_plan_find_field(v->plan, pagu_plan_field_id(c->views[0]->plan, c->field), &field, NULL) != PAGU_OK)
        return (pagu_cell){ 0, PAGU_MISSING };
    if (pagu_view_find(v, key, &row, NULL) != PAGU_OK ||
        pagu_plan_find_period(v->plan, c->period, &period, NULL) != PAGU_OK)
        return (pagu_cell){ 0, PAGU_MISSING };
    return view_cell(v, row, pagu_view_column(v, field, period));
}

static void add_row(comparison *c, const pagu_view *v, pagu_row row, bool keep_equal)
{
    compared_row *r = &c->rows[c->n];
    pagu_cell *cells = &c->cells[c->n * c->n_views];
    *r = (compared_row){ pagu_view_key(v, row), pagu_view_row_name(v, row), 0 };
    bool equal = true;
    for (size_t i = 0; i < c->n_views; i++) {
        cells[i] = cell_in(c, i, r->key);
        uint64_t a = (uint64_t)cells[i].value, b = (uint64_t)cells[0].value;
        uint64_t delta = cells[i].value > cells[0].value ? a - b : b - a;
        r->most = delta > r->most ? delta : r->most;
        equal &= cells[i].value == cells[0].value && cells[i].state == cells[0].state;
    }
    c->n += keep_equal || !equal;
}

static bool seen_before(const comparison *c, size_t view, const char *key)
{
    pagu_row row;
    for (size_t i = 0; i < view; i++)
        if (pagu_view_find(c->views[i], key, &row, NULL) == PAGU_OK)
            return true;
    return false;
}

static bool reserve(comparison *c, uint32_t cap)
{
    size_t width = c->n_views * sizeof *c->cells;
    compared_row *rows = mem_array(c->ctx, cap, sizeof *rows);
    pagu_cell *cells = mem_array(c->ctx, cap, width);
    if (!rows || !cells) {
        mem_free(c->ctx, rows, cap * sizeof *rows);
        mem_free(c->ctx, cells, cap * width);
        return cap == 0;
    }
    if (c->n) {
        memcpy(rows, c->rows, c->n * sizeof *rows);
        memcpy(cells, c->cells, c->n * width);
    }
    comparison_free(c);
    c->rows = rows;
    c->cells = cells;
    c->cap = cap;
    return true;
}

/* Rows to compare that view i has. */
static pagu_code rows_in(const comparison *c, size_t i, const pagu_compare_options *o, pagu_selection **out,
                         pagu_error *err)
{
    if (!o->rows)
        return pagu_select_level(c->views[i], o->level, out, err);
    uint32_t n = i == 0 ? pagu_selection_count(o->rows) : 0; /* a selection is of the first view */
    return pagu_select_rows(c->views[i], pagu_selection_rows(o->rows), n, out, err);
}

/* Rows of every view in its tree order, each key once. */
static pagu_code collect(comparison *c, const pagu_compare_options *o, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    for (size_t i = 0; i < c->n_views && code == PAGU_OK; i++) {
        const pagu_view *v = c->views[i];
        pagu_selection *s = NULL;
        code = rows_in(c, i, o, &s, err);
        if (code != PAGU_OK)
            return code;
        uint32_t n = pagu_selection_count(s);
        pagu_row *rows = mem_array(c->ctx, n, sizeof *rows);
        if ((n && !rows) || !reserve(c, c->n + n + 1))
            code = err_memory(c->ctx, err);
        if (n && rows)
            memcpy(rows, pagu_selection_rows(s), n * sizeof *rows);
        if (code == PAGU_OK)
            code = pagu_view_sort(v, rows, n);
        for (uint32_t k = 0; k < n && code == PAGU_OK; k++)
            if (!seen_before(c, i, pagu_view_key(v, rows[k])))
                add_row(c, v, rows[k], o->all);
        mem_free(c->ctx, rows, n * sizeof *rows);
        pagu_selection_free(s);
    }
    return code;
}

static int by_change(const void *ud, uint32_t a, uint32_t b)
{
    const compared_row *rows = ud, *x = &rows[a], *y = &rows[b];
    return x->most != y->most ? (x->most > y->most ? -1 : 1) : 0;
}

/* In what order to print: largest change first (ties in tree order), or tree order. */
static uint32_t *print_order(const comparison *c, bool changes_first)
{
    uint32_t *order = mem_array(c->ctx, 2 * (size_t)c->n + 2, sizeof *order);
    for (uint32_t i = 0; order && i < c->n; i++)
        order[i] = i;
    if (order && changes_first)
        sort_indices(order, order + c->n, c->n, by_change, c->rows);
    return order;
}

static bool write_cells(pagu_table *t, uint32_t row, const pagu_cell *cells, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        uint32_t col = i == 0 ? 2 : (uint32_t)(3 * i);
        ok &= pagu_table_set_cell(t, row, col, cells[i]) == PAGU_OK;
        if (i == 0)
            continue;
        pagu_money delta;
        bool known =
            (cells[i].state != PAGU_MISSING || cells[0].state != PAGU_MISSING) &&
            pagu_money_sub(cells[i].value, cells[0].value, &delta) == PAGU_OK; /* beyond 64 bits: no difference shown */
        if (known)
            ok &= pagu_table_set_money(t, row, col + 1, delta) == PAGU_OK;
        if (known && cells[0].value != 0)
            ok &= pagu_table_set_number(t, row, col + 2, 100.0 * (double)delta / (double)cells[0].value) == PAGU_OK;
    }
    return ok;
}

static bool write_head(pagu_table *t, const comparison *c)
{
    const pagu_ctx *ctx = c->ctx;
    bool ok = pagu_table_add_column(t, "key", tr(ctx, "Code"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "name", tr(ctx, "Name"), PAGU_COL_TEXT) == PAGU_OK;
    for (size_t i = 0; i < c->n_views && ok; i++) {
        char name[32];
        snprintf(name, sizeof name, "value%zu", i + 1);
        ok = pagu_table_add_column(t, name, pagu_view_name(c->views[i]), PAGU_COL_MONEY) == PAGU_OK;
        if (i == 0)
            continue;
        snprintf(name, sizeof name, "delta%zu", i + 1);
        ok = ok && pagu_table_add_column(t, name, tr(ctx, "Difference"), PAGU_COL_MONEY) == PAGU_OK;
        snprintf(name, sizeof name, "percent%zu", i + 1);
        ok = ok && pagu_table_add_column(t, name, "%", PAGU_COL_PERCENT) == PAGU_OK;
    }
    return ok;
}

static bool write_total(pagu_table *t, const comparison *c)
{
    pagu_cell cells[16];
    uint32_t row = pagu_table_row_count(t);
    for (size_t i = 0; i < c->n_views; i++)
        cells[i] = cell_in(c, i, "/");
    return pagu_table_add_row(t) == PAGU_OK && pagu_table_set_row_style(t, row, PAGU_ROW_TOTAL, 0) == PAGU_OK &&
           pagu_table_set_text(t, row, 1, tr(c->ctx, "Total")) == PAGU_OK && write_cells(t, row, cells, c->n_views);
}

static bool write_table(pagu_table *t, const comparison *c, const uint32_t *order)
{
    bool ok = write_head(t, c);
    for (uint32_t i = 0; i < c->n && ok; i++)
        ok = pagu_table_add_row(t) == PAGU_OK && pagu_table_set_text(t, i, 0, c->rows[order[i]].key) == PAGU_OK &&
             pagu_table_set_text(t, i, 1, c->rows[order[i]].name) == PAGU_OK &&
             write_cells(t, i, &c->cells[order[i] * c->n_views], c->n_views);
    return ok && write_total(t, c);
}

pagu_code pagu_compare(const pagu_view *const *views, size_t n, const pagu_compare_options *o, pagu_table **out,
                       pagu_error *err)
{
    pagu_ctx *ctx = n ? views[0]->plan->ctx : NULL;
    if (n < 1 || n > 16)
        return err_set(ctx, err, PAGU_ARGUMENT, "compare takes 1 to 16 views");
    comparison c = { .views = views,
                     .n_views = n,
                     .field = o->field,
                     .ctx = ctx,
                     .period = pagu_plan_period_id(views[0]->plan, o->period) };
    pagu_code code = collect(&c, o, err);
    if (code != PAGU_OK) {
        comparison_free(&c);
        return code;
    }
    uint32_t *order = print_order(&c, o->by_change);
    pagu_table *t = pagu_table_new(ctx);
    bool ok = order && t && write_table(t, &c, order);
    mem_free(ctx, order, (2 * (size_t)c.n + 2) * sizeof *order);
    comparison_free(&c);
    if (!ok) {
        pagu_table_free(t);
        return err_memory(ctx, err);
    }
    *out = t;
    return PAGU_OK;
}
