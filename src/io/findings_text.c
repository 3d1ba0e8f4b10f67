/* findings_text.c - findings for reading: by table, then a summary by rule.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"
#include "io/findings.h"

#include <stdio.h>

static const char *word(const findings_output *o, pagu_severity s)
{
    return tr(o->ctx, s == PAGU_ERROR ? "error" : s == PAGU_WARNING ? "warning" : "note");
}

/* Control characters of a plan's text do not reach the page. */
static void put_clean(findings_output *o, const char *text, size_t len)
{
    for (size_t from = 0, i = 0; i <= len && o->code == PAGU_OK; i++)
        if (i == len || (unsigned char)text[i] < 0x20 || text[i] == 0x7F) {
            o->code = pagu_text_append(o->out, text + from, i - from);
            if (i < len)
                findings_put(o, " ");
            from = i + 1;
        }
}

/* Bytes of the text that fit into so many columns, cut at a blank; a column a character. */
static size_t fit(const char *text, uint32_t columns)
{
    size_t at = 0, blank = 0;
    for (uint32_t used = 0; text[at]; at++) {
        used += ((unsigned char)text[at] & 0xC0) != 0x80;
        if (used > columns && blank > 0)
            return blank;
        if (text[at] == ' ')
            blank = at;
    }
    return at;
}

static void put_wrapped(findings_output *o, const char *label, const char *text)
{
    enum { INDENT = 6 };
    uint32_t columns = o->width > INDENT + 20 ? o->width - INDENT : o->width ? 20 : UINT32_MAX;
    char line[2400];
    snprintf(line, sizeof line, "%s%s", label, text);
    for (const char *s = line; *s && o->code == PAGU_OK;) {
        size_t n = fit(s, columns);
        findings_put(o, "      ");
        put_clean(o, s, n);
        findings_put(o, "\n");
        for (s += n; *s == ' '; s++)
            ;
    }
}

static const char *title_of(const findings_output *o, const char *table)
{
    static const char *const columns[] = { "table", "title" };
    if (!o->view)
        return "";
    const pagu_plan *p = pagu_view_plan(o->view);
    check_table t = find_table(p, "tables", columns, COUNT_OF(columns));
    for (uint32_t r = 0; t.doc && r < t.doc->n_rows; r++)
        if (str_eq(table_text(p, &t, r, 0), table))
            return table_text(p, &t, r, 1);
    return "";
}

static void put_head(findings_output *o, const pagu_finding *f)
{
    const char *title = finding_in_table(f) ? title_of(o, f->file) : "";
    put_clean(o, f->file, strlen(f->file));
    findings_put(o, *title ? "  " : "");
    put_clean(o, title, strlen(title));
    findings_put(o, *f->file ? "\n" : tr(o->ctx, "The plan"));
    findings_put(o, *f->file ? "" : "\n");
}

static void put_place(findings_output *o, const pagu_finding *f)
{
    const char *separator = "  ";
    if (f->line) {
        char row[64];
        snprintf(row, sizeof row, finding_in_table(f) ? tr(o->ctx, "row %u") : tr(o->ctx, "line %u"), f->line);
        findings_printf(o, "%s%s", separator, row);
        separator = ", ";
    }
    if (*f->column)
        findings_printf(o, "%s%.120s", separator, f->column);
    findings_printf(o, "%s%.120s  [%s, %s]\n", *f->key ? "  " : "", f->key, word(o, f->severity), f->rule);
}

static void put_one(findings_output *o, const pagu_finding *f)
{
    put_place(o, f);
    put_wrapped(o, "", f->message);
    for (const char *s = f->details; *s;) {
        char line[512];
        size_t n = strcspn(s, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(n < 400 ? n : 400), s);
        put_wrapped(o, "  ", line);
        s += n + (s[n] == '\n');
    }
    if (*f->suggestion)
        put_wrapped(o, "-> ", f->suggestion);
    if (*f->suppressed)
        put_wrapped(o, tr(o->ctx, "left out: "), f->suppressed);
}

/* ---- summary ---- */

static void put_counts(findings_output *o, uint32_t *counts)
{
    for (uint32_t i = 0; i < pagu_rule_count(); i++) {
        pagu_rule_info r = pagu_rule_get(i, pagu_ctx_lang(o->ctx));
        if (counts[i])
            findings_printf(o, "  %5u  %-26s  %s\n", counts[i], r.id, r.title);
    }
}

