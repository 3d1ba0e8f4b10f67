/* lib_string.c - string.rep with a cap and string.format without addresses.
 * SPDX-License-Identifier: MIT */
#include "host/host.h"
#include "host/sandbox.h"

#include <lauxlib.h>
#include <string.h>

enum { REP_LIMIT = 1 << 20 }; /* bytes; a C loop that no hook can stop must be short */

/* Upvalue: string.rep. */
static int lib_rep(lua_State *L)
{
    size_t len, sep_len;
    luaL_checklstring(L, 1, &len);
    lua_Integer n = luaL_checkinteger(L, 2);
    luaL_optlstring(L, 3, "", &sep_len);
    if (n > 0 && ((uint64_t)n > REP_LIMIT || (len + sep_len) * (uint64_t)n > REP_LIMIT))
        return luaL_error(
            L, pick(host_lang(host_of(L)), "hasil string.rep melebihi 1 MiB", "string.rep would exceed 1 MiB"));
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* An argument error of Lua's function knows neither its name nor the script's line. */
static int own_error(lua_State *L, int status, const char *name)
{
    if (status == LUA_ERRMEM || lua_type(L, -1) != LUA_TSTRING)
        return lua_error(L);
    luaL_where(L, 1);
    luaL_gsub(L, lua_tostring(L, -2), "'?'", name);
    lua_concat(L, 2);
    return lua_error(L);
}

/* Upvalue: string.format. %s gets our tostring; %p would print an address. */
static int lib_format(lua_State *L)
{
    int arg = 1, top = lua_gettop(L);
    for (const char *f = luaL_checkstring(L, 1); (f = strchr(f, '%')) != NULL; f++) {
        f++;
        f += strspn(f, "-+ #0123456789.");
        if (*f == '%')
            continue;
        if (*f == 'p')
            return luaL_error(L, pick(host_lang(host_of(L)), "string.format tidak mengenal '%%p' di sini",
                                      "string.format has no '%%p' here"));
        if (++arg <= top && *f == 's') {
            lib_tostring(L, arg, NULL);
            lua_replace(L, arg);
        }
        if (*f == '\0')
            break;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    int status = lua_pcall(L, top, 1, 0);
    return status == LUA_OK ? 1 : own_error(L, status, "'format'");
}

/* Stack: Lua's string library, ours. */
void lib_string_open(lua_State *L)
{
    lua_getfield(L, -2, "rep");
    lua_pushcclosure(L, lib_rep, 1);
    lua_setfield(L, -2, "rep");
    lua_getfield(L, -2, "format");
    lua_pushcclosure(L, lib_format, 1);
    lua_setfield(L, -2, "format");
}
