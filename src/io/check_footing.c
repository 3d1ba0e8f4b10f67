/* check_footing.c - what the rows of a printed table add up to, row by row.
 *
 * Only tables that print every node are footed. A row that is printed empty is transparent:
 * the rows below it stand in, so that one mistake gives one finding.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

/* One column of figures in one table. */
typedef struct footed { const char *table; pagu_column column; } footed;

typedef struct footing {
    checker *c;
    footed *columns;
    uint32_t n, cap;
    uint32_t *of_cell; /* by printed cell: index of columns, or NO_AT */
    pagu_row *row;     /* by printed cell */
    pagu_cell *cells;  /* by row of the plan, for one column */
    int64_t *stand;    /* what a row counts for in the sum above it */
    int64_t *below;    /* sum of what stands below it */
    uint8_t *too_large;
} footing;

static bool table_is_whole(const checker *c, const char *table)
{
    for (uint32_t r = 0; r < c->tables.doc->n_rows; r++)
        if (str_eq(table_text(c, &c->tables, r, TABLE_ID), table))
            return str_eq(table_text(c, &c->tables, r, TABLE_SCOPE), "all");
    return false;
}

static uint32_t find_column(footing *f, const char *table, pagu_column column)
{
    for (uint32_t i = 0; i < f->n; i++)
        if (f->columns[i].column == column && str_eq(f->columns[i].table, table))
            return i;
    if (!mem_grow(f->c->ctx, &f->columns, &f->cap, f->n, sizeof *f->columns)) {
        f->c->code = PAGU_NO_MEMORY;
        return NO_AT;
    }
    f->columns[f->n] = (footed){ table, column };
    return f->n++;
}

static void sort_cells(footing *f)
{
    checker *c = f->c;
    const pagu_plan *p = c->plan;
    claim k = { .table = NULL };
    bool whole = false;
    for (uint32_t i = 0; i < c->printed.doc->n_rows && c->code == PAGU_OK; i++) {
        const char *before = k.table;
        f->of_cell[i] = NO_AT;
        if (!read_claim(c, i, &k) || p->fields[k.field].kind != PAGU_FIELD_MONEY)
            continue;
        if (!before || !str_eq(before, k.table))
            whole = table_is_whole(c, k.table);
        if (whole && plan_lookup(p, k.owner, strlen(k.owner), &f->row[i], 1) == 1)
            f->of_cell[i] = find_column(f, k.table, column_index(p, k.stage, k.field, k.period));
    }
}

static void read_figures(footing *f, uint32_t column)
{
    checker *c = f->c;
    claim k = { .table = NULL };
    memset(f->cells, 0, c->plan->n_rows * sizeof *f->cells);
    for (uint32_t i = 0; i < c->printed.doc->n_rows; i++)
        if (f->of_cell[i] == column && read_claim(c, i, &k))
            read_printed_money(c, &k, &f->cells[f->row[i]], NULL);
}

/* From the deepest row up: level order puts every row behind its parent. */
static void add_up(footing *f, pagu_column column)
{
    const pagu_plan *p = f->c->plan;
    memset(f->below, 0, p->n_rows * sizeof *f->below);
    memset(f->too_large, 0, p->n_rows);
    for (uint32_t row = p->n_rows; row-- > 0;) {
        pagu_cell own = f->cells[row];
        if (own.state == PAGU_MISSING && p->flags[row] & ROW_OWN_LINE) /* no table prints these */
            own = plan_money(p, row, column);
        f->stand[row] = own.state == PAGU_MISSING ? f->below[row] : own.value;
        int sign = p->sign ? p->sign[row] : 1;
        if (row == 0 || sign == 0)
            continue;
        int64_t *sum = &f->below[p->parent[row]];
        bool over = sign > 0 ? __builtin_add_overflow(*sum, f->stand[row], sum)
                             : __builtin_sub_overflow(*sum, f->stand[row], sum);
        f->too_large[p->parent[row]] |= over || (f->too_large[row] && own.state == PAGU_MISSING);
    }
}

static void keep_sums(footing *f, uint32_t column)
{
    for (uint32_t i = 0; i < f->c->printed.doc->n_rows; i++)
        if (f->of_cell[i] == column && !f->too_large[f->row[i]] && is_sum(f->c->plan, f->row[i]))
            f->c->sums[i] = (table_sum){ f->below[f->row[i]], true };
}

static bool open_footing(footing *f, checker *c)
{
    uint32_t n = c->plan->n_rows, m = c->printed.doc->n_rows;
    *f = (footing){ .c = c };
    f->of_cell = mem_array(c->ctx, m, sizeof *f->of_cell);
    f->row = mem_array(c->ctx, m, sizeof *f->row);
    f->cells = mem_array(c->ctx, n, sizeof *f->cells);
    f->stand = mem_array(c->ctx, n, sizeof *f->stand);
    f->below = mem_array(c->ctx, n, sizeof *f->below);
    f->too_large = mem_array(c->ctx, n, 1);
    return m == 0 || (f->of_cell && f->row && f->cells && f->stand && f->below && f->too_large);
}

static void close_footing(footing *f)
{
    pagu_ctx *ctx = f->c->ctx;
    uint32_t n = f->c->plan->n_rows, m = f->c->printed.doc->n_rows;
    mem_free(ctx, f->columns, f->cap * sizeof *f->columns);
    mem_free(ctx, f->of_cell, m * sizeof *f->of_cell);
    mem_free(ctx, f->row, m * sizeof *f->row);
    mem_free(ctx, f->cells, n * sizeof *f->cells);
    mem_free(ctx, f->stand, n * sizeof *f->stand);
    mem_free(ctx, f->below, n * sizeof *f->below);
    mem_free(ctx, f->too_large, n);
}

void foot_tables(checker *c)
{
    footing f;
    if (!c->tables.doc)
        return;
    if (!open_footing(&f, c))
        c->code = PAGU_NO_MEMORY;
    else
        sort_cells(&f);
    for (uint32_t i = 0; i < f.n && c->code == PAGU_OK; i++) {
        read_figures(&f, i);
        add_up(&f, f.columns[i].column);
        keep_sums(&f, i);
        if (pagu_ctx_interrupted(c->ctx))
            c->code = PAGU_INTERRUPTED;
    }
    close_footing(&f);
}
