/* cmd_sweep.c - pagu sweep SCRIPT: a scenario script for many values of its parameters.
 *
 * Plan and script are loaded once; members run in processes forked from this one (sweep_pool.h), so that
 * each is a function of plan, script, parameters and seed only, and any number of jobs gives the same
 * bytes. Their lines go to the store as they come; the result is made of them at the end.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/sweep.h"
#include "host/interrupt.h"
#include "host/scratch.h"
#include "host/script.h"

#include <lauxlib.h>

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char sweep_key; /* of the Lua object in the registry */

/* ---- options ---- */

static int add_text(const char ***list, size_t *n, const char *text)
{
    const char **grown = realloc(*list, (*n + 1) * sizeof *grown);
    if (!grown)
        return EXIT_INTERNAL;
    *list = grown;
    grown[(*n)++] = text;
    return EXIT_DONE;
}

static int take_count(const cli *c, const char *name, const char *value, unsigned least, unsigned most, unsigned *out)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    if (errno || *end || end == value || *value == '-' || n < least || n > most)
        return usage_error(c, "--%s %s: isi bilangan bulat %u … %u", "--%s %s: give a whole number %u … %u", name,
                           value, least, most);
    *out = (unsigned)n;
    return EXIT_DONE;
}

int sweep_option(cli *c, const char *name, const char *value)
{
    sweep_options *o = &c->sweep;
    if (strcmp(name, "grid") == 0)
        return add_text(&o->grids, &o->n_grids, value);
    if (strcmp(name, "range") == 0)
        return add_text(&o->ranges, &o->n_ranges, value);
    if (strcmp(name, "jobs") == 0)
        return take_count(c, name, value, 1, 1024, &o->jobs);
    if (strcmp(name, "timeout") == 0)
        return take_count(c, name, value, 0, 1000000, &o->timeout);
    if (strcmp(name, "list") == 0)
        o->list = value;
    else if (strcmp(name, "lhs") == 0)
        o->lhs = value;
    else if (strcmp(name, "seed") == 0)
        o->seed = value;
    else if (strcmp(name, "store") == 0)
        o->store = value;
    else if (strcmp(name, "shard") == 0)
        o->shard = value;
    else
        o->resume = true;
    return EXIT_DONE;
}

/* ---- preparing ---- */

