/* scenario_conflict.c - what a replay or merge can't do as it was: the table, and who decides.
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"

enum {
    COL_ENTRY,
    COL_VERB,
    COL_KEY,
    COL_FIELD,
    COL_PERIOD,
    COL_BASE,
    COL_OURS,
    COL_THEIRS,
    COL_BASE_M,
    COL_OURS_M,
    COL_THEIRS_M,
    COL_WHY,
    COL_OUTCOME
};

static const char *const outcomes[] = { "open", "applied", "left", "ours", "theirs" };

pagu_table *conflict_table(pagu_ctx *ctx)
{
    static const struct {
        const char *name, *title;
        pagu_column_type type;
    } columns[] = {
        { "entry", "Entry", PAGU_COL_INTEGER },
        { "verb", "Verb", PAGU_COL_TEXT },
        { "key", "Key", PAGU_COL_TEXT },
        { "field", "Field", PAGU_COL_TEXT },
        { "period", "Period", PAGU_COL_TEXT },
        { "base", "Base", PAGU_COL_MONEY },
        { "ours", "Here", PAGU_COL_MONEY },
        { "theirs", "Wanted", PAGU_COL_MONEY },
        { "base_target", "Base", PAGU_COL_MEASURE },
        { "ours_target", "Here", PAGU_COL_MEASURE },
        { "theirs_target", "Wanted", PAGU_COL_MEASURE },
        { "why", "Why", PAGU_COL_TEXT },
        { "outcome", "Outcome", PAGU_COL_TEXT },
    };
    pagu_table *t = pagu_table_new(ctx);
    for (size_t i = 0; t && i < COUNT_OF(columns); i++)
        if (pagu_table_add_column(t, columns[i].name, tr(ctx, columns[i].title), columns[i].type) != PAGU_OK) {
            pagu_table_free(t);
            return NULL;
        }
    return t;
}

/* ---- who decides ---- */

static pagu_policy policy_of(const scenario_reader *r)
{
    const pagu_merge_options *o = r->merge;
    for (size_t i = 0; r->part && i < o->n_fields; i++)
        if (str_eq(o->fields[i], r->part))
            return o->policies[i];
    return o->policy;
}

outcome settle(const scenario_reader *r)
{
    static const outcome by_policy[] = { OUTCOME_OPEN, OUTCOME_OURS, OUTCOME_THEIRS };
    static const outcome by_apply[] = { OUTCOME_OPEN, OUTCOME_LEFT, OUTCOME_APPLIED };
    return r->mode == READ_MERGE ? by_policy[policy_of(r)] : by_apply[r->replay->apply];
}

outcome settle_impossible(const scenario_reader *r)
{
    if (r->mode == READ_MERGE)
        return r->part && policy_of(r) == PAGU_POLICY_OURS ? OUTCOME_OURS : OUTCOME_OPEN;
    return r->replay->apply == PAGU_APPLY_NONE ? OUTCOME_OPEN : OUTCOME_LEFT;
}

/* What is open in a replay is done for show, so that one conflict is not followed by others. */
bool conflict_overrides(const scenario_reader *r, outcome o)
{
    return o == OUTCOME_APPLIED || o == OUTCOME_THEIRS || (o == OUTCOME_OPEN && r->mode == READ_REPLAY);
}

/* ---- rows ---- */

static bool set_text(pagu_table *t, uint32_t row, uint32_t col, const char *text)
{
    return !text || !*text || pagu_table_set_text(t, row, col, text) == PAGU_OK;
}

static bool set_values(pagu_table *t, uint32_t row, const conflict *c)
{
    const pagu_cell cells[] = { c->base, c->ours, c->theirs };
    const pagu_measure *measures[] = { &c->base_m, &c->ours_m, &c->theirs_m };
    bool ok = true;
    for (uint32_t i = 0; i < 3; i++) {
        if (c->cells)
            ok &= pagu_table_set_cell(t, row, COL_BASE + i, cells[i]) == PAGU_OK;
        if (c->measures)
            ok &= pagu_table_set_measure(t, row, COL_BASE_M + i, measures[i]) == PAGU_OK;
    }
    return ok;
}

pagu_code conflict_add(scenario_reader *r, const conflict *c)
{
    pagu_table *t = r->conflicts;
    uint32_t row = pagu_table_row_count(t);
    bool ok = pagu_table_add_row(t) == PAGU_OK && set_values(t, row, c);
    if (ok && r->mode == READ_REPLAY)
        ok = pagu_table_set_money(t, row, COL_ENTRY, r->entry) == PAGU_OK;
    ok = ok && set_text(t, row, COL_VERB, r->note.verb) && set_text(t, row, COL_KEY, c->key) &&
         set_text(t, row, COL_FIELD, c->field) && set_text(t, row, COL_PERIOD, c->period) &&
         set_text(t, row, COL_WHY, c->why) && set_text(t, row, COL_OUTCOME, outcomes[c->outcome]);
    r->n_open += c->outcome == OUTCOME_OPEN;
    r->leave_step |= r->mode == READ_REPLAY && r->replay->apply == PAGU_APPLY_CLEAN;
    return ok ? PAGU_OK : PAGU_NO_MEMORY;
}

pagu_code conflicts_end_step(scenario_reader *r)
{
    uint32_t n = r->conflicts ? pagu_table_row_count(r->conflicts) : 0;
    bool ok = true;
    for (uint32_t i = r->step_first; i < n && r->leave_step; i++)
        ok &= set_text(r->conflicts, i, COL_OUTCOME, outcomes[OUTCOME_LEFT]);
    r->step_first = n;
    return ok ? PAGU_OK : PAGU_NO_MEMORY;
}
