/* explain_json.c - an explanation as JSON: the tree that its column depth stands for.
 * SPDX-License-Identifier: MIT */
#include "base/table.h"
#include "io/render.h"

typedef struct explained {
    printer p; /* first: the renderer gets it */
    const char *key, *field, *period;
} explained;

/* Rows of an explanation are indented by their depth. */
static uint32_t depth_of(const printer *p, uint32_t row)
{
    return pagu_table_row_indent(p->table, row);
}

static void break_line(printer *p, uint32_t depth)
{
    print_str(p, "\n");
    for (uint32_t i = 0; i < depth + 1; i++)
        print_str(p, " ");
}

/* The cells that a row has; depth is the place in the tree. */
static void print_members(printer *p, uint32_t row)
{
    bool first = true;
    for (uint32_t col = 1; col < pagu_table_column_count(p->table); col++) {
        pagu_table_cell c = pagu_table_get(p->table, row, col);
        if (c.state == PAGU_MISSING)
            continue;
        print_str(p, first ? "" : ",");
        json_string(p, pagu_table_column_name(p->table, col));
        print_str(p, ":");
        json_value(p, pagu_table_column_type(p->table, col), &c);
        first = false;
    }
}

/* The nodes from `row` on that stand at one depth; returns the row behind them. */
static uint32_t print_nodes(printer *p, uint32_t row, uint32_t depth)
{
    uint32_t n = pagu_table_row_count(p->table);
    print_str(p, "[");
    for (bool first = true; row < n && depth_of(p, row) >= depth && keep_printing(p, row); first = false) {
        print_str(p, first ? "" : ",");
        break_line(p, depth);
        print_str(p, "{");
        print_members(p, row++);
        if (row < n && depth_of(p, row) > depth) {
            print_str(p, ",\"because\":");
            row = print_nodes(p, row, depth + 1);
        }
        print_str(p, "}");
    }
    print_str(p, "]");
    return row;
}

static void print_stamp(printer *p)
{
    const char *key, *value;
    print_str(p, ",\n\"stamp\":{");
    for (uint32_t i = 0; i < pagu_table_stamp_count(p->table); i++) {
        pagu_table_stamp(p->table, i, &key, &value);
        json_stamp_entry(p, i == 0, key, value);
    }
    print_str(p, "}");
}

static void render_explanation(printer *p)
{
    const explained *e = (const explained *)(const void *)p;
    print_str(p, "{\"explain\":1,\"key\":");
    json_string(p, e->key);
    print_str(p, ",\"field\":");
    json_string(p, e->field);
    print_str(p, ",\"period\":");
    json_string(p, e->period);
    print_str(p, ",\n\"tree\":");
    print_nodes(p, 0, 0);
    if (pagu_table_note_count(p->table))
        json_notes(p);
    if (p->options.stamp && pagu_table_stamp_count(p->table))
        print_stamp(p);
    print_str(p, "}\n");
}

pagu_code pagu_render_explanation(const pagu_table *t, const char *key, const char *field, const char *period,
                                  const pagu_render_options *options, pagu_text *out, pagu_error *err)
{
    explained e = {
        .p = { .table = t, .ctx = table_ctx(t), .out = out, .err = err }, .key = key, .field = field, .period = period
    };
    return run_printer(&e.p, options, render_explanation, err);
}
