/* expr_eval.c - column expressions: evaluation in blocks of rows or indicators.
 * SPDX-License-Identifier: MIT */
#include "calc/expr.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what is computed once ---- */

expr_cached *expr_cache_find(const expr_run *run, const void *key, pagu_period period)
{
    for (uint32_t i = 0; i < run->cache->n; i++)
        if (run->cache->items[i].key == key && run->cache->items[i].period == period)
            return &run->cache->items[i];
    return NULL;
}

expr_cached *expr_cache_add(const expr_run *run, const void *key, pagu_period period)
{
    expr_cache *c = run->cache;
    if (!mem_grow(run->ctx, &c->items, &c->cap, c->n, sizeof *c->items))
        return NULL;
    c->items[c->n] = (expr_cached){ .key = key, .period = period };
    return &c->items[c->n++];
}

static void free_cache(const expr_run *run)
{
    expr_cache *c = run->cache;
    for (uint32_t i = 0; i < c->n; i++)
        if (c->items[i].prepared && c->items[i].owner->finish)
            c->items[i].owner->finish(run, c->items[i].prepared);
    mem_free(run->ctx, c->items, c->cap * sizeof *c->items);
}

/* ---- periods ---- */

/* The period of the same kind in another year: "2024Q1" to "2023Q1". */
static bool shift_period(const pagu_plan *p, pagu_period from, int years, pagu_period *out)
{
    char id[48];
    const char *name = plan_str(p, p->periods[from].id);
    int year = p->periods[from].year;
    if (year && from < (pagu_period)(p->last_year - p->first_year + 1))
        return pagu_plan_find_year(p, year + years, out, NULL) == PAGU_OK;
    size_t digits = strspn(name, "0123456789");
    if (digits != 4)
        return false; /* a span has no year before it */
    snprintf(id, sizeof id, "%04d%.32s", (int)strtol(name, NULL, 10) + years, name + digits);
    return pagu_plan_find_period(p, id, out, NULL) == PAGU_OK;
}

static bool up_to_period(const pagu_plan *p, pagu_period from, int years, pagu_period *out)
{
    char id[48];
    const char *name = plan_str(p, p->periods[from].id);
    if (strspn(name, "0123456789") < 4)
        return false;
    snprintf(id, sizeof id, "..%04d", (int)strtol(name, NULL, 10) + years);
    return pagu_plan_find_period(p, id, out, NULL) == PAGU_OK;
}

bool expr_period_of(const expr_run *run, const expr_period *p, pagu_period *out)
{
    *out = p->period;
    switch (p->kind) {
    case EXPR_PERIOD_OWN: *out = run->period; return true;
    case EXPR_PERIOD_FIXED: return true;
    case EXPR_PERIOD_SHIFT: return shift_period(run->plan, run->period, p->offset, out);
    case EXPR_PERIOD_UP_TO: return up_to_period(run->plan, run->period, p->offset, out);
    default: return false;
    }
}

/* ---- leaves ---- */

static void run_nothing(const expr_run *run, expr_block *out)
{
    expr_block_begin(out, run->n);
    memset(out->u.whole, 0, run->n * sizeof out->u.whole[0]);
    memset(out->state, PAGU_MISSING, run->n);
    out->known = false;
}

static pagu_code check_stored(const expr_run *run, const pagu_expr *e, pagu_period period)
{
    pagu_field field = e->u.column.field;
    pagu_field_kind kind = e->op == EXPR_MEASURE ? PAGU_FIELD_MEASURE : PAGU_FIELD_MONEY;
    if (field >= run->plan->n_fields || run->plan->fields[field].kind != kind)
        return err_set(run->ctx, run->err, PAGU_UNKNOWN_FIELD, "columns are money fields: field %u is none", field);
    if (period >= run->plan->n_periods)
        return err_set(run->ctx, run->err, PAGU_OUT_OF_FRAME, "period %u is none of this plan's", period);
    return PAGU_OK;
}

