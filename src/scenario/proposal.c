/* proposal.c - a set of changes: collecting them.
 * SPDX-License-Identifier: MIT */
#include "scenario/proposal.h"

#include <math.h>

/* ---- life ---- */

/* Rows have a block of their own, since a bulk commit hands them to the journal. */
enum { ENTRY_BYTES = 2 * sizeof(int64_t) + 2 };

void changes_free(const pagu_plan *p, column_changes *c)
{
    pagu_ctx *ctx = p->ctx;
    dense_release(p, c->run);
    c->run = NULL;
    mem_free(ctx, c->rows, c->rows ? c->cap * sizeof *c->rows : 0);
    mem_free(ctx, c->values, c->values ? (size_t)c->cap * ENTRY_BYTES : 0);
}

bool changes_grow(const pagu_plan *p, column_changes *c, uint32_t cap)
{
    pagu_ctx *ctx = p->ctx;
    column_changes to = *c;
    to.run = NULL;
    to.cap = cap;
    to.rows = mem_array(ctx, cap, sizeof *to.rows);
    to.values = mem_array(ctx, cap, ENTRY_BYTES);
    if (!to.rows || !to.values) {
        changes_free(p, &to);
        return false;
    }
    to.old_values = to.values + cap;
    to.states = (uint8_t *)(to.old_values + cap);
    to.old_states = to.states + cap;
    if (c->n) {
        memcpy(to.rows, c->rows, c->n * sizeof *to.rows);
        memcpy(to.values, c->values, c->n * sizeof *to.values);
        memcpy(to.states, c->states, c->n);
    }
    changes_free(p, c);
    *c = to;
    return true;
}

void proposal_clear(pagu_proposal *p)
{
    for (uint32_t i = 0; i < p->n_columns; i++)
        changes_free(plan_of(p), &p->columns[i]);
    p->n_columns = p->n_measures = 0;
    p->prepared = p->started = false;
    arena_free(&p->text);
    arena_init(&p->text, ctx_of(p));
}

pagu_code pagu_proposal_new(pagu_scenario *s, pagu_proposal **out, pagu_error *err)
{
    pagu_proposal *p = mem_zalloc(s->view.plan->ctx, sizeof *p);
    if (!p)
        return err_memory(s->view.plan->ctx, err);
    p->s = s;
    arena_init(&p->text, s->view.plan->ctx);
    *out = p;
    return PAGU_OK;
}

void pagu_proposal_free(pagu_proposal *p)
{
    if (!p)
        return;
    pagu_ctx *ctx = ctx_of(p);
    proposal_clear(p);
    arena_free(&p->text);
    mem_free(ctx, p->columns, p->cap_columns * sizeof *p->columns);
    mem_free(ctx, p->measures, p->cap_measures * sizeof *p->measures);
    mem_free(ctx, p, sizeof *p);
}

/* ---- collecting ---- */

static pagu_code changes_for(pagu_proposal *p, pagu_column column, column_changes **out, pagu_error *err)
{
    for (uint32_t i = 0; i < p->n_columns; i++)
        if (p->columns[i].column == column) {
            *out = &p->columns[i];
            return PAGU_OK;
        }
    pagu_code code = check_column(&p->s->view, column, err);
    if (code != PAGU_OK)
        return code;
    if (!mem_grow(ctx_of(p), &p->columns, &p->cap_columns, p->n_columns, sizeof *p->columns))
        return err_memory(ctx_of(p), err);
    *out = &p->columns[p->n_columns++];
    **out = (column_changes){ .column = column, .sorted = true };
    return PAGU_OK;
}

SIMD_CLONES static bool rows_follow(const pagu_row *rows, size_t n)
{
    uint32_t differs = 0;
    for (size_t i = 0; i < n; i++)
        differs |= rows[i] ^ (rows[0] + (uint32_t)i);
    return !differs;
}

/* Rows that follow one another and are lines of the base, members, and many. */
static bool is_line_run(const pagu_view *v, const pagu_row *rows, size_t n)
{
    const pagu_plan *p = v->plan;
    if (n < 64 || n <= p->n_rows / 16 || rows[n - 1] - rows[0] != n - 1 || rows[n - 1] >= p->n_rows || v->ext ||
        v->has_member_overlay || p->stages[v->stage].members ||
        p->child_first[rows[0]] != p->child_first[rows[n - 1] + 1])
        return false;
    return rows_follow(rows, n);
}

static bool all_numbers(const pagu_cell *cells, size_t n)
{
    uint32_t other = 0;
    for (size_t i = 0; i < n; i++)
        other |= (uint32_t)cells[i].state ^ PAGU_NUMBER;
    return !other;
}

/* Begin a run; false (out of memory, or not a run) leaves the ordinary way open. */
static bool start_run(pagu_proposal *p, column_changes *c, const pagu_row *rows, size_t n)
{
    const pagu_view *v = &p->s->view;
    if (c->n || v->constraints || view_tracks_presence(v, c->column) || !is_line_run(v, rows, n))
        return false;
    c->run = dense_new(v->plan);
    if (!c->run)
        return false;
    c->first = rows[0];
    c->n = (uint32_t)n;
    p->prepared = false;
    return true;
}

