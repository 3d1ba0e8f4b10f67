/* bind_column.c - lazy columns over a selection: operators build the engine's expressions.
 *
 * Lua forces < and == to booleans, so comparisons are methods (:gt :ge :lt :le :eq :ne) that
 * give masks; masks combine with & | ~.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdlib.h>

column_box *bind_push_column(lua_State *L, int owner)
{
    owner = lua_absindex(L, owner);
    indicators_box *inds = bind_test(L, owner, KIND_INDICATORS);
    selection_box *sel = inds ? NULL : bind_check_selection(L, owner);
    column_box *c = bind_new(L, KIND_COLUMN, sizeof(column_box), 1, "pagu.column");
    c->sel = sel;
    c->inds = inds;
    c->view = sel ? sel->view : inds->view;
    lua_pushvalue(L, owner);
    lua_setiuservalue(L, -2, 1);
    return c;
}

static uint32_t count_of(const column_box *c)
{
    return c->sel ? pagu_selection_count(c->sel->sel) : c->inds->n;
}

/* The rows or indicators in the order of values. */
static const uint32_t *subjects_of(const column_box *c)
{
    return c->sel ? pagu_selection_rows(c->sel->sel) : c->inds->list;
}

static int column_gc(lua_State *L)
{
    column_box *c = lua_touserdata(L, 1);
    pagu_expr *e = c->expr;
    c->expr = NULL;
    pagu_expr_release(e);
    return 0;
}

static column_box *check_column(lua_State *L, int idx)
{
    column_box *c = bind_check_kind(L, idx, KIND_COLUMN, "a column");
    bind_live(L, c->view);
    return c;
}

/* ---- operators ---- */

static bool same_subjects(const column_box *a, const column_box *b)
{
    uint32_t n = count_of(a);
    return a->view == b->view && !a->sel == !b->sel && n == count_of(b) &&
           (subjects_of(a) == subjects_of(b) || memcmp(subjects_of(a), subjects_of(b), n * sizeof(uint32_t)) == 0);
}

static int refuse_other(lua_State *L)
{
    return bind_fail(L, PAGU_ARGUMENT,
                     "the columns are of different selections; make both from one, or use pagu.compare");
}

void bind_check_aligned(lua_State *L, const column_box *c, const cells_box *cells)
{
    column_box other = { .view = cells->view, .sel = cells->sel, .inds = cells->inds };
    bind_live(L, c->view);
    if (!same_subjects(c, &other))
        refuse_other(L);
}

static void free_expr(void *e)
{
    pagu_expr_release(e);
}

static const pagu_expr *push_constant(lua_State *L, int idx)
{
    pagu_error err;
    error_init(&err);
    pagu_expr *e = NULL;
    owned_box *box = bind_own(L, free_expr);
    pagu_decimal d = bind_decimal(L, idx, "a number in a column");
    pagu_code code =
        d.scale == 0 ? pagu_expr_integer(bind_ctx(L), d.digits, &e, &err) : pagu_expr_decimal(bind_ctx(L), d, &e, &err);
    box->ptr = e;
    bind_ok(L, code, &err);
    return e;
}

/* A column's expression, or a number's; leaves one value on the stack. */
static pagu_expr *push_operand(lua_State *L, int idx, const column_box *first)
{
    if (lua_type(L, idx) == LUA_TNUMBER)
        return (pagu_expr *)push_constant(L, idx);
    column_box *c = check_column(L, idx);
    if (!same_subjects(c, first))
        refuse_other(L);
    lua_pushvalue(L, idx);
    return c->expr;
}

/* A text is only compared with. */
static pagu_expr *push_text(lua_State *L, int idx)
{
    pagu_error err;
    error_init(&err);
    pagu_expr *e = NULL;
    owned_box *box = bind_own(L, free_expr);
    pagu_code code = pagu_expr_text(bind_ctx(L), lua_tostring(L, idx), &e, &err);
    box->ptr = e;
    bind_ok(L, code, &err);
    return e;
}

