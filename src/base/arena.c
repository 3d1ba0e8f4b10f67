/* arena.c - chunks of memory that are freed together.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 8 << 20 }; /* large ones get huge pages (context.c) */

typedef struct arena_chunk {
    struct arena_chunk *below;
    size_t size; /* of the whole block */
    uint64_t data[];
} arena_chunk;

void arena_init(arena *a, pagu_ctx *ctx)
{
    memset(a, 0, sizeof *a);
    a->ctx = ctx;
}

void arena_free(arena *a)
{
    arena_chunk *chunk = a->top;
    while (chunk) {
        arena_chunk *below = chunk->below;
        mem_free(a->ctx, chunk, chunk->size);
        chunk = below;
    }
    arena_init(a, a->ctx);
}

static arena_chunk *new_chunk(arena *a, size_t data_size)
{
    if (data_size > SIZE_MAX - sizeof(arena_chunk))
        return NULL;
    arena_chunk *chunk = mem_alloc(a->ctx, sizeof *chunk + data_size);
    if (chunk)
        chunk->size = sizeof *chunk + data_size;
    return chunk;
}

/* A large block gets a chunk of its own under the top, so that the top's rest stays in use. */
static void *alloc_apart(arena *a, size_t size)
{
    arena_chunk *chunk = new_chunk(a, size);
    if (!chunk)
        return NULL;
    chunk->below = a->top->below;
    a->top->below = chunk;
    return chunk->data;
}

static void *alloc_on_new_top(arena *a, size_t size)
{
    size_t cap = a->cap ? a->cap * 2 : FIRST_CHUNK;
    if (cap > LARGEST_CHUNK)
        cap = LARGEST_CHUNK;
    if (cap < size)
        cap = size;
    arena_chunk *chunk = new_chunk(a, cap);
    if (!chunk)
        return NULL;
    chunk->below = a->top;
    a->top = chunk;
    a->cap = cap;
    a->used = size;
    return chunk->data;
}

static void *alloc_aligned(arena *a, size_t size, size_t align)
{
    size_t at = (a->used + align - 1) & ~(align - 1);
    if (at <= a->cap && a->cap - at >= size && a->top) {
        a->used = at + size;
        return (char *)a->top->data + at;
    }
    if (a->top && size > a->cap / 4)
        return alloc_apart(a, size);
    return alloc_on_new_top(a, size);
}

void *arena_alloc(arena *a, size_t size)
{
    if (size > SIZE_MAX - 8)
        return NULL;
    return alloc_aligned(a, size ? (size + 7) & ~(size_t)7 : 8, 8);
}

char *arena_strdup(arena *a, const char *s, size_t len)
{
    if (len > SIZE_MAX - 8)
        return NULL;
    char *copy = alloc_aligned(a, len + 1, 1); /* texts stand close together */
    if (copy) {
        if (len)
            memcpy(copy, s, len);
        copy[len] = '\0';
    }
    return copy;
}
