/* test_transfer.c - money moves and the total stays; lines are taken from another view.
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
    { .id = "1.01.01", .money = { "100", "", "150" }, .fund = "apbd" },
    { .id = "1.01.02", .money = { "300", "", "-" } },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "", "", "20" } },
    { .id = "1.02.02", .money = { "", "", "" } },
    { .id = "1.03" },
    { .id = "1.03.01", .money = { "70", "", "70" } },
    { .id = "1.03.02", .money = { "30", "", "31" } },
    { .id = "1.03.03", .money = { "", "", "9" }, .stages = "need" },
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

/* ---- transfer ---- */

/* "1.01" or "1.01:60" (weight) or "1.01=60" (amount), blank-separated. */
static size_t sides(const char *text, pagu_transfer_side *out)
{
    size_t n = 0;
    char key[32];
    long long number;
    char sign;
    for (int used = 0; sscanf(text, " %31[^:= ]%n", key, &used) == 1; text += used) {
        out[n] = (pagu_transfer_side){ .row = row_of(t.v, key) };
        int more = 0;
        if (sscanf(text + used, "%c%lld%n", &sign, &number, &more) == 2 && sign != ' ') {
            out[n].weight = sign == ':' ? number : 0;
            out[n].amount = sign == '=' ? number : 0;
            used += more;
        }
        n++;
    }
    return n;
}

static pagu_code move_units(const char *from, const char *to, pagu_money amount, pagu_money unit, pagu_table **table)
{
    pagu_transfer_side f[8], g[8];
    pagu_transfer_options o = PAGU_TRANSFER_OPTIONS_INIT;
    o.from = f;
    o.n_from = sides(from, f);
    o.to = g;
    o.n_to = sides(to, g);
    o.column = t.b24;
    o.amount = amount;
    o.unit = unit;
    return pagu_transfer(t.s, &o, NULL, table, &err);
}

static pagu_code move_money(const char *from, const char *to, pagu_money amount)
{
    return move_units(from, to, amount, 1, NULL);
}

static void transfer__money_leaves_one_line_and_arrives_at_another(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.02", "1.03.01", 100), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.02=200 1.03.01=170 /=500 1.01=300 1.03=200");
    assert_int_equal(pagu_journal_count(t.s), 1);
    assert_string_equal(pagu_journal_get(t.s, 0).note.verb, "transfer");
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_money(t.v, t.b24, "1.01.02=300 1.03.01=70 /=500");
}

static void transfer__a_sum_gives_and_takes_by_its_lines(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01", "1.03", 40), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=90 1.01.02=270 1.03.01=98 1.03.02=42 /=500");
}

static void transfer__a_sink_without_money_takes_equally(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.02", "1.02", 41), PAGU_OK);
    assert_money(t.v, t.b24, "1.02.01=21 1.02.02=20 1.02=41 /=500");
}

static void transfer__sinks_may_be_weighted(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.02", "1.03.01:60 1.03.02:40", 100), PAGU_OK);
    assert_money(t.v, t.b24, "1.03.01=130 1.03.02=70");
    ASSERT_CODE(move_money("1.01.02", "1.03.01 1.03.02", 100), PAGU_OK); /* no weights: equally */
    assert_money(t.v, t.b24, "1.03.01=180 1.03.02=120 1.01.02=100");
}

static void transfer__the_order_in_which_places_are_named_does_not_matter(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.02", "1.03.02 1.03.01 1.02.01", 100), PAGU_OK);
    assert_money(t.v, t.b24, "1.02.01=34 1.03.01=103 1.03.02=63");
    assert_ok(pagu_undo(t.s, &err), &err);
    ASSERT_CODE(move_money("1.01.02", "1.02.01 1.03.01 1.03.02", 100), PAGU_OK);
    assert_money(t.v, t.b24, "1.02.01=34 1.03.01=103 1.03.02=63");
}

static void transfer__sources_without_weights_give_by_what_they_have(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.01 1.01.02", "1.03.01", 200), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=50 1.01.02=150 1.03.01=270");
    ASSERT_CODE(move_units("1.01.01 1.01.02", "1.03.01", 200, 1000, NULL), PAGU_OK); /* never more than there is */
    assert_money(t.v, t.b24, "1.01.01=0 1.01.02=0 1.03.01=470");
}

