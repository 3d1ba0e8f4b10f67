/*
 * gen.h - makes plans of any size for the benchmarks, the same ones for the same numbers.
 *
 *     struct gen_plan *plan = gen_plan_new(&(struct gen_options){ .lines = 1000000, .seed = 1 });
 *     gen_write_package(plan, "out/million");     // a data package a pagu engine can open
 *     gen_plan_free(plan);
 *
 * The shape is that of an Indonesian budget: lines under sub kegiatan of about 12, six of those to a
 * kegiatan, then 5, 4, 4 ..., each family varying from 1 to about twice the mean. Depth is 6; an
 * office level on top makes it 7 where the root would have more than a hundred children (from about
 * 6 * 10^5 lines). Rows are in level order, row 0 is the root.
 *
 * Knows nothing of the engine. Every function is deterministic; nothing is global.
 */
#ifndef PAGU_BENCH_GEN_H
#define PAGU_BENCH_GEN_H

#include <stddef.h>
#include <stdint.h>

enum {
    GEN_MAX_LEVELS = 8,
    GEN_FUNDS = 8,      /* classes of the fund tag */
    GEN_UNITS = 16,     /* classes of the unit tag */
    GEN_CODE_SIZE = 48, /* room for the longest code and its NUL */
    GEN_NAME_SIZE = 96,
};

#define GEN_NO_PARENT UINT32_MAX

struct gen_options {
    uint32_t lines; /* 1000 .. 10^8 leaves in all */
    uint64_t seed;
    /* Out of 1000 rows at the levels of kegiatan and sub kegiatan, how many are lines themselves.
     * 0: every line stands at the deepest level. */
    uint32_t shallow;
};

struct gen_plan {
    uint32_t n_rows, n_lines, n_levels;
    uint32_t program_level; /* the level whose totals a budget meeting looks at */
    uint32_t level_first[GEN_MAX_LEVELS + 1];
    uint32_t *parent;      /* n_rows; GEN_NO_PARENT for row 0 */
    uint32_t *child_first; /* n_rows + 1 */
    int64_t *value;        /* n_rows; rupiah on lines, 0 on inner rows */
    uint8_t *fund;         /* n_rows; class of the line, 0 on inner rows */
    uint64_t seed;
};

/* splitmix64: the next value of the sequence whose state is *state. */
uint64_t gen_random(uint64_t *state);

/* A generated plan, or NULL without memory. Free with gen_plan_free, which accepts NULL. */
struct gen_plan *gen_plan_new(const struct gen_options *options);
void gen_plan_free(struct gen_plan *plan);

int gen_is_line(const struct gen_plan *plan, uint32_t row);
uint32_t gen_level(const struct gen_plan *plan, uint32_t row);

/* The row after `row` in pre-order (the order of files); n_rows after the last. */
uint32_t gen_next(const struct gen_plan *plan, uint32_t row);

/* Write the code ("1.06.01.2.02.01.0003"; "/" for the root) or the name; returns the length. */
size_t gen_code(const struct gen_plan *plan, uint32_t row, char out[GEN_CODE_SIZE]);
size_t gen_name(const struct gen_plan *plan, uint32_t row, char out[GEN_NAME_SIZE]);

/* Key of a fund or unit class: "DAU", "U03". */
const char *gen_fund_key(uint32_t fund);

/*
 * All rows but the root in pre-order as one CSV text with the header `code,name,tag,amount`; inner
 * rows have an empty tag and amount. NUL-terminated with at least 64 readable bytes behind the end,
 * which vector parsers need. NULL without memory; free() it. Length without padding in *out_size.
 */
char *gen_csv(const struct gen_plan *plan, size_t *out_size);

/*
 * Write the plan as a data package into `directory`, made if missing: datapackage.json, stages,
 * levels, trees, classes, nodes, amounts, units, indicators, measures. One stage `final` and
 * `common`, one year 2024. Returns 0, or the errno of the first failure.
 */
int gen_write_package(const struct gen_plan *plan, const char *directory);

#endif
