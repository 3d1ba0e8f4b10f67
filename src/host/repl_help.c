/* repl_help.c - see repl_help.h.
 * SPDX-License-Identifier: MIT */
#include "host/repl_help.h"

#include "host/host.h"
#include "host/repl_topics.h"
#include "host/sandbox.h"
#include "host/terminal.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

static void print_topic(const repl_topic *t, pagu_lang lang)
{
    printf("  %s\n      %s\n      %s: %s\n", t->form, pick(lang, t->id, t->en), pick(lang, "contoh", "example"),
           t->example);
}

/* The names of each group under its heading. */
static void print_names(pagu_lang lang)
{
    int column = 0;
    for (const repl_topic *t = repl_topics; t->names; t++) {
        if (!t->form) {
            printf("%s%s:\n ", column ? "\n" : "", pick(lang, t->id, t->en));
            column = 1;
            continue;
        }
        if (column + 1 + (int)strlen(t->names) > 96) {
            fputs("\n ", stdout);
            column = 1;
        }
        column += printf(" %s", t->names);
    }
    putchar('\n');
}

static void print_overview(pagu_lang lang)
{
    puts(pick(lang,
              "plan rencana (tidak berubah), s skenario di atasnya, pagu pustaka, _ hasil terakhir.\n"
              "Tulis ungkapan Lua untuk melihat nilainya; TAB melengkapi nama dan kode (juga dari nama\n"
              "kegiatan); Ctrl-C menghentikan hitungan, Ctrl-D keluar. Variabel tanpa local tetap ada.\n"
              "  plan:get(\"1.06\", \"budget\", 2024)\n"
              "  s[\"1.06.05\"].budget[2024] = pagu.juta(150)\n"
              "  pagu.compare(plan, s)\n"
              "help \"transfer\" menjelaskan satu kata, help \"geser\" mencari; yang ada:\n",
              "plan the plan (never changes), s a scenario on it, pagu the library, _ the last result.\n"
              "Type a Lua expression to see its value; TAB completes names and codes (also by names of\n"
              "nodes); Ctrl-C stops the computation, Ctrl-D leaves. Variables without local stay.\n"
              "  plan:get(\"1.06\", \"budget\", 2024)\n"
              "  s[\"1.06.05\"].budget[2024] = pagu.juta(150)\n"
              "  pagu.compare(plan, s)\n"
              "help \"transfer\" explains a word, help \"money\" searches; there are:\n"));
    print_names(lang);
}

static bool has_name(const repl_topic *t, const char *word)
{
    size_t len = strlen(word);
    for (const char *s = strstr(t->names, word); s; s = strstr(s + 1, word))
        if ((s == t->names || s[-1] == ' ') && (s[len] == ' ' || s[len] == '\0'))
            return true;
    return false;
}

/* In the reader's language, so that a search finds what it shows. */
static bool mentions(const repl_topic *t, const char *word, pagu_lang lang)
{
    return t->form &&
           (strcasestr(t->names, word) || strcasestr(t->form, word) || strcasestr(pick(lang, t->id, t->en), word));
}

static void print_about(const char *word, pagu_lang lang)
{
    int shown = 0;
    for (const repl_topic *t = repl_topics; t->names; t++)
        if (t->form && has_name(t, word) && ++shown)
            print_topic(t, lang);
    for (const repl_topic *t = repl_topics; t->names && shown <= 0; t++)
        if (mentions(t, word, lang)) {
            shown--;
            print_topic(t, lang);
        }
    if (shown == 0)
        puts(pick(lang, "tidak ada bantuan tentang itu; help() menyebut yang ada",
                  "no help on that; help() names what there is"));
}

/* The name of a method or function: searched in the classes and in pagu. */
static const char *name_of(lua_State *L, int table)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        if (lua_rawequal(L, -1, 1) && lua_type(L, -2) == LUA_TSTRING)
            return lua_tostring(L, -2);
        lua_pop(L, 1);
    }
    return NULL;
}

static const char *name_of_function(lua_State *L)
{
    static const char *const classes[] = { "pagu.scenario",  "pagu.view",   "pagu.plan",  "pagu.node",
                                           "pagu.selection", "pagu.column", "pagu.table", "pagu.findings" };
    const char *name = NULL;
    sandbox_push_base(L);
    lua_pushliteral(L, "pagu");
    if (lua_rawget(L, -2) == LUA_TTABLE)
        name = name_of(L, lua_gettop(L));
    for (size_t i = 0; !name && i < sizeof classes / sizeof *classes; i++) {
        lua_settop(L, 1);
        if (luaL_getmetatable(L, classes[i]) != LUA_TTABLE)
            continue;
        lua_pushliteral(L, "methods");
        if (lua_rawget(L, -2) == LUA_TTABLE)
            name = name_of(L, lua_gettop(L));
    }
    return name;
}

/* An object: what its methods are. */
static bool print_methods(lua_State *L, pagu_lang lang)
{
    if (lua_type(L, 1) != LUA_TUSERDATA || !lua_getmetatable(L, 1))
        return false;
    lua_pushliteral(L, "methods");
    if (lua_rawget(L, -2) != LUA_TTABLE)
        return false;
    printf("%s\n ", pick(lang, "metodenya:", "its methods:"));
    lib_push_pairs(L, lua_gettop(L));
    int it = lua_gettop(L) - 2;
    for (;;) {
        lua_pushvalue(L, it);
        lua_pushvalue(L, it + 1);
        lua_pushvalue(L, it + 2);
        lua_call(L, 2, 1);
        if (lua_isnil(L, -1))
            break;
        const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "_";
        if (*name != '_')
            printf(" %s", name);
        lua_replace(L, it + 2);
    }
    puts(pick(lang, "\nhelp \"nama\" menjelaskannya", "\nhelp \"name\" explains one"));
    return true;
}

int repl_help(lua_State *L)
{
    pagu_lang lang = host_lang(host_of(L));
    luaL_checkstack(L, 20, NULL);
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        print_overview(lang);
        return 0;
    }
    const char *word = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : NULL;
    if (!word && lua_isfunction(L, 1))
        word = name_of_function(L);
    else if (!word && print_methods(L, lang))
        return 0;
    print_about(word && *word ? word : "\n", lang);
    return 0;
}
