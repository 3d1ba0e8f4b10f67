/* session.c - see session.h.
 * SPDX-License-Identifier: MIT */
#include "cli/session.h"

#include "bind/bind.h"
#include "host/interrupt.h"
#include "host/sandbox.h"
#include "host/scratch.h"
#include "host/script.h"
#include "host/values.h"

#include <string.h>

int session_open(const cli *c, session_source source, bool print_aside, host **out)
{
    pagu_error err;
    host_options o = { .trust = c->trust,
                       .confined = source == SESSION_SCRIPT && !c->trust,
                       .out = c->out_dir,
                       .plan = c->plan         ? c->plan
                               : c->n_args > 0 ? c->args[0]
                                               : NULL,
                       .print_aside = print_aside,
                       .width = (uint32_t)result_width(c) };
    return script_error(c, host_open(c->ctx, &o, out, &err), &err);
}

host_status session_run(const cli *c, host *h, lua_CFunction f, void *ud, pagu_error *err)
{
    static const char *const late[] = { "pagu: batas waktu terlampaui\n", "pagu: the time limit was met\n" };
    interrupt_after(c->time_limit, EXIT_SCRIPT, c->lang == PAGU_LANG_EN ? late[1] : late[0]);
    host_status status = host_call(h, f, ud, err);
    interrupt_after(0, EXIT_SCRIPT, "");
    return status;
}

int session_call(const cli *c, host *h, lua_CFunction f, void *ud)
{
    pagu_error err;
    return script_error(c, session_run(c, h, f, ud, &err), &err);
}

void session_set_plan(lua_State *L, pagu_plan *plan, pagu_stage stage)
{
    if (!plan) {
        lua_pushnil(L);
        return;
    }
    if (stage == pagu_plan_default_stage(plan)) {
        pagu_plan_retain(plan);
        bind_push_plan(L, plan);
    } else {
        pagu_view *view = pagu_view_open(plan, stage);
        if (!view)
            luaL_error(L, "not enough memory");
        bind_push_view(L, view);
    }
    values_set_decimals(L, pagu_plan_decimals(plan));
    lua_pushvalue(L, -1);
    script_set_global(L, "plan");
}

void session_push_function(lua_State *L, const char *name)
{
    sandbox_push_base(L);
    lua_getfield(L, -1, "pagu");
    lua_getfield(L, -1, name);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* "potong-gedung" of "skrip/potong gedung.lua". */
void session_stem(const char *path, char out[65])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = 0;
    for (; *name && strcmp(name, ".lua") != 0 && n < 64; name++) {
        bool safe = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
                    (*name >= '0' && *name <= '9') || *name == '_' || (n > 0 && *name == '.');
        out[n++] = safe ? *name : '-';
    }
    out[n] = '\0';
    if (n == 0 || out[0] == '-')
        memcpy(out, "script", sizeof "script");
}

void session_branch(lua_State *L, int plan, const char *name)
{
    pagu_scenario *s = NULL;
    pagu_error err;
    scratch_check(L, pagu_branch(bind_check_view(L, plan), name, &s, &err), &err);
    bind_push_scenario(L, s);
}

void session_push_scenario(lua_State *L, int plan, const char *path, const char *const *params, size_t n_params)
{
    int base = lua_gettop(L);
    char stem[65];
    session_stem(path, stem);
    script_run_file(L, path);
    luaL_checkstack(L, 20, NULL);
    if (lua_gettop(L) == base + 1 && script_is_declared(L, base + 1)) {
        script_push_object(L, base + 1, path);
        script_push_params(L, base + 2, params, n_params);
        session_branch(L, plan, stem);
        script_call_run(L, base + 2, base + 4, base + 3);
        lua_settop(L, base + 4);
        lua_replace(L, base + 1);
    } else if (!bind_test_scenario(L, base + 1)) {
        luaL_error(L,
                   pick(host_lang(host_of(L)), "%s: skrip tidak mengembalikan skenario atau { run = … }",
                        "%s: the script returns neither a scenario nor { run = … }"),
                   path);
    }
    lua_settop(L, base + 1);
}
