/* test_scenario_file.c - scenarios as text, and back onto their stage.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/comma_locale.h"
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#define TARAKAN "examples/renja-tarakan-2024"

static pagu_ctx *ctx;
static pagu_findings *findings;
static pagu_plan *plan;
static pagu_scenario *s;
static char path[64];

static int set_up(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    ctx = english_ctx();
    findings = pagu_findings_new(ctx);
    assert_ok(pagu_package_open(ctx, TARAKAN, NULL, &plan, &err), &err);
    pagu_view *v = pagu_view_open(plan, pagu_plan_default_stage(plan));
    assert_ok(pagu_branch(v, "potong \"gedung\"", &s, &err), &err);
    pagu_view_close(v);
    snprintf(path, sizeof path, "/tmp/pagu-scenario-%ld.scn", (long)getpid());
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_scenario_close(s);
    s = NULL;
    pagu_plan_release(plan);
    pagu_findings_free(findings);
    unlink(path);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

/* ---- edits ---- */

static void edit(pagu_scenario *to, const char *key, pagu_cell cell, const pagu_note *note)
{
    pagu_error err = { 0 };
    pagu_column column;
    const pagu_view *v = pagu_scenario_view(to);
    assert_ok(pagu_view_find_column(v, "budget", "2024", &column, &err), &err);
    assert_ok(pagu_edit(to, row_of(v, key), column, cell, note, &err), &err);
}

static pagu_cell number(pagu_money value)
{
    return (pagu_cell){ value, PAGU_NUMBER };
}

static void edit_measure(pagu_scenario *to, const char *id, const pagu_measure *m)
{
    pagu_error err = { 0 };
    pagu_proposal *p;
    pagu_indicator ind;
    pagu_field field;
    pagu_period period;
    const pagu_plan *of = pagu_view_plan(pagu_scenario_view(to));
    assert_ok(pagu_view_find_indicator(pagu_scenario_view(to), id, &ind, &err), &err);
    assert_ok(pagu_plan_find_field(of, "target", &field, &err), &err);
    assert_ok(pagu_plan_find_period(of, "2024", &period, &err), &err);
    assert_ok(pagu_proposal_new(to, &p, &err), &err);
    assert_ok(pagu_proposal_measure(p, ind, field, period, m, &err), &err);
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
}

static void add_row(const char *under, const char *code, const char *name, int sign)
{
    static const char *const trees[] = { "fund", "location" }, *const classes[] = { "APBD", "Kel. Pamusian" };
    pagu_error err = { 0 };
    pagu_row_def def = { .under = row_of(pagu_scenario_view(s), under),
                         .code = code,
                         .name = name,
                         .sign = sign,
                         .n_tags = 2,
                         .tag_trees = trees,
                         .tag_classes = classes };
    assert_ok(pagu_add(s, &def, &(pagu_note){ .verb = "add" }, NULL, &err), &err);
}

static void add_indicator(const char *row, const char *name, const char *unit)
{
    pagu_error err = { 0 };
    pagu_added_indicator def = { row_of(pagu_scenario_view(s), row), name, unit, "output" };
    assert_ok(pagu_add_indicator(s, &def, NULL, NULL, &err), &err);
}

static void remove_row(const char *key)
{
    pagu_error err = { 0 };
    pagu_selection *rows = at_key(pagu_scenario_view(s), key);
    assert_ok(pagu_remove(s, rows, &(pagu_note){ .verb = "remove", .reason = "uji" }, &err), &err);
    pagu_selection_free(rows);
}

static void join_rows(const char *const *keys, size_t n)
{
    pagu_error err = { 0 };
    pagu_stage common;
    assert_ok(pagu_plan_find_stage(plan, "common", &common, &err), &err);
    pagu_view *all = pagu_view_open(plan, common);
    pagu_selection *rows = rows_of(all, keys, n);
    assert_ok(pagu_join_rows(s, rows, NULL, &err), &err);
    pagu_selection_free(rows);
    pagu_view_close(all);
}

static uint32_t limit(pagu_constraint_kind kind, const char *name, const char *key, pagu_money amount)
{
    pagu_error err = { 0 };
    uint32_t id = 0;
    pagu_selection *at = at_key(pagu_scenario_view(s), key);
    pagu_constraint_def def = { .kind = kind,
                                .name = name,
                                .reason = "Permendagri",
                                .law = "UU 23/2014",
                                .at = at,
                                .amount = amount,
                                .field = PAGU_NONE,
                                .period = PAGU_NONE,
                                .warn = kind == PAGU_CEILING };
    if (kind != PAGU_HOLD_LINES) {
        assert_ok(pagu_plan_find_field(plan, "budget", &def.field, &err), &err);
        assert_ok(pagu_plan_find_period(plan, "2024", &def.period, &err), &err);
    }
    assert_ok(pagu_constrain(s, &def, &(pagu_note){ .verb = "hold" }, &id, &err), &err);
    pagu_selection_free(at);
    return id;
}

