/* view.c - reading the tree and the values of a stage or a scenario.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- life ---- */

pagu_view *pagu_view_open(pagu_plan *plan, pagu_stage stage)
{
    pagu_view *v = mem_zalloc(plan->ctx, sizeof *v);
    if (!v)
        return NULL;
    pagu_plan_retain(plan);
    v->plan = plan;
    v->stage = stage;
    return v;
}

void pagu_view_close(pagu_view *v)
{
    if (!v)
        return;
    pagu_plan *plan = v->plan;
    mem_free(plan->ctx, v, sizeof *v);
    pagu_plan_release(plan);
}

pagu_plan *pagu_view_plan(const pagu_view *v) { return v->plan; }
pagu_stage pagu_view_stage(const pagu_view *v) { return v->stage; }
bool pagu_view_is_scenario(const pagu_view *v) { return v->scenario != NULL; }
pagu_scenario *pagu_view_scenario(pagu_view *v) { return v->scenario; }

const char *pagu_view_name(const pagu_view *v)
{
    return v->scenario ? pagu_scenario_name(v->scenario) : pagu_plan_stage_id(v->plan, v->stage);
}

uint32_t pagu_view_row_count(const pagu_view *v) { return v->plan->n_rows + (v->ext ? v->ext->n_rows : 0); }

/* ---- membership and shape ---- */

bool row_is_member(const pagu_view *v, pagu_row row)
{
    if (v->has_member_overlay)
        return view_value(v, row, COLUMN_MEMBERS) != 0;
    if (!row_is_base(v, row))
        return false;
    const uint64_t *members = v->plan->stages[v->stage].members;
    return !members || bit_get(members, row);
}

uint32_t first_added_child(const pagu_view *v, pagu_row row)
{
    if (!v->ext)
        return PAGU_NO_ROW;
    if (!row_is_base(v, row))
        return view_ext(v, row)->first_child;
    const int64_t *slot = cellmap_find(&v->ext->first_child, row);
    return slot ? (uint32_t)*slot : PAGU_NO_ROW;
}

bool row_is_leaf(const pagu_view *v, pagu_row row)
{
    const pagu_plan *p = v->plan;
    if (row_is_base(v, row) && p->child_first[row] != p->child_first[row + 1])
        return false;
    for (uint32_t c = first_added_child(v, row); c != PAGU_NO_ROW; c = view_ext(v, c)->next)
        if (row_is_member(v, c))
            return false;
    return true;
}

const char *pagu_view_key(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? plan_str(v->plan, v->plan->key[row]) : view_ext(v, row)->key;
}

const char *pagu_view_code(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? plan_str(v->plan, v->plan->code[row]) : view_ext(v, row)->code;
}

const char *pagu_view_row_name(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? plan_str(v->plan, v->plan->name[row]) : view_ext(v, row)->name;
}

pagu_level pagu_view_level(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? v->plan->level[row] : view_ext(v, row)->level;
}

uint32_t pagu_view_depth(const pagu_view *v, pagu_row row)
{
    return row_is_base(v, row) ? v->plan->depth[row] : view_ext(v, row)->depth;
}

pagu_row pagu_view_parent(const pagu_view *v, pagu_row row) { return row_parent(v, row); }
int pagu_view_sign(const pagu_view *v, pagu_row row) { return row_sign(v, row); }
bool pagu_view_is_member(const pagu_view *v, pagu_row row) { return row_is_member(v, row); }
bool pagu_view_is_leaf(const pagu_view *v, pagu_row row) { return row_is_leaf(v, row); }

bool pagu_view_is_own_line(const pagu_view *v, pagu_row row)
{
    return (row_is_base(v, row) ? v->plan->flags[row] : view_ext(v, row)->flags) & ROW_OWN_LINE;
}

bool pagu_view_is_below(const pagu_view *v, pagu_row row, pagu_row ancestor)
{
    while (!row_is_base(v, row) && row != ancestor)
        row = row_parent(v, row);
    if (row == ancestor)
        return true;
    const pagu_plan *p = v->plan;
    return row_is_base(v, ancestor) && p->pre[row] >= p->pre[ancestor] && p->pre[row] < p->pre_end[ancestor];
}

/* ---- order ---- */

int row_order(const pagu_view *v, pagu_row a, pagu_row b)
{
    int own = (int)pagu_view_is_own_line(v, a) - (int)pagu_view_is_own_line(v, b);
    if (own)
        return own;
    int order = code_compare(pagu_view_code(v, a), pagu_view_code(v, b), v->plan->separator);
    return order ? order : strcmp(pagu_view_key(v, a), pagu_view_key(v, b));
}

