/* pagu/codes.h - codes across packages: sums by code, code tables, moving a plan to other codes.
 *
 *     pagu_code_sum_options o = PAGU_CODE_SUM_INIT;
 *     pagu_plan_find_level(plan, "program", &o.level, &err);
 *     pagu_plan_find_field(plan, "budget", &o.field, &err);
 *     pagu_plan_find_year(plan, 2024, &o.period, &err);
 *     pagu_sum_by_code(view, &o, &table, &err);            // one row a program, all offices added
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CODES_H
#define PAGU_CODES_H

#include "pagu/package.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Money of the nodes of one code added up, whatever package or office they stand in. Codes that
 * differ only in leading zeros of a segment are one. */
typedef struct pagu_code_sum_options {
    size_t size;
    pagu_level level;   /* nodes of this level; PAGU_NONE: of every level */
    pagu_row under;     /* only at or below this row; 0: the whole plan */
    pagu_field field;   /* money */
    pagu_period period;
} pagu_code_sum_options;
#define PAGU_CODE_SUM_INIT { sizeof(pagu_code_sum_options), PAGU_NONE, 0, 0, 0 }

/* Columns code, name (of the first in tree order), nodes (how many have the code), names (how
 * many different names they bear), value; in code order. With a level, a row "(other)" takes
 * what lies outside its nodes, and the total is that of `under`, so that it foots; without one,
 * rows of several levels overlap and only the total is printed. A node below another of its own
 * code counts once. O(n log n) in the nodes. PAGU_UNKNOWN_FIELD: the field is no money. */
PAGU_API pagu_code pagu_sum_by_code(const pagu_view *v, const pagu_code_sum_options *options, pagu_table **out,
                                    pagu_error *err);

/* ---- code tables ---- */

/* A nomenclature (columns of codes.csv: list, version, kind, code, parent, level, name,
 * indicator, unit, spm, status) or a mapping of codes (codes_map.csv: list, from_version, from,
 * to_version, to, share), read from a CSV file that many packages share. A package may hold or
 * name the same as its own: resources "codes" and "codes_map", or pagu.codes.path and .map. */
typedef struct pagu_codes pagu_codes;
typedef enum pagu_codes_kind { PAGU_CODES_LIST = 0, PAGU_CODES_MAP } pagu_codes_kind;

/* Read a file. Every bad row is a finding. PAGU_NOT_FOUND, PAGU_IO, PAGU_PACKAGE (see findings). */
PAGU_API pagu_code pagu_codes_open(pagu_ctx *ctx, const char *path, pagu_codes_kind kind, pagu_findings *findings,
                                   pagu_codes **out, pagu_error *err);
/* NULL is allowed. */
PAGU_API void pagu_codes_close(pagu_codes *codes);

/* Check the codes of a view against a nomenclature: `codes`, or the plan's own when NULL (without
 * one nothing is found). Findings: code-unknown, code-retired, code-renamed, code-spelling,
 * code-level, code-kind, code-alias, code-indicator, code-unit; each names the valid code or the
 * valid text where there is one. The list is that of pagu.codes.list, else the first that is not
 * named as a classification tree; the version that of pagu.codes.version, else the latest with a
 * code in force. Nodes of levels that the list doesn't have are left alone. */
PAGU_API pagu_code pagu_check_codes(const pagu_view *v, const pagu_codes *codes, pagu_findings *findings,
                                    pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
