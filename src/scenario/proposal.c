/* proposal.c - a set of changes: collected, checked whole, committed whole or not at all.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdlib.h>

/* Changes of one column; sorted and without repeats or no-ops once prepared.
 *
 * A long run of base rows that all get numbers (a bulk verb) is written straight into the
 * dense column that it will become: `run` holds it, and there are no other arrays. */
typedef struct column_changes {
    pagu_column column;
    bool sorted;
    uint32_t n, cap;
    uint32_t *rows;
    int64_t *values, *old_values;
    uint8_t *states, *old_states;
    dense_block *run;
    pagu_row first; /* of the run */
    uint64_t bound; /* of the column after the changes */
} column_changes;

typedef struct measure_change {
    pagu_indicator indicator;
    pagu_field field;
    pagu_period period;
    pagu_column column;
    measure_value new_value; /* texts in the proposal's arena */
    pagu_measure old_measure;
} measure_change;

struct pagu_proposal {
    pagu_scenario *s;
    column_changes *columns;
    measure_change *measures;
    uint32_t n_columns, cap_columns, n_measures, cap_measures;
    arena text;
    bool prepared;
};

static const pagu_plan *plan_of(const pagu_proposal *p) { return p->s->view.plan; }
static pagu_ctx *ctx_of(const pagu_proposal *p) { return plan_of(p)->ctx; }

/* ---- life ---- */

/* Rows have a block of their own, since a bulk commit hands them to the journal. */
enum { ENTRY_BYTES = 2 * sizeof(int64_t) + 2 };

static void changes_free(const pagu_plan *p, column_changes *c)
{
    pagu_ctx *ctx = p->ctx;
    dense_release(p, c->run);
    c->run = NULL;
    mem_free(ctx, c->rows, c->rows ? c->cap * sizeof *c->rows : 0);
    mem_free(ctx, c->values, c->values ? (size_t)c->cap * ENTRY_BYTES : 0);
}

static bool changes_grow(const pagu_plan *p, column_changes *c, uint32_t cap)
{
    pagu_ctx *ctx = p->ctx;
    column_changes to = *c;
    to.run = NULL;
    to.cap = cap;
    to.rows = mem_array(ctx, cap, sizeof *to.rows);
    to.values = mem_array(ctx, cap, ENTRY_BYTES);
    if (!to.rows || !to.values) {
        changes_free(p, &to);
        return false;
    }
    to.old_values = to.values + cap;
    to.states = (uint8_t *)(to.old_values + cap);
    to.old_states = to.states + cap;
    if (c->n) {
        memcpy(to.rows, c->rows, c->n * sizeof *to.rows);
        memcpy(to.values, c->values, c->n * sizeof *to.values);
        memcpy(to.states, c->states, c->n);
    }
    changes_free(p, c);
    *c = to;
    return true;
}

static void proposal_clear(pagu_proposal *p)
{
    for (uint32_t i = 0; i < p->n_columns; i++)
        changes_free(plan_of(p), &p->columns[i]);
    p->n_columns = p->n_measures = 0;
    p->prepared = false;
    arena_free(&p->text);
    arena_init(&p->text, ctx_of(p));
}

pagu_code pagu_proposal_new(pagu_scenario *s, pagu_proposal **out, pagu_error *err)
{
    pagu_proposal *p = mem_zalloc(s->view.plan->ctx, sizeof *p);
    if (!p)
        return err_memory(s->view.plan->ctx, err);
    p->s = s;
    arena_init(&p->text, s->view.plan->ctx);
    *out = p;
    return PAGU_OK;
}

void pagu_proposal_free(pagu_proposal *p)
{
    if (!p)
        return;
    pagu_ctx *ctx = ctx_of(p);
    proposal_clear(p);
    arena_free(&p->text);
    mem_free(ctx, p->columns, p->cap_columns * sizeof *p->columns);
    mem_free(ctx, p->measures, p->cap_measures * sizeof *p->measures);
    mem_free(ctx, p, sizeof *p);
}

/* ---- collecting ---- */

static column_changes *changes_for(pagu_proposal *p, pagu_column column)
{
    for (uint32_t i = 0; i < p->n_columns; i++)
        if (p->columns[i].column == column)
            return &p->columns[i];
    if (!mem_grow(ctx_of(p), &p->columns, &p->cap_columns, p->n_columns, sizeof *p->columns))
        return NULL;
    column_changes *c = &p->columns[p->n_columns++];
    *c = (column_changes){ .column = column, .sorted = true };
    return c;
}

__attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3"))) static bool
rows_follow(const pagu_row *rows, size_t n)
{
    uint32_t differs = 0;
    for (size_t i = 0; i < n; i++)
        differs |= rows[i] ^ (rows[0] + (uint32_t)i);
    return !differs;
}

/* Rows that follow one another and are lines of the base, members, and many. */
static bool is_line_run(const pagu_view *v, const pagu_row *rows, size_t n)
{
    const pagu_plan *p = v->plan;
    if (n < 64 || n <= p->n_rows / 16 || rows[n - 1] - rows[0] != n - 1 || rows[n - 1] >= p->n_rows || v->ext ||
        v->has_member_overlay || p->stages[v->stage].members ||
        p->child_first[rows[0]] != p->child_first[rows[n - 1] + 1])
        return false;
    return rows_follow(rows, n);
}

static bool all_numbers(const pagu_cell *cells, size_t n)
{
    uint32_t other = 0;
    for (size_t i = 0; i < n; i++)
        other |= (uint32_t)cells[i].state ^ PAGU_NUMBER;
    return !other;
}

/* Begin a run; false (out of memory, or not a run) leaves the ordinary way open. */
static bool start_run(pagu_proposal *p, column_changes *c, const pagu_row *rows, size_t n)
{
    const pagu_view *v = &p->s->view;
    if (c->n || v->constraints || view_tracks_presence(v, c->column) || !is_line_run(v, rows, n))
        return false;
    c->run = dense_new(v->plan);
    if (!c->run)
        return false;
    c->first = rows[0];
    c->n = (uint32_t)n;
    p->prepared = false;
    return true;
}

/* Turn a run back into ordinary changes, because something else joins it. */
static bool end_run(const pagu_plan *p, column_changes *c)
{
    column_changes to = { .column = c->column, .sorted = true };
    if (!c->run)
        return true;
    if (!changes_grow(p, &to, c->n + c->n / 2))
        return false;
    for (uint32_t i = 0; i < c->n; i++)
        to.rows[i] = c->first + i;
    memcpy(to.values, c->run->v + c->first, c->n * sizeof *to.values);
    memset(to.states, PAGU_NUMBER, c->n);
    to.n = c->n;
    changes_free(p, c);
    *c = to;
    return true;
}

static column_changes *changes_room(pagu_proposal *p, pagu_column column, size_t n, pagu_error *err)
{
    column_changes *c = changes_for(p, column);
    if (!c || !end_run(plan_of(p), c)) {
        err_memory(ctx_of(p), err);
        return NULL;
    }
    if (n > UINT32_MAX / 2 - c->n) {
        err_set(ctx_of(p), err, PAGU_LIMIT, "a proposal holds at most 2^31 changes");
        return NULL;
    }
    uint32_t need = c->n + (uint32_t)n;
    if (need > c->cap && !changes_grow(plan_of(p), c, c->n ? need + need / 2 : need)) {
        err_memory(ctx_of(p), err);
        return NULL;
    }
    p->prepared = false;
    return c;
}

static void append_row(column_changes *c, pagu_row row, int64_t value, pagu_state state)
{
    c->sorted = c->sorted && (c->n == 0 || row > c->rows[c->n - 1]);
    c->rows[c->n] = row;
    c->values[c->n] = state == PAGU_NUMBER ? value : 0;
    c->states[c->n++] = (uint8_t)state;
}

pagu_code pagu_proposal_money_batch(pagu_proposal *p, pagu_column column, const pagu_row *rows, const pagu_cell *cells, size_t n,
                                    pagu_error *err)
{
    column_changes *c = changes_for(p, column);
    if (c && all_numbers(cells, n) && start_run(p, c, rows, n)) {
        int64_t *to = c->run->v + c->first;
        for (size_t i = 0; i < n; i++)
            to[i] = cells[i].value;
        return PAGU_OK;
    }
    c = changes_room(p, column, n, err);
    for (size_t i = 0; c && i < n; i++)
        append_row(c, rows[i], cells[i].value, cells[i].state);
    return c ? PAGU_OK : err ? err->code : PAGU_NO_MEMORY;
}

