/* bind_verbs.c - spread, transfer, take and the projection primitive: options in, a table out.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_verbs.h"

/* Push the table that a verb fills. */
static table_box *push_result(lua_State *L, const view_box *v)
{
    return bind_push_result_table(L, pagu_plan_decimals(pagu_view_plan(v->view)));
}

static int choose(lua_State *L, int options, const char *name, const char *const *values)
{
    const char *given = bind_option_string(L, options, name);
    for (int i = 0; given && values[i]; i++)
        if (strcmp(values[i], given) == 0)
            return i;
    if (given)
        bind_fail(L, PAGU_ARGUMENT, "%s is \"%s\"; it can be \"%s\", \"%s\" or \"%s\"", name, given, values[0],
                  values[1], values[2]);
    return 0;
}

/* ---- spread ---- */

/* by = 1.1 is percent = 10. */
static pagu_decimal factor_percent(lua_State *L, int idx)
{
    pagu_decimal factor = bind_decimal(L, idx, "by"), minus_one = { -1, 0 }, d;
    if (pagu_decimal_add(factor, minus_one, &d) != PAGU_OK)
        bind_fail(L, PAGU_OVERFLOW, "by has too many digits");
    if (d.scale >= 2)
        return (pagu_decimal){ d.digits, (uint8_t)(d.scale - 2) };
    if (pagu_money_mul(d.digits, d.scale == 1 ? 10 : 100, &d.digits) != PAGU_OK)
        bind_fail(L, PAGU_OVERFLOW, "by has too many digits");
    return (pagu_decimal){ d.digits, 0 };
}

static void read_request(lua_State *L, pagu_spread_options *o, int options)
{
    int given = 0;
    if (bind_money_option(L, options, "total", &o->amount))
        o->request = PAGU_SPREAD_TOTAL, given++;
    if (bind_money_option(L, options, "delta", &o->amount))
        o->request = PAGU_SPREAD_DELTA, given++;
    if (bind_option(L, options, "percent") != LUA_TNIL)
        o->request = PAGU_SPREAD_PERCENT, o->percent = bind_decimal(L, -1, "percent"), given++;
    if (bind_option(L, options, "by") != LUA_TNIL)
        o->request = PAGU_SPREAD_PERCENT, o->percent = factor_percent(L, -1), given++;
    lua_pop(L, 2);
    if (given != 1)
        bind_fail(L, PAGU_ARGUMENT, "spread needs one of total, delta, percent and by");
}

void bind_read_lines(lua_State *L, spread_call *c)
{
    pagu_error err;
    error_init(&err);
    selection_box *lines = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_lines(c->v->view, c->o.at, &lines->sel, &err), &err);
    c->lines = pagu_selection_rows(lines->sel);
    c->n_lines = pagu_selection_count(lines->sel);
}

static const char *const spread_names[] = { "at",          "total",   "delta", "percent", "by",    "field",   "year",
                                            "period",      "basis",   "unit",  "hold",    "floor", "cap",     "on_zero",
                                            "on_negative", "residue", "dry",   "reason",  "rows",  "columns", NULL };
static const char *const zero_names[] = { "error", "equal", "keep", NULL };
static const char *const negative_names[] = { "error", "abs", "zero", NULL };

/* A line, or "largest" or "smallest" by basis. */
static void read_residue(lua_State *L, spread_call *c)
{
    int type = bind_option(L, 2, "residue");
    const char *name = type == LUA_TSTRING ? bind_string(L, -1) : "";
    if (strcmp(name, "largest") == 0)
        c->o.residue = PAGU_RESIDUE_LARGEST;
    else if (strcmp(name, "smallest") == 0)
        c->o.residue = PAGU_RESIDUE_SMALLEST;
    else if (type != LUA_TNIL)
        c->o.residue_to = bind_row(L, -1, c->v);
}

/* What a spread to one total and one between rows and columns have in common. */
void bind_read_common(lua_State *L, spread_call *c)
{
    pagu_plan *plan = pagu_view_plan(c->v->view);
    c->field = bind_field_option(L, 2, plan);
    c->period = bind_period_option(L, 2, plan, 0);
    c->o.column = bind_money_column(L, c->v, c->field, c->period);
    c->o.unit = bind_unit_option(L, 2);
    c->o.hold = bind_place_option(L, 2, "hold", 1, false);
    c->o.on_zero = (pagu_on_zero)choose(L, 2, "on_zero", zero_names);
    c->o.on_negative = (pagu_on_negative)choose(L, 2, "on_negative", negative_names);
    c->o.dry = bind_option_bool(L, 2, "dry");
}

