/* check_layout.c - what is wrong with a table before its values are: titles, columns, slipped cells.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- cells that are of nothing in the plan ---- */

static void check_strays(checker *c)
{
    const pagu_plan *p = c->plan;
    for (uint32_t i = 0; i < c->n_claims && c->code == PAGU_OK; i++) {
        const claim *k = &c->claims[i];
        if (k->kind == CLAIM_OUTSIDE) {
            pagu_finding f = finding_at(c, CHECK_PERIOD_OUTSIDE_FRAME, k);
            check_say(c, &f, "the cell is of %s, outside the years %d to %d of the plan", plan_str(p, k->period_id),
                      p->first_year, p->last_year);
        } else if (k->kind == CLAIM_UNKNOWN) {
            pagu_finding f = finding_at(c, CHECK_CLAIM_UNKNOWN, k);
            check_say(c, &f, "the cell claims %s of \"%s\", which the plan has not", plan_str(p, k->field_id),
                      plan_str(p, k->owner));
        }
    }
}

/* ---- titles ---- */

static bool names_year(const char *text, int year)
{
    for (; *text; text++)
        if (isdigit((unsigned char)*text)) {
            char *end;
            if (strtol(text, &end, 10) == year)
                return true;
            text = end - 1;
        }
    return false;
}

static bool shows_year(const checker *c, const printed_table *t, int year)
{
    const pagu_plan *p = c->plan;
    static const char *const names[] = { "strategic.start", "strategic.end", "strategic.name" };
    if (year == p->year)
        return true;
    for (uint32_t i = 0; i < COUNT_OF(names); i++) {
        const char *text = pagu_plan_meta(p, names[i]);
        if (text && names_year(text, year))
            return true;
    }
    for (uint32_t i = t->first; i < t->first + t->n; i++)
        if (names_year(plan_str(p, c->claims[c->by_row[i]].period_id), year))
            return true;
    return false;
}

static void say_title(checker *c, const printed_table *t, const char *title, int year)
{
    pagu_finding f = finding_at(c, CHECK_TITLE_YEAR, NULL);
    f.file = plan_str(c->plan, t->id);
    f.column = "title";
    f.printed = title;
    f.source_line = (uint32_t)strtoul(table_text(c->plan, &c->tables_doc, t->at, TABLE_LINE), NULL, 10);
    f.record_file = "tables.csv";
    f.record = t->at + 2;
    check_say(c, &f, "the title of table %s names %d, a year that none of its cells shows", f.file, year);
}

static void check_title(checker *c, const printed_table *t)
{
    const char *title = table_text(c->plan, &c->tables_doc, t->at, TABLE_TITLE);
    int told = 0;
    for (const char *s = title; *s && t->n > 0;) {
        size_t digits = strspn(s, "0123456789");
        int year = digits == 4 ? (int)strtol(s, NULL, 10) : 0;
        if (year >= 1900 && year < 2100 && year != told && !shows_year(c, t, year))
            say_title(c, t, title, told = year);
        s += digits ? digits : 1;
    }
}

/* ---- columns ---- */

enum { MOST_COLUMNS = 64 };
typedef struct layout_column {
    symbol name;
    const claim *first;
    uint32_t cells, filled, claims;
} layout_column;

static layout_column *column_of(layout_column *columns, uint32_t *n, const claim *k)
{
    uint32_t i = 0;
    while (i < *n && columns[i].name != k->column)
        i++;
    if (i == MOST_COLUMNS)
        return NULL;
    if (i == *n)
        columns[(*n)++] = (layout_column){ .name = k->column, .first = k };
    return &columns[i];
}

static bool shows_value(const claim *k)
{
    return k->kind == CLAIM_MONEY || k->kind == CLAIM_MEASURE || k->kind == CLAIM_DERIVED || k->kind == CLAIM_TAG;
}

static uint32_t read_columns(const checker *c, const printed_table *t, layout_column *columns)
{
    uint32_t n = 0;
    for (uint32_t i = t->first; i < t->first + t->n; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        layout_column *column = column_of(columns, &n, k);
        if (!column)
            continue;
        column->cells++;
        column->filled += !is_blank(claim_text(c, k));
        column->claims += shows_value(k);
    }
    return n;
}

static void check_empty_column(checker *c, const layout_column *column)
{
    if (!column->claims || column->filled || column->cells < 2)
        return;
    pagu_finding f = finding_at(c, CHECK_COLUMN_EMPTY, column->first);
    f.line = 0;
    f.key = f.stage = f.printed = "";
    check_say(c, &f, "column %s of table %s is empty in all its %u rows", f.column, f.file, column->cells);
}

/* An empty target or achievement in a column that is filled elsewhere. */
static void check_empty_cell(checker *c, const claim *k, const layout_column *column)
{
    if (k->kind != CLAIM_MEASURE || !column->filled || !is_blank(claim_text(c, k)))
        return;
    pagu_finding f = finding_at(c, CHECK_CELL_EMPTY, k);
    check_say(c, &f, "%s of \"%s\" for %s is printed empty, not even as a dash",
              field_word(c, plan_str(c->plan, k->field_id)), claim_key(c, k), plan_str(c->plan, k->period_id));
}

/* ---- slipped rows ---- */

static bool is_bare_number(const checker *c, const claim *k)
{
    pagu_spelling s;
    return pagu_measure_parse(c->ctx, claim_text(c, k), claim_locale(c, k), &s, NULL) == PAGU_OK &&
           s.state == PAGU_NUMBER && !s.unit_len && !s.rest;
}

static const claim *find_hole(const checker *c, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        const char *text = claim_text(c, k);
        if (k->kind == CLAIM_MEASURE && (is_blank(text) || str_eq(text, "-")))
            return k;
    }
    return NULL;
}

