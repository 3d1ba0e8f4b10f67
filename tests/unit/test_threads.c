/* Scenarios in many threads over one plan, as pagu/scenario.h allows: the results are those of one
 * thread, memory comes back to nothing. Run under -fsanitize=thread it shows races too.
 * SPDX-License-Identifier: MIT */
#include "support/plans.h"
#include "support/rng.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 8, PROGRAMS = 5, ACTIVITIES = 4, ITEMS = 20, MAX_ROWS = PROGRAMS * (1 + ACTIVITIES * (1 + ITEMS)) };

static int rounds(void)
{
    const char *more = getenv("PAGU_ROUNDS");
    return more ? atoi(more) : getenv("PAGU_QUICK") ? 3 : 25;
}

static int steps(void)
{
    return getenv("PAGU_QUICK") ? 60 : 200;
}

/* ---- the plan: 400 lines, a dash and a missing value here and there, one program counts as minus ---- */

static pagu_plan *big_plan(pagu_ctx *ctx)
{
    static char ids[MAX_ROWS][16], money[MAX_ROWS][16];
    static plan_row rows[MAX_ROWS];
    int n = 0;
    for (int p = 1; p <= PROGRAMS; p++) {
        snprintf(ids[n], sizeof ids[n], "%d", p);
        rows[n] = (plan_row){ .id = ids[n], .sign = p == PROGRAMS ? -1 : 1 };
        n++;
        for (int a = 1; a <= ACTIVITIES; a++) {
            snprintf(ids[n], sizeof ids[n], "%d.%02d", p, a);
            rows[n] = (plan_row){ .id = ids[n] };
            n++;
            for (int i = 1; i <= ITEMS; i++, n++) {
                snprintf(ids[n], sizeof ids[n], "%d.%02d.%02d", p, a, i);
                snprintf(money[n], sizeof money[n], "%d", 1000 * n + i);
                const char *other = n % 17 == 0 ? "-" : n % 13 == 0 ? NULL : money[n];
                rows[n] = (plan_row){ .id = ids[n], .money = { money[n], other }, .fund = n % 3 ? "apbd" : "dak" };
            }
        }
    }
    return plan_of(ctx, rows, (size_t)n);
}

/* ---- the work of one thread; no assertion in it, cmocka's belong to the main thread ---- */

typedef struct job {
    uint64_t seed;
    pagu_view *source; /* branched by the thread itself, or */
    pagu_scenario *s;  /* branched before and given to it; closed by the thread */
    char result[256];  /* everything the thread saw, in short */
} job;

typedef struct worker {
    rng r;
    pagu_scenario *s;
    pagu_view *v;
    pagu_column columns[2];
    uint64_t seen; /* a running digest of codes and values */
} worker;

static void see(worker *w, uint64_t x)
{
    w->seen = (w->seen ^ x) * UINT64_C(0x100000001B3);
}

static pagu_column any_column(worker *w)
{
    return w->columns[rng_below(&w->r, 2)];
}

static pagu_row any_row(worker *w, bool line)
{
    pagu_row row = 0;
    for (int tries = 0; tries < 200; tries++) {
        row = (pagu_row)rng_below(&w->r, pagu_view_row_count(w->v));
        if (pagu_view_is_member(w->v, row) && pagu_view_is_leaf(w->v, row) == line)
            break;
    }
    return row;
}

static pagu_cell any_cell(worker *w)
{
    uint64_t k = rng_below(&w->r, 12);
    if (k < 2)
        return (pagu_cell){ 0, k ? PAGU_DASH : PAGU_MISSING };
    return (pagu_cell){ (int64_t)rng_below(&w->r, 1000000), PAGU_NUMBER };
}

static pagu_selection *one_row(worker *w, pagu_row row)
{
    pagu_selection *sel = NULL;
    pagu_select_rows(w->v, &row, 1, &sel, NULL);
    return sel;
}

static void do_edit(worker *w)
{
    pagu_note note = { .verb = "edit", .reason = "a reason of its own" };
    see(w, pagu_edit(w->s, any_row(w, true), any_column(w), any_cell(w), rng_below(&w->r, 2) ? &note : NULL, NULL));
}

