/* spread.c - give a place a total and let its lines follow.
 * SPDX-License-Identifier: MIT */
#include "calc/apportion.h"
#include "calc/growth.h"
#include "calc/spread.h"

typedef __int128 i128;

static pagu_money clip(i128 x)
{
    return x < INT64_MIN ? INT64_MIN : x > INT64_MAX ? INT64_MAX : (pagu_money)x;
}

/* ---- the request ---- */

pagu_code spread_set_total(spread *sp)
{
    const pagu_spread_options *o = sp->o;
    const verb *v = &sp->verb;
    pagu_money now = clip(sp->now);
    pagu_code rc = PAGU_OK;
    if (o->request == PAGU_SPREAD_TOTAL) {
        sp->total = o->amount;
    } else if (o->request == PAGU_SPREAD_DELTA) {
        rc = pagu_money_add(now, o->amount, &sp->total);
    } else {
        pagu_decimal factor;
        if (growth_factor(o->percent, &factor))
            return err_set(v->ctx, v->err, PAGU_ARGUMENT, "percent has too many digits; up to 16 decimals are exact");
        rc = pagu_money_scale(now, factor, 1, &sp->total);
    }
    if (rc)
        return verb_fault(v, rc, PAGU_NO_ROW, "the new total of %s exceeds the 64-bit range",
                          place_str(v->view, o->at).s);
    return PAGU_OK;
}

/* What remains for the free lines. */
pagu_code spread_set_share(spread *sp)
{
    const verb *v = &sp->verb;
    i128 share = sp->sign * ((i128)sp->total - sp->held_sum);
    sp->share = clip(share);
    if (sp->share != share)
        return verb_fault(v, PAGU_OVERFLOW, PAGU_NO_ROW, "the new total of %s exceeds the 64-bit range",
                          place_str(v->view, sp->o->at).s);
    if (sp->n_free > 0 || share == 0)
        return PAGU_OK;
    place_text place = place_str(v->view, sp->o->at);
    if (sp->n_held > 0)
        return verb_fault(v, PAGU_HELD, pagu_selection_rows(sp->o->at)[0],
                          "every line of %s is held; its total can only be %s, not %s; release a line", place.s,
                          money_str(v->ctx, clip(sp->held_sum)).s, money_str(v->ctx, sp->total).s);
    return verb_fault(v, PAGU_UNREACHABLE, PAGU_NO_ROW,
                      "no line of %s takes part, so its total cannot become %s; add a line", place.s,
                      money_str(v->ctx, sp->total).s);
}

/* ---- the shares ---- */

static bool in_bounds(const spread *sp, uint32_t k, pagu_money amount)
{
    return (!sp->lo || sp->lo[k] <= amount) && (!sp->hi || amount <= sp->hi[k]);
}

static void keep_all(spread *sp)
{
    for (uint32_t k = 0; k < sp->n_free; k++)
        sp->out[k] = sp->old_cells[sp->free[k]].value;
}

static bool all_in_bounds(const spread *sp, bool current)
{
    for (uint32_t k = 0; k < sp->n_free; k++)
        if (!in_bounds(sp, k, current ? sp->old_cells[sp->free[k]].value : 0))
            return false;
    return true;
}

pagu_code spread_basis_fault(const spread *sp, pagu_code rc, uint32_t line)
{
    const verb *v = &sp->verb;
    if (rc == PAGU_NEGATIVE_BASIS)
        return verb_fault(
            v, rc, sp->row[line],
            "the basis of %s is negative: %s; on_negative = \"abs\" or \"zero\", or another basis, allows it",
            pagu_view_key(v->view, sp->row[line]), money_str(v->ctx, spread_basis_of(sp, line)).s);
    return verb_fault(v, rc, pagu_selection_rows(sp->o->at)[0],
                      "every basis of the lines of %s is 0, so %s has nothing to follow; basis = \"equal\" or on_zero "
                      "= \"equal\" shares it equally",
                      place_str(v->view, sp->o->at).s, money_str(v->ctx, sp->total).s);
}

