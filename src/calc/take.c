/* take.c - copy lines exactly from another view.
 * SPDX-License-Identifier: MIT */
#include "calc/verb.h"
#include "pagu/calc.h"

typedef struct take {
    verb verb;
    const pagu_take_options *o;
    pagu_column from_column;
    arena mem;
    pagu_selection *here, *there; /* lines at or below `at` in either view */
} take;

/* ---- what only the other view has ---- */

/* Rows there without a counterpart here: one named, all counted. */
static pagu_code refuse_absent(const take *t, pagu_row first, uint32_t count)
{
    const verb *v = &t->verb;
    return err_at(v->ctx, v->err, PAGU_NOT_MEMBER, pagu_view_key(t->o->from, first), v->field.s,
                  "%u lines of %s are not part of %s, the first is %s; take them in with add = true", count,
                  pagu_view_name(t->o->from), pagu_view_name(v->view), pagu_view_key(t->o->from, first));
}

static pagu_code collect_absent(take *t, pagu_row **rows, uint32_t *n)
{
    uint32_t n_there = pagu_selection_count(t->there), first = UINT32_MAX;
    const pagu_row *there = pagu_selection_rows(t->there);
    *rows = arena_alloc(&t->mem, n_there * sizeof **rows);
    *n = 0;
    if (!*rows)
        return err_memory(t->verb.ctx, t->verb.err);
    for (uint32_t i = 0; i < n_there; i++)
        if (same_row(t->verb.view, t->o->from, there[i]) == PAGU_NO_ROW) {
            first = first == UINT32_MAX ? i : first;
            (*rows)[(*n)++] = there[i];
        }
    return *n == 0 || t->o->add ? PAGU_OK : refuse_absent(t, there[first], *n);
}

static pagu_code join_base_rows(const take *t, const pagu_row *rows, uint32_t n)
{
    pagu_selection *sel;
    if (n == 0)
        return PAGU_OK;
    pagu_code rc = pagu_select_rows(t->o->from, rows, n, &sel, t->verb.err);
    if (rc)
        return rc;
    rc = pagu_join_rows(t->verb.s, sel, NULL, t->verb.err);
    pagu_selection_free(sel);
    return rc;
}

enum { MOST_TAGS = 64 };

/* Add a row that a scenario added as it stands there. */
static pagu_code add_copy(const take *t, pagu_row row, pagu_row under)
{
    const verb *v = &t->verb;
    const pagu_view *from = t->o->from;
    const char *trees[MOST_TAGS], *classes[MOST_TAGS];
    pagu_level level = pagu_view_level(from, row);
    pagu_row_def def = { .under = under,
                         .code = pagu_view_code(from, row),
                         .name = pagu_view_row_name(from, row),
                         .level = level == PAGU_NONE ? NULL : pagu_plan_level_id(v->plan, level),
                         .sign = pagu_view_sign(from, row),
                         .tag_trees = trees,
                         .tag_classes = classes };
    for (uint32_t tree = 0; tree < pagu_plan_tree_count(v->plan) && def.n_tags < MOST_TAGS; tree++) {
        uint32_t cls =
            pagu_plan_tree_is_partition(v->plan, tree) ? pagu_view_declared_class(from, row, tree) : UINT32_MAX;
        if (cls == UINT32_MAX)
            continue;
        trees[def.n_tags] = pagu_plan_tree_id(v->plan, tree);
        classes[def.n_tags++] = pagu_plan_class_id(v->plan, tree, cls);
    }
    pagu_row added;
    return pagu_add(v->s, &def, NULL, &added, v->err);
}

