/* explain_entry.c - what a verb made of one line: what was asked, on what basis, which bound or which
 * rounding decided.
 *
 * Nothing is kept for this but the arguments in the journal: shares are computed again from the values
 * before and after, and nothing is said where they don't tell.
 *
 * SPDX-License-Identifier: MIT */
#include "base/number.h"
#include "calc/explain.h"
#include "calc/phrase.h"
#include "pagu/calc.h"

#include <stdio.h>

typedef struct story {
    explain_table *to;
    const pagu_view *view;
    pagu_scenario *s;
    uint32_t step, depth;
    const char *key;
    pagu_change change;
    pagu_note note;
    args_value args;
} story;

static bool is_one_of(const char *verb, const char *const *names)
{
    for (; verb && *names; names++)
        if (str_eq(verb, *names))
            return true;
    return false;
}

static pagu_code put_row(story *y, const char *kind, const char *name, bool known, pagu_money value, const char *reason)
{
    if (explain_is_full(y->to))
        return PAGU_OK;
    pagu_code rc = explain_row(y->to, y->depth, false, kind, y->key, name);
    if (!rc && known)
        rc = pagu_table_set_money(y->to->t, y->to->last, EXPLAIN_VALUE, value);
    return rc ? rc : explain_text(y->to, EXPLAIN_REASON, reason);
}

static pagu_code put_request(story *y)
{
    args_text text = args_str(y->args);
    return y->args.len ? put_row(y, "request", "", false, 0, text.s) : PAGU_OK;
}

/* ---- shares ---- */

/* A bound of every line, or of this one in a map by key. */
static bool bound_of(const story *y, const char *name, const char *key, pagu_money *out)
{
    args_value v = args_member(y->args, name);
    return args_money(v.len && *v.text == '{' ? args_member(v, key) : v, out);
}

static bool is_bound(const story *y, const pagu_change *c)
{
    pagu_money bound;
    const char *key = pagu_view_key(y->view, c->row);
    return (bound_of(y, "floor", key, &bound) && c->new_cell.value == bound) ||
           (bound_of(y, "cap", key, &bound) && c->new_cell.value == bound);
}

/* Sums over the lines that the entry changed; of those that no bound decided, too. */
typedef struct sums {
    wide before, after, free_before, free_after;
    uint32_t n;
} sums;

static pagu_code add_up(const story *y, sums *out)
{
    uint32_t n = pagu_journal_get(y->s, y->step).n_changes;
    *out = (sums){ 0 };
    for (uint32_t i = 0; i < n; i++) {
        pagu_change c = pagu_journal_change(y->s, y->step, i);
        if (i % 16384 == 16383 && pagu_ctx_interrupted(y->to->ctx))
            return PAGU_INTERRUPTED;
        if (c.indicator != PAGU_NO_INDICATOR || c.column != y->change.column)
            continue;
        out->n++;
        out->before += c.old_cell.value;
        out->after += c.new_cell.value;
        if (is_bound(y, &c))
            continue;
        out->free_before += c.old_cell.value;
        out->free_after += c.new_cell.value;
    }
    return PAGU_OK;
}

static money_text wide_str(const story *y, wide value)
{
    int64_t fits = value < 0 ? INT64_MIN : INT64_MAX;
    wide_to_int64(value, &fits);
    return money_str(y->to->ctx, fits);
}

static pagu_code put_basis(story *y, const sums *sum)
{
    char reason[200], name[120];
    args_value basis = args_member(y->args, "basis");
    bool current = !basis.len || str_eq(args_str(basis).s, "current");
    pagu_money own = y->change.old_cell.value;
    const pagu_ctx *ctx = y->to->ctx;
    if (!current) {
        snprintf(name, sizeof name, "%s %.90s", tr(ctx, "basis:"), args_str(basis).s);
        phrase(ctx, reason, sizeof reason, "%u lines changed: from %s to %s together", sum->n,
               wide_str(y, sum->before).s, wide_str(y, sum->after).s);
        return put_row(y, "basis", name, false, 0, reason);
    }
    snprintf(name, sizeof name, "%s %s", tr(ctx, "basis:"), tr(ctx, "value before"));
    char percent[32];
    snprintf(percent, sizeof percent, "%.2f", sum->before != 0 ? 100 * (double)own / (double)sum->before : 0);
    if (pagu_ctx_lang(ctx) == PAGU_LANG_ID && strchr(percent, '.'))
        *strchr(percent, '.') = ',';
    phrase(ctx, reason, sizeof reason, "%s percent of %s; %u lines changed, to %s together", percent,
           wide_str(y, sum->before).s, sum->n, wide_str(y, sum->after).s);
    return put_row(y, "basis", name, true, own, reason);
}

static pagu_code put_bound(story *y, bool *bound)
{
    pagu_money limit;
    *bound = true;
    if (bound_of(y, "floor", y->key, &limit) && y->change.new_cell.value == limit)
        return put_row(y, "bound", tr(y->to->ctx, "floor"), true, limit, tr(y->to->ctx, "the line stops at its floor"));
    if (bound_of(y, "cap", y->key, &limit) && y->change.new_cell.value == limit)
        return put_row(y, "bound", tr(y->to->ctx, "cap"), true, limit, tr(y->to->ctx, "the line stops at its cap"));
    *bound = false;
    return PAGU_OK;
}

