/* test_code.c - codes and keys: order, leading zeros, lookup, nearest names.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"
#include "support/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int compare(const char *a, const char *b)
{
    int forth = code_compare(a, b, '.'), back = code_compare(b, a, '.');
    assert_int_equal(forth, -back);
    return forth;
}

static const char *normal(const char *code)
{
    static char out[300];
    out[0] = '\0';
    code_normalise(code, strlen(code), '.', out, sizeof out);
    return out;
}

static const char *canonical(const char *key)
{
    static char out[300];
    assert_true(key_canonical(key, strlen(key), out, sizeof out) > 0);
    return out;
}

/* ---- order ---- */

static void code__segments_compare_as_numbers_not_as_text(void **state)
{
    (void)state;
    assert_int_equal(compare("1.9", "1.10"), -1);
    assert_int_equal(compare("1.06.2", "1.06.10"), -1);
    assert_int_equal(compare("99999999999999999998", "99999999999999999999"), -1);
    assert_int_equal(compare("9", "10000000000000000000000"), -1);
}

static void code__leading_zeros_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(compare("1.06.01", "1.6.1"), 0);
    assert_int_equal(compare("0001", "01"), 0);
    assert_int_equal(compare("01.2", "1.1"), 1);
    assert_int_equal(compare("0", "00"), 0);
    assert_int_equal(compare("00", "1"), -1);
}

static void code__a_prefix_comes_before_what_lies_below(void **state)
{
    (void)state;
    assert_int_equal(compare("1.06", "1.06.01"), -1);
    assert_int_equal(compare("", "1"), -1);
    assert_int_equal(compare("1.06.01", "1.06.01#5"), -1);
}

static void code__lines_come_after_codes_below(void **state)
{
    (void)state;
    assert_int_equal(compare("1.06.99", "1.06#"), -1);
    assert_int_equal(compare("1.06.99.1", "1.06#5.1"), -1);
}

static void code__numbers_come_before_words(void **state)
{
    (void)state;
    assert_int_equal(compare("1.99", "1.X"), -1);
    assert_int_equal(compare("X.XX", "X.XY"), -1);
    assert_int_equal(compare("abc", "abcd"), -1);
    assert_int_equal(compare("2a", "10"), 1);
}

static void code__without_separator_codes_compare_as_text(void **state)
{
    (void)state;
    assert_true(code_compare("12", "2", '\0') < 0);
    assert_true(code_compare("1", "12", '\0') < 0);
    assert_true(code_compare("01", "1", '\0') < 0);
}

static void random_code(rng *r, char *out)
{
    static const char *const parts[] = { "1", "01", "2", "10", "0", "00", "x", "X9", "09a", "" };
    static const char marks[] = "..../#";
    size_t n = 1 + rng_below(r, 4);
    *out = '\0';
    for (size_t i = 0; i < n; i++) {
        strcat(out, parts[rng_below(r, COUNT_OF(parts))]);
        if (i + 1 < n)
            strncat(out, &marks[rng_below(r, sizeof marks - 1)], 1);
    }
}

static void code__order_is_total_and_agrees_with_normal_form(void **state)
{
    (void)state;
    rng r = { 7 };
    char a[64], b[64], c[64], na[64];
    for (int i = 0; i < 20000; i++) {
        random_code(&r, a);
        random_code(&r, b);
        random_code(&r, c);
        int ab = compare(a, b), bc = compare(b, c), ac = compare(a, c);
        if (ab <= 0 && bc <= 0 && ac > 0)
            fail_msg("%s <= %s <= %s, but not %s <= %s", a, b, c, a, c);
        strcpy(na, normal(a));
        if ((ab == 0) != str_eq(na, normal(b)))
            fail_msg("%s and %s: order %d, normal forms %s and %s", a, b, ab, na, normal(b));
        assert_int_equal(code_same(a, strlen(a), b, strlen(b), '.'), ab == 0);
        if (ab == 0)
            assert_int_equal(code_hash(a, strlen(a), '.'), code_hash(b, strlen(b), '.'));
    }
}

/* ---- normal form and keys ---- */

static void code__normal_form_drops_zeros_of_numbers_only(void **state)
{
    (void)state;
    assert_string_equal(normal("1.06.01.2.02.0001"), "1.6.1.2.2.1");
    assert_string_equal(normal("0"), "0");
    assert_string_equal(normal("000.0x"), "0.0x");
    assert_string_equal(normal("dinsos/01.02#05.1"), "dinsos/1.2#5.1");
    assert_string_equal(normal("X.XX"), "X.XX");
}

