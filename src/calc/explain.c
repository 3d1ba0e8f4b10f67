/* explain.c - why a money value is what it is, as a table that is a tree.
 *
 * Rows at one depth below a sum add up to it: a line stands for its last edit or for the value of
 * the package, and what led there is one depth further in. Nothing is recorded for this while a
 * scenario works: the journal, the constraints and the printed amounts are looked up when asked.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/explain.h"
#include "calc/verb.h"
#include "pagu/calc.h"

#include <stdio.h>

/* One journaled change of a line. The key sorts by row, then by time. */
typedef struct edit {
    uint64_t key; /* row, place in the journal */
    uint32_t entry, change;
} edit;

typedef struct explanation {
    const pagu_view *view;
    const pagu_scenario *scenario; /* NULL: a stage's view */
    const pagu_plan *plan;
    pagu_ctx *ctx;
    pagu_column column;
    pagu_field field;
    pagu_period period;
    uint64_t *lines; /* rows of the lines that may be shown, ascending */
    edit *edits;     /* of these, by row and time */
    uint32_t n_lines, cap_lines, n_edits, cap_edits;
    explain_table to;
} explanation;

static const char *kind_name(pagu_reason_kind kind)
{
    static const char *const names[] = { "input", "rollup", "edit", "missing", "hold", "printed" };
    return names[kind];
}

static pagu_code put_cell(explanation *x, uint32_t col, pagu_cell cell)
{
    return cell.state == PAGU_MISSING ? PAGU_OK : pagu_table_set_cell(x->to.t, x->to.last, col, cell);
}

static pagu_code begin_row(explanation *x, uint32_t depth, const char *kind, pagu_row row, pagu_cell value)
{
    bool named = row != PAGU_NO_ROW;
    pagu_code rc = explain_row(&x->to, depth, str_eq(kind, "rollup"), kind, named ? pagu_view_key(x->view, row) : NULL,
                               named ? pagu_view_row_name(x->view, row) : NULL);
    return rc ? rc : put_cell(x, EXPLAIN_VALUE, value);
}

/* ---- edits ---- */

/* The lines that can be shown, as far as there are rows for them. */
static pagu_code collect_lines(explanation *x, pagu_row row, uint32_t depth)
{
    if (x->n_lines >= x->to.max_rows)
        return PAGU_OK;
    if (pagu_view_is_leaf(x->view, row)) {
        if (!mem_grow(x->ctx, &x->lines, &x->cap_lines, x->n_lines, sizeof *x->lines))
            return PAGU_NO_MEMORY;
        x->lines[x->n_lines++] = row;
        return PAGU_OK;
    }
    pagu_code rc = PAGU_OK;
    pagu_row c = depth < x->to.max_depth ? pagu_view_first_child(x->view, row) : PAGU_NO_ROW;
    for (; c != PAGU_NO_ROW && x->n_lines < x->to.max_rows && !rc; c = pagu_view_next_child(x->view, c))
        rc = collect_lines(x, c, depth + 1);
    return rc;
}

static bool touches(const explanation *x, const pagu_change *c)
{
    if (c->indicator != PAGU_NO_INDICATOR || c->column != x->column)
        return false;
    uint32_t low = 0, high = x->n_lines;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (x->lines[mid] < c->row)
            low = mid + 1;
        else
            high = mid;
    }
    return low < x->n_lines && x->lines[low] == c->row;
}

static pagu_code collect_edits(explanation *x, pagu_row top)
{
    pagu_code rc = x->scenario ? collect_lines(x, top, 0) : PAGU_OK;
    if (rc)
        return rc;
    sort_by_key(x->lines, x->n_lines, sizeof *x->lines);
    uint32_t n_entries = x->scenario ? pagu_journal_count(x->scenario) : 0;
    for (uint32_t entry = 0; entry < n_entries; entry++) {
        uint32_t n = pagu_journal_get(x->scenario, entry).n_changes;
        for (uint32_t i = 0; i < n; i++) {
            pagu_change c = pagu_journal_change(x->scenario, entry, i);
            if (i % 16384 == 16383 && pagu_ctx_interrupted(x->ctx))
                return PAGU_INTERRUPTED;
            if (!touches(x, &c))
                continue;
            if (!mem_grow(x->ctx, &x->edits, &x->cap_edits, x->n_edits, sizeof *x->edits))
                return PAGU_NO_MEMORY;
            x->edits[x->n_edits] = (edit){ (uint64_t)c.row << 32 | x->n_edits, entry, i };
            x->n_edits++;
        }
    }
    sort_by_key(x->edits, x->n_edits, sizeof *x->edits);
    return PAGU_OK;
}

