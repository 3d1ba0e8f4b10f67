/* evaluate_children.c - over children: sums of values where an indicator says so, and the weighted
 * mean of achievement percents. Raw values of unlike things are never averaged.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"
#include "calc/evaluate_mean.h"

static pagu_derived children_achievement(evaluation *e, pagu_row row);

pagu_derived rate_now(evaluation *e, pagu_indicator ind)
{
    double percent;
    if (plain_rate(e, ind, &percent))
        return derived_percent(percent);
    indicator_traits t = traits_of(e, ind);
    pagu_derived target = year_value(e, &e->target_now, ind), achieved = year_value(e, &e->achieved_now, ind);
    pagu_derived out = rate_of(e, &target, &achieved, (pagu_polarity)t.polarity);
    out.flags |= target.flags | achieved.flags;
    if (out.state == PAGU_DERIVED_MISSING && t.over_children == PAGU_AGG_WEIGHTED && t.row != PAGU_NO_ROW) {
        out = children_achievement(e, t.row);
        out.flags |= PAGU_DERIVED_BELOW;
    }
    return out;
}

/* ---- sums ---- */

pagu_derived sum_of_children(evaluation *e, pagu_indicator ind, child_read get, const void *from)
{
    const pagu_view *v = e->view;
    pagu_row row = traits_of(e, ind).row;
    pagu_derived sum = derived_missing();
    uint8_t flags = PAGU_DERIVED_BELOW;
    static const double ones[2] = { 1, 1 };
    pagu_row c = row == PAGU_NO_ROW ? PAGU_NO_ROW : pagu_view_first_child(v, row);
    for (; c != PAGU_NO_ROW && !is_fault(&sum); c = pagu_view_next_child(v, c)) {
        pagu_indicator main = pagu_view_first_indicator(v, c);
        if (main == PAGU_NO_INDICATOR || row_sign(v, c) == 0)
            continue;
        pagu_derived two[2] = { sum, get(e, from, main) };
        if (two[1].state == PAGU_DERIVED_MISSING)
            flags |= PAGU_DERIVED_PARTIAL;
        sum = aggregate(PAGU_AGG_SUM, two, ones, 2, 0);
    }
    if (sum.state != PAGU_DERIVED_MISSING)
        sum.flags |= flags;
    return sum;
}

/* ---- weighted means of percents ---- */

pagu_derived own_achievement(evaluation *e, pagu_row row)
{
    mean m = { 0 };
    for (pagu_indicator i = pagu_view_first_indicator(e->view, row); i != PAGU_NO_INDICATOR;
         i = pagu_view_next_indicator(e->view, i)) {
        bool given;
        double weight = weight_of(e, i, &given);
        pagu_derived rate = rate_now(e, i);
        mean_add(&m, &rate, given, weight);
    }
    pagu_derived out;
    mean_result(&m, &out);
    return out;
}

bool is_measured(const pagu_view *v, pagu_row row)
{
    if (pagu_view_first_indicator(v, row) != PAGU_NO_INDICATOR)
        return true;
    for (pagu_row c = pagu_view_first_child(v, row); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c))
        if (row_sign(v, c) != 0 && is_measured(v, c))
            return true;
    return false;
}

/* A child where nothing is measured is no part of the mean; one without a percent is, and lacks. */
static void add_child(evaluation *e, mean *m, pagu_row child, const pagu_derived *k)
{
    bool given = false;
    double weight = 0;
    pagu_indicator main = pagu_view_first_indicator(e->view, child);
    if (main != PAGU_NO_INDICATOR)
        weight = weight_of(e, main, &given);
    if (k->state != PAGU_DERIVED_MISSING || is_measured(e->view, child))
        mean_add(m, k, given, weight);
}

static pagu_derived children_achievement(evaluation *e, pagu_row row)
{
    mean m = { 0 };
    const pagu_view *v = e->view;
    for (pagu_row c = pagu_view_first_child(v, row); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c)) {
        if (row_sign(v, c) == 0)
            continue;
        pagu_derived k = achievement(e, c);
        add_child(e, &m, c, &k);
    }
    pagu_derived out;
    mean_result(&m, &out);
    return out;
}

pagu_derived achievement(evaluation *e, pagu_row row)
{
    pagu_derived k = children_achievement(e, row);
    return k.state == PAGU_DERIVED_MISSING ? own_achievement(e, row) : k;
}
