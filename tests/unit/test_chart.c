/* test_chart.c - charts as SVG and documents as HTML: figures, refusals of hostile text, memory.
 * tests/report/test_html.py opens them in a browser.
 * SPDX-License-Identifier: MIT */
#include "pagu/render.h"

#include <math.h>
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
    return ctx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

typedef struct figures {
    const char *label;
    double low, middle, high;
    uint32_t parent; /* 1: the first row; 0: none */
    pagu_row_style style;
} figures;

static const figures usual[] = {
    { "Bidang Sosial", 4e9, 5e9, 6e9, 0, PAGU_ROW_NORMAL },
    { "Rehabilitasi sosial penyandang disabilitas terlantar dan lanjut usia", 1e9, 2e9, 3e9, 1, PAGU_ROW_NORMAL },
    { "Perlindungan", NAN, 1e9, NAN, 1, PAGU_ROW_NORMAL },
    { "Jumlah", 4e9, 5e9, 6e9, 0, PAGU_ROW_TOTAL },
};
enum { N_USUAL = sizeof usual / sizeof *usual };

static pagu_code fill(pagu_table *t, const figures *rows, uint32_t n)
{
    static const char *const names[] = { "low", "middle", "high" };
    pagu_code code = pagu_table_add_column(t, "name", "Nama", PAGU_COL_TEXT);
    for (int i = 0; i < 3 && code == PAGU_OK; i++)
        code = pagu_table_add_column(t, names[i], names[i], PAGU_COL_NUMBER);
    for (uint32_t r = 0; r < n && code == PAGU_OK; r++) {
        const double values[] = { rows[r].low, rows[r].middle, rows[r].high };
        code = pagu_table_add_row(t);
        if (code == PAGU_OK)
            code = pagu_table_set_text(t, r, 0, rows[r].label);
        for (uint32_t i = 0; i < 3 && code == PAGU_OK; i++)
            code = isnan(values[i]) ? PAGU_OK : pagu_table_set_number(t, r, i + 1, values[i]);
        if (code == PAGU_OK)
            code = pagu_table_set_row_style(t, r, rows[r].style, 0);
        if (code == PAGU_OK && rows[r].parent)
            code = pagu_table_set_row_parent(t, r, rows[r].parent - 1);
    }
    return code;
}

/* The columns that each kind draws. */
static pagu_code make(pagu_ctx *c, pagu_table *t, pagu_chart_kind kind, pagu_chart **out, pagu_error *err)
{
    static const char *const values[] = { "low", "middle", "high" };
    bool one = kind == PAGU_CHART_WATERFALL || kind == PAGU_CHART_TREEMAP || kind == PAGU_CHART_SUNBURST;
    pagu_chart_spec spec = PAGU_CHART_SPEC_INIT;
    spec.kind = kind;
    spec.title = "Pagu";
    spec.unit = "Rp";
    spec.values = one ? values + 1 : values;
    spec.n_values = one ? 1 : kind == PAGU_CHART_COMPARE ? 2 : 3;
    return pagu_chart_new(c, &spec, t, out, err);
}

static pagu_text *draw(pagu_chart_kind kind, const figures *rows, uint32_t n)
{
    pagu_error err = { .message = "" };
    pagu_table *t = pagu_table_new(ctx);
    pagu_text *out = pagu_text_new(ctx);
    pagu_chart *c = NULL;
    assert_int_equal(fill(t, rows, n), PAGU_OK);
    assert_int_equal(make(ctx, t, kind, &c, &err), PAGU_OK);
    assert_int_equal(pagu_chart_svg(c, NULL, out, &err), PAGU_OK);
    pagu_chart_free(c);
    pagu_table_free(t);
    return out;
}

static void assert_has(const pagu_text *text, const char *part)
{
    if (!strstr(pagu_text_data(text), part))
        fail_msg("\"%s\" is missing from %s", part, pagu_text_data(text));
}

static void assert_lacks(const pagu_text *text, const char *part)
{
    if (strstr(pagu_text_data(text), part))
        fail_msg("\"%s\" is in %s", part, pagu_text_data(text));
}

static void chart__of_every_kind_names_itself_and_its_figures(void **state)
{
    (void)state;
    for (int kind = 0; kind <= PAGU_CHART_COMPARE; kind++) {
        pagu_text *svg = draw((pagu_chart_kind)kind, usual, N_USUAL);
        assert_has(svg, "<svg xmlns=");
        assert_has(svg, "<title id=\"chart-t\">Pagu</title>");
        assert_has(svg, "Bidang Sosial");
        assert_has(svg, "5.000.000.000");
        assert_has(svg, "</svg>\n");
        assert_lacks(svg, "nan");
        assert_lacks(svg, "inf");
        pagu_text_free(svg);
    }
}

