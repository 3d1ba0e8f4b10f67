/* context.c - the context: one counting and capping allocator, language, interruption.
 * SPDX-License-Identifier: MIT */
#include "base/context.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Big blocks are mapped in huge pages: a page fault of 2 MiB costs far less than 512 of 4 KiB, and
 * growing moves pages instead of bytes. The kernel aligns what is whole huge pages long. */
enum { HUGE_PAGE = 2 << 20 };

static inline bool is_big(size_t size)
{
#if defined(__SANITIZE_ADDRESS__)
    return false; /* there each byte behind a block is watched */
#endif
    return size >= HUGE_PAGE;
}

static size_t huge_pages(size_t size)
{
    return (size + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
}

static void *map_big(size_t size)
{
    void *p = mmap(NULL, huge_pages(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    madvise(p, huge_pages(size), MADV_HUGEPAGE); /* advice only */
    return p;
}

static void *remap_big(void *ptr, size_t osize, size_t nsize)
{
    void *p = mremap(ptr, huge_pages(osize), huge_pages(nsize), MREMAP_MAYMOVE);
    return p == MAP_FAILED ? NULL : p;
}

static void free_system(void *ptr, size_t osize)
{
    if (is_big(osize))
        munmap(ptr, huge_pages(osize));
    else
        free(ptr);
}

static void *alloc_system(void *ud, void *ptr, size_t osize, size_t nsize)
{
    (void)ud;
    if (nsize == 0) {
        if (ptr)
            free_system(ptr, osize);
        return NULL;
    }
    if (nsize > SIZE_MAX - HUGE_PAGE)
        return NULL;
    if (!is_big(nsize) && (!ptr || !is_big(osize)))
        return realloc(ptr, nsize);
    if (ptr && is_big(osize) && is_big(nsize))
        return huge_pages(osize) == huge_pages(nsize) ? ptr : remap_big(ptr, osize, nsize);
    void *p = is_big(nsize) ? map_big(nsize) : malloc(nsize);
    if (p && ptr) {
        memcpy(p, ptr, osize < nsize ? osize : nsize);
        free_system(ptr, osize);
    }
    return p;
}

static pagu_ctx_options read_options(const pagu_ctx_options *options)
{
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    if (options) {
        size_t size = options->size < sizeof o ? options->size : sizeof o;
        memcpy(&o, options, size);
    }
    if (!o.alloc) {
        o.alloc = alloc_system;
        o.alloc_ud = NULL;
    }
    return o;
}

pagu_ctx *pagu_ctx_new(const pagu_ctx_options *options)
{
    pagu_ctx_options o = read_options(options);
    pagu_ctx *ctx = o.alloc(o.alloc_ud, NULL, 0, sizeof *ctx);
    if (!ctx)
        return NULL;
    memset(ctx, 0, sizeof *ctx);
    ctx->alloc = o.alloc;
    ctx->alloc_ud = o.alloc_ud;
    ctx->limit = o.memory_limit;
    atomic_init(&ctx->used, 0);
    atomic_init(&ctx->peak, 0);
    atomic_init(&ctx->lang, (int)o.lang);
    atomic_init(&ctx->interrupted, false);
    messages_index(ctx->messages);
    return ctx;
}

void pagu_ctx_free(pagu_ctx *ctx)
{
    if (ctx)
        ctx->alloc(ctx->alloc_ud, ctx, sizeof *ctx, 0);
}

static void raise_peak(pagu_ctx *ctx, size_t used)
{
    size_t peak = atomic_load_explicit(&ctx->peak, memory_order_relaxed);
    while (used > peak &&
           !atomic_compare_exchange_weak_explicit(&ctx->peak, &peak, used, memory_order_relaxed, memory_order_relaxed))
        ;
}

/* Count the growth before allocating, so that threads together can't pass the limit; by
 * compare-and-swap, so that a refused growth is never seen in the count. */
static bool reserve(pagu_ctx *ctx, size_t growth, size_t *used)
{
    size_t limit = ctx->limit ? ctx->limit : SIZE_MAX;
    size_t before = atomic_load_explicit(&ctx->used, memory_order_relaxed);
    do {
        if (before > limit || growth > limit - before)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&ctx->used, &before, before + growth, memory_order_relaxed,
                                                    memory_order_relaxed));
    *used = before + growth;
    return true;
}

static void release(pagu_ctx *ctx, size_t size)
{
    atomic_fetch_sub_explicit(&ctx->used, size, memory_order_relaxed);
}

void *pagu_ctx_alloc(void *ud, void *ptr, size_t osize, size_t nsize)
{
    pagu_ctx *ctx = ud;
    if (!ptr)
        osize = 0; /* Lua passes a type tag here */
    if (nsize == 0) {
        if (ptr) {
            ctx->alloc(ctx->alloc_ud, ptr, osize, 0);
            release(ctx, osize);
        }
        return NULL;
    }
    size_t growth = nsize > osize ? nsize - osize : 0, used = 0;
    if (growth && !reserve(ctx, growth, &used))
        return NULL;
    void *p = ctx->alloc(ctx->alloc_ud, ptr, osize, nsize);
    if (!p) {
        release(ctx, growth);
        return NULL;
    }
    if (nsize < osize)
        release(ctx, osize - nsize);
    raise_peak(ctx, used);
    return p;
}

size_t pagu_ctx_memory(const pagu_ctx *ctx)
{
    return atomic_load_explicit(&ctx->used, memory_order_relaxed);
}

size_t pagu_ctx_memory_peak(const pagu_ctx *ctx)
{
    return atomic_load_explicit(&ctx->peak, memory_order_relaxed);
}

void pagu_ctx_set_lang(pagu_ctx *ctx, pagu_lang lang)
{
    atomic_store_explicit(&ctx->lang, (int)lang, memory_order_relaxed);
}

pagu_lang pagu_ctx_lang(const pagu_ctx *ctx)
{
    return (pagu_lang)atomic_load_explicit(&ctx->lang, memory_order_relaxed);
}

void pagu_ctx_interrupt(pagu_ctx *ctx, bool on)
{
    atomic_store_explicit(&ctx->interrupted, on, memory_order_relaxed);
}

bool pagu_ctx_interrupted(const pagu_ctx *ctx)
{
    return atomic_load_explicit(&ctx->interrupted, memory_order_relaxed);
}