static int binary(lua_State *L, char op)
{
    pagu_error err;
    error_init(&err);
    lua_settop(L, 2);
    int first = bind_test(L, 1, KIND_COLUMN) ? 1 : 2;
    const column_box *column = check_column(L, first);
    bool text = (op == '=' || op == '!') && lua_type(L, 2) == LUA_TSTRING;
    pagu_expr *a = push_operand(L, 1, column), *b = text ? push_text(L, 2) : push_operand(L, 2, column);
    lua_getiuservalue(L, first, 1);
    column_box *out = bind_push_column(L, -1);
    bind_ok(L, pagu_expr_binary(bind_ctx(L), op, a, b, &out->expr, &err), &err);
    return 1;
}

static int column_add(lua_State *L)
{
    return binary(L, '+');
}

static int column_sub(lua_State *L)
{
    return binary(L, '-');
}

static int column_mul(lua_State *L)
{
    return binary(L, '*');
}

static int column_div(lua_State *L)
{
    return binary(L, '/');
}

static int column_gt(lua_State *L)
{
    return binary(L, '>');
}

static int column_ge(lua_State *L)
{
    return binary(L, 'g');
}

static int column_lt(lua_State *L)
{
    return binary(L, '<');
}

static int column_le(lua_State *L)
{
    return binary(L, 'l');
}

static int column_eq(lua_State *L)
{
    return binary(L, '=');
}

static int column_ne(lua_State *L)
{
    return binary(L, '!');
}

static int column_band(lua_State *L)
{
    return binary(L, '&');
}

static int column_bor(lua_State *L)
{
    return binary(L, '|');
}

static int column_bnot(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    column_box *c = check_column(L, 1);
    lua_getiuservalue(L, 1, 1);
    column_box *out = bind_push_column(L, -1);
    bind_ok(L, pagu_expr_binary(bind_ctx(L), '~', c->expr, NULL, &out->expr, &err), &err);
    return 1;
}

static int column_unm(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_insert(L, 1);
    return binary(L, '-');
}

/* ---- values ---- */

/* Values at n of the column's rows or indicators. */
static pagu_expr_value *push_values(lua_State *L, const column_box *c, const uint32_t *subjects, uint32_t n)
{
    pagu_error err;
    error_init(&err);
    pagu_expr_value *values = bind_scratch(L, n, sizeof(pagu_expr_value));
    pagu_expr_subjects at = { .n = n, .period = PAGU_NONE };
    if (c->sel)
        at.rows = subjects;
    else
        at.indicators = subjects;
    bind_ok(L, pagu_expr_eval_at(c->expr, c->view->view, &at, values, &err), &err);
    return values;
}

pagu_expr_value *bind_push_column_values(lua_State *L, const column_box *c)
{
    return push_values(L, c, subjects_of(c), count_of(c));
}

static bool list_has(const indicators_box *list, pagu_indicator ind)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->list[i] == ind)
            return true;
    return false;
}

static pagu_indicator indicator_of(lua_State *L, int idx, const column_box *c)
{
    pagu_error err;
    pagu_indicator ind = PAGU_NO_INDICATOR;
    error_init(&err);
    if (bind_test(L, idx, KIND_INDICATOR))
        ind = bind_live_indicator(L, idx)->ind;
    else
        bind_ok(L, pagu_view_find_indicator(c->view->view, bind_text(L, idx, NULL), &ind, &err), &err);
    if (!list_has(c->inds, ind))
        bind_fail(L, PAGU_UNKNOWN_KEY, "%s is not in the column's selection",
                  pagu_view_indicator(c->view->view, ind).id);
    return ind;
}

static int column_at(lua_State *L)
{
    column_box *c = check_column(L, 1);
    uint32_t subject = c->sel ? bind_row(L, 2, c->view) : indicator_of(L, 2, c);
    if (c->sel && !pagu_selection_has(c->sel->sel, subject))
        bind_fail(L, PAGU_UNKNOWN_KEY, "%s is not in the column's selection", pagu_view_key(c->view->view, subject));
    return bind_push_result(L, pagu_expr_kind(c->expr), push_values(L, c, &subject, 1));
}

