/* formulas.c - P8 for formulas: columns that expressions compute over every row, against the same
 * number of plain passes (a stored column, of money or of measures, read by the engine into arrays of
 * values and states), in one run; and beside a copy of a column of numbers by the hardware.
 *
 * Lines have a budget of two years, spent (missing on every tenth) and an indicator with a target.
 * SPDX-License-Identifier: MIT */
#include "timing.h"

#include "formulas.h"
#include "kernels.h"

#include "pagu.h"

#include <stdio.h>
#include <string.h>

typedef struct formulas_bench {
    pagu_plan *plan;
    pagu_view *view;
    pagu_row *rows;
    uint32_t n_rows;
    const pagu_expr *e, *plain;
    pagu_expr_arrays out;
    int64_t *from, *to;
} formulas_bench;

static const pagu_source src = { "generated", 0 };

static void must(pagu_code code, const pagu_error *err)
{
    if (code == PAGU_OK)
        return;
    fprintf(stderr, "bench: formulas: %s\n", err->message);
    exit(1);
}

static void add_line(pagu_builder *b, const struct gen_plan *gen, uint32_t row, const char *code)
{
    char id[GEN_CODE_SIZE + 4];
    int64_t x = gen->value[row];
    pagu_builder_amount(b, code, "final", "2024", "budget", (pagu_cell){ x, PAGU_NUMBER }, src);
    pagu_builder_amount(b, code, "final", "2025", "budget", (pagu_cell){ x + x / 20, PAGU_NUMBER }, src);
    if (row % 10)
        pagu_builder_amount(b, code, "common", "2024", "spent", (pagu_cell){ x - x / 9, PAGU_NUMBER }, src);
    snprintf(id, sizeof id, "%s#1", code);
    pagu_builder_indicator(b, &(pagu_indicator_def){ .id = id, .owner = code, .name = "n", .unit = "orang" }, src);
    pagu_builder_measure(b, id, "final", "2024", "target",
                         &(pagu_measure){ .value = (double)(x % 1000 + 1), .state = PAGU_NUMBER }, src);
}

static void build(formulas_bench *f, pagu_ctx *ctx, const struct gen_plan *gen)
{
    pagu_error err;
    pagu_builder *b = pagu_builder_new(ctx, NULL);
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' });
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "common", .kind = PAGU_STAGE_COMMON }, src);
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN, .rank = 1 }, src);
    pagu_builder_unit(b, &(pagu_unit_def){ .id = "orang", .name = "Orang", .kind = "count" }, src);
    for (uint32_t l = 0; l < gen->n_levels; l++) {
        char id[16];
        snprintf(id, sizeof id, "l%u", l);
        pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = id, .name = id, .rank = (int)l }, src);
    }
    for (uint32_t r = 0; r < gen->n_rows; r++) {
        char code[GEN_CODE_SIZE], level[16];
        gen_code(gen, r, code);
        snprintf(level, sizeof level, "l%u", gen_level(gen, r));
        pagu_builder_node(b, &(pagu_node_def){ .id = r ? code : ".", .level = level, .name = "n", .sign = 1 }, src);
        if (gen_is_line(gen, r))
            add_line(b, gen, r, code);
    }
    must(pagu_builder_finish(b, &f->plan, &err), &err);
    f->view = pagu_view_open(f->plan, pagu_plan_default_stage(f->plan));
}

static void run_copy(void *data)
{
    formulas_bench *f = data;
    kernel_copy(f->to, f->from, f->n_rows);
    timing_touch(f->to);
}

static void run_expr(formulas_bench *f, const pagu_expr *e)
{
    pagu_error err;
    pagu_expr_subjects at = { .rows = f->rows, .n = f->n_rows, .period = PAGU_NONE };
    must(pagu_expr_eval_arrays(e, f->view, &at, &f->out, &err), &err);
    timing_touch(f->out.state);
}

static void run_plain(void *data)
{
    formulas_bench *f = data;
    run_expr(f, f->plain);
}

static void run_formula(void *data)
{
    formulas_bench *f = data;
    run_expr(f, f->e);
}

static pagu_expr *parse(const formulas_bench *f, const char *text)
{
    pagu_error err;
    pagu_expr *e;
    must(pagu_expr_parse(pagu_plan_ctx(f->plan), f->plan, text, &e, &err), &err);
    return e;
}

static double bench_one(formulas_bench *f, const char *text, int runs, double *plain, double copy)
{
    pagu_expr *e = parse(f, text), *column = parse(f, strstr(text, "target") ? "target" : "budget");
    double ours;
    f->e = e;
    f->plain = column;
    timing_compare(run_plain, run_formula, f, runs, plain, &ours);
    printf("  P8 %-40s %8.3f ms, a plain column %6.3f ms, ratio %5.2f; %5.1f copies\n", text, ours / 1e6, *plain / 1e6,
           ours / *plain, ours / copy);
    pagu_expr_release(column);
    pagu_expr_release(e);
    return ours;
}

void bench_formulas(const struct gen_plan *gen, bool quick)
{
    static const char *const texts[] = {
        "spent / budget * 100",
        "budget[2025] - budget",
        "(budget[2025] - budget) / budget * 100",
        "budget * 2 + budget[2025]",
        "if(spent > budget, spent, budget)",
        "default(spent, 0) - budget",
        "round(budget / 1000000)",
        "budget * 1.045",
        "budget / target",
        "target * 2",
    };
    enum { N = sizeof texts / sizeof *texts };
    formulas_bench f = { .n_rows = gen->n_rows };
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    double ours = 0, plain = 0;
    build(&f, ctx, gen);
    size_t n = f.n_rows;
    f.rows = malloc(n * sizeof *f.rows);
    f.from = calloc(n, sizeof *f.from);
    f.to = calloc(n, sizeof *f.to);
    f.out = (pagu_expr_arrays){ .money = calloc(n, 8), .number = calloc(n, 8), .state = calloc(n, 1) };
    for (uint32_t i = 0; i < f.n_rows; i++)
        f.rows[i] = i;
    double copy = timing_median(run_copy, &f, quick ? 3 : 15);
    for (int i = 0; i < N; i++) {
        double one;
        ours += bench_one(&f, texts[i], quick ? 3 : 15, &one, copy);
        plain += one;
    }
    printf("  P8 %d formulas over %u rows: %.2f ms, %d plain passes %.2f ms, ratio %.2f (reach 3)\n", N, f.n_rows,
           ours / 1e6, N, plain / 1e6, ours / plain);
    free(f.out.state);
    free(f.out.number);
    free(f.out.money);
    free(f.to);
    free(f.from);
    free(f.rows);
    pagu_view_close(f.view);
    pagu_plan_release(f.plan);
    pagu_ctx_free(ctx);
}
