/* test_seek.c - goal seek: every small function is solved as by trying all; ends of the range, refusals, turns.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct task {
    const int64_t *values; /* by x; NULL: f decides */
    int64_t (*f)(int64_t x);
    int64_t refuse_below, refuse_above;
    bool as_number;
    uint32_t calls;
    pagu_ctx *interrupt;
} task;

static pagu_code try_task(void *ud, int64_t x, bool *allowed, pagu_seek_value *value, pagu_error *err)
{
    task *t = ud;
    (void)err;
    t->calls++;
    if (t->interrupt && t->calls == 5)
        pagu_ctx_interrupt(t->interrupt, true);
    *allowed = x >= t->refuse_below && x <= t->refuse_above;
    if (!*allowed)
        return PAGU_OK;
    value->integer = t->values ? t->values[x] : t->f(x);
    value->is_number = t->as_number;
    value->number = (double)value->integer;
    return PAGU_OK;
}

static task task_of(int64_t (*f)(int64_t))
{
    return (task){ .f = f, .refuse_below = INT64_MIN, .refuse_above = INT64_MAX };
}

static pagu_seek_options options_of(task *t, int64_t lo, int64_t hi, int64_t want)
{
    pagu_seek_options o = PAGU_SEEK_OPTIONS_INIT;
    o.lo = lo;
    o.hi = hi;
    o.want.integer = want;
    o.trial = try_task;
    o.ud = t;
    return o;
}

static pagu_seek_result solve(pagu_ctx *ctx, const pagu_seek_options *o)
{
    pagu_error err;
    pagu_seek_result r;
    assert_ok(pagu_seek(ctx, o, &r, &err), &err);
    return r;
}

static int64_t same(int64_t x)
{
    return x;
}
static int64_t thrice(int64_t x)
{
    return 3 * x;
}
static int64_t falling(int64_t x)
{
    return 1000000 - 2 * x;
}
static int64_t hill(int64_t x) /* peak 1000 at 7654321 */
{
    int64_t d = x > 7654321 ? x - 7654321 : 7654321 - x;
    return 1000 - d / 1000;
}

/* ---- properties ---- */

static void seek__agrees_with_trying_all_on_every_small_range(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    rng r = { 7 };
    int64_t values[60];
    for (int round = 0; round < 3000; round++) {
        int64_t n = 1 + (int64_t)rng_below(&r, 60), want = (int64_t)rng_below(&r, 30);
        task t = { .values = values, .refuse_below = (int64_t)rng_below(&r, 10), .refuse_above = 59 };
        int64_t best = -1;
        bool below = false, above = false;
        for (int64_t x = 0; x < n; x++) {
            values[x] = (int64_t)rng_below(&r, 40);
            if (x < t.refuse_below)
                continue;
            below |= values[x] < want;
            above |= values[x] > want;
            int64_t d = llabs(values[x] - want);
            best = best < 0 || d < best ? d : best;
        }
        pagu_seek_options o = options_of(&t, 0, n - 1, want);
        pagu_seek_result got = solve(ctx, &o);
        assert_true(got.every);
        assert_int_equal(got.trials, n);
        pagu_seek_status status = best == 0        ? PAGU_SEEK_FOUND
                                  : below && above ? PAGU_SEEK_NEAREST
                                                   : PAGU_SEEK_UNREACHABLE;
        assert_int_equal(got.status, status);
        if (best >= 0)
            assert_int_equal(llabs(got.value.integer - want), best);
        else
            assert_int_equal(got.refused, got.trials);
    }
    pagu_ctx_free(ctx);
}

static int64_t slope, shift;
static int64_t line(int64_t x)
{
    return x / slope + shift;
}

static void seek__finds_every_value_that_a_line_takes(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    rng r = { 11 };
    for (int round = 0; round < 2000; round++) {
        slope = 1 + (int64_t)rng_below(&r, 1000);
        shift = (int64_t)rng_below(&r, 1000000);
        slope = rng_below(&r, 2) ? slope : -slope;
        task t = task_of(line);
        int64_t answer = (int64_t)rng_below(&r, 1000000000000);
        pagu_seek_options o = options_of(&t, 0, 1000000000000, line(answer));
        pagu_seek_result got = solve(ctx, &o);
        assert_int_equal(got.status, PAGU_SEEK_FOUND);
        assert_int_equal(line(got.x), line(answer));
        assert_true(t.calls <= 45);
    }
    pagu_ctx_free(ctx);
}

static void seek__goes_through_the_whole_64_bit_range_without_wrapping(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    const int64_t wants[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX };
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        task t = task_of(same);
        pagu_seek_options o = options_of(&t, INT64_MIN, INT64_MAX, wants[i]);
        pagu_seek_result got = solve(ctx, &o);
        assert_int_equal(got.status, PAGU_SEEK_FOUND);
        assert_true(got.x == wants[i]);
        assert_true(t.calls <= 66);
    }
    pagu_ctx_free(ctx);
}

/* ---- single facts ---- */

static void seek__nearest_is_the_lesser_of_two_as_near(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(thrice);
    pagu_seek_options o = options_of(&t, 0, 1000000, 3000001);
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_UNREACHABLE);
    assert_int_equal(got.x, 1000000);
    o.want.integer = 1000;
    got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_NEAREST);
    assert_int_equal(got.x, 333);
    assert_true(got.monotone);
    o.tolerance = 1;
    got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_FOUND);
    assert_int_equal(got.value.integer, 999);
    pagu_ctx_free(ctx);
}

