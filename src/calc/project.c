/* project.c - fill a column from another by growth that is inherited down the tree.
 * SPDX-License-Identifier: MIT */
#include "calc/growth.h"
#include "calc/verb.h"
#include "pagu/calc.h"

typedef struct row_growth {
    uint64_t row;
    pagu_decimal factor;
} row_growth;

typedef struct project {
    verb verb;
    const pagu_project_options *o;
    arena mem;
    row_growth *growth; /* by row */
    size_t n_growth;
    pagu_row parent; /* whose growth was found last: brothers come together */
    size_t found;
} project;

#define NO_GROWTH SIZE_MAX

/* ---- growth by row ---- */

static size_t growth_of_row(const project *p, pagu_row row)
{
    size_t low = 0, high = p->n_growth;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (p->growth[mid].row < row)
            low = mid + 1;
        else
            high = mid;
    }
    return low < p->n_growth && p->growth[low].row == row ? low : NO_GROWTH;
}

/* The nearest on the way up decides. */
static size_t growth_of_line(project *p, pagu_row line)
{
    size_t own = growth_of_row(p, line);
    pagu_row parent = pagu_view_parent(p->verb.view, line);
    if (own != NO_GROWTH)
        return own;
    if (parent == p->parent)
        return p->found;
    p->parent = parent;
    p->found = NO_GROWTH;
    for (pagu_row r = parent; r != PAGU_NO_ROW && p->found == NO_GROWTH; r = pagu_view_parent(p->verb.view, r))
        p->found = growth_of_row(p, r);
    return p->found;
}

static pagu_code read_growth(const project *p, const pagu_growth *given, row_growth *out)
{
    const verb *v = &p->verb;
    if (given->row >= pagu_view_row_count(v->view))
        return err_set(v->ctx, v->err, PAGU_UNKNOWN_KEY, "row %u is none of this view's", given->row);
    out->row = given->row;
    if (growth_factor(given->percent, &out->factor) || out->factor.digits < 0)
        return verb_fault(v, PAGU_ARGUMENT, given->row,
                          "the growth of %s must be -100 percent or more, with at most 16 decimals",
                          pagu_view_key(v->view, given->row));
    return PAGU_OK;
}

static pagu_code set_growth(project *p)
{
    const verb *v = &p->verb;
    pagu_code rc = PAGU_OK;
    p->n_growth = p->o->n_growth;
    p->growth = arena_alloc(&p->mem, p->n_growth * sizeof *p->growth);
    if (!p->growth)
        return err_memory(v->ctx, v->err);
    for (size_t i = 0; i < p->n_growth && !rc; i++)
        rc = read_growth(p, &p->o->growth[i], &p->growth[i]);
    if (rc)
        return rc;
    sort_by_key(p->growth, p->n_growth, sizeof *p->growth);
    for (size_t i = 1; i < p->n_growth; i++) {
        pagu_row row = (pagu_row)p->growth[i].row;
        if (p->growth[i - 1].row == row)
            return verb_fault(v, PAGU_ARGUMENT, row, "%s has two growths; give one", pagu_view_key(v->view, row));
    }
    return PAGU_OK;
}

/* ---- lines ---- */

static pagu_code grow(const project *p, pagu_row line, size_t growth, pagu_cell *cell)
{
    const verb *v = &p->verb;
    for (uint32_t year = 0; year < p->o->years && cell->value != 0; year++) {
        pagu_money before = cell->value;
        pagu_code rc = pagu_money_scale(before, p->growth[growth].factor, p->o->unit, &cell->value);
        if (rc)
            return verb_fault(v, rc, line, "%s would grow beyond the 64-bit range in year %u",
                              pagu_view_key(v->view, line), year + 1);
        if (cell->value == before) /* a fixed point: later years change nothing */
            break;
    }
    return PAGU_OK;
}

static pagu_code project_line(project *p, changes *c, pagu_row line)
{
    const verb *v = &p->verb;
    size_t growth = growth_of_line(p, line);
    if (growth == NO_GROWTH)
        return verb_fault(v, PAGU_ARGUMENT, line,
                          "no growth covers %s; give one for it or for a row above it, \"/\" for all",
                          pagu_view_key(v->view, line));
    pagu_cell cell = pagu_view_money(v->view, line, p->o->from);
    pagu_code rc = grow(p, line, growth, &cell);
    if (!rc)
        changes_add(c, line, pagu_view_money(v->view, line, p->o->to), cell, 0);
    return rc;
}

static pagu_code project_lines(project *p, const pagu_selection *lines, const pagu_note *note, pagu_table **out)
{
    const verb *v = &p->verb;
    changes c;
    uint32_t n = pagu_selection_count(lines);
    if (!changes_init(&c, &p->mem, n, false))
        return err_memory(v->ctx, v->err);
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i < n && !rc; i++) {
        rc = project_line(p, &c, pagu_selection_rows(lines)[i]);
        if (!rc)
            rc = verb_poll(v, i);
    }
    char text[200];
    const char *notes[] = { text };
    phrase(v->ctx, text, sizeof text, "from %s, years compounded: %u, rounded to %s each",
           column_str(v->plan, p->o->from).s, p->o->years, money_str(v->ctx, p->o->unit).s);
    c.notes = notes;
    c.n_notes = 1;
    return rc ? rc : verb_apply(v, &c, p->o->dry, note, out);
}

/* ---- entry ---- */

static pagu_code run(project *p, const pagu_note *note, pagu_table **out)
{
    const verb *v = &p->verb;
    const pagu_project_options *o = p->o;
    pagu_selection *lines = NULL;
    if (o->unit < 1)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "unit must be at least 1");
    if (!is_money_column(v->plan, o->from))
        return err_set(v->ctx, v->err, PAGU_UNKNOWN_FIELD, "%s works on money: column %u is none of this plan's",
                       v->name, o->from);
    pagu_code rc = verb_check_apart(v, o->at);
    if (!rc)
        rc = set_growth(p);
    if (!rc)
        rc = pagu_select_lines(v->view, o->at, &lines, v->err);
    if (!rc)
        rc = project_lines(p, lines, note, out);
    pagu_selection_free(lines);
    return rc;
}

pagu_code pagu_project(pagu_scenario *s, const pagu_project_options *options, const pagu_note *note, pagu_table **out,
                       pagu_error *err)
{
    pagu_project_options o = PAGU_PROJECT_OPTIONS_INIT;
    project p = { .o = &o, .parent = PAGU_NO_ROW, .found = NO_GROWTH };
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s)));
    arena_init(&p.mem, ctx);
    pagu_code rc = verb_options(ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = verb_begin(&p.verb, "project", s, o.to, err);
    if (!rc)
        rc = run(&p, note, out);
    arena_free(&p.mem);
    return rc;
}
