/* codes.h - a nomenclature as rows that can be looked up by code and by name.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CODES_H
#define PAGU_SRC_CODES_H

#include "io/keyset.h"
#include "io/package.h"
#include "pagu/codes.h"
#include "plan/plan_struct.h"

typedef struct code_entry {
    const char *version, *kind, *code, *level, *name, *indicator, *unit, *status;
    uint32_t next; /* entry of the same normalised code + 1; 0: none */
    bool active;   /* of the version that counts, and in force */
} code_entry;

typedef struct code_index {
    pagu_ctx *ctx;
    char separator;
    const char *list, *version; /* which list and version count */
    code_entry *entries;
    uint32_t n, cap;
    keyset codes; /* normalised code -> entry */
    keyset names; /* normalised name -> active entry */
} code_index;

/* A plan that carries the documents "codes" and "codes_map"; with or without nodes. */
struct pagu_codes {
    pagu_plan *plan;
};

/* Index the list that the settings `of` name (metadata codes.list, codes.version of a plan; else
 * the list that is no classification tree of it, and its latest version with codes in force).
 * *found false: there is none. */
pagu_code code_index_open(code_index *x, const pagu_plan *source, const pagu_plan *of, const char *version,
                          bool *found);
void code_index_close(code_index *x);
/* First entry of a code, spelt with or without leading zeros, or NULL; then the next one. */
const code_entry *code_index_find(const code_index *x, const char *code, size_t len);
const code_entry *code_index_next(const code_index *x, const code_entry *e);
/* The entry in force that bears a name but for case and punctuation, or NULL. */
const code_entry *code_index_named(const code_index *x, const char *name);

/* Cells of a document by the names of its columns. */
typedef struct code_columns {
    const pagu_plan *plan;
    const plan_document *doc; /* NULL: there is none */
    uint32_t at[12];
} code_columns;
code_columns code_columns_of(const pagu_plan *plan, const char *document, const char *const *names, uint32_t n);
const char *code_cell(const code_columns *c, uint32_t row, uint32_t column);

/* ---- codes and names as text (code_names.c) ---- */

enum { NAME_ROOM = 512 };
/* Small letters and digits, everything else one blank; cut at NAME_ROOM - 1 bytes. */
void name_normalise(const char *name, char out[NAME_ROOM]);
typedef enum name_likeness {
    NAME_SAME, /* but for case, blanks and punctuation */
    NAME_NEAR, /* spelt a little differently: at most a letter in eight */
    NAME_OTHER
} name_likeness;
name_likeness name_compare(const char *a, const char *b);
uint32_t code_segments(const char *code, char separator);
/* Where the segment `index` begins; the end of the code when it has fewer. */
size_t code_segment_at(const char *code, char separator, uint32_t index);

/* A code by value; "" for one that would be too long. */
typedef struct code_text {
    char s[KEY_MAX_LEN + 2];
} code_text;
code_text code_with_prefix(const char *prefix, size_t prefix_len, const char *rest);
/* Aliases of a plan: texts between blanks, "" for none. The next one from `at` on, or NULL. */
const char *plan_aliases(const pagu_plan *plan);
const char *alias_next(const char *at, size_t *len);
uint32_t alias_segments(const char *alias, size_t len, char separator);
/* The code with an alias for its first segments; false: it has no more segments than the alias. */
bool code_aliased(const char *code, const char *alias, size_t len, char separator, code_text *out);
/* A list's code as the unit of `own` writes it: the first segments of `own` for an alias. */
code_text code_owned(const char *listed, const char *own, const char *aliases, char separator);
/* The entry in force of a code, as it stands or under an alias; NULL if there is none. */
const code_entry *code_index_active(const code_index *x, const char *code, const char *aliases);

/* ---- rules (check_codes.c) ---- */

typedef struct code_report {
    void *ud;
    void (*add)(void *ud, const pagu_finding *f);
    pagu_code code; /* first error; nothing more is looked at */
} code_report;
/* Judge every node of the view whose level the list knows. */
pagu_code codes_check(const pagu_view *v, const pagu_plan *source, code_report *report);

#endif
