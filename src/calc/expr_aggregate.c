/* expr_aggregate.c - sum, count, min, max and mean over the rows of a scope.
 *
 * A scope that does not depend on the subject is folded once for an evaluation; the others row by
 * row. Missing cells are skipped; nothing present makes a missing result, only dashes a dash.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"

#include <math.h>

typedef struct fold {
    const pagu_expr *e;
    const expr_run *run;
    uint32_t slot; /* where the body may be evaluated */
    uint32_t count, numbers, n;
    bool whole, clash, text;
    int64_t sum, least, most;
    double real_sum, real_least, real_most;
    const char *unit;
    pagu_row rows[BLOCK];
    pagu_indicator indicators[BLOCK];
    bool of_indicators;
} fold;

/* ---- one block ---- */

static pagu_code fold_whole(fold *f, int64_t x)
{
    if (f->e->u.aggregate.kind != AGGREGATE_MIN && f->e->u.aggregate.kind != AGGREGATE_MAX &&
        __builtin_add_overflow(f->sum, x, &f->sum))
        return err_set(f->run->ctx, f->run->err, PAGU_OVERFLOW, "a sum in the formula exceeds the 64-bit range");
    f->least = f->count == 0 || x < f->least ? x : f->least;
    f->most = f->count == 0 || x > f->most ? x : f->most;
    return PAGU_OK;
}

static void fold_real(fold *f, double x, const char *unit)
{
    f->clash |= !units_agree(f->unit, unit);
    f->unit = f->unit && *f->unit ? f->unit : unit;
    f->real_sum += x;
    f->real_least = f->count == 0 || x < f->real_least ? x : f->real_least;
    f->real_most = f->count == 0 || x > f->real_most ? x : f->real_most;
}

static void count_cells(fold *f, const expr_block *b, uint32_t n)
{
    bool mask = f->e->u.aggregate.body->type == EXPR_MASK;
    for (uint32_t i = 0; i < n; i++)
        f->count += mask ? b->u.mask[i] : b->state[i] == PAGU_NUMBER || b->state[i] == PAGU_TEXT;
}

static pagu_code fold_cells(fold *f, const expr_block *b, uint32_t n)
{
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < n && !rc; i++) {
        f->text |= b->state[i] == PAGU_TEXT;
        f->clash |= b->state[i] == PAGU_MISSING && expr_block_reason(b, i) == PAGU_CELL_UNIT_CLASH;
        if (b->state[i] != PAGU_NUMBER && b->state[i] != PAGU_DASH)
            continue;
        if (f->whole)
            rc = fold_whole(f, b->u.whole[i]);
        else
            fold_real(f, b->u.real[i], b->state[i] == PAGU_NUMBER ? expr_block_unit(b, i) : NULL);
        f->count++;
        f->numbers += b->state[i] == PAGU_NUMBER;
    }
    return rc;
}

/* Evaluate the body at the gathered rows or indicators. */
static pagu_code flush(fold *f)
{
    const pagu_expr *body = f->e->u.aggregate.body;
    uint32_t n = f->n;
    f->n = 0;
    if (!body) {
        f->count += n;
        return PAGU_OK;
    }
    if (n == 0)
        return PAGU_OK;
    if (pagu_ctx_interrupted(f->run->ctx))
        return err_set(f->run->ctx, f->run->err, PAGU_INTERRUPTED, "interrupted");
    expr_run inner = *f->run;
    inner.rows = f->rows;
    inner.indicators = f->indicators;
    inner.n = n;
    inner.rows_follow = expr_rows_follow(f->rows, n);
    inner.of_indicators = f->of_indicators;
    pagu_code rc = expr_run_block(&inner, body, f->slot);
    if (rc)
        return rc;
    if (f->e->u.aggregate.kind != AGGREGATE_COUNT)
        return fold_cells(f, &inner.stack[f->slot], n);
    count_cells(f, &inner.stack[f->slot], n);
    return PAGU_OK;
}

