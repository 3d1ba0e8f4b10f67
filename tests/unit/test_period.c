/* test_period.c - the grammar of periods.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

typedef struct spelling {
    const char *text, *id;
    int part, year, from, to;
} spelling;

#define MONTH(year, month) ((year)*12 + (month)-1)

static void period__spellings_have_one_canonical_id(void **state)
{
    (void)state;
    static const spelling all[] = {
        { "2024", "2024", PERIOD_YEAR, 2024, MONTH(2024, 1), MONTH(2024, 12) },
        { "2024S2", "2024S2", PERIOD_HALF, 0, MONTH(2024, 7), MONTH(2024, 12) },
        { "2024Q1", "2024Q1", PERIOD_QUARTER, 0, MONTH(2024, 1), MONTH(2024, 3) },
        { "2024-Q1", "2024Q1", PERIOD_QUARTER, 0, MONTH(2024, 1), MONTH(2024, 3) },
        { "2024Q4", "2024Q4", PERIOD_QUARTER, 0, MONTH(2024, 10), MONTH(2024, 12) },
        { "2024M06", "2024M06", PERIOD_MONTH, 0, MONTH(2024, 6), MONTH(2024, 6) },
        { "2024M6", "2024M06", PERIOD_MONTH, 0, MONTH(2024, 6), MONTH(2024, 6) },
        { "2024-M12", "2024M12", PERIOD_MONTH, 0, MONTH(2024, 12), MONTH(2024, 12) },
        { "2020..2022", "2020..2022", PERIOD_SPAN, 0, MONTH(2020, 1), MONTH(2022, 12) },
        { "2020..2020", "2020..2020", PERIOD_SPAN, 0, MONTH(2020, 1), MONTH(2020, 12) },
        { "..2021", "..2021", PERIOD_UP_TO, 0, 0, MONTH(2021, 12) },
        { "*", "*", PERIOD_ALWAYS, 0, 0, INT32_MAX },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        plan_period p;
        char id[24];
        if (!period_parse(all[i].text, &p, id, sizeof id))
            fail_msg("%s is refused", all[i].text);
        assert_string_equal(id, all[i].id);
        assert_int_equal(p.part, all[i].part);
        assert_int_equal(p.year, all[i].year);
        assert_int_equal(p.sort_from, all[i].from);
        assert_int_equal(p.sort_to, all[i].to);
    }
}

static void period__anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "24",
        "024",
        "20245",
        "0000",
        "2024 ",
        " 2024",
        "2024Q",
        "2024Q0",
        "2024Q5",
        "2024Q10",
        "2024q1",
        "2024S0",
        "2024S3",
        "2024M0",
        "2024M00",
        "2024M13",
        "2024M006",
        "2024M",
        "2024-",
        "2024--Q1",
        "2024-01",
        "2022..2020",
        "2020..",
        "..",
        "..202",
        "..20211",
        "2020..2021..2022",
        "2020...2021",
        "**",
        "* ",
        "tahun 2024",
        "2024Q1Q2",
        "-2024",
        "+024",
        "2024..*",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        plan_period p;
        char id[24];
        if (period_parse(bad[i], &p, id, sizeof id))
            fail_msg("\"%s\" is accepted as %s", bad[i], id);
    }
}

static void period__a_canonical_id_reads_as_itself(void **state)
{
    (void)state;
    for (int year = 1; year <= 9999; year += 7)
        for (int part = 0; part < 12; part++) {
            char text[24], id[24];
            plan_period p;
            snprintf(text, sizeof text, "%04dM%02d", year, part + 1);
            assert_true(period_parse(text, &p, id, sizeof id));
            assert_string_equal(id, text);
        }
}

/* ---- periods of a plan ---- */

static pagu_plan *build(pagu_ctx *ctx, const char *const *periods, size_t n)
{
    pagu_builder *b = pagu_builder_new(ctx, NULL);
    pagu_source src = { "amounts.csv", 2 };
    pagu_plan *plan = NULL;
    pagu_error err;
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024, .first_year = 2020, .last_year = 2025 });
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final" }, src);
    pagu_builder_node(b, &(pagu_node_def){ .id = ".", .sign = 1 }, src);
    for (size_t i = 0; i < n; i++)
        pagu_builder_amount(b, ".", "final", periods[i], "budget", (pagu_cell){ 1, PAGU_NUMBER }, src);
    if (pagu_builder_finish(b, &plan, &err))
        fail_msg("%s", err.message);
    return plan;
}

static pagu_ctx *english(void)
{
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    o.lang = PAGU_LANG_EN;
    return pagu_ctx_new(&o);
}

static void period__years_stand_first_then_quarters_then_the_others(void **state)
{
    (void)state;
    pagu_ctx *ctx = english();
    static const char *const given[] = { "*", "2024M06", "..2021", "2024-Q2", "2021..2022", "2023" };
    static const char *const extra[] = { "..2021", "*", "2021..2022", "2024M06" };
    pagu_plan *plan = build(ctx, given, COUNT_OF(given));
    assert_int_equal(pagu_plan_period_count(plan), 6 + 24 + COUNT_OF(extra));
    assert_string_equal(pagu_plan_period_id(plan, 0), "2020");
    assert_int_equal(pagu_plan_period_year(plan, 5), 2025);
    assert_string_equal(pagu_plan_period_id(plan, 6), "2020Q1");
    assert_int_equal(pagu_plan_period_year(plan, 6), 0);
    assert_string_equal(pagu_plan_period_id(plan, 29), "2025Q4");
    for (size_t i = 0; i < COUNT_OF(extra); i++)
        assert_string_equal(pagu_plan_period_id(plan, (pagu_period)(30 + i)), extra[i]);
    pagu_plan_release(plan);
    pagu_ctx_free(ctx);
}

static void period__is_found_in_any_spelling_and_the_frame_is_named(void **state)
{
    (void)state;
    pagu_ctx *ctx = english();
    pagu_plan *plan = build(ctx, NULL, 0);
    pagu_period p;
    pagu_error err;
    assert_int_equal(pagu_plan_find_period(plan, "2024-Q3", &p, &err), PAGU_OK);
    assert_string_equal(pagu_plan_period_id(plan, p), "2024Q3");
    assert_int_equal(pagu_plan_find_year(plan, 2025, &p, &err), PAGU_OK);
    assert_string_equal(pagu_plan_period_id(plan, p), "2025");
    assert_int_equal(pagu_plan_find_year(plan, 2026, &p, &err), PAGU_OUT_OF_FRAME);
    assert_non_null(strstr(err.message, "2020 to 2025"));
    assert_int_equal(pagu_plan_find_period(plan, "2019", &p, &err), PAGU_OUT_OF_FRAME);
    assert_non_null(strstr(err.message, "2020 to 2025"));
    assert_int_equal(pagu_plan_find_period(plan, "2024M06", &p, &err), PAGU_OUT_OF_FRAME);
    assert_non_null(strstr(err.message, "no value"));
    assert_int_equal(pagu_plan_find_period(plan, "soon", &p, &err), PAGU_OUT_OF_FRAME);
    assert_non_null(strstr(err.message, "not a period"));
    pagu_plan_release(plan);
    pagu_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(period__spellings_have_one_canonical_id),
        cmocka_unit_test(period__anything_else_is_refused),
        cmocka_unit_test(period__a_canonical_id_reads_as_itself),
        cmocka_unit_test(period__years_stand_first_then_quarters_then_the_others),
        cmocka_unit_test(period__is_found_in_any_spelling_and_the_frame_is_named),
    };
    return cmocka_run_group_tests_name("period", tests, NULL, NULL);
}
