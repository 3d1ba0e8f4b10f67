/* check_printed.c - each printed cell against the value that the model holds.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what a cell claims ---- */

static pagu_locale locale_of(const char *name, pagu_locale otherwise)
{
    return str_eq(name, "id") ? PAGU_LOCALE_ID : str_eq(name, "en") ? PAGU_LOCALE_EN
           : str_eq(name, "plain") ? PAGU_LOCALE_PLAIN : otherwise;
}

static pagu_locale table_locale(const checker *c, const char *table)
{
    const char *of_plan = pagu_plan_meta(c->plan, "locale");
    pagu_locale otherwise = locale_of(of_plan ? of_plan : "", PAGU_LOCALE_ID);
    for (uint32_t r = 0; c->tables.doc && r < c->tables.doc->n_rows; r++)
        if (str_eq(table_text(c, &c->tables, r, TABLE_ID), table))
            return locale_of(table_text(c, &c->tables, r, TABLE_LOCALE), otherwise);
    return otherwise;
}

bool read_claim(const checker *c, uint32_t row, claim *out)
{
    const check_table *t = &c->printed;
    const pagu_plan *p = c->plan;
    const char *stage = table_text(c, t, row, PRINTED_STAGE);
    out->field_id = table_text(c, t, row, PRINTED_FIELD);
    out->period_id = table_text(c, t, row, PRINTED_PERIOD);
    if (!*out->field_id || !*out->period_id || !*stage)
        return false;
    if (pagu_plan_find_field(p, out->field_id, &out->field, NULL) != PAGU_OK ||
        pagu_plan_find_period(p, out->period_id, &out->period, NULL) != PAGU_OK ||
        pagu_plan_find_stage(p, stage, &out->stage, NULL) != PAGU_OK)
        return false;
    const char *table = table_text(c, t, row, PRINTED_TABLE);
    if (!out->table || !str_eq(out->table, table))
        out->locale = table_locale(c, table);
    out->table = table;
    out->column = table_text(c, t, row, PRINTED_COLUMN);
    out->owner = table_text(c, t, row, PRINTED_OWNER);
    out->text = table_text(c, t, row, PRINTED_TEXT);
    out->row = (uint32_t)strtoul(table_text(c, t, row, PRINTED_ROW), NULL, 10);
    return true;
}

static pagu_finding finding_of(const claim *k, const char *rule, pagu_severity severity, const char *computed)
{
    return (pagu_finding){ .rule = rule, .severity = severity, .file = k->table, .line = k->row, .column = k->column,
                           .key = k->owner, .printed = k->text, .computed = computed };
}

static void say_unreadable(checker *c, const claim *k, const char *why)
{
    pagu_finding f = finding_of(k, "printed-unreadable", PAGU_NOTE, "");
    check_say(c, &f, "\"%s\" can't be read: %s", k->text, why);
}

static void say_marks(checker *c, const claim *k, const char *computed)
{
    pagu_finding f = finding_of(k, "printed-marks", PAGU_NOTE, computed);
    const char *printed = *k->text ? k->text : tr(c->ctx, "nothing");
    check_say(c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s: a difference of marks only",
              k->field_id, k->owner, k->period_id, printed, *computed ? computed : tr(c->ctx, "nothing"));
}

/* ---- money ---- */

static bool blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static bool dash(const checker *c, const char *text)
{
    pagu_spelling s;
    return pagu_measure_parse(c->ctx, text, PAGU_LOCALE_ID, &s, NULL) == PAGU_OK && s.state == PAGU_DASH;
}

pagu_code read_printed_money(const checker *c, const claim *k, pagu_cell *out, pagu_error *err)
{
    *out = (pagu_cell){ 0, PAGU_MISSING };
    if (blank(k->text))
        return PAGU_OK;
    out->state = PAGU_DASH;
    if (dash(c, k->text))
        return PAGU_OK;
    out->state = PAGU_NUMBER;
    return pagu_money_parse(c->ctx, k->text, k->locale, c->plan->decimals, &out->value, err);
}

/* "…; they differ by a factor of 10, 100, …" tells a slip of the hand from a wrong sum. */
static bool is_power_of_ten(pagu_money a, pagu_money b)
{
    uint64_t x = money_abs(a), y = money_abs(b);
    if (x < y) {
        uint64_t swap = x;
        x = y;
        y = swap;
    }
    if (y == 0 || x % y != 0 || (a < 0) != (b < 0))
        return false;
    uint64_t factor = x / y;
    while (factor > 1 && factor % 10 == 0)
        factor /= 10;
    return factor == 1;
}

static const char *or_nothing(const checker *c, const check_text *text)
{
    return *text->s ? text->s : tr(c->ctx, "nothing");
}

