/* evaluate_time.c - values of indicators over time: of a year, of its parts, up to a year.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

/* ---- together ---- */

static pagu_derived latest(const pagu_derived *parts, uint32_t n)
{
    const pagu_derived *dash = NULL;
    for (uint32_t i = n; i-- > 0;) {
        if (parts[i].state == PAGU_DERIVED_DASH)
            dash = dash ? dash : &parts[i];
        else if (parts[i].state != PAGU_DERIVED_MISSING)
            return parts[i];
    }
    return dash ? *dash : derived_missing();
}

/* The first thing that keeps parts from going together, in *out. */
static bool find_obstacle(const pagu_derived *parts, uint32_t n, pagu_derived *out)
{
    const char *unit = NULL;
    for (uint32_t i = 0; i < n; i++) {
        const pagu_derived *p = &parts[i];
        *out = *p;
        if (is_fault(p))
            return true;
        if (p->state == PAGU_DERIVED_TEXT) {
            out->state = PAGU_DERIVED_NOT_ONE_NUMBER;
            return true;
        }
        if (p->state != PAGU_DERIVED_NUMBER)
            continue;
        if (unit && units_differ(unit, p->unit)) {
            *out = (pagu_derived){ .unit = unit, .text = p->unit, .state = PAGU_DERIVED_UNIT_CLASH };
            return true;
        }
        unit = p->unit;
    }
    return false;
}

static pagu_derived fold(pagu_aggregation how, const pagu_derived *parts, const double *years, uint32_t n)
{
    pagu_derived out;
    double sum = 0, weight = 0, most = -INFINITY, least = INFINITY;
    bool numbers = false, present = false;
    const char *unit = "";
    if (find_obstacle(parts, n, &out))
        return out;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_amount(&parts[i]))
            continue;
        double x = amount_of(&parts[i]), w = how == PAGU_AGG_MEAN ? years[i] : 1;
        present = true;
        if (parts[i].state == PAGU_DERIVED_NUMBER) {
            numbers = true;
            unit = parts[i].unit;
        }
        sum += x * w;
        weight += w;
        most = x > most ? x : most;
        least = x < least ? x : least;
    }
    if (!numbers)
        return derived_state(present ? PAGU_DERIVED_DASH : PAGU_DERIVED_MISSING);
    double value = how == PAGU_AGG_MEAN ? sum / weight : how == PAGU_AGG_MAX ? most : how == PAGU_AGG_MIN ? least : sum;
    return (pagu_derived){ .value = value, .unit = unit, .state = PAGU_DERIVED_NUMBER };
}

pagu_derived aggregate(pagu_aggregation how, const pagu_derived *parts, const double *years, uint32_t n,
                       uint32_t expected)
{
    uint32_t present = 0;
    uint8_t flags = 0;
    for (uint32_t i = 0; i < n; i++) {
        present += parts[i].state != PAGU_DERIVED_MISSING;
        flags |= parts[i].flags;
    }
    if (present == 0)
        return derived_missing();
    pagu_derived out = how == PAGU_AGG_LAST                  ? latest(parts, n)
                       : how == PAGU_AGG_NONE && present > 1 ? derived_state(PAGU_DERIVED_NOT_AGGREGATED)
                       : how == PAGU_AGG_NONE                ? latest(parts, n)
                                                             : fold(how, parts, years, n);
    if (how != PAGU_AGG_LAST && present < expected)
        flags |= PAGU_DERIVED_PARTIAL;
    out.flags |= flags;
    return out;
}

