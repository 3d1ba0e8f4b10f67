/* bind_derived.c - results of expressions and derived fields as Lua values.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

const char *bind_field_name(const pagu_plan *plan, pagu_field field)
{
    return pagu_field_describe(plan, field).id;
}

/* nil, nil, "unit clash": what is missing for a reason says it. */
static int push_missing(lua_State *L, pagu_cell_reason reason)
{
    lua_pushnil(L);
    if (reason == PAGU_CELL_PLAIN)
        return 1;
    lua_pushnil(L);
    lua_pushstring(L, pagu_cell_reason_name(reason));
    return 3;
}

int bind_push_result(lua_State *L, pagu_expr_type type, const pagu_expr_value *v)
{
    if (type == PAGU_EXPR_MASK) {
        lua_pushboolean(L, v->mask);
        return 1;
    }
    if (v->state == PAGU_MISSING)
        return push_missing(L, v->reason);
    if (type == PAGU_EXPR_MONEY || type == PAGU_EXPR_INTEGER)
        return bind_push_cell(L, (pagu_cell){ v->money, v->state });
    if (type == PAGU_EXPR_TEXT) {
        lua_pushstring(L, v->text ? v->text : "");
        return 1;
    }
    if (v->state == PAGU_NUMBER && !v->text && (!v->unit || !*v->unit)) {
        bind_push_number(L, v->number);
        return 1;
    }
    pagu_measure m = { v->number, v->unit, v->text, v->state };
    return bind_push_measure(L, &m);
}

int bind_push_derived(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period)
{
    pagu_error err;
    pagu_expr_value value;
    pagu_expr_type type;
    error_init(&err);
    bind_ok(L, pagu_view_value(v->view, row, ind, field, period, &type, &value, &err), &err);
    return bind_push_result(L, type, &value);
}

void bind_refuse_derived(lua_State *L, pagu_plan *plan, pagu_field field)
{
    if (pagu_plan_field_kind(plan, field) == PAGU_FIELD_DERIVED)
        bind_fail(L, PAGU_UNKNOWN_FIELD, "\"%s\" is computed and can't be set; change what it is made of",
                  bind_field_name(plan, field));
}
