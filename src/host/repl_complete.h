/* repl_complete.h - what may stand at the cursor: globals, members, and codes inside strings.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_REPL_COMPLETE_H
#define PAGU_SRC_REPL_COMPLETE_H

#include "host/editor.h"

#include <lua.h>

/* Under host_call. Reads tables raw and calls no function of a script. */
void repl_complete(lua_State *L, const char *line, size_t cursor, completions *out);

#endif
