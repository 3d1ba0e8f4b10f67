/* cli.h - the command line: one table of commands, one of options, and what commands share.
 *
 * A command reads c->args and the options, writes results to stdout and everything else to
 * stderr, and returns an exit code. Help is made from the tables.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CLI_H
#define PAGU_SRC_CLI_H

#include "host/host.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_FINDINGS = 1, /* findings, or a rule broken */
    EXIT_USAGE = 2,
    EXIT_INPUT = 3, /* a plan, a saved scenario or a name in them */
    EXIT_SCRIPT = 4,
    EXIT_INTERNAL = 5,
    EXIT_INTERRUPTED = 130
};

/* A text in both languages. */
typedef struct words {
    const char *id, *en;
} words;

/* Options, as bits; each command says which it takes. */
enum option_bit {
    OPT_HELP = 1 << 0,
    OPT_LANG = 1 << 1,
    OPT_QUIET = 1 << 2,
    OPT_MEMORY = 1 << 3, /* every command's */
    OPT_STAGE = 1 << 4,
    OPT_PLAN = 1 << 5,
    OPT_PARAM = 1 << 6,
    OPT_OUT = 1 << 7,
    OPT_JSON = 1 << 8,
    OPT_FORMAT = 1 << 9,
    OPT_FILE = 1 << 10,
    OPT_TRUST = 1 << 11,
    OPT_SCENARIO = 1 << 12,
    OPT_YEAR = 1 << 13,
    OPT_FIELD = 1 << 14,
    OPT_LEVEL = 1 << 15,
    OPT_ALL = 1 << 16,
    OPT_TIME = 1 << 17,
    OPT_NO_EDIT = 1 << 18,
    OPT_VERSION = 1 << 19,
    OPT_WIDTH = 1 << 20,
    OPT_ONLY = 1 << 21,
    OPT_CODES = 1 << 22,
    OPT_UNIT = 1 << 23,
    OPT_RULE = 1 << 24,
    OPT_SEVERITY = 1 << 25,
    OPT_RULES = 1 << 26,
    OPT_EXPLAIN = 1 << 27,
    OPT_SWEEP = 1 << 29, /* those of sweep, told apart by their names */
    OPT_IMPORT = 1 << 30 /* those of import, in the same way */
};
/* An enum holds 31 of them. */
typedef uint64_t option_bits;
#define OPT_MAP (UINT64_C(1) << 32)
#define OPT_TO (UINT64_C(1) << 33)
#define OPT_FROM (UINT64_C(1) << 34)
#define OPT_UNMAPPED (UINT64_C(1) << 35)
#define OPT_NAMES (UINT64_C(1) << 36)
#define OPT_FORM (UINT64_C(1) << 37)
#define OPT_SUPPRESS (UINT64_C(1) << 40)
#define OPT_AT (UINT64_C(1) << 41)
#define OPT_REASON (UINT64_C(1) << 42)
#define OPT_WORKSPACE (UINT64_C(1) << 50)
#define OPT_REPLAY (UINT64_C(1) << 51)
#define OPT_APPLY (UINT64_C(1) << 52)
#define OPT_YEARS (UINT64_C(1) << 53)
#define OPT_OVERWRITE (UINT64_C(1) << 54)
#define OPT_POLICY (UINT64_C(1) << 55)
#define OPT_SHOW (UINT64_C(1) << 58)
#define OPT_BY (UINT64_C(1) << 59)
/* How saved scenarios come onto a plan. */
#define OPT_SAVED (OPT_WORKSPACE | OPT_REPLAY | OPT_APPLY | OPT_YEARS | OPT_MAP | OPT_TO)

typedef struct cli cli;

typedef struct command {
    const char *name;
    words arguments; /* as in the usage line */
    words summary, details;
    int min_args, max_args; /* max -1: any number */
    option_bits options;
    int (*run)(cli *c);
} command;

typedef struct import_options {
    const char *tmpl, *sheet, *into, *own_field;
    bool dry_run, round, partial, replace, no_printed;
    char decimal;
} import_options;

typedef struct sweep_options {
    const char **grids, **ranges; /* "name=…" */
    size_t n_grids, n_ranges;
    const char *list, *lhs, *seed, *store, *shard;
    bool resume;
    unsigned jobs, timeout; /* processes (0: one a core), seconds a member (0: no limit) */
} sweep_options;

struct cli {
    pagu_ctx *ctx;
    pagu_lang lang;
    const command *command;
    char **args;
    int n_args;
    bool quiet, json, trust, all, no_edit, help, version, names;
    const char *stage, *plan, *out_dir, *out_file, *format, *scenario, *year, *field, *level, *only, *codes, *unit,
        *form;
    const char *map, *to, *from, *unmapped;
    const char *workspace, *replay, *apply, *years, *policy;
    bool overwrite;
    const char *show, *by; /* columns and tree of a comparison */
    bool rules;            /* list them */
    const char *rule, *severity, *explain, *suppress, *at, *reason;
    const char **params; /* "name=value" */
    size_t n_params;
    int width;           /* of tables; -1: not given */
    unsigned time_limit; /* seconds; 0: none */
    size_t memory_limit; /* bytes */
    import_options import;
    sweep_options sweep;
};

