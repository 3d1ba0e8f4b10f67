/* bind_context.c - the context of a Lua state.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { KEY_BITS = 11 };

/* Where a key was found last, by the address of its text: Lua keeps one copy of a short string. The text
 * is compared again: a string may go and another take its place, and there may be several plans. */
typedef struct known_key {
    const char *text;
    pagu_row row;
} known_key;

typedef struct context_box {
    const void *tag;
    pagu_ctx *ctx;
    bool owned;
    known_key keys[1 << KEY_BITS];
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

/* Rows that a scenario adds may take a removed row's key: they are looked for in full. */
static bool is_known(const known_key *k, const pagu_view *v, const char *text, size_t len)
{
    uint32_t rows = pagu_plan_row_count(pagu_view_plan(v));
    return k->text == text && k->row < rows && pagu_view_row_count(v) == rows &&
           strcmp(pagu_view_key(v, k->row), text) == 0 && strlen(text) == len && pagu_view_is_member(v, k->row);
}

pagu_code bind_find_key(lua_State *L, int idx, const pagu_view *v, pagu_row *row, pagu_error *err)
{
    size_t len;
    context_box *box = get_context(L);
    const char *text = lua_tolstring(L, idx, &len);
    known_key *k = box ? &box->keys[(uint64_t)(uintptr_t)text * 0x9e3779b97f4a7c15u >> (64 - KEY_BITS)] : NULL;
    if (k && is_known(k, v, text, len)) {
        *row = k->row;
        return PAGU_OK;
    }
    pagu_code code = pagu_view_find(v, bind_string(L, idx), row, err);
    if (k && code == PAGU_OK)
        *k = (known_key){ text, *row };
    return code;
}
