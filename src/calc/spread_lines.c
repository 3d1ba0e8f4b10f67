/* spread_lines.c - the lines that follow a spread: signs, holds, bounds, weights.
 * SPDX-License-Identifier: MIT */
#include "calc/spread.h"

typedef __int128 i128;

/* ---- the lines ---- */

/* Sign of a line towards the selected row above it: memo rows count for nothing. Lines come by
 * row number, so brothers come together and the walk is made once for all of them. */
typedef struct sign_walk {
    pagu_row parent;
    int sign;
    bool inside; /* the parent lies at or below a selected row, so its lines are not selected themselves */
} sign_walk;

static int path_sign(const spread *sp, pagu_row line, sign_walk *walk)
{
    const pagu_view *v = sp->verb.view;
    pagu_row parent = pagu_view_parent(v, line);
    bool known = parent == walk->parent && parent != PAGU_NO_ROW;
    if (!(known && walk->inside) && pagu_selection_has(sp->o->at, line))
        return 1;
    if (!known) {
        pagu_row r = walk->parent = parent;
        for (walk->sign = 1; r != PAGU_NO_ROW && !pagu_selection_has(sp->o->at, r); r = pagu_view_parent(v, r))
            walk->sign *= pagu_view_sign(v, r);
        walk->inside = r != PAGU_NO_ROW;
    }
    return walk->sign * pagu_view_sign(v, line);
}

static void take_line(spread *sp, uint32_t i, int sign, bool held)
{
    sp->now += sign * (i128)sp->old_cells[i].value;
    if (sign == 0)
        return;
    if (held) {
        sp->held_sum += sign * (i128)sp->old_cells[i].value;
        sp->kept[sp->n_held++] = i;
        return;
    }
    *(sign > 0 ? &sp->plus_line : &sp->minus_line) = sp->row[i];
    sp->free[sp->n_free++] = i;
}

static pagu_code sort_lines(spread *sp)
{
    const pagu_view *v = sp->verb.view;
    bool holds = pagu_constraint_count(v) > 0;
    sign_walk walk = { PAGU_NO_ROW, 1, false };
    pagu_view_money_rows(v, sp->verb.column, sp->row, sp->n, sp->old_cells);
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < sp->n && !rc; i++) {
        pagu_row row = sp->row[i];
        bool held = (sp->held && pagu_selection_has(sp->held, row)) || (holds && pagu_is_held(v, row, sp->verb.column));
        take_line(sp, i, path_sign(sp, row, &walk), held);
        rc = verb_poll(&sp->verb, i);
    }
    sp->sign = sp->minus_line != PAGU_NO_ROW && sp->plus_line == PAGU_NO_ROW ? -1 : 1;
    return rc;
}

/* Put the free lines into tree order. */
static pagu_code order_free(spread *sp)
{
    uint32_t n = sp->n_free;
    if (n == 0 || is_in_tree_order(&sp->verb, sp->row[sp->free[0]], sp->row[sp->free[n - 1]]))
        return PAGU_OK;
    pagu_row *rows = arena_alloc(&sp->mem, n * sizeof *rows);
    uint32_t *order = arena_alloc(&sp->mem, n * sizeof *order);
    uint32_t *ordered = arena_alloc(&sp->mem, n * sizeof *ordered);
    if (!rows || !order || !ordered)
        return err_memory(sp->verb.ctx, sp->verb.err);
    for (uint32_t k = 0; k < n; k++)
        rows[k] = sp->row[sp->free[k]];
    pagu_code rc = order_in_tree(&sp->verb, rows, n, order);
    for (uint32_t k = 0; k < n && !rc; k++)
        ordered[k] = sp->free[order[k]];
    sp->free = ordered;
    return rc;
}

static pagu_code alloc_shares(spread *sp)
{
    const pagu_spread_options *o = sp->o;
    size_t size = sp->n_free * sizeof(pagu_money);
    bool floors = o->floors || o->has_floor, caps = o->caps || o->has_cap;
    sp->weights = arena_alloc(&sp->mem, size);
    sp->out = arena_alloc(&sp->mem, size);
    if (sp->wants_table)
        sp->residue = arena_alloc(&sp->mem, size);
    if (floors)
        sp->lo = arena_alloc(&sp->mem, size);
    if (caps)
        sp->hi = arena_alloc(&sp->mem, size);
    if (!sp->weights || !sp->out || (sp->wants_table && !sp->residue) || (floors && !sp->lo) || (caps && !sp->hi))
        return err_memory(sp->verb.ctx, sp->verb.err);
    if (sp->residue)
        memset(sp->residue, 0, size);
    return PAGU_OK;
}