static void release(uint32_t id, const char *name)
{
    pagu_error err = { 0 };
    assert_ok(pagu_release(s, id, name, NULL, &err), &err);
}

static void spread(const char *key, int64_t percent)
{
    pagu_error err = { 0 };
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    const pagu_view *v = pagu_scenario_view(s);
    pagu_selection *at = at_key(v, key);
    assert_ok(pagu_view_find_column(v, "budget", "2024", &o.column, &err), &err);
    o.at = at;
    o.request = PAGU_SPREAD_PERCENT;
    o.percent = (pagu_decimal){ percent, 0 };
    o.unit = 1000;
    assert_ok(
        pagu_spread(s, &o, &(pagu_note){ .verb = "spread", .args = "{\"at\":\"/\",\n \"percent\":-3}" }, NULL, &err),
        &err);
    pagu_selection_free(at);
}

static void edit_values(void)
{
    pagu_note note = { "transfer", "{\"amount\":100000000}", "SPM\nfirst", "cut it.lua", 12 };
    edit(s, "1.06.01.2.09.09", number(100000000), &note);
    uint32_t step = pagu_savepoint(s);
    edit(s, "1.06.04.2.01.01", number(150000000), NULL);
    edit(s, "1.06.04.2.01.02", (pagu_cell){ 0, PAGU_DASH }, NULL);
    pagu_error err = { 0 };
    assert_ok(pagu_squash(s, step, NULL, &err), &err);
    edit(s, "1.06.01.2.01.06", number(-5), NULL);
    edit(s, "1.06.01.2.02.01", (pagu_cell){ 0, PAGU_MISSING }, NULL);
}

static void edit_measures(void)
{
    edit_measure(s, "1.06.04.2.01.01#1", &(pagu_measure){ .value = 260.5, .unit = "Orang", .state = PAGU_NUMBER });
    edit_measure(s, "1.06.04.2.01.01#1",
                 &(pagu_measure){ .value = 3, .unit = "orang", .text = "3 orang", .state = PAGU_NUMBER });
    edit_measure(s, "1.06.04.2.01.02#1", &(pagu_measure){ .value = 1e18, .unit = "", .state = PAGU_NUMBER });
    edit_measure(s, "1.06.04.2.01.03#1", &(pagu_measure){ .unit = "", .state = PAGU_DASH });
    edit_measure(s, "1.06.04.2.01.04#1", &(pagu_measure){ .unit = "", .state = PAGU_MISSING });
    edit_measure(s, "2.13.04#1", &(pagu_measure){ .text = "Sangat \"cepat\"", .unit = "", .state = PAGU_TEXT });
}

static void change_structure(void)
{
    add_row("2.13.05.2.01", "99", "Pembangunan jalan", 1);
    add_row("1.06.04.2.01.01", "#5.1.02", "Belanja barang", 1); /* its money moves to an own line */
    edit(s, "2.13.05.2.01.99", number(75000000), NULL);
    edit(s, "1.06.04.2.01.01#5.1.02", number(-7), NULL);
    edit(s, "1.06.04.2.01.01#", number(1), NULL);
    add_row("2.13.05.2.01.99", "#1", "Pengembalian", -1);
    add_indicator("2.13.05.2.01.99", "Panjang jalan", "meter");
    add_indicator("2.13.05.2.01.99", "Kedua", "");
    add_indicator("1.06.04", "Ketiga", "%");
    edit_measure(s, "2.13.05.2.01.99#2", &(pagu_measure){ .value = 2, .unit = "", .state = PAGU_NUMBER });
    static const char *const absent[] = { "1.06.01.2.05.01", "1.06.01.2.05.02" };
    join_rows(absent, 2);
    edit(s, "1.06.01.2.05.02", number(4), NULL);
    remove_row("1.06.05");
    remove_row("2.13.05.2.01.99");
    add_row("2.13.05.2.01", "99", "Sekali lagi", 0);
}

static void change_constraints(void)
{
    limit(PAGU_FLOOR, "SPM", "1.06.04", 1000);
    limit(PAGU_CEILING, "SPM", "1.06.04", 2);
    limit(PAGU_HOLD_LINES, "", "1.06.01.2.02", 0);
    uint32_t second = limit(PAGU_HOLD_LINES, "", "1.06.01.2.08", 0);
    limit(PAGU_HOLD_TOTAL, "total", "/", 0);
    limit(PAGU_FLOOR, "gone", "1.06.06", -1);
    release(second, NULL);
    release(0, "SPM"); /* both */
    release(0, "total");
    remove_row("1.06.06");
    release(0, "gone"); /* of a row that is no more */
    limit(PAGU_CEILING, "", "2.13", 1);
}

