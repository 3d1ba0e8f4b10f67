/* test_apportion.c - exact shares: published apportionments, and an oracle of another kind.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/rng.h"

#include "pagu/calc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef __int128 i128;

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
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    return 0;
}

static void share(pagu_money total, const int64_t *weights, size_t n, pagu_money unit, pagu_money *out)
{
    pagu_error err;
    if (pagu_apportion(ctx, total, weights, n, unit, out, &err))
        fail_msg("%s", err.message);
}

static void assert_shares(const pagu_money *shares, const pagu_money *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (shares[i] != expected[i])
            fail_msg("share %zu is %lld, not %lld", i, (long long)shares[i], (long long)expected[i]);
}

/* ---- an oracle: sort all remainders, exact in 128 bits (weights and totals of up to 2^42) ---- */

typedef struct quota {
    i128 rest;
    size_t index;
} quota;

static int larger_rest_first(const void *a, const void *b)
{
    const quota *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest > y->rest ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static void oracle(pagu_money total, const int64_t *weights, size_t n, pagu_money unit, pagu_money *out)
{
    i128 sum = 0, left = total < 0 ? -(i128)total : total, all = left;
    quota *quotas = malloc((n + !n) * sizeof *quotas);
    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        i128 units = all * weights[i] / (sum * unit);
        quotas[i] = (quota){ all * weights[i] - units * sum * unit, i };
        out[i] = (pagu_money)(units * unit);
        left -= units * unit;
    }
    qsort(quotas, n, sizeof *quotas, larger_rest_first);
    for (size_t i = 0; left > 0; i++) {
        i128 step = left < unit ? left : unit;
        out[quotas[i].index] += (pagu_money)step;
        left -= step;
    }
    for (size_t i = 0; i < n && total < 0; i++)
        out[i] = -out[i];
    free(quotas);
}

/* ---- published apportionments ---- */

/* Census of 1790, in the order of the states' names: Connecticut, Delaware, Georgia, Kentucky,
 * Maryland, Massachusetts, New Hampshire, New Jersey, New York, North Carolina, Pennsylvania,
 * Rhode Island, South Carolina, Vermont, Virginia. */
static const int64_t census_1790[] = { 236841, 55540,  70835,  68705, 278514, 475327, 141822, 179570,
                                       331589, 353523, 432879, 68446, 206236, 85533,  630560 };

static void apportion__hamiltons_bill_of_1792_is_reproduced(void **state)
{
    (void)state;
    static const pagu_money bill[] = { 8, 2, 2, 2, 9, 16, 5, 6, 11, 12, 14, 2, 7, 3, 21 };
    pagu_money seats[15];
    share(120, census_1790, 15, 1, seats);
    assert_shares(seats, bill, 15);
}

static void apportion__hamiltons_method_gives_delaware_two_of_105_seats(void **state)
{
    (void)state;
    static const pagu_money house[] = { 7, 2, 2, 2, 8, 14, 4, 5, 10, 10, 13, 2, 6, 2, 18 };
    pagu_money seats[15];
    share(105, census_1790, 15, 1, seats);
    assert_shares(seats, house, 15);
}

/* P. Tannenbaum, Excursions in Modern Mathematics, chapter 4: 250 seats of Parador, in thousands. */
static void apportion__the_parliament_of_parador(void **state)
{
    (void)state;
    static const int64_t people[] = { 1646, 6936, 154, 2091, 685, 988 };
    pagu_money seats[6];
    share(250, people, 6, 1, seats);
    assert_shares(seats, (const pagu_money[]){ 33, 139, 3, 42, 13, 20 }, 6);
}

/* The Alabama paradox in the same chapter: Calavos gets a seat more, and Bama loses one. */
static void apportion__the_alabama_paradox_of_calavos(void **state)
{
    (void)state;
    static const int64_t people[] = { 940, 9030, 10030 };
    pagu_money seats[3];
    share(200, people, 3, 1, seats);
    assert_shares(seats, (const pagu_money[]){ 10, 90, 100 }, 3);
    share(201, people, 3, 1, seats);
    assert_shares(seats, (const pagu_money[]){ 9, 91, 101 }, 3);
}

