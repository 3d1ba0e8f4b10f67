/* workbook.h - workbooks made by hand, part by part, for tests of the reader.
 *
 *     workbook w;
 *     workbook_make(&w, "<row r='1'><c r='A1'><v>5</v></c></row>", NULL);
 *     … w.bytes, w.len …
 *     workbook_free(&w);
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_TESTS_WORKBOOK_H
#define PAGU_TESTS_WORKBOOK_H

#include <stddef.h>

typedef struct workbook_part {
    const char *name, *text;
    size_t len; /* 0: strlen */
} workbook_part;

typedef struct workbook {
    char *bytes;
    size_t len;
} workbook;

/* One sheet "Lembar" with these rows; `more` ends with a NULL name and replaces or adds parts;
 * a NULL text leaves the part out. */
void workbook_make(workbook *w, const char *rows, const workbook_part *more);
/* An archive of exactly these parts. */
void workbook_zip(workbook *w, const workbook_part *parts);
void workbook_free(workbook *w);

#endif
