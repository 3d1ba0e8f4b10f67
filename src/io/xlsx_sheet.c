/* xlsx_sheet.c - rows and cells of a sheet.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "io/xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct sheet_reader {
    grid *out;
    uint32_t line, column; /* of the next row and cell, when they don't say; line from 1 */
    uint32_t style;
    char type[16];
    bool in_row, in_cell, is_inline;
} sheet_reader;

/* ---- places ---- */

/* "AB12" -> column 27, line 12; either may be absent (0 letters or digits). */
static bool read_place(const char *text, uint32_t *column, uint32_t *line)
{
    uint64_t c = 0, l = 0;
    const char *p = text;
    for (; (*p | 32) >= 'a' && (*p | 32) <= 'z'; p++)
        if ((c = c * 26 + (uint64_t)((*p | 32) - 'a' + 1)) > GRID_MAX_COLUMNS)
            return false;
    for (; *p >= '0' && *p <= '9'; p++)
        if ((l = l * 10 + (uint64_t)(*p - '0')) > GRID_MAX_ROWS)
            return false;
    if (*p || c == 0 || l == 0)
        return false;
    *column = (uint32_t)c - 1;
    *line = (uint32_t)l;
    return true;
}

static void start_row(xml_part *x, const char **attributes)
{
    sheet_reader *r = x->ud;
    const char *number = xml_attribute(attributes, "r"), *hidden = xml_attribute(attributes, "hidden");
    uint32_t line = r->line;
    if (number && (!xml_number(number, GRID_MAX_ROWS, &line) || line < r->line)) {
        xml_fail(x, PAGU_SYNTAX, "row \"%.20s\" is out of order or beyond the last row", number);
        return;
    }
    if (line > GRID_MAX_ROWS) {
        xml_fail(x, PAGU_LIMIT, "more rows than a sheet has");
        return;
    }
    if (!grid_row_begin(r->out, line, hidden && (str_eq(hidden, "1") || str_eq(hidden, "true"))))
        xml_no_memory(x);
    r->line = line;
    r->column = 0;
    r->in_row = true;
}

static void start_cell(xml_part *x, const char **attributes)
{
    sheet_reader *r = x->ud;
    const char *place = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t");
    uint32_t column = r->column, line = r->line;
    if (!r->in_row) {
        xml_fail(x, PAGU_SYNTAX, "a cell outside of a row");
        return;
    }
    if (place && (!read_place(place, &column, &line) || line != r->line || column < r->column)) {
        xml_fail(x, PAGU_SYNTAX, "cell \"%.20s\" is no place in row %u, or out of order", place, r->line);
        return;
    }
    if (column >= GRID_MAX_COLUMNS) {
        xml_fail(x, PAGU_LIMIT, "more columns than a sheet has");
        return;
    }
    r->column = column;
    r->style = 0;
    xml_number(xml_attribute(attributes, "s"), UINT32_MAX, &r->style);
    snprintf(r->type, sizeof r->type, "%s", type ? type : "n");
    r->in_cell = true;
    r->is_inline = false;
    text_truncate(x->chars, 0);
}

static void add_merge(xml_part *x, const char *ref)
{
    sheet_reader *r = x->ud;
    char first[24];
    grid_merge m;
    size_t n = ref ? strcspn(ref, ":") : 0;
    if (!ref || n >= sizeof first)
        return;
    snprintf(first, sizeof first, "%.*s", (int)n, ref);
    if (!read_place(first, &m.column0, &m.line0) || !read_place(ref[n] ? ref + n + 1 : first, &m.column1, &m.line1) ||
        m.line1 < m.line0 || m.column1 < m.column0)
        xml_fail(x, PAGU_SYNTAX, "\"%.40s\" is no range of cells", ref);
    else if (r->out->n_merges == GRID_MAX_MERGES)
        xml_fail(x, PAGU_LIMIT, "more than %d merged ranges", GRID_MAX_MERGES);
    else if (!grid_merge_add(r->out, m))
        xml_no_memory(x);
}

/* ---- values ---- */

