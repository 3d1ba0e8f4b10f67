/* projection.c - forecasts of short series: options in, a fitted method with its errors out.
 * SPDX-License-Identifier: MIT */
#include "calc/projection.h"
#include "calc/phrase.h"
#include "calc/verb.h"

#include <stdio.h>

static const char *const names[] = { "auto",   "naive",     "mean", "drift", "cagr",
                                     "linear", "theil_sen", "ses",  "holt",  "damped" };

/* ---- methods ---- */

const char *pagu_forecast_method_name(pagu_forecast_method method)
{
    return (unsigned)method < PAGU_FORECAST_METHODS ? names[method] : "";
}

pagu_code pagu_forecast_method_parse(pagu_ctx *ctx, const char *name, pagu_forecast_method *out, pagu_error *err)
{
    char list[160] = "";
    for (int i = 0; i < PAGU_FORECAST_METHODS; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (pagu_forecast_method)i;
            return PAGU_OK;
        }
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", names[i]);
    }
    return err_set(ctx, err, PAGU_ARGUMENT, "no method \"%.60s\" of projection; there are: %s", name, list);
}

uint32_t projection_need(pagu_forecast_method method)
{
    static const uint8_t need[] = { 2, 1, 1, 2, 2, 2, 2, 2, 3, 3 };
    return need[method];
}

uint32_t pagu_forecast_min(pagu_forecast_method method)
{
    return (unsigned)method < PAGU_FORECAST_METHODS ? projection_need(method) + 1 : 0;
}

bool projection_looks_back(pagu_forecast_method method)
{
    return method == PAGU_FORECAST_NAIVE || method >= PAGU_FORECAST_SES;
}

static bool is_line_of_many(pagu_forecast_method method)
{
    return method == PAGU_FORECAST_LINEAR || method == PAGU_FORECAST_THEIL_SEN;
}

/* ---- values ---- */

bool projection_fit(const series *s, const pagu_forecast_options *o, pagu_forecast_method method, pagu_forecast *f)
{
    f->method = method;
    f->n = s->n;
    f->first = s->p[0].at;
    f->last = s->p[s->n - 1].at;
    if (method < PAGU_FORECAST_SES)
        return projection_fit_line(s, method, f);
    projection_fit_smooth(s, o, f);
    return true;
}

double projection_value(const pagu_forecast *f, double year)
{
    double h = year - f->origin;
    if (f->method >= PAGU_FORECAST_SES)
        return f->intercept + projection_damping(f->phi, h) * f->slope;
    return f->method == PAGU_FORECAST_CAGR ? f->intercept * pow(1 + f->slope, h) : f->intercept + f->slope * h;
}

/* Variance of a new value at a year over that of the residuals. */
static double variance(const pagu_forecast *f, double year)
{
    double h = year - f->last, from_centre = year - f->centre;
    switch (f->method) {
    case PAGU_FORECAST_NAIVE: return h;
    case PAGU_FORECAST_MEAN: return 1 + 1.0 / f->n;
    case PAGU_FORECAST_DRIFT:
    case PAGU_FORECAST_CAGR: return h * (1 + h / (f->last - f->first));
    case PAGU_FORECAST_LINEAR:
    case PAGU_FORECAST_THEIL_SEN: return 1 + 1.0 / f->n + from_centre * from_centre / f->sxx;
    default: return projection_smooth_factor(f, h);
    }
}

pagu_forecast_value pagu_forecast_at(const pagu_forecast *f, double year)
{
    pagu_forecast_value out = { .value = projection_value(f, year) };
    out.low = out.high = out.value;
    out.has_interval = f->df > 0 && (year > f->last || is_line_of_many(f->method));
    if (!out.has_interval)
        return out;
    double half = f->t * f->sd * sqrt(variance(f, year));
    out.low = f->method == PAGU_FORECAST_CAGR ? out.value * exp(-half) : out.value - half;
    out.high = f->method == PAGU_FORECAST_CAGR ? out.value * exp(half) : out.value + half;
    return out;
}

pagu_code pagu_forecast_money(double value, pagu_money unit, pagu_money *out)
{
    if (unit < 1 || isnan(value))
        return PAGU_ARGUMENT;
    double units = round(value / (double)unit);
    if (!(fabs(units) < 9223372036854775808.0))
        return PAGU_OVERFLOW;
    return pagu_money_mul((int64_t)units, unit, out);
}

/* ---- checks ---- */

static pagu_code check_range(pagu_ctx *ctx, const char *name, bool has, double x, bool zero, pagu_error *err)
{
    if (!has || (x <= 1 && (x > 0 || (zero && x == 0))))
        return PAGU_OK;
    return err_set(ctx, err, PAGU_ARGUMENT, "%s must lie between 0 and 1, not %g", name, x);
}

static pagu_code check_options(pagu_ctx *ctx, const pagu_forecast_options *o, pagu_error *err)
{
    if ((unsigned)o->method >= PAGU_FORECAST_METHODS)
        return err_set(ctx, err, PAGU_ARGUMENT, "no method %d of projection", (int)o->method);
    if (!(o->level >= 1 && o->level <= 99.9))
        return err_set(ctx, err, PAGU_ARGUMENT, "the level of an interval is 1 to 99.9 percent, not %g", o->level);
    pagu_code rc = check_range(ctx, "alpha", o->has_alpha, o->alpha, false, err);
    if (!rc)
        rc = check_range(ctx, "beta", o->has_beta, o->beta, true, err);
    if (!rc)
        rc = check_range(ctx, "phi", o->has_phi, o->phi, false, err);
    if (!rc && o->has_start && !(isfinite(o->start_level) && isfinite(o->start_trend)))
        rc = err_set(ctx, err, PAGU_ARGUMENT, "the start of a smoothing must be finite");
    return rc;
}