static void chart__gives_the_same_bytes_twice(void **state)
{
    (void)state;
    for (int kind = 0; kind <= PAGU_CHART_COMPARE; kind++) {
        pagu_text *one = draw((pagu_chart_kind)kind, usual, N_USUAL);
        pagu_text *other = draw((pagu_chart_kind)kind, usual, N_USUAL);
        assert_string_equal(pagu_text_data(one), pagu_text_data(other));
        pagu_text_free(one);
        pagu_text_free(other);
    }
}

static void chart__totals_are_no_bars_but_levels_of_a_waterfall(void **state)
{
    (void)state;
    pagu_text *bars = draw(PAGU_CHART_BAR, usual, N_USUAL), *steps = draw(PAGU_CHART_WATERFALL, usual, N_USUAL);
    assert_lacks(bars, "Jumlah");
    assert_has(steps, "Jumlah");
    pagu_text_free(bars);
    pagu_text_free(steps);
}

/* 2 of 5 below the first row, so that 2 of 5 stay without a name. */
static void chart__tree_shows_what_children_leave(void **state)
{
    (void)state;
    pagu_text *svg = draw(PAGU_CHART_TREEMAP, usual, N_USUAL);
    assert_has(svg, "(belum dirinci)");
    assert_has(svg, "2,00 miliar · 40,0%");
    pagu_text_free(svg);
}

static void chart__without_figures_says_so(void **state)
{
    (void)state;
    static const figures none[] = { { "A", NAN, NAN, NAN, 0, PAGU_ROW_NORMAL } };
    for (int kind = 0; kind <= PAGU_CHART_COMPARE; kind++) {
        pagu_text *no_rows = draw((pagu_chart_kind)kind, none, 0), *no_value = draw((pagu_chart_kind)kind, none, 1);
        assert_has(no_rows, "Tidak ada angka untuk digambar.");
        assert_has(no_value, "Tidak ada angka untuk digambar.");
        pagu_text_free(no_rows);
        pagu_text_free(no_value);
    }
}

static void chart__bears_figures_of_any_size_and_sign(void **state)
{
    (void)state;
    static const figures odd[] = {
        { "A", -1e308, 1e308, 1e308, 0, PAGU_ROW_NORMAL },
        { "B", INFINITY, -INFINITY, 0, 0, PAGU_ROW_NORMAL },
        { "C", 0, 0, 0, 0, PAGU_ROW_NORMAL },
        { "D", 1e-300, -1e-300, 5e-324, 1, PAGU_ROW_NORMAL },
        { "E", -5, -6, -7, 0, PAGU_ROW_TOTAL },
    };
    for (int kind = 0; kind <= PAGU_CHART_COMPARE; kind++)
        for (uint32_t from = 0; from < 5; from++)
            for (uint32_t n = 1; from + n <= 5; n++) {
                figures rows[5];
                memcpy(rows, odd + from, n * sizeof *rows);
                for (uint32_t i = 0; i < n; i++)
                    rows[i].parent = rows[i].parent && from == 0 ? 1 : 0;
                pagu_text_free(draw((pagu_chart_kind)kind, rows, n));
            }
}

static void chart__escapes_what_a_plan_calls_things(void **state)
{
    (void)state;
    static const figures hostile[] = {
        { "</title><script>alert(1)</script>\"'&\xE2\x80\xAE\x01", 1, 2, 3, 0, PAGU_ROW_NORMAL },
        { "b\nc", 1, 2, 3, 0, PAGU_ROW_NORMAL },
    };
    for (int kind = 0; kind <= PAGU_CHART_COMPARE; kind++) {
        pagu_text *svg = draw((pagu_chart_kind)kind, hostile, 2);
        assert_lacks(svg, "<script");
        assert_lacks(svg, "\xE2\x80\xAE");
        assert_lacks(svg, "\x01");
        assert_has(svg, "\\u{202e}");
        pagu_text_free(svg);
    }
}

static void chart__speaks_the_language_and_counts_in_it(void **state)
{
    (void)state;
    pagu_ctx_set_lang(ctx, PAGU_LANG_EN);
    pagu_error err;
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    pagu_table *t = pagu_table_new(ctx);
    pagu_text *out = pagu_text_new(ctx);
    pagu_chart *c;
    o.locale = PAGU_LOCALE_EN;
    fill(t, usual, N_USUAL);
    assert_int_equal(make(ctx, t, PAGU_CHART_TREEMAP, &c, &err), PAGU_OK);
    assert_int_equal(pagu_chart_svg(c, &o, out, &err), PAGU_OK);
    assert_has(out, "(not broken down)");
    assert_has(out, "2.00 billion · 40.0%");
    pagu_chart_free(c);
    pagu_text_free(out);
    pagu_table_free(t);
    pagu_ctx_set_lang(ctx, PAGU_LANG_ID);
}

