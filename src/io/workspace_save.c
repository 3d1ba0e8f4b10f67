/* workspace_save.c - scenarios by name: saved, read, removed.
 * SPDX-License-Identifier: MIT */
#include "io/workspace.h"

#include <stdio.h>

pagu_code workspace_tell(pagu_workspace *w, const event *e, pagu_error *err)
{
    char now[32], user[128];
    workspace_now(now);
    query q = query_of(w, "INSERT INTO history (at, who, what, name, version, before, after, text_hash, reason) "
                          "VALUES (?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?)");
    query_text(&q, now);
    query_text(&q, workspace_who(e->who, user));
    query_text(&q, e->what);
    query_text(&q, e->name);
    query_integer(&q, e->version);
    query_text(&q, e->before);
    query_text(&q, e->after);
    query_text(&q, e->text_hash);
    query_text(&q, e->reason ? e->reason : "");
    query_next(&q);
    return query_end(&q, err);
}

/* Text that prints on one line. */
static pagu_code check_name(const pagu_workspace *w, const char *name, pagu_error *err)
{
    size_t len = name ? strlen(name) : 0;
    bool ok = len >= 1 && len <= 200;
    for (size_t i = 0; ok && i < len; i++)
        ok = (unsigned char)name[i] >= 0x20 && name[i] != 0x7f;
    if (ok)
        return PAGU_OK;
    return err_set(w->ctx, err, PAGU_ARGUMENT, "a name in a workspace has 1 to 200 bytes and no control characters");
}

/* ---- what is there ---- */

typedef struct saved_state {
    int64_t version; /* 0: none */
    char hash[65], text_hash[65], who[128], at[32];
} saved_state;

static pagu_code find_state(pagu_workspace *w, const char *name, saved_state *out, pagu_error *err)
{
    *out = (saved_state){ 0 };
    query q = query_of(w, "SELECT version, hash, text_hash, who, at FROM scenario WHERE name = ?");
    query_text(&q, name);
    if (query_next(&q)) {
        out->version = sqlite3_column_int64(q.stmt, 0);
        snprintf(out->hash, sizeof out->hash, "%s", query_column(&q, 1));
        snprintf(out->text_hash, sizeof out->text_hash, "%s", query_column(&q, 2));
        snprintf(out->who, sizeof out->who, "%s", query_column(&q, 3));
        snprintf(out->at, sizeof out->at, "%s", query_column(&q, 4));
    }
    return query_end(&q, err);
}

static pagu_code check_expected(const pagu_workspace *w, const char *name, const saved_state *now, int64_t expected,
                                pagu_error *err)
{
    if (expected == PAGU_ANY_VERSION || expected == now->version)
        return PAGU_OK;
    if (now->version == 0)
        return err_set(w->ctx, err, PAGU_CONFLICT, "scenario \"%s\" is no longer in the workspace %s; save it anew",
                       name, w->path);
    return err_set(w->ctx, err, PAGU_CONFLICT,
                   "scenario \"%s\" is at version %lld"
                   ", saved by %s at %s, and this is not made from it: load that "
                   "one, or overwrite it",
                   name, (long long)now->version, now->who, now->at);
}

/* The version after every one that the name ever had: a removed scenario's numbers don't come back. */
static pagu_code next_version(pagu_workspace *w, const char *name, int64_t *out, pagu_error *err)
{
    query q = query_of(w, "SELECT coalesce(max(version), 0) + 1 FROM history WHERE name = ? AND what <> 'run'");
    query_text(&q, name);
    *out = query_next(&q) ? sqlite3_column_int64(q.stmt, 0) : 1;
    return query_end(&q, err);
}

/* ---- saving ---- */

typedef struct save_call {
    const char *name, *text;
    const pagu_workspace_save_options *o;
    const pagu_scenario *s;
    char hash[65], base[65], text_hash[65];
    int64_t steps, version;
} save_call;

static pagu_code put_text(pagu_workspace *w, const save_call *c, pagu_error *err)
{
    query q = query_of(w, "INSERT INTO text (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING");
    query_text(&q, c->text_hash);
    query_text(&q, c->text);
    query_next(&q);
    return query_end(&q, err);
}

