/* import_template.c - templates: JSON files that name the columns of a table.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/import_parts.h"

#include <stdio.h>

const char *pagu_import_template_name(uint32_t i)
{
    return shipped_templates[i].name;
}

static pagu_code fault(const pagu_ctx *ctx, pagu_error *err, const char *name, const char *at, const char *message)
{
    return err_set(ctx, err, PAGU_ARGUMENT, "template %s: %s: %s", name, at, tr(ctx, message));
}

typedef struct role_word {
    const char *word;
    import_role role;
} role_word;
static const role_word role_words[] = {
    { "code", ROLE_CODE },     { "level", ROLE_LEVEL }, { "name", ROLE_NAME },       { "indicator", ROLE_INDICATOR },
    { "unit", ROLE_UNIT },     { "money", ROLE_MONEY }, { "measure", ROLE_MEASURE }, { "claim", ROLE_CLAIM },
    { "tag", ROLE_TAG },       { "text", ROLE_NOTE },   { "number", ROLE_ROW },      { "printed", ROLE_UNKNOWN },
    { "ignore", ROLE_IGNORE },
};

/* ---- members ---- */

typedef struct member {
    const char *key;
    const char **out;
} member;

/* Texts of an object; anything that isn't listed in `others` (between bars) is an error. */
static pagu_code read_texts(pagu_ctx *ctx, const cJSON *object, const char *name, const member *members, size_t n,
                            const char *others, pagu_error *err)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object)
    {
        char bars[80];
        size_t i = 0;
        while (i < n && !str_eq(members[i].key, item->string))
            i++;
        snprintf(bars, sizeof bars, "|%.60s|", item->string);
        if (i == n && !strstr(others, bars))
            return fault(ctx, err, name, item->string, "unknown key");
        if (i < n && !cJSON_IsString(item))
            return fault(ctx, err, name, item->string, "must be a text");
        if (i < n)
            *members[i].out = item->valuestring;
    }
    return PAGU_OK;
}

static pagu_code read_headers(pagu_ctx *ctx, import_template *t, const cJSON *list, template_column *c, pagu_error *err)
{
    const cJSON *item;
    uint32_t n = 0;
    int size = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    const char **headers = arena_alloc(&t->text, ((size_t)size + 1) * sizeof *headers);
    if (!headers)
        return err_memory(ctx, err);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            return fault(ctx, err, t->name, "headers", "must be a list of texts");
        headers[n++] = item->valuestring;
    }
    if (n == 0)
        return fault(ctx, err, t->name, "headers", "must be a list of texts");
    headers[n] = NULL;
    c->headers = headers;
    return PAGU_OK;
}

static pagu_code check_column(pagu_ctx *ctx, const import_template *t, const template_column *c, pagu_error *err)
{
    bool needs = c->role == ROLE_MONEY || c->role == ROLE_MEASURE || c->role == ROLE_CLAIM || c->role == ROLE_TAG;
    if (needs && !c->field)
        return fault(ctx, err, t->name, "field", "a column of money, measure, claim or tag needs it");
    return PAGU_OK;
}

static pagu_code read_column(pagu_ctx *ctx, import_template *t, const cJSON *o, template_column *c, pagu_error *err)
{
    const char *is = NULL;
    const member members[] = { { "is", &is },          { "field", &c->field },
                               { "stage", &c->stage }, { "period", &c->period },
                               { "split", &c->split }, { "level", &c->level } };
    *c = (template_column){ .role = ROLE_UNKNOWN };
    if (!cJSON_IsObject(o))
        return fault(ctx, err, t->name, "columns", "must be a list of objects");
    pagu_code code = read_texts(ctx, o, t->name, members, COUNT_OF(members), "|headers|fill_down|", err);
    if (code == PAGU_OK)
        code = read_headers(ctx, t, json_get(o, "headers"), c, err);
    if (code != PAGU_OK)
        return code;
    size_t i = 0;
    while (is && i < COUNT_OF(role_words) && !str_eq(role_words[i].word, is))
        i++;
    if (!is || i == COUNT_OF(role_words))
        return fault(ctx, err, t->name, is ? is : "is",
                     "must be code, level, name, indicator, unit, money, measure, claim, tag, text, number, printed or "
                     "ignore");
    c->role = role_words[i].role;
    c->fill_down = cJSON_IsTrue(json_get(o, "fill_down"));
    return check_column(ctx, t, c, err);
}

static pagu_code read_columns(pagu_ctx *ctx, import_template *t, const cJSON *list, pagu_error *err)
{
    const cJSON *item;
    pagu_code code = PAGU_OK;
    int n = cJSON_GetArraySize(list);
    if (list && !cJSON_IsArray(list))
        return fault(ctx, err, t->name, "columns", "must be a list of objects");
    t->columns = arena_alloc(&t->text, ((size_t)n + 1) * sizeof *t->columns);
    if (!t->columns)
        return err_memory(ctx, err);
    cJSON_ArrayForEach(item, list)
    {
        if (code == PAGU_OK)
            code = read_column(ctx, t, item, &t->columns[t->n_columns++], err);
    }
    return code;
}

