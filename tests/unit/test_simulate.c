/* test_simulate.c - simulations: footing, correlation, threads, quantiles, refusals.
 * SPDX-License-Identifier: MIT */
#include "pagu/simulate.h"
#include "support/failing_alloc.h"
#include "support/plans.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "400000", "500000" } },
    { .id = "1.01.02", .money = { "1503000" } },
    { .id = "1.01.03" },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "250000", "300000" }, .sign = -1 },
    { .id = "1.02.02", .money = { "-" } },
    { .id = "1.02.03", .money = { "120000", "1" } },
    { .id = "1.03", .sign = 2 },
    { .id = "1.03.01", .money = { "777" } },
};

static trial t;
static pagu_error err;
static pagu_field budget;
static pagu_period years[2];

static int set_up(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
    assert_ok(pagu_plan_find_field(t.plan, "budget", &budget, &err), &err);
    assert_ok(pagu_plan_find_year(t.plan, 2024, &years[0], &err), &err);
    assert_ok(pagu_plan_find_year(t.plan, 2025, &years[1], &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    trial_close(&t);
    assert_int_equal(pagu_ctx_memory(t.ctx), 0);
    pagu_ctx_free(t.ctx);
    return 0;
}

/* ---- building options ---- */

typedef struct study {
    pagu_vary vary[4];
    pagu_selection *at[4];
    pagu_watch watch[24];
    pagu_simulate_options o;
} study;

static pagu_vary *add(study *s, const char *name, const char *at, pagu_dist dist)
{
    pagu_vary *d = &s->vary[s->o.n_vary];
    *d = (pagu_vary){ .name = name, .field = budget, .periods = years, .n_periods = 1, .dist = dist };
    d->at = s->at[s->o.n_vary++] = at_key(t.v, at);
    return d;
}

static void watch_all(study *s)
{
    for (pagu_row r = 0; r < pagu_view_row_count(t.v); r++)
        s->watch[s->o.n_watch++] = (pagu_watch){ r, t.b24 };
}

static study study_of(uint32_t draws)
{
    study s = { .o = PAGU_SIMULATE_OPTIONS_INIT };
    s.o.draws = draws;
    s.o.seed = 42;
    return s;
}

static pagu_code run(study *s, pagu_simulation **sim)
{
    s->o.vary = s->vary;
    s->o.watch = s->watch;
    return pagu_simulate(t.v, &s->o, sim, &err);
}

static void drop(study *s, pagu_simulation *sim)
{
    pagu_simulation_free(sim);
    for (int i = 0; i < 4; i++)
        pagu_selection_free(s->at[i]);
}

static pagu_dist normal(double mean, double sd)
{
    return (pagu_dist){ .kind = PAGU_DIST_NORMAL, .a = mean, .b = sd };
}

/* ---- facts ---- */

static void simulate__every_draw_foots_to_the_rupiah(void **state)
{
    static const char *const keys[] = { "1.01.01", "1.01.02", "1.02.01", "1.02.03" };
    (void)state;
    study s = study_of(1000);
    pagu_simulation *sim;
    add(&s, "harga", "1", normal(1, 0.2))->per_line = true;
    pagu_vary *d = add(&s, "hibah", "1.01", (pagu_dist){ .kind = PAGU_DIST_UNIFORM, .a = -100001, .b = 333333.5 });
    d->as = PAGU_VARY_DELTA;
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    const pagu_money *line[4], *top = pagu_simulation_draws(sim, row_of(t.v, "1"));
    const pagu_money *missing = pagu_simulation_draws(sim, row_of(t.v, "1.01.03"));
    for (int i = 0; i < 4; i++)
        line[i] = pagu_simulation_draws(sim, row_of(t.v, keys[i]));
    const pagu_money *left = pagu_simulation_draws(sim, row_of(t.v, "1.01"));
    const pagu_money *right = pagu_simulation_draws(sim, row_of(t.v, "1.02"));
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(left[i], line[0][i] + line[1][i] + missing[i]);
        assert_int_equal(right[i], line[3][i] - line[2][i]);
        assert_int_equal(top[i], left[i] + right[i]);
    }
    drop(&s, sim);
}

/* Watching only the top gives what watching everything gives: where money is gathered has no influence. */
static void simulate__what_is_watched_changes_nothing(void **state)
{
    (void)state;
    study a = study_of(1500), b = study_of(1500);
    pagu_simulation *x, *y;
    add(&a, "harga", "1", normal(1, 0.2))->per_line = true;
    add(&b, "harga", "1", normal(1, 0.2))->per_line = true;
    watch_all(&a);
    b.watch[b.o.n_watch++] = (pagu_watch){ row_of(t.v, "1"), t.b24 };
    assert_ok(run(&a, &x), &err);
    assert_ok(run(&b, &y), &err);
    assert_memory_equal(pagu_simulation_draws(x, row_of(t.v, "1")), pagu_simulation_draws(y, 0), 1500 * 8);
    drop(&a, x);
    drop(&b, y);
}

static void simulate__any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void)state;
    pagu_simulation *sims[3];
    study s[3];
    for (uint32_t i = 0; i < 3; i++) {
        s[i] = study_of(5000);
        s[i].o.threads = i == 2 ? 7 : i + 1;
        s[i].o.single = true;
        add(&s[i], "harga", "1", normal(1, 0.2))->per_line = true;
        add(&s[i], "upah", "1.01", (pagu_dist){ .kind = PAGU_DIST_PERT, .a = 0.9, .b = 1, .c = 1.4 });
        watch_all(&s[i]);
        assert_ok(run(&s[i], &sims[i]), &err);
    }
    for (uint32_t w = 0; w < s[0].o.n_watch; w++)
        for (uint32_t i = 1; i < 3; i++)
            assert_memory_equal(pagu_simulation_draws(sims[0], w), pagu_simulation_draws(sims[i], w), 5000 * 8);
    for (uint32_t i = 0; i < 3; i++)
        drop(&s[i], sims[i]);
}

