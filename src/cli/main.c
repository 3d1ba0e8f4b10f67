/* main.c - the program: options before the command, the command, the exit code.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "bind/guess.h"
#include "host/interrupt.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_MEMORY ((size_t)1 << 30)

/* A file opened later must not become stdin, stdout or stderr. A closed stdout stays an error:
 * opened read-only, writing to it fails. */
static void keep_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) != fd)
            _exit(EXIT_INTERNAL);
}

static pagu_lang lang_of_environment(void)
{
    const char *lang = getenv("PAGU_LANG");
    return lang && strncmp(lang, "en", 2) == 0 ? PAGU_LANG_EN : PAGU_LANG_ID;
}

static int unknown_command(const cli *c, const char *name)
{
    guess g;
    guess_start(&g, name);
    for (const command *k = commands; k->name; k++)
        guess_offer(&g, k->name);
    if (g.best[0])
        return usage_error(c, "tidak ada perintah '%s'; maksud Anda %s?", "there is no command '%s'; did you mean %s?",
                           name, g.best);
    return usage_error(c, "tidak ada perintah '%s'", "there is no command '%s'", name);
}

static int check_arguments(const cli *c)
{
    const command *k = c->command;
    if (c->n_args >= k->min_args && (k->max_args < 0 || c->n_args <= k->max_args))
        return EXIT_DONE;
    return usage_error(c, "pemakaian: pagu %s %s", "usage: pagu %s %s", k->name,
                       pick(c->lang, k->arguments.id, k->arguments.en));
}

static int run_command(cli *c)
{
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    o.memory_limit = c->memory_limit;
    o.lang = c->lang;
    c->ctx = pagu_ctx_new(&o);
    if (!c->ctx) {
        say(c, "memori habis", "out of memory");
        return EXIT_INTERNAL;
    }
    interrupt_watch(c->ctx);
    int code = c->command->run(c);
    interrupt_unwatch();
    pagu_ctx_free(c->ctx);
    c->ctx = NULL;
    return code;
}

/* argv[0] is the command's name. */
static int dispatch(cli *c, int argc, char **argv)
{
    unsigned common = OPT_HELP | OPT_LANG | OPT_QUIET | OPT_MEMORY;
    c->command = command_find(argv[0]);
    if (!c->command)
        return unknown_command(c, argv[0]);
    int code = options_read(c, argc, argv, c->command->options | common, false);
    if (code != EXIT_DONE)
        return code;
    if (c->help) {
        help_command(c, c->command);
        return EXIT_DONE;
    }
    code = check_arguments(c);
    return code == EXIT_DONE ? run_command(c) : code;
}

static int start(cli *c, int argc, char **argv)
{
    static char *repl[] = { "repl", NULL };
    int code = options_read(c, argc, argv, OPT_HELP | OPT_LANG | OPT_QUIET | OPT_VERSION, true);
    if (code != EXIT_DONE)
        return code;
    if (c->version) {
        printf("pagu %s\n", pagu_version());
        return EXIT_DONE;
    }
    if (c->help) {
        const command *k = c->n_args > 0 ? command_find(c->args[0]) : NULL;
        if (k)
            help_command(c, k);
        else
            help_program(c);
        return EXIT_DONE;
    }
    int rest = argc - c->n_args;
    return c->n_args > 0 ? dispatch(c, argc - rest, argv + rest) : dispatch(c, 1, repl);
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    cli c = { .lang = lang_of_environment(), .width = -1, .memory_limit = DEFAULT_MEMORY };
    c.args = calloc((size_t)argc + 1, sizeof *c.args);
    int code = c.args ? start(&c, argc, argv) : EXIT_INTERNAL;
    code = close_output(&c, code);
    free(c.args);
    free(c.params);
    free(c.sweep.grids);
    free(c.sweep.ranges);
    return code;
}
