/* spread_two.c - give rows and columns of lines their totals at once.
 * SPDX-License-Identifier: MIT */
#include "calc/margins.h"
#include "calc/spread.h"

#include <stdio.h>

typedef __int128 i128;

#define NO_GROUP UINT32_MAX

typedef struct axis {
    const pagu_margin *margins;
    uint32_t n;
    uint32_t *group;    /* of every line of `at` */
    i128 *kept;         /* n: what lines that stay give to each total */
    uint32_t *rank;     /* n: their order by the first line that follows, whatever order they came in */
    i128 *wanted;       /* n: the totals asked for */
    pagu_money *totals; /* n, by rank: what is left for the lines that follow */
} axis;

typedef struct spread_two {
    spread sp;
    axis rows, columns;
    uint32_t *row, *column; /* of the free lines */
    bool *cut;
} spread_two;

/* ---- which line is in which row and column ---- */

static place_text margin_str(const verb *v, const pagu_margin *m)
{
    place_text text;
    if (!m->name)
        return place_str(v->view, m->lines);
    snprintf(text.s, sizeof text.s, "%s", m->name);
    return text;
}

static uint32_t index_of(const spread *sp, pagu_row row)
{
    uint32_t low = 0, high = sp->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (sp->row[mid] < row)
            low = mid + 1;
        else
            high = mid;
    }
    return low < sp->n && sp->row[low] == row ? low : NO_GROUP;
}

static pagu_code mark_lines(const spread *sp, axis *a, uint32_t g, const pagu_selection *lines)
{
    const verb *v = &sp->verb;
    for (uint32_t k = 0; k < pagu_selection_count(lines); k++) {
        uint32_t i = index_of(sp, pagu_selection_rows(lines)[k]);
        if (i == NO_GROUP)
            continue;
        if (a->group[i] != NO_GROUP)
            return verb_fault(v, PAGU_ARGUMENT, sp->row[i], "%s lies in %s and in %s; it can count in one total only",
                              pagu_view_key(v->view, sp->row[i]), margin_str(v, &a->margins[a->group[i]]).s,
                              margin_str(v, &a->margins[g]).s);
        a->group[i] = g;
    }
    return PAGU_OK;
}

/* Sums of 128 bits, which an arena doesn't align. */
static i128 *sums_of(arena *mem, size_t n)
{
    char *p = arena_alloc(mem, (n + 1) * sizeof(i128));
    return p ? (i128 *)(void *)(p + (sizeof(i128) - (uintptr_t)p % sizeof(i128)) % sizeof(i128)) : NULL;
}

static pagu_code fill_axis(spread *sp, axis *a)
{
    const verb *v = &sp->verb;
    a->group = arena_alloc(&sp->mem, sp->n * sizeof *a->group);
    a->kept = sums_of(&sp->mem, a->n);
    a->wanted = sums_of(&sp->mem, a->n);
    a->rank = arena_alloc(&sp->mem, a->n * sizeof *a->rank);
    a->totals = arena_alloc(&sp->mem, a->n * sizeof *a->totals);
    if (!a->group || !a->kept || !a->wanted || !a->rank || !a->totals)
        return err_memory(v->ctx, v->err);
    memset(a->group, 0xff, sp->n * sizeof *a->group);
    memset(a->kept, 0, a->n * sizeof *a->kept);
    memset(a->rank, 0xff, a->n * sizeof *a->rank);
    for (uint32_t g = 0; g < a->n; g++)
        a->wanted[g] = a->margins[g].keep ? 0 : a->margins[g].total;
    pagu_code rc = PAGU_OK;
    for (uint32_t g = 0; g < a->n && !rc; g++) {
        pagu_selection *lines;
        rc = pagu_select_lines(v->view, a->margins[g].lines, &lines, v->err);
        if (rc)
            break;
        rc = mark_lines(sp, a, g, lines);
        pagu_selection_free(lines);
    }
    return rc;
}

/* ---- lines that stay, lines that follow ---- */

static void count_line(axis *a, uint32_t i, pagu_money value, bool stays)
{
    uint32_t g = a->group[i];
    if (g != NO_GROUP && stays)
        a->kept[g] += value;
    if (g != NO_GROUP && a->margins[g].keep)
        a->wanted[g] += value;
}

