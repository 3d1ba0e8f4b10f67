/* lib_base.c - pairs, pcall, print, tostring, setmetatable, getmetatable as scripts get them:
 * the same order and text in every run, interrupts that can't be caught, no finalizers.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "host/host_struct.h"
#include "host/interrupt.h"
#include "host/sandbox.h"
#include "host/terminal.h"

#include <stdlib.h>
#include <string.h>

/* ---- tostring, print ---- */

const char *lib_tostring(lua_State *L, int idx, size_t *len)
{
    idx = lua_absindex(L, idx);
    if (luaL_callmeta(L, idx, "__tostring")) {
        if (!lua_isstring(L, -1))
            luaL_error(L, "'__tostring' must return a string");
        return lua_tolstring(L, -1, len);
    }
    switch (lua_type(L, idx)) {
    case LUA_TNUMBER:
    case LUA_TSTRING: lua_pushvalue(L, idx); break;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, idx) ? "true" : "false"); break;
    case LUA_TNIL: lua_pushliteral(L, "nil"); break;
    default:
        if (luaL_getmetafield(L, idx, "__name") != LUA_TSTRING)
            lua_pushstring(L, luaL_typename(L, idx));
        break;
    }
    return lua_tolstring(L, -1, len);
}

static int lib_base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    lib_tostring(L, 1, NULL);
    return 1;
}

static int lib_print(lua_State *L)
{
    int n = lua_gettop(L);
    FILE *to = host_get_options(host_of(L))->print_aside ? stderr : stdout;
    bool ok = true, after_tall = false;
    for (int i = 1; i <= n; i++) {
        size_t len;
        const char *s = lib_tostring(L, i, &len);
        bool tall = memchr(s, '\n', len) != NULL; /* a table begins its own line, or its heading would be shifted */
        ok = terminal_write(to, tall || after_tall ? "\n" : "\t", i > 1) && terminal_write(to, s, len);
        after_tall = tall;
        lua_pop(L, 1);
    }
    ok = terminal_write(to, "\n", 1) && ok;
    return ok ? 0
              : luaL_error(L,
                           pick(host_lang(host_of(L)), "keluaran tidak dapat ditulis", "the output can't be written"));
}

/* ---- pcall ---- */

static int finish_pcall(lua_State *L, int status, lua_KContext extra)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)extra;
    if (status == LUA_ERRMEM || interrupt_pending() != INTERRUPT_NONE)
        return lua_error(L);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int lib_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

/* pagu._protected(f, …) -> true, results…, or false, "script.lua:12: message" */
static int lib_protected(lua_State *L)
{
    host *h = host_of(L);
    pagu_error err;
    lua_pushcfunction(L, traceback_note);
    lua_insert(L, 1);
    h->place[0] = '\0';
    h->engine = false;
    int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
    if (status == LUA_OK) {
        lua_pushboolean(L, 1);
        lua_replace(L, 1);
        return lua_gettop(L);
    }
    host_status what = traceback_describe(h, status, &err);
    if (what == HOST_MEMORY || what == HOST_TIME || what == HOST_INTERRUPTED || h->usage)
        return lua_error(L); /* these can't be caught */
    lua_pushboolean(L, 0);
    lua_pushstring(L, err.message);
    return 2;
}

void lib_base_protect(lua_State *L)
{
    lua_pushcfunction(L, lib_protected);
    lua_setfield(L, -2, "_protected");
}

/* ---- pairs: numbers ascending, then strings by bytes, then the rest as Lua has them ---- */

typedef struct sort_key {
    int rank; /* 0 number, 1 string, 2 other */
    lua_Number number;
    lua_Integer integer; /* of an integer key; position of another */
    const char *text;
    size_t len;
    lua_Integer at;
} sort_key;

static int compare_keys(const void *pa, const void *pb)
{
    const sort_key *a = pa, *b = pb;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->rank == 0 && a->number != b->number)
        return a->number < b->number ? -1 : 1;
    if (a->rank == 1) {
        int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
        if (order || a->len != b->len)
            return order ? order : a->len < b->len ? -1 : 1;
    }
    return (a->integer > b->integer) - (a->integer < b->integer);
}

static sort_key read_key(lua_State *L, int idx, lua_Integer at)
{
    sort_key k = { .rank = 2, .integer = at, .at = at };
    if (lua_type(L, idx) == LUA_TNUMBER) {
        k.rank = 0;
        k.number = lua_tonumber(L, idx);
        k.integer = lua_isinteger(L, idx) ? lua_tointeger(L, idx) : 0;
    } else if (lua_type(L, idx) == LUA_TSTRING) {
        k.rank = 1;
        k.text = lua_tolstring(L, idx, &k.len);
    }
    return k;
}

