/* check_limits.c - ceilings and floors of a scenario, and of the package's rules.csv.
 *
 * A rule of the package names a place by a key, or by "tree:class" for every line of a class.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "pagu/scenario.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct limit {
    bool floor;
    const char *name, *reason, *key;
    pagu_field field;
    pagu_period period;
    pagu_money amount;
    __int128 sum;
    uint32_t record; /* line of rules.csv; 0: of the scenario */
} limit;

static void judge(checker *c, const limit *l)
{
    if (l->floor ? l->sum >= l->amount : l->sum <= l->amount)
        return;
    __int128 gap = l->floor ? l->amount - l->sum : l->sum - l->amount;
    bool fits = l->sum <= INT64_MAX && l->sum >= INT64_MIN && gap <= INT64_MAX;
    pagu_locale locale = plan_locale(c->plan);
    check_text sum = cell_as_text(c, (pagu_cell){ fits ? (int64_t)l->sum : INT64_MAX, PAGU_NUMBER }, locale);
    check_text amount = cell_as_text(c, (pagu_cell){ l->amount, PAGU_NUMBER }, locale);
    check_text by = cell_as_text(c, (pagu_cell){ fits ? (int64_t)gap : INT64_MAX, PAGU_NUMBER }, locale);
    pagu_finding f = finding_at(c, l->floor ? CHECK_FLOOR_BROKEN : CHECK_CEILING_BROKEN, NULL);
    f.key = l->key;
    f.column = plan_str(c->plan, c->plan->fields[l->field].id);
    f.period = plan_str(c->plan, c->plan->periods[l->period].id);
    f.printed = sum.s;
    f.computed = amount.s;
    if (l->record) {
        f.file = f.record_file = "rules.csv";
        f.record = l->record;
    }
    if (l->floor)
        check_say(c, &f, "%s is %s, below the floor of %s (\"%s\"); %s is missing", l->key, sum.s, amount.s, l->name,
                  by.s);
    else
        check_say(c, &f, "%s is %s, above the ceiling of %s (\"%s\"); %s is too much", l->key, sum.s, amount.s, l->name,
                  by.s);
}

/* ---- limits of the scenario ---- */

static void check_constraint(checker *c, uint32_t i)
{
    pagu_constraint_info info = pagu_constraint_get(c->view, i);
    if ((info.kind != PAGU_FLOOR && info.kind != PAGU_CEILING) || info.n_rows == 0)
        return;
    limit l = { .floor = info.kind == PAGU_FLOOR,
                .name = *info.name ? info.name : info.reason,
                .reason = info.reason,
                .key = pagu_view_key(c->view, info.rows[0]),
                .field = info.field,
                .period = info.period,
                .amount = info.amount };
    pagu_column column = pagu_view_column(c->view, info.field, info.period);
    for (uint32_t r = 0; r < info.n_rows; r++)
        l.sum += pagu_view_money(c->view, info.rows[r], column).value;
    judge(c, &l);
}

/* ---- rules of the package ---- */

enum { RULE_ID, RULE_KIND, RULE_WHERE, RULE_FIELD, RULE_STAGE, RULE_PERIOD, RULE_AMOUNT, RULE_REASON };
typedef struct reading {
    checker *c;
    check_table t;
    uint32_t row;
} reading;

static const char *cell(const reading *r, uint32_t column)
{
    return table_text(r->c->plan, &r->t, r->row, column);
}

static void say_unreadable(const reading *r, const char *what)
{
    pagu_finding f = finding_at(r->c, CHECK_RULE_UNREADABLE, NULL);
    f.file = f.record_file = "rules.csv";
    f.line = f.record = r->row + 2;
    f.printed = what;
    check_say(r->c, &f, "rule \"%s\" can't be checked: \"%s\" is not understood", cell(r, RULE_ID), what);
}

