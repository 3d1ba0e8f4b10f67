/* render.c - the entry to the renderers, and what they share.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include "base/document.h"
#include "base/table.h"
#include "base/text.h"

#include <stdio.h>
#include <utf8proc.h>

/* ---- printing ---- */

void note_code(printer *p, pagu_code code)
{
    if (p->code == PAGU_OK)
        p->code = code;
}

void print_bytes(printer *p, const char *bytes, size_t len)
{
    if (p->code == PAGU_OK)
        note_code(p, pagu_text_append(p->out, bytes, len));
}

void print_str(printer *p, const char *s)
{
    print_bytes(p, s, strlen(s));
}

void print_plain_number(printer *p, double value)
{
    char text[64];
    int len = pagu_number_format(text, sizeof text, value, PAGU_LOCALE_PLAIN, -1);
    print_bytes(p, text, (size_t)len);
}

void print_plain_money(printer *p, int64_t value, int decimals)
{
    char text[48];
    int len = pagu_money_format(text, sizeof text, value, PAGU_LOCALE_PLAIN, decimals);
    print_bytes(p, text, (size_t)len);
}

bool keep_printing(printer *p, uint32_t row)
{
    if (row % 1024 == 0 && pagu_ctx_interrupted(p->ctx))
        note_code(p, PAGU_INTERRUPTED);
    return p->code == PAGU_OK;
}

/* ---- cells ---- */

static void add_cell(printer *p, const char *s, size_t len)
{
    note_code(p, pagu_text_append(p->cell, s, len));
}

static void add_number(printer *p, double value, int places)
{
    char text[64];
    int len = pagu_number_format(text, sizeof text, value, p->options.locale, places);
    add_cell(p, text, (size_t)len);
}

static void add_money(printer *p, int64_t value)
{
    char text[48];
    int len = pagu_money_format(text, sizeof text, value, p->options.locale, p->decimals);
    add_cell(p, text, (size_t)len);
}

static void add_integer(printer *p, int64_t value)
{
    char text[48];
    int len = pagu_money_format(text, sizeof text, value, PAGU_LOCALE_PLAIN, 0);
    add_cell(p, text, (size_t)len);
}

static void add_measure(printer *p, const pagu_table_cell *c)
{
    if (c->text) {
        add_cell(p, c->text, strlen(c->text));
        return;
    }
    if (c->state != PAGU_NUMBER)
        return;
    add_number(p, c->number, -1);
    if (*c->unit && !str_eq(c->unit, "%"))
        add_cell(p, " ", 1);
    add_cell(p, c->unit, strlen(c->unit));
}

const char *cell_for_people(printer *p, uint32_t row, uint32_t col)
{
    pagu_table_cell c = pagu_table_get(p->table, row, col);
    text_truncate(p->cell, 0);
    if (c.state == PAGU_DASH) {
        add_cell(p, "-", 1);
    } else if (c.state == PAGU_TEXT && c.text) {
        add_cell(p, c.text, strlen(c.text));
    } else if (c.state != PAGU_MISSING) {
        switch (pagu_table_column_type(p->table, col)) {
        case PAGU_COL_TEXT: add_cell(p, c.text, strlen(c.text)); break;
        case PAGU_COL_MONEY: add_money(p, c.integer); break;
        case PAGU_COL_INTEGER: add_integer(p, c.integer); break;
        case PAGU_COL_NUMBER: add_number(p, c.number, -1); break;
        case PAGU_COL_PERCENT: add_number(p, c.number, 2); break;
        case PAGU_COL_MEASURE: add_measure(p, &c); break;
        }
    }
    return pagu_text_data(p->cell);
}

bool is_right_aligned(pagu_column_type type)
{
    return type != PAGU_COL_TEXT;
}

bool has_column_numbers(const pagu_table *t)
{
    for (uint32_t col = 0; col < pagu_table_column_count(t); col++)
        if (*pagu_table_column_number(t, col))
            return true;
    return false;
}

uint32_t indented_column(const pagu_table *t)
{
    for (uint32_t col = 0; col < pagu_table_column_count(t); col++)
        if (pagu_table_column_type(t, col) == PAGU_COL_TEXT)
            return col;
    return PAGU_NO_ROW;
}

const char *split_title(const char *title, size_t *group_len)
{
    const char *bar = strchr(title, '|');
    *group_len = bar ? (size_t)(bar - title) : 0;
    return bar ? bar + 1 : title;
}

/* ---- characters ---- */

int32_t char_at(const char *s, const char *end, size_t *len)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, end - s, &c);
    if (n <= 0) {
        *len = 1;
        return -1;
    }
    *len = (size_t)n;
    return c;
}

