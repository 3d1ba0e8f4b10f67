/* bind_pagu.c - the module: luaopen_pagu, embedded Lua modules, language, files.
 *
 * The module table holds the C functions, then what lua/pagu/library.lua adds to it and to the
 * classes' methods. C functions with a leading "_" are for that library only.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static const char module_key = 0;

/* ---- embedded modules ---- */

static const bind_module *find_module(const char *name)
{
    for (const bind_module *m = bind_modules; m->name; m++)
        if (strcmp(m->name, name) == 0)
            return m;
    return NULL;
}

/* "pagu.report.tc33" is the chunk "=pagu/report/tc33.lua": bind_error.c knows our frames by it. */
static void chunk_name(const char *module, char *out, size_t size)
{
    snprintf(out, size, "=%s.lua", module);
    for (char *c = out; c[0] && strcmp(c, ".lua") != 0; c++)
        if (*c == '.')
            *c = '/';
}

bool bind_load_module(lua_State *L, const char *name)
{
    char chunk[128];
    const bind_module *m = find_module(name);
    if (!m)
        return false;
    chunk_name(name, chunk, sizeof chunk);
    if (luaL_loadbufferx(L, m->source, m->len, chunk, "t") != LUA_OK)
        lua_error(L);
    return true;
}

/* Our modules get their name and the module table: while that is being made, require can't give it. */
static void push_module(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &module_key);
}

/* Loader of package.preload["pagu.x"]: upvalue 1 is the name. */
static int preload(lua_State *L)
{
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    if (!bind_load_module(L, name))
        return 0;
    lua_pushstring(L, name);
    push_module(L);
    lua_call(L, 2, 1);
    return 1;
}

static void register_modules(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    for (const bind_module *m = bind_modules; m->name; m++) {
        lua_pushstring(L, m->name);
        lua_pushcclosure(L, preload, 1);
        lua_setfield(L, -2, m->name);
    }
    lua_pop(L, 1);
}

/* pagu._require(name): an embedded module, loaded once, whatever `require` the host offers;
 * nil if there is none of that name. */
static int module_require(lua_State *L)
{
    const char *name = bind_text(L, 1, NULL);
    lua_settop(L, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, 2, name) != LUA_TNIL)
        return 1;
    lua_pop(L, 1);
    if (!bind_load_module(L, name))
        return 0;
    lua_pushvalue(L, 1);
    push_module(L);
    lua_call(L, 2, 1);
    if (lua_isnil(L, -1))
        lua_pushboolean(L, 1);
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    return 1;
}