static const edit *edits_of(const explanation *x, pagu_row row, uint32_t *n)
{
    uint32_t low = 0, high = x->n_edits;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (x->edits[mid].key >> 32 < row)
            low = mid + 1;
        else
            high = mid;
    }
    for (*n = 0; low + *n < x->n_edits && x->edits[low + *n].key >> 32 == row;)
        ++*n;
    return x->edits + low;
}

static pagu_code add_edit(explanation *x, uint32_t depth, pagu_row row, const edit *e)
{
    pagu_note note = pagu_journal_get(x->scenario, e->entry).note;
    pagu_change c = pagu_journal_change(x->scenario, e->entry, e->change);
    pagu_code rc = begin_row(x, depth, kind_name(PAGU_WHY_EDIT), row, c.new_cell);
    if (!rc)
        rc = put_cell(x, EXPLAIN_WAS, c.old_cell);
    return rc ? rc : explain_note(&x->to, &note);
}

/* How the verb came to the value; only of the line that is explained, for it looks at all that the entry changed. */
static pagu_code tell_edit(explanation *x, uint32_t depth, const edit *e)
{
    pagu_change c = pagu_journal_change(x->scenario, e->entry, e->change);
    return explain_entry(&x->to, x->view, e->entry, &c, depth);
}

/* ---- constraints and printed amounts ---- */

static const char *constraint_verb(pagu_constraint_kind kind)
{
    static const char *const names[] = { "hold lines", "hold total", "floor", "ceiling", "rule", "rule" };
    return names[kind];
}

/* "binds", or how much room there is. */
static void role_of(const explanation *x, uint32_t index, char *buf, size_t size)
{
    pagu_constraint_status status;
    *buf = '\0';
    if (pagu_constraint_slack(x->view, index, &status, NULL) != PAGU_OK || !status.has_slack)
        return;
    if (status.slack == 0)
        phrase(x->ctx, buf, size, "it binds: no room is left");
    else if (status.slack > 0)
        phrase(x->ctx, buf, size, "room: %s", money_str(x->ctx, status.slack).s);
    else
        snprintf(buf, size, "%.200s", status.message);
}

static pagu_code add_constraint(explanation *x, uint32_t depth, pagu_row row, uint32_t index,
                                const pagu_constraint_info *c)
{
    bool limit = c->kind == PAGU_FLOOR || c->kind == PAGU_CEILING;
    pagu_cell value = limit ? (pagu_cell){ c->amount, PAGU_NUMBER } : (pagu_cell){ 0, PAGU_MISSING };
    char reason[640], role[220];
    role_of(x, index, role, sizeof role);
    snprintf(reason, sizeof reason, "%.190s%s%.190s", c->reason ? c->reason : "",
             c->reason && c->law && *c->reason && *c->law ? "; " : "", c->law ? c->law : "");
    if (*role)
        snprintf(reason + strlen(reason), sizeof reason - strlen(reason), "%s%s", *reason ? "; " : "", role);
    pagu_code rc = begin_row(x, depth, kind_name(PAGU_WHY_HOLD), row, value);
    if (!rc && c->name && *c->name)
        rc = explain_text(&x->to, EXPLAIN_NAME, c->name);
    if (!rc)
        rc = explain_text(&x->to, EXPLAIN_VERB, constraint_verb(c->kind));
    return rc ? rc : explain_text(&x->to, EXPLAIN_REASON, reason);
}

static bool concerns(const explanation *x, const pagu_constraint_info *c, pagu_row row)
{
    if ((c->field != PAGU_NONE && c->field != x->field) || (c->period != PAGU_NONE && c->period != x->period))
        return false;
    for (uint32_t i = 0; i < c->n_rows; i++)
        if (c->rows[i] == row)
            return true;
    return false;
}

/* Constraints set on the row itself; for the explained row also those it inherits. */
static pagu_code add_constraints(explanation *x, uint32_t depth, pagu_row row)
{
    uint32_t n = pagu_constraint_count(x->view);
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < n && !rc; i++) {
        pagu_constraint_info c = pagu_constraint_get(x->view, i);
        pagu_row at = row;
        while (at != PAGU_NO_ROW && !concerns(x, &c, at))
            at = depth == 1 ? pagu_view_parent(x->view, at) : PAGU_NO_ROW;
        if (at != PAGU_NO_ROW && !explain_is_full(&x->to))
            rc = add_constraint(x, depth, at, i, &c);
    }
    return rc;
}

