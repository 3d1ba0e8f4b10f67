/* test_margins.c - rows and columns get their totals at once.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include "calc/margins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef __int128 i128;

/* ---- the arithmetic ---- */

enum { MOST_LINES = 400, MOST_NODES = 60 };

typedef struct grid {
    margins_job job;
    uint32_t row[MOST_LINES], column[MOST_LINES];
    int64_t weights[MOST_LINES];
    pagu_money lo[MOST_LINES], hi[MOST_LINES], out[MOST_LINES], residue[MOST_LINES];
    pagu_money rows[MOST_NODES], columns[MOST_NODES];
    bool cut[2 * MOST_NODES];
} grid;

static pagu_ctx *ctx;
static trial t;
static pagu_error err;

static void grid_init(grid *g, uint32_t n, uint32_t n_rows, uint32_t n_columns, pagu_money unit)
{
    memset(g, 0, sizeof *g);
    g->job = (margins_job){ .n = n,
                            .n_rows = n_rows,
                            .n_columns = n_columns,
                            .row = g->row,
                            .column = g->column,
                            .weights = g->weights,
                            .row_totals = g->rows,
                            .column_totals = g->columns,
                            .unit = unit,
                            .out = g->out,
                            .residue = g->residue,
                            .cut = g->cut };
}

static void assert_margins(const grid *g)
{
    i128 rows[MOST_NODES] = { 0 }, columns[MOST_NODES] = { 0 };
    for (uint32_t i = 0; i < g->job.n; i++) {
        rows[g->row[i]] += g->out[i];
        columns[g->column[i]] += g->out[i];
        assert_true(g->out[i] >= 0);
        if (g->weights[i] == 0)
            assert_int_equal(g->out[i], g->job.lo && g->lo[i] > 0 ? g->lo[i] : 0);
        if (g->job.lo)
            assert_true(g->out[i] >= g->lo[i]);
        if (g->job.hi && g->weights[i] > 0)
            assert_true(g->out[i] <= g->hi[i]);
    }
    for (uint32_t v = 0; v < g->job.n_rows; v++)
        assert_true(rows[v] == g->rows[v]);
    for (uint32_t v = 0; v < g->job.n_columns; v++)
        assert_true(columns[v] == g->columns[v]);
}

/* Seeds and totals of the example in Wikipedia's "Iterative proportional fitting", in thousands. The
 * shares are from 3,000 rounds in Python. */
static void margins__the_textbook_table_is_fitted_and_rounded_within_one_unit(void **state)
{
    (void)state;
    static const int64_t seeds[] = { 40, 30, 20, 10, 35, 50, 100, 75, 30, 80, 70, 120, 20, 30, 40, 50 };
    static const double fitted[] = { 64558.5098,  46232.4597, 35384.2983, 3824.7323,   49967.9194,  68159.3541,
                                     156498.5464, 25374.1801, 56721.9436, 144428.2256, 145082.4814, 53767.3494,
                                     28751.6272,  41179.9607, 63034.6739, 17033.7383 };
    static grid g;
    for (pagu_money unit = 1; unit <= 1000; unit *= 1000) {
        grid_init(&g, 16, 4, 4, unit);
        memcpy(g.rows, (pagu_money[]){ 150000, 300000, 400000, 150000 }, 4 * sizeof *g.rows);
        memcpy(g.columns, (pagu_money[]){ 200000, 300000, 400000, 100000 }, 4 * sizeof *g.columns);
        for (uint32_t i = 0; i < 16; i++) {
            g.row[i] = i / 4;
            g.column[i] = i % 4;
            g.weights[i] = seeds[i];
        }
        assert_int_equal(margins_run(ctx, &g.job), PAGU_OK);
        assert_margins(&g);
        for (uint32_t i = 0; i < 16; i++) {
            double off = (double)g.out[i] - fitted[i];
            assert_true(off < (double)unit && off > -(double)unit);
            assert_int_equal(g.out[i] % unit, 0);
            assert_int_equal(g.residue[i], g.out[i] - (pagu_money)(fitted[i] / (double)unit) * unit);
        }
    }
}

