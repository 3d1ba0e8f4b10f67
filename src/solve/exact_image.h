/* exact_image.h - an exact program as a solver's, in doubles of fitting size.
 *
 * Columns count from their lower bound; fixed ones vanish into the rows. Rows are divided by the greatest
 * common divisor of their coefficients and, like columns and gains, by a power of two, so that small
 * programs stay exact.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_EXACT_IMAGE_H
#define PAGU_SOLVE_EXACT_IMAGE_H

#include "solve/exact.h"

#define COARSE_BITS 24 /* a column of a wider range is solved as a continuous one, then refined */

typedef struct image {
    const ip *p;
    arena mem;
    solver_problem s;
    uint32_t *cols;         /* of the image: column of the program */
    uint32_t *rows;         /* … row */
    uint32_t *at;           /* of the program: column of the image, or UINT32_MAX */
    int *shift;             /* by image column: x = lo + 2^shift × value */
    double *row_unit;       /* by image row: what 1 of it is in the program's row */
    double gain_unit, base; /* gain = base + gain_unit × the image's objective */
    wide gain_step;         /* gains of answers differ by multiples of it; 0: no gain at all */
    bool coarse;            /* some columns are continuous */
    bool infeasible;        /* no need to solve */
} image;

/* whole: round row bounds inwards, as columns are whole numbers. PAGU_LIMIT: too great for doubles. */
pagu_code image_make(image *m, const ip *p, bool whole, pagu_error *err);
void image_free(image *m);
/* The program's answer that is nearest to the image's. */
void image_round(const image *m, const double *values, int64_t *x);

#endif
