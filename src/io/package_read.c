/* package_read.c - opening a package: descriptor, files in order, includes, the builder.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/package.h"
#include "pagu/formula.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char descriptor_name[] = "datapackage.json";

/* ---- one package ---- */

static const char *keep(package_reader *r, const char *s, size_t len)
{
    return arena_strdup(&r->text, s, len);
}

static const char *keep_joined(package_reader *r, const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    bool slash = n > 0 && a[n - 1] != '/';
    char *s = arena_alloc(&r->text, n + slash + m + 1);
    if (s)
        snprintf(s, n + slash + m + 1, "%s%s%s", a, slash ? "/" : "", b);
    return s;
}

/* Length of the path up to its last slash, that one included. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Folder, descriptor and the names that findings give them. */
static bool name_parts(package *p, const char *path, const char *shown, const char **descriptor)
{
    package_reader *r = p->r;
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        p->folder = keep(r, path, strlen(path));
        p->shown = keep_joined(r, shown, "");
        *descriptor = keep_joined(r, path, descriptor_name);
        p->file = keep_joined(r, shown, descriptor_name);
    } else {
        size_t n = folder_length(path), m = folder_length(shown);
        p->folder = keep(r, path, n);
        p->shown = keep(r, shown, m);
        *descriptor = keep(r, path, strlen(path));
        p->file = *shown ? keep(r, shown, strlen(shown)) : keep(r, path + n, strlen(path + n));
    }
    return p->folder && p->shown && *descriptor && p->file;
}

static bool resolve(package *p, const char *descriptor)
{
    char *real = realpath(descriptor, NULL);
    p->real = real ? keep(p->r, real, strlen(real)) : NULL;
    free(real);
    return p->real != NULL;
}

/* Malformed JSON is one finding: nothing behind it can be trusted. */
static pagu_code parse(package *p)
{
    package_reader *r = p->r;
    pagu_error err = { 0 };
    pagu_code code = json_parse(r->ctx, p->bytes, p->len, p->file, &p->root, &err);
    if (code != PAGU_SYNTAX)
        return code;
    place at = { .rule = "json-syntax", .file = p->file, .line = (uint32_t)err.line };
    return report_at(r->ctx, r->findings, &at, "%s", err.message);
}

pagu_code package_load(package *p, const char *path, const char *shown, pagu_error *err)
{
    package_reader *r = p->r;
    const char *descriptor;
    char *bytes;
    if (!name_parts(p, path, shown, &descriptor))
        return err_memory(r->ctx, err);
    pagu_code code = file_read(r->ctx, descriptor, 0, &bytes, &p->len, err);
    if (code != PAGU_OK)
        return code;
    p->bytes = p->owned = bytes;
    if (!resolve(p, descriptor))
        return err_memory(r->ctx, err);
    code = parse(p);
    return code == PAGU_OK ? code : err_memory(r->ctx, err);
}

void package_close(package *p)
{
    pagu_ctx *ctx = p->r->ctx;
    cJSON_Delete(p->root);
    mem_free(ctx, p->owned, p->len + 1);
    mem_free(ctx, p->stages, p->cap_stages * sizeof p->stages[0]);
    mem_free(ctx, p->trees, p->cap_trees * sizeof p->trees[0]);
}

/* Trees tell which columns of nodes are classes, costs which budgets amounts must not give. */
static const uint8_t reading_order[] = {
    RES_STAGES, RES_LEVELS,    RES_TREES,      RES_CLASSES,  RES_UNITS,        RES_NODES,  RES_TAGS,
    RES_COSTS,  RES_AMOUNTS,   RES_INDICATORS, RES_MEASURES, RES_SCALES,       RES_TABLES, RES_PRINTED,
    RES_TEXTS,  RES_PROPOSALS, RES_PARAMETERS, RES_RULES,    RES_SUPPRESSIONS, RES_CODES,  RES_CODES_MAP,
};
_Static_assert(COUNT_OF(reading_order) == RES_COUNT, "every resource is read");

