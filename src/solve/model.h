/* model.h - an allocation as named rules over columns: what optimise, its conflicts and its prices share.
 *
 * Columns stand in tree order of their lines, so that neither the order of options nor of rows matters.
 * A rule can be switched off, which is how conflicts are found.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_MODEL_H
#define PAGU_SOLVE_MODEL_H

#include "calc/verb.h"
#include "pagu/solve.h"
#include "solve/exact.h"

#define NO_INDEX32 UINT32_MAX

typedef struct model_line {
    pagu_row row;
    pagu_cell now;
    pagu_money floor, cap; /* while those rules are on */
    bool has_cap;          /* packages bound a line themselves unless cap was given */
    bool held;             /* floor and cap are none of its rules, also while a conflict does without the hold: else
                              to do without a rule could leave less room, and no set would be smallest */
    uint32_t first, n;     /* columns */
    pagu_money base;       /* the line has base + step × column: what it has now, unless held or of packages */
    wide base_gain;
} model_line;

typedef struct model_col {
    uint32_t line, package; /* NO_INDEX32: the line's money */
    int64_t step;           /* rupiah of one */
    int64_t lo, hi;         /* of a package; else the line's floor and cap decide */
    wide gain;              /* of one */
} model_col;

typedef enum model_kind {
    RULE_LINE_CAP, /* the order in which a conflict tries to do without */
    RULE_LINE_FLOOR,
    RULE_REQUIREMENT,
    RULE_CEILING,
    RULE_FLOOR,
    RULE_SHARE,
    RULE_HOLD,
    RULE_HOLD_TOTAL,
    RULE_TOTAL
} model_kind;

typedef struct model_rule {
    model_kind kind;
    const char *name, *reason, *law;
    pagu_row row;        /* to name it by; PAGU_NO_ROW */
    uint32_t first, n;   /* terms; of RULE_HOLD: the columns that it holds */
    wide lo, hi;         /* of constant + terms; NO_LOW, NO_HIGH */
    wide constant, unit; /* unit: of one rupiah (or of one of what coefficients count) */
} model_rule;

typedef struct model {
    verb v;
    const pagu_optimise_options *o;
    pagu_selection *chosen; /* lines, by row number */
    uint32_t *order;        /* index in chosen, by place in the tree */
    model_line *lines;
    model_col *cols;
    model_rule *rules;
    ip_term *terms;
    uint32_t n_lines, n_cols, n_rules, n_terms, cap_cols, cap_rules, cap_terms;
    int64_t roof; /* more than any line can need */
    wide base_gain;
} model;

/* Free also after a failure. */
pagu_code model_make(model *m, pagu_scenario *s, const pagu_optimise_options *o, pagu_error *err);
void model_free(model *m);

/* model_rules.c: the rules of scenario and call, after lines and columns. */
pagu_code model_add_rules(model *m);
/* Coefficients by row, for look-ups. */
typedef struct coefficient_map {
    keyed_index *items; /* by row */
    const pagu_coefficient *list;
    uint32_t n;
} coefficient_map;
pagu_code coefficient_map_make(model *m, const pagu_coefficient *list, uint32_t n, coefficient_map *out);
void coefficient_map_free(model *m, coefficient_map *map);
/* The nearest on the way up; 0 if none. */
int64_t coefficient_of(const model *m, const coefficient_map *map, pagu_row row);

/* model_program.c */
typedef enum model_goal {
    GOAL_GAIN,
    GOAL_CLOSEST, /* least money moved, at a gain of at least `least` */
    GOAL_ANY,
    GOAL_RELAX /* least breach of rule `relaxed` */
} model_goal;
typedef struct model_program {
    model_goal goal;
    const bool *off; /* by rule; NULL: all are on */
    uint32_t relaxed;
    wide least;
    const int64_t *packages; /* columns of packages stand at these; NULL: free */
    uint32_t moved;          /* a rule whose bounds lie `by` further out; NO_INDEX32 */
    wide by;
} model_program;
#define MODEL_PROGRAM_INIT                                                                                             \
    {                                                                                                                  \
        .relaxed = NO_INDEX32, .moved = NO_INDEX32                                                                     \
    }
/* The program's first columns are the model's. row_of (room for n_rules, or NULL): row of each rule. */
void model_to_program(const model *m, const model_program *how, ip *p, uint32_t *row_of);
/* Value of a rule: constant + terms. */
wide model_value(const model *m, const model_rule *r, const int64_t *x);
/* How far x breaks a rule, in its units (rupiah), rounded up. */
wide model_breach(const model *m, uint32_t rule, const int64_t *x);
pagu_money model_amount(const model *m, uint32_t line, const int64_t *x);
/* Solve for a goal; x has room for n_cols. */
pagu_code model_solve(const model *m, const model_program *how, const ip_run *run, int64_t *x, ip_answer *out);

/* conflict.c: a smallest set of rules that contradict, as a table, and its message into err. */
pagu_code conflict_find(const model *m, const ip_run *run, pagu_table **out);
/* prices.c */
pagu_code prices_find(const model *m, const ip_run *run, const int64_t *x, pagu_table **out);
/* What a rule is called: its name, reason, or what it is; buf is for those made here. */
const char *rule_title(const model *m, uint32_t rule, char *buf, size_t size);
extern const char *const rule_kinds[];

#endif
