/* test_render.c - tables as text, Markdown, CSV and JSON.
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
static pagu_table *t;
static pagu_text *out;
static pagu_render_options options;

static int set_up(void **state)
{
    (void)state;
    ctx = pagu_ctx_new(NULL);
    t = pagu_table_new(ctx);
    out = pagu_text_new(ctx);
    options = (pagu_render_options)PAGU_RENDER_OPTIONS_INIT;
    return t && out ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_text_free(out);
    pagu_table_free(t);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static const char *render(pagu_format format)
{
    pagu_error err = { 0 };
    pagu_text_free(out);
    out = pagu_text_new(ctx);
    if (pagu_render(t, format, &options, out, &err) != PAGU_OK)
        fail_msg("%s", err.message);
    return pagu_text_data(out);
}

/* A heading, an indented row and a total, with every type of column. */
static void build(pagu_table *table)
{
    pagu_table_set_title(table, "Tabel 7");
    pagu_table_add_column(table, "program", "Program", PAGU_COL_TEXT);
    pagu_table_add_column(table, "target", "Rencana 2024|Target", PAGU_COL_MEASURE);
    pagu_table_add_column(table, "budget", "Rencana 2024|Pagu", PAGU_COL_MONEY);
    pagu_table_add_column(table, "rate", "%", PAGU_COL_PERCENT);
    pagu_table_add_column(table, "year", "Tahun", PAGU_COL_INTEGER);
    pagu_table_add_column(table, "index", "Indeks", PAGU_COL_NUMBER);
    for (int i = 0; i < 3; i++)
        pagu_table_add_row(table);
    pagu_measure people = { 312, "orang/bulan", NULL, PAGU_NUMBER };
    pagu_measure percent = { 88.28, "%", NULL, PAGU_NUMBER };
    pagu_table_set_text(table, 0, 0, "PENUNJANG");
    pagu_table_set_row_style(table, 0, PAGU_ROW_GROUP, 0);
    pagu_table_set_measure(table, 0, 1, &percent);
    pagu_table_set_money(table, 0, 2, 4455445985);
    pagu_table_set_number(table, 0, 3, 99.125);
    pagu_table_set_text(table, 1, 0, "Gaji");
    pagu_table_set_row_style(table, 1, PAGU_ROW_NORMAL, 1);
    pagu_table_set_measure(table, 1, 1, &people);
    pagu_table_set_dash(table, 1, 2);
    pagu_table_set_money(table, 1, 4, 2024);
    pagu_table_set_number(table, 1, 5, 1234.5);
    pagu_table_set_text(table, 2, 0, "Jumlah");
    pagu_table_set_row_style(table, 2, PAGU_ROW_TOTAL, 0);
    pagu_table_set_money(table, 2, 2, -1500);
    pagu_table_add_note(table, "catatan");
    pagu_table_add_stamp(table, "plan", "abc");
}

static void one_text(const char *text)
{
    pagu_table_add_column(t, "a", "A", PAGU_COL_TEXT);
    pagu_table_add_row(t);
    pagu_table_set_text(t, 0, 0, text);
}

/* A form's column numbers, and words where a number can't be. */
static void build_form(pagu_table *table)
{
    pagu_table_add_column(table, "target", "Target", PAGU_COL_MONEY);
    pagu_table_add_column(table, "rate", "Rate", PAGU_COL_PERCENT);
    pagu_table_set_column_number(table, 0, "7");
    pagu_table_set_column_number(table, 1, "8=(7/6)");
    pagu_table_add_row(table);
    pagu_table_set_money(table, 0, 0, 5);
    pagu_table_set_mark(table, 0, 1, "<zero>");
}

