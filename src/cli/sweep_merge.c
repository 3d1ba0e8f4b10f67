/* sweep_merge.c - pagu sweep merge FILE…: the shards of a sweep put together. And how a result is
 * written, which is the same for a sweep.
 * SPDX-License-Identifier: MIT */
#include "cli/sweep.h"
#include "host/scratch.h"
#include "host/script.h"

#include <lauxlib.h>

#include <stdlib.h>
#include <string.h>

int sweep_format(sweep_job *job)
{
    pagu_error err;
    pagu_format known;
    const cli *c = job->c;
    const char *dot = c->out_file ? strrchr(c->out_file, '.') : NULL;
    job->format = c->json ? "json" : c->format ? c->format : dot ? dot + 1 : "text";
    if (strcmp(job->format, "pdf") == 0) {
        job->format = "html";
        job->page = pagu_text_new(c->ctx);
        return job->page ? EXIT_DONE : input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    }
    if (strcmp(job->format, "jsonl") == 0 || pagu_format_parse(c->ctx, job->format, &known, &err) == PAGU_OK)
        return EXIT_DONE;
    if (c->format && !c->json)
        return usage_error(c, "--format: %s", "--format: %s", err.message);
    job->format = "text";
    return EXIT_DONE;
}

int sweep_print(const sweep_job *job)
{
    return job->page ? write_as_pdf(job->c, pagu_text_data(job->page), pagu_text_len(job->page)) : EXIT_DONE;
}

/* Push the list of the lines there are. */
static void push_lines(lua_State *L, sweep_job *job)
{
    lua_Integer n = 0;
    lua_createtable(L, (int)job->n, 0);
    for (uint32_t k = 1; k <= job->most; k++) {
        if (!job->lines[k])
            continue;
        lua_pushstring(L, job->lines[k]);
        lua_rawseti(L, -2, ++n);
    }
}

void sweep_write(lua_State *L, sweep_job *job)
{
    size_t len;
    script_push_library(L, "pagu.sweep.command", "render");
    lua_pushstring(L, job->header);
    push_lines(L, job);
    lua_pushliteral(L, "sweep");
    lua_pushstring(L, job->format);
    lua_createtable(L, 0, 2);
    lua_pushinteger(L, result_width(job->c));
    lua_setfield(L, -2, "width");
    lua_pushboolean(L, job->page != NULL);
    lua_setfield(L, -2, "paper");
    lua_call(L, 5, 2);
    const char *bytes = lua_tolstring(L, -2, &len);
    if (job->page)
        scratch_check(L, pagu_text_append(job->page, bytes, len), &(pagu_error){ .code = PAGU_NO_MEMORY });
    else
        job->code = write_result(job->c, bytes, len);
    if (job->code == EXIT_DONE && lua_tointeger(L, -1) > 0)
        job->code = EXIT_FINDINGS;
}

/* ---- merge ---- */

static void push_store(lua_State *L, const cli *c, const char *path)
{
    pagu_error err;
    pagu_text *text = scratch_text(L);
    scratch_check(L, pagu_read_all(c->ctx, path, 0, text, &err), &err);
    lua_createtable(L, 2, 0);
    lua_pushstring(L, path);
    lua_rawseti(L, -2, 1);
    lua_pushlstring(L, pagu_text_data(text), pagu_text_len(text));
    lua_rawseti(L, -2, 2);
    lua_remove(L, -2);
}

/* The header and the table of lines lie at the top. */
static void take_merged(lua_State *L, sweep_job *job)
{
    int lines = lua_gettop(L);
    size_t len;
    job->most = job->n = (uint32_t)lua_rawlen(L, lines);
    job->header = strdup(lua_tostring(L, lines - 1));
    job->out_of_memory = !job->header || !sweep_lines_open(job);
    for (uint32_t k = 1; k <= job->most && !job->out_of_memory; k++) {
        lua_rawgeti(L, lines, k);
        const char *line = lua_tolstring(L, -1, &len);
        sweep_keep(job, k, line, len);
        lua_pop(L, 1);
    }
    if (job->out_of_memory)
        luaL_error(L, "not enough memory");
    lua_settop(L, lines - 2);
}

static int merge(lua_State *L)
{
    sweep_job *job = lua_touserdata(L, 1);
    const cli *c = job->c;
    script_push_library(L, "pagu.sweep.command", "merge");
    lua_createtable(L, c->n_args - 1, 0);
    for (int i = 1; i < c->n_args; i++) {
        push_store(L, c, c->args[i]);
        lua_rawseti(L, -2, i);
    }
    lua_call(L, 1, 2);
    if (lua_isnil(L, -2)) {
        say(c, "%s", "%s", lua_tostring(L, -1));
        job->code = EXIT_INPUT;
        return 0;
    }
    take_merged(L, job);
    sweep_write(L, job);
    return 0;
}

int sweep_merge(const cli *c)
{
    sweep_job job = { .c = c, .code = EXIT_DONE };
    int code = sweep_format(&job);
    for (int i = 1; i < c->n_args && code == EXIT_DONE; i++)
        code = check_readable(c, c->args[i]);
    if (code == EXIT_DONE)
        code = session_open(c, SESSION_TYPED, false, &job.h);
    if (code == EXIT_DONE)
        code = session_call(c, job.h, merge, &job);
    if (code == EXIT_DONE)
        code = sweep_print(&job);
    host_close(job.h);
    sweep_free(&job);
    return code != EXIT_DONE ? code : job.code;
}
