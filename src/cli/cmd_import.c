/* cmd_import.c - pagu import FILE… -o DIR: office files become a plan.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "host/terminal.h"
#include "pagu/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int import_option(cli *c, const char *name, const char *value)
{
    import_options *o = &c->import;
    if (strcmp(name, "template") == 0)
        o->tmpl = value;
    else if (strcmp(name, "sheet") == 0)
        o->sheet = value;
    else if (strcmp(name, "into") == 0)
        o->into = value;
    else if (strcmp(name, "bidang") == 0)
        o->own_field = value;
    else if (strcmp(name, "dry-run") == 0)
        o->dry_run = true;
    else if (strcmp(name, "round") == 0)
        o->round = true;
    else if (strcmp(name, "partial") == 0)
        o->partial = true;
    else if (strcmp(name, "replace") == 0)
        o->replace = true;
    else if (strcmp(name, "no-printed") == 0)
        o->no_printed = true;
    else if (strcmp(value, ",") == 0 || strcmp(value, ".") == 0)
        o->decimal = *value;
    else
        return usage_error(c, "--decimal %s: pilih , atau .", "--decimal %s: choose , or .", value);
    return EXIT_DONE;
}

/* ---- where the plan goes ---- */

typedef enum target { TARGET_NONE, TARGET_NEW, TARGET_PACKAGE, TARGET_OTHER } target;

static target look_at(const char *folder)
{
    char path[4096];
    struct stat st;
    if (!folder)
        return TARGET_NONE;
    if (stat(folder, &st) != 0)
        return errno == ENOENT ? TARGET_NEW : TARGET_OTHER;
    snprintf(path, sizeof path, "%s/datapackage.json", folder);
    return S_ISDIR(st.st_mode) && stat(path, &st) == 0 ? TARGET_PACKAGE : TARGET_OTHER;
}

static int check_arguments(cli *c)
{
    const import_options *o = &c->import;
    if (!c->out_file && !o->into && !o->dry_run)
        return usage_error(c, "import perlu -o FOLDER, --into FOLDER, atau --dry-run",
                           "import needs -o DIR, --into DIR, or --dry-run");
    if (o->into && look_at(o->into) != TARGET_PACKAGE)
        return usage_error(c, "--into %s: bukan folder paket data", "--into %s: not a data package folder", o->into);
    if (c->out_file && look_at(c->out_file) == TARGET_OTHER)
        return usage_error(c, "%s sudah ada dan bukan paket data; tidak akan ditimpa",
                           "%s exists and is no data package; it won't be overwritten", c->out_file);
    return EXIT_DONE;
}

/* The plan to add to: --into, else what -o holds already. */
static int begin(cli *c, pagu_import *im)
{
    const import_options *o = &c->import;
    const char *from = o->into ? o->into : look_at(c->out_file) == TARGET_PACKAGE ? c->out_file : NULL;
    pagu_plan *plan;
    pagu_error err;
    if (!from)
        return EXIT_DONE;
    int code = load_plan(c, from, NULL, &plan);
    if (code == EXIT_DONE && pagu_import_into(im, plan, &err) != PAGU_OK)
        code = input_error(c, &err);
    pagu_plan_release(plan);
    return code;
}

/* ---- reading ---- */

static int read_year(const cli *c, int *out)
{
    unsigned long year = 0;
    *out = 0;
    if (!c->year)
        return EXIT_DONE;
    for (const char *p = c->year; *p; p++)
        year = *p >= '0' && *p <= '9' && year < 10000 ? year * 10 + (unsigned long)(*p - '0') : 10000;
    if (year < 1 || year > 9999)
        return usage_error(c, "--year %s: isi satu tahun", "--year %s: give a year", c->year);
    *out = (int)year;
    return EXIT_DONE;
}

static int read_files(cli *c, pagu_import *im)
{
    pagu_import_options o = PAGU_IMPORT_OPTIONS_INIT;
    pagu_error err;
    o.tmpl = c->import.tmpl;
    o.stage = c->stage;
    o.sheet = c->import.sheet;
    o.decimal = c->import.decimal;
    o.round = c->import.round;
    o.replace = c->import.replace;
    o.no_printed = c->import.no_printed;
    o.own_field = c->import.own_field;
    int code = read_year(c, &o.year);
    for (int i = 0; i < c->n_args && code == EXIT_DONE; i++)
        if (pagu_import_file(im, c->args[i], &o, &err) != PAGU_OK)
            code = input_error(c, &err);
    return code;
}

