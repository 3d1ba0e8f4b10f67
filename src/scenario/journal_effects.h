/* journal_effects.h - what a journal entry did, in a form that can be saved and done again.
 *
 * Values come as changes by row and column; structure as rows and indicators; constraints as
 * the ones that came and went. Own lines that adding makes by itself are left out.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_JOURNAL_EFFECTS_H
#define PAGU_SRC_JOURNAL_EFFECTS_H

#include "scenario/scenario_struct.h"

typedef enum effect_kind {
    EFFECT_MONEY,         /* change */
    EFFECT_MEASURE,       /* change */
    EFFECT_ADD_ROW,       /* row: added by the scenario */
    EFFECT_ADD_INDICATOR, /* indicator */
    EFFECT_JOIN_ROW,      /* row of the base that came in */
    EFFECT_REMOVE_ROW,    /* row that went out */
    EFFECT_CONSTRAIN,     /* constraint that came */
    EFFECT_RELEASE        /* constraint that went */
} effect_kind;

typedef struct journal_effect {
    effect_kind kind;
    pagu_change change;
    pagu_row row;
    pagu_indicator indicator;
    const constraint *constraint;
} journal_effect;

/* Call `each` for every effect of entry `at` in the order they happened, until it returns another
 * code than PAGU_OK, which is returned. */
pagu_code journal_each_effect(const pagu_scenario *s, uint32_t at,
                              pagu_code (*each)(void *ud, const pagu_scenario *s, const journal_effect *e), void *ud);

#endif
