/* check.c - built-in checks of a plan: amounts that do not foot, printed cells, lost rows.
 *
 * What was printed is compared with the plan as loaded: edits of a scenario are no mistakes
 * of the document.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "base/finding.h"
#include "io/codes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- document tables ---- */

check_table find_table(const pagu_plan *plan, const char *name, const char *const *columns, uint32_t n)
{
    check_table t = { NULL, { 0 } };
    for (uint32_t i = 0; i < plan->n_documents; i++)
        if (str_eq(plan_str(plan, plan->documents[i].name), name))
            t.doc = &plan->documents[i];
    for (uint32_t i = 0; i < n; i++) {
        t.at[i] = NO_AT;
        for (uint32_t c = 0; t.doc && c < t.doc->n_columns; c++)
            if (str_eq(plan_str(plan, t.doc->columns[c]), columns[i]))
                t.at[i] = c;
    }
    return t;
}

const char *table_text(const checker *c, const check_table *t, uint32_t row, uint32_t column)
{
    if (t->at[column] == NO_AT)
        return "";
    return plan_str(c->plan, t->doc->cells[(size_t)row * t->doc->n_columns + t->at[column]]);
}

/* ---- findings ---- */

enum { SUPPRESS_RULE, SUPPRESS_OWNER, SUPPRESS_TABLE, SUPPRESS_ROW, SUPPRESS_COLUMN };

/* An empty cell of suppressions.csv fits everything. */
static bool fits(const char *wanted, const char *value)
{
    return !*wanted || str_eq(wanted, value) || (str_eq(wanted, ".") && str_eq(value, "/"));
}

static bool is_suppressed(const checker *c, const pagu_finding *f)
{
    const check_table *t = &c->suppressions;
    char line[16];
    snprintf(line, sizeof line, "%u", f->line);
    for (uint32_t r = 0; t->doc && r < t->doc->n_rows; r++)
        if (str_eq(table_text(c, t, r, SUPPRESS_RULE), f->rule) && fits(table_text(c, t, r, SUPPRESS_OWNER), f->key) &&
            fits(table_text(c, t, r, SUPPRESS_TABLE), f->file) && fits(table_text(c, t, r, SUPPRESS_ROW), line) &&
            fits(table_text(c, t, r, SUPPRESS_COLUMN), f->column))
            return true;
    return false;
}

void check_report(checker *c, const pagu_finding *f)
{
    if (c->code == PAGU_OK && !is_suppressed(c, f))
        c->code = pagu_findings_add(c->findings, f);
}

void check_say(checker *c, pagu_finding *f, const char *format, ...)
{
    char message[600];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(c->ctx, format), args);
    va_end(args);
    f->message = message;
    check_report(c, f);
    f->message = "";
}

/* ---- money ---- */

pagu_cell plan_money(const pagu_plan *p, pagu_row row, pagu_column column)
{
    const plan_column *c = &p->columns[column];
    pagu_cell cell = { 0, PAGU_MISSING };
    if (!c->values)
        return cell;
    cell.state = c->presence ? presence_state(c->presence[row]) : PAGU_NUMBER;
    cell.value = cell.state == PAGU_NUMBER ? c->values[row] : 0;
    return cell;
}

/* A node whose only child is its own line holds its money itself. */
bool is_sum(const pagu_plan *p, pagu_row row)
{
    uint32_t first = p->child_first[row], end = p->child_first[row + 1];
    return end > first + 1 || (end == first + 1 && !(p->flags[first] & ROW_OWN_LINE));
}

check_text cell_as_text(const checker *c, pagu_cell cell, pagu_locale locale)
{
    check_text text = { "" };
    if (cell.state == PAGU_NUMBER)
        pagu_money_format(text.s, sizeof text.s, cell.value, locale, c->plan->decimals);
    else if (cell.state == PAGU_DASH)
        snprintf(text.s, sizeof text.s, "-");
    return text;
}

/* ---- amounts given for sums ---- */

static pagu_locale plan_locale(const pagu_plan *p)
{
    const char *name = pagu_plan_meta(p, "locale");
    return name && str_eq(name, "en") ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
}

