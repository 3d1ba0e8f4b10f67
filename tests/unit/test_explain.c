/* test_explain.c - why a value is what it is.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 1.02 carries a printed 360, ten more than its lines; 1.01 the right sum. */
static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01", .money = { "400" } },
    { .id = "1.01.01", .money = { "100" } },
    { .id = "1.01.02", .money = { "300" } },
    { .id = "1.01.03" },
    { .id = "1.02", .money = { "360" } },
    { .id = "1.02.01", .money = { "250" } },
    { .id = "1.02.02", .money = { "-" } },
    { .id = "1.02.03", .money = { "100" } },
    { .id = "1.03", .money = { "50" }, .sign = -1 },
};

static trial t;
static pagu_error err;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    trial_close(&t);
    assert_int_equal(pagu_ctx_memory(t.ctx), 0);
    pagu_ctx_free(t.ctx);
    return 0;
}

static pagu_table *explain(const pagu_view *v, const char *key, uint32_t depth, uint32_t rows)
{
    pagu_table *table = NULL;
    assert_ok(pagu_explain(v, row_of(v, key), t.b24, depth, rows, &table, &err), &err);
    return table;
}

/* "0 rollup 1 700 | 1 rollup 1.01 400 | …": depth, kind, key and value; ends must match too. */
static void assert_tree(const pagu_table *table, const char *expected)
{
    char got[2000] = "", a[64], b[64], c[64], d[64], row[300];
    for (uint32_t i = 0; i < pagu_table_row_count(table); i++) {
        const char *value = cell_text(table, i, "value", d);
        snprintf(row, sizeof row, "%s%s %s %s %s", i ? " | " : "", cell_text(table, i, "depth", a),
                 cell_text(table, i, "kind", b), cell_text(table, i, "key", c), *value ? value : ".");
        strcat(got, row);
    }
    assert_string_equal(got, expected);
}

static void assert_cell(const pagu_table *table, uint32_t row, const char *column, const char *expected)
{
    char buf[64];
    assert_string_equal(cell_text(table, row, column, buf), expected);
}

static void edit(const char *key, pagu_money value, const pagu_note *note)
{
    assert_ok(pagu_edit(t.s, row_of(t.v, key), t.b24, (pagu_cell){ value, PAGU_NUMBER }, note, &err), &err);
}

/* ---- the tree ---- */

static void explain__a_sum_is_the_sum_of_the_rows_one_step_in(void **state)
{
    (void)state;
    pagu_table *table = explain(t.stage, "1", 0, 0);
    assert_tree(
        table,
        "0 rollup 1 700 | 1 rollup 1.01 400 | 2 printed 1.01 400 | 2 input 1.01.01 100 | 2 input 1.01.02 300 | "
        "2 missing 1.01.03 . | 1 rollup 1.02 350 | 2 printed 1.02 360 | 2 input 1.02.01 250 | 2 input 1.02.02 - | "
        "2 input 1.02.03 100 | 1 input 1.03 50");
    assert_cell(table, 2, "reason", "agrees with the sum");
    assert_cell(table, 7, "reason", "differs from the sum by 10");
    assert_cell(table, 11, "reason", "subtracted");
    assert_cell(table, 1, "name", "Baris 1.01");
    pagu_table_free(table);
}

static void explain__a_line_of_the_package_is_an_input(void **state)
{
    (void)state;
    pagu_table *table = explain(t.stage, "1.01.02", 0, 0);
    assert_tree(table, "0 input 1.01.02 300");
    pagu_table_free(table);
    table = explain(t.stage, "1.01.03", 0, 0);
    assert_tree(table, "0 missing 1.01.03 .");
    pagu_table_free(table);
}

/* ---- edits ---- */

