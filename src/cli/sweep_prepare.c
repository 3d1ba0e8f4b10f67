/* sweep_prepare.c - what pagu sweep does before members run: options, script, design, and what its store
 * holds already.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/sweep.h"
#include "host/scratch.h"
#include "host/script.h"

#include <lauxlib.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

void sweep_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &sweep_key);
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

int sweep_prepare(lua_State *L)
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
    sweep_push(L);
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

int sweep_open_store(sweep_job *job)
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