/* ---- telling ---- */

static int tell_mapping(const cli *c, const pagu_import *im)
{
    pagu_table *t = NULL;
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    pagu_text *text = pagu_text_new(c->ctx);
    pagu_code code = text ? pagu_import_mapping(im, &t, &err) : PAGU_NO_MEMORY;
    o.locale = c->lang == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
    o.width = (uint32_t)result_width(c);
    if (code == PAGU_OK && pagu_table_row_count(t) > 0)
        code = pagu_render(t, PAGU_FORMAT_TEXT, &o, text, &err);
    if (code == PAGU_OK)
        terminal_write(stderr, pagu_text_data(text), pagu_text_len(text));
    pagu_table_free(t);
    pagu_text_free(text);
    return code == PAGU_OK ? EXIT_DONE : input_error(c, &err);
}

static int tell_summary(cli *c, const pagu_import *im, const pagu_plan *plan)
{
    pagu_table *t;
    pagu_error err;
    if (pagu_import_summary(im, plan, &t, &err) != PAGU_OK)
        return input_error(c, &err);
    const char *folder = c->out_file;
    c->out_file = NULL; /* the summary is no file */
    int code = write_table(c, t, pagu_plan_decimals(plan));
    c->out_file = folder;
    pagu_table_free(t);
    return code;
}

static int save(const cli *c, const pagu_import *im, const pagu_plan *plan)
{
    const char *to = c->out_file ? c->out_file : c->import.into;
    pagu_error err;
    uint32_t rejected = pagu_import_rejected(im);
    if (rejected > 0 && !c->import.partial) {
        if (!c->import.dry_run)
            say(c, "%u baris atau sel ditolak; tidak ada yang ditulis (--partial menulis sisanya)",
                "%u rows or cells were rejected; nothing was written (--partial writes the rest)", rejected);
        return EXIT_FINDINGS;
    }
    if (!c->import.dry_run && pagu_package_save(plan, to, &err) != PAGU_OK)
        return input_error(c, &err) == EXIT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_INTERNAL;
    return rejected > 0 ? EXIT_FINDINGS : EXIT_DONE;
}

static int conclude(cli *c, pagu_import *im, const pagu_findings *fs)
{
    pagu_plan *plan;
    pagu_error err;
    uint32_t before = pagu_findings_count_at(fs, PAGU_ERROR);
    pagu_code made = pagu_import_finish(im, &plan, &err);
    print_findings(c, fs, c->quiet ? PAGU_ERROR : PAGU_NOTE);
    if (made != PAGU_OK) {
        bool told = pagu_findings_count_at(fs, PAGU_ERROR) > before;
        int why = told && made != PAGU_NO_MEMORY && made != PAGU_INTERRUPTED ? EXIT_INPUT : input_error(c, &err);
        say(c, "tidak ada yang ditulis", "nothing was written");
        return why;
    }
    int code = c->quiet ? EXIT_DONE : tell_mapping(c, im);
    if (code == EXIT_DONE)
        code = tell_summary(c, im, plan);
    if (code == EXIT_DONE)
        code = save(c, im, plan);
    pagu_plan_release(plan);
    return code;
}

int cmd_import(cli *c)
{
    pagu_findings *fs = pagu_findings_new(c->ctx);
    pagu_import *im = fs ? pagu_import_new(c->ctx, fs) : NULL;
    int code = im ? check_arguments(c) : input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    if (code == EXIT_DONE)
        code = begin(c, im);
    if (code == EXIT_DONE) {
        code = read_files(c, im);
        if (code != EXIT_DONE)
            print_findings(c, fs, PAGU_ERROR);
    }
    if (code == EXIT_DONE)
        code = conclude(c, im, fs);
    pagu_import_free(im);
    pagu_findings_free(fs);
    return code;
}