/* Read a resource from a file that the descriptor does not list. */
static pagu_code read_file_as(package *p, uint32_t res, const char *path)
{
    cJSON *item = cJSON_CreateObject();
    pagu_code code = PAGU_NO_MEMORY;
    if (item && cJSON_AddStringToObject(item, "path", path)) {
        p->resource[res] = item;
        code = rows_read(p, res);
        p->resource[res] = NULL;
    }
    cJSON_Delete(item);
    return code;
}

/* Code tables that many packages share: pagu.codes.path and .map, beside the package. */
static pagu_code read_shared_codes(package *p)
{
    const char *const paths[] = { p->codes_path, p->codes_map_path };
    const uint32_t res[] = { RES_CODES, RES_CODES_MAP };
    pagu_code code = PAGU_OK;
    for (size_t i = 0; i < COUNT_OF(paths) && code == PAGU_OK; i++)
        if (paths[i] && !p->resource[res[i]])
            code = read_file_as(p, res[i], paths[i]);
    return code;
}

pagu_code package_read_parts(package *p)
{
    pagu_code code = schema_read(p);
    for (uint32_t i = 0; i < RES_COUNT && code == PAGU_OK; i++)
        if (p->resource[reading_order[i]])
            code = rows_read(p, reading_order[i]);
    if (code == PAGU_OK)
        code = read_shared_codes(p);
    return code == PAGU_OK && p->pagu ? include_read(p) : code;
}

/* ---- the whole ---- */

/* The descriptor without its rows stays with the plan: what is written again begins with it. */
static pagu_code keep_descriptor(package *p)
{
    cJSON *item, *list = cJSON_GetObjectItemCaseSensitive(p->root, "resources");
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_IsObject(item))
            cJSON_DeleteItemFromObjectCaseSensitive(item, "data");
    }
    pagu_text *text = pagu_text_new(p->r->ctx);
    if (!text)
        return PAGU_NO_MEMORY;
    pagu_code code = json_put(text, p->root, -1);
    if (code == PAGU_OK)
        code = pagu_builder_meta(p->r->builder, "descriptor", pagu_text_data(text));
    pagu_text_free(text);
    return code;
}

static bool begin(package_reader *r, pagu_ctx *ctx, pagu_findings *findings)
{
    *r = (package_reader){ .ctx = ctx, .findings = findings, .unit = 1 };
    arena_init(&r->text, ctx);
    for (uint32_t i = 0; i < RES_COUNT; i++)
        keyset_init(&r->keys[i], ctx);
    keyset_init(&r->shared, ctx);
    keyset_init(&r->costed, ctx);
    r->builder = pagu_builder_new(ctx, findings);
    return r->builder != NULL;
}

static void end(package_reader *r)
{
    pagu_builder_free(r->builder);
    for (uint32_t i = 0; i < RES_COUNT; i++)
        keyset_free(&r->keys[i]);
    keyset_free(&r->shared);
    keyset_free(&r->costed);
    arena_free(&r->text);
}

/* Hand everything to the builder's judgement: it adds what only the whole shows. */
static pagu_code conclude(package_reader *r, pagu_code code, uint32_t from, pagu_plan **out, pagu_error *err)
{
    if (code == PAGU_NO_MEMORY)
        return err_memory(r->ctx, err);
    if (code == PAGU_INTERRUPTED)
        return err_set(r->ctx, err, code, "interrupted");
    if (code != PAGU_OK && code != PAGU_LIMIT)
        return code;
    if (r->unreadable)
        return report_first(r->ctx, r->findings, from, PAGU_PACKAGE, err);
    pagu_builder *b = r->builder;
    r->builder = NULL;
    code = pagu_builder_finish(b, out, err);
    if (code == PAGU_OK) {
        code = pagu_formulas_compile(*out, r->findings, err);
        if (code != PAGU_OK) {
            pagu_plan_release(*out);
            *out = NULL;
        }
    }
    return code == PAGU_PACKAGE ? report_first(r->ctx, r->findings, from, code, err) : code;
}

