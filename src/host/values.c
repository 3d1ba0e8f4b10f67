/* values.c - see values.h.
 * SPDX-License-Identifier: MIT */
#include "host/values.h"

#include "bind/bind.h"
#include "host/host.h"
#include "host/sandbox.h"
#include "host/scratch.h"
#include "io/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { JSON_DEPTH = 32, PRETTY_DEPTH = 4, PRETTY_ITEMS = 30, PRETTY_WIDTH = 76 };
#define EXACT_IN_DOUBLE ((INT64_C(1) << 53) - 1)

static const char decimals_key;

static void append(lua_State *L, pagu_text *out, const char *s, size_t len)
{
    if (pagu_text_append(out, s, len) != PAGU_OK)
        scratch_check(L, PAGU_NO_MEMORY, &(pagu_error){ .code = PAGU_NO_MEMORY });
}

static void append_str(lua_State *L, pagu_text *out, const char *s)
{
    append(L, out, s, strlen(s));
}

/* ---- pagu tables ---- */

void values_set_decimals(lua_State *L, int decimals)
{
    lua_pushinteger(L, decimals);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &decimals_key);
}

void values_table(lua_State *L, int idx, pagu_format format, bool stamp, pagu_text *out)
{
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    pagu_error err;
    bool for_people = format == PAGU_FORMAT_TEXT || format == PAGU_FORMAT_MARKDOWN;
    int top = lua_gettop(L);
    idx = lua_absindex(L, idx);
    const pagu_table *t = for_people ? bind_push_people_table(L, idx) : bind_check_table(L, idx);
    o.locale = host_lang(host_of(L)) == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
    o.width = bind_width(L);
    o.stamp = stamp;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &decimals_key);
    o.decimals = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    scratch_check(L, pagu_render(t, format, &o, out, &err), &err);
    lua_settop(L, top);
}

/* ---- JSON ---- */

/* Append the character at s as a string holds it; returns its bytes. */
static size_t json_char(lua_State *L, const char *s, size_t left, pagu_text *out)
{
    unsigned char c = (unsigned char)*s;
    size_t n = utf8_length(s, left);
    char escape[8];
    if (c == '\n') {
        append_str(L, out, "\\n");
    } else if (c == '"' || c == '\\' || c < 0x20 || c == 0x7F) {
        snprintf(escape, sizeof escape, c == '"' || c == '\\' ? "\\%c" : "\\u%04x", c);
        append_str(L, out, escape);
    } else if (n == 0) {
        append_str(L, out, "\\ufffd");
    } else {
        append(L, out, s, n);
    }
    return n ? n : 1;
}

void values_json_string(lua_State *L, const char *s, size_t len, pagu_text *out)
{
    append(L, out, "\"", 1);
    for (size_t i = 0; i < len;)
        i += json_char(L, s + i, len - i, out);
    append(L, out, "\"", 1);
}

static void json_number(lua_State *L, int idx, pagu_text *out)
{
    char text[400];
    if (lua_isinteger(L, idx)) {
        int64_t v = lua_tointeger(L, idx);
        bool exact = v <= EXACT_IN_DOUBLE && v >= -EXACT_IN_DOUBLE;
        snprintf(text, sizeof text, exact ? "%" PRId64 : "\"%" PRId64 "\"", v);
    } else if (isfinite(lua_tonumber(L, idx))) {
        pagu_number_format(text, sizeof text, lua_tonumber(L, idx), PAGU_LOCALE_PLAIN, -1);
    } else {
        snprintf(text, sizeof text, "null");
    }
    append_str(L, out, text);
}

static void json_value(lua_State *L, int idx, int depth, pagu_text *out);

/* Call the iterator of lib_push_pairs that lies at `it`: pushes key and value, or nothing. */
static bool next_pair(lua_State *L, int it)
{
    lua_pushvalue(L, it);
    lua_pushvalue(L, it + 1);
    lua_pushvalue(L, it + 2);
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2)) {
        lua_pop(L, 2);
        return false;
    }
    lua_pushvalue(L, -2);
    lua_replace(L, it + 2);
    return true;
}

static bool is_array(lua_State *L, int idx)
{
    lua_Integer n = 0, len = (lua_Integer)lua_rawlen(L, idx);
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        lua_pop(L, 1);
        n++;
        if (!lua_isinteger(L, -1)) {
            lua_pop(L, 1);
            return false;
        }
    }
    return n > 0 && n == len;
}

static void json_table(lua_State *L, int idx, int depth, pagu_text *out)
{
    bool array = is_array(L, idx), first = true;
    append_str(L, out, array ? "[" : "{");
    lib_push_pairs(L, idx);
    int it = lua_gettop(L) - 2;
    while (next_pair(L, it)) {
        int value = lua_gettop(L);
        append_str(L, out, first ? "" : ",");
        first = false;
        if (!array) {
            size_t len;
            const char *key = lib_tostring(L, value - 1, &len);
            values_json_string(L, key, len, out);
            append_str(L, out, ":");
        }
        json_value(L, value, depth + 1, out);
        lua_settop(L, it + 2);
    }
    lua_settop(L, it - 1);
    append_str(L, out, array ? "]" : "}");
}