/* Everything that a scenario can hold. */
static void do_everything(void)
{
    spread("/", -3);
    edit_values();
    edit_measures();
    change_constraints();
    change_structure();
}

/* ---- text ---- */

static char *text_of(const pagu_scenario *of)
{
    pagu_error err = { 0 };
    pagu_text *out = pagu_text_new(ctx);
    assert_ok(pagu_scenario_write(of, out, &err), &err);
    char *text = strdup(pagu_text_data(out));
    pagu_text_free(out);
    return text;
}

static void put_bytes(const char *bytes, size_t len)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

static pagu_scenario *load(void)
{
    pagu_error err = { 0 };
    pagu_scenario *again = NULL;
    assert_ok(pagu_scenario_load(plan, path, findings, &again, &err), &err);
    assert_int_equal(pagu_findings_count(findings), 0);
    return again;
}

static void assert_same_hash(pagu_scenario *a, pagu_scenario *b)
{
    pagu_error err = { 0 };
    char first[65], second[65];
    assert_ok(pagu_view_hash(pagu_scenario_view(a), first, &err), &err);
    assert_ok(pagu_view_hash(pagu_scenario_view(b), second, &err), &err);
    assert_string_equal(first, second);
}

static void assert_same_text(const pagu_scenario *a, const pagu_scenario *b)
{
    char *first = text_of(a), *second = text_of(b);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

/* ---- saved and loaded ---- */

static void scenario_file__says_what_was_done_and_why(void **state)
{
    (void)state;
    edit_values();
    edit_measure(s, "1.06.04.2.01.01#1", &(pagu_measure){ .value = 260.5, .unit = "orang", .state = PAGU_NUMBER });
    limit(PAGU_FLOOR, "SPM", "1.06.04", 1000);
    char hash[65], expected[4000], *text = text_of(s);
    pagu_view *base = pagu_view_open(plan, pagu_plan_default_stage(plan));
    assert_int_equal(pagu_view_hash(base, hash, NULL), PAGU_OK);
    pagu_view_close(base);
#define BUDGET "\"field\":\"budget\",\"period\":\"2024\""
    snprintf(expected, sizeof expected,
             "{\"scenario\":\"potong \\\"gedung\\\"\",\"format\":1,\"stage\":\"final\",\"base\":\"%s\",\"year\":2024}\n"
             "{\"entry\":\"transfer\",\"script\":\"cut it.lua\",\"line\":12,\"args\":{\"amount\": 100000000},"
             "\"reason\":\"SPM\\nfirst\"}\n"
             "{\"money\":\"1.06.01.2.09.09\"," BUDGET ",\"old\":\"200000000\",\"new\":\"100000000\"}\n"
             "{\"entry\":\"set\"}\n"
             "{\"money\":\"1.06.04.2.01.01\"," BUDGET ",\"old\":\"50000000\",\"new\":\"150000000\"}\n"
             "{\"entry\":\"set\",\"joined\":true}\n"
             "{\"money\":\"1.06.04.2.01.02\"," BUDGET ",\"old\":\"8000000\",\"new\":\"-\"}\n"
             "{\"entry\":\"set\"}\n"
             "{\"money\":\"1.06.01.2.01.06\"," BUDGET ",\"old\":null,\"new\":\"-5\"}\n"
             "{\"entry\":\"set\"}\n"
             "{\"money\":\"1.06.01.2.02.01\"," BUDGET ",\"old\":\"3379675000\",\"new\":null}\n"
             "{\"entry\":\"set\"}\n"
             "{\"measure\":\"1.06.04.2.01.01#1\",\"field\":\"target\",\"period\":\"2024\","
             "\"old\":{\"unit\":\"Orang\",\"value\":200},\"new\":{\"unit\":\"Orang\",\"value\":260.5}}\n"
             "{\"entry\":\"hold\"}\n"
             "{\"constrain\":\"floor\",\"name\":\"SPM\",\"reason\":\"Permendagri\",\"law\":\"UU 23/2014\"," BUDGET
             ",\"amount\":\"1000\",\"severity\":\"reject\",\"rows\":[\"1.06.04\"]}\n"
             "{\"end\":true}\n",
             hash);
    assert_string_equal(text, expected);
    free(text);
}

static void scenario_file__comes_back_as_it_was(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    do_everything();
    assert_ok(pagu_scenario_save(s, path, &err), &err);
    pagu_scenario *again = load();
    assert_same_hash(s, again);
    assert_same_text(s, again);
    assert_string_equal(pagu_scenario_name(again), pagu_scenario_name(s));
    assert_int_equal(pagu_constraint_count(pagu_scenario_view(again)), pagu_constraint_count(pagu_scenario_view(s)));
    pagu_scenario_close(again);
}

static void scenario_file__is_undone_and_redone_by_the_same_steps(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    do_everything();
    assert_ok(pagu_scenario_save(s, path, &err), &err);
    pagu_scenario *again = load();
    int steps = 0;
    while (pagu_undo(s, &err) == PAGU_OK) {
        assert_ok(pagu_undo(again, &err), &err);
        assert_int_equal(pagu_journal_count(again), pagu_journal_count(s));
        assert_same_hash(s, again);
        assert_same_text(s, again);
        steps++;
    }
    assert_int_equal(pagu_undo(again, &err), PAGU_NOTHING_TO_UNDO);
    assert_in_range(steps, 30, 60);
    while (steps-- > 0)
        assert_ok(pagu_redo(again, &err), &err);
    pagu_scenario *second = load();
    assert_same_hash(again, second);
    pagu_scenario_close(second);
    pagu_scenario_close(again);
}

static void scenario_file__of_a_branch_holds_what_it_inherited(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_scenario *branch;
    change_structure();
    assert_ok(pagu_branch(pagu_scenario_view(s), "b", &branch, &err), &err);
    edit(branch, "1.06.04.2.01.01#", number(2), NULL);
    assert_ok(pagu_scenario_save(branch, path, &err), &err);
    pagu_scenario *again = load();
    assert_int_equal(pagu_journal_count(again), pagu_journal_count(branch));
    assert_same_hash(branch, again);
    pagu_scenario_close(again);
    pagu_scenario_close(branch);
}

static void scenario_file__keeps_words_that_are_no_text(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    edit(s, "1.06.01.2.09.09", number(1),
         &(pagu_note){ .verb = "set", .args = "[1, 2", .reason = "\xFF\x01 caf\xC3\xA9" });
    edit(s, "1.06.01.2.09.09", number(2), &(pagu_note){ .verb = "set", .args = "\"quoted\"" });
    assert_ok(pagu_scenario_save(s, path, &err), &err);
    pagu_scenario *again = load();
    assert_string_equal(pagu_journal_get(again, 0).note.args, "[1, 2");
    assert_string_equal(pagu_journal_get(again, 0).note.reason, "\xEF\xBF\xBD\x01 caf\xC3\xA9");
    assert_string_equal(pagu_journal_get(again, 1).note.args, "\"quoted\"");
    assert_same_text(s, again);
    pagu_scenario_close(again);
}

static void scenario_file__does_not_hear_of_the_decimal_comma(void **state)
{
    (void)state;
    char folder[40];
    pagu_error err = { 0 };
    do_everything();
    edit_measure(s, "1.06.04.2.01.03#1", &(pagu_measure){ .value = 1.5e-41, .unit = "", .state = PAGU_NUMBER });
    edit_measure(s, "1.06.04.2.01.04#1", &(pagu_measure){ .value = -0.1, .unit = "", .state = PAGU_NUMBER });
    char *before = text_of(s);
    if (!set_comma_locale(folder)) {
        drop_comma_locale(folder);
        free(before);
        skip();
    }
    char *under = text_of(s);
    put_bytes(before, strlen(before));
    pagu_scenario *again = NULL;
    pagu_code code = pagu_scenario_load(plan, path, findings, &again, &err);
    drop_comma_locale(folder);
    assert_ok(code, &err);
    assert_string_equal(under, before);
    assert_same_text(again, s);
    pagu_scenario_close(again);
    free(under);
    free(before);
}

static void scenario_file__may_have_blank_lines_and_line_ends_of_windows(void **state)
{
    (void)state;
    static const char text[] =
        "\n{\"scenario\":\"\",\"format\":1,\"stage\":\"final\"}\r\n\r\n\n{\"entry\":\"set\"}\r\n"
        "{\"money\":\"1.06.04.2.01.01\",\"field\":\"budget\",\"period\":\"2024\",\"old\":\"50000000\",\"new\":\"2\"}\n"
        "{\"end\":true}";
    put_bytes(text, strlen(text));
    pagu_scenario *again = load();
    assert_int_equal(pagu_journal_count(again), 1);
    pagu_scenario_close(again);
}

/* ---- refused ---- */

#define HEAD "{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\"}\n{\"entry\":\"set\"}\n"
#define END "{\"end\":true}\n"
#define MONEY(key, old, new)                                                                                           \
    "{\"money\":\"" key "\",\"field\":\"budget\",\"period\":\"2024\",\"old\":" old ",\"new\":" new "}\n"

static bool has_finding(const pagu_findings *fs, uint32_t line, const char *message)
{
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++) {
        const pagu_finding *f = pagu_findings_get(fs, i);
        assert_string_equal(f->file, path);
        if (f->line == line && strstr(f->message, message))
            return true;
    }
    return false;
}

