/* bind_solve.c - goal seek: trials are a Lua function, called inside the engine's search.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <math.h>

/* ---- goal seek ---- */

typedef struct seek_call {
    lua_State *L;
    int fn;     /* stack index of the trial */
    bool threw; /* its error lies on top of the stack */
} seek_call;

static pagu_seek_value seek_value(lua_State *L, int idx, const char *what)
{
    if (lua_isinteger(L, idx))
        return (pagu_seek_value){ .integer = lua_tointeger(L, idx) };
    if (lua_type(L, idx) != LUA_TNUMBER || !isfinite(lua_tonumber(L, idx)))
        bind_fail(L, PAGU_ARGUMENT, "%s must be a number, it is %s", what, bind_describe(L, idx));
    return (pagu_seek_value){ .is_number = true, .number = lua_tonumber(L, idx) };
}

/* f(x) -> value, or nil where a rule refuses x. */
static int call_trial(lua_State *L)
{
    pagu_seek_value *value = lua_touserdata(L, 3);
    lua_settop(L, 2);
    lua_call(L, 1, 1);
    if (!lua_isnil(L, -1))
        *value = seek_value(L, -1, bind_tr(bind_ctx(L), "what is sought"));
    lua_pushboolean(L, !lua_isnil(L, -1));
    return 1;
}

/* Errors of scripts must not jump over the engine: they wait on the stack until it has cleaned up. */
static pagu_code seek_trial(void *ud, int64_t x, bool *allowed, pagu_seek_value *value, pagu_error *err)
{
    seek_call *c = ud;
    (void)err;
    lua_pushcfunction(c->L, call_trial);
    lua_pushvalue(c->L, c->fn);
    lua_pushinteger(c->L, x);
    lua_pushlightuserdata(c->L, value);
    c->threw = lua_pcall(c->L, 3, 1, 0) != LUA_OK;
    if (c->threw)
        return PAGU_ARGUMENT;
    *allowed = lua_toboolean(c->L, -1);
    lua_pop(c->L, 1);
    return PAGU_OK;
}

static int64_t integer_option(lua_State *L, int options, const char *name, int64_t fallback)
{
    bind_option(L, options, name);
    int64_t out = bind_integer_or(L, -1, fallback);
    lua_pop(L, 1);
    return out;
}

static void read_seek(lua_State *L, pagu_seek_options *o)
{
    o->lo = integer_option(L, 1, "lo", 0);
    o->hi = integer_option(L, 1, "hi", 0);
    o->step = integer_option(L, 1, "step", 1);
    int64_t trials = integer_option(L, 1, "trials", o->trials);
    o->trials = trials < 0 || trials > UINT32_MAX ? 0 : (uint32_t)trials; /* refused by the engine */
    o->has_guess = bind_option(L, 1, "guess") != LUA_TNIL;
    o->guess = o->has_guess ? bind_integer(L, -1) : 0;
    if (bind_option(L, 1, "tolerance") != LUA_TNIL)
        o->tolerance = luaL_checknumber(L, -1);
    bind_option(L, 1, "want");
    o->want = seek_value(L, -1, "want");
    lua_pop(L, 3);
}

static void set_value(lua_State *L, const char *name, pagu_seek_value v)
{
    if (v.is_number)
        bind_push_number(L, v.number);
    else
        lua_pushinteger(L, v.integer);
    lua_setfield(L, -2, name);
}

static void push_seek_result(lua_State *L, const pagu_seek_result *r)
{
    static const char *const statuses[] = { "found", "nearest", "unreachable" };
    lua_newtable(L);
    lua_pushstring(L, statuses[r->status]);
    lua_setfield(L, -2, "status");
    bind_set_integer(L, "trials", r->trials);
    bind_set_integer(L, "refused", r->refused);
    lua_pushboolean(L, r->every);
    lua_setfield(L, -2, "every");
    lua_pushboolean(L, r->monotone);
    lua_setfield(L, -2, "monotone");
    if (r->trials == r->refused)
        return;
    bind_set_integer(L, "x", r->x);
    set_value(L, "value", r->value);
    set_value(L, "least", r->least);
    set_value(L, "most", r->most);
    bind_set_integer(L, "first_allowed", r->first_allowed);
    bind_set_integer(L, "last_allowed", r->last_allowed);
}

/* pagu._seek({ lo, hi, step, want, guess, tolerance, trials }, f) */
static int module_seek(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_seek_options o = PAGU_SEEK_OPTIONS_INIT;
    pagu_seek_result r;
    luaL_checktype(L, 1, LUA_TTABLE);
    bind_function(L, 2);
    lua_settop(L, 2);
    luaL_checkstack(L, 20, NULL);
    read_seek(L, &o);
    seek_call c = { .L = L, .fn = 2 };
    o.trial = seek_trial;
    o.ud = &c;
    pagu_code rc = pagu_seek(bind_ctx(L), &o, &r, &err);
    if (c.threw)
        return lua_error(L);
    bind_ok(L, rc, &err);
    push_seek_result(L, &r);
    return 1;
}

const luaL_Reg bind_solve_functions[] = {
    { "_seek", module_seek },
    { NULL, NULL },
};
