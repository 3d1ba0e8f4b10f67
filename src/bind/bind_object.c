/* bind_object.c - userdata: tags, owners, scratch memory, classes.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

static const char kind_tags[KIND_COUNT]; /* only their addresses matter */

void *bind_new(lua_State *L, bind_kind kind, size_t size, int user_values, const char *metatable)
{
    void *box = lua_newuserdatauv(L, size, user_values);
    memset(box, 0, size);
    *(const void **)box = &kind_tags[kind];
    luaL_setmetatable(L, metatable);
    return box;
}

typedef struct adoption {
    bind_kind kind;
    size_t size;
    const char *metatable;
} adoption;

static int make_box(lua_State *L)
{
    const adoption *a = lua_touserdata(L, 1);
    bind_new(L, a->kind, a->size, 2, a->metatable);
    return 1;
}

void *bind_adopt(lua_State *L, bind_kind kind, size_t size, const char *metatable, void *ptr, void (*free_fn)(void *))
{
    adoption a = { kind, size, metatable };
    if (!ptr) {
        lua_pushnil(L);
        return NULL;
    }
    lua_pushcfunction(L, make_box);
    lua_pushlightuserdata(L, &a);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        free_fn(ptr);
        lua_error(L);
    }
    return lua_touserdata(L, -1);
}

void *bind_test(lua_State *L, int idx, bind_kind kind)
{
    const void **box = lua_touserdata(L, idx);
    if (!box || lua_type(L, idx) != LUA_TUSERDATA || lua_rawlen(L, idx) < sizeof(void *) || *box != &kind_tags[kind])
        return NULL;
    return box;
}

bool bind_has_method(lua_State *L, const char *class_name, const char *name)
{
    bind_methods(L, class_name);
    bool found = lua_getfield(L, -1, name) != LUA_TNIL;
    lua_pop(L, 2);
    return found;
}

/* s.get(…) in place of s:get(…); Lua calls pagu.x(…) a field as well, but those are no methods. */
static bool called_with_dot(lua_State *L, lua_Debug *ar)
{
    static const char *const classes[] = { "pagu.scenario", "pagu.plan", "pagu.node", "pagu.selection", "pagu.column" };
    if (!lua_getstack(L, 0, ar) || !lua_getinfo(L, "n", ar) || strcmp(ar->namewhat, "field") != 0)
        return false;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (bind_has_method(L, classes[i], ar->name))
            return true;
    return false;
}

void *bind_check_kind(lua_State *L, int idx, bind_kind kind, const char *what)
{
    lua_Debug ar;
    void *box = bind_test(L, idx, kind);
    if (!box && idx == 1 && called_with_dot(L, &ar))
        bind_fail(L, PAGU_ARGUMENT, "%s is needed here, not %s; methods are called with a colon, as in x:%s(…)",
                  bind_tr(bind_ctx(L), what), bind_describe(L, idx), ar.name);
    if (!box)
        bind_fail(L, PAGU_ARGUMENT, "%s is needed here, not %s", bind_tr(bind_ctx(L), what), bind_describe(L, idx));
    return box;
}

static int owned_gc(lua_State *L)
{
    owned_box *box = lua_touserdata(L, 1);
    void *ptr = bind_disown(box);
    if (ptr)
        box->free(ptr);
    return 0;
}

owned_box *bind_own(lua_State *L, void (*free_fn)(void *))
{
    if (luaL_newmetatable(L, "pagu.owned")) {
        lua_pushcfunction(L, owned_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_pop(L, 1);
    owned_box *box = bind_new(L, KIND_OWNED, sizeof(owned_box), 0, "pagu.owned");
    box->free = free_fn;
    return box;
}

void *bind_disown(owned_box *box)
{
    void *ptr = box->ptr;
    box->ptr = NULL;
    return ptr;
}

static void free_text(void *text)
{
    pagu_text_free(text);
}

owned_box *bind_own_text(lua_State *L)
{
    owned_box *own = bind_own(L, free_text);
    own->ptr = pagu_text_new(bind_ctx(L));
    if (!own->ptr)
        bind_memory(L);
    return own;
}

int bind_push_bytes(lua_State *L, owned_box *text)
{
    lua_pushlstring(L, pagu_text_data(text->ptr), pagu_text_len(text->ptr));
    pagu_text_free(bind_disown(text));
    return 1;
}

void *bind_scratch(lua_State *L, size_t n, size_t size)
{
    if (n > SIZE_MAX / 2 / size)
        bind_memory(L);
    return lua_newuserdatauv(L, n * size + 1, 0);
}

void bind_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta, lua_CFunction index)
{
    if (!luaL_newmetatable(L, name)) {
        lua_pop(L, 1);
        return;
    }
    if (meta)
        luaL_setfuncs(L, meta, 0);
    lua_newtable(L);
    if (methods)
        luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "methods");
    if (index)
        lua_pushcclosure(L, index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

void bind_methods(lua_State *L, const char *name)
{
    luaL_getmetatable(L, name);
    lua_getfield(L, -1, "methods");
    lua_remove(L, -2);
}
