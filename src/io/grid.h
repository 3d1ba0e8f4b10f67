/* grid.h - a sheet of cells as an office file gives it, whatever the file's format.
 *
 * Rows are kept sparse and in the order of the file. Text is UTF-8. A number is a plain decimal
 * ("5068800000", "-0.5"), converted digit by digit and never through a double.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_GRID_H
#define PAGU_SRC_GRID_H

#include "base/base.h"

typedef enum grid_kind {
    GRID_TEXT,
    GRID_NUMBER,
    GRID_PERCENT, /* the text is the percentage: "88.28" where the file stores 0.8828 */
    GRID_DATE,    /* "2024-01-31", or with a time "2024-01-31 08:00:00" */
    GRID_BOOLEAN, /* "true", "false" */
    GRID_ERROR    /* "#REF!" */
} grid_kind;

typedef struct grid_cell {
    const char *text; /* never empty: an empty cell isn't there */
    uint32_t column;  /* from 0 */
    grid_kind kind;
} grid_cell;

typedef struct grid_row {
    uint32_t line;     /* row of the sheet, or line of the text file, from 1 */
    uint32_t first, n; /* cells, by column */
    bool hidden;
} grid_row;

typedef struct grid_merge {
    uint32_t line0, column0, line1, column1;
} grid_merge;

typedef struct grid {
    pagu_ctx *ctx;
    arena text;
    grid_row *rows;
    grid_cell *cells;
    grid_merge *merges;
    uint32_t n_rows, cap_rows, n_cells, cap_cells, n_merges, cap_merges;
    uint32_t width; /* one more than the highest column */
} grid;

enum { GRID_MAX_ROWS = 1048576, GRID_MAX_COLUMNS = 16384, GRID_MAX_MERGES = 100000 };

void grid_init(grid *g, pagu_ctx *ctx);
void grid_free(grid *g);
/* false: out of memory. Rows without cells are dropped by the next grid_row_begin. */
bool grid_row_begin(grid *g, uint32_t line, bool hidden);
/* Columns of a row must grow; the text is copied, `keep` excepted, which must outlive the grid. */
bool grid_put(grid *g, uint32_t column, grid_kind kind, const char *text, size_t len);
bool grid_put_kept(grid *g, uint32_t column, grid_kind kind, const char *text);
bool grid_merge_add(grid *g, grid_merge merge);
/* NULL where nothing stands. */
const grid_cell *grid_at(const grid *g, uint32_t row, uint32_t column);
/* The text there, "" if none. */
const char *grid_text(const grid *g, uint32_t row, uint32_t column);

/* Write a decimal with an optional exponent ("5.0688E9") as a plain one; shift more powers of ten.
 * Length as snprintf has it, or -1 if it is no number or longer than 400 digits. */
int plain_decimal(char *buf, size_t size, const char *text, size_t len, int shift);

#endif
