/* constraint.c - holds, floors and ceilings: kept as immutable sets, checked before a commit.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdio.h>

static void constraint_release(pagu_ctx *ctx, constraint *c)
{
    if (c && atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) == 1)
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

/* ---- checking ---- */

static bool has_row(const constraint *c, pagu_row row)
{
    uint32_t lo = 0, hi = c->n_rows;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->rows[mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < c->n_rows && c->rows[lo] == row;
}

static bool covers_line(const pagu_view *v, const constraint *c, pagu_row row)
{
    for (; row != PAGU_NO_ROW; row = row_parent(v, row))
        if (has_row(c, row))
            return true;
    return false;
}

static bool covers_column(const pagu_view *v, const constraint *c, pagu_column column)
{
    return (c->field == PAGU_NONE || c->field == pagu_plan_column_field(v->plan, column)) &&
           (c->period == PAGU_NONE || c->period == pagu_plan_column_period(v->plan, column));
}

/* Sign of a line's money in the sum of the constrained row above it. */
static int sign_within(const pagu_view *v, const constraint *c, pagu_row row)
{
    int sign = 1;
    for (; !has_row(c, row); row = row_parent(v, row))
        sign *= row_sign(v, row);
    return sign;
}

static pagu_code refuse_held(const pagu_view *v, const constraint *c, pagu_row row, pagu_money held, pagu_money asked,
                             pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    const char *key = pagu_view_key(v, row), *why = *c->name ? c->name : c->reason;
    if (!*why)
        return err_at(ctx, err, PAGU_HELD, key, NULL,
                      "%s is held at %s and would become %s; release it or leave it out", key, money_str(ctx, held).s,
                      money_str(ctx, asked).s);
    return err_at(ctx, err, PAGU_HELD, key, NULL,
                  "%s is held at %s by \"%s\" and would become %s; release it or leave it out", key,
                  money_str(ctx, held).s, why, money_str(ctx, asked).s);
}

static pagu_code check_lines_held(const pagu_view *v, const constraint *c, const line_changes *ch, pagu_error *err)
{
    for (uint32_t i = 0; i < ch->n; i++)
        if (covers_line(v, c, ch->rows[i]))
            return refuse_held(v, c, ch->rows[i], ch->old_values[i], ch->new_values[i], err);
    return PAGU_OK;
}

/* What kept sums are now; a sum of sums is taken in 128 bits. */
static __int128 sum_now(const pagu_view *v, const constraint *c, pagu_column column)
{
    __int128 sum = 0;
    for (uint32_t i = 0; i < c->n_rows; i++)
        sum += view_value(v, c->rows[i], column);
    return sum;
}

static pagu_code check_sum(const pagu_view *v, const constraint *c, const line_changes *ch, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    __int128 delta = 0;
    bool touched = false;
    for (uint32_t i = 0; i < ch->n; i++)
        if (covers_line(v, c, ch->rows[i])) {
            delta += (__int128)sign_within(v, c, ch->rows[i]) * ((__int128)ch->new_values[i] - ch->old_values[i]);
            touched = true;
        }
    if (!touched || delta == 0)
        return PAGU_OK;
    __int128 before = sum_now(v, c, ch->column), after = before + delta;
    const char *key = pagu_view_key(v, c->rows[0]), *name = *c->name ? c->name : c->reason;
    if (c->kind == PAGU_HOLD_TOTAL)
        return refuse_held(v, c, c->rows[0], (pagu_money)before, (pagu_money)after, err);
    if (c->kind == PAGU_FLOOR && after < c->amount && after < before)
        return err_at(ctx, err, PAGU_RULE, key, NULL,
                      "%s would fall to %s, below the floor of %s (\"%s\"); %s is missing", key,
                      money_str(ctx, (pagu_money)after).s, money_str(ctx, c->amount).s, name,
                      money_str(ctx, (pagu_money)(c->amount - after)).s);
    if (c->kind == PAGU_CEILING && after > c->amount && after > before)
        return err_at(ctx, err, PAGU_RULE, key, NULL,
                      "%s would rise to %s, above the ceiling of %s (\"%s\"); %s is too much", key,
                      money_str(ctx, (pagu_money)after).s, money_str(ctx, c->amount).s, name,
                      money_str(ctx, (pagu_money)(after - c->amount)).s);
    return PAGU_OK;
}

pagu_code constraints_check(const pagu_view *v, const line_changes *ch, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; v->constraints && i < v->constraints->n && code == PAGU_OK; i++) {
        const constraint *c = v->constraints->items[i];
        if (c->warn || !covers_column(v, c, ch->column))
            continue;
        code = c->kind == PAGU_HOLD_LINES ? check_lines_held(v, c, ch, err) : check_sum(v, c, ch, err);
    }
    return code;
}

