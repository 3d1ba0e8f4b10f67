/* workspace_schema.c - tables of a workspace, and how older ones come to have them.
 *
 * A file is ours when its application_id says so and its schema is, statement for statement, what its version
 * makes: a stranger's trigger, view or index is a reason to refuse it, not something that runs.
 *
 * SPDX-License-Identifier: MIT */
#include "io/workspace.h"

#include "io/file.h"

#include <stdio.h>
#include <unistd.h>

/* What each version added, in its order. Statements stand in the file as they stand here: never change one. */
static const struct {
    int version;
    const char *sql;
} statements[] = {
    { 1, "CREATE TABLE text (hash TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT" },
    { 1, "CREATE TABLE scenario (name TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL CHECK (version > 0), "
         "text_hash TEXT NOT NULL REFERENCES text (hash), hash TEXT NOT NULL, stage TEXT NOT NULL, year INTEGER NOT "
         "NULL, base TEXT NOT NULL, steps INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL) "
         "STRICT" },
    { 1, "CREATE TABLE history (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, name "
         "TEXT NOT NULL, version INTEGER, before TEXT, after TEXT, text_hash TEXT REFERENCES text (hash), reason TEXT "
         "NOT NULL) STRICT" },
    { 1, "CREATE INDEX history_name ON history (name, version)" },
    { 1, "CREATE TRIGGER history_no_update BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history stays'); END" },
    { 1, "CREATE TRIGGER history_no_delete BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history stays'); END" },
    { 1, "CREATE TABLE run (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, script TEXT NOT NULL, "
         "script_hash TEXT NOT NULL, plan_hash TEXT NOT NULL, stage TEXT NOT NULL, params TEXT NOT NULL, stamp TEXT "
         "NOT NULL) STRICT" },
    { 2, "CREATE TABLE result (run INTEGER NOT NULL REFERENCES run (id), name TEXT NOT NULL, body TEXT NOT NULL, "
         "PRIMARY KEY (run, name)) STRICT" },
};

static pagu_code refuse(const pagu_workspace *w, pagu_error *err)
{
    return err_set(w->ctx, err, PAGU_PACKAGE, "%s: this is no workspace of pagu", w->path);
}

/* ---- checking ---- */

static bool is_statement(const char *sql, int version)
{
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        if (statements[i].version <= version && str_eq(statements[i].sql, sql))
            return true;
    return false;
}

