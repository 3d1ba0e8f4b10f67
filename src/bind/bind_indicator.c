/* bind_indicator.c - one indicator of a view.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

void bind_push_indicator(lua_State *L, int view, pagu_indicator ind)
{
    view = lua_absindex(L, view);
    view_box *v = bind_check_view_box(L, view);
    indicator_box *box = bind_new(L, KIND_INDICATOR, sizeof(indicator_box), 2, "pagu.indicator");
    box->view = v;
    box->ind = ind;
    lua_pushvalue(L, view);
    lua_setiuservalue(L, -2, 1);
    lua_pushstring(L, pagu_view_indicator(v->view, ind).id);
    lua_setiuservalue(L, -2, 2);
}

/* As for nodes: an added indicator that was undone may be gone or be another one now. */
static bool is_there(lua_State *L, int idx, const indicator_box *box)
{
    pagu_view *v = box->view->view;
    pagu_indicator now = PAGU_NO_INDICATOR;
    if (box->ind < pagu_plan_indicator_count(pagu_view_plan(v)))
        return true;
    lua_getiuservalue(L, idx, 2);
    pagu_code code = pagu_view_find_indicator(v, lua_tostring(L, -1), &now, NULL);
    lua_pop(L, 1);
    return code == PAGU_OK && now == box->ind;
}

indicator_box *bind_live_indicator(lua_State *L, int idx)
{
    indicator_box *box = bind_check_kind(L, idx, KIND_INDICATOR, "an indicator");
    bind_live(L, box->view);
    if (!is_there(L, idx, box))
        bind_fail(L, PAGU_UNKNOWN_KEY, "the indicator is not in \"%s\" any more", pagu_view_name(box->view->view));
    return box;
}

static const char *aggregation_name(pagu_aggregation a)
{
    static const char *const names[] = { "default", "none", "sum", "last", "mean", "max", "min", "weighted" };
    return names[a];
}

static const char *polarity_name(pagu_polarity p)
{
    static const char *const names[] = { "higher", "lower", "range" };
    return names[p];
}

static const char *text_property(const pagu_indicator_info *info, const char *name)
{
    if (strcmp(name, "id") == 0 || strcmp(name, "key") == 0)
        return info->id;
    if (strcmp(name, "name") == 0)
        return info->name;
    if (strcmp(name, "unit") == 0)
        return info->unit;
    if (strcmp(name, "type") == 0)
        return info->type;
    if (strcmp(name, "owner") == 0)
        return info->owner;
    if (strcmp(name, "polarity") == 0)
        return polarity_name(info->polarity);
    if (strcmp(name, "over_time") == 0)
        return aggregation_name(info->over_time);
    if (strcmp(name, "over_children") == 0)
        return aggregation_name(info->over_children);
    return NULL;
}

static int indicator_index(lua_State *L)
{
    indicator_box *box = bind_live_indicator(L, 1);
    pagu_indicator_info info = pagu_view_indicator(box->view->view, box->ind);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    const char *text = text_property(&info, name);
    if (text) {
        lua_pushstring(L, text);
        return 1;
    }
    if (strcmp(name, "node") == 0) {
        lua_getiuservalue(L, 1, 1);
        bind_push_node(L, -1, info.row);
        return 1;
    }
    bind_push_cells(L, 1, box->view, bind_field(L, 2, pagu_view_plan(box->view->view)));
    cells_box *cells = lua_touserdata(L, -1);
    cells->ind = box->ind;
    return 1;
}

static int indicator_newindex(lua_State *L)
{
    return bind_fail(L, PAGU_ARGUMENT, "give the year, as in indicator.target[2024] = 260");
}

static int indicator_eq(lua_State *L)
{
    indicator_box *a = bind_test(L, 1, KIND_INDICATOR), *b = bind_test(L, 2, KIND_INDICATOR);
    lua_pushboolean(L, a && b && a->view == b->view && a->ind == b->ind);
    return 1;
}

static int indicator_tostring(lua_State *L)
{
    indicator_box *box = bind_check_kind(L, 1, KIND_INDICATOR, "an indicator");
    if (!box->view->view || !is_there(L, 1, box)) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    pagu_indicator_info info = pagu_view_indicator(box->view->view, box->ind);
    lua_pushfstring(L, "%s %s (%s)", info.id, info.name, info.unit);
    return 1;
}

static bool is_listed(const pagu_view *v, const pagu_indicator_info *info, const char *owner)
{
    if (info->row != PAGU_NO_ROW && !pagu_view_is_member(v, info->row))
        return false;
    return !owner || strcmp(info->owner, owner) == 0;
}

/* v:indicators(owner) -> list, in the package's order; of nodes only those that the view has */
int bind_view_indicators(lua_State *L)
{
    view_box *v = bind_check_view_box(L, 1);
    const char *owner = bind_text_or(L, 2, NULL);
    lua_Integer n = 0;
    lua_newtable(L);
    int out = lua_gettop(L);
    for (pagu_indicator i = 0; i < pagu_view_indicator_count(v->view); i++) {
        pagu_indicator_info info = pagu_view_indicator(v->view, i);
        if (!is_listed(v->view, &info, owner))
            continue;
        bind_push_indicator(L, 1, i);
        lua_rawseti(L, out, ++n);
    }
    return 1;
}

void bind_open_indicator(lua_State *L)
{
    static const luaL_Reg meta[] = {
        { "__newindex", indicator_newindex },
        { "__eq", indicator_eq },
        { "__tostring", indicator_tostring },
        { NULL, NULL },
    };
    bind_class(L, "pagu.indicator", NULL, meta, indicator_index);
}
