/* bind_edit.c - setting values: one, a batch, or a column over a selection.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>

static void free_selection(void *s)
{
    pagu_selection_free(s);
}

/* An empty proposal, owned by the view so that it never outlives its scenario. Options are read
 * raw: no script runs until it is committed. */
static pagu_proposal *begin(lua_State *L, view_box *v)
{
    pagu_error err;
    error_init(&err);
    bind_drop_proposal(v);
    bind_ok(L, pagu_proposal_new(v->scenario, &v->proposal, &err), &err);
    return v->proposal;
}

static void commit(lua_State *L, view_box *v, const pagu_note *note)
{
    pagu_error err;
    error_init(&err);
    pagu_code code = pagu_proposal_commit(v->proposal, note, &err);
    bind_drop_proposal(v);
    bind_ok(L, code, &err);
}

void bind_drop_proposal(view_box *v)
{
    pagu_proposal *p = v->proposal;
    v->proposal = NULL;
    pagu_proposal_free(p);
}

/* ---- reading values ---- */

static pagu_cell read_cell(lua_State *L, int value, const char *what)
{
    if (lua_isnoneornil(L, value))
        return (pagu_cell){ 0, PAGU_MISSING };
    if (lua_type(L, value) == LUA_TSTRING && strcmp(bind_string(L, value), "-") == 0)
        return (pagu_cell){ 0, PAGU_DASH };
    return (pagu_cell){ bind_money(L, value, what), PAGU_NUMBER };
}

static pagu_locale plan_locale(const pagu_plan *plan)
{
    const char *locale = pagu_plan_meta(plan, "locale");
    return locale && strcmp(locale, "en") == 0 ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
}

/* "260 Orang", "88,28%", "Cepat Berkembang", "-". Pushes the texts that *out points to. */
static void read_spelling(lua_State *L, const char *text, pagu_locale locale, const char *unit, pagu_measure *out)
{
    pagu_error err;
    pagu_spelling s;
    error_init(&err);
    bind_ok(L, pagu_measure_parse(bind_ctx(L), text, locale, &s, &err), &err);
    *out = (pagu_measure){ s.value, unit, NULL, s.state };
    if (s.unit_len > 0)
        out->unit = lua_pushlstring(L, s.unit, s.unit_len);
    if (s.rest_len > 0)
        out->text = lua_pushlstring(L, s.rest, s.rest_len);
    else if (s.state == PAGU_TEXT)
        out->text = text;
}

static void read_measure(lua_State *L, int value, const pagu_plan *plan, const char *unit, pagu_measure *out)
{
    *out = (pagu_measure){ 0, unit, NULL, PAGU_MISSING };
    value = lua_absindex(L, value);
    switch (lua_type(L, value)) {
    case LUA_TNONE:
    case LUA_TNIL: break;
    case LUA_TNUMBER:
        out->value = lua_tonumber(L, value);
        out->state = PAGU_NUMBER;
        break;
    case LUA_TSTRING: read_spelling(L, bind_string(L, value), plan_locale(plan), unit, out); break;
    case LUA_TTABLE: {
        const char *own = bind_option_string(L, value, "unit");
        out->text = bind_option_string(L, value, "text");
        out->unit = own ? own : unit;
        out->state = out->text ? PAGU_TEXT : PAGU_MISSING;
        if (bind_option(L, value, "value") == LUA_TNUMBER) {
            out->value = lua_tonumber(L, -1);
            out->state = PAGU_NUMBER;
        }
        break;
    }
    default:
        bind_fail(L, PAGU_ARGUMENT, "a target is a number, text, { value =, unit =, text = } or nil, not %s",
                  bind_describe(L, value));
    }
}

/* ---- one value ---- */

static const char zero_basis[] = "all lines of %s are 0, so nothing says how they share; s:spread{ at = \"%s\", "
                                 "total = …, on_zero = \"equal\" } shares equally";

