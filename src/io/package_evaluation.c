/* package_evaluation.c - "evaluation" of the descriptor: how rates are computed and rated.
 *
 *     "evaluation": { "lower": "ratio" | "linear", "cap": null | 100 …, "floor": null | 0, "scale": "…" }
 *
 * SPDX-License-Identifier: MIT */
#include "io/package_schema.h"

#include <stdio.h>

static pagu_code take(const package *p, const char *name, const char *value)
{
    return pagu_builder_meta(p->r->builder, name, value);
}

/* null, or a whole number from low to high. */
static pagu_code take_limit(const package *p, const cJSON *o, const char *key, int low, int high, const char *fault)
{
    char name[40], text[16], pointer[48];
    const cJSON *item = json_get(o, key);
    if (!item || cJSON_IsNull(item))
        return PAGU_OK;
    bool whole = cJSON_IsNumber(item) && item->valuedouble >= low && item->valuedouble <= high &&
                 item->valuedouble == (double)(int)item->valuedouble;
    snprintf(pointer, sizeof pointer, "/pagu/evaluation/%s", key);
    if (!whole)
        return schema_fault(p, pointer, fault);
    snprintf(name, sizeof name, "evaluation.%s", key);
    snprintf(text, sizeof text, "%d", (int)item->valuedouble);
    return take(p, name, text);
}

pagu_code schema_evaluation(package *p)
{
    pagu_code code = PAGU_OK;
    const char *base = "/pagu/evaluation";
    const cJSON *o = schema_object(p, p->pagu, "/pagu", "evaluation", &code);
    if (!o || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, o, base, "lower", "cap", "floor", "scale");
    const char *lower = schema_string(p, o, base, "lower", false, &code);
    const char *scale = schema_string(p, o, base, "scale", false, &code);
    if (code == PAGU_OK && lower && !str_eq(lower, "ratio") && !str_eq(lower, "linear"))
        code = schema_fault_value(p, "/pagu/evaluation/lower", lower, "must be ratio or linear");
    else if (code == PAGU_OK && lower)
        code = take(p, "evaluation.lower", lower);
    if (code == PAGU_OK && scale)
        code = take(p, "evaluation.scale", scale);
    if (code == PAGU_OK)
        code = take_limit(p, o, "cap", 100, 100000, "must be null, or a percent from 100 up");
    return code == PAGU_OK ? take_limit(p, o, "floor", 0, 0, "must be null or 0") : code;
}