static void transfer__exact_amounts_may_be_given_on_either_side(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.01=10 1.01.02=30", "1.03.01", 0), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=90 1.01.02=270 1.03.01=110");
    ASSERT_CODE(move_money("1.03.01", "1.01.01=10 1.01.02=30", 0), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=100 1.01.02=300 1.03.01=70");
    ASSERT_CODE(move_money("1.01.01=10 1.01.02=30", "1.03.01=39", 0), PAGU_ARGUMENT);
    ASSERT_CODE(move_money("1.01.01=10 1.01.02=30", "1.03.01", 50), PAGU_ARGUMENT);
    assert_non_null(strstr(err.message, "sum to 40, but 50"));
    ASSERT_CODE(move_money("1.01.01=10 1.01.02", "1.03.01", 0), PAGU_ARGUMENT);
    ASSERT_CODE(move_money("1.01.01=-10", "1.03.01", 0), PAGU_ARGUMENT);
    ASSERT_CODE(move_money("1.01.01:-1", "1.03.01", 5), PAGU_NEGATIVE_BASIS);
}

static void transfer__a_source_never_falls_below_zero(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.01", "1.03.01", 101), PAGU_INSUFFICIENT);
    assert_string_equal(err.message, "1.01.01 has 100, 101 is asked of it; lower the amount by 1 or add a source");
    assert_string_equal(err.node, "1.01.01");
    ASSERT_CODE(move_money("1.01", "1.03.01", 401), PAGU_INSUFFICIENT);
    ASSERT_CODE(move_money("1.02", "1.03.01", 1), PAGU_INSUFFICIENT);
    ASSERT_CODE(move_money("1.01.01 1.01.02", "1.03.01", 401), PAGU_INSUFFICIENT);
    assert_non_null(strstr(err.message, "400 together"));
    ASSERT_CODE(move_money("1.01.01:1 1.01.02:1", "1.03.01", 300), PAGU_INSUFFICIENT);
    ASSERT_CODE(move_money("1.01", "1.03.01", 400), PAGU_OK);
    assert_money(t.v, t.b24, "1.01=0 1.01.01=0 1.01.02=0 1.03.01=470");
}

static void transfer__moving_nothing_succeeds_and_leaves_no_trace(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01.01", "1.02.01", 0), PAGU_OK);
    assert_int_equal(pagu_journal_count(t.s), 0);
    assert_money(t.v, t.b24, "1.02.01=.");
    ASSERT_CODE(move_money("1.01.01", "1.02.01", -1), PAGU_ARGUMENT);
}

static void transfer__a_line_on_both_sides_is_refused(void **state)
{
    (void)state;
    ASSERT_CODE(move_money("1.01", "1.01.02", 10), PAGU_ARGUMENT);
    assert_string_equal(err.node, "1.01.02");
    ASSERT_CODE(move_money("1.01.01 1.01.01", "1.03", 10), PAGU_ARGUMENT);
    ASSERT_CODE(move_money("1", "/", 10), PAGU_ARGUMENT);
    ASSERT_CODE(move_money("", "1.03", 10), PAGU_ARGUMENT);
    ASSERT_CODE(move_money("1.03", "", 10), PAGU_ARGUMENT);
}

