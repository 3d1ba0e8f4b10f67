/* proposal_commit.c - a checked proposal made true, whole or not at all.
 * SPDX-License-Identifier: MIT */
#include "scenario/proposal.h"

/* A bulk commit writes the column and rolls it up; a few lines walk up instead. */
static bool is_bulk(const pagu_view *v, const column_changes *c)
{
    if (c->run)
        return true;
    return c->n >= 64 && c->n > v->plan->n_rows / 16 && c->rows[c->n - 1] < v->plan->n_rows;
}

typedef struct done_column {
    overlay displaced;
    uint32_t n_written;
    bulk_change *bulk;
} done_column;

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
static pagu_code bulk_after(pagu_scenario *s, const column_changes *c, const bulk_column *before, bulk_column *after,
                            pagu_error *err)
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
                after->presence->v[r] = !before->tracks_presence && plan_is_leaf(p, r);
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
    pagu_code code = PAGU_OK;
    if (s->view.ext && !o->tracks_presence && needs_presence(&s->view, c)) /* added rows are in no block */
        code = overlay_track_presence(s, o, err);
    if (code == PAGU_OK)
        code = overlay_extract(s, o, &b->before, err);
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
            journal_record(g, &(record){ .money = { c->old_values[i], c->values[i] },
                                         .row = c->rows[i],
                                         .column = c->column,
                                         .kind = RECORD_MONEY,
                                         .old_state = c->old_states[i] & 3,
                                         .new_state = c->states[i] & 3 });
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
        constraint_sums_settle(s, true);
    } else {
        journal_abandon(s, g);
    }
    mem_free(ctx, done, (n_columns + 1) * sizeof *done);
    return code;
}
