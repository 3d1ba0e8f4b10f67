/* test_spread.c - a place gets a total and its lines follow.
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

/* Program 1.03 has an own line, because the need names an amount for it alone. */
static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "100", "40", "10", "90" } },
    { .id = "1.01.02", .money = { "300", "60", "10", "10" } },
    { .id = "1.01.03", .money = { "" } },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "250", "250" } },
    { .id = "1.02.02", .money = { "0", "0" } },
    { .id = "1.02.03", .money = { "-", "-" } },
    { .id = "1.03", .money = { "", "", "500" } },
    { .id = "1.03.01", .money = { "70", "" } },
    { .id = "1.03.02", .money = { "30", "" } },
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

/* Spread over one place with options given as assignments; frees what it selects. */
static pagu_code spread_at(const char *key, pagu_spread_options o)
{
    pagu_selection *at = at_key(t.v, key);
    o.at = at;
    o.column = t.b24;
    pagu_code rc = pagu_spread(t.s, &o, NULL, NULL, &err);
    pagu_selection_free(at);
    return rc;
}

#pragma GCC diagnostic ignored "-Woverride-init" /* a given option replaces the usual one */
#define OPTIONS(...)                                                                                                   \
    ((pagu_spread_options){ .size = sizeof(pagu_spread_options), .unit = 1, .residue_to = PAGU_NO_ROW, __VA_ARGS__ })
#define SPREAD(key, ...) spread_at(key, OPTIONS(__VA_ARGS__))
#define ASSERT_CODE(call, code)                                                                                        \
    do {                                                                                                               \
        pagu_code got_ = (call);                                                                                       \
        if (got_ != (code))                                                                                            \
            fail_msg("%s instead of %s: %s", pagu_code_name(got_), pagu_code_name(code), got_ ? err.message : "");     \
    } while (0)

/* ---- requests ---- */

static void spread__lines_follow_in_proportion_to_what_they_are(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1.01", .amount = 800), PAGU_OK);
    assert_money(t.v, t.b24, "1.01=800 1.01.01=200 1.01.02=600 1.01.03=. 1=1150 /=1150");
    ASSERT_CODE(SPREAD("1.01", .request = PAGU_SPREAD_DELTA, .amount = -400), PAGU_OK);
    assert_money(t.v, t.b24, "1.01=400 1.01.01=100 1.01.02=300 1.01.03=.");
    ASSERT_CODE(SPREAD("1", .request = PAGU_SPREAD_PERCENT, .percent = { -10, 0 }), PAGU_OK);
    assert_money(t.v, t.b24, "1=675 1.01.01=90 1.01.02=270 1.02.01=225 1.02.02=0 1.02.03=- 1.03.01=63 1.03.02=27");
}

static void spread__percent_is_exact_and_rounded_once(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("/", .request = PAGU_SPREAD_PERCENT, .percent = { 333, 2 }), PAGU_OK);
    assert_money(t.v, t.b24, "/=775"); /* 750 × 1.0333 = 774.975 */
    ASSERT_CODE(SPREAD("/", .request = PAGU_SPREAD_PERCENT, .percent = { 1, 17 }), PAGU_ARGUMENT);
}

static void spread__a_line_itself_may_be_the_place(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1.01.02", .amount = 7), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.02=7 1.01=107");
}

static void spread__the_present_total_changes_nothing(void **state)
{
    (void)state;
    uint32_t before = pagu_journal_count(t.s);
    ASSERT_CODE(SPREAD("1", .amount = 750), PAGU_OK);
    ASSERT_CODE(SPREAD("1.02", .amount = 250, .basis = PAGU_BASIS_COLUMN, .basis_column = t.b24), PAGU_OK);
    assert_int_equal(pagu_journal_count(t.s), before);
}

