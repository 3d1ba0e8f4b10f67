/* check.c - the checks of a plan: runs the rules, orders what they found.
 *
 * What was printed is compared with the plan as loaded: edits of a scenario are no mistakes
 * of the document.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "io/codes.h"

#include <stdarg.h>
#include <stdio.h>

enum { SUBSET_BUDGET = 20000000 };

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

const char *table_text(const pagu_plan *p, const check_table *t, uint32_t row, uint32_t column)
{
    if (!t->doc || t->at[column] == NO_AT)
        return "";
    return plan_str(p, t->doc->cells[(size_t)row * t->doc->n_columns + t->at[column]]);
}

/* ---- findings ---- */

void check_fail(checker *c, pagu_code code)
{
    if (c->code == PAGU_OK) /* the first error is told */
        c->code = code;
}

bool check_stop(checker *c)
{
    if (c->code == PAGU_OK && pagu_ctx_interrupted(c->ctx))
        c->code = PAGU_INTERRUPTED;
    return c->code != PAGU_OK;
}

static pagu_severity severity_of(check_rule rule)
{
    return pagu_rule_get(rule, PAGU_LANG_EN).severity;
}

pagu_finding finding_at(const checker *c, check_rule rule, const claim *k)
{
    pagu_finding f = { .rule = rule_id(rule),
                       .severity = severity_of(rule),
                       .file = "",
                       .column = "",
                       .key = "",
                       .printed = "",
                       .computed = "",
                       .message = "",
                       .difference = "",
                       .suggestion = "",
                       .details = "",
                       .stage = "",
                       .period = "",
                       .record_file = "",
                       .suppressed = "" };
    if (!k)
        return f;
    f.file = claim_table(c, k);
    f.line = k->row;
    f.column = plan_str(c->plan, k->column);
    f.key = claim_key(c, k);
    f.printed = claim_text(c, k);
    f.stage = k->stage == PAGU_NONE ? "" : plan_str(c->plan, c->plan->stages[k->stage].id);
    f.period = plan_str(c->plan, k->period_id);
    f.source_line = k->line;
    f.record_file = "printed.csv";
    f.record = c->records[k->at];
    return f;
}

static uint32_t rule_index(const char *id)
{
    uint32_t i = 0;
    while (i < CHECK_RULES && !str_eq(rule_id((check_rule)i), id))
        i++;
    return i;
}

/* Findings come a table at a time: the last one is tried first. */
static uint32_t table_index(checker *c, const char *id)
{
    if (c->last_table < c->n_tables && str_eq(plan_str(c->plan, c->tables[c->last_table].id), id))
        return c->last_table;
    for (uint32_t t = 0; t < c->n_tables; t++)
        if (str_eq(plan_str(c->plan, c->tables[t].id), id)) {
            c->last_table = t;
            return t;
        }
    return NO_AT;
}

/* Findings that stand in no table come after those that do, by node. */
static found_place place_of(checker *c, const pagu_finding *f)
{
    found_place spot = { NO_AT, f->line, f->record, rule_index(f->rule) };
    if (f->file && *f->file)
        spot.table = table_index(c, f->file);
    if (!f->record && f->key) {
        pagu_row row;
        pagu_indicator ind = plan_find_indicator(c->plan, f->key, strlen(f->key));
        if (ind != PAGU_NO_INDICATOR)
            spot.at = c->plan->indicators[ind].row == PAGU_NO_ROW ? NO_AT : c->plan->pre[c->plan->indicators[ind].row];
        else if (plan_lookup(c->plan, f->key, strlen(f->key), &row, 1) == 1)
            spot.at = c->plan->pre[row];
    }
    if (!f->line && spot.table != NO_AT)
        spot.row = NO_AT; /* of the table as a whole: behind its rows */
    return spot;
}

static void report(checker *c, const pagu_finding *f)
{
    uint32_t n = pagu_findings_count(c->found);
    if (c->code != PAGU_OK)
        return;
    if (!mem_grow(c->ctx, &c->places, &c->cap_places, n, sizeof *c->places))
        check_fail(c, PAGU_NO_MEMORY);
    else
        check_fail(c, pagu_findings_add(c->found, f));
    if (c->code == PAGU_OK)
        c->places[n] = place_of(c, f);
}

