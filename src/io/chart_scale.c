/* chart_scale.c - round ticks and short numbers for people.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>
#include <stdio.h>

static const struct magnitude {
    double unit;
    const char *id, *en;
} magnitudes[] = {
    { 1e12, "triliun", "trillion" },
    { 1e9, "miliar", "billion" },
    { 1e6, "juta", "million" },
    { 1e3, "ribu", "thousand" },
    { 1, "", "" },
};

/* Thousands are written out: 4.500, not 4,5 ribu, unless money makes them small change. */
static const struct magnitude *magnitude_of(double value, double least)
{
    const struct magnitude *m = magnitudes;
    while (m->unit > 1 && (fabs(value) < m->unit || m->unit < least))
        m++;
    return m;
}

/* 1, 2, 2.5 or 5 times a power of ten, at least `rough`. */
static double round_step(double rough)
{
    static const double steps[] = { 1, 2, 2.5, 5, 10 };
    double power = pow(10, floor(log10(rough)));
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (steps[i] * power >= rough * 0.999)
            return steps[i] * power;
    return 10 * power;
}

static int places_for(double step)
{
    int places = 0;
    while (places < 6 && fabs(step * pow(10, places) - round(step * pow(10, places))) > 1e-6)
        places++;
    return places;
}

chart_scale chart_scale_make(double low, double high, int ticks, pagu_locale locale)
{
    chart_scale s = { .unit = 1, .word = "" };
    if (high <= low)
        high = low + (low != 0 ? fabs(low) : 1);
    s.step = round_step((high - low) / ticks);
    s.low = floor(low / s.step + 1e-9) * s.step;
    s.high = ceil(high / s.step - 1e-9) * s.step;
    const struct magnitude *m = magnitude_of(fmax(fabs(s.low), fabs(s.high)), 1e6);
    s.unit = m->unit;
    s.word = locale == PAGU_LOCALE_EN ? m->en : m->id;
    s.places = places_for(s.step / s.unit);
    return s;
}

uint32_t chart_scale_count(const chart_scale *s)
{
    return (uint32_t)llround((s->high - s->low) / s->step) + 1;
}

double chart_scale_tick(const chart_scale *s, uint32_t i)
{
    return s->low + i * s->step;
}

int chart_scale_format(const chart_scale *s, double value, pagu_locale locale, char *out, size_t size)
{
    double shown = value / s->unit;
    if (fabs(shown) < s->step / s->unit * 1e-6)
        shown = 0;
    return pagu_number_format(out, size, shown, locale, s->places);
}

int chart_short_number(double value, pagu_locale locale, bool percent, char *out, size_t size)
{
    const struct magnitude *m = percent ? &magnitudes[COUNT_OF(magnitudes) - 1] : magnitude_of(value, 1e6);
    double shown = fabs(value / m->unit);
    bool whole = m->unit == 1 && value == round(value);
    int places = whole || shown >= 1000 ? 0 : shown >= 100 ? (m->unit > 1 ? 0 : 1) : shown >= 10 ? 1 : 2;
    int len = pagu_number_format(out, size, value / m->unit, locale, places);
    const char *word = locale == PAGU_LOCALE_EN ? m->en : m->id;
    if (len > 0 && (size_t)len < size && (*word || percent))
        len += snprintf(out + len, size - (size_t)len, "%s%s", percent ? "%" : " ", word);
    return len;
}
