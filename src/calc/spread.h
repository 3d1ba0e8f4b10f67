/* spread.h - inside of a spread: which lines follow, and by what weights.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_SPREAD_H
#define PAGU_CALC_SPREAD_H

#include "calc/verb.h"
#include "pagu/calc.h"

typedef struct spread {
    verb verb;
    const pagu_spread_options *o;
    arena mem;
    pagu_selection *lines, *held;
    const pagu_row *row; /* of the lines at or below `at`, n of them */
    uint32_t n;
    pagu_cell *old_cells; /* n */
    uint32_t *free;       /* index of every line that follows, in tree order: ties go to the lower code */
    uint32_t *kept;       /* n_held: of every held line that counts */
    uint32_t n_free, n_held;
    int sign;                       /* of the free lines towards the rows of `at` */
    pagu_row plus_line, minus_line; /* a free line of either sign, or PAGU_NO_ROW */
    __int128 now, held_sum;         /* over `at` */
    pagu_money total;               /* wanted over `at` */
    pagu_money share;               /* of it for the free lines, in their own sign */
    int64_t *weights;               /* these by free line */
    pagu_money *lo, *hi, *out;
    pagu_money *residue; /* NULL unless a table is wanted */
    bool wants_table;
} spread;

/* Find the lines below `at`, which of them follow, and what they hold now. */
pagu_code spread_gather(spread *sp);
/* Bounds of the free lines from the options. */
void spread_set_bounds(spread *sp);
/* Weights of the free lines. PAGU_NEGATIVE_BASIS and PAGU_ZERO_BASIS come without a message: the
 * request may do without a basis. *line is the negative one, as an index of the lines. */
pagu_code spread_set_weights(spread *sp, uint32_t *line);
/* What the basis says of a line. */
int64_t spread_basis_of(const spread *sp, uint32_t line);
/* The total that is asked for; what remains of it for the free lines. */
pagu_code spread_set_total(spread *sp);
pagu_code spread_set_share(spread *sp);
/* Messages: the free lines can only come to least … most; they are of both signs. */
pagu_code spread_reach_fault(const spread *sp, pagu_money least, pagu_money most);
pagu_code spread_mixed_fault(const spread *sp);
/* The message for a basis that cannot be followed. */
pagu_code spread_basis_fault(const spread *sp, pagu_code rc, uint32_t line);
/* Unit, basis and the like make sense. */
pagu_code spread_check_options(const spread *sp);
/* `out` of the free lines as changes in the order of the lines. */
pagu_code spread_list_changes(spread *sp, changes *c);

#endif