/* Census of 1880 (Bureau of the Census, 38 states in alphabetical order). The quotas that C. W. Seaton
 * wrote to Congress in 1881: Alabama 7.646, Illinois 18.640, Texas 9.640 of 299; 7.671, 18.702, 9.672
 * of 300. In thousandths of a seat largest remainder gives each its quota as printed. */
static void apportion__the_quotas_of_1881_are_reproduced(void **state)
{
    (void)state;
    static const int64_t people[] = { 1262505, 802525,  864694,  194327,  622700,  146608,  269493, 1542180,
                                      3077871, 1978301, 1624615, 996096,  1648690, 939946,  648936, 934943,
                                      1783085, 1636937, 780773,  1131597, 2168380, 452402,  62266,  346991,
                                      1131116, 5082871, 1399750, 3198062, 174768,  4282891, 276531, 995577,
                                      1542359, 1591749, 332286,  1512565, 618457,  1315497 };
    static const pagu_money quotas[][3] = { { 7646, 18640, 9640 }, { 7671, 18702, 9672 } };
    pagu_money parts[38];
    for (int k = 0; k < 2; k++) {
        share(299000 + 1000 * k, people, 38, 1, parts);
        assert_shares((const pagu_money[]){ parts[0], parts[8], parts[33] }, quotas[k], 3);
    }
}

static void apportion__a_larger_house_may_cost_a_state_a_seat(void **state)
{
    (void)state;
    static const int64_t people[] = { 6, 6, 2 };
    pagu_money seats[3];
    share(10, people, 3, 1, seats);
    assert_shares(seats, (const pagu_money[]){ 4, 4, 2 }, 3);
    share(11, people, 3, 1, seats);
    assert_shares(seats, (const pagu_money[]){ 5, 5, 1 }, 3);
}

static void apportion__shares_depend_on_proportions_alone(void **state)
{
    (void)state;
    rng r = { 21 };
    for (int k = 0; k < 2000; k++) {
        int64_t weights[30], larger[30], factor = 1 + (int64_t)rng_below(&r, 1000000);
        pagu_money total = (pagu_money)rng_below(&r, 1000000000), a[30], b[30];
        size_t n = 1 + (size_t)rng_below(&r, 30);
        for (size_t i = 0; i < n; i++) {
            weights[i] = 1 + (int64_t)rng_below(&r, 1000000000000);
            larger[i] = weights[i] * factor;
        }
        share(total, weights, n, 1, a);
        share(total, larger, n, 1, b);
        assert_shares(b, a, n);
        share(total * 1000, weights, n, 1000, b); /* the unit scales with the total */
        for (size_t i = 0; i < n; i++)
            assert_int_equal(b[i], a[i] * 1000);
    }
}

/* ---- what the documentation says ---- */

static void apportion__thirds_of_a_hundred_sum_to_a_hundred(void **state)
{
    (void)state;
    static const int64_t equal[] = { 1, 1, 1 };
    pagu_money out[3];
    share(100, equal, 3, 1, out);
    assert_shares(out, (const pagu_money[]){ 34, 33, 33 }, 3);
    share(101, equal, 3, 1, out);
    assert_shares(out, (const pagu_money[]){ 34, 34, 33 }, 3);
}

static void apportion__negative_totals_mirror_positive_ones(void **state)
{
    (void)state;
    static const int64_t weights[] = { 3, 1, 4, 1, 5 };
    pagu_money plus[5], minus[5];
    share(1234567, weights, 5, 1000, plus);
    share(-1234567, weights, 5, 1000, minus);
    for (int i = 0; i < 5; i++)
        assert_true(minus[i] == -plus[i]);
}

static void apportion__what_is_left_below_one_unit_goes_to_the_next_largest_remainder(void **state)
{
    (void)state;
    static const int64_t weights[] = { 5, 3, 2 }; /* of 10,500: 5,250, 3,150 and 2,100 */
    pagu_money out[3];
    share(10500, weights, 3, 1000, out);
    assert_shares(out, (const pagu_money[]){ 5500, 3000, 2000 }, 3);
    share(700, weights, 3, 1000, out);
    assert_shares(out, (const pagu_money[]){ 700, 0, 0 }, 3);
}

