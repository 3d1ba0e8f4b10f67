/* render.h - what the renderers share: a printer that remembers its first error.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_RENDER_H
#define PAGU_SRC_RENDER_H

#include "base/base.h"
#include "pagu/render.h"

/* How CSV is written. */
typedef struct csv_dialect {
    const char *separator, *line_end;
    char point; /* of decimals */
    bool bom;
    bool titles; /* for readers; names else */
} csv_dialect;

typedef struct printer {
    const pagu_table *table; /* in hand */
    const pagu_document *document;
    const pagu_chart *chart; /* of a picture by itself */
    pagu_render_options options;
    pagu_ctx *ctx;
    pagu_text *out;
    pagu_text *cell;            /* scratch of one cell */
    int decimals;               /* of money in the table in hand */
    bool english;               /* our own words in a document or a picture, else Indonesian */
    pagu_code code;             /* first error; printing goes on without effect */
    const csv_dialect *dialect; /* CSV */
    pagu_error *err;            /* of renderers with errors of their own, which fill it */
} printer;

/* Run a renderer over a printer with table, document or chart, ctx and out set. */
pagu_code run_printer(printer *p, const pagu_render_options *options, void (*render)(printer *), pagu_error *err);
void note_code(printer *p, pagu_code code);
void print_bytes(printer *p, const char *bytes, size_t len);
void print_str(printer *p, const char *s);
/* A number in plain notation, shortest form. */
void print_plain_number(printer *p, double value);
void print_plain_money(printer *p, int64_t value, int decimals);

/* Text of a cell for people, in the locale, not escaped. Valid until the next call. */
const char *cell_for_people(printer *p, uint32_t row, uint32_t col);

/* false when the caller of the context asked to stop or printing failed; polls now and then. */
bool keep_printing(printer *p, uint32_t row);

bool is_right_aligned(pagu_column_type type);
/* First TEXT column, which carries the indent; PAGU_NO_ROW if none. */
uint32_t indented_column(const pagu_table *t);
/* "Group|Title" in two parts; *group_len is 0 without a group. */
const char *split_title(const char *title, size_t *group_len);

/* Whether the columns of the form are numbered. */
bool has_column_numbers(const pagu_table *t);

/* The character at s; *len gets its bytes. -1: an invalid byte (1 byte long). */
int32_t char_at(const char *s, const char *end, size_t *len);
/* Characters that act on a terminal or hide: controls, bidi overrides, zero widths. */
bool is_unsafe_char(int32_t c);
/* Append s with such characters as \u{..} and invalid bytes as \x{..}. */
void append_escaped(printer *p, pagu_text *to, const char *s, size_t len);

/* The table in hand, as a whole document of its own. */
void render_text(printer *p);
void render_markdown(printer *p);
void render_json(printer *p);
/* The table in hand, else p->document. */
void render_csv(printer *p);
void render_csv_excel_id(printer *p);
void render_xlsx(printer *p);
/* p->document; the table in hand changes with its blocks. */
void render_document_text(printer *p);
void render_document_markdown(printer *p);
void render_document_json(printer *p);
void render_document_html(printer *p);

/* Parts of the above that documents print too. */
void text_lines(printer *p, const char *text); /* wrapped at the width */
void text_stamp(printer *p, const char *key, const char *value);
void text_rule(printer *p, uint32_t width);
void markdown_text(printer *p, const char *s, size_t len);
void markdown_stamp(printer *p, const char *key, const char *value);
void csv_text(printer *p, const char *s); /* a field, quoted and made harmless where it must be */
void csv_value(printer *p, pagu_column_type type, const pagu_table_cell *c);
void csv_tidy(printer *p); /* p->document as one table */
void json_string(printer *p, const char *s);
void json_value(printer *p, pagu_column_type type, const pagu_table_cell *c);
void json_table(printer *p); /* the members of a table's object, without notes and stamp */
void json_notes(printer *p);
void json_stamp_entry(printer *p, bool first, const char *key, const char *value);

/* ---- render_blocks.c ---- */
/* Take a block's table in hand, with its decimals. */
void take_table(printer *p, const pagu_table *t);
/* The document's only block, if it is a table and there is no title; else NULL. */
const pagu_table *only_table(const pagu_document *doc);
/* The name of the block that prints a chart's table; NULL if none does. */
const char *block_of_chart(const pagu_document *doc, const pagu_chart *c);
/* The figures of a chart as a new table: its label and values, titled as the chart. NULL: no memory,
 * noted in p. */
pagu_table *chart_figures(printer *p, const pagu_chart *c);

#endif
