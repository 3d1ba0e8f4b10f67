/* failing_alloc.c - see the header.
 * SPDX-License-Identifier: MIT */
#include "failing_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADER = 16 }; /* holds the size and keeps the block aligned */

static bool must_fail(failing_alloc *a)
{
    a->calls++;
    bool fail = a->fail_at && (a->calls == a->fail_at || (a->and_later && a->calls > a->fail_at));
    a->failed += fail;
    return fail;
}

static void *take(failing_alloc *a, size_t size)
{
    char *block = malloc(HEADER + size);
    if (!block)
        return NULL;
    memcpy(block, &size, sizeof size);
    memset(block + HEADER, 0xA5, size); /* nobody may rely on zeros */
    a->blocks++;
    a->bytes += size;
    return block + HEADER;
}

static void give_back(failing_alloc *a, void *ptr, size_t osize)
{
    char *block = (char *)ptr - HEADER;
    size_t size;
    memcpy(&size, block, sizeof size);
    assert_int_equal(size, osize);
    a->blocks--;
    a->bytes -= size;
    free(block);
}

void *failing_alloc_call(void *ud, void *ptr, size_t osize, size_t nsize)
{
    failing_alloc *a = ud;
    if (nsize == 0) {
        if (ptr)
            give_back(a, ptr, osize);
        return NULL;
    }
    if (must_fail(a))
        return NULL;
    void *fresh = take(a, nsize); /* always moves, so that stale pointers show */
    if (fresh && ptr) {
        memcpy(fresh, ptr, osize < nsize ? osize : nsize);
        give_back(a, ptr, osize);
    }
    return fresh;
}

pagu_ctx *failing_alloc_ctx(failing_alloc *alloc)
{
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.alloc = failing_alloc_call;
    options.alloc_ud = alloc;
    size_t fail_at = alloc->fail_at;
    alloc->fail_at = 0;
    pagu_ctx *ctx = pagu_ctx_new(&options);
    assert_non_null(ctx);
    alloc->calls = 0;
    alloc->fail_at = fail_at;
    return ctx;
}

/* true when the run was not disturbed */
static bool run_once(failing_run run, void *arg, size_t fail_at, bool and_later)
{
    failing_alloc alloc = { .fail_at = fail_at, .and_later = and_later };
    pagu_ctx *ctx = failing_alloc_ctx(&alloc);
    pagu_code code = run(ctx, arg);
    if (code != PAGU_OK && (code != PAGU_NO_MEMORY || alloc.failed == 0))
        fail_msg("allocation %zu failing gives \"%s\"", fail_at, pagu_code_name(code));
    if (pagu_ctx_memory(ctx) != 0)
        fail_msg("allocation %zu failing leaves %zu bytes", fail_at, pagu_ctx_memory(ctx));
    pagu_ctx_free(ctx);
    assert_int_equal(alloc.blocks, 0);
    return alloc.failed == 0;
}

size_t for_each_failing_allocation(failing_run run, void *arg)
{
    for (size_t n = 1;; n++) {
        bool undisturbed = run_once(run, arg, n, false);
        run_once(run, arg, n, true);
        if (undisturbed)
            return n - 1;
    }
}
