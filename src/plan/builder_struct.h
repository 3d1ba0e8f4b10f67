/* builder_struct.h - what a builder has collected, and how its files share the work.
 *
 *     builder.c            life, frame, mounts, the order of phases
 *     builder_rows.c       collecting rows
 *     builder_keys.c       symbols and keys
 *     builder_faults.c     reporting
 *     builder_map.c        arrays and maps
 *     builder_stages.c     stages and membership
 *     builder_defs.c       levels, units, fields
 *     builder_periods.c    periods and columns
 *     builder_classes.c    classification trees
 *     builder_offices.c    mounted packages as classes
 *     builder_nodes.c      the index of keys, own lines
 *     builder_parents.c    parents, cycles
 *     layout.c             level order and what stands by row
 *     builder_amounts.c    amounts into columns: lumps, printed values, roll-up
 *     builder_masks.c      common money of stages that lack rows
 *     builder_signs.c      budgets below zero
 *     builder_tags.c       tags and attributes of rows
 *     builder_indicators.c indicators and measures
 *     builder_documents.c  document tables
 *
 * Rows are collected as they come, with interned strings; all judging is done in finish, so
 * that nothing depends on their order. A fault is reported and the row left out, or put
 * where it does least harm: later phases always see a sound tree.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BUILDER_STRUCT_H
#define PAGU_SRC_BUILDER_STRUCT_H

#include "plan/plan_struct.h"

#define NO_INDEX UINT32_MAX

/* A node that a row names: the symbol of its key or, when the row came near the node's own, the
 * node itself. */
typedef uint32_t node_ref;
#define NODE_AT (UINT32_C(1) << 31) /* | index of the node */