pagu_code pagu_proposal_money_values(pagu_proposal *p, pagu_column column, const pagu_row *rows, const pagu_money *values,
                                     size_t n, pagu_error *err)
{
    column_changes *c = changes_for(p, column);
    if (c && start_run(p, c, rows, n)) {
        memcpy(c->run->v + c->first, values, n * sizeof *values);
        return PAGU_OK;
    }
    c = changes_room(p, column, n, err);
    for (size_t i = 0; c && i < n; i++)
        append_row(c, rows[i], values[i], PAGU_NUMBER);
    return c ? PAGU_OK : err ? err->code : PAGU_NO_MEMORY;
}

pagu_code pagu_proposal_money(pagu_proposal *p, pagu_row row, pagu_column column, pagu_cell cell, pagu_error *err)
{
    column_changes *c = changes_for(p, column);
    bool full = c && !c->run && c->n == c->cap;
    if (!c || (full && !changes_grow(plan_of(p), c, c->cap ? c->cap * 2 : 16)))
        return err_memory(ctx_of(p), err);
    return pagu_proposal_money_batch(p, column, &row, &cell, 1, err);
}

pagu_code pagu_proposal_measure(pagu_proposal *p, pagu_indicator ind, pagu_field field, pagu_period period,
                                const pagu_measure *m, pagu_error *err)
{
    const pagu_view *v = &p->s->view;
    if (ind >= pagu_view_indicator_count(v))
        return err_set(ctx_of(p), err, PAGU_UNKNOWN_KEY, "no such indicator");
    if (!mem_grow(ctx_of(p), &p->measures, &p->cap_measures, p->n_measures, sizeof *p->measures))
        return err_memory(ctx_of(p), err);
    measure_change *c = &p->measures[p->n_measures];
    *c = (measure_change){ .indicator = ind, .field = field, .period = period,
                           .column = column_index(v->plan, v->stage, field, period) };
    c->new_value = (measure_value){ .value = m->value, .state = m->state };
    const char **texts[2] = { &c->new_value.unit, &c->new_value.text };
    const char *given[2] = { m->unit && *m->unit ? m->unit : NULL, m->text };
    for (int i = 0; i < 2; i++)
        if (given[i] && !(*texts[i] = arena_strdup(&p->text, given[i], strlen(given[i]))))
            return err_memory(ctx_of(p), err);
    c->old_measure = pagu_view_measure(v, ind, field, period);
    p->n_measures++;
    return PAGU_OK;
}

/* ---- preparing: sorted, last of repeats, old values, bound, no no-ops ---- */

typedef struct sort_key { uint32_t row, at; } sort_key;
static int compare_keys(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    return x->row != y->row ? (x->row < y->row ? -1 : 1) : x->at < y->at ? -1 : x->at > y->at;
}

static bool changes_sort(const pagu_plan *p, column_changes *c)
{
    pagu_ctx *ctx = p->ctx;
    column_changes to = { .column = c->column, .sorted = true };
    sort_key *keys = mem_array(ctx, c->n, sizeof *keys);
    if (!keys || !changes_grow(p, &to, c->n)) {
        mem_free(ctx, keys, keys ? c->n * sizeof *keys : 0);
        return false;
    }
    for (uint32_t i = 0; i < c->n; i++)
        keys[i] = (sort_key){ c->rows[i], i };
    qsort(keys, c->n, sizeof *keys, compare_keys);
    for (uint32_t i = 0; i < c->n; i++) {
        if (i + 1 < c->n && keys[i + 1].row == keys[i].row)
            continue;
        to.rows[to.n] = keys[i].row;
        to.values[to.n] = c->values[keys[i].at];
        to.states[to.n++] = c->states[keys[i].at];
    }
    mem_free(ctx, keys, c->n * sizeof *keys);
    changes_free(p, c);
    *c = to;
    return true;
}

/* Where a column can be read without probing: the plan's arrays, or dense tops. */
typedef struct flat_column { const int64_t *values, *presence; bool flat, full; } flat_column;

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

typedef struct run_sums { uint64_t now, next, bits, equal; } run_sums;

/* Sums of |value| before and after (wrapping), all bits of the new ones, cells that don't change. */
__attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3"))) static void
sum_run(const int64_t *now, const int64_t *next, size_t n, run_sums *out)
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
    if (!f.flat || !f.full)
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
        bool easy = plain && row < plan->n_rows && plan->child_first[row] == plan->child_first[row + 1] &&
                    (!members || bit_get(members, row));
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

static pagu_code proposal_prepare(pagu_proposal *p, pagu_error *err)
{
    for (uint32_t i = 0; i < p->n_columns && !p->prepared; i++) {
        pagu_code code = changes_prepare(p, &p->columns[i], err);
        if (code != PAGU_OK)
            return code;
    }
    p->prepared = true;
    return PAGU_OK;
}

