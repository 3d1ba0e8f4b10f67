/* scenario_diff.c - what a view changed since another, as the text of a scenario of one step.
 *
 * The order is that in which it can be done again: what was released, rows and indicators that came, all
 * values at once (with those of rows that will go), rows that went, constraints that came. A leaf that
 * was itemised meanwhile had its money moved to its own line: no change of value.
 *
 * SPDX-License-Identifier: MIT */
#include "io/scenario_writer.h"

#include "base/text.h"

typedef struct diff {
    saved_writer w;
    const pagu_view *base, *theirs;
    const pagu_plan *plan; /* of theirs */
    bool same_plan;        /* rows, fields and periods have the same numbers */
    bool same_stage;       /* and only what scenarios wrote can differ */
    uint32_t n_effects;
} diff;

/* ---- where the base has it ---- */

static pagu_row base_row(const diff *d, pagu_row row)
{
    pagu_row found;
    if (d->same_plan && row_is_base(d->theirs, row))
        return row_is_member(d->base, row) ? row : PAGU_NO_ROW;
    return pagu_view_find(d->base, pagu_view_key(d->theirs, row), &found, NULL) == PAGU_OK ? found : PAGU_NO_ROW;
}

static pagu_row their_row(const diff *d, pagu_row row)
{
    pagu_row found;
    if (d->same_plan && row_is_base(d->base, row))
        return row_is_member(d->theirs, row) ? row : PAGU_NO_ROW;
    return pagu_view_find(d->theirs, pagu_view_key(d->base, row), &found, NULL) == PAGU_OK ? found : PAGU_NO_ROW;
}

/* The base's column for a column of theirs by field and period; false: it has none. */
static bool base_column(const diff *d, pagu_field field, pagu_period period, pagu_column *out)
{
    pagu_field f = field;
    pagu_period p = period;
    const pagu_plan *b = d->base->plan;
    if (!d->same_plan && (pagu_plan_find_field(b, pagu_plan_field_id(d->plan, field), &f, NULL) != PAGU_OK ||
                          pagu_plan_find_period(b, pagu_plan_period_id(d->plan, period), &p, NULL) != PAGU_OK))
        return false;
    *out = pagu_view_column(d->base, f, p);
    return true;
}

/* What a line held in the base: its own, or, of an own line that came meanwhile, the leaf's above it. */
static pagu_cell was_cell(const diff *d, pagu_row row, pagu_column column)
{
    pagu_cell none = { 0, PAGU_MISSING };
    pagu_row was = base_row(d, row);
    if (was == PAGU_NO_ROW && pagu_view_is_own_line(d->theirs, row))
        was = base_row(d, row_parent(d->theirs, row));
    return was != PAGU_NO_ROW && row_is_leaf(d->base, was) ? pagu_view_money(d->base, was, column) : none;
}

/* ---- effects ---- */

static void end_line(diff *d)
{
    saved_put(&d->w, "}\n");
    if (++d->n_effects % 1024 == 0 && d->w.code == PAGU_OK && pagu_ctx_interrupted(d->plan->ctx))
        d->w.code = PAGU_INTERRUPTED;
}

static void put_money(diff *d, const char *key, const char *field, const char *period, pagu_cell was, pagu_cell now)
{
    if (was.state == now.state && was.value == now.value)
        return;
    saved_string(&d->w, "{\"money\":", key);
    saved_string(&d->w, ",\"field\":", field);
    saved_string(&d->w, ",\"period\":", period);
    saved_cell(&d->w, ",\"old\":", was);
    saved_cell(&d->w, ",\"new\":", now);
    end_line(d);
}

static bool same_text(const char *a, const char *b)
{
    return str_eq(a ? a : "", b ? b : "");
}

static bool same_measure(const pagu_measure *a, const pagu_measure *b)
{
    if (a->state != b->state || a->state == PAGU_MISSING)
        return a->state == b->state;
    return a->value == b->value && same_text(a->unit, b->unit) && same_text(a->text, b->text);
}

static void put_target(diff *d, const pagu_view *v, pagu_indicator ind, const char *field, const char *period,
                       const pagu_measure *was, const pagu_measure *now)
{
    if (same_measure(was, now))
        return;
    saved_string(&d->w, "{\"measure\":", pagu_view_indicator(v, ind).id);
    saved_string(&d->w, ",\"field\":", field);
    saved_string(&d->w, ",\"period\":", period);
    saved_measure(&d->w, ",\"old\":", v, ind, was);
    saved_measure(&d->w, ",\"new\":", v, ind, now);
    end_line(d);
}