static void say_money(checker *c, const claim *k, pagu_row row, pagu_cell printed, pagu_cell model)
{
    check_text computed = cell_as_text(c, model, k->locale);
    bool sum = is_sum(c->plan, row);
    pagu_finding f = finding_of(k, sum ? "footing" : "printed-differs", PAGU_WARNING, computed.s);
    const char *holds = or_nothing(c, &computed);
    if (printed.state == PAGU_MISSING) {
        f.rule = "printed-missing";
        check_say(c, &f, "%s of \"%s\" for %s is printed empty; computed is %s", k->field_id, k->owner, k->period_id,
                  holds);
    } else if (is_power_of_ten(printed.value, model.value)) {
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s, computed is %s: digits or zeros are wrong", k->field_id,
                  k->owner, k->period_id, k->text, holds);
    } else if (sum) {
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s, but what lies below adds up to %s", k->field_id,
                  k->owner, k->period_id, k->text, holds);
    } else {
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s", k->field_id, k->owner,
                  k->period_id, k->text, holds);
    }
}

static void say_table_sum(checker *c, const claim *k, pagu_money sum)
{
    check_text computed = cell_as_text(c, (pagu_cell){ sum, PAGU_NUMBER }, k->locale);
    pagu_finding f = finding_of(k, "footing", PAGU_WARNING, computed.s);
    check_say(c, &f, "%s of \"%s\" for %s is printed as %s, but the rows printed below it add up to %s", k->field_id,
              k->owner, k->period_id, k->text, computed.s);
}

/* A sum that its own table bears out is not wrong, whatever the model holds: a line below it
 * is, and that has a finding of its own. */
static void check_money(checker *c, const claim *k, pagu_row row, table_sum sum)
{
    const pagu_plan *p = c->plan;
    pagu_error err = { 0 };
    pagu_cell printed, model = plan_money(p, row, column_index(p, k->stage, k->field, k->period));
    if (model.state == PAGU_MISSING)
        model = plan_money(p, row, column_index(p, p->common_stage, k->field, k->period));
    if (read_printed_money(c, k, &printed, &err) != PAGU_OK)
        say_unreadable(c, k, err.message);
    else if (printed.state == PAGU_MISSING && model.state == PAGU_NUMBER)
        say_money(c, k, row, printed, model);
    else if (sum.known && printed.state == PAGU_NUMBER && printed.value != sum.value)
        say_table_sum(c, k, sum.value);
    else if (printed.value != model.value && !(sum.known && printed.state == PAGU_NUMBER))
        say_money(c, k, row, printed, model);
    else if (printed.value == model.value && printed.state != model.state)
        say_marks(c, k, cell_as_text(c, model, k->locale).s);
}

/* ---- measures ---- */

/* Copy without case and without blanks around "/". */
static size_t fold_unit(const char *s, size_t len, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < len && n + 1 < size; i++) {
        if (s[i] == ' ' && (i + 1 == len || s[i + 1] == '/' || s[i + 1] == ' ' || (i > 0 && s[i - 1] == '/')))
            continue;
        out[n++] = (char)((unsigned char)s[i] < 0x80 ? tolower((unsigned char)s[i]) : s[i]);
    }
    out[n] = '\0';
    return n;
}

static bool same_spelling(const char *folded, const char *s, size_t len)
{
    char other[128];
    fold_unit(s, len, other, sizeof other);
    return str_eq(folded, other);
}

static const plan_unit *find_unit(const pagu_plan *p, const char *id)
{
    for (uint32_t i = 0; i < p->n_units; i++)
        if (str_eq(plan_str(p, p->units[i].id), id))
            return &p->units[i];
    return NULL;
}

/* Is the printed unit a spelling of this one: its id, name or a synonym? */
static bool is_spelling_of(const pagu_plan *p, const char *id, const char *printed, size_t len)
{
    char folded[128];
    fold_unit(printed, len, folded, sizeof folded);
    const plan_unit *u = find_unit(p, id);
    if (same_spelling(folded, id, strlen(id)))
        return true;
    if (!u)
        return false;
    const char *name = plan_str(p, u->name), *s = plan_str(p, u->synonyms);
    if (same_spelling(folded, name, strlen(name)))
        return true;
    while (*s) {
        size_t n = strcspn(s, "|");
        if (same_spelling(folded, s, n))
            return true;
        s += n + (s[n] == '|');
    }
    return false;
}

static pagu_measure plan_measure(const pagu_plan *p, pagu_indicator ind, const claim *k, pagu_stage stage)
{
    const plan_column *col = &p->columns[column_index(p, stage, k->field, k->period)];
    const plan_indicator *x = &p->indicators[ind];
    pagu_measure m = { .unit = x->unit == UINT32_MAX ? "" : plan_str(p, p->units[x->unit].id) };
    if (!col->measures)
        return m;
    const measure_cell *cell = &col->measures[ind];
    m.value = cell->value;
    m.state = (pagu_state)cell->state;
    m.text = cell->text ? plan_str(p, cell->text) : NULL;
    if (cell->unit)
        m.unit = plan_str(p, cell->unit);
    return m;
}

