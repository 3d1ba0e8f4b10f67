/* row_source.h - rows as fields of text, from a CSV file or from inline data.
 *
 * Inline rows are lists of cells below a list of names, or objects; their numbers and words
 * become text, so that one reader of cells serves both forms.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_ROW_SOURCE_H
#define PAGU_SRC_ROW_SOURCE_H

#include "io/csv.h"
#include "io/package.h"

typedef struct row_source {
    package *p;
    uint32_t res;
    const char *file; /* as named in findings */
    const char **header;
    uint32_t width;
    char **fields; /* of the row, as many as the header has */
    uint32_t line;

    csv_reader csv; /* a file */
    file_stream in;
    char *path;     /* of the open file; NULL: none */
    bool in_memory; /* a file that isn't one (package_read_memory) */

    const cJSON *next; /* inline */
    bool is_inline, objects;
    json_cursor cursor;
    char *numbers; /* room for the text of a number, by column */
} row_source;

typedef enum row_result { ROW_OK, ROW_END, ROW_FAULTY, ROW_NO_MEMORY } row_result;

/* Open and read the header. ROW_FAULTY: reported, nothing to read. */
row_result source_open(row_source *s, package *p, uint32_t res);
/* The next row; a faulty one is reported and passed over (ROW_FAULTY). */
row_result source_next(row_source *s);
void source_close(row_source *s);

#endif
