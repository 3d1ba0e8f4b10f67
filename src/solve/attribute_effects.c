/* attribute_effects.c - what the steps since a branch did, value by value, and what some of them make
 * of a value.
 * SPDX-License-Identifier: MIT */
#include "scenario/journal_effects.h"
#include "solve/attribute.h"

/* ---- steps ---- */

/* Entries from before the two journals parted: they are in the same segment. */
static uint32_t shared_entries(const pagu_scenario *a, const pagu_scenario *b)
{
    if (!a || !b)
        return 0;
    uint32_t first, end, n = a->n_entries < b->n_entries ? a->n_entries : b->n_entries;
    while (n > 0 && journal_locate(a, n - 1, &first, &end) != journal_locate(b, n - 1, &first, &end))
        n--;
    return n;
}

static pagu_code check_branch(const pagu_view *a, const pagu_view *b, pagu_error *err)
{
    if (a->plan == b->plan && a->stage == b->stage)
        return PAGU_OK;
    return err_set(a->plan->ctx, err, PAGU_ARGUMENT,
                   "%s and %s are not branches of one stage, so no edits lead from one to the other", pagu_view_name(a),
                   pagu_view_name(b));
}

static pagu_code add_steps(attribution *x, pagu_view *v, uint32_t shared, pagu_error *err)
{
    uint32_t n = v->scenario ? v->scenario->n_entries : 0;
    for (uint32_t i = shared; i < n;) {
        uint32_t end = i + 1;
        while (end < n && pagu_journal_get(v->scenario, end).joined)
            end++;
        if (!mem_grow(x->ctx, &x->steps, &x->cap_steps, x->n_steps, sizeof *x->steps))
            return err_memory(x->ctx, err);
        x->steps[x->n_steps] = (attribute_step){ v, i, end, x->n_steps };
        x->n_steps++;
        i = end;
    }
    return PAGU_OK;
}

pagu_code attribution_steps(attribution *x, pagu_error *err)
{
    pagu_code rc = check_branch(x->a, x->b, err);
    if (rc || x->a == x->b)
        return rc;
    uint32_t shared = shared_entries(x->a->scenario, x->b->scenario);
    rc = add_steps(x, x->b, shared, err);
    return rc ? rc : add_steps(x, x->a, shared, err);
}

void effects_free(effect_list *l)
{
    if (!l->ctx)
        return;
    arena_free(&l->measures);
    mem_free(l->ctx, l->items, l->cap * sizeof *l->items);
    mem_free(l->ctx, l->order, l->n_order * sizeof *l->order);
    *l = (effect_list){ .ctx = NULL };
}

void attribution_free(attribution *x)
{
    effects_free(&x->effects);
    mem_free(x->ctx, x->first_step, x->n_steps * sizeof *x->first_step);
    mem_free(x->ctx, x->steps, x->cap_steps * sizeof *x->steps);
}

/* ---- how an entry acts ---- */

/* Quotes inside JSON strings are escaped, so "name": is a name wherever it stands. */
static bool has_argument(const pagu_note *note, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = note->args; p && (p = strstr(p, name)); p += n)
        if (p > note->args && p[-1] == '"' && p[n] == '"' && p[n + 1] == ':')
            return true;
    return false;
}

static bool is_verb(const pagu_note *note, const char *name)
{
    return note->verb && str_eq(note->verb, name);
}

static effect_class class_of(const pagu_note *note)
{
    if (is_verb(note, "transfer"))
        return EFFECT_ADDS;
    if (!is_verb(note, "spread") && !is_verb(note, "cut") && !is_verb(note, "scale"))
        return EFFECT_SETS;
    if (has_argument(note, "delta") || has_argument(note, "amount"))
        return EFFECT_ADDS;
    return has_argument(note, "percent") || has_argument(note, "by") ? EFFECT_SCALES : EFFECT_SETS;
}

/* Edits inside a step of the analyst's own act as what they are; those inside a verb as the verb does. */
static effect_class class_in_step(const pagu_note *head, const pagu_note *own)
{
    return is_verb(head, "atomic") || is_verb(head, "target") ? class_of(own) : class_of(head);
}

/* ---- collecting ---- */

