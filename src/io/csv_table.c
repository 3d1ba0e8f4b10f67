/* csv_table.c - a CSV file as a table of text: see pagu/data.h.
 * SPDX-License-Identifier: MIT */
#include "io/csv.h"
#include "pagu/data.h"

static pagu_code add_columns(const csv_reader *r, pagu_table *t, pagu_findings *findings)
{
    for (uint32_t i = 0; i < r->n; i++) {
        pagu_code code =
            *r->fields[i] ? pagu_table_add_column(t, r->fields[i], r->fields[i], PAGU_COL_TEXT) : PAGU_ARGUMENT;
        if (code == PAGU_ARGUMENT) {
            pagu_finding f = { .rule = "csv-header", .severity = PAGU_ERROR, .file = r->file, .line = r->line };
            f.column = r->fields[i];
            f.message = tr(r->ctx, *r->fields[i] ? "the header names a column twice" : "a column has no name");
            code = pagu_findings_add(findings, &f);
        }
        if (code != PAGU_OK)
            return code;
    }
    return PAGU_OK;
}

static pagu_code add_record(const csv_reader *r, pagu_table *t)
{
    uint32_t row = pagu_table_row_count(t);
    pagu_code code = pagu_table_add_row(t);
    for (uint32_t i = 0; i < r->n && code == PAGU_OK; i++)
        if (*r->fields[i])
            code = pagu_table_set_text(t, row, i, r->fields[i]);
    return code;
}

static pagu_code read_records(csv_reader *r, pagu_table *t, pagu_findings *findings, pagu_error *err)
{
    uint32_t before = pagu_findings_count(findings);
    csv_result got = csv_next(r);
    pagu_code code = got == CSV_RECORD ? add_columns(r, t, findings) : PAGU_OK;
    bool usable = pagu_findings_count(findings) == before;
    while (got == CSV_RECORD && code == PAGU_OK && (got = csv_next(r)) == CSV_RECORD)
        code = usable ? add_record(r, t) : PAGU_OK;
    if (code != PAGU_OK || got == CSV_NO_MEMORY)
        return err_memory(r->ctx, err);
    if (got == CSV_UNREADABLE) {
        if (err)
            *err = r->error;
        return PAGU_IO;
    }
    if (pagu_findings_count(findings) == before)
        return PAGU_OK;
    return err_set(r->ctx, err, PAGU_PACKAGE, "%s: the file has faults", r->file);
}

static pagu_code read_stream(pagu_ctx *ctx, const char *path, file_stream *in, pagu_findings *findings, pagu_table *t,
                             pagu_error *err)
{
    csv_reader r;
    pagu_code code = csv_open_file(&r, ctx, findings, path, in);
    if (code == PAGU_OK)
        code = read_records(&r, t, findings, err);
    else if (code == PAGU_IO && err)
        *err = r.error;
    else
        code = err_memory(ctx, err);
    csv_close(&r);
    return code;
}

pagu_code pagu_csv_read(pagu_ctx *ctx, const char *path, pagu_findings *findings, pagu_table **out, pagu_error *err)
{
    file_stream in;
    *out = NULL;
    pagu_code code = file_open(ctx, path, 0, &in, err);
    if (code != PAGU_OK)
        return code;
    pagu_table *t = pagu_table_new(ctx);
    code = t ? read_stream(ctx, path, &in, findings, t, err) : err_memory(ctx, err);
    file_close(&in);
    if (code == PAGU_OK)
        *out = t;
    else
        pagu_table_free(t);
    return code;
}
