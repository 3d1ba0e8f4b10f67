/* derived.c - derived fields: finding, describing, and reading any field.
 * SPDX-License-Identifier: MIT */
#include "calc/derived.h"
#include "calc/expr.h"

#include <stdio.h>

static const struct {
    const derived_field *fields;
    const uint32_t *n;
} tables[] = {
    { evaluate_fields, &n_evaluate_fields },
};

static uint32_t builtin_count(void)
{
    uint32_t n = 0;
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        n += *tables[t].n;
    return n;
}

static const derived_field *builtin_at(uint32_t i)
{
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        if (i < *tables[t].n)
            return &tables[t].fields[i];
        i -= *tables[t].n;
    }
    return NULL;
}

const derived_field *derived_builtin(pagu_field field)
{
    return field < PAGU_FIELD_FIRST_DERIVED + PLAN_FORMULAS || field == PAGU_NONE
               ? NULL
               : builtin_at((uint32_t)(field - PAGU_FIELD_FIRST_DERIVED - PLAN_FORMULAS));
}

const plan_formula *derived_formula(const pagu_plan *plan, pagu_field field)
{
    uint32_t i = (uint32_t)(field - PAGU_FIELD_FIRST_DERIVED);
    return field >= PAGU_FIELD_FIRST_DERIVED && i < plan_formula_count(plan) ? plan->formulas[i] : NULL;
}

/* ---- finding ---- */

static bool find_derived(const pagu_plan *plan, const char *id, pagu_field *out)
{
    for (uint32_t i = plan_formula_count(plan); i-- > 0;)
        if (str_eq(plan->formulas[i]->id, id)) {
            *out = (pagu_field)(PAGU_FIELD_FIRST_DERIVED + i);
            return true;
        }
    for (uint32_t i = 0; i < builtin_count(); i++)
        if (str_eq(builtin_at(i)->id, id)) {
            *out = (pagu_field)(PAGU_FIELD_FIRST_DERIVED + PLAN_FORMULAS + i);
            return true;
        }
    return false;
}

static void list_name(char *list, size_t size, const char *id)
{
    size_t used = strlen(list), n = strlen(id);
    if (used + n + 3 < size)
        snprintf(list + used, size - used, "%s%s", used ? ", " : "", id);
}

pagu_code pagu_find_field(const pagu_plan *plan, const char *id, pagu_field *out, pagu_error *err)
{
    for (uint32_t i = 0; i < plan->n_fields; i++)
        if (str_eq(plan_str(plan, plan->fields[i].id), id)) {
            *out = (pagu_field)i;
            return PAGU_OK;
        }
    if (find_derived(plan, id, out))
        return PAGU_OK;
    char list[480] = "";
    for (uint32_t i = 0; i < plan->n_fields; i++)
        list_name(list, sizeof list, plan_str(plan, plan->fields[i].id));
    for (uint32_t i = 0; i < pagu_derived_count(plan); i++)
        list_name(list, sizeof list, pagu_field_describe(plan, pagu_derived_field(plan, i)).id);
    return err_at(plan->ctx, err, PAGU_UNKNOWN_FIELD, NULL, id, "unknown field \"%s\"; there are: %s", id, list);
}

uint32_t pagu_derived_count(const pagu_plan *plan)
{
    return builtin_count() + plan_formula_count(plan);
}

pagu_field pagu_derived_field(const pagu_plan *plan, uint32_t i)
{
    uint32_t n = builtin_count();
    (void)plan;
    return (pagu_field)(PAGU_FIELD_FIRST_DERIVED + (i < n ? PLAN_FORMULAS + i : i - n));
}

/* ---- describing ---- */

static pagu_field_info describe_formula(const plan_formula *f)
{
    const pagu_expr *e = f->compiled;
    return (pagu_field_info){ .id = f->id,
                              .title = f->title,
                              .unit = "",
                              .formula = f->text,
                              .derived = true,
                              .declared = f->declared,
                              .of_nodes = true,
                              .of_indicators = true,
                              .type = e ? pagu_expr_kind(e) : PAGU_EXPR_NUMBER };
}

pagu_field_info pagu_field_describe(const pagu_plan *plan, pagu_field field)
{
    const plan_formula *f = derived_formula(plan, field);
    const derived_field *b = derived_builtin(field);
    if (f)
        return describe_formula(f);
    if (b)
        return (pagu_field_info){ .id = b->id,
                                  .title = tr(plan->ctx, b->caption),
                                  .unit = b->unit ? b->unit : "",
                                  .formula = "",
                                  .derived = true,
                                  .of_nodes = b->of_nodes,
                                  .of_indicators = b->of_indicators,
                                  .type = b->type };
    bool money = field < plan->n_fields && plan->fields[field].kind == PAGU_FIELD_MONEY;
    return (pagu_field_info){ .id = field < plan->n_fields ? plan_str(plan, plan->fields[field].id) : "",
                              .title = "",
                              .unit = "",
                              .formula = "",
                              .declared = true,
                              .of_nodes = true,
                              .of_indicators = !money,
                              .type = money ? PAGU_EXPR_MONEY : PAGU_EXPR_NUMBER };
}

const char *pagu_cell_reason_name(pagu_cell_reason reason)
{
    static const char *const names[] = {
        "",         "unit clash",     "zero target", "zero divisor", "not one number", "zero achieved",
        "negative", "not aggregated", "overflow"
    };
    return (unsigned)reason < COUNT_OF(names) ? names[reason] : "";
}

/* ---- reading ---- */

pagu_code pagu_view_value(const pagu_view *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period,
                          pagu_expr_type *type, pagu_expr_value *out, pagu_error *err)
{
    pagu_expr *e = NULL;
    pagu_code rc = pagu_expr_field(pagu_view_plan(v), field, period, &e, err);
    if (rc)
        return rc;
    pagu_expr_subjects at = { .n = 1, .period = period };
    if (ind != PAGU_NO_INDICATOR)
        at.indicators = &ind;
    else
        at.rows = &row;
    rc = pagu_expr_eval_at(e, v, &at, out, err);
    if (type)
        *type = pagu_expr_kind(e);
    pagu_expr_release(e);
    return rc;
}
