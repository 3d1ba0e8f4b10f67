/* builder_amounts.c - amounts into money columns: lumps, own lines, printed values, roll-up.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

/* ---- which column ---- */

/* Node of an amount; AMOUNT_OWN when it was given for an own line that is no node (yet). */
static uint32_t amount_node(pagu_builder *b, amount_rec *r)
{
    uint32_t base = NO_INDEX;
    uint32_t node = find_node(b, r->node, &base);
    if (node == NO_INDEX && base != NO_INDEX && !(b->nodes[base].flags & NODE_OWN)) {
        r->flags |= AMOUNT_OWN;
        node = base;
    }
    if (node == NO_INDEX)
        unknown_node(b, FAULT(r, "", "node", ref_str(b, r->node), NULL), r->node);
    return node;
}

/* Order amounts by column: order[column_first[c]] … are the amounts of column c, as given.
 * Those left out stand behind the last column. */
static void bucket_amounts(pagu_builder *b, const uint16_t *column_of, uint32_t *order, uint32_t *first)
{
    uint32_t n_columns = b->plan->n_columns;
    for (uint32_t i = 0; i < b->n_amounts; i++)
        if (column_of[i] != PAGU_NONE)
            first[column_of[i] + 1]++;
    for (uint32_t c = 0; c < n_columns; c++)
        first[c + 1] += first[c];
    for (uint32_t i = 0; i < b->n_amounts; i++)
        if (column_of[i] != PAGU_NONE)
            order[first[column_of[i]]++] = i;
    memmove(first + 1, first, n_columns * sizeof *first);
    first[0] = 0;
}

void resolve_amounts(pagu_builder *b, uint32_t **order, uint32_t **column_first)
{
    value_place place = { .valid = false };
    uint32_t n = b->n_amounts;
    uint16_t *column_of = builder_raw_array(b, n, sizeof *column_of);
    *order = builder_raw_array(b, n, sizeof **order);
    *column_first = builder_array(b, (size_t)b->plan->n_columns + 1, sizeof **column_first);
    for (uint32_t i = 0; builder_ok(b) && i < n; i++) {
        amount_rec *r = &b->amounts[i];
        bool valid = find_place(b, &place, r->stage, r->period, r->field, PAGU_FIELD_MONEY,
                                FAULT(r, "", "", ref_str(b, r->node), NULL));
        uint32_t node = amount_node(b, r);
        valid = valid && node != NO_INDEX && r->state != PAGU_MISSING;
        r->node = node;
        column_of[i] =
            valid ? column_index(b->plan, (pagu_stage)place.stage, (pagu_field)place.field, (pagu_period)place.period)
                  : PAGU_NONE;
    }
    if (builder_ok(b))
        bucket_amounts(b, column_of, *order, *column_first);
    RELEASE(b, column_of, n);
}

/* ---- lumps ---- */

/* Scratch by node, for one column at a time. */
typedef struct lump_work {
    pagu_builder *b;
    const uint32_t *items; /* amounts of the column */
    uint32_t n;
    uint32_t *seen;   /* amount + 1 given for the node itself */
    uint8_t *below;   /* some amount stands below */
    uint32_t n_nodes; /* own lines made meanwhile carry no amounts given for themselves */
} lump_work;

static void report_second(pagu_builder *b, const amount_rec *r, const amount_rec *first, uint32_t column)
{
    const char *key = builder_str(b, b->nodes[r->node].key);
    builder_fault(b, FAULT(r, "duplicate", "node", key, key), "%s of \"%s\" is given twice, first at %s",
                  column_name(b->plan, column).s, key, builder_place(b, first->file, first->line).s);
}

/* In the order of the nodes none is given twice. */
static bool amounts_ascend(const lump_work *w)
{
    const amount_rec *amounts = w->b->amounts;
    for (uint32_t i = 1; i < w->n; i++)
        if (amounts[w->items[i - 1]].node >= amounts[w->items[i]].node)
            return false;
    return true;
}

/* A second amount of one node is a fault; it is then left out as if printed. */
static void find_seconds(lump_work *w, uint32_t column)
{
    pagu_builder *b = w->b;
    if (!w->seen)
        w->seen = builder_array(b, w->n_nodes, sizeof *w->seen);
    if (!w->seen)
        return;
    for (uint32_t i = 0; i < w->n; i++) {
        amount_rec *r = &b->amounts[w->items[i]];
        if (w->seen[r->node]) {
            report_second(b, r, &b->amounts[w->seen[r->node] - 1], column);
            r->flags |= AMOUNT_PRINTED;
        } else {
            w->seen[r->node] = w->items[i] + 1;
        }
    }
    for (uint32_t i = 0; i < w->n; i++)
        w->seen[b->amounts[w->items[i]].node] = 0;
}

