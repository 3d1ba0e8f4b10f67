/* xlsx_write_table.c - a table on a sheet: title, headings, rows with outline and sums, notes, printing.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write.h"

#include "base/text.h"
#include "io/render.h"

#include <stdio.h>
#include <utf8proc.h>

enum {
    MAX_COLUMNS = 16384,
    NARROWEST = 6, /* widths in characters */
    WIDEST = 46,
    MAX_PLACES = 6,
    FORMULA_SIZE = 8000, /* Excel takes 8192 characters */
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

static int decimals_of(const sheet_writer *w)
{
    int own = pagu_table_decimals(w->t);
    return own >= 0 ? own : w->b->options.decimals;
}

/* ---- widths ---- */

static uint32_t width_of(const char *s, size_t len, uint32_t *longest_word)
{
    uint32_t line = 0, word = 0, widest = 0;
    const char *end = s + len;
    size_t n;
    for (*longest_word = 0; s < end; s += n) {
        int32_t c = char_at(s, end, &n);
        int wide = c < 0x20 ? 0 : utf8proc_charwidth(c);
        line = c == '\n' ? 0 : line + (uint32_t)(wide > 0 ? wide : 0);
        word = c == ' ' || c == '\n' ? 0 : word + (uint32_t)(wide > 0 ? wide : 0);
        widest = line > widest ? line : widest;
        *longest_word = word > *longest_word ? word : *longest_word;
    }
    return widest;
}

static void widen(double *width, uint32_t to)
{
    if (to > *width)
        *width = to;
}

static void measure_column(sheet_writer *w, uint32_t col)
{
    uint32_t word;
    size_t group;
    bool text = pagu_table_column_type(w->t, col) == PAGU_COL_TEXT;
    const char *title = split_title(pagu_table_column_title(w->t, col), &group);
    width_of(title, strlen(title), &word);
    w->widths[col] = NARROWEST;
    widen(&w->widths[col], word);
    for (uint32_t row = 0; row < w->n_rows && xlsx_goes_on(w->b, row); row++) {
        const char *cell = cell_for_people(&w->people, row, col);
        uint32_t indent = col == w->indented ? w->tree.depth[row] : 0;
        widen(&w->widths[col], width_of(cell, strlen(cell), &word) + indent + (text ? 0 : 2));
    }
    widen(&w->widths[col], (uint32_t)strlen(pagu_table_column_number(w->t, col)));
    if (w->widths[col] > WIDEST)
        w->widths[col] = WIDEST;
}

/* Decimals that show every number of a column as it is, up to six. */
static uint8_t places_of(double value)
{
    char text[400];
    pagu_number_format(text, sizeof text, value, PAGU_LOCALE_PLAIN, -1);
    const char *point = strchr(text, '.');
    size_t n = point ? strlen(point + 1) : 0;
    return (uint8_t)(strchr(text, 'e') || n > MAX_PLACES ? MAX_PLACES : n);
}

static void find_places(sheet_writer *w, uint32_t col)
{
    if (pagu_table_column_type(w->t, col) != PAGU_COL_NUMBER)
        return;
    for (uint32_t row = 0; row < w->n_rows; row++) {
        pagu_table_cell c = pagu_table_get(w->t, row, col);
        uint8_t places = c.state == PAGU_NUMBER ? places_of(c.number) : 0;
        w->places[col] = places > w->places[col] ? places : w->places[col];
    }
}

static uint32_t lines_of(const char *s, size_t len, double width)
{
    uint32_t word, lines = 1;
    double used = 0;
    while (len > 0) {
        size_t n = strcspn(s, " \n");
        n = n > len ? len : n;
        double wide = width_of(s, n, &word);
        if (used > 0 && used + 1 + wide > width)
            lines++, used = 0;
        used += wide + (used > 0);
        if (n < len && s[n] == '\n')
            lines++, used = 0;
        n += n < len;
        s += n;
        len -= n;
    }
    return lines;
}

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
    return lines_of(title, len, width);
}

static void set_height(sheet_writer *w, uint32_t row, uint32_t lines, double line)
{
    double height = line * lines;
    height = height > MAX_HEIGHT ? MAX_HEIGHT : height;
    if (w->b->code == PAGU_OK)
        xlsx_check(w->b, worksheet_set_row(w->sheet.ws, row, height, NULL));
}

static uint32_t max_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void put_headings(sheet_writer *w)
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
            uint32_t lines = lines_of(title, strlen(title), w->widths[c]);
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
    look.places = places_of(c->number);
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
            lines = max_of(lines, lines_of(c.text, strlen(c.text), w->widths[col] * wide - indent));
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

/* ---- around the rows ---- */

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
    uint32_t lines = lines_of(text, strlen(text), kind == XLSX_TITLE ? width / 1.3 : width);
    if (lines > 1 || kind == XLSX_TITLE)
        set_height(w, row, lines, kind == XLSX_TITLE ? LINE_HEIGHT + 3 : LINE_HEIGHT);
}

/* Lines of a text, each on a row of its own; returns the row behind. */
static uint32_t put_lines(sheet_writer *w, uint32_t row, const char *text, xlsx_kind kind)
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

static void put_notes(sheet_writer *w)
{
    uint32_t row = w->first_row + w->n_rows + 1;
    for (uint32_t i = 0; i < pagu_table_note_count(w->t); i++)
        row = put_lines(w, row, pagu_table_note(w->t, i), XLSX_PLAIN);
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
    worksheet_set_paper(ws, 9); /* A4 */
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
            measure_column(&w, col);
            find_places(&w, col);
        }
        w.headings = put_lines(&w, 0, pagu_table_title(t), XLSX_TITLE);
        w.headings += w.headings > 0;
        put_headings(&w);
        put_column_numbers(&w);
        put_rows(&w);
        put_notes(&w);
        set_up_view(&w);
        set_up_printing(&w);
    }
    if (out)
        *out = (xlsx_place){ w.sheet, w.first_row, w.n_rows, w.n_columns, 0 };
    close_writer(&w);
}