static void set_money(lua_State *L, view_box *v, pagu_row row, pagu_column column, int value, const pagu_note *note)
{
    pagu_error err;
    error_init(&err);
    pagu_cell cell = read_cell(L, value, "the amount");
    if (cell.state != PAGU_NUMBER || pagu_view_is_leaf(v->view, row)) {
        bind_ok(L, pagu_edit(v->scenario, row, column, cell, note, &err), &err);
        return;
    }
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    owned_box *own = bind_own(L, free_selection);
    pagu_selection *at = NULL;
    pagu_code code = pagu_select_rows(v->view, &row, 1, &at, &err);
    own->ptr = at;
    bind_ok(L, code, &err);
    o.at = at;
    o.column = column;
    o.request = PAGU_SPREAD_TOTAL;
    o.amount = cell.value;
    code = pagu_spread(v->scenario, &o, note, NULL, &err);
    if (code == PAGU_ZERO_BASIS) /* what the verb suggests are options that set doesn't have */
        snprintf(err.message, sizeof err.message, bind_tr(bind_ctx(L), zero_basis), err.node, err.node);
    bind_ok(L, code, &err);
}

/* What was asked of a sum can't be told from its lines' values: it is kept. The effects of an edit say it all. */
static const char *push_sum_args(lua_State *L, const view_box *v, pagu_row row, pagu_field field, pagu_period period,
                                 int value)
{
    const pagu_plan *plan = pagu_view_plan(v->view);
    if (!lua_isinteger(L, value) && !lua_isnumber(L, value))
        return NULL;
    value = lua_absindex(L, value);
    lua_createtable(L, 0, 4);
    lua_pushstring(L, pagu_view_key(v->view, row));
    lua_setfield(L, -2, "at");
    lua_pushstring(L, bind_field_name(plan, field));
    lua_setfield(L, -2, "field");
    lua_pushstring(L, pagu_plan_period_id(plan, period));
    lua_setfield(L, -2, "period");
    lua_pushvalue(L, value);
    lua_setfield(L, -2, "value");
    return bind_push_json(L, -1);
}

static pagu_indicator need_indicator(lua_State *L, const view_box *v, pagu_row row, pagu_indicator ind)
{
    if (ind == PAGU_NO_INDICATOR)
        ind = pagu_view_first_indicator(v->view, row);
    if (ind == PAGU_NO_INDICATOR)
        bind_fail(L, PAGU_UNKNOWN_KEY, "%s has no indicator", pagu_view_key(v->view, row));
    return ind;
}

static void propose_measure(lua_State *L, const view_box *v, pagu_proposal *p, pagu_indicator ind, pagu_field field,
                            pagu_period period, int value)
{
    pagu_error err;
    pagu_measure m;
    error_init(&err);
    read_measure(L, value, pagu_view_plan(v->view), pagu_view_indicator(v->view, ind).unit, &m);
    bind_ok(L, pagu_proposal_measure(p, ind, field, period, &m, &err), &err);
}

void bind_assign(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period,
                 int value)
{
    pagu_plan *plan = pagu_view_plan(v->view);
    bind_note n;
    bind_where(L, &n, "set");
    bind_refuse_derived(L, plan, field);
    if (pagu_plan_field_kind(plan, field) == PAGU_FIELD_MONEY) {
        if (row == PAGU_NO_ROW)
            bind_fail(L, PAGU_UNKNOWN_FIELD, "an indicator has no \"%s\"; ask its node", bind_field_name(plan, field));
        if (!pagu_view_is_leaf(v->view, row))
            n.note.args = push_sum_args(L, v, row, field, period, value);
        set_money(L, v, row, pagu_view_column(v->view, field, period), value, &n.note);
        return;
    }
    ind = need_indicator(L, v, row, ind);
    propose_measure(L, v, begin(L, v), ind, field, period, value);
    commit(L, v, &n.note);
}

/* ---- a column over a selection ---- */

static void assign_column(lua_State *L, const cells_box *c, pagu_column column, const pagu_expr *e)
{
    pagu_error err;
    bind_note n;
    error_init(&err);
    bind_where(L, &n, "set");
    bind_ok(L, pagu_expr_assign(c->view->scenario, c->sel->sel, column, e, &n.note, &err), &err);
}

