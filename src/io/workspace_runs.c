/* workspace_runs.c - runs of scripts with their results, and the tables that tell what a workspace holds.
 * SPDX-License-Identifier: MIT */
#include "io/workspace.h"

static pagu_code put_result(pagu_workspace *w, int64_t run, const pagu_workspace_result *r, pagu_error *err)
{
    query q = query_of(w, "INSERT INTO result (run, name, body) VALUES (?, ?, ?)");
    query_integer(&q, run);
    query_text(&q, r->name);
    query_text(&q, r->text);
    query_next(&q);
    return query_end(&q, err);
}

static pagu_code put_run(pagu_workspace *w, const pagu_workspace_run *r, int64_t *id, pagu_error *err)
{
    char now[32], user[128];
    const char *texts[] = { r->script, r->script_hash, r->plan_hash, r->stage, r->params, r->stamp };
    workspace_now(now);
    query q =
        query_of(w, "INSERT INTO run (at, who, script, script_hash, plan_hash, stage, params, stamp) VALUES (?, ?, ?, "
                    "?, ?, ?, ?, ?)");
    query_text(&q, now);
    query_text(&q, workspace_who(r->who, user));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        query_text(&q, texts[i] ? texts[i] : "");
    query_next(&q);
    pagu_code code = query_end(&q, err);
    *id = sqlite3_last_insert_rowid(w->db);
    for (size_t i = 0; i < r->n_results && code == PAGU_OK; i++)
        code = put_result(w, *id, &r->results[i], err);
    event e = { .who = r->who, .what = "run", .name = r->script ? r->script : "", .version = *id };
    return code == PAGU_OK ? workspace_tell(w, &e, err) : code;
}

pagu_code pagu_workspace_add_run(pagu_workspace *w, const pagu_workspace_run *run, int64_t *id, pagu_error *err)
{
    int64_t made = 0;
    pagu_code code = workspace_begin(w, err);
    if (code == PAGU_OK)
        code = workspace_end(w, put_run(w, run, &made, err), err);
    if (code == PAGU_OK && id)
        *id = made;
    return code;
}

pagu_code pagu_workspace_result_text(pagu_workspace *w, int64_t run, const char *name, pagu_text *out, pagu_error *err)
{
    query q = query_of(w, "SELECT body FROM result WHERE run = ? AND name = ?");
    query_integer(&q, run);
    query_text(&q, name);
    bool there = query_next(&q);
    pagu_code code = PAGU_OK;
    if (there) {
        const char *body = query_column(&q, 0);
        code = pagu_text_append(out, body, (size_t)sqlite3_column_bytes(q.stmt, 0));
    }
    pagu_code ended = query_end(&q, err);
    if (ended != PAGU_OK)
        return ended;
    if (code != PAGU_OK)
        return err_memory(w->ctx, err);
    if (there)
        return PAGU_OK;
    return err_set(w->ctx, err, PAGU_UNKNOWN_KEY, "run %lld has no result \"%s\" in the workspace %s", (long long)run,
                   name, w->path);
}

/* ---- tables ---- */

typedef struct table_column {
    const char *name, *title; /* title in the language of the context */
    pagu_column_type type;
} table_column;

static pagu_table *new_table(pagu_ctx *ctx, const table_column *columns, uint32_t n)
{
    pagu_table *t = pagu_table_new(ctx);
    for (uint32_t i = 0; t && i < n; i++)
        if (pagu_table_add_column(t, columns[i].name, columns[i].title, columns[i].type) != PAGU_OK) {
            pagu_table_free(t);
            return NULL;
        }
    return t;
}

/* The rows of a query, column for column; NULL stays missing. */
static pagu_code read_table(query *q, const table_column *columns, uint32_t n, pagu_table **out, pagu_error *err)
{
    pagu_ctx *ctx = q->w->ctx;
    pagu_table *t = new_table(ctx, columns, n);
    bool ok = t != NULL;
    for (uint32_t row = 0; ok && query_next(q); row++) {
        ok = pagu_table_add_row(t) == PAGU_OK;
        for (uint32_t c = 0; ok && c < n; c++) {
            if (sqlite3_column_type(q->stmt, (int)c) == SQLITE_NULL)
                continue;
            if (columns[c].type == PAGU_COL_INTEGER)
                ok = pagu_table_set_money(t, row, c, sqlite3_column_int64(q->stmt, (int)c)) == PAGU_OK;
            else
                ok = pagu_table_set_text(t, row, c, query_column(q, (int)c)) == PAGU_OK;
        }
    }
    pagu_code code = query_end(q, err);
    if (code == PAGU_OK && !ok)
        code = err_memory(ctx, err);
    if (code == PAGU_OK)
        *out = t;
    else
        pagu_table_free(t);
    return code;
}

