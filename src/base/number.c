/* number.c - exact arithmetic, and numbers as text.
 * SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- arithmetic ---- */

wide wide_pow10(int n)
{
    wide power = 1;
    while (n-- > 0)
        power *= 10;
    return power;
}

wide wide_div_round(wide num, wide den)
{
    wide quotient = num / den;
    wide rest = num % den;
    if (rest < 0)
        rest = -rest;
    wide size = den < 0 ? -den : den;
    if (rest >= size - rest)
        quotient += (num < 0) == (den < 0) ? 1 : -1;
    return quotient;
}

wide wide_div_floor(wide num, wide den)
{
    return num / den - (num % den != 0 && (num < 0) != (den < 0));
}

bool wide_to_int64(wide value, int64_t *out)
{
    if (value < INT64_MIN || value > INT64_MAX)
        return false;
    *out = (int64_t)value;
    return true;
}

pagu_code pagu_money_add(pagu_money a, pagu_money b, pagu_money *out)
{
    pagu_money sum;
    if (__builtin_add_overflow(a, b, &sum))
        return PAGU_OVERFLOW;
    *out = sum;
    return PAGU_OK;
}

pagu_code pagu_money_sub(pagu_money a, pagu_money b, pagu_money *out)
{
    pagu_money difference;
    if (__builtin_sub_overflow(a, b, &difference))
        return PAGU_OVERFLOW;
    *out = difference;
    return PAGU_OK;
}

pagu_code pagu_money_mul(pagu_money a, int64_t b, pagu_money *out)
{
    pagu_money product;
    if (__builtin_mul_overflow(a, b, &product))
        return PAGU_OVERFLOW;
    *out = product;
    return PAGU_OK;
}

pagu_code pagu_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    if (c == 0)
        return PAGU_ARGUMENT;
    return wide_to_int64(wide_div_round((wide)a * b, c), out) ? PAGU_OK : PAGU_OVERFLOW;
}

pagu_code pagu_round(pagu_money value, pagu_money unit, pagu_money *out)
{
    if (unit < 1)
        return PAGU_ARGUMENT;
    return wide_to_int64(wide_div_round(value, unit) * unit, out) ? PAGU_OK : PAGU_OVERFLOW;
}

pagu_code pagu_money_scale(pagu_money value, pagu_decimal factor, pagu_money unit, pagu_money *out)
{
    if (unit < 1 || factor.scale > 18)
        return PAGU_ARGUMENT;
    wide units = wide_div_round((wide)value * factor.digits, wide_pow10(factor.scale) * unit);
    return wide_to_int64(units * unit, out) ? PAGU_OK : PAGU_OVERFLOW;
}

pagu_code pagu_decimal_add(pagu_decimal a, pagu_decimal b, pagu_decimal *out)
{
    if (a.scale > 18 || b.scale > 18)
        return PAGU_ARGUMENT;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    wide sum = a.digits * wide_pow10(scale - a.scale) + b.digits * wide_pow10(scale - b.scale);
    int64_t digits;
    while (!wide_to_int64(sum, &digits)) {
        if (scale == 0 || sum % 10 != 0)
            return PAGU_OVERFLOW;
        sum /= 10;
        scale--;
    }
    *out = (pagu_decimal){ digits, (uint8_t)scale };
    return PAGU_OK;
}

/* ---- doubles as shortest decimals ---- */

/* A finite double as digits × 10^exponent, digits without trailing zeros. */
typedef struct short_decimal {
    int64_t digits; /* of the magnitude, at most 17 of them */
    int exponent;
    bool negative;
} short_decimal;

static void drop_zeros(short_decimal *d)
{
    if (d->digits == 0) {
        d->exponent = 0;
        return;
    }
    while (d->digits % 10 == 0) {
        d->digits /= 10;
        d->exponent++;
    }
}

/* Nearly every value of a plan has at most six decimals: a division tells. A decimal of at
 * most 15 digits that reads back is the only one, hence the shortest. */
static bool try_six_decimals(double size, short_decimal *d)
{
    if (size >= 1e9)
        return false;
    double scaled = size * 1e6;
    int64_t digits = (int64_t)(scaled + 0.5);
    if ((double)digits / 1e6 != size)
        return false;
    d->digits = digits;
    d->exponent = -6;
    return true;
}

/* `%e` writes the decimal point of the C locale in force; taking only the digits and
 * reading back without a point makes both directions independent of it. */
static bool try_precision(double size, int precision, short_decimal *d)
{
    char text[64], plain[64];
    snprintf(text, sizeof text, "%.*e", precision - 1, size);
    d->digits = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            d->digits = d->digits * 10 + (*p - '0');
    d->exponent = atoi(p + 1) - (precision - 1);
    snprintf(plain, sizeof plain, "%llde%d", (long long)d->digits, d->exponent);
    return strtod(plain, NULL) == size;
}

static short_decimal shorten(double x)
{
    short_decimal d = { .negative = signbit(x) != 0 };
    double size = fabs(x);
    if (!try_six_decimals(size, &d)) {
        /* 15 digits always survive unless the value is subnormal, where fewer may do */
        int precision = size < DBL_MIN ? 1 : 15;
        while (!try_precision(size, precision, &d) && precision < 17)
            precision++;
    }
    drop_zeros(&d);
    if (d.digits == 0)
        d.negative = false;
    return d;
}

