/* view_tags.c - classes, labels and attributes of rows.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

uint32_t pagu_view_declared_class(const pagu_view *v, pagu_row row, uint32_t tree)
{
    const plan_tree *t = &v->plan->trees[tree];
    if (!row_is_base(v, row)) {
        const uint32_t *classes = view_ext(v, row)->classes;
        return classes ? classes[tree] : UINT32_MAX;
    }
    return t->declared ? t->declared[row] : UINT32_MAX;
}

uint32_t pagu_view_class(const pagu_view *v, pagu_row row, uint32_t tree)
{
    for (; !row_is_base(v, row); row = row_parent(v, row)) {
        uint32_t cls = pagu_view_declared_class(v, row, tree);
        if (cls != UINT32_MAX)
            return cls;
    }
    const plan_tree *t = &v->plan->trees[tree];
    return t->effective ? t->effective[row] : UINT32_MAX;
}

static bool class_is_below(const plan_tree *t, uint32_t cls, uint32_t ancestor)
{
    for (; cls != UINT32_MAX; cls = t->classes[cls].parent)
        if (cls == ancestor)
            return true;
    return false;
}

/* First label of a tree and row, in the array sorted by tree, row, class. */
static uint32_t label_start(const pagu_plan *p, uint32_t tree, pagu_row row)
{
    uint32_t lo = 0, hi = p->n_labels;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const plan_label *l = &p->labels[mid];
        if (l->tree < tree || (l->tree == tree && l->row < row))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static bool row_has_label(const pagu_view *v, pagu_row row, uint32_t tree, uint32_t cls)
{
    const pagu_plan *p = v->plan;
    const plan_tree *t = &p->trees[tree];
    if (!row_is_base(v, row)) {
        uint32_t declared = pagu_view_declared_class(v, row, tree);
        return declared != UINT32_MAX && class_is_below(t, declared, cls);
    }
    for (uint32_t i = label_start(p, tree, row); i < p->n_labels; i++) {
        if (p->labels[i].tree != tree || p->labels[i].row != row)
            return false;
        if (class_is_below(t, p->labels[i].cls, cls))
            return true;
    }
    return false;
}

bool pagu_view_has_class(const pagu_view *v, pagu_row row, uint32_t tree, uint32_t cls)
{
    const plan_tree *t = &v->plan->trees[tree];
    if (t->partition) {
        uint32_t c = pagu_view_class(v, row, tree);
        return c != UINT32_MAX && class_is_below(t, c, cls);
    }
    for (; row != PAGU_NO_ROW; row = row_parent(v, row))
        if (row_has_label(v, row, tree, cls))
            return true;
    return false;
}

const char *pagu_view_attribute(const pagu_view *v, pagu_row row, const char *name)
{
    const pagu_plan *p = v->plan;
    const char **labels = row_is_base(v, row) ? NULL : view_ext(v, row)->labels;
    for (uint32_t i = 0; labels && i < p->n_trees; i++)
        if (labels[i] && str_eq(plan_str(p, p->trees[i].id), name))
            return labels[i];
    for (uint32_t i = 0; i < p->n_attributes && row_is_base(v, row); i++)
        if (str_eq(plan_str(p, p->attributes[i].name), name))
            return plan_str(p, p->attributes[i].values[row]);
    return "";
}
