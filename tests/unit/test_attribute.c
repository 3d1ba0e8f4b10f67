/* Facts of attribution: parts of a difference, by Shapley values. SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const plan_row rows[] = {
    { .id = "1" }, { .id = "1.01", .money = { "100" } }, { .id = "1.02", .money = { "300" } }, { .id = "1.03" },
    { .id = "2" }, { .id = "2.01", .money = { "50" } },  { .id = "2.02", .money = { "-" } },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void set(trial *t, const char *key, pagu_money amount)
{
    pagu_error err = { 0 };
    const pagu_note note = { .verb = "set", .reason = key };
    assert_ok(pagu_edit(t->s, row_of(t->v, key), t->b24, (pagu_cell){ amount, PAGU_NUMBER }, &note, &err), &err);
}

static pagu_attribute_options options_of(const trial *t, const char *key)
{
    pagu_attribute_options o = PAGU_ATTRIBUTE_OPTIONS_INIT;
    o.key = key;
    o.field = pagu_plan_column_field(t->plan, t->b24);
    o.period = pagu_plan_column_period(t->plan, t->b24);
    o.all = true;
    return o;
}

static uint32_t column_of(const pagu_table *t, const char *name)
{
    uint32_t i = 0;
    while (strcmp(pagu_table_column_name(t, i), name) != 0)
        i++;
    return i;
}

/* The part of the group whose reason is this, or of the total row. */
static pagu_money part_of(const pagu_table *t, const char *reason)
{
    uint32_t n = pagu_table_row_count(t), part = column_of(t, "part"), what = column_of(t, "what");
    for (uint32_t i = 0; i + 1 < n && reason; i++)
        if (strcmp(pagu_table_get(t, i, what).text, reason) == 0)
            return pagu_table_get(t, i, part).integer;
    assert_null(reason);
    return pagu_table_get(t, n - 1, part).integer;
}

