/* exact.h - integer programs in exact numbers, solved by a solver in doubles and proven in integers.
 *
 * Columns are 64-bit integers between bounds; coefficients, objective and row bounds 128-bit. An answer
 * always satisfies every row and bound exactly; how good it is says `bound`.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_EXACT_H
#define PAGU_SOLVE_EXACT_H

#include "base/number.h"
#include "solve/solver.h"

#define NO_LOW (-((wide)1 << 126))
#define NO_HIGH ((wide)1 << 126)

typedef struct ip_col {
    int64_t lo, hi;
    wide gain; /* of one more */
} ip_col;
typedef struct ip_term {
    uint32_t col;
    wide coef;
} ip_term;
typedef struct ip_row {
    uint32_t first, n; /* terms */
    wide lo, hi;       /* NO_LOW, NO_HIGH */
} ip_row;
typedef struct ip {
    pagu_ctx *ctx;
    ip_col *cols;
    ip_row *rows;
    ip_term *terms;
    uint32_t n_cols, n_rows, n_terms, cap_cols, cap_rows, cap_terms;
    bool no_memory;
} ip;

void ip_init(ip *p, pagu_ctx *ctx);
void ip_free(ip *p);
/* What doesn't fit in memory sets no_memory; ip_solve tells. */
uint32_t ip_add_col(ip *p, int64_t lo, int64_t hi, wide gain);
uint32_t ip_add_row(ip *p, wide lo, wide hi);
/* To the last row; a column comes once a row. A coefficient of 0 is none. */
void ip_add_term(ip *p, uint32_t col, wide coef);

wide ip_activity(const ip *p, uint32_t row, const int64_t *x);
wide ip_gain(const ip *p, const int64_t *x);
/* The first row that x breaks, or UINT32_MAX. */
uint32_t ip_broken(const ip *p, const int64_t *x);

typedef enum ip_status {
    IP_OPTIMAL,  /* gap below 1e-9 of the gain, or none that the solver knows */
    IP_FEASIBLE, /* the time ran out, or rounding to whole units cost more than that */
    IP_INFEASIBLE,
    IP_NO_ANSWER /* the time ran out before any was found */
} ip_status;
typedef struct ip_answer {
    ip_status status;
    int64_t *x;   /* room for n_cols, by the caller */
    double bound; /* no answer can gain more, as far as doubles tell */
    int nodes;
} ip_answer;

/* A run of solves under one time limit. */
typedef struct ip_run {
    const solver_plugin *solver;
    double deadline; /* seconds of the monotonic clock */
    double gap;      /* relative, that an integer program may leave; 0: none */
    pagu_error *err;
} ip_run;
double ip_clock(void);

/* PAGU_LIMIT: numbers beyond what doubles hold, or rows that no
 * exact answer near the solver's satisfies; PAGU_INTERRUPTED, PAGU_NO_MEMORY, PAGU_INTERNAL (solver failed). */
pagu_code ip_solve(const ip *p, const ip_run *run, ip_answer *out);

/* The linear relaxation: its maximum and, by row, the gain of one more at the binding side (0: none binds).
 * *feasible false: it has no answer. */
pagu_code ip_relax(const ip *p, const ip_run *run, bool *feasible, double *maximum, double *dual);

#endif
