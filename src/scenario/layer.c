/* layer.c - layers: life, the top one, folding many into one.
 * SPDX-License-Identifier: MIT */
#include "scenario/layer.h"

void overlay_free(const pagu_plan *p, overlay *o)
{
    cellmap_free(p->ctx, &o->map);
    cellmap_free(p->ctx, &o->pmap);
    dense_release(p, o->dense);
    dense_release(p, o->pdense);
}

static void layer_free(const pagu_plan *p, layer *l)
{
    pagu_ctx *ctx = p->ctx;
    for (uint32_t i = 0; i < l->n; i++)
        overlay_free(p, &l->overlays[i]);
    if (l->overlays != &l->first)
        mem_free(ctx, l->overlays, l->cap * sizeof *l->overlays);
    measure_map_free(ctx, &l->measures);
    pool_release(ctx, l->pool);
    mem_free(ctx, l, sizeof *l);
}

void layer_release(const pagu_plan *p, layer *l)
{
    if (l && atomic_fetch_sub_explicit(&l->refs, 1, memory_order_acq_rel) == 1)
        layer_free(p, l);
}

size_t layer_bytes(const pagu_plan *p, const layer *l)
{
    size_t bytes = sizeof *l + (l->overlays != &l->first ? l->cap * sizeof *l->overlays : 0) +
                   l->measures.cap * (sizeof(uint64_t) + sizeof(measure_value));
    for (uint32_t i = 0; i < l->n; i++) {
        const overlay *o = &l->overlays[i];
        bytes += cellmap_bytes(&o->map) + cellmap_bytes(&o->pmap);
        bytes += ((o->dense != NULL) + (o->pdense != NULL)) * dense_bytes(p->n_rows);
    }
    return bytes;
}

static layer *layer_new(pagu_ctx *ctx)
{
    layer *l = mem_zalloc(ctx, sizeof *l);
    if (l) {
        atomic_init(&l->refs, 1);
        l->overlays = &l->first;
        l->cap = 1;
    }
    return l;
}

static overlay *layer_add(pagu_ctx *ctx, layer *l, pagu_column column)
{
    if (l->n == l->cap) {
        uint32_t cap = l->cap * 4;
        overlay *more = mem_array(ctx, cap, sizeof *more);
        if (!more)
            return NULL;
        memcpy(more, l->overlays, l->n * sizeof *more);
        if (l->overlays != &l->first)
            mem_free(ctx, l->overlays, l->cap * sizeof *more);
        l->overlays = more;
        l->cap = cap;
    }
    overlay *o = &l->overlays[l->n++];
    *o = (overlay){ .column = column };
    return o;
}

/* Fold all layers into one that this scenario owns. */
static bool merge_overlay(pagu_ctx *ctx, const pagu_plan *p, overlay *to, const overlay *from)
{
    to->bound = from->bound;
    to->tracks_presence = from->tracks_presence;
    if (!to->tracks_presence) { /* an undone bulk edit: what lies below is of no account */
        dense_release(p, to->pdense);
        cellmap_free(ctx, &to->pmap);
        to->pdense = NULL;
    }
    if (from->dense) {
        dense_release(p, to->dense);
        to->dense = dense_retain(from->dense);
    }
    if (from->pdense) {
        dense_release(p, to->pdense);
        to->pdense = dense_retain(from->pdense);
    }
    if ((from->map.n && !dense_own(p, &to->dense)) || (from->pmap.n && !dense_own(p, &to->pdense)))
        return false;
    const cellmap *maps[2] = { &from->map, &from->pmap };
    cellmap *into[2] = { &to->map, &to->pmap };
    int64_t *dense[2] = { to->dense ? to->dense->v : NULL, to->pdense ? to->pdense->v : NULL };
    for (int k = 0; k < 2; k++) {
        if (!cellmap_reserve(ctx, into[k], maps[k]->n))
            return false;
        for (uint32_t i = 0; i < maps[k]->cap; i++) {
            uint32_t key = maps[k]->keys[i];
            bool made;
            if (key == CELLMAP_EMPTY)
                continue;
            if (dense[k] && key < p->n_rows)
                dense[k][key] = maps[k]->values[i];
            else
                *cellmap_slot_of(into[k], key, &made) = maps[k]->values[i];
        }
    }
    return true;
}

static bool merge_layer(pagu_ctx *ctx, const pagu_plan *p, layer *to, const layer *from)
{
    for (uint32_t i = 0; i < from->n; i++) {
        overlay *o = layer_find(to, from->overlays[i].column);
        if (!o && !(o = layer_add(ctx, to, from->overlays[i].column)))
            return false;
        o->direct = true;
        if (!merge_overlay(ctx, p, o, &from->overlays[i]))
            return false;
    }
    for (uint32_t i = 0; i < from->measures.cap; i++) {
        if (from->measures.keys[i] == UINT64_MAX)
            continue;
        measure_value *m = measure_map_put(ctx, &to->measures, from->measures.keys[i]);
        if (!m)
            return false;
        *m = from->measures.values[i];
    }
    return true;
}

static bool merge_layers(pagu_scenario *s)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    layer *merged = layer_new(ctx);
    if (!merged)
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < v->n_layers && ok; i++)
        ok = merge_layer(ctx, v->plan, merged, v->layers[i]);
    if (ok && merged->measures.n) {
        merged->pool = pool_retain(scenario_pool(s)); /* reaches every ancestor's pool */
        ok = merged->pool != NULL;
    }
    if (!ok) {
        layer_release(v->plan, merged);
        return false;
    }
    for (uint32_t i = 0; i < merged->n; i++) {
        if (merged->overlays[i].dense)
            drop_base_keys(ctx, v->plan, &merged->overlays[i].map);
        if (merged->overlays[i].pdense)
            drop_base_keys(ctx, v->plan, &merged->overlays[i].pmap);
    }
    for (uint32_t i = 0; i < v->n_layers; i++)
        layer_release(v->plan, v->layers[i]);
    v->layers[0] = merged;
    v->n_layers = 1;
    s->owns_top = true;
    return true;
}

layer *scenario_top(pagu_scenario *s)
{
    pagu_view *v = &s->view;
    if (s->owns_top)
        return v->layers[v->n_layers - 1];
    if (v->n_layers >= MAX_LAYERS)
        return merge_layers(s) ? v->layers[0] : NULL;
    layer *l = layer_new(v->plan->ctx);
    if (!l)
        return NULL;
    v->layers[v->n_layers++] = l;
    s->owns_top = true;
    return l;
}

overlay *scenario_overlay(pagu_scenario *s, pagu_column column)
{
    layer *top = scenario_top(s);
    if (!top)
        return NULL;
    overlay *o = layer_find(top, column);
    if (o)
        return o;
    uint64_t bound = column == COLUMN_MEMBERS ? 0 : pagu_view_column_bound(&s->view, column);
    bool tracks = column != COLUMN_MEMBERS && view_tracks_presence(&s->view, column);
    bool direct = true;
    for (uint32_t i = 0; i + 1 < s->view.n_layers; i++)
        direct &= layer_find(s->view.layers[i], column) == NULL;
    o = layer_add(s->view.plan->ctx, top, column);
    if (o) {
        o->bound = bound;
        o->tracks_presence = tracks;
        o->direct = direct;
    }
    return o;
}