typedef struct collecting {
    attribution *x;
    pagu_view *view;
    uint32_t player;
    effect_class does;
    pagu_column column;
    pagu_row top;
    uint32_t seen;
} collecting;

bool effect_is_shared(const attribution *x, const pagu_view *v, pagu_row row)
{
    const pagu_view *other = v == x->a ? x->b : x->a;
    return row < v->plan->n_rows || (row < pagu_view_row_count(other) && row < pagu_view_row_count(v) &&
                                     pagu_view_key(v, row) == pagu_view_key(other, row)); /* the very same text */
}

pagu_row effect_line(const attribution *x, const pagu_view *v, pagu_row row)
{
    bool late = !row_is_base(v, row) && !effect_is_shared(x, v, row) && pagu_view_is_own_line(v, row);
    return late ? pagu_view_parent(v, row) : row;
}

static pagu_code add_effect(collecting *c, const effect *e)
{
    effect_list *l = &c->x->effects;
    if (!mem_grow(l->ctx, &l->items, &l->cap, l->n, sizeof *l->items))
        return PAGU_NO_MEMORY;
    l->items[l->n] = *e;
    l->items[l->n].player = c->player;
    l->items[l->n++].of_a = c->view == c->x->a;
    return PAGU_OK;
}

static uint64_t target_of(const collecting *c, uint32_t kind, pagu_row row, pagu_column column)
{
    bool only_a = c->view == c->x->a && !effect_is_shared(c->x, c->view, row);
    return effect_target(kind, row, column, only_a);
}

static pagu_code add_money(collecting *c, const pagu_change *m)
{
    pagu_row line = effect_line(c->x, c->view, m->row);
    if (c->column != PAGU_NONE && (m->column != c->column || !pagu_view_is_below(c->view, line, c->top)))
        return PAGU_OK;
    effect e = { .target = target_of(c, TARGET_CELL, line, m->column), .does = (uint8_t)c->does };
    e.u.cell.was = m->old_cell;
    e.u.cell.is = m->new_cell;
    if (m->new_cell.state != PAGU_NUMBER || (e.does == EFFECT_SCALES && m->old_cell.value == 0))
        e.does = EFFECT_SETS;
    return add_effect(c, &e);
}

static pagu_code add_measure(collecting *c, const pagu_change *m)
{
    pagu_column column = pagu_view_column(c->view, m->field, m->period);
    bool only_a = c->view == c->x->a && m->indicator >= c->view->plan->n_indicators;
    pagu_measure *both = arena_alloc(&c->x->effects.measures, 2 * sizeof *both);
    if (!both)
        return PAGU_NO_MEMORY;
    both[0] = m->old_measure;
    both[1] = m->new_measure;
    effect e = { .target = effect_target(TARGET_MEASURE, m->indicator, column, only_a), .does = EFFECT_SETS };
    e.u.measures = both;
    return add_effect(c, &e);
}

static pagu_code add_member(collecting *c, pagu_row row, bool joins)
{
    effect e = { .target = target_of(c, TARGET_MEMBER, row, 0), .does = EFFECT_SETS };
    e.u.joins = joins;
    return add_effect(c, &e);
}

static pagu_code collect(void *ud, const pagu_scenario *s, const journal_effect *e)
{
    collecting *c = ud;
    (void)s;
    if (++c->seen % 16384 == 0 && pagu_ctx_interrupted(c->x->ctx))
        return PAGU_INTERRUPTED;
    switch (e->kind) {
    case EFFECT_MONEY: return add_money(c, &e->change);
    case EFFECT_MEASURE: return c->column == PAGU_NONE ? add_measure(c, &e->change) : PAGU_OK;
    case EFFECT_ADD_ROW:
    case EFFECT_JOIN_ROW: return c->column == PAGU_NONE ? add_member(c, e->row, true) : PAGU_OK;
    case EFFECT_REMOVE_ROW: return c->column == PAGU_NONE ? add_member(c, e->row, false) : PAGU_OK;
    default: return PAGU_OK; /* constraints bind edits, not values; an indicator without a value says nothing */
    }
}

/* ---- runs ---- */

