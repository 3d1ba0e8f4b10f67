/* extension.c - rows and indicators that scenarios added, appended by a sole owner, else copied.
 * SPDX-License-Identifier: MIT */
#include "scenario/extension.h"

static void ext_free(pagu_ctx *ctx, ext *e)
{
    mem_free(ctx, e->rows, e->cap_rows * sizeof *e->rows);
    mem_free(ctx, e->indicators, e->cap_indicators * sizeof *e->indicators);
    cellmap_free(ctx, &e->first_child);
    cellmap_free(ctx, &e->first_indicator);
    cellmap_free(ctx, &e->by_key);
    pool_release(ctx, e->pool);
    mem_free(ctx, e, sizeof *e);
}

void ext_release(pagu_ctx *ctx, ext *e)
{
    if (e && atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) == 1)
        ext_free(ctx, e);
}

static bool copy_map(pagu_ctx *ctx, cellmap *to, const cellmap *from)
{
    if (from->n && !cellmap_reserve(ctx, to, from->n))
        return false;
    for (uint32_t i = 0; i < from->cap; i++) {
        bool made;
        if (from->keys[i] != CELLMAP_EMPTY)
            *cellmap_slot_of(to, from->keys[i], &made) = from->values[i];
    }
    return true;
}

static ext *ext_copy(pagu_ctx *ctx, const ext *from)
{
    ext *e = mem_zalloc(ctx, sizeof *e);
    if (!e)
        return NULL;
    atomic_init(&e->refs, 1);
    if (!from)
        return e;
    e->cap_rows = from->n_rows;
    e->cap_indicators = from->n_indicators;
    e->rows = mem_array(ctx, e->cap_rows, sizeof *e->rows);
    e->indicators = mem_array(ctx, e->cap_indicators, sizeof *e->indicators);
    bool ok = (e->rows || !e->cap_rows) && (e->indicators || !e->cap_indicators);
    if (!e->rows)
        e->cap_rows = 0;
    if (!e->indicators)
        e->cap_indicators = 0;
    ok = ok && copy_map(ctx, &e->first_child, &from->first_child) &&
         copy_map(ctx, &e->first_indicator, &from->first_indicator) && copy_map(ctx, &e->by_key, &from->by_key);
    if (!ok) {
        ext_free(ctx, e);
        return NULL;
    }
    if (from->n_rows)
        memcpy(e->rows, from->rows, from->n_rows * sizeof *e->rows);
    if (from->n_indicators)
        memcpy(e->indicators, from->indicators, from->n_indicators * sizeof *e->indicators);
    e->n_rows = from->n_rows;
    e->n_indicators = from->n_indicators;
    e->has_signs = from->has_signs;
    return e;
}

/* The extension that this scenario alone holds, with room for some more. */
ext *ext_own(pagu_scenario *s, uint32_t rows, uint32_t indicators)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    ext *e = s->view.ext;
    if (!scenario_pool(s))
        return NULL;
    if (!e || atomic_load_explicit(&e->refs, memory_order_acquire) != 1) {
        ext *own = ext_copy(ctx, e);
        if (!own)
            return NULL;
        own->pool = pool_retain(s->pool); /* reaches the pools of those it was copied from */
        ext_release(ctx, e);
        s->view.ext = e = own;
    }
    bool ok = (!rows || mem_grow(ctx, &e->rows, &e->cap_rows, e->n_rows + rows, sizeof *e->rows)) &&
              (!indicators || mem_grow(ctx, &e->indicators, &e->cap_indicators, e->n_indicators + indicators,
                                       sizeof *e->indicators)) &&
              cellmap_reserve(ctx, &e->first_child, 1) && cellmap_reserve(ctx, &e->first_indicator, 1) &&
              cellmap_reserve(ctx, &e->by_key, 2 * rows);
    return ok ? e : NULL;
}

static uint32_t key_hash(const pagu_plan *p, const char *key)
{
    char normal[256];
    size_t n = code_normalise(key, strlen(key), p->separator, normal, sizeof normal);
    uint32_t h = (uint32_t)hash_bytes(n ? normal : key, n ? n : strlen(key));
    return h == CELLMAP_EMPTY ? 0 : h;
}

