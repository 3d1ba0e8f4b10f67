/* test_expr.c - column algebra: exact money, states, masks, assignment.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01", .money = { "1000", "400", "", "900" } },
    { .id = "1.02", .money = { "333", "", "", "0" } },
    { .id = "1.03", .money = { "", "50" } },
    { .id = "1.04", .money = { "-", "60", "", "30" } },
    { .id = "1.05", .money = { "9223372036854770000", "0" } },
    { .id = "1.06", .money = { "-15", "15" } },
};
enum { LINES = 6 };

static trial t;
static pagu_error err;
static pagu_field budget, spent;
static pagu_period y24, y25;
static pagu_row lines[LINES];

static int set_up(void **state)
{
    (void)state;
    static const char *const keys[LINES] = { "1.01", "1.02", "1.03", "1.04", "1.05", "1.06" };
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
    assert_ok(pagu_plan_find_field(t.plan, "budget", &budget, &err), &err);
    assert_ok(pagu_plan_find_field(t.plan, "spent", &spent, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2024", &y24, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2025", &y25, &err), &err);
    for (int i = 0; i < LINES; i++)
        lines[i] = row_of(t.v, keys[i]);
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

/* ---- makers that hand over their operands ---- */

static pagu_expr *column(pagu_field field, pagu_period period)
{
    pagu_expr *e = NULL;
    assert_ok(pagu_expr_column(t.ctx, field, period, &e, &err), &err);
    return e;
}

static pagu_expr *b24(void)
{
    return column(budget, y24);
}
static pagu_expr *b25(void)
{
    return column(budget, y25);
}
static pagu_expr *s24(void)
{
    return column(spent, y24);
}

static pagu_expr *whole(int64_t value)
{
    pagu_expr *e = NULL;
    assert_ok(pagu_expr_integer(t.ctx, value, &e, &err), &err);
    return e;
}

static pagu_expr *decimal(int64_t digits, uint8_t scale)
{
    pagu_expr *e = NULL;
    assert_ok(pagu_expr_decimal(t.ctx, (pagu_decimal){ digits, scale }, &e, &err), &err);
    return e;
}

static pagu_code try_op(char op, pagu_expr *a, pagu_expr *b, pagu_expr **out)
{
    pagu_code rc = pagu_expr_binary(t.ctx, op, a, b, out, &err);
    pagu_expr_release(a);
    pagu_expr_release(b);
    return rc;
}

static pagu_expr *op(char sign, pagu_expr *a, pagu_expr *b)
{
    pagu_expr *e = NULL;
    assert_ok(try_op(sign, a, b, &e), &err);
    return e;
}

/* "1400 333 . -": whole results by line, and releases. */
static void assert_values(pagu_expr *e, const char *expected)
{
    pagu_expr_value v[LINES];
    char got[200] = "";
    assert_ok(pagu_expr_eval(e, t.v, lines, LINES, v, &err), &err);
    for (int i = 0; i < LINES; i++) {
        char text[40];
        if (pagu_expr_kind(e) == PAGU_EXPR_MASK)
            strcpy(text, v[i].mask ? "y" : "n");
        else if (v[i].state == PAGU_MISSING)
            strcpy(text, ".");
        else if (v[i].state == PAGU_DASH)
            strcpy(text, "-");
        else if (pagu_expr_kind(e) == PAGU_EXPR_MONEY)
            snprintf(text, sizeof text, "%lld", (long long)v[i].money);
        else
            snprintf(text, sizeof text, "%.6g", v[i].number);
        strcat(got, i ? " " : "");
        strcat(got, text);
    }
    assert_string_equal(got, expected);
    pagu_expr_release(e);
}

static pagu_code assign(pagu_expr *e, const char *const *keys, size_t n)
{
    pagu_selection *at = rows_of(t.v, keys, n);
    pagu_code rc = pagu_expr_assign(t.s, at, t.b25, e, NULL, &err);
    pagu_selection_free(at);
    pagu_expr_release(e);
    return rc;
}

/* ---- arithmetic ---- */

static void expr__sums_are_integers_and_a_missing_operand_makes_missing(void **state)
{
    (void)state;
    assert_values(b24(), "1000 333 . - 9223372036854770000 -15");
    assert_values(op('+', b24(), b25()), "1400 . . 60 9223372036854770000 0");
    assert_values(op('-', b24(), b25()), "600 . . -60 9223372036854770000 -30");
    assert_values(op('+', b25(), whole(7)), "407 . 57 67 7 22");
    assert_values(op('*', b25(), whole(-3)), "-1200 . -150 -180 0 -45");
}

