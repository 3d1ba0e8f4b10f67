/* pagu/builder.h - make a plan from rows, whatever their source.
 *
 *     pagu_builder *b = pagu_builder_new(ctx, findings);
 *     pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN }, src);
 *     …
 *     pagu_builder_finish(b, &plan, &err);        // frees b in every case
 *
 * Rows may come in any order. A bad row is recorded as a finding (with the place given as
 * `src`) and building goes on, so that all faults are reported; finish then refuses with
 * PAGU_PACKAGE. Functions return an error only for want of memory or limits.
 * Strings are copied; NULL means "".
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_BUILDER_H
#define PAGU_BUILDER_H

#include "pagu/number.h"
#include "pagu/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_builder pagu_builder;

/* Where a row comes from, for findings: file name (must outlive the builder) and line. */
typedef struct pagu_source {
    const char *file;
    uint32_t line;
} pagu_source;

PAGU_API pagu_builder *pagu_builder_new(pagu_ctx *ctx, pagu_findings *findings);
PAGU_API void pagu_builder_free(pagu_builder *b);

typedef struct pagu_frame_def {
    int year, first_year, last_year;      /* first = last = 0: n-5 … n+5 */
    int decimals;                         /* 0..6 */
    int64_t unit;                         /* unit of writing, 1, 1000, … */
    const char *currency, *default_stage; /* NULL: "IDR", the last plan stage */
    char separator;                       /* of code segments, '.' */
} pagu_frame_def;
PAGU_API pagu_code pagu_builder_frame(pagu_builder *b, const pagu_frame_def *def);
PAGU_API pagu_code pagu_builder_meta(pagu_builder *b, const char *name, const char *value);

typedef struct pagu_stage_def {
    const char *id, *name, *role;
    pagu_stage_kind kind;
    int rank;
} pagu_stage_def;
PAGU_API pagu_code pagu_builder_stage(pagu_builder *b, const pagu_stage_def *def, pagu_source src);

typedef struct pagu_level_def {
    const char *tree, *id, *name, *name_en;
    int rank, length;
} pagu_level_def;
PAGU_API pagu_code pagu_builder_level(pagu_builder *b, const pagu_level_def *def, pagu_source src);

typedef struct pagu_tree_def {
    const char *id, *name, *separator;
    bool partition;
} pagu_tree_def;
PAGU_API pagu_code pagu_builder_tree(pagu_builder *b, const pagu_tree_def *def, pagu_source src);

typedef struct pagu_class_def {
    const char *tree, *id, *parent, *level, *code, *name;
    int sign;
} pagu_class_def;
PAGU_API pagu_code pagu_builder_class(pagu_builder *b, const pagu_class_def *def, pagu_source src);

/* id "." is the root. parent NULL or "": the longest existing code prefix, else the root.
 * code "": the id (no code: code_absent). stages: blank-separated ids, "" = all.
 * sign +1, -1, 0. */
typedef struct pagu_node_def {
    const char *id, *parent, *level, *code, *name, *stages;
    int sign;
    bool code_absent;
} pagu_node_def;
PAGU_API pagu_code pagu_builder_node(pagu_builder *b, const pagu_node_def *def, pagu_source src);
/* A class of a tree on a node (partition: at most one a node; label: any number). */
PAGU_API pagu_code pagu_builder_tag(pagu_builder *b, const char *node, const char *tree, const char *cls,
                                    pagu_source src);
/* A free attribute column of a node. */
PAGU_API pagu_code pagu_builder_attribute(pagu_builder *b, const char *node, const char *name, const char *value,
                                          pagu_source src);

/* Declare a money field ("budget" and "spent" are there) or measure field ("target",
 * "achieved", "projected", "baseline", "standard" are there). */
PAGU_API pagu_code pagu_builder_field(pagu_builder *b, const char *id, pagu_field_kind kind);

/* Declare a derived field: text is a formula (docs/formulas.md), title may be NULL. The text is
 * judged by pagu_formulas_compile, once the plan is made. Mounted packages may declare the same. */
typedef struct pagu_formula_def {
    const char *id, *title, *text;
} pagu_formula_def;
PAGU_API pagu_code pagu_builder_formula(pagu_builder *b, const pagu_formula_def *def, pagu_source src);

/* Money of a leaf, or of an inner node (own line, or printed value: design 3). */
PAGU_API pagu_code pagu_builder_amount(pagu_builder *b, const char *node, const char *stage, const char *period,
                                       const char *field, pagu_cell cell, pagu_source src);

typedef enum pagu_polarity { PAGU_HIGHER = 0, PAGU_LOWER, PAGU_RANGE } pagu_polarity;
typedef enum pagu_aggregation {
    PAGU_AGG_DEFAULT = 0, /* the unit's */
    PAGU_AGG_NONE,
    PAGU_AGG_SUM,
    PAGU_AGG_LAST,
    PAGU_AGG_MEAN,
    PAGU_AGG_MAX,
    PAGU_AGG_MIN,
    PAGU_AGG_WEIGHTED
} pagu_aggregation;

typedef struct pagu_unit_def {
    const char *id, *name, *kind; /* count, percent, ratio, score, ordinal */
    const char *synonyms;         /* "Orang|org" */
    pagu_aggregation over_time, over_children;
    const char *scale, *categories;
} pagu_unit_def;
PAGU_API pagu_code pagu_builder_unit(pagu_builder *b, const pagu_unit_def *def, pagu_source src);

/* owner: node id, or "tree:class". */
typedef struct pagu_indicator_def {
    const char *id, *owner, *type, *name, *unit, *definition;
    pagu_polarity polarity;
    pagu_aggregation over_time, over_children;
    double weight; /* NAN: none */
} pagu_indicator_def;
PAGU_API pagu_code pagu_builder_indicator(pagu_builder *b, const pagu_indicator_def *def, pagu_source src);
PAGU_API pagu_code pagu_builder_measure(pagu_builder *b, const char *indicator, const char *stage, const char *period,
                                        const char *field, const pagu_measure *m, pagu_source src);

/* A document table kept as text: columns first, then rows of as many cells. */
PAGU_API pagu_code pagu_builder_document(pagu_builder *b, const char *name, uint32_t n_columns,
                                         const char *const *columns);
PAGU_API pagu_code pagu_builder_document_row(pagu_builder *b, const char *name, const char *const *cells,
                                             pagu_source src);

/* Mount: everything given from now on belongs to mount `as` below node `under` of the
 * parent package; NULL ends it. Stages are matched by id. */
PAGU_API pagu_code pagu_builder_mount(pagu_builder *b, const char *as, const char *under);
/* Classes of a tree that the open mount, and what it mounts itself, give from now on are its own: their
 * ids get the mount in front, "dinsos/1.2", so that two offices may both number their goals 1, 2, …
 * Tags, owners of indicators and documents follow. Call it before the first class. */
PAGU_API pagu_code pagu_builder_own_tree(pagu_builder *b, const char *tree);

/* Check everything, lay the plan out and free the builder. PAGU_PACKAGE: see findings. */
PAGU_API pagu_code pagu_builder_finish(pagu_builder *b, pagu_plan **out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
