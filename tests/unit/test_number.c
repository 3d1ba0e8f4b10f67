/* test_number.c - exact arithmetic, reading and writing of numbers.
 * SPDX-License-Identifier: MIT */
#include "pagu/number.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TWO_31 2147483648LL
#define TWO_53 9007199254740992LL

static pagu_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    return ctx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_ctx_free(ctx);
    return 0;
}

/* ---- arithmetic ---- */

static void number__sums_are_exact_up_to_the_64_bit_limits(void **state)
{
    (void)state;
    pagu_money m = 0;
    assert_int_equal(pagu_money_add(TWO_53, 1, &m), PAGU_OK);
    assert_true(m == TWO_53 + 1);
    assert_int_equal(pagu_money_add(INT64_MAX - 1, 1, &m), PAGU_OK);
    assert_true(m == INT64_MAX);
    assert_int_equal(pagu_money_sub(INT64_MIN + 1, 1, &m), PAGU_OK);
    assert_true(m == INT64_MIN);
    assert_int_equal(pagu_money_mul(TWO_31, TWO_31 - 1, &m), PAGU_OK);
    assert_true(m == TWO_31 * (TWO_31 - 1));
}

static void number__overflow_is_refused_and_leaves_the_result(void **state)
{
    (void)state;
    pagu_money m = 7;
    assert_int_equal(pagu_money_add(INT64_MAX, 1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_money_add(INT64_MIN, -1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_money_sub(0, INT64_MIN, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_money_mul(2 * TWO_31, TWO_31, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_money_mul(INT64_MIN, -1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_muldiv(INT64_MAX, 2, 1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_muldiv(INT64_MIN, 1, -1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_round(INT64_MAX, 1000, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_round(INT64_MIN, INT64_MAX, &m), PAGU_OK);
    assert_true(m == -INT64_MAX);
    m = 7;
    assert_int_equal(pagu_money_scale(INT64_MAX, (pagu_decimal){ 11, 1 }, 1, &m), PAGU_OVERFLOW);
    assert_int_equal(m, 7);
}

static void number__muldiv_rounds_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t a, b, c, result;
    } cases[] = {
        { 1, 1, 2, 1 },
        { -1, 1, 2, -1 },
        { 1, -1, 2, -1 },
        { -1, -1, 2, 1 },
        { 1, 1, -2, -1 },
        { 1, 1, 3, 0 },
        { 2, 1, 3, 1 },
        { -2, 1, 3, -1 },
        { 7, 1, 2, 4 },
        { 0, 5, 7, 0 },
        { TWO_31 + 1, TWO_31 - 1, TWO_31, TWO_31 },
        { TWO_53 + 1, TWO_53 - 1, TWO_53, TWO_53 },
        { TWO_53 + 1, 3, 3, TWO_53 + 1 },
        { INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
        { INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN },
        { INT64_MAX, 1, 2, 4611686018427387904LL },
        { INT64_MIN, 1, INT64_MIN, 1 },
        { INT64_MAX, 1, INT64_MIN, -1 },
        { INT64_MAX / 2 + 1, 1, INT64_MAX, 1 },
        { INT64_MAX / 2, 1, INT64_MAX, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out = 99;
        assert_int_equal(pagu_muldiv(cases[i].a, cases[i].b, cases[i].c, &out), PAGU_OK);
        if (out != cases[i].result)
            fail_msg("case %zu: %lld", i, (long long)out);
    }
}

static void number__division_by_zero_and_units_below_one_are_arguments(void **state)
{
    (void)state;
    int64_t out;
    assert_int_equal(pagu_muldiv(1, 1, 0, &out), PAGU_ARGUMENT);
    assert_int_equal(pagu_round(1, 0, &out), PAGU_ARGUMENT);
    assert_int_equal(pagu_round(1, -1000, &out), PAGU_ARGUMENT);
    assert_int_equal(pagu_money_scale(1, (pagu_decimal){ 1, 0 }, 0, &out), PAGU_ARGUMENT);
    assert_int_equal(pagu_money_scale(1, (pagu_decimal){ 1, 19 }, 1, &out), PAGU_ARGUMENT);
}

static void number__round_goes_to_the_nearest_multiple(void **state)
{
    (void)state;
    static const int64_t cases[][3] = {
        { 1499, 1000, 1000 },
        { 1500, 1000, 2000 },
        { -1499, 1000, -1000 },
        { -1500, 1000, -2000 },
        { 0, 1000, 0 },
        { 499, 1000, 0 },
        { 17, 1, 17 },
        { TWO_31 + 1, 2, TWO_31 + 2 },
        { TWO_53 + 1, 2, TWO_53 + 2 },
        { INT64_MAX, 1, INT64_MAX },
        { INT64_MIN, 1, INT64_MIN },
        { INT64_MIN, 2, INT64_MIN },
        { 4, INT64_MAX, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t out;
        assert_int_equal(pagu_round(cases[i][0], cases[i][1], &out), PAGU_OK);
        assert_true(out == cases[i][2]);
    }
}

static void number__scale_takes_the_decimal_as_written_and_rounds_once(void **state)
{
    (void)state;
    pagu_money m;
    assert_int_equal(pagu_money_scale(1000, (pagu_decimal){ 1045, 3 }, 1, &m), PAGU_OK);
    assert_int_equal(m, 1045);
    assert_int_equal(pagu_money_scale(100, (pagu_decimal){ 1005, 3 }, 1, &m), PAGU_OK);
    assert_int_equal(m, 101); /* 100.5; in doubles 100 * 1.005 is 100.49999999999999 */
    assert_int_equal(pagu_money_scale(4455445985, (pagu_decimal){ 1035, 3 }, 1000, &m), PAGU_OK);
    assert_true(m == 4611387000);
    /* 1449.5 -> 1450 -> 1500 in two steps, but 1000 in one */
    assert_int_equal(pagu_money_scale(1449, (pagu_decimal){ 10003, 4 }, 1000, &m), PAGU_OK);
    assert_int_equal(m, 1000);
    assert_int_equal(pagu_money_scale(INT64_MIN, (pagu_decimal){ 1, 0 }, 1, &m), PAGU_OK);
    assert_true(m == INT64_MIN);
    assert_int_equal(pagu_money_scale(INT64_MAX, (pagu_decimal){ INT64_MAX, 18 }, 1, &m), PAGU_OVERFLOW);
    assert_int_equal(pagu_money_scale(INT64_MAX, (pagu_decimal){ 1, 18 }, 1, &m), PAGU_OK);
    assert_int_equal(m, 9);
    assert_int_equal(pagu_money_scale(TWO_53 + 1, (pagu_decimal){ 1, 0 }, 1, &m), PAGU_OK);
    assert_true(m == TWO_53 + 1);
}

/* ---- decimals ---- */

static void number__a_double_becomes_the_decimal_it_is_written_as(void **state)
{
    (void)state;
    static const struct {
        double x;
        int64_t digits;
        int scale;
    } cases[] = {
        { 1.045, 1045, 3 },
        { 0.1, 1, 1 },
        { -2.5, -25, 1 },
        { 0, 0, 0 },
        { -0.0, 0, 0 },
        { 1e6, 1000000, 0 },
        { 1e17, 100000000000000000, 0 },
        { 0.1 + 0.2, 30000000000000004, 17 },
        { 1e-18, 1, 18 },
        { 2147483648.5, 21474836485, 1 },
        { 9007199254740993.0, TWO_53, 0 },
        { 1.0 / 3, 3333333333333333, 16 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pagu_decimal d;
        assert_int_equal(pagu_decimal_from_double(cases[i].x, &d), PAGU_OK);
        if (d.digits != cases[i].digits || d.scale != cases[i].scale)
            fail_msg("case %zu: %lld / 10^%d", i, (long long)d.digits, d.scale);
        assert_true(pagu_decimal_to_double(d) == cases[i].x);
    }
}

static void number__a_double_beyond_18_digits_is_no_decimal(void **state)
{
    (void)state;
    pagu_decimal d;
    assert_int_equal(pagu_decimal_from_double(NAN, &d), PAGU_BAD_NUMBER);
    assert_int_equal(pagu_decimal_from_double(INFINITY, &d), PAGU_BAD_NUMBER);
    assert_int_equal(pagu_decimal_from_double(1e18, &d), PAGU_BAD_NUMBER);
    assert_int_equal(pagu_decimal_from_double(1e300, &d), PAGU_BAD_NUMBER);
    assert_int_equal(pagu_decimal_from_double(1e-19, &d), PAGU_BAD_NUMBER);
    assert_int_equal(pagu_decimal_from_double(5e-324, &d), PAGU_BAD_NUMBER);
}

static void number__decimals_add_exactly(void **state)
{
    (void)state;
    pagu_decimal d;
    assert_int_equal(pagu_decimal_add((pagu_decimal){ 1, 1 }, (pagu_decimal){ 2, 1 }, &d), PAGU_OK);
    assert_true(d.digits == 3 && d.scale == 1);
    assert_int_equal(pagu_decimal_add((pagu_decimal){ 1045, 3 }, (pagu_decimal){ 5, 0 }, &d), PAGU_OK);
    assert_true(d.digits == 6045 && d.scale == 3);
    assert_int_equal(pagu_decimal_add((pagu_decimal){ INT64_MAX, 0 }, (pagu_decimal){ 0, 18 }, &d), PAGU_OK);
    assert_true(d.digits == INT64_MAX && d.scale == 0);
    assert_int_equal(pagu_decimal_add((pagu_decimal){ INT64_MAX, 0 }, (pagu_decimal){ 1, 0 }, &d), PAGU_OVERFLOW);
    assert_int_equal(pagu_decimal_add((pagu_decimal){ INT64_MAX, 0 }, (pagu_decimal){ 1, 1 }, &d), PAGU_OVERFLOW);
    assert_int_equal(pagu_decimal_add((pagu_decimal){ 1, 19 }, (pagu_decimal){ 1, 1 }, &d), PAGU_ARGUMENT);
}

static pagu_code parse_decimal(const char *s, pagu_decimal *d)
{
    return pagu_decimal_parse(s, strlen(s), d);
}

static void number__plain_decimals_keep_what_is_written(void **state)
{
    (void)state;
    pagu_decimal d;
    assert_int_equal(parse_decimal("-12.50", &d), PAGU_OK);
    assert_true(d.digits == -1250 && d.scale == 2);
    assert_int_equal(parse_decimal("0.000000000000000001", &d), PAGU_OK);
    assert_true(d.digits == 1 && d.scale == 18);
    assert_int_equal(parse_decimal("1.00000000000000000000", &d), PAGU_OK);
    assert_true(d.digits == 1 && d.scale == 0);
    assert_int_equal(parse_decimal("9223372036854775807.0", &d), PAGU_OK);
    assert_true(d.digits == INT64_MAX && d.scale == 0);
    assert_int_equal(parse_decimal("100", &d), PAGU_OK);
    assert_true(d.digits == 100 && d.scale == 0);
    assert_int_equal(parse_decimal("9223372036854775808", &d), PAGU_OVERFLOW);
    assert_int_equal(parse_decimal("0.0000000000000000001", &d), PAGU_OVERFLOW);
    static const char *const bad[] = { "", "-", ".5", "5.", "1,5", "1e3", " 1", "1 ", "+1", "1.2.3", "--1", "0x1" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(parse_decimal(bad[i], &d), PAGU_BAD_NUMBER);
}

/* ---- amounts ---- */

typedef struct spelling {
    const char *text;
    pagu_money value;
} spelling;

static void check_spellings(const spelling *cases, size_t n, pagu_locale locale)
{
    for (size_t i = 0; i < n; i++) {
        pagu_money m = 0;
        pagu_error err = { 0 };
        if (pagu_money_parse(ctx, cases[i].text, locale, 0, &m, &err) != PAGU_OK)
            fail_msg("\"%s\": %s", cases[i].text, err.message);
        if (m != cases[i].value)
            fail_msg("\"%s\" gives %lld", cases[i].text, (long long)m);
    }
}

static void number__amounts_are_read_in_every_spelling_of_documents(void **state)
{
    (void)state;
    static const spelling cases[] = {
        { "1503", 1503 },
        { "1.234.567", 1234567 },
        { "1,234,567", 1234567 },
        { "1.234.567,00", 1234567 },
        { "50,000,000.00", 50000000 },
        { "4.455.445.985", 4455445985 },
        { "1,5 M", 1500000000 },
        { "1.5 M", 1500000000 },
        { "Rp 1,5 M", 1500000000 },
        { "Rp. 1,5 miliar", 1500000000 },
        { "1,5 Milyar", 1500000000 },
        { "750 jt", 750000000 },
        { "750jt", 750000000 },
        { "12,25 juta", 12250000 },
        { "2 T", 2000000000000 },
        { "2,5 triliun", 2500000000000 },
        { "500 rb", 500000 },
        { "500 ribu", 500000 },
        { "-5", -5 },
        { "+5", 5 },
        { "\u22125", -5 },
        { "(5)", -5 },
        { "Rp (1.234.567)", -1234567 },
        { "(Rp 1.234.567)", -1234567 },
        { "-Rp 1.234.567", -1234567 },
        { "Rp -1.234.567", -1234567 },
        { "Rp1.234.567,-", 1234567 },
        { "IDR 1,234,567.00", 1234567 },
        { "  \u00A0"
          "12 \t",
          12 },
        { "0", 0 },
        { "0,000", 0 },
        { "-0", 0 },
        { "007", 7 },
        { "2147483648", TWO_31 },
        { "-2.147.483.649", -TWO_31 - 1 },
        { "9007199254740993", TWO_53 + 1 },
        { "9.223.372.036.854.775.807", INT64_MAX },
        { "-9.223.372.036.854.775.808", INT64_MIN },
        { "9.223.372,036854775807 T", INT64_MAX },
        { "1,000000000000000000000000000000000000000000000", 1 },
    };
    check_spellings(cases, sizeof cases / sizeof cases[0], PAGU_LOCALE_ID);
}

static void number__a_lone_separator_is_read_by_locale(void **state)
{
    (void)state;
    static const spelling id[] = {
        { "1.234", 1234 }, { "1,234 jt", 1234000 }, { "(1.000)", -1000 }, { "Rp 1.000,-", 1000 }
    };
    static const spelling en[] = {
        { "1,234", 1234 }, { "1.234 jt", 1234000 }, { "(1,000)", -1000 }, { "Rp 1.000,-", 1000 }
    };
    static const spelling plain[] = {
        { "0.500 rb", 500 }, { "1234.000", 1234 }, { "1.5 jt", 1500000 }, { "Rp 1.000,-", 1000 }
    };
    check_spellings(id, 4, PAGU_LOCALE_ID);
    check_spellings(en, 4, PAGU_LOCALE_EN);
    check_spellings(plain, 4, PAGU_LOCALE_PLAIN);
}

static pagu_code parse_code(const char *text, pagu_locale locale, pagu_error *err)
{
    pagu_money m = 42;
    pagu_code code = pagu_money_parse(ctx, text, locale, 0, &m, err);
    if (code != PAGU_OK)
        assert_int_equal(m, 42);
    return code;
}

static void number__an_ambiguous_amount_is_refused_with_both_readings(void **state)
{
    (void)state;
    pagu_error err;
    assert_int_equal(parse_code("1.234", PAGU_LOCALE_PLAIN, &err), PAGU_AMBIGUOUS_NUMBER);
    assert_int_equal(err.code, PAGU_AMBIGUOUS_NUMBER);
    assert_string_equal(err.message,
                        "\"1.234\" can be read as 1234 or as 1.234: write it without a thousands separator");
    assert_int_equal(parse_code("12,500 jt", PAGU_LOCALE_PLAIN, &err), PAGU_AMBIGUOUS_NUMBER);
    assert_non_null(strstr(err.message, "12500 or as 12.500"));
    assert_int_equal(parse_code("1,234", PAGU_LOCALE_ID, &err), PAGU_FRACTION);
    assert_string_equal(
        err.message, "\"1,234\" is read as the decimal 1.234, not a whole amount; write 1234 if thousands are meant");
    pagu_ctx_set_lang(ctx, PAGU_LANG_ID);
    assert_int_equal(parse_code("1.234", PAGU_LOCALE_PLAIN, &err), PAGU_AMBIGUOUS_NUMBER);
    assert_string_equal(err.message, "\"1.234\" dapat dibaca sebagai 1234 atau 1,234: tulis tanpa pemisah ribuan");
    pagu_ctx_set_lang(ctx, PAGU_LANG_EN);
}

static void number__what_is_no_amount_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",          " ",          "-",         "abc",   "Rp",      "1.23.45", "1,23,456",
        "12 345",    "1.234.56,0", "1..2",      ".5",    "5.",      "1,2.3,4", "1e6",
        "0x10",      "5 orang",    "5%",        "--5",   "-(5)",    "(-5)",    "((5))",
        "(5",        "5)",         "1.234,5,6", "NaN",   "5 jt jt", "\u0661",  "1234.567.890",
        "0.123.456", "Rp Rp 5",    "5,-,-",     "1,5,-", "5 Rp",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        pagu_code code = parse_code(bad[i], PAGU_LOCALE_ID, NULL);
        if (code != PAGU_BAD_NUMBER)
            fail_msg("\"%s\" gives %s", bad[i], pagu_code_name(code));
    }
    assert_int_equal(parse_code("0,5", PAGU_LOCALE_ID, NULL), PAGU_FRACTION);
    assert_int_equal(parse_code("1,0000000000000000000000000000000000000000000001 T", PAGU_LOCALE_ID, NULL),
                     PAGU_FRACTION);
    assert_int_equal(parse_code("9.223.372.036.854.775.808", PAGU_LOCALE_ID, NULL), PAGU_OVERFLOW);
    assert_int_equal(parse_code("-9223372036854775809", PAGU_LOCALE_ID, NULL), PAGU_OVERFLOW);
    assert_int_equal(parse_code("10000000 T", PAGU_LOCALE_ID, NULL), PAGU_OVERFLOW);
    assert_int_equal(parse_code("99999999999999999999999999999999999999999999999999", PAGU_LOCALE_ID, NULL),
                     PAGU_OVERFLOW);
}

static void number__decimals_of_the_minor_unit_are_counted_in(void **state)
{
    (void)state;
    pagu_money m;
    assert_int_equal(pagu_money_parse(ctx, "1.234,56", PAGU_LOCALE_ID, 2, &m, NULL), PAGU_OK);
    assert_int_equal(m, 123456);
    assert_int_equal(pagu_money_parse(ctx, "5", PAGU_LOCALE_ID, 2, &m, NULL), PAGU_OK);
    assert_int_equal(m, 500);
    assert_int_equal(pagu_money_parse(ctx, "5,125", PAGU_LOCALE_ID, 2, &m, NULL), PAGU_FRACTION);
    assert_int_equal(pagu_money_parse(ctx, "5", PAGU_LOCALE_ID, 19, &m, NULL), PAGU_ARGUMENT);
    assert_int_equal(pagu_money_parse(ctx, "5", PAGU_LOCALE_ID, -1, &m, NULL), PAGU_ARGUMENT);
}

static pagu_code plain(const char *s, int64_t unit, int decimals, pagu_money *m)
{
    return pagu_money_parse_plain(s, strlen(s), unit, decimals, m);
}

static void number__plain_amounts_of_files_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t unit;
        int decimals;
        pagu_money value;
    } cases[] = {
        { "1503", 1, 0, 1503 },
        { "-5", 1, 0, -5 },
        { "60.53", 1, 2, 6053 },
        { "60.5", 1000, 0, 60500 },
        { "0.001", 1000, 0, 1 },
        { "0.0005", 1000, 1, 5 },
        { "0.5", 2, 0, 1 },
        { "0.25", 12, 0, 3 },
        { "0.2", 5, 0, 1 },
        { "0.04", 75, 0, 3 },
        { "5.00", 1, 0, 5 },
        { "0", 1000000, 2, 0 },
        { "9223372036854775807", 1, 0, INT64_MAX },
        { "-9223372036854775808", 1, 0, INT64_MIN },
        { "-9223372036854775.808", 1000, 0, INT64_MIN },
        { "2147483648", 1, 0, TWO_31 },
        { "9007199254740993", 1, 0, TWO_53 + 1 },
        { "0000000000000000000000000000000000000000000007", 1, 0, 7 },
        { "999999999999999999", 1, 0, 999999999999999999 },
        { "1000000000000000000", 1, 0, 1000000000000000000 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pagu_money m = -1;
        pagu_code code = plain(cases[i].text, cases[i].unit, cases[i].decimals, &m);
        if (code != PAGU_OK || m != cases[i].value)
            fail_msg("\"%s\": %s %lld", cases[i].text, pagu_code_name(code), (long long)m);
    }
}

static void number__plain_amounts_allow_nothing_else(void **state)
{
    (void)state;
    static const char *const bad[] = { "",   "-",  "1.234.567", "1,5",   "1e3",  " 1", "1 ",
                                       "+1", ".5", "5.",        "1 000", "Rp 5", "(5)" };
    pagu_money m = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(plain(bad[i], 1, 0, &m), PAGU_BAD_NUMBER);
    assert_int_equal(plain("60.53", 1, 0, &m), PAGU_FRACTION);
    assert_int_equal(plain("0.0001", 1000, 0, &m), PAGU_FRACTION);
    assert_int_equal(plain("0.3", 5, 0, &m), PAGU_FRACTION);
    assert_int_equal(plain("0.3", 2, 0, &m), PAGU_FRACTION);
    assert_int_equal(plain("9223372036854775808", 1, 0, &m), PAGU_OVERFLOW);
    assert_int_equal(plain("9223372036854776", 1000, 0, &m), PAGU_OVERFLOW);
    assert_int_equal(plain("1", INT64_MAX, 18, &m), PAGU_OVERFLOW);
    assert_int_equal(plain("99999999999999999999999999999999999999999999", 1, 0, &m), PAGU_OVERFLOW);
    assert_int_equal(plain("1", 0, 0, &m), PAGU_ARGUMENT);
    assert_int_equal(plain("1", 1, 19, &m), PAGU_ARGUMENT);
    assert_int_equal(m, 42);
    /* the length rules, not a NUL */
    assert_int_equal(pagu_money_parse_plain("123456", 3, 1, 0, &m), PAGU_OK);
    assert_int_equal(m, 123);
}

/* ---- measures ---- */

static void number__measures_are_read_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        pagu_state state;
        double value;
        const char *unit, *rest;
    } cases[] = {
        { "", PAGU_MISSING, 0, "", "" },
        { "  ", PAGU_MISSING, 0, "", "" },
        { "-", PAGU_DASH, 0, "", "" },
        { " \u2013 ", PAGU_DASH, 0, "", "" },
        { "88,28%", PAGU_NUMBER, 88.28, "%", "" },
        { "100,00 %", PAGU_NUMBER, 100, "%", "" },
        { "312 Orang/Bulan", PAGU_NUMBER, 312, "Orang/Bulan", "" },
        { "0 orang", PAGU_NUMBER, 0, "orang", "" },
        { "1.503", PAGU_NUMBER, 1503, "", "" },
        { "1.503 Paket", PAGU_NUMBER, 1503, "Paket", "" },
        { "0.125", PAGU_NUMBER, 0.125, "", "" },
        { "-2,5%", PAGU_NUMBER, -2.5, "%", "" },
        { "120 m2", PAGU_NUMBER, 120, "m2", "" },
        { "10Unit", PAGU_NUMBER, 10, "Unit", "" },
        { "72,00 / B", PAGU_NUMBER, 72, "", "72,00 / B" },
        { "72,00 (B)", PAGU_NUMBER, 72, "", "72,00 (B)" },
        { "88% (naik)", PAGU_NUMBER, 88, "%", "88% (naik)" },
        { "Cepat Berkembang", PAGU_TEXT, 0, "", "Cepat Berkembang" },
        { " A ", PAGU_TEXT, 0, "", "A" },
        { "10 Unit Rehab 10 Unit Sarpras", PAGU_TEXT, 0, "", "10 Unit Rehab 10 Unit Sarpras" },
        { "390;320 Jenis/710 item", PAGU_TEXT, 0, "", "390;320 Jenis/710 item" },
        { "1 tahun 6 bulan", PAGU_TEXT, 0, "", "1 tahun 6 bulan" },
        { "2024-2026", PAGU_TEXT, 0, "", "2024-2026" },
        { "1.06.01", PAGU_TEXT, 0, "", "1.06.01" },
        { "12/2024", PAGU_TEXT, 0, "", "12/2024" },
        { "> 80%", PAGU_TEXT, 0, "", "> 80%" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pagu_spelling s;
        assert_int_equal(pagu_measure_parse(ctx, cases[i].text, PAGU_LOCALE_ID, &s, NULL), PAGU_OK);
        if (s.state != cases[i].state || s.value != cases[i].value || s.unit_len != strlen(cases[i].unit) ||
            memcmp(s.unit, cases[i].unit, s.unit_len) != 0 || s.rest_len != strlen(cases[i].rest) ||
            (s.rest_len && memcmp(s.rest, cases[i].rest, s.rest_len) != 0))
            fail_msg("\"%s\": state %d, unit %.*s, rest %.*s", cases[i].text, s.state, (int)s.unit_len, s.unit,
                     (int)s.rest_len, s.rest ? s.rest : "");
    }
}

static void number__an_ambiguous_measure_is_refused(void **state)
{
    (void)state;
    pagu_spelling s;
    pagu_error err;
    assert_int_equal(pagu_measure_parse(ctx, "1.503 orang", PAGU_LOCALE_PLAIN, &s, &err), PAGU_AMBIGUOUS_NUMBER);
    assert_non_null(strstr(err.message, "1503 or as 1.503"));
    assert_int_equal(pagu_measure_parse(ctx, "1.503 orang", PAGU_LOCALE_EN, &s, &err), PAGU_OK);
    assert_true(s.value == 1.503);
}

/* ---- writing ---- */

static void check_money(pagu_money m, pagu_locale locale, int decimals, const char *expected)
{
    char buf[40];
    int len = pagu_money_format(buf, sizeof buf, m, locale, decimals);
    assert_string_equal(buf, expected);
    assert_int_equal(len, strlen(expected));
}

static void number__money_is_grouped_by_locale(void **state)
{
    (void)state;
    check_money(0, PAGU_LOCALE_ID, 0, "0");
    check_money(999, PAGU_LOCALE_ID, 0, "999");
    check_money(-1000, PAGU_LOCALE_ID, 0, "-1.000");
    check_money(4455445985, PAGU_LOCALE_ID, 0, "4.455.445.985");
    check_money(4455445985, PAGU_LOCALE_EN, 2, "44,554,459.85");
    check_money(4455445985, PAGU_LOCALE_PLAIN, 0, "4455445985");
    check_money(-5, PAGU_LOCALE_ID, 2, "-0,05");
    check_money(INT64_MIN, PAGU_LOCALE_ID, 0, "-9.223.372.036.854.775.808");
    check_money(INT64_MIN, PAGU_LOCALE_EN, 18, "-9.223372036854775808");
    check_money(INT64_MAX, PAGU_LOCALE_PLAIN, 2, "92233720368547758.07");
}

static void number__a_short_buffer_is_cut_and_the_length_told(void **state)
{
    (void)state;
    char buf[4] = "xxx";
    assert_int_equal(pagu_money_format(buf, sizeof buf, 1234567, PAGU_LOCALE_ID, 0), 9);
    assert_string_equal(buf, "1.2");
    assert_int_equal(pagu_money_format(NULL, 0, 1234567, PAGU_LOCALE_ID, 0), 9);
}

static void check_number(double x, pagu_locale locale, int places, const char *expected)
{
    char buf[400];
    int len = pagu_number_format(buf, sizeof buf, x, locale, places);
    assert_string_equal(buf, expected);
    assert_int_equal(len, strlen(expected));
}

static void number__numbers_are_written_in_shortest_form(void **state)
{
    (void)state;
    check_number(0, PAGU_LOCALE_ID, -1, "0");
    check_number(-0.0, PAGU_LOCALE_ID, -1, "0");
    check_number(88.28, PAGU_LOCALE_ID, -1, "88,28");
    check_number(1503, PAGU_LOCALE_ID, -1, "1.503");
    check_number(1234567.89, PAGU_LOCALE_EN, -1, "1,234,567.89");
    check_number(0.1 + 0.2, PAGU_LOCALE_PLAIN, -1, "0.30000000000000004");
    check_number(-2147483648.5, PAGU_LOCALE_PLAIN, -1, "-2147483648.5");
    check_number(9007199254740992.0, PAGU_LOCALE_PLAIN, -1, "9007199254740992");
    check_number(1e20, PAGU_LOCALE_PLAIN, -1, "100000000000000000000");
    check_number(1e21, PAGU_LOCALE_PLAIN, -1, "1e21");
    check_number(-1.7976931348623157e308, PAGU_LOCALE_ID, -1, "-1,7976931348623157e308");
    check_number(1e-7, PAGU_LOCALE_PLAIN, -1, "0.0000001");
    check_number(1.5e-30, PAGU_LOCALE_ID, -1, "1,5e-30");
    check_number(5e-324, PAGU_LOCALE_PLAIN, -1, "5e-324");
    check_number(NAN, PAGU_LOCALE_PLAIN, -1, "nan");
    check_number(-INFINITY, PAGU_LOCALE_PLAIN, 2, "-inf");
}

static void number__fixed_places_round_the_written_decimal_half_away(void **state)
{
    (void)state;
    check_number(2.675, PAGU_LOCALE_PLAIN, 2, "2.68"); /* the double lies below; the number written does not */
    check_number(0.125, PAGU_LOCALE_PLAIN, 2, "0.13");
    check_number(-0.125, PAGU_LOCALE_PLAIN, 2, "-0.13");
    check_number(-0.004, PAGU_LOCALE_ID, 2, "0,00");
    check_number(99.995, PAGU_LOCALE_ID, 2, "100,00");
    check_number(12.5, PAGU_LOCALE_ID, 2, "12,50");
    check_number(0.5, PAGU_LOCALE_ID, 0, "1");
    check_number(1e6, PAGU_LOCALE_EN, 2, "1,000,000.00");
    check_number(1500000, PAGU_LOCALE_EN, 0, "1,500,000");
    check_number(1e-20, PAGU_LOCALE_PLAIN, 3, "0.000");
    check_number(9.9e20, PAGU_LOCALE_ID, 2, "990.000.000.000.000.000.000,00");
    check_number(1.5e300, PAGU_LOCALE_ID, 2, "1,5e300");
    check_number(0.5, PAGU_LOCALE_PLAIN, 99, "0.500000000000000000000000000000");
    check_number(5e-324, PAGU_LOCALE_PLAIN, 2, "0.00");
}

static uint64_t next_random(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static void number__every_double_reads_back(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = next_random(&seed);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        char buf[400];
        pagu_number_format(buf, sizeof buf, x, PAGU_LOCALE_PLAIN, -1);
        if (strtod(buf, NULL) != x)
            fail_msg("%a is written %s", x, buf);
    }
}

static void number__every_amount_reads_back_in_every_locale(void **state)
{
    (void)state;
    uint64_t seed = 362436069;
    for (int i = 0; i < 100000; i++) {
        pagu_money m = (int64_t)next_random(&seed) >> (i % 64), back;
        for (int locale = PAGU_LOCALE_ID; locale <= PAGU_LOCALE_EN; locale++) {
            char buf[40];
            int decimals = i % 3;
            pagu_money_format(buf, sizeof buf, m, (pagu_locale)locale, decimals);
            pagu_code code = pagu_money_parse(ctx, buf, (pagu_locale)locale, decimals, &back, NULL);
            if (code != PAGU_OK || back != m)
                fail_msg("%lld is written %s", (long long)m, buf);
        }
        char plain_buf[40];
        int len = pagu_money_format(plain_buf, sizeof plain_buf, m, PAGU_LOCALE_PLAIN, 2);
        assert_int_equal(pagu_money_parse_plain(plain_buf, (size_t)len, 1, 2, &back), PAGU_OK);
        assert_true(back == m);
    }
}

static void number__the_c_locale_has_no_say(void **state)
{
    (void)state;
    static const char *const names[] = { "de_DE.UTF-8", "id_ID.UTF-8", "fr_FR.UTF-8", "de_DE.utf8" };
    bool found = false;
    for (size_t i = 0; i < 4 && !found; i++)
        found = setlocale(LC_ALL, names[i]) != NULL;
    if (!found)
        skip();
    check_number(1.0 / 3, PAGU_LOCALE_PLAIN, -1, "0.3333333333333333");
    pagu_spelling s;
    assert_int_equal(pagu_measure_parse(ctx, "88,28%", PAGU_LOCALE_ID, &s, NULL), PAGU_OK);
    bool exact = s.value == 88.28;
    setlocale(LC_ALL, "C");
    assert_true(exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number__sums_are_exact_up_to_the_64_bit_limits),
        cmocka_unit_test(number__overflow_is_refused_and_leaves_the_result),
        cmocka_unit_test(number__muldiv_rounds_half_away_from_zero),
        cmocka_unit_test(number__division_by_zero_and_units_below_one_are_arguments),
        cmocka_unit_test(number__round_goes_to_the_nearest_multiple),
        cmocka_unit_test(number__scale_takes_the_decimal_as_written_and_rounds_once),
        cmocka_unit_test(number__a_double_becomes_the_decimal_it_is_written_as),
        cmocka_unit_test(number__a_double_beyond_18_digits_is_no_decimal),
        cmocka_unit_test(number__decimals_add_exactly),
        cmocka_unit_test(number__plain_decimals_keep_what_is_written),
        cmocka_unit_test(number__amounts_are_read_in_every_spelling_of_documents),
        cmocka_unit_test(number__a_lone_separator_is_read_by_locale),
        cmocka_unit_test(number__an_ambiguous_amount_is_refused_with_both_readings),
        cmocka_unit_test(number__what_is_no_amount_is_refused),
        cmocka_unit_test(number__decimals_of_the_minor_unit_are_counted_in),
        cmocka_unit_test(number__plain_amounts_of_files_are_exact),
        cmocka_unit_test(number__plain_amounts_allow_nothing_else),
        cmocka_unit_test(number__measures_are_read_with_their_units),
        cmocka_unit_test(number__an_ambiguous_measure_is_refused),
        cmocka_unit_test(number__money_is_grouped_by_locale),
        cmocka_unit_test(number__a_short_buffer_is_cut_and_the_length_told),
        cmocka_unit_test(number__numbers_are_written_in_shortest_form),
        cmocka_unit_test(number__fixed_places_round_the_written_decimal_half_away),
        cmocka_unit_test(number__every_double_reads_back),
        cmocka_unit_test(number__every_amount_reads_back_in_every_locale),
        cmocka_unit_test(number__the_c_locale_has_no_say),
    };
    return cmocka_run_group_tests_name("number", tests, set_up, tear_down);
}
