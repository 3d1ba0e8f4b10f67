/* costs.c - costed lines: price x coefficients x index, exact, rounded once.
 * SPDX-License-Identifier: MIT */
#include "io/package.h"

/* digits / 10^scale in 128 bits. */
typedef struct product {
    __int128 digits;
    int scale;
} product;

/* Tenths that cancel are dropped first, so that long chains of decimals fit. */
static void reduce(product *p)
{
    while (p->scale > 0 && p->digits % 10 == 0) {
        p->digits /= 10;
        p->scale--;
    }
}

static pagu_code multiply(product *p, const char *text, size_t len)
{
    pagu_decimal d;
    pagu_code code = pagu_decimal_parse(text, len, &d);
    if (code != PAGU_OK)
        return PAGU_BAD_NUMBER;
    if (__builtin_mul_overflow(p->digits, (__int128)d.digits, &p->digits))
        return PAGU_OVERFLOW;
    p->scale += d.scale;
    reduce(p);
    return PAGU_OK;
}

static pagu_code round_product(product p, pagu_money *out)
{
    __int128 unit = 1;
    for (int i = 0; i < p.scale; i++)
        if (__builtin_mul_overflow(unit, (__int128)10, &unit))
            return PAGU_OVERFLOW;
    __int128 whole = p.digits / unit, rest = p.digits % unit;
    if (rest < 0)
        rest = -rest;
    if (rest >= unit - rest) /* half away from zero */
        whole += p.digits < 0 ? -1 : 1;
    if (whole > INT64_MAX || whole < INT64_MIN)
        return PAGU_OVERFLOW;
    *out = (pagu_money)whole;
    return PAGU_OK;
}

/* Between two factors: " x ", " X ", "*" or the multiplication sign. Returns its length, or 0. */
static size_t mark_length(const char *s)
{
    bool letter = s[0] == ' ' && (s[1] == 'x' || s[1] == 'X' || s[1] == '*');
    if (letter && (s[2] == ' ' || s[2] == '\0'))
        return 2;
    if (s[0] == '*')
        return 1;
    return strncmp(s, "\xC3\x97", 2) == 0 ? 2 : 0;
}

pagu_code cost_amount(pagu_money price, const char *coefficients, const char *index, pagu_money *out)
{
    product p = { price, 0 };
    const char *s = coefficients;
    pagu_code code = PAGU_OK;
    for (;;) {
        s += strspn(s, " ");
        size_t n = strcspn(s, " *\xC3");
        code = multiply(&p, s, n);
        if (code != PAGU_OK)
            return code;
        s += n;
        size_t mark = 0; /* the unit of the factor is passed over */
        while (*s && (mark = mark_length(s)) == 0)
            s++;
        if (!*s)
            break;
        s += mark;
    }
    if (*index)
        code = multiply(&p, index, strlen(index));
    return code == PAGU_OK ? round_product(p, out) : code;
}
