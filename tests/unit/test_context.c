/* test_context.c - the counting allocator, errors and messages, findings, growing text.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "base/messages_id.h"
#include "base/text.h"
#include "pagu/finding.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "failing_alloc.h"

static pagu_ctx *new_ctx(size_t limit, pagu_lang lang)
{
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.memory_limit = limit;
    options.lang = lang;
    pagu_ctx *ctx = pagu_ctx_new(&options);
    assert_non_null(ctx);
    return ctx;
}

/* ---- allocator ---- */

static void context__counts_are_exact(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    char *p = mem_alloc(ctx, 100);
    assert_int_equal(pagu_ctx_memory(ctx), 100);
    p = mem_realloc(ctx, p, 100, 250);
    assert_int_equal(pagu_ctx_memory(ctx), 250);
    p = mem_realloc(ctx, p, 250, 10);
    assert_int_equal(pagu_ctx_memory(ctx), 10);
    assert_int_equal(pagu_ctx_memory_peak(ctx), 250);
    mem_free(ctx, p, 10);
    mem_free(ctx, NULL, 10);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
    pagu_ctx_free(NULL);
}

static void context__a_type_tag_of_lua_is_no_size(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    void *p = pagu_ctx_alloc(ctx, NULL, 5, 32);
    assert_int_equal(pagu_ctx_memory(ctx), 32);
    assert_null(pagu_ctx_alloc(ctx, NULL, 5, 0));
    assert_int_equal(pagu_ctx_memory(ctx), 32);
    assert_null(pagu_ctx_alloc(ctx, p, 32, 0));
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void context__the_limit_holds_to_the_byte(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(100, PAGU_LANG_EN);
    pagu_error err;
    char *p = mem_alloc(ctx, 60);
    assert_non_null(p);
    assert_null(mem_alloc(ctx, 41));
    assert_null(mem_alloc(ctx, SIZE_MAX));
    assert_null(mem_realloc(ctx, p, 60, 101));
    assert_int_equal(pagu_ctx_memory(ctx), 60);
    char *q = mem_alloc(ctx, 40);
    assert_non_null(q);
    assert_int_equal(err_memory(ctx, &err), PAGU_NO_MEMORY);
    assert_string_equal(err.message, "out of memory: the limit of 100 bytes was met");
    mem_free(ctx, q, 40);
    mem_free(ctx, p, 60);
    assert_int_equal(pagu_ctx_memory_peak(ctx), 100);
    pagu_ctx_free(ctx);
}

static void context__array_sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_EN);
    assert_null(mem_array(ctx, SIZE_MAX / 2, 3));
    assert_null(mem_zarray(ctx, SIZE_MAX / 2, 3));
    assert_null(mem_alloc(ctx, 0));
    uint32_t cap = 0, *array = NULL;
    assert_false(mem_grow(ctx, &array, &cap, UINT32_MAX, sizeof *array));
    assert_int_equal(cap, 0);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void context__growing_doubles_and_keeps_values(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_EN);
    uint32_t cap = 0, grown = 0, *array = NULL;
    for (uint32_t n = 0; n < 1000; n++) {
        uint32_t before = cap;
        assert_true(mem_grow(ctx, &array, &cap, n, sizeof *array));
        grown += cap != before;
        array[n] = n;
    }
    for (uint32_t n = 0; n < 1000; n++)
        assert_int_equal(array[n], n);
    assert_int_equal(cap, 1024);
    assert_int_equal(grown, 8);
    mem_free(ctx, array, cap * sizeof *array);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void *churn(void *arg)
{
    pagu_ctx *ctx = arg;
    for (size_t i = 1; i < 5000; i++) {
        void *p = mem_alloc(ctx, i % 97 + 1);
        if (p)
            mem_free(ctx, p, i % 97 + 1);
    }
    return NULL;
}

static void context__threads_count_together(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(150, PAGU_LANG_EN);
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, ctx), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    assert_in_range(pagu_ctx_memory_peak(ctx), 97, 150);
    pagu_ctx_free(ctx);
}

static void context__an_older_callers_options_are_read_by_their_size(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.size = offsetof(pagu_ctx_options, lang);
    options.lang = PAGU_LANG_EN;
    pagu_ctx *ctx = pagu_ctx_new(&options);
    assert_int_equal(pagu_ctx_lang(ctx), PAGU_LANG_ID);
    pagu_ctx_free(ctx);
}

