/* expr.h - inside of column expressions.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_EXPR_H
#define PAGU_CALC_EXPR_H

#include "calc/derived.h"

#include <stdatomic.h>

/* INTEGER and DECIMAL are literals and what literals make; the rest of the world sees MONEY and NUMBER. */
typedef enum expr_type { EXPR_MONEY, EXPR_INTEGER, EXPR_DECIMAL, EXPR_NUMBER, EXPR_MASK, EXPR_TEXT } expr_type;

/* Beside the operators of pagu_expr_binary. */
enum {
    EXPR_COLUMN = 'c',  /* a money field */
    EXPR_MEASURE = 'm', /* a field of indicators */
    EXPR_BUILTIN = 'b', /* a built-in derived field */
    EXPR_FORMULA = 'f', /* a derived field with a formula: its tree at a period */
    EXPR_LITERAL = 'v', /* integer or decimal */
    EXPR_WORDS = 't',   /* text */
    EXPR_IF = '?',      /* a: mask, b, c */
    EXPR_ELSE = ':',    /* a where present, else b */
    EXPR_PRESENT = 'p', /* mask: a has a value */
    EXPR_ABS = 'a',
    EXPR_LEAST = 'n', /* of two */
    EXPR_MOST = 'x',
    EXPR_ROUND = 'r',     /* a to a multiple of the literal b */
    EXPR_TO_MONEY = 'M',  /* a number, rounded once */
    EXPR_AGGREGATE = 'A', /* of rows of a scope */
};

/* A period as a formula names it. */
typedef enum expr_period_kind {
    EXPR_PERIOD_OWN,   /* of the evaluation */
    EXPR_PERIOD_FIXED, /* period */
    EXPR_PERIOD_SHIFT, /* the same period `offset` years on */
    EXPR_PERIOD_UP_TO, /* "..Y" with Y the evaluation's year + offset */
    EXPR_PERIOD_NEVER  /* outside the frame: missing */
} expr_period_kind;
typedef struct expr_period {
    uint8_t kind;
    int16_t offset;
    pagu_period period;
} expr_period;

typedef enum scope_kind {
    SCOPE_NODES, /* every member */
    SCOPE_LEVEL,
    SCOPE_LINES,
    SCOPE_CHILDREN,   /* of the subject */
    SCOPE_INDICATORS, /* of the subject's node */
    SCOPE_CLASSES     /* of a tree, of a level: counted only */
} scope_kind;
typedef struct expr_scope {
    uint8_t kind;   /* a scope_kind */
    bool here;      /* at or below the subject */
    uint16_t level; /* of SCOPE_LEVEL; of SCOPE_CLASSES an index of all levels, or PAGU_NONE */
    uint32_t tree;
    char *key; /* at or below this node; NULL: anywhere */
    size_t key_bytes;
} expr_scope;
typedef enum aggregate_kind {
    AGGREGATE_SUM,
    AGGREGATE_COUNT,
    AGGREGATE_MIN,
    AGGREGATE_MAX,
    AGGREGATE_MEAN
} aggregate_kind;

struct pagu_expr {
    atomic_uint refs;
    pagu_ctx *ctx;
    char op;
    uint8_t type; /* an expr_type */
    bool needs_indicators;
    uint16_t height;
    uint16_t need; /* blocks that an evaluation needs at once */
    uint32_t cost; /* nodes that an evaluation visits, formulas written out; saturates */
    union {
        struct {
            pagu_field field;
            pagu_stage stage; /* PAGU_NONE: the view's */
            expr_period period;
        } column; /* COLUMN, MEASURE, BUILTIN */
        struct {
            pagu_expr *body;
            pagu_field field;
            expr_period period;
        } formula;
        int64_t integer;
        pagu_decimal decimal;
        struct {
            char *s;
            size_t bytes;
        } text;
        struct {
            pagu_expr *a, *b, *c;
        } of;
        struct {
            pagu_expr *body; /* NULL: count the rows */
            expr_scope scope;
            aggregate_kind kind;
        } aggregate;
    } u;
};

