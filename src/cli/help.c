/* help.c - help texts from the tables.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <stdio.h>

void help_program(const cli *c)
{
    printf("pagu %s - %s\n\n", pagu_version(),
           pick(c->lang, "mesin perencanaan anggaran kinerja", "a planning engine for performance budgets"));
    puts(pick(c->lang, "Pemakaian: pagu PERINTAH …", "Usage: pagu COMMAND …"));
    for (const command *k = commands; k->name; k++)
        printf("  %-9s %s\n", k->name, pick(c->lang, k->summary.id, k->summary.en));
    puts(pick(c->lang, "\nOpsi:", "\nOptions:"));
    help_options(c, OPT_LANG | OPT_VERSION | OPT_HELP);
    puts(pick(c->lang,
              "\npagu PERINTAH --help menjelaskan sebuah perintah.\n"
              "Kode keluar: 0 selesai, 1 ada temuan, 2 salah pakai, 3 masukan salah, 4 galat skrip, 5 galat lain.",
              "\npagu COMMAND --help explains a command.\n"
              "Exit codes: 0 done, 1 findings, 2 usage, 3 bad input, 4 script error, 5 other errors."));
}

void help_command(const cli *c, const command *k)
{
    printf("pagu %s - %s\n\n", k->name, pick(c->lang, k->summary.id, k->summary.en));
    printf("%s: pagu %s [%s] %s\n\n", pick(c->lang, "Pemakaian", "Usage"), k->name, pick(c->lang, "opsi", "options"),
           pick(c->lang, k->arguments.id, k->arguments.en));
    puts(pick(c->lang, k->details.id, k->details.en));
    puts(pick(c->lang, "\nOpsi:", "\nOptions:"));
    help_options(c, k->options | OPT_HELP | OPT_LANG | OPT_QUIET | OPT_MEMORY);
}
