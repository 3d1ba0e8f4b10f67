/* symbol.c - interned strings.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

enum { FIRST_CAP = 32 };

static void free_arrays(symtab *t)
{
    mem_free(t->ctx, t->strings, t->cap * sizeof t->strings[0]);
    mem_free(t->ctx, t->lengths, t->cap * sizeof t->lengths[0]);
    mem_free(t->ctx, t->hashes, t->cap * sizeof t->hashes[0]);
    mem_free(t->ctx, t->slots, t->n_slots * sizeof t->slots[0]);
}

static void place(uint32_t *slots, uint32_t n_slots, uint32_t hash, symbol s)
{
    uint32_t at = hash & (n_slots - 1);
    while (slots[at])
        at = (at + 1) & (n_slots - 1);
    slots[at] = s + 1;
}

/* All arrays move together, or none: their sizes must stay those that `cap` says. */
static bool resize(symtab *t, uint32_t cap)
{
    symtab grown = *t;
    grown.cap = cap;
    grown.n_slots = cap * 2;
    grown.strings = mem_array(t->ctx, cap, sizeof grown.strings[0]);
    grown.lengths = mem_array(t->ctx, cap, sizeof grown.lengths[0]);
    grown.hashes = mem_array(t->ctx, cap, sizeof grown.hashes[0]);
    grown.slots = mem_zarray(t->ctx, grown.n_slots, sizeof grown.slots[0]);
    if (!grown.strings || !grown.lengths || !grown.hashes || !grown.slots) {
        free_arrays(&grown);
        return false;
    }
    if (t->n) {
        memcpy(grown.strings, t->strings, t->n * sizeof t->strings[0]);
        memcpy(grown.lengths, t->lengths, t->n * sizeof t->lengths[0]);
        memcpy(grown.hashes, t->hashes, t->n * sizeof t->hashes[0]);
    }
    for (symbol s = 0; s < t->n; s++)
        if (grown.hashes[s] != SYMBOL_UNPLACED)
            place(grown.slots, grown.n_slots, grown.hashes[s], s);
    free_arrays(t);
    *t = grown;
    return true;
}

bool symtab_init(symtab *t, pagu_ctx *ctx)
{
    memset(t, 0, sizeof *t);
    t->ctx = ctx;
    arena_init(&t->text, ctx);
    if (symtab_intern(t, "", 0) == 0)
        return true;
    symtab_free(t);
    return false;
}

void symtab_free(symtab *t)
{
    free_arrays(t);
    arena_free(&t->text);
    pagu_ctx *ctx = t->ctx;
    memset(t, 0, sizeof *t);
    t->ctx = ctx;
    t->text.ctx = ctx;
}

static symbol find_hashed(const symtab *t, const char *s, size_t len, uint32_t hash)
{
    if (t->n_slots == 0)
        return NO_SYMBOL;
    for (uint32_t at = hash & (t->n_slots - 1); t->slots[at]; at = (at + 1) & (t->n_slots - 1)) {
        symbol found = t->slots[at] - 1;
        if (t->hashes[found] == hash && t->lengths[found] == len
            && (len == 0 || memcmp(t->strings[found], s, len) == 0))
            return found;
    }
    return NO_SYMBOL;
}

/* The hash of a text that is searched for. */
static uint32_t text_hash(const char *s, size_t len)
{
    uint32_t hash = (uint32_t)hash_bytes(s, len);
    return hash == SYMBOL_UNPLACED ? 0 : hash;
}

symbol symtab_find(const symtab *t, const char *s, size_t len)
{
    return find_hashed(t, s, len, text_hash(s, len));
}

symbol symtab_intern(symtab *t, const char *s, size_t len)
{
    uint32_t hash = text_hash(s, len);
    symbol found = find_hashed(t, s, len, hash);
    if (found != NO_SYMBOL)
        return found;
    if (len >= UINT32_MAX || t->n >= UINT32_MAX / 4)
        return NO_SYMBOL;
    if (t->n == t->cap && !resize(t, t->cap ? t->cap * 2 : FIRST_CAP))
        return NO_SYMBOL;
    const char *copy = arena_strdup(&t->text, s, len);
    if (!copy)
        return NO_SYMBOL;
    symbol added = t->n++;
    t->strings[added] = copy;
    t->lengths[added] = (uint32_t)len;
    t->hashes[added] = hash;
    place(t->slots, t->n_slots, hash, added);
    return added;
}
