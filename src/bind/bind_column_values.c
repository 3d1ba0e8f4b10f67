/* bind_column_values.c - what a column holds: by key, one by one, as a table.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_column.h"

/* Values at n of the column's rows or indicators. */
static pagu_expr_value *push_values(lua_State *L, const column_box *c, const uint32_t *subjects, uint32_t n)
{
    pagu_error err;
    error_init(&err);
    pagu_expr_value *values = bind_scratch(L, n, sizeof(pagu_expr_value));
    pagu_expr_subjects at = { .n = n, .period = PAGU_NONE };
    if (c->sel)
        at.rows = subjects;
    else
        at.indicators = subjects;
    bind_ok(L, pagu_expr_eval_at(c->expr, c->view->view, &at, values, &err), &err);
    return values;
}

pagu_expr_value *bind_push_column_values(lua_State *L, const column_box *c)
{
    return push_values(L, c, column_subjects(c), column_count_of(c));
}

static bool list_has(const indicators_box *list, pagu_indicator ind)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->list[i] == ind)
            return true;
    return false;
}

static pagu_indicator indicator_of(lua_State *L, int idx, const column_box *c)
{
    pagu_error err;
    pagu_indicator ind = PAGU_NO_INDICATOR;
    error_init(&err);
    if (bind_test(L, idx, KIND_INDICATOR))
        ind = bind_live_indicator(L, idx)->ind;
    else
        bind_ok(L, pagu_view_find_indicator(c->view->view, bind_text(L, idx, NULL), &ind, &err), &err);
    if (!list_has(c->inds, ind))
        bind_fail(L, PAGU_UNKNOWN_KEY, "%s is not in the column's selection",
                  pagu_view_indicator(c->view->view, ind).id);
    return ind;
}

static int column_at(lua_State *L)
{
    column_box *c = bind_check_column(L, 1);
    uint32_t subject = c->sel ? bind_row(L, 2, c->view) : indicator_of(L, 2, c);
    if (c->sel && !pagu_selection_has(c->sel->sel, subject))
        bind_fail(L, PAGU_UNKNOWN_KEY, "%s is not in the column's selection", pagu_view_key(c->view->view, subject));
    return bind_push_result(L, pagu_expr_kind(c->expr), push_values(L, c, &subject, 1));
}

static const char *key_of(const column_box *c, uint32_t subject)
{
    return c->sel ? pagu_view_key(c->view->view, subject) : pagu_view_indicator(c->view->view, subject).id;
}

/* Values by key, or by an indicator's id. */
static int column_values(lua_State *L)
{
    column_box *c = bind_check_column(L, 1);
    pagu_expr_type kind = pagu_expr_kind(c->expr);
    uint32_t n = column_count_of(c);
    pagu_expr_value *values = bind_push_column_values(L, c);
    lua_createtable(L, 0, (int)n);
    for (uint32_t i = 0; i < n; i++) {
        int top = lua_gettop(L);
        bind_push_result(L, kind, &values[i]);
        lua_settop(L, top + 1);
        lua_setfield(L, -2, key_of(c, column_subjects(c)[i]));
    }
    return 1;
}

/* Rows in tree order; pushes the owner, which keeps them. */
static const uint32_t *push_order(lua_State *L, int idx, const column_box *c)
{
    lua_getiuservalue(L, idx, 1);
    return c->sel ? bind_selection_order(L, -1) : c->inds->list;
}

static int next_pair(lua_State *L)
{
    column_box *c = bind_check_column(L, lua_upvalueindex(1));
    const pagu_expr_value *values = lua_touserdata(L, lua_upvalueindex(2));
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    const uint32_t *order = push_order(L, lua_upvalueindex(1), c);
    if (i >= (lua_Integer)column_count_of(c))
        return 0;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(3));
    lua_getiuservalue(L, -1, 1);
    if (c->sel)
        bind_push_node(L, -1, order[i]);
    else
        bind_push_indicator(L, -1, order[i]);
    return 1 + bind_push_result(L, pagu_expr_kind(c->expr), &values[i]);
}

/* node or indicator, value in tree order. */
static int column_each(lua_State *L)
{
    column_box *c = bind_check_column(L, 1);
    lua_settop(L, 1);
    const uint32_t *order = push_order(L, 1, c);
    lua_settop(L, 1);
    push_values(L, c, order, column_count_of(c));
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

/* ---- as a table ---- */

static void set_value(lua_State *L, pagu_table *t, uint32_t row, pagu_expr_type kind, const pagu_expr_value *v)
{
    pagu_code code = PAGU_OK;
    if (v->state == PAGU_DASH)
        code = pagu_table_set_dash(t, row, 2);
    else if (v->state != PAGU_MISSING && column_is_whole(kind))
        code = pagu_table_set_money(t, row, 2, v->money);
    else if (v->state != PAGU_MISSING && kind == PAGU_EXPR_NUMBER)
        code = pagu_table_set_measure(t, row, 2, &(pagu_measure){ v->number, v->unit, v->text, v->state });
    else if (v->state != PAGU_MISSING && kind == PAGU_EXPR_TEXT)
        code = pagu_table_set_text(t, row, 2, v->text ? v->text : "");
    else if (v->state != PAGU_MISSING)
        code = pagu_table_set_text(t, row, 2, v->mask ? "true" : "false");
    if (code != PAGU_OK)
        bind_memory(L);
}

static const char value_types[] = { [PAGU_EXPR_MONEY] = 'm',
                                    [PAGU_EXPR_NUMBER] = 'u',
                                    [PAGU_EXPR_MASK] = 't',
                                    [PAGU_EXPR_TEXT] = 't',
                                    [PAGU_EXPR_INTEGER] = 'i' };

static const char *name_of(const column_box *c, uint32_t subject)
{
    return c->sel ? pagu_view_row_name(c->view->view, subject) : pagu_view_indicator(c->view->view, subject).name;
}

/* key, name, value in tree order. */
int bind_column_table(lua_State *L)
{
    column_box *c = bind_check_column(L, 1);
    pagu_expr_type kind = pagu_expr_kind(c->expr);
    lua_settop(L, 1);
    const uint32_t *order = push_order(L, 1, c);
    uint32_t n = column_count_of(c);
    pagu_expr_value *values = push_values(L, c, order, n);
    static const char *const headings[] = { "key", "Key", "name", "Name", "value", "Value", NULL };
    const char types[] = { 't', 't', value_types[kind], '\0' };
    pagu_table *out = bind_push_new_table(L, pagu_plan_decimals(pagu_view_plan(c->view->view)), headings, types);
    for (uint32_t i = 0; i < n; i++) {
        if (pagu_table_add_row(out) != PAGU_OK || pagu_table_set_text(out, i, 0, key_of(c, order[i])) != PAGU_OK ||
            pagu_table_set_text(out, i, 1, name_of(c, order[i])) != PAGU_OK)
            bind_memory(L);
        set_value(L, out, i, kind, &values[i]);
    }
    return 1;
}

const luaL_Reg bind_column_values[] = {
    { "at", column_at }, { "values", column_values }, { "each", column_each }, { "table", bind_column_table },
    { NULL, NULL },
};
