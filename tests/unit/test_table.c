/* test_table.c - the table: shape, cells, ownership.
 * SPDX-License-Identifier: MIT */
#include "pagu/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "failing_alloc.h"

static pagu_ctx *ctx;
static pagu_table *t;

static int set_up(void **state)
{
    (void)state;
    ctx = pagu_ctx_new(NULL);
    t = ctx ? pagu_table_new(ctx) : NULL;
    return t ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pagu_table_free(t);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static pagu_code add_all_columns(pagu_table *table)
{
    static const char *const names[] = { "text", "money", "number", "percent", "integer", "measure" };
    for (int type = PAGU_COL_TEXT; type <= PAGU_COL_MEASURE; type++) {
        pagu_code code = pagu_table_add_column(table, names[type], "Group|Title", (pagu_column_type)type);
        if (code != PAGU_OK)
            return code;
    }
    return PAGU_OK;
}

static void table__cells_start_missing(void **state)
{
    (void)state;
    assert_int_equal(add_all_columns(t), PAGU_OK);
    assert_int_equal(pagu_table_add_row(t), PAGU_OK);
    for (uint32_t col = 0; col < 6; col++) {
        pagu_table_cell c = pagu_table_get(t, 0, col);
        assert_int_equal(c.state, PAGU_MISSING);
        assert_null(c.text);
        assert_string_equal(c.unit, "");
    }
    assert_int_equal(pagu_table_row_count(t), 1);
    assert_int_equal(pagu_table_column_count(t), 6);
    assert_string_equal(pagu_table_column_name(t, 1), "money");
    assert_string_equal(pagu_table_column_title(t, 1), "Group|Title");
    assert_int_equal(pagu_table_column_type(t, 5), PAGU_COL_MEASURE);
}

static void table__cells_give_back_what_they_got(void **state)
{
    (void)state;
    char text[] = "PROGRAM";
    add_all_columns(t);
    pagu_table_add_row(t);
    assert_int_equal(pagu_table_set_text(t, 0, 0, text), PAGU_OK);
    text[0] = 'X';
    assert_int_equal(pagu_table_set_money(t, 0, 1, INT64_MIN), PAGU_OK);
    assert_int_equal(pagu_table_set_number(t, 0, 2, 0.1), PAGU_OK);
    assert_int_equal(pagu_table_set_number(t, 0, 3, 12.5), PAGU_OK);
    assert_int_equal(pagu_table_set_money(t, 0, 4, 2024), PAGU_OK);
    pagu_measure m = { 72, "nilai", "72,00 / B", PAGU_NUMBER };
    assert_int_equal(pagu_table_set_measure(t, 0, 5, &m), PAGU_OK);
    assert_string_equal(pagu_table_get(t, 0, 0).text, "PROGRAM");
    assert_int_equal(pagu_table_get(t, 0, 0).state, PAGU_TEXT);
    assert_true(pagu_table_get(t, 0, 1).integer == INT64_MIN);
    assert_true(pagu_table_get(t, 0, 2).number == 0.1);
    assert_true(pagu_table_get(t, 0, 3).number == 12.5);
    assert_int_equal(pagu_table_get(t, 0, 4).integer, 2024);
    pagu_table_cell c = pagu_table_get(t, 0, 5);
    assert_true(c.number == 72);
    assert_string_equal(c.unit, "nilai");
    assert_string_equal(c.text, "72,00 / B");
    assert_int_equal(c.state, PAGU_NUMBER);
}

static void table__missing_zero_and_dash_are_three_things(void **state)
{
    (void)state;
    add_all_columns(t);
    for (int i = 0; i < 3; i++)
        pagu_table_add_row(t);
    assert_int_equal(pagu_table_set_cell(t, 0, 1, (pagu_cell){ 0, PAGU_MISSING }), PAGU_OK);
    assert_int_equal(pagu_table_set_cell(t, 1, 1, (pagu_cell){ 0, PAGU_NUMBER }), PAGU_OK);
    assert_int_equal(pagu_table_set_cell(t, 2, 1, (pagu_cell){ 0, PAGU_DASH }), PAGU_OK);
    assert_int_equal(pagu_table_set_dash(t, 2, 0), PAGU_OK);
    assert_int_equal(pagu_table_get(t, 0, 1).state, PAGU_MISSING);
    assert_int_equal(pagu_table_get(t, 1, 1).state, PAGU_NUMBER);
    assert_int_equal(pagu_table_get(t, 2, 1).state, PAGU_DASH);
    assert_int_equal(pagu_table_get(t, 2, 0).state, PAGU_DASH);
    assert_int_equal(pagu_table_set_text(t, 2, 0, NULL), PAGU_OK);
    assert_int_equal(pagu_table_get(t, 2, 0).state, PAGU_MISSING);
    assert_int_equal(pagu_table_set_text(t, 2, 0, ""), PAGU_OK);
    assert_int_equal(pagu_table_get(t, 2, 0).state, PAGU_TEXT);
    assert_string_equal(pagu_table_get(t, 2, 0).text, "");
}

static void table__words_may_stand_where_a_number_cant_be(void **state)
{
    (void)state;
    add_all_columns(t);
    pagu_table_add_row(t);
    for (uint32_t col = 0; col < 6; col++) {
        assert_int_equal(pagu_table_set_mark(t, 0, col, "unlike units"), PAGU_OK);
        assert_int_equal(pagu_table_get(t, 0, col).state, PAGU_TEXT);
        assert_string_equal(pagu_table_get(t, 0, col).text, "unlike units");
    }
    assert_int_equal(pagu_table_set_mark(t, 1, 0, "x"), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_mark(t, 0, 6, "x"), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_mark(t, 0, 0, NULL), PAGU_ARGUMENT);
}

static void table__columns_carry_the_numbers_of_the_form(void **state)
{
    (void)state;
    add_all_columns(t);
    assert_string_equal(pagu_table_column_number(t, 0), "");
    assert_int_equal(pagu_table_set_column_number(t, 1, "8=(7/6)"), PAGU_OK);
    assert_string_equal(pagu_table_column_number(t, 1), "8=(7/6)");
    assert_int_equal(pagu_table_set_column_number(t, 6, "9"), PAGU_ARGUMENT);
    assert_string_equal(pagu_table_column_number(t, 6), "");
}

static void table__a_cell_takes_only_values_of_its_column(void **state)
{
    (void)state;
    pagu_measure m = { 1, "", NULL, PAGU_NUMBER };
    add_all_columns(t);
    pagu_table_add_row(t);
    for (uint32_t col = 0; col < 6; col++) {
        bool text = col == PAGU_COL_TEXT || col == PAGU_COL_MEASURE;
        bool money = col == PAGU_COL_MONEY || col == PAGU_COL_INTEGER;
        bool number = col == PAGU_COL_NUMBER || col == PAGU_COL_PERCENT;
        assert_int_equal(pagu_table_set_text(t, 0, col, "x"), text ? PAGU_OK : PAGU_ARGUMENT);
        assert_int_equal(pagu_table_set_money(t, 0, col, 1), money ? PAGU_OK : PAGU_ARGUMENT);
        assert_int_equal(pagu_table_set_cell(t, 0, col, (pagu_cell){ 1, PAGU_NUMBER }),
                         money ? PAGU_OK : PAGU_ARGUMENT);
        assert_int_equal(pagu_table_set_number(t, 0, col, 1), number ? PAGU_OK : PAGU_ARGUMENT);
        assert_int_equal(pagu_table_set_measure(t, 0, col, &m), col == PAGU_COL_MEASURE ? PAGU_OK : PAGU_ARGUMENT);
    }
    assert_int_equal(pagu_table_set_cell(t, 0, 1, (pagu_cell){ 1, PAGU_TEXT }), PAGU_ARGUMENT);
}

static void table__places_outside_are_refused(void **state)
{
    (void)state;
    add_all_columns(t);
    pagu_table_add_row(t);
    assert_int_equal(pagu_table_set_money(t, 1, 1, 1), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_money(t, 0, 6, 1), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_dash(t, 0, UINT32_MAX), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_row_style(t, 1, PAGU_ROW_TOTAL, 0), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_set_row_style(t, 0, (pagu_row_style)3, 0), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_get(t, 1, 0).state, PAGU_MISSING);
    assert_string_equal(pagu_table_column_name(t, 6), "");
}

static void table__columns_come_before_rows_and_have_their_own_names(void **state)
{
    (void)state;
    assert_int_equal(pagu_table_add_row(t), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_add_column(t, "a", NULL, PAGU_COL_TEXT), PAGU_OK);
    assert_string_equal(pagu_table_column_title(t, 0), "a");
    assert_int_equal(pagu_table_add_column(t, "a", "other", PAGU_COL_TEXT), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_add_column(t, "", "x", PAGU_COL_TEXT), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_add_column(t, NULL, "x", PAGU_COL_TEXT), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_add_column(t, "b", "x", (pagu_column_type)6), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_add_row(t), PAGU_OK);
    assert_int_equal(pagu_table_add_column(t, "b", "x", PAGU_COL_TEXT), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_column_count(t), 1);
}

static void table__titles_notes_and_stamps_append(void **state)
{
    (void)state;
    const char *key, *value;
    assert_string_equal(pagu_table_title(t), "");
    pagu_table_set_title(t, "Tabel 7");
    pagu_table_set_title(t, "Kota Tarakan");
    assert_string_equal(pagu_table_title(t), "Tabel 7\nKota Tarakan");
    for (int i = 0; i < 20; i++)
        assert_int_equal(pagu_table_add_note(t, i ? "more" : "first"), PAGU_OK);
    assert_int_equal(pagu_table_note_count(t), 20);
    assert_string_equal(pagu_table_note(t, 0), "first");
    assert_string_equal(pagu_table_note(t, 20), "");
    assert_int_equal(pagu_table_add_stamp(t, "plan", "abc"), PAGU_OK);
    assert_int_equal(pagu_table_add_stamp(t, "", "abc"), PAGU_ARGUMENT);
    assert_int_equal(pagu_table_stamp_count(t), 1);
    pagu_table_stamp(t, 0, &key, &value);
    assert_string_equal(key, "plan");
    assert_string_equal(value, "abc");
    pagu_table_stamp(t, 1, &key, &value);
    assert_string_equal(key, "");
}

static void table__rows_keep_style_and_indent(void **state)
{
    (void)state;
    pagu_table_add_column(t, "a", "A", PAGU_COL_INTEGER);
    for (uint32_t row = 0; row < 1000; row++) {
        assert_int_equal(pagu_table_add_row(t), PAGU_OK);
        pagu_table_set_money(t, row, 0, row);
        pagu_table_set_row_style(t, row, row % 2 ? PAGU_ROW_GROUP : PAGU_ROW_NORMAL, row % 5);
    }
    for (uint32_t row = 0; row < 1000; row++) {
        assert_int_equal(pagu_table_get(t, row, 0).integer, row);
        assert_int_equal(pagu_table_row_style(t, row), row % 2 ? PAGU_ROW_GROUP : PAGU_ROW_NORMAL);
        assert_int_equal(pagu_table_row_indent(t, row), row % 5);
    }
}

static pagu_code fill_row(pagu_table *table)
{
    char unit[64];
    uint32_t row = pagu_table_row_count(table);
    pagu_code code = pagu_table_add_row(table);
    if (code != PAGU_OK) {
        assert_int_equal(pagu_table_row_count(table), row);
        return code;
    }
    snprintf(unit, sizeof unit, "a unit that takes some room %u", row);
    pagu_measure m = { 1, unit, "and a text beside it", PAGU_NUMBER };
    pagu_code text = pagu_table_set_text(table, row, 0, "a name that takes some room in the arena");
    if (text != PAGU_OK)
        assert_int_equal(pagu_table_get(table, row, 0).state, PAGU_MISSING);
    pagu_code measure = pagu_table_set_measure(table, row, 5, &m);
    if (measure != PAGU_OK)
        assert_int_equal(pagu_table_get(table, row, 5).state, PAGU_MISSING);
    return text != PAGU_OK ? text : measure;
}

static pagu_code fill_table(pagu_ctx *c, void *arg)
{
    (void)arg;
    pagu_table *table = pagu_table_new(c);
    if (!table)
        return PAGU_NO_MEMORY;
    pagu_code code = add_all_columns(table);
    pagu_code rest[] = { pagu_table_set_title(table, "title"), pagu_table_add_note(table, "note"),
                         pagu_table_add_stamp(table, "key", "value") };
    for (size_t i = 0; i < 3; i++)
        code = code == PAGU_OK ? rest[i] : code;
    if (code == PAGU_OK)
        code = pagu_table_set_column_number(table, 1, "8=(7/6)");
    for (int i = 0; code == PAGU_OK && i < 50; i++)
        code = fill_row(table);
    if (code == PAGU_OK)
        code = pagu_table_set_mark(table, 0, 1, "unlike units");
    if (code != PAGU_OK && pagu_table_row_count(table) == 0) { /* must not lose count of the cells */
        pagu_table_add_column(table, "late", "Late", PAGU_COL_TEXT);
        if (pagu_table_add_row(table) == PAGU_OK)
            assert_int_equal(pagu_table_set_dash(table, 0, pagu_table_column_count(table) - 1), PAGU_OK);
    }
    pagu_table_free(table);
    return code;
}

static void table__every_failed_allocation_is_survived(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(fill_table, NULL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(table__cells_start_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__cells_give_back_what_they_got, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__missing_zero_and_dash_are_three_things, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__words_may_stand_where_a_number_cant_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__columns_carry_the_numbers_of_the_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__a_cell_takes_only_values_of_its_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__places_outside_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__columns_come_before_rows_and_have_their_own_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__titles_notes_and_stamps_append, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__rows_keep_style_and_indent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table__every_failed_allocation_is_survived, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