/* Map of 64-bit keys to 32-bit values. */
typedef struct index_map {
    uint64_t *keys;
    uint32_t *values; /* value + 1; 0: free */
    uint32_t n, n_slots;
} index_map;
static inline uint64_t pair_key(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

typedef struct stage_rec {
    symbol id, name, role;
    pagu_stage_kind kind;
    int rank;
    uint32_t line;
    uint16_t file, mount;
} stage_rec;
typedef struct level_rec {
    symbol tree, id, name, name_en;
    int rank, length;
    uint32_t line;
    uint16_t file, mount;
} level_rec;
typedef struct tree_rec {
    symbol id, name, separator;
    uint32_t line;
    uint16_t file, mount;
    bool partition;
} tree_rec;
typedef struct class_rec {
    symbol tree, id, parent, level, code, name;
    uint32_t line;
    uint16_t file, mount;
    bool own; /* of its mount alone: the id begins with it */
    int sign;
} class_rec;
typedef struct own_tree_rec {
    symbol tree;
    uint16_t mount;
} own_tree_rec;
typedef struct unit_rec {
    plan_unit unit;
    uint32_t line;
    uint16_t file, mount;
} unit_rec;

enum {
    NODE_OWN = 1, /* "CODE#" */
    NODE_NO_CODE = 2,
    NODE_CODE_DIFFERS = 4, /* the code is not the id */
    NODE_ROOT = 8,         /* of the package or a mount */
    NODE_DROPPED = 16      /* a duplicate */
};
typedef struct node_rec {
    symbol key, parent, code, name, level, stages; /* key with its mount; parent 0: none given */
    uint32_t line;
    uint16_t file, mount;
    int8_t sign;
    uint8_t flags;
} node_rec;

typedef struct tag_rec {
    node_ref node;
    symbol tree, cls;
    uint32_t line;
    uint16_t file;
} tag_rec;
typedef struct attribute_rec {
    node_ref node;
    symbol name, value;
    uint32_t line;
    uint16_t file;
} attribute_rec;

enum { AMOUNT_OWN = 1, AMOUNT_PRINTED = 2 };
typedef struct amount_rec {
    int64_t value;
    node_ref node; /* index of the node once resolved */
    symbol stage, period, field;
    uint32_t line;
    uint16_t file;
    uint8_t state, flags;
} amount_rec;

typedef struct indicator_rec {
    symbol id, owner, type, name, unit, definition; /* owner without mount: it may be a class */
    pagu_polarity polarity;
    pagu_aggregation over_time, over_children;
    double weight;
    uint32_t line;
    uint16_t file, mount;
} indicator_rec;

typedef struct measure_rec {
    double value;
    symbol indicator, stage, period, field, unit, text;
    uint32_t line;
    uint16_t file;
    uint8_t state;
} measure_rec;

typedef struct document_rec {
    symbol name;
    symbol *columns;
    uint32_t n_columns, cap_columns, current;
} document_rec;
/* One declaration of a document's columns: where its cells go. Rows point to it. */
typedef struct document_shape {
    uint32_t document, n_columns, first;
} document_shape; /* first: in shape_columns */
typedef struct document_row_rec {
    uint32_t shape, first;
} document_row_rec; /* first: in document_cells */

typedef struct mount_rec {
    symbol prefix; /* "dinsos", "kota/dinsos"; 0: the package itself */
    symbol under;  /* key of the node that bears it */
    symbol name;   /* what the package calls itself; 0: nothing */
    uint32_t root; /* node, once known */
    uint16_t outer;
} mount_rec;

enum { RECENT_COLUMNS = 8, RECENT_KEPT = 16 };

#define LIST(type, name)                                                                                               \
    type *name;                                                                                                        \
    uint32_t n_##name, cap_##name

struct pagu_builder {
    pagu_ctx *ctx;
    pagu_findings *findings; /* may be NULL */
    uint32_t faults_before;  /* errors in findings when we began */
    uint32_t n_faults;       /* errors of our own */
    pagu_error first;        /* the first of them */
    pagu_code failed;        /* sticky: no memory, limit, interrupted */
    pagu_plan *plan;         /* being made; symbols go straight into its table */

    bool has_frame;
    symbol default_stage, root_key, main_tree;
    LIST(const char *, files); /* 0: "" */
    LIST(mount_rec, mounts);   /* 0: the package itself */
    uint16_t mount;            /* now */

    LIST(plan_meta, meta);
    LIST(plan_field, fields);
    LIST(stage_rec, stages);
    LIST(level_rec, levels);
    LIST(tree_rec, trees);
    LIST(class_rec, classes);
    LIST(own_tree_rec, own_trees);
    LIST(unit_rec, units);
    LIST(node_rec, nodes);
    LIST(tag_rec, tags);
    LIST(attribute_rec, attributes);
    LIST(amount_rec, amounts);
    LIST(indicator_rec, indicators);
    LIST(measure_rec, measures);
    LIST(document_rec, documents);
    LIST(document_shape, shapes);
    LIST(uint32_t, shape_columns);
    LIST(document_row_rec, document_rows);
    LIST(symbol, document_cells);

    uint32_t guess;                             /* node that a row named last */
    symbol recent[RECENT_COLUMNS][RECENT_KEPT]; /* of columns that repeat themselves: see intern_recent */

    /* Found in finish. Node arrays grow with nodes (own lines are added late). */
    index_map stage_map, level_map, tree_map, class_map, unit_map, period_map, field_map, indicator_map;
    uint32_t *node_of; /* by symbol of a key, as far as known; NULL until one is looked for */
    uint32_t n_node_of;
    uint32_t *node_parent; /* cap_parents each; NO_INDEX for the root */
    uint32_t *node_hash;
    uint32_t *n_children; /* until lay_out */
    uint32_t *row_of;
    uint32_t cap_parents;
    uint32_t *node_slots; /* hash of the normalised key -> node + 1; becomes the plan's key_slots */
    uint32_t n_node_slots, n_indexed;
    uint32_t *code_slots, *code_chain; /* nodes whose code is not their id; chain by node */
    uint32_t n_code_slots, n_code_chain;
    uint32_t root;      /* node */
    uint32_t deepest;   /* depth of the deepest node, root 1 */
    bool has_own_codes; /* some code is not the id: two nodes may share one */
};

/* ---- faults ---- */

typedef struct fault {
    const char *rule;
    pagu_severity severity;
    uint32_t line;
    uint16_t file;
    const char *column, *key, *value;
} fault;
/* Fault at a collected row. */
#define FAULT(rec, rule_, column_, key_, value_)                                                                       \
    (&(fault){ .rule = (rule_),                                                                                        \
               .severity = PAGU_ERROR,                                                                                 \
               .line = (rec)->line,                                                                                    \
               .file = (rec)->file,                                                                                    \
               .column = (column_),                                                                                    \
               .key = (key_),                                                                                          \
               .value = (value_) })
void builder_fault(pagu_builder *b, const fault *f, const char *format, ...) PAGU_PRINTF(3, 4);

/* "; did you mean \"final\"?" or "". */
typedef struct suggestion {
    char s[160];
} suggestion;
suggestion builder_suggest(const pagu_builder *b, const nearest *n);
/* "nodes.csv:12", for messages that name a second place. */
typedef struct place_text {
    char s[160];
} place_text;
place_text builder_place(const pagu_builder *b, uint16_t file, uint32_t line);

/* ---- memory, maps, symbols ---- */

static inline bool builder_ok(const pagu_builder *b)
{
    return b->failed == PAGU_OK;
}
/* Zeroed array of the context, NULL for n = 0; want of memory makes the builder fail. */
void *builder_array(pagu_builder *b, size_t n, size_t size);
/* The same with anything in it, for what is written whole: fresh memory is dear. */
void *builder_raw_array(pagu_builder *b, size_t n, size_t size);
bool builder_grow(pagu_builder *b, void *array_ptr, uint32_t *cap, uint32_t n, size_t size);
#define PUSH(b, list)                                                                                                  \
    ((b)->n_##list < (b)->cap_##list ||                                                                                \
             builder_grow((b), &(b)->list, &(b)->cap_##list, (b)->n_##list, sizeof *(b)->list)                         \
         ? &(b)->list[(b)->n_##list++]                                                                                 \
         : NULL)
#define RELEASE(b, array, n) mem_free((b)->ctx, (array), (size_t)(n) * sizeof *(array))
void builder_map_put(pagu_builder *b, index_map *map, uint64_t key, uint32_t value);
uint32_t map_get(const index_map *map, uint64_t key); /* or NO_INDEX */
void builder_map_free(pagu_builder *b, index_map *map);
/* 0 ... n-1 with as much scratch behind, for sort_indices; 2 n to release. */
uint32_t *identity_order(pagu_builder *b, uint32_t n);
/* strcmp of two symbols' texts. */
int text_order(const pagu_builder *b, symbol a, symbol c);

symbol builder_intern(pagu_builder *b, const char *s);  /* NULL: "" */
uint16_t file_index(pagu_builder *b, const char *file); /* of a source, for faults */
static inline const char *builder_str(const pagu_builder *b, symbol s)
{
    return b->plan->symbols.strings[s];
}
static inline size_t builder_len(const pagu_builder *b, symbol s)
{
    return b->plan->symbols.lengths[s];
}
/* A symbol of its own for text that mostly occurs once (keys, names): no search, and none finds
 * it. Equal texts need not be equal symbols then. */
symbol builder_append(pagu_builder *b, const char *s, size_t len);
/* Key of an id within a mount: "." is the package's root. The second for a new node, now. */
symbol builder_key(pagu_builder *b, const char *id, uint16_t mount);
/* Id of a class within the open mount; whether the tree is the mount's own. */
symbol builder_class_id(pagu_builder *b, symbol tree, const char *id, bool *own);
/* "tree:class" within the open mount, else the text itself. */
symbol builder_class_owner(pagu_builder *b, const char *owner);
symbol builder_new_key(pagu_builder *b, const char *id);
/* A row's node. Rows mostly come in the order of the nodes, so the next few are tried before the
 * symbol table. */
node_ref builder_node_ref(pagu_builder *b, const char *id);
/* The key that the row named. */
static inline const char *ref_str(const pagu_builder *b, node_ref ref)
{
    return builder_str(b, ref & NODE_AT ? b->nodes[ref & ~NODE_AT].key : ref);
}

/* ---- phases, in order ---- */

void mount_offices(pagu_builder *b);
void define_stages(pagu_builder *b);
void define_levels(pagu_builder *b);
void define_units(pagu_builder *b);
void define_fields(pagu_builder *b);
void define_periods(pagu_builder *b);
void define_trees(pagu_builder *b);
void define_classes(pagu_builder *b);
void index_nodes(pagu_builder *b);
void find_parents(pagu_builder *b);
void resolve_amounts(pagu_builder *b, uint32_t **order, uint32_t **column_first);
void tell_negative_budgets(pagu_builder *b);
void make_own_lines(pagu_builder *b, const uint32_t *order, const uint32_t *column_first);
void lay_out(pagu_builder *b);
void assign_stages(pagu_builder *b);
void fill_columns(pagu_builder *b, const uint32_t *order, const uint32_t *column_first);
/* Shape for rolling presence up: memo rows count for nothing. The signs, n_rows of them, or NULL, are to be released.
 */
int8_t *presence_signs(pagu_builder *b, struct rollup_shape *shape);
void mask_common_columns(pagu_builder *b);
void assign_tags(pagu_builder *b);
void assign_attributes(pagu_builder *b);
void define_indicators(pagu_builder *b);
void fill_measures(pagu_builder *b);
/* Whether any value is of a part of a year. */
void note_parts(pagu_builder *b);
void define_documents(pagu_builder *b);
void give_key_index(pagu_builder *b);

/* ---- shared between phases ---- */

/* Depths, root 1, of a forest given by parents (NO_INDEX ends); returns the greatest. `cut` reports a node that is its
 * own ancestor, or lies too deep (then nothing more is done), and gives it another parent. */
uint32_t find_depths(pagu_builder *b, uint32_t *parent, uint32_t *depth, uint32_t n, uint32_t deepest,
                     void (*cut)(pagu_builder *b, uint32_t index, uint32_t *parent, bool cycle));
/* Node of a key's text, or NO_INDEX. */
uint32_t lookup_node(const pagu_builder *b, const char *key, size_t len, uint32_t hash);
/* Node that a row names, or NO_INDEX. own_base: when the key is "CODE#" and there is no such
 * node but there is CODE, its node (NULL: not wanted). */
uint32_t find_node(pagu_builder *b, node_ref ref, uint32_t *own_base);
/* The node "CODE#" of a node, made when it is not there. */
uint32_t own_line_of(pagu_builder *b, uint32_t node);
/* The nearest keys to one that is no node; none when there are too many nodes or faults to look. */
suggestion suggest_node(pagu_builder *b, node_ref ref);
/* Fault of a reference to a node that is not there. */
void unknown_node(pagu_builder *b, const fault *at, node_ref ref);
/* Stage, period and field of a value row, with faults; false: leave the row out. */
typedef struct value_place {
    symbol stage_id, period_id, field_id;
    uint32_t stage, period, field;
    bool valid;
} value_place;
bool find_place(pagu_builder *b, value_place *place, symbol stage, symbol period, symbol field, pagu_field_kind kind,
                const fault *at);
uint32_t find_stage(pagu_builder *b, symbol id, const fault *at);
/* Stages of a blank-separated list as bits; 0 for "". Unknown ones are faults. */
uint64_t stage_bits(pagu_builder *b, symbol list, const fault *at);
bool node_in_stage(const pagu_builder *b, pagu_row row, uint32_t stage);
/* "budget 2024 final". */
typedef struct column_text {
    char s[160];
} column_text;
column_text column_name(const pagu_plan *p, uint32_t column);
void free_documents(pagu_builder *b);

#endif
