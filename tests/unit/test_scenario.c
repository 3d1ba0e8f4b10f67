/* Properties of scenarios against a plain model that recomputes every total by recursion:
 * trees with leaves at mixed depths, signs, own lines, missing values and dashes; edits,
 * bulk edits, added and removed rows, undo, redo, branches of branches.
 * SPDX-License-Identifier: MIT */
#include "support/rng.h"

#include "pagu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_NODES = 600, N_COLUMNS = 2, MAX_HISTORY = 64 };

typedef struct model_node {
    char key[96];
    int parent, sign;
    bool member, own_line;
    pagu_cell cells[N_COLUMNS];
} model_node;
typedef struct model {
    int n;
    model_node nodes[MAX_NODES];
} model;

static const char *const PERIODS[N_COLUMNS] = { "2024", "2025" };

static void ok(pagu_code code, const pagu_error *err)
{
    if (code != PAGU_OK)
        fail_msg("%s: %s", pagu_code_name(code), err->message);
}

/* ---- the model ---- */

static bool model_is_leaf(const model *m, int i)
{
    for (int c = 0; c < m->n; c++)
        if (m->nodes[c].parent == i && m->nodes[c].member)
            return false;
    return true;
}

static pagu_cell model_total(const model *m, int i, int column)
{
    pagu_cell total = { 0, PAGU_MISSING };
    if (model_is_leaf(m, i))
        return m->nodes[i].cells[column];
    for (int c = 0; c < m->n; c++) {
        const model_node *child = &m->nodes[c];
        if (child->parent != i || !child->member || child->sign == 0)
            continue;
        pagu_cell part = model_total(m, c, column);
        total.value += child->sign * part.value;
        if (part.state == PAGU_NUMBER || (part.state == PAGU_DASH && total.state == PAGU_MISSING))
            total.state = part.state;
    }
    return total;
}

static void join_key(char out[96], const char *above, const char *last)
{
    size_t n = strlen(above), m = strlen(last);
    assert_true(n + m < 96);
    memmove(out, above, n);
    memcpy(out + n, last, m + 1);
}

static pagu_cell random_cell(rng *r)
{
    uint64_t k = rng_below(r, 10);
    if (k == 0)
        return (pagu_cell){ 0, PAGU_MISSING };
    if (k == 1)
        return (pagu_cell){ 0, PAGU_DASH };
    return (pagu_cell){ (int64_t)rng_below(r, 2000000) - 500000, PAGU_NUMBER };
}

/* Small trees of any shape, or (wide) hundreds of leaves, where overlays turn dense and batches
 * go the bulk way. */
static void random_model(model *m, rng *r, bool full, bool wide)
{
    memset(m, 0, sizeof *m);
    m->n = wide ? 200 + (int)rng_below(r, 250) : 2 + (int)rng_below(r, 40);
    for (int i = 0; i < m->n; i++) {
        model_node *n = &m->nodes[i];
        do
            n->parent = i == 0 ? -1 : (int)rng_below(r, (uint64_t)(wide && i > 25 ? 25 : i));
        while (i && strlen(m->nodes[n->parent].key) > 80);
        n->sign = 1;
        if (i && rng_below(r, 12) == 0)
            n->sign = rng_below(r, 3) ? -1 : 0;
        n->member = true;
        if (i == 0)
            strcpy(n->key, "/");
        else if (n->parent == 0)
            snprintf(n->key, sizeof n->key, "%d", i);
        else {
            char last[16];
            snprintf(last, sizeof last, ".%d", i);
            join_key(n->key, m->nodes[n->parent].key, last);
        }
    }
    for (int i = 0; i < m->n; i++)
        for (int c = 0; c < N_COLUMNS; c++) {
            m->nodes[i].cells[c] = (pagu_cell){ 0, PAGU_MISSING };
            if (model_is_leaf(m, i))
                m->nodes[i].cells[c] = full ? (pagu_cell){ (int64_t)rng_below(r, 1000), PAGU_NUMBER } : random_cell(r);
        }
    if (full && rng_below(r, 2)) /* a column that the plan does not have at all */
        for (int i = 0; i < m->n; i++)
            m->nodes[i].cells[1] = (pagu_cell){ 0, PAGU_MISSING };
}

