/* fit.c - make a place fit a total with the least harm to its targets.
 * SPDX-License-Identifier: MIT */
#include "calc/spread.h"

typedef __int128 i128;

/* What a line pays for. */
typedef struct purpose {
    pagu_indicator ind; /* PAGU_NO_INDICATOR: nothing that counts */
    double units;       /* of the target for a rupiah */
    double rate;        /* the same, weighted */
} purpose;

typedef struct fit {
    spread sp;
    const pagu_fit_options *o;
    keyed_index *weights; /* row to index of o->weights, ascending */
    purpose *purposes;    /* n_free */
    keyed_index *order;   /* n_free: who gives or gets first */
    pagu_money *lo, *hi;  /* n_free */
    i128 need;            /* that x must come down (above 0) or go up */
} fit;

/* ---- what a rupiah costs ---- */

static bool find_weight(const fit *f, pagu_row row, int64_t *out)
{
    size_t low = 0, high = f->o->n_weights;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (f->weights[mid].key < row)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == f->o->n_weights || f->weights[low].key != row)
        return false;
    *out = f->o->weights[f->weights[low].index].weight;
    return true;
}

static int64_t weight_at(const fit *f, pagu_row row)
{
    int64_t weight = f->o->default_weight;
    for (; row != PAGU_NO_ROW && f->o->n_weights > 0; row = pagu_view_parent(f->sp.verb.view, row))
        if (find_weight(f, row, &weight))
            break;
    return weight;
}

/* The nearest node on the way up with a target that money buys. */
static purpose purpose_of(const fit *f, pagu_row row)
{
    const pagu_view *v = f->sp.verb.view;
    for (; row != PAGU_NO_ROW; row = pagu_view_parent(v, row)) {
        pagu_indicator ind = pagu_view_first_indicator(v, row);
        if (ind == PAGU_NO_INDICATOR)
            continue;
        pagu_measure m = pagu_view_measure(v, ind, f->o->target, f->o->period);
        pagu_cell budget = pagu_view_money(v, row, f->sp.verb.column);
        if (m.state != PAGU_NUMBER || !(m.value > 0) || budget.value <= 0)
            continue;
        double units = m.value / (double)budget.value;
        return (purpose){ ind, units, (double)weight_at(f, row) * m.value / (double)budget.value };
    }
    return (purpose){ PAGU_NO_INDICATOR, 0, 0 };
}

static pagu_code find_purposes(fit *f)
{
    spread *sp = &f->sp;
    pagu_row parent = PAGU_NO_ROW;
    purpose last = { PAGU_NO_INDICATOR, 0, 0 };
    pagu_code rc = PAGU_OK;
    for (uint32_t k = 0; k < sp->n_free && !rc; k++) {
        pagu_row row = sp->row[sp->free[k]], up = pagu_view_parent(sp->verb.view, row);
        bool own = pagu_view_first_indicator(sp->verb.view, row) != PAGU_NO_INDICATOR;
        if (own || up == PAGU_NO_ROW || up != parent)
            last = purpose_of(f, row);
        parent = own ? PAGU_NO_ROW : up;
        f->purposes[k] = last;
        rc = verb_poll(&sp->verb, k);
    }
    return rc;
}

/* ---- bounds and order ---- */

static void set_bounds(fit *f)
{
    spread *sp = &f->sp;
    const pagu_spread_options *o = sp->o;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        uint32_t i = sp->free[k];
        pagu_money now = sp->old_cells[i].value;
        bool given = sp->old_cells[i].state == PAGU_NUMBER; /* a floor for all makes no line of none */
        pagu_money lo = o->floors ? o->floors[i] : o->has_floor && given ? o->floor : -INT64_MAX;
        pagu_money hi = o->caps ? o->caps[i] : o->has_cap ? o->cap : INT64_MAX;
        f->lo[k] = lo > -INT64_MAX ? lo : now < 0 ? now : hi < 0 ? hi : 0;
        f->hi[k] = hi;
        if (is_blank_own_line(&sp->verb, sp->row[i]))
            f->lo[k] = f->hi[k] = 0;
        sp->out[k] = now;
    }
}

static pagu_code bring_into_bounds(fit *f)
{
    spread *sp = &f->sp;
    const verb *v = &sp->verb;
    i128 least = 0, most = 0;
    bool open = false;
    f->need = -(i128)sp->share;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        pagu_row row = sp->row[sp->free[k]];
        if (f->lo[k] > f->hi[k])
            return verb_fault(v, PAGU_ARGUMENT, row, "the floor of %s, %s, is above its cap, %s",
                              pagu_view_key(v->view, row), money_str(v->ctx, f->lo[k]).s,
                              money_str(v->ctx, f->hi[k]).s);
        sp->out[k] = sp->out[k] < f->lo[k] ? f->lo[k] : sp->out[k] > f->hi[k] ? f->hi[k] : sp->out[k];
        f->need += sp->out[k];
        least += f->lo[k];
        most += f->hi[k];
        open |= f->hi[k] == INT64_MAX;
    }
    if (least > sp->share || (most < sp->share && !open))
        return spread_reach_fault(sp, least < INT64_MIN ? INT64_MIN : (pagu_money)least,
                                  open || most > INT64_MAX ? INT64_MAX : (pagu_money)most);
    return PAGU_OK;
}

