/*
 * kernels.h - what the hardware can do: the least work that answers each question of the cost table
 * (P1, P2, P3, P4, P5), on plain arrays, without names, checks, journal or branches.
 *
 * A figure of pagu is quoted as a ratio to one of these, measured in the same run on the same data.
 * They are specialised by hand and know nothing of the engine. Rows are in level order: the children
 * of row r are [child_first[r], child_first[r + 1]), parent[0] is never read.
 *
 * Pure functions; any number of threads.
 */
#ifndef PAGU_BENCH_KERNELS_H
#define PAGU_BENCH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* ---- P1: full roll-up ----------------------------------------------------------------------- */

/* Sum of n values: the time memory takes to deliver the lines. */
int64_t kernel_sum(const int64_t *values, size_t n);

/* Copy n values: the time a bulk edit takes at least, before its roll-up. */
void kernel_copy(int64_t *to, const int64_t *from, size_t n);

/* Every inner row = sum of its children, deepest level first; leaves keep their values. */
void kernel_rollup(const uint32_t *child_first, const uint32_t *level_first, uint32_t n_levels, int64_t *column);

/* Name of the instruction set that kernel_rollup and kernel_load_csv use here: "avx512", "c". */
const char *kernel_form(void);

/* ---- P2: one edit, all ancestors right and read ---------------------------------------------- */

/*
 * Set column[rows[i]] = values[i] for each i and walk up, adding the difference to every ancestor
 * and reading its new value. Returns the sum of all that was read. The row of each edit waits for
 * the last value read: pass `zero` = 0, which the compiler must not know.
 */
int64_t kernel_edit(const uint32_t *parent, int64_t *column, const uint32_t *rows, const int64_t *values, size_t n,
                    uint32_t zero);

/* ---- P3: branch, ten edits, read all program totals, drop ------------------------------------ */

enum { KERNEL_EDITS = 10 };

/*
 * Add deltas[i] to row rows[i] and its ancestors for each of ten edits, sum up the rows [first, end)
 * (the program level), then take the deltas off again: the column is as before. All rows stand
 * `depth` levels below the root. Returns the sum.
 */
int64_t kernel_branch(const uint32_t *parent, int64_t *column, const uint32_t *rows, const int64_t *deltas,
                      uint32_t depth, uint32_t first, uint32_t end);

/* ---- P4: exact proportional allocation ------------------------------------------------------- */

/*
 * out[i] = total * weights[i] / sum in whole units of 1 by largest remainder, ties to the lower index.
 * The sum of weights is below 2^62 and total below 2^49. Estimate in doubles, exact remainder in 64
 * bits, the deciding remainder by a sample and a selection, one pass to give. rest: room for n.
 */
void kernel_apportion(int64_t total, const int64_t *weights, size_t n, int64_t *out, uint64_t *rest);

/* ---- P5: load ------------------------------------------------------------------------------- */

/* A slice of the text that was parsed. */
struct kernel_slice {
    uint32_t offset, length;
};

/* A loaded plan in level order; row 0 is a root that the text does not name. */
struct kernel_tree {
    uint32_t n_rows, n_levels;
    uint32_t level_first[18];
    uint32_t *parent, *child_first; /* n_rows, n_rows + 1 */
    struct kernel_slice *code, *name;
    uint8_t *tag;   /* n_rows; order of first appearance, 0 = none */
    int64_t *value; /* n_rows; 0 where the text has none; not rolled up */
    void *memory;   /* all of the above */
};

/*
 * Parse CSV text `code,name,tag,amount` (header, LF, RFC 4180 quotes in names; rows in tree order,
 * below 4 GiB) and build the tree: the parent of a row is the row of the longest code that is a
 * prefix of its code by whole segments, else the root. At least 64 bytes behind the end must be
 * readable. Returns 0; 1 without memory; 2 for text it does not take. Free with kernel_tree_free.
 */
int kernel_load_csv(const char *text, size_t size, struct kernel_tree *out);
void kernel_tree_free(struct kernel_tree *tree);

#endif
