/* bind_place.c - places: a key, a list, a selector table, a node or a selection, to one selection.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

/* Rows are numbers of one plan: a node or selection of another plan means nothing here. */
static void check_same_plan(lua_State *L, const view_box *a, const view_box *b)
{
    if (!a->view)
        bind_fail(L, PAGU_CLOSED, "the plan or scenario is closed");
    if (pagu_view_plan(a->view) != pagu_view_plan(b->view))
        bind_fail(L, PAGU_ARGUMENT, "the place belongs to another plan; give its key instead");
}

pagu_row bind_row(lua_State *L, int idx, view_box *v)
{
    pagu_error err;
    pagu_row row = PAGU_NO_ROW;
    error_init(&err);
    if (lua_type(L, idx) == LUA_TSTRING) {
        bind_ok(L, bind_find_key(L, idx, v->view, &row, &err), &err);
        return row;
    }
    if (!bind_test(L, idx, KIND_NODE))
        bind_fail(L, PAGU_ARGUMENT, "a key is text such as \"1.06.01\" or a node, not %s", bind_describe(L, idx));
    node_box *n = bind_live_node(L, idx);
    check_same_plan(L, n->view, v);
    if (n->row >= pagu_view_row_count(v->view) || !pagu_view_is_member(v->view, n->row) ||
        (n->added && n->view != v)) /* added rows of two branches share numbers: the key decides */
        bind_ok(L, pagu_view_find(v->view, pagu_view_key(n->view->view, n->row), &row, &err), &err);
    else
        row = n->row;
    return row;
}

/* ---- combining: the selection at the top is replaced ---- */

typedef pagu_code (*combine_fn)(const pagu_selection *, const pagu_selection *, pagu_selection **, pagu_error *);

/* Stack: acc, next -> acc. */
static void combine(lua_State *L, int view, combine_fn fn)
{
    pagu_error err;
    error_init(&err);
    selection_box *a = bind_test(L, -2, KIND_SELECTION), *b = bind_test(L, -1, KIND_SELECTION);
    selection_box *out = bind_push_selection(L, view);
    bind_ok(L, fn(a->sel, b->sel, &out->sel, &err), &err);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static pagu_selection *push_rows(lua_State *L, int view, const pagu_row *rows, size_t n)
{
    pagu_error err;
    error_init(&err);
    selection_box *out = bind_push_selection(L, view);
    bind_ok(L, pagu_select_rows(out->view->view, rows, n, &out->sel, &err), &err);
    return out->sel;
}

/* ---- tags ---- */

uint32_t bind_tag_class(lua_State *L, pagu_plan *plan, uint32_t tree, const char *name)
{
    uint32_t n = pagu_plan_class_count(plan, tree);
    for (uint32_t c = 0; c < n; c++)
        if (strcmp(pagu_plan_class_id(plan, tree, c), name) == 0)
            return c;
    for (uint32_t c = 0; c < n; c++)
        if (strcmp(pagu_plan_class_name(plan, tree, c), name) == 0)
            return c;
    bind_fail(L, PAGU_UNKNOWN_TAG, "\"%s\" has no class \"%s\"", pagu_plan_tree_id(plan, tree), name);
    return 0;
}

/* A tag that is no classification tree may be a free attribute of nodes. */
static void push_attribute(lua_State *L, int view, const char *name, const char *value, const pagu_error *unknown)
{
    view_box *v = bind_check_view_box(L, view);
    uint32_t n = pagu_view_row_count(v->view), count = 0;
    pagu_row *rows = bind_scratch(L, n, sizeof(pagu_row));
    bool exists = false;
    for (pagu_row r = 0; r < n; r++) {
        if (!pagu_view_is_member(v->view, r))
            continue;
        const char *own = pagu_view_attribute(v->view, r, name);
        exists = exists || (own && *own);
        if (own && strcmp(own, value) == 0)
            rows[count++] = r;
    }
    if (!exists)
        bind_raise(L, unknown);
    push_rows(L, view, rows, count);
    lua_remove(L, -2);
}

static void push_tag(lua_State *L, int view, const char *tree_id, const char *cls)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, view);
    pagu_plan *plan = pagu_view_plan(v->view);
    uint32_t tree = 0;
    err.code = pagu_plan_find_tree(plan, tree_id, &tree, &err);
    if (err.code != PAGU_OK) {
        push_attribute(L, view, tree_id, cls, &err);
        return;
    }
    uint32_t c = bind_tag_class(L, plan, tree, cls);
    selection_box *out = bind_push_selection(L, view);
    bind_ok(L, pagu_select_tag(v->view, tree, c, &out->sel, &err), &err);
}

