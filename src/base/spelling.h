/* spelling.h - numbers as documents write them: digits, separators, blanks, signs.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SPELLING_H
#define PAGU_SRC_SPELLING_H

#include "base/number.h"

typedef struct span {
    const char *p, *end;
} span;

static inline size_t span_len(span s)
{
    return (size_t)(s.end - s.p);
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

span span_trim_left(span s);
span span_trim(span s);
/* A text without the blanks around it. */
span span_of(const char *text);
bool span_take_minus(span *s);
/* `word` is lower case; s may be of any case. */
bool span_starts_with(span s, const char *word);

typedef enum body_kind { BODY_BAD, BODY_OK, BODY_AMBIGUOUS } body_kind;

/* A number as written: where its digits stand and which separator is the point. */
typedef struct body {
    span text;
    const char *point; /* NULL: no decimals */
    bool alone;        /* one separator with three digits after it: decided by the locale */
} body;

/* Take digits, dots and commas from the front of *s and decide which is the point. */
body_kind span_take_body(span *s, pagu_locale locale, body *b);

enum { KEPT_DIGITS = 38 }; /* what 128 bits hold */

/* Significant digits of a body, without separators and outer zeros. */
typedef struct digit_run {
    char digits[KEPT_DIGITS + 1];
    int n;
    int scale;     /* of them, right of the point; negative: zeros to add */
    bool too_long; /* digits beyond those kept are cut off */
} digit_run;

digit_run body_digits(const body *b);
/* run × 10^shift as an exact int64: PAGU_FRACTION or PAGU_OVERFLOW if it is none. */
pagu_code run_to_int64(const digit_run *run, int shift, bool negative, int64_t *out);
double run_to_double(const digit_run *run, bool negative);

/* Fill *err with why `text` is no amount: AMBIGUOUS_NUMBER and FRACTION show the readings. */
pagu_code refuse_spelling(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *text, const body *b);

#endif
