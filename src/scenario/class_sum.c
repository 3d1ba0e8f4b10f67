/* class_sum.c - money of a column by the classes of a partition tree.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

typedef struct class_sums {
    const pagu_view *v;
    const plan_tree *tree;
    uint32_t index;   /* of the tree */
    __int128 *values; /* by class, then one for lines of no class */
    bool *present;
} class_sums;

static size_t slots(const class_sums *s)
{
    return (size_t)s->tree->n_classes + 1;
}

/* What a line counts for in the plan's total: the product of the signs above it. */
static int sign_in_total(const pagu_view *v, pagu_row row)
{
    int sign = 1;
    for (; row != PAGU_NO_ROW && sign; row = row_parent(v, row))
        sign *= row_sign(v, row);
    return sign;
}

static void add_lines(class_sums *s, pagu_column column)
{
    const pagu_view *v = s->v;
    bool with_signs = view_signed(v);
    uint32_t n = pagu_view_row_count(v);
    for (pagu_row row = 0; row < n; row++) {
        if (!row_is_member(v, row) || !row_is_leaf(v, row))
            continue;
        pagu_cell cell = view_cell(v, row, column);
        if (cell.state == PAGU_MISSING)
            continue;
        uint32_t cls = pagu_view_class(v, row, s->index);
        uint32_t slot = cls == UINT32_MAX ? s->tree->n_classes : cls;
        s->values[slot] += with_signs ? sign_in_total(v, row) * (__int128)cell.value : cell.value;
        s->present[slot] = true;
    }
}

/* Classes stand in tree order, so a parent comes before its children. */
static void add_to_parents(class_sums *s)
{
    for (uint32_t c = s->tree->n_classes; c-- > 0;) {
        const plan_class *cls = &s->tree->classes[c];
        if (cls->parent == UINT32_MAX || !s->present[c])
            continue;
        s->values[cls->parent] += cls->sign * s->values[c];
        s->present[cls->parent] |= cls->sign != 0;
    }
}

static uint32_t class_depth(const plan_tree *t, uint32_t c)
{
    uint32_t depth = 0;
    for (; t->classes[c].parent != UINT32_MAX; c = t->classes[c].parent)
        depth++;
    return depth;
}

static bool write_row(pagu_table *t, const char *id, const char *name, pagu_cell cell, pagu_row_style style,
                      uint32_t indent)
{
    uint32_t row = pagu_table_row_count(t);
    return pagu_table_add_row(t) == PAGU_OK && pagu_table_set_row_style(t, row, style, indent) == PAGU_OK &&
           pagu_table_set_text(t, row, 0, id) == PAGU_OK && pagu_table_set_text(t, row, 1, name) == PAGU_OK &&
           pagu_table_set_cell(t, row, 2, cell) == PAGU_OK;
}

static bool write_table(pagu_table *t, const class_sums *s, pagu_column column)
{
    const pagu_plan *p = s->v->plan;
    bool ok = pagu_table_add_column(t, "class", tr(p->ctx, "Class"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "name", tr(p->ctx, "Name"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "value", tr(p->ctx, "Value"), PAGU_COL_MONEY) == PAGU_OK;
    for (uint32_t c = 0; c <= s->tree->n_classes && ok; c++) {
        if (!s->present[c])
            continue;
        pagu_cell cell = { (pagu_money)s->values[c], PAGU_NUMBER };
        bool none = c == s->tree->n_classes;
        ok = write_row(t, none ? "" : plan_str(p, s->tree->classes[c].id),
                       none ? tr(p->ctx, "(none)") : plan_str(p, s->tree->classes[c].name), cell, PAGU_ROW_NORMAL,
                       none ? 0 : class_depth(s->tree, c));
    }
    return ok && write_row(t, "", tr(p->ctx, "Total"), view_cell(s->v, 0, column), PAGU_ROW_TOTAL, 0);
}

pagu_code pagu_sum_by_class(const pagu_view *v, uint32_t tree, pagu_column column, pagu_table **out, pagu_error *err)
{
    const pagu_plan *p = v->plan;
    class_sums s = { .v = v, .tree = &p->trees[tree], .index = tree };
    if (!s.tree->partition)
        return err_at(p->ctx, err, PAGU_ARGUMENT, NULL, plan_str(p, s.tree->id),
                      "labels of \"%s\" may overlap, so their money does not add up; select by them instead",
                      plan_str(p, s.tree->id));
    s.values = mem_zarray(p->ctx, slots(&s), sizeof *s.values);
    s.present = mem_zarray(p->ctx, slots(&s), sizeof *s.present);
    pagu_table *t = s.values && s.present ? pagu_table_new(p->ctx) : NULL;
    bool ok = t != NULL;
    if (ok) {
        add_lines(&s, column);
        add_to_parents(&s);
        ok = write_table(t, &s, column);
    }
    mem_free(p->ctx, s.values, slots(&s) * sizeof *s.values);
    mem_free(p->ctx, s.present, slots(&s) * sizeof *s.present);
    if (!ok) {
        pagu_table_free(t);
        return err_memory(p->ctx, err);
    }
    *out = t;
    return PAGU_OK;
}
