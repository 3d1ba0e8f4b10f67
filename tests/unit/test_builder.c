/* test_builder.c - from rows in any order to a plan: tree, own lines, columns, faults.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"
#include "support/failing_alloc.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- rows of a test ---- */

typedef struct fixture {
    pagu_ctx *ctx;
    pagu_findings *findings;
    pagu_builder *b;
    pagu_plan *plan;
    pagu_error err;
    uint32_t line; /* of the next row: each row is a line of its own */
} fixture;

static pagu_source next_line(fixture *f)
{
    return (pagu_source){ "rows.csv", ++f->line };
}

static void begin_on(fixture *f, pagu_ctx *ctx)
{
    *f = (fixture){ .ctx = ctx, .findings = pagu_findings_new(ctx) };
    f->b = f->findings ? pagu_builder_new(ctx, f->findings) : NULL;
}

/* Years 2020 to 2025, stages common, renstra (reference), draft, final; levels of the main tree. */
static void begin(fixture *f)
{
    pagu_ctx_options o = PAGU_CTX_OPTIONS_INIT;
    o.lang = PAGU_LANG_EN;
    begin_on(f, pagu_ctx_new(&o));
    static const pagu_stage_def stages[] = {
        { "final", "Renja", "", PAGU_STAGE_PLAN, 3 },
        { "draft", "Ranwal", "", PAGU_STAGE_PLAN, 2 },
        { "renstra", "Renstra", "strategic", PAGU_STAGE_REFERENCE, 1 },
        { "common", "Umum", "", PAGU_STAGE_COMMON, 0 },
    };
    static const pagu_level_def levels[] = {
        { "main", "kegiatan", "Kegiatan", "Activity", 2, 3 },
        { "main", "plan", "Renja", "Plan", 0, 0 },
        { "main", "program", "Program", "Program", 1, 2 },
    };
    pagu_builder_frame(f->b, &(pagu_frame_def){ .year = 2024, .first_year = 2020, .last_year = 2025 });
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        pagu_builder_stage(f->b, &stages[i], (pagu_source){ "stages.csv", (uint32_t)i + 2 });
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        pagu_builder_level(f->b, &levels[i], (pagu_source){ "levels.csv", (uint32_t)i + 2 });
}

static void node_with(fixture *f, pagu_node_def def)
{
    assert_int_equal(pagu_builder_node(f->b, &def, next_line(f)), PAGU_OK);
}

static void node(fixture *f, const char *id)
{
    node_with(f, (pagu_node_def){ .id = id, .name = id, .sign = 1 });
}

static void nodes(fixture *f, const char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        node(f, ids[i]);
}
#define NODES(f, ...) nodes(f, (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })))

static void cell(fixture *f, const char *key, const char *stage, const char *period, pagu_cell c)
{
    pagu_builder_amount(f->b, key, stage, period, "budget", c, next_line(f));
}

static void amount(fixture *f, const char *key, int64_t value)
{
    cell(f, key, "final", "2024", (pagu_cell){ value, PAGU_NUMBER });
}

static void measure(fixture *f, const char *indicator, double value, const char *unit)
{
    pagu_measure m = { .value = value, .unit = unit, .state = PAGU_NUMBER };
    pagu_builder_measure(f->b, indicator, "final", "2024", "target", &m, next_line(f));
}

static void indicator(fixture *f, const char *id, const char *owner)
{
    pagu_indicator_def def = { .id = id, .owner = owner, .name = id, .weight = NAN };
    pagu_builder_indicator(f->b, &def, next_line(f));
}

static pagu_plan *finish(fixture *f)
{
    pagu_code code = pagu_builder_finish(f->b, &f->plan, &f->err);
    f->b = NULL;
    if (code)
        fail_msg("%s (%s:%d)", f->err.message, f->err.file, f->err.line);
    return f->plan;
}

static void end(fixture *f)
{
    pagu_plan_release(f->plan);
    pagu_builder_free(f->b);
    pagu_findings_free(f->findings);
    assert_int_equal(pagu_ctx_memory(f->ctx), 0);
    pagu_ctx_free(f->ctx);
}

/* ---- what a plan says ---- */

static pagu_row row_of(const fixture *f, const char *key)
{
    pagu_row row = 0;
    pagu_error err;
    if (plan_find_row(f->plan, key, &row, &err))
        fail_msg("%s", err.message);
    return row;
}

static bool has_row(const fixture *f, const char *key)
{
    pagu_row row;
    return plan_lookup(f->plan, key, strlen(key), &row, 1) == 1;
}

static const plan_column *column(const fixture *f, const char *stage, const char *period)
{
    pagu_stage s;
    pagu_period p;
    assert_int_equal(pagu_plan_find_stage(f->plan, stage, &s, NULL), PAGU_OK);
    assert_int_equal(pagu_plan_find_period(f->plan, period, &p, NULL), PAGU_OK);
    return &f->plan->columns[column_index(f->plan, s, 0, p)];
}

static pagu_state state_in(const plan_column *c, pagu_row row)
{
    return !c->values ? PAGU_MISSING : c->presence ? presence_state(c->presence[row]) : PAGU_NUMBER;
}

static int64_t value(const fixture *f, const char *key)
{
    const plan_column *c = column(f, "final", "2024");
    assert_int_equal(state_in(c, row_of(f, key)), PAGU_NUMBER);
    return c->values[row_of(f, key)];
}

static const char *parent_key(const fixture *f, const char *key)
{
    return plan_str(f->plan, f->plan->key[f->plan->parent[row_of(f, key)]]);
}

static const char *child_key(const fixture *f, const char *key, uint32_t i)
{
    uint32_t child = f->plan->child_first[row_of(f, key)] + i;
    assert_true(child < f->plan->child_first[row_of(f, key) + 1]);
    return plan_str(f->plan, f->plan->key[child]);
}

static void hash_of(fixture *f, char out[65])
{
    assert_int_equal(pagu_plan_hash(f->plan, out, NULL), PAGU_OK);
}

/* ---- tree ---- */

static void builder__parent_is_the_longest_existing_prefix(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, "1.06.01.2.02.01", "2.13", "1.6.1", "1", ".");
    finish(&f);
    assert_string_equal(parent_key(&f, "1.06.01.2.02.01"), "1.6.1");
    assert_string_equal(parent_key(&f, "1.6.1"), "1");
    assert_string_equal(parent_key(&f, "1"), "/");
    assert_string_equal(parent_key(&f, "2.13"), "/");
    assert_int_equal(pagu_findings_count(f.findings), 0);
    end(&f);
}

static void builder__a_longer_number_is_no_prefix(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "10", "10.1", "1.1#5.1");
    finish(&f);
    assert_string_equal(parent_key(&f, "10.1"), "10");
    assert_string_equal(parent_key(&f, "10"), "/");
    assert_string_equal(parent_key(&f, "1.1#5.1"), "1");
    end(&f);
}

static void builder__explicit_parent_beats_the_prefix_with_a_warning(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "2");
    node_with(&f, (pagu_node_def){ .id = "1.01", .parent = "2", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "2.01", .parent = "2", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "3", .parent = ".", .sign = 1 });
    finish(&f);
    assert_string_equal(parent_key(&f, "1.01"), "2");
    assert_int_equal(pagu_findings_count(f.findings), 1);
    const pagu_finding *w = pagu_findings_get(f.findings, 0);
    assert_string_equal(w->rule, "code-outside-parent");
    assert_int_equal(w->severity, PAGU_WARNING);
    assert_int_equal(w->line, 4);
    assert_string_equal(w->key, "1.01");
    end(&f);
}

static void builder__codes_may_differ_from_ids_repeat_or_be_absent(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "dinkes", .code = "1.02", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "a", .code = "1.02.01", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "b", .code = "1.2.1", .parent = "dinkes", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "nameless", .code_absent = true, .sign = 1 });
    finish(&f);
    assert_string_equal(parent_key(&f, "a"), "dinkes");
    assert_string_equal(parent_key(&f, "b"), "dinkes");
    assert_string_equal(parent_key(&f, "nameless"), "/");
    pagu_row rows[3];
    assert_int_equal(plan_lookup(f.plan, "1.02.1", 6, rows, 3), 2);
    assert_string_equal(plan_str(f.plan, f.plan->key[rows[0]]), "a");
    assert_string_equal(plan_str(f.plan, f.plan->code[row_of(&f, "nameless")]), "");
    assert_true(f.plan->flags[row_of(&f, "nameless")] & ROW_NO_CODE);
    end(&f);
}

