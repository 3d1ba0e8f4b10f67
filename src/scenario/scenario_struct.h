/* scenario_struct.h - views, layers, journal and extensions in memory.
 *
 *   view = plan + stage + up to 4 frozen layers + perhaps a top that its scenario writes
 *
 *   read   top ──▶ layer ──▶ layer ──▶ plan column      first hit wins
 *   branch freezes the top: both sides share it and write to new tops
 *
 * A layer holds an overlay for each column it touches. An overlay is sparse (a map of the
 * touched lines and their ancestors) or dense (private arrays of the base's rows, with the
 * map kept for added rows). Frozen layers, journal segments and extensions are immutable and
 * counted atomically, so branches may live on different threads.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCENARIO_STRUCT_H
#define PAGU_SRC_SCENARIO_STRUCT_H

#include "pagu/scenario.h"
#include "plan/plan_struct.h"
#include "scenario/cellmap.h"

#define MAX_LAYERS 4
#define COLUMN_MEMBERS PAGU_NONE /* the overlay of membership: 1 in, 0 out */

/* Strings that a scenario and everything branched from it may point at. */
typedef struct pool {
    atomic_uint refs;
    struct pool *parent;
    arena text;
} pool;

typedef struct overlay {
    pagu_column column;
    bool tracks_presence;        /* presence is in pmap/pdense; else every leaf is a number */
    bool direct;                 /* no overlay of this column below: misses go to the plan */
    uint64_t bound;              /* sum of |line| */
    cellmap map, pmap;           /* when dense: added rows only */
    dense_block *dense, *pdense; /* base rows, or NULL */
} overlay;

typedef struct measure_value {
    double value;
    const char *unit, *text; /* unit NULL: the indicator's; text NULL: none */
    pagu_state state;
} measure_value;

typedef struct measure_map { /* (indicator, column) -> value; open addressing */
    uint64_t *keys;          /* UINT64_MAX: empty */
    measure_value *values;
    uint32_t n, cap;
} measure_map;

typedef struct layer {
    atomic_uint refs;
    uint32_t n, cap;
    overlay *overlays;
    measure_map measures;
    pool *pool;    /* of the texts in measures; may be NULL */
    overlay first; /* overlays points here until a second column is touched */
} layer;

/* Rows and indicators that scenarios added; appended in place by a sole owner, else copied. */
typedef struct ext_row {
    const char *key, *code, *name;
    uint32_t parent, next; /* next: added sibling, in code order, or PAGU_NO_ROW */
    uint32_t first_child;  /* added child, or PAGU_NO_ROW */
    uint32_t first_indicator;
    uint32_t *classes;   /* declared class of each tree, or NULL */
    const char **labels; /* free text of label trees without such a class, or NULL */
    uint16_t level;
    int8_t sign;
    uint8_t flags, depth;
} ext_row;
typedef struct ext_indicator {
    const char *id, *owner, *type, *name, *unit;
    pagu_row row;
    uint32_t next;
} ext_indicator;
typedef struct ext {
    atomic_uint refs;
    uint32_t n_rows, cap_rows, n_indicators, cap_indicators;
    ext_row *rows;
    ext_indicator *indicators;
    cellmap first_child;     /* base row -> first added child */
    cellmap first_indicator; /* base row -> first added indicator */
    cellmap by_key;          /* hash of the key -> latest row with it (checked by text) */
    bool has_signs;
    pool *pool;
} ext;

typedef struct constraint {
    atomic_uint refs;
    uint32_t id, n_rows, n_of, record; /* record: line of rules.csv, 0: not of the package */
    pagu_constraint_kind kind;
    const char *name, *reason, *law; /* in text, behind the rows */
    const char *place;               /* as the package writes it; NULL: the first row says it */
    pagu_row *rows, *of;             /* ascending */
    pagu_field field, of_field;
    pagu_period period, of_period;
    pagu_money min, max; /* of FLOOR and CEILING, the amount */
    pagu_decimal min_share, max_share;
    int first_year, last_year;
    bool warn, of_package, has_min, has_max, has_min_share, has_max_share;
    pagu_predicate predicate;
    size_t bytes;
} constraint;
typedef struct constraint_set { /* immutable: every change makes a new one */
    atomic_uint refs;
    uint32_t n;
    constraint *items[];
} constraint_set;

/* ---- journal ---- */

typedef enum record_kind {
    RECORD_MONEY,
    RECORD_OWN,
    RECORD_MEASURE,
    RECORD_MEMBER,
    RECORD_CONSTRAINTS,
    RECORD_BULK
} record_kind;

