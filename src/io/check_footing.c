/* check_footing.c - what the rows of a printed table add up to, and what explains a gap.
 *
 * Only tables that print every node are footed. A row that is printed empty is transparent:
 * the rows below it stand in, so that one mistake gives one finding.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <stdio.h>

/* One column of figures in one table. */
typedef struct footing {
    checker *c;
    const printed_table *table;
    const char *levels, *stages;
    pagu_column column;
    pagu_field field;
    uint32_t *claim_of; /* by row of the plan: printed claim, or NO_AT */
    pagu_cell *cells;   /* by row: what is printed */
    int64_t *stand;     /* what a row counts for in the sum above it */
    int64_t *below;     /* sum of what stands below it */
    uint32_t *standing; /* printed figures at or below */
    uint8_t *too_large;
} footing;

/* ---- adding up ---- */

static void clear_columns(footing *f)
{
    uint32_t n = f->c->plan->n_rows;
    memset(f->claim_of, 0xFF, n * sizeof *f->claim_of);
    memset(f->cells, 0, n * sizeof *f->cells);
    memset(f->below, 0, n * sizeof *f->below);
    memset(f->standing, 0, n * sizeof *f->standing);
    memset(f->too_large, 0, n);
}

static void read_column(footing *f)
{
    checker *c = f->c;
    for (uint32_t i = f->table->first; i < f->table->first + f->table->n; i++) {
        uint32_t at = c->by_row[i];
        const claim *k = &c->claims[at];
        if (k->kind != CLAIM_MONEY || column_index(c->plan, k->stage, k->field, k->period) != f->column)
            continue;
        if (f->claim_of[k->id] != NO_AT) {
            pagu_finding found = finding_at(c, CHECK_ROW_TWICE, k);
            check_say(c, &found, "%s of \"%s\" for %s stands in row %u already",
                      field_word(c, plan_str(c->plan, k->field_id)), claim_key(c, k), plan_str(c->plan, k->period_id),
                      c->claims[f->claim_of[k->id]].row);
            continue;
        }
        f->claim_of[k->id] = at;
        if (read_printed_money(c, k, &f->cells[k->id], NULL) != PAGU_OK)
            f->cells[k->id] = (pagu_cell){ 0, PAGU_MISSING };
    }
}

/* From the deepest row up: level order puts every row behind its parent. */
static void add_up(footing *f)
{
    const pagu_plan *p = f->c->plan;
    for (uint32_t row = p->n_rows; row-- > 0;) {
        pagu_cell own = f->cells[row];
        if (own.state == PAGU_MISSING && p->flags[row] & ROW_OWN_LINE) /* no table prints these */
            own = plan_money(p, row, f->column);
        f->stand[row] = own.state == PAGU_MISSING ? f->below[row] : own.value;
        uint32_t standing = own.state == PAGU_MISSING || p->flags[row] & ROW_OWN_LINE ? f->standing[row] : 1;
        int sign = p->sign ? p->sign[row] : 1;
        if (row == 0 || sign == 0)
            continue;
        int64_t *sum = &f->below[p->parent[row]];
        bool over = sign > 0 ? __builtin_add_overflow(*sum, f->stand[row], sum)
                             : __builtin_sub_overflow(*sum, f->stand[row], sum);
        f->standing[p->parent[row]] += standing;
        f->too_large[p->parent[row]] |= over || (f->too_large[row] && own.state == PAGU_MISSING);
    }
}

/* ---- what explains a gap ---- */

enum { MOST_LINES = 4096 };
typedef enum reason { REASON_LOST, REASON_WRONG, REASON_LEFT_OUT, REASON_TWICE, REASONS } reason;

typedef struct lines {
    uint32_t n;
    pagu_row *rows;
    int64_t *values; /* what the line would add to the sum */
} lines;

static bool is_of_table(const footing *f, pagu_row row)
{
    const pagu_plan *p = f->c->plan;
    const char *level = p->level[row] == PAGU_NONE ? "" : plan_str(p, p->levels[p->level[row]].id);
    return list_has(f->levels, ' ', level) && in_some_stage(p, row, f->stages);
}

/* What a child of the total may explain, or 0. */
static int64_t value_of_line(const footing *f, pagu_row row, reason why, int sign)
{
    pagu_cell printed = f->cells[row], model = plan_money(f->c->plan, row, f->column);
    bool stands = printed.state == PAGU_NUMBER, known = model.state == PAGU_NUMBER;
    int64_t value = 0;
    if (why == REASON_LOST)
        value = f->claim_of[row] == NO_AT && known && is_of_table(f, row) ? model.value : 0;
    else if (why == REASON_WRONG && stands && known && __builtin_sub_overflow(model.value, printed.value, &value))
        value = 0;
    else if (why == REASON_LEFT_OUT && stands && printed.value != INT64_MIN)
        value = -printed.value;
    else if (why == REASON_TWICE && stands)
        value = printed.value;
    return sign < 0 && value != INT64_MIN ? -value : sign == 0 ? 0 : value;
}

