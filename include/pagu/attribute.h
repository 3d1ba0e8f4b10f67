/* pagu/attribute.h - which edits made the difference between two views.
 *
 *     pagu_attribution *at;
 *     pagu_attribution_new(plan_view, scenario_view, &at, &err);
 *     for (i = 0; i < pagu_attribution_count(at); i++)       // entries of the journals, in order
 *         group[i] = …;                                      // one's own grouping: by step, by reason, …
 *     pagu_attribution_group(at, group, n, &err);
 *     pagu_attribution_money(at, "1.06", column, parts, &err);   // exact: adds up to b - a
 *
 * Views a and b are of one stage; their journals are equal up to some entry. Entries of b after that
 * come in, entries of a after that (of a sibling scenario) go out. A group is what stands together:
 * all of it has happened, or none.
 *
 * The value of a cell with some groups is the common value plus what each of their entries changed when
 * it was made (money), or what the last of their entries set (indicators). So the parts of a sum add up
 * exactly and hang on no order of evaluation. For anything else (rates, achievement, any function of a
 * view) there is the Shapley value over groups (L. S. Shapley, 1953): the mean over all orders of what a
 * group adds when it comes in; it adds up, treats like groups alike, and gives nothing to a group that
 * changes nothing. Groups that add or remove rows can't be taken out: they are locked in.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_ATTRIBUTE_H
#define PAGU_ATTRIBUTE_H

#include "pagu/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_attribution pagu_attribution;

/* Borrows both views until it is freed; cost: one pass over the changes of the entries that differ.
 * PAGU_ARGUMENT: other plans, or other stages. */
PAGU_API pagu_code pagu_attribution_new(const pagu_view *a, const pagu_view *b, pagu_attribution **out,
                                        pagu_error *err);
PAGU_API void pagu_attribution_free(pagu_attribution *at);

/* Entries that differ: those that go out (of a, in its order), then those that come in (of b). */
typedef struct pagu_attributed {
    const pagu_scenario *journal; /* pagu_journal_get(journal, entry) */
    uint32_t entry, step;         /* step: entries of one undo step have one number, 0 … */
    bool goes_out;
} pagu_attributed;
PAGU_API uint32_t pagu_attribution_count(const pagu_attribution *at);
PAGU_API pagu_attributed pagu_attribution_entry(const pagu_attribution *at, uint32_t i);

/* Group of each entry, 0 … n_groups-1; at first each step is one. PAGU_ARGUMENT: a number beyond. */
PAGU_API pagu_code pagu_attribution_group(pagu_attribution *at, const uint32_t *groups, uint32_t n_groups,
                                          pagu_error *err);
PAGU_API uint32_t pagu_attribution_groups(const pagu_attribution *at);
/* True if the group adds or removes rows or indicators, or changes a row that b lacks. */
PAGU_API bool pagu_attribution_is_locked(const pagu_attribution *at, uint32_t group);

/* Each group's part of the difference of a sum of money at a key: parts[groups], adding up to the value
 * in b less that in a (missing counts 0). PAGU_UNKNOWN_KEY: neither view has it. PAGU_OVERFLOW. */
PAGU_API pagu_code pagu_attribution_money(const pagu_attribution *at, const char *key, pagu_column column,
                                          pagu_money *parts, pagu_error *err);

/* Make a branch of b (its constraints are released) hold the groups that are present: present[groups];
 * locked ones are. Called again it goes from one state to another; nothing else may write there.
 * PAGU_ARGUMENT: not a branch of b as it is. PAGU_CONFLICT, as of pagu_attribution_money: a view was
 * edited since the attribution was made. */
PAGU_API pagu_code pagu_attribution_switch(const pagu_attribution *at, pagu_scenario *trial, const bool *present,
                                           pagu_error *err);

/* Shapley values of n <= 16 players from the value of every subset: values[2^n], bit i of the index says
 * that player i is in. Money is shared by largest remainder, ties to the first: parts add up exactly.
 * PAGU_LIMIT: more players. PAGU_OVERFLOW: the difference of two values is beyond 64 bits. */
PAGU_API pagu_code pagu_shapley_money(pagu_ctx *ctx, const pagu_money *values, uint32_t n, pagu_money *parts,
                                      pagu_error *err);
PAGU_API pagu_code pagu_shapley(pagu_ctx *ctx, const double *values, uint32_t n, double *parts, pagu_error *err);

/* The order of players 0 … n-1 in draw number `draw` of a seed, for Shapley values by sampling. */
PAGU_API void pagu_shapley_order(uint64_t seed, uint32_t draw, uint32_t n, uint32_t *order);

#ifdef __cplusplus
}
#endif
#endif
