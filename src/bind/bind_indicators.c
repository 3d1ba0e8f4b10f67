/* bind_indicators.c - indicators of a selection: a list that columns can be made of.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

/* An empty list on the view at `view`, with room for n. */
static indicators_box *push_list(lua_State *L, int view, uint32_t n)
{
    view = lua_absindex(L, view);
    view_box *v = bind_check_view_box(L, view);
    indicators_box *box = bind_new(L, KIND_INDICATORS, sizeof(indicators_box), 2, "pagu.indicators");
    box->view = v;
    lua_pushvalue(L, view);
    lua_setiuservalue(L, -2, 1);
    box->list = bind_scratch(L, n, sizeof(pagu_indicator));
    lua_setiuservalue(L, -2, 2);
    return box;
}

indicators_box *bind_check_indicators(lua_State *L, int idx)
{
    indicators_box *box = bind_check_kind(L, idx, KIND_INDICATORS, "a list of indicators");
    bind_live(L, box->view);
    return box;
}

int bind_push_indicators(lua_State *L, int view, const pagu_row *rows, uint32_t n)
{
    const pagu_view *v = bind_check_view_box(L, view)->view;
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        for (pagu_indicator k = pagu_view_first_indicator(v, rows[i]); k != PAGU_NO_INDICATOR;
             k = pagu_view_next_indicator(v, k))
            count++;
    indicators_box *box = push_list(L, view, count);
    for (uint32_t i = 0; i < n; i++)
        for (pagu_indicator k = pagu_view_first_indicator(v, rows[i]); k != PAGU_NO_INDICATOR;
             k = pagu_view_next_indicator(v, k))
            box->list[box->n++] = k;
    return 1;
}

static int push_at(lua_State *L, int idx, uint32_t i)
{
    indicators_box *box = bind_check_indicators(L, idx);
    if (box->list[i] >= pagu_view_indicator_count(box->view->view))
        bind_fail(L, PAGU_UNKNOWN_KEY, "the list holds indicators that were undone; select again");
    lua_getiuservalue(L, idx, 1);
    bind_push_indicator(L, -1, box->list[i]);
    return 1;
}

/* ---- iteration ---- */

static int next_indicator(lua_State *L)
{
    int idx = lua_upvalueindex(1);
    indicators_box *box = bind_check_indicators(L, idx);
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    if (i >= (lua_Integer)box->n)
        return 0;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(2));
    return push_at(L, idx, (uint32_t)i);
}

static int indicators_each(lua_State *L)
{
    bind_check_indicators(L, 1);
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_indicator, 2);
    return 1;
}

/* `for ind in list do`: called with the last indicator, nil at first. */
static int indicators_call(lua_State *L)
{
    indicators_box *box = bind_check_indicators(L, 1);
    indicator_box *last = bind_test(L, 3, KIND_INDICATOR);
    uint32_t i = 0;
    if (last) {
        i = box->cursor < box->n && box->list[box->cursor] == last->ind ? box->cursor : 0;
        while (i < box->n && box->list[i] != last->ind)
            i++;
        i++;
    }
    if (i >= box->n)
        return 0;
    box->cursor = i;
    return push_at(L, 1, i);
}

/* ---- methods ---- */

static int indicators_len(lua_State *L)
{
    lua_pushinteger(L, bind_check_indicators(L, 1)->n);
    return 1;
}

