/* number_parse.c - reading amounts in the spellings of documents.
 * SPDX-License-Identifier: MIT */
#include "base/spelling.h"

/* The power of ten that a word after the number stands for; -1 if it is none. */
static int magnitude_of(span word)
{
    static const struct {
        const char *word;
        int power;
    } magnitudes[] = {
        { "rb", 3 },     { "ribu", 3 },   { "jt", 6 }, { "juta", 6 },     { "m", 9 },
        { "miliar", 9 }, { "milyar", 9 }, { "t", 12 }, { "triliun", 12 }, { "trilyun", 12 },
    };
    if (span_len(word) > 1 && word.end[-1] == '.')
        word.end--;
    for (size_t i = 0; i < COUNT_OF(magnitudes); i++)
        if (span_len(word) == strlen(magnitudes[i].word) && span_starts_with(word, magnitudes[i].word))
            return magnitudes[i].power;
    return -1;
}

static bool take_word(span *s, const char *word)
{
    if (!span_starts_with(*s, word))
        return false;
    s->p += strlen(word);
    return true;
}

typedef struct amount {
    body body;
    bool negative;
    int power;
} amount;

static bool take_parentheses(span *s)
{
    if (span_len(*s) < 2 || *s->p != '(' || s->end[-1] != ')')
        return false;
    *s = span_trim((span){ s->p + 1, s->end - 1 });
    return true;
}

static void take_currency(span *s)
{
    if (take_word(s, "rp") || take_word(s, "idr")) {
        if (s->p < s->end && *s->p == '.')
            s->p++;
        *s = span_trim_left(*s);
    }
}

static body_kind read_amount(span s, pagu_locale locale, amount *a)
{
    bool sign = false;
    *a = (amount){ .negative = take_parentheses(&s) };
    bool bracketed = a->negative;
    for (int pass = 0; pass < 2 && !sign; pass++) { /* "-Rp 5" and "Rp -5" */
        bool minus = span_take_minus(&s);
        sign = minus || (s.p < s.end && *s.p == '+');
        if (sign && !minus)
            s.p++;
        a->negative = a->negative || minus;
        if (sign)
            s = span_trim_left(s);
        if (pass == 0)
            take_currency(&s);
    }
    if (!bracketed && take_parentheses(&s)) { /* "Rp (5)" */
        if (sign)
            return BODY_BAD;
        a->negative = true;
    } else if (bracketed && sign) {
        return BODY_BAD;
    }
    body_kind kind = span_take_body(&s, locale, &a->body);
    if (kind == BODY_BAD)
        return BODY_BAD;
    if (span_len(s) == 2 && memcmp(s.p, ",-", 2) == 0) { /* "Rp 1.000,-": the comma is the point */
        if (a->body.alone && a->body.text.end[-4] == '.')
            a->body.point = NULL;
        return a->body.point ? BODY_BAD : BODY_OK;
    }
    s = span_trim_left(s);
    if (s.p == s.end)
        return kind;
    a->power = magnitude_of(s);
    return a->power < 0 ? BODY_BAD : kind;
}

pagu_code pagu_money_parse(pagu_ctx *ctx, const char *text, pagu_locale locale, int decimals, pagu_money *out,
                           pagu_error *err)
{
    if (decimals < 0 || decimals > 18)
        return err_set(ctx, err, PAGU_ARGUMENT, "decimals must be 0 to 18, not %d", decimals);
    amount a;
    body_kind kind = read_amount(span_of(text), locale, &a);
    if (kind == BODY_BAD)
        return refuse_spelling(ctx, err, PAGU_BAD_NUMBER, text, &a.body);
    if (kind == BODY_AMBIGUOUS)
        return refuse_spelling(ctx, err, PAGU_AMBIGUOUS_NUMBER, text, &a.body);
    digit_run run = body_digits(&a.body);
    pagu_code code = run_to_int64(&run, a.power + decimals, a.negative, out);
    return code == PAGU_OK ? PAGU_OK : refuse_spelling(ctx, err, code, text, &a.body);
}
