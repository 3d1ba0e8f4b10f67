/* pagu/import.h - plans out of the files that offices have: XLSX, CSV, JSON.
 *
 *     pagu_import *im = pagu_import_new(ctx, findings);
 *     pagu_import_options o = PAGU_IMPORT_OPTIONS_INIT;
 *     o.stage = "final";
 *     pagu_import_file(im, "tabel-7.csv", &o, &err);
 *     if (pagu_import_finish(im, &plan, &err) == PAGU_OK && pagu_import_rejected(im) == 0)
 *         pagu_package_save(plan, "renja-2025", &err);
 *     pagu_import_free(im);
 *
 * A table is understood by its headers (docs/import.md): by a template, else by the words that
 * Indonesian and English tables use. Every cell of the table is kept as printed. A code makes a
 * node; an amount of a node with amounts below it is kept as printed and never added; a row of
 * totals is kept as printed; anything that can't be taken is a finding with file and line, and
 * counts as rejected. Several files make one plan: a value that two of them give is taken from
 * the first, and told if it differs.
 *
 * Findings have the rules import-row (a row that could not be taken), import-cell (a value),
 * import-collision (two files differ), import-round (amounts that were rounded), import-note.
 * One thread's at a time.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_IMPORT_H
#define PAGU_IMPORT_H

#include "pagu/finding.h"
#include "pagu/plan.h"
#include "pagu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_import pagu_import;

typedef struct pagu_import_options {
    size_t size;           /* sizeof(pagu_import_options) */
    const char *tmpl;      /* a shipped template ("tabel-7") or a JSON file; NULL: by the headers' words */
    const char *stage;     /* of values whose header names none; NULL: the template's, else "final" */
    int year;              /* plan year n; 0: the plan's that is added to, else what headers and titles say */
    const char *sheet;     /* of a workbook, by name; NULL: every sheet that holds a table */
    char decimal;          /* ',' or '.': how the file writes decimals; 0: what its cells show */
    bool round;            /* round fractions of the money unit, half away from zero, and count them */
    bool replace;          /* a value that is there already gives way, instead of the new one */
    bool no_printed;       /* don't keep the cells as printed */
    const char *own_field; /* bidang that stands for X.XX in codes ("1.06"); NULL: the one of the rows above */
} pagu_import_options;
#define PAGU_IMPORT_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(pagu_import_options), NULL, NULL, 0, NULL, 0, false, false, false, NULL                                 \
    }

/* NULL when out of memory. Findings are borrowed and must outlive the import. */
PAGU_API pagu_import *pagu_import_new(pagu_ctx *ctx, pagu_findings *findings);
PAGU_API void pagu_import_free(pagu_import *im);
/* Begin with everything of a plan; before the first file. */
PAGU_API pagu_code pagu_import_into(pagu_import *im, const pagu_plan *plan, pagu_error *err);
/* Take a file in. options NULL: the defaults. A file that can't be read at all, or holds no table,
 * is an error (PAGU_NOT_FOUND, PAGU_IO, PAGU_SYNTAX, PAGU_LIMIT, PAGU_PACKAGE) and leaves the
 * import unusable; bad rows and cells are findings. */
PAGU_API pagu_code pagu_import_file(pagu_import *im, const char *path, const pagu_import_options *options,
                                    pagu_error *err);
/* The same for bytes in memory; the name tells the kind by its ending. */
PAGU_API pagu_code pagu_import_bytes(pagu_import *im, const char *name, const char *bytes, size_t len,
                                     const pagu_import_options *options, pagu_error *err);
/* Rows and cells that were rejected so far. */
PAGU_API uint32_t pagu_import_rejected(const pagu_import *im);
/* PAGU_PACKAGE if any was: all are in the findings. */
PAGU_API pagu_code pagu_import_check(const pagu_import *im, pagu_error *err);
/* The plan of all that was taken. PAGU_PACKAGE: it makes no plan, see findings; PAGU_ARGUMENT: no
 * year is known. Release with pagu_plan_release. */
PAGU_API pagu_code pagu_import_finish(pagu_import *im, pagu_plan **out, pagu_error *err);
/* How the columns of the files were understood: file, sheet, column, header, meaning. */
PAGU_API pagu_code pagu_import_mapping(const pagu_import *im, pagu_table **out, pagu_error *err);
/* What was taken: nodes by level, money by stage, period and field, indicators, rejected rows. */
PAGU_API pagu_code pagu_import_summary(const pagu_import *im, const pagu_plan *plan, pagu_table **out, pagu_error *err);
/* Names of the shipped templates, in order; NULL behind the last. */
PAGU_API const char *pagu_import_template_name(uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
