/* bind_constraint.h - what the files of constraints share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BIND_CONSTRAINT_H
#define PAGU_SRC_BIND_CONSTRAINT_H

#include "bind/bind_object.h"

int bind_scenario_constraints(lua_State *L); /* s:constraints() */
int bind_scenario_slack(lua_State *L);       /* s:slack(id or name) */
int bind_scenario_warnings(lua_State *L);    /* s:_warnings() */

#endif