static void code__normal_form_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char out[5];
    assert_int_equal(code_normalise("1.23", 4, '.', out, 5), 4);
    assert_int_equal(code_normalise("1.234", 5, '.', out, 5), 0);
    assert_int_equal(code_normalise("1.0004", 6, '.', out, 5), 3);
    assert_int_equal(code_normalise("1", 1, '.', out, 0), 0);
    assert_int_equal(code_normalise("12345", 5, '\0', out, 5), 0);
}

static void key__the_root_has_several_spellings(void **state)
{
    (void)state;
    assert_string_equal(canonical(""), "/");
    assert_string_equal(canonical("."), "/");
    assert_string_equal(canonical("/"), "/");
    assert_string_equal(canonical(".#"), "/#");
    assert_string_equal(canonical("/#"), "/#");
    assert_string_equal(canonical("dinsos/."), "dinsos");
    assert_string_equal(canonical("dinsos/"), "dinsos");
    assert_string_equal(canonical("/1.06"), "1.06");
    assert_string_equal(canonical("1.06#"), "1.06#");
    assert_string_equal(canonical("1."), "1.");
}

/* ---- lookup in a plan ---- */

static pagu_plan *build(pagu_ctx *ctx, bool with_mounts)
{
    static const char *const codes[] = { ".", "1", "1.06", "1.06.01", "1.06.01.2.02", "1.06.04" };
    static const char *const names[] = { "Renja", "Urusan wajib", "Sosial", "Penunjang", "Keuangan", "Rehabilitasi" };
    pagu_builder *b = pagu_builder_new(ctx, NULL);
    pagu_source src = { "nodes.csv", 2 };
    pagu_plan *plan = NULL;
    pagu_error err;
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024 });
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final" }, src);
    for (int m = 0; m < (with_mounts ? 3 : 1); m++) {
        static const char *const mounts[] = { "", "dinsos", "dinkes" };
        if (m)
            pagu_builder_mount(b, mounts[m], ".");
        for (size_t i = 0; i < COUNT_OF(codes); i++)
            if (!with_mounts || m || i == 0)
                pagu_builder_node(b, &(pagu_node_def){ .id = codes[i], .name = names[i], .sign = 1 }, src);
        if (m)
            pagu_builder_mount(b, NULL, NULL);
    }
    if (pagu_builder_finish(b, &plan, &err))
        fail_msg("%s", err.message);
    return plan;
}

static pagu_ctx *english(void)
{
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    o.lang = PAGU_LANG_EN;
    return pagu_ctx_new(&o);
}

static void finish(pagu_ctx *ctx, pagu_plan *plan)
{
    pagu_plan_release(plan);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void key__any_spelling_finds_its_row(void **state)
{
    (void)state;
    pagu_ctx *ctx = english();
    pagu_plan *plan = build(ctx, false);
    static const char *const spellings[] = { "1.06.01", "1.6.1", "01.06.01", "/1.06.01" };
    pagu_row row;
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        assert_int_equal(plan_find_row(plan, spellings[i], &row, NULL), PAGU_OK);
        assert_string_equal(plan_str(plan, plan->key[row]), "1.06.01");
    }
    assert_int_equal(plan_find_row(plan, ".", &row, NULL), PAGU_OK);
    assert_int_equal(row, 0);
    finish(ctx, plan);
}

static void key__an_unknown_one_names_the_nearest(void **state)
{
    (void)state;
    pagu_ctx *ctx = english();
    pagu_plan *plan = build(ctx, false);
    pagu_row row;
    pagu_error err;
    assert_int_equal(plan_find_row(plan, "1.06.05", &row, &err), PAGU_UNKNOWN_KEY);
    assert_non_null(strstr(err.message, "1.06.04"));
    assert_string_equal(err.node, "1.06.05");
    assert_int_equal(plan_find_row(plan, "rehabilitasi", &row, &err), PAGU_UNKNOWN_KEY);
    assert_non_null(strstr(err.message, "1.06.04"));
    assert_int_equal(plan_find_row(plan, "1.06.01.2.99.99.99", &row, &err), PAGU_UNKNOWN_KEY);
    assert_non_null(strstr(err.message, "1.06.01.2.02"));
    assert_int_equal(plan_find_row(plan, "something else altogether", &row, &err), PAGU_UNKNOWN_KEY);
    assert_null(strstr(err.message, "nearest"));
    finish(ctx, plan);
}

