/* bind_decision.c - what the journal keeps of a verb, so that it can be run again on another base.
 *
 * Functions can't be kept: a place told by a predicate is kept as the keys that it chose, a basis or
 * bound by function as its amounts by key, and a step that has nothing of its own to run again as the
 * decisions that it was made of.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_verbs.h"

#include <stdio.h>

#define MAX_STEPS 1000 /* decisions, or values of one: more are not kept twice */

/* ---- places ---- */

static bool has_function(lua_State *L, int idx, int depth)
{
    bool found = lua_isfunction(L, idx);
    if (found || !lua_istable(L, idx) || depth == 0)
        return found;
    idx = lua_absindex(L, idx);
    lua_pushnil(L);
    while (!found && lua_next(L, idx)) {
        found = has_function(L, -1, depth - 1);
        lua_pop(L, found ? 2 : 1);
    }
    return found;
}

static void push_copy(lua_State *L, int idx)
{
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, idx)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
}

void bind_fix_places(lua_State *L)
{
    static const char *const names[] = { "at", "hold", "from", "to" };
    luaL_checkstack(L, 20, NULL);
    bool copied = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bool told = bind_option(L, 2, names[i]) == LUA_TTABLE && has_function(L, -1, 4);
        if (told && !copied) {
            push_copy(L, 2);
            lua_replace(L, 2);
            copied = true;
        }
        if (told) {
            bind_place(L, lua_gettop(L), 1);
            lua_setfield(L, 2, names[i]);
        }
        lua_settop(L, 2);
    }
}

/* ---- spread ---- */

/* { [key] = amount } of the call's lines, without those that equal none. */
static void set_by_key(lua_State *L, const spread_call *c, const int64_t *values, int64_t none, const char *name)
{
    lua_newtable(L);
    for (uint32_t i = 0; i < c->n_lines; i++) {
        if (values[i] == none)
            continue;
        lua_pushinteger(L, values[i]);
        lua_setfield(L, -2, pagu_view_key(c->v->view, c->lines[i]));
    }
    lua_setfield(L, -2, name);
}

static bool is_told(lua_State *L, const char *name)
{
    bool told = bind_option(L, 2, name) == LUA_TFUNCTION || lua_isuserdata(L, -1);
    lua_pop(L, 1);
    return told;
}

void bind_note_spread(lua_State *L, const spread_call *c, bind_note *n, const char *verb)
{
    bool basis = is_told(L, "basis") && c->o.basis == PAGU_BASIS_WEIGHTS;
    bool floors = is_told(L, "floor") && c->o.floors, caps = is_told(L, "cap") && c->o.caps;
    if (!basis && !floors && !caps) {
        bind_where_options(L, n, verb, 2);
        return;
    }
    push_copy(L, 2);
    if (basis)
        set_by_key(L, c, c->o.weights, 0, "basis");
    if (floors)
        set_by_key(L, c, c->o.floors, -INT64_MAX, "floor");
    if (caps)
        set_by_key(L, c, c->o.caps, INT64_MAX, "cap");
    bind_where_options(L, n, verb, -1);
}

/* ---- steps ---- */

static void add_field(lua_State *L, luaL_Buffer *b, const char *lead, const char *text)
{
    (void)L;
    luaL_addstring(b, lead);
    bind_add_json_string(b, text ? text : "");
}

static void add_measure(lua_State *L, luaL_Buffer *b, const pagu_measure *m)
{
    char number[400];
    if (m->state == PAGU_MISSING || m->state == PAGU_DASH) {
        luaL_addstring(b, m->state == PAGU_DASH ? "\"-\"" : "null");
        return;
    }
    add_field(L, b, "{\"unit\":", m->unit);
    if (m->state == PAGU_NUMBER) {
        pagu_number_format(number, sizeof number, m->value, PAGU_LOCALE_PLAIN, -1);
        luaL_addstring(b, ",\"value\":");
        luaL_addstring(b, number);
    }
    if (m->text)
        add_field(L, b, ",\"text\":", m->text);
    luaL_addchar(b, '}');
}

/* [key, field, period, value], as s:set takes it. */
static void add_change(lua_State *L, luaL_Buffer *b, const pagu_view *v, const pagu_change *c)
{
    const pagu_plan *p = pagu_view_plan(v);
    bool money = c->indicator == PAGU_NO_INDICATOR;
    char number[32];
    add_field(L, b, "[", money ? pagu_view_key(v, c->row) : pagu_view_indicator(v, c->indicator).id);
    add_field(L, b, ",", pagu_plan_field_id(p, c->field));
    add_field(L, b, ",", pagu_plan_period_id(p, c->period));
    luaL_addchar(b, ',');
    if (!money) {
        add_measure(L, b, &c->new_measure);
    } else if (c->new_cell.state == PAGU_NUMBER) {
        snprintf(number, sizeof number, "%lld", (long long)c->new_cell.value);
        luaL_addstring(b, number);
    } else {
        luaL_addstring(b, c->new_cell.state == PAGU_DASH ? "\"-\"" : "null");
    }
    luaL_addchar(b, ']');
}

/* What an edit says is its values. */
static void add_values(lua_State *L, luaL_Buffer *b, pagu_scenario *s, uint32_t first, uint32_t next)
{
    uint32_t n = 0;
    for (uint32_t i = first; i < next; i++)
        n += pagu_journal_get(s, i).n_changes;
    if (n > MAX_STEPS) {
        luaL_addstring(b, "{\"rows\":0}");
        return;
    }
    luaL_addchar(b, '[');
    for (uint32_t i = first; i < next; i++)
        for (uint32_t k = 0; k < pagu_journal_get(s, i).n_changes; k++) {
            pagu_change c = pagu_journal_change(s, i, k);
            if (i > first || k > 0)
                luaL_addchar(b, ',');
            add_change(L, b, pagu_scenario_view(s), &c);
        }
    luaL_addchar(b, ']');
}

static void add_step(lua_State *L, luaL_Buffer *b, pagu_scenario *s, uint32_t first, uint32_t next)
{
    pagu_note n = pagu_journal_get(s, first).note;
    add_field(L, b, "{\"verb\":", n.verb ? n.verb : "set");
    luaL_addstring(b, ",\"args\":");
    if (n.args && (*n.args == '{' || *n.args == '[' || *n.args == '"'))
        luaL_addstring(b, n.args);
    else if (n.args && *n.args)
        bind_add_json_string(b, n.args);
    else
        add_values(L, b, s, first, next);
    if (n.reason && *n.reason)
        add_field(L, b, ",\"reason\":", n.reason);
    luaL_addchar(b, '}');
}

void bind_push_steps(lua_State *L, pagu_scenario *s, uint32_t first, uint32_t end)
{
    luaL_Buffer b;
    uint32_t n = 0;
    luaL_buffinit(L, &b);
    luaL_addchar(&b, '[');
    for (uint32_t i = first, next; i < end; i = next) {
        for (next = i + 1; next < end && pagu_journal_get(s, next).joined;)
            next++;
        if (i > first)
            luaL_addchar(&b, ',');
        if (++n > MAX_STEPS) {
            luaL_addstring(&b, "{\"rows\":0}");
            break;
        }
        add_step(L, &b, s, i, next);
    }
    luaL_addchar(&b, ']');
    luaL_pushresult(&b);
}
