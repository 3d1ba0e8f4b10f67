/* test_optimise.c - the best allocation: integer programs against trying all, rules, ties, conflicts, prices.
 * SPDX-License-Identifier: MIT */
#include "solve/exact.h"
#include "solve/solver_load.h"
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- integer programs ---- */

#define MAX_COLS 5
#define MAX_ROWS 4

static pagu_error err;

static ip_run run_of(pagu_ctx *ctx)
{
    ip_run run = { .deadline = ip_clock() + 60, .err = &err };
    assert_ok(solver_load(ctx, &run.solver, &err), &err);
    return run;
}

static void random_program(rng *r, ip *p, int64_t scale)
{
    uint32_t n = 1 + (uint32_t)rng_below(r, MAX_COLS), m = (uint32_t)rng_below(r, MAX_ROWS + 1);
    for (uint32_t j = 0; j < n; j++) {
        int64_t lo = (int64_t)rng_below(r, 5) - 2;
        ip_add_col(p, lo, lo + (int64_t)rng_below(r, 6), (wide)((int64_t)rng_below(r, 21) - 6) * scale);
    }
    for (uint32_t i = 0; i < m; i++) {
        int64_t lo = (int64_t)rng_below(r, 40) - 25;
        ip_add_row(p, rng_below(r, 2) ? (wide)lo * scale : NO_LOW,
                   rng_below(r, 3) ? (wide)(lo + (int64_t)rng_below(r, 25)) * scale : NO_HIGH);
        for (uint32_t j = 0; j < n; j++)
            ip_add_term(p, j, (wide)((int64_t)rng_below(r, 15) - 5) * scale);
    }
}

/* The greatest gain of all x, by trying them; false if none keeps the rows. */
static bool best_of_all(const ip *p, wide *best)
{
    int64_t x[MAX_COLS];
    bool found = false;
    for (uint32_t j = 0; j < p->n_cols; j++)
        x[j] = p->cols[j].lo;
    for (;;) {
        if (ip_broken(p, x) == UINT32_MAX) {
            wide gain = ip_gain(p, x);
            *best = !found || gain > *best ? gain : *best;
            found = true;
        }
        uint32_t j = 0;
        while (j < p->n_cols && x[j] == p->cols[j].hi) {
            x[j] = p->cols[j].lo;
            j++;
        }
        if (j == p->n_cols)
            return found;
        x[j]++;
    }
}

