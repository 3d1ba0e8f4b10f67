/* table.c - a table that owns its strings.
 * SPDX-License-Identifier: MIT */
#include "base/table.h"

typedef struct cell {
    union {
        int64_t integer;
        double number;
    };
    const char *text; /* NULL if none */
    symbol unit;
    uint8_t state;
} cell;

typedef struct column {
    const char *name, *title, *number;
    pagu_column_type type;
} column;

typedef struct row {
    uint32_t indent;
    pagu_row parent; /* row + 1; 0: none */
    uint8_t style;
} row;

typedef struct stamp {
    const char *key, *value;
} stamp;

struct pagu_table {
    pagu_ctx *ctx;
    symtab units;
    arena strings;
    uint32_t references;
    int decimals;
    const char *name, *title;
    const char **notes;
    stamp *stamps;
    column *columns;
    row *rows;
    cell *cells; /* row after row */
    uint32_t n_notes, notes_cap;
    uint32_t n_stamps, stamps_cap;
    uint32_t n_columns, columns_cap;
    uint32_t n_rows, rows_cap;
    uint32_t cells_cap; /* in rows */
};

pagu_table *pagu_table_new(pagu_ctx *ctx)
{
    pagu_table *t = mem_zalloc(ctx, sizeof *t);
    if (!t)
        return NULL;
    t->ctx = ctx;
    t->references = 1;
    t->decimals = -1;
    t->name = t->title = "";
    arena_init(&t->strings, ctx);
    if (!symtab_init(&t->units, ctx)) {
        mem_free(ctx, t, sizeof *t);
        return NULL;
    }
    return t;
}

pagu_table *pagu_table_retain(pagu_table *t)
{
    t->references++;
    return t;
}

void pagu_table_free(pagu_table *t)
{
    if (!t || --t->references > 0)
        return;
    mem_free(t->ctx, t->cells, t->cells_cap * t->n_columns * sizeof t->cells[0]);
    mem_free(t->ctx, t->rows, t->rows_cap * sizeof t->rows[0]);
    mem_free(t->ctx, t->columns, t->columns_cap * sizeof t->columns[0]);
    mem_free(t->ctx, t->stamps, t->stamps_cap * sizeof t->stamps[0]);
    mem_free(t->ctx, t->notes, t->notes_cap * sizeof t->notes[0]);
    arena_free(&t->strings);
    symtab_free(&t->units);
    mem_free(t->ctx, t, sizeof *t);
}

pagu_ctx *table_ctx(const pagu_table *t)
{
    return t->ctx;
}

static const char *own(pagu_table *t, const char *s)
{
    return s && *s ? arena_strdup(&t->strings, s, strlen(s)) : "";
}

/* ---- around the rows ---- */

pagu_code pagu_table_set_name(pagu_table *t, const char *name)
{
    const char *copy = own(t, name);
    if (!copy)
        return PAGU_NO_MEMORY;
    t->name = copy;
    return PAGU_OK;
}

void pagu_table_set_decimals(pagu_table *t, int decimals)
{
    t->decimals = decimals;
}

const char *pagu_table_name(const pagu_table *t)
{
    return t->name;
}

int pagu_table_decimals(const pagu_table *t)
{
    return t->decimals;
}

pagu_code pagu_table_set_title(pagu_table *t, const char *title)
{
    if (!title)
        return PAGU_ARGUMENT;
    size_t before = strlen(t->title), len = strlen(title);
    char *joined = arena_alloc(&t->strings, before + len + 2);
    if (!joined)
        return PAGU_NO_MEMORY;
    memcpy(joined, t->title, before);
    if (before)
        joined[before++] = '\n';
    memcpy(joined + before, title, len + 1);
    t->title = joined;
    return PAGU_OK;
}

pagu_code pagu_table_add_note(pagu_table *t, const char *note)
{
    const char *copy = own(t, note);
    if (!copy || !mem_grow(t->ctx, &t->notes, &t->notes_cap, t->n_notes, sizeof t->notes[0]))
        return PAGU_NO_MEMORY;
    t->notes[t->n_notes++] = copy;
    return PAGU_OK;
}

pagu_code pagu_table_add_stamp(pagu_table *t, const char *key, const char *value)
{
    if (!key || !*key)
        return PAGU_ARGUMENT;
    stamp s = { own(t, key), own(t, value) };
    if (!s.key || !s.value || !mem_grow(t->ctx, &t->stamps, &t->stamps_cap, t->n_stamps, sizeof t->stamps[0]))
        return PAGU_NO_MEMORY;
    t->stamps[t->n_stamps++] = s;
    return PAGU_OK;
}

const char *pagu_table_title(const pagu_table *t)
{
    return t->title;
}

uint32_t pagu_table_note_count(const pagu_table *t)
{
    return t->n_notes;
}

const char *pagu_table_note(const pagu_table *t, uint32_t i)
{
    return i < t->n_notes ? t->notes[i] : "";
}

