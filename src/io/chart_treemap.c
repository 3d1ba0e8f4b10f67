/* chart_treemap.c - areas in a rectangle: squarified (Bruls, Huizing and van Wijk 2000), nested, with
 * a strip for the name of a node that shows its parts.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>
#include <stdio.h>

enum { HEIGHT = 520, STRIP = 20, DEEPEST = 3 };

typedef struct box {
    double x, y, width, height;
} box;

typedef struct map {
    plot *g;
    chart_tree tree;
} map;

static void put_part(map *m, const tree_item *part, box b, uint32_t depth, const char *colour);

/* The worst ratio of sides of parts n of `sum` in a row along a side of length `side`. */
static double worst_ratio(const tree_item *parts, uint32_t n, double sum, double side, double scale)
{
    double area = sum * scale, most = parts[0].size * scale, least = parts[n - 1].size * scale;
    return fmax(side * side * most / (area * area), area * area / (side * side * least));
}

/* Put parts along the shorter side of the box; returns what is left of it. */
static box put_run(map *m, const tree_item *parts, uint32_t n, double sum, box b, double scale, uint32_t depth,
                   const char *colour)
{
    bool tall = b.height <= b.width; /* the run stands at the left */
    double side = tall ? b.height : b.width, thick = sum * scale / side, at = 0;
    for (uint32_t i = 0; i < n; i++) {
        double length = parts[i].size * scale / thick;
        box part = tall ? (box){ b.x, b.y + at, thick, length } : (box){ b.x + at, b.y, length, thick };
        put_part(m, &parts[i], part, depth, colour);
        at += length;
    }
    return tall ? (box){ b.x + thick, b.y, b.width - thick, b.height }
                : (box){ b.x, b.y + thick, b.width, b.height - thick };
}

static void put_parts(map *m, uint32_t node, box b, uint32_t depth, const char *colour)
{
    uint32_t start = m->tree.n_items, n = chart_tree_parts(&m->tree, node);
    const tree_item *parts = m->tree.items + start;
    double total = 0;
    for (uint32_t i = 0; i < n; i++)
        total += parts[i].size;
    double scale = total > 0 ? b.width * b.height / total : 0;
    for (uint32_t i = 0; i < n && b.width > 1 && b.height > 1;) {
        double side = fmin(b.width, b.height), sum = parts[i].size;
        double ratio = worst_ratio(parts + i, 1, sum, side, scale);
        uint32_t run = 1;
        while (i + run < n) {
            double next = worst_ratio(parts + i, run + 1, sum + parts[i + run].size, side, scale);
            if (next > ratio)
                break;
            ratio = next;
            sum += parts[i + run++].size;
        }
        b = put_run(m, parts + i, run, sum, b, scale, depth, colour);
        i += run;
    }
    m->tree.n_items = start;
}

/* Name and figure, as many lines as fit. */
static void put_texts(map *m, const tree_item *part, box b, const char *ink)
{
    char figure[500];
    double size = b.width > 150 && b.height > 60 ? CHART_TEXT : 11, line = size + 3;
    if (b.width < 44 || b.height < line + 4)
        return;
    uint32_t lines = (uint32_t)((b.height - 6) / line);
    text_style style = { .size = size, .fill = ink };
    int len = chart_part_figure(m->g, &m->tree, part, figure, sizeof figure);
    bool both = lines >= 2 && text_length(figure, (size_t)len, size) <= b.width - 8;
    double y = b.y + size + 3;
    const char *label = chart_part_label(m->g, part);
    uint32_t room = has_long_word(label, b.width - 9, size) ? 1 : both ? lines - 1 : lines;
    uint32_t n = put_wrapped(m->g, b.x + 5, y, b.width - 9, room, &style, label);
    style.bold = true;
    if (both && (style.size = size - 1) > 0)
        put_text(m->g, b.x + 5, y + n * line, &style, figure, (size_t)len);
}

static void put_strip(map *m, const tree_item *part, box b, const char *ink)
{
    char figure[500];
    text_style style = { .size = 12, .fill = ink, .bold = true };
    int len = chart_part_figure(m->g, &m->tree, part, figure, sizeof figure);
    double length = text_length(figure, (size_t)len, 12) * 1.13 + 14;
    bool both = b.width > length + 100;
    put_wrapped(m->g, b.x + 5, b.y + 14, b.width - 10 - (both ? length : 0), 1, &style, chart_part_label(m->g, part));
    style.anchor = ANCHOR_END;
    if (both)
        put_text(m->g, b.x + b.width - 6, b.y + 14, &style, figure, (size_t)len);
}

static bool is_split(const map *m, const tree_item *part, box b, uint32_t depth)
{
    return !part->rest && m->g->data.rows[part->row].has_children && depth < DEEPEST && b.width > 70 && b.height > 56;
}

static void put_part(map *m, const tree_item *part, box b, uint32_t depth, const char *colour)
{
    char mixed[8];
    plot *g = m->g;
    if (b.width < 1 || b.height < 1 || !keep_printing(g->p, 1))
        return;
    bool split = is_split(m, part, b, depth);
    const char *fill =
        depth ? colour : series_colour((uint32_t)(part - m->tree.items)); /* by place: neighbours differ */
    const char *shown = part->rest ? "#e8e8e8" : tint(fill, depth == 0 ? 0 : split ? 0.3 : 0.62, mixed);
    put_rect(g, b.x, b.y, b.width, b.height, shown);
    print_str(g->p, " stroke=\"#ffffff\"");
    put_part_tip(g, &m->tree, part, "rect");
    if (split) {
        put_strip(m, part, b, ink_on(shown));
        put_parts(m, part->row, (box){ b.x + 3, b.y + STRIP, b.width - 6, b.height - STRIP - 3 }, depth + 1, fill);
    } else {
        put_texts(m, part, b, ink_on(shown));
    }
}

void chart_treemap(plot *g)
{
    map m = { .g = g };
    if (!chart_tree_make(&m.tree, &g->data))
        note_code(g->p, PAGU_NO_MEMORY);
    else
        put_parts(&m, chart_tree_top(&m.tree), (box){ 0, g->top, CHART_WIDTH, HEIGHT }, 0, NULL);
    g->height = g->top + HEIGHT;
    chart_tree_free(&m.tree);
}