static void optimise__agrees_with_trying_all_on_small_programs(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    ip_run run = run_of(ctx);
    rng r = { 2024 };
    int feasible = 0;
    const int64_t scales[] = { 1, 7, 1000003, 123456789012 };
    for (int round = 0; round < 1200; round++) {
        ip p;
        int64_t x[MAX_COLS] = { 0 };
        ip_answer a = { .x = x };
        wide best = 0;
        ip_init(&p, ctx);
        random_program(&r, &p, scales[round % 4]);
        assert_ok(ip_solve(&p, &run, &a), &err);
        bool found = best_of_all(&p, &best);
        assert_int_equal(a.status, found ? IP_OPTIMAL : IP_INFEASIBLE);
        if (found) {
            assert_true(ip_broken(&p, x) == UINT32_MAX);
            assert_true(ip_gain(&p, x) == best);
            feasible++;
        }
        ip_free(&p);
    }
    assert_true(feasible > 300 && feasible < 1190);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

/* A knapsack of rupiah: doubles of a solver's tolerance can't tell one rupiah from none. */
static void optimise__one_rupiah_too_much_is_too_much(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    ip_run run = run_of(ctx);
    for (int64_t more = -1; more <= 1; more++) {
        ip p;
        int64_t x[2] = { 0 };
        ip_answer a = { .x = x };
        ip_init(&p, ctx);
        ip_add_col(&p, 0, 1, 5);
        ip_add_col(&p, 0, 1, 4);
        ip_add_row(&p, NO_LOW, 999999999989 + 1000000000039 + more);
        ip_add_term(&p, 0, 999999999989);
        ip_add_term(&p, 1, 1000000000039);
        assert_ok(ip_solve(&p, &run, &a), &err);
        assert_true(ip_gain(&p, x) == (more < 0 ? 5 : 9));
        ip_free(&p);
    }
    pagu_ctx_free(ctx);
}

/* Wide columns go through the linear program and are refined: shares of 1/3 and 20% of rupiah. */
static void optimise__wide_amounts_are_exact_to_the_rupiah(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    ip_run run = run_of(ctx);
    rng r = { 5 };
    for (int round = 0; round < 200; round++) {
        ip p;
        int64_t x[2] = { 0 }, total = 1000000007 + (int64_t)rng_below(&r, 1000000000000);
        int64_t share = 1 + (int64_t)rng_below(&r, 99);
        ip_answer a = { .x = x };
        ip_init(&p, ctx);
        ip_add_col(&p, 0, total, 3);
        ip_add_col(&p, 0, total, 2);
        ip_add_row(&p, total, total); /* a + b = total, b at least share % of it */
        ip_add_term(&p, 0, 1);
        ip_add_term(&p, 1, 1);
        ip_add_row(&p, 0, NO_HIGH);
        ip_add_term(&p, 0, -share);
        ip_add_term(&p, 1, 100 - share);
        assert_ok(ip_solve(&p, &run, &a), &err);
        int64_t b = (int64_t)(((wide)total * share + 99) / 100);
        assert_true(x[1] == b);
        assert_true(x[0] == total - b);
        assert_int_equal(a.status, IP_OPTIMAL);
        ip_free(&p);
    }
    pagu_ctx_free(ctx);
}

static void optimise__numbers_beyond_doubles_are_refused(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    ip_run run = run_of(ctx);
    ip p;
    int64_t x[1];
    ip_answer a = { .x = x };
    ip_init(&p, ctx);
    ip_add_col(&p, 0, INT64_MAX, 1);
    assert_int_equal(ip_solve(&p, &run, &a), PAGU_LIMIT);
    assert_string_equal(err.message,
                        "amounts or coefficients are beyond what the solver can hold; give a larger unit or "
                        "fewer digits");
    ip_free(&p);
    pagu_ctx_free(ctx);
}

/* Market split (Cornuéjols and Dawande 1998): few programs of this size are harder. */
static void hard_program(ip *p)
{
    rng r = { 99 };
    for (int j = 0; j < 50; j++)
        ip_add_col(p, 0, 1, 1 + (int64_t)rng_below(&r, 9));
    for (int i = 0; i < 6; i++) {
        wide sum = 0, coef[50];
        for (int j = 0; j < 50; j++)
            sum += coef[j] = (wide)rng_below(&r, 100);
        ip_add_row(p, sum / 2, sum / 2);
        for (int j = 0; j < 50; j++)
            ip_add_term(p, (uint32_t)j, coef[j]);
    }
}

static void optimise__the_time_limit_is_kept(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    ip_run run = run_of(ctx);
    ip p;
    int64_t x[50];
    ip_answer a = { .x = x };
    double start = ip_clock();
    ip_init(&p, ctx);
    hard_program(&p);
    run.deadline = start + 1;
    assert_ok(ip_solve(&p, &run, &a), &err);
    assert_int_equal(a.status, IP_NO_ANSWER);
    assert_true(ip_clock() - start < 10); /* a machine may be busy */
    ip_free(&p);
    pagu_ctx_free(ctx);
}

static pagu_ctx *to_interrupt;
static int n_mine;

static void interrupt_it(int signal)
{
    (void)signal;
    n_mine++;
    pagu_ctx_interrupt(to_interrupt, true);
}

/* CBC has a handler for SIGINT while it runs: ours must be the one that is called. */
static void optimise__an_interrupt_while_it_solves_reaches_its_owner(void **state)
{
    (void)state;
    pagu_ctx *ctx = to_interrupt = english_ctx();
    ip_run run = run_of(ctx);
    ip p;
    int64_t x[50];
    ip_answer a = { .x = x };
    struct sigaction mine = { .sa_handler = interrupt_it }, before, after;
    sigaction(SIGINT, &mine, &before);
    ip_init(&p, ctx);
    hard_program(&p);
    pid_t self = getpid(), child = fork();
    if (child == 0) {
        usleep(200000);
        kill(self, SIGINT);
        _exit(0);
    }
    double start = ip_clock();
    assert_int_equal(ip_solve(&p, &run, &a), PAGU_INTERRUPTED);
    assert_string_equal(err.message, "interrupted");
    assert_true(ip_clock() - start < 20);
    assert_int_equal(n_mine, 1);
    waitpid(child, NULL, 0);
    sigaction(SIGINT, &before, &after);
    assert_true(after.sa_handler == interrupt_it);
    ip_free(&p);
    pagu_ctx_free(ctx);
}

/* ---- allocations ---- */

static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "100" }, .fund = "apbd" },
    { .id = "1.01.02", .money = { "300" }, .fund = "dak" },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "200" }, .fund = "apbd" },
    { .id = "1.02.02", .money = { "50" } },
};

