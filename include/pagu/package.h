/* pagu/package.h - plans and scenarios as files.
 *
 *     pagu_findings *fs = pagu_findings_new(ctx);
 *     if (pagu_package_open(ctx, "dinsos", fs, &plan, &err) == PAGU_PACKAGE) …print fs…
 *
 * A plan is a Frictionless data package: a folder with datapackage.json and CSV files, or
 * one JSON file with the rows inline. Reading is strict and reports every fault; writing is
 * canonical: write, read, write gives the same bytes, and a file is replaced whole or not
 * at all.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_PACKAGE_H
#define PAGU_PACKAGE_H

#include "pagu/render.h"
#include "pagu/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Open a package: a folder, a datapackage.json, or a one-file JSON. findings may be NULL.
 * PAGU_NOT_FOUND, PAGU_IO, PAGU_PACKAGE (all faults are in findings; err holds the first). */
PAGU_API pagu_code pagu_package_open(pagu_ctx *ctx, const char *path, pagu_findings *findings, pagu_plan **out,
                                     pagu_error *err);
/* Read the one-file JSON form from memory. */
PAGU_API pagu_code pagu_package_read_json(pagu_ctx *ctx, const char *bytes, size_t len, const char *name,
                                          pagu_findings *findings, pagu_plan **out, pagu_error *err);
/* Write the package as a folder (made if absent); included packages are written merged. */
PAGU_API pagu_code pagu_package_save(const pagu_plan *plan, const char *folder, pagu_error *err);
/* Append the one-file JSON form. */
PAGU_API pagu_code pagu_package_write_json(const pagu_plan *plan, pagu_text *out, pagu_error *err);

/* Append a workbook (XLSX) with a sheet a file of the package, named as the resource, headers in the
 * first row, and the descriptor on the sheet "datapackage"; pagu import reads it back. Numbers of
 * more than 15 digits are text. PAGU_LIMIT: a text or a file that no sheet holds. */
PAGU_API pagu_code pagu_package_write_xlsx(const pagu_plan *plan, pagu_text *out, pagu_error *err);
/* Write a Fiscal Data Package (version 1.0rc1: https://specs.frictionlessdata.io/fiscal-data-package)
 * to a folder, made if absent: datapackage.json and budget.csv, an amount a row. Amounts of leaves by
 * whole year, with the sign they count with; the rows of a year, phase and kind add up to the root's
 * money. Levels are columns of functional classification and activity, partition trees are columns of
 * the classification that their id names (fund, account, unit, location), else of their own type. */
PAGU_API pagu_code pagu_fiscal_save(const pagu_plan *plan, const char *folder, pagu_error *err);

/* Save a scenario as readable text: base hash, then each journal entry with its effects by key. */
PAGU_API pagu_code pagu_scenario_save(const pagu_scenario *s, const char *path, pagu_error *err);
/* Append the same text. */
PAGU_API pagu_code pagu_scenario_write(const pagu_scenario *s, pagu_text *out, pagu_error *err);
/* Load a saved scenario onto its stage of a plan (effects by key). A base value that differs
 * from what was saved, or a key that is gone, is a conflict: all are findings, none applied. */
PAGU_API pagu_code pagu_scenario_load(pagu_plan *plan, const char *path, pagu_findings *findings, pagu_scenario **out,
                                      pagu_error *err);

/* Read a whole regular file (limit 0: 1 GiB) into a text; write whole or not at all
 * (temporary file in the same folder, fsync, rename, fsync of the folder). */
PAGU_API pagu_code pagu_read_all(pagu_ctx *ctx, const char *path, size_t limit, pagu_text *out, pagu_error *err);
PAGU_API pagu_code pagu_write_atomic(pagu_ctx *ctx, const char *path, const char *bytes, size_t len, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
