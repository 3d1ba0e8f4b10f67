/* file.h - whole files: read at once, replaced whole or not at all.
 *
 * A staged file is written and synced under a temporary name in the target's folder, and
 * takes the target's name at commit. Several files are staged before the first is
 * committed, so that a full disk leaves every old file as it was.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_FILE_H
#define PAGU_SRC_FILE_H

#include "base/base.h"

/* Read a regular file (limit 0: 1 GiB) into *bytes, with a NUL behind; free with
 * mem_free(ctx, bytes, len + 1). */
pagu_code file_read(pagu_ctx *ctx, const char *path, size_t limit, char **bytes, size_t *len, pagu_error *err);

/* A regular file read piece by piece; `path` is borrowed. */
typedef struct file_stream {
    pagu_ctx *ctx;
    const char *path;
    int fd;
    size_t size; /* when it was opened */
    size_t left; /* of the limit */
} file_stream;

/* Errors as file_read. */
pagu_code file_open(pagu_ctx *ctx, const char *path, size_t limit, file_stream *out, pagu_error *err);
/* Up to `room` bytes; *got 0: the file has ended. */
pagu_code file_next(file_stream *in, char *to, size_t room, size_t *got, pagu_error *err);
void file_close(file_stream *in);

typedef struct staged_file {
    char *path, *temp; /* NULL when nothing is staged */
    size_t path_size, temp_size;
} staged_file;

pagu_code file_stage(pagu_ctx *ctx, const char *path, const char *bytes, size_t len, staged_file *out, pagu_error *err);
/* Rename into place and sync the folder. Frees the record in every case. */
pagu_code file_commit(pagu_ctx *ctx, staged_file *file, pagu_error *err);
/* Remove the temporary file; a record without one is allowed. */
void file_discard(pagu_ctx *ctx, staged_file *file);

/* Name the file in an error that an inner function filled. */
pagu_code err_in_file(pagu_error *err, pagu_code code, const char *path, int line);

/* What errno says, in the language of the context where we know it. */
const char *file_reason(const pagu_ctx *ctx, int number);
/* folder + "/" + name, or name itself when folder is ""; free with strlen + 1. */
char *path_join(pagu_ctx *ctx, const char *folder, const char *name);

#endif
