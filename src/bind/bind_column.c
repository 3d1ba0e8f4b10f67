/* bind_column.c - lazy columns over a selection: operators build the engine's expressions.
 *
 * Lua forces < and == to booleans, so comparisons are methods (:gt :ge :lt :le :eq :ne) that
 * give masks; masks combine with & | ~.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_column.h"

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

static int column_gc(lua_State *L)
{
    column_box *c = lua_touserdata(L, 1);
    pagu_expr *e = c->expr;
    c->expr = NULL;
    pagu_expr_release(e);
    return 0;
}

column_box *bind_check_column(lua_State *L, int idx)
{
    column_box *c = bind_check_kind(L, idx, KIND_COLUMN, "a column");
    bind_live(L, c->view);
    return c;
}

/* ---- operators ---- */

static bool same_subjects(const column_box *a, const column_box *b)
{
    uint32_t n = column_count_of(a);
    return a->view == b->view && !a->sel == !b->sel && n == column_count_of(b) &&
           (column_subjects(a) == column_subjects(b) ||
            memcmp(column_subjects(a), column_subjects(b), n * sizeof(uint32_t)) == 0);
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
    column_box *c = bind_check_column(L, idx);
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
    const column_box *column = bind_check_column(L, first);
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
    column_box *c = bind_check_column(L, 1);
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

static int column_tostring(lua_State *L)
{
    column_box *c = bind_check_kind(L, 1, KIND_COLUMN, "a column");
    if (!c->view->view) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    bind_column_table(L);
    luaL_tolstring(L, -1, NULL);
    return 1;
}

static int column_len(lua_State *L)
{
    lua_pushinteger(L, column_count_of(bind_check_column(L, 1)));
    return 1;
}

void bind_open_column(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "gt", column_gt }, { "ge", column_ge }, { "lt", column_lt }, { "le", column_le },
        { "eq", column_eq }, { "ne", column_ne }, { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__gc", column_gc },     { "__add", column_add }, { "__sub", column_sub },           { "__mul", column_mul },
        { "__div", column_div },   { "__unm", column_unm }, { "__band", column_band },         { "__bor", column_bor },
        { "__bnot", column_bnot }, { "__len", column_len }, { "__tostring", column_tostring }, { NULL, NULL },
    };
    bind_class(L, "pagu.column", methods, meta, NULL);
    bind_methods(L, "pagu.column");
    luaL_setfuncs(L, bind_column_values, 0);
    luaL_setfuncs(L, bind_column_aggregates, 0);
    lua_pop(L, 1);
}
