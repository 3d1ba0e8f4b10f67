/* sandbox.c - see sandbox.h.
 * SPDX-License-Identifier: MIT */
#include "host/sandbox.h"

#include "bind/bind.h"
#include "host/host.h"
#include "bind/guess.h"

#include <lualib.h>
#include <string.h>

/* Addresses are registry keys. */
static const char env_key, base_key;

static const char *const base_names[] = { "assert", "error",  "ipairs",   "rawequal", "rawget", "rawlen",
                                          "rawset", "select", "tonumber", "type",     NULL };
static const char *const string_names[] = { "byte",  "char",  "find",    "gmatch", "gsub",  "len",
                                            "lower", "match", "reverse", "sub",    "upper", NULL };
static const char *const table_names[] = { "concat", "insert", "pack", "remove", "unpack", NULL };
static const char *const math_names[] = { "abs",  "acos",       "asin",      "atan", "ceil", "cos",    "deg",
                                          "exp",  "floor",      "fmod",      "huge", "log",  "max",    "maxinteger",
                                          "min",  "mininteger", "modf",      "pi",   "rad",  "random", "sin",
                                          "sqrt", "tan",        "tointeger", "type", "ult",  NULL };
static const char *const utf8_names[] = { "char", "charpattern", "codepoint", "codes", "len", "offset", NULL };

/* Into the table at the top, those fields of the table below it. */
static void copy_names(lua_State *L, const char *const *names)
{
    for (; *names; names++) {
        lua_getfield(L, -2, *names);
        lua_setfield(L, -2, *names);
    }
}

/* LOADED[name] = value at the top, which is popped: there Lua finds names for its messages, and the
 * binding finds modules, so nothing may stand there that scripts must not reach. */
static void set_loaded(lua_State *L, const char *name)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* base[name] = the allowed part of a library plus what `own` puts in. */
static void open_library(lua_State *L, int base, const char *name, lua_CFunction open, const char *const *names,
                         void (*own)(lua_State *))
{
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    lua_newtable(L);
    copy_names(L, names);
    if (own)
        own(L);
    lua_pushvalue(L, -1);
    set_loaded(L, name);
    lua_setfield(L, base, name);
    lua_pop(L, 1);
}

/* Strings keep their methods and lose arithmetic: "1.000" + 1 must not become 2.0. */
static void lock_string_metatable(lua_State *L, int base)
{
    lua_pushliteral(L, "");
    lua_newtable(L);
    lua_getfield(L, base, "string");
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

static void offer_names(lua_State *L, int table, guess *g)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING)
            guess_offer(g, lua_tostring(L, -1));
    }
}

/* env.name where nobody declared it. Stack: env, name. */
static int unknown_global(lua_State *L)
{
    pagu_lang lang = host_lang(host_of(L));
    lua_settop(L, 2);
    sandbox_push_base(L);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, 3) != LUA_TNIL)
        return 1;
    if (lua_type(L, 2) != LUA_TSTRING) {
        lua_pushnil(L);
        return 1;
    }
    guess g;
    guess_start(&g, lua_tostring(L, 2));
    offer_names(L, 1, &g);
    offer_names(L, 3, &g);
    if (g.best[0])
        return luaL_error(L,
                          pick(lang, "variabel '%s' belum dideklarasikan; maksud Anda '%s'?",
                               "variable '%s' is not declared; did you mean '%s'?"),
                          g.word, g.best);
    return luaL_error(L, pick(lang, "variabel '%s' belum dideklarasikan", "variable '%s' is not declared"), g.word);
}

static void copy_all(lua_State *L, int from, int to)
{
    lua_pushnil(L);
    while (lua_next(L, from)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, to);
    }
}

/* pairs(_ENV) walks what a script can see. */
static int env_pairs(lua_State *L)
{
    lua_settop(L, 1);
    lua_newtable(L);
    sandbox_push_base(L);
    copy_all(L, 3, 2);
    copy_all(L, 1, 2);
    lib_push_pairs(L, 2);
    return 3;
}

static void make_env(lua_State *L)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, env_pairs);
    lua_setfield(L, -2, "__pairs");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &env_key);
}

/* Push an environment for another script of this state: it shares what all may read, and the plan. */
static void push_new_env(lua_State *L, const char *folder)
{
    lua_newtable(L);
    sandbox_push_env(L);
    lua_pushliteral(L, "plan");
    if (lua_rawget(L, -2) != LUA_TNIL)
        lua_setfield(L, -3, "plan");
    else
        lua_pop(L, 1);
    lua_getmetatable(L, -1);
    lua_setmetatable(L, -3);
    lua_pop(L, 1);
    if (host_get_options(host_of(L))->trust)
        return;
    lua_newtable(L);
    lua_pushstring(L, folder);
    lua_pushcclosure(L, lib_require, 2);
    lua_setfield(L, -2, "require");
}

void sandbox_push_env(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &env_key);
}

void sandbox_push_base(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &base_key);
}