pagu_code spread_gather(spread *sp)
{
    const pagu_spread_options *o = sp->o;
    pagu_code rc = verb_check_apart(&sp->verb, o->at);
    if (!rc)
        rc = pagu_select_lines(sp->verb.view, o->at, &sp->lines, sp->verb.err);
    if (!rc && o->hold)
        rc = pagu_select_lines(sp->verb.view, o->hold, &sp->held, sp->verb.err);
    if (rc)
        return rc;
    sp->n = pagu_selection_count(sp->lines);
    sp->row = pagu_selection_rows(sp->lines);
    sp->old_cells = arena_alloc(&sp->mem, sp->n * sizeof *sp->old_cells);
    sp->free = arena_alloc(&sp->mem, sp->n * sizeof *sp->free);
    sp->kept = arena_alloc(&sp->mem, sp->n * sizeof *sp->kept);
    if (!sp->old_cells || !sp->free || !sp->kept)
        return err_memory(sp->verb.ctx, sp->verb.err);
    rc = sort_lines(sp);
    if (!rc)
        rc = order_free(sp);
    return rc ? rc : alloc_shares(sp);
}

/* ---- bounds and basis ---- */

void spread_set_bounds(spread *sp)
{
    const pagu_spread_options *o = sp->o;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        if (sp->lo)
            sp->lo[k] = o->floors ? o->floors[sp->free[k]] : o->floor;
        if (sp->hi)
            sp->hi[k] = o->caps ? o->caps[sp->free[k]] : o->cap;
    }
}

static bool is_blank(const spread *sp, uint32_t k)
{
    return is_blank_own_line(&sp->verb, sp->row[sp->free[k]]);
}

/* Equal weights; blank own lines only where there is nothing else. */
static void equal_weights(spread *sp)
{
    bool any = false;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        sp->weights[k] = !is_blank(sp, k);
        any |= sp->weights[k] != 0;
    }
    for (uint32_t k = 0; k < sp->n_free && !any; k++)
        sp->weights[k] = 1;
}

int64_t spread_basis_of(const spread *sp, uint32_t i)
{
    const pagu_spread_options *o = sp->o;
    const pagu_view *own = sp->verb.view, *v = o->basis_view ? o->basis_view : own;
    switch (o->basis) {
    case PAGU_BASIS_WEIGHTS: return o->weights[i];
    case PAGU_BASIS_COLUMN: {
        pagu_row row = v == own ? sp->row[i] : same_row(v, own, sp->row[i]);
        return row == PAGU_NO_ROW ? 0 : pagu_view_money(v, row, o->basis_column).value;
    }
    default: return sp->old_cells[i].value;
    }
}

/* A blank own line without weight stays out, also of floors. */
static void pin_blank_lines(spread *sp)
{
    for (uint32_t k = 0; k < sp->n_free; k++)
        if (sp->weights[k] == 0 && (sp->lo || sp->hi) && is_blank(sp, k)) {
            if (sp->lo)
                sp->lo[k] = 0;
            if (sp->hi)
                sp->hi[k] = 0;
        }
}

pagu_code spread_set_weights(spread *sp, uint32_t *line)
{
    if (sp->o->basis == PAGU_BASIS_EQUAL) {
        equal_weights(sp);
        pin_blank_lines(sp);
        return PAGU_OK;
    }
    bool any = false;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        int64_t w = spread_basis_of(sp, sp->free[k]);
        if (w < 0 && sp->o->on_negative == PAGU_NEGATIVE_ERROR) {
            *line = sp->free[k];
            return PAGU_NEGATIVE_BASIS;
        }
        if (w < 0)
            w = sp->o->on_negative == PAGU_NEGATIVE_ZERO ? 0 : w == INT64_MIN ? INT64_MAX : -w;
        sp->weights[k] = w;
        any |= w != 0;
    }
    if (!any && sp->o->on_zero != PAGU_ZERO_EQUAL)
        return PAGU_ZERO_BASIS;
    if (!any)
        equal_weights(sp);
    pin_blank_lines(sp);
    return PAGU_OK;
}

/* ---- the result ---- */

static void list_change(const spread *sp, changes *c, uint32_t k)
{
    uint32_t i = sp->free[k];
    pagu_cell old_cell = sp->old_cells[i];
    changes_add(c, sp->row[i], old_cell, cell_given(old_cell, sp->out[k]), sp->residue ? sp->residue[k] : 0);
}

/* The changes in the order of the lines, which may not be that of the shares. */
pagu_code spread_list_changes(spread *sp, changes *c)
{
    if (!changes_init(c, &sp->mem, sp->n_free, sp->wants_table))
        return err_memory(sp->verb.ctx, sp->verb.err);
    keyed_index *keyed = NULL;
    if (sp->n_free > 0 && !is_in_tree_order(&sp->verb, sp->row[0], sp->row[sp->n - 1])) {
        keyed = arena_alloc(&sp->mem, sp->n_free * sizeof *keyed);
        if (!keyed)
            return err_memory(sp->verb.ctx, sp->verb.err);
        for (uint32_t k = 0; k < sp->n_free; k++)
            keyed[k] = (keyed_index){ sp->row[sp->free[k]], k };
        sort_by_key(keyed, sp->n_free, sizeof *keyed);
    }
    for (uint32_t k = 0; k < sp->n_free; k++)
        list_change(sp, c, keyed ? (uint32_t)keyed[k].index : k);
    return PAGU_OK;
}
