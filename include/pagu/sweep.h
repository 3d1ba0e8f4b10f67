/* pagu/sweep.h - designs of sweeps: which values of its parameters a script is run with.
 *
 *     double growth[100];
 *     pagu_latin_numbers(ctx, 7, "growth", 2.0, 6.0, 100, growth, &err);
 *
 * A Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979) cuts the range of every
 * parameter into n parts of one size, takes one value from each, and pairs the parameters in random
 * order. What is drawn depends on the seed and the parameter's name only, never on the other
 * parameters or their order.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SWEEP_H
#define PAGU_SWEEP_H

#include "pagu/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fill out with n values between lo and hi, one from each of n equal parts, in random order. They have
 * no more decimals than tell the parts well apart. Cost O(n). PAGU_ARGUMENT: n is 0, lo isn't below hi,
 * or one of them isn't finite. PAGU_NO_MEMORY. */
PAGU_API pagu_code pagu_latin_numbers(pagu_ctx *ctx, uint64_t seed, const char *name, double lo, double hi, uint32_t n,
                                      double *out, pagu_error *err);
/* The same with the whole numbers lo … hi, both included: with n = hi - lo + 1 each of them once. PAGU_ARGUMENT: n is
 * 0, or lo is above hi. */
PAGU_API pagu_code pagu_latin_integers(pagu_ctx *ctx, uint64_t seed, const char *name, int64_t lo, int64_t hi,
                                       uint32_t n, int64_t *out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
