/* traceback.c - error values to one line: "script.lua:12: message".
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "host/host_struct.h"
#include "host/interrupt.h"
#include "host/lua_message.h"

#include <stdio.h>
#include <string.h>

/* Chunks of the built-in Lua library are named "=pagu/…"; analysts want their own line. */
static bool is_embedded(const lua_Debug *ar)
{
    return strncmp(ar->source, "=pagu/", 6) == 0;
}

/* error { message = "…" } of a script: as good as a text. */
static bool get_message(lua_State *L, pagu_error *err)
{
    if (lua_type(L, 1) != LUA_TTABLE)
        return false;
    lua_pushliteral(L, "message");
    bool found = lua_rawget(L, 1) == LUA_TSTRING;
    if (found) {
        memset(err, 0, sizeof *err);
        err->code = PAGU_ARGUMENT;
        snprintf(err->message, sizeof err->message, "%s", lua_tostring(L, -1));
    }
    return found;
}

int traceback_note(lua_State *L)
{
    host *h = host_of(L);
    lua_Debug ar;
    h->place[0] = '\0';
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline <= 0 || is_embedded(&ar))
            continue;
        snprintf(h->place, sizeof h->place, "%s:%d", ar.short_src, ar.currentline);
        break;
    }
    h->engine = bind_get_error(L, 1, &h->error) || get_message(L, &h->error);
    lua_settop(L, 1);
    return 1;
}

/* True if the text already starts with "name:12: ". */
static bool has_place(const char *s)
{
    const char *colon = strstr(s, ": ");
    if (!colon || colon == s)
        return false;
    const char *digit = colon;
    while (digit > s && digit[-1] >= '0' && digit[-1] <= '9')
        digit--;
    return digit < colon && digit > s && digit[-1] == ':';
}

static void compose(char *out, size_t size, const char *place, const char *message)
{
    if (place[0] && !has_place(message))
        snprintf(out, size, "%s: %s", place, message);
    else
        snprintf(out, size, "%s", message);
    for (char *c = out; *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
}

/* An error of the engine knows its code, node, field, and the line that caused it. */
static host_status describe_engine(const host *h, pagu_error *err)
{
    char place[sizeof err->file + 16];
    const pagu_error *e = &h->error;
    snprintf(place, sizeof place, "%s", h->place);
    if (e->file[0] && e->line > 0)
        snprintf(place, sizeof place, "%s:%d", e->file, e->line);
    *err = *e;
    compose(err->message, sizeof err->message, place, e->message);
    return e->code == PAGU_NO_MEMORY ? HOST_MEMORY : e->code == PAGU_INTERRUPTED ? HOST_INTERRUPTED : HOST_SCRIPT;
}

static host_status describe_limit(host *h, host_status status, pagu_code code, const char *message, pagu_error *err)
{
    err->code = code;
    compose(err->message, sizeof err->message, h->place[0] ? h->place : h->script, message);
    return status;
}

host_status traceback_describe(host *h, int lua_status, pagu_error *err)
{
    lua_State *L = h->L;
    pagu_lang lang = host_lang(h);
    bool failed = lua_status != LUA_OK;
    memset(err, 0, sizeof *err);
    if (interrupt_pending() == INTERRUPT_TIME)
        return describe_limit(h, HOST_TIME, PAGU_LIMIT, pick(lang, "batas waktu terlampaui", "the time limit was met"),
                              err);
    if (interrupt_pending() == INTERRUPT_USER)
        return describe_limit(h, HOST_INTERRUPTED, PAGU_INTERRUPTED, pick(lang, "dihentikan", "interrupted"), err);
    const char *text = failed && lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    if (lua_status == LUA_ERRMEM || (text && strcmp(text, "not enough memory") == 0))
        return describe_limit(h, HOST_MEMORY, PAGU_NO_MEMORY,
                              pick(lang, "batas memori terlampaui", "the memory limit was met"), err);
    if (failed && h->engine)
        return describe_engine(h, err);
    err->code = PAGU_ARGUMENT;
    char made[sizeof err->message];
    if (text && lang == PAGU_LANG_ID) {
        lua_message_translate(text, made, sizeof made);
        text = made;
    } else if (!text && lua_type(L, -1) == LUA_TNUMBER) {
        snprintf(made, sizeof made, "%.14g", lua_tonumber(L, -1));
        text = made;
    } else if (!text) {
        snprintf(made, sizeof made, pick(lang, "galat berupa nilai %s", "the error is a %s value"),
                 luaL_typename(L, -1));
        text = made;
    }
    compose(err->message, sizeof err->message, h->usage ? "" : h->place[0] ? h->place : h->script, text);
    return h->usage ? HOST_USAGE : HOST_SCRIPT;
}
