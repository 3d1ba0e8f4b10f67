/* cmd_compare.c - pagu compare PLAN A B.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

#include <string.h>

/* "share,target" -> bits. */
static int read_show(const cli *c, uint32_t *show)
{
    static const struct {
        const char *name;
        uint32_t bits;
    } columns[] = { { "share", PAGU_COMPARE_SHARE },           { "slack", PAGU_COMPARE_SLACK },
                    { "target", PAGU_COMPARE_TARGET },         { "unit_cost", PAGU_COMPARE_UNIT_COST },
                    { "cumulative", PAGU_COMPARE_CUMULATIVE }, { "change", PAGU_COMPARE_CHANGE },
                    { "all", PAGU_COMPARE_EVERYTHING } };
    *show = 0;
    for (const char *p = c->show; p && *p;) {
        size_t n = strcspn(p, ","), i = 0;
        while (i < sizeof columns / sizeof *columns &&
               (strlen(columns[i].name) != n || strncmp(columns[i].name, p, n) != 0))
            i++;
        if (i == sizeof columns / sizeof *columns)
            return usage_error(c, "--show %.*s: pilih share, slack, target, unit_cost, cumulative, change, all",
                               "--show %.*s: choose share, slack, target, unit_cost, cumulative, change, all", (int)n,
                               p);
        *show |= columns[i].bits;
        p += n + (p[n] == ',');
    }
    return EXIT_DONE;
}

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
    o->tree = c->by;
    return code;
}

/* Machine words as people read them, where the table has any. */
static int write_comparison(const cli *c, const pagu_table *t, uint32_t show, int decimals)
{
    pagu_format format;
    pagu_table *copy = NULL;
    pagu_error err = { .code = PAGU_OK };
    int result = result_format(c, &format);
    if (result != EXIT_DONE)
        return result;
    if ((show & PAGU_COMPARE_CHANGE) && (format == PAGU_FORMAT_TEXT || format == PAGU_FORMAT_MARKDOWN))
        err.code = bind_people_copy(c->ctx, t, &copy);
    result = err.code == PAGU_OK ? write_table(c, copy ? copy : t, decimals) : input_error(c, &err);
    pagu_table_free(copy);
    return result;
}

static int compare(const cli *c, const pagu_plan *plan, const loaded_view v[2])
{
    pagu_compare_options o = { .size = sizeof o };
    const pagu_view *views[2] = { v[0].view, v[1].view };
    const char *scripts[2] = { *v[0].script ? v[0].script : NULL, *v[1].script ? v[1].script : NULL };
    pagu_table *table = NULL;
    pagu_error err = { .code = PAGU_OK };
    int usage = read_show(c, &o.show);
    if (usage == EXIT_DONE && c->by && c->level)
        usage = usage_error(c, "--by meliputi seluruh rencana; jangan beri --level",
                            "--by goes over the whole plan; leave out --level");
    if (usage != EXIT_DONE)
        return usage;
    pagu_code code = read_options(c, views[0], &o, &err);
    if (code == PAGU_OK)
        code = bind_compare(views, 2, &o, &table, &err);
    if (code == PAGU_OK)
        code = bind_stamp(table, views, scripts, 2, &err);
    err.code = code;
    int result = code == PAGU_OK ? write_comparison(c, table, o.show, pagu_plan_decimals(plan)) : input_error(c, &err);
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
