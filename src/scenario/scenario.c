/* scenario.c - branching, closing, and the shortest edit.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

/* ---- pools: texts live as long as anyone who may point at them ---- */

pool *pool_retain(pool *p)
{
    if (p)
        atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

void pool_release(pagu_ctx *ctx, pool *p)
{
    while (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1) {
        pool *parent = p->parent;
        arena_free(&p->text);
        mem_free(ctx, p, sizeof *p);
        p = parent;
    }
}

pool *scenario_pool(pagu_scenario *s)
{
    if (s->pool)
        return s->pool;
    pool *p = mem_zalloc(s->view.plan->ctx, sizeof *p);
    if (!p)
        return NULL;
    atomic_init(&p->refs, 1);
    p->parent = pool_retain(s->pool_parent);
    arena_init(&p->text, s->view.plan->ctx);
    return s->pool = p;
}

const char *scenario_text(pagu_scenario *s, const char *text, bool *ok)
{
    if (!text)
        return NULL;
    pool *p = scenario_pool(s);
    const char *copy = p ? arena_strdup(&p->text, text, strlen(text)) : NULL;
    *ok &= copy != NULL;
    return copy;
}

/* ---- life ---- */

static pagu_scenario *scenario_new(pagu_ctx *ctx, const char *name)
{
    pagu_scenario *s = mem_zalloc(ctx, sizeof *s);
    if (!s)
        return NULL;
    s->name_bytes = strlen(name) + 1;
    s->name = mem_alloc(ctx, s->name_bytes);
    if (!s->name) {
        mem_free(ctx, s, sizeof *s);
        return NULL;
    }
    memcpy(s->name, name, s->name_bytes);
    return s;
}

/* Share a scenario's history with a branch: up to the entries in force. */
static void inherit(pagu_scenario *child, pagu_scenario *from)
{
    segment *g = from->tip;
    while (g && g->first >= from->n_entries && g->prev)
        g = g->prev;
    if (g && from->n_entries > 0)
        atomic_fetch_add_explicit(&g->refs, 1, memory_order_relaxed);
    child->tip = from->n_entries > 0 ? g : NULL;
    child->n_entries = child->n_total = child->n_inherited = from->n_entries;
    child->pool_parent = pool_retain(from->pool ? from->pool : from->pool_parent);
    child->next_constraint = from->next_constraint;
}

pagu_code pagu_branch(pagu_view *source, const char *name, pagu_scenario **out, pagu_error *err)
{
    pagu_ctx *ctx = source->plan->ctx;
    constraint_set *rules = NULL;
    pagu_code code = source->scenario ? PAGU_OK : constraint_package_set(source, &rules, err);
    if (code != PAGU_OK)
        return code;
    pagu_scenario *s = scenario_new(ctx, name ? name : "");
    if (!s) {
        constraint_set_release(ctx, rules);
        return err_memory(ctx, err);
    }
    pagu_view *v = &s->view;
    pagu_plan_retain(source->plan);
    v->plan = source->plan;
    v->scenario = s;
    v->stage = source->stage;
    v->has_member_overlay = source->has_member_overlay;
    v->n_layers = source->n_layers;
    for (uint32_t i = 0; i < v->n_layers; i++)
        layer_retain(v->layers[i] = source->layers[i]);
    v->ext = source->ext;
    if (v->ext)
        atomic_fetch_add_explicit(&v->ext->refs, 1, memory_order_relaxed);
    v->constraints = constraint_set_retain(source->constraints ? source->constraints : rules);
    constraint_set_release(ctx, rules);
    if (!source->scenario)
        s->next_constraint = v->constraints ? v->constraints->n : 0;
    if (source->scenario) {
        if (source->scenario->owns_top)
            source->scenario->owns_top = false; /* frozen: both sides write to new tops */
        inherit(s, source->scenario);
    }
    *out = s;
    return PAGU_OK;
}

pagu_code pagu_snapshot(pagu_view *source, const char *name, pagu_view **out, pagu_error *err)
{
    pagu_scenario *s;
    pagu_code code = pagu_branch(source, name && *name ? name : pagu_view_name(source), &s, err);
    if (code != PAGU_OK)
        return code;
    s->sealed = true;
    *out = &s->view;
    return PAGU_OK;
}

void pagu_scenario_close(pagu_scenario *s)
{
    if (!s)
        return;
    pagu_plan *plan = s->view.plan;
    pagu_ctx *ctx = plan->ctx;
    for (uint32_t i = 0; i < s->view.n_layers; i++)
        layer_release(plan, s->view.layers[i]);
    ext_release(ctx, s->view.ext);
    constraint_set_release(ctx, s->view.constraints);
    constraint_sums_free(s);
    segment_release(plan, s->kept);
    segment_release(plan, s->tip);
    pool_release(ctx, s->pool);
    pool_release(ctx, s->pool_parent);
    mem_free(ctx, s->name, s->name_bytes);
    mem_free(ctx, s, sizeof *s);
    pagu_plan_release(plan);
}

pagu_view *pagu_scenario_view(pagu_scenario *s)
{
    return &s->view;
}
const char *pagu_scenario_name(const pagu_scenario *s)
{
    return s->name;
}

size_t pagu_scenario_memory(const pagu_scenario *s)
{
    size_t bytes = sizeof *s + s->name_bytes;
    if (s->owns_top)
        bytes += layer_bytes(s->view.plan, s->view.layers[s->view.n_layers - 1]);
    for (const segment *g = s->tip; g && g->first + g->n_entries > s->n_inherited; g = g->prev)
        bytes += segment_bytes(g);
    return bytes;
}

/* ---- one edit ---- */

pagu_code check_line(const pagu_view *v, pagu_row row, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    if (row >= pagu_view_row_count(v))
        return err_set(ctx, err, PAGU_UNKNOWN_KEY, "no such row");
    const char *key = pagu_view_key(v, row);
    if (!row_is_member(v, row))
        return err_at(ctx, err, PAGU_NOT_MEMBER, key, NULL, "%s is not in \"%s\"", key, pagu_view_name(v));
    if (!row_is_leaf(v, row))
        return err_at(ctx, err, PAGU_WRONG_LEVEL, key, NULL,
                      "%s is the sum of the rows below it; spread a total over them", key);
    return PAGU_OK;
}

pagu_code check_column(const pagu_view *v, pagu_column column, pagu_error *err)
{
    const pagu_plan *p = v->plan;
    if (column < (uint64_t)p->n_fields * p->n_periods * p->n_stages &&
        p->fields[pagu_plan_column_field(p, column)].kind == PAGU_FIELD_MONEY)
        return PAGU_OK;
    return err_set(p->ctx, err, PAGU_UNKNOWN_FIELD, "column %u is no money column of this plan", column);
}

/* The bound after a change, or an error when the column would no longer be safe to sum. */
pagu_code check_bound(const pagu_view *v, pagu_row row, pagu_column column, unsigned __int128 bound, pagu_error *err)
{
    if (bound <= INT64_MAX)
        return PAGU_OK;
    const char *key = pagu_view_key(v, row);
    return err_at(v->plan->ctx, err, PAGU_OVERFLOW, key,
                  pagu_plan_field_id(v->plan, pagu_plan_column_field(v->plan, column)),
                  "with %s the amounts of the plan would exceed the 64-bit range", key);
}

static inline bool line_is_plain(const pagu_view *v, pagu_row row)
{
    const pagu_plan *p = v->plan;
    const uint64_t *members = p->stages[v->stage].members;
    return row < p->n_rows && plan_is_leaf(p, row) && !v->ext && !v->has_member_overlay &&
           (!members || bit_get(members, row));
}

static pagu_code check_one(const pagu_view *v, pagu_row row, pagu_column column, pagu_cell old_cell, pagu_cell new_cell,
                           pagu_error *err)
{
    uint8_t states[2] = { (uint8_t)old_cell.state, (uint8_t)new_cell.state };
    line_changes ch = { column, 1, &row, &old_cell.value, &new_cell.value, &states[0], &states[1] };
    return constraints_check(v, &ch, 1, NULL, err);
}

/* ---- the fast edit: what nearly every edit is, in one pass without calls ----
 *
 * A number replaces a number in a line of the base; the column has its overlay, which tells no
 * presence; nothing was added, removed, held or given a sign; overlay and journal have room. */

static inline bool journal_is_ready(const pagu_scenario *s)
{
    const segment *g = s->tip;
    return g && g->first + g->n_entries == s->n_entries && g->n_entries < g->cap_entries &&
           g->n_records < g->cap_records && atomic_load_explicit(&g->refs, memory_order_relaxed) == 1;
}

static inline bool bound_holds(overlay *o, int64_t old_value, int64_t new_value)
{
    uint64_t bound = o->bound - money_abs(old_value) + money_abs(new_value);
    if (bound > INT64_MAX)
        return false;
    o->bound = bound;
    return true;
}

static inline __attribute__((always_inline)) bool fast_dense(const pagu_plan *p, overlay *o, pagu_row row,
                                                             int64_t value, int64_t *old_value, pagu_cell *path)
{
    int64_t *v = o->dense->v;
    *old_value = v[row];
    if (*old_value == value || atomic_load_explicit(&o->dense->refs, memory_order_relaxed) != 1 ||
        !bound_holds(o, *old_value, value))
        return false;
    uint64_t d = (uint64_t)value - (uint64_t)*old_value;
    for (pagu_row r = row; r != PAGU_NO_ROW; r = p->parent[r]) {
        v[r] = (int64_t)((uint64_t)v[r] + d);
        if (path)
            *path++ = (pagu_cell){ v[r], PAGU_NUMBER };
    }
    return true;
}

static inline __attribute__((always_inline)) bool fast_sparse(const pagu_plan *p, overlay *o, pagu_row row,
                                                              int64_t value, int64_t *old_value, pagu_cell *path)
{
    const int64_t *base = p->columns[o->column].values;
    bool made;
    if (!cellmap_has_room(&o->map, p->depth[row] + 1u))
        return false;
    int64_t *slot = cellmap_slot_of(&o->map, row, &made);
    if (made)
        *slot = base[row];
    *old_value = *slot;
    if (value == *old_value || !bound_holds(o, *old_value, value))
        return false;
    *slot = value;
    if (path)
        *path++ = (pagu_cell){ value, PAGU_NUMBER };
    uint64_t d = (uint64_t)value - (uint64_t)*old_value;
    for (pagu_row r = p->parent[row]; r != PAGU_NO_ROW; r = p->parent[r]) {
        slot = cellmap_slot_of(&o->map, r, &made);
        *slot = (int64_t)((uint64_t)(made ? base[r] : *slot) + d);
        if (path)
            *path++ = (pagu_cell){ *slot, PAGU_NUMBER };
    }
    return true;
}

static inline __attribute__((always_inline)) bool edit_fast(pagu_scenario *s, pagu_row row, pagu_column column,
                                                            int64_t value, pagu_cell *path)
{
    pagu_view *v = &s->view;
    const pagu_plan *p = v->plan;
    if (!s->owns_top || v->constraints || p->sign || !line_is_plain(v, row) || !journal_is_ready(s))
        return false;
    overlay *o = layer_find(v->layers[v->n_layers - 1], column);
    if (!o || o->tracks_presence || !(o->dense || o->direct))
        return false;
    int64_t old_value;
    if (!(o->dense ? fast_dense(p, o, row, value, &old_value, path) : fast_sparse(p, o, row, value, &old_value, path)))
        return false;
    segment *g = s->tip;
    entry *e = &g->entries[g->n_entries++];
    e->first = g->n_records;
    e->joined = 0;
    e->note = 0;
    record *r = &g->records[g->n_records++]; /* field by field: a literal is cleared by slow string stores */
    r->money.old_value = old_value;
    r->money.new_value = value;
    r->row = row;
    r->column = column;
    r->kind = RECORD_MONEY;
    r->old_state = PAGU_NUMBER;
    r->new_state = PAGU_NUMBER;
    r->unused = 0;
    s->n_total = ++s->n_entries;
    if (!o->dense && o->map.n >= 64 && o->map.n > p->n_rows / 16)
        overlay_settle(s, o);
    return true;
}

static __attribute__((noinline)) pagu_code edit_slow(pagu_scenario *s, pagu_row row, pagu_column column, pagu_cell cell,
                                                     const pagu_note *note, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_code code = check_column(v, column, err);
    if (code == PAGU_OK)
        code = check_not_judging(s, err);
    if (code != PAGU_OK)
        return code;
    if (!line_is_plain(v, row) && (code = check_line(v, row, err)) != PAGU_OK)
        return code;
    if (cell.state != PAGU_NUMBER)
        cell.value = 0;
    overlay *o = scenario_overlay(s, column);
    if (!o)
        return err_memory(v->plan->ctx, err);
    pagu_cell old_cell = view_cell(v, row, column);
    if (old_cell.state == cell.state && old_cell.value == cell.value)
        return PAGU_OK; /* no change: nothing to check or to note */
    unsigned __int128 bound = (unsigned __int128)o->bound - money_abs(old_cell.value) + money_abs(cell.value);
    if ((code = check_bound(v, row, column, bound, err)) != PAGU_OK)
        return code;
    if (v->constraints && ((code = check_one(v, row, column, old_cell, cell, err)) != PAGU_OK ||
                           !(o = scenario_overlay(s, column)))) /* a predicate may have frozen the top */
        return code == PAGU_OK ? err_memory(v->plan->ctx, err) : code;
    if ((code = overlay_reserve(s, o, row, cell, err)) != PAGU_OK)
        return code;
    uint32_t note_index;
    segment *g = journal_reserve(s, 1, note, &note_index, err);
    if (!g)
        return PAGU_NO_MEMORY;
    overlay_write(s, o, row, old_cell, cell);
    journal_begin(s, g, note_index);
    journal_record(g, &(record){ .money = { old_cell.value, cell.value },
                                 .row = row,
                                 .column = column,
                                 .kind = RECORD_MONEY,
                                 .old_state = (uint8_t)old_cell.state & 3,
                                 .new_state = (uint8_t)cell.state & 3 });
    overlay_settle(s, o);
    constraint_sums_settle(s, true);
    return PAGU_OK;
}

pagu_code pagu_edit(pagu_scenario *s, pagu_row row, pagu_column column, pagu_cell cell, const pagu_note *note,
                    pagu_error *err)
{
    if (cell.state == PAGU_NUMBER && !note && edit_fast(s, row, column, cell.value, NULL))
        return PAGU_OK;
    return edit_slow(s, row, column, cell, note, err);
}

pagu_code pagu_edit_path(pagu_scenario *s, pagu_row row, pagu_column column, pagu_cell cell, const pagu_note *note,
                         pagu_cell *path, uint32_t cap, pagu_error *err)
{
    bool fits = row < s->view.plan->n_rows && cap > s->view.plan->depth[row];
    if (fits && cell.state == PAGU_NUMBER && !note && edit_fast(s, row, column, cell.value, path))
        return PAGU_OK;
    pagu_code code = edit_slow(s, row, column, cell, note, err);
    if (code == PAGU_OK)
        pagu_view_money_path(&s->view, row, column, path, cap);
    return code;
}