static bool find_place(const checker *c, const char *where, pagu_row *row, uint32_t *tree, uint32_t *cls)
{
    const pagu_plan *p = c->plan;
    const char *colon = strchr(where, ':');
    *row = PAGU_NO_ROW;
    if (!*where || plan_lookup(p, where, strlen(where), row, 1) == 1) {
        *row = *where ? *row : 0;
        return true;
    }
    for (uint32_t t = 0; colon && t < p->n_trees; t++)
        if (strlen(plan_str(p, p->trees[t].id)) == (size_t)(colon - where) &&
            memcmp(plan_str(p, p->trees[t].id), where, (size_t)(colon - where)) == 0)
            for (uint32_t i = 0; i < p->trees[t].n_classes; i++)
                if (str_eq(plan_str(p, p->trees[t].classes[i].id), colon + 1)) {
                    *tree = t;
                    *cls = i;
                    return true;
                }
    return false;
}

static __int128 sum_of_class(const checker *c, uint32_t tree, uint32_t cls, pagu_column column)
{
    __int128 sum = 0;
    for (pagu_row row = 0; row < pagu_view_row_count(c->view); row++)
        if (pagu_view_is_member(c->view, row) && pagu_view_is_leaf(c->view, row) &&
            pagu_view_has_class(c->view, row, tree, cls))
            sum += pagu_view_money(c->view, row, column).value;
    return sum;
}

static void check_rule_row(const reading *r)
{
    const checker *c = r->c;
    const char *kind = cell(r, RULE_KIND), *stage = cell(r, RULE_STAGE), *field = cell(r, RULE_FIELD),
               *period = cell(r, RULE_PERIOD);
    limit l = { .floor = str_eq(kind, "floor"),
                .name = *cell(r, RULE_REASON) ? cell(r, RULE_REASON) : cell(r, RULE_ID),
                .key = *cell(r, RULE_WHERE) ? cell(r, RULE_WHERE) : "/",
                .record = r->row + 2 };
    pagu_row row;
    uint32_t tree = 0, cls = 0;
    pagu_error err = { 0 };
    if (str_eq(kind, "hold") ||
        (*stage && !list_has(stage, ' ', plan_str(c->plan, c->plan->stages[pagu_view_stage(c->view)].id))))
        return; /* a hold is broken by edits only */
    if (!l.floor && !str_eq(kind, "ceiling"))
        say_unreadable(r, kind);
    else if (!find_place(c, cell(r, RULE_WHERE), &row, &tree, &cls))
        say_unreadable(r, cell(r, RULE_WHERE));
    else if (pagu_plan_find_field(c->plan, *field ? field : "budget", &l.field, NULL) != PAGU_OK ||
             l.field >= c->plan->n_fields || c->plan->fields[l.field].kind != PAGU_FIELD_MONEY)
        say_unreadable(r, field);
    else if (*period ? pagu_plan_find_period(c->plan, period, &l.period, NULL) != PAGU_OK
                     : pagu_plan_find_year(c->plan, c->plan->year, &l.period, NULL) != PAGU_OK)
        say_unreadable(r, period);
    else if (pagu_money_parse(c->ctx, cell(r, RULE_AMOUNT), PAGU_LOCALE_EN, c->plan->decimals, &l.amount, &err) !=
             PAGU_OK)
        say_unreadable(r, cell(r, RULE_AMOUNT));
    else {
        pagu_column column = pagu_view_column(c->view, l.field, l.period);
        l.sum = row == PAGU_NO_ROW ? sum_of_class(c, tree, cls, column) : pagu_view_money(c->view, row, column).value;
        judge(r->c, &l);
    }
}

void check_limits(checker *c)
{
    static const char *const columns[] = { "rule", "kind", "where", "field", "stage", "period", "amount", "reason" };
    reading r = { c, find_table(c->plan, "rules", columns, COUNT_OF(columns)), 0 };
    for (uint32_t i = 0; i < pagu_constraint_count(c->view) && !check_stop(c); i++)
        check_constraint(c, i);
    for (; r.t.doc && r.row < r.t.doc->n_rows && !check_stop(c); r.row++)
        check_rule_row(&r);
}
