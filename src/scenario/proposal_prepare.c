/* proposal_prepare.c - changes sorted, last of repeats, with old values and bound, without no-ops; checked.
 * SPDX-License-Identifier: MIT */
#include "scenario/proposal.h"

static int rows_in_order(const void *ud, uint32_t a, uint32_t b)
{
    const uint32_t *rows = ud;
    return rows[a] < rows[b] ? -1 : rows[a] > rows[b];
}

/* By row; the sort is stable, so of repeats the last stands last, and that one is kept. */
static bool changes_sort(const pagu_plan *p, column_changes *c)
{
    column_changes to = { .column = c->column, .sorted = true };
    uint32_t n = c->n, *order = mem_array(p->ctx, 2 * (size_t)n, sizeof *order);
    if (!order || !changes_grow(p, &to, n)) {
        mem_free(p->ctx, order, 2 * (size_t)n * sizeof *order);
        return false;
    }
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    sort_indices(order, order + n, n, rows_in_order, c->rows);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = order[i];
        if (i + 1 < n && c->rows[order[i + 1]] == c->rows[at])
            continue;
        to.rows[to.n] = c->rows[at];
        to.values[to.n] = c->values[at];
        to.states[to.n++] = c->states[at];
    }
    mem_free(p->ctx, order, 2 * (size_t)n * sizeof *order);
    changes_free(p, c);
    *c = to;
    return true;
}

/* Where a column can be read without probing: the plan's arrays, or dense tops. */
typedef struct flat_column {
    const int64_t *values, *presence;
    bool flat, full;
} flat_column;

static flat_column flat_of(const pagu_view *v, pagu_column column)
{
    flat_column f = { 0 };
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const overlay *o = layer_find(v->layers[i], column);
        if (!o)
            continue;
        f.flat = o->dense && (o->pdense || !o->tracks_presence);
        f.values = f.flat ? o->dense->v : NULL;
        f.presence = f.flat && o->pdense ? o->pdense->v : NULL;
        f.full = !o->tracks_presence;
        return f;
    }
    const plan_column *c = &v->plan->columns[column];
    return (flat_column){ c->values, c->presence, c->values != NULL, c->values && !c->presence };
}

static inline pagu_cell flat_cell(const flat_column *f, const pagu_view *v, pagu_row row, pagu_column column)
{
    if (!f->flat || row >= v->plan->n_rows)
        return view_cell(v, row, column);
    pagu_state state = f->full ? PAGU_NUMBER : presence_state(f->presence[row]);
    return (pagu_cell){ state == PAGU_NUMBER ? f->values[row] : 0, state };
}

typedef struct run_sums {
    uint64_t now, next, bits, equal;
} run_sums;

/* Sums of |value| before and after (wrapping), all bits of the new ones, cells that don't change. */
SIMD_CLONES static void sum_run(const int64_t *now, const int64_t *next, size_t n, run_sums *out)
{
    run_sums s = { 0, 0, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        uint64_t a = now[i] < 0 ? 0 - (uint64_t)now[i] : (uint64_t)now[i];
        uint64_t b = next[i] < 0 ? 0 - (uint64_t)next[i] : (uint64_t)next[i];
        s.now += a;
        s.next += b;
        s.bits |= b;
        s.equal += now[i] == next[i];
    }
    *out = s;
}

/* A run needs no look at single rows but for its bound. False: some cells don't change or are
 * huge, so it has to go the ordinary way, which looks at each. */
static bool run_prepare(const pagu_view *v, column_changes *c)
{
    flat_column f = flat_of(v, c->column);
    if (!f.flat || !f.full || v->ext || v->has_member_overlay)
        return false;
    run_sums s;
    sum_run(f.values + c->first, c->run->v + c->first, c->n, &s);
    int room = __builtin_clzll(s.bits | 1), count = 64 - __builtin_clzll(c->n);
    if (s.equal || room <= count) /* the sum of n numbers needs their bits and those of n */
        return false;
    c->bound = pagu_view_column_bound(v, c->column) - s.now + s.next;
    return c->bound <= INT64_MAX;
}

