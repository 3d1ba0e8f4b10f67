/* code.c - segmented codes and keys: comparing, normalising, looking up.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

#include <stdio.h>

/* A key is mount/code#line, so both marks end a segment as the separator does. */
static inline bool ends_segment(char c, char separator)
{
    return c == separator || c == '/' || c == '#';
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t code_above(const char *code, size_t len, char separator)
{
    while (len > 0 && !ends_segment(code[len - 1], separator))
        len--;
    return len ? len - 1 : 0;
}

typedef struct segment {
    const char *text;
    size_t len;
    bool numeric; /* then text has no leading zeros, but one digit at least */
} segment;

static segment next_segment(const char *at, const char *end, char separator)
{
    segment s = { at, 0, true };
    while (at + s.len < end && !ends_segment(at[s.len], separator)) {
        s.numeric = s.numeric && is_digit(at[s.len]);
        s.len++;
    }
    s.numeric = s.numeric && s.len > 0;
    while (s.numeric && s.len > 1 && *s.text == '0') {
        s.text++;
        s.len--;
    }
    return s;
}

static int compare_segments(segment a, segment b)
{
    if (a.numeric != b.numeric && a.len && b.len)
        return a.numeric ? -1 : 1;
    if (a.numeric && a.len != b.len)
        return a.len < b.len ? -1 : 1;
    int order = memcmp(a.text, b.text, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* A prefix first, then what lies below by code, by mount, by line. */
static int mark_rank(char c, char separator)
{
    return c == separator ? 1 : c == '/' ? 2 : 3;
}

/* Length of the common prefix, eight bytes at a time. */
static size_t common_prefix(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n && memcmp(a + i, b + i, 8) == 0; i += 8)
        ;
    while (i < n && a[i] == b[i])
        i++;
    return i;
}

int code_order(const char *a, size_t a_len, const char *b, size_t b_len, char separator)
{
    size_t least = a_len < b_len ? a_len : b_len, same = common_prefix(a, b, least);
    const char *a_end = a + a_len, *b_end = b + b_len;
    if (same == a_len && same == b_len)
        return 0;
    if (separator == '\0') {
        int order = memcmp(a, b, least);
        return order ? (order < 0 ? -1 : 1) : a_len < b_len ? -1 : 1;
    }
    while (same > 0 && !ends_segment(a[same - 1], separator))
        same--;
    /* mostly two numbers of equal length */
    size_t digits = same;
    while (digits < least && is_digit(a[digits]) && is_digit(b[digits]))
        digits++;
    if ((digits == a_len || ends_segment(a[digits], separator)) &&
        (digits == b_len || ends_segment(b[digits], separator))) {
        int order = memcmp(a + same, b + same, digits - same);
        if (order)
            return order < 0 ? -1 : 1;
    }
    for (a += same, b += same;;) {
        segment sa = next_segment(a, a_end, separator), sb = next_segment(b, b_end, separator);
        int order = compare_segments(sa, sb);
        if (order)
            return order < 0 ? -1 : 1;
        a = sa.text + sa.len;
        b = sb.text + sb.len;
        order = (a < a_end ? mark_rank(*a, separator) : 0) - (b < b_end ? mark_rank(*b, separator) : 0);
        if (order || a == a_end)
            return order < 0 ? -1 : order > 0;
        a++;
        b++;
    }
}

int code_compare(const char *a, const char *b, char separator)
{
    return code_order(a, strlen(a), b, strlen(b), separator);
}

size_t code_normalise(const char *code, size_t len, char separator, char *out, size_t size)
{
    size_t n = 0;
    const char *end = code + len;
    if (len >= size && (size == 0 || separator == '\0'))
        return 0;
    if (separator == '\0') {
        memcpy(out, code, len);
        out[len] = '\0';
        return len;
    }
    while (code < end) {
        if (*code == '0') /* perhaps one that doesn't count */
            code = next_segment(code, end, separator).text;
        while (code < end && !ends_segment(*code, separator)) {
            if (n + 1 >= size)
                return 0;
            out[n++] = *code++;
        }
        if (code < end) {
            if (n + 1 >= size)
                return 0;
            out[n++] = *code++;
        }
    }
    out[n] = '\0';
    return n;
}

bool code_same(const char *a, size_t a_len, const char *b, size_t b_len, char separator)
{
    if (a_len == b_len && memcmp(a, b, a_len) == 0)
        return true;
    char na[KEY_MAX_LEN + 2], nb[KEY_MAX_LEN + 2];
    size_t la = code_normalise(a, a_len, separator, na, sizeof na);
    size_t lb = code_normalise(b, b_len, separator, nb, sizeof nb);
    return la == lb && la > 0 && memcmp(na, nb, la) == 0;
}

uint32_t code_hash(const char *code, size_t len, char separator)
{
    char normal[KEY_MAX_LEN + 2];
    size_t n = code_normalise(code, len, separator, normal, sizeof normal);
    return (uint32_t)hash_bytes(normal, n);
}

size_t key_canonical(const char *key, size_t len, char *out, size_t size)
{
    bool own = len > 0 && key[len - 1] == '#';
    if (own)
        len--;
    while (len > 0 && (key[len - 1] == '/' || (key[len - 1] == '.' && (len == 1 || key[len - 2] == '/'))))
        len--;
    while (len > 0 && *key == '/') {
        key++;
        len--;
    }
    if (len == 0) {
        key = "/";
        len = 1;
    }
    if (len + own >= size)
        return 0;
    memcpy(out, key, len);
    if (own)
        out[len++] = '#';
    out[len] = '\0';
    return len;
}

/* ---- rows of a key ---- */

static bool row_has(const pagu_plan *p, symbol text, const char *key, size_t len)
{
    return code_same(plan_str(p, text), p->symbols.lengths[text], key, len, p->separator);
}

static uint32_t lookup_key(const pagu_plan *p, const char *key, size_t len, uint32_t hash)
{
    for (uint32_t at = hash & (p->n_key_slots - 1); p->key_slots[at]; at = (at + 1) & (p->n_key_slots - 1))
        if (row_has(p, p->key[p->key_slots[at] - 1], key, len))
            return p->key_slots[at];
    return 0;
}

static uint32_t lookup_code(const pagu_plan *p, const char *code, size_t len, uint32_t hash)
{
    if (p->n_code_slots == 0)
        return 0;
    for (uint32_t at = hash & (p->n_code_slots - 1); p->code_slots[at]; at = (at + 1) & (p->n_code_slots - 1))
        if (row_has(p, p->code[p->code_slots[at] - 1], code, len))
            return p->code_slots[at];
    return 0;
}

uint32_t plan_lookup(const pagu_plan *p, const char *key, size_t len, pagu_row *rows, uint32_t cap)
{
    char canonical[KEY_MAX_LEN + 1];
    len = key_canonical(key, len, canonical, sizeof canonical);
    if (len == 0 || p->n_key_slots == 0)
        return 0;
    uint32_t hash = code_hash(canonical, len, p->separator);
    uint32_t found = lookup_key(p, canonical, len, hash);
    if (found) {
        if (cap)
            rows[0] = found - 1;
        return 1;
    }
    uint32_t count = 0;
    for (found = lookup_code(p, canonical, len, hash); found; found = p->code_next[found - 1], count++)
        if (count < cap)
            rows[count] = found - 1;
    return count;
}

static pagu_code unknown_key(const pagu_plan *p, const char *key, pagu_error *err)
{
    char near[300];
    if (!err)
        return PAGU_UNKNOWN_KEY;
    plan_nearest(p, key, near, sizeof near);
    if (near[0] == '\0')
        return err_at(p->ctx, err, PAGU_UNKNOWN_KEY, key, NULL, "no node \"%s\" in this plan", key);
    return err_at(p->ctx, err, PAGU_UNKNOWN_KEY, key, NULL, "no node \"%s\" in this plan; nearest: %s", key, near);
}

static pagu_code ambiguous_key(const pagu_plan *p, const char *key, const pagu_row *rows, uint32_t known,
                               uint32_t count, pagu_error *err)
{
    char list[400] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < known; i++) {
        int w = snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", plan_str(p, p->key[rows[i]]));
        if (w < 0 || (size_t)w >= sizeof list - used) {
            list[used] = '\0';
            break;
        }
        used += (size_t)w;
    }
    return err_at(p->ctx, err, PAGU_AMBIGUOUS_KEY, key, NULL, "code \"%s\" fits %u nodes; write one of: %s", key, count,
                  list);
}

pagu_code plan_find_row(const pagu_plan *p, const char *key, pagu_row *out, pagu_error *err)
{
    pagu_row rows[8];
    uint32_t count = plan_lookup(p, key, strlen(key), rows, COUNT_OF(rows));
    if (count == 0)
        return unknown_key(p, key, err);
    if (count > 1)
        return ambiguous_key(p, key, rows, count < COUNT_OF(rows) ? count : COUNT_OF(rows), count, err);
    *out = rows[0];
    return PAGU_OK;
}

pagu_indicator plan_find_indicator(const pagu_plan *p, const char *id, size_t len)
{
    if (p->n_indicator_slots == 0)
        return PAGU_NO_INDICATOR;
    uint32_t mask = p->n_indicator_slots - 1;
    for (uint32_t at = (uint32_t)hash_bytes(id, len) & mask; p->indicator_slots[at]; at = (at + 1) & mask) {
        pagu_indicator found = p->indicator_slots[at] - 1;
        symbol s = p->indicators[found].id;
        if (p->symbols.lengths[s] == len && memcmp(plan_str(p, s), id, len) == 0)
            return found;
    }
    return PAGU_NO_INDICATOR;
}