static pagu_code put_scenario(pagu_workspace *w, const save_call *c, pagu_error *err)
{
    char now[32], user[128];
    const pagu_view *v = pagu_scenario_view((pagu_scenario *)(uintptr_t)c->s);
    const pagu_plan *plan = pagu_view_plan(v);
    workspace_now(now);
    query q =
        query_of(w, "INSERT OR REPLACE INTO scenario (name, version, text_hash, hash, stage, year, base, steps, at, "
                    "who, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    query_text(&q, c->name);
    query_integer(&q, c->version);
    query_text(&q, c->text_hash);
    query_text(&q, c->hash);
    query_text(&q, pagu_plan_stage_id(plan, pagu_view_stage(v)));
    query_integer(&q, pagu_plan_year(plan));
    query_text(&q, c->base);
    query_integer(&q, c->steps);
    query_text(&q, now);
    query_text(&q, workspace_who(c->o->who, user));
    query_text(&q, c->o->reason ? c->o->reason : "");
    query_next(&q);
    return query_end(&q, err);
}

static pagu_code save(pagu_workspace *w, save_call *c, pagu_error *err)
{
    saved_state now;
    pagu_code code = find_state(w, c->name, &now, err);
    if (code == PAGU_OK)
        code = check_expected(w, c->name, &now, c->o->expected, err);
    if (code != PAGU_OK)
        return code;
    if (now.version && str_eq(now.text_hash, c->text_hash)) {
        c->version = now.version;
        return PAGU_OK;
    }
    code = next_version(w, c->name, &c->version, err);
    if (code == PAGU_OK)
        code = put_text(w, c, err);
    if (code == PAGU_OK)
        code = put_scenario(w, c, err);
    event e = { .who = c->o->who,
                .what = "save",
                .name = c->name,
                .before = now.version ? now.hash : NULL,
                .after = c->hash,
                .text_hash = c->text_hash,
                .reason = c->o->reason,
                .version = c->version };
    return code == PAGU_OK ? workspace_tell(w, &e, err) : code;
}

/* All that is computed before anybody has to wait for us. */
static pagu_code describe(save_call *c, pagu_text *text, pagu_error *err)
{
    pagu_scenario *s = (pagu_scenario *)(uintptr_t)c->s;
    pagu_view *v = pagu_scenario_view(s);
    pagu_code code = pagu_scenario_write(s, text, err);
    if (code == PAGU_OK)
        code = pagu_view_hash(v, c->hash, err);
    pagu_view *stage = code == PAGU_OK ? pagu_view_open(pagu_view_plan(v), pagu_view_stage(v)) : NULL;
    if (code == PAGU_OK)
        code = stage ? pagu_view_hash(stage, c->base, err) : err_memory(pagu_plan_ctx(pagu_view_plan(v)), err);
    pagu_view_close(stage);
    for (uint32_t i = 0; i < pagu_journal_count(s); i++)
        c->steps += !pagu_journal_get(s, i).joined;
    c->text = pagu_text_data(text);
    workspace_hash(c->text, pagu_text_len(text), c->text_hash);
    return code;
}

pagu_code pagu_workspace_save(pagu_workspace *w, const char *name, const pagu_scenario *s,
                              const pagu_workspace_save_options *options, int64_t *version, pagu_error *err)
{
    save_call c = { .name = name, .o = options, .s = s };
    pagu_code code = check_name(w, name, err);
    if (code != PAGU_OK)
        return code;
    pagu_text *text = pagu_text_new(w->ctx);
    code = text ? describe(&c, text, err) : err_memory(w->ctx, err);
    if (code == PAGU_OK)
        code = workspace_begin(w, err);
    if (code == PAGU_OK)
        code = workspace_end(w, save(w, &c, err), err);
    pagu_text_free(text);
    if (code == PAGU_OK && version)
        *version = c.version;
    return code;
}

/* ---- reading ---- */

static const char by_latest[] = "SELECT t.body, t.hash, s.version FROM scenario s JOIN text t ON t.hash = s.text_hash "
                                "WHERE s.name = ?";
static const char by_version[] = "SELECT t.body, t.hash, h.version FROM history h JOIN text t ON t.hash = h.text_hash "
                                 "WHERE h.name = ? AND h.version = ? AND h.what = 'save'";

static pagu_code refuse_unknown(pagu_workspace *w, const char *name, int64_t version, pagu_error *err)
{
    if (version)
        return err_set(w->ctx, err, PAGU_UNKNOWN_KEY, "scenario \"%s\" has no version %lld in the workspace %s", name,
                       (long long)version, w->path);
    return err_set(w->ctx, err, PAGU_UNKNOWN_KEY, "no scenario \"%s\" in the workspace %s", name, w->path);
}

pagu_code pagu_workspace_read(pagu_workspace *w, const char *name, int64_t version, pagu_text *out, int64_t *found,
                              pagu_error *err)
{
    char hash[65];
    query q = query_of(w, version ? by_version : by_latest);
    query_text(&q, name);
    if (version)
        query_integer(&q, version);
    bool there = query_next(&q), whole = false;
    pagu_code code = PAGU_OK;
    if (there) {
        const char *body = query_column(&q, 0);
        size_t len = (size_t)sqlite3_column_bytes(q.stmt, 0);
        workspace_hash(body, len, hash);
        whole = str_eq(hash, query_column(&q, 1));
        if (found)
            *found = sqlite3_column_int64(q.stmt, 2);
        if (whole)
            code = pagu_text_append(out, body, len);
    }
    pagu_code ended = query_end(&q, err);
    if (ended != PAGU_OK)
        return ended;
    if (code != PAGU_OK)
        return err_memory(w->ctx, err);
    if (!there)
        return refuse_unknown(w, name, version, err);
    return whole ? PAGU_OK : workspace_error(w, SQLITE_CORRUPT, err);
}

/* ---- removing ---- */

static pagu_code remove_scenario(pagu_workspace *w, const char *name, const pagu_workspace_save_options *o,
                                 pagu_error *err)
{
    saved_state now;
    pagu_code code = find_state(w, name, &now, err);
    if (code == PAGU_OK && now.version == 0)
        return refuse_unknown(w, name, 0, err);
    if (code == PAGU_OK)
        code = check_expected(w, name, &now, o->expected, err);
    if (code != PAGU_OK)
        return code;
    query q = query_of(w, "DELETE FROM scenario WHERE name = ?");
    query_text(&q, name);
    query_next(&q);
    code = query_end(&q, err);
    event e = { .who = o->who, .what = "remove", .name = name, .before = now.hash, .reason = o->reason };
    e.version = now.version;
    return code == PAGU_OK ? workspace_tell(w, &e, err) : code;
}

pagu_code pagu_workspace_remove(pagu_workspace *w, const char *name, const pagu_workspace_save_options *options,
                                pagu_error *err)
{
    pagu_code code = check_name(w, name, err);
    if (code == PAGU_OK)
        code = workspace_begin(w, err);
    return code == PAGU_OK ? workspace_end(w, remove_scenario(w, name, options, err), err) : code;
}
