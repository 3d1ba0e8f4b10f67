/* test_import.c - the importer from C: codes, plain decimals, little memory, damaged files.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "pagu/package.h"
#include "pagu/view.h"
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"
#include "support/workbook.h"

static const char table[] = "Kode;Nama;Indikator;Target 2025;Pagu 2025;Sumber Dana;Lokasi;Catatan\n"
                            "1.06;Bidang;;;3.000.000;;Kota;\n"
                            "1.06.01;Program;Persen layanan;100 %;3.000.000;APBD;Kota;penting\n"
                            "1.06.01.2.01;Kegiatan;Jumlah orang;26 Orang;1.000.000;APBD;Kota;\n"
                            "1.06.01.2.02;Kegiatan lain;Nilai;72,00 / B;2.000.000;DAK;Barat;\n"
                            ";JUMLAH;;;3.000.000;;;\n";

static const char objects[] =
    "[{\"kode\": \"1.06\", \"nama\": \"a\", \"pagu 2025\": 5, \"satuan\": \"Orang\", \"target 2025\": 2},\n"
    " {\"kode\": \"1.06.01\", \"nama\": \"b\", \"pagu 2025\": \"1.500.000\", \"target 2025\": null}]";

static const char sheet[] =
    "<row><c t='inlineStr'><is><t>Kode</t></is></c><c t='inlineStr'><is><t>Nama</t></is></c><c "
    "t='inlineStr'><is><t>Pagu "
    "2025</t></is></c></row><row><c t='inlineStr'><is><t>1.06</t></is></c><c t='inlineStr'><is><t>a</t></is></c><c>"
    "<v>5.0688E9</v></c></row>";

static pagu_code import_one(pagu_ctx *ctx, const char *name, const char *bytes, size_t len, uint32_t *rejected,
                            pagu_plan **plan, pagu_error *err)
{
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_import *im = fs ? pagu_import_new(ctx, fs) : NULL;
    pagu_code code = im ? PAGU_OK : PAGU_NO_MEMORY;
    pagu_import_options o = PAGU_IMPORT_OPTIONS_INIT;
    pagu_table *t = NULL, *m = NULL;
    o.year = 2025;
    *plan = NULL;
    if (im)
        code = pagu_import_bytes(im, name, bytes, len, &o, err);
    if (code == PAGU_OK)
        code = pagu_import_finish(im, plan, err);
    if (code == PAGU_OK)
        code = pagu_import_summary(im, *plan, &t, err);
    if (code == PAGU_OK)
        code = pagu_import_mapping(im, &m, err);
    *rejected = im ? pagu_import_rejected(im) : 0;
    pagu_table_free(t);
    pagu_table_free(m);
    pagu_import_free(im);
    pagu_findings_free(fs);
    return code;
}

static void assert_total(const char *name, const char *bytes, size_t len, pagu_money expected)
{
    pagu_ctx *ctx = english_ctx();
    pagu_error err = { 0 };
    pagu_plan *plan;
    uint32_t rejected;
    pagu_column column;
    assert_ok(import_one(ctx, name, bytes, len, &rejected, &plan, &err), &err);
    assert_int_equal(rejected, 0);
    pagu_view *v = pagu_view_open(plan, pagu_plan_default_stage(plan));
    assert_ok(pagu_view_find_column(v, "budget", "2025", &column, &err), &err);
    assert_true(pagu_view_money(v, 0, column).value == expected);
    pagu_view_close(v);
    pagu_plan_release(plan);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void import__every_kind_of_file_gives_its_total(void **state)
{
    (void)state;
    workbook w;
    workbook_make(&w, sheet, NULL);
    assert_total("a.csv", table, sizeof table - 1, 3000000);
    assert_total("a.json", objects, sizeof objects - 1, 1500000);
    assert_total("a.xlsx", w.bytes, w.len, INT64_C(5068800000));
    workbook_free(&w);
}

static void import__codes_are_read_as_tables_print_them(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "1", "1" },
        { "1.6", "1.06" },
        { "1|06|01|2.02.|01", "1.06.01.2.02.01" },
        { "1|6.|01|2.0 1.|0 6", "1.06.01.2.01.06" },
        { "2|13|4|2.01.|18", "2.13.04.2.01.18" },
        { "1 06 01 2.02 01", "1.06.01.2.02.01" },
        { "1.06.04.2.01.0001", "1.06.04.2.01.0001" },
        { "2 13 5", "2.13.05" },
        { "1.06.01.2.0 1", "1.06.01.2.01" },
        { " 1.06. ", "1.06" },
        { "X.XX.01", "X.XX.01" },
        { "1.06.1.2.3.4", "1.06.01.2.03.04" },
        { "7.01.0.00", "7.01.00.00" },
    };
    static const char *const none[] = { "", "-", "kegiatan", "1.06 (lama)", "..", "a b" };
    char code[CODE_SIZE];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(code_read(cases[i][0], NULL, true, code));
        assert_string_equal(code, cases[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(code_read(none[i], NULL, true, code));
}

static void import__a_code_longer_than_any_is_refused(void **state)
{
    (void)state;
    char text[2000], code[CODE_SIZE];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? '.' : '1';
    text[sizeof text - 1] = '\0';
    assert_false(code_read(text, NULL, true, code));
    assert_false(code_read(text, NULL, false, code));
}

static void import__decimals_become_plain_digit_by_digit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int shift;
        const char *plain;
    } cases[] = {
        { "5.0688E9", 0, "5068800000" },
        { "1E-3", 0, "0.001" },
        { "0.8828", 2, "88.28" },
        { "1", 2, "100" },
        { "-0.005", 2, "-0.5" },
        { "000", 0, "0" },
        { "-0.0", 0, "0" },
        { "12.50", 0, "12.5" },
        { "+7", 0, "7" },
        { "1e+2", 0, "100" },
        { ".5", 0, "0.5" },
        { "5.", 0, "5" },
        { "123456789012345678901234567890", -30, "0.12345678901234567890123456789" },
    };
    static const char *const bad[] = { "", "-", ".", "1e", "1.2.3", "0x5", "1e9999", "nan", "1 2" };
    char buf[900];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int n = plain_decimal(buf, sizeof buf, cases[i].text, strlen(cases[i].text), cases[i].shift);
        assert_string_equal(buf, cases[i].plain);
        assert_int_equal(n, strlen(buf));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(plain_decimal(buf, sizeof buf, bad[i], strlen(bad[i]), 0), -1);
}

static void import__shifting_a_decimal_there_and_back_changes_nothing(void **state)
{
    (void)state;
    rng r = { 7 };
    for (int i = 0; i < 2000; i++) {
        char text[64], there[900], back[900], plain[900];
        int shift = (int)rng_below(&r, 41) - 20;
        snprintf(text, sizeof text, "%s%llu.%llu", rng_below(&r, 2) ? "-" : "",
                 (unsigned long long)rng_below(&r, 1u << 30), (unsigned long long)rng_below(&r, 1u << 20));
        assert_true(plain_decimal(plain, sizeof plain, text, strlen(text), 0) > 0);
        assert_true(plain_decimal(there, sizeof there, text, strlen(text), shift) > 0);
        assert_true(plain_decimal(back, sizeof back, there, strlen(there), -shift) > 0);
        assert_string_equal(back, plain);
    }
}

typedef struct input {
    const char *name, *bytes;
    size_t len;
} input;

static pagu_code import_in_little_memory(pagu_ctx *ctx, void *arg)
{
    const input *in = arg;
    pagu_plan *plan;
    uint32_t rejected;
    pagu_error err = { 0 };
    pagu_code code = import_one(ctx, in->name, in->bytes, in->len, &rejected, &plan, &err);
    pagu_plan_release(plan);
    return code;
}

static void import__every_failing_allocation_is_survived(void **state)
{
    (void)state;
    workbook w;
    workbook_make(&w, sheet, NULL);
    static const char small[] =
        "Kode;Nama;Indikator;Target 2025;Pagu 2025;Sumber Dana\n1.06;B;i;5 Orang;3.000.000;APBD\n";
    input inputs[] = { { "a.csv", small, sizeof small - 1 }, { "a.xlsx", w.bytes, w.len } };
    for (size_t i = 0; i < COUNT_OF(inputs); i++)
        assert_true(for_each_failing_allocation(import_in_little_memory, &inputs[i]) > 50);
    workbook_free(&w);
}

/* Any answer will do, but it must be an answer, and leave nothing allocated. */
static void survive(const char *name, const char *bytes, size_t len)
{
    pagu_ctx *ctx = english_ctx();
    pagu_plan *plan;
    uint32_t rejected;
    pagu_error err = { 0 };
    char *copy = malloc(len ? len : 1); /* exactly as long, for the sanitizer */
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    pagu_code code = import_one(ctx, name, copy, len, &rejected, &plan, &err);
    assert_true(code == PAGU_OK || err.message[0]);
    pagu_plan_release(plan);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    free(copy);
}

