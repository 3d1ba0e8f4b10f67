/* plan.c - life of a plan and what it declares.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

#include <stdio.h>

/* ---- life ---- */

#define FREE(p, array, n) mem_free((p)->ctx, (array), (size_t)(n) * sizeof *(array))

static void free_tree(pagu_plan *p)
{
    FREE(p, p->parent, p->n_rows);
    FREE(p, p->child_first, (size_t)p->n_rows + 1);
    FREE(p, p->level_first, p->n_depths + 1);
    FREE(p, p->depth, p->n_rows);
    FREE(p, p->sign, p->n_rows);
    FREE(p, p->level_signed, p->n_depths);
    FREE(p, p->pre, p->n_rows);
    FREE(p, p->pre_end, p->n_rows);
    FREE(p, p->by_pre, p->n_rows);
    FREE(p, p->key, p->n_rows);
    FREE(p, p->code, p->n_rows);
    FREE(p, p->name, p->n_rows);
    FREE(p, p->level, p->n_rows);
    FREE(p, p->flags, p->n_rows);
    FREE(p, p->key_slots, p->n_key_slots);
    FREE(p, p->code_slots, p->n_code_slots);
    FREE(p, p->code_next, p->n_rows);
}

static void free_columns(pagu_plan *p)
{
    for (uint32_t c = 0; c < p->n_columns; c++) {
        plan_column *column = &p->columns[c];
        FREE(p, column->values, p->n_rows);
        FREE(p, column->presence, p->n_rows);
        FREE(p, column->measures, p->n_indicators);
    }
    FREE(p, p->columns, p->n_columns);
}

static void free_parts(pagu_plan *p)
{
    for (uint32_t i = 0; i < p->n_stages; i++)
        FREE(p, p->stages[i].members, ((size_t)p->n_rows + 63) / 64);
    for (uint32_t i = 0; i < p->n_trees; i++) {
        FREE(p, p->trees[i].classes, p->trees[i].n_classes);
        FREE(p, p->trees[i].declared, p->n_rows);
        FREE(p, p->trees[i].effective, p->n_rows);
    }
    for (uint32_t i = 0; i < p->n_attributes; i++)
        FREE(p, p->attributes[i].values, p->n_rows);
    for (uint32_t i = 0; i < p->n_documents; i++) {
        plan_document *d = &p->documents[i];
        FREE(p, d->columns, d->n_columns);
        FREE(p, d->cells, (size_t)d->n_rows * d->n_columns);
    }
}

void plan_destroy(pagu_plan *p)
{
    for (size_t i = 0; i < COUNT_OF(p->spare_columns); i++) {
        dense_block *spare = atomic_load_explicit(&p->spare_columns[i], memory_order_acquire);
        mem_free(p->ctx, spare, dense_bytes(p->n_rows));
    }
    for (uint32_t i = 0; p->rules && i < p->n_stages; i++)
        p->release_rules(p->ctx, p->rules[i].set);
    FREE(p, p->rules, p->n_stages);
    free_parts(p);
    free_columns(p);
    free_tree(p);
    FREE(p, p->meta, p->n_meta);
    FREE(p, p->stages, p->n_stages);
    FREE(p, p->levels, p->n_all_levels);
    FREE(p, p->fields, p->n_fields);
    FREE(p, p->periods, p->n_periods);
    FREE(p, p->trees, p->n_trees);
    FREE(p, p->labels, p->n_labels);
    FREE(p, p->units, p->n_units);
    FREE(p, p->indicators, p->n_indicators);
    FREE(p, p->traits, p->n_indicators);
    FREE(p, p->weights, p->n_indicators);
    FREE(p, p->attributes, p->n_attributes);
    FREE(p, p->documents, p->n_documents);
    FREE(p, p->printed, p->n_printed);
    FREE(p, p->first_indicator, p->n_rows);
    FREE(p, p->indicator_slots, p->n_indicator_slots);
    for (uint32_t i = 0; i < plan_formula_count(p); i++)
        plan_formula_free(p->ctx, p->formulas[i]);
    symtab_free(&p->symbols);
    pthread_mutex_destroy(&p->hash_lock);
    pthread_mutex_destroy(&p->formula_lock);
    pthread_mutex_destroy(&p->rules_lock);
    mem_free(p->ctx, p, sizeof *p);
}

void pagu_plan_retain(pagu_plan *p)
{
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
}

void pagu_plan_release(pagu_plan *p)
{
    if (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1)
        plan_destroy(p);
}

pagu_ctx *pagu_plan_ctx(const pagu_plan *p)
{
    return p->ctx;
}