/* Fitting comes ever nearer to such an end and never there. */
static void margins__totals_may_force_a_line_with_a_seed_to_zero(void **state)
{
    (void)state;
    static grid g;
    grid_init(&g, 3, 2, 2, 1);
    memcpy(g.row, (uint32_t[]){ 0, 0, 1 }, 3 * sizeof *g.row);
    memcpy(g.column, (uint32_t[]){ 0, 1, 0 }, 3 * sizeof *g.column);
    for (uint32_t i = 0; i < 3; i++)
        g.weights[i] = 7;
    g.rows[0] = g.rows[1] = g.columns[0] = g.columns[1] = 1000000000;
    assert_int_equal(margins_run(ctx, &g.job), PAGU_OK);
    assert_margins(&g);
    assert_int_equal(g.out[0], 0);
}

/* A case whose totals some amounts meet. */
static void random_grid(grid *g, rng *r, bool bounds, pagu_money unit)
{
    uint32_t n = 1 + (uint32_t)rng_below(r, 120), n_rows = 1 + (uint32_t)rng_below(r, 12);
    uint32_t n_columns = 1 + (uint32_t)rng_below(r, 5);
    grid_init(g, n, n_rows, n_columns, unit);
    uint64_t size = rng_below(r, 3) ? 1000 : 1000000000000;
    for (uint32_t i = 0; i < n; i++) {
        g->row[i] = (uint32_t)rng_below(r, n_rows);
        g->column[i] = (uint32_t)rng_below(r, n_columns);
        g->weights[i] = rng_below(r, 5) ? (int64_t)rng_below(r, size) : 0;
        pagu_money x = g->weights[i] ? (pagu_money)rng_below(r, size) * unit : 0;
        g->lo[i] = x - (pagu_money)rng_below(r, (uint64_t)x + 1);
        g->hi[i] = x + (pagu_money)rng_below(r, size);
        if (bounds && g->weights[i] == 0)
            x = g->lo[i];
        g->rows[g->row[i]] += x;
        g->columns[g->column[i]] += x;
    }
    if (bounds) {
        g->job.lo = g->lo;
        g->job.hi = g->hi;
    }
}

static void margins__8000_random_cases_that_can_be_met_are_met_exactly_within_bounds(void **state)
{
    (void)state;
    static grid g;
    rng r = { 5 };
    for (int k = 0; k < 8000; k++) {
        random_grid(&g, &r, k % 2, k % 3 ? 1 : 1000);
        pagu_code rc = margins_run(ctx, &g.job);
        if (rc)
            fail_msg("case %d: %s", k, pagu_code_name(rc));
        assert_margins(&g);
    }
}

/* Shares by plain fitting in higher precision, where every row and column share a line. */
static void margins__each_line_is_within_one_unit_of_its_fitted_share(void **state)
{
    (void)state;
    static grid g;
    rng r = { 9 };
    for (int k = 0; k < 200; k++) {
        uint32_t n_rows = 1 + (uint32_t)rng_below(&r, 12), n_columns = 1 + (uint32_t)rng_below(&r, 6);
        long double x[MOST_LINES], sum;
        pagu_money unit = k % 2 ? 1 : 100;
        grid_init(&g, n_rows * n_columns, n_rows, n_columns, unit);
        for (uint32_t i = 0; i < g.job.n; i++) {
            g.row[i] = i / n_columns;
            g.column[i] = i % n_columns;
            x[i] = g.weights[i] = 1 + (int64_t)rng_below(&r, 1000000);
            pagu_money real = (pagu_money)rng_below(&r, 100000) * unit;
            g.rows[g.row[i]] += real;
            g.columns[g.column[i]] += real;
        }
        assert_int_equal(margins_run(ctx, &g.job), PAGU_OK);
        assert_margins(&g);
        for (int round = 0; round < 400; round++)
            for (int side = 0; side < 2; side++)
                for (uint32_t v = 0; v < (side ? n_columns : n_rows); v++) {
                    const uint32_t *of = side ? g.column : g.row;
                    sum = 0;
                    for (uint32_t i = 0; i < g.job.n; i++)
                        sum += of[i] == v ? x[i] : 0;
                    for (uint32_t i = 0; i < g.job.n && sum > 0; i++)
                        x[i] *= of[i] == v ? (long double)(side ? g.columns : g.rows)[v] / sum : 1;
                }
        for (uint32_t i = 0; i < g.job.n; i++) {
            long double off = (long double)g.out[i] - x[i];
            if (off > unit + 0.01L || off < -unit - 0.01L)
                fail_msg("case %d, line %u: %lld for a share of %Lf", k, i, (long long)g.out[i], x[i]);
        }
    }
}

