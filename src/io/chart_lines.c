/* chart_lines.c - lines over rows in order, and the fan: history, then a middle line in a band.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>

enum { HEIGHT = 380, DOTS = 60 };

static double place_row(const plot *g, uint32_t row)
{
    double n = g->data.n > 1 ? g->data.n - 1 : 1;
    return g->data.n > 1 ? g->left + 24 + row * (g->right - g->left - 48) / n : (g->left + g->right) / 2;
}

/* Labels along the axis, every kth, so that none meets the next. */
static void put_labels(plot *g)
{
    double longest = 0;
    for (uint32_t i = 0; i < g->data.n; i++) {
        const char *label = cell_for_people(g->p, g->data.rows[i].row, pagu_chart_label_column(g->data.chart));
        longest = fmax(longest, fmin(140, text_length(label, strlen(label), CHART_TEXT)));
    }
    double room = g->data.n > 1 ? place_row(g, 1) - place_row(g, 0) : g->right - g->left;
    uint32_t every = (uint32_t)fmax(1, ceil((longest + 10) / room));
    text_style style = { .size = CHART_TEXT, .anchor = ANCHOR_MIDDLE };
    for (uint32_t i = 0; i < g->data.n && keep_printing(g->p, i); i += every) {
        const char *label = cell_for_people(g->p, g->data.rows[i].row, pagu_chart_label_column(g->data.chart));
        put_line(g, place_row(g, i), g->bottom, place_row(g, i), g->bottom + 4, "#595959", 1);
        put_wrapped(g, place_row(g, i), g->bottom + 19, 150, 1, &style, label);
    }
}

/* A polyline through the known figures; missing ones are gaps. */
static void put_polyline(plot *g, uint32_t series, uint32_t from, uint32_t to, const char *colour, bool dashed)
{
    bool open = false;
    print_str(g->p, "<path d=\"");
    for (uint32_t i = from; i < to; i++) {
        double v = chart_value(&g->data, i, series);
        if (!isnan(v)) {
            print_str(g->p, open ? "L" : "M");
            put_coord(g->p, place_row(g, i));
            print_str(g->p, " ");
            put_coord(g->p, place_value(g, v));
        }
        open = !isnan(v);
    }
    print_str(g->p, "\" fill=\"none\" stroke-width=\"2.5\" stroke-linejoin=\"round\" stroke=\"");
    print_str(g->p, colour);
    print_str(g->p, dashed ? "\" stroke-dasharray=\"7 4\"/>\n" : "\"/>\n");
}

static void put_dots(plot *g, uint32_t series, const char *colour)
{
    for (uint32_t i = 0; i < g->data.n && g->data.n <= DOTS; i++) {
        double v = chart_value(&g->data, i, series);
        if (isnan(v))
            continue;
        print_str(g->p, "<circle r=\"4\"");
        put_attribute(g->p, "cx", place_row(g, i));
        put_attribute(g->p, "cy", place_value(g, v));
        print_str(g->p, " fill=\"");
        print_str(g->p, colour);
        print_str(g->p, "\"");
        put_tip(g, "circle", i, series);
    }
}

/* The figure beside the last point, so that lines read without the legend's colours. */
static void put_last(plot *g, uint32_t series, double *before)
{
    char text[400];
    uint32_t i = g->data.n;
    while (i > 0 && isnan(chart_value(&g->data, i - 1, series)))
        i--;
    if (i == 0)
        return;
    double v = chart_value(&g->data, i - 1, series), y = place_value(g, v);
    bool percent = str_eq(pagu_chart_unit(g->data.chart), "%");
    int len = chart_short_number(v, g->p->options.locale, percent, text, sizeof text);
    text_style style = { .size = 12 };
    if (fabs(y - *before) >= 13)
        put_text(g, place_row(g, i - 1) + 9, y + 4, &style, text, (size_t)len);
    *before = y;
}

static void put_band(plot *g, uint32_t from)
{
    print_str(g->p, "<path d=\"");
    bool any = false;
    for (uint32_t side = 0; side < 2; side++) /* along the low ones, and back along the high ones */
        for (uint32_t k = from; k < g->data.n; k++) {
            uint32_t i = side ? g->data.n - 1 - (k - from) : k;
            double low = chart_value(&g->data, i, 0), middle = chart_value(&g->data, i, 1),
                   high = chart_value(&g->data, i, 2);
            double v = side ? (isnan(high) ? middle : high) : (isnan(low) ? middle : low);
            if (isnan(v))
                continue;
            print_str(g->p, any ? "L" : "M");
            put_coord(g->p, place_row(g, i));
            print_str(g->p, " ");
            put_coord(g->p, place_value(g, v));
            any = true;
        }
    print_str(g->p, any ? "Z\" fill=\"#9ecae1\" fill-opacity=\"0.6\"/>\n" : "\"/>\n");
}

/* The last row of history: the band opens there. */
static uint32_t fan_start(const chart_data *d)
{
    uint32_t i = 0;
    while (i < d->n && isnan(chart_value(d, i, 0)) && isnan(chart_value(d, i, 2)))
        i++;
    return i > 0 ? i - 1 : 0;
}

static void put_fan(plot *g)
{
    uint32_t start = fan_start(&g->data);
    double before = -100;
    put_band(g, start);
    put_polyline(g, 0, start, g->data.n, "#6baed6", false);
    put_polyline(g, 2, start, g->data.n, "#6baed6", false);
    put_polyline(g, 1, 0, start + 1, series_colour(0), false);
    put_polyline(g, 1, start, g->data.n, series_colour(0), true);
    put_dots(g, 0, "#6baed6");
    put_dots(g, 2, "#6baed6");
    put_dots(g, 1, series_colour(0));
    put_last(g, 2, &before);
    put_last(g, 1, &before);
    put_last(g, 0, &before);
}

static double put_fan_legend(plot *g)
{
    const char *names[] = { chart_series(&g->data, 2), chart_series(&g->data, 1), chart_series(&g->data, 0) };
    const char *colours[] = { "#6baed6", series_colour(0), "#9ecae1" };
    return put_legend(g, names, colours, 3);
}

static void choose_scale(plot *g)
{
    double low, high;
    chart_range(&g->data, &low, &high);
    if (low > 0 && low < 0.5 * high)
        low = 0;
    if (high < 0 && high > 0.5 * low)
        high = 0;
    g->scale = chart_scale_make(low, high, 5, g->p->options.locale);
}

void chart_lines(plot *g)
{
    bool fan = pagu_chart_get_kind(g->data.chart) == PAGU_CHART_FAN;
    double before = -100;
    choose_scale(g);
    g->upright = true;
    g->top += (fan ? put_fan_legend(g) : put_series_legend(g)) + 24;
    g->left = 64;
    g->right = CHART_WIDTH - 80;
    g->bottom = g->top + HEIGHT;
    g->height = g->bottom + 32;
    put_value_axis(g);
    put_axis_title(g, g->scale.low > 0 ? chart_word(g, "sumbu tidak mulai dari nol", "the axis doesn't start at zero")
                                       : "");
    put_labels(g);
    if (fan)
        put_fan(g);
    for (uint32_t s = 0; !fan && s < g->data.n_series; s++) {
        put_polyline(g, s, 0, g->data.n, series_colour(s), false);
        put_dots(g, s, series_colour(s));
        put_last(g, s, &before);
    }
}
