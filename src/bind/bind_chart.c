/* bind_chart.c - pagu.chart{…}: what a chart shows. The specification stays in user value 1, since
 * a table that a script still fills is made anew; the engine's chart follows it.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { MOST_VALUES = 12 };

static void free_chart(void *c)
{
    pagu_chart_free(c);
}

static int chart_gc(lua_State *L)
{
    chart_box *box = lua_touserdata(L, 1);
    pagu_chart *c = box->c;
    box->c = NULL;
    pagu_chart_free(c);
    return 0;
}

/* Names of the value columns: value = "budget", or values = { "low", "middle", "high" }. */
static uint32_t read_values(lua_State *L, int spec, const char *names[MOST_VALUES])
{
    names[0] = bind_option_string(L, spec, "value");
    if (names[0])
        return 1;
    if (bind_option(L, spec, "values") != LUA_TTABLE)
        bind_fail(L, PAGU_ARGUMENT, "a chart needs value = \"column\", or values = { \"column\", … }");
    int list = lua_gettop(L);
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    if (n > MOST_VALUES)
        bind_fail(L, PAGU_ARGUMENT, "a chart draws at most %d columns, not %d", (int)MOST_VALUES, (int)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, list, i);
        names[i - 1] = bind_text(L, -1, NULL); /* the list keeps it */
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return (uint32_t)n;
}

/* Stack: the chart's box at idx, its specification at spec. */
static void make_chart(lua_State *L, chart_box *box, int spec)
{
    static const char *const known[] = { "kind", "title", "table", "label", "value", "values", "unit", NULL };
    const char *names[MOST_VALUES];
    pagu_error err;
    error_init(&err);
    bind_known_options(L, spec, "chart", known);
    pagu_chart_spec s = PAGU_CHART_SPEC_INIT;
    const char *kind = bind_option_string(L, spec, "kind");
    bind_ok(L, pagu_chart_kind_parse(bind_ctx(L), kind ? kind : "bar", &s.kind, &err), &err);
    s.title = bind_option_string(L, spec, "title");
    s.label = bind_option_string(L, spec, "label");
    s.unit = bind_option_string(L, spec, "unit");
    s.n_values = read_values(L, spec, names);
    s.values = names;
    bind_option(L, spec, "table");
    pagu_table *t = bind_table_ready(L, lua_gettop(L));
    pagu_table_set_decimals(t, ((table_box *)lua_touserdata(L, -1))->decimals);
    owned_box *own = bind_own(L, free_chart);
    pagu_chart *c = NULL;
    bind_ok(L, pagu_chart_new(bind_ctx(L), &s, t, &c, &err), &err);
    own->ptr = box->c; /* the old one dies with its owner */
    box->c = c;
    lua_pop(L, 2);
}

pagu_chart *bind_chart_ready(lua_State *L, int idx)
{
    chart_box *box = bind_check_kind(L, idx, KIND_CHART, "a chart");
    int top = lua_gettop(L);
    luaL_checkstack(L, 20, NULL);
    lua_getiuservalue(L, idx, 1);
    bind_option(L, top + 1, "table");
    if (!box->c || pagu_chart_table(box->c) != bind_table_ready(L, top + 2))
        make_chart(L, box, top + 1);
    lua_settop(L, top);
    return box->c;
}

/* pagu.chart{ kind =, table =, label =, value = | values =, title =, unit = } */
int bind_chart_new(lua_State *L)
{
    lua_settop(L, 1);
    if (!lua_istable(L, 1))
        bind_fail(L, PAGU_ARGUMENT,
                  "a chart is made of options, as in pagu.chart{ kind = \"bar\", table = t, value = "
                  "\"budget\" }");
    chart_box *box = bind_new(L, KIND_CHART, sizeof(chart_box), 1, "pagu.chart");
    lua_newtable(L); /* a copy: the script may reuse its table */
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, 3);
    }
    make_chart(L, box, 3);
    lua_setiuservalue(L, 2, 1);
    return 1;
}

/* chart:svg(options) -> bytes */
static int chart_svg(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    lua_settop(L, 2);
    pagu_chart *c = bind_chart_ready(L, 1);
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    bind_render_options(L, 2, &o);
    owned_box *own = bind_own_text(L);
    bind_ok(L, pagu_chart_svg(c, &o, own->ptr, &err), &err);
    return bind_push_bytes(L, own);
}

static int chart_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    chart_box *box = bind_check_kind(L, 1, KIND_CHART, "a chart");
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(name, "kind") == 0)
        lua_pushstring(L, pagu_chart_kind_name(pagu_chart_get_kind(box->c)));
    else if (strcmp(name, "title") == 0)
        lua_pushstring(L, pagu_chart_title(box->c));
    else if (strcmp(name, "unit") == 0)
        lua_pushstring(L, pagu_chart_unit(box->c));
    else if (strcmp(name, "table") == 0 && lua_getiuservalue(L, 1, 1) == LUA_TTABLE)
        lua_getfield(L, -1, "table");
    else
        return 0;
    return 1;
}

static int chart_tostring(lua_State *L)
{
    chart_box *box = bind_check_kind(L, 1, KIND_CHART, "a chart");
    const char *title = pagu_chart_title(box->c);
    lua_pushfstring(L, *title ? "%s: %s" : "%s", pagu_chart_kind_name(pagu_chart_get_kind(box->c)), title);
    return 1;
}

void bind_open_chart(lua_State *L)
{
    static const luaL_Reg methods[] = { { "svg", chart_svg }, { NULL, NULL } };
    static const luaL_Reg meta[] = { { "__gc", chart_gc }, { "__tostring", chart_tostring }, { NULL, NULL } };
    bind_class(L, "pagu.chart", methods, meta, chart_index);
}
