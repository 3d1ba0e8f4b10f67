/* check_suppress.c - findings that the package leaves out, each for a reason.
 *
 * An empty cell of suppressions.csv fits everything. A suppression without a reason suppresses
 * nothing, and one that fits no finding would hide the next mistake: both are findings.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <stdio.h>

enum { SUPPRESS_RULE, SUPPRESS_OWNER, SUPPRESS_TABLE, SUPPRESS_ROW, SUPPRESS_COLUMN, SUPPRESS_REASON };

typedef struct suppressing {
    checker *c;
    const pagu_check_options *options;
    pagu_findings *out;
    uint8_t *used; /* by row of suppressions.csv */
    pagu_code code;
} suppressing;

static bool fits(const char *wanted, const char *value)
{
    return !*wanted || str_eq(wanted, value) || (str_eq(wanted, ".") && str_eq(value, "/"));
}

static const char *suppression(const suppressing *s, uint32_t row, uint32_t column)
{
    return table_text(s->c->plan, &s->c->suppressions, row, column);
}

static bool fits_finding(const suppressing *s, uint32_t r, const pagu_finding *f, const char *line)
{
    return str_eq(suppression(s, r, SUPPRESS_RULE), f->rule) && fits(suppression(s, r, SUPPRESS_OWNER), f->key) &&
           fits(suppression(s, r, SUPPRESS_TABLE), f->file) && fits(suppression(s, r, SUPPRESS_ROW), line) &&
           fits(suppression(s, r, SUPPRESS_COLUMN), f->column);
}

/* The reason, or "". */
static const char *reason_for(suppressing *s, const pagu_finding *f)
{
    const char *reason = "";
    char line[16];
    snprintf(line, sizeof line, "%u", f->line);
    for (uint32_t r = 0; s->used && r < s->c->suppressions.doc->n_rows; r++)
        if (fits_finding(s, r, f, line)) {
            s->used[r] = true;
            if (!*reason)
                reason = suppression(s, r, SUPPRESS_REASON);
        }
    return reason;
}

/* Tables of a mounted package stand in a file of its own, whose lines are not counted. */
static void put_out(suppressing *s, pagu_finding *f)
{
    const pagu_check_options *o = s->options;
    if (strchr(f->file, '/'))
        f->record = 0;
    bool wanted =
        f->severity >= o->severity && (!o->rule || str_eq(o->rule, f->rule)) && (o->suppressed || !*f->suppressed);
    if (wanted && s->code == PAGU_OK)
        s->code = pagu_findings_add(s->out, f);
}

static void judge_suppression(suppressing *s, uint32_t r)
{
    bool reason = !is_blank(suppression(s, r, SUPPRESS_REASON));
    if (reason && s->used[r])
        return;
    char message[600];
    const char *rule = suppression(s, r, SUPPRESS_RULE);
    pagu_finding f = finding_at(s->c, reason ? CHECK_SUPPRESSION_UNUSED : CHECK_SUPPRESSION_WITHOUT_REASON, NULL);
    if (reason)
        snprintf(message, sizeof message, tr(s->c->ctx, "the suppression of \"%s\" fits no finding"), rule);
    else
        snprintf(message, sizeof message, tr(s->c->ctx, "the suppression of \"%s\" has no reason"), rule);
    f.file = f.record_file = "suppressions.csv";
    f.line = f.record = r + 2;
    f.column = reason ? "rule" : "reason";
    f.key = suppression(s, r, SUPPRESS_OWNER);
    f.printed = rule;
    f.message = message;
    f.suppressed = "";
    put_out(s, &f);
}

pagu_code findings_suppress(checker *c, const uint32_t *order, uint32_t n, const pagu_check_options *o,
                            pagu_findings *out)
{
    static const char *const columns[] = { "rule", "owner", "table", "row", "column", "reason" };
    c->suppressions = find_table(c->plan, "suppressions", columns, COUNT_OF(columns));
    uint32_t rows = c->suppressions.doc ? c->suppressions.doc->n_rows : 0;
    suppressing s = { c, o, out, mem_zarray(c->ctx, rows, 1), PAGU_OK };
    if (rows && !s.used)
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < n && s.code == PAGU_OK; i++) {
        pagu_finding f = *pagu_findings_get(c->found, order[i]);
        if (rows) {
            if (i % 256 == 0 && check_stop(c))
                s.code = c->code;
            f.suppressed = reason_for(&s, &f);
            if (is_blank(f.suppressed))
                f.suppressed = "";
        }
        put_out(&s, &f);
    }
    for (uint32_t r = 0; r < rows && s.code == PAGU_OK; r++)
        judge_suppression(&s, r);
    mem_free(c->ctx, s.used, rows);
    return s.code;
}
