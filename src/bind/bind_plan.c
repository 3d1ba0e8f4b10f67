/* bind_plan.c - what only a plan can do: load scenarios, be saved.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

int bind_return_with_findings(lua_State *L, const pagu_error *err, int findings)
{
    bind_return_error(L, err);
    lua_pushvalue(L, findings);
    return 4;
}

int bind_new_findings(lua_State *L)
{
    pagu_findings *fs = pagu_findings_new(bind_ctx(L));
    if (!fs)
        bind_memory(L);
    bind_push_findings(L, fs);
    return lua_gettop(L);
}

/* plan:load(path) -> scenario, or nil, message, code, findings */
static int plan_load(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    const char *path = bind_text(L, 2, NULL);
    int findings = bind_new_findings(L);
    pagu_scenario *s = NULL;
    if (bind_may_read(L, path, &err) != PAGU_OK ||
        pagu_scenario_load(plan, path, (pagu_findings *)bind_test_findings(L, findings), &s, &err) != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    bind_push_scenario(L, s);
    return 1;
}

/* plan:save(folder) */
static int plan_save(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    const char *folder = bind_text(L, 2, NULL);
    bind_check_writing(L, folder);
    bind_ok(L, pagu_package_save(plan, folder, &err), &err);
    return 0;
}

/* plan:json() -> the package as one JSON text */
static int plan_json(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    owned_box *own = bind_own_text(L);
    bind_ok(L, pagu_package_write_json(plan, own->ptr, &err), &err);
    return bind_push_bytes(L, own);
}

void bind_push_plan_with(lua_State *L, pagu_plan *plan, int findings)
{
    bind_push_plan(L, plan);
    lua_pushvalue(L, findings);
    lua_setiuservalue(L, -2, 1);
}

/* pagu.open(path) -> plan, or nil, message, code, findings */
static int module_open(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const char *path = bind_text(L, 1, NULL);
    int findings = bind_new_findings(L);
    pagu_plan *plan = NULL;
    if (bind_may_read(L, path, &err) != PAGU_OK ||
        pagu_package_open(bind_ctx(L), path, (pagu_findings *)bind_test_findings(L, findings), &plan, &err) != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    bind_push_plan_with(L, plan, findings);
    return 1;
}

/* pagu.read_json(text, name) -> plan, or nil, message, code, findings */
static int module_read_json(lua_State *L)
{
    pagu_error err;
    size_t len;
    error_init(&err);
    const char *text = bind_text(L, 1, &len), *name = bind_text_or(L, 2, "text");
    int findings = bind_new_findings(L);
    pagu_plan *plan = NULL;
    pagu_findings *fs = (pagu_findings *)bind_test_findings(L, findings);
    if (pagu_package_read_json(bind_ctx(L), text, len, name, fs, &plan, &err) != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    bind_push_plan_with(L, plan, findings);
    return 1;
}

/* plan:hash(): of the whole content, every stage; the other views' is their own. */
static int plan_hash(lua_State *L)
{
    pagu_error err;
    char hex[65];
    error_init(&err);
    bind_ok(L, pagu_plan_hash(bind_check_plan(L, 1), hex, &err), &err);
    lua_pushstring(L, hex);
    return 1;
}

const luaL_Reg bind_plan_methods[] = {
    { "hash", plan_hash }, { "load", plan_load }, { "save", plan_save }, { "json", plan_json }, { NULL, NULL },
};

const luaL_Reg bind_module_functions[] = {
    { "open", module_open },     { "read_json", module_read_json }, { "compare", bind_module_compare },
    { "table", bind_table_new }, { "load_scenario", plan_load },    { "document", bind_document_new },
    { "chart", bind_chart_new }, { "import", bind_import },         { NULL, NULL },
};
