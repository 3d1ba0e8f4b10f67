/* pagu/finding.h - what loads and checks report: all of it, in a stable order.
 *
 *     pagu_findings *fs = pagu_findings_new(ctx);
 *     if (pagu_package_open(ctx, dir, fs, &plan, &err) != PAGU_OK)
 *         for (uint32_t i = 0; i < pagu_findings_count(fs); i++)
 *             print(pagu_findings_get(fs, i)->message);
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_FINDING_H
#define PAGU_FINDING_H

#include "pagu/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum pagu_severity { PAGU_NOTE = 0, PAGU_WARNING = 1, PAGU_ERROR = 2 } pagu_severity;

/* One finding. Strings are owned by the list; "" where there is none. */
typedef struct pagu_finding {
    const char *rule; /* stable id, e.g. "footing", "csv-syntax", "orphan" */
    pagu_severity severity;
    const char *file;     /* file of the package, or printed table id */
    uint32_t line;        /* 1-based line of the file or row of the table; 0 none */
    const char *column;   /* column name */
    const char *key;      /* node or indicator key */
    const char *printed;  /* value found */
    const char *computed; /* value expected */
    const char *message;  /* one line in the context's language */

    /* What checks add; "" or 0 where there is none. */
    const char *difference; /* how printed and computed differ: "marks", "rounding", "truncation",
                               "power-of-ten", "unit", "text", "value" */
    const char *suggestion; /* one line: what would mend it */
    const char *details;    /* the lines that explain it, each on a line of its own: "KEY  value" */
    const char *stage, *period;
    uint32_t source_line;    /* line of the source document */
    const char *record_file; /* file of the package that holds the cell: "printed.csv" */
    uint32_t record;         /* 1-based line of that file */
    const char *suppressed;  /* why the package leaves it out: not counted by severity */
} pagu_finding;

typedef struct pagu_findings pagu_findings;

PAGU_API pagu_findings *pagu_findings_new(pagu_ctx *ctx);
PAGU_API void pagu_findings_free(pagu_findings *fs);
/* Append a copy. PAGU_NO_MEMORY leaves the list as it was. NULL strings mean "". */
PAGU_API pagu_code pagu_findings_add(pagu_findings *fs, const pagu_finding *f);
PAGU_API uint32_t pagu_findings_count(const pagu_findings *fs);
/* How many that are not suppressed have at least this severity. */
PAGU_API uint32_t pagu_findings_count_at(const pagu_findings *fs, pagu_severity at_least);
PAGU_API const pagu_finding *pagu_findings_get(const pagu_findings *fs, uint32_t i);

#ifdef __cplusplus
}
#endif
#endif
