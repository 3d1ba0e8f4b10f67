/* import_parts.h - what the files of the importer share.
 *
 *     import.c           the public functions: files in, a plan out
 *     import_source.c    files as grids: workbooks, JSON; packages
 *     import_csv.c       text tables: encoding, dialect
 *     import_words.c     what the words of a header mean
 *     import_header.c    where the header stands, what each column is
 *     import_template.c  templates
 *     import_column.c    years, stages and twins of the columns
 *     import_code.c      codes as tables print them
 *     import_value.c     amounts and measures as tables print them
 *     import_rows.c      what a row does
 *     import_put.c       what it puts into the draft
 *     import_draft.c     the package to be
 *     import_tables.c    mapping and summary as tables
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_IMPORT_PARTS_H
#define PAGU_SRC_IMPORT_PARTS_H

#include "io/grid.h"
#include "io/import_draft.h"
#include "pagu/import.h"

/* ---- what a column is ---- */

typedef enum import_role {
    ROLE_UNKNOWN, /* kept as printed only */
    ROLE_IGNORE,  /* not even that */
    ROLE_ROW,     /* running number */
    ROLE_CODE,
    ROLE_LEVEL,
    ROLE_NAME,
    ROLE_INDICATOR,
    ROLE_UNIT, /* of the measures to its left */
    ROLE_MONEY,
    ROLE_MEASURE,
    ROLE_CLAIM, /* a derived figure: kept as printed, with what it claims */
    ROLE_TAG,
    ROLE_NOTE,
    ROLE_ATTRIBUTE
} import_role;

enum { LEVEL_NONE = -1, LEVEL_URUSAN, LEVEL_BIDANG, LEVEL_PROGRAM, LEVEL_KEGIATAN, LEVEL_SUB, LEVELS };
extern const char *const import_levels[LEVELS];

/* What the words of a header say. */
typedef struct header_words {
    import_role role;
    const char *field; /* of money, measure, claim; tree of a tag; kind of a note */
    const char *stage; /* "draft", "need", "renstra"; NULL: unsaid */
    int level;         /* of code or name; LEVEL_NONE */
    int year;          /* 0: unsaid */
    int relative;      /* years from n, if `has_relative` */
    int part;          /* quarter 1..4; 0: none */
    int64_t factor;    /* amounts are written in 1, 1000, 1000000 */
    bool has_relative, up_to, raw, norm;
} header_words;
/* A header, its own words and those of the groups above it (may be ""). */
void words_of_header(const char *leaf, const char *groups, header_words *out);
/* 1000 for "(dalam ribuan rupiah)" above a table, 1000000 for millions, else 1. */
int64_t words_of_title(const char *title);
/* LEVEL_NONE if the word names none. */
int level_of_word(const char *text);
/* Lower case, words between single blanks, one at each end: " target 2025 ". */
void normal_words(const char *text, char *out, size_t size);

typedef struct import_column {
    uint32_t at; /* of the grid */
    import_role role;
    const char *header; /* as printed, groups before it */
    const char *name;   /* of printed cells: "target_2025" */
    header_words words;
    const char *field, *stage, *period;
    int unit_at, twin_at, value_at; /* other columns: a measure's unit; an amount in plain digits; -1 */
    bool chosen;                    /* by the template */
    bool fill_down, is_part;
    const char *split;  /* signs between the segments of a code beside the point */
    const char *level;  /* of code or name */
    pagu_locale locale; /* PLAIN: its cells don't tell */
} import_column;

typedef struct import_sheet {
    pagu_import *im;
    const pagu_import_options *o;
    const grid *g;
    const struct import_template *t; /* NULL: none */
    const char *file, *sheet;        /* kept; sheet "" for text files */
    const char *table, *title;       /* id of the printed table */
    uint32_t header, body, end;      /* rows of the grid: first of the header, first behind it, one behind the last */
    import_column *columns;
    uint32_t n_columns;
    const char *stage; /* default */
    int year;
    const char *year_from; /* what told the year; NULL: the options */
    pagu_locale locale;    /* what all its cells show */
    bool keep_printed, pad_codes;
    arena text;
} import_sheet;

/* ---- templates (import_template.c) ---- */

typedef struct template_column {
    const char *const *headers; /* NULL behind the last */
    import_role role;
    const char *field, *stage, *period, *split, *level;
    bool fill_down;
} template_column;
typedef struct import_template {
    cJSON *root;
    const char *name, *stage, *table, *form, *title, *scope, *sheet;
    int year;
    char decimal;
    int64_t unit;
    bool no_printed, no_guess, no_padding;
    template_column *columns;
    uint32_t n_columns;
    arena text;
} import_template;
pagu_code template_open(pagu_ctx *ctx, const char *name, import_template **out, pagu_error *err);
void template_close(pagu_ctx *ctx, import_template *t);
/* Bytes of the shipped ones, generated; ends with a NULL name. */
typedef struct shipped_template {
    const char *name, *text;
    size_t len;
} shipped_template;
extern const shipped_template shipped_templates[];

/* ---- the import ---- */

typedef struct mapping_note {
    const char *file, *sheet, *column, *header, *meaning;
} mapping_note;