static void free_expr(void *e)
{
    pagu_expr_release(e);
}

static void assign_amount(lua_State *L, const cells_box *c, pagu_column column, pagu_money amount)
{
    pagu_error err;
    pagu_expr *e = NULL;
    error_init(&err);
    owned_box *own = bind_own(L, free_expr);
    pagu_code code = pagu_expr_integer(bind_ctx(L), amount, &e, &err);
    own->ptr = e;
    bind_ok(L, code, &err);
    assign_column(L, c, column, e);
}

/* nil and "-" have no expression: one proposal of blank cells. */
static void assign_blank(lua_State *L, const cells_box *c, pagu_column column, pagu_cell cell)
{
    pagu_error err;
    bind_note n;
    error_init(&err);
    uint32_t count = pagu_selection_count(c->sel->sel);
    pagu_proposal *p = begin(L, c->view);
    pagu_cell *cells = bind_scratch(L, count, sizeof(pagu_cell));
    for (uint32_t i = 0; i < count; i++)
        cells[i] = cell;
    bind_where(L, &n, "set");
    bind_ok(L, pagu_proposal_money_batch(p, column, pagu_selection_rows(c->sel->sel), cells, count, &err), &err);
    commit(L, c->view, &n.note);
}

static uint32_t cells_count(const cells_box *c)
{
    return c->sel ? pagu_selection_count(c->sel->sel) : c->inds->n;
}

static pagu_indicator cells_indicator(const cells_box *c, uint32_t i)
{
    return c->inds ? c->inds->list[i] : pagu_view_first_indicator(c->view->view, pagu_selection_rows(c->sel->sel)[i]);
}

/* One value for every indicator. */
static void assign_measures(lua_State *L, const cells_box *c, pagu_period period, int value)
{
    bind_note n;
    pagu_proposal *p = begin(L, c->view);
    int top = lua_gettop(L);
    for (uint32_t i = 0; i < cells_count(c); i++) {
        pagu_indicator ind = cells_indicator(c, i);
        if (ind != PAGU_NO_INDICATOR)
            propose_measure(L, c->view, p, ind, c->field, period, value);
        lua_settop(L, top);
    }
    bind_where(L, &n, "set");
    commit(L, c->view, &n.note);
}

static void assign_measure_column(lua_State *L, const cells_box *c, pagu_period period, const pagu_expr *e)
{
    pagu_error err;
    bind_note n;
    error_init(&err);
    pagu_expr_subjects at = { .n = cells_count(c), .period = PAGU_NONE };
    if (c->inds)
        at.indicators = c->inds->list;
    else
        at.rows = pagu_selection_rows(c->sel->sel);
    bind_where(L, &n, "set");
    bind_ok(L, pagu_expr_assign_measures(c->view->scenario, &at, c->field, period, e, &n.note, &err), &err);
}

void bind_assign_selection(lua_State *L, const cells_box *c, pagu_period period, int value)
{
    pagu_plan *plan = pagu_view_plan(c->view->view);
    column_box *e = bind_test(L, value, KIND_COLUMN);
    bind_refuse_derived(L, plan, c->field);
    if (e)
        bind_check_aligned(L, e, c);
    if (pagu_plan_field_kind(plan, c->field) == PAGU_FIELD_MEASURE) {
        if (e)
            assign_measure_column(L, c, period, e->expr);
        else
            assign_measures(L, c, period, value);
        return;
    }
    if (c->inds)
        bind_fail(L, PAGU_UNKNOWN_FIELD, "an indicator has no \"%s\"; ask its node", bind_field_name(plan, c->field));
    pagu_column column = pagu_view_column(c->view->view, c->field, period);
    if (e) {
        assign_column(L, c, column, e->expr);
        return;
    }
    pagu_cell cell = read_cell(L, value, "the amount");
    if (cell.state == PAGU_NUMBER)
        assign_amount(L, c, column, cell.value);
    else
        assign_blank(L, c, column, cell);
}

/* ---- s:set ---- */

