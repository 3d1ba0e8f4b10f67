/* expr_block.c - blocks, and how stored fields are read into them.
 * SPDX-License-Identifier: MIT */
#include "calc/expr_block.h"
#include "scenario/scenario_struct.h"

void expr_block_begin(expr_block *b, uint32_t n)
{
    memset(b->state, PAGU_NUMBER, n);
    b->known = true;
    b->has_reasons = b->has_units = b->has_texts = false;
    b->one_unit = NULL;
}

void expr_block_set_unit(expr_block *b, uint32_t n, uint32_t i, const char *unit)
{
    for (uint32_t k = 0; !b->has_units && k < n; k++)
        b->unit[k] = b->one_unit;
    b->has_units = true;
    b->unit[i] = unit;
}

void expr_block_set_text(expr_block *b, uint32_t n, uint32_t i, const char *text)
{
    if (!b->has_texts)
        memset(b->text, 0, n * sizeof b->text[0]);
    b->has_texts = true;
    b->text[i] = text;
}

void expr_block_set_reason(expr_block *b, uint32_t n, uint32_t i, pagu_cell_reason reason)
{
    if (!b->has_reasons)
        memset(b->reason, PAGU_CELL_PLAIN, n);
    b->has_reasons = true;
    b->reason[i] = (uint8_t)reason;
}

/* ---- money ---- */

SIMD_CLONES static uint32_t follow_kernel(const uint32_t *rows, uint32_t n)
{
    uint32_t other = 0;
    for (uint32_t i = 0; i < n; i++)
        other |= rows[i] ^ (rows[0] + i);
    return other;
}

bool expr_rows_follow(const pagu_row *rows, uint32_t n)
{
    return n > 0 && rows[n - 1] - rows[0] == n - 1 && follow_kernel(rows, n) == 0;
}

static bool all_below(const expr_run *run, uint32_t limit)
{
    uint32_t beyond = 0;
    if (run->rows_follow)
        return run->rows[0] < limit && limit - run->rows[0] >= run->n;
    for (uint32_t i = 0; i < run->n; i++)
        beyond |= run->rows[i] >= limit;
    return !beyond;
}

/* States from presence words; true if all are numbers. */
SIMD_CLONES static bool states_kernel(const int64_t *presence, uint8_t *state, uint32_t n)
{
    uint8_t other = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t p = (uint64_t)presence[i];
        uint8_t s = (uint8_t)(((p & UINT32_MAX) != 0) * 2 | ((p & UINT32_MAX) == 0 && p != 0));
        state[i] = s;
        other |= s ^ PAGU_NUMBER;
    }
    return other == 0;
}

/* Blocks read several columns in turns, a page of each, which the hardware does not foresee. */
static void ahead(const int64_t *from, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 8)
        __builtin_prefetch((const void *)((uintptr_t)(from + i) + BLOCK * sizeof *from));
}

static void gather(const int64_t *from, const expr_run *run, int64_t *to)
{
    if (run->rows_follow) {
        ahead(from + run->rows[0], run->n);
        memcpy(to, from + run->rows[0], run->n * sizeof *to);
        return;
    }
    for (uint32_t i = 0; i < run->n; i++)
        to[i] = from[run->rows[i]];
}

static void read_presence(const expr_run *run, const int64_t *presence, expr_block *out)
{
    int64_t words[BLOCK];
    if (run->rows_follow) {
        ahead(presence + run->rows[0], run->n);
        out->known = states_kernel(presence + run->rows[0], out->state, run->n);
        return;
    }
    gather(presence, run, words);
    out->known = states_kernel(words, out->state, run->n);
}

/* Base rows of a column that lies in one piece. What is no number holds 0 there already. */
static bool read_arrays(const expr_run *run, pagu_column column, expr_block *out)
{
    const pagu_view *v = run->view;
    const int64_t *values, *presence;
    if (v->has_member_overlay || !view_column_arrays(v, column, &values, &presence) ||
        !all_below(run, run->plan->n_rows))
        return false;
    gather(values, run, out->u.whole);
    if (presence)
        read_presence(run, presence, out);
    const uint64_t *members = run->plan->stages[v->stage].members;
    for (uint32_t i = 0; members && i < run->n; i++)
        if (!bit_get(members, run->rows[i])) {
            out->u.whole[i] = 0;
            out->state[i] = PAGU_MISSING;
            out->known = false;
        }
    return true;
}

static pagu_code no_such_row(const expr_run *run, pagu_row row)
{
    return err_set(run->ctx, run->err, PAGU_UNKNOWN_KEY, "row %u is none of this view's", row);
}

pagu_code expr_read_money(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period, expr_block *out)
{
    const pagu_view *v = run->view;
    pagu_column column =
        stage == PAGU_NONE ? pagu_view_column(v, field, period) : pagu_plan_column(run->plan, stage, field, period);
    uint32_t n_rows = pagu_view_row_count(v);
    expr_block_begin(out, run->n);
    if (run->n && read_arrays(run, column, out))
        return PAGU_OK;
    for (uint32_t i = 0; i < run->n; i++) {
        pagu_row row = run->rows[i];
        pagu_cell c = { 0, PAGU_MISSING };
        if (row >= n_rows && row != PAGU_NO_ROW)
            return no_such_row(run, row);
        if (row != PAGU_NO_ROW && row_is_member(v, row))
            c = view_cell(v, row, column);
        out->u.whole[i] = c.value;
        out->state[i] = (uint8_t)c.state;
        out->known &= c.state == PAGU_NUMBER;
    }
    return PAGU_OK;
}

