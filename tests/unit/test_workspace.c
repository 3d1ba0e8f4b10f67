/* test_workspace.c - the workspace file: what it keeps, what it refuses, what survives a fault.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

static const plan_row rows[] = {
    { .id = "1" },
    { .id = "1.01", .money = { "100" } },
    { .id = "1.02", .money = { "300", "5" }, .fund = "apbd" },
    { .id = "3", .money = { "7" } },
};

static trial t;
static char folder[64], path[200];
static pagu_workspace *w;

static void open_workspace(pagu_workspace_mode mode)
{
    pagu_error err = { 0 };
    assert_ok(pagu_workspace_open(t.ctx, path, mode, &w, &err), &err);
}

static int set_up(void **state)
{
    (void)state;
    pagu_ctx *ctx = english_ctx();
    t = trial_open(ctx, plan_of(ctx, rows, COUNT_OF(rows)));
    snprintf(folder, sizeof folder, "/tmp/pagu-workspace-%ld", (long)getpid());
    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/kerja.pagu", folder);
    w = NULL;
    return 0;
}

static int tear_down(void **state)
{
    char command[200];
    (void)state;
    pagu_workspace_close(w);
    w = NULL;
    pagu_ctx *ctx = t.ctx;
    trial_close(&t);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return clean && system(command) == 0 ? 0 : -1;
}

static void set(const char *key, pagu_money amount)
{
    pagu_error err = { 0 };
    assert_ok(pagu_edit(t.s, row_of(t.v, key), t.b24, (pagu_cell){ amount, PAGU_NUMBER }, NULL, &err), &err);
}

static pagu_code save(const char *name, int64_t expected, int64_t *version, pagu_error *err)
{
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    o.expected = expected;
    o.who = "budi";
    o.reason = "rapat";
    return pagu_workspace_save(w, name, t.s, &o, version, err);
}

static int64_t saved(const char *name, int64_t expected)
{
    pagu_error err = { 0 };
    int64_t version = 0;
    assert_ok(save(name, expected, &version, &err), &err);
    return version;
}

static void assert_refused(pagu_code code, pagu_code wanted, const pagu_error *err, const char *message)
{
    char expected[600];
    const char *at = strstr(message, "%s"); /* the path */
    if (at)
        snprintf(expected, sizeof expected, "%.*s%s%s", (int)(at - message), message, path, at + 2);
    else
        snprintf(expected, sizeof expected, "%s", message);
    assert_string_equal(err->message, expected);
    assert_int_equal(code, wanted);
}

static void fails_to_open(pagu_workspace_mode mode, pagu_code wanted, const char *message)
{
    pagu_error err = { 0 };
    pagu_workspace *none = w;
    pagu_code code = pagu_workspace_open(t.ctx, path, mode, &none, &err);
    assert_refused(code, wanted, &err, message);
    assert_null(none);
}

static void put_file(const char *bytes, size_t len)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

/* Run SQL in the file by the tool that everybody has. */
static void sql(const char *text)
{
    char command[1000];
    snprintf(command, sizeof command,
             "python3 -c \"import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); "
             "c.close()\" %s \"%s\"",
             path, text);
    assert_int_equal(system(command), 0);
}

/* ---- what it keeps ---- */

static void workspace__keeps_every_version_byte_for_byte(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_text *first = pagu_text_new(t.ctx), *out = pagu_text_new(t.ctx);
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    assert_ok(pagu_scenario_write(t.s, first, &err), &err);
    assert_int_equal(saved("potong", 0), 1);
    assert_int_equal(saved("potong", 1), 1); /* nothing new */
    set("1.02", 200);
    assert_int_equal(saved("potong", 1), 2);
    pagu_workspace_close(w);
    open_workspace(PAGU_WORKSPACE_READ);
    int64_t found = 0;
    assert_ok(pagu_workspace_read(w, "potong", 1, out, &found, &err), &err);
    assert_string_equal(pagu_text_data(out), pagu_text_data(first));
    pagu_text_free(out);
    out = pagu_text_new(t.ctx);
    assert_ok(pagu_workspace_read(w, "potong", 0, out, &found, &err), &err);
    assert_int_equal(found, 2);
    pagu_scenario *again;
    assert_ok(pagu_scenario_read(t.plan, pagu_text_data(out), pagu_text_len(out), "potong", NULL, &again, &err), &err);
    assert_money(pagu_scenario_view(again), t.b24, "1.01=90 1.02=200");
    pagu_scenario_close(again);
    assert_ok(pagu_workspace_verify(w, &err), &err);
    pagu_text_free(first);
    pagu_text_free(out);
}