static void explain__edits_tell_verb_reason_and_script_line_newest_first(void **state)
{
    (void)state;
    edit("1.01.02", 350, &(pagu_note){ .verb = "set", .reason = "usulan", .file = "potong.lua", .line = 12 });
    edit("1.01.02", 320, &(pagu_note){ .verb = "set", .file = "potong.lua", .line = 15 });
    edit("1.01.03", 9, NULL);
    pagu_table *table = explain(t.v, "1.01", 0, 0);
    assert_tree(
        table,
        "0 rollup 1.01 429 | 1 printed 1.01 400 | 1 input 1.01.01 100 | 1 edit 1.01.02 320 | 2 edit 1.01.02 350 | "
        "2 input 1.01.02 300 | 1 edit 1.01.03 9 | 2 missing 1.01.03 .");
    assert_cell(table, 3, "was", "350");
    assert_cell(table, 3, "source", "potong.lua:15");
    assert_cell(table, 4, "was", "300");
    assert_cell(table, 4, "verb", "set");
    assert_cell(table, 4, "reason", "usulan");
    assert_cell(table, 4, "source", "potong.lua:12");
    assert_cell(table, 6, "was", "");
    pagu_table_free(table);
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_ok(pagu_undo(t.s, &err), &err);
    table = explain(t.v, "1.01.02", 0, 0);
    assert_tree(table, "0 edit 1.01.02 350 | 1 input 1.01.02 300");
    pagu_table_free(table);
}

static void explain__a_bulk_verb_is_one_edit_of_each_line(void **state)
{
    (void)state;
    pagu_selection *at = at_key(t.v, "1.01");
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    o.at = at;
    o.column = t.b24;
    o.amount = 200;
    assert_ok(pagu_spread(t.s, &o, &(pagu_note){ .reason = "efisiensi" }, NULL, &err), &err);
    pagu_table *table = explain(t.v, "1.01.01", 0, 0);
    assert_tree(table, "0 edit 1.01.01 50 | 1 input 1.01.01 100");
    assert_cell(table, 0, "verb", "spread");
    assert_cell(table, 0, "reason", "efisiensi");
    pagu_table_free(table);
    pagu_selection_free(at);
}

/* Kinds of the rows, in order. */
static void assert_kinds(const pagu_table *table, const char *expected)
{
    char got[400] = "", buf[64];
    for (uint32_t i = 0; i < pagu_table_row_count(table); i++) {
        strcat(got, i ? " " : "");
        strcat(got, cell_text(table, i, "kind", buf));
    }
    assert_string_equal(got, expected);
}

static pagu_code spread_program(pagu_scenario *s, pagu_column column, pagu_money total, const char *args)
{
    pagu_selection *at = NULL;
    pagu_row row;
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    pagu_code rc = pagu_view_find(pagu_scenario_view(s), "1.01", &row, NULL);
    if (!rc)
        rc = pagu_select_rows(pagu_scenario_view(s), &row, 1, &at, NULL);
    o.at = at;
    o.column = column;
    o.amount = total;
    if (!rc)
        rc = pagu_spread(s, &o, &(pagu_note){ .verb = "spread", .args = args }, NULL, NULL);
    pagu_selection_free(at);
    return rc;
}

static void explain__arguments_that_were_kept_tell_share_and_rounding(void **state)
{
    (void)state;
    assert_int_equal(spread_program(t.s, t.b24, 199, "{\"at\":\"1.01\",\"total\":199}"), PAGU_OK);
    pagu_table *table = explain(t.v, "1.01.01", 0, 0);
    assert_kinds(table, "edit request basis share input");
    assert_cell(table, 1, "reason", "{\"at\":\"1.01\",\"total\":199}");
    assert_cell(table, 2, "value", "100");
    assert_cell(table, 2, "reason", "25.00 percent of 400; 2 lines changed, to 199 together");
    assert_cell(table, 3, "value", "50"); /* 49.75 */
    assert_cell(table, 3, "reason", "exact share, then rounded to 1 by largest remainder: 0");
    pagu_table_free(table);
    table = explain(t.v, "1.01", 0, 0); /* of the line that is asked for only */
    assert_kinds(table, "rollup printed edit input edit input missing");
    pagu_table_free(table);
}

/* Arguments may come from a file that somebody wrote by hand. */
static void explain__arguments_that_make_no_sense_are_said_and_no_more(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "{",          "{\"unit\":",       "{\"unit\":0,\"floor\":{}}", "[1,2]",
        "x",          "{\"a\\\"b\":1",    "{\"basis\":\"\\",           "{\"unit\":99999999999999999999}",
        "{\"a\":1}}", "{\"floor\":\"\"}}"
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        assert_int_equal(spread_program(t.s, t.b24, 200 + (pagu_money)i, odd[i]), PAGU_OK);
        pagu_table *table = explain(t.v, "1.01.01", 0, 0);
        assert_cell(table, 0, "kind", "edit");
        assert_cell(table, 1, "kind", "request");
        pagu_table_free(table);
    }
}