static void apportion__lines_of_weight_zero_get_nothing(void **state)
{
    (void)state;
    static const int64_t weights[] = { 0, 7, 0, 7, 0 };
    pagu_money out[5];
    share(9999999, weights, 5, 1000, out);
    assert_true(out[0] == 0 && out[2] == 0 && out[4] == 0 && out[1] + out[3] == 9999999);
}

static void apportion__the_present_total_gives_the_present_lines(void **state)
{
    (void)state;
    static const int64_t lines[] = { 272000000, 0, 1, 1999, 150000000, 7 };
    pagu_money out[6];
    share(422002007, lines, 6, 1, out);
    assert_shares(out, lines, 6);
}

static void apportion__refusals_name_the_weight(void **state)
{
    (void)state;
    pagu_error err;
    pagu_money out[3] = { 9, 9, 9 };
    assert_int_equal(pagu_apportion(ctx, 5, (const int64_t[]){ 1, -2, 3 }, 3, 1, out, &err), PAGU_NEGATIVE_BASIS);
    assert_string_equal(err.message, "weight 2 is negative: -2");
    assert_int_equal(pagu_apportion(ctx, 5, (const int64_t[]){ 0, 0, 0 }, 3, 1, out, &err), PAGU_ZERO_BASIS);
    assert_non_null(strstr(err.message, "equal"));
    assert_int_equal(pagu_apportion(ctx, 5, NULL, 0, 1, out, &err), PAGU_ZERO_BASIS);
    assert_int_equal(pagu_apportion(ctx, 5, (const int64_t[]){ 1, 2, 3 }, 3, 0, out, &err), PAGU_ARGUMENT);
}

static void apportion__weights_may_sum_beyond_64_bits(void **state)
{
    (void)state;
    static const int64_t huge[] = { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX };
    pagu_money out[4];
    share(INT64_MAX, huge, 4, 1, out);
    /* 2^63 - 1 is 3 more than a multiple of 4 */
    assert_shares(out, (const pagu_money[]){ INT64_MAX / 4 + 1, INT64_MAX / 4 + 1, INT64_MAX / 4 + 1, INT64_MAX / 4 },
                  4);
    share(INT64_MIN, huge, 4, 1, out);
    for (int i = 0; i < 4; i++)
        assert_true(out[i] == INT64_MIN / 4);
    share(INT64_MIN, huge, 1, 1000000, out);
    assert_true(out[0] == INT64_MIN);
    share(INT64_MAX, huge, 4, INT64_MAX, out);
    assert_shares(out, (const pagu_money[]){ INT64_MAX, 0, 0, 0 }, 4);
}

/* ---- random cases ---- */

static int64_t random_weight(rng *r, int bits)
{
    return rng_below(r, 8) == 0 ? 0 : (int64_t)rng_below(r, UINT64_C(1) << (1 + rng_below(r, (uint64_t)bits)));
}

static void compare_with_oracle(rng *r, size_t most, int bits)
{
    static const pagu_money units[] = { 1, 1, 1, 7, 1000, 1000000 };
    size_t n = 1 + rng_below(r, most);
    int64_t *weights = malloc(n * sizeof *weights);
    pagu_money *got = malloc(n * sizeof *got), *want = malloc(n * sizeof *want), sum = 0;
    bool ties = rng_below(r, 4) == 0;
    for (size_t i = 0; i < n; i++)
        weights[i] = ties ? (int64_t)rng_below(r, 3) : random_weight(r, bits);
    weights[rng_below(r, n)] = 1 + (int64_t)rng_below(r, 1000);
    pagu_money total = (pagu_money)(rng_next(r) >> (64 - bits) >> rng_below(r, (uint64_t)bits)),
               unit = units[rng_below(r, 6)];
    if (rng_below(r, 2))
        total = -total;
    share(total, weights, n, unit, got);
    oracle(total, weights, n, unit, want);
    for (size_t i = 0; i < n; i++)
        sum += got[i];
    assert_shares(got, want, n);
    assert_true(sum == total);
    free(weights);
    free(got);
    free(want);
}

