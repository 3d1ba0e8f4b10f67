/* chart_data.c - the figures of a chart as doubles. They only make lengths and angles: what is
 * printed as a figure comes from the table.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>

enum { MOST_BARS = 200, MOST_POINTS = 2000 };
#define MOST_VALUE 1e30 /* beyond it lengths would lose their meaning, and sums their range */

static uint32_t most_rows(pagu_chart_kind kind)
{
    switch (kind) {
    case PAGU_CHART_BAR:
    case PAGU_CHART_STACKED:
    case PAGU_CHART_WATERFALL:
    case PAGU_CHART_COMPARE: return MOST_BARS;
    default: return MOST_POINTS;
    }
}

static double read_value(const chart_data *d, uint32_t row, uint32_t col)
{
    pagu_table_cell c = pagu_table_get(d->table, row, col);
    pagu_column_type type = pagu_table_column_type(d->table, col);
    if (c.state == PAGU_DASH)
        return 0;
    if (c.state != PAGU_NUMBER)
        return NAN;
    double v = type == PAGU_COL_MONEY     ? (double)c.integer / d->unit
               : type == PAGU_COL_INTEGER ? (double)c.integer
                                          : c.number;
    return isnan(v) ? NAN : fmax(-MOST_VALUE, fmin(MOST_VALUE, v));
}

static void add_row(chart_data *d, uint32_t row, uint32_t *place)
{
    uint32_t above = pagu_table_row_parent(d->table, row);
    uint32_t parent = above == PAGU_NO_ROW ? PAGU_NO_ROW : place[above];
    chart_row *r = &d->rows[d->n];
    *r = (chart_row){ row, parent, pagu_table_row_style(d->table, row) == PAGU_ROW_TOTAL, false };
    if (parent != PAGU_NO_ROW)
        d->rows[parent].has_children = true;
    for (uint32_t i = 0; i < d->n_series; i++)
        d->values[(size_t)d->n * d->n_series + i] = read_value(d, row, pagu_chart_value_column(d->chart, i));
    place[row] = d->n++;
}

static void read_rows(chart_data *d, uint32_t *place)
{
    pagu_chart_kind kind = pagu_chart_get_kind(d->chart);
    for (uint32_t row = 0; row < pagu_table_row_count(d->table); row++) {
        bool total = pagu_table_row_style(d->table, row) == PAGU_ROW_TOTAL;
        place[row] = PAGU_NO_ROW;
        if (total && kind != PAGU_CHART_WATERFALL)
            continue;
        if (d->n < d->cap)
            add_row(d, row, place);
        else
            d->left_out++;
    }
}

bool chart_data_read(chart_data *d, pagu_ctx *ctx, const pagu_chart *chart, int decimals)
{
    uint32_t rows = pagu_table_row_count(pagu_chart_table(chart)), most = most_rows(pagu_chart_get_kind(chart));
    *d = (chart_data){ .ctx = ctx, .chart = chart, .table = pagu_chart_table(chart), .money = true, .unit = 1 };
    d->n_series = pagu_chart_value_count(chart);
    d->cap = rows < most ? rows : most;
    for (int i = 0; i < decimals; i++)
        d->unit *= 10;
    for (uint32_t i = 0; i < d->n_series; i++)
        d->money = d->money && pagu_table_column_type(d->table, pagu_chart_value_column(chart, i)) == PAGU_COL_MONEY;
    if (rows == 0)
        return true;
    uint32_t *place = mem_array(ctx, rows, sizeof *place);
    d->rows = mem_array(ctx, d->cap, sizeof *d->rows);
    d->values = mem_array(ctx, (size_t)d->cap * d->n_series, sizeof *d->values);
    bool done = place && d->rows && d->values;
    if (done)
        read_rows(d, place);
    mem_free(ctx, place, rows * sizeof *place);
    return done;
}

void chart_data_free(chart_data *d)
{
    mem_free(d->ctx, d->values, d->values ? (size_t)d->cap * d->n_series * sizeof *d->values : 0);
    mem_free(d->ctx, d->rows, d->rows ? d->cap * sizeof *d->rows : 0);
    d->values = NULL;
    d->rows = NULL;
}

const char *chart_series(const chart_data *d, uint32_t series)
{
    size_t group_len;
    const char *title = pagu_table_column_title(d->table, pagu_chart_value_column(d->chart, series));
    const char *leaf = split_title(title, &group_len);
    for (uint32_t i = 0; i < d->n_series; i++) {
        const char *other = pagu_table_column_title(d->table, pagu_chart_value_column(d->chart, i));
        if (i != series && str_eq(split_title(other, &group_len), leaf))
            return title;
    }
    return leaf;
}

void chart_range(const chart_data *d, double *low, double *high)
{
    bool any = false;
    *low = *high = 0;
    for (size_t i = 0; i < (size_t)d->n * d->n_series; i++) {
        double v = d->values[i];
        if (isnan(v))
            continue;
        *low = any ? fmin(*low, v) : v;
        *high = any ? fmax(*high, v) : v;
        any = true;
    }
}
