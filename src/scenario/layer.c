/* layer.c - overlays of columns: reading through layers, writing the top, sparse to dense.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

/* ---- life ---- */

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

static dense_block *dense_retain(dense_block *d)
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
        if (atomic_compare_exchange_strong_explicit(&p->spare_columns[i], &none, d, memory_order_acq_rel, memory_order_relaxed))
            return;
    }
    mem_free(p->ctx, d, dense_bytes(d->n));
}

/* Make a block that this overlay alone holds, copying a shared one. */
static bool dense_own(const pagu_plan *p, dense_block **d)
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

void overlay_free(const pagu_plan *p, overlay *o)
{
    cellmap_free(p->ctx, &o->map);
    cellmap_free(p->ctx, &o->pmap);
    dense_release(p, o->dense);
    dense_release(p, o->pdense);
}

static void measure_map_free(pagu_ctx *ctx, measure_map *m)
{
    mem_free(ctx, m->keys, m->cap * sizeof *m->keys);
    mem_free(ctx, m->values, m->cap * sizeof *m->values);
    *m = (measure_map){ 0 };
}

void layer_retain(layer *l) { atomic_fetch_add_explicit(&l->refs, 1, memory_order_relaxed); }

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

/* ---- reading ---- */

static int64_t plan_value(const pagu_view *v, pagu_row row, pagu_column column)
{
    const pagu_plan *p = v->plan;
    if (row >= p->n_rows)
        return 0;
    if (column == COLUMN_MEMBERS) {
        const uint64_t *members = p->stages[v->stage].members;
        return !members || bit_get(members, row);
    }
    const int64_t *values = p->columns[column].values;
    return values ? values[row] : 0;
}

/* The value in layers below `top` (exclusive). */
static int64_t value_below(const pagu_view *v, uint32_t top, pagu_row row, pagu_column column)
{
    for (uint32_t i = top; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (!o)
            continue;
        if (o->dense && row < v->plan->n_rows)
            return o->dense->v[row];
        const int64_t *slot = cellmap_find(&o->map, row);
        if (slot)
            return *slot;
        if (o->direct)
            break;
    }
    return plan_value(v, row, column);
}

int64_t view_value(const pagu_view *v, pagu_row row, pagu_column column)
{
    return value_below(v, v->n_layers, row, column);
}

static bool added_row_is_set(const pagu_view *v, pagu_row row, pagu_column column)
{
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (o && cellmap_find(&o->map, row))
            return true;
    }
    return false;
}

static int64_t plan_presence(const pagu_view *v, pagu_row row, pagu_column column)
{
    const plan_column *c = &v->plan->columns[column];
    if (c->values && !c->presence)
        return PRESENCE_FULL;
    return c->presence && row < v->plan->n_rows ? c->presence[row] : 0;
}

static int64_t presence_below(const pagu_view *v, uint32_t top, pagu_row row, pagu_column column)
{
    bool tracked = false;
    for (uint32_t i = top; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (!o)
            continue;
        if (!o->tracks_presence) /* below a tracking overlay only added rows get here: it has them all */
            return tracked ? 0 : PRESENCE_FULL;
        tracked = true;
        if (o->pdense && row < v->plan->n_rows)
            return o->pdense->v[row];
        const int64_t *slot = cellmap_find(&o->pmap, row);
        if (slot)
            return *slot;
        if (o->direct)
            break;
    }
    int64_t p = plan_presence(v, row, column);
    return tracked && p == PRESENCE_FULL ? 0 : p;
}

int64_t view_presence(const pagu_view *v, pagu_row row, pagu_column column)
{
    return presence_below(v, v->n_layers, row, column);
}

bool view_tracks_presence(const pagu_view *v, pagu_column column)
{
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (o)
            return o->tracks_presence;
    }
    const plan_column *c = &v->plan->columns[column];
    return !c->values || c->presence;
}

static pagu_cell plan_cell(const pagu_view *v, pagu_row row, pagu_column column)
{
    const plan_column *c = &v->plan->columns[column];
    if (!c->values || row >= v->plan->n_rows)
        return (pagu_cell){ 0, PAGU_MISSING };
    if (!c->presence)
        return (pagu_cell){ c->values[row], PAGU_NUMBER };
    pagu_state state = presence_state(c->presence[row]);
    return (pagu_cell){ state == PAGU_NUMBER ? c->values[row] : 0, state };
}

