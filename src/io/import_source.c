/* import_source.c - JSON as a grid, and workbooks whose sheets are the files of a package.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/import_parts.h"

#include <math.h>
#include <stdio.h>

/* ---- JSON: an array of objects ---- */

enum { MOST_KEYS = 1024 };

typedef struct json_keys {
    const char *names[MOST_KEYS];
    uint32_t n;
} json_keys;

static uint32_t key_index(json_keys *k, const char *name, uint32_t expected)
{
    for (uint32_t tried = 0; tried < k->n; tried++) {
        uint32_t i = (expected + tried) % k->n;
        if (str_eq(k->names[i], name))
            return i;
    }
    if (k->n == MOST_KEYS)
        return UINT32_MAX;
    k->names[k->n] = name;
    return k->n++;
}

/* Numbers beyond fifteen digits may have lost some on their way through a double. */
static bool put_scalar(grid *g, uint32_t column, const cJSON *item)
{
    char buf[400], plain[900];
    if (cJSON_IsNull(item))
        return true;
    if (cJSON_IsString(item))
        return grid_put(g, column, GRID_TEXT, item->valuestring, strlen(item->valuestring));
    if (cJSON_IsBool(item))
        return grid_put(g, column, GRID_BOOLEAN, cJSON_IsTrue(item) ? "true" : "false", cJSON_IsTrue(item) ? 4 : 5);
    if (!cJSON_IsNumber(item))
        return grid_put(g, column, GRID_ERROR, "[…]", strlen("[…]"));
    json_number_text(item->valuedouble, buf, sizeof buf);
    int n = plain_decimal(plain, sizeof plain, buf, strlen(buf), 0);
    size_t digits = 0;
    for (const char *p = plain; n > 0 && *p; p++)
        digits += *p >= '0' && *p <= '9';
    bool exact = fabs(item->valuedouble) == floor(fabs(item->valuedouble)) || digits <= 15;
    return n < 0 || !exact ? grid_put(g, column, GRID_ERROR, buf, strlen(buf))
                           : grid_put(g, column, GRID_NUMBER, plain, (size_t)n);
}

static const cJSON *find_rows(const cJSON *root, char *pointer, size_t size)
{
    const cJSON *item, *found = NULL;
    snprintf(pointer, size, "%s", "");
    if (cJSON_IsArray(root))
        return root;
    cJSON_ArrayForEach(item, root)
    {
        if (!cJSON_IsArray(item) || !cJSON_IsObject(item->child))
            continue;
        if (found)
            return NULL; /* which of them? */
        found = item;
        snprintf(pointer, size, "/%.60s", item->string);
    }
    return found;
}

static bool put_rows(const cJSON *rows, json_keys *keys, json_cursor *cursor, grid *g, pagu_code *code)
{
    const cJSON *row, *item;
    cJSON_ArrayForEach(row, rows)
    {
        const cJSON *by_key[MOST_KEYS] = { 0 };
        uint32_t line = json_cursor_next(cursor), expected = 0;
        if (!cJSON_IsObject(row)) {
            *code = PAGU_SYNTAX;
            return true;
        }
        if (!grid_row_begin(g, line, false))
            return false;
        cJSON_ArrayForEach(item, row)
        {
            uint32_t i = key_index(keys, item->string, expected);
            if (i != UINT32_MAX)
                by_key[i] = item;
            expected = i + 1;
        }
        for (uint32_t i = 0; i < keys->n; i++)
            if (by_key[i] && !put_scalar(g, i, by_key[i]))
                return false;
    }
    return true;
}