static void builder__siblings_stand_by_code_and_own_lines_last(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, "1.10", "1.9", ".", "1.X", "1", "1.02");
    amount(&f, "1", 5);
    finish(&f);
    static const char *const expected[] = { "1.02", "1.9", "1.10", "1.X", "1#" };
    for (uint32_t i = 0; i < COUNT_OF(expected); i++)
        assert_string_equal(child_key(&f, "1", i), expected[i]);
    end(&f);
}

static void builder__levels_are_sorted_and_follow_from_the_length_of_a_code(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.06", "1.06.01");
    node_with(&f, (pagu_node_def){ .id = "2.13", .level = "kegiatan", .sign = 1 });
    finish(&f);
    assert_string_equal(pagu_plan_level_id(f.plan, 0), "plan");
    assert_string_equal(pagu_plan_level_name(f.plan, 2, PAGU_LANG_EN), "Activity");
    assert_int_equal(f.plan->level[0], 0);
    assert_int_equal(f.plan->level[row_of(&f, "1")], PAGU_NONE);
    assert_int_equal(f.plan->level[row_of(&f, "1.06")], 1);
    assert_int_equal(f.plan->level[row_of(&f, "1.06.01")], 2);
    assert_int_equal(f.plan->level[row_of(&f, "2.13")], 2);
    end(&f);
}

static void check_order(const pagu_plan *p)
{
    uint32_t next = 1;
    for (uint32_t r = 0; r < p->n_rows; r++) {
        assert_int_equal(p->child_first[r], next);
        uint32_t end = p->pre[r] + 1;
        for (uint32_t c = p->child_first[r]; c < p->child_first[r + 1]; c++, next++) {
            assert_int_equal(p->parent[c], r);
            assert_int_equal(p->depth[c], p->depth[r] + 1);
            assert_int_equal(p->pre[c], end);
            end = p->pre_end[c];
        }
        assert_int_equal(p->pre_end[r], end);
        assert_int_equal(p->by_pre[p->pre[r]], r);
        assert_in_range(r, p->level_first[p->depth[r]], p->level_first[p->depth[r] + 1] - 1);
    }
    assert_int_equal(next, p->n_rows);
    assert_int_equal(p->level_first[p->n_depths], p->n_rows);
}

/* ---- money ---- */

static void builder__leaves_of_mixed_depths_add_up(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.01", "1.01.01", "1.02", "2");
    amount(&f, "1.01.01", 7);
    amount(&f, "1.02", 20);
    amount(&f, "2", 300);
    finish(&f);
    check_order(f.plan);
    assert_int_equal(value(&f, "/"), 327);
    assert_int_equal(value(&f, "1"), 27);
    assert_int_equal(value(&f, "1.01"), 7);
    assert_null(column(&f, "final", "2024")->presence);
    assert_int_equal(column(&f, "final", "2024")->bound, 327);
    end(&f);
}

static void builder__signs_subtract_and_memo_rows_stay_out(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "6", "6.1");
    node_with(&f, (pagu_node_def){ .id = "6.2", .sign = -1 });
    node_with(&f, (pagu_node_def){ .id = "6.3", .sign = 0 });
    NODES(&f, "6.2.1", "6.2.2", "7");
    amount(&f, "6.1", 100);
    amount(&f, "6.2.1", 30);
    amount(&f, "6.2.2", 5);
    amount(&f, "6.3", 1000);
    finish(&f);
    assert_int_equal(value(&f, "6"), 65);
    assert_int_equal(value(&f, "/"), 65);
    assert_int_equal(value(&f, "6.3"), 1000);
    assert_int_equal(column(&f, "final", "2024")->bound, 1135);
    assert_int_equal(f.plan->level_signed[0], 0);
    assert_int_equal(f.plan->level_signed[1], 1);
    end(&f);
}

static void builder__memo_rows_do_not_make_their_parent_present(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1", "2");
    node_with(&f, (pagu_node_def){ .id = "1.2", .sign = 0 });
    node_with(&f, (pagu_node_def){ .id = "2.1", .sign = -1 });
    amount(&f, "1.2", 9);
    amount(&f, "2.1", 4);
    finish(&f);
    const plan_column *c = column(&f, "final", "2024");
    assert_int_equal(state_in(c, row_of(&f, "1.2")), PAGU_NUMBER);
    assert_int_equal(state_in(c, row_of(&f, "1")), PAGU_MISSING);
    assert_int_equal(value(&f, "2"), -4);
    end(&f);
}

