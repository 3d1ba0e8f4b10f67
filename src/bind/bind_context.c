/* bind_context.c - the context of a Lua state.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

typedef struct context_box {
    const void *tag;
    pagu_ctx *ctx;
    bool owned;
} context_box;

static const char context_key = 0;

static int context_gc(lua_State *L)
{
    context_box *box = lua_touserdata(L, 1);
    if (box->owned)
        pagu_ctx_free(box->ctx);
    box->ctx = NULL;
    box->owned = false;
    return 0;
}

/* The box is made before any other userdata, so lua_close finalises it after all of them. */
static context_box *new_context(lua_State *L)
{
    static const luaL_Reg meta[] = { { "__gc", context_gc }, { NULL, NULL } };
    bind_class(L, "pagu.context", NULL, meta, NULL);
    context_box *box = bind_new(L, KIND_CONTEXT, sizeof(context_box), 0, "pagu.context");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &context_key);
    return box;
}

static context_box *get_context(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &context_key);
    context_box *box = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return box;
}

void bind_set_ctx(lua_State *L, pagu_ctx *ctx)
{
    new_context(L)->ctx = ctx;
}

pagu_ctx *bind_ctx(lua_State *L)
{
    context_box *box = get_context(L);
    if (box && box->ctx)
        return box->ctx;
    box = new_context(L);
    box->ctx = pagu_ctx_new(NULL);
    box->owned = true;
    if (!box->ctx)
        luaL_error(L, "not enough memory");
    return box->ctx;
}
