/* package_rows.c - columns of a resource, and cells with their types.
 * SPDX-License-Identifier: MIT */
#include "io/package_rows.h"

#include "plan/plan_struct.h"

#include <stdio.h>

enum { POLL_ROWS = 4096 };

place row_place(const package_row *row, const char *rule, const char *column)
{
    return (place){ .rule = rule, .file = row->src.file, .line = row->src.line, .column = column,
                    .key = row->cells[0].text };
}

/* ---- columns ---- */

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
    case EXTRA_NODE:
        return node_column(l, name, at, field);
    case EXTRA_MONEY:
        if (field && !is_numeric(field))
            return header_fault(l, "undeclared-column", name, "a money column must be declared a number or integer");
        return field ? add_extra(l, name, EXTRA_IS_MONEY, at)
                     : header_fault(l, "undeclared-column", name, "undeclared column");
    case EXTRA_KEPT:
        return field ? add_extra(l, name, EXTRA_IS_TEXT, at)
                     : header_fault(l, "undeclared-column", name, "undeclared column");
    default:
        return header_fault(l, "undeclared-column", name, "undeclared column");
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
    row->cells = arena_alloc(text, n * sizeof *row->cells);
    row->extras = arena_alloc(text, width * sizeof *row->extras);
    row->texts = arena_alloc(text, width * sizeof *row->texts);
    l->renamed = arena_alloc(text, width * sizeof *l->renamed);
    if (!l->at || !row->cells || !row->extras || !row->texts || !l->renamed)
        return false;
    for (uint32_t i = 0; i < n; i++)
        l->at[i] = NO_COLUMN;
    memset(l->renamed, 0, width * sizeof *l->renamed);
    row->n_texts = l->source.width;
    return true;
}

static pagu_code lay_columns(layout *l)
{
    package *p = l->row.p;
    pagu_code code = schema_fields(p, l->row.res, &l->fields, &l->n_fields);
    if (code != PAGU_OK || !layout_room(l))
        return PAGU_NO_MEMORY;
    l->readable = true;
    code = place_columns(l);
    return code == PAGU_OK ? find_missing_columns(l) : code;
}

/* ---- cells ---- */

static pagu_code cell_fault(const layout *l, const char *column, const char *text, const char *message)
{
    package_reader *r = l->row.p->r;
    place at = row_place(&l->row, "bad-value", column);
    at.printed = text;
    return *text ? report_at(r->ctx, r->findings, &at, "\"%s\": %s", text, tr(r->ctx, message))
                 : report_text(r->ctx, r->findings, &at, message);
}

static bool read_integer(const char *text, cell *out)
{
    const char *p = text + (*text == '-');
    int64_t value = 0;
    if (!*p || strlen(p) > 10)
        return false;
    for (; *p; p++) {
        if (*p < '0' || *p > '9')
            return false;
        value = value * 10 + (*p - '0');
    }
    out->integer = *text == '-' ? -value : value;
    return value <= INT32_MAX;
}

static const char *why_no_money(pagu_code code)
{
    switch (code) {
    case PAGU_OVERFLOW:
        return "too large for an amount";
    case PAGU_FRACTION:
        return "a fraction of the smallest unit of money, or thousands separators: write whole amounts, digits only";
    default:
        return "not a plain amount: digits only, without thousands separators, unit or currency";
    }
}

static bool is_choice(const char *choices, const char *text)
{
    size_t n = strlen(text);
    for (const char *c = choices; *c;) {
        size_t m = strcspn(c, "|");
        if (m == n && memcmp(c, text, n) == 0)
            return true;
        c += m + (c[m] == '|');
    }
    return false;
}

static bool is_period(const char *text)
{
    plan_period period;
    char id[32];
    return period_parse(text, &period, id, sizeof id);
}

