/* test_formula.c - formulas as text: hostile texts, memory, blocks, fields that they define.
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

static const char package[] =
    "{\"name\":\"kecil\",\"pagu\":{\"format\":1,\"year\":2024,\"years\":[2022,2026],\"fields\":["
    "{\"id\":\"double_cost\",\"expr\":\"unit_cost * 2\"},"
    "{\"id\":\"unit_cost\",\"title\":\"Biaya satuan\",\"expr\":\"budget / target\"}]},\"resources\":["
    "{\"name\":\"stages\",\"data\":[[\"stage\",\"name\",\"kind\",\"role\",\"rank\"],[\"common\",\"Umum\",\"common\","
    "\"\",0],"
    "[\"final\",\"Renja\",\"plan\",\"\",1]]},"
    "{\"name\":\"levels\",\"data\":[[\"tree\",\"level\",\"rank\",\"name\"],[\"main\",\"plan\",0,\"R\"],[\"main\","
    "\"program\",1,\"P\"],"
    "[\"main\",\"item\",2,\"I\"]]},"
    "{\"name\":\"nodes\",\"data\":[[\"node\",\"level\",\"name\"],[\".\",\"plan\",\"S\"],[\"1\",\"program\",\"Satu\"],"
    "[\"1.01\",\"item\",\"A\"],[\"1.02\",\"item\",\"B\"]]},"
    "{\"name\":\"units\",\"data\":[[\"unit\",\"name\",\"kind\"],[\"orang\",\"orang\",\"count\"]]},"
    "{\"name\":\"amounts\",\"data\":[[\"node\",\"stage\",\"period\",\"budget\",\"spent\"],[\"1.01\",\"final\",2024,"
    "1000,\"\"],"
    "[\"1.02\",\"final\",2024,333,\"\"],[\"1.01\",\"common\",2024,\"\",\"-\"]]},"
    "{\"name\":\"indicators\",\"data\":[[\"indicator\",\"owner\",\"name\",\"unit\"],[\"1.01#1\",\"1.01\",\"a\","
    "\"orang\"],"
    "[\"1.02#1\",\"1.02\",\"b\",\"orang\"]]},"
    "{\"name\":\"measures\",\"data\":[[\"indicator\",\"stage\",\"period\",\"field\",\"value\",\"unit\",\"text\"],"
    "[\"1.01#1\",\"final\",2024,\"target\",4,\"\",\"\"],[\"1.02#1\",\"final\",2024,\"target\",\"\",\"\",\"390;320 "
    "Jenis\"]]}]}";

static pagu_error err;

static pagu_code open_plan(pagu_ctx *ctx, pagu_plan **out)
{
    return pagu_package_read_json(ctx, package, sizeof package - 1, "kecil.json", NULL, out, &err);
}

typedef struct fixture {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_view *view;
} fixture;

static fixture f;

static int set_up(void **state)
{
    (void)state;
    f.ctx = english_ctx();
    assert_ok(open_plan(f.ctx, &f.plan), &err);
    f.view = pagu_view_open(f.plan, pagu_plan_default_stage(f.plan));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_view_close(f.view);
    pagu_plan_release(f.plan);
    assert_int_equal(pagu_ctx_memory(f.ctx), 0);
    pagu_ctx_free(f.ctx);
    return 0;
}

static pagu_expr_value value_of(const char *text, const char *key, pagu_expr_type *type)
{
    pagu_expr *e = NULL;
    pagu_expr_value v;
    pagu_row row = row_of(f.view, key);
    assert_ok(pagu_expr_parse(f.ctx, f.plan, text, &e, &err), &err);
    assert_ok(pagu_expr_eval(e, f.view, &row, 1, &v, &err), &err);
    if (type)
        *type = pagu_expr_kind(e);
    pagu_expr_release(e);
    return v;
}

/* ---- kinds ---- */