static void transfer__held_lines_neither_give_nor_take(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01.02", "1.03.01" };
    pagu_selection *at = rows_of(t.v, keys, 2);
    pagu_constraint_def def = {
        .kind = PAGU_HOLD_LINES, .name = "SPM", .at = at, .field = PAGU_NONE, .period = PAGU_NONE
    };
    assert_ok(pagu_constrain(t.s, &def, NULL, NULL, &err), &err);
    ASSERT_CODE(move_money("1.01", "1.03", 100), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=0 1.01.02=300 1.03.01=70 1.03.02=130");
    ASSERT_CODE(move_money("1.01", "1.03", 1), PAGU_INSUFFICIENT);
    assert_non_null(strstr(err.message, "not held"));
    ASSERT_CODE(move_money("1.01.02", "1.03", 1), PAGU_HELD);
    ASSERT_CODE(move_money("1.03.02", "1.03.01", 1), PAGU_HELD);
    pagu_selection_free(at);
}

static void transfer__shares_are_whole_units(void **state)
{
    (void)state;
    pagu_table *table = NULL;
    char buf[64];
    ASSERT_CODE(move_units("1.01", "1.03", 45, 10, &table), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=90 1.01.02=265 1.03.01=100 1.03.02=45 /=500");
    assert_int_equal(pagu_table_row_count(table), 4);
    assert_string_equal(cell_text(table, 0, "delta", buf), "-10");
    assert_string_equal(cell_text(table, 3, "key", buf), "1.03.02");
    assert_string_equal(pagu_table_note(table, 0), "moved: 45");
    pagu_table_free(table);
    ASSERT_CODE(move_units("1.01", "1.03", 45, 0, NULL), PAGU_ARGUMENT);
}

static void transfer__lines_of_unlike_sign_are_refused(void **state)
{
    (void)state;
    static const plan_row rows[] = {
        { .id = "1", .money = { "100" } },
        { .id = "2", .sign = -1, .money = { "50" } },
        { .id = "3", .sign = 2, .money = { "9" } },
        { .id = "4", .sign = -1, .money = { "5" } },
    };
    trial f = trial_open(t.ctx, plan_of(t.ctx, rows, 4));
    pagu_transfer_side one = { .row = row_of(f.v, "1") }, two = { .row = row_of(f.v, "2") },
                       three = { .row = row_of(f.v, "3") }, four = { .row = row_of(f.v, "4") };
    pagu_transfer_options o = PAGU_TRANSFER_OPTIONS_INIT;
    o.column = f.b24;
    o.amount = 5;
    o.n_from = o.n_to = 1;
    o.from = &one;
    o.to = &two;
    ASSERT_CODE(pagu_transfer(f.s, &o, NULL, NULL, &err), PAGU_MIXED_SIGN);
    o.to = &three;
    ASSERT_CODE(pagu_transfer(f.s, &o, NULL, NULL, &err), PAGU_MIXED_SIGN);
    o.from = &two;
    o.to = &four;
    ASSERT_CODE(pagu_transfer(f.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(f.v, f.b24, "/=45 2=45 4=10");
    trial_close(&f);
}

static void transfer__1000_random_transfers_keep_the_total(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01",    "1.01.01", "1.01.02", "1.02",   "1.02.01",
                                        "1.02.02", "1.03",    "1.03.01", "1.03.02" };
    rng r = { 5 };
    int done = 0;
    for (int i = 0; i < 1000; i++) {
        pagu_code rc = move_units(keys[rng_below(&r, 9)], keys[rng_below(&r, 9)], (pagu_money)rng_below(&r, 150),
                                  1 + (pagu_money)rng_below(&r, 20), NULL);
        assert_true(rc == PAGU_OK || rc == PAGU_INSUFFICIENT || rc == PAGU_ARGUMENT);
        assert_int_equal(money_of(t.v, "/", t.b24), 500);
        for (int k = 0; k < 9; k++)
            assert_true(money_of(t.v, keys[k], t.b24) >= 0);
        done += rc == PAGU_OK;
    }
    assert_true(done > 300);
}

/* ---- take ---- */

static pagu_view *need_view(void)
{
    pagu_stage need;
    assert_ok(pagu_plan_find_stage(t.plan, "need", &need, &err), &err);
    pagu_view *v = pagu_view_open(t.plan, need);
    assert_non_null(v);
    return v;
}

static pagu_take_options take_options(const pagu_view *from, const pagu_selection *at)
{
    pagu_take_options o = PAGU_TAKE_OPTIONS_INIT;
    o.at = at;
    o.from = from;
    assert_ok(pagu_plan_find_field(t.plan, "budget", &o.field, &err), &err);
    assert_ok(pagu_plan_find_period(t.plan, "2024", &o.period, &err), &err);
    return o;
}

static void take__lines_are_copied_exactly_missing_and_dashes_included(void **state)
{
    (void)state;
    static const char *const keys[] = { "1.01", "1.02" };
    pagu_view *need = need_view();
    pagu_selection *at = rows_of(t.v, keys, 2);
    pagu_take_options o = take_options(need, at);
    pagu_table *table = NULL;
    char buf[64];
    ASSERT_CODE(pagu_take(t.s, &o, NULL, &table, &err), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=150 1.01.02=- 1.02.01=20 1.02.02=. 1.03=100 /=270");
    assert_int_equal(pagu_table_row_count(table), 3);
    assert_string_equal(cell_text(table, 1, "new", buf), "-");
    assert_string_equal(pagu_journal_get(t.s, 0).note.verb, "take");
    pagu_table_free(table);
    o.from = t.stage; /* and back */
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(t.v, t.b24, "1.01.01=100 1.01.02=300 1.02.01=. 1.02.02=. /=500");
    pagu_selection_free(at);
    pagu_view_close(need);
}

static void take__rows_that_only_the_other_view_has_must_be_let_in(void **state)
{
    (void)state;
    pagu_view *need = need_view();
    pagu_selection *at = at_key(t.v, "1.03");
    pagu_take_options o = take_options(need, at);
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_NOT_MEMBER);
    assert_string_equal(err.node, "1.03.03");
    assert_non_null(strstr(err.message, "add = true"));
    assert_int_equal(pagu_journal_count(t.s), 0);

    o.add = o.dry = true;
    pagu_table *table = NULL;
    ASSERT_CODE(pagu_take(t.s, &o, NULL, &table, &err), PAGU_OK);
    assert_int_equal(pagu_table_row_count(table), 2);
    pagu_table_free(table);
    assert_int_equal(pagu_journal_count(t.s), 0);
    assert_money(t.v, t.b24, "1.03=100");

    o.dry = false;
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(t.v, t.b24, "1.03.01=70 1.03.02=31 1.03.03=9 1.03=110");
    assert_ok(pagu_undo(t.s, &err), &err); /* rows and cells: one step */
    assert_int_equal(pagu_journal_count(t.s), 0);
    assert_money(t.v, t.b24, "1.03=100");
    assert_int_equal(pagu_view_find(t.v, "1.03.03", &(pagu_row){ 0 }, NULL), PAGU_NOT_MEMBER);
    pagu_selection_free(at);
    pagu_view_close(need);
}

static void take__rows_that_a_scenario_added_come_with_name_and_tags(void **state)
{
    (void)state;
    pagu_scenario *other;
    static const char *const trees[] = { "fund" }, *const classes[] = { "dak" };
    assert_ok(pagu_branch(t.stage, "usulan", &other, &err), &err);
    pagu_view *from = pagu_scenario_view(other);
    pagu_row_def def = { .under = row_of(from, "1.02"),
                         .code = "1.02.07",
                         .name = "Baru",
                         .level = "item",
                         .sign = 1,
                         .n_tags = 1,
                         .tag_trees = trees,
                         .tag_classes = classes };
    pagu_row added;
    assert_ok(pagu_add(other, &def, NULL, &added, &err), &err);
    assert_ok(pagu_edit(other, added, t.b24, (pagu_cell){ 44, PAGU_NUMBER }, NULL, &err), &err);

    pagu_selection *at = at_key(t.v, "1.02");
    pagu_take_options o = take_options(from, at);
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_NOT_MEMBER);
    o.add = true;
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(t.v, t.b24, "1.02.07=44 1.02=44 /=544");
    pagu_row row = row_of(t.v, "1.02.07");
    uint32_t fund;
    assert_ok(pagu_plan_find_tree(t.plan, "fund", &fund, &err), &err);
    assert_string_equal(pagu_view_row_name(t.v, row), "Baru");
    assert_string_equal(pagu_plan_class_id(t.plan, fund, pagu_view_class(t.v, row, fund)), "dak");
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_OK); /* again: nothing to do */
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_money(t.v, t.b24, "/=500");
    pagu_selection_free(at);
    pagu_scenario_close(other);
}

static void take__a_failure_leaves_no_added_rows(void **state)
{
    (void)state;
    pagu_view *need = need_view();
    pagu_selection *at = at_key(t.v, "1.03"), *held = at_key(t.v, "1.03.02");
    pagu_constraint_def def = {
        .kind = PAGU_HOLD_LINES, .name = "SPM", .at = held, .field = PAGU_NONE, .period = PAGU_NONE
    };
    assert_ok(pagu_constrain(t.s, &def, NULL, NULL, &err), &err);
    pagu_take_options o = take_options(need, at);
    o.add = true;
    uint32_t before = pagu_journal_count(t.s);
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_HELD);
    assert_int_equal(pagu_journal_count(t.s), before);
    assert_int_equal(pagu_view_find(t.v, "1.03.03", &(pagu_row){ 0 }, NULL), PAGU_NOT_MEMBER);
    pagu_selection_free(at);
    pagu_selection_free(held);
    pagu_view_close(need);
}

