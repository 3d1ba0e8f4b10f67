/* bench.c - P1 to P6 and P8 of the cost table, each beside the hardware kernel measured in the
 * same run on the same data.
 *
 *     pagu-bench [--lines N]… [--only P1|P2|P3|P4|P5|P6|P8] [--quick]
 *     pagu-bench --write N FOLDER
 *
 * Figures are medians; what counts is the ratio. SPDX-License-Identifier: MIT */
#include "timing.h"

#include "allocation.h"
#include "derived.h"
#include "formulas.h"
#include "gen.h"
#include "kernels.h"
#include "simulation.h"

#include "pagu.h"
#include "plan/plan_struct.h"
#include "plan/rollup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY = 1000, PASSES = 1 << 20, RUNS = 15, QUICK_RUNS = 3 };

typedef struct bench {
    struct gen_plan *gen;
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_view *stage;
    pagu_column column;
    int runs;
    bool quick;
    int64_t *scratch, *copy; /* columns for the kernels */
    uint32_t *lines;         /* rows of lines */
    uint32_t n_lines;
    /* P2 */
    uint32_t *edit_rows;
    int64_t *edit_values;
    uint32_t n_edits;
    pagu_scenario *scenario;
    /* P3 */
    uint32_t turn;
    uint32_t branch_rows[KERNEL_EDITS];
    int64_t deltas[KERNEL_EDITS];
    pagu_row *programs;
    pagu_cell *program_cells;
    /* bulk */
    int64_t *values;
    pagu_row *rows;
} bench;

static void must(pagu_code code, const pagu_error *err)
{
    if (code == PAGU_OK)
        return;
    fprintf(stderr, "bench: %s: %s\n", pagu_code_name(code), err->message);
    exit(1);
}

static void *need(void *p)
{
    if (!p) {
        fprintf(stderr, "bench: out of memory\n");
        exit(1);
    }
    return p;
}

/* ---- the plan ---- */