static trial t;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
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

typedef struct gains {
    pagu_coefficient list[8];
    uint32_t n;
} gains;

static gains gains_of(const char *text)
{
    gains g = { .n = 0 };
    char key[32];
    int digits, used;
    for (; sscanf(text, " %31[^=]=%d%n", key, &digits, &used) == 2; text += used)
        g.list[g.n++] = (pagu_coefficient){ row_of(t.v, key), digits };
    return g;
}

static pagu_optimise_options options_of(const gains *g, pagu_money total)
{
    pagu_optimise_options o = PAGU_OPTIMISE_OPTIONS_INIT;
    o.column = t.b24;
    o.has_total = true;
    o.total = total;
    o.maximise = g->list;
    o.n_maximise = g->n;
    return o;
}

static pagu_code allocate_at(const char *at, pagu_optimise_options *o, pagu_optimise_result *r)
{
    pagu_selection *sel = at_key(t.v, at);
    o->at = sel;
    pagu_code rc = pagu_optimise(t.s, o, NULL, r, &err);
    pagu_selection_free(sel);
    return rc;
}

static void allocate(const char *gain, pagu_money total, const char *expected)
{
    gains g = gains_of(gain);
    pagu_optimise_options o = options_of(&g, total);
    pagu_optimise_result r;
    assert_ok(allocate_at("/", &o, &r), &err);
    assert_int_equal(r.status, PAGU_OPTIMISE_OPTIMAL);
    pagu_optimise_result_clear(&r);
    assert_money(t.v, t.b24, expected);
    if (pagu_journal_count(t.s) > 0) /* the same again is no step */
        assert_ok(pagu_undo(t.s, &err), &err);
    assert_int_equal(pagu_journal_count(t.s), 0);
    assert_money(t.v, t.b24, "/=650 1.01.02=300");
}

static void optimise__money_goes_where_it_gains_most(void **state)
{
    (void)state;
    allocate("1.01.01=1 1.01.02=2 1.02.01=3 1.02.02=4", 400, "1.02.02=50 1.02.01=200 1.01.02=150 1.01.01=0 /=400");
    allocate("1.01=5 1.02=1", 400, "1.01.01=100 1.01.02=300 1.02=0 /=400");   /* lines get what rows above them have */
    allocate("1=1 1.01.02=-1", 1000, "1.01.01=100 1.01.02=0 1.02=250 /=350"); /* a harm is left out */
}

static void optimise__of_equals_the_one_that_moves_least(void **state)
{
    (void)state;
    allocate("1.01.01=1", 1000, "1.01.01=100 1.01.02=300 1.02.01=200 1.02.02=50");
    allocate("1.01.01=0", 650, "1.01.01=100 1.01.02=300 1.02.01=200 1.02.02=50");
}

static uint32_t constrain(pagu_constraint_kind kind, const char *key, pagu_money amount, const char *name)
{
    pagu_selection *at = at_key(t.v, key);
    pagu_constraint_def def = { .kind = kind, .at = at, .amount = amount, .name = name };
    uint32_t id = 0;
    def.field = pagu_plan_column_field(t.plan, t.b24);
    def.period = pagu_plan_column_period(t.plan, t.b24);
    assert_ok(pagu_constrain(t.s, &def, NULL, &id, &err), &err);
    pagu_selection_free(at);
    return id;
}