pagu_code pagu_decimal_from_double(double x, pagu_decimal *out)
{
    if (!isfinite(x))
        return PAGU_BAD_NUMBER;
    short_decimal d = shorten(x);
    for (; d.exponent > 0 && d.digits < 1000000000000000000 / 10; d.exponent--)
        d.digits *= 10;
    if (d.exponent > 0 || d.exponent < -18)
        return PAGU_BAD_NUMBER;
    *out = (pagu_decimal){ d.negative ? -d.digits : d.digits, (uint8_t)-d.exponent };
    return PAGU_OK;
}

double pagu_decimal_to_double(pagu_decimal d)
{
    char text[48];
    snprintf(text, sizeof text, "%llde-%d", (long long)d.digits, (int)d.scale);
    return strtod(text, NULL);
}

/* ---- writing ---- */

typedef struct separators {
    char group, point;
} separators;

static separators separators_of(pagu_locale locale)
{
    switch (locale) {
    case PAGU_LOCALE_ID: return (separators){ '.', ',' };
    case PAGU_LOCALE_EN: return (separators){ ',', '.' };
    default: return (separators){ 0, '.' };
    }
}

enum { WRITTEN = 96, MOST_PLACES = 30 }; /* 21 digits grouped, or as many decimals, with room */

static int copy_out(char *buf, size_t size, const char *text, size_t len)
{
    if (size > 0) {
        size_t fits = len < size ? len : size - 1;
        memcpy(buf, text, fits);
        buf[fits] = '\0';
    }
    return (int)len;
}

/* Write digits × 10^-decimals; `zeros` more zeros stand left of the point. */
static int write_number(char *buf, size_t size, bool negative, uint64_t digits, int zeros, int decimals,
                        pagu_locale locale)
{
    char reversed[WRITTEN];
    separators sep = separators_of(locale);
    int n = 0, whole = 0;
    for (int i = 0; i < decimals; i++, digits /= 10)
        reversed[n++] = (char)('0' + digits % 10);
    if (decimals)
        reversed[n++] = sep.point;
    do {
        if (whole && whole % 3 == 0 && sep.group)
            reversed[n++] = sep.group;
        whole++;
        if (zeros > 0) {
            zeros--;
            reversed[n++] = '0';
        } else {
            reversed[n++] = (char)('0' + digits % 10);
            digits /= 10;
        }
    } while (digits || zeros > 0);
    if (negative)
        reversed[n++] = '-';
    for (int i = 0; i < n / 2; i++) {
        char c = reversed[i];
        reversed[i] = reversed[n - 1 - i];
        reversed[n - 1 - i] = c;
    }
    return copy_out(buf, size, reversed, (size_t)n);
}

int pagu_money_format(char *buf, size_t size, pagu_money value, pagu_locale locale, int decimals)
{
    int places = decimals < 0 ? 0 : decimals > 18 ? 18 : decimals;
    return write_number(buf, size, value < 0, money_abs(value), 0, places, locale);
}

static int write_exponent(char *buf, size_t size, short_decimal d, pagu_locale locale)
{
    char digits[24], text[48];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)d.digits);
    int len = snprintf(text, sizeof text, "%s%c", d.negative ? "-" : "", digits[0]);
    if (n > 1)
        len += snprintf(text + len, sizeof text - (size_t)len, "%c%s", separators_of(locale).point, digits + 1);
    len += snprintf(text + len, sizeof text - (size_t)len, "e%d", d.exponent + n - 1);
    return copy_out(buf, size, text, (size_t)len);
}

static int write_places(char *buf, size_t size, short_decimal d, int places, pagu_locale locale)
{
    int drop = -d.exponent - places;
    if (drop > 0) {
        d.digits = drop > 17 ? 0 : (int64_t)wide_div_round(d.digits, wide_pow10(drop));
        d.exponent = -places;
    }
    if (d.digits == 0)
        return write_number(buf, size, false, 0, 0, places, locale);
    if (places == 0)
        return write_number(buf, size, d.negative, (uint64_t)d.digits, d.exponent, 0, locale);
    char text[WRITTEN];
    int decimals = d.exponent < 0 ? -d.exponent : 0;
    int zeros = d.exponent > 0 ? d.exponent : 0;
    int len = write_number(text, sizeof text, d.negative, (uint64_t)d.digits, zeros, decimals, locale);
    if (decimals == 0)
        text[len++] = separators_of(locale).point;
    for (; decimals < places; decimals++)
        text[len++] = '0';
    return copy_out(buf, size, text, (size_t)len);
}

int pagu_number_format(char *buf, size_t size, double value, pagu_locale locale, int places)
{
    if (isnan(value))
        return copy_out(buf, size, "nan", 3);
    if (isinf(value))
        return value < 0 ? copy_out(buf, size, "-inf", 4) : copy_out(buf, size, "inf", 3);
    short_decimal d = shorten(value);
    /* far from the point an exponent, or zeros would fill the line */
    if (fabs(value) >= 1e21 || (places < 0 && d.exponent < -24))
        return write_exponent(buf, size, d, locale);
    if (places >= 0)
        return write_places(buf, size, d, places > MOST_PLACES ? MOST_PLACES : places, locale);
    int decimals = d.exponent < 0 ? -d.exponent : 0;
    return write_number(buf, size, d.negative, (uint64_t)d.digits, d.exponent > 0 ? d.exponent : 0, decimals, locale);
}
