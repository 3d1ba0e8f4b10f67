/* cmd_compare.c - pagu compare PLAN A B.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

static pagu_code read_options(const cli *c, const pagu_view *view, pagu_compare_options *o, pagu_error *err)
{
    const pagu_plan *plan = pagu_view_plan(view);
    pagu_code code = pagu_plan_find_field(plan, c->field ? c->field : "budget", &o->field, err);
    if (code == PAGU_OK && c->year)
        code = pagu_plan_find_period(plan, c->year, &o->period, err);
    else if (code == PAGU_OK)
        code = pagu_plan_find_year(plan, pagu_plan_year(plan), &o->period, err);
    o->level = bind_deepest_level(view);
    if (code == PAGU_OK && c->level)
        code = pagu_plan_find_level(plan, c->level, &o->level, err);
    o->all = c->all;
    o->by_change = !c->all;
    return code;
}

static int compare(const cli *c, const pagu_plan *plan, const loaded_view v[2])
{
    pagu_compare_options o = { .size = sizeof o };
    const pagu_view *views[2] = { v[0].view, v[1].view };
    const char *scripts[2] = { *v[0].script ? v[0].script : NULL, *v[1].script ? v[1].script : NULL };
    pagu_table *table = NULL;
    pagu_error err = { .code = PAGU_OK };
    pagu_code code = read_options(c, views[0], &o, &err);
    if (code == PAGU_OK)
        code = bind_compare(views, 2, &o, &table, &err);
    if (code == PAGU_OK)
        code = bind_stamp(table, views, scripts, 2, &err);
    err.code = code;
    int result = code == PAGU_OK ? write_table(c, table, pagu_plan_decimals(plan)) : input_error(c, &err);
    pagu_table_free(table);
    return result;
}

int cmd_compare(cli *c)
{
    pagu_plan *plan = NULL;
    loaded_view v[2] = { { .view = NULL }, { .view = NULL } };
    int code = load_plan(c, c->args[0], NULL, &plan);
    for (int i = 0; i < 2 && code == EXIT_DONE; i++)
        code = load_view(c, plan, c->args[1 + i], &v[i]);
    if (code == EXIT_DONE)
        code = compare(c, plan, v);
    loaded_view_close(&v[1]);
    loaded_view_close(&v[0]);
    pagu_plan_release(plan);
    return code;
}