/* What the total over `at` may be, given what its free lines may sum to. */
static reach_text reach_of_total(const spread *sp, pagu_money least, pagu_money most)
{
    pagu_money low = sp->sign > 0 ? least : most, high = sp->sign > 0 ? most : least;
    i128 from = sp->held_sum + sp->sign * (i128)low, to = sp->held_sum + sp->sign * (i128)high;
    bool no_least = least == INT64_MIN, no_most = most == INT64_MAX;
    if (sp->sign > 0 ? no_least : no_most)
        from = INT64_MIN;
    if (sp->sign > 0 ? no_most : no_least)
        to = INT64_MAX;
    return reach_str(sp->verb.ctx, clip(from), clip(to));
}

pagu_code spread_reach_fault(const spread *sp, pagu_money least, pagu_money most)
{
    const verb *v = &sp->verb;
    return verb_fault(v, PAGU_UNREACHABLE, pagu_selection_rows(sp->o->at)[0],
                      "floors, caps and holds below %s do not allow a total of %s; they allow %s",
                      place_str(v->view, sp->o->at).s, money_str(v->ctx, sp->total).s,
                      reach_of_total(sp, least, most).s);
}

pagu_code spread_mixed_fault(const spread *sp)
{
    const verb *v = &sp->verb;
    return verb_fault(v, PAGU_MIXED_SIGN, sp->minus_line,
                      "%s counts as plus and %s as minus in %s; select the lines of one sign, or hold the others",
                      pagu_view_key(v->view, sp->plus_line), pagu_view_key(v->view, sp->minus_line),
                      place_str(v->view, sp->o->at).s);
}

static pagu_code share_fault(const spread *sp, const apportion_job *job, pagu_code rc)
{
    const verb *v = &sp->verb;
    place_text place = place_str(v->view, sp->o->at);
    switch (rc) {
    case PAGU_NO_MEMORY: return err_memory(v->ctx, v->err);
    case PAGU_INTERRUPTED: return err_set(v->ctx, v->err, rc, "interrupted");
    case PAGU_ARGUMENT: {
        pagu_row row = sp->row[sp->free[job->bad]];
        return verb_fault(v, rc, row, "the floor of %s, %s, is above its cap, %s", pagu_view_key(v->view, row),
                          money_str(v->ctx, job->lo[job->bad]).s, money_str(v->ctx, job->hi[job->bad]).s);
    }
    case PAGU_UNREACHABLE: return spread_reach_fault(sp, job->least, job->most);
    case PAGU_ZERO_BASIS: return spread_basis_fault(sp, rc, 0);
    case PAGU_OVERFLOW:
        return verb_fault(v, rc, pagu_selection_rows(sp->o->at)[0], "the shares of %s exceed the 64-bit range",
                          place.s);
    default:
        return err_set(v->ctx, v->err, PAGU_INTERNAL, "shares of %s do not add up", money_str(v->ctx, sp->total).s);
    }
}

/* The free line of the largest or smallest basis that is not 0. */
static size_t line_by_basis(const spread *sp, bool largest)
{
    size_t best = NO_INDEX;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        int64_t w = sp->weights[k];
        if (w > 0 && (best == NO_INDEX || (largest ? w > sp->weights[best] : w < sp->weights[best])))
            best = k;
    }
    return best;
}

/* The free line that is to take the residue, by its place among them. */
static pagu_code find_residue_line(const spread *sp, size_t *out)
{
    pagu_row to = sp->o->residue_to;
    const verb *v = &sp->verb;
    *out = NO_INDEX;
    if (to == PAGU_NO_ROW) {
        if (sp->o->residue != PAGU_RESIDUE_REMAINDERS)
            *out = line_by_basis(sp, sp->o->residue == PAGU_RESIDUE_LARGEST);
        return PAGU_OK;
    }
    for (uint32_t k = 0; k < sp->n_free; k++)
        if (sp->row[sp->free[k]] == to) {
            *out = k;
            return PAGU_OK;
        }
    pagu_code rc = verb_check_row(v, to);
    if (rc)
        return rc;
    if (pagu_selection_has(sp->lines, to))
        return verb_fault(v, PAGU_HELD, to, "%s is held and cannot take the rounding", pagu_view_key(v->view, to));
    return verb_fault(v, PAGU_ARGUMENT, to, "%s is no line of %s and cannot take its rounding",
                      pagu_view_key(v->view, to), place_str(v->view, sp->o->at).s);
}

