/* render_blocks.c - a document as text, Markdown and JSON: its blocks one after the other.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include "base/table.h"

enum { RULE = 40 };

/* ---- blocks ---- */

void take_table(printer *p, const pagu_table *t)
{
    p->table = t;
    p->decimals = pagu_table_decimals(t) < 0 ? p->options.decimals : pagu_table_decimals(t);
}

const pagu_table *only_table(const pagu_document *doc)
{
    pagu_block b = pagu_document_get(doc, 0);
    return pagu_document_count(doc) == 1 && !*pagu_document_title(doc) ? b.table : NULL;
}

const char *block_of_chart(const pagu_document *doc, const pagu_chart *c)
{
    for (uint32_t i = 0; i < pagu_document_count(doc); i++) {
        pagu_block b = pagu_document_get(doc, i);
        if (b.table && b.table == pagu_chart_table(c))
            return b.name;
    }
    return NULL;
}

/* ---- the figures of a chart ---- */

static void copy_cell(printer *p, const pagu_table *from, uint32_t row, uint32_t col, pagu_table *to, uint32_t to_col)
{
    pagu_table_cell c = pagu_table_get(from, row, col);
    pagu_measure m = { c.number, c.unit, c.text, c.state };
    if (c.state == PAGU_DASH) {
        note_code(p, pagu_table_set_dash(to, row, to_col));
        return;
    }
    if (c.state == PAGU_MISSING)
        return;
    pagu_column_type type = pagu_table_column_type(from, col);
    if (c.state == PAGU_TEXT && type != PAGU_COL_TEXT && type != PAGU_COL_MEASURE) {
        note_code(p, pagu_table_set_mark(to, row, to_col, c.text));
        return;
    }
    switch (type) {
    case PAGU_COL_TEXT: note_code(p, pagu_table_set_text(to, row, to_col, c.text)); break;
    case PAGU_COL_MONEY:
    case PAGU_COL_INTEGER: note_code(p, pagu_table_set_money(to, row, to_col, c.integer)); break;
    case PAGU_COL_NUMBER:
    case PAGU_COL_PERCENT: note_code(p, pagu_table_set_number(to, row, to_col, c.number)); break;
    case PAGU_COL_MEASURE: note_code(p, pagu_table_set_measure(to, row, to_col, &m)); break;
    }
}

static void copy_column(printer *p, pagu_table *to, const pagu_table *from, uint32_t col)
{
    const char *title = pagu_table_column_title(from, col);
    note_code(p,
              pagu_table_add_column(to, pagu_table_column_name(from, col), title, pagu_table_column_type(from, col)));
}

static void copy_rows(printer *p, const pagu_chart *c, pagu_table *to)
{
    const pagu_table *from = pagu_chart_table(c);
    for (uint32_t row = 0; row < pagu_table_row_count(from) && keep_printing(p, row); row++) {
        note_code(p, pagu_table_add_row(to));
        note_code(p,
                  pagu_table_set_row_style(to, row, pagu_table_row_style(from, row), pagu_table_row_indent(from, row)));
        note_code(p, pagu_table_set_row_parent(to, row, pagu_table_row_parent(from, row)));
        copy_cell(p, from, row, pagu_chart_label_column(c), to, 0);
        for (uint32_t i = 0; i < pagu_chart_value_count(c); i++)
            copy_cell(p, from, row, pagu_chart_value_column(c, i), to, i + 1);
    }
}

pagu_table *chart_figures(printer *p, const pagu_chart *c)
{
    const pagu_table *from = pagu_chart_table(c);
    pagu_table *to = pagu_table_new(p->ctx);
    if (!to) {
        note_code(p, PAGU_NO_MEMORY);
        return NULL;
    }
    note_code(p, pagu_table_set_title(to, pagu_chart_title(c)));
    pagu_table_set_decimals(to, pagu_table_decimals(from));
    copy_column(p, to, from, pagu_chart_label_column(c));
    for (uint32_t i = 0; i < pagu_chart_value_count(c); i++)
        copy_column(p, to, from, pagu_chart_value_column(c, i));
    copy_rows(p, c, to);
    return to;
}

/* Print a table, or the figures of a chart that the document shows nowhere else. */
static bool print_table(printer *p, const pagu_block *b, void (*render)(printer *), const char *before)
{
    pagu_table *figures = NULL;
    if (b->kind == PAGU_BLOCK_CHART && !block_of_chart(p->document, b->chart))
        figures = chart_figures(p, b->chart);
    const pagu_table *t = figures ? figures : b->table;
    if (t && p->code == PAGU_OK) {
        print_str(p, before);
        take_table(p, t);
        render(p);
    }
    pagu_table_free(figures);
    return t != NULL;
}

static void each_stamp(printer *p, void (*print)(printer *, const char *, const char *))
{
    const char *key, *value;
    for (uint32_t i = 0; p->options.stamp && i < pagu_document_stamp_count(p->document); i++) {
        pagu_document_stamp(p->document, i, &key, &value);
        print(p, key, value);
    }
}

/* A blank line before the stamp, unless the table's own stamp stands there. */
static void print_stamp(printer *p, void (*print)(printer *, const char *, const char *))
{
    const pagu_table *t = only_table(p->document);
    bool follows = t && pagu_table_stamp_count(t);
    if (p->options.stamp && pagu_document_stamp_count(p->document) && !follows)
        print_str(p, "\n");
    each_stamp(p, print);
}

/* ---- text ---- */

