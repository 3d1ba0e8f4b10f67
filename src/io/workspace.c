/* workspace.c - opening the database, transactions, errors.
 * SPDX-License-Identifier: MIT */
#include "io/workspace.h"

#include "io/file.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- errors ---- */

pagu_code workspace_error(const pagu_workspace *w, int rc, pagu_error *err)
{
    const pagu_ctx *ctx = w->ctx;
    switch (rc & 0xff) {
    case SQLITE_NOMEM: return err_memory(ctx, err);
    case SQLITE_INTERRUPT: return err_set(ctx, err, PAGU_INTERRUPTED, "interrupted");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        if (pagu_ctx_interrupted(ctx))
            return err_set(ctx, err, PAGU_INTERRUPTED, "interrupted");
        return err_set(ctx, err, PAGU_IO, "%s: another process has been writing for %d ms; try again", w->path,
                       w->busy);
    case SQLITE_FULL: return err_set(ctx, err, PAGU_IO, "%s: the disk is full; nothing was changed", w->path);
    case SQLITE_READONLY:
        return err_set(ctx, err, PAGU_IO, "%s: the file or its folder can't be written; nothing was changed", w->path);
    case SQLITE_CANTOPEN:
        if (w->ready) /* its rollback journal */
            return workspace_error(w, SQLITE_READONLY, err);
        return err_set(ctx, err, PAGU_IO, "%s: it can't be opened", w->path);
    case SQLITE_NOTADB: return err_set(ctx, err, PAGU_PACKAGE, "%s: this is no workspace of pagu", w->path);
    case SQLITE_CORRUPT:
        return err_set(ctx, err, PAGU_PACKAGE, "%s: the workspace is damaged; take a copy from before", w->path);
    case SQLITE_TOOBIG: return err_set(ctx, err, PAGU_LIMIT, "%s: a text is too long for the workspace", w->path);
    default: break;
    }
    int number = w->db ? sqlite3_system_errno(w->db) : 0;
    const char *reason = number ? file_reason(ctx, number) : sqlite3_errstr(rc);
    return err_set(ctx, err, (rc & 0xff) == SQLITE_IOERR ? PAGU_IO : PAGU_PACKAGE, "%s: %s", w->path, reason);
}

/* ---- statements ---- */

query query_of(pagu_workspace *w, const char *sql)
{
    query q = { .w = w };
    q.rc = sqlite3_prepare_v2(w->db, sql, -1, &q.stmt, NULL);
    return q;
}

void query_text(query *q, const char *text)
{
    q->bound++;
    if (q->rc == SQLITE_OK && text)
        q->rc = sqlite3_bind_text64(q->stmt, q->bound, text, strlen(text), SQLITE_STATIC, SQLITE_UTF8);
}

void query_integer(query *q, int64_t value)
{
    q->bound++;
    if (q->rc == SQLITE_OK)
        q->rc = sqlite3_bind_int64(q->stmt, q->bound, value);
}

bool query_next(query *q)
{
    if (q->rc == SQLITE_OK || q->rc == SQLITE_ROW)
        q->rc = sqlite3_step(q->stmt);
    return q->rc == SQLITE_ROW;
}

const char *query_column(query *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q->stmt, column);
    if (!text && sqlite3_column_type(q->stmt, column) != SQLITE_NULL)
        q->rc = SQLITE_NOMEM;
    return text ? text : "";
}

pagu_code query_end(query *q, pagu_error *err)
{
    bool ok = q->rc == SQLITE_OK || q->rc == SQLITE_ROW || q->rc == SQLITE_DONE;
    pagu_code code = ok ? PAGU_OK : workspace_error(q->w, q->rc, err);
    sqlite3_finalize(q->stmt);
    q->stmt = NULL;
    return code;
}