static int tree_order(const pagu_view *v, pagu_row a, pagu_row b)
{
    const pagu_plan *p = v->plan;
    if (a == b)
        return 0;
    if (row_is_base(v, a) && row_is_base(v, b))
        return p->pre[a] < p->pre[b] ? -1 : 1;
    uint32_t da = pagu_view_depth(v, a), db = pagu_view_depth(v, b);
    pagu_row x = a, y = b;
    for (; da > db; da--)
        x = row_parent(v, x);
    for (; db > da; db--)
        y = row_parent(v, y);
    if (x == y) /* one is the other's ancestor */
        return x == a ? -1 : 1;
    while (row_parent(v, x) != row_parent(v, y)) {
        x = row_parent(v, x);
        y = row_parent(v, y);
    }
    return row_order(v, x, y);
}

static int compare_rows(const void *a, const void *b, void *view)
{
    return tree_order(view, *(const pagu_row *)a, *(const pagu_row *)b);
}

pagu_code pagu_view_sort(const pagu_view *v, pagu_row *rows, size_t n)
{
    qsort_r(rows, n, sizeof *rows, compare_rows, (void *)(uintptr_t)v);
    return PAGU_OK;
}

/* ---- children: the base's interval and the added list, merged in code order ---- */

/* First base child of `parent` after `after` (a sibling, or NO_ROW for the first), members or not. */
static pagu_row base_child_after(const pagu_view *v, pagu_row parent, pagu_row after)
{
    const pagu_plan *p = v->plan;
    if (!row_is_base(v, parent))
        return PAGU_NO_ROW;
    uint32_t lo = p->child_first[parent], end = p->child_first[parent + 1];
    if (after != PAGU_NO_ROW && row_is_base(v, after))
        lo = after + 1;
    else if (after != PAGU_NO_ROW)
        for (uint32_t hi = end; lo < hi;) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (row_order(v, mid, after) > 0)
                hi = mid;
            else
                lo = mid + 1;
        }
    return lo < end ? lo : PAGU_NO_ROW;
}

static pagu_row added_child_after(const pagu_view *v, pagu_row parent, pagu_row after)
{
    if (after != PAGU_NO_ROW && !row_is_base(v, after))
        return view_ext(v, after)->next;
    pagu_row c = first_added_child(v, parent);
    while (after != PAGU_NO_ROW && c != PAGU_NO_ROW && row_order(v, c, after) <= 0)
        c = view_ext(v, c)->next;
    return c;
}

static pagu_row child_after(const pagu_view *v, pagu_row parent, pagu_row after)
{
    for (;;) {
        pagu_row b = base_child_after(v, parent, after), a = added_child_after(v, parent, after);
        if (b == PAGU_NO_ROW && a == PAGU_NO_ROW)
            return PAGU_NO_ROW;
        after = a == PAGU_NO_ROW || (b != PAGU_NO_ROW && row_order(v, b, a) < 0) ? b : a;
        if (row_is_member(v, after))
            return after;
    }
}

pagu_row pagu_view_first_child(const pagu_view *v, pagu_row row) { return child_after(v, row, PAGU_NO_ROW); }
pagu_row pagu_view_next_child(const pagu_view *v, pagu_row child) { return child_after(v, row_parent(v, child), child); }

/* ---- finding ---- */

static void stages_with(const pagu_view *v, pagu_row row, char *buf, size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (uint32_t i = 0; i < v->plan->n_stages && row_is_base(v, row); i++) {
        const plan_stage *s = &v->plan->stages[i];
        if (s->kind != PAGU_STAGE_PLAN || (s->members && !bit_get(s->members, row)))
            continue;
        int n = snprintf(buf + used, size - used, "%s%s", used ? ", " : "", plan_str(v->plan, s->id));
        used += n > 0 && (size_t)n < size - used ? (size_t)n : 0;
    }
}

static pagu_code not_member(const pagu_view *v, pagu_row row, pagu_error *err)
{
    char stages[256];
    const char *key = pagu_view_key(v, row);
    stages_with(v, row, stages, sizeof stages);
    const plan_stage *s = &v->plan->stages[v->stage];
    if (!s->members || (row_is_base(v, row) && bit_get(s->members, row)))
        return err_at(v->plan->ctx, err, PAGU_NOT_MEMBER, key, NULL, "%s was removed from scenario \"%s\"; undo brings it back",
                      key, pagu_view_name(v));
    return err_at(v->plan->ctx, err, PAGU_NOT_MEMBER, key, NULL, "%s is not in stage \"%s\"; it is in: %s", key,
                  plan_str(v->plan, s->id), stages);
}

