/* pagu/solve.h - searches: goal seek on integers.
 *
 *     pagu_seek_options o = PAGU_SEEK_OPTIONS_INIT;
 *     o.lo = 0; o.hi = 10000000000; o.step = 1000000;
 *     o.want = (pagu_seek_value){ .is_number = false, .integer = 6000000000 };
 *     o.trial = what_the_total_becomes; o.ud = &my_scenario;     // tried on a branch
 *     pagu_seek_result r;
 *     pagu_seek(ctx, &o, &r, &err);
 *     if (r.status == PAGU_SEEK_FOUND) …r.x
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_H
#define PAGU_SOLVE_H

#include "pagu/calc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a trial gives, and what is wanted: an exact integer (money), or a number (a rate). */
typedef struct pagu_seek_value {
    bool is_number;
    int64_t integer;
    double number; /* if is_number; finite */
} pagu_seek_value;

/* Try x: fill *value and set *allowed, or clear *allowed if a rule refuses x (x is then a bound of
 * the search, not an error). Any code but PAGU_OK ends the search and is what pagu_seek returns. */
typedef pagu_code (*pagu_seek_trial)(void *ud, int64_t x, bool *allowed, pagu_seek_value *value, pagu_error *err);

typedef struct pagu_seek_options {
    size_t size;
    int64_t lo, hi, step; /* multiples of step (>= 1) from lo to hi are tried, both included if they are ones */
    pagu_seek_value want;
    double tolerance; /* >= 0: so near to want counts as found */
    bool has_guess;
    int64_t guess;   /* tried first, rounded to step: a value that rules allow, such as that of now */
    uint32_t trials; /* at most, 3 … 100000 */
    pagu_seek_trial trial;
    void *ud;
} pagu_seek_options;
#define PAGU_SEEK_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        .size = sizeof(pagu_seek_options), .step = 1, .trials = 600                                                    \
    }

typedef enum pagu_seek_status {
    PAGU_SEEK_FOUND,
    PAGU_SEEK_NEAREST,    /* want lies between values that were reached, no tried x gives it */
    PAGU_SEEK_UNREACHABLE /* want lies beyond every value that was reached, or every x was refused */
} pagu_seek_status;

typedef struct pagu_seek_result {
    pagu_seek_status status;
    int64_t x; /* the answer, or the x that came nearest; of two as near the lesser value, then the lesser x */
    pagu_seek_value value;               /* what it gives */
    pagu_seek_value least, most;         /* the interval of values that were reached */
    int64_t first_allowed, last_allowed; /* the least and the greatest x that no rule refused */
    uint32_t trials, refused;            /* all, and those that a rule refused */
    bool every;                          /* every x was tried: the answer is proven */
    bool monotone; /* values rose or fell all along the x tried: the answer holds if they do in between */
} pagu_seek_result;

/* Find x such that trial(x) gives want. Both ends (and the guess) are tried; where two neighbours lie
 * on both sides of want, their middle is, until nothing lies between them, which finds the answer
 * of any function that crosses want there. Up to 64 values of x are all tried. Else, without a crossing
 * or if values turn, a grid of 64 intervals is tried too, edges of what rules refuse are closed in, and
 * at last the neighbourhood of the nearest: a peak narrower than a grid interval can be missed, which
 * monotone and every tell. No x is tried twice; the order of trials depends on values alone.
 * PAGU_ARGUMENT: lo above hi, no multiple of step between them, step below 1, or a value that is not finite.
 * PAGU_INTERRUPTED; codes of the trial. Cost: at most `trials` calls, memory for as many. */
PAGU_API pagu_code pagu_seek(pagu_ctx *ctx, const pagu_seek_options *options, pagu_seek_result *out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