static void render__column_numbers_and_marks_show_in_every_format(void **state)
{
    (void)state;
    build_form(t);
    options.ascii = true;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "Target     Rate\n"
                                                  "------  -------\n"
                                                  "     7  8=(7/6)\n"
                                                  "------  -------\n"
                                                  "     5   <zero>\n");
    assert_string_equal(render(PAGU_FORMAT_MARKDOWN), "| Target | Rate |\n"
                                                      "| ---: | ---: |\n"
                                                      "| 7 | 8=(7/6) |\n"
                                                      "| 5 | &lt;zero> |\n");
    assert_string_equal(render(PAGU_FORMAT_CSV), "target,rate\n5,<zero>\n");
    assert_string_equal(render(PAGU_FORMAT_JSON),
                        "{\"title\":\"\",\n"
                        "\"columns\":[\n"
                        "  {\"name\":\"target\",\"title\":\"Target\",\"type\":\"money\",\"number\":\"7\"},\n"
                        "  {\"name\":\"rate\",\"title\":\"Rate\",\"type\":\"percent\",\"number\":\"8=(7/6)\"}],\n"
                        "\"rows\":[\n"
                        "  {\"target\":\"5\",\"rate\":\"\\u003czero>\"}],\n"
                        "\"notes\":[],\n"
                        "\"stamp\":{}}\n");
}

/* ---- text ---- */

static void render__text_is_aligned_with_headings_in_two_levels(void **state)
{
    (void)state;
    build(t);
    options.ascii = true;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "Tabel 7\n"
                                                  "\n"
                                                  "           Rencana 2024\n"
                                                  "           ------------------------------\n"
                                                  "Program             Target           Pagu      %  Tahun   Indeks\n"
                                                  "---------  ---------------  -------------  -----  -----  -------\n"
                                                  "PENUNJANG           88,28%  4.455.445.985  99,13\n"
                                                  "  Gaji     312 orang/bulan              -          2024  1.234,5\n"
                                                  "---------  ---------------  -------------  -----  -----  -------\n"
                                                  "Jumlah                             -1.500\n"
                                                  "\n"
                                                  "catatan\n"
                                                  "\n"
                                                  "plan=abc\n");
}

static void render__text_follows_locale_decimals_and_stamp(void **state)
{
    (void)state;
    pagu_table_add_column(t, "a", "A", PAGU_COL_MONEY);
    pagu_table_add_column(t, "b", "B", PAGU_COL_PERCENT);
    pagu_table_add_row(t);
    pagu_table_set_money(t, 0, 0, 123456789);
    pagu_table_set_number(t, 0, 1, 5);
    pagu_table_add_note(t, "a note is no stamp");
    pagu_table_add_stamp(t, "plan", "not shown");
    options.locale = PAGU_LOCALE_EN;
    options.decimals = 2;
    options.stamp = false;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "           A     B\n"
                                                  "────────────  ────\n"
                                                  "1,234,567.89  5.00\n"
                                                  "\n"
                                                  "a note is no stamp\n");
    assert_non_null(strstr(render(PAGU_FORMAT_MARKDOWN), "- a note is no stamp"));
    assert_null(strstr(render(PAGU_FORMAT_MARKDOWN), "not shown"));
    assert_non_null(strstr(render(PAGU_FORMAT_JSON), "\"a note is no stamp\""));
    assert_null(strstr(render(PAGU_FORMAT_JSON), "not shown"));
}

static void render__csv_is_utf8_whatever_a_text_holds(void **state)
{
    (void)state;
    one_text("a\xff\"\xe2\x82 é");
    assert_string_equal(render(PAGU_FORMAT_CSV), "a\n\"a\uFFFD\"\"\uFFFD\uFFFD é\"\n");
}

static void render__text_counts_columns_not_bytes(void **state)
{
    (void)state;
    pagu_table_add_column(t, "a", "A", PAGU_COL_TEXT);
    pagu_table_add_column(t, "b", "B", PAGU_COL_INTEGER);
    static const char *const texts[] = { "日本", "é", "e\u0301", "abcd" };
    for (uint32_t i = 0; i < 4; i++) {
        pagu_table_add_row(t);
        pagu_table_set_text(t, i, 0, texts[i]);
        pagu_table_set_money(t, i, 1, 7);
    }
    options.ascii = true;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "A     B\n"
                                                  "----  -\n"
                                                  "日本  7\n"
                                                  "é     7\n"
                                                  "e\u0301     7\n"
                                                  "abcd  7\n");
}

