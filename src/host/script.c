/* script.c - see script.h.
 * SPDX-License-Identifier: MIT */
#include "host/script.h"

#include "base/base.h"
#include "bind/bind.h"
#include "host/host.h"
#include "host/sandbox.h"
#include "host/scratch.h"

#include <stdio.h>

enum { SOURCE_LIMIT = 16 << 20 };

void script_set_global(lua_State *L, const char *name)
{
    sandbox_push_env(L);
    lua_insert(L, -2);
    lua_pushstring(L, name);
    lua_insert(L, -2);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static void set_folder(lua_State *L, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        lua_pushliteral(L, ".");
    else
        lua_pushlstring(L, path, slash == path ? 1 : (size_t)(slash - path));
    host_set_folder(host_of(L), lua_tostring(L, -1));
    sandbox_set_folder(L, lua_tostring(L, -1));
    bind_allow_reading(L, lua_tostring(L, -1));
    lua_pop(L, 1);
}

static void keep_hash(lua_State *L, const pagu_text *text)
{
    char hex[65];
    pagu_hash(pagu_text_data(text), pagu_text_len(text), hex);
    bind_set_script(L, hex);
}

void script_run_file(lua_State *L, const char *path)
{
    pagu_error err;
    int base = lua_gettop(L);
    pagu_text *text = scratch_text(L);
    scratch_check(L, pagu_read_all(bind_ctx(L), path, SOURCE_LIMIT, text, &err), &err);
    set_folder(L, path);
    host_set_script(host_of(L), bind_script_name(path));
    keep_hash(L, text);
    const char *name = lua_pushfstring(L, "@%s", bind_script_name(path));
    if (sandbox_load(L, pagu_text_data(text), pagu_text_len(text), name) != LUA_OK)
        lua_error(L);
    lua_replace(L, base + 1);
    lua_settop(L, base + 1);
    lua_call(L, 0, LUA_MULTRET);
}

int script_load_text(lua_State *L, const char *text, size_t len, const char *name)
{
    const char *chunk = lua_pushfstring(L, "=%s", name);
    /* not "return" alone: the frame of a tail call is gone, and with it the line that edits are noted with */
    lua_pushliteral(L, "local __kept <close> = nil return ");
    lua_pushlstring(L, text, len);
    lua_concat(L, 2);
    size_t n;
    const char *expression = lua_tolstring(L, -1, &n);
    int status = sandbox_load(L, expression, n, chunk);
    if (status != LUA_OK) {
        lua_pop(L, 1);
        status = sandbox_load(L, text, len, chunk);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
    return status;
}

void script_run_text(lua_State *L, const char *text, const char *name)
{
    if (script_load_text(L, text, strlen(text), name) != LUA_OK)
        lua_error(L);
    lua_call(L, 0, LUA_MULTRET);
}

/* ---- the second form ---- */

/* Push declaration[name] without metamethods; returns its type. */
static int raw_field(lua_State *L, int table, const char *name)
{
    lua_pushstring(L, name);
    return lua_rawget(L, table);
}

bool script_is_declared(lua_State *L, int idx)
{
    if (lua_type(L, idx) != LUA_TTABLE)
        return false;
    bool is = raw_field(L, idx, "run") == LUA_TFUNCTION;
    lua_pop(L, 1);
    return is;
}

const char *script_text(lua_State *L, int declaration, const char *name)
{
    if (raw_field(L, declaration, name) == LUA_TSTRING)
        return lua_tostring(L, -1);
    lua_pop(L, 1);
    return NULL;
}

void script_push_library(lua_State *L, const char *module, const char *name)
{
    sandbox_push_base(L);
    lua_getfield(L, -1, "pagu");
    lua_getfield(L, -1, "_require");
    lua_pushstring(L, module);
    lua_call(L, 1, 1);
    lua_getfield(L, -1, name);
    lua_replace(L, -4);
    lua_pop(L, 2);
}

void script_push_object(lua_State *L, int declaration, const char *path)
{
    declaration = lua_absindex(L, declaration);
    luaL_checkstack(L, 20, NULL);
    script_push_library(L, "pagu.script", "of");
    lua_pushvalue(L, declaration);
    lua_pushstring(L, path);
    lua_pushstring(L, bind_script(L));
    lua_call(L, 3, 1);
}

void script_push_params(lua_State *L, int script, const char *const *given, size_t n_given)
{
    script = lua_absindex(L, script);
    luaL_checkstack(L, 20, NULL);
    script_push_library(L, "pagu.params", "of_texts");
    if (lua_isnil(L, script))
        lua_newtable(L);
    else
        lua_getfield(L, script, "params");
    lua_createtable(L, (int)n_given, 0);
    for (size_t i = 0; i < n_given; i++) {
        lua_pushstring(L, given[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_pushliteral(L, "--param ");
    lua_call(L, 3, 2);
    if (lua_isnil(L, -2))
        host_usage_error(L);
    lua_pop(L, 1);
}

const char *script_describe(lua_State *L, int script, int params)
{
    script = lua_absindex(L, script);
    params = lua_absindex(L, params);
    lua_getfield(L, script, "describe");
    lua_pushvalue(L, script);
    lua_pushvalue(L, params);
    lua_call(L, 2, 1);
    return lua_tostring(L, -1);
}

void script_call_run(lua_State *L, int script, int scenario, int params)
{
    lua_getfield(L, script, "_run");
    lua_pushvalue(L, scenario);
    lua_pushvalue(L, params);
    lua_call(L, 2, 1);
}

void script_push_metrics(lua_State *L, int script, int returned, int scenario, int params)
{
    luaL_checkstack(L, 20, NULL);
    script_push_library(L, "pagu.script", "metrics_table");
    script_push_library(L, "pagu.script", "collect");
    lua_pushvalue(L, script);
    lua_pushvalue(L, returned);
    lua_pushvalue(L, scenario);
    lua_pushvalue(L, params);
    lua_call(L, 4, 1);
    lua_call(L, 1, 2);
}
