/* cmd_export.c - pagu export PLAN json|package|xlsx|fiscal.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <string.h>

typedef pagu_code (*text_writer)(const pagu_plan *plan, pagu_text *out, pagu_error *err);
typedef pagu_code (*folder_writer)(const pagu_plan *plan, const char *folder, pagu_error *err);

typedef struct form {
    const char *name;
    text_writer text;
    folder_writer folder;
} form;

static const form forms[] = {
    { "json", pagu_package_write_json, NULL },
    { "package", NULL, pagu_package_save },
    { "xlsx", pagu_package_write_xlsx, NULL },
    { "fiscal", NULL, pagu_fiscal_save },
};

static const form *find_form(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static int export_text(const cli *c, const pagu_plan *plan, text_writer write)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_text *text = pagu_text_new(c->ctx);
    int code;
    if (text && (err.code = write(plan, text, &err)) == PAGU_OK)
        code = write_result(c, pagu_text_data(text), pagu_text_len(text));
    else
        code = input_error(c, &err);
    pagu_text_free(text);
    return code;
}

static int export_folder(const cli *c, const pagu_plan *plan, folder_writer write)
{
    pagu_error err;
    if (write(plan, c->out_file, &err) == PAGU_OK)
        return EXIT_DONE;
    input_error(c, &err);
    return EXIT_INTERNAL;
}

int cmd_export(cli *c)
{
    pagu_plan *plan = NULL;
    const form *f = find_form(c->args[1]);
    if (!f)
        return usage_error(c, "tidak ada bentuk '%s'; pilih json, package, xlsx atau fiscal",
                           "there is no form '%s'; choose json, package, xlsx or fiscal", c->args[1]);
    if (f->folder && !c->out_file)
        return usage_error(c, "export %s perlu -o FOLDER", "export %s needs -o DIR", f->name);
    int code = load_plan(c, c->args[0], NULL, &plan);
    if (code == EXIT_DONE)
        code = f->folder ? export_folder(c, plan, f->folder) : export_text(c, plan, f->text);
    pagu_plan_release(plan);
    return code;
}