static void explain__a_branch_tells_what_it_inherited(void **state)
{
    (void)state;
    pagu_scenario *child;
    edit("1.01.01", 111, NULL);
    assert_ok(pagu_branch(t.v, "anak", &child, &err), &err);
    pagu_table *table = explain(pagu_scenario_view(child), "1.01.01", 0, 0);
    assert_tree(table, "0 edit 1.01.01 111 | 1 input 1.01.01 100");
    pagu_table_free(table);
    pagu_scenario_close(child);
}

static void explain__edits_of_other_columns_are_left_out(void **state)
{
    (void)state;
    assert_ok(pagu_edit(t.s, row_of(t.v, "1.01.01"), t.b25, (pagu_cell){ 5, PAGU_NUMBER }, NULL, &err), &err);
    pagu_table *table = explain(t.v, "1.01.01", 0, 0);
    assert_tree(table, "0 input 1.01.01 100");
    pagu_table_free(table);
}

/* ---- constraints ---- */

static void explain__constraints_stand_at_their_row_and_are_inherited_by_the_subject(void **state)
{
    (void)state;
    pagu_field budget;
    pagu_period y24, y25;
    assert_ok(pagu_plan_find_field(t.plan, "budget", &budget, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2024", &y24, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2025", &y25, &err), &err);
    pagu_selection *program = at_key(t.v, "1.01"), *line = at_key(t.v, "1.01.02");
    pagu_constraint_def hold = { .kind = PAGU_HOLD_LINES,
                                 .name = "SPM",
                                 .reason = "wajib",
                                 .law = "UU 23/2014",
                                 .at = program,
                                 .field = PAGU_NONE,
                                 .period = PAGU_NONE };
    pagu_constraint_def ceiling = {
        .kind = PAGU_CEILING, .name = "batas", .at = line, .field = budget, .period = y24, .amount = 500
    };
    pagu_constraint_def other_year = ceiling;
    other_year.period = y25;
    assert_ok(pagu_constrain(t.s, &hold, NULL, NULL, &err), &err);
    assert_ok(pagu_constrain(t.s, &ceiling, NULL, NULL, &err), &err);
    assert_ok(pagu_constrain(t.s, &other_year, NULL, NULL, &err), &err);
    pagu_table *table = explain(t.v, "1.01.02", 0, 0);
    assert_tree(table, "0 input 1.01.02 300 | 1 hold 1.01 . | 1 hold 1.01.02 500");
    assert_cell(table, 1, "verb", "hold lines");
    assert_cell(table, 1, "name", "SPM");
    assert_cell(table, 1, "reason", "wajib; UU 23/2014");
    assert_cell(table, 2, "verb", "ceiling");
    pagu_table_free(table);
    table = explain(t.v, "1.01", 0, 0);
    assert_tree(table,
                "0 rollup 1.01 400 | 1 printed 1.01 400 | 1 hold 1.01 . | 1 input 1.01.01 100 | 1 input 1.01.02 300 | "
                "2 hold 1.01.02 500 | 1 missing 1.01.03 .");
    pagu_table_free(table);
    pagu_selection_free(program);
    pagu_selection_free(line);
}

/* ---- limits ---- */

static void explain__depth_and_rows_are_limited_and_it_says_so(void **state)
{
    (void)state;
    pagu_table *table = explain(t.stage, "/", 2, 0);
    assert_tree(table, "0 rollup / 700 | 1 rollup 1 700 | 2 rollup 1.01 400 | 3 printed 1.01 400 | 2 rollup 1.02 350 | "
                       "3 printed 1.02 360 | 2 input 1.03 50");
    char reason[64];
    assert_string_equal(cell_text(table, 2, "reason", reason),
                        "rows below left out; ask for more depth or for this row");
    pagu_table_free(table);

    table = explain(t.stage, "1.02", 0, 3);
    assert_tree(table, "0 rollup 1.02 350 | 1 printed 1.02 360 | 1 input 1.02.01 250 | 1 more  100");
    assert_cell(table, 3, "name", "2 more left out; ask for more rows or for one of them");
    pagu_table_free(table);
}