static void spread__a_request_of_zero_always_succeeds(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1", .amount = 0), PAGU_OK);
    assert_money(t.v, t.b24, "/=0 1.01.01=0 1.01.03=. 1.02.03=- 1.03.01=0");
    ASSERT_CODE(SPREAD("1", .amount = 0), PAGU_OK);
}

/* ---- bases ---- */

static void spread__a_zero_basis_is_an_error_that_tells_the_way_out(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1", .amount = 0), PAGU_OK);
    ASSERT_CODE(SPREAD("1.01", .amount = 100), PAGU_ZERO_BASIS);
    assert_non_null(strstr(err.message, "basis = \"equal\""));
    assert_string_equal(err.node, "1.01");
    assert_string_equal(err.field, "budget 2024");
    ASSERT_CODE(SPREAD("1.01", .amount = 100, .on_zero = PAGU_ZERO_KEEP), PAGU_OK);
    assert_money(t.v, t.b24, "1.01=0");
    ASSERT_CODE(SPREAD("1.01", .amount = 100, .on_zero = PAGU_ZERO_EQUAL), PAGU_OK);
    assert_money(t.v, t.b24, "1.01=100 1.01.01=34 1.01.02=33 1.01.03=33");
}

static void spread__equal_shares_give_missing_lines_their_part(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1.01", .amount = 300, .basis = PAGU_BASIS_EQUAL), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=100 1.01.02=100 1.01.03=100");
}

static void spread__own_lines_without_a_value_take_no_part(void **state)
{
    (void)state;
    assert_int_equal(state_of(t.v, "1.03#", t.b24), PAGU_MISSING);
    ASSERT_CODE(SPREAD("1.03", .amount = 200, .basis = PAGU_BASIS_EQUAL), PAGU_OK);
    assert_money(t.v, t.b24, "1.03.01=100 1.03.02=100 1.03#=.");
    ASSERT_CODE(SPREAD("1.03", .amount = 200, .has_floor = true, .floor = 20), PAGU_OK);
    assert_money(t.v, t.b24, "1.03.01=100 1.03.02=100 1.03#=.");
    ASSERT_CODE(SPREAD("1.03#", .amount = 5, .basis = PAGU_BASIS_EQUAL), PAGU_OK);
    assert_money(t.v, t.b24, "1.03#=5");
}

static void spread__another_year_or_view_may_be_the_basis(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1.01", .amount = 1000, .basis = PAGU_BASIS_COLUMN, .basis_column = t.b25), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=400 1.01.02=600");
    pagu_stage need;
    assert_ok(pagu_plan_find_stage(t.plan, "need", &need, &err), &err);
    pagu_view *other = pagu_view_open(t.plan, need);
    pagu_column column;
    assert_ok(pagu_view_find_column(other, "budget", "2024", &column, &err), &err);
    ASSERT_CODE(SPREAD("1.01", .amount = 1000, .basis = PAGU_BASIS_COLUMN, .basis_view = other, .basis_column = column),
                PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=500 1.01.02=500");
    pagu_view_close(other);
    ASSERT_CODE(SPREAD("1.01", .amount = 1, .basis = PAGU_BASIS_COLUMN, .basis_column = UINT16_MAX),
                PAGU_UNKNOWN_FIELD);
}