static void set_texts(lua_State *L, const char *field, const char *const *texts, size_t n)
{
    lua_createtable(L, (int)n, 0);
    for (size_t i = 0; i < n; i++) {
        lua_pushstring(L, texts[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, field);
}

static void set_text(lua_State *L, const char *field, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, field);
}

/* The list is read here: the user names it, so it need not lie where scripts may read. */
static void set_list(lua_State *L, const char *path)
{
    int options = lua_gettop(L);
    set_text(L, "list", path);
    lua_createtable(L, 4, 0);
    int n = bind_push_csv(L, path);
    for (int i = n; i >= 1; i--)
        lua_rawseti(L, options + 1, i);
    lua_settop(L, options + 1);
    lua_setfield(L, options, "list_read");
}

/* Push { params, grid, list, lhs = { n, ranges }, seed, shard }. */
static void push_options(lua_State *L, const cli *c)
{
    const sweep_options *o = &c->sweep;
    lua_createtable(L, 0, 6);
    set_texts(L, "params", c->params, c->n_params);
    set_texts(L, "grid", o->grids, o->n_grids);
    if (o->list)
        set_list(L, o->list);
    set_text(L, "seed", o->seed);
    set_text(L, "shard", o->shard);
    if (o->lhs || o->n_ranges > 0) {
        lua_createtable(L, 0, 2);
        set_text(L, "n", o->lhs);
        set_texts(L, "ranges", o->ranges, o->n_ranges);
        lua_setfield(L, -2, "lhs");
    }
}

/* Everything that is wrong, a line each. The list lies at the top. */
static int tell_problems(lua_State *L, const cli *c)
{
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
        say(c, "%s", "%s", lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    return EXIT_USAGE;
}

/* The sweep lies at the top: its header and the numbers of its members. */
static void take_sweep(lua_State *L, sweep_job *job)
{
    int sweep = lua_gettop(L);
    lua_getfield(L, sweep, "header");
    job->header = strdup(lua_tostring(L, -1));
    lua_getfield(L, sweep, "members");
    job->n = (uint32_t)lua_rawlen(L, -1);
    job->members = malloc(job->n * sizeof *job->members);
    for (uint32_t i = 0; job->members && i < job->n; i++) {
        lua_rawgeti(L, sweep + 2, (lua_Integer)i + 1);
        job->members[i] = (uint32_t)lua_tointeger(L, -1);
        job->most = job->members[i]; /* they ascend */
        lua_pop(L, 1);
    }
    if (!job->header || !job->members || !sweep_lines_open(job))
        luaL_error(L, "not enough memory");
    lua_pushnil(L);
    lua_setfield(L, sweep, "members"); /* members are forked from what this state holds */
    lua_settop(L, sweep);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &sweep_key);
}

/* Push what members branch: the stage, or a branch of the scenario, so that this state owns it. */
static void push_view(lua_State *L, sweep_job *job)
{
    pagu_scenario *s = NULL;
    pagu_error err;
    session_set_plan(L, job->plan, job->stage);
    if (!job->base.view)
        return;
    scratch_check(L, pagu_branch(job->base.view, pagu_view_name(job->base.view), &s, &err), &err);
    bind_push_scenario(L, s);
    lua_replace(L, -2);
}

static int prepare(lua_State *L)
{
    sweep_job *job = lua_touserdata(L, 1);
    push_view(L, job);
    int view = lua_gettop(L);
    script_run_file(L, job->c->args[0]);
    lua_settop(L, view + 1);
    script_push_object(L, view + 1, job->c->args[0]);
    script_push_library(L, "pagu.sweep.command", "open");
    lua_pushvalue(L, view + 2);
    lua_pushvalue(L, view);
    push_options(L, job->c);
    lua_call(L, 3, 2);
    if (lua_isnil(L, -2)) {
        job->code = tell_problems(L, job->c);
        return 0;
    }
    lua_pop(L, 1);
    take_sweep(L, job);
    return 0;
}

/* ---- going on with a store ---- */

typedef struct resume_call {
    sweep_job *job;
    const pagu_text *text;
} resume_call;

static int take_stored(lua_State *L)
{
    resume_call *call = lua_touserdata(L, 1);
    sweep_job *job = call->job;
    size_t len;
    script_push_library(L, "pagu.sweep.command", "resume");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &sweep_key);
    lua_pushlstring(L, pagu_text_data(call->text), pagu_text_len(call->text));
    lua_pushstring(L, job->store.path);
    lua_call(L, 3, 2);
    if (lua_isnil(L, -2)) {
        say(job->c, "%s", "%s", lua_tostring(L, -1));
        job->code = EXIT_INPUT;
        return 0;
    }
    for (uint32_t i = 0; i < job->n; i++) {
        if (lua_rawgeti(L, -2, job->members[i]) == LUA_TSTRING) {
            const char *line = lua_tolstring(L, -1, &len);
            sweep_keep(job, job->members[i], line, len);
        }
        lua_pop(L, 1);
    }
    return 0;
}

/* Members that the store has are not run again. */
static void drop_done(sweep_job *job)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < job->n; i++) {
        if (!job->lines[job->members[i]])
            job->members[left++] = job->members[i];
    }
    job->done = job->n - left;
    job->n = left;
    if (job->done > 0 && !job->c->quiet)
        say(job->c, "%u anggota dari %s dipakai lagi", "%u members of %s are used again", job->done, job->store.path);
}

static int open_store(sweep_job *job)
{
    const sweep_options *o = &job->c->sweep;
    pagu_text *text = pagu_text_new(job->c->ctx);
    if (!text)
        return input_error(job->c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    int code = store_open(&job->store, job->c, o->store, o->resume, text);
    if (code == EXIT_DONE && pagu_text_len(text) > 0) {
        resume_call call = { job, text };
        code = session_call(job->c, job->h, take_stored, &call);
    } else if (code == EXIT_DONE && !store_append(&job->store, job->header, strlen(job->header))) {
        code = EXIT_INTERNAL;
    }
    pagu_text_free(text);
    code = code != EXIT_DONE ? code : job->code;
    if (code == EXIT_DONE)
        drop_done(job);
    return code;
}

/* ---- members ---- */

/* In the member's process. */
static int run_member(lua_State *L)
{
    sweep_job *job = lua_touserdata(L, 1);
    size_t len;
    script_push_library(L, "pagu.sweep.command", "line");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &sweep_key);
    lua_pushinteger(L, job->member);
    lua_call(L, 2, 1);
    const char *line = lua_tolstring(L, -1, &len);
    pool_write(job->to, POOL_RESULT, line, len);
    return 0;
}

