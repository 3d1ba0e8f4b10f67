/* bind_project.c - pagu.forecast: a series of years in, estimates with their errors out.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <math.h>

typedef struct call {
    pagu_forecast_options o;
    pagu_point *points;
    size_t n;
    const double *years; /* to estimate */
    size_t n_years;
} call;

static double finite_number(lua_State *L, int idx, const char *what)
{
    if (lua_type(L, idx) != LUA_TNUMBER || !isfinite(lua_tonumber(L, idx)))
        bind_fail(L, PAGU_ARGUMENT, "%s must be a finite number, not %s", bind_tr(bind_ctx(L), what),
                  bind_describe(L, idx));
    return lua_tonumber(L, idx);
}

/* { [2020] = 410, [2021] = 425 }: points by year. */
static void read_series(lua_State *L, int idx, call *c)
{
    size_t n = 0;
    if (!lua_istable(L, idx))
        bind_fail(L, PAGU_ARGUMENT, "a series is { [year] = value, … }, not %s", bind_describe(L, idx));
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1))
        n++;
    if (n > PAGU_FORECAST_MAX_POINTS)
        bind_fail(L, PAGU_LIMIT, "a series has at most %d values", PAGU_FORECAST_MAX_POINTS);
    c->points = bind_scratch(L, n, sizeof *c->points);
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
        pagu_point p = { finite_number(L, -2, "a year"), finite_number(L, -1, "a value of a series") };
        size_t i = c->n++;
        for (; i > 0 && c->points[i - 1].at > p.at; i--)
            c->points[i] = c->points[i - 1];
        c->points[i] = p;
    }
}

static bool number_option(lua_State *L, const char *name, double *out)
{
    if (bind_option(L, 2, name) == LUA_TNIL)
        return false;
    *out = finite_number(L, -1, name);
    return true;
}

static void read_years(lua_State *L, call *c)
{
    if (bind_option(L, 2, "to") == LUA_TNIL)
        return;
    int list = lua_gettop(L);
    if (lua_type(L, list) == LUA_TNUMBER) {
        double *one = bind_scratch(L, 1, sizeof *one);
        *one = finite_number(L, list, "to");
        c->years = one;
        c->n_years = 1;
        return;
    }
    if (!lua_istable(L, list))
        bind_fail(L, PAGU_ARGUMENT, "to is a year or a list of years, not %s", bind_describe(L, list));
    c->n_years = lua_rawlen(L, list);
    double *years = bind_scratch(L, c->n_years, sizeof *years);
    c->years = years;
    for (size_t i = 0; i < c->n_years; i++, lua_pop(L, 1)) {
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        years[i] = finite_number(L, -1, "a year");
    }
}

static void read_options(lua_State *L, call *c)
{
    static const char *const known[] = { "method", "to", "level", "alpha", "beta", "phi", "start", NULL };
    pagu_error err;
    error_init(&err);
    bind_known_options(L, 2, "forecast", known);
    const char *method = bind_option_string(L, 2, "method");
    if (method)
        bind_ok(L, pagu_forecast_method_parse(bind_ctx(L), method, &c->o.method, &err), &err);
    number_option(L, "level", &c->o.level);
    c->o.has_alpha = number_option(L, "alpha", &c->o.alpha);
    c->o.has_beta = number_option(L, "beta", &c->o.beta);
    c->o.has_phi = number_option(L, "phi", &c->o.phi);
    if (bind_option(L, 2, "start") == LUA_TTABLE) {
        int start = lua_gettop(L);
        c->o.has_start = true;
        lua_rawgeti(L, start, 1);
        c->o.start_level = finite_number(L, -1, "start");
        lua_rawgeti(L, start, 2);
        c->o.start_trend = lua_isnil(L, -1) ? 0 : finite_number(L, -1, "start");
    }
    read_years(L, c);
}

/* ---- what came out ---- */

static void set_number(lua_State *L, const char *name, double x)
{
    lua_pushnumber(L, x);
    lua_setfield(L, -2, name);
}

static void set_candidates(lua_State *L, const pagu_forecast *f)
{
    lua_newtable(L);
    for (int m = 1, n = 0; m < PAGU_FORECAST_METHODS; m++) {
        if (!f->candidates[m].tried)
            continue;
        lua_newtable(L);
        lua_pushstring(L, pagu_forecast_method_name((pagu_forecast_method)m));
        lua_setfield(L, -2, "method");
        bind_set_integer(L, "n", f->candidates[m].n);
        set_number(L, "mae", f->candidates[m].mae);
        lua_rawseti(L, -2, ++n);
    }
    lua_setfield(L, -2, "candidates");
}

static void push_forecast(lua_State *L, const pagu_forecast *f)
{
    lua_newtable(L);
    lua_pushstring(L, pagu_forecast_method_name(f->method));
    lua_setfield(L, -2, "method");
    bind_set_integer(L, "n", f->n);
    set_number(L, "level", f->level);
    set_number(L, "slope", f->slope);
    if (f->df) {
        set_number(L, "sd", f->sd);
        bind_set_integer(L, "df", f->df);
    }
    if (f->n_errors)
        set_number(L, "mae", f->mae);
    if (f->has_mape)
        set_number(L, "mape", f->mape);
    if (f->n_ahead)
        set_number(L, "ahead", f->ahead);
    if (f->method >= PAGU_FORECAST_SES)
        set_number(L, "alpha", f->alpha);
    if (f->method >= PAGU_FORECAST_HOLT)
        set_number(L, "beta", f->beta);
    if (f->method == PAGU_FORECAST_DAMPED)
        set_number(L, "phi", f->phi);
    if (f->chosen)
        set_candidates(L, f);
}

static void set_estimate(lua_State *L, const pagu_forecast *f, double year)
{
    pagu_forecast_value v = pagu_forecast_at(f, year);
    lua_newtable(L);
    set_number(L, "value", v.value);
    if (v.has_interval) {
        set_number(L, "low", v.low);
        set_number(L, "high", v.high);
    }
    bind_push_number(L, year);
    lua_insert(L, -2);
    lua_rawset(L, -3);
}

/* pagu.forecast({ [year] = value }, { method, to, level, alpha, beta, phi, start }) -> what was fitted, and by year
 * { value, low, high } */
static int module_forecast(lua_State *L)
{
    pagu_error err;
    pagu_forecast f;
    call c = { .o = PAGU_FORECAST_OPTIONS_INIT };
    error_init(&err);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    luaL_checkstack(L, 30, NULL);
    read_series(L, 1, &c);
    read_options(L, &c);
    bind_ok(L, pagu_forecast_fit(bind_ctx(L), c.points, c.n, &c.o, &f, &err), &err);
    push_forecast(L, &f);
    for (size_t i = 0; i < c.n_years; i++)
        set_estimate(L, &f, c.years[i]);
    return 1;
}

/* pagu._estimate(number, unit): an estimate as money. */
static int module_estimate(lua_State *L)
{
    pagu_money out = 0;
    double x = luaL_checknumber(L, 1);
    pagu_code code = pagu_forecast_money(x, bind_integer_or(L, 2, 1), &out);
    if (code != PAGU_OK)
        bind_fail(L, code, "an estimate of %g is beyond the range of money", x);
    lua_pushinteger(L, out);
    return 1;
}

const luaL_Reg bind_project_functions[] = {
    { "forecast", module_forecast },
    { "_estimate", module_estimate },
    { NULL, NULL },
};