static pagu_code run_stored(const expr_run *run, const pagu_expr *e, expr_block *out)
{
    pagu_period period;
    if (!expr_period_of(run, &e->u.column.period, &period)) {
        run_nothing(run, out);
        return PAGU_OK;
    }
    pagu_code rc = check_stored(run, e, period);
    if (rc)
        return rc;
    rc = e->op == EXPR_MEASURE ? expr_read_measure(run, e->u.column.stage, e->u.column.field, period, out)
                               : expr_read_money(run, e->u.column.stage, e->u.column.field, period, out);
    if (!rc)
        expr_fill_year(run, e, period, out);
    return rc;
}

static pagu_code prepare(const expr_run *run, const derived_field *f, pagu_period period, void **out)
{
    *out = NULL;
    if (!f->prepare)
        return PAGU_OK;
    expr_cached *kept = expr_cache_find(run, f, period);
    if (kept) {
        *out = kept->prepared;
        return PAGU_OK;
    }
    pagu_code rc = PAGU_OK;
    if (!expr_cache_add(run, f, period))
        return err_memory(run->ctx, run->err);
    void *made = f->prepare(run, period, &rc);
    if (!made)
        return rc ? rc : err_memory(run->ctx, run->err);
    kept = expr_cache_find(run, f, period); /* preparing may have added others */
    kept->prepared = made;
    kept->owner = f;
    *out = made;
    return PAGU_OK;
}

static pagu_code run_builtin(const expr_run *run, const pagu_expr *e, uint32_t slot)
{
    const derived_field *f = derived_builtin(e->u.column.field);
    expr_block *out = &run->stack[slot];
    pagu_period period;
    bool has_meaning = run->of_indicators ? f->of_indicators : f->of_nodes;
    if (!expr_period_of(run, &e->u.column.period, &period) || !has_meaning) {
        run_nothing(run, out);
        return PAGU_OK;
    }
    derived_call call = { .field = f, .run = run, .period = period, .scratch = out + 1, .out = out };
    pagu_code rc = prepare(run, f, period, &call.prepared);
    if (rc)
        return rc;
    expr_block_begin(out, run->n);
    out->one_unit = f->unit;
    rc = f->evaluate(&call);
    for (uint32_t i = 0; i < run->n && !rc; i++)
        out->known &= out->state[i] == PAGU_NUMBER;
    return rc;
}

static pagu_code run_formula(const expr_run *run, const pagu_expr *e, uint32_t slot)
{
    expr_run inner = *run;
    if (!expr_period_of(run, &e->u.formula.period, &inner.period)) {
        run_nothing(run, &run->stack[slot]);
        return PAGU_OK;
    }
    return expr_run_block(&inner, e->u.formula.body, slot);
}

SIMD_CLONES static void fill_kernel(int64_t *values, uint32_t n, int64_t value)
{
    for (uint32_t i = 0; i < n; i++)
        values[i] = value;
}

static void run_literal(const expr_run *run, const pagu_expr *e, expr_block *out)
{
    expr_block_begin(out, run->n);
    double real = e->type == EXPR_DECIMAL ? pagu_decimal_to_double(e->u.decimal) : 0;
    int64_t bits = e->u.integer;
    if (e->type != EXPR_INTEGER)
        memcpy(&bits, &real, sizeof bits);
    if (e->op != EXPR_WORDS) {
        fill_kernel(out->u.whole, run->n, bits);
    } else {
        for (uint32_t i = 0; i < run->n; i++)
            out->text[i] = e->u.text.s;
        memset(out->u.whole, 0, run->n * sizeof out->u.whole[0]);
        memset(out->state, PAGU_TEXT, run->n);
        out->has_texts = true;
        out->known = false;
    }
}

/* ---- inner nodes ---- */

static pagu_code run_inner(const expr_run *run, const pagu_expr *e, uint32_t slot)
{
    expr_block *a = &run->stack[slot];
    /* a shared subtree is evaluated each time it occurs: that may be often */
    if (pagu_ctx_interrupted(run->ctx))
        return err_set(run->ctx, run->err, PAGU_INTERRUPTED, "interrupted");
    pagu_code rc = expr_run_block(run, e->u.of.a, slot);
    if (!rc && e->u.of.b)
        rc = expr_run_block(run, e->u.of.b, slot + 1);
    if (!rc && e->u.of.c)
        rc = expr_run_block(run, e->u.of.c, slot + 2);
    if (rc)
        return rc;
    return strchr("+-*/><=gl!&|~", e->op) ? expr_apply(run, e, a, a + 1) : expr_apply_function(run, e, a, a + 1, a + 2);
}

