/* layout.c - nodes into level order, and everything that stands by row.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

enum { LONGEST_LEVEL = 32 };

/* ---- order ---- */

typedef struct tree_work {
    pagu_builder *b;
    uint32_t n;     /* rows: nodes that are not dropped */
    uint32_t *ends; /* by node: where its children end in kids, which is where the next node's begin */
    uint32_t *kids; /* nodes */
    uint32_t *node; /* by row */
    uint32_t *scratch, n_scratch;
} tree_work;

static int sibling_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_builder *b = ud;
    const node_rec *s = &b->nodes[x], *t = &b->nodes[y];
    if ((s->flags ^ t->flags) & NODE_OWN)
        return s->flags & NODE_OWN ? 1 : -1;
    int order = code_order(builder_str(b, s->code), builder_len(b, s->code), builder_str(b, t->code),
                           builder_len(b, t->code), b->plan->separator);
    return order ? order : strcmp(builder_str(b, s->key), builder_str(b, t->key));
}

static void gather_children(tree_work *w)
{
    pagu_builder *b = w->b;
    w->ends = b->n_children; /* counts become places: nobody counts after this */
    for (uint32_t i = 0, at = 0; i < b->n_nodes; i++) {
        uint32_t count = b->n_children[i];
        w->ends[i] = at;
        at += count;
        w->n_scratch = count > w->n_scratch ? count : w->n_scratch;
    }
    for (uint32_t i = 0; i < b->n_nodes; i++)
        if (b->node_parent[i] != NO_INDEX)
            w->kids[w->ends[b->node_parent[i]]++] = i;
    w->scratch = builder_raw_array(b, w->n_scratch, sizeof *w->scratch);
}

static void order_rows(tree_work *w)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    uint32_t n = 0, depth = 0, level_end = 1;
    w->node[n++] = b->root;
    p->level_first[0] = 0;
    for (uint32_t r = 0; r < n; r++) {
        if (r == level_end) {
            p->level_first[++depth] = r;
            level_end = n;
        }
        uint32_t node = w->node[r], first = node ? w->ends[node - 1] : 0, count = w->ends[node] - first;
        uint32_t *kids = w->kids + first;
        sort_indices(kids, w->scratch, count, sibling_order, b);
        b->row_of[node] = r;
        p->depth[r] = (uint8_t)depth;
        p->child_first[r] = n;
        memcpy(w->node + n, kids, count * sizeof *kids);
        n += count;
    }
    p->child_first[n] = n;
    p->level_first[depth + 1] = n;
}

static void order_tree(tree_work *w)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    for (uint32_t i = 0; i < b->n_nodes; i++)
        w->n += i == b->root || b->node_parent[i] != NO_INDEX;
    p->n_depths = b->deepest; /* an own line is no deeper than its siblings */
    p->n_rows = w->n;
    p->level_first = builder_array(b, p->n_depths + 1, sizeof *p->level_first);
    p->child_first = builder_raw_array(b, (size_t)p->n_rows + 1, sizeof *p->child_first);
    p->depth = builder_raw_array(b, p->n_rows, sizeof *p->depth);
    p->by_pre = builder_raw_array(b, p->n_rows, sizeof *p->by_pre);
    w->kids = p->by_pre; /* filled later */
    w->node = builder_raw_array(b, w->n, sizeof *w->node);
    if (builder_ok(b))
        gather_children(w);
    if (builder_ok(b))
        order_rows(w);
}

static void rank_rows(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    p->parent = builder_raw_array(b, p->n_rows, sizeof *p->parent);
    p->pre = builder_raw_array(b, p->n_rows, sizeof *p->pre);
    p->pre_end = builder_raw_array(b, p->n_rows, sizeof *p->pre_end);
    if (!builder_ok(b))
        return;
    p->parent[0] = PAGU_NO_ROW;
    p->pre[0] = 0;
    uint32_t *size = p->pre_end; /* rows of the subtree, until the ends are known */
    for (uint32_t r = p->n_rows; r-- > 0;) {
        size[r] = 1;
        for (uint32_t c = p->child_first[r]; c < p->child_first[r + 1]; c++) {
            p->parent[c] = r;
            size[r] += size[c];
        }
    }
    for (uint32_t r = 0; r < p->n_rows; r++) {
        uint32_t next = p->pre[r] + 1;
        for (uint32_t c = p->child_first[r]; c < p->child_first[r + 1]; c++) {
            p->pre[c] = next;
            next += size[c];
        }
        p->by_pre[p->pre[r]] = r;
        p->pre_end[r] += p->pre[r];
    }
}

/* ---- what stands by row ---- */

/* Level of a code by its number of segments, where just one level of the main tree has that length. */
typedef struct level_by_length {
    uint16_t level[LONGEST_LEVEL + 1];
    bool any;
} level_by_length;

static level_by_length index_lengths(const pagu_plan *p)
{
    level_by_length by = { .any = false };
    uint8_t count[LONGEST_LEVEL + 1] = { 0 };
    for (int i = 0; i <= LONGEST_LEVEL; i++)
        by.level[i] = PAGU_NONE;
    for (uint32_t l = 0; l < p->n_levels; l++) {
        int length = p->levels[l].length;
        if (length > 0 && length <= LONGEST_LEVEL && count[length] < 2)
            by.level[length] = ++count[length] == 1 ? (uint16_t)l : PAGU_NONE;
        by.any |= length > 0;
    }
    return by;
}

