/* cmd_run.c - pagu run SCRIPT…: each script in a Lua state of its own.
 *
 * A script of the second form runs on a branch; its metrics and the comparison with the base
 * are printed, and written with --out. Nothing is printed or written by us before the script
 * has succeeded.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/session.h"
#include "host/params.h"
#include "host/scratch.h"
#include "host/script.h"
#include "host/values.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct run_job {
    const cli *c;
    const char *script;
    char stem[65]; /* of the script's name: the scenario's, and that of its files */
    pagu_plan *plan;
    pagu_stage stage;
    int code;
} run_job;

static void add(lua_State *L, pagu_text *out, const char *s)
{
    scratch_check(L, pagu_text_append(out, s, strlen(s)), &(pagu_error){ .code = PAGU_NO_MEMORY });
}

static void add_json_string(lua_State *L, pagu_text *out, const char *s)
{
    values_json_string(L, s, strlen(s), out);
}

/* ---- files of --out ---- */

static void write_text(lua_State *L, run_job *job, const char *suffix, const pagu_text *text)
{
    const char *path = lua_pushfstring(L, "%s/%s%s", job->c->out_dir, job->stem, suffix);
    if (job->code == EXIT_DONE)
        job->code = write_file(job->c, path, pagu_text_data(text), pagu_text_len(text));
    lua_pop(L, 1);
}

static void write_tables(lua_State *L, run_job *job, const char *name, const pagu_table *t)
{
    static const struct {
        const char *suffix;
        pagu_format format;
    } forms[] = { { ".csv", PAGU_FORMAT_CSV }, { ".md", PAGU_FORMAT_MARKDOWN } };
    for (int i = 0; i < 2; i++) {
        char suffix[40];
        snprintf(suffix, sizeof suffix, "-%s%s", name, forms[i].suffix);
        pagu_text *text = scratch_text(L);
        values_table(L, t, forms[i].format, 0, text);
        write_text(L, job, suffix, text);
        lua_pop(L, 1);
    }
}

static void write_scenario(lua_State *L, run_job *job, const pagu_scenario *s)
{
    pagu_error err;
    pagu_text *text = scratch_text(L);
    scratch_check(L, pagu_scenario_write(s, text, &err), &err);
    write_text(L, job, ".scn", text);
    lua_pop(L, 1);
}

/* ---- printing ---- */

/* Stack of the second form. */
typedef struct run_stack {
    int plan, declaration, params, scenario, result, metrics, comparison;
} run_stack;

static void add_parameters(lua_State *L, int params, pagu_text *out)
{
    pagu_text *text = scratch_text(L);
    values_json(L, params, text);
    if (pagu_text_len(text) > 2) { /* "{}" */
        add(L, out, pick(host_lang(host_of(L)), "Parameter: ", "Parameters: "));
        add(L, out, pagu_text_data(text));
        add(L, out, "\n");
    }
    lua_pop(L, 1);
}

static void print_texts(lua_State *L, const run_stack *at, const run_job *job, pagu_text *out)
{
    const char *title = script_text(L, at->declaration, "title");
    const char *question = script_text(L, at->declaration, "question");
    add(L, out, title ? title : job->stem);
    add(L, out, "\n");
    if (question) {
        add(L, out, question);
        add(L, out, "\n");
    }
    add_parameters(L, at->params, out);
    add(L, out, "\n");
    const pagu_table *metrics = bind_check_table(L, at->metrics);
    if (pagu_table_row_count(metrics) > 0) {
        values_plain(L, at->metrics, 0, out);
        add(L, out, "\n");
    }
    if (bind_test_table(L, at->result)) {
        values_plain(L, at->result, 0, out);
        add(L, out, "\n");
    }
    values_plain(L, at->comparison, 0, out);
}

static void print_json(lua_State *L, const run_stack *at, const run_job *job, pagu_text *out)
{
    const char *title = script_text(L, at->declaration, "title");
    const char *question = script_text(L, at->declaration, "question");
    add(L, out, "{\"script\":");
    add_json_string(L, out, job->script);
    add(L, out, ",\"title\":");
    add_json_string(L, out, title ? title : job->stem);
    add(L, out, ",\"question\":");
    add_json_string(L, out, question ? question : "");
    add(L, out, ",\"params\":");
    values_json(L, at->params, out);
    add(L, out, ",\"result\":");
    values_json(L, at->result, out);
    add(L, out, ",\"metrics\":");
    values_json(L, at->metrics, out);
    add(L, out, ",\"comparison\":");
    values_json(L, at->comparison, out);
    add(L, out, "}\n");
}

/* ---- running ---- */

static void stamp(lua_State *L, const run_job *job, int table, int scenario)
{
    pagu_table *t = (pagu_table *)bind_check_table(L, table); /* ours: pushed just now */
    char hash[65];
    pagu_error err = { .code = PAGU_OK };
    pagu_code code = pagu_plan_hash(job->plan, hash, &err);
    if (code == PAGU_OK)
        code = pagu_table_add_stamp(t, "plan", hash);
    if (code == PAGU_OK)
        code = pagu_view_hash(bind_check_view(L, scenario), hash, &err);
    if (code == PAGU_OK)
        code = pagu_table_add_stamp(t, "scenario", hash);
    script_push_hash(L);
    if (code == PAGU_OK && lua_isstring(L, -1))
        code = pagu_table_add_stamp(t, "script", lua_tostring(L, -1));
    lua_pop(L, 1);
    if (code == PAGU_OK)
        code = pagu_table_add_stamp(t, "engine", pagu_version());
    scratch_check(L, code, &err);
}