static pagu_code changes_prepare(pagu_proposal *p, column_changes *c, pagu_error *err)
{
    if (c->run && run_prepare(&p->s->view, c))
        return PAGU_OK;
    if (!end_run(plan_of(p), c))
        return err_memory(ctx_of(p), err);
    const pagu_view *v = &p->s->view;
    const pagu_plan *plan = v->plan;
    const uint64_t *members = plan->stages[v->stage].members;
    bool plain = !v->ext && !v->has_member_overlay;
    if (!c->sorted && !changes_sort(plan_of(p), c))
        return err_memory(ctx_of(p), err);
    flat_column f = flat_of(v, c->column);
    unsigned __int128 bound = pagu_view_column_bound(v, c->column);
    uint32_t n = 0, largest = 0;
    uint64_t most = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        pagu_row row = c->rows[i];
        bool easy = plain && row < plan->n_rows && plan_is_leaf(plan, row) && (!members || bit_get(members, row));
        pagu_code code = easy ? PAGU_OK : check_line(v, row, err);
        if (code != PAGU_OK)
            return code;
        pagu_cell was = flat_cell(&f, v, row, c->column);
        if (was.value == c->values[i] && was.state == (pagu_state)c->states[i])
            continue;
        uint64_t size = money_abs(c->values[i]);
        bound = bound - money_abs(was.value) + size;
        if (size >= most) {
            most = size;
            largest = row;
        }
        c->rows[n] = row;
        c->values[n] = c->values[i];
        c->states[n] = c->states[i];
        c->old_values[n] = was.value;
        c->old_states[n++] = (uint8_t)was.state;
    }
    c->n = n;
    c->bound = (uint64_t)bound;
    return n ? check_bound(v, largest, c->column, bound, err) : PAGU_OK;
}

/* Old values hold only while the scenario stands as it did when they were read. */
static pagu_code start(pagu_proposal *p, pagu_error *err)
{
    const pagu_scenario *s = p->s;
    if (p->started && (p->n_entries != s->n_entries || p->n_moved != s->n_moved))
        return err_set(ctx_of(p), err, PAGU_CONFLICT,
                       "scenario \"%s\" changed since this proposal was checked; propose it again", s->name);
    for (uint32_t i = 0; i < p->n_measures && !p->started; i++) {
        measure_change *m = &p->measures[i];
        m->old_measure = pagu_view_measure(&s->view, m->indicator, m->field, m->period);
    }
    p->started = true;
    p->n_entries = s->n_entries;
    p->n_moved = s->n_moved;
    return PAGU_OK;
}

static int by_measure(const void *ud, uint32_t a, uint32_t b)
{
    const measure_change *m = ud;
    uint64_t x = measure_key(m[a].indicator, m[a].column), y = measure_key(m[b].indicator, m[b].column);
    return (x > y) - (x < y);
}

/* Of several changes of one target the last counts, as of one line; it stands where the first stood. */
static pagu_code settle_measures(pagu_proposal *p, pagu_error *err)
{
    uint32_t n = p->n_measures, kept = 0;
    if (n < 2)
        return PAGU_OK;
    uint32_t *order = mem_array(ctx_of(p), 2 * (size_t)n, sizeof *order);
    if (!order)
        return err_memory(ctx_of(p), err);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    sort_indices(order, order + n, n, by_measure, p->measures);
    for (uint32_t i = 1, first = order[0]; i < n; i++) {
        if (by_measure(p->measures, first, order[i]) != 0) {
            first = order[i];
            continue;
        }
        p->measures[first].new_value = p->measures[order[i]].new_value;
        p->measures[order[i]].indicator = PAGU_NO_INDICATOR;
    }
    mem_free(ctx_of(p), order, 2 * (size_t)n * sizeof *order);
    for (uint32_t i = 0; i < n; i++)
        if (p->measures[i].indicator != PAGU_NO_INDICATOR)
            p->measures[kept++] = p->measures[i];
    p->n_measures = kept;
    return PAGU_OK;
}

