/* solver.h - the linear or integer program that a solver plug-in takes, in doubles, and how it is found.
 *
 * A plug-in is a shared object that defines pagu_solver_entry; libpagu_cbc.so is COIN-OR's CBC and CLP.
 * Nothing else of pagu is visible to it, so that the engine needs no solver to be there.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_SOLVER_H
#define PAGU_SOLVE_SOLVER_H

#include <stdbool.h>

#define SOLVER_VERSION 1
#define SOLVER_INFINITY 1e300

typedef enum solver_status {
    SOLVER_OPTIMAL,
    SOLVER_INFEASIBLE,
    SOLVER_LIMIT,     /* stopped with x, the best so far */
    SOLVER_NO_ANSWER, /* stopped without any */
    SOLVER_FAILED
} solver_status;

/* Maximise objective · x, col_lo <= x <= col_hi, row_lo <= A x <= row_hi. A by columns. */
typedef struct solver_problem {
    int n_cols, n_rows;
    const int *starts; /* n_cols + 1 */
    const int *index;
    const double *value;
    const double *col_lo, *col_hi, *objective, *row_lo, *row_hi; /* rows: ±SOLVER_INFINITY for none */
    const char *is_integer;                                      /* by column; NULL: a linear program */
    const double *start;                                         /* a solution to begin with, or NULL */
    double seconds;
    double gap; /* relative: an integer program may stop when its bound is so near; 0: when it is proven */
    int seed;
} solver_problem;

typedef struct solver_answer {
    solver_status status;
    double objective, bound; /* of the maximum: objective <= bound */
    int nodes;
    double *x;    /* room for n_cols */
    double *dual; /* room for n_rows, or NULL; of linear programs: gain of one more at the binding side */
} solver_answer;

/* Returns 0, or 1 when memory is out. One call at a time in a process. */
typedef int solver_run(const solver_problem *problem, solver_answer *answer);
typedef struct solver_plugin {
    int version; /* SOLVER_VERSION */
    const char *name;
    solver_run *run;
} solver_plugin;
typedef const solver_plugin *solver_entry(void);
#define SOLVER_ENTRY "pagu_solver_entry"

#endif
