/* cmd_report.c - pagu report PLAN KIND: the layouts are Lua modules.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/session.h"
#include "host/scratch.h"
#include "host/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct report_job {
    const cli *c;
    pagu_plan *plan;
    loaded_view scenario; /* of --scenario */
    pagu_stage stage;
    pagu_text *page; /* HTML to be made into a PDF when the scripts are done; NULL: another format */
    int code;
} report_job;

/* "-o DIR/": a file a table. */
static bool is_folder(const cli *c)
{
    size_t len = c->out_file ? strlen(c->out_file) : 0;
    return len > 0 && c->out_file[len - 1] == '/';
}

static const char *format_name(const cli *c)
{
    const char *dot = c->out_file ? strrchr(c->out_file, '.') : NULL;
    const char *other = is_folder(c) ? "csv" : "text";
    return c->format ? c->format : c->json ? "json" : dot && !strchr(dot, '/') ? dot + 1 : other;
}

static void set_text(lua_State *L, const char *name, const char *value)
{
    if (!value)
        return;
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

/* A number if it is one: the report says what is wrong with other text. */
static void set_number(lua_State *L, const char *name, const char *value)
{
    if (!value)
        return;
    if (!lua_stringtonumber(L, value))
        lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

static void push_options(lua_State *L, const report_job *job)
{
    lua_newtable(L);
    set_text(L, "format", job->page ? "html" : format_name(job->c));
    if (job->page) {
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "paper");
    }
    if (has_own_width(job->c)) {
        lua_pushinteger(L, result_width(job->c));
        lua_setfield(L, -2, "width");
    }
    set_text(L, "only", job->c->only);
    set_text(L, "level", job->c->level);
    set_text(L, "form", job->c->form);
    set_number(L, "year", job->c->year);
    set_number(L, "unit", job->c->unit);
    if (job->c->all) {
        lua_pushboolean(L, true);
        lua_setfield(L, -2, "all");
    }
}

/* The view of the report: a branch of the scenario, so that this state owns it. */
static void push_view(lua_State *L, report_job *job)
{
    pagu_scenario *s = NULL;
    pagu_error err;
    session_set_plan(L, job->plan, job->stage);
    if (!job->scenario.view)
        return;
    const char *name = pagu_view_name(job->scenario.view);
    scratch_check(L, pagu_branch(job->scenario.view, name, &s, &err), &err);
    bind_push_scenario(L, s);
    lua_remove(L, -2);
}

/* Write the list of { name =, bytes = } on top of the stack. */
static int write_files(lua_State *L, const cli *c)
{
    int code = EXIT_DONE;
    if (mkdir(c->out_file, 0777) != 0 && errno != EEXIST) {
        say(c, "%s: %s", "%s: %s", c->out_file, system_message(c, errno));
        return EXIT_INTERNAL;
    }
    for (lua_Integer i = 1; code == EXIT_DONE && lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
        size_t len;
        lua_getfield(L, -1, "name");
        lua_pushfstring(L, "%s%s", c->out_file, lua_tostring(L, -1));
        lua_getfield(L, -3, "bytes");
        const char *bytes = lua_tolstring(L, -1, &len);
        code = write_file(c, lua_tostring(L, -2), bytes, len);
        lua_pop(L, 4);
    }
    return code;
}

static int work(lua_State *L)
{
    report_job *job = lua_touserdata(L, 1);
    pagu_error memory = { .code = PAGU_NO_MEMORY };
    if (*job->scenario.script)
        bind_set_script(L, job->scenario.script);
    session_push_function(L, is_folder(job->c) ? "_report_files" : "report");
    lua_pushstring(L, job->c->args[1]);
    push_view(L, job);
    push_options(L, job);
    lua_call(L, 3, 1);
    if (is_folder(job->c)) {
        job->code = write_files(L, job->c);
        return 0;
    }
    pagu_text *out = scratch_text(L);
    values_plain(L, -2, out);
    if (job->page)
        scratch_check(L, pagu_text_append(job->page, pagu_text_data(out), pagu_text_len(out)), &memory);
    else
        job->code = write_result(job->c, pagu_text_data(out), pagu_text_len(out));
    return 0;
}

/* A refusal of a report of ours is about the command line or the plan; a layout of the user's
 * ("own.layout") is a script. */
static int print_report(const cli *c, host *h, report_job *job)
{
    pagu_error err;
    host_status status = session_run(c, h, work, job, &err);
    if (status != HOST_SCRIPT || strchr(c->args[1], '.'))
        return script_error(c, status, &err);
    return err.code == PAGU_ARGUMENT ? usage_error(c, "%s", "%s", err.message) : input_error(c, &err);
}

int cmd_report(cli *c)
{
    report_job job = { .c = c, .code = EXIT_DONE };
    host *h = NULL;
    int code = load_plan(c, c->args[0], NULL, &job.plan);
    if (code == EXIT_DONE)
        code = load_stage(c, job.plan, &job.stage);
    if (code == EXIT_DONE && c->scenario)
        code = load_view(c, job.plan, c->scenario, &job.scenario);
    if (code == EXIT_DONE)
        code = session_open(c, SESSION_SCRIPT, true, &h);
    if (code == EXIT_DONE && strcmp(format_name(c), "pdf") == 0 && !(job.page = pagu_text_new(c->ctx)))
        code = EXIT_INTERNAL;
    if (code == EXIT_DONE)
        code = print_report(c, h, &job);
    host_close(h);
    if (code == EXIT_DONE && job.page)
        code = write_as_pdf(c, pagu_text_data(job.page), pagu_text_len(job.page));
    pagu_text_free(job.page);
    loaded_view_close(&job.scenario);
    pagu_plan_release(job.plan);
    return code != EXIT_DONE ? code : job.code;
}
