/* simulation.h - P6: Monte Carlo over a generated plan, beside kernels of the same precision.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_BENCH_SIMULATION_H
#define PAGU_BENCH_SIMULATION_H

#include "gen.h"

#include "pagu.h"

/* Draw every line of the plan (its rows are the engine's) and print times and ratios. */
void bench_simulation(const struct gen_plan *gen, const pagu_view *view, pagu_column column, bool quick);

#endif
