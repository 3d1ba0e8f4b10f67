/* bind_view_index.c - v.name and v["1.06.01"]: methods, properties, keys; and what a view says it is.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"
#include "bind/guess.h"

static const char *const meta_names[] = { "organisation",
                                          "government",
                                          "currency",
                                          "locale",
                                          "title",
                                          "status",
                                          "date",
                                          "unit",
                                          "strategic.start",
                                          "strategic.end",
                                          "strategic.name",
                                          "evaluation.lower",
                                          "evaluation.cap",
                                          "evaluation.floor",
                                          "evaluation.scale",
                                          NULL };

/* A plain table, so that a script can look through it. */
static void push_meta(lua_State *L, pagu_plan *plan)
{
    lua_newtable(L);
    for (size_t i = 0; meta_names[i]; i++) {
        const char *value = pagu_plan_meta(plan, meta_names[i]);
        if (value) {
            lua_pushstring(L, value);
            lua_setfield(L, -2, meta_names[i]);
        }
    }
}

static bool push_property(lua_State *L, const view_box *v, const char *name)
{
    pagu_plan *plan = pagu_view_plan(v->view);
    if (strcmp(name, "name") == 0)
        lua_pushstring(L, pagu_view_name(v->view));
    else if (strcmp(name, "year") == 0)
        lua_pushinteger(L, pagu_plan_year(plan));
    else if (strcmp(name, "first_year") == 0)
        lua_pushinteger(L, pagu_plan_first_year(plan));
    else if (strcmp(name, "last_year") == 0)
        lua_pushinteger(L, pagu_plan_last_year(plan));
    else if (strcmp(name, "decimals") == 0)
        lua_pushinteger(L, pagu_plan_decimals(plan));
    else if (strcmp(name, "stage_id") == 0)
        lua_pushstring(L, pagu_plan_stage_id(plan, pagu_view_stage(v->view)));
    else if (strcmp(name, "meta") == 0)
        push_meta(L, plan);
    else if (strcmp(name, "findings") == 0)
        lua_getiuservalue(L, 1, 1); /* nil but for plans */
    else
        return false;
    return true;
}

static void guess_method(lua_State *L, guess *g)
{
    bind_methods(L, "pagu.scenario");
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING && *lua_tostring(L, -1) != '_')
            guess_offer(g, lua_tostring(L, -1));
    }
    lua_pop(L, 1);
}

/* v.name that is neither method, property nor key: s:cutt{…}, or plan:cut{…} on a stage. */
static int unknown_name(lua_State *L, const view_box *v, const char *name)
{
    guess g;
    if (!v->scenario && bind_has_method(L, "pagu.scenario", name))
        return bind_fail(L, PAGU_ARGUMENT,
                         "stage \"%s\" can't be changed: branch it, s = %s:branch \"name\", and call s:%s",
                         pagu_view_name(v->view), bind_push_stage_call(L, v), name);
    guess_start(&g, name);
    guess_method(L, &g);
    if (g.best[0])
        return bind_fail(L, PAGU_UNKNOWN_KEY, "there is no node or method \"%s\"; did you mean \"%s\"?", name, g.best);
    return bind_fail(L, PAGU_UNKNOWN_KEY, "there is no node or method \"%s\"", name);
}

static bool is_identifier(const char *s)
{
    return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")] == '\0';
}

/* Methods first, then properties, then keys: v["1.06.01"]. */
int bind_view_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    view_box *v = bind_check_kind(L, 1, KIND_VIEW, "a plan or scenario");
    if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "closed") == 0) {
        lua_pushboolean(L, !v->view);
        return 1;
    }
    bind_live(L, v);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    pagu_row row;
    if (push_property(L, v, name))
        return 1;
    if (is_identifier(name) && pagu_view_find(v->view, name, &row, NULL) != PAGU_OK)
        return unknown_name(L, v, name);
    bind_push_node(L, 1, bind_row(L, 2, v));
    return 1;
}

int bind_view_newindex(lua_State *L)
{
    return bind_fail(L, PAGU_ARGUMENT, "give field and year, as in s[\"1.06.05\"].budget[2024] = 150000000");
}

int bind_view_tostring(lua_State *L)
{
    view_box *v = bind_check_kind(L, 1, KIND_VIEW, "a plan or scenario");
    if (!v->view) {
        lua_pushliteral(L, "closed");
        return 1;
    }
    pagu_plan *plan = pagu_view_plan(v->view);
    const char *title = pagu_plan_meta(plan, "title"), *stage = pagu_plan_stage_id(plan, pagu_view_stage(v->view));
    if (!title)
        title = bind_tr(bind_ctx(L), "plan");
    if (v->scenario)
        lua_pushfstring(L, bind_tr(bind_ctx(L), "scenario \"%s\" on stage %s of %s %d"), pagu_view_name(v->view), stage,
                        title, pagu_plan_year(plan));
    else
        lua_pushfstring(L, bind_tr(bind_ctx(L), "%s %d, stage %s"), title, pagu_plan_year(plan), stage);
    return 1;
}
