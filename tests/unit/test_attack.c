/* Odd sequences that once broke scenarios and verbs.
 * SPDX-License-Identifier: MIT */
#include "plans.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDE = 200 };

/* Program 1 with items 1.01.001 … 1.01.200 in one activity; value i, or the given for the first. */
static pagu_plan *wide_plan(pagu_ctx *ctx, const char *first)
{
    static char ids[WIDE][16], money[WIDE][16];
    static plan_row rows[WIDE + 2];
    rows[0] = (plan_row){ .id = "1" };
    rows[1] = (plan_row){ .id = "1.01" };
    for (int i = 0; i < WIDE; i++) {
        snprintf(ids[i], sizeof ids[i], "1.01.%03d", i + 1);
        snprintf(money[i], sizeof money[i], "%d", i + 1);
        rows[i + 2] = (plan_row){ .id = ids[i], .money = { money[i], money[i] } };
    }
    rows[2].money[0] = first;
    return plan_of(ctx, rows, WIDE + 2);
}

static const char *item(int i)
{
    static char key[16];
    snprintf(key, sizeof key, "1.01.%03d", i);
    return key;
}

static void edit(const trial *t, const char *key, pagu_cell cell)
{
    pagu_error err;
    assert_ok(pagu_edit(t->s, row_of(t->v, key), t->b24, cell, NULL, &err), &err);
}

#define NUM(n) ((pagu_cell){ (n), PAGU_NUMBER })
#define NONE ((pagu_cell){ 0, PAGU_MISSING })

/* One commit for items from … to. */
static void bulk(const trial *t, int from, int to, pagu_cell cell)
{
    pagu_error err;
    pagu_proposal *p;
    assert_ok(pagu_proposal_new(t->s, &p, &err), &err);
    for (int i = from; i <= to; i++)
        assert_ok(pagu_proposal_money(p, row_of(t->v, item(i)), t->b24, cell, &err), &err);
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
}

static pagu_row add(const trial *t, const char *under, const char *code)
{
    pagu_error err;
    pagu_row row;
    assert_ok(pagu_add(t->s, &(pagu_row_def){ .under = row_of(t->v, under), .code = code, .name = "baru", .sign = 1 },
                       NULL, &row, &err),
              &err);
    return row;
}

static void undo(const trial *t)
{
    pagu_error err;
    assert_ok(pagu_undo(t->s, &err), &err);
}

static trial wide_trial(const char *first)
{
    pagu_ctx *ctx = english_ctx();
    return trial_open(ctx, wide_plan(ctx, first));
}

static void done(trial *t)
{
    trial_close(t);
    pagu_ctx_free(t->ctx);
}

static void bulk__of_missing_keeps_the_money_of_added_rows(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    add(&t, "1.01", "900");
    edit(&t, "1.01.900", NUM(50));
    bulk(&t, 1, 150, NONE);
    assert_money(t.v, t.b24, "1.01.900=50 1.01.001=. 1.01.151=151");
    edit(&t, "1.01.900", NUM(60));
    assert_int_equal(money_of(t.v, "1.01", t.b24), 60 + (151 + 200) * 50 / 2);
    undo(&t);
    undo(&t);
    assert_money(t.v, t.b24, "1.01.900=50 1.01.001=1");
    done(&t);
}

static void bulk__keeps_a_zero_that_became_missing(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    static plan_row rows[WIDE + 2];
    static char ids[WIDE][16];
    rows[0] = (plan_row){ .id = "1" };
    for (int i = 0; i < WIDE; i++) {
        snprintf(ids[i], sizeof ids[i], "1.01.%03d", i + 1);
        rows[i + 1] = (plan_row){ .id = ids[i], .money = { i == 0 ? "0" : i == 1 ? NULL : "5" } };
    }
    rows[WIDE + 1] =
        (plan_row){ .id = "2", .sign = -1, .money = { "5" } }; /* walks with signs stop where nothing changes */
    trial t = trial_open(ctx, plan_of(ctx, rows, WIDE + 2));
    edit(&t, item(1), NONE);
    bulk(&t, 3, 150, NUM(7));
    assert_money(t.v, t.b24, "1.01.001=. 1.01.002=. 1.01.003=7");
    undo(&t);
    assert_money(t.v, t.b24, "1.01.001=. 1.01.002=. 1.01.003=5");
    done(&t);
}

