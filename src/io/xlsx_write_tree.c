/* xlsx_write_tree.c - which rows stand below which, and where they add up.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write.h"

#include "base/table.h"

#include <stdio.h>

static bool is_total(const pagu_table *t, uint32_t row)
{
    return pagu_table_row_style(t, row) == PAGU_ROW_TOTAL;
}

static void link_rows(xlsx_tree *tree, const pagu_table *t)
{
    bool parents = table_has_parents(t);
    for (uint32_t r = 0; r < tree->n; r++) {
        uint32_t up = parents ? pagu_table_row_parent(t, r) : table_parent_by_indent(t, r, tree->parent);
        tree->parent[r] = up;
        uint32_t above = up == PAGU_NO_ROW ? 0 : tree->depth[up] + 1u;
        tree->depth[r] = (uint8_t)(above > XLSX_MAX_LEVEL ? XLSX_MAX_LEVEL : above);
    }
    for (uint32_t r = tree->n; r-- > 0;) {
        uint32_t up = tree->parent[r];
        if (up == PAGU_NO_ROW && is_total(t, r))
            continue;
        uint32_t *list = &tree->child[up == PAGU_NO_ROW ? tree->n : up];
        tree->next[r] = *list;
        *list = r;
    }
}

bool xlsx_tree_open(xlsx_tree *tree, pagu_ctx *ctx, const pagu_table *t)
{
    uint32_t n = pagu_table_row_count(t);
    *tree = (xlsx_tree){ .ctx = ctx, .n = n };
    tree->parent = mem_array(ctx, n + 1, sizeof *tree->parent);
    tree->child = mem_array(ctx, n + 1, sizeof *tree->child);
    tree->next = mem_array(ctx, n + 1, sizeof *tree->next);
    tree->depth = mem_zarray(ctx, n + 1, sizeof *tree->depth);
    if (!tree->parent || !tree->child || !tree->next || !tree->depth)
        return false;
    memset(tree->parent, 0xFF, (n + 1) * sizeof *tree->parent); /* PAGU_NO_ROW */
    memset(tree->child, 0xFF, (n + 1) * sizeof *tree->child);
    memset(tree->next, 0xFF, (n + 1) * sizeof *tree->next);
    link_rows(tree, t);
    return true;
}

void xlsx_tree_close(xlsx_tree *tree)
{
    uint32_t n = tree->n + 1;
    mem_free(tree->ctx, tree->parent, n * sizeof *tree->parent);
    mem_free(tree->ctx, tree->child, n * sizeof *tree->child);
    mem_free(tree->ctx, tree->next, n * sizeof *tree->next);
    mem_free(tree->ctx, tree->depth, n * sizeof *tree->depth);
}

/* ---- sums ---- */

/* The first row of the list that a row adds up. */
static uint32_t first_part(const xlsx_tree *tree, const pagu_table *t, uint32_t row)
{
    bool total = is_total(t, row) && tree->parent[row] == PAGU_NO_ROW && tree->child[row] == PAGU_NO_ROW;
    return tree->child[total ? tree->n : row];
}

static bool adds_up(const xlsx_tree *tree, const pagu_table *t, uint32_t row, uint32_t col)
{
    pagu_table_cell whole = pagu_table_get(t, row, col);
    int64_t sum = 0;
    bool any = false;
    if (whole.state != PAGU_NUMBER || !xlsx_is_exact(whole.integer))
        return false;
    for (uint32_t r = first_part(tree, t, row); r != PAGU_NO_ROW; r = tree->next[r]) {
        pagu_table_cell part = pagu_table_get(t, r, col);
        if (part.state != PAGU_NUMBER)
            continue; /* a dash and a blank are text and nothing to a spreadsheet's SUM too */
        if (!xlsx_is_exact(part.integer) || pagu_money_add(sum, part.integer, &sum) != PAGU_OK)
            return false;
        any = true;
    }
    return any && sum == whole.integer;
}

/* One argument: a cell, or rows that follow each other. false: no room. */
static bool add_range(char *buf, size_t size, uint32_t col, uint32_t from, uint32_t to)
{
    char range[LXW_MAX_CELL_RANGE_LENGTH];
    size_t len = strlen(buf);
    if (from == to)
        lxw_rowcol_to_cell(range, from, (lxw_col_t)col);
    else
        lxw_rowcol_to_range(range, from, (lxw_col_t)col, to, (lxw_col_t)col);
    int n = snprintf(buf + len, size - len, "%s%s", buf[len - 1] == '(' ? "" : ",", range);
    return n > 0 && (size_t)n < size - len;
}

void xlsx_sum_formula(const xlsx_tree *tree, const pagu_table *t, uint32_t row, uint32_t col, uint32_t first_row,
                      char *buf, size_t size)
{
    enum { ARGUMENTS = 250 }; /* of one SUM; Excel takes 255 */
    *buf = '\0';
    if (pagu_table_column_type(t, col) != PAGU_COL_MONEY || !adds_up(tree, t, row, col))
        return;
    snprintf(buf, size, "=SUM(");
    uint32_t from = first_part(tree, t, row), to;
    bool fits = true;
    for (uint32_t n = 0, r = from; r != PAGU_NO_ROW && fits; n++, from = r) {
        do
            to = r, r = tree->next[r];
        while (r == to + 1);
        if (n > 0 && n % ARGUMENTS == 0)
            fits = strlen(buf) + 8 < size && strcat(buf, ")+SUM(") != NULL;
        fits = fits && add_range(buf, size, col, first_row + from, first_row + to);
    }
    size_t len = strlen(buf);
    if (fits && len + 2 < size)
        strcat(buf, ")");
    else
        *buf = '\0';
}
