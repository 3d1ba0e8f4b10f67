/* test_distribution.c - distributions against published moments and values, and noise against its definition.
 * SPDX-License-Identifier: MIT */
#include "pagu/simulate.h"
#include "solve/distribution.h"
#include "solve/noise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { BLOCKS = 400, N = BLOCKS * NOISE_BLOCK };

static pagu_ctx *ctx;
static pagu_error err;

static int set_up(void **state)
{
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    (void)state;
    o.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&o);
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
        fail_msg("%.17g is not within %g of %.17g", got, tolerance, wanted);
}

/* ---- the normal distribution ---- */

/* Test values of the paper of AS 241 (Wichura 1988, table 1): p, PPND16(p). */
static void normal__quantile_gives_the_test_values_of_as_241(void **state)
{
    (void)state;
    assert_near(normal_quantile(0.25), -0.6744897501960817, 1e-15);
    assert_near(normal_quantile(0.001), -3.090232306167814, 1e-14);
    assert_near(normal_quantile(1e-20), -9.262340089798408, 1e-14);
}

/* Abramowitz and Stegun, table 26.1: P(x) to 15 places, and Q(5), Q(8) of table 26.2 as -log10. */
static void normal__integral_agrees_with_abramowitz_and_stegun(void **state)
{
    (void)state;
    assert_near(normal_cdf(0), 0.5, 0);
    assert_near(normal_cdf(0.5), 0.691462461274013, 1e-15);
    assert_near(normal_cdf(1), 0.841344746068543, 1e-15);
    assert_near(normal_cdf(2), 0.977249868051821, 1e-15);
    assert_near(-log10(normal_cdf(-5)), 6.54265, 5e-6);
    assert_near(-log10(normal_cdf(-8)), 15.20614, 5e-6);
}

static void normal__quantile_is_the_inverse_of_the_integral(void **state)
{
    (void)state;
    for (double z = -8; z <= 6; z += 0.01)
        assert_near(normal_quantile(normal_cdf(z)), z, z <= 0 ? 1e-14 : 1e-7);
}

static void logarithm_and_exponential__are_right_to_an_ulp(void **state)
{
    (void)state;
    for (double x = 1e-300; x < 1e300; x *= 3.7)
        assert_near(exact_log(x), log(x), 3e-16 * fabs(log(x)) + 1e-16);
    for (double x = -690; x < 690; x += 0.731)
        assert_near(exact_exp(x) / exp(x), 1, 4e-16);
}

/* ---- noise ---- */

static void noise__is_what_its_header_says(void **state)
{
    (void)state;
    double u[NOISE_BLOCK], z[NOISE_BLOCK], s[NOISE_BLOCK], us[NOISE_BLOCK];
    random_key key = random_key_make(11, "harga");
    for (uint32_t block = 0; block < 3; block++) {
        noise_units(key, block, u);
        noise_normals(key, block, z);
        noise_units_single(key, block, us);
        noise_normals_single(key, block, s);
        for (uint32_t slot = 0; slot < NOISE_BLOCK; slot++) {
            uint32_t w[4], h = slot / 256;
            random_words(key, block * 256 + slot % 256, 0, 0, w);
            assert_true(u[slot] == random_unit(w[2 * h], w[2 * h + 1]));
            assert_true(z[slot] == normal_quantile(u[slot]));
            random_words(key, block * 128 + slot % 128, 0, 0, w);
            assert_true(us[slot] == ((double)w[slot / 128] + 0.5) * 0x1p-32);
            assert_near(s[slot], normal_quantile(us[slot]), 2e-6);
        }
    }
}

