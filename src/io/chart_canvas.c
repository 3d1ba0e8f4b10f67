/* chart_canvas.c - shapes and texts of SVG. Widths of texts are estimated for the wider of the
 * usual sans-serif fonts, so that a label that fits here fits with any of them.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

static const char *const palette[] = { "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00",
                                       "#f0e442", "#5c5c5c", "#882255", "#44aa99", "#999933", "#aa4499" };

const char *series_colour(uint32_t series)
{
    return palette[series % COUNT_OF(palette)];
}

/* Relative luminance of sRGB (WCAG 2.1), near enough with a square for the gamma. */
const char *ink_on(const char *colour)
{
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    double r = (double)((rgb >> 16) & 255) / 255, g = (double)((rgb >> 8) & 255) / 255, b = (double)(rgb & 255) / 255;
    return 0.2126 * r * r + 0.7152 * g * g + 0.0722 * b * b > 0.18 ? "#1a1a1a" : "#ffffff";
}

const char *chart_word(const plot *g, const char *id, const char *en)
{
    return g->p->english ? en : id;
}

/* ---- bytes ---- */

void put_coord(printer *p, double x)
{
    char text[32];
    long long hundredths = isfinite(x) ? llround(fmax(-1e9, fmin(1e9, x)) * 100) : 0;
    long long whole = llabs(hundredths) / 100, rest = llabs(hundredths) % 100;
    int len = snprintf(text, sizeof text, "%s%lld", hundredths < 0 ? "-" : "", whole);
    if (rest)
        len += snprintf(text + len, sizeof text - (size_t)len, rest % 10 ? ".%02lld" : ".%lld",
                        rest % 10 ? rest : rest / 10);
    print_bytes(p, text, (size_t)len);
}

void put_attribute(printer *p, const char *name, double x)
{
    print_str(p, " ");
    print_str(p, name);
    print_str(p, "=\"");
    put_coord(p, x);
    print_str(p, "\"");
}

static const char *entity(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\n': return " ";
    default: return NULL;
    }
}

void put_xml(printer *p, const char *s, size_t len)
{
    pagu_text *safe = pagu_text_new(p->ctx);
    if (!safe) {
        note_code(p, PAGU_NO_MEMORY);
        return;
    }
    for (size_t i = 0; i < len;) { /* line feeds are kept from the escapes of control characters */
        size_t n = 0;
        while (i + n < len && s[i + n] != '\n')
            n++;
        append_escaped(p, safe, s + i, n);
        if (i + n < len)
            note_code(p, pagu_text_append(safe, "\n", 1));
        i += n + 1;
    }
    const char *from = pagu_text_data(safe), *at = from;
    for (; *at; at++) {
        const char *e = entity(*at);
        if (!e)
            continue;
        print_bytes(p, from, (size_t)(at - from));
        print_str(p, e);
        from = at + 1;
    }
    print_bytes(p, from, (size_t)(at - from));
    pagu_text_free(safe);
}

/* ---- shapes ---- */

void put_rect(plot *g, double x, double y, double width, double height, const char *fill)
{
    print_str(g->p, "<rect");
    put_attribute(g->p, "x", x);
    put_attribute(g->p, "y", y);
    put_attribute(g->p, "width", fmax(0, width));
    put_attribute(g->p, "height", fmax(0, height));
    print_str(g->p, " fill=\"");
    print_str(g->p, fill);
    print_str(g->p, "\"");
}

void put_line(plot *g, double x1, double y1, double x2, double y2, const char *stroke, double width)
{
    print_str(g->p, "<line");
    put_attribute(g->p, "x1", x1);
    put_attribute(g->p, "y1", y1);
    put_attribute(g->p, "x2", x2);
    put_attribute(g->p, "y2", y2);
    print_str(g->p, " stroke=\"");
    print_str(g->p, stroke);
    print_str(g->p, "\"");
    put_attribute(g->p, "stroke-width", width);
    print_str(g->p, "/>\n");
}

void put_tip(plot *g, const char *element, uint32_t row, uint32_t series)
{
    const chart_data *d = &g->data;
    uint32_t at = d->rows[row].row, label = pagu_chart_label_column(d->chart);
    const char *text = cell_for_people(g->p, at, label);
    print_str(g->p, "><title>");
    put_xml(g->p, text, strlen(text));
    print_str(g->p, " · ");
    text = chart_series(d, series);
    put_xml(g->p, text, strlen(text));
    print_str(g->p, ": ");
    text = cell_for_people(g->p, at, pagu_chart_value_column(d->chart, series));
    put_xml(g->p, text, strlen(text));
    print_str(g->p, "</title></");
    print_str(g->p, element);
    print_str(g->p, ">\n");
}

