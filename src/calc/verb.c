/* verb.c - what every verb does alike.
 * SPDX-License-Identifier: MIT */
#include "calc/verb.h"

bool is_money_column(const pagu_plan *plan, pagu_column column)
{
    uint64_t columns =
        (uint64_t)pagu_plan_field_count(plan) * pagu_plan_period_count(plan) * pagu_plan_stage_count(plan);
    return column < columns && pagu_plan_field_kind(plan, pagu_plan_column_field(plan, column)) == PAGU_FIELD_MONEY;
}

pagu_code verb_begin(verb *v, const char *name, pagu_scenario *s, pagu_column column, pagu_error *err)
{
    pagu_view *view = pagu_scenario_view(s);
    pagu_plan *plan = pagu_view_plan(view);
    *v = (verb){
        .name = name, .s = s, .view = view, .plan = plan, .ctx = pagu_plan_ctx(plan), .column = column, .err = err
    };
    if (!is_money_column(plan, column))
        return err_set(v->ctx, err, PAGU_UNKNOWN_FIELD, "%s works on money: column %u is none of this plan's", name,
                       column);
    v->field = column_str(plan, column);
    return PAGU_OK;
}

pagu_code verb_options(const pagu_ctx *ctx, void *ours, size_t size, const void *theirs, pagu_error *err)
{
    size_t given;
    memcpy(&given, theirs, sizeof given);
    if (given < sizeof given || given > size)
        return err_set(ctx, err, PAGU_ARGUMENT,
                       "options say a size of %zu bytes, at most %zu are known; start from ..._INIT", given, size);
    memcpy(ours, theirs, given);
    return PAGU_OK;
}

const char *key_or_null(const pagu_view *v, pagu_row row)
{
    return row < pagu_view_row_count(v) ? pagu_view_key(v, row) : NULL;
}

pagu_code verb_poll(const verb *v, uint32_t i)
{
    if (i % 16384 != 16383 || !pagu_ctx_interrupted(v->ctx))
        return PAGU_OK;
    return err_set(v->ctx, v->err, PAGU_INTERRUPTED, "interrupted");
}

pagu_code verb_check_row(const verb *v, pagu_row row)
{
    if (row >= pagu_view_row_count(v->view))
        return err_set(v->ctx, v->err, PAGU_UNKNOWN_KEY, "row %u is none of this view's", row);
    if (!pagu_view_is_member(v->view, row))
        return verb_fault(v, PAGU_NOT_MEMBER, row, "%s is not part of %s", pagu_view_key(v->view, row),
                          pagu_view_name(v->view));
    return PAGU_OK;
}

pagu_code verb_check_apart(const verb *v, const pagu_selection *at)
{
    pagu_row inner = PAGU_NO_ROW;
    if (!at)
        return err_set(v->ctx, v->err, PAGU_ARGUMENT, "%s needs a place: at is missing", v->name);
    if (!pagu_selection_overlaps(v->view, at, &inner))
        return PAGU_OK;
    return verb_fault(v, PAGU_ARGUMENT, inner,
                      "%s lies below another selected row, so its money would count twice; select one of them",
                      pagu_view_key(v->view, inner));
}

bool is_blank_own_line(const verb *v, pagu_row row)
{
    return pagu_view_is_own_line(v->view, row) && pagu_view_money(v->view, row, v->column).state == PAGU_MISSING;
}

pagu_code lines_below(const pagu_view *v, pagu_row row, pagu_selection **out, pagu_error *err)
{
    pagu_selection *place;
    pagu_code rc = pagu_select_rows(v, &row, 1, &place, err);
    if (rc)
        return rc;
    rc = pagu_select_lines(v, place, out, err);
    pagu_selection_free(place);
    return rc;
}

pagu_row same_row(const pagu_view *to, const pagu_view *from, pagu_row row)
{
    pagu_row found = row;
    const pagu_plan *plan = pagu_view_plan(to);
    bool base = plan == pagu_view_plan(from) && row < pagu_plan_row_count(plan);
    if ((base || (row < pagu_view_row_count(to) && str_eq(pagu_view_key(to, row), pagu_view_key(from, row)))) &&
        pagu_view_is_member(to, row))
        return row;
    return pagu_view_find(to, pagu_view_key(from, row), &found, NULL) ? PAGU_NO_ROW : found;
}

