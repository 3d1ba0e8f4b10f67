/* require.c - modules for scripts: the library's own, then text files in the script's folder.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "host/host.h"
#include "host/sandbox.h"
#include "host/scratch.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCE_LIMIT = 16 << 20 };
static const char loaded_name[] = "pagu.loaded"; /* of the registry's table: hashes by module */

/* A dotted name of letters, digits, _ and -: it can't leave the folder. */
static bool is_module_name(const char *name)
{
    if (!*name || *name == '.')
        return false;
    for (; *name; name++) {
        bool dot = *name == '.' && name[1] && name[1] != '.';
        if (!dot && !isalnum((unsigned char)*name) && *name != '_' && *name != '-')
            return false;
    }
    return true;
}

static int no_module(lua_State *L, const char *name)
{
    return luaL_error(L,
                      pick(host_lang(host_of(L)),
                           "modul '%s' tidak ada: yang dapat dimuat hanya pagu dan berkas .lua di folder skrip",
                           "no module '%s': only pagu and .lua files in the script's folder can be loaded"),
                      name);
}

/* Push folder/a/b.lua for "a.b". */
static const char *push_path(lua_State *L, const char *folder, const char *name)
{
    const char *file = luaL_gsub(L, name, ".", "/");
    lua_pushfstring(L, "%s/%s.lua", folder, file);
    lua_remove(L, -2);
    return lua_tostring(L, -1);
}

/* A link may not lead out of the folder. */
static bool stays_inside(const char *path, const char *folder)
{
    char real[PATH_MAX], root[PATH_MAX];
    if (!realpath(path, real) || !realpath(folder, root))
        return false;
    size_t n = strlen(root);
    return strncmp(real, root, n) == 0 && (real[n] == '/' || (n == 1 && root[0] == '/'));
}

/* Note the file and its hash: what a script is made of is more than its own file. */
static void note_file(lua_State *L, const char *name, const pagu_text *text)
{
    char hex[65];
    pagu_hash(pagu_text_data(text), pagu_text_len(text), hex);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, loaded_name);
    lua_pushstring(L, hex);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* Replace the path at the top by the chunk of that file. */
static void load_file(lua_State *L, const char *name, const char *path)
{
    pagu_error err;
    pagu_text *text = scratch_text(L);
    scratch_check(L, pagu_read_all(bind_ctx(L), path, SOURCE_LIMIT, text, &err), &err);
    note_file(L, name, text);
    const char *chunk = lua_pushfstring(L, "@%s.lua", name);
    if (sandbox_load(L, pagu_text_data(text), pagu_text_len(text), chunk) != LUA_OK)
        lua_error(L);
    lua_replace(L, -4);
    lua_pop(L, 2);
}

/* Push the chunk of a file in the script's folder. */
static void push_loader(lua_State *L, const char *folder, const char *name)
{
    if (!folder[0] || !is_module_name(name))
        no_module(L, name);
    const char *path = push_path(L, folder, name);
    if (!stays_inside(path, folder))
        no_module(L, name);
    load_file(L, name, path);
}

/* Call the loader at the top, keep its result in the table at `loaded`, and leave it. */
static int load(lua_State *L, int loaded)
{
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    }
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, loaded);
    return 1;
}

/* Upvalue 1: the script's own modules; 2: its folder, nil for the host's. The library's are registered as loaded, where
 * its own files look too; Lua's libraries stand there as well, so no other name may be looked up. */
int lib_require(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    bool ours = strcmp(name, "pagu") == 0 || strncmp(name, "pagu.", 5) == 0;
    lua_settop(L, 1);
    if (ours)
        luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    else
        lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 2) != LUA_TNIL)
        return 1;
    lua_pop(L, 1);
    const char *folder = lua_tostring(L, lua_upvalueindex(2));
    if (!ours || !bind_load_module(L, name))
        push_loader(L, folder ? folder : host_folder(host_of(L)), name);
    return load(L, 2);
}

/* pagu._loaded() -> { [module] = hash of its file } of the script's own modules loaded so far */
int lib_loaded(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, loaded_name);
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, -3)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    return 1;
}
