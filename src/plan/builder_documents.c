/* builder_documents.c - document tables: text that is kept with the plan as it was written.
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

static document_rec *find_document(pagu_builder *b, symbol name)
{
    for (uint32_t i = 0; i < b->n_documents; i++)
        if (b->documents[i].name == name)
            return &b->documents[i];
    return NULL;
}

static uint32_t column_of(pagu_builder *b, document_rec *d, symbol column)
{
    for (uint32_t i = 0; i < d->n_columns; i++)
        if (d->columns[i] == column)
            return i;
    if (!builder_grow(b, &d->columns, &d->cap_columns, d->n_columns, sizeof *d->columns))
        return 0;
    d->columns[d->n_columns] = column;
    return d->n_columns++;
}

/* Packages that are mounted together bring tables of one name: the columns are united. */
pagu_code pagu_builder_document(pagu_builder *b, const char *name, uint32_t n_columns, const char *const *columns)
{
    symbol s = builder_intern(b, name);
    document_rec *d = find_document(b, s);
    if (!d && (d = PUSH(b, documents)) != NULL)
        *d = (document_rec){ .name = s };
    document_shape *shape = PUSH(b, shapes);
    if (!d || !shape)
        return b->failed;
    *shape = (document_shape){ (uint32_t)(d - b->documents), n_columns, b->n_shape_columns };
    d->current = b->n_shapes - 1;
    for (uint32_t i = 0; i < n_columns; i++) {
        uint32_t column = column_of(b, d, builder_intern(b, columns[i])), *at = PUSH(b, shape_columns);
        if (at)
            *at = column;
    }
    return b->failed;
}

/* Cells that name a node, or a table of the document, follow their package into its mount. */
static bool is_key_column(const char *column)
{
    return str_eq(column, "owner") || str_eq(column, "node") || str_eq(column, "table");
}

static symbol intern_cell(pagu_builder *b, const document_rec *d, uint32_t column, const char *text)
{
    if (!b->mount || !text || !*text || !is_key_column(builder_str(b, d->columns[column])))
        return builder_intern(b, text);
    if (strchr(text, ':'))
        return builder_class_owner(b, text);
    return builder_key(b, text, b->mount);
}

pagu_code pagu_builder_document_row(pagu_builder *b, const char *name, const char *const *cells, pagu_source src)
{
    (void)src; /* text is not judged */
    if (!builder_ok(b))
        return b->failed; /* the columns may have got lost */
    const document_rec *d = find_document(b, builder_intern(b, name));
    if (!d) {
        builder_fault(b, &(fault){ .rule = "document", .severity = PAGU_ERROR, .key = name },
                      "document table \"%s\" has rows but no columns", name);
        return b->failed;
    }
    document_row_rec *row = PUSH(b, document_rows);
    if (!row)
        return b->failed;
    *row = (document_row_rec){ d->current, b->n_document_cells };
    const document_shape *shape = &b->shapes[d->current];
    for (uint32_t i = 0; i < shape->n_columns && builder_ok(b); i++) {
        symbol cell = intern_cell(b, d, b->shape_columns[shape->first + i], cells[i]), *at = PUSH(b, document_cells);
        if (at)
            *at = cell;
    }
    return b->failed;
}

static void define_document(pagu_builder *b, uint32_t index, uint32_t n_rows)
{
    const document_rec *d = &b->documents[index];
    plan_document *out = &b->plan->documents[index];
    *out = (plan_document){ .name = d->name, .n_columns = d->n_columns, .n_rows = n_rows };
    out->columns = builder_array(b, d->n_columns, sizeof *out->columns);
    out->cells = builder_array(b, (size_t)n_rows * d->n_columns, sizeof *out->cells);
    if (out->columns)
        memcpy(out->columns, d->columns, d->n_columns * sizeof *out->columns);
}

void define_documents(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    uint32_t n = b->n_documents, *n_rows = builder_array(b, n, sizeof *n_rows);
    p->documents = builder_array(b, n, sizeof *p->documents);
    p->n_documents = p->documents ? n : 0;
    if (builder_ok(b) && n) {
        for (uint32_t i = 0; i < b->n_document_rows; i++)
            n_rows[b->shapes[b->document_rows[i].shape].document]++;
        for (uint32_t i = 0; i < n; i++) {
            define_document(b, i, n_rows[i]);
            n_rows[i] = 0;
        }
    }
    for (uint32_t i = 0; builder_ok(b) && i < b->n_document_rows; i++) {
        const document_shape *shape = &b->shapes[b->document_rows[i].shape];
        plan_document *d = &p->documents[shape->document];
        symbol *row = d->cells + (size_t)n_rows[shape->document]++ * d->n_columns;
        for (uint32_t c = 0; c < shape->n_columns; c++)
            row[b->shape_columns[shape->first + c]] = b->document_cells[b->document_rows[i].first + c];
    }
    RELEASE(b, n_rows, n);
}

void free_documents(pagu_builder *b)
{
    for (uint32_t i = 0; i < b->n_documents; i++)
        RELEASE(b, b->documents[i].columns, b->documents[i].cap_columns);
    RELEASE(b, b->documents, b->cap_documents);
    RELEASE(b, b->shapes, b->cap_shapes);
    RELEASE(b, b->shape_columns, b->cap_shape_columns);
    RELEASE(b, b->document_rows, b->cap_document_rows);
    RELEASE(b, b->document_cells, b->cap_document_cells);
}
