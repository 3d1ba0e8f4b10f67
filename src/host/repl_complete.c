/* repl_complete.c - see repl_complete.h.
 * SPDX-License-Identifier: MIT */
#include "host/repl_complete.h"

#include "bind/bind.h"
#include "host/sandbox.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 400 };

/* ---- the list ---- */

void completions_add(completions *c, const char *text, const char *label)
{
    if (c->n >= KEPT) {
        c->left_out++;
        return;
    }
    if (c->n == c->cap) {
        size_t cap = c->cap ? 2 * c->cap : 32;
        completion *grown = realloc(c->items, cap * sizeof *grown);
        if (!grown)
            return;
        c->items = grown;
        c->cap = cap;
    }
    completion item = { strdup(text), strdup(label) };
    if (item.text && item.label) {
        c->items[c->n++] = item;
    } else {
        free(item.text);
        free(item.label);
    }
}

static int compare_items(const void *a, const void *b)
{
    return strcmp(((const completion *)a)->text, ((const completion *)b)->text);
}

void completions_sort(completions *c)
{
    size_t kept = 0;
    if (c->n > 1)
        qsort(c->items, c->n, sizeof *c->items, compare_items);
    for (size_t i = 0; i < c->n; i++) {
        if (kept > 0 && strcmp(c->items[kept - 1].text, c->items[i].text) == 0) {
            free(c->items[i].text);
            free(c->items[i].label);
        } else {
            c->items[kept++] = c->items[i];
        }
    }
    c->n = kept;
}

void completions_free(completions *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->items[i].text);
        free(c->items[i].label);
    }
    free(c->items);
    *c = (completions){ NULL, 0, 0, 0, 0 };
}

/* ---- where the cursor is ---- */

/* Start of the string that the cursor is in, or NULL; *comment says it is in a comment. */
static const char *open_string(const char *line, const char *cursor, bool *comment)
{
    *comment = false;
    for (const char *s = line; s < cursor; s++) {
        if (s + 1 < cursor && s[0] == '-' && s[1] == '-') {
            while (s < cursor && *s != '\n')
                s++;
            *comment = s >= cursor;
        } else if (*s == '"' || *s == '\'') {
            const char *end = s + 1;
            while (end < cursor && *end != *s && *end != '\n')
                end += *end == '\\' && end + 1 < cursor ? 2 : 1;
            if (end >= cursor)
                return s + 1;
            s = end;
        }
    }
    return NULL;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool starts_with(const char *s, const char *prefix, size_t len)
{
    return strncmp(s, prefix, len) == 0;
}

/* ---- codes and names inside strings ---- */

/* The view of a global, or NULL. */
static pagu_view *global_view(lua_State *L, const char *name)
{
    sandbox_push_env(L);
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    pagu_view *v = bind_test_view(L, -1);
    lua_pop(L, 2); /* the environment keeps it */
    return v;
}

static bool contains(const char *text, const char *part, size_t len)
{
    for (; *text; text++)
        if (strncasecmp(text, part, len) == 0)
            return true;
    return false;
}

static void add_row(const pagu_view *v, pagu_row r, completions *out)
{
    completions_add(out, pagu_view_key(v, r), pagu_view_row_name(v, r));
}

static bool key_starts(const pagu_view *v, pagu_row r, const char *prefix, size_t len)
{
    return r != PAGU_NO_ROW && starts_with(pagu_view_key(v, r), prefix, len);
}

/* One step down the tree, as file names complete by folders: the topmost keys that start so, or
 * the children of the one that is the whole key. */
static void add_keys(const pagu_view *v, const char *prefix, size_t len, completions *out)
{
    char key[256];
    pagu_row whole;
    snprintf(key, sizeof key, "%.*s", len ? (int)len : 1, len ? prefix : "/");
    if (pagu_view_find(v, key, &whole, NULL) == PAGU_OK) {
        for (pagu_row c = pagu_view_first_child(v, whole); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c))
            if (len == 0 || key_starts(v, c, prefix, len))
                add_row(v, c, out);
        if (out->n > 0)
            return;
    }
    for (pagu_row r = 0; r < pagu_view_row_count(v); r++)
        if (pagu_view_is_member(v, r) && key_starts(v, r, prefix, len) &&
            !key_starts(v, pagu_view_parent(v, r), prefix, len))
            add_row(v, r, out);
}

