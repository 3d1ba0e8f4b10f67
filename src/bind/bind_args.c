/* bind_args.c - reading arguments: options, money, decimals, fields, periods.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <math.h>
#include <stdio.h>

view_box *bind_live(lua_State *L, view_box *v)
{
    if (!v->view)
        bind_fail(L, PAGU_CLOSED, "the plan or scenario is closed");
    return v;
}

view_box *bind_check_view_box(lua_State *L, int idx)
{
    view_box *v = bind_live(L, bind_check_kind(L, idx, KIND_VIEW, "a plan or scenario"));
    bind_judge_here(L, v);
    return v;
}

const char *bind_push_stage_call(lua_State *L, const view_box *v)
{
    pagu_stage stage = pagu_view_stage(v->view);
    const pagu_plan *plan = pagu_view_plan(v->view);
    if (stage == pagu_plan_default_stage(plan))
        return lua_pushliteral(L, "plan");
    return lua_pushfstring(L, "plan:stage \"%s\"", pagu_plan_stage_id(plan, stage));
}

pagu_scenario *bind_writable(lua_State *L, view_box *v)
{
    bind_live(L, v);
    if (!v->scenario)
        bind_fail(L, PAGU_ARGUMENT, "stage \"%s\" can't be changed: branch it, s = %s:branch \"name\", and change that",
                  pagu_view_name(v->view), bind_push_stage_call(L, v));
    if (pagu_view_is_judging(v->view))
        bind_fail(L, PAGU_CONFLICT, "scenario \"%s\" is being checked by a rule, which can only read",
                  pagu_scenario_name(v->scenario));
    bind_judge_here(L, v);
    return v->scenario;
}

pagu_view *bind_check_view(lua_State *L, int idx)
{
    return bind_check_view_box(L, idx)->view;
}

pagu_plan *bind_check_plan(lua_State *L, int idx)
{
    return pagu_view_plan(bind_check_view(L, idx));
}

pagu_scenario *bind_check_scenario(lua_State *L, int idx)
{
    return bind_writable(L, bind_check_kind(L, idx, KIND_VIEW, "a scenario"));
}

pagu_view *bind_test_view(lua_State *L, int idx)
{
    view_box *v = bind_test(L, idx, KIND_VIEW);
    return v ? v->view : NULL;
}

pagu_scenario *bind_test_scenario(lua_State *L, int idx)
{
    view_box *v = bind_test(L, idx, KIND_VIEW);
    return v && v->view ? v->scenario : NULL;
}

/* ---- plain arguments ---- */

static const char *push_names(lua_State *L, const char *const *names)
{
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (size_t i = 0; names[i]; i++) {
        if (i)
            luaL_addstring(&b, ", ");
        luaL_addstring(&b, names[i]);
    }
    luaL_pushresult(&b);
    return lua_tostring(L, -1);
}

/* The engine's texts end at a NUL: one inside would be cut off without a word. */
const char *bind_string(lua_State *L, int idx)
{
    size_t len;
    const char *s = lua_tolstring(L, idx, &len);
    if (s && memchr(s, '\0', len))
        bind_fail(L, PAGU_ARGUMENT, "text with a zero byte can't be used here: \"%s\"…", s);
    return s;
}

const char *bind_text(lua_State *L, int idx, size_t *len)
{
    if (lua_type(L, idx) != LUA_TSTRING)
        bind_fail(L, PAGU_ARGUMENT, "%s is needed here, not %s", bind_tr(bind_ctx(L), "text"), bind_describe(L, idx));
    return len ? lua_tolstring(L, idx, len) : bind_string(L, idx);
}

const char *bind_text_or(lua_State *L, int idx, const char *fallback)
{
    return lua_isnoneornil(L, idx) ? fallback : bind_text(L, idx, NULL);
}

lua_Integer bind_integer(lua_State *L, int idx)
{
    int exact = 0;
    lua_Integer i = lua_type(L, idx) == LUA_TNUMBER ? lua_tointegerx(L, idx, &exact) : 0;
    if (!exact)
        bind_fail(L, PAGU_ARGUMENT, "a whole number is needed here, not %s", bind_describe(L, idx));
    return i;
}

lua_Integer bind_integer_or(lua_State *L, int idx, lua_Integer fallback)
{
    return lua_isnoneornil(L, idx) ? fallback : bind_integer(L, idx);
}

