/* test_replay.c - saved scenarios on another base, merges, snapshots.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/failing_alloc.h"
#include "support/plans.h"

static const plan_row rows[] = {
    { .id = "1" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "100", "10" } },
    { .id = "1.01.02", .money = { "300", "5" }, .fund = "apbd" },
    { .id = "1.02", .money = { "50" } },
    { .id = "2", .money = { "7" } },
};

static trial t;
static pagu_scenario *other;
static pagu_view *ov;

static int set_up(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, rows, COUNT_OF(rows)));
    assert_ok(pagu_branch(t.stage, "other", &other, &err), &err);
    ov = pagu_scenario_view(other);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_ctx *ctx = t.ctx;
    pagu_scenario_close(other);
    trial_close(&t);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static void set(pagu_scenario *s, const char *key, pagu_money amount)
{
    pagu_error err = { 0 };
    const pagu_view *v = pagu_scenario_view(s);
    assert_ok(pagu_edit(s, row_of(v, key), t.b24, (pagu_cell){ amount, PAGU_NUMBER }, NULL, &err), &err);
}

/* Two lines in one undo step. */
static void move(pagu_scenario *s, const char *from, const char *to, pagu_money amount)
{
    pagu_error err = { 0 };
    const pagu_view *v = pagu_scenario_view(s);
    uint32_t start = pagu_savepoint(s);
    set(s, from, money_of(v, from, t.b24) - amount);
    set(s, to, money_of(v, to, t.b24) + amount);
    assert_ok(pagu_squash(s, start, &(pagu_note){ .verb = "transfer" }, &err), &err);
}

static void add(pagu_scenario *s, const char *under, const char *code, const char *name)
{
    pagu_error err = { 0 };
    pagu_row_def def = { .under = row_of(pagu_scenario_view(s), under), .code = code, .name = name, .sign = 1 };
    assert_ok(pagu_add(s, &def, NULL, NULL, &err), &err);
}

static void take_out(pagu_scenario *s, const char *key)
{
    pagu_error err = { 0 };
    pagu_selection *at = at_key(pagu_scenario_view(s), key);
    assert_ok(pagu_remove(s, at, NULL, &err), &err);
    pagu_selection_free(at);
}

static pagu_code replay(const pagu_replay_options *o, pagu_table **conflicts, pagu_error *err)
{
    pagu_text *text = pagu_text_new(t.ctx);
    assert_ok(pagu_scenario_write(t.s, text, err), err);
    pagu_code code = pagu_replay(other, pagu_text_data(text), pagu_text_len(text), "saved", o, NULL, conflicts, err);
    pagu_text_free(text);
    return code;
}

/* "entry key base ours theirs outcome; …" */
static void assert_conflicts(pagu_table *table, const char *expected)
{
    static const char *const columns[] = { "entry", "key", "base", "ours", "theirs", "outcome" };
    char told[1000] = "", cell[64];
    for (uint32_t i = 0; i < pagu_table_row_count(table); i++) {
        for (size_t c = 0; c < COUNT_OF(columns); c++)
            snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s", c ? " " : "",
                     cell_text(table, i, columns[c], cell));
        strcat(told, "; ");
    }
    assert_string_equal(told, expected);
    pagu_table_free(table);
}

static void replay__without_conflict_does_the_same(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    move(t.s, "1.01.01", "1.02", 30);
    add(t.s, "1.01", "03", "baru");
    set(t.s, "1.01.03", 9);
    set(other, "2", 8); /* elsewhere */
    assert_ok(replay(&o, &conflicts, &err), &err);
    assert_conflicts(conflicts, "");
    assert_money(ov, t.b24, "1.01.01=70 1.02=80 1.01.03=9 2=8");
    assert_ok(pagu_undo(other, &err), &err);
    assert_ok(pagu_undo(other, &err), &err);
    assert_ok(pagu_undo(other, &err), &err); /* the move is one step */
    assert_money(ov, t.b24, "1.01.01=100 1.02=50 2=8");
}

static void replay__lists_every_conflict_and_applies_nothing(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    move(t.s, "1.01.01", "1.02", 30);
    set(t.s, "1.01.01", 60);
    set(t.s, "1.01.02", 1);
    set(other, "1.01.01", 90);
    take_out(other, "1.01.02");
    uint32_t before = pagu_journal_count(other);
    assert_int_equal(replay(&o, &conflicts, &err), PAGU_CONFLICT);
    assert_string_equal(err.message, "the scenario meets 2 conflicts here, so nothing of it was applied");
    assert_conflicts(conflicts, "1 1.01.01 100 90 70 open; 4 1.01.02    open; ");
    assert_money(ov, t.b24, "1.01.01=90 1.02=50");
    assert_int_equal(pagu_journal_count(other), before);
}

