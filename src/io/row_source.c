/* row_source.c - rows as fields of text, from a CSV file or from inline data.
 * SPDX-License-Identifier: MIT */
#include "io/row_source.h"

#include "io/file.h"

#include <stdio.h>

enum { NUMBER_ROOM = 400 }; /* the smallest double that the validator lets pass */

static row_result fault(const row_source *s, uint32_t line, const char *column, const char *message)
{
    package_reader *r = s->p->r;
    place at = { .rule = s->is_inline ? "json-syntax" : "csv-syntax", .file = s->file, .line = line, .column = column };
    return report_text(r->ctx, r->findings, &at, message) == PAGU_OK ? ROW_FAULTY : ROW_NO_MEMORY;
}

/* ---- files ---- */

static row_result missing_file(row_source *s, pagu_code code, const pagu_error *err)
{
    package_reader *r = s->p->r;
    if (code == PAGU_NO_MEMORY)
        return ROW_NO_MEMORY;
    place at = { .rule = code == PAGU_NOT_FOUND ? "missing-file" : "unreadable-file", .file = s->file };
    return report_at(r->ctx, r->findings, &at, "%s", err->message) == PAGU_OK ? ROW_FAULTY : ROW_NO_MEMORY;
}

static const char *join_names(package_reader *r, const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    char *s = arena_alloc(&r->text, n + m + 1);
    if (s) {
        memcpy(s, a, n);
        memcpy(s + n, b, m + 1);
    }
    return s;
}

/* The header outlives its record. */
static row_result keep_header(row_source *s, char **fields, uint32_t n)
{
    arena *text = &s->p->r->text;
    s->width = n;
    s->header = arena_alloc(text, n * sizeof *s->header);
    if (!s->header)
        return ROW_NO_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        if (!(s->header[i] = arena_strdup(text, fields[i], strlen(fields[i]))))
            return ROW_NO_MEMORY;
    return ROW_OK;
}

static row_result open_stream(row_source *s, char *path)
{
    package_reader *r = s->p->r;
    pagu_error err = { 0 };
    pagu_code code = file_open(r->ctx, path, 0, &s->in, &err);
    if (code != PAGU_OK) {
        mem_free(r->ctx, path, strlen(path) + 1);
        return missing_file(s, code, &err);
    }
    s->path = path;
    code = csv_open_file(&s->csv, r->ctx, r->findings, s->file, &s->in);
    return code == PAGU_OK ? ROW_OK : missing_file(s, code, &s->csv.error);
}

static row_result open_memory(row_source *s, const memory_file *file)
{
    package_reader *r = s->p->r;
    csv_open(&s->csv, r->ctx, r->findings, s->file, file->bytes, file->len);
    s->in_memory = true;
    return ROW_OK;
}

static row_result open_file(row_source *s, const char *name)
{
    package_reader *r = s->p->r;
    const memory_file *file = r->files && r->files[s->res].bytes ? &r->files[s->res] : NULL;
    s->file = join_names(r, s->p->shown, name);
    char *path = s->file && !file ? path_join(r->ctx, s->p->folder, name) : NULL;
    row_result opened = file && s->file ? open_memory(s, file) : path ? open_stream(s, path) : ROW_NO_MEMORY;
    if (opened != ROW_OK)
        return opened;
    csv_result got = csv_next(&s->csv);
    if (got == CSV_NO_MEMORY)
        return ROW_NO_MEMORY;
    if (got == CSV_UNREADABLE)
        return missing_file(s, PAGU_IO, &s->csv.error);
    if (s->csv.n_faults)
        return ROW_FAULTY; /* what came instead of a header says nothing of the rows */
    if (got == CSV_END)
        return fault(s, 1, NULL, "the file is empty; it needs a header");
    s->line = s->csv.line;
    return keep_header(s, s->csv.fields, s->csv.n);
}

/* ---- inline data ---- */

/* Text of a scalar, or NULL for a list or an object. */
static char *scalar_text(const cJSON *item, char *number)
{
    static char empty[] = "", yes[] = "true", no[] = "false";
    if (!item || cJSON_IsNull(item))
        return empty;
    if (cJSON_IsString(item))
        return item->valuestring;
    if (cJSON_IsBool(item))
        return cJSON_IsTrue(item) ? yes : no;
    if (!cJSON_IsNumber(item))
        return NULL;
    json_number_text(item->valuedouble, number, NUMBER_ROOM);
    return number;
}

static row_result header_of_list(row_source *s, const cJSON *row)
{
    uint32_t n = 0, count = (uint32_t)cJSON_GetArraySize(row);
    const cJSON *item;
    s->header = arena_alloc(&s->p->r->text, (count ? count : 1) * sizeof *s->header);
    if (!s->header)
        return ROW_NO_MEMORY;
    cJSON_ArrayForEach(item, row)
    {
        if (!cJSON_IsString(item))
            return fault(s, s->line, NULL, "the first row must hold the names of the columns");
        s->header[n++] = item->valuestring;
    }
    s->width = n;
    s->next = row->next;
    return ROW_OK;
}

