/* repl_plain.c - entries by getline, for pipes and dumb terminals.
 * SPDX-License-Identifier: MIT */
#include "host/editor.h"
#include "host/interrupt.h"
#include "host/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct plain_editor {
    editor base;
    char *line, *entry;
    size_t line_size, entry_size;
} plain_editor;

static bool append_line(plain_editor *p, size_t *len, size_t n)
{
    if (*len + n + 1 > p->entry_size) {
        size_t size = 2 * (*len + n + 1);
        char *grown = realloc(p->entry, size);
        if (!grown)
            return false;
        p->entry = grown;
        p->entry_size = size;
    }
    memcpy(p->entry + *len, p->line, n);
    *len += n;
    p->entry[*len] = '\0';
    return true;
}

static void prompt(bool first)
{
    if (!terminal_is(stdin))
        return;
    fputs(first ? "pagu> " : "    > ", stderr);
    fflush(stderr);
}

static entry_kind plain_read(editor *e, const char **out, size_t *len)
{
    plain_editor *p = (plain_editor *)e;
    ssize_t n;
    *len = 0;
    for (;;) {
        prompt(*len == 0);
        errno = 0;
        n = getline(&p->line, &p->line_size, stdin);
        if (n < 0 && interrupt_pending() != INTERRUPT_NONE) {
            clearerr(stdin);
            fputc('\n', stderr);
            return ENTRY_CANCELLED;
        }
        if (n < 0 && *len == 0)
            return ENTRY_END;
        if (n >= 0 && !append_line(p, len, (size_t)n))
            return ENTRY_END;
        *out = p->entry;
        if (n < 0 || e->hooks.is_complete(e->hooks.ud, p->entry, *len))
            break;
    }
    while (*len > 0 && (p->entry[*len - 1] == '\n' || p->entry[*len - 1] == '\r'))
        p->entry[--*len] = '\0';
    return ENTRY_TEXT;
}

static void plain_remember(editor *e, const char *entry)
{
    (void)e;
    (void)entry;
}

static void plain_close(editor *e)
{
    plain_editor *p = (plain_editor *)e;
    free(p->line);
    free(p->entry);
    free(p);
}

editor *editor_open_plain(const editor_hooks *hooks, pagu_lang lang)
{
    plain_editor *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->base = (editor){ *hooks, lang, plain_read, plain_remember, plain_close };
    return &p->base;
}
