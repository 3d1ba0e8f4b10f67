/* chart_compare.c - target against achievement: a bar for what was achieved, a mark for the target,
 * both in numbers at the right. Money and rows of one unit share an axis; unlike units are each
 * measured in percent of their target.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>
#include <stdio.h>

enum { LABELS = 280, NUMBERS = 250, LABEL_LINES = 3, MOST_PERCENT = 150 };
static const char *const colours[] = { "#0072b2", "#d55e00" }; /* achievement, target */

static const char *unit_of(const plot *g, uint32_t row, uint32_t series)
{
    return pagu_table_get(g->data.table, g->data.rows[row].row, pagu_chart_value_column(g->data.chart, series)).unit;
}

/* true if every figure is in one unit, so that lengths compare. */
static bool has_one_unit(const plot *g)
{
    const char *first = NULL;
    for (uint32_t i = 0; i < g->data.n; i++)
        for (uint32_t s = 0; s < 2; s++) {
            if (isnan(chart_value(&g->data, i, s)))
                continue;
            const char *unit = unit_of(g, i, s);
            if (first && !str_eq(first, unit))
                return false;
            first = unit;
        }
    return true;
}

/* Figures on the common axis: as they are, or in percent of the target. NAN: none. */
static double figure(const plot *g, bool percent, uint32_t row, uint32_t series)
{
    double target = chart_value(&g->data, row, 0), v = chart_value(&g->data, row, series);
    if (!percent)
        return v;
    return isnan(target) || target == 0 ? NAN : 100 * v / target;
}

static void choose_scale(plot *g, bool percent)
{
    double low = 0, high = percent ? 100 : 0;
    for (uint32_t i = 0; i < g->data.n; i++)
        for (uint32_t s = 0; s < 2; s++) {
            double v = figure(g, percent, i, s);
            if (isnan(v))
                continue;
            low = fmin(low, percent ? fmax(v, -MOST_PERCENT) : v);
            high = fmax(high, percent ? fmin(v, MOST_PERCENT) : v);
        }
    g->scale = chart_scale_make(low, high, percent ? 4 : 5, g->p->options.locale);
}

/* "260 orang dari 312 orang (83,3%)" */
static void put_numbers(plot *g, uint32_t row, double y)
{
    char rate[400] = "";
    double target = chart_value(&g->data, row, 0), achieved = chart_value(&g->data, row, 1);
    uint32_t at = g->data.rows[row].row;
    pagu_text *text = pagu_text_new(g->p->ctx);
    text_style style = { .size = 12 };
    const char *cell = cell_for_people(g->p, at, pagu_chart_value_column(g->data.chart, 1));
    pagu_code code = text ? pagu_text_printf(text, "%s", *cell ? cell : "–") : PAGU_NO_MEMORY;
    cell = cell_for_people(g->p, at, pagu_chart_value_column(g->data.chart, 0));
    if (code == PAGU_OK)
        code = pagu_text_printf(text, " %s %s", chart_word(g, "dari", "of"), *cell ? cell : "–");
    if (code == PAGU_OK && !isnan(achieved) && !isnan(target) && target != 0) {
        chart_short_number(100 * achieved / target, g->p->options.locale, true, rate, sizeof rate);
        code = pagu_text_printf(text, " (%s)", rate);
    }
    if (code == PAGU_OK)
        put_wrapped(g, g->right + 10, y, NUMBERS - 10, 2, &style, pagu_text_data(text));
    note_code(g->p, code);
    pagu_text_free(text);
}

static void put_row(plot *g, bool percent, uint32_t row, double y, double band)
{
    double target = figure(g, percent, row, 0), achieved = figure(g, percent, row, 1), zero = place_value(g, 0);
    if (!isnan(achieved)) {
        double shown = fmax(g->scale.low, fmin(g->scale.high, achieved)), end = place_value(g, shown);
        put_rect(g, fmin(zero, end), y + band / 2 - 8, fmax(fabs(end - zero), 1), 16, colours[0]);
        put_tip(g, "rect", row, 1);
    }
    if (!isnan(target)) {
        put_rect(g, place_value(g, target) - 1.5, y + band / 2 - 12, 3, 24, colours[1]);
        put_tip(g, "rect", row, 0);
    }
    put_numbers(g, row, y + band / 2 + 4);
}

static double put_label(plot *g, uint32_t row, double y, double band)
{
    text_style style = { .size = CHART_TEXT, .anchor = ANCHOR_END };
    const char *label = cell_for_people(g->p, g->data.rows[row].row, pagu_chart_label_column(g->data.chart));
    uint32_t lines = count_wrapped(LABELS, LABEL_LINES, CHART_TEXT, label);
    return put_wrapped(g, g->left - 8, y + band / 2 + 5 - (lines - 1) * 8, LABELS, LABEL_LINES, &style, label);
}

static double band_size(plot *g)
{
    uint32_t most = 1;
    for (uint32_t i = 0; i < g->data.n; i++) {
        const char *label = cell_for_people(g->p, g->data.rows[i].row, pagu_chart_label_column(g->data.chart));
        uint32_t lines = count_wrapped(LABELS, LABEL_LINES, CHART_TEXT, label);
        most = lines > most ? lines : most;
    }
    return fmax(34, most * CHART_LINE + 8);
}

void chart_compare(plot *g)
{
    const char *names[] = { chart_series(&g->data, 1), chart_series(&g->data, 0) };
    bool percent = !g->data.money && !has_one_unit(g);
    double band = band_size(g);
    choose_scale(g, percent);
    g->top += put_legend(g, names, colours, 2);
    g->left = LABELS + 10;
    g->right = CHART_WIDTH - NUMBERS;
    g->bottom = g->top + band * g->data.n;
    g->height = g->bottom + 42;
    put_value_axis(g);
    put_axis_title(g, percent ? chart_word(g, "% dari target", "% of target") : "");
    for (uint32_t i = 0; i < g->data.n && keep_printing(g->p, i); i++) {
        double y = g->top + i * band;
        put_label(g, i, y, band);
        put_row(g, percent, i, y, band);
    }
}
