/* check_indicators.h - what the rules of indicators share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CHECK_INDICATORS_H
#define PAGU_SRC_CHECK_INDICATORS_H

#include "io/check.h"

/* One column of measures, in the order of time. */
typedef struct measured {
    pagu_field field;
    pagu_period period;
    pagu_stage stage;
} measured;

typedef struct indicator_check {
    checker *c;
    measured *columns;
    uint32_t n;
    pagu_field target, achieved, projected, baseline, standard; /* PAGU_NONE: the plan has none */
} indicator_check;

const measure_cell *indicator_cells(const indicator_check *j, const measured *m);
/* A finding about a value, at the cell that prints it if there is one. */
pagu_finding indicator_finding(const indicator_check *j, check_rule rule, pagu_indicator ind, const measured *m);
const char *indicator_field(const indicator_check *j, const measured *m);
check_text indicator_value(const indicator_check *j, pagu_indicator ind, const measure_cell *cell);

/* Targets against the strategic plan, projections, quarters (check_strategic.c). */
void check_strategic(const indicator_check *j);

#endif