static void mark_below(lump_work *w, uint8_t mark)
{
    const pagu_builder *b = w->b;
    for (uint32_t i = 0; i < w->n; i++) {
        uint32_t at = b->node_parent[b->amounts[w->items[i]].node];
        for (; at != NO_INDEX && w->below[at] != mark; at = b->node_parent[at])
            w->below[at] = mark;
    }
}

/* An amount of an inner node is printed when amounts stand below it, else its own line's. */
static void place_lumps(lump_work *w)
{
    pagu_builder *b = w->b;
    bool lumps = false;
    for (uint32_t i = 0; i < w->n && !lumps; i++)
        lumps = b->n_children[b->amounts[w->items[i]].node] > 0;
    if (lumps && !w->below)
        w->below = builder_array(b, w->n_nodes, sizeof *w->below);
    if (!lumps || !w->below)
        return;
    mark_below(w, 1);
    for (uint32_t i = 0; i < w->n; i++) {
        amount_rec *r = &b->amounts[w->items[i]];
        if (b->n_children[r->node] > 0 && w->below[r->node])
            r->flags |= AMOUNT_PRINTED;
    }
    mark_below(w, 0);
    for (uint32_t i = 0; i < w->n && builder_ok(b); i++) {
        amount_rec *r = &b->amounts[w->items[i]];
        if (b->n_children[r->node] > 0 && !(r->flags & AMOUNT_PRINTED))
            r->node = own_line_of(b, r->node);
    }
}

/* "CODE#" of a leaf is the leaf itself; of an inner node its own line. */
static void resolve_own(pagu_builder *b)
{
    for (uint32_t i = 0; i < b->n_amounts && builder_ok(b); i++) {
        amount_rec *r = &b->amounts[i];
        if (r->flags & AMOUNT_OWN && r->node != NO_INDEX && r->state != PAGU_MISSING && b->n_children[r->node] > 0)
            r->node = own_line_of(b, r->node);
    }
}

void make_own_lines(pagu_builder *b, const uint32_t *order, const uint32_t *column_first)
{
    resolve_own(b);
    lump_work w = { .b = b, .n_nodes = b->n_nodes };
    for (uint32_t c = 0; c < b->plan->n_columns && builder_ok(b); c++) {
        w.items = order + column_first[c];
        w.n = column_first[c + 1] - column_first[c];
        if (w.n == 0)
            continue;
        if (!amounts_ascend(&w))
            find_seconds(&w, c);
        place_lumps(&w);
        if (pagu_ctx_interrupted(b->ctx))
            b->failed = PAGU_INTERRUPTED;
    }
    RELEASE(b, w.seen, w.n_nodes);
    RELEASE(b, w.below, w.n_nodes);
}

/* ---- columns ---- */

static uint32_t count_printed(const pagu_builder *b)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n_amounts; i++)
        n += (b->amounts[i].flags & AMOUNT_PRINTED) != 0;
    return n;
}

static bool amount_is_member(pagu_builder *b, const amount_rec *r, uint32_t row, uint32_t stage)
{
    if (node_in_stage(b, row, stage))
        return true;
    const pagu_plan *p = b->plan;
    const char *key = builder_str(b, p->key[row]), *id = builder_str(b, p->stages[stage].id);
    builder_fault(b, FAULT(r, "not-member", "stage", key, id), "\"%s\" is not in stage \"%s\"", key, id);
    return false;
}

static void count_bound(pagu_builder *b, plan_column *column, uint32_t c, const amount_rec *r)
{
    uint64_t size = money_abs(r->value);
    if (column->bound > (uint64_t)INT64_MAX)
        return; /* reported */
    if (column->bound + size > (uint64_t)INT64_MAX)
        builder_fault(b,
                      FAULT(r, "overflow",
                            plan_str(b->plan, b->plan->fields[c / b->plan->n_stages / b->plan->n_periods].id),
                            builder_str(b, b->nodes[r->node].key), NULL),
                      "the lines of %s add up to more than 64 bits hold", column_name(b->plan, c).s);
    column->bound += size;
}

typedef struct fill_work {
    pagu_printed_amount *printed;
    uint32_t n_printed, n_leaves;
} fill_work;

/* One amount to its line; returns whether the line now holds a number. */
static bool store(pagu_builder *b, fill_work *w, plan_column *column, uint32_t c, const amount_rec *r)
{
    pagu_plan *p = b->plan;
    uint32_t row = b->row_of[r->node], stage = c % p->n_stages;
    p->stages[stage].used = true;
    if (!amount_is_member(b, r, row, stage))
        return false;
    if (r->flags & AMOUNT_PRINTED) {
        w->printed[w->n_printed++] = (pagu_printed_amount){ row, (pagu_column)c, { r->value, (pagu_state)r->state } };
        return false;
    }
    column->values[row] = r->value;
    count_bound(b, column, c, r);
    return r->state == PAGU_NUMBER;
}