static void do_spread(worker *w)
{
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    pagu_selection *at = one_row(w, any_row(w, false));
    pagu_table *done = NULL;
    o.at = at;
    o.column = any_column(w);
    o.amount = (int64_t)rng_below(&w->r, 100000000);
    o.basis = rng_below(&w->r, 3) ? PAGU_BASIS_CURRENT : PAGU_BASIS_EQUAL;
    o.unit = rng_below(&w->r, 2) ? 1 : 1000;
    see(w, pagu_spread(w->s, &o, NULL, &done, NULL));
    if (done)
        see(w, pagu_table_row_count(done));
    pagu_table_free(done);
    pagu_selection_free(at);
}

static void do_transfer(worker *w)
{
    pagu_transfer_options o = PAGU_TRANSFER_OPTIONS_INIT;
    pagu_transfer_side from = { .row = any_row(w, rng_below(&w->r, 2)) },
                       to = { .row = any_row(w, rng_below(&w->r, 2)) };
    o.from = &from;
    o.to = &to;
    o.n_from = o.n_to = 1;
    o.column = any_column(w);
    o.amount = 1 + (int64_t)rng_below(&w->r, 50000);
    see(w, pagu_transfer(w->s, &o, NULL, NULL, NULL));
}

static void do_add(worker *w)
{
    pagu_row row = 0;
    pagu_row_def def = { .under = any_row(w, false), .name = "baru", .sign = 1 };
    see(w, pagu_add(w->s, &def, NULL, &row, NULL));
    see(w, pagu_edit(w->s, row, any_column(w), any_cell(w), NULL, NULL));
}

static void do_remove(worker *w)
{
    pagu_selection *at = one_row(w, any_row(w, true));
    see(w, pagu_remove(w->s, at, NULL, NULL));
    pagu_selection_free(at);
}

static void do_hold(worker *w)
{
    pagu_selection *at = one_row(w, any_row(w, true));
    pagu_constraint_def def = {
        .kind = PAGU_HOLD_LINES, .name = "tahan", .at = at, .field = PAGU_NONE, .period = PAGU_NONE
    };
    uint32_t id = 0;
    see(w, pagu_constrain(w->s, &def, NULL, &id, NULL));
    if (rng_below(&w->r, 2))
        see(w, pagu_release(w->s, id, NULL, NULL, NULL));
    pagu_selection_free(at);
}

static void do_branch(worker *w)
{
    pagu_scenario *child = NULL;
    see(w, pagu_branch(w->v, "cabang", &child, NULL));
    if (!child)
        return;
    see(w, pagu_edit(child, any_row(w, true), any_column(w), any_cell(w), NULL, NULL));
    see(w, (uint64_t)pagu_view_money(pagu_scenario_view(child), 0, w->columns[0]).value);
    pagu_scenario_close(child);
}

static void do_read(worker *w)
{
    pagu_cell path[16];
    pagu_column column = any_column(w);
    uint32_t n = pagu_view_money_path(w->v, any_row(w, true), column, path, 16);
    for (uint32_t i = 0; i < n && i < 16; i++)
        see(w, (uint64_t)path[i].value * 4 + path[i].state);
    see(w, (uint64_t)pagu_view_money(w->v, any_row(w, false), column).value);
}

static void step(worker *w)
{
    switch (rng_below(&w->r, 16)) {
    case 0: do_spread(w); break;
    case 1: do_transfer(w); break;
    case 2: do_add(w); break;
    case 3: do_remove(w); break;
    case 4: do_hold(w); break;
    case 5: do_branch(w); break;
    case 6: see(w, pagu_undo(w->s, NULL)); break;
    case 7: see(w, pagu_redo(w->s, NULL)); break;
    default: do_edit(w);
    }
    do_read(w);
}

/* Tables and checks that look at the whole plan. */
static void look_at_all(worker *w, const pagu_view *source)
{
    const pagu_view *views[] = { source ? source : w->v, w->v };
    pagu_compare_options o = { .size = sizeof o,
                               .level = 1,
                               .field = pagu_plan_column_field(pagu_view_plan(w->v), w->columns[0]),
                               .period = pagu_plan_column_period(pagu_view_plan(w->v), w->columns[0]) };
    pagu_table *compared = NULL, *why = NULL;
    pagu_findings *found = pagu_findings_new(pagu_plan_ctx(pagu_view_plan(w->v)));
    see(w, pagu_compare(views, 2, &o, &compared, NULL));
    see(w, pagu_explain(w->v, 0, w->columns[0], 4, 50, &why, NULL));
    see(w, pagu_check(w->v, found, NULL));
    see(w, compared ? pagu_table_row_count(compared) : 0);
    see(w, why ? pagu_table_row_count(why) : 0);
    see(w, pagu_findings_count(found));
    pagu_table_free(compared);
    pagu_table_free(why);
    pagu_findings_free(found);
}

