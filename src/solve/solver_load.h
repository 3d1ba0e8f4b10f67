/* solver_load.h - find and load the solver plug-in.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_SOLVER_LOAD_H
#define PAGU_SOLVE_SOLVER_LOAD_H

#include "base/base.h"
#include "solve/solver.h"

/* From the folder PAGU_PLUGINS, or near the program or library. PAGU_NOT_FOUND says what to install. */
pagu_code solver_load(pagu_ctx *ctx, const solver_plugin **out, pagu_error *err);

#endif