/* Nodes whose name holds the words that were typed. */
static void add_named(const pagu_view *v, const char *words, size_t len, completions *out)
{
    for (pagu_row r = 0; len >= 3 && r < pagu_view_row_count(v); r++)
        if (pagu_view_is_member(v, r) && contains(pagu_view_row_name(v, r), words, len))
            add_row(v, r, out);
}

/* Only names that were begun: an empty string is most likely to become a code. */
static void add_declared(pagu_plan *plan, pagu_lang lang, const char *prefix, size_t len, completions *out)
{
    if (len == 0)
        return;
    for (uint32_t i = 0; i < pagu_plan_field_count(plan); i++)
        if (starts_with(pagu_plan_field_id(plan, (pagu_field)i), prefix, len))
            completions_add(out, pagu_plan_field_id(plan, (pagu_field)i), "");
    for (uint32_t i = 0; i < pagu_derived_count(plan); i++) {
        pagu_field_info field = pagu_field_describe(plan, pagu_derived_field(plan, i));
        if (starts_with(field.id, prefix, len))
            completions_add(out, field.id, field.title);
    }
    for (uint32_t i = 0; i < pagu_plan_stage_count(plan); i++)
        if (starts_with(pagu_plan_stage_id(plan, (pagu_stage)i), prefix, len))
            completions_add(out, pagu_plan_stage_id(plan, (pagu_stage)i), pagu_plan_stage_name(plan, (pagu_stage)i));
    for (uint32_t i = 0; i < pagu_plan_level_count(plan); i++)
        if (starts_with(pagu_plan_level_id(plan, (pagu_level)i), prefix, len))
            completions_add(out, pagu_plan_level_id(plan, (pagu_level)i),
                            pagu_plan_level_name(plan, (pagu_level)i, lang));
}

static void complete_string(lua_State *L, const char *prefix, size_t len, completions *out)
{
    pagu_view *v = global_view(L, "s");
    if (!v)
        v = global_view(L, "plan");
    if (!v)
        return;
    add_declared(pagu_view_plan(v), pagu_ctx_lang(bind_ctx(L)), prefix, len, out);
    if (out->n == 0)
        add_keys(v, prefix, len, out);
    if (out->n == 0)
        add_named(v, prefix, len, out);
}

/* ---- names ---- */

static void add_string_keys(lua_State *L, int table, const char *prefix, size_t len, completions *out)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        const char *name = lua_tostring(L, -1);
        if (starts_with(name, prefix, len) && (len > 0 || name[0] != '_'))
            completions_add(out, name, "");
    }
}

static void add_globals(lua_State *L, const char *prefix, size_t len, completions *out)
{
    static const char *const keywords[] = { "and", "break",    "do",     "else", "elseif", "end",   "false",
                                            "for", "function", "if",     "in",   "local",  "nil",   "not",
                                            "or",  "repeat",   "return", "then", "true",   "until", "while" };
    sandbox_push_env(L);
    add_string_keys(L, lua_gettop(L), prefix, len, out);
    sandbox_push_base(L);
    add_string_keys(L, lua_gettop(L), prefix, len, out);
    for (size_t i = 0; len > 0 && i < sizeof keywords / sizeof *keywords; i++)
        if (starts_with(keywords[i], prefix, len))
            completions_add(out, keywords[i], "");
}

