/* package_schema.c - datapackage.json: every fault in it, then frame and metadata.
 * SPDX-License-Identifier: MIT */
#include "io/package_schema.h"

#include "io/json_scan.h"

#include <math.h>
#include <stdio.h>

json_pointer pointer_join(const char *base, const char *key)
{
    json_pointer p;
    if (snprintf(p.s, sizeof p.s, "%s/%s", base, key) < 0)
        p.s[0] = '\0';
    return p;
}

/* Finding a line walks the text: not for ever, when everything is wrong. */
enum { PLACED_FAULTS = 1000 };

static place place_at(const package *p, const char *at)
{
    bool placed = pagu_findings_count(p->r->findings) < PLACED_FAULTS;
    uint32_t line = placed ? json_line(p->bytes, p->len, at) : 0;
    return (place){ .rule = "descriptor", .file = p->file, .line = line, .column = at };
}

pagu_code schema_fault(const package *p, const char *at, const char *message)
{
    place where = place_at(p, at);
    return report_text(p->r->ctx, p->r->findings, &where, message);
}

pagu_code schema_fault_value(const package *p, const char *at, const char *value, const char *message)
{
    place where = place_at(p, at);
    where.printed = value;
    return value && *value ? report_at(p->r->ctx, p->r->findings, &where, "\"%s\": %s", value, tr(p->r->ctx, message))
                           : report_text(p->r->ctx, p->r->findings, &where, message);
}

pagu_code schema_fault_naming(const package *p, const char *at, const char *value, const char *message)
{
    place where = place_at(p, at);
    where.printed = value;
    return report_at(p->r->ctx, p->r->findings, &where, "\"%s\": %s", value, tr(p->r->ctx, message));
}

/* ---- values of an object ---- */

pagu_code schema_keys(const package *p, const cJSON *object, const char *base, const char *const *known, size_t n)
{
    const cJSON *item;
    pagu_code code = PAGU_OK;
    cJSON_ArrayForEach(item, object)
    {
        size_t i = 0;
        while (i < n && !str_eq(known[i], item->string))
            i++;
        if (i < n || code != PAGU_OK)
            continue;
        json_pointer at = pointer_join(base, item->string);
        code = schema_fault_value(p, at.s, item->string, "unknown key");
    }
    return code;
}

const char *schema_string(const package *p, const cJSON *object, const char *base, const char *key, bool required,
                          pagu_code *code)
{
    const cJSON *item = json_get(object, key);
    if (*code != PAGU_OK || (!item && !required))
        return NULL;
    if (cJSON_IsString(item) && item->valuestring[0])
        return item->valuestring;
    if (cJSON_IsString(item) && !required)
        return NULL;
    json_pointer at = pointer_join(base, key);
    *code = schema_fault(p, at.s, item ? "must be a text that is not empty" : "is missing");
    return NULL;
}

static bool is_integer(const cJSON *item, double low, double high)
{
    return cJSON_IsNumber(item) && item->valuedouble == floor(item->valuedouble) && item->valuedouble >= low &&
           item->valuedouble <= high;
}

static int get_integer(const package *p, const cJSON *object, const char *base, const char *key, bool required, int low,
                       int high, int otherwise, pagu_code *code)
{
    const cJSON *item = json_get(object, key);
    if (*code != PAGU_OK || (!item && !required))
        return otherwise;
    if (is_integer(item, low, high))
        return (int)item->valuedouble;
    json_pointer at = pointer_join(base, key);
    if (!item) {
        *code = schema_fault(p, at.s, "is missing");
    } else {
        place where = place_at(p, at.s);
        *code = report_at(p->r->ctx, p->r->findings, &where, "must be a whole number from %d to %d", low, high);
    }
    return otherwise;
}

const cJSON *schema_object(const package *p, const cJSON *object, const char *base, const char *key, pagu_code *code)
{
    const cJSON *item = json_get(object, key);
    if (*code != PAGU_OK || !item || cJSON_IsObject(item))
        return item;
    json_pointer at = pointer_join(base, key);
    *code = schema_fault(p, at.s, "must be an object");
    return NULL;
}

static void meta(const package *p, const char *name, const char *value, pagu_code *code)
{
    if (*code == PAGU_OK && value)
        *code = pagu_builder_meta(p->r->builder, name, value);
}

static void meta_integer(const package *p, const char *name, int value, pagu_code *code)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    if (value)
        meta(p, name, text, code);
}

/* ---- the object "pagu" ---- */