/* Any row in any state of layers, from the topmost layer that knows the column (number i). */
static pagu_cell layered_cell(const pagu_view *v, uint32_t i, pagu_row row, pagu_column column)
{
    int64_t p = presence_below(v, i + 1, row, column);
    pagu_cell cell = { value_below(v, i + 1, row, column), PAGU_NUMBER };
    if (p != PRESENCE_FULL)
        cell.state = presence_state(p);
    else if (!row_is_base(v, row) && !added_row_is_set(v, row, column))
        cell.state = PAGU_MISSING;
    if (cell.state != PAGU_NUMBER)
        cell.value = 0;
    return cell;
}

/* The common case without detours: a base row of a column that is a number everywhere. */
static inline pagu_cell overlay_cell(const pagu_view *v, uint32_t i, const overlay *o, pagu_row row)
{
    if (o->tracks_presence || row >= v->plan->n_rows)
        return layered_cell(v, i, row, o->column);
    if (o->dense)
        return (pagu_cell){ o->dense->v[row], PAGU_NUMBER };
    const int64_t *slot = cellmap_find(&o->map, row);
    if (slot)
        return (pagu_cell){ *slot, PAGU_NUMBER };
    return (pagu_cell){ o->direct ? v->plan->columns[o->column].values[row] : value_below(v, i, row, o->column), PAGU_NUMBER };
}

/* The topmost overlay of a column and its layer's number, or NULL. */
static inline const overlay *topmost(const pagu_view *v, pagu_column column, uint32_t *layer_index)
{
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        *layer_index = i;
        if (o)
            return o;
    }
    return NULL;
}

pagu_cell view_cell(const pagu_view *v, pagu_row row, pagu_column column)
{
    uint32_t i = 0;
    const overlay *o = topmost(v, column, &i);
    return o ? overlay_cell(v, i, o, row) : plan_cell(v, row, column);
}

/* The path through one overlay without presence. */
static uint32_t plain_path(const pagu_plan *p, const overlay *o, pagu_row row, pagu_cell *out, uint32_t cap)
{
    const int64_t *values = o->dense ? o->dense->v : p->columns[o->column].values;
    uint32_t n = 0;
    for (pagu_row r = row; r != PAGU_NO_ROW && n < cap; r = p->parent[r], n++) {
        const int64_t *slot = o->dense ? NULL : cellmap_find(&o->map, r);
        out[n] = (pagu_cell){ slot ? *slot : values[r], PAGU_NUMBER };
    }
    return p->depth[row] + 1u;
}

uint32_t pagu_view_money_path(const pagu_view *v, pagu_row row, pagu_column column, pagu_cell *out, uint32_t cap)
{
    uint32_t i = 0, n = 0;
    const overlay *o = topmost(v, column, &i);
    if (o && !o->tracks_presence && row < v->plan->n_rows && (o->dense || o->direct))
        return plain_path(v->plan, o, row, out, cap);
    for (pagu_row r = row; r != PAGU_NO_ROW; r = row_parent(v, r), n++)
        if (n < cap)
            out[n] = o ? overlay_cell(v, i, o, r) : plan_cell(v, r, column);
    return n;
}

static void scatter(const cellmap *m, int64_t *out, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < m->cap; i++)
        if (m->keys[i] >= from && m->keys[i] < to)
            out[m->keys[i]] = m->values[i];
}

/* Values of rows 0 … n-1 (base rows, then added ones) as the view has them. */
static void copy_values(const pagu_view *v, pagu_column column, int64_t *out, uint32_t n)
{
    const pagu_plan *p = v->plan;
    const int64_t *values = p->columns[column].values;
    if (values)
        memcpy(out, values, p->n_rows * sizeof *out);
    else
        memset(out, 0, p->n_rows * sizeof *out);
    memset(out + p->n_rows, 0, (n - p->n_rows) * sizeof *out);
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const overlay *o = layer_find(v->layers[i], column);
        if (!o)
            continue;
        if (o->dense)
            memcpy(out, o->dense->v, p->n_rows * sizeof *out);
        scatter(&o->map, out, 0, n);
    }
}

void pagu_view_copy_column(const pagu_view *v, pagu_column column, int64_t *out)
{
    copy_values(v, column, out, pagu_view_row_count(v));
}

/* Copy a run of base rows, then lay the layers' entries over it: worth it when the run is long
 * beside the maps, and only where every cell is a number. */