/* ---- frame and metadata ---- */

int pagu_plan_year(const pagu_plan *p)
{
    return p->year;
}

int pagu_plan_first_year(const pagu_plan *p)
{
    return p->first_year;
}

int pagu_plan_last_year(const pagu_plan *p)
{
    return p->last_year;
}

int pagu_plan_decimals(const pagu_plan *p)
{
    return p->decimals;
}

uint32_t pagu_plan_row_count(const pagu_plan *p)
{
    return p->n_rows;
}

uint32_t pagu_plan_indicator_count(const pagu_plan *p)
{
    return p->n_indicators;
}

const char *pagu_plan_meta(const pagu_plan *p, const char *name)
{
    for (uint32_t i = 0; i < p->n_meta; i++)
        if (str_eq(plan_str(p, p->meta[i].name), name))
            return plan_str(p, p->meta[i].value);
    return NULL;
}

/* ---- finding by id ---- */

/* Ids of what there is, ", "-joined; whole ids only, "…" when some are left out. */
typedef struct id_list {
    char s[400];
    size_t used;
    bool full;
} id_list;

static void list_id(id_list *list, const char *id)
{
    int w = list->full
                ? 0
                : snprintf(list->s + list->used, sizeof list->s - list->used - 8, "%s%s", list->used ? ", " : "", id);
    if (list->full || w < 0)
        return;
    if ((size_t)w < sizeof list->s - list->used - 8) {
        list->used += (size_t)w;
        return;
    }
    list->full = true;
    memcpy(list->s + list->used, ", \xE2\x80\xA6", 6);
}

static bool is_symbol(const pagu_plan *p, symbol s, const char *id)
{
    return str_eq(plan_str(p, s), id);
}

uint32_t pagu_plan_stage_count(const pagu_plan *p)
{
    return p->n_stages;
}

pagu_stage pagu_plan_default_stage(const pagu_plan *p)
{
    return p->default_stage;
}

const char *pagu_plan_stage_id(const pagu_plan *p, pagu_stage stage)
{
    return plan_str(p, p->stages[stage].id);
}

const char *pagu_plan_stage_name(const pagu_plan *p, pagu_stage stage)
{
    const plan_stage *s = &p->stages[stage];
    return plan_str(p, s->name ? s->name : s->id);
}

pagu_stage_kind pagu_plan_stage_kind(const pagu_plan *p, pagu_stage stage)
{
    return p->stages[stage].kind;
}

pagu_stage pagu_plan_strategic_stage(const pagu_plan *p)
{
    return p->strategic_stage;
}

pagu_stage pagu_plan_common_stage(const pagu_plan *p)
{
    return p->common_stage;
}

pagu_code pagu_plan_find_stage(const pagu_plan *p, const char *id, pagu_stage *out, pagu_error *err)
{
    id_list list = { "", 0, false };
    for (uint32_t i = 0; i < p->n_stages; i++) {
        if (is_symbol(p, p->stages[i].id, id)) {
            *out = (pagu_stage)i;
            return PAGU_OK;
        }
        list_id(&list, plan_str(p, p->stages[i].id));
    }
    return err_set(p->ctx, err, PAGU_UNKNOWN_STAGE, "unknown stage \"%s\"; there are: %s", id, list.s);
}

uint32_t pagu_plan_level_count(const pagu_plan *p)
{
    return p->n_levels;
}

const char *pagu_plan_level_id(const pagu_plan *p, pagu_level level)
{
    return plan_str(p, p->levels[level].id);
}

const char *pagu_plan_level_name(const pagu_plan *p, pagu_level level, pagu_lang lang)
{
    const plan_level *l = &p->levels[level];
    symbol name = lang == PAGU_LANG_EN && l->name_en ? l->name_en : l->name;
    return plan_str(p, name ? name : l->id);
}

pagu_code pagu_plan_find_level(const pagu_plan *p, const char *id, pagu_level *out, pagu_error *err)
{
    id_list list = { "", 0, false };
    for (uint32_t i = 0; i < p->n_levels; i++) {
        if (is_symbol(p, p->levels[i].id, id)) {
            *out = (pagu_level)i;
            return PAGU_OK;
        }
        list_id(&list, plan_str(p, p->levels[i].id));
    }
    return err_set(p->ctx, err, PAGU_UNKNOWN_LEVEL, "unknown level \"%s\"; there are: %s", id, list.s);
}

uint32_t pagu_plan_field_count(const pagu_plan *p)
{
    return p->n_fields;
}

