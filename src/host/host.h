/* host.h - the life of a Lua state that runs analysts' scripts over the engine.
 *
 *     host *h;
 *     if (host_open(ctx, &(host_options){ .confined = true }, &h, &err) != HOST_OK) …
 *     host_call(h, work, &job, &err);        // work(L) finds &job as light userdata 1
 *     host_close(h);
 *
 * The state allocates through the context, so that one limit caps engine and Lua together.
 * Everything that can raise runs inside host_call: a failure is a status and a one-line
 * message, never a panic. One state runs one script; many states may share a context.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_HOST_H
#define PAGU_SRC_HOST_H

#include "pagu.h"

#include <lua.h>

typedef struct host host;

typedef struct host_options {
    bool trust;       /* the full standard library */
    bool confined;    /* scripts read and write only where the binding is told to let them; see bind_confine */
    const char *out;  /* the folder that confined scripts may write to; NULL: none */
    const char *plan; /* the package that they may read beside the working folder; NULL: none */
    bool print_aside; /* print writes to stderr: stdout is for a result that another program reads */
    uint32_t width;   /* columns of printed tables; 0: any */
} host_options;

typedef enum host_status {
    HOST_OK = 0,
    HOST_SCRIPT,      /* the script is wrong, or what it asks for is refused */
    HOST_MEMORY,      /* the memory limit was met */
    HOST_TIME,        /* the time limit was met */
    HOST_INTERRUPTED, /* Ctrl-C */
    HOST_USAGE        /* parameters given from outside are wrong */
} host_status;

host_status host_open(pagu_ctx *ctx, const host_options *options, host **out, pagu_error *err);
void host_close(host *h);

lua_State *host_lua(host *h);
const host_options *host_get_options(const host *h);
pagu_lang host_lang(const host *h);
/* The host behind a state that host_open made. */
host *host_of(lua_State *L);

/* Run f(L) with ud as its only argument, protected; results are dropped. On failure err holds
 * "script.lua:12: message" and, for an error of the engine, its code, node and field. */
host_status host_call(host *h, lua_CFunction f, void *ud, pagu_error *err);
/* For C functions under host_call: raise the message at the top of the stack as HOST_USAGE. */
int host_usage_error(lua_State *L);

/* Name of what runs, for errors that know no line; "" for none. */
void host_set_script(host *h, const char *name);
/* Folder that require searches for the script's own modules; "" for none. */
void host_set_folder(host *h, const char *folder);
const char *host_folder(const host *h);

/* One of two texts. Program messages exist in Indonesian and English only. */
__attribute__((format_arg(2), format_arg(3))) static inline const char *pick(pagu_lang lang, const char *id,
                                                                             const char *en)
{
    return lang == PAGU_LANG_EN ? en : id;
}

#endif
