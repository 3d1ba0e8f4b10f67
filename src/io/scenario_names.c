/* scenario_names.c - keys and periods of a saved scenario as they are on another base.
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"

#include <stdio.h>

bool names_open(scenario_reader *r)
{
    keyset_init(&r->codes, r->ctx);
    keyset_init(&r->renamed, r->ctx);
    keyset_init(&r->staying, r->ctx);
    keyset_entry *e;
    bool added;
    for (size_t i = 0; r->replay && i < r->replay->n_codes; i++)
        if (!keyset_add(&r->codes, &r->replay->codes[i], 1, (uint32_t)i, &e, &added))
            return false;
    return true;
}

void names_close(scenario_reader *r)
{
    mem_free(r->ctx, r->new_ids, r->cap_new_ids * sizeof *r->new_ids);
    r->new_ids = NULL;
    keyset_free(&r->codes);
    keyset_free(&r->renamed);
    keyset_free(&r->staying);
}

bool names_rename(scenario_reader *r, const char *from, const char *to)
{
    keyset_entry *e;
    bool added;
    uint32_t n = r->renamed.n;
    if (!mem_grow(r->ctx, &r->new_ids, &r->cap_new_ids, n, sizeof *r->new_ids))
        return false;
    const char *copy = arena_strdup(&r->renamed.text, to, strlen(to));
    if (!copy || !keyset_add(&r->renamed, &from, 1, n, &e, &added))
        return false;
    r->new_ids[e->value] = copy;
    return true;
}

/* Where the code of a key begins: behind its mount. */
static size_t mount_length(const char *key)
{
    const char *slash = strrchr(key, '/');
    return slash && slash[1] ? (size_t)(slash + 1 - key) : 0;
}

/* Replace the longest part of text from `mount` on that is a code given; false: none is. */
static bool replace_code(scenario_reader *r, const char *text, size_t mount, char out[KEY_MAX_LEN + 2], bool *gone)
{
    char part[KEY_MAX_LEN + 2];
    const char *code = text + mount, *name = part;
    char separator = r->plan->separator;
    for (size_t len = strlen(code); len > 0; len--) {
        if (code[len] && code[len] != separator && code[len] != '#')
            continue;
        memcpy(part, code, len);
        part[len] = '\0';
        const keyset_entry *e = keyset_find(&r->codes, &name, 1);
        if (!e)
            continue;
        const char *to = r->replay->new_codes[e->value];
        int n = to ? snprintf(out, KEY_MAX_LEN + 2, "%.*s%s%s", (int)mount, text, to, code + len) : -1;
        *gone = n < 0 || n > KEY_MAX_LEN + 1;
        return true;
    }
    return false;
}

const char *here_key(scenario_reader *r, const char *key)
{
    const keyset_entry *e = keyset_find(&r->renamed, &key, 1);
    bool gone = false;
    if (e)
        return r->new_ids[e->value];
    if (!r->codes.n || strlen(key) > KEY_MAX_LEN)
        return key;
    char *out = r->names[r->next_name++ % COUNT_OF(r->names)];
    size_t mount = mount_length(key);
    if (!replace_code(r, key, 0, out, &gone) && !(mount && replace_code(r, key, mount, out, &gone)))
        return key;
    return gone ? NULL : out;
}

/* Every run of four digits is a year: 2024, 2024-Q1, ..2021. */
const char *here_period(scenario_reader *r, const char *period)
{
    char *out = r->periods[0], *to = out;
    size_t len = strlen(period);
    if (!r->shift || len > 20)
        return period;
    for (const char *at = period; *at;) {
        size_t digits = strspn(at, "0123456789");
        if (digits == 4) {
            int year = (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
            to += snprintf(to, 8, "%04d", (year + r->shift) % 10000);
        }
        size_t n = digits == 4 ? 0 : digits ? digits : 1;
        memcpy(to, at, n);
        to += n;
        at += digits == 4 ? 4 : n;
    }
    *to = '\0';
    return out;
}