static void expr__money_times_a_decimal_rounds_once_half_away_from_zero(void **state)
{
    (void)state;
    assert_values(op('*', b25(), decimal(1045, 3)), "418 . 52 63 0 16");  /* 52.25 62.7 15.675 */
    assert_values(op('*', decimal(-5, 1), b25()), "-200 . -25 -30 0 -8"); /* -7.5 */
    assert_values(op('*', b25(), decimal(20, 1)), "800 . 100 120 0 30");  /* 2.0 is an integer */
}

static void expr__a_quotient_is_a_number_and_division_by_zero_is_missing(void **state)
{
    (void)state;
    pagu_expr *rate = op('/', s24(), b25());
    assert_int_equal(pagu_expr_kind(rate), PAGU_EXPR_NUMBER);
    assert_values(rate, "2.25 . . 0.5 . .");
    assert_values(op('/', b25(), b24()), "0.4 . . . 0 -1");
    assert_values(op('/', b25(), whole(0)), ". . . . . .");
    assert_values(op('*', op('/', b25(), whole(4)), whole(100)), "10000 . 1250 1500 0 375");
    assert_values(op('+', b25(), decimal(5, 1)), "400.5 . 50.5 60.5 0.5 15.5");
}

static void expr__overflow_names_the_row(void **state)
{
    (void)state;
    pagu_expr_value v[LINES];
    pagu_expr *over[] = { op('+', b24(), whole(10000)), op('*', b24(), whole(2)), op('*', b24(), decimal(101, 2)),
                          op('-', op('-', whole(0), b24()), whole(10000)) };
    for (int i = 0; i < 4; i++) {
        ASSERT_CODE(pagu_expr_eval(over[i], t.v, lines, LINES, v, &err), PAGU_OVERFLOW);
        assert_string_equal(err.node, "1.05");
        pagu_expr_release(over[i]);
    }
}

static void expr__types_that_do_not_fit_are_refused_when_built(void **state)
{
    (void)state;
    pagu_expr *e = NULL;
    ASSERT_CODE(try_op('*', b24(), b25(), &e), PAGU_ARGUMENT);
    assert_non_null(strstr(err.message, "money times money"));
    ASSERT_CODE(try_op('&', b24(), op('>', b24(), b25()), &e), PAGU_ARGUMENT);
    ASSERT_CODE(try_op('~', b24(), NULL, &e), PAGU_ARGUMENT);
    ASSERT_CODE(try_op('+', b24(), op('>', b24(), b25()), &e), PAGU_ARGUMENT);
    ASSERT_CODE(try_op('%', b24(), b25(), &e), PAGU_ARGUMENT);
    ASSERT_CODE(try_op('+', b24(), NULL, &e), PAGU_ARGUMENT);
    ASSERT_CODE(pagu_expr_decimal(t.ctx, (pagu_decimal){ 1, 19 }, &e, &err), PAGU_ARGUMENT);
    assert_null(e);
}

static void expr__a_column_must_be_a_money_field_of_the_plan(void **state)
{
    (void)state;
    pagu_field target;
    pagu_expr_value v[1];
    assert_ok(pagu_plan_find_field(t.plan, "target", &target, &err), &err);
    pagu_expr *e[] = { column(target, y24), column(60000, y24), column(budget, 60000), b24() };
    static const pagu_code codes[] = { PAGU_UNKNOWN_FIELD, PAGU_UNKNOWN_FIELD, PAGU_OUT_OF_FRAME, PAGU_UNKNOWN_KEY };
    pagu_row none = 1000000;
    for (int i = 0; i < 4; i++) {
        ASSERT_CODE(pagu_expr_eval(e[i], t.v, i == 3 ? &none : lines, 1, v, &err), codes[i]);
        pagu_expr_release(e[i]);
    }
}

/* ---- masks ---- */

static void expr__comparisons_make_masks_and_missing_is_false(void **state)
{
    (void)state;
    assert_values(op('>', b24(), b25()), "y n n n y n");
    assert_values(op('<', b24(), b25()), "n n n y n y");
    assert_values(op('=', b25(), whole(60)), "n n n y n n");
    assert_values(op('!', b25(), whole(60)), "y n y n y y");
    assert_values(op('g', b25(), whole(60)), "y n n y n n");
    assert_values(op('l', b25(), whole(60)), "n n y y y y");
    assert_values(op('>', b25(), decimal(599, 1)), "y n n y n n");
    assert_values(op('<', decimal(599, 1), b25()), "y n n y n n");
    assert_values(op('=', decimal(601, 1), b25()), "n n n n n n");
    assert_values(op('>', op('/', b25(), whole(2)), decimal(295, 1)), "y n n y n n");
}

