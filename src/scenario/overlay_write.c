/* overlay_write.c - changing lines of the top layer, ancestors included; rolling a column up.
 * SPDX-License-Identifier: MIT */
#include "scenario/layer.h"

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

pagu_code overlay_track_presence(pagu_scenario *s, overlay *o, pagu_error *err)
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
        dense->v[r] = plan_is_leaf(p, r) ? PRESENT_NUMBER : 0;
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
        pagu_code code = overlay_track_presence(s, o, err);
        if (code != PAGU_OK)
            return code;
    }
    if (!dense_own(p, &o->dense) || !dense_own(p, &o->pdense) || !cellmap_reserve(ctx, &o->map, keys) ||
        (o->tracks_presence && !cellmap_reserve(ctx, &o->pmap, keys)))
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

static inline void add_wrapping(int64_t *a, uint64_t d)
{
    *a = (int64_t)((uint64_t)*a + d);
}

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
    const pagu_view *v = &s->view;
    for (pagu_row r = row; !row_is_base(v, r);
         r = row_parent(v, r)) { /* being in the map is what makes an added row present */
        top_slot(s, o, &o->map, r);
        if (row_sign(v, r) == 0)
            break;
    }
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
