/* findings_json.c - findings as JSON and as SARIF 2.1.0.
 * SPDX-License-Identifier: MIT */
#include "io/findings.h"
#include "io/json.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- writing ---- */

void findings_put(findings_output *o, const char *text)
{
    if (o->code == PAGU_OK)
        o->code = pagu_text_append(o->out, text, strlen(text));
}

void findings_printf(findings_output *o, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_put(o, text);
}

static void put_string(findings_output *o, const char *text)
{
    if (o->code == PAGU_OK)
        o->code = json_put_string(o->out, text);
}

/* A member with a string; "" is left out. */
static void put_member(findings_output *o, const char *name, const char *text)
{
    if (!*text)
        return;
    findings_printf(o, ",\n      \"%s\": ", name);
    put_string(o, text);
}

const char *finding_level(pagu_severity severity)
{
    return severity == PAGU_ERROR ? "error" : severity == PAGU_WARNING ? "warning" : "note";
}

static void put_number(findings_output *o, const char *name, uint32_t value)
{
    if (value)
        findings_printf(o, ",\n      \"%s\": %u", name, value);
}

/* ---- JSON ---- */

static void put_lines(findings_output *o, const char *details)
{
    if (!*details)
        return;
    findings_put(o, ",\n      \"lines\": [");
    for (bool first = true; *details; first = false) {
        char line[512];
        size_t n = strcspn(details, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(n < sizeof line ? n : sizeof line - 1), details);
        findings_put(o, first ? "" : ", ");
        put_string(o, line);
        details += n + (details[n] == '\n');
    }
    findings_put(o, "]");
}

static void put_finding(findings_output *o, const pagu_finding *f)
{
    findings_put(o, "    {\n      \"rule\": ");
    put_string(o, f->rule);
    put_member(o, "severity", finding_level(f->severity));
    if (finding_in_table(f)) {
        put_member(o, "table", f->file);
        put_number(o, "row", f->line);
    }
    put_member(o, "column", f->column);
    put_member(o, "key", f->key);
    put_member(o, "stage", f->stage);
    put_member(o, "period", f->period);
    put_member(o, "printed", f->printed);
    put_member(o, "computed", f->computed);
    put_member(o, "difference", f->difference);
    put_member(o, "message", f->message);
    put_member(o, "suggestion", f->suggestion);
    put_lines(o, f->details);
    put_number(o, "document_line", f->source_line);
    put_member(o, "file", finding_file(f));
    put_number(o, "line", finding_record(f));
    put_member(o, "suppressed", f->suppressed);
    findings_put(o, "\n    }");
}

/* The lines that stand under every printed result. */
static void put_stamp(findings_output *o)
{
    findings_stamp s;
    if (!findings_stamp_read(o, &s))
        return;
    findings_printf(o, "  \"stamp\": {\"plan\": \"%s\", \"%s\": ", s.plan, s.kind);
    put_string(o, pagu_view_name(o->view));
    findings_printf(o, ", \"hash\": \"%s\", \"engine\": \"%s\"},\n", s.view, pagu_version());
}

static uint32_t count_suppressed(const pagu_findings *fs)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++)
        n += *pagu_findings_get(fs, i)->suppressed != '\0';
    return n;
}

void findings_as_json(findings_output *o)
{
    uint32_t error = pagu_findings_count_at(o->fs, PAGU_ERROR), warning = pagu_findings_count_at(o->fs, PAGU_WARNING),
             note = pagu_findings_count_at(o->fs, PAGU_NOTE);
    findings_put(o, "{\n  \"check\": 1,\n");
    put_stamp(o);
    findings_printf(o, "  \"counts\": {\"error\": %u, \"warning\": %u, \"note\": %u, \"suppressed\": %u},\n", error,
                    warning - error, note - warning, count_suppressed(o->fs));
    findings_put(o, "  \"findings\": [");
    for (uint32_t i = 0; i < pagu_findings_count(o->fs) && o->code == PAGU_OK; i++) {
        findings_put(o, i ? ",\n" : "\n");
        put_finding(o, pagu_findings_get(o->fs, i));
    }
    findings_put(o, pagu_findings_count(o->fs) ? "\n  ]\n}\n" : "]\n}\n");
}

/* ---- SARIF ---- */

static void put_text_object(findings_output *o, const char *name, const char *text)
{
    findings_printf(o, "\"%s\": {\"text\": ", name);
    put_string(o, text);
    findings_put(o, "}");
}

static void put_help(findings_output *o, const pagu_rule_info *r)
{
    char help[1600];
    snprintf(help, sizeof help, "%s\n%s\n%s%s%s", r->checks, r->why, r->mend, *r->source ? "\n" : "", r->source);
    put_text_object(o, "help", help);
}