effect_run run_next(effect_run r)
{
    const keyed_index *order = r.list->order;
    r.first += r.n;
    for (r.n = 0; r.first + r.n < r.list->n; r.n++)
        if (r.list->items[order[r.first + r.n].index].target != r.list->items[order[r.first].index].target)
            break;
    return r;
}

static pagu_code sort_effects(effect_list *l)
{
    l->order = mem_array(l->ctx, l->n, sizeof *l->order);
    if (l->n && !l->order)
        return PAGU_NO_MEMORY;
    l->n_order = l->n;
    for (uint32_t i = 0; i < l->n; i++)
        l->order[i] = (keyed_index){ l->items[i].target, i };
    sort_by_key(l->order, l->n, sizeof *l->order);
    for (effect_run r = run_next((effect_run){ l, 0, 0 }); r.n; r = run_next(r)) {
        for (uint32_t i = r.first; i < r.first + r.n; i++)
            l->order[i].key = l->order[i].index; /* within a target: as they happened */
        sort_by_key(l->order + r.first, r.n, sizeof *l->order);
    }
    return PAGU_OK;
}

static pagu_code collect_side(attribution *x, pagu_view *v, collecting *c)
{
    pagu_code rc = PAGU_OK;
    c->view = v;
    for (uint32_t i = 0; i < x->n_steps && !rc; i++) {
        const attribute_step *step = &x->steps[i];
        if (step->of != v)
            continue;
        pagu_note head = pagu_journal_get(v->scenario, step->first).note;
        c->player = step->player;
        for (uint32_t k = step->first; k < step->end && !rc; k++) {
            pagu_note own = pagu_journal_get(v->scenario, k).note;
            c->does = class_in_step(&head, &own);
            rc = journal_each_effect(v->scenario, k, collect, c);
        }
    }
    return rc;
}

pagu_code attribution_effects(attribution *x, pagu_column column, pagu_row top, pagu_error *err)
{
    collecting c = { .x = x, .column = column, .top = top };
    x->effects = (effect_list){ .ctx = x->ctx };
    arena_init(&x->effects.measures, x->ctx);
    pagu_code rc = collect_side(x, x->a, &c);
    if (!rc)
        rc = collect_side(x, x->b, &c);
    if (!rc)
        rc = sort_effects(&x->effects);
    if (rc == PAGU_INTERRUPTED)
        return err_set(x->ctx, err, rc, "interrupted");
    return rc ? err_memory(x->ctx, err) : PAGU_OK;
}

/* ---- what some of them make ---- */

static pagu_code act(const effect *e, pagu_cell *cell)
{
    pagu_money change;
    wide scaled;
    if (e->does == EFFECT_SETS) {
        *cell = e->u.cell.is;
        return PAGU_OK;
    }
    if (e->does == EFFECT_SCALES) {
        scaled = wide_div_round((wide)cell->value * e->u.cell.is.value, e->u.cell.was.value);
        return wide_to_int64(scaled, &cell->value) ? PAGU_OK : PAGU_OVERFLOW;
    }
    if (pagu_money_sub(e->u.cell.is.value, e->u.cell.was.value, &change) ||
        pagu_money_add(cell->value, change, &cell->value))
        return PAGU_OVERFLOW;
    cell->state = PAGU_NUMBER;
    return PAGU_OK;
}

pagu_code run_cell(effect_run r, const uint8_t *in, pagu_cell *out)
{
    pagu_code rc = PAGU_OK;
    *out = run_at(r, 0)->u.cell.was;
    for (uint32_t i = 0; i < r.n && !rc; i++)
        if (effect_acts(run_at(r, i), in))
            rc = act(run_at(r, i), out);
    return rc;
}

const pagu_measure *run_measure(effect_run r, const uint8_t *in)
{
    const pagu_measure *m = &run_at(r, 0)->u.measures[0];
    for (uint32_t i = 0; i < r.n; i++)
        if (effect_acts(run_at(r, i), in))
            m = &run_at(r, i)->u.measures[1];
    return m;
}

bool run_member(effect_run r, const uint8_t *in)
{
    bool member = !run_at(r, 0)->u.joins;
    for (uint32_t i = 0; i < r.n; i++)
        if (effect_acts(run_at(r, i), in))
            member = run_at(r, i)->u.joins;
    return member;
}
