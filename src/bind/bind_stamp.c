/* bind_stamp.c - what a printed result was made from, the same lines under every one.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <stdio.h>

static const char script_key;

void bind_set_script(lua_State *L, const char *hash)
{
    lua_pushstring(L, hash);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &script_key);
}

const char *bind_script(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &script_key);
    const char *hash = lua_tostring(L, -1);
    lua_pop(L, 1); /* the registry keeps it */
    return hash;
}

/* "hash", or "hash2" when there are several views. */
static pagu_code add(pagu_table *t, const char *name, uint32_t number, const char *value)
{
    char key[32];
    snprintf(key, sizeof key, number ? "%s%u" : "%s", name, number);
    return pagu_table_add_stamp(t, key, value);
}

static pagu_code add_view(pagu_table *t, const pagu_view *v, const char *script, uint32_t number, pagu_error *err)
{
    char hash[65];
    pagu_code code = add(t, pagu_view_is_scenario(v) ? "scenario" : "stage", number, pagu_view_name(v));
    if (code == PAGU_OK)
        code = pagu_view_hash(v, hash, err);
    if (code == PAGU_OK)
        code = add(t, "hash", number, hash);
    if (code == PAGU_OK && script)
        code = add(t, "script", number, script);
    return code;
}

pagu_code bind_stamp(pagu_table *t, const pagu_view *const *views, const char *const *scripts, uint32_t n,
                     pagu_error *err)
{
    char hash[65];
    pagu_code code = pagu_plan_hash(pagu_view_plan(views[0]), hash, err);
    if (code == PAGU_OK)
        code = pagu_table_add_stamp(t, "plan", hash);
    for (uint32_t i = 0; i < n && code == PAGU_OK; i++)
        code = add_view(t, views[i], scripts ? scripts[i] : NULL, n > 1 ? i + 1 : 0, err);
    if (code == PAGU_OK)
        code = pagu_table_add_stamp(t, "engine", pagu_version());
    return code;
}

/* pagu._stamps(view) -> list of { key, value } in order */
int bind_stamps(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const pagu_view *v = bind_check_view(L, 1);
    const char *script = bind_script(L);
    table_box *box = bind_push_table_box(L, 0);
    box->t = pagu_table_new(bind_ctx(L));
    if (!box->t)
        bind_memory(L);
    bind_ok(L, bind_stamp(box->t, &v, &script, 1, &err), &err);
    lua_newtable(L);
    for (uint32_t i = 0; i < pagu_table_stamp_count(box->t); i++) {
        const char *pair[2];
        pagu_table_stamp(box->t, i, &pair[0], &pair[1]);
        lua_createtable(L, 2, 0);
        for (int k = 0; k < 2; k++) {
            lua_pushstring(L, pair[k]);
            lua_rawseti(L, -2, k + 1);
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}
