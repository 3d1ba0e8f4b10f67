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

#include "pagu/scenario.h"

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

#ifdef __cplusplus
}
#endif
#endif
