/* formulas.c - derived fields as a plan keeps them: names and texts.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

static char *put_text(char **at, const char *s, size_t n)
{
    char *text = *at;
    memcpy(text, s, n + 1);
    *at += n + 1;
    return text;
}

plan_formula *plan_formula_new(pagu_ctx *ctx, const char *id, const char *title, const char *text)
{
    size_t i = strlen(id), t = strlen(title), x = strlen(text), bytes = sizeof(plan_formula) + i + t + x + 3;
    plan_formula *f = mem_zalloc(ctx, bytes);
    if (!f)
        return NULL;
    char *at = (char *)(f + 1);
    f->bytes = bytes;
    f->id = put_text(&at, id, i);
    f->title = put_text(&at, title, t);
    f->text = put_text(&at, text, x);
    f->file = "";
    return f;
}

void plan_formula_free(pagu_ctx *ctx, plan_formula *f)
{
    if (!f)
        return;
    if (f->compiled)
        f->release(f->compiled);
    mem_free(ctx, f, f->bytes);
}

pagu_code plan_formula_add(pagu_plan *p, plan_formula *f, uint32_t *index)
{
    pagu_code code = PAGU_LIMIT;
    pthread_mutex_lock(&p->formula_lock);
    uint32_t n = plan_formula_count(p);
    if (n < PLAN_FORMULAS) {
        p->formulas[n] = f;
        *index = n;
        atomic_store_explicit(&p->n_formulas, n + 1, memory_order_release);
        code = PAGU_OK;
    }
    pthread_mutex_unlock(&p->formula_lock);
    return code;
}