static void import__damaged_files_are_survived(void **state)
{
    (void)state;
    const input inputs[] = { { "a.csv", table, sizeof table - 1 }, { "a.json", objects, sizeof objects - 1 } };
    rng r = { 21 };
    for (size_t k = 0; k < COUNT_OF(inputs); k++)
        for (int i = 0; i < 300; i++) {
            char bytes[sizeof table];
            memcpy(bytes, inputs[k].bytes, inputs[k].len);
            for (uint64_t n = rng_below(&r, 6) + 1; n > 0; n--)
                bytes[rng_below(&r, inputs[k].len)] = (char)rng_below(&r, 256);
            survive(inputs[k].name, bytes, inputs[k].len - rng_below(&r, 3));
        }
    for (size_t len = 0; len < sizeof table; len += 7)
        survive("a.csv", table, len);
}

static void import__damaged_workbooks_are_survived(void **state)
{
    (void)state;
    rng r = { 33 };
    for (int i = 0; i < 200; i++) {
        char rows[sizeof sheet];
        memcpy(rows, sheet, sizeof sheet);
        for (int k = 0; k < 4; k++)
            rows[rng_below(&r, sizeof sheet - 1)] = (char)(32 + rng_below(&r, 95));
        workbook w;
        workbook_make(&w, rows, NULL);
        survive("a.xlsx", w.bytes, w.len);
        workbook_free(&w);
    }
}

