/* suppress.c - adding a suppression to a package's folder.
 *
 * suppressions.csv is rewritten whole or not at all, with the columns that it has; a descriptor
 * that does not list it is rewritten after it, so that a crash between leaves an unlisted file
 * and a package that still loads.
 *
 * SPDX-License-Identifier: MIT */
#include "io/csv.h"
#include "io/json.h"
#include "pagu/check.h"
#include "pagu/package.h"

#include <stdio.h>

enum { COLUMNS = 6 };
static const char *const column_names[COLUMNS] = { "rule", "owner", "table", "row", "column", "reason" };

typedef struct suppressing {
    pagu_ctx *ctx;
    pagu_error *err;
    const char *folder;
    const char *cells[COLUMNS];
    char descriptor[4096], file[4096];
    pagu_text *old, *csv, *json;
    cJSON *root;
    bool listed;
} suppressing;

/* ---- the descriptor ---- */

static pagu_code refuse(const suppressing *s)
{
    return err_set(s->ctx, s->err, PAGU_ARGUMENT, "the suppressions of %s don't stand in a CSV file; add the row there",
                   s->folder);
}

static cJSON *find_resource(const cJSON *resources)
{
    cJSON *r;
    cJSON_ArrayForEach(r, resources)
    {
        const cJSON *name = json_get(r, "name");
        if (cJSON_IsString(name) && str_eq(name->valuestring, "suppressions"))
            return r;
    }
    return NULL;
}

static pagu_code find_file(suppressing *s)
{
    const cJSON *resources = json_get(s->root, "resources"), *found = find_resource(resources);
    const cJSON *path = found ? json_get(found, "path") : NULL;
    s->listed = found != NULL;
    if (!cJSON_IsArray(resources) || (found && !cJSON_IsString(path)))
        return refuse(s);
    int n = snprintf(s->file, sizeof s->file, "%s/%s", s->folder, found ? path->valuestring : "suppressions.csv");
    return n < 0 || (size_t)n >= sizeof s->file ? refuse(s) : PAGU_OK;
}

static pagu_code read_descriptor(suppressing *s)
{
    int n = snprintf(s->descriptor, sizeof s->descriptor, "%s/datapackage.json", s->folder);
    if (n < 0 || (size_t)n >= sizeof s->descriptor)
        return refuse(s);
    pagu_code code = pagu_read_all(s->ctx, s->descriptor, 0, s->old, s->err);
    if (code == PAGU_OK)
        code = json_parse(s->ctx, pagu_text_data(s->old), pagu_text_len(s->old), s->descriptor, &s->root, s->err);
    return code == PAGU_OK ? find_file(s) : code;
}

static bool add_text(cJSON *o, const char *name, const char *value)
{
    return cJSON_AddStringToObject(o, name, value) != NULL;
}

static pagu_code write_descriptor(suppressing *s)
{
    cJSON *resources = cJSON_GetObjectItemCaseSensitive(s->root, "resources"), *r = cJSON_CreateObject();
    bool ok = r && cJSON_AddItemToArray(resources, r);
    if (r && !ok)
        cJSON_Delete(r);
    ok = ok && add_text(r, "name", "suppressions") && add_text(r, "path", "suppressions.csv") &&
         add_text(r, "type", "table") && add_text(r, "format", "csv") && add_text(r, "mediatype", "text/csv") &&
         add_text(r, "encoding", "utf-8");
    pagu_code code = ok ? json_put(s->json, s->root, 0) : PAGU_NO_MEMORY;
    if (code == PAGU_OK)
        code = pagu_text_append(s->json, "\n", 1);
    if (code != PAGU_OK)
        return err_memory(s->ctx, s->err);
    return pagu_write_atomic(s->ctx, s->descriptor, pagu_text_data(s->json), pagu_text_len(s->json), s->err);
}

/* ---- the file ---- */

