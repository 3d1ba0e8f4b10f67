/* render_csv.c - a table as CSV: RFC 4180 with LF, plain numbers, formula-safe text; or as an Excel
 * set to Indonesian opens it.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include "base/text.h"
#include "io/utf8.h"

static const csv_dialect rfc_4180 = { ",", "\n", '.', false, false };
static const csv_dialect excel_id = { ";", "\r\n", ',', true, true };

/* A spreadsheet runs text that begins with one of these (OWASP, "CSV injection"; "|" for DDE), the
 * full-width forms included. A dash alone is a value of the document and runs nothing. */
static bool is_formula(const char *s)
{
    static const char *const starts[] = { "=",  "+",      "-",      "@",      "|",      "\t",    "\r",
                                          "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\uFF5C" };
    while (*s == ' ')
        s++;
    if (str_eq(s, "-"))
        return false;
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (strncmp(s, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static bool needs_quotes(const printer *p, const char *s)
{
    size_t len = strlen(s);
    return len && (strpbrk(s, "\"\r\n") || strstr(s, p->dialect->separator) || s[0] == ' ' || s[len - 1] == ' ');
}

/* The file is UTF-8 whatever a text holds: what is none becomes the replacement character. */
static void print_utf8(printer *p, const char *s, size_t len)
{
    for (size_t n; (n = utf8_valid_prefix(s, len)) < len; s += n + 1, len -= n + 1) {
        print_bytes(p, s, n);
        print_str(p, "\xEF\xBF\xBD");
    }
    print_bytes(p, s, len);
}

static void print_quoted(printer *p, const char *s)
{
    for (;;) {
        const char *quote = strchr(s, '"');
        if (!quote)
            break;
        print_utf8(p, s, (size_t)(quote - s) + 1);
        print_str(p, "\"");
        s = quote + 1;
    }
    print_utf8(p, s, strlen(s));
}

void csv_text(printer *p, const char *s)
{
    bool formula = is_formula(s), quotes = needs_quotes(p, s);
    if (quotes)
        print_str(p, "\"");
    if (formula)
        print_str(p, "'");
    print_quoted(p, s);
    if (quotes)
        print_str(p, "\"");
}

/* A plain number with the dialect's decimal point. */
static void print_number(printer *p, const char *text)
{
    size_t len = strcspn(text, ".");
    print_bytes(p, text, len);
    if (text[len])
        print_bytes(p, &p->dialect->point, 1);
    print_str(p, text[len] ? text + len + 1 : "");
}

static void print_money(printer *p, int64_t value, int decimals)
{
    char text[48];
    pagu_money_format(text, sizeof text, value, PAGU_LOCALE_PLAIN, decimals);
    print_number(p, text);
}

static void print_double(printer *p, double value)
{
    char text[400];
    pagu_number_format(text, sizeof text, value, PAGU_LOCALE_PLAIN, -1);
    print_number(p, text);
}

void csv_value(printer *p, pagu_column_type type, const pagu_table_cell *c)
{
    if (c->state == PAGU_DASH)
        print_str(p, "-");
    else if (c->state == PAGU_TEXT)
        csv_text(p, c->text ? c->text : "");
    else if (c->state == PAGU_MISSING)
        return;
    else if (type == PAGU_COL_MONEY)
        print_money(p, c->integer, p->decimals);
    else if (type == PAGU_COL_INTEGER)
        print_money(p, c->integer, 0);
    else
        print_double(p, c->number);
}

/* A heading for readers, on one line: "Rencana 2024: Target" of "Rencana 2024|Target". */
static void add_title(printer *p, const char *title)
{
    for (; *title && p->code == PAGU_OK; title++) {
        const char *s = *title == '|' ? ": " : *title == '\n' ? " " : NULL;
        p->code = s ? pagu_text_append(p->cell, s, strlen(s)) : pagu_text_append(p->cell, title, 1);
    }
}

/* Programs find columns by name, readers by title. */
static void print_heading(printer *p, uint32_t col, bool unit)
{
    const char *name = pagu_table_column_name(p->table, col), *title = pagu_table_column_title(p->table, col);
    text_truncate(p->cell, 0);
    if (!p->dialect->titles || !title || !*title)
        p->code = pagu_text_printf(p->cell, unit ? "%s_unit" : "%s", name);
    else {
        add_title(p, title);
        if (unit && p->code == PAGU_OK)
            p->code = pagu_text_printf(p->cell, " (%s)", p->english ? "unit" : "satuan");
    }
    if (p->code == PAGU_OK)
        csv_text(p, pagu_text_data(p->cell));
}

static void print_header(printer *p)
{
    for (uint32_t col = 0; col < pagu_table_column_count(p->table) && p->code == PAGU_OK; col++) {
        if (col)
            print_str(p, p->dialect->separator);
        print_heading(p, col, false);
        if (pagu_table_column_type(p->table, col) == PAGU_COL_MEASURE) {
            print_str(p, p->dialect->separator);
            print_heading(p, col, true);
        }
    }
    print_str(p, p->dialect->line_end);
}

static void print_row(printer *p, uint32_t row)
{
    uint32_t n = pagu_table_column_count(p->table);
    for (uint32_t col = 0; col < n; col++) {
        pagu_column_type type = pagu_table_column_type(p->table, col);
        pagu_table_cell c = pagu_table_get(p->table, row, col);
        if (col)
            print_str(p, p->dialect->separator);
        if (n == 1 && type != PAGU_COL_MEASURE && (c.state == PAGU_MISSING || (c.text && !*c.text)))
            print_str(p, "\"\""); /* an empty line would be no row */
        csv_value(p, type, &c);
        if (type == PAGU_COL_MEASURE) {
            print_str(p, p->dialect->separator);
            csv_text(p, c.unit);
        }
    }
    print_str(p, p->dialect->line_end);
}

static void print_table(printer *p)
{
    if (pagu_table_column_count(p->table) == 0)
        return;
    print_header(p);
    for (uint32_t row = 0; row < pagu_table_row_count(p->table) && keep_printing(p, row); row++)
        print_row(p, row);
}

/* ---- entry ---- */

/* The only table of a document, or the only chart that no table of it prints. false: there are several. */
static bool only_figures(const pagu_document *doc, pagu_block *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pagu_document_count(doc); i++) {
        pagu_block b = pagu_document_get(doc, i);
        if (!b.table && (!b.chart || block_of_chart(doc, b.chart)))
            continue;
        *out = b;
        n++;
    }
    return n == 1;
}

static void print_document(printer *p)
{
    pagu_block b;
    if (!only_figures(p->document, &b)) {
        csv_tidy(p);
        return;
    }
    pagu_table *figures = b.chart ? chart_figures(p, b.chart) : NULL;
    if (figures || b.table) {
        take_table(p, figures ? figures : b.table);
        print_table(p);
    }
    pagu_table_free(figures);
}

static void print_all(printer *p, const csv_dialect *dialect)
{
    p->dialect = dialect;
    if (dialect->bom)
        print_str(p, "\uFEFF");
    if (p->table)
        print_table(p);
    else
        print_document(p);
}

void render_csv(printer *p)
{
    print_all(p, &rfc_4180);
}

void render_csv_excel_id(printer *p)
{
    print_all(p, &excel_id);
}
