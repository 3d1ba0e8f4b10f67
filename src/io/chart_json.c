/* chart_json.c - a chart's figures for the interactive one: numbers for lengths, and the texts that
 * stand for them. Characters that hide or turn text are escaped as everywhere.
 * SPDX-License-Identifier: MIT */
#include "io/chart.h"

#include "base/text.h"

#include <math.h>

static void put_safe(printer *p, const char *s)
{
    pagu_text *safe = pagu_text_new(p->ctx);
    if (!safe) {
        note_code(p, PAGU_NO_MEMORY);
        return;
    }
    for (;; s++) {
        size_t len = strcspn(s, "\n");
        append_escaped(p, safe, s, len);
        s += len;
        if (!*s)
            break;
        note_code(p, pagu_text_append(safe, " ", 1));
    }
    json_string(p, pagu_text_data(safe));
    pagu_text_free(safe);
}

static void put_key(printer *p, const char *name, const char *value)
{
    print_str(p, ",\"");
    print_str(p, name);
    print_str(p, "\":");
    put_safe(p, value);
}

static void put_rows(printer *p, const chart_data *d)
{
    uint32_t label = pagu_chart_label_column(d->chart);
    print_str(p, ",\"labels\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        print_str(p, i ? "," : "");
        put_safe(p, cell_for_people(p, d->rows[i].row, label));
    }
    print_str(p, "],\"parents\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        print_str(p, i ? "," : "");
        if (d->rows[i].parent == PAGU_NO_ROW)
            print_str(p, "null");
        else
            print_plain_money(p, d->rows[i].parent, 0);
    }
    print_str(p, "],\"totals\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        print_str(p, i ? "," : "");
        print_str(p, d->rows[i].total ? "true" : "false");
    }
    print_str(p, "]");
}

static void put_series(printer *p, const chart_data *d, uint32_t s)
{
    print_str(p, s ? ",\n{\"name\":" : "\n{\"name\":");
    put_safe(p, chart_series(d, s));
    print_str(p, ",\"values\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        double v = chart_value(d, i, s);
        print_str(p, i ? "," : "");
        if (isnan(v))
            print_str(p, "null");
        else
            print_plain_number(p, v);
    }
    print_str(p, "],\"texts\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        print_str(p, i ? "," : "");
        put_safe(p, cell_for_people(p, d->rows[i].row, pagu_chart_value_column(d->chart, s)));
    }
    print_str(p, "],\"units\":[");
    for (uint32_t i = 0; i < d->n; i++) {
        print_str(p, i ? "," : "");
        put_safe(p, pagu_table_get(d->table, d->rows[i].row, pagu_chart_value_column(d->chart, s)).unit);
    }
    print_str(p, "]}");
}

void print_chart_json(printer *p, const pagu_chart *c)
{
    chart_data d;
    take_table(p, pagu_chart_table(c));
    if (!chart_data_read(&d, p->ctx, c, p->decimals)) {
        note_code(p, PAGU_NO_MEMORY);
        chart_data_free(&d);
        return;
    }
    print_str(p, "<script type=\"application/json\">{\"kind\":\"");
    print_str(p, pagu_chart_kind_name(pagu_chart_get_kind(c)));
    print_str(p, "\",\"lang\":\"");
    print_str(p, p->english ? "en" : "id");
    print_str(p, d.money ? "\",\"money\":true" : "\",\"money\":false");
    put_key(p, "title", pagu_chart_title(c));
    put_key(p, "unit", pagu_chart_unit(c));
    put_rows(p, &d);
    print_str(p, ",\"series\":[");
    for (uint32_t s = 0; s < d.n_series; s++)
        put_series(p, &d, s);
    print_str(p, "]}</script>\n");
    chart_data_free(&d);
}
