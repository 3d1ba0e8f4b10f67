/* messages_id.c - messages in Indonesian. Add a pair under the heading of the file that
 * raises it; order does not matter. Both formats take the same arguments: where their
 * order differs use positions (%1$s) in every conversion of the Indonesian format. A test
 * compares the conversions of each pair.
 * SPDX-License-Identifier: MIT */
#include "base/messages_id.h"

#include "base/base.h"

static const message_pair catalogue[] = {
    /* base/error.c */
    { "out of memory", "memori habis" },
    { "out of memory: the limit of %zu bytes was met", "memori habis: batas %zu bita tercapai" },

    /* base/spelling.c, base/number_parse.c */
    { "\"%s\" is not an amount", "\"%s\" bukan angka uang" },
    { "decimals must be 0 to 18, not %d", "desimal harus 0 sampai 18, bukan %d" },
    { "\"%s\" is too large for an amount", "\"%s\" terlalu besar untuk angka uang" },
    { "\"%s\" is not a whole amount: round it first", "\"%s\" bukan angka bulat: bulatkan dahulu" },
    { "\"%s\" is read as the decimal %s, not a whole amount; write %s if thousands are meant",
      "\"%s\" dibaca sebagai desimal %s, bukan angka bulat; tulis %s bila maksudnya ribuan" },
    { "\"%s\" can be read as %s or as %s: write it without a thousands separator",
      "\"%s\" dapat dibaca sebagai %s atau %s: tulis tanpa pemisah ribuan" },

    /* io/render.c */
    { "unknown format \"%s\"; use text, markdown, csv or json",
      "format \"%s\" tidak dikenal; pakai text, markdown, csv, atau json" },
    { "unknown format number %d", "format nomor %d tidak dikenal" },
    { "interrupted", "dihentikan" },
};

_Static_assert(COUNT_OF(catalogue) * 2 <= MESSAGE_SLOTS, "double MESSAGE_SLOTS");

const message_pair *messages_all(uint32_t *count)
{
    *count = (uint32_t)COUNT_OF(catalogue);
    return catalogue;
}

static uint32_t home_slot(const char *en)
{
    return (uint32_t)hash_bytes(en, strlen(en)) & (MESSAGE_SLOTS - 1);
}

void messages_index(uint16_t slots[MESSAGE_SLOTS])
{
    memset(slots, 0, MESSAGE_SLOTS * sizeof slots[0]);
    for (uint32_t i = 0; i < COUNT_OF(catalogue); i++) {
        uint32_t at = home_slot(catalogue[i].en);
        while (slots[at])
            at = (at + 1) & (MESSAGE_SLOTS - 1);
        slots[at] = (uint16_t)(i + 1);
    }
}

const char *messages_find(const uint16_t slots[MESSAGE_SLOTS], const char *en)
{
    for (uint32_t at = home_slot(en); slots[at]; at = (at + 1) & (MESSAGE_SLOTS - 1)) {
        const message_pair *pair = &catalogue[slots[at] - 1];
        if (str_eq(pair->en, en))
            return pair->id;
    }
    return NULL;
}
