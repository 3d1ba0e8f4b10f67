/* projection_error.c - how well a method would have done on the years there are, and the choice by it.
 * SPDX-License-Identifier: MIT */
#include "calc/projection.h"

static double miss(const series *part, const pagu_forecast_options *o, pagu_forecast_method method,
                   const pagu_point *left_out)
{
    pagu_forecast f = { .method = method };
    if (part->n < projection_need(method) || !projection_fit(part, o, method, &f))
        return NAN;
    return left_out->value - projection_value(&f, left_out->at);
}

void projection_ahead(const series *s, const pagu_forecast_options *o, pagu_forecast_method method, double *errors)
{
    for (uint32_t i = 0; i < s->n; i++) {
        series before = { s->p, i, s->work };
        errors[i] = miss(&before, o, method, &s->p[i]);
    }
}

void projection_leave_out(const series *s, const pagu_forecast_options *o, pagu_forecast_method method,
                          pagu_point *rest, double *errors)
{
    if (projection_looks_back(method)) {
        projection_ahead(s, o, method, errors);
        return;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        series others = { rest, s->n - 1, s->work };
        memcpy(rest, s->p, i * sizeof *rest);
        memcpy(rest + i, s->p + i + 1, (s->n - 1 - i) * sizeof *rest);
        errors[i] = miss(&others, o, method, &s->p[i]);
    }
}

static double mean_absolute(const double *errors, uint32_t n, uint32_t *count)
{
    double sum = 0;
    *count = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!isnan(errors[i]))
            sum += fabs(errors[i]), ++*count;
    return *count ? sum / *count : 0;
}

void projection_rate(const series *s, const pagu_forecast_options *o, pagu_point *rest, double *room, pagu_forecast *f)
{
    double *left = room, *ahead = room + s->n, shares = 0;
    projection_leave_out(s, o, f->method, rest, left);
    if (projection_looks_back(f->method))
        memcpy(ahead, left, s->n * sizeof *ahead);
    else
        projection_ahead(s, o, f->method, ahead);
    f->mae = mean_absolute(left, s->n, &f->n_errors);
    f->ahead = mean_absolute(ahead, s->n, &f->n_ahead);
    f->has_mape = f->n_errors > 0;
    for (uint32_t i = 0; i < s->n; i++) {
        if (isnan(left[i]))
            continue;
        if (s->p[i].value == 0)
            f->has_mape = false;
        else
            shares += fabs(left[i] / s->p[i].value);
    }
    f->mape = f->has_mape ? 100 * shares / f->n_errors : 0;
}

/* ---- choice ---- */

/* Years that a method could be tried on: half of all, and two. */
static bool has_enough(const double *errors, uint32_t n)
{
    uint32_t count;
    mean_absolute(errors, n, &count);
    return count >= 2 && 2 * count >= n;
}

static double scale_of(const series *s)
{
    double most = 0;
    for (uint32_t i = 0; i < s->n; i++)
        most = fmax(most, fabs(s->p[i].value));
    return most;
}

/* No method is judged on easier years than another: all on those that every candidate could be tried on. */
static void keep_common_years(const series *s, const pagu_forecast_candidate *candidates, double *room)
{
    for (uint32_t i = 0; i < s->n; i++) {
        bool common = true;
        for (int m = 1; m < PAGU_FORECAST_METHODS; m++)
            common = common && (!candidates[m].tried || !isnan(room[(size_t)m * s->n + i]));
        for (int m = 1; m < PAGU_FORECAST_METHODS && !common; m++)
            room[(size_t)m * s->n + i] = NAN;
    }
}

pagu_forecast_method projection_choose(const series *s, const pagu_forecast_options *o, pagu_point *rest, double *room,
                                       pagu_forecast_candidate *candidates)
{
    pagu_forecast_method best = PAGU_FORECAST_AUTO;
    double margin = 1e-9 * scale_of(s); /* what rounding makes of equal errors */
    for (int m = 1; m < PAGU_FORECAST_METHODS; m++) {
        double *errors = room + (size_t)m * s->n;
        projection_leave_out(s, o, (pagu_forecast_method)m, rest, errors);
        candidates[m].tried = s->n >= pagu_forecast_min((pagu_forecast_method)m) && has_enough(errors, s->n);
    }
    keep_common_years(s, candidates, room);
    for (int m = 1; m < PAGU_FORECAST_METHODS; m++) {
        pagu_forecast_candidate *c = &candidates[m];
        if (!c->tried)
            continue;
        c->mae = mean_absolute(room + (size_t)m * s->n, s->n, &c->n);
        if (!best || c->mae < candidates[best].mae - margin)
            best = (pagu_forecast_method)m;
    }
    return best;
}