static void add_child(const char *under, const char *code)
{
    pagu_row row;
    pagu_row_def def = { .under = row_of(t.v, under), .code = code, .name = "Rinci", .level = "item", .sign = 1 };
    assert_ok(pagu_add(t.s, &def, NULL, &row, &err), &err);
}

static void take__a_line_that_was_detailed_here_comes_back_on_its_own_line(void **state)
{
    (void)state;
    add_child("1.03.01", "1.03.01.1");
    assert_ok(pagu_edit(t.s, row_of(t.v, "1.03.01.1"), t.b24, (pagu_cell){ 5, PAGU_NUMBER }, NULL, &err), &err);
    assert_ok(pagu_edit(t.s, row_of(t.v, "1.03.01#"), t.b24, (pagu_cell){ 1, PAGU_NUMBER }, NULL, &err), &err);
    pagu_selection *at = at_key(t.v, "1.03");
    pagu_take_options o = take_options(t.stage, at);
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_OK);
    assert_money(t.v, t.b24, "1.03.01=70 1.03.01#=70 1.03.01.1=. 1.03=100");
    pagu_selection_free(at);
}

static void take__a_line_that_is_a_sum_here_without_own_line_is_refused(void **state)
{
    (void)state;
    pagu_view *need = need_view();
    add_child("1.02.01", "1.02.01.1");
    pagu_selection *at = at_key(t.v, "1.02");
    pagu_take_options o = take_options(need, at);
    ASSERT_CODE(pagu_take(t.s, &o, NULL, NULL, &err), PAGU_WRONG_LEVEL);
    assert_string_equal(err.node, "1.02.01");
    pagu_selection_free(at);
    pagu_view_close(need);
}

