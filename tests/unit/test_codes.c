/* Sums by code, code tables, moving to other codes: the C side, and what happens without memory.
 * Codes and names are invented.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const plan_row rows[] = {
    { .id = "1", .fund = "apbd" },
    { .id = "1.01" },
    { .id = "1.01.01", .money = { "100", "10", "", "7" } },
    { .id = "1.01.02", .money = { "-1001", "", "-" }, .fund = "dak" },
    { .id = "1.02" },
    { .id = "1.02.01", .money = { "5" }, .stages = "final" },
    { .id = "1.02.01#5.1", .money = { "" } },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

typedef struct files {
    char folder[32], codes[48], map[48];
} files;

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void make_files(files *f, const char *map_rows)
{
    char map[1000];
    strcpy(f->folder, "/tmp/pagu-codes-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->codes, sizeof f->codes, "%s/codes.csv", f->folder);
    snprintf(f->map, sizeof f->map, "%s/map.csv", f->folder);
    write_text(f->codes, "list,version,code,level,name\n"
                         "main,b,1.01.07,item,Tujuh\nmain,b,1.01.08,item,Delapan\nmain,b,1.03,activity,Tiga\n"
                         "main,b,1.02.0001,item,Baris 1.02.01\nmain,b,1.01.02,item,Lain sama sekali\n");
    snprintf(map, sizeof map, "list,from_version,from,to_version,to,share\n%s", map_rows);
    write_text(f->map, map);
}

static void drop_files(const files *f)
{
    unlink(f->codes);
    unlink(f->map);
    rmdir(f->folder);
}

#define SPLIT                                                                                                          \
    "main,a,1.01.01,b,1.01.07,0.5\nmain,a,1.01.01,b,1.01.08,0.5\nmain,a,1.01.02,b,1.01.07,1\n"                         \
    "main,a,1.02.01,b,1.03.01,1\n"

static pagu_code migrate(const pagu_plan *plan, const files *f, pagu_findings *fs, pagu_plan **out, pagu_table **moves,
                         pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    pagu_migrate_options o = PAGU_MIGRATE_INIT;
    pagu_codes *map = NULL, *codes = NULL;
    o.to = "b";
    o.unmapped = PAGU_UNMAPPED_KEEP;
    pagu_code code = pagu_codes_open(ctx, f->map, PAGU_CODES_MAP, fs, &map, err);
    if (code == PAGU_OK)
        code = pagu_codes_open(ctx, f->codes, PAGU_CODES_LIST, fs, &codes, err);
    o.map = map;
    o.codes = codes;
    if (code == PAGU_OK)
        code = pagu_codes_migrate(plan, &o, fs, out, moves, err);
    pagu_codes_close(map);
    pagu_codes_close(codes);
    return code;
}

/* 1.01.02 is of another fund, so its half can't join 1.01.07: classes stop it. */
static void migrate__a_line_keeps_its_class_or_nothing_moves(void **state)
{
    (void)state;
    files f;
    make_files(&f, SPLIT);
    pagu_ctx *ctx = english_ctx();
    pagu_plan *plan = plan_of(ctx, rows, ROWS), *moved = NULL;
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_error err = { 0 };
    assert_int_equal(migrate(plan, &f, fs, &moved, NULL, &err), PAGU_CONFLICT);
    assert_null(moved);
    bool found = false;
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++)
        found |= strcmp(pagu_findings_get(fs, i)->rule, "migrate-class") == 0;
    assert_true(found);
    pagu_findings_free(fs);
    pagu_plan_release(plan);
    pagu_ctx_free(ctx);
    drop_files(&f);
}

#define APART                                                                                                          \
    "main,a,1.01.01,b,1.01.07,0.5\nmain,a,1.01.01,b,1.01.08,0.5\nmain,a,1.01.02,b,1.01.02,1\n"                         \
    "main,a,1.02.01,b,1.03.01,1\n"

static void migrate__splits_exactly_and_adds_headings(void **state)
{
    (void)state;
    files f;
    make_files(&f, APART);
    pagu_ctx *ctx = english_ctx();
    pagu_plan *plan = plan_of(ctx, rows, ROWS), *moved = NULL;
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_table *moves = NULL;
    pagu_error err = { 0 };
    assert_ok(migrate(plan, &f, fs, &moved, &moves, &err), &err);
    trial t = trial_open(ctx, moved);
    assert_int_equal(money_of(t.v, "1.01.07", t.b24), 50);
    assert_int_equal(money_of(t.v, "1.01.08", t.b24), 50);
    assert_int_equal(money_of(t.v, "1.01.08", t.b25), 5);
    assert_int_equal(money_of(t.v, "1.01.02", t.b24), -1001);
    assert_int_equal(money_of(t.v, "1.03", t.b24), 5);
    assert_string_equal(pagu_view_row_name(t.v, row_of(t.v, "1.03")), "Tiga");
    assert_int_equal(money_of(t.v, "/", t.b24), 100 - 1001 + 5);
    assert_int_equal(pagu_table_row_count(moves), 4); /* two parts, one rename, its line */
    pagu_table_free(moves);
    pagu_findings_free(fs);
    pagu_plan_release(plan);
    trial_close(&t);
    pagu_ctx_free(ctx);
    drop_files(&f);
}