/* ---- texts ---- */

static double char_length(int32_t c)
{
    if (c < 0x80 && strchr("iljI.,:;'|! ()[]-ftr", (int)c))
        return c == '-' || c == 'f' || c == 't' || c == 'r' ? 0.41 : 0.34;
    if (c < 0x80 && strchr("mwMW%@", (int)c))
        return 0.95;
    if (c >= 'A' && c <= 'Z')
        return 0.7;
    if (c >= '0' && c <= '9')
        return 0.637;
    int width = c < 0 ? 1 : utf8proc_charwidth(c);
    return c < 0x80 ? 0.61 : width <= 0 ? 0 : 0.65 * width;
}

double text_length(const char *s, size_t len, double size)
{
    const char *end = s + len;
    double length = 0;
    for (size_t n; s < end; s += n)
        length += char_length(char_at(s, end, &n));
    return length * size;
}

static const char *const anchors[] = { "start", "middle", "end" };

static void open_text(plot *g, double x, double y, const text_style *style)
{
    print_str(g->p, "<text");
    put_attribute(g->p, "x", x);
    put_attribute(g->p, "y", y);
    if (style->size != CHART_TEXT)
        put_attribute(g->p, "font-size", style->size);
    if (style->anchor != ANCHOR_START) {
        print_str(g->p, " text-anchor=\"");
        print_str(g->p, anchors[style->anchor]);
        print_str(g->p, "\"");
    }
    if (style->bold)
        print_str(g->p, " font-weight=\"bold\"");
    if (style->fill) {
        print_str(g->p, " fill=\"");
        print_str(g->p, style->fill);
        print_str(g->p, "\"");
    }
    if (style->turn != 0) {
        print_str(g->p, " transform=\"rotate(");
        put_coord(g->p, style->turn);
        print_str(g->p, " ");
        put_coord(g->p, x);
        print_str(g->p, " ");
        put_coord(g->p, y);
        print_str(g->p, ")\"");
    }
    print_str(g->p, ">");
}

static void put_cut(plot *g, double x, double y, const text_style *style, const char *s, size_t len, bool cut)
{
    open_text(g, x, y, style);
    put_xml(g->p, s, len);
    print_str(g->p, cut ? "…</text>\n" : "</text>\n");
}

void put_text(plot *g, double x, double y, const text_style *style, const char *s, size_t len)
{
    put_cut(g, x, y, style, s, len, false);
}

void put_string(plot *g, double x, double y, const text_style *style, const char *s)
{
    put_cut(g, x, y, style, s, strlen(s), false);
}

/* Bytes of s that fit in `width`; whole words if there are any, else whole characters. */
static size_t fit(const char *s, double width, double size, bool words)
{
    const char *end = s + strlen(s), *p = s;
    double used = 0;
    size_t blank = 0, n;
    for (; p < end; p += n) {
        double length = char_length(char_at(p, end, &n)) * size;
        if (used + length > width && p > s)
            break;
        if (*p == ' ' || *p == '\n')
            blank = (size_t)(p - s);
        used += length;
    }
    bool whole = p == end || *p == ' ' || *p == '\n';
    return words && blank && !whole ? blank : (size_t)(p - s);
}

/* Bold letters are wider. */
static double letter_size(const text_style *style)
{
    return style->bold ? style->size * 1.13 : style->size;
}

bool has_long_word(const char *s, double width, double size)
{
    while (*s) {
        size_t len = strcspn(s, " \n");
        if (text_length(s, len, size) > width)
            return true;
        s += len + strspn(s + len, " \n");
    }
    return false;
}

/* Walk over the lines; draw: put them too. */
static uint32_t wrap(plot *g, double x, double y, double width, uint32_t lines, const text_style *style, const char *s,
                     bool draw)
{
    uint32_t n = 0;
    while (*s == ' ' || *s == '\n')
        s++;
    while (*s && n < lines) {
        size_t len = fit(s, width, letter_size(style), true);
        bool cut = n + 1 == lines && s[len];
        if (cut)
            len = fit(s, width - style->size, letter_size(style), false);
        if (draw)
            put_cut(g, x, y + n * (style->size + 3), style, s, len, cut);
        s += len;
        while (*s == ' ' || *s == '\n')
            s++;
        n++;
    }
    return n;
}

uint32_t put_wrapped(plot *g, double x, double y, double width, uint32_t lines, const text_style *style, const char *s)
{
    return wrap(g, x, y, width, lines, style, s, true);
}

uint32_t count_wrapped(double width, uint32_t lines, double size, const char *s)
{
    text_style style = { .size = size };
    return wrap(NULL, 0, 0, width, lines, &style, s, false);
}
