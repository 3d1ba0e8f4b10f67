/* formula_period.c - what stands in brackets behind a field: [2024], [n-1], [year-1], [-1], [..2021].
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

#include <stdio.h>
#include <stdlib.h>

/* "n-1": a name of a year, and years to it. */
typedef struct offset {
    bool found;
    int years;
} offset;

/* "", "+1", "- 2": at most three digits. */
static offset read_offset(const char *s)
{
    offset o = { false, 0 };
    while (*s == ' ')
        s++;
    if (*s == '\0')
        return (offset){ true, 0 };
    if (*s != '+' && *s != '-')
        return o;
    int sign = *s++ == '-' ? -1 : 1;
    while (*s == ' ')
        s++;
    size_t n = strspn(s, "0123456789");
    if (n == 0 || n > 3 || s[n])
        return o;
    return (offset){ true, sign * (int)strtol(s, NULL, 10) };
}

static offset offset_from(const char *text, const char *name)
{
    size_t n = strlen(name);
    return strncmp(text, name, n) == 0 ? read_offset(text + n) : (offset){ false, 0 };
}

static expr_period never_or(pagu_code code, pagu_period period)
{
    return (expr_period){ code == PAGU_OK ? EXPR_PERIOD_FIXED : EXPR_PERIOD_NEVER, 0, code == PAGU_OK ? period : 0 };
}

/* Relative to the evaluation's year, or to plan year n; false: it is a plain period. */
static bool read_relative(const pagu_plan *plan, const char *text, expr_period *out)
{
    char id[32];
    pagu_period period = 0;
    bool up_to = strncmp(text, "..", 2) == 0;
    const char *s = up_to ? text + 2 : text;
    offset own = offset_from(s, "year"), n = offset_from(s, "n");
    if (!own.found && !up_to && (*s == '+' || *s == '-'))
        own = read_offset(s);
    if (own.found) {
        *out = (expr_period){ up_to ? EXPR_PERIOD_UP_TO : EXPR_PERIOD_SHIFT, (int16_t)own.years, 0 };
        return true;
    }
    if (!n.found)
        return false;
    snprintf(id, sizeof id, "%s%04d", up_to ? ".." : "", plan->year + n.years);
    pagu_code rc = pagu_plan_find_period(plan, id, &period, NULL);
    *out = never_or(rc, period);
    return true;
}

/* A part or a span in the frame that no value has is just missing; outside the frame is an error. */
static pagu_code read_plain(formula_parser *p, uint32_t at, const char *text, expr_period *out)
{
    plan_period parsed;
    char id[32];
    pagu_period period = 0;
    pagu_code rc = pagu_plan_find_period(p->plan, text, &period, p->err);
    *out = never_or(rc, period);
    if (!rc)
        return PAGU_OK;
    bool known = period_parse(text, &parsed, id, sizeof id);
    bool inside = known && (parsed.part == PERIOD_ALWAYS ||
                            (parsed.sort_to / 12 >= p->plan->first_year && parsed.sort_to / 12 <= p->plan->last_year));
    return inside ? PAGU_OK : formula_place(p, at, rc);
}

pagu_code formula_period(formula_parser *p, expr_period *out)
{
    char text[40];
    uint32_t at = p->now.at, from = p->next;
    const char *close = memchr(p->text + from, ']', p->len - from);
    if (!close)
        return formula_fault(p, at, PAGU_SYNTAX, "the \"[\" has no \"]\"");
    uint32_t to = (uint32_t)(close - p->text);
    p->next = to + 1;
    while (from < to && strchr(" \"'", p->text[from]))
        from++;
    while (to > from && strchr(" \"'", p->text[to - 1]))
        to--;
    if (to - from >= sizeof text || to == from)
        return formula_fault(p, at, PAGU_OUT_OF_FRAME,
                             "a period is expected in the brackets: 2024, n-1, year-1, 2024Q1 or ..2021");
    memcpy(text, p->text + from, to - from);
    text[to - from] = '\0';
    pagu_code rc = PAGU_OK;
    if (!read_relative(p->plan, text, out))
        rc = read_plain(p, from, text, out);
    return rc ? rc : formula_advance(p);
}
