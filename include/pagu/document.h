/* pagu/document.h - what a report gives: headings, paragraphs, tables and charts in order, and a
 * stamp at the end.
 *
 *     pagu_document *doc = pagu_document_new(ctx);
 *     pagu_document_set_title(doc, "Renja 2024");
 *     pagu_document_add_heading(doc, 1, "Tabel 7");
 *     pagu_document_add_table(doc, "tc33", table, &err);
 *     pagu_render_document(doc, PAGU_FORMAT_HTML, &options, out, &err);   (pagu/render.h)
 *
 * A document owns its strings and keeps references to its tables and charts: rows added to a table
 * later are in the document too. A document is one thread's.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_DOCUMENT_H
#define PAGU_DOCUMENT_H

#include "pagu/chart.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_document pagu_document;

/* Make an empty document in the context's language; NULL when memory is out. */
PAGU_API pagu_document *pagu_document_new(pagu_ctx *ctx);
PAGU_API void pagu_document_free(pagu_document *doc);

PAGU_API pagu_code pagu_document_set_title(pagu_document *doc, const char *title);
PAGU_API const char *pagu_document_title(const pagu_document *doc); /* "" if none */
/* Language of its texts. */
PAGU_API void pagu_document_set_lang(pagu_document *doc, pagu_lang lang);
PAGU_API pagu_lang pagu_document_lang(const pagu_document *doc);
/* Append a key=value line to the stamp. */
PAGU_API pagu_code pagu_document_add_stamp(pagu_document *doc, const char *key, const char *value);
PAGU_API uint32_t pagu_document_stamp_count(const pagu_document *doc);
PAGU_API void pagu_document_stamp(const pagu_document *doc, uint32_t i, const char **key, const char **value);

/* Append a block. level: 1..4. A name is the block's machine name (sheet, file, anchor), unique in
 * the document; NULL: the table's own name, else "table2", "chart3" by place.
 * PAGU_ARGUMENT: a level or an empty text, or a name that is taken. */
PAGU_API pagu_code pagu_document_add_heading(pagu_document *doc, uint32_t level, const char *text);
PAGU_API pagu_code pagu_document_add_text(pagu_document *doc, const char *text);
PAGU_API pagu_code pagu_document_add_table(pagu_document *doc, const char *name, pagu_table *t, pagu_error *err);
PAGU_API pagu_code pagu_document_add_chart(pagu_document *doc, const char *name, pagu_chart *c, pagu_error *err);

typedef enum pagu_block_kind {
    PAGU_BLOCK_HEADING,
    PAGU_BLOCK_TEXT, /* a paragraph; line feeds are line breaks */
    PAGU_BLOCK_TABLE,
    PAGU_BLOCK_CHART
} pagu_block_kind;

/* What is not of its kind is NULL or 0. Valid while the document lives. */
typedef struct pagu_block {
    pagu_block_kind kind;
    uint32_t level;    /* heading */
    const char *text;  /* heading, paragraph */
    const char *name;  /* table, chart */
    pagu_table *table; /* table */
    pagu_chart *chart; /* chart */
} pagu_block;
PAGU_API uint32_t pagu_document_count(const pagu_document *doc);
PAGU_API pagu_block pagu_document_get(const pagu_document *doc, uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