static void expr__comparisons_are_exact_beyond_the_reach_of_doubles(void **state)
{
    (void)state;
    assert_values(op('>', b24(), whole(9223372036854769999)), "n n n n y n");
    assert_values(op('>', b24(), whole(9223372036854770000)), "n n n n n n");
    assert_values(op('<', b24(), decimal(INT64_MAX, 1)), "y y n y n y");
}

static void expr__masks_combine(void **state)
{
    (void)state;
    assert_values(op('&', op('>', b25(), whole(10)), op('<', b25(), whole(100))), "n n y y n y");
    assert_values(op('|', op('=', b25(), whole(400)), op('=', b25(), whole(50))), "y n y n n n");
    assert_values(op('~', op('>', b25(), whole(55)), NULL), "n y y n y y");
}

/* ---- trees ---- */

static void expr__trees_share_parts_and_outlive_the_makers_references(void **state)
{
    (void)state;
    pagu_expr *a = b25(), *sum = NULL, *both = NULL;
    assert_ok(pagu_expr_binary(t.ctx, '+', a, a, &sum, &err), &err);
    assert_ok(pagu_expr_binary(t.ctx, '-', sum, a, &both, &err), &err);
    pagu_expr_release(a);
    pagu_expr_release(sum);
    assert_values(both, "400 . 50 60 0 15");
}

static void expr__depth_is_limited_and_long_sums_are_not_deep_in_memory(void **state)
{
    (void)state;
    pagu_expr *e = whole(0);
    int depth = 1;
    for (;; depth++) {
        pagu_expr *next = NULL, *one = whole(1);
        pagu_code rc = pagu_expr_binary(t.ctx, '+', e, one, &next, &err);
        pagu_expr_release(one);
        if (rc) {
            assert_int_equal(rc, PAGU_LIMIT);
            break;
        }
        pagu_expr_release(e);
        e = next;
    }
    assert_true(depth >= 1000);
    pagu_expr_value v;
    assert_ok(pagu_expr_eval(e, t.v, lines, 1, &v, &err), &err);
    assert_int_equal(v.money, depth - 1);
    pagu_expr_release(e);
}

static void expr__many_rows_are_evaluated_in_blocks(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    pagu_row *rows = malloc(MANY * sizeof *rows);
    pagu_expr_value *v = malloc(MANY * sizeof *v);
    for (int i = 0; i < MANY; i++)
        rows[i] = lines[i % LINES];
    pagu_expr *e = op('+', op('*', b25(), whole(2)), op('-', b25(), whole(1)));
    assert_ok(pagu_expr_eval(e, t.v, rows, MANY, v, &err), &err);
    for (int i = 0; i < MANY; i++)
        assert_true(i % LINES == 1 ? v[i].state == PAGU_MISSING
                                   : v[i].money == 3 * pagu_view_money(t.v, rows[i], t.b25).value - 1);
    pagu_ctx_interrupt(t.ctx, true);
    ASSERT_CODE(pagu_expr_eval(e, t.v, rows, MANY, v, &err), PAGU_INTERRUPTED);
    pagu_ctx_interrupt(t.ctx, false);
    pagu_expr_release(e);
    free(rows);
    free(v);
}

/* ---- assignment ---- */

static void expr__assignment_is_one_step(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01", "1.02", "1.03", "1.04", "1.06" };
    ASSERT_CODE(assign(op('*', b24(), decimal(1045, 3)), keys, 5), PAGU_OK);
    assert_money(t.v, t.b25, "1.01=1045 1.02=348 1.03=. 1.04=0 1.06=-16"); /* -15.675 */
    assert_int_equal(pagu_journal_count(t.s), 1);
    assert_string_equal(pagu_journal_get(t.s, 0).note.verb, "assign");
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_money(t.v, t.b25, "1.01=400 1.02=. 1.03=50 1.04=60 1.06=15");
    ASSERT_CODE(assign(b24(), keys, 5), PAGU_OK); /* a copy keeps dashes */
    assert_money(t.v, t.b25, "1.01=1000 1.02=333 1.03=. 1.04=- 1.06=-15");
    ASSERT_CODE(assign(b25(), keys, 5), PAGU_OK);
    assert_int_equal(pagu_journal_count(t.s), 1);
}