pagu_code expr_run_block(const expr_run *run, const pagu_expr *e, uint32_t slot)
{
    switch (e->op) {
    case EXPR_COLUMN:
    case EXPR_MEASURE: return run_stored(run, e, &run->stack[slot]);
    case EXPR_BUILTIN: return run_builtin(run, e, slot);
    case EXPR_FORMULA: return run_formula(run, e, slot);
    case EXPR_LITERAL:
    case EXPR_WORDS: run_literal(run, e, &run->stack[slot]); return PAGU_OK;
    case EXPR_AGGREGATE: return expr_run_aggregate(run, e, slot);
    default: return run_inner(run, e, slot);
    }
}

/* ---- results ---- */

pagu_expr_value expr_value_at(const pagu_expr *e, const expr_block *b, uint32_t i)
{
    pagu_expr_value value = { .state = (pagu_state)b->state[i], .reason = expr_block_reason(b, i) };
    if (e->type == EXPR_MASK) {
        value.mask = b->u.mask[i];
        return value;
    }
    value.text = expr_block_text(b, i);
    if (value.state == PAGU_MISSING)
        return value;
    value.reason = PAGU_CELL_PLAIN;
    value.unit = expr_block_unit(b, i);
    if (is_whole(e)) {
        value.money = b->u.whole[i];
        value.number = (double)b->u.whole[i];
    } else if (e->type != EXPR_TEXT) {
        value.number = b->u.real[i];
    }
    return value;
}

static void store_reasons(const expr_block *b, uint32_t n, uint8_t *out)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = b->state[i] == PAGU_MISSING ? (uint8_t)expr_block_reason(b, i) : PAGU_CELL_PLAIN;
}

static void store_arrays(const pagu_expr *e, const expr_block *b, uint32_t n, size_t at, const pagu_expr_arrays *out)
{
    bool number = e->type == EXPR_NUMBER || e->type == EXPR_DECIMAL;
    if (out->money && is_whole(e))
        memcpy(out->money + at, b->u.whole, n * sizeof *out->money);
    if (out->number && number)
        memcpy(out->number + at, b->u.real, n * sizeof *out->number);
    if (out->mask && e->type == EXPR_MASK)
        memcpy(out->mask + at, b->u.mask, n * sizeof *out->mask);
    if (out->state)
        memcpy(out->state + at, b->state, n);
    if (out->reason)
        store_reasons(b, n, out->reason + at);
    for (uint32_t i = 0; out->text && i < n; i++)
        out->text[at + i] = expr_block_text(b, i);
    for (uint32_t i = 0; out->unit && i < n; i++)
        out->unit[at + i] = expr_block_unit(b, i);
}

/* ---- entry ---- */

typedef struct subjects {
    pagu_row rows[BLOCK];
    pagu_indicator indicators[BLOCK];
} subjects;

static pagu_row row_of_indicator(const pagu_view *v, const pagu_plan *p, pagu_indicator ind)
{
    if (ind < p->n_indicators)
        return p->traits[ind].row;
    return ind < pagu_view_indicator_count(v) ? pagu_view_indicator(v, ind).row : PAGU_NO_ROW;
}

/* In a stage's view they stand in an array; scenarios may have added some. */
static void find_main_indicators(const expr_run *run, pagu_indicator *out)
{
    const pagu_plan *p = run->plan;
    uint32_t n_rows = pagu_view_row_count(run->view);
    bool plain = n_rows == p->n_rows && !pagu_view_is_scenario(run->view) && p->first_indicator;
    for (uint32_t i = 0; i < run->n; i++) {
        pagu_row row = run->rows[i];
        if (row >= n_rows)
            out[i] = PAGU_NO_INDICATOR;
        else
            out[i] = plain ? p->first_indicator[row] : pagu_view_first_indicator(run->view, row);
    }
}