static void check_slipped(checker *c, const claim *k, const layout_column *column, uint32_t first, uint32_t end)
{
    if (column->claims || column->cells < 3 || column->filled * 2 >= column->cells || k->kind != CLAIM_NOTHING ||
        !is_bare_number(c, k))
        return;
    const claim *hole = find_hole(c, first, end);
    if (!hole)
        return;
    pagu_finding f = finding_at(c, CHECK_CELL_SLIPPED, k);
    check_say(c, &f,
              "%s stands in column %s, which is empty in other rows, while column %s has %s: the row may have slipped",
              claim_text(c, k), f.column, plan_str(c->plan, hole->column), or_nothing(c, claim_text(c, hole)));
}

/* ---- styles of numbers ---- */

/* A group sign that three digits do not follow is a decimal sign of the other style. */
static bool is_of_other_style(const char *text, pagu_locale locale)
{
    char group = locale == PAGU_LOCALE_ID ? '.' : ',', decimal = locale == PAGU_LOCALE_ID ? ',' : '.';
    const char *at = strchr(text, group);
    if (!at || strchr(text, decimal) || strchr(at + 1, group) || at == text || !isdigit((unsigned char)at[-1]))
        return false;
    size_t digits = strspn(at + 1, "0123456789");
    return digits > 0 && digits != 3;
}

static void check_style(checker *c, const claim *k)
{
    if (k->kind != CLAIM_MONEY && k->kind != CLAIM_MEASURE && k->kind != CLAIM_DERIVED)
        return;
    if (!is_of_other_style(claim_text(c, k), claim_locale(c, k)))
        return;
    pagu_finding f = finding_at(c, CHECK_NUMBER_STYLE, k);
    f.difference = difference_word(DIFFER_MARKS);
    check_say(c, &f, "\"%s\" is not written as the other numbers of the table", claim_text(c, k));
}

static void check_table_style(checker *c, const printed_table *t)
{
    pagu_locale locale = plan_locale(c->plan);
    for (uint32_t i = t->first; t->locale != locale && i < t->first + t->n; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        if ((k->kind != CLAIM_MONEY && k->kind != CLAIM_OTHER) || !strpbrk(claim_text(c, k), ".,") ||
            !is_bare_number(c, k))
            continue;
        pagu_finding f = finding_at(c, CHECK_NUMBER_STYLE, k);
        f.key = f.period = f.stage = "";
        check_say(c, &f, "table %s writes numbers as %s, in another style than the rest of the plan", f.file,
                  f.printed);
        return;
    }
}

/* ---- classes ---- */

/* The first cell that prints the class of the tree. */
static const claim *find_tag(const checker *c, uint32_t tree, const char *cls)
{
    const pagu_plan *p = c->plan;
    for (uint32_t i = 0; i < c->n_claims; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        if (k->kind == CLAIM_TAG && str_eq(plan_str(p, k->field_id) + 4, plan_str(p, p->trees[tree].id)) &&
            same_text(claim_text(c, k), cls))
            return k;
    }
    return NULL;
}

static void say_twin_class(checker *c, const plan_class *x, uint32_t tree, uint32_t other)
{
    const pagu_plan *p = c->plan;
    const char *id = plan_str(p, x->id);
    const claim *k = find_tag(c, other, id);
    pagu_finding f = finding_at(c, CHECK_CLASS_TWICE, k ? k : find_tag(c, tree, id));
    if (!*f.file)
        f.file = f.record_file = "classes.csv";
    f.key = id;
    check_say(c, &f, "class \"%s\" (%s) of tree \"%s\" is a class of tree \"%s\" too", id, plan_str(p, x->name),
              plan_str(p, p->trees[other].id), plan_str(p, p->trees[tree].id));
}

static void check_twin_class(checker *c, uint32_t tree, const plan_class *x)
{
    const pagu_plan *p = c->plan;
    for (uint32_t t = 0; t < tree; t++)
        for (uint32_t i = 0; i < p->trees[t].n_classes; i++) {
            const plan_class *y = &p->trees[t].classes[i];
            if (x->id == y->id && x->name == y->name)
                say_twin_class(c, x, tree, t);
        }
}

/* Trees of hundreds of classes are code lists; those share names by design. */
enum { MOST_CLASSES = 512 };
static void check_classes(checker *c)
{
    const pagu_plan *p = c->plan;
    for (uint32_t t = 1; t < p->n_trees; t++)
        for (uint32_t i = 0; i < p->trees[t].n_classes && i < MOST_CLASSES && !check_stop(c); i++)
            check_twin_class(c, t, &p->trees[t].classes[i]);
}

/* ---- all ---- */

static void check_table_cells(checker *c, const printed_table *t)
{
    layout_column columns[MOST_COLUMNS];
    uint32_t n = read_columns(c, t, columns), row = t->first, end = t->first;
    check_title(c, t);
    check_table_style(c, t);
    for (uint32_t i = 0; i < n; i++)
        check_empty_column(c, &columns[i]);
    for (uint32_t i = t->first; i < t->first + t->n && !check_stop(c); i++) {
        const claim *k = &c->claims[c->by_row[i]];
        const layout_column *column = column_of(columns, &n, k);
        if (i == end) {
            row = i;
            end = claims_row_end(c, i);
        }
        check_style(c, k);
        if (column) {
            check_empty_cell(c, k, column);
            check_slipped(c, k, column, row, end);
        }
    }
}

void check_layout(checker *c)
{
    check_strays(c);
    for (uint32_t t = 0; t < c->n_tables && !check_stop(c); t++)
        check_table_cells(c, &c->tables[t]);
    check_classes(c);
}
