/* sweep_store.c - see sweep_store.h.
 * SPDX-License-Identifier: MIT */
#include "cli/sweep_store.h"

#include "cli/sweep_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SYNC_LINES = 256 };
static const double SYNC_SECONDS = 1;

static int fail(const sweep_store *s, int code, int why)
{
    say(s->c, "%s: %s", "%s: %s", s->path, system_message(s->c, why));
    return code;
}

static int open_file(sweep_store *s)
{
    struct stat st;
    s->fd = open(s->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
    if (s->fd < 0)
        return fail(s, EXIT_INTERNAL, errno);
    if (fstat(s->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        say(s->c, "%s: bukan berkas biasa", "%s: not a regular file", s->path);
        return EXIT_USAGE;
    }
    if (flock(s->fd, LOCK_EX | LOCK_NB) != 0) {
        say(s->c, "%s: sedang ditulis oleh pagu yang lain", "%s: another pagu is writing to it", s->path);
        return EXIT_INPUT;
    }
    return EXIT_DONE;
}

/* A line that a crash tore is cut off. */
static int drop_torn_line(const sweep_store *s, pagu_text *text)
{
    size_t len = pagu_text_len(text), whole = len;
    const char *bytes = pagu_text_data(text);
    while (whole > 0 && bytes[whole - 1] != '\n')
        whole--;
    if (whole < len && ftruncate(s->fd, (off_t)whole) != 0)
        return fail(s, EXIT_INTERNAL, errno);
    return EXIT_DONE;
}

static int read_file(const sweep_store *s, bool resume, pagu_text *text)
{
    pagu_error err;
    struct stat st;
    if (fstat(s->fd, &st) == 0 && st.st_size == 0)
        return EXIT_DONE;
    if (!resume)
        return usage_error(s->c, "%s: sudah berisi hasil; lanjutkan dengan --resume, atau pakai nama lain",
                           "%s: it holds results already; go on with --resume, or use another name", s->path);
    if (pagu_read_all(s->c->ctx, s->path, 0, text, &err) != PAGU_OK)
        return input_error(s->c, &err);
    return drop_torn_line(s, text);
}

/* The name of a new file must last, too. */
static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + (slash == path) : 0;
    snprintf(folder, sizeof folder, "%.*s", n ? (int)n : 1, n ? path : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

int store_open(sweep_store *s, const cli *c, const char *path, bool resume, pagu_text *text)
{
    *s = (sweep_store){ .c = c, .path = path, .fd = -1 };
    if (!path)
        return EXIT_DONE;
    s->synced = pool_now();
    int code = open_file(s);
    if (code == EXIT_DONE)
        code = read_file(s, resume, text);
    if (code == EXIT_DONE)
        sync_folder(path);
    else
        store_close(s);
    return code;
}

bool store_sync(sweep_store *s)
{
    if (s->fd < 0 || s->unsynced == 0)
        return !s->failed;
    if (fdatasync(s->fd) != 0 && !s->failed) {
        fail(s, EXIT_INTERNAL, errno);
        s->failed = true;
    }
    s->unsynced = 0;
    s->synced = pool_now();
    return !s->failed;
}

bool store_append(sweep_store *s, const char *line, size_t len)
{
    if (s->fd < 0 || s->failed)
        return !s->failed;
    char *whole = malloc(len + 1); /* one write a line, so that a crash tears at most the last */
    if (!whole)
        return false;
    memcpy(whole, line, len);
    whole[len] = '\n';
    s->failed = !pool_write_all(s->fd, whole, len + 1);
    free(whole);
    if (s->failed)
        fail(s, EXIT_INTERNAL, errno);
    else if (++s->unsynced >= SYNC_LINES || pool_now() - s->synced > SYNC_SECONDS)
        return store_sync(s);
    return !s->failed;
}

void store_close(sweep_store *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}