static void explain__whole_levels_are_shown_rather_than_one_branch(void **state)
{
    (void)state;
    pagu_table *table = explain(t.stage, "1", 0, 8); /* 10 rows in all */
    assert_tree(table,
                "0 rollup 1 700 | 1 rollup 1.01 400 | 2 printed 1.01 400 | 1 rollup 1.02 350 | 2 printed 1.02 360 | "
                "1 input 1.03 50");
    pagu_table_free(table);
}

static void explain__unknown_subjects_are_refused(void **state)
{
    (void)state;
    pagu_table *table = NULL;
    assert_int_equal(pagu_explain(t.v, 100000, t.b24, 0, 0, &table, &err), PAGU_UNKNOWN_KEY);
    assert_int_equal(pagu_explain(t.v, 0, UINT16_MAX, 0, 0, &table, &err), PAGU_UNKNOWN_FIELD);
    pagu_selection *gone = at_key(t.v, "1.02");
    pagu_row row = row_of(t.v, "1.02.01");
    assert_ok(pagu_remove(t.s, gone, NULL, &err), &err);
    assert_int_equal(pagu_explain(t.v, row, t.b24, 0, 0, &table, &err), PAGU_NOT_MEMBER);
    assert_null(table);
    pagu_selection_free(gone);
}

/* ---- memory ---- */

static pagu_code explain_from_scratch(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_scenario *s = NULL;
    pagu_table *table = NULL;
    pagu_row root, line;
    pagu_column column;
    pagu_code rc = plan_make(ctx, office, sizeof office / sizeof *office, &plan, NULL);
    if (rc)
        return rc;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    rc = stage ? pagu_branch(stage, "x", &s, NULL) : PAGU_NO_MEMORY;
    if (!rc)
        rc = pagu_view_find(stage, "/", &root, NULL);
    if (!rc)
        rc = pagu_view_find(stage, "1.01.01", &line, NULL);
    if (!rc)
        rc = pagu_view_find_column(stage, "budget", "2024", &column, NULL);
    if (!rc)
        rc = pagu_edit(s, line, column, (pagu_cell){ 1, PAGU_NUMBER }, NULL, NULL);
    if (!rc)
        rc = pagu_explain(pagu_scenario_view(s), root, column, 0, 0, &table, NULL);
    pagu_table_free(table);
    table = NULL;
    if (!rc)
        rc = spread_program(s, column, 199, "{\"at\":\"1.01\",\"total\":199}");
    if (!rc)
        rc = pagu_explain(pagu_scenario_view(s), line, column, 0, 0, &table, NULL);
    pagu_text *json = pagu_text_new(ctx);
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    if (!rc)
        rc = json ? pagu_render_explanation(table, "1.01.01", "budget", "2024", &o, json, NULL) : PAGU_NO_MEMORY;
    pagu_text_free(json);
    pagu_table_free(table);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return rc;
}

static void explain__a_failed_allocation_leaks_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(explain_from_scratch, NULL) > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(explain__a_sum_is_the_sum_of_the_rows_one_step_in),
        TEST(explain__a_line_of_the_package_is_an_input),
        TEST(explain__edits_tell_verb_reason_and_script_line_newest_first),
        TEST(explain__a_bulk_verb_is_one_edit_of_each_line),
        TEST(explain__arguments_that_were_kept_tell_share_and_rounding),
        TEST(explain__arguments_that_make_no_sense_are_said_and_no_more),
        TEST(explain__a_branch_tells_what_it_inherited),
        TEST(explain__edits_of_other_columns_are_left_out),
        TEST(explain__constraints_stand_at_their_row_and_are_inherited_by_the_subject),
        TEST(explain__depth_and_rows_are_limited_and_it_says_so),
        TEST(explain__whole_levels_are_shown_rather_than_one_branch),
        TEST(explain__unknown_subjects_are_refused),
        TEST(explain__a_failed_allocation_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
