/* render_xlsx_write.c - a table or a document as a workbook: a sheet a table or chart, a first sheet with
 * the document's text when it has several parts, and a last one that says what each was made from.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write.h"

#include "io/render.h"

enum { ABOUT_WIDTH = 90, CONTENTS_WIDTH = 78 }; /* of texts, in characters */

static const char *first_line(const char *text, char *buf, size_t size)
{
    snprintf(buf, size, "%.*s", (int)strcspn(text, "\n"), text);
    return buf;
}

/* ---- the sheet that tells what the others are ---- */

typedef struct about {
    xlsx_writer *b;
    xlsx_tab sheet;
    uint32_t row;
} about;

static void put_about(about *a, const char *of, const char *key, const char *value)
{
    xlsx_look look = { .kind = XLSX_TEXT };
    xlsx_put_text(a->b, &a->sheet, a->row, 0, of, look);
    xlsx_put_text(a->b, &a->sheet, a->row, 1, key, look);
    xlsx_put_text(a->b, &a->sheet, a->row, 2, value, look);
    xlsx_set_lines(a->b, &a->sheet, a->row, xlsx_lines(value, strlen(value), ABOUT_WIDTH));
    a->row++;
}

static bool open_about(about *a, xlsx_writer *b)
{
    xlsx_look look = { .kind = XLSX_HEADING };
    *a = (about){ .b = b, .row = 1 };
    if (!xlsx_add_sheet(b, tr(b->ctx, "About"), &a->sheet))
        return false;
    xlsx_put_text(b, &a->sheet, 0, 0, tr(b->ctx, "Sheet"), look);
    xlsx_put_text(b, &a->sheet, 0, 1, tr(b->ctx, "Key"), look);
    xlsx_put_text(b, &a->sheet, 0, 2, tr(b->ctx, "Value"), look);
    if (b->code != PAGU_OK)
        return false;
    worksheet_set_column(a->sheet.ws, 0, 1, 24, NULL);
    worksheet_set_column(a->sheet.ws, 2, 2, ABOUT_WIDTH + 1, NULL);
    worksheet_freeze_panes(a->sheet.ws, 1, 0);
    worksheet_set_paper(a->sheet.ws, 9);
    worksheet_set_landscape(a->sheet.ws);
    worksheet_fit_to_pages(a->sheet.ws, 1, 0);
    return true;
}

static void put_about_table(about *a, const pagu_table *t, const char *sheet)
{
    if (*pagu_table_title(t))
        put_about(a, sheet, tr(a->b->ctx, "title"), pagu_table_title(t));
    for (uint32_t i = 0; i < pagu_table_note_count(t); i++)
        put_about(a, sheet, tr(a->b->ctx, "note"), pagu_table_note(t, i));
    for (uint32_t i = 0; i < pagu_table_stamp_count(t); i++) {
        const char *key, *value;
        pagu_table_stamp(t, i, &key, &value);
        put_about(a, sheet, key, value);
    }
}

/* ---- one table ---- */

static bool has_stamp(const pagu_table *t)
{
    return pagu_table_stamp_count(t) + pagu_table_note_count(t) > 0;
}

static const char *sheet_name(const pagu_table *t, char *buf, size_t size)
{
    const char *name = pagu_table_name(t);
    return *name ? name : first_line(pagu_table_title(t), buf, size);
}

static void put_table(printer *p, xlsx_writer *b)
{
    xlsx_place place;
    about a;
    char name[XLSX_NAME_SIZE];
    xlsx_set_title(b, pagu_table_title(p->table));
    xlsx_put_table(b, p->table, sheet_name(p->table, name, sizeof name), &place);
    if (p->options.stamp && has_stamp(p->table) && open_about(&a, b))
        put_about_table(&a, p->table, place.sheet.name);
}

/* ---- a document ---- */

typedef struct book {
    printer *p;
    xlsx_writer *b;
    xlsx_place *places; /* by block */
    uint32_t n;
    xlsx_tab contents; /* ws NULL: none */
} book;

/* A chart stands beside the table that it draws, or on a sheet of its own with its figures. */
static void put_chart(book *k, const pagu_block *b, uint32_t i)
{
    uint32_t values[64], n = pagu_chart_value_count(b->chart), label = 0;
    xlsx_place *at = NULL;
    for (uint32_t j = 0; j < k->n && !at; j++)
        if (pagu_document_get(k->p->document, j).table == pagu_chart_table(b->chart))
            at = &k->places[j];
    pagu_table *figures = at ? NULL : chart_figures(k->p, b->chart);
    if (figures)
        xlsx_put_table(k->b, figures, b->name, &k->places[i]);
    for (uint32_t j = 0; j < n && j < COUNT_OF(values); j++)
        values[j] = figures ? j + 1 : pagu_chart_value_column(b->chart, j);
    if (!figures && at)
        label = pagu_chart_label_column(b->chart);
    if (!at)
        at = &k->places[i];
    if (xlsx_draws(pagu_chart_get_kind(b->chart)) && n <= COUNT_OF(values))
        xlsx_put_chart(k->b, b->chart, at, label, values);
    if (at != &k->places[i])
        k->places[i] = *at; /* the contents lead there */
    pagu_table_free(figures);
}

