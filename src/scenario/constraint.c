/* constraint.c - holds, floors, ceilings and rules: made, and kept as immutable sets.
 * SPDX-License-Identifier: MIT */
#include "scenario/constraint_package.h"

#include <stdio.h>

void constraint_release(pagu_ctx *ctx, constraint *c)
{
    if (!c || atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (c->predicate.release)
        c->predicate.release(c->predicate.ud);
    mem_free(ctx, c, c->bytes);
}

static size_t set_bytes(uint32_t n)
{
    return sizeof(constraint_set) + n * sizeof(constraint *);
}

void constraint_set_release(pagu_ctx *ctx, constraint_set *set)
{
    if (!set || atomic_fetch_sub_explicit(&set->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (uint32_t i = 0; i < set->n; i++)
        constraint_release(ctx, set->items[i]);
    mem_free(ctx, set, set_bytes(set->n));
}

constraint_set *constraint_set_new(pagu_ctx *ctx, uint32_t n)
{
    constraint_set *set = mem_zalloc(ctx, set_bytes(n));
    if (set)
        atomic_init(&set->refs, 1);
    return set;
}

void constraint_set_drop(pagu_ctx *ctx, constraint_set *set, uint32_t room)
{
    if (!set)
        return;
    for (uint32_t i = 0; i < set->n; i++)
        constraint_release(ctx, set->items[i]);
    mem_free(ctx, set, set_bytes(room));
}

constraint_set *constraint_set_fit(pagu_ctx *ctx, constraint_set *set, uint32_t room)
{
    return mem_realloc(ctx, set, set_bytes(room), set_bytes(set->n));
}

/* ---- making and releasing ---- */

static char *copy_text(char **at, const char *s)
{
    size_t len = s ? strlen(s) : 0;
    char *copy = *at;
    if (len)
        memcpy(copy, s, len);
    copy[len] = '\0';
    *at += len + 1;
    return copy;
}

static constraint *constraint_new(pagu_ctx *ctx, const pagu_constraint_def *def, uint32_t id)
{
    uint32_t n = def->at ? pagu_selection_count(def->at) : 0, n_of = def->of ? pagu_selection_count(def->of) : 0;
    size_t text = (def->name ? strlen(def->name) : 0) + (def->reason ? strlen(def->reason) : 0) +
                  (def->law ? strlen(def->law) : 0) + 3;
    size_t bytes = sizeof(constraint) + ((size_t)n + n_of) * sizeof(pagu_row) + text;
    constraint *c = mem_zalloc(ctx, bytes);
    if (!c)
        return NULL;
    atomic_init(&c->refs, 1);
    c->bytes = bytes;
    c->id = id;
    c->kind = def->kind;
    c->n_rows = n;
    c->n_of = n_of;
    c->rows = (pagu_row *)(c + 1);
    c->of = c->rows + n;
    if (n)
        memcpy(c->rows, pagu_selection_rows(def->at), n * sizeof(pagu_row));
    if (n_of)
        memcpy(c->of, pagu_selection_rows(def->of), n_of * sizeof(pagu_row));
    char *at = (char *)(c->of + n_of);
    c->name = copy_text(&at, def->name);
    c->reason = copy_text(&at, def->reason);
    c->law = copy_text(&at, def->law);
    c->field = def->field;
    c->period = def->period;
    c->of_field = n_of && def->of_field == PAGU_NONE ? def->field : def->of_field;
    c->of_period = n_of ? def->of_period : PAGU_NONE;
    c->first_year = def->first_year;
    c->last_year = def->last_year;
    c->warn = def->warn;
    return c;
}

static void set_bounds(constraint *c, const pagu_constraint_def *def)
{
    bool bounds = c->kind == PAGU_BOUNDS;
    c->has_min = c->kind == PAGU_FLOOR || (bounds && def->has_min);
    c->has_max = c->kind == PAGU_CEILING || (bounds && def->has_max);
    c->min = bounds ? def->min : def->amount;
    c->max = bounds ? def->max : def->amount;
    c->has_min_share = bounds && def->has_min_share;
    c->has_max_share = bounds && def->has_max_share;
    c->min_share = def->min_share;
    c->max_share = def->max_share;
}

/* The set without some items, plus perhaps one more (taken over). */
static constraint_set *set_change(pagu_ctx *ctx, const constraint_set *old, uint32_t drop_id, const char *drop_name,
                                  constraint *add, uint32_t *dropped)
{
    uint32_t n = old ? old->n : 0;
    constraint_set *set = mem_zalloc(ctx, set_bytes(n + 1));
    if (!set)
        return NULL;
    *dropped = 0;
    for (uint32_t i = 0; i < n; i++) {
        constraint *c = old->items[i];
        bool drop = drop_id ? c->id == drop_id : drop_name && str_eq(c->name, drop_name);
        if (drop) {
            ++*dropped;
            continue;
        }
        atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
        set->items[set->n++] = c;
    }
    if (add)
        set->items[set->n++] = add;
    /* the block must have the size its count says */
    constraint_set *exact = mem_realloc(ctx, set, set_bytes(n + 1), set_bytes(set->n));
    if (!exact) { /* shrinking failed: give everything back */
        if (add)
            set->n--;
        for (uint32_t i = 0; i < set->n; i++)
            constraint_release(ctx, set->items[i]);
        mem_free(ctx, set, set_bytes(n + 1));
        return NULL;
    }
    atomic_init(&exact->refs, 1);
    return exact;
}

/* Put a set in force as one journal entry; takes the set over. */
static pagu_code set_install(pagu_scenario *s, constraint_set *set, const pagu_note *note, pagu_error *err)
{
    uint32_t note_index;
    segment *g = journal_reserve(s, 1, note, &note_index, err);
    if (!g) {
        constraint_set_release(s->view.plan->ctx, set);
        return PAGU_NO_MEMORY;
    }
    journal_begin(s, g, note_index);
    record r = { .kind = RECORD_CONSTRAINTS };
    r.set.old_set = s->view.constraints; /* the view's reference moves into the record */
    r.set.new_set = constraint_set_retain(set);
    journal_record(g, &r);
    s->view.constraints = set;
    return PAGU_OK;
}

/* Rows that are there and stand apart. */
static pagu_code check_rows(const pagu_view *v, const pagu_selection *rows, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    pagu_row below;
    if (!rows || pagu_selection_count(rows) == 0)
        return err_set(ctx, err, PAGU_ARGUMENT, "a constraint needs at least one place");
    pagu_selection *members;
    pagu_code code = pagu_select_rows(v, pagu_selection_rows(rows), pagu_selection_count(rows), &members, err);
    if (code != PAGU_OK)
        return code;
    pagu_selection_free(members);
    if (pagu_selection_overlaps(v, rows, &below))
        return err_at(ctx, err, PAGU_ARGUMENT, pagu_view_key(v, below), NULL,
                      "%s lies below another selected row; its money would count twice", pagu_view_key(v, below));
    return PAGU_OK;
}

static int compare_shares(const pagu_decimal *a, const pagu_decimal *b)
{
    __int128 x = a->digits, y = b->digits;
    for (int i = a->scale; i < b->scale; i++)
        x *= 10;
    for (int i = b->scale; i < a->scale; i++)
        y *= 10;
    return x < y ? -1 : x > y;
}

static pagu_code check_bounds(const pagu_view *v, const pagu_constraint_def *def, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    bool shares = def->has_min_share || def->has_max_share;
    if (!shares && !def->has_min && !def->has_max)
        return err_set(ctx, err, PAGU_ARGUMENT, "a rule needs a least or a largest amount or share");
    if (shares && !def->of)
        return err_set(ctx, err, PAGU_ARGUMENT, "a share needs the whole that it is a share of");
    if (def->min_share.scale > 12 || def->max_share.scale > 12)
        return err_set(ctx, err, PAGU_ARGUMENT, "a share has at most 12 decimals");
    if ((def->has_min && def->has_max && def->min > def->max) ||
        (def->has_min_share && def->has_max_share && compare_shares(&def->min_share, &def->max_share) > 0))
        return err_set(ctx, err, PAGU_ARGUMENT, "the least is above the largest: nothing can satisfy the rule");
    return def->of ? check_rows(v, def->of, err) : PAGU_OK;
}

static pagu_code check_def(const pagu_view *v, const pagu_constraint_def *def, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    bool years = def->first_year || def->last_year;
    if (def->last_year && def->first_year > def->last_year)
        return err_set(ctx, err, PAGU_ARGUMENT, "the first year in force, %d, is after the last, %d", def->first_year,
                       def->last_year);
    if (def->kind == PAGU_PREDICATE)
        return def->predicate.judge ? PAGU_OK : err_set(ctx, err, PAGU_ARGUMENT, "a rule needs a function");
    pagu_code code = check_rows(v, def->at, err);
    if (code != PAGU_OK || def->kind == PAGU_HOLD_LINES)
        return code;
    if (def->field == PAGU_NONE || (def->period == PAGU_NONE && !years))
        return err_set(ctx, err, PAGU_ARGUMENT, "a constraint on a sum needs a field and a period");
    if (def->field >= v->plan->n_fields || v->plan->fields[def->field].kind != PAGU_FIELD_MONEY ||
        (def->of && def->of_field != PAGU_NONE &&
         (def->of_field >= v->plan->n_fields || v->plan->fields[def->of_field].kind != PAGU_FIELD_MONEY)))
        return err_set(ctx, err, PAGU_ARGUMENT, "a constraint on a sum is one of money");
    return def->kind == PAGU_BOUNDS ? check_bounds(v, def, err) : PAGU_OK;
}

pagu_code constraint_make(const pagu_view *v, const pagu_constraint_def *def, uint32_t id, constraint **out,
                          pagu_error *err)
{
    pagu_constraint_def given = *def;
    if (def->kind != PAGU_BOUNDS)
        given.of = NULL;
    if (def->kind == PAGU_PREDICATE)
        given.at = NULL;
    pagu_code code = check_def(v, &given, err);
    if (code != PAGU_OK)
        return code;
    *out = constraint_new(v->plan->ctx, &given, id);
    if (!*out)
        return err_memory(v->plan->ctx, err);
    set_bounds(*out, &given);
    return PAGU_OK;
}

pagu_code pagu_constrain(pagu_scenario *s, const pagu_constraint_def *def, const pagu_note *note, uint32_t *out_id,
                         pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    uint32_t dropped;
    constraint *c = NULL;
    pagu_code code = check_not_judging(s, err);
    if (code == PAGU_OK)
        code = constraint_make(&s->view, def, s->next_constraint + 1, &c, err);
    if (code != PAGU_OK)
        return code;
    constraint_set *set = set_change(ctx, s->view.constraints, 0, NULL, c, &dropped);
    if (!set) {
        constraint_release(ctx, c);
        return err_memory(ctx, err);
    }
    code = set_install(s, set, note, err);
    if (code != PAGU_OK)
        return code;
    if (def->kind == PAGU_PREDICATE)
        c->predicate = def->predicate; /* the caller's until now */
    s->next_constraint++;
    if (out_id)
        *out_id = s->next_constraint;
    return code;
}

/* What a package lays down is put aside with a reason, that stands in the journal. */
static pagu_code check_release(const pagu_scenario *s, uint32_t id, const char *name, const pagu_note *note,
                               pagu_error *err)
{
    const constraint_set *set = s->view.constraints;
    pagu_code code = check_not_judging(s, err);
    for (uint32_t i = 0; code == PAGU_OK && set && i < set->n; i++) {
        const constraint *c = set->items[i];
        bool meant = id ? c->id == id : name && str_eq(c->name, name);
        if (meant && c->of_package && !(note && note->reason && *note->reason))
            code = err_set(s->view.plan->ctx, err, PAGU_ARGUMENT,
                           "\"%s\" is a rule of the package: give the reason why it is released", c->name);
    }
    return code;
}

pagu_code pagu_release(pagu_scenario *s, uint32_t id, const char *name, const pagu_note *note, pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    uint32_t dropped;
    pagu_code code = check_release(s, id, name, note, err);
    if (code != PAGU_OK)
        return code;
    constraint_set *set = set_change(ctx, s->view.constraints, id, name, NULL, &dropped);
    if (!set)
        return err_memory(ctx, err);
    if (dropped == 0) {
        constraint_set_release(ctx, set);
        char number[16];
        snprintf(number, sizeof number, "%u", id);
        return err_at(ctx, err, PAGU_UNKNOWN_KEY, NULL, NULL, "no hold or limit \"%s\" in scenario \"%s\"",
                      id ? number : name, s->name);
    }
    return set_install(s, set, note, err);
}

uint32_t pagu_constraint_count(const pagu_view *v)
{
    return v->constraints ? v->constraints->n : 0;
}

pagu_constraint_info pagu_constraint_get(const pagu_view *v, uint32_t i)
{
    const constraint *c = v->constraints->items[i];
    return (pagu_constraint_info){ .id = c->id,
                                   .kind = c->kind,
                                   .name = c->name,
                                   .reason = c->reason,
                                   .law = c->law,
                                   .n_rows = c->n_rows,
                                   .rows = c->rows,
                                   .field = c->field,
                                   .period = c->period,
                                   .amount = c->kind == PAGU_FLOOR     ? c->min
                                             : c->kind == PAGU_CEILING ? c->max
                                                                       : 0,
                                   .warn = c->warn,
                                   .of_package = c->of_package,
                                   .has_min = c->has_min,
                                   .has_max = c->has_max,
                                   .has_min_share = c->has_min_share,
                                   .has_max_share = c->has_max_share,
                                   .min = c->min,
                                   .max = c->max,
                                   .min_share = c->min_share,
                                   .max_share = c->max_share,
                                   .n_of_rows = c->n_of,
                                   .of_rows = c->of,
                                   .of_field = c->of_field,
                                   .of_period = c->of_period,
                                   .first_year = c->first_year,
                                   .last_year = c->last_year };
}