static pagu_code move_and_check(pagu_ctx *ctx, void *arg)
{
    pagu_plan *plan = NULL, *moved = NULL;
    pagu_table *moves = NULL;
    pagu_codes *codes = NULL;
    pagu_error err = { 0 };
    const files *f = arg;
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_code code = fs ? plan_make(ctx, rows, ROWS, &plan, &err) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = migrate(plan, f, fs, &moved, &moves, &err);
    if (code == PAGU_OK)
        code = pagu_codes_open(ctx, f->codes, PAGU_CODES_LIST, fs, &codes, &err);
    pagu_view *v = code == PAGU_OK ? pagu_view_open(plan, pagu_plan_default_stage(plan)) : NULL;
    if (code == PAGU_OK)
        code = v ? pagu_check_codes(v, codes, fs, &err) : PAGU_NO_MEMORY;
    if (code == PAGU_OK) {
        pagu_code_sum_options o = PAGU_CODE_SUM_INIT;
        pagu_table *sums = NULL;
        pagu_plan_find_field(plan, "budget", &o.field, NULL);
        pagu_plan_find_year(plan, 2024, &o.period, NULL);
        code = pagu_sum_by_code(v, &o, &sums, &err);
        pagu_table_free(sums);
    }
    pagu_view_close(v);
    pagu_codes_close(codes);
    pagu_table_free(moves);
    pagu_plan_release(moved);
    pagu_plan_release(plan);
    pagu_findings_free(fs);
    return code;
}

static void codes__any_allocation_may_fail(void **state)
{
    (void)state;
    files f;
    make_files(&f, APART);
    assert_true(for_each_failing_allocation(move_and_check, &f) > 100);
    drop_files(&f);
}

static const char *rule_at(const pagu_findings *fs, const char *key)
{
    for (uint32_t i = 0; i < pagu_findings_count(fs); i++)
        if (strcmp(pagu_findings_get(fs, i)->key, key) == 0)
            return pagu_findings_get(fs, i)->rule;
    return "";
}

static void check_codes__names_what_the_list_says(void **state)
{
    (void)state;
    files f;
    make_files(&f, APART);
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    pagu_findings *fs = pagu_findings_new(ctx);
    pagu_codes *codes = NULL;
    pagu_error err = { 0 };
    assert_ok(pagu_codes_open(ctx, f.codes, PAGU_CODES_LIST, fs, &codes, &err), &err);
    assert_ok(pagu_check_codes(t.v, codes, fs, &err), &err);
    assert_string_equal(rule_at(fs, "1.01.01"), "code-unknown");
    assert_string_equal(rule_at(fs, "1.01.02"), "code-renamed");
    assert_string_equal(rule_at(fs, "1.02.01"), ""); /* 0001 in the list */
    assert_string_equal(rule_at(fs, "1"), "");       /* the list has no such level */
    pagu_codes_close(codes);
    pagu_findings_free(fs);
    trial_close(&t);
    pagu_ctx_free(ctx);
    drop_files(&f);
}

static void code_sum__adds_nodes_of_one_code_over_mounts(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    trial t = trial_open(ctx, plan_of(ctx, rows, ROWS));
    pagu_code_sum_options o = PAGU_CODE_SUM_INIT;
    pagu_table *sums = NULL;
    pagu_error err = { 0 };
    char buf[64];
    assert_ok(pagu_plan_find_level(t.plan, "activity", &o.level, &err), &err);
    assert_ok(pagu_plan_find_field(t.plan, "budget", &o.field, &err), &err);
    assert_ok(pagu_plan_find_year(t.plan, 2024, &o.period, &err), &err);
    assert_ok(pagu_sum_by_code(t.v, &o, &sums, &err), &err);
    assert_int_equal(pagu_table_row_count(sums), 3);
    assert_string_equal(cell_text(sums, 0, "code", buf), "1.01");
    assert_string_equal(cell_text(sums, 0, "value", buf), "-901");
    assert_string_equal(cell_text(sums, 2, "value", buf), "-896");
    pagu_table_free(sums);
    assert_ok(pagu_plan_find_field(t.plan, "target", &o.field, &err), &err);
    assert_int_equal(pagu_sum_by_code(t.v, &o, &sums, &err), PAGU_UNKNOWN_FIELD);
    trial_close(&t);
    pagu_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrate__a_line_keeps_its_class_or_nothing_moves),
        cmocka_unit_test(migrate__splits_exactly_and_adds_headings),
        cmocka_unit_test(check_codes__names_what_the_list_says),
        cmocka_unit_test(code_sum__adds_nodes_of_one_code_over_mounts),
        cmocka_unit_test(codes__any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
