/* script.h - scenario scripts: load, tell the two forms apart, run, read the metrics.
 *
 * All run under host_call and raise. A script of the first form acts on the global `plan`;
 * one of the second form returns { title, question, params, metrics, run = function(s, p) }.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCRIPT_H
#define PAGU_SRC_SCRIPT_H

#include "pagu.h"

#include <lua.h>

/* Set a global of scripts to the value at the top, and pop it. */
void script_set_global(lua_State *L, const char *name);
/* Run a file; leaves what it returned. require then finds modules in the file's folder, and
 * bind_script has the file's hash. */
void script_run_file(lua_State *L, const char *path);
/* Run a chunk of text named `name` in messages; if it is an expression, "return" may be left
 * out. Leaves what it returned. */
void script_run_text(lua_State *L, const char *text, const char *name);
/* Load it only: pushes the function and returns LUA_OK, or a message; for the prompt. */
int script_load_text(lua_State *L, const char *text, size_t len, const char *name);

/* True if the value at idx is a script of the second form. */
bool script_is_declared(lua_State *L, int idx);
/* Push script.name if it is a string, else NULL and nothing. */
const char *script_text(lua_State *L, int script, const char *name);
/* Push the object that pagu.script makes of a declaration; path is its file's. */
void script_push_object(lua_State *L, int declaration, const char *path);
/* Push the table of parameters: defaults of the script (or of nil, which has none), with what was given
 * as "name=value" in their place. Raises host_usage_error for what is wrong with them. */
void script_push_params(lua_State *L, int script, const char *const *given, size_t n_given);
/* Push "cut = 10 percent, keep = true" for a table that script_push_params made. */
const char *script_describe(lua_State *L, int script, int params);
/* Call run(scenario, params); pushes what it returned first (or nil). */
void script_call_run(lua_State *L, int script, int scenario, int params);
/* Push a pagu table of the metrics, declared ones in their order, then the others by name; and a
 * Lua table of their values by name. */
void script_push_metrics(lua_State *L, int script, int returned, int scenario, int params);
/* Push a function of an embedded module: pagu._require(module)[name]. */
void script_push_library(lua_State *L, const char *module, const char *name);

#endif
