/* pagu/scenario.h - copy-on-write branches, the one write path, journal, undo.
 *
 *     pagu_scenario *s;
 *     pagu_branch(view, "potong gedung", &s, &err);           // O(1) in plan size
 *     pagu_edit(s, row, column, (pagu_cell){ 150000000, PAGU_NUMBER }, NULL, &err);
 *     pagu_undo(s, &err);
 *     pagu_scenario_close(s);
 *
 * A scenario may be used by one thread at a time; different scenarios, also branches of one
 * another, by different threads. Closing a scenario never harms its branches.
 * Every change goes through a proposal (pagu_proposal_*): it is checked whole, against
 * holds, rules, membership and the overflow bound, then committed whole or not at all, as
 * one journal entry and one undo step. Totals are right after every commit.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SCENARIO_H
#define PAGU_SCENARIO_H

#include "pagu/selection.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_scenario pagu_scenario;

/* Branch a stage's view or a scenario's. The source's layers are frozen and shared; both
 * sides write to new tops. name may repeat; "" is allowed. */
PAGU_API pagu_code pagu_branch(pagu_view *source, const char *name, pagu_scenario **out, pagu_error *err);
PAGU_API void pagu_scenario_close(pagu_scenario *s);
/* The scenario's view, borrowed; closed with the scenario. */
PAGU_API pagu_view *pagu_scenario_view(pagu_scenario *s);
/* The scenario behind a view, or NULL for a stage's view or a snapshot. */
PAGU_API pagu_scenario *pagu_view_scenario(pagu_view *v);
/* The same for reading its journal, a snapshot's too. */
PAGU_API const pagu_scenario *pagu_view_journal(const pagu_view *v);
PAGU_API const char *pagu_scenario_name(const pagu_scenario *s);
/* Bytes of memory that this scenario alone holds (frozen, shared layers not counted). */
PAGU_API size_t pagu_scenario_memory(const pagu_scenario *s);

/* A view that never changes, of what a view shows now. O(1) in plan size; nothing is copied. Branch it as any
 * view; close it with pagu_view_close. Its name is what prints ("" or NULL: the source's). */
PAGU_API pagu_code pagu_snapshot(pagu_view *source, const char *name, pagu_view **out, pagu_error *err);
/* True for a snapshot's view. */
PAGU_API bool pagu_view_is_snapshot(const pagu_view *v);

/* What a journal entry says of itself. All optional; strings are copied. */
typedef struct pagu_note {
    const char *verb;   /* "transfer" */
    const char *args;   /* plain-data arguments, one line of JSON */
    const char *reason; /* the analyst's words */
    const char *file;   /* script */
    int line;
} pagu_note;

/* Set one leaf's cell: the shortest way through the write path, O(depth).
 * Setting the value that is there already changes nothing, whatever is held, and leaves no entry.
 * PAGU_WRONG_LEVEL: the row is a sum (use spread). PAGU_HELD, PAGU_RULE, PAGU_OVERFLOW,
 * PAGU_NOT_MEMBER. note may be NULL. */
PAGU_API pagu_code pagu_edit(pagu_scenario *s, pagu_row row, pagu_column column, pagu_cell cell, const pagu_note *note,
                             pagu_error *err);

/* The same, and what the row and its ancestors are then, nearest first (at most cap): the
 * cheapest way to show an edit and the totals that follow. */
PAGU_API pagu_code pagu_edit_path(pagu_scenario *s, pagu_row row, pagu_column column, pagu_cell cell,
                                  const pagu_note *note, pagu_cell *path, uint32_t cap, pagu_error *err);

/* A proposal: a set of changes, committed together. A row given twice keeps the last. */
typedef struct pagu_proposal pagu_proposal;
PAGU_API pagu_code pagu_proposal_new(pagu_scenario *s, pagu_proposal **out, pagu_error *err);
PAGU_API void pagu_proposal_free(pagu_proposal *p);
PAGU_API pagu_code pagu_proposal_money(pagu_proposal *p, pagu_row row, pagu_column column, pagu_cell cell,
                                       pagu_error *err);
/* Many leaves of one column; the fast way for bulk verbs (rows ascending or not). */
PAGU_API pagu_code pagu_proposal_money_batch(pagu_proposal *p, pagu_column column, const pagu_row *rows,
                                             const pagu_cell *cells, size_t n, pagu_error *err);
/* The same where every new cell is a number; fastest when rows follow one another. */
PAGU_API pagu_code pagu_proposal_money_values(pagu_proposal *p, pagu_column column, const pagu_row *rows,
                                              const pagu_money *values, size_t n, pagu_error *err);