static pagu_code gather(fold *f, pagu_row row, pagu_indicator ind)
{
    f->rows[f->n] = row;
    f->indicators[f->n++] = ind;
    return f->n == BLOCK ? flush(f) : PAGU_OK;
}

static pagu_code gather_row(fold *f, pagu_row row)
{
    const pagu_expr *body = f->e->u.aggregate.body;
    bool asked = body && body->needs_indicators;
    return gather(f, row, asked ? pagu_view_first_indicator(f->run->view, row) : PAGU_NO_INDICATOR);
}

/* ---- scopes ---- */

static bool is_in_scope(const fold *f, pagu_row row)
{
    const expr_scope *s = &f->e->u.aggregate.scope;
    const pagu_view *v = f->run->view;
    return s->kind == SCOPE_LEVEL   ? pagu_view_level(v, row) == s->level
           : s->kind == SCOPE_LINES ? pagu_view_is_leaf(v, row)
                                    : true;
}

/* Every member at or below a row. */
static pagu_code gather_below(fold *f, pagu_row row)
{
    pagu_code rc = is_in_scope(f, row) ? gather_row(f, row) : PAGU_OK;
    for (pagu_row c = pagu_view_first_child(f->run->view, row); c != PAGU_NO_ROW && !rc;
         c = pagu_view_next_child(f->run->view, c))
        rc = gather_below(f, c);
    return rc;
}

static pagu_code gather_everywhere(fold *f)
{
    const pagu_view *v = f->run->view;
    uint32_t n = pagu_view_row_count(v);
    pagu_code rc = PAGU_OK;
    for (pagu_row row = 0; row < n && !rc; row++)
        if (pagu_view_is_member(v, row) && is_in_scope(f, row))
            rc = gather_row(f, row);
    return rc;
}

static pagu_code gather_children(fold *f, pagu_row row)
{
    pagu_code rc = PAGU_OK;
    for (pagu_row c = pagu_view_first_child(f->run->view, row); c != PAGU_NO_ROW && !rc;
         c = pagu_view_next_child(f->run->view, c))
        rc = gather_row(f, c);
    return rc;
}

static pagu_code gather_indicators(fold *f, pagu_row row)
{
    pagu_code rc = PAGU_OK;
    f->of_indicators = true;
    for (pagu_indicator k = pagu_view_first_indicator(f->run->view, row); k != PAGU_NO_INDICATOR && !rc;
         k = pagu_view_next_indicator(f->run->view, k))
        rc = gather(f, row, k);
    return rc;
}

static void count_classes(fold *f)
{
    const expr_scope *s = &f->e->u.aggregate.scope;
    const plan_tree *t = &f->run->plan->trees[s->tree];
    for (uint32_t c = 0; c < t->n_classes; c++)
        f->count += s->level == PAGU_NONE || t->classes[c].level == f->run->plan->levels[s->level].id;
}

/* The place named by a key, or the subject; PAGU_NO_ROW: there is none. */
static pagu_code scope_root(fold *f, pagu_row subject, pagu_row *out)
{
    const expr_scope *s = &f->e->u.aggregate.scope;
    *out = subject;
    return s->key ? pagu_view_find(f->run->view, s->key, out, f->run->err) : PAGU_OK;
}

static pagu_code gather_scope(fold *f, pagu_row subject)
{
    const expr_scope *s = &f->e->u.aggregate.scope;
    pagu_row root;
    pagu_code rc = scope_root(f, subject, &root);
    if (rc)
        return rc;
    if (s->kind == SCOPE_CLASSES)
        count_classes(f);
    else if (!s->here && !s->key && s->kind <= SCOPE_LINES)
        rc = gather_everywhere(f);
    else if (root == PAGU_NO_ROW || root >= pagu_view_row_count(f->run->view))
        return PAGU_OK;
    else if (s->kind == SCOPE_CHILDREN)
        rc = gather_children(f, root);
    else if (s->kind == SCOPE_INDICATORS)
        rc = gather_indicators(f, root);
    else if (pagu_view_is_member(f->run->view, root))
        rc = gather_below(f, root);
    return rc ? rc : flush(f);
}

