/* bind_access.c - which files the scripts of a state may read and write.
 *
 * A script that came from somewhere else reads what lies beside it, beside its plan and in the
 * working folder, and writes into its output folder only. Paths are compared as the kernel resolves
 * them, so that neither ".." nor a link leads out.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char readable_key = 0, writable_key = 0;

/* path without its last part: "." of a bare name. */
static void folder_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + (slash == path) : 0;
    snprintf(out, PATH_MAX, "%.*s", n ? (int)n : 1, n ? path : ".");
}

static bool is_beneath(const char *real, const char *root)
{
    size_t n = strlen(root);
    return strncmp(real, root, n) == 0 && (real[n] == '/' || real[n] == '\0' || (n == 1 && root[0] == '/'));
}

/* The list at a key of the registry; false: there is none. */
static bool push_list(lua_State *L, const void *key)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) == LUA_TTABLE)
        return true;
    lua_pop(L, 1);
    return false;
}

static void add_folder(lua_State *L, const void *key, const char *path)
{
    char real[PATH_MAX], folder[PATH_MAX];
    struct stat st;
    if (!path || !push_list(L, key))
        return;
    snprintf(folder, sizeof folder, "%s", path);
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        folder_of(path, folder);
    if (realpath(folder, real)) {
        lua_pushstring(L, real);
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    }
    lua_pop(L, 1);
}

void bind_confine(lua_State *L, const char *out)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &readable_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &writable_key);
    add_folder(L, &writable_key, out);
    add_folder(L, &readable_key, out);
}

void bind_allow_reading(lua_State *L, const char *path)
{
    add_folder(L, &readable_key, path);
}

/* Is the resolved path beneath a folder of the list at the top? Pops the list. */
static bool is_allowed(lua_State *L, const char *real)
{
    bool allowed = false;
    for (lua_Integer i = 1; !allowed && lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
        allowed = is_beneath(real, lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    lua_settop(L, allowed ? lua_gettop(L) - 1 : lua_gettop(L) - 2);
    return allowed;
}

static pagu_code refuse(lua_State *L, pagu_error *err, const char *format, ...) PAGU_PRINTF(3, 4);
static pagu_code refuse(lua_State *L, pagu_error *err, const char *format, ...)
{
    va_list args;
    error_init(err);
    err->code = PAGU_IO;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, bind_tr(bind_ctx(L), format), args);
    va_end(args);
    return PAGU_IO;
}

pagu_code bind_may_read(lua_State *L, const char *path, pagu_error *err)
{
    char real[PATH_MAX];
    if (!push_list(L, &readable_key))
        return PAGU_OK;
    if (!realpath(path, real)) { /* opening it says why */
        lua_pop(L, 1);
        return PAGU_OK;
    }
    if (is_allowed(L, real))
        return PAGU_OK;
    return refuse(L, err,
                  "this script may not read \"%s\": only what lies beside it, beside its plan, or in the working "
                  "folder; --trust allows more",
                  path);
}

/* What is written need not be there yet; its folder must be. A link is replaced, not followed; a
 * folder that is a link is followed. */
void bind_check_writing(lua_State *L, const char *path)
{
    char folder[PATH_MAX], real[PATH_MAX];
    size_t n = strlen(path);
    if (!push_list(L, &writable_key))
        return;
    if (lua_rawlen(L, -1) == 0)
        bind_fail(L, PAGU_IO, "this script may not write files: \"%s\"; pagu run allows it with --out", path);
    snprintf(folder, sizeof folder, "%s", path);
    while (n > 1 && n < sizeof folder && folder[n - 1] == '/')
        folder[--n] = '\0';
    struct stat st;
    bool is_folder = n < sizeof folder && stat(folder, &st) == 0 && S_ISDIR(st.st_mode);
    const char *name = strrchr(folder, '/');
    name = name ? name + 1 : folder;
    bool steps = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    if (!is_folder) {
        char parent[PATH_MAX];
        folder_of(folder, parent);
        memcpy(folder, parent, sizeof folder);
    }
    bool there = n < sizeof folder && realpath(folder, real) && (is_folder || !steps);
    if (!there) {
        lua_pop(L, 1);
        bind_fail(L, PAGU_IO, "%s: no such file or folder", path);
    }
    if (!is_allowed(L, real))
        bind_fail(L, PAGU_IO, "this script may write in the folder of --out only, not \"%s\"", path);
}

void bind_check_writing_through(lua_State *L, const char *path)
{
    struct stat st;
    bind_check_writing(L, path);
    if (!push_list(L, &writable_key))
        return;
    lua_pop(L, 1);
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        bind_fail(L, PAGU_IO, "this script may write regular files only, and \"%s\" is none", path);
}
