/* view.c - reading the tree and the values of a stage or a scenario.
 * SPDX-License-Identifier: MIT */
#include "scenario/scenario_struct.h"

#include <stdio.h>

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
    if (v->scenario && v->scenario->sealed) {
        pagu_scenario_close(v->scenario);
        return;
    }
    pagu_plan *plan = v->plan;
    mem_free(plan->ctx, v, sizeof *v);
    pagu_plan_release(plan);
}

pagu_plan *pagu_view_plan(const pagu_view *v)
{
    return v->plan;
}
pagu_stage pagu_view_stage(const pagu_view *v)
{
    return v->stage;
}
bool pagu_view_is_scenario(const pagu_view *v)
{
    return v->scenario != NULL;
}
pagu_scenario *pagu_view_scenario(pagu_view *v)
{
    return v->scenario && !v->scenario->sealed ? v->scenario : NULL;
}
const pagu_scenario *pagu_view_journal(const pagu_view *v)
{
    return v->scenario;
}
bool pagu_view_is_snapshot(const pagu_view *v)
{
    return v->scenario && v->scenario->sealed;
}

const char *pagu_view_name(const pagu_view *v)
{
    return v->scenario ? pagu_scenario_name(v->scenario) : pagu_plan_stage_id(v->plan, v->stage);
}

uint32_t pagu_view_row_count(const pagu_view *v)
{
    return v->plan->n_rows + (v->ext ? v->ext->n_rows : 0);
}

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

pagu_row pagu_view_parent(const pagu_view *v, pagu_row row)
{
    return row_parent(v, row);
}
int pagu_view_sign(const pagu_view *v, pagu_row row)
{
    return row_sign(v, row);
}
bool pagu_view_is_member(const pagu_view *v, pagu_row row)
{
    return row_is_member(v, row);
}
bool pagu_view_is_leaf(const pagu_view *v, pagu_row row)
{
    return row_is_leaf(v, row);
}

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
    if (!order)
        order = strcmp(pagu_view_key(v, a), pagu_view_key(v, b));
    return order ? order : (a > b) - (a < b); /* an added row may have the key of a removed one */
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

static int rows_in_order(const void *view, uint32_t a, uint32_t b)
{
    return tree_order(view, a, b);
}

pagu_code pagu_view_sort(const pagu_view *v, pagu_row *rows, size_t n)
{
    pagu_ctx *ctx = v->plan->ctx;
    if (n < 2)
        return PAGU_OK;
    uint32_t *scratch = mem_array(ctx, n, sizeof *scratch);
    if (!scratch)
        return PAGU_NO_MEMORY;
    sort_indices(rows, scratch, (uint32_t)n, rows_in_order, v);
    mem_free(ctx, scratch, n * sizeof *scratch);
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

pagu_row pagu_view_first_child(const pagu_view *v, pagu_row row)
{
    return child_after(v, row, PAGU_NO_ROW);
}
pagu_row pagu_view_next_child(const pagu_view *v, pagu_row child)
{
    return child_after(v, row_parent(v, child), child);
}

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
        return err_at(v->plan->ctx, err, PAGU_NOT_MEMBER, key, NULL,
                      "%s was removed from scenario \"%s\"; undo brings it back", key, pagu_view_name(v));
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

/* ---- money ---- */

pagu_column pagu_view_column(const pagu_view *v, pagu_field field, pagu_period period)
{
    return pagu_plan_column(v->plan, v->stage, field, period);
}

pagu_code pagu_view_find_column(const pagu_view *v, const char *field, const char *period, pagu_column *out,
                                pagu_error *err)
{
    pagu_field f;
    pagu_period t;
    pagu_code code = pagu_plan_find_field(v->plan, field, &f, err);
    if (code != PAGU_OK)
        return code;
    if (pagu_plan_field_kind(v->plan, f) != PAGU_FIELD_MONEY)
        return err_at(v->plan->ctx, err, PAGU_UNKNOWN_FIELD, NULL, field, "%s is a field of indicators, not money",
                      field);
    code = period && *period ? pagu_plan_find_period(v->plan, period, &t, err)
                             : pagu_plan_find_year(v->plan, v->plan->year, &t, err);
    if (code == PAGU_OK)
        *out = pagu_view_column(v, f, t);
    return code;
}

pagu_cell pagu_view_money(const pagu_view *v, pagu_row row, pagu_column column)
{
    return view_cell(v, row, column);
}