bool pagu_is_held(const pagu_view *v, pagu_row line, pagu_column column)
{
    for (uint32_t i = 0; v->constraints && i < v->constraints->n; i++) {
        const constraint *c = v->constraints->items[i];
        if (c->kind == PAGU_HOLD_LINES && !c->warn && covers_column(v, c, column) && covers_line(v, c, line))
            return true;
    }
    return false;
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
    uint32_t n = pagu_selection_count(def->at);
    size_t text = (def->name ? strlen(def->name) : 0) + (def->reason ? strlen(def->reason) : 0) +
                  (def->law ? strlen(def->law) : 0) + 3;
    size_t bytes = sizeof(constraint) + n * sizeof(pagu_row) + text;
    constraint *c = mem_zalloc(ctx, bytes);
    if (!c)
        return NULL;
    atomic_init(&c->refs, 1);
    c->bytes = bytes;
    c->id = id;
    c->kind = def->kind;
    c->n_rows = n;
    c->rows = (pagu_row *)(c + 1);
    memcpy(c->rows, pagu_selection_rows(def->at), n * sizeof(pagu_row));
    char *at = (char *)(c->rows + n);
    c->name = copy_text(&at, def->name);
    c->reason = copy_text(&at, def->reason);
    c->law = copy_text(&at, def->law);
    c->field = def->field;
    c->period = def->period;
    c->amount = def->amount;
    c->warn = def->warn;
    return c;
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

static pagu_code check_def(pagu_scenario *s, const pagu_constraint_def *def, pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    pagu_row below;
    if (!def->at || pagu_selection_count(def->at) == 0)
        return err_set(ctx, err, PAGU_ARGUMENT, "a constraint needs at least one place");
    pagu_selection *members;
    pagu_code code =
        pagu_select_rows(&s->view, pagu_selection_rows(def->at), pagu_selection_count(def->at), &members, err);
    if (code != PAGU_OK)
        return code;
    pagu_selection_free(members);
    if (def->kind != PAGU_HOLD_LINES && (def->field == PAGU_NONE || def->period == PAGU_NONE))
        return err_set(ctx, err, PAGU_ARGUMENT, "a constraint on a sum needs a field and a period");
    if (pagu_selection_overlaps(&s->view, def->at, &below))
        return err_at(ctx, err, PAGU_ARGUMENT, pagu_view_key(&s->view, below), NULL,
                      "%s lies below another selected row; its money would count twice",
                      pagu_view_key(&s->view, below));
    return PAGU_OK;
}

pagu_code pagu_constrain(pagu_scenario *s, const pagu_constraint_def *def, const pagu_note *note, uint32_t *out_id,
                         pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    pagu_code code = check_def(s, def, err);
    if (code != PAGU_OK)
        return code;
    uint32_t dropped;
    constraint *c = constraint_new(ctx, def, s->next_constraint + 1);
    constraint_set *set = c ? set_change(ctx, s->view.constraints, 0, NULL, c, &dropped) : NULL;
    if (!set) {
        constraint_release(ctx, c);
        return err_memory(ctx, err);
    }
    code = set_install(s, set, note, err);
    if (code == PAGU_OK)
        s->next_constraint++;
    if (code == PAGU_OK && out_id)
        *out_id = s->next_constraint;
    return code;
}

pagu_code pagu_release(pagu_scenario *s, uint32_t id, const char *name, const pagu_note *note, pagu_error *err)
{
    pagu_ctx *ctx = s->view.plan->ctx;
    uint32_t dropped;
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
    return (pagu_constraint_info){ c->id,   c->kind,  c->name,   c->reason, c->law, c->n_rows,
                                   c->rows, c->field, c->period, c->amount, c->warn };
}
