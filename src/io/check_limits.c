/* check_limits.c - rules of a scenario, and of the package (rules.csv), that are broken.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "scenario/constraint_package.h"

#include <string.h>

/* Is it a least amount or share that is not reached? */
static bool falls_short(const constraint *c, const pagu_constraint_status *s)
{
    judged j = { s->sum, s->of_sum };
    __int128 gap, unit;
    for (int which = 0; which < 4; which += 2)
        if (constraint_gap(c, which, &j, &gap, &unit) && gap > 0)
            return true;
    return c->kind == PAGU_PREDICATE;
}

static void report(checker *ck, const pagu_view *v, uint32_t i)
{
    const constraint *c = v->constraints->items[i];
    pagu_constraint_status s;
    pagu_error err = { 0 };
    pagu_code code = pagu_constraint_slack(v, i, &s, &err);
    if (code == PAGU_NO_MEMORY || code == PAGU_INTERRUPTED) {
        check_fail(ck, code);
        return;
    }
    if (code == PAGU_OK && s.holds)
        return;
    bool floor = code != PAGU_OK || falls_short(c, &s);
    pagu_locale locale = plan_locale(ck->plan);
    pagu_money limit = floor ? c->min : c->max;
    check_text sum = cell_as_text(ck, (pagu_cell){ s.sum, PAGU_NUMBER }, locale);
    check_text amount = cell_as_text(ck, (pagu_cell){ limit, PAGU_NUMBER }, locale);
    pagu_finding f = finding_at(ck, floor ? CHECK_FLOOR_BROKEN : CHECK_CEILING_BROKEN, NULL);
    f.key = c->place && *c->place ? c->place : c->n_rows ? pagu_view_key(v, c->rows[0]) : "/";
    if (s.period != PAGU_NONE) {
        f.column = plan_str(ck->plan, ck->plan->fields[c->field].id);
        f.period = plan_str(ck->plan, ck->plan->periods[s.period].id);
        f.printed = sum.s;
        f.computed = c->n_of ? NULL : amount.s;
    }
    if (c->record) {
        f.file = f.record_file = "rules.csv";
        f.record = c->record;
    }
    check_say(ck, &f, "%s", code == PAGU_OK ? s.message : err.message);
}

static void say_unreadable(void *ud, const char *rule, const char *what, uint32_t line)
{
    checker *ck = ud;
    pagu_finding f = finding_at(ck, CHECK_RULE_UNREADABLE, NULL);
    f.file = f.record_file = "rules.csv";
    f.line = f.record = line;
    f.printed = what;
    check_say(ck, &f, "rule \"%s\" can't be checked: \"%s\" is not understood", rule, what);
}

void check_limits(checker *ck)
{
    constraint_set *package = NULL;
    pagu_code code = constraint_package_read(ck->view, say_unreadable, ck, &package, NULL);
    if (code != PAGU_OK)
        check_fail(ck, code);
    pagu_view seen = *ck->view;
    if (!seen.scenario) /* a branch has them, but for those that it released */
        seen.constraints = package;
    for (uint32_t i = 0; i < pagu_constraint_count(&seen) && !check_stop(ck); i++)
        report(ck, &seen, i);
    constraint_set_release(ck->ctx, package);
}
