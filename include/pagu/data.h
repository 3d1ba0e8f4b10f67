/* pagu/data.h - plain CSV and JSON, read strictly: lists of parameters, stores of sweeps.
 *
 *     pagu_table *t;
 *     pagu_csv_read(ctx, "futures.csv", findings, &t, &err);     // every column text
 *     …
 *     pagu_table_free(t);
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_DATA_H
#define PAGU_DATA_H

#include "pagu/finding.h"
#include "pagu/render.h"
#include "pagu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Read a CSV file (RFC 4180, UTF-8, comma) as a table of text: the first record names the columns; an
 * empty field is missing. The rest is the caller's to understand. PAGU_NOT_FOUND, PAGU_IO;
 * PAGU_PACKAGE: there are faults, all of them in findings. Free the table. */
PAGU_API pagu_code pagu_csv_read(pagu_ctx *ctx, const char *path, pagu_findings *findings, pagu_table **out,
                                 pagu_error *err);

/* A JSON text (RFC 8259) that was read. */
typedef struct pagu_json pagu_json;

/* Parse one value. Refused, with PAGU_SYNTAX and "name:line:column: reason": what the standard refuses,
 * duplicate keys, a depth over 64, numbers beyond 2^53-1. line: where the text begins in its file. */
PAGU_API pagu_code pagu_json_parse(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, uint32_t line,
                                   pagu_json **out, pagu_error *err);
PAGU_API void pagu_json_free(pagu_json *json);

/* What a walk meets, in the order of the text: OBJECT or ARRAY, its members (in an object a KEY before
 * each value), END. text: of KEY and STRING; number: of NUMBER, and 1 or 0 of BOOLEAN. */
typedef enum pagu_json_event {
    PAGU_JSON_NULL,
    PAGU_JSON_BOOLEAN,
    PAGU_JSON_NUMBER,
    PAGU_JSON_STRING,
    PAGU_JSON_ARRAY,
    PAGU_JSON_OBJECT,
    PAGU_JSON_KEY,
    PAGU_JSON_END
} pagu_json_event;
typedef void (*pagu_json_visit)(void *ud, pagu_json_event event, const char *text, double number);
PAGU_API void pagu_json_walk(const pagu_json *json, pagu_json_visit visit, void *ud);

/* Append a string with quotes and escapes; what isn't UTF-8 becomes U+FFFD. */
PAGU_API pagu_code pagu_json_put_string(pagu_text *out, const char *s);

#ifdef __cplusplus
}
#endif
#endif
