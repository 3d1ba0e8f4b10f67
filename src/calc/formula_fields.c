/* formula_fields.c - fields that formulas define: those of the package, read once, and those of scripts.
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

#include <stdio.h>

/* ---- reading the package's formulas ---- */

enum { FORMULA_NEW, FORMULA_OPEN, FORMULA_READ, FORMULA_FAULTY };

typedef struct reading {
    pagu_plan *plan;
    uint8_t state[PLAN_FORMULAS];
    uint32_t stack[PLAN_FORMULAS]; /* being read, outermost first */
    uint32_t depth;
    pagu_error cycle; /* the one found while the outermost formula is read; code OK: none */
} reading;

static void release_expr(void *e)
{
    pagu_expr_release(e);
}

/* "a needs itself: a -> b -> a" */
static pagu_code blame_cycle(reading *r, uint32_t formula, pagu_error *err)
{
    char path[300] = "";
    size_t used = 0;
    uint32_t from = 0;
    while (r->stack[from] != formula)
        from++;
    for (uint32_t i = from; i < r->depth && used + 70 < sizeof path; i++)
        used += (size_t)snprintf(path + used, sizeof path - used, "%.63s -> ", r->plan->formulas[r->stack[i]]->id);
    const char *id = r->plan->formulas[formula]->id;
    err_at(r->plan->ctx, &r->cycle, PAGU_ARGUMENT, NULL, id, "\"%s\" is made of itself: %s%s", id, path, id);
    *err = r->cycle;
    return PAGU_ARGUMENT;
}

static pagu_code read_formula(reading *r, uint32_t i, pagu_error *err);

static pagu_code blame_part(const reading *r, const char *id, pagu_error *err)
{
    return err_at(r->plan->ctx, err, PAGU_UNKNOWN_FIELD, NULL, id, "the formula of \"%s\" has a fault", id);
}

/* A fault of what is named is told at its own place; a cycle where it was entered. */
static pagu_code read_part(reading *r, uint32_t i, pagu_error *err)
{
    pagu_code rc = read_formula(r, i, err);
    if (!rc || rc == PAGU_NO_MEMORY || rc == PAGU_INTERRUPTED)
        return rc;
    if (!r->cycle.code)
        return blame_part(r, r->plan->formulas[i]->id, err);
    *err = r->cycle;
    return rc;
}

/* What a formula names is read before it. */
static pagu_code need_formula(void *ud, pagu_field field, pagu_error *err)
{
    reading *r = ud;
    uint32_t i = (uint32_t)(field - PAGU_FIELD_FIRST_DERIVED);
    if (!derived_formula(r->plan, field))
        return PAGU_OK;
    switch (r->state[i]) {
    case FORMULA_READ: return PAGU_OK;
    case FORMULA_OPEN: return blame_cycle(r, i, err);
    case FORMULA_FAULTY: return blame_part(r, r->plan->formulas[i]->id, err);
    default: return read_part(r, i, err);
    }
}

/* A column of amounts may have been declared after the formula. */
static pagu_code check_own_name(const reading *r, const plan_formula *f, pagu_error *err)
{
    pagu_field stored;
    if (pagu_plan_find_field(r->plan, f->id, &stored, NULL) != PAGU_OK)
        return PAGU_OK;
    return err_at(r->plan->ctx, err, PAGU_DUPLICATE_KEY, NULL, f->id,
                  "field \"%s\" holds values; a formula needs a name of its own", f->id);
}

static pagu_code read_formula(reading *r, uint32_t i, pagu_error *err)
{
    plan_formula *f = r->plan->formulas[i];
    pagu_expr *e = NULL;
    formula_parser p = { .ctx = r->plan->ctx, .plan = r->plan, .err = err, .need = need_formula, .ud = r };
    if (f->compiled) {
        r->state[i] = FORMULA_READ;
        return PAGU_OK;
    }
    r->state[i] = FORMULA_OPEN;
    r->stack[r->depth++] = i;
    pagu_code rc = check_own_name(r, f, err);
    if (!rc)
        rc = formula_read(&p, f->text, &e);
    r->depth--;
    r->state[i] = rc ? FORMULA_FAULTY : FORMULA_READ;
    f->compiled = e;
    f->release = release_expr;
    return rc;
}