static const char *history_of(const char *name, char out[400])
{
    pagu_error err = { 0 };
    pagu_table *h;
    char a[64], b[64], c[64];
    assert_ok(pagu_workspace_history(w, name, &h, &err), &err);
    out[0] = '\0';
    for (uint32_t i = 0; i < pagu_table_row_count(h); i++)
        snprintf(out + strlen(out), 400 - strlen(out), "%s %s %s;", cell_text(h, i, "what", a),
                 cell_text(h, i, "version", b), cell_text(h, i, "who", c));
    pagu_table_free(h);
    return out;
}

static void workspace__history_tells_everything(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    char told[400];
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    saved("b", 0);
    set("1.01", 80);
    saved("a", 1);
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    o.expected = 2;
    o.who = "ani";
    assert_ok(pagu_workspace_remove(w, "a", &o, &err), &err);
    assert_string_equal(history_of("a", told), "save 1 budi;save 2 budi;remove 2 ani;");
    assert_int_equal(saved("a", 0), 3); /* numbers don't come back */
    pagu_text *out = pagu_text_new(t.ctx);
    assert_ok(pagu_workspace_read(w, "a", 1, out, NULL, &err), &err);
    pagu_text_free(out);
    assert_string_equal(history_of(NULL, told), "save 1 budi;save 1 budi;save 2 budi;remove 2 ani;save 3 budi;");
}

static void workspace__history_can_not_be_changed(void **state)
{
    (void)state;
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    char command[400];
    snprintf(command, sizeof command,
             "python3 -c \"import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute('DELETE FROM history')\" %s 2>&1 | "
             "grep -q "
             "'history stays'",
             path);
    assert_int_equal(system(command), 0);
}

static void workspace__runs_keep_their_results(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    char cell[64];
    open_workspace(PAGU_WORKSPACE_CREATE);
    pagu_workspace_result results[] = { { "metrics", "{\"total\":1}" }, { "comparison", "a,b\n" } };
    pagu_workspace_run run = PAGU_WORKSPACE_RUN_INIT;
    run.script = "potong.lua";
    run.params = "{\"cut\":10}";
    run.n_results = 2;
    run.results = results;
    int64_t id = 0;
    assert_ok(pagu_workspace_add_run(w, &run, &id, &err), &err);
    assert_int_equal(id, 1);
    pagu_table *runs;
    assert_ok(pagu_workspace_runs(w, &runs, &err), &err);
    assert_int_equal(pagu_table_row_count(runs), 1);
    assert_string_equal(cell_text(runs, 0, "results", cell), "comparison metrics");
    assert_string_equal(cell_text(runs, 0, "params", cell), "{\"cut\":10}");
    pagu_table_free(runs);
    pagu_text *out = pagu_text_new(t.ctx);
    assert_ok(pagu_workspace_result_text(w, 1, "metrics", out, &err), &err);
    assert_string_equal(pagu_text_data(out), "{\"total\":1}");
    assert_refused(pagu_workspace_result_text(w, 2, "metrics", out, &err), PAGU_UNKNOWN_KEY, &err,
                   "run 2 has no result \"metrics\" in the workspace %s");
    pagu_text_free(out);
    results[1].name = "metrics"; /* twice: the whole run is refused */
    assert_int_not_equal(pagu_workspace_add_run(w, &run, &id, &err), PAGU_OK);
    assert_ok(pagu_workspace_runs(w, &runs, &err), &err);
    assert_int_equal(pagu_table_row_count(runs), 1);
    pagu_table_free(runs);
}

/* ---- refused ---- */

