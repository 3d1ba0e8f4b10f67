/* chart_tree.c - sizes of rows in a tree, for treemaps and rings. What the children of a node leave
 * of its own figure is a part too, so that areas never claim more detail than there is.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double children_sum(const chart_tree *t, uint32_t row)
{
    double sum = 0;
    for (uint32_t i = row + 1; i < t->data->n; i++)
        if (t->data->rows[i].parent == row)
            sum += t->size[i];
    return sum;
}

static void measure(chart_tree *t)
{
    const chart_data *d = t->data;
    for (uint32_t i = d->n; i-- > 0;) {
        double own = chart_value(d, i, 0), below = d->rows[i].has_children ? children_sum(t, i) : 0;
        t->size[i] = fmax(isnan(own) ? 0 : own, below);
        if (d->rows[i].parent == PAGU_NO_ROW)
            t->total += t->size[i];
    }
    for (uint32_t i = 0; i < d->n; i++) {
        uint32_t depth = 1;
        for (uint32_t up = d->rows[i].parent; up != PAGU_NO_ROW && depth < 8; up = d->rows[up].parent)
            depth++;
        t->depth = depth > t->depth ? depth : t->depth;
    }
}

bool chart_tree_make(chart_tree *t, const chart_data *d)
{
    *t = (chart_tree){ .data = d };
    t->size = mem_zarray(d->ctx, d->n, sizeof *t->size);
    t->items = mem_zarray(d->ctx, 2 * (size_t)d->n, sizeof *t->items); /* each row as a child, and its rest */
    if (!t->size || !t->items)
        return false;
    measure(t);
    return true;
}

void chart_tree_free(chart_tree *t)
{
    mem_free(t->data->ctx, t->size, t->data->n * sizeof *t->size);
    mem_free(t->data->ctx, t->items, 2 * (size_t)t->data->n * sizeof *t->items);
}

static int compare_items(const void *a, const void *b)
{
    const tree_item *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x->row < y->row ? -1 : x->row > y->row;
}

uint32_t chart_tree_parts(chart_tree *t, uint32_t row)
{
    tree_item *first = t->items + t->n_items;
    uint32_t n = 0;
    double sum = 0;
    for (uint32_t i = row == PAGU_NO_ROW ? 0 : row + 1; i < t->data->n; i++) {
        if (t->data->rows[i].parent != row || t->size[i] <= 0)
            continue;
        first[n++] = (tree_item){ i, false, t->size[i] };
        sum += t->size[i];
    }
    qsort(first, n, sizeof *first, compare_items);
    double rest = row == PAGU_NO_ROW ? 0 : t->size[row] - sum;
    if (n && rest > sum * 1e-9)
        first[n++] = (tree_item){ row, true, rest };
    t->n_items += n;
    return n;
}

uint32_t chart_tree_top(const chart_tree *t)
{
    uint32_t root = PAGU_NO_ROW;
    for (uint32_t i = 0; i < t->data->n; i++) {
        if (t->data->rows[i].parent != PAGU_NO_ROW || t->size[i] <= 0)
            continue;
        if (root != PAGU_NO_ROW)
            return PAGU_NO_ROW;
        root = i;
    }
    return root != PAGU_NO_ROW && t->data->rows[root].has_children ? root : PAGU_NO_ROW;
}

const char *chart_part_label(plot *g, const tree_item *part)
{
    if (part->rest)
        return chart_word(g, "(belum dirinci)", "(not broken down)");
    return cell_for_people(g->p, g->data.rows[part->row].row, pagu_chart_label_column(g->data.chart));
}

int chart_part_figure(const plot *g, const chart_tree *t, const tree_item *part, char *out, size_t size)
{
    char share[64];
    int len = chart_short_number(part->size, g->p->options.locale, false, out, size);
    pagu_number_format(share, sizeof share, 100 * part->size / t->total, g->p->options.locale, 1);
    if (len > 0 && (size_t)len < size)
        len += snprintf(out + len, size - (size_t)len, " · %s%%", share);
    return len;
}

void put_part_tip(plot *g, const chart_tree *t, const tree_item *part, const char *element)
{
    char figure[500];
    chart_part_figure(g, t, part, figure, sizeof figure);
    print_str(g->p, "><title>");
    const char *label = cell_for_people(g->p, g->data.rows[part->row].row, pagu_chart_label_column(g->data.chart));
    put_xml(g->p, label, strlen(label));
    if (part->rest) {
        print_str(g->p, " ");
        print_str(g->p, chart_word(g, "(belum dirinci)", "(not broken down)"));
    } else {
        const char *exact =
            cell_for_people(g->p, g->data.rows[part->row].row, pagu_chart_value_column(g->data.chart, 0));
        print_str(g->p, ": ");
        put_xml(g->p, exact, strlen(exact));
    }
    print_str(g->p, " (");
    put_xml(g->p, figure, strlen(figure));
    print_str(g->p, ")</title></");
    print_str(g->p, element);
    print_str(g->p, ">\n");
}

const char *tint(const char *colour, double share, char out[8])
{
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    unsigned mixed[3];
    for (int i = 0; i < 3; i++) {
        double c = (double)((rgb >> (16 - 8 * i)) & 255);
        mixed[i] = (unsigned)lround(c + (255 - c) * share);
    }
    snprintf(out, 8, "#%02x%02x%02x", mixed[0] & 255, mixed[1] & 255, mixed[2] & 255);
    return out;
}
