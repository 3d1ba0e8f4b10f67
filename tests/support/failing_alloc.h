/* failing_alloc.h - an allocator that fails on request and checks every size it is given.
 *
 *     static pagu_code build(pagu_ctx *ctx, void *arg) { … return PAGU_NO_MEMORY or PAGU_OK … }
 *     for_each_failing_allocation(build, arg);
 *
 * The function runs with its first allocation failing, then its second, and so on until
 * it passes; each time once with that allocation alone failing and once with all later
 * ones failing too. It must return PAGU_NO_MEMORY or PAGU_OK and leave nothing allocated.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_TESTS_FAILING_ALLOC_H
#define PAGU_TESTS_FAILING_ALLOC_H

#include "pagu/context.h"

typedef struct failing_alloc {
    size_t calls;   /* allocations and reallocations so far */
    size_t fail_at; /* the call to fail, from 1; 0: none */
    bool and_later; /* fail all calls after it as well */
    size_t failed;  /* calls that were made to fail */
    size_t blocks;  /* alive */
    size_t bytes;   /* alive */
} failing_alloc;

/* A pagu_alloc_fn; ud is a failing_alloc. Fails the test when osize is not exact. */
void *failing_alloc_call(void *ud, void *ptr, size_t osize, size_t nsize);
/* A context on this allocator. Making the context itself never fails. */
pagu_ctx *failing_alloc_ctx(failing_alloc *alloc);

typedef pagu_code (*failing_run)(pagu_ctx *ctx, void *arg);
/* Returns how many allocations `run` makes when none fails. */
size_t for_each_failing_allocation(failing_run run, void *arg);

#endif
