/* scratch.c - see scratch.h.
 * SPDX-License-Identifier: MIT */
#include "host/scratch.h"

#include "bind/bind.h"

static int text_gc(lua_State *L)
{
    pagu_text **box = lua_touserdata(L, 1);
    pagu_text_free(*box);
    *box = NULL;
    return 0;
}

static void out_of_memory(lua_State *L)
{
    lua_pushliteral(L, "not enough memory"); /* as Lua says it: no place, so that the host knows it */
    lua_error(L);
}

/* The userdata is complete, and empty, before anything is acquired. */
static void *push_box(lua_State *L, lua_CFunction gc)
{
    void **box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = NULL;
    lua_newtable(L);
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    return box;
}

pagu_text *scratch_text(lua_State *L)
{
    pagu_text **box = push_box(L, text_gc);
    *box = pagu_text_new(bind_ctx(L));
    if (!*box)
        out_of_memory(L);
    return *box;
}

void scratch_check(lua_State *L, pagu_code code, const pagu_error *err)
{
    if (code == PAGU_OK)
        return;
    pagu_error copy = *err;
    copy.code = code;
    bind_push_error(L, &copy);
    lua_error(L);
}
