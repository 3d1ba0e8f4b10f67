/* simulate.c - a simulation from its options, and what it says. SPDX-License-Identifier: MIT */
#include "solve/simulate.h"

#include "base/number.h"

#include <math.h>

enum { DRAWS_MAX = 10000000 };
#define VALUES_MAX ((uint64_t)1 << 27)

static pagu_code check_size(const pagu_simulation *sim, const pagu_simulate_options *o, pagu_error *err)
{
    if (o->n_vary == 0 || o->n_watch == 0)
        return err_set(sim->ctx, err, PAGU_ARGUMENT, "a simulation needs something that varies and a place to watch");
    if (o->draws == 0 || o->draws > DRAWS_MAX)
        return err_set(sim->ctx, err, PAGU_ARGUMENT, "draws are 1 to %d, not %u", DRAWS_MAX, o->draws);
    if ((uint64_t)o->n_watch * sim->stride > VALUES_MAX)
        return err_set(sim->ctx, err, PAGU_LIMIT,
                       "%u places × %u draws are too many to keep; watch fewer places or draw "
                       "less",
                       o->n_watch, o->draws);
    return PAGU_OK;
}

static pagu_code allocate(pagu_simulation *sim, pagu_error *err)
{
    sim->values = mem_zarray(sim->ctx, (size_t)sim->n_slots * sim->stride, sizeof *sim->values);
    sim->sorted = mem_array(sim->ctx, (size_t)sim->n_slots * sim->draws, sizeof *sim->sorted);
    return sim->values && sim->sorted ? PAGU_OK : err_memory(sim->ctx, err);
}

pagu_code pagu_simulate(const pagu_view *v, const pagu_simulate_options *options, pagu_simulation **out,
                        pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(v));
    *out = NULL;
    pagu_simulation *sim = mem_zalloc(ctx, sizeof *sim);
    if (!sim)
        return err_memory(ctx, err);
    sim->ctx = ctx;
    sim->seed = options->seed;
    sim->single = options->single;
    sim->draws = options->draws;
    sim->stride = options->draws > DRAWS_MAX ? 0 : (options->draws + NOISE_BLOCK - 1) / NOISE_BLOCK * NOISE_BLOCK;
    pagu_code code = check_size(sim, options, err);
    if (code == PAGU_OK)
        code = simulate_variables(sim, v, options, err);
    if (code == PAGU_OK)
        code = simulate_slots(sim, v, options, err);
    if (code == PAGU_OK)
        code = simulate_cells(sim, v, options, err);
    if (code == PAGU_OK)
        code = allocate(sim, err);
    if (code == PAGU_OK)
        code = simulate_run(sim, options->threads, err);
    if (code == PAGU_OK)
        *out = sim;
    else
        pagu_simulation_free(sim);
    return code;
}

void pagu_simulation_free(pagu_simulation *sim)
{
    if (!sim)
        return;
    pagu_ctx *ctx = sim->ctx;
    for (uint32_t i = 0; i < sim->n_vary; i++)
        dist_release(ctx, &sim->vary[i].dist);
    mem_free(ctx, sim->vary, sim->n_vary * sizeof *sim->vary);
    mem_free(ctx, sim->instances, sim->cap_instances * sizeof *sim->instances);
    mem_free(ctx, sim->sources, sim->cap_sources * sizeof *sim->sources);
    mem_free(ctx, sim->terms, sim->cap_terms * sizeof *sim->terms);
    mem_free(ctx, sim->hits, sim->cap_hits * sizeof *sim->hits);
    mem_free(ctx, sim->cells, sim->cap_cells * sizeof *sim->cells);
    mem_free(ctx, sim->slots, sim->slots ? sim->n_watch * sizeof *sim->slots : 0);
    mem_free(ctx, sim->slot_of_watch, sim->slot_of_watch ? sim->n_watch * sizeof *sim->slot_of_watch : 0);
    mem_free(ctx, sim->values, sim->values ? (size_t)sim->n_slots * sim->stride * sizeof *sim->values : 0);
    mem_free(ctx, sim->sorted, sim->sorted ? (size_t)sim->n_slots * sim->draws * sizeof *sim->sorted : 0);
    mem_free(ctx, sim, sizeof *sim);
}

/* ---- what came out ---- */

uint32_t pagu_simulation_draw_count(const pagu_simulation *sim)
{
    return sim->draws;
}

uint32_t pagu_simulation_watch_count(const pagu_simulation *sim)
{
    return sim->n_watch;
}

uint64_t pagu_simulation_seed(const pagu_simulation *sim)
{
    return sim->seed;
}

uint32_t pagu_simulation_cell_count(const pagu_simulation *sim)
{
    return sim->n_cells;
}

const pagu_money *pagu_simulation_draws(const pagu_simulation *sim, uint32_t watch)
{
    return sim->values + (size_t)sim->slot_of_watch[watch] * sim->stride;
}

static uint32_t count_of(const pagu_simulation *sim, uint32_t n)
{
    return n == 0 || n > sim->draws ? sim->draws : n;
}