static const char *cell_of(const suppressing *s, const char *column)
{
    for (uint32_t i = 0; i < COLUMNS; i++)
        if (str_eq(column_names[i], column))
            return s->cells[i];
    return "";
}

/* A row with the columns that the file has, in their order. */
static pagu_code put_row(suppressing *s, const char *const *columns, uint32_t n)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < n && code == PAGU_OK; i++)
        code = csv_put(s->csv, cell_of(s, columns[i]), i == 0);
    return code == PAGU_OK ? pagu_text_append(s->csv, "\n", 1) : code;
}

static pagu_code start_file(suppressing *s)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < COLUMNS && code == PAGU_OK; i++)
        code = csv_put(s->csv, column_names[i], i == 0);
    if (code == PAGU_OK)
        code = pagu_text_append(s->csv, "\n", 1);
    return code == PAGU_OK ? put_row(s, column_names, COLUMNS) : code;
}

/* The reader cuts its text into fields: it gets a copy. */
static pagu_code extend_file(suppressing *s)
{
    csv_reader r;
    pagu_text *copy = pagu_text_new(s->ctx);
    pagu_findings *faults = pagu_findings_new(s->ctx);
    pagu_code code = copy && faults ? pagu_read_all(s->ctx, s->file, 0, copy, s->err) : PAGU_NO_MEMORY;
    size_t len = code == PAGU_OK ? pagu_text_len(copy) : 0;
    if (code == PAGU_OK)
        code = pagu_text_append(s->csv, pagu_text_data(copy), len);
    if (code == PAGU_OK && len > 0 && pagu_text_data(copy)[len - 1] != '\n')
        code = pagu_text_append(s->csv, "\n", 1);
    if (code == PAGU_OK) {
        csv_open(&r, s->ctx, faults, "suppressions.csv", (char *)pagu_text_data(copy), len);
        csv_result got = csv_next(&r);
        code = got == CSV_RECORD      ? put_row(s, (const char *const *)r.fields, r.n)
               : got == CSV_NO_MEMORY ? PAGU_NO_MEMORY
                                      : start_file(s);
        csv_close(&r);
    }
    pagu_text_free(copy);
    pagu_findings_free(faults);
    return code;
}

static pagu_code write_file(suppressing *s)
{
    pagu_code code = s->listed ? extend_file(s) : start_file(s);
    if (code == PAGU_NO_MEMORY)
        return err_memory(s->ctx, s->err);
    if (code != PAGU_OK)
        return code;
    return pagu_write_atomic(s->ctx, s->file, pagu_text_data(s->csv), pagu_text_len(s->csv), s->err);
}

/* ---- all ---- */

static bool is_blank_text(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

pagu_code pagu_suppress(pagu_ctx *ctx, const char *folder, const pagu_suppression *what, pagu_error *err)
{
    char row[16] = "";
    uint32_t rule;
    pagu_code code = pagu_rule_find(ctx, what->rule ? what->rule : "", &rule, err);
    if (code != PAGU_OK)
        return code;
    if (is_blank_text(what->reason))
        return err_set(ctx, err, PAGU_ARGUMENT, "a suppression needs a reason");
    if (what->row)
        snprintf(row, sizeof row, "%u", what->row);
    suppressing s = { .ctx = ctx,
                      .err = err,
                      .folder = folder,
                      .old = pagu_text_new(ctx),
                      .csv = pagu_text_new(ctx),
                      .json = pagu_text_new(ctx),
                      .cells = { what->rule, what->owner ? what->owner : "", what->table ? what->table : "", row,
                                 what->column ? what->column : "", what->reason } };
    code = s.old && s.csv && s.json ? read_descriptor(&s) : err_memory(ctx, err);
    if (code == PAGU_OK)
        code = write_file(&s);
    if (code == PAGU_OK && !s.listed)
        code = write_descriptor(&s);
    cJSON_Delete(s.root);
    pagu_text_free(s.old);
    pagu_text_free(s.csv);
    pagu_text_free(s.json);
    return code;
}
