/* export_fiscal.h - a Fiscal Data Package being made of a plan.
 *
 *     export_fiscal.c              rows of budget.csv, and the folder
 *     export_fiscal_columns.c      its columns and their types
 *     export_fiscal_descriptor.c   datapackage.json
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_EXPORT_FISCAL_H
#define PAGU_SRC_EXPORT_FISCAL_H

#include "base/base.h"
#include "pagu/package.h"

enum { MAX_FIELDS = 120, TYPE_SIZE = 80 };

/* The first columns. */
enum { YEAR, PHASE, PHASE_LABEL, KIND, LINE, VALUE, CURRENCY };

/* A column of budget.csv. */
typedef struct fiscal_field {
    char name[TYPE_SIZE], type[TYPE_SIZE]; /* type: of the taxonomy, or one of our own */
    const char *title, *data_type;
    bool own_type;
} fiscal_field;

typedef struct fiscal {
    const pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_table *table;
    fiscal_field fields[MAX_FIELDS];
    uint32_t n_fields;
    uint32_t first_level, first_tree; /* columns where they begin */
    pagu_level levels[MAX_FIELDS / 2];
    uint32_t trees[MAX_FIELDS / 2];
    uint32_t n_levels, n_trees;
    pagu_code code;
    pagu_error *err;
} fiscal;

/* The first error; memory and interruption get their message here. */
void fiscal_fail(fiscal *f, pagu_code code);
/* Make the table and its columns. */
void fiscal_add_columns(fiscal *f);
void fiscal_put_descriptor(fiscal *f, pagu_text *out);

#endif