static bool copy_run(const pagu_view *v, pagu_column column, pagu_row first, size_t n, pagu_cell *out)
{
    const pagu_plan *p = v->plan;
    const int64_t *values = p->columns[column].values;
    uint64_t slots = 0;
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const overlay *o = layer_find(v->layers[i], column);
        slots += o ? o->map.cap : 0;
    }
    if (first + n > p->n_rows || !values || view_tracks_presence(v, column) || slots > 4 * n)
        return false;
    for (size_t k = 0; k < n; k++)
        out[k] = (pagu_cell){ values[first + k], PAGU_NUMBER };
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const overlay *o = layer_find(v->layers[i], column);
        for (size_t k = 0; o && o->dense && k < n; k++)
            out[k].value = o->dense->v[first + k];
        for (uint32_t k = 0; o && k < o->map.cap; k++)
            if (o->map.keys[k] - first < n)
                out[o->map.keys[k] - first].value = o->map.values[k];
    }
    return true;
}

void pagu_view_money_rows(const pagu_view *v, pagu_column column, const pagu_row *rows, size_t n, pagu_cell *out)
{
    uint32_t i = 0;
    bool run = n > 1 && rows[n - 1] - rows[0] == n - 1;
    for (size_t k = 1; run && k < n; k++)
        run = rows[k] == rows[0] + k;
    if (run && copy_run(v, column, rows[0], n, out))
        return;
    const overlay *o = topmost(v, column, &i);
    for (size_t k = 0; k < n; k++)
        out[k] = o ? overlay_cell(v, i, o, rows[k]) : plan_cell(v, rows[k], column);
}

/* ---- roll-up with added rows ---- */

/* Presence adds up whatever the sign; a memo row (sign 0) does not count. */
static void roll_up_presence(const pagu_plan *p, int64_t *presence)
{
    if (!p->sign) {
        rollup_column(&p->shape, presence);
        return;
    }
    for (uint32_t r = 0; r < p->n_rows; r++)
        if (p->child_first[r] != p->child_first[r + 1])
            presence[r] = 0;
    for (uint32_t r = p->n_rows; r-- > 1;)
        if (p->sign[r])
            presence[p->parent[r]] += presence[r];
}

static void add_upwards(const pagu_view *v, int64_t *array, pagu_row row, int64_t amount, bool with_sign)
{
    uint64_t d = (uint64_t)amount;
    for (pagu_row r = row; r != PAGU_NO_ROW; r = row_parent(v, r)) {
        if (r < v->plan->n_rows)
            array[r] = (int64_t)((uint64_t)array[r] + d);
        int sign = row_sign(v, r);
        d = sign == 0 ? 0 : sign < 0 && with_sign ? 0 - d : d;
    }
}

void overlay_roll_up(const pagu_view *v, pagu_column column, int64_t *values, int64_t *presence)
{
    const pagu_plan *p = v->plan;
    uint32_t n_added = v->ext ? v->ext->n_rows : 0;
    for (uint32_t i = 0; i < n_added; i++) { /* leaves of the base that became sums */
        pagu_row parent = v->ext->rows[i].parent;
        if (parent < p->n_rows && !row_is_leaf(v, parent)) {
            if (values)
                values[parent] = 0;
            if (presence)
                presence[parent] = 0;
        }
    }
    if (values)
        rollup_column(&p->shape, values);
    if (presence)
        roll_up_presence(p, presence);
    for (uint32_t i = 0; i < n_added; i++) {
        pagu_row row = p->n_rows + i;
        if (!row_is_member(v, row) || !row_is_leaf(v, row))
            continue;
        pagu_cell c = view_cell(v, row, column);
        if (values)
            add_upwards(v, values, row, c.value, true);
        if (presence)
            add_upwards(v, presence, row, presence_of(c.state), false);
    }
}

bool view_copy_presence(const pagu_view *v, pagu_column column, int64_t *out)
{
    if (!view_tracks_presence(v, column))
        return false;
    const pagu_plan *p = v->plan;
    const plan_column *c = &p->columns[column];
    if (c->presence)
        memcpy(out, c->presence, p->n_rows * sizeof *out);
    else
        memset(out, 0, p->n_rows * sizeof *out);
    for (uint32_t i = 0; i < v->n_layers; i++) {
        const overlay *o = layer_find(v->layers[i], column);
        if (!o)
            continue;
        if (o->pdense)
            memcpy(out, o->pdense->v, p->n_rows * sizeof *out);
        scatter(&o->pmap, out, 0, p->n_rows);
    }
    return true;
}

/* ---- the top layer ---- */