pagu_code pagu_proposal_check(pagu_proposal *p, pagu_error *err)
{
    pagu_code code = proposal_prepare(p, err);
    for (uint32_t i = 0; i < p->n_columns && code == PAGU_OK && p->s->view.constraints; i++) {
        column_changes *c = &p->columns[i];
        if (c->run) { /* a constraint came after the run was proposed */
            code = end_run(plan_of(p), c) ? changes_prepare(p, c, err) : err_memory(ctx_of(p), err);
            if (code != PAGU_OK)
                return code;
        }
        line_changes ch = { c->column, c->n, c->rows, c->old_values, c->values, c->old_states, c->states };
        code = constraints_check(&p->s->view, &ch, err);
    }
    return code;
}

uint32_t pagu_proposal_count(const pagu_proposal *p)
{
    uint32_t n = p->n_measures;
    if (proposal_prepare((pagu_proposal *)(uintptr_t)p, NULL) != PAGU_OK)
        return 0;
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
            return (pagu_change){ .row = c->first + i, .column = c->column,
                                  .old_cell = view_cell(&p->s->view, c->first + i, c->column),
                                  .new_cell = { c->run->v[c->first + i], PAGU_NUMBER }, .indicator = PAGU_NO_INDICATOR,
                                  .field = pagu_plan_column_field(plan, c->column),
                                  .period = pagu_plan_column_period(plan, c->column) };
        if (i < c->n)
            return (pagu_change){ .row = c->rows[i], .column = c->column, .old_cell = { c->old_values[i], c->old_states[i] },
                                  .new_cell = { c->values[i], c->states[i] }, .indicator = PAGU_NO_INDICATOR,
                                  .field = pagu_plan_column_field(plan, c->column),
                                  .period = pagu_plan_column_period(plan, c->column) };
        i -= c->n;
    }
    const measure_change *m = &p->measures[i];
    const char *unit = m->new_value.unit ? m->new_value.unit : pagu_view_indicator(&p->s->view, m->indicator).unit;
    return (pagu_change){ .row = PAGU_NO_ROW, .column = m->column, .indicator = m->indicator, .field = m->field,
                          .period = m->period, .old_measure = m->old_measure,
                          .new_measure = { m->new_value.value, unit, m->new_value.text, m->new_value.state } };
}

/* ---- committing ---- */

/* A bulk commit writes the column and rolls it up; a few lines walk up instead. */
static bool is_bulk(const pagu_view *v, const column_changes *c)
{
    if (c->run)
        return true;
    return c->n >= 64 && c->n > v->plan->n_rows / 16 && c->rows[c->n - 1] < v->plan->n_rows;
}

typedef struct done_column { overlay displaced; uint32_t n_written; bulk_change *bulk; } done_column;

static pagu_code write_sparse(pagu_scenario *s, const column_changes *c, done_column *d, pagu_error *err)
{
    overlay *o = scenario_overlay(s, c->column);
    for (uint32_t i = 0; i < c->n; i++) {
        pagu_cell was = { c->old_values[i], c->old_states[i] }, now = { c->values[i], c->states[i] };
        pagu_code code = overlay_reserve(s, o, c->rows[i], now, err);
        if (code != PAGU_OK)
            return code;
        overlay_write(s, o, c->rows[i], was, now);
        d->n_written++;
    }
    return PAGU_OK;
}

static bool needs_presence(const pagu_view *v, const column_changes *c)
{
    if (view_tracks_presence(v, c->column))
        return true;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->states[i] != PAGU_NUMBER)
            return true;
    return false;
}

/* The run's own block, with the other rows filled in around it. */
static void run_after(const pagu_view *v, column_changes *c, const bulk_column *before, bulk_column *after)
{
    const pagu_plan *p = v->plan;
    const int64_t *now = before->values ? before->values->v : p->columns[c->column].values;
    uint32_t end = c->first + c->n;
    memcpy(c->run->v, now, c->first * sizeof *now);
    memcpy(c->run->v + end, now + end, (p->n_rows - end) * sizeof *now);
    *after = (bulk_column){ .values = c->run, .bound = c->bound };
    c->run = NULL;
    rollup_column(&p->shape, after->values->v);
}