static void spread__weights_are_given_by_line(void **state)
{
    (void)state;
    static const int64_t weights[] = { 0, 1, 3 };
    ASSERT_CODE(SPREAD("1.01", .amount = 40, .basis = PAGU_BASIS_WEIGHTS, .weights = weights), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=0 1.01.02=10 1.01.03=30");
    ASSERT_CODE(SPREAD("1.01", .amount = 40, .basis = PAGU_BASIS_WEIGHTS), PAGU_ARGUMENT);
}

static void spread__a_negative_basis_is_an_error_unless_a_policy_says_otherwise(void **state)
{
    (void)state;
    static const int64_t weights[] = { -1, 1, 3 };
    ASSERT_CODE(SPREAD("1.01", .amount = 40, .basis = PAGU_BASIS_WEIGHTS, .weights = weights), PAGU_NEGATIVE_BASIS);
    assert_string_equal(err.node, "1.01.01");
    ASSERT_CODE(SPREAD("1.01", .amount = 40, .basis = PAGU_BASIS_WEIGHTS, .weights = weights,
                       .on_negative = PAGU_NEGATIVE_ZERO),
                PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=0 1.01.02=10 1.01.03=30");
    ASSERT_CODE(
        SPREAD("1.01", .amount = 40, .basis = PAGU_BASIS_WEIGHTS, .weights = weights, .on_negative = PAGU_NEGATIVE_ABS),
        PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=8 1.01.02=8 1.01.03=24");
    ASSERT_CODE(SPREAD("1.01", .amount = 40, .basis = PAGU_BASIS_WEIGHTS, .weights = weights),
                PAGU_OK); /* it is 40 already */
}

/* ---- unit and residue ---- */

static void spread__results_are_whole_units_but_for_the_rest(void **state)
{
    (void)state;
    pagu_table *table = NULL;
    pagu_selection *at = at_key(t.v, "1.01");
    pagu_spread_options o = OPTIONS(.at = at, .column = t.b24, .amount = 10500, .unit = 1000);
    char a[64], b[64];
    ASSERT_CODE(pagu_spread(t.s, &o, NULL, &table, &err), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=2500 1.01.02=8000"); /* 2,625 and 7,875 */
    assert_int_equal(pagu_table_row_count(table), 2);
    assert_string_equal(cell_text(table, 0, "key", a), "1.01.01");
    assert_string_equal(cell_text(table, 0, "residue", a), "500");
    assert_string_equal(cell_text(table, 1, "old", a), "300");
    assert_string_equal(cell_text(table, 1, "new", b), "8000");
    assert_string_equal(cell_text(table, 1, "delta", b), "7700");
    assert_string_equal(cell_text(table, 1, "residue", b), "1000");
    pagu_table_free(table);
    pagu_selection_free(at);
}

static void spread__a_named_line_may_take_the_residue(void **state)
{
    (void)state;
    pagu_row line = row_of(t.v, "1.01.03");
    ASSERT_CODE(SPREAD("1.01", .amount = 10500, .unit = 1000, .residue_to = line), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=2000 1.01.02=7000 1.01.03=1500");
    ASSERT_CODE(SPREAD("1.01", .amount = 10500, .residue_to = row_of(t.v, "1.02.01")), PAGU_ARGUMENT);
}

static void spread__the_largest_or_smallest_line_may_take_the_residue(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1.01", .amount = 999, .unit = 100, .residue = PAGU_RESIDUE_LARGEST), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=200 1.01.02=799 1.01.03=.");
    assert_ok(pagu_undo(t.s, &err), &err);
    ASSERT_CODE(SPREAD("1.01", .amount = 999, .unit = 100, .residue = PAGU_RESIDUE_SMALLEST), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=299 1.01.02=700 1.01.03=.");
    assert_ok(pagu_undo(t.s, &err), &err);
    ASSERT_CODE(
        SPREAD("1.01", .amount = 999, .unit = 100, .residue = PAGU_RESIDUE_SMALLEST, .has_cap = true, .cap = 750),
        PAGU_OK); /* what its cap leaves goes on by largest remainder */
    assert_int_equal(money_of(t.v, "1.01", t.b24), 999);
}

static void spread__ties_go_to_the_lower_code_at_any_depth(void **state)
{
    (void)state;
    static const plan_row rows[] = { { .id = "1" },
                                     { .id = "1.1" },
                                     { .id = "1.1.1", .money = { "5" } },
                                     { .id = "1.1.2", .money = { "5" } },
                                     { .id = "1.2", .money = { "5" } } };
    trial f = trial_open(t.ctx, plan_of(t.ctx, rows, 5));
    pagu_row added;
    pagu_row_def def = { .under = row_of(f.v, "1.1"), .code = "1.1.0", .name = "Baru", .level = "item", .sign = 1 };
    pagu_selection *at = at_key(f.v, "1");
    pagu_spread_options o = OPTIONS(.at = at, .column = f.b24, .amount = 100);
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(f.v, f.b24, "1.1.1=34 1.1.2=33 1.2=33");
    o.amount = 101;
    o.basis = PAGU_BASIS_EQUAL;
    assert_ok(pagu_add(f.s, &def, NULL, &added, &err), &err);
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(f.v, f.b24, "1.1.0=26 1.1.1=25 1.1.2=25 1.2=25");
    pagu_selection_free(at);
    trial_close(&f);
}

static void spread__the_result_does_not_depend_on_the_order_of_rows(void **state)
{
    (void)state;
    plan_row turned[sizeof office / sizeof *office];
    size_t n = sizeof office / sizeof *office;
    for (size_t i = 0; i < n; i++)
        turned[i] = office[n - 1 - i];
    trial other = trial_open(t.ctx, plan_of(t.ctx, turned, n));
    ASSERT_CODE(SPREAD("/", .amount = 12345, .unit = 10), PAGU_OK);
    pagu_selection *at = at_key(other.v, "/");
    pagu_spread_options o = OPTIONS(.at = at, .column = other.b24, .amount = 12345, .unit = 10);
    ASSERT_CODE(pagu_spread(other.s, &o, NULL, NULL, &err), PAGU_OK);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(money_of(t.v, office[i].id, t.b24), money_of(other.v, office[i].id, other.b24));
    pagu_selection_free(at);
    trial_close(&other);
}

/* ---- holds and bounds ---- */

static void spread__held_lines_keep_their_value_and_count_in_the_total(void **state)
{
    (void)state;
    pagu_selection *hold = at_key(t.v, "1.01.02");
    ASSERT_CODE(SPREAD("1.01", .amount = 350, .hold = hold), PAGU_OK);
    assert_money(t.v, t.b24, "1.01=350 1.01.01=50 1.01.02=300");
    ASSERT_CODE(SPREAD("1.01", .amount = 250, .hold = hold), PAGU_HELD);
    assert_string_equal(err.message, "held lines of 1.01 come to 300; its total can be at least 300, not 250; release "
                                     "a line or ask for less change");
    ASSERT_CODE(SPREAD("1.01.02", .amount = 250, .hold = hold), PAGU_HELD);
    assert_non_null(strstr(err.message, "can only be 300"));
    ASSERT_CODE(SPREAD("1.01.02", .amount = 300, .hold = hold), PAGU_OK);
    pagu_selection_free(hold);
}

static void spread__holds_of_the_scenario_always_apply(void **state)
{
    (void)state;
    pagu_selection *at = at_key(t.v, "1.02");
    pagu_constraint_def def = {
        .kind = PAGU_HOLD_LINES, .name = "SPM", .at = at, .field = PAGU_NONE, .period = PAGU_NONE
    };
    uint32_t id;
    assert_ok(pagu_constrain(t.s, &def, NULL, &id, &err), &err);
    ASSERT_CODE(SPREAD("/", .amount = 500), PAGU_OK);
    assert_money(t.v, t.b24, "/=500 1.02=250 1.01.01=50 1.01.02=150 1.03.01=35 1.03.02=15");
    ASSERT_CODE(SPREAD("/", .amount = 501, .residue_to = row_of(t.v, "1.02.01")), PAGU_HELD);
    pagu_selection_free(at);
}

static void spread__floors_and_caps_bound_every_line(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("1.01", .amount = 100, .has_floor = true, .floor = 40), PAGU_UNREACHABLE);
    assert_non_null(strstr(err.message, "allow at least 120")); /* the missing line gets its floor too */
    ASSERT_CODE(SPREAD("1.01", .amount = 160, .has_floor = true, .floor = 40), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=40 1.01.02=80 1.01.03=40");
    ASSERT_CODE(SPREAD("1.02", .amount = 300, .has_cap = true, .cap = 290), PAGU_UNREACHABLE);
    assert_non_null(strstr(err.message, "allow at most 290"));
    ASSERT_CODE(SPREAD("1.02", .amount = 300, .has_cap = true, .cap = 290, .basis = PAGU_BASIS_EQUAL), PAGU_OK);
    assert_money(t.v, t.b24, "1.02.01=100 1.02.02=100 1.02.03=100");
    static const pagu_money floors[] = { 0, 0, 0 }, caps[] = { 10, 500, 500 };
    ASSERT_CODE(SPREAD("1.01", .amount = 400, .floors = floors, .caps = caps), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=10 1.01.02=260 1.01.03=130");
    ASSERT_CODE(SPREAD("1.01", .amount = 400, .floors = caps, .caps = floors), PAGU_ARGUMENT);
}

static void spread__rules_of_the_scenario_refuse_and_nothing_changes(void **state)
{
    (void)state;
    pagu_selection *at = at_key(t.v, "1.02");
    pagu_field budget;
    pagu_period y24;
    assert_ok(pagu_plan_find_field(t.plan, "budget", &budget, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2024", &y24, &err), &err);
    pagu_constraint_def def = {
        .kind = PAGU_CEILING, .name = "batas", .at = at, .field = budget, .period = y24, .amount = 260
    };
    assert_ok(pagu_constrain(t.s, &def, NULL, NULL, &err), &err);
    char before[65], after[65];
    assert_ok(pagu_view_hash(t.v, before, &err), &err);
    ASSERT_CODE(SPREAD("/", .amount = 1500), PAGU_RULE);
    ASSERT_CODE(SPREAD("/", .amount = 1500, .dry = true), PAGU_RULE);
    assert_ok(pagu_view_hash(t.v, after, &err), &err);
    assert_string_equal(before, after);
    pagu_selection_free(at);
}

/* ---- one step, dry runs, places ---- */

static void spread__is_one_undo_step(void **state)
{
    (void)state;
    char before[65], after[65];
    assert_ok(pagu_view_hash(t.v, before, &err), &err);
    ASSERT_CODE(SPREAD("/", .amount = 123456), PAGU_OK);
    assert_int_equal(pagu_journal_count(t.s), 1);
    assert_string_equal(pagu_journal_get(t.s, 0).note.verb, "spread");
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_ok(pagu_view_hash(t.v, after, &err), &err);
    assert_string_equal(before, after);
}

static void spread__a_dry_run_tells_and_changes_nothing(void **state)
{
    (void)state;
    pagu_table *table = NULL;
    pagu_selection *at = at_key(t.v, "/");
    pagu_spread_options o = OPTIONS(.at = at, .column = t.b24, .amount = 7500, .dry = true);
    ASSERT_CODE(pagu_spread(t.s, &o, NULL, &table, &err), PAGU_OK);
    assert_int_equal(pagu_table_row_count(table), 5);
    assert_string_equal(pagu_table_note(table, 0), "total of the whole plan: 7,500, was 750");
    assert_money(t.v, t.b24, "/=750");
    assert_int_equal(pagu_journal_count(t.s), 0);
    pagu_table_free(table);
    pagu_selection_free(at);
}

static void spread__rows_that_count_twice_are_refused(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01", "1.01.02" };
    pagu_selection *at = rows_of(t.v, keys, 2);
    pagu_spread_options o = OPTIONS(.at = at, .column = t.b24, .amount = 1);
    ASSERT_CODE(pagu_spread(t.s, &o, NULL, NULL, &err), PAGU_ARGUMENT);
    assert_string_equal(err.node, "1.01.02");
    o.at = NULL;
    ASSERT_CODE(pagu_spread(t.s, &o, NULL, NULL, &err), PAGU_ARGUMENT);
    pagu_selection_free(at);
}

static void spread__bad_options_are_refused(void **state)
{
    (void)state;
    ASSERT_CODE(SPREAD("/", .amount = 1, .unit = 0), PAGU_ARGUMENT);
    ASSERT_CODE(SPREAD("/", .amount = 1, .size = 4), PAGU_ARGUMENT);
    ASSERT_CODE(SPREAD("/", .amount = 1, .size = 4000), PAGU_ARGUMENT);
    ASSERT_CODE(SPREAD("/", .amount = INT64_MAX, .request = PAGU_SPREAD_DELTA), PAGU_OVERFLOW);
    ASSERT_CODE(SPREAD("/", .amount = 1, .request = (pagu_spread_request)9), PAGU_ARGUMENT);
}

/* ---- signs ---- */

static const plan_row financing[] = {
    { .id = "1" },
    { .id = "1.01", .money = { "500" } }, /* receipts */
    { .id = "1.02", .sign = -1 },         /* expenditure */
    { .id = "1.02.01", .money = { "100" } },
    { .id = "1.02.02", .money = { "300" } },
    { .id = "1.03", .money = { "999" }, .sign = 2 }, /* memo */
};

static void spread__lines_of_both_signs_are_refused_unless_the_selection_fixes_one(void **state)
{
    (void)state;
    trial f = trial_open(t.ctx, plan_of(t.ctx, financing, 6));
    assert_money(f.v, f.b24, "/=100");
    pagu_selection *all = at_key(f.v, "1"), *spending = at_key(f.v, "1.02"), *receipts = at_key(f.v, "1.01");
    pagu_spread_options o = OPTIONS(.at = all, .column = f.b24, .amount = 50);
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_MIXED_SIGN);
    o.amount = 100;
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK);
    o.amount = 50;
    o.hold = receipts; /* spending must rise to 450 */
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(f.v, f.b24, "/=50 1.01=500 1.02.01=113 1.02.02=337 1.03=999");
    o.amount = 600;
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK); /* beyond receipts: spending of -100 */
    assert_ok(pagu_undo(f.s, &err), &err);
    o = OPTIONS(.at = spending, .column = f.b24, .amount = 200);
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(f.v, f.b24, "/=300 1.02=200");
    o = OPTIONS(.at = all, .column = f.b24, .amount = 0);
    ASSERT_CODE(pagu_spread(f.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(f.v, f.b24, "/=0 1.01=0 1.02.01=0 1.02.02=0 1.03=999");
    pagu_selection_free(all);
    pagu_selection_free(spending);
    pagu_selection_free(receipts);
    trial_close(&f);
}

/* ---- any plan, any request ---- */

static void spread__100_random_plans_meet_1000_random_requests_to_the_rupiah(void **state)
{
    (void)state;
    rng r = { 11 };
    for (int p = 0; p < 100; p++) {
        plan_row rows[40] = { { .id = "1" } };
        char ids[40][16], money[40][24];
        int n = 2 + (int)rng_below(&r, 38);
        for (int i = 1; i < n; i++) {
            snprintf(ids[i], sizeof ids[i], "1.%d.%d", 1 + (int)rng_below(&r, 5), i);
            snprintf(money[i], sizeof money[i], "%llu", (unsigned long long)rng_below(&r, 1000000));
            rows[i] = (plan_row){ .id = ids[i], .money = { rng_below(&r, 5) ? money[i] : "" } };
        }
        trial x = trial_open(t.ctx, plan_of(t.ctx, rows, (size_t)n));
        pagu_selection *at = at_key(x.v, "1");
        for (int k = 0; k < 10; k++) {
            pagu_spread_options o = OPTIONS(.at = at, .column = x.b24, .amount = (pagu_money)rng_below(&r, 10000000),
                                            .unit = rng_below(&r, 2) ? 1 : 1000);
            o.basis = rng_below(&r, 2) ? PAGU_BASIS_EQUAL : PAGU_BASIS_CURRENT;
            pagu_code rc = pagu_spread(x.s, &o, NULL, NULL, &err);
            assert_true(rc == PAGU_OK || (rc == PAGU_ZERO_BASIS && o.basis == PAGU_BASIS_CURRENT));
            assert_true(rc != PAGU_OK || money_of(x.v, "/", x.b24) == o.amount);
        }
        pagu_selection_free(at);
        trial_close(&x);
    }
}

/* ---- memory ---- */

static pagu_code spread_once(pagu_plan *plan, pagu_view *stage)
{
    pagu_scenario *s = NULL;
    pagu_selection *at = NULL;
    pagu_table *table = NULL;
    pagu_row root;
    pagu_column column;
    (void)plan;
    pagu_code rc = pagu_branch(stage, "x", &s, NULL);
    if (!rc)
        rc = pagu_view_find(pagu_scenario_view(s), "/", &root, NULL);
    if (!rc)
        rc = pagu_select_rows(stage, &root, 1, &at, NULL);
    if (!rc)
        rc = pagu_view_find_column(stage, "budget", "2024", &column, NULL);
    if (!rc) {
        pagu_spread_options o = OPTIONS(.at = at, .column = column, .amount = 9999, .has_cap = true, .cap = 9000);
        rc = pagu_spread(s, &o, NULL, &table, NULL);
        pagu_cell total = pagu_view_money(pagu_scenario_view(s), root, column);
        assert_int_equal(total.value, rc == PAGU_OK ? 9999 : 750);
    }
    pagu_table_free(table);
    pagu_selection_free(at);
    pagu_scenario_close(s);
    return rc;
}

static pagu_code spread_from_scratch(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_code rc = plan_make(ctx, office, sizeof office / sizeof *office, &plan, NULL);
    if (rc)
        return rc;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    rc = stage ? spread_once(plan, stage) : PAGU_NO_MEMORY;
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return rc;
}

static void spread__a_failed_allocation_changes_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(spread_from_scratch, NULL) > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(spread__lines_follow_in_proportion_to_what_they_are),
        TEST(spread__percent_is_exact_and_rounded_once),
        TEST(spread__a_line_itself_may_be_the_place),
        TEST(spread__the_present_total_changes_nothing),
        TEST(spread__a_request_of_zero_always_succeeds),
        TEST(spread__a_zero_basis_is_an_error_that_tells_the_way_out),
        TEST(spread__equal_shares_give_missing_lines_their_part),
        TEST(spread__own_lines_without_a_value_take_no_part),
        TEST(spread__another_year_or_view_may_be_the_basis),
        TEST(spread__weights_are_given_by_line),
        TEST(spread__a_negative_basis_is_an_error_unless_a_policy_says_otherwise),
        TEST(spread__results_are_whole_units_but_for_the_rest),
        TEST(spread__a_named_line_may_take_the_residue),
        TEST(spread__the_largest_or_smallest_line_may_take_the_residue),
        TEST(spread__ties_go_to_the_lower_code_at_any_depth),
        TEST(spread__the_result_does_not_depend_on_the_order_of_rows),
        TEST(spread__held_lines_keep_their_value_and_count_in_the_total),
        TEST(spread__holds_of_the_scenario_always_apply),
        TEST(spread__floors_and_caps_bound_every_line),
        TEST(spread__rules_of_the_scenario_refuse_and_nothing_changes),
        TEST(spread__is_one_undo_step),
        TEST(spread__a_dry_run_tells_and_changes_nothing),
        TEST(spread__rows_that_count_twice_are_refused),
        TEST(spread__bad_options_are_refused),
        TEST(spread__lines_of_both_signs_are_refused_unless_the_selection_fixes_one),
        TEST(spread__100_random_plans_meet_1000_random_requests_to_the_rupiah),
        TEST(spread__a_failed_allocation_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
