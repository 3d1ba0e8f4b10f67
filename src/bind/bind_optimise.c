/* bind_optimise.c - the engine's side of s:optimise; lua/pagu/optimise.lua puts its options into plain form.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_verbs.h"

#include <math.h>

#define MAX_SCALE 18
#define MOST_DIGITS 1e15 /* of coefficients that no common decimal holds: so many that all sums fit */

/* ---- numbers of one decimal scale ---- */

typedef struct numbers {
    pagu_decimal *exact;
    double *rough;
    int64_t *digits;
    size_t n;
    uint8_t scale;
} numbers;

static numbers new_numbers(lua_State *L, size_t n)
{
    numbers out = { .n = n };
    out.exact = bind_scratch(L, n, sizeof *out.exact);
    out.rough = bind_scratch(L, n, sizeof *out.rough);
    out.digits = bind_scratch(L, n, sizeof *out.digits);
    return out;
}

/* The number on top of the stack, which is popped. */
static void take_number(lua_State *L, numbers *to, size_t i, const char *what)
{
    if (lua_type(L, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1)))
        bind_fail(L, PAGU_ARGUMENT, "%s must be a number, it is %s", what, bind_describe(L, -1));
    to->rough[i] = lua_tonumber(L, -1);
    to->exact[i] = (pagu_decimal){ lua_tointeger(L, -1), 0 };
    if (!lua_isinteger(L, -1) && pagu_decimal_from_double(to->rough[i], &to->exact[i]) != PAGU_OK)
        to->exact[i] = (pagu_decimal){ 0, UINT8_MAX };
    lua_pop(L, 1);
}

static bool scale_exactly(numbers *v)
{
    v->scale = 0;
    for (size_t i = 0; i < v->n; i++)
        v->scale = v->exact[i].scale > v->scale ? v->exact[i].scale : v->scale;
    if (v->scale > MAX_SCALE)
        return false;
    for (size_t i = 0; i < v->n; i++) {
        v->digits[i] = v->exact[i].digits;
        for (int k = v->exact[i].scale; k < v->scale; k++)
            if (pagu_money_mul(v->digits[i], 10, &v->digits[i]) != PAGU_OK)
                return false;
    }
    return true;
}

/* As decimals if all have few digits, else rounded to as many as fit. */
static void scale_numbers(lua_State *L, numbers *v)
{
    double greatest = 0, factor = 1;
    if (scale_exactly(v))
        return;
    for (size_t i = 0; i < v->n; i++)
        greatest = fmax(greatest, fabs(v->rough[i]));
    if (greatest > MOST_DIGITS)
        bind_fail(L, PAGU_OVERFLOW, "the weights have too many digits");
    for (v->scale = 0; v->scale < MAX_SCALE && greatest * factor * 10 <= MOST_DIGITS; v->scale++)
        factor *= 10;
    for (size_t i = 0; i < v->n; i++)
        v->digits[i] = (int64_t)llround(v->rough[i] * factor);
}

/* ---- options ---- */

static lua_Integer length_of(lua_State *L, int idx)
{
    return lua_istable(L, idx) ? (lua_Integer)lua_rawlen(L, idx) : 0;
}

/* { {place, number}, … } at idx -> rows and numbers from i on. */
static void read_coefficients(lua_State *L, const view_box *v, int idx, pagu_coefficient *out, numbers *to)
{
    lua_Integer n = length_of(L, idx);
    for (lua_Integer i = 0; i < n; i++) {
        lua_rawgeti(L, idx, i + 1);
        lua_rawgeti(L, -1, 1);
        out[i].row = bind_row(L, -1, (view_box *)v);
        lua_pop(L, 1);
        lua_rawgeti(L, -1, 2);
        take_number(L, to, (size_t)i, bind_tr(bind_ctx(L), "a coefficient"));
        lua_pop(L, 1);
    }
}

typedef struct call {
    view_box *v;
    pagu_optimise_options o;
    spread_call lines;
} call;

static int64_t count_option(lua_State *L, int options, const char *name, int64_t fallback)
{
    bind_option(L, options, name);
    int64_t out = bind_integer_or(L, -1, fallback);
    lua_pop(L, 1);
    return out;
}

