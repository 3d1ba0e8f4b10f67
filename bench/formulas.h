/* formulas.h - P8 for formulas: columns of expressions beside plain passes over a column.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_BENCH_FORMULAS_H
#define PAGU_BENCH_FORMULAS_H

#include "gen.h"

#include <stdbool.h>

void bench_formulas(const struct gen_plan *gen, bool quick);

#endif
