/* projection.h - methods of pagu/project.h, one file a family.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_PROJECTION_H
#define PAGU_CALC_PROJECTION_H

#include "base/base.h"
#include "pagu/project.h"

#include <math.h>

typedef struct series {
    const pagu_point *p;
    uint32_t n;
    double *work; /* n (n - 1) / 2 numbers of scratch */
} series;

/* Points that a fit takes at least; an error needs one more. */
uint32_t projection_need(pagu_forecast_method method);
/* True for methods that go through the years one after the other. */
bool projection_looks_back(pagu_forecast_method method);
/* False: values that the method can't take. s->n >= projection_need. */
bool projection_fit(const series *s, const pagu_forecast_options *o, pagu_forecast_method method, pagu_forecast *f);
double projection_value(const pagu_forecast *f, double year);

bool projection_fit_line(const series *s, pagu_forecast_method method, pagu_forecast *f);
void projection_fit_smooth(const series *s, const pagu_forecast_options *o, pagu_forecast *f);
/* The sum of φ^1 … φ^h. */
double projection_damping(double phi, double h);
/* Variance of a smoothing method h years ahead over that of one year ahead. */
double projection_smooth_factor(const pagu_forecast *f, double h);

/* Prediction of each point that the method can be tried on: errors[i], NAN where it can't. */
void projection_leave_out(const series *s, const pagu_forecast_options *o, pagu_forecast_method method,
                          pagu_point *rest, double *errors);
void projection_ahead(const series *s, const pagu_forecast_options *o, pagu_forecast_method method, double *errors);
/* Set the errors of a fitted method. room: 2 n numbers. */
void projection_rate(const series *s, const pagu_forecast_options *o, pagu_point *rest, double *room, pagu_forecast *f);
/* The method with the least leave-one-out error. room: n numbers a method. */
pagu_forecast_method projection_choose(const series *s, const pagu_forecast_options *o, pagu_point *rest, double *room,
                                       pagu_forecast_candidate *candidates);

#endif
