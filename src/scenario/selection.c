/* selection.c - sorted sets of rows.
 *
 * Sets are collected as bits over the view's rows, so that every maker is linear and
 * duplicates vanish, then kept as an ascending array.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

struct pagu_selection {
    pagu_ctx *ctx;
    uint32_t n;
    pagu_row rows[];
};

static size_t selection_bytes(uint32_t n)
{
    return sizeof(pagu_selection) + (size_t)n * sizeof(pagu_row);
}

static pagu_code selection_new(pagu_ctx *ctx, uint32_t n, pagu_selection **out, pagu_error *err)
{
    pagu_selection *s = mem_alloc(ctx, selection_bytes(n));
    if (!s)
        return err_memory(ctx, err);
    s->ctx = ctx;
    s->n = n;
    *out = s;
    return PAGU_OK;
}

void pagu_selection_free(pagu_selection *s)
{
    if (s)
        mem_free(s->ctx, s, selection_bytes(s->n));
}

/* ---- collecting ---- */

typedef struct row_bits {
    pagu_ctx *ctx;
    uint64_t *bits;
    uint32_t n_rows;
} row_bits;

static size_t bits_bytes(const row_bits *b)
{
    return ((size_t)b->n_rows + 63) / 64 * sizeof(uint64_t);
}

static pagu_code bits_init(row_bits *b, const pagu_view *v, pagu_error *err)
{
    *b = (row_bits){ v->plan->ctx, NULL, pagu_view_row_count(v) };
    b->bits = mem_zalloc(b->ctx, bits_bytes(b));
    return b->bits ? PAGU_OK : err_memory(b->ctx, err);
}

static void bits_free(row_bits *b)
{
    mem_free(b->ctx, b->bits, b->bits ? bits_bytes(b) : 0);
}

/* Turn the bits into a selection and free them. */
static pagu_code bits_finish(row_bits *b, pagu_selection **out, pagu_error *err)
{
    uint32_t words = (uint32_t)(bits_bytes(b) / sizeof(uint64_t)), n = 0;
    for (uint32_t w = 0; w < words; w++)
        n += (uint32_t)__builtin_popcountll(b->bits[w]);
    pagu_code code = selection_new(b->ctx, n, out, err);
    uint32_t at = 0;
    for (uint32_t w = 0; w < words && code == PAGU_OK; w++)
        for (uint64_t bits = b->bits[w]; bits; bits &= bits - 1)
            (*out)->rows[at++] = w * 64 + (uint32_t)__builtin_ctzll(bits);
    bits_free(b);
    return code;
}

typedef bool row_test(const pagu_view *v, pagu_row row, const void *arg);

static pagu_code select_if(const pagu_view *v, row_test *test, const void *arg, pagu_selection **out, pagu_error *err)
{
    row_bits b;
    pagu_code code = bits_init(&b, v, err);
    if (code != PAGU_OK)
        return code;
    for (uint32_t r = 0; r < b.n_rows; r++)
        if (row_is_member(v, r) && (!test || test(v, r, arg)))
            bit_set(b.bits, r);
    return bits_finish(&b, out, err);
}

pagu_code pagu_select_all(const pagu_view *v, pagu_selection **out, pagu_error *err)
{
    return select_if(v, NULL, NULL, out, err);
}

static bool at_level(const pagu_view *v, pagu_row row, const void *arg)
{
    return pagu_view_level(v, row) == *(const pagu_level *)arg;
}

pagu_code pagu_select_level(const pagu_view *v, pagu_level level, pagu_selection **out, pagu_error *err)
{
    return select_if(v, at_level, &level, out, err);
}

struct tag_test {
    uint32_t tree, cls;
};
static bool has_tag(const pagu_view *v, pagu_row row, const void *arg)
{
    const struct tag_test *t = arg;
    return pagu_view_has_class(v, row, t->tree, t->cls);
}

pagu_code pagu_select_tag(const pagu_view *v, uint32_t tree, uint32_t cls, pagu_selection **out, pagu_error *err)
{
    return select_if(v, has_tag, &(struct tag_test){ tree, cls }, out, err);
}

/* Mark the members (or only the money-carrying leaves) at or below a row. A subtree is one
 * interval of each level; added rows hang below by their lists. */
static void mark_added(row_bits *b, const pagu_view *v, pagu_row row, bool leaves);

static void mark_one(row_bits *b, const pagu_view *v, pagu_row row, bool leaves)
{
    if (row_is_member(v, row) && (!leaves || row_is_leaf(v, row)))
        bit_set(b->bits, row);
}

static void mark_below(row_bits *b, const pagu_view *v, pagu_row row, bool leaves)
{
    const pagu_plan *p = v->plan;
    if (!row_is_base(v, row)) {
        mark_one(b, v, row, leaves);
        mark_added(b, v, row, leaves);
        return;
    }
    for (uint32_t lo = row, hi = row + 1; lo < hi;) {
        for (uint32_t r = lo; r < hi; r++) {
            mark_one(b, v, r, leaves);
            if (v->ext)
                mark_added(b, v, r, leaves);
        }
        uint32_t next_lo = p->child_first[lo];
        hi = p->child_first[hi];
        lo = next_lo;
    }
}

static void mark_added(row_bits *b, const pagu_view *v, pagu_row row, bool leaves)
{
    for (uint32_t c = first_added_child(v, row); c != PAGU_NO_ROW; c = view_ext(v, c)->next) {
        mark_one(b, v, c, leaves);
        mark_added(b, v, c, leaves);
    }
}

pagu_code pagu_select_under(const pagu_view *v, pagu_row row, pagu_selection **out, pagu_error *err)
{
    row_bits b;
    if (row >= pagu_view_row_count(v))
        return err_set(v->plan->ctx, err, PAGU_UNKNOWN_KEY, "no such row");
    pagu_code code = bits_init(&b, v, err);
    if (code != PAGU_OK)
        return code;
    mark_below(&b, v, row, false);
    return bits_finish(&b, out, err);
}

