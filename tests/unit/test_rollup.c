/*
 * Facts about the roll-up kernel. Every form that this machine runs is compared with sums made one
 * row after the other, on trees of many shapes; sums are exact, so equal means equal bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rollup.h"

struct tree {
    uint32_t n_rows, n_levels;
    uint32_t *child_first, *level_first;
    int8_t *sign;
    uint8_t *level_signed;
    int64_t *column;
};

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void *must_have(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    assert_non_null(p);
    return p;
}

/* How a random tree looks: family sizes up to `fan`, `leaf` of 1000 rows end early. */
struct recipe {
    uint32_t levels, fan, leaf, limit;
    uint64_t seed;
};

static uint32_t family_size(const struct recipe *recipe, uint64_t *state)
{
    if (next_random(state) % 1000 < recipe->leaf)
        return 0;
    /* Skewed, with a long family now and then, as plans have. */
    uint32_t fan = next_random(state) % 50 == 0 ? recipe->fan * 8 : recipe->fan;
    return 1 + (uint32_t)(next_random(state) % fan);
}

/* Grow level after level until `levels`, or until no row has children; leaves get values. */
static struct tree grow_tree(const struct recipe *recipe)
{
    struct tree t = { .n_rows = 1 };
    uint64_t state = recipe->seed;
    t.child_first = must_have(recipe->limit + 1, sizeof *t.child_first);
    t.level_first = must_have(recipe->levels + 2, sizeof *t.level_first);
    t.level_first[++t.n_levels] = 1;
    for (uint32_t r = 0; r < t.n_rows; r++) {
        if (r == t.level_first[t.n_levels])
            t.level_first[++t.n_levels] = t.n_rows;
        uint32_t size = t.n_levels < recipe->levels ? family_size(recipe, &state) : 0;
        if (r == 0 && recipe->levels > 1 && size == 0)
            size = 1;
        if (size > recipe->limit - t.n_rows)
            size = recipe->limit - t.n_rows;
        t.child_first[r] = t.n_rows;
        t.n_rows += size;
    }
    t.child_first[t.n_rows] = t.n_rows;
    t.column = must_have(t.n_rows, sizeof *t.column);
    for (uint32_t r = 0; r < t.n_rows; r++)
        t.column[r] = (int64_t)(next_random(&state) % 2000000001) - 1000000000;
    return t;
}

static void add_signs(struct tree *t, uint64_t seed)
{
    t->sign = must_have(t->n_rows, sizeof *t->sign);
    t->level_signed = must_have(t->n_levels, sizeof *t->level_signed);
    for (uint32_t k = 0; k < t->n_levels; k++) {
        int is_signed = next_random(&seed) % 2 == 0;
        for (uint32_t r = t->level_first[k]; r < t->level_first[k + 1]; r++)
            t->sign[r] = is_signed ? (int8_t)((int)(next_random(&seed) % 3) - 1) : 1;
        if (k > 0)
            t->level_signed[k - 1] = (uint8_t)is_signed;
    }
}

static void free_tree(struct tree *t)
{
    free(t->child_first);
    free(t->level_first);
    free(t->sign);
    free(t->level_signed);
    free(t->column);
}

static struct rollup_shape shape_of(const struct tree *t)
{
    return (struct rollup_shape){ t->child_first, t->level_first, t->n_levels, t->n_rows, t->sign, t->level_signed };
}

/* The definition: children stand behind their parent, so going backwards they are done first. */
static int64_t *sum_by_definition(const struct tree *t)
{
    int64_t *expected = must_have(t->n_rows, sizeof *expected);
    memcpy(expected, t->column, t->n_rows * sizeof *expected);
    for (uint32_t r = t->n_rows; r-- > 0;) {
        uint64_t sum = 0;
        if (t->child_first[r] == t->child_first[r + 1])
            continue;
        for (uint32_t c = t->child_first[r]; c < t->child_first[r + 1]; c++)
            sum += (uint64_t)expected[c] * (uint64_t)(int64_t)(t->sign ? t->sign[c] : 1);
        expected[r] = (int64_t)sum;
    }
    return expected;
}

