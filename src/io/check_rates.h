/* check_rates.h - what the rules of rates and cumulative values share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CHECK_RATES_H
#define PAGU_SRC_CHECK_RATES_H

#include "io/check.h"

/* What a rate is made from. */
typedef struct operand {
    const claim *k; /* where it is printed, or NULL */
    pagu_state state;
    double value;
    const char *unit; /* not terminated */
    size_t unit_len;
    uint32_t unit_id; /* index of units, or NO_AT */
} operand;

typedef struct rating {
    checker *c;
    const claim *k;      /* the printed rate */
    uint32_t first, end; /* its row: places in by_row */
    pagu_spelling printed;
    pagu_field target, achieved;
} rating;

/* A cell of the row that shows this of the same indicator, or NULL; stage PAGU_NONE: any. */
const claim *rate_cell(const rating *r, claim_kind kind, uint32_t field, pagu_stage stage, pagu_period period);
void operand_unit(const checker *c, operand *o, const char *unit, size_t len);
operand operand_printed(const checker *c, const claim *k);
operand operand_of_model(const rating *r, pagu_field field, pagu_stage stage, pagu_period period);
/* An operand as the row prints it, else as the model has it. */
operand operand_find(const rating *r, pagu_field field, pagu_stage stage, pagu_period period);
/* Numbers in different units? One without a unit is like any. */
bool operand_unlike(const operand *a, const operand *b);
const char *rate_word(const rating *r);
void rate_say_unlike(const rating *r, const operand *a, const operand *b, bool divided);
void rate_say_unfounded(const rating *r, const operand *o);
void rate_say_missing(const rating *r, double computed, bool percent);
/* Unlike units have no sum, but the cell should say so. */
void rate_say_empty(const rating *r);
void rate_say_difference(const rating *r, check_rule rule, double computed, bool percent, difference how, int power);

/* Column 10 of T-C.29 (check_cumulative.c). */
void check_cumulative(const rating *r);

#endif