static int indicators_ids(lua_State *L)
{
    indicators_box *box = bind_check_indicators(L, 1);
    lua_createtable(L, (int)box->n, 0);
    for (uint32_t i = 0; i < box->n; i++) {
        lua_pushstring(L, pagu_view_indicator(box->view->view, box->list[i]).id);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* The nodes that they are of, each once. */
static int indicators_nodes(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    indicators_box *box = bind_check_indicators(L, 1);
    uint32_t n = 0;
    pagu_row *rows = bind_scratch(L, box->n, sizeof(pagu_row));
    for (uint32_t i = 0; i < box->n; i++) {
        pagu_row row = pagu_view_indicator(box->view->view, box->list[i]).row;
        if (row != PAGU_NO_ROW)
            rows[n++] = row;
    }
    lua_getiuservalue(L, 1, 1);
    selection_box *out = bind_push_selection(L, -1);
    bind_ok(L, pagu_select_rows(box->view->view, rows, n, &out->sel, &err), &err);
    return 1;
}

static void keep_by_mask(lua_State *L, indicators_box *box, const column_box *mask, indicators_box *out)
{
    if (pagu_expr_kind(mask->expr) != PAGU_EXPR_MASK)
        bind_fail(L, PAGU_ARGUMENT, "where takes a mask, such as list.target[2024]:gt(0), or a function");
    bind_check_aligned(L, mask, &(cells_box){ .view = box->view, .inds = box });
    const pagu_expr_value *values = bind_push_column_values(L, mask);
    for (uint32_t i = 0; i < box->n; i++)
        if (values[i].mask)
            out->list[out->n++] = box->list[i];
    lua_pop(L, 1);
}

static void keep_by_function(lua_State *L, const indicators_box *box, indicators_box *out)
{
    bind_function(L, 2);
    for (uint32_t i = 0; i < box->n; i++) {
        lua_pushvalue(L, 2);
        push_at(L, 1, i);
        lua_replace(L, -2); /* the view below it */
        lua_call(L, 1, 1);
        if (lua_toboolean(L, -1))
            out->list[out->n++] = box->list[i];
        lua_settop(L, 4);
    }
}

static int indicators_where(lua_State *L)
{
    indicators_box *box = bind_check_indicators(L, 1);
    column_box *mask = bind_test(L, 2, KIND_COLUMN);
    lua_settop(L, 2);
    lua_getiuservalue(L, 1, 1);
    indicators_box *out = push_list(L, 3, box->n);
    if (mask)
        keep_by_mask(L, box, mask, out);
    else
        keep_by_function(L, box, out);
    lua_settop(L, 4);
    return 1;
}

/* ---- indexing ---- */

static int indicators_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    indicators_box *box = bind_check_indicators(L, 1);
    if (lua_isinteger(L, 2)) {
        lua_Integer i = lua_tointeger(L, 2);
        return i < 1 || i > (lua_Integer)box->n ? 0 : push_at(L, 1, (uint32_t)i - 1);
    }
    if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "view") == 0) {
        lua_getiuservalue(L, 1, 1);
        return 1;
    }
    bind_push_cells(L, 1, box->view, bind_field(L, 2, pagu_view_plan(box->view->view)));
    ((cells_box *)lua_touserdata(L, -1))->inds = box;
    return 1;
}

static int indicators_newindex(lua_State *L)
{
    return bind_fail(L, PAGU_ARGUMENT, "give the year, as in list.target[2025] = list.target[2024] * 1.1");
}

static int indicators_tostring(lua_State *L)
{
    enum { SHOWN = 8 };
    indicators_box *box = bind_check_kind(L, 1, KIND_INDICATORS, "a list of indicators");
    if (!box->view->view) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    lua_pushfstring(L, bind_tr(bind_ctx(L), "%d indicators of \"%s\""), (int)box->n, pagu_view_name(box->view->view));
    for (uint32_t i = 0; i < box->n && i <= SHOWN; i++) {
        const char *id = i < SHOWN ? pagu_view_indicator(box->view->view, box->list[i]).id : "…";
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), i ? ", " : ": ", id);
        lua_replace(L, -2);
    }
    return 1;
}

void bind_open_indicators(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "each", indicators_each }, { "where", indicators_where },         { "nodes", indicators_nodes },
        { "ids", indicators_ids },   { "formula", bind_selection_formula }, { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__len", indicators_len },
        { "__call", indicators_call },
        { "__newindex", indicators_newindex },
        { "__tostring", indicators_tostring },
        { NULL, NULL },
    };
    bind_class(L, "pagu.indicators", methods, meta, indicators_index);
}
