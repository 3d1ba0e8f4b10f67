/* code_sum.c - money of a column by code: the same program of many offices in one row.
 * SPDX-License-Identifier: MIT */
#include "pagu/codes.h"
#include "scenario/scenario_struct.h"

enum { POLL_ROWS = 1 << 16 };
enum { CODE, NAME, NODES, NAMES, VALUE };

typedef struct code_sums {
    const pagu_view *v;
    const pagu_code_sum_options *o;
    pagu_column column;
    pagu_row *rows; /* sorted by code, then in tree order */
    uint32_t *order, *scratch, n;
    __int128 listed; /* sum of the rows of the table */
} code_sums;

static const char *code_of(const code_sums *s, uint32_t i)
{
    return pagu_view_code(s->v, s->rows[i]);
}

static bool same_code(const code_sums *s, pagu_row a, pagu_row b)
{
    const char *x = pagu_view_code(s->v, a), *y = pagu_view_code(s->v, b);
    return code_same(x, strlen(x), y, strlen(y), s->v->plan->separator);
}

static bool counts(const code_sums *s, pagu_row row)
{
    const pagu_view *v = s->v;
    if (!row_is_member(v, row) || pagu_view_is_own_line(v, row) || !*pagu_view_code(v, row))
        return false;
    if (s->o->level != PAGU_NONE && pagu_view_level(v, row) != s->o->level)
        return false;
    if (s->o->under && !pagu_view_is_below(v, row, s->o->under))
        return false;
    for (pagu_row up = row_parent(v, row); up != PAGU_NO_ROW; up = row_parent(v, up))
        if (same_code(s, row, up) && (s->o->level == PAGU_NONE || pagu_view_level(v, up) == s->o->level))
            return false;
    return true;
}

static int by_code(const void *ud, uint32_t x, uint32_t y)
{
    const code_sums *s = ud;
    return code_compare(code_of(s, x), code_of(s, y), s->v->plan->separator);
}

static int by_name(const void *ud, uint32_t x, uint32_t y)
{
    const code_sums *s = ud;
    return strcmp(pagu_view_row_name(s->v, s->rows[x]), pagu_view_row_name(s->v, s->rows[y]));
}

/* Rows in tree order first: the sort by code is stable. */
static pagu_code gather(code_sums *s)
{
    pagu_ctx *ctx = s->v->plan->ctx;
    uint32_t count = pagu_view_row_count(s->v);
    s->rows = mem_array(ctx, count, sizeof *s->rows);
    if (!s->rows)
        return PAGU_NO_MEMORY;
    for (pagu_row row = 0; row < count; row++) {
        if (row % POLL_ROWS == 0 && pagu_ctx_interrupted(ctx))
            return PAGU_INTERRUPTED;
        if (counts(s, row))
            s->rows[s->n++] = row;
    }
    if (pagu_view_sort(s->v, s->rows, s->n) != PAGU_OK)
        return PAGU_NO_MEMORY;
    s->order = mem_array(ctx, s->n, sizeof *s->order);
    s->scratch = mem_array(ctx, s->n, sizeof *s->scratch);
    if (s->n && (!s->order || !s->scratch))
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < s->n; i++)
        s->order[i] = i;
    sort_indices(s->order, s->scratch, s->n, by_code, s);
    return PAGU_OK;
}

/* What a row counts for in the sum that ends the table. */
static int sign_below(const code_sums *s, pagu_row row)
{
    int sign = 1;
    for (; row != PAGU_NO_ROW && row != s->o->under && sign; row = row_parent(s->v, row))
        sign *= row_sign(s->v, row);
    return sign;
}

static uint32_t different_names(code_sums *s, uint32_t first, uint32_t end)
{
    uint32_t names = 1;
    sort_indices(s->order + first, s->scratch, end - first, by_name, s);
    for (uint32_t i = first + 1; i < end; i++)
        names += by_name(s, s->order[i - 1], s->order[i]) != 0;
    return names;
}