static void check_amount(checker *c, const pagu_printed_amount *a)
{
    const pagu_plan *p = c->plan;
    pagu_cell sum = plan_money(p, a->row, a->column);
    if (sum.state == a->cell.state && sum.value == a->cell.value)
        return;
    pagu_locale locale = plan_locale(p);
    check_text printed = cell_as_text(c, a->cell, locale), computed = cell_as_text(c, sum, locale);
    const char *key = plan_str(p, p->key[a->row]);
    const char *field = plan_str(p, p->fields[pagu_plan_column_field(p, a->column)].id);
    const char *period = plan_str(p, p->periods[pagu_plan_column_period(p, a->column)].id);
    const char *stage = plan_str(p, p->stages[pagu_plan_column_stage(p, a->column)].id);
    bool marks = sum.value == a->cell.value;
    pagu_finding f = { .rule = marks ? "printed-marks" : "footing", .severity = marks ? PAGU_NOTE : PAGU_WARNING,
                       .file = "amounts.csv", .column = field, .key = key, .printed = printed.s,
                       .computed = computed.s };
    check_say(c, &f, "%s of \"%s\" for %s in stage \"%s\" is given as %s, but what lies below adds up to %s", field,
              key, period, stage, printed.s, sum.state == PAGU_MISSING ? "-" : computed.s);
}

static void check_amounts(checker *c)
{
    for (uint32_t i = 0; i < c->plan->n_printed && c->code == PAGU_OK; i++)
        check_amount(c, &c->plan->printed[i]);
}

/* ---- all ---- */

static void report_code(void *ud, const pagu_finding *f)
{
    check_report(ud, f);
}

static void check_nomenclature(checker *c, const pagu_view *v)
{
    code_report report = { .ud = c, .add = report_code };
    pagu_code code = codes_check(v, c->plan, &report);
    if (c->code == PAGU_OK)
        c->code = code;
}

pagu_code pagu_check(const pagu_view *v, pagu_findings *findings, pagu_error *err)
{
    static const char *const tables[] = { "table", "stage", "levels", "scope", "locale" };
    static const char *const printed[] = { "table", "row", "column", "owner", "field", "stage", "period", "text" };
    static const char *const suppressions[] = { "rule", "owner", "table", "row", "column" };
    const pagu_plan *p = pagu_view_plan(v);
    checker c = { .ctx = p->ctx, .plan = p, .findings = findings };
    c.tables = find_table(p, "tables", tables, COUNT_OF(tables));
    c.printed = find_table(p, "printed", printed, COUNT_OF(printed));
    c.suppressions = find_table(p, "suppressions", suppressions, COUNT_OF(suppressions));
    check_amounts(&c);
    if (c.code == PAGU_OK && c.printed.doc)
        check_printed_cells(&c);
    if (c.code == PAGU_OK && c.printed.doc && c.tables.doc)
        check_missing_rows(&c);
    if (c.code == PAGU_OK)
        check_nomenclature(&c, v);
    if (c.code == PAGU_INTERRUPTED)
        return err_set(p->ctx, err, c.code, "interrupted");
    return c.code == PAGU_OK ? c.code : err_memory(p->ctx, err);
}

/* ---- findings as a table ---- */

static const char *severity_word(const pagu_ctx *ctx, pagu_severity s)
{
    return tr(ctx, s == PAGU_ERROR ? "error" : s == PAGU_WARNING ? "warning" : "note");
}

static pagu_code put_finding(pagu_table *t, uint32_t row, const pagu_ctx *ctx, const pagu_finding *f)
{
    const char *texts[] = { f->rule, severity_word(ctx, f->severity), f->file, NULL, f->column,
                            f->key,  f->printed, f->computed, f->message };
    pagu_code code = pagu_table_add_row(t);
    for (uint32_t i = 0; i < COUNT_OF(texts) && code == PAGU_OK; i++)
        if (texts[i] && *texts[i])
            code = pagu_table_set_text(t, row, i, texts[i]);
        else if (!texts[i] && f->line)
            code = pagu_table_set_money(t, row, i, f->line);
    return code;
}

pagu_code pagu_findings_table(const pagu_findings *fs, pagu_table **out, pagu_error *err)
{
    static const struct { const char *name, *title; } columns[] = {
        { "rule", "Rule" }, { "severity", "Severity" }, { "file", "File or table" }, { "line", "Line or row" },
        { "column", "Column" }, { "key", "Key" }, { "printed", "Printed" }, { "computed", "Computed" },
        { "message", "Message" },
    };
    pagu_ctx *ctx = findings_ctx(fs);
    pagu_table *t = pagu_table_new(ctx);
    pagu_code code = t ? PAGU_OK : PAGU_NO_MEMORY;
    *out = NULL;
    for (uint32_t i = 0; i < COUNT_OF(columns) && code == PAGU_OK; i++)
        code = pagu_table_add_column(t, columns[i].name, tr(ctx, columns[i].title),
                                     str_eq(columns[i].name, "line") ? PAGU_COL_INTEGER : PAGU_COL_TEXT);
    for (uint32_t i = 0; i < pagu_findings_count(fs) && code == PAGU_OK; i++)
        code = put_finding(t, i, ctx, pagu_findings_get(fs, i));
    if (code != PAGU_OK) {
        pagu_table_free(t);
        return err_memory(ctx, err);
    }
    *out = t;
    return PAGU_OK;
}