/* Fold all layers into one that this scenario owns. */
static bool merge_overlay(pagu_ctx *ctx, const pagu_plan *p, overlay *to, const overlay *from)
{
    to->bound = from->bound;
    to->tracks_presence |= from->tracks_presence;
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
static void drop_base_keys(pagu_ctx *ctx, const pagu_plan *p, cellmap *m)
{
    cellmap kept;
    if (only_added(ctx, p, m, &kept)) {
        cellmap_free(ctx, m);
        *m = kept;
    }
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

uint64_t pagu_view_column_bound(const pagu_view *v, pagu_column column)
{
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (o)
            return o->bound;
    }
    return v->plan->columns[column].bound;
}

/* ---- writing ---- */

/* The column had a number in every leaf; from now on presence is told apart. */
static pagu_code start_presence(pagu_scenario *s, overlay *o, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    const pagu_plan *p = v->plan;
    uint32_t n_added = v->ext ? v->ext->n_rows : 0;
    dense_block *dense = dense_new(p);
    cellmap map = { 0 };
    if (!dense || (n_added && !cellmap_reserve(ctx, &map, n_added))) {
        dense_release(p, dense);
        return err_memory(ctx, err);
    }
    for (uint32_t r = 0; r < p->n_rows; r++)
        dense->v[r] = p->child_first[r] == p->child_first[r + 1] ? PRESENT_NUMBER : 0;
    overlay_roll_up(v, o->column, NULL, dense->v);
    for (uint32_t i = n_added; i-- > 0;) { /* children come after their parents */
        bool made;
        pagu_row row = p->n_rows + i;
        int64_t *here = cellmap_slot_of(&map, row, &made);
        if (made)
            *here = 0;
        if (row_is_leaf(v, row))
            *here = row_is_member(v, row) && added_row_is_set(v, row, o->column) ? PRESENT_NUMBER : 0;
        int64_t count = *here;
        pagu_row parent = v->ext->rows[i].parent;
        if (parent >= p->n_rows && v->ext->rows[i].sign) {
            int64_t *up = cellmap_slot_of(&map, parent, &made);
            *up = (made ? 0 : *up) + count;
        }
    }
    o->pdense = dense;
    o->pmap = map;
    o->tracks_presence = true;
    return PAGU_OK;
}

static uint32_t row_depth(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? v->plan->depth[row] : view_ext(v, row)->depth;
}

pagu_code overlay_reserve(pagu_scenario *s, overlay *o, pagu_row row, pagu_cell new_cell, pagu_error *err)
{
    const pagu_plan *p = s->view.plan;
    pagu_ctx *ctx = p->ctx;
    uint32_t keys = row_depth(&s->view, row) + 1;
    if (!o->tracks_presence && new_cell.state != PAGU_NUMBER && o->column != COLUMN_MEMBERS) {
        pagu_code code = start_presence(s, o, err);
        if (code != PAGU_OK)
            return code;
    }
    if (!dense_own(p, &o->dense) || !dense_own(p, &o->pdense) || !cellmap_reserve(ctx, &o->map, keys) || (o->tracks_presence && !cellmap_reserve(ctx, &o->pmap, keys)))
        return err_memory(ctx, err);
    return PAGU_OK;
}

/* The slot of a row in the top overlay's value or presence map, filled from below if new. */
static inline int64_t *top_slot(pagu_scenario *s, overlay *o, cellmap *m, pagu_row row)
{
    bool made;
    int64_t *slot = cellmap_slot_of(m, row, &made);
    if (made) {
        pagu_view *v = &s->view;
        bool presence = m == &o->pmap;
        if (!o->direct)
            *slot = presence ? presence_below(v, v->n_layers - 1, row, o->column)
                             : value_below(v, v->n_layers - 1, row, o->column);
        else if (presence)
            *slot = plan_presence(v, row, o->column);
        else
            *slot = plan_value(v, row, o->column);
        if (presence && *slot == PRESENCE_FULL)
            *slot = 0; /* an added row of a column that has just begun to tell presence */
    }
    return slot;
}

static inline void add_wrapping(int64_t *a, uint64_t d) { *a = (int64_t)((uint64_t)*a + d); }

/* The common walks: base rows, no signs. */
static void walk_plain(const pagu_plan *p, cellmap *m, int64_t *dense, const int64_t *base, pagu_row row, uint64_t d)
{
    if (dense) {
        for (pagu_row r = row; r != PAGU_NO_ROW; r = p->parent[r])
            add_wrapping(&dense[r], d);
        return;
    }
    for (pagu_row r = row; r != PAGU_NO_ROW; r = p->parent[r]) {
        bool made;
        int64_t *slot = cellmap_slot_of(m, r, &made);
        if (made)
            *slot = base ? base[r] : 0;
        add_wrapping(slot, d);
    }
}

/* Add d at `row` and what it means at each ancestor. Wrapping is safe: every end value is in range. */
static void walk(pagu_scenario *s, overlay *o, pagu_row row, uint64_t d, bool presence)
{
    const pagu_view *v = &s->view;
    const pagu_plan *p = v->plan;
    cellmap *m = presence ? &o->pmap : &o->map;
    dense_block *block = presence ? o->pdense : o->dense;
    int64_t *dense = block ? block->v : NULL;
    bool with_signs = view_signed(v);
    if (row < p->n_rows && !with_signs && !presence && (dense || o->direct)) {
        walk_plain(p, m, dense, p->columns[o->column].values, row, d);
        return;
    }
    for (pagu_row r = row; r != PAGU_NO_ROW && d;) {
        if (dense && r < p->n_rows)
            add_wrapping(&dense[r], d);
        else
            add_wrapping(top_slot(s, o, m, r), d);
        if (with_signs) {
            int sign = row_sign(v, r);
            d = sign == 0 ? 0 : sign < 0 && !presence ? 0 - d : d;
        }
        r = row_parent(v, r);
    }
}

void overlay_write(pagu_scenario *s, overlay *o, pagu_row row, pagu_cell old_cell, pagu_cell new_cell)
{
    o->bound += money_abs(new_cell.value) - money_abs(old_cell.value);
    if (!row_is_base(&s->view, row)) /* being in the map is what makes an added row present */
        top_slot(s, o, &o->map, row);
    walk(s, o, row, (uint64_t)new_cell.value - (uint64_t)old_cell.value, false);
    if (o->tracks_presence)
        walk(s, o, row, (uint64_t)presence_of(new_cell.state) - (uint64_t)presence_of(old_cell.state), true);
}

void overlay_write_alone(pagu_scenario *s, overlay *o, pagu_row row, pagu_cell new_cell)
{
    *top_slot(s, o, &o->map, row) = new_cell.value;
    if (o->tracks_presence)
        *top_slot(s, o, &o->pmap, row) = presence_of(new_cell.state);
}

/* ---- dense columns ---- */

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
    if (o->direct && !o->dense && o->map.n == 0 && o->tracks_presence == plan_tracks && !o->pdense)
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
        !only_added(p->ctx, p, &o->pmap, &pmap)) {
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

/* ---- measures ---- */

static uint32_t measure_slot(const measure_map *m, uint64_t key)
{
    uint64_t h = key * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t i = (uint32_t)(((h >> 32) * m->cap) >> 32);
    while (m->keys[i] != UINT64_MAX && m->keys[i] != key)
        if (++i == m->cap)
            i = 0;
    return i;
}

const measure_value *layer_measure(const layer *l, uint64_t key)
{
    if (l->measures.n == 0)
        return NULL;
    uint32_t i = measure_slot(&l->measures, key);
    return l->measures.keys[i] == key ? &l->measures.values[i] : NULL;
}

static bool measure_map_grow(pagu_ctx *ctx, measure_map *m)
{
    measure_map bigger = { .cap = m->cap ? m->cap * 2 : 16 };
    bigger.keys = mem_array(ctx, bigger.cap, sizeof *bigger.keys);
    bigger.values = mem_array(ctx, bigger.cap, sizeof *bigger.values);
    if (!bigger.keys || !bigger.values) {
        mem_free(ctx, bigger.keys, bigger.keys ? bigger.cap * sizeof *bigger.keys : 0);
        mem_free(ctx, bigger.values, bigger.values ? bigger.cap * sizeof *bigger.values : 0);
        return false;
    }
    memset(bigger.keys, 0xff, bigger.cap * sizeof *bigger.keys);
    for (uint32_t i = 0; i < m->cap; i++) {
        if (m->keys[i] == UINT64_MAX)
            continue;
        uint32_t j = measure_slot(&bigger, m->keys[i]);
        bigger.keys[j] = m->keys[i];
        bigger.values[j] = m->values[i];
        bigger.n++;
    }
    measure_map_free(ctx, m);
    *m = bigger;
    return true;
}

measure_value *measure_map_put(pagu_ctx *ctx, measure_map *m, uint64_t key)
{
    if ((m->n + 1) * 4 > m->cap * 3 && !measure_map_grow(ctx, m))
        return NULL;
    uint32_t i = measure_slot(m, key);
    if (m->keys[i] != key) {
        m->keys[i] = key;
        m->n++;
    }
    return &m->values[i];
}
