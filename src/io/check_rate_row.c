/* check_rate_row.c - operands that the row of a rate prints, and what is said of it.
 * SPDX-License-Identifier: MIT */
#include "io/check_rates.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_CELLS = 512 }; /* of a row in which operands are looked for */

/* ---- operands ---- */

const claim *rate_cell(const rating *r, claim_kind kind, uint32_t field, pagu_stage stage, pagu_period period)
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

void operand_unit(const checker *c, operand *o, const char *unit, size_t len)
{
    o->unit = unit;
    o->unit_len = len;
    o->unit_id = find_unit_spelt(c->plan, unit, len);
}

operand operand_printed(const checker *c, const claim *k)
{
    operand o = { .k = k, .unit = "", .unit_id = NO_AT };
    pagu_spelling s;
    bool mended;
    o.state = PAGU_TEXT;
    if (!read_printed_measure(c, k, &s, &mended))
        return o;
    o.state = s.state;
    o.value = s.value;
    operand_unit(c, &o, s.unit, s.unit_len);
    return o;
}

operand operand_of_model(const rating *r, pagu_field field, pagu_stage stage, pagu_period period)
{
    operand o = { .unit = "", .unit_id = NO_AT };
    if (period == PAGU_NONE || field == PAGU_NONE)
        return o;
    pagu_measure m = pagu_view_stage_measure(r->c->loaded, stage, r->k->id, field, period);
    o.state = m.state;
    o.value = m.value;
    if (m.unit)
        operand_unit(r->c, &o, m.unit, strlen(m.unit));
    return o;
}

operand operand_find(const rating *r, pagu_field field, pagu_stage stage, pagu_period period)
{
    const claim *k = period == PAGU_NONE ? NULL : rate_cell(r, CLAIM_MEASURE, field, PAGU_NONE, period);
    return k ? operand_printed(r->c, k) : operand_of_model(r, field, stage, period);
}

bool operand_unlike(const operand *a, const operand *b)
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

const char *rate_word(const rating *r)
{
    return field_word(r->c, plan_str(r->c->plan, r->k->field_id));
}

void rate_say_unlike(const rating *r, const operand *a, const operand *b, bool divided)
{
    pagu_finding f = finding_at(r->c, CHECK_UNLIKE_UNITS, r->k);
    check_text x = operand_text(r, a), y = operand_text(r, b);
    f.difference = difference_word(DIFFER_UNIT);
    check_say(r->c, &f,
              divided ? "%s of \"%s\" divides unlike units: %s by %s" : "%s of \"%s\" adds up unlike units: %s and %s",
              rate_word(r), claim_key(r->c, r->k), x.s, y.s);
}

void rate_say_unfounded(const rating *r, const operand *o)
{
    pagu_finding f = finding_at(r->c, CHECK_RATE_UNFOUNDED, r->k);
    check_text x = operand_text(r, o);
    const char *key = claim_key(r->c, r->k), *text = claim_text(r->c, r->k);
    if (o->state == PAGU_TEXT)
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but \"%s\" is not one number", rate_word(r), key, text,
                  x.s);
    else if (o->state == PAGU_NUMBER)
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but the target is zero", rate_word(r), key, text);
    else
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but there is nothing to compute it from", rate_word(r), key,
                  text);
}

void rate_say_missing(const rating *r, double computed, bool percent)
{
    pagu_finding f = finding_at(r->c, CHECK_RATE_MISSING, r->k);
    check_text x = number_as_text(computed, -1, percent, claim_locale(r->c, r->k));
    f.computed = x.s;
    check_say(r->c, &f, "%s of \"%s\" for %s is printed as %s, but its row gives %s", rate_word(r),
              claim_key(r->c, r->k), plan_str(r->c->plan, r->k->period_id), or_nothing(r->c, claim_text(r->c, r->k)),
              x.s);
}

/* Unlike units have no sum, but the cell should say so. */
void rate_say_empty(const rating *r)
{
    if (r->printed.state != PAGU_MISSING)
        return;
    pagu_finding f = finding_at(r->c, CHECK_CELL_EMPTY, r->k);
    check_say(r->c, &f, "%s of \"%s\" for %s is printed empty, not even as a dash", rate_word(r), claim_key(r->c, r->k),
              plan_str(r->c->plan, r->k->period_id));
}

void rate_say_difference(const rating *r, check_rule rule, double computed, bool percent, difference how, int power)
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
                  rate_word(r), key, text, tr(r->c->ctx, factors[abs(power)]), x.s);
    else if (how == DIFFER_TRUNCATION)
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, cut off and not rounded: its row gives %s", rate_word(r),
                  key, text, x.s);
    else
        check_say(r->c, &f, "%s of \"%s\" is printed as %s, but its row gives %s", rate_word(r), key, text, x.s);
}
