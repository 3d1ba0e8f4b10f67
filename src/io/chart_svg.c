/* chart_svg.c - a chart as an SVG picture: frame, title, description.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include "base/table.h"
#include "base/text.h"

#include <math.h>

/* Text of the label column as people read it. Valid until the next cell. */
static const char *label_of(plot *g, uint32_t row)
{
    return cell_for_people(g->p, g->data.rows[row].row, pagu_chart_label_column(g->data.chart));
}

static void put_figure(plot *g, uint32_t row, uint32_t series)
{
    const char *text = label_of(g, row);
    put_xml(g->p, text, strlen(text));
    print_str(g->p, " ");
    text = cell_for_people(g->p, g->data.rows[row].row, pagu_chart_value_column(g->data.chart, series));
    put_xml(g->p, *text ? text : "–", strlen(*text ? text : "–"));
}

/* The first figures in words, for readers who hear the picture. */
static void put_description(plot *g)
{
    enum { SPOKEN = 12 };
    static const char *const kinds[][2] = {
        { "Bagan batang", "Bar chart" },     { "Bagan batang bertumpuk", "Stacked bar chart" },
        { "Bagan garis", "Line chart" },     { "Bagan kipas", "Fan chart" },
        { "Bagan air terjun", "Waterfall" }, { "Peta petak", "Treemap" },
        { "Bagan cincin", "Sunburst" },      { "Target dan capaian", "Target and achievement" },
    };
    const char *const *kind = kinds[pagu_chart_get_kind(g->data.chart)];
    print_str(g->p, "<desc id=\"");
    print_str(g->p, g->id);
    print_str(g->p, "-d\">");
    print_str(g->p, chart_word(g, kind[0], kind[1]));
    for (uint32_t s = 0; s < g->data.n_series; s++) {
        const char *name = chart_series(&g->data, s);
        print_str(g->p, ". ");
        put_xml(g->p, name, strlen(name));
        for (uint32_t i = 0; i < g->data.n && i < SPOKEN; i++) {
            print_str(g->p, i ? "; " : ": ");
            put_figure(g, i, s);
        }
        if (g->data.n > SPOKEN)
            print_str(g->p, "; …");
    }
    print_str(g->p, ".</desc>\n");
}

static void put_head(plot *g)
{
    const char *title = pagu_chart_title(g->data.chart);
    print_str(g->p, "<title id=\"");
    print_str(g->p, g->id);
    print_str(g->p, "-t\">");
    put_xml(g->p, title, strlen(title));
    print_str(g->p, "</title>\n");
    put_description(g);
    if (g->titled && *title) {
        text_style style = { .size = 17, .bold = true };
        g->top = 10 + 20 * put_wrapped(g, 0, 18, CHART_WIDTH, 3, &style, title);
    }
}

static void put_empty(plot *g)
{
    text_style style = { .size = CHART_TEXT, .fill = "#404040" };
    put_string(g, 0, g->top + 20, &style, chart_word(g, "Tidak ada angka untuk digambar.", "No figures to draw."));
    g->height = g->top + 32;
}

static void put_left_out(plot *g)
{
    text_style style = { .size = 12, .fill = "#404040" };
    pagu_text *note = pagu_text_new(g->p->ctx);
    if (!note || pagu_text_printf(note, "%u %s", g->data.left_out,
                                  chart_word(g, "baris lagi tidak digambar.", "more rows are not drawn.")) != PAGU_OK)
        note_code(g->p, PAGU_NO_MEMORY);
    else
        put_string(g, 0, g->height + 14, &style, pagu_text_data(note));
    pagu_text_free(note);
    g->height += 22;
}

static bool has_figures(const chart_data *d)
{
    for (size_t i = 0; i < (size_t)d->n * d->n_series; i++)
        if (!isnan(d->values[i]))
            return true;
    return false;
}

static void draw(plot *g)
{
    static void (*const kinds[])(plot *) = {
        [PAGU_CHART_BAR] = chart_bars,
        [PAGU_CHART_STACKED] = chart_bars,
        [PAGU_CHART_LINE] = chart_lines,
        [PAGU_CHART_FAN] = chart_lines,
        [PAGU_CHART_WATERFALL] = chart_waterfall,
        [PAGU_CHART_TREEMAP] = chart_treemap,
        [PAGU_CHART_SUNBURST] = chart_sunburst,
        [PAGU_CHART_COMPARE] = chart_compare,
    };
    put_head(g);
    if (has_figures(&g->data))
        kinds[pagu_chart_get_kind(g->data.chart)](g);
    else
        put_empty(g);
    if (g->data.left_out)
        put_left_out(g);
}

/* The height is known when all is drawn, so the body is printed aside first. */
static void put_frame(printer *p, const plot *g, const pagu_text *body)
{
    print_str(p, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    put_coord(p, CHART_WIDTH);
    print_str(p, " ");
    put_coord(p, g->height);
    print_str(p, "\" role=\"img\" aria-labelledby=\"");
    print_str(p, g->id);
    print_str(p, "-t ");
    print_str(p, g->id);
    print_str(p, "-d\" font-family=\"Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif\" font-size=\"");
    put_coord(p, CHART_TEXT);
    print_str(p, "\" fill=\"#1a1a1a\">\n");
    print_bytes(p, pagu_text_data(body), pagu_text_len(body));
    print_str(p, "</svg>\n");
}

void print_chart_svg(printer *p, const pagu_chart *c, const char *id, bool titled)
{
    plot g = { .p = p, .id = id, .titled = titled, .right = CHART_WIDTH, .top = 4 };
    pagu_text *out = p->out, *body = pagu_text_new(p->ctx);
    take_table(p, pagu_chart_table(c));
    if (body && chart_data_read(&g.data, p->ctx, c, p->decimals)) {
        p->out = body;
        draw(&g);
        p->out = out;
        put_frame(p, &g, body);
    } else {
        note_code(p, PAGU_NO_MEMORY);
    }
    if (body)
        chart_data_free(&g.data);
    pagu_text_free(body);
}

static void render_chart(printer *p)
{
    print_chart_svg(p, p->chart, "chart", true);
}

pagu_code pagu_chart_svg(const pagu_chart *c, const pagu_render_options *options, pagu_text *out, pagu_error *err)
{
    printer p = { .chart = c, .out = out, .ctx = table_ctx(pagu_chart_table(c)) };
    return run_printer(&p, options, render_chart, err);
}
