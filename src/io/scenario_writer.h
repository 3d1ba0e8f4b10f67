/* scenario_writer.h - pieces of a saved scenario's text. The first failure sticks.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCENARIO_WRITER_H
#define PAGU_SRC_SCENARIO_WRITER_H

#include "io/scenario_file.h"
#include "pagu/life.h"
#include "scenario/scenario_struct.h"

typedef struct saved_writer {
    pagu_text *out;
    pagu_code code;
} saved_writer;

void saved_put(saved_writer *w, const char *text);
void saved_string(saved_writer *w, const char *lead, const char *s);
void saved_integer(saved_writer *w, const char *lead, int64_t n);
void saved_cell(saved_writer *w, const char *lead, pagu_cell c);
void saved_measure(saved_writer *w, const char *lead, const pagu_view *v, pagu_indicator ind, const pagu_measure *m);

/* Effects, without the brace that ends the line. */
void saved_row(saved_writer *w, const pagu_view *v, pagu_row row);
void saved_indicator(saved_writer *w, const pagu_view *v, pagu_indicator ind);
void saved_constraint(saved_writer *w, const char *lead, const pagu_view *v, const constraint *c);

/* The first line. v: the stage, or a view of it. */
void saved_head(saved_writer *w, const pagu_view *v, const char *name, const char *base);

/* Append what theirs changed since base: see pagu_view_diff. reason may be NULL. */
pagu_code scenario_diff(const pagu_view *base, const pagu_view *theirs, const char *reason, pagu_text *out,
                        pagu_error *err);

#endif
