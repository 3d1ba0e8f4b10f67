/* sweep_store.h - the file that a sweep keeps its members in as they come, so that it can be gone on
 * with: JSON Lines, only ever appended to, whole lines at a time.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SWEEP_STORE_H
#define PAGU_SRC_SWEEP_STORE_H

#include "cli/cli.h"

typedef struct sweep_store {
    const cli *c;
    const char *path;
    int fd; /* -1: no store */
    unsigned unsynced;
    double synced;
    bool failed;
} sweep_store;

/* Open or make the file at path (NULL: no store) and lock it. What it holds goes to text, without a last
 * line that was torn, which is cut off the file. An exit code; EXIT_USAGE: there is something in it, and
 * resume wasn't asked for. */
int store_open(sweep_store *s, const cli *c, const char *path, bool resume, pagu_text *text);
/* Append a line; false after saying why it can't be written. */
bool store_append(sweep_store *s, const char *line, size_t len);
/* Make sure that what was appended lasts; false after saying why not. */
bool store_sync(sweep_store *s);
void store_close(sweep_store *s);

#endif