static pagu_code add_printed(explanation *x, uint32_t depth, pagu_row row, pagu_cell value)
{
    uint32_t n = pagu_plan_printed_count(x->plan);
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < n && !rc; i++) {
        pagu_printed_amount p = pagu_plan_printed(x->plan, i);
        if (p.row != row || p.column != x->column || explain_is_full(&x->to))
            continue;
        pagu_money difference;
        char reason[96];
        if (pagu_money_sub(p.cell.value, value.value, &difference))
            difference = p.cell.value > value.value ? INT64_MAX : INT64_MIN;
        if (difference == 0)
            phrase(x->ctx, reason, sizeof reason, "agrees with the sum");
        else
            phrase(x->ctx, reason, sizeof reason, "differs from the sum by %s", money_str(x->ctx, difference).s);
        rc = begin_row(x, depth, kind_name(PAGU_WHY_PRINTED), row, p.cell);
        if (!rc)
            rc = explain_text(&x->to, EXPLAIN_REASON, reason);
    }
    return rc;
}

/* ---- the tree ---- */

static pagu_code add_node(explanation *x, pagu_row row, uint32_t depth);

static const char *sign_remark(const explanation *x, pagu_row row, uint32_t depth)
{
    int sign = depth == 0 ? 1 : pagu_view_sign(x->view, row);
    return sign > 0 ? "" : sign < 0 ? tr(x->ctx, "subtracted") : tr(x->ctx, "memo: not in the total");
}

/* The table is full: one row for the rest, so that the sum still adds up. */
static pagu_code add_rest(explanation *x, uint32_t depth, pagu_row parent, pagu_row from, pagu_money shown)
{
    uint32_t n = 0;
    pagu_money rest = 0;
    char name[120];
    for (pagu_row c = from; c != PAGU_NO_ROW; c = pagu_view_next_child(x->view, c))
        n++;
    if (pagu_money_sub(pagu_view_money(x->view, parent, x->column).value, shown, &rest))
        return PAGU_OVERFLOW;
    phrase(x->ctx, name, sizeof name, "%u more left out; ask for more rows or for one of them", n);
    pagu_code rc = begin_row(x, depth, "more", PAGU_NO_ROW, (pagu_cell){ rest, PAGU_NUMBER });
    return rc ? rc : explain_text(&x->to, EXPLAIN_NAME, name);
}

static pagu_code add_children(explanation *x, pagu_row row, uint32_t depth)
{
    pagu_money shown = 0;
    for (pagu_row c = pagu_view_first_child(x->view, row); c != PAGU_NO_ROW; c = pagu_view_next_child(x->view, c)) {
        if (explain_is_full(&x->to))
            return add_rest(x, depth, row, c, shown);
        pagu_code rc = add_node(x, c, depth);
        if (rc)
            return rc;
        shown += pagu_view_sign(x->view, c) * pagu_view_money(x->view, c, x->column).value;
    }
    return PAGU_OK;
}

static pagu_code add_sum(explanation *x, pagu_row row, uint32_t depth, pagu_cell value)
{
    bool open = depth < x->to.max_depth;
    pagu_code rc = begin_row(x, depth, kind_name(PAGU_WHY_ROLLUP), row, value);
    if (!rc)
        rc = explain_text(&x->to, EXPLAIN_REASON,
                          open ? sign_remark(x, row, depth)
                               : tr(x->ctx, "rows below left out; ask for more depth or for this row"));
    if (!rc)
        rc = add_printed(x, depth + 1, row, value);
    if (!rc)
        rc = add_constraints(x, depth + 1, row);
    return rc || !open ? rc : add_children(x, row, depth + 1);
}

static pagu_code add_value(explanation *x, pagu_row row, uint32_t depth, pagu_cell value)
{
    pagu_reason_kind kind = value.state == PAGU_MISSING ? PAGU_WHY_MISSING : PAGU_WHY_INPUT;
    return begin_row(x, depth, kind_name(kind), row, value);
}

