/* test_data.c - plain CSV and JSON for scripts.
 * SPDX-License-Identifier: MIT */
#include "pagu/data.h"
#include "pagu/package.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/failing_alloc.h"

static pagu_ctx *ctx;
static char path[] = "/tmp/pagu-data-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    int fd = mkstemp(path);
    if (fd >= 0)
        close(fd);
    return ctx && fd >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static void write_csv(const char *text)
{
    assert_int_equal(pagu_write_atomic(ctx, path, text, strlen(text), NULL), PAGU_OK);
}

/* Findings as "line:column: message;". */
static pagu_code read_csv(const char *text, pagu_table **t, char *said, size_t size)
{
    pagu_findings *fs = pagu_findings_new(ctx);
    write_csv(text);
    pagu_code code = pagu_csv_read(ctx, path, fs, t, NULL);
    said[0] = '\0';
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++) {
        const pagu_finding *f = pagu_findings_get(fs, i);
        size_t at = strlen(said);
        snprintf(said + at, size - at, "%u:%s: %s;", f->line, f->column, f->message);
    }
    pagu_findings_free(fs);
    return code;
}

static void csv__is_a_table_of_text_and_empty_is_missing(void **state)
{
    (void)state;
    char said[500];
    pagu_table *t;
    assert_int_equal(read_csv("a,b c\n1,\n\"x,y\",-\n", &t, said, sizeof said), PAGU_OK);
    assert_string_equal(said, "");
    assert_int_equal(pagu_table_row_count(t), 2);
    assert_string_equal(pagu_table_column_name(t, 1), "b c");
    assert_string_equal(pagu_table_get(t, 0, 0).text, "1");
    assert_int_equal(pagu_table_get(t, 0, 1).state, PAGU_MISSING);
    assert_string_equal(pagu_table_get(t, 1, 0).text, "x,y");
    pagu_table_free(t);
}

static void csv__faults_are_all_found(void **state)
{
    (void)state;
    char said[500];
    pagu_table *t;
    assert_int_equal(read_csv("a,a,\n1,2,3\n", &t, said, sizeof said), PAGU_PACKAGE);
    assert_null(t);
    assert_string_equal(said, "1:a: the header names a column twice;1:: a column has no name;");
    assert_int_equal(read_csv("a,b\n1\n2,3\n4,5,6\n", &t, said, sizeof said), PAGU_PACKAGE);
    assert_non_null(strstr(said, "2:"));
    assert_non_null(strstr(said, "4:"));
    pagu_findings *fs = pagu_findings_new(ctx);
    assert_int_equal(pagu_csv_read(ctx, "/nonexistent/x.csv", fs, &t, NULL), PAGU_NOT_FOUND);
    pagu_findings_free(fs);
}

static pagu_code read_again(pagu_ctx *failing, void *arg)
{
    (void)arg;
    pagu_table *t = NULL;
    pagu_findings *fs = pagu_findings_new(failing);
    pagu_code code = fs ? pagu_csv_read(failing, path, fs, &t, NULL) : PAGU_NO_MEMORY;
    pagu_table_free(t);
    pagu_findings_free(fs);
    return code;
}

static void csv__survives_failing_allocations(void **state)
{
    (void)state;
    write_csv("a,b\n1,2\n3,4\n");
    assert_true(for_each_failing_allocation(read_again, NULL) > 4);
}

static void tell(void *ud, pagu_json_event event, const char *text, double number)
{
    static const char *const names[] = { "null", "bool", "", "", "[", "{", "", "end" };
    char *out = ud;
    size_t at = strlen(out);
    if (event == PAGU_JSON_NUMBER)
        snprintf(out + at, 400 - at, "%g ", number);
    else if (event == PAGU_JSON_STRING || event == PAGU_JSON_KEY)
        snprintf(out + at, 400 - at, event == PAGU_JSON_KEY ? "%s=" : "'%s' ", text);
    else
        snprintf(out + at, 400 - at, "%s%s ", names[event], event == PAGU_JSON_BOOLEAN && number != 0 ? "+" : "");
}

static void json__is_walked_in_order(void **state)
{
    (void)state;
    static const char text[] = "{\"b\":[1,-2.5,\"x\"],\"a\":{},\"t\":true,\"f\":false,\"n\":null}";
    char out[400] = "";
    pagu_json *json;
    assert_int_equal(pagu_json_parse(ctx, text, strlen(text), "t", 1, &json, NULL), PAGU_OK);
    pagu_json_walk(json, tell, out);
    assert_string_equal(out, "{ b=[ 1 -2.5 'x' end a={ end t=bool+ f=bool n=null end ");
    pagu_json_free(json);
}

static void json__refuses_what_the_standard_does_and_says_where(void **state)
{
    (void)state;
    static const char *const bad[] = { "",   "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "9007199254740993", "\"\\u0000\"",
                                       "1 2" };
    pagu_error err;
    pagu_json *json;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(pagu_json_parse(ctx, bad[i], strlen(bad[i]), "t.jsonl", 12, &json, &err), PAGU_SYNTAX);
        assert_null(json);
        assert_ptr_equal(strstr(err.message, "t.jsonl:12:"), err.message);
    }
}

static void json__strings_are_escaped(void **state)
{
    (void)state;
    pagu_text *text = pagu_text_new(ctx);
    assert_int_equal(pagu_json_put_string(text, "a\"\n\x01\xff"), PAGU_OK);
    assert_string_equal(pagu_text_data(text), "\"a\\\"\\n\\u0001\xEF\xBF\xBD\"");
    pagu_text_free(text);
}

static void hash__is_sha_256(void **state)
{
    (void)state;
    char hex[65];
    pagu_hash("abc", 3, hex); /* FIPS 180-4 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv__is_a_table_of_text_and_empty_is_missing),
        cmocka_unit_test(csv__faults_are_all_found),
        cmocka_unit_test(csv__survives_failing_allocations),
        cmocka_unit_test(json__is_walked_in_order),
        cmocka_unit_test(json__refuses_what_the_standard_does_and_says_where),
        cmocka_unit_test(json__strings_are_escaped),
        cmocka_unit_test(hash__is_sha_256),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