static void workspace__a_newer_version_is_not_overwritten(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    set("1.01", 80);
    saved("a", 1);
    set("1.01", 70);
    pagu_code code = save("a", 1, NULL, &err);
    assert_int_equal(code, PAGU_CONFLICT);
    assert_non_null(strstr(err.message, "scenario \"a\" is at version 2, saved by budi at 2"));
    assert_non_null(strstr(err.message, ", and this is not made from it: load that one, or overwrite it"));
    assert_int_equal(save("a", 0, NULL, &err), PAGU_CONFLICT);
    assert_int_equal(saved("a", PAGU_ANY_VERSION), 3);
    assert_refused(save("b", 1, NULL, &err), PAGU_CONFLICT, &err,
                   "scenario \"b\" is no longer in the workspace %s; save it anew");
}

static void workspace__names_are_one_line_of_text(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    open_workspace(PAGU_WORKSPACE_CREATE);
    static const char message[] = "a name in a workspace has 1 to 200 bytes and no control characters";
    char longest[300];
    memset(longest, 'x', sizeof longest);
    longest[201] = '\0';
    const char *bad[] = { "", "a\nb", "\x1b[31m", longest };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(save(bad[i], 0, NULL, &err), PAGU_ARGUMENT);
        assert_string_equal(err.message, message);
    }
    saved("'; DROP TABLE scenario; --", 0);
}

static void workspace__what_is_not_there_is_told(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    fails_to_open(PAGU_WORKSPACE_READ, PAGU_NOT_FOUND, "%s: no such file or folder");
    fails_to_open(PAGU_WORKSPACE_WRITE, PAGU_NOT_FOUND, "%s: no such file or folder");
    open_workspace(PAGU_WORKSPACE_CREATE);
    pagu_text *out = pagu_text_new(t.ctx);
    assert_refused(pagu_workspace_read(w, "x", 0, out, NULL, &err), PAGU_UNKNOWN_KEY, &err,
                   "no scenario \"x\" in the workspace %s");
    assert_refused(pagu_workspace_read(w, "x", 7, out, NULL, &err), PAGU_UNKNOWN_KEY, &err,
                   "scenario \"x\" has no version 7 in the workspace %s");
    pagu_text_free(out);
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    assert_refused(pagu_workspace_remove(w, "x", &o, &err), PAGU_UNKNOWN_KEY, &err,
                   "no scenario \"x\" in the workspace %s");
}

static void workspace__files_of_others_are_refused(void **state)
{
    (void)state;
    put_file("name,amount\n1,2\n", 16);
    fails_to_open(PAGU_WORKSPACE_CREATE, PAGU_PACKAGE, "%s: this is no workspace of pagu");
    unlink(path);
    sql("CREATE TABLE x (a)");
    fails_to_open(PAGU_WORKSPACE_CREATE, PAGU_PACKAGE, "%s: this is no workspace of pagu");
    sql("DROP TABLE x; PRAGMA application_id = 7;");
    fails_to_open(PAGU_WORKSPACE_READ, PAGU_PACKAGE, "%s: this is no workspace of pagu");
    unlink(path);
    put_file("", 0);
    open_workspace(PAGU_WORKSPACE_CREATE); /* an empty file becomes one */
    pagu_workspace_close(w);
    w = NULL;
    sql("CREATE TRIGGER evil AFTER INSERT ON scenario BEGIN UPDATE scenario SET who = 'x'; END");
    fails_to_open(PAGU_WORKSPACE_CREATE, PAGU_PACKAGE, "%s: this is no workspace of pagu");
    sql("DROP TRIGGER evil; DROP TRIGGER history_no_delete;");
    fails_to_open(PAGU_WORKSPACE_READ, PAGU_PACKAGE, "%s: this is no workspace of pagu");
}

static void workspace__one_of_a_newer_pagu_is_refused(void **state)
{
    (void)state;
    open_workspace(PAGU_WORKSPACE_CREATE);
    pagu_workspace_close(w);
    w = NULL;
    sql("PRAGMA user_version = 99");
    fails_to_open(PAGU_WORKSPACE_CREATE, PAGU_PACKAGE,
                  "%s: the workspace is of a newer pagu (schema 99, this one knows 2)");
}

