/* file.c - reading whole files, and writing them whole or not at all.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"

#include "pagu/package.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t default_limit = (size_t)1 << 30;

pagu_code err_in_file(pagu_error *err, pagu_code code, const char *path, int line)
{
    if (err) {
        snprintf(err->file, sizeof err->file, "%s", path);
        err->line = line;
    }
    return code;
}

const char *file_reason(const pagu_ctx *ctx, int number)
{
    switch (number) {
    case ENOENT: return tr(ctx, "no such file or folder");
    case EACCES:
    case EPERM: return tr(ctx, "no permission for that");
    case EEXIST: return tr(ctx, "it exists already");
    case ENOTDIR: return tr(ctx, "a part of the path is no folder");
    case EISDIR: return tr(ctx, "it is a folder");
    case ENOTEMPTY: return tr(ctx, "the folder is not empty");
    case ENOSPC:
    case EDQUOT: return tr(ctx, "no space left");
    case EFBIG: return tr(ctx, "the file would be too large");
    case EROFS: return tr(ctx, "it can only be read");
    case EMFILE:
    case ENFILE: return tr(ctx, "too many open files");
    case ENAMETOOLONG: return tr(ctx, "the name is too long");
    case ELOOP: return tr(ctx, "links lead in a circle");
    case EIO: return tr(ctx, "the device reports an error");
    case EBUSY:
    case ETXTBSY: return tr(ctx, "it is in use");
    default: return strerror(number);
    }
}

static pagu_code err_system(pagu_ctx *ctx, pagu_error *err, const char *path, int number)
{
    bool absent = number == ENOENT || number == ENOTDIR;
    pagu_code code = err_set(ctx, err, absent ? PAGU_NOT_FOUND : PAGU_IO, "%s: %s", path, file_reason(ctx, number));
    return err_in_file(err, code, path, 0);
}

char *path_join(pagu_ctx *ctx, const char *folder, const char *name)
{
    size_t n = strlen(folder), m = strlen(name);
    size_t slash = n > 0 && folder[n - 1] != '/';
    char *path = mem_alloc(ctx, n + slash + m + 1);
    if (!path)
        return NULL;
    memcpy(path, folder, n);
    if (slash)
        path[n] = '/';
    memcpy(path + n + slash, name, m + 1);
    return path;
}

/* ---- reading ---- */

static pagu_code err_too_long(pagu_ctx *ctx, const char *path, size_t limit, pagu_error *err)
{
    pagu_code code = err_set(ctx, err, PAGU_LIMIT, "%s: larger than the limit of %zu bytes", path, limit);
    return err_in_file(err, code, path, 0);
}

/* Opened without blocking and looked at before reading, so that a FIFO or a device given
 * as a package can't hang the program. */
pagu_code file_open(pagu_ctx *ctx, const char *path, size_t limit, file_stream *out, pagu_error *err)
{
    limit = limit ? limit : default_limit;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return err_system(ctx, err, path, errno);
    struct stat st;
    pagu_code code = PAGU_OK;
    if (fstat(fd, &st) != 0)
        code = err_system(ctx, err, path, errno);
    else if (!S_ISREG(st.st_mode))
        code = err_in_file(err, err_set(ctx, err, PAGU_IO, "%s: not a regular file", path), path, 0);
    else if ((uint64_t)st.st_size > limit)
        code = err_too_long(ctx, path, limit, err);
    if (code != PAGU_OK) {
        close(fd);
        return code;
    }
    *out = (file_stream){ .ctx = ctx, .path = path, .fd = fd, .size = (size_t)st.st_size, .left = limit };
    return PAGU_OK;
}

pagu_code file_next(file_stream *in, char *to, size_t room, size_t *got, pagu_error *err)
{
    ssize_t n;
    do
        n = read(in->fd, to, room);
    while (n < 0 && errno == EINTR);
    *got = 0;
    if (n < 0)
        return err_system(in->ctx, err, in->path, errno);
    if ((size_t)n > in->left)
        return err_too_long(in->ctx, in->path, in->left, err);
    in->left -= (size_t)n;
    *got = (size_t)n;
    return PAGU_OK;
}

void file_close(file_stream *in)
{
    close(in->fd);
}

static bool resize(pagu_ctx *ctx, char **bytes, size_t *cap, size_t to)
{
    char *resized = mem_realloc(ctx, *bytes, *cap, to);
    if (!resized)
        return false;
    *bytes = resized;
    *cap = to;
    return true;
}

static pagu_code read_to_end(file_stream *in, char **bytes, size_t *cap, size_t *len, pagu_error *err)
{
    for (size_t got = 1; got > 0; *len += got) {
        if (*len == *cap && !resize(in->ctx, bytes, cap, *cap * 2)) /* it grew since fstat */
            return err_memory(in->ctx, err);
        pagu_code code = file_next(in, *bytes + *len, *cap - *len, &got, err);
        if (code != PAGU_OK)
            return code;
    }
    if (*cap != *len + 1 && !resize(in->ctx, bytes, cap, *len + 1))
        return err_memory(in->ctx, err);
    (*bytes)[*len] = '\0';
    return PAGU_OK;
}