static pagu_code check_schema(pagu_workspace *w, int version, pagu_error *err)
{
    size_t wanted = 0, found = 0;
    bool foreign = false;
    for (size_t i = 0; i < COUNT_OF(statements); i++)
        wanted += statements[i].version <= version;
    query q = query_of(w, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL OR type NOT IN ('index')");
    while (query_next(&q)) {
        foreign |= !is_statement(query_column(&q, 0), version);
        found++;
    }
    pagu_code code = query_end(&q, err);
    return code == PAGU_OK && (foreign || found != wanted) ? refuse(w, err) : code;
}

/* ---- making ---- */

static pagu_code add_versions(pagu_workspace *w, int from, pagu_error *err)
{
    char pragma[64];
    pagu_code code = PAGU_OK;
    for (size_t i = 0; i < COUNT_OF(statements) && code == PAGU_OK; i++)
        if (statements[i].version > from)
            code = workspace_run(w, statements[i].sql, err);
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %d", WORKSPACE_SCHEMA);
    if (code == PAGU_OK)
        code = workspace_run(w, pragma, err);
    snprintf(pragma, sizeof pragma, "PRAGMA application_id = %d", WORKSPACE_APPLICATION);
    return code == PAGU_OK ? workspace_run(w, pragma, err) : code;
}

/* An empty database becomes ours. Another process may have been first: the transaction tells. */
static pagu_code create(pagu_workspace *w, pagu_error *err)
{
    int64_t version, tables;
    pagu_code code = workspace_begin(w, err);
    if (code != PAGU_OK)
        return code;
    code = workspace_integer(w, "PRAGMA user_version", &version, err);
    if (code == PAGU_OK)
        code = workspace_integer(w, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (code == PAGU_OK && version == 0 && tables == 0)
        code = add_versions(w, 0, err);
    return workspace_end(w, code, err);
}

/* Copy the whole database to a name that is free. */
static pagu_code back_up(pagu_workspace *w, int version, pagu_error *err)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s.v%d", w->path, version);
    for (int i = 2; i < 100 && access(path, F_OK) == 0; i++)
        n = snprintf(path, sizeof path, "%s.v%d-%d", w->path, version, i);
    if (n < 0 || (size_t)n >= sizeof path || access(path, F_OK) == 0)
        return err_set(w->ctx, err, PAGU_IO, "%s: no free name for a copy of it", w->path);
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    sqlite3_backup *copy = rc == SQLITE_OK ? sqlite3_backup_init(to, "main", w->db, "main") : NULL;
    if (copy) {
        rc = sqlite3_backup_step(copy, -1);
        int last = sqlite3_backup_finish(copy);
        rc = rc == SQLITE_DONE ? last : rc;
    } else if (rc == SQLITE_OK) {
        rc = sqlite3_errcode(to);
    }
    sqlite3_close(to);
    if (rc == SQLITE_OK)
        return PAGU_OK;
    unlink(path);
    return workspace_error(w, rc, err);
}

static pagu_code migrate(pagu_workspace *w, int version, pagu_error *err)
{
    int64_t now;
    if (!w->writable)
        return err_set(w->ctx, err, PAGU_PACKAGE, "%s: the workspace is of an older pagu; open it once for writing",
                       w->path);
    pagu_code code = back_up(w, version, err);
    if (code == PAGU_OK)
        code = workspace_begin(w, err);
    if (code != PAGU_OK)
        return code;
    code = workspace_integer(w, "PRAGMA user_version", &now, err); /* another process may have been first */
    if (code == PAGU_OK && now == version)
        code = add_versions(w, version, err);
    return workspace_end(w, code, err);
}

pagu_code workspace_prepare(pagu_workspace *w, pagu_error *err)
{
    int64_t application, version, tables;
    pagu_code code = workspace_integer(w, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (code == PAGU_OK)
        code = workspace_integer(w, "PRAGMA user_version", &version, err);
    if (code == PAGU_OK && tables == 0 && version == 0 && w->writable)
        code = create(w, err);
    if (code == PAGU_OK)
        code = workspace_integer(w, "PRAGMA application_id", &application, err);
    if (code == PAGU_OK)
        code = workspace_integer(w, "PRAGMA user_version", &version, err);
    if (code != PAGU_OK)
        return code;
    if (application != WORKSPACE_APPLICATION || version < 1)
        return refuse(w, err);
    if (version > WORKSPACE_SCHEMA)
        return err_set(w->ctx, err, PAGU_PACKAGE,
                       "%s: the workspace is of a newer pagu (schema %lld, this one knows %d)", w->path,
                       (long long)version, WORKSPACE_SCHEMA);
    code = check_schema(w, (int)version, err);
    return code == PAGU_OK && version < WORKSPACE_SCHEMA ? migrate(w, (int)version, err) : code;
}

/* ---- verifying ---- */

static pagu_code check_texts(pagu_workspace *w, pagu_error *err)
{
    char hash[65];
    bool damaged = false;
    query q = query_of(w, "SELECT hash, body FROM text ORDER BY hash");
    while (!damaged && query_next(&q)) {
        const char *body = query_column(&q, 1);
        workspace_hash(body, (size_t)sqlite3_column_bytes(q.stmt, 1), hash);
        damaged = !str_eq(hash, query_column(&q, 0));
    }
    pagu_code code = query_end(&q, err);
    return code == PAGU_OK && damaged ? workspace_error(w, SQLITE_CORRUPT, err) : code;
}

pagu_code pagu_workspace_verify(pagu_workspace *w, pagu_error *err)
{
    static const char *const checks[] = { "PRAGMA integrity_check(1)", "PRAGMA foreign_key_check" };
    pagu_code code = PAGU_OK;
    for (size_t i = 0; i < COUNT_OF(checks) && code == PAGU_OK; i++) {
        query q = query_of(w, checks[i]);
        bool damaged = query_next(&q) && !(i == 0 && str_eq(query_column(&q, 0), "ok"));
        code = query_end(&q, err);
        if (code == PAGU_OK && damaged)
            code = workspace_error(w, SQLITE_CORRUPT, err);
    }
    return code == PAGU_OK ? check_texts(w, err) : code;
}
