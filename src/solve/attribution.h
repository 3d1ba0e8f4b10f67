/* attribution.h - entries that differ and what they write. SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_ATTRIBUTION_H
#define PAGU_SOLVE_ATTRIBUTION_H

#include "calc/verb.h"
#include "pagu/attribute.h"
#include "scenario/scenario_struct.h"

/* A change of a cell, named as b names it. */
typedef struct attributed_write {
    uint32_t entry, change;  /* entry: of pagu_attribution; change: of its journal entry */
    uint32_t subject;        /* line or indicator of b */
    uint32_t column;         /* money: the column; else field << 16 | period */
    pagu_row row;            /* money: the row as its own view names it */
    pagu_cell before, after; /* money */
    bool is_measure, known;  /* known: b has the subject, and money can stand there */
} attributed_write;

struct pagu_attribution {
    pagu_ctx *ctx;
    const pagu_view *a, *b;
    uint32_t a_entries, b_entries, b_rows; /* then: views that went on are refused */
    pagu_attributed *entries;
    attributed_write *writes; /* money first; by cell, then in order */
    uint32_t n_entries, cap_entries, n_writes, cap_writes, n_steps, n_groups;
    uint32_t *group; /* by entry */
    bool *structure; /* by entry: it can't be taken out */
};

/* PAGU_CONFLICT if a view was edited or undone since. */
pagu_code attribution_check(const pagu_attribution *at, pagu_error *err);

#endif
