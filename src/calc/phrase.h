/* phrase.h - pieces of text for messages, notes and tables, in the context's language.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_PHRASE_H
#define PAGU_CALC_PHRASE_H

#include "base/base.h"
#include "pagu/selection.h"

/* snprintf with a format of the catalogue. */
void phrase(const pagu_ctx *ctx, char *buf, size_t size, const char *format, ...) PAGU_PRINTF(4, 5);

/* "at least 5", "from 5 to 10", …: INT64_MIN and INT64_MAX are no end. */
typedef struct reach_text {
    char s[128];
} reach_text;
reach_text reach_str(const pagu_ctx *ctx, pagu_money least, pagu_money most);

/* "1.06.04", or "1.06.04 and 3 more". */
typedef struct place_text {
    char s[192];
} place_text;
place_text place_str(const pagu_view *v, const pagu_selection *at);
place_text place_words(const pagu_view *v, const pagu_selection *at); /* for notes: "the whole plan", not "/" */

/* "budget 2024", for the field of an error. */
typedef struct field_text {
    char s[64];
} field_text;
field_text field_str(const pagu_plan *plan, pagu_field field, pagu_period period);
field_text column_str(const pagu_plan *plan, pagu_column column);

#endif
