/* margins.h - lines between two margins: every row and every column total met exactly.
 *
 * A line belongs to one row and one column. Shares are weight × row factor × column factor within
 * the line's bounds (iterative proportional fitting, Deming and Stephan 1940), then rounded so that
 * both margins hold to the rupiah (controlled rounding: Cox and Ernst 1982) by a maximum flow.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_MARGINS_H
#define PAGU_CALC_MARGINS_H

#include "base/base.h"

typedef struct margins_job {
    uint32_t n, n_rows, n_columns;
    const uint32_t *row, *column; /* n: of each line */
    const int64_t *weights;       /* n, none negative; a line of 0 stays at 0, or the bound nearest to it */
    const pagu_money *lo, *hi;    /* n; NULL: from 0, without end. Below 0 counts as 0 */
    const pagu_money *row_totals, *column_totals;
    pagu_money unit;
    pagu_money *out;
    pagu_money *residue; /* what rounding gave a line beyond its share rounded down; NULL: not wanted */
    uint32_t bad;        /* after PAGU_ARGUMENT: the line whose lo is above its hi */
    /* After PAGU_UNREACHABLE: the minimum cut. Rows of cut want more than all columns let them have,
     * as columns beyond the cut do: by `gap`. n_rows + n_columns, of the caller. */
    bool *cut;
    pagu_money gap;
} margins_job;

/* Fill out (and residue): every total exact, every line within its bounds. The sums of the two kinds
 * of totals must agree. PAGU_UNREACHABLE, PAGU_ARGUMENT, PAGU_OVERFLOW, PAGU_NO_MEMORY,
 * PAGU_INTERRUPTED, without a message. Lines in tree order: the same lines give the same result. */
pagu_code margins_run(pagu_ctx *ctx, margins_job *job);

/* ---- the parts ---- */

/* The graph: nodes are rows, then columns; the lines of node v are line[first[v]] … line[first[v + 1] - 1]. */
typedef struct margins {
    pagu_ctx *ctx;
    margins_job *job;
    uint32_t nodes;
    uint32_t *first, *line;
    pagu_money *lo, *hi;      /* n: bounds of the lines as they are in force */
    pagu_money *low, *up, *x; /* n: the flow and its interval */
    pagu_money *need;         /* nodes: total less the flow */
    double *share;            /* n: the fitted shares */
    double *factor;           /* nodes */
    uint64_t visits;          /* of lines, by the fit */
    uint32_t *level, *at, *queue, *path;
    arena mem;
} margins;

static inline bool margins_is_row(const margins *m, uint32_t node)
{
    return node < m->job->n_rows;
}

static inline uint32_t margins_other(const margins *m, uint32_t node, uint32_t line)
{
    return margins_is_row(m, node) ? m->job->n_rows + m->job->column[line] : m->job->row[line];
}

static inline pagu_money margins_total(const margins *m, uint32_t node)
{
    return margins_is_row(m, node) ? m->job->row_totals[node] : m->job->column_totals[node - m->job->n_rows];
}

/* Shares as real numbers (margins_fit.c). */
pagu_code margins_fit(margins *m);
/* Move x, within [low, up], until every need is 0, or as far as that goes (margins_flow.c). *left is
 * what remains; cut (NULL: not wanted) the nodes that could still send. */
pagu_code margins_flow(margins *m, pagu_money *left, bool *cut);

#endif
