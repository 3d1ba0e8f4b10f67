/* bind_note.c - arguments of a verb as one line of JSON for the journal.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_DEPTH 8
#define MAX_KEYS 1000 /* a longer selection is told by its size */

static void add_value(lua_State *L, luaL_Buffer *b, int idx, int depth, bool resolve);

static void add_string(luaL_Buffer *b, const char *s, size_t len)
{
    luaL_addchar(b, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        char escape[8];
        if (c == '"' || c == '\\') {
            luaL_addchar(b, '\\');
            luaL_addchar(b, (char)c);
        } else if (c < 0x20 || c == 0x7f) {
            snprintf(escape, sizeof escape, "\\u%04x", c);
            luaL_addstring(b, escape);
        } else {
            luaL_addchar(b, (char)c);
        }
    }
    luaL_addchar(b, '"');
}

static void add_number(lua_State *L, luaL_Buffer *b, int idx)
{
    char text[400];
    if (lua_isinteger(L, idx))
        snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, idx));
    else if (isfinite(lua_tonumber(L, idx)))
        pagu_number_format(text, sizeof text, lua_tonumber(L, idx), PAGU_LOCALE_PLAIN, -1);
    else
        snprintf(text, sizeof text, "null");
    luaL_addstring(b, text);
}

static void add_rows(luaL_Buffer *b, const pagu_view *v, const pagu_row *rows, uint32_t n)
{
    luaL_addchar(b, '[');
    bool any = false;
    for (uint32_t i = 0; i < n && rows[i] < pagu_view_row_count(v); i++) { /* rows ascend */
        if (any)
            luaL_addchar(b, ',');
        const char *key = pagu_view_key(v, rows[i]);
        add_string(b, key, strlen(key));
        any = true;
    }
    luaL_addchar(b, ']');
}

static void add_selection(luaL_Buffer *b, const selection_box *s)
{
    char text[64];
    uint32_t n = s->sel ? pagu_selection_count(s->sel) : 0;
    if (s->view->view && n <= MAX_KEYS) {
        add_rows(b, s->view->view, pagu_selection_rows(s->sel), n);
    } else {
        snprintf(text, sizeof text, "{\"rows\":%u}", n);
        luaL_addstring(b, text);
    }
}

/* true, false, a string, or what the value is: {"function":true}. */
static void add_other(lua_State *L, luaL_Buffer *b, int idx)
{
    node_box *node = bind_test(L, idx, KIND_NODE);
    selection_box *sel = bind_test(L, idx, KIND_SELECTION);
    view_box *view = bind_test(L, idx, KIND_VIEW);
    if (node && node->view->view && node->row < pagu_view_row_count(node->view->view)) {
        const char *key = pagu_view_key(node->view->view, node->row);
        add_string(b, key, strlen(key));
    } else if (sel) {
        add_selection(b, sel);
    } else if (view && view->view) {
        const char *name = pagu_view_name(view->view);
        luaL_addstring(b, view->scenario ? "{\"view\":" : "{\"stage\":");
        add_string(b, name, strlen(name));
        luaL_addchar(b, '}');
    } else if (lua_isnil(L, idx)) {
        luaL_addstring(b, "null");
    } else {
        luaL_addstring(b, "{\"");
        luaL_addstring(b, luaL_typename(L, idx));
        luaL_addstring(b, "\":true}");
    }
}

typedef struct map_key {
    const char *s;
    size_t len;
    lua_Integer i;
} map_key;

static int compare_keys(const void *a, const void *b)
{
    const map_key *x = a, *y = b;
    if (!x->s || !y->s)
        return x->s ? 1 : y->s ? -1 : (x->i > y->i) - (x->i < y->i);
    size_t n = x->len < y->len ? x->len : y->len;
    int c = memcmp(x->s, y->s, n);
    return c ? c : (x->len > y->len) - (x->len < y->len);
}

/* Keys that JSON can name: strings (held by the table), integers, and nodes by their key. */
static size_t collect_keys(lua_State *L, int idx, map_key *keys, size_t cap)
{
    size_t n = 0;
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        lua_pop(L, 1);
        map_key k = { NULL, 0, 0 };
        node_box *node = bind_test(L, -1, KIND_NODE);
        if (lua_type(L, -1) == LUA_TSTRING)
            k.s = lua_tolstring(L, -1, &k.len);
        else if (node && node->view->view && node->row < pagu_view_row_count(node->view->view))
            k.len = strlen(k.s = pagu_view_key(node->view->view, node->row));
        else if (lua_isinteger(L, -1))
            k.i = lua_tointeger(L, -1);
        else
            continue;
        if (n < cap)
            keys[n++] = k;
    }
    return n;
}

