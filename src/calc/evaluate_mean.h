/* evaluate_mean.h - weighted means of percents, for K.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EVALUATE_MEAN_H
#define PAGU_CALC_EVALUATE_MEAN_H

#include "calc/evaluate.h"

typedef struct mean {
    double given, given_sum, given_absent; /* weights that were given, of parts with and without a percent */
    double sum;                            /* percents of parts without weight */
    uint32_t n, n_absent, n_given;         /* parts without weight, with and without a percent; with weight */
    uint32_t n_dashes;                     /* nothing planned, nothing done: left out */
} mean;

static inline void mean_add(mean *m, const pagu_derived *percent, bool has_weight, double weight)
{
    bool counts = percent->state == PAGU_DERIVED_NUMBER;
    m->n_dashes += percent->state == PAGU_DERIVED_DASH;
    if (has_weight) {
        m->n_given++;
        if (counts) {
            m->given += weight;
            m->given_sum += weight * percent->value;
        } else {
            m->given_absent += weight;
        }
    } else if (counts) {
        m->n++;
        m->sum += percent->value;
    } else {
        m->n_absent++;
    }
}

static inline pagu_derived mean_result(const mean *m)
{
    double usual = m->n_given ? (m->given + m->given_absent) / m->n_given : 1;
    double present = m->given + usual * m->n, absent = m->given_absent + usual * m->n_absent;
    if (!(present > 0)) /* no percents, or all weights 0 */
        return derived_state(m->n_dashes && m->n_dashes == m->n_given + m->n_absent ? PAGU_DERIVED_DASH
                                                                                    : PAGU_DERIVED_MISSING);
    pagu_derived out = derived_percent((m->given_sum + usual * m->sum) / present);
    out.weight_missing = (float)(absent / (present + absent));
    if (m->n + m->n_absent)
        out.flags |= PAGU_DERIVED_EQUAL;
    if (absent > 0)
        out.flags |= PAGU_DERIVED_PARTIAL;
    return out;
}

static inline double weight_of(const evaluation *e, pagu_indicator ind, bool *given)
{
    const pagu_plan *p = e->plan;
    *given = ind < p->n_indicators && p->traits[ind].has_weight;
    return *given ? p->weights[ind] : 0;
}

/* Mean of a row's own indicators (evaluate_children.c). */
pagu_derived own_achievement(evaluation *e, pagu_row row);

#endif
