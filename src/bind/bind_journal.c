/* bind_journal.c - undo, redo, savepoints, atomic steps, the journal and its file.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>
#include <string.h>

static int scenario_undo(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    for (lua_Integer n = bind_integer_or(L, 2, 1); n > 0; n--)
        bind_ok(L, pagu_undo(s, &err), &err);
    return 0;
}

static int scenario_redo(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    for (lua_Integer n = bind_integer_or(L, 2, 1); n > 0; n--)
        bind_ok(L, pagu_redo(s, &err), &err);
    return 0;
}

static int scenario_savepoint(lua_State *L)
{
    lua_pushinteger(L, pagu_savepoint(bind_check_scenario(L, 1)));
    return 1;
}

static int scenario_rollback(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    lua_Integer to = bind_integer(L, 2);
    if (to < 0 || to > UINT32_MAX)
        bind_fail(L, PAGU_ARGUMENT, "a savepoint is what s:savepoint() returned");
    bind_ok(L, pagu_rollback(s, (uint32_t)to, &err), &err);
    return 0;
}

/* ---- atomic ---- */

/* Call f(scenario); on an error take back what it did and raise it again. */
static void run_protected(lua_State *L, view_box *v, uint32_t start)
{
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 1);
    v->depth++;
    int status = lua_pcall(L, 1, LUA_MULTRET, 0);
    v->depth--;
    if (status == LUA_OK)
        return;
    if (v->scenario && pagu_savepoint(v->scenario) > start)
        pagu_rollback(v->scenario, start, NULL);
    lua_error(L);
}

/* The arguments of a step: those given if a method of that name takes them again, else with the decisions
 * that f made. Pushes what it returns. */
static const char *push_step_args(lua_State *L, pagu_scenario *s, uint32_t start, const char *verb, const char *given)
{
    if (given && verb && bind_has_method(L, "pagu.scenario", verb) && bind_is_plain_json(given))
        return given;
    bind_push_steps(L, s, start, pagu_journal_count(s));
    const char *steps = lua_tostring(L, -1);
    if (!given || given[0] != '{' || given[1] == '}')
        return lua_pushfstring(L, "{\"steps\":%s}", steps);
    lua_pushlstring(L, given, strlen(given) - 1);
    return lua_pushfstring(L, "%s,\"steps\":%s}", lua_tostring(L, -1), steps);
}

/* The arguments, followed by the members of the note's table `used`, which f filled: what a verb found out that a
 * reader of the journal wants to know. */
static const char *push_with_used(lua_State *L, const char *given)
{
    if (!given || bind_option(L, 3, "used") != LUA_TTABLE)
        return given;
    const char *used = bind_push_decision(L, -1);
    size_t len = strlen(given);
    if (given[0] != '{' || used[0] != '{' || used[1] == '}')
        return given;
    lua_pushlstring(L, given, len - 1);
    return lua_pushfstring(L, "%s%s%s", lua_tostring(L, -1), len > 2 ? "," : "", used + 1);
}

