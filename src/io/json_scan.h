/* json_scan.h - a validator of JSON text, and lines in valid text.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_JSON_SCAN_H
#define PAGU_SRC_JSON_SCAN_H

#include "base/base.h"

#define JSON_MAX_DEPTH 64

/* Refuse everything that RFC 8259 does, and: duplicate keys, \u0000, half surrogate pairs,
 * depth above 64, numbers beyond 2^53-1. PAGU_SYNTAX gives "name:line:column: reason". */
pagu_code json_validate(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, pagu_error *err);
/* The same for a part of a file that begins on the given line. */
pagu_code json_validate_at(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, uint32_t line,
                           pagu_error *err);

/* Line of a value of a valid text, by JSON pointer ("/pagu/money/unit"): of its deepest
 * part that exists. */
uint32_t json_line(const char *bytes, size_t len, const char *pointer);

/* Walks the elements of one array of a valid text in step with cJSON, to know their lines. */
typedef struct json_cursor {
    const char *p, *end;
    uint32_t line; /* where p stands */
    bool inside;
} json_cursor;
void json_cursor_open(json_cursor *c, const char *bytes, size_t len, const char *pointer);
/* Line of the next element. */
uint32_t json_cursor_next(json_cursor *c);

#endif
