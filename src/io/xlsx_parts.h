/* xlsx_parts.h - what the files of the workbook reader share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_XLSX_PARTS_H
#define PAGU_SRC_XLSX_PARTS_H

#include "io/xlsx_read.h"

#include "pagu/render.h"

#include <expat.h>
#include <zip.h>

enum {
    XLSX_MAX_ENTRIES = 10000,
    XLSX_MAX_RATIO = 200,
    XLSX_RATIO_FREE = 1 << 20, /* a part this small may be packed as tightly as it likes */
    XLSX_MAX_DEPTH = 64,
    XLSX_MAX_TEXT = 1 << 20, /* bytes of one cell's text; the format allows 32,767 characters */
    XLSX_MAX_SHEETS = 1000
};
#define XLSX_MAX_INFLATED ((uint64_t)512 << 20)

typedef enum style_kind { STYLE_PLAIN, STYLE_DATE, STYLE_PERCENT } style_kind;

typedef struct sheet_entry {
    const char *name, *part, *relation;
    bool hidden;
} sheet_entry;

struct xlsx_book {
    pagu_ctx *ctx;
    const char *name; /* of the file, for messages */
    zip_t *zip;
    uint64_t inflated; /* by all parts so far */
    arena text;
    sheet_entry *sheets;
    uint32_t n_sheets, cap_sheets;
    bool date1904;
    const char *strings_part, *styles_part; /* NULL: none */
    const char **strings;
    uint32_t n_strings, cap_strings;
    bool strings_read;
    uint8_t *styles; /* style_kind by cell format */
    uint32_t n_styles, cap_styles;
};

/* ---- a part through expat (xlsx_xml.c) ---- */

typedef struct xml_part xml_part;
typedef void (*xml_start)(xml_part *x, const char *name, const char **attributes);
typedef void (*xml_end)(xml_part *x, const char *name);

/* Names come without their namespace. */
struct xml_part {
    xlsx_book *book;
    const char *part;
    xml_start start;
    xml_end end;
    void *ud;
    pagu_error *err;
    pagu_code code; /* first error; reading stops */
    XML_Parser parser;
    uint64_t parsed; /* bytes before the element that is read */
    int depth;
    pagu_text *chars; /* text is gathered here while `gather` is on */
    bool gather;
};

pagu_code xml_read(xlsx_book *book, const char *part, xml_start start, xml_end end, void *ud, pagu_error *err);
/* Stop with an error at the place that is being read. */
void xml_fail(xml_part *x, pagu_code code, const char *format, ...) PAGU_PRINTF(3, 4);
void xml_no_memory(xml_part *x);
/* Value of an attribute by its name without namespace, NULL if absent. */
const char *xml_attribute(const char **attributes, const char *name);
/* A whole number 0 … max; false: not one. */
bool xml_number(const char *text, uint32_t max, uint32_t *out);

/* ---- parts (xlsx_zip.c) ---- */

/* Open the archive and look its entries over. */
pagu_code xlsx_zip_open(xlsx_book *book, const char *bytes, size_t len, pagu_error *err);
bool xlsx_part_exists(const xlsx_book *book, const char *part);
typedef struct part_stream {
    xlsx_book *book;
    const char *part;
    zip_file_t *file;
    uint64_t packed, inflated;
} part_stream;
pagu_code part_open(part_stream *s, xlsx_book *book, const char *part, pagu_error *err);
/* *got 0: the part has ended, and its checksum is right. */
pagu_code part_read(part_stream *s, char *buf, size_t size, size_t *got, pagu_error *err);
void part_close(part_stream *s);
/* "book.xlsx: part: message" */
pagu_code err_part(const xlsx_book *book, const char *part, int line, pagu_code code, pagu_error *err,
                   const char *message);

pagu_code xlsx_read_strings(xlsx_book *book, pagu_error *err);
pagu_code xlsx_read_styles(xlsx_book *book, pagu_error *err);

#endif
