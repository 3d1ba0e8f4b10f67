/* package_listing.c - the resources that a descriptor lists, and their schemas.
 * SPDX-License-Identifier: MIT */
#include "io/package_schema.h"

#include <stdio.h>
#include <strings.h>

enum { MOST_FIELDS = 1000 };

/* No absolute paths, no "..", no addresses: a package reads its own folder only. */
static bool path_is_inside(const char *path)
{
    if (path[0] == '/' || strstr(path, "://") || strchr(path, '\\'))
        return false;
    for (const char *part = path;; part++) {
        size_t n = strcspn(part, "/");
        if (n == 0 || (n == 2 && part[0] == '.' && part[1] == '.'))
            return false;
        part += n;
        if (!*part)
            return true;
    }
}

/* The one dialect: comma, double quotes, a header. Anything else said of it is a fault. */
static pagu_code check_dialect(const package *p, const cJSON *resource, const char *base)
{
    static const struct {
        const char *key, *value;
    } plain[] = {
        { "delimiter", "," },
        { "quoteChar", "\"" },
        { "lineTerminator", "\n" },
    };
    const cJSON *item, *dialect = json_get(resource, "dialect");
    pagu_code code = PAGU_OK;
    json_pointer at = pointer_join(base, "dialect");
    if (dialect && !cJSON_IsObject(dialect))
        return schema_fault(p, at.s, "must be an object");
    cJSON_ArrayForEach(item, dialect)
    {
        bool fine =
            str_eq(item->string, "$schema") || str_eq(item->string, "csvddfVersion") ||
            (str_eq(item->string, "doubleQuote") && cJSON_IsTrue(item)) ||
            (str_eq(item->string, "header") && cJSON_IsTrue(item)) ||
            (str_eq(item->string, "skipInitialSpace") && cJSON_IsFalse(item)) ||
            (str_eq(item->string, "lineTerminator") && cJSON_IsString(item) && str_eq(item->valuestring, "\r\n"));
        const char *value = cJSON_IsString(item) ? item->valuestring : "";
        for (size_t i = 0; i < COUNT_OF(plain) && !fine; i++)
            fine = str_eq(item->string, plain[i].key) && str_eq(value, plain[i].value);
        json_pointer key = pointer_join(at.s, item->string);
        if (!fine && code == PAGU_OK)
            code =
                schema_fault_value(p, key.s, item->string, "only CSV with commas, double quotes and a header is read");
    }
    return code;
}

static pagu_code check_word(const package *p, const cJSON *resource, const char *base, const char *key,
                            const char *wanted, const char *message)
{
    const cJSON *item = json_get(resource, key);
    if (!item || (cJSON_IsString(item) && strcasecmp(item->valuestring, wanted) == 0))
        return PAGU_OK;
    json_pointer at = pointer_join(base, key);
    return schema_fault(p, at.s, message);
}

static pagu_code check_source(const package *p, const cJSON *resource, const char *base)
{
    const cJSON *path = json_get(resource, "path"), *data = json_get(resource, "data");
    json_pointer at = pointer_join(base, "path");
    if (!path == !data)
        return schema_fault(p, base, "needs either a path or inline data");
    if (data) {
        at = pointer_join(base, "data");
        return cJSON_IsArray(data) ? PAGU_OK : schema_fault(p, at.s, "must be a list of rows");
    }
    if (!cJSON_IsString(path))
        return schema_fault(p, at.s, "must be one file name");
    if (!path_is_inside(path->valuestring))
        return schema_fault_value(p, at.s, path->valuestring, "must be a relative path inside the package");
    if (!p->r->in_memory || p->r->files)
        return PAGU_OK;
    return schema_fault_value(p, at.s, path->valuestring, "a package in memory has no files; use inline data");
}

static pagu_code check_fields(const package *p, const cJSON *fields, const char *base)
{
    static const char *const types[] = { "string", "integer", "number",    "boolean",  "any",  "money",
                                         "year",   "date",    "yearmonth", "datetime", "time", "duration" };
    pagu_code code = PAGU_OK;
    const cJSON *field;
    int i = 0;
    if (cJSON_GetArraySize(fields) > MOST_FIELDS)
        return schema_fault(p, base, "has too many fields");
    cJSON_ArrayForEach(field, fields)
    {
        char index[16];
        snprintf(index, sizeof index, "%d", i++);
        json_pointer at = pointer_join(base, index);
        const char *name = schema_string(p, field, at.s, "name", true, &code);
        const char *type = schema_string(p, field, at.s, "type", false, &code);
        size_t t = 0;
        while (type && t < COUNT_OF(types) && !str_eq(types[t], type))
            t++;
        if (code == PAGU_OK && t == COUNT_OF(types)) {
            json_pointer of_type = pointer_join(at.s, "type");
            code = schema_fault_value(p, of_type.s, type, "unknown type");
        }
        for (const cJSON *before = fields->child; name && before != field && code == PAGU_OK; before = before->next) {
            const cJSON *other = json_get(before, "name");
            if (cJSON_IsString(other) && str_eq(other->valuestring, name))
                code = schema_fault_value(p, at.s, name, "the field is declared twice");
        }
    }
    return code;
}