/* The built-in Lua library gets what scripts get, and the real metatable functions. */
static void set_library_globals(lua_State *L, int base)
{
    static const char *const real[] = { "getmetatable", "next", "setmetatable", NULL };
    lua_pushglobaltable(L);
    lua_newtable(L);
    copy_names(L, real);
    lua_pushnil(L);
    while (lua_next(L, base)) {
        lua_pushvalue(L, -2);
        if (lua_rawget(L, -4) != LUA_TNIL) { /* real ones win */
            lua_pop(L, 2);
            continue;
        }
        lua_pop(L, 1);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_pop(L, 1);
}

/* Restricted: only what the lists name. Stack: base. */
static void open_restricted(lua_State *L, int base)
{
    lua_pushcfunction(L, luaopen_base);
    lua_call(L, 0, 1);
    lua_pushvalue(L, base);
    copy_names(L, base_names);
    lib_base_open(L);
    set_loaded(L, LUA_GNAME);
    lua_pop(L, 1);
    open_library(L, base, LUA_STRLIBNAME, luaopen_string, string_names, lib_string_open);
    open_library(L, base, LUA_TABLIBNAME, luaopen_table, table_names, lib_table_open);
    open_library(L, base, LUA_MATHLIBNAME, luaopen_math, math_names, lib_math_open);
    open_library(L, base, LUA_UTF8LIBNAME, luaopen_utf8, utf8_names, NULL);
    lock_string_metatable(L, base);
}

/* Trusted: everything that Lua has, but pairs, pcall, print and tostring stay ours. */
static void open_trusted(lua_State *L, int base)
{
    luaL_openlibs(L);
    lua_pushglobaltable(L);
    copy_all(L, lua_gettop(L), base);
    lua_pushvalue(L, base);
    lib_base_open(L);
    lua_getfield(L, -2, "setmetatable");
    lua_setfield(L, base, "setmetatable");
    lua_getfield(L, -2, "getmetatable");
    lua_setfield(L, base, "getmetatable");
    lua_pop(L, 2);
}

void sandbox_open(lua_State *L, bool trust)
{
    lua_newtable(L);
    int base = lua_gettop(L);
    if (trust)
        open_trusted(L, base);
    else
        open_restricted(L, base);
    if (!trust) {
        lua_newtable(L); /* modules that require has loaded */
        lua_pushnil(L);
        lua_pushcclosure(L, lib_require, 2);
        lua_setfield(L, base, "require");
    }
    lua_pushvalue(L, base);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &base_key);
    make_env(L);
    if (trust) {
        sandbox_push_env(L);
        lua_setfield(L, base, LUA_GNAME);
    }
    set_library_globals(L, base);
    bind_set_loader(L, sandbox_load_apart);
    luaL_requiref(L, "pagu", luaopen_pagu, 0);
    lib_base_protect(L);
    lua_pushcfunction(L, lib_loaded);
    lua_setfield(L, -2, "_loaded");
    lua_setfield(L, base, "pagu");
    lua_pop(L, 1);
}

/* Trusted scripts have Lua's own require: let it look beside the script first. */
void sandbox_set_folder(lua_State *L, const char *folder)
{
    sandbox_push_base(L);
    lua_pushliteral(L, LUA_LOADLIBNAME);
    if (lua_rawget(L, -2) == LUA_TTABLE) {
        lua_getfield(L, -1, "path");
        const char *path = lua_isstring(L, -1) ? lua_tostring(L, -1) : "";
        lua_pushfstring(L, "%s/?.lua;%s", folder, path);
        lua_setfield(L, -3, "path");
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

static void skip_first_line(const char **bytes, size_t *len)
{
    if (*len >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0) {
        *bytes += 3;
        *len -= 3;
    }
    if (*len == 0 || **bytes != '#')
        return;
    const char *end = memchr(*bytes, '\n', *len); /* the newline stays: line numbers do */
    size_t n = end ? (size_t)(end - *bytes) : *len;
    *bytes += n;
    *len -= n;
}

int sandbox_load_apart(lua_State *L, const char *bytes, size_t len, const char *chunkname, const char *path)
{
    const char *slash = strrchr(path, '/');
    int status = sandbox_load(L, bytes, len, chunkname);
    if (status != LUA_OK)
        return status;
    lua_pushlstring(L, slash ? path : ".", !slash || slash == path ? 1 : (size_t)(slash - path));
    push_new_env(L, lua_tostring(L, -1));
    lua_setupvalue(L, -3, 1);
    lua_pop(L, 1);
    return LUA_OK;
}

int sandbox_load(lua_State *L, const char *bytes, size_t len, const char *chunkname)
{
    skip_first_line(&bytes, &len);
    if (len > 0 && *bytes == LUA_SIGNATURE[0]) { /* bytecode can crash Lua */
        lua_pushstring(L, pick(host_lang(host_of(L)), "hanya skrip teks yang dapat dijalankan",
                               "only scripts that are text can be run"));
        return LUA_ERRSYNTAX;
    }
    int status = luaL_loadbufferx(L, bytes, len, chunkname, "t");
    if (status == LUA_OK) {
        sandbox_push_env(L);
        lua_setupvalue(L, -2, 1);
    }
    return status;
}
