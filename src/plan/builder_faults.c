/* builder_faults.c - what is wrong with a row, said once and well.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

#include <stdarg.h>
#include <stdio.h>

static void remember_first(pagu_builder *b, const fault *f, const char *message)
{
    if (b->n_faults > 1)
        return;
    err_at(b->ctx, &b->first, PAGU_PACKAGE, f->key, f->column, "%s", message);
    b->first.line = (int)f->line;
    snprintf(b->first.file, sizeof b->first.file, "%s", b->files[f->file]);
}

void builder_fault(pagu_builder *b, const fault *f, const char *format, ...)
{
    char message[sizeof b->first.message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(b->ctx, format), args);
    va_end(args);
    if (f->severity == PAGU_ERROR) {
        b->n_faults++;
        remember_first(b, f, message);
    }
    if (!b->findings)
        return;
    pagu_finding finding = { .rule = f->rule,
                             .severity = f->severity,
                             .file = b->files[f->file],
                             .line = f->line,
                             .column = f->column,
                             .key = f->key,
                             .printed = f->value,
                             .message = message };
    if (pagu_findings_add(b->findings, &finding) != PAGU_OK)
        b->failed = PAGU_NO_MEMORY;
}

suggestion builder_suggest(const pagu_builder *b, const nearest *n)
{
    suggestion text = { "" };
    if (n->count) {
        int len = snprintf(text.s, sizeof text.s, tr(b->ctx, "; did you mean \"%s\"?"), n->name[0]);
        if (len < 0 || (size_t)len >= sizeof text.s)
            text.s[0] = '\0';
    }
    return text;
}

place_text builder_place(const pagu_builder *b, uint16_t file, uint32_t line)
{
    place_text text;
    snprintf(text.s, sizeof text.s, "%s:%u", b->files[file], line);
    return text;
}
