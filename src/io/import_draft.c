/* import_draft.c - rows of a package to be, and the plan they make.
 * SPDX-License-Identifier: MIT */
#include "io/import_draft.h"

#include "io/csv.h"
#include "io/package_writer.h"
#include "plan/plan_struct.h"

#include <stdio.h>

static void fail(draft *d)
{
    if (d->code == PAGU_OK)
        d->code = PAGU_NO_MEMORY;
}

bool draft_init(draft *d, pagu_ctx *ctx)
{
    *d = (draft){ .ctx = ctx, .unit = 1 };
    arena_init(&d->cells, ctx);
    keyset_init(&d->aliases, ctx);
    for (uint32_t i = 0; i < RES_COUNT; i++)
        keyset_init(&d->tables[i].keys, ctx);
    if (!symtab_init(&d->texts, ctx))
        return false;
    for (uint32_t i = 0; i < RES_COUNT; i++)
        for (uint32_t c = 0; c < resources[i].n_columns; c++)
            draft_column(d, i, resources[i].columns[c].name);
    return d->code == PAGU_OK;
}

void draft_free(draft *d)
{
    if (!d->ctx)
        return;
    for (uint32_t i = 0; i < RES_COUNT; i++) {
        draft_table *t = &d->tables[i];
        mem_free(d->ctx, t->columns, t->cap_columns * sizeof *t->columns);
        mem_free(d->ctx, t->rows, t->cap_rows * sizeof *t->rows);
        keyset_free(&t->keys);
    }
    keyset_free(&d->aliases);
    arena_free(&d->cells);
    symtab_free(&d->texts);
    cJSON_Delete(d->descriptor);
    *d = (draft){ 0 };
}

const char *draft_keep(draft *d, const char *text, size_t len)
{
    symbol s = symtab_intern(&d->texts, text, len);
    if (s != NO_SYMBOL)
        return symtab_str(&d->texts, s);
    fail(d);
    return "";
}

const char *draft_keep_text(draft *d, const char *text)
{
    return draft_keep(d, text, strlen(text));
}

uint32_t draft_column(draft *d, uint32_t res, const char *name)
{
    draft_table *t = &d->tables[res];
    for (uint32_t i = 0; i < t->n_columns; i++)
        if (str_eq(t->columns[i], name))
            return i;
    if (!mem_grow(d->ctx, &t->columns, &t->cap_columns, t->n_columns, sizeof *t->columns)) {
        fail(d);
        return 0;
    }
    t->columns[t->n_columns] = draft_keep_text(d, name);
    return t->n_columns++;
}

/* ---- rows by key ---- */

/* Nodes by their code, whatever its zeros; room for the normal form in buf. */
static const char *key_part(uint32_t res, uint32_t part, const char *text, char *buf, size_t size)
{
    bool node = part == 0 && (res == RES_NODES || res == RES_AMOUNTS);
    if (!node || code_normalise(text, strlen(text), '.', buf, size) == 0)
        return text;
    return buf;
}

enum { MOST_PARTS = 8 };

static uint32_t key_parts(uint32_t res, const char *const *key, uint32_t n, const char **parts, char *buf, size_t size)
{
    n = n < MOST_PARTS ? n : MOST_PARTS;
    for (uint32_t i = 0; i < n; i++)
        parts[i] = key_part(res, i, key[i], buf, size);
    return n;
}

draft_row *draft_find(draft *d, uint32_t res, const char *const *key, uint32_t n)
{
    const char *parts[MOST_PARTS];
    char buf[KEY_MAX_LEN + 2];
    n = key_parts(res, key, n, parts, buf, sizeof buf);
    const keyset_entry *e = keyset_find(&d->tables[res].keys, parts, n);
    return e ? &d->tables[res].rows[e->value] : NULL;
}

static void index_row(draft *d, uint32_t res, const char *const *key, uint32_t n, uint32_t row)
{
    const char *parts[MOST_PARTS];
    char buf[KEY_MAX_LEN + 2];
    keyset_entry *entry;
    bool added;
    n = key_parts(res, key, n, parts, buf, sizeof buf);
    if (!keyset_add(&d->tables[res].keys, parts, n, row, &entry, &added))
        fail(d);
}

static draft_row *new_row(draft *d, uint32_t res, pagu_source src)
{
    draft_table *t = &d->tables[res];
    const char **cells = arena_alloc(&d->cells, t->n_columns * sizeof *cells);
    if (!cells || !mem_grow(d->ctx, &t->rows, &t->cap_rows, t->n_rows, sizeof *t->rows)) {
        fail(d);
        return NULL;
    }
    for (uint32_t i = 0; i < t->n_columns; i++)
        cells[i] = "";
    t->rows[t->n_rows] = (draft_row){ .cells = cells, .width = t->n_columns, .src = src };
    return &t->rows[t->n_rows++];
}