static void builder__missing_zero_and_dash_stay_three_things(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1", "1.2", "2", "2.1", "2.2", "3", "3.1", "4", "4.1");
    amount(&f, "1.1", 0);
    cell(&f, "1.2", "final", "2024", (pagu_cell){ 0, PAGU_DASH });
    cell(&f, "2.1", "final", "2024", (pagu_cell){ 0, PAGU_DASH });
    cell(&f, "4.1", "final", "2024", (pagu_cell){ 5, PAGU_MISSING });
    finish(&f);
    const plan_column *c = column(&f, "final", "2024");
    static const struct {
        const char *key;
        pagu_state state;
    } expected[] = {
        { "1.1", PAGU_NUMBER },  { "1.2", PAGU_DASH }, { "1", PAGU_NUMBER },    { "2.1", PAGU_DASH },
        { "2.2", PAGU_MISSING }, { "2", PAGU_DASH },   { "3.1", PAGU_MISSING }, { "3", PAGU_MISSING },
        { "4.1", PAGU_MISSING }, { "/", PAGU_NUMBER },
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        if (state_in(c, row_of(&f, expected[i].key)) != expected[i].state)
            fail_msg("state of %s", expected[i].key);
    assert_int_equal(c->values[row_of(&f, "4.1")], 0);
    assert_null(column(&f, "draft", "2024")->values);
    end(&f);
}

static void builder__amounts_of_stages_periods_and_fields_stand_apart(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1");
    pagu_builder_field(f.b, "pagu_indikatif", PAGU_FIELD_MONEY);
    amount(&f, "1", 1);
    cell(&f, "1", "draft", "2024", (pagu_cell){ 2, PAGU_NUMBER });
    cell(&f, "1", "final", "2024-Q1", (pagu_cell){ 3, PAGU_NUMBER });
    cell(&f, "1", "common", "..2021", (pagu_cell){ 4, PAGU_NUMBER });
    pagu_builder_amount(f.b, "1", "final", "2024", "pagu_indikatif", (pagu_cell){ 5, PAGU_NUMBER }, next_line(&f));
    finish(&f);
    assert_int_equal(value(&f, "1"), 1);
    assert_int_equal(column(&f, "draft", "2024")->values[0], 2);
    assert_int_equal(column(&f, "final", "2024Q1")->values[0], 3);
    assert_int_equal(column(&f, "common", "..2021")->values[0], 4);
    pagu_field field;
    pagu_period period;
    assert_int_equal(pagu_plan_find_field(f.plan, "pagu_indikatif", &field, NULL), PAGU_OK);
    assert_int_equal(pagu_plan_find_year(f.plan, 2024, &period, NULL), PAGU_OK);
    assert_int_equal(f.plan->columns[column_index(f.plan, 3, field, period)].values[0], 5);
    end(&f);
}

static void builder__a_stage_without_values_reads_the_common_stage(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1");
    cell(&f, "1", "common", "2022", (pagu_cell){ 4, PAGU_NUMBER });
    amount(&f, "1", 1);
    finish(&f);
    pagu_period y2022, y2024;
    pagu_plan_find_year(f.plan, 2022, &y2022, NULL);
    pagu_plan_find_year(f.plan, 2024, &y2024, NULL);
    pagu_stage final = pagu_plan_default_stage(f.plan), common = pagu_plan_common_stage(f.plan);
    assert_int_equal(pagu_plan_column(f.plan, final, 0, y2022), column_index(f.plan, common, 0, y2022));
    assert_int_equal(pagu_plan_column(f.plan, final, 0, y2024), column_index(f.plan, final, 0, y2024));
    assert_int_equal(pagu_plan_column(f.plan, final, 1, y2024), column_index(f.plan, final, 1, y2024));
    pagu_column c = pagu_plan_column(f.plan, final, 1, y2022);
    assert_int_equal(pagu_plan_column_field(f.plan, c), 1);
    assert_int_equal(pagu_plan_column_period(f.plan, c), y2022);
    assert_int_equal(pagu_plan_column_stage(f.plan, c), final);
    end(&f);
}

/* ---- own lines and printed values ---- */

static void builder__an_amount_with_nothing_below_gets_an_own_line(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1", "1.2");
    cell(&f, ".", "common", "2022", (pagu_cell){ 5176, PAGU_NUMBER });
    amount(&f, "1.1", 3);
    finish(&f);
    check_order(f.plan);
    assert_int_equal(f.plan->n_rows, 5);
    pagu_row own = row_of(&f, "/#");
    assert_true(f.plan->flags[own] & ROW_OWN_LINE);
    assert_int_equal(f.plan->level[own], PAGU_NONE);
    assert_string_equal(plan_str(f.plan, f.plan->name[own]), "not itemised");
    assert_int_equal(f.plan->parent[own], 0);
    assert_string_equal(child_key(&f, "/", 1), "/#");
    assert_int_equal(column(&f, "common", "2022")->values[0], 5176);
    assert_int_equal(state_in(column(&f, "common", "2022"), row_of(&f, "1")), PAGU_MISSING);
    assert_int_equal(value(&f, "/"), 3);
    assert_int_equal(state_in(column(&f, "final", "2024"), own), PAGU_MISSING);
    assert_int_equal(pagu_plan_printed_count(f.plan), 0);
    end(&f);
}

static void builder__an_amount_with_amounts_below_is_printed(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1", "1.2");
    amount(&f, "1.1", 3);
    amount(&f, "1", 4);
    amount(&f, ".", 5);
    cell(&f, "1.2", "draft", "2024", (pagu_cell){ 0, PAGU_DASH });
    cell(&f, "1", "draft", "2024", (pagu_cell){ 8, PAGU_NUMBER });
    finish(&f);
    assert_int_equal(value(&f, "/"), 3);
    assert_false(has_row(&f, "1#"));
    assert_int_equal(pagu_plan_printed_count(f.plan), 3);
    pagu_printed_amount p = pagu_plan_printed(f.plan, 1), q = pagu_plan_printed(f.plan, 2);
    assert_int_equal(p.row, 0);
    assert_int_equal(p.cell.value, 5);
    assert_int_equal(q.row, row_of(&f, "1"));
    assert_int_equal(q.cell.value, 4);
    assert_string_equal(pagu_plan_stage_id(f.plan, pagu_plan_column_stage(f.plan, q.column)), "final");
    end(&f);
}

static void builder__of_two_lumps_on_one_path_the_higher_is_printed(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1", "1.1.1");
    amount(&f, ".", 100);
    amount(&f, "1.1", 60);
    finish(&f);
    assert_int_equal(value(&f, "/"), 60);
    assert_int_equal(value(&f, "1.1#"), 60);
    assert_false(has_row(&f, "/#"));
    assert_int_equal(pagu_plan_printed_count(f.plan), 1);
    assert_int_equal(pagu_plan_printed(f.plan, 0).cell.value, 100);
    end(&f);
}

static void builder__an_own_line_may_be_given_by_its_key(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1", "2", "3");
    node_with(&f, (pagu_node_def){ .id = "3#", .name = "sisa", .sign = 1 });
    amount(&f, "1#", 4);
    amount(&f, "1.1", 3);
    amount(&f, "2#", 20);
    amount(&f, "3", 100);
    finish(&f);
    check_order(f.plan);
    assert_int_equal(value(&f, "1"), 7);
    assert_int_equal(value(&f, "1#"), 4);
    assert_int_equal(value(&f, "2"), 20);
    assert_false(has_row(&f, "2#")); /* a leaf is its own own line */
    assert_int_equal(value(&f, "3#"), 100);
    assert_string_equal(plan_str(f.plan, f.plan->name[row_of(&f, "3#")]), "sisa");
    assert_int_equal(value(&f, "/"), 127);
    end(&f);
}

/* ---- stages ---- */

static bool is_member(const fixture *f, const char *key, const char *stage)
{
    pagu_stage s;
    assert_int_equal(pagu_plan_find_stage(f->plan, stage, &s, NULL), PAGU_OK);
    return !f->plan->stages[s].members || bit_get(f->plan->stages[s].members, row_of(f, key));
}

static void builder__membership_is_inherited_and_common_has_every_row(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.1.1", "2");
    node_with(&f, (pagu_node_def){ .id = "1.1", .stages = "draft", .sign = 1 });
    cell(&f, "1.1", "draft", "2024", (pagu_cell){ 6, PAGU_NUMBER });
    cell(&f, "1.1.1", "common", "2022", (pagu_cell){ 5, PAGU_NUMBER });
    finish(&f);
    assert_true(is_member(&f, "1.1", "draft"));
    assert_false(is_member(&f, "1.1", "final"));
    assert_false(is_member(&f, "1.1", "renstra"));
    assert_true(is_member(&f, "1.1", "common"));
    assert_false(is_member(&f, "1.1.1", "final"));
    assert_true(is_member(&f, "1.1#", "draft"));
    assert_false(is_member(&f, "1.1#", "final"));
    assert_true(is_member(&f, "2", "final"));
    pagu_stage common = pagu_plan_common_stage(f.plan);
    assert_null(f.plan->stages[common].members);
    end(&f);
}

static void builder__stages_stand_by_rank_and_one_is_common(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    finish(&f);
    static const char *const expected[] = { "common", "renstra", "draft", "final" };
    for (pagu_stage s = 0; s < 4; s++)
        assert_string_equal(pagu_plan_stage_id(f.plan, s), expected[s]);
    assert_int_equal(pagu_plan_default_stage(f.plan), 3);
    assert_int_equal(pagu_plan_strategic_stage(f.plan), 1);
    end(&f);

    begin_on(&f, pagu_ctx_new(NULL));
    pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2024 });
    pagu_builder_stage(f.b, &(pagu_stage_def){ .id = "rkpd", .rank = -3 }, next_line(&f));
    node(&f, ".");
    finish(&f);
    assert_int_equal(pagu_plan_stage_count(f.plan), 2);
    assert_string_equal(pagu_plan_stage_id(f.plan, pagu_plan_common_stage(f.plan)), "common");
    assert_int_equal(pagu_plan_first_year(f.plan), 2019);
    assert_int_equal(pagu_plan_last_year(f.plan), 2029);
    assert_string_equal(pagu_plan_meta(f.plan, "currency"), "IDR");
    end(&f);
}

/* ---- tags, attributes, indicators, documents ---- */

static void add_trees(fixture *f)
{
    static const pagu_class_def classes[] = {
        { "unit", "D/b", NULL, NULL, NULL, "Bidang", 1 }, { "unit", "D", NULL, NULL, NULL, "Dinas", 1 },
        { "unit", "E", NULL, NULL, NULL, "Lain", 1 },     { "pn", "10", NULL, NULL, NULL, "Sepuluh", 1 },
        { "pn", "9", NULL, NULL, NULL, "Dua", 1 },        { "pn", "x", "9", NULL, NULL, "Bawah dua", -1 },
    };
    pagu_builder_tree(f->b, &(pagu_tree_def){ "unit", "Unit", "/", true }, next_line(f));
    pagu_builder_tree(f->b, &(pagu_tree_def){ "pn", "Prioritas", ".", false }, next_line(f));
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        pagu_builder_class(f->b, &classes[i], next_line(f));
}

static void builder__classes_stand_in_tree_order(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    add_trees(&f);
    node(&f, ".");
    finish(&f);
    uint32_t pn, unit;
    assert_int_equal(pagu_plan_find_tree(f.plan, "pn", &pn, NULL), PAGU_OK);
    assert_int_equal(pagu_plan_find_tree(f.plan, "unit", &unit, NULL), PAGU_OK);
    assert_true(pn < unit);
    assert_string_equal(pagu_plan_class_id(f.plan, pn, 0), "9");
    assert_string_equal(pagu_plan_class_id(f.plan, pn, 1), "x");
    assert_int_equal(pagu_plan_class_parent(f.plan, pn, 1), 0);
    assert_int_equal(pagu_plan_class_parent(f.plan, pn, 2), UINT32_MAX);
    assert_string_equal(pagu_plan_class_id(f.plan, unit, 1), "D/b");
    assert_int_equal(pagu_plan_class_parent(f.plan, unit, 1), 0); /* by the tree's separator */
    assert_int_equal(f.plan->trees[pn].classes[1].sign, -1);
    end(&f);
}