static bool put_row(pagu_table *t, const char *code, const char *name, pagu_row_style style, __int128 value,
                    pagu_state state)
{
    uint32_t row = pagu_table_row_count(t);
    pagu_cell cell = { state == PAGU_NUMBER ? (pagu_money)value : 0, state };
    return pagu_table_add_row(t) == PAGU_OK && pagu_table_set_row_style(t, row, style, 0) == PAGU_OK &&
           (!*code || pagu_table_set_text(t, row, CODE, code) == PAGU_OK) &&
           pagu_table_set_text(t, row, NAME, name) == PAGU_OK && pagu_table_set_cell(t, row, VALUE, cell) == PAGU_OK;
}

static bool put_group(code_sums *s, pagu_table *t, uint32_t first, uint32_t end)
{
    pagu_row shown = s->rows[s->order[first]];
    pagu_state state = PAGU_MISSING;
    __int128 sum = 0;
    for (uint32_t i = first; i < end; i++) {
        pagu_row row = s->rows[s->order[i]];
        pagu_cell cell = view_cell(s->v, row, s->column);
        if (cell.state == PAGU_NUMBER || (cell.state == PAGU_DASH && state == PAGU_MISSING))
            state = cell.state;
        sum += sign_below(s, row) * (__int128)cell.value;
    }
    s->listed += sum;
    uint32_t row = pagu_table_row_count(t);
    return put_row(t, pagu_view_code(s->v, shown), pagu_view_row_name(s->v, shown), PAGU_ROW_NORMAL, sum, state) &&
           pagu_table_set_money(t, row, NODES, end - first) == PAGU_OK &&
           pagu_table_set_money(t, row, NAMES, different_names(s, first, end)) == PAGU_OK;
}

static bool put_groups(code_sums *s, pagu_table *t)
{
    bool ok = true;
    for (uint32_t first = 0, end; first < s->n && ok; first = end) {
        for (end = first + 1; end < s->n && same_code(s, s->rows[s->order[first]], s->rows[s->order[end]]);)
            end++;
        ok = put_group(s, t, first, end);
    }
    return ok;
}

static bool put_all(code_sums *s, pagu_table *t)
{
    pagu_ctx *ctx = s->v->plan->ctx;
    pagu_cell total = view_cell(s->v, s->o->under, s->column);
    bool ok = pagu_table_add_column(t, "code", tr(ctx, "Code"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "name", tr(ctx, "Name"), PAGU_COL_TEXT) == PAGU_OK &&
              pagu_table_add_column(t, "nodes", tr(ctx, "Nodes"), PAGU_COL_INTEGER) == PAGU_OK &&
              pagu_table_add_column(t, "names", tr(ctx, "Names"), PAGU_COL_INTEGER) == PAGU_OK &&
              pagu_table_add_column(t, "value", tr(ctx, "Value"), PAGU_COL_MONEY) == PAGU_OK;
    ok = ok && put_groups(s, t);
    if (ok && s->o->level != PAGU_NONE && s->listed != total.value)
        ok = put_row(t, "", tr(ctx, "(other)"), PAGU_ROW_NORMAL, total.value - s->listed, PAGU_NUMBER);
    return ok && put_row(t, "", tr(ctx, "Total"), PAGU_ROW_TOTAL, total.value, total.state);
}

pagu_code pagu_sum_by_code(const pagu_view *v, const pagu_code_sum_options *options, pagu_table **out, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    code_sums s = { .v = v, .o = options };
    pagu_table *t = NULL;
    *out = NULL;
    if (pagu_plan_field_kind(v->plan, options->field) != PAGU_FIELD_MONEY)
        return err_at(ctx, err, PAGU_UNKNOWN_FIELD, NULL, pagu_plan_field_id(v->plan, options->field),
                      "\"%s\" is no money, so it can't be added up by code",
                      pagu_plan_field_id(v->plan, options->field));
    s.column = pagu_view_column(v, options->field, options->period);
    pagu_code code = gather(&s);
    if (code == PAGU_OK && (!(t = pagu_table_new(ctx)) || !put_all(&s, t)))
        code = PAGU_NO_MEMORY;
    mem_free(ctx, s.rows, pagu_view_row_count(v) * sizeof *s.rows);
    mem_free(ctx, s.order, s.n * sizeof *s.order);
    mem_free(ctx, s.scratch, s.n * sizeof *s.scratch);
    if (code == PAGU_OK) {
        *out = t;
        return code;
    }
    pagu_table_free(t);
    return code == PAGU_INTERRUPTED ? err_set(ctx, err, code, "interrupted") : err_memory(ctx, err);
}
