/* xlsx_write_widths.c - how wide columns must be, how high rows, and how many decimals numbers show.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write_sheet.h"

#include <stdio.h>
#include <utf8proc.h>

enum { NARROWEST = 6, WIDEST = 46, MAX_PLACES = 6 }; /* widths in characters */

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

static void measure_cells(sheet_writer *w, uint32_t col)
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
uint8_t sheet_places(double value)
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
        uint8_t places = c.state == PAGU_NUMBER ? sheet_places(c.number) : 0;
        w->places[col] = places > w->places[col] ? places : w->places[col];
    }
}

uint32_t xlsx_lines(const char *s, size_t len, double width)
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

void xlsx_set_lines(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t lines)
{
    double height = lines > MAX_HEIGHT / LINE_HEIGHT ? MAX_HEIGHT : lines * LINE_HEIGHT;
    if (lines > 1 && b->code == PAGU_OK)
        xlsx_check(b, worksheet_set_row(s->ws, row, height, NULL));
}

void sheet_measure_column(sheet_writer *w, uint32_t col)
{
    measure_cells(w, col);
    find_places(w, col);
}
