/* sandbox.h - what scripts can reach: an allow-list, never a deny-list.
 *
 * Three tables: the state's globals are the built-in Lua library's (they never reach a
 * script); `base` is what scripts may read; each script writes to an environment of its own
 * above it, where reading a name that nobody declared is an error.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SANDBOX_H
#define PAGU_SRC_SANDBOX_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

/* Raise on failure: call under host_call. trust adds the full standard library. */
void sandbox_open(lua_State *L, bool trust);
/* Push the script environment of this state. */
void sandbox_push_env(lua_State *L);
/* Push the table that the environment falls back on. */
void sandbox_push_base(lua_State *L);
/* The script's folder, for a trusted script's require. */
void sandbox_set_folder(lua_State *L, const char *folder);
/* Load a text chunk into the environment. Pushes it, or a message; returns Lua's status.
 * A byte order mark and a first line that starts with # are passed over. */
int sandbox_load(lua_State *L, const char *bytes, size_t len, const char *chunkname);
/* The same into an environment of its own, whose require looks beside the file at path. */
int sandbox_load_apart(lua_State *L, const char *bytes, size_t len, const char *chunkname, const char *path);

/* lib_*.c: push or set functions that replace Lua's own. */
void lib_base_open(lua_State *L);    /* into the table at the top */
void lib_base_protect(lua_State *L); /* into the pagu module at the top */
void lib_string_open(lua_State *L);
void lib_table_open(lua_State *L);
void lib_math_open(lua_State *L);
int lib_require(lua_State *L); /* require.c */
int lib_loaded(lua_State *L);
int lib_setmetatable(lua_State *L);
int lib_getmetatable(lua_State *L);
/* tostring without addresses: pushes a string. */
const char *lib_tostring(lua_State *L, int idx, size_t *len);
/* Push a key-sorted iteration over the table at idx: iterator, state, control. */
void lib_push_pairs(lua_State *L, int idx);

#endif
