/* check.h - what the built-in checks share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CHECK_H
#define PAGU_SRC_CHECK_H

#include "io/keyset.h"
#include "io/report.h"
#include "pagu/package.h"
#include "plan/plan_struct.h"

/* A document table and where its columns are. */
typedef struct check_table {
    const plan_document *doc; /* NULL: the plan has none */
    uint32_t at[12];          /* by the enum of its user; NO_AT: no such column */
} check_table;
#define NO_AT UINT32_MAX

/* What the rows printed below a cell add up to. */
typedef struct table_sum { pagu_money value; bool known; } table_sum;

typedef struct checker {
    pagu_ctx *ctx;
    const pagu_plan *plan;
    pagu_findings *findings;
    check_table tables, printed, suppressions;
    table_sum *sums; /* by printed cell */
    pagu_code code;  /* first error */
} checker;

/* A printed cell and what it claims to show. */
typedef struct claim {
    const char *table, *column, *owner, *text, *field_id, *period_id;
    uint32_t row;
    pagu_locale locale;
    pagu_field field;
    pagu_period period;
    pagu_stage stage;
} claim;
/* Read row `row` of printed.csv; false: it claims nothing of the model. k->table is NULL
 * before the first. */
bool read_claim(const checker *c, uint32_t row, claim *k);
pagu_code read_printed_money(const checker *c, const claim *k, pagu_cell *out, pagu_error *err);

check_table find_table(const pagu_plan *plan, const char *name, const char *const *columns, uint32_t n);
/* Text of a cell, "" when the column is not there. */
const char *table_text(const checker *c, const check_table *t, uint32_t row, uint32_t column);

/* Append a finding unless the package suppresses it. */
void check_report(checker *c, const pagu_finding *f);
/* The same; the message's format is looked up in the catalogue. */
void check_say(checker *c, pagu_finding *f, const char *format, ...) PAGU_PRINTF(3, 4);

/* A money cell of the plan as it was loaded, sums included. */
pagu_cell plan_money(const pagu_plan *p, pagu_row row, pagu_column column);
bool is_sum(const pagu_plan *p, pagu_row row);
typedef struct check_text { char s[400]; } check_text;
check_text cell_as_text(const checker *c, pagu_cell cell, pagu_locale locale);

/* Fill sums (check_footing.c). */
void foot_tables(checker *c);
/* Printed cells against the model and their own table (check_printed.c). */
void check_printed_cells(checker *c);
/* Rows that a table must have (check_rows.c). */
void check_missing_rows(checker *c);

enum { TABLE_ID, TABLE_STAGE, TABLE_LEVELS, TABLE_SCOPE, TABLE_LOCALE };
enum { PRINTED_TABLE, PRINTED_ROW, PRINTED_COLUMN, PRINTED_OWNER, PRINTED_FIELD, PRINTED_STAGE, PRINTED_PERIOD,
       PRINTED_TEXT };

#endif