static bool fill_values(pagu_builder *b, fill_work *w, uint32_t c, const uint32_t *items, uint32_t n)
{
    pagu_plan *p = b->plan;
    plan_column *column = &p->columns[c];
    uint32_t numbers = 0, stored = 0;
    column->values = builder_array(b, p->n_rows, sizeof *column->values);
    for (uint32_t i = 0; builder_ok(b) && i < n; i++) {
        const amount_rec *r = &b->amounts[items[i]];
        numbers += store(b, w, column, c, r);
        stored += !(r->flags & AMOUNT_PRINTED);
    }
    if (builder_ok(b) && stored == 0) { /* printed amounts alone are no values */
        RELEASE(b, column->values, p->n_rows);
        column->values = NULL;
    }
    return stored && numbers < w->n_leaves;
}

static void fill_presence(pagu_builder *b, uint32_t c, const uint32_t *items, uint32_t n)
{
    pagu_plan *p = b->plan;
    plan_column *column = &p->columns[c];
    column->presence = builder_array(b, p->n_rows, sizeof *column->presence);
    for (uint32_t i = 0; column->presence && i < n; i++) {
        const amount_rec *r = &b->amounts[items[i]];
        if (!(r->flags & AMOUNT_PRINTED))
            column->presence[b->row_of[r->node]] = presence_of((pagu_state)r->state);
    }
}

static int printed_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_printed_amount *a = &((const pagu_printed_amount *)ud)[x], *b = &((const pagu_printed_amount *)ud)[y];
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* By column and row; the list is made anew in the size that is left when some were faults. */
static void sort_printed(pagu_builder *b, pagu_printed_amount *given, uint32_t n)
{
    pagu_plan *p = b->plan;
    uint32_t *order = builder_array(b, 2 * (size_t)n, sizeof *order);
    p->printed = builder_array(b, n, sizeof *p->printed);
    p->n_printed = p->printed ? n : 0;
    if (builder_ok(b) && n) {
        for (uint32_t i = 0; i < n; i++)
            order[i] = i;
        sort_indices(order, order + n, n, printed_order, given);
        for (uint32_t i = 0; i < n; i++)
            p->printed[i] = given[order[i]];
    }
    RELEASE(b, order, 2 * (size_t)n);
}

/* Presence counts memo rows for themselves only, and what is subtracted as much as what is added. */
int8_t *presence_signs(pagu_builder *b, struct rollup_shape *shape)
{
    const pagu_plan *p = b->plan;
    int8_t *signs = NULL;
    *shape = p->shape;
    shape->sign = NULL;
    shape->level_signed = NULL;
    if (p->sign && memchr(p->sign, 0, p->n_rows)) {
        signs = builder_array(b, p->n_rows, sizeof *signs);
        for (uint32_t r = 0; signs && r < p->n_rows; r++)
            signs[r] = p->sign[r] != 0;
        shape->sign = signs;
    }
    return signs;
}

static void fill_column(pagu_builder *b, fill_work *w, uint32_t c, const uint32_t *items, uint32_t n,
                        const struct rollup_shape *presence_shape)
{
    plan_column *column = &b->plan->columns[c];
    bool partial = fill_values(b, w, c, items, n);
    /* below memo rows alone a sum is missing even when every leaf has a number */
    if (partial || (column->values && presence_shape->sign))
        fill_presence(b, c, items, n);
    if (!builder_ok(b))
        return;
    if (column->values)
        rollup_column(&b->plan->shape, column->values);
    if (column->presence)
        rollup_column(presence_shape, column->presence);
    if (pagu_ctx_interrupted(b->ctx))
        b->failed = PAGU_INTERRUPTED;
}

void fill_columns(pagu_builder *b, const uint32_t *order, const uint32_t *column_first)
{
    pagu_plan *p = b->plan;
    struct rollup_shape shape;
    uint32_t n_printed = count_printed(b);
    fill_work w = { .n_leaves = 0 };
    int8_t *signs = presence_signs(b, &shape);
    for (uint32_t r = 0; r < p->n_rows; r++)
        w.n_leaves += plan_is_leaf(p, r);
    w.printed = builder_array(b, n_printed, sizeof *w.printed);
    for (uint32_t c = 0; c < p->n_columns && builder_ok(b); c++)
        if (column_first[c] < column_first[c + 1])
            fill_column(b, &w, c, order + column_first[c], column_first[c + 1] - column_first[c], &shape);
    if (builder_ok(b))
        sort_printed(b, w.printed, w.n_printed);
    RELEASE(b, w.printed, n_printed);
    RELEASE(b, signs, p->n_rows);
}
