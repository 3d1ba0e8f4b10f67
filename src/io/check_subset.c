/* check_subset.c - the fewest lines that add up to a gap.
 *
 * Sets of one line, then of two, …: the first found in order is the answer, so that the same
 * lines give the same set. The last line of a set is looked up in a sorted list, the others are
 * walked with bounds on what the rest can add up to; a budget of steps ends the search.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

typedef struct subset {
    const int64_t *values;
    uint32_t n;
    uint32_t *sorted;          /* indices by value, then index */
    int64_t *highest, *lowest; /* of values[i …] */
    uint64_t *budget;
    uint32_t *out;
} subset;

static int compare_values(const void *ud, uint32_t a, uint32_t b)
{
    const int64_t *v = ud;
    return v[a] != v[b] ? (v[a] < v[b] ? -1 : 1) : a < b ? -1 : a > b;
}

/* First line from `from` on that is worth exactly this. */
static bool find_last(const subset *s, __int128 want, uint32_t from, uint32_t *out)
{
    uint32_t lo = 0, hi = s->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2, i = s->sorted[mid];
        if (s->values[i] < want || (s->values[i] == want && i < from))
            lo = mid + 1;
        else
            hi = mid;
    }
    *out = lo < s->n ? s->sorted[lo] : 0;
    return lo < s->n && s->values[*out] == want;
}

static bool walk(const subset *s, __int128 want, uint32_t from, uint32_t left)
{
    if (left == 1)
        return find_last(s, want, from, s->out);
    for (uint32_t i = from; i + left <= s->n; i++) {
        if (*s->budget == 0)
            return false;
        --*s->budget;
        if (want > (__int128)s->highest[i] * left || want < (__int128)s->lowest[i] * left)
            return false;
        subset rest = *s;
        rest.out = s->out + 1;
        *s->out = i;
        if (walk(&rest, want - s->values[i], i + 1, left - 1))
            return true;
    }
    return false;
}

static void find_bounds(subset *s)
{
    for (uint32_t i = s->n; i-- > 0;) {
        bool last = i + 1 == s->n;
        s->highest[i] = last || s->values[i] > s->highest[i + 1] ? s->values[i] : s->highest[i + 1];
        s->lowest[i] = last || s->values[i] < s->lowest[i + 1] ? s->values[i] : s->lowest[i + 1];
    }
}

bool subset_find(pagu_ctx *ctx, const int64_t *values, uint32_t n, int64_t want, uint64_t *budget,
                 uint32_t out[SUBSET_LINES], uint32_t *n_out, pagu_code *code)
{
    uint32_t *scratch = mem_array(ctx, n, sizeof *scratch);
    subset s = { values,
                 n,
                 mem_array(ctx, n, sizeof *s.sorted),
                 mem_array(ctx, n, sizeof *s.highest),
                 mem_array(ctx, n, sizeof *s.lowest),
                 budget,
                 out };
    bool found = false, got = n == 0 || (scratch && s.sorted && s.highest && s.lowest);
    if (!got)
        *code = PAGU_NO_MEMORY;
    for (uint32_t i = 0; got && i < n; i++)
        s.sorted[i] = i;
    if (got && n) {
        sort_indices(s.sorted, scratch, n, compare_values, values);
        find_bounds(&s);
    }
    for (uint32_t k = 1; got && !found && k <= SUBSET_LINES && k <= n; k++) {
        found = walk(&s, want, 0, k);
        *n_out = k;
    }
    mem_free(ctx, scratch, n * sizeof *scratch);
    mem_free(ctx, s.sorted, n * sizeof *s.sorted);
    mem_free(ctx, s.highest, n * sizeof *s.highest);
    mem_free(ctx, s.lowest, n * sizeof *s.lowest);
    return found;
}
