/* scenario_replay.c - a saved scenario's changes on another base.
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"
#include "io/scenario_writer.h"

#include <stdio.h>

static pagu_code refuse(scenario_reader *r, pagu_error *err)
{
    uint32_t n = pagu_table_row_count(r->conflicts);
    if (r->mode == READ_MERGE)
        return err_set(r->ctx, err, PAGU_CONFLICT, "%u conflicts are open, so nothing was merged", r->n_open);
    return err_set(r->ctx, err, PAGU_CONFLICT, "the scenario meets %u conflicts here, so nothing of it was applied", n);
}

/* Read onto s, which is afterwards changed, or as it was. */
static pagu_code read_onto(scenario_reader *r, const char *bytes, size_t len, pagu_error *err)
{
    uint32_t start = pagu_savepoint(r->s);
    r->step = start;
    if (!names_open(r) || !(r->conflicts = conflict_table(r->ctx)))
        return err_memory(r->ctx, err);
    pagu_table_set_decimals(r->conflicts, pagu_plan_decimals(r->plan));
    pagu_code code = scenario_read_text(r, bytes, len, err);
    if (code == PAGU_OK && r->n_open)
        code = refuse(r, err);
    if (code != PAGU_OK)
        pagu_rollback(r->s, start, NULL);
    return code;
}

/* Options as they are, then the table to whoever wants it. */
static pagu_code run(scenario_reader *r, const char *bytes, size_t len, pagu_findings *findings, pagu_table **conflicts,
                     pagu_error *err)
{
    pagu_findings *own = findings ? NULL : pagu_findings_new(r->ctx);
    r->findings = findings ? findings : own;
    if (conflicts)
        *conflicts = NULL;
    pagu_code code = r->findings ? read_onto(r, bytes, len, err) : err_memory(r->ctx, err);
    scenario_reader_close(r);
    if (conflicts && code != PAGU_NO_MEMORY)
        *conflicts = r->conflicts;
    else
        pagu_table_free(r->conflicts);
    pagu_findings_free(own);
    return code;
}

pagu_code pagu_replay(pagu_scenario *s, const char *bytes, size_t len, const char *name,
                      const pagu_replay_options *options, pagu_findings *findings, pagu_table **conflicts,
                      pagu_error *err)
{
    pagu_plan *plan = s->view.plan;
    scenario_reader r = {
        .ctx = plan->ctx, .plan = plan, .path = name, .s = s, .mode = READ_REPLAY, .replay = options
    };
    return run(&r, bytes, len, findings, conflicts, err);
}

static bool has_rule(const pagu_view *v, const char *name)
{
    for (uint32_t i = 0; v->constraints && i < v->constraints->n; i++)
        if (v->constraints->items[i]->kind == PAGU_PREDICATE && str_eq(v->constraints->items[i]->name, name))
            return true;
    return false;
}

/* Rules by function are nothing that a text could hold: say which did not come along. A note that finds no memory
 * is no reason to lose the merge. */
static void note_rules(pagu_table *t, const pagu_scenario *s, const pagu_view *base, const pagu_view *theirs)
{
    char text[400];
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; t && theirs->constraints && i < theirs->constraints->n && code == PAGU_OK; i++) {
        const constraint *c = theirs->constraints->items[i];
        if (c->kind != PAGU_PREDICATE || has_rule(base, c->name) || has_rule(&s->view, c->name))
            continue;
        snprintf(text, sizeof text, tr(s->view.plan->ctx, "rule \"%s\" is a function and was not merged"), c->name);
        code = pagu_table_add_note(t, text);
    }
}

pagu_code pagu_merge(pagu_scenario *s, const pagu_view *base, const pagu_view *theirs,
                     const pagu_merge_options *options, pagu_table **conflicts, pagu_error *err)
{
    pagu_plan *plan = s->view.plan;
    scenario_reader r = {
        .ctx = plan->ctx, .plan = plan, .path = "", .s = s, .mode = READ_MERGE, .merge = options, .base = base
    };
    pagu_text *diff = pagu_text_new(plan->ctx);
    if (conflicts)
        *conflicts = NULL;
    pagu_code code = diff ? scenario_diff(base, theirs, options->reason, diff, err) : err_memory(plan->ctx, err);
    if (code == PAGU_OK)
        code = run(&r, pagu_text_data(diff), pagu_text_len(diff), NULL, conflicts, err);
    if (conflicts && *conflicts)
        note_rules(*conflicts, s, base, theirs);
    pagu_text_free(diff);
    return code;
}