static bool is_power_of_ten(int64_t unit)
{
    while (unit >= 10 && unit % 10 == 0)
        unit /= 10;
    return unit == 1;
}

static pagu_code read_rest(pagu_ctx *ctx, import_template *t, const char *decimal, pagu_error *err)
{
    const cJSON *year = json_get(t->root, "year"), *unit = json_get(t->root, "unit"),
                *guess = json_get(t->root, "guess");
    const cJSON *printed = json_get(t->root, "printed"), *padding = json_get(t->root, "padding");
    if (year && (!cJSON_IsNumber(year) || year->valuedouble < 1 || year->valuedouble > 9999 ||
                 year->valuedouble != (int)year->valuedouble))
        return fault(ctx, err, t->name, "year", "must be a year");
    if (unit &&
        (!cJSON_IsNumber(unit) || unit->valuedouble < 1 || unit->valuedouble > 1e9 ||
         unit->valuedouble != (double)(int64_t)unit->valuedouble || !is_power_of_ten((int64_t)unit->valuedouble)))
        return fault(ctx, err, t->name, "unit", "must be 1, 10, 100, 1000 and so on");
    if (decimal && !str_eq(decimal, ",") && !str_eq(decimal, "."))
        return fault(ctx, err, t->name, "decimal", "must be \",\" or \".\"");
    t->year = year ? (int)year->valuedouble : 0;
    t->unit = unit ? (int64_t)unit->valuedouble : 0;
    t->decimal = decimal ? *decimal : 0;
    t->no_guess = cJSON_IsFalse(guess);
    t->no_printed = cJSON_IsFalse(printed);
    t->no_padding = cJSON_IsFalse(padding);
    return PAGU_OK;
}

static pagu_code read_template(pagu_ctx *ctx, import_template *t, pagu_error *err)
{
    const char *about = NULL, *decimal = NULL;
    const member members[] = { { "about", &about },    { "stage", &t->stage }, { "table", &t->table },
                               { "form", &t->form },   { "title", &t->title }, { "scope", &t->scope },
                               { "sheet", &t->sheet }, { "decimal", &decimal } };
    if (!cJSON_IsObject(t->root))
        return fault(ctx, err, t->name, "/", "must be an object");
    pagu_code code =
        read_texts(ctx, t->root, t->name, members, COUNT_OF(members), "|year|unit|guess|printed|padding|columns|", err);
    if (code == PAGU_OK)
        code = read_rest(ctx, t, decimal, err);
    if (code == PAGU_OK && t->scope && !str_eq(t->scope, "all") && !str_eq(t->scope, "listed"))
        code = fault(ctx, err, t->name, "scope", "must be all or listed");
    return code == PAGU_OK ? read_columns(ctx, t, json_get(t->root, "columns"), err) : code;
}

static pagu_code parse_file(pagu_ctx *ctx, const char *name, import_template *t, pagu_error *err)
{
    char *bytes;
    size_t len;
    pagu_code code = file_read(ctx, name, 1 << 20, &bytes, &len, err);
    if (code != PAGU_OK)
        return code;
    code = json_parse(ctx, bytes, len, name, &t->root, err);
    mem_free(ctx, bytes, len + 1);
    return code;
}

static pagu_code err_unknown(pagu_ctx *ctx, const char *name, pagu_error *err)
{
    char names[400] = "";
    for (uint32_t i = 0; shipped_templates[i].name; i++) {
        size_t n = strlen(names);
        snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "", shipped_templates[i].name);
    }
    return err_set(ctx, err, PAGU_ARGUMENT, "there is no template \"%s\"; give a JSON file, or one of %s", name, names);
}

pagu_code template_open(pagu_ctx *ctx, const char *name, import_template **out, pagu_error *err)
{
    import_template *t = mem_zalloc(ctx, sizeof *t);
    uint32_t i = 0;
    *out = NULL;
    if (!t)
        return err_memory(ctx, err);
    arena_init(&t->text, ctx);
    t->name = arena_strdup(&t->text, name, strlen(name));
    while (shipped_templates[i].name && !str_eq(shipped_templates[i].name, name))
        i++;
    pagu_code code = t->name ? PAGU_OK : err_memory(ctx, err);
    if (code == PAGU_OK && shipped_templates[i].name)
        code = json_parse(ctx, shipped_templates[i].text, shipped_templates[i].len, name, &t->root, err);
    else if (code == PAGU_OK)
        code = strchr(name, '.') || strchr(name, '/') ? parse_file(ctx, name, t, err) : err_unknown(ctx, name, err);
    if (code == PAGU_OK)
        code = read_template(ctx, t, err);
    if (code == PAGU_OK)
        *out = t;
    else
        template_close(ctx, t);
    return code;
}

void template_close(pagu_ctx *ctx, import_template *t)
{
    if (!t)
        return;
    cJSON_Delete(t->root);
    arena_free(&t->text);
    mem_free(ctx, t, sizeof *t);
}