/* Set a measure. Its unit, if given, must be the indicator's or that of the value that is there
 * now (PAGU_UNIT_CLASH): a unit is part of what an indicator means. */
PAGU_API pagu_code pagu_proposal_measure(pagu_proposal *p, pagu_indicator ind, pagu_field field, pagu_period period,
                                         const pagu_measure *m, pagu_error *err);
/* Changes that the proposal would make, after duplicates are dropped. */
typedef struct pagu_change {
    pagu_row row; /* of the line; PAGU_NO_ROW for a measure */
    pagu_column column;
    pagu_cell old_cell, new_cell;
    pagu_indicator indicator; /* PAGU_NO_INDICATOR for money */
    pagu_field field;
    pagu_period period;
    pagu_measure old_measure, new_measure;
} pagu_change;
PAGU_API uint32_t pagu_proposal_count(const pagu_proposal *p);
PAGU_API pagu_change pagu_proposal_change(const pagu_proposal *p, uint32_t i);
/* Check without committing: what commit would answer. */
PAGU_API pagu_code pagu_proposal_check(pagu_proposal *p, pagu_error *err);
/* Check, commit as one journal entry, and empty the proposal. PAGU_CONFLICT if the scenario
 * changed since the proposal was counted or checked. */
PAGU_API pagu_code pagu_proposal_commit(pagu_proposal *p, const pagu_note *note, pagu_error *err);

/* Structure. */
typedef struct pagu_row_def {
    pagu_row under;   /* parent */
    const char *code; /* full code or last segment(s) after the parent's; NULL: next free number */
    const char *name;
    const char *level; /* level id; NULL: the next declared level below the parent's */
    int sign;          /* +1, -1, 0 */
    uint32_t n_tags;
    const char *const *tag_trees, *const *tag_classes;
} pagu_row_def;
/* Add a node; its key becomes mount/code. A leaf with money that gains a child keeps its
 * money on its own line. Journaled. PAGU_DUPLICATE_KEY. */
PAGU_API pagu_code pagu_add(pagu_scenario *s, const pagu_row_def *def, const pagu_note *note, pagu_row *out,
                            pagu_error *err);
/* Give a sum its own line ("CODE#", not itemised), so that it can take money though nothing stands
 * below it any more; the one it has, if it has one. Journaled. PAGU_WRONG_LEVEL: it is a line. */
PAGU_API pagu_code pagu_add_own_line(pagu_scenario *s, pagu_row row, const pagu_note *note, pagu_row *out,
                                     pagu_error *err);
/* Add an indicator to a node; id becomes key#n. */
typedef struct pagu_added_indicator {
    pagu_row row;
    const char *name, *unit, *type;
} pagu_added_indicator;
PAGU_API pagu_code pagu_add_indicator(pagu_scenario *s, const pagu_added_indicator *def, const pagu_note *note,
                                      pagu_indicator *out, pagu_error *err);
/* Remove rows with all below: values and membership are cleared. PAGU_HELD and rules apply. */
PAGU_API pagu_code pagu_remove(pagu_scenario *s, const pagu_selection *rows, const pagu_note *note, pagu_error *err);

/* Let rows of the base plan that this stage lacks join, with the ancestors they need; their
 * values start missing. */
PAGU_API pagu_code pagu_join_rows(pagu_scenario *s, const pagu_selection *rows, const pagu_note *note, pagu_error *err);

/* Constraints: one record for holds, floors, ceilings and rules. Kept by the scenario, inherited by
 * branches, journaled (undo takes them back), checked on every proposal before anything changes:
 * what would break one, or break it further, is refused; what brings a broken one nearer is not.
 * An edit costs O(depth) for each constraint on its column, however many rows that has. */
typedef enum pagu_constraint_kind {
    PAGU_HOLD_LINES, /* no line at or below may change */
    PAGU_HOLD_TOTAL, /* the sum over the selection may not change */
    PAGU_FLOOR,      /* the sum over the selection must be >= amount */
    PAGU_CEILING,    /* … <= amount */
    PAGU_BOUNDS,     /* the sum is within min and max, and within min_share and max_share of the sum over `of` */
    PAGU_PREDICATE   /* a function judges the view as it would be */
} pagu_constraint_kind;
/* What a predicate says. missing (>= 0): how far the rule is from holding; with it a change that
 * leaves the rule broken but nearer is let through, without it every such change is refused. */
