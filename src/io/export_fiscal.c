/* export_fiscal.c - a plan as a Fiscal Data Package 1.0rc1: one tidy CSV, an amount a row, and a
 * descriptor whose columns carry the types of the budget taxonomy.
 * https://specs.frictionlessdata.io/fiscal-data-package, fiscal-data-package--budgets
 * SPDX-License-Identifier: MIT */
#include "base/table.h"
#include "io/file.h"
#include "io/json.h"
#include "pagu/package.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define TAXONOMY "https://specs.frictionlessdata.io/taxonomies/fiscal/budgets.json"

enum { MAX_FIELDS = 120, TYPE_SIZE = 80 };

/* A column of budget.csv. */
typedef struct fiscal_field {
    char name[TYPE_SIZE], type[TYPE_SIZE]; /* type: of the taxonomy, or one of our own */
    const char *title, *data_type;
    bool own_type;
} fiscal_field;

typedef struct fiscal {
    const pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_table *table;
    fiscal_field fields[MAX_FIELDS];
    uint32_t n_fields;
    uint32_t first_level, first_tree; /* columns where they begin */
    pagu_level levels[MAX_FIELDS / 4];
    uint32_t trees[MAX_FIELDS / 4];
    uint32_t n_levels, n_trees;
    pagu_code code;
    pagu_error *err;
} fiscal;

static void fail(fiscal *f, pagu_code code)
{
    if (code != PAGU_OK && f->code == PAGU_OK) {
        f->code = code;
        if (code == PAGU_INTERRUPTED)
            err_set(f->ctx, f->err, code, "interrupted");
        else
            err_memory(f->ctx, f->err);
    }
}

/* ---- columns ---- */

static fiscal_field *add_field(fiscal *f, const char *name, pagu_column_type column, const char *type,
                               const char *data_type, const char *title)
{
    static fiscal_field none; /* never written: more columns are refused first */
    if (f->code != PAGU_OK || f->n_fields >= MAX_FIELDS)
        return &none;
    fiscal_field *field = &f->fields[f->n_fields++];
    *field = (fiscal_field){ .title = title, .data_type = data_type };
    snprintf(field->name, sizeof field->name, "%s", name);
    snprintf(field->type, sizeof field->type, "%s", type);
    fail(f, pagu_table_add_column(f->table, field->name, title, column));
    return field;
}

static void add_pair(fiscal *f, const char *id, const char *code_type, const char *label_type, const char *title,
                     bool own)
{
    char name[TYPE_SIZE];
    snprintf(name, sizeof name, "%.60s_code", id);
    fiscal_field *code = add_field(f, name, PAGU_COL_TEXT, code_type, "string", title);
    snprintf(name, sizeof name, "%.60s_label", id);
    fiscal_field *label = add_field(f, name, PAGU_COL_TEXT, label_type, "string", title);
    if (own)
        code->own_type = label->own_type = true;
}

/* The place of the level "program", where activities begin; else the last three levels are them. */
static uint32_t first_activity(const fiscal *f)
{
    for (uint32_t i = 0; i < f->n_levels; i++)
        if (str_eq(pagu_plan_level_id(f->plan, f->levels[i]), "program"))
            return i;
    return f->n_levels > 3 ? f->n_levels - 3 : 0;
}

static void add_levels(fiscal *f)
{
    static const char *const activities[] = { "program", "subprogram", "project", "subproject", "contract" };
    for (pagu_level l = 1; l < pagu_plan_level_count(f->plan) && f->n_levels < COUNT_OF(f->levels); l++)
        f->levels[f->n_levels++] = l;
    uint32_t first = first_activity(f);
    f->first_level = f->n_fields;
    for (uint32_t i = 0; i < f->n_levels; i++) {
        const char *id = pagu_plan_level_id(f->plan, f->levels[i]);
        const char *title = pagu_plan_level_name(f->plan, f->levels[i], PAGU_LANG_ID);
        char code[TYPE_SIZE], label[TYPE_SIZE];
        bool own = i < first ? i >= 8 : i - first >= COUNT_OF(activities);
        if (own) {
            snprintf(code, sizeof code, "pagu:level:%.50s:code", id);
            snprintf(label, sizeof label, "pagu:level:%.50s:label", id);
        } else if (i < first) {
            snprintf(code, sizeof code, "functional-classification:generic:level%u:code", i + 1);
            snprintf(label, sizeof label, "functional-classification:generic:level%u:label", i + 1);
        } else {
            snprintf(code, sizeof code, "activity:generic:%s:code", activities[i - first]);
            snprintf(label, sizeof label, "activity:generic:%s:label", activities[i - first]);
        }
        add_pair(f, id, code, label, title, own);
    }
}

