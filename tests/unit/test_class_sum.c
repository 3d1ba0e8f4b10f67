/* Money by the classes of a partition tree.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const plan_row rows[] = {
    { .id = "1", .fund = "apbd" },
    { .id = "1.01", .money = { "100" } },
    { .id = "1.02", .money = { "30" }, .fund = "dak" }, /* nearest wins */
    { .id = "2" },
    { .id = "2.01", .money = { "7" } }, /* no class */
    { .id = "2.02", .money = { "2" }, .sign = -1 },
};

static void assert_class(const pagu_table *t, uint32_t row, const char *cls, const char *value)
{
    char buf[64];
    assert_string_equal(cell_text(t, row, "class", buf), cls);
    assert_string_equal(cell_text(t, row, "value", buf), value);
}

static void class_sum__classes_and_none_add_up_to_the_plan(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, rows, sizeof rows / sizeof rows[0]));
    pagu_table *table = NULL;
    pagu_error err;
    assert_ok(pagu_sum_by_class(t.v, 0, t.b24, &table, &err), &err);
    assert_int_equal(pagu_table_row_count(table), 4);
    assert_class(table, 0, "apbd", "100");
    assert_class(table, 1, "dak", "30");
    assert_class(table, 2, "", "5"); /* 7 - 2: lines of no class, with their sign */
    assert_class(table, 3, "", "135");
    pagu_table_free(table);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void class_sum__an_edit_moves_its_class_alone(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, rows, sizeof rows / sizeof rows[0]));
    pagu_table *table = NULL;
    pagu_error err;
    assert_ok(pagu_edit(t.s, row_of(t.v, "1.02"), t.b24, (pagu_cell){ 31, PAGU_NUMBER }, NULL, &err), &err);
    assert_ok(pagu_sum_by_class(t.v, 0, t.b24, &table, &err), &err);
    assert_class(table, 0, "apbd", "100");
    assert_class(table, 1, "dak", "31");
    assert_class(table, 3, "", "136");
    pagu_table_free(table);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

/* A comparison by class of a plan with its edited branch. */
static pagu_code compare_by_fund(pagu_ctx *ctx, void *arg)
{
    pagu_plan *plan = NULL;
    pagu_scenario *s = NULL;
    pagu_table *table = NULL;
    pagu_row line;
    pagu_column column;
    (void)arg;
    pagu_code rc = plan_make(ctx, rows, sizeof rows / sizeof rows[0], &plan, NULL);
    if (rc)
        return rc;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    rc = stage ? pagu_branch(stage, "x", &s, NULL) : PAGU_NO_MEMORY;
    if (!rc)
        rc = pagu_view_find(stage, "1.02", &line, NULL);
    if (!rc)
        rc = pagu_view_find_column(stage, "budget", "2024", &column, NULL);
    if (!rc)
        rc = pagu_edit(s, line, column, (pagu_cell){ 31, PAGU_NUMBER }, NULL, NULL);
    if (!rc) {
        const pagu_view *views[] = { stage, pagu_scenario_view(s) };
        pagu_compare_options o = {
            .size = sizeof o, .tree = "fund", .by_change = true, .show = PAGU_COMPARE_EVERYTHING
        };
        o.field = pagu_plan_column_field(plan, column);
        o.period = pagu_plan_column_period(plan, column);
        rc = pagu_compare(views, 2, &o, &table, NULL);
    }
    if (!rc && arg) /* the one class that changed, and the total */
        *(uint32_t *)arg = pagu_table_row_count(table);
    pagu_table_free(table);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return rc;
}

static void class_sum__a_comparison_by_class_survives_any_failing_allocation(void **state)
{
    (void)state;
    uint32_t n_rows = 0;
    assert_true(for_each_failing_allocation(compare_by_fund, &n_rows) > 10);
    assert_int_equal(n_rows, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(class_sum__classes_and_none_add_up_to_the_plan),
        cmocka_unit_test(class_sum__an_edit_moves_its_class_alone),
        cmocka_unit_test(class_sum__a_comparison_by_class_survives_any_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
