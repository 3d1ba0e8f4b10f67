/* xlsx_write_cells.c - text, numbers and money in cells, and the formats they share.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write.h"

#include "base/text.h"
#include "io/render.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

/* Characters of one cell, and formats with a unit, that Excel takes; it knows 200 number formats. */
enum { MAX_CHARACTERS = 32767, MAX_UNITS = 150, MAX_UNIT_BYTES = 60 };

/* ---- formats ---- */

static void add(char *buf, size_t size, const char *text)
{
    size_t len = strlen(buf);
    snprintf(buf + len, size - len, "%s", text);
}

/* A unit as a quoted part of a number format; a quote itself must stand escaped outside. */
static void add_unit(char *buf, size_t size, const char *unit)
{
    if (!*unit)
        return;
    add(buf, size, str_eq(unit, "%") ? "\"" : "\" ");
    for (; *unit; unit++) {
        char one[2] = { *unit, '\0' };
        add(buf, size, *unit == '"' ? "\"\\\"\"" : one);
    }
    add(buf, size, "\"");
}

static void number_format(const xlsx_look *look, char *buf, size_t size)
{
    char number[48] = "#,##0", decimals[32];
    if (look->kind == XLSX_RAW_NUMBER)
        strcpy(number, "0");
    snprintf(decimals, sizeof decimals, ".%0*d", look->places, 0);
    if (look->places)
        add(number, sizeof number, decimals);
    *buf = '\0';
    if (look->kind == XLSX_MONEY) {
        snprintf(buf, size, "%s_);(%s);%s_)", number, number, number);
        return;
    }
    add(buf, size, look->kind == XLSX_INTEGER ? "0" : number);
    add_unit(buf, size, look->unit);
}

static bool has_border(xlsx_kind kind)
{
    return kind > XLSX_SUBTITLE && kind != XLSX_PLAIN && kind != XLSX_LINK && kind < XLSX_RAW;
}

static void align(lxw_format *f, const xlsx_look *look)
{
    switch (look->kind) {
    case XLSX_HEADING:
        format_set_align(f, LXW_ALIGN_CENTER);
        format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
        break;
    case XLSX_ASIDE:
    case XLSX_MONEY:
    case XLSX_NUMBER:
    case XLSX_INTEGER: format_set_align(f, LXW_ALIGN_RIGHT); /* fall through */
    default: format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
    }
    if (look->kind == XLSX_HEADING || look->kind == XLSX_TEXT || look->kind == XLSX_ASIDE || look->kind == XLSX_PLAIN ||
        look->kind <= XLSX_SUBTITLE)
        format_set_text_wrap(f);
    if (look->indent)
        format_set_indent(f, look->indent);
}

static void decorate(lxw_format *f, const xlsx_look *look)
{
    char number[255];
    if (look->kind == XLSX_MONEY || look->kind == XLSX_NUMBER || look->kind == XLSX_INTEGER ||
        look->kind == XLSX_RAW_NUMBER) {
        number_format(look, number, sizeof number);
        format_set_num_format(f, number);
    }
    align(f, look);
    if (has_border(look->kind))
        format_set_border(f, LXW_BORDER_THIN);
    if (look->kind == XLSX_LINK) {
        format_set_font_color(f, LXW_COLOR_BLUE);
        format_set_underline(f, LXW_UNDERLINE_SINGLE);
    }
    if (look->kind == XLSX_HEADING)
        format_set_bg_color(f, 0xD9E2EC);
    else if (look->style == PAGU_ROW_TOTAL)
        format_set_bg_color(f, 0xE8EDF2);
    if (look->style != PAGU_ROW_NORMAL || look->kind <= XLSX_HEADING)
        format_set_bold(f);
    if (look->kind == XLSX_TITLE)
        format_set_font_size(f, 13);
}

static bool same_look(const xlsx_look *a, const xlsx_look *b)
{
    return a->kind == b->kind && a->style == b->style && a->indent == b->indent && a->places == b->places &&
           str_eq(a->unit, b->unit);
}

lxw_format *xlsx_format_of(xlsx_writer *b, xlsx_look look)
{
    if (!look.unit)
        look.unit = "";
    for (uint32_t i = b->n_formats; i-- > 0;)
        if (same_look(&b->formats[i].look, &look))
            return b->formats[i].format;
    symbol unit = symtab_intern(&b->names, look.unit, strlen(look.unit));
    if (unit == NO_SYMBOL || !mem_grow(b->ctx, &b->formats, &b->cap_formats, b->n_formats, sizeof *b->formats)) {
        xlsx_fail(b, PAGU_NO_MEMORY);
        return NULL;
    }
    look.unit = symtab_str(&b->names, unit);
    lxw_format *f = workbook_add_format(b->workbook);
    if (!f) {
        xlsx_fail(b, PAGU_NO_MEMORY);
        return NULL;
    }
    decorate(f, &look);
    b->n_units += *look.unit != '\0';
    b->formats[b->n_formats++] = (xlsx_shared_format){ look, f };
    return f;
}

