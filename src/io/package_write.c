/* package_write.c - a plan as a folder or as one JSON file.
 * SPDX-License-Identifier: MIT */
#include "io/file.h"
#include "io/package_writer.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Included packages are part of the plan now. */
static bool parse_descriptor(package_writer *w)
{
    const char *text = pagu_plan_meta(w->plan, "descriptor");
    if (!text)
        return true;
    pagu_code code = json_parse(w->ctx, text, strlen(text), "descriptor", &w->descriptor, NULL);
    if (code == PAGU_SYNTAX || (code == PAGU_OK && !cJSON_IsObject(w->descriptor))) {
        cJSON_Delete(w->descriptor); /* made by hand: a new one is written */
        w->descriptor = NULL;
        return true;
    }
    cJSON *include =
        w->descriptor
            ? cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(w->descriptor, "pagu"), "include")
            : NULL;
    if (cJSON_IsArray(include)) {
        cJSON_Delete(include->child);
        include->child = NULL;
    }
    cJSON *codes = cJSON_GetObjectItemCaseSensitive(
        w->descriptor ? cJSON_GetObjectItemCaseSensitive(w->descriptor, "pagu") : NULL, "codes");
    cJSON_DeleteItemFromObjectCaseSensitive(codes, "path"); /* their rows are written with the plan */
    cJSON_DeleteItemFromObjectCaseSensitive(codes, "map");
    cJSON *pagu = w->descriptor ? cJSON_GetObjectItemCaseSensitive(w->descriptor, "pagu") : NULL;
    return code == PAGU_OK && (!pagu || writer_add_fields(w->plan, pagu));
}

bool writer_open(package_writer *w, const pagu_plan *plan, bool is_inline)
{
    *w = (package_writer){ .ctx = plan->ctx, .plan = plan, .is_inline = is_inline };
    keyset_init(&w->codes, w->ctx);
    keyset_init(&w->costed, w->ctx);
    w->scratch = pagu_text_new(w->ctx);
    return w->scratch && parse_descriptor(w);
}

void writer_close(package_writer *w)
{
    cJSON_Delete(w->descriptor);
    pagu_text_free(w->scratch);
    mem_free(w->ctx, w->columns, w->cap_columns * sizeof *w->columns);
    keyset_free(&w->codes);
    keyset_free(&w->costed);
}

/* ---- all files, in memory ---- */

typedef package_texts written;

void package_texts_free(package_texts *out)
{
    for (uint32_t i = 0; i < RES_COUNT; i++)
        pagu_text_free(out->rows[i]);
    pagu_text_free(out->descriptor);
}

static void write_resource(package_writer *w, written *out, uint32_t res)
{
    out->rows[res] = w->out = pagu_text_new(w->ctx);
    if (!w->out) {
        writer_fail(w, PAGU_NO_MEMORY);
        return;
    }
    writer_lay_columns(w, res);
    if (w->code == PAGU_OK)
        writer_put_rows(w);
    out->has[res] = w->n_rows > 0 || resources[res].required;
}

pagu_code package_texts_write(const pagu_plan *plan, bool is_inline, package_texts *out)
{
    package_writer w;
    *out = (written){ .descriptor = pagu_text_new(plan->ctx) };
    if (!writer_open(&w, plan, is_inline) || !out->descriptor)
        writer_fail(&w, PAGU_NO_MEMORY);
    for (uint32_t i = 0; i < RES_COUNT && w.code == PAGU_OK; i++) {
        write_resource(&w, out, i);
        if (pagu_ctx_interrupted(plan->ctx))
            writer_fail(&w, PAGU_INTERRUPTED);
    }
    if (w.code == PAGU_OK)
        writer_put_descriptor(&w, out->descriptor, out->has, out->rows);
    writer_close(&w);
    return w.code;
}

static pagu_code report(const pagu_plan *plan, pagu_code code, pagu_error *err)
{
    return code == PAGU_INTERRUPTED ? err_set(plan->ctx, err, code, "interrupted") : err_memory(plan->ctx, err);
}