static void simulate__fewer_draws_are_the_first_of_more(void **state)
{
    (void)state;
    study a = study_of(100), b = study_of(2000);
    pagu_simulation *x, *y;
    add(&a, "harga", "1.01.01", normal(1, 0.2));
    add(&b, "harga", "1.01.01", normal(1, 0.2));
    watch_all(&a);
    watch_all(&b);
    assert_ok(run(&a, &x), &err);
    assert_ok(run(&b, &y), &err);
    assert_memory_equal(pagu_simulation_draws(x, 0), pagu_simulation_draws(y, 0), 100 * 8);
    assert_int_equal(pagu_simulation_summary(y, 0, 100).max, pagu_simulation_summary(x, 0, 0).max);
    drop(&a, x);
    drop(&b, y);
}

/* 0.5 of an odd amount: away from zero, as everywhere. */
static void simulate__halves_go_away_from_zero(void **state)
{
    static const double one[] = { 1 }, half[] = { 0.5 };
    static const plan_row odd[] = { { .id = "1" },
                                    { .id = "1.01", .money = { "1501" } },
                                    { .id = "1.02", .money = { "-1501" } },
                                    { .id = "1.03", .money = { "1503" } } };
    (void)state;
    trial_close(&t);
    t = trial_open(t.ctx, plan_of(t.ctx, odd, 4));
    study s = study_of(10);
    pagu_simulation *sim;
    add(&s, "a", "1", (pagu_dist){ .kind = PAGU_DIST_EVENTS, .n = 1, .p = one, .value = half, .rest = 1 });
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    assert_int_equal(pagu_simulation_draws(sim, row_of(t.v, "1.01"))[3], 751);
    assert_int_equal(pagu_simulation_draws(sim, row_of(t.v, "1.02"))[3], -751);
    assert_int_equal(pagu_simulation_draws(sim, row_of(t.v, "1.03"))[3], 752);
    drop(&s, sim);
}

