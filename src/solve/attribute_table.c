/* attribute_table.c - the parts as a table.
 * SPDX-License-Identifier: MIT */
#include "calc/phrase.h"
#include "scenario/scenario_struct.h"
#include "solve/attribute.h"

#include <math.h>
#include <stdio.h>

enum { GROUP, WHAT, VERB, REASON, SOURCE, STEPS, PART, SHARE, ERROR_OF_PART };

typedef struct filling {
    const attribution *x;
    const division *d;
    pagu_table *t;
    const int64_t *parts;
    const uint32_t *n_steps; /* by player */
    uint32_t row;
} filling;

static pagu_code add_columns(const filling *f)
{
    const pagu_ctx *ctx = f->x->ctx;
    pagu_column_type value = f->d->whole ? PAGU_COL_MONEY : PAGU_COL_NUMBER;
    const struct {
        const char *name, *title;
        pagu_column_type type;
    } columns[] = {
        { "group", "Group", PAGU_COL_INTEGER },
        { "what", "Edits", PAGU_COL_TEXT },
        { "verb", "Verb", PAGU_COL_TEXT },
        { "reason", "Reason", PAGU_COL_TEXT },
        { "source", "Source", PAGU_COL_TEXT },
        { "steps", "Undo steps", PAGU_COL_INTEGER },
        { "part", "Part", value },
        { "share", "Share of difference", PAGU_COL_PERCENT },
        { "error", "Standard error", PAGU_COL_NUMBER },
    };
    pagu_code rc = PAGU_OK;
    for (size_t i = 0; i < COUNT_OF(columns) - !f->d->drawn && !rc; i++)
        rc = pagu_table_add_column(f->t, columns[i].name, tr(ctx, columns[i].title), columns[i].type);
    return rc;
}

static pagu_code put_text(const filling *f, uint32_t col, const char *text)
{
    return text && *text ? pagu_table_set_text(f->t, f->row, col, text) : PAGU_OK;
}

static pagu_code put_part(const filling *f, int64_t part)
{
    wide whole = (wide)f->d->to - f->d->from;
    pagu_code rc = f->d->whole ? pagu_table_set_money(f->t, f->row, PART, part)
                               : pagu_table_set_number(f->t, f->row, PART, (double)part / f->d->scale);
    if (!rc && whole != 0)
        rc = pagu_table_set_number(f->t, f->row, SHARE, 100.0 * (double)part / (double)whole);
    return rc;
}

/* What a reader calls the group. */
static void name_group(const filling *f, const pagu_note *note, uint32_t player, char *buf, size_t size)
{
    const pagu_attribute_options *o = f->x->o;
    const attribute_step *first = &f->x->steps[f->x->first_step[player]];
    const char *by_verb = note->verb && *note->verb ? note->verb : tr(f->x->ctx, "edit");
    char name[300];
    if (o->labels)
        snprintf(name, sizeof name, "%.290s", o->labels[f->x->first_step[player]]);
    else if (o->by == PAGU_BY_REASON)
        snprintf(name, sizeof name, "%.290s",
                 note->reason && *note->reason ? note->reason : tr(f->x->ctx, "no reason"));
    else if (o->by == PAGU_BY_SOURCE && note->file && *note->file)
        snprintf(name, sizeof name, "%.270s:%d", note->file, note->line);
    else if (o->by == PAGU_BY_SOURCE)
        snprintf(name, sizeof name, "%.200s", tr(f->x->ctx, "no source"));
    else if (o->by == PAGU_BY_VERB)
        snprintf(name, sizeof name, "%.290s", by_verb);
    else
        snprintf(name, sizeof name, "%u. %.80s%s%.190s", player + 1, by_verb, note->reason && *note->reason ? ": " : "",
                 note->reason ? note->reason : "");
    if (first->of == f->x->a)
        phrase(f->x->ctx, buf, size, "without %.250s", name);
    else
        snprintf(buf, size, "%s", name);
}

