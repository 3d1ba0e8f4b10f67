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
    pagu_level level; /* nodes of this level; PAGU_NONE: of every level */
    pagu_row under;   /* only at or below this row; 0: the whole plan */
    pagu_field field; /* money */
    pagu_period period;
} pagu_code_sum_options;
#define PAGU_CODE_SUM_INIT                                                                                             \
    {                                                                                                                  \
        sizeof(pagu_code_sum_options), PAGU_NONE, 0, 0, 0                                                              \
    }

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

/* ---- moving a plan to other codes ---- */

/* What to do with a code that neither the mapping nor the list of the new version has. */
typedef enum pagu_unmapped { PAGU_UNMAPPED_CONFLICT = 0, PAGU_UNMAPPED_KEEP, PAGU_UNMAPPED_FOLLOW } pagu_unmapped;

typedef struct pagu_migrate_options {
    size_t size;
    const pagu_codes *map;   /* NULL: the plan's own codes_map */
    const pagu_codes *codes; /* nomenclature; NULL: the plan's own, or none */
    const char *from;        /* version that the plan's codes are of; NULL: pagu.codes.version, else the only one */
    const char *to;          /* version to move to */
    pagu_unmapped unmapped;  /* keep: the code stays; follow: it moves with its parent */
    bool names;              /* take the names of the list at `to` */
} pagu_migrate_options;
#define PAGU_MIGRATE_INIT                                                                                              \
    {                                                                                                                  \
        sizeof(pagu_migrate_options), NULL, NULL, NULL, NULL, PAGU_UNMAPPED_CONFLICT, false                            \
    }

/* Move a plan to the codes of another version: one to one (rename), several to one (merge), one
 * to several (split by shares). What has no code of the list (lines, `CODE#…`) follows its node;
 * so do codes with fewer or more segments than any of the mapping.
 *
 * Money is split by largest remainder, ties to the lower code, and merged by addition: the totals
 * of every stage, field and period, those of every class of a partition tree, and those of every
 * node whose lines all stay with it are compared with the old ones, and a difference refuses the
 * whole. Classes stay with the money: where a new parent would hand down another class, the node
 * declares its own. Counts are split by share (to the digits that the value has) and merged by
 * addition where name and unit agree; rates, scores and texts are copied to every part of a split,
 * and must agree in a merge. Amounts given for sums, and printed cells, stay only where a node has
 * moved whole. Codes that lose their last line and say nothing of their own are dropped.
 *
 * Every conflict is a finding with rule "migrate-…" and none is resolved by guessing:
 * unmapped codes, shares that do not add up to 1, two nodes on one code that the mapping does not
 * merge, a node merged with its own ancestor, unlike levels, signs, classes or targets.
 * A mapping that is one to one can be undone by its inverse: the content hash is the old one.
 *
 * *moves (may be NULL): from, to, change, share, name, value, one row a move; *out NULL: dry run.
 * PAGU_CONFLICT: see findings. PAGU_ARGUMENT: no mapping, or it lacks the version. O(n log n). */
PAGU_API pagu_code pagu_codes_migrate(const pagu_plan *plan, const pagu_migrate_options *options,
                                      pagu_findings *findings, pagu_plan **out, pagu_table **moves, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
