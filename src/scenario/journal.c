/* journal.c - what was done: entries and records in segments.
 *
 * A segment is appended to by its sole owner; branching shares it, and whoever goes on
 * writing starts a new one that points back.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdio.h>

/* ---- life ---- */

static void record_free(const pagu_plan *p, record *r)
{
    pagu_ctx *ctx = p->ctx;
    if (r->kind == RECORD_CONSTRAINTS) {
        constraint_set_release(ctx, r->set.old_set);
        constraint_set_release(ctx, r->set.new_set);
    } else if (r->kind == RECORD_BULK) {
        bulk_column_release(p, &r->bulk->before);
        bulk_column_release(p, &r->bulk->after);
        mem_free(ctx, r->bulk->rows, r->bulk->cap_rows * sizeof *r->bulk->rows);
        mem_free(ctx, r->bulk, sizeof *r->bulk);
    }
}

static void truncate_records(const pagu_plan *p, segment *g, uint32_t n)
{
    for (uint32_t i = n; i < g->n_records && g->owns; i++)
        record_free(p, &g->records[i]);
    g->n_records = n;
}

static void segment_free(const pagu_plan *p, segment *g)
{
    pagu_ctx *ctx = p->ctx;
    truncate_records(p, g, 0);
    mem_free(ctx, g->entries, g->cap_entries * sizeof *g->entries);
    mem_free(ctx, g->records, g->cap_records * sizeof *g->records);
    mem_free(ctx, g->notes, g->cap_notes * sizeof *g->notes);
    mem_free(ctx, g->measures, g->cap_measures * sizeof *g->measures);
    pool_release(ctx, g->pool);
    mem_free(ctx, g, sizeof *g);
}

void segment_release(const pagu_plan *p, segment *g)
{
    while (g && atomic_fetch_sub_explicit(&g->refs, 1, memory_order_acq_rel) == 1) {
        segment *prev = g->prev;
        segment_free(p, g);
        g = prev;
    }
}

size_t segment_bytes(const segment *g)
{
    return sizeof *g + g->cap_entries * sizeof *g->entries + g->cap_records * sizeof *g->records +
           g->cap_notes * sizeof *g->notes + g->cap_measures * sizeof *g->measures;
}

/* ---- appending ---- */

/* The segment that the next entry goes to: the tip if this scenario alone holds it and the
 * entries in force end it, else a new one behind the segment they end in: a redo tail stays whole
 * until it is known that the step which drops it succeeds. */
static segment *writable_segment(pagu_scenario *s)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    bool sole = s->tip && atomic_load_explicit(&s->tip->refs, memory_order_acquire) == 1;
    if (sole && s->n_entries >= s->tip->first && s->n_total == s->n_entries)
        return s->tip;
    segment *g = mem_zalloc(ctx, sizeof *g);
    if (!g)
        return NULL;
    atomic_init(&g->refs, 1);
    g->first = s->n_entries;
    segment *prev = s->tip;
    while (prev && prev->first > s->n_entries) /* the redo tail is dropped with its segments */
        prev = prev->prev;
    if (prev && prev->first == s->n_entries && prev->prev)
        prev = prev->prev;
    if (prev)
        atomic_fetch_add_explicit(&prev->refs, 1, memory_order_relaxed);
    g->prev = prev;
    return g;
}

static bool grow(pagu_ctx *ctx, void *array, uint32_t *cap, uint32_t n, uint32_t more, size_t size)
{
    if (n + more <= *cap)
        return true;
    void **a = array;
    uint32_t want = *cap + *cap / 2;
    want = want < n + more ? n + more : want;
    want = want < 12 ? 12 : want;
    void *p = mem_realloc(ctx, *a, *cap * size, want * size);
    if (!p)
        return false;
    *a = p;
    *cap = want;
    return true;
}

static const note_data *copy_note(pagu_scenario *s, const pagu_note *note)
{
    bool ok = true;
    pool *p = scenario_pool(s);
    note_data *d = p ? arena_alloc(&p->text, sizeof *d) : NULL;
    if (!d)
        return NULL;
    *d = (note_data){ scenario_text(s, note->verb, &ok), scenario_text(s, note->args, &ok),
                      scenario_text(s, note->reason, &ok), scenario_text(s, note->file, &ok), note->line };
    return ok ? d : NULL;
}