/* pagu._modules(prefix) -> sorted list of embedded modules' names */
static int module_modules(lua_State *L)
{
    lua_Integer n = 0;
    const char *prefix = bind_text_or(L, 1, "");
    size_t len = strlen(prefix);
    lua_newtable(L);
    for (const bind_module *m = bind_modules; m->name; m++) {
        if (strncmp(m->name, prefix, len) != 0)
            continue;
        lua_pushstring(L, m->name);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* ---- language, errors, files, types ---- */

/* pagu._lang() -> "id"; pagu._lang("en") sets it for messages and printed numbers. */
static int module_lang(lua_State *L)
{
    static const char *const names[] = { "id", "en", NULL };
    pagu_ctx *ctx = bind_ctx(L);
    if (!lua_isnoneornil(L, 1))
        pagu_ctx_set_lang(ctx, (pagu_lang)bind_choice(L, 1, "id", names));
    lua_pushstring(L, names[pagu_ctx_lang(ctx)]);
    return 1;
}

/* pagu._raise(code, message, node): a structured error from the Lua library. */
static int module_raise(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const char *name = bind_text(L, 1, NULL);
    err.code = PAGU_INTERNAL;
    for (int c = 0; c < PAGU_CODE_COUNT; c++)
        if (strcmp(pagu_code_name((pagu_code)c), name) == 0)
            err.code = (pagu_code)c;
    snprintf(err.message, sizeof err.message, "%s", bind_text(L, 2, NULL));
    snprintf(err.node, sizeof err.node, "%s", bind_text_or(L, 3, ""));
    return bind_raise(L, &err);
}

/* pagu._write_atomic(path, bytes): whole or not at all; refused in a sandbox without output. */
static int module_write_atomic(lua_State *L)
{
    pagu_error err;
    size_t len;
    error_init(&err);
    const char *path = bind_text(L, 1, NULL), *bytes = bind_text(L, 2, &len);
    bind_check_writing(L, path);
    bind_ok(L, pagu_write_atomic(bind_ctx(L), path, bytes, len, &err), &err);
    return 0;
}

/* pagu._make_folder(path): where files may be written; one that is there is fine. */
static int module_make_folder(lua_State *L)
{
    const char *path = bind_text(L, 1, NULL);
    bind_check_writing(L, path);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        bind_fail(L, PAGU_IO, "%s: %s", path, strerror(errno));
    return 0;
}

/* pagu._is_money(view, field) */
static int module_is_money(lua_State *L)
{
    pagu_plan *plan = bind_check_plan(L, 1);
    lua_pushboolean(L, pagu_plan_field_kind(plan, bind_field(L, 2, plan)) == PAGU_FIELD_MONEY);
    return 1;
}

/* pagu.type(x) -> "plan", "view", "scenario", "node", "indicator", "selection", "column",
 * "table", "findings", "error", or nil */
static int module_type(lua_State *L)
{
    static const char *const names[KIND_COUNT] = {
        [KIND_NODE] = "node",           [KIND_INDICATOR] = "indicator",   [KIND_CELLS] = "cells",
        [KIND_SELECTION] = "selection", [KIND_COLUMN] = "column",         [KIND_TABLE] = "table",
        [KIND_FINDINGS] = "findings",   [KIND_INDICATORS] = "indicators", [KIND_DOCUMENT] = "document",
        [KIND_CHART] = "chart",         [KIND_WORKSPACE] = "workspace",
    };
    pagu_error err;
    view_box *v = bind_test(L, 1, KIND_VIEW);
    if (v) {
        lua_getmetatable(L, 1);
        lua_getfield(L, -1, "__name");
        lua_pushstring(L, lua_tostring(L, -1) + strlen("pagu."));
        return 1;
    }
    for (int k = 0; k < KIND_COUNT; k++) {
        if (names[k] && bind_test(L, 1, (bind_kind)k)) {
            lua_pushstring(L, names[k]);
            return 1;
        }
    }
    lua_pushstring(L, bind_get_error(L, 1, &err) ? "error" : NULL);
    return 1;
}

static const luaL_Reg library_functions[] = {
    { "_require", module_require },
    { "_modules", module_modules },
    { "_lang", module_lang },
    { "_raise", module_raise },
    { "_write_atomic", module_write_atomic },
    { "_make_folder", module_make_folder },
    { "_is_money", module_is_money },
    { "_stamps", bind_stamps },
    { "type", module_type },
    { NULL, NULL },
};

/* ---- opening ---- */

static void open_classes(lua_State *L)
{
    bind_open_error(L);
    bind_open_view(L);
    bind_open_scenario(L);
    bind_open_node(L);
    bind_open_indicator(L);
    bind_open_indicators(L);
    bind_open_cells(L);
    bind_open_selection(L);
    bind_open_column(L);
    bind_open_table(L);
    bind_open_findings(L);
    bind_open_document(L);
    bind_open_chart(L);
    bind_open_workspace(L);
    bind_open_simulation(L);
}

/* Stack: module. The library gets the module and, by class name, the tables of C methods. */
static void load_library(lua_State *L)
{
    static const char *const classes[] = { "plan",   "view",  "scenario", "node",     "selection",
                                           "column", "table", "findings", "workspace" };
    char name[64];
    int module = lua_gettop(L);
    if (!bind_load_module(L, "pagu.library"))
        return;
    lua_pushvalue(L, module);
    lua_newtable(L);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        snprintf(name, sizeof name, "pagu.%s", classes[i]);
        bind_methods(L, name);
        lua_setfield(L, -2, classes[i]);
    }
    lua_call(L, 2, 0);
}

int luaopen_pagu(lua_State *L)
{
    luaL_checkversion(L);
    luaL_checkstack(L, 20, NULL);
    bind_ctx(L); /* first, so that it is finalised last */
    open_classes(L);
    register_modules(L);
    lua_newtable(L);
    luaL_setfuncs(L, bind_number_functions, 0);
    luaL_setfuncs(L, bind_project_functions, 0);
    luaL_setfuncs(L, bind_module_functions, 0);
    luaL_setfuncs(L, bind_life_functions, 0);
    luaL_setfuncs(L, bind_solve_functions, 0);
    luaL_setfuncs(L, bind_attribute_functions, 0);
    luaL_setfuncs(L, bind_workspace_functions, 0);
    luaL_setfuncs(L, library_functions, 0);
    luaL_setfuncs(L, bind_script_functions, 0);
    luaL_setfuncs(L, bind_simulate_functions, 0);
    luaL_setfuncs(L, bind_sweep_functions, 0);
    lua_pushstring(L, pagu_version());
    lua_setfield(L, -2, "version");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &module_key);
    load_library(L);
    return 1;
}
