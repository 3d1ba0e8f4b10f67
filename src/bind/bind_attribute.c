/* bind_attribute.c - what lies between two views, for lua/pagu/attribute.lua; Shapley values.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { MOST_PLAYERS = 16, MOST_ORDERED = 100000 };

/* The views lie in the user values, so that they outlive the box; a script may close them. */
typedef struct attribution_box {
    const void *tag;
    pagu_attribution *at;
    view_box *a, *b;
} attribution_box;

static const char attribution_class[] = "pagu.attribution";

static int attribution_gc(lua_State *L)
{
    attribution_box *box = lua_touserdata(L, 1);
    pagu_attribution_free(box->at);
    box->at = NULL;
    return 0;
}

static pagu_attribution *check_attribution(lua_State *L)
{
    attribution_box *box = bind_test(L, 1, KIND_ATTRIBUTION);
    if (!box || !box->at)
        bind_fail(L, PAGU_ARGUMENT, "%s is needed here, not %s", "attribution", bind_describe(L, 1));
    bind_live(L, box->a);
    bind_live(L, box->b);
    return box->at;
}

static void set_string(lua_State *L, const char *name, const char *value)
{
    if (value && *value) {
        lua_pushstring(L, value);
        lua_setfield(L, -2, name);
    }
}

static void set_number(lua_State *L, const char *name, lua_Integer value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static void push_entry(lua_State *L, pagu_attributed e)
{
    pagu_journal_entry entry = pagu_journal_get(e.journal, e.entry);
    lua_createtable(L, 0, 8);
    set_string(L, "verb", entry.note.verb);
    set_string(L, "reason", entry.note.reason);
    set_string(L, "file", entry.note.file);
    set_number(L, "line", entry.note.line);
    set_number(L, "entry", (lua_Integer)e.entry + 1);
    set_number(L, "step", (lua_Integer)e.step + 1);
    lua_pushboolean(L, e.goes_out);
    lua_setfield(L, -2, "goes_out");
}

/* pagu._attribution(a, b) -> handle, { { verb, reason, file, line, entry, step, goes_out }, … } */
static int module_attribution(lua_State *L)
{
    static const luaL_Reg meta[] = { { "__gc", attribution_gc }, { NULL, NULL } };
    pagu_error err;
    error_init(&err);
    view_box *a = bind_check_view_box(L, 1), *b = bind_check_view_box(L, 2);
    lua_settop(L, 2);
    bind_class(L, attribution_class, NULL, meta, NULL);
    lua_settop(L, 2);
    attribution_box *box = bind_new(L, KIND_ATTRIBUTION, sizeof *box, 2, attribution_class);
    box->a = a;
    box->b = b;
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, 3, 1);
    lua_pushvalue(L, 2);
    lua_setiuservalue(L, 3, 2);
    bind_ok(L, pagu_attribution_new(a->view, b->view, &box->at, &err), &err);
    lua_newtable(L);
    for (uint32_t i = 0; i < pagu_attribution_count(box->at); i++) {
        push_entry(L, pagu_attribution_entry(box->at, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 2;
}

static lua_Integer item(lua_State *L, int list, uint32_t i)
{
    lua_rawgeti(L, list, (lua_Integer)i + 1);
    lua_Integer out = bind_integer(L, lua_gettop(L));
    lua_pop(L, 1);
    return out;
}

/* pagu._attribution_group(handle, { group of each entry }, n) */
static int module_group(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_attribution *at = check_attribution(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_Integer n = bind_integer(L, 3);
    uint32_t count = pagu_attribution_count(at), groups = n < 0 || n > MOST_ORDERED ? 0 : (uint32_t)n;
    uint32_t *of = bind_scratch(L, count, sizeof *of);
    for (uint32_t i = 0; i < count; i++) {
        lua_Integer g = item(L, 2, i);
        of[i] = g < 1 || g > groups ? UINT32_MAX : (uint32_t)g - 1;
    }
    bind_ok(L, pagu_attribution_group(at, of, groups, &err), &err);
    return 0;
}

/* pagu._attribution_locked(handle, group) */
static int module_locked(lua_State *L)
{
    const pagu_attribution *at = check_attribution(L);
    lua_Integer g = bind_integer(L, 2);
    lua_pushboolean(L, g >= 1 && g <= pagu_attribution_groups(at) && pagu_attribution_is_locked(at, (uint32_t)g - 1));
    return 1;
}

/* pagu._attribution_money(handle, key, field, period) -> { part of each group } */
static int module_money(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const pagu_attribution *at = check_attribution(L);
    attribution_box *box = lua_touserdata(L, 1);
    pagu_plan *plan = pagu_view_plan(box->b->view);
    const char *key = bind_text(L, 2, NULL);
    pagu_field field = bind_field(L, 3, plan);
    pagu_column column = bind_money_column(L, box->b, field, bind_period(L, 4, plan, 0));
    uint32_t n = pagu_attribution_groups(at);
    pagu_money *parts = bind_scratch(L, n, sizeof *parts);
    bind_ok(L, pagu_attribution_money(at, key, column, parts, &err), &err);
    lua_newtable(L);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushinteger(L, parts[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* pagu._attribution_switch(handle, trial, { [group] = true where it is present }) */
static int module_switch(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const pagu_attribution *at = check_attribution(L);
    pagu_scenario *trial = bind_check_scenario(L, 2);
    luaL_checktype(L, 3, LUA_TTABLE);
    uint32_t n = pagu_attribution_groups(at);
    bool *present = bind_scratch(L, n, sizeof *present);
    for (uint32_t i = 0; i < n; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        present[i] = lua_toboolean(L, -1);
        lua_pop(L, 1);
    }
    bind_ok(L, pagu_attribution_switch(at, trial, present, &err), &err);
    return 0;
}

static uint32_t check_players(lua_State *L, int idx, uint32_t most)
{
    lua_Integer n = bind_integer(L, idx);
    if (n < 0 || n > most)
        bind_fail(L, PAGU_LIMIT, "Shapley values of %u groups are too many; %d is the most", (unsigned)n, (int)most);
    return (uint32_t)n;
}

static int push_real_parts(lua_State *L, uint32_t n)
{
    pagu_error err;
    double parts[MOST_PLAYERS], *values = bind_scratch(L, (size_t)1 << n, sizeof *values);
    error_init(&err);
    for (uint32_t set = 0; set < 1u << n; set++) {
        lua_rawgeti(L, 1, (lua_Integer)set + 1);
        values[set] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    bind_ok(L, pagu_shapley(bind_ctx(L), values, n, parts, &err), &err);
    lua_newtable(L);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushnumber(L, parts[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* pagu._shapley({ value of subset 0, 1, … 2^n - 1 }, n) -> { part of each }; whole numbers stay whole. */
static int module_shapley(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    luaL_checktype(L, 1, LUA_TTABLE);
    uint32_t n = check_players(L, 2, MOST_PLAYERS);
    pagu_money parts[MOST_PLAYERS], *values = bind_scratch(L, (size_t)1 << n, sizeof *values);
    for (uint32_t set = 0; set < 1u << n; set++) {
        lua_rawgeti(L, 1, (lua_Integer)set + 1);
        if (!lua_isinteger(L, -1))
            return push_real_parts(L, n);
        values[set] = lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    bind_ok(L, pagu_shapley_money(bind_ctx(L), values, n, parts, &err), &err);
    lua_newtable(L);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushinteger(L, parts[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* pagu._shapley_order(seed, draw, n) -> a random order of 1 … n */
static int module_order(lua_State *L)
{
    uint64_t seed = (uint64_t)bind_integer(L, 1);
    uint32_t draw = (uint32_t)bind_integer(L, 2), n = check_players(L, 3, MOST_ORDERED);
    uint32_t *order = bind_scratch(L, n, sizeof *order);
    pagu_shapley_order(seed, draw, n, order);
    lua_newtable(L);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushinteger(L, (lua_Integer)order[i] + 1);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

const luaL_Reg bind_attribute_functions[] = {
    { "_attribution", module_attribution },   { "_attribution_group", module_group },
    { "_attribution_locked", module_locked }, { "_attribution_money", module_money },
    { "_attribution_switch", module_switch }, { "_shapley", module_shapley },
    { "_shapley_order", module_order },       { NULL, NULL },
};
