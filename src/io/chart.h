/* chart.h - drawing a chart as SVG: its figures, its scale, a canvas, one function a kind.
 *
 * A picture is WIDTH wide and as high as its kind asks for. Coordinates are printed in hundredths
 * and rounded, so that the same figures give the same bytes.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CHART_H
#define PAGU_SRC_CHART_H

#include "io/render.h"

enum { CHART_WIDTH = 960, CHART_TEXT = 13, CHART_LINE = 16 };

/* ---- chart_data.c: the figures as doubles, for lengths and angles only ---- */

typedef struct chart_row {
    uint32_t row;    /* of the table */
    uint32_t parent; /* index of a chart_row; PAGU_NO_ROW: none */
    bool total;
    bool has_children;
} chart_row;

typedef struct chart_data {
    pagu_ctx *ctx;
    const pagu_chart *chart;
    const pagu_table *table;
    chart_row *rows;
    double *values; /* row after row; NAN: missing */
    uint32_t n, n_series, cap;
    uint32_t left_out; /* rows beyond what a picture holds */
    bool money;        /* all values are money */
    double unit;       /* of money: 10^decimals minor units */
} chart_data;

/* Rows of style TOTAL only belong to waterfalls. false: no memory. */
bool chart_data_read(chart_data *d, pagu_ctx *ctx, const pagu_chart *chart, int decimals);
void chart_data_free(chart_data *d);
static inline double chart_value(const chart_data *d, uint32_t row, uint32_t series)
{
    return d->values[(size_t)row * d->n_series + series];
}
/* Title of a value column without its group; with it when leaves repeat. */
const char *chart_series(const chart_data *d, uint32_t series);
/* Lowest and highest figure; 0 and 0 if there is none. */
void chart_range(const chart_data *d, double *low, double *high);

/* ---- chart_scale.c ---- */

typedef struct chart_scale {
    double low, high, step; /* low and high are multiples of step */
    double unit;            /* ticks are printed divided by this */
    const char *word;       /* "juta"; "" for 1 */
    int places;
} chart_scale;

/* A scale of about `ticks` round steps over low..high. */
chart_scale chart_scale_make(double low, double high, int ticks, pagu_locale locale);
uint32_t chart_scale_count(const chart_scale *s);
double chart_scale_tick(const chart_scale *s, uint32_t i);
int chart_scale_format(const chart_scale *s, double value, pagu_locale locale, char *out, size_t size);
/* "4,46 miliar", "88,28%": three digits and a word. */
int chart_short_number(double value, pagu_locale locale, bool percent, char *out, size_t size);

/* ---- chart_canvas.c ---- */

typedef enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } anchor;

typedef struct plot {
    printer *p;
    chart_data data;
    chart_scale scale;
    const char *id; /* prefix of ids, unique in the page */
    bool titled;    /* the title stands in the picture */
    bool upright;   /* values go up, not to the right */
    double left, top, right, bottom;
    double height;
} plot;

typedef struct text_style {
    double size;
    anchor anchor;
    const char *fill; /* NULL: dark */
    bool bold;
    double turn; /* degrees around its place */
} text_style;

void put_coord(printer *p, double x);
/* " name=\"12.5\"" */
void put_attribute(printer *p, const char *name, double x);
/* Text escaped for XML content and attributes; line feeds become blanks. */
void put_xml(printer *p, const char *s, size_t len);
void put_rect(plot *g, double x, double y, double width, double height, const char *fill);
void put_line(plot *g, double x1, double y1, double x2, double y2, const char *stroke, double width);
void put_text(plot *g, double x, double y, const text_style *style, const char *s, size_t len);
void put_string(plot *g, double x, double y, const text_style *style, const char *s);
/* Close an element with what a pointer over it shows: the row's label and its value as printed. */
void put_tip(plot *g, const char *element, uint32_t row, uint32_t series);
double text_length(const char *s, size_t len, double size);
/* Put up to `lines` lines that are at most `width` long, cut with an ellipsis; returns how many.
 * y is the first line's base line. */
uint32_t put_wrapped(plot *g, double x, double y, double width, uint32_t lines, const text_style *style, const char *s);
bool has_long_word(const char *s, double width, double size);
uint32_t count_wrapped(double width, uint32_t lines, double size, const char *s);
/* A colour that a reader with any colour vision tells from the others (Okabe and Ito 2008). */
const char *series_colour(uint32_t series);
/* Black or white, whichever reads on it. */
const char *ink_on(const char *colour);
/* The word in the language of the picture. */
const char *chart_word(const plot *g, const char *id, const char *en);

/* ---- chart_axis.c ---- */

/* Place of a value on the value axis. */
double place_value(const plot *g, double value);
void put_value_axis(plot *g);
void put_axis_title(plot *g, const char *note);
/* Swatches with names below the top; returns the height taken. */
double put_legend(plot *g, const char *const *names, const char *const *colours, uint32_t n);
double put_series_legend(plot *g);

/* ---- chart_tree.c: sizes of rows in a tree ---- */

/* A part of a node's size: a child, or what the children leave of the node's own figure. */
typedef struct tree_item {
    uint32_t row; /* of the chart; of the rest: the node's */
    bool rest;
    double size;
} tree_item;

typedef struct chart_tree {
    const chart_data *data;
    double *size;     /* by row: its figure, or its children's sum if that is larger; never negative */
    tree_item *items; /* room for one level's parts at a time, a stack */
    uint32_t n_items;
    double total;
    uint32_t depth; /* levels */
} chart_tree;

bool chart_tree_make(chart_tree *t, const chart_data *d);
void chart_tree_free(chart_tree *t);
/* Push the parts of a node (PAGU_NO_ROW: of the whole), largest first; returns how many. They are
 * the last of t->items until they are popped by lowering n_items. */
uint32_t chart_tree_parts(chart_tree *t, uint32_t row);
/* The node whose parts are the picture's colours: below a single root, the root. */
uint32_t chart_tree_top(const chart_tree *t);
/* "Program (62,3%)": what a pointer over a part shows; closes the element. */
void put_part_tip(plot *g, const chart_tree *t, const tree_item *part, const char *element);
const char *chart_part_label(plot *g, const tree_item *part);
/* "177 juta · 4,0%" */
int chart_part_figure(const plot *g, const chart_tree *t, const tree_item *part, char *out, size_t size);
/* A colour mixed with white: share 0 keeps it, 1 is white. */
const char *tint(const char *colour, double share, char out[8]);

/* ---- one function a kind: put everything below the title, set g->height ---- */

void chart_bars(plot *g);
void chart_waterfall(plot *g);
void chart_compare(plot *g);
void chart_lines(plot *g);
void chart_treemap(plot *g);
void chart_sunburst(plot *g);

/* ---- chart_svg.c ---- */

/* Print the picture; titled: with its title in it. */
void print_chart_svg(printer *p, const pagu_chart *c, const char *id, bool titled);

/* ---- chart_json.c: what the interactive chart is made of ---- */

void print_chart_json(printer *p, const pagu_chart *c);

#endif
