/* xlsx_write.h - a workbook being written with libxlsxwriter, kept away from the C locale.
 *
 *     xlsx_writer b;
 *     if (xlsx_begin(&b, ctx, &options, err))
 *         xlsx_put_table(&b, table, "tc33");
 *     code = xlsx_end(&b, out);
 *
 * The first error stays in the book (code, and *err filled); later calls do nothing. The library
 * allocates with malloc, outside the context's limit; the finished file passes through memory only.
 * Same calls, same bytes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_XLSX_WRITE_H
#define PAGU_SRC_XLSX_WRITE_H

#include "base/base.h"
#include "pagu/render.h"

#include <locale.h>
#include <xlsxwriter.h>

enum {
    XLSX_DIGITS = 15,     /* that a spreadsheet keeps of a number */
    XLSX_NAME_SIZE = 128, /* bytes of a sheet name with its NUL */
    XLSX_MAX_LEVEL = 7,   /* of an outline */
    XLSX_MAX_ROWS = 1048576
};

typedef enum xlsx_kind {
    XLSX_TITLE,
    XLSX_SUBTITLE, /* a heading of the document's text */
    XLSX_HEADING,  /* of columns */
    XLSX_TEXT,
    XLSX_ASIDE, /* text in a column of numbers: a dash, an amount beyond 15 digits */
    XLSX_MONEY,
    XLSX_NUMBER, /* grouped, with `places` decimals and a unit behind it */
    XLSX_INTEGER,
    XLSX_PLAIN, /* notes and paragraphs, without borders */
    XLSX_LINK,
    XLSX_RAW, /* plain sheets of data: no borders, no grouping */
    XLSX_RAW_NUMBER
} xlsx_kind;

/* How a cell looks; equal looks share one format of the workbook. */
typedef struct xlsx_look {
    xlsx_kind kind;
    uint8_t style; /* pagu_row_style */
    uint8_t indent;
    uint8_t places;
    const char *unit; /* "" if none; lives as long as the book */
} xlsx_look;

typedef struct xlsx_shared_format {
    xlsx_look look;
    lxw_format *format;
} xlsx_shared_format;

typedef struct xlsx_writer {
    pagu_ctx *ctx;
    pagu_render_options options;
    lxw_workbook *workbook;
    locale_t c_locale, old_locale;
    int fd;           /* of the memory file */
    pagu_text *clean; /* the cell's text as the file spells it */
    symtab names;     /* of sheets, in small letters; and of units */
    xlsx_shared_format *formats;
    uint32_t n_formats, cap_formats;
    uint32_t n_units; /* formats with a unit: a spreadsheet knows about 200 */
    uint32_t n_sheets;
    bool raw; /* text exactly, not as people should see it */
    pagu_code code;
    pagu_error *err;
} xlsx_writer;

/* A worksheet and its place in messages. */
typedef struct xlsx_tab {
    lxw_worksheet *ws;
    char name[XLSX_NAME_SIZE];
} xlsx_tab;

/* Begin. false: the book has its error; xlsx_end is called all the same. */
bool xlsx_begin(xlsx_writer *b, pagu_ctx *ctx, const pagu_render_options *options, pagu_error *err);
/* Title of the file's properties. */
void xlsx_set_title(xlsx_writer *b, const char *title);
/* End, and append the file to `out`; frees everything. Returns the first error. */
pagu_code xlsx_end(xlsx_writer *b, pagu_text *out);

/* A new sheet with the wished name made valid and unique: at most 31 characters, none of []:*?/\. */
bool xlsx_add_sheet(xlsx_writer *b, const char *wished, xlsx_tab *out);
/* An error of the library, unless there was one before. true if `e` is none. */
bool xlsx_check(xlsx_writer *b, lxw_error e);
void xlsx_fail(xlsx_writer *b, pagu_code code);
/* false when the caller asked to stop or something failed; polls now and then. */
bool xlsx_goes_on(xlsx_writer *b, uint32_t row);

/* ---- cells (xlsx_write_cells.c) ---- */

lxw_format *xlsx_format_of(xlsx_writer *b, xlsx_look look);
/* Text, never a formula. */
void xlsx_put_text(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, const char *text, xlsx_look look);
void xlsx_put_number(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, double value, xlsx_look look);
/* Money with `decimals`; beyond 15 digits as text. */
void xlsx_put_money(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, int64_t value, int decimals,
                    xlsx_look look);
bool xlsx_is_exact(int64_t value);
double xlsx_money_double(int64_t value, int decimals);
/* Text as a spreadsheet file may hold it; valid until the next call. */
const char *xlsx_clean(xlsx_writer *b, const char *text);

/* Whether a number format may show the look's unit: few enough, and short enough. */
bool xlsx_has_room_for_unit(const xlsx_writer *b, const xlsx_look *look);

/* ---- rows below rows (xlsx_write_tree.c) ---- */

/* The rows of a table as a tree: by their parents, else by their indents. Rows without a parent
 * that are no total stand below the virtual row n. */
typedef struct xlsx_tree {
    pagu_ctx *ctx;
    uint32_t n;
    uint32_t *parent, *child, *next; /* PAGU_NO_ROW: none; child and next in order */
    uint8_t *depth;
} xlsx_tree;
bool xlsx_tree_open(xlsx_tree *tree, pagu_ctx *ctx, const pagu_table *t);
void xlsx_tree_close(xlsx_tree *tree);
/* Put "=SUM(…)" over the rows directly below a row (below none, for a total), if they add up
 * exactly to its value in a money column and a spreadsheet can hold them all; else "". */
void xlsx_sum_formula(const xlsx_tree *tree, const pagu_table *t, uint32_t row, uint32_t col, uint32_t first_row,
                      char *buf, size_t size);

/* ---- a table on a sheet (xlsx_write_table.c) ---- */

/* Where the rows of a table stand on its sheet. */
typedef struct xlsx_place {
    xlsx_tab sheet;
    uint32_t first_row; /* of the rows, behind the headings */
    uint32_t n_rows, n_columns;
    int32_t charts_end; /* pixels below the first row that charts beside it take */
} xlsx_place;
/* Lines of a text wrapped at a width in characters; and a row as high as that, since not every
 * spreadsheet fits rows to their text on opening. */
uint32_t xlsx_lines(const char *s, size_t len, double width);
void xlsx_set_lines(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t lines);
void xlsx_put_table(xlsx_writer *b, const pagu_table *t, const char *name, xlsx_place *out);

/* ---- a chart beside the rows it draws (xlsx_write_chart.c) ---- */

/* false: no chart of Excel is of that kind. */
bool xlsx_draws(pagu_chart_kind kind);
/* Draw a chart of rows that stand at `at`, below the charts that are there, with the label in one column and the values
 * in others. */
void xlsx_put_chart(xlsx_writer *b, const pagu_chart *c, xlsx_place *at, uint32_t label, const uint32_t *values);

#endif
