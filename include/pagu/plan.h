/* pagu/plan.h - an immutable plan: what it declares.
 *
 *     pagu_plan *plan;
 *     pagu_package_open(ctx, "examples/renja-tarakan-2024", NULL, &plan, &err);
 *     pagu_plan_year(plan);                                    // 2024
 *     pagu_plan_release(plan);
 *
 * A plan never changes once made and is shared by threads; views and scenarios hold a
 * reference. Values are read through views (pagu/view.h). Strings are borrowed and live as
 * long as the plan.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_PLAN_H
#define PAGU_PLAN_H

#include "pagu/finding.h"
#include "pagu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_plan pagu_plan;

PAGU_API void pagu_plan_retain(pagu_plan *plan);
/* Drop a reference; the last frees. NULL is allowed. */
PAGU_API void pagu_plan_release(pagu_plan *plan);
PAGU_API pagu_ctx *pagu_plan_ctx(const pagu_plan *plan);

/* Plan year n, and the frame of years that columns may have. */
PAGU_API int pagu_plan_year(const pagu_plan *plan);
PAGU_API int pagu_plan_first_year(const pagu_plan *plan);
PAGU_API int pagu_plan_last_year(const pagu_plan *plan);
/* Metadata by name: "organisation", "government", "currency", "locale", "title",
 * "status", "date", "strategic.start", "strategic.end", "strategic.name", and the settings
 * "evaluation.lower", ".cap", ".floor", ".scale" (docs/evaluation.md); NULL if absent. */
PAGU_API const char *pagu_plan_meta(const pagu_plan *plan, const char *name);
/* Digits after the decimal sign of the currency (0 for rupiah). */
PAGU_API int pagu_plan_decimals(const pagu_plan *plan);
/* Rows of the base tree, own lines included. */
PAGU_API uint32_t pagu_plan_row_count(const pagu_plan *plan);
PAGU_API uint32_t pagu_plan_indicator_count(const pagu_plan *plan);

/* Stages, in rank order. */
typedef enum pagu_stage_kind { PAGU_STAGE_PLAN = 0, PAGU_STAGE_REFERENCE, PAGU_STAGE_COMMON } pagu_stage_kind;
PAGU_API uint32_t pagu_plan_stage_count(const pagu_plan *plan);
PAGU_API pagu_stage pagu_plan_default_stage(const pagu_plan *plan);
PAGU_API const char *pagu_plan_stage_id(const pagu_plan *plan, pagu_stage stage);
PAGU_API const char *pagu_plan_stage_name(const pagu_plan *plan, pagu_stage stage);
PAGU_API pagu_stage_kind pagu_plan_stage_kind(const pagu_plan *plan, pagu_stage stage);
/* Find by id; PAGU_UNKNOWN_STAGE lists the stages there are. */
PAGU_API pagu_code pagu_plan_find_stage(const pagu_plan *plan, const char *id, pagu_stage *out, pagu_error *err);
/* The stage with role "strategic" (Renstra), or PAGU_NONE. */
PAGU_API pagu_stage pagu_plan_strategic_stage(const pagu_plan *plan);
PAGU_API pagu_stage pagu_plan_common_stage(const pagu_plan *plan);

/* Levels of the main tree, rank order; level 0 is the root's. */
PAGU_API uint32_t pagu_plan_level_count(const pagu_plan *plan);
PAGU_API const char *pagu_plan_level_id(const pagu_plan *plan, pagu_level level);
PAGU_API const char *pagu_plan_level_name(const pagu_plan *plan, pagu_level level, pagu_lang lang);
PAGU_API pagu_code pagu_plan_find_level(const pagu_plan *plan, const char *id, pagu_level *out, pagu_error *err);

/* Fields. Money fields roll up; measure fields belong to indicators. Derived fields are computed
 * (pagu/formula.h): they have numbers from PAGU_FIELD_FIRST_DERIVED up, are not counted here, and
 * hold no values of their own. */
