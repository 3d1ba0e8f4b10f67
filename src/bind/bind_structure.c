/* bind_structure.c - adding and removing nodes and indicators.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

typedef struct tags {
    const char **trees, **classes;
    uint32_t n;
} tags;

static uint32_t count_tags(lua_State *L, int map)
{
    uint32_t n = 0;
    lua_pushnil(L);
    for (; lua_next(L, map); lua_pop(L, 1))
        n += lua_istable(L, -1) ? (uint32_t)lua_rawlen(L, -1) : 1;
    return n;
}

static void add_tag(lua_State *L, tags *t, int key, int value)
{
    if (lua_type(L, key) != LUA_TSTRING || lua_type(L, value) != LUA_TSTRING)
        bind_fail(L, PAGU_ARGUMENT, "tag is a table such as { fund = \"APBD\" }, not %s", bind_describe(L, value));
    t->trees[t->n] = bind_string(L, key);
    t->classes[t->n++] = bind_string(L, value);
}

/* tag = { fund = "APBD", location = { "…", "…" } }. The strings stay in the script's table. */
static tags read_tags(lua_State *L)
{
    tags t = { NULL, NULL, 0 };
    if (bind_option(L, 2, "tag") == LUA_TNIL)
        return t;
    int map = lua_gettop(L);
    if (!lua_istable(L, map))
        bind_fail(L, PAGU_ARGUMENT, "tag is a table such as { fund = \"APBD\" }, not %s", bind_describe(L, map));
    uint32_t n = count_tags(L, map);
    t.trees = bind_scratch(L, n, sizeof(char *));
    t.classes = bind_scratch(L, n, sizeof(char *));
    lua_pushnil(L);
    while (lua_next(L, map)) {
        int value = lua_gettop(L);
        if (!lua_istable(L, value))
            add_tag(L, &t, value - 1, value);
        for (lua_Integer i = 1; lua_istable(L, value) && i <= (lua_Integer)lua_rawlen(L, value); i++) {
            lua_rawgeti(L, value, i);
            add_tag(L, &t, value - 1, value + 1);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return t;
}

/* s:_add{ under, code, name, level, sign, tag } -> node; the Lua side adds money and targets. */
static int scenario_add(lua_State *L)
{
    static const char *const names[] = { "under", "code", "name", "level", "sign", "tag", "reason", NULL };
    pagu_error err;
    bind_note n;
    pagu_row row = PAGU_NO_ROW;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "add", names);
    if (bind_option(L, 2, "under") == LUA_TNIL)
        bind_fail(L, PAGU_ARGUMENT, "%s is missing: the place, such as \"1.06.01\" or s:select{…}", "under");
    pagu_row_def def = { .under = bind_row(L, -1, v),
                         .code = bind_option_string(L, 2, "code"),
                         .name = bind_option_string(L, 2, "name"),
                         .level = bind_option_string(L, 2, "level"),
                         .sign = 1 };
    bind_option(L, 2, "sign");
    def.sign = (int)bind_integer_or(L, -1, 1);
    if (def.sign < -1 || def.sign > 1)
        bind_fail(L, PAGU_ARGUMENT, "sign is 1, -1 or 0");
    tags t = read_tags(L);
    def.n_tags = t.n;
    def.tag_trees = t.trees;
    def.tag_classes = t.classes;
    bind_where_options(L, &n, "add", 2);
    bind_ok(L, pagu_add(s, &def, &n.note, &row, &err), &err);
    bind_push_node(L, 1, row);
    return 1;
}

/* s:_add_indicator{ node, name, unit, type } -> indicator */
static int scenario_add_indicator(lua_State *L)
{
    static const char *const names[] = { "node", "name", "unit", "type", "reason", NULL };
    pagu_error err;
    bind_note n;
    pagu_indicator ind = PAGU_NO_INDICATOR;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "add_indicator", names);
    bind_option(L, 2, "node");
    pagu_added_indicator def = { .row = bind_row(L, -1, v),
                                 .name = bind_option_string(L, 2, "name"),
                                 .unit = bind_option_string(L, 2, "unit"),
                                 .type = bind_option_string(L, 2, "type") };
    bind_where_options(L, &n, "add_indicator", 2);
    bind_ok(L, pagu_add_indicator(s, &def, &n.note, &ind, &err), &err);
    bind_push_indicator(L, 1, ind);
    return 1;
}

/* s:remove(place) or s:remove{ at = place, reason = "…", dry = true } */
static int scenario_remove(lua_State *L)
{
    static const char *const names[] = { "at", "dry", "reason", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    if (!lua_isnoneornil(L, 3))
        bind_fail(L, PAGU_ARGUMENT,
                  "remove takes a place; options stand beside it, as in s:remove{ at = …, dry = true }");
    lua_settop(L, 2);
    bool options = lua_istable(L, 2) && bind_option(L, 2, "at") != LUA_TNIL;
    lua_settop(L, 2);
    pagu_selection *rows;
    if (options) {
        bind_known_options(L, 2, "remove", names);
        if (bind_option_bool(L, 2, "dry"))
            return bind_dry(L, scenario_remove, 2);
        bind_fix_places(L);
        rows = bind_place_option(L, 2, "at", 1, true);
        bind_where_options(L, &n, "remove", 2);
    } else {
        rows = bind_place(L, 2, 1);
        lua_createtable(L, 0, 1); /* its selection: what a predicate chose */
        lua_pushvalue(L, 3);
        lua_setfield(L, 4, "at");
        bind_where_options(L, &n, "remove", 4);
    }
    bind_ok(L, pagu_remove(s, rows, &n.note, &err), &err);
    return 0;
}

/* s:join{ at, from }: rows that another stage has and this one lacks become part of it. */
static int scenario_join(lua_State *L)
{
    static const char *const names[] = { "at", "from", "reason", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "join", names);
    if (bind_option(L, 2, "from") == LUA_TSTRING)
        bind_push_stage(L, pagu_view_plan(v->view), bind_string(L, -1));
    view_box *from = bind_live(L, bind_check_kind(L, lua_gettop(L), KIND_VIEW, "a plan or scenario"));
    if (pagu_view_plan(from->view) != pagu_view_plan(v->view))
        bind_fail(L, PAGU_ARGUMENT, "the place belongs to another plan; give its key instead");
    pagu_selection *rows = bind_place_option(L, 2, "at", lua_gettop(L), true);
    bind_where_options(L, &n, "join", 2);
    bind_ok(L, pagu_join_rows(bind_writable(L, v), rows, &n.note, &err), &err);
    return 0;
}

const luaL_Reg bind_structure_methods[] = {
    { "_add", scenario_add },
    { "_add_indicator", scenario_add_indicator },
    { "remove", scenario_remove },
    { "join", scenario_join },
    { NULL, NULL },
};