draft_row *draft_append(draft *d, uint32_t res, pagu_source src)
{
    return d->code == PAGU_OK ? new_row(d, res, src) : NULL;
}

draft_row *draft_add(draft *d, uint32_t res, const char *const *key, uint32_t n, pagu_source src)
{
    draft_row *row = d->code == PAGU_OK ? new_row(d, res, src) : NULL;
    uint32_t k = 0;
    if (!row)
        return NULL;
    index_row(d, res, key, n, d->tables[res].n_rows - 1);
    for (uint32_t c = 0; c < resources[res].n_columns && k < n; c++)
        if (resources[res].columns[c].flags & IN_KEY)
            draft_set(d, row, c, key[k++]);
    return d->code == PAGU_OK ? row : NULL;
}

void draft_set(draft *d, draft_row *row, uint32_t column, const char *text)
{
    if (column >= row->width) {
        const char **wide = arena_alloc(&d->cells, (column + 1) * sizeof *wide);
        if (!wide) {
            fail(d);
            return;
        }
        for (uint32_t i = 0; i <= column; i++)
            wide[i] = draft_cell(row, i);
        row->cells = wide;
        row->width = column + 1;
    }
    row->cells[column] = draft_keep_text(d, text);
}

/* ---- from a plan ---- */

static void load_row(draft *d, uint32_t res, const csv_reader *r, const uint32_t *at)
{
    const char *key[MOST_PARTS];
    uint32_t n = 0;
    draft_row *row = new_row(d, res, (pagu_source){ NULL, 0 });
    for (uint32_t i = 0; row && i < r->n; i++)
        draft_set(d, row, at[i], r->fields[i]);
    for (uint32_t c = 0; row && c < resources[res].n_columns; c++)
        if (resources[res].columns[c].flags & IN_KEY && n < MOST_PARTS)
            key[n++] = draft_cell(row, c);
    if (row && n)
        index_row(d, res, key, n, d->tables[res].n_rows - 1);
}

/* The text is ours: it is read in place. */
static void load_text(draft *d, uint32_t res, pagu_text *text)
{
    csv_reader r;
    uint32_t n = 0, *at = NULL;
    csv_open(&r, d->ctx, NULL, "", (char *)(uintptr_t)pagu_text_data(text), pagu_text_len(text));
    if (csv_next(&r) == CSV_RECORD) {
        n = r.n;
        at = mem_array(d->ctx, n, sizeof *at);
        for (uint32_t i = 0; at && i < n; i++)
            at[i] = draft_column(d, res, r.fields[i]);
        csv_result got = at ? CSV_RECORD : CSV_NO_MEMORY;
        while (d->code == PAGU_OK && got != CSV_NO_MEMORY && (got = csv_next(&r)) == CSV_RECORD)
            load_row(d, res, &r, at);
        if (got == CSV_NO_MEMORY)
            fail(d);
    }
    mem_free(d->ctx, at, n * sizeof *at);
    csv_close(&r);
}

/* A node that is not its own code is found by it too, if only one has it. */
static void index_codes(draft *d)
{
    draft_table *t = &d->tables[RES_NODES];
    for (uint32_t i = 0; i < t->n_rows && d->code == PAGU_OK; i++) {
        const char *code = draft_cell(&t->rows[i], NODES_CODE);
        if (*code && !str_eq(code, "-") && !draft_find(d, RES_NODES, &code, 1))
            index_row(d, RES_NODES, &code, 1, i);
    }
}

static int json_integer(const cJSON *object, const char *key, int otherwise)
{
    const cJSON *item = json_get(object, key);
    return cJSON_IsNumber(item) ? (int)item->valuedouble : otherwise;
}

pagu_code draft_load(draft *d, const pagu_plan *plan, pagu_error *err)
{
    package_texts all;
    pagu_code code = package_texts_write(plan, false, &all);
    for (uint32_t i = 0; i < RES_COUNT && code == PAGU_OK && d->code == PAGU_OK; i++)
        if (all.has[i])
            load_text(d, i, all.rows[i]);
    if (code == PAGU_OK)
        code = json_parse(d->ctx, pagu_text_data(all.descriptor), pagu_text_len(all.descriptor), "descriptor",
                          &d->descriptor, err);
    if (code == PAGU_OK && d->code == PAGU_OK)
        index_codes(d);
    package_texts_free(&all);
    if (code == PAGU_OK)
        code = d->code;
    const cJSON *pagu = d->descriptor ? json_get(d->descriptor, "pagu") : NULL;
    d->year = plan->year;
    d->decimals = plan->decimals;
    d->unit = plan->unit;
    d->strategic_end = pagu ? json_integer(json_get(pagu, "strategic"), "end", 0) : 0;
    return code == PAGU_NO_MEMORY     ? err_memory(d->ctx, err)
           : code == PAGU_INTERRUPTED ? err_set(d->ctx, err, code, "interrupted")
                                      : code;
}