/* A line that stays is counted in the totals that name it, one that follows in those to be kept. */
static void count_in_totals(spread_two *t, uint32_t i, bool stays)
{
    count_line(&t->rows, i, t->sp.old_cells[i].value, stays);
    count_line(&t->columns, i, t->sp.old_cells[i].value, stays);
}

static uint32_t rank_of(axis *a, uint32_t g, uint32_t *next)
{
    if (a->rank[g] == NO_GROUP)
        a->rank[g] = (*next)++;
    return a->rank[g];
}

/* Only lines of a named row and a named column follow. */
static pagu_code choose_free(spread_two *t)
{
    spread *sp = &t->sp;
    uint32_t n = 0, rows = 0, columns = 0;
    if (sp->minus_line != PAGU_NO_ROW)
        return verb_fault(&sp->verb, PAGU_MIXED_SIGN, sp->minus_line,
                          "%s counts as minus; rows and columns take lines that count as plus: hold it or leave it out",
                          pagu_view_key(sp->verb.view, sp->minus_line));
    t->row = arena_alloc(&sp->mem, sp->n_free * sizeof *t->row);
    t->column = arena_alloc(&sp->mem, sp->n_free * sizeof *t->column);
    t->cut = arena_alloc(&sp->mem, t->rows.n + t->columns.n);
    if (!t->row || !t->column || !t->cut)
        return err_memory(sp->verb.ctx, sp->verb.err);
    for (uint32_t k = 0; k < sp->n_held; k++)
        count_in_totals(t, sp->kept[k], true);
    for (uint32_t k = 0; k < sp->n_free; k++) {
        uint32_t i = sp->free[k];
        bool stays = t->rows.group[i] == NO_GROUP || t->columns.group[i] == NO_GROUP;
        count_in_totals(t, i, stays);
        if (stays)
            continue;
        t->row[n] = rank_of(&t->rows, t->rows.group[i], &rows);
        t->column[n] = rank_of(&t->columns, t->columns.group[i], &columns);
        sp->free[n++] = i;
    }
    sp->n_free = n;
    for (uint32_t g = 0; g < t->rows.n; g++)
        rank_of(&t->rows, g, &rows);
    for (uint32_t g = 0; g < t->columns.n; g++)
        rank_of(&t->columns, g, &columns);
    return PAGU_OK;
}

static pagu_code set_totals(const spread *sp, axis *a, i128 *sum)
{
    const verb *v = &sp->verb;
    *sum = 0;
    for (uint32_t g = 0; g < a->n; g++) {
        i128 rest = a->wanted[g] - a->kept[g];
        if (rest < 0)
            return verb_fault(v, PAGU_UNREACHABLE, PAGU_NO_ROW,
                              "%s is to come to %s, but its lines that stay come to %s; release a line or raise the "
                              "total by %s",
                              margin_str(v, &a->margins[g]).s, money_str(v->ctx, (pagu_money)a->wanted[g]).s,
                              money_str(v->ctx, (pagu_money)a->kept[g]).s, money_str(v->ctx, (pagu_money)-rest).s);
        a->totals[a->rank[g]] = (pagu_money)rest;
        *sum += rest;
    }
    if (*sum > INT64_MAX)
        return verb_fault(v, PAGU_OVERFLOW, PAGU_NO_ROW, "the new total of %s exceeds the 64-bit range",
                          place_str(v->view, sp->o->at).s);
    return PAGU_OK;
}

static pagu_code check_sums(spread_two *t)
{
    const verb *v = &t->sp.verb;
    i128 rows, columns;
    pagu_code rc = set_totals(&t->sp, &t->rows, &rows);
    if (!rc)
        rc = set_totals(&t->sp, &t->columns, &columns);
    if (rc || rows == columns)
        return rc;
    i128 gap = rows > columns ? rows - columns : columns - rows;
    return verb_fault(v, PAGU_ARGUMENT, PAGU_NO_ROW,
                      "the totals of rows leave %s to the lines that follow, those of columns %s; they must agree: "
                      "change them by %s",
                      money_str(v->ctx, (pagu_money)rows).s, money_str(v->ctx, (pagu_money)columns).s,
                      money_str(v->ctx, (pagu_money)gap).s);
}

/* ---- the shares ---- */

