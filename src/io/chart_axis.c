/* chart_axis.c - the value axis, its grid and title, and the legend.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <stdio.h>

double place_value(const plot *g, double value)
{
    double share = (value - g->scale.low) / (g->scale.high - g->scale.low);
    return g->upright ? g->bottom - share * (g->bottom - g->top) : g->left + share * (g->right - g->left);
}

static void put_tick(plot *g, double value)
{
    char text[400];
    double at = place_value(g, value);
    bool zero = value > -g->scale.step / 2 && value < g->scale.step / 2;
    const char *stroke = zero ? "#595959" : "#dddddd";
    int len = chart_scale_format(&g->scale, value, g->p->options.locale, text, sizeof text);
    text_style style = { .size = 12, .anchor = g->upright ? ANCHOR_END : ANCHOR_MIDDLE, .fill = "#404040" };
    if (g->upright) {
        put_line(g, g->left, at, g->right, at, stroke, 1);
        put_text(g, g->left - 6, at + 4, &style, text, (size_t)len);
    } else {
        put_line(g, at, g->top, at, g->bottom, stroke, 1);
        put_text(g, at, g->bottom + 16, &style, text, (size_t)len);
    }
}

void put_value_axis(plot *g)
{
    for (uint32_t i = 0; i < chart_scale_count(&g->scale); i++)
        put_tick(g, chart_scale_tick(&g->scale, i));
}

/* "Rp miliar" for money, "ribu orang" for other units. */
static int unit_text(const plot *g, const char *note, char *out, size_t size)
{
    const char *unit = pagu_chart_unit(g->data.chart), *word = g->scale.word;
    const char *first = g->data.money ? unit : word, *second = g->data.money ? word : unit;
    return snprintf(out, size, "%s%s%s%s%s", first, *first && *second ? " " : "", second,
                    *note && (*first || *second) ? " · " : "", note);
}

void put_axis_title(plot *g, const char *note)
{
    char text[200];
    int len = unit_text(g, note, text, sizeof text);
    if (len <= 0)
        return;
    text_style style = { .size = 12, .fill = "#404040" };
    if (g->upright) {
        put_string(g, g->left - 50 > 4 ? 4 : g->left, g->top - 10, &style, text);
    } else {
        style.anchor = ANCHOR_END;
        put_string(g, g->right, g->bottom + 34, &style, text);
    }
}

double put_legend(plot *g, const char *const *names, const char *const *colours, uint32_t n)
{
    double x = 0, y = g->top;
    text_style style = { .size = CHART_TEXT };
    for (uint32_t i = 0; i < n; i++) {
        double length = text_length(names[i], strlen(names[i]), CHART_TEXT);
        length = length > CHART_WIDTH - 40 ? CHART_WIDTH - 40 : length;
        if (x > 0 && x + 20 + length > CHART_WIDTH) {
            x = 0;
            y += 20;
        }
        put_rect(g, x, y + 2, 12, 12, colours[i]);
        print_str(g->p, "/>\n");
        put_wrapped(g, x + 18, y + 13, CHART_WIDTH - 40, 1, &style, names[i]);
        x += 18 + length + 22;
    }
    return y - g->top + 26;
}

double put_series_legend(plot *g)
{
    enum { MOST = 16 };
    const char *names[MOST], *colours[MOST];
    uint32_t n = g->data.n_series < MOST ? g->data.n_series : MOST;
    for (uint32_t i = 0; i < n; i++) {
        names[i] = chart_series(&g->data, i);
        colours[i] = series_colour(i);
    }
    return n > 1 ? put_legend(g, names, colours, n) : 0;
}