static void put_summary(findings_output *o)
{
    uint32_t counts[CHECK_RULES] = { 0 }, rule, n = pagu_findings_count(o->fs);
    uint32_t error = pagu_findings_count_at(o->fs, PAGU_ERROR), warning = pagu_findings_count_at(o->fs, PAGU_WARNING),
             note = pagu_findings_count_at(o->fs, PAGU_NOTE);
    char line[200];
    for (uint32_t i = 0; i < n; i++)
        if (!*pagu_findings_get(o->fs, i)->suppressed &&
            pagu_rule_find(o->ctx, pagu_findings_get(o->fs, i)->rule, &rule, NULL) == PAGU_OK)
            counts[rule]++;
    snprintf(line, sizeof line, tr(o->ctx, "%u findings: %u errors, %u warnings, %u notes"), note, error,
             warning - error, note - warning);
    findings_printf(o, "\n%s\n", line);
    put_counts(o, counts);
}

static void put_stamp(findings_output *o)
{
    findings_stamp s;
    if (!findings_stamp_read(o, &s))
        return;
    findings_printf(o, "\nplan=%s\n%s=%.100s\nhash=%s\nengine=%s\n", s.plan, s.kind, pagu_view_name(o->view), s.view,
                    pagu_version());
}

void findings_as_text(findings_output *o)
{
    const char *file = NULL;
    for (uint32_t i = 0; i < pagu_findings_count(o->fs) && o->code == PAGU_OK; i++) {
        const pagu_finding *f = pagu_findings_get(o->fs, i);
        if (!file || !str_eq(file, f->file)) {
            findings_put(o, file ? "\n" : "");
            put_head(o, f);
        }
        file = f->file;
        put_one(o, f);
    }
    put_summary(o);
    put_stamp(o);
}

/* ---- rules ---- */

pagu_code pagu_rules_table(pagu_ctx *ctx, pagu_table **out, pagu_error *err)
{
    static const struct {
        const char *name, *title;
    } columns[] = { { "rule", "Rule" }, { "severity", "Severity" }, { "title", "Finds" }, { "source", "Source" } };
    pagu_table *t = pagu_table_new(ctx);
    pagu_code code = t ? PAGU_OK : PAGU_NO_MEMORY;
    *out = NULL;
    for (uint32_t i = 0; i < COUNT_OF(columns) && code == PAGU_OK; i++)
        code = pagu_table_add_column(t, columns[i].name, tr(ctx, columns[i].title), PAGU_COL_TEXT);
    for (uint32_t i = 0; i < pagu_rule_count() && code == PAGU_OK; i++) {
        pagu_rule_info r = pagu_rule_get(i, pagu_ctx_lang(ctx));
        const char *level = tr(ctx, finding_level(r.severity));
        const char *texts[] = { r.id, level, r.title, r.source };
        code = pagu_table_add_row(t);
        for (uint32_t c = 0; c < COUNT_OF(texts) && code == PAGU_OK; c++)
            if (*texts[c])
                code = pagu_table_set_text(t, i, c, texts[c]);
    }
    if (code != PAGU_OK) {
        pagu_table_free(t);
        return err_memory(ctx, err);
    }
    *out = t;
    return PAGU_OK;
}

pagu_code pagu_rule_explain(pagu_ctx *ctx, uint32_t rule, pagu_text *out, pagu_error *err)
{
    pagu_rule_info r = pagu_rule_get(rule, pagu_ctx_lang(ctx));
    const char *const labels[] = { tr(ctx, "Checks"), tr(ctx, "Why"), tr(ctx, "Mending"), tr(ctx, "Source") };
    const char *const texts[] = { r.checks, r.why, r.mend, r.source };
    pagu_code code =
        pagu_text_printf(out, "%s (%s)\n%s\n", r.id, tr(ctx, r.severity == PAGU_WARNING ? "warning" : "note"), r.title);
    for (uint32_t i = 0; i < COUNT_OF(texts) && code == PAGU_OK; i++)
        if (*texts[i])
            code = pagu_text_printf(out, "\n%s: %s\n", labels[i], texts[i]);
    return code == PAGU_OK ? code : err_memory(ctx, err);
}

pagu_code pagu_findings_render(const pagu_findings *fs, const pagu_view *view, const char *path,
                               pagu_findings_format format, uint32_t width, pagu_text *out, pagu_error *err)
{
    findings_output o = { findings_ctx(fs), fs, view, path ? path : "", width, out, PAGU_OK };
    switch (format) {
    case PAGU_FINDINGS_TEXT: findings_as_text(&o); break;
    case PAGU_FINDINGS_JSON: findings_as_json(&o); break;
    case PAGU_FINDINGS_SARIF: findings_as_sarif(&o); break;
    default: return err_set(o.ctx, err, PAGU_ARGUMENT, "no such format of findings: %d", (int)format);
    }
    return o.code == PAGU_OK ? o.code : err_memory(o.ctx, err);
}
