/* simulate_cells.c - which cells vary, by what, and where their money is watched.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"
#include "solve/simulate.h"

#include <math.h>

/* Fast rounding adds 1.5 × 2^52: exact below 2^51. */
#define FAST_ROUNDING 0x1p50
#define MONEY_BOUND 9.2e18

/* ---- slots ---- */

static int order_watches(const void *ud, uint32_t a, uint32_t b)
{
    const pagu_watch *w = ud;
    if (w[a].column != w[b].column)
        return w[a].column < w[b].column ? -1 : 1;
    return w[a].row < w[b].row ? -1 : w[a].row > w[b].row;
}

static uint32_t find_slot(const pagu_simulation *sim, pagu_row row, pagu_column column)
{
    uint32_t low = 0, high = sim->n_slots;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const sim_slot *s = &sim->slots[middle];
        if (s->column < column || (s->column == column && s->row < row))
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sim->n_slots && sim->slots[low].row == row && sim->slots[low].column == column;
    return found ? low : NO_SLOT;
}

/* The nearest watched row above (itself, too, unless above only); *sign: how the row's money gets there. */
static uint32_t nearest_slot(const pagu_simulation *sim, const pagu_view *v, pagu_row row, pagu_column column,
                             bool above_only, int8_t *sign)
{
    int s = 1;
    for (bool first = true; row != PAGU_NO_ROW; first = false) {
        uint32_t slot = first && above_only ? NO_SLOT : find_slot(sim, row, column);
        *sign = (int8_t)s;
        if (slot != NO_SLOT)
            return slot;
        s *= pagu_view_sign(v, row);
        row = pagu_view_parent(v, row);
    }
    return NO_SLOT;
}

static void link_slots(pagu_simulation *sim, const pagu_view *v)
{
    for (uint32_t i = 0; i < sim->n_slots; i++) {
        sim_slot *s = &sim->slots[i];
        s->base = pagu_view_money(v, s->row, s->column).value;
        s->above = nearest_slot(sim, v, s->row, s->column, true, &s->sign);
    }
}

pagu_code simulate_slots(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, pagu_error *err)
{
    uint32_t n = o->n_watch;
    pagu_code code = PAGU_OK;
    sim->slots = mem_zarray(sim->ctx, n, sizeof *sim->slots);
    sim->slot_of_watch = mem_array(sim->ctx, n, sizeof *sim->slot_of_watch);
    sim->n_watch = n;
    uint32_t *order = mem_array(sim->ctx, 2 * (size_t)n, sizeof *order);
    if (!sim->slots || !sim->slot_of_watch || !order)
        code = err_memory(sim->ctx, err);
    for (uint32_t i = 0; code == PAGU_OK && i < n; i++) {
        order[i] = i;
        if (o->watch[i].row >= pagu_view_row_count(v) || !pagu_view_is_member(v, o->watch[i].row))
            code = err_set(sim->ctx, err, PAGU_NOT_MEMBER, "a row that is asked for is not in this view");
    }
    if (code == PAGU_OK) {
        sort_indices(order, order + n, n, order_watches, o->watch);
        for (uint32_t i = 0; i < n; i++) {
            pagu_watch w = o->watch[order[i]];
            const sim_slot *last = sim->n_slots ? &sim->slots[sim->n_slots - 1] : NULL;
            if (!last || last->row != w.row || last->column != w.column)
                sim->slots[sim->n_slots++] = (sim_slot){ .row = w.row, .column = w.column };
            sim->slot_of_watch[order[i]] = sim->n_slots - 1;
        }
        link_slots(sim, v);
    }
    mem_free(sim->ctx, order, 2 * (size_t)n * sizeof *order);
    return code;
}

/* ---- hits ---- */

typedef struct place {
    const pagu_vary *d;
    const pagu_row *lines;
    uint32_t n;
    pagu_column column;
    double whole; /* sum of |values|, for shares of an amount */
} place;