static void formula__kinds_of_results(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        pagu_expr_type type;
    } cases[] = {
        { "budget", PAGU_EXPR_MONEY },
        { "budget * 1.5", PAGU_EXPR_MONEY },
        { "budget * 2 - spent", PAGU_EXPR_MONEY },
        { "budget / 2", PAGU_EXPR_NUMBER },
        { "budget * target", PAGU_EXPR_NUMBER },
        { "target", PAGU_EXPR_NUMBER },
        { "unit_cost", PAGU_EXPR_NUMBER },
        { "absorption", PAGU_EXPR_NUMBER },
        { "count(item)", PAGU_EXPR_INTEGER },
        { "meta.year + 1", PAGU_EXPR_INTEGER },
        { "count(item) * budget", PAGU_EXPR_MONEY },
        { "budget > 5", PAGU_EXPR_MASK },
        { "meta.currency", PAGU_EXPR_TEXT },
        { "money(budget / 3)", PAGU_EXPR_MONEY },
        { "sum(lines, budget)", PAGU_EXPR_MONEY },
        { "mean(lines, budget)", PAGU_EXPR_NUMBER },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pagu_expr *e = NULL;
        pagu_code rc = pagu_expr_parse(f.ctx, f.plan, cases[i].text, &e, &err);
        if (rc == PAGU_NOT_FOUND && strstr(cases[i].text, "currency")) /* not given: says so */
            continue;
        assert_ok(rc, &err);
        if (pagu_expr_kind(e) != cases[i].type)
            fail_msg("%s is of kind %d", cases[i].text, pagu_expr_kind(e));
        pagu_expr_release(e);
    }
}

static void formula__a_missing_cell_says_why(void **state)
{
    (void)state;
    assert_int_equal(value_of("target + 1", "1.02", NULL).reason, PAGU_CELL_NOT_ONE_NUMBER);
    assert_int_equal(value_of("budget / 0", "1.02", NULL).reason, PAGU_CELL_ZERO_DIVISOR);
    assert_int_equal(value_of("(budget / 0) * 2 + 1", "1.02", NULL).reason, PAGU_CELL_ZERO_DIVISOR);
    assert_int_equal(value_of("budget[2025] + 1", "1.02", NULL).reason, PAGU_CELL_PLAIN);
    assert_int_equal(value_of("spent", "1.01", NULL).state, PAGU_DASH);
    assert_int_equal(value_of("spent + 1", "1.01", NULL).money, 1);
    assert_string_equal(value_of("target", "1.02", NULL).text, "390;320 Jenis");
    assert_string_equal(value_of("target * 2", "1.01", NULL).unit, "orang");
    assert_string_equal(pagu_cell_reason_name(PAGU_CELL_UNIT_CLASH), "unit clash");
}

/* ---- blocks and arrays ---- */

static void formula__arrays_are_what_values_are_over_many_blocks(void **state)
{
    (void)state;
    enum { MANY = 1700 };
    static const char *const texts[] = { "budget - spent",
                                         "budget / target",
                                         "budget > 500",
                                         "target",
                                         "sum(item, budget) + 1",
                                         "if(budget > 500, target, 1)",
                                         "count(item, budget > 500)" };
    pagu_row rows[MANY], two[] = { row_of(f.view, "1.01"), row_of(f.view, "1.02") };
    for (int i = 0; i < MANY; i++)
        rows[i] = two[i % 3 == 0];
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        pagu_expr *e = NULL;
        static pagu_expr_value v[MANY];
        static int64_t money[MANY];
        static double number[MANY];
        static uint8_t states[MANY], reasons[MANY];
        static bool mask[MANY];
        static const char *units[MANY], *words[MANY];
        pagu_expr_subjects at = { .rows = rows, .n = MANY, .period = PAGU_NONE };
        pagu_expr_arrays out = { money, number, states, reasons, mask, words, units };
        assert_ok(pagu_expr_parse(f.ctx, f.plan, texts[t], &e, &err), &err);
        assert_ok(pagu_expr_eval_at(e, f.view, &at, v, &err), &err);
        assert_ok(pagu_expr_eval_arrays(e, f.view, &at, &out, &err), &err);
        pagu_expr_type type = pagu_expr_kind(e);
        for (int i = 0; i < MANY; i++) {
            assert_int_equal(states[i], v[i].state);
            assert_int_equal(reasons[i], v[i].reason);
            if (type == PAGU_EXPR_MASK)
                assert_int_equal(mask[i], v[i].mask);
            else if (v[i].state != PAGU_NUMBER)
                continue;
            else if (type == PAGU_EXPR_NUMBER)
                assert_true(number[i] == v[i].number);
            else
                assert_int_equal(money[i], v[i].money);
        }
        pagu_expr_release(e);
    }
}

/* ---- fields ---- */