/* Days since 1899-12-31 (or 1904-01-01) as a date; the 1900 system counts a 29 February 1900
 * that never was. */
static int date_text(char *buf, size_t size, double serial, bool date1904)
{
    if (!(serial >= 0 && serial < 2958466))
        return -1;
    double whole = floor(serial);
    long days = (long)whole, seconds = lround((serial - whole) * 86400);
    if (seconds == 86400) {
        days++;
        seconds = 0;
    }
    if (!date1904 && days == 0)
        return snprintf(buf, size, "%02ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    /* days since 0000-03-01 (Howard Hinnant's civil calendar) */
    long z = days + (date1904 ? 695361 : days < 60 ? 693900 : 693899);
    long era = z / 146097, doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    long day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9;
    long year = yoe + era * 400 + (month <= 2);
    if (seconds == 0)
        return snprintf(buf, size, "%04ld-%02ld-%02ld", year, month, day);
    return snprintf(buf, size, "%04ld-%02ld-%02ld %02ld:%02ld:%02ld", year, month, day, seconds / 3600,
                    seconds / 60 % 60, seconds % 60);
}

/* Spreadsheets keep 15 digits; what writers print behind them (0.30000000000000004) is noise of a
 * double. Digits before the point stay in every case. In place; returns the length. */
static int drop_noise(char *text)
{
    char *point = strchr(text, '.'), *p = text + (*text == '-');
    int digits = 0;
    bool leading = true;
    for (; *p && digits < 15; p++) {
        leading = leading && (*p == '0' || *p == '.');
        digits += !leading && *p != '.';
    }
    if (!point || p <= point || !*p)
        return (int)strlen(text);
    bool up = *p >= '5';
    *p = '\0';
    for (char *d = p; up && d-- > text && *d != '-';) {
        if (*d == '.')
            continue;
        up = *d == '9';
        *d = up ? '0' : (char)(*d + 1);
    }
    if (up) { /* 9.99… became 10: all digits are 0 now */
        char *first = text + (*text == '-');
        memmove(first + 1, first, strlen(first) + 1);
        *first = '1';
    }
    size_t n = strlen(text);
    while (text[n - 1] == '0')
        n--;
    n -= text[n - 1] == '.';
    text[n] = '\0';
    return (int)n;
}

static bool put_number(xml_part *x, const char *text, size_t len)
{
    sheet_reader *r = x->ud;
    const xlsx_book *book = x->book;
    style_kind style = r->style < book->n_styles ? (style_kind)book->styles[r->style] : STYLE_PLAIN;
    char buf[900];
    grid_kind kind = style == STYLE_PERCENT ? GRID_PERCENT : GRID_NUMBER;
    int n = plain_decimal(buf, sizeof buf, text, len, kind == GRID_PERCENT ? 2 : 0);
    if (n < 0) {
        xml_fail(x, PAGU_SYNTAX, "\"%.40s\" in row %u is no number", text, r->line);
        return true;
    }
    n = drop_noise(buf);
    if (style == STYLE_DATE) {
        pagu_decimal d;
        char date[48];
        int m = pagu_decimal_parse(buf, (size_t)n, &d) == PAGU_OK
                    ? date_text(date, sizeof date, pagu_decimal_to_double(d), book->date1904)
                    : -1;
        if (m > 0)
            return grid_put(r->out, r->column, GRID_DATE, date, (size_t)m);
    }
    return grid_put(r->out, r->column, kind, buf, (size_t)n);
}

/* "_x000D_" stands for a character that XML can't hold. In place. */
static size_t decode_escapes(char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char *end;
        if (text[i] == '_' && i + 6 < len && text[i + 1] == 'x' && text[i + 6] == '_') {
            char hex[5];
            memcpy(hex, text + i + 2, 4);
            hex[4] = '\0';
            unsigned long c = strtoul(hex, &end, 16);
            if (*end == '\0' && c > 0 && c < 128) {
                text[n++] = (char)c;
                i += 6;
                continue;
            }
        }
        text[n++] = text[i];
    }
    return n;
}

