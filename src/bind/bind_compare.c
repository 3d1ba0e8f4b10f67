/* bind_compare.c - views side by side: what pagu.compare and the command line share.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>

pagu_level bind_deepest_level(const pagu_view *v)
{
    uint32_t n = pagu_plan_level_count(pagu_view_plan(v)), deepest = 0;
    for (pagu_row r = 0; r < pagu_view_row_count(v); r++) {
        pagu_level l = pagu_view_is_member(v, r) ? pagu_view_level(v, r) : PAGU_NONE;
        if (l != PAGU_NONE && l > deepest && l < n)
            deepest = l;
    }
    return (pagu_level)deepest;
}

static pagu_code refuse_field(const pagu_plan *plan, pagu_field field, pagu_error *err)
{
    const char *name = bind_field_name(plan, field);
    error_init(err);
    err->code = PAGU_UNKNOWN_FIELD;
    snprintf(err->message, sizeof err->message, bind_tr(pagu_plan_ctx(plan), "\"%s\" is not a money field"), name);
    snprintf(err->field, sizeof err->field, "%s", name);
    return err->code;
}

/* A table of a total only says nothing: say so. */
static pagu_code note_equal(const pagu_plan *plan, const pagu_compare_options *o, pagu_table *t)
{
    char text[200];
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    if (pagu_table_row_count(t) > 1)
        return PAGU_OK;
    const char *field = bind_field_name(plan, o->field);
    if (strcmp(field, "budget") == 0) /* the document's word, as in headings */
        field = bind_tr(ctx, "budget");
    else if (strcmp(field, "spent") == 0)
        field = bind_tr(ctx, "spent");
    snprintf(text, sizeof text, bind_tr(ctx, "nothing differs in %s %s"), field, pagu_plan_period_id(plan, o->period));
    return pagu_table_add_note(t, text);
}

pagu_code bind_compare(const pagu_view *const *views, size_t n, const pagu_compare_options *o, pagu_table **out,
                       pagu_error *err)
{
    const pagu_plan *plan = pagu_view_plan(views[0]);
    if (pagu_plan_field_kind(plan, o->field) != PAGU_FIELD_MONEY)
        return refuse_field(plan, o->field, err);
    pagu_code code = pagu_compare(views, n, o, out, err);
    return code == PAGU_OK ? note_equal(plan, o, *out) : code;
}

/* show = "all", one name, or a list of names. */
static uint32_t read_show(lua_State *L, int options)
{
    static const char *const names[] = { "share", "slack", "target", "unit_cost", "cumulative", "change", "all", NULL };
    uint32_t show = 0;
    int type = bind_option(L, options, "show"), list = lua_gettop(L);
    lua_Integer n = type == LUA_TTABLE ? (lua_Integer)lua_rawlen(L, list) : type != LUA_TNIL;
    for (lua_Integer i = 1; i <= n; i++) {
        if (type == LUA_TTABLE)
            lua_rawgeti(L, list, i);
        else
            lua_pushvalue(L, list);
        int which = bind_choice(L, -1, "all", names);
        show |= names[which + 1] ? 1u << which : PAGU_COMPARE_EVERYTHING;
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return show;
}

static void read_compare(lua_State *L, int options, pagu_plan *plan, pagu_compare_options *o)
{
    static const char *const names[] = { "at",  "level",     "field", "year", "period",
                                         "all", "by_change", "show",  "by",   NULL };
    pagu_error err;
    error_init(&err);
    bind_known_options(L, options, "compare", names);
    o->field = bind_field_option(L, options, plan);
    o->period = bind_period_option(L, options, plan, 0);
    o->all = bind_option_bool(L, options, "all");
    bind_option(L, options, "by_change");
    o->by_change = lua_isnil(L, -1) || lua_toboolean(L, -1);
    lua_pop(L, 1);
    const char *level = bind_option_string(L, options, "level");
    if (level)
        bind_ok(L, pagu_plan_find_level(plan, level, &o->level, &err), &err);
    o->show = read_show(L, options);
    o->tree = bind_option_string(L, options, "by");
    o->rows = bind_place_option(L, options, "at", 1, false);
    if (o->tree && (level || o->rows))
        bind_fail(L, PAGU_ARGUMENT, "compare: by goes over the whole plan; leave out at and level");
}

/* pagu.compare(a, b, …, { at, level, by, field, year, all, by_change, show }) */
int bind_module_compare(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    int n = 0;
    while (bind_test(L, n + 1, KIND_VIEW))
        n++;
    bind_check_view_box(L, 1);
    if (n < 2 || lua_gettop(L) > n + 1)
        bind_fail(L, PAGU_ARGUMENT, "compare takes two or more plans or scenarios, and options");
    lua_settop(L, n + 1);
    if (lua_isnil(L, n + 1)) {
        lua_newtable(L);
        lua_replace(L, n + 1);
    }
    pagu_plan *plan = bind_check_plan(L, 1);
    pagu_compare_options o = { .size = sizeof o, .level = bind_deepest_level(bind_check_view(L, 1)) };
    read_compare(L, n + 1, plan, &o);
    const pagu_view **views = bind_scratch(L, (size_t)n, sizeof(pagu_view *));
    for (int i = 0; i < n; i++) /* last: a predicate of the options may close one */
        views[i] = bind_check_view(L, i + 1);
    int decimals = pagu_plan_decimals(plan);
    table_box *out =
        o.show & PAGU_COMPARE_CHANGE ? bind_push_result_table(L, decimals) : bind_push_table_box(L, decimals);
    bind_ok(L, bind_compare(views, (size_t)n, &o, &out->t, &err), &err);
    return 1;
}