/* Give the cell its value; NULL, or what is wrong with the text. */
static const char *read_value(const package *p, cell_type type, cell *c)
{
    pagu_decimal d;
    pagu_code code;
    c->state = PAGU_NUMBER;
    switch (type) {
    case CELL_INTEGER:
        return read_integer(c->text, c) ? NULL : "not a whole number of at most ten digits";
    case CELL_NUMBER:
        if (pagu_decimal_parse(c->text, strlen(c->text), &d) != PAGU_OK)
            return "not a plain number: digits with a point for decimals, at most 18 of them, without unit";
        c->number = pagu_decimal_to_double(d);
        return NULL;
    case CELL_MONEY:
        code = pagu_money_parse_plain(c->text, strlen(c->text), p->unit, p->decimals, &c->integer);
        return code == PAGU_OK ? NULL : why_no_money(code);
    case CELL_BOOLEAN:
        c->integer = str_eq(c->text, "true");
        return c->integer || str_eq(c->text, "false") ? NULL : "must be true or false";
    default:
        c->state = PAGU_TEXT;
        return NULL;
    }
}

/* A declared mark other than "-" can't be kept apart yet. */
static const char *why_no_mark(const layout *l, const cell *c, const char *otherwise)
{
    const char *label = schema_mark(l->row.p, l->row.res, c->text);
    return label ? "a declared missing value other than - is not supported yet; leave the cell empty" : otherwise;
}

static pagu_code read_cell(layout *l, const char *column, cell_type type, unsigned flags, const char *choices,
                           const char *text, cell *c)
{
    *c = (cell){ .text = text, .state = PAGU_MISSING };
    if (!*text) {
        if (!(flags & (IN_KEY | REQUIRED)))
            return PAGU_OK;
        l->usable = l->usable && !(flags & IN_KEY);
        return cell_fault(l, column, text, "must not be empty");
    }
    if (flags & MARKABLE && str_eq(text, "-")) {
        c->state = PAGU_DASH;
        return PAGU_OK;
    }
    const char *wrong = read_value(l->row.p, type, c);
    if (wrong && flags & MARKABLE)
        wrong = why_no_mark(l, c, wrong);
    if (!wrong && flags & IS_PERIOD && !is_period(text))
        wrong = "not a period: a year, 2024Q1, 2024S1, 2024M06, ..2024, 2020..2024 or *";
    if (!wrong && choices && !is_choice(choices, text)) {
        package_reader *r = l->row.p->r;
        place at = row_place(&l->row, "bad-value", column);
        at.printed = text;
        at.computed = choices;
        c->state = PAGU_MISSING;
        return report_at(r->ctx, r->findings, &at, "\"%s\" must be one of %s", text, choices);
    }
    if (!wrong)
        return PAGU_OK;
    c->state = PAGU_MISSING;
    l->usable = l->usable && !(flags & IN_KEY);
    return cell_fault(l, column, text, wrong);
}

static pagu_code read_cells(layout *l)
{
    package_row *row = &l->row;
    const resource_spec *spec = row->spec;
    static const char none[] = "";
    l->usable = true;
    row->cells[0].text = l->at[0] == NO_COLUMN ? none : l->source.fields[l->at[0]]; /* the key of findings */
    for (uint32_t i = 0; i < spec->n_columns; i++) {
        const column_spec *s = &spec->columns[i];
        const char *text = l->at[i] == NO_COLUMN ? none : l->source.fields[l->at[i]];
        pagu_code code = read_cell(l, s->name, s->type, s->flags, s->choices, text, &row->cells[i]);
        if (code != PAGU_OK)
            return code;
    }
    for (uint32_t i = 0; i < row->n_extras; i++) {
        extra_column *e = &row->extras[i];
        bool money = e->kind == EXTRA_IS_MONEY;
        pagu_code code = read_cell(l, e->name, money ? CELL_MONEY : CELL_TEXT, money ? MARKABLE : 0, NULL,
                                   l->source.fields[e->at], &e->cell);
        if (code != PAGU_OK)
            return code;
    }
    return PAGU_OK;
}

/* ---- documents: primary keys ---- */

static bool is_superseded(const package_row *row)
{
    const char *status = row->res == RES_CODES ? row->cells[resource_column(row->spec, "status")].text : "";
    return *status && !str_eq(status, "active") && !str_eq(status, "aktif");
}

