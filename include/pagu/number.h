/* pagu/number.h - exact money arithmetic, parsing and formatting (design 2).
 *
 *     pagu_money m;
 *     pagu_money_parse(ctx, "1,5 M", PAGU_LOCALE_ID, 0, &m, &err);      // 1500000000
 *     pagu_money_scale(m, (pagu_decimal){1045, 3}, 1000, &m);           // x 1.045, to thousands
 *
 * One rounding rule everywhere: half away from zero, once. No function reads the
 * C locale. All are thread-safe and allocate nothing.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_NUMBER_H
#define PAGU_NUMBER_H

#include "pagu/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* id: 1.234.567,89   en: 1,234,567.89   plain: 1234567.89 (files, machine formats) */
typedef enum pagu_locale { PAGU_LOCALE_ID = 0, PAGU_LOCALE_EN = 1, PAGU_LOCALE_PLAIN = 2 } pagu_locale;

/* Checked arithmetic. PAGU_OK or PAGU_OVERFLOW; *out untouched on error. */
PAGU_API pagu_code pagu_money_add(pagu_money a, pagu_money b, pagu_money *out);
PAGU_API pagu_code pagu_money_sub(pagu_money a, pagu_money b, pagu_money *out);
PAGU_API pagu_code pagu_money_mul(pagu_money a, int64_t b, pagu_money *out);
/* a*b/c in 128 bits, rounded half away from zero. PAGU_ARGUMENT if c is 0. */
PAGU_API pagu_code pagu_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out);
/* Round to a multiple of unit (>= 1), half away from zero. */
PAGU_API pagu_code pagu_round(pagu_money value, pagu_money unit, pagu_money *out);
/* value × factor, rounded once to a multiple of unit (>= 1). */
PAGU_API pagu_code pagu_money_scale(pagu_money value, pagu_decimal factor, pagu_money unit, pagu_money *out);

/* The decimal that the shortest text of a double spells (1.045 -> 1045/1000).
 * PAGU_BAD_NUMBER if not finite or beyond 18 digits. */
PAGU_API pagu_code pagu_decimal_from_double(double x, pagu_decimal *out);
PAGU_API double pagu_decimal_to_double(pagu_decimal d);
PAGU_API pagu_code pagu_decimal_add(pagu_decimal a, pagu_decimal b, pagu_decimal *out);
/* Parse a plain decimal "-12.50", nothing else. */
PAGU_API pagu_code pagu_decimal_parse(const char *text, size_t len, pagu_decimal *out);

/* Read a whole amount in any spelling that design 2 lists: "1.234.567", "1,234,567",
 * "1.234.567,00", "50,000,000.00", "Rp 1,5 M", "750 jt", "2 T", "(1.000)", "-5"; letters
 * rb/ribu, jt/juta, M/miliar/milyar, T/triliun. decimals: digits of the minor unit
 * (0 for rupiah). "1.234" alone is read by `locale`; with PAGU_LOCALE_PLAIN a lone
 * separator followed by exactly three digits is PAGU_AMBIGUOUS_NUMBER.
 * PAGU_FRACTION: not a whole number of minor units. PAGU_BAD_NUMBER, PAGU_OVERFLOW. */
PAGU_API pagu_code pagu_money_parse(pagu_ctx *ctx, const char *text, pagu_locale locale, int decimals, pagu_money *out,
                                    pagu_error *err);
/* Read a plain amount of a package file ("1503", "-5", "60.5"): written × unit × 10^decimals
 * must be an exact int64. No grouping, no blanks, no exponent. */
PAGU_API pagu_code pagu_money_parse_plain(const char *text, size_t len, int64_t unit, int decimals, pagu_money *out);

/* A measured value as printed: "88,28%", "312 Orang/Bulan", "1.503", "0 orang", "-",
 * "10 Unit Rehab 10 Unit Sarpras" (text only), "72,00 / B" (number and text).
 * unit and text point into `text` (not terminated: use the lengths). */
typedef struct pagu_spelling {
    double value;
    pagu_state state; /* MISSING for blank, DASH for "-", NUMBER, TEXT */
    const char *unit;
    size_t unit_len;
    const char *rest; /* whole text when it is more than number and unit */
    size_t rest_len;
} pagu_spelling;
PAGU_API pagu_code pagu_measure_parse(pagu_ctx *ctx, const char *text, pagu_locale locale, pagu_spelling *out,
                                      pagu_error *err);

/* Write money with grouping of the locale; decimals as above. Returns the length, as
 * snprintf does; 40 bytes always suffice. */
PAGU_API int pagu_money_format(char *buf, size_t size, pagu_money value, pagu_locale locale, int decimals);
/* Write a number with at most `places` decimals (-1: shortest that reads back), trailing
 * zeros dropped when places < 0. 40 bytes suffice up to 1e15; larger use 400. */
PAGU_API int pagu_number_format(char *buf, size_t size, double value, pagu_locale locale, int places);

#ifdef __cplusplus
}
#endif
#endif
