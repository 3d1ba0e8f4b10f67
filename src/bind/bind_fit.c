/* bind_fit.c - a fit with the least harm to targets: options in, a table out.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_verbs.h"

/* { [key] = weight }: how much a unit of the targets at or below counts; 1 where it says nothing. */
static void read_weights(lua_State *L, view_box *v, pagu_fit_options *o)
{
    luaL_checkstack(L, 12, NULL);
    if (bind_option(L, 2, "weights") == LUA_TNIL)
        return;
    int map = lua_gettop(L);
    if (!lua_istable(L, map))
        bind_fail(L, PAGU_ARGUMENT, "weights are { [\"1.06.04\"] = weight, … }, not %s", bind_describe(L, map));
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1))
        n++;
    pagu_harm_weight *list = bind_scratch(L, n, sizeof *list);
    pagu_decimal *d = bind_scratch(L, n + 1, sizeof *d);
    int64_t *scaled = bind_scratch(L, n + 1, sizeof *scaled);
    n = 0;
    for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1)) {
        list[n].row = bind_row(L, -2, v);
        d[n++] = bind_decimal(L, -1, "a weight");
    }
    d[n] = (pagu_decimal){ 1, 0 };
    bind_scale_weights(L, d, n + 1, scaled);
    for (size_t i = 0; i < n; i++)
        list[i].weight = scaled[i];
    o->weights = list;
    o->n_weights = n;
    o->default_weight = scaled[n];
}

int bind_fit_least_harm(lua_State *L)
{
    static const char *const names[] = { "at",    "total", "field", "year",    "period", "unit",   "hold",
                                         "floor", "cap",   "dry",   "weights", "reason", "method", NULL };
    pagu_error err;
    bind_note n;
    error_init(&err);
    spread_call c = { .v = bind_check_view_box(L, 1), .o = PAGU_SPREAD_OPTIONS_INIT };
    pagu_plan *plan = pagu_view_plan(c.v->view);
    pagu_fit_options o = PAGU_FIT_OPTIONS_INIT;
    bind_writable(L, c.v);
    lua_settop(L, 2);
    bind_known_options(L, 2, "fit", names);
    bind_fix_places(L);
    bind_read_common(L, &c);
    c.o.at = bind_place_apart(L, 2, "at", 1, true);
    bind_money_option(L, 2, "total", &c.o.amount);
    bind_read_lines(L, &c);
    bind_read_bounds(L, &c, 2);
    read_weights(L, c.v, &o);
    bind_ok(L, pagu_find_field(plan, "target", &o.target, &err), &err);
    o.spread = &c.o;
    o.period = c.period;
    bind_note_spread(L, &c, &n, "fit");
    table_box *out = bind_push_result_table(L, pagu_plan_decimals(plan));
    bind_ok(L, pagu_fit_least_harm(bind_writable(L, c.v), &o, &n.note, &out->t, &err), &err);
    return 1;
}
