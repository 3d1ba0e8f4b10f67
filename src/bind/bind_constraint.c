/* bind_constraint.c - hold, floor, ceiling, release and their list.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

static const char *const hold_options[] = { "at",   "field",  "year", "period", "total",
                                            "name", "reason", "law",  "warn",   NULL };
static const char *const floor_options[] = { "at",   "field",  "year", "period", "amount", "min",
                                             "name", "reason", "law",  "warn",   NULL };
static const char *const ceiling_options[] = { "at",   "field",  "year", "period", "amount", "max",
                                               "name", "reason", "law",  "warn",   NULL };

/* A hold without field or year freezes all of them. */
static void read_column(lua_State *L, pagu_plan *plan, pagu_constraint_def *def)
{
    bool any = def->kind == PAGU_HOLD_LINES;
    bool year = bind_option(L, 2, "year") != LUA_TNIL, period = bind_option(L, 2, "period") != LUA_TNIL;
    def->field = any && bind_option(L, 2, "field") == LUA_TNIL ? PAGU_NONE : bind_field_option(L, 2, plan);
    def->period = any && !year && !period ? PAGU_NONE : bind_period_option(L, 2, plan, 0);
}

/* Refusals name the constraint that is in the way: by its reason, else by its place. */
static const char *default_name(const pagu_view *v, const pagu_constraint_def *def)
{
    if (def->reason)
        return def->reason;
    return pagu_selection_count(def->at) > 0 ? pagu_view_key(v, pagu_selection_rows(def->at)[0]) : NULL;
}

/* amount: the option's other name; NULL for a hold. */
static int constrain(lua_State *L, pagu_constraint_kind kind, const char *verb, const char *amount,
                     const char *const *options)
{
    pagu_error err;
    bind_note n;
    uint32_t id = 0;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    lua_settop(L, 2);
    if (!lua_istable(L, 2) || (!amount && bind_option(L, 2, "at") == LUA_TNIL)) { /* s:hold "1.06.01" */
        lua_settop(L, 2);
        lua_createtable(L, 0, 1);
        lua_insert(L, 2);
        lua_setfield(L, 2, "at");
    }
    lua_settop(L, 2);
    bind_known_options(L, 2, verb, options);
    bind_fix_places(L);
    pagu_constraint_def def = { .kind = kind,
                                .name = bind_option_string(L, 2, "name"),
                                .law = bind_option_string(L, 2, "law"),
                                .reason = bind_option_string(L, 2, "reason"),
                                .warn = bind_option_bool(L, 2, "warn") };
    if (kind == PAGU_HOLD_LINES && bind_option_bool(L, 2, "total"))
        def.kind = PAGU_HOLD_TOTAL;
    if (amount && !bind_money_option(L, 2, "amount", &def.amount) && !bind_money_option(L, 2, amount, &def.amount))
        bind_fail(L, PAGU_ARGUMENT, "%s needs an amount", verb);
    read_column(L, pagu_view_plan(v->view), &def);
    def.at = bind_place_apart(L, 2, "at", 1, true);
    if (!def.name)
        def.name = default_name(v->view, &def);
    bind_where_options(L, &n, verb, 2);
    bind_ok(L, pagu_constrain(s, &def, &n.note, &id, &err), &err);
    lua_pushinteger(L, id);
    return 1;
}

static int scenario_hold(lua_State *L)
{
    return constrain(L, PAGU_HOLD_LINES, "hold", NULL, hold_options);
}

static int scenario_floor(lua_State *L)
{
    return constrain(L, PAGU_FLOOR, "floor", "min", floor_options);
}

static int scenario_ceiling(lua_State *L)
{
    return constrain(L, PAGU_CEILING, "ceiling", "max", ceiling_options);
}

