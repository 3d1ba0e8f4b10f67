/* spread.c - give a place a total and let its lines follow.
 * SPDX-License-Identifier: MIT */
#include "calc/apportion.h"
#include "calc/growth.h"
#include "calc/verb.h"
#include "pagu/calc.h"

typedef __int128 i128;

typedef struct spread {
    verb verb;
    const pagu_spread_options *o;
    arena mem;
    pagu_selection *lines, *held;
    const pagu_row *row; /* of the lines at or below `at`, n of them */
    uint32_t n;
    pagu_cell *old_cells; /* n */
    uint32_t *free;       /* index of every line that follows */
    uint32_t n_free, n_held;
    int sign;                      /* of the free lines towards the rows of `at` */
    pagu_row plus_line, minus_line; /* a free line of either sign, or PAGU_NO_ROW */
    i128 now, held_sum;            /* over `at` */
    pagu_money total;              /* wanted over `at` */
    pagu_money share;              /* of it for the free lines, in their own sign */
    int64_t *weights;              /* these by free line */
    pagu_money *lo, *hi, *out, *residue;
} spread;

static pagu_money clip(i128 x)
{
    return x < INT64_MIN ? INT64_MIN : x > INT64_MAX ? INT64_MAX : (pagu_money)x;
}

/* ---- the lines ---- */

/* Sign of a line towards the selected row above it: memo rows count for nothing. Lines come by
 * row number, so brothers come together and the walk is made once for all of them. */
typedef struct sign_walk {
    pagu_row parent;
    int sign;
} sign_walk;

static int path_sign(const spread *sp, pagu_row line, sign_walk *walk)
{
    const pagu_view *v = sp->verb.view;
    if (pagu_selection_has(sp->o->at, line))
        return 1;
    pagu_row parent = pagu_view_parent(v, line);
    if (parent != walk->parent) {
        walk->parent = parent;
        walk->sign = 1;
        for (pagu_row r = parent; r != PAGU_NO_ROW && !pagu_selection_has(sp->o->at, r); r = pagu_view_parent(v, r))
            walk->sign *= pagu_view_sign(v, r);
    }
    return walk->sign * pagu_view_sign(v, line);
}

static void take_line(spread *sp, uint32_t i, int sign, bool held)
{
    sp->now += sign * (i128)sp->old_cells[i].value;
    if (sign == 0)
        return;
    if (held) {
        sp->held_sum += sign * (i128)sp->old_cells[i].value;
        sp->n_held++;
        return;
    }
    *(sign > 0 ? &sp->plus_line : &sp->minus_line) = sp->row[i];
    sp->free[sp->n_free++] = i;
}

static pagu_code sort_lines(spread *sp)
{
    const pagu_view *v = sp->verb.view;
    bool holds = pagu_constraint_count(v) > 0;
    sign_walk walk = { PAGU_NO_ROW, 1 };
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < sp->n && !rc; i++) {
        pagu_row row = sp->row[i];
        bool held = (sp->held && pagu_selection_has(sp->held, row)) ||
                    (holds && pagu_is_held(v, row, sp->verb.column));
        sp->old_cells[i] = pagu_view_money(v, row, sp->verb.column);
        take_line(sp, i, path_sign(sp, row, &walk), held);
        rc = verb_poll(&sp->verb, i);
    }
    sp->sign = sp->minus_line != PAGU_NO_ROW && sp->plus_line == PAGU_NO_ROW ? -1 : 1;
    return rc;
}