/* The renderer ends a document with a newline. */
static void json_document(lua_State *L, int idx, pagu_text *out)
{
    pagu_text *text = scratch_text(L);
    values_table(L, idx, PAGU_FORMAT_JSON, true, text);
    size_t len = pagu_text_len(text);
    append(L, out, pagu_text_data(text), len > 0 ? len - 1 : 0);
    lua_pop(L, 1);
}

/* doc:render("json") */
static void json_blocks(lua_State *L, int idx, pagu_text *out)
{
    size_t len;
    lua_getfield(L, idx, "render");
    lua_pushvalue(L, idx);
    lua_pushliteral(L, "json");
    lua_call(L, 2, 1);
    const char *s = lua_tolstring(L, -1, &len);
    append(L, out, s, len > 0 ? len - 1 : 0);
    lua_pop(L, 1);
}

/* Objects that stand for plain values: push what x.member or x:member() gives. */
static bool push_plain_form(lua_State *L, int idx)
{
    static const struct {
        const char *class_name, *member;
        bool method;
    } forms[] = { { "pagu.node", "key", false },
                  { "pagu.indicator", "id", false },
                  { "pagu.selection", "keys", true },
                  { "pagu.column", "values", true },
                  { "pagu.findings", "table", true } };
    const char *name = luaL_getmetafield(L, idx, "__name") == LUA_TSTRING ? lua_tostring(L, -1) : "";
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(forms[i].class_name, name) != 0)
            continue;
        lua_getfield(L, idx, forms[i].member);
        if (forms[i].method) {
            lua_pushvalue(L, idx);
            lua_call(L, 1, 1);
        }
        return true;
    }
    return false;
}

static void json_object(lua_State *L, int idx, int depth, pagu_text *out)
{
    int top = lua_gettop(L);
    if (bind_test_table(L, idx)) {
        json_document(L, idx, out);
    } else if (luaL_testudata(L, idx, "pagu.document")) {
        json_blocks(L, idx, out);
    } else if (push_plain_form(L, idx)) {
        json_value(L, lua_gettop(L), depth, out);
    } else {
        size_t len;
        const char *s = lib_tostring(L, idx, &len);
        values_json_string(L, s, len, out);
    }
    lua_settop(L, top);
}

static void json_value(lua_State *L, int idx, int depth, pagu_text *out)
{
    size_t len;
    const char *s;
    luaL_checkstack(L, 12, NULL);
    if (depth > JSON_DEPTH)
        luaL_error(L,
                   pick(host_lang(host_of(L)), "nilai bersarang lebih dari %d tingkat, atau memuat dirinya sendiri",
                        "a value is nested over %d levels deep, or holds itself"),
                   JSON_DEPTH);
    switch (lua_type(L, idx)) {
    case LUA_TNIL: append_str(L, out, "null"); break;
    case LUA_TBOOLEAN: append_str(L, out, lua_toboolean(L, idx) ? "true" : "false"); break;
    case LUA_TNUMBER: json_number(L, idx, out); break;
    case LUA_TSTRING:
        s = lua_tolstring(L, idx, &len);
        values_json_string(L, s, len, out);
        break;
    case LUA_TTABLE: json_table(L, idx, depth, out); break;
    default: json_object(L, idx, depth, out); break;
    }
}

void values_json(lua_State *L, int idx, pagu_text *out)
{
    json_value(L, lua_absindex(L, idx), 1, out);
}

void values_json_list(lua_State *L, int from, int to, pagu_text *out)
{
    append_str(L, out, "[");
    for (int i = from; i <= to; i++) {
        append_str(L, out, i > from ? "," : "");
        values_json(L, i, out);
    }
    append_str(L, out, "]\n");
}

/* ---- for people ---- */

void values_plain(lua_State *L, int idx, pagu_text *out)
{
    if (bind_test_table(L, idx)) {
        values_table(L, idx, PAGU_FORMAT_TEXT, true, out);
        return;
    }
    size_t len;
    const char *s = lib_tostring(L, idx, &len);
    append(L, out, s, len);
    lua_pop(L, 1);
}

static void pretty_string(lua_State *L, int idx, pagu_text *out)
{
    size_t len;
    const char *s = lua_tolstring(L, idx, &len);
    append_str(L, out, "\"");
    for (size_t i = 0; i < len; i++) {
        char escape[8];
        snprintf(escape, sizeof escape, s[i] == '\n' ? "\\n" : s[i] == '"' || s[i] == '\\' ? "\\%c" : "%c", s[i]);
        append_str(L, out, escape);
    }
    append_str(L, out, "\"");
}

