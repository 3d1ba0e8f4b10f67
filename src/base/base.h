/* base.h - what every layer inside the engine uses: memory, errors, arenas, symbols.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BASE_H
#define PAGU_SRC_BASE_H

#include "pagu/context.h"
#include "pagu/number.h"

#include <string.h>

/* ---- memory: through the context only; sizes are exact so that counts are exact ---- */

/* nsize 0 returns NULL and is no failure. */
void *mem_alloc(pagu_ctx *ctx, size_t size);
void *mem_zalloc(pagu_ctx *ctx, size_t size);
void *mem_realloc(pagu_ctx *ctx, void *ptr, size_t osize, size_t nsize);
void mem_free(pagu_ctx *ctx, void *ptr, size_t size);
/* Array forms; NULL on overflow of n * size. */
void *mem_array(pagu_ctx *ctx, size_t n, size_t size);
void *mem_zarray(pagu_ctx *ctx, size_t n, size_t size);

/* Grow *array (elements of `size`) so that *cap > n; doubles. false: out of memory, unchanged. */
bool mem_grow(pagu_ctx *ctx, void *array_ptr, uint32_t *cap, uint32_t n, size_t size);

/* ---- errors ---- */

/* Fill *err (NULL allowed) and return code. `format` is English and is looked up in the
 * catalogue of messages (messages_id.c) for the context's language; its arguments are
 * the same in every language. ctx NULL: English. */
pagu_code err_set(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *format, ...) PAGU_PRINTF(4, 5);
/* The same with node and field for scripts; either may be NULL. */
pagu_code err_at(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *node, const char *field,
                 const char *format, ...) PAGU_PRINTF(6, 7);
pagu_code err_memory(const pagu_ctx *ctx, pagu_error *err);
/* The format in the context's language; returns `format` itself when there is none. */
#if defined(__GNUC__)
__attribute__((format_arg(2)))
#endif
const char *
tr(const pagu_ctx *ctx, const char *format);
/* Money in the context's language for messages: a NUL-terminated text in a struct by value. */
typedef struct money_text {
    char s[48];
} money_text;
money_text money_str(const pagu_ctx *ctx, pagu_money value);

/* ---- arena: many small things that die together; pointers stay valid ---- */

struct arena_chunk;
typedef struct arena {
    pagu_ctx *ctx;
    struct arena_chunk *top;
    size_t used, cap;
} arena;
void arena_init(arena *a, pagu_ctx *ctx);
void arena_free(arena *a);
void *arena_alloc(arena *a, size_t size); /* 8-byte aligned; NULL when out of memory */
char *arena_strdup(arena *a, const char *s, size_t len);

/* ---- symbols: interned strings; 0 is "" ---- */

typedef uint32_t symbol;
#define NO_SYMBOL UINT32_MAX
typedef struct symbol_slot {
    uint32_t hash, symbol;
} symbol_slot; /* symbol + 1; 0: free */
typedef struct symtab {
    pagu_ctx *ctx;
    arena text;
    const char **strings; /* by symbol */
    uint32_t *lengths;
    uint32_t n, cap_strings, cap_lengths;
    symbol_slot *slots; /* open addressing, of the symbols that can be found */
    uint32_t n_found, n_slots;
} symtab;
bool symtab_init(symtab *t, pagu_ctx *ctx);
void symtab_free(symtab *t);
/* Intern; NO_SYMBOL when out of memory. */
symbol symtab_intern(symtab *t, const char *s, size_t len);
/* A symbol that no search finds: for texts that mostly occur once. NO_SYMBOL when out of memory. */
symbol symtab_append(symtab *t, const char *s, size_t len);
/* Look up without adding; NO_SYMBOL if absent. Thread-safe on a table that no longer grows. */
symbol symtab_find(const symtab *t, const char *s, size_t len);
static inline const char *symtab_str(const symtab *t, symbol s)
{
    return t->strings[s];
}

/* 64-bit hash of bytes (good low bits). */
uint64_t hash_bytes(const void *bytes, size_t len);

/* ---- SHA-256 ---- */
typedef struct sha256 {
    uint32_t h[8];
    uint64_t len;
    uint8_t block[64];
    uint32_t fill;
} sha256;
void sha256_init(sha256 *s);
void sha256_add(sha256 *s, const void *bytes, size_t len);
void sha256_hex(sha256 *s, char out[65]);

/* A loop compiled for several instruction sets, chosen at run time; every form gives the same
 * bytes. Thread sanitizer runs before the chooser may. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3", "no-trapping-math")))
#else
#define SIMD_CLONES
#endif

/* ---- small ---- */
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
static inline uint64_t money_abs(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}
static inline bool str_eq(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}
/* Is a word one of a list's, which stand between separators? */
static inline bool list_has(const char *list, char separator, const char *word)
{
    size_t n = strlen(word);
    for (const char *end; *list; list = end + (*end != '\0')) {
        end = strchr(list, separator);
        if (!end)
            end = list + strlen(list);
        if ((size_t)(end - list) == n && memcmp(list, word, n) == 0)
            return true;
    }
    return false;
}

#endif