static pagu_code gather(spread *sp)
{
    const pagu_spread_options *o = sp->o;
    pagu_code rc = verb_check_apart(&sp->verb, o->at);
    if (!rc)
        rc = pagu_select_lines(sp->verb.view, o->at, &sp->lines, sp->verb.err);
    if (!rc && o->hold)
        rc = pagu_select_lines(sp->verb.view, o->hold, &sp->held, sp->verb.err);
    if (rc)
        return rc;
    sp->n = pagu_selection_count(sp->lines);
    sp->row = pagu_selection_rows(sp->lines);
    sp->old_cells = arena_alloc(&sp->mem, sp->n * sizeof *sp->old_cells);
    sp->free = arena_alloc(&sp->mem, sp->n * sizeof *sp->free);
    if (!sp->old_cells || !sp->free)
        return err_memory(sp->verb.ctx, sp->verb.err);
    rc = sort_lines(sp);
    if (rc)
        return rc;
    size_t size = sp->n_free * sizeof(pagu_money);
    sp->weights = arena_alloc(&sp->mem, size);
    sp->out = arena_alloc(&sp->mem, size);
    sp->residue = arena_alloc(&sp->mem, size);
    if (o->floors || o->has_floor)
        sp->lo = arena_alloc(&sp->mem, size);
    if (o->caps || o->has_cap)
        sp->hi = arena_alloc(&sp->mem, size);
    if (!sp->weights || !sp->out || !sp->residue || (!sp->lo && (o->floors || o->has_floor)) ||
        (!sp->hi && (o->caps || o->has_cap)))
        return err_memory(sp->verb.ctx, sp->verb.err);
    memset(sp->residue, 0, size);
    return PAGU_OK;
}

/* ---- the request ---- */

static pagu_code new_total(spread *sp)
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
        return verb_fault(v, rc, PAGU_NO_ROW, "the new total of %s exceeds the 64-bit range", place_str(v->view, o->at).s);
    return PAGU_OK;
}

/* What remains for the free lines. */
static pagu_code free_share(spread *sp)
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
    return verb_fault(v, PAGU_UNREACHABLE, PAGU_NO_ROW, "no line of %s takes part, so its total cannot become %s; add a line",
                      place.s, money_str(v->ctx, sp->total).s);
}

/* ---- bounds and basis ---- */

static void set_bounds(spread *sp)
{
    const pagu_spread_options *o = sp->o;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        if (sp->lo)
            sp->lo[k] = o->floors ? o->floors[sp->free[k]] : o->floor;
        if (sp->hi)
            sp->hi[k] = o->caps ? o->caps[sp->free[k]] : o->cap;
    }
}

static bool in_bounds(const spread *sp, uint32_t k, pagu_money amount)
{
    return (!sp->lo || sp->lo[k] <= amount) && (!sp->hi || amount <= sp->hi[k]);
}

/* "belum dirinci" without a value is not a line that anybody planned. */
static bool is_blank_own_line(const spread *sp, uint32_t k)
{
    uint32_t i = sp->free[k];
    return sp->old_cells[i].state == PAGU_MISSING && pagu_view_is_own_line(sp->verb.view, sp->row[i]);
}

/* Equal weights; blank own lines only where there is nothing else. */
static void equal_weights(spread *sp)
{
    bool any = false;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        sp->weights[k] = !is_blank_own_line(sp, k);
        any |= sp->weights[k] != 0;
    }
    for (uint32_t k = 0; k < sp->n_free && !any; k++)
        sp->weights[k] = 1;
}

static int64_t basis_of(const spread *sp, uint32_t i)
{
    const pagu_spread_options *o = sp->o;
    const pagu_view *own = sp->verb.view, *v = o->basis_view ? o->basis_view : own;
    switch (o->basis) {
    case PAGU_BASIS_WEIGHTS:
        return o->weights[i];
    case PAGU_BASIS_COLUMN: {
        pagu_row row = v == own ? sp->row[i] : same_row(v, own, sp->row[i]);
        return row == PAGU_NO_ROW ? 0 : pagu_view_money(v, row, o->basis_column).value;
    }
    default:
        return sp->old_cells[i].value;
    }
}

/* Fill the weights. PAGU_NEGATIVE_BASIS and PAGU_ZERO_BASIS without a message: the request may
 * do without them. *line is the negative one. */
static pagu_code set_weights(spread *sp, uint32_t *line)
{
    if (sp->o->basis == PAGU_BASIS_EQUAL) {
        equal_weights(sp);
        return PAGU_OK;
    }
    bool any = false;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        int64_t w = basis_of(sp, sp->free[k]);
        if (w < 0 && sp->o->on_negative == PAGU_NEGATIVE_ERROR) {
            *line = sp->free[k];
            return PAGU_NEGATIVE_BASIS;
        }
        if (w < 0)
            w = sp->o->on_negative == PAGU_NEGATIVE_ZERO ? 0 : w == INT64_MIN ? INT64_MAX : -w;
        sp->weights[k] = w;
        any |= w != 0;
    }
    if (!any && sp->o->on_zero == PAGU_ZERO_EQUAL)
        equal_weights(sp);
    return any || sp->o->on_zero == PAGU_ZERO_EQUAL ? PAGU_OK : PAGU_ZERO_BASIS;
}

