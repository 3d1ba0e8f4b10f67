/*
 * rollup.h - the roll-up kernel: every inner row of a column becomes the sum of its children.
 *
 * Rows stand in level order (breadth first), so the children of a row are one interval, the rows of
 * a level are one interval, and a level is read from front to back. Leaves hold values and are only
 * read; they may stand at any depth.
 *
 *     struct rollup_shape shape = {
 *         .child_first = tree->child_first, .level_first = tree->level_first,
 *         .n_levels = tree->n_levels, .n_rows = tree->n_rows,
 *     };
 *     rollup_column(&shape, column);      // column[0] is now the total of the plan
 *
 * Lifetimes: a shape borrows its arrays; nothing is kept after a call.
 * Threads: no state; calls on different columns may run at once and share a shape.
 */
#ifndef PAGU_PLAN_ROLLUP_H
#define PAGU_PLAN_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

struct rollup_shape {
    /* n_rows + 1 entries, monotone: the children of row r are [child_first[r], child_first[r + 1]),
     * empty for a leaf, and always behind r. */
    const uint32_t *child_first;
    /* n_levels + 1 entries: level k is the rows [level_first[k], level_first[k + 1]). */
    const uint32_t *level_first;
    uint32_t n_levels, n_rows;
    /* Per row -1, 0 or +1: how the row enters its parent. NULL: every row adds. */
    const int8_t *sign;
    /* Per level k, non-zero if a child of one of its rows has a sign other than +. NULL beside a
     * sign: every level may. Levels without signs run as fast as if there were none. */
    const uint8_t *level_signed;
};

/* The instruction sets a kernel exists for. Every form leaves the same bytes. */
enum rollup_form { ROLLUP_BASELINE, ROLLUP_AVX2, ROLLUP_AVX512, ROLLUP_FORMS };

/*
 * Set every inner row of `column` (n_rows values) to the signed sum of its children, in place.
 *
 * The caller guarantees that the absolute values of the leaves add up to at most INT64_MAX: then no
 * partial sum overflows. Beyond that the sums wrap modulo 2^64, in every form alike.
 * Cost: linear in rows, one pass over the column at memory speed.
 */
void rollup_column(const struct rollup_shape *shape, int64_t *column);

/* The fastest form this processor runs: what rollup_column uses. */
enum rollup_form rollup_best_form(void);

/* Whether this build and processor can run `form`. The baseline always can. */
bool rollup_form_is_supported(enum rollup_form form);

/* rollup_column in a given form, which must be supported; for tests and measurements. */
void rollup_column_as(enum rollup_form form, const struct rollup_shape *shape, int64_t *column);

#endif