static void undo__of_bulk_presence_survives_folding_layers(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_scenario *others[8];
    pagu_error err;
    bulk(&t, 1, 150, NONE);
    assert_ok(pagu_branch(t.v, "a", &others[0], &err), &err);
    undo(&t);
    assert_money(t.v, t.b24, "1.01.001=1 1.01.002=2 1.01.151=151");
    for (int i = 1; i < 8; i++) {
        edit(&t, item(160 + i), NUM(1000 + i));
        assert_ok(pagu_branch(t.v, "b", &others[i], &err), &err);
    }
    assert_money(t.v, t.b24, "1.01.001=1 1.01.002=2 1.01.151=151 1.01.161=1001");
    for (int i = 0; i < 8; i++)
        pagu_scenario_close(others[i]);
    done(&t);
}

static void presence__starts_twice_without_a_leak(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    add(&t, "1.01", "900");
    edit(&t, "1.01.900", NUM(50));
    bulk(&t, 1, 150, NONE);
    edit(&t, "1.01.900", NUM(60));
    undo(&t);
    undo(&t);
    edit(&t, item(1), NONE);
    assert_money(t.v, t.b24, "1.01.900=50 1.01.001=. 1.01.002=2");
    undo(&t);
    done(&t);
}

static void added__parent_of_a_zero_is_a_zero(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    add(&t, "1.01", "900");
    add(&t, "1.01.900", "01");
    edit(&t, "1.01.900.01", NUM(0));
    assert_money(t.v, t.b24, "1.01.900.01=0 1.01.900=0");
    done(&t);
}

static void proposal__is_refused_when_the_scenario_changed_since_it_was_checked(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_proposal *p;
    assert_ok(pagu_proposal_new(t.s, &p, &err), &err);
    assert_ok(pagu_proposal_money(p, row_of(t.v, item(1)), t.b24, NUM(100), &err), &err);
    assert_ok(pagu_proposal_check(p, &err), &err);
    edit(&t, item(1), NUM(70));
    pagu_code rc = pagu_proposal_commit(p, NULL, &err);
    pagu_money sum = money_of(t.v, "1", t.b24), here = money_of(t.v, item(1), t.b24);
    assert_int_equal(sum, 20100 - 1 + here);
    assert_int_equal(rc, PAGU_CONFLICT);
    pagu_proposal_free(p);
    done(&t);
}

static void proposal__of_a_run_sees_rows_added_meanwhile(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_proposal *p;
    bulk(&t, 1, WIDE, NUM(3)); /* a dense column */
    pagu_row rows[WIDE];
    pagu_money values[WIDE];
    for (int i = 0; i < WIDE; i++) {
        rows[i] = row_of(t.v, item(i + 1));
        values[i] = 10000 + i;
    }
    assert_ok(pagu_proposal_new(t.s, &p, &err), &err);
    assert_ok(pagu_proposal_money_values(p, t.b24, rows, values, WIDE, &err), &err);
    add(&t, "1.01", "900");
    edit(&t, "1.01.900", NUM(5));
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    assert_int_equal(money_of(t.v, "1", t.b24), WIDE * 10000 + WIDE * (WIDE - 1) / 2 + 5);
    pagu_proposal_free(p);
    done(&t);
}

static void proposal__count_of_a_refused_proposal_is_not_zero(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_proposal *p;
    assert_ok(pagu_proposal_new(t.s, &p, &err), &err);
    assert_ok(pagu_proposal_money(p, row_of(t.v, item(1)), t.b24, NUM(INT64_MAX), &err), &err);
    assert_int_equal(pagu_proposal_count(p), 1);
    assert_int_equal(pagu_proposal_commit(p, NULL, &err), PAGU_OVERFLOW);
    pagu_proposal_free(p);
    done(&t);
}

