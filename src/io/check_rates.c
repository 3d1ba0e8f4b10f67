/* check_rates.c - printed rates and cumulative values against what their own row prints.
 *
 * T-C.29: column 8 = 7/6, 10 = 5 + 7 + 9, 11 = 10/4. An operand that the row prints is taken from
 * there, else from the model: a rate that its own row bears out is not wrong.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "pagu/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_CELLS = 512 }; /* of a row in which operands are looked for */

/* What a rate is made from. */
typedef struct operand {
    const claim *k; /* where it is printed, or NULL */
    pagu_state state;
    double value;
    const char *unit; /* not terminated */
    size_t unit_len;
    uint32_t unit_id; /* index of units, or NO_AT */
} operand;

typedef struct rating {
    checker *c;
    const claim *k;      /* the printed rate */
    uint32_t first, end; /* its row: places in by_row */
    pagu_spelling printed;
    pagu_field target, achieved;
} rating;

/* ---- operands ---- */

static const claim *find_cell(const rating *r, claim_kind kind, uint32_t field, pagu_stage stage, pagu_period period)
{
    const checker *c = r->c;
    for (uint32_t i = r->first; i < r->end && i < r->first + MOST_CELLS; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        if (k->owner_kind == r->k->owner_kind && k->id == r->k->id && k->kind == kind && k->period == period &&
            (stage == PAGU_NONE || k->stage == stage) &&
            (kind == CLAIM_DERIVED ? k->derived == field : k->field == field))
            return k;
    }
    return NULL;
}

static void set_unit(const checker *c, operand *o, const char *unit, size_t len)
{
    o->unit = unit;
    o->unit_len = len;
    o->unit_id = find_unit_spelt(c->plan, unit, len);
}

static operand printed_operand(const checker *c, const claim *k)
{
    operand o = { .k = k, .unit = "", .unit_id = NO_AT };
    pagu_spelling s;
    bool mended;
    o.state = PAGU_TEXT;
    if (!read_printed_measure(c, k, &s, &mended))
        return o;
    o.state = s.state;
    o.value = s.value;
    set_unit(c, &o, s.unit, s.unit_len);
    return o;
}

static operand model_operand(const rating *r, pagu_field field, pagu_stage stage, pagu_period period)
{
    operand o = { .unit = "", .unit_id = NO_AT };
    if (period == PAGU_NONE || field == PAGU_NONE)
        return o;
    pagu_measure m = pagu_view_stage_measure(r->c->loaded, stage, r->k->id, field, period);
    o.state = m.state;
    o.value = m.value;
    if (m.unit)
        set_unit(r->c, &o, m.unit, strlen(m.unit));
    return o;
}

static operand operand_of(const rating *r, pagu_field field, pagu_stage stage, pagu_period period)
{
    const claim *k = period == PAGU_NONE ? NULL : find_cell(r, CLAIM_MEASURE, field, PAGU_NONE, period);
    return k ? printed_operand(r->c, k) : model_operand(r, field, stage, period);
}

static bool unlike(const operand *a, const operand *b)
{
    if (a->state != PAGU_NUMBER || b->state != PAGU_NUMBER || !a->unit_len || !b->unit_len)
        return false;
    if (a->unit_id != NO_AT || b->unit_id != NO_AT)
        return a->unit_id != b->unit_id;
    return a->unit_len != b->unit_len || memcmp(a->unit, b->unit, a->unit_len) != 0;
}

static check_text operand_text(const rating *r, const operand *o)
{
    check_text text = { "" };
    if (o->k)
        snprintf(text.s, sizeof text.s, "%.380s", claim_text(r->c, o->k));
    else if (o->state == PAGU_NUMBER)
        pagu_number_format(text.s, sizeof text.s, o->value, claim_locale(r->c, r->k), -1);
    return text;
}

/* ---- what is said ---- */

static const char *word_of(const rating *r)
{
    return field_word(r->c, plan_str(r->c->plan, r->k->field_id));
}

static void say_unlike(const rating *r, const operand *a, const operand *b, bool divided)
{
    pagu_finding f = finding_at(r->c, CHECK_UNLIKE_UNITS, r->k);
    check_text x = operand_text(r, a), y = operand_text(r, b);
    f.difference = difference_word(DIFFER_UNIT);
    check_say(r->c, &f,
              divided ? "%s of \"%s\" divides unlike units: %s by %s" : "%s of \"%s\" adds up unlike units: %s and %s",
              word_of(r), claim_key(r->c, r->k), x.s, y.s);
}

