/* workspace.h - the workspace database: what its files share. The only place that sees SQLite.
 *
 *     workspace.c        opening, closing, transactions, errors
 *     workspace_schema.c tables, application_id, migrations, what a stranger's file lacks
 *     workspace_save.c   scenarios: saving, reading, removing
 *     workspace_runs.c   runs and their results, tables of what there is
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_WORKSPACE_H
#define PAGU_SRC_WORKSPACE_H

#include "base/base.h"
#include "pagu/workspace.h"

#include <sqlite3.h>

#define WORKSPACE_APPLICATION 0x50616775
#define WORKSPACE_SCHEMA 2

struct pagu_workspace {
    pagu_ctx *ctx;
    sqlite3 *db;
    char *path;
    size_t path_size;
    int busy; /* milliseconds */
    bool writable, ready;
};

/* ---- errors ---- */

/* What SQLite says of the last call, as ours: which file, and what would help. */
pagu_code workspace_error(const pagu_workspace *w, int rc, pagu_error *err);

/* ---- statements ---- */

/* One statement in hand; the first failure sticks. */
typedef struct query {
    pagu_workspace *w;
    sqlite3_stmt *stmt;
    int rc, bound;
} query;
query query_of(pagu_workspace *w, const char *sql);
void query_text(query *q, const char *text);
void query_integer(query *q, int64_t value);
/* True while there is a row. */
bool query_next(query *q);
/* Text of a column of the row, "" for NULL; valid until the next. */
const char *query_column(query *q, int column);
/* End it; the error of any of its calls. */
pagu_code query_end(query *q, pagu_error *err);

/* Run statements without results. */
pagu_code workspace_run(pagu_workspace *w, const char *sql, pagu_error *err);
/* One integer (of a pragma or query); absent 0. */
pagu_code workspace_integer(pagu_workspace *w, const char *sql, int64_t *out, pagu_error *err);

/* Begin a writing transaction, waiting for others; commit, or take it back when code says so. */
pagu_code workspace_begin(pagu_workspace *w, pagu_error *err);
pagu_code workspace_end(pagu_workspace *w, pagu_code code, pagu_error *err);

/* ---- schema ---- */

/* Make or check the schema of an open database. */
pagu_code workspace_prepare(pagu_workspace *w, pagu_error *err);

/* ---- who and when ---- */

void workspace_now(char out[32]); /* UTC, "2026-11-25T08:00:00Z" */
const char *workspace_who(const char *given, char buf[128]);
void workspace_hash(const char *text, size_t len, char out[65]);

/* Add to the history. Numbers below 1 and NULL texts are left empty. */
typedef struct event {
    const char *who, *what, *name, *before, *after, *text_hash, *reason;
    int64_t version;
} event;
pagu_code workspace_tell(pagu_workspace *w, const event *e, pagu_error *err);

#endif
