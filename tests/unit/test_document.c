/* test_document.c - documents and charts: their blocks, names and refusals, and how they print.
 * SPDX-License-Identifier: MIT */
#include "pagu/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "failing_alloc.h"

static pagu_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    ctx = pagu_ctx_new(NULL);
    pagu_ctx_set_lang(ctx, PAGU_LANG_EN);
    return ctx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

/* A program of two activities. */
static pagu_code fill(pagu_table *t)
{
    static const char *const names[] = { "PROGRAM", "Gaji", "Gedung" };
    pagu_code code = pagu_table_set_name(t, "budget");
    if (code == PAGU_OK)
        code = pagu_table_add_column(t, "name", "Nama", PAGU_COL_TEXT);
    if (code == PAGU_OK)
        code = pagu_table_add_column(t, "money", "Pagu", PAGU_COL_MONEY);
    for (uint32_t i = 0; i < 3 && code == PAGU_OK; i++) {
        code = pagu_table_add_row(t);
        if (code == PAGU_OK)
            code = pagu_table_set_text(t, i, 0, names[i]);
        if (code == PAGU_OK)
            code = pagu_table_set_money(t, i, 1, i ? 50 * i : 150);
        if (code == PAGU_OK && i)
            code = pagu_table_set_row_parent(t, i, 0);
    }
    return code;
}

static pagu_code make_chart(pagu_ctx *c, pagu_table *t, pagu_chart_kind kind, pagu_chart **out, pagu_error *err)
{
    static const char *const values[] = { "money" };
    pagu_chart_spec spec = PAGU_CHART_SPEC_INIT;
    spec.kind = kind;
    spec.title = "Pagu per program";
    spec.values = values;
    spec.n_values = 1;
    return pagu_chart_new(c, &spec, t, out, err);
}

/* Title, heading, paragraph, a table and a chart of it. */
static pagu_code build(pagu_ctx *c, pagu_document **out)
{
    pagu_error err;
    pagu_document *doc = *out = pagu_document_new(c);
    pagu_table *t = pagu_table_new(c);
    pagu_chart *chart = NULL;
    pagu_code code = doc && t ? fill(t) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_document_set_title(doc, "Renja");
    if (code == PAGU_OK)
        code = pagu_document_add_heading(doc, 2, "Pagu");
    if (code == PAGU_OK)
        code = pagu_document_add_text(doc, "Menurut program.");
    if (code == PAGU_OK)
        code = pagu_document_add_table(doc, NULL, t, &err);
    if (code == PAGU_OK)
        code = make_chart(c, t, PAGU_CHART_TREEMAP, &chart, &err);
    if (code == PAGU_OK)
        code = pagu_document_add_chart(doc, NULL, chart, &err);
    if (code == PAGU_OK)
        code = pagu_document_add_stamp(doc, "plan", "abc");
    pagu_chart_free(chart);
    pagu_table_free(t);
    return code;
}

static void document__keeps_its_tables_and_charts_alive(void **state)
{
    (void)state;
    pagu_document *doc;
    assert_int_equal(build(ctx, &doc), PAGU_OK);
    assert_int_equal(pagu_document_count(doc), 4);
    pagu_block table = pagu_document_get(doc, 2), chart = pagu_document_get(doc, 3);
    assert_string_equal(table.name, "budget");
    assert_string_equal(chart.name, "chart4");
    assert_ptr_equal(pagu_chart_table(chart.chart), table.table);
    assert_int_equal(pagu_table_row_count(table.table), 3);
    assert_int_equal(pagu_document_get(doc, 4).kind, PAGU_BLOCK_TEXT);
    pagu_document_free(doc);
}