static bool is_taken(const fiscal *f, const char *type)
{
    for (uint32_t i = 0; i < f->n_fields; i++)
        if (str_eq(f->fields[i].type, type))
            return true;
    return false;
}

static void add_tree(fiscal *f, uint32_t tree)
{
    static const struct {
        const char *ids, *code, *label;
    } known[] = {
        { "fund source sumber_dana", "fin-source:generic:code", "fin-source:generic:label" },
        { "account rekening economic", "economic-classification:generic:code",
          "economic-classification:generic:label" },
        { "unit organisation office opd satker", "administrative-classification:generic:code",
          "administrative-classification:generic:label" },
        { "function functional fungsi", "functional-classification:generic:code",
          "functional-classification:generic:label" },
        { "location lokasi", "geo:target:code", "geo:target:title" },
    };
    const char *id = pagu_plan_tree_id(f->plan, tree), *title = pagu_plan_tree_name(f->plan, tree);
    char code[TYPE_SIZE], label[TYPE_SIZE];
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        const char *at = strstr(known[i].ids, id);
        size_t len = strlen(id);
        if (at && len && (at == known[i].ids || at[-1] == ' ') && (at[len] == ' ' || !at[len]) &&
            !is_taken(f, known[i].code)) {
            add_pair(f, id, known[i].code, known[i].label, title, false);
            return;
        }
    }
    snprintf(code, sizeof code, "pagu:%.50s:code", id);
    snprintf(label, sizeof label, "pagu:%.50s:label", id);
    add_pair(f, id, code, label, title, true);
}

static void add_trees(fiscal *f)
{
    f->first_tree = f->n_fields;
    for (uint32_t t = 0; t < pagu_plan_tree_count(f->plan) && f->n_trees < COUNT_OF(f->trees); t++) {
        if (!pagu_plan_tree_is_partition(f->plan, t))
            continue;
        f->trees[f->n_trees++] = t;
        add_tree(f, t);
    }
}

enum { YEAR, PHASE, PHASE_LABEL, KIND, LINE, VALUE, CURRENCY };

static void add_columns(fiscal *f)
{
    f->table = pagu_table_new(f->ctx);
    if (!f->table) {
        fail(f, PAGU_NO_MEMORY);
        return;
    }
    add_field(f, "fiscal_year", PAGU_COL_INTEGER, "date:fiscal-year", "integer", "Tahun anggaran");
    add_field(f, "phase_id", PAGU_COL_TEXT, "phase:id", "string", "Tahap");
    add_field(f, "phase_label", PAGU_COL_TEXT, "phase:label", "string", "Tahap");
    add_field(f, "value_kind", PAGU_COL_TEXT, "value-kind:code", "string", "Jenis nilai");
    add_field(f, "line_id", PAGU_COL_TEXT, "budget-line-id", "string", "Kode baris");
    add_field(f, "value", PAGU_COL_MONEY, "value", "number", "Nilai");
    add_field(f, "currency", PAGU_COL_TEXT, "value-currency:code", "string", "Mata uang");
    add_levels(f);
    add_trees(f);
}

/* ---- rows ---- */

/* The sign with which a leaf counts at the root; 0: a memo. */
static int sign_at_root(const pagu_view *v, pagu_row row)
{
    int sign = 1;
    for (; row != PAGU_NO_ROW && pagu_view_parent(v, row) != PAGU_NO_ROW; row = pagu_view_parent(v, row))
        sign *= pagu_view_sign(v, row);
    return sign;
}

static void set_text(fiscal *f, uint32_t row, uint32_t col, const char *text)
{
    if (*text)
        fail(f, pagu_table_set_text(f->table, row, col, text));
}

static void put_levels(fiscal *f, const pagu_view *v, pagu_row row, uint32_t at)
{
    for (; row != PAGU_NO_ROW; row = pagu_view_parent(v, row)) {
        pagu_level level = pagu_view_level(v, row);
        if (pagu_view_is_own_line(v, row))
            continue;
        for (uint32_t i = 0; i < f->n_levels; i++) {
            if (f->levels[i] != level)
                continue;
            set_text(f, at, f->first_level + 2 * i, pagu_view_code(v, row));
            set_text(f, at, f->first_level + 2 * i + 1, pagu_view_row_name(v, row));
        }
    }
}

static void put_classes(fiscal *f, const pagu_view *v, pagu_row row, uint32_t at)
{
    for (uint32_t i = 0; i < f->n_trees; i++) {
        uint32_t cls = pagu_view_class(v, row, f->trees[i]);
        if (cls == UINT32_MAX)
            continue;
        set_text(f, at, f->first_tree + 2 * i, pagu_plan_class_id(f->plan, f->trees[i], cls));
        set_text(f, at, f->first_tree + 2 * i + 1, pagu_plan_class_name(f->plan, f->trees[i], cls));
    }
}

