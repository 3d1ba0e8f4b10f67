/* margins_fit.c - iterative proportional fitting within bounds.
 *
 * Shares are clamp(row factor × column factor × weight, lo, hi): the form of the shares that are
 * nearest to the weights (least relative entropy) among all that meet the margins. Rows and columns
 * take turns in choosing their factor so that their own total is met, which is coordinate ascent on
 * the dual of that problem. Only + - * / of doubles in a fixed order: the same shares everywhere.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/margins.h"

/* Factors stay far from overflow, so that no product of two is a NaN. */
#define FACTOR_MOST 1e140
#define FACTOR_LEAST 1e-140

/* Where totals force a line with weight to 0 fitting never quite comes to an end; what it leaves, the
 * flow settles. A fit that does come to an end takes 5 to 50 rounds of four to ten visits a line. */
enum { ROUNDS = 1000, STEPS = 200, VISITS = 2000 };

static double clamped(const margins *m, uint32_t line, double share)
{
    double lo = (double)m->lo[line], hi = (double)m->hi[line];
    return share < lo ? lo : share > hi ? hi : share;
}

/* Sum of a node's shares under a factor, and how fast it grows with the factor. */
static double sum_of(margins *m, uint32_t node, double factor, double *slope)
{
    double sum = 0;
    *slope = 0;
    m->visits += m->first[node + 1] - m->first[node];
    for (uint32_t k = m->first[node]; k < m->first[node + 1]; k++) {
        uint32_t line = m->line[k];
        double weight = (double)m->job->weights[line] * m->factor[margins_other(m, node, line)];
        double share = factor * weight, kept = clamped(m, line, share);
        sum += kept;
        if (kept == share)
            *slope += weight;
    }
    return sum;
}

/* Newton's method on a sum that is piecewise linear and never falls, kept inside a bracket. */
static double solve_factor(margins *m, uint32_t node)
{
    double total = (double)margins_total(m, node), low = 0, high = FACTOR_MOST, slope;
    double factor = m->factor[node];
    if (total <= sum_of(m, node, 0, &slope))
        return 0;
    if (factor < FACTOR_LEAST)
        factor = 1;
    for (int i = 0; i < STEPS; i++) {
        double sum = sum_of(m, node, factor, &slope), next;
        *(sum < total ? &low : &high) = factor;
        next = slope > 0 ? factor + (total - sum) / slope : high;
        if (!(next > low && next < high) && next != factor)
            next = high < FACTOR_MOST ? low + (high - low) / 2 : factor * 1024;
        if (next == factor || next >= FACTOR_MOST || next <= FACTOR_LEAST)
            break;
        double moved = next > factor ? next - factor : factor - next;
        factor = next;
        if (moved <= factor * 1e-16)
            break;
    }
    return factor;
}

/* How far the rows are from their totals, at most, when the columns are right. */
static double largest_miss(margins *m)
{
    double most = 0, slope;
    for (uint32_t v = 0; v < m->job->n_rows; v++) {
        double miss = sum_of(m, v, m->factor[v], &slope) - (double)margins_total(m, v);
        miss = miss < 0 ? -miss : miss;
        most = miss > most ? miss : most;
    }
    return most;
}

static double tolerance_of(const margins *m)
{
    double most = 0, unit = (double)m->job->unit / 4096;
    for (uint32_t v = 0; v < m->nodes; v++)
        most = (double)margins_total(m, v) > most ? (double)margins_total(m, v) : most;
    return most * 4e-15 > unit ? most * 4e-15 : unit;
}

pagu_code margins_fit(margins *m)
{
    double enough = tolerance_of(m);
    for (uint32_t v = 0; v < m->nodes; v++)
        m->factor[v] = 1;
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t v = 0; v < m->nodes; v++)
            m->factor[v] = solve_factor(m, v);
        if (pagu_ctx_interrupted(m->ctx))
            return PAGU_INTERRUPTED;
        if (largest_miss(m) <= enough || m->visits > (uint64_t)VISITS * (m->job->n + 1))
            break;
    }
    for (uint32_t i = 0; i < m->job->n; i++)
        m->share[i] = clamped(m, i,
                              m->factor[m->job->row[i]] * m->factor[m->job->n_rows + m->job->column[i]] *
                                  (double)m->job->weights[i]);
    return PAGU_OK;
}
