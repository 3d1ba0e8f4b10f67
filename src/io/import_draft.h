/* import_draft.h - a package that is being put together: its rows as texts, found by key.
 *
 * What an import takes in becomes rows here, beside those of the plan it is added to; the whole
 * is then read as any package is, strictly, so that an import can't make a plan that a package
 * couldn't hold. Every row remembers where it came from, and what the reader finds is told of
 * that place.
 *
 * The first failure is kept in `code`; after it nothing is done any more.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_IMPORT_DRAFT_H
#define PAGU_SRC_IMPORT_DRAFT_H

#include "io/package.h"

typedef struct draft_row {
    const char **cells; /* by column of the table; never NULL */
    uint32_t width;     /* a column behind it is empty */
    pagu_source src;    /* file NULL: made up here */
    bool is_printed;    /* an amount that the printed table keeps as well */
} draft_row;

typedef struct draft_table {
    const char **columns;
    draft_row *rows;
    uint32_t n_columns, cap_columns, n_rows, cap_rows;
    keyset keys; /* primary key -> row */
} draft_table;

typedef struct draft {
    pagu_ctx *ctx;
    pagu_code code;
    symtab texts;
    arena cells;
    draft_table tables[RES_COUNT];
    keyset aliases;                /* other spellings of units and classes -> row; filled as they are asked for */
    uint32_t n_aliased[RES_COUNT]; /* rows of a table that are in it */
    cJSON *descriptor;             /* of the plan added to; NULL: a new one */
    int year;                      /* 0: not known yet */
    int decimals;
    int64_t unit;             /* of writing */
    int strategic_end;        /* 0: no strategic plan */
    const char *name, *title; /* of a new package */
} draft;

bool draft_init(draft *d, pagu_ctx *ctx);
void draft_free(draft *d);
/* Take over everything of a plan. */
pagu_code draft_load(draft *d, const pagu_plan *plan, pagu_error *err);
/* The plan that the rows make. PAGU_PACKAGE: see findings. The rows stay. */
pagu_code draft_finish(draft *d, pagu_findings *findings, pagu_plan **out, pagu_error *err);

/* A copy that lives as long as the draft; equal texts are one. "" when out of memory. */
const char *draft_keep(draft *d, const char *text, size_t len);
const char *draft_keep_text(draft *d, const char *text);
/* Column of a table by name, added if need be. */
uint32_t draft_column(draft *d, uint32_t res, const char *name);
/* Row with this primary key; NULL if none. Valid until the next add. Nodes are found by any
 * spelling of their code. */
draft_row *draft_find(draft *d, uint32_t res, const char *const *key, uint32_t n);
/* A new row with its key filled; NULL when out of memory. The key must not be there. */
draft_row *draft_add(draft *d, uint32_t res, const char *const *key, uint32_t n, pagu_source src);
/* A new row that no draft_find will find: for tables that are only added to. */
draft_row *draft_append(draft *d, uint32_t res, pagu_source src);
void draft_set(draft *d, draft_row *row, uint32_t column, const char *text);
/* The same for a text of the draft's own, in a column of the table. */
static inline void draft_set_kept(draft_row *row, uint32_t column, const char *text)
{
    row->cells[column] = text;
}
static inline const char *draft_cell(const draft_row *row, uint32_t column)
{
    return column < row->width ? row->cells[column] : "";
}

/* Columns by their place in the tables of package_resources.c. */
enum { NODES_NODE, NODES_PARENT, NODES_LEVEL, NODES_CODE, NODES_NAME, NODES_SIGN, NODES_STAGES };
enum { STAGES_STAGE, STAGES_NAME, STAGES_KIND, STAGES_ROLE, STAGES_RANK };
enum { LEVELS_TREE, LEVELS_LEVEL, LEVELS_RANK, LEVELS_NAME, LEVELS_NAME_EN, LEVELS_LENGTH };
enum { TREES_TREE, TREES_NAME, TREES_KIND };
enum { CLASSES_TREE, CLASSES_CLASS, CLASSES_PARENT, CLASSES_LEVEL, CLASSES_CODE, CLASSES_NAME };
enum { AMOUNTS_NODE, AMOUNTS_STAGE, AMOUNTS_PERIOD, AMOUNTS_BUDGET, AMOUNTS_SPENT };
enum { UNITS_UNIT, UNITS_NAME, UNITS_KIND, UNITS_SYNONYMS, UNITS_OVER_TIME, UNITS_OVER_CHILDREN };
enum { INDICATORS_INDICATOR, INDICATORS_OWNER, INDICATORS_TYPE, INDICATORS_NAME, INDICATORS_UNIT, INDICATORS_POLARITY };
enum {
    MEASURES_INDICATOR,
    MEASURES_STAGE,
    MEASURES_PERIOD,
    MEASURES_FIELD,
    MEASURES_VALUE,
    MEASURES_UNIT,
    MEASURES_TEXT
};
enum { TABLES_TABLE, TABLES_FORM, TABLES_TITLE, TABLES_STAGE, TABLES_LEVELS, TABLES_SCOPE, TABLES_LOCALE };
enum {
    PRINTED_TABLE,
    PRINTED_ROW,
    PRINTED_COLUMN,
    PRINTED_OWNER,
    PRINTED_FIELD,
    PRINTED_STAGE,
    PRINTED_PERIOD,
    PRINTED_TEXT,
    PRINTED_EXPR,
    PRINTED_LINE
};
enum { TEXTS_OWNER, TEXTS_KIND, TEXTS_STAGE, TEXTS_PERIOD, TEXTS_LANG, TEXTS_RANK, TEXTS_TEXT, TEXTS_LINE };

#endif
