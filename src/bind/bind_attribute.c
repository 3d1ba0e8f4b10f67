/* bind_attribute.c - which edits made a difference: pagu._attribute, and the steps that it divides among.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <math.h>
#include <stdio.h>

/* ---- a metric in Lua ---- */

typedef struct metric_call {
    lua_State *L;
    int fn;     /* stack index */
    bool threw; /* its error lies on top of the stack */
} metric_call;

/* f(scenario) -> number or nil, on a branch that is closed after the call. */
static int call_metric(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_view *v = lua_touserdata(L, 2);
    pagu_metric_value *out = lua_touserdata(L, 3);
    pagu_scenario *s = NULL;
    view_box *box = bind_new(L, KIND_VIEW, sizeof *box, 0, "pagu.scenario");
    bind_ok(L, pagu_branch(v, pagu_view_name(v), &s, &err), &err);
    box->scenario = s;
    box->view = pagu_scenario_view(s);
    lua_toclose(L, 4);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 4);
    lua_call(L, 1, 1);
    out->missing = lua_isnil(L, -1);
    out->whole = lua_isinteger(L, -1);
    if (out->whole)
        out->integer = lua_tointeger(L, -1);
    else if (!out->missing && (lua_type(L, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1))))
        bind_fail(L, PAGU_ARGUMENT, "%s must be a number, it is %s", bind_tr(bind_ctx(L), "the metric"),
                  bind_describe(L, -1));
    out->number = lua_tonumber(L, -1);
    return 0;
}

/* Errors of scripts must not jump over the engine: they wait on the stack until it has cleaned up. */
static pagu_code metric_value(void *ud, pagu_view *v, pagu_metric_value *out, pagu_error *err)
{
    metric_call *c = ud;
    (void)err;
    lua_pushcfunction(c->L, call_metric);
    lua_pushvalue(c->L, c->fn);
    lua_pushlightuserdata(c->L, v);
    lua_pushlightuserdata(c->L, out);
    c->threw = lua_pcall(c->L, 3, 0, 0) != LUA_OK;
    return c->threw ? PAGU_ARGUMENT : PAGU_OK;
}

/* ---- options ---- */

static uint32_t count_option(lua_State *L, const char *name, uint32_t fallback)
{
    bind_option(L, 3, name);
    lua_Integer n = bind_integer_or(L, -1, fallback);
    lua_pop(L, 1);
    return n < 0 || n > UINT32_MAX ? UINT32_MAX : (uint32_t)n; /* refused by the engine */
}

static void read_labels(lua_State *L, pagu_attribute_options *o)
{
    if (bind_option(L, 3, "labels") != LUA_TTABLE)
        return;
    size_t n = lua_rawlen(L, -1);
    const char **labels = bind_scratch(L, n + 1, sizeof *labels);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, -2, (lua_Integer)i + 1);
        labels[i] = bind_text(L, -1, NULL); /* stays anchored in the table */
        lua_pop(L, 1);
    }
    o->labels = labels;
}

static void read_options(lua_State *L, pagu_attribute_options *o)
{
    static const char *const groupings[] = { "step", "reason", "source", "verb", NULL };
    bind_option(L, 3, "groups");
    o->by = (pagu_attribute_by)bind_choice(L, -1, "step", groupings);
    o->exact = count_option(L, "exact", o->exact);
    o->samples = count_option(L, "samples", o->samples);
    bind_option(L, 3, "seed");
    o->seed = (uint64_t)bind_integer_or(L, -1, (lua_Integer)o->seed);
    o->all = bind_option_bool(L, 3, "all");
    o->has_missing = bind_option(L, 3, "missing") != LUA_TNIL;
    if (o->has_missing && lua_type(L, -1) != LUA_TNUMBER)
        bind_fail(L, PAGU_ARGUMENT, "%s must be a number, it is %s", "missing", bind_describe(L, -1));
    o->missing = lua_tonumber(L, -1);
    read_labels(L, o);
}

static void read_subject(lua_State *L, pagu_plan *plan, pagu_attribute_options *o)
{
    if (bind_option(L, 3, "metric") == LUA_TFUNCTION)
        return;
    o->key = bind_option_string(L, 3, "key");
    bind_option(L, 3, "field");
    o->field = bind_field(L, -1, plan);
    bind_option(L, 3, "year");
    o->period = bind_period(L, -1, plan, 0);
}

/* pagu._attribute(a, b, { key, field, year | metric, groups, labels, exact, samples, seed, all, missing }) */
static int module_attribute(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_attribute_options o = PAGU_ATTRIBUTE_OPTIONS_INIT;
    bind_check_view_box(L, 1);
    bind_check_view_box(L, 2);
    luaL_checktype(L, 3, LUA_TTABLE);
    lua_settop(L, 3);
    luaL_checkstack(L, 30, NULL);
    pagu_plan *plan = bind_check_plan(L, 2);
    read_options(L, &o);
    read_subject(L, plan, &o);
    metric_call c = { .L = L };
    if (bind_option(L, 3, "metric") == LUA_TFUNCTION) {
        c.fn = lua_gettop(L);
        o.metric = metric_value;
        o.ud = &c;
    }
    table_box *out = bind_push_table_box(L, pagu_plan_decimals(plan));
    pagu_view *a = bind_check_view(L, 1), *b = bind_check_view(L, 2);
    pagu_code rc = pagu_attribute(a, b, &o, &out->t, &err);
    if (c.threw)
        return lua_error(L);
    bind_ok(L, rc, &err);
    return 1;
}

/* ---- steps ---- */

static void push_step(lua_State *L, const pagu_view *of, uint32_t entry, bool undone)
{
    char source[300];
    pagu_note note = pagu_journal_get(pagu_view_scenario((pagu_view *)(uintptr_t)of), entry).note;
    lua_newtable(L);
    bind_set_text(L, "verb", note.verb);
    bind_set_text(L, "reason", note.reason);
    bind_set_text(L, "args", note.args);
    if (note.file && note.line > 0)
        snprintf(source, sizeof source, "%.256s:%d", note.file, note.line);
    bind_set_text(L, "source", note.file && note.line > 0 ? source : note.file);
    lua_pushboolean(L, undone);
    lua_setfield(L, -2, "undone");
}

/* pagu._attribute_steps(a, b) -> { { verb, reason, args, source, undone }, … } */
static int module_steps(lua_State *L)
{
    pagu_error err;
    uint32_t n;
    error_init(&err);
    const pagu_view *a = bind_check_view(L, 1), *b = bind_check_view(L, 2), *of;
    bind_ok(L, pagu_attribute_step_count(a, b, &n, &err), &err);
    lua_newtable(L);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t entry;
        bind_ok(L, pagu_attribute_step(a, b, i, &of, &entry, &err), &err);
        push_step(L, of, entry, of == a);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

const luaL_Reg bind_attribute_functions[] = {
    { "_attribute", module_attribute },
    { "_attribute_steps", module_steps },
    { NULL, NULL },
};