/* Each expected finding is "line message"; there is no other. */
static void assert_refused(const char *text, pagu_code code, const char *const *expected, uint32_t n)
{
    pagu_error err = { 0 };
    pagu_scenario *none = s;
    pagu_findings *fs = pagu_findings_new(ctx);
    put_bytes(text, strlen(text));
    pagu_code got = pagu_scenario_load(plan, path, fs, &none, &err);
    bool ok = got == code && pagu_findings_count(fs) == n;
    for (uint32_t i = 0; i < n; i++) {
        char *message;
        uint32_t line = (uint32_t)strtoul(expected[i], &message, 10);
        ok = ok && has_finding(fs, line, message + 1);
    }
    for (uint32_t i = 0; !ok && i < pagu_findings_count(fs); i++)
        print_message("%u: %s\n", pagu_findings_get(fs, i)->line, pagu_findings_get(fs, i)->message);
    if (!ok)
        fail_msg("%s for\n%s", pagu_code_name(got), text);
    assert_null(none);
    assert_int_equal(err.code, code);
    assert_true(err.message[0] != '\0');
    pagu_findings_free(fs);
}
#define REFUSED(code, text, ...)                                                                                       \
    assert_refused(text, PAGU_##code, (const char *[]){ __VA_ARGS__ },                                                 \
                   sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *))

