/* evaluate_children.c - over children: sums of values where an indicator says so, and the weighted
 * mean of achievement percents. Raw values of unlike things are never averaged.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"

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

typedef struct mean {
    double given, given_sum, given_absent; /* weights that were given, of parts with and without a percent */
    double sum;                            /* percents of parts without weight */
    uint32_t n, n_absent, n_given;         /* parts without weight, with and without a percent; with weight */
    uint32_t n_dashes;                     /* nothing planned, nothing done: left out */
} mean;

static void mean_add(mean *m, const pagu_derived *percent, bool has_weight, double weight)
{
    bool counts = percent->state == PAGU_DERIVED_NUMBER;
    m->n_dashes += percent->state == PAGU_DERIVED_DASH;
    if (has_weight) {
        m->n_given++;
        if (counts) {
            m->given += weight;
            m->given_sum += weight * percent->value;
        } else {
            m->given_absent += weight;
        }
    } else if (counts) {
        m->n++;
        m->sum += percent->value;
    } else {
        m->n_absent++;
    }
}

static pagu_derived mean_result(const mean *m)
{
    double usual = m->n_given ? (m->given + m->given_absent) / m->n_given : 1;
    double present = m->given + usual * m->n, absent = m->given_absent + usual * m->n_absent;
    if (!(present > 0)) /* no percents, or all weights 0 */
        return derived_state(m->n_dashes && m->n_dashes == m->n_given + m->n_absent ? PAGU_DERIVED_DASH
                                                                                    : PAGU_DERIVED_MISSING);
    pagu_derived out = derived_percent((m->given_sum + usual * m->sum) / present);
    out.weight_missing = (float)(absent / (present + absent));
    if (m->n + m->n_absent)
        out.flags |= PAGU_DERIVED_EQUAL;
    if (absent > 0)
        out.flags |= PAGU_DERIVED_PARTIAL;
    return out;
}

static double weight_of(const evaluation *e, pagu_indicator ind, bool *given)
{
    const pagu_plan *p = e->plan;
    *given = ind < p->n_indicators && p->traits[ind].has_weight;
    return *given ? p->weights[ind] : 0;
}

static pagu_derived own_achievement(evaluation *e, pagu_row row)
{
    mean m = { 0 };
    for (pagu_indicator i = pagu_view_first_indicator(e->view, row); i != PAGU_NO_INDICATOR;
         i = pagu_view_next_indicator(e->view, i)) {
        bool given;
        double weight = weight_of(e, i, &given);
        pagu_derived rate = rate_now(e, i);
        mean_add(&m, &rate, given, weight);
    }
    return mean_result(&m);
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
    return mean_result(&m);
}

pagu_derived achievement(evaluation *e, pagu_row row)
{
    pagu_derived k = children_achievement(e, row);
    return k.state == PAGU_DERIVED_MISSING ? own_achievement(e, row) : k;
}

/* ---- every row at once ---- */

/* A leaf that has one indicator, which is all that most leaves have. */
static inline bool single_rate(const evaluation *e, pagu_indicator ind, pagu_derived *out)
{
    const pagu_plan *p = e->plan;
    double percent;
    bool single = ind != PAGU_NO_INDICATOR && p->traits[ind].row != PAGU_NO_ROW &&
                  (ind + 1 == p->n_indicators || p->traits[ind + 1].row != p->traits[ind].row);
    bool counts = single && (!p->traits[ind].has_weight || p->weights[ind] > 0) && plain_rate(e, ind, &percent);
    if (!counts)
        return false;
    *out = derived_percent(percent);
    out->flags = p->traits[ind].has_weight ? 0 : PAGU_DERIVED_EQUAL;
    return true;
}

static pagu_derived inner_achievement(evaluation *e, pagu_row row, const pagu_derived *k)
{
    const pagu_plan *p = e->plan;
    mean m = { 0 };
    for (uint32_t c = p->child_first[row]; c < p->child_first[row + 1]; c++)
        if (is_member(e, c) && row_sign(e->view, c) != 0)
            add_child(e, &m, c, &k[c]);
    pagu_derived out = mean_result(&m);
    return out.state == PAGU_DERIVED_MISSING ? own_achievement(e, row) : out;
}

/* The children of a row, or the root, that no sum needs any more. */
static void finish_rows(evaluation *e, uint32_t from, uint32_t to, pagu_derived *out)
{
    for (uint32_t row = from; row < to; row++)
        evaluation_from_k(e, row, &out[row]);
}

/* Children stand behind their parent in level order: from the last row up all are known. */
pagu_code achievement_of_all(evaluation *e, bool finish, pagu_derived *out)
{
    const pagu_plan *p = e->plan;
    for (uint32_t row = p->n_rows; row-- > 0;) {
        pagu_indicator ind = p->first_indicator ? p->first_indicator[row] : PAGU_NO_INDICATOR;
        bool leaf = p->child_first[row] == p->child_first[row + 1];
        if (row % 16384 == 0 && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
        if (!is_member(e, row))
            out[row] = derived_missing();
        else if (!leaf)
            out[row] = inner_achievement(e, row, out);
        else if (!single_rate(e, ind, &out[row]))
            out[row] = own_achievement(e, row);
        if (finish && !leaf)
            finish_rows(e, p->child_first[row], p->child_first[row + 1], out);
    }
    if (finish)
        finish_rows(e, 0, 1, out);
    return PAGU_OK;
}
