/* bind_script.c - scripts from files, for pagu.script; and guesses at names.
 *
 * How a chunk is loaded is the host's business: stock Lua gives it its globals, the program a
 * sandbox of its own.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"
#include "bind/guess.h"

enum { SOURCE_LIMIT = 16 << 20, SHORT_PATH = 50 };
static const char loader_key = 0;

void bind_set_loader(lua_State *L, bind_loader loader)
{
    void **box = lua_newuserdatauv(L, sizeof loader, 0);
    memcpy(box, &loader, sizeof loader);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loader_key);
}

/* Lua cuts long chunk names in front; the file's own name must stay whole. */
const char *bind_script_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strlen(path) > SHORT_PATH && slash ? slash + 1 : path;
}

static int load(lua_State *L, const pagu_text *text, const char *path)
{
    const char *name = lua_pushfstring(L, "@%s", bind_script_name(path));
    bind_loader loader = NULL;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loader_key) == LUA_TUSERDATA)
        memcpy(&loader, lua_touserdata(L, -1), sizeof loader);
    lua_pop(L, 1);
    if (loader)
        return loader(L, pagu_text_data(text), pagu_text_len(text), name, path);
    return luaL_loadbufferx(L, pagu_text_data(text), pagu_text_len(text), name, "t");
}

static int fail(lua_State *L, const char *message, pagu_code code)
{
    lua_pushnil(L);
    lua_pushstring(L, message);
    lua_pushstring(L, pagu_code_name(code));
    return 3;
}

/* pagu._load_script(path) -> the chunk, nil, hash of the file; or nil, message, code */
static int module_load_script(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    char hex[65];
    const char *path = bind_text(L, 1, NULL);
    pagu_text *text = bind_own_text(L)->ptr;
    if (bind_may_read(L, path, &err) != PAGU_OK ||
        pagu_read_all(bind_ctx(L), path, SOURCE_LIMIT, text, &err) != PAGU_OK)
        return fail(L, err.message, err.code);
    pagu_hash(pagu_text_data(text), pagu_text_len(text), hex);
    if (load(L, text, path) != LUA_OK)
        return fail(L, lua_tostring(L, -1), PAGU_SYNTAX);
    lua_pushnil(L);
    lua_pushstring(L, hex);
    return 3;
}

/* pagu._guess(word, list of names) -> the closest, or nil */
static int module_guess(lua_State *L)
{
    guess g;
    guess_start(&g, bind_text(L, 1, NULL));
    luaL_checktype(L, 2, LUA_TTABLE);
    for (lua_Integer i = 1; lua_rawgeti(L, 2, i) == LUA_TSTRING; i++) {
        guess_offer(&g, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    lua_pushstring(L, g.best[0] ? g.best : NULL);
    return 1;
}

/* pagu._protected(f, …) -> true, results…, or false, message. The program has one of its own, which
 * knows the line and passes interrupts on. */
static int module_protected(lua_State *L)
{
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    if (status == LUA_ERRMEM)
        return lua_error(L);
    if (status != LUA_OK) {
        luaL_tolstring(L, -1, NULL);
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return lua_gettop(L);
}

const luaL_Reg bind_script_functions[] = {
    { "_load_script", module_load_script },
    { "_guess", module_guess },
    { "_protected", module_protected },
    { NULL, NULL },
};
