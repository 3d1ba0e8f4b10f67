/* export_xlsx.c - a plan as a workbook: a sheet a file of its package, headers in the first row, and
 * datapackage.json line by line on a sheet of its own. Numbers are numbers as far as a spreadsheet
 * keeps their digits, else text; reading it back gives the same plan.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "io/csv.h"
#include "io/package_writer.h"
#include "io/xlsx_write.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDEST = 60, NARROWEST = 8, MAX_COLUMNS = 256 };

typedef struct sheet_columns {
    cell_type type[MAX_COLUMNS];
    double width[MAX_COLUMNS];
    uint32_t n;
} sheet_columns;

/* A number that a spreadsheet gives back digit by digit. */
static bool is_kept(const char *text, double *value)
{
    enum { DIGITS_KEPT = 15 };
    pagu_decimal d;
    char back[40];
    if (pagu_decimal_parse(text, strlen(text), &d) != PAGU_OK || strlen(text) > DIGITS_KEPT + 2)
        return false;
    *value = pagu_decimal_to_double(d);
    pagu_number_format(back, sizeof back, *value, PAGU_LOCALE_PLAIN, -1);
    return money_abs(d.digits) < INT64_C(1000000000000000) && str_eq(back, text);
}

static uint8_t places_of(const char *text)
{
    const char *point = strchr(text, '.');
    return (uint8_t)(point ? strlen(point + 1) : 0);
}

static void put_field(xlsx_writer *b, const xlsx_tab *s, uint32_t row, uint32_t col, const char *text, cell_type type)
{
    double value;
    xlsx_look look = { .kind = XLSX_RAW };
    if (!*text)
        return;
    if (type == CELL_TEXT || type == CELL_BOOLEAN || !is_kept(text, &value)) {
        xlsx_put_text(b, s, row, col, text, look);
        return;
    }
    look.kind = XLSX_RAW_NUMBER;
    look.places = places_of(text);
    xlsx_put_number(b, s, row, col, value, look);
}

static void lay_columns(sheet_columns *c, const resource_spec *spec, char *const *names, uint32_t n)
{
    c->n = n < MAX_COLUMNS ? n : MAX_COLUMNS;
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t column = resource_column(spec, names[i]);
        cell_type extra = spec->extra == EXTRA_MONEY ? CELL_MONEY : CELL_TEXT;
        c->type[i] = column == NO_COLUMN ? extra : (cell_type)spec->columns[column].type;
        c->width[i] = NARROWEST;
    }
}

static void put_record(xlsx_writer *b, const xlsx_tab *s, sheet_columns *c, uint32_t row, char *const *fields)
{
    xlsx_look heading = { .kind = XLSX_HEADING };
    for (uint32_t i = 0; i < c->n; i++) {
        double len = (double)strlen(fields[i]) + 1;
        if (len > c->width[i])
            c->width[i] = len < WIDEST ? len : WIDEST;
        if (row == 0)
            xlsx_put_text(b, s, row, i, fields[i], heading);
        else
            put_field(b, s, row, i, fields[i], c->type[i]);
    }
}

