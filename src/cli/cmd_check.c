/* cmd_check.c - pagu check PLAN: what a load and the checks have to say.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- findings ---- */

/* view: what was checked, for the stamp; NULL if nothing could be loaded. */
static int print_table(const cli *c, const pagu_findings *fs, const pagu_view *view, bool for_people)
{
    pagu_table *t = NULL, *copy = NULL;
    pagu_error err = { .code = PAGU_OK };
    pagu_code code = bind_findings_table(fs, &t, &err);
    if (code == PAGU_OK && view)
        code = bind_stamp(t, &view, NULL, 1, &err);
    if (code == PAGU_OK && for_people)
        code = bind_people_copy(c->ctx, t, &copy);
    err.code = code;
    int result = code != PAGU_OK ? input_error(c, &err)
                                 : write_table(c, copy ? copy : t, view ? pagu_plan_decimals(pagu_view_plan(view)) : 0);
    pagu_table_free(copy);
    pagu_table_free(t);
    return result;
}

static int print_document(const cli *c, const pagu_findings *fs, const pagu_view *view, pagu_findings_format format)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_text *text = pagu_text_new(c->ctx);
    int result =
        text && pagu_findings_render(fs, view, c->args[0], format, (uint32_t)result_width(c), text, &err) == PAGU_OK
            ? write_result(c, pagu_text_data(text), pagu_text_len(text))
            : input_error(c, &err);
    pagu_text_free(text);
    return result;
}

/* SARIF is a format of findings only: by name, or by the ending of the output file. */
static bool wants_sarif(const cli *c)
{
    const char *dot = c->out_file ? strrchr(c->out_file, '.') : NULL;
    return c->format ? strcmp(c->format, "sarif") == 0 : !c->json && dot && strcmp(dot, ".sarif") == 0;
}

static int print_findings_as_asked(const cli *c, const pagu_findings *fs, const pagu_view *view)
{
    pagu_format format;
    if (wants_sarif(c))
        return print_document(c, fs, view, PAGU_FINDINGS_SARIF);
    int result = result_format(c, &format);
    if (result != EXIT_DONE)
        return result;
    if (format == PAGU_FORMAT_TEXT)
        return print_document(c, fs, view, PAGU_FINDINGS_TEXT);
    if (format == PAGU_FORMAT_JSON)
        return print_document(c, fs, view, PAGU_FINDINGS_JSON);
    return print_table(c, fs, view, format != PAGU_FORMAT_CSV && format != PAGU_FORMAT_CSV_EXCEL_ID);
}

/* ---- rules ---- */

static int print_rules(const cli *c)
{
    pagu_table *t = NULL;
    pagu_error err = { .code = PAGU_OK };
    int result = pagu_rules_table(c->ctx, &t, &err) == PAGU_OK ? write_table(c, t, 0) : input_error(c, &err);
    pagu_table_free(t);
    return result;
}

static int explain_rule(const cli *c)
{
    uint32_t rule;
    pagu_error err = { .code = PAGU_NO_MEMORY };
    if (pagu_rule_find(c->ctx, c->explain, &rule, &err) != PAGU_OK)
        return usage_error(c, "%s", "%s", err.message);
    pagu_text *text = pagu_text_new(c->ctx);
    int result = text && pagu_rule_explain(c->ctx, rule, text, &err) == PAGU_OK
                     ? write_result(c, pagu_text_data(text), pagu_text_len(text))
                     : input_error(c, &err);
    pagu_text_free(text);
    return result;
}

/* ---- suppressions ---- */

/* TABLE:ROW:COLUMN, cut in place. */
static int read_place(const cli *c, char *at, pagu_suppression *out)
{
    char *row = strchr(at, ':'), *column = row ? strchr(row + 1, ':') : NULL, *end = NULL;
    if (row)
        *row++ = '\0';
    if (column)
        *column++ = '\0';
    out->table = at;
    out->column = column;
    unsigned long number = row && *row ? strtoul(row, &end, 10) : 0;
    if (end && (*end || number == 0 || number > UINT32_MAX))
        return usage_error(c, "--at: \"%s\" bukan baris; tulis TABEL:BARIS:KOLOM",
                           "--at: \"%s\" is no row; write TABLE:ROW:COLUMN", row);
    out->row = (uint32_t)number;
    return EXIT_DONE;
}

