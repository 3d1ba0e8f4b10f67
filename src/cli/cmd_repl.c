/* cmd_repl.c - pagu repl [PLAN]: the prompt, with the plan and a scenario on it.
 * SPDX-License-Identifier: MIT */
#include "cli/session.h"
#include "host/repl.h"
#include "host/script.h"
#include "host/terminal.h"

#include <stdio.h>
#include <unistd.h>

typedef struct repl_job {
    pagu_plan *plan;
    pagu_stage stage;
} repl_job;

static int set_globals(lua_State *L)
{
    repl_job *job = lua_touserdata(L, 1);
    session_set_plan(L, job->plan, job->stage);
    if (!job->plan)
        return 0;
    session_branch(L, lua_gettop(L), "repl");
    script_set_global(L, "s");
    return 0;
}

static void write_banner(const cli *c, const pagu_plan *plan, pagu_stage stage, char *out, size_t size)
{
    const char *title = plan ? pagu_plan_meta(plan, "title") : NULL;
    if (plan)
        snprintf(out, size, pick(c->lang, "pagu %s: %s %d, tahap %s", "pagu %s: %s %d, stage %s"), pagu_version(),
                 title ? title : "", pagu_plan_year(plan), pagu_plan_stage_id(plan, stage));
    else
        snprintf(out, size,
                 pick(c->lang, "pagu %s, tanpa rencana; plan = pagu.open \"FOLDER\" membukanya",
                      "pagu %s, no plan; plan = pagu.open \"FOLDER\" opens one"),
                 pagu_version());
}

int cmd_repl(cli *c)
{
    const char *path = c->n_args > 0 ? c->args[0] : access("datapackage.json", R_OK) == 0 ? "." : NULL;
    repl_job job = { NULL, 0 };
    host *h = NULL;
    int code = EXIT_DONE;
    if (path)
        code = load_plan(c, path, NULL, &job.plan);
    if (code == EXIT_DONE && job.plan)
        code = load_stage(c, job.plan, &job.stage);
    if (code == EXIT_DONE)
        code = session_open(c, SESSION_TYPED, false, &h);
    if (code == EXIT_DONE)
        code = session_call(c, h, set_globals, &job);
    if (code == EXIT_DONE) {
        char banner[400];
        write_banner(c, job.plan, job.stage, banner, sizeof banner);
        repl_options o = {
            .plan_path = path, .no_edit = c->no_edit, .fixed_width = c->width >= 0, .banner = c->quiet ? NULL : banner
        };
        int failed = repl_run(h, &o);
        code = failed > 0 && !terminal_is(stdin) ? EXIT_SCRIPT : EXIT_DONE;
    }
    host_close(h);
    pagu_plan_release(job.plan);
    return code;
}
