/* test_xlsx_write.c - workbooks: the C locale, sums, names, failures. What is in them is read by
 * tests/report/test_xlsx.py; here by our own reader.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_read.h"
#include "pagu/document.h"
#include "pagu/package.h"
#include "pagu/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "comma_locale.h"
#include "failing_alloc.h"

/* A tree of three levels, sums that hold and one that doesn't, a total. */
static void fill(pagu_table *t)
{
    static const struct {
        const char *name;
        int64_t money;
        uint32_t parent; /* + 1 */
        int style;
    } rows[] = {
        { "program", 600, 0, PAGU_ROW_GROUP },
        { "kegiatan", 100, 1, PAGU_ROW_GROUP },
        { "sub", 40, 2, 0 },
        { "sub", 60, 2, 0 },
        { "kegiatan", 500, 1, PAGU_ROW_GROUP },
        { "sub", 499, 5, 0 },
        { "program lain", 7, 0, PAGU_ROW_GROUP },
        { "JUMLAH", 607, 0, PAGU_ROW_TOTAL },
    };
    pagu_table_set_title(t, "Tabel\nbaris kedua");
    pagu_table_set_name(t, "tabel");
    pagu_table_add_column(t, "name", "Nama", PAGU_COL_TEXT);
    pagu_table_add_column(t, "money", "Rencana|Pagu", PAGU_COL_MONEY);
    pagu_table_add_column(t, "rate", "Rencana|%", PAGU_COL_PERCENT);
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pagu_table_add_row(t);
        pagu_table_set_text(t, i, 0, rows[i].name);
        pagu_table_set_money(t, i, 1, rows[i].money);
        pagu_table_set_number(t, i, 2, 12.5);
        pagu_table_set_row_style(t, i, (pagu_row_style)rows[i].style, 0);
        if (rows[i].parent)
            pagu_table_set_row_parent(t, i, rows[i].parent - 1);
    }
    pagu_table_add_note(t, "catatan");
    pagu_table_add_stamp(t, "plan", "abc");
}