static pagu_code check_schema(const package *p, const cJSON *resource, const char *base)
{
    pagu_code code = PAGU_OK;
    json_pointer at = pointer_join(base, "schema");
    const cJSON *schema = schema_object(p, resource, base, "schema", &code);
    if (!schema || code != PAGU_OK)
        return code;
    json_pointer of_fields = pointer_join(at.s, "fields");
    const cJSON *fields = json_get(schema, "fields");
    if (!cJSON_IsArray(fields))
        return schema_fault(p, of_fields.s, "must be a list of fields");
    return check_fields(p, fields, of_fields.s);
}

static pagu_code read_resource(package *p, const cJSON *resource, int index)
{
    pagu_code code = PAGU_OK;
    char base[40];
    snprintf(base, sizeof base, "/resources/%d", index);
    if (!cJSON_IsObject(resource))
        return schema_fault(p, base, "must be an object");
    const char *name = schema_string(p, resource, base, "name", true, &code);
    if (!name)
        return code;
    uint32_t res = resource_find(name);
    if (res == RES_COUNT)
        return schema_fault_naming(p, base, name, "no resource of this name is read");
    if (p->resource[res])
        return schema_fault_naming(p, base, name, "the resource is listed twice");
    uint32_t errors = pagu_findings_count_at(p->r->findings, PAGU_ERROR);
    code = check_source(p, resource, base);
    if (code == PAGU_OK)
        code = check_dialect(p, resource, base);
    if (code == PAGU_OK)
        code = check_word(p, resource, base, "encoding", "utf-8", "must be utf-8");
    if (code == PAGU_OK)
        code = check_word(p, resource, base, "format", "csv", "must be csv");
    if (code == PAGU_OK)
        code = check_word(p, resource, base, "type", "table", "must be table");
    if (code == PAGU_OK && json_get(resource, "compression"))
        code = schema_fault(p, base, "compressed files are not read");
    if (code == PAGU_OK)
        code = check_schema(p, resource, base);
    p->listed[res] = true;
    p->index[res] = index;
    if (errors == pagu_findings_count_at(p->r->findings, PAGU_ERROR))
        p->resource[res] = resource;
    else
        p->r->unreadable |= !resources[res].document;
    return code;
}

pagu_code schema_list_resources(package *p)
{
    pagu_code code = PAGU_OK;
    const cJSON *item, *list = json_get(p->root, "resources");
    if (!cJSON_IsArray(list))
        return schema_fault(p, "/resources", "must be a list of resources");
    int index = 0;
    cJSON_ArrayForEach(item, list)
    {
        if (code == PAGU_OK)
            code = read_resource(p, item, index++);
    }
    for (uint32_t i = 0; i < RES_COUNT && code == PAGU_OK; i++)
        if (resources[i].required && !p->listed[i])
            code =
                schema_fault_naming(p, "/resources", resources[i].name, "a resource that every package has is missing");
    return code;
}

/* ---- what a resource declares ---- */

static const cJSON *schema_of(const package *p, uint32_t res)
{
    return p->resource[res] ? json_get(p->resource[res], "schema") : NULL;
}

pagu_code schema_fields(package *p, uint32_t res, schema_field **out, uint32_t *n)
{
    const cJSON *field, *fields = json_get(schema_of(p, res), "fields");
    *n = 0;
    *out = NULL;
    uint32_t count = (uint32_t)cJSON_GetArraySize(fields);
    if (count == 0)
        return PAGU_OK;
    *out = arena_alloc(&p->r->text, count * sizeof **out);
    if (!*out)
        return PAGU_NO_MEMORY;
    cJSON_ArrayForEach(field, fields)
    {
        const cJSON *type = json_get(field, "type");
        (*out)[(*n)++] = (schema_field){ json_get(field, "name")->valuestring, type ? type->valuestring : "string" };
    }
    return PAGU_OK;
}

const char *schema_mark(const package *p, uint32_t res, const char *text)
{
    const cJSON *item, *marks = json_get(schema_of(p, res), "missingValues");
    cJSON_ArrayForEach(item, marks)
    {
        const cJSON *value = cJSON_IsObject(item) ? json_get(item, "value") : item;
        const cJSON *label = cJSON_IsObject(item) ? json_get(item, "label") : NULL;
        if (cJSON_IsString(value) && str_eq(value->valuestring, text))
            return cJSON_IsString(label) ? label->valuestring : "";
    }
    return NULL;
}
