/* test_symbol.c - symbols, arenas, hashes.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

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

static void symbol__the_empty_string_is_zero(void **state)
{
    (void)state;
    symtab t;
    assert_true(symtab_init(&t, ctx));
    assert_int_equal(symtab_intern(&t, "", 0), 0);
    assert_int_equal(symtab_find(&t, "anything", 0), 0);
    assert_string_equal(symtab_str(&t, 0), "");
    symtab_free(&t);
}

static void symbol__equal_texts_are_one_symbol(void **state)
{
    (void)state;
    symtab t;
    assert_true(symtab_init(&t, ctx));
    symbol a = symtab_intern(&t, "1.06.01", 7);
    assert_int_not_equal(a, symtab_intern(&t, "1.06.02", 7));
    assert_int_equal(a, symtab_intern(&t, "1.06.01.2", 7));
    assert_int_equal(a, symtab_find(&t, "1.06.01", 7));
    assert_string_equal(symtab_str(&t, a), "1.06.01");
    assert_int_equal(symtab_find(&t, "1.06.0", 6), NO_SYMBOL);
    assert_int_equal(symtab_find(&t, "absent", 6), NO_SYMBOL);
    symtab_free(&t);
}

static void symbol__bytes_after_a_nul_count(void **state)
{
    (void)state;
    symtab t;
    assert_true(symtab_init(&t, ctx));
    assert_int_not_equal(symtab_intern(&t, "a\0b", 3), symtab_intern(&t, "a\0c", 3));
    symtab_free(&t);
}

static void symbol__many_symbols_stay_where_they_are(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    symtab t;
    char text[32];
    assert_true(symtab_init(&t, ctx));
    symtab_intern(&t, "n0", 2);
    const char *first = symtab_str(&t, 1);
    for (uint32_t i = 0; i < MANY; i++) {
        int len = snprintf(text, sizeof text, "n%u", i);
        assert_int_equal(symtab_intern(&t, text, (size_t)len), i + 1);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        int len = snprintf(text, sizeof text, "n%u", i);
        assert_int_equal(symtab_find(&t, text, (size_t)len), i + 1);
        assert_string_equal(symtab_str(&t, i + 1), text);
    }
    assert_ptr_equal(first, symtab_str(&t, 1));
    symtab_free(&t);
}

static pagu_code build_symbols(pagu_ctx *c, void *arg)
{
    (void)arg;
    symtab t;
    char text[64];
    pagu_code code = PAGU_OK;
    if (!symtab_init(&t, c))
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < 300; i++) {
        int len = snprintf(text, sizeof text, "a text of some length, number %u", i);
        uint32_t before = t.n;
        if (symtab_intern(&t, text, (size_t)len) == NO_SYMBOL) {
            code = PAGU_NO_MEMORY;
            assert_int_equal(t.n, before);
            assert_int_equal(symtab_find(&t, text, (size_t)len), NO_SYMBOL);
        }
    }
    if (code == PAGU_OK)
        assert_int_equal(symtab_find(&t, "a text of some length, number 299", 33), 300);
    symtab_free(&t);
    return code;
}

static void symbol__every_failed_allocation_is_survived(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(build_symbols, NULL) > 10);
}

/* ---- arena ---- */

static void arena__blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, ctx);
    char *before = NULL;
    for (size_t size = 0; size < 5000; size += 37) {
        char *p = arena_alloc(&a, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 8, 0);
        assert_ptr_not_equal(p, before);
        memset(p, 0x5A, size);
        before = p;
    }
    arena_free(&a);
}

static void arena__large_blocks_leave_the_top_in_use(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, ctx);
    char *small = arena_alloc(&a, 8);
    char *large = arena_alloc(&a, 1000000);
    memset(large, 1, 1000000);
    assert_ptr_equal(arena_alloc(&a, 8), small + 8);
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX - 16));
    assert_null(arena_strdup(&a, "x", SIZE_MAX));
    arena_free(&a);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
}

static void arena__a_copy_ends_with_nul(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, ctx);
    assert_string_equal(arena_strdup(&a, "program", 4), "prog");
    assert_string_equal(arena_strdup(&a, NULL, 0), "");
    arena_free(&a);
}

static pagu_code fill_arena(pagu_ctx *c, void *arg)
{
    (void)arg;
    arena a;
    pagu_code code = PAGU_OK;
    arena_init(&a, c);
    for (size_t i = 0; i < 200; i++) {
        size_t size = i % 17 == 0 ? 4000 : 50;
        char *p = arena_alloc(&a, size);
        if (p)
            memset(p, 1, size);
        else
            code = PAGU_NO_MEMORY;
    }
    arena_free(&a);
    return code;
}

static void arena__every_failed_allocation_is_survived(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(fill_arena, NULL) > 5);
}

/* ---- hashes ---- */

static void hash__each_byte_and_the_length_matter(void **state)
{
    (void)state;
    unsigned char bytes[40] = { 0 };
    for (size_t len = 0; len < sizeof bytes; len++) {
        uint64_t h = hash_bytes(bytes, len);
        assert_true(h != hash_bytes(bytes, len + 1));
        for (size_t i = 0; i < len; i++) {
            bytes[i] = 1;
            assert_true(h != hash_bytes(bytes, len));
            bytes[i] = 0;
        }
    }
}

static void hash__low_bits_spread_codes_evenly(void **state)
{
    (void)state;
    enum { SLOTS = 1024, KEYS = 16 * SLOTS };
    uint32_t counts[SLOTS] = { 0 };
    char text[32];
    for (uint32_t i = 0; i < KEYS; i++) {
        int len = snprintf(text, sizeof text, "1.%02u.%02u.2.%02u", i / 1024, i / 32 % 32, i % 32);
        counts[hash_bytes(text, (size_t)len) % SLOTS]++;
    }
    for (uint32_t i = 0; i < SLOTS; i++)
        assert_in_range(counts[i], 1, 48);
}

static void check_sha(const char *text, size_t len, size_t piece, const char *expected)
{
    sha256 s;
    char hex[65];
    sha256_init(&s);
    for (size_t at = 0; at < len; at += piece)
        sha256_add(&s, text + at, at + piece < len ? piece : len - at);
    sha256_hex(&s, hex);
    assert_string_equal(hex, expected);
}

static void sha256__gives_the_published_digests(void **state)
{
    (void)state;
    static char million[1000000];
    memset(million, 'a', sizeof million);
    check_sha("", 0, 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_sha("abc", 3, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, 56,
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    static const size_t pieces[] = { 1, 7, 63, 64, 65, 1000, sizeof million };
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        check_sha(million, sizeof million, pieces[i],
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbol__the_empty_string_is_zero),
        cmocka_unit_test(symbol__equal_texts_are_one_symbol),
        cmocka_unit_test(symbol__bytes_after_a_nul_count),
        cmocka_unit_test(symbol__many_symbols_stay_where_they_are),
        cmocka_unit_test(symbol__every_failed_allocation_is_survived),
        cmocka_unit_test(arena__blocks_are_aligned_and_apart),
        cmocka_unit_test(arena__large_blocks_leave_the_top_in_use),
        cmocka_unit_test(arena__a_copy_ends_with_nul),
        cmocka_unit_test(arena__every_failed_allocation_is_survived),
        cmocka_unit_test(hash__each_byte_and_the_length_matter),
        cmocka_unit_test(hash__low_bits_spread_codes_evenly),
        cmocka_unit_test(sha256__gives_the_published_digests),
    };
    return cmocka_run_group_tests_name("symbol", tests, set_up, tear_down);
}
