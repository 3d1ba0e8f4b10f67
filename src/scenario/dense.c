/* dense.c - private columns: counted blocks, sparse to dense, whole columns in and out.
 * SPDX-License-Identifier: MIT */
#include "scenario/layer.h"

dense_block *dense_new(const pagu_plan *plan)
{
    pagu_plan *p = (pagu_plan *)(uintptr_t)plan; /* the spares are no part of what a plan means */
    dense_block *d = NULL;
    for (size_t i = 0; i < COUNT_OF(p->spare_columns) && !d; i++)
        d = atomic_exchange_explicit(&p->spare_columns[i], NULL, memory_order_acq_rel);
    if (!d)
        d = mem_alloc(p->ctx, dense_bytes(p->n_rows));
    if (d) {
        atomic_init(&d->refs, 1);
        d->n = p->n_rows;
    }
    return d;
}

dense_block *dense_retain(dense_block *d)
{
    if (d)
        atomic_fetch_add_explicit(&d->refs, 1, memory_order_relaxed);
    return d;
}

void dense_release(const pagu_plan *plan, dense_block *d)
{
    pagu_plan *p = (pagu_plan *)(uintptr_t)plan;
    if (!d || atomic_fetch_sub_explicit(&d->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < COUNT_OF(p->spare_columns); i++) {
        dense_block *none = NULL;
        if (atomic_compare_exchange_strong_explicit(&p->spare_columns[i], &none, d, memory_order_acq_rel,
                                                    memory_order_relaxed))
            return;
    }
    mem_free(p->ctx, d, dense_bytes(d->n));
}

/* Make a block that this overlay alone holds, copying a shared one. */
bool dense_own(const pagu_plan *p, dense_block **d)
{
    if (!*d || atomic_load_explicit(&(*d)->refs, memory_order_acquire) == 1)
        return true;
    dense_block *copy = dense_new(p);
    if (!copy)
        return false;
    memcpy(copy->v, (*d)->v, (size_t)copy->n * sizeof *copy->v);
    dense_release(p, *d);
    *d = copy;
    return true;
}

/* The entries of added rows alone, in a new map. false: out of memory. */
static bool only_added(pagu_ctx *ctx, const pagu_plan *p, const cellmap *m, cellmap *out)
{
    *out = (cellmap){ 0 };
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->cap; i++)
        n += m->keys[i] != CELLMAP_EMPTY && m->keys[i] >= p->n_rows;
    if (n && !cellmap_reserve(ctx, out, n))
        return false;
    for (uint32_t i = 0; n && i < m->cap; i++) {
        bool made;
        if (m->keys[i] != CELLMAP_EMPTY && m->keys[i] >= p->n_rows)
            *cellmap_slot_of(out, m->keys[i], &made) = m->values[i];
    }
    return true;
}

/* Keep only added rows where a dense array stands in for the others. Without memory the hidden
 * keys stay, which is harmless: dense arrays are looked at first. */
void drop_base_keys(pagu_ctx *ctx, const pagu_plan *p, cellmap *m)
{
    cellmap kept;
    if (only_added(ctx, p, m, &kept)) {
        cellmap_free(ctx, m);
        *m = kept;
    }
}

/* The column's base rows as the view has them, in new blocks; no presence where none is told. */
static bool column_to_dense(const pagu_view *v, pagu_column column, dense_block **values, dense_block **presence)
{
    const pagu_plan *p = v->plan;
    *values = dense_new(p);
    *presence = view_tracks_presence(v, column) ? dense_new(p) : NULL;
    if (!*values || (view_tracks_presence(v, column) && !*presence)) {
        dense_release(p, *values);
        dense_release(p, *presence);
        return false;
    }
    copy_values(v, column, (*values)->v, p->n_rows);
    if (*presence)
        view_copy_presence(v, column, (*presence)->v);
    return true;
}

void overlay_settle(pagu_scenario *s, overlay *o)
{
    const pagu_plan *p = s->view.plan;
    dense_block *values, *presence;
    if (o->dense || o->column == COLUMN_MEMBERS || o->map.n < 64 || o->map.n <= p->n_rows / 16)
        return;
    if (!column_to_dense(&s->view, o->column, &values, &presence))
        return;
    dense_release(p, o->pdense);
    o->dense = values;
    o->pdense = presence;
    drop_base_keys(p->ctx, p, &o->map);
    drop_base_keys(p->ctx, p, &o->pmap);
}

pagu_code overlay_extract(pagu_scenario *s, overlay *o, bulk_column *out, pagu_error *err)
{
    const pagu_plan *p = s->view.plan;
    const plan_column *c = &p->columns[o->column];
    *out = (bulk_column){ .bound = o->bound, .tracks_presence = o->tracks_presence };
    bool plan_tracks = !c->values || c->presence;
    if (o->direct && !o->dense && o->map.n == 0 && o->pmap.n == 0 && o->tracks_presence == plan_tracks && !o->pdense)
        return PAGU_OK;
    if (o->dense && (o->pdense || !o->tracks_presence)) {
        out->values = dense_retain(o->dense);
        out->presence = dense_retain(o->pdense);
        return PAGU_OK;
    }
    return column_to_dense(&s->view, o->column, &out->values, &out->presence) ? PAGU_OK : err_memory(p->ctx, err);
}

void bulk_column_release(const pagu_plan *p, bulk_column *b)
{
    dense_release(p, b->values);
    dense_release(p, b->presence);
    b->values = b->presence = NULL;
}

/* What `b` means as blocks: its own, shared; the plan's column copied where frozen layers below
 * would show through instead. */
static bool install_blocks(const pagu_plan *p, const overlay *o, const bulk_column *b, dense_block **values,
                           dense_block **presence)
{
    *values = dense_retain(b->values);
    *presence = dense_retain(b->presence);
    if (b->values || o->direct)
        return true;
    const plan_column *c = &p->columns[o->column];
    size_t bytes = (size_t)p->n_rows * sizeof(int64_t);
    *values = dense_new(p);
    *presence = b->tracks_presence ? dense_new(p) : NULL;
    if (!*values || (b->tracks_presence && !*presence))
        return false;
    if (c->values)
        memcpy((*values)->v, c->values, bytes);
    else
        memset((*values)->v, 0, bytes);
    if (*presence && c->presence)
        memcpy((*presence)->v, c->presence, bytes);
    else if (*presence)
        memset((*presence)->v, 0, bytes);
    return true;
}

pagu_code overlay_install(pagu_scenario *s, overlay *o, const bulk_column *b, overlay *displaced, pagu_error *err)
{
    const pagu_plan *p = s->view.plan;
    dense_block *values, *presence;
    cellmap map = { 0 }, pmap = { 0 };
    if (!install_blocks(p, o, b, &values, &presence) || !only_added(p->ctx, p, &o->map, &map) ||
        (b->tracks_presence && !only_added(p->ctx, p, &o->pmap, &pmap))) {
        dense_release(p, values);
        dense_release(p, presence);
        cellmap_free(p->ctx, &map);
        cellmap_free(p->ctx, &pmap);
        return err_memory(p->ctx, err);
    }
    *displaced = *o;
    o->map = map;
    o->pmap = pmap;
    o->dense = values;
    o->pdense = presence;
    o->bound = b->bound;
    o->tracks_presence = b->tracks_presence;
    return PAGU_OK;
}