static const char *key_of(const column_box *c, uint32_t subject)
{
    return c->sel ? pagu_view_key(c->view->view, subject) : pagu_view_indicator(c->view->view, subject).id;
}

/* Values by key, or by an indicator's id. */
static int column_values(lua_State *L)
{
    column_box *c = check_column(L, 1);
    pagu_expr_type kind = pagu_expr_kind(c->expr);
    uint32_t n = count_of(c);
    pagu_expr_value *values = bind_push_column_values(L, c);
    lua_createtable(L, 0, (int)n);
    for (uint32_t i = 0; i < n; i++) {
        int top = lua_gettop(L);
        bind_push_result(L, kind, &values[i]);
        lua_settop(L, top + 1);
        lua_setfield(L, -2, key_of(c, subjects_of(c)[i]));
    }
    return 1;
}

/* Rows in tree order; pushes the owner, which keeps them. */
static const uint32_t *push_order(lua_State *L, int idx, const column_box *c)
{
    lua_getiuservalue(L, idx, 1);
    return c->sel ? bind_selection_order(L, -1) : c->inds->list;
}

static int next_pair(lua_State *L)
{
    column_box *c = check_column(L, lua_upvalueindex(1));
    const pagu_expr_value *values = lua_touserdata(L, lua_upvalueindex(2));
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    const uint32_t *order = push_order(L, lua_upvalueindex(1), c);
    if (i >= (lua_Integer)count_of(c))
        return 0;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(3));
    lua_getiuservalue(L, -1, 1);
    if (c->sel)
        bind_push_node(L, -1, order[i]);
    else
        bind_push_indicator(L, -1, order[i]);
    return 1 + bind_push_result(L, pagu_expr_kind(c->expr), &values[i]);
}

/* node or indicator, value in tree order. */
static int column_each(lua_State *L)
{
    column_box *c = check_column(L, 1);
    lua_settop(L, 1);
    const uint32_t *order = push_order(L, 1, c);
    lua_settop(L, 1);
    push_values(L, c, order, count_of(c));
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 3);
    return 1;
}

/* ---- aggregates: missing is skipped; nothing present gives nil, only dashes 0, "-" ---- */

static bool is_whole(pagu_expr_type kind)
{
    return kind == PAGU_EXPR_MONEY || kind == PAGU_EXPR_INTEGER;
}

typedef struct aggregate {
    pagu_expr_type kind;
    uint32_t present, numbers;
    bool clash;
    const char *unit;
    pagu_money sum, least, most;
    double number_sum, number_least, number_most;
} aggregate;

static void add_money(lua_State *L, aggregate *a, pagu_money m)
{
    if (pagu_money_add(a->sum, m, &a->sum) != PAGU_OK)
        bind_fail(L, PAGU_OVERFLOW, "the sum of the column is beyond the range of money");
    a->least = a->present == 0 || m < a->least ? m : a->least;
    a->most = a->present == 0 || m > a->most ? m : a->most;
}

static void add_number(aggregate *a, double x, const char *unit)
{
    bool named = unit && *unit, known = a->unit && *a->unit;
    a->clash = a->clash || (named && known && strcmp(unit, a->unit) != 0);
    a->unit = known ? a->unit : unit;
    a->number_sum += x;
    a->number_least = a->present == 0 || x < a->number_least ? x : a->number_least;
    a->number_most = a->present == 0 || x > a->number_most ? x : a->number_most;
}

