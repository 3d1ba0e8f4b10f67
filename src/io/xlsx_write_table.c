/* xlsx_write_table.c - a table on a sheet: cells, rows with outline and sums, view and printing.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write_sheet.h"

#include <stdio.h>

enum {
    MAX_COLUMNS = 16384,
    MOST_ON_A4 = 18,
    FORMULA_SIZE = 8000 /* Excel takes 8192 characters */
};

static int decimals_of(const sheet_writer *w)
{
    int own = pagu_table_decimals(w->t);
    return own >= 0 ? own : w->b->options.decimals;
}

/* ---- cells ---- */

static xlsx_look look_of(const sheet_writer *w, xlsx_kind kind, uint32_t row, uint32_t col)
{
    xlsx_look look = { .kind = kind, .style = (uint8_t)pagu_table_row_style(w->t, row), .unit = "" };
    if (col == w->indented)
        look.indent = w->tree.depth[row];
    return look;
}

/* The number that a printed form spells whole is a number with a format; any other form of it,
 * "72,00 / B", is text, or something of it would be lost. */
static bool is_plain_measure(const sheet_writer *w, const pagu_table_cell *c)
{
    pagu_spelling s;
    if (c->state != PAGU_NUMBER)
        return false;
    if (!c->text)
        return true;
    return pagu_measure_parse(w->b->ctx, c->text, w->b->options.locale, &s, NULL) == PAGU_OK &&
           s.state == PAGU_NUMBER && s.value == c->number && !s.rest_len;
}

static void put_measure(sheet_writer *w, uint32_t row, uint32_t col, const pagu_table_cell *c)
{
    xlsx_look look = look_of(w, XLSX_NUMBER, row, col);
    look.unit = c->unit;
    look.places = sheet_places(c->number);
    if (is_plain_measure(w, c) && xlsx_has_room_for_unit(w->b, &look)) {
        xlsx_put_number(w->b, &w->sheet, w->first_row + row, col, c->number, look);
        return;
    }
    look = look_of(w, XLSX_ASIDE, row, col);
    xlsx_put_text(w->b, &w->sheet, w->first_row + row, col, cell_for_people(&w->people, row, col), look);
}

static void put_money(sheet_writer *w, uint32_t row, uint32_t col, int64_t value)
{
    char formula[FORMULA_SIZE];
    int decimals = decimals_of(w);
    xlsx_look look = look_of(w, XLSX_MONEY, row, col);
    look.places = (uint8_t)decimals;
    xlsx_sum_formula(&w->tree, w->t, row, col, w->first_row, formula, sizeof formula);
    if (!*formula) {
        xlsx_put_money(w->b, &w->sheet, w->first_row + row, col, value, decimals, look);
        return;
    }
    lxw_format *f = xlsx_format_of(w->b, look);
    if (f)
        xlsx_check(w->b, worksheet_write_formula_num(w->sheet.ws, w->first_row + row, (lxw_col_t)col, formula, f,
                                                     xlsx_money_double(value, decimals)));
}

static void put_value(sheet_writer *w, uint32_t row, uint32_t col, const pagu_table_cell *c)
{
    xlsx_look look = look_of(w, XLSX_NUMBER, row, col);
    switch (pagu_table_column_type(w->t, col)) {
    case PAGU_COL_MONEY: put_money(w, row, col, c->integer); return;
    case PAGU_COL_MEASURE: put_measure(w, row, col, c); return;
    case PAGU_COL_INTEGER:
        look.kind = XLSX_INTEGER;
        xlsx_put_money(w->b, &w->sheet, w->first_row + row, col, c->integer, 0, look);
        return;
    case PAGU_COL_PERCENT: look.places = 2; break;
    case PAGU_COL_NUMBER: look.places = w->places[col]; break;
    case PAGU_COL_TEXT: return; /* never a number */
    }
    xlsx_put_number(w->b, &w->sheet, w->first_row + row, col, c->number, look);
}