typedef enum pagu_field_kind { PAGU_FIELD_MONEY = 0, PAGU_FIELD_MEASURE, PAGU_FIELD_DERIVED } pagu_field_kind;
#define PAGU_FIELD_FIRST_DERIVED ((pagu_field)0x8000)
PAGU_API uint32_t pagu_plan_field_count(const pagu_plan *plan);
PAGU_API const char *pagu_plan_field_id(const pagu_plan *plan, pagu_field field);
PAGU_API pagu_field_kind pagu_plan_field_kind(const pagu_plan *plan, pagu_field field);
/* PAGU_UNKNOWN_FIELD lists the fields there are. */
PAGU_API pagu_code pagu_plan_find_field(const pagu_plan *plan, const char *id, pagu_field *out, pagu_error *err);

/* Periods: years of the frame, parts ("2024Q1"; "2024-Q1" is accepted), spans ("..2021",
 * "2020..2022") and "*". PAGU_OUT_OF_FRAME names the frame. */
PAGU_API uint32_t pagu_plan_period_count(const pagu_plan *plan);
PAGU_API const char *pagu_plan_period_id(const pagu_plan *plan, pagu_period period);
/* The year of a plain year period, else 0. */
PAGU_API int pagu_plan_period_year(const pagu_plan *plan, pagu_period period);
PAGU_API pagu_code pagu_plan_find_period(const pagu_plan *plan, const char *id, pagu_period *out, pagu_error *err);
PAGU_API pagu_code pagu_plan_find_year(const pagu_plan *plan, int year, pagu_period *out, pagu_error *err);

/* The physical money column that a view of `stage` reads for (field, period): the stage's
 * own if it has values there, else the common stage's if that has, else the stage's own. */
PAGU_API pagu_column pagu_plan_column(const pagu_plan *plan, pagu_stage stage, pagu_field field, pagu_period period);
PAGU_API pagu_field pagu_plan_column_field(const pagu_plan *plan, pagu_column column);
PAGU_API pagu_period pagu_plan_column_period(const pagu_plan *plan, pagu_column column);
PAGU_API pagu_stage pagu_plan_column_stage(const pagu_plan *plan, pagu_column column);

/* Classification trees and their classes. */
PAGU_API uint32_t pagu_plan_tree_count(const pagu_plan *plan);
PAGU_API const char *pagu_plan_tree_id(const pagu_plan *plan, uint32_t tree);
PAGU_API const char *pagu_plan_tree_name(const pagu_plan *plan, uint32_t tree);
PAGU_API bool pagu_plan_tree_is_partition(const pagu_plan *plan, uint32_t tree);
PAGU_API pagu_code pagu_plan_find_tree(const pagu_plan *plan, const char *id, uint32_t *out, pagu_error *err);
PAGU_API uint32_t pagu_plan_class_count(const pagu_plan *plan, uint32_t tree);
PAGU_API const char *pagu_plan_class_id(const pagu_plan *plan, uint32_t tree, uint32_t cls);
PAGU_API const char *pagu_plan_class_name(const pagu_plan *plan, uint32_t tree, uint32_t cls);
/* Parent class, or UINT32_MAX. */
PAGU_API uint32_t pagu_plan_class_parent(const pagu_plan *plan, uint32_t tree, uint32_t cls);

/* Document tables kept with the plan ("proposals", "printed", "texts", "tables", "scales",
 * "parameters", …): a fresh copy as text cells, freed by the caller.
 * PAGU_NOT_FOUND lists those there are. */
PAGU_API pagu_code pagu_plan_table(const pagu_plan *plan, const char *name, pagu_table **out, pagu_error *err);

/* An amount that the package gave for a node with amounts below it: checked, never added. */
typedef struct pagu_printed_amount {
    pagu_row row;
    pagu_column column;
    pagu_cell cell;
} pagu_printed_amount;
PAGU_API uint32_t pagu_plan_printed_count(const pagu_plan *plan);
PAGU_API pagu_printed_amount pagu_plan_printed(const pagu_plan *plan, uint32_t i);

/* SHA-256 over keys, values, tags and indicators in code order, as 64 hex digits; the file
 * layout and printed values have no part in it. Computed on first need, then kept. */
PAGU_API pagu_code pagu_plan_hash(const pagu_plan *plan, char out[65], pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