static void *no_alloc(void *ud, void *ptr, size_t osize, size_t nsize)
{
    (void)ud;
    (void)ptr;
    (void)osize;
    (void)nsize;
    return NULL;
}

static void context__without_memory_there_is_none(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.alloc = no_alloc;
    assert_null(pagu_ctx_new(&options));
}

static void context__an_interrupt_stays_until_cleared(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_EN);
    assert_false(pagu_ctx_interrupted(ctx));
    pagu_ctx_interrupt(ctx, true);
    assert_true(pagu_ctx_interrupted(ctx));
    assert_true(pagu_ctx_interrupted(ctx));
    pagu_ctx_interrupt(ctx, false);
    assert_false(pagu_ctx_interrupted(ctx));
    pagu_ctx_free(ctx);
}

/* ---- errors ---- */

static void error__codes_have_the_names_that_scripts_see(void **state)
{
    (void)state;
    assert_string_equal(pagu_code_name(PAGU_OK), "ok");
    assert_string_equal(pagu_code_name(PAGU_HELD), "held");
    assert_string_equal(pagu_code_name(PAGU_INTERNAL), "internal");
    assert_string_equal(pagu_code_name(PAGU_CODE_COUNT), "internal");
    assert_string_equal(pagu_code_name((pagu_code)-1), "internal");
    assert_string_equal(pagu_code_meaning(PAGU_HELD), "a held value would change");
    assert_string_equal(pagu_code_meaning((pagu_code)9999), pagu_code_meaning(PAGU_INTERNAL));
    for (int a = 0; a < PAGU_CODE_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(pagu_code_name((pagu_code)a), pagu_code_name((pagu_code)b));
}

static void error__speaks_the_language_of_the_context(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    pagu_error err;
    assert_int_equal(err_set(ctx, &err, PAGU_NO_MEMORY, "out of memory"), PAGU_NO_MEMORY);
    assert_string_equal(err.message, "memori habis");
    assert_string_equal(money_str(ctx, -1234567).s, "-1.234.567");
    pagu_ctx_set_lang(ctx, PAGU_LANG_EN);
    err_set(ctx, &err, PAGU_NO_MEMORY, "out of memory");
    assert_string_equal(err.message, "out of memory");
    assert_string_equal(money_str(ctx, INT64_MIN).s, "-9,223,372,036,854,775,808");
    assert_string_equal(money_str(NULL, 1000).s, "1,000");
    assert_string_equal(tr(NULL, "out of memory"), "out of memory");
    pagu_ctx_set_lang(ctx, PAGU_LANG_ID);
    assert_string_equal(tr(ctx, "no such message"), "no such message");
    pagu_ctx_free(ctx);
}

static void error__is_filled_whole_and_may_be_absent(void **state)
{
    (void)state;
    pagu_error err;
    memset(&err, 'x', sizeof err);
    assert_int_equal(err_at(NULL, &err, PAGU_HELD, "1.06", "budget 2024", "held by %s", "SPM"), PAGU_HELD);
    assert_int_equal(err.code, PAGU_HELD);
    assert_int_equal(err.line, 0);
    assert_string_equal(err.message, "held by SPM");
    assert_string_equal(err.node, "1.06");
    assert_string_equal(err.field, "budget 2024");
    assert_string_equal(err.file, "");
    err_at(NULL, &err, PAGU_HELD, NULL, NULL, "x");
    assert_string_equal(err.node, "");
    assert_int_equal(err_set(NULL, NULL, PAGU_RULE, "x %d", 1), PAGU_RULE);
    assert_int_equal(err_at(NULL, NULL, PAGU_RULE, NULL, NULL, "x"), PAGU_RULE);
}

static void error__a_message_is_one_line_and_cut_between_characters(void **state)
{
    (void)state;
    pagu_error err;
    err_at(NULL, &err, PAGU_SYNTAX, "a\tb", NULL, "%s", "one\ntwo \x1b[31m");
    assert_string_equal(err.message, "one two  [31m");
    assert_string_equal(err.node, "a b");
    for (size_t shift = 0; shift < 4; shift++) {
        char text[900];
        memset(text, 'a', shift);
        for (size_t i = shift; i + 4 < sizeof text; i += 4)
            memcpy(text + i, "\U0001F600", 5);
        err_at(NULL, &err, PAGU_SYNTAX, text, text, "%s", text);
        assert_int_equal(strlen(err.message), 596 + shift % 4);
        assert_int_equal((strlen(err.node) - shift) % 4, 0);
        assert_true(strlen(err.node) > 150);
        assert_int_equal((strlen(err.field) - shift) % 4, 0);
    }
}

/* Conversions of a format by argument: "%2$s %1$d" gives 'd','s'. false: malformed. */
static bool read_conversions(const char *format, char kinds[16][8], int *count)
{
    int next = 0;
    memset(kinds, 0, 16 * 8);
    *count = 0;
    for (const char *p = format; *p; p++) {
        if (*p != '%' || *++p == '%')
            continue;
        if (!*p)
            return false; /* a lone % at the end */
        const char *digits = p;
        int position = 0;
        while (*digits >= '0' && *digits <= '9')
            position = position * 10 + (*digits++ - '0');
        if (*digits == '$')
            p = digits + 1;
        else
            position = ++next;
        for (; *p && strchr("-+ #0123456789.*", *p); p++) {
            if (*p != '*')
                continue;
            if (next == 0 || next >= 16) /* a position with * would need one of its own */
                return false;
            memcpy(kinds[next - 1], "int", 4);
            position = ++next;
        }
        if (position < 1 || position > 16)
            return false;
        size_t len = strspn(p, "hlzjt") + 1;
        if (len > 7)
            return false;
        memcpy(kinds[position - 1], p, len);
        p += len - 1;
        if (position > *count)
            *count = position;
    }
    return true;
}

static void messages__both_languages_take_the_same_arguments(void **state)
{
    (void)state;
    uint32_t n;
    const message_pair *pairs = messages_all(&n);
    assert_true(n > 0);
    for (uint32_t i = 0; i < n; i++) {
        char en[16][8], id[16][8];
        int en_count, id_count;
        if (!read_conversions(pairs[i].en, en, &en_count) || !read_conversions(pairs[i].id, id, &id_count) ||
            en_count != id_count || memcmp(en, id, sizeof en) != 0)
            fail_msg("\"%s\" and \"%s\" differ in their arguments", pairs[i].en, pairs[i].id);
    }
}

static void messages__none_stands_twice(void **state)
{
    (void)state;
    uint32_t n;
    const message_pair *pairs = messages_all(&n);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (str_eq(pairs[i].en, pairs[j].en))
                fail_msg("\"%s\" stands twice", pairs[i].en);
}

static void messages__each_is_found(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    uint32_t n;
    const message_pair *pairs = messages_all(&n);
    for (uint32_t i = 0; i < n; i++)
        assert_string_equal(tr(ctx, pairs[i].en), pairs[i].id);
    pagu_ctx_free(ctx);
}

/* ---- findings ---- */

static pagu_finding finding(const char *rule, pagu_severity severity, const char *message)
{
    return (pagu_finding){ .rule = rule, .severity = severity, .file = "nodes.csv", .line = 7, .message = message };
}

static void finding__the_list_keeps_order_and_owns_its_strings(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    pagu_findings *fs = pagu_findings_new(ctx);
    char message[] = "first";
    pagu_finding a = finding("footing", PAGU_ERROR, message), b = finding("gap", PAGU_NOTE, "second");
    assert_int_equal(pagu_findings_add(fs, &a), PAGU_OK);
    message[0] = 'X';
    assert_int_equal(pagu_findings_add(fs, &b), PAGU_OK);
    assert_int_equal(pagu_findings_count(fs), 2);
    assert_string_equal(pagu_findings_get(fs, 0)->message, "first");
    assert_string_equal(pagu_findings_get(fs, 0)->key, "");
    assert_string_equal(pagu_findings_get(fs, 1)->rule, "gap");
    assert_int_equal(pagu_findings_get(fs, 1)->line, 7);
    assert_null(pagu_findings_get(fs, 2));
    pagu_findings_free(fs);
    pagu_findings_free(NULL);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void finding__severities_are_counted_from_below(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    pagu_findings *fs = pagu_findings_new(ctx);
    for (int i = 0; i < 9; i++) {
        pagu_finding f = finding("r", (pagu_severity)(i % 3), "m");
        assert_int_equal(pagu_findings_add(fs, &f), PAGU_OK);
    }
    pagu_finding bad = finding("r", (pagu_severity)3, "m");
    assert_int_equal(pagu_findings_add(fs, &bad), PAGU_ARGUMENT);
    assert_int_equal(pagu_findings_count_at(fs, PAGU_NOTE), 9);
    assert_int_equal(pagu_findings_count_at(fs, PAGU_WARNING), 6);
    assert_int_equal(pagu_findings_count_at(fs, PAGU_ERROR), 3);
    pagu_findings_free(fs);
    pagu_ctx_free(ctx);
}

static pagu_code collect_findings(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_findings *fs = pagu_findings_new(ctx);
    if (!fs)
        return PAGU_NO_MEMORY;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < 100; i++) {
        char text[64];
        snprintf(text, sizeof text, "a message that is long enough, number %u", i);
        pagu_finding f = finding("footing", PAGU_ERROR, text);
        uint32_t before = pagu_findings_count(fs);
        pagu_code one = pagu_findings_add(fs, &f);
        assert_int_equal(pagu_findings_count(fs), before + (one == PAGU_OK));
        assert_int_equal(pagu_findings_count_at(fs, PAGU_ERROR), pagu_findings_count(fs));
        if (one != PAGU_OK)
            code = one;
    }
    pagu_findings_free(fs);
    return code;
}

static void finding__every_failed_allocation_is_survived(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(collect_findings, NULL) > 10);
}

