/* pagu/simulate.h - Monte Carlo over the money of a view: what is uncertain, drawn many times, rolled up.
 *
 *     pagu_vary vary = PAGU_VARY_INIT;
 *     vary.name = "harga";  vary.at = selection;  vary.field = budget;  vary.periods = &y2025;  vary.n_periods = 1;
 *     vary.dist = (pagu_dist){ .kind = PAGU_DIST_TRIANGULAR, .a = 0.95, .b = 1, .c = 1.2 };
 *     pagu_simulate_options o = PAGU_SIMULATE_OPTIONS_INIT;
 *     o.vary = &vary;  o.n_vary = 1;  o.watch = &(pagu_watch){ 0, column };  o.n_watch = 1;  o.seed = 42;
 *     pagu_simulate(view, &o, &sim, &err);
 *     pagu_simulation_quantile(sim, 0, 0.9, &p90, &se);
 *     pagu_simulation_free(sim);
 *
 * Money of a draw is whole: every line is rounded to the minor unit first (to the nearest), then lines are
 * added up as integers, so each draw foots exactly as a plan does. Nothing is written: the view stays as it is,
 * and holds do not stop what is uncertain from moving.
 *
 * A number drawn depends on the seed, the variable (its name, and for a variable of its own per line the key of
 * the line) and the draw, never on threads, other variables or how many draws there are: the first 1,000 of
 * 10,000 draws are the 1,000 draws, and two scenarios of one seed face the same luck. The arithmetic is plain
 * IEEE double without library functions, so results are the same bytes on every machine.
 *
 * A simulation keeps no reference to its view or plan. It may be read by several threads.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SIMULATE_H
#define PAGU_SIMULATE_H

#include "pagu/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- distributions ---- */

typedef enum pagu_dist_kind {
    PAGU_DIST_UNIFORM,    /* a low, b high */
    PAGU_DIST_TRIANGULAR, /* a low, b mode, c high */
    PAGU_DIST_PERT,       /* a low, b mode, c high: beta with shapes 1+4(b-a)/(c-a), 1+4(c-b)/(c-a)
                             (Malcolm and others, Operations Research 7, 1959) */
    PAGU_DIST_NORMAL,     /* a mean, b standard deviation */
    PAGU_DIST_LOGNORMAL,  /* a mean, b standard deviation of the value itself, not of its logarithm */
    PAGU_DIST_EVENTS      /* outcome i with probability p[i], else `rest` */
} pagu_dist_kind;

enum { PAGU_DIST_EVENTS_MAX = 64 };
typedef struct pagu_dist {
    pagu_dist_kind kind;
    double a, b, c;
    uint32_t n;              /* EVENTS: 1 … 64 */
    const double *p, *value; /* EVENTS: probabilities, of sum at most 1, and the outcome of each; borrowed */
    double rest;             /* EVENTS: the outcome when none happens (1 for a factor, 0 for an amount) */
} pagu_dist;

/* "uniform", "triangular", "pert", "normal", "lognormal", "events". */
PAGU_API const char *pagu_dist_name(pagu_dist_kind kind);
/* PAGU_ARGUMENT: a parameter is not finite, or not in order; says which. name stands in front of the message. */
PAGU_API pagu_code pagu_dist_check(pagu_ctx *ctx, const pagu_dist *d, const char *name, pagu_error *err);
/* Mean and standard deviation by formula; of a distribution that pagu_dist_check accepts. */
PAGU_API double pagu_dist_mean(const pagu_dist *d);
PAGU_API double pagu_dist_sd(const pagu_dist *d);
/* The value that a share u of draws stays below, 0 < u < 1. PERT by integration of its density, about 1e-9 of its
 * range; the others to rounding. Events are in the order given, `rest` last. */
PAGU_API double pagu_dist_quantile(const pagu_dist *d, double u);

/* The first n draws of a variable of that name and seed: those of a shared variable of path "same" without factors.
 * out has room for n. PAGU_ARGUMENT: a parameter; PAGU_NO_MEMORY. */
PAGU_API pagu_code pagu_dist_draws(pagu_ctx *ctx, const pagu_dist *d, uint64_t seed, const char *name, uint32_t n,
                                   double *out, pagu_error *err);

/* ---- what varies ---- */

typedef enum pagu_vary_as {
    PAGU_VARY_FACTOR,  /* value × draw */
    PAGU_VARY_PERCENT, /* value × (1 + draw / 100) */
    PAGU_VARY_DELTA,   /* value + draw, in minor units */
    PAGU_VARY_TOTAL    /* draw, in minor units, in place of the value; nothing else may vary that cell */
} pagu_vary_as;

/* How a variable goes through several periods. */
typedef enum pagu_vary_path {
    PAGU_PATH_INDEPENDENT, /* each period its own draw */
    PAGU_PATH_SAME,        /* one draw for all */
    PAGU_PATH_CUMULATIVE   /* each its own draw, on top of those before: factors multiply, amounts add up */
} pagu_vary_path;

typedef struct pagu_vary {
    const char *name;         /* of the variable: its draws follow it; unique, not empty */
    const pagu_selection *at; /* lines at or below vary */
    pagu_field field;         /* a money field */
    const pagu_period *periods;
    uint32_t n_periods; /* in the order of the path */
    pagu_vary_as as;
    pagu_dist dist;
    /* true: every line its own draw. false: one draw for the place; an amount is shared out over its lines in
     * proportion to their values (equally if all are 0), summing to the rounded amount exactly. */
    bool per_line;
    pagu_vary_path path;
    /* Correlation by shared factors: the variable's normal score is sum(loading × factor) + the rest of its own;
     * squares of loadings sum to at most 1. Two variables correlate by the sum of products of loadings. */
    uint32_t n_factors;
    const char *const *factors;
    const double *loadings;
} pagu_vary;
#define PAGU_VARY_INIT                                                                                                 \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }

