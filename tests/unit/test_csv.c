/* test_csv.c - strict reading in place, canonical writing.
 * SPDX-License-Identifier: MIT */
#include "io/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/failing_alloc.h"
#include "support/rng.h"

static pagu_ctx *ctx;
static pagu_findings *findings;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    findings = ctx ? pagu_findings_new(ctx) : NULL;
    return findings ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_findings_free(findings);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

/* Records as "line:a|b;line:c|d;". */
static void read_bytes(const char *bytes, size_t len, char *out, size_t size)
{
    char buffer[4096];
    csv_reader r;
    assert_true(len < sizeof buffer);
    memcpy(buffer, bytes, len);
    buffer[len] = '\0';
    csv_open(&r, ctx, findings, "a.csv", buffer, len);
    size_t n = 0;
    out[0] = '\0';
    while (csv_next(&r) == CSV_RECORD) {
        n += (size_t)snprintf(out + n, size - n, "%u:", r.line);
        for (uint32_t i = 0; i < r.n; i++) {
            assert_int_equal(strlen(r.fields[i]), r.lengths[i]);
            n += (size_t)snprintf(out + n, size - n, "%s%s", i ? "|" : "", r.fields[i]);
        }
        n += (size_t)snprintf(out + n, size - n, ";");
    }
    csv_close(&r);
}

static void assert_records(const char *bytes, const char *expected)
{
    char out[4096];
    read_bytes(bytes, strlen(bytes), out, sizeof out);
    assert_string_equal(out, expected);
}

static void assert_no_findings(void)
{
    assert_int_equal(pagu_findings_count(findings), 0);
}

/* The last finding. */
static void assert_finding(uint32_t line, const char *column, const char *part)
{
    uint32_t n = pagu_findings_count(findings);
    assert_true(n > 0);
    const pagu_finding *f = pagu_findings_get(findings, n - 1);
    assert_string_equal(f->rule, "csv-syntax");
    assert_string_equal(f->file, "a.csv");
    assert_int_equal(f->line, line);
    assert_string_equal(f->column, column);
    assert_non_null(strstr(f->message, part));
}

static void csv__gives_records_with_their_lines(void **state)
{
    (void)state;
    assert_records("a,b\n1,2\n,\n", "1:a|b;2:1|2;3:|;");
    assert_records("a,b\n1,2", "1:a|b;2:1|2;");
    assert_records("a,b\r\n1,2\r\n", "1:a|b;2:1|2;");
    assert_records("a\n", "1:a;");
    assert_records("a,\n1,", "1:a|;2:1|;");
    assert_records("", "");
    assert_no_findings();
}

static void csv__unquotes_in_place(void **state)
{
    (void)state;
    assert_records("a,\"b,c\"\n\"say \"\"hi\"\"\",\"\"\n", "1:a|b,c;2:say \"hi\"|;");
    assert_records("\"\"\"\",x", "1:\"|x;");
    assert_no_findings();
}

static void csv__counts_lines_inside_quotes(void **state)
{
    (void)state;
    assert_records("a,b\n\"one\ntwo\",x\n3,y\n", "1:a|b;2:one\ntwo|x;4:3|y;");
    assert_records("a\n\"1\r\n2\"\nz\n", "1:a;2:1\r\n2;4:z;");
    assert_no_findings();
}

static void csv__drops_a_byte_order_mark(void **state)
{
    (void)state;
    assert_records("\xEF\xBB\xBF"
                   "a,b\n1,2\n",
                   "1:a|b;2:1|2;");
    assert_no_findings();
}

static void csv__reports_a_wrong_number_of_fields_and_goes_on(void **state)
{
    (void)state;
    assert_records("a,b\n1\n3,4\n", "1:a|b;3:3|4;");
    assert_finding(2, "", "1 fields where the header has 2");
    assert_records("a,b\n1,2,3\n3,4\n", "1:a|b;3:3|4;");
    assert_finding(2, "", "3 fields where the header has 2");
    assert_records("a,b\n\n3,4\n", "1:a|b;3:3|4;");
    assert_finding(2, "", "a blank line");
}

static void csv__reports_quotes_out_of_place_and_goes_on(void **state)
{
    (void)state;
    assert_records("a,b\n1,x\"y\n3,4\n", "1:a|b;3:3|4;");
    assert_finding(2, "#2", "a quote inside a field");
    assert_records("a,b\n\"1\"x,2\n3,4\n", "1:a|b;3:3|4;");
    assert_finding(2, "#1", "after the closing quote");
}

static void csv__reports_an_open_quote_and_reads_the_lines_after_it(void **state)
{
    (void)state;
    assert_records("a,b\n1,\"x\n3,4\n5,6\n", "1:a|b;3:3|4;4:5|6;");
    assert_finding(2, "#2", "no closing quote");
    assert_int_equal(pagu_findings_count(findings), 1);
}

static void csv__reports_a_lone_carriage_return(void **state)
{
    (void)state;
    assert_records("a,b\n1\r2,3\n3,4\n", "1:a|b;3:3|4;");
    assert_finding(2, "#1", "carriage return");
}

static void csv__reports_a_nul_byte(void **state)
{
    (void)state;
    char out[256];
    read_bytes("a,b\n1\0,2\n3,4\n", 13, out, sizeof out);
    assert_string_equal(out, "1:a|b;3:3|4;");
    assert_finding(2, "#1", "NUL");
    read_bytes("a,b\n\"1\0\",2\n3,4\n", 15, out, sizeof out);
    assert_string_equal(out, "1:a|b;3:3|4;");
    assert_finding(2, "#1", "NUL");
}