/* The names stand in the first row of the grid; they are complete only behind the last object. */
pagu_code grid_read_json(pagu_ctx *ctx, const cJSON *root, const char *bytes, size_t len, const char *name, grid *out,
                         pagu_error *err)
{
    char pointer[80];
    const cJSON *row, *item, *rows = find_rows(root, pointer, sizeof pointer);
    pagu_code code = rows ? PAGU_OK : PAGU_SYNTAX;
    json_keys *keys = mem_zalloc(ctx, sizeof *keys);
    json_cursor cursor;
    bool room = keys != NULL;
    grid_init(out, ctx);
    cJSON_ArrayForEach(row, rows)
    {
        uint32_t expected = 0;
        cJSON_ArrayForEach(item, row)
        {
            if (keys && cJSON_IsObject(row))
                expected = key_index(keys, item->string, expected) + 1;
        }
    }
    room = room && grid_row_begin(out, 1, false);
    for (uint32_t i = 0; room && i < keys->n; i++)
        room = grid_put(out, i, GRID_TEXT, keys->names[i], strlen(keys->names[i]));
    if (room && code == PAGU_OK) {
        json_cursor_open(&cursor, bytes, len, pointer);
        room = put_rows(rows, keys, &cursor, out, &code);
    }
    mem_free(ctx, keys, sizeof *keys);
    if (!room)
        code = err_memory(ctx, err);
    else if (code != PAGU_OK)
        err_set(ctx, err, code, "%s: a list of objects is needed, one for each row", name);
    if (code != PAGU_OK)
        grid_free(out);
    return code == PAGU_SYNTAX ? err_in_file(err, code, name, 0) : code;
}

/* ---- a workbook of resources ---- */

static pagu_code read_descriptor(pagu_import *im, const char *name, const grid *g, pagu_error *err)
{
    pagu_text *text = pagu_text_new(im->ctx);
    pagu_code code = text ? PAGU_OK : PAGU_NO_MEMORY;
    for (uint32_t r = 0; r < g->n_rows && code == PAGU_OK; r++) {
        const char *part = grid_text(g, r, 0);
        if (r > 0 || *part == '{')
            code = pagu_text_append(text, part, strlen(part));
    }
    if (code == PAGU_OK)
        code = json_parse(im->ctx, pagu_text_data(text), pagu_text_len(text), name, &im->d.descriptor, err);
    pagu_text_free(text);
    return code == PAGU_NO_MEMORY ? err_memory(im->ctx, err) : code;
}

static void read_resource(pagu_import *im, uint32_t res, const char *file, const grid *g)
{
    draft *d = &im->d;
    uint32_t *at = arena_alloc(&d->cells, (g->width + 1) * sizeof *at);
    if (!at) {
        d->code = PAGU_NO_MEMORY;
        return;
    }
    for (uint32_t c = 0; c < g->width; c++)
        at[c] = *grid_text(g, 0, c) ? draft_column(d, res, grid_text(g, 0, c)) : UINT32_MAX;
    for (uint32_t r = 1; r < g->n_rows && d->code == PAGU_OK; r++) {
        const char *key[8];
        uint32_t n = 0;
        for (uint32_t k = 0; k < resources[res].n_columns && n < 8; k++) {
            if (!(resources[res].columns[k].flags & IN_KEY))
                continue;
            key[n] = "";
            for (uint32_t c = 0; c < g->width; c++)
                if (at[c] == k)
                    key[n] = grid_text(g, r, c);
            n++;
        }
        draft_row *row = draft_add(d, res, key, n, (pagu_source){ file, g->rows[r].line });
        for (uint32_t c = 0; row && c < g->width; c++)
            if (at[c] != UINT32_MAX)
                draft_set(d, row, at[c], grid_text(g, r, c));
    }
    im->n_rows += g->n_rows - 1;
}

pagu_code import_package_sheets(pagu_import *im, const char *name, const grid *grids, const char *const *names,
                                uint32_t n, pagu_error *err)
{
    const char *file = draft_keep_text(&im->d, name);
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < n && code == PAGU_OK; i++) {
        uint32_t res = resource_find(names[i]);
        if (str_eq(names[i], "datapackage"))
            code = read_descriptor(im, name, &grids[i], err);
        else if (res < RES_COUNT && grids[i].n_rows > 0)
            read_resource(im, res, file, &grids[i]);
    }
    const cJSON *year = im->d.descriptor ? json_get(json_get(im->d.descriptor, "pagu"), "year") : NULL;
    if (cJSON_IsNumber(year))
        im->d.year = (int)year->valuedouble;
    return code != PAGU_OK ? code : im->d.code == PAGU_OK ? PAGU_OK : err_memory(im->ctx, err);
}
