/* builder_parents.c - the parent of every node, and how deep it lies.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

enum { DEEPEST_ROW = 250 }; /* depths are bytes */

/* Nodes of a mount whose code is this prefix; the second one found, if any, goes to *other. */
static uint32_t node_of_code(pagu_builder *b, uint16_t mount, const char *code, size_t len, uint32_t *other)
{
    char key[2 * KEY_MAX_LEN + 4];
    const char *prefix = builder_str(b, b->mounts[mount].prefix);
    size_t at = strlen(prefix), key_len = len;
    memcpy(key, prefix, at);
    if (at)
        key[at++] = '/';
    memcpy(key + at, code, len);
    key_len += at;
    char separator = b->plan->separator;
    uint32_t found = lookup_node(b, key, key_len, code_hash(key, key_len, separator));
    if (found != NO_INDEX &&
        (b->nodes[found].flags & (NODE_CODE_DIFFERS | NODE_NO_CODE | NODE_OWN) || b->nodes[found].mount != mount))
        found = NO_INDEX;
    *other = NO_INDEX;
    if (!b->has_own_codes)
        return found;
    uint32_t hash = code_hash(code, len, separator);
    for (uint32_t i = b->code_slots[hash & (b->n_code_slots - 1)]; i; i = b->code_chain[i - 1]) {
        const node_rec *r = &b->nodes[i - 1];
        if (r->mount != mount || r->flags & NODE_OWN ||
            !code_same(builder_str(b, r->code), builder_len(b, r->code), code, len, separator))
            continue;
        if (found != NO_INDEX)
            *other = found;
        found = i - 1;
    }
    return found;
}

static uint32_t parent_by_prefix(pagu_builder *b, const node_rec *r)
{
    const char *code = builder_str(b, r->code);
    size_t len = builder_len(b, r->code);
    uint32_t other;
    while ((len = code_above(code, len, b->plan->separator)) > 0) {
        uint32_t found = node_of_code(b, r->mount, code, len, &other);
        if (found == NO_INDEX)
            continue;
        if (other != NO_INDEX)
            builder_fault(b, FAULT(r, "ambiguous-parent", "parent", builder_str(b, r->key), builder_str(b, r->code)),
                          "\"%s\" and \"%s\" could both bear \"%s\": name its parent",
                          builder_str(b, b->nodes[other].key), builder_str(b, b->nodes[found].key),
                          builder_str(b, r->key));
        return found;
    }
    return b->mounts[r->mount].root;
}

/* Rows mostly come in tree order: then the parent is the row before or one of its ancestors,
 * and one comparison of text finds it. Sound only while a code names one node. */
static uint32_t parent_near(const pagu_builder *b, const node_rec *r, uint32_t before)
{
    const char *code = builder_str(b, r->code);
    size_t len = code_above(code, builder_len(b, r->code), b->plan->separator);
    if (len == 0 || b->has_own_codes || b->nodes[before].flags & (NODE_DROPPED | NODE_OWN))
        return NO_INDEX;
    for (; before != NO_INDEX; before = b->node_parent[before]) {
        const node_rec *a = &b->nodes[before];
        if (builder_len(b, a->code) == len && a->mount == r->mount && memcmp(builder_str(b, a->code), code, len) == 0)
            return before;
        if (builder_len(b, a->code) < len)
            return NO_INDEX;
    }
    return NO_INDEX;
}

static void check_code_inside(pagu_builder *b, const node_rec *r, uint32_t parent)
{
    const node_rec *p = &b->nodes[parent];
    if (!p->code || !r->code || p->mount != r->mount)
        return;
    const char *code = builder_str(b, r->code), *outer = builder_str(b, p->code);
    size_t len = builder_len(b, r->code), outer_len = builder_len(b, p->code);
    while ((len = code_above(code, len, b->plan->separator)) > 0)
        if (code_same(code, len, outer, outer_len, b->plan->separator))
            return;
    fault *f = FAULT(r, "code-outside-parent", "parent", builder_str(b, r->key), code);
    f->severity = PAGU_WARNING;
    builder_fault(b, f, "code %s lies outside its parent's, %s", code, outer);
}

static uint32_t explicit_parent(pagu_builder *b, const node_rec *r)
{
    uint32_t parent = find_node(b, r->parent, NULL);
    const char *key = builder_str(b, r->key), *named = builder_str(b, r->parent);
    if (parent == NO_INDEX) {
        builder_fault(b, FAULT(r, "orphan", "parent", key, named), "parent \"%s\" of \"%s\" is no node%s", named, key,
                      suggest_node(b, r->parent).s);
        return b->root;
    }
    if (b->nodes[parent].flags & NODE_OWN) {
        builder_fault(b, FAULT(r, "own-line", "parent", key, named), "\"%s\" is an own line and can't have children",
                      named);
        return b->root;
    }
    check_code_inside(b, r, parent);
    return parent;
}