static void csv__reports_what_is_not_utf_8(void **state)
{
    (void)state;
    static const char *const bad[] = { "\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82" };
    char bytes[64];
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        snprintf(bytes, sizeof bytes, "a,b\n1,x%sy\n3,4\n", bad[i]);
        assert_records(bytes, "1:a|b;3:3|4;");
        assert_finding(2, "#2", "not UTF-8");
    }
    assert_records("a,b\n\xC3\xA9,\xF0\x9F\x98\x80\n", "1:a|b;2:\xC3\xA9|\xF0\x9F\x98\x80;");
    assert_int_equal(pagu_findings_count(findings), COUNT_OF(bad));
}

static void csv__reports_every_bad_record(void **state)
{
    (void)state;
    assert_records("a,b\n1\nx\"y,2\n3,4\n5,6,7\n8,9\n", "1:a|b;4:3|4;6:8|9;");
    assert_int_equal(pagu_findings_count(findings), 3);
    static const uint32_t lines[] = { 2, 3, 5 };
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(pagu_findings_get(findings, i)->line, lines[i]);
}

static void csv__quotes_only_what_needs_it(void **state)
{
    (void)state;
    static const char *const fields[] = { "plain", "", "a,b", "say \"hi\"", "two\nlines", " blank ", "-5", "cr\r" };
    pagu_text *out = pagu_text_new(ctx);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        assert_int_equal(csv_put(out, fields[i], i == 0), PAGU_OK);
    assert_string_equal(pagu_text_data(out), "plain,,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\", blank ,-5,\"cr\r\"");
    pagu_text_free(out);
}

static void random_field(rng *r, char *out)
{
    static const char *const pieces[] = { "a", ",", "\"", "\n", "\r", " ", "\xC3\xA9", "1.06", "" };
    *out = '\0';
    for (uint64_t n = rng_below(r, 6); n > 0; n--)
        strcat(out, pieces[rng_below(r, COUNT_OF(pieces))]);
}

static void csv__what_is_written_is_read_back(void **state)
{
    (void)state;
    rng r = { 7 };
    for (int round = 0; round < 2000; round++) {
        char fields[4][32], *bytes;
        pagu_text *out = pagu_text_new(ctx);
        uint32_t n = 1 + (uint32_t)rng_below(&r, 4);
        for (uint32_t i = 0; i < n; i++) {
            random_field(&r, fields[i]);
            csv_put(out, fields[i], i == 0);
        }
        pagu_text_append(out, "\nlast", 5);
        size_t len = pagu_text_len(out);
        bytes = strdup(pagu_text_data(out));
        csv_reader reader;
        csv_open(&reader, ctx, findings, "a.csv", bytes, len);
        assert_int_equal(csv_next(&reader), CSV_RECORD);
        assert_int_equal(reader.n, n);
        for (uint32_t i = 0; i < n; i++)
            assert_string_equal(reader.fields[i], fields[i]);
        csv_close(&reader);
        free(bytes);
        pagu_text_free(out);
    }
    assert_no_findings();
}

/* Whatever the bytes, reading ends, and every record is good or has a finding. */
static void csv__any_bytes_are_read_to_their_end(void **state)
{
    (void)state;
    static const char bytes[] = "a1,\"\"\n\r\0\xC3\xA9\xFF";
    rng r = { 11 };
    for (int round = 0; round < 20000; round++) {
        char text[40], out[4096];
        size_t len = rng_below(&r, sizeof text);
        for (size_t i = 0; i < len; i++)
            text[i] = bytes[rng_below(&r, sizeof bytes - 1)];
        read_bytes(text, len, out, sizeof out);
    }
}

static pagu_code read_all(pagu_ctx *c, void *arg)
{
    (void)arg;
    char bytes[] = "a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,10\nbad\n";
    pagu_findings *fs = pagu_findings_new(c);
    if (!fs)
        return PAGU_NO_MEMORY;
    csv_reader r;
    csv_result got;
    csv_open(&r, c, fs, "a.csv", bytes, sizeof bytes - 1);
    while ((got = csv_next(&r)) == CSV_RECORD)
        ;
    csv_close(&r);
    pagu_findings_free(fs);
    return got == CSV_NO_MEMORY ? PAGU_NO_MEMORY : PAGU_OK;
}

static void csv__survives_failing_allocations(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(read_all, NULL) > 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(csv__gives_records_with_their_lines),
        TEST(csv__unquotes_in_place),
        TEST(csv__counts_lines_inside_quotes),
        TEST(csv__drops_a_byte_order_mark),
        TEST(csv__reports_a_wrong_number_of_fields_and_goes_on),
        TEST(csv__reports_quotes_out_of_place_and_goes_on),
        TEST(csv__reports_an_open_quote_and_reads_the_lines_after_it),
        TEST(csv__reports_a_lone_carriage_return),
        TEST(csv__reports_a_nul_byte),
        TEST(csv__reports_what_is_not_utf_8),
        TEST(csv__reports_every_bad_record),
        TEST(csv__quotes_only_what_needs_it),
        TEST(csv__what_is_written_is_read_back),
        TEST(csv__any_bytes_are_read_to_their_end),
        TEST(csv__survives_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
