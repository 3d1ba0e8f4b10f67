/* terminal.h - what we know of the terminal, safe writing to it, and a pager for long results.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_TERMINAL_H
#define PAGU_SRC_TERMINAL_H

#include "pagu/context.h"

#include <stdio.h>

bool terminal_is(FILE *f);
/* True if colours may be written there: a terminal, not dumb, NO_COLOR empty. */
bool terminal_has_colour(FILE *f);
/* Width and height of the terminal on stdout; 80 × 24 when unknown. */
int terminal_columns(void);
int terminal_rows(void);

/* Write bytes; on a terminal control characters other than newline and tab become \x1B, so
 * that text of a plan can't drive it. false: the stream has an error. */
bool terminal_write(FILE *f, const char *bytes, size_t len);
/* Write a result to stdout, a screen at a time if it is longer than the screen. */
bool terminal_page(const char *bytes, size_t len, pagu_lang lang);

#endif
