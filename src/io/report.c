/* report.c - findings of readers.
 * SPDX-License-Identifier: MIT */
#include "io/report.h"

#include "io/file.h"

#include <stdarg.h>
#include <stdio.h>

static pagu_code add(pagu_findings *findings, const place *at, const char *message)
{
    pagu_finding f = {
        .rule = at->rule,
        .severity = at->warning ? PAGU_WARNING : PAGU_ERROR,
        .file = at->file,
        .line = at->line,
        .column = at->column,
        .key = at->key,
        .printed = at->printed,
        .computed = at->computed,
        .message = message,
    };
    return pagu_findings_add(findings, &f);
}

pagu_code report_at(pagu_ctx *ctx, pagu_findings *findings, const place *at, const char *format, ...)
{
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(ctx, format), args);
    va_end(args);
    return add(findings, at, message);
}

pagu_code report_text(pagu_ctx *ctx, pagu_findings *findings, const place *at, const char *message)
{
    return add(findings, at, tr(ctx, message));
}

pagu_code report_first(pagu_ctx *ctx, const pagu_findings *findings, uint32_t from, pagu_code code, pagu_error *err)
{
    for (uint32_t i = from; i < pagu_findings_count(findings); i++) {
        const pagu_finding *f = pagu_findings_get(findings, i);
        if (f->severity != PAGU_ERROR)
            continue;
        const char *sep = f->column[0] ? ": " : "";
        if (f->line)
            err_at(ctx, err, code, f->key, f->column, "%s:%u%s%s: %s", f->file, f->line, sep, f->column, f->message);
        else
            err_at(ctx, err, code, f->key, f->column, "%s%s%s: %s", f->file, sep, f->column, f->message);
        return err_in_file(err, code, f->file, (int)f->line);
    }
    return code;
}
