/* cmd_merge.c - pagu merge PLAN OURS THEIRS [BASE]: two scenarios into one.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

#include <string.h>

typedef struct merge_job {
    const cli *c;
    pagu_plan *plan;
    loaded_view views[3]; /* ours, theirs, base */
    pagu_view *stage;     /* the base unless one is named */
    pagu_scenario *merged;
    pagu_table *conflicts;
} merge_job;

static int read_policy(const cli *c, pagu_policy *out)
{
    static const char *const names[] = { "ask", "ours", "theirs" };
    for (int i = 0; i < 3; i++)
        if (!c->policy || strcmp(c->policy, names[i]) == 0) {
            *out = (pagu_policy)i;
            return EXIT_DONE;
        }
    return usage_error(c, "--policy %s: pilih ask, ours, atau theirs", "--policy %s: choose ask, ours or theirs",
                       c->policy);
}

static int load(merge_job *job)
{
    const cli *c = job->c;
    int code = load_plan(c, c->args[0], NULL, &job->plan);
    for (int i = 0; i + 1 < c->n_args && code == EXIT_DONE; i++)
        code = load_view(c, job->plan, c->args[1 + i], &job->views[i]);
    if (code != EXIT_DONE || c->n_args > 3)
        return code;
    job->stage = pagu_view_open(job->plan, pagu_view_stage(job->views[0].view));
    return job->stage ? EXIT_DONE : input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
}

/* To standard output: -o names the scenario. */
static int print_conflicts(const merge_job *job)
{
    cli plain = *job->c;
    pagu_error err = { .code = PAGU_OK };
    pagu_table *copy = NULL;
    plain.out_file = NULL;
    if (pagu_table_row_count(job->conflicts) == 0)
        return EXIT_DONE;
    if (!job->c->json)
        err.code = bind_people_copy(job->c->ctx, job->conflicts, &copy);
    int code = err.code == PAGU_OK ? write_table(&plain, copy ? copy : job->conflicts, pagu_plan_decimals(job->plan))
                                   : input_error(job->c, &err);
    pagu_table_free(copy);
    return code;
}

static int write_merged(const merge_job *job)
{
    const cli *c = job->c;
    pagu_error err = { .code = PAGU_OK };
    if (c->out_file && (err.code = pagu_scenario_save(job->merged, c->out_file, &err)) != PAGU_OK) {
        input_error(c, &err);
        return EXIT_INTERNAL;
    }
    if (!c->out_file && !c->quiet)
        say(c, "hanya dicoba; -o BERKAS menulis hasilnya", "only tried; -o FILE writes the result");
    return EXIT_DONE;
}

static int merge(merge_job *job, pagu_policy policy)
{
    pagu_error err = { .code = PAGU_OK };
    pagu_merge_options o = PAGU_MERGE_OPTIONS_INIT;
    pagu_view *ours = job->views[0].view, *base = job->stage ? job->stage : job->views[2].view;
    o.policy = policy;
    o.reason = job->c->reason;
    err.code = pagu_branch(ours, pagu_view_name(ours), &job->merged, &err);
    if (err.code == PAGU_OK)
        err.code = pagu_merge(job->merged, base, job->views[1].view, &o, &job->conflicts, &err);
    if (err.code != PAGU_OK && err.code != PAGU_CONFLICT)
        return input_error(job->c, &err);
    int code = print_conflicts(job);
    if (code != EXIT_DONE || err.code == PAGU_OK)
        return code == EXIT_DONE ? write_merged(job) : code;
    input_error(job->c, &err);
    return EXIT_FINDINGS;
}

int cmd_merge(cli *c)
{
    merge_job job = { .c = c };
    pagu_policy policy = PAGU_POLICY_ASK;
    int code = read_policy(c, &policy);
    if (code == EXIT_DONE)
        code = load(&job);
    if (code == EXIT_DONE)
        code = merge(&job, policy);
    pagu_table_free(job.conflicts);
    pagu_scenario_close(job.merged);
    pagu_view_close(job.stage);
    for (int i = 3; i-- > 0;)
        loaded_view_close(&job.views[i]);
    pagu_plan_release(job.plan);
    return code;
}
