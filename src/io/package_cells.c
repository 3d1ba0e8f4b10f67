/* package_cells.c - cells of a row, each read by the type of its column.
 * SPDX-License-Identifier: MIT */
#include "io/package_rows.h"

#include "plan/plan_struct.h"

static pagu_code cell_fault(const layout *l, const char *column, const char *text, const char *message)
{
    package_reader *r = l->row.p->r;
    place at = row_place(&l->row, "bad-value", column);
    at.printed = text;
    return *text ? report_at(r->ctx, r->findings, &at, "\"%s\": %s", text, tr(r->ctx, message))
                 : report_text(r->ctx, r->findings, &at, message);
}

static bool read_integer(const char *text, cell_value *out)
{
    const char *p = text + (*text == '-');
    int64_t value = 0;
    if (!*p || strlen(p) > 10)
        return false;
    for (; *p; p++) {
        if (*p < '0' || *p > '9')
            return false;
        value = value * 10 + (*p - '0');
    }
    out->integer = *text == '-' ? -value : value;
    return value <= INT32_MAX;
}

static const char *why_no_money(pagu_code code)
{
    switch (code) {
    case PAGU_OVERFLOW: return "too large for an amount";
    case PAGU_FRACTION:
        return "a fraction of the smallest unit of money, or thousands separators: write whole amounts, digits only";
    default: return "not a plain amount: digits only, without thousands separators, unit or currency";
    }
}

static bool is_period(const char *text)
{
    plan_period period;
    char id[32];
    return period_parse(text, &period, id, sizeof id);
}

/* Give the cell its value; NULL, or what is wrong with the text. */
static const char *read_value(const package *p, cell_type type, cell_value *c)
{
    pagu_decimal d;
    pagu_code code;
    c->state = PAGU_NUMBER;
    switch (type) {
    case CELL_INTEGER: return read_integer(c->text, c) ? NULL : "not a whole number of at most ten digits";
    case CELL_NUMBER:
        if (pagu_decimal_parse(c->text, strlen(c->text), &d) != PAGU_OK)
            return "not a plain number: digits with a point for decimals, at most 18 of them, without unit";
        c->number = pagu_decimal_to_double(d);
        return NULL;
    case CELL_MONEY:
        code = pagu_money_parse_plain(c->text, strlen(c->text), p->unit, p->decimals, &c->integer);
        return code == PAGU_OK ? NULL : why_no_money(code);
    case CELL_BOOLEAN:
        c->integer = str_eq(c->text, "true");
        return c->integer || str_eq(c->text, "false") ? NULL : "must be true or false";
    default: c->state = PAGU_TEXT; return NULL;
    }
}

/* A declared mark other than "-" can't be kept apart yet. */
static const char *why_no_mark(const layout *l, const cell_value *c, const char *otherwise)
{
    const char *label = schema_mark(l->row.p, l->row.res, c->text);
    return label ? "a declared missing value other than - is not supported yet; leave the cell empty" : otherwise;
}

static pagu_code choice_fault(const layout *l, const read_column *column, const char *text)
{
    package_reader *r = l->row.p->r;
    place at = row_place(&l->row, "bad-value", column->name);
    at.printed = text;
    at.computed = column->choices;
    return report_at(r->ctx, r->findings, &at, "\"%s\" must be one of %s", text, column->choices);
}

static pagu_code read_cell(layout *l, const read_column *column, const char *text)
{
    cell_value *c = column->cell;
    unsigned flags = column->flags;
    *c = (cell_value){ .text = text, .state = PAGU_MISSING };
    if (!*text) {
        if (!(flags & (IN_KEY | REQUIRED)))
            return PAGU_OK;
        l->usable = l->usable && !(flags & IN_KEY);
        return cell_fault(l, column->name, text, "must not be empty");
    }
    if (flags & MARKABLE && str_eq(text, "-")) {
        c->state = PAGU_DASH;
        return PAGU_OK;
    }
    const char *wrong = read_value(l->row.p, column->type, c);
    if (wrong && flags & MARKABLE)
        wrong = why_no_mark(l, c, wrong);
    if (!wrong && flags & IS_PERIOD && !is_period(text))
        wrong = "not a period: a year, 2024Q1, 2024S1, 2024M06, ..2024, 2020..2024 or *";
    bool chosen = wrong || !column->choices || list_has(column->choices, '|', text);
    if (!wrong && chosen)
        return PAGU_OK;
    c->state = PAGU_MISSING;
    if (!chosen)
        return choice_fault(l, column, text);
    l->usable = l->usable && !(flags & IN_KEY);
    return cell_fault(l, column->name, text, wrong);
}

/* Most cells need no judging: they are empty and may be, or text that may say anything. */
static inline bool read_easy_cell(const read_column *column, const char *text)
{
    cell_value *c = column->cell;
    bool empty = !*text;
    if (empty ? column->flags & (IN_KEY | REQUIRED)
              : column->type != CELL_TEXT || column->choices || column->flags & (MARKABLE | IS_PERIOD))
        return false;
    *c = (cell_value){ .text = text, .state = empty ? PAGU_MISSING : PAGU_TEXT };
    return true;
}

pagu_code read_cells(layout *l)
{
    char *const *fields = l->source.fields;
    l->usable = true;
    for (const read_column *column = l->reads, *end = column + l->n_reads; column < end; column++) {
        const char *text = fields[column->at];
        pagu_code code = read_easy_cell(column, text) ? PAGU_OK : read_cell(l, column, text);
        if (code != PAGU_OK)
            return code;
    }
    return PAGU_OK;
}