static void put_amount(fiscal *f, const pagu_view *v, pagu_row row, pagu_column column)
{
    pagu_stage stage = pagu_plan_column_stage(f->plan, column);
    const char *currency = pagu_plan_meta(f->plan, "currency");
    pagu_cell cell = pagu_view_money(v, row, column);
    int sign = sign_at_root(v, row);
    if (cell.state != PAGU_NUMBER || sign == 0 || f->code != PAGU_OK)
        return;
    uint32_t at = pagu_table_row_count(f->table);
    fail(f, pagu_table_add_row(f->table));
    if (f->code != PAGU_OK)
        return;
    int year = pagu_plan_period_year(f->plan, pagu_plan_column_period(f->plan, column));
    fail(f, pagu_table_set_money(f->table, at, YEAR, year));
    set_text(f, at, PHASE, pagu_plan_stage_id(f->plan, stage));
    set_text(f, at, PHASE_LABEL, pagu_plan_stage_name(f->plan, stage));
    set_text(f, at, KIND, pagu_plan_field_id(f->plan, pagu_plan_column_field(f->plan, column)));
    set_text(f, at, LINE, pagu_view_key(v, row));
    fail(f, pagu_table_set_money(f->table, at, VALUE, sign * cell.value));
    set_text(f, at, CURRENCY, currency ? currency : "IDR");
    put_levels(f, v, row, at);
    put_classes(f, v, row, at);
}

static void put_column(fiscal *f, const pagu_view *v, pagu_column column, const pagu_row *rows, uint32_t n)
{
    for (uint32_t i = 0; i < n && f->code == PAGU_OK; i++) {
        if (i % 4096 == 0 && pagu_ctx_interrupted(f->ctx))
            fail(f, PAGU_INTERRUPTED);
        if (pagu_view_is_member(v, rows[i]) && pagu_view_is_leaf(v, rows[i]))
            put_amount(f, v, rows[i], column);
    }
}

/* Whole years only: what a quarter holds is in its year, or is no amount of a year. */
static bool is_whole_year(const pagu_plan *plan, pagu_period period)
{
    const char *id = pagu_plan_period_id(plan, period);
    return strlen(id) == 4 && isdigit((unsigned char)id[0]);
}

static void put_stage(fiscal *f, pagu_stage stage)
{
    pagu_view *v = pagu_view_open((pagu_plan *)(uintptr_t)f->plan, stage);
    uint32_t n = v ? pagu_view_row_count(v) : 0;
    pagu_row *rows = v ? mem_array(f->ctx, n, sizeof *rows) : NULL;
    for (uint32_t i = 0; rows && i < n; i++)
        rows[i] = i;
    if (!rows || pagu_view_sort(v, rows, n) != PAGU_OK)
        fail(f, PAGU_NO_MEMORY);
    for (pagu_period p = 0; p < pagu_plan_period_count(f->plan) && f->code == PAGU_OK; p++) {
        for (pagu_field field = 0; is_whole_year(f->plan, p) && field < pagu_plan_field_count(f->plan); field++) {
            if (pagu_plan_field_kind(f->plan, field) != PAGU_FIELD_MONEY)
                continue;
            pagu_column column = pagu_view_column(v, field, p);
            if (pagu_plan_column_stage(f->plan, column) == stage)
                put_column(f, v, column, rows, n);
        }
    }
    mem_free(f->ctx, rows, n * sizeof *rows);
    pagu_view_close(v);
}

/* ---- descriptor ---- */

static void put(fiscal *f, pagu_text *out, const char *text)
{
    fail(f, pagu_text_append(out, text, strlen(text)));
}

static void put_member(fiscal *f, pagu_text *out, const char *key, const char *value, const char *end)
{
    put(f, out, "\"");
    put(f, out, key);
    put(f, out, "\": ");
    fail(f, json_put_string(out, value));
    put(f, out, end);
}

/* Types that the taxonomy has no name for. */
static void put_own_types(fiscal *f, pagu_text *out)
{
    bool first = true;
    put(f, out, "  \"columnTypes\": [\n    \"" TAXONOMY "\"");
    for (uint32_t i = 0; i < f->n_fields; i++) {
        const fiscal_field *field = &f->fields[i];
        if (!field->own_type)
            continue;
        put(f, out, first ? ",\n    [\n      {" : ",\n      {");
        first = false;
        put_member(f, out, "name", field->type, ", \"dataType\": \"string\"");
        if (i > 0 && str_eq(field->type + strlen(field->type) - 6, ":label"))
            put(f, out, ", "), put_member(f, out, "labelOf", f->fields[i - 1].type, "");
        put(f, out, "}");
    }
    put(f, out, first ? "\n  ],\n" : "\n    ]\n  ],\n");
}

