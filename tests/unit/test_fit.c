/* test_fit.c - a place fits its total with the least harm to targets.
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

/* 1.01 and 1.02 have targets of their own; those of 1.03 pay for one of their program. */
static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01", .money = { "100" } },
    { .id = "1.02", .money = { "200" } },
    { .id = "1.03" },
    { .id = "1.03.01", .money = { "300" } },
    { .id = "1.03.02", .money = { "100" } },
    { .id = "1.04", .money = { "50" } },
    { .id = "1.05", .money = { "" } },
};

static trial t;
static pagu_field target;
static pagu_period year;
static pagu_error err;

static pagu_code give_target(trial *x, const char *key, double value)
{
    pagu_indicator ind;
    pagu_proposal *p = NULL;
    pagu_row row;
    pagu_measure m = { value, "", NULL, PAGU_NUMBER };
    pagu_code rc = pagu_view_find(x->v, key, &row, NULL);
    if (!rc)
        rc = pagu_add_indicator(x->s, &(pagu_added_indicator){ .row = row, .name = key }, NULL, &ind, NULL);
    if (!rc)
        rc = pagu_proposal_new(x->s, &p, NULL);
    if (!rc)
        rc = pagu_proposal_measure(p, ind, target, year, &m, NULL);
    if (!rc)
        rc = pagu_proposal_commit(p, NULL, NULL);
    pagu_proposal_free(p);
    return rc;
}

