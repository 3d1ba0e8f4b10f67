/* evaluate_mean.h - weighted means of percents, for K.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EVALUATE_MEAN_H
#define PAGU_CALC_EVALUATE_MEAN_H

#include "calc/evaluate_fast.h"

typedef struct mean {
    double given, given_sum, given_absent; /* weights that were given, of parts with and without a percent */
    double sum;                            /* percents of parts without weight */
    uint32_t n, n_absent, n_given;         /* parts without weight, with and without a percent; with weight */
    uint32_t n_dashes;                     /* nothing planned, nothing done: left out */
    uint32_t n_percents;
    double percent; /* the last one: of a single percent the mean is that, to the last bit */
} mean;

static inline void mean_add(mean *m, const pagu_derived *percent, bool has_weight, double weight)
{
    bool counts = percent->state == PAGU_DERIVED_NUMBER;
    m->n_percents += counts;
    m->percent = counts ? percent->value : m->percent;
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

/* Field by field, as set_cell. */
static inline void mean_result(const mean *m, pagu_derived *out)
{
    double usual = m->n_given ? (m->given + m->given_absent) / m->n_given : 1;
    double present = m->given + usual * m->n, absent = m->given_absent + usual * m->n_absent;
    if (!(present > 0)) { /* no percents, or all weights 0 */
        *out = derived_state(m->n_dashes && m->n_dashes == m->n_given + m->n_absent ? PAGU_DERIVED_DASH
                                                                                    : PAGU_DERIVED_MISSING);
        return;
    }
    uint8_t flags = m->n + m->n_absent ? PAGU_DERIVED_EQUAL : 0;
    set_number(out, m->n_percents == 1 ? m->percent : (m->given_sum + usual * m->sum) / present, "%",
               absent > 0 ? flags | PAGU_DERIVED_PARTIAL : flags);
    out->weight_missing = (float)(absent / (present + absent));
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