bool add_note(pagu_scenario *s, segment *g, const pagu_note *note, uint32_t *index)
{
    *index = 0;
    if (!note)
        return true;
    const note_data *d = copy_note(s, note);
    if (!d || !grow(s->view.plan->ctx, &g->notes, &g->cap_notes, g->n_notes, 1, sizeof *g->notes))
        return false;
    if (!g->pool)
        g->pool = pool_retain(s->pool);
    g->notes[g->n_notes++] = d;
    *index = g->n_notes;
    return true;
}

segment *journal_reserve(pagu_scenario *s, uint32_t n_records, const pagu_note *note, uint32_t *note_index,
                         pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    segment *g = writable_segment(s);
    bool ok = g && grow(ctx, &g->entries, &g->cap_entries, g->n_entries, 1, sizeof *g->entries) &&
              grow(ctx, &g->records, &g->cap_records, g->n_records, n_records, sizeof *g->records) &&
              add_note(s, g, note, note_index);
    if (!ok) {
        if (g && g != s->tip)
            segment_release(s->view.plan, g);
        err_memory(ctx, err);
        return NULL;
    }
    return g;
}

void journal_abandon(pagu_scenario *s, segment *g)
{
    if (g != s->tip)
        segment_release(s->view.plan, g);
}

void journal_begin(pagu_scenario *s, segment *g, uint32_t note_index)
{
    const pagu_plan *p = s->view.plan;
    uint32_t here = s->n_entries - g->first;
    if (here < g->n_entries) { /* forget what was undone */
        truncate_records(p, g, g->entries[here].first);
        g->n_entries = here;
    }
    if (g != s->tip) {
        segment *before = s->tip;
        s->tip = g;
        if (s->n_total > s->n_entries) {
            segment_release(p, s->kept);
            s->kept = before;
            s->kept_at = s->n_entries;
            s->kept_total = s->n_total;
        } else {
            segment_release(p, before);
        }
    }
    g->entries[g->n_entries++] = (entry){ .first = g->n_records, .note = note_index };
    s->n_total = ++s->n_entries;
}

void journal_forget_kept(pagu_scenario *s)
{
    if (!s->kept || s->n_entries >= s->kept_at)
        return;
    segment_release(s->view.plan, s->kept);
    s->kept = NULL;
}

void journal_restore_kept(pagu_scenario *s)
{
    if (!s->kept || s->n_entries != s->kept_at)
        return;
    segment_release(s->view.plan, s->tip);
    s->tip = s->kept;
    s->n_total = s->kept_total;
    s->kept = NULL;
}

/* ---- reading ---- */

segment *journal_locate(const pagu_scenario *s, uint32_t i, uint32_t *first, uint32_t *end)
{
    segment *g = s->tip;
    while (g->first > i)
        g = g->prev;
    uint32_t k = i - g->first;
    *first = g->entries[k].first;
    *end = k + 1 < g->n_entries ? g->entries[k + 1].first : g->n_records;
    return g;
}

uint32_t pagu_journal_count(const pagu_scenario *s)
{
    return s->n_entries;
}
uint32_t pagu_journal_inherited(const pagu_scenario *s)
{
    return s->n_inherited;
}

static bool is_change(const record *r)
{
    return r->kind == RECORD_MONEY || r->kind == RECORD_MEASURE || r->kind == RECORD_BULK;
}
static uint32_t changes_of(const record *r)
{
    return r->kind == RECORD_BULK ? r->bulk->n_rows : is_change(r);
}

pagu_journal_entry pagu_journal_get(const pagu_scenario *s, uint32_t i)
{
    uint32_t first, end;
    segment *g = journal_locate(s, i, &first, &end);
    const entry *e = &g->entries[i - g->first];
    pagu_journal_entry out = { .inherited = i < s->n_inherited, .joined = e->joined };
    if (e->note) {
        const note_data *n = g->notes[e->note - 1];
        out.note = (pagu_note){ n->verb, n->args, n->reason, n->file, n->line };
    }
    for (uint32_t r = first; r < end; r++)
        out.n_changes += changes_of(&g->records[r]);
    return out;
}

