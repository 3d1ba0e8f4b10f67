/* journal_effects.c - an entry's records as effects.
 * SPDX-License-Identifier: MIT */
#include "scenario/journal_effects.h"

typedef pagu_code effect_fn(void *ud, const pagu_scenario *s, const journal_effect *e);

static bool set_has(const constraint_set *set, const constraint *c)
{
    for (uint32_t i = 0; set && i < set->n; i++)
        if (set->items[i] == c)
            return true;
    return false;
}

/* Constraints of one set that the other lacks. */
static pagu_code each_missing(const pagu_scenario *s, const constraint_set *of, const constraint_set *in,
                              effect_kind kind, effect_fn *each, void *ud)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; of && i < of->n && code == PAGU_OK; i++)
        if (!set_has(in, of->items[i]))
            code = each(ud, s, &(journal_effect){ .kind = kind, .constraint = of->items[i] });
    return code;
}

static pagu_code each_member(const pagu_scenario *s, const record *r, effect_fn *each, void *ud)
{
    const pagu_view *v = &s->view;
    bool in = r->money.new_value != 0;
    journal_effect e = { .row = r->row, .kind = in ? EFFECT_JOIN_ROW : EFFECT_REMOVE_ROW };
    if (r->row >= pagu_view_row_count(v)) {
        e.kind = EFFECT_ADD_INDICATOR;
        e.indicator = v->plan->n_indicators + (UINT32_MAX - 1 - r->row);
    } else if (!row_is_base(v, r->row) && in) {
        if (pagu_view_is_own_line(v, r->row))
            return PAGU_OK;
        e.kind = EFFECT_ADD_ROW;
    }
    return each(ud, s, &e);
}

pagu_code journal_each_effect(const pagu_scenario *s, uint32_t at, effect_fn *each, void *ud)
{
    uint32_t first, end;
    segment *g = journal_locate(s, at, &first, &end);
    pagu_code code = PAGU_OK;
    for (uint32_t i = first; i < end && code == PAGU_OK; i++) {
        const record *r = &g->records[i];
        if (r->kind == RECORD_CONSTRAINTS) {
            code = each_missing(s, r->set.old_set, r->set.new_set, EFFECT_RELEASE, each, ud);
            if (code == PAGU_OK)
                code = each_missing(s, r->set.new_set, r->set.old_set, EFFECT_CONSTRAIN, each, ud);
        } else if (r->kind == RECORD_MEMBER) {
            code = each_member(s, r, each, ud);
        } else if (r->kind != RECORD_OWN) {
            uint32_t n = r->kind == RECORD_BULK ? r->bulk->n_rows : 1;
            for (uint32_t k = 0; k < n && code == PAGU_OK; k++) {
                journal_effect e = { .kind = r->kind == RECORD_MEASURE ? EFFECT_MEASURE : EFFECT_MONEY,
                                     .change = record_change(s, g, r, k) };
                e.row = e.change.row;
                e.indicator = e.change.indicator;
                code = each(ud, s, &e);
            }
        }
    }
    return code;
}