pagu_code pagu_select_lines(const pagu_view *v, const pagu_selection *s, pagu_selection **out, pagu_error *err)
{
    row_bits b;
    pagu_code code = bits_init(&b, v, err);
    if (code != PAGU_OK)
        return code;
    for (uint32_t i = 0; i < s->n; i++) {
        pagu_row r = s->rows[i];
        if (r >= b.n_rows || bit_get(b.bits, r))
            continue;
        mark_below(&b, v, r, true);
    }
    return bits_finish(&b, out, err);
}

pagu_code pagu_select_rows(const pagu_view *v, const pagu_row *rows, size_t n, pagu_selection **out, pagu_error *err)
{
    row_bits b;
    pagu_code code = bits_init(&b, v, err);
    if (code != PAGU_OK)
        return code;
    for (size_t i = 0; i < n; i++) {
        if (rows[i] >= b.n_rows || !row_is_member(v, rows[i])) {
            const char *key = rows[i] < b.n_rows ? pagu_view_key(v, rows[i]) : "?";
            bits_free(&b);
            return err_at(v->plan->ctx, err, PAGU_NOT_MEMBER, key, NULL, "%s is not in \"%s\"", key, pagu_view_name(v));
        }
        bit_set(b.bits, rows[i]);
    }
    return bits_finish(&b, out, err);
}

pagu_code pagu_select_where(const pagu_view *v, const pagu_selection *within,
                            bool (*accept)(void *ud, const pagu_view *v, pagu_row row), void *ud, pagu_selection **out,
                            pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    uint32_t n = within->n;
    row_bits b;
    pagu_row *rows = mem_array(ctx, n, sizeof *rows);
    if (n && !rows)
        return err_memory(ctx, err);
    if (n)
        memcpy(rows, within->rows, n * sizeof *rows);
    pagu_code code = pagu_view_sort(v, rows, n) == PAGU_OK ? bits_init(&b, v, err) : err_memory(ctx, err);
    for (uint32_t i = 0; i < n && code == PAGU_OK; i++)
        if (row_is_member(v, rows[i]) && accept(ud, v, rows[i]))
            bit_set(b.bits, rows[i]);
    mem_free(ctx, rows, n * sizeof *rows);
    return code == PAGU_OK ? bits_finish(&b, out, err) : code;
}

/* ---- set operations: one merge ---- */

enum { ONLY_A = 1, ONLY_B = 2, BOTH = 4 };

static uint32_t merge(const pagu_selection *a, const pagu_selection *b, int keep, pagu_row *out)
{
    uint32_t i = 0, j = 0, n = 0;
    while (i < a->n || j < b->n) {
        int which = j == b->n || (i < a->n && a->rows[i] < b->rows[j]) ? ONLY_A
                    : i == a->n || b->rows[j] < a->rows[i]             ? ONLY_B
                                                                       : BOTH;
        pagu_row row = which == ONLY_B ? b->rows[j] : a->rows[i];
        i += which != ONLY_B;
        j += which != ONLY_A;
        if (!(which & keep))
            continue;
        if (out)
            out[n] = row;
        n++;
    }
    return n;
}

static pagu_code combine(const pagu_selection *a, const pagu_selection *b, int keep, pagu_selection **out,
                         pagu_error *err)
{
    pagu_code code = selection_new(a->ctx, merge(a, b, keep, NULL), out, err);
    if (code == PAGU_OK)
        merge(a, b, keep, (*out)->rows);
    return code;
}

pagu_code pagu_selection_union(const pagu_selection *a, const pagu_selection *b, pagu_selection **out, pagu_error *err)
{
    return combine(a, b, ONLY_A | ONLY_B | BOTH, out, err);
}
pagu_code pagu_selection_intersect(const pagu_selection *a, const pagu_selection *b, pagu_selection **out,
                                   pagu_error *err)
{
    return combine(a, b, BOTH, out, err);
}
pagu_code pagu_selection_subtract(const pagu_selection *a, const pagu_selection *b, pagu_selection **out,
                                  pagu_error *err)
{
    return combine(a, b, ONLY_A, out, err);
}

uint32_t pagu_selection_count(const pagu_selection *s)
{
    return s->n;
}
const pagu_row *pagu_selection_rows(const pagu_selection *s)
{
    return s->rows;
}

bool rows_have(const pagu_row *rows, uint32_t n, pagu_row row)
{
    uint32_t lo = 0, hi = n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (rows[mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && rows[lo] == row;
}

int rows_sign(const pagu_view *v, const pagu_row *rows, uint32_t n, pagu_row line)
{
    int sign = 1;
    for (; line != PAGU_NO_ROW; line = row_parent(v, line)) {
        if (rows_have(rows, n, line))
            return sign;
        sign *= row_sign(v, line);
    }
    return 0;
}

bool pagu_selection_has(const pagu_selection *s, pagu_row row)
{
    return rows_have(s->rows, s->n, row);
}

bool pagu_selection_overlaps(const pagu_view *v, const pagu_selection *s, pagu_row *out_descendant)
{
    /* ancestors have lower numbers, so none below the first selected row is looked for */
    for (uint32_t i = 0; i < s->n && s->rows[i] < pagu_view_row_count(v); i++)
        for (pagu_row r = row_parent(v, s->rows[i]); r != PAGU_NO_ROW && r >= s->rows[0]; r = row_parent(v, r))
            if (pagu_selection_has(s, r)) {
                if (out_descendant)
                    *out_descendant = s->rows[i];
                return true;
            }
    return false;
}
