/* bind_column_aggregates.c - sum, min, max, mean and count of a column: what is missing is skipped; nothing
 * present gives nil, only dashes 0, "-".
 * SPDX-License-Identifier: MIT */
#include "bind/bind_column.h"

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
    column_box *c = bind_check_column(L, 1);
    uint32_t n = column_count_of(c);
    pagu_expr_value *values = bind_push_column_values(L, c);
    aggregate a = { .kind = pagu_expr_kind(c->expr) };
    if (a.kind == PAGU_EXPR_TEXT)
        bind_fail(L, PAGU_ARGUMENT, "a column of texts has no sum, least, greatest or mean");
    for (uint32_t i = 0; i < n; i++) {
        a.clash = a.clash || values[i].reason == PAGU_CELL_UNIT_CLASH;
        if (values[i].state == PAGU_MISSING || values[i].state == PAGU_TEXT)
            continue;
        if (column_is_whole(a.kind))
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
    if (column_is_whole(a->kind) || (state != PAGU_NUMBER && !a->clash))
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
    check_sum(L, bind_check_column(L, 1));
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
    if (!column_is_whole(a.kind))
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
    column_box *c = bind_check_column(L, 1);
    uint32_t n = column_count_of(c), count = 0;
    bool mask = pagu_expr_kind(c->expr) == PAGU_EXPR_MASK;
    pagu_expr_value *values = bind_push_column_values(L, c);
    for (uint32_t i = 0; i < n; i++)
        count += mask ? values[i].mask : values[i].state == PAGU_NUMBER || values[i].state == PAGU_TEXT;
    lua_pushinteger(L, count);
    return 1;
}

const luaL_Reg bind_column_aggregates[] = {
    { "sum", column_sum },   { "min", column_min },     { "max", column_max },
    { "mean", column_mean }, { "count", column_count }, { NULL, NULL },
};
