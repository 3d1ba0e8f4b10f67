/* attribution.c - the changes between two views, by the journal entries that made them; what a sum of
 * money owes to each group of entries. See pagu/attribute.h.
 * SPDX-License-Identifier: MIT */
#include "solve/attribution.h"

/* ---- which entries ---- */

static bool is_same_entry(const pagu_scenario *a, const pagu_scenario *b, uint32_t i)
{
    uint32_t first, end;
    return journal_locate(a, i, &first, &end) == journal_locate(b, i, &first, &end);
}

/* Entries that both journals begin with: they share segments up to where they part. */
static uint32_t common_entries(const pagu_scenario *a, const pagu_scenario *b)
{
    uint32_t n = a && b ? a->n_entries < b->n_entries ? a->n_entries : b->n_entries : 0;
    while (n > 0 && !is_same_entry(a, b, n - 1))
        n--;
    return n;
}

static bool add_entries(pagu_attribution *at, const pagu_scenario *journal, uint32_t from, bool goes_out)
{
    for (uint32_t i = from; journal && i < journal->n_entries; i++) {
        bool joined = pagu_journal_get(journal, i).joined && i > from;
        if (!mem_grow(at->ctx, &at->entries, &at->cap_entries, at->n_entries, sizeof *at->entries))
            return false;
        at->n_steps += !joined;
        at->entries[at->n_entries++] = (pagu_attributed){ journal, i, at->n_steps - 1, goes_out };
    }
    return true;
}

/* ---- their changes ---- */

static const pagu_view *view_of(const pagu_attribution *at, const pagu_attributed *e)
{
    return e->goes_out ? at->a : at->b;
}

static bool has_structure(const pagu_attributed *e)
{
    uint32_t first, end;
    const segment *g = journal_locate(e->journal, e->entry, &first, &end);
    for (uint32_t r = first; r < end; r++)
        if (g->records[r].kind == RECORD_MEMBER)
            return true;
    return false;
}

/* The row of b that holds the money now: the row, its own line when rows were added below it, or none. */
static pagu_row line_in_b(const pagu_attribution *at, const pagu_attributed *e, pagu_row row)
{
    const pagu_view *b = at->b;
    pagu_row to = e->goes_out ? same_row(b, at->a, row) : row;
    if (to == PAGU_NO_ROW || !row_is_member(b, to))
        return PAGU_NO_ROW;
    if (row_is_leaf(b, to))
        return to;
    for (pagu_row c = pagu_view_first_child(b, to); c != PAGU_NO_ROW; c = pagu_view_next_child(b, c))
        if (pagu_view_is_own_line(b, c))
            return c;
    return PAGU_NO_ROW;
}

static pagu_indicator indicator_in_b(const pagu_attribution *at, const pagu_attributed *e, pagu_indicator ind)
{
    pagu_indicator to = ind;
    if (e->goes_out && pagu_view_find_indicator(at->b, pagu_view_indicator(at->a, ind).id, &to, NULL) != PAGU_OK)
        return PAGU_NO_INDICATOR;
    return to;
}

static bool add_change(pagu_attribution *at, uint32_t index, uint32_t k)
{
    const pagu_attributed *e = &at->entries[index];
    pagu_change c = pagu_journal_change(e->journal, e->entry, k);
    bool measure = c.indicator != PAGU_NO_INDICATOR;
    if (!mem_grow(at->ctx, &at->writes, &at->cap_writes, at->n_writes, sizeof *at->writes))
        return false;
    attributed_write w = { .entry = index, .change = k, .is_measure = measure };
    if (measure) {
        w.subject = indicator_in_b(at, e, c.indicator);
        w.column = (uint32_t)c.field << 16 | c.period;
        w.known = w.subject != PAGU_NO_INDICATOR;
    } else {
        w.row = c.row;
        w.subject = line_in_b(at, e, c.row);
        w.column = c.column;
        w.known = w.subject != PAGU_NO_ROW;
        w.before = c.old_cell;
        w.after = c.new_cell;
    }
    at->writes[at->n_writes++] = w;
    return true;
}

static pagu_code add_changes(pagu_attribution *at, pagu_error *err)
{
    for (uint32_t i = 0; i < at->n_entries; i++) {
        const pagu_attributed *e = &at->entries[i];
        uint32_t n = pagu_journal_get(e->journal, e->entry).n_changes;
        for (uint32_t k = 0; k < n; k++) {
            if (k % 4096 == 0 && pagu_ctx_interrupted(at->ctx))
                return err_set(at->ctx, err, PAGU_INTERRUPTED, "interrupted");
            if (!add_change(at, i, k))
                return err_memory(at->ctx, err);
        }
    }
    return PAGU_OK;
}

