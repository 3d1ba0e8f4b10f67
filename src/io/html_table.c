/* html_table.c - a table as HTML: grouped headings, tree rows, values for machines beside those for
 * people.
 * SPDX-License-Identifier: MIT */
#include "io/html.h"

#include "base/table.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>

enum { WORD = 24, WIDE = 26, MANY = 10, MOST = 18, DEEPEST = 9 };

/* How a column is set: by its type and its longest cell. */
typedef struct form {
    const char *class_name;
} form;

typedef struct sheet {
    printer *p;
    form *columns;
    uint8_t *levels;   /* of rows */
    uint32_t *parents; /* of rows, given or told by the indents; NULL: no tree */
    uint32_t n, n_rows, indented;
} sheet;

/* ---- trees ---- */

static bool has_indents(const pagu_table *t)
{
    for (uint32_t r = 0; r < pagu_table_row_count(t); r++)
        if (pagu_table_row_indent(t, r))
            return true;
    return false;
}

bool html_is_wide(const pagu_table *t)
{
    return pagu_table_column_count(t) > MOST;
}

bool html_is_tree(const pagu_table *t)
{
    return table_has_parents(t) || has_indents(t);
}

static void read_tree(sheet *s)
{
    const pagu_table *t = s->p->table;
    bool given = table_has_parents(t), indents = has_indents(t);
    for (uint32_t r = 0; r < s->n_rows && keep_printing(s->p, r); r++) {
        s->parents[r] = given ? pagu_table_row_parent(t, r) : table_parent_by_indent(t, r, s->parents);
        uint32_t up = s->parents[r], level = indents ? pagu_table_row_indent(t, r) : 0;
        if (!indents && up != PAGU_NO_ROW)
            level = s->levels[up] + 1u;
        s->levels[r] = (uint8_t)(level > DEEPEST ? DEEPEST : level);
    }
}

/* ---- columns ---- */

static const char *text_form(printer *p, uint32_t col)
{
    size_t longest = 0;
    bool words = true;
    for (uint32_t r = 0; r < pagu_table_row_count(p->table) && keep_printing(p, r); r++) {
        pagu_table_cell c = pagu_table_get(p->table, r, col);
        size_t len = c.text ? strlen(c.text) : 0;
        longest = len > longest ? len : longest;
        words = words && len <= WORD && !(c.text && strpbrk(c.text, " \n"));
    }
    return words ? "k" : longest > WIDE ? "w" : "";
}

static void choose_forms(sheet *s)
{
    for (uint32_t col = 0; col < s->n; col++) {
        pagu_column_type type = pagu_table_column_type(s->p->table, col);
        s->columns[col].class_name = type == PAGU_COL_TEXT      ? text_form(s->p, col)
                                     : type == PAGU_COL_MEASURE ? "m"
                                                                : "n";
    }
}

/* ---- headings ---- */

static void print_span(printer *p, const char *name, uint32_t n)
{
    char text[40];
    if (n > 1) {
        snprintf(text, sizeof text, " %s=\"%u\"", name, n);
        print_str(p, text);
    }
}

static void print_heading(printer *p, const char *scope, uint32_t columns, uint32_t rows, const char *text, size_t len)
{
    print_str(p, "<th scope=\"");
    print_str(p, scope);
    print_str(p, "\"");
    print_span(p, "colspan", columns);
    print_span(p, "rowspan", rows);
    print_str(p, ">");
    put_xml(p, text, len);
    print_str(p, "</th>");
}

static size_t group_of(const pagu_table *t, uint32_t col, const char **title)
{
    size_t len;
    *title = pagu_table_column_title(t, col);
    split_title(*title, &len);
    return len;
}

static bool same_group(const pagu_table *t, uint32_t a, uint32_t b)
{
    const char *one, *other;
    size_t len = group_of(t, a, &one);
    return len && len == group_of(t, b, &other) && memcmp(one, other, len) == 0;
}

