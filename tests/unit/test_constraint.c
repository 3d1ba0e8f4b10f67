/* test_constraint.c - rules of sums, shares and functions: bounds, undo, branches, memory.
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
    { .id = "1.01.01", .money = { "100", "110", "" }, .fund = "apbd" },
    { .id = "1.01.02", .money = { "300", "10", "" } },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "70", "50", "" }, .fund = "dak" },
    { .id = "1.02.02", .money = { "30", "30", "" } },
};

static trial t;
static pagu_error err;
static pagu_field budget;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
    assert_ok(pagu_plan_find_field(t.plan, "budget", &budget, &err), &err);
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

static pagu_constraint_def rule_def(void)
{
    return (pagu_constraint_def){ .kind = PAGU_BOUNDS,
                                  .name = "aturan",
                                  .field = budget,
                                  .period = pagu_plan_column_period(t.plan, t.b24),
                                  .of_field = PAGU_NONE,
                                  .of_period = PAGU_NONE };
}

static pagu_code lay(pagu_constraint_def *def, const char *at, const char *of)
{
    pagu_selection *a = at ? at_key(t.v, at) : NULL, *b = of ? at_key(t.v, of) : NULL;
    def->at = a;
    def->of = b;
    pagu_code code = pagu_constrain(t.s, def, NULL, NULL, &err);
    pagu_selection_free(a);
    pagu_selection_free(b);
    return code;
}

static pagu_code put(const char *key, pagu_column column, pagu_money value)
{
    return pagu_edit(t.s, row_of(t.v, key), column, (pagu_cell){ value, PAGU_NUMBER }, NULL, &err);
}

static pagu_money slack_of(uint32_t i)
{
    pagu_constraint_status status;
    assert_ok(pagu_constraint_slack(t.v, i, &status, &err), &err);
    assert_true(status.has_slack);
    assert_int_equal(status.holds, status.slack >= 0);
    return status.slack;
}

static void constraint__a_share_holds_to_the_last_unit(void **state)
{
    (void)state;
    pagu_constraint_def def = rule_def();
    def.has_min_share = true;
    def.min_share = (pagu_decimal){ 195, 1 }; /* 19.5 % of 500 is 97.5 */
    assert_ok(lay(&def, "1.02", "1"), &err);
    assert_int_equal(slack_of(0), 2);
    assert_int_equal(put("1.02.01", t.b24, 60), PAGU_RULE); /* 90 of 490: 95.55 are needed */
    assert_string_equal(err.message,
                        "1.02 would be 90, 18.36% of 1 and below the least share of 19.5% (\"aturan\"); 6 is missing");
    assert_ok(put("1.01.02", t.b24, 312), &err);             /* 100 of 512: 99.84 */
    assert_int_equal(put("1.01.02", t.b24, 313), PAGU_RULE); /* 100 of 513: 100.035 */
    assert_money(t.v, t.b24, "1.01.02=312 /=512");
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_int_equal(slack_of(0), 2);
}

static void constraint__both_columns_of_a_proposal_are_weighed_at_once(void **state)
{
    (void)state;
    pagu_constraint_def def = rule_def();
    pagu_proposal *p;
    def.has_max_share = true;
    def.max_share = (pagu_decimal){ 100, 0 }; /* 2025 at most what 2024 is */
    def.period = pagu_plan_column_period(t.plan, t.b25);
    def.of_period = pagu_plan_column_period(t.plan, t.b24);
    assert_ok(lay(&def, "1.02", "1.02"), &err);
    assert_int_equal(slack_of(0), 20);
    assert_int_equal(put("1.02.01", t.b25, 71), PAGU_RULE);
    assert_int_equal(put("1.02.01", t.b24, 49), PAGU_RULE);
    assert_ok(pagu_proposal_new(t.s, &p, &err), &err);
    assert_ok(pagu_proposal_money(p, row_of(t.v, "1.02.01"), t.b25, (pagu_cell){ 99, PAGU_NUMBER }, &err), &err);
    assert_ok(pagu_proposal_money(p, row_of(t.v, "1.02.01"), t.b24, (pagu_cell){ 99, PAGU_NUMBER }, &err), &err);
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
    assert_int_equal(slack_of(0), 0);
}