bool xlsx_has_room_for_unit(const xlsx_writer *b, const xlsx_look *look)
{
    if (strlen(look->unit) > MAX_UNIT_BYTES)
        return false;
    if (b->n_units < MAX_UNITS)
        return true;
    for (uint32_t i = 0; i < b->n_formats; i++)
        if (same_look(&b->formats[i].look, look))
            return true;
    return false;
}

/* ---- text ---- */

static void append(xlsx_writer *b, const char *bytes, size_t len)
{
    if (pagu_text_append(b->clean, bytes, len) != PAGU_OK)
        xlsx_fail(b, PAGU_NO_MEMORY);
}

/* Readers take "_x0041_" for "A", so that an underscore which begins such a thing is written so
 * itself (ECMA-376, ST_Xstring). */
static bool begins_escape(const char *s)
{
    if (s[0] != '_' || s[1] != 'x')
        return false;
    for (int i = 2; i < 6; i++)
        if (!isxdigit((unsigned char)s[i]))
            return false;
    return s[6] == '_';
}

static void append_character(xlsx_writer *b, const char *s, size_t len, int32_t c)
{
    char escape[16];
    if (c < 0 || c == 0xFFFE || c == 0xFFFF) {
        append(b, "\uFFFD", 3); /* XML can't hold these */
    } else if (begins_escape(s)) {
        append(b, "_x005F_", 7);
    } else if (c != '\n' && c != '\t' && !b->raw && is_unsafe_char(c)) {
        int n = snprintf(escape, sizeof escape, "\\u{%x}", (unsigned)c);
        append(b, escape, (size_t)n);
    } else {
        append(b, s, len); /* libxlsxwriter escapes the controls that are left */
    }
}

const char *xlsx_clean(xlsx_writer *b, const char *text)
{
    const char *end = text + strlen(text);
    size_t n;
    text_truncate(b->clean, 0);
    for (const char *s = text; s < end && b->code == PAGU_OK; s += n) {
        int32_t c = char_at(s, end, &n);
        append_character(b, s, n, c);
    }
    return pagu_text_data(b->clean);
}

/* In units of UTF-16, as spreadsheets count. */
static uint32_t count_characters(const char *s)
{
    uint32_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80 ? 1 + ((unsigned char)*s >= 0xF0) : 0;
    return n;
}

void xlsx_put_text(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, const char *text, xlsx_look look)
{
    if (b->code != PAGU_OK)
        return;
    lxw_format *f = xlsx_format_of(b, look);
    const char *clean = xlsx_clean(b, text);
    if (b->code == PAGU_OK && count_characters(clean) > MAX_CHARACTERS)
        b->code = err_set(b->ctx, b->err, PAGU_LIMIT,
                          "sheet \"%s\", row %u: a text of %u characters, where a cell holds %d; choose another format",
                          s->name, row + 1, count_characters(clean), MAX_CHARACTERS);
    if (b->code != PAGU_OK)
        return;
    if (*clean)
        xlsx_check(b, worksheet_write_string(s->ws, row, (lxw_col_t)col, clean, f));
    else
        xlsx_check(b, worksheet_write_blank(s->ws, row, (lxw_col_t)col, f));
}

/* ---- numbers ---- */

void xlsx_put_number(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, double value, xlsx_look look)
{
    if (!isfinite(value)) {
        look.kind = XLSX_ASIDE;
        xlsx_put_text(b, s, row, col, "", look);
        return;
    }
    lxw_format *f = b->code == PAGU_OK ? xlsx_format_of(b, look) : NULL;
    if (f)
        xlsx_check(b, worksheet_write_number(s->ws, row, (lxw_col_t)col, value, f));
}

bool xlsx_is_exact(int64_t value)
{
    return money_abs(value) <= 999999999999999u;
}

double xlsx_money_double(int64_t value, int decimals)
{
    double unit = 1;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    return (double)value / unit;
}

void xlsx_put_money(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, int64_t value, int decimals,
                    xlsx_look look)
{
    if (xlsx_is_exact(value)) {
        xlsx_put_number(b, s, row, col, xlsx_money_double(value, decimals), look);
        return;
    }
    char text[48];
    pagu_money_format(text, sizeof text, value, b->raw ? PAGU_LOCALE_PLAIN : b->options.locale, decimals);
    look.kind = look.kind == XLSX_RAW ? XLSX_RAW : XLSX_ASIDE;
    look.places = 0;
    xlsx_put_text(b, s, row, col, text, look);
}
