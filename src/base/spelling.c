/* spelling.c - numbers as documents write them.
 * SPDX-License-Identifier: MIT */
#include "base/spelling.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- blanks and signs ---- */

/* Bytes of the blank at p: a space, a tab, a no-break space (U+00A0, U+202F); 0 if none. */
static size_t blank_at(const char *p, const char *end)
{
    size_t left = (size_t)(end - p);
    if (left >= 1 && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        return 1;
    if (left >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    if (left >= 3 && memcmp(p, "\xE2\x80\xAF", 3) == 0)
        return 3;
    return 0;
}

span span_trim_left(span s)
{
    for (size_t n; s.p < s.end && (n = blank_at(s.p, s.end)) > 0;)
        s.p += n;
    return s;
}

span span_trim(span s)
{
    s = span_trim_left(s);
    for (bool again = true; again;) {
        again = false;
        for (size_t n = 1; n <= 3 && n <= span_len(s); n++)
            if (blank_at(s.end - n, s.end) == n) {
                s.end -= n;
                again = true;
                break;
            }
    }
    return s;
}

span span_of(const char *text)
{
    return span_trim((span){ text, text + strlen(text) });
}

/* U+2212 and the hyphen both are a minus. */
bool span_take_minus(span *s)
{
    if (s->p < s->end && *s->p == '-') {
        s->p++;
        return true;
    }
    if (span_len(*s) >= 3 && memcmp(s->p, "\xE2\x88\x92", 3) == 0) {
        s->p += 3;
        return true;
    }
    return false;
}

/* strncasecmp follows the C locale; units of money are ASCII words. */
bool span_starts_with(span s, const char *word)
{
    for (; *word; word++, s.p++) {
        char c = s.p < s.end ? *s.p : '\0';
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != *word)
            return false;
    }
    return true;
}

/* ---- digits with separators ---- */

/* Groups of exactly three digits, the first of one to three. */
static bool well_grouped(const char *p, const char *end, char sep)
{
    const char *start = p;
    int run = 0;
    bool first = true;
    for (; p <= end; p++) {
        if (p < end && *p != sep) {
            run++;
            continue;
        }
        if (first ? run < 1 || run > 3 : run != 3)
            return false;
        first = false;
        run = 0;
    }
    return *start != '0';
}

static uint32_t count_char(span s, char c)
{
    uint32_t n = 0;
    for (; s.p < s.end; s.p++)
        n += *s.p == c;
    return n;
}

static const char *last_char(span s, char c)
{
    while (s.end > s.p)
        if (*--s.end == c)
            return s.end;
    return NULL;
}

static body_kind read_lone(body *b, const char *sep, pagu_locale locale)
{
    b->point = sep;
    b->alone = b->text.end - sep == 4 && well_grouped(b->text.p, b->text.end, *sep);
    if (!b->alone)
        return BODY_OK;
    if (locale == PAGU_LOCALE_PLAIN)
        return BODY_AMBIGUOUS;
    if (*sep == (locale == PAGU_LOCALE_ID ? '.' : ','))
        b->point = NULL;
    return BODY_OK;
}

body_kind span_take_body(span *s, pagu_locale locale, body *b)
{
    const char *p = s->p;
    while (p < s->end && (is_digit(*p) || ((*p == '.' || *p == ',') && p + 1 < s->end && is_digit(p[1]))))
        p++;
    *b = (body){ .text = { s->p, p } };
    if (p == s->p || !is_digit(*s->p))
        return BODY_BAD;
    s->p = p;
    uint32_t dots = count_char(b->text, '.'), commas = count_char(b->text, ',');
    if (dots + commas == 0)
        return BODY_OK;
    if (dots + commas == 1)
        return read_lone(b, last_char(b->text, dots ? '.' : ','), locale);
    if (dots && commas) {
        const char *dot = last_char(b->text, '.'), *comma = last_char(b->text, ',');
        b->point = dot > comma ? dot : comma;
        bool once = (dot > comma ? dots : commas) == 1;
        return once && well_grouped(b->text.p, b->point, dot > comma ? ',' : '.') ? BODY_OK : BODY_BAD;
    }
    return well_grouped(b->text.p, b->text.end, dots ? '.' : ',') ? BODY_OK : BODY_BAD;
}

digit_run body_digits(const body *b)
{
    digit_run run = { .n = 0 };
    int zeros = 0; /* held back: they count only if a digit follows */
    bool after = false;
    for (const char *p = b->text.p; p < b->text.end; p++) {
        if (p == b->point)
            after = true;
        if (!is_digit(*p))
            continue;
        run.scale += after;
        if (*p == '0') {
            zeros++;
            continue;
        }
        for (zeros = run.n ? zeros : 0; zeros > 0 && run.n < KEPT_DIGITS; zeros--)
            run.digits[run.n++] = '0';
        run.scale -= zeros;
        zeros = 0;
        if (run.n < KEPT_DIGITS) {
            run.digits[run.n++] = *p;
        } else {
            run.too_long = true;
            run.scale--;
        }
    }
    run.scale -= zeros;
    if (run.n == 0)
        run.scale = 0;
    run.digits[run.n] = '\0';
    return run;
}

double run_to_double(const digit_run *run, bool negative)
{
    char text[64]; /* no decimal point: strtod then reads the same in every C locale */
    snprintf(text, sizeof text, "%s%se%d", negative ? "-" : "", run->n ? run->digits : "0", -run->scale);
    return strtod(text, NULL);
}

pagu_code run_to_int64(const digit_run *run, int shift, bool negative, int64_t *out)
{
    int power = shift - run->scale;
    if (run->n == 0) {
        *out = 0;
        return PAGU_OK;
    }
    if (power < 0)
        return PAGU_FRACTION; /* trailing zeros are gone already, so a digit is lost */
    if (run->too_long || run->n + power > 19)
        return PAGU_OVERFLOW;
    wide value = 0;
    for (int i = 0; i < run->n; i++)
        value = value * 10 + (run->digits[i] - '0');
    value *= wide_pow10(power);
    return wide_to_int64(negative ? -value : value, out) ? PAGU_OK : PAGU_OVERFLOW;
}

/* ---- messages ---- */

/* The two readings of a lone separator, in the context's language. */
static void spell_readings(const pagu_ctx *ctx, const body *b, char decimal[64], char thousands[64])
{
    bool id = ctx && pagu_ctx_lang(ctx) == PAGU_LANG_ID;
    const char *sep = b->text.end - 4;
    int whole = (int)(sep - b->text.p);
    snprintf(decimal, 64, "%.*s%c%.3s", whole, b->text.p, id ? ',' : '.', sep + 1);
    snprintf(thousands, 64, "%.*s%.3s", whole, b->text.p, sep + 1);
}

/* The text as a message quotes it: not longer than a line, and no half character. */
static void quote(char *shown, size_t size, const char *text)
{
    span s = span_of(text);
    size_t len = span_len(s);
    if (len >= size) {
        len = size - 4;
        while (len > 0 && ((unsigned char)s.p[len] & 0xC0) == 0x80)
            len--;
    }
    snprintf(shown, size, "%.*s%s", (int)len, s.p, len < span_len(s) ? "..." : "");
}

pagu_code refuse_spelling(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *text, const body *b)
{
    char shown[96], decimal[64], thousands[64];
    quote(shown, sizeof shown, text);
    switch (code) {
    case PAGU_AMBIGUOUS_NUMBER:
        spell_readings(ctx, b, decimal, thousands);
        return err_set(ctx, err, code, "\"%s\" can be read as %s or as %s: write it without a thousands separator",
                       shown, thousands, decimal);
    case PAGU_FRACTION:
        if (!b->alone)
            return err_set(ctx, err, code, "\"%s\" is not a whole amount: round it first", shown);
        spell_readings(ctx, b, decimal, thousands);
        return err_set(ctx, err, code,
                       "\"%s\" is read as the decimal %s, not a whole amount; write %s if thousands are meant", shown,
                       decimal, thousands);
    case PAGU_OVERFLOW: return err_set(ctx, err, code, "\"%s\" is too large for an amount", shown);
    default: return err_set(ctx, err, PAGU_BAD_NUMBER, "\"%s\" is not an amount", shown);
    }
}
