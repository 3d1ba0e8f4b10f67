/* cellmap.h - the hash map behind sparse columns: row -> int64, never deletes.
 *
 * Open addressing with linear probing; keys and values in one block, 12 bytes a slot, at
 * most three quarters full. Capacities need not be powers of two (multiply-shift
 * reduction), so that a branch of ten edits stays below 2 KB.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CELLMAP_H
#define PAGU_SRC_CELLMAP_H

#include "base/base.h"

#define CELLMAP_EMPTY UINT32_MAX

typedef struct cellmap {
    int64_t *values;
    uint32_t *keys;
    uint32_t n, cap;
} cellmap;

static inline uint32_t cellmap_slot(uint32_t key, uint32_t cap)
{
    return (uint32_t)(((uint64_t)(key * UINT32_C(0x9E3779B1)) * cap) >> 32);
}

/* Value of a key, or NULL. */
static inline int64_t *cellmap_find(const cellmap *m, uint32_t key)
{
    if (m->n == 0)
        return NULL;
    for (uint32_t i = cellmap_slot(key, m->cap);;) {
        if (m->keys[i] == key)
            return &m->values[i];
        if (m->keys[i] == CELLMAP_EMPTY)
            return NULL;
        if (++i == m->cap)
            i = 0;
    }
}

/* Value of a key, made (and *made set) if new; room must have been reserved. */
static inline int64_t *cellmap_slot_of(cellmap *m, uint32_t key, bool *made)
{
    uint32_t i = cellmap_slot(key, m->cap);
    while (m->keys[i] != key) {
        if (m->keys[i] == CELLMAP_EMPTY) {
            m->keys[i] = key;
            m->n++;
            *made = true;
            return &m->values[i];
        }
        if (++i == m->cap)
            i = 0;
    }
    *made = false;
    return &m->values[i];
}

static inline bool cellmap_has_room(const cellmap *m, uint32_t more)
{
    return (uint64_t)(m->n + more) * 4 <= (uint64_t)m->cap * 3;
}
/* Make room for `more` new keys. */
bool cellmap_grow(pagu_ctx *ctx, cellmap *m, uint32_t more);
static inline bool cellmap_reserve(pagu_ctx *ctx, cellmap *m, uint32_t more)
{
    return cellmap_has_room(m, more) || cellmap_grow(ctx, m, more);
}
void cellmap_free(pagu_ctx *ctx, cellmap *m);
static inline size_t cellmap_bytes(const cellmap *m)
{
    return (size_t)m->cap * 12;
}

#endif