/* Every refusal carries its proof: rows of the cut want more than bounds and columns let them have. */
static void margins__every_refusal_is_proved_by_its_cut(void **state)
{
    (void)state;
    static grid g;
    rng r = { 13 };
    int refused = 0;
    for (int k = 0; k < 5000; k++) {
        random_grid(&g, &r, k % 2, 1);
        uint32_t a = (uint32_t)rng_below(&r, g.job.n_rows), b = (uint32_t)rng_below(&r, g.job.n_rows);
        pagu_money moved = g.rows[a] - (pagu_money)rng_below(&r, (uint64_t)g.rows[a] + 1);
        g.rows[a] -= moved;
        g.rows[b] += moved;
        pagu_code rc = margins_run(ctx, &g.job);
        if (rc == PAGU_OK) {
            assert_margins(&g);
            continue;
        }
        assert_int_equal(rc, PAGU_UNREACHABLE);
        i128 wanted = 0, let = 0;
        for (uint32_t v = 0; v < g.job.n_rows; v++)
            wanted += g.cut[v] ? g.rows[v] : 0;
        for (uint32_t v = 0; v < g.job.n_columns; v++)
            let += g.cut[g.job.n_rows + v] ? g.columns[v] : 0;
        for (uint32_t i = 0; i < g.job.n; i++) {
            bool from = g.cut[g.row[i]], to = g.cut[g.job.n_rows + g.column[i]];
            pagu_money lo = g.job.lo ? g.lo[i] : 0, hi = g.weights[i] == 0 ? lo : g.job.hi ? g.hi[i] : INT64_MAX;
            let += from && !to ? hi : 0;
            let -= !from && to ? lo : 0;
        }
        assert_true(wanted - let == g.job.gap && g.job.gap > 0);
        refused++;
    }
    assert_true(refused > 1000);
}

static void margins__the_largest_amounts_do_not_overflow(void **state)
{
    (void)state;
    static grid g;
    grid_init(&g, 4, 2, 2, 1000000);
    for (uint32_t i = 0; i < 4; i++) {
        g.row[i] = i / 2;
        g.column[i] = i % 2;
        g.weights[i] = INT64_MAX;
    }
    g.rows[0] = g.columns[1] = INT64_MAX / 2;
    g.rows[1] = g.columns[0] = INT64_MAX / 2;
    assert_int_equal(margins_run(ctx, &g.job), PAGU_OK);
    assert_margins(&g);
}

/* ---- the verb ---- */

static const plan_row office[] = {
    { .id = "1" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "100" }, .fund = "apbd" },
    { .id = "1.01.02", .money = { "300" }, .fund = "dak" },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "250" }, .fund = "apbd" },
    { .id = "1.02.02", .money = { "150" }, .fund = "dak" },
    { .id = "1.02.03", .money = { "0" }, .fund = "dak" },
    { .id = "1.02.04", .money = { "50" } },
};

static int set_up(void **state)
{
    (void)state;
    ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, office, sizeof office / sizeof *office));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    trial_close(&t);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    return 0;
}

typedef struct call {
    pagu_money rows[2], columns[2]; /* 1.01, 1.02; apbd, dak */
    bool swapped;
    const char *hold;
    pagu_spread_options spread;
} call;

