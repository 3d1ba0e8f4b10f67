/* json.h - cJSON behind one strict wrapper.
 *
 * cJSON alone accepts malformed UTF-8, duplicate keys, "01", "1.", raw line ends in strings
 * and text behind the value, cuts strings at \u0000 and rounds integers above 2^53. Text is
 * therefore validated first, and printed here, never by cJSON.
 * Values are read with cJSON_GetObjectItemCaseSensitive and cJSON_ArrayForEach only: the
 * others ignore case or take quadratic time.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_JSON_H
#define PAGU_SRC_JSON_H

#include "base/base.h"
#include "io/json_scan.h"
#include "pagu/render.h"

#include <cjson/cJSON.h>

/* Parse one JSON text (RFC 8259; a byte order mark is skipped). `name` is the file of
 * messages. PAGU_SYNTAX gives "name:line:column: reason". Free with cJSON_Delete. */
pagu_code json_parse(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, cJSON **out, pagu_error *err);
/* The same for a part of a file that begins on the given line. */
pagu_code json_parse_at(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, uint32_t line, cJSON **out,
                        pagu_error *err);

/* Append a string with quotes and escapes; other than ASCII stays as it is, and what is not
 * UTF-8 becomes U+FFFD. */
pagu_code json_put_string(pagu_text *out, const char *s);
/* A number as text: an integer without exponent, else the shortest that reads back. */
void json_number_text(double value, char *buf, size_t size);
/* Append a value. depth >= 0: two blanks an indent, the value standing at that depth;
 * -1: on one line. */
pagu_code json_put(pagu_text *out, const cJSON *value, int depth);
/* A line end and the indent of a depth. */
pagu_code json_put_break(pagu_text *out, int depth);

static inline const cJSON *json_get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

#endif