static void take__options_are_checked(void **state)
{
    (void)state;
    pagu_view *need = need_view();
    pagu_selection *at = at_key(t.v, "1.03");
    pagu_take_options o = take_options(need, at), bad = o;
    bad.at = NULL;
    ASSERT_CODE(pagu_take(t.s, &bad, NULL, NULL, &err), PAGU_ARGUMENT);
    bad = o;
    bad.from = NULL;
    ASSERT_CODE(pagu_take(t.s, &bad, NULL, NULL, &err), PAGU_ARGUMENT);
    bad = o;
    assert_ok(pagu_plan_find_field(t.plan, "target", &bad.field, &err), &err);
    ASSERT_CODE(pagu_take(t.s, &bad, NULL, NULL, &err), PAGU_UNKNOWN_FIELD);
    bad = o;
    bad.period = 60000;
    ASSERT_CODE(pagu_take(t.s, &bad, NULL, NULL, &err), PAGU_OUT_OF_FRAME);
    trial f = trial_open(t.ctx, plan_of(t.ctx, office, 3));
    bad = o;
    bad.from = f.v;
    ASSERT_CODE(pagu_take(t.s, &bad, NULL, NULL, &err), PAGU_ARGUMENT);
    trial_close(&f);
    pagu_selection_free(at);
    pagu_view_close(need);
}

/* ---- memory ---- */

