/* pagu/error.h - caller-owned, fixed-size errors.
 *
 *     pagu_error err;
 *     if (pagu_edit(s, row, col, cell, &err) != PAGU_OK)
 *         fprintf(stderr, "%s: %s\n", pagu_code_name(err.code), err.message);
 *
 * Every fallible function returns a pagu_code and takes a `pagu_error *` last;
 * NULL is allowed and only loses the message. A failed call has changed nothing.
 * No allocation, no global: an error may be copied and outlives everything.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_ERROR_H
#define PAGU_ERROR_H

#include "pagu/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One list makes the enum, the names that scripts see, and the reference. */
#define PAGU_CODES(X)                                                                                                  \
    X(OK, "ok", "no error")                                                                                            \
    X(NO_MEMORY, "no_memory", "an allocation failed or the memory limit was met")                                      \
    X(OVERFLOW, "overflow", "money would exceed the 64-bit range")                                                     \
    X(FRACTION, "fraction", "an amount is not a whole number of money units")                                          \
    X(BAD_NUMBER, "bad_number", "text is not a number")                                                                \
    X(AMBIGUOUS_NUMBER, "ambiguous_number", "a number can be read in two ways")                                        \
    X(UNKNOWN_KEY, "unknown_key", "no such node, line or indicator")                                                   \
    X(AMBIGUOUS_KEY, "ambiguous_key", "a code fits several nodes")                                                     \
    X(NOT_MEMBER, "not_member", "the node is not in this stage or was removed")                                        \
    X(UNKNOWN_FIELD, "unknown_field", "no such field, or one of another kind")                                         \
    X(OUT_OF_FRAME, "out_of_frame", "a period outside the plan's years")                                               \
    X(UNKNOWN_STAGE, "unknown_stage", "no such stage")                                                                 \
    X(UNKNOWN_LEVEL, "unknown_level", "no such level")                                                                 \
    X(WRONG_LEVEL, "wrong_level", "the node is of a level that can't be used here")                                    \
    X(UNKNOWN_TAG, "unknown_tag", "no such tag or class")                                                              \
    X(DUPLICATE_KEY, "duplicate_key", "the key exists already")                                                        \
    X(HELD, "held", "a held value would change")                                                                       \
    X(RULE, "rule", "a floor, ceiling or rule would be broken")                                                        \
    X(ZERO_BASIS, "zero_basis", "nothing to spread in proportion to")                                                  \
    X(NEGATIVE_BASIS, "negative_basis", "a basis is negative")                                                         \
    X(MIXED_SIGN, "mixed_sign", "children of both signs below one node")                                               \
    X(UNREACHABLE, "unreachable", "bounds and holds leave no way to the request")                                      \
    X(INSUFFICIENT, "insufficient", "a source holds less than is asked of it")                                         \
    X(UNIT_CLASH, "unit_clash", "unlike units, or a value of another unit")                                            \
    X(NO_HISTORY, "no_history", "too few past values for the method")                                                  \
    X(ARGUMENT, "argument", "an argument is out of its documented range")                                              \
    X(SYNTAX, "syntax", "malformed CSV, JSON or scenario text")                                                        \
    X(PACKAGE, "package", "the package has findings; none of it was loaded")                                           \
    X(NOT_FOUND, "not_found", "a file or folder does not exist")                                                       \
    X(IO, "io", "a file could not be read or written")                                                                 \
    X(CONFLICT, "conflict", "a base value is not what the scenario expects")                                           \
    X(NOTHING_TO_UNDO, "nothing_to_undo", "the journal ends here")                                                     \
    X(LIMIT, "limit", "a documented limit was met")                                                                    \
    X(INTERRUPTED, "interrupted", "the caller asked to stop")                                                          \
    X(CLOSED, "closed", "the object is closed")                                                                        \
    X(INTERNAL, "internal", "a broken invariant: please report it")

typedef enum pagu_code {
#define X(name, text, meaning) PAGU_##name,
    PAGU_CODES(X)
#undef X
        PAGU_CODE_COUNT
} pagu_code;

/* A pagu_code named as an error type where PAGU_OVERFLOW etc. read oddly. */
typedef struct pagu_error {
    pagu_code code;
    int line;          /* 0 if none */
    char message[600]; /* one line, lower case, in the context's language */
    char node[160];    /* key, or "" */
    char field[64];    /* field and period, or "" */
    char file[256];    /* or "" */
} pagu_error;

/* Name of a code as scripts see it ("held"); "internal" for anything else. */
PAGU_API const char *pagu_code_name(pagu_code code);
/* One sentence of meaning, in English. */
PAGU_API const char *pagu_code_meaning(pagu_code code);

#ifdef __cplusplus
}
#endif
#endif