static void read_package(lua_State *L, call *c, int idx, pagu_package *p, numbers *gains, size_t at)
{
    bind_option(L, idx, "at");
    p->row = bind_row(L, -1, c->v);
    lua_pop(L, 1);
    if (!bind_money_option(L, idx, "cost", &p->cost))
        bind_fail(L, PAGU_ARGUMENT, "a package needs its cost");
    p->min = count_option(L, idx, "min", 0);
    p->max = count_option(L, idx, "max", 1);
    p->name = bind_option_string(L, idx, "name");
    bind_option(L, idx, "gain");
    take_number(L, gains, at, bind_tr(bind_ctx(L), "the gain of a package"));
}

/* Gains of lines and of packages have one scale. */
static void read_gains(lua_State *L, call *c)
{
    bind_option(L, 2, "maximise");
    int maximise = lua_gettop(L);
    bind_option(L, 2, "packages");
    int packages = lua_gettop(L);
    size_t n = (size_t)length_of(L, maximise), k = (size_t)length_of(L, packages);
    pagu_coefficient *coefficients = bind_scratch(L, n, sizeof *coefficients);
    pagu_package *list = bind_scratch(L, k, sizeof *list);
    numbers gains = new_numbers(L, n + k);
    read_coefficients(L, c->v, maximise, coefficients, &gains);
    for (size_t i = 0; i < k; i++) {
        lua_rawgeti(L, packages, (lua_Integer)i + 1);
        read_package(L, c, lua_gettop(L), &list[i], &gains, n + i);
        lua_pop(L, 1);
    }
    scale_numbers(L, &gains);
    for (size_t i = 0; i < n; i++)
        coefficients[i].digits = gains.digits[i];
    for (size_t i = 0; i < k; i++)
        list[i].gain = gains.digits[n + i];
    c->o.maximise = coefficients;
    c->o.n_maximise = (uint32_t)n;
    c->o.packages = list;
    c->o.n_packages = (uint32_t)k;
    c->o.gain_scale = gains.scale;
}

/* Leaves on the stack what *q points to. */
static void read_requirement(lua_State *L, call *c, int idx, pagu_requirement *q)
{
    luaL_checkstack(L, 20, NULL);
    q->name = bind_option_string(L, idx, "name");
    q->has_min = bind_money_option(L, idx, "min", &q->min);
    q->has_max = bind_money_option(L, idx, "max", &q->max);
    if (bind_option(L, idx, "coefficients") == LUA_TNIL) {
        q->at = bind_place_apart(L, idx, "at", 1, true);
        return;
    }
    int list = lua_gettop(L);
    q->n = (uint32_t)length_of(L, list);
    pagu_coefficient *coefficients = bind_scratch(L, q->n, sizeof *coefficients);
    numbers v = new_numbers(L, q->n);
    read_coefficients(L, c->v, list, coefficients, &v);
    scale_numbers(L, &v);
    for (uint32_t i = 0; i < q->n; i++)
        coefficients[i].digits = v.digits[i];
    q->coefficients = coefficients;
    q->scale = v.scale;
}

static void read_requirements(lua_State *L, call *c)
{
    bind_option(L, 2, "subject_to");
    int list = lua_gettop(L);
    size_t n = (size_t)length_of(L, list);
    pagu_requirement *out = bind_scratch(L, n, sizeof *out);
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        luaL_checkstack(L, 20, NULL);
        lua_rawgeti(L, list, (lua_Integer)i + 1);
        read_requirement(L, c, lua_gettop(L), &out[i]);
    }
    c->o.subject_to = out;
    c->o.n_subject_to = (uint32_t)n;
}

/* Floors and caps as spread takes them: an amount, a map by key, or a function of the node. */
static void read_bounds(lua_State *L, call *c)
{
    pagu_error err;
    error_init(&err);
    spread_call *s = &c->lines;
    *s = (spread_call){ .v = c->v, .o = PAGU_SPREAD_OPTIONS_INIT };
    s->o.at = c->o.at;
    selection_box *lines = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_lines(c->v->view, c->o.at, &lines->sel, &err), &err);
    s->lines = pagu_selection_rows(lines->sel);
    s->n_lines = pagu_selection_count(lines->sel);
    bind_read_bounds(L, s, 2);
    pagu_money *floor = bind_scratch(L, s->n_lines, sizeof *floor), *cap = bind_scratch(L, s->n_lines, sizeof *cap);
    for (uint32_t i = 0; i < s->n_lines; i++) {
        floor[i] = s->o.floors ? s->o.floors[i] : s->o.has_floor ? s->o.floor : INT64_MIN;
        cap[i] = s->o.caps ? s->o.caps[i] : s->o.has_cap ? s->o.cap : INT64_MAX;
        floor[i] = floor[i] == -INT64_MAX ? INT64_MIN : floor[i]; /* not in the map */
    }
    c->o.floor = floor;
    c->o.cap = cap;
}

