/* nearest.c - "did you mean": names near to an unknown one.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

#include <stdio.h>

enum { LONGEST = 64, SCANNED_ROWS = 50000 };

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

uint32_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len, uint32_t limit)
{
    uint16_t row[EDIT_ROOM];
    size_t gap = a_len > b_len ? a_len - b_len : b_len - a_len;
    if (gap > limit || b_len >= EDIT_ROOM)
        return limit + 1;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = (uint16_t)j;
    for (size_t i = 1; i <= a_len; i++) {
        uint32_t diagonal = row[0], least = row[0] = (uint16_t)i;
        for (size_t j = 1; j <= b_len; j++) {
            uint32_t change = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            diagonal = row[j];
            uint32_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1u;
            row[j] = (uint16_t)(change < step ? change : step);
            least = row[j] < least ? row[j] : least;
        }
        if (least > limit)
            return limit + 1;
    }
    return row[b_len] <= limit ? row[b_len] : limit + 1;
}

void nearest_init(nearest *n, const char *query)
{
    memset(n, 0, sizeof *n);
    n->query = query;
    n->len = strlen(query);
    n->limit = n->len <= 2 ? 1 : n->len <= 8 ? 2 : 3;
}

static void keep(nearest *n, unsigned d, const char *candidate)
{
    unsigned at = n->count < NEAREST_KEPT ? n->count++ : NEAREST_KEPT - 1;
    for (; at > 0 && n->distance[at - 1] > d; at--) {
        n->distance[at] = n->distance[at - 1];
        n->name[at] = n->name[at - 1];
    }
    n->distance[at] = d;
    n->name[at] = candidate;
}

void nearest_offer_as(nearest *n, const char *text, const char *candidate)
{
    unsigned limit = n->limit;
    if (n->count == NEAREST_KEPT) {
        if (n->distance[NEAREST_KEPT - 1] == 0)
            return;
        limit = n->distance[NEAREST_KEPT - 1] - 1;
    }
    size_t len = strlen(text);
    if (n->len > LONGEST || len > LONGEST)
        return;
    unsigned d = edit_distance(n->query, n->len, text, len, limit);
    if (d <= limit)
        keep(n, d, candidate);
}

void nearest_offer(nearest *n, const char *candidate)
{
    nearest_offer_as(n, candidate, candidate);
}

static bool contains(const char *text, const char *part, size_t len)
{
    for (; *text; text++) {
        size_t i = 0;
        while (i < len && text[i] && lower(text[i]) == lower(part[i]))
            i++;
        if (i == len)
            return true;
    }
    return false;
}

/* Children of the longest existing prefix of an unknown key: what the writer most likely meant
 * when no spelling is close ("1.06.01.2.99"). */
static void offer_siblings(const pagu_plan *p, nearest *n)
{
    size_t len = n->len;
    pagu_row row;
    while (len > 0) {
        len = code_above(n->query, len, p->separator);
        if (len && plan_lookup(p, n->query, len, &row, 1) == 1)
            break;
    }
    if (len == 0)
        return;
    for (uint32_t c = p->child_first[row]; c < p->child_first[row + 1] && n->count < NEAREST_KEPT; c++)
        keep(n, n->limit + 1, plan_str(p, p->key[c]));
    if (n->count == 0)
        keep(n, n->limit + 1, plan_str(p, p->key[row]));
}

void plan_nearest(const pagu_plan *p, const char *key, char *buf, size_t size)
{
    nearest n;
    nearest_init(&n, key);
    uint32_t scanned = p->n_rows < SCANNED_ROWS ? p->n_rows : SCANNED_ROWS; /* level order: the top of the tree first */
    for (uint32_t r = 0; r < scanned; r++)
        nearest_offer(&n, plan_str(p, p->key[r]));
    for (uint32_t r = 0; r < scanned && n.len >= 3; r++) {
        const char *name = plan_str(p, p->name[r]);
        if (contains(name, key, n.len) && n.count < NEAREST_KEPT)
            keep(&n, n.limit, plan_str(p, p->key[r]));
        else
            nearest_offer_as(&n, name, plan_str(p, p->key[r]));
    }
    if (n.count == 0)
        offer_siblings(p, &n);
    size_t used = 0;
    if (size)
        buf[0] = '\0';
    for (unsigned i = 0; i < n.count; i++) {
        int w = snprintf(buf + used, size - used, "%s%s", i ? ", " : "", n.name[i]);
        if (w < 0 || (size_t)w >= size - used) {
            if (size)
                buf[used] = '\0'; /* whole names only */
            return;
        }
        used += (size_t)w;
    }
}