static pagu_code spread_two(pagu_scenario *s, const call *c, pagu_table **out, pagu_error *e)
{
    pagu_view *v = pagu_scenario_view(s);
    pagu_selection *at = NULL, *rows[2] = { NULL }, *columns[2] = { NULL }, *hold = NULL;
    static const char *const keys[] = { "1.01", "1.02", "/" }, *const funds[] = { "apbd", "dak" };
    pagu_row row[3];
    pagu_column column = 0;
    pagu_code rc = PAGU_OK;
    for (int i = 0; i < 3 && !rc; i++)
        rc = pagu_view_find(v, keys[i], &row[i], e);
    for (uint32_t i = 0; i < 2 && !rc; i++) {
        rc = pagu_select_rows(v, &row[i], 1, &rows[i], e);
        if (!rc)
            rc = pagu_select_tag(v, 0, i, &columns[i], e);
    }
    if (!rc)
        rc = pagu_select_rows(v, &row[2], 1, &at, e);
    if (!rc)
        rc = pagu_view_find_column(v, "budget", "2024", &column, e);
    if (!rc && c->hold) {
        pagu_row held = row_of(v, c->hold);
        rc = pagu_select_rows(v, &held, 1, &hold, e);
    }
    pagu_margin r[2], m[2];
    for (int i = 0; i < 2; i++) {
        int k = c->swapped ? 1 - i : i;
        r[k] = (pagu_margin){ NULL, rows[i], c->rows[i], false };
        m[k] = (pagu_margin){ funds[i], columns[i], c->columns[i], false };
    }
    pagu_spread_options o = c->spread;
    o.at = at;
    o.column = column;
    o.hold = hold;
    pagu_spread_two_options two = PAGU_SPREAD_TWO_OPTIONS_INIT;
    two.spread = &o;
    two.rows = r;
    two.columns = m;
    two.n_rows = two.n_columns = 2;
    if (!rc)
        rc = pagu_spread_two(s, &two, NULL, out, e);
    for (int i = 0; i < 2; i++) {
        pagu_selection_free(rows[i]);
        pagu_selection_free(columns[i]);
    }
    pagu_selection_free(hold);
    pagu_selection_free(at);
    return rc;
}

#pragma GCC diagnostic ignored "-Woverride-init"
#define SPREAD(...)                                                                                                    \
    {                                                                                                                  \
        .size = sizeof(pagu_spread_options), .unit = 1, .residue_to = PAGU_NO_ROW, __VA_ARGS__                         \
    }

static void assert_refused(call c, pagu_code code, const char *message)
{
    char before[65], after[65];
    assert_int_equal(pagu_view_hash(t.v, before, NULL), PAGU_OK);
    assert_int_equal(spread_two(t.s, &c, NULL, &err), code);
    assert_string_equal(err.message, message);
    assert_int_equal(pagu_view_hash(t.v, after, NULL), PAGU_OK);
    assert_string_equal(before, after);
    assert_int_equal(pagu_journal_count(t.s), 0);
}

static void spread_two__lines_meet_programs_and_funds_at_once(void **state)
{
    (void)state;
    call c = { { 500, 350 }, { 300, 500 }, .spread = SPREAD() };
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_int_equal(money_of(t.v, "1.01", t.b24), 500);
    assert_int_equal(money_of(t.v, "1.02", t.b24), 350);
    /* fitted in Python: 117.945 382.055 182.055 117.945 */
    assert_money(t.v, t.b24, "1.01.01=118 1.01.02=382 1.02.01=182 1.02.02=118 1.02.03=0 1.02.04=50");
}

static void spread_two__untagged_and_held_lines_stay_and_count(void **state)
{
    (void)state;
    call c = { { 400, 430 }, { 330, 450 }, .hold = "1.02.02", .spread = SPREAD() };
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_money(t.v, t.b24, "1.01.01=100 1.01.02=300 1.02.01=230 1.02.02=150 1.02.03=0 1.02.04=50");
}

static void spread_two__totals_that_are_met_change_nothing(void **state)
{
    (void)state;
    call c = { { 400, 450 }, { 350, 450 }, .spread = SPREAD(.unit = 1000) };
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_int_equal(pagu_journal_count(t.s), 0);
}

