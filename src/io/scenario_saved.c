/* scenario_saved.c - head and entries of a saved scenario, without a plan to do them on.
 * SPDX-License-Identifier: MIT */
#include "io/json.h"
#include "io/report.h"
#include "io/scenario_file.h"
#include "pagu/life.h"

#include <limits.h>

struct pagu_saved {
    pagu_ctx *ctx;
    arena text;
    pagu_saved_head head;
    pagu_saved_entry *entries;
    uint32_t cap;
    bool headed, ended;
};

typedef struct saved_reader {
    pagu_saved *s;
    pagu_text *values; /* of an entry without arguments; NULL: it has some, or none came yet */
    pagu_findings *findings;
    const char *path;
    uint32_t line;
} saved_reader;

static const char *text_of(saved_reader *r, const cJSON *o, const char *key, pagu_code *code)
{
    const cJSON *item = json_get(o, key);
    if (!cJSON_IsString(item))
        return NULL;
    const char *copy = arena_strdup(&r->s->text, item->valuestring, strlen(item->valuestring));
    if (!copy)
        *code = PAGU_NO_MEMORY;
    return copy;
}

static int whole(const cJSON *item)
{
    return cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble < INT_MAX ? (int)item->valuedouble : 0;
}

static pagu_code malformed(saved_reader *r, const char *what)
{
    place at = { .rule = "scenario", .file = r->path, .line = r->line, .printed = what };
    return report_at(r->s->ctx, r->findings, &at, "not a line of a saved scenario: %s", what);
}

static const char *args_of(saved_reader *r, const cJSON *args, pagu_code *code)
{
    if (cJSON_IsString(args))
        return arena_strdup(&r->s->text, args->valuestring, strlen(args->valuestring));
    pagu_text *out = pagu_text_new(r->s->ctx);
    *code = out ? json_put(out, args, -1) : PAGU_NO_MEMORY;
    const char *copy = *code == PAGU_OK ? arena_strdup(&r->s->text, pagu_text_data(out), pagu_text_len(out)) : NULL;
    pagu_text_free(out);
    return copy;
}

static pagu_code read_head(saved_reader *r, const cJSON *o)
{
    pagu_code code = PAGU_OK;
    pagu_saved_head *h = &r->s->head;
    if (!cJSON_IsString(json_get(o, "scenario")))
        return malformed(r, "scenario");
    if (whole(json_get(o, "format")) != SCENARIO_FORMAT)
        return malformed(r, "format");
    h->name = text_of(r, o, "scenario", &code);
    h->stage = text_of(r, o, "stage", &code);
    h->base = text_of(r, o, "base", &code);
    h->year = whole(json_get(o, "year"));
    h->stage = h->stage ? h->stage : "";
    h->base = h->base ? h->base : "";
    r->s->headed = true;
    return code;
}

/* A value as s:set takes it: [key, field, period, value]. */
static pagu_code add_value(saved_reader *r, const cJSON *o, const char *key)
{
    const pagu_saved *s = r->s;
    const char *names[] = { key, "field", "period" };
    pagu_code code = PAGU_OK;
    if (s->entries[s->head.n_entries - 1].note.args)
        return PAGU_OK;
    if (!r->values && !(r->values = pagu_text_new(s->ctx)))
        return PAGU_NO_MEMORY;
    for (size_t i = 0; i < COUNT_OF(names) && code == PAGU_OK; i++) {
        const cJSON *item = json_get(o, names[i]);
        code = pagu_text_append(r->values,
                                i                          ? ", "
                                : pagu_text_len(r->values) ? ", ["
                                                           : "[[",
                                i                          ? 2
                                : pagu_text_len(r->values) ? 3
                                                           : 2);
        if (code == PAGU_OK)
            code = json_put_string(r->values, cJSON_IsString(item) ? item->valuestring : "");
    }
    const cJSON *now = json_get(o, "new");
    if (code == PAGU_OK)
        code = pagu_text_append(r->values, ", ", 2);
    bool amount = cJSON_IsString(now) && strcmp(now->valuestring, "-") != 0 && strcmp(key, "money") == 0;
    if (code == PAGU_OK && amount && strspn(now->valuestring, "0123456789-") == strlen(now->valuestring))
        code = pagu_text_append(r->values, now->valuestring, strlen(now->valuestring));
    else if (code == PAGU_OK && now)
        code = json_put(r->values, now, -1);
    else if (code == PAGU_OK)
        code = pagu_text_append(r->values, "null", 4);
    return code == PAGU_OK ? pagu_text_append(r->values, "]", 1) : code;
}

/* What an edit without arguments says is its values. */
static pagu_code end_entry(saved_reader *r)
{
    pagu_saved *s = r->s;
    pagu_code code = PAGU_OK;
    if (r->values && s->head.n_entries) {
        pagu_saved_entry *e = &s->entries[s->head.n_entries - 1];
        code = pagu_text_append(r->values, "]", 1);
        e->values =
            code == PAGU_OK ? arena_strdup(&s->text, pagu_text_data(r->values), pagu_text_len(r->values)) : NULL;
        code = e->values ? PAGU_OK : PAGU_NO_MEMORY;
    }
    pagu_text_free(r->values);
    r->values = NULL;
    return code;
}

