/* pdf.c - a page of HTML as PDF, by weasyprint or else chromium, run as processes of their own: no
 * shell, no network, an environment of a few names, a time limit, files in a folder that is removed.
 *
 * The page has no scripts and loads nothing. Dates are fixed, so that the same page gives the same
 * bytes.
 * SPDX-License-Identifier: MIT */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 24, PATH_SIZE = 512, USUAL_LIMIT = 300, POLL_MS = 20 };

typedef struct pdf_job {
    const cli *c;
    char folder[PATH_SIZE - 64];
    char page[PATH_SIZE], pdf[PATH_SIZE], log[PATH_SIZE], url[PATH_SIZE + 16];
} pdf_job;

typedef enum outcome { MADE, NO_TOOL, FAILED, TOO_LATE, STOPPED } outcome;

/* ---- files ---- */

static int make_folder(pdf_job *j)
{
    const char *tmp = getenv("TMPDIR");
    if (!tmp || *tmp != '/' || strlen(tmp) > 300)
        tmp = "/tmp";
    snprintf(j->folder, sizeof j->folder, "%s/pagu-pdf-XXXXXX", tmp);
    if (!mkdtemp(j->folder)) {
        say(j->c, "%s: %s", "%s: %s", j->folder, system_message(j->c, errno));
        j->folder[0] = '\0';
        return EXIT_INTERNAL;
    }
    snprintf(j->page, sizeof j->page, "%s/page.html", j->folder);
    snprintf(j->pdf, sizeof j->pdf, "%s/page.pdf", j->folder);
    snprintf(j->log, sizeof j->log, "%s/log", j->folder);
    snprintf(j->url, sizeof j->url, "file://%s", j->page);
    return EXIT_DONE;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st, (void)kind, (void)walk;
    remove(path);
    return 0;
}

static void remove_folder(const pdf_job *j)
{
    if (j->folder[0])
        nftw(j->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- processes ---- */

static char *variable(const char *name, char out[PATH_SIZE * 8])
{
    const char *value = getenv(name);
    snprintf(out, (size_t)PATH_SIZE * 8, "%s=%s", name, value ? value : "/usr/local/bin:/usr/bin:/bin");
    return out;
}

static int start(const pdf_job *j, char *const *argv, pid_t *pid)
{
    char path[PATH_SIZE * 8], home[PATH_SIZE], tmp[PATH_SIZE];
    snprintf(home, sizeof home, "HOME=%s", j->folder);
    snprintf(tmp, sizeof tmp, "TMPDIR=%s", j->folder);
    char *env[] = { variable("PATH", path), home, tmp, "LANG=C.UTF-8", "TZ=UTC", "SOURCE_DATE_EPOCH=0", NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all, none;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, j->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawnattr_init(&how);
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setpgroup(&how, 0); /* a group of its own: helpers of a browser end with it */
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    int error = posix_spawnp(pid, argv[0], &files, &how, argv, env);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static outcome wait_for(const cli *c, pid_t pid)
{
    unsigned long limit = c->time_limit ? c->time_limit : USUAL_LIMIT;
    const struct timespec pause = { 0, POLL_MS * 1000000L };
    for (unsigned long ms = 0;; ms += POLL_MS) {
        int status;
        pid_t done = waitpid(pid, &status, WNOHANG);
        if (done == pid) {
            kill(-pid, SIGKILL); /* what it left behind */
            return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? MADE : FAILED;
        }
        bool stop = pagu_ctx_interrupted(c->ctx), late = ms > limit * 1000;
        if (stop || late || (done < 0 && errno != EINTR)) {
            kill(-pid, SIGKILL);
            waitpid(pid, &status, 0);
            return stop ? STOPPED : late ? TOO_LATE : FAILED;
        }
        nanosleep(&pause, NULL);
    }
}

static outcome run(const pdf_job *j, char *const *argv)
{
    pid_t pid;
    int error = start(j, argv, &pid);
    if (error)
        return NO_TOOL;
    outcome o = wait_for(j->c, pid);
    return o == MADE && access(j->pdf, R_OK) != 0 ? FAILED : o;
}

/* ---- tools ---- */

static outcome run_weasyprint(pdf_job *j)
{
    char *argv[] = {
        "weasyprint", "--quiet", "--encoding", "utf-8", "--base-url", "about:blank", j->page, j->pdf, NULL
    };
    return run(j, argv);
}

static outcome run_chromium(pdf_job *j, char *name)
{
    char profile[PATH_SIZE + 32], out[PATH_SIZE + 32];
    char *argv[MOST_ARGUMENTS] = { name,
                                   "--headless",
                                   "--disable-gpu",
                                   "--disable-extensions",
                                   "--disable-sync",
                                   "--disable-background-networking",
                                   "--disable-dev-shm-usage",
                                   "--no-first-run",
                                   "--no-pdf-header-footer",
                                   "--proxy-server=127.0.0.1:9", /* nothing answers there: no network */
                                   profile,
                                   out };
    int n = 12;
    snprintf(profile, sizeof profile, "--user-data-dir=%s/profile", j->folder);
    snprintf(out, sizeof out, "--print-to-pdf=%s", j->pdf);
    if (geteuid() == 0) /* its own sandbox doesn't start as root; the page has no scripts */
        argv[n++] = "--no-sandbox";
    argv[n++] = j->url;
    argv[n] = NULL;
    return run(j, argv);
}

/* The first tool that is there. */
static outcome run_tools(pdf_job *j)
{
    static char *const browsers[] = { "chromium", "chromium-browser", "google-chrome" };
    outcome o = run_weasyprint(j);
    for (size_t i = 0; o == NO_TOOL && i < sizeof browsers / sizeof *browsers; i++)
        o = run_chromium(j, browsers[i]);
    return o;
}

/* ---- results ---- */

/* Chromium writes the hour; the same page is to give the same bytes. */
static void fix_dates(char *bytes, size_t len)
{
    static const char *const keys[] = { "/CreationDate (D:", "/ModDate (D:" };
    for (size_t k = 0; k < 2; k++) {
        size_t n = strlen(keys[k]);
        for (char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), keys[k], n)); at += n)
            for (size_t i = 0; i < 14 && (size_t)(at - bytes) + n + i < len && at[n + i] >= '0' && at[n + i] <= '9';
                 i++)
                at[n + i] = "19700101000000"[i];
    }
}

static int write_pdf(const pdf_job *j)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *f = fopen(j->pdf, "rb");
    struct stat st;
    int code = EXIT_INTERNAL;
    if (f && fstat(fileno(f), &st) == 0 && st.st_size > 4 && (bytes = malloc((size_t)st.st_size)))
        len = fread(bytes, 1, (size_t)st.st_size, f);
    if (len > 4 && memcmp(bytes, "%PDF", 4) == 0) {
        fix_dates(bytes, len);
        code = write_result(j->c, bytes, len);
    } else {
        say(j->c, "alat PDF tidak menghasilkan PDF", "the PDF tool made no PDF");
    }
    free(bytes);
    if (f)
        fclose(f);
    return code;
}