static void replay__leaves_a_step_out_whole(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    o.apply = PAGU_APPLY_CLEAN;
    move(t.s, "1.01.01", "1.02", 30);
    set(t.s, "2", 1);
    set(other, "1.02", 55);
    assert_ok(replay(&o, &conflicts, &err), &err);
    assert_conflicts(conflicts, "2 1.02 50 55 80 left; ");
    assert_money(ov, t.b24, "1.01.01=100 1.02=55 2=1");
}

static void replay__overwrites_when_asked(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    o.apply = PAGU_APPLY_ALL;
    move(t.s, "1.01.01", "1.02", 30);
    set(t.s, "2", 1);
    set(other, "1.02", 55);
    take_out(other, "2");
    assert_ok(replay(&o, &conflicts, &err), &err);
    assert_conflicts(conflicts, "2 1.02 50 55 80 applied; 3 2    left; ");
    assert_money(ov, t.b24, "1.01.01=70 1.02=80");
}

static void replay__moves_codes_and_years(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    static const char text[] =
        "{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\",\"year\":2023}\n{\"entry\":\"set\"}\n"
        "{\"money\":\"9.07.02\",\"field\":\"budget\",\"period\":\"2024\",\"old\":\"5\",\"new\":\"6\"}\n"
        "{\"money\":\"2\",\"field\":\"budget\",\"period\":\"2023\",\"old\":\"7\",\"new\":\"6\"}\n"
        "{\"end\":true}\n";
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    assert_int_equal(pagu_replay(other, text, strlen(text), "x", &o, NULL, &conflicts, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message,
                        "the scenario was made for the plan of 2023, this plan is of 2024: say whether its "
                        "years stay (absolute) or move (relative)");
    pagu_table_free(conflicts);
    static const char *const codes[] = { "9", "9.07", "2" }, *const news[] = { "8", "1.01", NULL };
    o.codes = codes;
    o.new_codes = news;
    o.n_codes = 3;
    o.years = PAGU_YEARS_RELATIVE;
    o.apply = PAGU_APPLY_ALL;
    assert_ok(pagu_replay(other, text, strlen(text), "x", &o, NULL, &conflicts, &err), &err);
    assert_conflicts(conflicts, "1 2    left; ");
    assert_money(ov, t.b25, "1.01.02=6");
}

static void replay__skips_what_a_branch_inherited(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    move(t.s, "1.01.01", "1.02", 30);
    set(t.s, "2", 1);
    o.skip = 2;
    set(other, "1.02", 55);
    assert_ok(replay(&o, &conflicts, &err), &err);
    assert_conflicts(conflicts, "");
    assert_money(ov, t.b24, "1.01.01=100 1.02=55 2=1");
}

static void replay__of_what_is_no_scenario_changes_nothing(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    pagu_text *text = pagu_text_new(t.ctx);
    set(t.s, "2", 1);
    assert_ok(pagu_scenario_write(t.s, text, &err), &err);
    for (size_t n = 0; n + 1 < pagu_text_len(text); n++) {
        assert_int_equal(pagu_replay(other, pagu_text_data(text), n, "x", &o, NULL, &conflicts, &err), PAGU_SYNTAX);
        pagu_table_free(conflicts);
        pagu_saved *saved;
        assert_int_equal(pagu_saved_open(t.ctx, pagu_text_data(text), n, "x", NULL, &saved, &err), PAGU_SYNTAX);
    }
    assert_int_equal(pagu_journal_count(other), 0);
    pagu_text_free(text);
}

static void saved__tells_decisions_without_a_plan(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_text *text = pagu_text_new(t.ctx);
    pagu_saved *saved;
    pagu_edit(t.s, row_of(t.v, "2"), t.b24, (pagu_cell){ 1, PAGU_NUMBER },
              &(pagu_note){ .verb = "cut", .args = "{\"percent\":10}", .reason = "r", .file = "a.lua", .line = 3 },
              &err);
    set(t.s, "1.02", INT64_MAX - 1000);
    assert_ok(pagu_scenario_write(t.s, text, &err), &err);
    assert_ok(pagu_saved_open(t.ctx, pagu_text_data(text), pagu_text_len(text), "x", NULL, &saved, &err), &err);
    pagu_saved_head head = pagu_saved_get_head(saved);
    assert_int_equal(head.n_entries, 2);
    assert_int_equal(head.year, 2024);
    assert_string_equal(head.stage, "final");
    pagu_saved_entry first = pagu_saved_get(saved, 0), second = pagu_saved_get(saved, 1);
    assert_string_equal(first.note.args, "{\"percent\": 10}");
    assert_int_equal(first.note.line, 3);
    assert_null(first.values);
    assert_string_equal(second.values, "[[\"1.02\", \"budget\", \"2024\", 9223372036854774807]]");
    pagu_saved_free(saved);
    pagu_text_free(text);
}

/* ---- merge ---- */

static pagu_code merge(pagu_policy policy, pagu_table **conflicts, pagu_error *err)
{
    pagu_merge_options o = PAGU_MERGE_OPTIONS_INIT;
    o.policy = policy;
    return pagu_merge(other, t.stage, t.v, &o, conflicts, err);
}

static void merge__is_one_step_or_nothing(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    set(t.s, "1.01.01", 1);
    set(t.s, "2", 2);
    add(t.s, "1.01", "03", "baru");
    set(other, "1.01.01", 3);
    assert_int_equal(merge(PAGU_POLICY_ASK, &conflicts, &err), PAGU_CONFLICT);
    assert_string_equal(err.message, "1 conflicts are open, so nothing was merged");
    assert_conflicts(conflicts, " 1.01.01 100 3 1 open; ");
    assert_int_equal(pagu_journal_count(other), 1);
    assert_ok(merge(PAGU_POLICY_OURS, &conflicts, &err), &err);
    assert_conflicts(conflicts, " 1.01.01 100 3 1 ours; ");
    assert_money(ov, t.b24, "1.01.01=3 2=2");
    row_of(ov, "1.01.03");
    assert_ok(pagu_undo(other, &err), &err);
    assert_money(ov, t.b24, "1.01.01=3 2=7");
    assert_ok(merge(PAGU_POLICY_THEIRS, &conflicts, &err), &err);
    assert_conflicts(conflicts, " 1.01.01 100 3 1 theirs; ");
    assert_money(ov, t.b24, "1.01.01=1 2=2");
}

static void merge__a_row_that_was_changed_here_stays_whole(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    take_out(t.s, "1.01");
    set(other, "1.01.01", 3);
    assert_ok(merge(PAGU_POLICY_OURS, &conflicts, &err), &err);
    assert_conflicts(conflicts, " 1.01.01 100 3  ours; ");
    assert_money(ov, t.b24, "1.01.01=3 1=53");
    assert_money(ov, t.b25, "1.01.01=10"); /* not only what was changed */
    pagu_row row;
    assert_int_equal(pagu_view_find(ov, "1.01.02", &row, NULL), PAGU_NOT_MEMBER);
}

static void merge__a_leaf_that_was_itemised_keeps_its_money(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_table *conflicts;
    add(t.s, "1.02", "#5.1", "rincian"); /* 50 moves to the own line */
    set(t.s, "1.02#5.1", 4);
    set(other, "2", 9);
    assert_ok(merge(PAGU_POLICY_ASK, &conflicts, &err), &err);
    assert_conflicts(conflicts, "");
    assert_money(ov, t.b24, "1.02#=50 1.02#5.1=4 1.02=54 2=9");
}

static void merge__between_two_plans_goes_by_key(void **state)
{
    (void)state;
    static const plan_row more[] = {
        { .id = "0", .money = { "1" } },
        { .id = "1" },
        { .id = "1.01" },
        { .id = "1.01.01", .money = { "100", "10" } },
        { .id = "1.01.02", .money = { "310", "5" } },
        { .id = "1.02", .money = { "50" } },
        { .id = "2", .money = { "7" } },
    };
    pagu_error err = { 0 };
    pagu_table *conflicts;
    trial now = trial_open(t.ctx, plan_of(t.ctx, more, COUNT_OF(more)));
    pagu_merge_options o = PAGU_MERGE_OPTIONS_INIT;
    set(t.s, "1.01.01", 1);
    add(t.s, "1.01", "03", "baru");
    set(t.s, "1.01.03", 6);
    assert_ok(pagu_merge(now.s, t.stage, t.v, &o, &conflicts, &err), &err);
    assert_conflicts(conflicts, "");
    assert_money(now.v, now.b24, "0=1 1.01.01=1 1.01.02=310 1.01.03=6");
    assert_ok(pagu_undo(now.s, &err), &err);
    set(t.s, "1.01.02", 2); /* the plan beneath changed it meanwhile */
    assert_int_equal(pagu_merge(now.s, t.stage, t.v, &o, &conflicts, &err), PAGU_CONFLICT);
    assert_conflicts(conflicts, " 1.01.02 300 310 2 open; ");
    trial_close(&now);
}

/* ---- snapshots ---- */

static void snapshot__never_changes(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_view *snap;
    set(t.s, "2", 1);
    assert_ok(pagu_snapshot(t.v, "dulu", &snap, &err), &err);
    set(t.s, "2", 2);
    pagu_undo(t.s, &err);
    pagu_undo(t.s, &err);
    assert_money(snap, t.b24, "2=1");
    assert_string_equal(pagu_view_name(snap), "dulu");
    assert_true(pagu_view_is_snapshot(snap));
    assert_null(pagu_view_scenario(snap));
    assert_int_equal(pagu_journal_count(pagu_view_journal(snap)), 1);
    pagu_view_close(snap);
    assert_false(pagu_view_is_snapshot(t.v));
}

/* ---- memory ---- */

static pagu_code use_all(pagu_ctx *c, void *arg)
{
    pagu_plan *p = NULL;
    pagu_scenario *a = NULL, *b = NULL;
    pagu_saved *saved = NULL;
    pagu_view *snap = NULL;
    pagu_table *conflicts = NULL;
    pagu_row row;
    pagu_column column;
    const char *text = arg;
    static const char *const codes[] = { "9" }, *const news[] = { "1" };
    pagu_code code = plan_make(c, rows, COUNT_OF(rows), &p, NULL);
    pagu_view *v = code == PAGU_OK ? pagu_view_open(p, pagu_plan_default_stage(p)) : NULL;
    if (code == PAGU_OK)
        code = v ? pagu_branch(v, "a", &a, NULL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_branch(v, "b", &b, NULL);
    if (code == PAGU_OK)
        code = pagu_view_find_column(v, "budget", "2024", &column, NULL);
    if (code == PAGU_OK)
        code = pagu_view_find(v, "1.02", &row, NULL);
    if (code == PAGU_OK)
        code = pagu_edit(b, row, column, (pagu_cell){ 3, PAGU_NUMBER }, NULL, NULL);
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    o.apply = PAGU_APPLY_ALL;
    o.codes = codes;
    o.new_codes = news;
    o.n_codes = 1;
    if (code == PAGU_OK)
        code = pagu_replay(a, text, strlen(text), "x", &o, NULL, &conflicts, NULL);
    pagu_table_free(conflicts);
    conflicts = NULL;
    pagu_merge_options m = PAGU_MERGE_OPTIONS_INIT;
    m.policy = PAGU_POLICY_THEIRS;
    if (code == PAGU_OK)
        code = pagu_merge(b, v, pagu_scenario_view(a), &m, &conflicts, NULL);
    pagu_table_free(conflicts);
    if (code == PAGU_OK)
        code = pagu_saved_open(c, text, strlen(text), "x", NULL, &saved, NULL);
    if (code == PAGU_OK)
        code = pagu_snapshot(pagu_scenario_view(b), "s", &snap, NULL);
    if (snap)
        pagu_view_close(snap);
    pagu_saved_free(saved);
    pagu_scenario_close(a);
    pagu_scenario_close(b);
    pagu_view_close(v);
    pagu_plan_release(p);
    return code;
}

static void replay__survives_failing_allocations(void **state)
{
    (void)state;
    static char text[] =
        "{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\"}\n"
        "{\"entry\":\"set\",\"reason\":\"r\",\"args\":{\"a\":[1]}}\n"
        "{\"money\":\"9.01.01\",\"field\":\"budget\",\"period\":\"2024\",\"old\":\"90\",\"new\":\"91\"}\n"
        "{\"entry\":\"add\"}\n{\"add\":\"1.01.03\",\"under\":\"1.01\",\"code\":\"1.01.03\",\"name\":\"n\",\"level\":"
        "\"item\","
        "\"sign\":1}\n{\"entry\":\"set\"}\n"
        "{\"money\":\"1.01.03\",\"field\":\"budget\",\"period\":\"2024\",\"old\":null,\"new\":\"8\"}\n"
        "{\"entry\":\"i\"}\n{\"indicator\":\"1.01.03#1\",\"owner\":\"1.01.03\",\"name\":\"i\",\"unit\":\"\",\"type\":"
        "\"output\"}\n"
        "{\"entry\":\"h\"}\n{\"constrain\":\"floor\",\"name\":\"f\",\"field\":\"budget\",\"period\":\"2024\","
        "\"amount\":\"1\","
        "\"severity\":\"reject\",\"rows\":[\"1.01\"]}\n"
        "{\"entry\":\"remove\"}\n{\"remove\":\"2\"}\n{\"remove\":\"1.02\"}\n{\"end\":true}\n";
    assert_true(for_each_failing_allocation(use_all, text) > 60);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(replay__without_conflict_does_the_same),
        TEST(replay__lists_every_conflict_and_applies_nothing),
        TEST(replay__leaves_a_step_out_whole),
        TEST(replay__overwrites_when_asked),
        TEST(replay__moves_codes_and_years),
        TEST(replay__skips_what_a_branch_inherited),
        TEST(replay__of_what_is_no_scenario_changes_nothing),
        TEST(saved__tells_decisions_without_a_plan),
        TEST(merge__is_one_step_or_nothing),
        TEST(merge__a_row_that_was_changed_here_stays_whole),
        TEST(merge__a_leaf_that_was_itemised_keeps_its_money),
        TEST(merge__between_two_plans_goes_by_key),
        TEST(snapshot__never_changes),
        TEST(replay__survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
