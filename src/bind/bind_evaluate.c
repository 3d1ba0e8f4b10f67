/* bind_evaluate.c - v:evaluate, v:rating, and years that are made of their quarters.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

static int push_parts(lua_State *L, const pagu_derived *d)
{
    if (d->state <= PAGU_DERIVED_TEXT) {
        pagu_measure m = { d->value, d->unit, d->text, (pagu_state)d->state };
        return bind_push_measure(L, &m);
    }
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushstring(L, pagu_derived_state_name((pagu_derived_state)d->state));
    return 3;
}

int bind_push_measure_of(lua_State *L, view_box *v, pagu_indicator ind, pagu_field field, pagu_period period)
{
    pagu_measure m = pagu_view_measure(v->view, ind, field, period);
    if (m.state != PAGU_MISSING)
        return bind_push_measure(L, &m);
    pagu_derived d = pagu_evaluate_measure(v->view, ind, field, period);
    return push_parts(L, &d);
}

/* ---- v:evaluate{ at =, year =, lower =, cap =, floor =, scale = } ---- */

static void read_cap(lua_State *L, pagu_evaluate_options *o)
{
    if (bind_option(L, 2, "cap") == LUA_TNUMBER) {
        lua_Integer cap = bind_integer(L, -1);
        if (cap < 100 || cap > 100000)
            bind_fail(L, PAGU_ARGUMENT, "cap is \"none\" or a percent from 100 up, such as 120");
        o->cap = (int)cap;
    } else if (!lua_isnil(L, -1)) {
        if (strcmp(bind_text(L, -1, NULL), "none") != 0)
            bind_fail(L, PAGU_ARGUMENT, "cap is \"none\" or a percent from 100 up, such as 120");
        o->cap = PAGU_CAP_NONE;
    }
    lua_pop(L, 1);
}

static void read_options(lua_State *L, pagu_evaluate_options *o)
{
    static const char *const names[] = { "at", "year", "lower", "cap", "floor", "scale", NULL };
    static const char *const rules[] = { "ratio", "linear", NULL };
    static const char *const floors[] = { "none", "zero", NULL };
    bind_known_options(L, 2, "evaluate", names);
    if (bind_option(L, 2, "lower") != LUA_TNIL)
        o->lower = (pagu_lower_rule)(PAGU_LOWER_RATIO + bind_choice(L, -1, NULL, rules));
    lua_pop(L, 1);
    if (bind_option(L, 2, "floor") != LUA_TNIL)
        o->floor = (pagu_rate_floor)(PAGU_RATE_FLOOR_NONE + bind_choice(L, -1, NULL, floors));
    lua_pop(L, 1);
    read_cap(L, o);
    o->scale = bind_option_string(L, 2, "scale");
}

/* Everything at or below a key or node; just the rows of a list, selector or selection. */
static const pagu_selection *read_place(lua_State *L)
{
    int type = bind_option(L, 2, "at");
    bool one = type == LUA_TNIL || type == LUA_TSTRING || bind_test(L, -1, KIND_NODE);
    if (one) {
        pagu_error err;
        error_init(&err);
        view_box *v = bind_check_view_box(L, 1);
        pagu_row row = type == LUA_TNIL ? 0 : bind_row(L, -1, v);
        selection_box *all = bind_push_selection(L, 1);
        if (type == LUA_TNIL)
            bind_ok(L, pagu_view_find(v->view, "/", &row, &err), &err);
        bind_ok(L, pagu_select_under(v->view, row, &all->sel, &err), &err);
        return all->sel;
    }
    return bind_place(L, lua_gettop(L), 1);
}

int bind_evaluate(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_evaluate_options o = PAGU_EVALUATE_OPTIONS_INIT;
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    read_options(L, &o);
    pagu_period period = bind_period_option(L, 2, plan, -2);
    int year = pagu_plan_period_year(plan, period);
    if (!year)
        bind_fail(L, PAGU_ARGUMENT, "\"%s\" is computed for a year, not for %s", "evaluate",
                  pagu_plan_period_id(plan, period));
    const pagu_selection *at = read_place(L);
    table_box *out = bind_push_table_box(L, pagu_plan_decimals(plan));
    bind_ok(L, pagu_evaluate_table(v->view, at, year, &o, &out->t, &err), &err);
    return 1;
}

/* v:rating(percent, scale) -> label */
int bind_view_rating(lua_State *L)
{
    pagu_error err;
    const char *label = "";
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    if (lua_type(L, 2) != LUA_TNUMBER)
        bind_fail(L, PAGU_ARGUMENT, "%s must be a number, it is %s", "percent", bind_describe(L, 2));
    double percent = lua_tonumber(L, 2);
    bind_ok(L, pagu_evaluate_rating(v->view, bind_text_or(L, 3, NULL), percent, &label, &err), &err);
    lua_pushstring(L, label);
    return 1;
}