typedef struct pagu_judgement {
    bool holds, has_missing;
    pagu_money missing;
    char message[300]; /* why it does not hold; "" if it says nothing */
} pagu_judgement;
/* judge sees the proposed view, which it can read, branch from, and not write; it must not keep it.
 * Changing the scenario that is being checked is refused (PAGU_CONFLICT). An error of its own
 * refuses the change. release is called once, when no scenario, branch or journal has the
 * constraint any more; branches on other threads call judge from those. */
typedef struct pagu_predicate {
    pagu_code (*judge)(void *ud, const pagu_view *proposed, pagu_judgement *out, pagu_error *err);
    void (*release)(void *ud); /* NULL: none */
    void *ud;
} pagu_predicate;
typedef struct pagu_constraint_def {
    pagu_constraint_kind kind;
    const char *name, *reason, *law;
    const pagu_selection *at; /* rows without overlap; NULL for PAGU_PREDICATE */
    pagu_field field;         /* PAGU_NONE: every money field (HOLD_LINES only) */
    pagu_period period;       /* PAGU_NONE: every period (HOLD_LINES), or every year in force, each by itself */
    pagu_money amount;        /* FLOOR, CEILING */
    bool warn;                /* severity: only reported, by checks and pagu_constraint_slack */
    /* BOUNDS, all inclusive; equal bounds are an equality */
    bool has_min, has_max, has_min_share, has_max_share;
    pagu_money min, max;
    pagu_decimal min_share, max_share; /* percent of the sum over `of`, at most 12 decimals: 100 × sum >= share × sum
                                          of, exact in 128 bits; so a share of nothing holds as long as the sum is 0 */
    const pagu_selection *of;          /* rows without overlap; may overlap `at` */
    pagu_field of_field;               /* PAGU_NONE: that of `at` */
    pagu_period of_period;             /* PAGU_NONE: that of `at` */
    int first_year, last_year;         /* years in force; 0: open. Periods of other years are not judged */
    pagu_predicate predicate;          /* PREDICATE; taken over if the constraint is made */
} pagu_constraint_def;
PAGU_API pagu_code pagu_constrain(pagu_scenario *s, const pagu_constraint_def *def, const pagu_note *note,
                                  uint32_t *out_id, pagu_error *err);
/* Take a constraint back by its id or by name (id 0: by name; every one of that name). One of the
 * package (rules.csv) needs a reason in the note: PAGU_ARGUMENT without. */
PAGU_API pagu_code pagu_release(pagu_scenario *s, uint32_t id, const char *name, const pagu_note *note,
                                pagu_error *err);
typedef struct pagu_constraint_info {
    uint32_t id;
    pagu_constraint_kind kind;
    const char *name, *reason, *law;
    uint32_t n_rows;
    const pagu_row *rows;
    pagu_field field;
    pagu_period period;
    pagu_money amount;
    bool warn;
    bool of_package; /* in force on every branch of its package */
    bool has_min, has_max, has_min_share, has_max_share;
    pagu_money min, max;
    pagu_decimal min_share, max_share;
    uint32_t n_of_rows;
    const pagu_row *of_rows;
    pagu_field of_field;   /* resolved: never PAGU_NONE where there is `of` */
    pagu_period of_period; /* PAGU_NONE: that of `at` */
    int first_year, last_year;
} pagu_constraint_info;
PAGU_API uint32_t pagu_constraint_count(const pagu_view *v);
PAGU_API pagu_constraint_info pagu_constraint_get(const pagu_view *v, uint32_t i);
/* How a constraint stands. Over several years: the year with the least slack. */
typedef struct pagu_constraint_status {
    bool holds;         /* true for holds: an edit breaks them, never a state */
    bool has_slack;     /* false: a hold of lines, a year out of force, a predicate that gives no figure */
    pagu_money slack;   /* rupiah until it breaks; below 0: -slack is missing (or too much). Of a share: what can
                           move between `at` and the rest of the whole, the whole unchanged */
    pagu_money sum;     /* over `at` */
    pagu_money of_sum;  /* over `of` */
    bool has_share;     /* there is `of`, and its sum is not 0 */
    double share;       /* percent that sum is of of_sum, for display; judging is exact */
    pagu_period period; /* that was judged; PAGU_NONE if none was */
    char message[600];  /* what is wrong, one line in the context's language; "" while it holds */
} pagu_constraint_status;
/* O(rows of the constraint × years). Runs the predicate of a PAGU_PREDICATE. */
PAGU_API pagu_code pagu_constraint_slack(const pagu_view *v, uint32_t i, pagu_constraint_status *out, pagu_error *err);
/* True while a predicate of the view's scenario runs: nothing of it may be changed or closed. */
PAGU_API bool pagu_view_is_judging(const pagu_view *v);
/* True if a hold freezes this line's column. */
PAGU_API bool pagu_is_held(const pagu_view *v, pagu_row line, pagu_column column);

