/* formula_scope.c - which rows an aggregate is over: program, lines under here, children, tree:level.
 * SPDX-License-Identifier: MIT */
#include "calc/formula_parse.h"

#include <stdio.h>

static const struct {
    const char *word;
    scope_kind kind;
} scope_words[] = {
    { "lines", SCOPE_LINES },
    { "nodes", SCOPE_NODES },
    { "children", SCOPE_CHILDREN },
    { "indicators", SCOPE_INDICATORS },
};

static bool find_word(const token *t, scope_kind *out)
{
    for (size_t i = 0; i < COUNT_OF(scope_words); i++)
        if (token_is_word(t, scope_words[i].word)) {
            *out = scope_words[i].kind;
            return true;
        }
    return false;
}

static bool find_tree(const formula_parser *p, const char *id, uint32_t *out)
{
    return pagu_plan_find_tree(p->plan, id, out, NULL) == PAGU_OK;
}

/* Does a name begin a scope? Of min and max, whose operands may be amounts as well. */
bool formula_is_scope(const formula_parser *p, const token *name)
{
    char id[96];
    scope_kind kind;
    pagu_level level;
    pagu_field field;
    if (name->kind != TOKEN_NAME || !token_copy(name, id, sizeof id))
        return false;
    return pagu_find_field(p->plan, id, &field, NULL) != PAGU_OK &&
           (find_word(name, &kind) || pagu_plan_find_level(p->plan, id, &level, NULL) == PAGU_OK);
}

/* A level of a classification tree: an index of all levels. */
static uint16_t tree_level(const pagu_plan *plan, uint32_t tree, const char *id)
{
    for (uint32_t i = 0; i < plan->n_all_levels; i++)
        if (plan->levels[i].tree == plan->trees[tree].id && str_eq(plan_str(plan, plan->levels[i].id), id))
            return (uint16_t)i;
    return PAGU_NONE;
}

static pagu_code read_tree_level(formula_parser *p, const char *tree, expr_scope *out)
{
    char id[96];
    pagu_code rc = formula_advance(p);
    if (rc)
        return rc;
    if (p->now.kind != TOKEN_NAME || !token_copy(&p->now, id, sizeof id))
        return formula_fault(p, p->now.at, PAGU_SYNTAX, "the level of a classification is expected after \":\"");
    out->level = tree_level(p->plan, out->tree, id);
    if (out->level == PAGU_NONE)
        return formula_fault(p, p->now.at, PAGU_UNKNOWN_LEVEL, "classification \"%s\" has no level \"%s\"", tree, id);
    return formula_advance(p);
}

static pagu_code read_rows(formula_parser *p, expr_scope *out)
{
    char id[96];
    scope_kind kind;
    token t = p->now;
    if (t.kind != TOKEN_NAME || !token_copy(&t, id, sizeof id))
        return formula_fault(p, t.at, PAGU_SYNTAX,
                             "a scope is expected: a level, lines, nodes, children, indicators or a classification");
    pagu_code rc = formula_advance(p);
    if (rc)
        return rc;
    bool classes = token_is(&p->now, ':');
    if (!classes && find_word(&t, &kind)) {
        out->kind = (uint8_t)kind;
        return PAGU_OK;
    }
    if (!classes && pagu_plan_find_level(p->plan, id, &out->level, p->err) == PAGU_OK) {
        out->kind = SCOPE_LEVEL;
        return PAGU_OK;
    }
    out->kind = SCOPE_CLASSES;
    out->level = PAGU_NONE;
    if (!find_tree(p, id, &out->tree)) {
        if (classes) /* say which trees there are; else, which levels */
            pagu_plan_find_tree(p->plan, id, &out->tree, p->err);
        return formula_place(p, t.at, classes ? PAGU_UNKNOWN_TAG : PAGU_UNKNOWN_LEVEL);
    }
    return classes ? read_tree_level(p, id, out) : PAGU_OK;
}

static pagu_code read_place(formula_parser *p, expr_scope *out)
{
    uint32_t at = p->now.at;
    pagu_code rc = formula_advance(p);
    if (rc)
        return rc;
    if (out->kind == SCOPE_CLASSES || out->kind == SCOPE_CHILDREN || out->kind == SCOPE_INDICATORS)
        return formula_fault(p, at, PAGU_SYNTAX, "only a level, lines and nodes can be narrowed by under");
    if (token_is_word(&p->now, "here")) {
        out->here = true;
        return formula_advance(p);
    }
    if (p->now.kind != TOKEN_TEXT || p->now.n > KEY_MAX_LEN)
        return formula_fault(p, p->now.at, PAGU_SYNTAX, "under takes here, or a key in quotes, as in under \"1.06\"");
    out->key_bytes = p->now.n + 1;
    out->key = mem_alloc(p->ctx, out->key_bytes);
    if (!out->key)
        return err_memory(p->ctx, p->err);
    token_copy(&p->now, out->key, out->key_bytes);
    rc = formula_advance(p);
    if (rc) {
        mem_free(p->ctx, out->key, out->key_bytes);
        out->key = NULL;
    }
    return rc;
}

pagu_code formula_scope(formula_parser *p, expr_scope *out)
{
    *out = (expr_scope){ .level = PAGU_NONE };
    pagu_code rc = read_rows(p, out);
    return rc || !token_is_word(&p->now, "under") ? rc : read_place(p, out);
}
