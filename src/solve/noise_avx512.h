/* noise_avx512.h - the blocks of noise.h for processors with AVX-512: the same bytes, several times as fast.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_NOISE_AVX512_H
#define PAGU_SOLVE_NOISE_AVX512_H

#include "solve/noise.h"

#include <stdbool.h>

/* Whether this build and processor have it; the others may be called only then. */
bool noise_avx512_is_supported(void);
void noise_avx512_units(random_key key, uint32_t block, double u[NOISE_BLOCK]);
void noise_avx512_normals(random_key key, uint32_t block, double z[NOISE_BLOCK]);
void noise_avx512_normals_single(random_key key, uint32_t block, double z[NOISE_BLOCK]);

#endif
