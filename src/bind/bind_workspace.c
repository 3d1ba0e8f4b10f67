/* bind_workspace.c - the workspace file in Lua; what needs no C is in lua/pagu/workspace.lua.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

typedef struct workspace_box { /* user value 1: { [name] = version } that this script has seen */
    const void *tag;
    pagu_workspace *w;
} workspace_box;

static pagu_workspace *check_workspace(lua_State *L, int idx)
{
    workspace_box *box = bind_check_kind(L, idx, KIND_WORKSPACE, "a workspace");
    if (!box->w)
        bind_fail(L, PAGU_CLOSED, "the workspace is closed");
    return box->w;
}

/* pagu._workspace(path, mode) -> workspace, or nil, message, code */
static int module_workspace(lua_State *L)
{
    static const char *const modes[] = { "read", "write", "create", NULL };
    pagu_error err;
    error_init(&err);
    const char *path = bind_text(L, 1, NULL);
    pagu_workspace_mode mode = (pagu_workspace_mode)bind_choice(L, 2, "create", modes);
    if (mode != PAGU_WORKSPACE_READ)
        bind_check_writing_through(L, path);
    else if ((err.code = bind_may_read(L, path, &err)) != PAGU_OK)
        return bind_return_error(L, &err);
    workspace_box *box = bind_new(L, KIND_WORKSPACE, sizeof *box, 1, "pagu.workspace");
    err.code = pagu_workspace_open(bind_ctx(L), path, mode, &box->w, &err);
    if (err.code != PAGU_OK)
        return bind_return_error(L, &err);
    lua_newtable(L);
    lua_setiuservalue(L, -2, 1);
    return 1;
}

static int workspace_close(lua_State *L)
{
    workspace_box *box = bind_check_kind(L, 1, KIND_WORKSPACE, "a workspace");
    pagu_workspace *w = box->w;
    box->w = NULL;
    pagu_workspace_close(w);
    return 0;
}

/* w:_seen() -> { [name] = version } */
static int workspace_seen(lua_State *L)
{
    check_workspace(L, 1);
    lua_getiuservalue(L, 1, 1);
    return 1;
}

static pagu_workspace_save_options read_options(lua_State *L, int idx)
{
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    luaL_checktype(L, idx, LUA_TTABLE);
    bind_option(L, idx, "expected");
    o.expected = bind_integer(L, -1);
    lua_pop(L, 1);
    o.who = bind_option_string(L, idx, "who");
    o.reason = bind_option_string(L, idx, "reason");
    return o;
}

/* w:_save(name, s, { expected, who, reason }) -> version */
static int workspace_save(lua_State *L)
{
    pagu_error err;
    int64_t version = 0;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    const char *name = bind_text(L, 2, NULL);
    const pagu_scenario *s = bind_check_scenario(L, 3);
    pagu_workspace_save_options o = read_options(L, 4);
    bind_ok(L, pagu_workspace_save(w, name, s, &o, &version, &err), &err);
    lua_pushinteger(L, version);
    return 1;
}

/* w:_remove(name, { expected, who, reason }) */
static int workspace_remove(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    const char *name = bind_text(L, 2, NULL);
    pagu_workspace_save_options o = read_options(L, 3);
    bind_ok(L, pagu_workspace_remove(w, name, &o, &err), &err);
    return 0;
}

/* w:_read(name, version) -> text, version, or nil, message, code */
static int workspace_read(lua_State *L)
{
    pagu_error err;
    int64_t found = 0;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    const char *name = bind_text(L, 2, NULL);
    lua_Integer version = bind_integer_or(L, 3, 0);
    owned_box *own = bind_own_text(L);
    err.code = pagu_workspace_read(w, name, version, own->ptr, &found, &err);
    if (err.code != PAGU_OK)
        return bind_return_error(L, &err);
    bind_push_bytes(L, own);
    lua_pushinteger(L, found);
    return 2;
}

