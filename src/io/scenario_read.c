/* scenario_read.c - replaying a saved scenario's effects by key.
 *
 * Every line is tried; a value that is not what it was when saved, a key that is gone, a
 * refusal: each is a finding, and with one finding nothing is kept.
 *
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"

#include "io/file.h"
#include "pagu/package.h"

#include <limits.h>

pagu_code report_malformed(scenario_reader *r, const char *what)
{
    place at = { .rule = "scenario", .file = r->path, .line = r->line, .printed = what };
    r->malformed = r->line;
    return report_at(r->ctx, r->findings, &at, "not a line of a saved scenario: %s", what);
}

static pagu_code report_syntax(scenario_reader *r, const char *message)
{
    place at = { .rule = "json-syntax", .file = r->path, .line = r->line };
    r->malformed = r->line;
    return report_text(r->ctx, r->findings, &at, message);
}

pagu_code report_conflict(scenario_reader *r, uint32_t line, const char *key, pagu_code code, const pagu_error *err)
{
    place at = { .rule = "conflict", .file = r->path, .line = line, .key = key };
    if (code == PAGU_NO_MEMORY)
        return code;
    if (r->mode != READ_LOAD)
        return conflict_add(r, &(conflict){ .key = key, .why = err->message, .outcome = settle_impossible(r) });
    return report_text(r->ctx, r->findings, &at, err->message);
}

pagu_code report_changed(scenario_reader *r, uint32_t line, const char *key)
{
    pagu_error err;
    pagu_code code = err_at(r->ctx, &err, PAGU_CONFLICT, key, NULL,
                            "the value of %s is not what it was when the scenario was saved", key);
    return report_conflict(r, line, key, code, &err);
}

bool read_whole(const cJSON *item, int least, int most, int absent, int *out)
{
    *out = absent;
    if (!item)
        return true;
    double x = cJSON_IsNumber(item) ? item->valuedouble : least - 1.0;
    if (x < least || x > most || x != (int)x)
        return false;
    *out = (int)x;
    return true;
}

/* ---- entries ---- */

static void forget_note(scenario_reader *r)
{
    const char *kept[] = { r->note.verb, r->note.reason, r->note.file };
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        mem_free(r->ctx, (void *)(uintptr_t)kept[i], kept[i] ? strlen(kept[i]) + 1 : 0);
    mem_free(r->ctx, r->args, r->args_size);
    r->args = NULL;
    r->note = (pagu_note){ 0 };
}

static const char *keep(scenario_reader *r, const char *s, bool *ok)
{
    size_t size = s ? strlen(s) + 1 : 0;
    char *copy = s ? mem_alloc(r->ctx, size) : NULL;
    if (copy)
        memcpy(copy, s, size);
    *ok &= !s || copy;
    return copy;
}

/* Arguments as they were: a value as JSON, a string as the text it is. */
static bool keep_args(scenario_reader *r, const cJSON *args)
{
    pagu_text *text = args ? pagu_text_new(r->ctx) : NULL;
    bool ok = !args || text;
    if (text && cJSON_IsString(args))
        ok = pagu_text_append(text, args->valuestring, strlen(args->valuestring)) == PAGU_OK;
    else if (text)
        ok = json_put(text, args, -1) == PAGU_OK;
    if (text && ok) {
        r->args_size = pagu_text_len(text) + 1;
        r->args = mem_alloc(r->ctx, r->args_size);
        ok = r->args != NULL;
    }
    if (r->args)
        memcpy(r->args, pagu_text_data(text), r->args_size);
    pagu_text_free(text);
    return ok;
}

/* Make what was done since the step began one undo step; or take it back. */
static pagu_code end_step(scenario_reader *r)
{
    pagu_code code = conflicts_end_step(r);
    if (code == PAGU_OK && r->leave_step)
        code = pagu_rollback(r->s, r->step, NULL);
    r->leave_step = false;
    if (code == PAGU_OK && pagu_savepoint(r->s) > r->step + 1)
        code = pagu_squash(r->s, r->step, NULL, NULL);
    r->step = pagu_savepoint(r->s);
    return code;
}

