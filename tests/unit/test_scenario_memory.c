/* Every allocation of the scenario layer fails in turn: nothing leaks, nothing is half done.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"

#include "pagu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { LINES = 100 };

#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        code = (call);                                                                                                 \
        if (code != PAGU_OK)                                                                                           \
            goto done;                                                                                                 \
    } while (0)

static pagu_code build(pagu_ctx *ctx, pagu_plan **out)
{
    static const pagu_source src = { "test", 1 };
    pagu_code code = PAGU_NO_MEMORY;
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_builder *b = fs ? pagu_builder_new(ctx, fs) : NULL;
    if (b) {
        pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' });
        pagu_builder_stage(b, &(pagu_stage_def){ .id = "common", .kind = PAGU_STAGE_COMMON }, src);
        pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN, .rank = 1 }, src);
        pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = "plan", .rank = 0 }, src);
        pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = "program", .rank = 1 }, src);
        pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = "line", .rank = 2 }, src);
        pagu_builder_unit(b, &(pagu_unit_def){ .id = "orang", .name = "Orang", .kind = "count" }, src);
        pagu_builder_node(b, &(pagu_node_def){ .id = ".", .level = "plan", .name = "Rencana", .sign = 1 }, src);
        for (int i = 0; i < 5; i++) {
            char key[16];
            snprintf(key, sizeof key, "%d", i + 1);
            pagu_builder_node(b, &(pagu_node_def){ .id = key, .level = "program", .name = key, .sign = 1 }, src);
        }
        for (int i = 0; i < LINES; i++) {
            char key[16];
            snprintf(key, sizeof key, "%d.%d", 1 + i / 20, 1 + i % 20);
            pagu_builder_node(b, &(pagu_node_def){ .id = key, .level = "line", .name = key, .sign = 1 }, src);
            pagu_builder_amount(b, key, "final", "2024", "budget", (pagu_cell){ 1000 + i, PAGU_NUMBER }, src);
        }
        pagu_builder_indicator(
            b, &(pagu_indicator_def){ .id = "1.1#1", .owner = "1.1", .name = "Jumlah", .unit = "orang" }, src);
        code = pagu_builder_finish(b, out, NULL);
    }
    pagu_findings_free(fs);
    return code;
}

typedef struct kit {
    pagu_plan *plan;
    pagu_view *stage;
    pagu_scenario *s, *child;
    pagu_proposal *p;
    pagu_selection *sel;
    pagu_table *table;
    pagu_column column, next;
} kit;

static void kit_free(kit *k)
{
    pagu_table_free(k->table);
    pagu_selection_free(k->sel);
    pagu_proposal_free(k->p);
    pagu_scenario_close(k->child);
    pagu_scenario_close(k->s);
    pagu_view_close(k->stage);
    pagu_plan_release(k->plan);
}

static pagu_code open_kit(pagu_ctx *ctx, kit *k)
{
    pagu_code code = build(ctx, &k->plan);
    if (code != PAGU_OK)
        return code;
    k->stage = pagu_view_open(k->plan, pagu_plan_default_stage(k->plan));
    if (!k->stage)
        return PAGU_NO_MEMORY;
    TRY(pagu_view_find_column(k->stage, "budget", "2024", &k->column, NULL));
    TRY(pagu_view_find_column(k->stage, "budget", "2025", &k->next, NULL));
    TRY(pagu_branch(k->stage, "s", &k->s, NULL));
done:
    return code;
}

static pagu_row row_of(const pagu_view *v, const char *key)
{
    pagu_row row = PAGU_NO_ROW;
    pagu_view_find(v, key, &row, NULL);
    return row;
}

static const pagu_note NOTE = { "set", "{}", "alasan", "skrip.lua", 7 };

/* Whatever failed, the root must be the sum of its lines. */
static void check_sums(const kit *k, const pagu_view *v)
{
    if (!v)
        return;
    for (int c = 0; c < 2; c++) {
        pagu_column column = c ? k->next : k->column;
        pagu_money sum = 0;
        for (pagu_row r = 0; r < pagu_view_row_count(v); r++)
            if (pagu_view_is_member(v, r) && pagu_view_is_leaf(v, r))
                sum += pagu_view_money(v, r, column).value;
        assert_true(pagu_view_money(v, 0, column).value == sum);
    }
}

static pagu_code edits(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    kit k = { 0 };
    pagu_code code = open_kit(ctx, &k);
    if (code != PAGU_OK)
        goto done;
    pagu_view *v = pagu_scenario_view(k.s);
    TRY(pagu_edit(k.s, row_of(v, "1.1"), k.column, (pagu_cell){ 5, PAGU_NUMBER }, &NOTE, NULL));
    TRY(pagu_edit(k.s, row_of(v, "1.2"), k.column, (pagu_cell){ 0, PAGU_DASH }, NULL, NULL)); /* presence begins */
    TRY(pagu_edit(k.s, row_of(v, "2.2"), k.next, (pagu_cell){ 9, PAGU_NUMBER }, NULL, NULL));
    TRY(pagu_branch(v, "child", &k.child, NULL));
    TRY(pagu_edit(k.child, row_of(v, "3.3"), k.column, (pagu_cell){ 0, PAGU_MISSING }, NULL, NULL));
    TRY(pagu_edit(k.s, row_of(v, "3.4"), k.column, (pagu_cell){ 77, PAGU_NUMBER }, NULL, NULL));
    TRY(pagu_undo(k.s, NULL));
    TRY(pagu_undo(k.s, NULL));
    TRY(pagu_undo(k.s, NULL));
    TRY(pagu_redo(k.s, NULL));
done:
    check_sums(&k, k.s ? pagu_scenario_view(k.s) : NULL);
    check_sums(&k, k.child ? pagu_scenario_view(k.child) : NULL);
    kit_free(&k);
    return code;
}

