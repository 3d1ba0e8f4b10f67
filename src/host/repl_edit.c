/* repl_edit.c - entries with libedit's own API: an entry is edited as a whole, Enter adds a
 * line while it is unfinished; TAB completes; history is saved at once.
 * SPDX-License-Identifier: MIT */
#include "host/editor.h"
#include "host/host.h"
#include "host/interrupt.h"
#include "host/terminal.h"

#include <errno.h>
#include <histedit.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { SHOWN = 40 };

typedef struct terminal_editor {
    editor base;
    EditLine *el;
    History *history;
    char path[PATH_MAX]; /* of the history file, or "" */
    char *entry;
} terminal_editor;

static terminal_editor *self_of(EditLine *el)
{
    void *self = NULL;
    el_get(el, EL_CLIENTDATA, &self);
    return self;
}

static char *prompt(EditLine *el)
{
    static char text[] = "pagu> ";
    (void)el;
    return text;
}

/* ---- keys ---- */

/* Enter: finish, or go on with the next line. ed-newline itself goes to the bottom of the entry
 * and ends the buffer properly, so it is pushed as a key of its own. */
static unsigned char on_enter(EditLine *el, int key)
{
    static char newline_key[] = "\034";
    terminal_editor *t = self_of(el);
    const LineInfo *line = el_line(el);
    (void)key;
    if (t->base.hooks.is_complete(t->base.hooks.ud, line->buffer, (size_t)(line->lastchar - line->buffer))) {
        el_push(el, newline_key);
        return CC_NORM;
    }
    return el_insertstr(el, "\n") == 0 ? CC_REFRESH : CC_ERROR;
}

static size_t common_prefix(const completions *c)
{
    size_t n = strlen(c->items[0].text);
    for (size_t i = 1; i < c->n; i++) {
        size_t k = 0;
        while (k < n && c->items[i].text[k] == c->items[0].text[k])
            k++;
        n = k;
    }
    while (n > 0 && ((unsigned char)c->items[0].text[n] & 0xC0) == 0x80) /* not within a character */
        n--;
    return n;
}

/* Bytes of s that fit in so many columns, counting one a character. */
static int fitting(const char *s, int columns)
{
    int bytes = 0;
    for (; s[bytes]; bytes++)
        if (((unsigned char)s[bytes] & 0xC0) != 0x80 && columns-- == 0)
            break;
    return bytes;
}

static void list_candidates(const completions *c, pagu_lang lang)
{
    int columns = terminal_columns();
    putchar('\n');
    for (size_t i = 0; i < c->n && i < SHOWN; i++) {
        char line[512];
        int n = c->items[i].label[0] ? snprintf(line, sizeof line, "  %-18s  %s", c->items[i].text, c->items[i].label)
                                     : snprintf(line, sizeof line, "  %s", c->items[i].text);
        if (n > 0)
            terminal_write(stdout, line, (size_t)fitting(line, columns - 1));
        putchar('\n');
    }
    size_t more = c->left_out + (c->n > SHOWN ? c->n - SHOWN : 0);
    if (more)
        printf(pick(lang, "  … %zu lagi\n", "  … %zu more\n"), more);
    fflush(stdout);
}

static unsigned char on_tab(EditLine *el, int key)
{
    terminal_editor *t = self_of(el);
    const LineInfo *line = el_line(el);
    size_t cursor = (size_t)(line->cursor - line->buffer);
    completions c = { NULL, 0, 0, 0, 0 };
    unsigned char result = CC_ERROR;
    (void)key;
    t->base.hooks.complete(t->base.hooks.ud, line->buffer, cursor, &c);
    if (c.n > 0) {
        size_t typed = cursor - c.from, n = c.n == 1 && !c.left_out ? strlen(c.items[0].text) : common_prefix(&c);
        char *text = strndup(c.items[0].text, n);
        /* matches by name don't begin with what was typed: only a single one replaces it */
        bool begins = text && n >= typed && strncmp(line->buffer + c.from, text, typed) == 0;
        bool grows = text && (begins ? n > typed : c.n == 1);
        if (grows) {
            int characters = 0;
            for (size_t i = c.from; i < cursor; i++)
                characters += ((unsigned char)line->buffer[i] & 0xC0) != 0x80;
            el_deletestr(el, characters);
            result = el_insertstr(el, text) == 0 ? CC_REFRESH : CC_ERROR;
        } else if (c.n > 1) {
            list_candidates(&c, t->base.lang);
            result = CC_REDISPLAY;
        }
        free(text);
    }
    completions_free(&c);
    return result;
}