static void put_cell(sheet_writer *w, uint32_t row, uint32_t col)
{
    pagu_table_cell c = pagu_table_get(w->t, row, col);
    bool text = pagu_table_column_type(w->t, col) == PAGU_COL_TEXT;
    xlsx_look look = look_of(w, text ? XLSX_TEXT : XLSX_ASIDE, row, col);
    if (c.state == PAGU_MISSING || c.state == PAGU_DASH)
        xlsx_put_text(w->b, &w->sheet, w->first_row + row, col, c.state == PAGU_DASH ? "-" : "", look);
    else if (c.state == PAGU_TEXT && pagu_table_column_type(w->t, col) != PAGU_COL_MEASURE)
        xlsx_put_text(w->b, &w->sheet, w->first_row + row, col, c.text ? c.text : "", look);
    else
        put_value(w, row, col, &c);
}

/* Lines that the row's wrapped texts need: not every spreadsheet fits a row to its text on opening. */
static uint32_t row_lines(sheet_writer *w, uint32_t row)
{
    uint32_t lines = 1;
    double wide = pagu_table_row_style(w->t, row) == PAGU_ROW_NORMAL ? 1 : 0.9; /* bold */
    for (uint32_t col = 0; col < w->n_columns; col++) {
        pagu_table_cell c = pagu_table_get(w->t, row, col);
        double indent = col == w->indented ? w->tree.depth[row] : 0;
        if (c.text)
            lines = max_of(lines, xlsx_lines(c.text, strlen(c.text), w->widths[col] * wide - indent));
    }
    return lines;
}

static void set_up_row(sheet_writer *w, uint32_t row)
{
    lxw_row_col_options outline = { .level = w->tree.depth[row] };
    uint32_t lines = row_lines(w, row);
    double height = lines > MAX_HEIGHT / LINE_HEIGHT ? MAX_HEIGHT : lines * LINE_HEIGHT;
    if ((outline.level || lines > 1) && w->b->code == PAGU_OK)
        xlsx_check(w->b, worksheet_set_row_opt(w->sheet.ws, w->first_row + row, height, NULL, &outline));
}

static void put_rows(sheet_writer *w)
{
    for (uint32_t row = 0; row < w->n_rows && xlsx_goes_on(w->b, row); row++) {
        set_up_row(w, row);
        for (uint32_t col = 0; col < w->n_columns; col++)
            put_cell(w, row, col);
    }
}

static void put_notes(sheet_writer *w)
{
    uint32_t row = w->first_row + w->n_rows + 1;
    for (uint32_t i = 0; i < pagu_table_note_count(w->t); i++)
        row = sheet_put_lines(w, row, pagu_table_note(w->t, i), XLSX_PLAIN);
}

/* A header or footer: "&" begins a code there, and 255 characters are the most. */
static void header_text(xlsx_writer *b, const char *text, char *buf, size_t size)
{
    const char *s = xlsx_clean(b, text), *end = s + strcspn(s, "\n");
    size_t used = strlen(buf), n;
    for (; s < end; s += n) {
        char_at(s, end, &n);
        if (used + n + 2 > size)
            break;
        if (*s == '&')
            buf[used++] = '&';
        memcpy(buf + used, s, n);
        used += n;
    }
    buf[used] = '\0';
}

static void set_up_printing(sheet_writer *w)
{
    char header[160] = "&C", footer[160] = "&L";
    lxw_worksheet *ws = w->sheet.ws;
    if (w->b->code != PAGU_OK)
        return;
    header_text(w->b, pagu_table_title(w->t), header, sizeof header);
    header_text(w->b, w->sheet.name, footer, sizeof footer - 60);
    size_t len = strlen(footer);
    snprintf(footer + len, sizeof footer - len, "&R%s", tr(w->b->ctx, "Page &P of &N"));
    worksheet_set_paper(ws, pagu_table_column_count(w->t) > MOST_ON_A4 ? 8 : 9); /* A3, A4 */
    worksheet_set_landscape(ws);
    worksheet_fit_to_pages(ws, 1, 0);
    worksheet_set_margins(ws, 0.4, 0.4, 0.7, 0.6);
    xlsx_check(w->b, worksheet_set_header(ws, header));
    xlsx_check(w->b, worksheet_set_footer(ws, footer));
    if (w->n_columns)
        xlsx_check(w->b, worksheet_repeat_rows(ws, w->headings, w->first_row - 1));
}

