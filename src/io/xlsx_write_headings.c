/* xlsx_write_headings.c - title, headings in two levels, numbers of columns, and notes of a table.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write_sheet.h"

#include "base/text.h"

/* ---- headings ---- */

static bool has_groups(const sheet_writer *w)
{
    for (uint32_t col = 0; col < w->n_columns; col++) {
        size_t group;
        split_title(pagu_table_column_title(w->t, col), &group);
        if (group)
            return true;
    }
    return false;
}

static const char *group_of(const sheet_writer *w, uint32_t col, size_t *len)
{
    const char *title = pagu_table_column_title(w->t, col);
    split_title(title, len);
    return title;
}

/* The column behind the last one of the same group. */
static uint32_t group_end(const sheet_writer *w, uint32_t col)
{
    size_t len, other;
    const char *group = group_of(w, col, &len), *next;
    uint32_t end = col + 1;
    while (end < w->n_columns && (next = group_of(w, end, &other)) && other == len && memcmp(next, group, len) == 0)
        end++;
    return end;
}

/* Merge cells and put a text; one cell alone can't be merged. */
static void put_heading(sheet_writer *w, uint32_t row, uint32_t col, uint32_t last_row, uint32_t last_col,
                        const char *text)
{
    xlsx_look look = { .kind = XLSX_HEADING };
    lxw_format *f = xlsx_format_of(w->b, look);
    if (w->b->code == PAGU_OK && (last_row > row || last_col > col))
        xlsx_check(w->b, worksheet_merge_range(w->sheet.ws, row, (lxw_col_t)col, last_row, (lxw_col_t)last_col, "", f));
    xlsx_put_text(w->b, &w->sheet, row, col, text, look);
}

/* The group heading over [col, end); returns its lines. */
static uint32_t put_group(sheet_writer *w, uint32_t col, uint32_t end, size_t len)
{
    double width = 0;
    const char *title = pagu_table_column_title(w->t, col);
    for (uint32_t c = col; c < end; c++)
        width += w->widths[c];
    text_truncate(w->people.cell, 0);
    if (pagu_text_append(w->people.cell, title, len) != PAGU_OK)
        xlsx_fail(w->b, PAGU_NO_MEMORY);
    put_heading(w, w->headings, col, w->headings, end - 1, pagu_text_data(w->people.cell));
    return xlsx_lines(title, len, width);
}

static void set_height(sheet_writer *w, uint32_t row, uint32_t lines, double line)
{
    double height = line * lines;
    height = height > MAX_HEIGHT ? MAX_HEIGHT : height;
    if (w->b->code == PAGU_OK)
        xlsx_check(w->b, worksheet_set_row(w->sheet.ws, row, height, NULL));
}

static void put_titles(sheet_writer *w)
{
    bool groups = has_groups(w);
    uint32_t last = w->headings + groups, upper = 1, lower = 1, whole = 1;
    for (uint32_t col = 0, end; col < w->n_columns; col = end) {
        size_t len;
        group_of(w, col, &len);
        end = len ? group_end(w, col) : col + 1;
        if (len)
            upper = max_of(upper, put_group(w, col, end, len));
        for (uint32_t c = col; c < end; c++) {
            const char *title = split_title(pagu_table_column_title(w->t, c), &len);
            uint32_t lines = xlsx_lines(title, strlen(title), w->widths[c]);
            put_heading(w, len ? last : w->headings, c, last, c, title);
            *(len ? &lower : &whole) = max_of(len ? lower : whole, lines);
        }
    }
    if (groups)
        set_height(w, w->headings, upper, LINE_HEIGHT);
    set_height(w, last, max_of(lower, whole > (groups ? upper : 0) ? whole - (groups ? upper : 0) : 1), LINE_HEIGHT);
    w->first_row = w->n_columns ? last + 1 : w->headings;
}

/* "1", "2", "8=(7/6)" under the headings of official forms. */
static void put_column_numbers(sheet_writer *w)
{
    if (!has_column_numbers(w->t))
        return;
    for (uint32_t col = 0; col < w->n_columns; col++)
        put_heading(w, w->first_row, col, w->first_row, col, pagu_table_column_number(w->t, col));
    w->first_row++;
}

void sheet_put_headings(sheet_writer *w)
{
    put_titles(w);
    put_column_numbers(w);
}

/* ---- lines over the width of the table ---- */

/* One line over the width of the table. */
static void put_line(sheet_writer *w, uint32_t row, const char *text, xlsx_kind kind)
{
    xlsx_look look = { .kind = kind };
    double width = 0;
    for (uint32_t col = 0; col < w->n_columns; col++)
        width += w->widths[col] + 1;
    lxw_format *f = xlsx_format_of(w->b, look);
    if (w->b->code == PAGU_OK && w->n_columns > 1)
        xlsx_check(w->b, worksheet_merge_range(w->sheet.ws, row, 0, row, (lxw_col_t)(w->n_columns - 1), "", f));
    xlsx_put_text(w->b, &w->sheet, row, 0, text, look);
    uint32_t lines = xlsx_lines(text, strlen(text), kind == XLSX_TITLE ? width / 1.3 : width);
    if (lines > 1 || kind == XLSX_TITLE)
        set_height(w, row, lines, kind == XLSX_TITLE ? LINE_HEIGHT + 3 : LINE_HEIGHT);
}

uint32_t sheet_put_lines(sheet_writer *w, uint32_t row, const char *text, xlsx_kind kind)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        text_truncate(w->people.cell, 0);
        if (pagu_text_append(w->people.cell, text, len) != PAGU_OK)
            xlsx_fail(w->b, PAGU_NO_MEMORY);
        put_line(w, row++, pagu_text_data(w->people.cell), kind);
        text += len + (text[len] == '\n');
    }
    return row;
}