static check_text measure_as_text(const pagu_measure *m, pagu_locale locale)
{
    check_text text = { "" };
    char number[400];
    if (m->state == PAGU_DASH) {
        snprintf(text.s, sizeof text.s, "-");
    } else if (m->state == PAGU_TEXT) {
        snprintf(text.s, sizeof text.s, "%s", m->text ? m->text : "");
    } else if (m->state == PAGU_NUMBER) {
        pagu_number_format(number, sizeof number, m->value, locale, -1);
        int n = snprintf(text.s, sizeof text.s, "%.300s", number);
        if (*m->unit && n > 0 && (size_t)n < sizeof text.s)
            snprintf(text.s + n, sizeof text.s - (size_t)n, "%s%s", str_eq(m->unit, "%") ? "" : " ", m->unit);
    }
    return text;
}

static bool same_number(double a, double b)
{
    return a == b || fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

static bool same_text(const char *a, const char *b)
{
    while (*a || *b) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b)
            return false;
        a += *a != '\0';
        b += *b != '\0';
    }
    return true;
}

static void say_measure(checker *c, const claim *k, const pagu_measure *m, bool unit_only)
{
    check_text computed = measure_as_text(m, k->locale);
    pagu_finding f = finding_of(k, unit_only ? "printed-unit" : "printed-differs", PAGU_WARNING, computed.s);
    const char *holds = or_nothing(c, &computed);
    if (unit_only)
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s, in another unit than the model's %s", k->field_id,
                  k->owner, k->period_id, k->text, holds);
    else
        check_say(c, &f, "%s of \"%s\" for %s is printed as %s where the model holds %s", k->field_id, k->owner,
                  k->period_id, k->text, holds);
}

static void compare_measure(checker *c, const claim *k, const pagu_spelling *s, const pagu_measure *m)
{
    if (s->state == PAGU_MISSING) /* the document says nothing: a lost text, not another value */
        return;
    if (s->state == PAGU_NUMBER && m->state == PAGU_NUMBER) {
        bool same = same_number(s->value, m->value);
        bool unit = s->unit_len == 0 || !*m->unit || is_spelling_of(c->plan, m->unit, s->unit, s->unit_len);
        if (!same || !unit)
            say_measure(c, k, m, same);
    } else if (m->text && same_text(k->text, m->text)) {
        return;
    } else if (s->state == PAGU_DASH && (m->state != PAGU_NUMBER || m->value == 0) && m->state != PAGU_TEXT) {
        if (m->state != PAGU_DASH)
            say_marks(c, k, measure_as_text(m, k->locale).s);
    } else if (s->state == PAGU_NUMBER && s->value == 0 && m->state != PAGU_TEXT) {
        say_marks(c, k, measure_as_text(m, k->locale).s);
    } else {
        say_measure(c, k, m, false);
    }
}

static void check_measure(checker *c, const claim *k, pagu_indicator ind)
{
    pagu_error err = { 0 };
    pagu_spelling s;
    pagu_measure m = plan_measure(c->plan, ind, k, k->stage);
    if (m.state == PAGU_MISSING)
        m = plan_measure(c->plan, ind, k, c->plan->common_stage);
    if (pagu_measure_parse(c->ctx, k->text, k->locale, &s, &err) != PAGU_OK)
        say_unreadable(c, k, err.message);
    else
        compare_measure(c, k, &s, &m);
}

/* ---- all ---- */

static void check_cell(checker *c, claim *k, table_sum sum)
{
    const pagu_plan *p = c->plan;
    if (p->fields[k->field].kind == PAGU_FIELD_MONEY) {
        pagu_row row;
        if (plan_lookup(p, k->owner, strlen(k->owner), &row, 1) != 1)
            return;
        k->owner = plan_str(p, p->key[row]);
        check_money(c, k, row, sum);
        return;
    }
    pagu_indicator ind = plan_find_indicator(p, k->owner, strlen(k->owner));
    if (ind != PAGU_NO_INDICATOR)
        check_measure(c, k, ind);
}

void check_printed_cells(checker *c)
{
    claim k = { .table = NULL };
    uint32_t n = c->printed.doc->n_rows;
    c->sums = mem_zarray(c->ctx, n, sizeof *c->sums);
    if (n && !c->sums)
        c->code = PAGU_NO_MEMORY;
    else
        foot_tables(c);
    for (uint32_t r = 0; r < n && c->code == PAGU_OK; r++) {
        if (r % 1024 == 0 && pagu_ctx_interrupted(c->ctx))
            c->code = PAGU_INTERRUPTED;
        else if (read_claim(c, r, &k))
            check_cell(c, &k, c->sums[r]);
    }
    mem_free(c->ctx, c->sums, n * sizeof *c->sums);
}
