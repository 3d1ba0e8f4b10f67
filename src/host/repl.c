/* repl.c - see repl.h.
 * SPDX-License-Identifier: MIT */
#include "host/repl.h"

#include "bind/bind.h"
#include "host/editor.h"
#include "host/interrupt.h"
#include "host/repl_complete.h"
#include "host/repl_help.h"
#include "host/sandbox.h"
#include "host/scratch.h"
#include "host/script.h"
#include "host/terminal.h"
#include "host/values.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

typedef struct session {
    host *h;
    editor *e;
    const char *text; /* what a protected call works on */
    size_t len;
    completions *found;
    bool fixed_width;
    bool complete;
    bool broken; /* stdout takes no more */
} session;

/* ---- is the entry whole? ---- */

static bool ends_at_eof(lua_State *L)
{
    size_t len;
    const char *message = lua_tolstring(L, -1, &len);
    return message && len >= 5 && strcmp(message + len - 5, "<eof>") == 0;
}

/* Unfinished: neither loads, and one of "return …" and "…" fails only because it ends. */
static int test_complete(lua_State *L)
{
    session *r = lua_touserdata(L, 1);
    if (script_load_text(L, r->text, r->len, "repl") == LUA_OK)
        return 0;
    bool open = ends_at_eof(L);
    lua_pushliteral(L, "return ");
    lua_pushlstring(L, r->text, r->len);
    lua_concat(L, 2);
    size_t len;
    const char *expression = lua_tolstring(L, -1, &len);
    open |= sandbox_load(L, expression, len, "=repl") != LUA_OK && ends_at_eof(L);
    r->complete = !open;
    return 0;
}

static bool is_complete(void *ud, const char *text, size_t len)
{
    session *r = ud;
    r->text = text;
    r->len = len;
    r->complete = true;
    host_call(r->h, test_complete, r, NULL);
    return r->complete;
}

/* ---- completion ---- */

static int find_completions(lua_State *L)
{
    session *r = lua_touserdata(L, 1);
    repl_complete(L, r->text, r->len, r->found);
    return 0;
}

static void complete(void *ud, const char *line, size_t cursor, completions *out)
{
    session *r = ud;
    r->text = line;
    r->len = cursor;
    r->found = out;
    host_call(r->h, find_completions, r, NULL);
}

/* ---- running an entry ---- */

static int run_entry(lua_State *L)
{
    session *r = lua_touserdata(L, 1);
    int base = lua_gettop(L);
    if (!r->fixed_width && terminal_is(stdout))
        bind_set_width(L, (uint32_t)terminal_columns());
    if (script_load_text(L, r->text, r->len, "repl") != LUA_OK)
        return lua_error(L);
    lua_call(L, 0, LUA_MULTRET);
    int top = lua_gettop(L);
    if (top == base)
        return 0;
    luaL_checkstack(L, 40, NULL);
    lua_pushvalue(L, base + 1);
    script_set_global(L, "_");
    pagu_text *out = scratch_text(L);
    values_list(L, base + 1, top, true, out);
    r->broken = !terminal_page(pagu_text_data(out), pagu_text_len(out), host_lang(r->h));
    return 0;
}

static void print_error(const pagu_error *err)
{
    bool colour = terminal_has_colour(stderr);
    fflush(stdout);
    fputs(colour ? "\033[31m" : "", stderr);
    terminal_write(stderr, err->message, strlen(err->message));
    fputs(colour ? "\033[0m\n" : "\n", stderr);
}

static bool run(session *r, const char *text, size_t len)
{
    pagu_error err;
    r->text = text;
    r->len = len;
    host_status status = host_call(r->h, run_entry, r, &err);
    if (status == HOST_MEMORY)
        lua_gc(host_lua(r->h), LUA_GCCOLLECT);
    if (status != HOST_OK)
        print_error(&err);
    fflush(stdout);
    return status == HOST_OK;
}

/* ---- the loop ---- */

static bool is_blank(const char *s)
{
    return s[strspn(s, " \t\r\n")] == '\0';
}

static bool is_farewell(const char *s)
{
    static const char *const words[] = { "exit", "quit", "keluar", "exit()", "quit()" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], s) == 0)
            return true;
    return false;
}

static int loop(session *r)
{
    const char *entry;
    size_t len;
    int failed = 0;
    while (!r->broken) {
        interrupt_clear();
        entry_kind kind = r->e->read(r->e, &entry, &len);
        interrupt_clear();
        if (kind == ENTRY_END || (kind == ENTRY_TEXT && is_farewell(entry)))
            break;
        if (kind == ENTRY_CANCELLED || is_blank(entry))
            continue;
        r->e->remember(r->e, entry);
        failed += !run(r, entry, len);
    }
    interrupt_clear();
    return failed;
}

static int set_help(lua_State *L)
{
    sandbox_push_base(L);
    lua_pushcfunction(L, repl_help);
    lua_setfield(L, -2, "help");
    return 0;
}

static void greet(const host *h, const char *banner)
{
    if (!banner || !terminal_is(stdin))
        return;
    terminal_write(stderr, banner, strlen(banner));
    fputs(pick(host_lang(h), "\nhelp() menjelaskan, Ctrl-D keluar.\n", "\nhelp() explains, Ctrl-D leaves.\n"), stderr);
}

static editor *open_editor(session *r, const repl_options *o)
{
    editor_hooks hooks = { is_complete, complete, r };
    const char *term = getenv("TERM");
    char history[PATH_MAX];
    editor *e = NULL;
    bool able = terminal_is(stdin) && terminal_is(stdout) && term && *term && strcmp(term, "dumb") != 0;
    if (able && !o->no_edit) {
        if (!setlocale(LC_CTYPE, "C.UTF-8")) /* libedit reads characters by the locale; only this category */
            setlocale(LC_CTYPE, "");
        bool kept = history_path(o->plan_path, history, sizeof history);
        e = editor_open_terminal(&hooks, host_lang(r->h), kept ? history : NULL);
    }
    return e ? e : editor_open_plain(&hooks, host_lang(r->h));
}

int repl_run(host *h, const repl_options *options)
{
    session r = { .h = h, .fixed_width = options->fixed_width };
    pagu_error err;
    if (host_call(h, set_help, NULL, &err) != HOST_OK || !(r.e = open_editor(&r, options)))
        return 1;
    greet(h, options->banner);
    int failed = loop(&r);
    r.e->close(r.e);
    return failed;
}
