/* projection_line.c - methods that are a line or a curve in time: naive, mean, drift, CAGR, least
 * squares, Theil-Sen. Sums are centred: years near 2000 would cancel otherwise.
 * SPDX-License-Identifier: MIT */
#include "calc/projection.h"

#include <stdlib.h>

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, compare_numbers);
    return n % 2 ? x[n / 2] : x[n / 2 - 1] / 2 + x[n / 2] / 2;
}

static void set_line(pagu_forecast *f, double origin, double intercept, double slope)
{
    f->origin = origin;
    f->intercept = intercept;
    f->slope = slope;
}

/* Root of the residuals' mean square about the line, on n - parameters degrees of freedom. */
static void set_residual(const series *s, uint32_t parameters, pagu_forecast *f)
{
    double sum = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        double e = s->p[i].value - projection_value(f, s->p[i].at);
        sum += e * e;
    }
    f->df = s->n > parameters ? s->n - parameters : 0;
    f->sd = f->df ? sqrt(sum / f->df) : 0;
}

/* The same of steps between points, in units of a year's step. */
static void set_step_residual(const series *s, uint32_t parameters, bool logs, pagu_forecast *f)
{
    double sum = 0, a_year = logs ? log1p(f->slope) : f->slope;
    for (uint32_t i = 1; i < s->n; i++) {
        double years = s->p[i].at - s->p[i - 1].at;
        double step = logs ? log(s->p[i].value) - log(s->p[i - 1].value) : s->p[i].value - s->p[i - 1].value;
        double e = (step - a_year * years) / sqrt(years);
        sum += e * e;
    }
    f->df = s->n - 1 > parameters ? s->n - 1 - parameters : 0;
    f->sd = f->df ? sqrt(sum / f->df) : 0;
}

static double mean_value(const series *s)
{
    double sum = 0, rest = 0;
    for (uint32_t i = 0; i < s->n; i++)
        sum += s->p[i].value;
    double mean = sum / s->n;
    for (uint32_t i = 0; i < s->n; i++)
        rest += s->p[i].value - mean;
    return mean + rest / s->n;
}

static void fit_linear(const series *s, pagu_forecast *f)
{
    double sxy = 0, mean = mean_value(s);
    for (uint32_t i = 0; i < s->n; i++)
        sxy += (s->p[i].at - f->centre) * (s->p[i].value - mean);
    set_line(f, f->centre, mean, sxy / f->sxx);
    set_residual(s, 2, f);
}

static void fit_theil_sen(const series *s, pagu_forecast *f)
{
    size_t n = 0;
    for (uint32_t i = 0; i < s->n; i++)
        for (uint32_t j = i + 1; j < s->n; j++)
            if (s->p[j].at > s->p[i].at)
                s->work[n++] = (s->p[j].value - s->p[i].value) / (s->p[j].at - s->p[i].at);
    double slope = median(s->work, n);
    for (uint32_t i = 0; i < s->n; i++)
        s->work[i] = s->p[i].value - slope * (s->p[i].at - f->centre);
    set_line(f, f->centre, median(s->work, s->n), slope);
    set_residual(s, 2, f);
}

/* Of growth, only ends above 0 make sense; its interval takes the logarithms of all. */
static bool fit_cagr(const series *s, pagu_forecast *f)
{
    const pagu_point *a = s->p, *b = &s->p[s->n - 1];
    for (uint32_t i = 0; i < s->n; i++)
        if (!(s->p[i].value > 0))
            return false;
    set_line(f, b->at, b->value, pow(b->value / a->value, 1 / (b->at - a->at)) - 1);
    if (!isfinite(f->slope))
        return false;
    set_step_residual(s, 1, true, f);
    return true;
}

static void fit_drift(const series *s, pagu_forecast *f)
{
    const pagu_point *a = s->p, *b = &s->p[s->n - 1];
    set_line(f, b->at, b->value, (b->value - a->value) / (b->at - a->at));
    set_step_residual(s, 1, false, f);
}

static void set_centre(const series *s, pagu_forecast *f)
{
    double sum = 0;
    for (uint32_t i = 0; i < s->n; i++)
        sum += s->p[i].at - s->p[0].at;
    f->centre = s->p[0].at + sum / s->n;
    f->sxx = 0;
    for (uint32_t i = 0; i < s->n; i++)
        f->sxx += (s->p[i].at - f->centre) * (s->p[i].at - f->centre);
}

bool projection_fit_line(const series *s, pagu_forecast_method method, pagu_forecast *f)
{
    set_centre(s, f);
    if (projection_need(method) > 1 && !(f->last > f->first))
        return false;
    switch (method) {
    case PAGU_FORECAST_NAIVE:
        set_line(f, f->last, s->p[s->n - 1].value, 0);
        set_step_residual(s, 0, false, f);
        break;
    case PAGU_FORECAST_MEAN:
        set_line(f, f->last, mean_value(s), 0);
        set_residual(s, 1, f);
        break;
    case PAGU_FORECAST_DRIFT: fit_drift(s, f); break;
    case PAGU_FORECAST_CAGR: return fit_cagr(s, f);
    case PAGU_FORECAST_THEIL_SEN: fit_theil_sen(s, f); break;
    default: fit_linear(s, f); break;
    }
    return true;
}
