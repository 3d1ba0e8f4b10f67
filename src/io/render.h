/* render.h - what the renderers share: a printer that remembers its first error.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_RENDER_H
#define PAGU_SRC_RENDER_H

#include "base/base.h"
#include "pagu/render.h"

typedef struct printer {
    const pagu_table *table;
    pagu_render_options options;
    pagu_ctx *ctx;
    pagu_text *out;
    pagu_text *cell; /* scratch of one cell */
    pagu_code code;  /* first error; printing goes on without effect */
} printer;

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

void render_text(printer *p);
void render_markdown(printer *p);
void render_csv(printer *p);
void render_json(printer *p);

#endif
