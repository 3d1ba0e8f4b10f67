/* cmd_sweep.c - pagu sweep SCRIPT: a scenario script for many values of its parameters.
 *
 * Plan and script are loaded once; members run in processes forked from this one (sweep_pool.h), so that
 * each is a function of plan, script, parameters and seed only, and any number of jobs gives the same
 * bytes. Their lines go to the store as they come; the result is made of them at the end.
 *
 * SPDX-License-Identifier: MIT */
#include "cli/sweep.h"
#include "host/interrupt.h"
#include "host/script.h"

#include <lauxlib.h>

#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- members ---- */

/* In the member's process. */
static int run_member(lua_State *L)
{
    sweep_job *job = lua_touserdata(L, 1);
    size_t len;
    script_push_library(L, "pagu.sweep.command", "line");
    sweep_push(L);
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
    sweep_push(L);
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

/* A line is one, and of that member: Lua can be made to write what it likes into its process. */
static bool is_line_of(uint32_t member, const char *bytes, size_t len)
{
    char head[40];
    size_t n = (size_t)snprintf(head, sizeof head, "{\"member\":%u,", member);
    return len > n && memcmp(bytes, head, n) == 0 && !memchr(bytes, '\n', len) && !memchr(bytes, '\0', len);
}

static void take(void *ud, uint32_t member, pool_end end, int detail, const char *bytes, size_t len)
{
    static const char *const whys[] = { "", "time", "memory", "signal", "exit", "big" };
    sweep_job *job = ud;
    job->done++;
    if (end == POOL_RESULT && !is_line_of(member, bytes, len))
        end = POOL_EXIT;
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

/* The lock of the store must not outlive this process in another. */
static void in_worker(void *ud)
{
    store_close(&((sweep_job *)ud)->store);
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
    p.in_worker = in_worker;
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
        code = session_call(c, job->h, sweep_prepare, job);
    c->time_limit = 0;
    if (code == EXIT_DONE && job->code == EXIT_DONE)
        code = sweep_open_store(job);
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
    if (c->sweep.store && c->out_file && strcmp(c->sweep.store, c->out_file) == 0)
        return usage_error(c, "--store dan -o menyebut berkas yang sama", "--store and -o name the same file");
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
