/* bind_journal.c - undo, redo, savepoints, atomic steps, the journal and its file.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>

static int scenario_undo(lua_State *L) {
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    for (lua_Integer n = luaL_optinteger(L, 2, 1); n > 0; n--)
        bind_ok(L, pagu_undo(s, &err), &err);
    return 0;
}

static int scenario_redo(lua_State *L) {
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    for (lua_Integer n = luaL_optinteger(L, 2, 1); n > 0; n--)
        bind_ok(L, pagu_redo(s, &err), &err);
    return 0;
}

static int scenario_savepoint(lua_State *L) {
    lua_pushinteger(L, pagu_savepoint(bind_check_scenario(L, 1)));
    return 1;
}

static int scenario_rollback(lua_State *L) {
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    lua_Integer to = luaL_checkinteger(L, 2);
    if (to < 0 || to > UINT32_MAX)
        bind_fail(L, PAGU_ARGUMENT, "a savepoint is what s:savepoint() returned");
    bind_ok(L, pagu_rollback(s, (uint32_t)to, &err), &err);
    return 0;
}

/* ---- atomic ---- */

/* Call f(scenario); on an error take back what it did and raise it again. */
static void run_protected(lua_State *L, view_box *v, uint32_t start) {
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

/* s:atomic(f, { verb, args, reason }): one undo step of everything f does; returns f's results. */
static int scenario_atomic(lua_State *L) {
    static const char *const names[] = { "verb", "args", "reason", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    uint32_t start = pagu_savepoint(bind_writable(L, v));
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 3);
    if (lua_isnil(L, 3)) {
        lua_newtable(L);
        lua_replace(L, 3);
    }
    bind_known_options(L, 3, "atomic", names);
    const char *verb = bind_option_string(L, 3, "verb"), *reason = bind_option_string(L, 3, "reason");
    run_protected(L, v, start);
    int results = lua_gettop(L) - 3;
    pagu_scenario *s = bind_writable(L, v);
    if (pagu_savepoint(s) > start) {
        bind_where(L, &n, verb ? verb : "atomic");
        if (bind_option(L, 3, "args") == LUA_TTABLE)
            n.note.args = bind_push_json(L, -1);
        n.note.reason = reason;
        bind_ok(L, pagu_squash(s, start, &n.note, &err), &err);
    }
    lua_settop(L, 3 + results);
    return results;
}

/* s:_dry(f): call f on a branch that is dropped. Inside an atomic step, which a branch would
 * cut in two, on the scenario itself, undone afterwards. */
static int scenario_dry(lua_State *L) {
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    luaL_checktype(L, 2, LUA_TFUNCTION);
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

static void must(lua_State *L, pagu_code code) {
    if (code != PAGU_OK)
        bind_memory(L);
}

static void set_text(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, const char *text) {
    if (text && *text)
        must(L, pagu_table_set_text(t, row, col, text));
}

static void add_entry(lua_State *L, pagu_table *t, const pagu_scenario *s, uint32_t i) {
    char effect[512], place[300];
    pagu_journal_entry e = pagu_journal_get(s, i);
    must(L, pagu_table_add_row(t));
    must(L, pagu_table_set_money(t, i, 0, (int64_t)i + 1));
    set_text(L, t, i, 1, e.note.verb);
    set_text(L, t, i, 2, e.note.args);
    must(L, pagu_table_set_money(t, i, 3, e.n_changes));
    if (pagu_journal_effect(s, i, effect, sizeof effect) == PAGU_OK)
        set_text(L, t, i, 4, effect);
    set_text(L, t, i, 5, e.note.reason);
    if (e.note.file && *e.note.file) {
        snprintf(place, sizeof place, e.note.line > 0 ? "%s:%d" : "%s", e.note.file, e.note.line);
        set_text(L, t, i, 6, place);
    }
    set_text(L, t, i, 7, e.inherited ? "yes" : "");
}

static int scenario_journal(lua_State *L) {
    static const char *const columns[] = { "step", "verb", "args", "changes", "effect", "reason", "source", "inherited" };
    pagu_scenario *s = bind_check_scenario(L, 1);
    table_box *out = bind_push_table_box(L, 0);
    out->t = pagu_table_new(bind_ctx(L));
    if (!out->t)
        bind_memory(L);
    for (uint32_t c = 0; c < 8; c++)
        must(L, pagu_table_add_column(out->t, columns[c], columns[c], c == 0 || c == 3 ? PAGU_COL_INTEGER : PAGU_COL_TEXT));
    for (uint32_t i = 0; i < pagu_journal_count(s); i++)
        add_entry(L, out->t, s, i);
    return 1;
}

/* s:changes(step) -> table of key, field, period, old, new: what one step of the journal did. */
static void add_change(lua_State *L, pagu_table *t, const pagu_view *v, const pagu_change *c) {
    pagu_plan *plan = pagu_view_plan(v);
    uint32_t row = pagu_table_row_count(t);
    bool money = c->indicator == PAGU_NO_INDICATOR;
    must(L, pagu_table_add_row(t));
    set_text(L, t, row, 0, money ? pagu_view_key(v, c->row) : pagu_view_indicator(v, c->indicator).id);
    set_text(L, t, row, 1, pagu_plan_field_id(plan, money ? pagu_plan_column_field(plan, c->column) : c->field));
    set_text(L, t, row, 2, pagu_plan_period_id(plan, money ? pagu_plan_column_period(plan, c->column) : c->period));
    if (money) {
        must(L, pagu_table_set_cell(t, row, 3, c->old_cell));
        must(L, pagu_table_set_cell(t, row, 4, c->new_cell));
    } else {
        must(L, pagu_table_set_measure(t, row, 5, &c->old_measure));
        must(L, pagu_table_set_measure(t, row, 6, &c->new_measure));
    }
}

static int scenario_changes(lua_State *L) {
    static const char *const columns[] = { "key", "field", "period", "old", "new", "old_measure", "new_measure" };
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    lua_Integer step = luaL_checkinteger(L, 2);
    if (step < 1 || step > (lua_Integer)pagu_journal_count(s))
        bind_fail(L, PAGU_ARGUMENT, "the journal has %d steps", (int)pagu_journal_count(s));
    table_box *out = bind_push_table_box(L, pagu_plan_decimals(pagu_view_plan(v->view)));
    out->t = pagu_table_new(bind_ctx(L));
    if (!out->t)
        bind_memory(L);
    for (uint32_t c = 0; c < 7; c++)
        must(L, pagu_table_add_column(out->t, columns[c], columns[c],
                                      c < 3 ? PAGU_COL_TEXT : c < 5 ? PAGU_COL_MONEY : PAGU_COL_MEASURE));
    uint32_t n = pagu_journal_get(s, (uint32_t)step - 1).n_changes;
    for (uint32_t i = 0; i < n; i++) {
        pagu_change c = pagu_journal_change(s, (uint32_t)step - 1, i);
        add_change(L, out->t, v->view, &c);
    }
    return 1;
}

/* ---- files ---- */

static int scenario_save(lua_State *L) {
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    const char *path = luaL_checkstring(L, 2);
    if (!bind_may_write(L))
        bind_fail(L, PAGU_IO, "this script may not write files: \"%s\"", path);
    bind_ok(L, pagu_scenario_save(s, path, &err), &err);
    return 0;
}

static void free_text(void *text) {
    pagu_text_free(text);
}

/* s:dump() -> the text that save writes. */
static int scenario_dump(lua_State *L) {
    pagu_error err;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    owned_box *own = bind_own(L, free_text);
    pagu_text *out = own->ptr = pagu_text_new(bind_ctx(L));
    bind_ok(L, out ? pagu_scenario_write(s, out, &err) : PAGU_NO_MEMORY, &err);
    lua_pushlstring(L, pagu_text_data(out), pagu_text_len(out));
    return 1;
}

static int scenario_memory(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)pagu_scenario_memory(bind_check_scenario(L, 1)));
    return 1;
}

const luaL_Reg bind_journal_methods[] = {
    { "undo", scenario_undo }, { "redo", scenario_redo }, { "savepoint", scenario_savepoint },
    { "rollback", scenario_rollback }, { "atomic", scenario_atomic }, { "_dry", scenario_dry },
    { "journal", scenario_journal }, { "changes", scenario_changes }, { "save", scenario_save },
    { "dump", scenario_dump }, { "memory", scenario_memory }, { NULL, NULL },
};