static void finish_sheet(xlsx_writer *b, const xlsx_tab *s, const sheet_columns *c, uint32_t rows)
{
    if (b->code != PAGU_OK || c->n == 0)
        return;
    for (uint32_t i = 0; i < c->n; i++)
        xlsx_check(b, worksheet_set_column(s->ws, (lxw_col_t)i, (lxw_col_t)i, c->width[i], NULL));
    worksheet_freeze_panes(s->ws, 1, 0);
    worksheet_ignore_errors(s->ws, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
    if (rows > 1)
        xlsx_check(b, worksheet_autofilter(s->ws, 0, 0, rows - 1, (lxw_col_t)(c->n - 1)));
}

static bool fits(xlsx_writer *b, const char *name, uint32_t row, uint32_t width)
{
    if (row < XLSX_MAX_ROWS && width <= MAX_COLUMNS)
        return true;
    b->code = err_set(b->ctx, b->err, PAGU_LIMIT,
                      "\"%s\" has more than the %d rows or %d columns of a sheet; choose package or json", name,
                      XLSX_MAX_ROWS, MAX_COLUMNS);
    return false;
}

/* The file's rows, read from the CSV text that a package would have. */
static void put_rows(xlsx_writer *b, const resource_spec *spec, char *bytes, size_t len, pagu_findings *findings)
{
    xlsx_tab s;
    csv_reader r;
    sheet_columns c = { .n = 0 };
    uint32_t row = 0;
    csv_result got = CSV_END;
    if (!xlsx_add_sheet(b, spec->name, &s))
        return;
    csv_open(&r, b->ctx, findings, spec->name, bytes, len);
    while (xlsx_goes_on(b, row) && (got = csv_next(&r)) == CSV_RECORD && fits(b, spec->name, row, r.n)) {
        if (row == 0)
            lay_columns(&c, spec, r.fields, r.n);
        put_record(b, &s, &c, row++, r.fields);
    }
    if (got == CSV_NO_MEMORY)
        xlsx_fail(b, PAGU_NO_MEMORY);
    csv_close(&r);
    finish_sheet(b, &s, &c, row);
}

static void put_resource(xlsx_writer *b, uint32_t res, const pagu_text *rows)
{
    size_t len = pagu_text_len(rows);
    char *copy = mem_alloc(b->ctx, len + 1); /* read in place */
    pagu_findings *findings = pagu_findings_new(b->ctx);
    if (copy && findings) {
        memcpy(copy, pagu_text_data(rows), len + 1);
        put_rows(b, &resources[res], copy, len, findings);
    } else {
        xlsx_fail(b, PAGU_NO_MEMORY);
    }
    pagu_findings_free(findings);
    mem_free(b->ctx, copy, len + 1);
}

/* A line a row: none of its strings holds a line end, and no line outgrows a cell. */
static void put_descriptor(xlsx_writer *b, const char *json)
{
    xlsx_tab s;
    xlsx_look look = { .kind = XLSX_RAW };
    pagu_text *line = pagu_text_new(b->ctx);
    if (!line)
        xlsx_fail(b, PAGU_NO_MEMORY);
    if (xlsx_add_sheet(b, "datapackage", &s))
        worksheet_set_column(s.ws, 0, 0, 100, NULL);
    for (uint32_t row = 0; *json && xlsx_goes_on(b, row); row++) {
        size_t len = strcspn(json, "\n");
        text_truncate(line, 0);
        if (pagu_text_append(line, json, len) != PAGU_OK)
            xlsx_fail(b, PAGU_NO_MEMORY);
        else
            xlsx_put_text(b, &s, row, 0, pagu_text_data(line), look);
        json += len + (json[len] == '\n');
    }
    pagu_text_free(line);
}

pagu_code pagu_package_write_xlsx(const pagu_plan *plan, pagu_text *out, pagu_error *err)
{
    package_texts all;
    xlsx_writer b;
    pagu_render_options options = PAGU_RENDER_OPTIONS_INIT;
    const char *title = pagu_plan_meta(plan, "title");
    pagu_code code = package_texts_write(plan, false, &all);
    if (code == PAGU_INTERRUPTED)
        err_set(plan->ctx, err, code, "interrupted");
    else if (code != PAGU_OK)
        err_memory(plan->ctx, err);
    if (code == PAGU_OK) {
        if (xlsx_begin(&b, plan->ctx, &options, err)) {
            b.raw = true;
            xlsx_set_title(&b, title ? title : "");
            for (uint32_t i = 0; i < RES_COUNT; i++)
                if (all.has[i])
                    put_resource(&b, i, all.rows[i]);
            put_descriptor(&b, pagu_text_data(all.descriptor));
        }
        code = xlsx_end(&b, out);
    }
    package_texts_free(&all);
    return code;
}