static pagu_code read_entry(saved_reader *r, const cJSON *o)
{
    pagu_saved *s = r->s;
    pagu_code code = end_entry(r);
    if (code != PAGU_OK)
        return code;
    const cJSON *args = json_get(o, "args");
    if (!mem_grow(s->ctx, &s->entries, &s->cap, s->head.n_entries, sizeof *s->entries))
        return PAGU_NO_MEMORY;
    pagu_saved_entry e = { .line = r->line, .joined = cJSON_IsTrue(json_get(o, "joined")) };
    e.note.verb = text_of(r, o, "entry", &code);
    e.note.reason = text_of(r, o, "reason", &code);
    e.note.file = text_of(r, o, "script", &code);
    e.note.line = whole(json_get(o, "line"));
    if (args && code == PAGU_OK && !(e.note.args = args_of(r, args, &code)))
        code = PAGU_NO_MEMORY;
    s->entries[s->head.n_entries++] = e;
    return code;
}

static pagu_code read_line(saved_reader *r, const char *line, size_t len)
{
    cJSON *o;
    pagu_error err;
    pagu_code code = json_parse_at(r->s->ctx, line, len, r->path, r->line, &o, &err);
    if (code != PAGU_OK) {
        place at = { .rule = "json-syntax", .file = r->path, .line = r->line };
        return code == PAGU_NO_MEMORY ? code : report_text(r->s->ctx, r->findings, &at, err.message);
    }
    if (!r->s->headed)
        code = read_head(r, o);
    else if (r->s->ended || !cJSON_IsObject(o))
        code = malformed(r, o->child && o->child->string ? o->child->string : "");
    else if (cJSON_IsTrue(json_get(o, "end")))
        r->s->ended = true;
    else if (cJSON_IsString(json_get(o, "entry")))
        code = read_entry(r, o);
    else if (r->s->head.n_entries == 0)
        code = malformed(r, "entry");
    else if (cJSON_IsString(json_get(o, "money")))
        code = add_value(r, o, "money");
    else if (cJSON_IsString(json_get(o, "measure")))
        code = add_value(r, o, "measure");
    cJSON_Delete(o);
    return code;
}

static pagu_code read_text(saved_reader *r, const char *bytes, size_t len)
{
    const char *end = bytes + len;
    pagu_code code = PAGU_OK;
    bool begun = false;
    while (bytes < end && code == PAGU_OK && (!begun || r->s->headed)) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        stop = stop ? stop : end;
        r->line++;
        size_t n = (size_t)(stop - bytes);
        if (n > 1 || (n == 1 && *bytes != '\r')) {
            begun = true;
            code = read_line(r, bytes, n);
        }
        if (code == PAGU_OK && pagu_ctx_interrupted(r->s->ctx))
            code = PAGU_INTERRUPTED;
        bytes = stop + 1;
    }
    if (code == PAGU_OK)
        code = end_entry(r);
    if (code == PAGU_OK && !r->s->ended && (r->s->headed || !begun)) {
        place at = { .rule = "json-syntax", .file = r->path, .line = r->line + 1 };
        code = report_at(r->s->ctx, r->findings, &at, "%s", tr(r->s->ctx, "the text ends too early"));
    }
    return code;
}

pagu_code pagu_saved_open(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, pagu_findings *findings,
                          pagu_saved **out, pagu_error *err)
{
    pagu_findings *own = findings ? NULL : pagu_findings_new(ctx);
    saved_reader r = { .s = mem_zalloc(ctx, sizeof *r.s), .findings = findings ? findings : own, .path = name };
    *out = NULL;
    if (!r.s || !r.findings) {
        mem_free(ctx, r.s, sizeof *r.s);
        pagu_findings_free(own);
        return err_memory(ctx, err);
    }
    r.s->ctx = ctx;
    arena_init(&r.s->text, ctx);
    uint32_t before = pagu_findings_count(r.findings);
    pagu_code code = read_text(&r, bytes, len);
    if (code == PAGU_NO_MEMORY)
        code = err_memory(ctx, err);
    else if (code != PAGU_OK)
        code = err_set(ctx, err, code, "interrupted");
    else if (pagu_findings_count(r.findings) > before)
        code = report_first(ctx, r.findings, before, PAGU_SYNTAX, err);
    if (code == PAGU_OK)
        *out = r.s;
    else
        pagu_saved_free(r.s);
    pagu_text_free(r.values);
    pagu_findings_free(own);
    return code;
}

void pagu_saved_free(pagu_saved *s)
{
    if (!s)
        return;
    mem_free(s->ctx, s->entries, s->cap * sizeof *s->entries);
    arena_free(&s->text);
    mem_free(s->ctx, s, sizeof *s);
}

pagu_saved_head pagu_saved_get_head(const pagu_saved *s)
{
    return s->head;
}

pagu_saved_entry pagu_saved_get(const pagu_saved *s, uint32_t i)
{
    return s->entries[i];
}