static pagu_plan *build_plan(bench *b)
{
    static const pagu_source src = { "generated", 0 };
    pagu_error err;
    pagu_findings *fs = need(pagu_findings_new(b->ctx));
    pagu_builder *pb = need(pagu_builder_new(b->ctx, fs));
    pagu_builder_frame(pb, &(pagu_frame_def){ .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' });
    pagu_builder_stage(pb, &(pagu_stage_def){ .id = "common", .kind = PAGU_STAGE_COMMON }, src);
    pagu_builder_stage(pb, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN, .rank = 1 }, src);
    for (uint32_t l = 0; l < b->gen->n_levels; l++) {
        char id[16];
        snprintf(id, sizeof id, "l%u", l);
        pagu_builder_level(pb, &(pagu_level_def){ .tree = "main", .id = id, .name = id, .rank = (int)l }, src);
    }
    for (uint32_t r = 0; r < b->gen->n_rows; r++) {
        char code[GEN_CODE_SIZE], level[16];
        gen_code(b->gen, r, code);
        snprintf(level, sizeof level, "l%u", gen_level(b->gen, r));
        pagu_builder_node(pb, &(pagu_node_def){ .id = r ? code : ".", .level = level, .name = "nama", .sign = 1 }, src);
        if (gen_is_line(b->gen, r))
            pagu_builder_amount(pb, code, "final", "2024", "budget", (pagu_cell){ b->gen->value[r], PAGU_NUMBER }, src);
    }
    pagu_plan *plan;
    pagu_code code = pagu_builder_finish(pb, &plan, &err);
    if (code != PAGU_OK && pagu_findings_count(fs))
        fprintf(stderr, "bench: %s\n", pagu_findings_get(fs, 0)->message);
    must(code, &err);
    pagu_findings_free(fs);
    return plan;
}

static void check_same_layout(const bench *b)
{
    for (uint32_t r = 1; r < b->gen->n_rows; r++)
        if (b->plan->parent[r] != b->gen->parent[r]) {
            fprintf(stderr, "bench: the engine laid row %u out elsewhere\n", r);
            exit(1);
        }
}

static void prepare(bench *b, uint32_t lines)
{
    pagu_error err;
    b->gen = need(gen_plan_new(&(struct gen_options){ .lines = lines, .seed = 1 }));
    b->ctx = need(pagu_ctx_new(NULL));
    b->plan = build_plan(b);
    b->stage = need(pagu_view_open(b->plan, pagu_plan_default_stage(b->plan)));
    must(pagu_view_find_column(b->stage, "budget", "2024", &b->column, &err), &err);
    check_same_layout(b);
    uint32_t n = b->gen->n_rows;
    b->scratch = need(malloc(n * sizeof *b->scratch));
    b->copy = need(malloc(n * sizeof *b->copy));
    memcpy(b->scratch, b->gen->value, n * sizeof *b->scratch);
    memset(b->copy, 0, n * sizeof *b->copy);
    kernel_rollup(b->gen->child_first, b->gen->level_first, b->gen->n_levels, b->scratch);
    b->lines = need(malloc(b->gen->n_lines * sizeof *b->lines));
    for (uint32_t r = 0; r < n; r++)
        if (gen_is_line(b->gen, r))
            b->lines[b->n_lines++] = r;
    if (pagu_view_money(b->stage, 0, b->column).value != b->scratch[0]) {
        fprintf(stderr, "bench: the engine's total differs from the kernel's\n");
        exit(1);
    }
}

static void finish(bench *b)
{
    pagu_view_close(b->stage);
    pagu_plan_release(b->plan);
    pagu_ctx_free(b->ctx);
    free(b->scratch);
    free(b->copy);
    free(b->lines);
    free(b->edit_rows);
    free(b->edit_values);
    free(b->values);
    free(b->rows);
    free(b->programs);
    free(b->program_cells);
    gen_plan_free(b->gen);
}

static void report(const char *what, double kernel, double ours, double reach, const char *unit, double scale)
{
    printf("  %-44s kernel %10.3f %s   pagu %10.3f %s   ratio %5.2f   reach %.1f\n", what, kernel / scale, unit,
           ours / scale, unit, ours / kernel, reach);
}

/* ---- P1 ---- */

static void p1_kernel(void *data)
{
    bench *b = data;
    kernel_rollup(b->gen->child_first, b->gen->level_first, b->gen->n_levels, b->scratch);
    timing_touch(b->scratch);
}

static void p1_pagu(void *data)
{
    bench *b = data;
    rollup_column(&b->plan->shape, b->scratch);
    timing_touch(b->scratch);
}

static void bulk_kernel(void *data)
{
    bench *b = data;
    kernel_copy(b->copy, b->scratch, b->gen->n_rows);
    kernel_rollup(b->gen->child_first, b->gen->level_first, b->gen->n_levels, b->copy);
    timing_touch(b->copy);
}

/* One journaled edit of every line, in a scenario that is then dropped. */
static void bulk_pagu(void *data)
{
    bench *b = data;
    pagu_error err;
    pagu_scenario *s;
    pagu_proposal *p;
    must(pagu_branch(b->stage, "bulk", &s, &err), &err);
    must(pagu_proposal_new(s, &p, &err), &err);
    must(pagu_proposal_money_values(p, b->column, b->rows, b->values, b->n_lines, &err), &err);
    must(pagu_proposal_commit(p, NULL, &err), &err);
    timing_sink(pagu_view_money(pagu_scenario_view(s), 0, b->column).value);
    pagu_proposal_free(p);
    pagu_scenario_close(s);
}

static void prepare_bulk(bench *b)
{
    b->values = need(malloc(b->n_lines * sizeof *b->values));
    b->rows = need(malloc(b->n_lines * sizeof *b->rows));
    for (uint32_t i = 0; i < b->n_lines; i++) {
        b->rows[i] = b->lines[i];
        b->values[i] = b->gen->value[b->lines[i]] + 1;
    }
}

static void bench_p1(bench *b)
{
    double kernel, ours;
    timing_compare(p1_kernel, p1_pagu, b, b->runs, &kernel, &ours);
    report("P1 full roll-up", kernel, ours, 1.3, "ms", 1e6);
    timing_compare(bulk_kernel, bulk_pagu, b, b->runs, &kernel, &ours);
    report("P1 bulk edit of every line, journaled", kernel, ours, 2.0, "ms", 1e6);
}

/* ---- P2 ---- */

static volatile uint32_t zero;

/* Edits of `n_distinct` random lines; each waits for the last total read, as the kernel's do. */
static void choose_edits(bench *b, uint32_t n_distinct)
{
    uint64_t seed = 7;
    free(b->edit_rows);
    free(b->edit_values);
    b->n_edits = b->quick ? 1 << 14 : PASSES;
    b->edit_rows = need(malloc(b->n_edits * sizeof *b->edit_rows));
    b->edit_values = need(malloc(b->n_edits * sizeof *b->edit_values));
    uint32_t *pool = need(malloc(n_distinct * sizeof *pool));
    for (uint32_t i = 0; i < n_distinct; i++)
        pool[i] = b->lines[gen_random(&seed) % b->n_lines];
    for (uint32_t i = 0; i < b->n_edits; i++) {
        b->edit_rows[i] = pool[gen_random(&seed) % n_distinct];
        b->edit_values[i] = (int64_t)(gen_random(&seed) % 1000000000);
    }
    free(pool);
}

static double edit_kernel(bench *b)
{
    uint64_t start = timing_now();
    timing_sink(kernel_edit(b->gen->parent, b->scratch, b->edit_rows, b->edit_values, b->n_edits, zero));
    return (double)(timing_now() - start) / b->n_edits;
}

static double edit_pagu(bench *b, pagu_scenario *s)
{
    const uint8_t *depth = b->plan->depth;
    pagu_error err;
    int64_t last = 0, sum = 0;
    uint32_t none = zero;
    uint64_t start = timing_now();
    for (uint32_t i = 0; i < b->n_edits; i++) {
        pagu_row row = b->edit_rows[i + ((uint32_t)last & none)];
        pagu_cell path[16];
        uint32_t n = depth[row] + 1u;
        if (pagu_edit_path(s, row, b->column, (pagu_cell){ b->edit_values[i], PAGU_NUMBER }, NULL, path, 16, &err) !=
            PAGU_OK)
            must(err.code, &err);
        for (uint32_t k = 1; k < n; k++)
            sum += last = path[k].value;
    }
    double ns = (double)(timing_now() - start) / b->n_edits;
    timing_sink(sum);
    return ns;
}

/* Kernel and engine take turns; the scenario is fresh and warmed by one pass each time. */
static void bench_edits(bench *b, const char *what, double reach, bool dense)
{
    double kernel[TIMING_MAX_RUNS], ours[TIMING_MAX_RUNS], first[TIMING_MAX_RUNS];
    pagu_error err;
    int runs = b->quick ? 2 : 5;
    for (int i = 0; i < runs; i++) {
        pagu_scenario *s;
        must(pagu_branch(b->stage, "edits", &s, &err), &err);
        if (dense) {
            pagu_proposal *p;
            must(pagu_proposal_new(s, &p, &err), &err);
            must(pagu_proposal_money_values(p, b->column, b->rows, b->values, b->n_lines, &err), &err);
            must(pagu_proposal_commit(p, NULL, &err), &err);
            pagu_proposal_free(p);
        }
        kernel[i] = edit_kernel(b);
        uint32_t start = pagu_savepoint(s);
        first[i] = edit_pagu(b, s);
        must(pagu_rollback(s, start, &err), &err);
        ours[i] = edit_pagu(b, s); /* warm: slots and journal pages are there */
        pagu_scenario_close(s);
    }
    double k = timing_median_of(kernel, runs);
    report(what, k, timing_median_of(ours, runs), reach, "ns", 1);
    if (!dense)
        report("P2 … first pass over fresh rows", k, timing_median_of(first, runs), 10, "ns", 1);
}

static void bench_p2(bench *b)
{
    choose_edits(b, b->gen->n_rows / 128 + 16); /* few enough to stay sparse, ancestors included */
    bench_edits(b, "P2 edit + read ancestors, sparse", 4, false);
    choose_edits(b, b->quick ? 1 << 14 : PASSES);
    bench_edits(b, "P2 edit + read ancestors, dense", 2, true);
}

/* ---- P3 ---- */

static void p3_kernel(void *data)
{
    bench *b = data;
    uint32_t level = b->gen->program_level;
    timing_sink(kernel_branch(b->gen->parent, b->scratch, b->branch_rows, b->deltas, b->gen->n_levels - 1,
                              b->gen->level_first[level], b->gen->level_first[level + 1]));
}

static pagu_scenario *branch_with_edits(bench *b)
{
    pagu_error err;
    pagu_scenario *s;
    must(pagu_branch(b->stage, "", &s, &err), &err);
    for (int i = 0; i < KERNEL_EDITS; i++) {
        pagu_cell c = { b->gen->value[b->branch_rows[i]] + b->deltas[i], PAGU_NUMBER };
        if (pagu_edit(s, b->branch_rows[i], b->column, c, NULL, &err) != PAGU_OK)
            must(err.code, &err);
    }
    return s;
}

static void p3_pagu(void *data)
{
    bench *b = data;
    pagu_scenario *s = branch_with_edits(b);
    const pagu_view *v = pagu_scenario_view(s);
    int64_t sum = 0;
    uint32_t level = b->gen->program_level;
    uint32_t n = b->gen->level_first[level + 1] - b->gen->level_first[level];
    pagu_view_money_rows(v, b->column, b->programs, n, b->program_cells);
    for (uint32_t i = 0; i < n; i++)
        sum += b->program_cells[i].value;
    timing_sink(sum);
    pagu_scenario_close(s);
}

/* Branches that live on: how much memory each takes. */
static void live_branches(bench *b)
{
    int n = b->quick ? 1000 : 100000;
    pagu_scenario **all = need(malloc((size_t)n * sizeof(pagu_scenario *)));
    size_t before = pagu_ctx_memory(b->ctx);
    uint64_t start = timing_now();
    for (int i = 0; i < n; i++)
        all[i] = branch_with_edits(b);
    double us = (double)(timing_now() - start) / n / 1e3;
    double bytes = (double)(pagu_ctx_memory(b->ctx) - before) / n;
    for (int i = 0; i < n; i++)
        pagu_scenario_close(all[i]);
    printf("  P3 %d live branches with ten edits: %.2f us and %.0f bytes each (reach 2048)\n", n, us, bytes);
    free(all);
}

/* What bench/edits.lua does to a branch, with the notes that scripts leave, in C. */
static void branch_with_notes(void *data)
{
    bench *b = data;
    pagu_error err;
    pagu_scenario *s;
    const pagu_note note = { .verb = "set", .file = "bench/edits.lua", .line = 30 };
    must(pagu_branch(b->stage, "", &s, &err), &err);
    b->turn++;
    for (uint32_t k = 1; k <= KERNEL_EDITS; k++) {
        pagu_row row;
        const char *key = pagu_view_key(b->stage, b->lines[(b->turn + k * 131) % b->n_lines]);
        must(pagu_view_find(pagu_scenario_view(s), key, &row, &err), &err);
        must(pagu_edit(s, row, b->column, (pagu_cell){ k, PAGU_NUMBER }, &note, &err), &err);
    }
    timing_sink(pagu_view_money(pagu_scenario_view(s), 0, b->column).value);
    pagu_scenario_close(s);
}

static void many_with_notes(void *data)
{
    for (int i = 0; i < MANY; i++)
        branch_with_notes(data);
}

static void bench_p3(bench *b)
{
    uint64_t seed = 3;
    double kernel, ours;
    uint32_t level = b->gen->program_level, programs = b->gen->level_first[level + 1] - b->gen->level_first[level];
    b->programs = need(malloc(programs * sizeof *b->programs));
    b->program_cells = need(malloc(programs * sizeof *b->program_cells));
    for (uint32_t i = 0; i < programs; i++)
        b->programs[i] = b->gen->level_first[level] + i;
    for (int i = 0; i < KERNEL_EDITS; i++) {
        b->branch_rows[i] = b->lines[gen_random(&seed) % b->n_lines];
        b->deltas[i] = (int64_t)(gen_random(&seed) % 1000000);
    }
    timing_compare(p3_kernel, p3_pagu, b, b->runs, &kernel, &ours);
    printf("  %-44s kernel %10.3f us   pagu %10.3f us   (%u programs read; reach 2 us at 10^4, 6 us at 10^6)\n",
           "P3 branch, 10 edits, read programs, drop", kernel / 1e3, ours / 1e3, programs);
    printf("  P3 branch, 10 edits by key with notes, read the root, drop: %.3f us\n",
           timing_median(many_with_notes, b, b->runs) / MANY / 1e3);
    live_branches(b);
}

/* ---- P4 ---- */

static void bench_p4(bench *b)
{
    int64_t *values = need(malloc(b->n_lines * sizeof *values));
    for (uint32_t i = 0; i < b->n_lines; i++)
        values[i] = b->gen->value[b->lines[i]];
    bench_allocation(b->stage, b->column, values, b->n_lines, b->runs);
    uint32_t *row = need(malloc(b->n_lines * sizeof *row)), *column = need(malloc(b->n_lines * sizeof *column));
    uint32_t level = b->gen->program_level, first = b->gen->level_first[level];
    for (uint32_t i = 0; i < b->n_lines; i++) {
        uint32_t r = b->lines[i];
        column[i] = b->gen->fund[r] % GEN_FUNDS;
        while (gen_level(b->gen, r) > level)
            r = b->gen->parent[r];
        row[i] = r - first;
    }
    bench_margins(b->ctx, values, row, column, b->n_lines, b->gen->level_first[level + 1] - first, GEN_FUNDS, b->runs);
    free(column);
    free(row);
    free(values);
}

/* ---- P5 ---- */

static double load_kernel(const char *text, size_t size)
{
    struct kernel_tree tree;
    uint64_t start = timing_now();
    int code = kernel_load_csv(text, size, &tree);
    double ns = (double)(timing_now() - start);
    if (code == 0)
        kernel_tree_free(&tree);
    return ns;
}

static double load_pagu(bench *b, const char *folder)
{
    pagu_error err;
    pagu_plan *plan;
    pagu_ctx *ctx = need(pagu_ctx_new(NULL));
    pagu_findings *fs = need(pagu_findings_new(ctx));
    uint64_t start = timing_now();
    pagu_code code = pagu_package_open(ctx, folder, fs, &plan, &err);
    double ns = (double)(timing_now() - start);
    must(code, &err);
    if (pagu_plan_row_count(plan) != b->gen->n_rows)
        fprintf(stderr, "bench: %u rows loaded, not %u\n", pagu_plan_row_count(plan), b->gen->n_rows);
    pagu_plan_release(plan);
    pagu_findings_free(fs);
    pagu_ctx_free(ctx);
    return ns;
}

static void bench_p5(bench *b)
{
    char folder[] = "/tmp/pagu-bench-XXXXXX", command[64];
    double kernel[5], ours[5];
    size_t size;
    int runs = b->quick ? 1 : 3;
    if (!mkdtemp(folder) || gen_write_package(b->gen, folder) != 0) {
        fprintf(stderr, "bench: can't write %s\n", folder);
        exit(1);
    }
    char *text = need(gen_csv(b->gen, &size));
    for (int i = 0; i < runs; i++) {
        kernel[i] = load_kernel(text, size);
        ours[i] = load_pagu(b, folder);
    }
    report("P5 load package (nodes + amounts, checked)", timing_median_of(kernel, runs), timing_median_of(ours, runs),
           3, "ms", 1e6);
    free(text);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0)
        fprintf(stderr, "bench: %s is left\n", folder);
}