static void scenario_file__tells_all_conflicts_and_applies_none(void **state)
{
    (void)state;
    REFUSED(CONFLICT,
            HEAD MONEY("1.06.04.2.01.01", "\"1\"", "\"2\"") /* 3 */
            MONEY("1.06.04.2.01.99", "\"1\"", "\"2\"") MONEY(
                "1.06.04", "\"199433770\"",
                "\"1\"") "{\"money\":\"1.06.04.2.01.02\",\"field\":\"budgte\",\"period\":\"2024\",\"old\":null,\"new\":"
                         "null}\n"
                         "{\"money\":\"1.06.04.2.01.02\",\"field\":\"budget\",\"period\":\"2099\",\"old\":null,\"new\":"
                         "null}\n"
                         "{\"money\":\"1.06.04.2.01.02\",\"field\":\"target\",\"period\":\"2024\",\"old\":null,\"new\":"
                         "null}\n"
                         "{\"measure\":\"1.06.04.2.01.01#1\",\"field\":\"target\",\"period\":\"2024\",\"old\":{"
                         "\"unit\":\"orang\",\"value\":251},"
                         "\"new\":null}\n"
                         "{\"measure\":\"1.06.04.2.01.03#1\",\"field\":\"target\",\"period\":\"2024\",\"old\":{"
                         "\"unit\":\"kk\",\"value\":2},"
                         "\"new\":null}\n"
                         "{\"measure\":\"none#1\",\"field\":\"target\",\"period\":\"2024\",\"old\":null,\"new\":null}\n"
                         "{\"entry\":\"add\"}\n" /* 12 */
                         "{\"add\":\"2.13.05.2.99\",\"under\":\"2.13.05.3\",\"code\":\"2.13.05.2.99\"}\n"
                         "{\"add\":\"1.06.04\",\"under\":\"1.06\",\"code\":\"1.06.04\"}\n"
                         "{\"add\":\"1.06.09\",\"under\":\"1.06\",\"code\":\"1.06.09\",\"tags\":{\"fund\":\"APBN\"}}\n"
                         "{\"indicator\":\"x#1\",\"owner\":\"x\",\"name\":\"\"}\n"
                         "{\"join\":\"1.06.04\"}\n{\"join\":\"9\"}\n{\"remove\":\"9\"}\n" /* 17 */
                         "{\"entry\":\"remove\"}\n{\"remove\":\"1.06.04\"}\n" /* 20: what lies below is not named */
                         "{\"entry\":\"hold\"}\n"
                         "{\"constrain\":\"floor\",\"name\":\"f\",\"rows\":[\"9\"],\"field\":\"budget\",\"period\":"
                         "\"2024\",\"amount\":\"1\"}\n"
                         "{\"release\":\"floor\",\"name\":\"f\",\"rows\":[\"1.06.04\"],\"amount\":\"1\"}\n" END,
            "3 1.06.04.2.01.01 is 50,000,000 here, but was 1 when", "4 1.06.04.2.01.99", "5 1.06.04", "6 budgte",
            "7 2099", "8 money", "9 value of 1.06.04.2.01.01#1", "10 value of 1.06.04.2.01.03#1", "11 none#1",
            "13 2.13.05.3", "14 exists already", "15 APBN", "16 \"x\"", "17 value of 1.06.04", "18 \"9\"", "19 \"9\"",
            "20 value of 1.06.04.2.01", "20 value of 1.06.04.2.02", "23 \"9\"", "24 no hold or limit \"f\"");
    REFUSED(CONFLICT, "{\"scenario\":\"x\",\"format\":1,\"stage\":\"last\"}\n" END, "1 last");
    REFUSED(CONFLICT, "{\"scenario\":\"x\",\"format\":1}\n" END, "1 ");
}