/* The whole column after the changes. */
static pagu_code bulk_after(pagu_scenario *s, const column_changes *c, const bulk_column *before, bulk_column *after, pagu_error *err)
{
    const pagu_view *v = &s->view;
    const pagu_plan *p = v->plan;
    const plan_column *base = &p->columns[c->column];
    size_t bytes = (size_t)p->n_rows * sizeof(int64_t);
    *after = (bulk_column){ .bound = c->bound, .tracks_presence = needs_presence(v, c) };
    after->values = dense_new(p);
    after->presence = after->tracks_presence ? dense_new(p) : NULL;
    if (!after->values || (after->tracks_presence && !after->presence)) {
        bulk_column_release(p, after);
        return err_memory(p->ctx, err);
    }
    const int64_t *values = before->values ? before->values->v : base->values;
    if (values)
        memcpy(after->values->v, values, bytes);
    else
        memset(after->values->v, 0, bytes);
    if (after->presence) {
        const int64_t *presence = before->presence ? before->presence->v : before->values ? NULL : base->presence;
        if (presence)
            memcpy(after->presence->v, presence, bytes);
        else
            for (uint32_t r = 0; r < p->n_rows; r++)
                after->presence->v[r] = !before->tracks_presence && p->child_first[r] == p->child_first[r + 1];
    }
    for (uint32_t i = 0; i < c->n; i++)
        after->values->v[c->rows[i]] = c->values[i];
    for (uint32_t i = 0; i < c->n && after->presence; i++)
        after->presence->v[c->rows[i]] = presence_of(c->states[i]);
    overlay_roll_up(v, c->column, after->values->v, after->presence ? after->presence->v : NULL);
    return PAGU_OK;
}

static pagu_code write_bulk(pagu_scenario *s, column_changes *c, done_column *d, pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    overlay *o = scenario_overlay(s, c->column);
    bulk_change *b = mem_zalloc(ctx, sizeof *b);
    if (!b)
        return err_memory(ctx, err);
    pagu_code code = overlay_extract(s, o, &b->before, err);
    b->first = c->first;
    if (code == PAGU_OK && c->run)
        run_after(&s->view, c, &b->before, &b->after);
    else if (code == PAGU_OK)
        code = bulk_after(s, c, &b->before, &b->after, err);
    if (code == PAGU_OK)
        code = overlay_install(s, o, &b->after, &d->displaced, err);
    if (code != PAGU_OK) {
        bulk_column_release(s->view.plan, &b->before);
        bulk_column_release(s->view.plan, &b->after);
        mem_free(ctx, b, sizeof *b);
        return code;
    }
    d->bulk = b;
    return PAGU_OK;
}

static void undo_column(pagu_scenario *s, const column_changes *c, done_column *d)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    overlay *o = scenario_overlay(s, c->column);
    if (d->bulk) {
        overlay_free(s->view.plan, o);
        *o = d->displaced;
        bulk_column_release(s->view.plan, &d->bulk->before);
        bulk_column_release(s->view.plan, &d->bulk->after);
        mem_free(ctx, d->bulk, sizeof *d->bulk);
    }
    while (d->n_written-- > 0) {
        uint32_t i = d->n_written;
        overlay_write(s, o, c->rows[i], (pagu_cell){ c->values[i], c->states[i] },
                      (pagu_cell){ c->old_values[i], c->old_states[i] });
    }
    d->n_written = 0;
}

/* Texts of the measures go to the scenario's pool, and both values to the segment. */
static pagu_code reserve_measures(pagu_proposal *p, segment *g, pagu_error *err)
{
    pagu_scenario *s = p->s;
    bool ok = true;
    for (uint32_t i = 0; i < p->n_measures && ok; i++) {
        measure_change *m = &p->measures[i];
        m->new_value.unit = scenario_text(s, m->new_value.unit, &ok);
        m->new_value.text = scenario_text(s, m->new_value.text, &ok);
        ok = ok && mem_grow(ctx_of(p), &g->measures, &g->cap_measures, g->n_measures + 2 * i + 1, sizeof *g->measures);
        layer *top = ok ? scenario_top(s) : NULL;
        ok = top && scenario_pool(s);
        if (!ok)
            break;
        if (!top->pool)
            top->pool = pool_retain(s->pool);
        if (!g->pool)
            g->pool = pool_retain(s->pool);
        /* make the slot now, with what is read there already, so that committing can't fail */
        const pagu_measure *was = &m->old_measure;
        uint64_t key = measure_key(m->indicator, m->column);
        const measure_value *there = layer_measure(top, key);
        measure_value old = there ? *there : (measure_value){ was->value, was->unit, was->text, was->state };
        measure_value *slot = measure_map_put(ctx_of(p), &top->measures, key);
        ok = slot != NULL;
        if (ok)
            *slot = old;
    }
    return ok ? PAGU_OK : err_memory(ctx_of(p), err);
}