static void say_unfounded(const rating *r, const operand *o)
{
    pagu_finding f = finding_at(r->c, CHECK_RATE_UNFOUNDED, r->k);
    check_text x = operand_text(r, o);
    const char *key = claim_key(r->c, r->k), *text = claim_text(r->c, r->k);
    if (o->state == PAGU_TEXT)
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but \"%s\" is not one number", word_of(r), key, text, x.s);
    else if (o->state == PAGU_NUMBER)
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but the target is zero", word_of(r), key, text);
    else
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but there is nothing to compute it from", word_of(r), key,
                  text);
}

static void say_missing(const rating *r, double computed, bool percent)
{
    pagu_finding f = finding_at(r->c, CHECK_RATE_MISSING, r->k);
    check_text x = number_as_text(computed, -1, percent, claim_locale(r->c, r->k));
    f.computed = x.s;
    check_say(r->c, &f, "%s of \"%s\" for %s is printed as %s, but its row gives %s", word_of(r), claim_key(r->c, r->k),
              plan_str(r->c->plan, r->k->period_id), or_nothing(r->c, claim_text(r->c, r->k)), x.s);
}

/* Unlike units have no sum, but the cell should say so. */
static void say_empty(const rating *r)
{
    if (r->printed.state != PAGU_MISSING)
        return;
    pagu_finding f = finding_at(r->c, CHECK_CELL_EMPTY, r->k);
    check_say(r->c, &f, "%s of \"%s\" for %s is printed empty, not even as a dash", word_of(r), claim_key(r->c, r->k),
              plan_str(r->c->plan, r->k->period_id));
}

static void say_difference(const rating *r, check_rule rule, double computed, bool percent, difference how, int power)
{
    static const char *const factors[] = { "", "ten", "a hundred", "a thousand" };
    int places = printed_places(claim_text(r->c, r->k), claim_locale(r->c, r->k));
    check_text x = number_as_text(computed, percent && places < 2 ? 2 : places, percent, claim_locale(r->c, r->k));
    pagu_finding f = finding_at(r->c, rule, r->k);
    const char *key = claim_key(r->c, r->k), *text = claim_text(r->c, r->k);
    f.computed = x.s;
    f.difference = difference_word(how);
    if (how == DIFFER_ROUNDING || how == DIFFER_TRUNCATION)
        f.severity = PAGU_NOTE;
    if (how == DIFFER_POWER && abs(power) < (int)COUNT_OF(factors))
        check_say(r->c, &f,
                  power < 0 ? "%s of \"%s\" is printed as %s: %s times too small, its row gives %s"
                            : "%s of \"%s\" is printed as %s: %s times too large, its row gives %s",
                  word_of(r), key, text, tr(r->c->ctx, factors[abs(power)]), x.s);
    else if (how == DIFFER_TRUNCATION)
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, cut off and not rounded: its row gives %s", word_of(r), key,
                  text, x.s);
    else
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but its row gives %s", word_of(r), key, text, x.s);
}

/* ---- comparing ---- */

static void compare_value(const rating *r, double computed, bool percent)
{
    int power, places = printed_places(claim_text(r->c, r->k), claim_locale(r->c, r->k));
    if (r->printed.state != PAGU_NUMBER) {
        if (r->printed.state == PAGU_MISSING || computed != 0)
            say_missing(r, computed, percent);
        return;
    }
    difference how = compare_numbers(r->printed.value, places, computed, &power);
    if (how != DIFFER_NOT)
        say_difference(r, how == DIFFER_POWER ? CHECK_RATE_SCALE : CHECK_RATE_DIFFERS, computed, percent, how, power);
}

/* numerator / denominator in percent. */
static void check_quotient(const rating *r, const operand *top, const operand *bottom)
{
    bool numbers = top->state == PAGU_NUMBER && bottom->state == PAGU_NUMBER;
    if (numbers && bottom->value != 0) {
        if (unlike(top, bottom))
            say_unlike(r, top, bottom, true);
        compare_value(r, top->value / bottom->value * 100, true);
    } else if (r->printed.state == PAGU_NUMBER && r->printed.value != 0) {
        say_unfounded(r, bottom->state != PAGU_NUMBER || bottom->value == 0 ? bottom : top);
    }
}

static bool prefers_lower(const checker *c, pagu_indicator ind)
{
    return c->plan->indicators[ind].polarity == PAGU_LOWER;
}