/* ---- commands.c ---- */
extern const command commands[]; /* ends with a NULL name */
const command *command_find(const char *name);

/* ---- options.c ---- */
/* Read options and arguments; EXIT_DONE, or EXIT_USAGE after saying what is wrong.
 * stop_early: end at the first argument (options before the command). */
int options_read(cli *c, int argc, char **argv, option_bits allowed, bool stop_early);

/* ---- help.c ---- */
void help_program(const cli *c);
void help_command(const cli *c, const command *command);
/* Print the table of the options in `allowed`. */
void help_options(const cli *c, option_bits allowed);

/* ---- output.c ---- */
/* "pagu: message" to stderr, in the language of the program. */
void say(const cli *c, const char *id, const char *en, ...) __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* The same, and where to find help; returns EXIT_USAGE. */
int usage_error(const cli *c, const char *id, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* What errno says, in the language of the program. */
const char *system_message(const cli *c, int error);
/* Print an engine's error; returns the exit code for input that can't be used. */
int input_error(const cli *c, const pagu_error *err);
/* Print a host's error; returns its exit code. */
int script_error(const cli *c, host_status status, const pagu_error *err);
/* Write a result to stdout, or whole or not at all to c->out_file. */
int write_result(const cli *c, const char *bytes, size_t len);
int write_file(const cli *c, const char *path, const char *bytes, size_t len);
/* The format asked for by --json, --format or the name of the output file. */
int result_format(const cli *c, pagu_format *out);
/* Columns for tables: --width, else the terminal's, else a default; 0: any width. */
int result_width(const cli *c);
bool has_own_width(const cli *c); /* asked for, or a terminal's: a report's own doesn't count then */
/* Render a table and write it as a result. decimals: of money. */
int write_table(const cli *c, const pagu_table *t, int decimals);
/* Flush stdout; a result that didn't arrive is an error. */
int close_output(const cli *c, int code);

/* ---- pdf.c ---- */
/* Make a PDF of a page without scripts, and write it as a result. EXIT_INTERNAL without a tool. */
int write_as_pdf(const cli *c, const char *html, size_t len);

/* ---- load.c ---- */
/* Open a package; on failure print its findings and return an exit code. Findings of a plan that
 * loads go to fs, if given. */
int load_plan(const cli *c, const char *path, pagu_findings *fs, pagu_plan **out);
/* EXIT_DONE if the file or folder can be read, else EXIT_INPUT after saying why. */
int check_readable(const cli *c, const char *path);
/* Say what a load found: each fault on a line; returns the exit code. */
int load_error(const cli *c, const char *path, const pagu_findings *fs, pagu_code code, const pagu_error *err);
/* The stage of --stage, else the default one. */
int load_stage(const cli *c, const pagu_plan *plan, pagu_stage *out);
/* A view named on the command line: stage:NAME, a saved scenario, or a scenario script (.lua). */
typedef struct loaded_view {
    pagu_view *view;
    pagu_scenario *scenario; /* of a saved scenario */
    host *host;              /* of a script: owns the view */
    char script[65];         /* its hash, or "" */
} loaded_view;
int load_view(const cli *c, pagu_plan *plan, const char *name, loaded_view *out);

/* ---- saved.c ---- */
/* The file of --workspace, else of PAGU_WORKSPACE, else NULL. */
const char *workspace_path(const cli *c);
/* A workspace; EXIT_DONE, or an exit code after saying why. */
int open_workspace(const cli *c, const char *path, pagu_workspace_mode mode, pagu_workspace **out);
/* A scenario of the workspace by name, onto its stage, or replayed as --replay says. */
int load_named(const cli *c, pagu_plan *plan, const char *name, loaded_view *out);
/* A saved scenario, replayed as --replay says. */
int load_replayed(const cli *c, pagu_plan *plan, const char *path, loaded_view *out);
void loaded_view_close(loaded_view *v);
/* Print findings of at least this severity, one line each, to stderr. */
void print_findings(const cli *c, const pagu_findings *fs, pagu_severity at_least);

/* ---- cmd_*.c ---- */
int cmd_check(cli *c);
int cmd_compare(cli *c);
int cmd_eval(cli *c);
int cmd_explain(cli *c);
int cmd_export(cli *c);
int cmd_schema(cli *c);
int cmd_migrate(cli *c);
int cmd_import(cli *c);
/* Take an option of import. */
int import_option(cli *c, const char *name, const char *value);
int cmd_repl(cli *c);
int cmd_report(cli *c);
int cmd_run(cli *c);
int cmd_sweep(cli *c);
int cmd_workspace(cli *c);
int cmd_merge(cli *c);
/* Take an option of sweep. */
int sweep_option(cli *c, const char *name, const char *value);

/* ---- JSON schemas, generated from schema/ ---- */

typedef struct cli_schema {
    const char *name; /* NULL ends the list */
    const char *bytes;
    size_t len;
} cli_schema;
extern const cli_schema cli_schemas[];

#endif