static void noise__every_form_gives_the_same_bytes(void **state)
{
    (void)state;
    double a[NOISE_BLOCK], b[NOISE_BLOCK];
    static void (*const forms[][2])(random_key, uint32_t, double *) = {
        { noise_units, noise_units_plain },
        { noise_normals, noise_normals_plain },
        { noise_normals_single, noise_normals_single_plain },
    };
    for (size_t k = 0; k < 3; k++)
        for (uint32_t block = 0; block < 4000; block++) {
            random_key key = random_key_make(block / 7, "bentuk");
            forms[k][0](key, block, a);
            forms[k][1](key, block, b);
            assert_memory_equal(a, b, sizeof a);
        }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Largest distance of the empirical distribution from the true one; 1.95/sqrt(n) is passed by 999 samples in 1000.
 * The seed is fixed: what passes once passes always. */
static double distance(double *x, double (*cdf)(double))
{
    double worst = 0;
    qsort(x, N, sizeof *x, compare);
    for (int i = 0; i < N; i++) {
        double f = cdf(x[i]);
        worst = fmax(worst, fmax(fabs(f - (double)i / N), fabs(f - (i + 1.0) / N)));
    }
    return worst;
}

static double uniform_cdf(double x)
{
    return x;
}

static void noise__passes_kolmogorov_and_smirnov(void **state)
{
    (void)state;
    static double x[N];
    static void (*const noises[])(random_key, uint32_t, double *) = { noise_units, noise_units_single, noise_normals,
                                                                      noise_normals_single };
    for (size_t k = 0; k < 4; k++) {
        for (uint32_t b = 0; b < BLOCKS; b++)
            noises[k](random_key_make(5, "ks"), b, x + (size_t)b * NOISE_BLOCK);
        double d = distance(x, k < 2 ? uniform_cdf : normal_cdf);
        if (d > 1.95 / sqrt(N))
            fail_msg("noise %zu: distance %g", k, d);
    }
}

/* ---- distributions ---- */

static const double event_p[] = { 0.2, 0.1 }, event_x[] = { 0.9, 0.5 };
static const pagu_dist samples[] = {
    { .kind = PAGU_DIST_UNIFORM, .a = -2, .b = 5 },
    { .kind = PAGU_DIST_TRIANGULAR, .a = 0.9, .b = 1, .c = 1.3 },
    { .kind = PAGU_DIST_TRIANGULAR, .a = 0, .b = 0, .c = 1 },
    { .kind = PAGU_DIST_PERT, .a = 0.9, .b = 1, .c = 1.3 },
    { .kind = PAGU_DIST_PERT, .a = 2, .b = 2, .c = 8 },
    { .kind = PAGU_DIST_PERT, .a = -1, .b = 0, .c = 1 },
    { .kind = PAGU_DIST_NORMAL, .a = 1, .b = 0.1 },
    { .kind = PAGU_DIST_LOGNORMAL, .a = 1.1, .b = 0.4 },
    { .kind = PAGU_DIST_EVENTS, .n = 2, .p = event_p, .value = event_x, .rest = 1 },
};
enum { SAMPLES = sizeof samples / sizeof *samples };

/* Wikipedia's or Johnson, Kotz and Balakrishnan's formulas, written out here again. */
static void distribution__moments_are_the_published_formulas(void **state)
{
    static const double mean[] = { 1.5, 3.2 / 3, 1.0 / 3, 6.2 / 6, 3, 0, 1, 1.1, 0.2 * 0.9 + 0.1 * 0.5 + 0.7 };
    static const double variance[] = { 49.0 / 12,
                                       (0.81 + 1 + 1.69 - 0.9 - 0.9 * 1.3 - 1.3) / 18,
                                       1.0 / 18,
                                       (6.2 / 6 - 0.9) * (1.3 - 6.2 / 6) / 7,
                                       5.0 / 7,
                                       1.0 / 7,
                                       0.01,
                                       0.16,
                                       0.2 * 0.81 + 0.1 * 0.25 + 0.7 - 0.93 * 0.93 };
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        assert_near(pagu_dist_mean(&samples[i]), mean[i], 1e-14);
        assert_near(pagu_dist_sd(&samples[i]), sqrt(variance[i]), 1e-12);
    }
}

/* Mean and spread of 204,800 draws, within 4 standard errors (of the sd: by its fourth moment, at most 3 sd). */
static void distribution__draws_have_its_moments(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        double sum = 0, squares = 0, x[NOISE_BLOCK];
        dist_ready d;
        assert_int_equal(dist_prepare(ctx, &samples[i], &d, &err), PAGU_OK);
        for (uint32_t b = 0; b < BLOCKS; b++) {
            (dist_wants_units(&d) ? noise_units : noise_normals)(random_key_make(3, "moments"), b, x);
            (dist_wants_units(&d) ? dist_of_units : dist_of_normals)(&d, x, NOISE_BLOCK);
            for (int k = 0; k < NOISE_BLOCK; k++) {
                sum += x[k];
                squares += x[k] * x[k];
            }
        }
        dist_release(ctx, &d);
        double mean = pagu_dist_mean(&samples[i]), sd = pagu_dist_sd(&samples[i]);
        assert_near(sum / N, mean, 4 * sd / sqrt(N));
        assert_near(sqrt(squares / N - sum / N * (sum / N)), sd, 6 * sd / sqrt(N));
    }
}