typedef struct names_text {
    char s[256];
    uint32_t n;
    i128 total;
} names_text;

/* The margins of an axis on one side of the cut: "1.01, 1.02 and 3 more". */
static names_text names_of(const verb *v, const axis *a, const bool *cut, bool side)
{
    names_text out = { .s = "", .n = 0 };
    size_t used = 0;
    for (uint32_t g = 0; g < a->n; g++) {
        if (cut[a->rank[g]] != side)
            continue;
        out.total += a->wanted[g];
        if (out.n++ < 3)
            used += (size_t)snprintf(out.s + used, sizeof out.s - used, "%s%.64s", out.n > 1 ? ", " : "",
                                     margin_str(v, &a->margins[g]).s);
    }
    if (out.n > 3)
        phrase(v->ctx, out.s + used, sizeof out.s - used, " and %u more", out.n - 3);
    return out;
}

/* The minimum cut says it in two ways: some rows want too much for all columns, and the columns
 * beyond it too much for all rows. The one that names fewer is easier to act on. */
static pagu_code unreachable_fault(const spread_two *t, const margins_job *job)
{
    const verb *v = &t->sp.verb;
    names_text rows = names_of(v, &t->rows, job->cut, true);
    names_text columns = names_of(v, &t->columns, job->cut + t->rows.n, false);
    bool by_row = rows.n > 0 && (columns.n == 0 || rows.n <= columns.n);
    names_text *named = by_row ? &rows : &columns;
    if (named->n == 0) /* bounds alone ask for more than all totals */
        return verb_fault(v, PAGU_UNREACHABLE, PAGU_NO_ROW,
                          "floors below %s ask for %s more than rows and columns give; lower the floors",
                          place_str(v->view, t->sp.o->at).s, money_str(v->ctx, job->gap).s);
    return verb_fault(v, PAGU_UNREACHABLE, PAGU_NO_ROW,
                      by_row ? "rows %s are to come to %s, but columns and bounds allow %s: %s short; lower "
                               "these rows, raise columns or caps, or give lines of 0 a basis"
                             : "columns %s are to come to %s, but rows and bounds allow %s: %s short; lower "
                               "these columns, raise rows or caps, or give lines of 0 a basis",
                      named->s, money_str(v->ctx, (pagu_money)named->total).s,
                      money_str(v->ctx, (pagu_money)(named->total - job->gap)).s, money_str(v->ctx, job->gap).s);
}

static pagu_code share_fault(const spread_two *t, const margins_job *job, pagu_code rc)
{
    const spread *sp = &t->sp;
    const verb *v = &sp->verb;
    if (rc == PAGU_ARGUMENT) {
        pagu_row row = sp->row[sp->free[job->bad]];
        return verb_fault(v, rc, row, "the floor of %s, %s, is above its cap, %s", pagu_view_key(v->view, row),
                          money_str(v->ctx, sp->lo ? sp->lo[job->bad] : 0).s, money_str(v->ctx, sp->hi[job->bad]).s);
    }
    switch (rc) {
    case PAGU_NO_MEMORY: return err_memory(v->ctx, v->err);
    case PAGU_INTERRUPTED: return err_set(v->ctx, v->err, rc, "interrupted");
    case PAGU_UNREACHABLE: return unreachable_fault(t, job);
    case PAGU_OVERFLOW:
        return verb_fault(v, rc, PAGU_NO_ROW, "the shares of %s exceed the 64-bit range",
                          place_str(v->view, sp->o->at).s);
    default:
        return err_set(v->ctx, v->err, PAGU_INTERNAL, "rows and columns of %s do not add up",
                       place_str(v->view, sp->o->at).s);
    }
}

static bool is_reached(const spread *sp, axis *a)
{
    for (uint32_t k = 0; k < sp->n_free; k++)
        a->kept[a->group[sp->free[k]]] += sp->old_cells[sp->free[k]].value;
    for (uint32_t g = 0; g < a->n; g++)
        if (a->kept[g] != a->wanted[g])
            return false;
    return true;
}