/* Has the caller allowed some line to fall below zero? */
static bool negative_is_asked(const spread *sp)
{
    for (size_t i = 0; sp->lo && i < sp->n_free; i++)
        if (sp->lo[i] > -INT64_MAX && sp->lo[i] < 0)
            return true;
    return false;
}

/* Held lines alone already come to more than is asked: only a negative share could make it up. */
static bool held_above_total(const spread *sp)
{
    bool was_positive = sp->sign * (sp->now - sp->held_sum) >= 0;
    return sp->n_held > 0 && sp->share < 0 && was_positive && !negative_is_asked(sp) && sp->sign * (i128)sp->total >= 0;
}

static pagu_code share_out(spread *sp)
{
    const verb *v = &sp->verb;
    apportion_job job = { .total = sp->share,
                          .weights = sp->weights,
                          .lo = sp->lo,
                          .hi = sp->hi,
                          .n = sp->n_free,
                          .unit = sp->o->unit,
                          .out = sp->out,
                          .residue = sp->residue };
    pagu_code rc = find_residue_line(sp, &job.residue_to);
    if (rc)
        return rc;
    if (held_above_total(sp)) /* with floors they are what stands in the way, as apportion would say */
        return verb_fault(
            v, sp->lo ? PAGU_UNREACHABLE : PAGU_HELD, pagu_selection_rows(sp->o->at)[0],
            "held lines of %s come to %s; its total can be %s, not %s; release a line or ask for less change",
            place_str(v->view, sp->o->at).s, money_str(v->ctx, clip(sp->held_sum)).s,
            reach_of_total(sp, 0, INT64_MAX).s, money_str(v->ctx, sp->total).s);
    rc = apportion_run(v->ctx, &job);
    return rc ? share_fault(sp, &job, rc) : PAGU_OK;
}

/* Free lines of both signs: only keeping them all or clearing them all has one meaning. */
static pagu_code share_mixed(spread *sp)
{
    if (sp->total == sp->now && all_in_bounds(sp, true))
        keep_all(sp);
    else if (sp->total == sp->held_sum && all_in_bounds(sp, false))
        memset(sp->out, 0, sp->n_free * sizeof *sp->out);
    else
        return spread_mixed_fault(sp);
    return PAGU_OK;
}

static pagu_code set_shares(spread *sp, bool *kept)
{
    spread_set_bounds(sp);
    if (sp->plus_line != PAGU_NO_ROW && sp->minus_line != PAGU_NO_ROW)
        return share_mixed(sp);
    if (sp->share == 0 && all_in_bounds(sp, false)) {
        memset(sp->out, 0, sp->n_free * sizeof *sp->out);
        return PAGU_OK;
    }
    uint32_t line = 0;
    pagu_code rc = spread_set_weights(sp, &line);
    if (!rc)
        return share_out(sp);
    bool keep = rc == PAGU_ZERO_BASIS && sp->o->on_zero == PAGU_ZERO_KEEP;
    if (!keep && !(sp->total == sp->now && all_in_bounds(sp, true)))
        return spread_basis_fault(sp, rc, line);
    *kept = sp->total != sp->now;
    keep_all(sp);
    return PAGU_OK;
}

/* ---- entry ---- */

static pagu_code apply(spread *sp, bool kept, const pagu_note *note, pagu_table **out)
{
    const verb *v = &sp->verb;
    changes c;
    pagu_code rc = spread_list_changes(sp, &c);
    if (rc)
        return rc;
    char text[320];
    const char *notes[] = { text };
    place_text place = place_words(v->view, sp->o->at);
    if (kept)
        phrase(v->ctx, text, sizeof text, "%s keeps %s: every basis is 0", place.s, money_str(v->ctx, clip(sp->now)).s);
    else
        phrase(v->ctx, text, sizeof text, "total of %s: %s, was %s", place.s, money_str(v->ctx, sp->total).s,
               money_str(v->ctx, clip(sp->now)).s);
    c.notes = notes;
    c.n_notes = 1;
    return verb_apply(v, &c, sp->o->dry, note, out);
}

