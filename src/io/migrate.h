/* migrate.h - moving a plan to other codes: what the parts of the work share.
 *
 *     migrate_map.c        codes_map.csv as old code -> new codes with shares
 *     migrate_rows.c       rows of the plan -> nodes of the new one
 *     migrate_tree.c       parents, nodes that the list adds, stages, classes
 *     migrate_values.c     amounts, indicators, measures
 *     migrate_documents.c  document tables, settings
 *     migrate_proof.c      totals of both plans compared
 *     migrate.c            the order of all this, the table of what moved
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_MIGRATE_H
#define PAGU_SRC_MIGRATE_H

#include "io/codes.h"

/* A share counts in units of 10^-12. */
#define SHARE_ONE INT64_C(1000000000000)

typedef struct map_entry {
    const char *from, *to;
    int64_t share;
    uint32_t next; /* entry of the same old code + 1; 0: none */
    uint32_t last; /* of a first entry: the last of its old code */
} map_entry;

typedef struct code_map {
    const char *list, *from, *to; /* versions */
    keyset codes;                 /* normalised old code -> first entry */
    map_entry *entries;
    uint32_t n, cap;
    uint32_t least, most; /* segments of its old codes */
} code_map;

typedef struct move_target {
    uint32_t node;
    int64_t share;
} move_target;

typedef enum move_kind { MOVE_KEPT, MOVE_RENAMED, MOVE_FOLLOWED, MOVE_SPLIT, MOVE_DROPPED } move_kind;

/* What becomes of a row of the plan. */
typedef struct row_move {
    uint32_t first, n; /* of targets */
    move_kind kind;
    bool mapped; /* by an entry of its own */
} row_move;

typedef struct node_source {
    pagu_row row;
    int64_t share;
    uint32_t next; /* + 1 */
} node_source;

/* A node of the new plan. */
typedef struct new_node {
    const char *key, *code, *name, *level; /* key as scripts write it */
    pagu_row lead;                         /* the first row that becomes it; PAGU_NO_ROW: the list adds it */
    uint32_t sources, n_sources;           /* chain + 1, in the plan's order */
    uint32_t last_source;
    uint32_t parent; /* UINT32_MAX: the root */
    uint64_t stages; /* bits */
    uint32_t depth;
    size_t mount; /* length of the key before the code */
    int8_t sign;
    bool has_children, own, no_code, by_prefix, closed;
} new_node;

/* Parts of one number of a row that is split. */
typedef struct split_parts {
    pagu_row row;
    uint32_t n; /* 0: none yet */
    int64_t total;
    int64_t *shares, *parts;
    uint32_t cap;
} split_parts;

typedef struct migration {
    pagu_ctx *ctx;
    const pagu_plan *plan;
    const pagu_migrate_options *o;
    pagu_findings *findings;
    arena text;
    code_map map;
    code_index list; /* of the new version */
    bool has_list;

    row_move *moves; /* by row */
    move_target *targets;
    uint32_t n_targets, cap_targets;
    new_node *nodes;
    uint32_t n_nodes, cap_nodes;
    node_source *sources;
    uint32_t n_sources, cap_sources;
    keyset keys; /* normalised key -> node */

    uint32_t *classes;    /* declared, by tree and node; UINT32_MAX none */
    const char **renamed; /* new id of an indicator by its first; NULL: none */
    split_parts split;
    uint32_t next_target;
    uint32_t n_conflicts;
    uint32_t n_dropped; /* printed claims that no longer hold */
    pagu_builder *builder;
    pagu_plan *result;
    pagu_code code; /* first error */
} migration;

/* A conflict: nothing is written, but the search goes on. */
void migrate_conflict(migration *m, pagu_finding *f, const char *format, ...) PAGU_PRINTF(3, 4);
/* Something that the analyst should know. */
void migrate_tell(migration *m, pagu_finding *f, const char *format, ...) PAGU_PRINTF(3, 4);
static inline const char *row_key(const migration *m, pagu_row row)
{
    return plan_str(m->plan, m->plan->key[row]);
}
/* Text in the arena; "" and the error kept when memory is out. */
const char *migrate_text(migration *m, const char *format, ...) PAGU_PRINTF(2, 3);
static inline void migrate_fail(migration *m, pagu_code code)
{
    if (m->code == PAGU_OK)
        m->code = code;
}
/* Shares of a total by largest remainder; false: it can't be shared. */
bool migrate_share(migration *m, int64_t total, const int64_t *shares, size_t n, int64_t *out);

/* The part of a row's cell that comes to its target `which`. */
pagu_cell migrate_part(migration *m, pagu_row row, pagu_cell cell, uint32_t which);
void split_parts_free(migration *m);

void map_read(migration *m, const pagu_plan *source, pagu_error *err);
void map_close(migration *m);
const map_entry *map_find(const migration *m, const char *code);
static inline const map_entry *map_next(const migration *m, const map_entry *e)
{
    return e->next ? &m->map.entries[e->next - 1] : NULL;
}

void move_rows(migration *m);
/* The node of a key, or UINT32_MAX; and one made for it. */
uint32_t find_new_node(const migration *m, const char *key, size_t len);
uint32_t add_new_node(migration *m, const char *key, const char *code);
void link_nodes(migration *m);
void put_nodes_to(migration *m);
void put_amounts_to(migration *m);
void put_indicators_to(migration *m);
void put_documents_to(migration *m);
void put_settings_to(migration *m);
/* PAGU_INTERNAL with a message when a total differs. */
pagu_code prove_totals(migration *m, pagu_error *err);
void find_closed_nodes(migration *m);

#endif