static void optimise__rules_of_the_scenario_apply(void **state)
{
    (void)state;
    constrain(PAGU_HOLD_LINES, "1.01.01", 0, "tetap");
    constrain(PAGU_FLOOR, "1.02", 120, "minimal");
    constrain(PAGU_CEILING, "1.01", 250, "batas");
    gains g = gains_of("1.01.02=10 1.02.02=1 1.02.01=2");
    pagu_optimise_options o = options_of(&g, 400);
    pagu_optimise_result r;
    assert_ok(allocate_at("/", &o, &r), &err);
    assert_money(t.v, t.b24, "1.01.01=100 1.01.02=150 1.02.01=150 1.02.02=0 /=400");
    assert_string_equal(r.gain_text, "1800");
    pagu_optimise_result_clear(&r);
}

static void share_of(const char *at, const char *of, pagu_decimal least, pagu_decimal most)
{
    pagu_selection *a = at_key(t.v, at), *b = at_key(t.v, of);
    pagu_constraint_def def = { .kind = PAGU_BOUNDS, .at = a, .of = b, .name = "bagian" };
    def.field = pagu_plan_column_field(t.plan, t.b24);
    def.period = pagu_plan_column_period(t.plan, t.b24);
    def.of_period = PAGU_NONE;
    def.of_field = PAGU_NONE;
    def.has_min_share = least.digits > 0;
    def.has_max_share = most.digits > 0;
    def.min_share = least;
    def.max_share = most;
    uint32_t id = 0;
    assert_ok(pagu_constrain(t.s, &def, NULL, &id, &err), &err);
    pagu_selection_free(a);
    pagu_selection_free(b);
}

static void optimise__shares_are_kept_exactly(void **state)
{
    (void)state;
    share_of("1.01", "/", (pagu_decimal){ 335, 1 }, (pagu_decimal){ 0, 0 }); /* 33.5% */
    share_of("1.02.01", "1.02", (pagu_decimal){ 0, 0 }, (pagu_decimal){ 70, 0 });
    gains g = gains_of("1.02.01=10 1.02.02=3 1.01.01=1 1.01.02=2");
    pagu_optimise_options o = options_of(&g, 301);
    pagu_optimise_result r;
    assert_ok(allocate_at("/", &o, &r), &err);
    /* at least 100.835 in 1.01; of the 200 left at most 70% to 1.02.01, and 1.02.02 has 50: 116 and 50 */
    assert_money(t.v, t.b24, "1.02.02=50 1.02.01=116 1.01.02=135 1.01.01=0 /=301");
    pagu_optimise_result_clear(&r);
    share_of("1.01", "/", (pagu_decimal){ 30, 0 }, (pagu_decimal){ 0, 0 });
    constrain(PAGU_CEILING, "1.01", 90, "kecil");
    constrain(PAGU_FLOOR, "/", 301, "semua");
    char buf[64];
    assert_int_equal(allocate_at("/", &o, &r), PAGU_UNREACHABLE);
    assert_string_equal(cell_text(r.conflict, 0, "kind", buf), "share");
    assert_int_equal(pagu_table_row_count(r.conflict), 3); /* bagian, kecil, semua: not the caps */
    pagu_optimise_result_clear(&r);
}

static void optimise__shadow_prices_tell_what_one_more_gains(void **state)
{
    (void)state;
    constrain(PAGU_CEILING, "1.01", 250, "batas");
    gains g = gains_of("1.01.02=10 1.01.01=9 1.02.01=2");
    pagu_optimise_options o = options_of(&g, 300);
    pagu_optimise_result r;
    char buf[64];
    assert_ok(allocate_at("/", &o, &r), &err);
    assert_money(t.v, t.b24, "1.01.02=250 1.01.01=0 1.02.01=50");
    assert_string_equal(cell_text(r.prices, 0, "kind", buf), "total");
    assert_true(fabs(pagu_table_get(r.prices, 0, 7).number - 2) < 1e-9);
    assert_true(pagu_table_get(r.prices, 0, 8).integer >= 1 && pagu_table_get(r.prices, 0, 8).integer <= 150);
    assert_string_equal(cell_text(r.prices, 1, "rule", buf), "batas");
    assert_true(fabs(pagu_table_get(r.prices, 1, 7).number - 8) < 1e-9);
    assert_true(pagu_table_get(r.prices, 1, 8).integer <= 50);
    pagu_optimise_result_clear(&r);
}