static void spread_two__a_margin_may_keep_what_it_has(void **state)
{
    (void)state;
    pagu_selection *at = at_key(t.v, "/"), *one = at_key(t.v, "1.01"), *two = at_key(t.v, "1.02");
    pagu_selection *apbd, *dak;
    assert_ok(pagu_select_tag(t.v, 0, 0, &apbd, &err), &err);
    assert_ok(pagu_select_tag(t.v, 0, 1, &dak, &err), &err);
    pagu_margin rows[] = { { .lines = one, .keep = true }, { .lines = two, .keep = true } };
    pagu_margin columns[] = { { "apbd", apbd, 300, false }, { "dak", dak, 500, false } };
    pagu_spread_options o = SPREAD(.at = at, .column = t.b24);
    pagu_spread_two_options options = { sizeof options, &o, rows, columns, 2, 2 };
    assert_ok(pagu_spread_two(t.s, &options, NULL, NULL, &err), &err);
    assert_int_equal(money_of(t.v, "1.01", t.b24), 400);
    assert_int_equal(money_of(t.v, "1.02", t.b24), 450);
    assert_int_equal(money_of(t.v, "1.01.01", t.b24) + money_of(t.v, "1.02.01", t.b24), 300);
    pagu_selection_free(dak);
    pagu_selection_free(apbd);
    pagu_selection_free(two);
    pagu_selection_free(one);
    pagu_selection_free(at);
}

static void spread_two__the_order_of_rows_and_columns_does_not_matter(void **state)
{
    (void)state;
    call c = { { 777, 650 }, { 610, 767 }, .spread = SPREAD() };
    char one[65], other[65];
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_int_equal(pagu_view_hash(t.v, one, NULL), PAGU_OK);
    assert_ok(pagu_undo(t.s, &err), &err);
    c.swapped = true;
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_int_equal(pagu_view_hash(t.v, other, NULL), PAGU_OK);
    assert_string_equal(one, other);
}

static void spread_two__is_one_undo_step_and_a_dry_run_tells_the_same(void **state)
{
    (void)state;
    char before[65], after[65], buf[64];
    call c = { { 500, 350 }, { 300, 500 }, .spread = SPREAD(.dry = true) };
    pagu_table *table = NULL;
    assert_int_equal(pagu_view_hash(t.v, before, NULL), PAGU_OK);
    assert_ok(spread_two(t.s, &c, &table, &err), &err);
    assert_int_equal(pagu_journal_count(t.s), 0);
    assert_int_equal(pagu_table_row_count(table), 4);
    assert_string_equal(cell_text(table, 1, "new", buf), "382");
    pagu_table_free(table);
    c.spread.dry = false;
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_int_equal(pagu_journal_count(t.s), 1);
    assert_ok(pagu_undo(t.s, &err), &err);
    assert_int_equal(pagu_view_hash(t.v, after, NULL), PAGU_OK);
    assert_string_equal(before, after);
}

static void spread_two__caps_bound_every_line(void **state)
{
    (void)state;
    call c = { { 500, 350 }, { 300, 500 }, .spread = SPREAD(.has_cap = true, .cap = 370) };
    assert_ok(spread_two(t.s, &c, NULL, &err), &err);
    assert_money(t.v, t.b24, "1.01.01=130 1.01.02=370 1.02.01=170 1.02.02=130 1.02.03=0 1.02.04=50");
}

