/* package_amounts.c - the amounts of a plan as a file gives them.
 *
 * An own line's amount is written for its node, which is how it came about, unless amounts
 * stand beside it: then the node's key would mean a printed value, and "CODE#" is written.
 *
 * SPDX-License-Identifier: MIT */
#include "io/package_writer.h"

#include <stdio.h>

const char *key_in_file(const pagu_plan *plan, pagu_row row)
{
    return key_given(plan_str(plan, plan->key[row]));
}

/* Digits after the point are those of the currency and of the unit of writing together. */
void money_in_unit(int64_t unit, int decimals, pagu_money value, char *buf, size_t size)
{
    int shift = decimals;
    for (; unit >= 10; unit /= 10)
        shift++;
    uint64_t scale = 1, whole = money_abs(value);
    for (int i = 0; i < shift; i++)
        scale *= 10;
    uint64_t rest = whole % scale;
    int n = snprintf(buf, size, "%s%llu", value < 0 ? "-" : "", (unsigned long long)(whole / scale));
    if (rest == 0 || n < 0 || (size_t)n >= size)
        return;
    n += snprintf(buf + n, size - (size_t)n, ".%0*llu", shift, (unsigned long long)rest);
    while (buf[n - 1] == '0')
        buf[--n] = '\0';
}

static pagu_cell leaf_cell(const pagu_plan *p, pagu_row row, pagu_column column)
{
    const plan_column *c = &p->columns[column];
    return c->masked ? (pagu_cell){ 0, PAGU_MISSING } : stored_cell(c, row);
}

/* The own line of a node stands last among its children. */
static pagu_row own_line(const pagu_plan *p, pagu_row row)
{
    if (plan_is_leaf(p, row))
        return PAGU_NO_ROW;
    pagu_row last = p->child_first[row + 1] - 1;
    return p->flags[last] & ROW_OWN_LINE ? last : PAGU_NO_ROW;
}

/* Does some line other than the own one hold an amount? Looked up line by line: the totals
 * of presence leave out memo rows. */
static bool has_amounts_beside(const pagu_plan *p, pagu_row node, pagu_row own, pagu_column column)
{
    for (uint32_t rank = p->pre[node] + 1; rank < p->pre_end[node]; rank++) {
        pagu_row row = p->by_pre[rank];
        if (row != own && plan_is_leaf(p, row) && leaf_cell(p, row, column).state != PAGU_MISSING)
            return true;
    }
    return false;
}

static pagu_cell printed_cell(const pagu_plan *p, pagu_row row, pagu_column column)
{
    uint32_t low = 0, high = p->n_printed;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const pagu_printed_amount *a = &p->printed[middle];
        if (a->column < column || (a->column == column && a->row < row))
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < p->n_printed && p->printed[low].row == row && p->printed[low].column == column;
    return found ? p->printed[low].cell : (pagu_cell){ 0, PAGU_MISSING };
}

pagu_cell amount_to_write(const pagu_plan *p, pagu_row row, pagu_column column)
{
    const pagu_cell missing = { 0, PAGU_MISSING };
    if (p->flags[row] & ROW_OWN_LINE) {
        pagu_cell cell = leaf_cell(p, row, column);
        bool beside = cell.state != PAGU_MISSING && has_amounts_beside(p, p->parent[row], row, column);
        return beside ? cell : missing;
    }
    if (plan_is_leaf(p, row))
        return leaf_cell(p, row, column);
    pagu_row own = own_line(p, row);
    pagu_cell cell = own == PAGU_NO_ROW ? missing : leaf_cell(p, own, column);
    if (cell.state != PAGU_MISSING && !has_amounts_beside(p, row, own, column))
        return cell;
    return printed_cell(p, row, column);
}
