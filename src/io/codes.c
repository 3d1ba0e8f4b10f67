/* codes.c - code tables: reading a file of them, and looking codes and names up.
 * SPDX-License-Identifier: MIT */
#include "io/codes.h"

/* ---- documents ---- */

code_columns code_columns_of(const pagu_plan *plan, const char *document, const char *const *names, uint32_t n)
{
    code_columns c = { .plan = plan };
    for (uint32_t i = 0; i < plan->n_documents; i++)
        if (str_eq(plan_str(plan, plan->documents[i].name), document))
            c.doc = &plan->documents[i];
    for (uint32_t i = 0; i < n; i++) {
        c.at[i] = UINT32_MAX;
        for (uint32_t k = 0; c.doc && k < c.doc->n_columns; k++)
            if (str_eq(plan_str(plan, c.doc->columns[k]), names[i]))
                c.at[i] = k;
    }
    return c;
}

const char *code_cell(const code_columns *c, uint32_t row, uint32_t column)
{
    if (c->at[column] == UINT32_MAX)
        return "";
    return plan_str(c->plan, c->doc->cells[(size_t)row * c->doc->n_columns + c->at[column]]);
}

/* ---- which list and version count ---- */

enum { LIST, VERSION, KIND, CODE, LEVEL, NAME, INDICATOR, UNIT, STATUS, COLUMNS };
static const char *const column_names[COLUMNS] = { "list", "version",   "kind", "code",  "level",
                                                   "name", "indicator", "unit", "status" };

static bool in_force(const char *status)
{
    return !*status || str_eq(status, "active") || str_eq(status, "aktif");
}

static bool is_tree(const pagu_plan *plan, const char *id)
{
    for (uint32_t i = 0; i < plan->n_trees; i++)
        if (str_eq(plan_str(plan, plan->trees[i].id), id))
            return true;
    return false;
}

static const char *choose_list(const code_columns *c, const pagu_plan *of)
{
    const char *named = pagu_plan_meta(of, "codes.list");
    for (uint32_t r = 0; r < c->doc->n_rows && !named; r++)
        if (!is_tree(of, code_cell(c, r, LIST)))
            return code_cell(c, r, LIST);
    return named;
}

static const char *choose_version(const code_columns *c, const char *list, const char *wanted, char separator)
{
    const char *best = NULL;
    for (uint32_t r = 0; r < c->doc->n_rows && !wanted; r++) {
        const char *version = code_cell(c, r, VERSION);
        if (str_eq(code_cell(c, r, LIST), list) && in_force(code_cell(c, r, STATUS)) &&
            (!best || code_compare(version, best, separator) > 0))
            best = version;
    }
    return wanted ? wanted : best;
}

/* ---- the index ---- */

static bool normal_code(const code_index *x, const char *code, size_t len, char out[KEY_MAX_LEN + 2])
{
    return code_normalise(code, len, x->separator, out, KEY_MAX_LEN + 2) > 0;
}

static pagu_code add_code(code_index *x, uint32_t at)
{
    char normal[KEY_MAX_LEN + 2];
    code_entry *e = &x->entries[at];
    keyset_entry *known;
    bool added;
    if (!normal_code(x, e->code, strlen(e->code), normal))
        return PAGU_OK; /* longer than any code of a plan */
    const char *parts[] = { normal };
    if (!keyset_add(&x->codes, parts, 1, at, &known, &added))
        return PAGU_NO_MEMORY;
    if (!added) { /* behind the first, which stays first */
        e->next = x->entries[known->value].next;
        x->entries[known->value].next = at + 1;
    }
    return PAGU_OK;
}

static pagu_code add_name(code_index *x, uint32_t at)
{
    char normal[NAME_ROOM];
    keyset_entry *known;
    bool added;
    name_normalise(x->entries[at].name, normal);
    const char *parts[] = { normal };
    return keyset_add(&x->names, parts, 1, at, &known, &added) ? PAGU_OK : PAGU_NO_MEMORY;
}