static pagu_code proposal_prepare(pagu_proposal *p, pagu_error *err)
{
    pagu_code started = p->prepared ? PAGU_OK : settle_measures(p, err);
    if (started == PAGU_OK)
        started = start(p, err);
    if (started != PAGU_OK)
        return started;
    for (uint32_t i = 0; i < p->n_columns && !p->prepared; i++) {
        pagu_code code = changes_prepare(p, &p->columns[i], err);
        if (code != PAGU_OK)
            return code;
    }
    p->prepared = true;
    return PAGU_OK;
}

/* All columns at once: a rule may weigh one against another. */
static pagu_code check_constraints(pagu_proposal *p, pagu_error *err)
{
    line_changes few[4], *ch = p->n_columns <= 4 ? few : mem_array(ctx_of(p), p->n_columns, sizeof *ch);
    if (!ch)
        return err_memory(ctx_of(p), err);
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < p->n_columns && code == PAGU_OK; i++) {
        column_changes *c = &p->columns[i];
        if (c->run) /* a constraint came after the run was proposed */
            code = end_run(plan_of(p), c) ? changes_prepare(p, c, err) : err_memory(ctx_of(p), err);
        ch[i] = (line_changes){ c->column, c->n, c->rows, c->old_values, c->values, c->old_states, c->states };
    }
    if (code == PAGU_OK)
        code = constraints_check(&p->s->view, ch, p->n_columns, p, err);
    if (ch != few)
        mem_free(ctx_of(p), ch, p->n_columns * sizeof *ch);
    return code;
}

pagu_code pagu_proposal_check(pagu_proposal *p, pagu_error *err)
{
    pagu_code code = check_not_judging(p->s, err);
    if (code == PAGU_OK)
        code = proposal_prepare(p, err);
    return code == PAGU_OK && p->s->view.constraints ? check_constraints(p, err) : code;
}

uint32_t pagu_proposal_count(const pagu_proposal *p)
{
    proposal_prepare((pagu_proposal *)(uintptr_t)p, NULL); /* if it fails: what was given */
    uint32_t n = p->n_measures;
    for (uint32_t i = 0; i < p->n_columns; i++)
        n += p->columns[i].n;
    return n;
}

pagu_change pagu_proposal_change(const pagu_proposal *p, uint32_t i)
{
    const pagu_plan *plan = p->s->view.plan;
    for (uint32_t k = 0; k < p->n_columns; k++) {
        const column_changes *c = &p->columns[k];
        if (i < c->n && c->run)
            return (pagu_change){ .row = c->first + i,
                                  .column = c->column,
                                  .old_cell = view_cell(&p->s->view, c->first + i, c->column),
                                  .new_cell = { c->run->v[c->first + i], PAGU_NUMBER },
                                  .indicator = PAGU_NO_INDICATOR,
                                  .field = pagu_plan_column_field(plan, c->column),
                                  .period = pagu_plan_column_period(plan, c->column) };
        if (i < c->n)
            return (pagu_change){ .row = c->rows[i],
                                  .column = c->column,
                                  .old_cell = p->prepared ? (pagu_cell){ c->old_values[i], c->old_states[i] }
                                                          : (pagu_cell){ 0, PAGU_MISSING },
                                  .new_cell = { c->values[i], c->states[i] },
                                  .indicator = PAGU_NO_INDICATOR,
                                  .field = pagu_plan_column_field(plan, c->column),
                                  .period = pagu_plan_column_period(plan, c->column) };
        i -= c->n;
    }
    const measure_change *m = &p->measures[i];
    const char *unit = m->new_value.unit ? m->new_value.unit : pagu_view_indicator(&p->s->view, m->indicator).unit;
    return (pagu_change){ .row = PAGU_NO_ROW,
                          .column = m->column,
                          .indicator = m->indicator,
                          .field = m->field,
                          .period = m->period,
                          .old_measure = m->old_measure,
                          .new_measure = { m->new_value.value, unit, m->new_value.text, m->new_value.state } };
}
