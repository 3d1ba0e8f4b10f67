/* migrate_values.c - amounts, indicators and measures of a plan whose codes move.
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

#include <math.h>
#include <stdlib.h>

static const pagu_source no_source = { "", 0 };

/* ---- amounts ---- */

void split_parts_free(migration *m)
{
    split_parts *p = &m->split;
    mem_free(m->ctx, p->shares, p->cap * sizeof *p->shares);
    mem_free(m->ctx, p->parts, p->cap * sizeof *p->parts);
    *p = (split_parts){ 0 };
}

/* All parts of a row's number, in the order of its targets; those of the last one asked for are kept,
 * since its targets ask one after the other. */
static const int64_t *parts_of(migration *m, pagu_row row, int64_t total)
{
    const row_move *move = &m->moves[row];
    split_parts *p = &m->split;
    if (p->n == move->n && p->row == row && p->total == total)
        return p->parts;
    p->n = 0;
    if (move->n > p->cap) {
        split_parts_free(m);
        p->shares = mem_zarray(m->ctx, move->n, sizeof *p->shares);
        p->parts = mem_zarray(m->ctx, move->n, sizeof *p->parts);
        p->cap = move->n;
    }
    if (!p->shares || !p->parts) {
        migrate_fail(m, PAGU_NO_MEMORY);
        return NULL;
    }
    for (uint32_t i = 0; i < move->n; i++)
        p->shares[i] = m->targets[move->first + i].share;
    p->n = migrate_share(m, total, p->shares, move->n, p->parts) ? move->n : 0;
    p->row = row;
    p->total = total;
    return p->n ? p->parts : NULL;
}

pagu_cell migrate_part(migration *m, pagu_row row, pagu_cell cell, uint32_t which)
{
    if (cell.state != PAGU_NUMBER || m->moves[row].n < 2)
        return cell;
    const int64_t *parts = parts_of(m, row, cell.value);
    if (parts)
        cell.value = parts[which];
    return cell;
}

/* Targets ask in their order: the search goes on where the last one ended. */
static uint32_t target_index(migration *m, pagu_row row, uint32_t node)
{
    const row_move *move = &m->moves[row];
    uint32_t i = m->next_target < move->n ? m->next_target : 0;
    for (uint32_t tries = 1; tries < move->n && m->targets[move->first + i].node != node; tries++)
        i = i + 1 < move->n ? i + 1 : 0;
    m->next_target = i + 1;
    return i;
}

static void give_cell(migration *m, const new_node *n, pagu_column column, pagu_cell cell)
{
    const pagu_plan *p = m->plan;
    const char *key = key_given(n->key);
    if (n->has_children && !n->own) /* beside what stands below it: on its own line */
        key = migrate_text(m, "%s#", key);
    migrate_fail(m, pagu_builder_amount(m->builder, key, plan_str(p, p->stages[pagu_plan_column_stage(p, column)].id),
                                        plan_str(p, p->periods[pagu_plan_column_period(p, column)].id),
                                        plan_str(p, p->fields[pagu_plan_column_field(p, column)].id), cell, no_source));
}

/* What the leaves that become a node bring: added; dashes count as 0 beside a number. */
static void add_sources(migration *m, uint32_t node, pagu_column column, pagu_cell *sum)
{
    const pagu_plan *p = m->plan;
    for (uint32_t s = m->nodes[node].sources; s; s = m->sources[s - 1].next) {
        pagu_row row = m->sources[s - 1].row;
        if (!plan_is_leaf(p, row))
            continue;
        pagu_cell cell = migrate_part(m, row, stored_cell(&p->columns[column], row), target_index(m, row, node));
        if (cell.state == PAGU_MISSING)
            continue;
        if (__builtin_add_overflow(sum->value, cell.value, &sum->value))
            migrate_fail(m, PAGU_OVERFLOW);
        if (sum->state != PAGU_NUMBER)
            sum->state = cell.state;
    }
}