static int set_up(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
    assert_ok(pagu_find_field(t.plan, "target", &target, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2024", &year, &err), &err);
    assert_ok(give_target(&t, "1.01", 50), NULL);  /* 0.5 a rupiah */
    assert_ok(give_target(&t, "1.02", 20), NULL);  /* 0.1 */
    assert_ok(give_target(&t, "1.03", 100), NULL); /* 0.25 */
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

static pagu_code fit_with(pagu_fit_options f, pagu_spread_options o, pagu_table **out)
{
    pagu_selection *at = at_key(t.v, "/");
    o.at = at;
    o.column = t.b24;
    f.spread = &o;
    f.target = target;
    f.period = year;
    pagu_code rc = pagu_fit_least_harm(t.s, &f, NULL, out, &err);
    pagu_selection_free(at);
    return rc;
}

#pragma GCC diagnostic ignored "-Woverride-init"
#define SPREAD(...)                                                                                                    \
    ((pagu_spread_options){ .size = sizeof(pagu_spread_options), .unit = 1, .residue_to = PAGU_NO_ROW, __VA_ARGS__ })
#define FIT(...) fit_with((pagu_fit_options)PAGU_FIT_OPTIONS_INIT, SPREAD(__VA_ARGS__), NULL)

static void fit__lines_without_a_target_give_first_then_the_dearest_units(void **state)
{
    (void)state;
    assert_ok(FIT(.amount = 730), &err);
    assert_money(t.v, t.b24, "1.01=100 1.02=200 1.03.01=300 1.03.02=100 1.04=30 1.05=.");
    assert_ok(FIT(.amount = 600), &err);
    assert_money(t.v, t.b24, "1.01=100 1.02=100 1.03.01=300 1.03.02=100 1.04=0 1.05=.");
    assert_ok(FIT(.amount = 150), &err);
    assert_money(t.v, t.b24, "1.01=100 1.02=0 1.03.01=0 1.03.02=50 1.04=0 1.05=.");
}

static void fit__more_money_goes_to_the_cheapest_units_up_to_their_cap(void **state)
{
    (void)state;
    assert_ok(FIT(.amount = 1000, .has_cap = true, .cap = 350), &err);
    assert_money(t.v, t.b24, "1.01=350 1.02=200 1.03.01=300 1.03.02=100 1.04=50 1.05=.");
    assert_ok(FIT(.amount = 1060, .has_cap = true, .cap = 350), &err);
    assert_money(t.v, t.b24, "1.01=350 1.02=200 1.03.01=350 1.03.02=110 1.04=50 1.05=.");
}

static void fit__weights_are_inherited_and_decide(void **state)
{
    (void)state;
    pagu_harm_weight weights[] = { { row_of(t.v, "1.03"), 1 }, { row_of(t.v, "1.02"), 50 } };
    pagu_fit_options f = PAGU_FIT_OPTIONS_INIT;
    f.weights = weights;
    f.n_weights = 2;
    f.default_weight = 10;
    assert_ok(fit_with(f, SPREAD(.amount = 600), NULL), &err);
    assert_money(t.v, t.b24, "1.01=100 1.02=200 1.03.01=200 1.03.02=100 1.04=0 1.05=.");
    weights[1].weight = -1;
    assert_int_equal(fit_with(f, SPREAD(.amount = 500), NULL), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the weight of 1.02 is below 0");
    f.n_weights = 0;
    f.default_weight = -1;
    assert_int_equal(fit_with(f, SPREAD(.amount = 500), NULL), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the weight of a target is below 0");
}

static void fit__floors_and_holds_are_respected_and_changes_are_whole_units(void **state)
{
    (void)state;
    pagu_selection *hold = at_key(t.v, "1.04");
    assert_ok(FIT(.amount = 505, .unit = 10, .has_floor = true, .floor = 45, .hold = hold), &err);
    assert_money(t.v, t.b24, "1.01=100 1.02=50 1.03.01=205 1.03.02=100 1.04=50 1.05=.");
    pagu_selection_free(hold);
}

static void fit__what_cannot_be_reached_is_told_with_what_can(void **state)
{
    (void)state;
    uint32_t steps = pagu_journal_count(t.s);
    assert_int_equal(FIT(.amount = 100, .has_floor = true, .floor = 40), PAGU_UNREACHABLE);
    assert_string_equal(err.message,
                        "floors, caps and holds below / do not allow a total of 100; they allow at least 200");
    assert_int_equal(FIT(.amount = 9000, .has_cap = true, .cap = 400), PAGU_UNREACHABLE);
    assert_string_equal(err.message,
                        "floors, caps and holds below / do not allow a total of 9,000; they allow from 0 to 2,400");
    assert_int_equal(FIT(.amount = 9, .has_cap = true, .cap = 4, .has_floor = true, .floor = 5), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the floor of 1.01, 5, is above its cap, 4");
    assert_int_equal(pagu_journal_count(t.s), steps);
}

static void fit__the_table_tells_what_each_change_costs(void **state)
{
    (void)state;
    pagu_table *table = NULL;
    char buf[64], before[65], after[65];
    assert_int_equal(pagu_view_hash(t.v, before, NULL), PAGU_OK);
    assert_ok(fit_with((pagu_fit_options)PAGU_FIT_OPTIONS_INIT, SPREAD(.amount = 600, .dry = true), &table), &err);
    assert_int_equal(pagu_table_row_count(table), 2);
    assert_string_equal(cell_text(table, 0, "key", buf), "1.02");
    assert_string_equal(cell_text(table, 0, "delta", buf), "-100");
    assert_true(pagu_table_get(table, 0, 6).number == -10);
    assert_int_equal(pagu_table_get(table, 1, 6).state, PAGU_MISSING);
    assert_string_equal(pagu_table_note(table, 1), "1 of these lines pay for no target that is a number above 0");
    pagu_table_free(table);
    assert_ok(FIT(.amount = 600), &err);
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_int_equal(pagu_view_hash(t.v, after, NULL), PAGU_OK);
    assert_string_equal(before, after);
}

/* ---- every small case against trying all amounts ---- */

enum { LINES = 4 };

static double loss_of(const pagu_money *old, const pagu_money *amounts, const double *targets)
{
    double loss = 0;
    for (int i = 0; i < LINES; i++)
        if (old[i] > amounts[i])
            loss += targets[i] * (double)(old[i] - amounts[i]) / (double)old[i];
    return loss;
}

static double least_loss(const pagu_money *old, const double *targets, pagu_money floor, pagu_money total)
{
    pagu_money x[LINES];
    double best = 1e300;
    for (x[0] = floor < old[0] ? floor : old[0]; x[0] <= old[0]; x[0]++)
        for (x[1] = floor < old[1] ? floor : old[1]; x[1] <= old[1]; x[1]++)
            for (x[2] = floor < old[2] ? floor : old[2]; x[2] <= old[2]; x[2]++) {
                x[3] = total - x[0] - x[1] - x[2];
                if (x[3] < (floor < old[3] ? floor : old[3]) || x[3] > old[3])
                    continue;
                double loss = loss_of(old, x, targets);
                best = loss < best ? loss : best;
            }
    return best;
}

static void fit__no_other_amounts_lose_less(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.1", "1.2", "1.3", "1.4" };
    rng r = { 3 };
    for (int k = 0; k < 300; k++) {
        plan_row rows[LINES + 1] = { { .id = "1" } };
        pagu_money old[LINES], now[LINES], all = 0, floor = (pagu_money)rng_below(&r, 4), least = 0;
        double targets[LINES];
        char money[LINES][8];
        for (int i = 0; i < LINES; i++) {
            old[i] = 4 + (pagu_money)rng_below(&r, 12);
            all += old[i];
            least += floor;
            targets[i] = (double)(1 + rng_below(&r, 20));
            snprintf(money[i], sizeof money[i], "%d", (int)old[i]);
            rows[i + 1] = (plan_row){ .id = keys[i], .money = { money[i] } };
        }
        trial x = trial_open(t.ctx, plan_of(t.ctx, rows, LINES + 1)), office_trial = t;
        for (int i = 0; i < LINES; i++)
            assert_ok(give_target(&x, keys[i], targets[i]), NULL);
        pagu_money total = least + (pagu_money)rng_below(&r, (uint64_t)(all - least) + 1);
        t = x;
        pagu_code rc = FIT(.amount = total, .has_floor = true, .floor = floor);
        t = office_trial;
        assert_ok(rc, &err);
        for (int i = 0; i < LINES; i++)
            now[i] = money_of(x.v, keys[i], x.b24);
        assert_int_equal(money_of(x.v, "/", x.b24), total);
        double loss = loss_of(old, now, targets), best = least_loss(old, targets, floor, total);
        assert_true(loss < best + 1e-9);
        trial_close(&x);
    }
}

static pagu_code fit_from_scratch(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_selection *at = NULL;
    pagu_table *table = NULL;
    trial x = { .ctx = ctx };
    pagu_row root;
    pagu_code rc = plan_make(ctx, office, sizeof office / sizeof *office, &plan, NULL);
    if (rc)
        return rc;
    x.stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    rc = x.stage ? pagu_branch(x.stage, "x", &x.s, NULL) : PAGU_NO_MEMORY;
    x.v = rc ? NULL : pagu_scenario_view(x.s);
    if (!rc)
        rc = give_target(&x, "1.01", 50);
    if (!rc)
        rc = pagu_view_find(x.v, "/", &root, NULL);
    if (!rc)
        rc = pagu_select_rows(x.v, &root, 1, &at, NULL);
    if (!rc) {
        pagu_spread_options o = SPREAD(.at = at, .amount = 600);
        pagu_fit_options f = PAGU_FIT_OPTIONS_INIT;
        rc = pagu_view_find_column(x.v, "budget", "2024", &o.column, NULL);
        f.spread = &o;
        f.target = target;
        f.period = year;
        if (!rc)
            rc = pagu_fit_least_harm(x.s, &f, NULL, &table, NULL);
        if (rc != PAGU_OK)
            assert_int_equal(pagu_view_money(x.v, root, o.column).value, 750);
    }
    pagu_table_free(table);
    pagu_selection_free(at);
    pagu_scenario_close(x.s);
    pagu_view_close(x.stage);
    pagu_plan_release(plan);
    return rc;
}

static void fit__a_failed_allocation_changes_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(fit_from_scratch, NULL) > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(fit__lines_without_a_target_give_first_then_the_dearest_units),
        TEST(fit__more_money_goes_to_the_cheapest_units_up_to_their_cap),
        TEST(fit__weights_are_inherited_and_decide),
        TEST(fit__floors_and_holds_are_respected_and_changes_are_whole_units),
        TEST(fit__what_cannot_be_reached_is_told_with_what_can),
        TEST(fit__the_table_tells_what_each_change_costs),
        TEST(fit__no_other_amounts_lose_less),
        TEST(fit__a_failed_allocation_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
