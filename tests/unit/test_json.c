/* test_json.c - JSON: what is refused and where, what comes through unchanged.
 * SPDX-License-Identifier: MIT */
#include "io/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "support/failing_alloc.h"
#include "support/rng.h"

static pagu_ctx *ctx;

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    return ctx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static pagu_code try_bytes(const char *bytes, size_t len, pagu_error *err)
{
    cJSON *root = NULL;
    char *copy = malloc(len ? len : 1); /* no byte to spare: a sanitizer sees reads behind it */
    memcpy(copy, bytes, len);
    pagu_code code = json_parse(ctx, copy, len, "a.json", &root, err);
    free(copy);
    assert_true((code == PAGU_OK) == (root != NULL));
    cJSON_Delete(root);
    return code;
}

static void assert_accepted(const char *text)
{
    pagu_error err = { 0 };
    if (try_bytes(text, strlen(text), &err) != PAGU_OK)
        fail_msg("%s: %s", text, err.message);
}

static void assert_refused(const char *text, const char *place, const char *reason)
{
    pagu_error err = { 0 };
    if (try_bytes(text, strlen(text), &err) != PAGU_SYNTAX)
        fail_msg("accepted: %s", text);
    if (strncmp(err.message, place, strlen(place)) != 0 || !strstr(err.message, reason))
        fail_msg("%s: %s", text, err.message);
    assert_string_equal(err.file, "a.json");
}

static void json__accepts_what_the_grammar_allows(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        "[]",
        "0",
        "-0",
        "1.5e-3",
        "1E2",
        "\"\"",
        "true",
        "false",
        "null",
        " [ 1 , 2 ] \n",
        "\xEF\xBB\xBF{}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"",
        "\"\xC3\xA9\xF0\x9F\x98\x80\x7F\"",
        "{\"a\":1,\"A\":2,\"\":3}",
        "9007199254740991",
        "-9007199254740991",
        "9007199254740991.0",
        "1e15",
        "0.30000000000000004",
        "9.007199254740991e15",
        "0e99999",
        "[[],{}]",
        "900719925474099100e-2",
    };
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_accepted(good[i]);
}

static void json__refuses_what_it_does_not(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place, *reason;
    } bad[] = {
        { "", "a.json:1:1: ", "ends too early" },
        { "   \n ", "a.json:2:2: ", "ends too early" },
        { "[1,]", "a.json:1:4: ", "a value is missing" },
        { "[1 2]", "a.json:1:4: ", "\",\" or \"]\"" },
        { "{\"a\" 1}", "a.json:1:6: ", "\":\"" },
        { "{\"a\":1,}", "a.json:1:8: ", "a key in quotes" },
        { "{a:1}", "a.json:1:2: ", "a key in quotes" },
        { "{\"a\":1 \"b\":2}", "a.json:1:8: ", "\",\" or \"}\"" },
        { "{'a':1}", "a.json:1:2: ", "a key in quotes" },
        { "[01]", "a.json:1:2: ", "begin with 0" },
        { "[-01]", "a.json:1:3: ", "begin with 0" },
        { "[1.]", "a.json:1:4: ", "a digit" },
        { "[.5]", "a.json:1:2: ", "a value is missing" },
        { "[+1]", "a.json:1:2: ", "a value is missing" },
        { "[1e]", "a.json:1:4: ", "a digit" },
        { "[-]", "a.json:1:3: ", "a digit" },
        { "[NaN]", "a.json:1:2: ", "a value is missing" },
        { "[nul]", "a.json:1:2: ", "a value is missing" },
        { "\"a\nb\"", "a.json:1:3: ", "control character" },
        { "\"a\tb\"", "a.json:1:3: ", "control character" },
        { "\"abc", "a.json:1:1: ", "without a closing quote" },
        { "\"\\x\"", "a.json:1:2: ", "unknown escape" },
        { "\"\\u12g4\"", "a.json:1:2: ", "hexadecimal" },
        { "\"\\u0000\"", "a.json:1:2: ", "\\u0000" },
        { "\"\\uD800\"", "a.json:1:2: ", "surrogate" },
        { "\"\\uDC00\"", "a.json:1:2: ", "surrogate" },
        { "\"\\uD800\\u0041\"", "a.json:1:2: ", "surrogate" },
        { "\"\xFF\"", "a.json:1:2: ", "UTF-8" },
        { "\"\xC0\xAF\"", "a.json:1:2: ", "UTF-8" },
        { "[1]\x0C", "a.json:1:4: ", "after the end" },
        { "[1] x", "a.json:1:5: ", "after the end" },
        { "{}\n{}", "a.json:2:1: ", "after the end" },
        { "// c\n{}", "a.json:1:1: ", "a value is missing" },
        { "{\n  \"a\": 1,\n  \"a\": 2\n}", "a.json:3:3: ", "the key \"a\" stands twice" },
        { "{\"a\":1,\"\\u0061\":2}", "a.json:1:8: ", "the key \"a\" stands twice" },
        { "[9007199254740992]", "a.json:1:2: ", "quote it as a string" },
        { "[-9007199254740992]", "a.json:1:2: ", "quote it as a string" },
        { "[9007199254740991.5]", "a.json:1:2: ", "quote it as a string" },
        { "[1e16]", "a.json:1:2: ", "quote it as a string" },
        { "[1e400]", "a.json:1:2: ", "quote it as a string" },
        { "[1e-400]", "a.json:1:2: ", "too small" },
        { "[0.00000000000000000000000000000000000000000000000000000000000000001]", "a.json:1:2: ", "too long" },
        { "{\"n\xC3\xA9\": x}", "a.json:1:8: ", "a value is missing" },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_refused(bad[i].text, bad[i].place, bad[i].reason);
}

