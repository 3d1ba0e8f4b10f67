/* pagu/view.h - the read side of a stage or a scenario.
 *
 *     pagu_view *v = pagu_view_open(plan, stage);            // a stage
 *     const pagu_view *w = pagu_scenario_view(s);            // a scenario: borrowed
 *     pagu_row row;  pagu_cell c;
 *     pagu_view_find(v, "1.06.01", &row, &err);
 *     c = pagu_view_money(v, row, pagu_view_column(v, budget, y2024));
 *
 * A stage's view is immutable and shared by threads; a scenario's view follows the
 * scenario and is its thread's. A read is one load or one probe a layer.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_VIEW_H
#define PAGU_VIEW_H

#include "pagu/builder.h"
#include "pagu/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_view pagu_view;

/* Open the view of a stage; retains the plan. NULL when memory is out. */
PAGU_API pagu_view *pagu_view_open(pagu_plan *plan, pagu_stage stage);
/* Close a view made by pagu_view_open. */
PAGU_API void pagu_view_close(pagu_view *v);

PAGU_API pagu_plan *pagu_view_plan(const pagu_view *v);
PAGU_API pagu_stage pagu_view_stage(const pagu_view *v);
/* True for the view of a scenario. */
PAGU_API bool pagu_view_is_scenario(const pagu_view *v);
/* A name to print: the stage's id, or the scenario's name. */
PAGU_API const char *pagu_view_name(const pagu_view *v);
/* Base rows and added rows: valid rows are 0 … count-1, members or not. */
PAGU_API uint32_t pagu_view_row_count(const pagu_view *v);

/* Find by key: "/" or "." the root, mount/code, code, code#line; segments that differ only
 * in leading zeros are equal. PAGU_UNKNOWN_KEY names the nearest keys, PAGU_AMBIGUOUS_KEY
 * lists those that fit, PAGU_NOT_MEMBER names the stages that have it. O(1). */
PAGU_API pagu_code pagu_view_find(const pagu_view *v, const char *key, pagu_row *out, pagu_error *err);

/* What a row is. Rows must be below pagu_view_row_count. */
PAGU_API const char *pagu_view_key(const pagu_view *v, pagu_row row);  /* "/" for the root */
PAGU_API const char *pagu_view_code(const pagu_view *v, pagu_row row); /* "" if none */
PAGU_API const char *pagu_view_row_name(const pagu_view *v, pagu_row row);
PAGU_API pagu_level pagu_view_level(const pagu_view *v, pagu_row row); /* PAGU_NONE: a line without level */
PAGU_API pagu_row pagu_view_parent(const pagu_view *v, pagu_row row);  /* PAGU_NO_ROW for the root */
PAGU_API uint32_t pagu_view_depth(const pagu_view *v, pagu_row row);   /* root 0 */
PAGU_API int pagu_view_sign(const pagu_view *v, pagu_row row);
PAGU_API bool pagu_view_is_member(const pagu_view *v, pagu_row row);
PAGU_API bool pagu_view_is_own_line(const pagu_view *v, pagu_row row);                 /* "CODE#": belum dirinci */
PAGU_API bool pagu_view_is_leaf(const pagu_view *v, pagu_row row);                     /* carries money itself */
PAGU_API bool pagu_view_is_below(const pagu_view *v, pagu_row row, pagu_row ancestor); /* or equal */

/* Member children in code order, own lines last: first, then next until PAGU_NO_ROW. */
PAGU_API pagu_row pagu_view_first_child(const pagu_view *v, pagu_row row);
PAGU_API pagu_row pagu_view_next_child(const pagu_view *v, pagu_row child);
/* Sort rows into tree order (pre-order, siblings by code). O(n log n). */
PAGU_API pagu_code pagu_view_sort(const pagu_view *v, pagu_row *rows, size_t n);

/* Effective class of a partition tree (nearest on the way up), or UINT32_MAX. */
PAGU_API uint32_t pagu_view_class(const pagu_view *v, pagu_row row, uint32_t tree);
/* The class declared on the row itself, or UINT32_MAX. */
PAGU_API uint32_t pagu_view_declared_class(const pagu_view *v, pagu_row row, uint32_t tree);
/* True if the row (or an ancestor) carries the class or one below it. */
PAGU_API bool pagu_view_has_class(const pagu_view *v, pagu_row row, uint32_t tree, uint32_t cls);
/* A free attribute, or "". */
PAGU_API const char *pagu_view_attribute(const pagu_view *v, pagu_row row, const char *name);

/* The column this view reads for (field, period). */
PAGU_API pagu_column pagu_view_column(const pagu_view *v, pagu_field field, pagu_period period);
/* Same by names; period "" or NULL is year n. Errors of the finders. */
PAGU_API pagu_code pagu_view_find_column(const pagu_view *v, const char *field, const char *period, pagu_column *out,
                                         pagu_error *err);
/* Value of a row: a leaf's own, or the sum below. Missing if nothing below is present. O(1). */
PAGU_API pagu_cell pagu_view_money(const pagu_view *v, pagu_row row, pagu_column column);
/* Values of a row and its ancestors up to the root, as pagu_view_money gives them, nearest
 * first; at most cap are written. Returns how many there are (depth + 1). */
PAGU_API uint32_t pagu_view_money_path(const pagu_view *v, pagu_row row, pagu_column column, pagu_cell *out,
                                       uint32_t cap);
/* Values of many rows at once; rows in one run of numbers (a level, a node's children) are
 * read at the speed of a copy. */
PAGU_API void pagu_view_money_rows(const pagu_view *v, pagu_column column, const pagu_row *rows, size_t n,
                                   pagu_cell *out);
/* Sum of |line value| of a column, the overflow bound. */
PAGU_API uint64_t pagu_view_column_bound(const pagu_view *v, pagu_column column);
/* Copy the values (0 for missing) of all rows 0 … row_count-1 into out. Linear, no probing per row of dense columns. */
PAGU_API void pagu_view_copy_column(const pagu_view *v, pagu_column column, int64_t *out);

/* Indicators of a row, in order: first (the main one), then next; PAGU_NO_INDICATOR ends. */
PAGU_API pagu_indicator pagu_view_first_indicator(const pagu_view *v, pagu_row row);
PAGU_API pagu_indicator pagu_view_next_indicator(const pagu_view *v, pagu_indicator ind);
PAGU_API uint32_t pagu_view_indicator_count(const pagu_view *v);
PAGU_API pagu_code pagu_view_find_indicator(const pagu_view *v, const char *id, pagu_indicator *out, pagu_error *err);
typedef struct pagu_indicator_info {
    const char *id, *owner, *type, *name, *unit; /* unit: id of the default unit */
    pagu_row row;                                /* owner node, or PAGU_NO_ROW */
    pagu_polarity polarity;
    pagu_aggregation over_time, over_children; /* resolved: never DEFAULT */
} pagu_indicator_info;
PAGU_API pagu_indicator_info pagu_view_indicator(const pagu_view *v, pagu_indicator ind);
/* Value of an indicator: the view's stage, else the common stage. */
PAGU_API pagu_measure pagu_view_measure(const pagu_view *v, pagu_indicator ind, pagu_field field, pagu_period period);
/* Same of another stage without going through a view of it (Renstra targets). */
PAGU_API pagu_measure pagu_view_stage_measure(const pagu_view *v, pagu_stage stage, pagu_indicator ind,
                                              pagu_field field, pagu_period period);

/* Content hash of the view: the plan's, and the sorted differences of a scenario. 64 hex digits. */
PAGU_API pagu_code pagu_view_hash(const pagu_view *v, char out[65], pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