/* Journal. Entries 0 … count-1 are in force, those after it can be redone. */
PAGU_API uint32_t pagu_journal_count(const pagu_scenario *s);
PAGU_API uint32_t pagu_journal_inherited(const pagu_scenario *s); /* how many of them come from before the branch */
typedef struct pagu_journal_entry {
    pagu_note note; /* strings borrowed until the scenario closes */
    uint32_t n_changes;
    bool inherited;
    bool joined; /* belongs to the undo step of the entry before it */
} pagu_journal_entry;
PAGU_API pagu_journal_entry pagu_journal_get(const pagu_scenario *s, uint32_t entry);
PAGU_API pagu_change pagu_journal_change(const pagu_scenario *s, uint32_t entry, uint32_t i);
/* What an entry does to structure and constraints, as one line; "" if nothing. */
PAGU_API pagu_code pagu_journal_effect(const pagu_scenario *s, uint32_t entry, char *buf, size_t size);

/* Undo or redo one step. PAGU_NOTHING_TO_UNDO at the branch point, or at the end. */
PAGU_API pagu_code pagu_undo(pagu_scenario *s, pagu_error *err);
PAGU_API pagu_code pagu_redo(pagu_scenario *s, pagu_error *err);
/* A savepoint is a position; rolling back undoes to it and forgets what was undone. What could be
 * redone there before can be redone again: a step that fails leaves the journal as it was. */
PAGU_API uint32_t pagu_savepoint(const pagu_scenario *s);
PAGU_API pagu_code pagu_rollback(pagu_scenario *s, uint32_t savepoint, pagu_error *err);
/* Make entries savepoint … count-1 one undo step (atomic, compound verbs). The note replaces
 * that of the first; the others keep theirs and are marked as joined. PAGU_CONFLICT if a
 * branch was made meanwhile. */
PAGU_API pagu_code pagu_squash(pagu_scenario *s, uint32_t savepoint, const pagu_note *note, pagu_error *err);

/* Columns that a comparison may have besides; numbered by view, "share2", where not said otherwise. */
enum {
    PAGU_COMPARE_SHARE = 1 << 0,      /* share: percent of the parent's value (of a class: of the whole plan) */
    PAGU_COMPARE_SLACK = 1 << 1,      /* slack: what may be added until a ceiling on the row or above it breaks */
    PAGU_COMPARE_TARGET = 1 << 2,     /* target: of the main indicator; target_delta, where units are alike. Rows of
                                         equal money whose targets differ count as changed */
    PAGU_COMPARE_UNIT_COST = 1 << 3,  /* unit_cost: money for each unit of the target, where that is above 0 */
    PAGU_COMPARE_CUMULATIVE = 1 << 4, /* cumulative: share of all change down to this row, percent; no number */
    PAGU_COMPARE_CHANGE = 1 << 5,     /* change: "changed", "added", "removed"; no number */
    PAGU_COMPARE_EVERYTHING = (1 << 6) - 1
};

/* Compare N views at rows of a selection (tree order), or at the classes of a partition tree, for one
 * field and period: columns key, name, one value a view, then for each view after the first delta and
 * percent, and what `show` asks for. Rows equal in all views are left out unless all; a row that only
 * some views have never is. Sorted by the largest |delta| first if by_change, else tree order; a total row
 * over the lines of the plan ends it. At most 16 views. Of a tree, PAGU_ARGUMENT: labels never add up. */
typedef struct pagu_compare_options {
    size_t size;
    const pagu_selection *rows; /* NULL: the rows of `level` */
    pagu_level level;
    pagu_field field;
    pagu_period period;
    bool all, by_change;
    uint32_t show;    /* PAGU_COMPARE_… */
    const char *tree; /* a tree's id: its classes instead of rows; NULL: none */
} pagu_compare_options;
PAGU_API pagu_code pagu_compare(const pagu_view *const *views, size_t n, const pagu_compare_options *options,
                                pagu_table **out, pagu_error *err);

/* Money by the classes of a partition tree (fund, unit, account): columns class, name, value. Lines
 * count for their effective class, classes for their parents with their sign; lines of no class
 * stand in a row "(none)", and the plan's total ends the table. Linear in rows.
 * PAGU_ARGUMENT: labels overlap and never add up. */
PAGU_API pagu_code pagu_sum_by_class(const pagu_view *v, uint32_t tree, pagu_column column, pagu_table **out,
                                     pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