/* Least rate first for a cut, highest first for more; the bits of a double that is not negative
 * have the order of its value. */
static void set_order(fit *f)
{
    uint32_t n = f->sp.n_free;
    for (uint32_t k = 0; k < n; k++) {
        uint64_t bits;
        memcpy(&bits, &f->purposes[k].rate, sizeof bits);
        f->order[k] = (keyed_index){ f->need > 0 ? bits : ~bits, k };
    }
    sort_by_key(f->order, n, sizeof *f->order);
    for (uint32_t from = 0, to; from < n; from = to) { /* ties to the lower code */
        uint64_t rate = f->order[from].key;
        for (to = from; to < n && f->order[to].key == rate; to++)
            f->order[to].key = f->order[to].index;
        sort_by_key(f->order + from, to - from, sizeof *f->order);
    }
}

/* ---- the change ---- */

/* One round in order; whole units, except for the last to move, if unit is above 1. */
static void move_in_order(fit *f, pagu_money unit)
{
    spread *sp = &f->sp;
    bool down = f->need > 0;
    for (uint32_t i = 0; i < sp->n_free && f->need != 0; i++) {
        size_t k = f->order[i].index;
        i128 room = down ? (i128)sp->out[k] - f->lo[k] : (i128)f->hi[k] - sp->out[k], left = down ? f->need : -f->need;
        i128 part = room < left ? room - room % unit : left;
        sp->out[k] = (pagu_money)(down ? sp->out[k] - part : sp->out[k] + part);
        f->need += down ? -part : part;
    }
}

/* ---- the table ---- */

static pagu_code add_columns(const verb *v, pagu_table *t)
{
    pagu_code rc = change_columns(v->ctx, t);
    if (!rc)
        rc = pagu_table_add_column(t, "indicator", tr(v->ctx, "Indicator"), PAGU_COL_TEXT);
    return rc ? rc : pagu_table_add_column(t, "target_change", tr(v->ctx, "Change of target"), PAGU_COL_MEASURE);
}

static pagu_code add_row(const fit *f, pagu_table *t, uint32_t k)
{
    const spread *sp = &f->sp;
    const pagu_view *v = sp->verb.view;
    uint32_t at = pagu_table_row_count(t), i = sp->free[k];
    const purpose *p = &f->purposes[k];
    pagu_money delta;
    pagu_code rc = pagu_table_add_row(t);
    if (!rc)
        rc = pagu_table_set_text(t, at, 0, pagu_view_key(v, sp->row[i]));
    if (!rc)
        rc = pagu_table_set_text(t, at, 1, pagu_view_row_name(v, sp->row[i]));
    if (!rc)
        rc = pagu_table_set_cell(t, at, 2, sp->old_cells[i]);
    if (!rc)
        rc = pagu_table_set_cell(t, at, 3, cell_given(sp->old_cells[i], sp->out[k]));
    if (rc || pagu_money_sub(sp->out[k], sp->old_cells[i].value, &delta))
        return rc;
    rc = pagu_table_set_money(t, at, 4, delta);
    if (rc || p->ind == PAGU_NO_INDICATOR)
        return rc;
    pagu_measure m = pagu_view_measure(v, p->ind, f->o->target, f->o->period);
    pagu_measure change = { p->units * (double)delta, m.unit, NULL, PAGU_NUMBER };
    rc = pagu_table_set_text(t, at, 5, pagu_view_indicator(v, p->ind).name);
    return rc ? rc : pagu_table_set_measure(t, at, 6, &change);
}

static pagu_code add_notes(const fit *f, pagu_table *t)
{
    const spread *sp = &f->sp;
    char text[320];
    uint32_t without = 0;
    for (uint32_t k = 0; k < sp->n_free; k++)
        without += f->purposes[k].ind == PAGU_NO_INDICATOR && sp->out[k] != sp->old_cells[sp->free[k]].value;
    phrase(sp->verb.ctx, text, sizeof text, "total of %s: %s, was %s", place_words(sp->verb.view, sp->o->at).s,
           money_str(sp->verb.ctx, sp->total).s, money_str(sp->verb.ctx, (pagu_money)sp->now).s);
    pagu_code rc = pagu_table_add_note(t, text);
    if (rc || without == 0)
        return rc;
    phrase(sp->verb.ctx, text, sizeof text, "%u of these lines pay for no target that is a number above 0", without);
    return pagu_table_add_note(t, text);
}