static pagu_code read_top(package *p)
{
    if (!p->root) {
        p->r->unreadable = true;
        return PAGU_OK;
    }
    pagu_code code = package_read_parts(p);
    return code == PAGU_OK ? keep_descriptor(p) : code;
}

/* The least that a builder asks of a plan. */
static pagu_code give_frame(pagu_builder *b)
{
    const pagu_source src = { "", 0 };
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2000 });
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "plan", .kind = PAGU_STAGE_PLAN }, src);
    return pagu_builder_node(b, &(pagu_node_def){ .id = ".", .sign = 1 }, src);
}

static pagu_code read_lone_file(package *p, const char *path, uint32_t res)
{
    package_reader *r = p->r;
    size_t n = folder_length(path);
    p->folder = p->shown = keep(r, path, n);
    if (!p->folder)
        return PAGU_NO_MEMORY;
    pagu_code code = give_frame(r->builder);
    return code == PAGU_OK ? read_file_as(p, res, path + n) : code;
}

pagu_code package_read_document(pagu_ctx *ctx, const char *path, uint32_t res, pagu_findings *findings, pagu_plan **out,
                                pagu_error *err)
{
    package_reader r;
    package p = { .r = &r, .file = "", .unit = 1 };
    pagu_findings *own = findings ? NULL : pagu_findings_new(ctx), *fs = findings ? findings : own;
    *out = NULL;
    if (!fs)
        return err_memory(ctx, err);
    uint32_t from = pagu_findings_count(fs);
    pagu_code code = begin(&r, ctx, fs) ? PAGU_OK : err_memory(ctx, err);
    if (code == PAGU_OK)
        code = conclude(&r, read_lone_file(&p, path, res), from, out, err);
    end(&r);
    pagu_findings_free(own);
    return code;
}

/* A descriptor on disk (path), or in memory (bytes). */
static pagu_code read_package(pagu_ctx *ctx, const char *path, const char *bytes, size_t len, const char *name,
                              const memory_file *files, pagu_findings *findings, pagu_plan **out, pagu_error *err)
{
    package_reader r;
    package p = { .r = &r, .bytes = bytes, .len = len, .file = name, .shown = "", .folder = "" };
    uint32_t from = pagu_findings_count(findings);
    pagu_code code = begin(&r, ctx, findings) ? PAGU_OK : err_memory(ctx, err);
    if (code == PAGU_OK && path) {
        code = package_load(&p, path, "", err);
    } else if (code == PAGU_OK) {
        r.in_memory = true;
        r.files = files;
        code = parse(&p) == PAGU_OK ? PAGU_OK : err_memory(ctx, err);
    }
    if (code == PAGU_OK)
        code = conclude(&r, read_top(&p), from, out, err);
    package_close(&p);
    end(&r);
    return code;
}

static pagu_code read_with_findings(pagu_ctx *ctx, const char *path, const char *bytes, size_t len, const char *name,
                                    pagu_findings *findings, pagu_plan **out, pagu_error *err)
{
    pagu_findings *own = findings ? NULL : pagu_findings_new(ctx);
    *out = NULL;
    if (!findings && !own)
        return err_memory(ctx, err);
    pagu_code code = read_package(ctx, path, bytes, len, name, NULL, findings ? findings : own, out, err);
    pagu_findings_free(own);
    return code;
}

pagu_code pagu_package_open(pagu_ctx *ctx, const char *path, pagu_findings *findings, pagu_plan **out, pagu_error *err)
{
    return read_with_findings(ctx, path, NULL, 0, NULL, findings, out, err);
}

pagu_code pagu_package_read_json(pagu_ctx *ctx, const char *bytes, size_t len, const char *name,
                                 pagu_findings *findings, pagu_plan **out, pagu_error *err)
{
    return read_with_findings(ctx, NULL, bytes, len, name ? name : "", findings, out, err);
}

pagu_code package_read_memory(pagu_ctx *ctx, const char *descriptor, size_t len, const memory_file *files,
                              pagu_findings *findings, pagu_plan **out, pagu_error *err)
{
    *out = NULL;
    return read_package(ctx, NULL, descriptor, len, descriptor_name, files, findings, out, err);
}
