/* test_project.c - a column filled from another by inherited growth.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "400" } },
    { .id = "1.01.02", .money = { "1503", "7" } },
    { .id = "1.01.03", .money = { "", "9" } },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "-", "5" } },
    { .id = "1.02.02", .money = { "-250" } },
    { .id = "1.02.03", .money = { "0" } },
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

#define ASSERT_CODE(call, code)                                                                                        \
    do {                                                                                                               \
        pagu_code got_ = (call);                                                                                       \
        if (got_ != (code))                                                                                            \
            fail_msg("%s instead of %s: %s", pagu_code_name(got_), pagu_code_name(code), got_ ? err.message : "");     \
    } while (0)

typedef struct given {
    const char *key;
    pagu_decimal percent;
} given;

static pagu_code project(const char *at_text, const given *growth, size_t n, uint32_t years, pagu_money unit,
                         pagu_table **table)
{
    pagu_growth rows[8];
    for (size_t i = 0; i < n; i++)
        rows[i] = (pagu_growth){ row_of(t.v, growth[i].key), growth[i].percent };
    pagu_selection *at = at_key(t.v, at_text);
    pagu_project_options o = PAGU_PROJECT_OPTIONS_INIT;
    o.at = at;
    o.from = t.b24;
    o.to = t.b25;
    o.growth = rows;
    o.n_growth = n;
    o.years = years;
    o.unit = unit;
    pagu_code rc = pagu_project(t.s, &o, NULL, table, &err);
    pagu_selection_free(at);
    return rc;
}

static void project__the_nearest_growth_on_the_way_up_decides(void **state)
{
    (void)state;
    static const given growth[] = { { "1.01.02", { 0, 0 } }, { "/", { 35, 1 } }, { "1.02", { 10, 0 } } };
    ASSERT_CODE(project("/", growth, 3, 1, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.01=414 1.01.02=1503 1.02.02=-275 1.02.03=0");
    assert_int_equal(pagu_journal_count(t.s), 1);
    assert_string_equal(pagu_journal_get(t.s, 0).note.verb, "project");
}

static void project__missing_stays_missing_and_a_dash_a_dash(void **state)
{
    (void)state;
    static const given growth[] = { { "/", { 5, 0 } } };
    ASSERT_CODE(project("/", growth, 1, 1, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.03=. 1.02.01=- 1.02.03=0");
}

/* Price × quantity × index of the central forward estimates: 400 becomes 440, 484 and 532.40 at 10 percent. */
static void project__years_compound_and_round_once_a_year(void **state)
{
    (void)state;
    static const given growth[] = { { "/", { 10, 0 } } };
    ASSERT_CODE(project("1.01.01", growth, 1, 1, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.01=440");
    ASSERT_CODE(project("1.01.01", growth, 1, 2, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.01=484");
    ASSERT_CODE(project("1.01.01", growth, 1, 3, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.01=532");
    ASSERT_CODE(project("1.01.01", growth, 1, 2, 100, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.01=400"); /* 440 is 400, twice */
    ASSERT_CODE(project("1.01.01", growth, 1, 0, 100, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.01=400");
}

static void project__decimals_count_as_written(void **state)
{
    (void)state;
    static const given growth[] = { { "/", { 45, 1 } } }, tiny[] = { { "/", { 3326679973386560, 14 } } };
    ASSERT_CODE(project("1.01.02", growth, 1, 1, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.02=1571"); /* 1503 × 1.045 = 1570.635 */
    ASSERT_CODE(project("1.01.02", tiny, 1, 1, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "1.01.02=2003"); /* 1503 × 1.3326679973386560 = 2003.0000000000 */
}

static void project__a_line_without_growth_is_named(void **state)
{
    (void)state;
    static const given growth[] = { { "1.01", { 5, 0 } } };
    ASSERT_CODE(project("/", growth, 1, 1, 1, NULL), PAGU_ARGUMENT);
    assert_string_equal(err.node, "1.02.01");
    ASSERT_CODE(project("1.01", growth, 1, 1, 1, NULL), PAGU_OK);
}

static void project__bad_growth_is_refused(void **state)
{
    (void)state;
    static const given twice[] = { { "1", { 5, 0 } }, { "1", { 6, 0 } } }, below[] = { { "1", { -1001, 1 } } },
                       all[] = { { "1", { -100, 0 } } }, huge[] = { { "1", { INT64_MAX, 0 } } };
    ASSERT_CODE(project("/", twice, 2, 1, 1, NULL), PAGU_ARGUMENT);
    ASSERT_CODE(project("/", below, 1, 1, 1, NULL), PAGU_ARGUMENT);
    ASSERT_CODE(project("/", huge, 1, 1, 1, NULL), PAGU_ARGUMENT);
    ASSERT_CODE(project("/", all, 1, 1, 0, NULL), PAGU_ARGUMENT);
    ASSERT_CODE(project("/", all, 1, 1, 1, NULL), PAGU_OK);
    assert_money(t.v, t.b25, "/=0 1.01.01=0");
}

static void project__growth_beyond_64_bits_names_line_and_year(void **state)
{
    (void)state;
    static const given growth[] = { { "/", { 1000, 0 } } };
    ASSERT_CODE(project("1.01.01", growth, 1, 1000, 1, NULL), PAGU_OVERFLOW);
    assert_string_equal(err.node, "1.01.01");
    assert_money(t.v, t.b25, "1.01.01=.");
}

static void project__a_result_table_lists_changed_lines(void **state)
{
    (void)state;
    static const given growth[] = { { "/", { 0, 0 } } };
    pagu_table *table = NULL;
    char buf[64];
    ASSERT_CODE(project("1.01", growth, 1, 1, 1, &table), PAGU_OK);
    assert_int_equal(pagu_table_row_count(table), 3);
    assert_string_equal(cell_text(table, 1, "key", buf), "1.01.02");
    assert_string_equal(cell_text(table, 1, "old", buf), "7");
    assert_string_equal(cell_text(table, 1, "new", buf), "1503");
    assert_string_equal(cell_text(table, 2, "new", buf), "");
    pagu_table_free(table);
}

static void project__agrees_with_128_bit_arithmetic_on_random_values(void **state)
{
    (void)state;
    rng r = { 8 };
    for (int i = 0; i < 2000; i++) {
        pagu_money value = (pagu_money)(rng_next(&r) >> (20 + rng_below(&r, 40)));
        pagu_decimal percent = { (int64_t)rng_below(&r, 40000) - 10000, (uint8_t)(2 + rng_below(&r, 3)) };
        given growth[] = { { "1.01", percent } };
        assert_ok(pagu_edit(t.s, row_of(t.v, "1.01.01"), t.b24, (pagu_cell){ value, PAGU_NUMBER }, NULL, &err), &err);
        ASSERT_CODE(project("1.01.01", growth, 1, 1, 1, NULL), PAGU_OK);
        __int128 scale = 100;
        for (int k = 0; k < percent.scale; k++)
            scale *= 10;
        __int128 exact = value * (scale + percent.digits); /* over scale */
        assert_true(money_of(t.v, "1.01.01", t.b25) == (pagu_money)((2 * exact + scale) / (2 * scale)));
    }
}

/* ---- memory ---- */

static pagu_code project_from_scratch(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_scenario *s = NULL;
    pagu_selection *at = NULL;
    pagu_table *table = NULL;
    pagu_growth growth = { 0, { 5, 0 } };
    pagu_project_options o = PAGU_PROJECT_OPTIONS_INIT;
    pagu_code rc = plan_make(ctx, office, sizeof office / sizeof *office, &plan, NULL);
    if (rc)
        return rc;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    rc = stage ? pagu_branch(stage, "x", &s, NULL) : PAGU_NO_MEMORY;
    if (!rc)
        rc = pagu_view_find(stage, "/", &growth.row, NULL);
    if (!rc)
        rc = pagu_select_rows(stage, &growth.row, 1, &at, NULL);
    if (!rc)
        rc = pagu_view_find_column(stage, "budget", "2024", &o.from, NULL);
    if (!rc)
        rc = pagu_view_find_column(stage, "budget", "2025", &o.to, NULL);
    o.at = at;
    o.growth = &growth;
    o.n_growth = 1;
    if (!rc)
        rc = pagu_project(s, &o, NULL, &table, NULL);
    if (s)
        assert_int_equal(pagu_journal_count(s), rc == PAGU_OK);
    pagu_table_free(table);
    pagu_selection_free(at);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return rc;
}

static void project__a_failed_allocation_changes_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(project_from_scratch, NULL) > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(project__the_nearest_growth_on_the_way_up_decides),
        TEST(project__missing_stays_missing_and_a_dash_a_dash),
        TEST(project__years_compound_and_round_once_a_year),
        TEST(project__decimals_count_as_written),
        TEST(project__a_line_without_growth_is_named),
        TEST(project__bad_growth_is_refused),
        TEST(project__growth_beyond_64_bits_names_line_and_year),
        TEST(project__a_result_table_lists_changed_lines),
        TEST(project__agrees_with_128_bit_arithmetic_on_random_values),
        TEST(project__a_failed_allocation_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