static aggregate fold(lua_State *L)
{
    column_box *c = check_column(L, 1);
    uint32_t n = count_of(c);
    pagu_expr_value *values = bind_push_column_values(L, c);
    aggregate a = { .kind = pagu_expr_kind(c->expr) };
    if (a.kind == PAGU_EXPR_TEXT)
        bind_fail(L, PAGU_ARGUMENT, "a column of texts has no sum, least, greatest or mean");
    for (uint32_t i = 0; i < n; i++) {
        a.clash = a.clash || values[i].reason == PAGU_CELL_UNIT_CLASH;
        if (values[i].state == PAGU_MISSING || values[i].state == PAGU_TEXT)
            continue;
        if (is_whole(a.kind))
            add_money(L, &a, values[i].money);
        else
            add_number(&a, a.kind == PAGU_EXPR_MASK ? values[i].mask : values[i].number, values[i].unit);
        a.present++;
        a.numbers += values[i].state == PAGU_NUMBER;
    }
    return a;
}

/* Of numbers with a unit, the unit is the second result; unlike units give nil, nil, "unit clash". */
static int push_number(lua_State *L, const aggregate *a, double number)
{
    pagu_expr_value v = { .state = a->clash ? PAGU_MISSING : PAGU_NUMBER,
                          .reason = a->clash ? PAGU_CELL_UNIT_CLASH : PAGU_CELL_PLAIN };
    if (a->clash)
        return bind_push_result(L, PAGU_EXPR_NUMBER, &v);
    bind_push_number(L, number);
    if (!a->unit || !*a->unit)
        return 1;
    lua_pushstring(L, a->unit);
    return 2;
}

static int push_aggregate(lua_State *L, const aggregate *a, pagu_money money, double number)
{
    pagu_state state = a->present == 0 ? PAGU_MISSING : a->numbers == 0 ? PAGU_DASH : PAGU_NUMBER;
    if (is_whole(a->kind) || (state != PAGU_NUMBER && !a->clash))
        return bind_push_cell(L, (pagu_cell){ money, state });
    return push_number(L, a, number);
}

/* Money below a selected node would count twice, and that of a node once for each of its indicators. */
static void check_sum(lua_State *L, const column_box *c)
{
    pagu_row below = PAGU_NO_ROW;
    if (pagu_expr_kind(c->expr) != PAGU_EXPR_MONEY)
        return;
    if (c->inds)
        bind_fail(L, PAGU_ARGUMENT,
                  "money of indicators would count once for each of them; sum it over their nodes, list:nodes()");
    if (pagu_selection_overlaps(c->view->view, c->sel->sel, &below))
        bind_fail(L, PAGU_ARGUMENT,
                  "%s lies below another selected node and would count twice; sum sel:lines(), or one level",
                  pagu_view_key(c->view->view, below));
}

static int column_sum(lua_State *L)
{
    check_sum(L, check_column(L, 1));
    aggregate a = fold(L);
    if (a.kind == PAGU_EXPR_MASK) {
        lua_pushinteger(L, (lua_Integer)a.number_sum);
        return 1;
    }
    return push_aggregate(L, &a, a.sum, a.number_sum);
}

static int column_min(lua_State *L)
{
    aggregate a = fold(L);
    return push_aggregate(L, &a, a.least, a.number_least);
}

static int column_max(lua_State *L)
{
    aggregate a = fold(L);
    return push_aggregate(L, &a, a.most, a.number_most);
}

/* A number: exact when the mean of money is whole. */
static int column_mean(lua_State *L)
{
    aggregate a = fold(L);
    if (a.numbers == 0 && !a.clash)
        return push_aggregate(L, &a, 0, 0);
    if (!is_whole(a.kind))
        return push_number(L, &a, a.number_sum / a.present);
    if (a.sum % a.present == 0)
        lua_pushinteger(L, a.sum / a.present);
    else
        lua_pushnumber(L, (double)a.sum / a.present);
    return 1;
}

/* Cells with a number or a text; of a mask, how many hold. */
static int column_count(lua_State *L)
{
    column_box *c = check_column(L, 1);
    uint32_t n = count_of(c), count = 0;
    bool mask = pagu_expr_kind(c->expr) == PAGU_EXPR_MASK;
    pagu_expr_value *values = bind_push_column_values(L, c);
    for (uint32_t i = 0; i < n; i++)
        count += mask ? values[i].mask : values[i].state == PAGU_NUMBER || values[i].state == PAGU_TEXT;
    lua_pushinteger(L, count);
    return 1;
}