/* Push the line of a member that gave none. */
static int push_failed(lua_State *L, const sweep_job *job)
{
    script_push_library(L, "pagu.sweep.command", "failed");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &sweep_key);
    lua_pushinteger(L, job->member);
    lua_pushstring(L, job->why);
    lua_pushinteger(L, job->detail);
    lua_call(L, 4, 1);
    return lua_gettop(L);
}

static int keep_failed(lua_State *L)
{
    sweep_job *job = lua_touserdata(L, 1);
    size_t len;
    const char *line = lua_tolstring(L, push_failed(L, job), &len);
    sweep_keep(job, job->member, line, len);
    return 0;
}

static void run(void *ud, uint32_t member, int to)
{
    sweep_job *job = ud;
    pagu_error err;
    job->member = member;
    job->to = to;
    interrupt_after(job->c->sweep.timeout, POOL_EXIT, "");
    host_status status = host_call(job->h, run_member, job, &err);
    interrupt_after(0, 0, "");
    if (status == HOST_TIME)
        pool_write(to, POOL_TIME, "", 0);
    else if (status == HOST_MEMORY)
        pool_write(to, POOL_MEMORY, "", 0);
    else if (status != HOST_OK)
        _exit(POOL_EXIT);
}

static void take(void *ud, uint32_t member, pool_end end, int detail, const char *bytes, size_t len)
{
    static const char *const whys[] = { "", "time", "memory", "signal", "exit", "big" };
    sweep_job *job = ud;
    job->done++;
    if (end == POOL_RESULT) {
        sweep_keep(job, member, bytes, len);
    } else {
        pagu_error err;
        job->member = member;
        job->why = whys[end];
        job->detail = end == POOL_TIME ? (int)job->c->sweep.timeout : detail;
        if (host_call(job->h, keep_failed, job, &err) != HOST_OK)
            job->out_of_memory = true;
    }
    const char *line = job->lines[member];
    if (!line)
        return;
    job->failed += strstr(line, ",\"error\":\"") != NULL;
    store_append(&job->store, line, strlen(line));
}

static void worker_died(void *ud, int signal, uint32_t n)
{
    sweep_job *job = ud;
    progress_end(&job->shown);
    say(job->c, "sebuah proses pekerja mati (sinyal %d); %u anggotanya dijalankan lagi",
        "a worker process died (signal %d); its %u members are run again", signal, n);
    progress_start(&job->shown, job->c, job->done + job->n, job->done);
}

static void idle(void *ud)
{
    sweep_job *job = ud;
    progress_show(&job->shown, job->done, job->failed);
}

static bool stopped(void *ud)
{
    const sweep_job *job = ud;
    return interrupt_pending() != INTERRUPT_NONE || job->store.failed || job->out_of_memory;
}

static int tell_stopped(const sweep_job *job, uint32_t total)
{
    if (job->out_of_memory)
        return input_error(job->c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    if (job->store.failed)
        return EXIT_INTERNAL;
    if (job->store.fd >= 0)
        say(job->c, "dihentikan: %u dari %u anggota tersimpan di %s; lanjutkan dengan perintah yang sama dan --resume",
            "stopped: %u of %u members are in %s; go on with the same command and --resume", job->done, total,
            job->store.path);
    else
        say(job->c, "dihentikan sesudah %u dari %u anggota; dengan --store BERKAS penyapuan dapat dilanjutkan",
            "stopped after %u of %u members; with --store FILE a sweep can be gone on with", job->done, total);
    return EXIT_INTERRUPTED;
}

/* Cores that this process may use. */
static unsigned own_cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 1 ? (unsigned)n : 1;
}

