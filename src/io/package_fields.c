/* package_fields.c - derived fields of a package: the list pagu.fields of its descriptor.
 * SPDX-License-Identifier: MIT */
#include "io/json_scan.h"
#include "io/package_schema.h"
#include "io/package_writer.h"

#include <stdio.h>

/* ---- reading ---- */

static pagu_code read_field(package *p, const cJSON *item, const char *at)
{
    pagu_code code = PAGU_OK;
    if (!cJSON_IsObject(item))
        return schema_fault(p, at, "must be an object");
    code = SCHEMA_KEYS(p, item, at, "id", "title", "expr");
    pagu_formula_def def = { .id = schema_string(p, item, at, "id", true, &code),
                             .title = schema_string(p, item, at, "title", false, &code),
                             .text = schema_string(p, item, at, "expr", true, &code) };
    if (code != PAGU_OK || !def.id || !def.text)
        return code;
    json_pointer expr = pointer_join(at, "expr");
    pagu_source src = { p->file, json_line(p->bytes, p->len, expr.s) };
    return pagu_builder_formula(p->r->builder, &def, src);
}

pagu_code schema_read_fields(package *p)
{
    const cJSON *item, *list = json_get(p->pagu, "fields");
    pagu_code code = PAGU_OK;
    int i = 0;
    if (list && !cJSON_IsArray(list))
        return schema_fault(p, "/pagu/fields", "must be a list");
    cJSON_ArrayForEach(item, list)
    {
        char at[40];
        snprintf(at, sizeof at, "/pagu/fields/%d", i++);
        if (code == PAGU_OK)
            code = read_field(p, item, at);
    }
    return code;
}

/* ---- writing ---- */

static bool has_field(const cJSON *list, const char *id)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *name = json_get(item, "id");
        if (cJSON_IsString(name) && str_eq(name->valuestring, id))
            return true;
    }
    return false;
}

static bool add_text(cJSON *o, const char *key, const char *text)
{
    return cJSON_AddStringToObject(o, key, text) != NULL;
}

static bool add_field(cJSON *list, const plan_formula *f)
{
    cJSON *o = cJSON_CreateObject();
    if (!o || !cJSON_AddItemToArray(list, o)) {
        cJSON_Delete(o);
        return false;
    }
    return add_text(o, "id", f->id) && (!*f->title || add_text(o, "title", f->title)) && add_text(o, "expr", f->text);
}

/* What the descriptor lists already stays as it is; fields of mounted packages come behind. */
bool writer_add_fields(const pagu_plan *plan, cJSON *pagu)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(pagu, "fields");
    bool ok = true;
    for (uint32_t i = 0; i < plan_formula_count(plan) && ok; i++) {
        const plan_formula *f = plan->formulas[i];
        if (!f->declared || has_field(list, f->id))
            continue;
        if (!list)
            list = cJSON_AddArrayToObject(pagu, "fields");
        ok = list && add_field(list, f);
    }
    return ok;
}