static void json__refuses_a_nul_byte(void **state)
{
    (void)state;
    pagu_error err;
    assert_int_equal(try_bytes("[1]\0", 4, &err), PAGU_SYNTAX);
    assert_int_equal(try_bytes("\"a\0b\"", 5, &err), PAGU_SYNTAX);
}

static void json__nests_64_deep_and_no_deeper(void **state)
{
    (void)state;
    char text[200];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    text[128] = '\0';
    assert_accepted(text);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    text[130] = '\0';
    assert_refused(text, "a.json:1:65: ", "too deeply");
}

static const char sample[] = "{\"pagu\": {\"year\": 2024, \"rate\": -1.5e2, \"ok\": true, \"no\": null},\n"
                             " \"names\": [\"caf\xC3\xA9\", \"a\\u00e9\\n\", \"\"], \"e\": {}, \"f\": []}";

static void json__every_prefix_of_a_text_is_refused(void **state)
{
    (void)state;
    pagu_error err;
    assert_accepted(sample);
    for (size_t len = 0; len < sizeof sample - 1; len++)
        assert_int_equal(try_bytes(sample, len, &err), PAGU_SYNTAX);
}

static void json__any_changed_byte_is_judged_without_harm(void **state)
{
    (void)state;
    rng r = { 3 };
    char text[sizeof sample];
    pagu_error err;
    for (int round = 0; round < 20000; round++) {
        memcpy(text, sample, sizeof sample);
        for (uint64_t n = 1 + rng_below(&r, 3); n > 0; n--)
            text[rng_below(&r, sizeof sample - 1)] = (char)rng_below(&r, 256);
        pagu_code code = try_bytes(text, sizeof sample - 1, &err);
        assert_true(code == PAGU_OK || code == PAGU_SYNTAX);
    }
}

static char *object_of_keys(uint32_t n)
{
    char *text = malloc(n * 12 + 3), *p = text;
    *p++ = '{';
    for (uint32_t i = 0; i < n; i++)
        p += sprintf(p, "%s\"k%u\":1", i ? "," : "", i);
    strcpy(p, "}");
    return text;
}

static void json__a_hundred_thousand_keys_are_checked_in_order_n_log_n(void **state)
{
    (void)state;
    char *text = object_of_keys(100000);
    clock_t start = clock();
    assert_int_equal(json_validate(ctx, text, strlen(text), "a.json", NULL), PAGU_OK);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2);
    char *last = strstr(text, "\"k99999\"");
    memcpy(last, "\"k11111\"", 8);
    pagu_error err;
    assert_int_equal(json_validate(ctx, text, strlen(text), "a.json", &err), PAGU_SYNTAX);
    assert_non_null(strstr(err.message, "k11111"));
    free(text);
}

