/* import_tables.c - how the columns were understood, and what came of it, as tables.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include "pagu/view.h"
#include "plan/plan_struct.h"

#include <stdio.h>

static void add_column(pagu_ctx *ctx, pagu_table *t, const char *name, const char *title, pagu_column_type type,
                       pagu_code *code)
{
    if (*code == PAGU_OK)
        *code = pagu_table_add_column(t, name, tr(ctx, title), type);
}

static pagu_code end(pagu_ctx *ctx, pagu_code code, pagu_table **out, pagu_error *err)
{
    if (code == PAGU_OK)
        return code;
    pagu_table_free(*out);
    *out = NULL;
    return err_memory(ctx, err);
}

pagu_code pagu_import_mapping(const pagu_import *im, pagu_table **out, pagu_error *err)
{
    *out = pagu_table_new(im->ctx);
    pagu_code code = *out ? pagu_table_set_title(*out, tr(im->ctx, "Columns as they were understood")) : PAGU_NO_MEMORY;
    add_column(im->ctx, *out, "file", "File", PAGU_COL_TEXT, &code);
    add_column(im->ctx, *out, "sheet", "Sheet", PAGU_COL_TEXT, &code);
    add_column(im->ctx, *out, "column", "Column", PAGU_COL_TEXT, &code);
    add_column(im->ctx, *out, "header", "Header", PAGU_COL_TEXT, &code);
    add_column(im->ctx, *out, "meaning", "Meaning", PAGU_COL_TEXT, &code);
    for (uint32_t i = 0; i < im->n_mapping && code == PAGU_OK; i++) {
        const mapping_note *m = &im->mapping[i];
        const char *texts[] = { m->file, m->sheet, m->column, m->header, m->meaning };
        code = pagu_table_add_row(*out);
        for (uint32_t k = 0; k < COUNT_OF(texts) && code == PAGU_OK; k++)
            if (*texts[k])
                code = pagu_table_set_text(*out, i, k, texts[k]);
    }
    return end(im->ctx, code, out, err);
}

/* ---- the summary ---- */

enum { WHAT, STAGE, PERIOD, COUNT, TOTAL };

typedef struct summary {
    pagu_ctx *ctx;
    const pagu_plan *plan;
    pagu_table *t;
    pagu_code code;
} summary;

static void put(summary *s, const char *what, const char *stage, const char *period, int64_t count,
                const pagu_cell *total)
{
    pagu_table *t = s->t;
    uint32_t row = pagu_table_row_count(t);
    if (s->code != PAGU_OK)
        return;
    s->code = pagu_table_add_row(t);
    if (s->code == PAGU_OK)
        s->code = pagu_table_set_text(t, row, WHAT, what);
    if (s->code == PAGU_OK && stage)
        s->code = pagu_table_set_text(t, row, STAGE, stage);
    if (s->code == PAGU_OK && period)
        s->code = pagu_table_set_text(t, row, PERIOD, period);
    if (s->code == PAGU_OK)
        s->code = pagu_table_set_money(t, row, COUNT, count);
    if (s->code == PAGU_OK && total)
        s->code = pagu_table_set_cell(t, row, TOTAL, *total);
}

static const char *field_name(const summary *s, uint32_t field)
{
    return import_field_words(s->ctx, plan_str(s->plan, s->plan->fields[field].id));
}

static void put_levels(summary *s, uint32_t stage)
{
    const pagu_plan *p = s->plan;
    const plan_stage *st = &p->stages[stage];
    for (uint32_t l = 0; l < p->n_levels; l++) {
        int64_t n = 0;
        for (uint32_t r = 1; r < p->n_rows; r++)
            n += p->level[r] == l && (!st->members || bit_get(st->members, r));
        if (n)
            put(s, plan_str(p, p->levels[l].name), plan_str(p, st->id), NULL, n, NULL);
    }
}

