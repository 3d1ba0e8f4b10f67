/* pagu/selection.h - fixed, sorted sets of rows, made on a view.
 *
 *     pagu_selection *programs, *social;
 *     pagu_select_level(v, level, &programs, &err);
 *     pagu_select_under(v, row, &social, &err);              // row and all below
 *     pagu_selection_intersect(programs, social, &out, &err);
 *
 * A selection keeps row numbers, not values: it may be used with any view over the same
 * plan (rows that the other view lacks are skipped); one with rows that a scenario added, only
 * with that scenario and its branches. It does not follow later edits.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SELECTION_H
#define PAGU_SELECTION_H

#include "pagu/view.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_selection pagu_selection;

PAGU_API void pagu_selection_free(pagu_selection *s);

/* Every member row; members of one level; a row and all its descendants (own lines too);
 * members with an effective class; given rows (any order, repeats dropped, non-members
 * are PAGU_NOT_MEMBER); rows that a predicate accepts (called in tree order). */
PAGU_API pagu_code pagu_select_all(const pagu_view *v, pagu_selection **out, pagu_error *err);
PAGU_API pagu_code pagu_select_level(const pagu_view *v, pagu_level level, pagu_selection **out, pagu_error *err);
PAGU_API pagu_code pagu_select_under(const pagu_view *v, pagu_row row, pagu_selection **out, pagu_error *err);
PAGU_API pagu_code pagu_select_tag(const pagu_view *v, uint32_t tree, uint32_t cls, pagu_selection **out,
                                   pagu_error *err);
PAGU_API pagu_code pagu_select_rows(const pagu_view *v, const pagu_row *rows, size_t n, pagu_selection **out,
                                    pagu_error *err);
PAGU_API pagu_code pagu_select_where(const pagu_view *v, const pagu_selection *within,
                                     bool (*accept)(void *ud, const pagu_view *v, pagu_row row), void *ud,
                                     pagu_selection **out, pagu_error *err);
/* The money-carrying leaves at or below the selected rows, each once. */
PAGU_API pagu_code pagu_select_lines(const pagu_view *v, const pagu_selection *s, pagu_selection **out,
                                     pagu_error *err);

PAGU_API pagu_code pagu_selection_union(const pagu_selection *a, const pagu_selection *b, pagu_selection **out,
                                        pagu_error *err);
PAGU_API pagu_code pagu_selection_intersect(const pagu_selection *a, const pagu_selection *b, pagu_selection **out,
                                            pagu_error *err);
PAGU_API pagu_code pagu_selection_subtract(const pagu_selection *a, const pagu_selection *b, pagu_selection **out,
                                           pagu_error *err);

PAGU_API uint32_t pagu_selection_count(const pagu_selection *s);
/* Rows, ascending by row number. Borrowed. */
PAGU_API const pagu_row *pagu_selection_rows(const pagu_selection *s);
PAGU_API bool pagu_selection_has(const pagu_selection *s, pagu_row row);
/* True if a selected row lies below another (its money would count twice); names it in err->node. */
PAGU_API bool pagu_selection_overlaps(const pagu_view *v, const pagu_selection *s, pagu_row *out_descendant);

#ifdef __cplusplus
}
#endif
#endif
