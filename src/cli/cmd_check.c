/* cmd_check.c - pagu check PLAN: what a load and the checks have to say.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

#include <stdio.h>

/* view: what was checked, for the stamp; NULL if nothing could be loaded. */
static int print_table(const cli *c, const pagu_findings *fs, const pagu_view *view)
{
    pagu_table *t = NULL, *copy = NULL;
    pagu_format format;
    pagu_error err = { .code = PAGU_OK };
    int result = result_format(c, &format);
    if (result != EXIT_DONE)
        return result;
    bool for_people = format != PAGU_FORMAT_CSV && format != PAGU_FORMAT_CSV_EXCEL_ID && format != PAGU_FORMAT_JSON;
    pagu_code code = bind_findings_table(fs, &t, &err);
    if (code == PAGU_OK && view)
        code = bind_stamp(t, &view, NULL, 1, &err);
    if (code == PAGU_OK && for_people)
        code = bind_people_copy(c->ctx, t, &copy);
    err.code = code;
    result = code != PAGU_OK ? input_error(c, &err)
                             : write_table(c, copy ? copy : t, view ? pagu_plan_decimals(pagu_view_plan(view)) : 0);
    pagu_table_free(copy);
    pagu_table_free(t);
    return result;
}

/* The nomenclature of --codes. */
static pagu_code check_codes(const cli *c, const pagu_view *view, pagu_findings *fs, pagu_error *err)
{
    pagu_codes *codes = NULL;
    if (!c->codes)
        return PAGU_OK;
    err->code = pagu_codes_open(c->ctx, c->codes, PAGU_CODES_LIST, fs, &codes, err);
    if (err->code == PAGU_OK)
        err->code = pagu_check_codes(view, codes, fs, err);
    pagu_codes_close(codes);
    return err->code;
}

static int check_plan(const cli *c, pagu_plan *plan, pagu_findings *fs)
{
    pagu_stage stage;
    pagu_error err = { .code = PAGU_NO_MEMORY };
    int code = load_stage(c, plan, &stage);
    if (code != EXIT_DONE)
        return code;
    pagu_view *view = pagu_view_open(plan, stage);
    if (!view || (err.code = pagu_check(view, fs, &err)) != PAGU_OK || check_codes(c, view, fs, &err) != PAGU_OK)
        code = input_error(c, &err);
    if (code == EXIT_DONE && (pagu_findings_count(fs) > 0 || c->json || c->format || c->out_file))
        code = print_table(c, fs, view);
    else if (code == EXIT_DONE && !c->quiet)
        fputs(pick(c->lang, "tidak ada temuan\n", "no findings\n"), stderr);
    if (code == EXIT_DONE && pagu_findings_count_at(fs, PAGU_WARNING) > 0)
        code = EXIT_FINDINGS;
    pagu_view_close(view);
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
        print_table(c, fs, NULL);
    pagu_plan_release(plan);
    pagu_findings_free(fs);
    return code;
}
