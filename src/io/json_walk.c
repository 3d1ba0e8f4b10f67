/* json_walk.c - JSON for others to read: see pagu/data.h.
 * SPDX-License-Identifier: MIT */
#include "io/json.h"
#include "pagu/data.h"

struct pagu_json {
    pagu_ctx *ctx;
    cJSON *value;
};

pagu_code pagu_json_parse(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, uint32_t line,
                          pagu_json **out, pagu_error *err)
{
    *out = NULL;
    pagu_json *json = mem_zalloc(ctx, sizeof *json);
    if (!json)
        return err_memory(ctx, err);
    json->ctx = ctx;
    pagu_code code = json_parse_at(ctx, bytes, len, name, line, &json->value, err);
    if (code == PAGU_OK)
        *out = json;
    else
        pagu_json_free(json);
    return code;
}

void pagu_json_free(pagu_json *json)
{
    if (!json)
        return;
    cJSON_Delete(json->value);
    mem_free(json->ctx, json, sizeof *json);
}

/* The depth is at most JSON_MAX_DEPTH. */
static void walk(const cJSON *value, pagu_json_visit visit, void *ud)
{
    const cJSON *item;
    if (cJSON_IsNumber(value)) {
        visit(ud, PAGU_JSON_NUMBER, NULL, value->valuedouble);
    } else if (cJSON_IsString(value)) {
        visit(ud, PAGU_JSON_STRING, value->valuestring, 0);
    } else if (cJSON_IsArray(value) || cJSON_IsObject(value)) {
        visit(ud, cJSON_IsArray(value) ? PAGU_JSON_ARRAY : PAGU_JSON_OBJECT, NULL, 0);
        cJSON_ArrayForEach(item, value)
        {
            if (cJSON_IsObject(value))
                visit(ud, PAGU_JSON_KEY, item->string, 0);
            walk(item, visit, ud);
        }
        visit(ud, PAGU_JSON_END, NULL, 0);
    } else if (cJSON_IsBool(value)) {
        visit(ud, PAGU_JSON_BOOLEAN, NULL, cJSON_IsTrue(value));
    } else {
        visit(ud, PAGU_JSON_NULL, NULL, 0);
    }
}

void pagu_json_walk(const pagu_json *json, pagu_json_visit visit, void *ud)
{
    walk(json->value, visit, ud);
}

pagu_code pagu_json_put_string(pagu_text *out, const char *s)
{
    return json_put_string(out, s);
}
