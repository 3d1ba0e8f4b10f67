/* package_include.c - packages inside packages: mounts, and what they rename.
 *
 * Nodes, indicators and tables are prefixed by the builder, which knows nothing of proposals
 * and rules and matches stages by id: these are renamed here. Money in documents is text in
 * the unit of writing of its package, and is put into that of the whole.
 *
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/package_rows.h"
#include "io/package_schema.h"

#include <stdio.h>

enum { DEEPEST_INCLUDE = 8 };

/* ---- renaming ---- */

static char *room(layout *l, uint32_t column, size_t size)
{
    renamed_text *t = &l->renamed[column];
    if (t->size >= size)
        return t->s;
    size = size < 64 ? 64 : size * 2;
    char *s = mem_realloc(l->row.p->r->ctx, t->s, t->size, size);
    if (!s)
        return NULL;
    *t = (renamed_text){ s, size };
    return s;
}

void free_renamed(layout *l)
{
    for (uint32_t i = 0; l->renamed && i < l->source.width; i++)
        mem_free(l->row.p->r->ctx, l->renamed[i].s, l->renamed[i].size);
}

/* The including package's name of a stage. */
static const char *outer_stage(const cJSON *map, const char *id, size_t len)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, map)
    {
        if (strlen(item->string) == len && memcmp(item->string, id, len) == 0 && cJSON_IsString(item))
            return item->valuestring;
    }
    return NULL;
}

/* One stage, or several between blanks. */
static const char *rename_stages(layout *l, uint32_t column, const char *text)
{
    const cJSON *map = l->row.p->stage_map;
    size_t longest = 0, words = 1;
    const cJSON *item;
    cJSON_ArrayForEach(item, map)
    {
        size_t n = cJSON_IsString(item) ? strlen(item->valuestring) : 0;
        longest = n > longest ? n : longest;
    }
    for (const char *p = text; *p; p++)
        words += *p == ' ';
    char *out = room(l, column, strlen(text) + words * longest + 1), *to = out;
    while (out && *text) {
        size_t n = strcspn(text, " ");
        const char *mapped = outer_stage(map, text, n);
        size_t m = mapped ? strlen(mapped) : n;
        memcpy(to, mapped ? mapped : text, m);
        to += m;
        text += n;
        if (*text)
            *to++ = *text++;
    }
    if (out)
        *to = '\0';
    return out;
}

static const char *prefix_id(layout *l, uint32_t column, const char *before, const char *id)
{
    const char *prefix = l->row.p->prefix;
    size_t size = strlen(before) + strlen(prefix) + strlen(id) + 2;
    char *out = room(l, column, size);
    if (out)
        snprintf(out, size, "%s%s/%s", before, prefix, id);
    return out;
}

/* A price or an amount, in the unit of writing of the package that was opened. */
static const char *rewrite_money(layout *l, uint32_t column, pagu_money value)
{
    char *out = room(l, column, 48);
    if (out)
        money_in_unit(l->row.p->r->unit, l->row.p->decimals, value, out, 48);
    return out;
}

static const char *rename_text(layout *l, uint32_t column, unsigned flags, const char *text)
{
    static const char proposal[] = "proposal:";
    const package *p = l->row.p;
    if (!*text)
        return text;
    if (flags & IS_STAGE && p->stage_map)
        return rename_stages(l, column, text);
    if (flags & IS_OWN)
        return prefix_id(l, column, "", text);
    if (flags & IS_OWNER && strncmp(text, proposal, sizeof proposal - 1) == 0)
        return prefix_id(l, column, proposal, text + sizeof proposal - 1);
    return text;
}

pagu_code rename_cells(layout *l)
{
    package_row *row = &l->row;
    const resource_spec *spec = row->spec;
    for (uint32_t i = 0; i < row->n_texts; i++)
        row->texts[i] = l->source.fields[i];
    bool other_unit = row->p->unit != row->p->r->unit;
    for (uint32_t i = 0; i < spec->n_columns && row->p->outer; i++) {
        unsigned flags = spec->columns[i].flags;
        uint32_t at = l->at[i];
        bool money = other_unit && spec->columns[i].type == CELL_MONEY && row->cells[i].state == PAGU_NUMBER;
        if (at == NO_COLUMN || !(money || flags & (IS_STAGE | IS_OWN | IS_OWNER)))
            continue;
        const char *text =
            money ? rewrite_money(l, at, row->cells[i].integer) : rename_text(l, at, flags, row->cells[i].text);
        if (!text)
            return PAGU_NO_MEMORY;
        row->texts[at] = text;
        if (flags & IS_STAGE) /* the builder knows prefixes, but not names of stages */
            row->cells[i].text = text;
    }
    return PAGU_OK;
}

/* ---- mounting ---- */

static const char *keep(package_reader *r, const char *s)
{
    return arena_strdup(&r->text, s, strlen(s));
}

static const char *shown_path(const package *outer, const char *path)
{
    size_t n = strlen(outer->shown), m = strlen(path);
    char *s = arena_alloc(&outer->r->text, n + m + 1);
    if (s)
        snprintf(s, n + m + 1, "%s%s", path[0] == '/' ? "" : outer->shown, path);
    return s;
}

static bool is_open(const package *p, const char *real)
{
    for (; p; p = p->outer)
        if (p->real && str_eq(p->real, real))
            return true;
    return false;
}