/* Where something stands below a node, what comes to the node itself goes to its own line. */
static void put_node_amount(migration *m, uint32_t node, pagu_column column)
{
    const new_node *n = &m->nodes[node];
    pagu_cell sum = { 0, PAGU_MISSING };
    if (n->has_children && !n->own) {
        const char *own = migrate_text(m, "%s#", n->key);
        if (find_new_node(m, own, strlen(own)) != UINT32_MAX)
            return; /* with that one */
    }
    add_sources(m, node, column, &sum);
    if (n->own)
        add_sources(m, n->parent, column, &sum);
    if (sum.state != PAGU_MISSING)
        give_cell(m, n, column, sum);
}

/* Amounts that the package gives for a sum hold only if all of it is still below the node. */
static void put_printed_amounts(migration *m)
{
    const pagu_plan *p = m->plan;
    for (uint32_t i = 0; i < p->n_printed && m->code == PAGU_OK; i++) {
        const pagu_printed_amount *a = &p->printed[i];
        const row_move *move = &m->moves[a->row];
        const new_node *n = move->n == 1 ? &m->nodes[m->targets[move->first].node] : NULL;
        if (!n || !n->closed) {
            m->n_dropped++;
            continue;
        }
        migrate_fail(m, pagu_builder_amount(m->builder, key_given(n->key),
                                            plan_str(p, p->stages[pagu_plan_column_stage(p, a->column)].id),
                                            plan_str(p, p->periods[pagu_plan_column_period(p, a->column)].id),
                                            plan_str(p, p->fields[pagu_plan_column_field(p, a->column)].id), a->cell,
                                            no_source));
    }
}

void put_amounts_to(migration *m)
{
    const pagu_plan *p = m->plan;
    for (uint32_t i = 0; i < p->n_fields; i++)
        pagu_builder_field(m->builder, plan_str(p, p->fields[i].id), p->fields[i].kind);
    for (uint32_t c = 0; c < p->n_columns && m->code == PAGU_OK; c++) {
        if (pagu_ctx_interrupted(m->ctx))
            migrate_fail(m, PAGU_INTERRUPTED);
        for (uint32_t i = 0; p->columns[c].values && !p->columns[c].masked && i < m->n_nodes && m->code == PAGU_OK; i++)
            put_node_amount(m, i, (pagu_column)c);
    }
    put_printed_amounts(m);
}

/* ---- indicators ---- */

/* An indicator of a new node and those that become it. */
typedef struct new_indicator {
    pagu_indicator lead;
    const char *id, *owner;
    uint32_t node; /* UINT32_MAX: of a class */
} new_indicator;

typedef struct indicators {
    migration *m;
    new_indicator *list;
    uint32_t n, cap;
} indicators;

static bool same_indicator(const pagu_plan *p, pagu_indicator a, pagu_indicator b)
{
    const plan_indicator *x = &p->indicators[a], *y = &p->indicators[b];
    return x->unit == y->unit && x->type == y->type && x->polarity == y->polarity &&
           name_compare(plan_str(p, x->name), plan_str(p, y->name)) == NAME_SAME;
}

static bool is_count(const pagu_plan *p, const plan_indicator *ind)
{
    return ind->unit != UINT32_MAX && str_eq(plan_str(p, p->units[ind->unit].kind), "count");
}

/* "OLD#1" of a node that is called NEW now is "NEW#1"; other ids stay. */
static const char *renamed_id(migration *m, pagu_indicator ind, const char *key)
{
    const pagu_plan *p = m->plan;
    const char *id = plan_str(p, p->indicators[ind].id), *old = row_key(m, p->indicators[ind].row);
    size_t len = strlen(old);
    return strncmp(id, old, len) == 0 && id[len] == '#' ? migrate_text(m, "%s%s", key, id + len) : id;
}

static bool id_is_taken(const indicators *x, const char *id, uint32_t from)
{
    for (uint32_t i = from; i < x->n; i++)
        if (str_eq(x->list[i].id, id))
            return true;
    return false;
}

/* The id of an indicator at a node: its own, renamed, or the next number of a merged or split one. */
static const char *id_at(indicators *x, pagu_indicator ind, uint32_t node, uint32_t first)
{
    migration *m = x->m;
    const new_node *n = &m->nodes[node];
    const char *id = renamed_id(m, ind, n->key);
    bool moved =
        m->moves[m->plan->indicators[ind].row].n > 1 && str_eq(id, plan_str(m->plan, m->plan->indicators[ind].id));
    for (uint32_t i = 1; moved || id_is_taken(x, id, first); i++) {
        id = migrate_text(m, "%s#%u", n->key, i);
        moved = false;
        if (m->code != PAGU_OK)
            break;
    }
    return id;
}