static void optimise__packages_are_bought_whole(void **state)
{
    (void)state;
    pagu_package packages[] = { { row_of(t.v, "1.01.01"), 70, 10, 0, 5, "kecil" },
                                { row_of(t.v, "1.01.01"), 110, 17, 0, 2, "besar" } };
    gains g = gains_of("1.01.02=0");
    pagu_optimise_options o = options_of(&g, 300);
    pagu_optimise_result r;
    o.packages = packages;
    o.n_packages = 2;
    assert_ok(allocate_at("1.01.01", &o, &r), &err);
    assert_money(t.v, t.b24, "1.01.01=290"); /* 1 × 70 + 2 × 110: 44; 4 × 70: 40 */
    assert_string_equal(r.gain_text, "44");
    pagu_optimise_result_clear(&r);
}

static void optimise__requirements_and_exact_totals(void **state)
{
    (void)state;
    pagu_coefficient served[] = { { row_of(t.v, "1.01"), 25 }, { row_of(t.v, "1.02"), 5 } }; /* 2.5 and 0.5 a rupiah */
    pagu_requirement q = { .name = "orang", .coefficients = served, .n = 2, .scale = 1, .has_min = true, .min = 701 };
    gains g = gains_of("1.02=3 1.01=1");
    pagu_optimise_options o = options_of(&g, 500);
    pagu_optimise_result r;
    o.subject_to = &q;
    o.n_subject_to = 1;
    o.exactly = true;
    assert_ok(allocate_at("/", &o, &r), &err);
    /* 2.5 a + 0.5 (500 - a) >= 701 -> a >= 225.5, but 1.02 has 250 at most */
    assert_money(t.v, t.b24, "1.01=250 1.02=250 /=500");
    pagu_optimise_result_clear(&r);
    assert_ok(pagu_undo(t.s, &err), &err);
    q.min = 1001; /* a >= 375.5 */
    assert_ok(allocate_at("/", &o, &r), &err);
    assert_money(t.v, t.b24, "1.01=376 1.02=124 /=500");
    pagu_optimise_result_clear(&r);
}

static void optimise__a_conflict_names_its_rules_and_what_would_free_them(void **state)
{
    (void)state;
    constrain(PAGU_HOLD_LINES, "1.01.02", 0, "gaji");
    constrain(PAGU_FLOOR, "1.02", 120, "layanan");
    constrain(PAGU_FLOOR, "1.01.01", 10, "lain");
    gains g = gains_of("1=1");
    pagu_optimise_options o = options_of(&g, 400);
    pagu_optimise_result r;
    char buf[64];
    assert_int_equal(allocate_at("/", &o, &r), PAGU_UNREACHABLE);
    assert_string_equal(err.message,
                        "no allocation keeps these 3 rules at once; in brackets what each would have to give alone: "
                        "\"gaji\" (30), \"layanan\" (30), \"the total\" (30)");
    assert_int_equal(pagu_table_row_count(r.conflict), 3);
    assert_string_equal(cell_text(r.conflict, 0, "kind", buf), "hold");
    assert_int_equal(r.status, PAGU_OPTIMISE_INFEASIBLE);
    pagu_optimise_result_clear(&r);
    assert_int_equal(pagu_journal_count(t.s), 3);
}

static void optimise__dry_and_failed_change_nothing(void **state)
{
    (void)state;
    gains g = gains_of("1=1");
    pagu_optimise_options o = options_of(&g, 400);
    pagu_optimise_result r;
    o.dry = true;
    assert_ok(allocate_at("/", &o, &r), &err);
    assert_int_equal(pagu_table_row_count(r.lines), 5);
    pagu_optimise_result_clear(&r);
    assert_int_equal(pagu_journal_count(t.s), 0);
    assert_money(t.v, t.b24, "/=650");
    o.unit = 0;
    assert_int_equal(allocate_at("/", &o, &r), PAGU_ARGUMENT);
    assert_string_equal(err.message, "unit must be at least 1");
    o.unit = 1;
    o.n_maximise = 0;
    assert_int_equal(allocate_at("/", &o, &r), PAGU_ARGUMENT);
    assert_string_equal(err.message, "optimise needs something to maximise");
}

