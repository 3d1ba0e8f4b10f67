/* test_latin.c - Latin hypercubes: one value in each part of a range.
 * SPDX-License-Identifier: MIT */
#include "pagu/sweep.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/failing_alloc.h"

static pagu_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    return ctx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static void latin__meets_each_part_of_a_range_of_numbers_once(void **state)
{
    (void)state;
    static const struct {
        double lo, hi;
        uint32_t n;
    } cases[] = {
        { 0, 1, 1 },       { 0, 1, 7 },         { -3.5, 12.25, 100 }, { 1e-9, 2e-9, 50 }, { 1e12, 3e12, 999 },
        { 0, 1e-300, 20 }, { -1e15, 1e15, 64 }, { 2, 2.0001, 1000 },  { 0, 100, 100000 }, { -1e300, 1e300, 9 }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t n = cases[i].n;
        double *values = calloc(n, sizeof *values);
        char *met = calloc(n, 1);
        assert_int_equal(pagu_latin_numbers(ctx, 11, "a", cases[i].lo, cases[i].hi, n, values, NULL), PAGU_OK);
        for (uint32_t k = 0; k < n; k++) {
            double at = (values[k] - cases[i].lo) / (cases[i].hi - cases[i].lo) * n;
            assert_true(values[k] > cases[i].lo && values[k] < cases[i].hi);
            assert_true(at >= 0 && at < n);
            assert_false(met[(uint32_t)at]++);
        }
        free(values);
        free(met);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void latin__whole_numbers_stay_in_their_parts(void **state)
{
    (void)state;
    static const struct {
        int64_t lo, hi;
        uint32_t n;
    } cases[] = { { 0, 0, 1 },    { 5, 5, 4 },     { 0, 9, 10 },
                  { -7, 12, 20 }, { 1, 1000, 37 }, { INT64_MIN, INT64_MAX, 16 },
                  { 0, 2, 100 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t n = cases[i].n;
        int64_t *v = calloc(n, sizeof *v);
        assert_int_equal(pagu_latin_integers(ctx, 3, "b", cases[i].lo, cases[i].hi, n, v, NULL), PAGU_OK);
        qsort(v, n, sizeof *v, compare);
        __int128 count = (__int128)cases[i].hi - cases[i].lo + 1;
        for (uint32_t k = 0; k < n; k++) {
            __int128 at = (__int128)v[k] - cases[i].lo;
            assert_true(at >= count * k / n && at <= count * (k + 1) / n && at < count);
        }
        if (count == n)
            for (uint32_t k = 0; k < n; k++)
                assert_true(v[k] == cases[i].lo + (int64_t)k);
        free(v);
    }
}

static void latin__depends_on_seed_and_name_only(void **state)
{
    (void)state;
    double a[32], b[32], c[32], d[32];
    pagu_latin_numbers(ctx, 5, "a", 0, 1, 32, a, NULL);
    pagu_latin_numbers(ctx, 5, "a", 0, 1, 32, b, NULL);
    pagu_latin_numbers(ctx, 6, "a", 0, 1, 32, c, NULL);
    pagu_latin_numbers(ctx, 5, "b", 0, 1, 32, d, NULL);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    assert_memory_not_equal(a, d, sizeof a);
}

static void latin__pairs_parameters_at_random(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double a[N], b[N];
    pagu_latin_numbers(ctx, 1, "x", 0, 1, N, a, NULL);
    pagu_latin_numbers(ctx, 1, "y", 0, 1, N, b, NULL);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += (a[i] - 0.5) * (b[i] - 0.5) * 12 / N; /* their correlation: about 1/sqrt(N) */
    assert_true(fabs(sum) < 0.06);
}

static void latin__refuses_ranges_that_do_not_go_up(void **state)
{
    (void)state;
    pagu_error err;
    double x[2];
    int64_t i[2];
    assert_int_equal(pagu_latin_numbers(ctx, 1, "harga", 2, 2, 2, x, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the range of \"harga\" must go up");
    assert_int_equal(pagu_latin_numbers(ctx, 1, "harga", 0, INFINITY, 2, x, &err), PAGU_ARGUMENT);
    assert_int_equal(pagu_latin_numbers(ctx, 1, "harga", NAN, 1, 2, x, &err), PAGU_ARGUMENT);
    assert_int_equal(pagu_latin_numbers(ctx, 1, "harga", 0, 1, 0, x, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a Latin hypercube needs at least one run");
    assert_int_equal(pagu_latin_integers(ctx, 1, "harga", 3, 2, 2, i, &err), PAGU_ARGUMENT);
}

static pagu_code draw(pagu_ctx *failing, void *arg)
{
    (void)arg;
    double x[5];
    int64_t i[5];
    pagu_code code = pagu_latin_numbers(failing, 1, "a", 0, 1, 5, x, NULL);
    return code == PAGU_OK ? pagu_latin_integers(failing, 1, "a", 0, 1, 5, i, NULL) : code;
}

static void latin__says_when_memory_is_out(void **state)
{
    (void)state;
    assert_int_equal(for_each_failing_allocation(draw, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latin__meets_each_part_of_a_range_of_numbers_once),
        cmocka_unit_test(latin__whole_numbers_stay_in_their_parts),
        cmocka_unit_test(latin__depends_on_seed_and_name_only),
        cmocka_unit_test(latin__pairs_parameters_at_random),
        cmocka_unit_test(latin__refuses_ranges_that_do_not_go_up),
        cmocka_unit_test(latin__says_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