static void put_fields(fiscal *f, pagu_text *out)
{
    for (uint32_t i = 0; i < f->n_fields; i++) {
        const fiscal_field *field = &f->fields[i];
        put(f, out, i ? ",\n          {" : "\n          {");
        put_member(f, out, "name", field->name, ", ");
        put_member(f, out, "type", field->data_type, ", ");
        put_member(f, out, "title", field->title, ", ");
        put_member(f, out, "columnType", field->type, "}");
    }
}

/* Lower case, digits and "-._" only, as names of packages must be. */
static void put_name(fiscal *f, pagu_text *out, const char *name)
{
    char text[100];
    size_t n = 0;
    for (; *name && n + 1 < sizeof text; name++) {
        int c = tolower((unsigned char)*name);
        text[n++] = (char)(isalnum(c) || strchr("-._", c) ? c : '-');
    }
    text[n] = '\0';
    put_member(f, out, "name", n ? text : "plan", ",\n");
}

static void put_descriptor(fiscal *f, pagu_text *out)
{
    const char *name = pagu_plan_meta(f->plan, "name"), *title = pagu_plan_meta(f->plan, "title");
    put(f, out, "{\n  ");
    put_name(f, out, name ? name : "plan");
    put(f, out, "  ");
    put_member(f, out, "title", title ? title : name ? name : "", ",\n");
    put(f, out, "  \"profile\": \"fiscal-data-package\",\n");
    put_own_types(f, out);
    put(f, out,
        "  \"resources\": [\n    {\n"
        "      \"name\": \"budget\",\n"
        "      \"path\": \"budget.csv\",\n"
        "      \"profile\": \"tabular-data-resource\",\n"
        "      \"format\": \"csv\",\n"
        "      \"mediatype\": \"text/csv\",\n"
        "      \"encoding\": \"utf-8\",\n"
        "      \"schema\": {\n        \"fields\": [");
    put_fields(f, out);
    put(f, out,
        "\n        ],\n"
        "        \"primaryKey\": [\"fiscal_year\", \"phase_id\", \"value_kind\", \"line_id\"],\n"
        "        \"missingValues\": [\"\"]\n"
        "      }\n    }\n  ]\n}\n");
}

/* ---- entry ---- */

static pagu_code stage_text(fiscal *f, const char *folder, const char *name, const pagu_text *text, staged_file *out)
{
    char *path = path_join(f->ctx, folder, name);
    if (!path)
        return err_memory(f->ctx, f->err);
    pagu_code code = file_stage(f->ctx, path, pagu_text_data(text), pagu_text_len(text), out, f->err);
    mem_free(f->ctx, path, strlen(path) + 1);
    return code;
}

static void save(fiscal *f, const char *folder, const pagu_text *rows, const pagu_text *descriptor)
{
    staged_file files[2] = { 0 };
    if (f->code != PAGU_OK)
        return;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        f->code = err_in_file(f->err, err_set(f->ctx, f->err, PAGU_IO, "%s: %s", folder, strerror(errno)), folder, 0);
    if (f->code == PAGU_OK)
        f->code = stage_text(f, folder, "budget.csv", rows, &files[0]);
    if (f->code == PAGU_OK)
        f->code = stage_text(f, folder, "datapackage.json", descriptor, &files[1]);
    for (int i = 0; i < 2; i++) {
        if (f->code == PAGU_OK)
            f->code = file_commit(f->ctx, &files[i], f->err);
        else
            file_discard(f->ctx, &files[i]);
    }
}

pagu_code pagu_fiscal_save(const pagu_plan *plan, const char *folder, pagu_error *err)
{
    pagu_ctx *ctx = pagu_plan_ctx(plan);
    fiscal *f = mem_zalloc(ctx, sizeof *f);
    pagu_text *rows = pagu_text_new(ctx), *descriptor = pagu_text_new(ctx);
    pagu_render_options options = PAGU_RENDER_OPTIONS_INIT;
    options.decimals = pagu_plan_decimals(plan);
    pagu_code code = PAGU_NO_MEMORY;
    if (f && rows && descriptor) {
        *f = (fiscal){ .plan = plan, .ctx = ctx, .err = err };
        add_columns(f);
        for (pagu_stage s = 0; s < pagu_plan_stage_count(plan) && f->code == PAGU_OK; s++)
            put_stage(f, s);
        if (f->code == PAGU_OK)
            f->code = pagu_render(f->table, PAGU_FORMAT_CSV, &options, rows, err);
        put_descriptor(f, descriptor);
        save(f, folder, rows, descriptor);
        pagu_table_free(f->table);
        code = f->code;
    } else {
        err_memory(ctx, err);
    }
    pagu_text_free(descriptor);
    pagu_text_free(rows);
    mem_free(ctx, f, sizeof *f);
    return code;
}
