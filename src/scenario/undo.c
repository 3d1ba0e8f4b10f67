/* undo.c - undo, redo, savepoints: entries applied backwards and forwards.
 *
 * Values go through the overlays, so this works across branch points and never touches a shared
 * layer or segment.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

static pagu_code write_money(pagu_scenario *s, const record *r, bool undo, pagu_error *err)
{
    pagu_cell old_cell = { r->money.old_value, r->old_state }, new_cell = { r->money.new_value, r->new_state };
    pagu_cell from = undo ? new_cell : old_cell, to = undo ? old_cell : new_cell;
    overlay *o = scenario_overlay(s, r->column);
    if (!o)
        return err_memory(s->view.plan->ctx, err);
    if (r->kind == RECORD_MONEY) {
        pagu_code code = overlay_reserve(s, o, r->row, to, err);
        if (code == PAGU_OK)
            overlay_write(s, o, r->row, from, to);
        return code;
    }
    pagu_ctx *ctx = s->view.plan->ctx; /* these touch no ancestors */
    if (!cellmap_reserve(ctx, &o->map, 1) || (o->tracks_presence && !cellmap_reserve(ctx, &o->pmap, 1)))
        return err_memory(ctx, err);
    overlay_write_alone(s, o, r->row, to);
    if (r->kind == RECORD_MEMBER)
        s->view.has_member_overlay = true;
    return PAGU_OK;
}

static pagu_code write_measure(pagu_scenario *s, const segment *g, const record *r, bool undo, pagu_error *err)
{
    layer *top = scenario_top(s);
    measure_value *slot =
        top ? measure_map_put(s->view.plan->ctx, &top->measures, measure_key(r->row, r->column)) : NULL;
    if (!slot)
        return err_memory(s->view.plan->ctx, err);
    if (!top->pool)
        top->pool = pool_retain(g->pool);
    *slot = g->measures[undo ? r->measure.old_index : r->measure.new_index];
    return PAGU_OK;
}

static pagu_code write_bulk(pagu_scenario *s, const record *r, bool undo, pagu_error *err)
{
    overlay *o = scenario_overlay(s, r->column), displaced;
    if (!o)
        return err_memory(s->view.plan->ctx, err);
    pagu_code code = overlay_install(s, o, undo ? &r->bulk->before : &r->bulk->after, &displaced, err);
    if (code == PAGU_OK)
        overlay_free(s->view.plan, &displaced);
    return code;
}

static pagu_code write_record(pagu_scenario *s, const segment *g, const record *r, bool undo, pagu_error *err)
{
    switch ((record_kind)r->kind) {
    case RECORD_MONEY:
    case RECORD_OWN:
    case RECORD_MEMBER: return write_money(s, r, undo, err);
    case RECORD_MEASURE: return write_measure(s, g, r, undo, err);
    case RECORD_BULK: return write_bulk(s, r, undo, err);
    case RECORD_CONSTRAINTS: break;
    }
    constraint_set *now = constraint_set_retain(undo ? r->set.old_set : r->set.new_set);
    constraint_set_release(s->view.plan->ctx, s->view.constraints);
    s->view.constraints = now;
    return PAGU_OK;
}

/* Apply an entry's records in the given direction; on failure put back what was done (their
 * slots exist by then). */
static pagu_code replay_entry(pagu_scenario *s, uint32_t i, bool undo, pagu_error *err)
{
    uint32_t first, end;
    segment *g = journal_locate(s, i, &first, &end);
    for (uint32_t k = 0; k < end - first; k++) {
        pagu_code code = write_record(s, g, &g->records[undo ? end - 1 - k : first + k], undo, err);
        if (code == PAGU_OK)
            continue;
        while (k-- > 0)
            write_record(s, g, &g->records[undo ? end - 1 - k : first + k], !undo, NULL);
        return code;
    }
    return PAGU_OK;
}

static bool entry_is_joined(const pagu_scenario *s, uint32_t i)
{
    uint32_t first, end;
    segment *g = journal_locate(s, i, &first, &end);
    return g->entries[i - g->first].joined;
}

pagu_code pagu_undo(pagu_scenario *s, pagu_error *err)
{
    uint32_t was = s->n_entries;
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    if (was == s->n_inherited)
        return err_set(s->view.plan->ctx, err, PAGU_NOTHING_TO_UNDO, "nothing to undo in scenario \"%s\"", s->name);
    s->n_moved++;
    for (bool joined = true; joined && s->n_entries > s->n_inherited;) {
        uint32_t i = s->n_entries - 1;
        joined = entry_is_joined(s, i);
        pagu_code code = replay_entry(s, i, true, err);
        if (code != PAGU_OK) {
            while (s->n_entries < was)
                replay_entry(s, s->n_entries++, false, NULL);
            return code;
        }
        s->n_entries--;
    }
    journal_forget_kept(s);
    return PAGU_OK;
}

pagu_code pagu_redo(pagu_scenario *s, pagu_error *err)
{
    uint32_t was = s->n_entries;
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    if (was == s->n_total)
        return err_set(s->view.plan->ctx, err, PAGU_NOTHING_TO_UNDO, "nothing to redo in scenario \"%s\"", s->name);
    s->n_moved++;
    do {
        pagu_code code = replay_entry(s, s->n_entries, false, err);
        if (code != PAGU_OK) {
            while (s->n_entries > was)
                replay_entry(s, --s->n_entries, true, NULL);
            return code;
        }
        s->n_entries++;
    } while (s->n_entries < s->n_total && entry_is_joined(s, s->n_entries));
    return PAGU_OK;
}

uint32_t pagu_savepoint(const pagu_scenario *s)
{
    return s->n_entries;
}

pagu_code pagu_rollback(pagu_scenario *s, uint32_t savepoint, pagu_error *err)
{
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    if (savepoint > s->n_entries || savepoint < s->n_inherited)
        return err_set(s->view.plan->ctx, err, PAGU_ARGUMENT, "no such savepoint in scenario \"%s\"", s->name);
    if (savepoint == s->n_entries)
        return PAGU_OK; /* nothing to forget: what was undone before can still be redone */
    s->n_moved++;
    while (s->n_entries > savepoint) {
        pagu_code code = replay_entry(s, s->n_entries - 1, true, err);
        if (code != PAGU_OK)
            return code;
        s->n_entries--;
    }
    s->n_total = s->n_entries;
    journal_forget_kept(s);
    journal_restore_kept(s);
    return PAGU_OK;
}

pagu_code pagu_squash(pagu_scenario *s, uint32_t savepoint, const pagu_note *note, pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    if (savepoint > s->n_entries || savepoint < s->n_inherited)
        return err_set(ctx, err, PAGU_ARGUMENT, "no such savepoint in scenario \"%s\"", s->name);
    if (savepoint == s->n_entries)
        return PAGU_OK;
    segment *g = s->tip;
    if (savepoint < g->first || atomic_load_explicit(&g->refs, memory_order_acquire) != 1)
        return err_set(ctx, err, PAGU_CONFLICT,
                       "scenario \"%s\" was branched inside one step; branch before or after it", s->name);
    uint32_t index;
    if (!add_note(s, g, note, &index))
        return err_memory(ctx, err);
    if (index)
        g->entries[savepoint - g->first].note = index;
    for (uint32_t i = savepoint + 1; i < s->n_entries; i++)
        g->entries[i - g->first].joined = 1;
    return PAGU_OK;
}
