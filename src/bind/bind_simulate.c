/* bind_simulate.c - simulations: what lua/pagu/uncertainty.lua prepares, drawn by the engine.
 *
 * The Lua side has checked names and places; here plain tables become the engine's options.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

typedef struct simulation_box {
    const void *tag;
    pagu_simulation *sim;
} simulation_box;

static void free_simulation(void *sim)
{
    pagu_simulation_free(sim);
}

static const pagu_simulation *check_simulation(lua_State *L)
{
    simulation_box *box = bind_check_kind(L, 1, KIND_SIMULATION, "a simulation");
    return box->sim;
}

/* ---- reading: fields of plain tables ---- */

static double field_number(lua_State *L, int table, const char *name)
{
    lua_getfield(L, table, name);
    double x = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return x;
}

static int field_choice(lua_State *L, int table, const char *name, const char *const *names)
{
    lua_getfield(L, table, name);
    int i = bind_choice(L, -1, names[0], names);
    lua_pop(L, 1);
    return i;
}

/* A list of numbers or texts as scratch memory that stays on the stack. */
static double *field_numbers(lua_State *L, int table, const char *name, uint32_t *n)
{
    lua_getfield(L, table, name);
    int list = lua_gettop(L);
    *n = lua_istable(L, list) ? (uint32_t)lua_rawlen(L, list) : 0;
    double *out = bind_scratch(L, *n, sizeof *out);
    for (uint32_t i = 0; i < *n; i++) {
        lua_rawgeti(L, list, i + 1);
        out[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    return out;
}

static const char **field_texts(lua_State *L, int table, const char *name, uint32_t *n)
{
    lua_getfield(L, table, name);
    int list = lua_gettop(L);
    *n = lua_istable(L, list) ? (uint32_t)lua_rawlen(L, list) : 0;
    const char **out = bind_scratch(L, *n, sizeof *out);
    for (uint32_t i = 0; i < *n; i++) {
        lua_rawgeti(L, list, i + 1);
        out[i] = bind_text(L, -1, NULL);
        lua_pop(L, 1);
    }
    return out;
}

/* { kind =, a =, b =, c = } or { kind = "events", p = {…}, value = {…}, rest = }; pushes what it borrows. */
static pagu_dist read_dist(lua_State *L, int table)
{
    static const char *const kinds[] = { "uniform", "triangular", "pert", "normal", "lognormal", "events", NULL };
    uint32_t n = 0;
    pagu_dist d = { .kind = (pagu_dist_kind)field_choice(L, table, "kind", kinds) };
    d.a = field_number(L, table, "a");
    d.b = field_number(L, table, "b");
    d.c = field_number(L, table, "c");
    d.rest = field_number(L, table, "rest");
    d.p = field_numbers(L, table, "p", &n);
    d.value = field_numbers(L, table, "value", &d.n);
    d.n = n < d.n ? n : d.n;
    return d;
}

static pagu_period *read_periods(lua_State *L, int table, pagu_plan *plan, uint32_t *n)
{
    lua_getfield(L, table, "periods");
    int list = lua_gettop(L);
    *n = (uint32_t)lua_rawlen(L, list);
    pagu_period *out = bind_scratch(L, *n, sizeof *out);
    for (uint32_t i = 0; i < *n; i++) {
        lua_rawgeti(L, list, i + 1);
        out[i] = bind_period(L, -1, plan, 0);
        lua_pop(L, 1);
    }
    return out;
}

/* ---- what varies, correlates, is watched; each stays on the stack ---- */

static pagu_vary read_vary(lua_State *L, int table, view_box *v)
{
    static const char *const as[] = { "by", "percent", "delta", "total", NULL };
    static const char *const paths[] = { "independent", "same", "cumulative", NULL };
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_vary d = PAGU_VARY_INIT;
    uint32_t n = 0;
    luaL_checkstack(L, 24, NULL);
    lua_getfield(L, table, "name");
    d.name = bind_text(L, -1, NULL);
    d.at = bind_place_apart(L, table, "at", 1, true);
    lua_getfield(L, table, "field");
    d.field = bind_field(L, -1, plan);
    d.periods = read_periods(L, table, plan, &d.n_periods);
    d.as = (pagu_vary_as)field_choice(L, table, "as", as);
    d.path = (pagu_vary_path)field_choice(L, table, "path", paths);
    d.per_line = bind_option_bool(L, table, "per_line");
    lua_getfield(L, table, "dist");
    d.dist = read_dist(L, lua_gettop(L));
    d.factors = field_texts(L, table, "factors", &n);
    d.loadings = field_numbers(L, table, "loadings", &d.n_factors);
    return d;
}

/* Everything that a description borrows is kept in a table of its own, so that the stack stays short. */
static int read_vary_kept(lua_State *L)
{
    pagu_vary *out = lua_touserdata(L, 2);
    int table = 3, kept = 4;
    *out = read_vary(L, table, bind_check_view_box(L, 1));
    for (int i = lua_gettop(L); i > kept; i--)
        lua_rawseti(L, kept, (lua_Integer)lua_rawlen(L, kept) + 1);
    return 0;
}

static pagu_vary *read_all_vary(lua_State *L, int options, uint32_t *n)
{
    lua_getfield(L, options, "vary");
    int list = lua_gettop(L);
    *n = (uint32_t)lua_rawlen(L, list);
    pagu_vary *out = bind_scratch(L, *n, sizeof *out);
    lua_newtable(L);
    int kept = lua_gettop(L);
    for (uint32_t i = 0; i < *n; i++) {
        lua_pushcfunction(L, read_vary_kept);
        lua_pushvalue(L, 1);
        lua_pushlightuserdata(L, &out[i]);
        lua_rawgeti(L, list, i + 1);
        lua_pushvalue(L, kept);
        lua_call(L, 4, 0);
    }
    return out;
}

static pagu_correlation *read_correlations(lua_State *L, int options, uint32_t *n)
{
    lua_getfield(L, options, "correlation");
    int list = lua_gettop(L);
    *n = lua_istable(L, list) ? (uint32_t)lua_rawlen(L, list) : 0;
    pagu_correlation *out = bind_scratch(L, *n, sizeof *out);
    for (uint32_t i = 0; i < *n; i++) {
        lua_rawgeti(L, list, i + 1);
        for (int k = 1; k <= 3; k++)
            lua_rawgeti(L, -k, k);
        out[i].a = bind_text(L, -3, NULL); /* anchored in the table */
        out[i].b = bind_text(L, -2, NULL);
        out[i].r = lua_tonumber(L, -1);
        lua_pop(L, 4);
    }
    return out;
}

/* { { key, field, period }, … } */
static pagu_watch *read_watch(lua_State *L, int options, view_box *v, uint32_t *n)
{
    pagu_plan *plan = pagu_view_plan(v->view);
    lua_getfield(L, options, "watch");
    int list = lua_gettop(L);
    *n = (uint32_t)lua_rawlen(L, list);
    pagu_watch *out = bind_scratch(L, *n, sizeof *out);
    for (uint32_t i = 0; i < *n; i++) {
        lua_rawgeti(L, list, i + 1);
        for (int k = 1; k <= 3; k++)
            lua_rawgeti(L, -k, k);
        pagu_field field = bind_field(L, -2, plan);
        out[i].row = bind_row(L, -3, v);
        out[i].column = bind_money_column(L, v, field, bind_period(L, -1, plan, 0));
        lua_pop(L, 4);
    }
    return out;
}

/* pagu._simulate(view, options) -> simulation */
static int module_simulate(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_simulate_options o = PAGU_SIMULATE_OPTIONS_INIT;
    lua_settop(L, 2);
    luaL_checkstack(L, 24, NULL);
    o.vary = read_all_vary(L, 2, &o.n_vary);
    o.correlations = read_correlations(L, 2, &o.n_correlations);
    o.watch = read_watch(L, 2, v, &o.n_watch);
    o.draws = (uint32_t)field_number(L, 2, "draws");
    o.threads = (uint32_t)field_number(L, 2, "threads");
    o.single = bind_option_bool(L, 2, "single");
    lua_getfield(L, 2, "seed");
    o.seed = (uint64_t)bind_integer(L, -1);
    owned_box *own = bind_own(L, free_simulation);
    pagu_simulation *sim = NULL;
    bind_live(L, v);
    pagu_code code = pagu_simulate(v->view, &o, &sim, &err);
    own->ptr = sim;
    bind_ok(L, code, &err);
    simulation_box *box = bind_new(L, KIND_SIMULATION, sizeof *box, 0, "pagu.simulation");
    box->sim = bind_disown(own);
    return 1;
}

/* ---- asking: places are numbers of watched cells, from 1 ---- */

static uint32_t check_watch(lua_State *L, int idx, const pagu_simulation *sim)
{
    lua_Integer i = bind_integer(L, idx);
    luaL_argcheck(L, i >= 1 && i <= pagu_simulation_watch_count(sim), idx, "no such place");
    return (uint32_t)(i - 1);
}

/* sim:summary(place, n) -> base, mean, sd, error of the mean, min, max */
static int simulation_summary(lua_State *L)
{
    const pagu_simulation *sim = check_simulation(L);
    pagu_summary s = pagu_simulation_summary(sim, check_watch(L, 2, sim), (uint32_t)bind_integer_or(L, 3, 0));
    lua_pushinteger(L, s.base);
    lua_pushnumber(L, s.mean);
    lua_pushnumber(L, s.sd);
    lua_pushnumber(L, s.mean_error);
    lua_pushinteger(L, s.min);
    lua_pushinteger(L, s.max);
    return 6;
}

/* sim:quantile(place, p, n) -> money, standard error */
static int simulation_quantile(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const pagu_simulation *sim = check_simulation(L);
    uint32_t watch = check_watch(L, 2, sim), n = (uint32_t)bind_integer_or(L, 4, 0);
    double p = luaL_checknumber(L, 3), error = 0;
    pagu_money value = 0;
    if (n == 0)
        value = pagu_simulation_quantile(sim, watch, p, &error);
    else
        bind_ok(L, pagu_simulation_quantile_of(sim, watch, n, p, &value, &error, &err), &err);
    lua_pushinteger(L, value);
    lua_pushnumber(L, error);
    return 2;
}

/* sim:broken({ place, … }, { weight, … }, min, max, n) -> broken draws, draws, mean excess */
static int simulation_broken(lua_State *L)
{
    const pagu_simulation *sim = check_simulation(L);
    lua_settop(L, 6);
    uint32_t n = (uint32_t)lua_rawlen(L, 2);
    pagu_sum_term *terms = bind_scratch(L, n, sizeof *terms);
    pagu_limits limits = { lua_isinteger(L, 4), lua_isinteger(L, 5), lua_tointeger(L, 4), lua_tointeger(L, 5) };
    for (uint32_t i = 0; i < n; i++) {
        lua_rawgeti(L, 2, i + 1);
        lua_rawgeti(L, 3, i + 1);
        terms[i] = (pagu_sum_term){ check_watch(L, -2, sim), bind_integer_or(L, -1, 1) };
        lua_pop(L, 2);
    }
    pagu_broken b = pagu_simulation_broken(sim, terms, n, &limits, (uint32_t)bind_integer_or(L, 6, 0));
    lua_pushinteger(L, b.broken);
    lua_pushinteger(L, b.draws);
    lua_pushnumber(L, b.excess);
    return 3;
}

/* sim:draws(place) -> list of money */
static int simulation_draws(lua_State *L)
{
    const pagu_simulation *sim = check_simulation(L);
    const pagu_money *x = pagu_simulation_draws(sim, check_watch(L, 2, sim));
    uint32_t n = pagu_simulation_draw_count(sim);
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushinteger(L, x[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* sim:size() -> watched cells, draws, cells that vary */
static int simulation_size(lua_State *L)
{
    const pagu_simulation *sim = check_simulation(L);
    lua_pushinteger(L, pagu_simulation_watch_count(sim));
    lua_pushinteger(L, pagu_simulation_draw_count(sim));
    lua_pushinteger(L, pagu_simulation_cell_count(sim));
    return 3;
}

static int simulation_gc(lua_State *L)
{
    simulation_box *box = lua_touserdata(L, 1);
    pagu_simulation *sim = box->sim;
    box->sim = NULL;
    pagu_simulation_free(sim);
    return 0;
}

void bind_open_simulation(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "summary", simulation_summary }, { "quantile", simulation_quantile }, { "broken", simulation_broken },
        { "draws", simulation_draws },     { "size", simulation_size },         { NULL, NULL },
    };
    static const luaL_Reg meta[] = { { "__gc", simulation_gc }, { NULL, NULL } };
    bind_class(L, "pagu.simulation", methods, meta, NULL);
}

/* ---- distributions, constraints, numbers ---- */

/* pagu._dist(dist, name) -> mean, sd; raises if a parameter is wrong */
static int module_dist(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const char *name = bind_text(L, 2, NULL);
    lua_settop(L, 2);
    pagu_dist d = read_dist(L, 1);
    bind_ok(L, pagu_dist_check(bind_ctx(L), &d, name, &err), &err);
    lua_pushnumber(L, pagu_dist_mean(&d));
    lua_pushnumber(L, pagu_dist_sd(&d));
    return 2;
}

/* pagu._dist_quantile(dist, u) -> value */
static int module_dist_quantile(lua_State *L)
{
    double u = luaL_checknumber(L, 2);
    pagu_dist d = read_dist(L, 1);
    lua_pushnumber(L, pagu_dist_quantile(&d, u));
    return 1;
}

/* pagu._dist_draws(dist, seed, name, n) -> list of numbers */
static int module_dist_draws(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    uint64_t seed = (uint64_t)bind_integer(L, 2);
    const char *name = bind_text(L, 3, NULL);
    lua_Integer n = bind_integer(L, 4);
    luaL_argcheck(L, n >= 1 && n <= 10000000, 4, "too many");
    lua_settop(L, 4);
    pagu_dist d = read_dist(L, 1);
    double *x = bind_scratch(L, (size_t)n, sizeof *x);
    bind_ok(L, pagu_dist_draws(bind_ctx(L), &d, seed, name, (uint32_t)n, x, &err), &err);
    lua_createtable(L, (int)n, 0);
    for (lua_Integer i = 0; i < n; i++) {
        lua_pushnumber(L, x[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* pagu._quantile({ numbers }, p) -> number */
static int module_quantile(lua_State *L)
{
    uint32_t n = (uint32_t)lua_rawlen(L, 1);
    double p = luaL_checknumber(L, 2), *x = bind_scratch(L, n, sizeof *x);
    luaL_argcheck(L, n > 0 && p >= 0 && p <= 1, 1, "no numbers");
    for (uint32_t i = 0; i < n; i++) {
        lua_rawgeti(L, 1, i + 1);
        x[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    bind_push_number(L, pagu_quantile(x, n, p));
    return 1;
}

static void set_keys(lua_State *L, const char *name, const pagu_view *v, const pagu_row *rows, uint32_t n)
{
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        lua_pushstring(L, pagu_view_key(v, rows[i]));
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

/* Push what a limit is over: { name, keys, field, period (nil: every year), first_year, last_year }. */
static void push_limit(lua_State *L, const pagu_view *v, const pagu_constraint_info *c)
{
    pagu_plan *plan = pagu_view_plan(v);
    lua_createtable(L, 0, 12);
    set_text(L, "name", c->name);
    set_text(L, "field", pagu_plan_field_id(plan, c->field));
    if (c->period != PAGU_NONE)
        set_text(L, "period", pagu_plan_period_id(plan, c->period));
    bind_set_integer(L, "first_year", c->first_year);
    bind_set_integer(L, "last_year", c->last_year);
    set_keys(L, "keys", v, c->rows, c->n_rows);
}

static void add_to_list(lua_State *L)
{
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* A share of other rows: also digits and scale of the percent, of_keys, of_field, of_period. */
static void add_share(lua_State *L, const pagu_view *v, const pagu_constraint_info *c, const char *side, pagu_decimal d)
{
    pagu_plan *plan = pagu_view_plan(v);
    push_limit(L, v, c);
    set_text(L, "share", side);
    bind_set_integer(L, "digits", d.digits);
    bind_set_integer(L, "scale", d.scale);
    set_text(L, "of_field", pagu_plan_field_id(plan, c->of_field));
    if (c->of_period != PAGU_NONE)
        set_text(L, "of_period", pagu_plan_period_id(plan, c->of_period));
    set_keys(L, "of_keys", v, c->of_rows, c->n_of_rows);
    add_to_list(L);
}

static void add_bound(lua_State *L, const pagu_view *v, const pagu_constraint_info *c, const char *side,
                      pagu_money amount)
{
    push_limit(L, v, c);
    bind_set_integer(L, side, amount);
    add_to_list(L);
}

/* pagu._limits(view) -> floors, ceilings, bounds and shares of a view, one record a side */
static int module_limits(lua_State *L)
{
    const pagu_view *v = bind_check_view(L, 1);
    lua_newtable(L);
    for (uint32_t i = 0; i < pagu_constraint_count(v); i++) {
        pagu_constraint_info c = pagu_constraint_get(v, i);
        bool bounds = c.kind == PAGU_BOUNDS;
        if (c.kind == PAGU_FLOOR || (bounds && c.has_min))
            add_bound(L, v, &c, "min", bounds ? c.min : c.amount);
        if (c.kind == PAGU_CEILING || (bounds && c.has_max))
            add_bound(L, v, &c, "max", bounds ? c.max : c.amount);
        if (bounds && c.has_min_share)
            add_share(L, v, &c, "min", c.min_share);
        if (bounds && c.has_max_share)
            add_share(L, v, &c, "max", c.max_share);
    }
    return 1;
}

const luaL_Reg bind_simulate_functions[] = {
    { "_simulate", module_simulate },
    { "_dist", module_dist },
    { "_dist_quantile", module_dist_quantile },
    { "_dist_draws", module_dist_draws },
    { "_quantile", module_quantile },
    { "_limits", module_limits },
    { NULL, NULL },
};
