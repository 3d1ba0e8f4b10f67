/* package_descriptor.c - columns of written files, and datapackage.json.
 *
 * What a descriptor said beyond our needs is kept: the resources are made anew, with what
 * the old ones added (titles, descriptions of fields), everything else is copied.
 *
 * SPDX-License-Identifier: MIT */
#include "io/package_writer.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- columns ---- */

static const cJSON *old_resource(const package_writer *w, uint32_t res)
{
    const cJSON *item, *list = w->descriptor ? json_get(w->descriptor, "resources") : NULL;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *name = json_get(item, "name");
        if (cJSON_IsString(name) && str_eq(name->valuestring, resources[res].name))
            return item;
    }
    return NULL;
}

static bool has_column(const package_writer *w, const char *name)
{
    for (uint32_t i = 0; i < w->n_columns; i++)
        if (str_eq(w->columns[i].name, name))
            return true;
    return false;
}

static void add_column(package_writer *w, const char *name, cell_type type, column_source source, uint32_t index)
{
    if (has_column(w, name))
        return;
    if (mem_grow(w->ctx, &w->columns, &w->cap_columns, w->n_columns, sizeof *w->columns))
        w->columns[w->n_columns++] = (written_column){ name, type, source, index };
    else
        writer_fail(w, PAGU_NO_MEMORY);
}

static uint32_t find_field(const pagu_plan *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_fields; i++)
        if (p->fields[i].kind == PAGU_FIELD_MONEY && str_eq(plan_str(p, p->fields[i].id), name))
            return i;
    return NO_COLUMN;
}

static uint32_t find_tree(const pagu_plan *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_trees; i++)
        if (p->trees[i].partition && str_eq(plan_str(p, p->trees[i].id), name))
            return i;
    return NO_COLUMN;
}

static uint32_t find_attribute(const pagu_plan *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_attributes; i++)
        if (str_eq(plan_str(p, p->attributes[i].name), name))
            return i;
    return NO_COLUMN;
}

static uint32_t find_document_column(const package_writer *w, const char *name)
{
    for (uint32_t i = 0; w->document && i < w->document->n_columns; i++)
        if (str_eq(plan_str(w->plan, w->document->columns[i]), name))
            return i;
    return NO_COLUMN;
}

static void add_named(package_writer *w, const char *name)
{
    const pagu_plan *p = w->plan;
    uint32_t column = resource_column(w->spec, name), index = NO_COLUMN;
    cell_type type = column == NO_COLUMN ? CELL_TEXT : (cell_type)w->spec->columns[column].type;
    column_source source = FROM_NOTHING; /* declared, and empty in every row */
    if (w->spec->document) {
        index = find_document_column(w, name);
        source = FROM_DOCUMENT;
    } else if (w->res == RES_AMOUNTS && (column == NO_COLUMN || type == CELL_MONEY)) {
        index = find_field(p, name);
        source = FROM_FIELD;
        type = CELL_MONEY;
    } else if (column != NO_COLUMN) {
        index = column;
        source = FROM_TABLE;
    } else if (w->res == RES_NODES) {
        index = find_tree(p, name);
        source = index == NO_COLUMN ? FROM_ATTRIBUTE : FROM_TREE;
        if (index == NO_COLUMN)
            index = find_attribute(p, name);
    }
    add_column(w, name, type, index == NO_COLUMN ? FROM_NOTHING : source, index);
}

/* Trees, attributes and fields that the old schema did not have: an include brought them. */
static void add_missing(package_writer *w)
{
    const pagu_plan *p = w->plan;
    for (uint32_t i = 0; i < w->spec->n_columns && !w->spec->document; i++)
        add_named(w, w->spec->columns[i].name);
    for (uint32_t i = 0; i < p->n_trees && w->res == RES_NODES; i++)
        if (p->trees[i].partition && p->trees[i].declared)
            add_named(w, plan_str(p, p->trees[i].id));
    for (uint32_t i = 0; i < p->n_attributes && w->res == RES_NODES; i++)
        add_named(w, plan_str(p, p->attributes[i].name));
    for (uint32_t i = 0; i < p->n_fields && w->res == RES_AMOUNTS; i++)
        if (p->fields[i].kind == PAGU_FIELD_MONEY)
            add_named(w, plan_str(p, p->fields[i].id));
    for (uint32_t i = 0; w->document && i < w->document->n_columns; i++)
        add_named(w, plan_str(p, w->document->columns[i]));
}

