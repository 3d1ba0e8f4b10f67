/* evaluate_polarity.c - rates: what is achieved of a target. The table of cases is in pagu/evaluate.h.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

/* ---- range targets ---- */

static const char *read_bound(const char *s, double *out)
{
    pagu_decimal d;
    size_t n = strspn(s, "+-");
    while ((s[n] >= '0' && s[n] <= '9') || (s[n] == '.' && s[n + 1] != '.'))
        n++;
    if (n == 0 || pagu_decimal_parse(s, n, &d) != PAGU_OK)
        return NULL;
    *out = pagu_decimal_to_double(d);
    return s + n;
}

bool parse_bounds(const char *text, bounds *out)
{
    const char *s = read_bound(text + strspn(text, " "), &out->lo);
    if (!s || strncmp(s += strspn(s, " "), "..", 2) != 0)
        return false;
    s = read_bound(s + 2 + strspn(s + 2, " "), &out->hi);
    return s && s[strspn(s, " ")] == '\0' && out->lo <= out->hi;
}

/* ---- formulas: percent, or a state ---- */

static pagu_derived higher(double target, double achieved)
{
    if (target < 0)
        return derived_state(PAGU_DERIVED_NEGATIVE);
    if (target == 0)
        return derived_state(PAGU_DERIVED_ZERO_TARGET);
    return derived_percent(100 * achieved / target);
}

static pagu_derived lower(const evaluation *e, double target, double achieved)
{
    if (target < 0 || (!e->linear && achieved < 0))
        return derived_state(PAGU_DERIVED_NEGATIVE);
    if (target == achieved)
        return derived_percent(100);
    if (e->linear)
        return target == 0 ? derived_state(PAGU_DERIVED_ZERO_TARGET)
                           : derived_percent(100 * (2 * target - achieved) / target);
    if (achieved > 0)
        return derived_percent(100 * target / achieved);
    /* the best case: beyond any cap, but without one no number */
    return isinf(e->cap) ? derived_state(PAGU_DERIVED_ZERO_ACHIEVED) : derived_percent(e->cap);
}

static pagu_derived within(const evaluation *e, bounds b, double achieved)
{
    if (b.lo < 0)
        return derived_state(PAGU_DERIVED_NEGATIVE);
    if (achieved > b.hi)
        return lower(e, b.hi, achieved);
    return achieved < b.lo ? higher(b.lo, achieved) : derived_percent(100);
}

static pagu_derived apply(const evaluation *e, const pagu_derived *target, double achieved, pagu_polarity polarity)
{
    double t = amount_of(target);
    bounds b = { t, t };
    if (polarity == PAGU_RANGE && target->text && target->state != PAGU_DERIVED_DASH)
        parse_bounds(target->text, &b);
    pagu_derived out = polarity == PAGU_LOWER   ? lower(e, t, achieved)
                       : polarity == PAGU_RANGE ? within(e, b, achieved)
                                                : higher(t, achieved);
    if (out.state == PAGU_DERIVED_NUMBER && out.value > e->cap)
        out.value = e->cap;
    if (out.state == PAGU_DERIVED_NUMBER && out.value < e->floor)
        out.value = e->floor;
    return out;
}

static bool is_range(const pagu_derived *target, pagu_polarity polarity)
{
    bounds b;
    return polarity == PAGU_RANGE && target->text && parse_bounds(target->text, &b);
}

static pagu_derived as_fault(pagu_derived d)
{
    if (d.state == PAGU_DERIVED_TEXT)
        d.state = PAGU_DERIVED_NOT_ONE_NUMBER;
    return d;
}

pagu_derived rate_of(const evaluation *e, const pagu_derived *target, const pagu_derived *achieved,
                     pagu_polarity polarity)
{
    const pagu_derived *t = target, *r = achieved;
    if (t->state == PAGU_DERIVED_MISSING || r->state == PAGU_DERIVED_MISSING)
        return derived_missing();
    if (t->state == PAGU_DERIVED_DASH && r->state == PAGU_DERIVED_DASH)
        return derived_state(PAGU_DERIVED_DASH);
    if (!is_amount(t) && !(t->state == PAGU_DERIVED_TEXT && is_range(t, polarity)))
        return as_fault(*t);
    if (!is_amount(r))
        return as_fault(*r);
    bool both = t->state != PAGU_DERIVED_DASH && r->state != PAGU_DERIVED_DASH;
    if (both && units_differ(t->unit, r->unit))
        return (pagu_derived){ .unit = r->unit, .text = t->unit, .state = PAGU_DERIVED_UNIT_CLASH };
    return apply(e, t, amount_of(r), polarity);
}