/* ---- structure ---- */

static bool is_constraint_of(const pagu_view *v, const char *text, pagu_text *scratch)
{
    saved_writer w = { scratch, PAGU_OK };
    for (uint32_t i = 0; v->constraints && i < v->constraints->n && w.code == PAGU_OK; i++) {
        text_truncate(scratch, 0);
        saved_constraint(&w, "", v, v->constraints->items[i]);
        if (w.code == PAGU_OK && str_eq(pagu_text_data(scratch), text))
            return true;
    }
    return false;
}

/* Constraints of one view that the other lacks. */
static void put_constraints(diff *d, const pagu_view *of, const pagu_view *other, const char *lead)
{
    pagu_text *one = pagu_text_new(d->plan->ctx), *scratch = pagu_text_new(d->plan->ctx);
    saved_writer w = { one, one && scratch ? PAGU_OK : PAGU_NO_MEMORY };
    for (uint32_t i = 0; of->constraints && i < of->constraints->n && w.code == PAGU_OK; i++) {
        if (of->constraints->items[i]->kind == PAGU_PREDICATE) /* a function: nothing of it can be read again */
            continue;
        text_truncate(one, 0);
        saved_constraint(&w, "", of, of->constraints->items[i]);
        if (w.code != PAGU_OK || is_constraint_of(other, pagu_text_data(one), scratch))
            continue;
        saved_constraint(&d->w, lead, of, of->constraints->items[i]);
        end_line(d);
    }
    if (d->w.code == PAGU_OK)
        d->w.code = w.code;
    pagu_text_free(one);
    pagu_text_free(scratch);
}

/* Own lines come about by themselves. Parents stand before their children in numbers too. */
static void put_new_rows(diff *d)
{
    const pagu_view *t = d->theirs;
    for (pagu_row r = 0; r < pagu_view_row_count(t); r++) {
        if (!row_is_member(t, r) || base_row(d, r) != PAGU_NO_ROW || pagu_view_is_own_line(t, r))
            continue;
        if (d->same_plan && row_is_base(t, r))
            saved_string(&d->w, "{\"join\":", pagu_view_key(t, r));
        else
            saved_row(&d->w, t, r);
        end_line(d);
    }
}

static void put_new_indicators(diff *d)
{
    const pagu_view *t = d->theirs;
    pagu_indicator found;
    for (pagu_indicator i = d->same_plan ? d->plan->n_indicators : 0; i < pagu_view_indicator_count(t); i++) {
        pagu_indicator_info info = pagu_view_indicator(t, i);
        if (info.row == PAGU_NO_ROW || !row_is_member(t, info.row) ||
            pagu_view_find_indicator(t, info.id, &found, NULL) != PAGU_OK || found != i || /* undone */
            pagu_view_find_indicator(d->base, info.id, &found, NULL) == PAGU_OK)
            continue;
        saved_indicator(&d->w, t, i);
        end_line(d);
    }
}

static void put_gone_rows(diff *d, const char *lead)
{
    const pagu_view *b = d->base;
    for (pagu_row r = 0; r < pagu_view_row_count(b); r++)
        if (row_is_member(b, r) && their_row(d, r) == PAGU_NO_ROW) {
            saved_string(&d->w, lead, pagu_view_key(b, r));
            end_line(d);
        }
}

/* ---- values ---- */

static bool is_touched(const pagu_view *v, pagu_column column)
{
    for (uint32_t i = 0; i < v->n_layers; i++)
        if (layer_find(v->layers[i], column))
            return true;
    return false;
}

static void put_column(diff *d, pagu_field field, pagu_period period)
{
    const pagu_view *t = d->theirs, *b = d->base;
    const char *f = pagu_plan_field_id(d->plan, field), *p = pagu_plan_period_id(d->plan, period);
    pagu_column column = pagu_view_column(t, field, period), was = 0;
    bool there = base_column(d, field, period, &was);
    if (d->same_stage && !is_touched(t, column) && !is_touched(b, was))
        return;
    pagu_cell none = { 0, PAGU_MISSING };
    for (pagu_row r = 0; r < pagu_view_row_count(t) && d->w.code == PAGU_OK; r++)
        if (row_is_member(t, r) && row_is_leaf(t, r))
            put_money(d, pagu_view_key(t, r), f, p, there ? was_cell(d, r, was) : none, pagu_view_money(t, r, column));
}

