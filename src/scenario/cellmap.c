/* cellmap.c - growing a cellmap.
 * SPDX-License-Identifier: MIT */
#include "scenario/cellmap.h"

static bool cellmap_init(pagu_ctx *ctx, cellmap *m, uint32_t cap)
{
    m->values = mem_array(ctx, cap, 12);
    if (!m->values)
        return false;
    m->keys = (uint32_t *)(m->values + cap);
    memset(m->keys, 0xff, (size_t)cap * sizeof *m->keys);
    m->cap = cap;
    m->n = 0;
    return true;
}

bool cellmap_grow(pagu_ctx *ctx, cellmap *m, uint32_t more)
{
    uint64_t need = ((uint64_t)m->n + more) * 4 / 3 + 1;
    uint64_t cap = m->cap < 64 ? 64 : (uint64_t)m->cap + m->cap / 2;
    if (cap < need)
        cap = need;
    if (cap > UINT32_MAX / 2)
        return false;
    cellmap bigger;
    if (!cellmap_init(ctx, &bigger, (uint32_t)cap))
        return false;
    for (uint32_t i = 0; i < m->cap; i++) {
        bool made;
        if (m->keys[i] != CELLMAP_EMPTY)
            *cellmap_slot_of(&bigger, m->keys[i], &made) = m->values[i];
    }
    cellmap_free(ctx, m);
    *m = bigger;
    return true;
}

void cellmap_free(pagu_ctx *ctx, cellmap *m)
{
    mem_free(ctx, m->values, cellmap_bytes(m));
    *m = (cellmap){ 0 };
}