static void check_rate(const rating *r)
{
    pagu_stage common = r->c->plan->common_stage;
    operand target = operand_of(r, r->target, common, r->k->period),
            achieved = operand_of(r, r->achieved, common, r->k->period);
    if (prefers_lower(r->c, r->k->id))
        check_quotient(r, &target, &achieved);
    else
        check_quotient(r, &achieved, &target);
}

static operand strategic_target(const rating *r)
{
    const pagu_plan *p = r->c->plan;
    const char *end = pagu_plan_meta(p, "strategic.end");
    operand none = { .unit = "", .unit_id = NO_AT };
    if (p->strategic_stage == PAGU_NONE || !end)
        return none;
    pagu_period whole = year_period(r->c, "..", atoi(end), ""), last = year_period(r->c, "", atoi(end), "");
    operand o = operand_of(r, r->target, p->strategic_stage, whole);
    if (o.k || o.state != PAGU_MISSING)
        return o;
    return model_operand(r, r->target, p->strategic_stage, last);
}

/* The cumulative value that the row prints; its unit is often left out. */
static void check_strategic_rate(const rating *r)
{
    const claim *k = find_cell(r, CLAIM_DERIVED, DERIVED_CUMULATIVE, PAGU_NONE, r->k->period);
    if (!k)
        return;
    operand cumulative = printed_operand(r->c, k), target = strategic_target(r);
    if (cumulative.state == PAGU_MISSING && r->printed.state == PAGU_MISSING)
        return; /* one gap: told at the cumulative value */
    if (!cumulative.unit_len && cumulative.state == PAGU_NUMBER) {
        int year = pagu_plan_period_year(r->c->plan, r->k->period);
        operand last = operand_of(r, r->target, r->c->plan->common_stage, year_period(r->c, "", year, ""));
        if (last.state == PAGU_NUMBER && last.value == cumulative.value)
            cumulative = last; /* its text names the unit */
    }
    check_quotient(r, &cumulative, &target);
}

/* ---- cumulative values ---- */

static double aggregate(const operand *o, uint32_t n, pagu_aggregation how)
{
    double sum = 0, last = 0, least = INFINITY, most = -INFINITY;
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (o[i].state != PAGU_NUMBER)
            continue;
        sum += o[i].value;
        last = o[i].value;
        least = fmin(least, last);
        most = fmax(most, last);
        count++;
    }
    switch (how) {
    case PAGU_AGG_SUM: return sum;
    case PAGU_AGG_MEAN: return sum / count;
    case PAGU_AGG_MAX: return most;
    case PAGU_AGG_MIN: return least;
    default: return last;
    }
}

static const operand *first_text(const operand *o, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (o[i].state == PAGU_TEXT)
            return &o[i];
    return NULL;
}

static bool find_unlike(const operand *o, uint32_t n, const operand **a, const operand **b)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i + 1; j < n; j++)
            if (unlike(&o[i], &o[j])) {
                *a = &o[i];
                *b = &o[j];
                return true;
            }
    return false;
}

static void compare_cumulative(const rating *r, const operand *o, uint32_t n, pagu_aggregation how)
{
    int power, places = printed_places(claim_text(r->c, r->k), claim_locale(r->c, r->k));
    const operand *a, *b;
    double computed = aggregate(o, n, how), sum = aggregate(o, n, PAGU_AGG_SUM);
    bool percent = o[n - 1].unit_len == 1 && *o[n - 1].unit == '%';
    if (r->printed.state != PAGU_NUMBER) {
        if (how == PAGU_AGG_SUM && find_unlike(o, n, &a, &b))
            say_empty(r);
        else if (r->printed.state == PAGU_MISSING || computed != 0)
            say_missing(r, computed, percent);
        return;
    }
    bool adds = same_number(r->printed.value, sum);
    if ((how == PAGU_AGG_SUM || adds) && find_unlike(o, n, &a, &b))
        say_unlike(r, a, b, false);
    difference differs = compare_numbers(r->printed.value, places, computed, &power);
    if (differs == DIFFER_NOT)
        return;
    if (how != PAGU_AGG_SUM && adds)
        say_difference(r, CHECK_PERCENT_SUMMED, computed, percent, DIFFER_VALUE, 0);
    else
        say_difference(r, CHECK_CUMULATIVE_DIFFERS, computed, percent, differs, power);
}

