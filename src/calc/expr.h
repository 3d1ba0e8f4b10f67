/* expr.h - inside of column expressions.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EXPR_H
#define PAGU_CALC_EXPR_H

#include "base/base.h"
#include "pagu/calc.h"

#include <stdatomic.h>

/* INTEGER and DECIMAL are literals and what literals make; the rest of the world sees MONEY and NUMBER. */
typedef enum expr_type { EXPR_MONEY, EXPR_INTEGER, EXPR_DECIMAL, EXPR_NUMBER, EXPR_MASK } expr_type;

enum { EXPR_COLUMN = 'c', EXPR_LITERAL = 'v' }; /* beside the operators */

struct pagu_expr {
    atomic_uint refs;
    pagu_ctx *ctx;
    char op;
    expr_type type;
    uint16_t height;
    uint16_t need; /* blocks that an evaluation needs at once */
    union {
        struct {
            pagu_field field;
            pagu_period period;
        } column;
        int64_t integer;
        pagu_decimal decimal;
        struct {
            pagu_expr *a, *b;
        } of;
    } u;
};

static inline bool is_whole(const pagu_expr *e)
{
    return e->type == EXPR_MONEY || e->type == EXPR_INTEGER;
}

#endif