static void formula__fields_are_found_and_read(void **state)
{
    (void)state;
    pagu_field field, target;
    pagu_period y24;
    pagu_expr_type type;
    pagu_expr_value v;
    assert_ok(pagu_find_field(f.plan, "double_cost", &field, &err), &err);
    assert_ok(pagu_find_field(f.plan, "target", &target, &err), &err);
    assert_ok(pagu_plan_find_year(f.plan, 2024, &y24, &err), &err);
    assert_int_equal(pagu_plan_field_kind(f.plan, field), PAGU_FIELD_DERIVED);
    assert_string_equal(pagu_plan_field_id(f.plan, field), "double_cost");
    assert_ok(pagu_view_value(f.view, row_of(f.view, "1.01"), PAGU_NO_INDICATOR, field, y24, &type, &v, &err), &err);
    assert_int_equal(type, PAGU_EXPR_NUMBER);
    assert_true(v.number == 500);
    pagu_field_info info = pagu_field_describe(f.plan, field);
    assert_string_equal(info.formula, "unit_cost * 2");
    assert_true(info.derived && info.declared);
    assert_int_equal(pagu_find_field(f.plan, "unit_kost", &field, &err), PAGU_UNKNOWN_FIELD);
    assert_non_null(strstr(err.message, "double_cost"));
    assert_non_null(strstr(err.message, "absorption"));
    for (uint32_t i = 0; i < pagu_derived_count(f.plan); i++) {
        pagu_field derived = pagu_derived_field(f.plan, i), again;
        assert_ok(pagu_find_field(f.plan, pagu_field_describe(f.plan, derived).id, &again, &err), &err);
        assert_int_equal(again, derived);
    }
}

/* Write a plan, read that, and compare: the formulas are there, and the content is the same. */
static void assert_written_again(pagu_plan *plan, const char *id, const char *text, const char *title)
{
    char before[65], after[65];
    pagu_plan *again = NULL;
    pagu_field field;
    pagu_text *json = pagu_text_new(f.ctx);
    assert_ok(pagu_package_write_json(plan, json, &err), &err);
    assert_ok(
        pagu_package_read_json(f.ctx, pagu_text_data(json), pagu_text_len(json), "again.json", NULL, &again, &err),
        &err);
    assert_ok(pagu_find_field(again, id, &field, &err), &err);
    assert_string_equal(pagu_field_describe(again, field).formula, text);
    assert_string_equal(pagu_field_describe(again, field).title, title);
    assert_true(pagu_field_describe(again, field).declared);
    assert_ok(pagu_plan_hash(plan, before, &err), &err);
    assert_ok(pagu_plan_hash(again, after, &err), &err);
    assert_string_equal(before, after);
    pagu_plan_release(again);
    pagu_text_free(json);
}

static void formula__is_written_with_its_plan_and_read_again(void **state)
{
    (void)state;
    pagu_field field;
    assert_ok(pagu_define_field(f.plan, "mine", NULL, "budget + 1", &field, &err), &err);
    assert_written_again(f.plan, "unit_cost", "budget / target", "Biaya satuan");
    pagu_builder *b = pagu_builder_new(f.ctx, NULL);
    pagu_source src = { "made", 3 };
    pagu_plan *made = NULL;
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' });
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "common", .name = "U", .kind = PAGU_STAGE_COMMON }, src);
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .name = "R", .kind = PAGU_STAGE_PLAN, .rank = 1 }, src);
    pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = "plan", .name = "R" }, src);
    pagu_builder_node(b, &(pagu_node_def){ .id = ".", .level = "plan", .name = "S", .sign = 1 }, src);
    pagu_builder_formula(b, &(pagu_formula_def){ "twice", "Dua kali", "budget * 2" }, src);
    assert_ok(pagu_builder_finish(b, &made, &err), &err);
    assert_int_equal(pagu_find_field(made, "twice", &field, &err), PAGU_OK);
    assert_ok(pagu_formulas_compile(made, NULL, &err), &err);
    assert_written_again(made, "twice", "budget * 2", "Dua kali");
    pagu_plan_release(made);
}

/* Formulas that name formulas: each doubles what is written out. */
static void formula__a_tower_of_formulas_is_refused_before_it_takes_for_ever(void **state)
{
    (void)state;
    pagu_field field;
    pagu_code rc = PAGU_OK;
    assert_ok(pagu_define_field(f.plan, "f0", NULL, "budget + 1", &field, &err), &err);
    for (int i = 1; i < 100 && rc == PAGU_OK; i++) {
        char id[16], text[64];
        snprintf(id, sizeof id, "f%d", i);
        snprintf(text, sizeof text, "f%d + f%d", i - 1, i - 1);
        rc = pagu_define_field(f.plan, id, NULL, text, &field, &err);
    }
    assert_int_equal(rc, PAGU_LIMIT);
    assert_non_null(strstr(err.message, "too many operations"));
}

/* ---- hostile texts ---- */