static int suppress(const cli *c)
{
    char at[512];
    pagu_error err = { .code = PAGU_OK };
    pagu_suppression what = { .rule = c->suppress, .reason = c->reason };
    if (!c->reason)
        return usage_error(c, "--suppress memerlukan --reason \"…\"", "--suppress needs --reason \"…\"");
    if (c->at && strlen(c->at) >= sizeof at)
        return usage_error(c, "--at terlalu panjang", "--at is too long");
    snprintf(at, sizeof at, "%s", c->at ? c->at : "");
    int code = read_place(c, at, &what);
    if (code != EXIT_DONE)
        return code;
    if (pagu_suppress(c->ctx, c->args[0], &what, &err) != PAGU_OK)
        return input_error(c, &err);
    if (!c->quiet)
        fprintf(stderr, pick(c->lang, "dicatat: %s dikecualikan\n", "noted: %s is suppressed\n"), c->suppress);
    return EXIT_DONE;
}

/* ---- checking ---- */

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

static int read_options(const cli *c, pagu_check_options *o)
{
    static const words severities[] = { { "catatan", "note" }, { "peringatan", "warning" }, { "galat", "error" } };
    uint32_t rule, s = 0;
    pagu_error err = { .code = PAGU_OK };
    o->rule = c->rule;
    o->suppressed = c->all;
    while (c->severity && s < 3 && strcmp(c->severity, severities[s].id) != 0 &&
           strcmp(c->severity, severities[s].en) != 0)
        s++;
    if (s == 3)
        return usage_error(c, "--severity %s: pilih note (catatan), warning (peringatan), atau error (galat)",
                           "--severity %s: choose note, warning or error", c->severity);
    o->severity = (pagu_severity)s;
    if (c->rule && pagu_rule_find(c->ctx, c->rule, &rule, &err) != PAGU_OK)
        return usage_error(c, "%s", "%s", err.message);
    return EXIT_DONE;
}

static int check_plan(const cli *c, pagu_plan *plan, const pagu_check_options *o, pagu_findings *fs)
{
    pagu_stage stage;
    pagu_error err = { .code = PAGU_NO_MEMORY };
    int code = load_stage(c, plan, &stage);
    if (code != EXIT_DONE)
        return code;
    pagu_view *view = pagu_view_open(plan, stage);
    if (!view || (err.code = pagu_check_with(view, o, fs, &err)) != PAGU_OK ||
        check_codes(c, view, fs, &err) != PAGU_OK)
        code = input_error(c, &err);
    if (code == EXIT_DONE && (pagu_findings_count(fs) > 0 || c->json || c->format || c->out_file))
        code = print_findings_as_asked(c, fs, view);
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
    pagu_check_options o = PAGU_CHECK_OPTIONS_INIT;
    if (c->rules)
        return print_rules(c);
    if (c->explain)
        return explain_rule(c);
    if (c->n_args == 0)
        return usage_error(c, "sebutkan rencananya", "name the plan");
    if (c->suppress)
        return suppress(c);
    int code = read_options(c, &o);
    if (code != EXIT_DONE)
        return code;
    pagu_findings *fs = pagu_findings_new(c->ctx);
    if (!fs)
        return input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    code = load_plan(c, c->args[0], fs, &plan);
    if (code == EXIT_DONE)
        code = check_plan(c, plan, &o, fs);
    else if ((c->json || wants_sarif(c)) && pagu_findings_count(fs) > 0)
        print_findings_as_asked(c, fs, NULL);
    pagu_plan_release(plan);
    pagu_findings_free(fs);
    return code;
}
