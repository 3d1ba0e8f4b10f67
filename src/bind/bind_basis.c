/* bind_basis.c - what a spread is proportional to, and the bounds of its lines.
 *
 * basis: "current", "equal", a field, a view, { field, year, stage, from }, { [key] = weight },
 * a column or a function of the node. What isn't a column of the engine becomes weights, one a
 * line in the order of pagu_select_lines.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_verbs.h"

/* Read a weight at the top of the stack and pop it; nil is 0. */
static pagu_decimal pop_weight(lua_State *L)
{
    pagu_decimal d = { 0, 0 };
    if (!lua_isnil(L, -1))
        d = bind_decimal(L, -1, "a weight");
    lua_pop(L, 1);
    return d;
}

/* Leaves the decimals' scratch and the weights' on the stack. */
static void use_weights(lua_State *L, spread_call *c, const pagu_decimal *d)
{
    int64_t *weights = bind_scratch(L, c->n_lines, sizeof(int64_t));
    bind_scale_weights(L, d, c->n_lines, weights);
    c->o.basis = PAGU_BASIS_WEIGHTS;
    c->o.weights = weights;
}

static void weights_by_function(lua_State *L, spread_call *c, int fn)
{
    pagu_decimal *d = bind_scratch(L, c->n_lines, sizeof(pagu_decimal));
    for (uint32_t i = 0; i < c->n_lines; i++) {
        lua_pushvalue(L, fn);
        bind_push_node(L, 1, c->lines[i]);
        lua_call(L, 1, 1);
        d[i] = pop_weight(L);
        bind_check_view_box(L, 1);
    }
    use_weights(L, c, d);
}

static uint32_t line_index(lua_State *L, const spread_call *c, pagu_row row, const char *what)
{
    uint32_t lo = 0, hi = c->n_lines;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->lines[mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == c->n_lines || c->lines[lo] != row)
        bind_fail(L, PAGU_WRONG_LEVEL, "%s: %s is not a line of the place; name lines, not sums", what,
                  pagu_view_key(c->v->view, row));
    return lo;
}

static void weights_by_key(lua_State *L, spread_call *c, int map)
{
    pagu_decimal *d = bind_scratch(L, c->n_lines, sizeof(pagu_decimal));
    memset(d, 0, c->n_lines * sizeof(pagu_decimal));
    lua_pushnil(L);
    while (lua_next(L, map)) {
        uint32_t i = line_index(L, c, bind_row(L, -2, c->v), "basis");
        d[i] = pop_weight(L);
    }
    use_weights(L, c, d);
}

/* The same row on another view, by key where numbers may differ; PAGU_NO_ROW if it lacks it. */
static pagu_row row_on(const spread_call *c, const pagu_view *v, pagu_row row)
{
    pagu_plan *plan = pagu_view_plan(c->v->view);
    if (v == c->v->view)
        return row;
    if ((pagu_view_plan(v) != plan || row >= pagu_plan_row_count(plan)) &&
        pagu_view_find(v, pagu_view_key(c->v->view, row), &row, NULL) != PAGU_OK)
        return PAGU_NO_ROW;
    return row < pagu_view_row_count(v) && pagu_view_is_member(v, row) ? row : PAGU_NO_ROW;
}

static pagu_decimal number_weight(lua_State *L, double x)
{
    pagu_decimal d = { 0, 0 };
    if (pagu_decimal_from_double(x, &d) != PAGU_OK)
        bind_fail(L, PAGU_BAD_NUMBER, "%s is not a number that can be counted with exactly",
                  bind_tr(bind_ctx(L), "a weight"));
    return d;
}

static pagu_decimal value_weight(lua_State *L, pagu_expr_type kind, const pagu_expr_value *v)
{
    if (v->state != PAGU_NUMBER)
        return (pagu_decimal){ 0, 0 };
    if (kind == PAGU_EXPR_NUMBER)
        return number_weight(L, v->number);
    return (pagu_decimal){ kind == PAGU_EXPR_MASK ? v->mask : v->money, 0 };
}