static void optimise__can_be_interrupted(void **state)
{
    (void)state;
    gains g = gains_of("1=1");
    pagu_optimise_options o = options_of(&g, 400);
    pagu_optimise_result r;
    pagu_ctx_interrupt(t.ctx, true);
    assert_int_equal(allocate_at("/", &o, &r), PAGU_INTERRUPTED);
    pagu_ctx_interrupt(t.ctx, false);
    assert_int_equal(pagu_journal_count(t.s), 0);
}

static void optimise__a_missing_plugin_names_the_package(void **state)
{
    (void)state;
    gains g = gains_of("1=1");
    pagu_optimise_options o = options_of(&g, 400);
    pagu_optimise_result r;
    setenv("PAGU_PLUGINS", "/nonexistent", 1);
    assert_int_equal(allocate_at("/", &o, &r), PAGU_NOT_FOUND);
    assert_non_null(strstr(err.message, "coinor-libcbc-dev"));
    unsetenv("PAGU_PLUGINS");
}

static pagu_code optimise_once(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_view *v = NULL;
    pagu_scenario *s = NULL;
    pagu_selection *at = NULL;
    pagu_optimise_options o = PAGU_OPTIMISE_OPTIONS_INIT;
    pagu_optimise_result r = { .lines = NULL };
    pagu_row root = 0;
    pagu_code rc = plan_make(ctx, office, sizeof office / sizeof *office, &plan, &err);
    if (!rc)
        rc = (v = pagu_view_open(plan, pagu_plan_default_stage(plan))) ? PAGU_OK : PAGU_NO_MEMORY;
    if (!rc)
        rc = pagu_branch(v, "x", &s, &err);
    if (!rc)
        rc = pagu_view_find(v, "/", &root, &err);
    if (!rc)
        rc = pagu_select_rows(v, &root, 1, &at, &err);
    if (!rc)
        rc = pagu_view_find_column(v, "budget", "2024", &o.column, &err);
    pagu_coefficient gain = { root, 1 };
    o.at = at;
    o.maximise = &gain;
    o.n_maximise = 1;
    o.has_total = true;
    o.total = arg ? -1 : 400;
    if (!rc)
        rc = pagu_optimise(s, &o, NULL, &r, &err);
    pagu_optimise_result_clear(&r);
    pagu_selection_free(at);
    pagu_scenario_close(s);
    pagu_view_close(v);
    pagu_plan_release(plan);
    return rc == PAGU_UNREACHABLE ? PAGU_OK : rc;
}

static void optimise__survives_each_failing_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(optimise_once, NULL) > 0);
    assert_true(for_each_failing_allocation(optimise_once, &err) > 0); /* with a conflict */
}

#define ON_PLAN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optimise__agrees_with_trying_all_on_small_programs),
        cmocka_unit_test(optimise__one_rupiah_too_much_is_too_much),
        cmocka_unit_test(optimise__wide_amounts_are_exact_to_the_rupiah),
        cmocka_unit_test(optimise__numbers_beyond_doubles_are_refused),
        cmocka_unit_test(optimise__the_time_limit_is_kept),
        cmocka_unit_test(optimise__an_interrupt_while_it_solves_reaches_its_owner),
        ON_PLAN(optimise__money_goes_where_it_gains_most),
        ON_PLAN(optimise__of_equals_the_one_that_moves_least),
        ON_PLAN(optimise__rules_of_the_scenario_apply),
        ON_PLAN(optimise__shares_are_kept_exactly),
        ON_PLAN(optimise__shadow_prices_tell_what_one_more_gains),
        ON_PLAN(optimise__packages_are_bought_whole),
        ON_PLAN(optimise__requirements_and_exact_totals),
        ON_PLAN(optimise__a_conflict_names_its_rules_and_what_would_free_them),
        ON_PLAN(optimise__dry_and_failed_change_nothing),
        ON_PLAN(optimise__can_be_interrupted),
        ON_PLAN(optimise__a_missing_plugin_names_the_package),
        cmocka_unit_test(optimise__survives_each_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