static uint64_t key_at(const char *items, size_t i, size_t size)
{
    uint64_t key;
    memcpy(&key, items + i * size, sizeof key);
    return key;
}

/* Heapsort: libc's qsort allocates behind the context's back. */
void sort_by_key(void *items, size_t n, size_t size)
{
    char *a = items, moved[32];
    for (size_t start = n / 2, end = n; end > 1;) {
        if (start > 0) {
            memcpy(moved, a + --start * size, size);
        } else {
            memcpy(moved, a + --end * size, size);
            memcpy(a + end * size, a, size);
        }
        size_t hole = start;
        for (size_t child; (child = 2 * hole + 1) < end; hole = child) {
            if (child + 1 < end && key_at(a, child, size) < key_at(a, child + 1, size))
                child++;
            if (key_at(moved, 0, size) >= key_at(a, child, size))
                break;
            memcpy(a + hole * size, a + child * size, size);
        }
        memcpy(a + hole * size, moved, size);
    }
}

/* Index of a row that is there. */
static uint32_t find_row(const pagu_row *rows, uint32_t n, pagu_row row)
{
    uint32_t low = 0, high = n;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (rows[mid] <= row)
            low = mid;
        else
            high = mid;
    }
    return low;
}

bool is_in_tree_order(const verb *v, pagu_row first, pagu_row last)
{
    return last < pagu_plan_row_count(v->plan) && pagu_view_depth(v->view, first) == pagu_view_depth(v->view, last);
}

pagu_code order_in_tree(const verb *v, const pagu_row *rows, uint32_t n, uint32_t *order)
{
    if (n == 0 || is_in_tree_order(v, rows[0], rows[n - 1])) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        return PAGU_OK;
    }
    _Static_assert(sizeof(pagu_row) == sizeof *order, "sorted in place");
    memcpy(order, rows, n * sizeof *order);
    pagu_code rc = pagu_view_sort(v->view, order, n);
    for (uint32_t i = 0; i < n && !rc; i++)
        order[i] = find_row(rows, n, order[i]);
    return rc ? err_set(v->ctx, v->err, rc, "rows cannot be sorted") : PAGU_OK;
}

pagu_cell cell_given(pagu_cell old, pagu_money amount)
{
    if (amount == 0 && old.state != PAGU_NUMBER)
        return old;
    return (pagu_cell){ amount, PAGU_NUMBER };
}

bool changes_init(changes *c, arena *mem, uint32_t n, bool with_residue)
{
    *c = (changes){ .rows = arena_alloc(mem, n * sizeof *c->rows),
                    .new_cells = arena_alloc(mem, n * sizeof *c->new_cells) };
    if (with_residue)
        c->residues = arena_alloc(mem, n * sizeof *c->residues);
    return c->rows && c->new_cells && (c->residues || !with_residue);
}

void changes_add(changes *c, pagu_row row, pagu_cell old_cell, pagu_cell new_cell, pagu_money residue)
{
    if (cell_same(old_cell, new_cell))
        return;
    c->rows[c->n] = row;
    c->new_cells[c->n] = new_cell;
    if (c->residues)
        c->residues[c->n] = residue;
    c->n++;
}

/* ---- the table of what was done ---- */

pagu_code change_columns(const pagu_ctx *ctx, pagu_table *t)
{
    static const struct {
        const char *name, *title;
        pagu_column_type type;
    } columns[] = {
        { "key", "Key", PAGU_COL_TEXT },    { "name", "Name", PAGU_COL_TEXT },     { "old", "Before", PAGU_COL_MONEY },
        { "new", "After", PAGU_COL_MONEY }, { "delta", "Change", PAGU_COL_MONEY },
    };
    pagu_code rc = PAGU_OK;
    for (size_t i = 0; i < COUNT_OF(columns) && !rc; i++)
        rc = pagu_table_add_column(t, columns[i].name, tr(ctx, columns[i].title), columns[i].type);
    return rc;
}

