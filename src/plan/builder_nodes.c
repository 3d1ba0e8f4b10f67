/* builder_nodes.c - the index of keys, the roots of packages, own lines.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

enum { AHEAD = 16 }; /* slots are fetched while earlier keys are compared */
/* A search for every fault of a large, broken package would take longer than the load. */
enum { SUGGESTING_NODES = 5000, SUGGESTING_FAULTS = 100 };
enum { LONGEST_ID = KEY_MAX_LEN - 1 }; /* an own line's is one longer */

/* ---- the index of keys ---- */

static bool node_has_key(const pagu_builder *b, uint32_t node, const char *key, size_t len)
{
    symbol s = b->nodes[node].key;
    return code_same(builder_str(b, s), builder_len(b, s), key, len, b->plan->separator);
}

/* The slot of a key: where its node is, or where it would stand. */
static uint32_t probe(const pagu_builder *b, const char *key, size_t len, uint32_t hash)
{
    uint32_t mask = b->n_node_slots - 1, at = hash & mask;
    for (; b->node_slots[at]; at = (at + 1) & mask) {
        uint32_t node = b->node_slots[at] - 1;
        if (b->node_hash[node] == hash && node_has_key(b, node, key, len))
            break;
    }
    return at;
}

uint32_t lookup_node(const pagu_builder *b, const char *key, size_t len, uint32_t hash)
{
    return b->n_node_slots ? b->node_slots[probe(b, key, len, hash)] - 1 : NO_INDEX;
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
    uint32_t n_slots = power_of_two(n + n / 2);
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
        grown[i] = builder_raw_array(b, wanted, sizeof **grown);
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

/* Keys in tree order share all but their last segments: those of the key before are not
 * normalised again. */
typedef struct key_normaliser {
    char separator;
    const char *key; /* the key before */
    size_t len;
    uint8_t ends[KEY_MAX_LEN + 1]; /* normal length up to a mark, by its place; 0: no mark there */
    char normal[KEY_MAX_LEN + 2];
} key_normaliser;

static inline bool is_mark(const key_normaliser *k, char c)
{
    return c == k->separator || c == '/' || c == '#';
}

static uint32_t next_hash(key_normaliser *k, const char *key, size_t len)
{
    size_t same = 0, least = len < k->len ? len : k->len;
    while (same < least && key[same] == k->key[same])
        same++;
    while (same > 0 && !is_mark(k, key[same - 1]))
        same--;
    size_t n = same ? k->ends[same - 1] : 0;
    for (size_t from = same; from < len; from++) {
        size_t to = from;
        while (to < len && !is_mark(k, key[to]))
            to++;
        n += code_normalise(key + from, to - from, k->separator, k->normal + n, sizeof k->normal - n);
        if (to < len) {
            k->normal[n++] = key[to];
            k->ends[to] = (uint8_t)n;
        }
        from = to;
    }
    k->key = key;
    k->len = len;
    return (uint32_t)hash_bytes(k->normal, n);
}

static void hash_nodes(pagu_builder *b)
{
    key_normaliser k = { .separator = b->plan->separator, .key = "" };
    for (uint32_t i = 0; i < b->n_nodes; i++) {
        node_rec *r = &b->nodes[i];
        if (!node_is_valid(b, r)) {
            r->flags |= NODE_DROPPED;
            continue;
        }
        b->node_hash[i] = next_hash(&k, builder_str(b, r->key), builder_len(b, r->key));
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

static void index_keys(pagu_builder *b)
{
    uint32_t mask = b->n_node_slots - 1;
    for (uint32_t i = 0; i < b->n_nodes; i++) {
        node_rec *r = &b->nodes[i];
        if (i + AHEAD < b->n_nodes)
            __builtin_prefetch(&b->node_slots[b->node_hash[i + AHEAD] & mask]);
        if (r->flags & NODE_DROPPED)
            continue;
        uint32_t *slot = &b->node_slots[probe(b, builder_str(b, r->key), builder_len(b, r->key), b->node_hash[i])];
        if (*slot) {
            report_duplicate(b, r, *slot - 1);
            r->flags |= NODE_DROPPED;
            continue;
        }
        *slot = i + 1;
        b->n_indexed++;
    }
}

void index_nodes(pagu_builder *b)
{
    if (!reserve_nodes(b, b->n_nodes + 1) || !widen_index(b, b->n_nodes + 1))
        return;
    hash_nodes(b);
    index_keys(b);
    if (builder_ok(b))
        find_roots(b);
    if (builder_ok(b))
        index_codes(b);
}

static void remember_node(pagu_builder *b, symbol key, uint32_t node)
{
    if (!b->node_of) {
        b->node_of = builder_raw_array(b, b->plan->symbols.n, sizeof *b->node_of);
        b->n_node_of = b->node_of ? b->plan->symbols.n : 0;
        if (b->node_of)
            memset(b->node_of, 0xFF, b->n_node_of * sizeof *b->node_of);
    }
    if (key < b->n_node_of)
        b->node_of[key] = node;
}

uint32_t find_node(pagu_builder *b, node_ref ref, uint32_t *own_base)
{
    uint32_t near = ref & NODE_AT ? ref & ~NODE_AT : NO_INDEX;
    if (near != NO_INDEX && !(b->nodes[near].flags & NODE_DROPPED))
        return near;
    symbol key = near != NO_INDEX ? b->nodes[near].key : ref;
    if (key < b->n_node_of && b->node_of[key] != NO_INDEX)
        return b->node_of[key];
    const char *text = builder_str(b, key);
    size_t len = builder_len(b, key);
    if (len == 0 || len > KEY_MAX_LEN)
        return NO_INDEX;
    uint32_t found = lookup_node(b, text, len, code_hash(text, len, b->plan->separator));
    if (found != NO_INDEX)
        remember_node(b, key, found);
    if (found == NO_INDEX && own_base && text[len - 1] == '#')
        *own_base = lookup_node(b, text, len - 1, code_hash(text, len - 1, b->plan->separator));
    return found;
}

suggestion suggest_node(pagu_builder *b, node_ref ref)
{
    nearest n;
    nearest_init(&n, ref_str(b, ref));
    if (b->n_nodes <= SUGGESTING_NODES && b->n_faults < SUGGESTING_FAULTS)
        for (uint32_t i = 0; i < b->n_nodes; i++)
            nearest_offer(&n, builder_str(b, b->nodes[i].key));
    return builder_suggest(b, &n);
}

void unknown_node(pagu_builder *b, const fault *at, node_ref ref)
{
    fault f = *at;
    f.rule = "unknown-node";
    f.value = ref_str(b, ref);
    builder_fault(b, &f, "no node \"%s\"%s", f.value, suggest_node(b, ref).s);
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
    node_rec own = { .key = builder_intern(b, key),
                     .name = builder_intern(b, tr(b->ctx, "not itemised")),
                     .line = base->line,
                     .file = base->file,
                     .mount = base->mount,
                     .sign = 1,
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
