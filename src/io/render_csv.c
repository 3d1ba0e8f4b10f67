/* render_csv.c - a table as CSV: RFC 4180 with LF, plain numbers, formula-safe text.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include "base/text.h"

/* A spreadsheet runs text that begins with one of these (OWASP, "CSV injection"), the
 * full-width forms included. A dash alone is a value of the document and runs nothing. */
static bool is_formula(const char *s)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"
    };
    while (*s == ' ')
        s++;
    if (str_eq(s, "-"))
        return false;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (strncmp(s, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static bool needs_quotes(const char *s)
{
    size_t len = strlen(s);
    return len && (strpbrk(s, ",\"\r\n") || s[0] == ' ' || s[len - 1] == ' ');
}

static void print_quoted(printer *p, const char *s)
{
    for (;;) {
        const char *quote = strchr(s, '"');
        if (!quote)
            break;
        print_bytes(p, s, (size_t)(quote - s) + 1);
        print_str(p, "\"");
        s = quote + 1;
    }
    print_str(p, s);
}

static void print_text_field(printer *p, const char *s)
{
    bool formula = is_formula(s), quotes = needs_quotes(s);
    if (quotes)
        print_str(p, "\"");
    if (formula)
        print_str(p, "'");
    print_quoted(p, s);
    if (quotes)
        print_str(p, "\"");
}

static void print_value(printer *p, pagu_column_type type, const pagu_table_cell *c)
{
    if (c->state == PAGU_DASH)
        print_str(p, "-");
    else if (c->state == PAGU_TEXT)
        print_text_field(p, c->text ? c->text : "");
    else if (c->state == PAGU_MISSING)
        return;
    else if (type == PAGU_COL_MONEY)
        print_plain_money(p, c->integer, p->decimals);
    else if (type == PAGU_COL_INTEGER)
        print_plain_money(p, c->integer, 0);
    else
        print_plain_number(p, c->number);
}

static void print_header(printer *p)
{
    for (uint32_t col = 0; col < pagu_table_column_count(p->table); col++) {
        const char *name = pagu_table_column_name(p->table, col);
        if (col)
            print_str(p, ",");
        print_text_field(p, name);
        if (pagu_table_column_type(p->table, col) == PAGU_COL_MEASURE) {
            text_truncate(p->cell, 0);
            if (pagu_text_printf(p->cell, "%s_unit", name) != PAGU_OK)
                p->code = PAGU_NO_MEMORY;
            print_str(p, ",");
            print_text_field(p, pagu_text_data(p->cell));
        }
    }
    print_str(p, "\n");
}

static void print_row(printer *p, uint32_t row)
{
    uint32_t n = pagu_table_column_count(p->table);
    for (uint32_t col = 0; col < n; col++) {
        pagu_column_type type = pagu_table_column_type(p->table, col);
        pagu_table_cell c = pagu_table_get(p->table, row, col);
        if (col)
            print_str(p, ",");
        if (n == 1 && type != PAGU_COL_MEASURE && (c.state == PAGU_MISSING || (c.text && !*c.text)))
            print_str(p, "\"\""); /* an empty line would be no row */
        print_value(p, type, &c);
        if (type == PAGU_COL_MEASURE) {
            print_str(p, ",");
            print_text_field(p, c.unit);
        }
    }
    print_str(p, "\n");
}

void render_csv(printer *p)
{
    if (pagu_table_column_count(p->table) == 0)
        return;
    print_header(p);
    for (uint32_t row = 0; row < pagu_table_row_count(p->table) && keep_printing(p, row); row++)
        print_row(p, row);
}

void render_document_csv(printer *p)
{
    bool first = true;
    for (uint32_t i = 0; i < pagu_document_count(p->document) && keep_printing(p, 0); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        pagu_table *figures = NULL;
        if (b.kind == PAGU_BLOCK_CHART && !block_of_chart(p->document, b.chart))
            figures = chart_figures(p, b.chart);
        const pagu_table *t = figures ? figures : b.table;
        if (t) {
            print_str(p, first ? "" : "\n");
            take_table(p, t);
            render_csv(p);
            first = false;
        }
        pagu_table_free(figures);
    }
}