static const char *full_prefix(const package *outer, const char *as)
{
    if (!outer->prefix)
        return keep(outer->r, as);
    size_t n = strlen(outer->prefix), m = strlen(as);
    char *s = arena_alloc(&outer->r->text, n + m + 2);
    if (s)
        snprintf(s, n + m + 2, "%s/%s", outer->prefix, as);
    return s;
}

/* Stages that the include renames must be the member's; plan stages that the member lacks
 * leave a hole in the whole, so they are told. */
static pagu_code compare_stages(const package *member, const char *at)
{
    package_reader *r = member->r;
    const package *outer = member->outer;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < outer->n_stages && code == PAGU_OK; i++) {
        bool found = outer->stages[i].kind != PAGU_STAGE_PLAN;
        for (uint32_t j = 0; j < member->n_stages && !found; j++)
            found = str_eq(member->stages[j].id, outer->stages[i].id);
        place where = { .rule = "include",
                        .file = outer->file,
                        .column = at,
                        .key = member->prefix,
                        .line = json_line(outer->bytes, outer->len, at),
                        .warning = true };
        if (!found)
            code = report_at(r->ctx, r->findings, &where, "mount \"%s\" has no stage \"%s\"", member->prefix,
                             outer->stages[i].id);
    }
    return code;
}

static pagu_code read_member(package *member, const char *as, const char *under, const cJSON *own, const char *at)
{
    package_reader *r = member->r;
    const cJSON *item;
    pagu_code code = pagu_builder_mount(r->builder, as, under ? under : ".");
    cJSON_ArrayForEach(item, own)
    {
        if (code == PAGU_OK)
            code = pagu_builder_own_tree(r->builder, item->valuestring);
    }
    if (code == PAGU_OK)
        code = package_read_parts(member);
    if (code == PAGU_OK)
        code = compare_stages(member, at);
    if (code == PAGU_OK)
        code = pagu_builder_mount(r->builder, NULL, NULL);
    return code;
}

static pagu_code load_member(package *member, const char *path, const char *at)
{
    const package *outer = member->outer;
    pagu_ctx *ctx = member->r->ctx;
    pagu_error err = { 0 };
    const char *shown = shown_path(outer, path);
    char *joined = path_join(ctx, path[0] == '/' ? "" : outer->folder, path);
    pagu_code code = shown && joined ? package_load(member, joined, shown, &err) : PAGU_NO_MEMORY;
    mem_free(ctx, joined, joined ? strlen(joined) + 1 : 0);
    if (code == PAGU_OK || code == PAGU_NO_MEMORY)
        return code;
    return schema_fault_value(outer, at, path, err.message);
}

static pagu_code open_member(package *outer, const char *path, const char *as, const char *under, const cJSON *map,
                             const cJSON *own, const char *at)
{
    package member = { .r = outer->r, .outer = outer, .depth = outer->depth + 1, .stage_map = map };
    member.prefix = full_prefix(outer, as);
    pagu_code code = member.prefix ? load_member(&member, path, at) : PAGU_NO_MEMORY;
    if (code == PAGU_OK && member.root && is_open(outer, member.real))
        code = schema_fault_value(outer, at, path, "the package includes itself");
    else if (code == PAGU_OK && member.root)
        code = read_member(&member, as, under, own, at);
    package_close(&member);
    return code;
}

/* "own": trees whose classes stay the member's own. */
static const cJSON *own_trees(package *p, const cJSON *item, const char *at, pagu_code *code)
{
    const cJSON *name, *own = json_get(item, "own");
    bool texts = !own || cJSON_IsArray(own);
    if (texts)
        cJSON_ArrayForEach(name, own) texts = texts && cJSON_IsString(name) && *name->valuestring;
    if (!texts && *code == PAGU_OK)
        *code = schema_fault(p, at, "\"own\" is a list of ids of trees");
    return texts ? own : NULL;
}

static pagu_code include_one(package *p, const cJSON *item, const char *at)
{
    pagu_code code = PAGU_OK;
    if (!cJSON_IsObject(item))
        return schema_fault(p, at, "must be an object");
    uint32_t errors = pagu_findings_count_at(p->r->findings, PAGU_ERROR);
    code = SCHEMA_KEYS(p, item, at, "path", "under", "as", "stages", "own");
    const char *path = schema_string(p, item, at, "path", true, &code);
    const char *as = schema_string(p, item, at, "as", true, &code);
    const char *under = schema_string(p, item, at, "under", false, &code);
    const cJSON *map = schema_object(p, item, at, "stages", &code), *own = own_trees(p, item, at, &code);
    if (code == PAGU_OK && p->r->in_memory)
        code = schema_fault(p, at, "a package in memory has no files; it can't include others");
    else if (code == PAGU_OK && p->depth >= DEEPEST_INCLUDE)
        code = schema_fault(p, at, "packages are included more than 8 deep");
    if (code != PAGU_OK || errors != pagu_findings_count_at(p->r->findings, PAGU_ERROR))
        return code;
    return open_member(p, path, as, under, map, own, at);
}

pagu_code include_read(package *p)
{
    const cJSON *item, *list = json_get(p->pagu, "include");
    pagu_code code = PAGU_OK;
    int index = 0;
    if (list && !cJSON_IsArray(list))
        return schema_fault(p, "/pagu/include", "must be a list");
    cJSON_ArrayForEach(item, list)
    {
        char at[48];
        snprintf(at, sizeof at, "/pagu/include/%d", index++);
        if (code == PAGU_OK)
            code = include_one(p, item, at);
    }
    return code;
}