const char *pagu_plan_field_id(const pagu_plan *p, pagu_field field)
{
    uint32_t formula = (uint32_t)(field - PAGU_FIELD_FIRST_DERIVED);
    if (field < p->n_fields)
        return plan_str(p, p->fields[field].id);
    return field >= PAGU_FIELD_FIRST_DERIVED && formula < plan_formula_count(p) ? p->formulas[formula]->id : "";
}

pagu_field_kind pagu_plan_field_kind(const pagu_plan *p, pagu_field field)
{
    return field < p->n_fields ? p->fields[field].kind : PAGU_FIELD_DERIVED;
}

pagu_code pagu_plan_find_field(const pagu_plan *p, const char *id, pagu_field *out, pagu_error *err)
{
    id_list list = { "", 0, false };
    for (uint32_t i = 0; i < p->n_fields; i++) {
        if (is_symbol(p, p->fields[i].id, id)) {
            *out = (pagu_field)i;
            return PAGU_OK;
        }
        list_id(&list, plan_str(p, p->fields[i].id));
    }
    return err_at(p->ctx, err, PAGU_UNKNOWN_FIELD, NULL, id, "unknown field \"%s\"; there are: %s", id, list.s);
}

uint32_t pagu_plan_tree_count(const pagu_plan *p)
{
    return p->n_trees;
}

const char *pagu_plan_tree_id(const pagu_plan *p, uint32_t tree)
{
    return plan_str(p, p->trees[tree].id);
}

const char *pagu_plan_tree_name(const pagu_plan *p, uint32_t tree)
{
    const plan_tree *t = &p->trees[tree];
    return plan_str(p, t->name ? t->name : t->id);
}

bool pagu_plan_tree_is_partition(const pagu_plan *p, uint32_t tree)
{
    return p->trees[tree].partition;
}

pagu_code pagu_plan_find_tree(const pagu_plan *p, const char *id, uint32_t *out, pagu_error *err)
{
    id_list list = { "", 0, false };
    for (uint32_t i = 0; i < p->n_trees; i++) {
        if (is_symbol(p, p->trees[i].id, id)) {
            *out = i;
            return PAGU_OK;
        }
        list_id(&list, plan_str(p, p->trees[i].id));
    }
    return err_set(p->ctx, err, PAGU_UNKNOWN_TAG, "unknown classification tree \"%s\"; there are: %s", id, list.s);
}

uint32_t pagu_plan_class_count(const pagu_plan *p, uint32_t tree)
{
    return p->trees[tree].n_classes;
}

const char *pagu_plan_class_id(const pagu_plan *p, uint32_t tree, uint32_t cls)
{
    return plan_str(p, p->trees[tree].classes[cls].id);
}

const char *pagu_plan_class_name(const pagu_plan *p, uint32_t tree, uint32_t cls)
{
    return plan_str(p, p->trees[tree].classes[cls].name);
}

uint32_t pagu_plan_class_parent(const pagu_plan *p, uint32_t tree, uint32_t cls)
{
    return p->trees[tree].classes[cls].parent;
}

/* ---- periods and columns ---- */

uint32_t pagu_plan_period_count(const pagu_plan *p)
{
    return p->n_periods;
}

const char *pagu_plan_period_id(const pagu_plan *p, pagu_period period)
{
    return plan_str(p, p->periods[period].id);
}

int pagu_plan_period_year(const pagu_plan *p, pagu_period period)
{
    return p->periods[period].year;
}

pagu_code pagu_plan_find_period(const pagu_plan *p, const char *id, pagu_period *out, pagu_error *err)
{
    plan_period period;
    char canonical[32];
    if (!period_parse(id, &period, canonical, sizeof canonical))
        return err_at(p->ctx, err, PAGU_OUT_OF_FRAME, NULL, id,
                      "\"%s\" is not a period: write 2024, 2024Q1, 2020..2022, ..2021 or *", id);
    for (uint32_t i = 0; i < p->n_periods; i++)
        if (is_symbol(p, p->periods[i].id, canonical)) {
            *out = (pagu_period)i;
            return PAGU_OK;
        }
    bool inside =
        period.part == PERIOD_ALWAYS || ((period.part == PERIOD_UP_TO || period.sort_from / 12 >= p->first_year) &&
                                         period.sort_to / 12 >= p->first_year && period.sort_to / 12 <= p->last_year);
    if (inside)
        return err_at(p->ctx, err, PAGU_OUT_OF_FRAME, NULL, id, "no value of this plan is of period %s", canonical);
    return err_at(p->ctx, err, PAGU_OUT_OF_FRAME, NULL, id, "period %s is outside the years %d to %d of the plan",
                  canonical, p->first_year, p->last_year);
}

