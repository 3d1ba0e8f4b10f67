/* package_schema.h - what the readers of a descriptor share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_PACKAGE_SCHEMA_H
#define PAGU_SRC_PACKAGE_SCHEMA_H

#include "io/package.h"

typedef struct json_pointer {
    char s[256];
} json_pointer;
json_pointer pointer_join(const char *base, const char *key);

/* Report at a place of the descriptor, by JSON pointer. */
pagu_code schema_fault(const package *p, const char *pointer, const char *message);
pagu_code schema_fault_value(const package *p, const char *pointer, const char *value, const char *message);
/* The same where the place does not name it. */
pagu_code schema_fault_naming(const package *p, const char *at, const char *value, const char *message);

/* A string that is not empty, or NULL; *code gets want of memory. */
const char *schema_string(const package *p, const cJSON *object, const char *base, const char *key, bool required,
                          pagu_code *code);
/* An object, or NULL when it is absent or of another type. */
const cJSON *schema_object(const package *p, const cJSON *object, const char *base, const char *key, pagu_code *code);
/* Report keys that are not known. */
pagu_code schema_keys(const package *p, const cJSON *object, const char *base, const char *const *known, size_t n);
#define SCHEMA_KEYS(p, object, base, ...)                                                                              \
    schema_keys((p), (object), (base), (const char *const[]){ __VA_ARGS__ },                                           \
                sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* "evaluation" (package_evaluation.c). */
pagu_code schema_evaluation(package *p);

/* Read pagu.fields (package_fields.c). */
pagu_code schema_read_fields(package *p);
/* Find and check the resources (package_listing.c). */
pagu_code schema_list_resources(package *p);

#endif
