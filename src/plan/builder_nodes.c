/* builder_nodes.c - keys of nodes, their parents, own lines.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

enum { DEEPEST_ROW = 250, SUGGESTING_NODES = 5000, AHEAD = 16 };
enum { LONGEST_ID = KEY_MAX_LEN - 1 }; /* an own line's is one longer */

/* ---- the index of keys ---- */

static bool node_has_key(const pagu_builder *b, uint32_t node, const char *key, size_t len)
{
    symbol s = b->nodes[node].key;
    return code_same(builder_str(b, s), builder_len(b, s), key, len, b->plan->separator);
}

static uint32_t lookup_node(const pagu_builder *b, const char *key, size_t len, uint32_t hash)
{
    if (b->n_node_slots == 0)
        return NO_INDEX;
    for (uint32_t at = hash & (b->n_node_slots - 1); b->node_slots[at]; at = (at + 1) & (b->n_node_slots - 1)) {
        uint32_t node = b->node_slots[at] - 1;
        if (b->node_hash[node] == hash && node_has_key(b, node, key, len))
            return node;
    }
    return NO_INDEX;
}

static void place_node(pagu_builder *b, uint32_t node)
{
    uint32_t at = b->node_hash[node] & (b->n_node_slots - 1);
    while (b->node_slots[at])
        at = (at + 1) & (b->n_node_slots - 1);
    b->node_slots[at] = node + 1;
    b->n_indexed++;
}

static uint32_t power_of_two(uint32_t least)
{
    uint32_t n = 16;
    while (n < least)
        n *= 2;
    return n;
}

static bool widen_index(pagu_builder *b, uint32_t n)
{
    uint32_t n_slots = power_of_two(n * 2);
    if (n_slots <= b->n_node_slots)
        return true;
    uint32_t *slots = builder_array(b, n_slots, sizeof *slots);
    if (!slots)
        return false;
    uint32_t *old = b->node_slots, n_old = b->n_node_slots;
    b->node_slots = slots;
    b->n_node_slots = n_slots;
    b->n_indexed = 0;
    for (uint32_t i = 0; i < n_old; i++)
        if (old[i])
            place_node(b, old[i] - 1);
    RELEASE(b, old, n_old);
    return true;
}

/* The arrays beside nodes. */
static bool reserve_nodes(pagu_builder *b, uint32_t n)
{
    uint32_t **arrays[] = { &b->node_parent, &b->node_hash, &b->n_children, &b->row_of };
    uint32_t cap = b->cap_parents;
    if (n <= cap)
        return true;
    uint32_t *grown[COUNT_OF(arrays)];
    uint32_t wanted = cap ? n + n / 4 : n;
    for (size_t i = 0; i < COUNT_OF(arrays); i++)
        grown[i] = builder_array(b, wanted, sizeof **grown);
    if (!builder_ok(b)) {
        for (size_t i = 0; i < COUNT_OF(arrays); i++)
            RELEASE(b, grown[i], wanted);
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(arrays); i++) {
        if (cap)
            memcpy(grown[i], *arrays[i], cap * sizeof **grown);
        RELEASE(b, *arrays[i], cap);
        *arrays[i] = grown[i];
    }
    b->cap_parents = wanted;
    return true;
}

static bool node_is_valid(pagu_builder *b, node_rec *r)
{
    const char *key = builder_str(b, r->key);
    if (r->key == 0) {
        builder_fault(b, FAULT(r, "empty-key", "node", NULL, NULL), "a node needs an id");
        return false;
    }
    if (builder_len(b, r->key) > LONGEST_ID || builder_len(b, r->code) > LONGEST_ID) {
        builder_fault(b, FAULT(r, "limit", "node", NULL, key), "a key has at most %d bytes", LONGEST_ID);
        return false;
    }
    if (r->sign == 2) {
        builder_fault(b, FAULT(r, "sign", "sign", key, NULL), "sign of \"%s\" must be +, - or 0", key);
        r->sign = 1;
    }
    return true;
}

static void report_duplicate(pagu_builder *b, const node_rec *r, uint32_t first)
{
    const char *key = builder_str(b, r->key);
    const node_rec *f = &b->nodes[first];
    builder_fault(b, FAULT(r, "duplicate", "node", key, key), "node \"%s\" is given twice, first at %s", key,
                  builder_place(b, f->file, f->line).s);
}

