/* package_columns.c - the columns of a file against the table and the schema.
 * SPDX-License-Identifier: MIT */
#include "io/package_rows.h"

static pagu_code header_fault(const layout *l, const char *rule, const char *column, const char *message)
{
    package_reader *r = l->row.p->r;
    place at = { .rule = rule, .file = l->source.file, .line = l->source.line, .column = column };
    return report_text(r->ctx, r->findings, &at, message);
}

static const schema_field *declared_field(const layout *l, const char *name)
{
    for (uint32_t i = 0; i < l->n_fields; i++)
        if (str_eq(l->fields[i].name, name))
            return &l->fields[i];
    return NULL;
}

static bool is_numeric(const schema_field *f)
{
    return f && (str_eq(f->type, "number") || str_eq(f->type, "integer") || str_eq(f->type, "money"));
}

static pagu_code add_extra(layout *l, const char *name, extra_kind kind, uint32_t at)
{
    package_row *row = &l->row;
    row->extras[row->n_extras++] = (extra_column){ .name = name, .kind = kind, .at = at };
    return kind == EXTRA_IS_MONEY ? pagu_builder_field(row->p->r->builder, name, PAGU_FIELD_MONEY) : PAGU_OK;
}

/* A column of nodes.csv beyond the table's: a partition tree or a declared attribute. */
static pagu_code node_column(layout *l, const char *name, uint32_t at, const schema_field *field)
{
    const package *p = l->row.p;
    for (uint32_t i = 0; i < p->n_trees; i++) {
        if (!str_eq(p->trees[i].id, name))
            continue;
        if (p->trees[i].kind == TREE_PARTITION)
            return add_extra(l, name, EXTRA_IS_TREE, at);
        return header_fault(l, "undeclared-column", name, "classes of a label tree belong in tags");
    }
    if (field)
        return add_extra(l, name, EXTRA_IS_ATTRIBUTE, at);
    return header_fault(l, "undeclared-column", name, "undeclared column");
}

static pagu_code extra_at(layout *l, const char *name, uint32_t at)
{
    const schema_field *field = declared_field(l, name);
    switch (l->row.spec->extra) {
    case EXTRA_NODE: return node_column(l, name, at, field);
    case EXTRA_MONEY:
        if (field && !is_numeric(field))
            return header_fault(l, "undeclared-column", name, "a money column must be declared a number or integer");
        return field ? add_extra(l, name, EXTRA_IS_MONEY, at)
                     : header_fault(l, "undeclared-column", name, "undeclared column");
    case EXTRA_KEPT:
        return field ? add_extra(l, name, EXTRA_IS_TEXT, at)
                     : header_fault(l, "undeclared-column", name, "undeclared column");
    default: return header_fault(l, "undeclared-column", name, "undeclared column");
    }
}

static bool header_has(const layout *l, const char *name, uint32_t before)
{
    for (uint32_t i = 0; i < before; i++)
        if (str_eq(l->source.header[i], name))
            return true;
    return false;
}

static pagu_code place_columns(layout *l)
{
    const resource_spec *spec = l->row.spec;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < l->source.width && code == PAGU_OK; i++) {
        const char *name = l->source.header[i];
        uint32_t column = resource_column(spec, name);
        if (header_has(l, name, i))
            code = header_fault(l, "csv-syntax", name, "the column stands twice in the header");
        else if (column == NO_COLUMN)
            code = extra_at(l, name, i);
        else if (l->n_fields && !declared_field(l, name))
            code = header_fault(l, "undeclared-column", name, "undeclared column");
        if (column != NO_COLUMN)
            l->at[column] = i;
    }
    return code;
}

/* Declared columns must be there, and those without which a row says nothing. */
static pagu_code find_missing_columns(layout *l)
{
    const resource_spec *spec = l->row.spec;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < l->n_fields && code == PAGU_OK; i++)
        if (!header_has(l, l->fields[i].name, l->source.width))
            code = header_fault(l, "missing-column", l->fields[i].name, "a declared column is missing");
    for (uint32_t i = 0; i < spec->n_columns && code == PAGU_OK; i++) {
        const column_spec *c = &spec->columns[i];
        if (l->at[i] != NO_COLUMN || !(c->flags & (IN_KEY | REQUIRED)))
            continue;
        l->readable = false;
        if (!declared_field(l, c->name))
            code = header_fault(l, "missing-column", c->name, "a column that every row needs is missing");
    }
    return code;
}

static bool layout_room(layout *l)
{
    package_row *row = &l->row;
    arena *text = &row->p->r->text;
    uint32_t n = row->spec->n_columns, width = l->source.width ? l->source.width : 1;
    l->at = arena_alloc(text, n * sizeof *l->at);
    l->reads = arena_alloc(text, (n + width) * sizeof *l->reads);
    row->cells = arena_alloc(text, n * sizeof *row->cells);
    row->extras = arena_alloc(text, width * sizeof *row->extras);
    row->texts = arena_alloc(text, width * sizeof *row->texts);
    l->renamed = arena_alloc(text, width * sizeof *l->renamed);
    if (l->renamed) /* freed in every case */
        memset(l->renamed, 0, width * sizeof *l->renamed);
    if (!l->at || !l->reads || !row->cells || !row->extras || !row->texts || !l->renamed)
        return false;
    for (uint32_t i = 0; i < n; i++)
        l->at[i] = NO_COLUMN;
    row->n_texts = l->source.width;
    return true;
}

static void list_reads(layout *l)
{
    package_row *row = &l->row;
    const resource_spec *spec = row->spec;
    for (uint32_t i = 0; i < spec->n_columns; i++) {
        const column_spec *c = &spec->columns[i];
        row->cells[i] = (cell_value){ .text = "", .state = PAGU_MISSING };
        if (l->at[i] != NO_COLUMN)
            l->reads[l->n_reads++] = (read_column){ c->name, c->choices, &row->cells[i], l->at[i], c->type, c->flags };
    }
    for (uint32_t i = 0; i < row->n_extras; i++) {
        extra_column *e = &row->extras[i];
        bool money = e->kind == EXTRA_IS_MONEY;
        l->reads[l->n_reads++] =
            (read_column){ e->name, NULL, &e->cell, e->at, money ? CELL_MONEY : CELL_TEXT, money ? MARKABLE : 0 };
    }
}

pagu_code lay_columns(layout *l)
{
    package *p = l->row.p;
    pagu_code code = schema_fields(p, l->row.res, &l->fields, &l->n_fields);
    if (code != PAGU_OK || !layout_room(l))
        return PAGU_NO_MEMORY;
    l->readable = true;
    code = place_columns(l);
    list_reads(l);
    return code == PAGU_OK ? find_missing_columns(l) : code;
}