pagu_code workspace_run(pagu_workspace *w, const char *sql, pagu_error *err)
{
    int rc = sqlite3_exec(w->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? PAGU_OK : workspace_error(w, sqlite3_extended_errcode(w->db), err);
}

pagu_code workspace_integer(pagu_workspace *w, const char *sql, int64_t *out, pagu_error *err)
{
    query q = query_of(w, sql);
    *out = query_next(&q) ? sqlite3_column_int64(q.stmt, 0) : 0;
    return query_end(&q, err);
}

pagu_code workspace_begin(pagu_workspace *w, pagu_error *err)
{
    if (!w->writable)
        return err_set(w->ctx, err, PAGU_IO, "%s: it was opened for reading only", w->path);
    return workspace_run(w, "BEGIN IMMEDIATE", err);
}

pagu_code workspace_end(pagu_workspace *w, pagu_code code, pagu_error *err)
{
    if (code == PAGU_OK)
        code = workspace_run(w, "COMMIT", err);
    if (code != PAGU_OK && !sqlite3_get_autocommit(w->db))
        sqlite3_exec(w->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

/* ---- who and when ---- */

void workspace_now(char out[32])
{
    time_t now = time(NULL);
    struct tm t;
    if (!gmtime_r(&now, &t) || !strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &t))
        snprintf(out, 32, "-");
}

const char *workspace_who(const char *given, char buf[128])
{
    char scratch[2048];
    struct passwd user, *found = NULL;
    if (given && *given)
        return given;
    if (getpwuid_r(getuid(), &user, scratch, sizeof scratch, &found) == 0 && found)
        snprintf(buf, 128, "%s", user.pw_name);
    else
        snprintf(buf, 128, "%lu", (unsigned long)getuid());
    return buf;
}

void workspace_hash(const char *text, size_t len, char out[65])
{
    sha256 h;
    sha256_init(&h);
    sha256_add(&h, text, len);
    sha256_hex(&h, out);
}

/* ---- opening ---- */

/* Waits in short naps, so that an interrupt is seen. */
static int wait_for_others(void *ud, int n)
{
    pagu_workspace *w = ud;
    if ((int64_t)n * 5 >= w->busy || pagu_ctx_interrupted(w->ctx))
        return 0;
    usleep(5000);
    return 1;
}

static int poll_interrupt(void *ud)
{
    return pagu_ctx_interrupted(ud);
}

/* A file may come from anywhere: nothing in it may run, and it may reach no other. */
static pagu_code protect(pagu_workspace *w, pagu_error *err)
{
    static const struct {
        int option, value;
    } options[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },       { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },     { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
        { SQLITE_DBCONFIG_DQS_DDL, 0 },         { SQLITE_DBCONFIG_DQS_DML, 0 },
        { SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(options); i++)
        sqlite3_db_config(w->db, options[i].option, options[i].value, NULL);
    sqlite3_limit(w->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(w->db, SQLITE_LIMIT_VDBE_OP, 25000);
    sqlite3_extended_result_codes(w->db, 1);
    sqlite3_busy_handler(w->db, wait_for_others, w);
    sqlite3_progress_handler(w->db, 10000, poll_interrupt, w->ctx);
    return workspace_run(w,
                         "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;"
                         "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = DELETE",
                         err);
}

/* A name that SQLite takes for another thing ("", ":memory:") is a file for us. */
static bool keep_path(pagu_workspace *w, const char *path)
{
    w->path_size = strlen(path) + 3;
    w->path = mem_alloc(w->ctx, w->path_size);
    if (w->path)
        snprintf(w->path, w->path_size, "%s%s", path[0] == ':' ? "./" : "", path);
    return w->path != NULL;
}

static pagu_code check_file(const pagu_workspace *w, pagu_workspace_mode mode, pagu_error *err)
{
    struct stat st;
    if (!*w->path)
        return err_set(w->ctx, err, PAGU_NOT_FOUND, "a workspace needs a file name");
    if (stat(w->path, &st) != 0) {
        if (errno == ENOENT && mode == PAGU_WORKSPACE_CREATE)
            return PAGU_OK;
        return err_set(w->ctx, err, errno == ENOENT ? PAGU_NOT_FOUND : PAGU_IO, "%s: %s", w->path,
                       file_reason(w->ctx, errno));
    }
    if (!S_ISREG(st.st_mode))
        return err_set(w->ctx, err, PAGU_IO, "%s: not a regular file", w->path);
    return PAGU_OK;
}

/* A writer that died left its rollback journal. Only who may write can undo it: done here, and the file is then
 * read as it was before. */
static bool recover(pagu_workspace *w)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(db, w->busy);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        rc = sqlite3_exec(db, "PRAGMA user_version", NULL, NULL, NULL);
    }
    sqlite3_close(db);
    return rc == SQLITE_OK;
}

static pagu_code open_once(pagu_workspace *w, int flags, pagu_error *err)
{
    int rc = sqlite3_open_v2(w->path, &w->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (rc != SQLITE_OK)
        return workspace_error(w, rc, err);
    if (w->writable && sqlite3_db_readonly(w->db, "main") == 1)
        return workspace_error(w, SQLITE_READONLY, err);
    pagu_code code = protect(w, err);
    return code == PAGU_OK ? workspace_prepare(w, err) : code;
}

static pagu_code open_database(pagu_workspace *w, pagu_workspace_mode mode, pagu_error *err)
{
    static const int flags[] = { SQLITE_OPEN_READONLY, SQLITE_OPEN_READWRITE,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE };
    w->writable = mode != PAGU_WORKSPACE_READ;
    pagu_code code = check_file(w, mode, err);
    if (code != PAGU_OK)
        return code;
    code = open_once(w, flags[mode], err);
    bool left = code != PAGU_OK && !w->writable && w->db && (sqlite3_errcode(w->db) & 0xff) == SQLITE_READONLY;
    if (left && recover(w)) {
        sqlite3_close(w->db);
        w->db = NULL;
        code = open_once(w, flags[mode], err);
    }
    w->ready = code == PAGU_OK;
    return code;
}

pagu_code pagu_workspace_open(pagu_ctx *ctx, const char *path, pagu_workspace_mode mode, pagu_workspace **out,
                              pagu_error *err)
{
    *out = NULL;
    pagu_workspace *w = mem_zalloc(ctx, sizeof *w);
    if (!w)
        return err_memory(ctx, err);
    w->ctx = ctx;
    w->busy = 5000;
    pagu_code code = keep_path(w, path) ? open_database(w, mode, err) : err_memory(ctx, err);
    if (code == PAGU_OK)
        *out = w;
    else
        pagu_workspace_close(w);
    return code;
}

void pagu_workspace_close(pagu_workspace *w)
{
    if (!w)
        return;
    sqlite3_close(w->db);
    mem_free(w->ctx, w->path, w->path_size);
    mem_free(w->ctx, w, sizeof *w);
}

void pagu_workspace_set_busy(pagu_workspace *w, int milliseconds)
{
    w->busy = milliseconds < 0 ? 0 : milliseconds;
}
