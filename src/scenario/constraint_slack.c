/* constraint_slack.c - how a constraint stands: does it hold, and how much until it breaks.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdio.h>

/* Of the bound that is nearest to breaking; false: there is none. */
static bool nearest_bound(const constraint *c, const judged *j, int *which, pagu_money *slack)
{
    bool any = false;
    for (int w = 0; w < 4; w++) {
        __int128 gap, unit, left;
        if (!constraint_gap(c, w, j, &gap, &unit))
            continue;
        left = gap > 0 ? -((gap + unit - 1) / unit) : -gap / unit; /* what is missing rounds up, what is left down */
        left = left > INT64_MAX ? INT64_MAX : left < -INT64_MAX ? -INT64_MAX : left;
        if (any && left >= *slack)
            continue;
        *which = w;
        *slack = (pagu_money)left;
        any = true;
    }
    return any;
}

static judged sums_of(const pagu_view *v, const constraint *c, pagu_period period)
{
    judged j = { constraint_sum(v, c, false, pagu_view_column(v, c->field, period)), 0 };
    if (c->n_of)
        j.of = constraint_sum(v, c, true, pagu_view_column(v, c->of_field, constraint_of_period(c, period)));
    return j;
}

static void judge_period(const pagu_view *v, const constraint *c, pagu_period period, pagu_constraint_status *out)
{
    judged j = sums_of(v, c, period);
    pagu_money slack = 0;
    int which = 0;
    bool bound = nearest_bound(c, &j, &which, &slack);
    if (out->period != PAGU_NONE && (!bound || slack >= out->slack))
        return;
    *out = (pagu_constraint_status){
        .holds = slack >= 0, .has_slack = bound, .slack = slack, .sum = j.sum, .period = period
    };
    out->of_sum = j.of;
    out->has_share = c->n_of && j.of != 0;
    out->share = out->has_share ? 100.0 * ((double)j.sum / (double)j.of) : 0;
    if (out->holds)
        return;
    pagu_error err;
    constraint_refuse(v, c, which, &j, true, &err);
    snprintf(out->message, sizeof out->message, "%s", err.message);
}

static pagu_code judge_predicate(const pagu_view *v, const constraint *c, pagu_constraint_status *out, pagu_error *err)
{
    pagu_judgement j;
    pagu_ctx *ctx = v->plan->ctx;
    pagu_code code = constraint_judge(v, c, &j, err);
    if (code != PAGU_OK)
        return code;
    pagu_error said = { 0 };
    out->holds = j.holds;
    out->has_slack = !j.holds && j.has_missing;
    out->slack = out->has_slack ? -j.missing : 0;
    if (!j.holds) {
        err_set(ctx, &said, PAGU_RULE, "rule \"%s\" is broken%s%s", *c->name ? c->name : c->reason,
                *j.message ? ": " : "", j.message);
        snprintf(out->message, sizeof out->message, "%s", said.message);
    }
    return PAGU_OK;
}

pagu_code pagu_constraint_slack(const pagu_view *v, uint32_t i, pagu_constraint_status *out, pagu_error *err)
{
    const plan_period *periods = v->plan->periods;
    *out = (pagu_constraint_status){ .holds = true, .period = PAGU_NONE };
    if (i >= pagu_constraint_count(v))
        return err_set(v->plan->ctx, err, PAGU_ARGUMENT, "no such constraint");
    const constraint *c = v->constraints->items[i];
    if (c->kind == PAGU_PREDICATE)
        return judge_predicate(v, c, out, err);
    if (c->kind == PAGU_HOLD_LINES)
        return PAGU_OK;
    uint32_t first = c->period == PAGU_NONE ? 0 : c->period,
             n = c->period == PAGU_NONE ? v->plan->n_periods : first + 1;
    for (uint32_t p = first; p < n; p++)
        if ((c->period != PAGU_NONE || periods[p].part == PERIOD_YEAR) &&
            constraint_covers(v, c, c->field, (pagu_period)p))
            judge_period(v, c, (pagu_period)p, out);
    return PAGU_OK;
}
