/* bind_error.c - error objects, and where in a script an error or an edit comes from.
 *
 * An error object is a table {code, message, node, field, file, line} whose tostring is its
 * message. Lua edits raise it; loads and searches return nil, message, code.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdarg.h>
#include <stdio.h>

#define ERROR_CLASS "pagu.error"

void bind_set_text(lua_State *L, const char *name, const char *text)
{
    if (text && *text) {
        lua_pushstring(L, text);
        lua_setfield(L, -2, name);
    }
}

void bind_set_integer(lua_State *L, const char *name, lua_Integer value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

void bind_must(lua_State *L, pagu_code code)
{
    if (code == PAGU_NO_MEMORY)
        bind_memory(L);
    else if (code != PAGU_OK)
        bind_fail(L, code, "%s", pagu_code_meaning(code));
}

void bind_set_cell_text(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, const char *text)
{
    if (text && *text)
        bind_must(L, pagu_table_set_text(t, row, col, text));
}

void bind_push_error(lua_State *L, const pagu_error *err)
{
    luaL_checkstack(L, 4, NULL);
    lua_createtable(L, 0, 6);
    lua_pushstring(L, pagu_code_name(err->code));
    lua_setfield(L, -2, "code");
    lua_pushstring(L, *err->message ? err->message : pagu_code_meaning(err->code));
    lua_setfield(L, -2, "message");
    bind_set_text(L, "node", err->node);
    bind_set_text(L, "field", err->field);
    bind_set_text(L, "file", err->file);
    if (err->line > 0) {
        lua_pushinteger(L, err->line);
        lua_setfield(L, -2, "line");
    }
    luaL_setmetatable(L, ERROR_CLASS);
}

static const char *raw_string(lua_State *L, int idx, const char *name)
{
    lua_pushstring(L, name);
    lua_rawget(L, idx);
    const char *s = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    lua_pop(L, 1); /* still held by the table */
    return s;
}

static pagu_code find_code(const char *name)
{
    for (int c = 0; c < PAGU_CODE_COUNT; c++)
        if (strcmp(pagu_code_name((pagu_code)c), name) == 0)
            return (pagu_code)c;
    return PAGU_INTERNAL;
}

static bool is_error(lua_State *L, int idx)
{
    if (lua_type(L, idx) != LUA_TTABLE || !lua_getmetatable(L, idx))
        return false;
    luaL_getmetatable(L, ERROR_CLASS);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

bool bind_get_error(lua_State *L, int idx, pagu_error *out)
{
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 4, NULL);
    error_init(out);
    if (!is_error(L, idx))
        return false;
    out->code = find_code(raw_string(L, idx, "code"));
    snprintf(out->message, sizeof out->message, "%s", raw_string(L, idx, "message"));
    snprintf(out->node, sizeof out->node, "%s", raw_string(L, idx, "node"));
    snprintf(out->field, sizeof out->field, "%s", raw_string(L, idx, "field"));
    snprintf(out->file, sizeof out->file, "%s", raw_string(L, idx, "file"));
    lua_pushliteral(L, "line");
    lua_rawget(L, idx);
    out->line = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return true;
}

static int error_tostring(lua_State *L)
{
    pagu_error err;
    bind_get_error(L, 1, &err);
    lua_pushstring(L, err.message);
    return 1;
}

/* Chunks of our own Lua modules are named "=pagu/…": the frame wanted is the first that isn't. */
static bool find_script(lua_State *L, lua_Debug *ar)
{
    for (int level = 0; level < 64 && lua_getstack(L, level, ar); level++) {
        lua_getinfo(L, "S", ar);
        if (*ar->what == 'C' || strncmp(ar->source, "=pagu/", 6) == 0)
            continue;
        lua_getinfo(L, "l", ar);
        return true;
    }
    return false;
}

static const char *script_name(const lua_Debug *ar)
{
    return ar->source[0] == '@' || ar->source[0] == '=' ? ar->source + 1 : ar->short_src;
}

/* A decision that is replayed keeps the place where it was made: its text stays in the registry meanwhile. */
static const char file_key = 0, line_key = 0;