/* Let one row in, its ancestors first: rows of the plan join, those that a scenario added are added. */
static pagu_code let_in_row(const take *t, pagu_row row)
{
    const verb *v = &t->verb;
    const pagu_view *from = t->o->from;
    if (same_row(v->view, from, row) != PAGU_NO_ROW)
        return PAGU_OK;
    if (row < pagu_plan_row_count(v->plan))
        return join_base_rows(t, &row, 1);
    if (pagu_view_is_own_line(from, row))
        return err_at(v->ctx, v->err, PAGU_NOT_MEMBER, pagu_view_key(from, row), v->field.s,
                      "%s is not part of %s and own lines cannot be added; add its node first",
                      pagu_view_key(from, row), pagu_view_name(v->view));
    pagu_row parent = pagu_view_parent(from, row);
    pagu_code rc = let_in_row(t, parent);
    return rc ? rc : add_copy(t, row, same_row(v->view, from, parent));
}

static pagu_code let_in(const take *t, const pagu_row *rows, uint32_t n)
{
    uint32_t n_base = 0, base = pagu_plan_row_count(t->verb.plan);
    while (n_base < n && rows[n_base] < base)
        n_base++;
    pagu_code rc = join_base_rows(t, rows, n_base);
    for (uint32_t i = n_base; i < n && !rc; i++)
        rc = let_in_row(t, rows[i]);
    return rc;
}

/* ---- cells ---- */

static pagu_row own_line_of(const pagu_view *v, pagu_row row)
{
    pagu_row c = pagu_view_first_child(v, row);
    while (c != PAGU_NO_ROW && !pagu_view_is_own_line(v, c))
        c = pagu_view_next_child(v, c);
    return c;
}

/* A line there that has been detailed here would lose its value, unless an own line takes it. */
static pagu_code check_detailed(const take *t)
{
    const verb *v = &t->verb;
    const pagu_row *there = pagu_selection_rows(t->there);
    for (uint32_t i = 0, n = pagu_selection_count(t->there); i < n; i++) {
        pagu_row row = same_row(v->view, t->o->from, there[i]);
        if (row == PAGU_NO_ROW || pagu_view_is_leaf(v->view, row) || own_line_of(v->view, row) != PAGU_NO_ROW)
            continue;
        if (pagu_view_money(t->o->from, there[i], t->from_column).state == PAGU_MISSING)
            continue;
        return verb_fault(v, PAGU_WRONG_LEVEL, row, "%s is a line in %s but a sum in %s; take it line by line",
                          pagu_view_key(v->view, row), pagu_view_name(t->o->from), pagu_view_name(v->view));
    }
    return PAGU_OK;
}

static pagu_cell cell_there(const take *t, pagu_row line)
{
    const pagu_view *from = t->o->from, *here = t->verb.view;
    pagu_row row = same_row(from, here, line);
    if (row == PAGU_NO_ROW && pagu_view_is_own_line(here, line)) {
        row = same_row(from, here, pagu_view_parent(here, line));
        if (row != PAGU_NO_ROW && !pagu_view_is_leaf(from, row))
            row = PAGU_NO_ROW;
    }
    return row == PAGU_NO_ROW ? (pagu_cell){ 0, PAGU_MISSING } : pagu_view_money(from, row, t->from_column);
}

static pagu_code copy_cells(take *t, const pagu_note *note, pagu_table **out)
{
    const verb *v = &t->verb;
    changes c;
    pagu_selection_free(t->here);
    t->here = NULL;
    pagu_code rc = pagu_select_lines(v->view, t->o->at, &t->here, v->err);
    if (!rc)
        rc = check_detailed(t);
    if (rc)
        return rc;
    uint32_t n = pagu_selection_count(t->here);
    const pagu_row *rows = pagu_selection_rows(t->here);
    if (!changes_init(&c, &t->mem, n, false))
        return err_memory(v->ctx, v->err);
    for (uint32_t i = 0; i < n && !rc; i++) {
        changes_add(&c, rows[i], pagu_view_money(v->view, rows[i], v->column), cell_there(t, rows[i]), 0);
        rc = verb_poll(v, i);
    }
    return rc ? rc : verb_apply(v, &c, t->o->dry && !t->o->add, note, out);
}

/* ---- entry ---- */

