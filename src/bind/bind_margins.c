/* bind_margins.c - rows and columns of a spread, as they are read from its options.
 *
 * A margin is { ["1.06.01"] = total, … }, { level = "program" }, whose nodes keep what they have, or
 * { tree = "fund", totals = { APBD = total, … } }; without totals the classes keep what they have.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_verbs.h"

typedef struct margin_list {
    pagu_margin *margins;
    size_t n;
    int anchor; /* stack index of a table that keeps the selections */
} margin_list;

static margin_list new_list(lua_State *L, size_t most)
{
    luaL_checkstack(L, 16, NULL);
    margin_list list = { .margins = bind_scratch(L, most, sizeof(pagu_margin)) };
    lua_newtable(L);
    list.anchor = lua_gettop(L);
    return list;
}

/* Add a margin of these rows; pops nothing, leaves nothing. */
static pagu_margin *add_margin(lua_State *L, margin_list *list, const view_box *v, const pagu_row *rows, size_t n)
{
    pagu_error err;
    error_init(&err);
    selection_box *box = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_rows(v->view, rows, n, &box->sel, &err), &err);
    lua_rawseti(L, list->anchor, (lua_Integer)list->n + 1);
    list->margins[list->n] = (pagu_margin){ .lines = box->sel };
    return &list->margins[list->n++];
}

/* ---- { ["1.06.01"] = total, … } ---- */

static margin_list read_keyed(lua_State *L, view_box *v, int map)
{
    margin_list list = new_list(L, bind_count_pairs(L, map));
    lua_pushnil(L);
    while (lua_next(L, map)) {
        pagu_row row = bind_row(L, -2, v);
        pagu_money total = bind_money(L, -1, "a total");
        add_margin(L, &list, v, &row, 1)->total = total;
        lua_pop(L, 1);
    }
    return list;
}

/* ---- { level = "program" } ---- */

static margin_list read_level(lua_State *L, view_box *v, int map)
{
    pagu_error err;
    pagu_level level = 0;
    error_init(&err);
    bind_ok(L, pagu_plan_find_level(pagu_view_plan(v->view), bind_option_string(L, map, "level"), &level, &err), &err);
    selection_box *nodes = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_level(v->view, level, &nodes->sel, &err), &err);
    uint32_t n = pagu_selection_count(nodes->sel);
    margin_list list = new_list(L, n);
    for (uint32_t i = 0; i < n; i++)
        add_margin(L, &list, v, &pagu_selection_rows(nodes->sel)[i], 1)->keep = true;
    return list;
}

/* ---- { tree = "fund", totals = { APBD = total, … } } ---- */

/* Lines of `at` in a class, or exactly of it: a class below another keeps its own. */
static void add_class(lua_State *L, margin_list *list, const spread_call *c, uint32_t tree, uint32_t cls, bool exactly,
                      pagu_row *rows)
{
    size_t n = 0;
    for (uint32_t i = 0; i < c->n_lines; i++)
        if (exactly ? pagu_view_class(c->v->view, c->lines[i], tree) == cls
                    : pagu_view_has_class(c->v->view, c->lines[i], tree, cls))
            rows[n++] = c->lines[i];
    if (exactly && n == 0)
        return;
    pagu_margin *m = add_margin(L, list, c->v, rows, n);
    m->name = pagu_plan_class_id(pagu_view_plan(c->v->view), tree, cls);
    m->keep = exactly;
}

static margin_list read_tree(lua_State *L, const spread_call *c, int map)
{
    pagu_error err;
    uint32_t tree = 0;
    pagu_plan *plan = pagu_view_plan(c->v->view);
    error_init(&err);
    bind_ok(L, pagu_plan_find_tree(plan, bind_option_string(L, map, "tree"), &tree, &err), &err);
    pagu_row *rows = bind_scratch(L, c->n_lines, sizeof(pagu_row));
    int totals = bind_option(L, map, "totals") == LUA_TNIL ? 0 : lua_gettop(L);
    if (totals && !lua_istable(L, totals))
        bind_fail(L, PAGU_ARGUMENT, "totals are { class = total, … }, not %s", bind_describe(L, totals));
    margin_list list = new_list(L, totals ? bind_count_pairs(L, totals) : pagu_plan_class_count(plan, tree));
    if (!totals)
        for (uint32_t cls = 0; cls < pagu_plan_class_count(plan, tree); cls++)
            add_class(L, &list, c, tree, cls, true, rows);
    for (lua_pushnil(L); totals && lua_next(L, totals); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            bind_fail(L, PAGU_ARGUMENT, "totals are { class = total, … }, not %s", bind_describe(L, totals));
        pagu_money total = bind_money(L, -1, "a total");
        add_class(L, &list, c, tree, bind_tag_class(L, plan, tree, bind_string(L, -2)), false, rows);
        list.margins[list.n - 1].total = total;
    }
    return list;
}

