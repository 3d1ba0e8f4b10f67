/* period.c - the grammar of periods.
 *
 *     2024   2024S1   2024Q1 (2024-Q1)   2024M06   2020..2022   ..2021   *
 *
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

#include <stdio.h>

/* Sort keys are months since year 0; months of one period are [sort_from, sort_to]. */
enum { MONTHS = 12 };

static const char *read_year(const char *s, int *year)
{
    *year = 0;
    for (int i = 0; i < 4; i++) {
        if (s[i] < '0' || s[i] > '9')
            return NULL;
        *year = *year * 10 + (s[i] - '0');
    }
    return *year > 0 ? s + 4 : NULL;
}

static bool set(plan_period *out, uint8_t part, int from, int to)
{
    out->part = part;
    out->year = part == PERIOD_YEAR ? from / MONTHS : 0;
    out->sort_from = from;
    out->sort_to = to;
    return true;
}

/* "Q1", "S2", "M06", "M6" after the year. */
static bool parse_part(const char *s, int year, plan_period *out, char *id, size_t size)
{
    int count = *s == 'S' ? 2 : *s == 'Q' ? 4 : *s == 'M' ? MONTHS : 0, n = 0, digits = 0;
    uint8_t part = count == 2 ? PERIOD_HALF : count == 4 ? PERIOD_QUARTER : PERIOD_MONTH;
    char letter = *s;
    if (count == 0)
        return false;
    for (s++; *s >= '0' && *s <= '9' && digits < 3; s++, digits++)
        n = n * 10 + (*s - '0');
    if (*s || digits == 0 || digits > (part == PERIOD_MONTH ? 2 : 1) || n < 1 || n > count)
        return false;
    snprintf(id, size, part == PERIOD_MONTH ? "%04d%c%02d" : "%04d%c%d", year, letter, n);
    int months = MONTHS / count, from = year * MONTHS + (n - 1) * months;
    return set(out, part, from, from + months - 1);
}

static bool parse_up_to(const char *s, plan_period *out, char *id, size_t size)
{
    int year;
    s = read_year(s, &year);
    if (!s || *s)
        return false;
    snprintf(id, size, "..%04d", year);
    return set(out, PERIOD_UP_TO, 0, year * MONTHS + MONTHS - 1);
}

static bool parse_span(const char *s, int first, plan_period *out, char *id, size_t size)
{
    int last;
    s = read_year(s, &last);
    if (!s || *s || last < first)
        return false;
    snprintf(id, size, "%04d..%04d", first, last);
    return set(out, PERIOD_SPAN, first * MONTHS, last * MONTHS + MONTHS - 1);
}

bool period_parse(const char *text, plan_period *out, char *id, size_t size)
{
    int year;
    memset(out, 0, sizeof *out);
    if (str_eq(text, "*")) {
        snprintf(id, size, "*");
        return set(out, PERIOD_ALWAYS, 0, INT32_MAX);
    }
    if (text[0] == '.' && text[1] == '.')
        return parse_up_to(text + 2, out, id, size);
    const char *rest = read_year(text, &year);
    if (!rest)
        return false;
    if (*rest == '\0') {
        snprintf(id, size, "%04d", year);
        return set(out, PERIOD_YEAR, year * MONTHS, year * MONTHS + MONTHS - 1);
    }
    if (rest[0] == '.' && rest[1] == '.')
        return parse_span(rest + 2, year, out, id, size);
    return parse_part(rest + (*rest == '-'), year, out, id, size);
}
