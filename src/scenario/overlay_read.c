/* overlay_read.c - reading cells and columns through the layers of a view.
 * SPDX-License-Identifier: MIT */
#include "scenario/layer.h"

int64_t plan_value(const pagu_view *v, pagu_row row, pagu_column column)
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
int64_t value_below(const pagu_view *v, uint32_t top, pagu_row row, pagu_column column)
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

bool added_row_is_set(const pagu_view *v, pagu_row row, pagu_column column)
{
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (o && cellmap_find(&o->map, row))
            return true;
    }
    return false;
}

int64_t plan_presence(const pagu_view *v, pagu_row row, pagu_column column)
{
    const plan_column *c = &v->plan->columns[column];
    if (c->values && !c->presence)
        return PRESENCE_FULL;
    return c->presence && row < v->plan->n_rows ? c->presence[row] : 0;
}

int64_t presence_below(const pagu_view *v, uint32_t top, pagu_row row, pagu_column column)
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
    return (pagu_cell){ o->direct ? v->plan->columns[o->column].values[row] : value_below(v, i, row, o->column),
                        PAGU_NUMBER };
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
void copy_values(const pagu_view *v, pagu_column column, int64_t *out, uint32_t n)
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

bool view_column_arrays(const pagu_view *v, pagu_column column, const int64_t **values, const int64_t **presence)
{
    const plan_column *c = &v->plan->columns[column];
    uint32_t i = 0;
    const overlay *o = topmost(v, column, &i);
    *values = c->values;
    *presence = c->presence;
    if (o) {
        *values = o->dense ? o->dense->v : NULL;
        *presence = o->pdense ? o->pdense->v : NULL;
    }
    return *values && (!o || !o->tracks_presence || *presence);
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
