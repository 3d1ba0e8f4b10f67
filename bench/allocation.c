/* allocation.c - P4: a total shared exactly by all lines. The array function beside the hardware kernel on
 * the same weights; the verb (lines found, proposal checked, journaled, rolled up, then dropped) beside
 * the kernel; and lines between two margins, whose totals move by up to a tenth.
 * SPDX-License-Identifier: MIT */
#include "timing.h"

#include "allocation.h"
#include "kernels.h"

#include "calc/margins.h"

#include <stdio.h>
#include <string.h>

typedef struct allocation {
    pagu_ctx *ctx;
    pagu_view *stage;
    pagu_column column;
    pagu_selection *all;
    const int64_t *values;
    size_t n;
    int64_t *out, *kernel_out;
    uint64_t *rest;
    pagu_money total;
} allocation;

static void must(pagu_code code, const pagu_error *err)
{
    if (code == PAGU_OK)
        return;
    fprintf(stderr, "bench: allocation: %s: %s\n", pagu_code_name(code), err->message);
    exit(1);
}

static void run_kernel(void *data)
{
    allocation *a = data;
    kernel_apportion(a->total, a->values, a->n, a->kernel_out, a->rest);
    timing_touch(a->kernel_out);
}

static void run_apportion(void *data)
{
    allocation *a = data;
    pagu_error err;
    must(pagu_apportion(a->ctx, a->total, a->values, a->n, 1, a->out, &err), &err);
    timing_touch(a->out);
}

static void run_spread(void *data)
{
    allocation *a = data;
    pagu_error err;
    pagu_scenario *s;
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    must(pagu_branch(a->stage, "spread", &s, &err), &err);
    o.at = a->all;
    o.column = a->column;
    o.amount = a->total;
    must(pagu_spread(s, &o, NULL, NULL, &err), &err);
    timing_sink(pagu_view_money(pagu_scenario_view(s), 0, a->column).value);
    pagu_scenario_close(s);
}

static void report(const char *what, double kernel, double ours, size_t n, const char *reach)
{
    printf("  P4 %-42s kernel %10.3f ms   pagu %10.3f ms   ratio %5.2f   %5.2f ns a line   %s\n", what, kernel / 1e6,
           ours / 1e6, ours / kernel, ours / (double)n, reach);
}

void bench_allocation(pagu_view *stage, pagu_column column, const int64_t *values, size_t n, int runs)
{
    pagu_error err;
    pagu_row root = 0;
    double kernel, ours;
    allocation a = {
        .ctx = pagu_plan_ctx(pagu_view_plan(stage)), .stage = stage, .column = column, .values = values, .n = n
    };
    for (size_t i = 0; i < n; i++)
        a.total += values[i] / 16 * 15 / 16; /* a cut */
    while (a.total >= (int64_t)1 << 48)
        a.total /= 2;
    a.out = malloc(n * sizeof *a.out);
    a.kernel_out = malloc(n * sizeof *a.kernel_out);
    a.rest = malloc(n * sizeof *a.rest);
    must(pagu_select_rows(stage, &root, 1, &a.all, &err), &err);
    run_kernel(&a);
    run_apportion(&a);
    if (memcmp(a.out, a.kernel_out, n * sizeof *a.out) != 0) {
        fprintf(stderr, "bench: the engine's shares differ from the kernel's\n");
        exit(1);
    }
    timing_compare(run_kernel, run_apportion, &a, runs, &kernel, &ours);
    report("exact shares of all lines", kernel, ours, n, "reach 2.0");
    timing_compare(run_kernel, run_spread, &a, runs, &kernel, &ours);
    report("... as a verb, checked and journaled", kernel, ours, n, "");
    pagu_selection_free(a.all);
    free(a.rest);
    free(a.kernel_out);
    free(a.out);
}

/* ---- two margins ---- */

typedef struct margins_bench {
    pagu_ctx *ctx;
    margins_job job;
} margins_bench;

static void run_margins(void *data)
{
    margins_bench *m = data;
    pagu_code rc = margins_run(m->ctx, &m->job);
    if (rc != PAGU_OK) {
        fprintf(stderr, "bench: margins: %s\n", pagu_code_name(rc));
        exit(1);
    }
    timing_touch(m->job.out);
}

void bench_margins(pagu_ctx *ctx, const int64_t *values, const uint32_t *row, const uint32_t *column, uint32_t n,
                   uint32_t n_rows, uint32_t n_columns, int runs)
{
    int64_t *rows = calloc(n_rows, sizeof *rows), *columns = calloc(n_columns, sizeof *columns);
    int64_t *out = malloc(n * sizeof *out);
    bool *cut = calloc(n_rows + n_columns, sizeof *cut);
    for (uint32_t i = 0; i < n; i++) {
        int64_t moved = values[i] + values[i] / 100 * ((int64_t)(row[i] % 7 + column[i] % 5) - 5);
        rows[row[i]] += moved;
        columns[column[i]] += moved;
    }
    margins_bench m = { ctx,
                        { .n = n,
                          .n_rows = n_rows,
                          .n_columns = n_columns,
                          .row = row,
                          .column = column,
                          .weights = values,
                          .row_totals = rows,
                          .column_totals = columns,
                          .unit = 1,
                          .out = out,
                          .cut = cut } };
    double ns = timing_median(run_margins, &m, runs < 5 ? runs : 5);
    printf("  P4 %u lines between %u rows and %u columns: %.1f ms, %.0f ns a line\n", n, n_rows, n_columns, ns / 1e6,
           ns / n);
    free(cut);
    free(out);
    free(columns);
    free(rows);
}
