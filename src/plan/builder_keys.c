/* builder_keys.c - symbols of rows: texts that repeat, texts that do not, keys within mounts.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <stdio.h>

enum { GUESSES = 8 };

symbol builder_intern(pagu_builder *b, const char *s)
{
    if (!s || !*s)
        return 0;
    symbol found = symtab_intern(&b->plan->symbols, s, strlen(s));
    if (found != NO_SYMBOL)
        return found;
    b->failed = PAGU_NO_MEMORY;
    return 0;
}

symbol builder_append(pagu_builder *b, const char *s, size_t len)
{
    symbol made = len ? symtab_append(&b->plan->symbols, s, len) : 0;
    if (made != NO_SYMBOL)
        return made;
    b->failed = PAGU_NO_MEMORY;
    return 0;
}

/* Text of a key: `id` itself where that will do, else composed in buf. NULL: no key. */
static const char *key_text(const pagu_builder *b, const char *id, uint16_t mount, char *buf, size_t size, size_t *len)
{
    *len = strlen(id);
    if (*len == 0)
        return NULL;
    if ((mount == 0 && id[0] != '.' && id[0] != '/') || *len > KEY_MAX_LEN + 1)
        return id; /* too long: refused when it is looked at */
    char joined[2 * KEY_MAX_LEN + 4];
    const char *prefix = builder_str(b, b->mounts[mount].prefix);
    int n = snprintf(joined, sizeof joined, "%s%s%s", prefix, *prefix ? "/" : "", id);
    *len = n < 0 || (size_t)n >= sizeof joined ? 0 : key_canonical(joined, (size_t)n, buf, size);
    return *len ? buf : NULL;
}

symbol builder_key(pagu_builder *b, const char *id, uint16_t mount)
{
    char buf[2 * KEY_MAX_LEN + 4];
    size_t len;
    const char *key = key_text(b, id, mount, buf, sizeof buf, &len);
    symbol s = key ? symtab_intern(&b->plan->symbols, key, len) : 0;
    if (s != NO_SYMBOL)
        return s;
    b->failed = PAGU_NO_MEMORY;
    return 0;
}

/* The mount that a class of the tree belongs to: the innermost of its own, or 0. */
static uint16_t mount_of_class(const pagu_builder *b, symbol tree)
{
    for (uint16_t m = b->mount; m && b->n_own_trees; m = b->mounts[m].outer)
        for (uint32_t i = 0; i < b->n_own_trees; i++)
            if (b->own_trees[i].mount == m && b->own_trees[i].tree == tree)
                return m;
    return 0;
}

symbol builder_class_id(pagu_builder *b, symbol tree, const char *id, bool *own)
{
    uint16_t mount = mount_of_class(b, tree);
    *own = mount && id && *id;
    return *own ? builder_key(b, id, mount) : builder_intern(b, id);
}

symbol builder_class_owner(pagu_builder *b, const char *owner)
{
    char text[2 * KEY_MAX_LEN + 4];
    const char *colon = b->n_own_trees && owner ? strchr(owner, ':') : NULL;
    symbol tree = colon ? symtab_find(&b->plan->symbols, owner, (size_t)(colon - owner)) : NO_SYMBOL;
    uint16_t mount = tree == NO_SYMBOL ? 0 : mount_of_class(b, tree);
    if (!mount)
        return builder_intern(b, owner);
    symbol id = builder_key(b, colon + 1, mount);
    int n = snprintf(text, sizeof text, "%s:%s", builder_str(b, tree), builder_str(b, id));
    return builder_intern(b, n > 0 && (size_t)n < sizeof text ? text : owner);
}

symbol builder_new_key(pagu_builder *b, const char *id)
{
    char buf[2 * KEY_MAX_LEN + 4];
    size_t len;
    const char *key = key_text(b, id, b->mount, buf, sizeof buf, &len);
    return key ? builder_append(b, key, len) : 0;
}

static bool node_is(const pagu_builder *b, uint32_t node, const char *key, size_t len)
{
    symbol s = b->nodes[node].key;
    return builder_len(b, s) == len && memcmp(builder_str(b, s), key, len) == 0;
}

node_ref builder_node_ref(pagu_builder *b, const char *id)
{
    char buf[2 * KEY_MAX_LEN + 4];
    size_t len;
    const char *key = key_text(b, id, b->mount, buf, sizeof buf, &len);
    if (!key)
        return 0;
    for (uint32_t i = b->guess; i < b->n_nodes && i < b->guess + GUESSES; i++)
        if (node_is(b, i, key, len))
            return (b->guess = i) | NODE_AT;
    for (uint32_t i = 0; i < b->n_nodes && i < GUESSES; i++) /* another file, or once more from the top */
        if (node_is(b, i, key, len))
            return (b->guess = i) | NODE_AT;
    symbol s = symtab_intern(&b->plan->symbols, key, len);
    if (s != NO_SYMBOL)
        return s;
    b->failed = PAGU_NO_MEMORY;
    return 0;
}

int text_order(const pagu_builder *b, symbol a, symbol c)
{
    return a == c ? 0 : strcmp(builder_str(b, a), builder_str(b, c));
}
