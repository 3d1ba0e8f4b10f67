/* attribute.h - what the files of attribution share: steps in groups, what they did to each value,
 * and the Shapley value in integers.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SOLVE_ATTRIBUTE_H
#define PAGU_SOLVE_ATTRIBUTE_H

#include "base/number.h"
#include "calc/verb.h"
#include "pagu/attribute.h"

enum { MOST_EXACT = 12 };
#define SHAPLEY_UNIT INT64_C(479001600) /* 12!: parts of every exact game are whole numbers of 1/12! */

/* ---- the game (attribute_shapley.c) ---- */

/* Value when just the players with in[i] are in. */
typedef pagu_code game_value(void *ud, const uint8_t *in, int64_t *out, pagu_error *err);
typedef struct game {
    pagu_ctx *ctx;
    uint32_t n;
    game_value *value;
    void *ud;
} game;

typedef struct sampling {
    uint64_t seed, stream; /* one stream a game, so that games of one attribution draw apart */
    uint32_t pairs;
} sampling;

/* Add each player's part, in units of 1/12!, to part[i]; n <= 12. Sum: (all - none) × 12!. */
pagu_code shapley_exact(const game *g, wide *part, pagu_error *err);
/* The same from orders drawn at random; add the variance of each mean to variance[i]. */
pagu_code shapley_sampled(const game *g, const sampling *how, wide *part, double *variance, pagu_error *err);
/* Parts in whole units, of the sum that they have, which must be whole: floors, then the largest remainders. */
pagu_code shapley_round(pagu_ctx *ctx, const wide *part, uint32_t n, int64_t *out);

/* ---- what was done (attribute_effects.c) ---- */

typedef enum effect_class { EFFECT_SETS, EFFECT_ADDS, EFFECT_SCALES } effect_class;

/* One entry's change of one value, or of a row's or indicator's membership. */
typedef struct effect {
    uint64_t target; /* what is touched; see effect_target */
    uint32_t player;
    uint8_t does; /* effect_class */
    uint8_t of_a; /* a's: it acts while its player is out */
    union {
        struct {
            pagu_cell was, is;
        } cell;
        const pagu_measure *measures; /* before and after, owned by the list */
        bool joins;
    } u;
} effect;

enum { TARGET_CELL, TARGET_MEASURE, TARGET_MEMBER, TARGET_INDICATOR };
typedef struct effect_list {
    pagu_ctx *ctx;
    arena measures;
    effect *items;      /* a's, then b's, each in the order of its journal */
    keyed_index *order; /* by target, then as they happened */
    uint32_t n, cap, n_order;
} effect_list;

/* The effects on one target: items order[first] … order[first + n - 1]. */
typedef struct effect_run {
    const effect_list *list;
    uint32_t first, n;
} effect_run;
static inline const effect *run_at(effect_run r, uint32_t i)
{
    return &r.list->items[r.list->order[r.first + i].index];
}
/* The run after this one; n 0 ends. Start with { list, 0, 0 }. */
effect_run run_next(effect_run r);
/* kind, row or indicator, column, and whether the row is one that only a has. */
static inline uint64_t effect_target(uint32_t kind, uint32_t row, pagu_column column, bool only_a)
{
    return (uint64_t)kind << 50 | (uint64_t)only_a << 49 | (uint64_t)row << 16 | column;
}
static inline uint32_t target_kind(uint64_t target)
{
    return (uint32_t)(target >> 50);
}
static inline bool target_is_only_a(uint64_t target)
{
    return target >> 49 & 1;
}
static inline uint32_t target_row(uint64_t target)
{
    return (uint32_t)(target >> 16);
}
static inline pagu_column target_column(uint64_t target)
{
    return (pagu_column)target;
}

/* A step of either journal. */
typedef struct attribute_step {
    const pagu_view *of;
    uint32_t first, end; /* entries */
    uint32_t player;
} attribute_step;

typedef struct attribution {
    pagu_ctx *ctx;
    pagu_view *a, *b;
    const pagu_attribute_options *o;
    attribute_step *steps;
    uint32_t n_steps, n_players, cap_steps;
    uint32_t *first_step; /* of each player; n_steps long */
    effect_list effects;
} attribution;

/* Steps since the branch that a and b share. */
pagu_code attribution_steps(attribution *x, pagu_error *err);
/* Effects of all steps; if column isn't PAGU_NONE, only those on lines at or below `top` in that column. */
pagu_code attribution_effects(attribution *x, pagu_column column, pagu_row top, pagu_error *err);
/* The row whose money a line is: the node itself, where a node of the branch got an own line since. */
pagu_row effect_line(const attribution *x, const pagu_view *v, pagu_row row);
void effects_free(effect_list *l);
void attribution_free(attribution *x);
/* What a run makes of its target when in[player] says who is in. PAGU_OVERFLOW. */
pagu_code run_cell(effect_run r, const uint8_t *in, pagu_cell *out);
const pagu_measure *run_measure(effect_run r, const uint8_t *in);
bool run_member(effect_run r, const uint8_t *in);
bool effect_is_shared(const attribution *x, const pagu_view *v, pagu_row row); /* both have it */
static inline bool effect_acts(const effect *e, const uint8_t *in)
{
    return (in[e->player] != 0) != (e->of_a != 0);
}

/* ---- parts ---- */

/* What the division found, by player. */
typedef struct division {
    wide *part;       /* in units of 1/12! of a unit */
    double *variance; /* of drawn parts */
    bool drawn;
    bool whole;   /* units are whole; else 10^-6 or coarser */
    double scale; /* units in one */
    int64_t from, to;
} division;

/* Money at a row: line by line (attribute_lines.c). */
pagu_code divide_lines(attribution *x, pagu_row row_a, pagu_row row_b, pagu_column column, division *d,
                       pagu_error *err);
/* Any other value: on branches (attribute_branch.c). */
pagu_code divide_metric(attribution *x, division *d, pagu_error *err);
/* The result (attribute_table.c). */
pagu_code attribution_table(const attribution *x, const division *d, pagu_table **out, pagu_error *err);

#endif
