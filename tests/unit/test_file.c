/* test_file.c - whole files read at once, and replaced whole or not at all.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "pagu/package.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/failing_alloc.h"

static pagu_ctx *ctx;
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    pagu_ctx_options options = PAGU_CTX_OPTIONS_INIT;
    options.lang = PAGU_LANG_EN;
    ctx = pagu_ctx_new(&options);
    snprintf(folder, sizeof folder, "/tmp/pagu-file-XXXXXX");
    return ctx && mkdtemp(folder) ? 0 : -1;
}

static char *path_of(const char *name)
{
    static char path[2][512];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

/* Files in the folder, hidden ones too; removes them. */
static int empty_folder(void)
{
    int n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            remove(path_of(e->d_name));
            n++;
        }
    closedir(dir);
    return n;
}

static int tear_down(void **state)
{
    (void)state;
    empty_folder();
    rmdir(folder);
    bool clean = pagu_ctx_memory(ctx) == 0;
    pagu_ctx_free(ctx);
    return clean ? 0 : -1;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void assert_holds(const char *name, const char *text)
{
    pagu_text *out = pagu_text_new(ctx);
    assert_int_equal(pagu_read_all(ctx, path_of(name), 0, out, NULL), PAGU_OK);
    assert_string_equal(pagu_text_data(out), text);
    pagu_text_free(out);
}

static pagu_error read_error(const char *path, size_t limit, pagu_code expected)
{
    pagu_error err = { 0 };
    pagu_text *out = pagu_text_new(ctx);
    assert_int_equal(pagu_text_append(out, "before", 6), PAGU_OK);
    assert_int_equal(pagu_read_all(ctx, path, limit, out, &err), expected);
    assert_int_equal(err.code, expected);
    assert_string_equal(pagu_text_data(out), "before");
    pagu_text_free(out);
    return err;
}

static void file__is_read_whole(void **state)
{
    (void)state;
    put("a", "one\ntwo\n");
    assert_holds("a", "one\ntwo\n");
    put("empty", "");
    assert_holds("empty", "");
}

static void file__that_is_missing_is_named(void **state)
{
    (void)state;
    pagu_error err = read_error(path_of("absent"), 0, PAGU_NOT_FOUND);
    assert_non_null(strstr(err.message, "absent"));
    assert_string_equal(err.file, path_of("absent"));
}

static void file__must_be_regular(void **state)
{
    (void)state;
    read_error(folder, 0, PAGU_IO);
    read_error("/dev/zero", 0, PAGU_IO);
    assert_int_equal(mkfifo(path_of("fifo"), 0600), 0);
    read_error(path_of("fifo"), 0, PAGU_IO);
}

static void file__beyond_the_limit_is_refused(void **state)
{
    (void)state;
    put("a", "12345");
    read_error(path_of("a"), 4, PAGU_LIMIT);
    pagu_text *out = pagu_text_new(ctx);
    assert_int_equal(pagu_read_all(ctx, path_of("a"), 5, out, NULL), PAGU_OK);
    pagu_text_free(out);
}

static void file__is_replaced_and_no_temporary_one_stays(void **state)
{
    (void)state;
    put("a", "old");
    assert_int_equal(chmod(path_of("a"), 0640), 0);
    assert_int_equal(pagu_write_atomic(ctx, path_of("a"), "new", 3, NULL), PAGU_OK);
    assert_holds("a", "new");
    struct stat st;
    assert_int_equal(stat(path_of("a"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(empty_folder(), 1);
}

static void file__that_cannot_take_its_name_leaves_nothing(void **state)
{
    (void)state;
    pagu_error err = { 0 };
    assert_int_equal(mkdir(path_of("taken"), 0700), 0);
    assert_int_equal(pagu_write_atomic(ctx, path_of("taken"), "new", 3, &err), PAGU_IO);
    assert_non_null(strstr(err.message, "taken"));
    assert_int_equal(empty_folder(), 1);
    assert_int_equal(pagu_write_atomic(ctx, path_of("no/such"), "new", 3, &err), PAGU_NOT_FOUND);
}

static void file__staged_but_discarded_changes_nothing(void **state)
{
    (void)state;
    staged_file file;
    put("a", "old");
    assert_int_equal(file_stage(ctx, path_of("a"), "new", 3, &file, NULL), PAGU_OK);
    file_discard(ctx, &file);
    assert_holds("a", "old");
    assert_int_equal(empty_folder(), 1);
}

static void file__without_a_folder_goes_to_the_current_one(void **state)
{
    (void)state;
    char *old = getcwd(NULL, 0);
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(pagu_write_atomic(ctx, "here", "x", 1, NULL), PAGU_OK);
    assert_int_equal(chdir(old), 0);
    free(old);
    assert_holds("here", "x");
}

static pagu_code write_and_read(pagu_ctx *c, void *arg)
{
    char *bytes = NULL;
    size_t len = 0;
    pagu_code code = pagu_write_atomic(c, arg, "text", 4, NULL);
    if (code == PAGU_OK)
        code = file_read(c, arg, 0, &bytes, &len, NULL);
    if (code == PAGU_OK)
        mem_free(c, bytes, len + 1);
    return code;
}

static void file__survives_failing_allocations(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/a", folder);
    assert_true(for_each_failing_allocation(write_and_read, path) >= 3);
    assert_int_equal(empty_folder(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(file__is_read_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__that_is_missing_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__must_be_regular, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__beyond_the_limit_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__is_replaced_and_no_temporary_one_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__that_cannot_take_its_name_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__staged_but_discarded_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__without_a_folder_goes_to_the_current_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file__survives_failing_allocations, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
