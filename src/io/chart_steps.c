/* chart_steps.c - a waterfall: lying bars, each from where the one above ended; rows of style TOTAL
 * are levels. Where the steps are small beside the levels, the axis doesn't start at zero and says so.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>

enum { LABELS = 300, NUMBERS = 110, LABEL_LINES = 2, BAND = 42 };
static const char *const colours[] = { "#0072b2", "#d55e00", "#5c5c5c" }; /* up, down, level */

typedef struct step {
    double from, to;
    bool known;
} step;

/* Where a row's bar begins and ends, after the level `running`. */
static step step_of(const chart_data *d, uint32_t row, double running)
{
    double v = chart_value(d, row, 0);
    if (d->rows[row].total)
        return (step){ 0, isnan(v) ? running : v, true };
    return isnan(v) ? (step){ running, running, false } : (step){ running, running + v, true };
}

static void level_range(const chart_data *d, double *low, double *high)
{
    double running = 0;
    bool any = false;
    *low = *high = 0;
    for (uint32_t i = 0; i < d->n; i++) {
        step s = step_of(d, i, running);
        double from = d->rows[i].total || i == 0 ? s.to : s.from;
        *low = any ? fmin(*low, fmin(from, s.to)) : fmin(from, s.to);
        *high = any ? fmax(*high, fmax(from, s.to)) : fmax(from, s.to);
        any = true;
        running = s.to;
    }
}

/* The scale; true if it was cut: all levels lie far from zero and close together. */
static bool choose_scale(plot *g)
{
    double low, high;
    level_range(&g->data, &low, &high);
    bool cut = low > 0 && g->data.rows[0].total && high - low < 0.4 * high && high > low;
    double room = (high - low) * 0.25;
    g->scale = cut ? chart_scale_make(low - room, high, 5, g->p->options.locale)
                   : chart_scale_make(fmin(0, low), fmax(0, high), 5, g->p->options.locale);
    return cut;
}

static void put_number(plot *g, uint32_t row, const step *s, double y)
{
    char text[400];
    double v = g->data.rows[row].total ? s->to : s->to - s->from;
    text[0] = '+';
    bool plus = !g->data.rows[row].total && v > 0;
    int len = chart_short_number(v, g->p->options.locale, false, text + plus, sizeof text - 1) + plus;
    text_style style = { .size = 12 };
    put_text(g, place_value(g, fmax(s->from, s->to)) + 5, y + BAND / 2.0 + 4, &style, text, (size_t)len);
}

static void put_step(plot *g, uint32_t row, const step *s, double y)
{
    bool total = g->data.rows[row].total;
    double from = fmax(s->from, g->scale.low);
    double a = place_value(g, fmin(from, s->to)), b = place_value(g, fmax(from, s->to));
    put_rect(g, a, y + 7, fmax(b - a, 1), BAND - 14, colours[total ? 2 : s->to < s->from]);
    put_tip(g, "rect", row, 0);
    put_number(g, row, s, y);
    if (row + 1 < g->data.n) {
        double end = place_value(g, s->to);
        put_line(g, end, y + BAND - 7, end, y + BAND + 7, "#808080", 1);
    }
}

static void put_label(plot *g, uint32_t row, double y)
{
    text_style style = { .size = CHART_TEXT, .anchor = ANCHOR_END, .bold = g->data.rows[row].total };
    const char *label = cell_for_people(g->p, g->data.rows[row].row, pagu_chart_label_column(g->data.chart));
    uint32_t lines = count_wrapped(LABELS, LABEL_LINES, CHART_TEXT, label);
    put_wrapped(g, g->left - 8, y + BAND / 2.0 + 5 - (lines - 1) * 8, LABELS, LABEL_LINES, &style, label);
}

void chart_waterfall(plot *g)
{
    const char *names[] = { chart_word(g, "Naik", "Up"), chart_word(g, "Turun", "Down"),
                            chart_word(g, "Jumlah", "Total") };
    bool cut = choose_scale(g);
    double running = 0;
    g->top += put_legend(g, names, colours, 3);
    g->left = LABELS + 10;
    g->right = CHART_WIDTH - NUMBERS;
    g->bottom = g->top + BAND * (double)g->data.n;
    g->height = g->bottom + 42;
    put_value_axis(g);
    put_axis_title(g, cut ? chart_word(g, "sumbu tidak mulai dari nol", "the axis doesn't start at zero") : "");
    for (uint32_t i = 0; i < g->data.n && keep_printing(g->p, i); i++) {
        step s = step_of(&g->data, i, running);
        double y = g->top + i * (double)BAND;
        put_label(g, i, y);
        if (s.known)
            put_step(g, i, &s, y);
        running = s.to;
    }
}
