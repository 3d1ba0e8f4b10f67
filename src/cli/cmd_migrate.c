/* cmd_migrate.c - pagu migrate PLAN --map FILE --to VERSION -o DIR: a plan moved to other codes.
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"
#include "pagu/codes.h"

#include <string.h>

typedef struct migrate_job {
    const cli *c;
    pagu_plan *plan, *moved;
    pagu_codes *map, *codes;
    pagu_table *moves;
    pagu_findings *findings;
} migrate_job;

static int read_options(const cli *c, pagu_migrate_options *o)
{
    o->from = c->from;
    o->to = c->to;
    o->names = c->names;
    if (!c->to)
        return usage_error(c, "migrate perlu --to VERSI", "migrate needs --to VERSION");
    if (!c->unmapped)
        return EXIT_DONE;
    if (strcmp(c->unmapped, "keep") == 0)
        o->unmapped = PAGU_UNMAPPED_KEEP;
    else if (strcmp(c->unmapped, "follow") == 0)
        o->unmapped = PAGU_UNMAPPED_FOLLOW;
    else
        return usage_error(c, "--unmapped %s: pilih keep atau follow", "--unmapped %s: choose keep or follow",
                           c->unmapped);
    return EXIT_DONE;
}

/* A table to standard output: -o names the package. */
static int print_table(const cli *c, const pagu_table *t, int decimals)
{
    cli plain = *c;
    plain.out_file = NULL;
    return write_table(&plain, t, decimals);
}

static int print_conflicts(const migrate_job *job, const pagu_error *err)
{
    pagu_table *t = NULL, *copy = NULL;
    pagu_error e = { .code = PAGU_OK };
    if ((e.code = bind_findings_table(job->findings, &t, &e)) == PAGU_OK && !job->c->json)
        e.code = bind_people_copy(job->c->ctx, t, &copy);
    int code = e.code == PAGU_OK ? print_table(job->c, copy ? copy : t, 0) : input_error(job->c, &e);
    pagu_table_free(copy);
    pagu_table_free(t);
    input_error(job->c, err);
    return code == EXIT_DONE ? EXIT_FINDINGS : code;
}

static int open_tables(migrate_job *job, pagu_migrate_options *o)
{
    const cli *c = job->c;
    pagu_error err = { .code = PAGU_OK };
    if (c->map)
        err.code = pagu_codes_open(c->ctx, c->map, PAGU_CODES_MAP, job->findings, &job->map, &err);
    if (err.code == PAGU_OK && c->codes)
        err.code = pagu_codes_open(c->ctx, c->codes, PAGU_CODES_LIST, job->findings, &job->codes, &err);
    o->map = job->map;
    o->codes = job->codes;
    return err.code == PAGU_OK ? EXIT_DONE : input_error(c, &err);
}

static int move(migrate_job *job, const pagu_migrate_options *o)
{
    const cli *c = job->c;
    pagu_error err = { .code = PAGU_OK };
    err.code = pagu_codes_migrate(job->plan, o, job->findings, &job->moved, &job->moves, &err);
    if (err.code == PAGU_CONFLICT)
        return print_conflicts(job, &err);
    if (err.code != PAGU_OK)
        return input_error(c, &err);
    int code = print_table(c, job->moves, pagu_plan_decimals(job->plan));
    if (code == EXIT_DONE && c->out_file && (err.code = pagu_package_save(job->moved, c->out_file, &err)) != PAGU_OK) {
        input_error(c, &err);
        return EXIT_INTERNAL;
    }
    if (code == EXIT_DONE && !c->out_file && !c->quiet)
        say(c, "hanya diperiksa; -o FOLDER menulis hasilnya", "only tried; -o DIR writes the result");
    return code;
}

int cmd_migrate(cli *c)
{
    migrate_job job = { .c = c, .findings = pagu_findings_new(c->ctx) };
    pagu_migrate_options o = PAGU_MIGRATE_INIT;
    if (!job.findings)
        return input_error(c, &(pagu_error){ .code = PAGU_NO_MEMORY });
    int code = read_options(c, &o);
    if (code == EXIT_DONE)
        code = load_plan(c, c->args[0], NULL, &job.plan);
    if (code == EXIT_DONE)
        code = open_tables(&job, &o);
    if (code == EXIT_DONE)
        code = move(&job, &o);
    pagu_table_free(job.moves);
    pagu_codes_close(job.map);
    pagu_codes_close(job.codes);
    pagu_plan_release(job.moved);
    pagu_plan_release(job.plan);
    pagu_findings_free(job.findings);
    return code;
}
