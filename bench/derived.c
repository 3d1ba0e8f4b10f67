/* derived.c - P8: every derived column of a plan against the same number of plain column passes.
 *
 * The plan has an indicator on every line, with the values that T-C.29 reads: achieved up to 2021 and
 * in 2022, targets of 2022, 2023 and of the strategic plan; money of 2022, of the past and of the
 * strategic plan. A plain pass reads one stored column of measures cell by cell and writes it out
 * in the form that derived cells have. SPDX-License-Identifier: MIT */
#include "timing.h"

#include "derived.h"

#include "pagu.h"
#include "plan/plan_struct.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct derived_bench {
    pagu_plan *plan;
    pagu_view *view;
    pagu_derived *out;
    const measure_cell *cells;
    pagu_field target;
    pagu_period y2022;
    uint32_t n_indicators, n_rows;
} derived_bench;

static const pagu_source src = { "generated", 0 };

static void stop(const char *what, const pagu_error *err)
{
    fprintf(stderr, "bench: %s: %s\n", what, err->message);
    exit(1);
}

static void declare(pagu_builder *b, const struct gen_plan *gen)
{
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' });
    pagu_builder_meta(b, "strategic.start", "2020");
    pagu_builder_meta(b, "strategic.end", "2025");
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "common", .kind = PAGU_STAGE_COMMON }, src);
    pagu_builder_stage(
        b, &(pagu_stage_def){ .id = "renstra", .kind = PAGU_STAGE_REFERENCE, .role = "strategic", .rank = 1 }, src);
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN, .rank = 2 }, src);
    pagu_builder_unit(b, &(pagu_unit_def){ .id = "orang", .name = "Orang", .kind = "count" }, src);
    for (uint32_t l = 0; l < gen->n_levels; l++) {
        char id[16];
        snprintf(id, sizeof id, "l%u", l);
        pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = id, .name = id, .rank = (int)l }, src);
    }
}

static void measure(pagu_builder *b, const char *id, const char *stage, const char *period, const char *field, double x)
{
    pagu_builder_measure(b, id, stage, period, field, &(pagu_measure){ .value = x, .state = PAGU_NUMBER }, src);
}

static void add_line(pagu_builder *b, const struct gen_plan *gen, uint32_t row, const char *code)
{
    char id[GEN_CODE_SIZE + 4];
    double x = (double)(gen->value[row] % 1000 + 1);
    pagu_money m = gen->value[row] % 1000000;
    snprintf(id, sizeof id, "%s#1", code);
    pagu_builder_indicator(
        b, &(pagu_indicator_def){ .id = id, .owner = code, .name = "nama", .unit = "orang", .weight = x }, src);
    measure(b, id, "common", "..2021", "achieved", x * 2);
    measure(b, id, "common", "2022", "achieved", x);
    measure(b, id, "common", "2022", "target", x + 10);
    measure(b, id, "common", "2023", "target", x + 20);
    measure(b, id, "final", "2024", "target", x + 30);
    measure(b, id, "renstra", "..2025", "target", x * 8);
    pagu_builder_amount(b, code, "final", "2022", "budget", (pagu_cell){ m + 1, PAGU_NUMBER }, src);
    pagu_builder_amount(b, code, "final", "2024", "budget", (pagu_cell){ m + 2, PAGU_NUMBER }, src);
    pagu_builder_amount(b, code, "common", "2022", "spent", (pagu_cell){ m, PAGU_NUMBER }, src);
    pagu_builder_amount(b, code, "common", "..2021", "spent", (pagu_cell){ 3 * m, PAGU_NUMBER }, src);
    pagu_builder_amount(b, code, "renstra", "..2025", "budget", (pagu_cell){ 9 * m + 1, PAGU_NUMBER }, src);
}

static void build(derived_bench *d, const struct gen_plan *gen, pagu_ctx *ctx)
{
    pagu_error err = { 0 };
    pagu_builder *b = pagu_builder_new(ctx, NULL);
    if (!b)
        stop("building", &err);
    declare(b, gen);
    for (uint32_t r = 0; r < gen->n_rows; r++) {
        char code[GEN_CODE_SIZE], level[16];
        gen_code(gen, r, code);
        snprintf(level, sizeof level, "l%u", gen_level(gen, r));
        pagu_builder_node(b, &(pagu_node_def){ .id = r ? code : ".", .level = level, .name = "nama", .sign = 1 }, src);
        if (gen_is_line(gen, r))
            add_line(b, gen, r, code);
    }
    if (pagu_builder_finish(b, &d->plan, &err) != PAGU_OK)
        stop("building", &err);
}

