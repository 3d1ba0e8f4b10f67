/* pagu/context.h - allocator, limits, language, interruption.
 *
 *     pagu_ctx *ctx = pagu_ctx_new(NULL);
 *     …                                   everything made with it is freed first
 *     pagu_ctx_free(ctx);
 *
 * A context may be used by several threads at once; its counters are atomic.
 * It must outlive every object made with it.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CONTEXT_H
#define PAGU_CONTEXT_H

#include "pagu/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_ctx pagu_ctx;

/* Shaped like lua_Alloc: nsize 0 frees (osize is exact), else (re)allocates or returns NULL. */
typedef void *(*pagu_alloc_fn)(void *ud, void *ptr, size_t osize, size_t nsize);

typedef enum pagu_lang { PAGU_LANG_ID = 0, PAGU_LANG_EN = 1 } pagu_lang;

typedef struct pagu_ctx_options {
    size_t size;         /* sizeof(pagu_ctx_options) */
    pagu_alloc_fn alloc; /* NULL: malloc family */
    void *alloc_ud;
    size_t memory_limit; /* bytes; 0: none */
    pagu_lang lang;      /* language of messages */
} pagu_ctx_options;
#define PAGU_CTX_OPTIONS_INIT                                                                                          \
    {                                                                                                                  \
        sizeof(pagu_ctx_options), NULL, NULL, 0, PAGU_LANG_ID                                                          \
    }

/* Make a context. NULL options are the defaults. Returns NULL only when memory is out. */
PAGU_API pagu_ctx *pagu_ctx_new(const pagu_ctx_options *options);
/* Free a context; NULL is allowed. */
PAGU_API void pagu_ctx_free(pagu_ctx *ctx);

/* The context's counting and capping allocator, usable as a lua_Alloc with ud = ctx. */
PAGU_API void *pagu_ctx_alloc(void *ctx, void *ptr, size_t osize, size_t nsize);
/* Bytes now allocated, and the most there ever were. */
PAGU_API size_t pagu_ctx_memory(const pagu_ctx *ctx);
PAGU_API size_t pagu_ctx_memory_peak(const pagu_ctx *ctx);

PAGU_API void pagu_ctx_set_lang(pagu_ctx *ctx, pagu_lang lang);
PAGU_API pagu_lang pagu_ctx_lang(const pagu_ctx *ctx);

/* Ask every loop running in this context to stop with PAGU_INTERRUPTED.
 * Async-signal-safe. Stays set until cleared. */
PAGU_API void pagu_ctx_interrupt(pagu_ctx *ctx, bool on);
PAGU_API bool pagu_ctx_interrupted(const pagu_ctx *ctx);

#ifdef __cplusplus
}
#endif
#endif