static void render__text_escapes_what_acts_on_a_terminal(void **state)
{
    (void)state;
    one_text("\x1b[31m\a\n\t\x7f\xc2\x9b\u202e\u200b\u2066\ufeff\U000E0041 \xff\xc3 ok");
    options.ascii = true;
    assert_non_null(strstr(render(PAGU_FORMAT_TEXT),
                           "\n\\u{1b}[31m\\u{7}\\u{a}\\u{9}\\u{7f}\\u{9b}\\u{202e}\\u{200b}\\u{2066}"
                           "\\u{feff}\\u{e0041} \\x{ff}\\x{c3} ok\n"));
    const char *text = pagu_text_data(out);
    for (size_t i = 0; i < pagu_text_len(out); i++)
        assert_true(text[i] == '\n' || (text[i] >= 0x20 && text[i] < 0x7f));
}

static void render__text_wraps_text_columns_to_the_width(void **state)
{
    (void)state;
    pagu_table_add_column(t, "a", "Nama", PAGU_COL_TEXT);
    pagu_table_add_column(t, "b", "Pagu Indikatif", PAGU_COL_MONEY);
    pagu_table_add_row(t);
    pagu_table_set_text(t, 0, 0, "Penyediaan Gaji dan Tunjangan ASN");
    pagu_table_set_money(t, 0, 1, 1000000);
    pagu_table_set_row_style(t, 0, PAGU_ROW_NORMAL, 1);
    options.ascii = true;
    options.width = 27;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "Nama                   Pagu\n"
                                                  "                  Indikatif\n"
                                                  "----------------  ---------\n"
                                                  "  Penyediaan      1.000.000\n"
                                                  "  Gaji dan\n"
                                                  "  Tunjangan ASN\n");
    options.width = 80;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "Nama                                 Pagu Indikatif\n"
                                                  "-----------------------------------  --------------\n"
                                                  "  Penyediaan Gaji dan Tunjangan ASN       1.000.000\n");
}

static void render__text_keeps_the_words_of_a_group_heading(void **state)
{
    (void)state;
    pagu_table_add_column(t, "a", "Nama", PAGU_COL_TEXT);
    pagu_table_add_column(t, "b", "Tingkat Capaian|%", PAGU_COL_PERCENT);
    pagu_table_add_row(t);
    pagu_table_set_text(t, 0, 0, "Penyediaan Gaji dan Tunjangan ASN");
    pagu_table_set_number(t, 0, 1, 5);
    options.ascii = true;
    options.width = 25;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "                  Tingkat\n"
                                                  "                  Capaian\n"
                                                  "                  -------\n"
                                                  "Nama                    %\n"
                                                  "----------------  -------\n"
                                                  "Penyediaan Gaji      5,00\n"
                                                  "dan Tunjangan\n"
                                                  "ASN\n");
}

static void render__text_breaks_a_word_that_is_too_long(void **state)
{
    (void)state;
    one_text("KABUPATENKOTAMADYA 日本日本日本");
    options.ascii = true;
    options.width = 9;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "A\n"
                                                  "---------\n"
                                                  "KABUPATEN\n"
                                                  "KOTAMADYA\n"
                                                  "日本日本\n"
                                                  "日本\n");
}

static void render__text_never_exceeds_a_width_that_suffices(void **state)
{
    (void)state;
    build(t);
    for (options.width = 64; options.width < 90; options.width++) {
        options.ascii = true;
        const char *line = render(PAGU_FORMAT_TEXT);
        for (; *line; line += strcspn(line, "\n") + 1) {
            size_t len = strcspn(line, "\n");
            assert_true(len <= options.width);
            assert_true(len == 0 || line[len - 1] != ' ');
        }
    }
}

static void render__text_of_an_empty_table_is_its_headings(void **state)
{
    (void)state;
    assert_string_equal(render(PAGU_FORMAT_TEXT), "");
    pagu_table_set_title(t, "Judul");
    assert_string_equal(render(PAGU_FORMAT_TEXT), "Judul\n");
    pagu_table_add_column(t, "a", "A", PAGU_COL_TEXT);
    assert_string_equal(render(PAGU_FORMAT_TEXT), "Judul\n\nA\n─\n");
}

/* ---- Markdown ---- */