/* Objects name their cells: the columns are those of the schema, or all there are. */
static row_result header_of_objects(row_source *s)
{
    schema_field *fields;
    uint32_t n;
    const resource_spec *spec = &resources[s->res];
    if (schema_fields(s->p, s->res, &fields, &n) != PAGU_OK)
        return ROW_NO_MEMORY;
    s->width = n ? n : spec->n_columns;
    s->header = arena_alloc(&s->p->r->text, s->width * sizeof *s->header);
    if (!s->header)
        return ROW_NO_MEMORY;
    for (uint32_t i = 0; i < s->width; i++)
        s->header[i] = n ? fields[i].name : spec->columns[i].name;
    s->objects = true;
    return ROW_OK;
}

static row_result open_data(row_source *s, const cJSON *data)
{
    package_reader *r = s->p->r;
    char pointer[48];
    s->is_inline = true;
    s->file = s->p->file;
    s->next = data->child;
    snprintf(pointer, sizeof pointer, "/resources/%d/data", s->p->index[s->res]);
    json_cursor_open(&s->cursor, s->p->bytes, s->p->len, pointer);
    row_result got;
    if (cJSON_IsArray(s->next)) {
        s->line = json_cursor_next(&s->cursor);
        got = header_of_list(s, s->next);
    } else {
        s->line = s->cursor.line;
        got = header_of_objects(s);
    }
    if (got != ROW_OK)
        return got;
    s->fields = mem_zarray(r->ctx, s->width, sizeof s->fields[0]);
    s->numbers = mem_array(r->ctx, s->width, NUMBER_ROOM);
    return s->width == 0 || (s->fields && s->numbers) ? ROW_OK : ROW_NO_MEMORY;
}

static row_result next_list(row_source *s, const cJSON *row)
{
    uint32_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, row)
    {
        if (i == s->width)
            return fault(s, s->line, NULL, "the row has more cells than there are columns");
        s->fields[i] = scalar_text(item, s->numbers + i * NUMBER_ROOM);
        if (!s->fields[i])
            return fault(s, s->line, s->header[i], "a cell must be a text, a number, true, false or null");
        i++;
    }
    return i == s->width ? ROW_OK : fault(s, s->line, NULL, "the row has fewer cells than there are columns");
}

/* Members mostly come in the order of the columns. */
static uint32_t column_of(const row_source *s, const char *name, uint32_t expected)
{
    for (uint32_t tried = 0; tried < s->width; tried++) {
        uint32_t i = (expected + tried) % s->width;
        if (str_eq(s->header[i], name))
            return i;
    }
    return NO_COLUMN;
}

static row_result next_object(row_source *s, const cJSON *row)
{
    const cJSON *item;
    uint32_t expected = 0;
    for (uint32_t i = 0; i < s->width; i++)
        s->fields[i] = scalar_text(NULL, NULL);
    cJSON_ArrayForEach(item, row)
    {
        uint32_t i = column_of(s, item->string, expected);
        if (i == NO_COLUMN)
            return fault(s, s->line, item->string, "undeclared column");
        s->fields[i] = scalar_text(item, s->numbers + i * NUMBER_ROOM);
        if (!s->fields[i])
            return fault(s, s->line, item->string, "a cell must be a text, a number, true, false or null");
        expected = i + 1;
    }
    return ROW_OK;
}

static row_result next_inline(row_source *s)
{
    const cJSON *row = s->next;
    if (!row)
        return ROW_END;
    s->next = row->next;
    s->line = json_cursor_next(&s->cursor);
    if (s->objects && cJSON_IsObject(row))
        return next_object(s, row);
    if (!s->objects && cJSON_IsArray(row))
        return next_list(s, row);
    return fault(s, s->line, NULL, "rows must be all lists or all objects");
}

/* ---- either ---- */

row_result source_open(row_source *s, package *p, uint32_t res)
{
    *s = (row_source){ .p = p, .res = res };
    const cJSON *data = json_get(p->resource[res], "data");
    return data ? open_data(s, data) : open_file(s, json_get(p->resource[res], "path")->valuestring);
}

row_result source_next(row_source *s)
{
    if (s->is_inline)
        return next_inline(s);
    csv_result got = csv_next(&s->csv);
    s->fields = s->csv.fields;
    s->line = s->csv.line;
    if (got == CSV_UNREADABLE) /* told once; nothing follows */
        return missing_file(s, PAGU_IO, &s->csv.error);
    return got == CSV_RECORD ? ROW_OK : got == CSV_END ? ROW_END : ROW_NO_MEMORY;
}

void source_close(row_source *s)
{
    pagu_ctx *ctx = s->p->r->ctx;
    if (s->is_inline) {
        mem_free(ctx, s->fields, s->width * sizeof s->fields[0]);
        mem_free(ctx, s->numbers, (size_t)s->width * NUMBER_ROOM);
    } else if (s->in_memory) {
        csv_close(&s->csv);
    } else if (s->path) {
        csv_close(&s->csv);
        file_close(&s->in);
        mem_free(ctx, s->path, strlen(s->path) + 1);
    }
}