/* One sum that lost all its lines, and a request without bounds: its own line takes it. */
static bool has_no_lines(const spread *sp)
{
    const pagu_spread_options *o = sp->o;
    bool bounded = o->hold || o->has_floor || o->has_cap || o->floors || o->caps || o->residue_to != PAGU_NO_ROW;
    return sp->n == 0 && !bounded && o->request != PAGU_SPREAD_PERCENT && sp->total != (pagu_money)sp->now &&
           pagu_selection_count(o->at) == 1 && !pagu_view_is_leaf(sp->verb.view, pagu_selection_rows(o->at)[0]);
}

static pagu_code give_own_line(spread *sp, const pagu_note *note, pagu_table **out)
{
    const verb *v = &sp->verb;
    uint32_t start = pagu_savepoint(v->s);
    pagu_note own = note ? *note : (pagu_note){ 0 };
    pagu_row line = PAGU_NO_ROW;
    pagu_table *table = NULL;
    changes c;
    if (!own.verb)
        own.verb = v->name;
    pagu_code rc = pagu_add_own_line(v->s, pagu_selection_rows(sp->o->at)[0], NULL, &line, v->err);
    if (!rc && !changes_init(&c, &sp->mem, 1, sp->wants_table))
        rc = err_memory(v->ctx, v->err);
    if (!rc) {
        pagu_cell old_cell = pagu_view_money(v->view, line, v->column);
        changes_add(&c, line, old_cell, (pagu_cell){ sp->total, PAGU_NUMBER }, 0);
        rc = verb_apply(v, &c, false, note, out ? &table : NULL);
    }
    if (!rc && !sp->o->dry)
        rc = pagu_squash(v->s, start, &own, v->err);
    if (rc || sp->o->dry)
        pagu_rollback(v->s, start, NULL);
    if (rc)
        pagu_table_free(table);
    else if (out)
        *out = table;
    return rc;
}

pagu_code spread_check_options(const spread *sp)
{
    const pagu_spread_options *o = sp->o;
    const verb *v = &sp->verb;
    if (o->unit < 1)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unit must be at least 1");
    if ((unsigned)o->request > PAGU_SPREAD_PERCENT || (unsigned)o->basis > PAGU_BASIS_WEIGHTS ||
        (unsigned)o->residue > PAGU_RESIDUE_SMALLEST)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unknown request, basis or residue of a spread");
    if (o->basis == PAGU_BASIS_WEIGHTS && !o->weights)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "a spread by weights needs one weight a line");
    const pagu_plan *plan = o->basis_view ? pagu_view_plan(o->basis_view) : v->plan;
    if (o->basis == PAGU_BASIS_COLUMN && !is_money_column(plan, o->basis_column))
        return err_set(v->ctx, v->err, PAGU_UNKNOWN_FIELD, "the basis of a spread must be money: column %u is none",
                       o->basis_column);
    return PAGU_OK;
}

pagu_code pagu_spread(pagu_scenario *s, const pagu_spread_options *options, const pagu_note *note, pagu_table **out,
                      pagu_error *err)
{
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    spread sp = { .o = &o, .plus_line = PAGU_NO_ROW, .minus_line = PAGU_NO_ROW };
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    bool kept = false;
    sp.wants_table = out != NULL;
    arena_init(&sp.mem, ctx);
    pagu_code rc = verb_options(ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = verb_begin(&sp.verb, "spread", s, o.column, err);
    if (!rc)
        rc = spread_check_options(&sp);
    if (!rc)
        rc = spread_gather(&sp);
    if (!rc)
        rc = spread_set_total(&sp);
    if (!rc && has_no_lines(&sp)) {
        rc = give_own_line(&sp, note, out);
    } else if (!rc) {
        rc = spread_set_share(&sp);
        if (!rc)
            rc = set_shares(&sp, &kept);
        if (!rc)
            rc = apply(&sp, kept, note, out);
    }
    pagu_selection_free(sp.lines);
    pagu_selection_free(sp.held);
    arena_free(&sp.mem);
    return rc;
}