static pagu_plan *build(pagu_ctx *ctx, const model *m)
{
    static const pagu_source src = { "test", 1 };
    pagu_error err;
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_builder *b = pagu_builder_new(ctx, fs);
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024, .unit = 1, .default_stage = "final", .separator = '.' });
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "common", .name = "", .role = "", .kind = PAGU_STAGE_COMMON }, src);
    pagu_builder_stage(
        b, &(pagu_stage_def){ .id = "final", .name = "", .role = "", .kind = PAGU_STAGE_PLAN, .rank = 1 }, src);
    pagu_builder_level(b, &(pagu_level_def){ "main", "plan", "Plan", "Plan", 0, 0 }, src);
    pagu_builder_level(b, &(pagu_level_def){ "main", "node", "Node", "Node", 1, 0 }, src);
    for (int i = 0; i < m->n; i++) {
        const model_node *n = &m->nodes[i];
        pagu_builder_node(b,
                          &(pagu_node_def){ .id = i ? n->key : ".",
                                            .parent = n->parent > 0 ? m->nodes[n->parent].key : "",
                                            .level = i ? "node" : "plan",
                                            .name = n->key,
                                            .sign = n->sign },
                          src);
        for (int c = 0; c < N_COLUMNS; c++)
            if (n->cells[c].state != PAGU_MISSING)
                pagu_builder_amount(b, i ? n->key : ".", "final", PERIODS[c], "budget", n->cells[c], src);
    }
    pagu_plan *plan = NULL;
    pagu_code code = pagu_builder_finish(b, &plan, &err);
    if (code != PAGU_OK && pagu_findings_count(fs))
        fail_msg("%s", pagu_findings_get(fs, 0)->message);
    ok(code, &err);
    pagu_findings_free(fs);
    return plan;
}

static pagu_column column_of(const pagu_view *v, int c)
{
    pagu_column column;
    pagu_error err;
    ok(pagu_view_find_column(v, "budget", PERIODS[c], &column, &err), &err);
    return column;
}

static void check_equal(const pagu_view *v, const model *m, const char *when)
{
    pagu_error err;
    for (int i = 0; i < m->n; i++) {
        pagu_row row;
        const model_node *n = &m->nodes[i];
        pagu_code code = pagu_view_find(v, n->key, &row, &err);
        if (!n->member) {
            assert_int_not_equal(code, PAGU_OK);
            continue;
        }
        ok(code, &err);
        for (int c = 0; c < N_COLUMNS; c++) {
            pagu_cell want = model_total(m, i, c), got = pagu_view_money(v, row, column_of(v, c));
            if (want.state != got.state || want.value != got.value)
                fail_msg("%s: %s %s is %lld (%d), should be %lld (%d)", when, n->key, PERIODS[c], (long long)got.value,
                         got.state, (long long)want.value, want.state);
        }
    }
}

/* ---- random steps, each mirrored in the model ---- */

static int random_leaf(const model *m, rng *r)
{
    for (int tries = 0; tries < 100; tries++) {
        int i = (int)rng_below(r, (uint64_t)m->n);
        if (m->nodes[i].member && model_is_leaf(m, i) && (i > 0 || m->n == 1))
            return i;
    }
    return -1;
}

static pagu_row row_of(const pagu_view *v, const char *key)
{
    pagu_row row;
    pagu_error err;
    ok(pagu_view_find(v, key, &row, &err), &err);
    return row;
}

static bool step_edit(pagu_scenario *s, model *m, rng *r)
{
    pagu_view *v = pagu_scenario_view(s);
    pagu_error err;
    int i = random_leaf(m, r), c = (int)rng_below(r, N_COLUMNS);
    if (i < 0)
        return false;
    pagu_row row = row_of(v, m->nodes[i].key);
    if (!pagu_view_is_leaf(v, row))
        return false;
    m->nodes[i].cells[c] = random_cell(r);
    ok(pagu_edit(s, row, column_of(v, c), m->nodes[i].cells[c], NULL, &err), &err);
    return true;
}

static bool step_batch(pagu_scenario *s, model *m, rng *r)
{
    pagu_view *v = pagu_scenario_view(s);
    pagu_error err;
    pagu_proposal *p;
    ok(pagu_proposal_new(s, &p, &err), &err);
    int n = 1 + (int)rng_below(r, m->n > 150 && rng_below(r, 2) ? 400 : 12);
    for (int k = 0; k < n; k++) {
        int i = random_leaf(m, r), c = (int)rng_below(r, N_COLUMNS);
        if (i < 0 || !pagu_view_is_leaf(v, row_of(v, m->nodes[i].key)))
            continue;
        m->nodes[i].cells[c] = random_cell(r);
        ok(pagu_proposal_money(p, row_of(v, m->nodes[i].key), column_of(v, c), m->nodes[i].cells[c], &err), &err);
    }
    bool any = pagu_proposal_count(p) > 0;
    ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
    return any;
}

