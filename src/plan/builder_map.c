/* builder_map.c - growing arrays, and maps from symbols to indices.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

void *builder_array(pagu_builder *b, size_t n, size_t size)
{
    if (n == 0)
        return NULL;
    void *array = mem_zarray(b->ctx, n, size);
    if (!array)
        b->failed = PAGU_NO_MEMORY;
    return array;
}

void *builder_raw_array(pagu_builder *b, size_t n, size_t size)
{
    if (n == 0)
        return NULL;
    void *array = mem_array(b->ctx, n, size);
    if (!array)
        b->failed = PAGU_NO_MEMORY;
    return array;
}

bool builder_grow(pagu_builder *b, void *array_ptr, uint32_t *cap, uint32_t n, size_t size)
{
    if (n < INT32_MAX && mem_grow(b->ctx, array_ptr, cap, n, size))
        return true;
    b->failed = n < INT32_MAX ? PAGU_NO_MEMORY : PAGU_LIMIT;
    return false;
}

static uint32_t map_slot(const index_map *map, uint64_t key)
{
    uint32_t at = (uint32_t)hash_bytes(&key, sizeof key) & (map->n_slots - 1);
    while (map->values[at] && map->keys[at] != key)
        at = (at + 1) & (map->n_slots - 1);
    return at;
}

uint32_t map_get(const index_map *map, uint64_t key)
{
    return map->n_slots ? map->values[map_slot(map, key)] - 1 : NO_INDEX;
}

void builder_map_free(pagu_builder *b, index_map *map)
{
    RELEASE(b, map->keys, map->n_slots);
    RELEASE(b, map->values, map->n_slots);
    memset(map, 0, sizeof *map);
}

static bool map_widen(pagu_builder *b, index_map *map)
{
    index_map wide = { .n_slots = map->n_slots ? map->n_slots * 2 : 32, .n = map->n };
    wide.keys = builder_array(b, wide.n_slots, sizeof *wide.keys);
    wide.values = builder_array(b, wide.n_slots, sizeof *wide.values);
    if (!wide.keys || !wide.values) {
        builder_map_free(b, &wide);
        return false;
    }
    for (uint32_t i = 0; i < map->n_slots; i++)
        if (map->values[i]) {
            uint32_t at = map_slot(&wide, map->keys[i]);
            wide.keys[at] = map->keys[i];
            wide.values[at] = map->values[i];
        }
    builder_map_free(b, map);
    *map = wide;
    return true;
}

void builder_map_put(pagu_builder *b, index_map *map, uint64_t key, uint32_t value)
{
    if (map->n >= map->n_slots / 2 && !map_widen(b, map))
        return;
    uint32_t at = map_slot(map, key);
    map->n += map->values[at] == 0;
    map->keys[at] = key;
    map->values[at] = value + 1;
}

uint32_t *identity_order(pagu_builder *b, uint32_t n)
{
    uint32_t *order = builder_raw_array(b, 2 * (size_t)n, sizeof *order);
    for (uint32_t i = 0; order && i < n; i++)
        order[i] = i;
    return order;
}
