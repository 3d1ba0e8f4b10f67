/* pagu/render.h - tables and documents as text, Markdown, CSV, JSON and XLSX.
 *
 *     pagu_text *out = pagu_text_new(ctx);
 *     pagu_render(t, PAGU_FORMAT_MARKDOWN, &options, out, &err);
 *     fwrite(pagu_text_data(out), 1, pagu_text_len(out), stdout);
 *
 * The same table and options give the same bytes everywhere.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_RENDER_H
#define PAGU_RENDER_H

#include "pagu/document.h"
#include "pagu/number.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A growing UTF-8 buffer. */
typedef struct pagu_text pagu_text;
PAGU_API pagu_text *pagu_text_new(pagu_ctx *ctx);
PAGU_API void pagu_text_free(pagu_text *text);
PAGU_API const char *pagu_text_data(const pagu_text *text); /* NUL-terminated */
PAGU_API size_t pagu_text_len(const pagu_text *text);
PAGU_API pagu_code pagu_text_append(pagu_text *text, const char *bytes, size_t len);
PAGU_API pagu_code pagu_text_printf(pagu_text *text, const char *format, ...) PAGU_PRINTF(2, 3);

typedef enum pagu_format {
    PAGU_FORMAT_TEXT = 0, /* aligned; widths by utf8proc; control characters escaped */
    PAGU_FORMAT_MARKDOWN,
    PAGU_FORMAT_CSV,          /* RFC 4180 with LF, plain numbers, machine column names; formula-safe text */
    PAGU_FORMAT_JSON,         /* {"title","columns","rows","stamp",…}; money as decimal strings */
    PAGU_FORMAT_CSV_EXCEL_ID, /* for Excel set to Indonesian: ";", decimal ",", byte order mark, CRLF */
    PAGU_FORMAT_XLSX,         /* a workbook; money beyond 15 digits is text, which loses nothing */
    PAGU_FORMAT_HTML          /* one file that loads nothing: for screen, phone and paper */
} pagu_format;

typedef struct pagu_render_options {
    size_t size;
    pagu_locale locale; /* TEXT, MARKDOWN, HTML; XLSX: of what is text there */
    int decimals;       /* of money */
    uint32_t width;     /* TEXT: wrap text columns to this total width; 0: no wrapping */
    bool ascii;         /* TEXT: only ASCII rules */
    bool stamp;         /* print the stamp; notes always are */
    bool paper;         /* HTML: to be printed, without any script */
    const char *script; /* HTML: makes charts interactive; NULL: they are pictures */
    size_t script_len;
} pagu_render_options;
#define PAGU_RENDER_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(pagu_render_options), PAGU_LOCALE_ID, 0, 0, false, true, false, NULL, 0                                 \
    }

/* "text", "md", "markdown", "csv", "csv-excel-id", "json", "xlsx", "html". PAGU_ARGUMENT for others. */
PAGU_API pagu_code pagu_format_parse(pagu_ctx *ctx, const char *name, pagu_format *out, pagu_error *err);
/* Append a rendering of the document. A document that is one table and nothing else (no title of its
 * own, no other block) reads as that table with the document's stamp; JSON of others is {"format":
 * "pagu-report", "version": 1, "title", "language", "blocks", "stamp"} (schema/report.schema.json). CSV of several
 * tables is one: table, row, level, style, key, column, value, unit, text, a line for every cell that isn't missing.
 * XLSX has a sheet a table and a first one with the text. A chart is the table of its figures where pictures can't be,
 * unless the document prints its table. Money has each table's own decimals. Linear in the cells. */
PAGU_API pagu_code pagu_render_document(const pagu_document *doc, pagu_format format,
                                        const pagu_render_options *options, pagu_text *out, pagu_error *err);
/* Append a picture of the chart: SVG that needs nothing else, with title, description and a text
 * for every figure. The same chart and options give the same bytes. */
PAGU_API pagu_code pagu_chart_svg(const pagu_chart *chart, const pagu_render_options *options, pagu_text *out,
                                  pagu_error *err);
/* Append a rendering of the table. Linear in its cells. XLSX gives PAGU_LIMIT for what a sheet
 * can't hold (1,048,576 rows, 32,767 characters in a cell), PAGU_IO. */
PAGU_API pagu_code pagu_render(const pagu_table *t, pagu_format format, const pagu_render_options *options,
                               pagu_text *out, pagu_error *err);
/* Append an explanation (pagu/calc.h) of a field and period at a key as a JSON tree: {"explain": 1, "key", "field",
 * "period", "tree": [{"kind", "key", "name", "value", …, "because": […]}], "notes", "stamp"}
 * (schema/explain.schema.json). */
PAGU_API pagu_code pagu_render_explanation(const pagu_table *t, const char *key, const char *field, const char *period,
                                           const pagu_render_options *options, pagu_text *out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