void writer_lay_columns(package_writer *w, uint32_t res)
{
    const pagu_plan *p = w->plan;
    const cJSON *field, *fields = json_get(json_get(old_resource(w, res), "schema"), "fields");
    w->res = res;
    w->spec = &resources[res];
    w->n_columns = 0;
    w->document = NULL;
    for (uint32_t i = 0; w->spec->document && i < p->n_documents; i++)
        if (str_eq(plan_str(p, p->documents[i].name), w->spec->name))
            w->document = &p->documents[i];
    cJSON_ArrayForEach(field, fields)
    {
        const cJSON *name = json_get(field, "name");
        if (cJSON_IsString(name))
            add_named(w, name->valuestring);
    }
    add_missing(w);
}

/* ---- schema of a resource ---- */

/* cJSON gives NULL when malloc does; a child is added or freed. */
static bool add_item(cJSON *parent, const char *key, cJSON *child)
{
    bool added = child && (key ? cJSON_AddItemToObject(parent, key, child) : cJSON_AddItemToArray(parent, child));
    if (!added)
        cJSON_Delete(child);
    return added;
}

static bool add_text(cJSON *parent, const char *key, const char *text)
{
    return add_item(parent, key, cJSON_CreateString(text));
}

static const char *type_word(const package_writer *w, const written_column *c)
{
    switch (c->type) {
    case CELL_INTEGER: return "integer";
    case CELL_NUMBER: return "number";
    case CELL_MONEY: return w->plan->unit == 1 && w->plan->decimals == 0 ? "integer" : "number";
    case CELL_BOOLEAN: return "boolean";
    default: return "string";
    }
}

static bool add_choices(cJSON *constraints, const char *choices)
{
    cJSON *list = cJSON_CreateArray();
    bool ok = add_item(constraints, "enum", list);
    while (ok && *choices) {
        char word[32];
        size_t n = strcspn(choices, "|");
        snprintf(word, sizeof word, "%.*s", (int)n, choices);
        ok = add_text(list, NULL, word);
        choices += n + (choices[n] == '|');
    }
    return ok;
}

static cJSON *field_of(const package_writer *w, const written_column *c)
{
    uint32_t column = resource_column(w->spec, c->name);
    const column_spec *spec = column == NO_COLUMN ? NULL : &w->spec->columns[column];
    bool required = spec && spec->flags & (IN_KEY | REQUIRED);
    cJSON *field = cJSON_CreateObject();
    bool ok = field && add_text(field, "name", c->name) && add_text(field, "type", type_word(w, c));
    if (ok && spec && (required || spec->choices)) {
        cJSON *constraints = cJSON_CreateObject();
        ok = add_item(field, "constraints", constraints) &&
             (!required || add_item(constraints, "required", cJSON_CreateTrue())) &&
             (!spec->choices || add_choices(constraints, spec->choices));
    }
    if (ok)
        return field;
    cJSON_Delete(field);
    return NULL;
}

static bool add_mark(cJSON *list, const char *value, const char *label)
{
    cJSON *mark = cJSON_CreateObject();
    return add_item(list, NULL, mark) && add_text(mark, "value", value) && add_text(mark, "label", label);
}

static bool add_keys(const package_writer *w, cJSON *schema)
{
    bool markable = false, ok = true;
    cJSON *keys = cJSON_CreateArray(), *marks = cJSON_CreateArray();
    ok = add_item(schema, "primaryKey", keys);
    ok = add_item(ok ? schema : NULL, "missingValues", marks) && ok;
    for (uint32_t i = 0; ok && i < w->spec->n_columns; i++) {
        markable |= (w->spec->columns[i].flags & MARKABLE) != 0;
        if (w->spec->columns[i].flags & IN_KEY)
            ok = add_text(keys, NULL, w->spec->columns[i].name);
    }
    if (ok && !keys->child)
        cJSON_DeleteItemFromObjectCaseSensitive(schema, "primaryKey");
    return ok && add_mark(marks, "", "missing") && (!markable || add_mark(marks, "-", "nil"));
}

static bool add_foreign_keys(const package_writer *w, cJSON *schema)
{
    cJSON *list = NULL;
    for (uint32_t i = 0; i < w->spec->n_columns; i++) {
        const column_spec *c = &w->spec->columns[i];
        if (!c->refers)
            continue;
        const resource_spec *to = &resources[resource_find(c->refers)];
        cJSON *key = cJSON_CreateObject(), *from = cJSON_CreateArray();
        if (!list && !add_item(schema, "foreignKeys", list = cJSON_CreateArray()))
            list = NULL;
        bool ok = list && add_item(list, NULL, key) && add_item(key, "fields", from) && add_text(from, NULL, c->name);
        cJSON *reference = cJSON_CreateObject(), *fields = cJSON_CreateArray();
        ok = ok && add_item(key, "reference", reference) &&
             (to == w->spec || add_text(reference, "resource", to->name)) && add_item(reference, "fields", fields) &&
             add_text(fields, NULL, to->columns[0].name);
        if (!ok)
            return false;
    }
    return true;
}

