/* params.c - see params.h.
 * SPDX-License-Identifier: MIT */
#include "host/params.h"

#include "bind/bind.h"
#include "bind/guess.h"
#include "host/host.h"
#include "host/sandbox.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int bad(lua_State *L, const char *id, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    lua_pushvfstring(L, host_lang(host_of(L)) == PAGU_LANG_EN ? en : id, args);
    va_end(args);
    return host_usage_error(L);
}

/* ---- numbers ---- */

/* "7", "-7", "7.5" as Lua would; not "1.000", which may be a thousand. */
static bool read_plain(lua_State *L, const char *s)
{
    const char *dot = strchr(s, '.');
    size_t places = dot ? strlen(dot + 1) : 0;
    if (s[strspn(s, "+-0123456789.")] != '\0' || (dot && places == 3))
        return false;
    return lua_stringtonumber(L, s) != 0;
}

/* "7,5": a decimal comma. */
static bool read_comma(lua_State *L, const char *s)
{
    char copy[64];
    const char *comma = strchr(s, ',');
    size_t len = strlen(s);
    if (!comma || strlen(comma + 1) == 3 || len >= sizeof copy || s[strspn(s, "+-0123456789,")] != '\0')
        return false;
    memcpy(copy, s, len + 1);
    copy[comma - s] = '.';
    return lua_stringtonumber(L, copy) != 0;
}

/* "1,5 M", "750 jt", "1.234.567": an amount as printed. */
static bool read_amount(lua_State *L, const char *s)
{
    pagu_money m;
    if (pagu_money_parse(bind_ctx(L), s, PAGU_LOCALE_PLAIN, 0, &m, NULL) != PAGU_OK)
        return false;
    lua_pushinteger(L, m);
    return true;
}

static void push_number(lua_State *L, const char *name, const char *value)
{
    if (!read_plain(L, value) && !read_comma(L, value) && !read_amount(L, value))
        bad(L, "--param %s=%s: bukan angka, atau angka yang bermakna ganda",
            "--param %s=%s: not a number, or one that can be read in two ways", name, value);
}

static void push_boolean(lua_State *L, const char *name, const char *value)
{
    static const char *const yes[] = { "true", "ya", "yes", "1" }, *const no[] = { "false", "tidak", "no", "0" };
    for (int i = 0; i < 4; i++)
        if (strcmp(value, yes[i]) == 0 || strcmp(value, no[i]) == 0) {
            lua_pushboolean(L, strcmp(value, yes[i]) == 0);
            return;
        }
    bad(L, "--param %s=%s: isi ya atau tidak", "--param %s=%s: say yes or no", name, value);
}

/* ---- the declaration ---- */

/* Push declaration.field; a plain value stands for {default = value}. */
static int get_field(lua_State *L, int decl, const char *field)
{
    if (lua_type(L, decl) == LUA_TTABLE) {
        lua_pushstring(L, field);
        return lua_rawget(L, decl);
    }
    if (strcmp(field, "default") == 0)
        lua_pushvalue(L, decl);
    else
        lua_pushnil(L);
    return lua_type(L, -1);
}

static const char *unit_of(lua_State *L, int decl)
{
    const char *unit = get_field(L, decl, "unit") == LUA_TSTRING ? lua_tostring(L, -1) : "";
    lua_pop(L, 1); /* the table keeps it */
    return unit;
}

/* The value at the top lies within min … max. */
static void check_range(lua_State *L, int decl, const char *name)
{
    int value = lua_gettop(L);
    if (get_field(L, decl, "min") == LUA_TNUMBER && lua_compare(L, value, -1, LUA_OPLT))
        bad(L, "--param %s=%s: paling sedikit %s %s", "--param %s=%s: at least %s %s", name,
            lib_tostring(L, value, NULL), lib_tostring(L, value + 1, NULL), unit_of(L, decl));
    if (get_field(L, decl, "max") == LUA_TNUMBER && lua_compare(L, -1, value, LUA_OPLT))
        bad(L, "--param %s=%s: paling banyak %s %s", "--param %s=%s: at most %s %s", name, lib_tostring(L, value, NULL),
            lib_tostring(L, value + 2, NULL), unit_of(L, decl));
    lua_settop(L, value);
}

/* Of the default; without one a bound makes it a number. */
static int type_of(lua_State *L, int decl)
{
    int top = lua_gettop(L);
    int type = get_field(L, decl, "default");
    if (type == LUA_TNIL)
        type = get_field(L, decl, "min") == LUA_TNUMBER || get_field(L, decl, "max") == LUA_TNUMBER ? LUA_TNUMBER
                                                                                                    : LUA_TSTRING;
    lua_settop(L, top);
    return type;
}

static void push_given(lua_State *L, int decl, const char *name, const char *value)
{
    int type = type_of(L, decl);
    if (type == LUA_TNUMBER) {
        push_number(L, name, value);
        check_range(L, decl, name);
    } else if (type == LUA_TBOOLEAN) {
        push_boolean(L, name, value);
    } else {
        lua_pushstring(L, value);
    }
}

/* The last "name=…" given, or NULL. */
static const char *find_given(const char *name, const char *const *given, size_t n)
{
    size_t len = strlen(name);
    for (size_t i = n; i-- > 0;)
        if (strncmp(given[i], name, len) == 0 && given[i][len] == '=')
            return given[i] + len + 1;
    return NULL;
}