/* The last edit stands for the line; earlier ones and the package's value lie behind it. */
static pagu_code add_line(explanation *x, pagu_row row, uint32_t depth, pagu_cell value)
{
    uint32_t n;
    const edit *edits = edits_of(x, row, &n);
    pagu_code rc = n > 0 ? add_edit(x, depth, row, &edits[n - 1]) : add_value(x, row, depth, value);
    if (!rc && n == 0)
        rc = explain_text(&x->to, EXPLAIN_REASON, sign_remark(x, row, depth));
    if (!rc && n > 0 && depth == 0)
        rc = tell_edit(x, 1, &edits[n - 1]);
    for (uint32_t i = n; i-- > 1 && !rc && !explain_is_full(&x->to);) {
        rc = add_edit(x, depth + 1, row, &edits[i - 1]);
        if (!rc && depth == 0)
            rc = tell_edit(x, 2, &edits[i - 1]);
    }
    if (!rc && n > 0 && !explain_is_full(&x->to))
        rc = add_value(x, row, depth + 1, pagu_journal_change(x->scenario, edits[0].entry, edits[0].change).old_cell);
    return rc ? rc : add_constraints(x, depth + 1, row);
}

static pagu_code add_node(explanation *x, pagu_row row, uint32_t depth)
{
    pagu_cell value = pagu_view_money(x->view, row, x->column);
    if (pagu_ctx_interrupted(x->ctx))
        return PAGU_INTERRUPTED;
    return pagu_view_is_leaf(x->view, row) ? add_line(x, row, depth, value) : add_sum(x, row, depth, value);
}

/* ---- limits ---- */

/* Rows down to `depth`, counted as far as `limit`. */
static uint32_t count_rows(const pagu_view *v, pagu_row row, uint32_t depth, uint32_t limit)
{
    uint32_t n = 1;
    for (pagu_row c = depth ? pagu_view_first_child(v, row) : PAGU_NO_ROW; c != PAGU_NO_ROW && n < limit;
         c = pagu_view_next_child(v, c))
        n += count_rows(v, c, depth - 1, limit - n);
    return n;
}

/* Whole levels rather than one branch to its end: the deepest level that fits. */
static void fit_depth(explanation *x, pagu_row row)
{
    uint32_t depth = 1;
    while (depth < x->to.max_depth && count_rows(x->view, row, depth + 1, x->to.max_rows + 1) <= x->to.max_rows)
        depth++;
    if (depth < x->to.max_depth)
        x->to.max_depth = depth;
}

static pagu_code explain(explanation *x, pagu_row row)
{
    fit_depth(x, row);
    pagu_code rc = collect_edits(x, row);
    return rc ? rc : add_node(x, row, 0);
}

static pagu_code check_subject(const explanation *x, pagu_row row, pagu_error *err)
{
    if (!is_money_column(x->plan, x->column))
        return err_set(x->ctx, err, PAGU_UNKNOWN_FIELD, "explain works on money: column %u is none of this plan's",
                       x->column);
    if (row >= pagu_view_row_count(x->view))
        return err_set(x->ctx, err, PAGU_UNKNOWN_KEY, "row %u is none of this view's", row);
    if (!pagu_view_is_member(x->view, row))
        return err_at(x->ctx, err, PAGU_NOT_MEMBER, pagu_view_key(x->view, row), NULL, "%s is not part of %s",
                      pagu_view_key(x->view, row), pagu_view_name(x->view));
    return PAGU_OK;
}

static pagu_code explain_fault(const explanation *x, pagu_code rc, pagu_error *err)
{
    if (rc == PAGU_NO_MEMORY)
        return err_memory(x->ctx, err);
    if (rc == PAGU_INTERRUPTED)
        return err_set(x->ctx, err, rc, "interrupted");
    return err_set(x->ctx, err, PAGU_INTERNAL, "the explanation cannot be written");
}

pagu_code pagu_explain(const pagu_view *v, pagu_row row, pagu_column column, uint32_t max_depth, uint32_t max_rows,
                       pagu_table **out, pagu_error *err)
{
    explanation x = { .view = v, .plan = pagu_view_plan(v), .column = column };
    x.ctx = pagu_plan_ctx(x.plan);
    pagu_code rc = check_subject(&x, row, err);
    if (rc)
        return rc;
    x.scenario = pagu_view_journal(v);
    x.field = pagu_plan_column_field(x.plan, column);
    x.period = pagu_plan_column_period(x.plan, column);
    rc = explain_start(&x.to, x.ctx, PAGU_COL_MONEY, max_depth, max_rows);
    if (!rc)
        rc = explain(&x, row);
    mem_free(x.ctx, x.lines, x.cap_lines * sizeof *x.lines);
    mem_free(x.ctx, x.edits, x.cap_edits * sizeof *x.edits);
    if (rc) {
        pagu_table_free(x.to.t);
        return explain_fault(&x, rc, err);
    }
    *out = x.to.t;
    return PAGU_OK;
}