static uint16_t implied_level(const pagu_builder *b, const node_rec *r, const level_by_length *by)
{
    const pagu_plan *p = b->plan;
    if (r->flags & NODE_ROOT && r->mount == 0)
        return p->n_levels && p->levels[0].rank == 0 ? 0 : PAGU_NONE;
    if (r->flags & (NODE_OWN | NODE_ROOT) || r->code == 0 || !by->any)
        return PAGU_NONE;
    uint32_t length = 1;
    for (const char *c = builder_str(b, r->code); *c; c++) {
        if (*c == '#')
            return PAGU_NONE;
        length += *c == p->separator;
    }
    return length <= LONGEST_LEVEL ? by->level[length] : PAGU_NONE;
}

static uint16_t level_of(pagu_builder *b, const node_rec *r, const level_by_length *by)
{
    if (r->level == 0)
        return implied_level(b, r, by);
    uint32_t found = map_get(&b->level_map, pair_key(b->main_tree, r->level));
    if (found != NO_INDEX)
        return (uint16_t)found;
    nearest n;
    const char *key = builder_str(b, r->key), *id = builder_str(b, r->level);
    nearest_init(&n, id);
    for (uint32_t l = 0; l < b->plan->n_levels; l++)
        nearest_offer(&n, builder_str(b, b->plan->levels[l].id));
    builder_fault(b, FAULT(r, "unknown-level", "level", key, id), "unknown level \"%s\" of \"%s\"%s", id, key,
                  builder_suggest(b, &n).s);
    return PAGU_NONE;
}

static bool set_texts(tree_work *w)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    p->key = builder_raw_array(b, p->n_rows, sizeof *p->key);
    p->code = builder_raw_array(b, p->n_rows, sizeof *p->code);
    p->name = builder_raw_array(b, p->n_rows, sizeof *p->name);
    p->level = builder_raw_array(b, p->n_rows, sizeof *p->level);
    p->flags = builder_raw_array(b, p->n_rows, sizeof *p->flags);
    if (!builder_ok(b))
        return false;
    level_by_length by = index_lengths(p);
    bool has_signs = false;
    for (uint32_t r = 0; r < p->n_rows; r++) {
        const node_rec *node = &b->nodes[w->node[r]];
        p->key[r] = node->key;
        p->code[r] = node->code;
        p->name[r] = node->name;
        p->level[r] = level_of(b, node, &by);
        p->flags[r] =
            (uint8_t)((node->flags & NODE_OWN ? ROW_OWN_LINE : 0) | (node->flags & NODE_NO_CODE ? ROW_NO_CODE : 0));
        has_signs |= r > 0 && node->sign != 1;
    }
    return has_signs;
}

static void set_signs(tree_work *w)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    p->sign = builder_array(b, p->n_rows, sizeof *p->sign);
    p->level_signed = builder_array(b, p->n_depths, sizeof *p->level_signed);
    if (!builder_ok(b))
        return;
    p->sign[0] = 1;
    for (uint32_t r = 1; r < p->n_rows; r++) {
        p->sign[r] = b->nodes[w->node[r]].sign;
        p->level_signed[p->depth[r] - 1] |= p->sign[r] != 1;
    }
}

static bool key_is_code(const node_rec *r)
{
    return r->flags & NODE_NO_CODE || (r->mount == 0 && !(r->flags & NODE_CODE_DIFFERS));
}

/* Codes that are not keys already; a chain lists the rows of one code in ascending order. */
static void index_codes_of_rows(tree_work *w)
{
    pagu_builder *b = w->b;
    pagu_plan *p = b->plan;
    uint32_t n = 0, n_slots = 16;
    for (uint32_t r = 0; r < p->n_rows; r++)
        n += !key_is_code(&b->nodes[w->node[r]]);
    if (n == 0)
        return;
    while (n_slots < n * 2)
        n_slots *= 2;
    p->code_slots = builder_array(b, n_slots, sizeof *p->code_slots);
    p->n_code_slots = p->code_slots ? n_slots : 0;
    p->code_next = builder_array(b, p->n_rows, sizeof *p->code_next);
    for (uint32_t r = p->n_rows; builder_ok(b) && r-- > 0;) {
        const char *code = builder_str(b, p->code[r]);
        size_t len = builder_len(b, p->code[r]);
        if (key_is_code(&b->nodes[w->node[r]]))
            continue;
        uint32_t at = code_hash(code, len, p->separator) & (n_slots - 1);
        for (; p->code_slots[at]; at = (at + 1) & (n_slots - 1)) {
            symbol other = p->code[p->code_slots[at] - 1];
            if (code_same(builder_str(b, other), builder_len(b, other), code, len, p->separator))
                break;
        }
        p->code_next[r] = p->code_slots[at];
        p->code_slots[at] = r + 1;
    }
}

void lay_out(pagu_builder *b)
{
    tree_work w = { .b = b };
    pagu_plan *p = b->plan;
    order_tree(&w);
    if (builder_ok(b))
        rank_rows(b);
    if (builder_ok(b) && set_texts(&w))
        set_signs(&w);
    if (builder_ok(b))
        index_codes_of_rows(&w);
    p->shape = (struct rollup_shape){ .child_first = p->child_first,
                                      .level_first = p->level_first,
                                      .n_levels = p->n_depths,
                                      .n_rows = p->n_rows,
                                      .sign = p->sign,
                                      .level_signed = p->level_signed };
    RELEASE(b, w.node, w.n);
    RELEASE(b, w.scratch, w.n_scratch);
}

/* ---- the end ---- */

/* The index of nodes becomes the plan's, when no more rows have to be found by it. */
void give_key_index(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    for (uint32_t i = 0; i < b->n_node_slots; i++)
        if (b->node_slots[i])
            b->node_slots[i] = b->row_of[b->node_slots[i] - 1] + 1;
    p->key_slots = b->node_slots;
    p->n_key_slots = b->n_node_slots;
    b->node_slots = NULL;
    b->n_node_slots = 0;
}