static bool is_name(const char *s)
{
    if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_'))
        return false;
    return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static void pretty_value(lua_State *L, int idx, int depth, bool line, pagu_text *out);

static void pretty_key(lua_State *L, int idx, pagu_text *out)
{
    if (lua_type(L, idx) == LUA_TSTRING && is_name(lua_tostring(L, idx))) {
        append_str(L, out, lua_tostring(L, idx));
    } else {
        append_str(L, out, "[");
        pretty_value(L, idx, PRETTY_DEPTH + 1, true, out);
        append_str(L, out, "]");
    }
    append_str(L, out, " = ");
}

/* Items one a line, or all on one line when `line` is set. */
static void pretty_items(lua_State *L, int idx, int depth, bool line, pagu_text *out)
{
    bool array = is_array(L, idx);
    int shown = 0, left_out = 0;
    lib_push_pairs(L, idx);
    int it = lua_gettop(L) - 2;
    while (next_pair(L, it)) {
        int value = lua_gettop(L);
        if (shown < PRETTY_ITEMS) {
            if (line)
                append_str(L, out, shown ? ", " : " ");
            else
                pagu_text_printf(out, "\n%*s", depth * 2, "");
            if (!array)
                pretty_key(L, value - 1, out);
            pretty_value(L, value, depth + 1, line, out);
            append_str(L, out, line ? "" : ",");
            shown++;
        } else {
            left_out++;
        }
        lua_settop(L, it + 2);
    }
    lua_settop(L, it - 1);
    if (left_out)
        pagu_text_printf(out, pick(host_lang(host_of(L)), "%s%*s… %d lagi", "%s%*s… %d more"), line ? "" : "\n",
                         line ? 1 : depth * 2, "", left_out);
    if (line)
        append_str(L, out, " ");
    else
        pagu_text_printf(out, "\n%*s", (depth - 1) * 2, "");
}

static bool is_empty(lua_State *L, int idx)
{
    lua_pushnil(L);
    if (!lua_next(L, idx))
        return true;
    lua_pop(L, 2);
    return false;
}

static bool prints_itself(lua_State *L, int idx)
{
    if (luaL_getmetafield(L, idx, "__tostring") == LUA_TNIL)
        return false;
    lua_pop(L, 1);
    return true;
}

/* A short table fits on a line. */
static bool pretty_line(lua_State *L, int idx, int depth, pagu_text *out)
{
    pagu_text *text = scratch_text(L);
    append_str(L, text, "{");
    pretty_items(L, idx, depth, true, text);
    append_str(L, text, "}");
    size_t len = pagu_text_len(text);
    bool fits = len + (size_t)depth * 2 <= PRETTY_WIDTH && !strchr(pagu_text_data(text), '\n');
    if (fits)
        append(L, out, pagu_text_data(text), len);
    lua_pop(L, 1);
    return fits;
}

static void pretty_value(lua_State *L, int idx, int depth, bool line, pagu_text *out)
{
    luaL_checkstack(L, 20, NULL);
    if (lua_type(L, idx) == LUA_TSTRING) {
        pretty_string(L, idx, out);
    } else if (lua_type(L, idx) != LUA_TTABLE || prints_itself(L, idx)) {
        values_plain(L, idx, out);
    } else if (is_empty(L, idx)) {
        append_str(L, out, "{}");
    } else if (depth > PRETTY_DEPTH) {
        append_str(L, out, "{…}");
    } else if (line || !pretty_line(L, idx, depth, out)) {
        append_str(L, out, "{");
        pretty_items(L, idx, depth, line, out);
        append_str(L, out, "}");
    }
}

void values_pretty(lua_State *L, int idx, pagu_text *out)
{
    idx = lua_absindex(L, idx);
    if (lua_type(L, idx) == LUA_TTABLE)
        pretty_value(L, idx, 1, false, out);
    else
        values_plain(L, idx, out);
}

/* ---- several values ---- */

static bool is_block(lua_State *L, int idx, bool pretty)
{
    if (pretty && (lua_type(L, idx) == LUA_TTABLE || lua_type(L, idx) == LUA_TUSERDATA))
        return true;
    return bind_test_table(L, idx) || bind_test_findings(L, idx);
}

void values_list(lua_State *L, int from, int to, bool pretty, pagu_text *out)
{
    size_t start = pagu_text_len(out);
    for (int i = from; i <= to; i++) {
        if (i > from)
            append_str(L, out, is_block(L, i, pretty) || is_block(L, i - 1, pretty) ? "\n" : "\t");
        if (pretty)
            values_pretty(L, i, out);
        else
            values_plain(L, i, out);
    }
    size_t len = pagu_text_len(out);
    if (to >= from && (len == start || pagu_text_data(out)[len - 1] != '\n'))
        append_str(L, out, "\n");
}
