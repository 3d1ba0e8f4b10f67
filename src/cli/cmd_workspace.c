/* cmd_workspace.c - pagu workspace FILE ACTION: what a workspace holds, and keeping it.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct workspace_job {
    const cli *c;
    pagu_workspace *w;
    char **args; /* behind the action */
    int n_args;
} workspace_job;

static int say_error(const workspace_job *job, pagu_code code, pagu_error *err)
{
    err->code = code;
    return input_error(job->c, err);
}

static int print_table(const workspace_job *job, pagu_table *t)
{
    pagu_error err = { .code = PAGU_OK };
    pagu_format format = PAGU_FORMAT_TEXT;
    pagu_table *copy = NULL;
    int code = result_format(job->c, &format);
    if (code == EXIT_DONE && (format == PAGU_FORMAT_TEXT || format == PAGU_FORMAT_MARKDOWN))
        err.code = bind_people_copy(job->c->ctx, t, &copy);
    if (err.code != PAGU_OK)
        code = input_error(job->c, &err);
    if (code == EXIT_DONE)
        code = write_table(job->c, copy ? copy : t, 0);
    pagu_table_free(copy);
    pagu_table_free(t);
    return code;
}

/* A positive whole number; 0 after saying that it is none. */
static int64_t read_number(const workspace_job *job, const char *text)
{
    char *end;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno == 0 && !*end && n > 0)
        return n;
    usage_error(job->c, "\"%s\" bukan nomor", "\"%s\" is no number", text);
    return 0;
}

static int list(workspace_job *job)
{
    pagu_error err;
    pagu_table *t = NULL;
    pagu_code code = pagu_workspace_list(job->w, &t, &err);
    return code == PAGU_OK ? print_table(job, t) : say_error(job, code, &err);
}

static int history(workspace_job *job)
{
    pagu_error err;
    pagu_table *t = NULL;
    pagu_code code = pagu_workspace_history(job->w, job->n_args ? job->args[0] : NULL, &t, &err);
    return code == PAGU_OK ? print_table(job, t) : say_error(job, code, &err);
}

static int runs(workspace_job *job)
{
    pagu_error err;
    pagu_table *t = NULL;
    pagu_code code = pagu_workspace_runs(job->w, &t, &err);
    return code == PAGU_OK ? print_table(job, t) : say_error(job, code, &err);
}

/* ---- texts ---- */

static int read_text(workspace_job *job, pagu_text *out)
{
    pagu_error err;
    int64_t version = job->n_args > 1 ? read_number(job, job->args[1]) : 0;
    if (job->n_args > 1 && !version)
        return EXIT_USAGE;
    pagu_code code = pagu_workspace_read(job->w, job->args[0], version, out, NULL, &err);
    return code == PAGU_OK ? EXIT_DONE : say_error(job, code, &err);
}

static int export_text(workspace_job *job, pagu_text *out)
{
    int code = read_text(job, out);
    return code == EXIT_DONE ? write_result(job->c, pagu_text_data(out), pagu_text_len(out)) : code;
}

static int result(workspace_job *job, pagu_text *out)
{
    pagu_error err;
    int64_t run = read_number(job, job->args[0]);
    if (!run)
        return EXIT_USAGE;
    pagu_code code = pagu_workspace_result_text(job->w, run, job->args[1], out, &err);
    return code == PAGU_OK ? write_result(job->c, pagu_text_data(out), pagu_text_len(out)) : say_error(job, code, &err);
}

static bool add_step(pagu_table *t, const pagu_saved_entry *e, uint32_t entry)
{
    const char *texts[] = { e->note.verb, e->note.args ? e->note.args : e->values, e->note.reason, e->note.file };
    uint32_t row = pagu_table_row_count(t);
    bool ok = pagu_table_add_row(t) == PAGU_OK && pagu_table_set_money(t, row, 0, entry) == PAGU_OK;
    for (uint32_t i = 0; i < 4 && ok; i++)
        ok = !texts[i] || pagu_table_set_text(t, row, i + 1, texts[i]) == PAGU_OK;
    if (ok && e->note.line)
        ok = pagu_table_set_money(t, row, 5, e->note.line) == PAGU_OK;
    return ok;
}

/* A row for each undo step. */
static pagu_table *steps_table(const cli *c, const pagu_saved *saved)
{
    static const char *const names[] = { "entry", "verb", "args", "reason", "script", "line" };
    static const words titles[] = { { "Entri", "Entry" },   { "Tindakan", "Verb" }, { "Argumen", "Arguments" },
                                    { "Alasan", "Reason" }, { "Skrip", "Script" },  { "Baris", "Line" } };
    pagu_table *t = pagu_table_new(c->ctx);
    bool ok = t != NULL;
    for (uint32_t i = 0; i < 6 && ok; i++)
        ok = pagu_table_add_column(t, names[i], pick(c->lang, titles[i].id, titles[i].en),
                                   i == 0 || i == 5 ? PAGU_COL_INTEGER : PAGU_COL_TEXT) == PAGU_OK;
    uint32_t n = pagu_saved_get_head(saved).n_entries;
    for (uint32_t i = 0; i < n && ok; i++) {
        pagu_saved_entry e = pagu_saved_get(saved, i);
        if (!e.joined)
            ok = add_step(t, &e, i + 1);
    }
    if (ok)
        return t;
    pagu_table_free(t);
    return NULL;
}