static void render__markdown_is_a_github_table(void **state)
{
    (void)state;
    build(t);
    assert_string_equal(render(PAGU_FORMAT_MARKDOWN),
                        "**Tabel 7**\n"
                        "\n"
                        "| Program | Rencana 2024: Target | Rencana 2024: Pagu | % | Tahun | Indeks |\n"
                        "| :--- | ---: | ---: | ---: | ---: | ---: |\n"
                        "| **PENUNJANG** | **88,28%** | **4.455.445.985** | **99,13** |  |  |\n"
                        "| &nbsp;&nbsp;Gaji | 312 orang/bulan | - |  | 2024 | 1.234,5 |\n"
                        "| **Jumlah** |  | **-1.500** |  |  |  |\n"
                        "\n"
                        "- catatan\n"
                        "- plan=abc\n");
}

static void render__markdown_text_stays_text(void **state)
{
    (void)state;
    one_text("a|b <script> &lt; A & B *x* `y` [z](u) sub_kegiatan _i_ \\ \n");
    assert_string_equal(render(PAGU_FORMAT_MARKDOWN), "| A |\n"
                                                      "| :--- |\n"
                                                      "| a\\|b &lt;script> &amp;lt; A & B \\*x\\* \\`y\\` "
                                                      "\\[z\\](u) sub_kegiatan \\_i\\_ \\\\ \\\\u{a} |\n");
}

/* ---- CSV ---- */

static void render__csv_has_machine_names_and_plain_numbers(void **state)
{
    (void)state;
    build(t);
    assert_string_equal(render(PAGU_FORMAT_CSV), "program,target,target_unit,budget,rate,year,index\n"
                                                 "PENUNJANG,88.28,%,4455445985,99.125,,\n"
                                                 "Gaji,312,orang/bulan,-,,2024,1234.5\n"
                                                 "Jumlah,,,-1500,,,\n");
}

static void check_csv(const char *text, const char *expected)
{
    char line[200];
    pagu_table_set_text(t, 0, 0, text);
    snprintf(line, sizeof line, "a\n%s\n", expected);
    assert_string_equal(render(PAGU_FORMAT_CSV), line);
}

static void render__csv_quotes_by_rfc_4180(void **state)
{
    (void)state;
    one_text("x");
    check_csv("a,b", "\"a,b\"");
    check_csv("say \"no\"", "\"say \"\"no\"\"\"");
    check_csv("\"", "\"\"\"\"");
    check_csv("two\nlines", "\"two\nlines\"");
    check_csv(" blank", "\" blank\"");
    check_csv("", "\"\"");
    check_csv("plain; text", "plain; text");
}

static void render__csv_text_is_no_formula(void **state)
{
    (void)state;
    one_text("x");
    check_csv("=1+1", "'=1+1");
    check_csv("+1", "'+1");
    check_csv("-1", "'-1");
    check_csv("@SUM(A1)", "'@SUM(A1)");
    check_csv("|calc", "'|calc");
    check_csv("  |calc", "\"'  |calc\"");
    check_csv("\t=1", "'\t=1");
    check_csv("\r=1", "\"'\r=1\"");
    check_csv("  =1", "\"'  =1\"");
    check_csv("=1,2", "\"'=1,2\"");
    check_csv("\uFF1D1", "'\uFF1D1");
    check_csv("-", "-");
    check_csv("a=1", "a=1");
}

static void render__csv_measures_have_a_column_of_units(void **state)
{
    (void)state;
    pagu_table_add_column(t, "m", "M", PAGU_COL_MEASURE);
    pagu_measure text = { 0, "", "10 Unit, 10 Unit", PAGU_TEXT }, both = { 72, "", "72,00 / B", PAGU_NUMBER };
    for (int i = 0; i < 4; i++)
        pagu_table_add_row(t);
    pagu_table_set_measure(t, 0, 0, &text);
    pagu_table_set_measure(t, 1, 0, &both);
    pagu_table_set_dash(t, 2, 0);
    assert_string_equal(render(PAGU_FORMAT_CSV), "m,m_unit\n\"10 Unit, 10 Unit\",\n72,\n-,\n,\n");
    assert_non_null(strstr(render(PAGU_FORMAT_TEXT), "72,00 / B"));
}