uint32_t pagu_table_stamp_count(const pagu_table *t)
{
    return t->n_stamps;
}

void pagu_table_stamp(const pagu_table *t, uint32_t i, const char **key, const char **value)
{
    bool known = i < t->n_stamps;
    *key = known ? t->stamps[i].key : "";
    *value = known ? t->stamps[i].value : "";
}

/* ---- shape ---- */

pagu_code pagu_table_add_column(pagu_table *t, const char *name, const char *title, pagu_column_type type)
{
    if (t->n_rows || !name || !*name || (unsigned)type > PAGU_COL_MEASURE)
        return PAGU_ARGUMENT;
    for (uint32_t i = 0; i < t->n_columns; i++)
        if (str_eq(t->columns[i].name, name))
            return PAGU_ARGUMENT;
    column c = { own(t, name), own(t, title ? title : name), "", type };
    if (!c.name || !c.title || !mem_grow(t->ctx, &t->columns, &t->columns_cap, t->n_columns, sizeof c))
        return PAGU_NO_MEMORY;
    /* cells may be there already: a first row that ran out of memory after they grew */
    mem_free(t->ctx, t->cells, t->cells_cap * t->n_columns * sizeof t->cells[0]);
    t->cells = NULL;
    t->cells_cap = 0;
    t->columns[t->n_columns++] = c;
    return PAGU_OK;
}

pagu_code pagu_table_set_column_number(pagu_table *t, uint32_t col, const char *number)
{
    if (col >= t->n_columns)
        return PAGU_ARGUMENT;
    const char *copy = own(t, number);
    if (!copy)
        return PAGU_NO_MEMORY;
    t->columns[col].number = copy;
    return PAGU_OK;
}

pagu_code pagu_table_add_row(pagu_table *t)
{
    size_t width = t->n_columns * sizeof t->cells[0];
    if (t->n_columns == 0)
        return PAGU_ARGUMENT;
    if (!mem_grow(t->ctx, &t->cells, &t->cells_cap, t->n_rows, width) ||
        !mem_grow(t->ctx, &t->rows, &t->rows_cap, t->n_rows, sizeof t->rows[0]))
        return PAGU_NO_MEMORY;
    memset(t->cells + (size_t)t->n_rows * t->n_columns, 0, width);
    t->rows[t->n_rows++] = (row){ .style = PAGU_ROW_NORMAL };
    return PAGU_OK;
}

pagu_code pagu_table_set_row_style(pagu_table *t, uint32_t r, pagu_row_style style, uint32_t indent)
{
    if (r >= t->n_rows || (unsigned)style > PAGU_ROW_TOTAL)
        return PAGU_ARGUMENT;
    t->rows[r].indent = indent;
    t->rows[r].style = (uint8_t)style;
    return PAGU_OK;
}

pagu_code pagu_table_set_row_parent(pagu_table *t, uint32_t r, uint32_t parent)
{
    if (r >= t->n_rows || (parent != PAGU_NO_ROW && parent >= r))
        return PAGU_ARGUMENT;
    t->rows[r].parent = parent == PAGU_NO_ROW ? 0 : parent + 1;
    return PAGU_OK;
}

uint32_t pagu_table_row_parent(const pagu_table *t, uint32_t r)
{
    return r < t->n_rows && t->rows[r].parent ? t->rows[r].parent - 1 : PAGU_NO_ROW;
}

bool table_has_parents(const pagu_table *t)
{
    for (uint32_t r = 0; r < t->n_rows; r++)
        if (t->rows[r].parent)
            return true;
    return false;
}

uint32_t table_parent_by_indent(const pagu_table *t, uint32_t r, const uint32_t *parents)
{
    uint32_t up = r ? r - 1 : PAGU_NO_ROW;
    while (up != PAGU_NO_ROW && t->rows[up].indent >= t->rows[r].indent)
        up = parents[up];
    return up;
}

uint32_t pagu_table_row_count(const pagu_table *t)
{
    return t->n_rows;
}

uint32_t pagu_table_column_count(const pagu_table *t)
{
    return t->n_columns;
}

const char *pagu_table_column_name(const pagu_table *t, uint32_t col)
{
    return col < t->n_columns ? t->columns[col].name : "";
}

const char *pagu_table_column_title(const pagu_table *t, uint32_t col)
{
    return col < t->n_columns ? t->columns[col].title : "";
}

const char *pagu_table_column_number(const pagu_table *t, uint32_t col)
{
    return col < t->n_columns ? t->columns[col].number : "";
}

pagu_column_type pagu_table_column_type(const pagu_table *t, uint32_t col)
{
    return col < t->n_columns ? t->columns[col].type : PAGU_COL_TEXT;
}

pagu_row_style pagu_table_row_style(const pagu_table *t, uint32_t r)
{
    return r < t->n_rows ? (pagu_row_style)t->rows[r].style : PAGU_ROW_NORMAL;
}