static void put_money(summary *s, uint32_t stage, uint32_t field, uint32_t period)
{
    const pagu_plan *p = s->plan;
    pagu_column column = column_index(p, (pagu_stage)stage, (pagu_field)field, (pagu_period)period);
    int64_t n = 0;
    if (!p->columns[column].values || p->columns[column].masked)
        return;
    pagu_view *v = pagu_view_open((pagu_plan *)(uintptr_t)p, (pagu_stage)stage);
    if (!v) {
        s->code = PAGU_NO_MEMORY;
        return;
    }
    for (uint32_t r = 0; r < p->n_rows; r++)
        n +=
            pagu_view_is_leaf(v, r) && pagu_view_is_member(v, r) && pagu_view_money(v, r, column).state != PAGU_MISSING;
    pagu_cell total = pagu_view_money(v, 0, column);
    pagu_view_close(v);
    put(s, field_name(s, field), plan_str(p, p->stages[stage].id), plan_str(p, p->periods[period].id), n, &total);
}

static void put_measures(summary *s, uint32_t stage, uint32_t field, uint32_t period)
{
    const pagu_plan *p = s->plan;
    const plan_column *c = &p->columns[column_index(p, (pagu_stage)stage, (pagu_field)field, (pagu_period)period)];
    int64_t n = 0;
    for (uint32_t i = 0; c->measures && i < p->n_indicators; i++)
        n += c->measures[i].state != PAGU_MISSING;
    if (n)
        put(s, field_name(s, field), plan_str(p, p->stages[stage].id), plan_str(p, p->periods[period].id), n, NULL);
}

static void put_columns(summary *s, uint32_t stage, pagu_field_kind kind)
{
    const pagu_plan *p = s->plan;
    for (uint32_t f = 0; f < p->n_fields; f++)
        for (uint32_t i = 0; i < p->n_periods && p->fields[f].kind == kind; i++)
            kind == PAGU_FIELD_MONEY ? put_money(s, stage, f, i) : put_measures(s, stage, f, i);
}

static void put_all(summary *s, const pagu_import *im)
{
    const pagu_plan *p = s->plan;
    for (uint32_t i = 0; i < p->n_stages; i++)
        if (p->stages[i].kind == PAGU_STAGE_PLAN)
            put_levels(s, i);
    for (uint32_t i = 0; i < p->n_stages; i++) {
        put_columns(s, i, PAGU_FIELD_MONEY);
        put_columns(s, i, PAGU_FIELD_MEASURE);
    }
    put(s, tr(im->ctx, "indicators"), NULL, NULL, p->n_indicators, NULL);
    put(s, tr(im->ctx, "rows read"), NULL, NULL, im->n_rows, NULL);
    put(s, tr(im->ctx, "amounts rounded"), NULL, NULL, im->n_rounded, NULL);
    put(s, tr(im->ctx, "rows and cells rejected"), NULL, NULL, im->n_rejected, NULL);
}

pagu_code pagu_import_summary(const pagu_import *im, const pagu_plan *plan, pagu_table **out, pagu_error *err)
{
    char title[120];
    summary s = { .ctx = im->ctx, .plan = plan, .t = pagu_table_new(im->ctx) };
    *out = s.t;
    snprintf(title, sizeof title, tr(im->ctx, "Imported for plan year %d"), plan->year);
    s.code = s.t ? pagu_table_set_title(s.t, title) : PAGU_NO_MEMORY;
    add_column(im->ctx, s.t, "what", "What", PAGU_COL_TEXT, &s.code);
    add_column(im->ctx, s.t, "stage", "Stage", PAGU_COL_TEXT, &s.code);
    add_column(im->ctx, s.t, "period", "Period", PAGU_COL_TEXT, &s.code);
    add_column(im->ctx, s.t, "count", "Count", PAGU_COL_INTEGER, &s.code);
    add_column(im->ctx, s.t, "total", "Total", PAGU_COL_MONEY, &s.code);
    if (s.code == PAGU_OK)
        put_all(&s, im);
    return end(im->ctx, s.code, out, err);
}
