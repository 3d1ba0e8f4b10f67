/* script.c - see script.h.
 * SPDX-License-Identifier: MIT */
#include "host/script.h"

#include "base/base.h"
#include "bind/bind.h"
#include "host/host.h"
#include "host/sandbox.h"
#include "host/scratch.h"

#include <stdio.h>

enum { SOURCE_LIMIT = 16 << 20, SHORT_PATH = 50 };

void script_set_global(lua_State *L, const char *name)
{
    sandbox_push_env(L);
    lua_insert(L, -2);
    lua_pushstring(L, name);
    lua_insert(L, -2);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Lua cuts long chunk names in front; the file's own name must stay whole. */
static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strlen(path) > SHORT_PATH && slash ? slash + 1 : path;
}

static void set_folder(lua_State *L, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        lua_pushliteral(L, ".");
    else
        lua_pushlstring(L, path, slash == path ? 1 : (size_t)(slash - path));
    host_set_folder(host_of(L), lua_tostring(L, -1));
    sandbox_set_folder(L, lua_tostring(L, -1));
    bind_allow_reading(L, lua_tostring(L, -1));
    lua_pop(L, 1);
}

static void keep_hash(lua_State *L, const pagu_text *text)
{
    sha256 s;
    char hex[65];
    sha256_init(&s);
    sha256_add(&s, pagu_text_data(text), pagu_text_len(text));
    sha256_hex(&s, hex);
    bind_set_script(L, hex);
}

void script_run_file(lua_State *L, const char *path)
{
    pagu_error err;
    int base = lua_gettop(L);
    pagu_text *text = scratch_text(L);
    scratch_check(L, pagu_read_all(bind_ctx(L), path, SOURCE_LIMIT, text, &err), &err);
    set_folder(L, path);
    host_set_script(host_of(L), short_name(path));
    keep_hash(L, text);
    const char *name = lua_pushfstring(L, "@%s", short_name(path));
    if (sandbox_load(L, pagu_text_data(text), pagu_text_len(text), name) != LUA_OK)
        lua_error(L);
    lua_replace(L, base + 1);
    lua_settop(L, base + 1);
    lua_call(L, 0, LUA_MULTRET);
}