static int run_members(sweep_job *job)
{
    unsigned jobs = job->c->sweep.jobs ? job->c->sweep.jobs : own_cores();
    uint32_t total = job->done + job->n;
    pool p = { .tasks = job->members, .n = job->n, .timeout = job->c->sweep.timeout, .ud = job };
    p.jobs = jobs > job->n && job->n > 0 ? job->n : jobs;
    p.run = run;
    p.take = take;
    p.worker_died = worker_died;
    p.idle = idle;
    p.stopped = stopped;
    lua_gc(host_lua(job->h), LUA_GCINC, 400, 0, 0); /* members share this memory until they write to it: */
    lua_gc(host_lua(job->h), LUA_GCCOLLECT);        /* let them collect late */
    malloc_trim(0);
    progress_start(&job->shown, job->c, total, job->done);
    pool_status status = pool_run(&p);
    int why = errno;
    progress_end(&job->shown);
    bool kept = store_sync(&job->store);
    if (status == POOL_NO_PROCESS) {
        say(job->c, "tidak ada proses yang dapat dimulai: %s", "no process can be started: %s",
            system_message(job->c, why));
        return EXIT_INTERNAL;
    }
    if (status == POOL_STOPPED || !kept || job->out_of_memory)
        return tell_stopped(job, total);
    return EXIT_DONE;
}

static int write_all(lua_State *L)
{
    sweep_write(L, lua_touserdata(L, 1));
    return 0;
}

/* ---- the command ---- */

static int run_sweep(cli *c, sweep_job *job)
{
    int code = session_open(c, SESSION_SCRIPT, true, &job->h);
    c->time_limit = c->sweep.timeout; /* loading the script is no longer than a member */
    if (code == EXIT_DONE)
        code = session_call(c, job->h, prepare, job);
    c->time_limit = 0;
    if (code == EXIT_DONE && job->code == EXIT_DONE)
        code = open_store(job);
    if (code == EXIT_DONE && job->code == EXIT_DONE)
        code = run_members(job);
    if (code == EXIT_DONE && job->code == EXIT_DONE) {
        job->n += job->done;
        code = session_call(c, job->h, write_all, job);
    }
    return code == EXIT_DONE ? sweep_print(job) : code;
}

static int check_usage(const cli *c)
{
    if (c->sweep.resume && !c->sweep.store)
        return usage_error(c, "--resume memerlukan --store BERKAS", "--resume needs --store FILE");
    if (c->n_args > 1)
        return usage_error(c, "satu skrip saja; untuk beberapa masa depan pakai --list",
                           "one script only; for several futures use --list");
    return EXIT_DONE;
}

static int load_base(const cli *c, sweep_job *job)
{
    cli saved = *c; /* --param is the script's, not the scenario's */
    saved.n_params = 0;
    return c->scenario ? load_view(&saved, job->plan, c->scenario, &job->base) : EXIT_DONE;
}

int cmd_sweep(cli *c)
{
    if (strcmp(c->args[0], "merge") == 0 && c->n_args > 1)
        return sweep_merge(c);
    sweep_job job = { .c = c, .code = EXIT_DONE, .store = { .fd = -1 } };
    const char *path = c->plan ? c->plan : access("datapackage.json", R_OK) == 0 ? "." : NULL;
    int code = check_usage(c);
    if (code == EXIT_DONE && !path)
        code = usage_error(c, "beri --plan RENCANA", "give --plan PLAN");
    if (code == EXIT_DONE)
        code = sweep_format(&job);
    if (code == EXIT_DONE)
        code = check_readable(c, c->args[0]);
    if (code == EXIT_DONE)
        code = load_plan(c, path, NULL, &job.plan);
    if (code == EXIT_DONE)
        code = load_stage(c, job.plan, &job.stage);
    if (code == EXIT_DONE)
        code = load_base(c, &job);
    if (code == EXIT_DONE)
        code = run_sweep(c, &job);
    store_close(&job.store);
    host_close(job.h);
    sweep_free(&job);
    loaded_view_close(&job.base);
    pagu_plan_release(job.plan);
    return code != EXIT_DONE ? code : job.code;
}
