/* repl_help.h - help(), help "word" at the prompt.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_REPL_HELP_H
#define PAGU_SRC_REPL_HELP_H

#include <lua.h>

/* help(), help "transfer", help(s.transfer): prints; returns nothing. */
int repl_help(lua_State *L);

#endif
