/* bind_constraint_list.c - constraints as a table, and how each stands.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_constraint.h"

#include <stdio.h>

static const char *kind_name(pagu_constraint_kind kind)
{
    static const char *const kinds[] = { "hold", "hold total", "floor", "ceiling", "rule", "check" };
    return kinds[kind];
}

static const char *push_keys(lua_State *L, const pagu_view *v, const pagu_row *rows, uint32_t n)
{
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            luaL_addchar(&b, ' ');
        if (i == 20) {
            luaL_addstring(&b, "â¦");
            break;
        }
        luaL_addstring(&b, pagu_view_key(v, rows[i]));
    }
    luaL_pushresult(&b);
    return bind_string(L, -1);
}

enum {
    COL_ID,
    COL_KIND,
    COL_NAME,
    COL_AT,
    COL_FIELD,
    COL_PERIOD,
    COL_AMOUNT,
    COL_SEVERITY,
    COL_REASON,
    COL_LAW,
    COL_OF,
    COL_MIN,
    COL_MAX,
    COL_MIN_SHARE,
    COL_MAX_SHARE,
    COL_SUM,
    COL_SHARE,
    COL_SLACK,
    COL_STATE,
    COL_MESSAGE
};

static const char *period_text(const pagu_plan *plan, const pagu_constraint_info *c, char buf[48])
{
    if (c->period != PAGU_NONE)
        return pagu_plan_period_id(plan, c->period);
    if (!c->first_year && !c->last_year)
        return "*";
    char from[12] = "", to[12] = "";
    if (c->first_year)
        snprintf(from, sizeof from, "%d", c->first_year);
    if (c->last_year)
        snprintf(to, sizeof to, "%d", c->last_year);
    snprintf(buf, 48, "%s..%s", from, to);
    return buf;
}

static void add_bounds(lua_State *L, pagu_table *t, uint32_t row, const pagu_constraint_info *c)
{
    if (c->kind == PAGU_FLOOR || c->kind == PAGU_CEILING)
        bind_must(L, pagu_table_set_money(t, row, COL_AMOUNT, c->amount));
    if (c->has_min)
        bind_must(L, pagu_table_set_money(t, row, COL_MIN, c->min));
    if (c->has_max)
        bind_must(L, pagu_table_set_money(t, row, COL_MAX, c->max));
    if (c->has_min_share)
        bind_must(L, pagu_table_set_number(t, row, COL_MIN_SHARE, pagu_decimal_to_double(c->min_share)));
    if (c->has_max_share)
        bind_must(L, pagu_table_set_number(t, row, COL_MAX_SHARE, pagu_decimal_to_double(c->max_share)));
}

static void add_status(lua_State *L, pagu_table *t, uint32_t row, const pagu_constraint_status *s)
{
    if (s->period != PAGU_NONE)
        bind_must(L, pagu_table_set_money(t, row, COL_SUM, s->sum));
    if (s->has_share)
        bind_must(L, pagu_table_set_number(t, row, COL_SHARE, s->share));
    if (s->has_slack)
        bind_must(L, pagu_table_set_money(t, row, COL_SLACK, s->slack));
    bind_set_cell_text(L, t, row, COL_STATE, s->holds ? "holds" : "broken");
    bind_set_cell_text(L, t, row, COL_MESSAGE, s->message);
}

static void add_constraint(lua_State *L, pagu_table *t, const pagu_view *v, uint32_t i)
{
    pagu_error err;
    char period[48];
    error_init(&err);
    pagu_constraint_info c = pagu_constraint_get(v, i);
    pagu_constraint_status status;
    bind_ok(L, pagu_constraint_slack(v, i, &status, &err), &err);
    pagu_plan *plan = pagu_view_plan(v);
    uint32_t row = pagu_table_row_count(t);
    bind_must(L, pagu_table_add_row(t));
    bind_must(L, pagu_table_set_money(t, row, COL_ID, c.id));
    bind_set_cell_text(L, t, row, COL_KIND, kind_name(c.kind));
    bind_set_cell_text(L, t, row, COL_NAME, c.name);
    bind_set_cell_text(L, t, row, COL_AT, push_keys(L, v, c.rows, c.n_rows));
    bind_set_cell_text(L, t, row, COL_OF, push_keys(L, v, c.of_rows, c.n_of_rows));
    lua_pop(L, 2);
    bool function = c.kind == PAGU_PREDICATE;
    bind_set_cell_text(L, t, row, COL_FIELD,
                       function               ? ""
                       : c.field == PAGU_NONE ? "*"
                                              : pagu_plan_field_id(plan, c.field));
    bind_set_cell_text(L, t, row, COL_PERIOD, function ? "" : period_text(plan, &c, period));
    bind_set_cell_text(L, t, row, COL_SEVERITY, c.warn ? "warn" : "reject");
    bind_set_cell_text(L, t, row, COL_REASON, c.reason);
    bind_set_cell_text(L, t, row, COL_LAW, c.law);
    add_bounds(L, t, row, &c);
    add_status(L, t, row, &status);
}

/* s:constraints() */
int bind_scenario_constraints(lua_State *L)
{
    static const char *const headings[] = {
        "id",        "Number",        "kind",   "Kind",    "name",    "Name",      "at",
        "Place",     "field",         "Field",  "period",  "Period",  "amount",    "Amount",
        "severity",  "Severity",      "reason", "Reason",  "law",     "Law",       "of",
        "Whole",     "min",           "Least",  "max",     "Most",    "min_share", "Least share",
        "max_share", "Largest share", "sum",    "Sum",     "share",   "Share",     "slack",
        "Slack",     "state",         "State",  "message", "Message", NULL
    };
    view_box *v = bind_check_view_box(L, 1);
    bind_judge_here(L, v);
    pagu_table *out =
        bind_push_new_table(L, pagu_plan_decimals(pagu_view_plan(v->view)), headings, "itttttmttttmmnnmnmtt");
    for (uint32_t i = 0; i < pagu_constraint_count(v->view); i++)
        add_constraint(L, out, v->view, i);
    return 1;
}