static void print_text_block(printer *p, const pagu_block *b, bool *first)
{
    const char *gap = *first ? "" : "\n";
    if (b->kind == PAGU_BLOCK_TABLE || b->kind == PAGU_BLOCK_CHART) {
        *first = !print_table(p, b, render_text, gap) && *first;
        return;
    }
    print_str(p, gap);
    text_lines(p, b->text);
    if (b->kind == PAGU_BLOCK_HEADING && b->level <= 2)
        text_rule(p, RULE);
    *first = false;
}

void render_document_text(printer *p)
{
    const char *title = pagu_document_title(p->document);
    bool first = !*title;
    if (*title) {
        text_lines(p, title);
        text_rule(p, RULE);
    }
    for (uint32_t i = 0; i < pagu_document_count(p->document) && keep_printing(p, 0); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        print_text_block(p, &b, &first);
    }
    print_stamp(p, text_stamp);
}

/* ---- Markdown ---- */

static void print_marked(printer *p, const char *mark, const char *text)
{
    print_str(p, mark);
    while (*text) {
        size_t len = strcspn(text, "\n");
        markdown_text(p, text, len);
        text += len;
        if (*text) {
            print_str(p, *mark ? " " : "  \n");
            text++;
        }
    }
    print_str(p, "\n");
}

static void print_markdown_block(printer *p, const pagu_block *b, bool *first)
{
    static const char *const marks[] = { "", "## ", "### ", "#### ", "##### " };
    const char *gap = *first ? "" : "\n";
    if (b->kind == PAGU_BLOCK_TABLE || b->kind == PAGU_BLOCK_CHART) {
        *first = !print_table(p, b, render_markdown, gap) && *first;
        return;
    }
    print_str(p, gap);
    print_marked(p, marks[b->level], b->text);
    *first = false;
}

void render_document_markdown(printer *p)
{
    const char *title = pagu_document_title(p->document);
    bool first = !*title;
    if (*title)
        print_marked(p, "# ", title);
    for (uint32_t i = 0; i < pagu_document_count(p->document) && keep_printing(p, 0); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        print_markdown_block(p, &b, &first);
    }
    print_stamp(p, markdown_stamp);
}

/* ---- JSON ---- */

static void print_json_chart(printer *p, const pagu_block *b)
{
    const pagu_table *t = pagu_chart_table(b->chart);
    const char *shown = block_of_chart(p->document, b->chart);
    print_str(p, ",\"kind\":\"");
    print_str(p, pagu_chart_kind_name(pagu_chart_get_kind(b->chart)));
    print_str(p, "\",\"title\":");
    json_string(p, pagu_chart_title(b->chart));
    print_str(p, ",\"unit\":");
    json_string(p, pagu_chart_unit(b->chart));
    print_str(p, ",\"label\":");
    json_string(p, pagu_table_column_name(t, pagu_chart_label_column(b->chart)));
    print_str(p, ",\"values\":[");
    for (uint32_t i = 0; i < pagu_chart_value_count(b->chart); i++) {
        print_str(p, i ? "," : "");
        json_string(p, pagu_table_column_name(t, pagu_chart_value_column(b->chart, i)));
    }
    print_str(p, "],\n\"table\":");
    if (shown) {
        json_string(p, shown);
        return;
    }
    print_str(p, "{");
    take_table(p, t);
    json_table(p);
    print_str(p, "}");
}

static void print_json_block(printer *p, const pagu_block *b)
{
    static const char *const types[] = { "heading", "text", "table", "chart" };
    print_str(p, "{\"type\":\"");
    print_str(p, types[b->kind]);
    print_str(p, "\"");
    if (b->name) {
        print_str(p, ",\"name\":");
        json_string(p, b->name);
    }
    if (b->level) {
        const char digit = (char)('0' + b->level);
        print_str(p, ",\"level\":");
        print_bytes(p, &digit, 1);
    }
    if (b->text) {
        print_str(p, ",\"text\":");
        json_string(p, b->text);
    }
    if (b->table) {
        print_str(p, ",");
        take_table(p, b->table);
        json_table(p);
        if (p->options.stamp)
            json_notes(p);
    }
    if (b->chart)
        print_json_chart(p, b);
    print_str(p, "}");
}

static void print_json_stamp(printer *p)
{
    const char *key, *value;
    print_str(p, ",\n\"stamp\":{");
    for (uint32_t i = 0; i < pagu_document_stamp_count(p->document); i++) {
        pagu_document_stamp(p->document, i, &key, &value);
        json_stamp_entry(p, i == 0, key, value);
    }
    print_str(p, "}");
}

void render_document_json(printer *p)
{
    const pagu_table *only = only_table(p->document);
    if (only) {
        take_table(p, only);
        render_json(p);
        return;
    }
    print_str(p, "{\"format\":\"pagu-report\",\"version\":1,\n\"title\":");
    json_string(p, pagu_document_title(p->document));
    print_str(p,
              pagu_document_lang(p->document) == PAGU_LANG_EN ? ",\n\"language\":\"en\"," : ",\n\"language\":\"id\",");
    print_str(p, "\n");
    print_str(p, "\"blocks\":[");
    for (uint32_t i = 0; i < pagu_document_count(p->document) && keep_printing(p, 0); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        print_str(p, i ? ",\n" : "\n");
        print_json_block(p, &b);
    }
    print_str(p, "]");
    if (p->options.stamp)
        print_json_stamp(p);
    print_str(p, "}\n");
}