static void push_comparison(lua_State *L, const run_stack *at)
{
    session_push_function(L, "compare");
    lua_pushvalue(L, at->plan);
    lua_pushvalue(L, at->scenario);
    lua_call(L, 2, 1);
}

/* The declaration lies at the top. */
static void run_declared(lua_State *L, run_job *job, int plan, pagu_text *out)
{
    run_stack at = { .plan = plan, .declaration = lua_gettop(L) };
    if (!job->plan) {
        lua_pushstring(
            L, pick(job->c->lang, "skrip ini perlu rencana: --plan RENCANA", "this script needs a plan: --plan PLAN"));
        host_usage_error(L);
    }
    lua_getfield(L, at.declaration, "params");
    params_push(L, -1, job->c->params, job->c->n_params);
    at.params = lua_gettop(L);
    session_branch(L, plan, job->stem);
    at.scenario = lua_gettop(L);
    script_call_run(L, at.declaration, at.scenario, at.params);
    at.result = lua_gettop(L);
    script_push_metrics(L, at.declaration, at.result, at.scenario, at.params);
    at.metrics = lua_gettop(L);
    stamp(L, job, at.metrics, at.scenario);
    push_comparison(L, &at);
    at.comparison = lua_gettop(L);
    (job->c->json ? print_json : print_texts)(L, &at, job, out);
    if (job->c->out_dir) {
        write_tables(L, job, "metrics", bind_check_table(L, at.metrics));
        write_tables(L, job, "comparison", bind_check_table(L, at.comparison));
        write_scenario(L, job, bind_check_scenario(L, at.scenario));
    }
}

/* What a script of the first form returned: one value after another, as print does. */
static void print_returned(lua_State *L, run_job *job, int from, int to, pagu_text *out)
{
    if (job->c->json)
        add(L, out, "[");
    for (int i = from; i <= to; i++) {
        add(L, out, i == from ? "" : job->c->json ? "," : "\t");
        if (job->c->json)
            values_json(L, i, out);
        else
            values_plain(L, i, 0, out);
        if (job->c->out_dir && bind_test_table(L, i))
            write_tables(L, job, "result", bind_test_table(L, i));
    }
    size_t len = pagu_text_len(out);
    if (job->c->json)
        add(L, out, "]\n");
    else if (len && pagu_text_data(out)[len - 1] != '\n')
        add(L, out, "\n");
}

static int work(lua_State *L)
{
    run_job *job = lua_touserdata(L, 1);
    session_set_plan(L, job->plan, job->stage);
    int plan = lua_gettop(L);
    pagu_text *out = scratch_text(L);
    int base = lua_gettop(L);
    script_run_file(L, job->script);
    int top = lua_gettop(L);
    luaL_checkstack(L, 40, NULL);
    if (top == base + 1 && script_is_declared(L, top)) {
        run_declared(L, job, plan, out);
    } else {
        if (job->c->n_params > 0) { /* a script that declares none */
            lua_pushnil(L);
            params_push(L, -1, job->c->params, job->c->n_params);
        }
        print_returned(L, job, base + 1, top, out);
    }
    if (job->code == EXIT_DONE)
        job->code = write_result(job->c, pagu_text_data(out), pagu_text_len(out));
    return 0;
}

static int run_script(const cli *c, const char *script, pagu_plan *plan, pagu_stage stage)
{
    run_job job = { .c = c, .script = script, .plan = plan, .stage = stage, .code = EXIT_DONE };
    host *h = NULL;
    if (access(script, R_OK) != 0) {
        say(c, "%s: %s", "%s: %s", script, strerror(errno));
        return EXIT_INPUT;
    }
    session_stem(script, job.stem);
    int code = session_open(c, c->out_dir != NULL, &h);
    if (code == EXIT_DONE)
        code = session_call(c, h, work, &job);
    host_close(h);
    return code != EXIT_DONE ? code : job.code;
}

static int open_folder(const cli *c)
{
    if (!c->out_dir || mkdir(c->out_dir, 0777) == 0 || errno == EEXIST)
        return EXIT_DONE;
    say(c, "%s: %s", "%s: %s", c->out_dir, strerror(errno));
    return EXIT_INTERNAL;
}

int cmd_run(cli *c)
{
    const char *path = c->plan ? c->plan : access("datapackage.json", R_OK) == 0 ? "." : NULL;
    pagu_plan *plan = NULL;
    pagu_stage stage = 0;
    int code = EXIT_DONE;
    if (path)
        code = load_plan(c, path, NULL, &plan);
    if (code == EXIT_DONE && plan)
        code = load_stage(c, plan, &stage);
    if (code == EXIT_DONE)
        code = open_folder(c);
    for (int i = 0; i < c->n_args && code == EXIT_DONE; i++)
        code = run_script(c, c->args[i], plan, stage);
    pagu_plan_release(plan);
    return code;
}