/* Lines below a total whose figures stand in its sum, in code order; empty rows are passed through. */
static void collect(const footing *f, pagu_row parent, reason why, int sign, lines *out)
{
    const pagu_plan *p = f->c->plan;
    for (uint32_t row = p->child_first[parent]; row < p->child_first[parent + 1] && out->n < MOST_LINES; row++) {
        int s = sign * (p->sign ? p->sign[row] : 1);
        int64_t value = value_of_line(f, row, why, s);
        if (value != 0) {
            out->rows[out->n] = row;
            out->values[out->n++] = value;
        } else if (f->cells[row].state == PAGU_MISSING) {
            collect(f, row, why, s, out);
        }
    }
}

static void say_reason(const checker *c, reason why, const char *keys, char *out, size_t size)
{
    switch (why) {
    case REASON_LOST: snprintf(out, size, tr(c->ctx, "the table lost: %s"), keys); break;
    case REASON_WRONG: snprintf(out, size, tr(c->ctx, "printed otherwise than the model has it: %s"), keys); break;
    case REASON_LEFT_OUT: snprintf(out, size, tr(c->ctx, "the total leaves out: %s"), keys); break;
    default: snprintf(out, size, tr(c->ctx, "the total counts twice: %s"), keys);
    }
}

static const char *mend_of(const checker *c, reason why)
{
    switch (why) {
    case REASON_LOST: return tr(c->ctx, "print the rows that are missing");
    case REASON_WRONG: return tr(c->ctx, "put these lines right");
    case REASON_LEFT_OUT: return tr(c->ctx, "add these lines to the total");
    default: return tr(c->ctx, "count these lines once");
    }
}

typedef struct explanation {
    char text[700]; /* a clause for the message; "" when nothing explains it */
    char details[1600];
    const char *mend;
} explanation;

static void describe(const footing *f, const lines *l, const uint32_t *set, uint32_t n, reason why, pagu_locale locale,
                     explanation *out)
{
    const pagu_plan *p = f->c->plan;
    char keys[400] = "";
    size_t k = 0, d = 0;
    for (uint32_t i = 0; i < n; i++) {
        pagu_row row = l->rows[set[i]];
        const char *key = plan_str(p, p->key[row]), *name = plan_str(p, p->name[row]);
        pagu_money value =
            why == REASON_LOST || why == REASON_WRONG ? plan_money(p, row, f->column).value : f->cells[row].value;
        check_text money = cell_as_text(f->c, (pagu_cell){ value, PAGU_NUMBER }, locale);
        if (k < sizeof keys)
            k += (size_t)snprintf(keys + k, sizeof keys - k, "%s%s", i ? ", " : "", key);
        if (d < sizeof out->details)
            d += (size_t)snprintf(out->details + d, sizeof out->details - d, "%s%s  %.120s  %s", i ? "\n" : "", key,
                                  name, money.s);
    }
    say_reason(f->c, why, keys, out->text, sizeof out->text);
    out->mend = mend_of(f->c, why);
}

/* Two neighbouring digits swapped, or one wrong digit: how a hand goes wrong when nothing else does. */
static const char *slip_of(const checker *c, pagu_money printed, pagu_money sum)
{
    char a[24], b[24];
    uint32_t n = 0, at[2] = { 0, 0 };
    int len = snprintf(a, sizeof a, "%lld", (long long)printed);
    if (len != snprintf(b, sizeof b, "%lld", (long long)sum))
        return "";
    for (int i = 0; i < len; i++)
        if (a[i] != b[i] && n++ < 2)
            at[n - 1] = (uint32_t)i;
    if (n == 1)
        return tr(c->ctx, "one digit of the total looks wrong");
    if (n == 2 && at[1] == at[0] + 1 && a[at[0]] == b[at[1]] && a[at[1]] == b[at[0]])
        return tr(c->ctx, "two digits of the total look swapped");
    return "";
}

static void explain(const footing *f, pagu_row row, int64_t gap, pagu_locale locale, explanation *out)
{
    checker *c = f->c;
    lines l = { 0, mem_array(c->ctx, MOST_LINES, sizeof *l.rows), mem_array(c->ctx, MOST_LINES, sizeof *l.values) };
    uint32_t set[SUBSET_LINES], n;
    if (!l.rows || !l.values)
        check_fail(c, PAGU_NO_MEMORY);
    for (int why = 0; why < REASONS && !*out->text && !check_stop(c); why++) {
        uint64_t share = c->budget < 400000 ? c->budget : 400000, left = share;
        l.n = 0;
        collect(f, row, (reason)why, 1, &l);
        if (subset_find(c->ctx, l.values, l.n, gap, &left, set, &n, &c->code))
            describe(f, &l, set, n, (reason)why, locale, out);
        c->budget -= share - left;
    }
    mem_free(c->ctx, l.rows, MOST_LINES * sizeof *l.rows);
    mem_free(c->ctx, l.values, MOST_LINES * sizeof *l.values);
}