/* The base rows of a whole column at one moment. values NULL: the plan's own. */
typedef struct bulk_column {
    dense_block *values, *presence;
    uint64_t bound;
    bool tracks_presence;
} bulk_column;
/* A bulk entry keeps the column before and after, not a record a line; immutable. */
typedef struct bulk_change {
    bulk_column before, after;
    uint32_t n_rows, cap_rows;
    uint32_t *rows; /* base lines that changed, ascending; NULL: first … first + n_rows - 1 */
    pagu_row first;
} bulk_change;

typedef struct record { /* 24 bytes: a branch of ten edits must stay small */
    union {
        struct {
            int64_t old_value, new_value;
        } money; /* MONEY, OWN, MEMBER */
        struct {
            uint32_t old_index, new_index;
        } measure; /* of segment->measures */
        struct {
            constraint_set *old_set, *new_set;
        } set;
        bulk_change *bulk;
    };
    uint32_t row;
    pagu_column column;
    uint8_t kind : 4, old_state : 2, new_state : 2;
    uint8_t unused;
} record;

typedef struct note_data {
    const char *verb, *args, *reason, *file;
    int line;
} note_data;

typedef struct entry {
    uint32_t first;      /* record */
    uint32_t joined : 1; /* same undo step as the entry before */
    uint32_t note : 31;  /* index of notes + 1; 0: none */
} entry;

typedef struct segment { /* of a journal; sealed by branching */
    atomic_uint refs;
    struct segment *prev;
    uint32_t first; /* index of its first entry in the whole journal */
    uint32_t n_entries, cap_entries, n_records, cap_records, n_notes, cap_notes, n_measures, cap_measures;
    entry *entries;
    record *records;
    const note_data **notes;
    measure_value *measures;
    pool *pool;
    bool owns;  /* some record holds memory of its own */
    bool mixed; /* some record is not just one change */
} segment;

struct pagu_view {
    pagu_plan *plan;
    pagu_scenario *scenario; /* NULL: a stage's */
    layer *layers[MAX_LAYERS + 1];
    ext *ext;                    /* NULL: nothing added */
    constraint_set *constraints; /* NULL: none */
    uint32_t n_layers;
    pagu_stage stage;
    bool has_member_overlay;
};

struct pagu_scenario {
    pagu_view view;
    char *name;
    size_t name_bytes;
    bool owns_top; /* layers[n_layers - 1] may be written */
    pool *pool, *pool_parent;
    segment *tip;         /* last segment, redo tail included */
    uint32_t n_entries;   /* in force */
    uint32_t n_total;     /* with the redo tail */
    uint32_t n_inherited; /* undo stops here */
    segment *kept;        /* what ended in the redo tail that was dropped last: a rollback to kept_at brings it back */
    uint32_t kept_at, kept_total;
    bool sealed; /* a snapshot: behind a view, never written */
    uint32_t next_constraint;
    uint32_t n_moved;            /* undone, redone, rolled back: with n_entries, tells any change */
    bool judging;                /* a predicate runs: nothing may change */
    struct kept_sums *kept_sums; /* of constraints with many rows; NULL: none */
};

/* ---- rows of a view, inlined for walks ---- */

static inline const ext_row *view_ext(const pagu_view *v, pagu_row row)
{
    return &v->ext->rows[row - v->plan->n_rows];
}
static inline bool row_is_base(const pagu_view *v, pagu_row row)
{
    return row < v->plan->n_rows;
}
static inline pagu_row row_parent(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? v->plan->parent[row] : view_ext(v, row)->parent;
}
static inline int row_sign(const pagu_view *v, pagu_row row)
{
    if (!row_is_base(v, row))
        return view_ext(v, row)->sign;
    return v->plan->sign ? v->plan->sign[row] : 1;
}
static inline bool view_signed(const pagu_view *v)
{
    return v->plan->sign || (v->ext && v->ext->has_signs);
}
bool row_is_leaf(const pagu_view *v, pagu_row row);
/* Among rows that ascend (selection.c). */
bool rows_have(const pagu_row *rows, uint32_t n, pagu_row row);
/* How a line's money counts in the sum over rows, none of which lies below another: with the signs of what
 * lies between; 0: it doesn't. */
int rows_sign(const pagu_view *v, const pagu_row *rows, uint32_t n, pagu_row line);
bool row_is_member(const pagu_view *v, pagu_row row);
/* First added child of any row, members or not; then ext_row.next. */
uint32_t first_added_child(const pagu_view *v, pagu_row row);
/* Order of siblings: own lines last, then by code, then by key. */
int row_order(const pagu_view *v, pagu_row a, pagu_row b);

/* Label of an indicator's unit as reports print it, and whether a unit's id or label names it. */
const char *indicator_unit(const pagu_view *v, pagu_indicator ind);
/* Label of a unit by its id. */
const char *unit_label_of(const pagu_plan *p, symbol unit);
bool is_own_unit(const pagu_view *v, pagu_indicator ind, const char *unit);