static void builder__the_nearest_class_on_the_way_up_is_effective(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    add_trees(&f);
    NODES(&f, ".", "1", "1.1", "1.1.1", "2");
    pagu_builder_tag(f.b, "1", "unit", "D", next_line(&f));
    pagu_builder_tag(f.b, "1.1.1", "unit", "D/b", next_line(&f));
    pagu_builder_tag(f.b, "1.1", "pn", "10", next_line(&f));
    pagu_builder_tag(f.b, "1.1", "pn", "9", next_line(&f));
    amount(&f, "1.1", 5);
    finish(&f);
    const plan_tree *unit = &f.plan->trees[1];
    assert_int_equal(unit->declared[row_of(&f, "1.1")], UINT32_MAX);
    assert_int_equal(unit->effective[row_of(&f, "1.1")], 0);
    assert_int_equal(unit->effective[row_of(&f, "1.1#")], 0);
    assert_int_equal(unit->effective[row_of(&f, "1.1.1")], 1);
    assert_int_equal(unit->effective[row_of(&f, "2")], UINT32_MAX);
    assert_null(f.plan->trees[0].declared);
    assert_int_equal(f.plan->n_labels, 2);
    assert_int_equal(f.plan->labels[0].cls, 0);
    assert_int_equal(f.plan->labels[1].cls, 2);
    end(&f);
}

static void builder__attributes_stand_by_row(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "2");
    pagu_builder_attribute(f.b, "2", "start", "2024-03-01", next_line(&f));
    pagu_builder_attribute(f.b, "1", "origin", "reses", next_line(&f));
    pagu_builder_attribute(f.b, "1", "start", "2024-01-01", next_line(&f));
    pagu_builder_attribute(f.b, "2", "origin", "", next_line(&f));
    finish(&f);
    assert_int_equal(f.plan->n_attributes, 2);
    assert_string_equal(plan_str(f.plan, f.plan->attributes[0].name), "origin");
    assert_string_equal(plan_str(f.plan, f.plan->attributes[0].values[row_of(&f, "1")]), "reses");
    assert_int_equal(f.plan->attributes[0].values[row_of(&f, "2")], 0);
    assert_string_equal(plan_str(f.plan, f.plan->attributes[1].values[row_of(&f, "2")]), "2024-03-01");
    end(&f);
}

static void builder__indicators_of_a_row_stand_by_number(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    add_trees(&f);
    NODES(&f, ".", "1", "2");
    indicator(&f, "goal", "pn:10");
    indicator(&f, "1#10", "1");
    indicator(&f, "1#2", "1");
    indicator(&f, "outcome", "1");
    indicator(&f, "root", ".");
    finish(&f);
    static const char *const expected[] = { "1#2", "1#10", "outcome" };
    pagu_indicator ind = f.plan->first_indicator[row_of(&f, "1")];
    for (size_t i = 0; i < COUNT_OF(expected); i++, ind = f.plan->indicators[ind].next)
        assert_string_equal(plan_str(f.plan, f.plan->indicators[ind].id), expected[i]);
    assert_int_equal(ind, PAGU_NO_INDICATOR);
    assert_int_equal(f.plan->first_indicator[row_of(&f, "2")], PAGU_NO_INDICATOR);
    ind = plan_find_indicator(f.plan, "goal", 4);
    assert_int_equal(f.plan->indicators[ind].row, PAGU_NO_ROW);
    assert_string_equal(plan_str(f.plan, f.plan->indicators[ind].owner), "pn:10");
    assert_int_equal(f.plan->indicators[ind].cls, 2);
    assert_string_equal(plan_str(f.plan, f.plan->indicators[plan_find_indicator(f.plan, "root", 4)].owner), "/");
    assert_int_equal(plan_find_indicator(f.plan, "nothing", 7), PAGU_NO_INDICATOR);
    end(&f);
}

static void builder__a_measure_keeps_its_unit_when_it_is_another(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1");
    pagu_builder_unit(f.b, &(pagu_unit_def){ .id = "orang", .synonyms = "Orang|org", .kind = "count" }, next_line(&f));
    pagu_builder_unit(f.b, &(pagu_unit_def){ .id = "%", .kind = "percent" }, next_line(&f));
    pagu_indicator_def def = { .id = "1#1", .owner = "1", .unit = "org", .weight = NAN };
    pagu_builder_indicator(f.b, &def, next_line(&f));
    measure(&f, "1#1", 26, "Orang");
    pagu_measure m = { .value = 72, .unit = "%", .text = "72,00 / B", .state = PAGU_NUMBER };
    pagu_builder_measure(f.b, "1#1", "common", "2022", "achieved", &m, next_line(&f));
    m = (pagu_measure){ .text = "Cepat Berkembang", .state = PAGU_TEXT };
    pagu_builder_measure(f.b, "1#1", "renstra", "..2024", "target", &m, next_line(&f));
    finish(&f);
    uint32_t found = 0;
    assert_string_equal(plan_str(f.plan, f.plan->units[f.plan->indicators[0].unit].id), "orang");
    for (uint32_t c = 0; c < f.plan->n_columns; c++) {
        const measure_cell *cell_ = f.plan->columns[c].measures;
        if (!cell_)
            continue;
        found++;
        if (cell_->value == 26)
            assert_int_equal(cell_->unit, 0);
        else if (cell_->value == 72)
            assert_string_equal(plan_str(f.plan, cell_->unit), "%");
        else
            assert_int_equal(cell_->state, PAGU_TEXT);
    }
    assert_int_equal(found, 3);
    end(&f);
}

static void builder__documents_come_back_as_written(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    const char *const columns[] = { "table", "owner", "text" }, *const row[] = { "T7", "1.06:x", "177.453.130" };
    pagu_builder_document(f.b, "printed", 3, columns);
    pagu_builder_document_row(f.b, "printed", row, next_line(&f));
    pagu_builder_document(f.b, "texts", 1, columns);
    finish(&f);
    pagu_table *t;
    assert_int_equal(pagu_plan_table(f.plan, "printed", &t, NULL), PAGU_OK);
    assert_int_equal(pagu_table_row_count(t), 1);
    assert_string_equal(pagu_table_get(t, 0, 2).text, "177.453.130");
    pagu_table_free(t);
    assert_int_equal(pagu_plan_table(f.plan, "scales", &t, &f.err), PAGU_NOT_FOUND);
    assert_non_null(strstr(f.err.message, "printed, texts"));
    end(&f);
}

/* ---- mounts ---- */

static void builder__mounts_bear_their_packages_under_a_node(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    add_trees(&f);
    NODES(&f, ".", "1");
    const char *const columns[] = { "table", "owner", "text" }, *const row[] = { "T7", "1.06", "x" };
    static const char *const mounts[] = { "dinsos", "dinkes" };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pagu_builder_mount(f.b, mounts[i], i ? "1" : "."), PAGU_OK);
        pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2023, .unit = 1000 });
        pagu_builder_stage(f.b, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN }, next_line(&f));
        add_trees(&f);
        NODES(&f, ".", "1.06.01", "1.06");
        amount(&f, "1.06.01", i ? 5 : 40);
        cell(&f, ".", "common", "2022", (pagu_cell){ 9, PAGU_NUMBER });
        pagu_builder_tag(f.b, "1.06", "unit", "E", next_line(&f));
        indicator(&f, "1.06#1", "1.06");
        measure(&f, "1.06#1", 3, "");
        pagu_builder_document(f.b, "printed", 3, columns);
        pagu_builder_document_row(f.b, "printed", row, next_line(&f));
        assert_int_equal(pagu_builder_mount(f.b, NULL, NULL), PAGU_OK);
    }
    finish(&f);
    check_order(f.plan);
    assert_string_equal(parent_key(&f, "dinsos"), "/");
    assert_string_equal(parent_key(&f, "dinkes"), "1");
    assert_string_equal(parent_key(&f, "dinsos/1.06.01"), "dinsos/1.06");
    assert_string_equal(plan_str(f.plan, f.plan->code[row_of(&f, "dinsos/1.06.01")]), "1.06.01");
    assert_int_equal(value(&f, "/"), 45);
    assert_int_equal(value(&f, "dinkes"), 5);
    assert_int_equal(column(&f, "common", "2022")->values[0], 18);
    assert_true(has_row(&f, "dinsos#"));
    assert_string_equal(plan_str(f.plan, f.plan->trees[0].id), "office");
    assert_int_equal(f.plan->trees[0].effective[row_of(&f, "dinkes/1.06.01")], 0);
    assert_int_equal(f.plan->trees[0].effective[row_of(&f, "dinsos/1.06.01")], 1);
    assert_int_equal(f.plan->trees[2].effective[row_of(&f, "dinkes/1.06.01")], 2);
    assert_int_equal(f.plan->trees[2].n_classes, 3);
    pagu_indicator ind = plan_find_indicator(f.plan, "dinkes/1.06#1", 13);
    assert_int_equal(f.plan->indicators[ind].row, row_of(&f, "dinkes/1.06"));
    pagu_table *t;
    assert_int_equal(pagu_plan_table(f.plan, "printed", &t, NULL), PAGU_OK);
    assert_string_equal(pagu_table_get(t, 0, 0).text, "dinsos/T7");
    assert_string_equal(pagu_table_get(t, 1, 1).text, "dinkes/1.06");
    pagu_table_free(t);
    end(&f);
}