/* Number of pairs; *sequence says that the keys are 1 … n, in that order. */
static lua_Integer count_pairs(lua_State *L, int t, bool *sequence)
{
    lua_Integer n = 0;
    *sequence = true;
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pop(L, 1);
        n++;
        if (*sequence && !(lua_isinteger(L, -1) && lua_tointeger(L, -1) == n))
            *sequence = false;
    }
    return n;
}

/* Push an array of the table's keys in order. Keys are anchored by the first array while
 * they are sorted as C values. */
static void push_sorted_keys(lua_State *L, int t, lua_Integer n)
{
    lua_createtable(L, (int)n, 0);
    int keys = lua_gettop(L);
    sort_key *sorted = lua_newuserdatauv(L, (size_t)n * sizeof *sorted, 0);
    lua_Integer i = 0;
    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pop(L, 1);
        sorted[i] = read_key(L, -1, i + 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, keys, ++i);
    }
    qsort(sorted, (size_t)n, sizeof *sorted, compare_keys);
    lua_createtable(L, (int)n, 0);
    for (i = 0; i < n; i++) {
        lua_rawgeti(L, keys, sorted[i].at);
        lua_rawseti(L, -2, i + 1);
    }
    lua_replace(L, keys);
    lua_settop(L, keys);
}

/* Upvalue 1: n. */
static int next_in_sequence(lua_State *L)
{
    lua_Integer n = lua_tointeger(L, lua_upvalueindex(1));
    lua_Integer i = lua_isnil(L, 2) ? 0 : luaL_checkinteger(L, 2);
    while (++i <= n) {
        lua_pushinteger(L, i);
        if (lua_rawgeti(L, 1, i) != LUA_TNIL)
            return 2;
        lua_pop(L, 2);
    }
    lua_pushnil(L);
    return 1;
}

/* Upvalues: keys, position. Values that the loop has removed are passed over, as next does. */
static int next_sorted(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    while (lua_rawgeti(L, lua_upvalueindex(1), ++i) != LUA_TNIL) {
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            lua_pushinteger(L, i);
            lua_replace(L, lua_upvalueindex(2));
            return 2;
        }
        lua_pop(L, 2);
    }
    return 1;
}

void lib_push_pairs(lua_State *L, int idx)
{
    bool sequence;
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 8, NULL);
    lua_Integer n = count_pairs(L, idx, &sequence);
    if (sequence) {
        lua_pushinteger(L, n);
        lua_pushcclosure(L, next_in_sequence, 1);
    } else {
        if (n > INT32_MAX)
            luaL_error(L, "table too large");
        push_sorted_keys(L, idx, n);
        lua_pushinteger(L, 0);
        lua_pushcclosure(L, next_sorted, 2);
    }
    lua_pushvalue(L, idx);
    lua_pushnil(L);
}

static int lib_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lib_push_pairs(L, 1);
    return 3;
}

/* ---- metatables: a private copy of the allowed fields ---- */

static bool is_allowed_event(const char *name)
{
    static const char *const allowed[] = { "__add", "__call", "__div",      "__eq",  "__idiv", "__index",
                                           "__le",  "__lt",   "__mod",      "__mul", "__name", "__newindex",
                                           "__pow", "__sub",  "__tostring", "__unm" };
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (strcmp(allowed[i], name) == 0)
            return true;
    return false;
}

/* A copy, so that a field added later can't slip past the check; finalizers, weak tables and
 * __concat can make Debian's Lua 5.4.4 corrupt its heap. */
int lib_setmetatable(lua_State *L)
{
    pagu_lang lang = host_lang(host_of(L));
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_getmetatable(L, 1))
        return luaL_error(L, pick(lang, "metatable ini terkunci", "this metatable is locked"));
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, 2)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (strncmp(name, "__", 2) == 0) {
            if (!is_allowed_event(name))
                return luaL_error(
                    L, pick(lang, "metode '%s' tidak diizinkan dalam skrip", "method '%s' is not allowed in scripts"),
                    name);
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, 3);
        }
        lua_pop(L, 1);
    }
    lua_pushboolean(L, 0);
    lua_setfield(L, 3, "__metatable");
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

int lib_getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (!lua_getmetatable(L, 1))
        lua_pushnil(L);
    else
        lua_pushboolean(L, 0);
    return 1;
}

void lib_base_open(lua_State *L)
{
    static const luaL_Reg own[] = { { "getmetatable", lib_getmetatable },
                                    { "pairs", lib_pairs },
                                    { "pcall", lib_pcall },
                                    { "print", lib_print },
                                    { "setmetatable", lib_setmetatable },
                                    { "tostring", lib_base_tostring },
                                    { NULL, NULL } };
    luaL_setfuncs(L, own, 0);
}
