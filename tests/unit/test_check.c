/* test_check.c - built-in checks: footing, printed cells, lost rows.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "pagu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/failing_alloc.h"

#define TARAKAN "examples/renja-tarakan-2024"

static pagu_ctx *ctx;
static pagu_findings *findings;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    findings = pagu_findings_new(ctx);
    return findings ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_findings_free(findings);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static void check_plan(pagu_plan *plan)
{
    pagu_view *v = pagu_view_open(plan, pagu_plan_default_stage(plan));
    assert_int_equal(pagu_check(v, findings, NULL), PAGU_OK);
    pagu_view_close(v);
    pagu_plan_release(plan);
}

static pagu_plan *open_tarakan(void)
{
    pagu_plan *plan;
    assert_int_equal(pagu_package_open(ctx, TARAKAN, findings, &plan, NULL), PAGU_OK);
    return plan;
}

static uint32_t count(const char *rule, const char *table)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pagu_findings_count(findings); i++) {
        const pagu_finding *f = pagu_findings_get(findings, i);
        n += strcmp(f->rule, rule) == 0 && (!table || strcmp(f->file, table) == 0);
    }
    return n;
}

static const pagu_finding *find(const char *rule, const char *table, const char *key)
{
    for (uint32_t i = 0; i < pagu_findings_count(findings); i++) {
        const pagu_finding *f = pagu_findings_get(findings, i);
        if (strcmp(f->rule, rule) == 0 && strcmp(f->file, table) == 0 && strcmp(f->key, key) == 0)
            return f;
    }
    fail_msg("no %s in %s for %s", rule, table, key);
    return NULL;
}

static void check__a_lost_row_leaves_a_gap_in_its_table(void **state)
{
    (void)state;
    check_plan(open_tarakan());
    const pagu_finding *f = find("footing", "T7", "1.06.04.2.01");
    assert_string_equal(f->printed, "177.453.130");
    assert_string_equal(f->computed, "167.643.130");
    assert_string_equal(f->column, "pagu");
    assert_int_equal(f->line, 30);
    assert_non_null(strstr(f->details, "1.06.04.2.01.12"));
    assert_int_equal(f->source_line, 837);
}

static void check__values_printed_two_ways_are_told_where_they_differ(void **state)
{
    (void)state;
    check_plan(open_tarakan());
    const pagu_finding *f = find("tables-differ", "T8", "1.06.02.2.03.01#1");
    assert_string_equal(f->printed, "0 orang");
    assert_string_equal(f->computed, "100 orang");
    assert_non_null(strstr(f->message, "T7"));
    find("tables-differ", "T8", "2.13.05.2.01.04#1");
    find("tables-differ", "T5", "iku8");
}

static void check__finds_the_same_every_time(void **state)
{
    (void)state;
    check_plan(open_tarakan());
    uint32_t n = pagu_findings_count(findings);
    check_plan(open_tarakan());
    assert_int_equal(pagu_findings_count(findings), 2 * n);
    for (uint32_t i = 0; i < n; i++) {
        const pagu_finding *a = pagu_findings_get(findings, i), *b = pagu_findings_get(findings, n + i);
        assert_string_equal(a->message, b->message);
        assert_string_equal(a->key, b->key);
    }
}

/* ---- small packages ---- */