static void check_cumulative(const rating *r)
{
    const checker *c = r->c;
    int year = pagu_plan_period_year(c->plan, r->k->period);
    pagu_stage common = c->plan->common_stage;
    if (!year)
        return;
    operand o[] = { operand_of(r, r->achieved, common, year_period(c, "..", year - 2, "")),
                    operand_of(r, r->achieved, common, year_period(c, "", year - 1, "")),
                    operand_of(r, r->target, common, r->k->period) };
    const operand *text = first_text(o, COUNT_OF(o));
    bool some = false;
    for (uint32_t i = 0; i < COUNT_OF(o); i++)
        some |= o[i].state == PAGU_NUMBER;
    if (some && !text)
        compare_cumulative(r, o, COUNT_OF(o), pagu_view_indicator(c->loaded, r->k->id).over_time);
    else if (r->printed.state == PAGU_NUMBER && r->printed.value != 0)
        say_unfounded(r, text ? text : &o[0]);
}

/* ---- absorption ---- */

static void check_absorption(const rating *r)
{
    const checker *c = r->c;
    pagu_field budget, spent;
    if (r->k->owner_kind != OWNER_NODE || pagu_plan_find_field(c->plan, "budget", &budget, NULL) != PAGU_OK ||
        pagu_plan_find_field(c->plan, "spent", &spent, NULL) != PAGU_OK)
        return;
    pagu_cell b = stage_money(c, r->k->stage, r->k->id, budget, r->k->period),
              s = stage_money(c, r->k->stage, r->k->id, spent, r->k->period);
    operand top = { .state = s.state, .value = (double)s.value, .unit = "" },
            bottom = { .state = b.state, .value = (double)b.value, .unit = "" };
    check_quotient(r, &top, &bottom);
}

/* ---- any other derived field: against the model ---- */

static void say_no_value(const rating *r, pagu_cell_reason reason)
{
    pagu_finding f = finding_at(r->c, CHECK_RATE_UNFOUNDED, r->k);
    check_say(r->c, &f, "%s of \"%s\" is printed as %s, but it has no value: %s", word_of(r), claim_key(r->c, r->k),
              claim_text(r->c, r->k), pagu_cell_reason_name(reason));
}

static void check_model(const rating *r)
{
    const checker *c = r->c;
    pagu_field field;
    pagu_expr_type type;
    pagu_expr_value v;
    bool node = r->k->owner_kind == OWNER_NODE;
    if (pagu_find_field(c->plan, plan_str(c->plan, r->k->field_id), &field, NULL) != PAGU_OK ||
        (!node && r->k->owner_kind != OWNER_INDICATOR) ||
        pagu_view_value(c->loaded, node ? r->k->id : PAGU_NO_ROW, node ? PAGU_NO_INDICATOR : r->k->id, field,
                        r->k->period, &type, &v, NULL) != PAGU_OK)
        return;
    if (v.state == PAGU_NUMBER && type != PAGU_EXPR_TEXT)
        compare_value(r, type == PAGU_EXPR_MONEY ? (double)v.money : v.number, v.unit && str_eq(v.unit, "%"));
    else if (v.reason != PAGU_CELL_PLAIN && r->printed.state == PAGU_NUMBER)
        say_no_value(r, v.reason);
}

/* ---- all ---- */

static void check_derived(checker *c, const claim *k, uint32_t first, uint32_t end)
{
    rating r = { .c = c, .k = k, .first = first, .end = end };
    bool mended;
    if (k->period == PAGU_NONE || k->stage == PAGU_NONE || !read_printed_measure(c, k, &r.printed, &mended) ||
        pagu_plan_find_field(c->plan, "target", &r.target, NULL) != PAGU_OK ||
        pagu_plan_find_field(c->plan, "achieved", &r.achieved, NULL) != PAGU_OK)
        return;
    if (r.printed.state == PAGU_TEXT)
        return;
    if (k->derived == DERIVED_REST)
        check_model(&r);
    else if (k->derived == DERIVED_ABSORPTION)
        check_absorption(&r);
    else if (k->owner_kind != OWNER_INDICATOR)
        return;
    else if (k->derived == DERIVED_RATE)
        check_rate(&r);
    else if (k->derived == DERIVED_CUMULATIVE)
        check_cumulative(&r);
    else if (k->derived == DERIVED_STRATEGIC_RATE)
        check_strategic_rate(&r);
}

void check_rates(checker *c)
{
    for (uint32_t i = 0, end; i < c->n_claims && !check_stop(c); i = end) {
        end = claims_row_end(c, i);
        for (uint32_t at = i; at < end; at++)
            if (c->claims[c->by_row[at]].kind == CLAIM_DERIVED)
                check_derived(c, &c->claims[c->by_row[at]], i, end);
    }
}
