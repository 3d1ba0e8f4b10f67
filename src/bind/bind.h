/* bind.h - the Lua binding: what the host calls, then what the binding's own files share.
 *
 * Userdata own engine handles; children (nodes, selections, columns, cells) keep their view's
 * userdata alive by user values and ask it at every use, so a closed plan is an error with
 * code "closed", never a crash. Nothing on the C heap lives across a call that may longjmp:
 * scratch arrays are userdata.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BIND_H
#define PAGU_SRC_BIND_H

#include "pagu.h"

#include <lauxlib.h>
#include <lua.h>

/* ---- for the host ---- */

/* Push the module table, as require "pagu" does; also sets package.preload for pagu.* modules. */
PAGU_API int luaopen_pagu(lua_State *L);
/* Use this context (not owned) for everything made in this state. Before luaopen_pagu. */
void bind_set_ctx(lua_State *L, pagu_ctx *ctx);
/* The state's context; makes one (owned by the state) when none was set. */
pagu_ctx *bind_ctx(lua_State *L);
/* Confine the scripts of this state: from now on they write beneath the folder `out` only (NULL:
 * nowhere), and read only there and where bind_allow_reading says. Unless it is called nothing is
 * refused, as stock Lua may read and write anyway. Refused writes raise code "io", refused reads
 * are nil, message, "io". */
void bind_confine(lua_State *L, const char *out);
/* Let confined scripts read beneath a folder, or what lies beside a file; NULL: nothing. */
void bind_allow_reading(lua_State *L, const char *path);

/* How pagu.script loads the bytes of a script file: push its chunk, or a message; Lua's status. Without
 * one, as stock Lua does. */
typedef int (*bind_loader)(lua_State *L, const char *bytes, size_t len, const char *chunkname, const char *path);
void bind_set_loader(lua_State *L, bind_loader loader);
/* Name of a script's path in messages. */
const char *bind_script_name(const char *path);

/* Read a CSV file that the user named, wherever it is: pushes a table of text, or nil, message, code and
 * findings; returns how many. */
int bind_push_csv(lua_State *L, const char *path);

/* Push objects. Each takes ownership of the handle (of one reference of the plan), also when it
 * raises; a view pushed as borrowed is not closed. NULL pushes nil. */
void bind_push_plan(lua_State *L, pagu_plan *plan);
void bind_push_view(lua_State *L, pagu_view *view);
void bind_push_scenario(lua_State *L, pagu_scenario *s);
void bind_push_table(lua_State *L, pagu_table *t);
void bind_push_findings(lua_State *L, pagu_findings *fs);
/* Push an error object made of err: {code, message, node, field, file, line}. */
void bind_push_error(lua_State *L, const pagu_error *err);
/* If the value is an error object, fill *out and return true; never calls metamethods. */
bool bind_get_error(lua_State *L, int idx, pagu_error *out);

/* The engine handle of an argument, borrowed until its userdata dies or is closed; raises if
 * the value is of another type or closed. check_view accepts plans, views and scenarios. */
pagu_plan *bind_check_plan(lua_State *L, int idx);
pagu_view *bind_check_view(lua_State *L, int idx);
pagu_scenario *bind_check_scenario(lua_State *L, int idx);
const pagu_table *bind_check_table(lua_State *L, int idx);
/* The same without raising: NULL if it is of another type or closed. */
pagu_view *bind_test_view(lua_State *L, int idx);
pagu_scenario *bind_test_scenario(lua_State *L, int idx);
const pagu_table *bind_test_table(lua_State *L, int idx);
const pagu_findings *bind_test_findings(lua_State *L, int idx);

/* ---- printing ---- */

/* Columns that tables take when they are printed (0: any); 160 unless set. */
void bind_set_width(lua_State *L, uint32_t width);
uint32_t bind_width(lua_State *L);
/* The table at idx as text and Markdown print it: itself, or for one with machine words a copy for
 * people. Pushes what keeps it alive. */
const pagu_table *bind_push_people_table(lua_State *L, int idx);
/* The same without a Lua state: a new table, also when it fails. */
pagu_code bind_people_copy(pagu_ctx *ctx, const pagu_table *t, pagu_table **out);
/* As pagu_findings_table, with machine words for severities. */
pagu_code bind_findings_table(const pagu_findings *fs, pagu_table **out, pagu_error *err);

/* Stamp a table with what it was made from: plan (content hash), stage or scenario (name), hash (of
 * the view), script (its hash, if there is one) and engine (version). Several views are numbered:
 * stage1, hash1, scenario2, hash2. scripts: NULL, or one or NULL for each view. */
pagu_code bind_stamp(pagu_table *t, const pagu_view *const *views, const char *const *scripts, uint32_t n,
                     pagu_error *err);
/* Hash of the script that runs in this state, for stamps; NULL for none. */
void bind_set_script(lua_State *L, const char *hash);
const char *bind_script(lua_State *L);

/* As pagu_compare, with a note where nothing differs. PAGU_UNKNOWN_FIELD for a field without money. */
pagu_code bind_compare(const pagu_view *const *views, size_t n, const pagu_compare_options *options, pagu_table **out,
                       pagu_error *err);
/* The deepest level that has nodes in the view. */
pagu_level bind_deepest_level(const pagu_view *v);

/* One embedded Lua module, "pagu.verbs" style: source bytes (text). */
typedef struct bind_module {
    const char *name;
    const char *source;
    size_t len;
} bind_module;
/* All of them, sorted by name; ends with a NULL name. Generated by cmake/embed_lua.cmake. */
extern const bind_module bind_modules[];
/* Push the compiled chunk of an embedded module and return true, or push nothing. */
bool bind_load_module(lua_State *L, const char *name);

#endif
