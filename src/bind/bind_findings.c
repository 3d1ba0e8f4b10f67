/* bind_findings.c - what loads and checks report.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#include <string.h>

static void free_findings(void *fs)
{
    pagu_findings_free(fs);
}

void bind_push_findings(lua_State *L, pagu_findings *fs)
{
    findings_box *box = bind_adopt(L, KIND_FINDINGS, sizeof(findings_box), "pagu.findings", fs, free_findings);
    if (box)
        box->fs = fs;
}

static int findings_gc(lua_State *L)
{
    findings_box *box = lua_touserdata(L, 1);
    pagu_findings *fs = box->fs;
    box->fs = NULL;
    pagu_findings_free(fs);
    return 0;
}

const pagu_findings *bind_test_findings(lua_State *L, int idx)
{
    findings_box *box = bind_test(L, idx, KIND_FINDINGS);
    return box ? box->fs : NULL;
}

static const pagu_findings *check_findings(lua_State *L, int idx)
{
    findings_box *box = bind_check_kind(L, idx, KIND_FINDINGS, "findings");
    return box->fs;
}

const char *const bind_severities[] = { "note", "warning", "error", NULL };

static void set_integer(lua_State *L, const char *name, uint32_t value)
{
    if (value > 0) {
        lua_pushinteger(L, value);
        lua_setfield(L, -2, name);
    }
}

/* The lines that explain a finding, as a list. */
static void set_lines(lua_State *L, const char *details)
{
    if (!*details)
        return;
    lua_newtable(L);
    for (lua_Integer i = 1; *details; i++) {
        size_t n = strcspn(details, "\n");
        lua_pushlstring(L, details, n);
        lua_rawseti(L, -2, i);
        details += n + (details[n] == '\n');
    }
    lua_setfield(L, -2, "lines");
}

static void push_finding(lua_State *L, const pagu_finding *f)
{
    lua_createtable(L, 0, 16);
    bind_set_text(L, "rule", f->rule);
    bind_set_text(L, "severity", bind_severities[f->severity]);
    bind_set_text(L, "file", f->file);
    bind_set_text(L, "column", f->column);
    bind_set_text(L, "key", f->key);
    bind_set_text(L, "printed", f->printed);
    bind_set_text(L, "computed", f->computed);
    bind_set_text(L, "message", f->message);
    bind_set_text(L, "stage", f->stage);
    bind_set_text(L, "period", f->period);
    bind_set_text(L, "difference", f->difference);
    bind_set_text(L, "suggestion", f->suggestion);
    bind_set_text(L, "suppressed", f->suppressed);
    set_lines(L, f->details);
    set_integer(L, "line", f->line);
    set_integer(L, "source_line", f->source_line);
}

static int next_finding(lua_State *L)
{
    const pagu_findings *fs = check_findings(L, lua_upvalueindex(1));
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    if (i >= (lua_Integer)pagu_findings_count(fs))
        return 0;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(2));
    push_finding(L, pagu_findings_get(fs, (uint32_t)i));
    return 1;
}

static int findings_each(lua_State *L)
{
    check_findings(L, 1);
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_finding, 2);
    return 1;
}

/* fs:count() or fs:count("warning"): of at least that severity. */
static int findings_count(lua_State *L)
{
    const pagu_findings *fs = check_findings(L, 1);
    int severity = bind_choice(L, 2, "note", bind_severities);
    lua_pushinteger(L, pagu_findings_count_at(fs, (pagu_severity)severity));
    return 1;
}

static int findings_table(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    const pagu_findings *fs = check_findings(L, 1);
    table_box *out = bind_push_result_table(L, 0);
    bind_ok(L, bind_findings_table(fs, &out->t, &err), &err);
    return 1;
}

/* :text, :csv, … of the findings are those of their table; upvalue 1 is the method's name. */
static int findings_render(lua_State *L)
{
    lua_settop(L, 2);
    findings_table(L);
    lua_getfield(L, 3, lua_tostring(L, lua_upvalueindex(1)));
    lua_pushvalue(L, 3);
    lua_pushvalue(L, 2);
    lua_call(L, 2, 1);
    return 1;
}

static int findings_tostring(lua_State *L)
{
    findings_table(L);
    luaL_tolstring(L, -1, NULL);
    return 1;
}

static int findings_len(lua_State *L)
{
    lua_pushinteger(L, pagu_findings_count(check_findings(L, 1)));
    return 1;
}

static int findings_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    const pagu_findings *fs = check_findings(L, 1);
    lua_Integer i = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : 0;
    if (i < 1 || i > (lua_Integer)pagu_findings_count(fs))
        return 0;
    push_finding(L, pagu_findings_get(fs, (uint32_t)i - 1));
    return 1;
}

void bind_open_findings(lua_State *L)
{
    static const char *const renderings[] = { "text", "markdown", "csv", "json", "rows" };
    static const luaL_Reg methods[] = {
        { "each", findings_each },
        { "count", findings_count },
        { "table", findings_table },
        { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__gc", findings_gc },
        { "__tostring", findings_tostring },
        { "__len", findings_len },
        { NULL, NULL },
    };
    bind_class(L, "pagu.findings", methods, meta, findings_index);
    bind_methods(L, "pagu.findings");
    for (size_t i = 0; i < sizeof renderings / sizeof *renderings; i++) {
        lua_pushstring(L, renderings[i]);
        lua_pushcclosure(L, findings_render, 1);
        lua_setfield(L, -2, renderings[i]);
    }
    lua_pop(L, 1);
}