static pagu_code both_verbs(pagu_scenario *s, pagu_view *need, pagu_column column)
{
    pagu_view *v = pagu_scenario_view(s);
    pagu_selection *at = NULL;
    pagu_row root;
    pagu_transfer_side from = { 0 }, to = { 0 };
    pagu_code rc = pagu_view_find(v, "1.01", &from.row, NULL);
    if (!rc)
        rc = pagu_view_find(v, "1.03", &to.row, NULL);
    if (!rc)
        rc = pagu_view_find(v, "/", &root, NULL);
    if (!rc)
        rc = pagu_select_rows(v, &root, 1, &at, NULL);
    pagu_transfer_options o = PAGU_TRANSFER_OPTIONS_INIT;
    o.from = &from;
    o.to = &to;
    o.n_from = o.n_to = 1;
    o.column = column;
    o.amount = 50;
    pagu_table *table = NULL;
    if (!rc)
        rc = pagu_transfer(s, &o, NULL, &table, NULL);
    pagu_table_free(table);
    pagu_take_options take = PAGU_TAKE_OPTIONS_INIT;
    take.at = at;
    take.from = need;
    take.add = true;
    pagu_plan *plan = pagu_view_plan(v);
    if (!rc)
        rc = pagu_plan_find_field(plan, "budget", &take.field, NULL);
    if (!rc)
        rc = pagu_plan_find_period(plan, "2024", &take.period, NULL);
    uint32_t entries = pagu_journal_count(s);
    if (!rc) {
        rc = pagu_take(s, &take, NULL, NULL, NULL);
        assert_true(rc == PAGU_OK || pagu_journal_count(s) == entries);
    }
    pagu_selection_free(at);
    return rc;
}

static pagu_code verbs_from_scratch(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_scenario *s = NULL;
    pagu_column column;
    pagu_stage need_stage;
    pagu_code rc = plan_make(ctx, office, sizeof office / sizeof *office, &plan, NULL);
    if (rc)
        return rc;
    rc = pagu_plan_find_stage(plan, "need", &need_stage, NULL);
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan)),
              *need = rc ? NULL : pagu_view_open(plan, need_stage);
    if (!rc)
        rc = stage && need ? pagu_branch(stage, "x", &s, NULL) : PAGU_NO_MEMORY;
    if (!rc)
        rc = pagu_view_find_column(stage, "budget", "2024", &column, NULL);
    if (!rc)
        rc = both_verbs(s, need, column);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_view_close(need);
    pagu_plan_release(plan);
    return rc;
}

static void transfer__a_failed_allocation_changes_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(verbs_from_scratch, NULL) > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(transfer__money_leaves_one_line_and_arrives_at_another),
        TEST(transfer__a_sum_gives_and_takes_by_its_lines),
        TEST(transfer__a_sink_without_money_takes_equally),
        TEST(transfer__sinks_may_be_weighted),
        TEST(transfer__the_order_in_which_places_are_named_does_not_matter),
        TEST(transfer__sources_without_weights_give_by_what_they_have),
        TEST(transfer__exact_amounts_may_be_given_on_either_side),
        TEST(transfer__a_source_never_falls_below_zero),
        TEST(transfer__moving_nothing_succeeds_and_leaves_no_trace),
        TEST(transfer__a_line_on_both_sides_is_refused),
        TEST(transfer__held_lines_neither_give_nor_take),
        TEST(transfer__shares_are_whole_units),
        TEST(transfer__lines_of_unlike_sign_are_refused),
        TEST(transfer__1000_random_transfers_keep_the_total),
        TEST(take__lines_are_copied_exactly_missing_and_dashes_included),
        TEST(take__rows_that_only_the_other_view_has_must_be_let_in),
        TEST(take__rows_that_a_scenario_added_come_with_name_and_tags),
        TEST(take__a_failure_leaves_no_added_rows),
        TEST(take__a_line_that_was_detailed_here_comes_back_on_its_own_line),
        TEST(take__a_line_that_is_a_sum_here_without_own_line_is_refused),
        TEST(take__options_are_checked),
        TEST(transfer__a_failed_allocation_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