static void apportion__100000_random_cases_agree_with_sorting_the_remainders(void **state)
{
    (void)state;
    rng r = { 1 };
    for (int i = 0; i < 100000; i++)
        compare_with_oracle(&r, 12, 42);
}

static void apportion__large_random_cases_agree_with_sorting_the_remainders(void **state)
{
    (void)state;
    rng r = { 2 };
    for (int i = 0; i < 200; i++)
        compare_with_oracle(&r, 20000, 41);
}

/* Numbers near 2^62 take the path for any size; shifted down they must give the shifted shares. */
static void apportion__the_path_for_large_numbers_agrees_with_the_path_for_small_ones(void **state)
{
    (void)state;
    rng r = { 3 };
    for (int k = 0; k < 20000; k++) {
        size_t n = 1 + rng_below(&r, 30);
        int64_t small[30], large[30];
        pagu_money a[30], b[30];
        for (size_t i = 0; i < n; i++) {
            small[i] = (int64_t)rng_below(&r, 1 << 20) + (i == 0);
            large[i] = small[i] << 42;
        }
        pagu_money total = (pagu_money)rng_below(&r, UINT64_C(1) << 40), unit = rng_below(&r, 2) ? 1 : 1000;
        share(total, small, n, unit, a);
        share(total, large, n, unit, b);
        assert_shares(b, a, n);
        share(total << 22, small, n, unit << 22, b);
        for (size_t i = 0; i < n; i++)
            assert_true(b[i] == a[i] << 22);
    }
}

/* ---- bounds ---- */

static void assert_within(const pagu_money *out, const pagu_money *lo, const pagu_money *hi, size_t n, pagu_money total)
{
    i128 sum = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true((!lo || out[i] >= lo[i]) && (!hi || out[i] <= hi[i]));
        sum += out[i];
    }
    assert_true(sum == total);
}

static void bounded__a_cap_passes_the_rest_to_the_others_in_proportion(void **state)
{
    (void)state;
    static const int64_t weights[] = { 50, 30, 20 };
    static const pagu_money caps[] = { 40, 100, 100 };
    pagu_money out[3];
    assert_int_equal(pagu_apportion_bounded(ctx, 100, weights, NULL, caps, 3, 1, out, NULL), PAGU_OK);
    assert_shares(out, (const pagu_money[]){ 40, 36, 24 }, 3);
}

static void bounded__a_floor_takes_from_the_others_in_proportion(void **state)
{
    (void)state;
    static const int64_t weights[] = { 50, 30, 20 };
    static const pagu_money floors[] = { 0, 0, 40 };
    pagu_money out[3];
    assert_int_equal(pagu_apportion_bounded(ctx, 100, weights, floors, NULL, 3, 1, out, NULL), PAGU_OK);
    assert_shares(out, (const pagu_money[]){ 38, 22, 40 }, 3); /* 60 as 5 : 3 is 37.5 and 22.5: a tie */
}

static void bounded__no_bounds_in_effect_change_nothing(void **state)
{
    (void)state;
    rng r = { 4 };
    for (int k = 0; k < 20000; k++) {
        size_t n = 1 + rng_below(&r, 20);
        int64_t weights[20];
        pagu_money lo[20], hi[20], a[20], b[20], total = (pagu_money)rng_below(&r, 1u << 30) - (1 << 29);
        pagu_money unit = rng_below(&r, 2) ? 1 : 1000;
        for (size_t i = 0; i < n; i++) {
            weights[i] = (int64_t)rng_below(&r, 100000) + 1;
            lo[i] = INT64_MIN;
            hi[i] = INT64_MAX;
        }
        share(total, weights, n, unit, a);
        assert_int_equal(pagu_apportion_bounded(ctx, total, weights, lo, hi, n, unit, b, NULL), PAGU_OK);
        assert_shares(b, a, n);
    }
}