static void put_rules(findings_output *o)
{
    findings_put(o, "        \"rules\": [");
    for (uint32_t i = 0; i < pagu_rule_count() && o->code == PAGU_OK; i++) {
        pagu_rule_info r = pagu_rule_get(i, pagu_ctx_lang(o->ctx));
        findings_printf(o, "%s\n          {\"id\": \"%s\", \"defaultConfiguration\": {\"level\": \"%s\"}, ",
                        i ? "," : "", r.id, finding_level(r.severity));
        put_text_object(o, "shortDescription", r.title);
        findings_put(o, ", ");
        put_text_object(o, "fullDescription", r.checks);
        findings_put(o, ", ");
        put_help(o, &r);
        findings_put(o, "}");
    }
    findings_put(o, "\n        ]");
}

/* The one-file form has no other files, and its lines are not theirs. */
static bool is_one_file(const findings_output *o)
{
    size_t len = strlen(o->path);
    return len > 5 && str_eq(o->path + len - 5, ".json");
}

/* A path as a URI reference: what is not unreserved is percent-encoded. */
static void put_uri(findings_output *o, const char *file)
{
    char uri[2048];
    size_t n = 0;
    const char *parts[] = { o->path, "/", file };
    bool whole = is_one_file(o);
    if (*o->path == '/')
        n = (size_t)snprintf(uri, sizeof uri, "file://");
    for (uint32_t i = 0; i < (whole ? 1 : COUNT_OF(parts)); i++)
        for (const char *s = parts[i]; *s && n + 4 < sizeof uri; s++) {
            bool plain =
                (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || strchr("-._~/", *s);
            n += (size_t)snprintf(uri + n, sizeof uri - n, plain ? "%c" : "%%%02X", (unsigned char)*s);
        }
    put_string(o, uri);
}

static void put_location(findings_output *o, const pagu_finding *f)
{
    findings_put(o, ", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
    put_uri(o, finding_file(f));
    findings_put(o, "}");
    if (finding_record(f) && !is_one_file(o))
        findings_printf(o, ", \"region\": {\"startLine\": %u}", finding_record(f));
    findings_put(o, "}");
    if (finding_in_table(f)) {
        char place[600];
        snprintf(place, sizeof place, "%.200s/%u/%.200s", f->file, f->line, f->column);
        findings_put(o, ", \"logicalLocations\": [{\"fullyQualifiedName\": ");
        put_string(o, place);
        findings_put(o, "}]");
    }
    findings_put(o, "}]");
}

static void put_properties(findings_output *o, const pagu_finding *f)
{
    const struct {
        const char *name, *value;
    } all[] = { { "key", f->key },
                { "printed", f->printed },
                { "computed", f->computed },
                { "difference", f->difference },
                { "suggestion", f->suggestion },
                { "lines", f->details } };
    bool first = true;
    for (uint32_t i = 0; i < COUNT_OF(all); i++) {
        if (!*all[i].value)
            continue;
        findings_printf(o, first ? ", \"properties\": {\"%s\": " : ", \"%s\": ", all[i].name);
        put_string(o, all[i].value);
        first = false;
    }
    findings_put(o, first ? "" : "}");
}

static void put_result(findings_output *o, const pagu_finding *f)
{
    uint32_t rule;
    findings_put(o, "        {\"ruleId\": ");
    put_string(o, f->rule);
    if (pagu_rule_find(o->ctx, f->rule, &rule, NULL) == PAGU_OK)
        findings_printf(o, ", \"ruleIndex\": %u", rule);
    findings_printf(o, ", \"level\": \"%s\", ", finding_level(f->severity));
    put_text_object(o, "message", f->message);
    if (*finding_file(f))
        put_location(o, f);
    if (*f->suppressed) {
        findings_put(o, ", \"suppressions\": [{\"kind\": \"external\", \"justification\": ");
        put_string(o, f->suppressed);
        findings_put(o, "}]");
    }
    put_properties(o, f);
    findings_put(o, "}");
}

void findings_as_sarif(findings_output *o)
{
    findings_put(o, "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n"
                    "  \"runs\": [\n    {\n      \"tool\": {\"driver\": {\n");
    findings_printf(o, "        \"name\": \"pagu\", \"version\": \"%s\",\n", pagu_version());
    put_rules(o);
    findings_printf(o, "\n      }},\n      \"language\": \"%s\",\n      \"results\": [",
                    pagu_ctx_lang(o->ctx) == PAGU_LANG_EN ? "en" : "id");
    for (uint32_t i = 0; i < pagu_findings_count(o->fs) && o->code == PAGU_OK; i++) {
        findings_put(o, i ? ",\n" : "\n");
        put_result(o, pagu_findings_get(o->fs, i));
    }
    findings_put(o, pagu_findings_count(o->fs) ? "\n      ]\n    }\n  ]\n}\n" : "]\n    }\n  ]\n}\n");
}