static void weights_by_column(lua_State *L, spread_call *c, const column_box *column)
{
    pagu_error err;
    error_init(&err);
    const pagu_view *v = bind_live(L, column->view)->view;
    pagu_expr_value *values = bind_scratch(L, c->n_lines, sizeof(pagu_expr_value));
    pagu_row *rows = bind_scratch(L, c->n_lines, sizeof(pagu_row));
    pagu_decimal *d = bind_scratch(L, c->n_lines, sizeof(pagu_decimal));
    uint32_t n = 0, k = 0;
    for (uint32_t i = 0; i < c->n_lines; i++)
        if (row_on(c, v, c->lines[i]) != PAGU_NO_ROW)
            rows[n++] = row_on(c, v, c->lines[i]);
    bind_ok(L, pagu_expr_eval(column->expr, v, rows, n, values, &err), &err);
    for (uint32_t i = 0; i < c->n_lines; i++) {
        bool there = k < n && row_on(c, v, c->lines[i]) == rows[k];
        d[i] = there ? value_weight(L, pagu_expr_kind(column->expr), &values[k++]) : (pagu_decimal){ 0, 0 };
    }
    use_weights(L, c, d);
}

/* A derived field of a row as a measure: money counts as its number. */
static pagu_measure derived_measure(lua_State *L, const pagu_view *v, pagu_row row, pagu_field field,
                                    pagu_period period)
{
    pagu_error err;
    pagu_expr_value value = { .state = PAGU_MISSING };
    error_init(&err);
    if (row != PAGU_NO_ROW)
        bind_ok(L, pagu_view_value(v, row, PAGU_NO_INDICATOR, field, period, NULL, &value, &err), &err);
    return (pagu_measure){ value.number, "", NULL, value.state };
}

/* The main indicator of each line. */
static void weights_by_measure(lua_State *L, spread_call *c, pagu_view *v, pagu_field field, pagu_period period)
{
    pagu_decimal *d = bind_scratch(L, c->n_lines, sizeof(pagu_decimal));
    for (uint32_t i = 0; i < c->n_lines; i++) {
        pagu_row row = row_on(c, v, c->lines[i]);
        pagu_indicator ind = row == PAGU_NO_ROW ? PAGU_NO_INDICATOR : pagu_view_first_indicator(v, row);
        pagu_measure m = { .state = PAGU_MISSING };
        if (pagu_plan_field_kind(pagu_view_plan(v), field) == PAGU_FIELD_DERIVED)
            m = derived_measure(L, v, row, field, period);
        else if (ind != PAGU_NO_INDICATOR)
            m = pagu_view_measure(v, ind, field, period);
        d[i] = m.state == PAGU_NUMBER ? number_weight(L, m.value) : (pagu_decimal){ 0, 0 };
    }
    use_weights(L, c, d);
}

static void basis_column(lua_State *L, spread_call *c, const view_box *box, pagu_field field, pagu_period period)
{
    pagu_error err;
    pagu_view *v = box->view;
    pagu_plan *plan = pagu_view_plan(c->v->view), *other = pagu_view_plan(v);
    error_init(&err);
    if (other != plan) {
        bind_ok(L, pagu_find_field(other, bind_field_name(plan, field), &field, &err), &err);
        bind_ok(L, pagu_plan_find_period(other, pagu_plan_period_id(plan, period), &period, &err), &err);
    }
    if (pagu_plan_field_kind(pagu_view_plan(v), field) != PAGU_FIELD_MONEY) {
        weights_by_measure(L, c, v, field, period);
        return;
    }
    c->o.basis = PAGU_BASIS_COLUMN;
    c->o.basis_view = v;
    c->o.basis_column = pagu_view_column(v, field, period);
    c->basis = box;
}

/* { field =, year =, stage =, from = view } */
static void basis_described(lua_State *L, spread_call *c, int map)
{
    static const char *const names[] = { "field", "year", "period", "stage", "from", NULL };
    bind_known_options(L, map, "basis", names);
    pagu_plan *plan = pagu_view_plan(c->v->view);
    view_box *v = c->v;
    const char *stage = bind_option_string(L, map, "stage");
    if (stage) {
        bind_push_stage(L, plan, stage);
        v = bind_check_view_box(L, -1);
    } else if (bind_option(L, map, "from") != LUA_TNIL) {
        v = bind_check_view_box(L, -1);
    }
    pagu_field field = c->field;
    if (bind_option(L, map, "field") != LUA_TNIL)
        field = bind_field(L, -1, plan);
    pagu_period period = c->period;
    if (bind_option(L, map, "year") != LUA_TNIL || bind_option(L, map, "period") != LUA_TNIL)
        period = bind_period_option(L, map, plan, 0);
    basis_column(L, c, v, field, period);
}

