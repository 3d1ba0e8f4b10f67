/* plan_struct.h - the layout of a plan in memory; seen by the plan, scenario, calc and io layers.
 *
 * Rows stand in level order: depth by depth, the children of a row in one interval, siblings
 * sorted by code segment (own lines last). So a column is one int64 array, a roll-up one
 * pass from the deepest level up, a subtree one interval of the pre-order `by_pre`.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PLAN_STRUCT_H
#define PAGU_SRC_PLAN_STRUCT_H

#include "base/base.h"
#include "pagu/builder.h"
#include "pagu/plan.h"
#include "plan/rollup.h"

#include <pthread.h>
#include <stdatomic.h>

/* Presence of a money cell, rolled up by the same kernel as values: the low half counts
 * numbers at or below, the high half dashes. A column without a presence array has a number
 * in every leaf that is a row of the plan. */
#define PRESENT_NUMBER INT64_C(1)
#define PRESENT_DASH (INT64_C(1) << 32)
static inline pagu_state presence_state(int64_t p)
{
    return (uint32_t)p ? PAGU_NUMBER : p ? PAGU_DASH : PAGU_MISSING;
}
static inline int64_t presence_of(pagu_state s)
{
    return s == PAGU_NUMBER ? PRESENT_NUMBER : s == PAGU_DASH ? PRESENT_DASH : 0;
}

enum { ROW_OWN_LINE = 1, ROW_NO_CODE = 2 };

typedef struct measure_cell {
    double value;
    symbol text;       /* 0: none */
    symbol unit : 30;  /* 0: the indicator's; symbols are fewer (symbol.c) */
    uint32_t state : 2; /* pagu_state */
} measure_cell;
_Static_assert(sizeof(measure_cell) == 16, "four cells a line of cache");

/* One physical column: money (values, perhaps presence) or measures; all NULL when empty. */
typedef struct plan_column {
    int64_t *values;        /* n_rows, inner rows rolled up; NULL: nothing in this column */
    int64_t *presence;      /* n_rows, rolled up; NULL: a number in every leaf (if values) */
    uint64_t bound;         /* sum of |leaf value| */
    measure_cell *measures; /* n_indicators */
    bool masked;            /* a copy of the common column without the rows that the stage lacks: no content */
} plan_column;

/* A cell as it is stored: a leaf's own, an inner row's sum. */
static inline pagu_cell stored_cell(const plan_column *c, pagu_row row)
{
    pagu_state state = !c->values ? PAGU_MISSING : c->presence ? presence_state(c->presence[row]) : PAGU_NUMBER;
    return (pagu_cell){ state == PAGU_NUMBER ? c->values[row] : 0, state };
}

typedef struct plan_stage {
    symbol id, name, role;
    pagu_stage_kind kind;
    int rank;
    uint64_t *members; /* bitset over rows; NULL: every row */
    bool used;         /* some value or membership names it */
} plan_stage;

typedef struct plan_level {
    symbol tree, id, name, name_en;
    int rank, length;
} plan_level;
typedef struct plan_field {
    symbol id;
    pagu_field_kind kind;
} plan_field;
typedef struct plan_period {
    symbol id;
    int year;
    int sort_from, sort_to;
    uint8_t part;
} plan_period;

typedef struct plan_class {
    symbol id, level, code, name;
    uint32_t parent;
    int8_t sign;
} plan_class;
typedef struct plan_tree {
    symbol id, name, separator;
    bool partition;
    uint32_t n_classes;
    plan_class *classes;
    uint32_t *declared;  /* partition: class of a row or UINT32_MAX; NULL if no row has one */
    uint32_t *effective; /* partition: nearest on the way up */
} plan_tree;
typedef struct plan_label {
    uint32_t tree, row, cls;
} plan_label; /* sorted by tree, row, class */

typedef struct plan_unit {
    symbol id, name, kind, synonyms, scale, categories;
    pagu_aggregation over_time, over_children;
} plan_unit;

typedef struct plan_indicator {
    symbol id, owner, type, name, definition;
    uint32_t unit; /* index of units, or UINT32_MAX */
    pagu_row row;  /* owner node, or PAGU_NO_ROW */
    uint32_t next; /* next indicator of the same row, or PAGU_NO_INDICATOR */
    pagu_polarity polarity;
    pagu_aggregation over_time, over_children; /* as declared, DEFAULT included */
    double weight;                             /* NAN: none */
    uint32_t tree, cls;                        /* owner class, or UINT32_MAX both */
} plan_indicator;

/* What reading many values of indicators needs, resolved, without following pointers. */
typedef struct indicator_traits {
    symbol label; /* of its unit, as reports print it; 0: none */
    pagu_row row; /* owner node, or PAGU_NO_ROW */
    uint8_t polarity, over_time, over_children;
    bool has_weight;
} indicator_traits;

typedef struct plan_attribute {
    symbol name;
    symbol *values;
} plan_attribute; /* by row */

typedef struct plan_document {
    symbol name;
    uint32_t n_columns, n_rows;
    symbol *columns; /* n_columns */
    symbol *cells;   /* n_rows * n_columns, row by row */
} plan_document;