static void record_measures(pagu_proposal *p, segment *g)
{
    pagu_scenario *s = p->s;
    layer *top = scenario_top(s);
    for (uint32_t i = 0; i < p->n_measures; i++) {
        measure_change *m = &p->measures[i];
        measure_value *slot = measure_map_put(ctx_of(p), &top->measures, measure_key(m->indicator, m->column));
        record r = { .row = m->indicator, .column = m->column, .kind = RECORD_MEASURE };
        r.measure.old_index = g->n_measures;
        g->measures[g->n_measures++] = *slot;
        r.measure.new_index = g->n_measures;
        g->measures[g->n_measures++] = *slot = m->new_value;
        journal_record(g, &r);
    }
}

static void record_column(pagu_scenario *s, segment *g, column_changes *c, done_column *d)
{
    if (!d->bulk) {
        for (uint32_t i = 0; i < c->n; i++)
            journal_record(g, &(record){ .money = { c->old_values[i], c->values[i] }, .row = c->rows[i], .column = c->column,
                                         .kind = RECORD_MONEY, .old_state = c->old_states[i] & 3, .new_state = c->states[i] & 3 });
        overlay_settle(s, scenario_overlay(s, c->column));
        return;
    }
    overlay_free(s->view.plan, &d->displaced);
    d->bulk->rows = c->rows;
    d->bulk->n_rows = c->n;
    d->bulk->cap_rows = c->rows ? c->cap : 0;
    c->rows = NULL;
    journal_record(g, &(record){ .bulk = d->bulk, .row = PAGU_NO_ROW, .column = c->column, .kind = RECORD_BULK });
}

static pagu_code commit_all(pagu_proposal *p, done_column *done, segment *g, pagu_error *err)
{
    pagu_scenario *s = p->s;
    pagu_code code = reserve_measures(p, g, err);
    for (uint32_t i = 0; i < p->n_columns && code == PAGU_OK; i++)
        if (!scenario_overlay(s, p->columns[i].column)) /* all first: they may move when one is added */
            code = err_memory(ctx_of(p), err);
    for (uint32_t i = 0; i < p->n_columns && code == PAGU_OK; i++) {
        column_changes *c = &p->columns[i];
        code = is_bulk(&s->view, c) ? write_bulk(s, c, &done[i], err) : write_sparse(s, c, &done[i], err);
    }
    if (code == PAGU_OK)
        return code;
    for (uint32_t i = p->n_columns; i-- > 0;)
        if (done[i].bulk || done[i].n_written)
            undo_column(s, &p->columns[i], &done[i]);
    return code;
}

/* Records that the commit will append. */
static uint32_t records_of(const pagu_proposal *p)
{
    uint32_t n = p->n_measures;
    for (uint32_t i = 0; i < p->n_columns; i++)
        n += is_bulk(&p->s->view, &p->columns[i]) ? 1 : p->columns[i].n;
    return n;
}

pagu_code pagu_proposal_commit(pagu_proposal *p, const pagu_note *note, pagu_error *err)
{
    pagu_scenario *s = p->s;
    pagu_ctx *ctx = ctx_of(p);
    uint32_t note_index = 0, n_columns = p->n_columns;
    pagu_code code = pagu_proposal_check(p, err);
    uint32_t n = code == PAGU_OK ? records_of(p) : 0;
    if (code != PAGU_OK || n == 0) {
        if (code == PAGU_OK)
            proposal_clear(p);
        return code;
    }
    done_column *done = mem_zalloc(ctx, (n_columns + 1) * sizeof *done);
    segment *g = done ? journal_reserve(s, n, note, &note_index, err) : NULL;
    if (!g) {
        mem_free(ctx, done, done ? (n_columns + 1) * sizeof *done : 0);
        return err_memory(ctx, err);
    }
    code = commit_all(p, done, g, err);
    if (code == PAGU_OK) {
        journal_begin(s, g, note_index);
        for (uint32_t i = 0; i < n_columns; i++)
            if (p->columns[i].n)
                record_column(s, g, &p->columns[i], &done[i]);
        record_measures(p, g);
        proposal_clear(p);
    } else {
        journal_abandon(s, g);
    }
    mem_free(ctx, done, (n_columns + 1) * sizeof *done);
    return code;
}
