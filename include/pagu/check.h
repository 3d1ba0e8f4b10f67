/* pagu/check.h - the rules that look for mistakes in a plan and in the document it came from.
 *
 *     pagu_check_options o = PAGU_CHECK_OPTIONS_INIT;
 *     o.severity = PAGU_WARNING;
 *     pagu_check_with(view, &o, findings, &err);
 *     for (uint32_t i = 0; i < pagu_findings_count(findings); i++)
 *         puts(pagu_findings_get(findings, i)->message);
 *
 * A rule has a stable id ("footing") that findings carry, suppressions name and people look up.
 * Rules know tables, fields, stages and levels, and nothing of any plan. What was printed is
 * compared with the plan as loaded, first within its own table: a total that its own rows bear
 * out, or a rate that its own row bears out, is not wrong whatever the model holds. What a rule
 * says of the plan itself (budget without target, broken limits) is said of the view.
 *
 * Findings come in the order of tables, rows and columns, then of rules: the same for the same
 * plan. Cost: O(n log n) in printed cells, linear in values.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CHECK_H
#define PAGU_CHECK_H

#include "pagu/render.h"
#include "pagu/view.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a rule is, in one language. Strings are static. */
typedef struct pagu_rule_info {
    const char *id;
    pagu_severity severity; /* of most of its findings; some are of a lower one */
    const char *title;
    const char *checks; /* what it looks at */
    const char *why;    /* why it matters */
    const char *mend;   /* what to do */
    const char *source; /* law, form or practice it rests on; "" if plain arithmetic */
} pagu_rule_info;

PAGU_API uint32_t pagu_rule_count(void);
/* i below pagu_rule_count(); rules come in a fixed order. */
PAGU_API pagu_rule_info pagu_rule_get(uint32_t i, pagu_lang lang);
/* Find by id. PAGU_NOT_FOUND names the nearest ids. */
PAGU_API pagu_code pagu_rule_find(pagu_ctx *ctx, const char *id, uint32_t *out, pagu_error *err);

typedef struct pagu_check_options {
    size_t size;
    const char *rule;       /* only this one; NULL: all */
    pagu_severity severity; /* only findings of at least this one */
    bool suppressed;        /* also findings that the package suppresses, with their reason */
} pagu_check_options;
#define PAGU_CHECK_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        sizeof(pagu_check_options), NULL, PAGU_NOTE, false                                                             \
    }

/* Run the rules over a view and its package: appends findings. options NULL: the defaults.
 * PAGU_NOT_FOUND: no such rule. PAGU_INTERRUPTED, PAGU_NO_MEMORY. */
PAGU_API pagu_code pagu_check_with(const pagu_view *v, const pagu_check_options *options, pagu_findings *findings,
                                   pagu_error *err);
/* All rules with the defaults. */
PAGU_API pagu_code pagu_check(const pagu_view *v, pagu_findings *findings, pagu_error *err);

/* Findings as a table: rule, severity, file, line, column, key, printed, computed, message,
 * difference, suggestion, details, source_line, suppressed. */
PAGU_API pagu_code pagu_findings_table(const pagu_findings *fs, pagu_table **out, pagu_error *err);

/* Findings as documents. view: what was checked, NULL if nothing could be loaded; path: the
 * package as the caller names it; width: of text, 0 for no wrapping.
 *   text   grouped by table, with a summary by rule; in the language of the context
 *   json   {"check": 1, …}: docs/checks.md describes it
 *   sarif  2.1.0, for code review and CI; places are lines of the package's files */
typedef enum pagu_findings_format { PAGU_FINDINGS_TEXT, PAGU_FINDINGS_JSON, PAGU_FINDINGS_SARIF } pagu_findings_format;
PAGU_API pagu_code pagu_findings_render(const pagu_findings *fs, const pagu_view *view, const char *path,
                                        pagu_findings_format format, uint32_t width, pagu_text *out, pagu_error *err);
/* The register as a table: id, severity, title; or one rule in full, as readable text. */
PAGU_API pagu_code pagu_rules_table(pagu_ctx *ctx, pagu_table **out, pagu_error *err);
PAGU_API pagu_code pagu_rule_explain(pagu_ctx *ctx, uint32_t rule, pagu_text *out, pagu_error *err);

/* A suppression: what is NULL, "" or 0 fits all. */
typedef struct pagu_suppression {
    const char *rule, *reason; /* needed */
    const char *owner, *table, *column;
    uint32_t row;
} pagu_suppression;
/* Add a suppression to the package in a folder: its CSV file of suppressions is rewritten whole or
 * not at all, then the descriptor if it did not list one. PAGU_ARGUMENT: no reason, or the package
 * keeps its suppressions inline; PAGU_NOT_FOUND: no such rule, or no package. PAGU_IO. */
PAGU_API pagu_code pagu_suppress(pagu_ctx *ctx, const char *folder, const pagu_suppression *what, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