static void document__names_are_unique(void **state)
{
    (void)state;
    pagu_error err;
    pagu_document *doc = pagu_document_new(ctx);
    pagu_table *t = pagu_table_new(ctx);
    fill(t);
    assert_int_equal(pagu_document_add_table(doc, NULL, t, &err), PAGU_OK);
    assert_int_equal(pagu_document_add_table(doc, NULL, t, &err), PAGU_OK);
    assert_int_equal(pagu_document_add_table(doc, "table3", t, &err), PAGU_OK);
    assert_int_equal(pagu_document_add_table(doc, "budget", t, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "the document has two blocks named \"budget\"");
    assert_int_equal(pagu_document_add_table(doc, "budget", t, NULL), PAGU_ARGUMENT);
    assert_string_equal(pagu_document_get(doc, 1).name, "table2");
    assert_int_equal(pagu_document_count(doc), 3);
    assert_int_equal(pagu_document_add_heading(doc, 5, "x"), PAGU_ARGUMENT);
    assert_int_equal(pagu_document_add_text(doc, ""), PAGU_ARGUMENT);
    pagu_document_free(doc);
    pagu_table_free(t);
}

static void table__parents_are_earlier_rows(void **state)
{
    (void)state;
    pagu_table *t = pagu_table_new(ctx);
    fill(t);
    assert_int_equal(pagu_table_row_parent(t, 0), PAGU_NO_ROW);
    assert_int_equal(pagu_table_row_parent(t, 2), 0);
    assert_int_equal(pagu_table_set_row_parent(t, 1, 1), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_row_parent(t, 1, 2), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_row_parent(t, 3, 0), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_row_style(t, 1, PAGU_ROW_GROUP, 1), PAGU_OK);
    assert_int_equal(pagu_table_row_parent(t, 1), 0);
    assert_int_equal(pagu_table_set_row_parent(t, 1, PAGU_NO_ROW), PAGU_OK);
    assert_int_equal(pagu_table_row_parent(t, 1), PAGU_NO_ROW);
    pagu_table_free(t);
}

static void assert_refused(pagu_table *t, const pagu_chart_spec *spec, const char *message)
{
    pagu_error err;
    pagu_chart *c;
    assert_int_equal(pagu_chart_new(ctx, spec, t, &c, &err), PAGU_ARGUMENT);
    assert_null(c);
    assert_string_equal(err.message, message);
}

static void chart__says_which_columns_it_needs(void **state)
{
    (void)state;
    const char *values[] = { "money", "cost" };
    pagu_chart_spec spec = PAGU_CHART_SPEC_INIT;
    pagu_table *t = pagu_table_new(ctx);
    fill(t);
    spec.values = values;
    assert_refused(t, &spec, "a chart \"bar\" takes 1 to 12 value columns, not 0");
    spec.n_values = 2;
    assert_refused(t, &spec, "the chart's table has no column \"cost\"");
    spec.kind = PAGU_CHART_FAN;
    assert_refused(t, &spec, "a chart \"fan\" takes 3 value columns, not 2");
    values[0] = "name";
    spec.n_values = 1;
    spec.kind = PAGU_CHART_TREEMAP;
    assert_refused(t, &spec, "column \"name\" is text; a chart draws numbers");
    spec.label = "nama";
    assert_refused(t, &spec, "the chart's table has no column \"nama\"");
    pagu_table_free(t);
}

static void chart__kinds_are_read_by_name(void **state)
{
    (void)state;
    pagu_error err;
    pagu_chart_kind kind;
    for (int i = 0; i <= PAGU_CHART_COMPARE; i++) {
        assert_int_equal(pagu_chart_kind_parse(ctx, pagu_chart_kind_name((pagu_chart_kind)i), &kind, &err), PAGU_OK);
        assert_int_equal(kind, i);
    }
    assert_int_equal(pagu_chart_kind_parse(ctx, "pie", &kind, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "no chart \"pie\"; there are bar, stacked, line, fan, waterfall, treemap, "
                                     "sunburst, compare");
}

/* ---- renderings ---- */

static void assert_rendered(const pagu_document *doc, pagu_format format, const char *expected)
{
    pagu_error err;
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    pagu_text *out = pagu_text_new(ctx);
    o.ascii = true;
    assert_int_equal(pagu_render_document(doc, format, &o, out, &err), PAGU_OK);
    assert_string_equal(pagu_text_data(out), expected);
    pagu_text_free(out);
}

static void document__prints_blocks_in_order_and_a_charts_table_once(void **state)
{
    (void)state;
    pagu_document *doc;
    assert_int_equal(build(ctx, &doc), PAGU_OK);
    assert_rendered(doc, PAGU_FORMAT_TEXT,
                    "Renja\n----------------------------------------\n\n"
                    "Pagu\n----------------------------------------\n\n"
                    "Menurut program.\n\n"
                    "Nama     Pagu\n-------  ----\nPROGRAM   150\nGaji       50\nGedung    100\n\n"
                    "plan=abc\n");
    assert_rendered(doc, PAGU_FORMAT_CSV, "name,money\nPROGRAM,150\nGaji,50\nGedung,100\n");
    assert_rendered(doc, PAGU_FORMAT_MARKDOWN,
                    "# Renja\n\n### Pagu\n\nMenurut program.\n\n"
                    "| Nama | Pagu |\n| :--- | ---: |\n| PROGRAM | 150 |\n| Gaji | 50 |\n"
                    "| Gedung | 100 |\n\n- plan=abc\n");
    pagu_document_free(doc);
}

static void document__of_a_chart_alone_prints_its_figures(void **state)
{
    (void)state;
    pagu_error err;
    pagu_document *doc = pagu_document_new(ctx);
    pagu_table *t = pagu_table_new(ctx);
    pagu_chart *c;
    fill(t);
    assert_int_equal(make_chart(ctx, t, PAGU_CHART_BAR, &c, &err), PAGU_OK);
    assert_int_equal(pagu_document_add_chart(doc, "pic", c, &err), PAGU_OK);
    pagu_chart_free(c);
    pagu_table_free(t);
    assert_rendered(doc, PAGU_FORMAT_CSV, "name,money\nPROGRAM,150\nGaji,50\nGedung,100\n");
    assert_rendered(doc, PAGU_FORMAT_TEXT,
                    "Pagu per program\n\n"
                    "Nama     Pagu\n-------  ----\nPROGRAM   150\nGaji       50\nGedung    100\n");
    pagu_document_free(doc);
}

static void document__of_one_table_reads_as_the_table_with_the_stamp(void **state)
{
    (void)state;
    pagu_error err;
    pagu_document *doc = pagu_document_new(ctx);
    pagu_table *t = pagu_table_new(ctx);
    pagu_table_add_column(t, "a", "A", PAGU_COL_MONEY);
    pagu_table_add_row(t);
    pagu_table_set_money(t, 0, 0, 12345);
    pagu_table_set_decimals(t, 2);
    assert_int_equal(pagu_document_add_table(doc, "one", t, &err), PAGU_OK);
    pagu_document_add_stamp(doc, "plan", "abc");
    pagu_table_free(t);
    assert_rendered(doc, PAGU_FORMAT_JSON,
                    "{\"title\":\"\",\n\"columns\":[\n"
                    "  {\"name\":\"a\",\"title\":\"A\",\"type\":\"money\"}],\n"
                    "\"rows\":[\n  {\"a\":\"123.45\"}],\n\"notes\":[],\n"
                    "\"stamp\":{\"plan\":\"abc\"}}\n");
    assert_rendered(doc, PAGU_FORMAT_TEXT, "     A\n------\n123,45\n\nplan=abc\n");
    pagu_document_free(doc);
}

static pagu_code render_all(pagu_ctx *c, void *arg)
{
    (void)arg;
    pagu_error err;
    pagu_document *doc = NULL;
    pagu_text *out = pagu_text_new(c);
    pagu_code code = out ? build(c, &doc) : PAGU_NO_MEMORY;
    for (int format = 0; format <= PAGU_FORMAT_XLSX && code == PAGU_OK; format++)
        code = pagu_render_document(doc, (pagu_format)format, NULL, out, &err);
    pagu_document_free(doc);
    pagu_text_free(out);
    return code;
}

static void document__survives_every_failed_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(render_all, NULL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document__keeps_its_tables_and_charts_alive),
        cmocka_unit_test(document__names_are_unique),
        cmocka_unit_test(table__parents_are_earlier_rows),
        cmocka_unit_test(chart__says_which_columns_it_needs),
        cmocka_unit_test(chart__kinds_are_read_by_name),
        cmocka_unit_test(document__prints_blocks_in_order_and_a_charts_table_once),
        cmocka_unit_test(document__of_a_chart_alone_prints_its_figures),
        cmocka_unit_test(document__of_one_table_reads_as_the_table_with_the_stamp),
        cmocka_unit_test(document__survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