pagu_code pagu_view_find(const pagu_view *v, const char *key, pagu_row *out, pagu_error *err)
{
    pagu_row row = v->ext ? ext_find(v, key) : PAGU_NO_ROW;
    if (row == PAGU_NO_ROW) {
        pagu_row fits[1];
        if (plan_lookup(v->plan, key, strlen(key), fits, 1) == 1)
            row = fits[0];
        else {
            pagu_code code = plan_find_row(v->plan, key, &row, err);
            if (code != PAGU_OK)
                return code;
        }
    }
    if (!row_is_member(v, row))
        return not_member(v, row, err);
    *out = row;
    return PAGU_OK;
}

/* ---- tags ---- */

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

/* ---- money ---- */

pagu_column pagu_view_column(const pagu_view *v, pagu_field field, pagu_period period)
{
    return pagu_plan_column(v->plan, v->stage, field, period);
}

pagu_code pagu_view_find_column(const pagu_view *v, const char *field, const char *period, pagu_column *out, pagu_error *err)
{
    pagu_field f;
    pagu_period t;
    pagu_code code = pagu_plan_find_field(v->plan, field, &f, err);
    if (code != PAGU_OK)
        return code;
    if (pagu_plan_field_kind(v->plan, f) != PAGU_FIELD_MONEY)
        return err_at(v->plan->ctx, err, PAGU_UNKNOWN_FIELD, NULL, field, "%s is a field of indicators, not money", field);
    code = period && *period ? pagu_plan_find_period(v->plan, period, &t, err)
                             : pagu_plan_find_year(v->plan, v->plan->year, &t, err);
    if (code == PAGU_OK)
        *out = pagu_view_column(v, f, t);
    return code;
}

pagu_cell pagu_view_money(const pagu_view *v, pagu_row row, pagu_column column) { return view_cell(v, row, column); }

/* ---- indicators ---- */

static inline const ext_indicator *view_ext_indicator(const pagu_view *v, pagu_indicator ind)
{
    return &v->ext->indicators[ind - v->plan->n_indicators];
}

static pagu_indicator first_added_indicator(const pagu_view *v, pagu_row row)
{
    if (!v->ext)
        return PAGU_NO_INDICATOR;
    if (!row_is_base(v, row))
        return view_ext(v, row)->first_indicator;
    const int64_t *slot = cellmap_find(&v->ext->first_indicator, row);
    return slot ? (uint32_t)*slot : PAGU_NO_INDICATOR;
}

/* An added indicator counts while its name has not been taken back by undo. */
static pagu_indicator skip_undone(const pagu_view *v, pagu_indicator ind)
{
    while (ind != PAGU_NO_INDICATOR && !view_value(v, UINT32_MAX - 1 - (ind - v->plan->n_indicators), COLUMN_MEMBERS))
        ind = view_ext_indicator(v, ind)->next;
    return ind;
}

pagu_indicator pagu_view_first_indicator(const pagu_view *v, pagu_row row)
{
    if (row_is_base(v, row) && v->plan->first_indicator && v->plan->first_indicator[row] != PAGU_NO_INDICATOR)
        return v->plan->first_indicator[row];
    return skip_undone(v, first_added_indicator(v, row));
}

pagu_indicator pagu_view_next_indicator(const pagu_view *v, pagu_indicator ind)
{
    if (ind >= v->plan->n_indicators)
        return skip_undone(v, view_ext_indicator(v, ind)->next);
    const plan_indicator *i = &v->plan->indicators[ind];
    if (i->next != PAGU_NO_INDICATOR || i->row == PAGU_NO_ROW)
        return i->next;
    return skip_undone(v, first_added_indicator(v, i->row));
}

uint32_t pagu_view_indicator_count(const pagu_view *v)
{
    return v->plan->n_indicators + (v->ext ? v->ext->n_indicators : 0);
}

pagu_code pagu_view_find_indicator(const pagu_view *v, const char *id, pagu_indicator *out, pagu_error *err)
{
    const pagu_plan *p = v->plan;
    symbol s = symtab_find(&p->symbols, id, strlen(id));
    for (uint32_t i = 0; s != NO_SYMBOL && i < p->n_indicators; i++)
        if (p->indicators[i].id == s) {
            *out = i;
            return PAGU_OK;
        }
    for (uint32_t i = v->ext ? v->ext->n_indicators : 0; i-- > 0;)
        if (str_eq(v->ext->indicators[i].id, id) && skip_undone(v, p->n_indicators + i) == p->n_indicators + i) {
            *out = p->n_indicators + i;
            return PAGU_OK;
        }
    return err_at(p->ctx, err, PAGU_UNKNOWN_KEY, id, NULL, "no indicator \"%s\"", id);
}

