/* measure_parse.c - reading measured values: a number and its unit, or text.
 * SPDX-License-Identifier: MIT */
#include "base/spelling.h"

static bool is_dash(span s)
{
    size_t n = span_len(s);
    return (n == 1 && *s.p == '-') ||
           (n == 3 && (memcmp(s.p, "\xE2\x80\x93", 3) == 0 || memcmp(s.p, "\xE2\x80\x94", 3) == 0 ||
                       memcmp(s.p, "\xE2\x88\x92", 3) == 0));
}

/* A second number: a digit that no letter or digit precedes ("m2" is a unit). */
static bool has_number(span s)
{
    char before = ' ';
    for (; s.p < s.end; before = *s.p++)
        if (is_digit(*s.p) && !is_letter(before) && !is_digit(before))
            return true;
    return false;
}

static pagu_code set_text(pagu_spelling *out, span whole)
{
    *out = (pagu_spelling){ .state = PAGU_TEXT, .unit = whole.end, .rest = whole.p, .rest_len = span_len(whole) };
    return PAGU_OK;
}

/* What stands after the number: nothing, a unit, or more than a unit. false: it is no measure. */
static bool read_unit(span after, span whole, pagu_spelling *out)
{
    if (after.p == after.end)
        return true;
    if (has_number(after))
        return false;
    if (*after.p == '%') {
        out->unit = after.p;
        out->unit_len = 1;
        if (span_len(after) == 1)
            return true;
    } else if (is_letter(*after.p)) {
        out->unit = after.p;
        out->unit_len = span_len(after);
        return true;
    } else if (*after.p != '/' && *after.p != '(') {
        return false;
    }
    out->rest = whole.p;
    out->rest_len = span_len(whole);
    return true;
}

pagu_code pagu_measure_parse(pagu_ctx *ctx, const char *text, pagu_locale locale, pagu_spelling *out, pagu_error *err)
{
    span whole = span_of(text), s = whole;
    *out = (pagu_spelling){ .state = PAGU_MISSING, .unit = whole.end };
    if (s.p == s.end)
        return PAGU_OK;
    if (is_dash(s)) {
        out->state = PAGU_DASH;
        return PAGU_OK;
    }
    body b;
    bool negative = span_take_minus(&s);
    body_kind kind = span_take_body(&s, locale, &b);
    if (kind == BODY_BAD)
        return set_text(out, whole);
    if (!read_unit(span_trim(s), whole, out))
        return set_text(out, whole);
    if (kind == BODY_AMBIGUOUS)
        return refuse_spelling(ctx, err, PAGU_AMBIGUOUS_NUMBER, text, &b);
    digit_run run = body_digits(&b);
    out->state = PAGU_NUMBER;
    out->value = run_to_double(&run, negative);
    return PAGU_OK;
}