typedef struct target {
    pagu_row row;
    pagu_indicator ind;
    pagu_field field;
    pagu_period period;
    bool money, leaf;
} target;

/* Key, field, period at idx, idx+1, idx+2. */
static target read_target(lua_State *L, view_box *v, int idx)
{
    pagu_plan *plan = pagu_view_plan(v->view);
    target t;
    t.field = bind_field(L, idx + 1, plan);
    t.period = bind_period(L, idx + 2, plan, 0);
    bind_refuse_derived(L, plan, t.field);
    bind_find_place(L, idx, v, t.field, &t.row, &t.ind);
    t.money = pagu_plan_field_kind(plan, t.field) == PAGU_FIELD_MONEY;
    t.leaf = t.money && t.row != PAGU_NO_ROW && pagu_view_is_leaf(v->view, t.row);
    return t;
}

/* Push key, field, period, value of entry i: { key, field, period, value } or by name. */
static void push_entry(lua_State *L, int batch, lua_Integer i)
{
    static const char *const names[] = { "key", "field", "year", "value" };
    if (lua_rawgeti(L, batch, i) != LUA_TTABLE)
        bind_fail(L, PAGU_ARGUMENT, "entry %d of the batch must be { key, field, year, value }", (int)i);
    int entry = lua_gettop(L);
    for (int k = 0; k < 4; k++) {
        if (lua_rawgeti(L, entry, k + 1) == LUA_TNIL) {
            lua_pop(L, 1);
            bind_option(L, entry, names[k]);
        }
    }
    lua_remove(L, entry);
}

static void propose(lua_State *L, view_box *v, pagu_proposal *p, const target *t, int value)
{
    pagu_error err;
    error_init(&err);
    if (!t->money) {
        propose_measure(L, v, p, need_indicator(L, v, t->row, t->ind), t->field, t->period, value);
        return;
    }
    pagu_cell cell = read_cell(L, value, "the amount");
    pagu_column column = pagu_view_column(v->view, t->field, t->period);
    bind_ok(L, pagu_proposal_money(p, t->row, column, cell, &err), &err);
}

static lua_Integer cell_key(pagu_row row, pagu_column column)
{
    return (lua_Integer)row << 16 | column;
}

/* What a sum and a line below it are both to be can't both be kept. Stack: view, batch. */
static void refuse_overlaps(lua_State *L, view_box *v)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
    lua_newtable(L); /* cells of sums */
    for (int pass = 0; pass < 2; pass++)
        for (lua_Integer i = 1; i <= count; i++) {
            push_entry(L, 2, i);
            target t = read_target(L, v, 4);
            lua_settop(L, 3);
            if (!t.money || t.row == PAGU_NO_ROW)
                continue;
            pagu_column column = pagu_view_column(v->view, t.field, t.period);
            if (pass == 0 && !t.leaf) {
                lua_pushboolean(L, 1);
                lua_rawseti(L, 3, cell_key(t.row, column));
            }
            for (pagu_row up = t.row; pass == 1 && (up = pagu_view_parent(v->view, up)) != PAGU_NO_ROW;) {
                if (lua_rawgeti(L, 3, cell_key(up, column)) != LUA_TNIL)
                    bind_fail(L, PAGU_ARGUMENT,
                              "%s and %s, which is below it, are both in the batch; set them one after "
                              "the other",
                              pagu_view_key(v->view, up), pagu_view_key(v->view, t.row));
                lua_pop(L, 1);
            }
        }
    lua_settop(L, 2);
}

/* Sums can't be part of the one proposal: they are spread after it, and the whole is one step. */
static int set_batch(lua_State *L)
{
    view_box *v = bind_test(L, 1, KIND_VIEW);
    bind_note n;
    lua_settop(L, 2);
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2), sums = 0;
    pagu_proposal *p = begin(L, v);
    for (lua_Integer i = 1; i <= count; i++) {
        push_entry(L, 2, i);
        target t = read_target(L, v, 3);
        if (t.money && !t.leaf)
            sums++;
        else
            propose(L, v, p, &t, 6);
        lua_settop(L, 2);
    }
    if (sums > 0)
        refuse_overlaps(L, v);
    bind_where(L, &n, "set"); /* the effects say it all */
    n.note.reason = bind_option_string(L, 2, "reason");
    uint32_t start = pagu_savepoint(v->scenario);
    if (pagu_proposal_count(p) > 0)
        commit(L, v, &n.note);
    else
        bind_drop_proposal(v);
    lua_pushinteger(L, start);
    return sums > 0;
}

