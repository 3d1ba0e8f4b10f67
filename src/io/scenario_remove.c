/* scenario_remove.c - rows that a saved entry or a merge takes out.
 *
 * What lies below a row and was not there when it was removed would go unseen: such rows are told, and stay. In a
 * merge, rows that were changed here are in conflict; those that the policy lets stay do so whole, with the rows
 * above them.
 *
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"

/* ---- which rows stay ---- */

static bool is_staying(const scenario_reader *r, pagu_row row)
{
    const char *key = pagu_view_key(&r->s->view, row);
    return keyset_find(&r->staying, &key, 1) != NULL;
}

static bool stay(scenario_reader *r, pagu_row row)
{
    const char *key = pagu_view_key(&r->s->view, row);
    keyset_entry *e;
    bool added;
    return keyset_add(&r->staying, &key, 1, 0, &e, &added);
}

/* A row with something below that stays has to stay too. Children have higher numbers than their parents. */
static pagu_code stay_above(scenario_reader *r)
{
    const pagu_view *v = &r->s->view;
    uint32_t n = 0;
    for (uint32_t i = r->n_items; i-- > 0;) {
        bool keep = is_staying(r, r->items[i]);
        pagu_row child = pagu_view_first_child(v, r->items[i]);
        for (; child != PAGU_NO_ROW && !keep; child = pagu_view_next_child(v, child))
            keep = is_staying(r, child);
        if (keep && !stay(r, r->items[i]))
            return PAGU_NO_MEMORY;
    }
    for (uint32_t i = 0; i < r->n_items; i++)
        if (!is_staying(r, r->items[i]))
            r->items[n++] = r->items[i];
    r->n_items = n;
    return PAGU_OK;
}

static int by_row(const void *ud, uint32_t a, uint32_t b)
{
    const uint32_t *rows = ud;
    return (rows[a] > rows[b]) - (rows[a] < rows[b]);
}

static pagu_code sort_items(scenario_reader *r)
{
    size_t n = r->n_items;
    uint32_t *order = mem_array(r->ctx, 3 * n + 1, sizeof *order);
    if (!order)
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    sort_indices(order, order + n, (uint32_t)n, by_row, r->items);
    for (uint32_t i = 0; i < n; i++)
        order[2 * n + i] = r->items[order[i]];
    if (n)
        memcpy(r->items, order + 2 * n, n * sizeof *order);
    mem_free(r->ctx, order, (3 * n + 1) * sizeof *order);
    return PAGU_OK;
}