static void key__a_bare_code_of_several_mounts_lists_them(void **state)
{
    (void)state;
    pagu_ctx *ctx = english();
    pagu_plan *plan = build(ctx, true);
    pagu_row row, rows[4];
    pagu_error err;
    assert_int_equal(plan_lookup(plan, "1.6.1", 5, rows, 4), 2);
    assert_int_equal(plan_find_row(plan, "1.06.01", &row, &err), PAGU_AMBIGUOUS_KEY);
    assert_non_null(strstr(err.message, "dinkes/1.06.01, dinsos/1.06.01"));
    assert_int_equal(plan_find_row(plan, "dinkes/1.6.1", &row, &err), PAGU_OK);
    assert_string_equal(plan_str(plan, plan->code[row]), "1.06.01");
    assert_int_equal(plan_find_row(plan, "dinsos", &row, &err), PAGU_OK);
    assert_int_equal(plan_find_row(plan, "dinsos/.", &row, &err), PAGU_OK);
    assert_int_equal(plan->depth[row], 1);
    assert_int_equal(plan_lookup(plan, "1.6.1", 5, rows, 1), 2);
    finish(ctx, plan);
}

static void key__no_spelling_is_too_long_or_strange_to_ask(void **state)
{
    (void)state;
    pagu_ctx *ctx = english();
    pagu_plan *plan = build(ctx, false);
    char longest[2000];
    pagu_row row;
    pagu_error err;
    memset(longest, '7', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(plan_find_row(plan, longest, &row, &err), PAGU_UNKNOWN_KEY);
    for (size_t len = 250; len < 260; len++)
        assert_int_equal(plan_lookup(plan, longest, len, &row, 1), 0);
    static const char *const strange[] = { "#", "##", "1.06##", "//", "/./", "1..06", "\xFF\xFE", "1.06.01#" };
    for (size_t i = 0; i < COUNT_OF(strange); i++) {
        pagu_code code = plan_find_row(plan, strange[i], &row, &err);
        assert_true(code == PAGU_UNKNOWN_KEY || (code == PAGU_OK && row == 0));
    }
    finish(ctx, plan);
}

/* ---- nearest names and sorting ---- */

static void nearest__keeps_the_best_three_in_order(void **state)
{
    (void)state;
    nearest n;
    nearest_init(&n, "budget");
    nearest_offer(&n, "spent");
    nearest_offer(&n, "budgets");
    nearest_offer(&n, "bugdte");
    nearest_offer(&n, "BUDGET");
    nearest_offer(&n, "buget");
    assert_int_equal(n.count, 3);
    assert_string_equal(n.name[0], "BUDGET");
    assert_string_equal(n.name[1], "budgets");
    assert_string_equal(n.name[2], "buget");
}

static int by_tens(const void *ud, uint32_t a, uint32_t b)
{
    const uint32_t *values = ud;
    return (values[a] / 10 > values[b] / 10) - (values[a] / 10 < values[b] / 10);
}

static void sort__is_stable_and_complete(void **state)
{
    (void)state;
    rng r = { 3 };
    uint32_t values[500], items[500], scratch[500];
    for (int round = 0; round < 200; round++) {
        uint32_t n = (uint32_t)rng_below(&r, COUNT_OF(values) + 1);
        for (uint32_t i = 0; i < n; i++) {
            values[i] = (uint32_t)rng_below(&r, 200);
            items[i] = i;
        }
        sort_indices(items, scratch, n, by_tens, values);
        for (uint32_t i = 1; i < n; i++) {
            int order = by_tens(values, items[i - 1], items[i]);
            assert_true(order < 0 || (order == 0 && items[i - 1] < items[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code__segments_compare_as_numbers_not_as_text),
        cmocka_unit_test(code__leading_zeros_do_not_count),
        cmocka_unit_test(code__a_prefix_comes_before_what_lies_below),
        cmocka_unit_test(code__lines_come_after_codes_below),
        cmocka_unit_test(code__numbers_come_before_words),
        cmocka_unit_test(code__without_separator_codes_compare_as_text),
        cmocka_unit_test(code__order_is_total_and_agrees_with_normal_form),
        cmocka_unit_test(code__normal_form_drops_zeros_of_numbers_only),
        cmocka_unit_test(code__normal_form_that_does_not_fit_is_refused),
        cmocka_unit_test(key__the_root_has_several_spellings),
        cmocka_unit_test(key__any_spelling_finds_its_row),
        cmocka_unit_test(key__an_unknown_one_names_the_nearest),
        cmocka_unit_test(key__a_bare_code_of_several_mounts_lists_them),
        cmocka_unit_test(key__no_spelling_is_too_long_or_strange_to_ask),
        cmocka_unit_test(nearest__keeps_the_best_three_in_order),
        cmocka_unit_test(sort__is_stable_and_complete),
    };
    return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