static int show(workspace_job *job, pagu_text *out)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_saved *saved = NULL;
    int code = read_text(job, out);
    if (code != EXIT_DONE)
        return code;
    pagu_code opened =
        pagu_saved_open(job->c->ctx, pagu_text_data(out), pagu_text_len(out), job->args[0], NULL, &saved, &err);
    if (opened != PAGU_OK)
        return say_error(job, opened, &err);
    pagu_table *t = steps_table(job->c, saved);
    code = t ? print_table(job, t) : say_error(job, PAGU_NO_MEMORY, &err);
    pagu_saved_free(saved);
    return code;
}

static int with_text(workspace_job *job, int (*f)(workspace_job *job, pagu_text *out))
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_text *text = pagu_text_new(job->c->ctx);
    int code = text ? f(job, text) : input_error(job->c, &err);
    pagu_text_free(text);
    return code;
}

static int show_steps(workspace_job *job)
{
    return with_text(job, show);
}

static int export(workspace_job *job)
{
    return with_text(job, export_text);
}

static int print_result(workspace_job *job)
{
    return with_text(job, result);
}

/* ---- changing ---- */

/* A name that is there is replaced only when asked: nothing unseen is overwritten. */
static pagu_workspace_save_options save_options(const workspace_job *job)
{
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    o.expected = job->c->overwrite ? PAGU_ANY_VERSION : 0;
    o.reason = job->c->reason;
    return o;
}

static int save(workspace_job *job)
{
    const cli *c = job->c;
    pagu_error err;
    pagu_plan *plan = NULL;
    loaded_view v = { .view = NULL };
    if (!c->plan)
        return usage_error(c, "save perlu --plan RENCANA", "save needs --plan PLAN");
    int code = load_plan(c, c->plan, NULL, &plan);
    if (code == EXIT_DONE)
        code = load_view(c, plan, job->args[1], &v);
    if (code == EXIT_DONE && !pagu_view_scenario(v.view))
        code = usage_error(c, "%s bukan skenario", "%s is no scenario", job->args[1]);
    if (code == EXIT_DONE) {
        pagu_workspace_save_options o = save_options(job);
        pagu_code saved = pagu_workspace_save(job->w, job->args[0], pagu_view_scenario(v.view), &o, NULL, &err);
        code = saved == PAGU_OK ? EXIT_DONE : say_error(job, saved, &err);
    }
    loaded_view_close(&v);
    pagu_plan_release(plan);
    return code;
}

static int remove_name(workspace_job *job)
{
    pagu_error err;
    pagu_workspace_save_options o = save_options(job);
    o.expected = PAGU_ANY_VERSION;
    pagu_code code = pagu_workspace_remove(job->w, job->args[0], &o, &err);
    return code == PAGU_OK ? EXIT_DONE : say_error(job, code, &err);
}

static int check(workspace_job *job)
{
    pagu_error err;
    pagu_code code = pagu_workspace_verify(job->w, &err);
    if (code != PAGU_OK)
        return say_error(job, code, &err);
    if (!job->c->quiet)
        say(job->c, "%s: utuh", "%s: whole", job->c->args[0]);
    return EXIT_DONE;
}

/* ---- dispatch ---- */

static const struct action {
    const char *name;
    int (*run)(workspace_job *job);
    int least, most; /* arguments */
    pagu_workspace_mode mode;
} actions[] = {
    { "list", list, 0, 0, PAGU_WORKSPACE_READ },       { "show", show_steps, 1, 2, PAGU_WORKSPACE_READ },
    { "history", history, 0, 1, PAGU_WORKSPACE_READ }, { "runs", runs, 0, 0, PAGU_WORKSPACE_READ },
    { "export", export, 1, 2, PAGU_WORKSPACE_READ },   { "result", print_result, 2, 2, PAGU_WORKSPACE_READ },
    { "save", save, 2, 2, PAGU_WORKSPACE_CREATE },     { "remove", remove_name, 1, 1, PAGU_WORKSPACE_WRITE },
    { "check", check, 0, 0, PAGU_WORKSPACE_READ },
};

int cmd_workspace(cli *c)
{
    const char *name = c->n_args > 1 ? c->args[1] : "list";
    const struct action *a = NULL;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i].name, name) == 0)
            a = &actions[i];
    workspace_job job = { .c = c, .args = c->args + 2, .n_args = c->n_args > 2 ? c->n_args - 2 : 0 };
    if (!a)
        return usage_error(c,
                           "tidak ada tindakan \"%s\"; yang ada: list, show, history, runs, export, result, save, "
                           "remove, check",
                           "there is no action \"%s\"; there are list, show, history, runs, export, result, save, "
                           "remove, check",
                           name);
    if (job.n_args < a->least || job.n_args > a->most)
        return usage_error(c, "%s: banyaknya argumen keliru", "%s: the wrong number of arguments", name);
    int code = open_workspace(c, c->args[0], a->mode, &job.w);
    if (code == EXIT_DONE)
        code = a->run(&job);
    pagu_workspace_close(job.w);
    return code;
}