static void simulate__a_shared_total_is_met_exactly(void **state)
{
    (void)state;
    study s = study_of(600);
    pagu_simulation *sim;
    add(&s, "kas", "1.01", (pagu_dist){ .kind = PAGU_DIST_UNIFORM, .a = 1000000.5, .b = 1000000.5 })->as =
        PAGU_VARY_TOTAL;
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    for (int i = 0; i < 600; i++)
        assert_int_equal(pagu_simulation_draws(sim, row_of(t.v, "1.01"))[i], 1000001);
    assert_int_equal(pagu_simulation_draws(sim, row_of(t.v, "1.01.01"))[0], 210195); /* 400/1903 of it */
    drop(&s, sim);
}

static double correlation(const pagu_money *x, const pagu_money *y, int n)
{
    double mx = 0, my = 0, xy = 0, xx = 0, yy = 0;
    for (int i = 0; i < n; i++) {
        mx += (double)x[i] / n;
        my += (double)y[i] / n;
    }
    for (int i = 0; i < n; i++) {
        xy += ((double)x[i] - mx) * ((double)y[i] - my);
        xx += ((double)x[i] - mx) * ((double)x[i] - mx);
        yy += ((double)y[i] - my) * ((double)y[i] - my);
    }
    return xy / sqrt(xx * yy);
}

static void assert_between(double x, double low, double high)
{
    if (!(x >= low && x <= high))
        fail_msg("%g is not within %g … %g", x, low, high);
}

/* The standard error of a correlation near 0.5 over 20,000 draws is 0.0053: bounds are four of them. */
static void simulate__correlations_are_met(void **state)
{
    static const char *const factor[] = { "inflasi" };
    static const double loading[] = { 0.8 }, other[] = { -0.5 };
    (void)state;
    study s = study_of(20000);
    pagu_simulation *sim;
    pagu_correlation r = { "a", "b", 0.5 };
    add(&s, "a", "1.01.01", normal(1, 0.1));
    add(&s, "b", "1.01.02", normal(1, 0.1));
    pagu_vary *c = add(&s, "c", "1.02.01", normal(1, 0.1)), *d = add(&s, "d", "1.02.03", normal(1, 0.1));
    c->factors = d->factors = factor;
    c->n_factors = d->n_factors = 1;
    c->loadings = loading;
    d->loadings = other;
    s.o.correlations = &r;
    s.o.n_correlations = 1;
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    const pagu_money *a = pagu_simulation_draws(sim, row_of(t.v, "1.01.01")),
                     *b = pagu_simulation_draws(sim, row_of(t.v, "1.01.02")),
                     *x = pagu_simulation_draws(sim, row_of(t.v, "1.02.01")),
                     *y = pagu_simulation_draws(sim, row_of(t.v, "1.02.03"));
    assert_between(correlation(a, b, 20000), 0.48, 0.52);
    assert_between(correlation(x, y, 20000), -0.424, -0.376);
    assert_between(correlation(a, x, 20000), -0.028, 0.028);
    drop(&s, sim);
}

static void simulate__a_path_grows_from_year_to_year(void **state)
{
    (void)state;
    for (int per_line = 0; per_line < 2; per_line++) {
        study s = study_of(20000);
        pagu_simulation *sim;
        pagu_vary *d = add(&s, "naik", "1.01.01", normal(1.1, 0.1));
        d->n_periods = 2;
        d->per_line = per_line;
        d->path = PAGU_PATH_CUMULATIVE;
        s.watch[0] = (pagu_watch){ row_of(t.v, "1.01.01"), t.b24 };
        s.watch[1] = (pagu_watch){ row_of(t.v, "1.01.01"), t.b25 };
        s.o.n_watch = 2;
        assert_ok(run(&s, &sim), &err);
        pagu_summary one = pagu_simulation_summary(sim, 0, 0), two = pagu_simulation_summary(sim, 1, 0);
        /* Means 1.1 and 1.1 squared; variance of a product of two: (v + m^2)^2 - m^4. */
        assert_between(one.mean / 400000, 1.1 - 0.003, 1.1 + 0.003);
        assert_between(two.mean / 500000, 1.21 - 0.0045, 1.21 + 0.0045);
        assert_between(two.sd / 500000, 0.1559 - 0.004, 0.1559 + 0.004);
        drop(&s, sim);
    }
}

