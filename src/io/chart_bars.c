/* chart_bars.c - bars side by side or stacked: upright where the labels are short, else lying.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>

enum { UPRIGHT_HEIGHT = 420, LABELS = 300, LABEL_LINES = 3, NUMBERS = 96 };

static bool is_stacked(const plot *g)
{
    return pagu_chart_get_kind(g->data.chart) == PAGU_CHART_STACKED;
}

static const char *label_of(plot *g, uint32_t row)
{
    return cell_for_people(g->p, g->data.rows[row].row, pagu_chart_label_column(g->data.chart));
}

static double longest_label(plot *g)
{
    double longest = 0;
    for (uint32_t i = 0; i < g->data.n; i++) {
        const char *label = label_of(g, i);
        longest = fmax(longest, text_length(label, strlen(label), CHART_TEXT));
    }
    return longest;
}

/* Range of the bars' ends, 0 included. */
static void bar_range(const chart_data *d, bool stacked, double *low, double *high)
{
    *low = *high = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        double up = 0, down = 0;
        for (uint32_t s = 0; s < d->n_series; s++) {
            double v = chart_value(d, i, s);
            if (isnan(v))
                continue;
            up = stacked && v > 0 ? up + v : fmax(up, v);
            down = stacked && v < 0 ? down + v : fmin(down, v);
        }
        *high = fmax(*high, up);
        *low = fmin(*low, down);
    }
}

/* The band of a row across the bars: lying bars take what their labels' lines need. */
static double band_size(plot *g, double label_width)
{
    if (g->upright)
        return (g->right - g->left) / g->data.n;
    uint32_t lines = 1, bars = is_stacked(g) ? 1 : g->data.n_series;
    for (uint32_t i = 0; i < g->data.n; i++) {
        uint32_t n = count_wrapped(label_width, LABEL_LINES, CHART_TEXT, label_of(g, i));
        lines = n > lines ? n : lines;
    }
    return fmax(lines * CHART_LINE + 8, bars * 15 + 9);
}

/* Put one bar between two values in a slot of the band; returns the place of its end. */
static void put_bar(plot *g, double from, double to, double slot, double thick, uint32_t row, uint32_t series)
{
    double a = place_value(g, fmin(from, to)), b = place_value(g, fmax(from, to));
    if (g->upright)
        put_rect(g, slot, b, thick, fmax(a - b, 0.5), series_colour(series));
    else
        put_rect(g, a, slot, fmax(b - a, 0.5), thick, series_colour(series));
    put_tip(g, "rect", row, series);
}

/* The figure at the end of a bar, where it has room. */
static void put_number(plot *g, double value, double slot, double thick)
{
    char text[400];
    bool percent = str_eq(pagu_chart_unit(g->data.chart), "%");
    int len = g->upright && *g->scale.word /* the axis says "miliar" */
                  ? pagu_number_format(text, sizeof text, value / g->scale.unit, g->p->options.locale, 2)
                  : chart_short_number(value, g->p->options.locale, percent, text, sizeof text);
    double end = place_value(g, value), length = text_length(text, (size_t)len, 11);
    text_style style = { .size = 11, .fill = "#404040" };
    if (g->upright && length <= thick + 8) {
        style.anchor = ANCHOR_MIDDLE;
        put_text(g, slot + thick / 2, value < 0 ? end + 13 : end - 4, &style, text, (size_t)len);
    } else if (!g->upright && thick >= 10) {
        bool left = value < 0 && end - length > g->left;
        style.anchor = left ? ANCHOR_END : ANCHOR_START;
        put_text(g, left ? end - 4 : end + 4, slot + thick / 2 + 4, &style, text, (size_t)len);
    }
}

static void put_group(plot *g, uint32_t row, double start, double size)
{
    const chart_data *d = &g->data;
    double room = size - (g->upright ? fmax(4, size * 0.25) : 8), thick = room / d->n_series;
    for (uint32_t s = 0; s < d->n_series; s++) {
        double v = chart_value(d, row, s), slot = start + (size - room) / 2 + s * thick;
        if (isnan(v))
            continue;
        put_bar(g, 0, v, slot, fmax(thick - 1, 1), row, s);
        put_number(g, v, slot, thick);
    }
}

static void put_stack(plot *g, uint32_t row, double start, double size)
{
    const chart_data *d = &g->data;
    double room = fmin(g->upright ? size * 0.7 : size - 8, 60), slot = start + (size - room) / 2, up = 0, down = 0;
    for (uint32_t s = 0; s < d->n_series; s++) {
        double v = chart_value(d, row, s), from = v < 0 ? down : up;
        if (isnan(v) || v == 0)
            continue;
        put_bar(g, from, from + v, slot, room, row, s);
        up += v > 0 ? v : 0;
        down += v < 0 ? v : 0;
    }
    put_number(g, up > 0 ? up : down, slot, room);
}

static void put_label(plot *g, uint32_t row, double start, double size, double label_width)
{
    text_style style = { .size = CHART_TEXT, .anchor = g->upright ? ANCHOR_MIDDLE : ANCHOR_END };
    const char *label = label_of(g, row);
    if (g->upright) {
        put_string(g, start + size / 2, g->bottom + 18, &style, label);
        return;
    }
    uint32_t lines = count_wrapped(label_width, LABEL_LINES, CHART_TEXT, label);
    double y = start + size / 2 + 5 - (lines - 1) * CHART_LINE / 2.0;
    put_wrapped(g, g->left - 8, y, label_width, LABEL_LINES, &style, label);
}

/* Decide the form and the plotting area; returns the width of the labels. */
static double lay_out(plot *g)
{
    double longest = longest_label(g), label_width = fmin(LABELS, longest);
    double low, high;
    bar_range(&g->data, is_stacked(g), &low, &high);
    g->scale = chart_scale_make(low, high, 5, g->p->options.locale);
    g->upright = g->data.n > 1 && longest <= (CHART_WIDTH - 84.0) / g->data.n - 8;
    if (g->upright) {
        g->left = 64;
        g->right = CHART_WIDTH - 8;
        g->top += 24;
        g->bottom = g->top + UPRIGHT_HEIGHT;
        g->height = g->bottom + 30;
    } else {
        g->left = label_width + 10;
        g->right = CHART_WIDTH - NUMBERS;
        g->bottom = g->top + band_size(g, label_width) * g->data.n + 4;
        g->height = g->bottom + 42;
    }
    return label_width;
}

void chart_bars(plot *g)
{
    g->top += put_series_legend(g);
    double label_width = lay_out(g), size = band_size(g, label_width);
    put_value_axis(g);
    put_axis_title(g, "");
    for (uint32_t i = 0; i < g->data.n && keep_printing(g->p, i); i++) {
        double start = (g->upright ? g->left : g->top + 2) + i * size;
        put_label(g, i, start, size, label_width);
        if (is_stacked(g))
            put_stack(g, i, start, size);
        else
            put_group(g, i, start, size);
    }
}
