/* test_projection.c - estimates from short series against published values.
 * SPDX-License-Identifier: MIT */
#include "pagu/project.h"
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 40 };
static pagu_ctx *ctx;
static pagu_error err;

static int set_up(void **state)
{
    (void)state;
    ctx = english_ctx();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    return 0;
}

static void assert_near(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.15g instead of %.15g", got, wanted);
}

static size_t series(pagu_point *p, double first, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (pagu_point){ first + (double)i, values[i] };
    return n;
}

static pagu_forecast fit_with(const pagu_point *p, size_t n, const pagu_forecast_options *o)
{
    pagu_forecast f;
    if (pagu_forecast_fit(ctx, p, n, o, &f, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    return f;
}

static pagu_forecast fit(const pagu_point *p, size_t n, pagu_forecast_method method)
{
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    o.method = method;
    return fit_with(p, n, &o);
}

static void assert_refused(const pagu_point *p, size_t n, const pagu_forecast_options *o, pagu_code code,
                           const char *message)
{
    pagu_forecast f;
    assert_int_equal(pagu_forecast_fit(ctx, p, n, o, &f, &err), code);
    assert_string_equal(err.message, message);
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- published values ---- */

/* NIST StRD, linear regression, Norris: https://www.itl.nist.gov/div898/strd/lls/data/Norris.shtml */
static void linear__is_that_of_the_nist_norris_set(void **state)
{
    static const pagu_point norris[] = {
        { 0.2, 0.1 },     { 337.4, 338.8 }, { 118.2, 118.1 }, { 884.6, 888.0 }, { 10.1, 9.2 },    { 226.5, 228.1 },
        { 666.3, 668.5 }, { 996.3, 998.5 }, { 448.6, 449.1 }, { 777.0, 778.9 }, { 558.2, 559.2 }, { 0.4, 0.3 },
        { 0.6, 0.1 },     { 775.5, 778.1 }, { 666.9, 668.8 }, { 338.0, 339.3 }, { 447.5, 448.9 }, { 11.6, 10.8 },
        { 556.0, 557.7 }, { 228.1, 228.3 }, { 995.8, 998.0 }, { 887.6, 888.8 }, { 120.2, 119.6 }, { 0.3, 0.3 },
        { 0.3, 0.6 },     { 556.8, 557.6 }, { 339.1, 339.3 }, { 887.2, 888.0 }, { 999.0, 998.5 }, { 779.0, 778.9 },
        { 11.1, 10.2 },   { 118.3, 117.6 }, { 229.2, 228.9 }, { 669.1, 668.4 }, { 448.9, 449.2 }, { 0.5, 0.2 },
    };
    (void)state;
    pagu_forecast f = fit(norris, COUNT(norris), PAGU_FORECAST_LINEAR);
    assert_near(f.slope, 1.00211681802045, 1e-13);
    assert_near(pagu_forecast_at(&f, 0).value, -0.262323073774029, 1e-11);
    assert_near(f.sd, 0.884796396144373, 1e-12);
    assert_int_equal(f.df, 34);
    assert_near(f.sd / sqrt(f.sxx), 0.429796848199937e-03, 1e-14);
}

/* Hollander & Wolfe, Nonparametric Statistical Methods, by the manual of R's statpsych, ci.theil: 0.5. */
static void theil_sen__is_the_published_slope(void **state)
{
    static const double y[] = { 21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19 };
    static const double x[] = { 67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51 };
    pagu_point p[COUNT(x)];
    (void)state;
    for (size_t i = 0; i < COUNT(x); i++)
        p[i] = (pagu_point){ x[i], y[i] };
    assert_near(fit(p, COUNT(x), PAGU_FORECAST_THEIL_SEN).slope, 0.5, 1e-15);
}

static const double air[] = { 17.5534, 21.8601, 23.8866,   26.9293,   26.8885,   28.8314,   30.0751,  30.9535,
                              30.1857, 31.5797, 32.577569, 33.477398, 39.021581, 41.386432, 41.596552 };

/* Air passengers of Australia 1990-2004, α 0.8, β* 0.2: Hyndman & Athanasopoulos, Forecasting: Principles and
 * Practice, 1st ed., 7.2 (43.76 45.59 47.43 49.27 51.10), more digits in statsmodels' test_holtwinters.py. */
static void holt__is_that_of_the_textbook(void **state)
{
    static const double wanted[] = { 43.76, 45.59, 47.43, 49.27, 51.10 };
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    pagu_point p[MOST];
    (void)state;
    size_t n = series(p, 1990, air, COUNT(air));
    o.method = PAGU_FORECAST_HOLT;
    o.has_alpha = o.has_beta = o.has_start = true;
    o.alpha = 0.8, o.beta = 0.2, o.start_level = air[0], o.start_trend = air[1] - air[0];
    pagu_forecast f = fit_with(p, n, &o);
    for (size_t h = 0; h < COUNT(wanted); h++)
        assert_near(pagu_forecast_at(&f, 2005 + (double)h).value, wanted[h], 0.005);
    assert_near(f.slope, 1.83655482, 5e-9);
    assert_near(pagu_forecast_at(&f, 2005).value, 43.75696849, 5e-9);
}

/* Oil production of Saudi Arabia 1996-2007, the same book 7.1; levels of α 0.2 as in statsmodels. */
static void ses__is_that_of_the_textbook(void **state)
{
    static const double oil[] = { 446.6565229, 454.4733065, 455.6629740, 423.6322388, 456.2713279, 440.5880501,
                                  425.3325201, 485.1494479, 506.0481621, 526.7919833, 514.2688890, 494.2110193 };
    static const struct {
        double alpha, level;
    } published[] = { { 0.2, 484.802468 }, { 0.6, 501.837461 } };
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    pagu_point p[MOST];
    (void)state;
    size_t n = series(p, 1996, oil, COUNT(oil));
    o.method = PAGU_FORECAST_SES;
    for (size_t i = 0; i < COUNT(published); i++) {
        o.has_alpha = true;
        o.alpha = published[i].alpha;
        pagu_forecast f = fit_with(p, n, &o);
        assert_near(pagu_forecast_at(&f, 2008).value, published[i].level, 1e-6);
        assert_near(pagu_forecast_at(&f, 2017).value, published[i].level, 1e-6);
    }
}

/* Sheep in Asia 1970-2000 by R's forecast::ets(model = "AAN", damped = TRUE, phi = 0.98), from
 * statsmodels' test_holtwinters.py, test_holt_damp_r; its β is α β*. */
static void damped__is_that_of_r(void **state)
{
    static const double livestock[] = { 263.917747, 268.307222, 260.662556, 266.639419, 277.515778, 283.834045,
                                        290.309028, 292.474198, 300.830694, 309.286657, 318.331081, 329.37239,
                                        338.883998, 339.244126, 328.600632, 314.255385, 314.459695, 321.413779,
                                        329.789292, 346.385165, 352.297882, 348.370515, 417.562922, 417.12357,
                                        417.749459, 412.233904, 411.946817, 394.697075, 401.49927,  408.270468,
                                        414.2428 };
    static const double wanted[] = { 417.7982003051233, 421.3426082635598, 424.8161280628277, 428.2201774661102,
                                     431.5561458813270, 434.8253949282395, 438.0292589942138, 441.1690457788685,
                                     444.2460368278302, 447.2614880558126 };
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    pagu_point p[MOST];
    (void)state;
    size_t n = series(p, 1970, livestock, COUNT(livestock));
    o.method = PAGU_FORECAST_DAMPED;
    o.has_alpha = o.has_beta = o.has_phi = o.has_start = true;
    o.alpha = 0.97402626, o.beta = 0.00010006 / 0.97402626, o.phi = 0.98;
    o.start_level = 252.59039965, o.start_trend = 6.90265918;
    pagu_forecast f = fit_with(p, n, &o);
    for (size_t h = 0; h < COUNT(wanted); h++)
        assert_near(pagu_forecast_at(&f, 2001 + (double)h).value, wanted[h], 1e-6);
}

/* Two-sided tables of Student's t (Fisher & Yates; three decimals as printed). */
static void student_t__is_that_of_the_tables(void **state)
{
    static const struct {
        double level;
        uint32_t df;
        double t;
    } table[] = { { 80, 1, 3.078 },  { 80, 3, 1.638 },  { 80, 10, 1.372 }, { 90, 2, 2.920 },  { 90, 5, 2.015 },
                  { 95, 1, 12.706 }, { 95, 3, 3.182 },  { 95, 4, 2.776 },  { 95, 10, 2.228 }, { 95, 30, 2.042 },
                  { 99, 1, 63.657 }, { 99, 20, 2.845 }, { 99, 120, 2.617 } };
    (void)state;
    for (size_t i = 0; i < COUNT(table); i++)
        assert_near(pagu_student_t(table[i].level, table[i].df), table[i].t, 0.0005);
}

/* ---- what holds for every series ---- */

static void every_method__meets_a_constant_series_without_error(void **state)
{
    pagu_point p[] = { { 2019, 7 }, { 2020, 7 }, { 2022, 7 }, { 2023, 7 }, { 2024, 7 } };
    (void)state;
    for (int m = PAGU_FORECAST_AUTO; m < PAGU_FORECAST_METHODS; m++) {
        pagu_forecast f = fit(p, COUNT(p), (pagu_forecast_method)m);
        assert_near(pagu_forecast_at(&f, 2030).value, 7, 1e-12);
        assert_near(f.mae, 0, 1e-12);
        assert_near(f.sd, 0, 1e-12);
    }
}

static void lines__meet_a_line_over_a_missing_year(void **state)
{
    static const pagu_forecast_method lines[] = { PAGU_FORECAST_DRIFT, PAGU_FORECAST_LINEAR, PAGU_FORECAST_THEIL_SEN,
                                                  PAGU_FORECAST_HOLT };
    pagu_point p[] = { { 2018, 100 }, { 2019, 110 }, { 2021, 130 }, { 2024, 160 } };
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        pagu_forecast f = fit(p, COUNT(p), lines[i]);
        assert_near(pagu_forecast_at(&f, 2026).value, 180, 1e-9);
        assert_near(f.mae, 0, 1e-9);
    }
}

static void cagr__compounds_and_its_interval_stays_above_zero(void **state)
{
    pagu_point p[] = { { 2021, 400 }, { 2022, 440 }, { 2023, 484 }, { 2024, 532.4 } }, rough[3];
    (void)state;
    pagu_forecast f = fit(p, COUNT(p), PAGU_FORECAST_CAGR);
    assert_near(f.slope, 0.1, 1e-14);
    assert_near(pagu_forecast_at(&f, 2026).value, 644.204, 1e-9);
    memcpy(rough, p, sizeof rough);
    rough[1].value = 4000;
    f = fit(rough, COUNT(rough), PAGU_FORECAST_CAGR);
    pagu_forecast_value v = pagu_forecast_at(&f, 2025);
    assert_true(v.has_interval && v.low > 0 && v.low < v.value && v.value < v.high);
}

static void leave_one_out__is_what_a_second_fit_says(void **state)
{
    pagu_point p[6];
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        rng r = { seed };
        double sum = 0;
        for (int i = 0; i < 6; i++)
            p[i] = (pagu_point){ 2017 + i + (i > 3), (double)(rng_next(&r) % 1000) + 1 };
        for (int i = 0; i < 6; i++) {
            pagu_point rest[5];
            for (int j = 0, k = 0; j < 6; j++)
                if (j != i)
                    rest[k++] = p[j];
            pagu_forecast f = fit(rest, 5, PAGU_FORECAST_LINEAR);
            sum += fabs(p[i].value - pagu_forecast_at(&f, p[i].at).value);
        }
        assert_near(fit(p, 6, PAGU_FORECAST_LINEAR).mae, sum / 6, 1e-9);
    }
}

static void auto__takes_the_least_error_on_years_that_all_were_tried_on(void **state)
{
    pagu_point p[MOST];
    (void)state;
    pagu_forecast f = fit(p, series(p, 1990, air, COUNT(air)), PAGU_FORECAST_AUTO);
    assert_true(f.chosen);
    for (int m = 1; m < PAGU_FORECAST_METHODS; m++) {
        assert_true(f.candidates[m].tried);
        assert_int_equal(f.candidates[m].n, f.candidates[1].n);
        assert_true(f.candidates[f.method].mae <= f.candidates[m].mae + 1e-6);
    }
    assert_int_equal(f.candidates[1].n, 12);
}

static void auto__prefers_the_simpler_of_equals(void **state)
{
    pagu_point p[] = { { 2019, 10 }, { 2020, 20 }, { 2021, 30 }, { 2022, 40 }, { 2023, 50 }, { 2024, 60 } };
    (void)state;
    assert_int_equal(fit(p, COUNT(p), PAGU_FORECAST_AUTO).method, PAGU_FORECAST_DRIFT);
}

static void intervals__widen_with_the_years_and_with_their_level(void **state)
{
    pagu_point p[MOST];
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    (void)state;
    size_t n = series(p, 1990, air, COUNT(air));
    for (int m = 1; m < PAGU_FORECAST_METHODS; m++) {
        double before = 0;
        o.method = (pagu_forecast_method)m;
        for (o.level = 50; o.level < 99; o.level += 15) {
            pagu_forecast f = fit_with(p, n, &o);
            pagu_forecast_value near = pagu_forecast_at(&f, 2005), far = pagu_forecast_at(&f, 2008);
            assert_true(near.has_interval && far.high - far.low >= near.high - near.low);
            assert_true(near.high - near.low > before);
            before = near.high - near.low;
        }
    }
}

static void money__is_rounded_once_half_away_from_zero(void **state)
{
    pagu_money m = 0;
    (void)state;
    assert_int_equal(pagu_forecast_money(2500.5, 1, &m), PAGU_OK);
    assert_int_equal(m, 2501);
    assert_int_equal(pagu_forecast_money(-2500, 1000, &m), PAGU_OK);
    assert_int_equal(m, -3000);
    assert_int_equal(pagu_forecast_money(1e19, 1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_forecast_money(9.2233720368547758e18, 1000, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_forecast_money(NAN, 1, &m), PAGU_ARGUMENT);
    assert_int_equal(pagu_forecast_money(1, 0, &m), PAGU_ARGUMENT);
}

/* ---- refusals ---- */

static void short_history__is_refused_with_the_years_there_are(void **state)
{
    pagu_point p[] = { { 2022, 5 }, { 2024, 6 }, { 2025, 7 } };
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    (void)state;
    for (int m = 0; m < PAGU_FORECAST_METHODS; m++) {
        pagu_forecast f;
        o.method = (pagu_forecast_method)m;
        uint32_t least = pagu_forecast_min(o.method);
        if (least <= COUNT(p))
            fit_with(p, least, &o);
        assert_int_equal(pagu_forecast_fit(ctx, p, least - 1, &o, &f, &err), PAGU_NO_HISTORY);
    }
    o.method = PAGU_FORECAST_LINEAR;
    assert_refused(p, 2, &o, PAGU_NO_HISTORY, "linear needs values of 3 years, and there are 2: 2022, 2024");
    o.method = PAGU_FORECAST_HOLT;
    assert_refused(p, 3, &o, PAGU_NO_HISTORY, "holt needs values of 4 years, and there are 3: 2022, 2024, 2025");
    assert_refused(p, 0, &o, PAGU_NO_HISTORY, "holt needs values of 4 years, and there are none");
}

static void wrong_input__is_refused(void **state)
{
    pagu_point p[] = { { 2022, 5 }, { 2023, 0 }, { 2024, 7 } }, back[] = { { 2024, 1 }, { 2023, 1 }, { 2022, 1 } };
    pagu_point nan[] = { { 2022, NAN }, { 2023, 0 }, { 2024, 7 } }, same[] = { { 2022, 1 }, { 2022, 2 }, { 2022, 3 } };
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    pagu_forecast_method m;
    (void)state;
    assert_refused(back, 3, &o, PAGU_ARGUMENT, "the years of a series must ascend: 2024, 2023, 2022");
    assert_refused(nan, 3, &o, PAGU_ARGUMENT, "value 1 of a series is not finite");
    o.method = PAGU_FORECAST_CAGR;
    assert_refused(p, 3, &o, PAGU_ARGUMENT, "cagr needs values above 0, and that of 2023 is 0");
    o.method = PAGU_FORECAST_THEIL_SEN;
    assert_refused(same, 3, &o, PAGU_NO_HISTORY, "all the values are of one year");
    o.level = 100;
    assert_refused(p, 3, &o, PAGU_ARGUMENT, "the level of an interval is 1 to 99.9 percent, not 100");
    o.level = 80;
    o.has_alpha = true;
    assert_refused(p, 3, &o, PAGU_ARGUMENT, "alpha must lie between 0 and 1, not 0");
    assert_int_equal(pagu_forecast_method_parse(ctx, "arima", &m, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "no method \"arima\" of projection; there are: auto, naive, mean, drift, cagr, "
                                     "linear, theil_sen, ses, holt, damped");
    pagu_point huge[] = { { 2022, 1e308 }, { 2023, -1e308 }, { 2024, 1e308 } };
    o = (pagu_forecast_options)PAGU_FORECAST_OPTIONS_INIT;
    o.method = PAGU_FORECAST_LINEAR;
    assert_refused(huge, 3, &o, PAGU_OVERFLOW, "the values are too large to project");
}

static pagu_code choose(pagu_ctx *c, void *arg)
{
    pagu_point p[] = { { 2022, 5 }, { 2023, 1 }, { 2024, 7 } };
    pagu_forecast f;
    (void)arg;
    return pagu_forecast_fit(c, p, COUNT(p), NULL, &f, NULL);
}

static void memory__out_of_it_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(for_each_failing_allocation(choose, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear__is_that_of_the_nist_norris_set),
        cmocka_unit_test(theil_sen__is_the_published_slope),
        cmocka_unit_test(holt__is_that_of_the_textbook),
        cmocka_unit_test(ses__is_that_of_the_textbook),
        cmocka_unit_test(damped__is_that_of_r),
        cmocka_unit_test(student_t__is_that_of_the_tables),
        cmocka_unit_test(every_method__meets_a_constant_series_without_error),
        cmocka_unit_test(lines__meet_a_line_over_a_missing_year),
        cmocka_unit_test(cagr__compounds_and_its_interval_stays_above_zero),
        cmocka_unit_test(leave_one_out__is_what_a_second_fit_says),
        cmocka_unit_test(auto__takes_the_least_error_on_years_that_all_were_tried_on),
        cmocka_unit_test(auto__prefers_the_simpler_of_equals),
        cmocka_unit_test(intervals__widen_with_the_years_and_with_their_level),
        cmocka_unit_test(money__is_rounded_once_half_away_from_zero),
        cmocka_unit_test(short_history__is_refused_with_the_years_there_are),
        cmocka_unit_test(wrong_input__is_refused),
        cmocka_unit_test(memory__out_of_it_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
