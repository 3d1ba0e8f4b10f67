/* builder_formulas.c - derived fields that a package declares.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

static plan_formula *find_formula(const pagu_plan *p, const char *id)
{
    for (uint32_t i = 0; i < plan_formula_count(p); i++)
        if (str_eq(p->formulas[i]->id, id))
            return p->formulas[i];
    return NULL;
}

static bool is_name(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    return n > 0 && n < 64 && id[n] == '\0' && (*id < '0' || *id > '9');
}

static bool formula_is_new(pagu_builder *b, const pagu_formula_def *def, fault *f)
{
    const plan_formula *first = find_formula(b->plan, def->id);
    if (!is_name(def->id)) {
        builder_fault(b, f, "\"%s\" can't name a field: use letters, digits and _, at most 63, a letter first",
                      def->id);
        return false;
    }
    for (uint32_t i = 0; i < b->n_fields; i++)
        if (str_eq(builder_str(b, b->fields[i].id), def->id)) {
            builder_fault(b, f, "field \"%s\" holds values; a formula needs a name of its own", def->id);
            return false;
        }
    if (first && !str_eq(first->text, def->text))
        builder_fault(b, f, "field \"%s\" has two formulas: %s, and %s", def->id, first->text, def->text);
    return !first;
}

static const char *keep_symbol(pagu_builder *b, const char *s)
{
    symbol kept = builder_intern(b, s);
    return b->failed ? "" : builder_str(b, kept);
}

pagu_code pagu_builder_formula(pagu_builder *b, const pagu_formula_def *def, pagu_source src)
{
    uint32_t index;
    fault f = { .rule = "formula",
                .severity = PAGU_ERROR,
                .line = src.line,
                .file = file_index(b, src.file),
                .column = "expr",
                .key = def->id,
                .value = def->text };
    if (!builder_ok(b) || !formula_is_new(b, def, &f))
        return b->failed;
    plan_formula *formula = plan_formula_new(b->ctx, def->id, def->title ? def->title : "", def->text);
    if (!formula) {
        b->failed = PAGU_NO_MEMORY;
        return b->failed;
    }
    formula->declared = true;
    formula->line = src.line;
    formula->file = keep_symbol(b, src.file);
    if (plan_formula_add(b->plan, formula, &index) != PAGU_OK) {
        plan_formula_free(b->ctx, formula);
        builder_fault(b, &f, "a plan has at most %d derived fields", PLAN_FORMULAS);
    }
    return b->failed;
}
