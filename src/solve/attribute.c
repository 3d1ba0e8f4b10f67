/* attribute.c - which edits made a difference: groups of steps, and the division among them.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"
#include "solve/attribute.h"

#include <stdio.h>

/* ---- groups ---- */

typedef struct label_text {
    char s[300];
} label_text;

static label_text label_of(const attribution *x, uint32_t i)
{
    label_text t = { "" };
    pagu_note note = pagu_journal_get(x->steps[i].of->scenario, x->steps[i].first).note;
    const char *text = x->o->labels                 ? x->o->labels[i]
                       : x->o->by == PAGU_BY_REASON ? note.reason
                       : x->o->by == PAGU_BY_VERB   ? note.verb
                       : x->o->by == PAGU_BY_SOURCE ? note.file
                                                    : NULL;
    if (!x->o->labels && x->o->by == PAGU_BY_SOURCE && note.file && note.line > 0)
        snprintf(t.s, sizeof t.s, "%.270s:%d", note.file, note.line);
    else
        snprintf(t.s, sizeof t.s, "%.290s", text ? text : "");
    return t;
}

/* The same label on the same side is the same player; numbers go by first appearance. */
static pagu_code group_steps(attribution *x, pagu_error *err)
{
    bool alone = !x->o->labels && x->o->by == PAGU_BY_STEP;
    symtab seen;
    x->first_step = mem_zarray(x->ctx, x->n_steps, sizeof *x->first_step);
    if ((x->n_steps && !x->first_step) || !symtab_init(&seen, x->ctx))
        return err_memory(x->ctx, err);
    pagu_code rc = PAGU_OK;
    uint32_t base = symtab_intern(&seen, "", 0); /* taken already: labels begin with their side */
    for (uint32_t i = 0; i < x->n_steps && !rc; i++) {
        label_text t = label_of(x, i);
        char sided[310];
        int n = snprintf(sided, sizeof sided, "%c%s", x->steps[i].of == x->a ? 'a' : 'b', t.s);
        symbol s = alone ? i + 1 + base : symtab_intern(&seen, sided, (size_t)n);
        if (s == NO_SYMBOL)
            rc = err_memory(x->ctx, err);
        uint32_t player = s - base - 1;
        x->steps[i].player = player;
        if (!rc && player >= x->n_players) {
            x->first_step[x->n_players] = i;
            x->n_players = player + 1;
        }
    }
    symtab_free(&seen);
    return rc;
}

/* ---- the division ---- */

static pagu_code find_rows(const attribution *x, pagu_row *row_a, pagu_row *row_b, pagu_error *err)
{
    *row_a = *row_b = PAGU_NO_ROW;
    pagu_code rc = pagu_view_find(x->b, x->o->key, row_b, err);
    if (pagu_view_find(x->a, x->o->key, row_a, NULL) == PAGU_OK)
        return PAGU_OK;
    *row_a = PAGU_NO_ROW;
    return rc;
}

static bool is_money(const attribution *x)
{
    return !x->o->metric && pagu_plan_field_kind(x->b->plan, x->o->field) == PAGU_FIELD_MONEY;
}

static bool adds_up(const attribution *x, const division *d)
{
    wide sum = 0;
    for (uint32_t i = 0; i < x->n_players; i++)
        sum += d->part[i];
    return sum == ((wide)d->to - d->from) * SHAPLEY_UNIT;
}

/* Should the lines' journal not tell the whole story of a sum, whole evaluations do. */
static pagu_code divide(attribution *x, division *d, pagu_error *err)
{
    pagu_row row_a, row_b;
    if (!is_money(x))
        return divide_metric(x, d, err);
    pagu_code rc = find_rows(x, &row_a, &row_b, err);
    if (!rc)
        rc = divide_lines(x, row_a, row_b, pagu_view_column(x->b, x->o->field, x->o->period), d, err);
    if (rc || adds_up(x, d))
        return rc;
    memset(d->part, 0, x->n_players * sizeof *d->part);
    memset(d->variance, 0, x->n_players * sizeof *d->variance);
    d->drawn = false;
    effects_free(&x->effects);
    return divide_metric(x, d, err);
}

static pagu_code check_options(const attribution *x, pagu_error *err)
{
    const pagu_attribute_options *o = x->o;
    if (!o->metric && !o->key)
        return err_set(x->ctx, err, PAGU_ARGUMENT, "attribute needs a key, or a function that gives a number");
    if (o->exact > MOST_EXACT)
        return err_set(x->ctx, err, PAGU_ARGUMENT, "exact is 0 … %d groups, not %u; more are drawn", MOST_EXACT,
                       o->exact);
    if (o->samples < 2 || o->samples > 1000000)
        return err_set(x->ctx, err, PAGU_ARGUMENT, "samples is 2 … 1000000 orders, not %u", o->samples);
    return PAGU_OK;
}

static pagu_code run(attribution *x, pagu_table **out, pagu_error *err)
{
    division d = { .scale = 1 };
    pagu_code rc = check_options(x, err);
    if (!rc)
        rc = attribution_steps(x, err);
    if (!rc)
        rc = group_steps(x, err);
    if (rc)
        return rc;
    d.part = mem_zarray(x->ctx, x->n_players, sizeof *d.part);
    d.variance = mem_zarray(x->ctx, x->n_players, sizeof *d.variance);
    if (x->n_players && (!d.part || !d.variance))
        rc = err_memory(x->ctx, err);
    if (!rc)
        rc = divide(x, &d, err);
    if (!rc)
        rc = attribution_table(x, &d, out, err);
    mem_free(x->ctx, d.part, x->n_players * sizeof *d.part);
    mem_free(x->ctx, d.variance, x->n_players * sizeof *d.variance);
    return rc;
}

/* ---- public ---- */

pagu_code pagu_attribute(pagu_view *a, pagu_view *b, const pagu_attribute_options *options, pagu_table **out,
                         pagu_error *err)
{
    pagu_attribute_options o = PAGU_ATTRIBUTE_OPTIONS_INIT;
    attribution x = { .ctx = b->plan->ctx, .a = a, .b = b, .o = &o };
    *out = NULL;
    pagu_code rc = verb_options(x.ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = run(&x, out, err);
    attribution_free(&x);
    return rc;
}

pagu_code pagu_attribute_step_count(const pagu_view *a, const pagu_view *b, uint32_t *out, pagu_error *err)
{
    attribution x = { .ctx = b->plan->ctx, .a = (pagu_view *)(uintptr_t)a, .b = (pagu_view *)(uintptr_t)b };
    pagu_code rc = attribution_steps(&x, err);
    *out = x.n_steps;
    attribution_free(&x);
    return rc;
}

pagu_code pagu_attribute_step(const pagu_view *a, const pagu_view *b, uint32_t i, const pagu_view **of, uint32_t *at,
                              pagu_error *err)
{
    attribution x = { .ctx = b->plan->ctx, .a = (pagu_view *)(uintptr_t)a, .b = (pagu_view *)(uintptr_t)b };
    pagu_code rc = attribution_steps(&x, err);
    if (!rc && i >= x.n_steps)
        rc = err_set(x.ctx, err, PAGU_ARGUMENT, "there are %u steps between these views", x.n_steps);
    if (!rc) {
        *of = x.steps[i].of;
        *at = x.steps[i].first;
    }
    attribution_free(&x);
    return rc;
}