static void spread_to_total(lua_State *L, spread_call *c, bind_note *n, pagu_table **out)
{
    pagu_error err;
    error_init(&err);
    c->o.at = bind_place_apart(L, 2, "at", 1, true);
    read_request(L, &c->o, 2);
    read_residue(L, c);
    bind_read_lines(L, c);
    bind_read_basis(L, c, 2);
    bind_read_bounds(L, c, 2);
    bind_note_spread(L, c, n, "spread");
    bind_ok(L, pagu_spread(bind_writable(L, c->v), &c->o, &n->note, out, &err), &err);
}

static int scenario_spread(lua_State *L)
{
    bind_note n;
    spread_call c = { .v = bind_check_view_box(L, 1), .o = PAGU_SPREAD_OPTIONS_INIT };
    bind_writable(L, c.v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "spread", spread_names);
    bind_fix_places(L);
    bool two = bind_option(L, 2, "rows") != LUA_TNIL || bind_option(L, 2, "columns") != LUA_TNIL;
    lua_settop(L, 2);
    bind_read_common(L, &c);
    table_box *out = push_result(L, c.v);
    int at = lua_gettop(L);
    if (two)
        bind_spread_two(L, &c, &n, &out->t);
    else
        spread_to_total(L, &c, &n, &out->t);
    lua_pushvalue(L, at);
    return 1;
}

/* ---- transfer ---- */

typedef struct side {
    pagu_transfer_side *places;
    size_t n;
} side;

/* { [key] = share }: amounts when the transfer names none, else weights. A share of 0 is no place. */
static side read_map(lua_State *L, view_box *v, int map, bool amounts)
{
    size_t n = bind_count_pairs(L, map), i = 0;
    side s = { bind_scratch(L, n, sizeof(pagu_transfer_side)), 0 };
    pagu_decimal *d = bind_scratch(L, n, sizeof(pagu_decimal));
    int64_t *weights = bind_scratch(L, n, sizeof(int64_t));
    lua_pushnil(L);
    while (lua_next(L, map)) {
        s.places[i] = (pagu_transfer_side){ .row = bind_row(L, -2, v) };
        d[i] = (pagu_decimal){ 0, 0 };
        if (amounts)
            s.places[i].amount = bind_money(L, -1, "an amount");
        else
            d[i] = bind_decimal(L, -1, "a weight");
        if (s.places[i].amount != 0 || d[i].digits != 0)
            i++;
        lua_pop(L, 1);
    }
    s.n = i;
    bind_scale_weights(L, d, i, weights);
    for (i = 0; i < s.n; i++)
        s.places[i].weight = weights[i];
    return s;
}

static side read_places(lua_State *L, int options, const char *name)
{
    pagu_selection *sel = bind_place_apart(L, options, name, 1, true);
    side s = { NULL, pagu_selection_count(sel) };
    s.places = bind_scratch(L, s.n, sizeof(pagu_transfer_side));
    for (size_t i = 0; i < s.n; i++)
        s.places[i] = (pagu_transfer_side){ .row = pagu_selection_rows(sel)[i] };
    return s;
}

static side read_side(lua_State *L, view_box *v, const char *name, bool amounts)
{
    luaL_checkstack(L, 16, NULL);
    bind_option(L, 2, name);
    int at = lua_gettop(L);
    bool map = lua_istable(L, at) && lua_rawlen(L, at) == 0 && !bind_is_selector(L, at);
    return map ? read_map(L, v, at, amounts) : read_places(L, 2, name);
}

static int scenario_transfer(lua_State *L)
{
    static const char *const names[] = { "from",   "to",   "amount", "field",  "year",
                                         "period", "unit", "dry",    "reason", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_transfer_options o = PAGU_TRANSFER_OPTIONS_INIT;
    bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "transfer", names);
    bind_fix_places(L);
    pagu_field field = bind_field_option(L, 2, plan);
    o.column = bind_money_column(L, v, field, bind_period_option(L, 2, plan, 0));
    bool amounts = !bind_money_option(L, 2, "amount", &o.amount);
    o.unit = bind_unit_option(L, 2);
    o.dry = bind_option_bool(L, 2, "dry");
    side from = read_side(L, v, "from", amounts), to = read_side(L, v, "to", amounts);
    o.from = from.places;
    o.n_from = from.n;
    o.to = to.places;
    o.n_to = to.n;
    bind_where_options(L, &n, "transfer", 2);
    table_box *out = push_result(L, v);
    bind_ok(L, pagu_transfer(v->scenario, &o, &n.note, &out->t, &err), &err);
    return 1;
}