static bool same_key(const pagu_plan *p, const char *a, const char *b)
{
    char x[256], y[256];
    size_t n = code_normalise(a, strlen(a), p->separator, x, sizeof x),
           m = code_normalise(b, strlen(b), p->separator, y, sizeof y);
    return n && m ? n == m && memcmp(x, y, n) == 0 : str_eq(a, b);
}

static bool names_row(const pagu_view *v, const ext_row *r, const char *key)
{
    return same_key(v->plan, r->key, key) || (*r->code && same_key(v->plan, r->code, key));
}

pagu_row ext_find(const pagu_view *v, const char *key)
{
    const int64_t *slot = cellmap_find(&v->ext->by_key, key_hash(v->plan, key));
    if (!slot)
        return PAGU_NO_ROW;
    pagu_row row = (pagu_row)*slot;
    if (names_row(v, view_ext(v, row), key) && row_is_member(v, row))
        return row;
    for (uint32_t i = v->ext->n_rows; i-- > 0;) /* an earlier row of that key, brought back by undo */
        if (names_row(v, &v->ext->rows[i], key) && row_is_member(v, v->plan->n_rows + i))
            return v->plan->n_rows + i;
    return PAGU_NO_ROW;
}

bool ext_has_key(const pagu_view *v, const char *key)
{
    pagu_row found = v->ext ? ext_find(v, key) : PAGU_NO_ROW;
    if (found == PAGU_NO_ROW || same_key(v->plan, view_ext(v, found)->key, key))
        return found != PAGU_NO_ROW;
    for (uint32_t i = 0; i < v->ext->n_rows; i++) /* that one only has the code */
        if (same_key(v->plan, v->ext->rows[i].key, key) && row_is_member(v, v->plan->n_rows + i))
            return true;
    return false;
}

static void link_child(pagu_view *v, ext *e, pagu_row row)
{
    ext_row *r = &e->rows[row - v->plan->n_rows];
    uint32_t *at;
    int64_t *slot = NULL;
    uint32_t first;
    if (row_is_base(v, r->parent)) {
        bool made;
        slot = cellmap_slot_of(&e->first_child, r->parent, &made);
        if (made)
            *slot = PAGU_NO_ROW;
        first = (uint32_t)*slot;
        at = &first;
    } else {
        at = &e->rows[r->parent - v->plan->n_rows].first_child;
    }
    while (*at != PAGU_NO_ROW && row_order(v, *at, row) < 0)
        at = &e->rows[*at - v->plan->n_rows].next;
    r->next = *at;
    *at = row;
    if (slot)
        *slot = first;
}

pagu_row ext_append(pagu_view *v, ext *e, const ext_row *row)
{
    pagu_row id = v->plan->n_rows + e->n_rows;
    bool made;
    e->rows[e->n_rows++] = *row;
    e->has_signs |= row->sign != 1;
    link_child(v, e, id);
    *cellmap_slot_of(&e->by_key, key_hash(v->plan, row->key), &made) = id;
    if (*row->code && !str_eq(row->code, row->key))
        *cellmap_slot_of(&e->by_key, key_hash(v->plan, row->code), &made) = id;
    return id;
}

void link_indicator(const pagu_view *v, ext *e, pagu_indicator ind)
{
    ext_indicator *i = &e->indicators[ind - v->plan->n_indicators];
    int64_t *slot = NULL;
    uint32_t first, *at;
    if (row_is_base(v, i->row)) {
        bool made;
        slot = cellmap_slot_of(&e->first_indicator, i->row, &made);
        if (made)
            *slot = PAGU_NO_INDICATOR;
        first = (uint32_t)*slot;
        at = &first;
    } else {
        at = &e->rows[i->row - v->plan->n_rows].first_indicator;
    }
    while (*at != PAGU_NO_INDICATOR)
        at = &e->indicators[*at - v->plan->n_indicators].next;
    *at = ind;
    if (slot)
        *slot = first;
}