static const char *const words[] = {
    "budget", "target",    "spent", "unit_cost", "absorption", "sum",        "count",    "min",   "max",   "mean",
    "if",     "default",   "round", "abs",       "money",      "present",    "item",     "lines", "nodes", "here",
    "under",  "children",  "(",     "(",         "(",          ")",          ")",        ",",     "+",     "-",
    "*",      "/",         "<",     ">=",        "!=",         "=",          "and",      "or",    "not",   "[",
    "]",      "@",         "2024",  "n",         "year",       "1",          "1.5",      "0",     "%",     "'1.01'",
    "\"x\"",  "meta",      ".",     ":",         "final",      "..",         "\xC3\xA9", "\x01",  "9e9",   "[2024]",
    "[-1]",   "meta.year", "'",     "\"",        "program",    "indicators",
};

static void random_text(rng *r, char *text, size_t size)
{
    size_t used = 0;
    int n = 1 + (int)(rng_next(r) % 30);
    text[0] = '\0';
    for (int i = 0; i < n; i++) {
        const char *word = words[rng_next(r) % (sizeof words / sizeof *words)];
        int w = snprintf(text + used, size - used, "%s%s", word, rng_next(r) % 4 ? " " : "");
        if (w < 0 || (size_t)w >= size - used)
            return;
        used += (size_t)w;
    }
}

/* A text that is read computes, or says in one line what is wrong. */
static void formula__random_texts_are_read_or_refused_with_a_message(void **state)
{
    (void)state;
    rng r = { 7 };
    int read = 0, refused = 0;
    pagu_row rows[] = { row_of(f.view, "1.01"), row_of(f.view, "/") };
    for (int i = 0; i < 60000; i++) {
        char text[600];
        pagu_expr *e = NULL;
        pagu_expr_value v[2];
        random_text(&r, text, sizeof text);
        err.message[0] = '\0';
        if (pagu_expr_parse(f.ctx, f.plan, text, &e, &err) != PAGU_OK) {
            refused++;
            assert_null(e);
            assert_true(err.message[0] && !strchr(err.message, '\n'));
            continue;
        }
        read++;
        pagu_code rc = pagu_expr_eval(e, f.view, rows, 2, v, &err);
        assert_true(rc == PAGU_OK || rc == PAGU_OVERFLOW || rc == PAGU_UNKNOWN_KEY || rc == PAGU_ARGUMENT);
        pagu_expr_release(e);
    }
    assert_true(read > 200 && refused > 1000);
}

static void formula__random_bytes_are_refused(void **state)
{
    (void)state;
    rng r = { 11 };
    for (int i = 0; i < 20000; i++) {
        char text[64];
        pagu_expr *e = NULL;
        int n = (int)(rng_next(&r) % 60);
        for (int k = 0; k < n; k++)
            text[k] = (char)(1 + rng_next(&r) % 255);
        text[n] = '\0';
        if (pagu_expr_parse(f.ctx, f.plan, text, &e, &err) == PAGU_OK)
            pagu_expr_release(e);
    }
}

/* ---- memory ---- */

static pagu_code read_and_compute(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_view *view = NULL;
    pagu_expr *e = NULL;
    pagu_field field;
    pagu_table *t = NULL;
    pagu_expr_value v;
    pagu_row row = 0;
    pagu_code rc = open_plan(ctx, &plan);
    if (!rc) {
        view = pagu_view_open(plan, pagu_plan_default_stage(plan));
        rc = view ? PAGU_OK : PAGU_NO_MEMORY;
    }
    if (!rc)
        rc = pagu_expr_parse(ctx, plan,
                             "if(sum(item under '1', budget) > 5 and 'a' = 'b', max(budget, 5), default(-target, 1)) "
                             "+ count(children) + achievement[year-1] + count(item, present(target))",
                             &e, &err);
    if (!rc)
        rc = pagu_expr_eval(e, view, &row, 1, &v, &err);
    if (!rc)
        rc = pagu_define_field(plan, "mine", "T", "double_cost - unit_cost", &field, &err);
    if (!rc)
        rc = pagu_explain_field(view, row, PAGU_NO_INDICATOR, field, 2, 0, 0, &t, &err);
    if (t)
        pagu_table_free(t);
    pagu_expr_release(e);
    pagu_view_close(view);
    pagu_plan_release(plan);
    return rc;
}

static void formula__every_failed_allocation_is_told_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(read_and_compute, NULL) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(formula__kinds_of_results, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formula__a_missing_cell_says_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formula__arrays_are_what_values_are_over_many_blocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formula__fields_are_found_and_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formula__is_written_with_its_plan_and_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formula__a_tower_of_formulas_is_refused_before_it_takes_for_ever, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(formula__random_texts_are_read_or_refused_with_a_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formula__random_bytes_are_refused, set_up, tear_down),
        cmocka_unit_test(formula__every_failed_allocation_is_told_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
