/* lib_math.c - random numbers that are the same in every run.
 * SPDX-License-Identifier: MIT */
#include "host/sandbox.h"

#include <lauxlib.h>

/* Upvalue: math.randomseed. Lua's own takes the clock when no seed is given. */
static int lib_randomseed(lua_State *L)
{
    luaL_checknumber(L, 1);
    lua_settop(L, 2);
    if (lua_isnil(L, 2))
        lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 0);
    return 0;
}

/* Stack: Lua's math library, ours. */
void lib_math_open(lua_State *L)
{
    lua_getfield(L, -2, "randomseed");
    lua_pushvalue(L, -1);
    lua_pushinteger(L, 0);
    lua_call(L, 1, 0);
    lua_pushcclosure(L, lib_randomseed, 1);
    lua_setfield(L, -2, "randomseed");
}
