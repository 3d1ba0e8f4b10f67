/* bind_cells.c - node.budget, indicator.target, selection.budget: a field waiting for its period.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

void bind_push_cells(lua_State *L, int owner, view_box *v, pagu_field field)
{
    owner = lua_absindex(L, owner);
    cells_box *c = bind_new(L, KIND_CELLS, sizeof(cells_box), 1, "pagu.cells");
    c->view = v;
    c->row = PAGU_NO_ROW;
    c->ind = PAGU_NO_INDICATOR;
    c->field = field;
    lua_pushvalue(L, owner);
    lua_setiuservalue(L, -2, 1);
}

/* Checks that the owner still is what it was. */
static cells_box *live_cells(lua_State *L)
{
    cells_box *c = bind_check_kind(L, 1, KIND_CELLS, "a field of a node or selection");
    bind_live(L, c->view);
    if (c->sel || c->inds)
        return c;
    lua_getiuservalue(L, 1, 1);
    if (c->ind != PAGU_NO_INDICATOR)
        bind_live_indicator(L, lua_gettop(L));
    else
        bind_live_node(L, lua_gettop(L));
    lua_pop(L, 1);
    return c;
}

static int push_column(lua_State *L, const cells_box *c, pagu_period period)
{
    pagu_error err;
    error_init(&err);
    lua_getiuservalue(L, 1, 1);
    column_box *out = bind_push_column(L, -1);
    bind_ok(L, pagu_expr_field(pagu_view_plan(c->view->view), c->field, period, &out->expr, &err), &err);
    return 1;
}

static int cells_index(lua_State *L)
{
    cells_box *c = live_cells(L);
    bool column = c->sel || c->inds;
    if (column && lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "own") == 0)
        return push_column(L, c, PAGU_NONE); /* for v:field: the period that is asked for */
    pagu_period period = bind_period(L, 2, pagu_view_plan(c->view->view), 0);
    if (column)
        return push_column(L, c, period);
    return bind_push_value(L, c->view, c->row, c->ind, c->field, period);
}

/* node.target(2024) -> all results of get: number, unit, text. Lua cuts an index to one. */
static int cells_call(lua_State *L)
{
    return cells_index(L);
}

static int cells_newindex(lua_State *L)
{
    cells_box *c = live_cells(L);
    bind_writable(L, c->view);
    pagu_period period = bind_period(L, 2, pagu_view_plan(c->view->view), 0);
    if (c->sel || c->inds)
        bind_assign_selection(L, c, period, 3);
    else
        bind_assign(L, c->view, c->row, c->ind, c->field, period, 3);
    return 0;
}

static int cells_tostring(lua_State *L)
{
    cells_box *c = bind_check_kind(L, 1, KIND_CELLS, "a field of a node or selection");
    if (!c->view->view) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    const char *field = bind_field_name(pagu_view_plan(c->view->view), c->field);
    lua_pushfstring(L, bind_tr(bind_ctx(L), "%s of every year; one year is .%s[%d]"), field, field,
                    pagu_plan_year(pagu_view_plan(c->view->view)));
    return 1;
}

void bind_open_cells(lua_State *L)
{
    static const luaL_Reg meta[] = {
        { "__index", cells_index },
        { "__newindex", cells_newindex },
        { "__call", cells_call },
        { "__tostring", cells_tostring },
        { NULL, NULL },
    };
    bind_class(L, "pagu.cells", NULL, meta, NULL);
    luaL_getmetatable(L, "pagu.cells");
    lua_pushcfunction(L, cells_index);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
