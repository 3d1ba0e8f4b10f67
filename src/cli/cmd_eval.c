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

static void add(lua_State *L, pagu_text *out, const char *s)
{
    scratch_check(L, pagu_text_append(out, s, 1), &(pagu_error){ .code = PAGU_NO_MEMORY });
}

/* As print does: results and a newline; nothing at all for no results. */
static void plain_results(lua_State *L, int from, int to, pagu_text *out)
{
    for (int i = from; i <= to; i++) {
        if (i > from)
            add(L, out, "\t");
        values_plain(L, i, out);
    }
    size_t len = pagu_text_len(out);
    if (to >= from && !(len && pagu_text_data(out)[len - 1] == '\n'))
        add(L, out, "\n");
}

static void json_results(lua_State *L, int from, int to, pagu_text *out)
{
    add(L, out, "[");
    for (int i = from; i <= to; i++) {
        if (i > from)
            add(L, out, ",");
        values_json(L, i, out);
    }
    add(L, out, "]");
    add(L, out, "\n");
}

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
        json_results(L, base + 1, top, out);
    else
        plain_results(L, base + 1, top, out);
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
        code = session_open(c, true, c->json, &h);
    if (code == EXIT_DONE)
        code = session_call(c, h, work, &job);
    host_close(h);
    pagu_plan_release(job.plan);
    return code != EXIT_DONE ? code : job.code;
}