static void *work(void *arg)
{
    job *j = arg;
    worker w = { .r = { j->seed }, .s = j->s };
    char before[65] = "", after[65] = "", undone[65] = "";
    if (!w.s)
        see(&w, pagu_branch(j->source, "utas", &w.s, NULL));
    if (!w.s)
        return NULL;
    w.v = pagu_scenario_view(w.s);
    see(&w, pagu_view_find_column(w.v, "budget", "2024", &w.columns[0], NULL));
    see(&w, pagu_view_find_column(w.v, "budget", "2025", &w.columns[1], NULL));
    see(&w, pagu_view_hash(w.v, before, NULL));
    for (int i = 0; i < steps(); i++)
        step(&w);
    look_at_all(&w, j->source);
    see(&w, pagu_view_hash(w.v, after, NULL));
    while (pagu_undo(w.s, NULL) == PAGU_OK)
        ;
    see(&w, pagu_view_hash(w.v, undone, NULL));
    snprintf(j->result, sizeof j->result, "%s %s %s %llx", before, after,
             strcmp(before, undone) ? "not undone" : "undone", (unsigned long long)w.seen);
    pagu_scenario_close(w.s);
    return NULL;
}

/* ---- many threads, and the same by one ---- */

static void run_together(job *jobs)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void run_in_turn(job *jobs)
{
    for (int i = 0; i < THREADS; i++)
        work(&jobs[i]);
}

static void expect_same(const job *together, const job *in_turn)
{
    for (int i = 0; i < THREADS; i++) {
        assert_string_equal(together[i].result, in_turn[i].result);
        assert_non_null(strstr(together[i].result, " undone "));
    }
}

static uint64_t seed_of(int round, int thread)
{
    return (uint64_t)(round * 100 + thread) * 2654435761u + 1;
}

/* Some history for threads to branch from: sparse, dense and added. */
static pagu_scenario *worked_scenario(pagu_view *stage, int round)
{
    pagu_scenario *s = NULL;
    pagu_error err;
    assert_ok(pagu_branch(stage, "induk", &s, &err), &err);
    worker w = { .r = { (uint64_t)round + 7 }, .s = s, .v = pagu_scenario_view(s) };
    for (int i = 0; i < 2; i++)
        assert_ok(pagu_view_find_column(w.v, "budget", i ? "2025" : "2024", &w.columns[i], &err), &err);
    for (int i = 0; i < 40; i++)
        step(&w);
    return s;
}

typedef struct shared {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_view *stage;
} shared;

static shared share(void)
{
    shared sh = { .ctx = english_ctx() };
    sh.plan = big_plan(sh.ctx); /* fresh: what it computes on first need is computed by the threads */
    sh.stage = pagu_view_open(sh.plan, pagu_plan_default_stage(sh.plan));
    assert_non_null(sh.stage);
    return sh;
}

static void end_sharing(shared *sh)
{
    pagu_view_close(sh->stage);
    pagu_plan_release(sh->plan);
    assert_int_equal(pagu_ctx_memory(sh->ctx), 0);
    pagu_ctx_free(sh->ctx);
}

static void threads__branching_one_stage_give_what_one_thread_gives(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        shared sh = share();
        job together[THREADS] = { 0 }, in_turn[THREADS] = { 0 };
        for (int i = 0; i < THREADS; i++)
            together[i] = in_turn[i] = (job){ .seed = seed_of(round, i), .source = sh.stage };
        run_together(together);
        run_in_turn(in_turn);
        expect_same(together, in_turn);
        end_sharing(&sh);
    }
}