/* Every form gives the sums of the definition; the column has exactly n_rows, so that valgrind and
 * the sanitizers see a read beyond it. */
static void check_tree(const struct tree *t)
{
    int64_t *expected = sum_by_definition(t);
    struct rollup_shape shape = shape_of(t);
    for (int form = 0; form < ROLLUP_FORMS; form++) {
        if (!rollup_form_is_supported((enum rollup_form)form))
            continue;
        size_t size = t->n_rows * sizeof *t->column;
        int64_t *column = must_have(t->n_rows, sizeof *column);
        memcpy(column, t->column, size);
        rollup_column_as((enum rollup_form)form, &shape, column);
        assert_memory_equal(column, expected, size);
        free(column);
    }
    free(expected);
}

static const uint32_t fans[] = { 1, 2, 4, 7, 8, 9, 12, 16, 17, 24, 25, 60 };

static void check_random_trees(uint32_t leaf, int with_signs, int with_levels)
{
    for (uint64_t seed = 1; seed <= 240; seed++) {
        struct recipe recipe = { .levels = 1 + (uint32_t)(seed % 9),
                                 .fan = fans[seed % (sizeof fans / sizeof fans[0])],
                                 .leaf = leaf,
                                 .limit = 6000,
                                 .seed = seed };
        struct tree t = grow_tree(&recipe);
        if (with_signs)
            add_signs(&t, seed);
        uint8_t *flags = t.level_signed;
        if (!with_levels)
            t.level_signed = NULL;
        check_tree(&t);
        t.level_signed = flags;
        free_tree(&t);
    }
}

static void rollup__every_form_equals_the_sums_of_the_definition(void **state)
{
    (void)state;
    check_random_trees(0, 0, 0);
}

static void rollup__leaves_at_any_depth_keep_their_values(void **state)
{
    (void)state;
    check_random_trees(100, 0, 0);
    check_random_trees(500, 0, 0);
}

static void rollup__signs_add_subtract_or_leave_out_a_child(void **state)
{
    (void)state;
    check_random_trees(100, 1, 1);
}

static void rollup__signs_without_level_flags_count_on_every_level(void **state)
{
    (void)state;
    check_random_trees(100, 1, 0);
}

static void rollup__receipts_less_expenditure_is_the_surplus_and_a_memo_row_stays_out(void **state)
{
    (void)state;
    uint32_t child_first[] = { 1, 4, 6, 6, 6, 6, 6 };
    uint32_t level_first[] = { 0, 1, 4, 6 };
    int8_t sign[] = { 1, 1, -1, 0, 1, 1 };
    uint8_t level_signed[] = { 1, 0, 0 };
    int64_t column[] = { -1, -1, 700, 55, 400, 500 };
    struct rollup_shape shape = { child_first, level_first, 3, 6, sign, level_signed };
    rollup_column(&shape, column);
    int64_t expected[] = { 200, 900, 700, 55, 400, 500 };
    assert_memory_equal(column, expected, sizeof expected);
}

static void rollup__stale_inner_values_do_not_matter_and_a_second_run_changes_nothing(void **state)
{
    (void)state;
    struct tree t = grow_tree(&(struct recipe){ 6, 12, 50, 20000, 7 });
    struct rollup_shape shape = shape_of(&t);
    int64_t *expected = sum_by_definition(&t);
    for (uint32_t r = 0; r < t.n_rows; r++)
        if (t.child_first[r] < t.child_first[r + 1])
            t.column[r] = INT64_MIN + r;
    for (int run = 0; run < 2; run++) {
        rollup_column(&shape, t.column);
        assert_memory_equal(t.column, expected, t.n_rows * sizeof *expected);
    }
    free(expected);
    free_tree(&t);
}

