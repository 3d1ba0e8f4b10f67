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

static bool is_run(const pagu_row *rows, uint32_t n)
{
    uint32_t other = 0;
    for (uint32_t i = 0; i < n; i++)
        other |= rows[i] ^ (rows[0] + i);
    return other == 0;
}

static bool all_below(const pagu_row *rows, uint32_t n, uint32_t limit)
{
    uint32_t beyond = 0;
    for (uint32_t i = 0; i < n; i++)
        beyond |= rows[i] >= limit;
    return !beyond;
}

static void states_of_presence(const int64_t *presence, const pagu_row *rows, bool run, uint32_t n, expr_block *out)
{
    uint8_t all = PAGU_NUMBER;
    for (uint32_t i = 0; i < n; i++) {
        out->state[i] = (uint8_t)presence_state(presence[run ? rows[0] + i : rows[i]]);
        all &= out->state[i];
        if (out->state[i] != PAGU_NUMBER)
            out->u.whole[i] = 0;
    }
    out->known = all == PAGU_NUMBER;
}

/* Base rows of a column that lies in one piece. */
static bool read_arrays(const expr_run *run, pagu_column column, expr_block *out)
{
    const pagu_view *v = run->view;
    const int64_t *values, *presence;
    if (v->has_member_overlay || !view_column_arrays(v, column, &values, &presence) ||
        !all_below(run->rows, run->n, run->plan->n_rows))
        return false;
    bool in_a_row = is_run(run->rows, run->n);
    if (in_a_row)
        memcpy(out->u.whole, values + run->rows[0], run->n * sizeof *values);
    for (uint32_t i = 0; !in_a_row && i < run->n; i++)
        out->u.whole[i] = values[run->rows[i]];
    if (presence)
        states_of_presence(presence, run->rows, in_a_row, run->n, out);
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

static void put_measure(expr_block *out, uint32_t n, uint32_t i, const pagu_measure *m)
{
    bool number = m->state == PAGU_NUMBER;
    out->u.real[i] = number ? m->value : 0;
    out->state[i] = (uint8_t)m->state;
    out->known &= number;
    if (m->state == PAGU_NUMBER || m->state == PAGU_TEXT) {
        if (!out->has_units && !out->one_unit) /* cells before are missing: their unit says nothing */
            out->one_unit = m->unit;
        else if (out->has_units || m->unit != out->one_unit)
            expr_block_set_unit(out, n, i, m->unit);
        if (m->text)
            expr_block_set_text(out, n, i, m->text);
    } else if (out->has_units) {
        out->unit[i] = NULL;
    }
    if (!m->text && out->has_texts)
        out->text[i] = NULL;
}

pagu_code expr_read_measure(const expr_run *run, pagu_stage stage, pagu_field field, pagu_period period,
                            expr_block *out)
{
    const pagu_view *v = run->view;
    uint32_t n_rows = pagu_view_row_count(v), n_indicators = pagu_view_indicator_count(v);
    expr_block_begin(out, run->n);
    for (uint32_t i = 0; i < run->n; i++) {
        pagu_measure m = { .state = PAGU_MISSING };
        pagu_row row = run->rows[i];
        pagu_indicator ind = run->indicators[i];
        if (row >= n_rows && row != PAGU_NO_ROW)
            return no_such_row(run, row);
        if (ind != PAGU_NO_INDICATOR && ind >= n_indicators)
            return err_set(run->ctx, run->err, PAGU_UNKNOWN_KEY, "indicator %u is none of this view's", ind);
        if (ind != PAGU_NO_INDICATOR && (row == PAGU_NO_ROW || row_is_member(v, row)))
            m = pagu_view_stage_measure(v, stage == PAGU_NONE ? v->stage : stage, ind, field, period);
        put_measure(out, run->n, i, &m);
    }
    return PAGU_OK;
}
