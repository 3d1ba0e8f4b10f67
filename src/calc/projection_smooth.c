/* projection_smooth.c - simple, Holt's and damped exponential smoothing over years with gaps.
 *
 * State and equations are those of Forecasting: Principles and Practice 7.1 and 7.2 (β is its β*). A gap of k
 * years moves the state k years on, with nothing learned in between.
 * SPDX-License-Identifier: MIT */
#include "calc/projection.h"

typedef struct smooth {
    double level, trend;
    double alpha, beta, phi;
} smooth;

typedef struct run {
    smooth end;
    double sum; /* of squared one-step errors, in units of one year's variance */
    uint32_t n; /* errors in it: those that the start does not make 0 */
} run;

double projection_damping(double phi, double h)
{
    if (h == 1) /* nearly always, and pow is slow */
        return phi;
    return phi == 1 ? h : phi * (1 - pow(phi, h)) / (1 - phi);
}

static double factor(const smooth *s, double h)
{
    double sum = 1;
    for (int j = 1; j < h; j++) {
        double c = s->alpha * (1 + s->beta * projection_damping(s->phi, j));
        sum += c * c;
    }
    return sum;
}

double projection_smooth_factor(const pagu_forecast *f, double h)
{
    smooth s = { .alpha = f->alpha, .beta = f->beta, .phi = f->phi };
    return factor(&s, h);
}

/* The state one year before the first point: given, or such that it meets the first point and, with a trend, the
 * second. */
static smooth start_of(const series *s, const pagu_forecast_options *o, bool trend, const smooth *parameters)
{
    smooth out = *parameters;
    double years = s->n > 1 ? s->p[1].at - s->p[0].at : 1;
    out.trend = trend ? (s->p[1].value - s->p[0].value) / (out.phi * projection_damping(out.phi, years)) : 0;
    out.level = s->p[0].value - out.phi * out.trend;
    if (o->has_start) {
        out.level = o->start_level;
        out.trend = trend ? o->start_trend : 0;
    }
    return out;
}

static void step(smooth *s, double years, const pagu_point *p)
{
    double level = s->level + projection_damping(s->phi, years) * s->trend;
    double trend = s->phi == 1 ? s->trend : (years == 1 ? s->phi : pow(s->phi, years)) * s->trend;
    double before = level - trend; /* where the level stood a year ago, had nothing new been learned */
    s->level = s->alpha * p->value + (1 - s->alpha) * level;
    s->trend = s->beta * (s->level - before) + (1 - s->beta) * trend;
}

static run go(const series *s, const pagu_forecast_options *o, bool trend, const smooth *parameters)
{
    run r = { .end = start_of(s, o, trend, parameters) };
    uint32_t known = o->has_start ? 0 : trend ? 2 : 1;
    for (uint32_t i = 0; i < s->n; i++) {
        double years = i ? s->p[i].at - s->p[i - 1].at : 1;
        double e = s->p[i].value - r.end.level - projection_damping(r.end.phi, years) * r.end.trend;
        if (i >= known) {
            r.sum += e * e / factor(&r.end, years);
            r.n++;
        }
        step(&r.end, years, &s->p[i]);
    }
    return r;
}

/* The grid's values from low to high in steps, or the one that is given. */
typedef struct scale {
    double low, step;
    int n;
} scale;

static scale scale_of(bool free, double given, double low, double by, int n)
{
    return free ? (scale){ low, by, n } : (scale){ given, 0, 1 };
}

/* i steps of 0.05 as they are written, not as they add up. */
static double grid_value(const scale *s, int i)
{
    return s->step == 0 ? s->low : round((s->low + i * s->step) * 100) / 100;
}

/* Below this, sums of squared errors differ by rounding only. */
static double noise_of(const series *s)
{
    double most = 0;
    for (uint32_t i = 0; i < s->n; i++)
        most = fmax(most, fabs(s->p[i].value));
    return 1e-24 * most * most;
}

/* The least sum of squared errors; between equals the lowest parameters, whatever rounding makes of them. */
static run best_run(const series *s, const pagu_forecast_options *o, bool trend, bool damped)
{
    scale a = scale_of(!o->has_alpha, o->alpha, 0.05, 0.05, 20);
    scale b = scale_of(trend && !o->has_beta, trend ? o->beta : 0, 0, 0.05, 21);
    scale d = scale_of(damped && !o->has_phi, damped ? o->phi : 1, 0.80, 0.02, 10);
    run best = { .sum = INFINITY };
    double noise = noise_of(s);
    for (int i = 0; i < a.n; i++)
        for (int j = 0; j < b.n; j++)
            for (int k = 0; k < d.n; k++) {
                smooth parameters = { .alpha = grid_value(&a, i), .beta = grid_value(&b, j), .phi = grid_value(&d, k) };
                run r = go(s, o, trend, &parameters);
                if (i + j + k == 0 || r.sum < best.sum * (1 - 1e-9) - noise)
                    best = r;
            }
    return best;
}

void projection_fit_smooth(const series *s, const pagu_forecast_options *o, pagu_forecast *f)
{
    bool trend = f->method != PAGU_FORECAST_SES, damped = f->method == PAGU_FORECAST_DAMPED;
    run r = best_run(s, o, trend, damped);
    uint32_t chosen = !o->has_alpha + (trend && !o->has_beta) + (damped && !o->has_phi);
    f->origin = f->last;
    f->intercept = r.end.level;
    f->slope = r.end.trend;
    f->alpha = r.end.alpha;
    f->beta = r.end.beta;
    f->phi = r.end.phi;
    f->df = r.n > chosen ? r.n - chosen : 0;
    f->sd = f->df ? sqrt(r.sum / f->df) : 0;
}