/* Groups over the columns that share them; columns without one take both lines. */
static void print_groups(sheet *s)
{
    const pagu_table *t = s->p->table;
    print_str(s->p, "<tr>");
    for (uint32_t col = 0, next; col < s->n; col = next) {
        const char *title;
        size_t len = group_of(t, col, &title);
        next = col + 1;
        while (next < s->n && same_group(t, col, next))
            next++;
        if (len)
            print_heading(s->p, "colgroup", next - col, 1, title, len);
        else
            print_heading(s->p, "col", 1, 2, title, strlen(title));
    }
    print_str(s->p, "</tr>\n");
}

static void print_leaves(sheet *s, bool grouped)
{
    print_str(s->p, "<tr>");
    for (uint32_t col = 0; col < s->n; col++) {
        const char *title;
        size_t len = group_of(s->p->table, col, &title);
        const char *leaf = len ? title + len + 1 : title;
        if (len || !grouped)
            print_heading(s->p, "col", 1, 1, leaf, strlen(leaf));
    }
    print_str(s->p, "</tr>\n");
}

static void print_headings(sheet *s)
{
    bool grouped = false;
    for (uint32_t col = 0; col < s->n; col++) {
        const char *title;
        grouped = grouped || group_of(s->p->table, col, &title) > 0;
    }
    print_str(s->p, "<thead>\n");
    if (grouped)
        print_groups(s);
    print_leaves(s, grouped);
    if (has_column_numbers(s->p->table)) {
        print_str(s->p, "<tr class=\"numbers\">");
        for (uint32_t col = 0; col < s->n; col++) {
            const char *number = pagu_table_column_number(s->p->table, col);
            print_heading(s->p, "col", 1, 1, number, strlen(number));
        }
        print_str(s->p, "</tr>\n");
    }
    print_str(s->p, "</thead>\n");
}

/* ---- rows ---- */

/* data-value: the figure as CSV has it; data-unit: of a measure. */
static void print_machine_value(printer *p, pagu_column_type type, const pagu_table_cell *c)
{
    if (type == PAGU_COL_TEXT || c->state == PAGU_MISSING || c->state == PAGU_TEXT)
        return;
    print_str(p, " data-value=\"");
    if (c->state == PAGU_DASH)
        print_str(p, "-");
    else if (type == PAGU_COL_MONEY)
        print_plain_money(p, c->integer, p->decimals);
    else if (type == PAGU_COL_INTEGER)
        print_plain_money(p, c->integer, 0);
    else if (isfinite(c->number))
        print_plain_number(p, c->number);
    print_str(p, "\"");
    if (type == PAGU_COL_MEASURE && *c->unit) {
        print_str(p, " data-unit=\"");
        put_xml(p, c->unit, strlen(c->unit));
        print_str(p, "\"");
    }
}

static void print_class(printer *p, const char *name, uint32_t level)
{
    char indent[4] = "";
    if (level)
        snprintf(indent, sizeof indent, "i%u", level % 10);
    if (!*name && !*indent)
        return;
    print_str(p, " class=\"");
    print_str(p, name);
    print_str(p, *name && *indent ? " " : "");
    print_str(p, indent);
    print_str(p, "\"");
}

static void print_cell(sheet *s, uint32_t row, uint32_t col)
{
    printer *p = s->p;
    pagu_table_cell c = pagu_table_get(p->table, row, col);
    const char *element = col == s->indented ? "th" : "td";
    print_str(p, "<");
    print_str(p, element);
    print_str(p, col == s->indented ? " scope=\"row\"" : "");
    print_class(p, s->columns[col].class_name, col == s->indented && s->levels ? s->levels[row] : 0);
    print_machine_value(p, pagu_table_column_type(p->table, col), &c);
    print_str(p, ">");
    html_text(p, cell_for_people(p, row, col));
    print_str(p, "</");
    print_str(p, element);
    print_str(p, ">");
}

static void print_row(sheet *s, uint32_t row)
{
    static const char *const styles[] = { "<tr", "<tr class=\"group\"", "<tr class=\"total\"" };
    char place[80] = "";
    print_str(s->p, styles[pagu_table_row_style(s->p->table, row)]);
    if (s->parents && s->parents[row] != PAGU_NO_ROW)
        snprintf(place, sizeof place, " data-row=\"%u\" data-parent=\"%u\"", row, s->parents[row]);
    else if (s->parents)
        snprintf(place, sizeof place, " data-row=\"%u\"", row);
    print_str(s->p, place);
    print_str(s->p, ">");
    for (uint32_t col = 0; col < s->n; col++)
        print_cell(s, row, col);
    print_str(s->p, "</tr>\n");
}

