/* bind_constraint.c - hold, floor, ceiling, rule, release.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_constraint.h"

#define COMMON_OPTIONS                                                                                                 \
    "at", "field", "year", "period", "from_year", "to_year", "name", "reason", "law", "warn", "severity"
static const char *const hold_options[] = { COMMON_OPTIONS, "total", NULL };
static const char *const floor_options[] = { COMMON_OPTIONS, "amount", "min", NULL };
static const char *const ceiling_options[] = { COMMON_OPTIONS, "amount", "max", NULL };
static const char *const rule_options[] = { COMMON_OPTIONS, "min",   "max",      "equals",  "share_of",
                                            "ratio_of",     "check", "of_field", "of_year", NULL };

/* A hold without field or year freezes all of them; years in force stand for each year. */
static void read_column(lua_State *L, pagu_plan *plan, pagu_constraint_def *def)
{
    bool any = def->kind == PAGU_HOLD_LINES;
    bool year = bind_option(L, 2, "year") != LUA_TNIL, period = bind_option(L, 2, "period") != LUA_TNIL;
    int *years[] = { &def->first_year, &def->last_year };
    for (int i = 0; i < 2; i++) {
        int type = bind_option(L, 2, i ? "to_year" : "from_year");
        lua_Integer n = type == LUA_TNIL ? 0 : bind_integer(L, -1);
        if (type != LUA_TNIL && (n < 1 || n > 9999))
            bind_fail(L, PAGU_ARGUMENT, "%s is a year", i ? "to_year" : "from_year");
        *years[i] = (int)n;
    }
    any = any || def->first_year || def->last_year;
    def->field = def->kind == PAGU_HOLD_LINES && bind_option(L, 2, "field") == LUA_TNIL ? PAGU_NONE
                                                                                        : bind_field_option(L, 2, plan);
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
                                .warn = bind_option_is_warn(L, 2) };
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

/* ---- rule ---- */

static void times_hundred(lua_State *L, pagu_decimal *d)
{
    int up = d->scale < 2 ? 2 - d->scale : 0;
    d->scale = d->scale < 2 ? 0 : (uint8_t)(d->scale - 2);
    if (up && pagu_money_mul(d->digits, up == 2 ? 100 : 10, &d->digits) != PAGU_OK)
        bind_fail(L, PAGU_OVERFLOW, "%s has too many digits", "ratio_of");
}

/* min, max or equals: money, percent of the whole, or how many times another sum. */
static void read_bound(lua_State *L, const char *name, bool share, bool ratio, pagu_constraint_def *def, bool min,
                       bool max)
{
    pagu_money money = 0;
    pagu_decimal d = { 0, 0 };
    if (bind_option(L, 2, name) == LUA_TNIL)
        return;
    if (share)
        d = bind_decimal(L, -1, name);
    else
        bind_money_option(L, 2, name, &money);
    if (ratio)
        times_hundred(L, &d);
    if ((min && (def->has_min || def->has_min_share)) || (max && (def->has_max || def->has_max_share)))
        bind_fail(L, PAGU_ARGUMENT, "rule takes equals, or min and max");
    if (min) {
        *(share ? &def->has_min_share : &def->has_min) = true;
        def->min = money;
        def->min_share = d;
    }
    if (max) {
        *(share ? &def->has_max_share : &def->has_max) = true;
        def->max = money;
        def->max_share = d;
    }
}

static void read_whole(lua_State *L, pagu_plan *plan, pagu_constraint_def *def)
{
    bool ratio = bind_option(L, 2, "ratio_of") != LUA_TNIL, share = bind_option(L, 2, "share_of") != LUA_TNIL;
    if (ratio && share)
        bind_fail(L, PAGU_ARGUMENT, "rule takes share_of or ratio_of, not both");
    def->of_field = def->of_period = PAGU_NONE;
    if (ratio || share)
        def->of = bind_place_apart(L, 2, ratio ? "ratio_of" : "share_of", 1, true);
    if (bind_option(L, 2, "of_field") != LUA_TNIL)
        def->of_field = bind_field(L, -1, plan);
    if (bind_option(L, 2, "of_year") != LUA_TNIL)
        def->of_period = bind_period(L, -1, plan, 0);
    static const struct {
        const char *name;
        bool min, max;
    } bounds[] = { { "min", true, false }, { "max", false, true }, { "equals", true, true } };
    for (int i = 0; i < 3; i++)
        read_bound(L, bounds[i].name, ratio || share, ratio, def, bounds[i].min, bounds[i].max);
}

/* s:_rule{…}: one record; lua/pagu/rules.lua makes several of a list of years. */
static int scenario_rule(lua_State *L)
{
    pagu_error err;
    bind_note n;
    uint32_t id = 0;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_scenario *s = bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "rule", rule_options);
    pagu_constraint_def def = { .kind = PAGU_BOUNDS,
                                .name = bind_option_string(L, 2, "name"),
                                .law = bind_option_string(L, 2, "law"),
                                .reason = bind_option_string(L, 2, "reason"),
                                .warn = bind_option_is_warn(L, 2) };
    bool predicate = bind_option(L, 2, "check") != LUA_TNIL;
    if (predicate) {
        bind_function(L, -1);
        def.kind = PAGU_PREDICATE;
        if (!def.name && !def.reason)
            bind_fail(L, PAGU_ARGUMENT, "a rule that is a function needs a name or a reason");
        def.name = def.name ? def.name : def.reason;
    } else {
        read_column(L, pagu_view_plan(v->view), &def);
        def.at = bind_place_apart(L, 2, "at", 1, true);
        read_whole(L, pagu_view_plan(v->view), &def);
        if (!def.name)
            def.name = default_name(v->view, &def);
    }
    bind_where_options(L, &n, "rule", 2);
    if (predicate) {
        bind_option(L, 2, "check");
        def.predicate = bind_new_predicate(L, -1);
    }
    pagu_code code = pagu_constrain(s, &def, &n.note, &id, &err);
    if (code != PAGU_OK && predicate)
        def.predicate.release(def.predicate.ud);
    bind_ok(L, code, &err);
    lua_pushinteger(L, id);
    return 1;
}

/* What the journal keeps of a release: the name if it tells the one that is meant, since numbers differ from base to
 * base; else the number. Pushes it. */
static const char *push_release_args(lua_State *L, const pagu_view *v, uint32_t id)
{
    const char *name = NULL;
    uint32_t same = 0;
    for (uint32_t i = 0; id && i < pagu_constraint_count(v); i++)
        if (pagu_constraint_get(v, i).id == id)
            name = pagu_constraint_get(v, i).name;
    for (uint32_t i = 0; name && i < pagu_constraint_count(v); i++)
        same += strcmp(pagu_constraint_get(v, i).name, name) == 0;
    if (!name || !*name || same != 1)
        return bind_push_json(L, 2);
    lua_pushstring(L, name);
    return bind_push_json(L, -1);
}

/* s:release(id or name, reason) */
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
    const char *reason = bind_text_or(L, 3, NULL);
    bind_where(L, &n, "release");
    n.note.reason = reason;
    n.note.args = push_release_args(L, pagu_scenario_view(s), id);
    bind_ok(L, pagu_release(s, id, name, &n.note, &err), &err);
    return 0;
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
    { "hold", scenario_hold },        { "floor", scenario_floor },
    { "ceiling", scenario_ceiling },  { "_rule", scenario_rule },
    { "release", scenario_release },  { "constraints", bind_scenario_constraints },
    { "slack", bind_scenario_slack }, { "_warnings", bind_scenario_warnings },
    { "is_held", scenario_is_held },  { NULL, NULL },
};