static void simulate__the_second_year_alone_is_the_same(void **state)
{
    (void)state;
    study a = study_of(1000), b = study_of(1000);
    pagu_simulation *x, *y;
    for (int i = 0; i < 2; i++) {
        study *s = i ? &b : &a;
        pagu_vary *d = add(s, "naik", "1", normal(1.1, 0.1));
        d->n_periods = 2;
        d->per_line = true;
        d->path = PAGU_PATH_CUMULATIVE;
        if (i == 0)
            s->watch[s->o.n_watch++] = (pagu_watch){ row_of(t.v, "1"), t.b24 };
        s->watch[s->o.n_watch++] = (pagu_watch){ row_of(t.v, "1"), t.b25 };
    }
    assert_ok(run(&a, &x), &err);
    assert_ok(run(&b, &y), &err);
    assert_memory_equal(pagu_simulation_draws(x, 1), pagu_simulation_draws(y, 0), 1000 * 8);
    drop(&a, x);
    drop(&b, y);
}

static void simulate__memo_rows_and_missing_values_stay_out(void **state)
{
    (void)state;
    study s = study_of(600);
    pagu_simulation *sim;
    add(&s, "semua", "1.03", normal(1, 0.5))->per_line = true;
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    pagu_summary top = pagu_simulation_summary(sim, row_of(t.v, "1"), 0);
    assert_true(top.sd == 0 && top.mean == (double)top.base);
    assert_true(pagu_simulation_summary(sim, row_of(t.v, "1.03.01"), 0).sd > 0);
    drop(&s, sim);
}

/* ---- quantiles ---- */

/* Hyndman and Fan 1996, definition 7, as R's quantile(x, type = 7) gives it: 1:10 at 0.1, 0.25, 0.9. */
static void quantile__is_type_seven(void **state)
{
    double x[] = { 7, 3, 10, 1, 9, 2, 8, 4, 6, 5 };
    (void)state;
    assert_true(fabs(pagu_quantile(x, 10, 0.1) - 1.9) < 1e-12);
    assert_true(fabs(pagu_quantile(x, 10, 0.25) - 3.25) < 1e-12);
    assert_true(fabs(pagu_quantile(x, 10, 0.9) - 9.1) < 1e-12);
    assert_true(pagu_quantile(x, 10, 0) == 1 && pagu_quantile(x, 10, 1) == 10 && pagu_quantile(x, 1, 0.3) == 1);
}

static void quantile__of_draws_is_that_of_their_numbers(void **state)
{
    static double x[3000];
    (void)state;
    study s = study_of(3000);
    pagu_simulation *sim;
    add(&s, "harga", "1", normal(1, 0.2))->per_line = true;
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    for (double p = 0; p <= 1; p += 0.05) {
        double error;
        pagu_money part;
        for (int i = 0; i < 3000; i++)
            x[i] = (double)pagu_simulation_draws(sim, 0)[i];
        assert_true(fabs((double)pagu_simulation_quantile(sim, 0, p, &error) - pagu_quantile(x, 3000, p)) < 0.5001);
        assert_true(error >= 0);
        assert_ok(pagu_simulation_quantile_of(sim, 0, 0, p, &part, NULL, &err), &err);
        assert_int_equal(part, pagu_simulation_quantile(sim, 0, p, NULL));
    }
    drop(&s, sim);
}

