/* pagu/solve.h - searches: goal seek on integers, and the best allocation under rules.
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

/* ---- optimise ---- */

/* So much of something for each rupiah (or minor unit) of a line: digits / 10^scale of its option. */
typedef struct pagu_coefficient {
    pagu_row row; /* a line, or a row whose lines all get it; the nearest on the way up decides */
    int64_t digits;
} pagu_coefficient;

/* Something that is bought whole: a line that has packages is made up of nothing else. */
typedef struct pagu_package {
    pagu_row row;     /* a line below `at` */
    pagu_money cost;  /* of one, >= 1 */
    int64_t gain;     /* of one, in digits / 10^gain_scale; instead of a coefficient of its line */
    int64_t min, max; /* how many, 0 <= min <= max */
    const char *name; /* may be NULL */
} pagu_package;

/* min <= sum <= max: of money over rows (`at`), or of coefficients × money of lines below `at` of the call. */
typedef struct pagu_requirement {
    const char *name;
    const pagu_selection *at; /* rows without overlap; NULL: coefficients */
    const pagu_coefficient *coefficients;
    uint32_t n;
    uint8_t scale;
    bool has_min, has_max;
    int64_t min, max;
} pagu_requirement;

typedef struct pagu_optimise_options {
    size_t size;
    const pagu_selection *at; /* its lines are decided; rows without overlap */
    pagu_column column;
    bool has_total, exactly; /* the sum over `at` must not exceed total; exactly: must be it */
    pagu_money total;
    pagu_money unit; /* >= 1: changes are multiples of it, but for packages: what needn't change stays */
    const pagu_coefficient *maximise; /* gain of a rupiah; a line without any gains nothing */
    uint32_t n_maximise;
    uint8_t gain_scale; /* 0 … 18 */
    /* One a line of pagu_select_lines(at), in its order. Without (NULL, INT64_MIN, INT64_MAX): a line goes
     * from 0 to what it has now, one of packages as far as they allow. */
    const pagu_money *floor, *cap;
    const pagu_package *packages;
    uint32_t n_packages;
    const pagu_requirement *subject_to; /* beside the scenario's own constraints, which always apply */
    uint32_t n_subject_to;
    double seconds; /* > 0: the time limit */
    double gap;     /* 0 … < 1: stop when no allocation can gain more by this part of the gain; 0: prove the best */
    bool no_prices; /* leave the shadow prices out */
    bool dry;
} pagu_optimise_options;
#define PAGU_OPTIMISE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .size = sizeof(pagu_optimise_options), .unit = 1, .seconds = 60                                                \
    }

typedef enum pagu_optimise_status {
    PAGU_OPTIMISE_OPTIMAL,    /* proven: no allocation gains more (to 1e-9 of it) */
    PAGU_OPTIMISE_FEASIBLE,   /* good to within gap: the time limit came first, or a gap was allowed */
    PAGU_OPTIMISE_INFEASIBLE, /* the rules contradict one another: see conflict */
    PAGU_OPTIMISE_LIMIT       /* the time limit came before any allocation was found */
} pagu_optimise_status;

/* Tables are the caller's to free, or NULL; their columns:
 *   lines     key, name, old, new, delta, count (packages), gain; a total row
 *   prices    rule, side ("min", "max"), value, bound, slack, price (gain of one rupiah more room at that side, of the
 *             linear relaxation with packages as decided), range (the price holds for at least so many rupiah more)
 *   conflict  rule, kind, key, bound, relax (the least rupiah that ends the conflict, alone), reason, law */
typedef struct pagu_optimise_result {
    pagu_optimise_status status;
    double gain, bound, gap; /* gap: bound - gain, of the solver; gain is also exact: */
    char gain_text[64];      /* digits with a point, plain locale */
    uint32_t nodes;          /* of branch and bound */
    const char *solver;
    pagu_table *lines, *prices, *conflict;
} pagu_optimise_result;

/* Allocate money over lines (or whole packages) so that most is gained, under every constraint of the
 * scenario whose severity is reject, bounds, requirements and the total. Of several best ones that which moves
 * least money from what there is, as far as it is found; the same problem always gets the same answer.
 * Solved by COIN-OR CBC, one solve at a time in a process; the answer is proven in integers against every rule,
 * and committed as one step unless dry. Rows whose rule this call doesn't decide (predicates) are checked on commit.
 * PAGU_UNREACHABLE: infeasible; the message names a smallest set of rules that contradict, out->conflict tells
 * each with what would free it. PAGU_LIMIT: no answer in time, or numbers too great for doubles. PAGU_NOT_FOUND:
 * no solver plug-in. PAGU_INTERRUPTED, within the slice of time that runs (0.5 s, doubling). PAGU_ARGUMENT. */
PAGU_API pagu_code pagu_optimise(pagu_scenario *s, const pagu_optimise_options *options, const pagu_note *note,
                                 pagu_optimise_result *out, pagu_error *err);
PAGU_API void pagu_optimise_result_clear(pagu_optimise_result *r);

#ifdef __cplusplus
}
#endif
#endif