static bool is_description(lua_State *L, int map)
{
    static const char *const names[] = { "field", "year", "period", "stage", "from" };
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++) {
        found = bind_option(L, map, names[i]) != LUA_TNIL;
        lua_pop(L, 1);
    }
    return found;
}

void bind_read_basis(lua_State *L, spread_call *c, int options)
{
    int type = bind_option(L, options, "basis"), at = lua_gettop(L);
    const char *name = type == LUA_TSTRING ? bind_string(L, at) : "";
    luaL_checkstack(L, 16, NULL);
    if (type == LUA_TNIL || strcmp(name, "current") == 0)
        c->o.basis = PAGU_BASIS_CURRENT;
    else if (strcmp(name, "equal") == 0)
        c->o.basis = PAGU_BASIS_EQUAL;
    else if (type == LUA_TSTRING)
        basis_column(L, c, c->v, bind_field(L, at, pagu_view_plan(c->v->view)), c->period);
    else if (type == LUA_TFUNCTION)
        weights_by_function(L, c, at);
    else if (bind_test(L, at, KIND_COLUMN))
        weights_by_column(L, c, bind_test(L, at, KIND_COLUMN));
    else if (bind_test(L, at, KIND_VIEW))
        basis_column(L, c, bind_check_view_box(L, at), c->field, c->period);
    else if (type == LUA_TTABLE && is_description(L, at))
        basis_described(L, c, at);
    else if (type == LUA_TTABLE)
        weights_by_key(L, c, at);
    else
        bind_fail(L, PAGU_ARGUMENT, "basis can't be %s", bind_describe(L, at));
}

/* ---- floors and caps: an amount for every line, a map by key, or a function of the node ---- */

static pagu_money *push_bounds(lua_State *L, const spread_call *c, int at, const char *name, pagu_money none)
{
    pagu_money *out = bind_scratch(L, c->n_lines, sizeof(pagu_money));
    for (uint32_t i = 0; i < c->n_lines; i++)
        out[i] = none;
    if (lua_isfunction(L, at)) {
        for (uint32_t i = 0; i < c->n_lines; i++) {
            lua_pushvalue(L, at);
            bind_push_node(L, 1, c->lines[i]);
            lua_call(L, 1, 1);
            out[i] = lua_isnil(L, -1) ? none : bind_money(L, -1, name);
            lua_pop(L, 1);
            bind_check_view_box(L, 1);
        }
        return out;
    }
    lua_pushnil(L);
    while (lua_next(L, at)) {
        uint32_t i = line_index(L, c, bind_row(L, -2, c->v), name);
        out[i] = bind_money(L, -1, name);
        lua_pop(L, 1);
    }
    return out;
}

/* Weights and bounds are told line by line: a function among them may have added lines, or taken some away. */
static void check_lines(lua_State *L, const spread_call *c)
{
    pagu_error err;
    error_init(&err);
    selection_box *now = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_lines(c->v->view, c->o.at, &now->sel, &err), &err);
    uint32_t n = pagu_selection_count(now->sel);
    if (n != c->n_lines || memcmp(pagu_selection_rows(now->sel), c->lines, n * sizeof *c->lines) != 0)
        bind_fail(L, PAGU_CONFLICT, "a function of the options added or removed lines");
    lua_pop(L, 1);
}

void bind_read_bounds(lua_State *L, spread_call *c, int options)
{
    luaL_checkstack(L, 16, NULL);
    int type = bind_option(L, options, "floor");
    if (type == LUA_TTABLE || type == LUA_TFUNCTION)
        c->o.floors = push_bounds(L, c, lua_gettop(L), "floor", -INT64_MAX);
    else if (type != LUA_TNIL)
        c->o.has_floor = true, c->o.floor = bind_money(L, -1, "floor");
    type = bind_option(L, options, "cap");
    if (type == LUA_TTABLE || type == LUA_TFUNCTION)
        c->o.caps = push_bounds(L, c, lua_gettop(L), "cap", INT64_MAX);
    else if (type != LUA_TNIL)
        c->o.has_cap = true, c->o.cap = bind_money(L, -1, "cap");
    if (c->basis && !c->basis->view)
        bind_fail(L, PAGU_CLOSED, "the plan or scenario is closed");
    if (c->o.weights || c->o.floors || c->o.caps)
        check_lines(L, c);
}