static void scenario_file__a_broken_limit_is_told_at_its_entry(void **state)
{
    (void)state;
    REFUSED(CONFLICT,
            HEAD
            "{\"constrain\":\"floor\",\"name\":\"SPM\",\"rows\":[\"1.06.04\"],\"field\":\"budget\",\"period\":\"2024\","
            "\"amount\":\"199000000\"}\n{\"entry\":\"cut\"}\n" MONEY(
                "1.06.04.2.01.01", "\"50000000\"",
                "\"2\"") "{\"entry\":\"set\"}\n" MONEY("1.06.04.2.01.02", "\"8000000\"", "\"8000001\"") END,
            "4 SPM");
}

static void scenario_file__one_conflict_is_not_followed_by_others(void **state)
{
    (void)state;
    REFUSED(CONFLICT,
            HEAD MONEY("1.06.04.2.01.01", "\"1\"", "\"2\"") "{\"entry\":\"set\"}\n" MONEY("1.06.04.2.01.01", "\"2\"",
                                                                                          "\"3\"") END,
            "3 but was 1 when");
}

static void scenario_file__malformed_lines_are_told_by_line(void **state)
{
    (void)state;
    REFUSED(SYNTAX, "", "1 ends too early");
    REFUSED(SYNTAX, "\n\n", "3 ends too early");
    REFUSED(SYNTAX, "5\n", "1 not a line of a saved scenario: scenario");
    REFUSED(SYNTAX, "{\"scenario\":\"x\",\"format\":2,\"stage\":\"final\"}\n",
            "1 not a line of a saved scenario: format");
    REFUSED(SYNTAX, "{\"scenario\":\"x\",\"format\":1.5,\"stage\":\"final\"}\n", "1 : format");
    REFUSED(SYNTAX, "{\"scenario\":\"x\",\"stage\":\"final\"}\n", "1 : format");
    REFUSED(SYNTAX, "{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\"}\n" MONEY("1", "null", "null") END,
            "2 : entry");
    REFUSED(SYNTAX, HEAD, "3 ends too early");
    REFUSED(SYNTAX, HEAD END "{\"entry\":\"x\"}\n" END, "4 : entry", "5 : end");
    REFUSED(SYNTAX, HEAD "{\"mony\":\"x\"}\n{}\n[]\n3\n{\"money\":3}\n" END, "3 : mony",
            "4 :", "5 :", "6 :", "7 : money");
    REFUSED(SYNTAX, HEAD MONEY("a", "1", "null") MONEY("b", "null", "\"1.5\"") MONEY("c", "null", "\"x\"") END, "3 : a",
            "4 : b", "5 : c");
    REFUSED(SYNTAX, HEAD "{\"money\":\"a\",\"old\":null}\n" END, "3 : a");
#define MEASURE(new) "{\"measure\":\"m\",\"field\":\"target\",\"period\":\"2024\",\"old\":null,\"new\":" new "}\n"
    REFUSED(SYNTAX,
            HEAD MEASURE("3") MEASURE("{}") MEASURE("{\"value\":\"x\"}") MEASURE("{\"value\":true}")
                MEASURE("{\"value\":\"1-2\"}") END,
            "3 : m", "4 : m", "5 : m", "6 : m", "7 : m");
    REFUSED(SYNTAX, HEAD "{\"measure\":\"m\",\"field\":\"budget\",\"period\":\"2024\",\"old\":null,\"new\":null}\n" END,
            "3 : budget");
    REFUSED(SYNTAX, HEAD "{\"add\":\"a\",\"under\":\"1.06\"}\n" END, "3 : a");
    REFUSED(SYNTAX, HEAD "{\"add\":\"a\",\"under\":\"1.06\",\"code\":\"1.06.99\"}\n" END, "3 : a");
    REFUSED(SYNTAX, HEAD "{\"add\":\"a\",\"under\":\"1.06\",\"code\":\"a\",\"sign\":2}\n" END, "3 : a");
    REFUSED(SYNTAX, HEAD "{\"add\":\"a\",\"under\":\"1.06\",\"code\":\"a\",\"tags\":{\"fund\":3}}\n" END, "3 : a");
    REFUSED(SYNTAX, HEAD "{\"indicator\":\"1.06.04#9\",\"owner\":\"1.06.04\",\"name\":\"\"}\n" END, "3 : 1.06.04#9");
    REFUSED(SYNTAX, HEAD "{\"constrain\":\"wall\",\"amount\":\"1\",\"rows\":[]}\n" END, "3 : wall");
    REFUSED(SYNTAX,
            HEAD "{\"constrain\":\"floor\",\"amount\":1,\"rows\":[]}\n{\"release\":\"floor\",\"amount\":\"1\"}\n" END,
            "3 : floor", "4 : floor");
    REFUSED(SYNTAX, HEAD "{\"entry\":\"x\",\"line\":1e15}\n" END, "3 : line");
    REFUSED(SYNTAX, HEAD "{\"entry\":\"x\",\n" END, "3 ends too early");
    REFUSED(SYNTAX, HEAD "{\"entry\":\"\xFF\"}\n" END, "3 UTF-8");
    REFUSED(SYNTAX, HEAD "{\"entry\":\"x\",\"entry\":\"y\"}\n" END, "3 .scn:3:14: the key \"entry\" stands twice");
}