/* s:release(id) or s:release(name) */
static int scenario_release(lua_State *L)
{
    pagu_error err;
    bind_note n;
    error_init(&err);
    pagu_scenario *s = bind_check_scenario(L, 1);
    const char *name = NULL;
    uint32_t id = 0;
    if (lua_type(L, 2) == LUA_TSTRING)
        name = bind_string(L, 2);
    else if (lua_isinteger(L, 2) && lua_tointeger(L, 2) > 0 && lua_tointeger(L, 2) <= UINT32_MAX)
        id = (uint32_t)lua_tointeger(L, 2);
    else
        bind_fail(L, PAGU_ARGUMENT, "release takes the number or the name of a hold, floor or ceiling");
    lua_settop(L, 2);
    bind_where(L, &n, "release");
    n.note.args = bind_push_json(L, 2);
    bind_ok(L, pagu_release(s, id, name, &n.note, &err), &err);
    return 0;
}

/* ---- the list ---- */

static const char *kind_name(pagu_constraint_kind kind)
{
    static const char *const kinds[] = { "hold", "hold total", "floor", "ceiling" };
    return kinds[kind];
}

static void must(lua_State *L, pagu_code code)
{
    if (code != PAGU_OK)
        bind_memory(L);
}

static void set_text(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, const char *text)
{
    if (text && *text)
        must(L, pagu_table_set_text(t, row, col, text));
}

static const char *push_keys(lua_State *L, const pagu_view *v, const pagu_constraint_info *c)
{
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (uint32_t i = 0; i < c->n_rows; i++) {
        if (i)
            luaL_addchar(&b, ' ');
        if (i == 20) {
            luaL_addstring(&b, "…");
            break;
        }
        luaL_addstring(&b, pagu_view_key(v, c->rows[i]));
    }
    luaL_pushresult(&b);
    return bind_string(L, -1);
}

static void add_constraint(lua_State *L, pagu_table *t, const pagu_view *v, const pagu_constraint_info *c)
{
    pagu_plan *plan = pagu_view_plan(v);
    uint32_t row = pagu_table_row_count(t);
    must(L, pagu_table_add_row(t));
    must(L, pagu_table_set_money(t, row, 0, c->id));
    set_text(L, t, row, 1, kind_name(c->kind));
    set_text(L, t, row, 2, c->name);
    set_text(L, t, row, 3, push_keys(L, v, c));
    set_text(L, t, row, 4, c->field == PAGU_NONE ? "*" : pagu_plan_field_id(plan, c->field));
    set_text(L, t, row, 5, c->period == PAGU_NONE ? "*" : pagu_plan_period_id(plan, c->period));
    if (c->kind == PAGU_FLOOR || c->kind == PAGU_CEILING)
        must(L, pagu_table_set_money(t, row, 6, c->amount));
    set_text(L, t, row, 7, c->warn ? "warn" : "reject");
    set_text(L, t, row, 8, c->reason);
    set_text(L, t, row, 9, c->law);
    lua_pop(L, 1);
}

/* s:constraints() */
static int scenario_constraints(lua_State *L)
{
    static const char *const headings[] = { "id",       "Number",   "kind",   "Kind",   "name",   "Name",   "at",
                                            "Place",    "field",    "Field",  "period", "Period", "amount", "Amount",
                                            "severity", "Severity", "reason", "Reason", "law",    "Law",    NULL };
    view_box *v = bind_check_view_box(L, 1);
    pagu_table *out = bind_push_new_table(L, pagu_plan_decimals(pagu_view_plan(v->view)), headings, "itttttmttt");
    for (uint32_t i = 0; i < pagu_constraint_count(v->view); i++) {
        pagu_constraint_info info = pagu_constraint_get(v->view, i);
        add_constraint(L, out, v->view, &info);
    }
    return 1;
}

/* s:is_held(key, field, period) */
static int scenario_is_held(lua_State *L)
{
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_field field = bind_field(L, 3, plan);
    pagu_column column = bind_money_column(L, v, field, bind_period(L, 4, plan, 0));
    lua_pushboolean(L, pagu_is_held(v->view, bind_row(L, 2, v), column));
    return 1;
}

const luaL_Reg bind_constraint_methods[] = {
    { "hold", scenario_hold },
    { "floor", scenario_floor },
    { "ceiling", scenario_ceiling },
    { "release", scenario_release },
    { "constraints", scenario_constraints },
    { "is_held", scenario_is_held },
    { NULL, NULL },
};