/* The old schema with fields added to it, or a new one. */
static cJSON *schema_of(const package_writer *w, const cJSON *old)
{
    cJSON *schema = old ? cJSON_Duplicate(old, true) : cJSON_CreateObject();
    cJSON *fields = schema ? cJSON_GetObjectItemCaseSensitive(schema, "fields") : NULL;
    bool ok = schema != NULL;
    if (ok && !fields)
        ok = add_item(schema, "fields", fields = cJSON_CreateArray());
    uint32_t known = ok ? (uint32_t)cJSON_GetArraySize(fields) : 0;
    for (uint32_t i = known; ok && i < w->n_columns; i++)
        ok = add_item(fields, NULL, field_of(w, &w->columns[i]));
    if (ok && !old)
        ok = add_keys(w, schema) && add_foreign_keys(w, schema);
    if (ok)
        return schema;
    cJSON_Delete(schema);
    return NULL;
}

/* Keys of a resource that are made anew, or would be stale. */
static bool is_remade(const char *key)
{
    static const char *const keys[] = { "name",     "path",   "data",  "type", "format",  "mediatype",
                                        "encoding", "schema", "bytes", "hash", "dialect", "compression" };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (str_eq(keys[i], key))
            return true;
    return false;
}

static cJSON *resource_of(package_writer *w, uint32_t res)
{
    char path[32];
    const cJSON *item, *old = old_resource(w, res);
    writer_lay_columns(w, res);
    snprintf(path, sizeof path, "%s.csv", w->spec->name);
    cJSON *r = cJSON_CreateObject();
    bool ok = r && add_text(r, "name", w->spec->name) && (w->is_inline || add_text(r, "path", path)) &&
              add_text(r, "type", "table");
    if (ok && !w->is_inline)
        ok = add_text(r, "format", "csv") && add_text(r, "mediatype", "text/csv") && add_text(r, "encoding", "utf-8");
    cJSON_ArrayForEach(item, old)
    {
        if (ok && !is_remade(item->string))
            ok = add_item(r, item->string, cJSON_Duplicate(item, true));
    }
    if (ok)
        ok = add_item(r, "schema", schema_of(w, json_get(old, "schema")));
    if (ok)
        return r;
    cJSON_Delete(r);
    return NULL;
}

/* ---- the object "pagu" of a plan that was not read from a file ---- */

static bool add_meta(const package_writer *w, cJSON *object, const char *key, const char *name)
{
    const char *value = pagu_plan_meta(w->plan, name);
    return !value || add_text(object, key, value);
}

static bool add_integer(cJSON *parent, const char *key, double value)
{
    return add_item(parent, key, cJSON_CreateNumber(value));
}

static bool add_strategic(const package_writer *w, cJSON *pagu)
{
    const char *start = pagu_plan_meta(w->plan, "strategic.start"), *end = pagu_plan_meta(w->plan, "strategic.end");
    if (!start || !end)
        return true;
    cJSON *o = cJSON_CreateObject();
    return add_item(pagu, "strategic", o) && add_integer(o, "start", strtod(start, NULL)) &&
           add_integer(o, "end", strtod(end, NULL)) && add_meta(w, o, "name", "strategic.name");
}

static bool add_document(const package_writer *w, cJSON *pagu)
{
    cJSON *o = cJSON_CreateObject();
    return add_item(pagu, "document", o) && add_meta(w, o, "title", "title") && add_meta(w, o, "status", "status") &&
           add_meta(w, o, "date", "date");
}

static bool add_evaluation(const package_writer *w, cJSON *pagu)
{
    const char *lower = pagu_plan_meta(w->plan, "evaluation.lower"), *cap = pagu_plan_meta(w->plan, "evaluation.cap");
    const char *bottom = pagu_plan_meta(w->plan, "evaluation.floor"),
               *scale = pagu_plan_meta(w->plan, "evaluation.scale");
    if (!lower && !cap && !bottom && !scale)
        return true;
    cJSON *o = cJSON_CreateObject();
    return add_item(pagu, "evaluation", o) && add_meta(w, o, "lower", "evaluation.lower") &&
           (!cap || add_integer(o, "cap", strtod(cap, NULL))) &&
           (!bottom || add_integer(o, "floor", strtod(bottom, NULL))) && add_meta(w, o, "scale", "evaluation.scale");
}