static new_indicator *add_indicator(indicators *x, pagu_indicator ind, uint32_t node, uint32_t first)
{
    if (!mem_grow(x->m->ctx, &x->list, &x->cap, x->n, sizeof *x->list)) {
        migrate_fail(x->m, PAGU_NO_MEMORY);
        return NULL;
    }
    const char *id = id_at(x, ind, node, first);
    x->list[x->n] = (new_indicator){ .lead = ind, .id = id, .owner = x->m->nodes[node].key, .node = node };
    if (!x->m->renamed[ind])
        x->m->renamed[ind] = id;
    return &x->list[x->n++];
}

static void put_definition(migration *m, const new_indicator *x)
{
    const pagu_plan *p = m->plan;
    const plan_indicator *ind = &p->indicators[x->lead];
    pagu_indicator_def def = { .id = x->id,
                               .owner = key_given(x->owner),
                               .type = plan_str(p, ind->type),
                               .name = plan_str(p, ind->name),
                               .unit = ind->unit == UINT32_MAX ? "" : plan_str(p, p->units[ind->unit].id),
                               .definition = plan_str(p, ind->definition),
                               .polarity = ind->polarity,
                               .over_time = ind->over_time,
                               .over_children = ind->over_children,
                               .weight = ind->weight };
    migrate_fail(m, pagu_builder_indicator(m->builder, &def, no_source));
}

/* ---- measures ---- */

/* A count by share: to the digits that it has, by largest remainder, so that the parts add up. */
static void split_count(migration *m, pagu_row row, uint32_t which, const new_indicator *x, measure_cell *cell)
{
    int64_t scale = 1;
    while (scale < 1000000 && cell->value * (double)scale != floor(cell->value * (double)scale))
        scale *= 10;
    double whole = cell->value * (double)scale;
    if (whole != floor(whole) || fabs(whole) > 9007199254740991.0) {
        pagu_finding f = { .rule = "migrate-target", .column = "value", .key = x->id };
        migrate_conflict(m, &f, "a value of %s has too many digits to be split exactly", x->id);
        return;
    }
    const int64_t *parts = parts_of(m, row, (int64_t)whole);
    if (parts)
        cell->value = (double)parts[which] / (double)scale;
}

static measure_cell part_of_measure(migration *m, const new_indicator *x, pagu_indicator ind, const measure_cell *given)
{
    const plan_indicator *old = &m->plan->indicators[ind];
    measure_cell cell = *given;
    if (m->moves[old->row].n > 1 && cell.state == PAGU_NUMBER && is_count(m->plan, old))
        split_count(m, old->row, target_index(m, old->row, x->node), x, &cell);
    return cell;
}

static bool equal_cells(const measure_cell *a, const measure_cell *b)
{
    return a->state == b->state && a->value == b->value && a->unit == b->unit && a->text == b->text;
}

/* Two values on one: counts of one unit are added, anything else must be the same. */
static void merge_measure(migration *m, const new_indicator *x, const char *column, measure_cell *sum,
                          const measure_cell *cell)
{
    bool count = is_count(m->plan, &m->plan->indicators[x->lead]);
    if (cell->state == PAGU_MISSING)
        return;
    if (sum->state == PAGU_MISSING) {
        *sum = *cell;
        return;
    }
    bool numbers = (sum->state == PAGU_NUMBER || sum->state == PAGU_DASH) &&
                   (cell->state == PAGU_NUMBER || cell->state == PAGU_DASH);
    if (count && numbers && sum->unit == cell->unit && !sum->text && !cell->text) {
        sum->value += cell->value; /* a dash holds 0 */
        sum->state = sum->state == PAGU_NUMBER ? PAGU_NUMBER : cell->state;
    } else if (!equal_cells(sum, cell)) {
        pagu_finding f = { .rule = "migrate-target", .column = column, .key = x->id };
        migrate_conflict(m, &f, "two unlike values of %s would fall on %s: only counts of one unit are added", column,
                         x->id);
    }
}

