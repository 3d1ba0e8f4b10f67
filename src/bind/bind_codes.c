/* bind_codes.c - codes across packages.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"
#include "pagu/codes.h"

/* v:by_code{ level =, under =, field =, year = }: one row a code, all offices added. */
static int view_by_code(lua_State *L)
{
    static const char *const names[] = { "level", "under", "field", "year", "period", NULL };
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_code_sum_options o = PAGU_CODE_SUM_INIT;
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    bind_known_options(L, 2, "by_code", names);
    const char *level = bind_option_string(L, 2, "level");
    if (level)
        bind_ok(L, pagu_plan_find_level(plan, level, &o.level, &err), &err);
    if (bind_option(L, 2, "under") != LUA_TNIL)
        o.under = bind_row(L, lua_gettop(L), v);
    o.field = bind_field_option(L, 2, plan);
    o.period = bind_period_option(L, 2, plan, 0);
    table_box *out = bind_push_table_box(L, pagu_plan_decimals(plan));
    bind_ok(L, pagu_sum_by_code(v->view, &o, &out->t, &err), &err);
    return 1;
}

const luaL_Reg bind_code_methods[] = {
    { "by_code", view_by_code },
    { NULL, NULL },
};