/* ---- to a plan ---- */

typedef struct draft_files {
    pagu_text *rows[RES_COUNT], *descriptor;
    uint32_t *lines[RES_COUNT]; /* of each row, ascending */
} draft_files;

static uint32_t line_ends(const char *text)
{
    uint32_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static pagu_code put_rows(const draft_table *t, pagu_text *out, uint32_t *lines)
{
    pagu_code code = PAGU_OK;
    uint32_t line = 2;
    for (uint32_t c = 0; c < t->n_columns && code == PAGU_OK; c++)
        code = csv_put(out, t->columns[c], c == 0);
    if (code == PAGU_OK)
        code = pagu_text_append(out, "\n", 1);
    for (uint32_t r = 0; r < t->n_rows && code == PAGU_OK; r++) {
        lines[r] = line++;
        for (uint32_t c = 0; c < t->n_columns && code == PAGU_OK; c++) {
            const char *text = draft_cell(&t->rows[r], c);
            line += line_ends(text);
            code = csv_put(out, text, c == 0);
        }
        if (code == PAGU_OK)
            code = pagu_text_append(out, "\n", 1);
    }
    return code;
}

static bool add_item(cJSON *parent, const char *key, cJSON *item)
{
    if (!item || !parent || !(key ? cJSON_AddItemToObject(parent, key, item) : cJSON_AddItemToArray(parent, item))) {
        cJSON_Delete(item);
        return false;
    }
    return true;
}

static bool add_strategic(cJSON *pagu, int end)
{
    cJSON *o = cJSON_CreateObject();
    return add_item(pagu, "strategic", o) && add_item(o, "start", cJSON_CreateNumber(end - 4)) &&
           add_item(o, "end", cJSON_CreateNumber(end));
}

static cJSON *new_descriptor(const draft *d)
{
    cJSON *root = cJSON_CreateObject(), *pagu = cJSON_CreateObject();
    bool ok = add_item(root, "pagu", pagu);
    ok = ok && add_item(root, "name", cJSON_CreateString(d->name ? d->name : "rencana")) &&
         (!d->title || add_item(root, "title", cJSON_CreateString(d->title))) &&
         add_item(pagu, "format", cJSON_CreateNumber(1)) && add_item(pagu, "year", cJSON_CreateNumber(d->year)) &&
         add_item(pagu, "locale", cJSON_CreateString("id")) &&
         (!d->strategic_end || add_strategic(pagu, d->strategic_end)) &&
         add_item(root, "resources", cJSON_CreateArray());
    if (ok)
        return root;
    cJSON_Delete(root);
    return NULL;
}

static cJSON *resource_named(cJSON *list, const char *name)
{
    cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *named = json_get(item, "name");
        if (cJSON_IsString(named) && str_eq(named->valuestring, name))
            return item;
    }
    return NULL;
}

/* A column that the import brought must be declared where the others are. */
static bool declare_columns(const draft_table *t, cJSON *resource)
{
    cJSON *field,
        *fields = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(resource, "schema"), "fields");
    for (uint32_t c = 0; fields && c < t->n_columns; c++) {
        bool found = false;
        cJSON_ArrayForEach(field, fields)
        {
            const cJSON *name = json_get(field, "name");
            found = found || (cJSON_IsString(name) && str_eq(name->valuestring, t->columns[c]));
        }
        cJSON *o = found ? NULL : cJSON_CreateObject();
        if (!found && !(add_item(fields, NULL, o) && add_item(o, "name", cJSON_CreateString(t->columns[c])) &&
                        add_item(o, "type", cJSON_CreateString("string"))))
            return false;
    }
    return true;
}

static bool list_resource(const draft *d, uint32_t res, cJSON *list)
{
    char path[40];
    const draft_table *t = &d->tables[res];
    cJSON *item = resource_named(list, resources[res].name);
    snprintf(path, sizeof path, "%s.csv", resources[res].name);
    if (item)
        return declare_columns(t, item);
    item = cJSON_CreateObject();
    return add_item(list, NULL, item) && add_item(item, "name", cJSON_CreateString(resources[res].name)) &&
           add_item(item, "path", cJSON_CreateString(path));
}

