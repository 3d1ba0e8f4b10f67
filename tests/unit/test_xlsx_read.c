/* test_xlsx_read.c - workbooks in: what cells mean, and files made to do harm.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <xlsxwriter.h>

#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"
#include "support/workbook.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

static pagu_code read_first(pagu_ctx *ctx, const char *bytes, size_t len, grid *g, xlsx_book **book, pagu_error *err)
{
    pagu_code code = xlsx_open(ctx, bytes, len, "a.xlsx", book, err);
    *g = (grid){ 0 };
    return code == PAGU_OK ? xlsx_read_sheet(*book, 0, g, err) : code;
}

/* Cells as "line:column=text;", columns from 0. */
static void cells_of(const grid *g, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t r = 0; r < g->n_rows; r++)
        for (uint32_t i = 0; i < g->rows[r].n && n < size; i++) {
            const grid_cell *c = &g->cells[g->rows[r].first + i];
            n += (size_t)snprintf(out + n, size - n, "%u:%u=%s%s;", g->rows[r].line, c->column, c->text,
                                  c->kind == GRID_PERCENT ? "%"
                                  : c->kind == GRID_DATE  ? "@"
                                  : c->kind == GRID_ERROR ? "!"
                                                          : "");
        }
}

static void assert_cells(const char *rows, const workbook_part *more, const char *expected)
{
    pagu_ctx *ctx = english_ctx();
    workbook w;
    xlsx_book *book = NULL;
    grid g;
    pagu_error err = { 0 };
    char out[4096];
    workbook_make(&w, rows, more);
    assert_ok(read_first(ctx, w.bytes, w.len, &g, &book, &err), &err);
    cells_of(&g, out, sizeof out);
    assert_string_equal(out, expected);
    grid_free(&g);
    xlsx_close(book);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    workbook_free(&w);
}

