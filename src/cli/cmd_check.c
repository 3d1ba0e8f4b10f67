/* cmd_check.c - pagu check PLAN: what a load and the checks have to say.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdio.h>

static int print_table(const cli *c, const pagu_findings *fs, int decimals)
{
    pagu_table *t = NULL;
    pagu_error err;
    if (pagu_findings_table(fs, &t, &err) != PAGU_OK)
        return input_error(c, &err);
    int code = write_table(c, t, decimals);
    pagu_table_free(t);
    return code;
}

static int check_plan(const cli *c, pagu_plan *plan, pagu_findings *fs)
{
    pagu_stage stage;
    pagu_error err = { .code = PAGU_NO_MEMORY };
    int code = load_stage(c, plan, &stage);
    if (code != EXIT_DONE)
        return code;
    pagu_view *view = pagu_view_open(plan, stage);
    if (!view || (err.code = pagu_check(view, fs, &err)) != PAGU_OK)
        code = input_error(c, &err);
    pagu_view_close(view);
    if (code == EXIT_DONE && (pagu_findings_count(fs) > 0 || c->json || c->out_file))
        code = print_table(c, fs, pagu_plan_decimals(plan));
    else if (code == EXIT_DONE && !c->quiet)
        fputs(pick(c->lang, "tidak ada temuan\n", "no findings\n"), stderr);
    if (code == EXIT_DONE && pagu_findings_count_at(fs, PAGU_WARNING) > 0)
        code = EXIT_FINDINGS;
    return code;
}

int cmd_check(cli *c)
{
    pagu_plan *plan = NULL;
    pagu_findings *fs = pagu_findings_new(c->ctx);
    if (!fs)
        return input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    int code = load_plan(c, c->args[0], fs, &plan);
    if (code == EXIT_DONE)
        code = check_plan(c, plan, fs);
    else if (c->json && pagu_findings_count(fs) > 0)
        print_table(c, fs, 0);
    pagu_plan_release(plan);
    pagu_findings_free(fs);
    return code;
}
