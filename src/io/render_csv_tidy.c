/* render_csv_tidy.c - several tables as one: a line for every cell that holds something, so that
 * readers see one table with one header (H. Wickham, "Tidy data", 2014).
 *
 *     table,row,level,style,key,column,value,unit,text
 *     tc33,1,0,group,1,budget,4455445985,,
 *
 * key is the row's first cell of text. A number stands in value, words and a dash in text; a missing
 * cell has no line, so that missing, zero and dash stay three things.
 *
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include <stdio.h>

static const char *const header[] = { "table", "row", "level", "style", "key", "column", "value", "unit", "text" };
static const char *const styles[] = { "normal", "group", "total" };

static void print_count(printer *p, uint32_t n)
{
    char text[16];
    snprintf(text, sizeof text, "%u", n);
    print_str(p, text);
}

static uint32_t level_of(const pagu_table *t, uint32_t row)
{
    uint32_t level = 0;
    for (uint32_t up = row; (up = pagu_table_row_parent(t, up)) != PAGU_NO_ROW;)
        level++;
    return level;
}

static void print_field(printer *p, const char *text)
{
    print_str(p, p->dialect->separator);
    csv_text(p, text);
}

static void print_cell(printer *p, const char *name, uint32_t row, uint32_t col, const char *key)
{
    pagu_table_cell c = pagu_table_get(p->table, row, col);
    const pagu_table *t = p->table;
    csv_text(p, name);
    print_str(p, p->dialect->separator);
    print_count(p, row + 1);
    print_str(p, p->dialect->separator);
    print_count(p, level_of(t, row));
    print_field(p, styles[pagu_table_row_style(t, row)]);
    print_field(p, key);
    print_field(p, pagu_table_column_name(t, col));
    print_str(p, p->dialect->separator);
    if (c.state == PAGU_NUMBER)
        csv_value(p, pagu_table_column_type(t, col), &c);
    print_field(p, c.unit);
    print_field(p, c.state == PAGU_DASH ? "-" : c.text ? c.text : "");
    print_str(p, p->dialect->line_end);
}

static void print_table(printer *p, const char *name)
{
    uint32_t first = indented_column(p->table);
    for (uint32_t row = 0; row < pagu_table_row_count(p->table) && keep_printing(p, row); row++) {
        const char *key = first == PAGU_NO_ROW ? NULL : pagu_table_get(p->table, row, first).text;
        for (uint32_t col = 0; col < pagu_table_column_count(p->table); col++)
            if (pagu_table_get(p->table, row, col).state != PAGU_MISSING)
                print_cell(p, name, row, col, key ? key : "");
    }
}

void csv_tidy(printer *p)
{
    for (size_t i = 0; i < COUNT_OF(header); i++) {
        print_str(p, i ? p->dialect->separator : "");
        print_str(p, header[i]);
    }
    print_str(p, p->dialect->line_end);
    for (uint32_t i = 0; i < pagu_document_count(p->document) && keep_printing(p, 0); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        pagu_table *figures = NULL;
        if (b.kind == PAGU_BLOCK_CHART && !block_of_chart(p->document, b.chart))
            figures = chart_figures(p, b.chart);
        if (b.table || figures) {
            take_table(p, b.table ? b.table : figures);
            print_table(p, b.name);
        }
        pagu_table_free(figures);
    }
}
