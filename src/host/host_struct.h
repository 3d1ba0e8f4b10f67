/* host_struct.h - the inside of a host, for src/host only.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_HOST_STRUCT_H
#define PAGU_SRC_HOST_STRUCT_H

#include "host/host.h"

#include <limits.h>

struct host {
    pagu_ctx *ctx;
    lua_State *L;
    host_options options;
    bool usage;  /* host_usage_error was called */
    bool engine; /* the last error is the engine's: see error */
    pagu_error error;
    char place[128]; /* "script.lua:12", where the last error was raised */
    char script[128];
    char folder[PATH_MAX];
};

/* traceback.c */
/* Message handler: keep the place in the script and what an error object says, while it is
 * still allowed to allocate; the error value passes unchanged. */
int traceback_note(lua_State *L);
/* Describe the error value at the top of the stack; allocates nothing, calls no metamethod. */
host_status traceback_describe(host *h, int lua_status, pagu_error *err);

#endif
