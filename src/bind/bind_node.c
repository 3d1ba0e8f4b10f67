/* bind_node.c - one node or line of a view.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

void bind_push_node(lua_State *L, int view, pagu_row row)
{
    view = lua_absindex(L, view);
    view_box *v = bind_check_view_box(L, view);
    if (row == PAGU_NO_ROW) {
        lua_pushnil(L);
        return;
    }
    node_box *n = bind_new(L, KIND_NODE, sizeof(node_box), 2, "pagu.node");
    n->view = v;
    n->row = row;
    n->added = row >= pagu_plan_row_count(pagu_view_plan(v->view));
    lua_pushvalue(L, view);
    lua_setiuservalue(L, -2, 1);
    if (n->added) {
        lua_pushstring(L, pagu_view_key(v->view, row));
        lua_setiuservalue(L, -2, 2);
    }
}

/* An added row that was undone may be gone, or its number may be another node's. */
static bool is_there(lua_State *L, int idx, const node_box *n)
{
    pagu_view *v = n->view->view;
    if (n->row >= pagu_view_row_count(v) || !pagu_view_is_member(v, n->row))
        return false;
    if (!n->added)
        return true;
    lua_getiuservalue(L, idx, 2);
    bool same = strcmp(lua_tostring(L, -1), pagu_view_key(v, n->row)) == 0;
    lua_pop(L, 1);
    return same;
}

node_box *bind_live_node(lua_State *L, int idx)
{
    node_box *n = bind_check_kind(L, idx, KIND_NODE, "a node");
    bind_live(L, n->view);
    if (!is_there(L, idx, n))
        bind_fail(L, PAGU_NOT_MEMBER, "the node is not in \"%s\" any more", pagu_view_name(n->view->view));
    return n;
}

/* ---- methods ---- */

static int node_children(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    node_box *n = bind_live_node(L, 1);
    const pagu_view *v = n->view->view;
    uint32_t count = 0, i = 0;
    for (pagu_row c = pagu_view_first_child(v, n->row); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c))
        count++;
    pagu_row *rows = bind_scratch(L, count, sizeof(pagu_row));
    for (pagu_row c = pagu_view_first_child(v, n->row); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c))
        rows[i++] = c;
    lua_getiuservalue(L, 1, 1);
    selection_box *out = bind_push_selection(L, -1);
    bind_ok(L, pagu_select_rows(v, rows, count, &out->sel, &err), &err);
    return 1;
}

static int node_indicators(lua_State *L)
{
    node_box *n = bind_live_node(L, 1);
    lua_Integer i = 0;
    lua_newtable(L);
    lua_getiuservalue(L, 1, 1);
    for (pagu_indicator k = pagu_view_first_indicator(n->view->view, n->row); k != PAGU_NO_INDICATOR;
         k = pagu_view_next_indicator(n->view->view, k)) {
        bind_push_indicator(L, -1, k);
        lua_rawseti(L, -3, ++i);
    }
    lua_pop(L, 1);
    return 1;
}

static int node_attribute(lua_State *L)
{
    node_box *n = bind_live_node(L, 1);
    const char *value = pagu_view_attribute(n->view->view, n->row, bind_text(L, 2, NULL));
    lua_pushstring(L, value && *value ? value : NULL);
    return 1;
}

static int node_is_below(lua_State *L)
{
    node_box *n = bind_live_node(L, 1);
    pagu_row other = bind_row(L, 2, n->view);
    lua_pushboolean(L, pagu_view_is_below(n->view->view, n->row, other));
    return 1;
}

/* ---- properties ---- */

/* Of a label tree: the classes that the node carries, without those above them. */
/* node:explain(field, period, options): v:explain at this node. */
static int node_explain(lua_State *L)
{
    bind_live_node(L, 1);
    lua_settop(L, 4);
    lua_getiuservalue(L, 1, 1);
    lua_getfield(L, -1, "explain");
    lua_insert(L, 1);
    lua_insert(L, 2);
    lua_call(L, 5, 1);
    return 1;
}

static void push_labels(lua_State *L, const node_box *n, pagu_plan *plan, uint32_t tree)
{
    lua_Integer count = 0;
    uint32_t n_classes = pagu_plan_class_count(plan, tree);
    lua_newtable(L);
    for (uint32_t c = 0; c < n_classes; c++) {
        if (!pagu_view_has_class(n->view->view, n->row, tree, c))
            continue;
        bool below = false;
        for (uint32_t d = 0; d < n_classes && !below; d++)
            below = pagu_plan_class_parent(plan, tree, d) == c && pagu_view_has_class(n->view->view, n->row, tree, d);
        if (!below) {
            lua_pushstring(L, pagu_plan_class_id(plan, tree, c));
            lua_rawseti(L, -2, ++count);
        }
    }
}