/* The median of a normal sample has standard error 1.2533 sd / sqrt(n). */
static void quantile__its_error_is_that_of_theory(void **state)
{
    (void)state;
    study s = study_of(100000);
    pagu_simulation *sim;
    double error;
    add(&s, "harga", "1.01.02", normal(1, 0.2));
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    pagu_simulation_quantile(sim, 0, 0.5, &error);
    double theory = 1.2533 * 0.2 * 1503000 / sqrt(100000);
    assert_between(error / theory, 0.85, 1.15);
    drop(&s, sim);
}

static void limits__count_the_draws_that_break_them(void **state)
{
    (void)state;
    study s = study_of(2000);
    pagu_simulation *sim;
    uint32_t count = 0;
    add(&s, "harga", "1.01", normal(1, 0.2))->per_line = true;
    watch_all(&s);
    assert_ok(run(&s, &sim), &err);
    uint32_t part = row_of(t.v, "1.01.01"), whole = row_of(t.v, "1.01");
    pagu_sum_term terms[] = { { part, 100 }, { whole, -20 } };
    for (int i = 0; i < 2000; i++)
        count += 100 * pagu_simulation_draws(sim, part)[i] < 20 * pagu_simulation_draws(sim, whole)[i];
    pagu_broken b = pagu_simulation_broken(sim, terms, 2, &(pagu_limits){ .has_min = true }, 0);
    assert_int_equal(b.broken, count);
    assert_true(count > 0 && count < 2000 && b.excess > 0);
    pagu_share share = pagu_simulation_share(sim, whole, 1903000, 0);
    b = pagu_simulation_broken(sim, &(pagu_sum_term){ whole, 1 }, 1, &(pagu_limits){ .has_max = true, .max = 1903000 },
                               0);
    assert_int_equal(b.broken, share.above);
    assert_int_equal(share.below + share.equal + share.above, 2000);
    drop(&s, sim);
}

/* ---- refusals ---- */

static void refuse(study *s, pagu_code code, const char *message)
{
    pagu_simulation *sim;
    pagu_code got = run(s, &sim);
    if (got != code || strcmp(err.message, message) != 0)
        fail_msg("%s: %s", pagu_code_name(got), err.message);
    assert_null(sim);
    drop(s, NULL);
}

static void simulate__correlations_that_contradict_name_the_pair(void **state)
{
    (void)state;
    study s = study_of(10);
    pagu_correlation r[] = { { "a", "b", 0.9 }, { "b", "c", 0.9 }, { "a", "c", -0.9 } };
    add(&s, "a", "1.01.01", normal(1, 1));
    add(&s, "b", "1.01.02", normal(1, 1));
    add(&s, "c", "1.02.01", normal(1, 1));
    watch_all(&s);
    s.o.correlations = r;
    s.o.n_correlations = 3;
    refuse(&s, PAGU_ARGUMENT,
           "the correlations contradict each other: \"c\" and \"b\" can't have this one beside the others (not "
           "positive definite)");
}

static void simulate__what_cannot_be_is_refused(void **state)
{
    (void)state;
    study s = study_of(0);
    add(&s, "a", "1", normal(1, 1));
    watch_all(&s);
    refuse(&s, PAGU_ARGUMENT, "draws are 1 to 10000000, not 0");
    s = study_of(10);
    add(&s, "a", "1", normal(1, 1));
    refuse(&s, PAGU_ARGUMENT, "a simulation needs something that varies and a place to watch");
    s = study_of(10);
    add(&s, "a", "1", normal(1, 1));
    add(&s, "a", "1", normal(1, 1));
    watch_all(&s);
    refuse(&s, PAGU_ARGUMENT, "two things that vary are named \"a\"");
    s = study_of(10);
    add(&s, "a", "1.01", normal(1, 1))->as = PAGU_VARY_TOTAL;
    add(&s, "b", "1.01.02", normal(1, 1));
    watch_all(&s);
    refuse(&s, PAGU_ARGUMENT, "1.01.02 is replaced by a total and varies otherwise, too; let it vary in one way");
    s = study_of(10);
    add(&s, "a", "1.01", normal(1, 1e15));
    watch_all(&s);
    refuse(&s, PAGU_OVERFLOW, "a draw could exceed the 64-bit range at 1.01.01; narrow what varies");
    s = study_of(10000000);
    add(&s, "a", "1.01", normal(1, 1));
    watch_all(&s);
    for (int i = 0; i < 3; i++)
        s.watch[s.o.n_watch++] = s.watch[0];
    refuse(&s, PAGU_LIMIT, "15 places × 10000000 draws are too many to keep; watch fewer places or draw less");
}