static void workspace__an_older_one_is_copied_and_brought_up_to_date(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    pagu_workspace_close(w);
    w = NULL;
    sql("DROP TABLE result; PRAGMA user_version = 1;");
    fails_to_open(PAGU_WORKSPACE_READ, PAGU_PACKAGE, "%s: the workspace is of an older pagu; open it once for writing");
    open_workspace(PAGU_WORKSPACE_WRITE);
    pagu_workspace_result result = { "metrics", "{}" };
    pagu_workspace_run run = PAGU_WORKSPACE_RUN_INIT;
    run.n_results = 1;
    run.results = &result;
    assert_ok(pagu_workspace_add_run(w, &run, NULL, &err), &err);
    assert_int_equal(saved("a", 1), 1);
    pagu_workspace_close(w);
    strcat(path, ".v1");
    assert_int_equal(access(path, F_OK), 0);
    fails_to_open(PAGU_WORKSPACE_READ, PAGU_PACKAGE, "%s: the workspace is of an older pagu; open it once for writing");
    w = NULL;
}

static void workspace__damage_is_found(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    pagu_workspace_close(w);
    sql("UPDATE text SET body = replace(body, '90', '91')");
    open_workspace(PAGU_WORKSPACE_READ);
    pagu_text *out = pagu_text_new(t.ctx);
    assert_refused(pagu_workspace_read(w, "a", 0, out, NULL, &err), PAGU_PACKAGE, &err,
                   "%s: the workspace is damaged; take a copy from before");
    assert_int_equal(pagu_text_len(out), 0);
    assert_refused(pagu_workspace_verify(w, &err), PAGU_PACKAGE, &err,
                   "%s: the workspace is damaged; take a copy from before");
    pagu_text_free(out);
}

/* Any bytes of the file replaced: never a crash, never a wrong text. */
static void workspace__damaged_anyhow_is_no_danger(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    pagu_text *good = pagu_text_new(t.ctx);
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    assert_ok(pagu_workspace_read(w, "a", 0, good, NULL, &err), &err);
    pagu_workspace_close(w);
    w = NULL;
    FILE *f = fopen(path, "r");
    char *bytes = malloc(200000);
    size_t len = fread(bytes, 1, 200000, f);
    fclose(f);
    rng r = { 7 };
    int refused = 0;
    for (int i = 0; i < 400; i++) {
        char *copy = memcpy(malloc(len), bytes, len);
        for (uint64_t k = 0; k <= rng_below(&r, 30); k++)
            copy[rng_below(&r, len)] = (char)rng_next(&r);
        put_file(copy, i % 4 == 0 ? rng_below(&r, len) : len);
        free(copy);
        pagu_workspace *one;
        pagu_text *out = pagu_text_new(t.ctx);
        if (pagu_workspace_open(t.ctx, path, PAGU_WORKSPACE_READ, &one, &err) == PAGU_OK) {
            pagu_workspace_verify(one, &err);
            if (pagu_workspace_read(one, "a", 0, out, NULL, &err) == PAGU_OK)
                assert_string_equal(pagu_text_data(out), pagu_text_data(good));
            else
                refused++;
            pagu_workspace_close(one);
        } else {
            refused++;
        }
        pagu_text_free(out);
    }
    assert_in_range(refused, 50, 400);
    free(bytes);
    pagu_text_free(good);
}

static void workspace__for_reading_is_never_written(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    open_workspace(PAGU_WORKSPACE_CREATE);
    pagu_workspace_close(w);
    open_workspace(PAGU_WORKSPACE_READ);
    assert_refused(save("a", 0, NULL, &err), PAGU_IO, &err, "%s: it was opened for reading only");
}

/* ---- several at once ---- */

static void workspace__waits_for_another_writer_and_gives_up(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    open_workspace(PAGU_WORKSPACE_CREATE);
    int go[2], done[2];
    assert_int_equal(pipe(go) + pipe(done), 0);
    char command[600];
    snprintf(
        command, sizeof command,
        "python3 -c \"import sqlite3,sys,os\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute('BEGIN "
        "IMMEDIATE')\nos.write(%d,b'x')\nos.read(%d,1)\nc.execute('COMMIT')\" %s",
        done[1], go[0], path);
    pid_t other = fork();
    if (other == 0) {
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(1);
    }
    char byte;
    assert_int_equal(read(done[0], &byte, 1), 1);
    pagu_workspace_set_busy(w, 50);
    assert_refused(save("a", 0, NULL, &err), PAGU_IO, &err,
                   "%s: another process has been writing for 50 ms; try again");
    pagu_ctx_interrupt(t.ctx, true);
    pagu_workspace_set_busy(w, 60000);
    assert_int_equal(save("a", 0, NULL, &err), PAGU_INTERRUPTED);
    pagu_ctx_interrupt(t.ctx, false);
    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(saved("a", 0), 1);
    waitpid(other, NULL, 0);
    for (int i = 0; i < 2; i++) {
        close(go[i]);
        close(done[i]);
    }
}