/* Fields and properties of nodes, which no table lists. */
static void add_node_members(lua_State *L, const char *prefix, size_t len, completions *out)
{
    static const char *const properties[] = {
        "key", "code", "name", "level", "depth", "sign", "leaf", "parent", "tag"
    };
    pagu_view *v = global_view(L, "plan");
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (starts_with(properties[i], prefix, len))
            completions_add(out, properties[i], "");
    for (uint32_t i = 0; v && i < pagu_plan_field_count(pagu_view_plan(v)); i++) {
        const char *field = pagu_plan_field_id(pagu_view_plan(v), (pagu_field)i);
        if (starts_with(field, prefix, len))
            completions_add(out, field, "");
    }
    for (uint32_t i = 0; v && i < pagu_derived_count(pagu_view_plan(v)); i++) {
        pagu_plan *plan = pagu_view_plan(v);
        const char *field = pagu_field_describe(plan, pagu_derived_field(plan, i)).id;
        if (starts_with(field, prefix, len))
            completions_add(out, field, "");
    }
}

/* Methods of the class whose metatable is at the top. */
static void add_methods(lua_State *L, const char *prefix, size_t len, completions *out)
{
    if (lua_type(L, -1) != LUA_TTABLE)
        return;
    lua_pushliteral(L, "methods");
    if (lua_rawget(L, -2) == LUA_TTABLE)
        add_string_keys(L, lua_gettop(L), prefix, len, out);
    lua_pop(L, 1);
}

static void add_members(lua_State *L, const char *prefix, size_t len, completions *out)
{
    int value = lua_gettop(L);
    if (lua_type(L, value) == LUA_TTABLE)
        add_string_keys(L, value, prefix, len, out);
    if (lua_type(L, value) == LUA_TSTRING) {
        sandbox_push_base(L);
        lua_pushliteral(L, "string");
        lua_rawget(L, -2);
        add_string_keys(L, lua_gettop(L), prefix, len, out);
    }
    if (lua_type(L, value) != LUA_TUSERDATA || !lua_getmetatable(L, value))
        return;
    add_methods(L, prefix, len, out);
    lua_pushliteral(L, "__name");
    lua_rawget(L, -2);
    if (lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "pagu.node") == 0)
        add_node_members(L, prefix, len, out);
}

/* Push the value of "a.b.c" [from, to), read raw; nil if a step is not a plain name or table. */
static void push_path(lua_State *L, const char *from, const char *to)
{
    sandbox_push_env(L);
    for (bool first = true; from < to; first = false) {
        const char *end = from;
        while (end < to && is_word(*end))
            end++;
        if (lua_type(L, -1) != LUA_TTABLE) {
            lua_pushnil(L);
            return;
        }
        lua_pushlstring(L, from, (size_t)(end - from));
        if (lua_rawget(L, -2) == LUA_TNIL && first) {
            sandbox_push_base(L);
            lua_pushlstring(L, from, (size_t)(end - from));
            lua_rawget(L, -2);
        }
        from = end < to ? end + 1 : to;
    }
}

/* The word before the cursor follows "." or ":" at `dot`. */
static void complete_member(lua_State *L, const char *line, const char *dot, const char *word, size_t len,
                            completions *out)
{
    const char *start = dot;
    while (start > line && (is_word(start[-1]) || start[-1] == '.'))
        start--;
    if (start < dot) {
        push_path(L, start, dot);
        add_members(L, word, len, out);
    } else if (dot > line && (dot[-1] == ']' || dot[-1] == ')')) { /* plan["1.06"]. */
        luaL_getmetatable(L, "pagu.node");
        add_methods(L, word, len, out);
        add_node_members(L, word, len, out);
    }
}

void repl_complete(lua_State *L, const char *line, size_t cursor, completions *out)
{
    bool comment;
    const char *end = line + cursor, *word = end;
    const char *string = open_string(line, end, &comment);
    luaL_checkstack(L, 40, NULL);
    if (comment)
        return;
    if (string) {
        out->from = (size_t)(string - line);
        complete_string(L, string, (size_t)(end - string), out);
        return; /* in the plan's order */
    }
    while (word > line && is_word(word[-1]))
        word--;
    out->from = (size_t)(word - line);
    if (word > line && (word[-1] == '.' || word[-1] == ':'))
        complete_member(L, line, word - 1, word, (size_t)(end - word), out);
    else
        add_globals(L, word, (size_t)(end - word), out);
    completions_sort(out);
}
