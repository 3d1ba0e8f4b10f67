/* membership.c - rows that join and leave: removing, joining.
 * SPDX-License-Identifier: MIT */
#include "scenario/extension.h"

static const pagu_cell IN = { 1, PAGU_NUMBER }, OUT = { 0, PAGU_NUMBER };

pagu_code join_row(pagu_scenario *s, segment *g, pagu_row row, bool in, pagu_error *err)
{
    overlay *o = scenario_overlay(s, COLUMN_MEMBERS);
    if (!o || !cellmap_reserve(s->view.plan->ctx, &o->map, 1))
        return err_memory(s->view.plan->ctx, err);
    overlay_write_alone(s, o, row, in ? IN : OUT);
    s->view.has_member_overlay = true;
    if (g)
        journal_record(g, &(record){ .money = { !in, in },
                                     .row = row,
                                     .column = COLUMN_MEMBERS,
                                     .kind = RECORD_MEMBER,
                                     .old_state = PAGU_NUMBER,
                                     .new_state = PAGU_NUMBER });
    return PAGU_OK;
}

/* Rows at or below the given, deepest first. */
static pagu_code rows_below(const pagu_view *v, const pagu_selection *rows, pagu_selection **out, pagu_error *err)
{
    pagu_code code = pagu_select_rows(v, pagu_selection_rows(rows), pagu_selection_count(rows), out, err);
    for (uint32_t i = 0; i < pagu_selection_count(rows) && code == PAGU_OK; i++) {
        pagu_selection *one, *both;
        code = pagu_select_under(v, pagu_selection_rows(rows)[i], &one, err);
        if (code != PAGU_OK)
            break;
        code = pagu_selection_union(*out, one, &both, err);
        pagu_selection_free(one);
        if (code == PAGU_OK) {
            pagu_selection_free(*out);
            *out = both;
        }
    }
    if (code != PAGU_OK && *out) {
        pagu_selection_free(*out);
        *out = NULL;
    }
    return code;
}

/* Clear every money cell of the rows' lines, through the one write path. */
static pagu_code clear_lines(pagu_scenario *s, const pagu_selection *all, const pagu_note *note, pagu_error *err)
{
    pagu_view *v = &s->view;
    const pagu_plan *p = v->plan;
    pagu_proposal *prop;
    pagu_code code = pagu_proposal_new(s, &prop, err);
    if (code != PAGU_OK)
        return code;
    for (uint32_t i = 0; i < pagu_selection_count(all) && code == PAGU_OK; i++) {
        pagu_row row = pagu_selection_rows(all)[i];
        if (!row_is_leaf(v, row))
            continue;
        for (uint32_t k = 0; k < p->n_fields * p->n_periods && code == PAGU_OK; k++) {
            pagu_field f = (pagu_field)(k / p->n_periods);
            if (p->fields[f].kind != PAGU_FIELD_MONEY)
                continue;
            pagu_column column = pagu_view_column(v, f, (pagu_period)(k % p->n_periods));
            if (view_cell(v, row, column).state != PAGU_MISSING)
                code = pagu_proposal_money(prop, row, column, (pagu_cell){ 0, PAGU_MISSING }, err);
        }
    }
    if (code == PAGU_OK)
        code = pagu_proposal_commit(prop, note, err);
    pagu_proposal_free(prop);
    return code;
}

/* Put rows in or out as one journal entry. */
static pagu_code set_members(pagu_scenario *s, const pagu_selection *rows, bool in, const pagu_note *note,
                             pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    uint32_t n = pagu_selection_count(rows), note_index;
    if (n == 0)
        return PAGU_OK;
    overlay *o = scenario_overlay(s, COLUMN_MEMBERS);
    if (!o || !cellmap_reserve(ctx, &o->map, n))
        return err_memory(ctx, err);
    segment *g = journal_reserve(s, n, note, &note_index, err);
    if (!g)
        return PAGU_NO_MEMORY;
    journal_begin(s, g, note_index);
    for (uint32_t i = 0; i < n; i++)
        if (row_is_member(&s->view, pagu_selection_rows(rows)[i]) != in)
            join_row(s, g, pagu_selection_rows(rows)[i], in, NULL);
    return PAGU_OK;
}

pagu_code pagu_remove(pagu_scenario *s, const pagu_selection *rows, const pagu_note *note, pagu_error *err)
{
    pagu_selection *all = NULL;
    uint32_t savepoint = pagu_savepoint(s);
    if (pagu_selection_has(rows, 0))
        return err_set(s->view.plan->ctx, err, PAGU_ARGUMENT, "the whole plan can't be removed");
    pagu_code code = check_not_judging(s, err);
    if (code == PAGU_OK)
        code = rows_below(&s->view, rows, &all, err);
    if (code != PAGU_OK)
        return code;
    code = clear_lines(s, all, note, err);
    if (code == PAGU_OK)
        code = set_members(s, all, false, note, err);
    if (code == PAGU_OK)
        code = pagu_squash(s, savepoint, note, err);
    if (code != PAGU_OK)
        if (pagu_savepoint(s) > savepoint)
            pagu_rollback(s, savepoint, NULL);
    pagu_selection_free(all);
    return code;
}

/* How many rows must join so that a row of the base can: itself and its ancestors. */
static pagu_code count_joining(const pagu_view *v, pagu_row row, uint32_t *n, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    if (!row_is_base(v, row))
        return err_set(ctx, err, PAGU_NOT_MEMBER,
                       "only rows of the plan can join; one that a scenario added has to be added here");
    for (pagu_row r = row; r != PAGU_NO_ROW && !row_is_member(v, r); r = row_parent(v, r), ++*n)
        if (ext_has_key(v, pagu_view_key(v, r)))
            return err_at(ctx, err, PAGU_DUPLICATE_KEY, pagu_view_key(v, r), NULL,
                          "%s was added to scenario \"%s\"; remove it first", pagu_view_key(v, r), pagu_view_name(v));
    return PAGU_OK;
}

pagu_code pagu_join_rows(pagu_scenario *s, const pagu_selection *rows, const pagu_note *note, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    uint32_t most = 0, note_index;
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    for (uint32_t i = 0; i < pagu_selection_count(rows); i++) {
        pagu_code code = count_joining(v, pagu_selection_rows(rows)[i], &most, err);
        if (code != PAGU_OK)
            return code;
    }
    if (most == 0)
        return PAGU_OK;
    overlay *o = scenario_overlay(s, COLUMN_MEMBERS);
    if (!o || !cellmap_reserve(ctx, &o->map, most))
        return err_memory(ctx, err);
    segment *g = journal_reserve(s, most, note, &note_index, err);
    if (!g)
        return PAGU_NO_MEMORY;
    journal_begin(s, g, note_index);
    for (uint32_t i = 0; i < pagu_selection_count(rows); i++)
        for (pagu_row r = pagu_selection_rows(rows)[i]; r != PAGU_NO_ROW && !row_is_member(v, r); r = row_parent(v, r))
            join_row(s, g, r, true, NULL);
    return PAGU_OK;
}