/* Rows join and cells follow as one step: both or neither. */
static pagu_code add_and_copy(take *t, const pagu_row *absent, uint32_t n, const pagu_note *note, pagu_table **out)
{
    pagu_scenario *s = t->verb.s;
    uint32_t start = pagu_savepoint(s);
    pagu_table *table = NULL;
    pagu_note own = note ? *note : (pagu_note){ 0 };
    if (!own.verb)
        own.verb = t->verb.name;
    pagu_code rc = let_in(t, absent, n);
    if (!rc)
        rc = copy_cells(t, note, out ? &table : NULL);
    if (!rc)
        rc = pagu_squash(s, start, &own, t->verb.err);
    if (rc) {
        pagu_table_free(table);
        pagu_rollback(s, start, NULL);
    } else if (out) {
        *out = table;
    }
    return rc;
}

static pagu_code run(take *t, const pagu_note *note, pagu_table **out)
{
    const verb *v = &t->verb;
    pagu_row *absent;
    uint32_t n_absent;
    pagu_code rc = pagu_select_lines(t->o->from, t->o->at, &t->there, v->err);
    if (!rc)
        rc = collect_absent(t, &absent, &n_absent);
    if (rc)
        return rc;
    return n_absent > 0 ? add_and_copy(t, absent, n_absent, note, out) : copy_cells(t, note, out);
}

static pagu_code check_options(const take *t, pagu_ctx *ctx, pagu_view *view, pagu_error *err)
{
    const pagu_take_options *o = t->o;
    const pagu_plan *plan = pagu_view_plan(view);
    if (!o->at || !o->from)
        return err_set(ctx, err, PAGU_ARGUMENT, "take needs a place (at) and a view to take from (from)");
    if (pagu_view_plan(o->from) != plan)
        return err_set(ctx, err, PAGU_ARGUMENT, "take copies between views of one plan; %s is of another",
                       pagu_view_name(o->from));
    if (o->field >= pagu_plan_field_count(plan) || pagu_plan_field_kind(plan, o->field) != PAGU_FIELD_MONEY)
        return err_set(ctx, err, PAGU_UNKNOWN_FIELD, "take works on money fields");
    if (o->period >= pagu_plan_period_count(plan))
        return err_set(ctx, err, PAGU_OUT_OF_FRAME, "period %u is none of this plan's", o->period);
    return PAGU_OK;
}

static pagu_code take_into(pagu_scenario *s, const pagu_take_options *o, const pagu_note *note, pagu_table **out,
                           pagu_error *err)
{
    take t = { .o = o };
    pagu_view *view = pagu_scenario_view(s);
    pagu_ctx *ctx = pagu_plan_ctx(pagu_view_plan(view));
    arena_init(&t.mem, ctx);
    pagu_code rc = check_options(&t, ctx, view, err);
    if (!rc) {
        t.from_column = pagu_view_column(o->from, o->field, o->period);
        rc = verb_begin(&t.verb, "take", s, pagu_view_column(view, o->field, o->period), err);
    }
    if (!rc)
        rc = run(&t, note, out);
    pagu_selection_free(t.here);
    pagu_selection_free(t.there);
    arena_free(&t.mem);
    return rc;
}

/* A dry run that adds rows needs them there to look at: it is made on a branch that is dropped. */
static pagu_code take_dry(pagu_scenario *s, const pagu_take_options *o, pagu_table **out, pagu_error *err)
{
    pagu_scenario *trial;
    pagu_code rc = pagu_branch(pagu_scenario_view(s), pagu_scenario_name(s), &trial, err);
    if (rc)
        return rc;
    rc = take_into(trial, o, NULL, out, err);
    pagu_scenario_close(trial);
    return rc;
}

pagu_code pagu_take(pagu_scenario *s, const pagu_take_options *options, const pagu_note *note, pagu_table **out,
                    pagu_error *err)
{
    pagu_take_options o = PAGU_TAKE_OPTIONS_INIT;
    pagu_code rc = verb_options(pagu_plan_ctx(pagu_view_plan(pagu_scenario_view(s))), &o, sizeof o, options, err);
    if (rc)
        return rc;
    return o.dry && o.add ? take_dry(s, &o, out, err) : take_into(s, &o, note, out, err);
}