static void hash_nodes(pagu_builder *b)
{
    for (uint32_t i = 0; i < b->n_nodes; i++) {
        node_rec *r = &b->nodes[i];
        if (!node_is_valid(b, r)) {
            r->flags |= NODE_DROPPED;
            continue;
        }
        b->node_hash[i] = code_hash(builder_str(b, r->key), builder_len(b, r->key), b->plan->separator);
        b->has_own_codes |= (r->flags & NODE_CODE_DIFFERS) != 0;
    }
}

static void add_root(pagu_builder *b)
{
    builder_fault(b, &(fault){ .rule = "root", .severity = PAGU_ERROR, .key = "/" },
                  "the package has no root: a node with the id \".\"");
    node_rec *r = PUSH(b, nodes);
    if (!r || !reserve_nodes(b, b->n_nodes))
        return;
    *r = (node_rec){ .key = b->root_key, .sign = 1, .flags = NODE_ROOT | NODE_NO_CODE };
    b->root = b->n_nodes - 1;
    b->node_hash[b->root] = code_hash("/", 1, b->plan->separator);
    place_node(b, b->root);
}

static void find_roots(pagu_builder *b)
{
    for (uint32_t m = 0; m < b->n_mounts; m++)
        b->mounts[m].root = find_node(b, m ? b->mounts[m].prefix : b->root_key, NULL);
    b->root = b->mounts[0].root;
    if (b->root == NO_INDEX)
        add_root(b);
    b->mounts[0].root = b->root;
    for (uint32_t m = 1; m < b->n_mounts; m++) {
        uint32_t root = b->mounts[m].root;
        if (root != NO_INDEX && b->nodes[root].mount == m)
            continue;
        const char *as = builder_str(b, b->mounts[m].prefix);
        b->mounts[m].root = b->root;
        if (root == NO_INDEX)
            builder_fault(b, &(fault){ .rule = "root", .severity = PAGU_ERROR, .key = as },
                          "mount \"%s\" has no root: a node with the id \".\"", as);
        else
            builder_fault(b, FAULT(&b->nodes[root], "duplicate", "node", as, NULL),
                          "\"%s\" is a node of the package and a mount", as);
    }
}

static void index_codes(pagu_builder *b)
{
    if (!b->has_own_codes)
        return;
    b->n_code_slots = power_of_two(b->n_nodes * 2);
    b->n_code_chain = b->n_nodes;
    b->code_slots = builder_array(b, b->n_code_slots, sizeof *b->code_slots);
    b->code_chain = builder_array(b, b->n_code_chain, sizeof *b->code_chain);
    for (uint32_t i = 0; builder_ok(b) && i < b->n_nodes; i++) {
        const node_rec *r = &b->nodes[i];
        if (!(r->flags & NODE_CODE_DIFFERS) || (r->flags & NODE_DROPPED))
            continue;
        uint32_t hash = code_hash(builder_str(b, r->code), builder_len(b, r->code), b->plan->separator);
        uint32_t *slot = &b->code_slots[hash & (b->n_code_slots - 1)];
        b->code_chain[i] = *slot;
        *slot = i + 1;
    }
}

void index_nodes(pagu_builder *b)
{
    if (!reserve_nodes(b, b->n_nodes + 1) || !widen_index(b, b->n_nodes + 1))
        return;
    if (builder_grow(b, &b->node_of, &b->cap_node_of, b->plan->symbols.n, sizeof *b->node_of)) {
        memset(b->node_of, 0xFF, b->cap_node_of * sizeof *b->node_of);
        b->n_node_of = b->plan->symbols.n;
    }
    hash_nodes(b);
    uint32_t mask = b->n_node_slots - 1;
    for (uint32_t i = 0; builder_ok(b) && i < b->n_nodes; i++) {
        node_rec *r = &b->nodes[i];
        if (i + AHEAD < b->n_nodes)
            __builtin_prefetch(&b->node_slots[b->node_hash[i + AHEAD] & mask]);
        if (r->flags & NODE_DROPPED)
            continue;
        uint32_t first = lookup_node(b, builder_str(b, r->key), builder_len(b, r->key), b->node_hash[i]);
        if (first != NO_INDEX) {
            report_duplicate(b, r, first);
            r->flags |= NODE_DROPPED;
            continue;
        }
        place_node(b, i);
        b->node_of[r->key] = i;
    }
    if (builder_ok(b))
        find_roots(b);
    if (builder_ok(b))
        index_codes(b);
}