/* ---- rows and columns ---- */

static bool has(lua_State *L, int map, const char *name)
{
    bool there = bind_option(L, map, name) != LUA_TNIL;
    lua_pop(L, 1);
    return there;
}

/* Push a margin's table; by key or level it says which lines there are. */
static int push_margin(lua_State *L, const char *name, bool *by_place)
{
    static const char *const names[] = { "tree", "totals", "level", NULL };
    luaL_checkstack(L, 8, NULL);
    if (bind_option(L, 2, name) != LUA_TTABLE)
        bind_fail(
            L, PAGU_ARGUMENT,
            "%s are { [\"1.06.01\"] = total, … }, { level = \"program\" } or { tree = \"fund\", totals = { APBD = "
            "total, … } }, not %s",
            name, bind_describe(L, -1));
    int map = lua_gettop(L);
    bool tree = has(L, map, "tree"), level = has(L, map, "level");
    if (tree || level)
        bind_known_options(L, map, name, names);
    *by_place = !tree;
    return map;
}

static margin_list read_margin(lua_State *L, const spread_call *c, int map)
{
    if (has(L, map, "tree"))
        return read_tree(L, c, map);
    return has(L, map, "level") ? read_level(L, c->v, map) : read_keyed(L, c->v, map);
}

/* Where `at` says nothing, the rows do: their places, or the whole plan. */
static pagu_selection *place_of_rows(lua_State *L, const spread_call *c, const margin_list *rows)
{
    pagu_error err;
    error_init(&err);
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++)
        n += pagu_selection_count(rows->margins[i].lines);
    pagu_row *all = bind_scratch(L, n, sizeof(pagu_row));
    n = 0;
    for (size_t i = 0; i < rows->n; i++)
        for (uint32_t k = 0; k < pagu_selection_count(rows->margins[i].lines); k++)
            all[n++] = pagu_selection_rows(rows->margins[i].lines)[k];
    selection_box *box = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_rows(c->v->view, all, n, &box->sel, &err), &err);
    return box->sel;
}

static void read_place(lua_State *L, spread_call *c, const margin_list *rows)
{
    c->o.at = bind_place_apart(L, 2, "at", 1, false);
    if (!c->o.at && rows) {
        c->o.at = place_of_rows(L, c, rows);
    } else if (!c->o.at) {
        lua_pushliteral(L, "/");
        c->o.at = bind_place(L, -1, 1);
    }
    bind_read_lines(L, c);
}

void bind_spread_two(lua_State *L, spread_call *c, bind_note *n, pagu_table **out)
{
    pagu_error err;
    error_init(&err);
    bool by_place, ignored;
    int rows_at = push_margin(L, "rows", &by_place), columns_at = push_margin(L, "columns", &ignored);
    margin_list rows = { 0 };
    if (by_place)
        rows = read_margin(L, c, rows_at);
    read_place(L, c, by_place ? &rows : NULL);
    if (!by_place)
        rows = read_margin(L, c, rows_at);
    margin_list columns = read_margin(L, c, columns_at);
    bind_read_basis(L, c, 2);
    bind_read_bounds(L, c, 2);
    bind_note_spread(L, c, n, "spread");
    pagu_spread_two_options two = PAGU_SPREAD_TWO_OPTIONS_INIT;
    two.spread = &c->o;
    two.rows = rows.margins;
    two.n_rows = rows.n;
    two.columns = columns.margins;
    two.n_columns = columns.n;
    bind_ok(L, pagu_spread_two(bind_writable(L, c->v), &two, &n->note, out, &err), &err);
}