void bind_set_where(lua_State *L, const char *file, int line)
{
    lua_pushstring(L, file);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &file_key);
    lua_pushinteger(L, line);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &line_key);
}

static bool is_replayed(lua_State *L, pagu_note *n)
{
    luaL_checkstack(L, 2, NULL);
    bool replayed = lua_rawgetp(L, LUA_REGISTRYINDEX, &file_key) == LUA_TSTRING;
    n->file = replayed ? lua_tostring(L, -1) : NULL;
    lua_pop(L, 1);
    if (!replayed)
        return false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &line_key);
    n->line = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    return true;
}

void bind_where(lua_State *L, bind_note *n, const char *verb)
{
    n->note = (pagu_note){ .verb = verb };
    if (is_replayed(L, &n->note) || !find_script(L, &n->ar))
        return;
    n->note.file = script_name(&n->ar);
    n->note.line = n->ar.currentline > 0 ? n->ar.currentline : 0;
}

void bind_where_options(lua_State *L, bind_note *n, const char *verb, int options)
{
    options = lua_absindex(L, options);
    n->note.args = NULL;
    const char *json = bind_push_json(L, options);
    const char *reason = bind_option_string(L, options, "reason");
    bind_where(L, n, verb);
    n->note.args = json;
    n->note.reason = reason;
}

int bind_raise(lua_State *L, const pagu_error *err)
{
    pagu_error copy = *err;
    lua_Debug ar;
    if (!*copy.file && find_script(L, &ar)) {
        snprintf(copy.file, sizeof copy.file, "%s", script_name(&ar));
        copy.line = ar.currentline > 0 ? ar.currentline : 0;
    }
    bind_push_error(L, &copy);
    return lua_error(L);
}

int bind_fail(lua_State *L, pagu_code code, const char *format, ...)
{
    pagu_error err;
    error_init(&err);
    err.code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(err.message, sizeof err.message, bind_tr(bind_ctx(L), format), args);
    va_end(args);
    return bind_raise(L, &err);
}

int bind_memory(lua_State *L)
{
    return bind_fail(L, PAGU_NO_MEMORY, "not enough memory");
}

int bind_return_error(lua_State *L, const pagu_error *err)
{
    lua_pushnil(L);
    lua_pushstring(L, *err->message ? err->message : pagu_code_meaning(err->code));
    lua_pushstring(L, pagu_code_name(err->code));
    return 3;
}

static const char *describe_plain(lua_State *L, int idx)
{
    switch (lua_type(L, idx)) {
    case LUA_TNONE:
    case LUA_TNIL: return "nothing";
    case LUA_TNUMBER: return "a number";
    case LUA_TSTRING: return "text";
    case LUA_TBOOLEAN: return "true or false";
    case LUA_TFUNCTION: return "a function";
    case LUA_TTABLE: return "a table";
    default: return "userdata";
    }
}

const char *bind_describe(lua_State *L, int idx)
{
    static const char *const kinds[] = {
        [KIND_CONTEXT] = "userdata",        [KIND_OWNED] = "userdata",
        [KIND_VIEW] = "a plan or scenario", [KIND_NODE] = "a node",
        [KIND_INDICATOR] = "an indicator",  [KIND_CELLS] = "a field without its year",
        [KIND_SELECTION] = "a selection",   [KIND_INDICATORS] = "a list of indicators",
        [KIND_COLUMN] = "a column",         [KIND_TABLE] = "a pagu table",
        [KIND_FINDINGS] = "findings",       [KIND_DOCUMENT] = "a document",
        [KIND_CHART] = "a chart",           [KIND_WORKSPACE] = "a workspace",
    };
    for (int k = 0; k < KIND_COUNT; k++)
        if (bind_test(L, idx, (bind_kind)k))
            return bind_tr(bind_ctx(L), kinds[k]);
    return bind_tr(bind_ctx(L), describe_plain(L, idx));
}

void bind_open_error(lua_State *L)
{
    static const luaL_Reg meta[] = { { "__tostring", error_tostring }, { NULL, NULL } };
    bind_class(L, ERROR_CLASS, NULL, meta, NULL);
}
