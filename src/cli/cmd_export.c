/* cmd_export.c - pagu export PLAN json|package.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <string.h>

static int export_json(const cli *c, const pagu_plan *plan)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_text *text = pagu_text_new(c->ctx);
    int code;
    if (text && (err.code = pagu_package_write_json(plan, text, &err)) == PAGU_OK)
        code = write_result(c, pagu_text_data(text), pagu_text_len(text));
    else
        code = input_error(c, &err);
    pagu_text_free(text);
    return code;
}

static int export_package(const cli *c, const pagu_plan *plan)
{
    pagu_error err;
    if (pagu_package_save(plan, c->out_file, &err) == PAGU_OK)
        return EXIT_DONE;
    input_error(c, &err);
    return EXIT_INTERNAL;
}

int cmd_export(cli *c)
{
    pagu_plan *plan = NULL;
    bool json = strcmp(c->args[1], "json") == 0;
    if (!json && strcmp(c->args[1], "package") != 0)
        return usage_error(c, "tidak ada bentuk '%s'; pilih json atau package",
                           "there is no form '%s'; choose json or package", c->args[1]);
    if (!json && !c->out_file)
        return usage_error(c, "export package perlu -o FOLDER", "export package needs -o DIR");
    int code = load_plan(c, c->args[0], NULL, &plan);
    if (code == EXIT_DONE)
        code = json ? export_json(c, plan) : export_package(c, plan);
    pagu_plan_release(plan);
    return code;
}