/* Node 1 with lines 1.1 = 100, 1.2 = 20; an indicator; then rows of tables, printed, suppressions. */
static pagu_plan *small(const char *extra)
{
    static const char head[] =
        "{\"pagu\": {\"format\": 1, \"year\": 2024, \"locale\": \"id\"}, \"resources\": ["
        "{\"name\": \"stages\", \"data\": [[\"stage\", \"name\", \"kind\", \"rank\"], [\"common\", \"U\", \"common\", "
        "0],"
        " [\"final\", \"Akhir\", \"plan\", 1]]},"
        "{\"name\": \"levels\", \"data\": [[\"tree\", \"level\", \"rank\", \"name\"], [\"main\", \"plan\", 0, \"P\"],"
        " [\"main\", \"a\", 1, \"A\"], [\"main\", \"b\", 2, \"B\"]]},"
        "{\"name\": \"nodes\", \"data\": [[\"node\", \"level\", \"name\"], [\".\", \"plan\", \"R\"], [\"1\", \"a\", "
        "\"One\"],"
        " [\"1.1\", \"b\", \"x\"], [\"1.2\", \"b\", \"y\"]]},"
        "{\"name\": \"units\", \"data\": [[\"unit\", \"name\", \"kind\", \"synonyms\"], [\"orang\", \"Orang\", "
        "\"count\", \"org\"],"
        " [\"orang/bulan\", \"Orang / Bulan\", \"count\", \"\"],"
        " [\"mutu\", \"Mutu\", \"ordinal\", \"\"]]},"
        "{\"name\": \"indicators\", \"data\": [[\"indicator\", \"owner\", \"name\", \"unit\"], [\"i\", \"1\", \"I\", "
        "\"orang\"]]},"
        "{\"name\": \"measures\", \"data\": [[\"indicator\", \"stage\", \"period\", \"field\", \"value\", \"unit\", "
        "\"text\"],"
        " [\"i\", \"final\", \"2024\", \"target\", 1500, null, null], [\"i\", \"final\", \"2025\", \"target\", null, "
        "\"mutu\", \"Baik\"]]},"
        "{\"name\": \"amounts\", \"data\": [[\"node\", \"stage\", \"period\", \"budget\"], [\"1.1\", \"final\", "
        "\"2024\", 100000],"
        " [\"1.2\", \"final\", \"2024\", 20000], [\"1\", \"final\", \"2024\", %s]]}%s]}";
    char text[6000];
    pagu_plan *plan;
    pagu_error err = { 0 };
    const char *amount = extra ? "120000" : "120001";
    snprintf(text, sizeof text, head, amount, extra ? extra : "");
    if (pagu_package_read_json(ctx, text, strlen(text), "a.json", findings, &plan, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    return plan;
}

#define TABLES(scope)                                                                                                  \
    ",{\"name\": \"tables\", \"data\": [[\"table\", \"title\", \"stage\", \"levels\", \"scope\", \"locale\"],"         \
    "[\"T\", \"Table\", \"final\", \"a b\", \"" scope "\", \"id\"]]}"
#define PRINTED                                                                                                        \
    ",{\"name\": \"printed\", \"data\": [[\"table\", \"row\", \"column\", \"owner\", \"field\", \"stage\", "           \
    "\"period\", \"text\"]"
#define CELL(row, owner, text)                                                                                         \
    ",[\"T\", " #row ", \"pagu\", \"" owner "\", \"budget\", \"final\", \"2024\", \"" text "\"]"
#define TARGET(row, year, text)                                                                                        \
    ",[\"T\", " #row ", \"target\", \"i\", \"target\", \"final\", \"" year "\", \"" text "\"]"

static void check__an_amount_that_does_not_foot_is_found(void **state)
{
    (void)state;
    check_plan(small(NULL));
    assert_int_equal(pagu_findings_count(findings), 1);
    const pagu_finding *f = find("footing", "amounts.csv", "1");
    assert_string_equal(f->column, "budget");
    assert_string_equal(f->printed, "120.001");
    assert_string_equal(f->computed, "120.000");
}

static void check__what_is_right_is_not_told(void **state)
{
    (void)state;
    check_plan(small(TABLES("all") PRINTED CELL(1, "1", "120.000,00") CELL(2, "1.1", "Rp 100.000") CELL(
        3, "1.2", "20.000") TARGET(1, "2024", "1.500 Org") TARGET(2, "2024", "1500") TARGET(3, "2025", "Baik") "]}"));
    assert_int_equal(pagu_findings_count(findings), 0);
}

static void check__a_wrong_line_is_one_finding_not_three(void **state)
{
    (void)state;
    check_plan(
        small(TABLES("all") PRINTED CELL(1, "1", "120.005") CELL(2, "1.1", "100.005") CELL(3, "1.2", "20.000") "]}"));
    assert_int_equal(pagu_findings_count(findings), 1);
    find("printed-differs", "T", "1.1");
}

static void check__a_wrong_sum_is_one_finding(void **state)
{
    (void)state;
    check_plan(
        small(TABLES("all") PRINTED CELL(1, "1", "120.005") CELL(2, "1.1", "100.000") CELL(3, "1.2", "20.000") "]}"));
    assert_int_equal(pagu_findings_count(findings), 1);
    assert_string_equal(find("footing", "T", "1")->computed, "120.000");
}

static void check__an_empty_sum_is_transparent(void **state)
{
    (void)state;
    check_plan(small(TABLES("all") PRINTED CELL(0, "/", "120.000") CELL(1, "1", "") CELL(2, "1.1", "100.000")
                         CELL(3, "1.2", "20.000") "]}"));
    assert_int_equal(pagu_findings_count(findings), 1);
    find("printed-missing", "T", "1");
}

static void check__a_table_that_lists_some_rows_is_not_footed(void **state)
{
    (void)state;
    check_plan(small(TABLES("listed") PRINTED CELL(1, "1", "120.000") CELL(2, "1.1", "100.000") "]}"));
    assert_int_equal(pagu_findings_count(findings), 0);
    check_plan(small(TABLES("listed") PRINTED CELL(1, "1", "12.000.000") "]}"));
    assert_int_equal(pagu_findings_count(findings), 1);
    assert_non_null(strstr(find("footing", "T", "1")->message, "zeros"));
}

static void check__differences_of_marks_are_notes(void **state)
{
    (void)state;
    check_plan(
        small(TABLES("listed") PRINTED
              ",[\"T\", 1, \"pagu\", \"1.1\", \"budget\", \"final\", \"2025\", \"-\"]" TARGET(2, "2026", "-") "]}"));
    assert_int_equal(count("printed-marks", "T"), 2);
    assert_int_equal(pagu_findings_count_at(findings, PAGU_WARNING), 0);
}

static void check__units_and_texts_are_compared(void **state)
{
    (void)state;
    check_plan(small(TABLES("listed") PRINTED TARGET(1, "2024", "1.500 Orang/Bulan") TARGET(2, "2024", "1.501 orang")
                         TARGET(3, "2025", "Buruk") TARGET(4, "2024", "-") "]}"));
    assert_int_equal(count("unit-differs", "T"), 1);
    assert_int_equal(count("printed-differs", "T"), 3);
}

static void check__rows_that_a_table_must_have_are_missed(void **state)
{
    (void)state;
    check_plan(small(TABLES("all") PRINTED CELL(1, "1", "120.000") CELL(2, "1.1", "100.000") "]}"));
    find("row-missing", "T", "1.2");
    assert_int_equal(count("row-missing", NULL), 1);
}

static void check__suppressed_findings_are_left_out(void **state)
{
    (void)state;
    check_plan(small(TABLES("all") PRINTED CELL(1, "1", "120.000") CELL(
        2, "1.1", "100.000") "]},{\"name\": \"suppressions\", \"data\": [[\"rule\", \"owner\", \"table\", \"reason\"],"
                             "[\"row-missing\", \"1.2\", \"T\", \"known\"], [\"footing\", \"\", \"T\", \"known\"]]}"));
    assert_int_equal(pagu_findings_count(findings), 0);
}

static void check__findings_are_a_table(void **state)
{
    (void)state;
    pagu_table *t;
    check_plan(small(NULL));
    assert_int_equal(pagu_findings_table(findings, &t, NULL), PAGU_OK);
    assert_int_equal(pagu_table_row_count(t), 1);
    static const char *const names[] = { "rule",       "severity", "file",        "line",      "column",
                                         "key",        "printed",  "computed",    "message",   "difference",
                                         "suggestion", "details",  "source_line", "suppressed" };
    assert_int_equal(pagu_table_column_count(t), COUNT_OF(names));
    for (uint32_t i = 0; i < COUNT_OF(names); i++)
        assert_string_equal(pagu_table_column_name(t, i), names[i]);
    assert_string_equal(pagu_table_get(t, 0, 0).text, "footing");
    assert_string_equal(pagu_table_get(t, 0, 1).text, "warning");
    assert_int_equal(pagu_table_get(t, 0, 3).state, PAGU_MISSING);
    pagu_table_free(t);
}

static pagu_code check_all(pagu_ctx *c, void *arg)
{
    pagu_plan *plan = NULL;
    pagu_table *t = NULL;
    pagu_findings *fs = pagu_findings_new(c);
    pagu_code code = fs ? pagu_package_open(c, arg, fs, &plan, NULL) : PAGU_NO_MEMORY;
    pagu_view *v = code == PAGU_OK ? pagu_view_open(plan, pagu_plan_default_stage(plan)) : NULL;
    if (code == PAGU_OK)
        code = v ? pagu_check(v, fs, NULL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_findings_table(fs, &t, NULL);
    pagu_table_free(t);
    pagu_text *text = code == PAGU_OK ? pagu_text_new(c) : NULL;
    for (int format = PAGU_FINDINGS_TEXT; text && format <= PAGU_FINDINGS_SARIF && code == PAGU_OK; format++)
        code = pagu_findings_render(fs, v, arg, (pagu_findings_format)format, 100, text, NULL);
    pagu_text_free(text);
    if (v)
        pagu_view_close(v);
    pagu_plan_release(plan);
    pagu_findings_free(fs);
    return code;
}

/* ---- suppressions are written ---- */

static char folder[64]; /* a package of its own, in the folder for temporary files */

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void make_package(void)
{
    static const char json[] = "{\n  \"pagu\": {\"format\": 1, \"year\": 2024},\n  \"resources\": []\n}\n";
    strcpy(folder, "/tmp/pagu-check-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(pagu_write_atomic(ctx, in_folder("datapackage.json"), json, strlen(json), NULL), PAGU_OK);
}

static void remove_package(void)
{
    remove(in_folder("datapackage.json"));
    remove(in_folder("suppressions.csv"));
    assert_int_equal(rmdir(folder), 0);
}

static void assert_file(const char *path, const char *text)
{
    pagu_text *got = pagu_text_new(ctx);
    assert_int_equal(pagu_read_all(ctx, path, 0, got, NULL), PAGU_OK);
    assert_string_equal(pagu_text_data(got), text);
    pagu_text_free(got);
}

static void check__a_suppression_is_a_row_and_lists_its_file_once(void **state)
{
    (void)state;
    make_package();
    pagu_suppression first = {
        .rule = "footing", .reason = "sudah, \"benar\"", .table = "T7", .row = 30, .column = "pagu"
    };
    pagu_suppression second = { .rule = "class-twice", .reason = "kantor", .owner = "DinsosPM" };
    assert_int_equal(pagu_suppress(ctx, folder, &first, NULL), PAGU_OK);
    assert_int_equal(pagu_suppress(ctx, folder, &second, NULL), PAGU_OK);
    assert_file(in_folder("suppressions.csv"),
                "rule,owner,table,row,column,reason\nfooting,,T7,30,pagu,\"sudah, \"\"benar\"\"\"\n"
                "class-twice,DinsosPM,,,,kantor\n");
    pagu_text *json = pagu_text_new(ctx);
    assert_int_equal(pagu_read_all(ctx, in_folder("datapackage.json"), 0, json, NULL), PAGU_OK);
    const char *at = strstr(pagu_text_data(json), "suppressions.csv");
    assert_non_null(at);
    assert_null(strstr(at + 1, "suppressions.csv"));
    pagu_text_free(json);
    remove_package();
}

static void check__a_suppression_without_reason_or_of_no_rule_is_refused(void **state)
{
    (void)state;
    pagu_error err;
    make_package();
    pagu_suppression what = { .rule = "footing", .reason = " " };
    assert_int_equal(pagu_suppress(ctx, folder, &what, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a suppression needs a reason");
    what = (pagu_suppression){ .rule = "fotting", .reason = "x" };
    assert_int_equal(pagu_suppress(ctx, folder, &what, &err), PAGU_NOT_FOUND);
    assert_string_equal(err.message, "no rule \"fotting\"; did you mean footing? check --rules lists them");
    what.rule = "footing";
    assert_int_equal(pagu_suppress(ctx, in_folder("none"), &what, &err), PAGU_NOT_FOUND);
    remove_package();
}

static pagu_code suppress_once(pagu_ctx *c, void *arg)
{
    (void)arg;
    pagu_suppression what = { .rule = "footing", .reason = "x" };
    return pagu_suppress(c, folder, &what, NULL);
}

static void check__suppressing_survives_failing_allocations(void **state)
{
    (void)state;
    make_package();
    assert_true(for_each_failing_allocation(suppress_once, NULL) > 10);
    remove_package();
}

static void check__survives_failing_allocations(void **state)
{
    (void)state;
    /* the second has a fault for most rules: tests/package/test_rules.py made it */
    assert_true(for_each_failing_allocation(check_all, TARAKAN) > 100);
    assert_true(for_each_failing_allocation(check_all, "tests/data/checks.json") > 100);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(check__a_lost_row_leaves_a_gap_in_its_table),
        TEST(check__values_printed_two_ways_are_told_where_they_differ),
        TEST(check__finds_the_same_every_time),
        TEST(check__an_amount_that_does_not_foot_is_found),
        TEST(check__what_is_right_is_not_told),
        TEST(check__a_wrong_line_is_one_finding_not_three),
        TEST(check__a_wrong_sum_is_one_finding),
        TEST(check__an_empty_sum_is_transparent),
        TEST(check__a_table_that_lists_some_rows_is_not_footed),
        TEST(check__differences_of_marks_are_notes),
        TEST(check__units_and_texts_are_compared),
        TEST(check__rows_that_a_table_must_have_are_missed),
        TEST(check__suppressed_findings_are_left_out),
        TEST(check__findings_are_a_table),
        TEST(check__a_suppression_is_a_row_and_lists_its_file_once),
        TEST(check__a_suppression_without_reason_or_of_no_rule_is_refused),
        TEST(check__suppressing_survives_failing_allocations),
        TEST(check__survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