static int workspace_list(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    table_box *out = bind_push_result_table(L, 0);
    bind_ok(L, pagu_workspace_list(w, &out->t, &err), &err);
    return 1;
}

static int workspace_history(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    const char *name = bind_text_or(L, 2, NULL);
    table_box *out = bind_push_result_table(L, 0);
    bind_ok(L, pagu_workspace_history(w, name, &out->t, &err), &err);
    return 1;
}

static int workspace_runs(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    table_box *out = bind_push_result_table(L, 0);
    bind_ok(L, pagu_workspace_runs(w, &out->t, &err), &err);
    return 1;
}

/* w:result(run, name) -> text, or nil, message, code */
static int workspace_result(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    lua_Integer run = bind_integer(L, 2);
    const char *name = bind_text(L, 3, NULL);
    owned_box *own = bind_own_text(L);
    err.code = pagu_workspace_result_text(w, run, name, own->ptr, &err);
    return err.code == PAGU_OK ? bind_push_bytes(L, own) : bind_return_error(L, &err);
}

/* w:verify() -> true, or nil, message, code */
static int workspace_verify(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    err.code = pagu_workspace_verify(check_workspace(L, 1), &err);
    if (err.code != PAGU_OK)
        return bind_return_error(L, &err);
    lua_pushboolean(L, 1);
    return 1;
}

/* ---- runs ---- */

/* { [name] = text } in the order of their names, which lua/pagu/workspace.lua gives. */
static void read_results(lua_State *L, int list, pagu_workspace_run *run)
{
    run->n_results = lua_rawlen(L, list);
    pagu_workspace_result *out = bind_scratch(L, run->n_results, sizeof *out);
    luaL_checkstack(L, (int)(2 * run->n_results < 1000 ? 2 * run->n_results + 10 : 1000), NULL);
    for (size_t i = 0; i < run->n_results; i++) {
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        out[i].name = bind_option_string(L, -1, "name");
        out[i].text = bind_option_string(L, -1, "text");
        lua_pop(L, 1); /* its strings stay in the list */
    }
    run->results = out;
}

/* w:_add_run{ script, script_hash, plan_hash, stage, params, stamp, who, results = { { name, text }… } } -> number */
static int workspace_add_run(lua_State *L)
{
    pagu_error err;
    int64_t id = 0;
    error_init(&err);
    pagu_workspace *w = check_workspace(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    pagu_workspace_run run = PAGU_WORKSPACE_RUN_INIT;
    run.script = bind_option_string(L, 2, "script");
    run.script_hash = bind_option_string(L, 2, "script_hash");
    run.plan_hash = bind_option_string(L, 2, "plan_hash");
    run.stage = bind_option_string(L, 2, "stage");
    run.params = bind_option_string(L, 2, "params");
    run.stamp = bind_option_string(L, 2, "stamp");
    run.who = bind_option_string(L, 2, "who");
    if (bind_option(L, 2, "results") == LUA_TTABLE)
        read_results(L, lua_gettop(L), &run);
    bind_ok(L, pagu_workspace_add_run(w, &run, &id, &err), &err);
    lua_pushinteger(L, id);
    return 1;
}

/* pagu._json(value): as in the journal */
static int module_json(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    bind_push_json(L, 1);
    return 1;
}

const luaL_Reg bind_workspace_functions[] = {
    { "_workspace", module_workspace },
    { "_json", module_json },
    { NULL, NULL },
};

void bind_open_workspace(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "_seen", workspace_seen },      { "_save", workspace_save },       { "_remove", workspace_remove },
        { "_read", workspace_read },      { "_add_run", workspace_add_run }, { "list", workspace_list },
        { "history", workspace_history }, { "runs", workspace_runs },        { "result", workspace_result },
        { "verify", workspace_verify },   { "close", workspace_close },      { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__gc", workspace_close },
        { "__close", workspace_close },
        { NULL, NULL },
    };
    bind_class(L, "pagu.workspace", methods, meta, NULL);
}