static const char *only; /* "P2": that one alone */

static bool wanted(const char *what)
{
    return !only || strcmp(only, what) == 0;
}

static void run(uint32_t lines, bool quick)
{
    bench b = { .quick = quick, .runs = quick ? QUICK_RUNS : RUNS };
    prepare(&b, lines);
    printf("%u lines, %u rows, %u levels, %s kernels\n", b.n_lines, b.gen->n_rows, b.gen->n_levels, kernel_form());
    prepare_bulk(&b);
    if (wanted("P1"))
        bench_p1(&b);
    if (wanted("P2"))
        bench_p2(&b);
    if (wanted("P3"))
        bench_p3(&b);
    if (wanted("P4"))
        bench_p4(&b);
    if (wanted("P5"))
        bench_p5(&b);
    if (wanted("P6"))
        bench_simulation(b.gen, b.stage, b.column, quick);
    if (wanted("P8"))
        bench_derived(b.gen, b.runs);
    if (wanted("P8") || wanted("P8F"))
        bench_formulas(b.gen, quick);
    finish(&b);
}

/* Write the generated package for the peers (bench/peers.py). */
static int write_package(uint32_t lines, const char *folder)
{
    struct gen_plan *plan = need(gen_plan_new(&(struct gen_options){ .lines = lines, .seed = 1 }));
    int code = gen_write_package(plan, folder);
    gen_plan_free(plan);
    return code;
}

int main(int argc, char **argv)
{
    bool quick = false, any = false;
    if (argc == 4 && strcmp(argv[1], "--write") == 0)
        return write_package((uint32_t)strtoul(argv[2], NULL, 10), argv[3]);
    for (int i = 1; i < argc; i++)
        quick |= strcmp(argv[i], "--quick") == 0;
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--only") == 0)
            only = argv[i + 1];
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--lines") == 0) {
            run((uint32_t)strtoul(argv[i + 1], NULL, 10), quick);
            any = true;
        }
    for (uint32_t lines = 10000; !any && lines <= 1000000; lines *= 10)
        run(lines, quick);
    return 0;
}