/* ---- JSON ---- */

static void render__json_keeps_money_exact_and_missing_apart_from_dash(void **state)
{
    (void)state;
    build(t);
    pagu_table_set_money(t, 0, 2, INT64_MAX);
    assert_string_equal(
        render(PAGU_FORMAT_JSON),
        "{\"title\":\"Tabel 7\",\n"
        "\"columns\":[\n"
        "  {\"name\":\"program\",\"title\":\"Program\",\"type\":\"text\"},\n"
        "  {\"name\":\"target\",\"title\":\"Rencana 2024|Target\",\"type\":\"measure\"},\n"
        "  {\"name\":\"budget\",\"title\":\"Rencana 2024|Pagu\",\"type\":\"money\"},\n"
        "  {\"name\":\"rate\",\"title\":\"%\",\"type\":\"percent\"},\n"
        "  {\"name\":\"year\",\"title\":\"Tahun\",\"type\":\"integer\"},\n"
        "  {\"name\":\"index\",\"title\":\"Indeks\",\"type\":\"number\"}],\n"
        "\"rows\":[\n"
        "  {\"program\":\"PENUNJANG\",\"target\":{\"value\":88.28,\"unit\":\"%\",\"text\":null},"
        "\"budget\":\"9223372036854775807\",\"rate\":99.125,\"year\":null,\"index\":null},\n"
        "  {\"program\":\"Gaji\",\"target\":{\"value\":312,\"unit\":\"orang/bulan\",\"text\":null},"
        "\"budget\":\"-\",\"rate\":null,\"year\":2024,\"index\":1234.5},\n"
        "  "
        "{\"program\":\"Jumlah\",\"target\":null,\"budget\":\"-1500\",\"rate\":null,\"year\":null,\"index\":"
        "null}],\n"
        "\"notes\":[\n"
        "  \"catatan\"],\n"
        "\"stamp\":{\"plan\":\"abc\"}}\n");
}

static void render__json_strings_are_safe_everywhere(void **state)
{
    (void)state;
    one_text("\" \\ \n \t \x1b </script> \u2028 \u202e \U000E0041 \xff é");
    options.stamp = false;
    assert_string_equal(render(PAGU_FORMAT_JSON), "{\"title\":\"\",\n"
                                                  "\"columns\":[\n"
                                                  "  {\"name\":\"a\",\"title\":\"A\",\"type\":\"text\"}],\n"
                                                  "\"rows\":[\n"
                                                  "  {\"a\":\"\\\" \\\\ \\n \\t \\u001b \\u003c/script> "
                                                  "\\u2028 \\u202e \\udb40\\udc41 \\ufffd é\"}]}\n");
}

static void render__json_has_no_nan(void **state)
{
    (void)state;
    pagu_table_add_column(t, "a", "A", PAGU_COL_NUMBER);
    pagu_table_add_row(t);
    pagu_table_set_number(t, 0, 0, NAN);
    assert_non_null(strstr(render(PAGU_FORMAT_JSON), "{\"a\":null}"));
    pagu_table_set_number(t, 0, 0, INFINITY);
    assert_non_null(strstr(render(PAGU_FORMAT_JSON), "{\"a\":null}"));
}

/* ---- entry ---- */

static void render__formats_have_names(void **state)
{
    (void)state;
    pagu_format format;
    pagu_error err;
    assert_int_equal(pagu_format_parse(ctx, "md", &format, NULL), PAGU_OK);
    assert_int_equal(format, PAGU_FORMAT_MARKDOWN);
    assert_int_equal(pagu_format_parse(ctx, "markdown", &format, NULL), PAGU_OK);
    assert_int_equal(format, PAGU_FORMAT_MARKDOWN);
    assert_int_equal(pagu_format_parse(ctx, "csv", &format, NULL), PAGU_OK);
    assert_int_equal(format, PAGU_FORMAT_CSV);
    assert_int_equal(pagu_format_parse(ctx, "json", &format, NULL), PAGU_OK);
    assert_int_equal(format, PAGU_FORMAT_JSON);
    assert_int_equal(pagu_format_parse(ctx, "text", &format, NULL), PAGU_OK);
    assert_int_equal(format, PAGU_FORMAT_TEXT);
    assert_int_equal(pagu_format_parse(ctx, "CSV", &format, &err), PAGU_ARGUMENT);
    assert_non_null(strstr(err.message, "\"CSV\""));
}