static pagu_code begin_entry(scenario_reader *r, const cJSON *o)
{
    pagu_code code = effects_commit(r);
    bool joined = cJSON_IsTrue(json_get(o, "joined"));
    if (code == PAGU_OK && !joined)
        code = end_step(r);
    if (code != PAGU_OK)
        return code;
    bool ok = true;
    r->entry++;
    r->entry_line = r->line;
    if (joined && r->note.verb && pagu_savepoint(r->s) == r->step)
        return PAGU_OK; /* the step has done nothing yet: what it is called must not be lost with its first entry */
    forget_note(r);
    r->note.verb = keep(r, text_of(o, "entry"), &ok);
    r->note.reason = keep(r, text_of(o, "reason"), &ok);
    r->note.file = keep(r, text_of(o, "script"), &ok);
    ok = keep_args(r, json_get(o, "args")) && ok;
    r->note.args = r->args;
    if (!ok)
        return PAGU_NO_MEMORY;
    return read_whole(json_get(o, "line"), 0, INT_MAX, 0, &r->note.line) ? PAGU_OK : report_malformed(r, "line");
}

/* ---- lines ---- */

/* A scenario is pinned to the content that it was saved with. */
static pagu_code check_base(scenario_reader *r, const pagu_view *base, const cJSON *o)
{
    char hash[65];
    pagu_error err = { 0 };
    const char *then = text_or_empty(o, "base");
    pagu_code code = *then ? pagu_view_hash(base, hash, &err) : PAGU_OK;
    if (code != PAGU_OK || !*then || str_eq(hash, then))
        return code;
    code = err_set(r->ctx, &err, PAGU_CONFLICT,
                   "the plan has changed since scenario \"%s\" was saved (%.12s then, %.12s now); replay it on what is "
                   "here, by values or by decisions",
                   text_of(o, "scenario"), then, hash);
    return report_conflict(r, r->line, "", code, &err);
}

static pagu_code load_head(scenario_reader *r, const cJSON *o)
{
    pagu_stage stage;
    pagu_error err = { 0 };
    pagu_code code = pagu_plan_find_stage(r->plan, text_or_empty(o, "stage"), &stage, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, "", code, &err);
    pagu_view base = { .plan = r->plan, .stage = stage };
    code = check_base(r, &base, o);
    if (code == PAGU_OK)
        code = pagu_branch(&base, text_of(o, "scenario"), &r->s, NULL);
    return code;
}

/* PAGU_ARGUMENT: whether years move has to be said. */
static pagu_code read_years(scenario_reader *r)
{
    int here = pagu_plan_year(r->plan);
    pagu_replay_years years = r->replay ? r->replay->years : PAGU_YEARS_ABSOLUTE;
    if (years == PAGU_YEARS_ASK && r->head_year && r->head_year != here)
        return PAGU_ARGUMENT;
    if (years == PAGU_YEARS_RELATIVE)
        r->shift = r->head_year ? here - r->head_year : 0;
    return PAGU_OK;
}

static pagu_code read_head(scenario_reader *r, const cJSON *o)
{
    int format;
    if (!text_of(o, "scenario"))
        return report_malformed(r, "scenario");
    if (!read_whole(json_get(o, "format"), SCENARIO_FORMAT, SCENARIO_FORMAT, 0, &format) || format == 0)
        return report_malformed(r, "format");
    if (!read_whole(json_get(o, "year"), 1, 9999, 0, &r->head_year))
        return report_malformed(r, "year");
    pagu_code code = r->mode == READ_LOAD ? load_head(r, o) : read_years(r);
    if (code != PAGU_OK || !r->s)
        return code;
    r->headed = true;
    return pagu_proposal_new(r->s, &r->changes, NULL);
}

static pagu_code read_object(scenario_reader *r, const cJSON *o)
{
    if (!r->headed)
        return read_head(r, o);
    if (r->ended)
        return report_malformed(r, o->child && o->child->string ? o->child->string : "");
    if (cJSON_IsTrue(json_get(o, "end"))) {
        r->ended = true;
        return PAGU_OK;
    }
    if (text_of(o, "entry"))
        return begin_entry(r, o);
    return r->note.verb ? effect_read(r, o) : report_malformed(r, "entry");
}