/* s:atomic(f, { verb, args, used, reason }): one undo step of everything f does; returns f's results. */
static int scenario_atomic(lua_State *L)
{
    static const char *const names[] = { "verb", "args", "used", "reason", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    uint32_t start = pagu_savepoint(bind_writable(L, v));
    bind_function(L, 2);
    lua_settop(L, 3);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    bind_known_options(L, 3, "atomic", names);
    const char *verb = bind_option_string(L, 3, "verb"), *reason = bind_option_string(L, 3, "reason");
    const char *given = bind_option(L, 3, "args") == LUA_TTABLE ? bind_push_decision(L, -1) : NULL;
    if (given)
        lua_replace(L, 4);
    lua_settop(L, 4);
    run_protected(L, v, start);
    int results = lua_gettop(L) - 4;
    pagu_scenario *s = bind_writable(L, v);
    if (pagu_savepoint(s) > start) {
        luaL_checkstack(L, 20, NULL);
        bind_where(L, &n, verb ? verb : "atomic");
        n.note.args = push_step_args(L, s, start, verb, push_with_used(L, given));
        n.note.reason = reason;
        pagu_code code = pagu_squash(s, start, &n.note, &err);
        if (code != PAGU_OK)
            pagu_rollback(s, start, NULL);
        bind_ok(L, code, &err);
    }
    lua_settop(L, 4 + results);
    return results;
}

/* s:_dry(f): call f on a branch that is dropped. Inside an atomic step, which a branch would
 * cut in two, on the scenario itself, undone afterwards. */
static int scenario_dry(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    bind_function(L, 2);
    lua_settop(L, 2);
    if (v->depth > 0) {
        uint32_t start = pagu_savepoint(s);
        run_protected(L, v, start);
        bind_ok(L, pagu_rollback(bind_writable(L, v), start, &err), &err);
        return lua_gettop(L) - 2;
    }
    lua_getfield(L, 1, "branch");
    lua_pushvalue(L, 1);
    lua_pushstring(L, pagu_scenario_name(s));
    lua_call(L, 2, 1);
    lua_toclose(L, 3);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_call(L, 1, LUA_MULTRET);
    return lua_gettop(L) - 3;
}

/* ---- the journal as a table ---- */

/* Entries first … *next-1 are one undo step: those after the first are joined to it. */
static uint32_t step_end(const pagu_scenario *s, uint32_t first)
{
    uint32_t next = first + 1;
    while (next < pagu_journal_count(s) && pagu_journal_get(s, next).joined)
        next++;
    return next;
}

/* Effects of the step's entries on structure and constraints, "; " between them. */
static const char *push_effects(lua_State *L, const pagu_scenario *s, uint32_t first, uint32_t next)
{
    char effect[512];
    luaL_Buffer b;
    bool any = false;
    luaL_buffinit(L, &b);
    for (uint32_t i = first; i < next; i++) {
        if (pagu_journal_effect(s, i, effect, sizeof effect) != PAGU_OK || !*effect)
            continue;
        if (any)
            luaL_addstring(&b, "; ");
        luaL_addstring(&b, effect);
        any = true;
    }
    luaL_pushresult(&b);
    return lua_tostring(L, -1);
}

static void add_step(lua_State *L, pagu_table *t, const pagu_scenario *s, uint32_t first, uint32_t next)
{
    char place[300];
    uint32_t row = pagu_table_row_count(t);
    int64_t changes = 0;
    pagu_journal_entry e = pagu_journal_get(s, first);
    for (uint32_t i = first; i < next; i++)
        changes += pagu_journal_get(s, i).n_changes;
    bind_must(L, pagu_table_add_row(t));
    bind_must(L, pagu_table_set_money(t, row, 0, (int64_t)row + 1));
    bind_set_cell_text(L, t, row, 1, e.note.verb);
    bind_set_cell_text(L, t, row, 2, e.note.args);
    bind_must(L, pagu_table_set_money(t, row, 3, changes));
    bind_set_cell_text(L, t, row, 4, push_effects(L, s, first, next));
    lua_pop(L, 1);
    bind_set_cell_text(L, t, row, 5, e.note.reason);
    if (e.note.file && *e.note.file) {
        snprintf(place, sizeof place, "%s:%d", e.note.file, e.note.line);
        bind_set_cell_text(L, t, row, 6, e.note.line > 0 ? place : e.note.file);
    }
    bind_set_cell_text(L, t, row, 7, e.inherited ? "yes" : "");
}

/* s:journal() -> one row a step: what one undo takes back. */
static int scenario_journal(lua_State *L)
{
    static const char *const headings[] = { "step",      "Step",    "verb",           "Verb",   "args",
                                            "Arguments", "changes", "Changed values", "effect", "Effect",
                                            "reason",    "Reason",  "source",         "Source", "inherited",
                                            "Inherited", NULL };
    pagu_scenario *s = bind_check_scenario(L, 1);
    pagu_table *out = bind_push_new_table(L, 0, headings, "ittitttt");
    for (uint32_t i = 0, next; i < pagu_journal_count(s); i = next) {
        next = step_end(s, i);
        add_step(L, out, s, i, next);
    }
    return 1;
}

static void add_change(lua_State *L, pagu_table *t, const pagu_view *v, const pagu_change *c)
{
    pagu_plan *plan = pagu_view_plan(v);
    uint32_t row = pagu_table_row_count(t);
    bool money = c->indicator == PAGU_NO_INDICATOR;
    bind_must(L, pagu_table_add_row(t));
    bind_set_cell_text(L, t, row, 0, money ? pagu_view_key(v, c->row) : pagu_view_indicator(v, c->indicator).id);
    bind_set_cell_text(L, t, row, 1,
                       pagu_plan_field_id(plan, money ? pagu_plan_column_field(plan, c->column) : c->field));
    bind_set_cell_text(L, t, row, 2,
                       pagu_plan_period_id(plan, money ? pagu_plan_column_period(plan, c->column) : c->period));
    if (money) {
        bind_must(L, pagu_table_set_cell(t, row, 3, c->old_cell));
        bind_must(L, pagu_table_set_cell(t, row, 4, c->new_cell));
    } else {
        bind_must(L, pagu_table_set_measure(t, row, 5, &c->old_measure));
        bind_must(L, pagu_table_set_measure(t, row, 6, &c->new_measure));
    }
}

/* s:changes(step) -> key, field, period, old, new of what one step of the journal did. */
static pagu_table *push_changes_table(lua_State *L, const view_box *v)
{
    static const char *const headings[] = { "key",         "Key",          "field",       "Field",
                                            "period",      "Period",       "old",         "Money|Before",
                                            "new",         "Money|After",  "old_measure", "Target|Before",
                                            "new_measure", "Target|After", NULL };
    return bind_push_new_table(L, pagu_plan_decimals(pagu_view_plan(v->view)), headings, "tttmmuu");
}

static int scenario_changes(lua_State *L)
{
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    lua_Integer step = bind_integer(L, 2), steps = 0;
    pagu_table *out = push_changes_table(L, v);
    for (uint32_t i = 0, next; i < pagu_journal_count(s); i = next) {
        next = step_end(s, i);
        if (++steps != step)
            continue;
        for (; i < next; i++)
            for (uint32_t k = 0; k < pagu_journal_get(s, i).n_changes; k++) {
                pagu_change c = pagu_journal_change(s, i, k);
                add_change(L, out, v->view, &c);
            }
        return 1;
    }
    return bind_fail(L, PAGU_ARGUMENT, "the journal has %d steps", (int)steps);
}

/* ---- dry runs ---- */

/* f(on) of bind_dry: the verb on the branch, and every value that its entries change. */
static int dry_call(lua_State *L)
{
    view_box *v = bind_check_view_box(L, 1);
    uint32_t start = pagu_journal_count(bind_writable(L, v));
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, 1);
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_call(L, 2, 0);
    pagu_scenario *s = bind_writable(L, v);
    pagu_table *out = push_changes_table(L, v);
    for (uint32_t i = start; i < pagu_journal_count(s); i++)
        for (uint32_t k = 0; k < pagu_journal_get(s, i).n_changes; k++) {
            pagu_change c = pagu_journal_change(s, i, k);
            add_change(L, out, v->view, &c);
        }
    return 1;
}

