/* xlsx_write_sheet.h - a table on its way to a sheet: what the parts of that share.
 *
 *     xlsx_write_table.c     cells and rows; the sheet as a whole
 *     xlsx_write_headings.c  title, headings, numbers of columns, notes
 *     xlsx_write_widths.c    widths of columns, lines of texts, decimals of numbers
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_XLSX_WRITE_SHEET_H
#define PAGU_SRC_XLSX_WRITE_SHEET_H

#include "io/render.h"
#include "io/xlsx_write.h"

enum {
    LINE_HEIGHT = 15,
    MAX_HEIGHT = 405 /* of a row, in points; Excel takes 409 */
};

typedef struct sheet_writer {
    xlsx_writer *b;
    const pagu_table *t;
    xlsx_tab sheet;
    printer people; /* cells as people read them, for widths */
    xlsx_tree tree;
    uint32_t n_columns, n_rows;
    uint32_t indented; /* column */
    uint32_t headings, first_row;
    double *widths;
    uint8_t *places; /* most decimals of a NUMBER column */
} sheet_writer;

/* Widest cell or word of the heading, within bounds; decimals that show every number of a column. */
void sheet_measure_column(sheet_writer *w, uint32_t col);
uint8_t sheet_places(double value);

/* Headings from row w->headings on; w->first_row is behind them. */
void sheet_put_headings(sheet_writer *w);
/* Lines of a text over the width of the table, each on a row of its own; returns the row behind. */
uint32_t sheet_put_lines(sheet_writer *w, uint32_t row, const char *text, xlsx_kind kind);

static inline uint32_t max_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

#endif
