/* xlsx_read.h - workbooks, read part by part through expat.
 *
 *     xlsx_book *book;
 *     if (xlsx_open(ctx, bytes, len, "renja.xlsx", &book, &err) == PAGU_OK)
 *         xlsx_read_sheet(book, 0, &grid, &err);
 *     xlsx_close(book);                    // NULL is fine
 *
 * Files are hostile: a part may inflate to 512 MB and 200 times its size, a document type ends
 * the reading (no entities), names that leave the archive are refused, and what the sheet holds
 * counts against the context's memory limit. Nothing is ever unpacked to disk.
 * Formulas give their cached value. Numbers keep their text (grid.h).
 *
 *     xlsx_zip.c      the archive: limits, parts
 *     xlsx_xml.c      a part through expat
 *     xlsx_book.c     the parts a workbook consists of
 *     xlsx_styles.c   which number formats are dates or percentages
 *     xlsx_strings.c  shared strings
 *     xlsx_sheet.c    rows and cells
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_XLSX_READ_H
#define PAGU_SRC_XLSX_READ_H

#include "io/grid.h"

typedef struct xlsx_book xlsx_book;

/* `bytes` must outlive the book. PAGU_SYNTAX: not a workbook, or a broken one; PAGU_LIMIT. */
pagu_code xlsx_open(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, xlsx_book **out, pagu_error *err);
void xlsx_close(xlsx_book *book);
/* Sheets with cells, in the order of their tabs. */
uint32_t xlsx_sheet_count(const xlsx_book *book);
const char *xlsx_sheet_name(const xlsx_book *book, uint32_t sheet);
bool xlsx_sheet_hidden(const xlsx_book *book, uint32_t sheet);
/* The texts of the grid live as long as grid and book. */
pagu_code xlsx_read_sheet(xlsx_book *book, uint32_t sheet, grid *out, pagu_error *err);
/* true if the bytes begin like a zip archive. */
bool xlsx_looks_like(const char *bytes, size_t len);

#endif