int bind_dry(lua_State *L, lua_CFunction verb, int options)
{
    lua_pushcfunction(L, scenario_dry);
    lua_pushvalue(L, 1);
    lua_pushcfunction(L, verb);
    lua_newtable(L);
    int copy = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, options)) { /* without dry */
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, copy);
    }
    lua_pushnil(L);
    lua_setfield(L, copy, "dry");
    lua_pushcclosure(L, dry_call, 2);
    lua_call(L, 2, 1);
    return 1;
}

/* ---- files ---- */

static int scenario_save(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    const char *path = bind_text(L, 2, NULL);
    bind_check_writing(L, path);
    bind_ok(L, pagu_scenario_save(s, path, &err), &err);
    return 0;
}

/* s:dump() -> the text that save writes. */
static int scenario_dump(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    owned_box *own = bind_own_text(L);
    bind_ok(L, pagu_scenario_write(s, own->ptr, &err), &err);
    return bind_push_bytes(L, own);
}

static int scenario_memory(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)pagu_scenario_memory(bind_check_scenario(L, 1)));
    return 1;
}

const luaL_Reg bind_journal_methods[] = {
    { "undo", scenario_undo },         { "redo", scenario_redo },       { "savepoint", scenario_savepoint },
    { "rollback", scenario_rollback }, { "atomic", scenario_atomic },   { "_dry", scenario_dry },
    { "journal", scenario_journal },   { "changes", scenario_changes }, { "save", scenario_save },
    { "dump", scenario_dump },         { "memory", scenario_memory },   { NULL, NULL },
};