static void import__templates_with_faults_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "[]", "template t.json: /: must be an object" },
        { "{\"colums\": []}", "template t.json: colums: unknown key" },
        { "{\"columns\": [{\"headers\": [\"a\"], \"is\": \"kode\"}]}",
          "template t.json: kode: must be code, level, name, indicator, unit, money, measure, claim, tag, text, "
          "number, "
          "printed or ignore" },
        { "{\"columns\": [{\"headers\": [\"a\"], \"is\": \"money\"}]}",
          "template t.json: field: a column of money, measure, claim or tag needs it" },
        { "{\"columns\": [{\"headers\": [], \"is\": \"code\"}]}", "template t.json: headers: must be a list of texts" },
        { "{\"unit\": 7}", "template t.json: unit: must be 1, 10, 100, 1000 and so on" },
    };
    char folder[] = "/tmp/pagu-template-XXXXXX", here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    pagu_ctx *ctx = english_ctx();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        import_template *t;
        pagu_error err = { 0 };
        assert_ok(pagu_write_atomic(ctx, "t.json", cases[i].text, strlen(cases[i].text), &err), &err);
        assert_int_not_equal(template_open(ctx, "t.json", &t, &err), PAGU_OK);
        assert_string_equal(err.message, cases[i].message);
    }
    for (uint32_t i = 0; pagu_import_template_name(i); i++) { /* what we ship is right */
        import_template *t;
        pagu_error err = { 0 };
        assert_ok(template_open(ctx, pagu_import_template_name(i), &t, &err), &err);
        template_close(ctx, t);
    }
    remove("t.json");
    assert_int_equal(chdir(here), 0);
    rmdir(folder);
    pagu_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(import__every_kind_of_file_gives_its_total),
        cmocka_unit_test(import__codes_are_read_as_tables_print_them),
        cmocka_unit_test(import__a_code_longer_than_any_is_refused),
        cmocka_unit_test(import__decimals_become_plain_digit_by_digit),
        cmocka_unit_test(import__shifting_a_decimal_there_and_back_changes_nothing),
        cmocka_unit_test(import__every_failing_allocation_is_survived),
        cmocka_unit_test(import__damaged_files_are_survived),
        cmocka_unit_test(import__damaged_workbooks_are_survived),
        cmocka_unit_test(import__templates_with_faults_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