static pagu_code read_strategic(package *p)
{
    pagu_code code = PAGU_OK;
    const char *base = "/pagu/strategic";
    const cJSON *o = schema_object(p, p->pagu, "/pagu", "strategic", &code);
    if (!o || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, o, base, "start", "end", "name");
    int start = get_integer(p, o, base, "start", true, 1, 9999, 0, &code);
    int end = get_integer(p, o, base, "end", true, 1, 9999, 0, &code);
    meta_integer(p, "strategic.start", start, &code);
    meta_integer(p, "strategic.end", end, &code);
    meta(p, "strategic.name", schema_string(p, o, base, "name", false, &code), &code);
    if (code == PAGU_OK && start && end && start > end)
        code = schema_fault(p, base, "ends before it starts");
    return code;
}

/* 1, 10, … 10^9: any other unit would make amounts that no decimal can spell. */
static bool is_power_of_ten(int64_t unit)
{
    while (unit >= 10 && unit % 10 == 0)
        unit /= 10;
    return unit == 1;
}

static pagu_code read_money(package *p, const char **currency)
{
    pagu_code code = PAGU_OK;
    const char *base = "/pagu/money";
    const cJSON *o = schema_object(p, p->pagu, "/pagu", "money", &code);
    *currency = NULL;
    p->unit = 1;
    if (!o || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, o, base, "currency", "decimals", "unit");
    *currency = schema_string(p, o, base, "currency", false, &code);
    p->decimals = get_integer(p, o, base, "decimals", false, 0, 6, 0, &code);
    p->unit = get_integer(p, o, base, "unit", false, 1, 1000000000, 1, &code);
    if (code == PAGU_OK && !is_power_of_ten(p->unit)) {
        p->unit = 1;
        code = schema_fault(p, "/pagu/money/unit", "must be 1, 10, 100, 1000 and so on");
    }
    if (!p->outer)
        p->r->unit = p->unit;
    return code;
}

static pagu_code read_calendar(package *p)
{
    pagu_code code = PAGU_OK;
    const char *base = "/pagu/calendar";
    const cJSON *o = schema_object(p, p->pagu, "/pagu", "calendar", &code);
    if (!o || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, o, base, "start", "named");
    const char *start = schema_string(p, o, base, "start", false, &code);
    const char *end = schema_string(p, o, base, "named", false, &code);
    int month, day, n = 0;
    if (code == PAGU_OK && start &&
        (sscanf(start, "%2d-%2d%n", &month, &day, &n) != 2 || start[n] || strlen(start) != 5 || month < 1 ||
         month > 12 || day < 1 || day > 31))
        code = schema_fault_value(p, "/pagu/calendar/start", start, "must be a month and day, as in 07-01");
    if (code == PAGU_OK && end && !str_eq(end, "start") && !str_eq(end, "end"))
        code = schema_fault_value(p, "/pagu/calendar/named", end, "must be start or end");
    return code;
}

/* Which nomenclature the codes are of, and where it is kept. The whole speaks for its members. */
static pagu_code read_nomenclature(package *p, const cJSON *o, const cJSON *alias)
{
    static const char *const names[][2] = { { "list", "codes.list" },
                                            { "version", "codes.version" },
                                            { "kind", "codes.kind" } };
    const char *base = "/pagu/codes";
    pagu_code code = PAGU_OK;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        meta(p, names[i][1], schema_string(p, o, base, names[i][0], false, &code), &code);
    p->codes_path = schema_string(p, o, base, "path", false, &code);
    p->codes_map_path = schema_string(p, o, base, "map", false, &code);
    if (code == PAGU_OK && p->r->in_memory && (p->codes_path || p->codes_map_path))
        code = schema_fault(p, base, "a package in memory has no files; use inline data");
    char aliases[256] = "";
    size_t used = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, alias)
    {
        int n = snprintf(aliases + used, sizeof aliases - used, "%s%s", used ? " " : "", item->string);
        if (n > 0 && (size_t)n < sizeof aliases - used)
            used += (size_t)n;
        aliases[used] = '\0';
    }
    if (used)
        meta(p, "codes.alias", aliases, &code);
    return code;
}

static pagu_code read_codes(package *p, char *separator)
{
    pagu_code code = PAGU_OK;
    const char *base = "/pagu/codes";
    const cJSON *item, *o = schema_object(p, p->pagu, "/pagu", "codes", &code);
    *separator = '.';
    if (!o || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, o, base, "separator", "padding", "alias", "list", "version", "kind", "path", "map");
    const char *mark = schema_string(p, o, base, "separator", false, &code);
    const char *padding = schema_string(p, o, base, "padding", false, &code);
    if (code == PAGU_OK && mark && (mark[1] || strchr("/#,\" ", mark[0]) || (unsigned char)mark[0] >= 0x80))
        code = schema_fault_value(p, "/pagu/codes/separator", mark,
                                  "must be one character, other than / # , \" and blank");
    else if (mark)
        *separator = mark[0];
    if (code == PAGU_OK && padding && !str_eq(padding, "ignore"))
        code = schema_fault_value(p, "/pagu/codes/padding", padding, "must be ignore");
    const cJSON *alias = schema_object(p, o, base, "alias", &code);
    cJSON_ArrayForEach(item, alias)
    {
        if (code == PAGU_OK && !cJSON_IsString(item))
            code = schema_fault_value(p, "/pagu/codes/alias", item->string, "must be a text");
    }
    return code == PAGU_OK ? read_nomenclature(p, o, alias) : code;
}