static pagu_code add_finding(const plan_formula *f, const pagu_error *fault, pagu_findings *findings)
{
    pagu_finding finding = { .rule = "formula",
                             .severity = PAGU_ERROR,
                             .file = f->file,
                             .line = f->line,
                             .column = "expr",
                             .key = f->id,
                             .printed = f->text,
                             .message = fault->message };
    return findings ? pagu_findings_add(findings, &finding) : PAGU_OK;
}

pagu_code pagu_formulas_compile(pagu_plan *plan, pagu_findings *findings, pagu_error *err)
{
    reading r = { .plan = plan };
    pagu_error fault, first = { .code = PAGU_OK };
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < plan_formula_count(plan); i++) {
        memset(&fault, 0, sizeof fault);
        r.cycle.code = PAGU_OK;
        /* what failed while another needed it is read again, to be told at its own place */
        pagu_code rc = r.state[i] == FORMULA_READ ? PAGU_OK : read_formula(&r, i, &fault);
        if (rc == PAGU_NO_MEMORY || rc == PAGU_INTERRUPTED)
            return rc == PAGU_NO_MEMORY ? err_memory(plan->ctx, err) : err_set(plan->ctx, err, rc, "interrupted");
        if (rc && !code)
            first = fault;
        code = rc && !code ? PAGU_PACKAGE : code;
        if (rc && add_finding(plan->formulas[i], &fault, findings))
            return err_memory(plan->ctx, err);
    }
    if (code && err) {
        *err = first;
        err->code = code;
    }
    return code;
}

/* ---- fields of scripts ---- */

static bool is_field_name(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    return n > 0 && n < 64 && id[n] == '\0' && (*id < '0' || *id > '9');
}

/* A script may define its own fields again, nobody else's. */
static pagu_code check_name(const pagu_plan *plan, const char *id, pagu_error *err)
{
    pagu_field field;
    if (!is_field_name(id))
        return err_at(plan->ctx, err, PAGU_ARGUMENT, NULL, id,
                      "\"%s\" can't name a field: use letters, digits and _, at most 63, a letter first", id);
    if (pagu_find_field(plan, id, &field, NULL) != PAGU_OK)
        return PAGU_OK;
    const plan_formula *f = derived_formula(plan, field);
    return f && !f->declared ? PAGU_OK
                             : err_at(plan->ctx, err, PAGU_DUPLICATE_KEY, NULL, id,
                                      "there is a field \"%s\" already; give yours another name", id);
}

static bool find_same(const pagu_plan *plan, const char *id, const char *title, const char *text, pagu_field *out)
{
    pagu_field field;
    const plan_formula *f = pagu_find_field(plan, id, &field, NULL) == PAGU_OK ? derived_formula(plan, field) : NULL;
    if (!f || !*text || !str_eq(f->text, text) || !str_eq(f->title, title))
        return false;
    *out = field;
    return true;
}

/* Takes a reference to e of its own. */
static pagu_code add_field(pagu_plan *plan, const char *id, const char *title, const char *text, pagu_expr *e,
                           pagu_field *out, pagu_error *err)
{
    uint32_t index = 0;
    plan_formula *f = plan_formula_new(plan->ctx, id, title, text);
    if (!f)
        return err_memory(plan->ctx, err);
    f->compiled = e;
    f->release = release_expr;
    pagu_expr_retain(e);
    if (plan_formula_add(plan, f, &index)) {
        plan_formula_free(plan->ctx, f);
        return err_set(plan->ctx, err, PAGU_LIMIT, "a plan has at most %d derived fields", PLAN_FORMULAS);
    }
    *out = (pagu_field)(PAGU_FIELD_FIRST_DERIVED + index);
    return PAGU_OK;
}

pagu_code pagu_define_field(pagu_plan *plan, const char *id, const char *title, const char *text, pagu_field *out,
                            pagu_error *err)
{
    pagu_expr *e = NULL;
    pagu_code rc = check_name(plan, id, err);
    title = title ? title : "";
    if (rc || find_same(plan, id, title, text, out))
        return rc;
    rc = pagu_expr_parse(plan->ctx, plan, text, &e, err);
    if (!rc)
        rc = add_field(plan, id, title, text, e, out, err);
    pagu_expr_release(e);
    return rc;
}

pagu_code pagu_define_field_as(pagu_plan *plan, const char *id, const char *title, pagu_expr *e, pagu_field *out,
                               pagu_error *err)
{
    pagu_code rc = check_name(plan, id, err);
    return rc ? rc : add_field(plan, id, title ? title : "", "", e, out, err);
}