/* Key of a document's row, as it is after includes renamed it. */
static uint32_t document_key(const layout *l, const char **parts)
{
    const resource_spec *spec = l->row.spec;
    uint32_t n = 0;
    for (uint32_t i = 0; i < spec->n_columns; i++)
        if (spec->columns[i].flags & IN_KEY)
            parts[n++] = l->row.texts[l->at[i]];
    if (l->row.res == RES_CODES) { /* a list may give one code to a province and to a regency */
        uint32_t kind = l->at[resource_column(spec, "kind")];
        parts[n++] = kind == NO_COLUMN ? "" : l->row.texts[kind];
    }
    return n;
}

/* A scale or a list of codes may come with several packages, if all say the same. */
static pagu_code check_shared(layout *l, bool *same)
{
    package_row *row = &l->row;
    keyset_entry *entry;
    bool added;
    if (!keyset_add(&row->p->r->shared, row->texts, row->n_texts, row->src.line, &entry, &added))
        return PAGU_NO_MEMORY;
    *same = !added;
    return PAGU_OK;
}

static pagu_code check_key(layout *l, bool *repeated)
{
    package_row *row = &l->row;
    package_reader *r = row->p->r;
    const char *parts[8];
    uint32_t n = document_key(l, parts);
    keyset_entry *entry;
    bool added, same = false;
    *repeated = false;
    if (row->spec->shared && check_shared(l, &same) != PAGU_OK)
        return PAGU_NO_MEMORY;
    if (n == 0 || is_superseded(row))
        return PAGU_OK;
    if (!keyset_add(&r->keys[row->res], parts, n, row->src.line, &entry, &added))
        return PAGU_NO_MEMORY;
    *repeated = !added;
    if (added || (same && row->p->outer))
        return PAGU_OK;
    place at = row_place(row, "duplicate-key", row->spec->columns[0].name);
    return report_at(r->ctx, r->findings, &at, "the key of the row stands already in line %u", entry->value);
}

/* ---- rows ---- */

static pagu_code read_row(layout *l)
{
    package_row *row = &l->row;
    bool repeated = false;
    row->src = (pagu_source){ l->source.file, l->source.line };
    pagu_code code = read_cells(l);
    if (code == PAGU_OK && (row->spec->document || row->p->stage_map))
        code = rename_cells(l);
    if (code != PAGU_OK || !l->usable)
        return code;
    if (row->spec->document)
        code = check_key(l, &repeated);
    return code == PAGU_OK && !repeated ? take_row(row) : code;
}

static pagu_code open_document(layout *l)
{
    return pagu_builder_document(l->row.p->r->builder, l->row.spec->name, l->source.width, l->source.header);
}

static pagu_code read_all_rows(layout *l)
{
    package_reader *r = l->row.p->r;
    pagu_code code = PAGU_OK;
    for (uint32_t n = 1; code == PAGU_OK; n++) {
        row_result got = source_next(&l->source);
        if (got == ROW_END)
            return PAGU_OK;
        if (got == ROW_NO_MEMORY)
            return PAGU_NO_MEMORY;
        if (n % POLL_ROWS == 0 && pagu_ctx_interrupted(r->ctx))
            return PAGU_INTERRUPTED;
        if (got == ROW_OK)
            code = read_row(l);
    }
    return code;
}

pagu_code rows_read(package *p, uint32_t res)
{
    layout l = { .row = { .p = p, .res = res, .spec = &resources[res] } };
    row_result got = source_open(&l.source, p, res);
    pagu_code code = got == ROW_NO_MEMORY ? PAGU_NO_MEMORY : PAGU_OK;
    l.readable = false;
    if (got == ROW_OK) {
        code = lay_columns(&l);
        if (code == PAGU_OK && l.row.spec->document)
            code = open_document(&l);
        if (code == PAGU_OK && l.readable)
            code = read_all_rows(&l);
    }
    p->r->unreadable |= !l.readable && !l.row.spec->document;
    free_renamed(&l);
    source_close(&l.source);
    return code;
}