static pagu_code add_columns(const verb *v, const changes *c, pagu_table *t)
{
    pagu_code rc = change_columns(v->ctx, t);
    return rc || !c->residues ? rc : pagu_table_add_column(t, "residue", tr(v->ctx, "Rounding"), PAGU_COL_MONEY);
}

static pagu_code add_row(const verb *v, const changes *c, pagu_table *t, uint32_t i)
{
    uint32_t at = pagu_table_row_count(t);
    pagu_row row = c->rows[i];
    pagu_cell old_cell = pagu_view_money(v->view, row, v->column);
    pagu_code rc = pagu_table_add_row(t);
    if (!rc)
        rc = pagu_table_set_text(t, at, 0, pagu_view_key(v->view, row));
    if (!rc)
        rc = pagu_table_set_text(t, at, 1, pagu_view_row_name(v->view, row));
    if (!rc)
        rc = pagu_table_set_cell(t, at, 2, old_cell);
    if (!rc)
        rc = pagu_table_set_cell(t, at, 3, c->new_cells[i]);
    pagu_money delta;
    if (!rc && !pagu_money_sub(c->new_cells[i].value, old_cell.value, &delta))
        rc = pagu_table_set_money(t, at, 4, delta);
    if (!rc && c->residues && c->residues[i] != 0)
        rc = pagu_table_set_money(t, at, 5, c->residues[i]);
    return rc;
}

static pagu_code add_rows(const verb *v, const changes *c, pagu_table *t, arena *mem)
{
    uint32_t *order = arena_alloc(mem, c->n * sizeof *order);
    if (!order)
        return PAGU_NO_MEMORY;
    pagu_code rc = order_in_tree(v, c->rows, c->n, order);
    for (uint32_t i = 0; i < c->n && !rc; i++) {
        rc = add_row(v, c, t, order[i]);
        if (!rc)
            rc = verb_poll(v, i);
    }
    return rc;
}

static pagu_code tell(const verb *v, const changes *c, pagu_table **out)
{
    arena mem;
    arena_init(&mem, v->ctx);
    pagu_table *t = pagu_table_new(v->ctx);
    pagu_code rc = t ? add_columns(v, c, t) : PAGU_NO_MEMORY;
    if (!rc && c->n > 0)
        rc = add_rows(v, c, t, &mem);
    for (uint32_t i = 0; i < c->n_notes && !rc; i++)
        rc = pagu_table_add_note(t, c->notes[i]);
    arena_free(&mem);
    if (rc) {
        pagu_table_free(t);
        return rc == PAGU_NO_MEMORY ? err_memory(v->ctx, v->err) : rc;
    }
    *out = t;
    return PAGU_OK;
}

/* ---- the proposal ---- */

static pagu_code propose(const verb *v, const changes *c, bool dry, const pagu_note *note)
{
    pagu_proposal *p;
    pagu_note own = note ? *note : (pagu_note){ 0 };
    if (!own.verb)
        own.verb = v->name;
    if (c->n == 0)
        return PAGU_OK;
    pagu_code rc = pagu_proposal_new(v->s, &p, v->err);
    if (rc)
        return rc;
    rc = pagu_proposal_money_batch(p, v->column, c->rows, c->new_cells, c->n, v->err);
    if (!rc)
        rc = dry ? pagu_proposal_check(p, v->err) : pagu_proposal_commit(p, &own, v->err);
    pagu_proposal_free(p);
    return rc;
}

pagu_code verb_apply(const verb *v, const changes *c, bool dry, const pagu_note *note, pagu_table **out)
{
    pagu_table *t = NULL;
    pagu_code rc = out ? tell(v, c, &t) : PAGU_OK;
    if (!rc)
        rc = propose(v, c, dry, note);
    if (rc) {
        pagu_table_free(t);
        return rc;
    }
    if (out)
        *out = t;
    return PAGU_OK;
}