/* The value of a key that may have come from a node: found by walking. */
static void push_map_value(lua_State *L, int idx, const map_key *k)
{
    if (!k->s) {
        lua_rawgeti(L, idx, k->i);
        return;
    }
    lua_pushlstring(L, k->s, k->len);
    if (lua_rawget(L, idx) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        node_box *node = bind_test(L, -2, KIND_NODE);
        if (node && strcmp(pagu_view_key(node->view->view, node->row), k->s) == 0) {
            lua_remove(L, -2);
            return;
        }
        lua_pop(L, 1);
    }
    lua_pushnil(L);
}

/* A selector with a predicate: functions can't be kept, so what it selects now is. */
static bool push_selected(lua_State *L, int idx)
{
    view_box *v = bind_test(L, 1, KIND_VIEW);
    bool predicate = bind_option(L, idx, "where") == LUA_TFUNCTION;
    lua_pop(L, 1);
    if (!predicate || !v || !v->view || !bind_is_selector(L, idx))
        return false;
    luaL_Buffer b;
    bind_place(L, idx, 1);
    int selection = lua_gettop(L);
    luaL_buffinit(L, &b);
    add_selection(&b, bind_test(L, selection, KIND_SELECTION));
    luaL_pushresult(&b);
    lua_remove(L, selection);
    return true;
}

bool bind_is_plain_json(const char *json)
{
    static const char *const marks[] = { "{\"function\":true}", "{\"userdata\":true}", "{\"table\":true}",
                                         "{\"thread\":true}",   "{\"view\":\"",        "{\"rows\":" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strstr(json, marks[i]))
            return false;
    return true;
}

/* Nothing may be on the stack above a luaL_Buffer, so each level builds its own string. */
static void push_table(lua_State *L, int idx, int depth, bool resolve)
{
    luaL_checkstack(L, 20, NULL);
    if (resolve && push_selected(L, idx))
        return;
    size_t n = bind_count_pairs(L, idx), list = lua_rawlen(L, idx);
    map_key *keys = bind_scratch(L, n, sizeof(map_key));
    n = collect_keys(L, idx, keys, n);
    qsort(keys, n, sizeof(map_key), compare_keys);
    bool is_list = list > 0 && list == n;
    lua_newtable(L); /* parts */
    int parts = lua_gettop(L);
    for (size_t i = 0; i < n; i++) {
        push_map_value(L, idx, &keys[i]);
        luaL_Buffer b;
        int value = lua_gettop(L);
        luaL_buffinit(L, &b);
        if (!is_list && keys[i].s) {
            add_string(&b, keys[i].s, keys[i].len);
            luaL_addchar(&b, ':');
        } else if (!is_list) {
            char text[32];
            snprintf(text, sizeof text, "\"%lld\":", (long long)keys[i].i);
            luaL_addstring(&b, text);
        }
        add_value(L, &b, value, depth, resolve);
        luaL_pushresult(&b);
        lua_rawseti(L, parts, (lua_Integer)i + 1);
        lua_pop(L, 1);
    }
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    luaL_addchar(&b, is_list ? '[' : '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            luaL_addchar(&b, ',');
        lua_rawgeti(L, parts, (lua_Integer)i + 1);
        luaL_addvalue(&b);
    }
    luaL_addchar(&b, is_list ? ']' : '}');
    luaL_pushresult(&b);
    lua_replace(L, parts - 1);
    lua_settop(L, parts - 1);
}

static void add_value(lua_State *L, luaL_Buffer *b, int idx, int depth, bool resolve)
{
    size_t len;
    switch (lua_type(L, idx)) {
    case LUA_TNUMBER: add_number(L, b, idx); break;
    case LUA_TBOOLEAN: luaL_addstring(b, lua_toboolean(L, idx) ? "true" : "false"); break;
    case LUA_TSTRING: {
        const char *s = lua_tolstring(L, idx, &len);
        add_string(b, s, len);
        break;
    }
    case LUA_TTABLE:
        if (depth >= MAX_DEPTH) {
            luaL_addstring(b, "{\"table\":true}");
            break;
        }
        push_table(L, idx, depth + 1, resolve);
        luaL_addvalue(b);
        break;
    default: add_other(L, b, idx);
    }
}

void bind_add_json_string(luaL_Buffer *b, const char *s)
{
    add_string(b, s, strlen(s));
}

static const char *push_json(lua_State *L, int idx, bool resolve)
{
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 12, NULL);
    if (lua_type(L, idx) == LUA_TTABLE) {
        push_table(L, idx, 1, resolve);
    } else {
        luaL_Buffer b;
        luaL_buffinit(L, &b);
        add_value(L, &b, idx, 1, resolve);
        luaL_pushresult(&b);
    }
    return lua_tostring(L, -1);
}

const char *bind_push_json(lua_State *L, int idx)
{
    return push_json(L, idx, false);
}

const char *bind_push_decision(lua_State *L, int idx)
{
    return push_json(L, idx, true);
}
