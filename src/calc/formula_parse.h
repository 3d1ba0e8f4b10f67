/* formula_parse.h - reading formulas: tokens, and what the parts of the parser share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_FORMULA_PARSE_H
#define PAGU_CALC_FORMULA_PARSE_H

#include "calc/expr.h"
#include "calc/phrase.h"

enum { FORMULA_LENGTH = 4000, FORMULA_DEPTH = 100, FORMULA_BLOCKS = 256 };

typedef enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_NAME,
    TOKEN_TEXT, /* without its quotes */
    TOKEN_MARK  /* an operator or bracket: mark */
} token_kind;
/* Marks are characters of the text, and these. */
enum { MARK_LE = 'l', MARK_GE = 'g', MARK_NE = '!' };

typedef struct token {
    token_kind kind;
    char mark;
    const char *s; /* of the text; n bytes */
    uint32_t n, at;
} token;

typedef struct formula_parser {
    pagu_ctx *ctx;
    pagu_plan *plan;
    const char *text;
    uint32_t len, next; /* next: where the token after `now` is looked for */
    token now;
    unsigned depth;
    pagu_error *err;
    char message[400];
    /* Called before a formula of the plan is used, so that it can be read first; NULL: all are read. */
    pagu_code (*need)(void *ud, pagu_field field, pagu_error *err);
    void *ud;
} formula_parser;

/* ---- tokens (formula_lex.c) ---- */

/* Read the next token into now. */
pagu_code formula_advance(formula_parser *p);
static inline bool token_is(const token *t, char mark)
{
    return t->kind == TOKEN_MARK && t->mark == mark;
}
bool token_is_word(const token *t, const char *word);
/* Skip a mark, or say that it is missing. */
pagu_code formula_expect(formula_parser *p, char mark);
/* Copy a token's text. false: it does not fit. */
bool token_copy(const token *t, char *buf, size_t size);
/* The token's text for messages. */
typedef struct token_text {
    char s[64];
} token_text;
token_text token_str(const formula_parser *p, const token *t);

/* A fault at a place of the text: fills err and gives the code. */
#define formula_fault(p, place, code, ...)                                                                             \
    (phrase((p)->ctx, (p)->message, sizeof(p)->message, __VA_ARGS__), formula_blame(p, place, code))
pagu_code formula_blame(formula_parser *p, uint32_t at, pagu_code code);
/* Give an error that something else reported its place. */
pagu_code formula_place(formula_parser *p, uint32_t at, pagu_code code);

/* ---- parts of the grammar ---- */

pagu_code formula_expression(formula_parser *p, pagu_expr **out); /* formula_parse.c */
/* A whole text; ctx, plan, err and need are set. */
pagu_code formula_read(formula_parser *p, const char *text, pagu_expr **out);
/* A name: field, function, meta.… (formula_names.c) */
pagu_code formula_name(formula_parser *p, pagu_expr **out);
pagu_code formula_call(formula_parser *p, const token *name, pagu_expr **out); /* formula_call.c; after "(" */
bool formula_is_scope(const formula_parser *p, const token *name);             /* formula_scope.c */
pagu_code formula_scope(formula_parser *p, expr_scope *out);
/* What stands between the brackets (formula_period.c); after "[", through "]". */
pagu_code formula_period(formula_parser *p, expr_period *out);

#endif