static int unknown(lua_State *L, int decls, const char *name)
{
    guess g;
    guess_start(&g, name);
    lua_pushliteral(L, "");
    int list = lua_gettop(L);
    if (lua_type(L, decls) == LUA_TTABLE) {
        lib_push_pairs(L, decls);
        while (lua_pushvalue(L, list + 1), lua_pushvalue(L, list + 2), lua_pushvalue(L, list + 3), lua_call(L, 2, 1),
               lua_type(L, -1) != LUA_TNIL) {
            lua_replace(L, list + 3);
            if (lua_type(L, list + 3) != LUA_TSTRING)
                continue;
            const char *known = lua_tostring(L, list + 3);
            guess_offer(&g, known);
            lua_pushfstring(L, "%s%s%s", lua_tostring(L, list), *lua_tostring(L, list) ? ", " : "", known);
            lua_replace(L, list);
        }
    }
    const char *all = lua_tostring(L, list);
    if (!*all)
        return bad(L, "skrip ini tidak punya parameter, jadi --param %s tidak dapat dipakai",
                   "this script has no parameters, so --param %s can't be used", name);
    if (g.best[0])
        return bad(L, "tidak ada parameter '%s'; maksud Anda '%s'? Yang ada: %s",
                   "no parameter '%s'; did you mean '%s'? There are: %s", name, g.best, all);
    return bad(L, "tidak ada parameter '%s'; yang ada: %s", "no parameter '%s'; there are: %s", name, all);
}

static void check_given(lua_State *L, int decls, const char *const *given, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *equals = strchr(given[i], '=');
        if (!equals || equals == given[i])
            bad(L, "--param %s: tulis nama=nilai", "--param %s: write name=value", given[i]);
        const char *name = lua_pushlstring(L, given[i], (size_t)(equals - given[i]));
        bool known = false;
        if (lua_type(L, decls) == LUA_TTABLE) {
            lua_pushvalue(L, -1);
            known = lua_rawget(L, decls) != LUA_TNIL;
            lua_pop(L, 1);
        }
        if (!known)
            unknown(L, decls, name);
        lua_pop(L, 1);
    }
}

void params_push(lua_State *L, int idx, const char *const *given, size_t n_given)
{
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 20, NULL);
    check_given(L, idx, given, n_given);
    lua_newtable(L);
    int out = lua_gettop(L);
    if (lua_type(L, idx) != LUA_TTABLE)
        return;
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        int decl = lua_gettop(L);
        if (lua_type(L, decl - 1) != LUA_TSTRING)
            luaL_error(L, pick(host_lang(host_of(L)), "params harus tabel nama = {default = …}",
                               "params must be a table of name = {default = …}"));
        const char *name = lua_tostring(L, decl - 1);
        const char *value = find_given(name, given, n_given);
        if (value)
            push_given(L, decl, name, value);
        else if (get_field(L, decl, "default") == LUA_TNIL)
            bad(L, "--param %s=… wajib diisi", "--param %s=… is required", name);
        lua_pushvalue(L, decl - 1);
        lua_insert(L, -2);
        lua_rawset(L, out);
        lua_settop(L, decl - 1);
    }
}

/* A value as people write it: "6.000.000.000", "3,5", "ya"; small whole numbers may be years. */
static const char *push_value_text(lua_State *L, int value)
{
    pagu_lang lang = host_lang(host_of(L));
    pagu_locale locale = lang == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
    char text[400] = "";
    lua_Integer i = lua_isinteger(L, value) ? lua_tointeger(L, value) : 0;
    if (i >= 10000 || i <= -10000)
        pagu_money_format(text, sizeof text, i, locale, 0);
    else if (lua_type(L, value) == LUA_TNUMBER && !lua_isinteger(L, value))
        pagu_number_format(text, sizeof text, lua_tonumber(L, value), locale, -1);
    if (*text)
        lua_pushstring(L, text);
    else if (lua_isboolean(L, value))
        lua_pushstring(L, lua_toboolean(L, value) ? pick(lang, "ya", "yes") : pick(lang, "tidak", "no"));
    else
        lib_tostring(L, value, NULL);
    return lua_tostring(L, -1);
}

const char *params_describe(lua_State *L, int declaration, int params)
{
    luaL_checkstack(L, 20, NULL);
    lua_pushliteral(L, "");
    int text = lua_gettop(L);
    lib_push_pairs(L, params);
    while (lua_pushvalue(L, text + 1), lua_pushvalue(L, text + 2), lua_pushvalue(L, text + 3), lua_call(L, 2, 2),
           !lua_isnil(L, -2)) {
        int key = text + 4, value = text + 5;
        lua_pushvalue(L, key);
        lua_rawget(L, declaration);
        const char *unit = lua_type(L, -1) == LUA_TTABLE ? unit_of(L, lua_gettop(L)) : "";
        lua_pushfstring(L, "%s%s%s = %s%s%s", lua_tostring(L, text), *lua_tostring(L, text) ? ", " : "",
                        lua_tostring(L, key), push_value_text(L, value), *unit ? " " : "", unit);
        lua_replace(L, text);
        lua_pushvalue(L, key);
        lua_replace(L, text + 3);
        lua_settop(L, text + 3);
    }
    lua_settop(L, text);
    return lua_tostring(L, text);
}