/* ---- layers (layer.c) ---- */

static inline overlay *layer_find(const layer *l, pagu_column column)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->overlays[i].column == column)
            return &l->overlays[i];
    return NULL;
}
void layer_retain(layer *l);
void layer_release(const pagu_plan *p, layer *l);
size_t layer_bytes(const pagu_plan *p, const layer *l);
/* The top layer and its overlay of a column, made if need be (merging when there are too many). */
layer *scenario_top(pagu_scenario *s);
overlay *scenario_overlay(pagu_scenario *s, pagu_column column);
/* Raw reads of a view. */
int64_t view_value(const pagu_view *v, pagu_row row, pagu_column column);
/* A presence word where the column tracks none: every leaf a number. */
#define PRESENCE_FULL INT64_C(-1)
pagu_cell view_cell(const pagu_view *v, pagu_row row, pagu_column column);
/* Copy presence words of the base rows; false: the column tracks none. */
bool view_copy_presence(const pagu_view *v, pagu_column column, int64_t *out);
/* The base rows of a column as arrays, where the view has them in one piece: the plan's own, or a dense
 * overlay's. *presence NULL: every one is a number. */
bool view_column_arrays(const pagu_view *v, pagu_column column, const int64_t **values, const int64_t **presence);
bool view_tracks_presence(const pagu_view *v, pagu_column column);

/* Change a leaf's cell and its ancestors. Room must be reserved (overlay_reserve). */
pagu_code overlay_reserve(pagu_scenario *s, overlay *o, pagu_row row, pagu_cell new_cell, pagu_error *err);
void overlay_write(pagu_scenario *s, overlay *o, pagu_row row, pagu_cell old_cell, pagu_cell new_cell);
/* Tell presence apart from now on, where every leaf was a number. */
pagu_code overlay_track_presence(pagu_scenario *s, overlay *o, pagu_error *err);
/* Change one row's cell without its ancestors (moving a leaf's money to its own line). */
void overlay_write_alone(pagu_scenario *s, overlay *o, pagu_row row, pagu_cell new_cell);
/* Turn dense when worth it; failure to allocate is no error (it stays sparse). */
void overlay_settle(pagu_scenario *s, overlay *o);
/* Replace the base rows of the column by another state of it (shared, not copied); added rows
 * keep their map. All or nothing; what was there goes to *displaced, to be freed or put back. */
pagu_code overlay_install(pagu_scenario *s, overlay *o, const bulk_column *b, overlay *displaced, pagu_error *err);
void overlay_free(const pagu_plan *p, overlay *o);
void bulk_column_release(const pagu_plan *p, bulk_column *b);
/* The base rows of the column as they are now; values NULL when they are just the plan's. */
pagu_code overlay_extract(pagu_scenario *s, overlay *o, bulk_column *out, pagu_error *err);
/* A block for this plan's rows, contents undefined; a spare one if there is. */
dense_block *dense_new(const pagu_plan *plan);
void dense_release(const pagu_plan *plan, dense_block *d);
/* Roll up base rows of dense arrays again, added rows' lines included. */
void overlay_roll_up(const pagu_view *v, pagu_column column, int64_t *values, int64_t *presence);

const measure_value *layer_measure(const layer *l, uint64_t key);
measure_value *measure_map_put(pagu_ctx *ctx, measure_map *m, uint64_t key);
static inline uint64_t measure_key(pagu_indicator ind, pagu_column column)
{
    return (uint64_t)ind << 16 | column;
}

/* Can this row take money? Is the column's bound after a change in range? (scenario.c) */
pagu_code check_line(const pagu_view *v, pagu_row row, pagu_error *err);
/* Is this a column of money? */
pagu_code check_column(const pagu_view *v, pagu_column column, pagu_error *err);
pagu_code check_bound(const pagu_view *v, pagu_row row, pagu_column column, unsigned __int128 bound, pagu_error *err);

/* ---- pools ---- */
pool *scenario_pool(pagu_scenario *s); /* made on first need; NULL: out of memory */
pool *pool_retain(pool *p);
void pool_release(pagu_ctx *ctx, pool *p);
/* A copy in the scenario's pool; NULL stays NULL; *ok false when out of memory. */
const char *scenario_text(pagu_scenario *s, const char *text, bool *ok);

/* ---- extension (structure.c) ---- */
void ext_release(pagu_ctx *ctx, ext *e);
pagu_row ext_find(const pagu_view *v, const char *key); /* a member, or PAGU_NO_ROW */
bool ext_has_key(const pagu_view *v, const char *key);  /* whole key, of a member */

