/* sweep.h - what the files of pagu sweep share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SWEEP_H
#define PAGU_SRC_SWEEP_H

#include "cli/session.h"
#include "cli/sweep_pool.h"
#include "cli/sweep_progress.h"
#include "cli/sweep_store.h"

#include <lua.h>

/* A sweep on its way. */
typedef struct sweep_job {
    const cli *c;
    pagu_plan *plan;
    pagu_stage stage;
    host *h;
    loaded_view base;   /* of --scenario */
    const char *format; /* "text", "jsonl", … */
    pagu_text *page;    /* what a PDF is made of; NULL: none is asked for */
    int code;

    char *header;               /* the first line of its store */
    uint32_t *members, n, most; /* to be run, by number; the greatest number there may be */
    char **lines;               /* by member, 1 … most; NULL: not run yet */
    struct line_block *blocks;  /* what they lie in */
    uint32_t done, failed;
    sweep_store store;
    progress shown;

    uint32_t member; /* of the call into Lua that is made now */
    int to, detail;
    const char *why;
    bool out_of_memory;
} sweep_job;

/* ---- sweep_prepare.c ---- */

/* Under host_call: run the script, read the design and take header and members from it; job->code if
 * something is wrong with them. */
int sweep_prepare(lua_State *L);
/* Open the store, and take what it holds. An exit code. */
int sweep_open_store(sweep_job *job);
/* Push the Lua object of the sweep that was prepared. */
void sweep_push(lua_State *L);

/* ---- sweep_merge.c ---- */

/* The format of the result: --format, --json, the ending of -o, or text. An exit code. */
int sweep_format(sweep_job *job);
/* Make the PDF that was asked for, if one was. An exit code. */
int sweep_print(const sweep_job *job);
/* Under host_call: render the lines of members 1 … most that there are and write them; job->code 1 if
 * some failed. */
void sweep_write(lua_State *L, sweep_job *job);
/* pagu sweep merge FILE… */
int sweep_merge(const cli *c);

/* ---- sweep_lines.c ---- */

/* Make room for the lines of members 1 … most; false: memory is out. */
bool sweep_lines_open(sweep_job *job);
/* Set the line of a member to a copy; out_of_memory if there is no room for it. */
void sweep_keep(sweep_job *job, uint32_t member, const char *line, size_t len);
void sweep_free(sweep_job *job);

#endif
