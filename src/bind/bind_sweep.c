/* bind_sweep.c - what the Lua side of sweeps takes from the engine: Latin hypercubes, lists from CSV
 * files, and the JSON of stores.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { MOST_RUNS = 10000000 };

/* pagu._latin(seed, name, lo, hi, n, whole) -> list of n values */
static int module_latin(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    uint64_t seed = (uint64_t)bind_integer(L, 1);
    const char *name = bind_text(L, 2, NULL);
    lua_Integer n = bind_integer(L, 5);
    bool whole = lua_toboolean(L, 6);
    luaL_argcheck(L, n >= 0 && n <= MOST_RUNS, 5, "too many");
    void *values = lua_newuserdatauv(L, (size_t)(n ? n : 1) * sizeof(int64_t), 0);
    pagu_code code = whole ? pagu_latin_integers(bind_ctx(L), seed, name, bind_integer(L, 3), bind_integer(L, 4),
                                                 (uint32_t)n, values, &err)
                           : pagu_latin_numbers(bind_ctx(L), seed, name, luaL_checknumber(L, 3), luaL_checknumber(L, 4),
                                                (uint32_t)n, values, &err);
    bind_ok(L, code, &err);
    lua_createtable(L, (int)n, 0);
    for (lua_Integer i = 0; i < n; i++) {
        if (whole)
            lua_pushinteger(L, ((int64_t *)values)[i]);
        else
            lua_pushnumber(L, ((double *)values)[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

int bind_push_csv(lua_State *L, const char *path)
{
    pagu_error err;
    error_init(&err);
    int findings = bind_new_findings(L);
    pagu_table *t = NULL;
    if (pagu_csv_read(bind_ctx(L), path, (pagu_findings *)bind_test_findings(L, findings), &t, &err) != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    bind_push_table(L, t);
    return 1;
}

/* pagu._read_csv(path) -> table of text; or nil, message, code, findings */
static int module_read_csv(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const char *path = bind_text(L, 1, NULL);
    if (bind_may_read(L, path, &err) != PAGU_OK)
        return bind_return_with_findings(L, &err, bind_new_findings(L));
    return bind_push_csv(L, path);
}

/* ---- JSON ---- */

/* Containers lie on the stack, an object's key above it until its value comes. */
typedef struct builder {
    lua_State *L;
    int base;
} builder;

/* The value at the top goes into the container below it. */
static void put_value(builder *b)
{
    lua_State *L = b->L;
    int top = lua_gettop(L);
    if (top == b->base + 1)
        return; /* the whole */
    if (lua_type(L, top - 1) == LUA_TSTRING)
        lua_rawset(L, top - 2);
    else
        lua_rawseti(L, top - 1, (lua_Integer)lua_rawlen(L, top - 1) + 1);
}

static void visit(void *ud, pagu_json_event event, const char *text, double number)
{
    builder *b = ud;
    lua_State *L = b->L;
    luaL_checkstack(L, 4, NULL);
    switch (event) {
    case PAGU_JSON_NULL: lua_pushnil(L); break;
    case PAGU_JSON_BOOLEAN: lua_pushboolean(L, number != 0); break;
    case PAGU_JSON_NUMBER: bind_push_number(L, number); break;
    case PAGU_JSON_STRING: lua_pushstring(L, text); break;
    case PAGU_JSON_ARRAY:
    case PAGU_JSON_OBJECT: lua_newtable(L); return;
    case PAGU_JSON_KEY: lua_pushstring(L, text); return;
    case PAGU_JSON_END: break;
    }
    put_value(b);
}

static void free_json(void *json)
{
    pagu_json_free(json);
}

/* pagu._json_read(text, name, line) -> value, or nil, message. A null in an object or at the end of an
 * array is not there; an object key is never a number's value, so a string below the top is a key. */
static int module_json_read(lua_State *L)
{
    pagu_error err;
    size_t len;
    error_init(&err);
    const char *text = bind_text(L, 1, &len), *name = bind_text(L, 2, NULL);
    lua_settop(L, 3);
    owned_box *own = bind_own(L, free_json);
    pagu_json *json = NULL;
    pagu_code code = pagu_json_parse(bind_ctx(L), text, len, name, (uint32_t)bind_integer_or(L, 3, 1), &json, &err);
    own->ptr = json;
    if (code != PAGU_OK) {
        lua_pushnil(L);
        lua_pushstring(L, err.message);
        return 2;
    }
    builder b = { L, lua_gettop(L) };
    pagu_json_walk(json, visit, &b);
    return 1;
}

/* pagu._json_string(text) -> with quotes and escapes */
static int module_json_string(lua_State *L)
{
    const char *text = bind_text(L, 1, NULL);
    owned_box *own = bind_own_text(L);
    if (pagu_json_put_string(own->ptr, text) != PAGU_OK)
        bind_memory(L);
    return bind_push_bytes(L, own);
}

/* pagu._hash(bytes) -> SHA-256 as 64 hexadecimal digits */
static int module_hash(lua_State *L)
{
    char hex[65];
    size_t len;
    const char *bytes = bind_text(L, 1, &len);
    pagu_hash(bytes, len, hex);
    lua_pushstring(L, hex);
    return 1;
}

const luaL_Reg bind_sweep_functions[] = {
    { "_hash", module_hash },
    { "_latin", module_latin },
    { "_read_csv", module_read_csv },
    { "_json_read", module_json_read },
    { "_json_string", module_json_string },
    { NULL, NULL },
};