bool is_unsafe_char(int32_t c)
{
    static const struct {
        int32_t first, last;
    } ranges[] = {
        { 0x00, 0x1F },     { 0x7F, 0x9F },     { 0xAD, 0xAD },       { 0x61C, 0x61C },
        { 0x180E, 0x180E }, { 0x200B, 0x200F }, { 0x2028, 0x202E },   { 0x2060, 0x206F },
        { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE0FFF },
    };
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static size_t plain_prefix(const char *s, const char *end)
{
    const char *p = s;
    while (p < end && *p >= 0x20 && *p < 0x7F)
        p++;
    return (size_t)(p - s);
}

void append_escaped(printer *p, pagu_text *to, const char *s, size_t len)
{
    const char *end = s + len;
    while (s < end) {
        size_t n = plain_prefix(s, end);
        if (n == 0) {
            int32_t c = char_at(s, end, &n);
            if (c < 0 || is_unsafe_char(c)) {
                unsigned shown = c < 0 ? (unsigned char)*s : (unsigned)c;
                note_code(p, pagu_text_printf(to, c < 0 ? "\\x{%x}" : "\\u{%x}", shown));
                s += n;
                continue;
            }
        }
        note_code(p, pagu_text_append(to, s, n));
        s += n;
    }
}

/* ---- entry ---- */

pagu_code pagu_format_parse(pagu_ctx *ctx, const char *name, pagu_format *out, pagu_error *err)
{
    static const struct {
        const char *name;
        pagu_format format;
    } formats[] = {
        { "text", PAGU_FORMAT_TEXT },         { "md", PAGU_FORMAT_MARKDOWN },
        { "markdown", PAGU_FORMAT_MARKDOWN }, { "csv", PAGU_FORMAT_CSV },
        { "json", PAGU_FORMAT_JSON },         { "html", PAGU_FORMAT_HTML },
        { "xlsx", PAGU_FORMAT_XLSX },         { "csv-excel-id", PAGU_FORMAT_CSV_EXCEL_ID },
    };
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_eq(formats[i].name, name)) {
            *out = formats[i].format;
            return PAGU_OK;
        }
    return err_set(ctx, err, PAGU_ARGUMENT,
                   "unknown format \"%s\"; use text, markdown, csv, csv-excel-id, json, html or xlsx", name);
}

static pagu_render_options read_options(const pagu_render_options *options)
{
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    if (options)
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    return o;
}

static pagu_code report(const printer *p, pagu_error *err)
{
    if (p->code == PAGU_INTERRUPTED)
        return err_set(p->ctx, err, p->code, "interrupted");
    return p->code == PAGU_NO_MEMORY ? err_memory(p->ctx, err) : p->code;
}

pagu_code run_printer(printer *p, const pagu_render_options *options, void (*render)(printer *), pagu_error *err)
{
    size_t before = pagu_text_len(p->out);
    pagu_lang lang = p->document ? pagu_document_lang(p->document) : pagu_ctx_lang(p->ctx);
    p->options = read_options(options);
    p->english = lang == PAGU_LANG_EN;
    p->decimals = p->options.decimals;
    p->cell = pagu_text_new(p->ctx);
    if (!p->cell)
        return err_memory(p->ctx, err);
    render(p);
    pagu_text_free(p->cell);
    if (p->code == PAGU_OK)
        return PAGU_OK;
    text_truncate(p->out, before);
    return report(p, err);
}

/* Formats that only documents have. */
static pagu_code render_as_document(const pagu_table *t, pagu_format format, const pagu_render_options *options,
                                    pagu_text *out, pagu_error *err)
{
    pagu_document *doc = pagu_document_new(table_ctx(t));
    if (!doc)
        return err_memory(table_ctx(t), err);
    pagu_code code = pagu_document_add_table(doc, NULL, (pagu_table *)t, err);
    if (code == PAGU_OK)
        code = pagu_render_document(doc, format, options, out, err);
    pagu_document_free(doc);
    return code;
}

pagu_code pagu_render(const pagu_table *t, pagu_format format, const pagu_render_options *options, pagu_text *out,
                      pagu_error *err)
{
    static void (*const renderers[])(printer *) = {
        [PAGU_FORMAT_TEXT] = render_text,
        [PAGU_FORMAT_MARKDOWN] = render_markdown,
        [PAGU_FORMAT_CSV] = render_csv,
        [PAGU_FORMAT_JSON] = render_json,
        [PAGU_FORMAT_CSV_EXCEL_ID] = render_csv_excel_id,
        [PAGU_FORMAT_XLSX] = render_xlsx,
    };
    printer p = { .table = t, .ctx = table_ctx(t), .out = out, .err = err };
    if (format == PAGU_FORMAT_HTML)
        return render_as_document(t, format, options, out, err);
    if ((unsigned)format >= COUNT_OF(renderers))
        return err_set(p.ctx, err, PAGU_ARGUMENT, "unknown format number %d", (int)format);
    return run_printer(&p, options, renderers[format], err);
}

pagu_code pagu_render_document(const pagu_document *doc, pagu_format format, const pagu_render_options *options,
                               pagu_text *out, pagu_error *err)
{
    static void (*const renderers[])(printer *) = {
        [PAGU_FORMAT_TEXT] = render_document_text,
        [PAGU_FORMAT_MARKDOWN] = render_document_markdown,
        [PAGU_FORMAT_CSV] = render_csv,
        [PAGU_FORMAT_JSON] = render_document_json,
        [PAGU_FORMAT_CSV_EXCEL_ID] = render_csv_excel_id,
        [PAGU_FORMAT_XLSX] = render_xlsx,
        [PAGU_FORMAT_HTML] = render_document_html,
    };
    printer p = { .document = doc, .ctx = document_ctx(doc), .out = out, .err = err };
    if ((unsigned)format >= COUNT_OF(renderers))
        return err_set(p.ctx, err, PAGU_ARGUMENT, "unknown format number %d", (int)format);
    return run_printer(&p, options, renderers[format], err);
}
