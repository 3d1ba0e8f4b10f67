/* bind_formula.c - formulas as text: one value, a column of a selection, a new field.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

static void free_expr(void *e)
{
    pagu_expr_release(e);
}

/* Push the owner of a formula's tree. */
static pagu_expr *push_parsed(lua_State *L, int idx, pagu_plan *plan)
{
    pagu_error err;
    error_init(&err);
    pagu_expr *e = NULL;
    const char *text = bind_text(L, idx, NULL);
    owned_box *own = bind_own(L, free_expr);
    pagu_code code = pagu_expr_parse(bind_ctx(L), plan, text, &e, &err);
    own->ptr = e;
    bind_ok(L, code, &err);
    return e;
}

/* v:formula(text, place, period): the value at a node or indicator; the whole plan by default. */
static int view_formula(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_row row = PAGU_NO_ROW;
    pagu_indicator ind = PAGU_NO_INDICATOR;
    lua_settop(L, 4);
    if (lua_isnil(L, 3)) {
        lua_pushliteral(L, "/");
        lua_replace(L, 3);
    }
    bind_find_place(L, 3, v, PAGU_NONE, &row, &ind);
    pagu_period period = bind_period(L, 4, plan, 0);
    pagu_expr *e = push_parsed(L, 2, plan);
    pagu_expr_subjects at = { .n = 1, .period = period };
    pagu_expr_value value;
    if (ind != PAGU_NO_INDICATOR)
        at.indicators = &ind;
    else
        at.rows = &row;
    bind_ok(L, pagu_expr_eval_at(e, v->view, &at, &value, &err), &err);
    return bind_push_result(L, pagu_expr_kind(e), &value);
}

/* sel:formula(text, period): a column of the selection. */
int bind_selection_formula(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    bool list = bind_test(L, 1, KIND_INDICATORS) != NULL;
    view_box *v = list ? bind_check_indicators(L, 1)->view : bind_check_selection(L, 1)->view;
    pagu_plan *plan = pagu_view_plan(v->view);
    lua_settop(L, 3);
    pagu_period period = bind_period(L, 3, plan, 0);
    pagu_expr *e = push_parsed(L, 2, plan);
    column_box *out = bind_push_column(L, 1);
    bind_ok(L, pagu_expr_at(bind_ctx(L), e, period, &out->expr, &err), &err);
    return 1;
}

/* v:field(id, formula or column, title) defines a derived field for every view of the plan. */
static int view_field(lua_State *L)
{
    pagu_error err;
    pagu_field field;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    const char *id = bind_text(L, 2, NULL), *title = bind_text_or(L, 4, "");
    column_box *column = bind_test(L, 3, KIND_COLUMN);
    if (column)
        bind_ok(L, pagu_define_field_as(plan, id, title, column->expr, &field, &err), &err);
    else
        bind_ok(L, pagu_define_field(plan, id, title, bind_text(L, 3, NULL), &field, &err), &err);
    return 0;
}

const luaL_Reg bind_formula_methods[] = { { "formula", view_formula }, { "field", view_field }, { NULL, NULL } };
