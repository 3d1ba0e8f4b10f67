/* xlsx_write_chart.c - bars and lines as charts of the spreadsheet, drawn from cells, so that they
 * follow when a value is changed.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_write.h"

#include "io/render.h"

enum { WIDTH = 720, HEIGHT = 360, BAR_HEIGHT = 22, MAX_HEIGHT = 1400 };

static int chart_type(pagu_chart_kind kind)
{
    switch (kind) {
    case PAGU_CHART_BAR: return LXW_CHART_BAR;
    case PAGU_CHART_STACKED: return LXW_CHART_BAR_STACKED;
    case PAGU_CHART_LINE:
    case PAGU_CHART_FAN: return LXW_CHART_LINE;
    default: return LXW_CHART_NONE;
    }
}

bool xlsx_draws(pagu_chart_kind kind)
{
    return chart_type(kind) != LXW_CHART_NONE;
}

/* A name of the chart; one that begins with "=" would be a formula. */
static const char *chart_name(xlsx_writer *b, const char *text, char *buf, size_t size)
{
    const char *clean = xlsx_clean(b, text);
    size_t len = strcspn(clean, "\n"), at = *clean == '=';
    if (len + at >= size)
        for (len = size - 1 - at; len > 0 && ((unsigned char)clean[len] & 0xC0) == 0x80;)
            len--;
    *buf = ' ';
    memcpy(buf + at, clean, len);
    buf[at + len] = '\0';
    return buf;
}

static void add_series(xlsx_writer *b, lxw_chart *chart, const pagu_chart *c, uint32_t i, const xlsx_place *at,
                       uint32_t label, uint32_t value)
{
    char name[200];
    size_t group;
    uint32_t last = at->first_row + at->n_rows - 1;
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    if (!series) {
        xlsx_fail(b, PAGU_NO_MEMORY);
        return;
    }
    const char *title = pagu_table_column_title(pagu_chart_table(c), pagu_chart_value_column(c, i));
    chart_series_set_categories(series, at->sheet.name, at->first_row, (lxw_col_t)label, last, (lxw_col_t)label);
    chart_series_set_values(series, at->sheet.name, at->first_row, (lxw_col_t)value, last, (lxw_col_t)value);
    chart_series_set_name(series, chart_name(b, split_title(title, &group), name, sizeof name));
}

static void set_up_chart(xlsx_writer *b, lxw_chart *chart, const pagu_chart *c)
{
    char name[200];
    bool bars = chart_type(pagu_chart_get_kind(c)) != LXW_CHART_LINE;
    chart_title_set_name(chart, chart_name(b, pagu_chart_title(c), name, sizeof name));
    if (*pagu_chart_unit(c))
        chart_axis_set_name(bars ? chart->x_axis : chart->y_axis, chart_name(b, pagu_chart_unit(c), name, sizeof name));
    if (bars) /* the first row on top */
        chart_axis_set_reverse(chart->y_axis);
    if (pagu_chart_value_count(c) == 1)
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    else
        chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
}

void xlsx_put_chart(xlsx_writer *b, const pagu_chart *c, xlsx_place *at, uint32_t label, const uint32_t *values)
{
    if (b->code != PAGU_OK || !at->sheet.ws || at->n_rows == 0)
        return;
    lxw_chart *chart = workbook_add_chart(b->workbook, (uint8_t)chart_type(pagu_chart_get_kind(c)));
    if (!chart) {
        xlsx_fail(b, PAGU_NO_MEMORY);
        return;
    }
    for (uint32_t i = 0; i < pagu_chart_value_count(c) && b->code == PAGU_OK; i++)
        add_series(b, chart, c, i, at, label, values[i]);
    set_up_chart(b, chart, c);
    double height = (double)at->n_rows * BAR_HEIGHT * pagu_chart_value_count(c);
    height = height < HEIGHT || chart_type(pagu_chart_get_kind(c)) == LXW_CHART_LINE ? HEIGHT : height;
    height = height > MAX_HEIGHT ? MAX_HEIGHT : height;
    lxw_chart_options where = { .x_scale = WIDTH / 480.0, .y_scale = height / 288.0, .y_offset = at->charts_end };
    at->charts_end += (int32_t)height + 20;
    if (b->code == PAGU_OK)
        xlsx_check(
            b, worksheet_insert_chart_opt(at->sheet.ws, at->first_row, (lxw_col_t)(at->n_columns + 1), chart, &where));
}
