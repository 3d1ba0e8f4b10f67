/* scenario_read.c - replaying a saved scenario's effects by key.
 *
 * Every line is tried; a value that is not what it was when saved, a key that is gone, a
 * refusal: each is a finding, and with one finding nothing is kept.
 *
 * SPDX-License-Identifier: MIT */
#include "io/scenario_file.h"

#include "io/file.h"
#include "io/json.h"
#include "io/report.h"
#include "pagu/package.h"
#include "scenario/scenario_struct.h"

#include <stdio.h>

typedef struct reader {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_findings *findings;
    const char *path;
    uint32_t line;
    pagu_scenario *s;
    uint32_t step_start; /* savepoint of the undo step that is being built */
    /* the entry that is being read */
    pagu_proposal *changes;
    pagu_note note;
    char *args;
    size_t args_size;
} reader;

static const char *text_of(const cJSON *o, const char *key)
{
    const cJSON *item = json_get(o, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static const char *text_or(const cJSON *o, const char *key, const char *other)
{
    const char *s = text_of(o, key);
    return s ? s : other;
}

static pagu_code conflict(reader *r, const char *key, const pagu_error *err)
{
    place at = { .rule = "conflict", .file = r->path, .line = r->line, .key = key };
    return report_text(r->ctx, r->findings, &at, err->message);
}

/* Memory ends everything; any other refusal is one finding more. */
static pagu_code refuse(reader *r, const char *key, pagu_code code, const pagu_error *err)
{
    return code == PAGU_NO_MEMORY ? code : conflict(r, key, err);
}

static pagu_code malformed(reader *r, const char *what)
{
    place at = { .rule = "scenario", .file = r->path, .line = r->line, .printed = what };
    return report_at(r->ctx, r->findings, &at, "not a line of a saved scenario: %s", what);
}

/* ---- values ---- */

static bool read_cell(const cJSON *item, pagu_cell *out)
{
    *out = (pagu_cell){ 0, PAGU_MISSING };
    if (cJSON_IsNull(item))
        return true;
    if (!cJSON_IsString(item))
        return false;
    out->state = str_eq(item->valuestring, "-") ? PAGU_DASH : PAGU_NUMBER;
    return out->state == PAGU_DASH ||
           pagu_money_parse_plain(item->valuestring, strlen(item->valuestring), 1, 0, &out->value) == PAGU_OK;
}

static bool read_measure(const cJSON *item, pagu_measure *out)
{
    *out = (pagu_measure){ .state = PAGU_MISSING };
    if (cJSON_IsNull(item))
        return true;
    if (!cJSON_IsObject(item))
        return false;
    const cJSON *value = json_get(item, "value");
    out->unit = text_of(item, "unit");
    out->text = text_of(item, "text");
    out->state = cJSON_IsNumber(value) ? PAGU_NUMBER : value ? PAGU_DASH : PAGU_TEXT;
    out->value = cJSON_IsNumber(value) ? value->valuedouble : 0;
    return true;
}

static pagu_code find_where(reader *r, const cJSON *o, pagu_field *field, pagu_period *period, pagu_error *err)
{
    pagu_code code = pagu_plan_find_field(r->plan, text_or(o, "field", ""), field, err);
    return code == PAGU_OK ? pagu_plan_find_period(r->plan, text_or(o, "period", ""), period, err) : code;
}

static pagu_code read_money(reader *r, const cJSON *o)
{
    const pagu_view *v = &r->s->view;
    const char *key = text_of(o, "money");
    pagu_cell was, now;
    pagu_field field;
    pagu_period period;
    pagu_row row;
    pagu_error err;
    if (!read_cell(json_get(o, "old"), &was) || !read_cell(json_get(o, "new"), &now))
        return malformed(r, key);
    pagu_code code = find_where(r, o, &field, &period, &err);
    if (code == PAGU_OK)
        code = pagu_view_find(v, key, &row, &err);
    if (code != PAGU_OK)
        return refuse(r, key, code, &err);
    pagu_column column = pagu_view_column(v, field, period);
    pagu_cell here = pagu_view_money(v, row, column);
    if (here.state != was.state || here.value != was.value) {
        err_at(r->ctx, &err, PAGU_CONFLICT, key, NULL, "%s is %s here, but was %s when the scenario was saved", key,
               money_str(r->ctx, here.value).s, money_str(r->ctx, was.value).s);
        return conflict(r, key, &err);
    }
    return pagu_proposal_money(r->changes, row, column, now, NULL);
}

static bool same_measure(const pagu_measure *a, const pagu_measure *b)
{
    return a->state == b->state && a->value == b->value && str_eq(a->text ? a->text : "", b->text ? b->text : "");
}

static pagu_code read_measure_change(reader *r, const cJSON *o)
{
    const pagu_view *v = &r->s->view;
    const char *id = text_of(o, "measure");
    pagu_measure was, now;
    pagu_field field;
    pagu_period period;
    pagu_indicator ind;
    pagu_error err;
    if (!read_measure(json_get(o, "old"), &was) || !read_measure(json_get(o, "new"), &now))
        return malformed(r, id);
    pagu_code code = find_where(r, o, &field, &period, &err);
    if (code == PAGU_OK)
        code = pagu_view_find_indicator(v, id, &ind, &err);
    if (code != PAGU_OK)
        return refuse(r, id, code, &err);
    pagu_measure here = pagu_view_measure(v, ind, field, period);
    if (!same_measure(&here, &was)) {
        err_at(r->ctx, &err, PAGU_CONFLICT, id, NULL, "the value of %s is not what it was when the scenario was saved", id);
        return conflict(r, id, &err);
    }
    return pagu_proposal_measure(r->changes, ind, field, period, &now, NULL);
}

/* ---- structure ---- */

static pagu_code commit_changes(reader *r)
{
    pagu_error err;
    pagu_code code = pagu_proposal_commit(r->changes, &r->note, &err);
    if (code == PAGU_OK || code == PAGU_NO_MEMORY)
        return code;
    pagu_proposal_free(r->changes);
    r->changes = NULL;
    pagu_code made = pagu_proposal_new(r->s, &r->changes, NULL);
    return made == PAGU_OK ? conflict(r, err.node, &err) : made;
}

static pagu_code read_add(reader *r, const cJSON *o)
{
    enum { MAX_TAGS = 64 };
    const char *key = text_of(o, "add"), *trees[MAX_TAGS], *classes[MAX_TAGS];
    const cJSON *sign = json_get(o, "sign"), *tag;
    pagu_row_def def = { .code = text_of(o, "code"), .name = text_of(o, "name"), .level = text_of(o, "level"),
                         .sign = cJSON_IsNumber(sign) ? (int)sign->valuedouble : 1, .tag_trees = trees, .tag_classes = classes };
    pagu_error err;
    pagu_code code = pagu_view_find(&r->s->view, text_or(o, "under", ""), &def.under, &err);
    cJSON_ArrayForEach(tag, json_get(o, "tags"))
    {
        if (def.n_tags == MAX_TAGS || !cJSON_IsString(tag))
            return malformed(r, key);
        trees[def.n_tags] = tag->string;
        classes[def.n_tags++] = tag->valuestring;
    }
    if (code == PAGU_OK)
        code = pagu_add(r->s, &def, &r->note, NULL, &err);
    return code == PAGU_OK ? code : refuse(r, key, code, &err);
}

static pagu_code read_indicator(reader *r, const cJSON *o)
{
    const char *id = text_of(o, "indicator");
    pagu_added_indicator def = { PAGU_NO_ROW, text_of(o, "name"), text_of(o, "unit"), text_of(o, "type") };
    pagu_error err;
    pagu_code code = pagu_view_find(&r->s->view, text_or(o, "owner", ""), &def.row, &err);
    if (code == PAGU_OK)
        code = pagu_add_indicator(r->s, &def, &r->note, NULL, &err);
    return code == PAGU_OK ? code : refuse(r, id, code, &err);
}

/* A row that came in or went out. What went with a row above it is out already. */
static pagu_code read_membership(reader *r, const char *key, bool in)
{
    pagu_view *v = &r->s->view;
    pagu_view base = { .plan = v->plan, .stage = v->plan->common_stage }; /* every row is in common */
    pagu_selection *one;
    pagu_row row;
    pagu_error err;
    pagu_code code = pagu_view_find(in ? &base : v, key, &row, &err);
    if (!in && code == PAGU_NOT_MEMBER)
        return PAGU_OK;
    if (code == PAGU_OK)
        code = pagu_select_rows(in ? &base : v, &row, 1, &one, &err);
    if (code != PAGU_OK)
        return refuse(r, key, code, &err);
    code = in ? pagu_join_rows(r->s, one, &r->note, &err) : pagu_remove(r->s, one, &r->note, &err);
    pagu_selection_free(one);
    return code == PAGU_OK ? code : refuse(r, key, code, &err);
}

/* ---- constraints ---- */

static bool find_kind(const char *name, pagu_constraint_kind *out)
{
    for (int k = 0; name && k < 4; k++)
        if (str_eq(name, scenario_constraint_kinds[k])) {
            *out = (pagu_constraint_kind)k;
            return true;
        }
    return false;
}

static pagu_code select_keys(reader *r, const cJSON *keys, pagu_selection **out, pagu_error *err)
{
    uint32_t n = 0, cap = (uint32_t)cJSON_GetArraySize(keys);
    pagu_row *rows = mem_array(r->ctx, cap, sizeof *rows);
    pagu_code code = cap && !rows ? err_memory(r->ctx, err) : PAGU_OK;
    const cJSON *key;
    cJSON_ArrayForEach(key, keys)
    {
        if (code != PAGU_OK)
            break;
        code = pagu_view_find(&r->s->view, cJSON_IsString(key) ? key->valuestring : "", &rows[n++], err);
    }
    if (code == PAGU_OK)
        code = pagu_select_rows(&r->s->view, rows, n, out, err);
    mem_free(r->ctx, rows, cap * sizeof *rows);
    return code;
}

static pagu_code read_constraint(reader *r, const cJSON *o)
{
    const char *name = text_or(o, "name", "");
    pagu_constraint_def def = { .name = name, .reason = text_of(o, "reason"), .law = text_of(o, "law"), .field = PAGU_NONE,
                                .period = PAGU_NONE, .warn = str_eq(text_or(o, "severity", ""), "warn") };
    pagu_cell amount;
    pagu_selection *at = NULL;
    pagu_error err;
    if (!find_kind(text_of(o, "constrain"), &def.kind) || !read_cell(json_get(o, "amount"), &amount))
        return malformed(r, name);
    def.amount = amount.value;
    pagu_code code = PAGU_OK;
    if (text_of(o, "field"))
        code = pagu_plan_find_field(r->plan, text_of(o, "field"), &def.field, &err);
    if (code == PAGU_OK && text_of(o, "period"))
        code = pagu_plan_find_period(r->plan, text_of(o, "period"), &def.period, &err);
    if (code == PAGU_OK)
        code = select_keys(r, json_get(o, "rows"), &at, &err);
    def.at = at;
    if (code == PAGU_OK)
        code = pagu_constrain(r->s, &def, &r->note, NULL, &err);
    pagu_selection_free(at);
    return code == PAGU_OK ? code : refuse(r, name, code, &err);
}

static pagu_code read_release(reader *r, const cJSON *o)
{
    const pagu_view *v = &r->s->view;
    const char *name = text_of(o, "release");
    pagu_constraint_kind kind;
    pagu_error err;
    uint32_t id = 0;
    if (!find_kind(text_of(o, "kind"), &kind))
        return malformed(r, name);
    for (uint32_t i = 0; i < pagu_constraint_count(v) && !id; i++) {
        pagu_constraint_info c = pagu_constraint_get(v, i);
        id = c.kind == kind && str_eq(c.name, name) ? c.id : 0;
    }
    pagu_code code = pagu_release(r->s, id, name, &r->note, &err);
    return code == PAGU_OK ? code : refuse(r, name, code, &err);
}

/* ---- lines ---- */

static void forget_note(reader *r)
{
    const char *kept[] = { r->note.verb, r->note.reason, r->note.file };
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        mem_free(r->ctx, (void *)(uintptr_t)kept[i], kept[i] ? strlen(kept[i]) + 1 : 0);
    mem_free(r->ctx, r->args, r->args_size);
    r->args = NULL;
    r->note = (pagu_note){ 0 };
}

static const char *keep(reader *r, const char *s, bool *ok)
{
    size_t size = s ? strlen(s) + 1 : 0;
    char *copy = s ? mem_alloc(r->ctx, size) : NULL;
    if (copy)
        memcpy(copy, s, size);
    *ok &= !s || copy;
    return copy;
}

static bool keep_args(reader *r, const cJSON *args)
{
    pagu_text *text = args ? pagu_text_new(r->ctx) : NULL;
    bool ok = !args || (text && json_put(text, args, -1) == PAGU_OK);
    if (args && ok) {
        r->args_size = pagu_text_len(text) + 1;
        r->args = mem_alloc(r->ctx, r->args_size);
        ok = r->args != NULL;
        if (ok)
            memcpy(r->args, pagu_text_data(text), r->args_size);
    }
    pagu_text_free(text);
    return ok;
}

/* End the entry that was read: commit its values, and join everything it did to one step. */
static pagu_code end_entry(reader *r)
{
    if (!r->changes)
        return PAGU_OK;
    pagu_code code = commit_changes(r);
    if (code == PAGU_OK && pagu_savepoint(r->s) > r->step_start)
        code = pagu_squash(r->s, r->step_start, NULL, NULL);
    return code;
}

static pagu_code begin_entry(reader *r, const cJSON *o)
{
    pagu_code code = end_entry(r);
    if (code != PAGU_OK)
        return code;
    bool ok = true;
    const cJSON *line = json_get(o, "line");
    forget_note(r);
    r->note.verb = keep(r, text_of(o, "entry"), &ok);
    r->note.reason = keep(r, text_of(o, "reason"), &ok);
    r->note.file = keep(r, text_of(o, "script"), &ok);
    r->note.line = cJSON_IsNumber(line) ? (int)line->valuedouble : 0;
    ok = keep_args(r, json_get(o, "args")) && ok;
    r->note.args = r->args;
    if (!cJSON_IsTrue(json_get(o, "joined")))
        r->step_start = pagu_savepoint(r->s);
    if (ok && !r->changes)
        return pagu_proposal_new(r->s, &r->changes, NULL);
    return ok ? PAGU_OK : PAGU_NO_MEMORY;
}

/* Structure is done at once, so the values before it have to be committed first. */
static pagu_code read_effect(reader *r, const cJSON *o)
{
    if (!r->changes)
        return malformed(r, "entry");
    if (text_of(o, "money"))
        return read_money(r, o);
    if (text_of(o, "measure"))
        return read_measure_change(r, o);
    pagu_code code = commit_changes(r);
    if (code != PAGU_OK)
        return code;
    if (text_of(o, "add"))
        return read_add(r, o);
    if (text_of(o, "indicator"))
        return read_indicator(r, o);
    if (text_of(o, "join"))
        return read_membership(r, text_of(o, "join"), true);
    if (text_of(o, "remove"))
        return read_membership(r, text_of(o, "remove"), false);
    if (text_of(o, "constrain"))
        return read_constraint(r, o);
    if (text_of(o, "release"))
        return read_release(r, o);
    return malformed(r, o->child && o->child->string ? o->child->string : "");
}

static pagu_code read_head(reader *r, const cJSON *o)
{
    const cJSON *format = json_get(o, "format");
    pagu_stage stage;
    pagu_error err;
    if (!text_of(o, "scenario") || !cJSON_IsNumber(format))
        return malformed(r, "scenario");
    if (format->valuedouble != SCENARIO_FORMAT)
        return malformed(r, "format");
    pagu_code code = pagu_plan_find_stage(r->plan, text_or(o, "stage", ""), &stage, &err);
    if (code != PAGU_OK)
        return refuse(r, "", code, &err);
    pagu_view base = { .plan = r->plan, .stage = stage };
    return pagu_branch(&base, text_of(o, "scenario"), &r->s, NULL);
}

static pagu_code read_line(reader *r, const char *line, size_t len)
{
    cJSON *o;
    pagu_error err;
    r->line++;
    pagu_code code = json_parse(r->ctx, line, len, r->path, &o, &err);
    if (code != PAGU_OK)
        return code == PAGU_NO_MEMORY ? code : conflict(r, "", &err);
    if (r->line == 1)
        code = read_head(r, o);
    else if (r->s)
        code = text_of(o, "entry") ? begin_entry(r, o) : read_effect(r, o);
    cJSON_Delete(o);
    return code;
}

static pagu_code read_lines(reader *r, const char *bytes, size_t len)
{
    pagu_code code = PAGU_OK;
    for (size_t at = 0; at < len && code == PAGU_OK && (r->line == 0 || r->s);) {
        const char *end = memchr(bytes + at, '\n', len - at);
        size_t n = end ? (size_t)(end - bytes) - at : len - at;
        if (n)
            code = read_line(r, bytes + at, n);
        else
            r->line++;
        at += n + 1;
    }
    if (code == PAGU_OK && r->s)
        code = end_entry(r);
    if (code == PAGU_OK && r->line == 0)
        code = malformed(r, "");
    return code;
}

pagu_code pagu_scenario_load(pagu_plan *plan, const char *path, pagu_findings *findings, pagu_scenario **out, pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    reader r = { .ctx = ctx, .plan = plan, .path = path };
    pagu_findings *own = findings ? NULL : pagu_findings_new(ctx);
    r.findings = findings ? findings : own;
    char *bytes = NULL;
    size_t len = 0;
    uint32_t before = r.findings ? pagu_findings_count(r.findings) : 0;
    pagu_code code = r.findings ? file_read(ctx, path, 0, &bytes, &len, err) : err_memory(ctx, err);
    if (code == PAGU_OK) {
        code = read_lines(&r, bytes, len);
        if (code == PAGU_NO_MEMORY)
            err_memory(ctx, err);
        else if (pagu_findings_count(r.findings) > before)
            code = report_first(ctx, r.findings, before, PAGU_CONFLICT, err);
        mem_free(ctx, bytes, len + 1);
    }
    pagu_proposal_free(r.changes);
    forget_note(&r);
    if (code != PAGU_OK)
        pagu_scenario_close(r.s);
    else
        *out = r.s;
    pagu_findings_free(own);
    return code;
}