static pagu_code read_document(package *p)
{
    pagu_code code = PAGU_OK;
    const char *base = "/pagu/document";
    const cJSON *item, *o = schema_object(p, p->pagu, "/pagu", "document", &code);
    if (!o || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, o, base, "title", "status", "date", "basis");
    static const char *const names[] = { "title", "status", "date" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        meta(p, names[i], schema_string(p, o, base, names[i], false, &code), &code);
    const cJSON *basis = json_get(o, "basis");
    bool texts = !basis || cJSON_IsArray(basis);
    cJSON_ArrayForEach(item, basis)
    {
        texts = texts && cJSON_IsString(item);
    }
    return code == PAGU_OK && !texts ? schema_fault(p, "/pagu/document/basis", "must be a list of texts") : code;
}

static pagu_code read_years(package *p, int *first, int *last)
{
    const cJSON *years = json_get(p->pagu, "years");
    *first = *last = 0;
    if (!years)
        return PAGU_OK;
    const cJSON *a = cJSON_IsArray(years) ? years->child : NULL, *b = a ? a->next : NULL;
    if (!b || b->next || !is_integer(a, 1, 9999) || !is_integer(b, a->valuedouble, 9999))
        return schema_fault(p, "/pagu/years", "must be the first and the last year, as in [2020, 2025]");
    *first = (int)a->valuedouble;
    *last = (int)b->valuedouble;
    return PAGU_OK;
}

static pagu_code read_texts(package *p)
{
    pagu_code code = PAGU_OK;
    static const char *const names[] = { "organisation", "government" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        meta(p, names[i], schema_string(p, p->pagu, "/pagu", names[i], false, &code), &code);
    const char *locale = schema_string(p, p->pagu, "/pagu", "locale", false, &code);
    meta(p, "locale", locale, &code);
    if (code == PAGU_OK && locale && !str_eq(locale, "id") && !str_eq(locale, "en"))
        code = schema_fault_value(p, "/pagu/locale", locale, "must be id or en");
    const char *name = schema_string(p, p->root, "", "name", false, &code);
    meta(p, "name", name, &code);
    return code;
}

static pagu_code read_frame(package *p)
{
    pagu_frame_def frame = { 0 };
    pagu_code code = read_money(p, &frame.currency);
    if (code == PAGU_OK)
        code = read_years(p, &frame.first_year, &frame.last_year);
    if (code == PAGU_OK)
        code = read_codes(p, &frame.separator);
    uint32_t errors = pagu_findings_count_at(p->r->findings, PAGU_ERROR);
    frame.year = get_integer(p, p->pagu, "/pagu", "year", true, 1, 9999, 0, &code);
    get_integer(p, p->pagu, "/pagu", "format", true, 1, 1, 1, &code);
    frame.default_stage = schema_string(p, p->pagu, "/pagu", "stage", false, &code);
    frame.decimals = p->decimals;
    frame.unit = p->unit;
    bool usable = frame.year || errors == pagu_findings_count_at(p->r->findings, PAGU_ERROR);
    return code == PAGU_OK && usable ? pagu_builder_frame(p->r->builder, &frame) : code;
}

static pagu_code read_pagu(package *p)
{
    pagu_code code = PAGU_OK;
    p->unit = 1;
    p->pagu = schema_object(p, p->root, "", "pagu", &code);
    if (code == PAGU_OK && !json_get(p->root, "pagu"))
        return schema_fault(p, "/pagu", "is missing");
    if (!p->pagu || code != PAGU_OK)
        return code;
    code = SCHEMA_KEYS(p, p->pagu, "/pagu", "format", "year", "years", "strategic", "organisation", "government",
                       "locale", "money", "calendar", "stage", "codes", "document", "include", "fields", "evaluation");
    static pagu_code (*const parts[])(package *) = {
        read_frame, read_strategic, read_calendar, read_document, read_texts, schema_read_fields, schema_evaluation,
    };
    for (size_t i = 0; i < COUNT_OF(parts) && code == PAGU_OK; i++)
        code = parts[i](p);
    return code;
}

pagu_code schema_read(package *p)
{
    if (!cJSON_IsObject(p->root))
        return schema_fault(p, "", "must be an object");
    pagu_code code = read_pagu(p);
    return code == PAGU_OK ? schema_list_resources(p) : code;
}