uint32_t find_node(pagu_builder *b, symbol key, uint32_t *own_base)
{
    if (key < b->n_node_of && b->node_of[key] != NO_INDEX)
        return b->node_of[key];
    const char *text = builder_str(b, key);
    size_t len = builder_len(b, key);
    if (len == 0 || len > KEY_MAX_LEN)
        return NO_INDEX;
    uint32_t found = lookup_node(b, text, len, code_hash(text, len, b->plan->separator));
    if (found != NO_INDEX && key < b->n_node_of)
        b->node_of[key] = found;
    if (found == NO_INDEX && own_base && text[len - 1] == '#')
        *own_base = lookup_node(b, text, len - 1, code_hash(text, len - 1, b->plan->separator));
    return found;
}

void unknown_node(pagu_builder *b, const fault *at, symbol key)
{
    nearest n;
    fault f = *at;
    f.rule = "unknown-node";
    f.value = builder_str(b, key);
    nearest_init(&n, f.value);
    if (b->n_nodes <= SUGGESTING_NODES && b->n_faults < 100)
        for (uint32_t i = 0; i < b->n_nodes; i++)
            nearest_offer(&n, builder_str(b, b->nodes[i].key));
    builder_fault(b, &f, "no node \"%s\"%s", f.value, builder_suggest(b, &n).s);
}

/* ---- parents ---- */

/* Length of the code's text before its last mark; 0 when it has one segment. */
static size_t cut_segment(const char *code, size_t len, char separator)
{
    while (len > 0 && code[len - 1] != separator && code[len - 1] != '/' && code[len - 1] != '#')
        len--;
    return len ? len - 1 : 0;
}

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
    if (found != NO_INDEX && (b->nodes[found].flags & (NODE_CODE_DIFFERS | NODE_NO_CODE | NODE_OWN) || b->nodes[found].mount != mount))
        found = NO_INDEX;
    *other = NO_INDEX;
    if (!b->has_own_codes)
        return found;
    uint32_t hash = code_hash(code, len, separator);
    for (uint32_t i = b->code_slots[hash & (b->n_code_slots - 1)]; i; i = b->code_chain[i - 1]) {
        const node_rec *r = &b->nodes[i - 1];
        if (r->mount != mount || r->flags & NODE_OWN || !code_same(builder_str(b, r->code), builder_len(b, r->code), code, len, separator))
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
    while ((len = cut_segment(code, len, b->plan->separator)) > 0) {
        uint32_t found = node_of_code(b, r->mount, code, len, &other);
        if (found == NO_INDEX)
            continue;
        if (other != NO_INDEX)
            builder_fault(b, FAULT(r, "ambiguous-parent", "parent", builder_str(b, r->key), builder_str(b, r->code)),
                          "\"%s\" and \"%s\" could both bear \"%s\": name its parent", builder_str(b, b->nodes[other].key),
                          builder_str(b, b->nodes[found].key), builder_str(b, r->key));
        return found;
    }
    return b->mounts[r->mount].root;
}

/* Rows mostly come in tree order: then the parent is the row before or one of its ancestors,
 * and one comparison of text finds it. Sound only while a code names one node. */
static uint32_t parent_near(const pagu_builder *b, const node_rec *r, uint32_t before)
{
    const char *code = builder_str(b, r->code);
    size_t len = cut_segment(code, builder_len(b, r->code), b->plan->separator);
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
    while ((len = cut_segment(code, len, b->plan->separator)) > 0)
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
        nearest n;
        nearest_init(&n, named);
        for (uint32_t i = 0; b->n_nodes <= SUGGESTING_NODES && b->n_faults < 100 && i < b->n_nodes; i++)
            nearest_offer(&n, builder_str(b, b->nodes[i].key));
        builder_fault(b, FAULT(r, "orphan", "parent", key, named), "parent \"%s\" of \"%s\" is no node%s", named, key,
                      builder_suggest(b, &n).s);
        return b->root;
    }
    if (b->nodes[parent].flags & NODE_OWN) {
        builder_fault(b, FAULT(r, "own-line", "parent", key, named), "\"%s\" is an own line and can't have children", named);
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
    builder_fault(b, FAULT(r, "orphan", "parent", as, key), "mount \"%s\" is put under \"%s\", which is no node of the package",
                  as, key);
    return b->root;
}

