/* simulate.h - a simulation made ready: variables, cells that vary, watched cells.
 *
 *   sources    normal scores that several variables share: factors, and the scores behind a correlation matrix
 *   instances  one draw of a variable: a variable and a period (or all periods, path "same")
 *   cells      a line and column that vary, sorted by line and column; hits are the instances that move it
 *   slots      watched cells; each cell adds to the nearest one above it, slots add to the next one up
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_SIMULATE_H
#define PAGU_SOLVE_SIMULATE_H

#include "solve/distribution.h"
#include "solve/noise.h"

#define NO_SLOT UINT32_MAX

typedef struct sim_term {
    uint32_t source;
    double weight;
} sim_term;

/* Normal score = sum of terms + own × a score of its own. */
typedef struct sim_mix {
    uint32_t first_term, n_terms;
    double own;
} sim_mix;

typedef struct sim_vary {
    dist_ready dist;
    pagu_vary_as as;
    pagu_vary_path path;
    bool per_line;
    bool units;   /* values come straight from uniforms */
    double bound; /* of |factor| or |amount| in any draw and period */
    uint32_t first_instance, n_instances;
    uint32_t path_buffer; /* per line with a path: which buffer follows it; NO_SLOT: none */
} sim_vary;

typedef struct sim_instance {
    uint32_t vary;
    random_key key; /* of a shared variable */
    sim_mix mix;
} sim_instance;

typedef struct sim_hit {
    uint32_t row, instance;
    pagu_column column;
    random_key key;  /* of a variable of the line's own */
    double from, to; /* the part of a shared amount that is this line's: round(x to) - round(x from) */
} sim_hit;

typedef struct sim_cell {
    pagu_money base;
    uint32_t row, slot; /* NO_SLOT: not watched, drawn only for the periods after it */
    uint32_t first_hit, n_hits;
    int8_t sign;
    bool missing; /* without a value: factors leave it so */
    bool wide;    /* beyond what the fast rounding takes */
} sim_cell;

typedef struct sim_slot {
    pagu_row row;
    pagu_column column;
    pagu_money base;
    uint32_t above; /* the next watched cell up, or NO_SLOT */
    int8_t sign;    /* towards it */
} sim_slot;

struct pagu_simulation {
    pagu_ctx *ctx;
    uint64_t seed;
    uint32_t draws, stride; /* stride: draws in whole blocks */
    bool single;
    sim_vary *vary;
    uint32_t n_vary;
    sim_instance *instances;
    uint32_t n_instances, cap_instances;
    random_key *sources;
    uint32_t n_sources, cap_sources;
    sim_term *terms;
    uint32_t n_terms, cap_terms;
    uint32_t n_path_buffers;
    sim_hit *hits;
    uint32_t n_hits, cap_hits;
    sim_cell *cells;
    uint32_t n_cells, cap_cells;
    sim_slot *slots; /* ascending by column and row */
    uint32_t n_slots;
    uint32_t *slot_of_watch;
    uint32_t n_watch;
    pagu_money *values, *sorted; /* n_slots × stride, n_slots × draws */
};

/* Variables, instances, sources and how they mix (simulate_variables.c). */
pagu_code simulate_variables(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, pagu_error *err);
/* Slots, then cells (simulate_cells.c). */
pagu_code simulate_slots(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, pagu_error *err);
pagu_code simulate_cells(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, pagu_error *err);
/* All draws, then sorted copies (simulate_run.c, simulate_sort.c). */
pagu_code simulate_run(pagu_simulation *sim, uint32_t threads, pagu_error *err);
/* Sort by counting digits; scratch as long as values. */
void simulate_sort(pagu_money *values, pagu_money *scratch, uint32_t n);
/* Key of a variable: its name and, unless "", the key of a line and a period. */
random_key simulate_key(uint64_t seed, const char *kind, const char *name, const char *line, const char *period);

#endif