/* Aggregations that a unit's kind implies when neither unit nor indicator says (design 2). */
static void default_aggregation(const pagu_plan *p, const plan_unit *u, pagu_indicator_info *info)
{
    const char *kind = u ? plan_str(p, u->kind) : "";
    if (info->over_time == PAGU_AGG_DEFAULT && u)
        info->over_time = u->over_time;
    if (info->over_children == PAGU_AGG_DEFAULT && u)
        info->over_children = u->over_children;
    if (info->over_time == PAGU_AGG_DEFAULT)
        info->over_time = str_eq(kind, "count") ? PAGU_AGG_SUM : PAGU_AGG_LAST;
    if (info->over_children == PAGU_AGG_DEFAULT)
        info->over_children = PAGU_AGG_NONE;
}

pagu_indicator_info pagu_view_indicator(const pagu_view *v, pagu_indicator ind)
{
    const pagu_plan *p = v->plan;
    pagu_indicator_info info = { 0 };
    const plan_unit *u = NULL;
    if (ind >= p->n_indicators) {
        const ext_indicator *e = view_ext_indicator(v, ind);
        info = (pagu_indicator_info){ .id = e->id, .owner = e->owner, .type = e->type, .name = e->name, .unit = e->unit, .row = e->row };
        for (uint32_t i = 0; i < p->n_units && !u; i++)
            if (str_eq(plan_str(p, p->units[i].id), e->unit))
                u = &p->units[i];
    } else {
        const plan_indicator *i = &p->indicators[ind];
        u = i->unit != UINT32_MAX ? &p->units[i->unit] : NULL;
        info = (pagu_indicator_info){ .id = plan_str(p, i->id), .owner = plan_str(p, i->owner), .type = plan_str(p, i->type),
                                      .name = plan_str(p, i->name), .unit = u ? plan_str(p, u->id) : "", .row = i->row,
                                      .polarity = i->polarity, .over_time = i->over_time, .over_children = i->over_children };
    }
    default_aggregation(p, u, &info);
    return info;
}

static const char *unit_label(const plan_unit *u, const pagu_plan *p)
{
    return u->name ? plan_str(p, u->name) : plan_str(p, u->id);
}

static const char *unit_label_of(const pagu_plan *p, symbol unit)
{
    for (uint32_t i = 0; i < p->n_units; i++)
        if (p->units[i].id == unit)
            return unit_label(&p->units[i], p);
    return plan_str(p, unit);
}

/* The unit as reports print it. */
static const char *indicator_unit(const pagu_view *v, pagu_indicator ind)
{
    const pagu_plan *p = v->plan;
    if (ind >= p->n_indicators)
        return view_ext_indicator(v, ind)->unit;
    uint32_t u = p->indicators[ind].unit;
    return u != UINT32_MAX ? unit_label(&p->units[u], p) : "";
}

static bool plan_measure(const pagu_view *v, pagu_indicator ind, pagu_column column, pagu_measure *out)
{
    const pagu_plan *p = v->plan;
    const measure_cell *cells = p->columns[column].measures;
    if (ind >= p->n_indicators || !cells || cells[ind].state == PAGU_MISSING)
        return false;
    const measure_cell *c = &cells[ind];
    out->value = c->value;
    out->state = c->state;
    out->text = c->text ? plan_str(p, c->text) : NULL;
    out->unit = c->unit ? unit_label_of(p, c->unit) : indicator_unit(v, ind);
    return true;
}

pagu_measure pagu_view_stage_measure(const pagu_view *v, pagu_stage stage, pagu_indicator ind, pagu_field field, pagu_period period)
{
    pagu_measure m = { .unit = indicator_unit(v, ind) };
    pagu_column column = column_index(v->plan, stage, field, period);
    for (uint32_t i = v->n_layers; i-- > 0;) {
        const measure_value *e = layer_measure(v->layers[i], measure_key(ind, column));
        if (e)
            return (pagu_measure){ e->value, e->unit ? e->unit : m.unit, e->text, e->state };
    }
    if (!plan_measure(v, ind, column, &m) && stage != v->plan->common_stage)
        plan_measure(v, ind, column_index(v->plan, v->plan->common_stage, field, period), &m);
    return m;
}

pagu_measure pagu_view_measure(const pagu_view *v, pagu_indicator ind, pagu_field field, pagu_period period)
{
    return pagu_view_stage_measure(v, v->stage, ind, field, period);
}