static pagu_code tell(fit *f, pagu_table **out)
{
    spread *sp = &f->sp;
    pagu_table *t = pagu_table_new(sp->verb.ctx);
    pagu_code rc = t ? add_columns(&sp->verb, t) : PAGU_NO_MEMORY;
    for (uint32_t k = 0; k < sp->n_free && !rc; k++)
        if (sp->out[k] != sp->old_cells[sp->free[k]].value)
            rc = add_row(f, t, k);
    if (!rc)
        rc = add_notes(f, t);
    if (rc) {
        pagu_table_free(t);
        return err_memory(sp->verb.ctx, sp->verb.err);
    }
    *out = t;
    return PAGU_OK;
}

/* ---- entry ---- */

static pagu_code make_room(fit *f)
{
    spread *sp = &f->sp;
    size_t n = sp->n_free, n_weights = f->o->n_weights;
    f->purposes = arena_alloc(&sp->mem, n * sizeof *f->purposes);
    f->order = arena_alloc(&sp->mem, n * sizeof *f->order);
    f->lo = arena_alloc(&sp->mem, n * sizeof *f->lo);
    f->hi = arena_alloc(&sp->mem, n * sizeof *f->hi);
    f->weights = arena_alloc(&sp->mem, n_weights * sizeof *f->weights);
    if (!f->purposes || !f->order || !f->lo || !f->hi || !f->weights)
        return err_memory(sp->verb.ctx, sp->verb.err);
    for (size_t i = 0; i < n_weights; i++) {
        if (f->o->weights[i].weight < 0)
            return verb_fault(&sp->verb, PAGU_ARGUMENT, f->o->weights[i].row, "the weight of %s is below 0",
                              pagu_view_key(sp->verb.view, f->o->weights[i].row));
        f->weights[i] = (keyed_index){ f->o->weights[i].row, i };
    }
    sort_by_key(f->weights, n_weights, sizeof *f->weights);
    return PAGU_OK;
}

static pagu_code choose(fit *f)
{
    spread *sp = &f->sp;
    if (sp->plus_line != PAGU_NO_ROW && sp->minus_line != PAGU_NO_ROW)
        return spread_mixed_fault(sp);
    pagu_code rc = make_room(f);
    if (!rc)
        rc = find_purposes(f);
    if (rc)
        return rc;
    set_bounds(f);
    rc = bring_into_bounds(f);
    if (rc)
        return rc;
    set_order(f);
    move_in_order(f, sp->o->unit);
    move_in_order(f, 1);
    return f->need == 0 ? PAGU_OK : err_set(sp->verb.ctx, sp->verb.err, PAGU_INTERNAL, "a fit does not add up");
}

static pagu_code apply(fit *f, const pagu_note *note, pagu_table **out)
{
    spread *sp = &f->sp;
    changes c;
    pagu_table *t = NULL;
    pagu_code rc = spread_list_changes(sp, &c);
    if (!rc && out)
        rc = tell(f, &t);
    if (!rc)
        rc = verb_apply(&sp->verb, &c, sp->o->dry, note, NULL);
    if (rc)
        pagu_table_free(t);
    else if (out)
        *out = t;
    return rc;
}

static pagu_code run(fit *f, const pagu_note *note, pagu_table **out)
{
    pagu_code rc = spread_check_options(&f->sp);
    if (!rc)
        rc = spread_gather(&f->sp);
    if (!rc)
        rc = spread_set_total(&f->sp);
    if (!rc)
        rc = spread_set_share(&f->sp);
    if (!rc)
        rc = choose(f);
    return rc ? rc : apply(f, note, out);
}

pagu_code pagu_fit_least_harm(pagu_scenario *s, const pagu_fit_options *options, const pagu_note *note,
                              pagu_table **out, pagu_error *err)
{
    pagu_fit_options fo = PAGU_FIT_OPTIONS_INIT;
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    fit f = { .sp = { .o = &o, .plus_line = PAGU_NO_ROW, .minus_line = PAGU_NO_ROW }, .o = &fo };
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    arena_init(&f.sp.mem, ctx);
    pagu_code rc = verb_options(ctx, &fo, sizeof fo, options, err);
    if (!rc)
        rc = verb_options(ctx, &o, sizeof o, fo.spread, err);
    if (!rc && fo.default_weight < 0)
        rc = err_set(ctx, err, PAGU_ARGUMENT, "the weight of a target is below 0");
    if (!rc)
        rc = verb_begin(&f.sp.verb, "fit", s, o.column, err);
    if (!rc)
        rc = run(&f, note, out);
    pagu_selection_free(f.sp.lines);
    pagu_selection_free(f.sp.held);
    arena_free(&f.sp.mem);
    return rc;
}