static void put_targets(diff *d, pagu_field field, pagu_period period)
{
    const pagu_view *t = d->theirs, *b = d->base;
    const char *f = pagu_plan_field_id(d->plan, field), *p = pagu_plan_period_id(d->plan, period);
    pagu_field bf;
    pagu_period bp;
    bool there = pagu_plan_find_field(b->plan, f, &bf, NULL) == PAGU_OK &&
                 pagu_plan_find_period(b->plan, p, &bp, NULL) == PAGU_OK;
    for (pagu_indicator i = 0; i < pagu_view_indicator_count(t) && d->w.code == PAGU_OK; i++) {
        pagu_measure now = pagu_view_measure(t, i, field, period), was = { .state = PAGU_MISSING };
        pagu_indicator_info info = pagu_view_indicator(t, i);
        pagu_indicator found;
        if (info.row != PAGU_NO_ROW && !row_is_member(t, info.row))
            continue;
        if (d->same_plan && i < d->plan->n_indicators)
            was = pagu_view_measure(b, i, field, period);
        else if (there && pagu_view_find_indicator(b, info.id, &found, NULL) == PAGU_OK)
            was = pagu_view_measure(b, found, bf, bp);
        put_target(d, t, i, f, p, &was, &now);
    }
}

static bool has_measures(const pagu_view *v)
{
    for (uint32_t i = 0; i < v->n_layers; i++)
        if (v->layers[i]->measures.n)
            return true;
    return false;
}

static void put_values(diff *d)
{
    const pagu_plan *p = d->plan;
    bool measures = !d->same_stage || has_measures(d->theirs) || has_measures(d->base);
    for (uint32_t f = 0; f < p->n_fields; f++)
        for (uint32_t t = 0; t < p->n_periods && d->w.code == PAGU_OK; t++) {
            if (p->fields[f].kind == PAGU_FIELD_MONEY)
                put_column(d, (pagu_field)f, (pagu_period)t);
            else if (p->fields[f].kind == PAGU_FIELD_MEASURE && measures)
                put_targets(d, (pagu_field)f, (pagu_period)t);
        }
}

/* ---- the whole ---- */

static void put_entry(diff *d, const char *reason)
{
    saved_string(&d->w, "{\"entry\":\"merge\",\"args\":{\"base\": ", pagu_view_name(d->base));
    saved_string(&d->w, ", \"theirs\": ", pagu_view_name(d->theirs));
    saved_put(&d->w, "}");
    if (reason && *reason)
        saved_string(&d->w, ",\"reason\":", reason);
    saved_put(&d->w, "}\n");
}

pagu_code scenario_diff(const pagu_view *base, const pagu_view *theirs, const char *reason, pagu_text *out,
                        pagu_error *err)
{
    pagu_ctx *ctx = theirs->plan->ctx;
    char hash[65];
    diff d = { .w = { out, PAGU_OK },
               .base = base,
               .theirs = theirs,
               .plan = theirs->plan,
               .same_plan = base->plan == theirs->plan,
               .same_stage = base->plan == theirs->plan && base->stage == theirs->stage };
    pagu_code code = pagu_view_hash(base, hash, err);
    if (code != PAGU_OK)
        return code;
    saved_head(&d.w, theirs, pagu_view_name(theirs), hash);
    put_entry(&d, reason);
    put_constraints(&d, base, theirs, "{\"release\":");
    put_new_rows(&d);
    put_new_indicators(&d);
    put_gone_rows(&d, "{\"leaving\":");
    put_values(&d);
    put_gone_rows(&d, "{\"remove\":");
    put_constraints(&d, theirs, base, "{\"constrain\":");
    saved_put(&d.w, "{\"end\":true}\n");
    if (d.w.code == PAGU_INTERRUPTED)
        return err_set(ctx, err, d.w.code, "interrupted");
    return d.w.code == PAGU_OK ? PAGU_OK : err_memory(ctx, err);
}

pagu_code pagu_view_diff(const pagu_view *base, const pagu_view *theirs, pagu_text *out, pagu_error *err)
{
    return scenario_diff(base, theirs, NULL, out, err);
}
