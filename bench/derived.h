/* derived.h - P8. SPDX-License-Identifier: MIT */
#ifndef PAGU_BENCH_DERIVED_H
#define PAGU_BENCH_DERIVED_H

#include "gen.h"

/* Build a plan with an indicator a line and print what its derived columns cost. */
void bench_derived(const struct gen_plan *gen, int runs);

#endif
