/* keyset.h - a growing set of text keys, each with the line that gave it.
 *
 * A key is one or more parts; {"a","bc"} and {"ab","c"} are different keys.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_KEYSET_H
#define PAGU_SRC_KEYSET_H

#include "base/base.h"

typedef struct keyset_entry {
    const char *text; /* parts, each with its NUL */
    uint32_t len, hash, value;
} keyset_entry;

typedef struct keyset {
    pagu_ctx *ctx;
    arena text;
    keyset_entry *entries; /* in the order of coming */
    uint32_t *slots;       /* entry + 1; 0: free */
    uint32_t n, cap, n_slots;
} keyset;

void keyset_init(keyset *set, pagu_ctx *ctx);
void keyset_free(keyset *set);
/* Find or add: *entry is valid until the next add. *added tells which; false: out of memory. */
bool keyset_add(keyset *set, const char *const *parts, uint32_t n_parts, uint32_t value, keyset_entry **entry,
                bool *added);
/* NULL if absent. */
const keyset_entry *keyset_find(const keyset *set, const char *const *parts, uint32_t n_parts);

#endif