static bool put_shared(xml_part *x, const char *text)
{
    sheet_reader *r = x->ud;
    uint32_t i;
    if (!xml_number(text, UINT32_MAX, &i) || i >= x->book->n_strings) {
        xml_fail(x, PAGU_SYNTAX, "row %u names shared string \"%.20s\", which isn't there", r->line, text);
        return true;
    }
    const char *s = x->book->strings[i];
    if (!strstr(s, "_x"))
        return grid_put_kept(r->out, r->column, GRID_TEXT, s);
    char *copy = arena_strdup(&r->out->text, s, strlen(s));
    if (copy)
        copy[decode_escapes(copy, strlen(copy))] = '\0';
    return copy && grid_put_kept(r->out, r->column, GRID_TEXT, copy);
}

static bool put_text(xml_part *x, grid_kind kind, const char *text, size_t len)
{
    sheet_reader *r = x->ud;
    char *copy = arena_strdup(&r->out->text, text, len);
    if (copy && kind == GRID_TEXT)
        copy[decode_escapes(copy, len)] = '\0';
    return copy && grid_put_kept(r->out, r->column, kind, copy);
}

static bool put_cell(xml_part *x)
{
    sheet_reader *r = x->ud;
    const char *text = pagu_text_data(x->chars), *t = r->type;
    size_t len = pagu_text_len(x->chars);
    if (len == 0)
        return true;
    if (str_eq(t, "s"))
        return put_shared(x, text);
    if (str_eq(t, "inlineStr") || str_eq(t, "str"))
        return put_text(x, GRID_TEXT, text, len);
    if (str_eq(t, "b"))
        return put_text(x, GRID_BOOLEAN, str_eq(text, "0") ? "false" : "true", str_eq(text, "0") ? 5 : 4);
    if (str_eq(t, "e"))
        return put_text(x, GRID_ERROR, text, len);
    if (str_eq(t, "d"))
        return put_text(x, GRID_DATE, text, len);
    if (str_eq(t, "n"))
        return put_number(x, text, len);
    xml_fail(x, PAGU_SYNTAX, "a cell of row %u has the unknown type \"%.15s\"", r->line, t);
    return true;
}

/* ---- elements ---- */

static void sheet_start(xml_part *x, const char *name, const char **attributes)
{
    sheet_reader *r = x->ud;
    if (str_eq(name, "row")) {
        start_row(x, attributes);
    } else if (str_eq(name, "c")) {
        start_cell(x, attributes);
    } else if (r->in_cell && str_eq(name, "is")) {
        r->is_inline = true;
    } else if (r->in_cell && str_eq(name, "rPh")) {
        r->is_inline = false;
    } else if (r->in_cell && (str_eq(name, "v") || (r->is_inline && str_eq(name, "t")))) {
        x->gather = true;
    } else if (str_eq(name, "mergeCell")) {
        add_merge(x, xml_attribute(attributes, "ref"));
    }
}

static void sheet_end(xml_part *x, const char *name)
{
    sheet_reader *r = x->ud;
    if (str_eq(name, "v") || str_eq(name, "t")) {
        x->gather = false;
    } else if (str_eq(name, "rPh")) {
        r->is_inline = r->in_cell;
    } else if (str_eq(name, "c")) {
        r->in_cell = false;
        if (!put_cell(x))
            xml_no_memory(x);
        r->column++;
    } else if (str_eq(name, "row")) {
        r->in_row = false;
        r->line++;
    }
}

pagu_code xlsx_read_sheet(xlsx_book *book, uint32_t sheet, grid *out, pagu_error *err)
{
    sheet_reader r = { .out = out, .line = 1 };
    pagu_code code = xlsx_read_strings(book, err);
    grid_init(out, book->ctx);
    if (code == PAGU_OK)
        code = xml_read(book, book->sheets[sheet].part, sheet_start, sheet_end, &r, err);
    if (code != PAGU_OK)
        grid_free(out);
    else if (out->n_rows > 0 && out->rows[out->n_rows - 1].n == 0)
        out->n_rows--;
    return code;
}
