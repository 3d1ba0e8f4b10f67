/* saved.c - scenarios of a workspace, and saved ones that are replayed, as views.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/session.h"
#include "host/scratch.h"
#include "host/values.h"

#include <lauxlib.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *workspace_path(const cli *c)
{
    const char *path = c->workspace ? c->workspace : getenv("PAGU_WORKSPACE");
    return path && *path ? path : NULL;
}

int open_workspace(const cli *c, const char *path, pagu_workspace_mode mode, pagu_workspace **out)
{
    pagu_error err = { .code = PAGU_OK };
    err.code = pagu_workspace_open(c->ctx, path, mode, out, &err);
    return err.code == PAGU_OK ? EXIT_DONE : input_error(c, &err);
}

/* ---- replay: the same Lua as in scripts ---- */

typedef struct replay_job {
    const cli *c;
    pagu_plan *plan;
    const char *name;
    bool named; /* in the workspace; else a file */
    loaded_view *out;
    int code;
} replay_job;

static void set_text(lua_State *L, const char *name, const char *value)
{
    if (!value)
        return;
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

static void push_options(lua_State *L, const cli *c)
{
    lua_newtable(L);
    set_text(L, "replay", c->replay);
    set_text(L, "apply", c->apply);
    set_text(L, "years", c->years);
    set_text(L, "map", c->map);
    set_text(L, "to", c->to);
    set_text(L, "stage", c->stage);
}

/* Push the function and its arguments; the number of these. */
static int push_call(lua_State *L, const replay_job *job, int plan)
{
    if (!job->named) {
        session_push_function(L, "load_scenario");
        lua_pushvalue(L, plan);
        lua_pushstring(L, job->name);
        push_options(L, job->c);
        return 3;
    }
    session_push_function(L, "workspace");
    lua_pushstring(L, workspace_path(job->c));
    lua_newtable(L);
    set_text(L, "mode", "read");
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2))
        luaL_error(L, "%s", lua_tostring(L, -1));
    lua_pop(L, 1);
    lua_getfield(L, -1, "load");
    lua_insert(L, -2);
    lua_pushstring(L, job->name);
    lua_pushvalue(L, plan);
    push_options(L, job->c);
    return 4;
}

/* Conflicts go to stderr: what was asked for is something else. */
static void print_conflicts(lua_State *L, int table)
{
    pagu_text *text = scratch_text(L);
    values_table(L, table, PAGU_FORMAT_TEXT, false, text);
    fflush(stdout);
    fputs(pagu_text_data(text), stderr);
    lua_pop(L, 1);
}

static int run_replay(lua_State *L)
{
    static const char kept;
    replay_job *job = lua_touserdata(L, 1);
    session_set_plan(L, job->plan, pagu_plan_default_stage(job->plan));
    int plan = lua_gettop(L), base = plan;
    int n = push_call(L, job, plan);
    lua_call(L, n, 4);
    int conflicts = bind_test_scenario(L, base + 1) ? base + 2 : base + 4;
    const pagu_table *t = bind_test_table(L, conflicts);
    if (t && pagu_table_row_count(t) > 0)
        print_conflicts(L, conflicts);
    if (!bind_test_scenario(L, base + 1)) {
        say(job->c, "%s: %s", "%s: %s", job->name, lua_tostring(L, base + 2));
        job->code = EXIT_INPUT;
        return 0;
    }
    job->out->view = bind_check_view(L, base + 1);
    lua_settop(L, base + 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept);
    return 0;
}

static int replay(const cli *c, pagu_plan *plan, const char *name, bool named, loaded_view *out)
{
    replay_job job = { .c = c, .plan = plan, .name = name, .named = named, .out = out, .code = EXIT_DONE };
    int code = session_open(c, SESSION_TYPED, true, &out->host);
    if (code == EXIT_DONE)
        code = session_call(c, out->host, run_replay, &job);
    return code == EXIT_DONE ? job.code : code;
}

int load_replayed(const cli *c, pagu_plan *plan, const char *path, loaded_view *out)
{
    return replay(c, plan, path, false, out);
}

/* ---- as it was saved ---- */

static int read_named(const cli *c, pagu_plan *plan, const char *name, pagu_workspace *w, loaded_view *out)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_text *text = pagu_text_new(c->ctx);
    pagu_findings *fs = pagu_findings_new(c->ctx);
    int result = EXIT_INPUT;
    if (!text || !fs) {
        result = input_error(c, &err);
    } else if ((err.code = pagu_workspace_read(w, name, 0, text, NULL, &err)) != PAGU_OK) {
        result = input_error(c, &err);
    } else {
        err.code = pagu_scenario_read(plan, pagu_text_data(text), pagu_text_len(text), name, fs, &out->scenario, &err);
        result = err.code == PAGU_OK ? EXIT_DONE : load_error(c, name, fs, err.code, &err);
    }
    if (result == EXIT_DONE)
        out->view = pagu_scenario_view(out->scenario);
    pagu_findings_free(fs);
    pagu_text_free(text);
    return result;
}

int load_named(const cli *c, pagu_plan *plan, const char *name, loaded_view *out)
{
    pagu_workspace *w = NULL;
    if (c->replay)
        return replay(c, plan, name, true, out);
    int code = open_workspace(c, workspace_path(c), PAGU_WORKSPACE_READ, &w);
    if (code == EXIT_DONE)
        code = read_named(c, plan, name, w, out);
    pagu_workspace_close(w);
    return code;
}