static uint32_t parent_of(pagu_builder *b, uint32_t node)
{
    node_rec *r = &b->nodes[node];
    if (node == b->root || r->flags & NODE_DROPPED) {
        if (node == b->root && r->parent)
            builder_fault(b, FAULT(r, "root", "parent", "/", builder_str(b, r->parent)), "the root can't have a parent");
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
        builder_fault(b, FAULT(r, "cycle", "parent", key, builder_str(b, r->parent)), "node \"%s\" is its own ancestor", key);
    else
        builder_fault(b, FAULT(r, "limit", "parent", key, NULL), "node \"%s\" lies deeper than %d levels", key, DEEPEST_ROW);
    parent[node] = b->root;
}

void find_parents(pagu_builder *b)
{
    for (uint32_t i = 0; i < b->n_nodes; i++)
        b->node_parent[i] = NO_INDEX;
    for (uint32_t i = 0; i < b->n_nodes && builder_ok(b); i++)
        b->node_parent[i] = parent_of(b, i);
    uint32_t *depth = builder_array(b, b->n_nodes, sizeof *depth);
    if (depth)
        find_depths(b, b->node_parent, depth, b->n_nodes, DEEPEST_ROW, cut_node);
    RELEASE(b, depth, b->n_nodes);
    for (uint32_t i = 0; builder_ok(b) && i < b->n_nodes; i++)
        if (b->node_parent[i] != NO_INDEX)
            b->n_children[b->node_parent[i]]++;
}

void find_depths(pagu_builder *b, uint32_t *parent, uint32_t *depth, uint32_t n, uint32_t deepest,
                 void (*cut)(pagu_builder *b, uint32_t index, uint32_t *parent, bool cycle))
{
    const uint32_t visiting = UINT32_MAX;
    for (uint32_t i = 0; i < n && builder_ok(b); i++) {
        uint32_t at = i, steps = 0;
        for (; at != NO_INDEX && depth[at] == 0; at = parent[at], steps++)
            depth[at] = visiting;
        bool cycle = at != NO_INDEX && depth[at] == visiting;
        uint32_t d = cycle || at == NO_INDEX ? steps : depth[at] + steps;
        for (uint32_t walk = i; steps > 0; walk = parent[walk], steps--, d--) {
            if (!cycle && d > deepest + 1) {
                cut(b, walk, parent, false);
                b->failed = PAGU_LIMIT;
                return;
            }
            depth[walk] = cycle ? 0 : d;
        }
        if (cycle) {
            cut(b, at, parent, true);
            i--; /* again, now that the cycle is open */
        }
    }
}

/* ---- own lines ---- */

uint32_t own_line_of(pagu_builder *b, uint32_t node)
{
    char key[KEY_MAX_LEN + 3];
    const node_rec *base = &b->nodes[node];
    size_t len = builder_len(b, base->key);
    memcpy(key, builder_str(b, base->key), len);
    key[len++] = '#';
    key[len] = '\0';
    uint32_t hash = code_hash(key, len, b->plan->separator);
    uint32_t found = lookup_node(b, key, len, hash);
    if (found != NO_INDEX || !reserve_nodes(b, b->n_nodes + 1) || !widen_index(b, b->n_indexed + 1))
        return found;
    node_rec own = { .key = builder_intern(b, key), .name = builder_intern(b, tr(b->ctx, "not itemised")),
                     .line = base->line, .file = base->file, .mount = base->mount, .sign = 1,
                     .flags = (uint8_t)(NODE_OWN | (base->flags & (NODE_NO_CODE | NODE_CODE_DIFFERS))) };
    if (base->code) {
        len = builder_len(b, base->code);
        memcpy(key, builder_str(b, base->code), len);
        memcpy(key + len, "#", 2);
        own.code = builder_intern(b, key);
    }
    node_rec *r = PUSH(b, nodes);
    if (!r)
        return NO_INDEX;
    *r = own;
    uint32_t added = b->n_nodes - 1;
    b->node_hash[added] = hash;
    b->node_parent[added] = node;
    b->n_children[added] = 0;
    b->n_children[node]++;
    place_node(b, added);
    return added;
}