static void builder__mounts_may_stand_in_mounts(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    pagu_builder_mount(f.b, "kota", ".");
    NODES(&f, ".", "1");
    pagu_builder_mount(f.b, "dinsos", "1");
    NODES(&f, ".", "1.06");
    amount(&f, "1.06", 8);
    pagu_builder_mount(f.b, NULL, NULL);
    node(&f, "2");
    pagu_builder_mount(f.b, NULL, NULL);
    node(&f, "3");
    finish(&f);
    assert_string_equal(parent_key(&f, "kota/dinsos/1.06"), "kota/dinsos");
    assert_string_equal(parent_key(&f, "kota/dinsos"), "kota/1");
    assert_string_equal(parent_key(&f, "kota/2"), "kota");
    assert_string_equal(parent_key(&f, "3"), "/");
    assert_int_equal(value(&f, "kota"), 8);
    end(&f);
}

static void builder__a_prefix_is_looked_for_within_its_mount(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1.06");
    pagu_builder_mount(f.b, "dinsos", ".");
    NODES(&f, "1.06.01", ".", "1.06.01.2");
    pagu_builder_mount(f.b, NULL, NULL);
    finish(&f);
    assert_string_equal(parent_key(&f, "dinsos/1.06.01"), "dinsos");
    assert_string_equal(parent_key(&f, "dinsos/1.06.01.2"), "dinsos/1.06.01");
    end(&f);
}

/* ---- independence of the order of rows ---- */

enum { MODEL_NODES = 60, MODEL_AMOUNTS = 80 };
typedef struct model {
    uint32_t n;
    char id[MODEL_NODES][40];
    int parent[MODEL_NODES];
    int sign[MODEL_NODES];
    bool inner[MODEL_NODES];
    pagu_cell cell[MODEL_NODES]; /* of leaves */
    int unit[MODEL_NODES];       /* class, or -1 */
} model;

static void random_model(model *m, rng *r)
{
    *m = (model){ .n = 2 + (uint32_t)rng_below(r, MODEL_NODES - 2) };
    strcpy(m->id[0], ".");
    m->parent[0] = -1;
    for (uint32_t i = 0; i < m->n; i++) {
        if (i) {
            m->parent[i] = (int)rng_below(r, i);
            const char *outer = m->id[m->parent[i]];
            m->inner[m->parent[i]] = true;
            snprintf(m->id[i], sizeof m->id[i], "%.28s%s%0*d", i && m->parent[i] ? outer : "", m->parent[i] ? "." : "",
                     (int)rng_below(r, 4), (int)i);
        }
        m->sign[i] = i && rng_below(r, 4) == 0 ? (int)rng_below(r, 2) - 1 : 1;
        m->unit[i] = (int)rng_below(r, 6) - 3;
        m->cell[i].state = (pagu_state)rng_below(r, 3);
        m->cell[i].value = m->cell[i].state == PAGU_NUMBER ? (int64_t)rng_below(r, 1000) - 200 : 0;
    }
}

static void shuffle(uint32_t *items, uint32_t n, rng *r)
{
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = (uint32_t)rng_below(r, i), t = items[i - 1];
        items[i - 1] = items[j];
        items[j] = t;
    }
}

static void model_rows(fixture *f, const model *m, rng *r)
{
    static const char *const classes[] = { "D", "D/b", "E" };
    uint32_t order[3 * MODEL_NODES];
    for (uint32_t i = 0; i < 3 * m->n; i++)
        order[i] = i;
    shuffle(order, 3 * m->n, r);
    for (uint32_t i = 0; i < 3 * m->n; i++) {
        uint32_t k = order[i] / 3;
        const char *parent = k && rng_below(r, 2) ? m->id[m->parent[k]] : "";
        if (order[i] % 3 == 0)
            node_with(f, (pagu_node_def){ .id = m->id[k], .parent = parent, .sign = m->sign[k] });
        else if (order[i] % 3 == 1 && !m->inner[k])
            cell(f, m->id[k], "final", "2024", m->cell[k]);
        else if (order[i] % 3 == 2 && m->unit[k] >= 0)
            pagu_builder_tag(f->b, m->id[k], "unit", classes[m->unit[k]], next_line(f));
    }
}

static pagu_cell model_total(const model *m, int node)
{
    if (!m->inner[node])
        return m->cell[node];
    pagu_cell sum = { 0, PAGU_MISSING };
    for (uint32_t i = 0; i < m->n; i++) {
        if (m->parent[i] != node || m->sign[i] == 0)
            continue;
        pagu_cell c = model_total(m, (int)i);
        sum.value += m->sign[i] * c.value;
        sum.state = c.state > sum.state ? c.state : sum.state;
    }
    return sum;
}

static void builder__totals_are_those_of_a_plain_recursion(void **state)
{
    (void)state;
    rng r = { 11 };
    for (int round = 0; round < 300; round++) {
        model m;
        fixture f;
        random_model(&m, &r);
        begin(&f);
        add_trees(&f);
        model_rows(&f, &m, &r);
        finish(&f);
        check_order(f.plan);
        const plan_column *c = column(&f, "final", "2024");
        for (uint32_t i = 0; i < m.n; i++) {
            pagu_cell expected = model_total(&m, (int)i);
            pagu_row row = row_of(&f, m.id[i]);
            if (state_in(c, row) != expected.state || (c->values && c->values[row] != expected.value))
                fail_msg("round %d: %s", round, m.id[i]);
        }
        end(&f);
    }
}

static void builder__the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    rng r = { 5 };
    for (int round = 0; round < 100; round++) {
        model m;
        char first[65], other[65];
        random_model(&m, &r);
        for (int again = 0; again < 3; again++) {
            fixture f;
            begin(&f);
            add_trees(&f);
            model_rows(&f, &m, &r);
            finish(&f);
            hash_of(&f, again ? other : first);
            if (again)
                assert_string_equal(first, other);
            end(&f);
        }
    }
}

/* ---- content hash ---- */

enum { CHANGES = 14 };

/* A plan with one of several small changes. */
static void hash_with_change(int change, char out[65])
{
    fixture f;
    begin(&f);
    add_trees(&f);
    NODES(&f, ".", "1");
    node_with(&f, (pagu_node_def){ .id = change == 1 ? "1.2" : "1.1",
                                   .name = change == 2 ? "b" : "a",
                                   .sign = change == 3 ? -1 : 1,
                                   .stages = change == 4 ? "draft final" : "" });
    node_with(&f, (pagu_node_def){ .id = "2", .parent = change == 5 ? "1" : ".", .sign = 1 });
    cell(&f, "2", "final", change == 6 ? "2023" : "2024", (pagu_cell){ change == 7 ? 4 : 3, PAGU_NUMBER });
    cell(&f, "1", "draft", "2024", (pagu_cell){ 0, change == 8 ? PAGU_NUMBER : PAGU_DASH });
    pagu_builder_tag(f.b, "1", change == 9 ? "pn" : "unit",
                     change == 9    ? "10"
                     : change == 10 ? "E"
                                    : "D",
                     next_line(&f));
    indicator(&f, "1#1", change == 11 ? "2" : "1");
    measure(&f, "1#1", change == 12 ? 7.5 : 7, "");
    if (change == 13)
        pagu_builder_attribute(f.b, "1", "origin", "reses", next_line(&f));
    finish(&f);
    hash_of(&f, out);
    end(&f);
}

static void hash__every_content_changes_it(void **state)
{
    (void)state;
    char hashes[CHANGES][65];
    for (int i = 0; i < CHANGES; i++) {
        hash_with_change(i, hashes[i]);
        assert_int_equal(strlen(hashes[i]), 64);
        for (int j = 0; j < i; j++)
            if (str_eq(hashes[i], hashes[j]))
                fail_msg("changes %d and %d look alike", i, j);
    }
}

