/* bind_life.c - snapshots, replay, merge, and a saved scenario as it stands; sugar in lua/pagu/life.lua.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>

/* v:snapshot(name) -> view */
static int view_snapshot(lua_State *L)
{
    pagu_error err;
    pagu_view *out = NULL;
    error_init(&err);
    pagu_view *v = bind_check_view(L, 1);
    bind_ok(L, pagu_snapshot(v, bind_text_or(L, 2, ""), &out, &err), &err);
    bind_push_view(L, out);
    return 1;
}

/* true, conflicts, or nil, message, code, conflicts, findings. The table lies at `conflicts`. */
static int push_outcome(lua_State *L, pagu_code code, const pagu_error *err, int conflicts, int findings)
{
    if (code == PAGU_OK) {
        lua_pushboolean(L, 1);
        lua_pushvalue(L, conflicts);
        return 2;
    }
    pagu_error copy = *err;
    copy.code = code;
    bind_return_error(L, &copy);
    table_box *box = lua_touserdata(L, conflicts);
    if (box->t)
        lua_pushvalue(L, conflicts);
    else
        lua_pushnil(L);
    if (findings)
        lua_pushvalue(L, findings);
    else
        lua_pushnil(L);
    return 5;
}

/* { [old] = new or false } into two arrays of text. Strings stay in the table. */
static void read_codes(lua_State *L, int options, pagu_replay_options *o)
{
    if (bind_option(L, options, "codes") != LUA_TTABLE)
        return;
    int map = lua_gettop(L);
    size_t n = bind_count_pairs(L, map);
    const char **from = bind_scratch(L, n, sizeof *from), **to = bind_scratch(L, n, sizeof *to);
    lua_pushnil(L);
    while (lua_next(L, map)) {
        if (lua_type(L, -2) != LUA_TSTRING || (lua_type(L, -1) != LUA_TSTRING && lua_toboolean(L, -1)))
            bind_fail(L, PAGU_ARGUMENT, "codes are a table such as { [\"1.06.01\"] = \"2.06.01\" }, not %s",
                      bind_describe(L, -1));
        from[o->n_codes] = bind_string(L, -2);
        to[o->n_codes++] = lua_toboolean(L, -1) ? bind_string(L, -1) : NULL;
        lua_pop(L, 1);
    }
    o->codes = from;
    o->new_codes = to;
}

static int choice_option(lua_State *L, int options, const char *name, const char *fallback, const char *const *names)
{
    bind_option(L, options, name);
    int i = bind_choice(L, lua_gettop(L), fallback, names);
    lua_pop(L, 1);
    return i;
}

/* pagu._replay(s, text, name, { apply, years, skip, codes }) */
static int module_replay(lua_State *L)
{
    static const char *const apply[] = { "none", "clean", "all", NULL };
    static const char *const years[] = { "ask", "absolute", "relative", NULL };
    pagu_error err;
    size_t len;
    error_init(&err);
    pagu_replay_options o = PAGU_REPLAY_OPTIONS_INIT;
    pagu_scenario *s = bind_check_scenario(L, 1);
    const char *text = bind_text(L, 2, &len), *name = bind_text(L, 3, NULL);
    luaL_checktype(L, 4, LUA_TTABLE);
    lua_settop(L, 4);
    int findings = bind_new_findings(L);
    table_box *out = bind_push_result_table(L, pagu_plan_decimals(bind_check_plan(L, 1)));
    int conflicts = lua_gettop(L);
    o.apply = (pagu_apply)choice_option(L, 4, "apply", "none", apply);
    o.years = (pagu_replay_years)choice_option(L, 4, "years", "ask", years);
    bind_option(L, 4, "skip");
    o.skip = (uint32_t)bind_integer_or(L, -1, 0);
    read_codes(L, 4, &o);
    pagu_code code =
        pagu_replay(s, text, len, name, &o, (pagu_findings *)bind_test_findings(L, findings), &out->t, &err);
    return push_outcome(L, code, &err, conflicts, findings);
}

/* { [field] = "ours" } */
static void read_policies(lua_State *L, int options, const char *const *names, pagu_merge_options *o)
{
    if (bind_option(L, options, "fields") != LUA_TTABLE)
        return;
    int map = lua_gettop(L);
    size_t n = bind_count_pairs(L, map);
    const char **fields = bind_scratch(L, n, sizeof *fields);
    pagu_policy *policies = bind_scratch(L, n, sizeof *policies);
    lua_pushnil(L);
    while (lua_next(L, map)) {
        lua_pushvalue(L, -2);
        fields[o->n_fields] = bind_text(L, lua_gettop(L), NULL);
        lua_pop(L, 1);
        policies[o->n_fields++] = (pagu_policy)bind_choice(L, lua_gettop(L), "ask", names);
        lua_pop(L, 1);
    }
    o->fields = fields;
    o->policies = policies;
}

