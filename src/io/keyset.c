/* keyset.c - a growing set of text keys.
 * SPDX-License-Identifier: MIT */
#include "io/keyset.h"

void keyset_init(keyset *set, pagu_ctx *ctx)
{
    *set = (keyset){ .ctx = ctx };
    arena_init(&set->text, ctx);
}

void keyset_free(keyset *set)
{
    if (!set->ctx)
        return;
    arena_free(&set->text);
    mem_free(set->ctx, set->entries, set->cap * sizeof set->entries[0]);
    mem_free(set->ctx, set->slots, set->n_slots * sizeof set->slots[0]);
    *set = (keyset){ 0 };
}

static uint32_t hash_parts(const char *const *parts, uint32_t n, uint32_t *len)
{
    uint64_t h = n;
    *len = 0;
    for (uint32_t i = 0; i < n; i++) {
        size_t size = strlen(parts[i]) + 1;
        h = h * UINT64_C(0x9E3779B97F4A7C15) ^ hash_bytes(parts[i], size);
        *len += (uint32_t)size;
    }
    return (uint32_t)(h ^ h >> 32);
}

static bool same_parts(const keyset_entry *e, const char *const *parts, uint32_t n, uint32_t len, uint32_t hash)
{
    if (e->hash != hash || e->len != len)
        return false;
    const char *text = e->text;
    for (uint32_t i = 0; i < n; i++) {
        size_t size = strlen(parts[i]) + 1;
        if ((size_t)(e->text + len - text) < size || memcmp(text, parts[i], size) != 0)
            return false;
        text += size;
    }
    return true;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t find_slot(const keyset *set, const char *const *parts, uint32_t n, uint32_t len, uint32_t hash)
{
    uint32_t at = hash & (set->n_slots - 1);
    while (set->slots[at] && !same_parts(&set->entries[set->slots[at] - 1], parts, n, len, hash))
        at = (at + 1) & (set->n_slots - 1);
    return at;
}

static bool widen(keyset *set)
{
    uint32_t n_slots = set->n_slots ? set->n_slots * 2 : 64;
    uint32_t *slots = mem_zarray(set->ctx, n_slots, sizeof slots[0]);
    if (!slots)
        return false;
    for (uint32_t i = 0; i < set->n; i++) {
        uint32_t at = set->entries[i].hash & (n_slots - 1);
        while (slots[at])
            at = (at + 1) & (n_slots - 1);
        slots[at] = i + 1;
    }
    mem_free(set->ctx, set->slots, set->n_slots * sizeof slots[0]);
    set->slots = slots;
    set->n_slots = n_slots;
    return true;
}

static const char *join(keyset *set, const char *const *parts, uint32_t n, uint32_t len)
{
    char *text = arena_alloc(&set->text, len ? len : 1), *to = text;
    for (uint32_t i = 0; text && i < n; i++) {
        size_t size = strlen(parts[i]) + 1;
        memcpy(to, parts[i], size);
        to += size;
    }
    return text;
}

bool keyset_add(keyset *set, const char *const *parts, uint32_t n_parts, uint32_t value, keyset_entry **entry,
                bool *added)
{
    uint32_t len, hash = hash_parts(parts, n_parts, &len);
    if (set->n >= set->n_slots / 2 && !widen(set))
        return false;
    uint32_t at = find_slot(set, parts, n_parts, len, hash);
    *added = set->slots[at] == 0;
    if (!*added) {
        *entry = &set->entries[set->slots[at] - 1];
        return true;
    }
    const char *text = join(set, parts, n_parts, len);
    if (!text || !mem_grow(set->ctx, &set->entries, &set->cap, set->n, sizeof set->entries[0]))
        return false;
    *entry = &set->entries[set->n++];
    **entry = (keyset_entry){ text, len, hash, value };
    set->slots[at] = set->n;
    return true;
}

const keyset_entry *keyset_find(const keyset *set, const char *const *parts, uint32_t n_parts)
{
    if (set->n == 0)
        return NULL;
    uint32_t len, hash = hash_parts(parts, n_parts, &len);
    uint32_t at = find_slot(set, parts, n_parts, len, hash);
    return set->slots[at] ? &set->entries[set->slots[at] - 1] : NULL;
}