/* ---- text ---- */

static void text__grows_and_stays_terminated(void **state)
{
    (void)state;
    pagu_ctx *ctx = new_ctx(0, PAGU_LANG_ID);
    pagu_text *text = pagu_text_new(ctx);
    assert_string_equal(pagu_text_data(text), "");
    assert_int_equal(pagu_text_append(text, NULL, 0), PAGU_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(pagu_text_append(text, "abcdef", 3), PAGU_OK);
        assert_int_equal(pagu_text_printf(text, "%03d", i), PAGU_OK);
        assert_int_equal(strlen(pagu_text_data(text)), pagu_text_len(text));
    }
    assert_int_equal(pagu_text_len(text), 6000);
    assert_memory_equal(pagu_text_data(text) + 5994, "abc999", 6);
    text_truncate(text, 3);
    text_truncate(text, 5);
    assert_string_equal(pagu_text_data(text), "abc");
    pagu_text_free(text);
    pagu_text_free(NULL);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static pagu_code write_text(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    pagu_text *text = pagu_text_new(ctx);
    if (!text)
        return PAGU_NO_MEMORY;
    pagu_code code = PAGU_OK;
    size_t len = 0;
    for (int i = 0; i < 100; i++) {
        pagu_code one = i % 2 ? pagu_text_append(text, "0123456789", 10) : pagu_text_printf(text, "%010d", i);
        len += one == PAGU_OK ? 10 : 0;
        assert_int_equal(pagu_text_len(text), len);
        assert_int_equal(strlen(pagu_text_data(text)), len);
        if (one != PAGU_OK)
            code = one;
    }
    pagu_text_free(text);
    return code;
}

static void text__every_failed_allocation_leaves_it_as_it_was(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(write_text, NULL) > 3);
}