static pagu_code bulk(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    kit k = { 0 };
    pagu_row rows[LINES];
    pagu_cell cells[LINES];
    pagu_measure m = { 12, "Orang", "dua belas", PAGU_NUMBER };
    pagu_field target;
    pagu_period year;
    char hash[65];
    pagu_code code = open_kit(ctx, &k);
    if (code != PAGU_OK)
        goto done;
    pagu_view *v = pagu_scenario_view(k.s);
    uint32_t n = 0;
    for (pagu_row r = 0; r < pagu_view_row_count(v); r++)
        if (pagu_view_is_leaf(v, r)) {
            rows[n] = r;
            cells[n++] = (pagu_cell){ 10 + n, r % 9 ? PAGU_NUMBER : PAGU_DASH };
        }
    TRY(pagu_plan_find_field(k.plan, "target", &target, NULL));
    TRY(pagu_plan_find_year(k.plan, 2024, &year, NULL));
    TRY(pagu_proposal_new(k.s, &k.p, NULL));
    TRY(pagu_proposal_money_batch(k.p, k.column, rows, cells, n, NULL));
    TRY(pagu_proposal_money_batch(k.p, k.next, rows, cells, n / 2, NULL));
    TRY(pagu_proposal_measure(k.p, 0, target, year, &m, NULL));
    TRY(pagu_proposal_commit(k.p, &NOTE, NULL));
    TRY(pagu_undo(k.s, NULL));
    TRY(pagu_redo(k.s, NULL));
    TRY(pagu_branch(v, "child", &k.child, NULL));
    TRY(pagu_undo(k.s, NULL));
    TRY(pagu_view_hash(v, hash, NULL));
done:
    check_sums(&k, k.s ? pagu_scenario_view(k.s) : NULL);
    check_sums(&k, k.child ? pagu_scenario_view(k.child) : NULL);
    kit_free(&k);
    return code;
}

static pagu_code structure(pagu_ctx *ctx, void *arg)
{
    (void)arg;
    kit k = { 0 };
    pagu_row added;
    pagu_indicator ind;
    pagu_code code = open_kit(ctx, &k);
    if (code != PAGU_OK)
        goto done;
    pagu_view *v = pagu_scenario_view(k.s);
    TRY(pagu_add(k.s, &(pagu_row_def){ .under = row_of(v, "1.1"), .name = "rincian", .sign = 1 }, &NOTE, &added, NULL));
    TRY(pagu_edit(k.s, added, k.column, (pagu_cell){ 3, PAGU_NUMBER }, NULL, NULL));
    TRY(pagu_add_indicator(k.s, &(pagu_added_indicator){ added, "Jumlah", "orang", "output" }, &NOTE, &ind, NULL));
    TRY(pagu_undo(k.s, NULL));
    TRY(pagu_redo(k.s, NULL));
    TRY(pagu_branch(v, "child", &k.child, NULL));
    TRY(pagu_add(k.child, &(pagu_row_def){ .under = row_of(v, "2"), .code = "99", .sign = -1 }, NULL, &added, NULL));
    pagu_row row = row_of(v, "3");
    TRY(pagu_select_rows(v, &row, 1, &k.sel, NULL));
    TRY(pagu_constrain(
        k.child,
        &(pagu_constraint_def){
            .kind = PAGU_HOLD_LINES, .name = "tahan", .at = k.sel, .field = PAGU_NONE, .period = PAGU_NONE },
        &NOTE, NULL, NULL));
    TRY(pagu_release(k.child, 0, "tahan", NULL, NULL));
    TRY(pagu_remove(k.child, k.sel, &NOTE, NULL));
    TRY(pagu_undo(k.child, NULL));
    const pagu_view *views[2] = { k.stage, pagu_scenario_view(k.child) };
    pagu_field budget;
    pagu_period year;
    TRY(pagu_plan_find_field(k.plan, "budget", &budget, NULL));
    TRY(pagu_plan_find_year(k.plan, 2024, &year, NULL));
    TRY(pagu_compare(views, 2,
                     &(pagu_compare_options){ .size = sizeof(pagu_compare_options),
                                              .level = 2,
                                              .field = budget,
                                              .period = year,
                                              .all = true,
                                              .by_change = true,
                                              .show = PAGU_COMPARE_EVERYTHING },
                     &k.table, NULL));
done:
    check_sums(&k, k.s ? pagu_scenario_view(k.s) : NULL);
    kit_free(&k);
    return code;
}

static void scenario_memory__edits_survive_any_failing_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(edits, NULL) > 20);
}

static void scenario_memory__bulk_commits_survive_any_failing_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(bulk, NULL) > 20);
}

static void scenario_memory__structure_survives_any_failing_allocation(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(structure, NULL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario_memory__edits_survive_any_failing_allocation),
        cmocka_unit_test(scenario_memory__bulk_commits_survive_any_failing_allocation),
        cmocka_unit_test(scenario_memory__structure_survives_any_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