pagu_code file_read(pagu_ctx *ctx, const char *path, size_t limit, char **bytes, size_t *len, pagu_error *err)
{
    file_stream in;
    pagu_code code = file_open(ctx, path, limit, &in, err);
    if (code != PAGU_OK)
        return code;
    size_t cap = in.size + 1; /* one byte more tells that the file has ended */
    char *read_in = mem_alloc(ctx, cap);
    *len = 0;
    code = read_in ? read_to_end(&in, &read_in, &cap, len, err) : err_memory(ctx, err);
    file_close(&in);
    if (code == PAGU_OK)
        *bytes = read_in;
    else
        mem_free(ctx, read_in, cap);
    return code;
}

pagu_code pagu_read_all(pagu_ctx *ctx, const char *path, size_t limit, pagu_text *out, pagu_error *err)
{
    char *bytes;
    size_t len;
    pagu_code code = file_read(ctx, path, limit, &bytes, &len, err);
    if (code != PAGU_OK)
        return code;
    if (pagu_text_append(out, bytes, len) != PAGU_OK)
        code = err_memory(ctx, err);
    mem_free(ctx, bytes, len + 1);
    return code;
}

/* ---- writing ---- */

static char *copy_string(pagu_ctx *ctx, const char *s, size_t *size)
{
    *size = strlen(s) + 1;
    char *copy = mem_alloc(ctx, *size);
    if (copy)
        memcpy(copy, s, *size);
    return copy;
}

static void forget(pagu_ctx *ctx, staged_file *file)
{
    mem_free(ctx, file->path, file->path_size);
    mem_free(ctx, file->temp, file->temp_size);
    *file = (staged_file){ 0 };
}

void file_discard(pagu_ctx *ctx, staged_file *file)
{
    if (file->temp)
        unlink(file->temp);
    forget(ctx, file);
}

/* Open ".NAME.tmp.PID.N" beside the target; a name in use belongs to someone else. */
static int open_temp(staged_file *file)
{
    const char *slash = strrchr(file->path, '/');
    int folder = slash ? (int)(slash - file->path) + 1 : 0;
    const char *name = file->path + folder;
    for (int n = 0; n < 1000; n++) {
        snprintf(file->temp, file->temp_size, "%.*s.%s.tmp.%ld.%d", folder, file->path, name, (long)getpid(), n);
        int fd = open(file->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static int write_whole(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/* A replaced file keeps its mode. */
static void keep_mode(int fd, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
        (void)!fchmod(fd, st.st_mode & 07777);
}

/* 0 or errno. A failed fsync is never tried again: the kernel has dropped the pages. */
static int fill_temp(int fd, const char *path, const char *bytes, size_t len)
{
    keep_mode(fd, path);
    int number = write_whole(fd, bytes, len);
    if (number == 0 && fsync(fd) != 0)
        number = errno;
    if (close(fd) != 0 && number == 0)
        number = errno;
    return number;
}

pagu_code file_stage(pagu_ctx *ctx, const char *path, const char *bytes, size_t len, staged_file *out, pagu_error *err)
{
    staged_file file = { 0 };
    file.path = copy_string(ctx, path, &file.path_size);
    file.temp_size = strlen(path) + 40;
    file.temp = mem_alloc(ctx, file.temp_size);
    if (!file.path || !file.temp) {
        forget(ctx, &file);
        return err_memory(ctx, err);
    }
    int fd = open_temp(&file);
    int number = fd < 0 ? errno : fill_temp(fd, path, bytes, len);
    if (number != 0) {
        if (fd >= 0)
            unlink(file.temp);
        forget(ctx, &file);
        return err_system(ctx, err, path, number);
    }
    *out = file;
    return PAGU_OK;
}

static int sync_folder_of(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int n = slash ? (int)(slash - path) + 1 : 2;
    if ((size_t)snprintf(folder, sizeof folder, "%.*s", n, slash ? path : "./") >= sizeof folder)
        return ENAMETOOLONG;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int number = fsync(fd) == 0 || errno == EINVAL ? 0 : errno; /* some file systems can't sync folders */
    close(fd);
    return number;
}

pagu_code file_commit(pagu_ctx *ctx, staged_file *file, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    if (rename(file->temp, file->path) != 0) {
        code = err_system(ctx, err, file->path, errno);
        unlink(file->temp);
    } else {
        int number = sync_folder_of(file->path);
        if (number != 0)
            code = err_system(ctx, err, file->path, number);
    }
    forget(ctx, file);
    return code;
}

pagu_code pagu_write_atomic(pagu_ctx *ctx, const char *path, const char *bytes, size_t len, pagu_error *err)
{
    staged_file file;
    pagu_code code = file_stage(ctx, path, bytes, len, &file, err);
    return code == PAGU_OK ? file_commit(ctx, &file, err) : code;
}