/* The first sheet as "row:column=text;". */
static void read_sheet(pagu_ctx *ctx, const pagu_text *file, uint32_t sheet, char *out, size_t size)
{
    xlsx_book *book = NULL;
    pagu_error err = { 0 };
    grid g;
    size_t used = 0;
    if (xlsx_open(ctx, pagu_text_data(file), pagu_text_len(file), "x.xlsx", &book, &err) != PAGU_OK ||
        xlsx_read_sheet(book, sheet, &g, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    *out = '\0';
    for (uint32_t r = 0; r < g.n_rows; r++)
        for (uint32_t c = 0; c < g.width && used < size; c++)
            if (*grid_text(&g, r, c))
                used += (size_t)snprintf(out + used, size - used, "%u:%u=%s;", g.rows[r].line, c, grid_text(&g, r, c));
    grid_free(&g);
    xlsx_close(book);
}

static pagu_text *render_table(pagu_ctx *ctx, void (*build)(pagu_table *))
{
    pagu_error err = { 0 };
    pagu_table *t = pagu_table_new(ctx);
    pagu_text *out = pagu_text_new(ctx);
    build(t);
    if (pagu_render(t, PAGU_FORMAT_XLSX, NULL, out, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    pagu_table_free(t);
    return out;
}

static void xlsx_write__gives_back_the_cells_of_the_table(void **state)
{
    (void)state;
    char cells[2048];
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    pagu_text *file = render_table(ctx, fill);
    read_sheet(ctx, file, 0, cells, sizeof cells);
    assert_string_equal(cells, "1:0=Tabel;2:0=baris kedua;4:0=Nama;4:1=Rencana;5:1=Pagu;5:2=%;"
                               "6:0=program;6:1=600;6:2=12.5;7:0=kegiatan;7:1=100;7:2=12.5;8:0=sub;8:1=40;8:2=12.5;"
                               "9:0=sub;9:1=60;9:2=12.5;10:0=kegiatan;10:1=500;10:2=12.5;11:0=sub;11:1=499;11:2=12.5;"
                               "12:0=program lain;12:1=7;12:2=12.5;13:0=JUMLAH;13:1=607;13:2=12.5;15:0=catatan;");
    read_sheet(ctx, file, 1, cells, sizeof cells);
    assert_string_equal(cells, "1:0=Lembar;1:1=Kode;1:2=Nilai;2:0=tabel;2:1=judul;2:2=Tabel\nbaris kedua;"
                               "3:0=tabel;3:1=catatan;3:2=catatan;4:0=tabel;4:1=plan;4:2=abc;");
    pagu_text_free(file);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void fill_decimals(pagu_table *t)
{
    pagu_table_add_column(t, "a", "A", PAGU_COL_MONEY);
    pagu_table_add_column(t, "b", "B", PAGU_COL_NUMBER);
    pagu_table_add_row(t);
    pagu_table_set_money(t, 0, 0, 123456789012345);
    pagu_table_set_number(t, 0, 1, 1234.5);
    pagu_table_set_decimals(t, 2);
}


/* Without a locale of its own, the library writes <v>1234,5</v>. */
static void xlsx_write__is_the_same_whatever_locale_the_program_has_set(void **state)
{
    (void)state;
    char folder[40], text[16], cells[256];
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    pagu_text *before = render_table(ctx, fill_decimals);
    assert_true(set_comma_locale(folder));
    pagu_text *after = render_table(ctx, fill_decimals);
    snprintf(text, sizeof text, "%.1f", 0.5);
    drop_comma_locale(folder);
    assert_string_equal(text, "0,5"); /* it was set, and is as it was */
    assert_int_equal(pagu_text_len(after), pagu_text_len(before));
    assert_memory_equal(pagu_text_data(after), pagu_text_data(before), pagu_text_len(before));
    read_sheet(ctx, before, 0, cells, sizeof cells);
    assert_string_equal(cells, "1:0=A;1:1=B;2:0=1234567890123.45;2:1=1234.5;");
    pagu_text_free(after);
    pagu_text_free(before);
    pagu_ctx_free(ctx);
}

static void fill_long(pagu_table *t)
{
    char *text = malloc(32769);
    memset(text, 'x', 32768);
    text[32768] = '\0';
    pagu_table_set_title(t, "Panjang");
    pagu_table_add_column(t, "a", "A", PAGU_COL_TEXT);
    pagu_table_add_row(t);
    pagu_table_set_text(t, 0, 0, text);
    free(text);
}

static void xlsx_write__refuses_a_text_that_no_cell_holds_and_leaves_nothing(void **state)
{
    (void)state;
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    o.lang = PAGU_LANG_EN;
    pagu_ctx *ctx = pagu_ctx_new(&o);
    pagu_table *t = pagu_table_new(ctx);
    pagu_text *out = pagu_text_new(ctx);
    pagu_error err;
    fill_long(t);
    pagu_text_append(out, "before", 6);
    assert_int_equal(pagu_render(t, PAGU_FORMAT_XLSX, NULL, out, &err), PAGU_LIMIT);
    assert_string_equal(err.message, "sheet \"Panjang\", row 4: a text of 32768 characters, where a cell holds 32767; "
                                     "choose another format");
    assert_string_equal(pagu_text_data(out), "before");
    pagu_text_free(out);
    pagu_table_free(t);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

/* ---- failures ---- */

static pagu_code write_document(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    static const char *const values[] = { "money" };
    pagu_error err;
    pagu_document *doc = pagu_document_new(ctx);
    pagu_table *t = pagu_table_new(ctx);
    pagu_text *out = pagu_text_new(ctx);
    pagu_chart *chart = NULL;
    pagu_chart_spec spec = PAGU_CHART_SPEC_INIT;
    spec.values = values;
    spec.n_values = 1;
    pagu_code code = PAGU_NO_MEMORY;
    if (doc && t && out) {
        fill(t); /* what is missing from it makes a smaller table */
        code = pagu_document_set_title(doc, "Dokumen");
        if (code == PAGU_OK)
            code = pagu_document_add_heading(doc, 1, "Bagian");
        if (code == PAGU_OK)
            code = pagu_document_add_table(doc, NULL, t, &err);
        if (code == PAGU_OK && pagu_table_column_count(t) == 3 &&
            pagu_chart_new(ctx, &spec, t, &chart, &err) == PAGU_OK)
            code = pagu_document_add_chart(doc, "gambar", chart, &err);
        if (code == PAGU_OK)
            code = pagu_render_document(doc, PAGU_FORMAT_XLSX, NULL, out, &err);
    }
    if (code != PAGU_OK)
        assert_true(!out || pagu_text_len(out) == 0);
    pagu_chart_free(chart);
    pagu_text_free(out);
    pagu_table_free(t);
    pagu_document_free(doc);
    return code;
}

static void xlsx_write__survives_every_failed_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(write_document, NULL) > 30);
}

static void xlsx_write__stops_when_asked(void **state)
{
    (void)state;
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    pagu_table *t = pagu_table_new(ctx);
    pagu_text *out = pagu_text_new(ctx);
    pagu_error err;
    fill(t);
    pagu_ctx_interrupt(ctx, true);
    assert_int_equal(pagu_render(t, PAGU_FORMAT_XLSX, NULL, out, &err), PAGU_INTERRUPTED);
    assert_int_equal(pagu_text_len(out), 0);
    pagu_ctx_interrupt(ctx, false);
    pagu_text_free(out);
    pagu_table_free(t);
    pagu_ctx_free(ctx);
}

static pagu_code export_plan(pagu_ctx *ctx, void *arg)
{
    pagu_error err;
    pagu_plan *plan = NULL;
    pagu_text *out = pagu_text_new(ctx);
    pagu_code code =
        out ? pagu_package_read_json(ctx, arg, strlen(arg), "plan.json", NULL, &plan, &err) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_package_write_xlsx(plan, out, &err);
    pagu_plan_release(plan);
    pagu_text_free(out);
    return code == PAGU_PACKAGE ? PAGU_NO_MEMORY : code;
}

static void xlsx_write__export_survives_every_failed_allocation(void **state)
{
    (void)state;
    static char plan[] =
        "{\"pagu\":{\"format\":1,\"year\":2024},\"resources\":["
        "{\"name\":\"stages\",\"data\":[{\"stage\":\"final\",\"name\":\"F\",\"kind\":\"plan\",\"rank\":1}]},"
        "{\"name\":\"levels\",\"data\":[{\"tree\":\"main\",\"level\":\"plan\",\"rank\":0,\"name\":\"P\"}]},"
        "{\"name\":\"nodes\",\"data\":[{\"node\":\".\",\"level\":\"plan\",\"name\":\"P\"},{\"node\":\"1\",\"name\":"
        "\"Satu\"}]},"
        "{\"name\":\"amounts\",\"data\":[{\"node\":\"1\",\"stage\":\"final\",\"period\":\"2024\",\"budget\":\"5\"}]}]}";
    assert_true(for_each_failing_allocation(export_plan, plan) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xlsx_write__gives_back_the_cells_of_the_table),
        cmocka_unit_test(xlsx_write__is_the_same_whatever_locale_the_program_has_set),
        cmocka_unit_test(xlsx_write__refuses_a_text_that_no_cell_holds_and_leaves_nothing),
        cmocka_unit_test(xlsx_write__survives_every_failed_allocation),
        cmocka_unit_test(xlsx_write__stops_when_asked),
        cmocka_unit_test(xlsx_write__export_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("xlsx_write", tests, NULL, NULL);
}
