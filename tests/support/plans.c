/* plans.c - see the header.
 * SPDX-License-Identifier: MIT */
#include "plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const pagu_source src = { "plan.csv", 1 };

static const struct {
    const char *stage, *period, *field;
} columns[PLAN_COLUMNS] = {
    { "final", "2024", "budget" },
    { "final", "2025", "budget" },
    { "need", "2024", "budget" },
    { "common", "2024", "spent" },
};

static pagu_code declare(pagu_builder *b)
{
    static const pagu_stage_def stages[] = {
        { "common", "Bersama", "", PAGU_STAGE_COMMON, 0 },
        { "need", "Kebutuhan", "", PAGU_STAGE_PLAN, 1 },
        { "final", "Renja", "", PAGU_STAGE_PLAN, 2 },
    };
    static const char *const levels[] = { "plan", "program", "activity", "item" };
    pagu_frame_def frame = { .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' };
    pagu_code rc = pagu_builder_frame(b, &frame);
    for (int i = 0; i < 3 && !rc; i++)
        rc = pagu_builder_stage(b, &stages[i], src);
    for (int i = 0; i < 4 && !rc; i++)
        rc = pagu_builder_level(b, &(pagu_level_def){ "main", levels[i], levels[i], levels[i], i, 0 }, src);
    if (!rc)
        rc = pagu_builder_tree(b, &(pagu_tree_def){ "fund", "Sumber dana", "", true }, src);
    if (!rc)
        rc = pagu_builder_class(
            b, &(pagu_class_def){ .tree = "fund", .id = "apbd", .code = "1", .name = "APBD", .sign = 1 }, src);
    if (!rc)
        rc = pagu_builder_class(
            b, &(pagu_class_def){ .tree = "fund", .id = "dak", .code = "2", .name = "DAK", .sign = 1 }, src);
    return rc;
}

static const char *level_of(const char *id)
{
    static const char *const names[] = { "program", "activity", "item" };
    int dots = 0;
    for (const char *c = id; *c; c++)
        dots += *c == '.';
    return names[dots < 2 ? dots : 2];
}

static pagu_code add_money(pagu_builder *b, const char *id, int column, const char *text)
{
    if (!text || !*text)
        return PAGU_OK;
    pagu_cell cell = { 0, PAGU_DASH };
    if (strcmp(text, "-") != 0)
        cell = (pagu_cell){ strtoll(text, NULL, 10), PAGU_NUMBER };
    return pagu_builder_amount(b, id, columns[column].stage, columns[column].period, columns[column].field, cell, src);
}

static pagu_code add_row(pagu_builder *b, const plan_row *row)
{
    bool root = strcmp(row->id, ".") == 0;
    char name[64];
    snprintf(name, sizeof name, "Baris %s", row->id);
    pagu_node_def def = { .id = row->id,
                          .level = root ? "plan" : level_of(row->id),
                          .name = name,
                          .stages = row->stages,
                          .sign = row->sign == 0   ? 1
                                  : row->sign == 2 ? 0
                                                   : row->sign };
    pagu_code rc = pagu_builder_node(b, &def, src);
    for (int i = 0; i < PLAN_COLUMNS && !rc; i++)
        rc = add_money(b, row->id, i, row->money[i]);
    if (!rc && row->fund)
        rc = pagu_builder_tag(b, row->id, "fund", row->fund, src);
    return rc;
}

pagu_code plan_make(pagu_ctx *ctx, const plan_row *rows, size_t n, pagu_plan **out, pagu_error *err)
{
    pagu_findings *findings = pagu_findings_new(ctx);
    pagu_builder *b = findings ? pagu_builder_new(ctx, findings) : NULL;
    pagu_code rc = b ? declare(b) : PAGU_NO_MEMORY;
    if (!rc)
        rc = add_row(b, &(plan_row){ .id = "." });
    for (size_t i = 0; i < n && !rc; i++)
        rc = add_row(b, &rows[i]);
    if (!rc)
        rc = pagu_builder_finish(b, out, err);
    else
        pagu_builder_free(b);
    if (rc == PAGU_PACKAGE)
        fail_msg("%s", pagu_findings_get(findings, 0)->message);
    pagu_findings_free(findings);
    return rc;
}

pagu_plan *plan_of(pagu_ctx *ctx, const plan_row *rows, size_t n)
{
    pagu_plan *plan = NULL;
    pagu_error err = { .message = "out of memory" };
    assert_ok(plan_make(ctx, rows, n, &plan, &err), &err);
    return plan;
}

pagu_ctx *english_ctx(void)
{
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    pagu_ctx *ctx = pagu_ctx_new(&options);
    assert_non_null(ctx);
    return ctx;
}

trial trial_open(pagu_ctx *ctx, pagu_plan *plan)
{
    trial t = { .ctx = ctx, .plan = plan };
    pagu_error err;
    t.stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    assert_non_null(t.stage);
    assert_ok(pagu_branch(t.stage, "uji", &t.s, &err), &err);
    t.v = pagu_scenario_view(t.s);
    assert_ok(pagu_view_find_column(t.v, "budget", "2024", &t.b24, &err), &err);
    assert_ok(pagu_view_find_column(t.v, "budget", "2025", &t.b25, &err), &err);
    return t;
}

void trial_close(trial *t)
{
    pagu_scenario_close(t->s);
    pagu_view_close(t->stage);
    pagu_plan_release(t->plan);
}

void assert_ok(pagu_code code, const pagu_error *err)
{
    if (code != PAGU_OK)
        fail_msg("%s: %s", pagu_code_name(code), err ? err->message : "");
}

pagu_row row_of(const pagu_view *v, const char *key)
{
    pagu_row row = PAGU_NO_ROW;
    pagu_error err;
    assert_ok(pagu_view_find(v, key, &row, &err), &err);
    return row;
}

pagu_selection *rows_of(const pagu_view *v, const char *const *keys, size_t n)
{
    pagu_row rows[64];
    pagu_selection *sel = NULL;
    pagu_error err;
    assert_true(n <= 64);
    for (size_t i = 0; i < n; i++)
        rows[i] = row_of(v, keys[i]);
    assert_ok(pagu_select_rows(v, rows, n, &sel, &err), &err);
    return sel;
}

pagu_selection *at_key(const pagu_view *v, const char *key)
{
    return rows_of(v, &key, 1);
}

pagu_money money_of(const pagu_view *v, const char *key, pagu_column column)
{
    return pagu_view_money(v, row_of(v, key), column).value;
}

pagu_state state_of(const pagu_view *v, const char *key, pagu_column column)
{
    return pagu_view_money(v, row_of(v, key), column).state;
}

void assert_money(const pagu_view *v, pagu_column column, const char *expected)
{
    char key[64], value[64], got[64];
    for (int used = 0; sscanf(expected, " %63[^=]=%63s%n", key, value, &used) == 2; expected += used) {
        pagu_cell c = pagu_view_money(v, row_of(v, key), column);
        snprintf(got, sizeof got, "%lld", (long long)c.value);
        const char *text = c.state == PAGU_MISSING ? "." : c.state == PAGU_DASH ? "-" : got;
        if (strcmp(text, value) != 0)
            fail_msg("%s is %s, not %s", key, text, value);
    }
}

const char *cell_text(const pagu_table *t, uint32_t row, const char *column, char buf[64])
{
    for (uint32_t c = 0; c < pagu_table_column_count(t); c++) {
        if (strcmp(pagu_table_column_name(t, c), column) != 0)
            continue;
        pagu_table_cell cell = pagu_table_get(t, row, c);
        bool text = pagu_table_column_type(t, c) == PAGU_COL_TEXT;
        if (cell.state == PAGU_MISSING)
            buf[0] = '\0';
        else if (text)
            snprintf(buf, 64, "%.63s", cell.text);
        else if (cell.state == PAGU_DASH)
            strcpy(buf, "-");
        else
            snprintf(buf, 64, "%lld", (long long)cell.integer);
        return buf;
    }
    fail_msg("the table has no column %s", column);
    return "";
}