static void spread_two__refusals_name_the_margins_and_the_gap(void **state)
{
    (void)state;
    assert_refused((call){ { 500, 350 }, { 300, 400 }, .spread = SPREAD() }, PAGU_ARGUMENT,
                   "the totals of rows leave 800 to the lines that follow, those of columns 700; they must agree: "
                   "change them by 100");
    assert_refused((call){ { 100, 750 }, { 790, 10 }, .hold = "1.02.01", .spread = SPREAD() }, PAGU_UNREACHABLE,
                   "rows 1.02 are to come to 750, but columns and bounds allow 310: 440 short; lower these rows, raise "
                   "columns or caps, or give lines of 0 a basis");
    assert_refused(
        (call){ { 500, 350 }, { 200, 600 }, .hold = "1.02.01", .spread = SPREAD() }, PAGU_UNREACHABLE,
        "apbd is to come to 200, but its lines that stay come to 250; release a line or raise the total by 50");
    assert_refused((call){ { 500, 350 }, { 300, 500 }, .spread = SPREAD(.has_cap = true, .cap = 240) },
                   PAGU_UNREACHABLE,
                   "rows 1.01 are to come to 500, but columns and bounds allow 480: 20 short; lower these rows, raise "
                   "columns or caps, or give lines of 0 a basis");
    assert_refused((call){ { 500, 350 }, { 300, 500 }, .spread = SPREAD(.has_floor = true, .floor = 200) },
                   PAGU_UNREACHABLE,
                   "rows 1.01 are to come to 500, but columns and bounds allow 200: 300 short; lower these rows, raise "
                   "columns or caps, or give lines of 0 a basis");
    assert_refused((call){ { 500, 350 },
                           { 300, 500 },
                           .spread = SPREAD(.has_floor = true, .floor = 2, .has_cap = true, .cap = 1) },
                   PAGU_ARGUMENT, "the floor of 1.01.01, 2, is above its cap, 1");
    assert_refused((call){ { 600, 650 }, { 300, 900 }, .spread = SPREAD(.has_cap = true, .cap = 400) },
                   PAGU_UNREACHABLE,
                   "columns dak are to come to 900, but rows and bounds allow 800: 100 short; lower these columns, "
                   "raise rows or caps, or give lines of 0 a basis");
}

static void spread_two__a_line_in_two_columns_is_refused(void **state)
{
    (void)state;
    pagu_selection *at = at_key(t.v, "/"), *row = at_key(t.v, "1.01");
    pagu_margin rows[] = { { NULL, row, 400, false } },
                columns[] = { { "all", at, 850, false }, { "one", row, 400, false } };
    pagu_spread_options o = SPREAD(.at = at, .column = t.b24);
    pagu_spread_two_options two = { sizeof two, &o, rows, columns, 1, 2 };
    assert_int_equal(pagu_spread_two(t.s, &two, NULL, NULL, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "1.01.01 lies in all and in one; it can count in one total only");
    two.n_columns = 0;
    assert_int_equal(pagu_spread_two(t.s, &two, NULL, NULL, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a spread between margins needs rows and columns");
    pagu_selection_free(row);
    pagu_selection_free(at);
}

static pagu_code spread_from_scratch(pagu_ctx *failing, void *arg)
{
    (void)arg;
    pagu_plan *plan = NULL;
    pagu_scenario *s = NULL;
    pagu_table *table = NULL;
    call c = { { 500, 350 }, { 300, 500 }, .spread = SPREAD() };
    pagu_code rc = plan_make(failing, office, sizeof office / sizeof *office, &plan, NULL);
    if (rc)
        return rc;
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    rc = stage ? pagu_branch(stage, "x", &s, NULL) : PAGU_NO_MEMORY;
    if (!rc) {
        rc = spread_two(s, &c, &table, NULL);
        assert_int_equal(pagu_journal_count(s), rc == PAGU_OK ? 1 : 0);
    }
    pagu_table_free(table);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    return rc;
}

static void spread_two__a_failed_allocation_changes_nothing(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(spread_from_scratch, NULL) > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(margins__the_textbook_table_is_fitted_and_rounded_within_one_unit),
        TEST(margins__totals_may_force_a_line_with_a_seed_to_zero),
        TEST(margins__8000_random_cases_that_can_be_met_are_met_exactly_within_bounds),
        TEST(margins__each_line_is_within_one_unit_of_its_fitted_share),
        TEST(margins__every_refusal_is_proved_by_its_cut),
        TEST(margins__the_largest_amounts_do_not_overflow),
        TEST(spread_two__lines_meet_programs_and_funds_at_once),
        TEST(spread_two__untagged_and_held_lines_stay_and_count),
        TEST(spread_two__totals_that_are_met_change_nothing),
        TEST(spread_two__a_margin_may_keep_what_it_has),
        TEST(spread_two__the_order_of_rows_and_columns_does_not_matter),
        TEST(spread_two__is_one_undo_step_and_a_dry_run_tells_the_same),
        TEST(spread_two__caps_bound_every_line),
        TEST(spread_two__refusals_name_the_margins_and_the_gap),
        TEST(spread_two__a_line_in_two_columns_is_refused),
        TEST(spread_two__a_failed_allocation_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