static void bounded__what_cannot_be_reached_is_told_with_what_can(void **state)
{
    (void)state;
    static const int64_t weights[] = { 1, 1, 0 };
    static const pagu_money lo[] = { 10, 10, 0 }, hi[] = { 50, 60, 1000 };
    pagu_money out[3];
    pagu_error err;
    assert_int_equal(pagu_apportion_bounded(ctx, 111, weights, lo, hi, 3, 1, out, &err), PAGU_UNREACHABLE);
    assert_string_equal(err.message, "111 cannot be shared between these bounds; they allow from 20 to 110");
    assert_int_equal(pagu_apportion_bounded(ctx, 19, weights, lo, NULL, 3, 1, out, &err), PAGU_UNREACHABLE);
    assert_string_equal(err.message, "19 cannot be shared between these bounds; they allow at least 20");
    assert_int_equal(pagu_apportion_bounded(ctx, 111, weights, NULL, hi, 3, 1, out, &err), PAGU_UNREACHABLE);
    assert_string_equal(err.message, "111 cannot be shared between these bounds; they allow at most 110");
    assert_int_equal(pagu_apportion_bounded(ctx, 110, weights, lo, hi, 3, 1, out, &err), PAGU_OK);
    assert_int_equal(pagu_apportion_bounded(ctx, 20, weights, lo, hi, 3, 1, out, &err), PAGU_OK);
    assert_int_equal(pagu_apportion_bounded(ctx, 20, weights, hi, lo, 3, 1, out, &err), PAGU_ARGUMENT);
    assert_non_null(strstr(err.message, "share 1"));
}

static void bounded__results_are_whole_units_where_the_bounds_allow_it(void **state)
{
    (void)state;
    static const int64_t weights[] = { 1, 1, 1 };
    static const pagu_money lo[] = { 1500, 0, 0 }, hi[] = { 9000, 2500, 9000 };
    pagu_money out[3];
    assert_int_equal(pagu_apportion_bounded(ctx, 4000, weights, lo, hi, 3, 1000, out, NULL), PAGU_OK);
    assert_shares(out, (const pagu_money[]){ 2000, 1000, 1000 }, 3);
    assert_int_equal(pagu_apportion_bounded(ctx, 10000, weights, lo, hi, 3, 1000, out, NULL), PAGU_OK);
    assert_shares(out, (const pagu_money[]){ 4000, 2000, 4000 }, 3);
    assert_int_equal(pagu_apportion_bounded(ctx, 20500, weights, lo, hi, 3, 1000, out, NULL), PAGU_OK);
    assert_within(out, lo, hi, 3, 20500);
}

/* Optimality by definition: a level exists such that every share strictly between its bounds is
 * within one unit of level × weight, every other at the bound that the level pushes it to. With shares x
 * and y strictly inside, (x - unit) / w < (y + unit) / v for every pair; a share at its upper bound
 * has no lower level than any that could still give, and so on. */
static void assert_one_level(const pagu_money *out, const int64_t *w, const pagu_money *lo, const pagu_money *hi,
                             size_t n, pagu_money unit)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            /* if i could take more and j could give, i must not lie a unit or more below j's level */
            if (w[i] == 0 || w[j] == 0 || out[i] + unit > hi[i] || out[j] - unit < lo[j])
                continue;
            assert_true((i128)(out[i] + unit) * w[j] >= (i128)(out[j] - unit) * w[i]);
        }
}