static bool step_add(pagu_scenario *s, model *m, rng *r)
{
    pagu_view *v = pagu_scenario_view(s);
    pagu_error err;
    int under = (int)rng_below(r, (uint64_t)m->n);
    if (m->n + 2 > MAX_NODES || !m->nodes[under].member || m->nodes[under].own_line || strlen(m->nodes[under].key) > 60)
        return false;
    bool leaf = model_is_leaf(m, under), money = false;
    for (int c = 0; c < N_COLUMNS; c++)
        money |= m->nodes[under].cells[c].state != PAGU_MISSING;
    char code[16];
    snprintf(code, sizeof code, "%d", 1000 + m->n * 7 + (int)rng_below(r, 7));
    pagu_row row;
    pagu_row_def def = { .under = row_of(v, m->nodes[under].key),
                         .code = code,
                         .name = "baru",
                         .level = "node",
                         .sign = rng_below(r, 6) ? 1 : -1 };
    ok(pagu_add(s, &def, NULL, &row, &err), &err);
    if (leaf && money && pagu_view_is_leaf(v, row)) {
        model_node *own = &m->nodes[m->n++];
        *own = m->nodes[under];
        join_key(own->key, m->nodes[under].key, "#");
        own->parent = under;
        own->sign = 1;
        own->own_line = true;
    }
    model_node *n = &m->nodes[m->n++];
    *n = (model_node){ .parent = under, .sign = def.sign, .member = true };
    snprintf(n->key, sizeof n->key, "%s", pagu_view_key(v, row));
    return true;
}

static void model_remove(model *m, int i)
{
    m->nodes[i].member = false;
    for (int c = 0; c < m->n; c++)
        if (m->nodes[c].parent == i && m->nodes[c].member)
            model_remove(m, c);
}

static bool step_remove(pagu_scenario *s, model *m, rng *r)
{
    pagu_view *v = pagu_scenario_view(s);
    pagu_error err;
    int i = (int)rng_below(r, (uint64_t)m->n);
    /* a node that lost every child stays a sum of nothing, so keep one sibling */
    int siblings = 0;
    for (int c = 0; c < m->n; c++)
        siblings += m->nodes[c].parent == m->nodes[i].parent && m->nodes[c].member;
    if (i == 0 || !m->nodes[i].member || siblings < 2)
        return false;
    pagu_row row = row_of(v, m->nodes[i].key);
    pagu_selection *sel;
    ok(pagu_select_rows(v, &row, 1, &sel, &err), &err);
    ok(pagu_remove(s, sel, NULL, &err), &err);
    pagu_selection_free(sel);
    model_remove(m, i);
    return true;
}

static bool random_step(pagu_scenario *s, model *m, rng *r)
{
    switch (rng_below(r, 8)) {
    case 0: return step_batch(s, m, r);
    case 1: return step_add(s, m, r);
    case 2: return step_remove(s, m, r);
    default: return step_edit(s, m, r);
    }
}

static void hash_of(const pagu_view *v, char out[65])
{
    pagu_error err;
    ok(pagu_view_hash(v, out, &err), &err);
}

typedef struct history {
    int n;
    model *models;
    char (*hashes)[65];
} history;

static history history_new(const pagu_view *v, const model *m)
{
    history h = { 1, malloc(MAX_HISTORY * sizeof(model)), malloc(MAX_HISTORY * 65) };
    h.models[0] = *m;
    hash_of(v, h.hashes[0]);
    return h;
}

/* Steps forward; then back to the start and forward again, comparing values and hashes. */
static void walk_history(pagu_scenario *s, model *m, rng *r, int steps)
{
    const pagu_view *v = pagu_scenario_view(s);
    pagu_error err;
    history h = history_new(v, m);
    for (int k = 0; k < steps && h.n < MAX_HISTORY; k++) {
        uint32_t before = pagu_journal_count(s);
        random_step(s, m, r);
        check_equal(v, m, "after a step");
        if (pagu_journal_count(s) == before)
            continue;
        h.models[h.n] = *m;
        hash_of(v, h.hashes[h.n++]);
    }
    for (int direction = 0; direction < 2; direction++)
        for (int k = 1; k < h.n; k++) {
            int at = direction == 0 ? h.n - 1 - k : k;
            char hash[65];
            ok(direction == 0 ? pagu_undo(s, &err) : pagu_redo(s, &err), &err);
            check_equal(v, &h.models[at], direction == 0 ? "after undo" : "after redo");
            hash_of(v, hash);
            assert_string_equal(hash, h.hashes[at]);
        }
    assert_int_equal(pagu_redo(s, NULL), PAGU_NOTHING_TO_UNDO);
    free(h.models);
    free(h.hashes);
}

