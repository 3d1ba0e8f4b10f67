/* cmd_eval.c - pagu eval PLAN 'lua'.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/session.h"
#include "host/scratch.h"
#include "host/script.h"
#include "host/values.h"

typedef struct eval_job {
    const cli *c;
    pagu_plan *plan;
    pagu_stage stage;
    int code;
} eval_job;

static int work(lua_State *L)
{
    eval_job *job = lua_touserdata(L, 1);
    session_set_plan(L, job->plan, job->stage);
    pagu_text *out = scratch_text(L);
    int base = lua_gettop(L);
    script_run_text(L, job->c->args[1], "eval");
    int top = lua_gettop(L);
    luaL_checkstack(L, 30, NULL);
    if (job->c->json)
        values_json_list(L, base + 1, top, out);
    else
        values_list(L, base + 1, top, false, out);
    job->code = write_result(job->c, pagu_text_data(out), pagu_text_len(out));
    return 0;
}

int cmd_eval(cli *c)
{
    eval_job job = { .c = c, .code = EXIT_DONE };
    host *h = NULL;
    int code = load_plan(c, c->args[0], NULL, &job.plan);
    if (code == EXIT_DONE)
        code = load_stage(c, job.plan, &job.stage);
    if (code == EXIT_DONE)
        code = session_open(c, SESSION_TYPED, c->json, &h);
    if (code == EXIT_DONE)
        code = session_call(c, h, work, &job);
    host_close(h);
    pagu_plan_release(job.plan);
    return code != EXIT_DONE ? code : job.code;
}
