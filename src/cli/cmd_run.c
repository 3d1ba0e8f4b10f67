/* cmd_run.c - pagu run SCRIPT…: each script in a Lua state of its own.
 *
 * A script of the second form runs on a branch; its metrics and the comparison with the base
 * are printed, and written with --out. Nothing is printed or written by us before the script
 * has succeeded.
 *
 * SPDX-License-Identifier: MIT */
#include "cli/run_result.h"
#include "cli/session.h"
#include "host/scratch.h"
#include "host/script.h"

#include <lauxlib.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void stamp_all(lua_State *L, const run_stack *at)
{
    run_stamp(L, at, at->metrics);
    for (lua_Integer i = 1; lua_rawgeti(L, at->comparisons, i) != LUA_TNIL; i++) {
        run_stamp(L, at, lua_gettop(L));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* The declaration lies at the top. */
static void run_declared(lua_State *L, run_job *job, int plan, pagu_text *out)
{
    run_stack at = { .plan = plan };
    if (!job->plan) {
        lua_pushstring(
            L, pick(job->c->lang, "skrip ini perlu rencana: --plan RENCANA", "this script needs a plan: --plan PLAN"));
        host_usage_error(L);
    }
    script_push_object(L, -1, job->script);
    at.script = lua_gettop(L);
    script_push_params(L, at.script, job->c->params, job->c->n_params);
    at.params = lua_gettop(L);
    session_branch(L, plan, job->stem);
    at.scenario = lua_gettop(L);
    script_call_run(L, at.script, at.scenario, at.params);
    at.result = lua_gettop(L);
    script_push_metrics(L, at.script, at.result, at.scenario, at.params);
    at.values = lua_gettop(L);
    at.metrics = at.values - 1;
    run_push_comparisons(L, job, &at);
    at.comparisons = lua_gettop(L);
    stamp_all(L, &at);
    run_print(L, job, &at, out);
    if (job->c->out_dir)
        run_write(L, job, &at);
    if (job->code == EXIT_DONE && workspace_path(job->c))
        run_record(L, job, &at);
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
            script_push_params(L, -1, job->c->params, job->c->n_params);
        }
        run_print_returned(L, job, base + 1, top, out);
        if (job->c->out_dir)
            run_write_returned(L, job, base + 1, top);
        if (job->code == EXIT_DONE && workspace_path(job->c))
            run_record_returned(L, job, base + 1, top);
    }
    if (job->code == EXIT_DONE)
        job->code = write_result(job->c, pagu_text_data(out), pagu_text_len(out));
    return 0;
}

static int run_script(const cli *c, const char *script, pagu_plan *plan, pagu_stage stage)
{
    run_job job = { .c = c, .script = script, .plan = plan, .stage = stage, .code = EXIT_DONE };
    host *h = NULL;
    int code = check_readable(c, script);
    if (code != EXIT_DONE)
        return code;
    session_stem(script, job.stem);
    code = session_open(c, SESSION_SCRIPT, c->json, &h);
    if (code == EXIT_DONE)
        code = session_call(c, h, work, &job);
    host_close(h);
    return code != EXIT_DONE ? code : job.code;
}

static int open_folder(const cli *c)
{
    if (!c->out_dir || mkdir(c->out_dir, 0777) == 0 || errno == EEXIST)
        return EXIT_DONE;
    say(c, "%s: %s", "%s: %s", c->out_dir, system_message(c, errno));
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