static void edit__refuses_columns_that_hold_no_money(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_row row = row_of(t.v, item(1));
    assert_int_equal(pagu_edit(t.s, row, PAGU_NONE, NUM(0), NULL, &err), PAGU_UNKNOWN_FIELD);
    assert_int_equal(pagu_edit(t.s, row, 60000, NUM(0), NULL, &err), PAGU_UNKNOWN_FIELD);
    pagu_proposal *p;
    assert_ok(pagu_proposal_new(t.s, &p, &err), &err);
    assert_int_equal(pagu_proposal_money(p, row, PAGU_NONE, NUM(0), &err), PAGU_UNKNOWN_FIELD);
    pagu_proposal_free(p);
    assert_true(pagu_view_is_member(t.v, row));
    done(&t);
}

static void remove__that_fails_keeps_what_can_be_redone(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_selection *at = at_key(t.v, item(1));
    assert_ok(pagu_constrain(
                  t.s,
                  &(pagu_constraint_def){ .kind = PAGU_HOLD_LINES, .at = at, .field = PAGU_NONE, .period = PAGU_NONE },
                  NULL, NULL, &err),
              &err);
    edit(&t, item(2), NUM(99));
    undo(&t);
    assert_int_equal(pagu_remove(t.s, at, NULL, &err), PAGU_HELD);
    assert_ok(pagu_redo(t.s, &err), &err);
    assert_int_equal(money_of(t.v, item(2), t.b24), 99);
    pagu_selection_free(at);
    done(&t);
}

static const plan_row staged[] = {
    { .id = "1", .stages = NULL },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "100", NULL, "100" } },
    { .id = "1.01.02", .money = { NULL, NULL, "40" }, .stages = "need" },
};

static void join__refuses_a_key_that_was_added(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, staged, 4));
    pagu_error err;
    pagu_view *need = pagu_view_open(t.plan, 1);
    add(&t, "1.01", "02");
    edit(&t, "1.01.02", NUM(7));
    pagu_selection *at = at_key(need, "1.01.02");
    uint32_t n = pagu_journal_count(t.s);
    assert_int_equal(pagu_join_rows(t.s, at, NULL, &err), PAGU_DUPLICATE_KEY);
    assert_string_equal(err.node, "1.01.02");
    assert_int_equal(pagu_journal_count(t.s), n);
    assert_int_equal(money_of(t.v, "1.01.02", t.b24), 7);
    pagu_selection_free(at);
    pagu_view_close(need);
    done(&t);
}

static void join__of_members_leaves_no_entry(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, staged, 4));
    pagu_error err;
    pagu_selection *at = at_key(t.v, "1.01.01");
    assert_ok(pagu_join_rows(t.s, at, NULL, &err), &err);
    assert_int_equal(pagu_journal_count(t.s), 0);
    pagu_selection_free(at);
    done(&t);
}

/* Rows that a scenario added mean nothing in another one. */
static void selection__of_added_rows_is_safe_in_another_scenario(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_scenario *other;
    assert_ok(pagu_branch(t.stage, "lain", &other, &err), &err);
    add(&t, "1.01", "900");
    add(&t, "1.01.900", "01");
    edit(&t, "1.01.900.01", NUM(5));
    pagu_selection *at = at_key(t.v, "1.01.900.01");
    assert_int_equal(pagu_join_rows(other, at, NULL, &err), PAGU_NOT_MEMBER);
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    o.at = at;
    o.column = t.b24;
    o.amount = 9;
    assert_int_not_equal(pagu_spread(other, &o, NULL, NULL, &err), PAGU_OK);
    pagu_constraint_def def = { .kind = PAGU_HOLD_LINES, .at = at, .field = PAGU_NONE, .period = PAGU_NONE };
    assert_int_equal(pagu_constrain(other, &def, NULL, NULL, &err), PAGU_NOT_MEMBER);
    assert_int_equal(pagu_remove(other, at, NULL, &err), PAGU_NOT_MEMBER);
    pagu_selection_free(at);
    pagu_scenario_close(other);
    done(&t);
}