static void distribution__normals_and_uniforms_give_the_same_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        dist_ready d;
        assert_int_equal(dist_prepare(ctx, &samples[i], &d, &err), PAGU_OK);
        for (double u = 0.0005; u < 1; u += 0.001) {
            double x = normal_quantile(u);
            dist_of_normals(&d, &x, 1);
            assert_near(x, pagu_dist_quantile(&samples[i], u), 2e-9);
        }
        dist_release(ctx, &d);
    }
}

/* Beta(3, 3) is PERT(-1, 0, 1) moved to 0 … 1: its integral is x^3 (10 - 15 x + 6 x^2); Beta(1, 5): 1 - (1-x)^5. */
static void distribution__pert_inverts_the_beta_integral(void **state)
{
    (void)state;
    for (double u = 0.01; u < 1; u += 0.01) {
        double x = (pagu_dist_quantile(&samples[5], u) + 1) / 2;
        assert_near(x * x * x * (10 - 15 * x + 6 * x * x), u, 1e-12);
        assert_near((pagu_dist_quantile(&samples[4], u) - 2) / 6, 1 - pow(1 - u, 0.2), 1e-12);
    }
}

static void distribution__quantiles_never_go_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        dist_ready d;
        double last = -INFINITY;
        assert_int_equal(dist_prepare(ctx, &samples[i], &d, &err), PAGU_OK);
        for (double z = -8.3; z < 8.3 && samples[i].kind != PAGU_DIST_EVENTS; z += 0.001) {
            double x = z;
            dist_of_normals(&d, &x, 1);
            assert_true(x >= last - 1e-13); /* an ulp of the range is noise */
            last = x;
        }
        dist_release(ctx, &d);
    }
}

static void refuse(pagu_dist d, const char *message)
{
    assert_int_equal(pagu_dist_check(ctx, &d, "harga", &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, message);
}

static void distribution__wrong_parameters_are_named(void **state)
{
    static const double high_p[] = { 0.7, 0.6 }, no_p[] = { -0.1, 0.6 };
    (void)state;
    refuse((pagu_dist){ .kind = PAGU_DIST_UNIFORM, .a = 2, .b = 1 }, "harga: the low end 2 lies above the high end 1");
    refuse((pagu_dist){ .kind = PAGU_DIST_TRIANGULAR, .a = 1, .b = 3, .c = 2 },
           "harga: the mode 3 lies outside of 1 … 2");
    refuse((pagu_dist){ .kind = PAGU_DIST_PERT, .a = 1, .b = 0.5, .c = 2 },
           "harga: the mode 0.5 lies outside of 1 … 2");
    refuse((pagu_dist){ .kind = PAGU_DIST_NORMAL, .a = 1, .b = -1 }, "harga: the standard deviation -1 is negative");
    refuse((pagu_dist){ .kind = PAGU_DIST_NORMAL, .a = NAN, .b = 1 }, "harga: a parameter is no finite number");
    refuse((pagu_dist){ .kind = PAGU_DIST_LOGNORMAL, .a = 0, .b = 1 }, "harga: a lognormal mean is above 0, not 0");
    refuse((pagu_dist){ .kind = PAGU_DIST_EVENTS, .n = 0 }, "harga: 1 to 64 events are possible, not 0");
    refuse((pagu_dist){ .kind = PAGU_DIST_EVENTS, .n = 2, .p = no_p, .value = event_x },
           "harga: probability -0.1 of event 1 is not from 0 to 1");
    refuse((pagu_dist){ .kind = PAGU_DIST_EVENTS, .n = 2, .p = high_p, .value = event_x },
           "harga: the probabilities of events that exclude each other sum to 1.3, more than 1; give independent "
           "events entries of their own");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal__quantile_gives_the_test_values_of_as_241),
        cmocka_unit_test(normal__integral_agrees_with_abramowitz_and_stegun),
        cmocka_unit_test(normal__quantile_is_the_inverse_of_the_integral),
        cmocka_unit_test(logarithm_and_exponential__are_right_to_an_ulp),
        cmocka_unit_test(noise__is_what_its_header_says),
        cmocka_unit_test(noise__every_form_gives_the_same_bytes),
        cmocka_unit_test(noise__passes_kolmogorov_and_smirnov),
        cmocka_unit_test(distribution__moments_are_the_published_formulas),
        cmocka_unit_test(distribution__draws_have_its_moments),
        cmocka_unit_test(distribution__normals_and_uniforms_give_the_same_values),
        cmocka_unit_test(distribution__pert_inverts_the_beta_integral),
        cmocka_unit_test(distribution__quantiles_never_go_down),
        cmocka_unit_test(distribution__wrong_parameters_are_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
