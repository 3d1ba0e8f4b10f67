/* evaluate_fast.h - plain cells: a number in the indicator's own unit, in the plan's own arrays.
 *
 * Most cells of most plans are plain. These functions compute with them alone and give up (false)
 * on anything else, which evaluation_indicator then looks at; where they don't give up the result
 * is the same to the last bit.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EVALUATE_FAST_H
#define PAGU_CALC_EVALUATE_FAST_H

#include "calc/evaluate.h"

enum { POLL = 16384 }; /* cells between looks at the interrupt flag */

typedef enum plain { PLAIN, ABSENT, OTHER } plain;

/* Blocks read several columns in turns, too short a stretch of each for the hardware to see where it
 * goes: ask for what the next block will read. */
static inline void ahead(const void *p, size_t bytes)
{
    __builtin_prefetch((const void *)((uintptr_t)p + bytes));
}

static inline bool is_member(const evaluation *e, pagu_row row)
{
    const pagu_view *v = e->view;
    if (v->has_member_overlay || !row_is_base(v, row))
        return row_is_member(v, row);
    const uint64_t *members = v->plan->stages[v->stage].members;
    return !members || bit_get(members, row);
}

static inline plain plain_value(const source *s, pagu_indicator i, double *x)
{
    const measure_cell *c = s->own ? &s->own[i] : s->common ? &s->common[i] : NULL;
    if (c && c->state == PAGU_MISSING && s->own && s->common)
        c = &s->common[i];
    if (!c || c->state == PAGU_MISSING)
        return ABSENT;
    *x = c->value;
    return c->state == PAGU_NUMBER && !c->unit && !c->text ? PLAIN : OTHER;
}

static inline plain plain_year(const year_source *s, pagu_indicator i, double *x)
{
    plain p = s->whole.live ? plain_value(&s->whole, i, x) : ABSENT;
    return p == ABSENT && s->group_end[PART_GROUPS - 1] ? OTHER : p;
}

static inline double plain_limits(const evaluation *e, double percent)
{
    percent = percent > e->cap ? e->cap : percent;
    return percent < e->floor ? e->floor : percent;
}

/* The formulas where nothing is zero or negative. */
static inline bool plain_rate_of(const evaluation *e, uint8_t polarity, double target, double achieved, double *out)
{
    if (!(target > 0) || polarity == PAGU_RANGE || (polarity == PAGU_LOWER && !(achieved > 0)))
        return false;
    double percent = polarity == PAGU_HIGHER ? 100 * achieved / target
                     : target == achieved    ? 100
                     : e->linear             ? 100 * (2 * target - achieved) / target
                                             : 100 * target / achieved;
    *out = plain_limits(e, percent);
    return true;
}

static inline bool plain_rate(const evaluation *e, pagu_indicator i, double *out)
{
    double target, achieved;
    return !e->layered && i < e->plan->n_indicators && plain_year(&e->target_now, i, &target) == PLAIN &&
           plain_year(&e->achieved_now, i, &achieved) == PLAIN &&
           plain_rate_of(e, e->plan->traits[i].polarity, target, achieved, out);
}

/* A plain cell; bits are its value's or amount's. Field by field: a struct made elsewhere and copied
 * waits for its own bytes. */
static inline void set_cell(pagu_derived *out, uint64_t bits, const char *unit, const char *text,
                            pagu_derived_state state, uint8_t flags)
{
    out->amount = (int64_t)bits;
    out->unit = unit;
    out->text = text;
    out->state = (uint8_t)state;
    out->flags = flags;
    out->weight_missing = 0;
}

static inline void set_number(pagu_derived *out, double value, const char *unit, uint8_t flags)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    set_cell(out, bits, unit, NULL, PAGU_DERIVED_NUMBER, flags);
}

static inline void set_amount(pagu_derived *out, pagu_money amount)
{
    set_cell(out, (uint64_t)amount, "", NULL, PAGU_DERIVED_NUMBER, 0);
}

/* Many indicators or rows (NULL: 0 … n-1): by plain cells where they are, else in full. PAGU_INTERRUPTED. */
pagu_code evaluation_indicators(evaluation *e, const pagu_indicator *inds, size_t n, pagu_derived *out);
pagu_code evaluation_nodes(evaluation *e, const pagu_row *rows, size_t n, pagu_derived *out);

/* Plain cells of a block of indicators, column by column. */
typedef struct eval_block {
    pagu_indicator at[BLOCK];
    uint32_t n;
    bool follow; /* at[k] == at[0] + k */
    double x[BLOCK], target[BLOCK];
    uint8_t over_time[BLOCK], polarity[BLOCK];
    uint8_t odd[BLOCK]; /* not plain: x says nothing */
} eval_block;

/* Rates of the year at the block's indicators, all of the plan, into x. */
void plain_rates(const evaluation *e, eval_block *b);

/* K of the whole plan can be had at once; and what the field makes of the K of the n <= BLOCK rows from first on. */
bool evaluation_takes_all(const evaluation *e);
void evaluation_from_k(evaluation *e, pagu_row first, uint32_t n, pagu_derived *k);

#endif
