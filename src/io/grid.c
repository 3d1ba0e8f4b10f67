/* grid.c - a sheet of cells in memory, and decimals without a double between.
 * SPDX-License-Identifier: MIT */
#include "io/grid.h"

#include <stdio.h>

void grid_init(grid *g, pagu_ctx *ctx)
{
    *g = (grid){ .ctx = ctx };
    arena_init(&g->text, ctx);
}

void grid_free(grid *g)
{
    if (!g->ctx)
        return;
    mem_free(g->ctx, g->rows, g->cap_rows * sizeof *g->rows);
    mem_free(g->ctx, g->cells, g->cap_cells * sizeof *g->cells);
    mem_free(g->ctx, g->merges, g->cap_merges * sizeof *g->merges);
    arena_free(&g->text);
    *g = (grid){ 0 };
}

bool grid_row_begin(grid *g, uint32_t line, bool hidden)
{
    if (g->n_rows > 0 && g->rows[g->n_rows - 1].n == 0)
        g->n_rows--;
    if (!mem_grow(g->ctx, &g->rows, &g->cap_rows, g->n_rows, sizeof *g->rows))
        return false;
    g->rows[g->n_rows++] = (grid_row){ .line = line, .first = g->n_cells, .hidden = hidden };
    return true;
}

bool grid_put_kept(grid *g, uint32_t column, grid_kind kind, const char *text)
{
    if (!*text)
        return true;
    if (!mem_grow(g->ctx, &g->cells, &g->cap_cells, g->n_cells, sizeof *g->cells))
        return false;
    g->cells[g->n_cells++] = (grid_cell){ text, column, kind };
    g->rows[g->n_rows - 1].n++;
    if (column >= g->width)
        g->width = column + 1;
    return true;
}

bool grid_put(grid *g, uint32_t column, grid_kind kind, const char *text, size_t len)
{
    if (len == 0)
        return true;
    const char *copy = arena_strdup(&g->text, text, len);
    return copy && grid_put_kept(g, column, kind, copy);
}

bool grid_merge_add(grid *g, grid_merge merge)
{
    if (!mem_grow(g->ctx, &g->merges, &g->cap_merges, g->n_merges, sizeof *g->merges))
        return false;
    g->merges[g->n_merges++] = merge;
    return true;
}

const grid_cell *grid_at(const grid *g, uint32_t row, uint32_t column)
{
    const grid_row *r = &g->rows[row];
    const grid_cell *cells = g->cells + r->first;
    if (column < r->n && cells[column].column == column) /* no gap before it */
        return &cells[column];
    uint32_t low = 0, high = r->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (cells[mid].column < column)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->n && cells[low].column == column ? &cells[low] : NULL;
}

const char *grid_text(const grid *g, uint32_t row, uint32_t column)
{
    const grid_cell *cell = grid_at(g, row, column);
    return cell ? cell->text : "";
}

/* ---- decimals ---- */

enum { MAX_DIGITS = 400 };

typedef struct scanned {
    char digits[MAX_DIGITS + 1];
    int n, point; /* digits before the point */
    bool negative;
} scanned;

static bool scan_exponent(const char *p, const char *end, int *out)
{
    bool negative = p < end && *p == '-';
    int value = 0;
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    for (; p < end; p++) {
        if (*p < '0' || *p > '9' || value > MAX_DIGITS)
            return false;
        value = value * 10 + (*p - '0');
    }
    *out = negative ? -value : value;
    return true;
}

static bool scan_decimal(const char *p, const char *end, scanned *s)
{
    bool dot = false, any = false;
    int exponent = 0;
    *s = (scanned){ .negative = p < end && *p == '-' };
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.' && !dot) {
            dot = true;
            continue;
        }
        if (*p < '0' || *p > '9' || s->n == MAX_DIGITS)
            return false;
        any = true;
        if (s->n == 0 && *p == '0') { /* leading zeros carry nothing */
            s->point -= dot;
            continue;
        }
        s->digits[s->n++] = *p;
        s->point += !dot;
    }
    if (p < end && !scan_exponent(p + 1, end, &exponent))
        return false;
    s->point += exponent;
    return any;
}

int plain_decimal(char *buf, size_t size, const char *text, size_t len, int shift)
{
    scanned s;
    char out[2 * MAX_DIGITS + 8], *p = out;
    if (!scan_decimal(text, text + len, &s))
        return -1;
    while (s.n > 0 && s.digits[s.n - 1] == '0')
        s.n--;
    int point = s.n ? s.point + shift : 1;
    if (point > MAX_DIGITS || point < -MAX_DIGITS)
        return -1;
    if (s.negative && s.n)
        *p++ = '-';
    if (point <= 0)
        *p++ = '0';
    for (int i = point < 0 ? point : 0; i < s.n || i < point; i++) {
        if (i == point || (i < 0 && i == point))
            *p++ = '.';
        *p++ = i >= 0 && i < s.n ? s.digits[i] : '0';
    }
    *p = '\0';
    return snprintf(buf, size, "%s", out);
}