static pagu_derived from_parts(evaluation *e, const year_source *s, pagu_indicator ind, const indicator_traits *t)
{
    pagu_derived parts[MOST_PARTS];
    static const double ones[MOST_PARTS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
    static const uint8_t expected[PART_GROUPS] = { 4, 2, 12 };
    for (uint32_t g = 0, i = 0; g < PART_GROUPS; g++) {
        uint32_t n = 0;
        for (; i < s->group_end[g]; i++)
            parts[n++] = source_value(e, &s->parts[i], ind, t);
        pagu_derived out = aggregate((pagu_aggregation)t->over_time, parts, ones, n, expected[g]);
        if (out.state == PAGU_DERIVED_MISSING)
            continue;
        return t->over_time == PAGU_AGG_NONE ? derived_state(PAGU_DERIVED_NOT_AGGREGATED) : out;
    }
    return derived_missing();
}

static pagu_derived child_year(evaluation *e, const void *from, pagu_indicator ind)
{
    return year_value(e, from, ind);
}

static pagu_derived child_source(evaluation *e, const void *from, pagu_indicator ind)
{
    indicator_traits t = traits_of(e, ind);
    const source *s = from;
    pagu_derived out = source_value(e, s, ind, &t);
    if (out.state == PAGU_DERIVED_MISSING && t.over_children == PAGU_AGG_SUM && s->live)
        out = sum_of_children(e, ind, child_source, from);
    return out;
}

pagu_derived year_value(evaluation *e, const year_source *s, pagu_indicator ind)
{
    indicator_traits t = traits_of(e, ind);
    pagu_derived out = source_value(e, &s->whole, ind, &t);
    if (out.state == PAGU_DERIVED_MISSING && s->group_end[PART_GROUPS - 1])
        out = from_parts(e, s, ind, &t);
    if (out.state == PAGU_DERIVED_MISSING && t.over_children == PAGU_AGG_SUM && year_is_live(s))
        out = sum_of_children(e, ind, child_year, s);
    return out;
}

enum { MOST_YEARS = 203 }; /* of the longest frame, a span, and one more */

/* Values in order of time, each with the years that it stands for. */
typedef struct timeline {
    pagu_derived parts[MOST_YEARS];
    double years[MOST_YEARS];
    uint32_t n, expected;
} timeline;

static void timeline_add(timeline *t, pagu_derived value, double years)
{
    if (t->n == MOST_YEARS)
        return;
    t->parts[t->n] = value;
    t->years[t->n++] = years;
}

/* The latest span that has a value, and the years after it. */
static void timeline_fill(evaluation *e, timeline *t, const series *s, pagu_indicator ind, int until)
{
    int from = s->start;
    t->n = 0;
    for (uint32_t i = 0; i < s->n_spans && t->n == 0; i++) {
        if (s->spans[i].end > until)
            continue;
        pagu_derived span = child_source(e, &s->spans[i].s, ind);
        if (span.state == PAGU_DERIVED_MISSING)
            continue;
        timeline_add(t, span, s->spans[i].end - s->start + 1);
        from = s->spans[i].end + 1;
    }
    t->expected = t->n + (until >= from ? (uint32_t)(until - from + 1) : 0);
    for (uint32_t i = 0; i < s->n_years; i++)
        if (s->years[i].year >= from && s->years[i].year <= until)
            timeline_add(t, year_value(e, &s->years[i], ind), 1);
}

static pagu_derived timeline_value(evaluation *e, const timeline *t, pagu_indicator ind)
{
    return aggregate((pagu_aggregation)traits_of(e, ind).over_time, t->parts, t->years, t->n, t->expected);
}

pagu_derived series_value(evaluation *e, const series *s, pagu_indicator ind, int until)
{
    timeline t;
    timeline_fill(e, &t, s, ind, until);
    return timeline_value(e, &t, ind);
}

bool is_known_to(evaluation *e, const series *s, pagu_indicator ind, int year)
{
    for (uint32_t i = 0; i < s->n_spans && s->spans[i].end == year; i++)
        if (child_source(e, &s->spans[i].s, ind).state != PAGU_DERIVED_MISSING)
            return true;
    const year_source *last = s->n_years ? &s->years[s->n_years - 1] : NULL;
    return last && last->year == year && year_value(e, last, ind).state != PAGU_DERIVED_MISSING;
}

/* What was achieved before the year, and one value of the year. */
static pagu_derived with_year(evaluation *e, const year_source *now, pagu_indicator ind)
{
    timeline t;
    timeline_fill(e, &t, &e->past, ind, e->year - 1);
    t.expected++;
    timeline_add(&t, year_value(e, now, ind), 1);
    return timeline_value(e, &t, ind);
}

pagu_derived cumulative(evaluation *e, pagu_indicator ind)
{
    return with_year(e, &e->target_now, ind);
}

pagu_derived accumulated(evaluation *e, pagu_indicator ind)
{
    return with_year(e, &e->achieved_now, ind);
}