static void bounded__100000_random_cases_sum_stay_within_and_share_one_level(void **state)
{
    (void)state;
    rng r = { 5 };
    int reached = 0;
    for (int k = 0; k < 100000; k++) {
        size_t n = 1 + rng_below(&r, 8);
        int64_t weights[8];
        pagu_money lo[8], hi[8], out[8], least = 0, most = 0, unit = rng_below(&r, 3) ? 1 : 10;
        for (size_t i = 0; i < n; i++) {
            weights[i] = random_weight(&r, 12);
            lo[i] = (pagu_money)rng_below(&r, 200) - (rng_below(&r, 4) ? 0 : 100);
            hi[i] = lo[i] + (pagu_money)rng_below(&r, 1u << (1 + rng_below(&r, 12)));
            bool idle = weights[i] == 0;
            pagu_money zero = lo[i] > 0 ? lo[i] : hi[i] < 0 ? hi[i] : 0;
            least += idle ? zero : lo[i];
            most += idle ? zero : hi[i];
        }
        pagu_money total = least - 20 + (pagu_money)rng_below(&r, (uint64_t)(most - least) + 40);
        pagu_code rc = pagu_apportion_bounded(ctx, total, weights, lo, hi, n, unit, out, NULL);
        /* a line of weight 0 stands at the whole unit next to its bound, where the bounds allow it */
        if ((total < least || total > most) && (unit == 1 || rc != PAGU_OK)) {
            assert_true(rc == PAGU_UNREACHABLE || (rc == PAGU_ZERO_BASIS && least == most));
            continue;
        }
        assert_int_equal(rc, PAGU_OK);
        assert_within(out, lo, hi, n, total);
        assert_one_level(out, weights, lo, hi, n, unit);
        reached++;
    }
    assert_true(reached > 50000);
}

static void bounded__a_larger_weight_never_gets_less_between_the_same_bounds(void **state)
{
    (void)state;
    rng r = { 6 };
    for (int k = 0; k < 20000; k++) {
        size_t n = 2 + rng_below(&r, 10);
        int64_t weights[12];
        pagu_money lo[12], hi[12], out[12];
        for (size_t i = 0; i < n; i++) {
            weights[i] = 1 + (int64_t)rng_below(&r, 5000);
            lo[i] = 10;
            hi[i] = 400;
        }
        pagu_money total = (pagu_money)(10 * n + rng_below(&r, 390 * n));
        assert_int_equal(pagu_apportion_bounded(ctx, total, weights, lo, hi, n, 1, out, NULL), PAGU_OK);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                assert_true(weights[i] <= weights[j] || out[i] >= out[j]);
    }
}

static void bounded__negative_totals_mirror_positive_ones(void **state)
{
    (void)state;
    static const int64_t weights[] = { 7, 2, 4 };
    static const pagu_money lo[] = { 0, 5, -3 }, hi[] = { 20, 40, 8 };
    static const pagu_money mirror_lo[] = { -20, -40, -8 }, mirror_hi[] = { 0, -5, 3 };
    for (pagu_money total = 2; total <= 68; total++) {
        pagu_money plus[3], minus[3];
        assert_int_equal(pagu_apportion_bounded(ctx, total, weights, lo, hi, 3, 1, plus, NULL), PAGU_OK);
        assert_int_equal(pagu_apportion_bounded(ctx, -total, weights, mirror_lo, mirror_hi, 3, 1, minus, NULL),
                         PAGU_OK);
        for (int i = 0; i < 3; i++)
            assert_true(minus[i] == -plus[i]);
    }
}

static void bounded__the_largest_numbers_do_not_overflow(void **state)
{
    (void)state;
    rng r = { 7 };
    for (int k = 0; k < 20000; k++) {
        size_t n = 1 + rng_below(&r, 6);
        int64_t weights[6];
        pagu_money lo[6], hi[6], out[6], total = (pagu_money)(rng_next(&r));
        for (size_t i = 0; i < n; i++) {
            weights[i] = (int64_t)(rng_next(&r) >> (1 + rng_below(&r, 62)));
            int64_t a = (int64_t)rng_next(&r) >> rng_below(&r, 62), b = (int64_t)rng_next(&r) >> rng_below(&r, 62);
            lo[i] = a < b ? a : b;
            hi[i] = a < b ? b : a;
        }
        pagu_money unit = (pagu_money)(rng_next(&r) >> (1 + rng_below(&r, 62))) + (pagu_money)1;
        if (unit < 1)
            unit = INT64_MAX;
        pagu_code rc = pagu_apportion_bounded(ctx, total, weights, rng_below(&r, 3) ? lo : NULL,
                                              rng_below(&r, 3) ? hi : NULL, n, unit, out, NULL);
        assert_true(rc == PAGU_OK || rc == PAGU_UNREACHABLE || rc == PAGU_OVERFLOW || rc == PAGU_ZERO_BASIS);
        i128 sum = 0;
        for (size_t i = 0; i < n && rc == PAGU_OK; i++)
            sum += out[i];
        assert_true(rc != PAGU_OK || sum == total);
    }
}

