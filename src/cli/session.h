/* session.h - a Lua state over a loaded plan, for the commands that run Lua.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SESSION_H
#define PAGU_SRC_SESSION_H

#include "cli/cli.h"

/* Where the Lua comes from: the user typed it (eval, the prompt), or files that others may have
 * written; those read and write only what belongs to the run. */
typedef enum session_source { SESSION_TYPED, SESSION_SCRIPT } session_source;

/* Open a state with the command's options; EXIT_DONE, or an exit code after saying why.
 * print_aside: what scripts print is not the result, and goes to stderr. */
int session_open(const cli *c, session_source source, bool print_aside, host **out);
/* Run f(L) with ud, protected and within the time limit. */
host_status session_run(const cli *c, host *h, lua_CFunction f, void *ud, pagu_error *err);
/* The same; prints the error and returns its exit code. */
int session_call(const cli *c, host *h, lua_CFunction f, void *ud);
/* Under host_call: set the global plan to the view of a stage, and push it. plan NULL: nil, and
 * the global stays unset. */
void session_set_plan(lua_State *L, pagu_plan *plan, pagu_stage stage);
/* Run a scenario script and push its scenario: a branch of the view at `plan` on which run was
 * called, or for the first form the scenario that it returned. Raises if there is none. */
void session_push_scenario(lua_State *L, int plan, const char *path, const char *const *params, size_t n_params);
/* Push a scenario on the view at `plan`. */
void session_branch(lua_State *L, int plan, const char *name);
/* Name of a script without folder and ".lua", safe as a file name. */
void session_stem(const char *path, char out[65]);
/* Push a value of the pagu module: pagu.compare, pagu.report. */
void session_push_function(lua_State *L, const char *name);

#endif
