/* number_plain.c - the plain numbers of package files.
 * SPDX-License-Identifier: MIT */
#include "base/spelling.h"

/* -?digits[.digits]; nothing else. */
static bool read_plain(const char *text, size_t len, body *b, bool *negative)
{
    const char *p = text, *end = text + len;
    *negative = p < end && *p == '-';
    p += *negative;
    *b = (body){ .text = { p, end } };
    while (p < end && is_digit(*p))
        p++;
    if (p == b->text.p)
        return false;
    if (p == end)
        return true;
    b->point = p;
    if (*p++ != '.' || p == end)
        return false;
    while (p < end && is_digit(*p))
        p++;
    return p == end;
}

/* Files hold mostly short whole numbers; they need no 128 bits. */
static bool read_short(const char *text, size_t len, int64_t *out)
{
    bool negative = len > 0 && *text == '-';
    const char *p = text + negative, *end = text + len;
    if (p == end || end - p > 18)
        return false;
    int64_t value = 0;
    for (; p < end; p++) {
        if (!is_digit(*p))
            return false;
        value = value * 10 + (*p - '0');
    }
    *out = negative ? -value : value;
    return true;
}

pagu_code pagu_money_parse_plain(const char *text, size_t len, int64_t unit, int decimals, pagu_money *out)
{
    int64_t whole;
    if (unit == 1 && decimals == 0 && read_short(text, len, &whole)) {
        *out = whole;
        return PAGU_OK;
    }
    body b;
    bool negative;
    if (unit < 1 || decimals < 0 || decimals > 18)
        return PAGU_ARGUMENT;
    if (!read_plain(text, len, &b, &negative))
        return PAGU_BAD_NUMBER;
    digit_run run = body_digits(&b);
    wide value = 0, factor = wide_pow10(decimals) * unit;
    for (int i = 0; i < run.n; i++)
        value = value * 10 + (run.digits[i] - '0');
    int scale = run.scale;
    for (; scale > 0 && factor % 10 == 0; scale--)
        factor /= 10;
    for (; scale > 0 && factor % 2 == 0 && value % 5 == 0; scale--, factor /= 2)
        value /= 5;
    for (; scale > 0 && factor % 5 == 0 && value % 2 == 0; scale--, factor /= 5)
        value /= 2;
    if (scale > 0)
        return PAGU_FRACTION;
    if (run.too_long || run.n - run.scale > 19 || __builtin_mul_overflow(value, factor, &value))
        return PAGU_OVERFLOW;
    for (; scale < 0 && value != 0; scale++)
        if (__builtin_mul_overflow(value, 10, &value))
            return PAGU_OVERFLOW;
    return wide_to_int64(negative ? -value : value, out) ? PAGU_OK : PAGU_OVERFLOW;
}

pagu_code pagu_decimal_parse(const char *text, size_t len, pagu_decimal *out)
{
    body b;
    bool negative;
    if (!read_plain(text, len, &b, &negative))
        return PAGU_BAD_NUMBER;
    digit_run run = body_digits(&b);
    int written = b.point ? (int)(b.text.end - b.point - 1) : 0;
    int scale = written <= 18 ? written : run.scale < 0 ? 0 : run.scale;
    int64_t digits = 0;
    if (scale > 18 || run_to_int64(&run, scale, negative, &digits) != PAGU_OK) {
        /* the zeros that were written may be what does not fit */
        scale = run.scale < 0 ? 0 : run.scale;
        if (scale > 18 || run_to_int64(&run, scale, negative, &digits) != PAGU_OK)
            return PAGU_OVERFLOW;
    }
    *out = (pagu_decimal){ digits, (uint8_t)scale };
    return PAGU_OK;
}