static void say_gap(const footing *f, const claim *k, int64_t gap)
{
    checker *c = f->c;
    pagu_locale locale = claim_locale(c, k);
    explanation e = { "", "", "" };
    explain(f, k->id, gap, locale, &e);
    pagu_cell sum = { f->below[k->id], PAGU_NUMBER };
    check_text computed = cell_as_text(c, sum, locale),
               gap_text = cell_as_text(c, (pagu_cell){ gap, PAGU_NUMBER }, locale);
    pagu_finding found = finding_at(c, CHECK_FOOTING, k);
    found.computed = computed.s;
    found.difference = difference_word(is_power_of_ten(f->cells[k->id].value, sum.value) ? DIFFER_POWER : DIFFER_VALUE);
    found.details = e.details;
    found.suggestion = *e.text ? e.mend : slip_of(c, f->cells[k->id].value, sum.value);
    check_say(c, &found,
              "%s of \"%s\" for %s is printed as %s, but the rows printed below it add up to %s (gap %s)%s%s",
              field_word(c, plan_str(c->plan, k->field_id)), claim_key(c, k), plan_str(c->plan, k->period_id),
              claim_text(c, k), computed.s, gap_text.s, *e.text ? ": " : "", e.text);
}

/* ---- all ---- */

static void judge_column(footing *f, table_sum *sums)
{
    checker *c = f->c;
    for (uint32_t i = f->table->first; i < f->table->first + f->table->n && c->code == PAGU_OK; i++) {
        uint32_t at = c->by_row[i];
        const claim *k = &c->claims[at];
        int64_t gap;
        if (k->kind != CLAIM_MONEY || f->claim_of[k->id] != at || !is_sum(c->plan, k->id) || !f->standing[k->id] ||
            f->too_large[k->id] || column_index(c->plan, k->stage, k->field, k->period) != f->column)
            continue;
        sums[at] = (table_sum){ f->below[k->id], true };
        if (f->cells[k->id].state == PAGU_NUMBER &&
            !__builtin_sub_overflow(f->cells[k->id].value, f->below[k->id], &gap) && gap != 0)
            say_gap(f, k, gap);
    }
}

static void foot_column(footing *f, pagu_column column, table_sum *sums)
{
    f->column = column;
    clear_columns(f);
    read_column(f);
    add_up(f);
    judge_column(f, sums);
}

/* Columns of a table: where a claim is the first of its column. Few tables have more than four. */
enum { MOST_COLUMNS = 64 };
static void foot_table(footing *f, table_sum *sums)
{
    checker *c = f->c;
    pagu_column seen[MOST_COLUMNS];
    uint32_t n = 0;
    f->levels = table_text(c->plan, &c->tables_doc, f->table->at, TABLE_LEVELS);
    f->stages = table_text(c->plan, &c->tables_doc, f->table->at, TABLE_STAGE);
    for (uint32_t i = f->table->first; i < f->table->first + f->table->n && !check_stop(c); i++) {
        const claim *k = &c->claims[c->by_row[i]];
        pagu_column column = k->kind == CLAIM_MONEY ? column_index(c->plan, k->stage, k->field, k->period) : 0;
        uint32_t at = 0;
        while (at < n && seen[at] != column)
            at++;
        if (k->kind != CLAIM_MONEY || at < n || n == MOST_COLUMNS)
            continue;
        seen[n++] = column;
        foot_column(f, column, sums);
    }
}

static bool open_footing(footing *f, checker *c)
{
    uint32_t n = c->plan->n_rows;
    *f = (footing){ .c = c };
    f->claim_of = mem_array(c->ctx, n, sizeof *f->claim_of);
    f->cells = mem_array(c->ctx, n, sizeof *f->cells);
    f->stand = mem_array(c->ctx, n, sizeof *f->stand);
    f->below = mem_array(c->ctx, n, sizeof *f->below);
    f->standing = mem_array(c->ctx, n, sizeof *f->standing);
    f->too_large = mem_array(c->ctx, n, 1);
    return f->claim_of && f->cells && f->stand && f->below && f->standing && f->too_large;
}

static void close_footing(footing *f)
{
    pagu_ctx *ctx = f->c->ctx;
    uint32_t n = f->c->plan->n_rows;
    mem_free(ctx, f->claim_of, n * sizeof *f->claim_of);
    mem_free(ctx, f->cells, n * sizeof *f->cells);
    mem_free(ctx, f->stand, n * sizeof *f->stand);
    mem_free(ctx, f->below, n * sizeof *f->below);
    mem_free(ctx, f->standing, n * sizeof *f->standing);
    mem_free(ctx, f->too_large, n);
}

void check_footing(checker *c, table_sum *sums)
{
    footing f;
    if (!open_footing(&f, c))
        check_fail(c, PAGU_NO_MEMORY);
    for (uint32_t t = 0; t < c->n_tables && c->code == PAGU_OK; t++) {
        f.table = &c->tables[t];
        if (f.table->whole)
            foot_table(&f, sums);
    }
    close_footing(&f);
}
