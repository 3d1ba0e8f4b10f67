/* bind_declared.c - what a plan declares: stages, levels, fields, trees and their classes.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

typedef struct listing {
    const char *const *headings; /* of two to four columns of text */
    uint32_t (*count)(const pagu_plan *plan);
    const char *(*text)(const pagu_plan *plan, uint32_t i, uint32_t column);
} listing;

static void list_cell(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, const char *text)
{
    if (text && *text && pagu_table_set_text(t, row, col, text) != PAGU_OK)
        bind_memory(L);
}

static int push_listing(lua_State *L, const listing *list)
{
    pagu_plan *plan = bind_check_plan(L, 1);
    pagu_table *out = bind_push_new_table(L, 0, list->headings, "tttt");
    for (uint32_t i = 0; i < list->count(plan); i++) {
        if (pagu_table_add_row(out) != PAGU_OK)
            bind_memory(L);
        for (uint32_t c = 0; c < pagu_table_column_count(out); c++)
            list_cell(L, out, i, c, list->text(plan, i, c));
    }
    return 1;
}

static const char *stage_text(const pagu_plan *plan, uint32_t i, uint32_t column)
{
    static const char *const kinds[] = { "plan", "reference", "common" };
    pagu_stage s = (pagu_stage)i;
    switch (column) {
    case 0: return pagu_plan_stage_id(plan, s);
    case 1: return pagu_plan_stage_name(plan, s);
    case 2: return kinds[pagu_plan_stage_kind(plan, s)];
    default:
        return s == pagu_plan_default_stage(plan) ? "default" : s == pagu_plan_strategic_stage(plan) ? "strategic" : "";
    }
}

static int view_stages(lua_State *L)
{
    static const char *const headings[] = { "stage", "Stage", "name", "Name", "kind", "Kind", "role", "Role", NULL };
    return push_listing(L, &(listing){ .headings = headings, .count = pagu_plan_stage_count, .text = stage_text });
}

static const char *level_text(const pagu_plan *plan, uint32_t i, uint32_t column)
{
    pagu_level l = (pagu_level)i;
    return column == 0 ? pagu_plan_level_id(plan, l)
                       : pagu_plan_level_name(plan, l, column == 1 ? PAGU_LANG_ID : PAGU_LANG_EN);
}

static int view_levels(lua_State *L)
{
    static const char *const headings[] = { "level", "Level", "name", "Name", "name_en", "English name", NULL };
    return push_listing(L, &(listing){ .headings = headings, .count = pagu_plan_level_count, .text = level_text });
}

static const char *field_text(const pagu_plan *plan, uint32_t i, uint32_t column)
{
    pagu_field f = (pagu_field)i;
    if (i >= pagu_plan_field_count(plan))
        f = pagu_derived_field(plan, i - pagu_plan_field_count(plan));
    pagu_field_info info = pagu_field_describe(plan, f);
    switch (column) {
    case 0: return info.id;
    case 1: return info.derived ? "derived" : info.type == PAGU_EXPR_MONEY ? "money" : "measure";
    default: return info.formula;
    }
}

static uint32_t count_fields(const pagu_plan *plan)
{
    return pagu_plan_field_count(plan) + pagu_derived_count(plan);
}

static int view_fields(lua_State *L)
{
    static const char *const headings[] = { "field", "Field", "kind", "Kind", "formula", "Formula", NULL };
    return push_listing(L, &(listing){ .headings = headings, .count = count_fields, .text = field_text });
}

static const char *tree_text(const pagu_plan *plan, uint32_t i, uint32_t column)
{
    if (column == 0)
        return pagu_plan_tree_id(plan, i);
    if (column == 1)
        return pagu_plan_tree_name(plan, i);
    return pagu_plan_tree_is_partition(plan, i) ? "partition" : "label";
}

static int view_trees(lua_State *L)
{
    static const char *const headings[] = { "tree", "Classification", "name", "Name", "kind", "Kind", NULL };
    return push_listing(L, &(listing){ .headings = headings, .count = pagu_plan_tree_count, .text = tree_text });
}

/* v:classes(tree) -> list of { id =, name =, parent = } */
static int view_classes(lua_State *L)
{
    pagu_error err;
    uint32_t tree = 0;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    bind_ok(L, pagu_plan_find_tree(plan, bind_text(L, 2, NULL), &tree, &err), &err);
    lua_newtable(L);
    for (uint32_t c = 0; c < pagu_plan_class_count(plan, tree); c++) {
        uint32_t parent = pagu_plan_class_parent(plan, tree, c);
        lua_createtable(L, 0, 3);
        lua_pushstring(L, pagu_plan_class_id(plan, tree, c));
        lua_setfield(L, -2, "id");
        lua_pushstring(L, pagu_plan_class_name(plan, tree, c));
        lua_setfield(L, -2, "name");
        if (parent != UINT32_MAX) {
            lua_pushstring(L, pagu_plan_class_id(plan, tree, parent));
            lua_setfield(L, -2, "parent");
        }
        lua_rawseti(L, -2, (lua_Integer)c + 1);
    }
    return 1;
}

const luaL_Reg bind_declared_methods[] = {
    { "stages", view_stages }, { "levels", view_levels },   { "fields", view_fields },
    { "trees", view_trees },   { "classes", view_classes }, { NULL, NULL },
};