static void bind_keys(EditLine *el)
{
    el_set(el, EL_EDITOR, "emacs");
    /* wide: the narrow form copies the strings and never frees them */
    el_wset(el, EL_ADDFN, L"pagu-enter", L"Finish the entry or add a line", on_enter);
    el_wset(el, EL_ADDFN, L"pagu-complete", L"Complete", on_tab);
    el_set(el, EL_BIND, "^M", "pagu-enter", NULL);
    el_set(el, EL_BIND, "^J", "pagu-enter", NULL);
    el_set(el, EL_BIND, "^\\", "ed-newline", NULL);
    el_set(el, EL_BIND, "^I", "pagu-complete", NULL);
    el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(el, NULL);
}

/* ---- the editor ---- */

/* *n counts bytes; a Ctrl-C ends the read without a line. */
static entry_kind terminal_read(editor *e, const char **out, size_t *len)
{
    terminal_editor *t = (terminal_editor *)e;
    int n = 0;
    const char *line = el_gets(t->el, &n);
    if (!line || n <= 0) {
        bool cancelled = interrupt_pending() != INTERRUPT_NONE;
        fputs(cancelled ? "^C\n" : "\n", stdout);
        fflush(stdout);
        if (cancelled)
            el_reset(t->el);
        return cancelled ? ENTRY_CANCELLED : ENTRY_END;
    }
    free(t->entry);
    t->entry = strndup(line, (size_t)n);
    if (!t->entry)
        return ENTRY_END;
    *len = strlen(t->entry);
    while (*len > 0 && t->entry[*len - 1] == '\n')
        t->entry[--*len] = '\0';
    *out = t->entry;
    return ENTRY_TEXT;
}

static void enter_history(void *ud, const char *entry)
{
    terminal_editor *t = ud;
    HistEvent ev;
    history(t->history, &ev, H_ENTER, entry);
}

static void terminal_remember(editor *e, const char *entry)
{
    terminal_editor *t = (terminal_editor *)e;
    enter_history(t, entry);
    if (t->path[0])
        history_append(t->path, entry);
}

static void terminal_close(editor *e)
{
    terminal_editor *t = (terminal_editor *)e;
    if (t->el)
        el_end(t->el);
    if (t->history)
        history_end(t->history);
    free(t->entry);
    free(t);
}

editor *editor_open_terminal(const editor_hooks *hooks, pagu_lang lang, const char *path)
{
    HistEvent ev;
    terminal_editor *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->base = (editor){ *hooks, lang, terminal_read, terminal_remember, terminal_close };
    t->el = el_init("pagu", stdin, stdout, stderr);
    t->history = history_init();
    if (!t->el || !t->history) {
        terminal_close(&t->base);
        return NULL;
    }
    el_set(t->el, EL_CLIENTDATA, t);
    el_set(t->el, EL_PROMPT, prompt);
    el_set(t->el, EL_SIGNAL, 0);
    history(t->history, &ev, H_SETSIZE, 1000);
    history(t->history, &ev, H_SETUNIQUE, 1);
    el_set(t->el, EL_HIST, history, t->history);
    bind_keys(t->el);
    if (path) {
        snprintf(t->path, sizeof t->path, "%s", path);
        history_load(path, enter_history, t);
    }
    return &t->base;
}
