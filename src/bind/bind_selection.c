/* bind_selection.c - fixed sets of rows: set algebra, iteration, columns, assignment.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { SHOWN = 8 }; /* keys that tostring gives */

selection_box *bind_push_selection(lua_State *L, int view)
{
    view = lua_absindex(L, view);
    view_box *v = bind_check_view_box(L, view);
    selection_box *s = bind_new(L, KIND_SELECTION, sizeof(selection_box), 2, "pagu.selection");
    s->view = v;
    lua_pushvalue(L, view);
    lua_setiuservalue(L, -2, 1);
    return s;
}

static int selection_gc(lua_State *L)
{
    selection_box *s = lua_touserdata(L, 1);
    pagu_selection *sel = s->sel;
    s->sel = NULL;
    pagu_selection_free(sel);
    return 0;
}

selection_box *bind_check_selection(lua_State *L, int idx)
{
    selection_box *s = bind_check_kind(L, idx, KIND_SELECTION, "a selection");
    bind_live(L, s->view);
    return s;
}

/* Rows that an undo took away are no longer part of what is walked. */
static bool is_there(const pagu_view *v, pagu_row row)
{
    return row < pagu_view_row_count(v) && pagu_view_is_member(v, row);
}

const pagu_row *bind_selection_order(lua_State *L, int idx)
{
    idx = lua_absindex(L, idx);
    selection_box *s = bind_check_selection(L, idx);
    if (s->order)
        return s->order;
    uint32_t n = pagu_selection_count(s->sel);
    const pagu_row *rows = pagu_selection_rows(s->sel);
    pagu_row *order = bind_scratch(L, n, sizeof(pagu_row));
    for (uint32_t i = 0; i < n; i++) {
        order[i] = rows[i];
        if (rows[i] >= pagu_view_row_count(s->view->view))
            bind_fail(L, PAGU_NOT_MEMBER, "the selection holds nodes that were undone; select again");
    }
    if (pagu_view_sort(s->view->view, order, n) != PAGU_OK)
        bind_memory(L);
    lua_setiuservalue(L, idx, 2);
    s->order = order;
    return order;
}

/* ---- set algebra ---- */

typedef pagu_code (*combine_fn)(const pagu_selection *, const pagu_selection *, pagu_selection **, pagu_error *);

static void push_view_of(lua_State *L, int idx)
{
    lua_getiuservalue(L, idx, 1);
}

/* Either side may be any place; the result is on the first selection's view. */
static int combine(lua_State *L, combine_fn fn)
{
    pagu_error err;
    error_init(&err);
    int first = bind_test(L, 1, KIND_SELECTION) ? 1 : 2;
    bind_check_selection(L, first);
    lua_settop(L, 2);
    push_view_of(L, first);
    pagu_selection *a = bind_place(L, 1, 3), *b = bind_place(L, 2, 3);
    selection_box *out = bind_push_selection(L, 3);
    bind_ok(L, fn(a, b, &out->sel, &err), &err);
    return 1;
}

static int selection_bor(lua_State *L)
{
    return combine(L, pagu_selection_union);
}

static int selection_band(lua_State *L)
{
    return combine(L, pagu_selection_intersect);
}

static int selection_sub(lua_State *L)
{
    return combine(L, pagu_selection_subtract);
}

static int selection_len(lua_State *L)
{
    lua_pushinteger(L, pagu_selection_count(bind_check_selection(L, 1)->sel));
    return 1;
}

static int selection_eq(lua_State *L)
{
    selection_box *a = bind_test(L, 1, KIND_SELECTION), *b = bind_test(L, 2, KIND_SELECTION);
    bool same = a && b && a->view == b->view && pagu_selection_count(a->sel) == pagu_selection_count(b->sel) &&
                memcmp(pagu_selection_rows(a->sel), pagu_selection_rows(b->sel),
                       pagu_selection_count(a->sel) * sizeof(pagu_row)) == 0;
    lua_pushboolean(L, same);
    return 1;
}

/* ---- iteration, in tree order ---- */

static int push_at(lua_State *L, int idx, uint32_t i)
{
    push_view_of(L, idx);
    bind_push_node(L, -1, bind_selection_order(L, idx)[i]);
    return 1;
}

static int next_node(lua_State *L)
{
    int idx = lua_upvalueindex(1);
    selection_box *s = bind_check_selection(L, idx);
    const pagu_row *order = bind_selection_order(L, idx);
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    lua_Integer n = pagu_selection_count(s->sel);
    while (i < n && !is_there(s->view->view, order[i]))
        i++;
    if (i >= n)
        return 0;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(2));
    lua_getiuservalue(L, idx, 1);
    bind_push_node(L, -1, order[i]);
    return 1;
}

static int selection_each(lua_State *L)
{
    bind_selection_order(L, 1);
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_node, 2);
    return 1;
}

/* `for node in selection do`: called with the last node, nil at first. The cursor makes the
 * search for it one step as long as loops don't interleave. */
static int selection_call(lua_State *L)
{
    selection_box *s = bind_check_selection(L, 1);
    const pagu_row *order = bind_selection_order(L, 1);
    uint32_t n = pagu_selection_count(s->sel), i = 0;
    node_box *last = bind_test(L, 3, KIND_NODE);
    if (last) {
        i = s->cursor < n && order[s->cursor] == last->row ? s->cursor : 0;
        while (i < n && order[i] != last->row)
            i++;
        i++;
    }
    while (i < n && !is_there(s->view->view, order[i]))
        i++;
    if (i >= n)
        return 0;
    s->cursor = i;
    return push_at(L, 1, i);
}