/* Stack of the protected second half: view, batch. */
static int set_sums(lua_State *L)
{
    view_box *v = bind_test(L, 1, KIND_VIEW);
    bind_note n;
    bind_where(L, &n, "set");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, 2); i++) {
        push_entry(L, 2, i);
        target t = read_target(L, v, 3);
        if (t.money && !t.leaf && t.row != PAGU_NO_ROW)
            set_money(L, v, t.row, pagu_view_column(v->view, t.field, t.period), 6, &n.note);
        lua_settop(L, 2);
    }
    return 0;
}

static int set_all(lua_State *L)
{
    view_box *v = bind_test(L, 1, KIND_VIEW);
    pagu_error err;
    bind_note n;
    error_init(&err);
    if (set_batch(L) == 0)
        return 0;
    uint32_t start = (uint32_t)lua_tointeger(L, -1);
    lua_settop(L, 2);
    lua_pushcfunction(L, set_sums);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    if (lua_pcall(L, 2, 0, 0) != LUA_OK) {
        if (v->scenario)
            pagu_rollback(v->scenario, start, &err);
        return lua_error(L);
    }
    bind_where_options(L, &n, "set", 2); /* with its arguments: see push_sum_args */
    bind_ok(L, pagu_squash(v->scenario, start, &n.note, &err), &err);
    return 0;
}

/* Options of a batch stand beside its entries. */
static void known_batch(lua_State *L, int batch)
{
    static const char *const names[] = { "dry", "reason", NULL };
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, batch)) {
        if (lua_isinteger(L, -2)) {
            lua_pop(L, 1);
            continue;
        }
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    bind_known_options(L, lua_gettop(L), "set", names);
    lua_pop(L, 1);
}

/* key, field, period, value, options at 2 … 6: the same as a batch of one, at 2. */
static void push_as_batch(lua_State *L)
{
    lua_settop(L, 6);
    luaL_checktype(L, 6, LUA_TTABLE);
    lua_createtable(L, 4, 0);
    for (int i = 1; i <= 4; i++) {
        lua_pushvalue(L, i + 1);
        lua_rawseti(L, 7, i);
    }
    lua_newtable(L);
    lua_insert(L, 7);
    lua_rawseti(L, 7, 1);
    lua_pushnil(L);
    while (lua_next(L, 6)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, 7);
    }
    lua_replace(L, 2);
    lua_settop(L, 2);
}

/* s:set(key, field, period, value[, options]), or s:set{ { key, field, period, value }, …, reason = "…", dry = true }
 */
static int scenario_set(lua_State *L)
{
    view_box *v = bind_check_view_box(L, 1);
    bind_writable(L, v);
    if (lua_gettop(L) > 5 && !lua_isnil(L, 6))
        push_as_batch(L);
    if (lua_type(L, 2) == LUA_TTABLE) {
        if (!lua_isnoneornil(L, 3))
            bind_fail(L, PAGU_ARGUMENT, "a batch of set is one table; give reason and dry in it");
        known_batch(L, 2);
        if (bind_option_bool(L, 2, "dry"))
            return bind_dry(L, scenario_set, 2);
        return set_all(L);
    }
    if (lua_gettop(L) < 5)
        bind_fail(L, PAGU_ARGUMENT, "set takes a key, a field, a period and a value; nil makes it missing");
    target t = read_target(L, v, 2);
    bind_assign(L, v, t.row, t.ind, t.field, t.period, 5);
    return 0;
}

const luaL_Reg bind_edit_methods[] = { { "set", scenario_set }, { NULL, NULL } };