/* { fund = "APBD", pn = { "01" } }: the class of partitions, the list of labels. */
static void push_tags(lua_State *L, const node_box *n)
{
    pagu_plan *plan = pagu_view_plan(n->view->view);
    lua_newtable(L);
    for (uint32_t t = 0; t < pagu_plan_tree_count(plan); t++) {
        if (pagu_plan_tree_is_partition(plan, t)) {
            uint32_t c = pagu_view_class(n->view->view, n->row, t);
            lua_pushstring(L, c == UINT32_MAX ? NULL : pagu_plan_class_id(plan, t, c));
        } else {
            push_labels(L, n, plan, t);
        }
        lua_setfield(L, -2, pagu_plan_tree_id(plan, t));
    }
}

/* { fund = "APBD" }: the classes of partitions that the node itself carries, as the package declares them. */
static void push_declared(lua_State *L, const node_box *n)
{
    pagu_plan *plan = pagu_view_plan(n->view->view);
    lua_newtable(L);
    for (uint32_t t = 0; t < pagu_plan_tree_count(plan); t++) {
        uint32_t c = pagu_view_declared_class(n->view->view, n->row, t);
        if (c != UINT32_MAX && pagu_plan_tree_is_partition(plan, t)) {
            lua_pushstring(L, pagu_plan_class_id(plan, t, c));
            lua_setfield(L, -2, pagu_plan_tree_id(plan, t));
        }
    }
}

static void push_level(lua_State *L, const node_box *n)
{
    pagu_level level = pagu_view_level(n->view->view, n->row);
    lua_pushstring(L, level == PAGU_NONE ? NULL : pagu_plan_level_id(pagu_view_plan(n->view->view), level));
}

static bool push_property(lua_State *L, const node_box *n, const char *name)
{
    const pagu_view *v = n->view->view;
    if (strcmp(name, "key") == 0)
        lua_pushstring(L, pagu_view_key(v, n->row));
    else if (strcmp(name, "code") == 0)
        lua_pushstring(L, pagu_view_code(v, n->row));
    else if (strcmp(name, "name") == 0)
        lua_pushstring(L, pagu_view_row_name(v, n->row));
    else if (strcmp(name, "level") == 0)
        push_level(L, n);
    else if (strcmp(name, "depth") == 0)
        lua_pushinteger(L, pagu_view_depth(v, n->row));
    else if (strcmp(name, "sign") == 0)
        lua_pushinteger(L, pagu_view_sign(v, n->row));
    else if (strcmp(name, "leaf") == 0)
        lua_pushboolean(L, pagu_view_is_leaf(v, n->row));
    else if (strcmp(name, "own_line") == 0)
        lua_pushboolean(L, pagu_view_is_own_line(v, n->row));
    else if (strcmp(name, "tag") == 0)
        push_tags(L, n);
    else if (strcmp(name, "declared") == 0)
        push_declared(L, n);
    else
        return false;
    return true;
}

static int node_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    node_box *n = bind_live_node(L, 1);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (push_property(L, n, name))
        return 1;
    if (strcmp(name, "parent") == 0 || strcmp(name, "view") == 0) {
        lua_getiuservalue(L, 1, 1);
        if (*name == 'p')
            bind_push_node(L, -1, pagu_view_parent(n->view->view, n->row));
        return 1;
    }
    bind_push_cells(L, 1, n->view, bind_field(L, 2, pagu_view_plan(n->view->view)));
    ((cells_box *)lua_touserdata(L, -1))->row = n->row;
    return 1;
}

static int node_newindex(lua_State *L)
{
    return bind_fail(L, PAGU_ARGUMENT, "give the year, as in node.budget[2024] = 150000000");
}

static int node_eq(lua_State *L)
{
    node_box *a = bind_test(L, 1, KIND_NODE), *b = bind_test(L, 2, KIND_NODE);
    lua_pushboolean(L, a && b && a->view == b->view && a->row == b->row);
    return 1;
}

static int node_tostring(lua_State *L)
{
    node_box *n = bind_check_kind(L, 1, KIND_NODE, "a node");
    if (!n->view->view || !is_there(L, 1, n))
        lua_pushliteral(L, "closed");
    else
        lua_pushfstring(L, "%s %s", pagu_view_key(n->view->view, n->row), pagu_view_row_name(n->view->view, n->row));
    return 1;
}

void bind_open_node(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "children", node_children }, { "indicators", node_indicators }, { "attribute", node_attribute },
        { "is_below", node_is_below }, { "explain", node_explain },       { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__newindex", node_newindex },
        { "__eq", node_eq },
        { "__tostring", node_tostring },
        { NULL, NULL },
    };
    bind_class(L, "pagu.node", methods, meta, node_index);
}