static void rollup__a_plan_that_is_one_leaf_keeps_its_value(void **state)
{
    (void)state;
    uint32_t child_first[] = { 1, 1 }, level_first[] = { 0, 1 };
    int64_t column[] = { 42 };
    struct rollup_shape shape = { child_first, level_first, 1, 1, NULL, NULL };
    rollup_column(&shape, column);
    assert_int_equal(column[0], 42);
}

static void rollup__an_empty_shape_is_nothing_to_do(void **state)
{
    (void)state;
    uint32_t zero = 0;
    struct rollup_shape shape = { &zero, &zero, 0, 0, NULL, NULL };
    rollup_column(&shape, NULL);
}

static void rollup__totals_up_to_the_64_bit_maximum_are_exact(void **state)
{
    (void)state;
    enum { CHILDREN = 30 };
    uint32_t child_first[CHILDREN + 2], level_first[] = { 0, 1, CHILDREN + 1 };
    int64_t column[CHILDREN + 1] = { 0 };
    child_first[0] = 1;
    for (uint32_t r = 1; r <= CHILDREN + 1; r++)
        child_first[r] = CHILDREN + 1;
    for (int r = 1; r <= CHILDREN; r++)
        column[r] = INT64_MAX / CHILDREN;
    column[CHILDREN] += INT64_MAX % CHILDREN;
    for (int form = 0; form < ROLLUP_FORMS; form++) {
        struct rollup_shape shape = { child_first, level_first, 2, CHILDREN + 1, NULL, NULL };
        if (!rollup_form_is_supported((enum rollup_form)form))
            continue;
        column[0] = 0;
        rollup_column_as((enum rollup_form)form, &shape, column);
        assert_true(column[0] == INT64_MAX);
    }
}

static void rollup__a_chain_of_a_thousand_levels_passes_its_leaf_up(void **state)
{
    (void)state;
    enum { DEPTH = 1000 };
    uint32_t child_first[DEPTH + 1], level_first[DEPTH + 1];
    int64_t column[DEPTH] = { 0 };
    for (uint32_t r = 0; r <= DEPTH; r++) {
        level_first[r] = r;
        child_first[r] = r < DEPTH ? r + 1 : DEPTH;
    }
    column[DEPTH - 1] = 5068980596;
    struct rollup_shape shape = { child_first, level_first, DEPTH, DEPTH, NULL, NULL };
    rollup_column(&shape, column);
    for (int r = 0; r < DEPTH; r++)
        assert_true(column[r] == 5068980596);
}

static void rollup__the_best_form_is_one_that_this_machine_runs(void **state)
{
    (void)state;
    assert_true(rollup_form_is_supported(ROLLUP_BASELINE));
    assert_true(rollup_form_is_supported(rollup_best_form()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rollup__every_form_equals_the_sums_of_the_definition),
        cmocka_unit_test(rollup__leaves_at_any_depth_keep_their_values),
        cmocka_unit_test(rollup__signs_add_subtract_or_leave_out_a_child),
        cmocka_unit_test(rollup__signs_without_level_flags_count_on_every_level),
        cmocka_unit_test(rollup__receipts_less_expenditure_is_the_surplus_and_a_memo_row_stays_out),
        cmocka_unit_test(rollup__stale_inner_values_do_not_matter_and_a_second_run_changes_nothing),
        cmocka_unit_test(rollup__a_plan_that_is_one_leaf_keeps_its_value),
        cmocka_unit_test(rollup__an_empty_shape_is_nothing_to_do),
        cmocka_unit_test(rollup__totals_up_to_the_64_bit_maximum_are_exact),
        cmocka_unit_test(rollup__a_chain_of_a_thousand_levels_passes_its_leaf_up),
        cmocka_unit_test(rollup__the_best_form_is_one_that_this_machine_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