static void scenario_file__cut_anywhere_is_told_where_it_ends(void **state)
{
    (void)state;
    do_everything();
    char *text = text_of(s);
    size_t len = strlen(text);
    uint32_t line = 1;
    for (size_t n = 0; n + 1 < len; n++) {
        pagu_scenario *none = NULL;
        pagu_findings *fs = pagu_findings_new(ctx);
        put_bytes(text, n);
        assert_int_equal(pagu_scenario_load(plan, path, fs, &none, NULL), PAGU_SYNTAX);
        assert_null(none);
        assert_int_equal(pagu_findings_count(fs), 1);
        assert_int_equal(pagu_findings_get(fs, 0)->line, line);
        pagu_findings_free(fs);
        line += text[n] == '\n';
    }
    put_bytes(text, len - 1); /* the last line end is no loss */
    pagu_scenario_close(load());
    free(text);
}

static void scenario_file__damaged_anyhow_is_no_danger(void **state)
{
    (void)state;
    static const char bytes[] = "\"{}[]:,\\\n019-.euntf\xFF#/";
    do_everything();
    char *text = text_of(s);
    size_t len = strlen(text);
    rng r = { 1 };
    for (int i = 0; i < 2000; i++) {
        char *copy = memcpy(malloc(len), text, len);
        pagu_scenario *loaded = s;
        for (uint64_t k = 0; k <= rng_below(&r, 3); k++)
            copy[rng_below(&r, len)] = bytes[rng_below(&r, sizeof bytes)];
        put_bytes(copy, len);
        pagu_code code = pagu_scenario_load(plan, path, NULL, &loaded, NULL);
        assert_true(code == PAGU_OK || code == PAGU_SYNTAX || code == PAGU_CONFLICT);
        assert_true((code == PAGU_OK) == (loaded != NULL));
        pagu_scenario_close(loaded);
        free(copy);
    }
    free(text);
}

static void scenario_file__is_pinned_to_its_base(void **state)
{
    (void)state;
    REFUSED(CONFLICT,
            "{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\",\"base\":\"other\"}\n{\"entry\":\"set\"}\n" MONEY(
                "1.06.04.2.01.01", "\"50000000\"", "\"2\"") END,
            "1 the plan has changed since scenario \"x\" was saved (other then, ");
}

static void scenario_file__that_is_missing_is_not_found(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_scenario *none = s;
    assert_int_equal(pagu_scenario_load(plan, "/tmp/no-such.scn", NULL, &none, &err), PAGU_NOT_FOUND);
    assert_null(none);
}

static void scenario_file__reading_can_be_interrupted(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_scenario *none;
    pagu_text *out = pagu_text_new(ctx);
    edit_values();
    assert_ok(pagu_scenario_save(s, path, &err), &err);
    pagu_ctx_interrupt(ctx, true);
    assert_int_equal(pagu_scenario_load(plan, path, findings, &none, &err), PAGU_INTERRUPTED);
    assert_int_equal(pagu_scenario_write(s, out, &err), PAGU_INTERRUPTED);
    pagu_ctx_interrupt(ctx, false);
    pagu_text_free(out);
}

/* A joined step of n entries; the time must not grow with their square. */
static void scenario_file__long_steps_load(void **state)
{
    (void)state;
    enum { ENTRIES = 50000 };
    pagu_error err = { 0 };
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\"}\n", f);
    for (int i = 0; i < ENTRIES; i++)
        fprintf(f,
                "{\"entry\":\"set\"%s}\n{\"money\":\"1.06.04.2.01.01\",\"field\":\"budget\",\"period\":\"2024\","
                "\"old\":\"%d\",\"new\":\"%d\"}\n",
                i ? ",\"joined\":true" : "", i ? i : 50000000, i + 1);
    fputs(END, f);
    fclose(f);
    pagu_scenario *again = load();
    assert_int_equal(pagu_journal_count(again), ENTRIES);
    assert_ok(pagu_undo(again, &err), &err);
    assert_int_equal(pagu_journal_count(again), 0);
    pagu_scenario_close(again);
}

/* ---- memory ---- */