void bind_function(lua_State *L, int idx)
{
    if (!lua_isfunction(L, idx))
        bind_fail(L, PAGU_ARGUMENT, "%s is needed here, not %s", bind_tr(bind_ctx(L), "a function"),
                  bind_describe(L, idx));
}

int bind_choice(lua_State *L, int idx, const char *fallback, const char *const *names)
{
    const char *name = bind_text_or(L, idx, fallback);
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return bind_fail(L, PAGU_ARGUMENT, "\"%s\" is none of %s", name, push_names(L, names));
}

/* ---- options ---- */

int bind_option(lua_State *L, int options, const char *name)
{
    options = lua_absindex(L, options);
    lua_pushstring(L, name);
    return lua_rawget(L, options);
}

size_t bind_count_pairs(lua_State *L, int idx)
{
    size_t n = 0;
    lua_pushnil(L);
    for (; lua_next(L, idx); n++)
        lua_pop(L, 1);
    return n;
}

const char *bind_option_string(lua_State *L, int options, const char *name)
{
    int type = bind_option(L, options, name);
    const char *s = type == LUA_TSTRING ? bind_string(L, -1) : NULL;
    if (!s && type != LUA_TNIL)
        bind_fail(L, PAGU_ARGUMENT, "%s must be text, it is %s", name, bind_describe(L, -1));
    lua_pop(L, 1);
    return s;
}

bool bind_option_is_warn(lua_State *L, int options)
{
    const char *severity = bind_option_string(L, options, "severity");
    if (severity && strcmp(severity, "warn") != 0 && strcmp(severity, "reject") != 0)
        bind_fail(L, PAGU_ARGUMENT, "severity is \"reject\" or \"warn\", not \"%s\"", severity);
    return severity ? *severity == 'w' : bind_option_bool(L, options, "warn");
}

bool bind_option_bool(lua_State *L, int options, const char *name)
{
    bind_option(L, options, name);
    bool b = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return b;
}