/* Correlation of the normal scores of two shared variables (of the values themselves when both are normal). */
typedef struct pagu_correlation {
    const char *a, *b; /* names of variables, as many periods each, without factors */
    double r;          /* -1 … 1; pairs not given have 0 */
} pagu_correlation;

/* A cell whose distribution is asked for. Missing counts as 0. */
typedef struct pagu_watch {
    pagu_row row;
    pagu_column column;
} pagu_watch;

typedef struct pagu_simulate_options {
    size_t size;
    const pagu_vary *vary;
    uint32_t n_vary;
    const pagu_correlation *correlations;
    uint32_t n_correlations;
    const pagu_watch *watch;
    uint32_t n_watch;
    uint32_t draws; /* 1 … 10^7 */
    uint64_t seed;
    bool single;      /* noise with 24 significant bits: half the time for normal noise on many lines */
    uint32_t threads; /* 0: as many as there are processors; the result is the same for any number */
} pagu_simulate_options;
#define PAGU_SIMULATE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .size = sizeof(pagu_simulate_options), .draws = 10000                                                          \
    }

typedef struct pagu_simulation pagu_simulation;

/* Draw. Lines without a value stay so under factors; an amount gives them one. Cost: about 2 to 4 ns a varied line
 * and draw for normal noise on one core, 16 bytes a watched cell and draw.
 * PAGU_ARGUMENT: names, distributions, correlations (not positive definite: names the pair), a cell that varies by
 * a total and something else; PAGU_OVERFLOW: a draw might leave 64 bits; PAGU_LIMIT: more than 2^27 watched
 * values; PAGU_NO_MEMORY, PAGU_INTERRUPTED. */
PAGU_API pagu_code pagu_simulate(const pagu_view *v, const pagu_simulate_options *options, pagu_simulation **out,
                                 pagu_error *err);
PAGU_API void pagu_simulation_free(pagu_simulation *sim);

/* ---- what came out ---- */

PAGU_API uint32_t pagu_simulation_draw_count(const pagu_simulation *sim);
PAGU_API uint32_t pagu_simulation_watch_count(const pagu_simulation *sim);
PAGU_API uint64_t pagu_simulation_seed(const pagu_simulation *sim);
/* Cells that vary, over all columns. */
PAGU_API uint32_t pagu_simulation_cell_count(const pagu_simulation *sim);
/* Values of a watched cell by draw, draw_count of them. Borrowed. */
PAGU_API const pagu_money *pagu_simulation_draws(const pagu_simulation *sim, uint32_t watch);

typedef struct pagu_summary {
    pagu_money base;   /* the value in the view */
    double mean;       /* exact sum of draws / draws */
    double sd;         /* n - 1 in the denominator; 0 for one draw */
    double mean_error; /* standard error of the mean: sd / sqrt(n) */
    pagu_money min, max;
} pagu_summary;
/* Of the first n draws (0: all), so that convergence can be shown. */
PAGU_API pagu_summary pagu_simulation_summary(const pagu_simulation *sim, uint32_t watch, uint32_t n);
/* Quantile p (0 … 1) of all draws, type 7 of Hyndman and Fan (The American Statistician 50, 1996), as R and
 * numpy have it, rounded to the minor unit. *error (NULL: not wanted): its standard error, half the distance of the
 * order statistics one binomial standard deviation, sqrt(n p (1-p)), to both sides. */
PAGU_API pagu_money pagu_simulation_quantile(const pagu_simulation *sim, uint32_t watch, double p, double *error);
/* The same of the first n draws; sorts them. PAGU_NO_MEMORY. */
PAGU_API pagu_code pagu_simulation_quantile_of(const pagu_simulation *sim, uint32_t watch, uint32_t n, double p,
                                               pagu_money *out, double *error, pagu_error *err);
/* How many of the first n draws (0: all) lie below, at and above a value. */
typedef struct pagu_share {
    uint32_t below, equal, above;
} pagu_share;
PAGU_API pagu_share pagu_simulation_share(const pagu_simulation *sim, uint32_t watch, pagu_money value, uint32_t n);

/* In how many of the first n draws (0: all) a sum of weighted cells leaves its limits, and by how much on the average
 * of those. Exact in 128 bits: weights up to 2^47, up to 2^16 terms. A ceiling over a selection is its rows with weight
 * 1; "at least 20 % of the total" is 100 × part - 20 × total >= 0. */
typedef struct pagu_sum_term {
    uint32_t watch;
    int64_t weight;
} pagu_sum_term;
typedef struct pagu_limits {
    bool has_min, has_max;
    pagu_money min, max;
} pagu_limits;
typedef struct pagu_broken {
    uint32_t draws;  /* of these */
    uint32_t broken; /* so many break a limit */
    double excess;   /* mean distance from the limit of those that do; 0 if none */
} pagu_broken;
PAGU_API pagu_broken pagu_simulation_broken(const pagu_simulation *sim, const pagu_sum_term *terms, uint32_t n_terms,
                                            const pagu_limits *limits, uint32_t n);

/* Quantile of any numbers, type 7; sorts them. n > 0, 0 <= p <= 1. */
PAGU_API double pagu_quantile(double *values, size_t n, double p);

#ifdef __cplusplus
}
#endif
#endif
