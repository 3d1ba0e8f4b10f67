/* run_record.c - a run of a script kept in a workspace, with its results and its scenario.
 * SPDX-License-Identifier: MIT */
#include "cli/run_result.h"

#include "bind/bind.h"
#include "host/scratch.h"
#include "host/values.h"

#include <stdio.h>

enum { MAX_RESULTS = 64 };

typedef struct record {
    pagu_workspace_run run;
    pagu_workspace_result results[MAX_RESULTS];
    char names[MAX_RESULTS][32];
    char plan_hash[65];
    const pagu_scenario *scenario; /* NULL: none */
} record;

/* Results stay on the Lua stack until the record is written. */
static pagu_text *add_result(lua_State *L, record *r, const char *name, int n)
{
    luaL_checkstack(L, 10, NULL);
    pagu_text *text = scratch_text(L);
    if (r->run.n_results == MAX_RESULTS)
        return text;
    char *own = r->names[r->run.n_results];
    snprintf(own, sizeof r->names[0], n > 1 ? "%s-%d" : "%s", name, n);
    r->results[r->run.n_results].name = own;
    return text;
}

static void end_result(record *r, const pagu_text *text)
{
    if (r->run.n_results < MAX_RESULTS)
        r->results[r->run.n_results++].text = pagu_text_data(text);
}

static void add_table(lua_State *L, record *r, const char *name, int n, int table)
{
    pagu_text *text = add_result(L, r, name, n);
    values_table(L, table, PAGU_FORMAT_CSV, true, text);
    end_result(r, text);
}

static void add_scenario(lua_State *L, record *r, int n, const pagu_scenario *s)
{
    pagu_error err;
    pagu_text *text = add_result(L, r, "scenario", n);
    scratch_check(L, pagu_scenario_write(s, text, &err), &err);
    end_result(r, text);
    r->scenario = s;
}

static pagu_code keep(pagu_workspace *w, const run_job *job, record *r, pagu_error *err)
{
    char reason[64];
    int64_t id = 0;
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    r->run.results = r->results;
    pagu_code code = pagu_workspace_add_run(w, &r->run, &id, err);
    if (code != PAGU_OK || !r->scenario)
        return code;
    snprintf(reason, sizeof reason, "run %lld", (long long)id);
    o.expected = PAGU_ANY_VERSION; /* a script makes its scenario anew; the ones before stay in the history */
    o.reason = reason;
    return pagu_workspace_save(w, job->stem, r->scenario, &o, NULL, err);
}

static void write_record(lua_State *L, run_job *job, record *r)
{
    pagu_error err = { .code = PAGU_OK };
    pagu_workspace *w = NULL;
    const char *hash = bind_script(L);
    r->run.script = job->script;
    r->run.script_hash = hash;
    if (job->plan) {
        scratch_check(L, pagu_plan_hash(job->plan, r->plan_hash, &err), &err);
        r->run.plan_hash = r->plan_hash;
        r->run.stage = pagu_plan_stage_id(job->plan, job->stage);
    }
    job->code = open_workspace(job->c, workspace_path(job->c), PAGU_WORKSPACE_CREATE, &w);
    if (job->code == EXIT_DONE && (err.code = keep(w, job, r, &err)) != PAGU_OK)
        job->code = input_error(job->c, &err);
    pagu_workspace_close(w);
}

static void add_stamp(lua_State *L, record *r)
{
    r->run.stamp = lua_pushfstring(L, "{\"engine\":\"%s\"}", pagu_version());
}

void run_record(lua_State *L, run_job *job, const run_stack *at)
{
    int top = lua_gettop(L);
    record r = { .run = PAGU_WORKSPACE_RUN_INIT };
    pagu_text *params = scratch_text(L);
    values_json(L, at->params, params);
    r.run.params = pagu_text_data(params);
    pagu_text *metrics = add_result(L, &r, "metrics", 1);
    values_json(L, at->values, metrics);
    scratch_check(L, pagu_text_append(metrics, "\n", 1), &(pagu_error){ .code = PAGU_NO_MEMORY });
    end_result(&r, metrics);
    lua_Integer n = (lua_Integer)lua_rawlen(L, at->comparisons);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, at->comparisons, i);
        add_table(L, &r, "comparison", (int)i, lua_gettop(L));
    }
    add_scenario(L, &r, 1, bind_check_scenario(L, at->scenario));
    add_stamp(L, &r);
    write_record(L, job, &r);
    lua_settop(L, top);
}

void run_record_returned(lua_State *L, run_job *job, int from, int to)
{
    int top = lua_gettop(L), tables = 0, scenarios = 0;
    record r = { .run = PAGU_WORKSPACE_RUN_INIT };
    r.run.params = "{}";
    for (int i = from; i <= to; i++) {
        if (bind_test_scenario(L, i))
            add_scenario(L, &r, ++scenarios, bind_test_scenario(L, i));
        else if (bind_test_table(L, i))
            add_table(L, &r, "result", ++tables, i);
    }
    add_stamp(L, &r);
    write_record(L, job, &r);
    lua_settop(L, top);
}