/* ---- take ---- */

/* The whole plan unless `at` says less. */
static pagu_selection *place_or_all(lua_State *L, int options)
{
    pagu_selection *sel = bind_place_apart(L, options, "at", 1, false);
    if (sel)
        return sel;
    lua_pushliteral(L, "/");
    return bind_place(L, -1, 1);
}

static int scenario_take(lua_State *L)
{
    static const char *const names[] = { "at", "from", "field", "year", "period", "add", "dry", "reason", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_take_options o = PAGU_TAKE_OPTIONS_INIT;
    bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "take", names);
    bind_fix_places(L);
    o.at = place_or_all(L, 2); /* first: a predicate in it may close the view to take from */
    if (bind_option(L, 2, "from") == LUA_TSTRING)
        bind_push_stage(L, plan, bind_string(L, -1));
    else if (!bind_test(L, -1, KIND_VIEW))
        bind_fail(L, PAGU_ARGUMENT, "from is the view to take from, or the id of a stage, not %s",
                  bind_describe(L, -1));
    o.from = bind_check_view(L, -1);
    o.field = bind_field_option(L, 2, plan);
    o.period = bind_period_option(L, 2, plan, 0);
    o.add = bind_option_bool(L, 2, "add");
    o.dry = bind_option_bool(L, 2, "dry");
    bind_where_options(L, &n, "take", 2);
    table_box *out = push_result(L, v);
    bind_ok(L, pagu_take(v->scenario, &o, &n.note, &out->t, &err), &err);
    return 1;
}

/* ---- project ---- */

/* growth: a percentage for the whole plan, or { [key] = percentage }. */
static pagu_growth *read_growth(lua_State *L, view_box *v, size_t *n)
{
    pagu_growth *out;
    int type = bind_option(L, 2, "growth"), at = lua_gettop(L);
    if (type == LUA_TNUMBER) {
        out = bind_scratch(L, 1, sizeof(pagu_growth));
        lua_pushliteral(L, "/");
        *out = (pagu_growth){ bind_row(L, -1, v), bind_decimal(L, at, "growth") };
        *n = 1;
        return out;
    }
    if (type != LUA_TTABLE)
        bind_fail(L, PAGU_ARGUMENT, "growth is a percentage or { [\"1.06\"] = percentage }, not %s",
                  bind_describe(L, at));
    out = bind_scratch(L, bind_count_pairs(L, at), sizeof(pagu_growth));
    lua_pushnil(L);
    while (lua_next(L, at)) {
        out[(*n)++] = (pagu_growth){ bind_row(L, -2, v), bind_decimal(L, -1, "growth") };
        lua_pop(L, 1);
    }
    return out;
}

/* s:_project{ at, field, from = year, to = year, growth, years, unit, dry } */
static int scenario_project(lua_State *L)
{
    static const char *const names[] = {
        "at", "field", "from", "to", "growth", "years", "unit", "dry", "reason", NULL
    };
    pagu_error err;
    bind_note n;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_project_options o = PAGU_PROJECT_OPTIONS_INIT;
    bind_writable(L, v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "project", names);
    bind_fix_places(L);
    pagu_field field = bind_field_option(L, 2, plan);
    bind_option(L, 2, "from");
    o.from = bind_money_column(L, v, field, bind_period(L, -1, plan, 0));
    bind_option(L, 2, "to");
    o.to = bind_money_column(L, v, field, bind_period(L, -1, plan, 1));
    bind_option(L, 2, "years");
    lua_Integer years = bind_integer_or(L, -1, 1);
    if (years < 1 || years > 100)
        bind_fail(L, PAGU_ARGUMENT, "years must be 1 to 100");
    o.years = (uint32_t)years;
    o.unit = bind_unit_option(L, 2);
    o.dry = bind_option_bool(L, 2, "dry");
    o.growth = read_growth(L, v, &o.n_growth);
    o.at = place_or_all(L, 2);
    bind_where_options(L, &n, "project", 2);
    table_box *out = push_result(L, v);
    bind_ok(L, pagu_project(v->scenario, &o, &n.note, &out->t, &err), &err);
    return 1;
}

const luaL_Reg bind_verb_methods[] = {
    { "spread", scenario_spread },    { "transfer", scenario_transfer },          { "take", scenario_take },
    { "_project", scenario_project }, { "_fit_least_harm", bind_fit_least_harm }, { NULL, NULL },
};
