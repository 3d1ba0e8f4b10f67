/* check_measures.c - printed targets and achievements against the model and other tables.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

static pagu_measure model_of_stage(const pagu_plan *p, const claim *k, pagu_stage stage)
{
    const plan_column *col = &p->columns[column_index(p, stage, k->field, k->period)];
    const plan_indicator *x = &p->indicators[k->id];
    pagu_measure m = { .unit = x->unit == UINT32_MAX ? "" : plan_str(p, p->units[x->unit].id) };
    if (!col->measures)
        return m;
    const measure_cell *cell = &col->measures[k->id];
    m.value = cell->value;
    m.state = (pagu_state)cell->state;
    m.text = cell->text ? plan_str(p, cell->text) : NULL;
    if (cell->unit)
        m.unit = plan_str(p, cell->unit);
    return m;
}

static pagu_measure model_measure(const checker *c, const claim *k)
{
    pagu_measure m = model_of_stage(c->plan, k, k->stage);
    return m.state == PAGU_MISSING ? model_of_stage(c->plan, k, c->plan->common_stage) : m;
}

/* ---- what is said ---- */

typedef struct saying {
    checker *c;
    const claim *k;
    const pagu_measure *m;
    const char *field, *key, *period, *text;
} saying;

static saying saying_of(checker *c, const claim *k, const pagu_measure *m)
{
    return (saying){ c,
                     k,
                     m,
                     field_word(c, plan_str(c->plan, k->field_id)),
                     claim_key(c, k),
                     plan_str(c->plan, k->period_id),
                     claim_text(c, k) };
}

static bool same_unit(const pagu_plan *p, const pagu_spelling *s, const pagu_measure *m)
{
    if (s->unit_len == 0 || !*m->unit)
        return true;
    uint32_t unit = find_unit_spelt(p, s->unit, s->unit_len);
    return unit != NO_AT && str_eq(plan_str(p, p->units[unit].id), m->unit);
}

static bool agrees(const checker *c, const claim *k, const void *ud)
{
    const pagu_measure *m = ud;
    pagu_spelling s;
    bool mended;
    if (!read_printed_measure(c, k, &s, &mended))
        return false;
    if (m->state == PAGU_NUMBER)
        return s.state == PAGU_NUMBER && same_number(s.value, m->value);
    return m->state == PAGU_DASH ? s.state == PAGU_DASH : m->text && same_text(claim_text(c, k), m->text);
}

static void say_marks(const saying *s)
{
    check_text computed = measure_as_text(s->m, claim_locale(s->c, s->k));
    pagu_finding f = finding_at(s->c, CHECK_PRINTED_MARKS, s->k);
    f.computed = computed.s;
    f.difference = difference_word(DIFFER_MARKS);
    check_say(s->c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s: a difference of marks only",
              s->field, s->key, s->period, or_nothing(s->c, s->text), or_nothing(s->c, computed.s));
}

static void say_unit(const saying *s)
{
    check_text computed = measure_as_text(s->m, claim_locale(s->c, s->k));
    pagu_finding f = finding_at(s->c, CHECK_UNIT_DIFFERS, s->k);
    f.computed = computed.s;
    f.difference = difference_word(DIFFER_UNIT);
    check_say(s->c, &f, "%s of \"%s\" for %s is printed as %s, in another unit than the model's %s", s->field, s->key,
              s->period, s->text, computed.s);
}

static void say_value(const saying *s, difference how)
{
    checker *c = s->c;
    check_text computed = measure_as_text(s->m, claim_locale(c, s->k));
    const claim *witness = s->m->state == PAGU_MISSING ? NULL : claims_witness(c, s->k, agrees, s->m);
    pagu_finding f = finding_at(c, witness ? CHECK_TABLES_DIFFER : CHECK_PRINTED_DIFFERS, s->k);
    f.computed = computed.s;
    f.difference = difference_word(how);
    if (how == DIFFER_ROUNDING || how == DIFFER_TRUNCATION)
        f.severity = PAGU_NOTE;
    if (witness)
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s here and as %s in table %s, row %u", s->field, s->key,
                  s->period, s->text, claim_text(c, witness), claim_table(c, witness), witness->row);
    else
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s", s->field, s->key, s->period,
                  s->text, or_nothing(c, computed.s));
}

/* ---- comparing ---- */

static void compare_printed_number(const saying *s, const pagu_spelling *printed, bool mended)
{
    int power;
    difference how =
        compare_numbers(printed->value, printed_places(s->text, claim_locale(s->c, s->k)), s->m->value, &power);
    if (how == DIFFER_NOT && !same_number(printed->value, s->m->value))
        how = DIFFER_ROUNDING;
    if (how != DIFFER_NOT)
        say_value(s, how);
    else if (!same_unit(s->c->plan, printed, s->m))
        say_unit(s);
    else if (mended)
        say_marks(s);
}

static void check_measure(checker *c, const claim *k)
{
    pagu_spelling printed;
    bool mended;
    pagu_measure m = model_measure(c, k);
    saying s = saying_of(c, k, &m);
    if (!read_printed_measure(c, k, &printed, &mended)) {
        pagu_finding f = finding_at(c, CHECK_PRINTED_UNREADABLE, k);
        check_say(c, &f, "\"%s\" can be read in two ways", s.text);
    } else if (printed.state == PAGU_MISSING) {
        return; /* the document says nothing: see check_layout.c */
    } else if (printed.state == PAGU_NUMBER && m.state == PAGU_NUMBER) {
        compare_printed_number(&s, &printed, mended);
    } else if (m.text && same_text(s.text, m.text)) {
        return;
    } else if (printed.state == PAGU_DASH && m.state != PAGU_TEXT && (m.state != PAGU_NUMBER || m.value == 0)) {
        if (m.state != PAGU_DASH)
            say_marks(&s);
    } else if (printed.state == PAGU_NUMBER && printed.value == 0 && m.state != PAGU_TEXT) {
        say_marks(&s);
    } else {
        say_value(&s, printed.state == PAGU_TEXT || m.state == PAGU_TEXT ? DIFFER_TEXT : DIFFER_VALUE);
    }
}

void check_measure_cells(checker *c)
{
    for (uint32_t i = 0; i < c->n_claims && c->code == PAGU_OK; i++)
        if (i % 1024 == 0 && check_stop(c))
            return;
        else if (c->claims[i].kind == CLAIM_MEASURE)
            check_measure(c, &c->claims[i]);
}