static void hash__printed_values_documents_and_files_do_not_change_it(void **state)
{
    (void)state;
    char hashes[2][65];
    const char *const columns[] = { "text" };
    for (int i = 0; i < 2; i++) {
        fixture f;
        begin(&f);
        pagu_builder_frame(
            f.b, &(pagu_frame_def){ .year = 2024, .first_year = 2020, .last_year = 2025, .unit = i ? 1000 : 1 });
        NODES(&f, ".", "1", "1.1");
        amount(&f, "1.1", 3);
        if (i) {
            amount(&f, "1", 4);
            pagu_builder_document(f.b, "texts", 1, columns);
            pagu_builder_field(f.b, "unused", PAGU_FIELD_MONEY);
            pagu_builder_meta(f.b, "title", "Renja");
        }
        finish(&f);
        hash_of(&f, hashes[i]);
        hash_of(&f, hashes[i]); /* the kept one is the same */
        end(&f);
    }
    assert_string_equal(hashes[0], hashes[1]);
}

static void hash__does_not_depend_on_the_language(void **state)
{
    (void)state;
    char hashes[2][65];
    for (int i = 0; i < 2; i++) {
        fixture f;
        begin(&f);
        pagu_ctx_set_lang(f.ctx, i ? PAGU_LANG_ID : PAGU_LANG_EN);
        NODES(&f, ".", "1");
        amount(&f, ".", 3);
        finish(&f);
        hash_of(&f, hashes[i]);
        end(&f);
    }
    assert_string_equal(hashes[0], hashes[1]);
}

/* ---- faults ---- */

/* Expected: the only errors of the build are `n` of this rule, the last at the last row. */
static void assert_fault(fixture *f, const char *rule, uint32_t n, const char *part)
{
    pagu_code code = pagu_builder_finish(f->b, &f->plan, &f->err);
    f->b = NULL;
    assert_int_equal(code, PAGU_PACKAGE);
    assert_null(f->plan);
    const pagu_finding *first = NULL, *last = NULL;
    for (uint32_t i = 0; i < pagu_findings_count(f->findings); i++) {
        const pagu_finding *g = pagu_findings_get(f->findings, i);
        if (g->severity != PAGU_ERROR)
            continue;
        if (!str_eq(g->rule, rule))
            fail_msg("%s instead of %s: %s", g->rule, rule, g->message);
        first = first ? first : g;
        last = g;
    }
    assert_int_equal(pagu_findings_count_at(f->findings, PAGU_ERROR), n);
    if (!strstr(last->message, part))
        fail_msg("\"%s\" lacks \"%s\"", last->message, part);
    assert_string_equal(f->err.message, first->message);
    if (last->line) {
        assert_int_equal(last->line, f->line);
        assert_string_equal(last->file, "rows.csv");
    }
    end(f);
}

static void fault__duplicates_name_both_lines(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1.06", "1.6");
    assert_fault(&f, "duplicate", 1, "rows.csv:2");
    begin(&f);
    NODES(&f, ".", "1");
    amount(&f, "1", 4);
    amount(&f, "1", 4);
    assert_fault(&f, "duplicate", 1, "budget 2024 final of \"1\" is given twice, first at rows.csv:3");
    begin(&f);
    NODES(&f, ".", "1");
    indicator(&f, "1#1", "1");
    measure(&f, "1#1", 4, "");
    measure(&f, "1#1", 5, "");
    assert_fault(&f, "duplicate", 1, "rows.csv:4");
    begin(&f);
    NODES(&f, ".");
    indicator(&f, "i", ".");
    indicator(&f, "i", ".");
    assert_fault(&f, "duplicate", 1, "rows.csv:2");
    begin(&f);
    node(&f, ".");
    add_trees(&f);
    pagu_builder_tag(f.b, ".", "pn", "10", next_line(&f));
    pagu_builder_tag(f.b, ".", "pn", "10", next_line(&f));
    assert_fault(&f, "duplicate", 1, "twice");
}

static void fault__an_unknown_parent_is_an_orphan(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1.06");
    node_with(&f, (pagu_node_def){ .id = "1.06.01", .parent = "1.07", .sign = 1 });
    assert_fault(&f, "orphan", 1, "did you mean \"1.06\"?");
}

static void fault__cycles_are_found_and_do_not_hang(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "c", .parent = "a", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "b", .parent = "c", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "a", .parent = "b", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "x", .parent = "x", .sign = 1 });
    assert_fault(&f, "cycle", 2, "own ancestor");
}

static void fault__a_plan_has_one_root(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, "1", "1.1");
    assert_fault(&f, "root", 1, "no root");
    begin(&f);
    assert_fault(&f, "root", 1, "no root");
    begin(&f);
    NODES(&f, ".", "/");
    assert_fault(&f, "duplicate", 1, "rows.csv:1");
}

static void fault__a_prefix_of_two_nodes_asks_for_the_parent(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "a", .code = "1.02", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "b", .code = "1.02", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "c", .code = "1.02.01", .sign = 1 });
    assert_fault(&f, "ambiguous-parent", 1, "name its parent");
}

static void fault__too_deep_and_too_long_are_limits(void **state)
{
    (void)state;
    fixture f;
    char id[300], parent[300];
    begin(&f);
    node(&f, ".");
    for (int i = 0; i < 300; i++) {
        snprintf(id, sizeof id, "n%d", i);
        snprintf(parent, sizeof parent, i ? "n%d" : ".", i - 1);
        node_with(&f, (pagu_node_def){ .id = id, .parent = parent, .sign = 1 });
    }
    f.line = 252;
    assert_fault(&f, "limit", 1, "deeper");
    begin(&f);
    node(&f, ".");
    memset(id, 'x', 299);
    id[255] = '\0';
    node(&f, id);
    assert_fault(&f, "limit", 1, "254 bytes");
}

static void fault__unknown_names_are_reported_with_the_nearest(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1.06");
    cell(&f, "1.06", "finall", "2024", (pagu_cell){ 1, PAGU_NUMBER });
    assert_fault(&f, "unknown-stage", 1, "did you mean \"final\"?");
    begin(&f);
    NODES(&f, ".", "1.06");
    amount(&f, "1.07", 4);
    assert_fault(&f, "unknown-node", 1, "did you mean \"1.06\"?");
    begin(&f);
    NODES(&f, ".", "1");
    pagu_builder_amount(f.b, "1", "final", "2024", "bugdet", (pagu_cell){ 1, PAGU_NUMBER }, next_line(&f));
    assert_fault(&f, "unknown-field", 1, "did you mean \"budget\"?");
    begin(&f);
    NODES(&f, ".", "1");
    pagu_builder_amount(f.b, "1", "final", "2024", "target", (pagu_cell){ 1, PAGU_NUMBER }, next_line(&f));
    assert_fault(&f, "unknown-field", 1, "not money");
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "1", .level = "progam", .sign = 1 });
    assert_fault(&f, "unknown-level", 1, "did you mean \"program\"?");
    begin(&f);
    node(&f, ".");
    measure(&f, "1#1", 4, "");
    assert_fault(&f, "unknown-indicator", 1, "1#1");
    begin(&f);
    node(&f, ".");
    indicator(&f, "x", "y:z");
    assert_fault(&f, "unknown-owner", 1, "y:z");
}

static void fault__unknown_tags_and_units_are_reported(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    add_trees(&f);
    pagu_builder_tag(f.b, ".", "units", "D", next_line(&f));
    assert_fault(&f, "unknown-tree", 1, "did you mean \"unit\"?");
    begin(&f);
    node(&f, ".");
    add_trees(&f);
    pagu_builder_tag(f.b, ".", "unit", "D/c", next_line(&f));
    assert_fault(&f, "unknown-class", 1, "did you mean \"D/b\"?");
    begin(&f);
    node(&f, ".");
    add_trees(&f);
    pagu_builder_tag(f.b, "9", "unit", "D", next_line(&f));
    assert_fault(&f, "unknown-node", 1, "no node \"9\"");
    begin(&f);
    node(&f, ".");
    pagu_builder_unit(f.b, &(pagu_unit_def){ .id = "orang" }, next_line(&f));
    indicator(&f, "x", ".");
    measure(&f, "x", 4, "orng");
    assert_fault(&f, "unknown-unit", 1, "did you mean \"orang\"?");
    begin(&f);
    node(&f, ".");
    add_trees(&f);
    pagu_builder_tag(f.b, ".", "unit", "D", next_line(&f));
    pagu_builder_tag(f.b, ".", "unit", "E", next_line(&f));
    assert_fault(&f, "partition", 1, "\"D\" and \"E\"");
}

