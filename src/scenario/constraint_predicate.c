/* constraint_predicate.c - rules that a function judges: tried on a branch that has the changes.
 *
 * The function gets a view that belongs to no scenario, so nothing can be written through it, and
 * the scenario under check refuses every change while the function runs.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/proposal.h"

pagu_code check_not_judging(const pagu_scenario *s, pagu_error *err)
{
    return s->judging ? err_set(s->view.plan->ctx, err, PAGU_CONFLICT,
                                "scenario \"%s\" is being checked by a rule, which can only read", s->name)
                      : PAGU_OK;
}

bool pagu_view_is_judging(const pagu_view *v)
{
    return v->scenario && v->scenario->judging;
}

pagu_code constraint_judge(const pagu_view *v, const constraint *c, pagu_judgement *out, pagu_error *err)
{
    pagu_scenario *s = v->scenario;
    bool judging = s && s->judging;
    pagu_view seen = *v;
    seen.scenario = NULL;
    *out = (pagu_judgement){ .holds = true };
    if (s)
        s->judging = true; /* also where nothing is written: the function must not take its own rule away */
    pagu_code code = c->predicate.judge(c->predicate.ud, &seen, out, err);
    if (s)
        s->judging = judging;
    return code;
}

/* The changes on the branch, which has no constraints. */
static pagu_code apply(pagu_scenario *trial, const line_changes *ch, uint32_t n, const pagu_proposal *measures,
                       pagu_error *err)
{
    pagu_proposal *p;
    pagu_code code = pagu_proposal_new(trial, &p, err);
    if (code != PAGU_OK)
        return code;
    for (uint32_t i = 0; i < n && code == PAGU_OK; i++)
        for (uint32_t k = 0; k < ch[i].n && code == PAGU_OK; k++)
            code = pagu_proposal_money(p, ch[i].rows[k], ch[i].column,
                                       (pagu_cell){ ch[i].new_values[k], (pagu_state)ch[i].new_states[k] }, err);
    for (uint32_t i = 0; measures && i < measures->n_measures && code == PAGU_OK; i++) {
        const measure_change *m = &measures->measures[i];
        pagu_measure now = { m->new_value.value, m->new_value.unit, m->new_value.text, m->new_value.state };
        code = pagu_proposal_measure(p, m->indicator, m->field, m->period, &now, err);
    }
    if (code == PAGU_OK)
        code = pagu_proposal_commit(p, NULL, err);
    pagu_proposal_free(p);
    return code;
}

static pagu_code refuse(const pagu_view *v, const constraint *c, const pagu_judgement *j, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    const char *name = *c->name ? c->name : c->reason;
    if (j->has_missing)
        return err_set(ctx, err, PAGU_RULE, "rule \"%s\" would be broken%s%s; %s is missing", name,
                       *j->message ? ": " : "", j->message, money_str(ctx, j->missing).s);
    return err_set(ctx, err, PAGU_RULE, "rule \"%s\" would be broken%s%s", name, *j->message ? ": " : "", j->message);
}

/* Broken as it is now, and farther from holding than it would be? */
static pagu_code was_worse(const pagu_view *v, const constraint *c, const pagu_judgement *after, bool *out,
                           pagu_error *err)
{
    pagu_judgement before;
    *out = false;
    if (!after->has_missing)
        return PAGU_OK;
    pagu_code code = constraint_judge(v, c, &before, err);
    *out = code == PAGU_OK && !before.holds && before.has_missing && before.missing >= after->missing;
    return code;
}

static pagu_code judge_all(const pagu_view *v, const pagu_view *proposed, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < v->constraints->n && code == PAGU_OK; i++) {
        const constraint *c = v->constraints->items[i];
        pagu_judgement j;
        bool better = false;
        if (c->kind != PAGU_PREDICATE || c->warn)
            continue;
        code = constraint_judge(proposed, c, &j, err);
        if (code == PAGU_OK && !j.holds)
            code = was_worse(v, c, &j, &better, err);
        if (code == PAGU_OK && !j.holds && !better)
            code = refuse(v, c, &j, err);
    }
    return code;
}

static bool has_predicate(const constraint_set *set)
{
    for (uint32_t i = 0; i < set->n; i++)
        if (set->items[i]->kind == PAGU_PREDICATE && !set->items[i]->warn)
            return true;
    return false;
}

pagu_code predicates_check(const pagu_view *v, const line_changes *ch, uint32_t n, const pagu_proposal *measures,
                           pagu_error *err)
{
    pagu_scenario *s = v->scenario, *trial;
    if (!s || !has_predicate(v->constraints))
        return PAGU_OK;
    bool owned = s->owns_top;
    pagu_code code = pagu_branch(&s->view, s->name, &trial, err);
    if (code != PAGU_OK)
        return code;
    constraint_set_release(v->plan->ctx, trial->view.constraints);
    trial->view.constraints = NULL;
    code = apply(trial, ch, n, measures, err);
    if (code == PAGU_OK) {
        s->judging = true;
        code = judge_all(v, &trial->view, err);
        s->judging = false;
    }
    pagu_scenario_close(trial);
    /* the top is this scenario's own again, unless the function kept a branch of it */
    s->owns_top = owned && atomic_load_explicit(&s->view.layers[s->view.n_layers - 1]->refs, memory_order_acquire) == 1;
    return code;
}