static void put_measure(migration *m, const new_indicator *x, uint32_t column, const measure_cell *cell)
{
    const pagu_plan *p = m->plan;
    pagu_measure value = { .value = cell->value,
                           .state = cell->state,
                           .unit = plan_str(p, cell->unit),
                           .text = cell->text ? plan_str(p, cell->text) : NULL };
    if (cell->state != PAGU_MISSING)
        migrate_fail(m,
                     pagu_builder_measure(
                         m->builder, x->id, plan_str(p, p->stages[pagu_plan_column_stage(p, (pagu_column)column)].id),
                         plan_str(p, p->periods[pagu_plan_column_period(p, (pagu_column)column)].id),
                         plan_str(p, p->fields[pagu_plan_column_field(p, (pagu_column)column)].id), &value, no_source));
}

/* Every source's indicator that reads like this one. */
static void put_measures(migration *m, const new_indicator *x)
{
    const pagu_plan *p = m->plan;
    for (uint32_t c = 0; c < p->n_columns && m->code == PAGU_OK; c++) {
        const plan_column *column = &p->columns[c];
        if (!column->measures)
            continue;
        measure_cell sum = { .state = PAGU_MISSING };
        if (x->node == UINT32_MAX) {
            sum = column->measures[x->lead];
        } else {
            const char *field = plan_str(p, p->fields[pagu_plan_column_field(p, (pagu_column)c)].id);
            for (uint32_t s = m->nodes[x->node].sources; s; s = m->sources[s - 1].next) {
                pagu_indicator i = p->first_indicator[m->sources[s - 1].row];
                for (bool own = m->nodes[x->node].n_sources == 1; i != PAGU_NO_INDICATOR; i = p->indicators[i].next) {
                    if (own ? i != x->lead : !same_indicator(p, i, x->lead))
                        continue;
                    measure_cell cell = part_of_measure(m, x, i, &column->measures[i]);
                    merge_measure(m, x, field, &sum, &cell);
                }
            }
        }
        put_measure(m, x, c, &sum);
    }
}

static bool is_known(indicators *x, pagu_indicator ind, uint32_t first)
{
    for (uint32_t i = first; i < x->n; i++)
        if (same_indicator(x->m->plan, x->list[i].lead, ind)) {
            if (!x->m->renamed[ind])
                x->m->renamed[ind] = x->list[i].id;
            return true;
        }
    return false;
}

static void collect_of_node(indicators *x, uint32_t node)
{
    migration *m = x->m;
    const pagu_plan *p = m->plan;
    uint32_t first = x->n;
    for (uint32_t s = m->nodes[node].sources; s && m->code == PAGU_OK; s = m->sources[s - 1].next)
        for (pagu_indicator i = p->first_indicator[m->sources[s - 1].row]; i != PAGU_NO_INDICATOR;
             i = p->indicators[i].next)
            if (m->nodes[node].n_sources == 1 || !is_known(x, i, first))
                add_indicator(x, i, node, first);
}

void put_indicators_to(migration *m)
{
    const pagu_plan *p = m->plan;
    indicators x = { .m = m };
    if (p->n_indicators == 0)
        return;
    for (uint32_t i = 0; i < p->n_indicators && m->code == PAGU_OK; i++)
        if (p->indicators[i].row == PAGU_NO_ROW && mem_grow(m->ctx, &x.list, &x.cap, x.n, sizeof *x.list))
            x.list[x.n++] = (new_indicator){ .lead = i,
                                             .id = plan_str(p, p->indicators[i].id),
                                             .owner = plan_str(p, p->indicators[i].owner),
                                             .node = UINT32_MAX };
    for (uint32_t node = 0; node < m->n_nodes && m->code == PAGU_OK; node++)
        collect_of_node(&x, node);
    for (uint32_t i = 0; i < x.n && m->code == PAGU_OK; i++) {
        put_definition(m, &x.list[i]);
        put_measures(m, &x.list[i]);
    }
    mem_free(m->ctx, x.list, x.cap * sizeof *x.list);
}