static bool add_pagu(const package_writer *w, cJSON *root)
{
    const pagu_plan *p = w->plan;
    const char separator[2] = { p->separator, '\0' };
    cJSON *pagu = cJSON_CreateObject(), *years = cJSON_CreateArray(), *money = cJSON_CreateObject(),
          *codes = cJSON_CreateObject();
    bool ok = add_item(root, "pagu", pagu);
    ok = ok && add_integer(pagu, "format", 1) && add_integer(pagu, "year", p->year);
    ok = add_item(ok ? pagu : NULL, "years", years) && ok;
    ok = ok && add_item(years, NULL, cJSON_CreateNumber(p->first_year)) &&
         add_item(years, NULL, cJSON_CreateNumber(p->last_year)) && add_strategic(w, pagu) &&
         add_meta(w, pagu, "organisation", "organisation") && add_meta(w, pagu, "government", "government") &&
         add_meta(w, pagu, "locale", "locale");
    ok = add_item(ok ? pagu : NULL, "money", money) && ok;
    ok = ok && add_text(money, "currency", plan_str(p, p->currency)) && add_integer(money, "decimals", p->decimals) &&
         add_integer(money, "unit", (double)p->unit);
    if (ok && p->default_stage != PAGU_NONE)
        ok = add_text(pagu, "stage", plan_str(p, p->stages[p->default_stage].id));
    ok = add_item(ok ? pagu : NULL, "codes", codes) && ok;
    return ok && add_text(codes, "separator", separator) && add_document(w, pagu) && writer_add_fields(p, pagu) &&
           add_evaluation(w, pagu);
}

static cJSON *new_descriptor(const package_writer *w)
{
    const char *name = pagu_plan_meta(w->plan, "name");
    cJSON *root = cJSON_CreateObject();
    bool ok = root && add_text(root, "$schema", "https://datapackage.org/profiles/2.0/datapackage.json") &&
              add_text(root, "name", name ? name : "plan") && add_pagu(w, root);
    if (ok && add_item(root, "resources", cJSON_CreateArray()))
        return root;
    cJSON_Delete(root);
    return NULL;
}

/* ---- writing ---- */

static void put(package_writer *w, pagu_text *out, const char *text)
{
    if (w->code == PAGU_OK)
        writer_fail(w, pagu_text_append(out, text, strlen(text)));
}

static void put_member(package_writer *w, pagu_text *out, const char *key, const cJSON *value, int depth, bool first)
{
    put(w, out, first ? "" : ",");
    if (w->code == PAGU_OK)
        writer_fail(w, json_put_break(out, depth));
    if (w->code == PAGU_OK)
        writer_fail(w, json_put_string(out, key));
    put(w, out, ": ");
    if (w->code == PAGU_OK && value)
        writer_fail(w, json_put(out, value, depth));
}

static void put_resource(package_writer *w, pagu_text *out, uint32_t res, pagu_text *rows)
{
    cJSON *item, *r = resource_of(w, res);
    if (!r) {
        writer_fail(w, PAGU_NO_MEMORY);
        return;
    }
    put(w, out, "{");
    cJSON_ArrayForEach(item, r)
    {
        put_member(w, out, item->string, item, 3, item == r->child);
    }
    if (w->is_inline) {
        put_member(w, out, "data", NULL, 3, false);
        put(w, out, "[");
        put(w, out, pagu_text_data(rows));
        put(w, out, pagu_text_len(rows) ? "\n      ]" : "]");
    }
    put(w, out, "\n    }");
    cJSON_Delete(r);
}

static void put_resources(package_writer *w, pagu_text *out, const bool *has, pagu_text *const *rows)
{
    bool first = true;
    put(w, out, "[");
    for (uint32_t i = 0; i < RES_COUNT; i++) {
        if (!has[i])
            continue;
        put(w, out, first ? "\n    " : ",\n    ");
        put_resource(w, out, i, rows[i]);
        first = false;
    }
    put(w, out, first ? "]" : "\n  ]");
}

void writer_put_descriptor(package_writer *w, pagu_text *out, const bool *has, pagu_text *const *rows)
{
    cJSON *item, *made = w->descriptor ? NULL : new_descriptor(w);
    const cJSON *root = w->descriptor ? w->descriptor : made;
    if (!root) {
        writer_fail(w, PAGU_NO_MEMORY);
        return;
    }
    put(w, out, "{");
    cJSON_ArrayForEach(item, root)
    {
        bool list = str_eq(item->string, "resources");
        put_member(w, out, item->string, list ? NULL : item, 1, item == root->child);
        if (list)
            put_resources(w, out, has, rows);
    }
    put(w, out, "\n}\n");
    cJSON_Delete(made);
}
