/* params.h - parameters of a scenario script: declared in Lua, given as "k=v".
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PARAMS_H
#define PAGU_SRC_PARAMS_H

#include <lua.h>
#include <stddef.h>

/* Push the table of parameters: defaults of the declaration at idx (a table or nil), with
 * what was given in their place. The type is the default's: a number also takes "1,5 M".
 * Raises host_usage_error for an unknown name, a value of another type or outside min … max. */
void params_push(lua_State *L, int idx, const char *const *given, size_t n_given);
/* Push "cut = 10 percent, keep = true" for a table that params_push made of the declaration. */
const char *params_describe(lua_State *L, int declaration, int params);

#endif