static void fault__periods_outside_the_frame_name_it(void **state)
{
    (void)state;
    static const char *const outside[] = { "2019", "2026", "2026Q1", "..2019", "..2026", "2019..2021", "2024..2026" };
    for (size_t i = 0; i < COUNT_OF(outside); i++) {
        fixture f;
        begin(&f);
        NODES(&f, ".", "1");
        cell(&f, "1", "final", outside[i], (pagu_cell){ 1, PAGU_NUMBER });
        assert_fault(&f, "out-of-frame", 1, "2020 to 2025");
    }
    fixture f;
    begin(&f);
    NODES(&f, ".", "1");
    cell(&f, "1", "final", "24", (pagu_cell){ 1, PAGU_NUMBER });
    assert_fault(&f, "period", 1, "\"24\" is not a period");
}

static void fault__values_of_rows_outside_a_stage_are_refused(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "1", .stages = "draft", .sign = 1 });
    node(&f, "1.1");
    amount(&f, "1.1", 4);
    assert_fault(&f, "not-member", 1, "\"1.1\" is not in stage \"final\"");
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "1", .stages = "draft", .sign = 1 });
    indicator(&f, "1#1", "1");
    measure(&f, "1#1", 4, "");
    assert_fault(&f, "not-member", 1, "final");
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "1", .stages = "draft", .sign = 1 });
    node_with(&f, (pagu_node_def){ .id = "1.1", .stages = "draft final", .sign = 1 });
    assert_fault(&f, "stages", 1, "\"1.1\" is in stage \"final\", its parent is not");
    begin(&f);
    node(&f, ".");
    node_with(&f, (pagu_node_def){ .id = "1", .stages = "draft fnal", .sign = 1 });
    assert_fault(&f, "unknown-stage", 1, "did you mean \"final\"?");
}

static void fault__overflow_of_a_column_is_refused_by_name(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "2");
    amount(&f, "1", INT64_MAX);
    amount(&f, "2", -1);
    assert_fault(&f, "overflow", 1, "budget 2024 final");
    begin(&f);
    NODES(&f, ".", "1", "2");
    amount(&f, "1", INT64_MAX - 1);
    amount(&f, "2", -1);
    finish(&f);
    assert_int_equal(value(&f, "/"), INT64_MAX - 2);
    end(&f);
    begin(&f);
    NODES(&f, ".", "1");
    amount(&f, "1", INT64_MIN);
    assert_fault(&f, "overflow", 1, "budget 2024 final");
}

static void fault__own_lines_belong_to_a_node_and_bear_nothing(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "9#");
    assert_fault(&f, "own-line", 1, "\"9#\"");
    begin(&f);
    NODES(&f, ".", "1", "1#");
    node_with(&f, (pagu_node_def){ .id = "x", .parent = "1#", .sign = 1 });
    assert_fault(&f, "own-line", 1, "can't have children");
    begin(&f);
    NODES(&f, ".", "1", "1#", "1##");
    assert_fault(&f, "own-line", 1, "\"1##\"");
}

static void fault__stages_and_frame_must_make_sense(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    pagu_builder_stage(f.b, &(pagu_stage_def){ .id = "umum", .kind = PAGU_STAGE_COMMON }, next_line(&f));
    assert_fault(&f, "stage", 1, "second");
    begin(&f);
    node(&f, ".");
    pagu_builder_stage(f.b, &(pagu_stage_def){ .id = "final" }, next_line(&f));
    assert_fault(&f, "duplicate", 1, "stages.csv:2");
    begin(&f);
    node(&f, ".");
    pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2024, .default_stage = "renstra" });
    assert_fault(&f, "stage", 1, "not of kind plan");
    begin(&f);
    node(&f, ".");
    pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2024, .default_stage = "nihil" });
    assert_fault(&f, "stage", 1, "\"nihil\" is not declared");
    begin(&f);
    node(&f, ".");
    pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2024, .first_year = 2025, .last_year = 2026 });
    assert_fault(&f, "frame", 1, "outside the years 2025 to 2026");
    begin(&f);
    node(&f, ".");
    pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2024, .first_year = 2026, .last_year = 2025 });
    assert_fault(&f, "frame", 1, "no frame");
}

static void fault__mounts_must_agree_with_the_package(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    add_trees(&f);
    pagu_builder_mount(f.b, "dinsos", ".");
    node(&f, ".");
    pagu_builder_class(f.b, &(pagu_class_def){ "unit", "D", NULL, NULL, NULL, "Dinas Lain", 1 }, next_line(&f));
    assert_fault(&f, "mount-conflict", 1, "rows.csv:5");
    begin(&f);
    node(&f, ".");
    pagu_builder_mount(f.b, "dinsos", ".");
    node(&f, ".");
    pagu_builder_stage(f.b, &(pagu_stage_def){ .id = "rkpd" }, next_line(&f));
    assert_fault(&f, "unknown-stage", 1, "\"rkpd\" of mount \"dinsos\"");
    begin(&f);
    node(&f, ".");
    pagu_builder_mount(f.b, "dinsos", ".");
    pagu_builder_frame(f.b, &(pagu_frame_def){ .year = 2024, .currency = "USD" });
    node(&f, ".");
    assert_fault(&f, "mount-conflict", 1, "USD");
    begin(&f);
    node(&f, ".");
    pagu_builder_mount(f.b, "dinsos", "7");
    node(&f, ".");
    assert_fault(&f, "orphan", 1, "under \"7\"");
    begin(&f);
    node(&f, ".");
    pagu_builder_mount(f.b, "dinsos", ".");
    node(&f, "1");
    assert_fault(&f, "root", 1, "mount \"dinsos\" has no root");
    begin(&f);
    node(&f, ".");
    for (int i = 0; i < 2; i++) {
        pagu_builder_mount(f.b, i ? "dinsos" : "dinkes", ".");
        node(&f, ".");
        pagu_indicator_def def = { .id = "i", .owner = ".", .name = i ? "A" : "B", .definition = "d1", .weight = NAN };
        pagu_builder_indicator(f.b, &def, next_line(&f));
        pagu_builder_mount(f.b, NULL, NULL);
    }
    assert_fault(&f, "mount-conflict", 1, "same definition");
}

static void fault__all_faults_are_reported_not_the_first(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    NODES(&f, ".", "1", "1", "2");
    node_with(&f, (pagu_node_def){ .id = "3", .parent = "9", .level = "rank", .stages = "other", .sign = 5 });
    amount(&f, "8", 1);
    cell(&f, "1", "x", "y", (pagu_cell){ 1, PAGU_NUMBER });
    indicator(&f, "i", "nobody");
    measure(&f, "j", 1, "");
    assert_int_equal(pagu_builder_finish(f.b, &f.plan, &f.err), PAGU_PACKAGE);
    f.b = NULL;
    assert_int_equal(pagu_findings_count(f.findings), 10);
    assert_string_equal(f.err.file, "rows.csv");
    end(&f);
}

static void fault__findings_of_others_refuse_the_plan_too(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    pagu_findings_add(f.findings, &(pagu_finding){ .rule = "csv-syntax", .severity = PAGU_ERROR });
    assert_int_equal(pagu_builder_finish(f.b, &f.plan, &f.err), PAGU_PACKAGE);
    f.b = NULL;
    assert_null(f.plan);
    end(&f);
}

static void builder__stops_when_asked_to(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    pagu_ctx_interrupt(f.ctx, true);
    assert_int_equal(pagu_builder_finish(f.b, &f.plan, &f.err), PAGU_INTERRUPTED);
    f.b = NULL;
    end(&f);
}

/* ---- memory ---- */