/* Columns on the left that stay in sight: up to the one that names the rows, if they are narrow. */
static uint32_t frozen_columns(const sheet_writer *w)
{
    double width = 0;
    uint32_t col = 0;
    while (col + 1 < w->n_columns && pagu_table_column_type(w->t, col) == PAGU_COL_TEXT &&
           (width += w->widths[col]) <= 60 && col < 2)
        col++;
    return col;
}

static void set_up_view(sheet_writer *w)
{
    lxw_worksheet *ws = w->sheet.ws;
    if (w->b->code != PAGU_OK)
        return;
    for (uint32_t col = 0; col < w->n_columns; col++)
        xlsx_check(w->b, worksheet_set_column(ws, (lxw_col_t)col, (lxw_col_t)col, w->widths[col] + 1.7, NULL));
    worksheet_outline_settings(ws, LXW_TRUE, LXW_FALSE, LXW_TRUE, LXW_FALSE); /* a sum stands above its parts */
    if (w->n_columns)
        worksheet_freeze_panes(ws, w->first_row, (lxw_col_t)frozen_columns(w));
    /* codes are text, and sums of single rows are meant */
    worksheet_ignore_errors(ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    worksheet_ignore_errors(ws, LXW_IGNORE_FORMULA_RANGE, "A1:XFD1048576");
    worksheet_ignore_errors(ws, LXW_IGNORE_FORMULA_DIFFERS, "A1:XFD1048576");
    worksheet_ignore_errors(ws, LXW_IGNORE_EMPTY_CELL_REFERENCE, "A1:XFD1048576");
}

/* ---- entry ---- */

static bool fits(sheet_writer *w)
{
    uint64_t rows = (uint64_t)w->n_rows + 64;
    if (rows <= XLSX_MAX_ROWS && w->n_columns <= MAX_COLUMNS)
        return true;
    w->b->code = err_set(w->b->ctx, w->b->err, PAGU_LIMIT,
                         "a sheet holds %d rows and %d columns, too few for %u rows and %u columns; choose csv",
                         XLSX_MAX_ROWS, MAX_COLUMNS, w->n_rows, w->n_columns);
    return false;
}

static bool open_writer(sheet_writer *w, xlsx_writer *b, const pagu_table *t, const char *name)
{
    *w = (sheet_writer){ .b = b, .t = t };
    w->n_rows = pagu_table_row_count(t);
    w->n_columns = pagu_table_column_count(t);
    w->indented = indented_column(t);
    w->people = (printer){ .table = t, .options = b->options, .ctx = b->ctx };
    if (b->code != PAGU_OK || !fits(w))
        return false;
    w->people.decimals = decimals_of(w);
    w->people.cell = pagu_text_new(b->ctx);
    w->widths = mem_zarray(b->ctx, w->n_columns + 1, sizeof *w->widths);
    w->places = mem_zarray(b->ctx, w->n_columns + 1, sizeof *w->places);
    if (!w->people.cell || !w->widths || !w->places || !xlsx_tree_open(&w->tree, b->ctx, t))
        xlsx_fail(b, PAGU_NO_MEMORY);
    return b->code == PAGU_OK && xlsx_add_sheet(b, name, &w->sheet);
}

static void close_writer(sheet_writer *w)
{
    pagu_ctx *ctx = w->b->ctx;
    if (w->people.code != PAGU_OK)
        xlsx_fail(w->b, w->people.code);
    pagu_text_free(w->people.cell);
    mem_free(ctx, w->widths, (w->n_columns + 1) * sizeof *w->widths);
    mem_free(ctx, w->places, (w->n_columns + 1) * sizeof *w->places);
    if (w->tree.ctx)
        xlsx_tree_close(&w->tree);
}

void xlsx_put_table(xlsx_writer *b, const pagu_table *t, const char *name, xlsx_place *out)
{
    sheet_writer w;
    if (open_writer(&w, b, t, name)) {
        for (uint32_t col = 0; col < w.n_columns; col++) {
            sheet_measure_column(&w, col);
        }
        w.headings = sheet_put_lines(&w, 0, pagu_table_title(t), XLSX_TITLE);
        w.headings += w.headings > 0;
        sheet_put_headings(&w);
        put_rows(&w);
        put_notes(&w);
        set_up_view(&w);
        set_up_printing(&w);
    }
    if (out)
        *out = (xlsx_place){ w.sheet, w.first_row, w.n_rows, w.n_columns, 0 };
    close_writer(&w);
}
