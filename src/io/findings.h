/* findings.h - findings as documents.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_FINDINGS_H
#define PAGU_SRC_FINDINGS_H

#include "base/base.h"
#include "base/finding.h"
#include "pagu/check.h"

typedef struct findings_output {
    pagu_ctx *ctx;
    const pagu_findings *fs;
    const pagu_view *view; /* or NULL */
    const char *path;
    uint32_t width;
    pagu_text *out;
    pagu_code code; /* first error */
} findings_output;

/* A finding in a printed table names its table as file and the package's file as record_file. */
static inline bool finding_in_table(const pagu_finding *f)
{
    return *f->record_file && !str_eq(f->record_file, f->file);
}
static inline const char *finding_file(const pagu_finding *f)
{
    return *f->record_file ? f->record_file : f->file;
}
static inline uint32_t finding_record(const pagu_finding *f)
{
    return f->record ? f->record : finding_in_table(f) ? 0 : f->line;
}
const char *finding_level(pagu_severity severity); /* "note", "warning", "error" */

/* Append, remembering the first error. */
void findings_put(findings_output *o, const char *text);
void findings_printf(findings_output *o, const char *format, ...) PAGU_PRINTF(2, 3);

/* What was checked, for the lines that stand under every printed result; false: no view, or an error in o->code. */
typedef struct findings_stamp {
    char plan[65], view[65]; /* hashes */
    const char *kind;        /* "stage" or "scenario" */
} findings_stamp;
bool findings_stamp_read(findings_output *o, findings_stamp *out);

void findings_as_text(findings_output *o);
void findings_as_json(findings_output *o);
void findings_as_sarif(findings_output *o);

#endif