pagu_code pagu_workspace_list(pagu_workspace *w, pagu_table **out, pagu_error *err)
{
    const pagu_ctx *ctx = w->ctx;
    const table_column columns[] = {
        { "name", tr(ctx, "Name"), PAGU_COL_TEXT },      { "version", tr(ctx, "Version"), PAGU_COL_INTEGER },
        { "stage", tr(ctx, "Stage"), PAGU_COL_TEXT },    { "year", tr(ctx, "Year"), PAGU_COL_INTEGER },
        { "steps", tr(ctx, "Steps"), PAGU_COL_INTEGER }, { "at", tr(ctx, "Saved at"), PAGU_COL_TEXT },
        { "who", tr(ctx, "Who"), PAGU_COL_TEXT },        { "reason", tr(ctx, "Reason"), PAGU_COL_TEXT },
        { "hash", tr(ctx, "Content"), PAGU_COL_TEXT },   { "base", tr(ctx, "Base"), PAGU_COL_TEXT },
    };
    query q =
        query_of(w, "SELECT name, version, stage, year, steps, at, who, nullif(reason, ''), hash, base FROM scenario "
                    "ORDER BY name");
    return read_table(&q, columns, COUNT_OF(columns), out, err);
}

pagu_code pagu_workspace_history(pagu_workspace *w, const char *name, pagu_table **out, pagu_error *err)
{
    const pagu_ctx *ctx = w->ctx;
    const table_column columns[] = {
        { "at", tr(ctx, "Time"), PAGU_COL_TEXT },
        { "who", tr(ctx, "Who"), PAGU_COL_TEXT },
        { "what", tr(ctx, "Action"), PAGU_COL_TEXT },
        { "name", tr(ctx, "Name"), PAGU_COL_TEXT },
        { "version", tr(ctx, "Version"), PAGU_COL_INTEGER },
        { "reason", tr(ctx, "Reason"), PAGU_COL_TEXT },
        { "before", tr(ctx, "Before"), PAGU_COL_TEXT },
        { "after", tr(ctx, "After"), PAGU_COL_TEXT },
    };
    query q =
        query_of(w, "SELECT at, who, what, name, version, nullif(reason, ''), before, after FROM history WHERE ?1 IS "
                    "NULL OR name = ?1 ORDER BY id");
    query_text(&q, name);
    return read_table(&q, columns, COUNT_OF(columns), out, err);
}

pagu_code pagu_workspace_runs(pagu_workspace *w, pagu_table **out, pagu_error *err)
{
    const pagu_ctx *ctx = w->ctx;
    const table_column columns[] = {
        { "run", tr(ctx, "Run"), PAGU_COL_INTEGER },
        { "at", tr(ctx, "Time"), PAGU_COL_TEXT },
        { "who", tr(ctx, "Who"), PAGU_COL_TEXT },
        { "script", tr(ctx, "Script"), PAGU_COL_TEXT },
        { "script_hash", tr(ctx, "Script hash"), PAGU_COL_TEXT },
        { "plan_hash", tr(ctx, "Plan"), PAGU_COL_TEXT },
        { "stage", tr(ctx, "Stage"), PAGU_COL_TEXT },
        { "params", tr(ctx, "Parameters"), PAGU_COL_TEXT },
        { "results", tr(ctx, "Results"), PAGU_COL_TEXT },
    };
    query q = query_of(
        w, "SELECT id, at, who, script, script_hash, plan_hash, stage, params, (SELECT group_concat(name, ' ') "
           "FROM (SELECT name FROM result WHERE run = id ORDER BY name)) FROM run ORDER BY id DESC");
    return read_table(&q, columns, COUNT_OF(columns), out, err);
}