/* Turn a run back into ordinary changes, because something else joins it. */
bool end_run(const pagu_plan *p, column_changes *c)
{
    column_changes to = { .column = c->column, .sorted = true };
    if (!c->run)
        return true;
    if (!changes_grow(p, &to, c->n + c->n / 2))
        return false;
    for (uint32_t i = 0; i < c->n; i++)
        to.rows[i] = c->first + i;
    memcpy(to.values, c->run->v + c->first, c->n * sizeof *to.values);
    memset(to.states, PAGU_NUMBER, c->n);
    to.n = c->n;
    changes_free(p, c);
    *c = to;
    return true;
}

static pagu_code changes_room(pagu_proposal *p, column_changes *c, size_t n, pagu_error *err)
{
    if (!end_run(plan_of(p), c))
        return err_memory(ctx_of(p), err);
    if (n > UINT32_MAX / 2 - c->n)
        return err_set(ctx_of(p), err, PAGU_LIMIT, "a proposal holds at most 2^31 changes");
    uint32_t need = c->n + (uint32_t)n;
    if (need > c->cap && !changes_grow(plan_of(p), c, c->n ? need + need / 2 : need))
        return err_memory(ctx_of(p), err);
    p->prepared = false;
    return PAGU_OK;
}

static void append_row(column_changes *c, pagu_row row, int64_t value, pagu_state state)
{
    c->sorted = c->sorted && (c->n == 0 || row > c->rows[c->n - 1]);
    c->rows[c->n] = row;
    c->values[c->n] = state == PAGU_NUMBER ? value : 0;
    c->states[c->n++] = (uint8_t)state;
}

pagu_code pagu_proposal_money_batch(pagu_proposal *p, pagu_column column, const pagu_row *rows, const pagu_cell *cells,
                                    size_t n, pagu_error *err)
{
    column_changes *c;
    pagu_code code = changes_for(p, column, &c, err);
    if (code != PAGU_OK)
        return code;
    if (all_numbers(cells, n) && start_run(p, c, rows, n)) {
        int64_t *to = c->run->v + c->first;
        for (size_t i = 0; i < n; i++)
            to[i] = cells[i].value;
        return PAGU_OK;
    }
    code = changes_room(p, c, n, err);
    for (size_t i = 0; code == PAGU_OK && i < n; i++)
        append_row(c, rows[i], cells[i].value, cells[i].state);
    return code;
}

pagu_code pagu_proposal_money_values(pagu_proposal *p, pagu_column column, const pagu_row *rows,
                                     const pagu_money *values, size_t n, pagu_error *err)
{
    column_changes *c;
    pagu_code code = changes_for(p, column, &c, err);
    if (code != PAGU_OK)
        return code;
    if (start_run(p, c, rows, n)) {
        memcpy(c->run->v + c->first, values, n * sizeof *values);
        return PAGU_OK;
    }
    code = changes_room(p, c, n, err);
    for (size_t i = 0; code == PAGU_OK && i < n; i++)
        append_row(c, rows[i], values[i], PAGU_NUMBER);
    return code;
}

pagu_code pagu_proposal_money(pagu_proposal *p, pagu_row row, pagu_column column, pagu_cell cell, pagu_error *err)
{
    column_changes *c;
    pagu_code code = changes_for(p, column, &c, err);
    if (code != PAGU_OK)
        return code;
    if (!c->run && c->n == c->cap && !changes_grow(plan_of(p), c, c->cap ? c->cap * 2 : 16))
        return err_memory(ctx_of(p), err);
    return pagu_proposal_money_batch(p, column, &row, &cell, 1, err);
}

pagu_code pagu_proposal_measure(pagu_proposal *p, pagu_indicator ind, pagu_field field, pagu_period period,
                                const pagu_measure *m, pagu_error *err)
{
    const pagu_view *v = &p->s->view;
    if (ind >= pagu_view_indicator_count(v))
        return err_set(ctx_of(p), err, PAGU_UNKNOWN_KEY, "no such indicator");
    if (!isfinite(m->value))
        return err_at(ctx_of(p), err, PAGU_BAD_NUMBER, pagu_view_indicator(v, ind).id,
                      pagu_plan_field_id(v->plan, field), "a target must be a finite number");
    if (!mem_grow(ctx_of(p), &p->measures, &p->cap_measures, p->n_measures, sizeof *p->measures))
        return err_memory(ctx_of(p), err);
    measure_change *c = &p->measures[p->n_measures];
    *c = (measure_change){
        .indicator = ind, .field = field, .period = period, .column = column_index(v->plan, v->stage, field, period)
    };
    c->new_value = (measure_value){ .value = m->value, .state = m->state };
    const char **texts[2] = { &c->new_value.unit, &c->new_value.text };
    const char *given[2] = { m->unit && *m->unit && !is_own_unit(v, ind, m->unit) ? m->unit : NULL, m->text };
    for (int i = 0; i < 2; i++)
        if (given[i] && !(*texts[i] = arena_strdup(&p->text, given[i], strlen(given[i]))))
            return err_memory(ctx_of(p), err);
    c->old_measure = pagu_view_measure(v, ind, field, period);
    if (c->new_value.unit && !str_eq(c->new_value.unit, c->old_measure.unit))
        return err_at(ctx_of(p), err, PAGU_UNIT_CLASH, pagu_view_indicator(v, ind).id,
                      pagu_plan_field_id(v->plan, field), "%s of %s is counted in \"%s\", not in \"%s\"",
                      pagu_plan_field_id(v->plan, field), pagu_view_indicator(v, ind).id, c->old_measure.unit,
                      c->new_value.unit);
    p->n_measures++;
    p->prepared = false;
    return PAGU_OK;
}