static void expr__numbers_become_money_by_one_rounding(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01", "1.02", "1.06" };
    ASSERT_CODE(assign(op('/', b24(), whole(6)), keys, 3), PAGU_OK);
    assert_money(t.v, t.b25, "1.01=167 1.02=56 1.06=-3"); /* 166.67 55.5 -2.5 */
    ASSERT_CODE(assign(op('*', op('/', s24(), b24()), whole(100)), keys, 3), PAGU_OK);
    assert_money(t.v, t.b25, "1.01=90 1.02=0 1.06=.");
    ASSERT_CODE(assign(op('/', b24(), whole(0)), keys, 3), PAGU_OK);
    assert_money(t.v, t.b25, "1.01=. 1.02=. 1.06=.");
}

static void expr__whole_quotients_are_exact_and_inexact_numbers_refused(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.05" };
    ASSERT_CODE(assign(op('/', b24(), whole(3)), keys, 1), PAGU_OK);
    assert_money(t.v, t.b25, "1.05=3074457345618256667"); /* …666.67 */
    ASSERT_CODE(assign(op('/', b24(), decimal(11, 1)), keys, 1), PAGU_OVERFLOW);
    assert_non_null(strstr(err.message, "2^53"));
    assert_string_equal(err.node, "1.05");
}

static void expr__sums_and_masks_cannot_be_assigned(void **state)
{
    (void)state;
    static const char *const sum[] = { "1" }, *const line[] = { "1.01" };
    ASSERT_CODE(assign(whole(5), sum, 1), PAGU_WRONG_LEVEL);
    assert_string_equal(err.node, "1");
    ASSERT_CODE(assign(op('>', b24(), b25()), line, 1), PAGU_ARGUMENT);
    pagu_expr *e = whole(5);
    ASSERT_CODE(pagu_expr_assign(t.s, NULL, t.b25, e, NULL, &err), PAGU_ARGUMENT);
    ASSERT_CODE(pagu_expr_assign(t.s, NULL, UINT16_MAX, e, NULL, &err), PAGU_UNKNOWN_FIELD);
    pagu_expr_release(e);
    assert_int_equal(pagu_journal_count(t.s), 0);
}

static void expr__a_refused_assignment_changes_nothing(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01", "1.05" };
    ASSERT_CODE(assign(op('*', b24(), whole(3)), keys, 2), PAGU_OVERFLOW);
    ASSERT_CODE(assign(op('+', whole(INT64_MAX - 100), op('*', b24(), whole(0))), keys, 2),
                PAGU_OVERFLOW); /* the column's bound */
    assert_money(t.v, t.b25, "1.01=400 1.05=0");
    assert_int_equal(pagu_journal_count(t.s), 0);
}

/* ---- memory ---- */

static pagu_code expr_from_scratch(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_expr *a = NULL, *b = NULL, *e = NULL;
    pagu_code rc = pagu_expr_integer(ctx, 5, &a, NULL);
    if (!rc)
        rc = pagu_expr_decimal(ctx, (pagu_decimal){ 15, 1 }, &b, NULL);
    if (!rc)
        rc = pagu_expr_binary(ctx, '*', a, b, &e, NULL);
    pagu_expr_release(a);
    pagu_expr_release(b);
    pagu_expr_release(e);
    return rc;
}

static void expr__a_failed_allocation_leaks_nothing(void **state)
{
    (void)state;
    assert_int_equal(for_each_failing_allocation(expr_from_scratch, NULL), 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(expr__sums_are_integers_and_a_missing_operand_makes_missing),
        TEST(expr__money_times_a_decimal_rounds_once_half_away_from_zero),
        TEST(expr__a_quotient_is_a_number_and_division_by_zero_is_missing),
        TEST(expr__overflow_names_the_row),
        TEST(expr__types_that_do_not_fit_are_refused_when_built),
        TEST(expr__a_column_must_be_a_money_field_of_the_plan),
        TEST(expr__comparisons_make_masks_and_missing_is_false),
        TEST(expr__comparisons_are_exact_beyond_the_reach_of_doubles),
        TEST(expr__masks_combine),
        TEST(expr__trees_share_parts_and_outlive_the_makers_references),
        TEST(expr__depth_is_limited_and_long_sums_are_not_deep_in_memory),
        TEST(expr__many_rows_are_evaluated_in_blocks),
        TEST(expr__assignment_is_one_step),
        TEST(expr__numbers_become_money_by_one_rounding),
        TEST(expr__whole_quotients_are_exact_and_inexact_numbers_refused),
        TEST(expr__sums_and_masks_cannot_be_assigned),
        TEST(expr__a_refused_assignment_changes_nothing),
        TEST(expr__a_failed_allocation_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