static void assert_printed(const char *text, int depth, const char *expected)
{
    cJSON *root;
    pagu_text *out = pagu_text_new(ctx);
    assert_int_equal(json_parse(ctx, text, strlen(text), "a.json", &root, NULL), PAGU_OK);
    assert_int_equal(json_put(out, root, depth), PAGU_OK);
    assert_string_equal(pagu_text_data(out), expected);
    cJSON_Delete(root);
    pagu_text_free(out);
}

static void json__prints_integers_as_they_were(void **state)
{
    (void)state;
    assert_printed("[5000000000000001, 9007199254740991, 3621313000000000, -0, 1.50, 1e3]", -1,
                   "[5000000000000001, 9007199254740991, 3621313000000000, 0, 1.5, 1000]");
}

static void json__prints_with_two_blanks_an_indent(void **state)
{
    (void)state;
    assert_printed("{\"a\":[1,{\"b\":null}],\"c\":{},\"d\":[],\"e\":\"\\u0001\\n\\\"\xC3\xA9\"}", 0,
                   "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n  \"d\": [],\n"
                   "  \"e\": \"\\u0001\\n\\\"\xC3\xA9\"\n}");
}

static void json__knows_the_line_of_a_pointer(void **state)
{
    (void)state;
    static const char text[] = "{\n\"a\": [1,\n 2,\n {\"x\": \"}\\\"\",\n  \"y\": [\n3]}],\n\"b\":\n4}";
    assert_int_equal(json_line(text, sizeof text - 1, ""), 1);
    assert_int_equal(json_line(text, sizeof text - 1, "/a"), 2);
    assert_int_equal(json_line(text, sizeof text - 1, "/a/1"), 3);
    assert_int_equal(json_line(text, sizeof text - 1, "/a/2/y"), 5);
    assert_int_equal(json_line(text, sizeof text - 1, "/a/2/y/0"), 6);
    assert_int_equal(json_line(text, sizeof text - 1, "/b"), 8);
    assert_int_equal(json_line(text, sizeof text - 1, "/a/1/absent"), 3);
    json_cursor c;
    json_cursor_open(&c, text, sizeof text - 1, "/a");
    static const uint32_t lines[] = { 2, 3, 4 };
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_int_equal(json_cursor_next(&c), lines[i]);
}

static pagu_code parse_and_print(pagu_ctx *c, void *arg)
{
    (void)arg;
    cJSON *root = NULL;
    pagu_text *out = pagu_text_new(c);
    pagu_code code = out ? json_parse(c, sample, sizeof sample - 1, "a.json", &root, NULL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = json_put(out, root, 0);
    cJSON_Delete(root);
    pagu_text_free(out);
    return code;
}

static void json__survives_failing_allocations(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(parse_and_print, NULL) > 2);
}

/* cJSON has an allocator of its own. */
static int allocations_left;

static void *failing_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void json__survives_failing_allocations_of_cjson(void **state)
{
    (void)state;
    cJSON_Hooks hooks = { failing_malloc, free };
    cJSON_InitHooks(&hooks);
    pagu_code code = PAGU_NO_MEMORY;
    int n = 0;
    for (; n < 1000 && code != PAGU_OK; n++) {
        pagu_error err = { 0 };
        allocations_left = n;
        code = try_bytes(sample, sizeof sample - 1, &err);
        assert_true(code == PAGU_OK || code == PAGU_NO_MEMORY);
    }
    cJSON_InitHooks(NULL);
    assert_int_equal(code, PAGU_OK);
    assert_true(n > 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(json__accepts_what_the_grammar_allows),
        TEST(json__refuses_what_it_does_not),
        TEST(json__refuses_a_nul_byte),
        TEST(json__nests_64_deep_and_no_deeper),
        TEST(json__every_prefix_of_a_text_is_refused),
        TEST(json__any_changed_byte_is_judged_without_harm),
        TEST(json__a_hundred_thousand_keys_are_checked_in_order_n_log_n),
        TEST(json__prints_integers_as_they_were),
        TEST(json__prints_with_two_blanks_an_indent),
        TEST(json__knows_the_line_of_a_pointer),
        TEST(json__survives_failing_allocations),
        TEST(json__survives_failing_allocations_of_cjson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
