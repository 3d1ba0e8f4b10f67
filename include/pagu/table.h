/* pagu/table.h - the one table type for every printed thing: results of verbs, reports, journals.
 *
 *     pagu_table *t = pagu_table_new(ctx);
 *     pagu_table_add_column(t, "program", "Program", PAGU_COL_TEXT);
 *     pagu_table_add_column(t, "total", "Pagu", PAGU_COL_MONEY);
 *     pagu_table_add_row(t);
 *     pagu_table_set_text(t, 0, 0, "1.06.04");
 *     pagu_table_set_money(t, 0, 1, 177453130);
 *
 * A table owns its strings. Cells start PAGU_MISSING. Renderers are in pagu/render.h.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_TABLE_H
#define PAGU_TABLE_H

#include "pagu/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_table pagu_table;

typedef enum pagu_column_type {
    PAGU_COL_TEXT = 0,
    PAGU_COL_MONEY,   /* int64, grouped when printed */
    PAGU_COL_NUMBER,  /* double, shortest form */
    PAGU_COL_PERCENT, /* double in percent: 12.5 prints 12,50 */
    PAGU_COL_INTEGER, /* int64, not grouped: years, counts, row numbers */
    PAGU_COL_MEASURE  /* number with its own unit, or text */
} pagu_column_type;

typedef enum pagu_row_style {
    PAGU_ROW_NORMAL = 0,
    PAGU_ROW_GROUP = 1, /* heading or subtotal: emphasised */
    PAGU_ROW_TOTAL = 2
} pagu_row_style;

/* Make an empty table; NULL when memory is out. Documents and charts keep a reference of their
 * own (retain); the last free releases the memory. A table and its references are one thread's. */
PAGU_API pagu_table *pagu_table_new(pagu_ctx *ctx);
PAGU_API pagu_table *pagu_table_retain(pagu_table *t);
PAGU_API void pagu_table_free(pagu_table *t);

/* Machine name ("tc33") for sheets, files and anchors; "" if none. */
PAGU_API pagu_code pagu_table_set_name(pagu_table *t, const char *name);
PAGU_API const char *pagu_table_name(const pagu_table *t);
/* Decimals of money in this table where a document prints it; -1 (the start): those of the
 * render options. */
PAGU_API void pagu_table_set_decimals(pagu_table *t, int decimals);
PAGU_API int pagu_table_decimals(const pagu_table *t);

/* Title lines and notes printed around the table; stamp is key=value lines under it.
 * All may be called repeatedly, and append. */
PAGU_API pagu_code pagu_table_set_title(pagu_table *t, const char *title);
PAGU_API pagu_code pagu_table_add_note(pagu_table *t, const char *note);
PAGU_API pagu_code pagu_table_add_stamp(pagu_table *t, const char *key, const char *value);
PAGU_API const char *pagu_table_title(const pagu_table *t);
PAGU_API uint32_t pagu_table_note_count(const pagu_table *t);
PAGU_API const char *pagu_table_note(const pagu_table *t, uint32_t i);
PAGU_API uint32_t pagu_table_stamp_count(const pagu_table *t);
PAGU_API void pagu_table_stamp(const pagu_table *t, uint32_t i, const char **key, const char **value);

/* Append a column (before the first row). `name` is the machine name of CSV, JSON and
 * :rows(); `title` is the heading; "Rencana 2024|Target" puts a group heading before "|".
 * PAGU_ARGUMENT: rows exist already or the name repeats. */
PAGU_API pagu_code pagu_table_add_column(pagu_table *t, const char *name, const char *title, pagu_column_type type);
/* Number a column as official forms do under their headings: "7", "8=(7/6)"; "" (the default) has none.
 * A table with any prints them as a line of its own. */
PAGU_API pagu_code pagu_table_set_column_number(pagu_table *t, uint32_t col, const char *number);
PAGU_API const char *pagu_table_column_number(const pagu_table *t, uint32_t col);
/* Append a row of missing cells. */
PAGU_API pagu_code pagu_table_add_row(pagu_table *t);
PAGU_API pagu_code pagu_table_set_row_style(pagu_table *t, uint32_t row, pagu_row_style style, uint32_t indent);
/* Put a row below an earlier one: outline levels, collapsing, sums of spreadsheets. PAGU_NO_ROW
 * (the start): below none. PAGU_ARGUMENT: the parent isn't an earlier row. */
PAGU_API pagu_code pagu_table_set_row_parent(pagu_table *t, uint32_t row, uint32_t parent);
PAGU_API uint32_t pagu_table_row_parent(const pagu_table *t, uint32_t row);

PAGU_API pagu_code pagu_table_set_text(pagu_table *t, uint32_t row, uint32_t col, const char *text);
PAGU_API pagu_code pagu_table_set_money(pagu_table *t, uint32_t row, uint32_t col, int64_t value); /* MONEY, INTEGER */
PAGU_API pagu_code pagu_table_set_number(pagu_table *t, uint32_t row, uint32_t col, double value); /* NUMBER, PERCENT */
PAGU_API pagu_code pagu_table_set_cell(pagu_table *t, uint32_t row, uint32_t col, pagu_cell cell);
PAGU_API pagu_code pagu_table_set_measure(pagu_table *t, uint32_t row, uint32_t col, const pagu_measure *m);
/* Put words where a number can't be ("unlike units"), in a column of any type: state PAGU_TEXT. */
PAGU_API pagu_code pagu_table_set_mark(pagu_table *t, uint32_t row, uint32_t col, const char *text);
PAGU_API pagu_code pagu_table_set_dash(pagu_table *t, uint32_t row, uint32_t col);

PAGU_API uint32_t pagu_table_row_count(const pagu_table *t);
PAGU_API uint32_t pagu_table_column_count(const pagu_table *t);
PAGU_API const char *pagu_table_column_name(const pagu_table *t, uint32_t col);
PAGU_API const char *pagu_table_column_title(const pagu_table *t, uint32_t col);
PAGU_API pagu_column_type pagu_table_column_type(const pagu_table *t, uint32_t col);
PAGU_API pagu_row_style pagu_table_row_style(const pagu_table *t, uint32_t row);
PAGU_API uint32_t pagu_table_row_indent(const pagu_table *t, uint32_t row);

/* A cell as stored. For MONEY and INTEGER see integer, for NUMBER and PERCENT number; text
 * for TEXT and for a mark in any column, and for MEASURE text with number and unit. Strings live as long as the table.
 */
typedef struct pagu_table_cell {
    pagu_state state;
    int64_t integer;
    double number;
    const char *text;
    const char *unit;
} pagu_table_cell;
PAGU_API pagu_table_cell pagu_table_get(const pagu_table *t, uint32_t row, uint32_t col);

#ifdef __cplusplus
}
#endif
#endif
