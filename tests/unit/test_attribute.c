/* Facts of attribution: parts of a difference, and Shapley values. SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const plan_row rows[] = {
    { .id = "1" }, { .id = "1.01", .money = { "100" } }, { .id = "1.02", .money = { "300" } }, { .id = "1.03" },
    { .id = "2" }, { .id = "2.01", .money = { "50" } },  { .id = "2.02", .money = { "-" } },
};
enum { ROWS = sizeof rows / sizeof *rows };

static void set(trial *t, pagu_scenario *s, const char *key, pagu_money amount)
{
    pagu_error err = { 0 };
    pagu_view *v = pagu_scenario_view(s);
    assert_ok(
        pagu_edit(s, row_of(v, key), t->b24, (pagu_cell){ amount, PAGU_NUMBER }, &(pagu_note){ .verb = "set" }, &err),
        &err);
}

static pagu_attribution *between(const pagu_view *a, const pagu_view *b)
{
    pagu_error err = { 0 };
    pagu_attribution *at = NULL;
    assert_ok(pagu_attribution_new(a, b, &at, &err), &err);
    return at;
}

/* ---- sums ---- */

static void attribution__each_step_has_what_it_changed(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    set(&t, t.s, "1.01", 150);
    set(&t, t.s, "2.01", 20);
    set(&t, t.s, "1.01", 120);
    set(&t, t.s, "1.03", 7);
    pagu_attribution *at = between(t.stage, t.v);
    pagu_money parts[4];
    pagu_error err = { 0 };
    assert_int_equal(pagu_attribution_groups(at), 4);
    assert_ok(pagu_attribution_money(at, "/", t.b24, parts, &err), &err);
    const pagu_money whole[] = { 50, -30, -30, 7 };
    assert_memory_equal(parts, whole, sizeof whole);
    assert_ok(pagu_attribution_money(at, "1", t.b24, parts, &err), &err);
    const pagu_money below[] = { 50, 0, -30, 7 };
    assert_memory_equal(parts, below, sizeof below);
    pagu_attribution_free(at);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void attribution__what_was_undone_has_no_part(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    set(&t, t.s, "1.01", 150);
    set(&t, t.s, "2.01", 20);
    assert_ok(pagu_undo(t.s, &err), &err);
    pagu_attribution *at = between(t.stage, t.v);
    assert_int_equal(pagu_attribution_count(at), 1);
    pagu_attribution_free(at);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void attribution__edits_of_a_sibling_go_out(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    set(&t, t.s, "1.02", 310); /* of both */
    pagu_scenario *a, *b;
    assert_ok(pagu_branch(t.v, "a", &a, &err), &err);
    assert_ok(pagu_branch(t.v, "b", &b, &err), &err);
    set(&t, a, "1.01", 130);
    set(&t, b, "2.01", 55);
    pagu_attribution *at = between(pagu_scenario_view(a), pagu_scenario_view(b));
    assert_int_equal(pagu_attribution_count(at), 2);
    assert_true(pagu_attribution_entry(at, 0).goes_out);
    assert_false(pagu_attribution_entry(at, 1).goes_out);
    pagu_money parts[2];
    assert_ok(pagu_attribution_money(at, "/", t.b24, parts, &err), &err);
    assert_int_equal(parts[0], -30);
    assert_int_equal(parts[1], 5);
    pagu_attribution_free(at);
    pagu_scenario_close(a);
    pagu_scenario_close(b);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void attribution__of_many_random_edits_adds_up_at_every_row(void **state)
{
    (void)state;
    static const char *const lines[] = { "1.01", "1.02", "1.03", "2.01", "2.02" };
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    rng r = { 5 };
    for (int turn = 0; turn < 50; turn++) {
        trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
        uint32_t n = (uint32_t)rng_below(&r, 30);
        for (uint32_t i = 0; i < n; i++) {
            set(&t, t.s, lines[rng_below(&r, 5)], (pagu_money)rng_below(&r, 1000) - 200);
            if (rng_below(&r, 6) == 0)
                assert_ok(pagu_undo(t.s, &err), &err);
        }
        pagu_attribution *at = between(t.stage, t.v);
        pagu_money parts[30];
        static const char *const keys[] = { "/", "1", "2", "1.03", "2.02" };
        for (size_t k = 0; k < 5; k++) {
            pagu_money sum = money_of(t.stage, keys[k], t.b24);
            assert_ok(pagu_attribution_money(at, keys[k], t.b24, parts, &err), &err);
            for (uint32_t g = 0; g < pagu_attribution_groups(at); g++)
                sum += parts[g];
            assert_int_equal(sum, money_of(t.v, keys[k], t.b24));
        }
        pagu_attribution_free(at);
        trial_close(&t);
    }
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

/* ---- switching ---- */

static void switch__goes_through_all_sets_of_groups(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    set(&t, t.s, "1.01", 150);
    set(&t, t.s, "1.01", 180);
    set(&t, t.s, "1.03", 9);
    pagu_constraint_def hold = {
        .kind = PAGU_HOLD_LINES, .at = at_key(t.v, "1"), .field = PAGU_NONE, .period = PAGU_NONE
    };
    assert_ok(pagu_constrain(t.s, &hold, NULL, NULL, &err), &err); /* a trial is free of it */
    pagu_selection_free((pagu_selection *)hold.at);
    pagu_attribution *at = between(t.stage, t.v);
    pagu_scenario *trial_branch;
    assert_ok(pagu_branch(t.v, "", &trial_branch, &err), &err);
    pagu_view *v = pagu_scenario_view(trial_branch);
    static const struct {
        bool present[4];
        const char *expected;
    } cases[] = {
        { { false, false, false, false }, "1.01=100 1.02=300 1.03=. 2.02=-" },
        { { true, false, false, false }, "1.01=150 1.02=300 1.03=." },
        { { false, true, true, false }, "1.01=130 1.03=9" },
        { { true, true, true, true }, "1.01=180 1.03=9" },
        { { false, false, false, false }, "1.01=100 1.03=." },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(pagu_attribution_switch(at, trial_branch, cases[i].present, &err), &err);
        assert_money(v, t.b24, cases[i].expected);
    }
    assert_int_equal(pagu_constraint_count(t.v), 1);
    pagu_attribution_free(at);
    pagu_scenario_close(trial_branch);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static void attribution__refuses_what_it_cannot_take_apart(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    pagu_stage need;
    assert_ok(pagu_plan_find_stage(t.plan, "need", &need, &err), &err);
    pagu_view *other = pagu_view_open(t.plan, need);
    pagu_attribution *at = NULL;
    assert_int_equal(pagu_attribution_new(other, t.v, &at, &err), PAGU_ARGUMENT);
    assert_non_null(strstr(err.message, "are of two stages: what lies between them was not made by edits"));
    at = between(t.stage, t.v);
    set(&t, t.s, "1.01", 150);
    pagu_money parts[1];
    assert_int_equal(pagu_attribution_money(at, "/", t.b24, parts, &err), PAGU_CONFLICT);
    assert_string_equal(err.message, "the scenarios were edited while their difference was looked at");
    pagu_attribution_free(at);
    at = between(t.stage, t.v);
    assert_int_equal(pagu_attribution_money(at, "9", t.b24, parts, &err), PAGU_UNKNOWN_KEY);
    bool present[1] = { true };
    assert_int_equal(pagu_attribution_switch(at, t.s, present, &err), PAGU_ARGUMENT);
    pagu_attribution_free(at);
    pagu_view_close(other);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

static pagu_code attribute_once(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan;
    pagu_scenario *s = NULL, *branch = NULL;
    pagu_attribution *at = NULL;
    pagu_money parts[2];
    pagu_code code = plan_make(ctx, rows, ROWS, &plan, NULL);
    if (code != PAGU_OK)
        return code;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    code = stage ? pagu_branch(stage, "s", &s, NULL) : PAGU_NO_MEMORY;
    for (int i = 0; i < 2 && code == PAGU_OK; i++) {
        pagu_row row;
        pagu_column column;
        pagu_view_find(stage, "1.01", &row, NULL);
        pagu_view_find_column(stage, "budget", "2024", &column, NULL);
        code = pagu_edit(s, row, column, (pagu_cell){ 5 + i, PAGU_NUMBER }, &(pagu_note){ .verb = "set" }, NULL);
        if (code == PAGU_OK && i == 1)
            code = pagu_attribution_new(stage, pagu_scenario_view(s), &at, NULL);
        if (code == PAGU_OK && i == 1)
            code = pagu_attribution_money(at, "/", column, parts, NULL);
    }
    if (code == PAGU_OK)
        code = pagu_branch(pagu_scenario_view(s), "", &branch, NULL);
    if (code == PAGU_OK)
        code = pagu_attribution_switch(at, branch, (bool[]){ false, true }, NULL);
    pagu_attribution_free(at);
    pagu_scenario_close(branch);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return code;
}

static void attribution__survives_each_failing_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(attribute_once, NULL) > 10);
}

/* ---- Shapley ---- */

/* One left glove and two right ones: a pair is worth 6 (Shapley & Shubik's market: 2/3, 1/6, 1/6). */
static void shapley__of_the_glove_market(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    const pagu_money worth[8] = { 0, 0, 0, 6, 0, 6, 0, 6 };
    pagu_money parts[3];
    assert_int_equal(pagu_shapley_money(ctx, worth, 3, parts, NULL), PAGU_OK);
    assert_int_equal(parts[0], 4);
    assert_int_equal(parts[1], 1);
    assert_int_equal(parts[2], 1);
    pagu_ctx_free(ctx);
}

/* A runway costs what the largest aeroplane needs: each stretch is shared by those that use it
 * (Littlechild & Owen, 1973). Costs 60, 120, 180: 20, 20 + 30, 20 + 30 + 60. */
static void shapley__of_the_airport_game(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    double cost[8], parts[3];
    for (uint32_t set = 0; set < 8; set++)
        cost[set] = set & 4 ? 180 : set & 2 ? 120 : set & 1 ? 60 : 0;
    assert_int_equal(pagu_shapley(ctx, cost, 3, parts, NULL), PAGU_OK);
    assert_true(fabs(parts[0] - 20) < 1e-12 && fabs(parts[1] - 50) < 1e-12 && fabs(parts[2] - 110) < 1e-12);
    pagu_ctx_free(ctx);
}

static void shapley__adds_up_and_gives_nothing_to_a_dummy(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    rng r = { 11 };
    for (int turn = 0; turn < 300; turn++) {
        pagu_money whole[64], parts[6], sum = 0;
        double real[64], shares[6], total = 0;
        for (uint32_t set = 0; set < 64; set++) /* player 5 changes nothing */
            whole[set] = set & 32 ? whole[set ^ 32] : (pagu_money)rng_next(&r) / 4;
        for (uint32_t set = 0; set < 64; set++)
            real[set] = (double)whole[set] / 1e9;
        assert_int_equal(pagu_shapley_money(ctx, whole, 6, parts, NULL), PAGU_OK);
        assert_int_equal(pagu_shapley(ctx, real, 6, shares, NULL), PAGU_OK);
        for (int i = 0; i < 6; i++) {
            sum += parts[i];
            total += shares[i];
        }
        assert_int_equal(sum, whole[63] - whole[0]);
        assert_true(fabs(total - (real[63] - real[0])) < 1e-5); /* of values up to 2e9 */
        assert_int_equal(parts[5], 0);
        assert_true(fabs(shares[5]) < 1e-3);
    }
    pagu_ctx_free(ctx);
}

static void shapley__refuses_too_many_players(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    pagu_money one = 0;
    assert_int_equal(pagu_shapley_money(ctx, &one, 17, &one, &err), PAGU_LIMIT);
    assert_string_equal(err.message, "Shapley values of 17 groups are too many; 16 is the most");
    const pagu_money ends[2] = { INT64_MIN, INT64_MAX };
    assert_int_equal(pagu_shapley_money(ctx, ends, 1, &one, &err), PAGU_OVERFLOW);
    pagu_ctx_free(ctx);
}

static void shapley__orders_are_permutations_of_the_seed(void **state)
{
    (void)state;
    uint32_t order[20], again[20], firsts[5] = { 0 };
    for (uint32_t draw = 0; draw < 5000; draw++) {
        uint32_t seen = 0;
        pagu_shapley_order(3, draw, 5, order);
        pagu_shapley_order(3, draw, 5, again);
        assert_memory_equal(order, again, 5 * sizeof *order);
        for (int i = 0; i < 5; i++)
            seen |= 1u << order[i];
        assert_int_equal(seen, 31);
        firsts[order[0]]++;
    }
    for (int i = 0; i < 5; i++) /* 1000 expected, standard deviation 28 */
        assert_in_range(firsts[i], 860, 1140);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attribution__each_step_has_what_it_changed),
        cmocka_unit_test(attribution__what_was_undone_has_no_part),
        cmocka_unit_test(attribution__edits_of_a_sibling_go_out),
        cmocka_unit_test(attribution__of_many_random_edits_adds_up_at_every_row),
        cmocka_unit_test(switch__goes_through_all_sets_of_groups),
        cmocka_unit_test(attribution__refuses_what_it_cannot_take_apart),
        cmocka_unit_test(attribution__survives_each_failing_allocation),
        cmocka_unit_test(shapley__of_the_glove_market),
        cmocka_unit_test(shapley__of_the_airport_game),
        cmocka_unit_test(shapley__adds_up_and_gives_nothing_to_a_dummy),
        cmocka_unit_test(shapley__refuses_too_many_players),
        cmocka_unit_test(shapley__orders_are_permutations_of_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