typedef struct plan_meta {
    symbol name, value;
} plan_meta;

/* A private column of a scenario over the plan's rows: counted, and copied by who writes while
 * it is shared. */
typedef struct dense_block {
    atomic_uint refs;
    uint32_t n;
    int64_t v[];
} dense_block;
static inline size_t dense_bytes(uint32_t n)
{
    return sizeof(dense_block) + (size_t)n * sizeof(int64_t);
}

/* A derived field: what its text means is known to the calc layer, which keeps it here. */
typedef struct plan_formula {
    const char *id, *title, *text; /* title "" if none; one allocation with this struct */
    size_t bytes;
    bool declared;    /* by the package: part of the content; else by a script */
    const char *file; /* symbols of the plan: where it is declared */
    uint32_t line;
    void *compiled; /* NULL: not yet */
    void (*release)(void *compiled);
} plan_formula;
enum { PLAN_FORMULAS = 256 };

struct pagu_plan {
    atomic_uint refs;
    pagu_ctx *ctx;
    symtab symbols;

    int year, first_year, last_year, decimals;
    int64_t unit;
    char separator;
    symbol currency;
    pagu_stage default_stage, common_stage, strategic_stage; /* strategic: or PAGU_NONE */
    plan_meta *meta;
    uint32_t n_meta;

    /* tree */
    uint32_t n_rows, n_depths;
    struct rollup_shape shape; /* points at the arrays below */
    uint32_t *parent;          /* root: PAGU_NO_ROW */
    uint32_t *child_first;     /* n_rows + 1 */
    uint32_t *level_first;     /* n_depths + 1 */
    uint8_t *depth;
    int8_t *sign;                     /* NULL: all + */
    uint8_t *level_signed;            /* n_depths, with sign */
    uint32_t *pre, *pre_end, *by_pre; /* rank, one past the subtree's last rank, row at a rank */
    symbol *key, *code, *name;
    uint16_t *level; /* index of levels, or PAGU_NONE */
    uint8_t *flags;
    uint32_t *key_slots;              /* hash of the normalised key -> row + 1 */
    uint32_t *code_slots, *code_next; /* hash of the normalised code -> first row + 1; chain of rows + 1 */
    uint32_t n_key_slots, n_code_slots;

    plan_stage *stages; /* rank order */
    plan_level *levels; /* main tree first, rank order; n_levels counts the main tree's */
    plan_field *fields;
    plan_period *periods; /* frame years first, ascending; then the others, sorted */
    plan_tree *trees;
    plan_label *labels;
    plan_unit *units;
    plan_indicator *indicators;
    indicator_traits *traits; /* by indicator */
    double *weights;          /* by indicator; NULL: none has one */
    plan_attribute *attributes;
    plan_document *documents;
    pagu_printed_amount *printed;
    uint32_t n_stages, n_levels, n_all_levels, n_fields, n_periods, n_trees, n_labels, n_units, n_indicators,
        n_attributes, n_documents, n_printed;
    uint32_t *first_indicator; /* by row, or PAGU_NO_INDICATOR; NULL when there are none */

    uint32_t *indicator_slots; /* hash of the id -> indicator + 1 */
    uint32_t n_indicator_slots;

    bool has_parts;       /* some value is of a quarter, half or month */
    plan_column *columns; /* (field * n_periods + period) * n_stages + stage */
    uint32_t n_columns;

    /* Freed column blocks kept for the next scenario: fresh memory costs more than a roll-up. */
    _Atomic(dense_block *) spare_columns[2];

    /* Derived fields: the package's, then those that scripts add. Appended to only, so that reading needs no lock. */
    plan_formula *formulas[PLAN_FORMULAS];
    atomic_uint n_formulas;
    pthread_mutex_t formula_lock;

    /* Rules of the package by stage, as the scenario layer keeps them: made on first need. */
    struct plan_rules {
        void *set;
        bool made;
    } *rules;
    void (*release_rules)(pagu_ctx *ctx, void *set);
    pthread_mutex_t rules_lock;

    pthread_mutex_t hash_lock;
    char hash[65]; /* "" until computed */
};

static inline pagu_column column_index(const pagu_plan *p, pagu_stage stage, pagu_field field, pagu_period period)
{
    return (pagu_column)(((uint32_t)field * p->n_periods + period) * p->n_stages + stage);
}
static inline const char *plan_str(const pagu_plan *p, symbol s)
{
    return p->symbols.strings[s];
}
/* No row of the plan stands below it. */
static inline bool plan_is_leaf(const pagu_plan *p, pagu_row row)
{
    return p->child_first[row] == p->child_first[row + 1];
}
static inline bool bit_get(const uint64_t *bits, uint32_t i)
{
    return bits[i >> 6] >> (i & 63) & 1;
}
static inline void bit_set(uint64_t *bits, uint32_t i)
{
    bits[i >> 6] |= UINT64_C(1) << (i & 63);
}

/* ---- codes (code.c) ---- */

/* Compare codes segment by segment: numbers as numbers, others as text, a prefix first. */
int code_compare(const char *a, const char *b, char separator);
/* Normalise: numeric segments lose leading zeros; "." and "" become "/" only in keys. Returns
 * the length written (< size), or 0 when it does not fit. */