static double line_weight(const pagu_view *v, const place *p, uint32_t i)
{
    if (p->whole == 0)
        return 1;
    pagu_cell c = pagu_view_money(v, p->lines[i], p->column);
    return (double)money_abs(c.value);
}

static pagu_code add_hits(pagu_simulation *sim, const pagu_view *v, place *p, uint32_t instance, pagu_error *err)
{
    double sum = 0, whole;
    bool amount = p->d->as >= PAGU_VARY_DELTA && !p->d->per_line;
    const char *period = "";
    if (p->d->path != PAGU_PATH_SAME)
        period = pagu_plan_period_id(pagu_view_plan(v), pagu_plan_column_period(pagu_view_plan(v), p->column));
    for (uint32_t i = 0; amount && i < p->n; i++)
        p->whole += (double)money_abs(pagu_view_money(v, p->lines[i], p->column).value);
    whole = p->whole > 0 ? p->whole : p->n;
    for (uint32_t i = 0; i < p->n; i++) {
        if (!mem_grow(sim->ctx, &sim->hits, &sim->cap_hits, sim->n_hits, sizeof *sim->hits))
            return err_memory(sim->ctx, err);
        sim_hit *h = &sim->hits[sim->n_hits++];
        *h = (sim_hit){ .row = p->lines[i], .instance = instance, .column = p->column, .to = 1 };
        if (p->d->per_line)
            h->key = simulate_key(sim->seed, "vary", p->d->name, pagu_view_key(v, h->row), period);
        if (amount) {
            h->from = sum / whole;
            sum += line_weight(v, p, i);
            h->to = i + 1 == p->n ? 1 : sum / whole;
        }
        if ((sim->n_hits & 0xfff) == 0 && pagu_ctx_interrupted(sim->ctx))
            return err_set(sim->ctx, err, PAGU_INTERRUPTED, "interrupted");
    }
    return PAGU_OK;
}

static pagu_code add_place(pagu_simulation *sim, const pagu_view *v, const pagu_vary *d, const sim_vary *x,
                           pagu_error *err)
{
    pagu_selection *lines = NULL;
    pagu_code code = pagu_select_lines(v, d->at, &lines, err);
    if (code != PAGU_OK)
        return code;
    if (pagu_selection_count(lines) == 0)
        code = err_set(sim->ctx, err, PAGU_ARGUMENT, "%s: its place has no lines", d->name);
    for (uint32_t t = 0; code == PAGU_OK && t < d->n_periods; t++) {
        place p = { d, pagu_selection_rows(lines), pagu_selection_count(lines),
                    pagu_view_column(v, d->field, d->periods[t]), 0 };
        code = add_hits(sim, v, &p, x->first_instance + (x->n_instances > 1 ? t : 0), err);
    }
    pagu_selection_free(lines);
    return code;
}

static int order_hits(const void *ud, uint32_t a, uint32_t b)
{
    const sim_hit *h = ud;
    if (h[a].row != h[b].row)
        return h[a].row < h[b].row ? -1 : 1;
    return h[a].column < h[b].column ? -1 : h[a].column > h[b].column;
}

static pagu_code sort_hits(pagu_simulation *sim, pagu_error *err)
{
    uint32_t n = sim->n_hits;
    uint32_t *order = mem_array(sim->ctx, 2 * (size_t)n, sizeof *order);
    sim_hit *sorted = mem_array(sim->ctx, n, sizeof *sorted);
    pagu_code code = order && sorted ? PAGU_OK : err_memory(sim->ctx, err);
    if (code == PAGU_OK) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_indices(order, order + n, n, order_hits, sim->hits);
        for (uint32_t i = 0; i < n; i++)
            sorted[i] = sim->hits[order[i]];
        mem_free(sim->ctx, sim->hits, sim->cap_hits * sizeof *sim->hits);
        sim->hits = sorted;
        sim->cap_hits = n;
        sorted = NULL;
    }
    mem_free(sim->ctx, order, 2 * (size_t)n * sizeof *order);
    mem_free(sim->ctx, sorted, sorted ? n * sizeof *sorted : 0);
    return code;
}

/* ---- cells ---- */