static void put_sheets(book *k)
{
    for (uint32_t i = 0; i < k->n && xlsx_goes_on(k->b, 0); i++) {
        pagu_block b = pagu_document_get(k->p->document, i);
        if (b.table)
            xlsx_put_table(k->b, b.table, b.name, &k->places[i]);
    }
    for (uint32_t i = 0; i < k->n && xlsx_goes_on(k->b, 0); i++) {
        pagu_block b = pagu_document_get(k->p->document, i);
        if (b.chart)
            put_chart(k, &b, i);
    }
}

static void put_link(book *k, uint32_t row, const char *text, const char *sheet)
{
    char url[XLSX_NAME_SIZE + 24];
    xlsx_look look = { .kind = XLSX_LINK };
    lxw_format *f = xlsx_format_of(k->b, look);
    snprintf(url, sizeof url, "internal:'%s'!A1", sheet);
    if (f)
        xlsx_check(k->b, worksheet_write_url(k->contents.ws, row, 0, url, f));
    xlsx_put_text(k->b, &k->contents, row, 0, text, look);
}

static void put_contents_row(book *k, uint32_t row, const pagu_block *b, const xlsx_place *place)
{
    char line[300];
    xlsx_look look = { .kind = b->kind == PAGU_BLOCK_HEADING ? XLSX_SUBTITLE : XLSX_PLAIN };
    if (b->text) {
        xlsx_put_text(k->b, &k->contents, row, 0, b->text, look);
        xlsx_set_lines(k->b, &k->contents, row, xlsx_lines(b->text, strlen(b->text), CONTENTS_WIDTH));
        return;
    }
    const char *title = b->table ? pagu_table_title(b->table) : pagu_chart_title(b->chart);
    put_link(k, row, *title ? first_line(title, line, sizeof line) : place->sheet.name, place->sheet.name);
}

/* The text of the document, with links to the sheets where its tables stand. */
static void put_contents(book *k)
{
    uint32_t row = 0;
    xlsx_look title = { .kind = XLSX_TITLE };
    if (!k->contents.ws || k->b->code != PAGU_OK)
        return;
    worksheet_set_column(k->contents.ws, 0, 0, CONTENTS_WIDTH + 2, NULL);
    worksheet_set_paper(k->contents.ws, 9);
    worksheet_set_margins(k->contents.ws, 0.5, 0.5, 0.7, 0.6);
    worksheet_fit_to_pages(k->contents.ws, 1, 0);
    if (*pagu_document_title(k->p->document)) {
        xlsx_put_text(k->b, &k->contents, row, 0, pagu_document_title(k->p->document), title);
        row += 2;
    }
    for (uint32_t i = 0; i < k->n && xlsx_goes_on(k->b, 0); i++) {
        pagu_block b = pagu_document_get(k->p->document, i);
        put_contents_row(k, row++, &b, &k->places[i]);
    }
}

static void put_about_document(book *k)
{
    about a;
    const pagu_document *doc = k->p->document;
    if (!k->p->options.stamp || !open_about(&a, k->b))
        return;
    for (uint32_t i = 0; i < k->n; i++) {
        pagu_block b = pagu_document_get(doc, i);
        if (b.table)
            put_about_table(&a, b.table, k->places[i].sheet.name);
    }
    for (uint32_t i = 0; i < pagu_document_stamp_count(doc); i++) {
        const char *key, *value;
        pagu_document_stamp(doc, i, &key, &value);
        put_about(&a, "", key, value);
    }
}

static void put_document(printer *p, xlsx_writer *b)
{
    book k = { .p = p, .b = b, .n = pagu_document_count(p->document) };
    k.places = mem_zarray(p->ctx, k.n + 1, sizeof *k.places);
    if (!k.places) {
        xlsx_fail(b, PAGU_NO_MEMORY);
        return;
    }
    xlsx_set_title(b, only_table(p->document) ? pagu_table_title(only_table(p->document))
                                              : pagu_document_title(p->document));
    if (!only_table(p->document))
        xlsx_add_sheet(b, tr(p->ctx, "Contents"), &k.contents);
    put_sheets(&k);
    put_contents(&k);
    put_about_document(&k);
    mem_free(p->ctx, k.places, (k.n + 1) * sizeof *k.places);
}

void render_xlsx(printer *p)
{
    xlsx_writer b;
    if (xlsx_begin(&b, p->ctx, &p->options, p->err)) {
        if (p->table)
            put_table(p, &b);
        else
            put_document(p, &b);
        if (p->code != PAGU_OK) /* of chart_figures */
            xlsx_fail(&b, p->code);
    }
    p->code = xlsx_end(&b, p->out);
}