/* ---- measures ---- */

static void put_unit(expr_block *out, uint32_t n, uint32_t i, const char *unit)
{
    if (!out->has_units && (!out->one_unit || out->one_unit == unit))
        out->one_unit = unit; /* cells before are missing: their unit says nothing */
    else
        expr_block_set_unit(out, n, i, unit);
}

static void put_measure(expr_block *out, uint32_t n, uint32_t i, const pagu_measure *m)
{
    bool number = m->state == PAGU_NUMBER;
    out->u.real[i] = number ? m->value : 0;
    out->state[i] = (uint8_t)m->state;
    out->known &= number;
    if (number || m->state == PAGU_TEXT)
        put_unit(out, n, i, m->unit);
    else if (out->has_units)
        out->unit[i] = NULL;
    if (m->text)
        expr_block_set_text(out, n, i, m->text);
    else if (out->has_texts)
        out->text[i] = NULL;
}

/* The columns of a field in a stage and in the common stage; false: scenarios have laid values over them. */
typedef struct measure_source {
    const measure_cell *own, *common;
    symbol unit; /* of the last cell with a unit of its own, and its label */
    const char *label;
} measure_source;

static bool find_source(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period,
                        measure_source *out)
{
    const pagu_plan *p = run->plan;
    for (uint32_t i = 0; i < run->view->n_layers; i++)
        if (run->view->layers[i]->measures.n)
            return false;
    *out = (measure_source){ .own = p->columns[column_index(p, stage, field, period)].measures };
    if (stage != p->common_stage)
        out->common = p->columns[column_index(p, p->common_stage, field, period)].measures;
    return !run->view->has_member_overlay && !p->stages[run->view->stage].members;
}

/* One cell of the plan without detours; a unit or a text of its own takes the long way. */
static void put_cell(const expr_run *run, measure_source *s, pagu_indicator ind, expr_block *out, uint32_t i)
{
    const pagu_plan *p = run->plan;
    const measure_cell *c = s->own ? &s->own[ind] : NULL;
    if ((!c || c->state == PAGU_MISSING) && s->common)
        c = &s->common[ind];
    pagu_measure m = { .state = PAGU_MISSING };
    if (c && c->state != PAGU_MISSING) {
        if (c->unit && c->unit != s->unit) {
            s->unit = c->unit;
            s->label = unit_label_of(p, c->unit);
        }
        m = (pagu_measure){ c->value, c->unit ? s->label : plan_str(p, p->traits[ind].label),
                            c->text ? plan_str(p, c->text) : NULL, (pagu_state)c->state };
    }
    put_measure(out, run->n, i, &m);
}

/* A plain number in the unit of its indicator, which all before it share. */
static inline bool put_plain(const expr_run *run, const measure_source *s, pagu_indicator ind, expr_block *out,
                             uint32_t i, symbol label)
{
    const measure_cell *c = s->own ? &s->own[ind] : NULL;
    if (!c || c->state != PAGU_NUMBER || c->unit || c->text || run->plan->traits[ind].label != label)
        return false;
    out->u.real[i] = c->value;
    return true;
}

static bool read_cells(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period, expr_block *out)
{
    measure_source s;
    uint32_t beyond = 0, n = run->plan->n_indicators, i = 0;
    if (!find_source(run, stage, field, period, &s))
        return false;
    for (uint32_t k = 0; k < run->n; k++)
        beyond |= run->indicators[k] >= n && run->indicators[k] != PAGU_NO_INDICATOR;
    if (beyond)
        return false;
    if (run->n && run->indicators[0] != PAGU_NO_INDICATOR) {
        symbol label = run->plan->traits[run->indicators[0]].label;
        while (i < run->n && run->indicators[i] != PAGU_NO_INDICATOR &&
               put_plain(run, &s, run->indicators[i], out, i, label))
            i++;
        if (i > 0)
            out->one_unit = plan_str(run->plan, label);
    }
    for (; i < run->n; i++) {
        if (run->indicators[i] != PAGU_NO_INDICATOR)
            put_cell(run, &s, run->indicators[i], out, i);
        else
            put_measure(out, run->n, i, &(pagu_measure){ .state = PAGU_MISSING });
    }
    return true;
}

pagu_code expr_read_measure(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period,
                            expr_block *out)
{
    const pagu_view *v = run->view;
    uint32_t n_rows = pagu_view_row_count(v), n_indicators = pagu_view_indicator_count(v);
    expr_block_begin(out, run->n);
    if (stage == PAGU_NONE)
        stage = v->stage;
    if (read_cells(run, stage, field, period, out))
        return PAGU_OK;
    for (uint32_t i = 0; i < run->n; i++) {
        pagu_measure m = { .state = PAGU_MISSING };
        pagu_row row = run->rows[i];
        pagu_indicator ind = run->indicators[i];
        if (row >= n_rows && row != PAGU_NO_ROW)
            return no_such_row(run, row);
        if (ind != PAGU_NO_INDICATOR && ind >= n_indicators)
            return err_set(run->ctx, run->err, PAGU_UNKNOWN_KEY, "indicator %u is none of this view's", ind);
        if (ind != PAGU_NO_INDICATOR && (row == PAGU_NO_ROW || row_is_member(v, row)))
            m = pagu_view_stage_measure(v, stage, ind, field, period);
        put_measure(out, run->n, i, &m);
    }
    return PAGU_OK;
}
