/* bind_predicate.c - rules that are Lua functions, called from inside the engine.
 *
 * The engine calls back in the middle of a write, with memory of its own in use, so no error may
 * pass through it: the function runs under lua_pcall and its error is handed back as a pagu_error.
 * It runs on the Lua thread that called the engine, which every writing method notes first.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct running { /* a userdata in the registry; one a state */
    lua_State *L, *main; /* the thread that called the engine last; the state's first */
} running;
typedef struct predicate {
    running *now;
    int function; /* reference in the registry */
    bool asked;   /* it runs; asking again from inside would have no end */
    lua_Alloc alloc;
    void *alloc_ud;
} predicate;
typedef struct call {
    predicate *p;
    const pagu_view *view;
    pagu_judgement *out;
} call;

static const char running_key = 0;

static running *find_running(lua_State *L)
{
    luaL_checkstack(L, 2, NULL);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &running_key);
    running *r = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return r;
}

void bind_judge_here(lua_State *L, const view_box *v)
{
    if (!v->view || pagu_constraint_count(v->view) == 0)
        return;
    running *r = find_running(L);
    if (r)
        r->L = L;
}

/* ---- the call ---- */

static void read_answer(lua_State *L, pagu_judgement *out)
{
    if (lua_isnone(L, 3))
        bind_fail(L, PAGU_ARGUMENT, "the function of a rule returns true, or false and why");
    out->holds = lua_toboolean(L, 3);
    if (lua_type(L, 4) == LUA_TSTRING)
        snprintf(out->message, sizeof out->message, "%s", lua_tostring(L, 4));
    if (lua_isnoneornil(L, 5))
        return;
    out->missing = bind_money(L, 5, "missing");
    out->has_missing = true;
    if (out->missing < 0)
        bind_fail(L, PAGU_ARGUMENT, "what a rule says is missing is below 0");
}

static int run(lua_State *L)
{
    call *c = lua_touserdata(L, 1);
    if (c->p->asked)
        bind_fail(L, PAGU_CONFLICT, "the function of a rule asks what the same rule says");
    view_box *box = bind_new(L, KIND_VIEW, sizeof(view_box), 0, "pagu.view");
    box->borrowed = true;
    box->view = (pagu_view *)(uintptr_t)c->view; /* a view without a scenario is only read */
    lua_rawgeti(L, LUA_REGISTRYINDEX, c->p->function);
    lua_pushvalue(L, 2);
    c->p->asked = true;
    int failed = lua_pcall(L, 1, LUA_MULTRET, 0);
    c->p->asked = false;
    box->view = NULL; /* whoever kept it finds it closed */
    if (failed)
        return lua_error(L);
    read_answer(L, c->out);
    return 0;
}

static pagu_code judge(void *ud, const pagu_view *proposed, pagu_judgement *out, pagu_error *err)
{
    predicate *p = ud;
    lua_State *L = p->now->L;
    call c = { p, proposed, out };
    pagu_error said;
    error_init(&said);
    said.code = PAGU_NO_MEMORY;
    if (!lua_checkstack(L, 8))
        goto failed;
    int top = lua_gettop(L);
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, &c);
    int rc = lua_pcall(L, 1, 0, 0);
    p->now->L = L;
    if (rc == LUA_OK)
        return PAGU_OK;
    if (rc != LUA_ERRMEM && !bind_get_error(L, -1, &said)) {
        said.code = PAGU_RULE;
        const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "?";
        snprintf(said.message, sizeof said.message, "%s", text);
    }
    lua_settop(L, top);
failed:
    if (err)
        *err = said;
    return said.code;
}

static void release(void *ud)
{
    predicate *p = ud;
    lua_State *L = p->now->main; /* the thread that made it may be gone */
    if (lua_checkstack(L, 4))
        luaL_unref(L, LUA_REGISTRYINDEX, p->function);
    p->alloc(p->alloc_ud, p, sizeof *p, 0);
}

pagu_predicate bind_new_predicate(lua_State *L, int idx)
{
    idx = lua_absindex(L, idx);
    running *now = find_running(L);
    if (!now) {
        now = lua_newuserdatauv(L, sizeof *now, 0);
        lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
        now->main = lua_tothread(L, -1);
        lua_pop(L, 1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &running_key);
    }
    now->L = L;
    lua_pushvalue(L, idx);
    int function = luaL_ref(L, LUA_REGISTRYINDEX);
    void *alloc_ud;
    lua_Alloc alloc = lua_getallocf(L, &alloc_ud);
    predicate *p = alloc(alloc_ud, NULL, 0, sizeof *p);
    if (!p) {
        luaL_unref(L, LUA_REGISTRYINDEX, function);
        bind_memory(L);
    }
    *p = (predicate){ now, function, false, alloc, alloc_ud };
    return (pagu_predicate){ judge, release, p };
}
