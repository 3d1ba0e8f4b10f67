/* render_json.c - a table as JSON, one row a line. Money is a decimal string, so that no
 * reader turns it into a double.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include <math.h>
#include <stdio.h>

static void print_escape(printer *p, int32_t c)
{
    char text[16];
    if (c == '\n')
        snprintf(text, sizeof text, "\\n");
    else if (c == '\t')
        snprintf(text, sizeof text, "\\t");
    else if (c == '"' || c == '\\')
        snprintf(text, sizeof text, "\\%c", (char)c);
    else if (c < 0x10000)
        snprintf(text, sizeof text, "\\u%04x", (unsigned)c);
    else
        snprintf(text, sizeof text, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (c >> 10)), (unsigned)(0xDC00 + (c & 0x3FF)));
    print_str(p, text);
}

/* '<' is escaped too: reports embed this in HTML, where "</script>" would end it. */
void json_string(printer *p, const char *s)
{
    const char *end = s + strlen(s), *from = s;
    print_str(p, "\"");
    while (s < end) {
        size_t n;
        int32_t c = (unsigned char)*s;
        if (c >= 0x80)
            c = char_at(s, end, &n);
        else
            n = 1;
        if (c < 0 || c == '"' || c == '\\' || c == '<' || is_unsafe_char(c)) {
            print_bytes(p, from, (size_t)(s - from));
            print_escape(p, c < 0 ? 0xFFFD : c);
            from = s + n;
        }
        s += n;
    }
    print_bytes(p, from, (size_t)(s - from));
    print_str(p, "\"");
}

static void print_double(printer *p, double value)
{
    if (isfinite(value))
        print_plain_number(p, value);
    else
        print_str(p, "null");
}

static void print_measure(printer *p, const pagu_table_cell *c)
{
    print_str(p, "{\"value\":");
    if (c->state == PAGU_NUMBER)
        print_double(p, c->number);
    else
        print_str(p, "null");
    print_str(p, ",\"unit\":");
    json_string(p, c->unit);
    print_str(p, ",\"text\":");
    if (c->text)
        json_string(p, c->text);
    else
        print_str(p, "null");
    print_str(p, "}");
}

void json_value(printer *p, pagu_column_type type, const pagu_table_cell *c)
{
    if (c->state == PAGU_MISSING) {
        print_str(p, "null");
    } else if (c->state == PAGU_DASH) {
        print_str(p, "\"-\"");
    } else if (type == PAGU_COL_TEXT || (c->state == PAGU_TEXT && type != PAGU_COL_MEASURE)) {
        json_string(p, c->text);
    } else if (type == PAGU_COL_MONEY) {
        print_str(p, "\"");
        print_plain_money(p, c->integer, p->decimals);
        print_str(p, "\"");
    } else if (type == PAGU_COL_INTEGER) {
        print_plain_money(p, c->integer, 0);
    } else if (type == PAGU_COL_MEASURE) {
        print_measure(p, c);
    } else {
        print_double(p, c->number);
    }
}

static void print_columns(printer *p)
{
    static const char *const types[] = { "text", "money", "number", "percent", "integer", "measure" };
    print_str(p, "\"columns\":[");
    for (uint32_t col = 0; col < pagu_table_column_count(p->table); col++) {
        print_str(p, col ? ",\n  {\"name\":" : "\n  {\"name\":");
        json_string(p, pagu_table_column_name(p->table, col));
        print_str(p, ",\"title\":");
        json_string(p, pagu_table_column_title(p->table, col));
        print_str(p, ",\"type\":\"");
        print_str(p, types[pagu_table_column_type(p->table, col)]);
        print_str(p, "\"");
        if (*pagu_table_column_number(p->table, col)) {
            print_str(p, ",\"number\":");
            json_string(p, pagu_table_column_number(p->table, col));
        }
        print_str(p, "}");
    }
    print_str(p, "],\n");
}

static void print_row(printer *p, uint32_t row)
{
    for (uint32_t col = 0; col < pagu_table_column_count(p->table); col++) {
        pagu_table_cell c = pagu_table_get(p->table, row, col);
        print_str(p, col ? "," : "");
        json_string(p, pagu_table_column_name(p->table, col));
        print_str(p, ":");
        json_value(p, pagu_table_column_type(p->table, col), &c);
    }
}

static void print_rows(printer *p)
{
    print_str(p, "\"rows\":[");
    for (uint32_t row = 0; row < pagu_table_row_count(p->table) && keep_printing(p, row); row++) {
        print_str(p, row ? ",\n  {" : "\n  {");
        print_row(p, row);
        print_str(p, "}");
    }
    print_str(p, "]");
}

void json_notes(printer *p)
{
    print_str(p, ",\n\"notes\":[");
    for (uint32_t i = 0; i < pagu_table_note_count(p->table); i++) {
        print_str(p, i ? ",\n  " : "\n  ");
        json_string(p, pagu_table_note(p->table, i));
    }
    print_str(p, "]");
}

void json_stamp_entry(printer *p, bool first, const char *key, const char *value)
{
    print_str(p, first ? "" : ",");
    json_string(p, key);
    print_str(p, ":");
    json_string(p, value);
}

/* The table's stamp, then the document's if it is all of that. */
static void print_stamp(printer *p)
{
    const char *key, *value;
    uint32_t own = pagu_table_stamp_count(p->table);
    print_str(p, ",\n\"stamp\":{");
    for (uint32_t i = 0; i < own; i++) {
        pagu_table_stamp(p->table, i, &key, &value);
        json_stamp_entry(p, i == 0, key, value);
    }
    for (uint32_t i = 0; p->document && i < pagu_document_stamp_count(p->document); i++) {
        pagu_document_stamp(p->document, i, &key, &value);
        json_stamp_entry(p, own + i == 0, key, value);
    }
    print_str(p, "}");
}

void json_table(printer *p)
{
    print_str(p, "\"title\":");
    json_string(p, pagu_table_title(p->table));
    print_str(p, ",\n");
    print_columns(p);
    print_rows(p);
}

void render_json(printer *p)
{
    print_str(p, "{");
    json_table(p);
    if (p->options.stamp || pagu_table_note_count(p->table))
        json_notes(p);
    if (p->options.stamp)
        print_stamp(p);
    print_str(p, "}\n");
}