static void read_limits(lua_State *L, call *c)
{
    c->o.has_total = bind_money_option(L, 2, "total", &c->o.total);
    c->o.exactly = bind_option_bool(L, 2, "exactly");
    c->o.unit = bind_unit_option(L, 2);
    c->o.dry = bind_option_bool(L, 2, "dry");
    if (bind_option(L, 2, "seconds") != LUA_TNIL)
        c->o.seconds = luaL_checknumber(L, -1);
    if (bind_option(L, 2, "gap") != LUA_TNIL)
        c->o.gap = luaL_checknumber(L, -1);
    c->o.no_prices = bind_option(L, 2, "prices") == LUA_TBOOLEAN && !lua_toboolean(L, -1);
    lua_pop(L, 3);
}

/* ---- results ---- */

/* Boxes are made before there is anything that a lack of memory could leak. */
typedef struct result_boxes {
    int first; /* stack index of lines, prices, conflict */
    table_box *lines, *prices, *conflict;
} result_boxes;

static result_boxes push_boxes(lua_State *L, int decimals)
{
    result_boxes b = { .first = lua_gettop(L) + 1 };
    b.lines = bind_push_result_table(L, decimals);
    b.prices = bind_push_result_table(L, decimals);
    b.conflict = bind_push_result_table(L, decimals);
    return b;
}

static void set_box(lua_State *L, const char *name, const table_box *box, int idx)
{
    if (!box->t)
        return;
    lua_pushvalue(L, idx);
    lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, double x)
{
    bind_push_number(L, x);
    lua_setfield(L, -2, name);
}

static void push_result(lua_State *L, const pagu_optimise_result *r, const result_boxes *b)
{
    static const char *const statuses[] = { "optimal", "feasible", "infeasible", "limit" };
    lua_newtable(L);
    lua_pushstring(L, statuses[r->status]);
    lua_setfield(L, -2, "status");
    set_box(L, "changes", b->lines, b->first);
    set_box(L, "prices", b->prices, b->first + 1);
    set_box(L, "conflict", b->conflict, b->first + 2);
    if (r->status > PAGU_OPTIMISE_FEASIBLE)
        return;
    set_number(L, "gain", r->gain);
    set_number(L, "bound", r->bound);
    set_number(L, "gap", r->gap);
    lua_pushstring(L, r->gain_text);
    lua_setfield(L, -2, "gain_text");
    lua_pushinteger(L, r->nodes);
    lua_setfield(L, -2, "nodes");
    lua_pushstring(L, r->solver);
    lua_setfield(L, -2, "solver");
}

static void read_call(lua_State *L, call *c)
{
    pagu_plan *plan = pagu_view_plan(c->v->view);
    pagu_field field = bind_field_option(L, 2, plan);
    c->o.column = bind_money_column(L, c->v, field, bind_period_option(L, 2, plan, 0));
    c->o.at = bind_place_apart(L, 2, "at", 1, true);
    read_limits(L, c);
    read_gains(L, c);
    read_requirements(L, c);
    read_bounds(L, c);
}

/* s:_optimise{…} -> result, or result (with its conflict) and the error that there is none */
static int scenario_optimise(lua_State *L)
{
    pagu_error err;
    bind_note n;
    error_init(&err);
    call c = { .v = bind_check_view_box(L, 1), .o = PAGU_OPTIMISE_OPTIONS_INIT };
    pagu_optimise_result r;
    bind_writable(L, c.v);
    lua_settop(L, 2);
    luaL_checkstack(L, 60, NULL);
    read_call(L, &c);
    luaL_checkstack(L, 40, NULL);
    bind_where_options(L, &n, "optimise", 2);
    result_boxes b = push_boxes(L, pagu_plan_decimals(pagu_view_plan(c.v->view)));
    pagu_code rc = pagu_optimise(bind_writable(L, c.v), &c.o, &n.note, &r, &err);
    b.lines->t = r.lines;
    b.prices->t = r.prices;
    b.conflict->t = r.conflict;
    if (rc != PAGU_OK && !r.conflict)
        bind_ok(L, rc, &err);
    push_result(L, &r, &b);
    if (rc == PAGU_OK)
        return 1;
    err.code = rc;
    bind_push_error(L, &err);
    return 2;
}

const luaL_Reg bind_optimise_methods[] = {
    { "_optimise", scenario_optimise },
    { NULL, NULL },
};