static pagu_cell column_cell(const pagu_plan *p, pagu_column column, const bulk_column *b, pagu_row row)
{
    const plan_column *c = &p->columns[column];
    const int64_t *values = b->values ? b->values->v : c->values;
    const int64_t *presence = b->presence ? b->presence->v : b->values ? NULL : c->presence;
    pagu_cell cell = { values ? values[row] : 0, PAGU_NUMBER };
    if (presence || !values)
        cell.state = presence_state(presence ? presence[row] : 0);
    if (cell.state != PAGU_NUMBER)
        cell.value = 0;
    return cell;
}

static pagu_measure measure_out(const pagu_view *v, pagu_indicator ind, const measure_value *m)
{
    const char *unit = m->unit ? m->unit : pagu_view_indicator(v, ind).unit;
    return (pagu_measure){ m->value, unit, m->text, m->state };
}

pagu_change record_change(const pagu_scenario *s, const segment *g, const record *r, uint32_t i)
{
    const pagu_plan *p = s->view.plan;
    pagu_change c = { .row = r->row, .column = r->column, .indicator = PAGU_NO_INDICATOR };
    c.field = pagu_plan_column_field(p, r->column);
    c.period = pagu_plan_column_period(p, r->column);
    if (r->kind == RECORD_BULK) {
        c.row = r->bulk->rows ? r->bulk->rows[i] : r->bulk->first + i;
        c.old_cell = column_cell(p, r->column, &r->bulk->before, c.row);
        c.new_cell = column_cell(p, r->column, &r->bulk->after, c.row);
    } else if (r->kind == RECORD_MEASURE) {
        c.row = PAGU_NO_ROW;
        c.indicator = r->row;
        c.old_measure = measure_out(&s->view, r->row, &g->measures[r->measure.old_index]);
        c.new_measure = measure_out(&s->view, r->row, &g->measures[r->measure.new_index]);
    } else {
        c.old_cell = (pagu_cell){ r->money.old_value, r->old_state };
        c.new_cell = (pagu_cell){ r->money.new_value, r->new_state };
    }
    return c;
}

pagu_change pagu_journal_change(const pagu_scenario *s, uint32_t i, uint32_t k)
{
    uint32_t first, end;
    segment *g = journal_locate(s, i, &first, &end);
    if (!g->mixed && k < end - first)
        return record_change(s, g, &g->records[first + k], 0);
    for (uint32_t r = first; r < end; r++) {
        uint32_t n = changes_of(&g->records[r]);
        if (k < n)
            return record_change(s, g, &g->records[r], k);
        k -= n;
    }
    return (pagu_change){ .row = PAGU_NO_ROW, .indicator = PAGU_NO_INDICATOR };
}

static int describe_record(const pagu_scenario *s, const record *r, char *buf, size_t size)
{
    const pagu_view *v = &s->view;
    const pagu_ctx *ctx = v->plan->ctx;
    if (r->kind == RECORD_MEMBER && r->row < pagu_view_row_count(v)) {
        if (pagu_view_is_own_line(v, r->row))
            return 0;
        return snprintf(buf, size, "%s %s", r->money.new_value ? tr(ctx, "adds") : tr(ctx, "removes"),
                        pagu_view_key(v, r->row));
    }
    if (r->kind == RECORD_MEMBER) {
        uint32_t i = UINT32_MAX - 1 - r->row;
        return snprintf(buf, size, "%s %s", tr(ctx, "adds"), v->ext->indicators[i].id);
    }
    if (r->kind == RECORD_CONSTRAINTS) {
        uint32_t before = r->set.old_set ? r->set.old_set->n : 0, after = r->set.new_set ? r->set.new_set->n : 0;
        return snprintf(buf, size, tr(ctx, "holds and limits: %u, then %u"), before, after);
    }
    return 0;
}

pagu_code pagu_journal_effect(const pagu_scenario *s, uint32_t i, char *buf, size_t size)
{
    uint32_t first, end;
    segment *g = journal_locate(s, i, &first, &end);
    size_t used = 0;
    if (size)
        buf[0] = '\0';
    for (uint32_t r = first; r < end && used + 3 < size; r++) {
        char one[256];
        if (describe_record(s, &g->records[r], one, sizeof one) <= 0)
            continue;
        int n = snprintf(buf + used, size - used, "%s%s", used ? "; " : "", one);
        used += n > 0 ? (size_t)n : 0;
    }
    return PAGU_OK;
}