static bool is_item(const scenario_reader *r, pagu_row row) /* items are sorted */
{
    uint32_t lo = 0, hi = r->n_items;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (r->items[mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->n_items && r->items[lo] == row;
}

/* Tell of rows below that are not to be removed. Own lines go with their row. */
static pagu_code check_children(scenario_reader *r)
{
    const pagu_view *v = &r->s->view;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < r->n_items && code == PAGU_OK; i++) {
        pagu_row child = pagu_view_first_child(v, r->items[i]);
        for (; child != PAGU_NO_ROW && code == PAGU_OK; child = pagu_view_next_child(v, child)) {
            if (is_item(r, child) || is_staying(r, child))
                continue;
            code = report_changed(r, r->entry_line, pagu_view_key(v, child));
            if (code == PAGU_OK && r->mode != READ_LOAD && !stay(r, child))
                code = PAGU_NO_MEMORY;
        }
    }
    return code;
}

/* ---- removing ---- */

static pagu_code remove_rows(scenario_reader *r)
{
    pagu_selection *rows = NULL;
    pagu_error err = { 0 };
    pagu_code code = pagu_select_rows(&r->s->view, r->items, r->n_items, &rows, &err);
    if (code == PAGU_OK)
        code = pagu_remove(r->s, rows, &r->note, &err);
    pagu_selection_free(rows);
    return code == PAGU_OK ? code : report_conflict(r, r->entry_line, err.node, code, &err);
}

pagu_code removals_commit(scenario_reader *r)
{
    pagu_code code = r->mode == READ_MERGE ? values_commit(r) : PAGU_OK; /* of leaving rows, if no others came */
    if (code == PAGU_OK)
        code = sort_items(r);
    if (code == PAGU_OK && r->mode != READ_MERGE) /* a merge has told already */
        code = check_children(r);
    if (code == PAGU_OK && r->mode != READ_LOAD)
        code = stay_above(r);
    return code == PAGU_OK && r->n_items ? remove_rows(r) : code;
}

/* ---- rows that leave in a merge ---- */

/* The base's field and period of ours; false: it has none. */
static bool base_where(const scenario_reader *r, pagu_field field, pagu_period period, pagu_field *f, pagu_period *p)
{
    const pagu_plan *b = r->base->plan;
    *f = field;
    *p = period;
    return b == r->plan || (pagu_plan_find_field(b, pagu_plan_field_id(r->plan, field), f, NULL) == PAGU_OK &&
                            pagu_plan_find_period(b, pagu_plan_period_id(r->plan, period), p, NULL) == PAGU_OK);
}

/* What both kinds of values share: is it changed here, and does the row go all the same? */
static pagu_code tell(scenario_reader *r, conflict *c, const char *field, bool *stays)
{
    r->part = field;
    c->field = field;
    c->why = tr(r->ctx, "the other side removed the row");
    c->outcome = settle(r);
    *stays |= c->outcome != OUTCOME_THEIRS;
    return conflict_add(r, c);
}

static pagu_code leave_money(scenario_reader *r, pagu_row row, pagu_row was, pagu_field field, pagu_period period,
                             bool *stays, bool propose)
{
    const pagu_view *v = &r->s->view;
    pagu_field f;
    pagu_period p;
    pagu_column column = pagu_view_column(v, field, period);
    pagu_cell here = pagu_view_money(v, row, column), base = { 0, PAGU_MISSING };
    if (here.state == PAGU_MISSING)
        return PAGU_OK;
    if (propose)
        return pagu_proposal_money(r->changes, row, column, base, NULL);
    if (was != PAGU_NO_ROW && base_where(r, field, period, &f, &p))
        base = pagu_view_money(r->base, was, pagu_view_column(r->base, f, p));
    if (here.state == base.state && here.value == base.value)
        return PAGU_OK;
    conflict c = { .key = pagu_view_key(v, row),
                   .period = pagu_plan_period_id(r->plan, period),
                   .cells = true,
                   .base = base,
                   .ours = here };
    return tell(r, &c, pagu_plan_field_id(r->plan, field), stays);
}

static bool same_measure(const pagu_measure *a, const pagu_measure *b)
{
    const char *x = a->text ? a->text : "", *y = b->text ? b->text : "";
    return a->state == b->state && (a->state == PAGU_MISSING || (a->value == b->value && str_eq(x, y)));
}

static pagu_code leave_measure(scenario_reader *r, pagu_indicator ind, pagu_field field, pagu_period period,
                               bool *stays, bool propose)
{
    const pagu_view *v = &r->s->view;
    pagu_field f;
    pagu_period p;
    pagu_indicator was;
    pagu_indicator_info info = pagu_view_indicator(v, ind);
    pagu_measure here = pagu_view_measure(v, ind, field, period), base = { .state = PAGU_MISSING, .unit = "" };
    if (here.state == PAGU_MISSING || propose) /* they go with their row, and no sum knows them */
        return PAGU_OK;
    if (pagu_view_find_indicator(r->base, info.id, &was, NULL) == PAGU_OK && base_where(r, field, period, &f, &p))
        base = pagu_view_measure(r->base, was, f, p);
    if (same_measure(&here, &base))
        return PAGU_OK;
    conflict c = { .key = info.id,
                   .period = pagu_plan_period_id(r->plan, period),
                   .measures = true,
                   .base_m = base,
                   .ours_m = here,
                   .theirs_m = { .state = PAGU_MISSING, .unit = "" } };
    return tell(r, &c, pagu_plan_field_id(r->plan, field), stays);
}

/* Look at every value of a row, or take them away. */
static pagu_code leave_row(scenario_reader *r, pagu_row row, bool *stays, bool propose)
{
    const pagu_view *v = &r->s->view;
    pagu_row was = PAGU_NO_ROW;
    pagu_code code = PAGU_OK;
    if (pagu_view_find(r->base, pagu_view_key(v, row), &was, NULL) != PAGU_OK)
        was = PAGU_NO_ROW;
    for (uint32_t f = 0; f < r->plan->n_fields; f++)
        for (uint32_t t = 0; t < r->plan->n_periods && code == PAGU_OK; t++) {
            bool money = r->plan->fields[f].kind == PAGU_FIELD_MONEY;
            if (money && row_is_leaf(v, row))
                code = leave_money(r, row, was, (pagu_field)f, (pagu_period)t, stays, propose);
            bool measure = r->plan->fields[f].kind == PAGU_FIELD_MEASURE;
            pagu_indicator i = measure ? pagu_view_first_indicator(v, row) : PAGU_NO_INDICATOR;
            for (; i != PAGU_NO_INDICATOR && code == PAGU_OK; i = pagu_view_next_indicator(v, i))
                code = leave_measure(r, i, (pagu_field)f, (pagu_period)t, stays, propose);
        }
    return code;
}

pagu_code leaving_commit(scenario_reader *r)
{
    pagu_code code = sort_items(r);
    bool stays;
    for (uint32_t i = 0; i < r->n_items && code == PAGU_OK; i++) {
        stays = false;
        code = leave_row(r, r->items[i], &stays, false);
        if (code == PAGU_OK && stays && !stay(r, r->items[i]))
            code = PAGU_NO_MEMORY;
    }
    r->part = "structure";
    if (code == PAGU_OK)
        code = check_children(r);
    if (code == PAGU_OK)
        code = stay_above(r);
    for (uint32_t i = 0; i < r->n_items && code == PAGU_OK; i++)
        code = leave_row(r, r->items[i], &stays, true);
    return code;
}
