/* chart_sunburst.c - rings around the total; the first ring is named beside the picture.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>

enum { CENTRE_X = 270, RADIUS = 262, HOLE = 66, DEEPEST = 4, LEGEND_X = 560 };

typedef struct rings {
    plot *g;
    chart_tree tree;
    double y;     /* of the centre */
    double thick; /* of a ring */
} rings;

static void put_point(const rings *r, double radius, double angle)
{
    put_coord(r->g->p, CENTRE_X + radius * sin(angle));
    print_str(r->g->p, " ");
    put_coord(r->g->p, r->y - radius * cos(angle));
}

static void put_arc(const rings *r, double radius, double angle, bool large, bool clockwise)
{
    printer *p = r->g->p;
    print_str(p, "A");
    put_coord(p, radius);
    print_str(p, " ");
    put_coord(p, radius);
    print_str(p, large ? " 0 1 " : " 0 0 ");
    print_str(p, clockwise ? "1 " : "0 ");
    put_point(r, radius, angle);
}

/* A segment of a ring. A whole ring would begin where it ends, so it stays a hair open. */
static void put_segment(const rings *r, double inner, double from, double to, const char *fill)
{
    printer *p = r->g->p;
    to = fmin(to, from + 6.2829);
    print_str(p, "<path stroke=\"#ffffff\" fill=\"");
    print_str(p, fill);
    print_str(p, "\" d=\"M");
    put_point(r, inner + r->thick, from);
    put_arc(r, inner + r->thick, to, to - from > M_PI, true);
    print_str(p, "L");
    put_point(r, inner, to);
    put_arc(r, inner, from, to - from > M_PI, false);
    print_str(p, "Z\"");
}

/* Along the radius, turned so that it never stands on its head. */
static void put_name(const rings *r, const tree_item *part, double inner, double from, double to, const char *ink)
{
    double middle = (from + to) / 2, at = inner + r->thick / 2, x = CENTRE_X + at * sin(middle),
           y = r->y - at * cos(middle);
    double turn = middle * 180 / M_PI - 90;
    const char *label = chart_part_label(r->g, part);
    bool whole = text_length(label, strlen(label), 11) <= r->thick - 10;
    if ((to - from) * at < 15 || (!whole && r->thick < 90))
        return;
    text_style style = { .size = 11, .anchor = ANCHOR_MIDDLE, .fill = ink, .turn = middle > M_PI ? turn + 180 : turn };
    put_wrapped(r->g, x, y + 4, r->thick - 10, 1, &style, label);
}

static void put_ring(rings *r, uint32_t node, uint32_t depth, double from, double to, const char *colour)
{
    uint32_t start = r->tree.n_items, n = chart_tree_parts(&r->tree, node);
    double total = 0, inner = HOLE + depth * r->thick;
    for (uint32_t i = 0; i < n; i++)
        total += r->tree.items[start + i].size;
    for (uint32_t i = 0; i < n && keep_printing(r->g->p, 1); i++) {
        tree_item part = r->tree.items[start + i];
        char mixed[8];
        double end = from + (to - from) * part.size / total;
        const char *hue = depth ? colour : series_colour(i);
        const char *fill = part.rest ? "#e8e8e8" : tint(hue, fmin(0.6, 0.22 * depth), mixed);
        total -= part.size;
        if (end - from > 0.002) {
            put_segment(r, inner, from, end, fill);
            put_part_tip(r->g, &r->tree, &part, "path");
            put_name(r, &part, inner, from, end, ink_on(fill));
            if (!part.rest && depth + 1 < DEEPEST)
                put_ring(r, part.row, depth + 1, from, end, hue);
        }
        from = end;
    }
    r->tree.n_items = start;
}

static void put_names(rings *r, uint32_t top)
{
    enum { MOST = 14 };
    char figure[500];
    uint32_t start = r->tree.n_items, n = chart_tree_parts(&r->tree, top);
    double y = r->g->top + 14;
    for (uint32_t i = 0; i < n && i < MOST; i++) {
        tree_item part = r->tree.items[start + i];
        text_style style = { .size = CHART_TEXT };
        put_rect(r->g, LEGEND_X, y - 11, 12, 12, part.rest ? "#e8e8e8" : series_colour(i));
        print_str(r->g->p, "/>\n");
        y += CHART_LINE *
             put_wrapped(r->g, LEGEND_X + 20, y, CHART_WIDTH - LEGEND_X - 24, 2, &style, chart_part_label(r->g, &part));
        style.fill = "#404040";
        int len = chart_part_figure(r->g, &r->tree, &part, figure, sizeof figure);
        put_text(r->g, LEGEND_X + 20, y, &style, figure, (size_t)len);
        y += CHART_LINE + 8;
    }
    r->tree.n_items = start;
}

void chart_sunburst(plot *g)
{
    rings r = { .g = g, .y = g->top + RADIUS + 4 };
    char text[400];
    if (!chart_tree_make(&r.tree, &g->data)) {
        note_code(g->p, PAGU_NO_MEMORY);
    } else {
        uint32_t top = chart_tree_top(&r.tree), levels = r.tree.depth - (top != PAGU_NO_ROW);
        levels = levels < 1 ? 1 : levels > DEEPEST ? DEEPEST : levels;
        r.thick = (RADIUS - HOLE) / (double)levels;
        put_ring(&r, top, 0, 0, 2 * M_PI, NULL);
        int len = chart_short_number(r.tree.total, g->p->options.locale, false, text, sizeof text);
        text_style style = { .size = 15, .anchor = ANCHOR_MIDDLE, .bold = true };
        put_text(g, CENTRE_X, r.y + 5, &style, text, (size_t)len);
        put_names(&r, top);
    }
    g->height = g->top + 2 * RADIUS + 10;
    chart_tree_free(&r.tree);
}
