/* package_rows.h - the columns of a resource while its rows are read.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PACKAGE_ROWS_H
#define PAGU_SRC_PACKAGE_ROWS_H

#include "io/package.h"
#include "io/row_source.h"

typedef struct renamed_text {
    char *s;
    size_t size;
} renamed_text;

/* A column of the file and the cell that it fills. */
typedef struct read_column {
    const char *name, *choices;
    cell_value *cell;
    uint32_t at;
    uint8_t type, flags;
} read_column;

typedef struct layout {
    row_source source;
    package_row row;
    schema_field *fields; /* of the schema; none: n_fields 0 */
    uint32_t n_fields;
    uint32_t *at;       /* column of the file, by column of the table */
    read_column *reads; /* the table's columns that are there, in its order, then the extra ones */
    uint32_t n_reads;
    renamed_text *renamed; /* by column of the file */
    bool readable;         /* all columns are there that a row needs */
    bool usable;           /* the key of this row could be read */
} layout;

/* Find the table's columns and the extra ones in the header (package_columns.c). */
pagu_code lay_columns(layout *l);
/* Read the cells of the source's row (package_cells.c). */
pagu_code read_cells(layout *l);
/* Fill row.texts of a document, and rename what an include renames (package_include.c). */
pagu_code rename_cells(layout *l);
void free_renamed(layout *l);

#endif
