/* scratch.h - engine objects that must not leak when Lua raises: owned by a userdata.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCRATCH_H
#define PAGU_SRC_SCRATCH_H

#include "pagu.h"

#include <lua.h>

/* Push a userdata that owns a new text; raises when memory is out. */
pagu_text *scratch_text(lua_State *L);
/* Raise if code isn't PAGU_OK. */
void scratch_check(lua_State *L, pagu_code code, const pagu_error *err);

#endif