int script_load_text(lua_State *L, const char *text, size_t len, const char *name)
{
    const char *chunk = lua_pushfstring(L, "=%s", name);
    /* not "return" alone: the frame of a tail call is gone, and with it the line that edits are noted with */
    lua_pushliteral(L, "local __kept <close> = nil return ");
    lua_pushlstring(L, text, len);
    lua_concat(L, 2);
    size_t n;
    const char *expression = lua_tolstring(L, -1, &n);
    int status = sandbox_load(L, expression, n, chunk);
    if (status != LUA_OK) {
        lua_pop(L, 1);
        status = sandbox_load(L, text, len, chunk);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
    return status;
}

void script_run_text(lua_State *L, const char *text, const char *name)
{
    if (script_load_text(L, text, strlen(text), name) != LUA_OK)
        lua_error(L);
    lua_call(L, 0, LUA_MULTRET);
}

/* ---- the second form ---- */

/* Push declaration[name] without metamethods; returns its type. */
static int raw_field(lua_State *L, int table, const char *name)
{
    lua_pushstring(L, name);
    return lua_rawget(L, table);
}

bool script_is_declared(lua_State *L, int idx)
{
    if (lua_type(L, idx) != LUA_TTABLE)
        return false;
    bool is = raw_field(L, idx, "run") == LUA_TFUNCTION;
    lua_pop(L, 1);
    return is;
}

const char *script_text(lua_State *L, int declaration, const char *name)
{
    if (raw_field(L, declaration, name) == LUA_TSTRING)
        return lua_tostring(L, -1);
    lua_pop(L, 1);
    return NULL;
}

void script_call_run(lua_State *L, int declaration, int scenario, int params)
{
    raw_field(L, declaration, "run");
    lua_pushvalue(L, scenario);
    lua_pushvalue(L, params);
    lua_call(L, 2, 1);
}

/* ---- metrics ---- */

typedef struct metrics {
    pagu_table *table;
    int values, shown; /* stack: what run returned; name -> value of the rows so far */
    int scenario, params;
} metrics;

static pagu_measure measure_of(lua_State *L, int idx, char text[32])
{
    pagu_measure m = { .unit = "", .state = PAGU_TEXT };
    if (lua_isnil(L, idx)) {
        m.state = PAGU_MISSING;
    } else if (lua_type(L, idx) == LUA_TNUMBER) {
        m.state = PAGU_NUMBER;
        m.value = lua_tonumber(L, idx);
        if (lua_isinteger(L, idx) && (m.value > 9e15 || m.value < -9e15)) { /* a double would round it */
            pagu_money_format(text, 32, lua_tointeger(L, idx),
                              host_lang(host_of(L)) == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID, 0);
            m.text = text;
        }
    }
    return m;
}

/* Add the value at the top as a row, and pop it. */
static void add_row(lua_State *L, metrics *m, const char *name, const char *title, const char *unit)
{
    char text[32];
    uint32_t row = pagu_table_row_count(m->table);
    int value = lua_gettop(L);
    pagu_measure measure = measure_of(L, value, text);
    if (measure.state == PAGU_TEXT)
        measure.text = lib_tostring(L, value, NULL);
    pagu_error err = { .code = PAGU_OK };
    pagu_code code = pagu_table_add_row(m->table);
    if (code == PAGU_OK)
        code = pagu_table_set_text(m->table, row, 0, title ? title : name);
    if (code == PAGU_OK)
        code = pagu_table_set_measure(m->table, row, 1, &measure);
    if (code == PAGU_OK && unit)
        code = pagu_table_set_text(m->table, row, 2, unit);
    scratch_check(L, code, &err);
    lua_pushstring(L, name);
    lua_pushvalue(L, value);
    lua_rawset(L, m->shown);
    lua_settop(L, value - 1);
}

/* Push the value of a metric: what run returned, else what a declared function gives. */
static void push_value(lua_State *L, const metrics *m, const char *name, int declared)
{
    lua_pushnil(L);
    if (lua_type(L, m->values) == LUA_TTABLE) {
        lua_pop(L, 1);
        lua_getfield(L, m->values, name);
    }
    if (lua_isnil(L, -1) && lua_type(L, declared) == LUA_TFUNCTION) {
        lua_pop(L, 1);
        lua_pushvalue(L, declared);
        lua_pushvalue(L, m->scenario);
        lua_pushvalue(L, m->params);
        lua_call(L, 2, 1);
    }
}

/* One declared metric: "name", {name=, title=, unit=}, or name = "title" | {…} | function. */
static void add_declared(lua_State *L, metrics *m, int key, int declared)
{
    const char *name = lua_type(L, key) == LUA_TSTRING ? lua_tostring(L, key) : NULL;
    const char *title = NULL, *unit = NULL;
    if (lua_type(L, declared) == LUA_TTABLE) {
        if (!name)
            name = script_text(L, declared, "name");
        title = script_text(L, declared, "title");
        unit = script_text(L, declared, "unit");
    } else if (lua_type(L, declared) == LUA_TSTRING) {
        if (name)
            title = lua_tostring(L, declared);
        else
            name = lua_tostring(L, declared);
    }
    if (!name)
        luaL_error(
            L, pick(host_lang(host_of(L)), "metrics memuat entri tanpa nama", "metrics has an entry without a name"));
    push_value(L, m, name, declared);
    add_row(L, m, name, title, unit);
}

/* Walk a table in order, its key and value at the top for each call of f. */
static void each_pair(lua_State *L, int table, metrics *m, void (*f)(lua_State *, metrics *, int, int))
{
    lib_push_pairs(L, table);
    int it = lua_gettop(L) - 2;
    for (;;) {
        lua_pushvalue(L, it);
        lua_pushvalue(L, it + 1);
        lua_pushvalue(L, it + 2);
        lua_call(L, 2, 2);
        if (lua_isnil(L, -2))
            break;
        lua_pushvalue(L, -2);
        lua_replace(L, it + 2);
        f(L, m, it + 3, it + 4);
        lua_settop(L, it + 2);
    }
    lua_settop(L, it - 1);
}

static void add_returned(lua_State *L, metrics *m, int key, int value)
{
    const char *name = lib_tostring(L, key, NULL);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, m->shown) == LUA_TNIL && !bind_test_table(L, value)) {
        lua_pushvalue(L, value);
        add_row(L, m, name, NULL, NULL);
    }
}

static pagu_table *new_metrics_table(lua_State *L)
{
    pagu_lang lang = host_lang(host_of(L));
    pagu_table *t = pagu_table_new(bind_ctx(L));
    if (!t)
        scratch_check(L, PAGU_NO_MEMORY, &(pagu_error){ .code = PAGU_NO_MEMORY });
    bind_push_table(L, t);
    pagu_code code = pagu_table_add_column(t, "metric", pick(lang, "Ukuran", "Metric"), PAGU_COL_TEXT);
    if (code == PAGU_OK)
        code = pagu_table_add_column(t, "value", pick(lang, "Nilai", "Value"), PAGU_COL_MEASURE);
    if (code == PAGU_OK)
        code = pagu_table_add_column(t, "unit", pick(lang, "Satuan", "Unit"), PAGU_COL_TEXT);
    scratch_check(L, code, &(pagu_error){ .code = code });
    return t;
}

void script_push_metrics(lua_State *L, int declaration, int values, int scenario, int params)
{
    luaL_checkstack(L, 30, NULL);
    metrics m = { .table = new_metrics_table(L), .values = values, .scenario = scenario, .params = params };
    int table = lua_gettop(L);
    lua_newtable(L);
    m.shown = table + 1;
    if (raw_field(L, declaration, "metrics") == LUA_TTABLE)
        each_pair(L, lua_gettop(L), &m, add_declared);
    if (lua_type(L, values) == LUA_TTABLE)
        each_pair(L, values, &m, add_returned);
    lua_settop(L, m.shown);
}