/* Rolling back forgets: values and hash are those of the savepoint, and redo has nothing. */
static void walk_and_roll_back(pagu_scenario *s, const model *m, rng *r)
{
    const pagu_view *v = pagu_scenario_view(s);
    pagu_error err;
    char before[65], after[65];
    model *scratch = malloc(sizeof *scratch);
    uint32_t savepoint = pagu_savepoint(s);
    hash_of(v, before);
    for (int round = 0; round < 2; round++) { /* the second writes over what the first left behind */
        *scratch = *m;
        for (int k = 0; k < 3; k++)
            random_step(s, scratch, r);
        check_equal(v, scratch, "before rolling back");
        ok(pagu_rollback(s, savepoint, &err), &err);
        check_equal(v, m, "after rolling back");
        hash_of(v, after);
        assert_string_equal(before, after);
        assert_int_equal(pagu_redo(s, NULL), PAGU_NOTHING_TO_UNDO);
    }
    free(scratch);
}

static void one_tree(uint64_t seed, bool wide)
{
    rng r = { seed };
    pagu_error err;
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    static model m, parent_model, child_model, grandchild_model;
    random_model(&m, &r, rng_below(&r, 2), wide);
    pagu_plan *plan = build(ctx, &m);
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    check_equal(stage, &m, "as loaded");

    pagu_scenario *parent, *child, *grandchild;
    ok(pagu_branch(stage, "parent", &parent, &err), &err);
    parent_model = m;
    walk_history(parent, &parent_model, &r, 6);
    walk_and_roll_back(parent, &parent_model, &r);

    ok(pagu_branch(pagu_scenario_view(parent), "child", &child, &err), &err);
    child_model = parent_model;
    walk_history(child, &child_model, &r, 5);
    walk_history(parent, &parent_model, &r, 3); /* goes on after the branch */
    check_equal(pagu_scenario_view(child), &child_model, "child after the parent went on");

    ok(pagu_branch(pagu_scenario_view(child), "grandchild", &grandchild, &err), &err);
    grandchild_model = child_model;
    walk_history(grandchild, &grandchild_model, &r, 4);
    while (pagu_undo(parent, NULL) == PAGU_OK) /* across the branch point */
        ;
    check_equal(pagu_scenario_view(parent), &m, "parent undone to the plan");
    check_equal(pagu_scenario_view(child), &child_model, "child after the parent undid everything");
    pagu_scenario_close(parent);
    pagu_scenario_close(child);
    check_equal(pagu_scenario_view(grandchild), &grandchild_model, "grandchild alone");
    check_equal(stage, &m, "the plan in the end");
    pagu_scenario_close(grandchild);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void scenario__totals_equal_recomputation_on_random_trees_and_edits(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    enum { TREES = 2500 }; /* each takes ten times as long */
#else
    enum { TREES = 10000 };
#endif
    int n = getenv("PAGU_QUICK") ? 50 : TREES;
    for (int i = 0; i < n; i++)
        one_tree((uint64_t)i * 7919 + 1, false);
}

static void scenario__wide_trees_turn_dense_and_stay_right(void **state)
{
    (void)state;
    int n = getenv("PAGU_QUICK") ? 5 : 150;
    for (int i = 0; i < n; i++)
        one_tree((uint64_t)i * 104729 + 5, true);
}

/* ---- every line at once: three ways to the same plan ---- */

enum { PARENTS = 20, CHILDREN = 30 };

static void uniform_model(model *m)
{
    memset(m, 0, sizeof *m);
    m->nodes[m->n++] = (model_node){ .key = "/", .parent = -1, .sign = 1, .member = true };
    for (int i = 1; i <= PARENTS; i++) {
        model_node *n = &m->nodes[m->n++];
        *n = (model_node){ .parent = 0, .sign = 1, .member = true };
        snprintf(n->key, sizeof n->key, "%d", i);
    }
    for (int k = 0; k < PARENTS * CHILDREN && m->n < MAX_NODES; k++) {
        int parent = 1 + k / CHILDREN;
        model_node *n = &m->nodes[m->n++];
        *n = (model_node){ .parent = parent, .sign = 1, .member = true, .cells = { { 100 + k, PAGU_NUMBER } } };
        snprintf(n->key, sizeof n->key, "%d.%d", parent, 1 + k % CHILDREN);
    }
}

static size_t all_lines(const pagu_view *v, pagu_row *rows)
{
    size_t n = 0;
    for (pagu_row r = 0; r < pagu_view_row_count(v); r++)
        if (pagu_view_is_leaf(v, r))
            rows[n++] = r;
    return n;
}

static void scenario__one_by_one_batch_and_run_give_the_same_plan(void **state)
{
    (void)state;
    static model m;
    pagu_error err;
    pagu_row rows[MAX_NODES];
    pagu_money values[MAX_NODES];
    pagu_cell cells[MAX_NODES];
    char hashes[3][65], base[65];
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    uniform_model(&m);
    pagu_plan *plan = build(ctx, &m);
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    pagu_column column = column_of(stage, 0);
    size_t n = all_lines(stage, rows);
    hash_of(stage, base);
    for (size_t i = 0; i < n; i++) {
        values[i] = (pagu_money)(i * i) - 1000;
        cells[i] = (pagu_cell){ values[i], PAGU_NUMBER };
    }
    for (int way = 0; way < 3; way++) {
        pagu_scenario *s;
        pagu_proposal *p;
        ok(pagu_branch(stage, "", &s, &err), &err);
        ok(pagu_proposal_new(s, &p, &err), &err);
        for (size_t i = 0; i < n && way == 0; i++)
            ok(pagu_edit(s, rows[i], column, cells[i], NULL, &err), &err);
        if (way == 1)
            ok(pagu_proposal_money_batch(p, column, rows, cells, n, &err), &err);
        if (way == 2)
            ok(pagu_proposal_money_values(p, column, rows, values, n, &err), &err);
        ok(pagu_proposal_commit(p, NULL, &err), &err);
        pagu_proposal_free(p);
        const pagu_view *v = pagu_scenario_view(s);
        pagu_money total = 0;
        for (size_t i = 0; i < n; i++) {
            total += values[i];
            assert_int_equal(pagu_view_money(v, rows[i], column).value, values[i]);
        }
        assert_int_equal(pagu_view_money(v, 0, column).value, total);
        hash_of(v, hashes[way]);
        if (way > 0) {
            pagu_change c = pagu_journal_change(s, 0, 5);
            assert_int_equal(pagu_journal_get(s, 0).n_changes, n);
            assert_int_equal(c.old_cell.value, pagu_view_money(stage, c.row, column).value);
            assert_int_equal(c.new_cell.value, pagu_view_money(v, c.row, column).value);
        }
        while (pagu_undo(s, NULL) == PAGU_OK)
            ;
        char undone[65];
        hash_of(v, undone);
        assert_string_equal(undone, base);
        pagu_scenario_close(s);
    }
    assert_string_equal(hashes[0], hashes[1]);
    assert_string_equal(hashes[0], hashes[2]);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    assert_int_equal(pagu_ctx_memory(ctx), 0);
    pagu_ctx_free(ctx);
}

static void scenario__a_run_that_would_overflow_is_refused(void **state)
{
    (void)state;
    static model m;
    pagu_error err;
    pagu_row rows[MAX_NODES];
    pagu_money values[MAX_NODES];
    pagu_ctx *ctx = pagu_ctx_new(NULL);
    uniform_model(&m);
    pagu_plan *plan = build(ctx, &m);
    pagu_view *stage = pagu_view_open(plan, pagu_plan_default_stage(plan));
    pagu_scenario *s;
    pagu_proposal *p;
    size_t n = all_lines(stage, rows);
    for (size_t i = 0; i < n; i++)
        values[i] = INT64_MAX / 4;
    ok(pagu_branch(stage, "", &s, &err), &err);
    ok(pagu_proposal_new(s, &p, &err), &err);
    ok(pagu_proposal_money_values(p, column_of(stage, 0), rows, values, n, &err), &err);
    assert_int_equal(pagu_proposal_commit(p, NULL, &err), PAGU_OVERFLOW);
    check_equal(pagu_scenario_view(s), &m, "after the refusal");
    assert_int_equal(pagu_edit(s, rows[0], column_of(stage, 0), (pagu_cell){ INT64_MAX, PAGU_NUMBER }, NULL, &err),
                     PAGU_OVERFLOW);
    assert_int_equal(pagu_edit(s, rows[0], column_of(stage, 0), (pagu_cell){ INT64_MIN, PAGU_NUMBER }, NULL, &err),
                     PAGU_OVERFLOW);
    check_equal(pagu_scenario_view(s), &m, "after the refusals");
    pagu_proposal_free(p);
    pagu_scenario_close(s);
    pagu_view_close(stage);
    pagu_plan_release(plan);
    pagu_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenario__totals_equal_recomputation_on_random_trees_and_edits),
        cmocka_unit_test(scenario__wide_trees_turn_dense_and_stay_right),
        cmocka_unit_test(scenario__one_by_one_batch_and_run_give_the_same_plan),
        cmocka_unit_test(scenario__a_run_that_would_overflow_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