/* The scenario has been branched and is not written any more: then many may branch it at once. */
static void threads__branching_a_frozen_scenario_give_what_one_thread_gives(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        shared sh = share();
        char before[65], after[65];
        pagu_scenario *frozen = worked_scenario(sh.stage, round), *first = NULL;
        pagu_error err;
        assert_ok(pagu_branch(pagu_scenario_view(frozen), "beku", &first, &err), &err);
        assert_ok(pagu_view_hash(pagu_scenario_view(frozen), before, &err), &err);
        job together[THREADS] = { 0 }, in_turn[THREADS] = { 0 };
        for (int i = 0; i < THREADS; i++)
            together[i] = in_turn[i] = (job){ .seed = seed_of(round, i), .source = pagu_scenario_view(frozen) };
        run_together(together);
        run_in_turn(in_turn);
        expect_same(together, in_turn);
        assert_ok(pagu_view_hash(pagu_scenario_view(frozen), after, &err), &err);
        assert_string_equal(before, after);
        pagu_scenario_close(first);
        pagu_scenario_close(frozen);
        end_sharing(&sh);
    }
}

/* Branches are given to threads; their parent goes on, undoes across the branch point and closes. */
static void threads__branches_are_free_of_a_parent_that_goes_on_and_closes(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        shared sh = share();
        pagu_error err;
        job together[THREADS] = { 0 }, in_turn[THREADS] = { 0 };
        for (int turn = 0; turn < 2; turn++) {
            pagu_scenario *parent = worked_scenario(sh.stage, round);
            job *jobs = turn ? in_turn : together;
            pthread_t threads[THREADS];
            for (int i = 0; i < THREADS; i++) {
                jobs[i].seed = seed_of(round, i);
                assert_ok(pagu_branch(pagu_scenario_view(parent), "anak", &jobs[i].s, &err), &err);
                if (turn == 0)
                    assert_int_equal(pthread_create(&threads[i], NULL, work, &jobs[i]), 0);
            }
            pagu_column column;
            assert_ok(pagu_view_find_column(sh.stage, "budget", "2024", &column, &err), &err);
            pagu_edit(parent, row_of(sh.stage, "1.01.01"), column, (pagu_cell){ 1, PAGU_NUMBER }, NULL, NULL);
            while (pagu_undo(parent, NULL) == PAGU_OK)
                ;
            pagu_scenario_close(parent);
            if (turn == 1)
                run_in_turn(jobs);
            for (int i = 0; i < THREADS && turn == 0; i++)
                assert_int_equal(pthread_join(threads[i], NULL), 0);
        }
        expect_same(together, in_turn);
        end_sharing(&sh);
    }
}

/* ---- reading alone ---- */

static void *read_all(void *arg)
{
    job *j = arg;
    pagu_plan *plan = pagu_view_plan(j->source);
    char hashes[2][65] = { "", "" };
    uint64_t sum = 0;
    pagu_plan_retain(plan);
    for (pagu_stage stage = 0; stage < pagu_plan_stage_count(plan); stage++) {
        pagu_view *v = pagu_view_open(plan, stage);
        pagu_selection *all = NULL;
        pagu_column column;
        if (v && pagu_select_all(v, &all, NULL) == PAGU_OK &&
            pagu_view_find_column(v, "budget", "2024", &column, NULL) == PAGU_OK)
            for (uint32_t i = 0; i < pagu_selection_count(all); i++)
                sum = sum * 31 + (uint64_t)pagu_view_money(v, pagu_selection_rows(all)[i], column).value;
        pagu_selection_free(all);
        pagu_view_close(v);
    }
    pagu_plan_hash(plan, hashes[0], NULL);
    pagu_view_hash(j->source, hashes[1], NULL);
    snprintf(j->result, sizeof j->result, "%s %s undone %llx", hashes[0], hashes[1], (unsigned long long)sum);
    pagu_plan_release(plan);
    return NULL;
}

static void threads__read_and_hash_one_plan_alike(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        shared sh = share();
        job jobs[THREADS] = { 0 };
        pthread_t threads[THREADS];
        for (int i = 0; i < THREADS; i++) {
            jobs[i].source = sh.stage;
            assert_int_equal(pthread_create(&threads[i], NULL, read_all, &jobs[i]), 0);
        }
        for (int i = 0; i < THREADS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        for (int i = 1; i < THREADS; i++)
            assert_string_equal(jobs[i].result, jobs[0].result);
        end_sharing(&sh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads__branching_one_stage_give_what_one_thread_gives),
        cmocka_unit_test(threads__branching_a_frozen_scenario_give_what_one_thread_gives),
        cmocka_unit_test(threads__branches_are_free_of_a_parent_that_goes_on_and_closes),
        cmocka_unit_test(threads__read_and_hash_one_plan_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