/* ---- constraints (constraint.c) ---- */
void constraint_set_release(pagu_ctx *ctx, constraint_set *set);
static inline constraint_set *constraint_set_retain(constraint_set *set)
{
    if (set)
        atomic_fetch_add_explicit(&set->refs, 1, memory_order_relaxed);
    return set;
}
void constraint_release(pagu_ctx *ctx, constraint *c);
/* Make one from its definition, checked; rows are those of v. */
pagu_code constraint_make(const pagu_view *v, const pagu_constraint_def *def, uint32_t id, constraint **out,
                          pagu_error *err);
/* The package's rules as constraints of a stage's branches, retained; NULL: none (constraint_package.c). */
pagu_code constraint_package_set(const pagu_view *v, constraint_set **out, pagu_error *err);

/* Changes of one money column, lines ascending, as checks and commits see them. */
typedef struct line_changes {
    pagu_column column;
    uint32_t n;
    const uint32_t *rows;
    const int64_t *old_values, *new_values;
    const uint8_t *old_states, *new_states;
} line_changes;
/* Check changes of some columns against all constraints. Their bound must have been checked. */
pagu_code constraints_check(const pagu_view *v, const line_changes *c, uint32_t n, const pagu_proposal *measures,
                            pagu_error *err);
/* What constraints judge of one column: bounds of a sum, and of its share of another. */
typedef struct judged {
    pagu_money sum, of;
} judged;
/* How far it is from holding, in K-ths of a money unit; 0 or less: it holds. which: 0 … 3, min, max, min_share,
 * max_share; false: the constraint has no such bound. */
bool constraint_gap(const constraint *c, int which, const judged *j, __int128 *gap, __int128 *unit);
/* The message of a bound that would be (or, `is`, that is) broken. */
pagu_code constraint_refuse(const pagu_view *v, const constraint *c, int which, const judged *j, bool is,
                            pagu_error *err);
bool constraint_covers(const pagu_view *v, const constraint *c, pagu_field field, pagu_period period);
pagu_period constraint_of_period(const constraint *c, pagu_period period);
/* The sum of rows in a column; kept from edit to edit for many rows. */
pagu_money constraint_sum(const pagu_view *v, const constraint *c, bool of, pagu_column column);
/* What it will be after the commit that is being checked. */
void constraint_expect(const pagu_view *v, const constraint *c, bool of, pagu_column column, pagu_money sum);
/* The commit happened, or (`done` false) is being checked anew. */
void constraint_sums_settle(pagu_scenario *s, bool done);
void constraint_sums_free(pagu_scenario *s);
/* A decimal as it is written, without zeros at its end. */
void decimal_plain(pagu_decimal d, char out[32]);
/* Run a predicate on a view. */
pagu_code constraint_judge(const pagu_view *v, const constraint *c, pagu_judgement *out, pagu_error *err);
/* Run all predicates on the view as the changes would make it. */
pagu_code predicates_check(const pagu_view *v, const line_changes *c, uint32_t n, const pagu_proposal *measures,
                           pagu_error *err);
/* PAGU_CONFLICT while a predicate of the scenario runs. */
pagu_code check_not_judging(const pagu_scenario *s, pagu_error *err);

/* ---- journal (journal.c) ---- */
/* Release a segment and, when it was the last owner, those before it. */
void segment_release(const pagu_plan *p, segment *g);
/* Room for an entry of n records and its note; the segment to append to. NULL: out of memory. */
segment *journal_reserve(pagu_scenario *s, uint32_t n_records, const pagu_note *note, uint32_t *note_index,
                         pagu_error *err);
/* Keep a copy of a note with a segment; *index is its place + 1, 0 for none. */
bool add_note(pagu_scenario *s, segment *g, const pagu_note *note, uint32_t *index);
/* Give a reserved segment back unused. */
void journal_abandon(pagu_scenario *s, segment *g);
size_t segment_bytes(const segment *g);
/* Drop the redo tail and begin an entry; then append its records by journal_record. */
void journal_begin(pagu_scenario *s, segment *g, uint32_t note_index);
/* Forget the dropped redo tail when what it followed is gone; put it back if all is as it was. */
void journal_forget_kept(pagu_scenario *s);
void journal_restore_kept(pagu_scenario *s);
static inline void journal_record(segment *g, const record *r)
{
    g->owns |= r->kind == RECORD_BULK || r->kind == RECORD_CONSTRAINTS;
    g->mixed |= r->kind != RECORD_MONEY && r->kind != RECORD_MEASURE;
    g->records[g->n_records++] = *r;
}
/* Change i of a record that makes changes. */
pagu_change record_change(const pagu_scenario *s, const segment *g, const record *r, uint32_t i);
/* The entry i (below n_total): its segment and records. */
segment *journal_locate(const pagu_scenario *s, uint32_t i, uint32_t *first, uint32_t *end);

#endif
