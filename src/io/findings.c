/* findings.c - findings as a table.
 * SPDX-License-Identifier: MIT */
#include "io/findings.h"

static const char *severity_word(const pagu_ctx *ctx, pagu_severity s)
{
    return tr(ctx, s == PAGU_ERROR ? "error" : s == PAGU_WARNING ? "warning" : "note");
}

static pagu_code put_finding(pagu_table *t, uint32_t row, const pagu_ctx *ctx, const pagu_finding *f)
{
    const char *texts[] = { f->rule,       severity_word(ctx, f->severity),
                            f->file,       NULL,
                            f->column,     f->key,
                            f->printed,    f->computed,
                            f->message,    f->difference,
                            f->suggestion, f->details,
                            NULL,          f->suppressed };
    pagu_code code = pagu_table_add_row(t);
    for (uint32_t i = 0; i < COUNT_OF(texts) && code == PAGU_OK; i++) {
        uint32_t number = i == 3 ? f->line : f->source_line;
        if (texts[i] && *texts[i])
            code = pagu_table_set_text(t, row, i, texts[i]);
        else if (!texts[i] && number)
            code = pagu_table_set_money(t, row, i, number);
    }
    return code;
}

pagu_code pagu_findings_table(const pagu_findings *fs, pagu_table **out, pagu_error *err)
{
    static const struct {
        const char *name, *title;
    } columns[] = {
        { "rule", "Rule" },
        { "severity", "Severity" },
        { "file", "File or table" },
        { "line", "Line or row" },
        { "column", "Column" },
        { "key", "Key" },
        { "printed", "Printed" },
        { "computed", "Computed" },
        { "message", "Message" },
        { "difference", "Difference" },
        { "suggestion", "Suggestion" },
        { "details", "Lines" },
        { "source_line", "Line of the document" },
        { "suppressed", "Reason for leaving out" },
    };
    pagu_ctx *ctx = findings_ctx(fs);
    pagu_table *t = pagu_table_new(ctx);
    pagu_code code = t ? PAGU_OK : PAGU_NO_MEMORY;
    *out = NULL;
    for (uint32_t i = 0; i < COUNT_OF(columns) && code == PAGU_OK; i++)
        code = pagu_table_add_column(t, columns[i].name, tr(ctx, columns[i].title),
                                     i == 3 || i == 12 ? PAGU_COL_INTEGER : PAGU_COL_TEXT);
    for (uint32_t i = 0; i < pagu_findings_count(fs) && code == PAGU_OK; i++)
        code = put_finding(t, i, ctx, pagu_findings_get(fs, i));
    if (code != PAGU_OK) {
        pagu_table_free(t);
        return err_memory(ctx, err);
    }
    *out = t;
    return PAGU_OK;
}

bool findings_stamp_read(findings_output *o, findings_stamp *out)
{
    if (!o->view || o->code != PAGU_OK)
        return false;
    out->kind = pagu_view_is_scenario(o->view) ? "scenario" : "stage";
    o->code = pagu_plan_hash(pagu_view_plan(o->view), out->plan, NULL);
    if (o->code == PAGU_OK)
        o->code = pagu_view_hash(o->view, out->view, NULL);
    return o->code == PAGU_OK;
}
