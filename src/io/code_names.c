/* code_names.c - are two names the same, nearly the same, or different?
 * SPDX-License-Identifier: MIT */
#include "io/codes.h"

#include <stdio.h>

enum { NEAR_PART = 8 }; /* one letter in so many may differ */

void name_normalise(const char *name, char out[NAME_ROOM])
{
    size_t n = 0;
    for (bool gap = false; *name && n + 2 < NAME_ROOM; name++) {
        unsigned char c = (unsigned char)*name;
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (c >= 'A' && c <= 'Z') {
            c = (unsigned char)(c + 32);
            letter = true;
        }
        if (letter) {
            if (gap && n)
                out[n++] = ' ';
            out[n++] = (char)c;
        }
        gap = !letter;
    }
    out[n] = '\0';
}

name_likeness name_compare(const char *a, const char *b)
{
    char x[NAME_ROOM], y[NAME_ROOM];
    name_normalise(a, x);
    name_normalise(b, y);
    if (str_eq(x, y))
        return NAME_SAME;
    size_t shorter = strlen(x) < strlen(y) ? strlen(x) : strlen(y);
    uint32_t limit = (uint32_t)(shorter / NEAR_PART);
    return edit_distance(x, strlen(x), y, strlen(y), limit) <= limit ? NAME_NEAR : NAME_OTHER;
}

uint32_t code_segments(const char *code, char separator)
{
    uint32_t n = *code != '\0';
    for (; *code; code++)
        n += *code == separator;
    return n;
}

size_t code_segment_at(const char *code, char separator, uint32_t index)
{
    size_t at = 0;
    for (; index > 0 && code[at]; at++)
        index -= code[at] == separator;
    return at;
}

/* ---- aliases ---- */

code_text code_with_prefix(const char *prefix, size_t prefix_len, const char *rest)
{
    code_text t = { "" };
    int n = snprintf(t.s, sizeof t.s, "%.*s%s", (int)prefix_len, prefix, rest);
    if (n < 0 || (size_t)n >= sizeof t.s)
        t.s[0] = '\0';
    return t;
}

const char *plan_aliases(const pagu_plan *plan)
{
    const char *aliases = pagu_plan_meta(plan, "codes.alias");
    return aliases ? aliases : "";
}

const char *alias_next(const char *at, size_t *len)
{
    at += strspn(at, " ");
    *len = strcspn(at, " ");
    return *len ? at : NULL;
}

uint32_t alias_segments(const char *alias, size_t len, char separator)
{
    uint32_t n = 1;
    for (size_t i = 0; i < len; i++)
        n += alias[i] == separator;
    return n;
}

bool code_aliased(const char *code, const char *alias, size_t len, char separator, code_text *out)
{
    uint32_t n = alias_segments(alias, len, separator);
    if (code_segments(code, separator) <= n)
        return false;
    *out = code_with_prefix(alias, len, code + code_segment_at(code, separator, n) - 1);
    return true;
}

code_text code_owned(const char *listed, const char *own, const char *aliases, char separator)
{
    size_t len;
    for (const char *alias = aliases; (alias = alias_next(alias, &len)) != NULL; alias += len) {
        if (strncmp(listed, alias, len) != 0 || listed[len] != separator)
            continue;
        uint32_t n = alias_segments(alias, len, separator);
        if (code_segments(own, separator) > n)
            return code_with_prefix(own, code_segment_at(own, separator, n) - 1, listed + len);
    }
    return code_with_prefix(listed, strlen(listed), "");
}

static const code_entry *active_entry(const code_index *x, const char *code)
{
    const code_entry *e = code_index_find(x, code, strlen(code));
    while (e && !e->active)
        e = code_index_next(x, e);
    return e;
}

const code_entry *code_index_active(const code_index *x, const char *code, const char *aliases)
{
    const code_entry *e = active_entry(x, code);
    size_t len;
    for (const char *alias = aliases; !e && (alias = alias_next(alias, &len)) != NULL; alias += len) {
        code_text t;
        if (code_aliased(code, alias, len, x->separator, &t))
            e = active_entry(x, t.s);
    }
    return e;
}