static pagu_code fill(code_index *x, const code_columns *c)
{
    pagu_code code = PAGU_OK;
    for (uint32_t r = 0; r < c->doc->n_rows && code == PAGU_OK; r++) {
        if (!str_eq(code_cell(c, r, LIST), x->list))
            continue;
        code_entry e = { .version = code_cell(c, r, VERSION),
                         .kind = code_cell(c, r, KIND),
                         .code = code_cell(c, r, CODE),
                         .level = code_cell(c, r, LEVEL),
                         .name = code_cell(c, r, NAME),
                         .indicator = code_cell(c, r, INDICATOR),
                         .unit = code_cell(c, r, UNIT),
                         .status = code_cell(c, r, STATUS) };
        e.active = in_force(e.status) && str_eq(e.version, x->version);
        x->entries[x->n] = e;
        code = add_code(x, x->n);
        if (code == PAGU_OK && e.active)
            code = add_name(x, x->n);
        x->n++;
    }
    return code;
}

pagu_code code_index_open(code_index *x, const pagu_plan *source, const pagu_plan *of, const char *version, bool *found)
{
    code_columns c = code_columns_of(source, "codes", column_names, COLUMNS);
    *x = (code_index){ .ctx = source->ctx, .separator = of->separator };
    keyset_init(&x->codes, x->ctx);
    keyset_init(&x->names, x->ctx);
    *found = false;
    x->list = c.doc && c.doc->n_rows ? choose_list(&c, of) : NULL;
    if (!x->list)
        return PAGU_OK;
    x->version = choose_version(&c, x->list, version ? version : pagu_plan_meta(of, "codes.version"), x->separator);
    if (!x->version)
        return PAGU_OK;
    *found = true;
    x->cap = c.doc->n_rows;
    x->entries = mem_array(x->ctx, x->cap, sizeof *x->entries);
    return x->entries ? fill(x, &c) : PAGU_NO_MEMORY;
}

void code_index_close(code_index *x)
{
    keyset_free(&x->codes);
    keyset_free(&x->names);
    mem_free(x->ctx, x->entries, x->cap * sizeof *x->entries);
}

const code_entry *code_index_find(const code_index *x, const char *code, size_t len)
{
    char normal[KEY_MAX_LEN + 2];
    if (!normal_code(x, code, len, normal))
        return NULL;
    const char *parts[] = { normal };
    const keyset_entry *e = keyset_find(&x->codes, parts, 1);
    return e ? &x->entries[e->value] : NULL;
}

const code_entry *code_index_next(const code_index *x, const code_entry *e)
{
    return e->next ? &x->entries[e->next - 1] : NULL;
}

const code_entry *code_index_named(const code_index *x, const char *name)
{
    char normal[NAME_ROOM];
    name_normalise(name, normal);
    const char *parts[] = { normal };
    const keyset_entry *e = *normal ? keyset_find(&x->names, parts, 1) : NULL;
    return e ? &x->entries[e->value] : NULL;
}

/* ---- a file of its own ---- */

void pagu_codes_close(pagu_codes *codes)
{
    if (!codes)
        return;
    pagu_ctx *ctx = pagu_plan_ctx(codes->plan);
    pagu_plan_release(codes->plan);
    mem_free(ctx, codes, sizeof *codes);
}

pagu_code pagu_codes_open(pagu_ctx *ctx, const char *path, pagu_codes_kind kind, pagu_findings *findings,
                          pagu_codes **out, pagu_error *err)
{
    pagu_codes *codes = mem_zalloc(ctx, sizeof *codes);
    *out = NULL;
    if (!codes)
        return err_memory(ctx, err);
    uint32_t res = kind == PAGU_CODES_MAP ? RES_CODES_MAP : RES_CODES;
    pagu_code code = package_read_document(ctx, path, res, findings, &codes->plan, err);
    if (code != PAGU_OK) {
        mem_free(ctx, codes, sizeof *codes);
        return code;
    }
    *out = codes;
    return PAGU_OK;
}