/* A blank own line without weight stays out, also of floors. */
static void pin_blank_lines(spread *sp)
{
    for (uint32_t k = 0; k < sp->n_free; k++)
        if (sp->weights[k] == 0 && (sp->lo || sp->hi) && is_blank_own_line(sp, k)) {
            if (sp->lo)
                sp->lo[k] = 0;
            if (sp->hi)
                sp->hi[k] = 0;
        }
}

/* ---- the shares ---- */

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

static pagu_code basis_fault(const spread *sp, pagu_code rc, uint32_t line)
{
    const verb *v = &sp->verb;
    if (rc == PAGU_NEGATIVE_BASIS)
        return verb_fault(v, rc, sp->row[line],
                          "the basis of %s is negative: %s; on_negative = \"abs\" or \"zero\", or another basis, allows it",
                          pagu_view_key(v->view, sp->row[line]), money_str(v->ctx, basis_of(sp, line)).s);
    return verb_fault(v, rc, pagu_selection_rows(sp->o->at)[0],
                      "every basis of the lines of %s is 0, so %s has nothing to follow; basis = \"equal\" or on_zero = \"equal\" shares it equally",
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

static pagu_code share_fault(const spread *sp, const apportion_job *job, pagu_code rc)
{
    const verb *v = &sp->verb;
    place_text place = place_str(v->view, sp->o->at);
    switch (rc) {
    case PAGU_NO_MEMORY:
        return err_memory(v->ctx, v->err);
    case PAGU_INTERRUPTED:
        return err_set(v->ctx, v->err, rc, "interrupted");
    case PAGU_ARGUMENT: {
        pagu_row row = sp->row[sp->free[job->bad]];
        return verb_fault(v, rc, row, "the floor of %s, %s, is above its cap, %s", pagu_view_key(v->view, row),
                          money_str(v->ctx, job->lo[job->bad]).s, money_str(v->ctx, job->hi[job->bad]).s);
    }
    case PAGU_UNREACHABLE:
        return verb_fault(v, rc, pagu_selection_rows(sp->o->at)[0],
                          "floors, caps and holds below %s do not allow a total of %s; they allow %s", place.s,
                          money_str(v->ctx, sp->total).s, reach_of_total(sp, job->least, job->most).s);
    case PAGU_ZERO_BASIS:
        return basis_fault(sp, rc, 0);
    case PAGU_OVERFLOW:
        return verb_fault(v, rc, pagu_selection_rows(sp->o->at)[0], "the shares of %s exceed the 64-bit range", place.s);
    default:
        return err_set(v->ctx, v->err, PAGU_INTERNAL, "shares of %s do not add up", money_str(v->ctx, sp->total).s);
    }
}

/* The free line that is to take the residue, by its place among them. */
static pagu_code find_residue_line(const spread *sp, size_t *out)
{
    pagu_row to = sp->o->residue_to;
    const verb *v = &sp->verb;
    *out = NO_INDEX;
    if (to == PAGU_NO_ROW)
        return PAGU_OK;
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
    return verb_fault(v, PAGU_ARGUMENT, to, "%s is no line of %s and cannot take its rounding", pagu_view_key(v->view, to),
                      place_str(v->view, sp->o->at).s);
}

/* Held lines alone already come to more than is asked: only a negative share could make it up. */
static bool held_above_total(const spread *sp)
{
    bool was_positive = sp->sign * (sp->now - sp->held_sum) >= 0;
    return sp->n_held > 0 && sp->share < 0 && was_positive && !sp->lo && sp->sign * (i128)sp->total >= 0;
}

static pagu_code share_out(spread *sp)
{
    const verb *v = &sp->verb;
    apportion_job job = { .total = sp->share, .weights = sp->weights, .lo = sp->lo, .hi = sp->hi, .n = sp->n_free,
                          .unit = sp->o->unit, .out = sp->out, .residue = sp->residue };
    pagu_code rc = find_residue_line(sp, &job.residue_to);
    if (rc)
        return rc;
    if (held_above_total(sp))
        return verb_fault(v, PAGU_HELD, pagu_selection_rows(sp->o->at)[0],
                          "held lines of %s come to %s; its total can be %s, not %s; release a line or ask for less change",
                          place_str(v->view, sp->o->at).s, money_str(v->ctx, clip(sp->held_sum)).s,
                          reach_of_total(sp, 0, INT64_MAX).s, money_str(v->ctx, sp->total).s);
    rc = apportion_run(v->ctx, &job);
    return rc ? share_fault(sp, &job, rc) : PAGU_OK;
}

/* Free lines of both signs: only keeping them all or clearing them all has one meaning. */
static pagu_code share_mixed(spread *sp)
{
    const verb *v = &sp->verb;
    if (sp->total == sp->now && all_in_bounds(sp, true))
        keep_all(sp);
    else if (sp->total == sp->held_sum && all_in_bounds(sp, false))
        memset(sp->out, 0, sp->n_free * sizeof *sp->out);
    else
        return verb_fault(v, PAGU_MIXED_SIGN, sp->minus_line,
                          "%s counts as plus and %s as minus in %s; select the lines of one sign, or hold the others",
                          pagu_view_key(v->view, sp->plus_line), pagu_view_key(v->view, sp->minus_line),
                          place_str(v->view, sp->o->at).s);
    return PAGU_OK;
}

static pagu_code set_shares(spread *sp, bool *kept)
{
    set_bounds(sp);
    if (sp->plus_line != PAGU_NO_ROW && sp->minus_line != PAGU_NO_ROW)
        return share_mixed(sp);
    if (sp->share == 0 && all_in_bounds(sp, false)) {
        memset(sp->out, 0, sp->n_free * sizeof *sp->out);
        return PAGU_OK;
    }
    uint32_t line = 0;
    pagu_code rc = set_weights(sp, &line);
    if (!rc) {
        pin_blank_lines(sp);
        return share_out(sp);
    }
    bool keep = rc == PAGU_ZERO_BASIS && sp->o->on_zero == PAGU_ZERO_KEEP;
    if (!keep && !(sp->total == sp->now && all_in_bounds(sp, true)))
        return basis_fault(sp, rc, line);
    *kept = sp->total != sp->now;
    keep_all(sp);
    return PAGU_OK;
}

/* ---- entry ---- */

static pagu_code apply(spread *sp, bool kept, const pagu_note *note, pagu_table **out)
{
    const verb *v = &sp->verb;
    changes c;
    if (!changes_init(&c, &sp->mem, sp->n_free, true))
        return err_memory(v->ctx, v->err);
    for (uint32_t k = 0; k < sp->n_free; k++) {
        uint32_t i = sp->free[k];
        changes_add(&c, sp->row[i], sp->old_cells[i], cell_given(sp->old_cells[i], sp->out[k]), sp->residue[k]);
    }
    char text[320];
    const char *notes[] = { text };
    place_text place = place_str(v->view, sp->o->at);
    if (kept)
        phrase(v->ctx, text, sizeof text, "%s keeps %s: every basis is 0", place.s, money_str(v->ctx, clip(sp->now)).s);
    else
        phrase(v->ctx, text, sizeof text, "total of %s: %s, was %s", place.s, money_str(v->ctx, sp->total).s,
               money_str(v->ctx, clip(sp->now)).s);
    c.notes = notes;
    c.n_notes = 1;
    return verb_apply(v, &c, sp->o->dry, note, out);
}

static pagu_code check_options(const spread *sp)
{
    const pagu_spread_options *o = sp->o;
    const verb *v = &sp->verb;
    if (o->unit < 1)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unit must be at least 1");
    if ((unsigned)o->request > PAGU_SPREAD_PERCENT || (unsigned)o->basis > PAGU_BASIS_WEIGHTS)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unknown request or basis of a spread");
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
    arena_init(&sp.mem, ctx);
    pagu_code rc = verb_options(ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = verb_begin(&sp.verb, "spread", s, o.column, err);
    if (!rc)
        rc = check_options(&sp);
    if (!rc)
        rc = gather(&sp);
    if (!rc)
        rc = new_total(&sp);
    if (!rc)
        rc = free_share(&sp);
    if (!rc)
        rc = set_shares(&sp, &kept);
    if (!rc)
        rc = apply(&sp, kept, note, out);
    pagu_selection_free(sp.lines);
    pagu_selection_free(sp.held);
    arena_free(&sp.mem);
    return rc;
}
