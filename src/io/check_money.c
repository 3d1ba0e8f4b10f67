/* check_money.c - printed money against the model, and amounts that a package gives for sums.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

/* ---- printed cells ---- */

static pagu_cell model_money(const checker *c, const claim *k)
{
    const pagu_plan *p = c->plan;
    pagu_cell model = plan_money(p, k->id, column_index(p, k->stage, k->field, k->period));
    return model.state == PAGU_MISSING ? plan_money(p, k->id, column_index(p, p->common_stage, k->field, k->period))
                                       : model;
}

static void say_empty(checker *c, const claim *k, const char *computed)
{
    pagu_finding f = finding_at(c, CHECK_PRINTED_MISSING, k);
    f.computed = computed;
    check_say(c, &f, "%s of \"%s\" for %s is printed empty; computed is %s",
              field_word(c, plan_str(c->plan, k->field_id)), claim_key(c, k), plan_str(c->plan, k->period_id),
              computed);
}

static void say_marks(checker *c, const claim *k, const char *computed)
{
    pagu_finding f = finding_at(c, CHECK_PRINTED_MARKS, k);
    f.computed = computed;
    f.difference = difference_word(DIFFER_MARKS);
    check_say(c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s: a difference of marks only",
              field_word(c, plan_str(c->plan, k->field_id)), claim_key(c, k), plan_str(c->plan, k->period_id),
              or_nothing(c, claim_text(c, k)), or_nothing(c, computed));
}

static bool prints_money(const checker *c, const claim *k, const void *value)
{
    pagu_cell cell;
    return read_printed_money(c, k, &cell, NULL) == PAGU_OK && cell.state == PAGU_NUMBER &&
           cell.value == *(const pagu_money *)value;
}

static void say_value(checker *c, const claim *k, pagu_cell printed, pagu_cell model)
{
    check_text computed = cell_as_text(c, model, claim_locale(c, k));
    bool sum = is_sum(c->plan, k->id), power = is_power_of_ten(printed.value, model.value);
    const claim *witness = sum ? NULL : claims_witness(c, k, prints_money, &model.value);
    pagu_finding f = finding_at(c, sum ? CHECK_FOOTING : witness ? CHECK_TABLES_DIFFER : CHECK_PRINTED_DIFFERS, k);
    const char *field = field_word(c, plan_str(c->plan, k->field_id)), *key = claim_key(c, k);
    const char *period = plan_str(c->plan, k->period_id), *text = claim_text(c, k), *holds = or_nothing(c, computed.s);
    f.computed = computed.s;
    f.difference = difference_word(power ? DIFFER_POWER : DIFFER_VALUE);
    if (power)
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s, computed is %s: digits or zeros are wrong", field, key,
                  period, text, holds);
    else if (sum)
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s, but what lies below adds up to %s", field, key, period,
                  text, holds);
    else if (witness)
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s here and as %s in table %s, row %u", field, key, period,
                  text, claim_text(c, witness), claim_table(c, witness), witness->row);
    else
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s", field, key, period, text,
                  holds);
}

static void say_unreadable(checker *c, const claim *k, const char *why)
{
    pagu_finding f = finding_at(c, CHECK_PRINTED_UNREADABLE, k);
    check_say(c, &f, "\"%s\" can't be read: %s", claim_text(c, k), why);
}

/* A sum that its own table bears out is not wrong, whatever the model holds: a line below it
 * is, and that has a finding of its own. A gap in the table is the business of footing. */
static void check_money_cell(checker *c, const claim *k, table_sum sum)
{
    pagu_error err = { 0 };
    pagu_cell printed, model = model_money(c, k);
    if (read_printed_money(c, k, &printed, &err) != PAGU_OK)
        say_unreadable(c, k, err.message);
    else if (printed.state == PAGU_MISSING && model.state == PAGU_NUMBER)
        say_empty(c, k, cell_as_text(c, model, claim_locale(c, k)).s);
    else if (printed.value != model.value && !(sum.known && printed.state == PAGU_NUMBER))
        say_value(c, k, printed, model);
    else if (printed.value == model.value && printed.state != model.state)
        say_marks(c, k, cell_as_text(c, model, claim_locale(c, k)).s);
}

void check_money_cells(checker *c, const table_sum *sums)
{
    for (uint32_t i = 0; i < c->n_claims && c->code == PAGU_OK; i++)
        if (i % 1024 == 0 && check_stop(c))
            return;
        else if (c->claims[i].kind == CLAIM_MONEY)
            check_money_cell(c, &c->claims[i], sums[i]);
}

/* ---- amounts given for sums ---- */

static void check_amount(checker *c, const pagu_printed_amount *a)
{
    const pagu_plan *p = c->plan;
    pagu_cell sum = plan_money(p, a->row, a->column);
    if (sum.state == a->cell.state && sum.value == a->cell.value)
        return;
    pagu_locale locale = plan_locale(p);
    check_text printed = cell_as_text(c, a->cell, locale), computed = cell_as_text(c, sum, locale);
    bool marks = sum.value == a->cell.value;
    pagu_finding f = finding_at(c, marks ? CHECK_PRINTED_MARKS : CHECK_FOOTING, NULL);
    f.file = f.record_file = "amounts.csv";
    f.key = plan_str(p, p->key[a->row]);
    f.column = plan_str(p, p->fields[pagu_plan_column_field(p, a->column)].id);
    f.period = plan_str(p, p->periods[pagu_plan_column_period(p, a->column)].id);
    f.stage = plan_str(p, p->stages[pagu_plan_column_stage(p, a->column)].id);
    f.printed = printed.s;
    f.computed = computed.s;
    f.difference = difference_word(marks ? DIFFER_MARKS : DIFFER_VALUE);
    check_say(c, &f, "%s of \"%s\" for %s in stage \"%s\" is given as %s, but what lies below adds up to %s",
              field_word(c, f.column), f.key, f.period, f.stage, printed.s,
              sum.state == PAGU_MISSING ? "-" : computed.s);
}

void check_amounts(checker *c)
{
    for (uint32_t i = 0; i < c->plan->n_printed && c->code == PAGU_OK; i++)
        check_amount(c, &c->plan->printed[i]);
}