/* Rows and indicators of a block; what the expression does not ask for is not looked up. */
static void place_block(expr_run *run, const pagu_expr *e, const pagu_expr_subjects *at, size_t start, subjects *s)
{
    run->n = at->n - start < BLOCK ? (uint32_t)(at->n - start) : BLOCK;
    run->of_indicators = at->indicators != NULL;
    if (run->of_indicators) {
        run->indicators = at->indicators + start;
        for (uint32_t i = 0; i < run->n; i++)
            s->rows[i] = row_of_indicator(run->view, run->plan, run->indicators[i]);
        run->rows = s->rows;
        run->rows_follow = expr_rows_follow(run->rows, run->n);
        return;
    }
    run->rows = at->rows + start;
    run->rows_follow = expr_rows_follow(run->rows, run->n);
    run->indicators = s->indicators;
    if (e->needs_indicators)
        find_main_indicators(run, s->indicators);
}

static pagu_code run_all(expr_run *run, const pagu_expr *e, const pagu_expr_subjects *at, pagu_expr_value *values,
                         const pagu_expr_arrays *arrays)
{
    subjects *s = mem_alloc(run->ctx, sizeof *s);
    run->stack = mem_array(run->ctx, e->need, sizeof *run->stack);
    pagu_code rc = s && run->stack ? PAGU_OK : err_memory(run->ctx, run->err);
    for (size_t start = 0; start < at->n && !rc; start += BLOCK) {
        if (start % (64 * BLOCK) == 0 && pagu_ctx_interrupted(run->ctx))
            rc = err_set(run->ctx, run->err, PAGU_INTERRUPTED, "interrupted");
        if (!rc) {
            place_block(run, e, at, start, s);
            rc = expr_run_block(run, e, 0);
        }
        for (uint32_t i = 0; values && i < run->n && !rc; i++)
            values[start + i] = expr_value_at(e, run->stack, i);
        if (arrays && !rc)
            store_arrays(e, run->stack, run->n, start, arrays);
    }
    mem_free(run->ctx, run->stack, e->need * sizeof *run->stack);
    mem_free(run->ctx, s, sizeof *s);
    return rc;
}

static pagu_code evaluate(const pagu_expr *e, const pagu_view *v, const pagu_expr_subjects *at, pagu_expr_value *values,
                          const pagu_expr_arrays *arrays, pagu_error *err)
{
    expr_cache cache = { 0 };
    expr_run run = { .view = v, .plan = pagu_view_plan(v), .period = at->period, .cache = &cache, .err = err };
    run.ctx = run.plan->ctx;
    if (at->n && !at->rows == !at->indicators)
        return err_set(run.ctx, err, PAGU_ARGUMENT, "give either rows or indicators to evaluate at");
    if (at->period == PAGU_NONE)
        run.period = (pagu_period)(run.plan->year - run.plan->first_year);
    else if (at->period >= run.plan->n_periods)
        return err_set(run.ctx, err, PAGU_OUT_OF_FRAME, "period %u is none of this plan's", at->period);
    pagu_code rc = run_all(&run, e, at, values, arrays);
    free_cache(&run);
    return rc;
}

pagu_code pagu_expr_eval_at(const pagu_expr *e, const pagu_view *v, const pagu_expr_subjects *at, pagu_expr_value *out,
                            pagu_error *err)
{
    return evaluate(e, v, at, out, NULL, err);
}

pagu_code pagu_expr_eval_arrays(const pagu_expr *e, const pagu_view *v, const pagu_expr_subjects *at,
                                const pagu_expr_arrays *out, pagu_error *err)
{
    return evaluate(e, v, at, NULL, out, err);
}

pagu_code pagu_expr_eval(const pagu_expr *e, const pagu_view *view, const pagu_row *rows, size_t n,
                         pagu_expr_value *out, pagu_error *err)
{
    pagu_expr_subjects at = { .rows = rows, .n = n, .period = PAGU_NONE };
    return evaluate(e, view, &at, out, NULL, err);
}