/* tag = { spm = "ya", fund = { "APBD", "DAK" } }: all of the trees, any of a tree's classes.
 * Stack: acc -> acc. */
static void narrow_by_tags(lua_State *L, int view, int tags)
{
    if (!lua_istable(L, tags))
        bind_fail(L, PAGU_ARGUMENT, "tag is a table such as { fund = \"APBD\" }, not %s", bind_describe(L, tags));
    lua_pushnil(L);
    while (lua_next(L, tags)) {
        int value = lua_gettop(L);
        if (lua_type(L, value - 1) != LUA_TSTRING)
            bind_fail(L, PAGU_ARGUMENT, "tag is a table such as { fund = \"APBD\" }, not %s", "[…]");
        const char *tree = bind_string(L, value - 1);
        if (lua_type(L, value) == LUA_TSTRING) {
            push_tag(L, view, tree, bind_string(L, value));
        } else if (lua_istable(L, value)) {
            push_rows(L, view, NULL, 0);
            for (lua_Integer i = 1; lua_rawgeti(L, value, i) == LUA_TSTRING; i++) {
                push_tag(L, view, tree, bind_string(L, -1));
                lua_remove(L, -2);
                combine(L, view, pagu_selection_union);
            }
            lua_pop(L, 1);
        } else {
            bind_fail(L, PAGU_ARGUMENT, "the class of tag \"%s\" is text, not %s", tree, bind_describe(L, value));
        }
        lua_pushvalue(L, value - 2);
        combine(L, view, pagu_selection_intersect);
        lua_replace(L, value - 2);
        lua_pop(L, 1);
    }
}

/* ---- levels ---- */

static void push_level(lua_State *L, int view, const char *id)
{
    pagu_error err;
    pagu_level level = 0;
    error_init(&err);
    view_box *v = bind_check_view_box(L, view);
    bind_ok(L, pagu_plan_find_level(pagu_view_plan(v->view), id, &level, &err), &err);
    selection_box *out = bind_push_selection(L, view);
    bind_ok(L, pagu_select_level(v->view, level, &out->sel, &err), &err);
}

static void narrow_by_level(lua_State *L, int view, int levels)
{
    if (lua_type(L, levels) == LUA_TSTRING) {
        push_level(L, view, bind_string(L, levels));
    } else if (lua_istable(L, levels)) {
        push_rows(L, view, NULL, 0);
        for (lua_Integer i = 1; lua_rawgeti(L, levels, i) == LUA_TSTRING; i++) {
            push_level(L, view, bind_string(L, -1));
            lua_remove(L, -2);
            combine(L, view, pagu_selection_union);
        }
        lua_pop(L, 1);
    } else {
        bind_fail(L, PAGU_ARGUMENT, "level is a name such as \"program\", not %s", bind_describe(L, levels));
    }
    combine(L, view, pagu_selection_intersect);
}

/* Everything at or below a place. */
static void push_under(lua_State *L, int view, int place)
{
    pagu_error err;
    view_box *v = bind_check_view_box(L, view);
    bind_place(L, place, view);
    selection_box *roots = bind_test(L, -1, KIND_SELECTION);
    uint32_t n = pagu_selection_count(roots->sel);
    push_rows(L, view, NULL, 0);
    for (uint32_t i = 0; i < n; i++) {
        error_init(&err);
        selection_box *one = bind_push_selection(L, view);
        bind_ok(L, pagu_select_under(v->view, pagu_selection_rows(roots->sel)[i], &one->sel, &err), &err);
        combine(L, view, pagu_selection_union);
    }
    lua_remove(L, -2);
}