/* ---- faults ---- */

static pagu_code use_all(pagu_ctx *c, void *arg)
{
    pagu_plan *p = NULL;
    pagu_workspace *one = NULL;
    pagu_scenario *s = NULL;
    pagu_table *list = NULL, *history = NULL;
    pagu_text *out = pagu_text_new(c);
    pagu_workspace_save_options o = PAGU_WORKSPACE_SAVE_INIT;
    (void)arg;
    unlink(path);
    pagu_code code = out ? plan_make(c, rows, COUNT_OF(rows), &p, NULL) : PAGU_NO_MEMORY;
    pagu_view *v = code == PAGU_OK ? pagu_view_open(p, pagu_plan_default_stage(p)) : NULL;
    if (code == PAGU_OK)
        code = v ? pagu_branch(v, "x", &s, NULL) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_workspace_open(c, path, PAGU_WORKSPACE_CREATE, &one, NULL);
    if (code == PAGU_OK)
        code = pagu_workspace_save(one, "a", s, &o, NULL, NULL);
    if (code == PAGU_OK)
        code = pagu_workspace_read(one, "a", 0, out, NULL, NULL);
    if (code == PAGU_OK)
        code = pagu_workspace_list(one, &list, NULL);
    if (code == PAGU_OK)
        code = pagu_workspace_history(one, NULL, &history, NULL);
    pagu_table_free(list);
    pagu_table_free(history);
    pagu_workspace_close(one);
    pagu_scenario_close(s);
    pagu_view_close(v);
    pagu_plan_release(p);
    pagu_text_free(out);
    return code;
}

static void workspace__survives_failing_allocations(void **state)
{
    (void)state;
    assert_true(for_each_failing_allocation(use_all, NULL) > 20);
}

/* A file may not grow beyond a limit: as a full disk. Nothing of the save stays. */
static void workspace__a_full_disk_changes_nothing(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    struct rlimit old, small;
    struct stat st;
    open_workspace(PAGU_WORKSPACE_CREATE);
    set("1.01", 90);
    saved("a", 0);
    for (int i = 0; i < 3000; i++)
        set("1.01", 1000 + i);
    assert_int_equal(stat(path, &st), 0);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = (rlim_t)st.st_size + 4096;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    pagu_code code = save("a", 1, NULL, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(code, PAGU_IO);
    assert_non_null(strstr(err.message, path));
    assert_ok(pagu_workspace_verify(w, &err), &err);
    pagu_text *out = pagu_text_new(t.ctx);
    int64_t found = 0;
    assert_ok(pagu_workspace_read(w, "a", 0, out, &found, &err), &err);
    assert_int_equal(found, 1);
    pagu_text_free(out);
    assert_int_equal(saved("a", 1), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(workspace__keeps_every_version_byte_for_byte),
        TEST(workspace__history_tells_everything),
        TEST(workspace__history_can_not_be_changed),
        TEST(workspace__runs_keep_their_results),
        TEST(workspace__a_newer_version_is_not_overwritten),
        TEST(workspace__names_are_one_line_of_text),
        TEST(workspace__what_is_not_there_is_told),
        TEST(workspace__files_of_others_are_refused),
        TEST(workspace__one_of_a_newer_pagu_is_refused),
        TEST(workspace__an_older_one_is_copied_and_brought_up_to_date),
        TEST(workspace__damage_is_found),
        TEST(workspace__damaged_anyhow_is_no_danger),
        TEST(workspace__for_reading_is_never_written),
        TEST(workspace__waits_for_another_writer_and_gives_up),
        TEST(workspace__survives_failing_allocations),
        TEST(workspace__a_full_disk_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
