/* package_writer.h - what the parts of the package writer share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PACKAGE_WRITER_H
#define PAGU_SRC_PACKAGE_WRITER_H

#include "io/package.h"
#include "plan/plan_struct.h"

/* Where the cells of a written column come from. */
typedef enum column_source {
    FROM_TABLE,
    FROM_TREE,
    FROM_ATTRIBUTE,
    FROM_FIELD,
    FROM_DOCUMENT,
    FROM_NOTHING /* declared, but no row has anything in it */
} column_source;

typedef struct written_column {
    const char *name;
    cell_type type;
    column_source source;
    uint32_t index; /* of the table's column, tree, attribute, field, document column */
} written_column;

typedef struct package_writer {
    pagu_ctx *ctx;
    const pagu_plan *plan;
    bool is_inline;     /* one JSON file */
    cJSON *descriptor;  /* as read; NULL: none */
    pagu_text *out;     /* rows of the resource */
    pagu_text *scratch; /* a composed cell */
    pagu_code code;     /* first error; writing goes on without effect */

    uint32_t res;
    const resource_spec *spec;
    const plan_document *document; /* of the resource, or NULL */
    written_column *columns;
    uint32_t n_columns, cap_columns;
    const char *values[16]; /* of the row, by the table's columns; NULL: empty */
    char number[2][400];    /* room for numbers among them */
    uint32_t n_rows;

    /* the row, for columns beyond the table's */
    pagu_row row;
    pagu_stage stage;
    pagu_period period;

    keyset codes;  /* normalised code -> row, NO_ROW for several */
    keyset costed; /* key, stage, period whose budget costs.csv gives */
} package_writer;

bool writer_open(package_writer *w, const pagu_plan *plan, bool is_inline);
void writer_close(package_writer *w);

/* ---- the whole (package_write.c) ---- */

/* The files of a package as texts: CSV, or JSON rows for the one-file form. */
typedef struct package_texts {
    pagu_text *rows[RES_COUNT];
    bool has[RES_COUNT];
    pagu_text *descriptor;
} package_texts;
/* Freed by the caller in every case. PAGU_NO_MEMORY, PAGU_INTERRUPTED. */
pagu_code package_texts_write(const pagu_plan *plan, bool is_inline, package_texts *out);
void package_texts_free(package_texts *out);

/* ---- columns and descriptor (package_descriptor.c) ---- */

/* Columns of a resource in the order of its schema, the old one's if it had one. */
void writer_lay_columns(package_writer *w, uint32_t res);
/* The descriptor; for resources that `has` rows, and inline their rows from `rows`. */
void writer_put_descriptor(package_writer *w, pagu_text *out, const bool *has, pagu_text *const *rows);

/* Derived fields of the plan that "pagu" does not list yet (package_fields.c). false: out of memory. */
bool writer_add_fields(const pagu_plan *plan, cJSON *pagu);

/* ---- rows (package_put*.c) ---- */

/* Rows of the resource whose columns are laid, with a header for CSV, into w->out. */
void writer_put_rows(package_writer *w);
/* The same for one kind of resource; false: not of that kind. */
bool writer_put_structure(package_writer *w);
bool writer_put_values(package_writer *w);
/* Write the values of a row. */
void writer_end_row(package_writer *w);
/* Amount of a field in the row's stage and period; "" if none. */
const char *writer_field_text(package_writer *w, uint32_t field, char *buf, size_t size);

/* The amount that a file gives for a row: a leaf's, an own line's, or a printed one. */
pagu_cell amount_to_write(const pagu_plan *plan, pagu_row row, pagu_column column);
/* Key as files spell it: "." for the root. */
const char *key_in_file(const pagu_plan *plan, pagu_row row);

static inline void writer_fail(package_writer *w, pagu_code code)
{
    if (w->code == PAGU_OK)
        w->code = code;
}

#endif