static bool is_known(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

void bind_known_options(lua_State *L, int options, const char *verb, const char *const *names)
{
    if (!lua_istable(L, options))
        bind_fail(L, PAGU_ARGUMENT, "%s takes a table of options, as in s:%s{…}; it got %s", verb, verb,
                  bind_describe(L, options));
    lua_pushnil(L);
    while (lua_next(L, options)) {
        lua_pop(L, 1);
        bool text = lua_type(L, -1) == LUA_TSTRING;
        if (!text || !is_known(lua_tostring(L, -1), names)) {
            const char *bad = text ? lua_tostring(L, -1) : "[…]";
            bind_fail(L, PAGU_ARGUMENT, "%s has no option \"%s\"; there are %s", verb, bad, push_names(L, names));
        }
    }
}

/* ---- numbers ---- */

static pagu_money refuse_money(lua_State *L, int idx, const char *name)
{
    const char *what = bind_tr(bind_ctx(L), name);
    char text[400];
    if (lua_type(L, idx) == LUA_TSTRING)
        bind_fail(L, PAGU_ARGUMENT, "%s is text; read it with pagu.rp \"%s\"", what, lua_tostring(L, idx));
    if (lua_type(L, idx) != LUA_TNUMBER)
        bind_fail(L, PAGU_ARGUMENT, "%s must be an amount, it is %s", what, bind_describe(L, idx));
    double x = lua_tonumber(L, idx);
    if (!isfinite(x) || fabs(x) >= 9223372036854775808.0)
        bind_fail(L, PAGU_OVERFLOW, "%s is beyond the range of money", what);
    pagu_number_format(text, sizeof text, x, PAGU_LOCALE_PLAIN, -1);
    return bind_fail(L, PAGU_FRACTION, "%s %s is not a whole amount; round it with pagu.round", what, text);
}

/* Lua would turn "1.000" into 1: only numbers are amounts. */
pagu_money bind_money(lua_State *L, int idx, const char *what)
{
    int exact = 0;
    pagu_money m = lua_type(L, idx) == LUA_TNUMBER ? lua_tointegerx(L, idx, &exact) : 0;
    return exact ? m : refuse_money(L, idx, what);
}

bool bind_money_option(lua_State *L, int options, const char *name, pagu_money *out)
{
    bool given = bind_option(L, options, name) != LUA_TNIL;
    if (given)
        *out = bind_money(L, -1, name);
    lua_pop(L, 1);
    return given;
}

pagu_money bind_unit_option(lua_State *L, int options)
{
    pagu_money unit = 1;
    if (bind_money_option(L, options, "unit", &unit) && unit < 1)
        bind_fail(L, PAGU_ARGUMENT, "unit must be 1 or more");
    return unit;
}

pagu_decimal bind_decimal(lua_State *L, int idx, const char *what)
{
    pagu_decimal d = { 0, 0 };
    if (lua_isinteger(L, idx))
        d.digits = lua_tointeger(L, idx);
    else if (lua_type(L, idx) != LUA_TNUMBER)
        bind_fail(L, PAGU_ARGUMENT, "%s must be a number, it is %s", bind_tr(bind_ctx(L), what), bind_describe(L, idx));
    else if (pagu_decimal_from_double(lua_tonumber(L, idx), &d) != PAGU_OK)
        bind_fail(L, PAGU_BAD_NUMBER, "%s is not a number that can be counted with exactly",
                  bind_tr(bind_ctx(L), what));
    return d;
}

static bool times_ten(int64_t *x, unsigned n)
{
    for (; n > 0; n--)
        if (pagu_money_mul(*x, 10, x) != PAGU_OK)
            return false;
    return true;
}

void bind_scale_weights(lua_State *L, const pagu_decimal *d, size_t n, int64_t *out)
{
    uint8_t scale = 0;
    for (size_t i = 0; i < n; i++)
        if (d[i].scale > scale)
            scale = d[i].scale;
    for (size_t i = 0; i < n; i++) {
        out[i] = d[i].digits;
        if (!times_ten(&out[i], scale - d[i].scale))
            bind_fail(L, PAGU_OVERFLOW, "the weights have too many digits");
    }
}

/* ---- fields and periods ---- */

pagu_field bind_field(lua_State *L, int idx, pagu_plan *plan)
{
    pagu_error err;
    pagu_field field = 0;
    error_init(&err);
    if (!lua_isnoneornil(L, idx) && lua_type(L, idx) != LUA_TSTRING)
        bind_fail(L, PAGU_ARGUMENT, "a field is a name such as \"budget\", not %s", bind_describe(L, idx));
    const char *name = lua_isnoneornil(L, idx) ? "budget" : bind_string(L, idx);
    bind_ok(L, pagu_find_field(plan, name, &field, &err), &err);
    return field;
}

pagu_period bind_period(lua_State *L, int idx, pagu_plan *plan, int offset)
{
    pagu_error err;
    pagu_period period = 0;
    int exact = 0;
    error_init(&err);
    if (lua_isnoneornil(L, idx)) {
        bind_ok(L, pagu_plan_find_year(plan, pagu_plan_year(plan) + offset, &period, &err), &err);
        return period;
    }
    if (lua_type(L, idx) == LUA_TSTRING) {
        bind_ok(L, pagu_plan_find_period(plan, bind_string(L, idx), &period, &err), &err);
        return period;
    }
    lua_Integer year = lua_type(L, idx) == LUA_TNUMBER ? lua_tointegerx(L, idx, &exact) : 0;
    if (!exact || year < INT16_MIN || year > INT16_MAX)
        bind_fail(L, PAGU_OUT_OF_FRAME, "a period is a year or text such as \"2024Q1\", not %s",
                  luaL_tolstring(L, idx, NULL));
    bind_ok(L, pagu_plan_find_year(plan, (int)year, &period, &err), &err);
    return period;
}

pagu_field bind_field_option(lua_State *L, int options, pagu_plan *plan)
{
    bind_option(L, options, "field");
    pagu_field field = bind_field(L, -1, plan);
    lua_pop(L, 1);
    return field;
}

pagu_period bind_period_option(lua_State *L, int options, pagu_plan *plan, int offset)
{
    if (bind_option(L, options, "period") == LUA_TNIL) {
        lua_pop(L, 1);
        bind_option(L, options, "year");
    }
    pagu_period period = bind_period(L, -1, plan, offset);
    lua_pop(L, 1);
    return period;
}

pagu_column bind_money_column(lua_State *L, view_box *v, pagu_field field, pagu_period period)
{
    pagu_plan *plan = pagu_view_plan(v->view);
    if (pagu_plan_field_kind(plan, field) != PAGU_FIELD_MONEY)
        bind_fail(L, PAGU_UNKNOWN_FIELD, "\"%s\" is not a money field", bind_field_name(plan, field));
    return pagu_view_column(v->view, field, period);
}
