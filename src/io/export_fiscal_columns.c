/* export_fiscal_columns.c - columns of budget.csv with types of the budget taxonomy, or of our own.
 * SPDX-License-Identifier: MIT */
#include "io/export_fiscal.h"

#include <stdio.h>

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
    fiscal_fail(f, pagu_table_add_column(f->table, field->name, title, column));
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
    for (pagu_level l = 1; l < pagu_plan_level_count(f->plan); l++)
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
    for (uint32_t t = 0; t < pagu_plan_tree_count(f->plan); t++) {
        if (!pagu_plan_tree_is_partition(f->plan, t))
            continue;
        f->trees[f->n_trees++] = t;
        add_tree(f, t);
    }
}

static uint32_t count_columns(const pagu_plan *plan)
{
    uint32_t n = CURRENCY + 1 + 2 * (pagu_plan_level_count(plan) - 1);
    for (uint32_t t = 0; t < pagu_plan_tree_count(plan); t++)
        n += pagu_plan_tree_is_partition(plan, t) ? 2 : 0;
    return n;
}

void fiscal_add_columns(fiscal *f)
{
    if (count_columns(f->plan) > MAX_FIELDS) {
        f->code = err_set(f->ctx, f->err, PAGU_LIMIT, "more levels and classification trees than %d columns hold",
                          MAX_FIELDS);
        return;
    }
    f->table = pagu_table_new(f->ctx);
    if (!f->table) {
        fiscal_fail(f, PAGU_NO_MEMORY);
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