/* "2022, 2024", as far as there is room. */
static void write_years(const pagu_point *p, size_t n, char *buf, size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < n && used + 24 < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%.10g", i ? ", " : "", p[i].at);
}

static pagu_code check_points(pagu_ctx *ctx, const pagu_point *p, size_t n, pagu_forecast_method method,
                              pagu_error *err)
{
    char years[160];
    write_years(p, n < 8 ? n : 8, years, sizeof years);
    if (n == 0)
        return err_set(ctx, err, PAGU_NO_HISTORY, "%s needs values of %u years, and there are none", names[method],
                       pagu_forecast_min(method));
    if (n < pagu_forecast_min(method))
        return err_set(ctx, err, PAGU_NO_HISTORY, "%s needs values of %u years, and there are %d: %s", names[method],
                       pagu_forecast_min(method), (int)n, years);
    if (n > PAGU_FORECAST_MAX_POINTS)
        return err_set(ctx, err, PAGU_LIMIT, "a series has at most %d values", PAGU_FORECAST_MAX_POINTS);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(p[i].value) || !isfinite(p[i].at))
            return err_set(ctx, err, PAGU_ARGUMENT, "value %d of a series is not finite", (int)i + 1);
        if (!is_line_of_many(method) && i && p[i].at <= p[i - 1].at)
            return err_set(ctx, err, PAGU_ARGUMENT, "the years of a series must ascend: %s", years);
        if (method == PAGU_FORECAST_CAGR && !(p[i].value > 0))
            return err_set(ctx, err, PAGU_ARGUMENT, "cagr needs values above 0, and that of %.10g is %.10g", p[i].at,
                           p[i].value);
    }
    return PAGU_OK;
}

/* Lines of many values need two years all the same, whatever the order. */
static pagu_code check_two_years(pagu_ctx *ctx, const pagu_point *p, size_t n, pagu_error *err)
{
    for (size_t i = 1; i < n; i++)
        if (p[i].at != p[0].at)
            return PAGU_OK;
    return err_set(ctx, err, PAGU_NO_HISTORY, "all the values are of one year");
}

/* ---- entry ---- */

typedef struct rooms {
    double *work, *errors; /* one allocation */
    pagu_point *points, *rest;
    size_t size;
} rooms;

static bool rooms_open(pagu_ctx *ctx, const pagu_point *p, size_t n, rooms *r)
{
    size_t work = n * (n + 1) / 2, errors = (PAGU_FORECAST_METHODS + 2) * n;
    r->size = (work + errors) * sizeof(double) + 2 * n * sizeof(pagu_point);
    r->work = mem_alloc(ctx, r->size);
    if (!r->work)
        return false;
    r->errors = r->work + work;
    r->points = (pagu_point *)(r->errors + errors);
    r->rest = r->points + n;
    memcpy(r->points, p, n * sizeof *p);
    return true;
}

/* By year, then as given: methods that are lines take several values of a year. */
static void sort_points(pagu_point *p, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        pagu_point x = p[i];
        size_t j = i;
        for (; j > 0 && p[j - 1].at > x.at; j--)
            p[j] = p[j - 1];
        p[j] = x;
    }
}

static pagu_code fit(pagu_ctx *ctx, const series *s, const pagu_forecast_options *o, const rooms *r, pagu_forecast *f,
                     pagu_error *err)
{
    pagu_forecast_method method = o->method;
    if (method == PAGU_FORECAST_AUTO) {
        method = projection_choose(s, o, r->rest, r->errors, f->candidates);
        f->chosen = true;
        if (!method)
            return err_set(ctx, err, PAGU_NO_HISTORY, "no method could be tried on these values");
    }
    bool fits = projection_fit(s, o, method, f);
    projection_rate(s, o, r->rest, r->errors, f);
    f->level = o->level;
    f->t = f->df ? pagu_student_t(o->level, f->df) : 0;
    if (!fits || !isfinite(f->intercept) || !isfinite(f->slope) || !isfinite(f->sd) || !isfinite(f->mae))
        return err_set(ctx, err, PAGU_OVERFLOW, "the values are too large to project");
    return PAGU_OK;
}

pagu_code pagu_forecast_fit(pagu_ctx *ctx, const pagu_point *points, size_t n, const pagu_forecast_options *options,
                            pagu_forecast *out, pagu_error *err)
{
    pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
    pagu_forecast f = { 0 };
    rooms r;
    pagu_code rc = options ? verb_options(ctx, &o, sizeof o, options, err) : PAGU_OK;
    if (!rc)
        rc = check_options(ctx, &o, err);
    if (!rc)
        rc = check_points(ctx, points, n, o.method, err);
    if (!rc && is_line_of_many(o.method))
        rc = check_two_years(ctx, points, n, err);
    if (rc)
        return rc;
    if (!rooms_open(ctx, points, n, &r))
        return err_memory(ctx, err);
    sort_points(r.points, n);
    series s = { r.points, (uint32_t)n, r.work };
    rc = fit(ctx, &s, &o, &r, &f, err);
    mem_free(ctx, r.work, r.size);
    if (!rc)
        *out = f;
    return rc;
}