/* ---- results ---- */

static void begin_fold(fold *f)
{
    f->count = f->numbers = f->n = 0;
    f->clash = f->text = f->of_indicators = false;
    f->sum = f->least = f->most = 0;
    f->real_sum = f->real_least = f->real_most = 0;
    f->unit = NULL;
}

static void choose_result(const fold *f, pagu_expr_value *v)
{
    switch (f->e->u.aggregate.kind) {
    case AGGREGATE_MIN:
        v->money = f->least;
        v->number = f->real_least;
        break;
    case AGGREGATE_MAX:
        v->money = f->most;
        v->number = f->real_most;
        break;
    case AGGREGATE_MEAN: v->number = (f->whole ? (double)f->sum : f->real_sum) / f->count; break;
    default:
        v->money = f->sum;
        v->number = f->real_sum;
        break;
    }
}

static pagu_expr_value result_of(const fold *f)
{
    pagu_expr_value v = { .state = PAGU_NUMBER };
    if (f->e->u.aggregate.kind == AGGREGATE_COUNT) {
        v.money = f->count;
        return v;
    }
    if (f->clash || f->count == 0) {
        v.state = PAGU_MISSING;
        v.reason = f->clash ? PAGU_CELL_UNIT_CLASH : f->text ? PAGU_CELL_NOT_ONE_NUMBER : PAGU_CELL_PLAIN;
        return v;
    }
    v.state = f->numbers ? PAGU_NUMBER : PAGU_DASH;
    v.unit = f->unit;
    choose_result(f, &v);
    return v;
}

static void put_result(const fold *f, expr_block *out, uint32_t n, uint32_t i, const pagu_expr_value *v)
{
    if (is_whole(f->e))
        out->u.whole[i] = v->money;
    else
        out->u.real[i] = v->number;
    out->state[i] = (uint8_t)v->state;
    out->known &= v->state == PAGU_NUMBER;
    if (v->reason || out->has_reasons)
        expr_block_set_reason(out, n, i, v->reason);
    if (v->unit || out->has_units)
        expr_block_set_unit(out, n, i, v->unit);
}

static pagu_code run_fold(fold *f, const expr_run *run, uint32_t slot)
{
    const expr_scope *s = &f->e->u.aggregate.scope;
    bool each = s->here || s->kind == SCOPE_CHILDREN || s->kind == SCOPE_INDICATORS;
    expr_block *out = &run->stack[slot];
    expr_cached *kept = each ? NULL : expr_cache_find(run, f->e, run->period);
    pagu_expr_value v = kept ? kept->value : (pagu_expr_value){ 0 };
    expr_block_begin(out, run->n);
    for (uint32_t i = 0; i < run->n; i++) {
        if (each || (i == 0 && !kept)) {
            begin_fold(f);
            pagu_code rc = gather_scope(f, run->rows[i]);
            if (rc)
                return rc;
            v = result_of(f);
        }
        put_result(f, out, run->n, i, &v);
    }
    if (each || kept || run->n == 0)
        return PAGU_OK;
    kept = expr_cache_add(run, f->e, run->period);
    if (!kept)
        return err_memory(run->ctx, run->err);
    kept->value = v;
    return PAGU_OK;
}

/* The body's blocks lie above the result's. */
pagu_code expr_run_aggregate(const expr_run *run, const pagu_expr *e, uint32_t slot)
{
    fold *f = mem_alloc(run->ctx, sizeof *f);
    if (!f)
        return err_memory(run->ctx, run->err);
    const pagu_expr *body = e->u.aggregate.body;
    f->e = e;
    f->run = run;
    f->slot = slot + 1;
    f->whole = body && is_whole(body);
    pagu_code rc = run_fold(f, run, slot);
    mem_free(run->ctx, f, sizeof *f);
    return rc;
}