/* What the tool said, its last line that isn't empty. */
static int tell_failure(const pdf_job *j)
{
    char line[400] = "", last[400] = "";
    FILE *f = fopen(j->log, "r");
    while (f && fgets(line, sizeof line, f))
        if (line[strspn(line, " \t\r\n")])
            snprintf(last, sizeof last, "%.*s", (int)strcspn(line, "\r\n"), line);
    if (f)
        fclose(f);
    say(j->c, "PDF tidak dapat dibuat%s%s", "the PDF can't be made%s%s", *last ? ": " : "", last);
    return EXIT_INTERNAL;
}

static int finish(const pdf_job *j, outcome o)
{
    switch (o) {
    case MADE: return write_pdf(j);
    case NO_TOOL:
        say(j->c, "PDF memerlukan weasyprint atau chromium: apt-get install weasyprint, atau apt-get install chromium",
            "PDF needs weasyprint or chromium: apt-get install weasyprint, or apt-get install chromium");
        return EXIT_INTERNAL;
    case TOO_LATE:
        say(j->c, "pembuatan PDF melampaui batas waktu; lihat --time-limit",
            "making the PDF took longer than the time limit; see --time-limit");
        return EXIT_INTERNAL;
    case STOPPED: return EXIT_INTERRUPTED;
    default: return tell_failure(j);
    }
}

int write_as_pdf(const cli *c, const char *html, size_t len)
{
    pdf_job j = { .c = c };
    if (!c->out_file && isatty(STDOUT_FILENO))
        return usage_error(c, "PDF bukan teks untuk terminal: beri -o BERKAS.pdf",
                           "PDF is no text for a terminal: give -o FILE.pdf");
    int code = make_folder(&j);
    if (code == EXIT_DONE)
        code = write_file(c, j.page, html, len);
    if (code == EXIT_DONE)
        code = finish(&j, run_tools(&j));
    remove_folder(&j);
    return code;
}