static pagu_code read_line(scenario_reader *r, const char *line, size_t len)
{
    cJSON *o;
    pagu_error err;
    r->begun = true;
    pagu_code code = json_parse_at(r->ctx, line, len, r->path, r->line, &o, &err);
    if (code != PAGU_OK)
        return code == PAGU_NO_MEMORY ? code : report_syntax(r, err.message);
    code = read_object(r, o);
    cJSON_Delete(o);
    return code;
}

/* Without a head there is nothing that the other lines could be tried on. */
static pagu_code read_lines(scenario_reader *r, const char *bytes, size_t len)
{
    pagu_code code = PAGU_OK;
    const char *end = bytes + len;
    while (bytes < end && code == PAGU_OK && (!r->begun || r->headed)) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        stop = stop ? stop : end;
        r->line++;
        size_t n = (size_t)(stop - bytes);
        if (n > 1 || (n == 1 && *bytes != '\r'))
            code = read_line(r, bytes, n);
        if (code == PAGU_OK && pagu_ctx_interrupted(r->ctx))
            code = PAGU_INTERRUPTED;
        bytes = stop + 1;
    }
    if (code != PAGU_OK)
        return code;
    if (!r->begun || (r->headed && !r->ended)) { /* cut off: the last entry may be half of one */
        r->line += r->line == 0 || end[-1] == '\n';
        return r->malformed == r->line ? PAGU_OK : report_syntax(r, "the text ends too early");
    }
    if (r->headed)
        code = effects_commit(r);
    return code == PAGU_OK && r->headed ? end_step(r) : code;
}

static pagu_code refuse_years(const scenario_reader *r, pagu_error *err)
{
    return err_set(
        r->ctx, err, PAGU_ARGUMENT,
        "the scenario was made for the plan of %d, this plan is of %d: say whether its years stay (absolute) "
        "or move (relative)",
        r->head_year, pagu_plan_year(r->plan));
}

pagu_code scenario_read_text(scenario_reader *r, const char *bytes, size_t len, pagu_error *err)
{
    uint32_t before = pagu_findings_count(r->findings), errors = pagu_findings_count_at(r->findings, PAGU_ERROR);
    pagu_code code = read_lines(r, bytes, len);
    if (code == PAGU_NO_MEMORY)
        return err_memory(r->ctx, err);
    if (code == PAGU_ARGUMENT)
        return refuse_years(r, err);
    if (code != PAGU_OK)
        return err_in_file(err, err_set(r->ctx, err, code, "interrupted"), r->path, (int)r->line);
    if (pagu_findings_count_at(r->findings, PAGU_ERROR) == errors)
        return PAGU_OK;
    return report_first(r->ctx, r->findings, before, r->malformed ? PAGU_SYNTAX : PAGU_CONFLICT, err);
}

void scenario_reader_close(scenario_reader *r)
{
    pagu_proposal_free(r->changes);
    mem_free(r->ctx, r->items, r->cap_items * sizeof *r->items);
    names_close(r);
    forget_note(r);
}

pagu_code pagu_scenario_read(pagu_plan *plan, const char *bytes, size_t len, const char *name, pagu_findings *findings,
                             pagu_scenario **out, pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    scenario_reader r = { .ctx = ctx, .plan = plan, .path = name };
    pagu_findings *own = findings ? NULL : pagu_findings_new(ctx);
    r.findings = findings ? findings : own;
    *out = NULL;
    pagu_code code = r.findings ? scenario_read_text(&r, bytes, len, err) : err_memory(ctx, err);
    scenario_reader_close(&r);
    if (code != PAGU_OK)
        pagu_scenario_close(r.s);
    else
        *out = r.s;
    pagu_findings_free(own);
    return code;
}

pagu_code pagu_scenario_load(pagu_plan *plan, const char *path, pagu_findings *findings, pagu_scenario **out,
                             pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    char *bytes;
    size_t len;
    *out = NULL;
    pagu_code code = file_read(ctx, path, 0, &bytes, &len, err);
    if (code != PAGU_OK)
        return code;
    code = pagu_scenario_read(plan, bytes, len, path, findings, out, err);
    mem_free(ctx, bytes, len + 1);
    return code;
}
