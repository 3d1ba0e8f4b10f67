/* distribution.c - distributions: parameters, moments, quantiles. SPDX-License-Identifier: MIT */
#include "solve/distribution.h"
#include "solve/noise.h"

#include <math.h>

const char *pagu_dist_name(pagu_dist_kind kind)
{
    static const char *const names[] = { "uniform", "triangular", "pert", "normal", "lognormal", "events" };
    return (size_t)kind < COUNT_OF(names) ? names[kind] : "";
}

/* ---- parameters ---- */

static pagu_code check_order(pagu_ctx *ctx, const pagu_dist *d, const char *name, pagu_error *err)
{
    double high = d->kind == PAGU_DIST_UNIFORM ? d->b : d->c;
    if (d->kind != PAGU_DIST_UNIFORM && (d->b < d->a || d->b > d->c))
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: the mode %g lies outside of %g … %g", name, d->b, d->a, d->c);
    if (high < d->a)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: the low end %g lies above the high end %g", name, d->a, high);
    return PAGU_OK;
}

static pagu_code check_events(pagu_ctx *ctx, const pagu_dist *d, const char *name, pagu_error *err)
{
    double sum = 0;
    if (d->n == 0 || d->n > PAGU_DIST_EVENTS_MAX)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: 1 to %d events are possible, not %u", name, PAGU_DIST_EVENTS_MAX,
                       d->n);
    for (uint32_t i = 0; i < d->n; i++) {
        if (!(d->p[i] >= 0 && d->p[i] <= 1))
            return err_set(ctx, err, PAGU_ARGUMENT, "%s: probability %g of event %u is not from 0 to 1", name, d->p[i],
                           i + 1);
        if (!isfinite(d->value[i]))
            return err_set(ctx, err, PAGU_ARGUMENT, "%s: the effect of event %u is no finite number", name, i + 1);
        sum += d->p[i];
    }
    if (sum > 1 + 1e-12)
        return err_set(ctx, err, PAGU_ARGUMENT,
                       "%s: the probabilities of events that exclude each other sum to %g, "
                       "more than 1; give independent events entries of their own",
                       name, sum);
    return PAGU_OK;
}

pagu_code pagu_dist_check(pagu_ctx *ctx, const pagu_dist *d, const char *name, pagu_error *err)
{
    bool three = d->kind == PAGU_DIST_TRIANGULAR || d->kind == PAGU_DIST_PERT;
    if (d->kind == PAGU_DIST_EVENTS) {
        if (!isfinite(d->rest))
            return err_set(ctx, err, PAGU_ARGUMENT, "%s: a parameter is no finite number", name);
        return check_events(ctx, d, name, err);
    }
    if (!isfinite(d->a) || !isfinite(d->b) || (three && !isfinite(d->c)))
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: a parameter is no finite number", name);
    if (three || d->kind == PAGU_DIST_UNIFORM)
        return check_order(ctx, d, name, err);
    if (d->b < 0)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: the standard deviation %g is negative", name, d->b);
    if (d->kind == PAGU_DIST_LOGNORMAL && d->a <= 0)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: a lognormal mean is above 0, not %g", name, d->a);
    return PAGU_OK;
}

/* ---- moments ---- */

static double events_moment(const pagu_dist *d, double around, int power)
{
    double sum = 0, rest = 1;
    for (uint32_t i = 0; i <= d->n; i++) {
        double p = i < d->n ? d->p[i] : rest > 0 ? rest : 0, x = (i < d->n ? d->value[i] : d->rest) - around;
        sum += p * (power == 2 ? x * x : x);
        rest -= p;
    }
    return sum;
}

double pagu_dist_mean(const pagu_dist *d)
{
    switch (d->kind) {
    case PAGU_DIST_UNIFORM: return 0.5 * (d->a + d->b);
    case PAGU_DIST_TRIANGULAR: return (d->a + d->b + d->c) / 3;
    case PAGU_DIST_PERT: return (d->a + 4 * d->b + d->c) / 6;
    case PAGU_DIST_EVENTS: return events_moment(d, 0, 1);
    default: return d->a;
    }
}

double pagu_dist_sd(const pagu_dist *d)
{
    double mean = pagu_dist_mean(d);
    switch (d->kind) {
    case PAGU_DIST_UNIFORM: return (d->b - d->a) / sqrt(12);
    case PAGU_DIST_TRIANGULAR: return sqrt((d->a * (d->a - d->b) + d->b * (d->b - d->c) + d->c * (d->c - d->a)) / 18);
    case PAGU_DIST_PERT: return sqrt((mean - d->a) * (d->c - mean) / 7);
    case PAGU_DIST_EVENTS: return sqrt(events_moment(d, mean, 2));
    default: return d->b;
    }
}