static pagu_code put_group(filling *f, uint32_t player)
{
    char name[330], source[300] = "";
    const attribute_step *first = &f->x->steps[f->x->first_step[player]];
    pagu_note note = pagu_journal_get(first->of->scenario, first->first).note;
    f->row = pagu_table_row_count(f->t);
    pagu_code rc = pagu_table_add_row(f->t);
    name_group(f, &note, player, name, sizeof name);
    if (note.file && note.line > 0)
        snprintf(source, sizeof source, "%.256s:%d", note.file, note.line);
    if (!rc)
        rc = pagu_table_set_money(f->t, f->row, GROUP, player + 1);
    if (!rc)
        rc = put_text(f, WHAT, name);
    if (!rc)
        rc = put_text(f, VERB, note.verb);
    if (!rc)
        rc = put_text(f, REASON, note.reason);
    if (!rc)
        rc = put_text(f, SOURCE, *source ? source : note.file);
    if (!rc)
        rc = pagu_table_set_money(f->t, f->row, STEPS, f->n_steps[player]);
    if (!rc)
        rc = put_part(f, f->parts[player]);
    return rc || !f->d->drawn
               ? rc
               : pagu_table_set_number(f->t, f->row, ERROR_OF_PART, sqrt(f->d->variance[player]) / f->d->scale);
}

static pagu_code put_total(filling *f)
{
    f->row = pagu_table_row_count(f->t);
    pagu_code rc = pagu_table_add_row(f->t);
    if (!rc)
        rc = pagu_table_set_row_style(f->t, f->row, PAGU_ROW_TOTAL, 0);
    if (!rc)
        rc = put_text(f, WHAT, tr(f->x->ctx, "Difference"));
    int64_t whole;
    if (!rc && pagu_money_sub(f->d->to, f->d->from, &whole))
        return PAGU_OVERFLOW;
    return rc ? rc : put_part(f, whole);
}

static pagu_code put_notes(const filling *f, uint32_t hidden)
{
    const attribution *x = f->x;
    char text[200];
    pagu_code rc = PAGU_OK;
    if (hidden) {
        phrase(x->ctx, text, sizeof text, "edits that made no difference, left out: %u (all = true lists them)",
               hidden);
        rc = pagu_table_add_note(f->t, text);
    }
    if (rc || !f->d->drawn)
        return rc;
    phrase(x->ctx, text, sizeof text, "more than %u groups: %u orders drawn with seed %llu, so the parts have an error",
           x->o->exact, (x->o->samples + 1) / 2 * 2, (unsigned long long)x->o->seed);
    return pagu_table_add_note(f->t, text);
}

/* Largest part first; what is the same stays in the order of the journal. */
static void sort_groups(const int64_t *parts, uint32_t n, keyed_index *order)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = (keyed_index){ UINT64_MAX - money_abs(parts[i]), i };
    sort_by_key(order, n, sizeof *order);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && order[end].key == order[i].key; end++)
            ;
        for (uint32_t k = i; k < end; k++)
            order[k].key = order[k].index;
        sort_by_key(order + i, end - i, sizeof *order);
        for (uint32_t k = i; k < end; k++)
            order[k].key = UINT64_MAX - money_abs(parts[order[k].index]);
    }
}

static pagu_code fill(filling *f, const keyed_index *order)
{
    uint32_t hidden = 0;
    pagu_code rc = add_columns(f);
    for (uint32_t i = 0; i < f->x->n_players && !rc; i++) {
        uint32_t player = (uint32_t)order[i].index;
        if (f->parts[player] == 0 && !f->x->o->all)
            hidden++;
        else
            rc = put_group(f, player);
    }
    if (!rc)
        rc = put_total(f);
    return rc ? rc : put_notes(f, hidden);
}

pagu_code attribution_table(const attribution *x, const division *d, pagu_table **out, pagu_error *err)
{
    uint32_t n = x->n_players;
    int64_t *parts = mem_zarray(x->ctx, n, sizeof *parts);
    uint32_t *n_steps = mem_zarray(x->ctx, n, sizeof *n_steps);
    keyed_index *order = mem_array(x->ctx, n, sizeof *order);
    pagu_table *t = pagu_table_new(x->ctx);
    pagu_code rc = t && (!n || (parts && n_steps && order)) ? PAGU_OK : PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < x->n_steps && !rc; i++)
        n_steps[x->steps[i].player]++;
    if (!rc)
        rc = shapley_round(x->ctx, d->part, n, parts);
    filling f = { .x = x, .d = d, .t = t, .parts = parts, .n_steps = n_steps };
    if (!rc) {
        sort_groups(parts, n, order);
        rc = fill(&f, order);
    }
    mem_free(x->ctx, parts, n * sizeof *parts);
    mem_free(x->ctx, n_steps, n * sizeof *n_steps);
    mem_free(x->ctx, order, n * sizeof *order);
    if (rc) {
        pagu_table_free(t);
        if (rc == PAGU_OVERFLOW)
            return err_set(x->ctx, err, rc, "a part exceeds the 64-bit range");
        return err_memory(x->ctx, err);
    }
    *out = t;
    return PAGU_OK;
}
