/* measure_map.c - the hash map of measures in a layer.
 * SPDX-License-Identifier: MIT */
#include "scenario/layer.h"

void measure_map_free(pagu_ctx *ctx, measure_map *m)
{
    mem_free(ctx, m->keys, m->cap * sizeof *m->keys);
    mem_free(ctx, m->values, m->cap * sizeof *m->values);
    *m = (measure_map){ 0 };
}

void layer_retain(layer *l)
{
    atomic_fetch_add_explicit(&l->refs, 1, memory_order_relaxed);
}

static uint32_t measure_slot(const measure_map *m, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t i = (uint32_t)(((h >> 32) * m->cap) >> 32);
    while (m->keys[i] != UINT64_MAX && m->keys[i] != key)
        if (++i == m->cap)
            i = 0;
    return i;
}

const measure_value *layer_measure(const layer *l, uint64_t key)
{
    if (l->measures.n == 0)
        return NULL;
    uint32_t i = measure_slot(&l->measures, key);
    return l->measures.keys[i] == key ? &l->measures.values[i] : NULL;
}

static bool measure_map_grow(pagu_ctx *ctx, measure_map *m)
{
    measure_map bigger = { .cap = m->cap ? m->cap * 2 : 16 };
    bigger.keys = mem_array(ctx, bigger.cap, sizeof *bigger.keys);
    bigger.values = mem_array(ctx, bigger.cap, sizeof *bigger.values);
    if (!bigger.keys || !bigger.values) {
        mem_free(ctx, bigger.keys, bigger.keys ? bigger.cap * sizeof *bigger.keys : 0);
        mem_free(ctx, bigger.values, bigger.values ? bigger.cap * sizeof *bigger.values : 0);
        return false;
    }
    memset(bigger.keys, 0xff, bigger.cap * sizeof *bigger.keys);
    for (uint32_t i = 0; i < m->cap; i++) {
        if (m->keys[i] == UINT64_MAX)
            continue;
        uint32_t j = measure_slot(&bigger, m->keys[i]);
        bigger.keys[j] = m->keys[i];
        bigger.values[j] = m->values[i];
        bigger.n++;
    }
    measure_map_free(ctx, m);
    *m = bigger;
    return true;
}

measure_value *measure_map_put(pagu_ctx *ctx, measure_map *m, uint64_t key)
{
    if ((m->n + 1) * 4 > m->cap * 3 && !measure_map_grow(ctx, m))
        return NULL;
    uint32_t i = measure_slot(m, key);
    if (m->keys[i] != key) {
        m->keys[i] = key;
        m->n++;
    }
    return &m->values[i];
}