/* Do the lines meet everything as they are? Then they stay. */
static bool is_met(spread_two *t)
{
    spread *sp = &t->sp;
    if (!is_reached(sp, &t->rows) || !is_reached(sp, &t->columns))
        return false;
    for (uint32_t k = 0; k < sp->n_free; k++) {
        pagu_money value = sp->out[k] = sp->old_cells[sp->free[k]].value;
        if (value < 0 || (sp->lo && value < sp->lo[k]) || (sp->hi && value > sp->hi[k]))
            return false;
    }
    return true;
}

static pagu_code share_out(spread_two *t)
{
    spread *sp = &t->sp;
    uint32_t line = 0;
    spread_set_bounds(sp);
    if (is_met(t))
        return PAGU_OK;
    pagu_code rc = spread_set_weights(sp, &line);
    if (rc == PAGU_ZERO_BASIS && t->rows.n + t->columns.n > 0) {
        memset(sp->weights, 0, sp->n_free * sizeof *sp->weights); /* the margins say whether 0 will do */
        rc = PAGU_OK;
    }
    if (rc)
        return spread_basis_fault(sp, rc, line);
    margins_job job = { .n = sp->n_free,
                        .n_rows = t->rows.n,
                        .n_columns = t->columns.n,
                        .row = t->row,
                        .column = t->column,
                        .weights = sp->weights,
                        .lo = sp->lo,
                        .hi = sp->hi,
                        .row_totals = t->rows.totals,
                        .column_totals = t->columns.totals,
                        .unit = sp->o->unit,
                        .out = sp->out,
                        .residue = sp->residue,
                        .cut = t->cut };
    rc = margins_run(sp->verb.ctx, &job);
    return rc ? share_fault(t, &job, rc) : PAGU_OK;
}

/* ---- entry ---- */

static pagu_code apply(spread_two *t, const pagu_note *note, pagu_table **out)
{
    spread *sp = &t->sp;
    char text[320];
    const char *notes[] = { text };
    changes c;
    pagu_code rc = spread_list_changes(sp, &c);
    if (rc)
        return rc;
    phrase(sp->verb.ctx, text, sizeof text, "%u rows and %u columns of %s have their totals", t->rows.n, t->columns.n,
           place_str(sp->verb.view, sp->o->at).s);
    c.notes = notes;
    c.n_notes = 1;
    return verb_apply(&sp->verb, &c, sp->o->dry, note, out);
}

static pagu_code run(spread_two *t, const pagu_note *note, pagu_table **out)
{
    pagu_code rc = spread_check_options(&t->sp);
    if (!rc)
        rc = spread_gather(&t->sp);
    if (!rc)
        rc = fill_axis(&t->sp, &t->rows);
    if (!rc)
        rc = fill_axis(&t->sp, &t->columns);
    if (!rc)
        rc = choose_free(t);
    if (!rc)
        rc = check_sums(t);
    if (!rc)
        rc = share_out(t);
    return rc ? rc : apply(t, note, out);
}

pagu_code pagu_spread_two(pagu_scenario *s, const pagu_spread_two_options *options, const pagu_note *note,
                          pagu_table **out, pagu_error *err)
{
    pagu_spread_two_options two = PAGU_SPREAD_TWO_OPTIONS_INIT;
    pagu_spread_options o = PAGU_SPREAD_OPTIONS_INIT;
    spread_two t = { .sp = { .o = &o, .plus_line = PAGU_NO_ROW, .minus_line = PAGU_NO_ROW } };
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    t.sp.wants_table = out != NULL;
    arena_init(&t.sp.mem, ctx);
    pagu_code rc = verb_options(ctx, &two, sizeof two, options, err);
    if (!rc)
        rc = verb_options(ctx, &o, sizeof o, two.spread, err);
    if (!rc && (two.n_rows == 0 || two.n_columns == 0 || two.n_rows + two.n_columns > UINT32_MAX / 2))
        rc = err_set(ctx, err, PAGU_ARGUMENT, "a spread between margins needs rows and columns");
    if (!rc)
        rc = verb_begin(&t.sp.verb, "spread", s, o.column, err);
    t.rows = (axis){ .margins = two.rows, .n = (uint32_t)two.n_rows };
    t.columns = (axis){ .margins = two.columns, .n = (uint32_t)two.n_columns };
    if (!rc)
        rc = run(&t, note, out);
    pagu_selection_free(t.sp.lines);
    pagu_selection_free(t.sp.held);
    arena_free(&t.sp.mem);
    return rc;
}