static void refuse_bytes(const char *bytes, size_t len, pagu_code expected, const char *message)
{
    pagu_ctx *ctx = english_ctx();
    xlsx_book *book = NULL;
    grid g;
    pagu_error err = { 0 };
    pagu_code code = read_first(ctx, bytes, len, &g, &book, &err);
    assert_string_equal(err.message, message);
    assert_int_equal(code, expected);
    assert_string_equal(err.file, "a.xlsx");
    grid_free(&g);
    xlsx_close(book);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void refuse(const char *rows, const workbook_part *more, pagu_code expected, const char *message)
{
    workbook w;
    workbook_make(&w, rows, more);
    refuse_bytes(w.bytes, w.len, expected, message);
    workbook_free(&w);
}

/* ---- what cells mean ---- */

static void xlsx__a_cell_is_read_by_its_type(void **state)
{
    (void)state;
    assert_cells("<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>"
                 "<c r='C1' t='inlineStr'><is><r><t>a</t></r><r><t> b</t></r></is></c>"
                 "<c r='D1' t='str'><f>A1&amp;\"x\"</f><v>hasil</v></c><c r='E1' t='b'><v>1</v></c>"
                 "<c r='F1' t='e'><v>#REF!</v></c><c r='G1'><f>SUM(A2:A9)</f><v>36</v></c></row>",
                 NULL, "1:0=Kode;1:1=Penganggaran;1:2=a b;1:3=hasil;1:4=true;1:5=#REF!!;1:6=36;");
}

static void xlsx__a_number_keeps_its_digits_but_not_the_noise_of_a_double(void **state)
{
    (void)state;
    assert_cells(
        "<row><c><v>5.0688E9</v></c><c><v>9007199254740993</v></c><c><v>-1.5e-3</v></c><c><v>0.30000000000000004"
        "</v></c><c><v>1E+2</v></c><c><v>00012.50</v></c><c><v>-0</v></c></row>"
        "<row><c><v>80.98999999999999</v></c><c><v>9.999999999999999</v></c><c><v>-0.09999999999999999</v></c>"
        "<c><v>123456789.123456</v></c><c><v>9007199254740993.5</v></c></row>",
        NULL,
        "1:0=5068800000;1:1=9007199254740993;1:2=-0.0015;1:3=0.3;1:4=100;1:5=12.5;1:6=0;"
        "2:0=80.99;2:1=10;2:2=-0.1;2:3=123456789.123456;2:4=9007199254740993.5;");
}

static void xlsx__sixteen_digits_in_a_text_cell_stay_text(void **state)
{
    (void)state;
    assert_cells("<row><c t='inlineStr'><is><t>1234567890123456</t></is></c></row>", NULL, "1:0=1234567890123456;");
}

static void xlsx__a_percent_format_gives_the_percentage(void **state)
{
    (void)state;
    assert_cells("<row><c s='2'><v>0.8828</v></c><c s='2'><v>1</v></c><c s='4'><v>12</v></c></row>", NULL,
                 "1:0=88.28%;1:1=100%;1:2=12;");
}

static void xlsx__dates_follow_the_calendar_of_the_book(void **state)
{
    (void)state;
    const workbook_part mac[] = { { "xl/workbook.xml",
                                    "<workbook xmlns='" MAIN "' xmlns:r='r'><workbookPr date1904='1'/><sheets><sheet "
                                    "name='a' sheetId='1' r:id='rId1'/></sheets></workbook>",
                                    0 },
                                  { 0 } };
    const char *rows =
        "<row><c s='1'><v>45292</v></c><c s='3'><v>1.5</v></c><c s='1'><v>59</v></c><c s='1'><v>61</v></c></row>";
    assert_cells(rows, NULL, "1:0=2024-01-01@;1:1=1900-01-01 12:00:00@;1:2=1900-02-28@;1:3=1900-03-01@;");
    assert_cells("<row><c s='1'><v>43830</v></c><c s='1'><v>0</v></c></row>", mac, "1:0=2024-01-01@;1:1=1904-01-01@;");
}

static void xlsx__rows_and_cells_may_be_sparse(void **state)
{
    (void)state;
    assert_cells("<row r='3'><c r='B3'><v>1</v></c><c r='AA3'><v>2</v></c></row><row r='7'/><row r='1048576'>"
                 "<c r='XFD1048576'><v>3</v></c></row>",
                 NULL, "3:1=1;3:26=2;1048576:16383=3;");
}

static void xlsx__strings_without_meaning_are_left_out(void **state)
{
    (void)state;
    assert_cells("<row><c t='s'><v>2</v></c><c/><c t='inlineStr'><is><t></t></is></c></row>", NULL, "1:0=baris\ndua;");
}

static void xlsx__prefixed_elements_are_read_too(void **state)
{
    (void)state;
    const workbook_part more[] = { { "xl/worksheets/sheet1.xml",
                                     "<x:worksheet xmlns:x='" MAIN
                                     "'><x:sheetData><x:row r='1'><x:c r='A1'><x:v>4</x:v>"
                                     "</x:c></x:row></x:sheetData></x:worksheet>",
                                     0 },
                                   { 0 } };
    assert_cells("", more, "1:0=4;");
}

static void xlsx__merged_ranges_and_hidden_rows_are_told(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    workbook w;
    xlsx_book *book = NULL;
    grid g;
    pagu_error err = { 0 };
    workbook_make(&w,
                  "<sheetData><row r='1' hidden='1'><c r='B1'><v>1</v></c></row></sheetData><mergeCells count='1'>"
                  "<mergeCell ref='B1:D3'/></mergeCells>",
                  NULL);
    assert_ok(read_first(ctx, w.bytes, w.len, &g, &book, &err), &err);
    assert_true(g.rows[0].hidden);
    assert_int_equal(g.n_merges, 1);
    assert_int_equal(g.merges[0].line0, 1);
    assert_int_equal(g.merges[0].line1, 3);
    assert_int_equal(g.merges[0].column0, 1);
    assert_int_equal(g.merges[0].column1, 3);
    assert_int_equal(xlsx_sheet_count(book), 1);
    assert_string_equal(xlsx_sheet_name(book, 0), "Lembar");
    grid_free(&g);
    xlsx_close(book);
    pagu_ctx_free(ctx);
    workbook_free(&w);
}

static void xlsx__what_libxlsxwriter_writes_comes_back(void **state)
{
    (void)state;
    const char *path = "/tmp/pagu-test-xlsx-read.xlsx";
    lxw_workbook *out = workbook_new(path);
    lxw_worksheet *first = workbook_add_worksheet(out, "Satu"), *second = workbook_add_worksheet(out, "Dua & tiga");
    lxw_format *percent = workbook_add_format(out);
    format_set_num_format(percent, "0.00%");
    worksheet_write_string(first, 0, 0, "Pagu <b>", NULL);
    worksheet_write_number(first, 1, 0, 5068980596.0, NULL);
    worksheet_write_number(first, 1, 1, 0.8828, percent);
    worksheet_write_formula_num(first, 2, 0, "=A2*2", NULL, 10137961192.0);
    worksheet_merge_range(first, 4, 0, 4, 3, "JUMLAH", NULL);
    worksheet_write_string(second, 0, 2, "Ω", NULL);
    assert_int_equal(workbook_close(out), LXW_NO_ERROR);
    pagu_ctx *ctx = english_ctx();
    pagu_text *file = pagu_text_new(ctx);
    pagu_error err = { 0 };
    xlsx_book *book = NULL;
    grid g;
    char cells[1024];
    assert_ok(pagu_read_all(ctx, path, 0, file, &err), &err);
    remove(path);
    assert_ok(read_first(ctx, pagu_text_data(file), pagu_text_len(file), &g, &book, &err), &err);
    cells_of(&g, cells, sizeof cells);
    assert_string_equal(cells, "1:0=Pagu <b>;2:0=5068980596;2:1=88.28%;3:0=10137961192;5:0=JUMLAH;");
    assert_int_equal(g.n_merges, 1);
    grid_free(&g);
    assert_string_equal(xlsx_sheet_name(book, 1), "Dua & tiga");
    assert_ok(xlsx_read_sheet(book, 1, &g, &err), &err);
    cells_of(&g, cells, sizeof cells);
    assert_string_equal(cells, "1:2=Ω;");
    grid_free(&g);
    xlsx_close(book);
    pagu_text_free(file);
    pagu_ctx_free(ctx);
}

/* ---- broken files ---- */

static void xlsx__a_place_beyond_the_sheet_is_refused(void **state)
{
    (void)state;
    refuse("<row r='1'><c r='ZZZ1'><v>1</v></c></row>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:1: cell \"ZZZ1\" is no place in row 1, or out of order");
    refuse("<row r='1'><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:1: cell \"A1\" is no place in row 1, or out of order");
    refuse("<row r='1048577'/>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:1: row \"1048577\" is out of order or beyond the last row");
    refuse("<row r='2'/><row r='1'/>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:1: row \"1\" is out of order or beyond the last row");
}

static void xlsx__a_missing_string_is_refused(void **state)
{
    (void)state;
    refuse("<row r='1'><c r='A1' t='s'><v>3</v></c></row>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:1: row 1 names shared string \"3\", which isn't there");
    refuse("<row r='1'><c r='A1'><v>1.2.3</v></c></row>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:1: \"1.2.3\" in row 1 is no number");
}

static void xlsx__missing_parts_are_named(void **state)
{
    (void)state;
    const workbook_part no_sheet[] = { { "xl/worksheets/sheet1.xml", NULL, 0 }, { 0 } };
    const workbook_part no_strings[] = { { "xl/sharedStrings.xml", NULL, 0 }, { 0 } };
    const workbook_part no_book[] = { { "xl/workbook.xml", NULL, 0 }, { 0 } };
    const workbook_part ods[] = { { "xl/workbook.xml", NULL, 0 }, { "content.xml", "<x/>", 0 }, { 0 } };
    refuse("", no_sheet, PAGU_SYNTAX, "a.xlsx: xl/worksheets/sheet1.xml: the part is missing");
    refuse("", no_strings, PAGU_SYNTAX, "a.xlsx: xl/sharedStrings.xml: the part is missing");
    refuse("", no_book, PAGU_SYNTAX, "a.xlsx: not a workbook: it has no sheets");
    refuse("", ods, PAGU_SYNTAX, "a.xlsx: an OpenDocument file; save it as .xlsx");
}

static void xlsx__malformed_xml_is_placed(void **state)
{
    (void)state;
    refuse("<row r='1'>\n<c></row>", NULL, PAGU_SYNTAX,
           "a.xlsx: xl/worksheets/sheet1.xml:2: malformed XML: mismatched tag");
}

static void xlsx__names_that_leave_the_archive_are_refused(void **state)
{
    (void)state;
    const workbook_part slip[] = { { "xl/../../etc/passwd", "x", 0 }, { 0 } };
    const workbook_part absolute[] = { { "/etc/passwd", "x", 0 }, { 0 } };
    const workbook_part relation[] = { { "xl/_rels/workbook.xml.rels",
                                         "<Relationships><Relationship Id='rId1' Type='t/worksheet' "
                                         "Target='../../../etc/passwd'/></Relationships>",
                                         0 },
                                       { 0 } };
    refuse("", slip, PAGU_SYNTAX, "a.xlsx: a name in the archive leads out of it");
    refuse("", absolute, PAGU_SYNTAX, "a.xlsx: a name in the archive leads out of it");
    refuse("", relation, PAGU_SYNTAX, "a.xlsx: xl/_rels/workbook.xml.rels:1: a relation leads out of the archive");
}

/* ---- bombs ---- */

static void xlsx__a_document_type_ends_the_reading(void **state)
{
    (void)state;
    const workbook_part laughs[] = { { "xl/sharedStrings.xml",
                                       "<!DOCTYPE sst [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
                                       "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><sst><si><t>&c;</t></si></sst>",
                                       0 },
                                     { 0 } };
    refuse("", laughs, PAGU_SYNTAX,
           "a.xlsx: xl/sharedStrings.xml:1: a document type declaration is not allowed in a workbook");
}

static void xlsx__a_part_that_inflates_too_far_is_refused(void **state)
{
    (void)state;
    size_t len = 64u << 20;
    char *blanks = malloc(len + 1);
    assert_non_null(blanks);
    memset(blanks, ' ', len);
    blanks[len] = '\0';
    memcpy(blanks, "<sst>", 5);
    const workbook_part bomb[] = { { "xl/sharedStrings.xml", blanks, len }, { 0 } };
    refuse("", bomb, PAGU_LIMIT,
           "a.xlsx: xl/sharedStrings.xml: unpacks to more than 200 times its size, as no office file does");
    free(blanks);
}

static void xlsx__one_huge_string_is_refused(void **state)
{
    (void)state;
    size_t len = (1u << 20) + 100;
    rng r = { .state = 5 };
    char *text = malloc(len + 64);
    assert_non_null(text);
    size_t n = (size_t)sprintf(text, "<sst><si><t>");
    while (n < len)
        text[n++] = (char)('a' + rng_below(&r, 26));
    sprintf(text + n, "</t></si></sst>");
    const workbook_part huge[] = { { "xl/sharedStrings.xml", text, 0 }, { 0 } };
    refuse("", huge, PAGU_LIMIT, "a.xlsx: xl/sharedStrings.xml:1: the text of a cell is longer than 1 MB");
    free(text);
}

static void xlsx__elements_that_nest_too_deep_are_refused(void **state)
{
    (void)state;
    char rows[1000] = "<row r='1'>";
    for (int i = 0; i < 100; i++)
        strcat(rows, "<c>");
    refuse(rows, NULL, PAGU_LIMIT, "a.xlsx: xl/worksheets/sheet1.xml:1: elements nest too deep");
}

static void xlsx__memory_of_a_sheet_counts_against_the_limit(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.memory_limit = 4 << 20;
    pagu_ctx *ctx = pagu_ctx_new(&options);
    size_t size = 8u << 20, n = 0;
    char *rows = malloc(size);
    assert_non_null(rows);
    rng r = { .state = 3 };
    while (n + 100 < size)
        n += (size_t)sprintf(rows + n, "<row><c t='str'><v>%llx%llx</v></c></row>", (unsigned long long)rng_next(&r),
                             (unsigned long long)rng_next(&r));
    workbook w;
    workbook_make(&w, rows, NULL);
    xlsx_book *book = NULL;
    grid g;
    pagu_error err = { 0 };
    assert_int_equal(read_first(ctx, w.bytes, w.len, &g, &book, &err), PAGU_NO_MEMORY);
    grid_free(&g);
    xlsx_close(book);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    workbook_free(&w);
    free(rows);
}

/* ---- damage ---- */

static const char sample[] = "<sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row><row "
                             "r='2'><c r='A2' t='inlineStr'>"
                             "<is><t>1.06.01</t></is></c><c r='B2'><v>3926440000</v></c><c r='C2' "
                             "s='2'><v>0.5</v></c></row></sheetData><mergeCells>"
                             "<mergeCell ref='A3:B4'/></mergeCells>";

/* Any answer will do, but it must be an answer, and leave nothing allocated. */
static pagu_code survive(const char *bytes, size_t len)
{
    pagu_ctx *ctx = english_ctx();
    xlsx_book *book = NULL;
    grid g;
    pagu_error err = { 0 };
    pagu_code code = read_first(ctx, bytes, len, &g, &book, &err);
    assert_true(code == PAGU_OK || err.message[0]);
    grid_free(&g);
    xlsx_close(book);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    return code;
}

static void xlsx__a_file_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    workbook w;
    workbook_make(&w, sample, NULL);
    assert_int_equal(survive(w.bytes, w.len), PAGU_OK);
    for (size_t len = 0; len < w.len; len += len < 1024 ? 16 : 64) {
        char *cut = malloc(len ? len : 1); /* exactly as long, for the sanitizer */
        assert_non_null(cut);
        memcpy(cut, w.bytes, len);
        assert_int_not_equal(survive(cut, len), PAGU_OK);
        free(cut);
    }
    workbook_free(&w);
}