static void render__appends_and_a_failure_appends_nothing(void **state)
{
    (void)state;
    one_text("x");
    pagu_text_append(out, "before\n", 7);
    assert_int_equal(pagu_render(t, PAGU_FORMAT_CSV, NULL, out, NULL), PAGU_OK);
    assert_string_equal(pagu_text_data(out), "before\na\nx\n");
    pagu_error err;
    pagu_ctx_interrupt(ctx, true);
    for (int format = PAGU_FORMAT_TEXT; format <= PAGU_FORMAT_XLSX; format++) {
        assert_int_equal(pagu_render(t, (pagu_format)format, NULL, out, &err), PAGU_INTERRUPTED);
        assert_string_equal(pagu_text_data(out), "before\na\nx\n");
    }
    pagu_ctx_interrupt(ctx, false);
    assert_int_equal(pagu_render(t, (pagu_format)99, NULL, out, &err), PAGU_ARGUMENT);
    assert_string_equal(pagu_text_data(out), "before\na\nx\n");
}

static void render__the_same_table_gives_the_same_bytes(void **state)
{
    (void)state;
    build(t);
    for (int format = PAGU_FORMAT_TEXT; format <= PAGU_FORMAT_JSON; format++) {
        char first[4096];
        snprintf(first, sizeof first, "%s", render((pagu_format)format));
        assert_string_equal(render((pagu_format)format), first);
    }
}

static pagu_code render_on(pagu_ctx *c, void *arg)
{
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    o.width = 60;
    pagu_table *table = pagu_table_new(c);
    pagu_text *text = pagu_text_new(c);
    pagu_code code = PAGU_NO_MEMORY;
    if (table && text) {
        build(table); /* what is missing from it makes a smaller table, which must render too */
        code = pagu_render(table, *(pagu_format *)arg, &o, text, NULL);
        if (code != PAGU_OK)
            assert_int_equal(pagu_text_len(text), 0);
    }
    pagu_text_free(text);
    pagu_table_free(table);
    return code;
}

static void render__every_failed_allocation_is_survived(void **state)
{
    (void)state;
    for (int i = PAGU_FORMAT_TEXT; i <= PAGU_FORMAT_XLSX; i++) {
        pagu_format format = (pagu_format)i;
        assert_true(for_each_failing_allocation(render_on, &format) > 10);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(render__column_numbers_and_marks_show_in_every_format),
        TEST(render__text_is_aligned_with_headings_in_two_levels),
        TEST(render__text_follows_locale_decimals_and_stamp),
        TEST(render__csv_is_utf8_whatever_a_text_holds),
        TEST(render__text_counts_columns_not_bytes),
        TEST(render__text_escapes_what_acts_on_a_terminal),
        TEST(render__text_wraps_text_columns_to_the_width),
        TEST(render__text_keeps_the_words_of_a_group_heading),
        TEST(render__text_breaks_a_word_that_is_too_long),
        TEST(render__text_never_exceeds_a_width_that_suffices),
        TEST(render__text_of_an_empty_table_is_its_headings),
        TEST(render__markdown_is_a_github_table),
        TEST(render__markdown_text_stays_text),
        TEST(render__csv_has_machine_names_and_plain_numbers),
        TEST(render__csv_quotes_by_rfc_4180),
        TEST(render__csv_text_is_no_formula),
        TEST(render__csv_measures_have_a_column_of_units),
        TEST(render__json_keeps_money_exact_and_missing_apart_from_dash),
        TEST(render__json_strings_are_safe_everywhere),
        TEST(render__json_has_no_nan),
        TEST(render__formats_have_names),
        TEST(render__appends_and_a_failure_appends_nothing),
        TEST(render__the_same_table_gives_the_same_bytes),
        TEST(render__every_failed_allocation_is_survived),
    };
    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