uint32_t pagu_table_row_indent(const pagu_table *t, uint32_t r)
{
    return r < t->n_rows ? t->rows[r].indent : 0;
}

/* ---- cells ---- */

/* The cell if it exists and its column has one of two types. */
static cell *cell_of_type(pagu_table *t, uint32_t r, uint32_t col, pagu_column_type one, pagu_column_type other)
{
    if (r >= t->n_rows || col >= t->n_columns)
        return NULL;
    pagu_column_type type = t->columns[col].type;
    return type == one || type == other ? &t->cells[(size_t)r * t->n_columns + col] : NULL;
}

pagu_code pagu_table_set_text(pagu_table *t, uint32_t r, uint32_t col, const char *text)
{
    cell *c = cell_of_type(t, r, col, PAGU_COL_TEXT, PAGU_COL_MEASURE);
    if (!c)
        return PAGU_ARGUMENT;
    const char *copy = own(t, text);
    if (!copy)
        return PAGU_NO_MEMORY;
    *c = (cell){ .text = text ? copy : NULL, .state = text ? PAGU_TEXT : PAGU_MISSING };
    return PAGU_OK;
}

pagu_code pagu_table_set_money(pagu_table *t, uint32_t r, uint32_t col, int64_t value)
{
    cell *c = cell_of_type(t, r, col, PAGU_COL_MONEY, PAGU_COL_INTEGER);
    if (!c)
        return PAGU_ARGUMENT;
    *c = (cell){ .integer = value, .state = PAGU_NUMBER };
    return PAGU_OK;
}

pagu_code pagu_table_set_number(pagu_table *t, uint32_t r, uint32_t col, double value)
{
    cell *c = cell_of_type(t, r, col, PAGU_COL_NUMBER, PAGU_COL_PERCENT);
    if (!c)
        return PAGU_ARGUMENT;
    *c = (cell){ .number = value, .state = PAGU_NUMBER };
    return PAGU_OK;
}

pagu_code pagu_table_set_cell(pagu_table *t, uint32_t r, uint32_t col, pagu_cell value)
{
    cell *c = cell_of_type(t, r, col, PAGU_COL_MONEY, PAGU_COL_INTEGER);
    if (!c || (unsigned)value.state > PAGU_NUMBER)
        return PAGU_ARGUMENT;
    *c = (cell){ .integer = value.state == PAGU_NUMBER ? value.value : 0, .state = (uint8_t)value.state };
    return PAGU_OK;
}

pagu_code pagu_table_set_measure(pagu_table *t, uint32_t r, uint32_t col, const pagu_measure *m)
{
    cell *c = cell_of_type(t, r, col, PAGU_COL_MEASURE, PAGU_COL_MEASURE);
    if (!c || (unsigned)m->state > PAGU_TEXT)
        return PAGU_ARGUMENT;
    const char *unit = m->unit ? m->unit : "";
    symbol s = symtab_intern(&t->units, unit, strlen(unit));
    const char *text = m->text ? own(t, m->text) : NULL;
    if (s == NO_SYMBOL || (m->text && !text))
        return PAGU_NO_MEMORY;
    double number = m->state == PAGU_NUMBER ? m->value : 0;
    *c = (cell){ .number = number, .text = text, .unit = s, .state = (uint8_t)m->state };
    return PAGU_OK;
}

pagu_code pagu_table_set_mark(pagu_table *t, uint32_t r, uint32_t col, const char *text)
{
    if (r >= t->n_rows || col >= t->n_columns || !text)
        return PAGU_ARGUMENT;
    const char *copy = own(t, text);
    if (!copy)
        return PAGU_NO_MEMORY;
    t->cells[(size_t)r * t->n_columns + col] = (cell){ .text = copy, .state = PAGU_TEXT };
    return PAGU_OK;
}

pagu_code pagu_table_set_dash(pagu_table *t, uint32_t r, uint32_t col)
{
    if (r >= t->n_rows || col >= t->n_columns)
        return PAGU_ARGUMENT;
    t->cells[(size_t)r * t->n_columns + col] = (cell){ .state = PAGU_DASH };
    return PAGU_OK;
}

pagu_table_cell pagu_table_get(const pagu_table *t, uint32_t r, uint32_t col)
{
    pagu_table_cell got = { PAGU_MISSING, 0, 0, NULL, "" };
    if (r >= t->n_rows || col >= t->n_columns)
        return got;
    const cell *c = &t->cells[(size_t)r * t->n_columns + col];
    pagu_column_type type = t->columns[col].type;
    got.state = (pagu_state)c->state;
    got.text = c->text;
    got.unit = symtab_str(&t->units, c->unit);
    if (type == PAGU_COL_MONEY || type == PAGU_COL_INTEGER)
        got.integer = c->integer;
    else if (type != PAGU_COL_TEXT)
        got.number = c->number;
    return got;
}