static const sim_vary *vary_of(const pagu_simulation *sim, const sim_hit *h)
{
    return &sim->vary[sim->instances[h->instance].vary];
}

/* How far the cell can get, and whether what moves it agrees. */
static pagu_code measure_cell_of(const pagu_simulation *sim, const pagu_view *v, sim_cell *c, double *bound,
                                 bool *followed, pagu_error *err)
{
    double value = (double)money_abs(c->base), amounts = 0;
    uint32_t totals = 0;
    for (uint32_t i = 0; i < c->n_hits; i++) {
        const sim_vary *x = vary_of(sim, &sim->hits[c->first_hit + i]);
        if (x->as <= PAGU_VARY_PERCENT)
            value *= x->bound > 1 ? x->bound : 1;
        else
            amounts += x->bound;
        totals += x->as == PAGU_VARY_TOTAL;
        *followed = *followed || (x->path_buffer != NO_SLOT && x->path == PAGU_PATH_CUMULATIVE);
    }
    *bound = value + amounts;
    c->wide = value >= FAST_ROUNDING || amounts >= FAST_ROUNDING;
    if (totals && c->n_hits > 1)
        return err_at(sim->ctx, err, PAGU_ARGUMENT, pagu_view_key(v, c->row), NULL,
                      "%s is replaced by a total and varies otherwise, too; let it vary in one way",
                      pagu_view_key(v, c->row));
    return PAGU_OK;
}

static pagu_code add_cell(pagu_simulation *sim, const pagu_view *v, uint32_t first, uint32_t n, double *sum,
                          pagu_error *err)
{
    const sim_hit *h = &sim->hits[first];
    pagu_cell value = pagu_view_money(v, h->row, h->column);
    double bound = 0;
    bool followed = false;
    sim_cell c = { .base = value.value, .row = h->row, .first_hit = first, .n_hits = n, .sign = 1 };
    c.missing = value.state == PAGU_MISSING;
    c.slot = nearest_slot(sim, v, h->row, h->column, false, &c.sign);
    pagu_code code = measure_cell_of(sim, v, &c, &bound, &followed, err);
    if (code != PAGU_OK)
        return code;
    *sum += bound;
    if (!(*sum < MONEY_BOUND))
        return err_at(sim->ctx, err, PAGU_OVERFLOW, pagu_view_key(v, c.row), NULL,
                      "a draw could exceed the 64-bit range at %s; narrow what varies", pagu_view_key(v, c.row));
    if (c.sign == 0)
        c.slot = NO_SLOT;
    if (c.slot == NO_SLOT && !followed)
        return PAGU_OK;
    if (!mem_grow(sim->ctx, &sim->cells, &sim->cap_cells, sim->n_cells, sizeof *sim->cells))
        return err_memory(sim->ctx, err);
    sim->cells[sim->n_cells++] = c;
    return PAGU_OK;
}

static uint64_t other_money(const pagu_simulation *sim, const pagu_view *v)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < sim->n_hits; i++)
        if (i == 0 || sim->hits[i].column != sim->hits[i - 1].column) {
            uint64_t bound = pagu_view_column_bound(v, sim->hits[i].column);
            most = bound > most ? bound : most;
        }
    return most;
}

pagu_code simulate_cells(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; code == PAGU_OK && i < o->n_vary; i++)
        code = add_place(sim, v, &o->vary[i], &sim->vary[i], err);
    if (code == PAGU_OK && sim->n_hits)
        code = sort_hits(sim, err);
    double sum = (double)other_money(sim, v);
    for (uint32_t i = 0, end; code == PAGU_OK && i < sim->n_hits; i = end) {
        for (end = i + 1; end < sim->n_hits && order_hits(sim->hits, i, end) == 0; end++)
            continue;
        code = add_cell(sim, v, i, end - i, &sum, err);
        if ((sim->n_cells & 0xfff) == 0 && pagu_ctx_interrupted(sim->ctx))
            code = err_set(sim->ctx, err, PAGU_INTERRUPTED, "interrupted");
    }
    return code;
}