/* By cell, then in the order in which they were made: what goes out was made on the common state too. */
static int cell_order(const void *ud, uint32_t x, uint32_t y)
{
    const attributed_write *w = ud, *a = &w[x], *b = &w[y];
    if (a->is_measure != b->is_measure)
        return a->is_measure ? 1 : -1;
    if (a->subject != b->subject)
        return a->subject < b->subject ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (x > y) - (x < y);
}

static pagu_code sort_writes(pagu_attribution *at, pagu_error *err)
{
    uint32_t n = at->n_writes, *order = mem_array(at->ctx, 2 * (size_t)n + 1, sizeof *order);
    attributed_write *sorted = mem_array(at->ctx, (size_t)n + 1, sizeof *sorted);
    pagu_code code = order && sorted ? PAGU_OK : err_memory(at->ctx, err);
    if (code == PAGU_OK) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_indices(order, order + n, n, cell_order, at->writes);
        for (uint32_t i = 0; i < n; i++)
            sorted[i] = at->writes[order[i]];
        memcpy(at->writes, sorted, n * sizeof *sorted);
    }
    if (order)
        mem_free(at->ctx, order, (2 * (size_t)n + 1) * sizeof *order);
    if (sorted)
        mem_free(at->ctx, sorted, ((size_t)n + 1) * sizeof *sorted);
    return code;
}

static uint32_t entries_of(const pagu_view *v)
{
    const pagu_scenario *journal = pagu_view_journal(v);
    return journal ? journal->n_entries : 0;
}

static pagu_code build(pagu_attribution *at, pagu_error *err)
{
    const pagu_scenario *ja = pagu_view_journal(at->a), *jb = pagu_view_journal(at->b);
    uint32_t common = common_entries(ja, jb);
    if (!add_entries(at, ja, common, true) || !add_entries(at, jb, common, false))
        return err_memory(at->ctx, err);
    pagu_code code = add_changes(at, err);
    if (code != PAGU_OK)
        return code;
    if (at->n_writes)
        code = sort_writes(at, err);
    if (code != PAGU_OK)
        return code;
    at->group = mem_array(at->ctx, at->n_entries + 1, sizeof *at->group);
    at->structure = mem_array(at->ctx, at->n_entries + 1, sizeof *at->structure);
    if (!at->group || !at->structure)
        return err_memory(at->ctx, err);
    for (uint32_t i = 0; i < at->n_entries; i++) {
        at->group[i] = at->entries[i].step;
        at->structure[i] = has_structure(&at->entries[i]);
    }
    for (uint32_t i = 0; i < at->n_writes; i++)
        at->structure[at->writes[i].entry] |= !at->writes[i].known;
    at->n_groups = at->n_steps;
    at->a_entries = entries_of(at->a);
    at->b_entries = entries_of(at->b);
    at->b_rows = pagu_view_row_count(at->b);
    return PAGU_OK;
}

pagu_code pagu_attribution_new(const pagu_view *a, const pagu_view *b, pagu_attribution **out, pagu_error *err)
{
    pagu_ctx *ctx = a->plan->ctx;
    if (a->plan != b->plan)
        return err_set(ctx, err, PAGU_ARGUMENT, "both views must be of one plan");
    if (a->stage != b->stage)
        return err_set(ctx, err, PAGU_ARGUMENT,
                       "\"%s\" and \"%s\" are of two stages: what lies between them was not made by edits",
                       pagu_view_name(a), pagu_view_name(b));
    pagu_attribution *at = mem_zalloc(ctx, sizeof *at);
    if (!at)
        return err_memory(ctx, err);
    at->ctx = ctx;
    at->a = a;
    at->b = b;
    pagu_code code = build(at, err);
    if (code == PAGU_OK)
        *out = at;
    else
        pagu_attribution_free(at);
    return code;
}

void pagu_attribution_free(pagu_attribution *at)
{
    if (!at)
        return;
    if (at->group)
        mem_free(at->ctx, at->group, (at->n_entries + 1) * sizeof *at->group);
    if (at->structure)
        mem_free(at->ctx, at->structure, (at->n_entries + 1) * sizeof *at->structure);
    mem_free(at->ctx, at->entries, at->cap_entries * sizeof *at->entries);
    mem_free(at->ctx, at->writes, at->cap_writes * sizeof *at->writes);
    mem_free(at->ctx, at, sizeof *at);
}