static void attribution__two_sets_of_one_line_share_it_in_any_order(void **state)
{
    (void)state;
    static const char *const orders[2][2] = { { "first", "second" }, { "second", "first" } };
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    for (int i = 0; i < 2; i++) { /* whichever comes last sets: the mean of alone and on top */
        const pagu_note note = { .verb = "set", .reason = orders[0][i] };
        const pagu_cell cell = { i ? 200 : 150, PAGU_NUMBER };
        assert_ok(pagu_edit(t.s, row_of(t.v, "1.01"), t.b24, cell, &note, &err), &err);
    }
    pagu_table *out = NULL;
    pagu_attribute_options o = options_of(&t, "1");
    o.by = PAGU_BY_REASON;
    assert_ok(pagu_attribute(t.stage, t.v, &o, &out, &err), &err);
    assert_int_equal(part_of(out, "first"), 25);
    assert_int_equal(part_of(out, "second"), 75);
    assert_int_equal(part_of(out, NULL), 100);
    pagu_table_free(out);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void attribution__of_many_random_edits_adds_up_at_every_row(void **state)
{
    (void)state;
    static const char *const lines[] = { "1.01", "1.02", "1.03", "2.01", "2.02" };
    static const char *const keys[] = { "/", "1", "2", "1.03", "2.02" };
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    rng r = { 5 };
    for (int turn = 0; turn < 40; turn++) {
        trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
        for (uint32_t i = 0, n = (uint32_t)rng_below(&r, 30); i < n; i++) {
            set(&t, lines[rng_below(&r, 5)], (pagu_money)rng_below(&r, 1000) - 200);
            if (rng_below(&r, 6) == 0)
                assert_ok(pagu_undo(t.s, &err), &err);
        }
        for (size_t k = 0; k < 5; k++) {
            pagu_table *out = NULL;
            pagu_attribute_options o = options_of(&t, keys[k]);
            assert_ok(pagu_attribute(t.stage, t.v, &o, &out, &err), &err);
            pagu_money sum = 0, whole = money_of(t.v, keys[k], t.b24) - money_of(t.stage, keys[k], t.b24);
            for (uint32_t i = 0; i + 1 < pagu_table_row_count(out); i++)
                sum += pagu_table_get(out, i, column_of(out, "part")).integer;
            assert_int_equal(sum, whole);
            assert_int_equal(part_of(out, NULL), whole);
            pagu_table_free(out);
        }
        trial_close(&t);
    }
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

/* One left glove and two right ones: a pair is worth 6. Shapley: 4, 1, 1 (two thirds, a sixth, a sixth). */
static pagu_code gloves(void *ud, pagu_view *v, pagu_metric_value *out, pagu_error *err)
{
    const trial *t = ud;
    (void)err;
    bool left = money_of(v, "1.01", t->b24) != 100;
    bool right = money_of(v, "1.02", t->b24) != 300 || money_of(v, "2.01", t->b24) != 50;
    *out = (pagu_metric_value){ .whole = true, .integer = left && right ? 6 : 0 };
    return PAGU_OK;
}

static void shapley__of_the_glove_market(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    set(&t, "1.01", 1);
    set(&t, "1.02", 1);
    set(&t, "2.01", 1);
    pagu_table *out = NULL;
    pagu_attribute_options o = PAGU_ATTRIBUTE_OPTIONS_INIT;
    o.metric = gloves;
    o.ud = &t;
    o.by = PAGU_BY_REASON;
    assert_ok(pagu_attribute(t.stage, t.v, &o, &out, &err), &err);
    assert_int_equal(part_of(out, "1.01"), 4);
    assert_int_equal(part_of(out, "1.02"), 1);
    assert_int_equal(part_of(out, "2.01"), 1);
    pagu_table_free(out);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void attribution__refuses_views_of_two_stages(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    pagu_stage need;
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    assert_ok(pagu_plan_find_stage(t.plan, "need", &need, &err), &err);
    pagu_view *other = pagu_view_open(t.plan, need);
    pagu_table *out = NULL;
    pagu_attribute_options o = options_of(&t, "/");
    assert_int_equal(pagu_attribute(other, t.v, &o, &out, &err), PAGU_ARGUMENT);
    assert_non_null(strstr(err.message, "are not branches of one stage, so no edits lead from one to the other"));
    o.key = "9";
    set(&t, "1.01", 1);
    assert_int_equal(pagu_attribute(t.stage, t.v, &o, &out, &err), PAGU_UNKNOWN_KEY);
    o.exact = 13;
    assert_int_equal(pagu_attribute(t.stage, t.v, &o, &out, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "exact is 0 … 12 groups, not 13; more are drawn");
    pagu_view_close(other);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static pagu_code plain_metric(void *ud, pagu_view *v, pagu_metric_value *out, pagu_error *err)
{
    (void)err;
    *out = (pagu_metric_value){ .number = (double)pagu_view_money(v, 1, *(pagu_column *)ud).value / 3 };
    return PAGU_OK;
}

/* arg: a metric on branches, instead of a sum. */
static pagu_code attribute_once(pagu_ctx *ctx, void *arg)
{
    pagu_plan *plan;
    pagu_scenario *s = NULL;
    pagu_table *out = NULL;
    pagu_row row;
    pagu_column column;
    pagu_code code = plan_make(ctx, rows, ROWS, &plan, NULL);
    if (code != PAGU_OK)
        return code;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    code = stage ? pagu_branch(stage, "s", &s, NULL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_view_find(stage, "1.01", &row, NULL);
    if (code == PAGU_OK)
        code = pagu_view_find_column(stage, "budget", "2024", &column, NULL);
    for (int i = 0; i < 3 && code == PAGU_OK; i++)
        code = pagu_edit(s, row, column, (pagu_cell){ 5 + i, PAGU_NUMBER }, &(pagu_note){ .verb = "set" }, NULL);
    if (code == PAGU_OK) {
        pagu_attribute_options o = PAGU_ATTRIBUTE_OPTIONS_INIT;
        o.key = "/";
        o.field = pagu_plan_column_field(plan, column);
        o.period = pagu_plan_column_period(plan, column);
        o.metric = arg ? plain_metric : NULL;
        o.ud = &column;
        code = pagu_attribute(stage, pagu_scenario_view(s), &o, &out, NULL);
    }
    pagu_table_free(out);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return code;
}

static void attribution__survives_each_failing_allocation(void **state)
{
    (void)state;
    static int metric;
    assert_true(for_each_failing_allocation(attribute_once, NULL) > 10);
    assert_true(for_each_failing_allocation(attribute_once, &metric) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attribution__two_sets_of_one_line_share_it_in_any_order),
        cmocka_unit_test(attribution__of_many_random_edits_adds_up_at_every_row),
        cmocka_unit_test(shapley__of_the_glove_market),
        cmocka_unit_test(attribution__refuses_views_of_two_stages),
        cmocka_unit_test(attribution__survives_each_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