static void constraint__years_in_force_are_judged_one_by_one(void **state)
{
    (void)state;
    pagu_constraint_def def = rule_def();
    def.period = PAGU_NONE;
    def.first_year = 2025;
    def.has_max = true;
    def.max = 90;
    assert_ok(lay(&def, "1.02", NULL), &err);
    assert_ok(put("1.02.01", t.b24, 700), &err);
    assert_int_equal(put("1.02.01", t.b25, 61), PAGU_RULE);
    assert_ok(put("1.02.01", t.b25, 60), &err);
    assert_int_equal(slack_of(0), 0);
}

static void constraint__a_definition_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    pagu_constraint_def def = rule_def();
    assert_int_equal(lay(&def, "1", NULL), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a rule needs a least or a largest amount or share");
    def.has_min_share = true;
    assert_int_equal(lay(&def, "1", NULL), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a share needs the whole that it is a share of");
    def.min_share.scale = 13;
    assert_int_equal(lay(&def, "1", "1"), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a share has at most 12 decimals");
    def = rule_def();
    def.has_min = def.has_max = true;
    def.min = 2;
    def.max = 1;
    assert_int_equal(lay(&def, "1", NULL), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the least is above the largest: nothing can satisfy the rule");
    def.max = 3;
    def.first_year = 2025;
    def.last_year = 2024;
    assert_int_equal(lay(&def, "1", NULL), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the first year in force, 2025, is after the last, 2024");
    assert_int_equal(pagu_constraint_count(t.v), 0);
}

/* ---- the same answer by brute force, for any number of changes ---- */

enum { LINES = 400 };

static plan_row many[LINES + LINES / 20 + 1];
static char ids[LINES + LINES / 20 + 1][16];

static pagu_plan *many_lines(pagu_ctx *ctx)
{
    size_t n = 0;
    memset(many, 0, sizeof many);
    snprintf(ids[n], sizeof ids[n], "1");
    many[n].id = ids[n];
    n++;
    for (int a = 0; a < LINES / 20; a++) {
        snprintf(ids[n], sizeof ids[n], "1.%02d", a + 1);
        many[n].id = ids[n];
        n++;
        for (int b = 0; b < 20; b++, n++) {
            snprintf(ids[n], sizeof ids[n], "1.%02d.%02d", a + 1, b + 1);
            many[n] = (plan_row){ .id = ids[n], .money = { "100" } };
        }
    }
    return plan_of(ctx, many, n);
}

static pagu_money total(const trial *x, const pagu_selection *rows)
{
    pagu_money sum = 0;
    for (uint32_t i = 0; i < pagu_selection_count(rows); i++)
        sum += pagu_view_money(x->v, pagu_selection_rows(rows)[i], x->b24).value;
    return sum;
}

static void constraint__many_changes_are_judged_as_few_are(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial x = trial_open(ctx, many_lines(ctx)), y = trial_open(ctx, x.plan);
    pagu_plan_retain(x.plan);
    rng r = { 20240613 };
    pagu_selection *root = at_key(x.v, "/"), *lines, *half;
    assert_ok(pagu_select_lines(x.v, root, &lines, &err), &err);
    pagu_row picked[LINES];
    uint32_t n_picked = 0;
    for (uint32_t i = 0; i < pagu_selection_count(lines); i += 2)
        picked[n_picked++] = pagu_selection_rows(lines)[i];
    assert_ok(pagu_select_rows(x.v, picked, n_picked, &half, &err), &err);
    pagu_constraint_def def = { .kind = PAGU_BOUNDS,
                                .name = "separuh",
                                .at = half,
                                .of = lines,
                                .field = budget,
                                .period = pagu_plan_column_period(x.plan, x.b24),
                                .of_field = PAGU_NONE,
                                .of_period = PAGU_NONE,
                                .has_min_share = true,
                                .min_share = { 48, 0 },
                                .has_max_share = true,
                                .max_share = { 52, 0 } };
    assert_ok(pagu_constrain(x.s, &def, NULL, NULL, &err), &err);
    int refused = 0;
    for (int round = 0; round < 300; round++) {
        uint32_t n = round % 3 == 0 ? 1 : round % 3 == 1 ? 20 : 150;
        pagu_proposal *p, *q;
        assert_ok(pagu_proposal_new(x.s, &p, &err), &err);
        assert_ok(pagu_proposal_new(y.s, &q, &err), &err);
        for (uint32_t i = 0; i < n; i++) {
            pagu_row row = pagu_selection_rows(lines)[rng_below(&r, LINES)];
            pagu_cell cell = { (pagu_money)rng_below(&r, n == 1 ? 3000 : 260), PAGU_NUMBER };
            assert_ok(pagu_proposal_money(p, row, x.b24, cell, &err), &err);
            assert_ok(pagu_proposal_money(q, row, x.b24, cell, &err), &err);
        }
        pagu_money part = total(&y, half), all = total(&y, lines);
        __int128 below = (__int128)48 * all - (__int128)100 * part, above = (__int128)100 * part - (__int128)52 * all;
        assert_ok(pagu_proposal_commit(q, NULL, &err), &err);
        part = total(&y, half);
        all = total(&y, lines);
        __int128 next_below = (__int128)48 * all - (__int128)100 * part,
                 next_above = (__int128)100 * part - (__int128)52 * all;
        bool allowed = (next_below <= 0 || next_below <= below) && (next_above <= 0 || next_above <= above);
        pagu_code code = pagu_proposal_commit(p, NULL, &err);
        assert_int_equal(code, allowed ? PAGU_OK : PAGU_RULE);
        if (!allowed) {
            refused++;
            assert_ok(pagu_undo(y.s, &err), &err);
        }
        assert_int_equal(total(&x, lines), total(&y, lines));
        if (round % 7 == 0 && pagu_journal_count(x.s) > 3 && allowed) {
            assert_ok(pagu_undo(x.s, &err), &err);
            assert_ok(pagu_undo(y.s, &err), &err);
        }
        pagu_proposal_free(p);
        pagu_proposal_free(q);
    }
    assert_true(refused > 30 && refused < 270);
    pagu_selection_free(root);
    pagu_selection_free(lines);
    pagu_selection_free(half);
    trial_close(&y);
    trial_close(&x);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

/* ---- predicates ---- */

typedef struct watcher {
    pagu_column column;
    pagu_row row;
    pagu_money most;
    int asked, released;
    pagu_scenario *meddle; /* tries to change it */
} watcher;

static pagu_code judge(void *ud, const pagu_view *v, pagu_judgement *out, pagu_error *e)
{
    watcher *w = ud;
    w->asked++;
    pagu_money value = pagu_view_money(v, w->row, w->column).value;
    out->holds = value <= w->most;
    snprintf(out->message, sizeof out->message, "too much");
    if (w->meddle)
        return pagu_edit(w->meddle, w->row, w->column, (pagu_cell){ 1, PAGU_NUMBER }, NULL, e);
    return PAGU_OK;
}

static void let_go(void *ud)
{
    ((watcher *)ud)->released++;
}

static void constraint__a_function_sees_what_would_be_and_can_change_nothing(void **state)
{
    (void)state;
    watcher w = { .column = t.b24, .row = row_of(t.v, "1.02"), .most = 100 };
    pagu_constraint_def def = { .kind = PAGU_PREDICATE, .name = "fungsi", .predicate = { judge, let_go, &w } };
    pagu_scenario *child;
    assert_ok(pagu_constrain(t.s, &def, NULL, NULL, &err), &err);
    assert_int_equal(put("1.02.01", t.b24, 71), PAGU_RULE);
    assert_string_equal(err.message, "rule \"fungsi\" would be broken: too much");
    assert_ok(put("1.02.01", t.b24, 69), &err);
    assert_int_equal(w.asked, 2);
    w.meddle = t.s;
    assert_int_equal(put("1.02.01", t.b24, 60), PAGU_CONFLICT);
    assert_money(t.v, t.b24, "1.02.01=69 1.02=99");
    w.meddle = NULL;
    assert_ok(pagu_branch(t.v, "child", &child, &err), &err);
    assert_ok(pagu_release(t.s, 0, "fungsi", NULL, &err), &err);
    assert_int_equal(w.released, 0);
    assert_ok(put("1.02.01", t.b24, 1000), &err);
    pagu_scenario_close(child);
    assert_ok(pagu_undo(t.s, &err), &err);
    trial_close(&t);
    assert_int_equal(w.released, 1);
    assert_int_equal(pagu_ctx_memory(t.ctx), 0);
    pagu_ctx_free(t.ctx);
    set_up(NULL);
}

/* ---- failed allocations ---- */

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        code = (call);                                                                                                 \
        if (code != PAGU_OK)                                                                                           \
            goto done;                                                                                                 \
    } while (0)

static pagu_code all_kinds(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_view *stage = NULL;
    pagu_scenario *s = NULL;
    pagu_selection *root = NULL, *lines = NULL;
    watcher w = { .most = 1000000 };
    pagu_constraint_status status;
    pagu_code code = plan_make(ctx, office, sizeof office / sizeof *office, &plan, NULL);
    if (code != PAGU_OK)
        return code;
    stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    if (!stage) {
        code = PAGU_NO_MEMORY;
        goto done;
    }
    TRY(pagu_branch(stage, "s", &s, NULL));
    pagu_view *v = pagu_scenario_view(s);
    pagu_column column;
    TRY(pagu_view_find_column(v, "budget", "2024", &column, NULL));
    pagu_row row = 0;
    TRY(pagu_select_rows(v, &row, 1, &root, NULL));
    TRY(pagu_select_lines(v, root, &lines, NULL));
    pagu_constraint_def def = { .kind = PAGU_BOUNDS,
                                .name = "a",
                                .at = lines,
                                .of = root,
                                .field = pagu_plan_column_field(plan, column),
                                .period = pagu_plan_column_period(plan, column),
                                .of_field = PAGU_NONE,
                                .of_period = PAGU_NONE,
                                .has_min_share = true };
    TRY(pagu_constrain(s, &def, NULL, NULL, NULL));
    w.column = column;
    w.row = 0;
    pagu_constraint_def function = { .kind = PAGU_PREDICATE, .name = "f", .predicate = { judge, let_go, &w } };
    TRY(pagu_constrain(s, &function, NULL, NULL, NULL));
    for (int i = 0; i < 3; i++)
        TRY(pagu_edit(s, pagu_selection_rows(lines)[0], column, (pagu_cell){ 5 + i, PAGU_NUMBER }, NULL, NULL));
    TRY(pagu_constraint_slack(v, 0, &status, NULL));
    TRY(pagu_undo(s, NULL));
    TRY(pagu_release(s, 0, "a", NULL, NULL));
done:
    pagu_selection_free(root);
    pagu_selection_free(lines);
    pagu_scenario_close(s);
    if (stage)
        pagu_view_close(stage);
    pagu_plan_release(plan);
    return code;
}

static void constraint__every_failed_allocation_is_survived(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(all_kinds, NULL) > 20);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(constraint__a_share_holds_to_the_last_unit),
        TEST(constraint__both_columns_of_a_proposal_are_weighed_at_once),
        TEST(constraint__years_in_force_are_judged_one_by_one),
        TEST(constraint__a_definition_that_makes_no_sense_is_refused),
        TEST(constraint__many_changes_are_judged_as_few_are),
        TEST(constraint__a_function_sees_what_would_be_and_can_change_nothing),
        TEST(constraint__every_failed_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
