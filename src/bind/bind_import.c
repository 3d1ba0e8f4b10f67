/* bind_import.c - pagu.import: office files become a plan.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"
#include "pagu/import.h"

static void free_import(void *im)
{
    pagu_import_free(im);
}

/* The strings stay in the table of options, or are literals. */
static pagu_import_options read_options(lua_State *L, int options)
{
    static const char *const names[] = { "stage",   "year",    "template", "sheet",   "decimal", "round",
                                         "replace", "printed", "bidang",   "partial", "into",    NULL };
    pagu_import_options o = PAGU_IMPORT_OPTIONS_INIT;
    if (lua_isnoneornil(L, options))
        return o;
    bind_known_options(L, options, "import", names);
    o.tmpl = bind_option_string(L, options, "template");
    o.stage = bind_option_string(L, options, "stage");
    o.sheet = bind_option_string(L, options, "sheet");
    o.own_field = bind_option_string(L, options, "bidang");
    const char *decimal = bind_option_string(L, options, "decimal");
    o.decimal = decimal ? *decimal : 0;
    o.round = bind_option_bool(L, options, "round");
    o.replace = bind_option_bool(L, options, "replace");
    if (bind_option(L, options, "year") != LUA_TNIL) {
        lua_Integer year = bind_integer(L, -1);
        o.year = year >= 1 && year <= 9999 ? (int)year : -1;
    }
    lua_pop(L, 1);
    bool unprinted = bind_option(L, options, "printed") == LUA_TBOOLEAN && !lua_toboolean(L, -1);
    lua_pop(L, 1);
    o.no_printed = unprinted;
    return o;
}

static pagu_code take_file(lua_State *L, int file, pagu_import *im, const pagu_import_options *o, pagu_error *err)
{
    const char *path = bind_text(L, file, NULL);
    pagu_code code = bind_may_read(L, path, err);
    return code == PAGU_OK ? pagu_import_file(im, path, o, err) : code;
}

static pagu_code take_files(lua_State *L, pagu_import *im, const pagu_import_options *o, pagu_error *err)
{
    if (lua_type(L, 1) != LUA_TTABLE)
        return take_file(L, 1, im, o, err);
    pagu_code code = PAGU_OK;
    lua_Integer n = luaL_len(L, 1);
    for (lua_Integer i = 1; i <= n && code == PAGU_OK; i++) {
        lua_geti(L, 1, i);
        code = take_file(L, -1, im, o, err);
        lua_pop(L, 1);
    }
    return code;
}

/* pagu.import(file or list of files, options) -> plan, or nil, message, code, findings */
int bind_import(lua_State *L)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    lua_settop(L, 2);
    pagu_import_options o = read_options(L, 2);
    bool has_options = lua_istable(L, 2), partial = has_options && bind_option_bool(L, 2, "partial");
    pagu_plan *into = NULL, *plan = NULL;
    if (has_options && bind_option(L, 2, "into") != LUA_TNIL)
        into = bind_check_plan(L, lua_gettop(L));
    int findings = bind_new_findings(L);
    owned_box *own = bind_own(L, free_import);
    pagu_import *im = own->ptr = pagu_import_new(bind_ctx(L), (pagu_findings *)bind_test_findings(L, findings));
    pagu_code code = im ? PAGU_OK : PAGU_NO_MEMORY;
    if (code == PAGU_OK && o.tmpl)
        code = bind_may_read(L, o.tmpl, &err);
    if (code == PAGU_OK && into)
        code = pagu_import_into(im, into, &err);
    if (code == PAGU_OK)
        code = take_files(L, im, &o, &err);
    if (code == PAGU_OK && !partial)
        code = pagu_import_check(im, &err);
    if (code == PAGU_OK)
        code = pagu_import_finish(im, &plan, &err);
    if (code == PAGU_NO_MEMORY)
        bind_memory(L);
    if (code != PAGU_OK)
        return bind_return_with_findings(L, &err, findings);
    bind_push_plan_with(L, plan, findings);
    return 1;
}