/* One of everything, also of faults. */
static void everything(fixture *f, bool faulty)
{
    static const char *const columns[] = { "table", "owner" }, *const cells[] = { "T1", "1" };
    pagu_measure m = { .value = 1, .unit = "u", .text = "satu", .state = PAGU_NUMBER };
    pagu_indicator_def ind = { .id = "1#1", .owner = "1", .unit = "u", .definition = "d", .weight = NAN };
    pagu_source src = { "a.csv", 1 };
    pagu_builder_frame(f->b, &(pagu_frame_def){ .year = 2024 });
    pagu_builder_meta(f->b, "title", "Renja");
    pagu_builder_stage(f->b, &(pagu_stage_def){ .id = "final" }, src);
    pagu_builder_level(f->b, &(pagu_level_def){ .tree = "main", .id = "plan" }, src);
    add_trees(f);
    pagu_builder_unit(f->b, &(pagu_unit_def){ .id = "u", .synonyms = "v|w" }, src);
    for (int i = 0; i < 20; i++) {
        char id[20];
        snprintf(id, sizeof id, i ? "1.%d" : ".", i);
        pagu_builder_node(f->b, &(pagu_node_def){ .id = id, .name = id, .sign = i % 3 - 1 }, src);
        if (i > 10)
            pagu_builder_amount(f->b, id, "final", "2024", "budget", (pagu_cell){ i, PAGU_NUMBER }, src);
    }
    pagu_builder_node(f->b, &(pagu_node_def){ .id = "1", .stages = "final", .sign = 1 }, src);
    pagu_builder_node(f->b, &(pagu_node_def){ .id = "x", .code = "1.3.1", .sign = 1 }, src);
    pagu_builder_amount(f->b, "1", "final", "2024", "budget", (pagu_cell){ 9, PAGU_NUMBER }, src);
    pagu_builder_amount(f->b, "1", "common", "2023", "spent", (pagu_cell){ 9, PAGU_NUMBER }, src);
    pagu_builder_tag(f->b, "1", "unit", "D", src);
    pagu_builder_tag(f->b, "1", "pn", "10", src);
    pagu_builder_attribute(f->b, "1", "origin", "reses", src);
    pagu_builder_indicator(f->b, &ind, src);
    pagu_builder_measure(f->b, "1#1", "final", "2024", "target", &m, src);
    pagu_builder_document(f->b, "texts", 2, columns);
    pagu_builder_document_row(f->b, "texts", cells, src);
    pagu_builder_mount(f->b, "dinsos", ".");
    pagu_builder_node(f->b, &(pagu_node_def){ .id = ".", .sign = 1 }, src);
    pagu_builder_mount(f->b, NULL, NULL);
    if (faulty) {
        pagu_builder_node(f->b, &(pagu_node_def){ .id = "1", .parent = "77", .sign = 1 }, src);
        pagu_builder_amount(f->b, "77", "fnal", "1924", "x", (pagu_cell){ 1, PAGU_NUMBER }, src);
        pagu_builder_tag(f->b, "77", "unit", "Q", src);
    }
}

static pagu_code build_everything(pagu_ctx *ctx, void *arg)
{
    bool faulty = *(bool *)arg;
    fixture f;
    char hash[65];
    begin_on(&f, ctx);
    pagu_code code = PAGU_NO_MEMORY;
    if (f.b) {
        everything(&f, faulty);
        code = pagu_builder_finish(f.b, &f.plan, &f.err);
        if (code == PAGU_OK)
            code = pagu_plan_hash(f.plan, hash, &f.err);
        pagu_table *t = NULL;
        if (code == PAGU_OK)
            code = pagu_plan_table(f.plan, "texts", &t, &f.err);
        if (t)
            pagu_table_free(t);
        if (faulty && code == PAGU_PACKAGE)
            code = PAGU_OK;
    }
    pagu_plan_release(f.plan);
    pagu_findings_free(f.findings);
    return code;
}

static void builder__any_allocation_may_fail(void **state)
{
    (void)state;
    bool faulty = false;
    assert_true(for_each_failing_allocation(build_everything, &faulty) > 100);
    faulty = true;
    assert_true(for_each_failing_allocation(build_everything, &faulty) > 100);
}

static void builder__an_unfinished_one_may_be_freed(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    everything(&f, true);
    pagu_builder_free(f.b);
    f.b = NULL;
    end(&f);
    pagu_builder_free(NULL);
    pagu_plan_release(NULL);
}

static void plan__lives_as_long_as_someone_holds_it(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    node(&f, ".");
    finish(&f);
    pagu_plan_retain(f.plan);
    pagu_plan_release(f.plan);
    assert_string_equal(plan_str(f.plan, f.plan->key[0]), "/");
    assert_int_equal(pagu_plan_ctx(f.plan) == f.ctx, 1);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builder__parent_is_the_longest_existing_prefix),
        cmocka_unit_test(builder__a_longer_number_is_no_prefix),
        cmocka_unit_test(builder__explicit_parent_beats_the_prefix_with_a_warning),
        cmocka_unit_test(builder__codes_may_differ_from_ids_repeat_or_be_absent),
        cmocka_unit_test(builder__siblings_stand_by_code_and_own_lines_last),
        cmocka_unit_test(builder__levels_are_sorted_and_follow_from_the_length_of_a_code),
        cmocka_unit_test(builder__leaves_of_mixed_depths_add_up),
        cmocka_unit_test(builder__signs_subtract_and_memo_rows_stay_out),
        cmocka_unit_test(builder__memo_rows_do_not_make_their_parent_present),
        cmocka_unit_test(builder__missing_zero_and_dash_stay_three_things),
        cmocka_unit_test(builder__amounts_of_stages_periods_and_fields_stand_apart),
        cmocka_unit_test(builder__a_stage_without_values_reads_the_common_stage),
        cmocka_unit_test(builder__an_amount_with_nothing_below_gets_an_own_line),
        cmocka_unit_test(builder__an_amount_with_amounts_below_is_printed),
        cmocka_unit_test(builder__of_two_lumps_on_one_path_the_higher_is_printed),
        cmocka_unit_test(builder__an_own_line_may_be_given_by_its_key),
        cmocka_unit_test(builder__membership_is_inherited_and_common_has_every_row),
        cmocka_unit_test(builder__stages_stand_by_rank_and_one_is_common),
        cmocka_unit_test(builder__classes_stand_in_tree_order),
        cmocka_unit_test(builder__the_nearest_class_on_the_way_up_is_effective),
        cmocka_unit_test(builder__attributes_stand_by_row),
        cmocka_unit_test(builder__indicators_of_a_row_stand_by_number),
        cmocka_unit_test(builder__a_measure_keeps_its_unit_when_it_is_another),
        cmocka_unit_test(builder__documents_come_back_as_written),
        cmocka_unit_test(builder__mounts_bear_their_packages_under_a_node),
        cmocka_unit_test(builder__mounts_may_stand_in_mounts),
        cmocka_unit_test(builder__a_prefix_is_looked_for_within_its_mount),
        cmocka_unit_test(builder__totals_are_those_of_a_plain_recursion),
        cmocka_unit_test(builder__the_order_of_rows_does_not_matter),
        cmocka_unit_test(hash__every_content_changes_it),
        cmocka_unit_test(hash__printed_values_documents_and_files_do_not_change_it),
        cmocka_unit_test(hash__does_not_depend_on_the_language),
        cmocka_unit_test(fault__duplicates_name_both_lines),
        cmocka_unit_test(fault__an_unknown_parent_is_an_orphan),
        cmocka_unit_test(fault__cycles_are_found_and_do_not_hang),
        cmocka_unit_test(fault__a_plan_has_one_root),
        cmocka_unit_test(fault__a_prefix_of_two_nodes_asks_for_the_parent),
        cmocka_unit_test(fault__too_deep_and_too_long_are_limits),
        cmocka_unit_test(fault__unknown_names_are_reported_with_the_nearest),
        cmocka_unit_test(fault__unknown_tags_and_units_are_reported),
        cmocka_unit_test(fault__periods_outside_the_frame_name_it),
        cmocka_unit_test(fault__values_of_rows_outside_a_stage_are_refused),
        cmocka_unit_test(fault__overflow_of_a_column_is_refused_by_name),
        cmocka_unit_test(fault__own_lines_belong_to_a_node_and_bear_nothing),
        cmocka_unit_test(fault__stages_and_frame_must_make_sense),
        cmocka_unit_test(fault__mounts_must_agree_with_the_package),
        cmocka_unit_test(fault__all_faults_are_reported_not_the_first),
        cmocka_unit_test(fault__findings_of_others_refuse_the_plan_too),
        cmocka_unit_test(builder__stops_when_asked_to),
        cmocka_unit_test(builder__any_allocation_may_fail),
        cmocka_unit_test(builder__an_unfinished_one_may_be_freed),
        cmocka_unit_test(plan__lives_as_long_as_someone_holds_it),
    };
    return cmocka_run_group_tests_name("builder", tests, NULL, NULL);
}