enum { EXPR_MOST_COST = 1000000 };

static inline bool is_whole(const pagu_expr *e)
{
    return e->type == EXPR_MONEY || e->type == EXPR_INTEGER;
}
static inline bool is_literal(const pagu_expr *e)
{
    return e->op == EXPR_LITERAL;
}

/* ---- making (expr.c) ---- */

/* A field of the plan, of a stage, at a period. */
pagu_code expr_field(pagu_plan *plan, pagu_field field, pagu_stage stage, expr_period period, pagu_expr **out,
                     pagu_error *err);
/* Functions of one to three operands; operands are retained. */
pagu_code expr_function(pagu_ctx *ctx, char op, pagu_expr *a, pagu_expr *b, pagu_expr *c, pagu_expr **out,
                        pagu_error *err);
/* Takes the scope's key over, also when it fails. */
pagu_code expr_aggregate(pagu_ctx *ctx, aggregate_kind kind, const expr_scope *scope, pagu_expr *body, pagu_expr **out,
                         pagu_error *err);

/* ---- evaluating ---- */

/* Evaluate into stack[slot], using the blocks from there on (expr_eval.c). */
pagu_code expr_run_block(const expr_run *run, const pagu_expr *e, uint32_t slot);
/* Apply an operator; the result replaces a (expr_ops.c). */
pagu_code expr_apply(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b);
/* Functions likewise (expr_functions.c). */
pagu_code expr_apply_function(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b, expr_block *c);
pagu_code expr_run_aggregate(const expr_run *run, const pagu_expr *e, uint32_t slot);
/* What was read of a year, filled from its parts where the view says so (expr_parts.c). */
void expr_fill_year(const expr_run *run, const pagu_expr *e, pagu_period period, expr_block *out);
/* The period meant, or false: there is none. */
bool expr_period_of(const expr_run *run, const expr_period *p, pagu_period *out);
pagu_code expr_overflow(const expr_run *run, uint32_t i);
/* Make numbers of whole amounts. */
void expr_to_real(expr_block *b, const pagu_expr *e, uint32_t n);
/* Cells that are unknown in either become missing in a, with a's or b's reason. */
void expr_merge_states(expr_block *a, const expr_block *b, uint32_t n);
/* Units of a sum into a; cells of unlike units lose their value. */
void expr_add_units(expr_block *a, const expr_block *b, uint32_t n);
void expr_multiply_units(const pagu_expr *e, expr_block *a, const expr_block *b, uint32_t n);
/* 0, and 0.0, where nothing is known; a cell without a value for a reason. */
void expr_clear(int64_t *values, const uint8_t *state, uint32_t n);
void expr_clear_unknown(expr_block *a, uint32_t n);
void expr_refuse_cell(expr_block *a, uint32_t n, uint32_t i, pagu_cell_reason reason);
/* Comparisons (expr_compare.c): the mask replaces a. */
void expr_compare_numbers(const expr_run *run, const pagu_expr *e, expr_block *a, expr_block *b);
void expr_compare_texts(const expr_run *run, char op, expr_block *a, const expr_block *b);
/* Value of a cell. */
pagu_expr_value expr_value_at(const pagu_expr *e, const expr_block *b, uint32_t i);

/* Things computed once for an evaluation: constants of aggregates, what built-in fields prepare. */
typedef struct expr_cached {
    const void *key;
    pagu_period period;
    pagu_expr_value value;
    void *prepared;
    const derived_field *owner; /* of prepared */
} expr_cached;
typedef struct expr_cache {
    expr_cached *items;
    uint32_t n, cap;
} expr_cache;
expr_cached *expr_cache_find(const expr_run *run, const void *key, pagu_period period);
/* A new one; NULL: out of memory. */
expr_cached *expr_cache_add(const expr_run *run, const void *key, pagu_period period);

#endif
