/* expr_block.h - blocks of a column: what evaluation computes with, and how leaves are read.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EXPR_BLOCK_H
#define PAGU_CALC_EXPR_BLOCK_H

#include "pagu/formula.h"
#include "plan/plan_struct.h"

enum { BLOCK = 512 }; /* three blocks of numbers stay in the first cache */

/* One column of a block. Money and integers are whole, other numbers real. */
typedef struct expr_block {
    union {
        int64_t whole[BLOCK];
        double real[BLOCK];
        bool mask[BLOCK];
    } u;
    uint8_t state[BLOCK];  /* a pagu_state; NUMBER throughout in a mask */
    uint8_t reason[BLOCK]; /* a pagu_cell_reason; valid if has_reasons */
    bool known;            /* every state is NUMBER (false: look) */
    bool has_reasons, has_units, has_texts;
    const char *one_unit;    /* of every number, unless has_units; NULL: none */
    const char *unit[BLOCK]; /* valid if has_units; NULL or "": none */
    const char *text[BLOCK]; /* valid if has_texts; NULL: none */
} expr_block;

/* What is evaluated now, and for whom. */
typedef struct expr_run {
    const pagu_view *view;
    pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_error *err;
    const pagu_row *rows;             /* n; PAGU_NO_ROW: an indicator without a node */
    const pagu_indicator *indicators; /* n; PAGU_NO_INDICATOR: none. NULL: not asked for */
    uint32_t n;
    bool of_indicators;
    bool rows_follow;   /* rows[i] == rows[0] + i */
    pagu_period period; /* of what names none */
    expr_block *stack;
    struct expr_cache *cache; /* what is computed once for all blocks */
} expr_run;

bool expr_rows_follow(const pagu_row *rows, uint32_t n);

void expr_block_begin(expr_block *b, uint32_t n);
/* Unit and text of a cell; the first use fills the column with what was there before. */
void expr_block_set_unit(expr_block *b, uint32_t n, uint32_t i, const char *unit);
void expr_block_set_text(expr_block *b, uint32_t n, uint32_t i, const char *text);
void expr_block_set_reason(expr_block *b, uint32_t n, uint32_t i, pagu_cell_reason reason);
static inline const char *expr_block_unit(const expr_block *b, uint32_t i)
{
    return b->has_units ? b->unit[i] : b->one_unit;
}
static inline const char *expr_block_text(const expr_block *b, uint32_t i)
{
    return b->has_texts ? b->text[i] : NULL;
}
static inline pagu_cell_reason expr_block_reason(const expr_block *b, uint32_t i)
{
    return b->has_reasons ? (pagu_cell_reason)b->reason[i] : PAGU_CELL_PLAIN;
}

/* Read a stored field at the run's subjects. stage PAGU_NONE: the view's. */
pagu_code expr_read_money(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period, expr_block *out);
pagu_code expr_read_measure(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period,
                            expr_block *out);

/* True if two units can be added: the same, or one of them says nothing. */
static inline bool units_agree(const char *a, const char *b)
{
    return a == b || !a || !b || *a == '\0' || *b == '\0' || str_eq(a, b);
}

#endif
