/* attribution_switch.c - a branch from one set of groups to another.
 * SPDX-License-Identifier: MIT */
#include "solve/attribution.h"

/* Has the entry happened where these groups are present? */
static bool has_happened(const pagu_attribution *at, const attributed_write *w, const bool *present)
{
    bool in = at->structure[w->entry] || present[at->group[w->entry]];
    return at->entries[w->entry].goes_out ? !in : in;
}

static bool is_same_cell(const attributed_write *a, const attributed_write *b)
{
    return a->is_measure == b->is_measure && a->subject == b->subject && a->column == b->column;
}

/* The common value and what happened to it; the kind of cell is what the last that happened left. */
static pagu_code money_with(const pagu_attribution *at, const attributed_write *w, uint32_t n, const bool *present,
                            pagu_cell *out, pagu_error *err)
{
    __int128 value = w->before.value;
    uint8_t state = (uint8_t)w->before.state;
    for (uint32_t i = 0; i < n; i++)
        if (has_happened(at, &w[i], present)) {
            value += (__int128)w[i].after.value - w[i].before.value;
            state = (uint8_t)w[i].after.state;
        }
    if (value < INT64_MIN || value > INT64_MAX)
        return err_at(at->ctx, err, PAGU_OVERFLOW, pagu_view_key(at->b, w->subject), NULL,
                      "without some of the edits %s is beyond the range of money", pagu_view_key(at->b, w->subject));
    *out = (pagu_cell){ state == PAGU_NUMBER ? (pagu_money)value : 0, (pagu_state)state };
    return PAGU_OK;
}

static pagu_measure measure_with(const pagu_attribution *at, const attributed_write *w, uint32_t n, const bool *present)
{
    const pagu_attributed *e = &at->entries[w->entry];
    pagu_measure out = pagu_journal_change(e->journal, e->entry, w->change).old_measure;
    for (uint32_t i = 0; i < n; i++)
        if (has_happened(at, &w[i], present)) {
            e = &at->entries[w[i].entry];
            out = pagu_journal_change(e->journal, e->entry, w[i].change).new_measure;
        }
    return out;
}

static pagu_code propose_cell(const pagu_attribution *at, pagu_proposal *p, const attributed_write *w, uint32_t n,
                              const bool *present, pagu_error *err)
{
    if (w->is_measure) {
        pagu_measure m = measure_with(at, w, n, present);
        return pagu_proposal_measure(p, w->subject, (pagu_field)(w->column >> 16), (pagu_period)(w->column & 0xffff),
                                     &m, err);
    }
    pagu_cell cell;
    pagu_code code = money_with(at, w, n, present, &cell, err);
    return code == PAGU_OK ? pagu_proposal_money(p, w->subject, (pagu_column)w->column, cell, err) : code;
}

static pagu_code propose_all(const pagu_attribution *at, pagu_proposal *p, const bool *present, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    uint32_t n;
    for (uint32_t i = 0; i < at->n_writes && code == PAGU_OK; i += n) {
        const attributed_write *w = &at->writes[i];
        for (n = 1; i + n < at->n_writes && is_same_cell(w, w + n); n++)
            ;
        if (w->known)
            code = propose_cell(at, p, w, n, present, err);
    }
    return code;
}

/* What a branch of b adds to b's journal is of an earlier call: it is taken back. */
static pagu_code begin(const pagu_attribution *at, pagu_scenario *trial, pagu_error *err)
{
    const pagu_scenario *jb = pagu_view_journal(at->b);
    uint32_t start = jb ? jb->n_entries : 0;
    if (trial->view.plan != at->b->plan || trial->n_inherited != start || trial->n_entries < start)
        return err_set(at->ctx, err, PAGU_ARGUMENT, "the trial must be a branch of the second view as it is");
    pagu_code code = PAGU_OK;
    if (trial->n_entries > start)
        code = pagu_rollback(trial, start, err);
    while (code == PAGU_OK && pagu_constraint_count(&trial->view) > 0)
        code = pagu_release(trial, pagu_constraint_get(&trial->view, 0).id, NULL, NULL, err);
    return code;
}

pagu_code pagu_attribution_switch(const pagu_attribution *at, pagu_scenario *trial, const bool *present,
                                  pagu_error *err)
{
    pagu_proposal *p = NULL;
    pagu_code code = attribution_check(at, err);
    if (code == PAGU_OK)
        code = begin(at, trial, err);
    if (code == PAGU_OK)
        code = pagu_proposal_new(trial, &p, err);
    if (code == PAGU_OK)
        code = propose_all(at, p, present, err);
    if (code == PAGU_OK)
        code = pagu_proposal_commit(p, NULL, err);
    pagu_proposal_free(p);
    return code;
}
