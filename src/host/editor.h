/* editor.h - reading entries at the prompt: with libedit on a terminal, else line by line.
 *
 * An entry is whole Lua: reading goes on over lines until `is_complete` says so.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_EDITOR_H
#define PAGU_SRC_EDITOR_H

#include "pagu/context.h"

/* What may stand before the cursor: the bytes from `from` on are replaced. */
typedef struct completion {
    char *text;  /* what is inserted */
    char *label; /* shown beside it: a node's name; "" for none */
} completion;
typedef struct completions {
    completion *items;
    size_t n, cap;
    size_t from;
    size_t left_out; /* found, but too many to keep */
} completions;
/* Copies; silently drops what does not fit in memory or repeats the last one. */
void completions_add(completions *c, const char *text, const char *label);
void completions_sort(completions *c);
void completions_free(completions *c);

typedef struct editor_hooks {
    bool (*is_complete)(void *ud, const char *text, size_t len);
    void (*complete)(void *ud, const char *line, size_t cursor, completions *out);
    void *ud;
} editor_hooks;

typedef enum entry_kind { ENTRY_TEXT, ENTRY_CANCELLED, ENTRY_END } entry_kind;

typedef struct editor editor;
struct editor {
    editor_hooks hooks;
    pagu_lang lang;
    /* *out: the entry without its last newline, valid until the next read. */
    entry_kind (*read)(editor *e, const char **out, size_t *len);
    void (*remember)(editor *e, const char *entry);
    void (*close)(editor *e);
};

/* repl_edit.c: NULL if the terminal can't. history: file, or NULL. */
editor *editor_open_terminal(const editor_hooks *hooks, pagu_lang lang, const char *history);
/* repl_plain.c: getline; a prompt on stderr only if stdin is a terminal. NULL: no memory. */
editor *editor_open_plain(const editor_hooks *hooks, pagu_lang lang);

/* ---- repl_history.c: one entry a line, \n and \\ escaped; written at once ---- */

/* File of a plan's history, folders made: $XDG_STATE_HOME/pagu/history-<hash>. false: none. */
bool history_path(const char *plan_path, char *out, size_t size);
/* Call f for each entry of the file, oldest first. */
void history_load(const char *path, void (*f)(void *ud, const char *entry), void *ud);
void history_append(const char *path, const char *entry);

#endif