/* Stack: acc -> acc. The predicate is called in tree order, with nothing of the engine waiting. */
static void narrow_by_function(lua_State *L, int view, int fn)
{
    int acc = lua_gettop(L);
    selection_box *all = bind_test(L, acc, KIND_SELECTION);
    uint32_t n = pagu_selection_count(all->sel), count = 0;
    const pagu_row *order = bind_selection_order(L, acc);
    pagu_row *rows = bind_scratch(L, n, sizeof(pagu_row));
    for (uint32_t i = 0; i < n; i++) {
        lua_pushvalue(L, fn);
        bind_push_node(L, view, order[i]);
        lua_call(L, 1, 1);
        if (lua_toboolean(L, -1))
            rows[count++] = order[i];
        lua_pop(L, 1);
        bind_check_view_box(L, view);
    }
    push_rows(L, view, rows, count);
    lua_replace(L, acc);
    lua_settop(L, acc);
}

static const char *const selector_options[] = { "level", "under", "at", "tag", "where", NULL };

static void push_all(lua_State *L, int view)
{
    pagu_error err;
    error_init(&err);
    selection_box *out = bind_push_selection(L, view);
    bind_ok(L, pagu_select_all(out->view->view, &out->sel, &err), &err);
}

static pagu_selection *push_selector(lua_State *L, int idx, int view)
{
    luaL_checkstack(L, 16, NULL);
    bind_known_options(L, idx, "select", selector_options);
    int base = lua_gettop(L);
    if (bind_option(L, idx, "under") != LUA_TNIL)
        push_under(L, view, base + 1);
    else
        push_all(L, view);
    lua_remove(L, base + 1);
    if (bind_option(L, idx, "at") != LUA_TNIL) {
        bind_place(L, base + 2, view);
        lua_remove(L, base + 2);
        combine(L, view, pagu_selection_intersect);
    }
    lua_settop(L, base + 1);
    if (bind_option(L, idx, "level") != LUA_TNIL) {
        lua_pushvalue(L, base + 1);
        narrow_by_level(L, view, base + 2);
        lua_replace(L, base + 1);
    }
    lua_settop(L, base + 1);
    if (bind_option(L, idx, "tag") != LUA_TNIL) {
        lua_pushvalue(L, base + 1);
        narrow_by_tags(L, view, base + 2);
        lua_replace(L, base + 1);
    }
    lua_settop(L, base + 1);
    if (bind_option(L, idx, "where") != LUA_TNIL) {
        lua_pushvalue(L, base + 1);
        narrow_by_function(L, view, base + 2);
        lua_replace(L, base + 1);
    }
    lua_settop(L, base + 1);
    return ((selection_box *)bind_test(L, -1, KIND_SELECTION))->sel;
}

bool bind_is_selector(lua_State *L, int idx)
{
    if (!lua_istable(L, idx))
        return false;
    for (size_t i = 0; selector_options[i]; i++) {
        bool has = bind_option(L, idx, selector_options[i]) != LUA_TNIL;
        lua_pop(L, 1);
        if (has)
            return true;
    }
    return false;
}

/* Keys and nodes are gathered first, so that a long list is one selection, not a chain of unions. */
static pagu_selection *push_list(lua_State *L, int idx, int view)
{
    luaL_checkstack(L, 8, NULL);
    view_box *v = bind_check_view_box(L, view);
    size_t n = lua_rawlen(L, idx), count = 0;
    pagu_row *rows = bind_scratch(L, n, sizeof(pagu_row));
    for (size_t i = 1; i <= n; i++) {
        if (lua_rawgeti(L, idx, (lua_Integer)i) == LUA_TSTRING || bind_test(L, -1, KIND_NODE))
            rows[count++] = bind_row(L, -1, v);
        lua_pop(L, 1);
    }
    push_rows(L, view, rows, count);
    lua_remove(L, -2);
    for (size_t i = 1; i <= n && count < n; i++) {
        if (lua_rawgeti(L, idx, (lua_Integer)i) != LUA_TSTRING && !bind_test(L, -1, KIND_NODE)) {
            bind_place(L, -1, view);
            lua_remove(L, -2);
            combine(L, view, pagu_selection_union);
        } else {
            lua_pop(L, 1);
        }
    }
    return ((selection_box *)bind_test(L, -1, KIND_SELECTION))->sel;
}

