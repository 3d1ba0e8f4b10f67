/* proposal.h - a proposal in memory, for the files that collect, check and commit it.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PROPOSAL_H
#define PAGU_SRC_PROPOSAL_H

#include "scenario/scenario_struct.h"

/* Changes of one column; sorted and without repeats or no-ops once prepared.
 *
 * A long run of base rows that all get numbers (a bulk verb) is written straight into the
 * dense column that it will become: `run` holds it, and there are no other arrays. */
typedef struct column_changes {
    pagu_column column;
    bool sorted;
    uint32_t n, cap;
    uint32_t *rows;
    int64_t *values, *old_values;
    uint8_t *states, *old_states;
    dense_block *run;
    pagu_row first; /* of the run */
    uint64_t bound; /* of the column after the changes */
} column_changes;

typedef struct measure_change {
    pagu_indicator indicator;
    pagu_field field;
    pagu_period period;
    pagu_column column;
    measure_value new_value; /* texts in the proposal's arena */
    pagu_measure old_measure;
} measure_change;

struct pagu_proposal {
    pagu_scenario *s;
    column_changes *columns;
    measure_change *measures;
    uint32_t n_columns, cap_columns, n_measures, cap_measures;
    arena text;
    bool prepared, started; /* started: looked at values of the scenario as it stood at: */
    uint32_t n_entries, n_moved;
};

static inline const pagu_plan *plan_of(const pagu_proposal *p)
{
    return p->s->view.plan;
}
static inline pagu_ctx *ctx_of(const pagu_proposal *p)
{
    return plan_of(p)->ctx;
}

void changes_free(const pagu_plan *p, column_changes *c);
/* Room for cap changes; false: out of memory, unchanged. */
bool changes_grow(const pagu_plan *p, column_changes *c, uint32_t cap);
/* Empty it, keeping it usable. */
void proposal_clear(pagu_proposal *p);
/* Turn a run back into ordinary changes. */
bool end_run(const pagu_plan *p, column_changes *c);

#endif
