/* compare.c - N views side by side, row by row.
 * SPDX-License-Identifier: MIT */
#include "scenario/compare.h"

static void comparison_free(comparison *c)
{
    mem_free(c->ctx, c->cells, c->cells ? (size_t)c->cap * c->n_views * sizeof *c->cells : 0);
    mem_free(c->ctx, c->rows, c->rows ? c->cap * sizeof *c->rows : 0);
    c->cells = NULL;
    c->rows = NULL;
}

static void sums_free(comparison *c)
{
    for (size_t i = 0; i < COUNT_OF(c->sums); i++)
        pagu_table_free(c->sums[i]);
}

pagu_cell compared_cell(const comparison *c, size_t i, const char *key)
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

static bool has_key(const comparison *c, size_t i, const char *key)
{
    pagu_row row;
    return pagu_view_find(c->views[i], key, &row, NULL) == PAGU_OK;
}

/* Seen from the first view: is the row there, and is it still there everywhere? */
static compared_change change_of(const comparison *c, const compared_row *r, bool equal)
{
    if (!has_key(c, 0, r->key))
        return COMPARE_ADDED;
    for (size_t i = 1; i < c->n_views; i++)
        if (!has_key(c, i, r->key))
            return COMPARE_REMOVED;
    if (!equal)
        return COMPARE_CHANGED;
    return c->targets && compared_targets_differ(c, r->key) ? COMPARE_CHANGED : COMPARE_SAME;
}

static void add_row(comparison *c, const pagu_view *v, pagu_row row, bool keep_equal)
{
    compared_row *r = &c->rows[c->n];
    pagu_cell *cells = &c->cells[c->n * c->n_views];
    *r = (compared_row){ .key = pagu_view_key(v, row), .name = pagu_view_row_name(v, row) };
    bool equal = true;
    for (size_t i = 0; i < c->n_views; i++) {
        cells[i] = compared_cell(c, i, r->key);
        uint64_t a = (uint64_t)cells[i].value, b = (uint64_t)cells[0].value;
        uint64_t delta = cells[i].value > cells[0].value ? a - b : b - a;
        r->most = delta > r->most ? delta : r->most;
        equal &= cells[i].value == cells[0].value && cells[i].state == cells[0].state;
    }
    r->change = change_of(c, r, equal);
    equal &= r->change == COMPARE_SAME;
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

/* ---- classes of a tree instead of rows ---- */

static compared_row *find_class(comparison *c, const char *key)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (str_eq(c->rows[i].key, key))
            return &c->rows[i];
    return NULL;
}

/* The sums of one view, as columns class, name, value; strings go with the table, so it is kept. */
static pagu_code add_class_sums(comparison *c, size_t view, const char *tree, pagu_error *err)
{
    const pagu_view *v = c->views[view];
    pagu_field field;
    pagu_period period;
    uint32_t index = 0;
    pagu_code code = pagu_plan_find_tree(v->plan, tree, &index, err);
    if (code == PAGU_OK)
        code = pagu_plan_find_field(v->plan, pagu_plan_field_id(c->views[0]->plan, c->field), &field, err);
    if (code == PAGU_OK)
        code = pagu_plan_find_period(v->plan, c->period, &period, err);
    if (code == PAGU_OK)
        code = pagu_sum_by_class(v, index, pagu_view_column(v, field, period), &c->sums[view], err);
    if (code != PAGU_OK)
        return code;
    uint32_t n = pagu_table_row_count(c->sums[view]);
    if (!reserve(c, c->n + n + 1))
        return err_memory(c->ctx, err);
    for (uint32_t r = 0; r + 1 < n; r++) { /* the last is the total */
        const char *key = pagu_table_get(c->sums[view], r, 0).text;
        compared_row *row = find_class(c, key);
        if (!row) {
            row = &c->rows[c->n];
            *row = (compared_row){ .key = key, .name = pagu_table_get(c->sums[view], r, 1).text };
            for (size_t i = 0; i < c->n_views; i++)
                c->cells[c->n * c->n_views + i] = (pagu_cell){ 0, PAGU_MISSING };
            c->n++;
        }
        pagu_table_cell cell = pagu_table_get(c->sums[view], r, 2);
        c->cells[(size_t)(row - c->rows) * c->n_views + view] = (pagu_cell){ cell.integer, cell.state };
    }
    return PAGU_OK;
}

static pagu_code collect_classes(comparison *c, const char *tree, bool keep_equal, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    uint32_t kept = 0;
    c->classes = true;
    for (size_t i = 0; i < c->n_views && code == PAGU_OK; i++)
        code = add_class_sums(c, i, tree, err);
    for (uint32_t r = 0; r < c->n && code == PAGU_OK; r++) {
        pagu_cell *cells = &c->cells[r * c->n_views];
        bool equal = true;
        c->rows[r].change = cells[0].state == PAGU_MISSING ? COMPARE_ADDED : COMPARE_SAME;
        for (size_t i = 1; i < c->n_views; i++) {
            uint64_t a = (uint64_t)cells[i].value, b = (uint64_t)cells[0].value;
            uint64_t delta = cells[i].value > cells[0].value ? a - b : b - a;
            c->rows[r].most = delta > c->rows[r].most ? delta : c->rows[r].most;
            equal &= cells[i].value == cells[0].value && cells[i].state == cells[0].state;
            if (cells[i].state == PAGU_MISSING && cells[0].state != PAGU_MISSING)
                c->rows[r].change = COMPARE_REMOVED;
        }
        if (!equal && c->rows[r].change == COMPARE_SAME)
            c->rows[r].change = COMPARE_CHANGED;
        if (equal && !keep_equal)
            continue;
        c->rows[kept] = c->rows[r];
        memmove(&c->cells[kept * c->n_views], cells, c->n_views * sizeof *cells);
        kept++;
    }
    c->n = code == PAGU_OK ? kept : 0;
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
                     .show = o->size >= sizeof *o ? o->show : 0,
                     .period = pagu_plan_period_id(views[0]->plan, o->period) };
    c.targets = c.show & (PAGU_COMPARE_TARGET | PAGU_COMPARE_UNIT_COST);
    const char *tree = o->size >= sizeof *o ? o->tree : NULL;
    pagu_code code = tree ? collect_classes(&c, tree, o->all, err) : collect(&c, o, err);
    if (code != PAGU_OK) {
        comparison_free(&c);
        sums_free(&c);
        return code;
    }
    uint32_t *order = print_order(&c, o->by_change);
    pagu_table *t = pagu_table_new(ctx);
    bool ok = order && t && compare_write(t, &c, order);
    mem_free(ctx, order, (2 * (size_t)c.n + 2) * sizeof *order);
    comparison_free(&c);
    sums_free(&c);
    if (!ok) {
        pagu_table_free(t);
        return err_memory(ctx, err);
    }
    *out = t;
    return PAGU_OK;
}
