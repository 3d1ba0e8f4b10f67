/* memory.c - allocation through the context, with exact sizes.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

void *mem_alloc(pagu_ctx *ctx, size_t size)
{
    return pagu_ctx_alloc(ctx, NULL, 0, size);
}

void *mem_zalloc(pagu_ctx *ctx, size_t size)
{
    void *p = mem_alloc(ctx, size);
    if (p)
        memset(p, 0, size);
    return p;
}

void *mem_realloc(pagu_ctx *ctx, void *ptr, size_t osize, size_t nsize)
{
    return pagu_ctx_alloc(ctx, ptr, osize, nsize);
}

void mem_free(pagu_ctx *ctx, void *ptr, size_t size)
{
    if (ptr)
        pagu_ctx_alloc(ctx, ptr, size, 0);
}

void *mem_array(pagu_ctx *ctx, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    return mem_alloc(ctx, bytes);
}

void *mem_zarray(pagu_ctx *ctx, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    return mem_zalloc(ctx, bytes);
}

bool mem_grow(pagu_ctx *ctx, void *array_ptr, uint32_t *cap, uint32_t n, size_t size)
{
    if (n < *cap)
        return true;
    uint64_t wanted = *cap < 8 ? 8 : (uint64_t)*cap * 2;
    while (wanted <= n)
        wanted *= 2;
    if (wanted > UINT32_MAX)
        wanted = UINT32_MAX;
    size_t bytes;
    if (wanted <= n || __builtin_mul_overflow((size_t)wanted, size, &bytes))
        return false;
    void *old;
    memcpy(&old, array_ptr, sizeof old); /* array_ptr points to a pointer of any type */
    void *grown = mem_realloc(ctx, old, *cap * size, bytes);
    if (!grown)
        return false;
    memcpy(array_ptr, &grown, sizeof grown);
    *cap = (uint32_t)wanted;
    return true;
}