/* ---- as a table ---- */

static void set_value(lua_State *L, pagu_table *t, uint32_t row, pagu_expr_type kind, const pagu_expr_value *v)
{
    pagu_code code = PAGU_OK;
    if (v->state == PAGU_DASH)
        code = pagu_table_set_dash(t, row, 2);
    else if (v->state != PAGU_MISSING && is_whole(kind))
        code = pagu_table_set_money(t, row, 2, v->money);
    else if (v->state != PAGU_MISSING && kind == PAGU_EXPR_NUMBER)
        code = pagu_table_set_measure(t, row, 2, &(pagu_measure){ v->number, v->unit, v->text, v->state });
    else if (v->state != PAGU_MISSING && kind == PAGU_EXPR_TEXT)
        code = pagu_table_set_text(t, row, 2, v->text ? v->text : "");
    else if (v->state != PAGU_MISSING)
        code = pagu_table_set_text(t, row, 2, v->mask ? "true" : "false");
    if (code != PAGU_OK)
        bind_memory(L);
}

static const char value_types[] = { [PAGU_EXPR_MONEY] = 'm',
                                    [PAGU_EXPR_NUMBER] = 'u',
                                    [PAGU_EXPR_MASK] = 't',
                                    [PAGU_EXPR_TEXT] = 't',
                                    [PAGU_EXPR_INTEGER] = 'i' };

static const char *name_of(const column_box *c, uint32_t subject)
{
    return c->sel ? pagu_view_row_name(c->view->view, subject) : pagu_view_indicator(c->view->view, subject).name;
}

/* key, name, value in tree order. */
static int column_table(lua_State *L)
{
    column_box *c = check_column(L, 1);
    pagu_expr_type kind = pagu_expr_kind(c->expr);
    lua_settop(L, 1);
    const uint32_t *order = push_order(L, 1, c);
    uint32_t n = count_of(c);
    pagu_expr_value *values = push_values(L, c, order, n);
    static const char *const headings[] = { "key", "Key", "name", "Name", "value", "Value", NULL };
    const char types[] = { 't', 't', value_types[kind], '\0' };
    pagu_table *out = bind_push_new_table(L, pagu_plan_decimals(pagu_view_plan(c->view->view)), headings, types);
    for (uint32_t i = 0; i < n; i++) {
        if (pagu_table_add_row(out) != PAGU_OK || pagu_table_set_text(out, i, 0, key_of(c, order[i])) != PAGU_OK ||
            pagu_table_set_text(out, i, 1, name_of(c, order[i])) != PAGU_OK)
            bind_memory(L);
        set_value(L, out, i, kind, &values[i]);
    }
    return 1;
}

static int column_tostring(lua_State *L)
{
    column_box *c = bind_check_kind(L, 1, KIND_COLUMN, "a column");
    if (!c->view->view) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    column_table(L);
    luaL_tolstring(L, -1, NULL);
    return 1;
}

static int column_len(lua_State *L)
{
    lua_pushinteger(L, count_of(check_column(L, 1)));
    return 1;
}

void bind_open_column(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "gt", column_gt },         { "ge", column_ge },     { "lt", column_lt },       { "le", column_le },
        { "eq", column_eq },         { "ne", column_ne },     { "sum", column_sum },     { "min", column_min },
        { "max", column_max },       { "mean", column_mean }, { "count", column_count }, { "at", column_at },
        { "values", column_values }, { "each", column_each }, { "table", column_table }, { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__gc", column_gc },     { "__add", column_add }, { "__sub", column_sub },           { "__mul", column_mul },
        { "__div", column_div },   { "__unm", column_unm }, { "__band", column_band },         { "__bor", column_bor },
        { "__bnot", column_bnot }, { "__len", column_len }, { "__tostring", column_tostring }, { NULL, NULL },
    };
    bind_class(L, "pagu.column", methods, meta, NULL);
}