pagu_code pagu_package_write_json(const pagu_plan *plan, pagu_text *out, pagu_error *err)
{
    written all;
    pagu_code code = package_texts_write(plan, true, &all);
    if (code == PAGU_OK)
        code = pagu_text_append(out, pagu_text_data(all.descriptor), pagu_text_len(all.descriptor));
    package_texts_free(&all);
    return code == PAGU_OK ? code : report(plan, code, err);
}

/* ---- a folder ---- */

enum { DESCRIPTOR = RES_COUNT, FILES };

static const char *file_name(uint32_t i, char buf[40])
{
    snprintf(buf, 40, "%s", i == DESCRIPTOR ? "datapackage.json" : "");
    if (i < RES_COUNT)
        snprintf(buf, 40, "%s.csv", resources[i].name);
    return buf;
}

static pagu_code stage_file(pagu_ctx *ctx, const char *folder, uint32_t i, const pagu_text *text, staged_file *out,
                            pagu_error *err)
{
    char name[40];
    char *path = path_join(ctx, folder, file_name(i, name));
    if (!path)
        return err_memory(ctx, err);
    pagu_code code = file_stage(ctx, path, pagu_text_data(text), pagu_text_len(text), out, err);
    mem_free(ctx, path, strlen(path) + 1);
    return code;
}

/* Files that the package in the folder had and this one has not. Others are left alone. */
static void find_stale(pagu_ctx *ctx, const char *folder, const bool *has, bool *stale)
{
    char *bytes, name[40];
    size_t len;
    cJSON *root = NULL;
    char *path = path_join(ctx, folder, file_name(DESCRIPTOR, name));
    if (path && file_read(ctx, path, 0, &bytes, &len, NULL) == PAGU_OK) {
        json_parse(ctx, bytes, len, path, &root, NULL);
        mem_free(ctx, bytes, len + 1);
    }
    mem_free(ctx, path, path ? strlen(path) + 1 : 0);
    const cJSON *item, *list = root ? json_get(root, "resources") : NULL;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *named = json_get(item, "name"), *at = json_get(item, "path");
        uint32_t res = cJSON_IsString(named) ? resource_find(named->valuestring) : RES_COUNT;
        if (res < RES_COUNT && !has[res] && cJSON_IsString(at) && str_eq(at->valuestring, file_name(res, name)))
            stale[res] = true;
    }
    cJSON_Delete(root);
}

static void remove_stale(pagu_ctx *ctx, const char *folder, const bool *stale)
{
    char name[40];
    for (uint32_t i = 0; i < RES_COUNT; i++) {
        char *path = stale[i] ? path_join(ctx, folder, file_name(i, name)) : NULL;
        if (path)
            unlink(path);
        mem_free(ctx, path, path ? strlen(path) + 1 : 0);
    }
}

/* All files are staged before the first takes its name; the descriptor comes last. */
static pagu_code save_files(pagu_ctx *ctx, const char *folder, const written *all, pagu_error *err)
{
    staged_file files[FILES] = { 0 };
    bool stale[RES_COUNT] = { false };
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < FILES && code == PAGU_OK; i++)
        if (i == DESCRIPTOR || all->has[i])
            code = stage_file(ctx, folder, i, i == DESCRIPTOR ? all->descriptor : all->rows[i], &files[i], err);
    if (code == PAGU_OK)
        find_stale(ctx, folder, all->has, stale);
    for (uint32_t i = 0; i < FILES; i++) {
        if (!files[i].path)
            continue;
        if (code == PAGU_OK)
            code = file_commit(ctx, &files[i], err);
        else
            file_discard(ctx, &files[i]);
    }
    if (code == PAGU_OK)
        remove_stale(ctx, folder, stale);
    return code;
}

pagu_code pagu_package_save(const pagu_plan *plan, const char *folder, pagu_error *err)
{
    written all;
    pagu_ctx *ctx = plan->ctx;
    pagu_code code = package_texts_write(plan, false, &all);
    if (code != PAGU_OK)
        report(plan, code, err);
    else if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        code = err_in_file(err, err_set(ctx, err, PAGU_IO, "%s: %s", folder, file_reason(ctx, errno)), folder, 0);
    else
        code = save_files(ctx, folder, &all, err);
    package_texts_free(&all);
    return code;
}