pagu_code pagu_plan_find_year(const pagu_plan *p, int year, pagu_period *out, pagu_error *err)
{
    if (year >= p->first_year && year <= p->last_year) {
        *out = (pagu_period)(year - p->first_year); /* the frame's years stand first */
        return PAGU_OK;
    }
    return err_set(p->ctx, err, PAGU_OUT_OF_FRAME, "period %d is outside the years %d to %d of the plan", year,
                   p->first_year, p->last_year);
}

static bool has_values(const pagu_plan *p, pagu_column column)
{
    return p->columns[column].values || p->columns[column].measures;
}

pagu_column pagu_plan_column(const pagu_plan *p, pagu_stage stage, pagu_field field, pagu_period period)
{
    pagu_column own = column_index(p, stage, field, period);
    pagu_column common = column_index(p, p->common_stage, field, period);
    return has_values(p, own) || !has_values(p, common) ? own : common;
}

pagu_field pagu_plan_column_field(const pagu_plan *p, pagu_column column)
{
    return (pagu_field)(column / p->n_stages / p->n_periods);
}

pagu_period pagu_plan_column_period(const pagu_plan *p, pagu_column column)
{
    return (pagu_period)(column / p->n_stages % p->n_periods);
}

pagu_stage pagu_plan_column_stage(const pagu_plan *p, pagu_column column)
{
    return (pagu_stage)(column % p->n_stages);
}

/* ---- indicators ---- */

void plan_aggregations(const pagu_plan *p, const plan_unit *u, pagu_aggregation *over_time,
                       pagu_aggregation *over_children)
{
    const char *kind = u ? plan_str(p, u->kind) : "";
    if (*over_time == PAGU_AGG_DEFAULT && u)
        *over_time = u->over_time;
    if (*over_children == PAGU_AGG_DEFAULT && u)
        *over_children = u->over_children;
    if (*over_time == PAGU_AGG_DEFAULT)
        *over_time = str_eq(kind, "count") ? PAGU_AGG_SUM : PAGU_AGG_LAST;
    if (*over_children == PAGU_AGG_DEFAULT)
        *over_children = PAGU_AGG_NONE;
}

/* ---- document tables and printed amounts ---- */

static pagu_code copy_document(const pagu_plan *p, const plan_document *d, pagu_table *t)
{
    pagu_code code = PAGU_OK;
    for (uint32_t c = 0; c < d->n_columns && code == PAGU_OK; c++) {
        const char *name = plan_str(p, d->columns[c]);
        code = pagu_table_add_column(t, name, name, PAGU_COL_TEXT);
    }
    for (uint32_t r = 0; r < d->n_rows && code == PAGU_OK; r++) {
        const symbol *cells = d->cells + (size_t)r * d->n_columns;
        code = pagu_table_add_row(t);
        for (uint32_t c = 0; c < d->n_columns && code == PAGU_OK; c++)
            if (cells[c])
                code = pagu_table_set_text(t, r, c, plan_str(p, cells[c]));
    }
    return code;
}

pagu_code pagu_plan_table(const pagu_plan *p, const char *name, pagu_table **out, pagu_error *err)
{
    id_list list = { "", 0, false };
    *out = NULL;
    for (uint32_t i = 0; i < p->n_documents; i++) {
        list_id(&list, plan_str(p, p->documents[i].name));
        if (!is_symbol(p, p->documents[i].name, name))
            continue;
        pagu_table *t = pagu_table_new(p->ctx);
        pagu_code code = t ? copy_document(p, &p->documents[i], t) : PAGU_NO_MEMORY;
        if (code == PAGU_OK) {
            *out = t;
            return PAGU_OK;
        }
        if (t)
            pagu_table_free(t);
        return code == PAGU_NO_MEMORY ? err_memory(p->ctx, err)
                                      : err_set(p->ctx, err, code, "document table \"%s\" has a column twice", name);
    }
    if (p->n_documents == 0)
        return err_set(p->ctx, err, PAGU_NOT_FOUND, "no document table \"%s\": this plan has none", name);
    return err_set(p->ctx, err, PAGU_NOT_FOUND, "no document table \"%s\"; there are: %s", name, list.s);
}

uint32_t pagu_plan_printed_count(const pagu_plan *p)
{
    return p->n_printed;
}

pagu_printed_amount pagu_plan_printed(const pagu_plan *p, uint32_t i)
{
    return p->printed[i];
}