void check_say(checker *c, pagu_finding *f, const char *format, ...)
{
    char message[1400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, tr(c->ctx, format), args);
    va_end(args);
    f->message = message;
    report(c, f);
    f->message = "";
}

/* ---- order ---- */

static int compare_found(const void *ud, uint32_t a, uint32_t b)
{
    const found_place *x = &((const found_place *)ud)[a], *y = &((const found_place *)ud)[b];
    const uint32_t p[] = { x->table, x->row, x->at, x->rule }, q[] = { y->table, y->row, y->at, y->rule };
    for (uint32_t i = 0; i < COUNT_OF(p); i++)
        if (p[i] != q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

static pagu_code hand_out(checker *c, const pagu_check_options *o, pagu_findings *findings)
{
    uint32_t n = pagu_findings_count(c->found);
    uint32_t *order = mem_array(c->ctx, n, sizeof *order), *scratch = mem_array(c->ctx, n, sizeof *scratch);
    pagu_code code = n && (!order || !scratch) ? PAGU_NO_MEMORY : PAGU_OK;
    for (uint32_t i = 0; code == PAGU_OK && i < n; i++)
        order[i] = i;
    if (code == PAGU_OK) {
        sort_indices(order, scratch, n, compare_found, c->places);
        code = findings_suppress(c, order, n, o, findings);
    }
    mem_free(c->ctx, order, n * sizeof *order);
    mem_free(c->ctx, scratch, n * sizeof *scratch);
    return code;
}

/* ---- all ---- */

static void report_code(void *ud, const pagu_finding *f)
{
    report(ud, f);
}

static void check_nomenclature(checker *c)
{
    code_report nomenclature = { .ud = c, .add = report_code };
    check_fail(c, codes_check(c->view, c->plan, &nomenclature));
}

static void run_printed(checker *c)
{
    table_sum *sums = mem_zarray(c->ctx, c->n_claims, sizeof *sums);
    if (c->n_claims && !sums) {
        check_fail(c, PAGU_NO_MEMORY);
        return;
    }
    check_footing(c, sums);
    check_money_cells(c, sums);
    mem_free(c->ctx, sums, c->n_claims * sizeof *sums);
}

static void run_rules(checker *c)
{
    static void (*const rules[])(checker *) = {
        run_printed,        check_rows,         check_measure_cells, check_rates,  check_names,   check_printed_codes,
        check_layout,       check_nomenclature, check_proposals,     check_stated, check_amounts, check_budgets,
        check_achievements, check_indicators,   check_stages,        check_limits,
    };
    for (uint32_t i = 0; i < COUNT_OF(rules) && !check_stop(c); i++)
        rules[i](c);
}

pagu_code pagu_check_with(const pagu_view *v, const pagu_check_options *options, pagu_findings *findings,
                          pagu_error *err)
{
    pagu_check_options o = PAGU_CHECK_OPTIONS_INIT;
    const pagu_plan *p = pagu_view_plan(v);
    checker c = { .ctx = p->ctx, .plan = p, .view = v, .budget = SUBSET_BUDGET };
    uint32_t rule;
    if (options)
        memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    if (o.rule && pagu_rule_find(p->ctx, o.rule, &rule, err) != PAGU_OK)
        return PAGU_NOT_FOUND;
    c.found = pagu_findings_new(p->ctx);
    pagu_view *stage = pagu_view_is_scenario(v) ? pagu_view_open(pagu_view_plan(v), pagu_view_stage(v)) : NULL;
    c.loaded = stage ? stage : v;
    if (!c.found || (pagu_view_is_scenario(v) && !stage))
        c.code = PAGU_NO_MEMORY;
    else
        claims_read(&c);
    if (c.code == PAGU_OK)
        run_rules(&c);
    if (c.code == PAGU_OK)
        c.code = hand_out(&c, &o, findings);
    claims_free(&c);
    if (stage)
        pagu_view_close(stage);
    mem_free(c.ctx, c.places, c.cap_places * sizeof *c.places);
    pagu_findings_free(c.found);
    if (c.code == PAGU_INTERRUPTED)
        return err_set(p->ctx, err, c.code, "interrupted");
    return c.code == PAGU_OK ? c.code : err_memory(p->ctx, err);
}

pagu_code pagu_check(const pagu_view *v, pagu_findings *findings, pagu_error *err)
{
    return pagu_check_with(v, NULL, findings, err);
}
