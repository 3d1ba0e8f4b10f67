/* expr_type.h - which operands an operation takes, and what it makes.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EXPR_TYPE_H
#define PAGU_CALC_EXPR_TYPE_H

#include "calc/expr.h"

/* PAGU_ARGUMENT says what would fit. b NULL: an operator of one operand. */
pagu_code expr_type_of_operator(pagu_ctx *ctx, char op, const pagu_expr *a, const pagu_expr *b, expr_type *out,
                                pagu_error *err);
pagu_code expr_type_of_function(pagu_ctx *ctx, char op, const pagu_expr *a, const pagu_expr *b, const pagu_expr *c,
                                expr_type *out, pagu_error *err);
pagu_code expr_type_of_aggregate(pagu_ctx *ctx, aggregate_kind kind, const expr_scope *scope, const pagu_expr *body,
                                 expr_type *out, pagu_error *err);

#endif
