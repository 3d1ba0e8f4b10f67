/* csv.c - strict RFC 4180, in place.
 * SPDX-License-Identifier: MIT */
#include "io/csv.h"

#include "io/report.h"
#include "io/utf8.h"

#include <stdio.h>

typedef enum fault {
    FAULT_NONE = 0,
    FAULT_MEMORY,
    FAULT_UNTERMINATED,
    FAULT_STRAY_QUOTE,
    FAULT_AFTER_QUOTE,
    FAULT_RETURN,
    FAULT_NUL
} fault;

/* Bytes that end a run of plain ones. */
static const bool special[256] = { [0] = true, [','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true };

void csv_open(csv_reader *r, pagu_ctx *ctx, pagu_findings *findings, const char *file, char *bytes, size_t len)
{
    *r = (csv_reader){ .ctx = ctx, .findings = findings, .file = file, .p = bytes, .end = bytes + len };
    r->next_line = 1;
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        r->p += 3;
    r->suspect = utf8_valid_prefix(bytes, len) < len;
}

void csv_close(csv_reader *r)
{
    mem_free(r->ctx, r->fields, r->cap * sizeof r->fields[0]);
    mem_free(r->ctx, r->lengths, r->cap_lengths * sizeof r->lengths[0]);
    *r = (csv_reader){ 0 };
}

/* ---- faults ---- */

static csv_result report(csv_reader *r, uint32_t line, uint32_t column, const char *message)
{
    r->n_faults++;
    char name[16] = "";
    if (column)
        snprintf(name, sizeof name, "#%u", column);
    place at = { .rule = "csv-syntax", .file = r->file, .line = line, .column = name };
    return report_text(r->ctx, r->findings, &at, message) == PAGU_OK ? CSV_RECORD : CSV_NO_MEMORY;
}

static csv_result report_fault(csv_reader *r, fault what, uint32_t column)
{
    switch (what) {
    case FAULT_UNTERMINATED:
        return report(r, r->line, column, "a quoted field has no closing quote");
    case FAULT_STRAY_QUOTE:
        return report(r, r->line, column, "a quote inside a field that does not begin with one; "
                                          "quote the field and double the quote");
    case FAULT_AFTER_QUOTE:
        return report(r, r->line, column, "text after the closing quote of a field; double the quotes inside it");
    case FAULT_RETURN:
        return report(r, r->line, column, "a carriage return without a line feed");
    case FAULT_NUL:
        return report(r, r->line, column, "a NUL byte");
    default:
        return CSV_NO_MEMORY;
    }
}

/* ---- one record ---- */

static bool add_field(csv_reader *r, char *start, char *end)
{
    if (r->n == r->cap && !mem_grow(r->ctx, &r->fields, &r->cap, r->n, sizeof r->fields[0]))
        return false;
    if (r->n == r->cap_lengths && !mem_grow(r->ctx, &r->lengths, &r->cap_lengths, r->n, sizeof r->lengths[0]))
        return false;
    r->fields[r->n] = start;
    r->lengths[r->n++] = (uint32_t)(end - start);
    return true;
}

/* The closing quote of a field whose text starts at p, or NULL. */
static char *find_closing(const csv_reader *r, char *p)
{
    while ((p = memchr(p, '"', (size_t)(r->end - p))) != NULL) {
        if (p[1] != '"')
            return p;
        p += 2;
    }
    return NULL;
}

/* Undouble quotes in place, count lines; returns the new end. */
static char *unquote(csv_reader *r, char *start, char *closing)
{
    char *to = start;
    for (char *from = start; from < closing; from++) {
        if (*from == '"')
            from++;
        else if (*from == '\n')
            r->next_line++;
        *to++ = *from;
    }
    return to;
}

/* A quoted field at p. *end is the end of its text, *after the byte behind the quote. */
static fault quoted_field(csv_reader *r, char *p, char **end, char **after)
{
    char *closing = find_closing(r, p + 1);
    if (!closing) {
        *after = p;
        return FAULT_UNTERMINATED;
    }
    *after = closing + 1;
    *end = unquote(r, p + 1, closing);
    return FAULT_NONE;
}

/* What stands at p after a field: 0 goes on with the next one. */
typedef enum stop { STOP_COMMA, STOP_LINE, STOP_END, STOP_BAD } stop;

static stop stop_at(const csv_reader *r, char *p, char **next)
{
    switch (*p) {
    case ',':
        *next = p + 1;
        return STOP_COMMA;
    case '\n':
        *next = p + 1;
        return STOP_LINE;
    case '\r':
        *next = p + 2;
        return p[1] == '\n' ? STOP_LINE : STOP_BAD;
    default:
        *next = p;
        return p == r->end ? STOP_END : STOP_BAD;
    }
}

/* Go to the next line, so that what follows a fault is still looked at. */
static void skip_line(csv_reader *r, char *p)
{
    char *nl = memchr(p, '\n', (size_t)(r->end - p));
    r->p = nl ? nl + 1 : r->end;
    r->next_line++;
}

static fault fault_of(char c, bool quoted)
{
    if (c == '\r')
        return FAULT_RETURN;
    if (quoted)
        return FAULT_AFTER_QUOTE;
    return c == '"' ? FAULT_STRAY_QUOTE : FAULT_NUL;
}

static fault read_record(csv_reader *r)
{
    char *p = r->p;
    for (;;) {
        char *start = p, *end, *next;
        bool quoted = *p == '"';
        if (quoted) {
            fault what = quoted_field(r, p, &end, &p);
            if (what != FAULT_NONE) {
                skip_line(r, p);
                return what;
            }
            start++;
        } else {
            while (!special[(unsigned char)*p])
                p++;
            end = p;
        }
        stop how = stop_at(r, p, &next);
        if (how == STOP_BAD) {
            fault what = fault_of(*p, quoted);
            skip_line(r, p);
            return what;
        }
        if (!add_field(r, start, end))
            return FAULT_MEMORY;
        *end = '\0';
        p = next;
        if (how == STOP_COMMA)
            continue;
        r->p = next;
        r->next_line += how == STOP_LINE;
        return FAULT_NONE;
    }
}

/* Encoding of each field, where the buffer is known to hold some bad byte. */
static csv_result check_bytes(csv_reader *r, bool *good)
{
    for (uint32_t i = 0; i < r->n; i++) {
        size_t ok = utf8_valid_prefix(r->fields[i], r->lengths[i]);
        if (ok == r->lengths[i])
            continue;
        *good = false;
        const char *message = r->fields[i][ok] == '\0' ? "a NUL byte" : "not UTF-8; save the file as UTF-8";
        if (report(r, r->line, i + 1, message) == CSV_NO_MEMORY)
            return CSV_NO_MEMORY;
    }
    return CSV_RECORD;
}

static csv_result check_width(csv_reader *r, bool *good)
{
    if (r->width == 0)
        r->width = r->n;
    if (r->n == r->width)
        return CSV_RECORD;
    *good = false;
    r->n_faults++;
    place at = { .rule = "csv-syntax", .file = r->file, .line = r->line };
    bool blank = r->n == 1 && r->lengths[0] == 0;
    pagu_code code = blank ? report_at(r->ctx, r->findings, &at, "a blank line")
                           : report_at(r->ctx, r->findings, &at, "%u fields where the header has %u", r->n, r->width);
    return code == PAGU_OK ? CSV_RECORD : CSV_NO_MEMORY;
}

csv_result csv_next(csv_reader *r)
{
    while (r->p < r->end) {
        r->n = 0;
        r->line = r->next_line;
        fault what = read_record(r);
        if (what != FAULT_NONE) {
            if (report_fault(r, what, r->n + 1) == CSV_NO_MEMORY)
                return CSV_NO_MEMORY;
            continue;
        }
        bool good = true;
        if (check_width(r, &good) == CSV_NO_MEMORY || (r->suspect && check_bytes(r, &good) == CSV_NO_MEMORY))
            return CSV_NO_MEMORY;
        if (good)
            return CSV_RECORD;
    }
    return CSV_END;
}

/* ---- writing ---- */

pagu_code csv_put(pagu_text *out, const char *field, bool first)
{
    if (!first && pagu_text_append(out, ",", 1) != PAGU_OK)
        return PAGU_NO_MEMORY;
    if (!field[strcspn(field, ",\"\r\n")])
        return pagu_text_append(out, field, strlen(field));
    pagu_code code = pagu_text_append(out, "\"", 1);
    while (code == PAGU_OK && *field) {
        size_t n = strcspn(field, "\"");
        code = pagu_text_append(out, field, n);
        field += n;
        if (code == PAGU_OK && *field) {
            code = pagu_text_append(out, "\"\"", 2);
            field++;
        }
    }
    return code == PAGU_OK ? pagu_text_append(out, "\"", 1) : code;
}