static bool is_map(lua_State *L, int idx)
{
    if (lua_rawlen(L, idx) > 0)
        return false;
    lua_pushnil(L);
    if (!lua_next(L, idx))
        return false;
    lua_pop(L, 2);
    return true;
}

/* A selection made on another view of the plan: rows that this one lacks drop out. */
static pagu_selection *push_moved(lua_State *L, int idx, int view)
{
    selection_box *s = bind_check_selection(L, idx);
    view_box *v = bind_check_view_box(L, view);
    check_same_plan(L, s->view, v);
    if (s->view == v) {
        lua_pushvalue(L, idx);
        return s->sel;
    }
    uint32_t n = pagu_selection_count(s->sel), count = 0;
    uint32_t base = pagu_plan_row_count(pagu_view_plan(v->view));
    pagu_row *rows = bind_scratch(L, n, sizeof(pagu_row));
    for (uint32_t i = 0; i < n; i++) {
        pagu_row r = pagu_selection_rows(s->sel)[i];
        if (r >= base && pagu_view_find(v->view, pagu_view_key(s->view->view, r), &r, NULL) != PAGU_OK)
            continue;
        if (r < pagu_view_row_count(v->view) && pagu_view_is_member(v->view, r))
            rows[count++] = r;
    }
    push_rows(L, view, rows, count);
    lua_remove(L, -2);
    return ((selection_box *)bind_test(L, -1, KIND_SELECTION))->sel;
}

pagu_selection *bind_place(lua_State *L, int idx, int view)
{
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 8, NULL);
    if (bind_test(L, idx, KIND_SELECTION))
        return push_moved(L, idx, view);
    if (bind_is_selector(L, idx))
        return push_selector(L, idx, view);
    if (lua_istable(L, idx) && !is_map(L, idx))
        return push_list(L, idx, view);
    if (lua_type(L, idx) != LUA_TSTRING && !bind_test(L, idx, KIND_NODE))
        bind_fail(L, PAGU_ARGUMENT, "a place is a key, a list of keys, a selector, a node or a selection, not %s",
                  lua_istable(L, idx) ? bind_tr(bind_ctx(L), "a map") : bind_describe(L, idx));
    pagu_row row = bind_row(L, idx, bind_check_view_box(L, view));
    return push_rows(L, view, &row, 1);
}

pagu_selection *bind_place_option(lua_State *L, int options, const char *name, int view, bool required)
{
    if (bind_option(L, options, name) == LUA_TNIL) {
        if (required)
            bind_fail(L, PAGU_ARGUMENT, "%s is missing: the place, such as \"1.06.01\" or s:select{…}", name);
        return NULL; /* leaves the nil, as a place would leave its selection */
    }
    pagu_selection *sel = bind_place(L, -1, view);
    lua_remove(L, -2);
    return sel;
}

/* A place that holds a node and one below it means the upper one: its lines include the other's. */
pagu_selection *bind_place_apart(lua_State *L, int options, const char *name, int view, bool required)
{
    pagu_selection *sel = bind_place_option(L, options, name, view, required);
    view_box *v = bind_check_view_box(L, view);
    if (!sel || !pagu_selection_overlaps(v->view, sel, NULL))
        return sel;
    uint32_t n = pagu_selection_count(sel), count = 0;
    const pagu_row *rows = pagu_selection_rows(sel);
    pagu_row *top = bind_scratch(L, n, sizeof(pagu_row));
    for (uint32_t i = 0; i < n; i++) {
        pagu_row up = pagu_view_parent(v->view, rows[i]);
        while (up != PAGU_NO_ROW && !pagu_selection_has(sel, up))
            up = pagu_view_parent(v->view, up);
        if (up == PAGU_NO_ROW)
            top[count++] = rows[i];
    }
    sel = push_rows(L, view, top, count);
    lua_replace(L, -3);
    lua_pop(L, 1);
    return sel;
}

int bind_select(lua_State *L)
{
    bind_check_view_box(L, 1);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        push_all(L, 1);
    } else if (lua_istable(L, 2) && !bind_is_selector(L, 2) && lua_rawlen(L, 2) == 0) {
        push_selector(L, 2, 1); /* {}: everything; a misspelt option is named */
    } else {
        bind_place(L, 2, 1);
    }
    return 1;
}