/* ---- HTML ---- */

static pagu_code build_document(pagu_ctx *c, pagu_document **doc)
{
    pagu_error err;
    pagu_table *t = pagu_table_new(c);
    *doc = pagu_document_new(c);
    pagu_code code = t && *doc ? fill(t, usual, N_USUAL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_document_set_title(*doc, "Renja <2024>");
    if (code == PAGU_OK)
        code = pagu_document_add_heading(*doc, 1, "Pagu & target");
    if (code == PAGU_OK)
        code = pagu_document_add_text(*doc, "satu\ndua");
    if (code == PAGU_OK)
        code = pagu_table_set_title(t, "Tabel\nbaris dua");
    if (code == PAGU_OK)
        code = pagu_document_add_table(*doc, "a b", t, &err);
    for (int kind = 0; kind <= PAGU_CHART_COMPARE && code == PAGU_OK; kind++) {
        pagu_chart *chart = NULL;
        code = make(c, t, (pagu_chart_kind)kind, &chart, &err);
        if (code == PAGU_OK)
            code = pagu_document_add_chart(*doc, NULL, chart, &err);
        pagu_chart_free(chart);
    }
    if (code == PAGU_OK)
        code = pagu_document_add_stamp(*doc, "plan", "abc");
    pagu_table_free(t);
    return code;
}

static pagu_code render_page(pagu_ctx *c, void *arg)
{
    pagu_error err;
    pagu_document *doc = NULL;
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    pagu_text *out = pagu_text_new(c);
    o.script = "1";
    o.script_len = 1;
    pagu_code code = out ? build_document(c, &doc) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_render_document(doc, PAGU_FORMAT_HTML, &o, out, &err);
    pagu_document_free(doc);
    if (arg && code == PAGU_OK)
        *(pagu_text **)arg = out;
    else
        pagu_text_free(out);
    return code;
}

static void html__names_its_scripts_by_hash_and_allows_nothing_else(void **state)
{
    (void)state;
    pagu_text *page = NULL;
    assert_int_equal(render_page(ctx, &page), PAGU_OK);
    assert_has(page, "default-src 'none'; script-src 'sha256-");
    /* sha256("1"), in base64 */
    assert_has(page, " 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='; style-src 'unsafe-inline'");
    assert_has(page, "<script>1</script>");
    assert_has(page, "<title>Renja &lt;2024&gt;</title>");
    assert_has(page, "<p>satu<br>dua</p>");
    assert_has(page, "<section id=\"a-b-3\">");
    assert_has(page, "<td class=\"n\" data-value=\"5000000000\">5.000.000.000</td>");
    assert_has(page, "data-row=\"1\" data-parent=\"0\"");
    assert_lacks(page, "src=\"");
    assert_lacks(page, "http-equiv=\"refresh");
    pagu_text_free(page);
}

static void html__on_paper_has_no_script(void **state)
{
    (void)state;
    pagu_error err;
    pagu_document *doc;
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    pagu_text *out = pagu_text_new(ctx);
    o.script = "1";
    o.script_len = 1;
    o.paper = true;
    assert_int_equal(build_document(ctx, &doc), PAGU_OK);
    assert_int_equal(pagu_render_document(doc, PAGU_FORMAT_HTML, &o, out, &err), PAGU_OK);
    assert_lacks(out, "<script");
    assert_has(out, "script-src 'none'");
    pagu_document_free(doc);
    pagu_text_free(out);
}

static void html__survives_every_failed_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(render_page, NULL) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chart__of_every_kind_names_itself_and_its_figures),
        cmocka_unit_test(chart__gives_the_same_bytes_twice),
        cmocka_unit_test(chart__totals_are_no_bars_but_levels_of_a_waterfall),
        cmocka_unit_test(chart__tree_shows_what_children_leave),
        cmocka_unit_test(chart__without_figures_says_so),
        cmocka_unit_test(chart__bears_figures_of_any_size_and_sign),
        cmocka_unit_test(chart__escapes_what_a_plan_calls_things),
        cmocka_unit_test(chart__speaks_the_language_and_counts_in_it),
        cmocka_unit_test(html__names_its_scripts_by_hash_and_allows_nothing_else),
        cmocka_unit_test(html__on_paper_has_no_script),
        cmocka_unit_test(html__survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
