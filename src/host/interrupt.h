/* interrupt.h - Ctrl-C and the time limit: stop the computation, never the session.
 *
 * One context and one Lua state at a time; signals belong to the process, so this is the one
 * place of the program with state of its own.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_INTERRUPT_H
#define PAGU_SRC_INTERRUPT_H

#include "pagu/context.h"

#include <lua.h>

typedef enum interrupt_cause { INTERRUPT_NONE = 0, INTERRUPT_USER, INTERRUPT_TIME } interrupt_cause;

/* Answer SIGINT and SIGALRM from now on; ignore SIGPIPE and SIGXFSZ (writes then fail instead). */
void interrupt_watch(pagu_ctx *ctx);
void interrupt_unwatch(void);
/* The Lua state to stop as well, or NULL. */
void interrupt_lua(lua_State *L);
/* What was asked since the last clear. Stays until cleared, so that no pcall can swallow it. */
interrupt_cause interrupt_pending(void);
void interrupt_clear(void);
/* Stop what runs after so many seconds (0: no limit). A loop inside C sees no hook: if nothing
 * has stopped a second later, the process ends with `exit_code` after writing `message`, which
 * must stay valid. Nothing is half written by that: files are replaced whole. */
void interrupt_after(unsigned seconds, int exit_code, const char *message);

#endif