static void seek__a_refusal_is_a_bound(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(same);
    t.refuse_below = 123456;
    t.refuse_above = 777777;
    pagu_seek_options o = options_of(&t, 0, 10000000, 5000000);
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_UNREACHABLE);
    assert_int_equal(got.x, 777777);
    assert_int_equal(got.first_allowed, 123456);
    assert_int_equal(got.last_allowed, 777777);
    assert_int_equal(got.most.integer, 777777);
    o.want.integer = 123456;
    got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_FOUND);
    assert_true(got.refused > 0);
    t.refuse_above = -1;
    got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_UNREACHABLE);
    assert_int_equal(got.trials, got.refused);
    pagu_ctx_free(ctx);
}

static void seek__a_guess_leads_into_a_narrow_window(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(falling);
    t.refuse_below = 499990;
    t.refuse_above = 500010;
    pagu_seek_options o = options_of(&t, 0, 1000000000, 12);
    o.has_guess = true;
    o.guess = 500001;
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_FOUND);
    assert_int_equal(got.x, 499994);
    pagu_ctx_free(ctx);
}

static void seek__a_peak_between_the_ends_is_found(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(hill);
    pagu_seek_options o = options_of(&t, 0, 100000000, 1000);
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_FOUND);
    assert_false(got.monotone);
    o.want.integer = 1001;
    got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_UNREACHABLE);
    assert_int_equal(got.value.integer, 1000);
    assert_true(t.calls < 600);
    pagu_ctx_free(ctx);
}

static void seek__only_multiples_of_the_step_are_tried(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(same);
    pagu_seek_options o = options_of(&t, -999999, 999999, 500);
    o.step = 1000;
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_NEAREST);
    assert_int_equal(got.x, 0);
    assert_int_equal(got.least.integer, -999000);
    assert_int_equal(got.most.integer, 999000);
    pagu_ctx_free(ctx);
}

static void seek__numbers_are_sought_like_money(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(thrice);
    t.as_number = true;
    pagu_seek_options o = options_of(&t, 0, 1000000, 0);
    o.want = (pagu_seek_value){ .is_number = true, .number = 1000.25 };
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.status, PAGU_SEEK_NEAREST);
    assert_int_equal(got.x, 333);
    pagu_ctx_free(ctx);
}

static void seek__stops_at_its_trials(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(same);
    pagu_seek_options o = options_of(&t, 0, INT64_MAX, 12345);
    o.trials = 10;
    pagu_seek_result got = solve(ctx, &o);
    assert_int_equal(got.trials, 10);
    assert_int_equal(t.calls, 10);
    assert_int_equal(got.status, PAGU_SEEK_NEAREST);
    pagu_ctx_free(ctx);
}

/* ---- must fail ---- */

static void assert_fails(pagu_ctx *ctx, const pagu_seek_options *o, pagu_code code, const char *message)
{
    pagu_error err;
    pagu_seek_result r;
    assert_int_equal(pagu_seek(ctx, o, &r, &err), code);
    assert_string_equal(err.message, message);
}

static void seek__refuses_what_it_cannot_search(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(same);
    pagu_seek_options o = options_of(&t, 1, 999, 5);
    o.step = 1000;
    assert_fails(ctx, &o, PAGU_ARGUMENT, "no multiple of 1000 lies between 1 and 999");
    o.step = 0;
    assert_fails(ctx, &o, PAGU_ARGUMENT, "unit must be at least 1");
    o = options_of(&t, 5, 4, 5);
    assert_fails(ctx, &o, PAGU_ARGUMENT, "no multiple of 1 lies between 5 and 4");
    o = options_of(&t, 0, 4, 5);
    o.want = (pagu_seek_value){ .is_number = true, .number = NAN };
    assert_fails(ctx, &o, PAGU_ARGUMENT,
                 "a search needs a trial, 3 to 100000 trials, a tolerance of 0 or more, and a finite value");
    pagu_ctx_free(ctx);
}

static void seek__can_be_interrupted(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    task t = task_of(same);
    t.interrupt = ctx;
    pagu_seek_options o = options_of(&t, 0, INT64_MAX, 5);
    assert_fails(ctx, &o, PAGU_INTERRUPTED, "interrupted");
    assert_int_equal(t.calls, 5);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static pagu_code seek_once(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    task t = task_of(same);
    pagu_seek_options o = options_of(&t, 0, 1000, 5);
    pagu_seek_result r;
    return pagu_seek(ctx, &o, &r, NULL);
}

static void seek__survives_each_failing_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(seek_once, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seek__agrees_with_trying_all_on_every_small_range),
        cmocka_unit_test(seek__finds_every_value_that_a_line_takes),
        cmocka_unit_test(seek__goes_through_the_whole_64_bit_range_without_wrapping),
        cmocka_unit_test(seek__nearest_is_the_lesser_of_two_as_near),
        cmocka_unit_test(seek__a_refusal_is_a_bound),
        cmocka_unit_test(seek__a_guess_leads_into_a_narrow_window),
        cmocka_unit_test(seek__a_peak_between_the_ends_is_found),
        cmocka_unit_test(seek__only_multiples_of_the_step_are_tried),
        cmocka_unit_test(seek__numbers_are_sought_like_money),
        cmocka_unit_test(seek__stops_at_its_trials),
        cmocka_unit_test(seek__refuses_what_it_cannot_search),
        cmocka_unit_test(seek__can_be_interrupted),
        cmocka_unit_test(seek__survives_each_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