size_t code_normalise(const char *code, size_t len, char separator, char *out, size_t size);
/* Length of the code above this one: the text before its last separator; 0 when it has one segment. */
size_t code_above(const char *code, size_t len, char separator);
/* Key as files and builders spell it: "." for the root. */
static inline const char *key_given(const char *key)
{
    return key[0] == '/' && !key[1] ? "." : key;
}
/* Rows for a key in any spelling: exact key first, else bare code. Returns how many fit;
 * the first `cap` are written to rows. 0: unknown. */
uint32_t plan_lookup(const pagu_plan *p, const char *key, size_t len, pagu_row *rows, uint32_t cap);
/* The nearest keys to an unknown one (edit distance, names count too), best first, ", "-joined into buf. */
void plan_nearest(const pagu_plan *p, const char *key, char *buf, size_t size);

/* The same with lengths known. */
int code_order(const char *a, size_t a_len, const char *b, size_t b_len, char separator);
/* True if the two are one code: equal but for leading zeros of numeric segments. */
bool code_same(const char *a, size_t a_len, const char *b, size_t b_len, char separator);
/* Hash of the normalised code, the one of key_slots and code_slots. */
uint32_t code_hash(const char *code, size_t len, char separator);
/* Canonical form of a key as scripts write it: "", "." and "/" give "/", "mount/." gives "mount",
 * ".#" gives "/#"; leading zeros stay. Returns the length; 0 when it does not fit. */
size_t key_canonical(const char *key, size_t len, char *out, size_t size);
/* Longest key or id, mount included, in bytes. Longer ones are refused at load. */
enum { KEY_MAX_LEN = 255 };
/* Aggregations that an indicator's unit (NULL: none) implies where neither says: a count is
 * summed over time, anything else has a last value; nothing goes over children. */
void plan_aggregations(const pagu_plan *p, const plan_unit *u, pagu_aggregation *over_time,
                       pagu_aggregation *over_children);
/* Label of a unit: its name, else its id. */
static inline symbol plan_unit_label(const plan_unit *u)
{
    return u->name ? u->name : u->id;
}
/* Indicator of an id, or PAGU_NO_INDICATOR. O(1). */
pagu_indicator plan_find_indicator(const pagu_plan *p, const char *id, size_t len);

/* ---- nearest names (nearest.c) ---- */

/* Levenshtein distance in bytes, case of a to z ignored, given up as soon as it must exceed limit (then limit + 1).
 * b is shorter than EDIT_ROOM, else limit + 1. */
enum { EDIT_ROOM = 512 };
uint32_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len, uint32_t limit);

enum { NEAREST_KEPT = 3 };
/* Collects the candidates nearest to a query in edit distance, case ignored. */
typedef struct nearest {
    const char *query;
    size_t len;
    unsigned count, limit;
    unsigned distance[NEAREST_KEPT];
    const char *name[NEAREST_KEPT];
} nearest;
void nearest_init(nearest *n, const char *query);
void nearest_offer(nearest *n, const char *candidate);
/* Judge one text (a name) but remember another (its key). */
void nearest_offer_as(nearest *n, const char *text, const char *candidate);

/* ---- sorting of indices (sort.c): stable merge sort, linear when sorted already ---- */

typedef int (*index_order)(const void *ud, uint32_t a, uint32_t b);
/* scratch: as many as items. */
void sort_indices(uint32_t *items, uint32_t *scratch, uint32_t n, index_order order, const void *ud);

/* ---- periods (period.c) ---- */

/* plan_period.part */
enum { PERIOD_YEAR, PERIOD_HALF, PERIOD_QUARTER, PERIOD_MONTH, PERIOD_SPAN, PERIOD_UP_TO, PERIOD_ALWAYS };

/* Parse "2024", "2024Q1", "2024-Q1", "2024S1", "2024M06", "..2021", "2020..2021", "*" into the canonical id
 * (out, at least 24 bytes), sort keys and part. false: not a period. */
bool period_parse(const char *text, plan_period *out, char *id, size_t size);

/* ---- derived fields (formulas.c) ---- */

static inline uint32_t plan_formula_count(const pagu_plan *p)
{
    return atomic_load_explicit(&((pagu_plan *)(uintptr_t)p)->n_formulas, memory_order_acquire);
}
/* A formula with copies of its texts; NULL: out of memory. */
plan_formula *plan_formula_new(pagu_ctx *ctx, const char *id, const char *title, const char *text);
void plan_formula_free(pagu_ctx *ctx, plan_formula *f);
/* Append and take over; *index is its place. PAGU_LIMIT when there are too many: f stays the caller's. */
pagu_code plan_formula_add(pagu_plan *p, plan_formula *f, uint32_t *index);

/* Free everything in a plan that may be half built (plan.c). */
void plan_destroy(pagu_plan *p);
/* Row of a key or code that must be unique, with messages as pagu_view_find gives (no membership check). */
pagu_code plan_find_row(const pagu_plan *p, const char *key, pagu_row *out, pagu_error *err);

#endif