/* ---- values ---- */

static inline double triangular(const pagu_dist *d, double u)
{
    double range = d->c - d->a, left = d->b - d->a, right = d->c - d->b;
    if (u * range < left)
        return d->a + sqrt(u * range * left);
    return d->c - sqrt((1 - u) * range * right);
}

static inline double outcome(const pagu_dist *d, double u)
{
    double sum = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        sum += d->p[i];
        if (u < sum)
            return d->value[i];
    }
    return d->rest;
}

bool dist_wants_units(const dist_ready *d)
{
    return d->dist.kind == PAGU_DIST_UNIFORM || d->dist.kind == PAGU_DIST_TRIANGULAR ||
           d->dist.kind == PAGU_DIST_EVENTS;
}

void dist_of_units(const dist_ready *d, double *x, uint32_t n)
{
    const pagu_dist *p = &d->dist;
    if (p->kind == PAGU_DIST_UNIFORM) {
        for (uint32_t i = 0; i < n; i++)
            x[i] = p->a + (p->b - p->a) * x[i];
    } else if (p->kind == PAGU_DIST_TRIANGULAR) {
        for (uint32_t i = 0; i < n; i++)
            x[i] = triangular(p, x[i]);
    } else {
        for (uint32_t i = 0; i < n; i++)
            x[i] = outcome(p, x[i]);
    }
}

SIMD_CLONES static void scale(double *restrict x, double mean, double sd, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        x[i] = mean + sd * x[i];
}

void dist_of_normals(const dist_ready *d, double *x, uint32_t n)
{
    switch (d->dist.kind) {
    case PAGU_DIST_NORMAL: scale(x, d->dist.a, d->dist.b, n); return;
    case PAGU_DIST_LOGNORMAL:
        for (uint32_t i = 0; i < n; i++)
            x[i] = exact_exp(d->mu + d->sigma * x[i]);
        return;
    case PAGU_DIST_PERT: pert_of_normals(d->knots, x, n); return;
    default:
        for (uint32_t i = 0; i < n; i++)
            x[i] = normal_cdf(x[i]);
        dist_of_units(d, x, n);
    }
}

static void set_logs(const pagu_dist *d, double *mu, double *sigma)
{
    double ratio = d->b / d->a, variance = exact_log(1 + ratio * ratio);
    *sigma = sqrt(variance);
    *mu = exact_log(d->a) - 0.5 * variance;
}

double pagu_dist_quantile(const pagu_dist *d, double u)
{
    dist_ready ready = { .dist = *d };
    double x = u;
    if (d->kind == PAGU_DIST_PERT)
        return pert_quantile(d, u);
    if (d->kind == PAGU_DIST_LOGNORMAL)
        set_logs(d, &ready.mu, &ready.sigma);
    if (dist_wants_units(&ready)) {
        dist_of_units(&ready, &x, 1);
    } else {
        x = normal_quantile(u);
        dist_of_normals(&ready, &x, 1);
    }
    return x;
}

/* ---- making ready ---- */

pagu_code dist_prepare(pagu_ctx *ctx, const pagu_dist *dist, dist_ready *out, pagu_error *err)
{
    *out = (dist_ready){ .dist = *dist };
    if (dist->kind == PAGU_DIST_LOGNORMAL)
        set_logs(dist, &out->mu, &out->sigma);
    if (dist->kind != PAGU_DIST_PERT)
        return PAGU_OK;
    out->knots = mem_array(ctx, 2 * PERT_KNOTS, sizeof *out->knots);
    if (!out->knots)
        return err_memory(ctx, err);
    pert_fill(dist, out->knots);
    return PAGU_OK;
}

void dist_release(pagu_ctx *ctx, dist_ready *d)
{
    mem_free(ctx, d->knots, d->knots ? 2 * PERT_KNOTS * sizeof *d->knots : 0);
    d->knots = NULL;
}

void dist_range(const dist_ready *d, double score_max, double *low, double *high)
{
    const pagu_dist *p = &d->dist;
    *low = p->a;
    *high = p->kind == PAGU_DIST_UNIFORM ? p->b : p->c;
    if (p->kind == PAGU_DIST_NORMAL) {
        *low = p->a - score_max * p->b;
        *high = p->a + score_max * p->b;
    } else if (p->kind == PAGU_DIST_LOGNORMAL) {
        *low = 0;
        *high = exact_exp(d->mu + d->sigma * score_max);
    } else if (p->kind == PAGU_DIST_EVENTS) {
        *low = *high = p->rest;
        for (uint32_t i = 0; i < p->n; i++) {
            *low = p->value[i] < *low ? p->value[i] : *low;
            *high = p->value[i] > *high ? p->value[i] : *high;
        }
    }
}