/* ---- around ---- */

/* The first line stands out. */
static void print_title(printer *p, const char *element, const pagu_block *b, uint32_t place)
{
    const char *title = pagu_table_title(p->table);
    size_t len = strcspn(title, "\n");
    print_str(p, "<");
    print_str(p, element);
    print_str(p, " class=\"caption\" id=\"");
    html_id(p, b, place);
    print_str(p, "-title\"><b>");
    put_xml(p, title, len);
    print_str(p, "</b>");
    html_text(p, title + len + (title[len] != '\0'));
    print_str(p, "</");
    print_str(p, element);
    print_str(p, ">\n");
}

static void print_notes(printer *p)
{
    const char *key, *value;
    for (uint32_t i = 0; i < pagu_table_note_count(p->table); i++) {
        print_str(p, "<p class=\"note\">");
        html_text(p, pagu_table_note(p->table, i));
        print_str(p, "</p>\n");
    }
    for (uint32_t i = 0; i < pagu_table_stamp_count(p->table); i++) {
        pagu_table_stamp(p->table, i, &key, &value);
        print_str(p, "<p class=\"note stamp\"><b>");
        html_text(p, key);
        print_str(p, "</b>=");
        html_text(p, value);
        print_str(p, "</p>\n");
    }
}

static void open_table(sheet *s, const pagu_block *b, uint32_t place)
{
    printer *p = s->p;
    print_str(p, html_is_wide(p->table) ? "<div class=\"scroll most\""
                 : s->n > MANY          ? "<div class=\"scroll many\""
                                        : "<div class=\"scroll\"");
    print_str(p, " tabindex=\"0\" role=\"region\" aria-label=\"");
    put_xml(p, b->name, strlen(b->name));
    print_str(p, "\">\n<table");
    if (*pagu_table_title(p->table)) {
        print_str(p, " aria-labelledby=\"");
        html_id(p, b, place);
        print_str(p, "-title\"");
    }
    if (s->parents) {
        print_str(p, " class=\"tree\" data-fold=\"");
        print_str(p, html_word(p, "buka atau lipat baris di bawahnya", "unfold or fold the rows below"));
        print_str(p, "\" data-levels=\"");
        print_str(p, html_word(p, "Tingkat", "Level"));
        print_str(p, "\"");
    }
    print_str(p, ">\n");
}

static void print_table(sheet *s, const pagu_block *b, uint32_t place)
{
    choose_forms(s);
    if (s->parents)
        read_tree(s);
    open_table(s, b, place);
    print_headings(s);
    print_str(s->p, "<tbody>\n");
    for (uint32_t row = 0; row < s->n_rows && keep_printing(s->p, row); row++)
        print_row(s, row);
    print_str(s->p, "</tbody>\n</table>\n</div>\n");
}

void html_table(printer *p, const char *label, const pagu_block *b, uint32_t place)
{
    const pagu_table *t = p->table;
    sheet s = { .p = p, .n = pagu_table_column_count(t), .n_rows = pagu_table_row_count(t) };
    bool tree = html_is_tree(t);
    s.indented = indented_column(t);
    if (*pagu_table_title(t))
        print_title(p, label, b, place);
    s.columns = mem_zarray(p->ctx, s.n, sizeof *s.columns);
    s.levels = tree ? mem_zarray(p->ctx, s.n_rows, sizeof *s.levels) : NULL;
    s.parents = tree ? mem_zarray(p->ctx, s.n_rows, sizeof *s.parents) : NULL;
    if ((s.n && !s.columns) || (tree && (!s.levels || !s.parents)))
        note_code(p, PAGU_NO_MEMORY);
    else if (s.n)
        print_table(&s, b, place);
    mem_free(p->ctx, s.columns, s.n * sizeof *s.columns);
    mem_free(p->ctx, s.levels, s.n_rows * sizeof *s.levels);
    mem_free(p->ctx, s.parents, s.n_rows * sizeof *s.parents);
    print_notes(p);
}