/* The exact share, and what largest remainders made of it; only where they explain the value. */
static pagu_code put_rounding(story *y, const sums *sum)
{
    char reason[200];
    pagu_money unit = 1;
    args_value basis = args_member(y->args, "basis");
    args_money(args_member(y->args, "unit"), &unit);
    if (sum->free_before == 0 || unit < 1 || (basis.len && !str_eq(args_str(basis).s, "current")))
        return PAGU_OK;
    if (sum->free_after > INT64_MAX || sum->free_after < INT64_MIN)
        return PAGU_OK;
    wide quota = wide_div_round(sum->free_after * y->change.old_cell.value, sum->free_before);
    wide off = y->change.new_cell.value - quota;
    if (off > unit || off < -unit)
        return PAGU_OK;
    phrase(y->to->ctx, reason, sizeof reason, "exact share, then rounded to %s by largest remainder: %s%s",
           money_str(y->to->ctx, unit).s, off > 0 ? "+" : "", wide_str(y, off).s);
    return put_row(y, "share", tr(y->to->ctx, "exact share"), true, (pagu_money)quota, reason);
}

static pagu_code tell_share(story *y)
{
    sums sum;
    bool bound = false;
    pagu_code rc = add_up(y, &sum);
    if (rc || sum.n < 2)
        return rc;
    rc = put_basis(y, &sum);
    if (!rc)
        rc = put_bound(y, &bound);
    return rc || bound ? rc : put_rounding(y, &sum);
}

/* ---- projections ---- */

/* The nearest growth on the way up, as it was given. */
static args_value growth_above(const story *y, pagu_row *at)
{
    args_value growth = args_member(y->args, "growth");
    *at = PAGU_NO_ROW;
    if (!growth.len || *growth.text != '{')
        return growth;
    for (pagu_row r = y->change.row; r != PAGU_NO_ROW; r = pagu_view_parent(y->view, r)) {
        args_value v = args_member(growth, pagu_view_key(y->view, r));
        *at = r;
        if (v.len)
            return v;
    }
    return (args_value){ "", 0 };
}

static pagu_code tell_projection(story *y)
{
    char name[100], reason[300];
    const pagu_plan *plan = pagu_view_plan(y->view);
    pagu_money from = pagu_plan_year(plan);
    pagu_period period;
    pagu_row at;
    args_value growth = growth_above(y, &at);
    args_text method = args_str(args_member(y->args, "method"));
    args_money(args_member(y->args, str_eq(y->note.verb, "forward") ? "year" : "from"), &from);
    int used = snprintf(reason, sizeof reason, "%s %.60s", tr(y->to->ctx, "method:"), *method.s ? method.s : "growth");
    if (growth.len)
        used += snprintf(reason + used, sizeof reason - (size_t)used, "; %s %.40s", tr(y->to->ctx, "growth:"),
                         args_str(growth).s);
    if (growth.len && at != PAGU_NO_ROW)
        snprintf(reason + used, sizeof reason - (size_t)used, " (%.100s)", pagu_view_key(y->view, at));
    if (from < INT32_MIN || from > INT32_MAX || pagu_plan_find_year(plan, (int)from, &period, NULL) != PAGU_OK)
        return put_row(y, "basis", "", false, 0, reason);
    snprintf(name, sizeof name, "%.60s %.32s", pagu_plan_field_id(plan, y->change.field),
             pagu_plan_period_id(plan, period));
    pagu_cell base = pagu_view_money(y->view, y->change.row, pagu_view_column(y->view, y->change.field, period));
    return put_row(y, "basis", name, base.state == PAGU_NUMBER, base.value, reason);
}

pagu_code explain_entry(explain_table *to, const pagu_view *v, uint32_t step, const pagu_change *change, uint32_t depth)
{
    static const char *const shares[] = { "spread", "cut", "scale", "fit", NULL };
    static const char *const projections[] = { "project", "forward", NULL };
    story y = { .to = to, .view = v, .step = step, .depth = depth, .change = *change };
    y.s = pagu_view_scenario((pagu_view *)(uintptr_t)v);
    y.key = pagu_view_key(v, change->row);
    y.note = pagu_journal_get(y.s, step).note;
    y.args = (args_value){ y.note.args ? y.note.args : "", y.note.args ? strlen(y.note.args) : 0 };
    if (!y.args.len || depth > to->max_depth)
        return PAGU_OK;
    pagu_code rc = put_request(&y);
    /* a value for a sum is a spread over its lines */
    bool on_sum = y.note.verb && str_eq(y.note.verb, "set") && args_member(y.args, "at").len &&
                  !str_eq(args_str(args_member(y.args, "at")).s, y.key);
    if (!rc && (on_sum || is_one_of(y.note.verb, shares)))
        rc = tell_share(&y);
    if (!rc && is_one_of(y.note.verb, projections))
        rc = tell_projection(&y);
    return rc;
}
