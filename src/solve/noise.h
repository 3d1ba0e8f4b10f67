/* noise.h - blocks of random numbers, many at a time: uniforms and normals of one variable.
 *
 * Which number a draw gets: block = draw / 512, slot = draw % 512. Double noise: counter
 * (block × 256 + slot % 256), words 2h and 2h + 1 with h = slot / 256. Single noise: counter
 * (block × 128 + slot % 128), word slot / 128. So no number depends on how many draws there are, and neighbours
 * in memory need no shuffling. All forms of a processor give the same bytes: only + - × / and square roots, no
 * fused operations, no library functions.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_NOISE_H
#define PAGU_SOLVE_NOISE_H

#include "solve/random.h"

enum { NOISE_BLOCK = 512 };

/* Uniforms in (0, 1): 52 bits, or 32 bits in single. */
void noise_units(random_key key, uint32_t block, double u[NOISE_BLOCK]);
void noise_units_single(random_key key, uint32_t block, double u[NOISE_BLOCK]);

/* Standard normals: the quantile of those uniforms by algorithm AS 241 (Wichura, Applied Statistics 37, 1988):
 * PPND16, or PPND7 in single. */
void noise_normals(random_key key, uint32_t block, double z[NOISE_BLOCK]);
void noise_normals_single(random_key key, uint32_t block, double z[NOISE_BLOCK]);

/* The same in the form that every processor has, for tests. */
void noise_units_plain(random_key key, uint32_t block, double u[NOISE_BLOCK]);
void noise_normals_plain(random_key key, uint32_t block, double z[NOISE_BLOCK]);
void noise_normals_single_plain(random_key key, uint32_t block, double z[NOISE_BLOCK]);

/* PPND16, 0 < u < 1. */
double normal_quantile(double u);
/* Share below z: W. J. Cody's rational approximations (Math. Comp. 23, 1969), relative error about 1e-15. */
double normal_cdf(double z);
/* Logarithm and exponential as fdlibm has them (less than 1 ulp), for finite x > 0 and |x| <= 700. */
double exact_log(double x);
double exact_exp(double x);

#endif