static pagu_code put_descriptor(const draft *d, const bool *has, pagu_text *out)
{
    cJSON *root = d->descriptor ? cJSON_Duplicate(d->descriptor, true) : new_descriptor(d);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "resources");
    cJSON *pagu = cJSON_GetObjectItemCaseSensitive(root, "pagu");
    bool ok = root && list && pagu;
    if (ok && d->strategic_end && !json_get(pagu, "strategic"))
        ok = add_strategic(pagu, d->strategic_end);
    for (uint32_t i = 0; i < RES_COUNT && ok; i++)
        ok = !has[i] || list_resource(d, i, list);
    pagu_code code = ok ? json_put(out, root, -1) : PAGU_NO_MEMORY;
    cJSON_Delete(root);
    return code;
}

static pagu_code make_files(const draft *d, draft_files *f, memory_file *files)
{
    bool has[RES_COUNT];
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < RES_COUNT && code == PAGU_OK; i++) {
        const draft_table *t = &d->tables[i];
        has[i] = t->n_rows > 0 || resources[i].required;
        if (!has[i])
            continue;
        f->rows[i] = pagu_text_new(d->ctx);
        f->lines[i] = mem_array(d->ctx, t->n_rows, sizeof *f->lines[i]);
        code = f->rows[i] && (f->lines[i] || t->n_rows == 0) ? put_rows(t, f->rows[i], f->lines[i]) : PAGU_NO_MEMORY;
        if (code == PAGU_OK)
            files[i] = (memory_file){ (char *)(uintptr_t)pagu_text_data(f->rows[i]), pagu_text_len(f->rows[i]) };
    }
    f->descriptor = pagu_text_new(d->ctx);
    return code == PAGU_OK && f->descriptor ? put_descriptor(d, has, f->descriptor) : PAGU_NO_MEMORY;
}

static void free_files(const draft *d, draft_files *f)
{
    for (uint32_t i = 0; i < RES_COUNT; i++) {
        pagu_text_free(f->rows[i]);
        mem_free(d->ctx, f->lines[i], d->tables[i].n_rows * sizeof *f->lines[i]);
    }
    pagu_text_free(f->descriptor);
}

/* The row of a file that a finding is about; NULL if none. */
static const draft_row *row_of(const draft *d, const draft_files *f, const pagu_finding *finding)
{
    char name[40];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(finding->file, "."), finding->file);
    uint32_t res = resource_find(name);
    if (res == RES_COUNT || !f->lines[res] || finding->line < 2)
        return NULL;
    uint32_t low = 0, high = d->tables[res].n_rows;
    while (low < high) { /* the last row that begins at or before the line */
        uint32_t mid = low + (high - low) / 2;
        if (f->lines[res][mid] <= finding->line)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? &d->tables[res].rows[low - 1] : NULL;
}

/* What the reader found, told of the files that were imported. */
static pagu_code tell(const draft *d, const draft_files *f, const pagu_findings *found, pagu_findings *to)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < pagu_findings_count(found) && code == PAGU_OK; i++) {
        pagu_finding finding = *pagu_findings_get(found, i);
        const draft_row *row = row_of(d, f, &finding);
        if (row && row->src.file) {
            finding.file = row->src.file;
            finding.line = row->src.line;
        }
        code = pagu_findings_add(to, &finding);
    }
    return code;
}

pagu_code draft_finish(draft *d, pagu_findings *findings, pagu_plan **out, pagu_error *err)
{
    draft_files f = { 0 };
    memory_file files[RES_COUNT] = { 0 };
    pagu_findings *found = pagu_findings_new(d->ctx);
    *out = NULL;
    pagu_code code = d->code != PAGU_OK ? d->code : found ? make_files(d, &f, files) : PAGU_NO_MEMORY;
    if (code == PAGU_OK) {
        code = package_read_memory(d->ctx, pagu_text_data(f.descriptor), pagu_text_len(f.descriptor), files, found, out,
                                   err);
        uint32_t from = pagu_findings_count(findings);
        if (tell(d, &f, found, findings) != PAGU_OK) {
            pagu_plan_release(*out);
            *out = NULL;
            code = err_memory(d->ctx, err);
        } else if (code == PAGU_PACKAGE) {
            code = report_first(d->ctx, findings, from, code, err);
        }
    } else {
        code = err_memory(d->ctx, err);
    }
    free_files(d, &f);
    pagu_findings_free(found);
    return code;
}
