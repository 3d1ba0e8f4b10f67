/* run_result.h - what pagu run shows and writes of a script's result.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_RUN_RESULT_H
#define PAGU_SRC_RUN_RESULT_H

#include "cli/cli.h"

#include <lua.h>

typedef struct run_job {
    const cli *c;
    const char *script;
    char stem[65]; /* of the script's name: the scenario's, and that of its files */
    pagu_plan *plan;
    pagu_stage stage;
    int code;
} run_job;

/* Where the parts of a script of the second form lie on the stack. comparisons: a list of pagu
 * tables, one for each field and period that the script changed. */
typedef struct run_stack {
    int plan, script, params, scenario, result, metrics, values, comparisons;
} run_stack;

/* All raise; call under host_call. */

/* Push the list of comparisons of plan and scenario. */
void run_push_comparisons(lua_State *L, const run_job *job, const run_stack *at);
/* Stamp a table with what it was made from. */
void run_stamp(lua_State *L, const run_stack *at, int table);
void run_print(lua_State *L, const run_job *job, const run_stack *at, pagu_text *out);
/* Files of --out. */
void run_write(lua_State *L, run_job *job, const run_stack *at);
/* Values that a script of the first form returned: one after another, as print does, and the files
 * of its tables and scenarios. */
void run_print_returned(lua_State *L, const run_job *job, int from, int to, pagu_text *out);
/* Keep the run in the workspace: metrics, comparisons, and the scenario under the script's name. */
void run_record(lua_State *L, run_job *job, const run_stack *at);
void run_record_returned(lua_State *L, run_job *job, int from, int to);
void run_write_returned(lua_State *L, run_job *job, int from, int to);

#endif