/* An own line belongs to the node it is named after. */
static uint32_t own_line_parent(pagu_builder *b, node_rec *r)
{
    uint32_t base = NO_INDEX;
    const char *key = builder_str(b, r->key);
    size_t len = builder_len(b, r->key);
    base = lookup_node(b, key, len - 1, code_hash(key, len - 1, b->plan->separator));
    bool own = base != NO_INDEX && b->nodes[base].flags & NODE_OWN;
    if (base == NO_INDEX || own || (r->parent && find_node(b, r->parent, NULL) != base)) {
        builder_fault(b, FAULT(r, "own-line", "node", key, key), "\"%s\" is no own line of a node that is there", key);
        return b->root;
    }
    if (b->nodes[base].flags & NODE_NO_CODE) {
        r->flags |= NODE_NO_CODE;
        r->code = 0;
    }
    return base;
}

static uint32_t mount_root_parent(pagu_builder *b, const node_rec *r)
{
    const mount_rec *m = &b->mounts[r->mount];
    uint32_t under = find_node(b, m->under, NULL);
    const char *as = builder_str(b, m->prefix), *key = builder_str(b, m->under);
    if (under != NO_INDEX && b->nodes[under].mount != r->mount)
        return under;
    builder_fault(b, FAULT(r, "orphan", "parent", as, key),
                  "mount \"%s\" is put under \"%s\", which is no node of the package", as, key);
    return b->root;
}

static uint32_t parent_of(pagu_builder *b, uint32_t node)
{
    node_rec *r = &b->nodes[node];
    if (node == b->root || r->flags & NODE_DROPPED) {
        if (node == b->root && r->parent)
            builder_fault(b, FAULT(r, "root", "parent", "/", builder_str(b, r->parent)),
                          "the root can't have a parent");
        return NO_INDEX;
    }
    if (r->flags & NODE_ROOT)
        return mount_root_parent(b, r);
    if (r->flags & NODE_OWN)
        return own_line_parent(b, r);
    if (r->parent)
        return explicit_parent(b, r);
    if (r->flags & NODE_NO_CODE)
        return b->mounts[r->mount].root;
    uint32_t near = node ? parent_near(b, r, node - 1) : NO_INDEX;
    return near != NO_INDEX ? near : parent_by_prefix(b, r);
}

static void cut_node(pagu_builder *b, uint32_t node, uint32_t *parent, bool cycle)
{
    const node_rec *r = &b->nodes[node];
    const char *key = builder_str(b, r->key);
    if (cycle)
        builder_fault(b, FAULT(r, "cycle", "parent", key, builder_str(b, r->parent)), "node \"%s\" is its own ancestor",
                      key);
    else
        builder_fault(b, FAULT(r, "limit", "parent", key, NULL), "node \"%s\" lies deeper than %d levels", key,
                      DEEPEST_ROW);
    parent[node] = b->root;
}

void find_parents(pagu_builder *b)
{
    memset(b->node_parent, 0xFF, b->n_nodes * sizeof *b->node_parent); /* NO_INDEX */
    for (uint32_t i = 0; i < b->n_nodes && builder_ok(b); i++)
        b->node_parent[i] = parent_of(b, i);
    uint32_t *depth = b->n_children; /* not counted yet */
    memset(depth, 0, b->n_nodes * sizeof *depth);
    if (builder_ok(b))
        b->deepest = find_depths(b, b->node_parent, depth, b->n_nodes, DEEPEST_ROW, cut_node);
    memset(b->n_children, 0, b->n_nodes * sizeof *b->n_children);
    for (uint32_t i = 0; builder_ok(b) && i < b->n_nodes; i++)
        if (b->node_parent[i] != NO_INDEX)
            b->n_children[b->node_parent[i]]++;
}

uint32_t find_depths(pagu_builder *b, uint32_t *parent, uint32_t *depth, uint32_t n, uint32_t deepest,
                     void (*cut)(pagu_builder *b, uint32_t index, uint32_t *parent, bool cycle))
{
    const uint32_t visiting = UINT32_MAX;
    uint32_t most = 0;
    for (uint32_t i = 0; i < n && builder_ok(b); i++) {
        uint32_t at = i, steps = 0;
        for (; at != NO_INDEX && depth[at] == 0; at = parent[at], steps++)
            depth[at] = visiting;
        bool cycle = at != NO_INDEX && depth[at] == visiting;
        uint32_t d = cycle || at == NO_INDEX ? steps : depth[at] + steps;
        most = !cycle && d > most ? d : most;
        for (uint32_t walk = i; steps > 0; walk = parent[walk], steps--, d--) {
            if (!cycle && d > deepest + 1) {
                cut(b, walk, parent, false);
                b->failed = PAGU_LIMIT;
                return most;
            }
            depth[walk] = cycle ? 0 : d;
        }
        if (cycle) {
            cut(b, at, parent, true);
            i--; /* again, now that the cycle is open */
        }
    }
    return most;
}
