/* report.h - findings of readers: a place and a message in the context's language.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_REPORT_H
#define PAGU_SRC_REPORT_H

#include "base/base.h"
#include "pagu/finding.h"

/* Where a fault stands; what is NULL or 0 is left empty. */
typedef struct place {
    const char *rule, *file;
    uint32_t line;
    const char *column, *key, *printed, *computed;
    bool warning; /* else an error */
} place;

/* Append a finding; only memory can be wanting. `format` is looked up in the catalogue. */
pagu_code report_at(pagu_ctx *ctx, pagu_findings *findings, const place *at, const char *format, ...) PAGU_PRINTF(4, 5);
/* The same for a message without arguments, chosen at run time. */
pagu_code report_text(pagu_ctx *ctx, pagu_findings *findings, const place *at, const char *message);

/* Turn the first error of a list (from index `from` on) into *err with `code`. */
pagu_code report_first(pagu_ctx *ctx, const pagu_findings *findings, uint32_t from, pagu_code code, pagu_error *err);

#endif