static void plain_pass(void *data)
{
    derived_bench *d = data;
    for (uint32_t i = 0; i < d->n_indicators; i++)
        d->out[i] = (pagu_derived){ .value = d->cells[i].value, .unit = "", .state = d->cells[i].state };
    timing_touch(d->out);
}

/* What any reader of a stored column does without our help. */
static void engine_pass(void *data)
{
    derived_bench *d = data;
    for (uint32_t i = 0; i < d->n_indicators; i++) {
        pagu_measure m = pagu_view_measure(d->view, i, d->target, d->y2022);
        d->out[i] = (pagu_derived){ .value = m.value, .unit = m.unit, .text = m.text, .state = (uint8_t)m.state };
    }
    timing_touch(d->out);
}

static void column(derived_bench *d, pagu_field field, int year)
{
    pagu_error err = { 0 };
    pagu_code code = pagu_field_describe(d->plan, field).of_indicators
                         ? pagu_evaluate_indicators(d->view, field, year, NULL, NULL, d->n_indicators, d->out, &err)
                         : pagu_evaluate_nodes(d->view, field, year, NULL, NULL, d->n_rows, d->out, &err);
    if (code != PAGU_OK)
        stop("evaluating", &err);
    timing_touch(d->out);
}

typedef struct one {
    derived_bench *d;
    pagu_field field;
} one;

static int year_of(const char *id)
{
    return strcmp(id, "cumulative") == 0 || strcmp(id, "strategic_rate") == 0 || strncmp(id, "pace", 4) == 0 ? 2023
                                                                                                             : 2022;
}

static void one_column(void *data)
{
    const one *o = data;
    column(o->d, o->field, year_of(pagu_field_describe(o->d->plan, o->field).id));
}

static void check(derived_bench *d)
{
    pagu_field rate;
    pagu_find_field(d->plan, "rate", &rate, NULL);
    column(d, rate, 2022);
    double sum = 0;
    for (uint32_t i = 0; i < d->n_indicators; i++)
        sum += d->out[i].state == PAGU_DERIVED_NUMBER ? d->out[i].value : -1e9;
    if (!(sum > 0 && sum < 100.0 * d->n_indicators))
        stop("checking", &(pagu_error){ .message = "the rates are not those of the plan" });
}

static void one_plain(void *data)
{
    plain_pass(((one *)data)->d);
}

static void turns(one *o, int runs, double *plain, double *ns)
{
    timing_compare(one_plain, one_column, o, runs, plain, ns);
}

void bench_derived(const struct gen_plan *gen, int runs)
{
    derived_bench d = { 0 };
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    build(&d, gen, ctx);
    d.view = pagu_view_open(d.plan, pagu_plan_default_stage(d.plan));
    d.n_indicators = pagu_plan_indicator_count(d.plan);
    d.n_rows = pagu_plan_row_count(d.plan);
    d.out = malloc((d.n_rows > d.n_indicators ? d.n_rows : d.n_indicators) * sizeof *d.out);
    pagu_plan_find_field(d.plan, "target", &d.target, NULL);
    pagu_plan_find_year(d.plan, 2022, &d.y2022, NULL);
    d.cells = d.plan->columns[column_index(d.plan, d.plan->common_stage, d.target, d.y2022)].measures;
    check(&d);
    double kernel = 0, all = 0, engine = timing_median(engine_pass, &d, runs);
    uint32_t n = pagu_derived_count(d.plan);
    for (uint32_t i = 0; i < n; i++) {
        one o = { &d, pagu_derived_field(d.plan, i) };
        double plain, ns;
        turns(&o, runs, &plain, &ns);
        kernel += plain;
        all += ns;
        printf("  P8 … %-24s %8.2f ms, %5.2f of a plain pass\n", pagu_field_describe(d.plan, o.field).id, ns / 1e6,
               ns / plain);
    }
    printf("  P8 %u derived columns of %u indicators, %u rows: %.1f ms; as many plain passes: kernel %.1f ms, ratio "
           "%.2f; pagu_view_measure %.1f ms, ratio %.2f (reach 3)\n",
           n, d.n_indicators, d.n_rows, all / 1e6, kernel / 1e6, all / kernel, n * engine / 1e6, all / (n * engine));
    free(d.out);
    pagu_view_close(d.view);
    pagu_plan_release(d.plan);
    pagu_ctx_free(ctx);
}