static void simulate__loadings_beyond_one_are_refused(void **state)
{
    static const char *const factors[] = { "x", "y" };
    static const double loadings[] = { 0.9, 0.9 };
    (void)state;
    study s = study_of(10);
    pagu_vary *d = add(&s, "a", "1", normal(1, 1));
    d->factors = factors;
    d->loadings = loadings;
    d->n_factors = 2;
    watch_all(&s);
    refuse(&s, PAGU_ARGUMENT, "a: the squares of its loadings sum to 1.62, more than 1");
}

static void simulate__stops_when_it_is_asked_to(void **state)
{
    (void)state;
    study s = study_of(1000);
    add(&s, "a", "1", normal(1, 0.1))->per_line = true;
    watch_all(&s);
    pagu_ctx_interrupt(t.ctx, true);
    refuse(&s, PAGU_INTERRUPTED, "interrupted");
    pagu_ctx_interrupt(t.ctx, false);
}

static pagu_code with_little_memory(pagu_ctx *ctx, void *arg)
{
    pagu_plan *plan;
    (void)arg;
    pagu_code code = plan_make(ctx, office, sizeof office / sizeof *office, &plan, &err);
    if (code != PAGU_OK)
        return code;
    pagu_view *v = pagu_view_open(plan, pagu_plan_default_stage(plan));
    pagu_selection *at = NULL;
    pagu_simulation *sim = NULL;
    code = v ? pagu_select_under(v, 0, &at, &err) : PAGU_NO_MEMORY;
    if (code == PAGU_OK) {
        pagu_correlation r = { "a", "b", 0.3 };
        pagu_vary vary[] = {
            { .name = "a", .at = at, .field = budget, .periods = years, .n_periods = 2, .dist = normal(1, 0.1) },
            { .name = "b",
              .at = at,
              .field = budget,
              .periods = years,
              .n_periods = 2,
              .dist = { .kind = PAGU_DIST_PERT, .a = 0.9, .b = 1, .c = 1.1 } },
        };
        pagu_watch watch = { 0, t.b24 };
        pagu_simulate_options o = PAGU_SIMULATE_OPTIONS_INIT;
        o.vary = vary;
        o.n_vary = 2;
        o.watch = &watch;
        o.n_watch = 1;
        o.draws = 100;
        o.correlations = &r;
        o.n_correlations = 1;
        code = pagu_simulate(v, &o, &sim, &err);
    }
    pagu_simulation_free(sim);
    pagu_selection_free(at);
    pagu_view_close(v);
    pagu_plan_release(plan);
    return code;
}

static void simulate__fails_cleanly_without_memory(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(with_little_memory, NULL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(simulate__every_draw_foots_to_the_rupiah, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__what_is_watched_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__any_number_of_threads_gives_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__fewer_draws_are_the_first_of_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__halves_go_away_from_zero, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__a_shared_total_is_met_exactly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__correlations_are_met, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__a_path_grows_from_year_to_year, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__the_second_year_alone_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__memo_rows_and_missing_values_stay_out, set_up, tear_down),
        cmocka_unit_test(quantile__is_type_seven),
        cmocka_unit_test_setup_teardown(quantile__of_draws_is_that_of_their_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quantile__its_error_is_that_of_theory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits__count_the_draws_that_break_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__correlations_that_contradict_name_the_pair, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__what_cannot_be_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__loadings_beyond_one_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__stops_when_it_is_asked_to, set_up, tear_down),
        cmocka_unit_test_setup_teardown(simulate__fails_cleanly_without_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