/* ---- methods ---- */

static int selection_on(lua_State *L)
{
    bind_check_selection(L, 1);
    bind_check_view_box(L, 2);
    bind_place(L, 1, 2);
    return 1;
}

static int selection_lines(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    selection_box *s = bind_check_selection(L, 1);
    push_view_of(L, 1);
    selection_box *out = bind_push_selection(L, -1);
    bind_ok(L, pagu_select_lines(s->view->view, s->sel, &out->sel, &err), &err);
    return 1;
}

/* Rows of the selection for which a mask holds. */
static void where_mask(lua_State *L, selection_box *s, const column_box *mask)
{
    pagu_error err;
    error_init(&err);
    uint32_t n = pagu_selection_count(s->sel), count = 0;
    const pagu_row *rows = pagu_selection_rows(s->sel);
    if (pagu_expr_kind(mask->expr) != PAGU_EXPR_MASK)
        bind_fail(L, PAGU_ARGUMENT, "where takes a mask, such as sel.budget[2024]:gt(0), or a function");
    bind_check_aligned(L, mask, &(cells_box){ .view = s->view, .sel = s });
    pagu_expr_value *values = bind_scratch(L, n, sizeof(pagu_expr_value));
    pagu_row *kept = bind_scratch(L, n, sizeof(pagu_row));
    bind_ok(L, pagu_expr_eval(mask->expr, s->view->view, rows, n, values, &err), &err);
    for (uint32_t i = 0; i < n; i++)
        if (values[i].state == PAGU_NUMBER && values[i].mask)
            kept[count++] = rows[i];
    push_view_of(L, 1);
    selection_box *out = bind_push_selection(L, -1);
    bind_ok(L, pagu_select_rows(s->view->view, kept, count, &out->sel, &err), &err);
}

static int selection_where(lua_State *L)
{
    selection_box *s = bind_check_selection(L, 1);
    column_box *mask = bind_test(L, 2, KIND_COLUMN);
    lua_settop(L, 2);
    if (mask) {
        where_mask(L, s, mask);
        return 1;
    }
    push_view_of(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, 1);
    lua_setfield(L, 4, "at");
    lua_pushvalue(L, 2);
    lua_setfield(L, 4, "where");
    bind_place(L, 4, 3);
    return 1;
}

static int selection_indicators(lua_State *L)
{
    selection_box *s = bind_check_selection(L, 1);
    const pagu_row *order = bind_selection_order(L, 1);
    lua_settop(L, 1);
    push_view_of(L, 1);
    return bind_push_indicators(L, 2, order, pagu_selection_count(s->sel));
}

static int selection_keys(lua_State *L)
{
    selection_box *s = bind_check_selection(L, 1);
    const pagu_row *order = bind_selection_order(L, 1);
    lua_createtable(L, (int)pagu_selection_count(s->sel), 0);
    for (uint32_t i = 0; i < pagu_selection_count(s->sel); i++) {
        lua_pushstring(L, pagu_view_key(s->view->view, order[i]));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int selection_has(lua_State *L)
{
    selection_box *s = bind_check_selection(L, 1);
    lua_pushboolean(L, pagu_selection_has(s->sel, bind_row(L, 2, s->view)));
    return 1;
}

/* ---- indexing ---- */

static int selection_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    selection_box *s = bind_check_selection(L, 1);
    if (lua_isinteger(L, 2)) {
        lua_Integer i = lua_tointeger(L, 2);
        if (i < 1 || i > (lua_Integer)pagu_selection_count(s->sel))
            return 0;
        return push_at(L, 1, (uint32_t)i - 1);
    }
    if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "view") == 0) {
        push_view_of(L, 1);
        return 1;
    }
    bind_push_cells(L, 1, s->view, bind_field(L, 2, pagu_view_plan(s->view->view)));
    ((cells_box *)lua_touserdata(L, -1))->sel = s;
    return 1;
}

static int selection_newindex(lua_State *L)
{
    return bind_fail(L, PAGU_ARGUMENT, "give the year, as in sel.budget[2025] = sel.budget[2024] * 1.045");
}

static int selection_tostring(lua_State *L)
{
    selection_box *s = bind_check_kind(L, 1, KIND_SELECTION, "a selection");
    if (!s->view->view) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    int n = (int)pagu_selection_count(s->sel);
    lua_pushfstring(L, bind_tr(bind_ctx(L), "selection of %d nodes of \"%s\""), n, pagu_view_name(s->view->view));
    const pagu_row *order = bind_selection_order(L, 1);
    for (int i = 0; i < n && i <= SHOWN; i++) {
        const char *key = i < SHOWN ? pagu_view_key(s->view->view, order[i]) : "…";
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), i ? ", " : ": ", key);
        lua_replace(L, -2);
    }
    return 1;
}

void bind_open_selection(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "each", selection_each },
        { "on", selection_on },
        { "where", selection_where },
        { "lines", selection_lines },
        { "indicators", selection_indicators },
        { "keys", selection_keys },
        { "has", selection_has },
        { "formula", bind_selection_formula },
        { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__gc", selection_gc },
        { "__bor", selection_bor },
        { "__band", selection_band },
        { "__sub", selection_sub },
        { "__len", selection_len },
        { "__eq", selection_eq },
        { "__call", selection_call },
        { "__newindex", selection_newindex },
        { "__tostring", selection_tostring },
        { NULL, NULL },
    };
    bind_class(L, "pagu.selection", methods, meta, selection_index);
}
