/* package_put.c - one row of a written file: its cells as text, as CSV or JSON.
 * SPDX-License-Identifier: MIT */
#include "io/package_writer.h"

#include "io/csv.h"

#include <math.h>
#include <stdio.h>

static pagu_cell field_cell(const package_writer *w, uint32_t field)
{
    return amount_to_write(w->plan, w->row, column_index(w->plan, w->stage, (pagu_field)field, w->period));
}

static bool is_costed(const package_writer *w)
{
    const pagu_plan *p = w->plan;
    const char *parts[] = { plan_str(p, p->key[w->row]), plan_str(p, p->stages[w->stage].id),
                            plan_str(p, p->periods[w->period].id) };
    return keyset_find(&w->costed, parts, COUNT_OF(parts)) != NULL;
}

const char *writer_field_text(package_writer *w, uint32_t field, char *buf, size_t size)
{
    pagu_cell cell = field_cell(w, field);
    if (cell.state == PAGU_MISSING || (str_eq(plan_str(w->plan, w->plan->fields[field].id), "budget") && is_costed(w)))
        return "";
    if (cell.state == PAGU_DASH)
        return "-";
    money_in_unit(w->plan->unit, w->plan->decimals, cell.value, buf, size);
    return buf;
}

static const char *class_text(const package_writer *w, uint32_t tree)
{
    const plan_tree *t = &w->plan->trees[tree];
    uint32_t cls = t->declared ? t->declared[w->row] : UINT32_MAX;
    return cls == UINT32_MAX ? "" : plan_str(w->plan, t->classes[cls].id);
}

static const char *cell_text(package_writer *w, const written_column *c, char *buf, size_t size)
{
    const pagu_plan *p = w->plan;
    switch (c->source) {
    case FROM_TABLE: return w->values[c->index] ? w->values[c->index] : "";
    case FROM_TREE: return class_text(w, c->index);
    case FROM_ATTRIBUTE: return plan_str(w->plan, p->attributes[c->index].values[w->row]);
    case FROM_FIELD: return writer_field_text(w, c->index, buf, size);
    case FROM_DOCUMENT:
        return plan_str(w->plan, w->document->cells[(size_t)w->row * w->document->n_columns + c->index]);
    default: return "";
    }
}

/* A text that a JSON number gives back as it is. */
static bool is_json_number(const char *text)
{
    pagu_decimal d;
    char again[400];
    if (pagu_decimal_parse(text, strlen(text), &d) != PAGU_OK)
        return false;
    double value = pagu_decimal_to_double(d);
    if (fabs(value) > 9007199254740991.0)
        return false;
    json_number_text(value, again, sizeof again);
    return str_eq(again, text);
}

static pagu_code put_json_cell(package_writer *w, const written_column *c, const char *text, bool first)
{
    if (!*text)
        return PAGU_OK;
    pagu_code code = first ? PAGU_OK : pagu_text_append(w->out, ", ", 2);
    if (code == PAGU_OK)
        code = json_put_string(w->out, c->name);
    if (code == PAGU_OK)
        code = pagu_text_append(w->out, ": ", 2);
    if (code != PAGU_OK)
        return code;
    bool number = (c->type == CELL_INTEGER || c->type == CELL_NUMBER) && is_json_number(text);
    bool word = c->type == CELL_BOOLEAN && (str_eq(text, "true") || str_eq(text, "false"));
    return number || word ? pagu_text_append(w->out, text, strlen(text)) : json_put_string(w->out, text);
}

static void put_json_row(package_writer *w)
{
    char buf[48];
    pagu_code code = pagu_text_append(w->out, w->n_rows ? ",\n        {" : "\n        {", w->n_rows ? 11 : 10);
    bool first = true;
    for (uint32_t i = 0; i < w->n_columns && code == PAGU_OK; i++) {
        const char *text = cell_text(w, &w->columns[i], buf, sizeof buf);
        code = put_json_cell(w, &w->columns[i], text, first);
        first = first && !*text;
    }
    writer_fail(w, code == PAGU_OK ? pagu_text_append(w->out, "}", 1) : code);
}

static void put_csv_row(package_writer *w)
{
    char buf[48];
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < w->n_columns && code == PAGU_OK; i++) {
        const char *text = cell_text(w, &w->columns[i], buf, sizeof buf);
        /* a row of one empty cell would be a blank line */
        bool blank = w->n_columns == 1 && !*text;
        code = blank ? pagu_text_append(w->out, "\"\"", 2) : csv_put(w->out, text, i == 0);
    }
    writer_fail(w, code == PAGU_OK ? pagu_text_append(w->out, "\n", 1) : code);
}

void writer_end_row(package_writer *w)
{
    if (w->code == PAGU_OK) {
        if (w->is_inline)
            put_json_row(w);
        else
            put_csv_row(w);
    }
    w->n_rows++;
    memset(w->values, 0, sizeof w->values);
}

static void put_document(package_writer *w)
{
    for (uint32_t r = 0; w->document && r < w->document->n_rows && w->code == PAGU_OK; r++) {
        w->row = r;
        writer_end_row(w);
    }
}

static void put_header(package_writer *w)
{
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < w->n_columns && code == PAGU_OK; i++)
        code = csv_put(w->out, w->columns[i].name, i == 0);
    writer_fail(w, code == PAGU_OK ? pagu_text_append(w->out, "\n", 1) : code);
}

void writer_put_rows(package_writer *w)
{
    w->n_rows = 0;
    if (!w->is_inline)
        put_header(w);
    if (!writer_put_structure(w) && !writer_put_values(w))
        put_document(w);
}