/* pagu._merge(s, base, theirs, { policy, fields, reason }) */
static int module_merge(lua_State *L)
{
    static const char *const policies[] = { "ask", "ours", "theirs", NULL };
    pagu_error err;
    error_init(&err);
    pagu_merge_options o = PAGU_MERGE_OPTIONS_INIT;
    pagu_scenario *s = bind_check_scenario(L, 1);
    pagu_view *base = bind_check_view(L, 2), *theirs = bind_check_view(L, 3);
    luaL_checktype(L, 4, LUA_TTABLE);
    lua_settop(L, 4);
    table_box *out = bind_push_result_table(L, pagu_plan_decimals(bind_check_plan(L, 1)));
    int conflicts = lua_gettop(L);
    o.policy = (pagu_policy)choice_option(L, 4, "policy", "ask", policies);
    o.reason = bind_option_string(L, 4, "reason");
    read_policies(L, 4, policies, &o);
    return push_outcome(L, pagu_merge(s, base, theirs, &o, &out->t, &err), &err, conflicts, 0);
}

/* ---- a saved scenario ---- */

static void free_saved(void *saved)
{
    pagu_saved_free(saved);
}

static void set_field(lua_State *L, const char *name, const char *text)
{
    if (!text)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void push_entry(lua_State *L, const pagu_saved_entry *e)
{
    lua_createtable(L, 0, 7);
    set_field(L, "verb", e->note.verb);
    set_field(L, "args", e->note.args);
    set_field(L, "values", e->values);
    set_field(L, "reason", e->note.reason);
    set_field(L, "script", e->note.file);
    lua_pushinteger(L, e->note.line);
    lua_setfield(L, -2, "line");
    lua_pushinteger(L, e->line);
    lua_setfield(L, -2, "at");
    lua_pushboolean(L, e->joined);
    lua_setfield(L, -2, "joined");
}

/* pagu._saved(text, name) -> { name, stage, base, year, entries }, or nil, message, code, findings */
static int module_saved(lua_State *L)
{
    pagu_error err;
    size_t len;
    error_init(&err);
    const char *text = bind_text(L, 1, &len), *name = bind_text_or(L, 2, "text");
    int findings = bind_new_findings(L);
    owned_box *own = bind_own(L, free_saved);
    pagu_saved *saved = NULL;
    err.code =
        pagu_saved_open(bind_ctx(L), text, len, name, (pagu_findings *)bind_test_findings(L, findings), &saved, &err);
    own->ptr = saved;
    if (err.code != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    pagu_saved_head h = pagu_saved_get_head(saved);
    lua_createtable(L, 0, 5);
    set_field(L, "name", h.name);
    set_field(L, "stage", h.stage);
    set_field(L, "base", h.base);
    lua_pushinteger(L, h.year);
    lua_setfield(L, -2, "year");
    lua_createtable(L, (int)h.n_entries, 0);
    for (uint32_t i = 0; i < h.n_entries; i++) {
        pagu_saved_entry e = pagu_saved_get(saved, i);
        push_entry(L, &e);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "entries");
    return 1;
}

/* pagu._read_scenario(plan, text, name) -> scenario, or nil, message, code, findings */
static int module_read_scenario(lua_State *L)
{
    pagu_error err;
    size_t len;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    const char *text = bind_text(L, 2, &len), *name = bind_text_or(L, 3, "text");
    int findings = bind_new_findings(L);
    pagu_scenario *s = NULL;
    err.code = pagu_scenario_read(plan, text, len, name, (pagu_findings *)bind_test_findings(L, findings), &s, &err);
    if (err.code != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    bind_push_scenario(L, s);
    return 1;
}

/* pagu._read_file(path) -> text, or nil, message, code */
static int module_read_file(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const char *path = bind_text(L, 1, NULL);
    owned_box *own = bind_own_text(L);
    err.code = bind_may_read(L, path, &err);
    if (err.code == PAGU_OK)
        err.code = pagu_read_all(bind_ctx(L), path, 0, own->ptr, &err);
    return err.code == PAGU_OK ? bind_push_bytes(L, own) : bind_return_error(L, &err);
}

/* pagu._at(file, line): what notes name; pagu._at(): the running script */
static int module_at(lua_State *L)
{
    bind_set_where(L, bind_text_or(L, 1, NULL), (int)bind_integer_or(L, 2, 0));
    return 0;
}

/* pagu._ours(table) -> table, whose machine words people read in their language */
static int module_ours(lua_State *L)
{
    table_box *box = bind_check_kind(L, 1, KIND_TABLE, "a table");
    box->ours = true;
    lua_settop(L, 1);
    return 1;
}

/* pagu._inherited(s) -> entries that come from before the branch */
static int module_inherited(lua_State *L)
{
    lua_pushinteger(L, pagu_journal_inherited(bind_check_scenario(L, 1)));
    return 1;
}

const luaL_Reg bind_life_methods[] = {
    { "snapshot", view_snapshot },
    { NULL, NULL },
};

const luaL_Reg bind_life_functions[] = {
    { "_replay", module_replay },
    { "_merge", module_merge },
    { "_saved", module_saved },
    { "_read_scenario", module_read_scenario },
    { "_read_file", module_read_file },
    { "_inherited", module_inherited },
    { "_at", module_at },
    { "_ours", module_ours },
    { NULL, NULL },
};