static void push_status(lua_State *L, const pagu_plan *plan, const pagu_constraint_info *c,
                        const pagu_constraint_status *s)
{
    lua_createtable(L, 0, 8);
    lua_pushboolean(L, s->holds);
    lua_setfield(L, -2, "holds");
    lua_pushinteger(L, c->id);
    lua_setfield(L, -2, "id");
    lua_pushstring(L, c->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, s->message);
    lua_setfield(L, -2, "message");
    if (s->period != PAGU_NONE) {
        lua_pushinteger(L, s->sum);
        lua_setfield(L, -2, "sum");
        lua_pushstring(L, pagu_plan_period_id(plan, s->period));
        lua_setfield(L, -2, "period");
    }
    if (c->n_of_rows) {
        lua_pushinteger(L, s->of_sum);
        lua_setfield(L, -2, "of");
    }
    if (s->has_share) {
        lua_pushnumber(L, s->share);
        lua_setfield(L, -2, "share");
    }
}

/* s:slack(id or name) -> slack or nil, { holds, … }; of several of a name, the one that is nearest to breaking */
int bind_scenario_slack(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    bind_judge_here(L, v);
    bool by_name = lua_type(L, 2) == LUA_TSTRING;
    const char *name = by_name ? bind_string(L, 2) : NULL;
    lua_Integer id = by_name ? 0 : bind_integer(L, 2);
    pagu_constraint_status best = { .holds = true }, status;
    pagu_constraint_info best_info = { 0 };
    bool found = false;
    for (uint32_t i = 0; i < pagu_constraint_count(v->view); i++) {
        pagu_constraint_info c = pagu_constraint_get(v->view, i);
        if (by_name ? strcmp(c.name, name) != 0 : c.id != id)
            continue;
        bind_ok(L, pagu_constraint_slack(v->view, i, &status, &err), &err);
        bool nearer = status.has_slack && (!best.has_slack || status.slack < best.slack);
        if (!found || nearer || (best.holds && !status.holds)) {
            best = status;
            best_info = c;
        }
        found = true;
    }
    if (!found)
        bind_fail(L, PAGU_UNKNOWN_KEY, "there is no hold, limit or rule \"%s\"", by_name ? name : lua_tostring(L, 2));
    if (best.has_slack)
        lua_pushinteger(L, best.slack);
    else
        lua_pushnil(L);
    push_status(L, pagu_view_plan(v->view), &best_info, &best);
    return 2;
}

/* s:_warnings(): what rules that only warn have to say now; nil if there are none. */
int bind_scenario_warnings(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    lua_Integer n = 0;
    bool any = false;
    for (uint32_t i = 0; i < pagu_constraint_count(v->view); i++) {
        pagu_constraint_status status;
        if (!pagu_constraint_get(v->view, i).warn)
            continue;
        if (!any)
            lua_createtable(L, 1, 0);
        any = true;
        bind_ok(L, pagu_constraint_slack(v->view, i, &status, &err), &err);
        if (status.holds)
            continue;
        lua_pushstring(L, status.message);
        lua_rawseti(L, -2, ++n);
    }
    if (!any)
        lua_pushnil(L);
    return 1;
}