uint32_t pagu_attribution_count(const pagu_attribution *at)
{
    return at->n_entries;
}

pagu_attributed pagu_attribution_entry(const pagu_attribution *at, uint32_t i)
{
    return at->entries[i];
}

uint32_t pagu_attribution_groups(const pagu_attribution *at)
{
    return at->n_groups;
}

pagu_code pagu_attribution_group(pagu_attribution *at, const uint32_t *groups, uint32_t n_groups, pagu_error *err)
{
    for (uint32_t i = 0; i < at->n_entries; i++)
        if (groups[i] >= n_groups)
            return err_set(at->ctx, err, PAGU_ARGUMENT, "group %u of an entry is none of the %u", groups[i], n_groups);
    memcpy(at->group, groups, at->n_entries * sizeof *groups);
    at->n_groups = n_groups;
    return PAGU_OK;
}

bool pagu_attribution_is_locked(const pagu_attribution *at, uint32_t group)
{
    for (uint32_t i = 0; i < at->n_entries; i++)
        if (at->group[i] == group && at->structure[i])
            return true;
    return false;
}

pagu_code attribution_check(const pagu_attribution *at, pagu_error *err)
{
    if (entries_of(at->a) == at->a_entries && entries_of(at->b) == at->b_entries &&
        pagu_view_row_count(at->b) == at->b_rows)
        return PAGU_OK;
    return err_set(at->ctx, err, PAGU_CONFLICT, "the scenarios were edited while their difference was looked at");
}

/* ---- sums of money ---- */

/* Sign of a line's money in the sum of a row at or above it; 0: it lies elsewhere. */
static int sign_below(const pagu_view *v, pagu_row line, pagu_row top)
{
    int sign = 1;
    for (; line != top; line = row_parent(v, line)) {
        if (line == PAGU_NO_ROW)
            return 0;
        sign *= row_sign(v, line);
    }
    return sign;
}

static pagu_row row_of(const pagu_view *v, const char *key, pagu_error *err)
{
    pagu_row row;
    return pagu_view_find(v, key, &row, err) == PAGU_OK ? row : PAGU_NO_ROW;
}

static pagu_code add_parts(const pagu_attribution *at, pagu_row in_a, pagu_row in_b, pagu_column column, __int128 *sums)
{
    for (uint32_t i = 0; i < at->n_writes && !at->writes[i].is_measure; i++) {
        const attributed_write *w = &at->writes[i];
        const pagu_attributed *e = &at->entries[w->entry];
        pagu_row top = e->goes_out ? in_a : in_b;
        int sign = w->column == column && top != PAGU_NO_ROW ? sign_below(view_of(at, e), w->row, top) : 0;
        __int128 change = (__int128)w->after.value - w->before.value;
        sums[at->group[w->entry]] += e->goes_out ? -sign * change : sign * change;
        if (i % 65536 == 0 && pagu_ctx_interrupted(at->ctx))
            return PAGU_INTERRUPTED;
    }
    return PAGU_OK;
}

pagu_code pagu_attribution_money(const pagu_attribution *at, const char *key, pagu_column column, pagu_money *parts,
                                 pagu_error *err)
{
    pagu_code code = attribution_check(at, err);
    if (code != PAGU_OK)
        return code;
    pagu_row in_b = row_of(at->b, key, err), in_a = row_of(at->a, key, NULL);
    if (in_a == PAGU_NO_ROW && in_b == PAGU_NO_ROW)
        return PAGU_UNKNOWN_KEY;
    size_t n = at->n_groups;
    __int128 *sums = mem_zalloc(at->ctx, (n + 1) * sizeof *sums);
    if (!sums)
        return err_memory(at->ctx, err);
    code = add_parts(at, in_a, in_b, column, sums);
    if (code == PAGU_INTERRUPTED)
        err_set(at->ctx, err, code, "interrupted");
    for (uint32_t g = 0; g < n && code == PAGU_OK; g++) {
        if (sums[g] < INT64_MIN || sums[g] > INT64_MAX)
            code = err_set(at->ctx, err, PAGU_OVERFLOW, "a part of the difference is beyond the range of money");
        else
            parts[g] = (pagu_money)sums[g];
    }
    mem_free(at->ctx, sums, (n + 1) * sizeof *sums);
    return code;
}