pagu_summary pagu_simulation_summary(const pagu_simulation *sim, uint32_t watch, uint32_t n)
{
    const pagu_money *x = pagu_simulation_draws(sim, watch);
    pagu_summary out = { .base = sim->slots[sim->slot_of_watch[watch]].base, .min = x[0], .max = x[0] };
    wide sum = 0;
    double squares = 0, rest = 0;
    n = count_of(sim, n);
    for (uint32_t i = 0; i < n; i++) {
        sum += x[i];
        out.min = x[i] < out.min ? x[i] : out.min;
        out.max = x[i] > out.max ? x[i] : out.max;
    }
    out.mean = (double)sum / n;
    for (uint32_t i = 0; i < n; i++) {
        double d = (double)x[i] - out.mean;
        squares += d * d;
        rest += d;
    }
    if (n > 1)
        out.sd = sqrt((squares - rest * rest / n) / (n - 1));
    out.mean_error = out.sd / sqrt(n);
    return out;
}

/* Type 7 of sorted values. */
static pagu_money quantile_of(const pagu_money *x, uint32_t n, double p)
{
    double h = (n - 1) * p, low = floor(h);
    uint32_t i = (uint32_t)low;
    if (i + 1 >= n)
        return x[n - 1];
    return x[i] + llround((h - low) * ((double)x[i + 1] - (double)x[i]));
}

static double quantile_error(const pagu_money *x, uint32_t n, double p)
{
    double spread = sqrt(n * p * (1 - p)), middle = n * p;
    double low = floor(middle - spread), high = ceil(middle + spread);
    uint32_t i = low < 0 ? 0 : (uint32_t)low, k = high > n - 1 ? n - 1 : (uint32_t)high;
    return ((double)x[k] - (double)x[i]) / 2;
}

pagu_money pagu_simulation_quantile(const pagu_simulation *sim, uint32_t watch, double p, double *error)
{
    const pagu_money *x = sim->sorted + (size_t)sim->slot_of_watch[watch] * sim->draws;
    p = p > 0 ? (p < 1 ? p : 1) : 0;
    if (error)
        *error = quantile_error(x, sim->draws, p);
    return quantile_of(x, sim->draws, p);
}

pagu_code pagu_simulation_quantile_of(const pagu_simulation *sim, uint32_t watch, uint32_t n, double p, pagu_money *out,
                                      double *error, pagu_error *err)
{
    n = count_of(sim, n);
    pagu_money *x = mem_array(sim->ctx, 2 * (size_t)n, sizeof *x);
    if (!x)
        return err_memory(sim->ctx, err);
    memcpy(x, pagu_simulation_draws(sim, watch), n * sizeof *x);
    simulate_sort(x, x + n, n);
    p = p > 0 ? (p < 1 ? p : 1) : 0;
    *out = quantile_of(x, n, p);
    if (error)
        *error = quantile_error(x, n, p);
    mem_free(sim->ctx, x, 2 * (size_t)n * sizeof *x);
    return PAGU_OK;
}

pagu_share pagu_simulation_share(const pagu_simulation *sim, uint32_t watch, pagu_money value, uint32_t n)
{
    const pagu_money *x = pagu_simulation_draws(sim, watch);
    pagu_share s = { 0, 0, 0 };
    n = count_of(sim, n);
    for (uint32_t i = 0; i < n; i++) {
        s.below += x[i] < value;
        s.equal += x[i] == value;
        s.above += x[i] > value;
    }
    return s;
}

static wide sum_of(const pagu_simulation *sim, const pagu_sum_term *terms, uint32_t n, uint32_t draw)
{
    wide sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += (wide)pagu_simulation_draws(sim, terms[i].watch)[draw] * terms[i].weight;
    return sum;
}

pagu_broken pagu_simulation_broken(const pagu_simulation *sim, const pagu_sum_term *terms, uint32_t n_terms,
                                   const pagu_limits *limits, uint32_t n)
{
    pagu_broken out = { .draws = count_of(sim, n) };
    wide excess = 0;
    for (uint32_t d = 0; d < out.draws; d++) {
        wide sum = sum_of(sim, terms, n_terms, d), over = 0;
        if (limits->has_max && sum > limits->max)
            over = sum - limits->max;
        if (limits->has_min && sum < limits->min)
            over = limits->min - sum;
        out.broken += over > 0;
        excess += over;
    }
    out.excess = out.broken ? (double)excess / out.broken : 0;
    return out;
}

static void sort_numbers(double *x, size_t n)
{
    for (size_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
        for (size_t i = gap; i < n; i++) {
            double v = x[i];
            size_t k = i;
            for (; k >= gap && x[k - gap] > v; k -= gap)
                x[k] = x[k - gap];
            x[k] = v;
        }
}

double pagu_quantile(double *values, size_t n, double p)
{
    sort_numbers(values, n);
    double h = (double)(n - 1) * p, low = floor(h);
    size_t i = (size_t)low;
    return i + 1 >= n ? values[n - 1] : values[i] + (h - low) * (values[i + 1] - values[i]);
}
