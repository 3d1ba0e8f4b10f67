/* repl.h - the prompt: a session in one Lua state.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_REPL_H
#define PAGU_SRC_REPL_H

#include "host/host.h"

typedef struct repl_options {
    const char *plan_path; /* names the history; NULL: none loaded */
    bool no_edit;          /* no line editor even on a terminal */
    bool fixed_width;      /* tables keep the state's width, whatever the terminal's is */
    const char *banner;    /* said on a terminal before the first prompt; NULL: nothing */
} repl_options;

/* Read, run and print until the end of input. The globals plan and s are set already. Returns
 * how many entries failed. */
int repl_run(host *h, const repl_options *options);

#endif
