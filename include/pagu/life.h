/* pagu/life.h - what becomes of scenarios: snapshots, replay on another base, three-way merge.
 *
 *     pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
 *     pagu_branch(next_stage, "potong gedung", &s, &err);
 *     code = pagu_replay(s, text, len, "potong.scn", &o, NULL, &conflicts, &err);
 *
 * A saved scenario names what it changed by key, with the value before and after, and is pinned to the
 * content hash of its base. Replaying it "by values" does the same changes on another base: another stage,
 * the base as it is now, another year's package. What that base lacks or has in another way is a conflict;
 * all are listed, and nothing is applied unless asked. (Replaying decisions, that is running the verbs
 * again, is Lua's: pagu.load_scenario(plan, path, { replay = "decisions" }).)
 *
 * The table of conflicts has a row for each: entry (number in the saved journal), verb, key, field, period,
 * base (the value that was changed), ours (the value here), theirs (the value wanted) as money, the same
 * three with "_target" behind them as targets, why, and outcome: "open" (nothing was applied because of
 * it), "applied", "left", or in a merge "ours" or "theirs".
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_LIFE_H
#define PAGU_LIFE_H

#include "pagu/package.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- replay ---- */

typedef enum pagu_apply {
    PAGU_APPLY_NONE,  /* with a conflict nothing is applied: PAGU_CONFLICT */
    PAGU_APPLY_CLEAN, /* an undo step with a conflict is left out whole, so that no half transfer stays */
    PAGU_APPLY_ALL    /* values that differ are overwritten; only what can't be done is left out */
} pagu_apply;

typedef enum pagu_replay_years {
    PAGU_YEARS_ASK,      /* PAGU_ARGUMENT if the plan is of another year than the scenario */
    PAGU_YEARS_ABSOLUTE, /* 2024 stays 2024 */
    PAGU_YEARS_RELATIVE  /* the plan year's values become those of this plan's year, and so on */
} pagu_replay_years;

typedef struct pagu_replay_options {
    size_t size;
    pagu_apply apply;
    pagu_replay_years years;
    uint32_t skip; /* entries of the text to leave out, from its beginning (those a branch inherited) */
    /* Codes of the text and what they are here. The longest one that a key equals or lies below counts, so that
     * a subtree moves by one pair. A code that becomes NULL is a conflict. */
    size_t n_codes;
    const char *const *codes, *const *new_codes;
} pagu_replay_options;
#define PAGU_REPLAY_OPTIONS_INIT ((pagu_replay_options){ .size = sizeof(pagu_replay_options) })

/* Do on s what a saved scenario's text did, step by step; the steps join s's journal. findings (may be NULL)
 * gets what is malformed. *conflicts (may be NULL) is set in any case but want of memory.
 * PAGU_SYNTAX: not the text of a scenario, or cut off. PAGU_CONFLICT: see pagu_apply. s is then as before. */
PAGU_API pagu_code pagu_replay(pagu_scenario *s, const char *bytes, size_t len, const char *name,
                               const pagu_replay_options *options, pagu_findings *findings, pagu_table **conflicts,
                               pagu_error *err);

/* As pagu_scenario_load, of a text in memory. */
PAGU_API pagu_code pagu_scenario_read(pagu_plan *plan, const char *bytes, size_t len, const char *name,
                                      pagu_findings *findings, pagu_scenario **out, pagu_error *err);

/* ---- a saved scenario as it stands ---- */

/* Its head and entries, without a plan. Strings are borrowed until it is freed. */
typedef struct pagu_saved pagu_saved;
typedef struct pagu_saved_head {
    const char *name, *stage, *base; /* base: hash of the stage then; "" if it says none */
    int year;                        /* of the plan; 0 if it says none */
    uint32_t n_entries;
} pagu_saved_head;
typedef struct pagu_saved_entry {
    pagu_note note;     /* args: one line of JSON, or text that is none */
    const char *values; /* of an entry without args: JSON of [key, field, period, value]…; NULL if it set none */
    bool joined;        /* to the undo step of the entry before */
    uint32_t line;      /* in the text */
} pagu_saved_entry;
/* PAGU_SYNTAX with all that is malformed in findings (may be NULL). */
PAGU_API pagu_code pagu_saved_open(pagu_ctx *ctx, const char *bytes, size_t len, const char *name,
                                   pagu_findings *findings, pagu_saved **out, pagu_error *err);
PAGU_API void pagu_saved_free(pagu_saved *saved);
PAGU_API pagu_saved_head pagu_saved_get_head(const pagu_saved *saved);
PAGU_API pagu_saved_entry pagu_saved_get(const pagu_saved *saved, uint32_t i);

/* ---- merge ---- */

typedef enum pagu_policy { PAGU_POLICY_ASK, PAGU_POLICY_OURS, PAGU_POLICY_THEIRS } pagu_policy;

typedef struct pagu_merge_options {
    size_t size;
    pagu_policy policy;
    /* Another policy for a field by its id, "structure" (rows, indicators) or "constraints". */
    size_t n_fields;
    const char *const *fields;
    const pagu_policy *policies;
    const char *reason;
} pagu_merge_options;
#define PAGU_MERGE_OPTIONS_INIT ((pagu_merge_options){ .size = sizeof(pagu_merge_options) })

/* Three-way merge: what `theirs` changed since `base` is done on s, as one undo step. A value is in conflict
 * when theirs changed it and here it is neither base's nor theirs: also when it is not s that changed it but
 * the plan beneath. Only lines can be in conflict, not their sums. Rows, indicators and constraints that
 * came or went are merged as well; a row that theirs removed and s changed is in conflict, and so is one that s
 * removed and theirs changed. The plans of the views may differ; keys decide.
 * PAGU_CONFLICT: some conflict has no policy, or none can settle it (a hold or limit of s refuses; a row is
 * gone); s is then as before. *conflicts (may be NULL) is set in any case but want of memory.
 * Linear in what theirs changed; with different plans, linear in their values. */
PAGU_API pagu_code pagu_merge(pagu_scenario *s, const pagu_view *base, const pagu_view *theirs,
                              const pagu_merge_options *options, pagu_table **conflicts, pagu_error *err);

/* Append what `theirs` changed since `base` as the text that pagu_merge reads: that of a scenario of one step, its
 * name that of theirs, in which rows that go are told twice ("leaving", before the values, and "remove"). */
PAGU_API pagu_code pagu_view_diff(const pagu_view *base, const pagu_view *theirs, pagu_text *out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
