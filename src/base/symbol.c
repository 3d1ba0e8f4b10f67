/* symbol.c - interned strings.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

enum { FIRST_SLOTS = 64 };

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
    pagu_ctx *ctx = t->ctx;
    mem_free(ctx, t->strings, t->cap_strings * sizeof t->strings[0]);
    mem_free(ctx, t->lengths, t->cap_lengths * sizeof t->lengths[0]);
    mem_free(ctx, t->slots, t->n_slots * sizeof t->slots[0]);
    arena_free(&t->text);
    memset(t, 0, sizeof *t);
    t->ctx = ctx;
    t->text.ctx = ctx;
}

/* The slot of a text: where its symbol is, or where it would stand. */
static uint32_t probe(const symtab *t, const char *s, size_t len, uint32_t hash)
{
    uint32_t mask = t->n_slots - 1, at = hash & mask;
    for (; t->slots[at].symbol; at = (at + 1) & mask) {
        symbol found = t->slots[at].symbol - 1;
        if (t->slots[at].hash == hash && t->lengths[found] == len &&
            (len == 0 || memcmp(t->strings[found], s, len) == 0))
            break;
    }
    return at;
}

static bool widen(symtab *t)
{
    uint32_t n_slots = t->n_slots ? t->n_slots * 2 : FIRST_SLOTS;
    symbol_slot *slots = mem_zarray(t->ctx, n_slots, sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t i = 0; i < t->n_slots; i++) {
        uint32_t at = t->slots[i].hash & (n_slots - 1);
        if (!t->slots[i].symbol)
            continue;
        while (slots[at].symbol)
            at = (at + 1) & (n_slots - 1);
        slots[at] = t->slots[i];
    }
    mem_free(t->ctx, t->slots, t->n_slots * sizeof *slots);
    t->slots = slots;
    t->n_slots = n_slots;
    return true;
}

static bool room_for_one(symtab *t)
{
    return t->n < UINT32_MAX / 4 && mem_grow(t->ctx, &t->strings, &t->cap_strings, t->n, sizeof t->strings[0]) &&
           mem_grow(t->ctx, &t->lengths, &t->cap_lengths, t->n, sizeof t->lengths[0]);
}

symbol symtab_append(symtab *t, const char *s, size_t len)
{
    bool full = t->n >= t->cap_strings || t->n >= t->cap_lengths;
    if (len >= UINT32_MAX || (full && !room_for_one(t)))
        return NO_SYMBOL;
    const char *copy = arena_strdup(&t->text, s, len);
    if (!copy)
        return NO_SYMBOL;
    t->strings[t->n] = copy;
    t->lengths[t->n] = (uint32_t)len;
    return t->n++;
}

symbol symtab_find(const symtab *t, const char *s, size_t len)
{
    return t->n_slots ? t->slots[probe(t, s, len, (uint32_t)hash_bytes(s, len))].symbol - 1 : NO_SYMBOL;
}

symbol symtab_intern(symtab *t, const char *s, size_t len)
{
    uint32_t hash = (uint32_t)hash_bytes(s, len);
    if (t->n_found >= t->n_slots / 2 && !widen(t))
        return NO_SYMBOL;
    symbol_slot *slot = &t->slots[probe(t, s, len, hash)];
    if (slot->symbol)
        return slot->symbol - 1;
    symbol added = symtab_append(t, s, len);
    if (added == NO_SYMBOL)
        return NO_SYMBOL;
    *slot = (symbol_slot){ hash, added + 1 };
    t->n_found++;
    return added;
}
