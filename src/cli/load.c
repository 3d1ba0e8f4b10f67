/* load.c - plans, stages and saved scenarios that the command line names.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_finding(const cli *c, const pagu_finding *f)
{
    char place[512] = "", line[32] = "", column[128] = "";
    if (f->line)
        snprintf(line, sizeof line, ":%u", f->line);
    if (f->column[0])
        snprintf(column, sizeof column, ": %s", f->column);
    if (f->file[0])
        snprintf(place, sizeof place, "%s%s%s: ", f->file, line, column);
    say(c, "%s%s", "%s%s", place, f->message);
}

void print_findings(const cli *c, const pagu_findings *fs, pagu_severity at_least)
{
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++)
        if (pagu_findings_get(fs, i)->severity >= at_least)
            print_finding(c, pagu_findings_get(fs, i));
}

/* What a load says: each fault on a line; a count when there are several. */
int load_error(const cli *c, const char *path, const pagu_findings *fs, pagu_code code, const pagu_error *err)
{
    uint32_t n = pagu_findings_count_at(fs, PAGU_ERROR);
    if (code != PAGU_PACKAGE && code != PAGU_CONFLICT && code != PAGU_SYNTAX)
        return input_error(c, err);
    if (n == 0)
        return input_error(c, err);
    print_findings(c, fs, PAGU_ERROR);
    if (n > 1)
        say(c, "%s: %u galat, tidak ada yang dimuat", "%s: %u errors, nothing was loaded", path, n);
    return EXIT_INPUT;
}

int check_readable(const cli *c, const char *path)
{
    if (access(path, R_OK) == 0)
        return EXIT_DONE;
    say(c, "%s: %s", "%s: %s", path, system_message(c, errno));
    return EXIT_INPUT;
}

int load_plan(const cli *c, const char *path, pagu_findings *fs, pagu_plan **out)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    *out = NULL;
    int result = check_readable(c, path);
    if (result != EXIT_DONE)
        return result;
    pagu_findings *own = fs ? NULL : pagu_findings_new(c->ctx);
    if (!fs && !own)
        return input_error(c, &err);
    pagu_code code = pagu_package_open(c->ctx, path, fs ? fs : own, out, &err);
    err.code = code;
    result = code == PAGU_OK ? EXIT_DONE : load_error(c, path, fs ? fs : own, code, &err);
    pagu_findings_free(own);
    return result;
}

int load_stage(const cli *c, const pagu_plan *plan, pagu_stage *out)
{
    pagu_error err;
    *out = pagu_plan_default_stage(plan);
    if (!c->stage || pagu_plan_find_stage(plan, c->stage, out, &err) == PAGU_OK)
        return EXIT_DONE;
    return input_error(c, &err);
}

static int open_stage(const cli *c, pagu_plan *plan, const char *id, loaded_view *out)
{
    pagu_stage stage;
    pagu_error err;
    if (pagu_plan_find_stage(plan, id, &stage, &err) != PAGU_OK)
        return input_error(c, &err);
    out->view = pagu_view_open(plan, stage);
    return out->view ? EXIT_DONE : input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
}

static int open_scenario(const cli *c, pagu_plan *plan, const char *path, loaded_view *out)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    pagu_findings *fs = pagu_findings_new(c->ctx);
    if (!fs)
        return input_error(c, &err);
    pagu_code code = pagu_scenario_load(plan, path, fs, &out->scenario, &err);
    err.code = code;
    int result = code == PAGU_OK ? EXIT_DONE : load_error(c, path, fs, code, &err);
    pagu_findings_free(fs);
    if (result == EXIT_DONE)
        out->view = pagu_scenario_view(out->scenario);
    return result;
}

typedef struct script_job {
    const cli *c;
    pagu_plan *plan;
    pagu_stage stage;
    const char *path;
    loaded_view *out; /* the view is kept by the state's registry */
} script_job;

static int run_script(lua_State *L)
{
    static const char kept;
    script_job *job = lua_touserdata(L, 1);
    session_set_plan(L, job->plan, job->stage);
    session_push_scenario(L, lua_gettop(L), job->path, job->c->params, job->c->n_params);
    job->out->view = bind_check_view(L, -1);
    snprintf(job->out->script, sizeof job->out->script, "%s", bind_script(L));
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept);
    return 0;
}

static int open_script(const cli *c, pagu_plan *plan, const char *path, loaded_view *out)
{
    script_job job = { .c = c, .plan = plan, .path = path, .out = out };
    int code = load_stage(c, plan, &job.stage);
    if (code == EXIT_DONE)
        code = session_open(c, SESSION_SCRIPT, true, &out->host);
    if (code == EXIT_DONE)
        code = session_call(c, out->host, run_script, &job);
    return code;
}

int load_view(const cli *c, pagu_plan *plan, const char *name, loaded_view *out)
{
    pagu_stage stage;
    const char *dot = strrchr(name, '.');
    *out = (loaded_view){ .view = NULL };
    if (strncmp(name, "stage:", 6) == 0)
        return open_stage(c, plan, name + 6, out);
    if (access(name, F_OK) != 0 && workspace_path(c))
        return load_named(c, plan, name, out);
    if (access(name, F_OK) != 0 && pagu_plan_find_stage(plan, name, &stage, NULL) == PAGU_OK) {
        say(c, "tidak ada berkas \"%s\"; maksud Anda stage:%s?", "no file \"%s\"; did you mean stage:%s?", name, name);
        return EXIT_INPUT;
    }
    int code = check_readable(c, name);
    if (code != EXIT_DONE)
        return code;
    if (dot && strcmp(dot, ".lua") == 0)
        return open_script(c, plan, name, out);
    return c->replay ? load_replayed(c, plan, name, out) : open_scenario(c, plan, name, out);
}

void loaded_view_close(loaded_view *v)
{
    if (v->host)
        host_close(v->host);
    else if (v->scenario)
        pagu_scenario_close(v->scenario);
    else
        pagu_view_close(v->view);
    *v = (loaded_view){ .view = NULL };
}