static void version__is_the_builds(void **state)
{
    (void)state;
    int major, minor, patch;
    assert_int_equal(sscanf(pagu_version(), "%d.%d.%d", &major, &minor, &patch), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context__counts_are_exact),
        cmocka_unit_test(context__a_type_tag_of_lua_is_no_size),
        cmocka_unit_test(context__the_limit_holds_to_the_byte),
        cmocka_unit_test(context__array_sizes_that_overflow_are_refused),
        cmocka_unit_test(context__growing_doubles_and_keeps_values),
        cmocka_unit_test(context__threads_count_together),
        cmocka_unit_test(context__an_older_callers_options_are_read_by_their_size),
        cmocka_unit_test(context__without_memory_there_is_none),
        cmocka_unit_test(context__an_interrupt_stays_until_cleared),
        cmocka_unit_test(error__codes_have_the_names_that_scripts_see),
        cmocka_unit_test(error__speaks_the_language_of_the_context),
        cmocka_unit_test(error__is_filled_whole_and_may_be_absent),
        cmocka_unit_test(error__a_message_is_one_line_and_cut_between_characters),
        cmocka_unit_test(messages__both_languages_take_the_same_arguments),
        cmocka_unit_test(messages__none_stands_twice),
        cmocka_unit_test(messages__each_is_found),
        cmocka_unit_test(finding__the_list_keeps_order_and_owns_its_strings),
        cmocka_unit_test(finding__severities_are_counted_from_below),
        cmocka_unit_test(finding__every_failed_allocation_is_survived),
        cmocka_unit_test(text__grows_and_stays_terminated),
        cmocka_unit_test(text__every_failed_allocation_leaves_it_as_it_was),
        cmocka_unit_test(version__is_the_builds),
    };
    return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