static pagu_code load_and_write(pagu_ctx *c, void *arg)
{
    static const plan_row rows[] = {
        { .id = "1" },
        { .id = "1.01", .money = { "100" } },
        { .id = "1.02", .money = { "300", "5" }, .fund = "apbd" },
        { .id = "2", .stages = "need" },
        { .id = "2.01", .money = { [NEED_2024] = "1" }, .stages = "need" },
        { .id = "3", .money = { "7" } },
    };
    pagu_plan *p;
    pagu_scenario *loaded = NULL;
    pagu_text *out = pagu_text_new(c);
    pagu_code code = out ? plan_make(c, rows, COUNT_OF(rows), &p, NULL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK) {
        code = pagu_scenario_load(p, path, NULL, &loaded, NULL);
        if (code == PAGU_OK)
            code = pagu_scenario_write(loaded, out, NULL);
        if (code == PAGU_OK && arg)
            snprintf(arg, 8000, "%s", pagu_text_data(out));
        pagu_scenario_close(loaded);
        pagu_plan_release(p);
    }
    pagu_text_free(out);
    return code;
}

static void scenario_file__survives_failing_allocations(void **state)
{
    (void)state;
    static const char text[] =
        "{\"scenario\":\"x\",\"format\":1,\"stage\":\"final\"}\n"
        "{\"entry\":\"set\",\"script\":\"a.lua\",\"line\":3,\"args\":[1],\"reason\":\"r\"}\n" MONEY("1.01", "\"100\"",
                                                                                                    "\"90\"")
            MONEY("1.02", "\"300\"",
                  "null") "{\"entry\":\"add\"}\n{\"add\":\"1.01.01\",\"under\":\"1.01\",\"code\":\"1.01.01\",\"name\":"
                          "\"n\",\"level\":\"item\",\"sign\":1,"
                          "\"tags\":{\"fund\":\"dak\"}}\n"
                          "{\"entry\":\"add\"}\n{\"indicator\":\"1.01.01#1\",\"owner\":\"1.01.01\",\"name\":\"i\","
                          "\"unit\":\"orang\",\"type\":\"output\"}\n"
                          "{\"entry\":\"set\"}\n"
                          "{\"measure\":\"1.01.01#1\",\"field\":\"target\",\"period\":\"2024\",\"old\":null,\"new\":{"
                          "\"unit\":\"orang\",\"value\":2,\"text\":\"t\"}}\n"
                          "{\"entry\":\"join\"}\n{\"join\":\"2.01\"}\n{\"join\":\"2\"}\n"
                          "{\"entry\":\"hold\"}\n{\"constrain\":\"ceiling\",\"name\":\"c\",\"rows\":[\"1\"],\"field\":"
                          "\"budget\",\"period\":\"2024\","
                          "\"amount\":\"1000\"}\n"
                          "{\"entry\":\"release\"}\n{\"release\":\"ceiling\",\"name\":\"c\",\"rows\":[\"1\"],\"field\":"
                          "\"budget\",\"period\":\"2024\","
                          "\"amount\":\"1000\"}\n"
                          "{\"entry\":\"remove\"}\n" MONEY(
                              "3", "\"7\"", "null") "{\"entry\":\"remove\",\"joined\":true}\n{\"remove\":\"3\"}\n" END;
    char once[8000], twice[8000];
    put_bytes(text, strlen(text));
    assert_int_equal(load_and_write(ctx, once), PAGU_OK);
    put_bytes(once, strlen(once));
    assert_int_equal(load_and_write(ctx, twice), PAGU_OK);
    assert_string_equal(once, twice);
    assert_true(for_each_failing_allocation(load_and_write, NULL) > 100);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(scenario_file__says_what_was_done_and_why),
        TEST(scenario_file__comes_back_as_it_was),
        TEST(scenario_file__is_undone_and_redone_by_the_same_steps),
        TEST(scenario_file__of_a_branch_holds_what_it_inherited),
        TEST(scenario_file__keeps_words_that_are_no_text),
        TEST(scenario_file__does_not_hear_of_the_decimal_comma),
        TEST(scenario_file__may_have_blank_lines_and_line_ends_of_windows),
        TEST(scenario_file__tells_all_conflicts_and_applies_none),
        TEST(scenario_file__a_broken_limit_is_told_at_its_entry),
        TEST(scenario_file__one_conflict_is_not_followed_by_others),
        TEST(scenario_file__malformed_lines_are_told_by_line),
        TEST(scenario_file__cut_anywhere_is_told_where_it_ends),
        TEST(scenario_file__damaged_anyhow_is_no_danger),
        TEST(scenario_file__is_pinned_to_its_base),
        TEST(scenario_file__that_is_missing_is_not_found),
        TEST(scenario_file__reading_can_be_interrupted),
        TEST(scenario_file__long_steps_load),
        TEST(scenario_file__survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
