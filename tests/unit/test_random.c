/* Facts of the random numbers. SPDX-License-Identifier: MIT */
#include "solve/random.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* Known answers published with Random123 (kat_vectors, philox4x32 with 10 rounds). */
static void random__gives_the_known_answers_of_philox(void **state)
{
    (void)state;
    uint32_t w[4];
    random_words((random_key){ { 0, 0 } }, 0, 0, 0, w);
    assert_int_equal(w[0], 0x6627e8d5);
    assert_int_equal(w[1], 0xe169c58d);
    assert_int_equal(w[2], 0xbc57ac4c);
    assert_int_equal(w[3], 0x9b00dbd8);
    random_words((random_key){ { 0xffffffff, 0xffffffff } }, UINT64_MAX, 0xffffffff, 0xffffffff, w);
    assert_int_equal(w[0], 0x408f276d);
    assert_int_equal(w[1], 0x41c83b0e);
    assert_int_equal(w[2], 0xa20bc7c6);
    assert_int_equal(w[3], 0x6d5451fd);
}

static void random__unit_never_is_an_end(void **state)
{
    (void)state;
    assert_true(random_unit(0, 0) > 0);
    assert_true(random_unit(UINT32_MAX, UINT32_MAX) < 1);
}

static void random__streams_of_one_seed_differ(void **state)
{
    (void)state;
    uint32_t a[4], b[4];
    random_words(random_key_make(7, "harga"), 1, 0, 0, a);
    random_words(random_key_make(7, "volume"), 1, 0, 0, b);
    assert_int_not_equal(a[0], b[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random__gives_the_known_answers_of_philox),
        cmocka_unit_test(random__unit_never_is_an_end),
        cmocka_unit_test(random__streams_of_one_seed_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
