/* distribution_pert.c - the PERT distribution by normal score.
 *
 * Its quantile has no closed form. As a function of the normal score it is smooth, so cubic Hermite pieces
 * between exact values and slopes at every 1/64 of a score leave about 1e-10 of its range. The exact values come
 * from bisection of the incomplete beta integral by its continued fraction (Abramowitz and Stegun 26.5.8, by the
 * method of Lentz), in plain arithmetic, so that they are the same on every machine.
 * SPDX-License-Identifier: MIT */
#include "solve/distribution.h"
#include "solve/noise.h"

#include <math.h>

typedef struct beta {
    double a, b, whole; /* the integral from 0 to 1 */
} beta;

static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1), h;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    h = d;
    for (int m = 1; m < 300; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= d * c;
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-16)
            break;
    }
    return h;
}

static double beta_density(const beta *f, double x)
{
    return exact_exp((f->a - 1) * exact_log(x) + (f->b - 1) * exact_log(1 - x)) / f->whole;
}

/* Integral from 0 to x, x at most about the mean. */
static double beta_left(double a, double b, double x)
{
    return exact_exp(a * exact_log(x) + b * exact_log(1 - x)) * beta_fraction(a, b, x) / a;
}

static beta beta_of(const pagu_dist *d)
{
    double a = 1 + 4 * (d->b - d->a) / (d->c - d->a), b = 1 + 4 * (d->c - d->b) / (d->c - d->a);
    double middle = a / (a + b);
    return (beta){ a, b, beta_left(a, b, middle) + beta_left(b, a, 1 - middle) };
}

/* x of the left half whose share is `share`. */
static double solve_left(double a, double b, double whole, double share, double end)
{
    double low = 0, high = end;
    for (int i = 0; i < 60; i++) {
        double x = 0.5 * (low + high);
        if (beta_left(a, b, x) < share * whole)
            low = x;
        else
            high = x;
    }
    return 0.5 * (low + high);
}

/* Quantile of the standard beta for a share below and its complement, each exact in its tail. */
static double beta_quantile(const beta *f, double below, double above)
{
    double middle = f->a / (f->a + f->b);
    if (below * f->whole <= beta_left(f->a, f->b, middle))
        return solve_left(f->a, f->b, f->whole, below, middle);
    return 1 - solve_left(f->b, f->a, f->whole, above, 1 - middle);
}

double pert_quantile(const pagu_dist *d, double u)
{
    if (d->a == d->c)
        return d->a;
    beta f = beta_of(d);
    return d->a + (d->c - d->a) * beta_quantile(&f, u, 1 - u);
}

void pert_fill(const pagu_dist *d, double *knots)
{
    beta f = { 0 };
    double range = d->c - d->a;
    if (range > 0)
        f = beta_of(d);
    for (int i = 0; i < PERT_KNOTS; i++) {
        double score = (double)(i - PERT_SCORE_END * PERT_PER_SCORE) / PERT_PER_SCORE;
        if (range <= 0) {
            knots[2 * i] = d->a;
            knots[2 * i + 1] = 0;
            continue;
        }
        double x = beta_quantile(&f, normal_cdf(score), normal_cdf(-score));
        double normal = 0.3989422804014327 * exact_exp(-0.5 * score * score);
        double density = x > 0 && x < 1 ? beta_density(&f, x) : 0;
        knots[2 * i] = d->a + range * x;
        knots[2 * i + 1] = density > 0 ? range * normal / density / PERT_PER_SCORE : 0;
    }
}

void pert_of_normals(const double *knots, double *x, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        double at = (x[i] + PERT_SCORE_END) * PERT_PER_SCORE;
        at = at < 0 ? 0 : at > PERT_KNOTS - 1 ? PERT_KNOTS - 1 : at;
        int k = (int)at;
        k = k > PERT_KNOTS - 2 ? PERT_KNOTS - 2 : k;
        const double *p = knots + 2 * k;
        double t = at - k, s = 1 - t;
        x[i] = s * s * ((1 + 2 * t) * p[0] + t * p[1]) + t * t * ((3 - 2 * t) * p[2] - s * p[3]);
    }
}