/* ---- the environment ---- */

static pagu_code share_with(pagu_ctx *c, void *arg)
{
    (void)arg;
    static const int64_t weights[] = { 5, 0, 3, 9 };
    static const pagu_money hi[] = { 40, 40, 40, 40 };
    pagu_money out[4];
    pagu_code rc = pagu_apportion(c, 1000, weights, 4, 1, out, NULL);
    return rc ? rc : pagu_apportion_bounded(c, 100, weights, NULL, hi, 4, 1, out, NULL);
}

static void apportion__a_failed_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(share_with, NULL) >= 2);
}

static void apportion__a_large_share_can_be_interrupted(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    int64_t *weights = malloc(MANY * sizeof *weights);
    pagu_money *out = malloc(MANY * sizeof *out);
    for (int i = 0; i < MANY; i++)
        weights[i] = i + 1;
    pagu_ctx_interrupt(ctx, true);
    assert_int_equal(pagu_apportion(ctx, 1000000, weights, MANY, 1, out, NULL), PAGU_INTERRUPTED);
    pagu_ctx_interrupt(ctx, false);
    assert_int_equal(pagu_apportion(ctx, 1000000, weights, MANY, 1, out, NULL), PAGU_OK);
    free(weights);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(apportion__hamiltons_bill_of_1792_is_reproduced),
        cmocka_unit_test(apportion__hamiltons_method_gives_delaware_two_of_105_seats),
        cmocka_unit_test(apportion__a_larger_house_may_cost_a_state_a_seat),
        cmocka_unit_test(apportion__shares_depend_on_proportions_alone),
        cmocka_unit_test(apportion__the_parliament_of_parador),
        cmocka_unit_test(apportion__the_alabama_paradox_of_calavos),
        cmocka_unit_test(apportion__the_quotas_of_1881_are_reproduced),
        cmocka_unit_test(apportion__thirds_of_a_hundred_sum_to_a_hundred),
        cmocka_unit_test(apportion__negative_totals_mirror_positive_ones),
        cmocka_unit_test(apportion__what_is_left_below_one_unit_goes_to_the_next_largest_remainder),
        cmocka_unit_test(apportion__lines_of_weight_zero_get_nothing),
        cmocka_unit_test(apportion__the_present_total_gives_the_present_lines),
        cmocka_unit_test(apportion__refusals_name_the_weight),
        cmocka_unit_test(apportion__weights_may_sum_beyond_64_bits),
        cmocka_unit_test(apportion__100000_random_cases_agree_with_sorting_the_remainders),
        cmocka_unit_test(apportion__large_random_cases_agree_with_sorting_the_remainders),
        cmocka_unit_test(apportion__the_path_for_large_numbers_agrees_with_the_path_for_small_ones),
        cmocka_unit_test(bounded__a_cap_passes_the_rest_to_the_others_in_proportion),
        cmocka_unit_test(bounded__a_floor_takes_from_the_others_in_proportion),
        cmocka_unit_test(bounded__no_bounds_in_effect_change_nothing),
        cmocka_unit_test(bounded__what_cannot_be_reached_is_told_with_what_can),
        cmocka_unit_test(bounded__results_are_whole_units_where_the_bounds_allow_it),
        cmocka_unit_test(bounded__100000_random_cases_sum_stay_within_and_share_one_level),
        cmocka_unit_test(bounded__a_larger_weight_never_gets_less_between_the_same_bounds),
        cmocka_unit_test(bounded__negative_totals_mirror_positive_ones),
        cmocka_unit_test(bounded__the_largest_numbers_do_not_overflow),
        cmocka_unit_test(apportion__a_failed_allocation_is_told_and_leaks_nothing),
        cmocka_unit_test(apportion__a_large_share_can_be_interrupted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
