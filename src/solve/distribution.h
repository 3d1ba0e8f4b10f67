/* distribution.h - distributions made ready to turn blocks of noise into values.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_DISTRIBUTION_H
#define PAGU_SOLVE_DISTRIBUTION_H

#include "base/base.h"
#include "pagu/simulate.h"

typedef struct dist_ready {
    pagu_dist dist;
    double mu, sigma; /* LOGNORMAL: of the logarithm */
    double *knots;    /* PERT: value and slope by normal score */
} dist_ready;

/* Largest normal score that a variable without factors can have: the quantile of 1 - 2^-53. */
#define DIST_SCORE_MAX 8.3

/* PAGU_NO_MEMORY only: dist is checked. Borrows its arrays of events. */
pagu_code dist_prepare(pagu_ctx *ctx, const pagu_dist *dist, dist_ready *out, pagu_error *err);
void dist_release(pagu_ctx *ctx, dist_ready *d);
/* True if its values come from uniforms with less work than from normals. */
bool dist_wants_units(const dist_ready *d);
/* In place: uniforms, or normals, to values. */
void dist_of_units(const dist_ready *d, double *x, uint32_t n);
void dist_of_normals(const dist_ready *d, double *x, uint32_t n);
/* The least and largest value for scores up to score_max. */
void dist_range(const dist_ready *d, double score_max, double *low, double *high);

/* ---- PERT (distribution_pert.c) ---- */

enum { PERT_PER_SCORE = 64, PERT_SCORE_END = 9, PERT_KNOTS = 2 * PERT_SCORE_END * PERT_PER_SCORE + 1 };
/* Value and slope by normal score at PERT_KNOTS scores from -9 to 9. */
void pert_fill(const pagu_dist *d, double *knots);
double pert_quantile(const pagu_dist *d, double u);
void pert_of_normals(const double *knots, double *x, uint32_t n);

#endif