static void xlsx__a_flipped_bit_is_survived(void **state)
{
    (void)state;
    workbook w;
    workbook_make(&w, sample, NULL);
    int refused = 0, tried = 0;
    for (size_t bit = 0; bit < w.len * 8; bit += 7, tried++) {
        w.bytes[bit / 8] ^= (char)(1 << bit % 8);
        refused += survive(w.bytes, w.len) != PAGU_OK;
        w.bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(refused > tried / 2);
    workbook_free(&w);
}

static void xlsx__a_wrong_checksum_is_refused(void **state)
{
    (void)state;
    workbook w;
    const workbook_part more[] = { { 0 } };
    workbook_make(&w, sample, more);
    /* the central entry of the sheet: signature, checksum 16 bytes behind, name 46 bytes behind */
    for (size_t i = 0; i + 70 < w.len; i++)
        if (memcmp(w.bytes + i, "PK\1\2", 4) == 0 && memcmp(w.bytes + i + 46, "xl/worksheets/sheet1.xml", 24) == 0)
            w.bytes[i + 16] ^= 1;
    refuse_bytes(w.bytes, w.len, PAGU_SYNTAX, "a.xlsx: xl/worksheets/sheet1.xml: the part is damaged");
    workbook_free(&w);
}

static void xlsx__random_damage_inside_the_xml_is_survived(void **state)
{
    (void)state;
    rng r = { .state = 11 };
    for (int i = 0; i < 300; i++) {
        char rows[sizeof sample];
        memcpy(rows, sample, sizeof sample);
        for (int k = 0; k < 3; k++)
            rows[rng_below(&r, sizeof sample - 1)] = (char)(32 + rng_below(&r, 95));
        workbook w;
        workbook_make(&w, rows, NULL);
        survive(w.bytes, w.len);
        workbook_free(&w);
    }
}

static pagu_code read_in_little_memory(pagu_ctx *ctx, void *arg)
{
    const workbook *w = arg;
    xlsx_book *book = NULL;
    grid g;
    pagu_error err = { 0 };
    pagu_code code = read_first(ctx, w->bytes, w->len, &g, &book, &err);
    grid_free(&g);
    xlsx_close(book);
    return code;
}

static void xlsx__every_failing_allocation_is_survived(void **state)
{
    (void)state;
    workbook w;
    workbook_make(&w, sample, NULL);
    assert_true(for_each_failing_allocation(read_in_little_memory, &w) > 5);
    workbook_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xlsx__a_cell_is_read_by_its_type),
        cmocka_unit_test(xlsx__a_number_keeps_its_digits_but_not_the_noise_of_a_double),
        cmocka_unit_test(xlsx__sixteen_digits_in_a_text_cell_stay_text),
        cmocka_unit_test(xlsx__a_percent_format_gives_the_percentage),
        cmocka_unit_test(xlsx__dates_follow_the_calendar_of_the_book),
        cmocka_unit_test(xlsx__rows_and_cells_may_be_sparse),
        cmocka_unit_test(xlsx__strings_without_meaning_are_left_out),
        cmocka_unit_test(xlsx__prefixed_elements_are_read_too),
        cmocka_unit_test(xlsx__merged_ranges_and_hidden_rows_are_told),
        cmocka_unit_test(xlsx__what_libxlsxwriter_writes_comes_back),
        cmocka_unit_test(xlsx__a_place_beyond_the_sheet_is_refused),
        cmocka_unit_test(xlsx__a_missing_string_is_refused),
        cmocka_unit_test(xlsx__missing_parts_are_named),
        cmocka_unit_test(xlsx__malformed_xml_is_placed),
        cmocka_unit_test(xlsx__names_that_leave_the_archive_are_refused),
        cmocka_unit_test(xlsx__a_document_type_ends_the_reading),
        cmocka_unit_test(xlsx__a_part_that_inflates_too_far_is_refused),
        cmocka_unit_test(xlsx__one_huge_string_is_refused),
        cmocka_unit_test(xlsx__elements_that_nest_too_deep_are_refused),
        cmocka_unit_test(xlsx__memory_of_a_sheet_counts_against_the_limit),
        cmocka_unit_test(xlsx__a_file_cut_off_anywhere_is_refused),
        cmocka_unit_test(xlsx__a_flipped_bit_is_survived),
        cmocka_unit_test(xlsx__a_wrong_checksum_is_refused),
        cmocka_unit_test(xlsx__random_damage_inside_the_xml_is_survived),
        cmocka_unit_test(xlsx__every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