static void add__refuses_codes_that_would_break_keys(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    static const char *const bad[] = { "",     "#",         "a/b", "1.01.",     "..", "x#y#z",
                                       "a\nb", "a\033[31m", "#x#", "1.01.001#", "x#" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        pagu_row_def def = { .under = row_of(t.v, "1.01.001"), .code = bad[i], .name = "x", .sign = 1 };
        pagu_code rc = pagu_add(t.s, &def, NULL, NULL, &err);
        if (rc != PAGU_ARGUMENT)
            fail_msg("code %zu \"%s\" gave %s", i, bad[i], pagu_code_name(rc));
    }
    assert_int_equal(pagu_journal_count(t.s), 0);
    pagu_row_def def = { .under = row_of(t.v, "1.01.001"), .code = "1", .name = "x", .sign = 2 };
    assert_int_equal(pagu_add(t.s, &def, NULL, NULL, &err), PAGU_ARGUMENT);
    add(&t, "1.01.001", "#5.1.02");
    done(&t);
}

static void add__numbers_on_past_a_huge_code(void **state)
{
    (void)state;
    trial t = wide_trial("1");
    pagu_error err;
    pagu_row row;
    add(&t, "1", "99999999999999999999999999999999");
    for (int i = 0; i < 2; i++) {
        assert_ok(pagu_add(t.s, &(pagu_row_def){ .under = row_of(t.v, "1"), .name = "x", .sign = 1 }, NULL, &row, &err),
                  &err);
        assert_string_equal(pagu_view_key(t.v, row), i ? "1.03" : "1.02");
    }
    done(&t);
}

/* The hash must not follow the decimal comma of the program that embeds the library. */
static void hash__is_the_same_in_every_locale(void **state)
{
    (void)state;
    static const char *const commas[] = { "de_DE.UTF-8", "id_ID.UTF-8", "nl_NL.UTF-8", "fr_FR.UTF-8" };
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, staged, 4));
    pagu_error err;
    pagu_indicator ind;
    pagu_field field;
    pagu_period year;
    char plain[65], comma[65];
    pagu_proposal *p;
    assert_ok(pagu_add_indicator(t.s,
                                 &(pagu_added_indicator){ .row = row_of(t.v, "1.01"), .name = "x", .unit = "orang" },
                                 NULL, &ind, &err),
              &err);
    assert_ok(pagu_plan_find_field(t.plan, "target", &field, &err), &err);
    assert_ok(pagu_plan_find_year(t.plan, 2024, &year, &err), &err);
    assert_ok(pagu_proposal_new(t.s, &p, &err), &err);
    pagu_measure m = { .value = NAN, .state = PAGU_NUMBER };
    assert_int_equal(pagu_proposal_measure(p, ind, field, year, &m, &err), PAGU_BAD_NUMBER);
    m.value = 2.5;
    assert_ok(pagu_proposal_measure(p, ind, field, year, &m, &err), &err);
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
    assert_ok(pagu_view_hash(t.v, plain, &err), &err);
    size_t i = 0;
    while (i < sizeof commas / sizeof *commas && !setlocale(LC_ALL, commas[i]))
        i++;
    assert_ok(pagu_view_hash(t.v, comma, &err), &err);
    setlocale(LC_ALL, "C");
    assert_string_equal(comma, plain);
    done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bulk__of_missing_keeps_the_money_of_added_rows),
        cmocka_unit_test(bulk__keeps_a_zero_that_became_missing),
        cmocka_unit_test(undo__of_bulk_presence_survives_folding_layers),
        cmocka_unit_test(presence__starts_twice_without_a_leak),
        cmocka_unit_test(added__parent_of_a_zero_is_a_zero),
        cmocka_unit_test(proposal__is_refused_when_the_scenario_changed_since_it_was_checked),
        cmocka_unit_test(proposal__of_a_run_sees_rows_added_meanwhile),
        cmocka_unit_test(proposal__count_of_a_refused_proposal_is_not_zero),
        cmocka_unit_test(edit__refuses_columns_that_hold_no_money),
        cmocka_unit_test(remove__that_fails_keeps_what_can_be_redone),
        cmocka_unit_test(join__refuses_a_key_that_was_added),
        cmocka_unit_test(join__of_members_leaves_no_entry),
        cmocka_unit_test(selection__of_added_rows_is_safe_in_another_scenario),
        cmocka_unit_test(add__refuses_codes_that_would_break_keys),
        cmocka_unit_test(add__numbers_on_past_a_huge_code),
        cmocka_unit_test(hash__is_the_same_in_every_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