struct pagu_import {
    pagu_ctx *ctx;
    pagu_findings *findings;
    draft d;
    pagu_code code; /* an earlier failure */
    uint32_t n_rejected, n_rounded, n_rows;
    uint32_t n_files;
    mapping_note *mapping;
    uint32_t n_mapping, cap_mapping;
    keyset indicator_names; /* node -> its indicators looked at; node, name -> the number of its indicator */
    keyset indicator_seen;  /* table, node -> how many indicators the table has given it */
};

typedef enum import_fault { FAULT_ROW, FAULT_CELL, FAULT_COLLISION, FAULT_ROUND, FAULT_NOTE } import_fault;
/* A finding; row and cell faults count as rejected. column NULL: none. */
void import_tell(import_sheet *s, import_fault kind, uint32_t line, const char *column, const char *printed,
                 const char *key, const char *format, ...) PAGU_PRINTF(7, 8);

/* ---- steps ---- */

/* Find header and columns; *found false: the grid holds no table. */
pagu_code import_header(import_sheet *s, bool *found, pagu_error *err);
/* Years, stages, periods, twins; year and locale of the sheet. */
pagu_code import_columns(import_sheet *s, pagu_error *err);
/* A field in people's words; one that a package declares by its id. */
const char *import_field_words(pagu_ctx *ctx, const char *field);
pagu_code import_rows(import_sheet *s, pagu_error *err);

/* A text file into a grid; *decoded is the UTF-8 text when it had to be converted (free it with
 * mem_free(ctx, *decoded, *size)). */
pagu_code grid_read_csv(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, grid *out,
                        const char **encoding, pagu_error *err);
/* An array of objects; PAGU_SYNTAX when it is none. */
pagu_code grid_read_json(pagu_ctx *ctx, const cJSON *root, const char *bytes, size_t len, const char *name, grid *out,
                         pagu_error *err);
/* A workbook whose sheets are the resources of a package. */
pagu_code import_package_sheets(pagu_import *im, const char *name, const grid *grids, const char *const *names,
                                uint32_t n, pagu_error *err);

/* ---- texts ---- */

/* Without blanks around it, runs of blanks made one; kept by the draft. */
const char *import_text(draft *d, const char *text);
/* "Target 2025 (Rp)" -> "target_2025_rp" */
void import_slug(const char *text, char *out, size_t size);

/* ---- codes (import_code.c) ---- */

enum { CODE_SIZE = 160 };
/* A code as printed ("1|06|01|2.02.|01", "1.06.01.2.0 1") with points between its segments;
 * false: no code. pad: the zeros that codes of this country have. */
bool code_read(const char *printed, const char *split, bool pad, char out[CODE_SIZE]);
/* Several columns' parts, joined. */
bool code_join(const char *const *parts, uint32_t n, bool pad, char out[CODE_SIZE]);
uint32_t segment_count(const char *code);
/* Put the own bidang in the place of X.XX; false: it has none such. */
bool code_alias(const char *code, const char *own, char out[CODE_SIZE]);

/* ---- values (import_value.c) ---- */

/* Which locale the cells of a column write; the evidence of all is added up. */
typedef struct locale_evidence {
    uint32_t id, en;
} locale_evidence;
void evidence_add(locale_evidence *e, const char *text);
pagu_locale evidence_locale(const locale_evidence *e);

typedef struct read_money {
    pagu_cell cell;
    bool rounded;
} read_money;
/* twin: the same amount in plain digits, or NULL. */
pagu_code value_money(import_sheet *s, const import_column *c, const grid_cell *cell, const char *twin, read_money *out,
                      pagu_error *err);
typedef struct read_measure {
    pagu_state state;
    char value[64];
    const char *unit; /* id, kept; "" none */
    const char *text; /* kept; "" none */
} read_measure;
pagu_code value_measure(import_sheet *s, const import_column *c, const grid_cell *cell, const char *unit,
                        pagu_source src, read_measure *out, pagu_error *err);
/* Id of a unit, added to the draft if it is new. */
const char *import_unit(draft *d, const char *text, pagu_source src);

/* ---- putting (import_put.c) ---- */

void import_put_stage(draft *d, const char *stage);
void import_put_standard_levels(draft *d);
/* The node of a code, made if it isn't there; the row is a member of the sheet's stages. */
const char *import_put_node(import_sheet *s, const char *code, const char *level, const char *name, uint32_t line);
void import_put_member(draft *d, const char *node, const char *stage);
void import_put_name(import_sheet *s, const char *owner, uint32_t res, const char *stage, const char *name,
                     uint32_t line);
const char *import_put_indicator(import_sheet *s, const char *node, const char *level, const char *name, uint32_t line,
                                 bool another);
void import_put_amount(import_sheet *s, const import_column *c, const char *node, pagu_cell cell, uint32_t line);
void import_put_measure_row(import_sheet *s, const import_column *c, const char *indicator, const read_measure *m,
                            uint32_t line);
void import_put_tag(import_sheet *s, const import_column *c, const char *node, const char *text, uint32_t line);
void import_put_text(import_sheet *s, const char *owner, const char *kind, const char *stage, const char *text,
                     uint32_t line);

#endif
