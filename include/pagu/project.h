/* pagu/project.h - estimates from short series of years: fit, error, prediction interval, choice.
 *
 *     pagu_point past[] = { { 2020, 410 }, { 2021, 425 }, { 2023, 470 }, { 2024, 480 } };
 *     pagu_forecast_options o = PAGU_FORECAST_OPTIONS_INIT;
 *     o.method = PAGU_FORECAST_AUTO;
 *     pagu_forecast_fit(ctx, past, 4, &o, &f, &err);
 *     pagu_forecast_value next = pagu_forecast_at(&f, 2026);
 *
 * Estimates are doubles, as errors and intervals are; pagu_forecast_money rounds one once, to
 * a unit of money. A year without a value is no point: the time between points counts, not
 * their number. The same points in the same build give the same bits.
 *
 * Sources: Hyndman & Athanasopoulos, Forecasting: Principles and Practice (2nd ed., sections 3.1,
 * 3.5, 7.1, 7.2 and the variances of table 7.8); Theil 1950, Sen 1968; Draper & Smith, Applied
 * Regression Analysis (the interval of a new observation); Abramowitz & Stegun 26.7.3-4 (Student's t).
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_PROJECT_H
#define PAGU_PROJECT_H

#include "pagu/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* In the order of choice between equals: the simpler first. */
typedef enum pagu_forecast_method {
    PAGU_FORECAST_AUTO = 0,  /* the one with the least leave-one-out error */
    PAGU_FORECAST_NAIVE,     /* the last value */
    PAGU_FORECAST_MEAN,      /* the mean of all */
    PAGU_FORECAST_DRIFT,     /* the line from the first value through the last */
    PAGU_FORECAST_CAGR,      /* the constant growth from the first value to the last */
    PAGU_FORECAST_LINEAR,    /* least squares */
    PAGU_FORECAST_THEIL_SEN, /* median of slopes, median of intercepts: an odd year weighs little */
    PAGU_FORECAST_SES,       /* simple exponential smoothing */
    PAGU_FORECAST_HOLT,      /* level and trend */
    PAGU_FORECAST_DAMPED,    /* level and a trend that fades */
    PAGU_FORECAST_METHODS    /* how many, with AUTO */
} pagu_forecast_method;

/* One observation: year (any finite number) and value. */
typedef struct pagu_point {
    double at, value;
} pagu_point;

typedef struct pagu_forecast_options {
    size_t size;
    pagu_forecast_method method;
    double level; /* of the prediction interval in percent, 1 to 99.9; 80 unless set */
    bool has_alpha, has_beta,
        has_phi;             /* given; else of the grid, by the least squared one-step error (the lowest of equals): */
    double alpha, beta, phi; /* 0.05 … 1 by 0.05; 0 … 1 by 0.05; 0.80 … 0.98 by 0.02. Ranges (0,1], [0,1], (0,1] */
    bool has_start;          /* level and trend one year before the first point; else y1, and y1 to y2 */
    double start_level, start_trend;
} pagu_forecast_options;
#define PAGU_FORECAST_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .size = sizeof(pagu_forecast_options), .method = PAGU_FORECAST_AUTO, .level = 80                               \
    }

/* What AUTO found out about one method. */
typedef struct pagu_forecast_candidate {
    bool tried; /* false: too few years, or values that the method can't take */
    uint32_t n; /* years on which all the candidates were compared */
    double mae; /* over these */
} pagu_forecast_candidate;

typedef struct pagu_forecast {
    pagu_forecast_method method; /* never AUTO */
    bool chosen;                 /* by AUTO */
    uint32_t n;
    double first, last;      /* years of the first and the last point */
    double origin;           /* lines: value = intercept + slope × (year - origin); CAGR: intercept × */
    double intercept, slope; /* (1 + slope)^(year - origin); smoothing: level and trend after the last point */
    double alpha, beta, phi; /* smoothing only */
    double level, t;         /* of the interval, and the quantile of Student's t it takes */
    double sd;               /* of residuals, on df degrees of freedom; CAGR: of logarithms */
    uint32_t df;             /* 0: too few points for an interval */
    double centre, sxx;      /* mean year, and the sum of squares about it */
    /* Leave-one-out: each point is left out in turn and predicted from the others. NAIVE, SES, HOLT and
     * DAMPED look back only: they predict it from those before it. */
    uint32_t n_errors;
    double mae;
    bool has_mape; /* false: a value left out is 0 */
    double mape;   /* percent */
    uint32_t n_ahead;
    double ahead; /* mean absolute error of predicting each point from those before it only */
    pagu_forecast_candidate candidates[PAGU_FORECAST_METHODS]; /* by method, if chosen */
} pagu_forecast;

typedef struct pagu_forecast_value {
    double value, low, high;
    bool has_interval;
} pagu_forecast_value;

enum { PAGU_FORECAST_MAX_POINTS = 200 };

/* Fit a method to n points of ascending years. O(n) to O(n³) by method, 4200 n² for DAMPED's grid.
 * PAGU_NO_HISTORY: fewer points than pagu_forecast_min, named with the years there are; PAGU_ARGUMENT: years that
 * do not ascend, a value that is not finite, a parameter out of range, CAGR over a value that is not above 0.
 * LINEAR and THEIL_SEN take several values of a year. */
PAGU_API pagu_code pagu_forecast_fit(pagu_ctx *ctx, const pagu_point *points, size_t n,
                                     const pagu_forecast_options *options, pagu_forecast *out, pagu_error *err);
/* Estimate and prediction interval of a year after the last point (lines: of any year). */
PAGU_API pagu_forecast_value pagu_forecast_at(const pagu_forecast *f, double year);
/* Points that a method needs: one more than it fits by, so that it has an error. AUTO: 3. */
PAGU_API uint32_t pagu_forecast_min(pagu_forecast_method method);

/* "auto", "naive", "mean", "drift", "cagr", "linear", "theil_sen", "ses", "holt", "damped". */
PAGU_API const char *pagu_forecast_method_name(pagu_forecast_method method);
/* PAGU_ARGUMENT lists the names. */
PAGU_API pagu_code pagu_forecast_method_parse(pagu_ctx *ctx, const char *name, pagu_forecast_method *out,
                                              pagu_error *err);

/* Round an estimate once, half away from zero, to a multiple of unit (>= 1). PAGU_OVERFLOW, PAGU_ARGUMENT. */
PAGU_API pagu_code pagu_forecast_money(double value, pagu_money unit, pagu_money *out);
/* Quantile of Student's t that leaves (100 - level) / 2 percent above it: 80 -> the 90% point. df >= 1. */
PAGU_API double pagu_student_t(double level, uint32_t df);

#ifdef __cplusplus
}
#endif
#endif
